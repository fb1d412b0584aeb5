"""Compares every cell of a workbook as clrisk reads it with what xlrd (.xls) reads: python3 workbook.py FILE.xls

Needs `pip install xlrd`, outside the project. The first row of the sheet is taken as its header.
"""

import csv
import io
import subprocess
import sys

import xlrd

path = sys.argv[1]
sheet = xlrd.open_workbook(path).sheet_by_index(0)
command = ["cargo", "run", "--quiet", "-p", "clrisk-readers", "--example", "rows", "--", path]
found = list(csv.reader(io.StringIO(subprocess.run(command, check=True, capture_output=True, text=True).stdout)))
assert found[0] == [str(name) for name in sheet.row_values(0)], "names"
assert len(found) == sheet.nrows, f"rows: {len(found)} and {sheet.nrows}"
numbers = texts = 0
for index in range(1, sheet.nrows):
    for cell, value in zip(sheet.row(index), found[index], strict=True):
        if cell.ctype == xlrd.XL_CELL_NUMBER:
            assert float(value) == cell.value, (index, "number")
            numbers += 1
        else:
            assert value == str(cell.value).strip(), (index, "text")
            texts += 1
print(f"{sheet.nrows - 1} rows: {numbers} numbers and {texts} texts are equal")
