// Suggestions while one types, forgiving accents and slips as the server does; in a copy without a server, the search itself.
"use strict";

const small = new Set(["de", "del", "la", "las", "el", "los", "da", "das", "do", "dos", "du", "des", "le", "les", "of", "the"]);
const long = { sta: "santa", sto: "santo", s: "san", st: "saint", ste: "sainte", gral: "general", cnel: "coronel", pto: "puerto", vla: "villa" };

function plain(text) {
  return text.toLowerCase().replaceAll("ø", "o").replaceAll("œ", "oe").replaceAll("æ", "ae").normalize("NFD").replace(/[\u0300-\u036f'’‘ʼ`´]/g, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

function words(text) {
  const all = plain(text).split(" ").filter(Boolean).map((word) => (Object.hasOwn(long, word) ? long[word] : word));
  const important = all.filter((word) => !small.has(word));
  return important.length ? important : all;
}

// Letters to insert, leave out, replace or swap; more than `most` is as good as infinite.
function apart(left, right, most) {
  if (Math.abs(left.length - right.length) > most) return most + 1;
  let before = [];
  let above = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let row = 1; row <= left.length; row++) {
    const line = [row];
    for (let at = 1; at <= right.length; at++) {
      const differs = left[row - 1] === right[at - 1] ? 0 : 1;
      line[at] = Math.min(above[at] + 1, line[at - 1] + 1, above[at - 1] + differs);
      if (row > 1 && at > 1 && left[row - 1] === right[at - 2] && left[row - 2] === right[at - 1]) line[at] = Math.min(line[at], before[at - 2] + 1);
    }
    [before, above] = [above, line];
  }
  return above[right.length];
}

function misfit(asked, name) {
  if (asked === name) return 0;
  if (name.startsWith(asked)) return 1;
  const most = asked.length < 4 ? 0 : asked.length < 8 ? 1 : 2;
  if (!most) return Infinity;
  const whole = apart(asked, name, most);
  if (whole <= most) return 3 + whole;
  const beginning = name.length > asked.length ? apart(asked, name.slice(0, asked.length), most) : most + 1;
  return beginning <= most ? 5 + beginning : Infinity;
}

function find(areas, asked) {
  const wanted = words(asked).slice(0, 6);
  const code = asked.trim().toLowerCase();
  if (!code) return [];
  const found = [];
  for (const area of areas) {
    area.words ??= words(area[0]);
    let total = 2;
    if (area[1].toLowerCase().startsWith(code)) total = area[1].toLowerCase() === code ? 0 : 1;
    else if (!wanted.length) continue;
    else for (const word of wanted) total += 2 * Math.min(...area.words.map((name) => misfit(word, name)), word.length >= 3 && plain(area[0]).includes(word) ? 6 : Infinity);
    if (total < Infinity) found.push([total + Math.min(3, Math.max(0, area.words.length - wanted.length)), area]);
  }
  return found.sort((left, right) => left[0] - right[0] || left[1][0].localeCompare(right[1][0])).slice(0, 8).map(([, area]) => area);
}

let asking = null;
function names(form) {
  asking ??= new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = form.dataset.areas;
    script.onload = () => resolve(window.clriskAreas ?? []);
    script.onerror = () => resolve([]);
    document.head.append(script);
  });
  return asking;
}

for (const form of document.querySelectorAll("form[data-areas]")) {
  const input = form.querySelector("input[type=search]");
  const list = document.createElement("ul");
  const copied = Boolean(form.dataset.suffix);
  list.className = "suggestions";
  list.id = `suggestions-${Math.random().toString(36).slice(2)}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.placeholder);
  list.hidden = true;
  input.parentElement.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) input.setAttribute(name, value);
  let chosen = -1;

  const address = (area) => {
    const base = form.dataset.areas.replace(/areas\.js$/, "");
    const path = copied ? area[2].replaceAll("%", "_") : area[2];
    return `${base}${form.dataset.language}/${path}${form.dataset.suffix ?? ""}`;
  };
  const show = (open) => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) input.removeAttribute("aria-activedescendant");
  };
  const choose = (at) => {
    const items = [...list.querySelectorAll("[role=option]")];
    chosen = items.length ? (at + items.length) % items.length : -1;
    items.forEach((item, place) => item.setAttribute("aria-selected", String(place === chosen)));
    if (chosen >= 0) input.setAttribute("aria-activedescendant", items[chosen].id);
  };
  const suggest = async () => {
    const asked = input.value;
    const areas = asked.trim().length > 1 ? await names(form) : [];
    if (asked !== input.value) return;
    const found = find(areas, asked);
    chosen = -1;
    list.replaceChildren(...found.map((area, at) => {
      const item = document.createElement("li");
      item.setAttribute("role", "option");
      item.id = `${list.id}-${at}`;
      item.setAttribute("aria-selected", "false");
      const link = document.createElement("a");
      link.href = address(area);
      link.tabIndex = -1;
      link.textContent = area[0];
      const where = document.createElement("span");
      where.className = "soft";
      where.textContent = [area[3], area[1]].filter(Boolean).join(" · ");
      link.append(" ", where);
      item.append(link);
      return item;
    }));
    if (copied && !found.length && asked.trim().length > 1) {
      const none = document.createElement("li");
      none.className = "none";
      none.textContent = form.dataset.none;
      list.append(none);
    }
    show(list.childElementCount > 0);
  };
  input.addEventListener("input", suggest);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show(false);
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter" && chosen >= 0) list.querySelectorAll("a")[chosen].click();
    else return;
    event.preventDefault();
  });
  form.addEventListener("submit", async (event) => {
    if (!copied) return;
    event.preventDefault();
    const [first] = find(await names(form), input.value);
    if (first) location.href = address(first);
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) setTimeout(() => show(false), 150);
  });
}
