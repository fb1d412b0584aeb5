"use strict";
// The score is the same as that of `clrisk screen --import`, without its draws over doubtful weights.
const rules = JSON.parse(document.getElementById("rules").textContent);
const form = document.getElementById("form");
const store = "clrisk-screen-" + rules.name;
const about = ["community", "area", "date"];
let kept = [];
try { kept = JSON.parse(localStorage.getItem(store)) || []; } catch { /* a page opened from a stick may have no storage */ }

function answers() {
  return rules.questions.map((q) => (form.elements[q.code].value || ""));
}

function score(list) {
  let all = 0, risk = 0, open = 0;
  rules.questions.forEach((q, i) => {
    all += q.weight;
    if (list[i] === "") open += q.weight;
    else if (list[i] === q.risk) risk += q.weight;
  });
  const answered = (all - open) / all;
  const points = answered > 0 ? 100 * risk / (all - open) : null;
  const enough = answered > 0 && answered >= rules.minimum - 1e-12;
  const level = enough ? 1 + rules.thresholds.filter((t) => points >= t - 1e-9).length : "none";
  return { points, lowest: 100 * risk / all, highest: 100 * (risk + open) / all, level };
}

function show() {
  const found = score(answers());
  document.getElementById("points").value = found.points === null ? "–" : found.points.toFixed(0);
  document.getElementById("range").value = found.lowest.toFixed(0) + "–" + found.highest.toFixed(0);
  document.querySelectorAll("[data-class]").forEach((e) => e.classList.toggle("shown", e.dataset.class === String(found.level)));
  document.getElementById("kept").textContent = kept.length;
}

function choose(language) {
  document.documentElement.dataset.language = language;
  document.documentElement.lang = language;
  document.querySelectorAll("[data-choose]").forEach((b) => b.setAttribute("aria-pressed", b.dataset.choose === language));
}

function quoted(text) {
  return '"' + String(text).replace(/"/g, '""') + '"';
}

document.querySelectorAll("[data-choose]").forEach((b) => b.addEventListener("click", () => choose(b.dataset.choose)));
form.addEventListener("change", show);
form.addEventListener("submit", (e) => e.preventDefault());
document.getElementById("print").addEventListener("click", () => window.print());
document.getElementById("keep").addEventListener("click", () => {
  kept.push(about.map((name) => form.elements[name].value).concat(answers()));
  try { localStorage.setItem(store, JSON.stringify(kept)); } catch { /* as above */ }
  form.reset();
  show();
});
document.getElementById("download").addEventListener("click", () => {
  const header = about.concat(rules.questions.map((q) => q.code)).join(",");
  const text = "\ufeff" + [header].concat(kept.map((row) => row.map(quoted).join(","))).join("\r\n") + "\r\n";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = "clrisk-screen.csv";
  link.click();
});
choose(document.documentElement.dataset.language);
show();
