"""Makes the expected figures and sample files of tests/reference/geography with independent programs.

pip install pyshp shapely pyproj geopandas pyogrio        (versions used: pyshp 3.0, shapely 2.2, pyproj 3.7, GDAL 3.11)
Run from the root of the project: python3 checks/geography/references.py ../shared/data

Sample files hold an invented country of six areas; figures of real countries are areas and counts only.
"""

import csv
import json
import math
import shutil
import sys
from pathlib import Path

import geopandas
import pyproj
import shapefile
import shapely
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.ops import unary_union

DATA = Path(sys.argv[1]) / "boundaries"
OUT = Path("tests/reference/geography")
GEOD = pyproj.Geod(ellps="WGS84")


def table(name, header, rows):
    with open(OUT / name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    print(name, len(rows))


def square_kilometres(geometry):
    """Each ring by itself; outer rings add, holes subtract."""
    total = 0.0
    for polygon in geometry.geoms if geometry.geom_type == "MultiPolygon" else [geometry]:
        if polygon.is_empty:
            continue
        for index, ring in enumerate([polygon.exterior, *polygon.interiors]):
            area, _ = GEOD.polygon_area_perimeter(*zip(*[point[:2] for point in ring.coords]))
            total += abs(area) * (1 if index == 0 else -1)
    return total / 1e6


# --- Projections: a point in the middle of each system's area of use -------------------------------------------------------------
rows = []
for code in [
    31983, 31965, 31981, 32615, 32719, 32618, 6372, 6362, 5367, 9377, 3116, 5880, 3448, 2202, 24878, 24818, 29193, 26716, 5456, 22185,
    5343, 31986, 3857, 4674, 4248, 4618, 4267, 30200, 32161, 6933, 5463, 3395,
]:
    crs = pyproj.CRS.from_epsg(code)
    use = crs.area_of_use
    longitude, latitude = (use.west + use.east) / 2, (use.south + use.north) / 2
    if code in (3857, 6933, 3395):
        longitude, latitude = -90.5, 14.6
    if code == 4267:
        longitude, latitude = -90.5, 14.6
    if code == 26716:
        longitude, latitude = -86.5, 14.2
    if code == 4248:
        longitude, latitude = -76.0, -10.0
    if code == 4618:
        longitude, latitude = -50.0, -15.0
    geodetic = crs.geodetic_crs
    x, y = pyproj.Transformer.from_crs(geodetic, crs, always_xy=True).transform(longitude, latitude)
    # What PROJ makes of the point with the three-parameter operation for the place.
    group = pyproj.transformer.TransformerGroup(
        geodetic.to_2d(), 4326, always_xy=True, allow_ballpark=True,
        area_of_interest=pyproj.aoi.AreaOfInterest(longitude - 0.1, latitude - 0.1, longitude + 0.1, latitude + 0.1),
    )
    lon, lat = group.transformers[0].transform(longitude, latitude)
    accuracy = group.transformers[0].accuracy
    rows.append([code, repr(x), repr(y), f"{lon:.9f}", f"{lat:.9f}", accuracy, crs.to_wkt("WKT1_ESRI") if code not in (6933, 9377) else ""])
table("projections.csv", ["epsg", "x", "y", "longitude", "latitude", "accuracy", "esri"], rows)

# --- Areas and neighbours of real countries --------------------------------------------------------------------------------------
rows = []
reader = shapefile.Reader(str(DATA / "guatemala/Guatemala_adm2_uscb_2020.shp"), encoding="utf-8")
records = [(record.record.as_dict(), shape(record.shape.__geo_interface__)) for record in reader.iterShapeRecords()]
for properties, geometry in sorted(records, key=lambda pair: str(pair[0]["NSO_CODE"]))[::20]:
    if properties["NSO_CODE"]:
        rows.append(["guatemala.shp", properties["NSO_CODE"], f"{square_kilometres(geometry):.6f}"])
rows.append(["guatemala.shp", "all", f"{sum(square_kilometres(g) for _, g in records):.6f}"])
for name, path, code in [
    ("costarica.geojson", "costarica/costarica_cantones_simplified.geojson", "Codigo"),
    ("brazil.geojson", "brazil/brazil_municipios_simplified.geojson", "id"),
]:
    features = json.load(open(DATA / path))["features"]
    shapes = [(feature["properties"][code], shape(feature["geometry"])) for feature in features]
    step = 8 if name.startswith("costa") else 500
    rows += [[name, unit, f"{square_kilometres(geometry):.6f}"] for unit, geometry in sorted(shapes)[::step]]
    rows.append([name, "all", f"{sum(square_kilometres(geometry) for _, geometry in shapes):.6f}"])
table("areas.csv", ["file", "code", "square_kilometres"], rows)

rows = []
for name, path, code in [
    ("peru.geojson", "peru/peru_provincial_simple.geojson", "FIRST_IDPR"),
    ("mexico.geojson", "mexico/municipios_2020.geojson", "cvegeo"),
]:
    features = json.load(open(DATA / path))["features"]
    print(name, features[0]["properties"])
    shapes = [shape(feature["geometry"]) for feature in features]
    # Borders are lines of at least two common corners: counted on the corners, as a set of rounded pairs.
    corners = [{(round(x * 1e5), round(y * 1e5)) for part in getattr(s, "geoms", [s]) for ring in [part.exterior, *part.interiors] for x, y, *_ in ring.coords} for s in shapes]
    tree = shapely.STRtree(shapes)
    pairs = set()
    touching = 0
    for left, geometry in enumerate(shapes):
        for right in tree.query(geometry.buffer(1e-4)):
            if left < right:
                if len(corners[left] & corners[right]) >= 2:
                    pairs.add((left, right))
    rows.append([name, len(shapes), len(pairs)])
table("neighbours.csv", ["file", "units", "pairs"], rows)

# --- An invented country in every format -----------------------------------------------------------------------------------------
def wave(start, end, steps=24):
    (x0, y0), (x1, y1) = start, end
    bend = lambda t: 0.015 * math.sin(9 * math.pi * t) * math.sin(math.pi * t)
    return [
        (x0 + (x1 - x0) * t + bend(t) * (y1 - y0), y0 + (y1 - y0) * t - bend(t) * (x1 - x0))
        for t in [step / steps for step in range(steps)]
    ]


def area(column, row):
    a, b, c, d = [(-48.5 + 0.5 * (column + i), -20.0 + 0.5 * (row + j)) for i, j in [(0, 0), (1, 0), (1, 1), (0, 1)]]
    # Every border is drawn from its lower left end, so that both sides have the same points.
    right, up = wave(b, c) + [c], wave(a, b) + [b]
    left, top = wave(a, d) + [d], wave(d, c) + [c]
    return up[:-1] + right[:-1] + top[::-1][:-1] + left[::-1][:-1]


names = ["São João", "Ñuñoa", "Sta. Bárbara", "Água Fria", "Coração", "Ilha"]
shapes = []
for index in range(5):
    ring = area(index % 3, index // 3)
    polygon = Polygon(ring)
    if index == 1:
        hole = [(x * 0.2 + -47.75 * 0.8, y * 0.2 + -19.75 * 0.8) for x, y in ring]
        polygon = Polygon(ring, [hole])
    shapes.append(polygon)
shapes.append(MultiPolygon([Polygon(area(4, 0)), Polygon(area(5, 1))]))
frame = geopandas.GeoDataFrame(
    {"codigo": [f"0{1 + i // 3}0{1 + i % 3}" for i in range(6)], "nome": names, "gente": [10, 20, 30, 40, 50, 60]}, geometry=shapes, crs=4326
)
frame.to_file(OUT / "country.geojson", driver="GeoJSON", COORDINATE_PRECISION=12)
utm = frame.to_crs(31983)
for old in OUT.glob("country_*"):
    old.unlink()
utm.to_file(OUT / "country_utm.gpkg", layer="municipios", driver="GPKG")
frame.to_crs(5880).to_file(OUT / "country_polyconic.fgb", driver="FlatGeobuf")
utm.to_file(OUT / "country_utm.shp", encoding="ISO-8859-1")
for extra in OUT.glob("country_utm.shx"):
    extra.unlink()
print({path.name: path.stat().st_size for path in sorted(OUT.iterdir())})
