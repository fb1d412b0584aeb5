// The site of the invented country, in a real browser: every language, narrow and wide, with and without JavaScript.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const root = path.resolve(import.meta.dirname, "../..");
const program = path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, "target"), "debug/clrisk");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = mkdtempSync(path.join(tmpdir(), "clrisk-"));
const project = path.join(folder, "demo");
const languages = ["es", "en", "pt", "fr"];
const pages = ["", "?show=class", "?show=rate", "areas", "areas?q=a&sort=rate", "area/0101", "department/01", "how"];
let server, browser, address;

before(async () => {
  const made = spawnSync(program, ["demo", "--no-serve", "--folder", project, "--children", "100000"]);
  assert.equal(made.status, 0, String(made.stdout));
  server = spawn(program, ["serve", "-p", project, "--listen", "127.0.0.1:0", "--language", "en"]);
  address = await new Promise((resolve, reject) => {
    server.stdout.on("data", (text) => {
      const found = String(text).match(/http:\/\/[\d.:]+/);
      if (found) resolve(found[0]);
    });
    server.on("exit", () => reject(new Error("the server ended")));
  });
  const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
  browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
});

after(async () => {
  await browser?.close();
  server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

test("every page in every language fits a phone without JavaScript and has no missing text", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  for (const language of languages) {
    for (const name of pages) {
      const response = await page.goto(`${address}/${language}/${name}`);
      assert.equal(response.status(), 200, name);
      const html = await response.text();
      assert.match(html, new RegExp(`<html lang="${language}">`));
      const text = await page.locator("body").innerText();
      assert.doesNotMatch(text, /\b(site|status|class|rule|finding|reason)-[a-z]|\{\$/, `${language}/${name}`);
      assert.match(html, /class="notice"/, "the notice that the country is invented");
      const overflow = await page.locator("main").evaluate((main) => main.scrollWidth - main.clientWidth);
      assert.ok(overflow <= 1, `${language}/${name} is ${overflow} px too wide`);
    }
  }
  await context.close();
});

test("pages pass the accessibility rules, narrow and wide", async () => {
  for (const width of [360, 1280]) {
    const context = await browser.newContext({ bypassCSP: true, viewport: { width, height: 800 } });
    const page = await context.newPage();
    for (const name of pages) {
      await page.goto(`${address}/es/${name}`);
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] }));
      const list = found.violations.map((rule) => `${rule.id}: ${rule.nodes[0].html}`);
      assert.deepEqual(list, [], `${name} at ${width}`);
    }
    await context.close();
  }
});

test("a municipality is found by a name without its accents, and every link leads somewhere", async () => {
  const page = await browser.newPage();
  await page.goto(`${address}/es/`);
  await page.locator("input[name=q]").fill("0101");
  await page.locator("form button").click();
  const rows = page.locator("tbody tr");
  assert.equal(await rows.count(), 1);
  await rows.locator("a").first().click();
  assert.match(page.url(), /\/es\/area\/0101$/);
  const seen = new Set();
  for (const name of pages) {
    await page.goto(`${address}/es/${name}`);
    const links = await page.locator("a").evaluateAll((list) => list.map((link) => link.href?.baseVal ?? link.href));
    for (const link of links) if (link.includes("/area/") ? seen.size < 200 : true) seen.add(link.split("#")[0]);
  }
  for (const link of seen) {
    const response = await fetch(new URL(link, address));
    assert.equal(response.status, 200, link);
  }
  assert.ok(seen.size > 60);
  await page.close();
});

test("the map has every municipality with a title, and the table twin has the same rates", async () => {
  const html = await (await fetch(`${address}/en/`)).text();
  assert.equal((html.match(/<path id="area-/g) ?? []).length, 340);
  assert.ok(html.includes("<title>") && html.length < 1_500_000);
  const csv = await (await fetch(`${address}/en/areas?format=csv`)).text();
  const json = await (await fetch(`${address}/en/areas?format=json`)).json();
  assert.equal(csv.trim().split("\r\n").length, 341);
  assert.equal(json.length, 340);
});

test("pages allow nothing from elsewhere and an unknown address says so", async () => {
  const response = await fetch(`${address}/es/how`);
  assert.match(response.headers.get("content-security-policy"), /default-src 'self'/);
  const missing = await fetch(`${address}/fr/area/9999`);
  assert.equal(missing.status, 404);
  assert.match(await missing.text(), /n’existe pas/);
});
