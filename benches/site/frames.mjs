// Frame times of the national map in Chromium while it is enlarged and dragged, as a hand would. usage: node frames.mjs ADDRESS
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(import.meta.dirname, "../../tests/browser/package.json"));
const { chromium } = require("playwright-core");
const address = process.argv[2];
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });

const started = performance.now();
await page.goto(`${address}/es/`);
await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
const drawn = performance.now() - started;
const count = await page.locator("svg.map path[id]").count();

async function frames(name, act) {
  await page.evaluate(() => {
    window.frames_ = [];
    let last = performance.now();
    const tick = (now) => {
      window.frames_.push(now - last);
      last = now;
      window.ticking = requestAnimationFrame(tick);
    };
    window.ticking = requestAnimationFrame(tick);
  });
  await act();
  const times = await page.evaluate(() => {
    cancelAnimationFrame(window.ticking);
    return window.frames_.slice(1);
  });
  times.sort((left, right) => left - right);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))].toFixed(1);
  console.log(`${name}: ${times.length} frames, median ${at(0.5)} ms, 95 % ${at(0.95)} ms, longest ${at(1)} ms`);
}

const weight = async (encoding) => (await (await fetch(`${address}/es/`, { headers: { "accept-encoding": encoding } })).arrayBuffer()).byteLength;
const sent = async (encoding) => {
  const answer = await fetch(`${address}/es/`, { headers: { "accept-encoding": encoding } });
  return Number(answer.headers.get("content-length"));
};
const kb = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;
console.log(`${count} municipalities; drawn ${drawn.toFixed(0)} ms after the request; the page has ${kb(await weight("identity"))}, ${kb(await sent("gzip"))} as gzip, ${kb(await sent("br"))} as br`);
const again = performance.now();
await page.reload();
await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
console.log(`drawn again, now in the memory of the server: ${(performance.now() - again).toFixed(0)} ms`);
const box = await page.locator("[data-map] svg.map").boundingBox();
const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
await frames("still", () => page.waitForTimeout(1000));
await frames("hovering", async () => {
  for (let step = 0; step < 60; step++) await page.mouse.move(middle.x - 150 + step * 5, middle.y + 60 * Math.sin(step / 6));
});
await page.locator("[data-zoom=in]").click();
await page.waitForTimeout(600);
await page.mouse.move(middle.x, middle.y);
await frames("enlarging with the wheel", async () => {
  for (let step = 0; step < 25; step++) {
    await page.mouse.wheel(0, -60);
    await page.waitForTimeout(16);
  }
  await page.waitForTimeout(600);
});
await frames("dragging", async () => {
  await page.mouse.down();
  for (let step = 0; step < 60; step++) {
    await page.mouse.move(middle.x + 120 * Math.sin(step / 9), middle.y + 90 * Math.cos(step / 9));
    await page.waitForTimeout(8);
  }
  await page.mouse.up();
  await page.waitForTimeout(400);
});
await browser.close();
