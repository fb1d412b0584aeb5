"""Seeds of the fuzz targets, from the files of the tests and, where they are, small samples of the real data.

    python seeds.py FOLDER

Targets of several files take them in one input, with a line between them (`src/lib.rs`). Only files of the tests and what is made here
belongs to the project; samples of real data are copied to FOLDER, which is ignored by git.
"""

import gzip
import io
import os
import pathlib
import re
import struct
import sys
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
FILES = HERE / "../crates/clrisk-readers/tests/files"
GEOGRAPHY = HERE / "../tests/reference/geography"
DATA = pathlib.Path(os.environ.get("CLRISK_REAL_DATA", HERE / "../../shared/data"))
FOLDER = pathlib.Path(sys.argv[1])
BETWEEN = b"\n--file\n"


def seed(target, name, *files):
    place = FOLDER / target / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(BETWEEN.join(file.encode() if isinstance(file, str) else file for file in files))


# SPSS, Stata, SAS.
for target, endings in {"spss": ("sav", "zsav"), "portable": ("por",), "stata": ("dta",), "transport": ("xpt",), "sas": ("sas7bdat",)}.items():
    for ending in endings:
        for path in [*FILES.glob(f"*.{ending}"), *DATA.glob(f"readers/pyreadstat_samples/*.{ending}")]:
            content = path.read_bytes()
            if target == "sas" or len(content) < 33_000:
                seed(target, path.name, content)

# Delimited text; the first byte says what the caller decides, 15 nothing.
commas = "code,name,rate,n\n" + "".join(f'0{row},"boy, {row}",1.{row}e3,{row}\n' for row in range(30))
semicolons = "código;nombre;tasa;nota\n" + "".join(f'0{row};"niño ""{row}""";{row * 1000},5;x\n' for row in range(30))
chinese, japanese = "省,人口\n北京,12\n天津,7\n", "県,人口\n東京,12\n神奈川,7\n表,3\n" * 3
for name, first, text in [
    ("utf_8", 15, semicolons.encode()),
    ("mark", 15, b"\xef\xbb\xbf" + semicolons.encode()),
    ("windows", 15, semicolons.encode("cp1252")),
    ("dos", 15, semicolons.encode("cp850")),
    ("dos_asked", 2, semicolons.encode("cp850")),
    ("utf_16", 15, b"\xff\xfe" + semicolons.encode("utf-16le")),
    ("utf_16_big", 15, b"\xfe\xff" + semicolons.encode("utf-16be")),
    ("utf_16_asked", 3, semicolons.encode("utf-16le")),
    ("gb18030_asked", 4, chinese.encode("gb18030")),
    ("shift_jis", 15, japanese.encode("shift_jis")),
    ("gzip", 15, gzip.compress(semicolons.encode())),
    ("points", 15, commas.encode()),
    ("tabs_asked", 0xCF, commas.replace(",", "\t").encode()),
    ("titles", 15, b'Poblacion\n""\n' + commas.replace("rate,n", "rate,n,").encode() + b"\nFuente\nnota\n"),
    ("sep", 15, b"sep=;\r\n" + semicolons.encode()),
    ("types", 15, b"a;b;c;d\n1;1.5;.;2021-01-01\n2;1.234,5;NA;x\n-3;2.000,0;;y\n007;1e5;.;\n"),
]:
    seed("delimited", name, bytes([first]) + text)

# Text at fixed positions: dictionary, rows.
dictionary = (
    "nombre,inicio,ancho,tipo,decimales,etiqueta,valores,perdidos\ndepto,1,2,texto,,Departamento,,\nsexo,3,1,entero,,Sexo,"
    "1=Hombre;2=Mujer,9\nedad,4,3,,,Edad,,998;999\ningreso,7,8,numero,2,Ingreso,,\nnombre,15,6,,,,,\n"
)
syntax = (
    "DATA LIST FILE='x.txt' FIXED RECORDS=1 TABLE\n /1 DEPTO 1-2 (A) SEXO 3 EDAD 4-6 INGRESO 7-14 (2) P1 TO P3 15-17 N (A3).\n"
    "VARIABLE LABELS SEXO 'Sexo' /EDAD \"Edad en años\".\nVALUE LABELS SEXO 1 'Hombre' 2 'Mujer' /P1 TO P3 -1 'No'.\n"
    "MISSING VALUES EDAD (998, 999) P1 (LO THRU -1).\nEXECUTE.\n"
)
rows = "".join(f"{row % 20:02d}{1 + row % 2}{row:3d}{row * 12345:08d}niño {row % 10}\n" for row in range(20))
seed("fixed_width", "csv", dictionary, rows)
seed("fixed_width", "windows", dictionary.encode("cp1252"), rows.encode("cp1252"))
seed("fixed_width", "utf_16", dictionary, b"\xff\xfe" + rows.encode("utf-16le"))
seed("fixed_width", "ends", "name;start;end\na;1;3\nb;4;9\n", "abc123456\nab\nabcdefghijk\n")
seed("fixed_width", "syntax", syntax, rows)
seed("fixed_width", "formats", "data list /a (f8.2) b c (2a3, 3x, f2) d (t20, a1).\nvalue labels all 1 'x'.\n", rows)


def dbase(version, fields, rows, driver=0):
    header = bytes([version, 124, 1, 1])
    header += struct.pack("<IHH", len(rows), 33 + 32 * len(fields), 1 + sum(length for _, _, length, _ in fields))
    header += bytes(17) + bytes([driver, 0, 0])
    for name, kind, length, decimals in fields:
        header += name.encode().ljust(11, b"\0") + kind.encode() + bytes(4) + bytes([length, decimals]) + bytes(14)
    return header + b"\r" + b"".join(b" " + row for row in rows) + b"\x1a"


plain = [("CODIGO", "C", 5, 0), ("TASA", "N", 9, 3), ("FECHA", "D", 8, 0), ("SI", "L", 1, 0)]
table = dbase(3, plain, [f"{row:05d}{row / 8:9.3f}202402{1 + row % 28:02d}T".encode() for row in range(20)])
foxpro = [("A", "I", 4, 0), ("B", "B", 8, 0), ("Y", "Y", 8, 0), ("T", "T", 8, 0), ("M", "M", 4, 0)]
moments = [struct.pack("<idqII", row, row / 3, row * 10_000, 2_440_588 + row, row * 1_000) + bytes(4) for row in range(9)]
seed("dbf", "plain", table)
seed("dbf", "foxpro", dbase(0x30, foxpro, moments, 3))
seed("dbf", "dos", dbase(3, [("NOMBRE", "C", 10, 0)], ["niño".encode("cp850").ljust(10)] * 9, 2))
seed("dbf", "guessed", dbase(3, [("NOMBRE", "C", 10, 0)], ["años".encode("cp1252").ljust(10)] * 9))

# Archives: files that begin with the line of their name, or an archive as it is.
seed("archive", "text", b"a.csv\n" + semicolons.encode())
seed("archive", "two", b"a.csv\n" + semicolons.encode(), b"d/b.dbf\n" + table)
beside = b"leeme.pdf\nx", b"a.csv.gz\n" + gzip.compress(semicolons.encode()), b"z.zip\nPK\x03\x04"
seed("archive", "mixed", *beside, b"b.sav\n" + (FILES / "made_rows.sav").read_bytes()[:3000])
for method, name in [(zipfile.ZIP_DEFLATED, "deflated"), (zipfile.ZIP_STORED, "stored")]:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        archive.writestr("a.csv", semicolons)
        archive.writestr("x/b.dbf", table)
    seed("archive", name, content.getvalue())

# REDATAM: the dictionary, then its files in the order in which it names them.


def database(name, dictionary, files):
    named = []
    for match in re.finditer(rb"[A-Za-z0-9_]*\.(?:ptr|rbf)", dictionary, re.IGNORECASE):
        file = match.group(0).decode().lower()
        named += [] if file in named else [file]
    seed("redatam", name, dictionary, *(files.get(file, b"") for file in named))


def variable(name, storage, size, file, more=""):
    kind = f"<varDicChoice><datasetType>{storage}</datasetType><datasetSize>{size}</datasetSize></varDicChoice>"
    return f"<variable><name>{name}</name><label>E {name}</label>{more}<filename>.\\D\\{file}</filename>{kind}</variable>"


label = "<valueLabels><valueLabelElement><value>1</value><label>N</label></valueLabelElement></valueLabels><missing>3</missing>"
census = (
    '<?xml version="1.0"?><redDictionary_XML><root><name>PAIS</name><filename>P.ptr</filename><entity><name>REGION</name>'
    "<label>Región &amp; z</label><filename>R.PTR</filename>"
    + variable("CODIGO", "CHR", 2, "cod.rbf")
    + variable("NOMBRE", "CHR", 6, "nom.rbf")
    + "<entity><name>VIV</name><filename>v.ptr</filename>"
    + variable("AGUA", "INT", 2, "agua.rbf")
    + "<entity><name>PERSONA</name><filename>per.ptr</filename>"
    + variable("SEXO", "PCK", 2, "sexo.rbf", label)
    + variable("EDAD", "BIN", 20, "edad.rbf")
    + variable("PESO", "DBL", 8, "peso.rbf")
    + variable("L", "LNG", 4, "lng.rbf")
    + "</entity></entity></entity></root></redDictionary_XML>"
)


def words(*numbers):
    return struct.pack(f"<{len(numbers)}I", *numbers)


made = {
    "r.ptr": words(0, 2),
    "v.ptr": words(0, 3, 3),
    "per.ptr": words(0, 2, 2, 5),
    "cod.rbf": b"0102",
    "nom.rbf": b"Or\xeden Pet\xe9n ",
    "agua.rbf": bytes([1, 0, 255, 255, 44, 1]),
    "sexo.rbf": words(0b0110111001 << 22),
    "edad.rbf": bytes(16),
    "peso.rbf": struct.pack("<5d", 1.5, 2, float("nan"), -3.25, 1e9),
    "lng.rbf": words(4_000_000_000, 2, 3, 4, 5),
}
database("made", census.encode(), made)
sample = DATA / "redatam/redatam_uru2011mini"
if sample.is_dir():
    files = {path.name.lower(): path.read_bytes() for path in sample.iterdir() if path.suffix in (".ptr", ".rbf")}
    for dictionary_of in ("uru2011mini.dic", "uru2011mini.dicx"):
        database(dictionary_of, (sample / dictionary_of).read_bytes(), files)

# Workbooks: `.xls` as it is; parts of the others.
seed("workbook", "xls", (FILES / "made.xls").read_bytes())
for name, parts in {
    "xlsx": ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"),
    "xlsb": ("xl/workbook.bin", "xl/_rels/workbook.bin.rels", "xl/worksheets/sheet1.bin", "xl/sharedStrings.bin", "xl/styles.bin"),
    "ods": ("content.xml",),
}.items():
    with zipfile.ZipFile(FILES / f"made.{name}") as archive:
        seed("workbook", name, *(archive.read(part) if part in archive.namelist() else b"" for part in parts))

# Forms: lines of `survey` and of `choices`, then an export.
survey = (
    "type\tname\tlabel::Español (es)\nbegin_group\thogar\tHogar\nselect_one agua\tagua\t¿Agua?\nselect_multiple bien\tbienes\tBienes\n"
    "end_group\t\t\ninteger\tedad\tEdad"
)
choices = "list_name\tname\tlabel\nagua\t1\tRed\nagua\t2\tPozo\nbien\tradio\tRadio\nbien\ttv\tTV"
seed("form", "slashes", survey, choices, "hogar/agua,hogar/bienes,hogar/bienes/radio,edad\n1,radio tv,1,7\n2,,0,9\n")
seed("form", "dashes", survey, choices, "hogar-agua,bienes,bienes/tv,edad\n1,radio tv,1,7\n2,,0,9\n")

# Boundaries.
points = [(0, 0), (0, 1), (1, 1), (1, 0), (0, 0)]
record = struct.pack("<i4d3i", 5, 0, 0, 1, 1, 1, 5, 0) + b"".join(struct.pack("<2d", -90 + x, 14 + y) for x, y in points)
shapes = struct.pack(">i", 9994) + bytes(96) + struct.pack(">2i", 1, len(record) // 2) + record
seed("shapefile", "country", *((GEOGRAPHY / f"country_utm.{ending}").read_bytes() for ending in ("shp", "dbf", "cpg", "prj")))
seed("shapefile", "square", shapes, dbase(3, [("COD", "C", 3, 0)], [b"001"]), b"UTF-8", b"")
seed("flatgeobuf", "country", (GEOGRAPHY / "country_polyconic.fgb").read_bytes())
seed("document", "country", (GEOGRAPHY / "country.geojson").read_bytes())
seed(
    "document",
    "features",
    '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32615"}},"features":[{"type":"Feature",'
    '"id":7,"properties":{"name":"Ñ","n":1.5},"geometry":{"type":"Polygon","coordinates":[[[500000,1600000],[510000,1600000],[510000,'
    '1610000],[500000,1600000]]]}},{"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[{"type":"MultiPolygon",'
    '"coordinates":[[[[0,0],[0,1],[1,1],[0,0]]]]}]}}]}',
)
seed(
    "document",
    "topology",
    '{"type":"Topology","transform":{"scale":[0.01,0.01],"translate":[-90,14]},"objects":{"a":{"type":"GeometryCollection","geometries":'
    '[{"type":"Polygon","id":"01","properties":{"n":"x"},"arcs":[[0,-2]]},{"type":"MultiPolygon","arcs":[[[1,-1]]]}]}},'
    '"arcs":[[[0,0],[10,0],[0,10]],[[0,0],[5,9],[5,1]]]}',
)
seed("well_known_text", "utm", (GEOGRAPHY / "country_utm.prj").read_bytes())
seed("well_known_text", "number", "EPSG:32615")
seed("well_known_text", "proj", "+proj=utm +zone=17 +south +ellps=intl +towgs84=-288,175,-376,0,0,0,0 +units=m")
seed(
    "well_known_text",
    "second",
    'PROJCRS["x",BASEGEOGCRS["WGS 84",DATUM["World Geodetic System 1984",ELLIPSOID["WGS 84",6378137,298.257223563]]],CONVERSION["c",METHOD['
    '"Transverse Mercator"],PARAMETER["Latitude of natural origin",0],PARAMETER["Longitude of natural origin",-93],PARAMETER["Scale factor '
    'at natural origin",0.9996],PARAMETER["False easting",500000]],CS[Cartesian,2],LENGTHUNIT["metre",1],ID["EPSG",32615]]',
)
ring = struct.pack("<I", 5) + b"".join(struct.pack("<2d", *point) for point in points)
polygon = b"\1" + struct.pack("<2I", 3, 1) + ring
head = struct.pack("<i", 4326)
seed("geopackage_geometry", "polygon", b"GP\0\1" + head + polygon)
envelope = struct.pack("<4d", 0, 1, 0, 1)
seed("geopackage_geometry", "several", b"GP\0\3" + head + envelope + b"\1" + struct.pack("<2I", 6, 2) + polygon + polygon)
seed("geopackage_geometry", "mixed", b"GP\0\1" + head + b"\1" + struct.pack("<2I", 7, 2) + polygon + b"\1" + struct.pack("<I2d", 1, 0, 0))
heights = b"".join(struct.pack("<3d", x, y, 1) for x, y in points)
seed("geopackage_geometry", "heights", b"GP\0\1" + head + b"\1" + struct.pack("<3I", 1003, 1, 5) + heights)
big = struct.pack(">I", 5) + b"".join(struct.pack(">2d", *point) for point in points)
seed("geopackage_geometry", "big_endian", b"GP\0\0" + head + b"\0" + struct.pack(">2I", 3, 1) + big)
