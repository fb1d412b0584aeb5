// Whole tables are sorted by a press on a heading and filtered while one types. Tables in pieces are sorted by the server.
"use strict";

for (const table of document.querySelectorAll("table[data-sortable]")) {
  const body = table.tBodies[0];
  const headings = [...table.tHead.rows[0].cells];

  const value = (row, column) => {
    const cell = row.cells[column];
    const data = cell?.dataset.value;
    if (data !== undefined) return Number(data);
    const text = cell?.textContent.trim() ?? "";
    const digits = cell?.classList.contains("number") ? Number(text.replace(/[^\d]/g, "")) : NaN;
    return cell?.classList.contains("number") ? (text ? digits : NaN) : text;
  };
  const compare = (left, right) => {
    if (typeof left === "string" || typeof right === "string") return String(left).localeCompare(String(right), document.documentElement.lang);
    // What is not shown stands last, however one sorts.
    return (Number.isNaN(left) ? 1 : 0) - (Number.isNaN(right) ? 1 : 0) || left - right;
  };

  headings.forEach((heading, column) => {
    if (!heading.dataset.sort) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...(heading.querySelector("a")?.childNodes ?? heading.childNodes));
    heading.replaceChildren(button);
    button.addEventListener("click", () => {
      const numbers = [...body.rows].some((row) => typeof value(row, column) === "number");
      const now = heading.getAttribute("aria-sort");
      const down = now ? now === "ascending" : numbers;
      const rows = [...body.rows].map((row) => [value(row, column), row]);
      rows.sort(([left], [right]) => {
        const missing = (one) => typeof one === "number" && Number.isNaN(one);
        return missing(left) || missing(right) || !down ? compare(left, right) : compare(right, left);
      });
      body.append(...rows.map(([, row]) => row));
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    });
  });

  if (table.dataset.filter && body.rows.length > 8) {
    const label = document.createElement("label");
    label.className = "filter";
    const text = document.createElement("span");
    text.textContent = table.dataset.filter;
    const input = document.createElement("input");
    label.append(text, input);
    table.parentElement.before(label);
    const plain = (words) => words.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
    input.addEventListener("input", () => {
      const wanted = plain(input.value).split(/\s+/).filter(Boolean);
      for (const row of body.rows) {
        const words = plain(row.textContent);
        row.hidden = !wanted.every((word) => words.includes(word));
      }
    });
  }
}
