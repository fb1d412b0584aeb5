// Rows of the table of load.sh. Requests of the steady load start at fixed times whether or not the earlier ones have been answered, so that a
// server that stalls cannot hide it. usage: node load.mjs ADDRESS PID RATE SECONDS FILE_FOR_CODES
import { readFileSync, writeFileSync } from "node:fs";
import http from "node:http";

const [address, pid, rate, seconds, file] = [process.argv[2], process.argv[3], +process.argv[4], +process.argv[5], process.argv[6]];
const { hostname, port } = new URL(address);
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
const memory = () => Math.round(Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]) / 1024);

function get(path, encoding = "gzip, deflate, br, zstd") {
  const begun = performance.now();
  return new Promise((resolve) => {
    const request = http.get({ hostname, port, path, agent, headers: { "Accept-Encoding": encoding } }, (response) => {
      const pieces = [];
      response.on("data", (piece) => pieces.push(piece));
      response.on("end", () => resolve({ status: response.statusCode, time: performance.now() - begun, body: Buffer.concat(pieces) }));
    });
    request.on("error", () => resolve({ status: 0, time: performance.now() - begun, body: Buffer.alloc(0) }));
  });
}

const at = (times, share) => times[Math.min(times.length - 1, Math.floor(share * times.length))];
const ms = (time) => (time < 10 ? time.toFixed(1) : time.toFixed(0));
const kb = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;

const codes = JSON.parse((await get("/es/areas.json", "identity")).body).map((row) => row.code);
writeFileSync(file, codes.join("\n") + "\n");
const last = encodeURIComponent(codes.at(-1));
console.log(`| municipalities | ${codes.length} |`);
console.log(`| memory right after the start | ${memory()} MiB |`);

const cold = [];
const department = JSON.parse((await get(`/es/area/${last}.json`, "identity")).body).department;
const first = ["/es/", "/es/?show=class", "/es/areas?sort=count", `/es/area/${last}`, `/es/area/${last}/sheet`, "/es/sheet", "/es/how", "/es/docs/statistics"];
if (department) first.push(`/es/department/${encodeURIComponent(department)}`);
for (const path of first) {
  const { time, body, status } = await get(path);
  const whole = (await get(path, "identity")).body.length;
  const again = (await get(path)).time;
  cold.push(time);
  console.log(`| \`${path}\`, the first time | ${ms(time)} ms (again ${ms(again)} ms), ${kb(body.length)} compressed, ${kb(whole)} whole${status === 200 ? "" : `, status ${status}`} |`);
}
const fresh = [];
for (const code of codes.slice(0, 200)) fresh.push((await get(`/pt/area/${encodeURIComponent(code)}`)).time);
fresh.sort((left, right) => left - right);
console.log(`| pages of ${fresh.length} municipalities, each the first time | median ${ms(at(fresh, 0.5))} ms, p99 ${ms(at(fresh, 0.99))} ms, longest ${ms(fresh.at(-1))} ms |`);

// The mixture of mixed.lua: seven of ten are municipalities.
const others = ["/es/", "/en/?show=class", "/pt/areas", "/fr/areas?sort=rate", "/es/how", "/es/areas.csv", "/es/indicator/rate", "/es/docs/settings"];
const languages = ["es", "en", "pt", "fr"];
let seed = 20261125;
const random = (most) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 4294967296) * most);
};
const letter = () => String.fromCharCode(97 + random(26));
const draw = () => {
  const kind = random(100);
  if (kind < 70) return `/${languages[random(4)]}/area/${encodeURIComponent(codes[random(codes.length)])}`;
  if (kind < 95) return others[random(others.length)];
  return `/es/areas?q=${letter()}${letter()}`;
};
const before = memory();
const begun = performance.now();
const total = Math.round(rate * seconds);
const answers = [];
const memories = [];
await new Promise((done) => {
  let sent = 0;
  let answered = 0;
  const tick = () => {
    const due = Math.min(total, Math.floor(((performance.now() - begun) / 1000) * rate));
    while (sent < due) {
      const planned = begun + (sent / rate) * 1000;
      sent += 1;
      get(draw()).then(({ status }) => {
        answers.push({ at: planned - begun, time: performance.now() - planned, status });
        answered += 1;
        if (answered === total) done();
      });
    }
    if (sent % rate < rate / 50) memories.push(memory());
    if (sent < total) setTimeout(tick, 1);
  };
  tick();
});
const lasted = (performance.now() - begun) / 1000;
const bad = answers.filter(({ status }) => status !== 200).length;
const percentiles = (list) => {
  const times = list.map(({ time }) => time).sort((left, right) => left - right);
  return `median ${ms(at(times, 0.5))} ms, p95 ${ms(at(times, 0.95))} ms, p99 ${ms(at(times, 0.99))} ms, longest ${ms(times.at(-1))} ms`;
};
console.log(`| ${rate} requests/s of mixed pages for ${seconds} s: reached | ${(total / lasted).toFixed(0)} requests/s, ${bad} not answered with a page |`);
console.log(`| the same: first 5 seconds, most pages not in memory | ${percentiles(answers.filter(({ at }) => at < 5000))} |`);
console.log(`| the same: all | ${percentiles(answers)} |`);
console.log(`| the same: memory before, highest, after | ${before}, ${Math.max(...memories)}, ${memory()} MiB |`);
agent.destroy();
