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
const pages = [
  "", "?show=class", "?show=rate", "?show=certainty", "?show=count", "?show=sex-gap", "?show=hot-spots", "?show=class&only=1", "areas", "areas?q=a&sort=rate", "area/0101", "area/0101/sheet", "sheet", "department/01", "department/01/sheet", "region/Norte", "compare?area=0101&area=0201",
  "indicators", "indicator/probability", "releases", "data", "api", "docs", "docs/settings", "how",
  "measured", "measured/child_labour", "measured/excessive_chores",
];
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
      assert.doesNotMatch(text, /\b(site|status|class|rule|finding|reason|measure)-[a-z]|\{\$/, `${language}/${name}`);
      assert.match(html, /class="notice"/, "the notice that the country is invented");
      const overflow = await page.locator("main").evaluate((main) => main.scrollWidth - main.clientWidth);
      assert.ok(overflow <= 1, `${language}/${name} is ${overflow} px too wide`);
    }
  }
  await context.close();
});

const rules = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };

async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate((rules) => window.axe.run(rules), rules);
  assert.ok(found.passes.some((rule) => rule.id === "color-contrast"), "colour contrast is among the rules");
  return found.violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.html).join(" | ").slice(0, 400)}`);
}

test("pages pass the accessibility rules with colour contrast, narrow and wide", async () => {
  for (const width of [360, 1280]) {
    const context = await browser.newContext({ bypassCSP: true, viewport: { width, height: 800 } });
    const page = await context.newPage();
    for (const name of [...pages, "nothing"]) {
      await page.goto(`${address}/es/${name}`);
      assert.deepEqual(await violations(page), [], `${name} at ${width}`);
    }
    await context.close();
  }
});

test("no page asks anything of anybody else, and no script of ours is refused", async () => {
  const page = await browser.newPage();
  const asked = new Set();
  const complaints = [];
  page.on("request", (request) => asked.add(new URL(request.url()).origin));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  for (const name of pages) await page.goto(`${address}/es/${name}`);
  assert.deepEqual([...asked], [address]);
  assert.deepEqual(complaints, []);
  await page.close();
});

test("what the survey measured names girls, chores and the definition on one page, and folds the specialists' part of the model away", async () => {
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
  await page.goto(`${address}/es/measured`);
  for (const heading of ["Trabajo infantil", "Tareas del hogar por muchas horas"]) {
    const figures = page.locator("h2", { hasText: new RegExp(`^${heading}$`) }).locator("+ dl");
    assert.match(await figures.innerText(), /Niños[\s\S]+Niñas/, heading);
  }
  assert.match(await page.locator("main").innerText(), /mics6-hazardous \d/);
  const figures = await (await fetch(`${address}/es/measured.json`)).json();
  const shown = figures.figures.find((row) => row.measure === "child_labour" && row.group === "sex=girl" && row.age_from === 5 && row.age_to === 17);
  assert.ok(shown.rate > shown.lower && shown.sample > 0 && shown.effective_sample > 0);
  await page.locator("main table a", { hasText: "Trabajo infantil por actividad económica" }).click();
  assert.match(page.url(), /measured\/child_labour_economic$/);
  assert.ok((await page.locator("main table").count()) >= 5);
  await page.goto(`${address}/es/how`);
  const folded = page.locator("details", { hasText: "Todos los coeficientes" });
  assert.equal(await folded.locator("table").isVisible(), false);
  await folded.locator("summary").click();
  assert.equal(await folded.locator("table").isVisible(), true);
  await page.close();
});

test("a municipality is found by a name without its accents, and every link leads somewhere", async () => {
  const page = await browser.newPage();
  await page.goto(`${address}/es/`);
  await page.locator("header input[name=q]").fill("0101");
  await page.locator("header form button").click();
  const rows = page.locator("tbody tr");
  assert.equal(await rows.count(), 1);
  await rows.locator("a").first().click();
  assert.match(page.url(), /\/es\/area\/0101$/);
  const seen = new Set();
  for (const name of pages) {
    await page.goto(`${address}/es/${name}`);
    const links = await page.locator("a, link").evaluateAll((list) => list.map((link) => link.href?.baseVal ?? link.href));
    for (const link of links) if (link.includes("/area/") ? seen.size < 300 : true) seen.add(link.split("#")[0]);
  }
  for (const link of seen) {
    const response = await fetch(new URL(link, address));
    assert.equal(response.status, 200, link);
  }
  assert.ok(seen.size > 60);
  await page.close();
});

test("typing a name with a slip suggests the municipality, the keyboard alone opens it, and its fact sheet is printed", async () => {
  const rows = await (await fetch(`${address}/es/areas.json`)).json();
  const long = rows.find((row) => /^\p{L}{8,}$/u.test(row.name) && rows.filter((other) => other.name.startsWith(row.name.slice(0, 4))).length === 1);
  const slip = long.name.slice(0, 3) + long.name[4] + long.name[3] + long.name.slice(5);
  const page = await browser.newPage();
  await page.goto(`${address}/pt/how`);
  const input = page.locator("header input[name=q]");
  await input.pressSequentially(slip);
  const option = page.locator("[role=option]").first();
  await option.waitFor();
  assert.match(await option.innerText(), new RegExp(long.name));
  await input.press("ArrowDown");
  assert.equal(await option.getAttribute("aria-selected"), "true");
  await Promise.all([page.waitForURL(/\/pt\/area\//), input.press("Enter")]);
  assert.match(page.url(), new RegExp(`/pt/area/${long.code}$`));
  assert.match(await page.locator("h1").innerText(), new RegExp(long.name));
  await Promise.all([page.waitForURL(/\/sheet$/), page.locator("a", { hasText: "Ficha para imprimir" }).click()]);
  assert.match(await page.locator(".sheet h1").innerText(), new RegExp(long.name));
  assert.ok(await page.locator(".sheet svg.sheet-map path").count() > 5, "the sheet has its map");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("header nav.menu").isVisible(), false, "what is only for the screen is not printed");
  assert.ok(await page.locator(".sheet-next").isVisible());
  await page.emulateMedia({ media: "screen" });
  const printed = await fetch(await page.locator("a", { hasText: /^Ficha em PDF$/ }).evaluate((link) => link.href));
  assert.equal(printed.headers.get("content-type"), "application/pdf");
  assert.equal(Buffer.from(await printed.arrayBuffer()).subarray(0, 5).toString(), "%PDF-");
  await page.close();
});

test("the map is walked over, enlarged and left with the keyboard alone", async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(`${address}/en/`);
  const focused = () => page.evaluate(() => document.activeElement.closest("svg.map") ? document.activeElement.querySelector("title").textContent : "");
  for (let press = 0; press < 60 && !(await focused()); press++) await page.keyboard.press("Tab");
  const names = [await focused()];
  assert.ok(names[0], "the map is reached with Tab");
  for (const key of ["ArrowRight", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowLeft"]) {
    await page.keyboard.press(key);
    const name = await focused();
    if (name !== names.at(-1)) names.push(name);
  }
  assert.ok(new Set(names).size >= 4, `arrows go from one to the next: ${names}`);
  assert.match(await page.locator(".readout").innerText(), new RegExp(names.at(-1).split(":")[0]));
  await page.keyboard.press("+");
  await page.waitForURL(/#view=/);
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !location.hash.includes("view"));
  await Promise.all([page.waitForURL(/\/en\/area\//), page.keyboard.press("Enter")]);
  assert.equal(await page.locator("h1").evaluate((heading) => heading.firstChild.textContent.trim()), names.at(-1).split(":")[0]);
  await page.close();
});

test("the address holds the layer, the part of the map and the class shown alone", async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(`${address}/es/?show=class`);
  await page.locator("[data-zoom=in]").click();
  await page.waitForURL(/#view=/);
  await page.locator(".legend button[data-look]").first().click();
  await page.waitForURL(/only=/);
  const state = () => page.evaluate(() => {
    const svg = document.querySelector("svg.map");
    const looks = [...svg.querySelectorAll("[data-look]")].map((group) => [group.dataset.look, getComputedStyle(group).opacity]);
    return { box: svg.getAttribute("viewBox").split(" ").map((value) => Math.round(value)), looks, layer: document.querySelector("nav.choices [aria-current]").textContent };
  });
  const before = await state();
  assert.ok(before.looks.some(([, opacity]) => opacity === "1") && before.looks.some(([, opacity]) => opacity < "0.5"), JSON.stringify(before.looks));
  const link = page.url();
  const other = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await other.goto(link);
  const after = await other.evaluate(() => document.querySelector("svg.map").getAttribute("viewBox").split(" ").map((value) => Math.round(value)));
  assert.deepEqual(after.map((value, at) => Math.abs(value - before.box[at]) <= 1), [true, true, true, true], `${after} ${before.box}`);
  assert.equal(await other.locator(".legend button[aria-pressed=true]").count(), 1);
  await page.close();
  await other.close();
});

test("tables are sorted by a press on a heading and filtered while one types; what is not shown stands last", async () => {
  const page = await browser.newPage();
  await page.goto(`${address}/es/department/01`);
  const column = (place) => page.locator("table.areas tbody tr:visible").evaluateAll((rows, place) => rows.map((row) => row.cells[place].dataset.value ?? ""), place);
  const press = () => page.locator("table.areas thead button", { hasText: "Tasa" }).click();
  await press();
  const down = (await column(1)).filter(Boolean).map(Number);
  assert.deepEqual(down, [...down].sort((left, right) => right - left));
  assert.deepEqual((await column(1)).slice(0, down.length), down.map((value) => value.toFixed(5)));
  await press();
  const up = (await column(1)).filter(Boolean).map(Number);
  assert.deepEqual(up, [...up].sort((left, right) => left - right));
  const name = await page.locator("table.areas tbody th").first().innerText();
  await page.locator(".filter input").fill(name.toLowerCase());
  const left = await page.locator("table.areas tbody tr:visible th").allInnerTexts();
  assert.ok(left.includes(name) && left.length < up.length);
  await page.close();
});

test("a copy in a folder works from the disk: search, map, links, languages, and it asks nothing of a server", async () => {
  const copy = path.join(folder, "copy");
  const made = spawnSync(program, ["site", "-p", project, "--output", copy, "--languages", "es,fr"]);
  assert.equal(made.status, 0, String(made.stdout));
  const again = spawnSync(program, ["site", "-p", project, "--output", folder]);
  assert.equal(again.status, 1, "a folder with other things is left alone");
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const asked = [];
  page.on("request", (request) => request.url().startsWith("file:") || asked.push(request.url()));
  await page.goto(`file://${copy}/index.html`);
  await page.waitForURL(/es\/index\.html/);
  // From here on: the first page only leads here, and is left before its own files have come.
  await page.waitForLoadState("load");
  // The accessibility rules fetch style sheets by themselves, which no page from a disk may; the pages' own files are no such requests.
  const own = (request) => !["xhr", "fetch"].includes(request.resourceType());
  const missing = (request) => own(request) && request.failure()?.errorText !== "net::ERR_ABORTED";
  page.on("requestfailed", (request) => missing(request) && asked.push(`failed ${request.url()} ${request.failure()?.errorText}`));
  assert.equal(await page.locator("svg.map path[id]").count(), 340);
  await page.locator("[data-zoom=in]").click();
  await page.waitForFunction(() => document.querySelector(".map-frame").classList.contains("zoomed"));
  const rows = await (await fetch(`${address}/es/areas.json`)).json();
  const wanted = rows.find((row) => rows.filter((other) => other.name.includes(row.name)).length === 1);
  await page.locator("header input[name=q]").pressSequentially(wanted.name.slice(0, -1));
  await page.locator("[role=option]").first().waitFor();
  await Promise.all([page.waitForURL(/es\/area\//), page.locator("header input[name=q]").press("Enter")]);
  assert.match(page.url(), new RegExp(`area/${wanted.code}.html$`));
  assert.deepEqual(await violations(page), []);
  await page.locator(".languages a", { hasText: "Français" }).click();
  assert.match(page.url(), new RegExp(`fr/area/${wanted.code}.html$`));
  const seen = new Set();
  for (const name of ["es/index.html", "es/areas.html", "fr/area/0101.html", "es/department/01.html", "fr/data.html", "es/docs/site.html"]) {
    await page.goto(`file://${copy}/${name}`);
    for (const link of await page.locator("a, link").evaluateAll((list) => list.map((link) => link.href?.baseVal ?? link.href))) seen.add(new URL(link, page.url()).href.split(/[?#]/)[0]);
  }
  for (const link of seen) assert.ok(existsSync(decodeURIComponent(new URL(link).pathname)), link);
  assert.ok(seen.size > 300);
  assert.deepEqual(asked, []);
  await context.close();
});

test("on a phone no figure of a table is beyond the edge of the screen", async () => {
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
  for (const name of ["", "areas", "area/0101", "area/0101/sheet", "department/01", "region/Norte"]) {
    await page.goto(`${address}/es/${name}`);
    const beyond = await page.locator("main table.stacked td, main table.stacked th, main .sheet td, main td:has(svg.bar), main td:has(svg.bar) + td").evaluateAll((cells) =>
      cells.filter((cell) => cell.checkVisibility() && cell.getBoundingClientRect().right > document.documentElement.clientWidth).map((cell) => cell.textContent));
    assert.deepEqual(beyond, [], name);
    assert.ok(await page.locator("main td:visible").count() > 20, name);
  }
  await page.goto(`${address}/es/areas`);
  await page.locator("table.areas thead a", { hasText: "Tasa" }).click();
  assert.match(page.url(), /sort=rate/);
  await page.close();
});

test("a fact page weighs at most 60 kB and the national map at most 250 kB compressed", async () => {
  const size = async (name, encoding) => {
    const response = await fetch(`${address}/es/${name}`, { headers: { "accept-encoding": encoding } });
    return Number(response.headers.get("content-length") ?? (await response.arrayBuffer()).byteLength);
  };
  for (const row of (await (await fetch(`${address}/es/areas.json`)).json()).slice(0, 40)) {
    const weight = await size(`area/${row.code}`, "identity");
    assert.ok(weight <= 60_000, `${row.code}: ${weight}`);
    const sheet = await size(`area/${row.code}/sheet`, "identity");
    assert.ok(sheet <= 60_000, `sheet of ${row.code}: ${sheet}`);
  }
  for (const sheet of ["sheet", "department/01/sheet"]) assert.ok((await size(sheet, "identity")) <= 60_000, sheet);
  for (const layer of ["", "?show=class", "?show=rate"]) assert.ok((await size(layer, "gzip")) <= 250_000, layer);
});

test("the map has every municipality with a title, and the table twin has the same rates", async () => {
  const html = await (await fetch(`${address}/en/`)).text();
  assert.equal((html.match(/<path id="area-/g) ?? []).length, 340);
  assert.ok(html.includes("<title>") && html.length < 1_500_000);
  const csv = await (await fetch(`${address}/en/areas.csv`)).text();
  const json = await (await fetch(`${address}/en/areas.json`)).json();
  assert.equal(csv.trim().split("\r\n").length, 341);
  assert.equal(json.length, 340);
});

test("pages allow nothing from elsewhere and an unknown address says so", async () => {
  const response = await fetch(`${address}/es/how`);
  assert.match(response.headers.get("content-security-policy"), /default-src 'none'/);
  const missing = await fetch(`${address}/fr/area/9999`);
  assert.equal(missing.status, 404);
  assert.match(await missing.text(), /n’existe pas/);
});
