"""Makes the files of this folder and what is in them, with pyreadstat (ReadStat), which shares no code with clrisk.

    pip install pyreadstat pandas
    python make.py

Everything is invented. `made.json` holds the cells as they were given to pyreadstat, `labels` and `missing` likewise.
"""

import datetime
import json

import pandas
import pyreadstat

ROWS = 24
WORDS = ["maíz", "caña de azúcar", "café", "ñame", "", "pêche", "açaí"]

frame = pandas.DataFrame(
    {
        "codigo": [f"{row % 9 + 1:04d}" for row in range(ROWS)],
        "edad": [5.0 + row % 13 for row in range(ROWS)],
        "horas": [None if row % 7 == 0 else row * 1.25 for row in range(ROWS)],
        "trabaja": [[1.0, 2.0, 9.0][row % 3] for row in range(ROWS)],
        "ingreso": [[-1.0, 1234.5, 99998.0, 0.1, 1e10][row % 5] for row in range(ROWS)],
        "cultivo": [WORDS[row % len(WORDS)] for row in range(ROWS)],
        "nota": [("Texto largo número " + str(row) + " ") * (row % 4 * 12) for row in range(ROWS)],
        "nacio": [datetime.date(2000 + row % 18, row % 12 + 1, row % 28 + 1) for row in range(ROWS)],
        "visita": [datetime.datetime(2026, 1 + row % 12, 1 + row % 28, row % 24, row, 7) for row in range(ROWS)],
        "vacia": [None] * ROWS,
    }
)
frame["nota"] = frame["nota"].str.rstrip()
frame["vacia"] = frame["vacia"].astype("float64")
labels = {
    "codigo": "Código del municipio",
    "edad": "Edad en años cumplidos",
    "trabaja": "¿Trabajó la semana pasada?",
    "nota": "Observación de quien entrevista",
}
value_labels = {
    "trabaja": {1.0: "Sí", 2.0: "No", 9.0: "No respondió"},
    "cultivo": {"maíz": "Maíz y otros granos", "caña de azúcar": "Caña"},
}
missing = {"trabaja": [9.0], "ingreso": [{"lo": 99990.0, "hi": 99999.0}, -1.0], "cultivo": ["ñame"]}

for name, how in {"plain": {}, "rows": {"row_compress": True}, "zlib": {"compress": True}}.items():
    extension = "zsav" if name == "zlib" else "sav"
    pyreadstat.write_sav(
        frame,
        f"made_{name}.{extension}",
        column_labels=labels,
        variable_value_labels=value_labels,
        missing_ranges=missing,
        **how,
    )
short = frame.drop(columns=["nota"])
# Portable files hold plain ASCII for certain.
plain = short.assign(cultivo=short["cultivo"].map(lambda word: word.encode("ascii", "ignore").decode()))
pyreadstat.write_por(plain, "made.por")
numbers = {"trabaja": {1: "Sí", 2: "No", 9: "No respondió"}}
for version in (8, 12, 13, 15):
    given = frame if version > 12 else frame.assign(nota=frame["nota"].str.slice(0, 200))
    pyreadstat.write_dta(given, f"made_{version}.dta", version=version, column_labels=labels, variable_value_labels=numbers)
for version in (5, 8):
    given = frame.assign(nota=frame["nota"].str.slice(0, 150))
    pyreadstat.write_xport(given, f"made_{version}.xpt", file_format_version=version, column_labels=labels)


def cell(value):
    if value is None or value == "" or value != value:
        return None
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


with open("made.json", "w", encoding="utf-8") as out:
    cells = {name: [cell(value) for value in frame[name]] for name in frame}
    texts = {name: {str(k).removesuffix(".0"): v for k, v in pairs.items()} for name, pairs in value_labels.items()}
    json.dump({"cells": cells, "labels": labels, "value_labels": texts}, out, ensure_ascii=False, indent=0)
