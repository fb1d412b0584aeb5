// Makes `made.xls`, `made.xlsb` and `made.xlsx` with SheetJS, which shares no code with clrisk. Everything is invented.
//
//     npm install xlsx && node make_workbooks.mjs

import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";

const xlsx = createRequire(process.cwd() + "/")("xlsx");
const here = new URL(".", import.meta.url).pathname;

const day = (text) => new Date(`${text}T00:00:00`);
const cells = [
  ["Registro escolar 2024"],
  [],
  ["codigo", "alumnos", "nombre", "tasa", "fecha", "activa"],
  ["0101", 12, "Ñuñoa", 1.25, day("2024-02-29"), true],
  ["0102", 7, "", 0.5, day("1999-12-31"), false],
  ["0103", 1234567, "São João d'Água", -3.125, day("2020-01-01"), true],
];
// Every other column stays empty: beside one another, SheetJS writes cells of `.xlsb` in a short form that Excel reads and calamine does not.
const apart = (rows) => rows.map((row) => row.flatMap((cell) => [cell, null]));
const sheet = xlsx.utils.aoa_to_sheet(apart(cells), { dateNF: "m/d/yy" });
// The result of a formula that is an error.
sheet["C7"] = { t: "e", v: 0x07, w: "#DIV/0!" };
sheet["A7"] = { t: "s", v: "0104" };
sheet["!ref"] = "A1:K7";
const book = xlsx.utils.book_new();
xlsx.utils.book_append_sheet(book, sheet, "registro");
xlsx.utils.book_append_sheet(book, xlsx.utils.aoa_to_sheet(apart([["clave", "valor"], ["a", "1"], ["b", "2"]])), "Año");
for (const [type, file] of [["biff8", "made.xls"], ["xlsb", "made.xlsb"], ["xlsx", "made.xlsx"]]) {
  writeFileSync(here + file, xlsx.write(book, { bookType: type, type: "buffer", compression: true, bookSST: true }));
}
