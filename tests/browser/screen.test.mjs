// The quick screen in a real browser, from a file and with the network cut: what its script says is what the program says.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const root = path.resolve(import.meta.dirname, "../..");
const program = path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, "target"), "debug/clrisk");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = mkdtempSync(path.join(tmpdir(), "clrisk-screen-"));
let browser;

before(async () => {
  const made = spawnSync(program, ["screen", "--form", "-p", folder, "--language", "es"]);
  assert.equal(made.status, 0, String(made.stdout));
  const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(width) {
  const context = await browser.newContext({ viewport: { width, height: 740 }, offline: true, acceptDownloads: true });
  const page = await context.newPage();
  await page.goto(pathToFileURL(path.join(folder, "out/screen/community-2026.html")).href);
  return { context, page };
}

test("the form speaks one language at a time, fits a phone and passes the accessibility rules", async () => {
  for (const width of [360, 1280]) {
    const { context, page } = await open(width);
    for (const [language, word] of [["es", "escuela"], ["en", "school"], ["pt", "escola"], ["fr", "école"]]) {
      await page.click(`[data-choose="${language}"]`);
      const text = await page.locator("main").innerText();
      assert.match(text, new RegExp(word));
      assert.equal((text.match(/\?/g) ?? []).length, 12, `${language}: one text a question`);
      assert.doesNotMatch(text, /screen-[a-z]/);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(overflow <= 0, `${width} px`);
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      assert.deepEqual(found.violations.map((v) => v.id), []);
    }
    await context.close();
  }
});

test("answers of two communities come out as CSV and the program reads them as the page did", async () => {
  const { context, page } = await open(1280);
  const shown = [];
  for (const [name, yes] of [["Arriba \"alta\", norte", (i) => i % 2 === 0], ["Abajo", () => false]]) {
    await page.fill("[name=community]", name);
    const codes = await page.locator("fieldset").evaluateAll((all) => all.map((f) => f.querySelector("input").name));
    assert.equal(codes.length, 12);
    for (const [i, code] of codes.entries()) {
      if (name === "Abajo" && i === 2) continue; // one question stays open
      await page.check(`[name=${code}][value=${yes(i) ? "yes" : "no"}]`);
    }
    shown.push([await page.locator("#range").innerText(), await page.locator(".shown span:visible").innerText()]);
    await page.click("#keep");
  }
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#download")]);
  const file = path.join(folder, "answers.csv");
  await download.saveAs(file);
  await context.close();
  const read = spawnSync(program, ["screen", "--import", file, "-p", folder, "--language", "es"], { encoding: "utf8" });
  assert.equal(read.status, 0, read.stdout);
  for (const [range, word] of shown) {
    const [lowest, highest] = range.split("–");
    assert.match(read.stdout, new RegExp(`${word}; entre ${lowest} y ${highest} puntos`), read.stdout);
  }
  assert.match(read.stdout, /Arriba "alta", norte/);
});
