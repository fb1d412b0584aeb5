"""Makes `made.ods` with odfpy, with the cells of `make_workbooks.mjs`. SheetJS indents its OpenDocument, which calamine does not read.

    pip install odfpy && python make_spreadsheet.py
"""

import pathlib

from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P


def cell(value):
    if value is None:
        return TableCell()
    if isinstance(value, bool):
        made = TableCell(valuetype="boolean", booleanvalue=str(value).lower())
    elif isinstance(value, (int, float)):
        made = TableCell(valuetype="float", value=value)
    elif value[:1].isdigit() and value.count("-") == 2:
        made = TableCell(valuetype="date", datevalue=value)
    else:
        made = TableCell(valuetype="string")
    made.addElement(P(text=str(value)))
    return made


def sheet(name, rows):
    table = Table(name=name)
    for values in rows:
        row = TableRow()
        for value in values:
            row.addElement(cell(value))
        table.addElement(row)
    return table


book = OpenDocumentSpreadsheet()
book.spreadsheet.addElement(
    sheet(
        "registro",
        [
            ["Registro escolar 2024"],
            [None],
            ["codigo", "alumnos", "nombre", "tasa", "fecha", "activa"],
            ["0101", 12, "Ñuñoa", 1.25, "2024-02-29", True],
            ["0102", 7, None, 0.5, "1999-12-31", False],
            ["0103", 1234567, "São João d'Água", -3.125, "2020-01-01T00:00:00", True],
            ["0104"],
        ],
    )
)
book.spreadsheet.addElement(sheet("Año", [["clave", "valor"], ["a", "1"], ["b", "2"]]))
book.save(str(pathlib.Path(__file__).with_name("made.ods")))
