"""Writes the tables of coordinate reference systems and datum shifts that clrisk-geography carries.

Source: EPSG Geodetic Parameter Dataset, as distributed with PROJ (`pip install pyproj`). Kept are the geographic and projected
systems whose area of use lies within Latin America and the Caribbean, those of UTM on WGS 84, and a few of world-wide use; of
the shifts to WGS 84, those of three parameters (geocentric translations) and those that are none.

Run from the root of the project: python3 checks/geography/reference_systems.py
"""

import csv
import re
import warnings
from pathlib import Path

from pyproj import CRS
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_crs_info
from pyproj.enums import PJType
from pyproj.transformer import TransformerGroup

warnings.filterwarnings("ignore")
FOLDER = Path("crates/clrisk-geography/src/projection")
REGION = AreaOfInterest(-118.5, -59.9, -28.0, 33.0)
PROJECTIONS = {"longlat", "utm", "tmerc", "lcc", "merc", "aea", "laea", "poly", "cea", "eqc", "sterea", "cass", "sinu"}


def inside(use):
    return use and use.west >= -122.5 and use.east <= -25 and use.south >= -60 and use.north <= 33.5


infos = query_crs_info(
    auth_name="EPSG", pj_types=[PJType.GEOGRAPHIC_2D_CRS, PJType.PROJECTED_CRS], area_of_interest=REGION, contains=False
)
codes = {int(info.code) for info in infos if not info.deprecated and inside(info.area_of_use)}
codes |= {4326, 3857, 4269, 4267, 4322, 6933, 3395}
codes |= {base + zone for base in (32600, 32700) for zone in range(11, 27)}
codes |= {26900 + zone for zone in range(11, 21)} | {26700 + zone for zone in range(11, 21)}

systems, datums = [], {}
for code in sorted(codes):
    crs = CRS.from_epsg(code)
    text = re.sub(r" \+(type=crs|no_defs|nadgrids=@null|wktext)", "", crs.to_proj4())
    match = re.search(r"\+proj=(\w+)", text)
    # South-oriented axes and grids of shifts are not for a table of three parameters.
    if not match or match.group(1) not in PROJECTIONS or "+axis" in text:
        continue
    geodetic = crs.geodetic_crs
    name = geodetic.datum.name
    esri = re.search(r'DATUM\["([^"]+)"', crs.to_wkt("WKT1_ESRI"))
    datums.setdefault(name, (esri.group(1) if esri else "", geodetic))
    ellipsoid = geodetic.ellipsoid
    text = re.sub(r"\+(datum|ellps)=\S+", f"+a={ellipsoid.semi_major_metre} +rf={ellipsoid.inverse_flattening}", text)
    systems.append([code, crs.name, text, name])

shifts = []
for name, (esri, geodetic) in sorted(datums.items()):
    # On a modern ellipsoid a datum is WGS 84 to within two metres; the program needs no row to know that.
    if abs(geodetic.ellipsoid.semi_major_metre - 6378137) < 0.5:
        continue
    group = TransformerGroup(geodetic.to_2d(), CRS.from_epsg(4326), always_xy=True, allow_ballpark=False)
    for transformer in group.transformers:
        definition, use = transformer.definition, transformer.area_of_use
        steps = [step for step in transformer.description.split(" + ") if "axis order" not in step]
        if len(steps) != 1 or "molobadekas" in definition or "hgridshift" in definition:
            continue
        shift = (0.0, 0.0, 0.0)
        if "helmert" in definition:
            values = dict(re.findall(r"\b(x|y|z|rx|ry|rz|s)=([-\d.]+)", definition.split("proj=helmert")[1].split(" step ")[0]))
            if {"rx", "ry", "rz", "s"} & set(values):
                continue
            shift = tuple(float(values.get(axis, 0)) for axis in "xyz")
        if use is None or not (use.west < -28 and use.east > -118.5 and use.south < 33 and use.north > -60):
            continue
        shifts.append(
            [name, esri, *(round(value, 2) for value in (use.west, use.south, use.east, use.north)), *shift, transformer.accuracy]
        )

for file, header, rows in (
    ("systems.csv", ["code", "name", "definition", "datum"], systems),
    ("shifts.csv", ["datum", "esri_datum", "west", "south", "east", "north", "x", "y", "z", "accuracy"], shifts),
):
    with open(FOLDER / file, "w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    print(file, len(rows))
