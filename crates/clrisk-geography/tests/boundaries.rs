//! Real and sample files in every format against figures of pyshp, shapely, pyproj and GDAL (`checks/geography/references.py`).

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use clrisk_geography::area::square_kilometres;
use clrisk_geography::neighbours::neighbours;
use clrisk_geography::simplify::simplify;
use clrisk_geography::{BoundaryFile, Format, GeographyError, Polygons, ReadOptions, read_document};

fn reference(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/reference/geography").join(name)
}

/// The folder of real boundaries; none, said aloud, when there is none.
fn real(test: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("CLRISK_REAL_DATA").map_or(beside, PathBuf::from).join("boundaries");
    if !folder.is_dir() {
        eprintln!("SKIPPED: {test} needs the real data (CLRISK_REAL_DATA or ../shared/data)");
        return None;
    }
    Some(folder)
}

async fn read(path: &Path) -> BoundaryFile {
    read_with(path, ReadOptions::default()).await.unwrap()
}

async fn read_with(path: &Path, options: ReadOptions) -> Result<BoundaryFile, GeographyError> {
    BoundaryFile::read(path, &options).await
}

fn layer(name: &str) -> ReadOptions {
    ReadOptions { layer: Some(name.to_owned()), ..ReadOptions::default() }
}

/// Rows of a table of figures: no field but the last holds a comma.
fn table(name: &str, columns: usize) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(reference(name)).unwrap();
    text.lines().skip(1).map(|line| line.splitn(columns, ',').map(str::to_owned).collect()).collect()
}

fn corners(polygons: &Polygons) -> Vec<[f64; 2]> {
    let mut corners: Vec<[f64; 2]> = polygons.iter().flatten().flatten().copied().collect();
    corners.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    corners.dedup();
    corners
}

#[tokio::test]
async fn a_country_is_the_same_in_every_format_and_projection() {
    let expected = read(&reference("country.geojson")).await;
    assert_eq!((expected.format, expected.polygons.len()), (Format::GeoJson, 6));
    for (name, format, system) in [
        ("country_utm.shp", Format::Shapefile, "SIRGAS_2000_UTM_Zone_23S"),
        ("country_utm.dbf", Format::Shapefile, "SIRGAS_2000_UTM_Zone_23S"),
        ("country_utm.gpkg", Format::GeoPackage, "SIRGAS 2000 / UTM zone 23S (EPSG:31983)"),
        ("country_polyconic.fgb", Format::FlatGeobuf, "SIRGAS 2000 / Brazil Polyconic (EPSG:5880)"),
    ] {
        let file = read(&reference(name)).await;
        assert_eq!(file.format, format);
        assert_eq!(file.reprojection.as_ref().unwrap().from, system);
        let position: HashMap<&str, usize> =
            file.properties["codigo"].iter().enumerate().map(|(at, code)| (code.as_deref().unwrap(), at)).collect();
        for unit in 0..6 {
            let at = position[expected.properties["codigo"][unit].as_deref().unwrap()];
            for column in ["nome", "gente"] {
                assert_eq!(file.properties[column][at], expected.properties[column][unit], "{name} {column}");
            }
            let (found, wanted) = (&file.polygons[at], &expected.polygons[unit]);
            assert_eq!(
                found.iter().map(Vec::len).collect::<Vec<_>>(),
                wanted.iter().map(Vec::len).collect::<Vec<_>>(),
                "{name}: parts and holes"
            );
            let wanted = corners(wanted);
            for [x, y] in corners(found) {
                let near = |corner: &&[f64; 2]| (corner[0] - x).abs() < 2e-8 && (corner[1] - y).abs() < 2e-8;
                assert!(wanted.iter().any(|corner| near(&corner)), "{name} [{x}, {y}]");
            }
        }
    }
    let shapefile = read(&reference("country_utm.shp")).await;
    assert_eq!(shapefile.encoding.as_deref(), Some("windows-1252"));
}

#[tokio::test]
async fn projections_agree_with_proj() {
    let mut worst: f64 = 0.0;
    for row in table("projections.csv", 7) {
        let number = |column: usize| row[column].parse::<f64>().unwrap();
        let (x, y) = (number(1), number(2));
        let size = if x.abs() < 400.0 { 1e-4 } else { 10.0 };
        let ring = format!("[[{x},{y}],[{},{y}],[{x},{}],[{x},{y}]]", x + size, y + size);
        let text =
            format!(r#"{{"type":"Feature","properties":{{}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}"#);
        let esri = row[6].trim_matches('"').replace("\"\"", "\"");
        for projection in [format!("EPSG:{}", row[0]), esri].into_iter().filter(|name| !name.is_empty()) {
            let options = ReadOptions { projection: Some(projection), ..ReadOptions::default() };
            let file =
                read_document(text.as_bytes(), &options).unwrap_or_else(|error| panic!("EPSG:{}: {error}", row[0]));
            let near = |point: &[f64; 2]| (point[0] - number(3)).hypot(point[1] - number(4));
            let [a, b] = *corners(&file.polygons[0]).iter().min_by(|a, b| near(a).total_cmp(&near(b))).unwrap();
            let metres = near(&[a, b]) * 111_320.0;
            // Old datums: PROJ may choose another operation for the place; both are good to the accuracy it states.
            let accuracy = number(5);
            let allowed = if accuracy > 2.0 { 2.0 * accuracy } else { 2.5 };
            assert!(metres < allowed, "EPSG:{}: {metres} m from ({}, {})", row[0], row[3], row[4]);
            if (0.0..=1.0).contains(&accuracy) && !["5367", "5343"].contains(&row[0].as_str()) {
                worst = worst.max(metres);
            }
        }
    }
    assert!(worst < 0.01, "without a change of datum the formulas agree to a centimetre: {worst}");
}

#[tokio::test]
async fn the_shapefile_of_guatemala_and_its_topojson_have_the_same_340_municipalities() {
    let Some(folder) = real("Guatemala, two sources") else { return };
    let shapes = read(&folder.join("guatemala/Guatemala_adm2_uscb_2020.shp")).await;
    let topology = read(&folder.join("guatemala/munis.json")).await;
    // Both have a lake and a disputed zone besides; the second has them twice without a code.
    assert_eq!((shapes.polygons.len(), topology.polygons.len()), (342, 343));
    let codes = |column: &[Option<String>]| -> HashMap<u32, usize> {
        let code = |code: &Option<String>| code.as_deref().and_then(|code| code.parse::<u32>().ok());
        column.iter().enumerate().filter_map(|(at, text)| Some((code(text)?, at))).collect()
    };
    let (left, right) = (codes(&shapes.properties["NSO_CODE"]), codes(&topology.properties["id"]));
    let common: Vec<(usize, usize)> = left.iter().filter_map(|(code, &at)| Some((at, *right.get(code)?))).collect();
    assert_eq!(common.len(), 340);
    // Two publishers draw the same municipality: all but disputed ones agree in area to a fifth.
    let close = common.iter().filter(|(a, b)| {
        let (a, b) = (square_kilometres(&shapes.polygons[*a]), square_kilometres(&topology.polygons[*b]));
        (a - b).abs() < 0.2 * a
    });
    assert!(close.count() > 300);
}

#[tokio::test]
async fn areas_of_real_countries_agree_with_pyproj() {
    let Some(folder) = real("areas") else { return };
    let mut files: HashMap<&str, HashMap<String, f64>> = HashMap::new();
    for (name, path, code) in [
        ("guatemala.shp", "guatemala/Guatemala_adm2_uscb_2020.shp", "NSO_CODE"),
        ("costarica.geojson", "costarica/costarica_cantones_simplified.geojson", "Codigo"),
        ("brazil.geojson", "brazil/brazil_municipios_simplified.geojson", "id"),
    ] {
        let file = read(&folder.join(path)).await;
        let mut areas = HashMap::new();
        for (polygons, code) in file.polygons.iter().zip(&file.properties[code]) {
            let area = square_kilometres(polygons);
            *areas.entry("all".to_owned()).or_insert(0.0) += area;
            areas.insert(code.clone().unwrap_or_default(), area);
        }
        files.insert(name, areas);
    }
    for row in table("areas.csv", 3) {
        let (found, expected) = (files[row[0].as_str()][&row[1]], row[2].parse::<f64>().unwrap());
        // Mended features differ from what the file says; there are few of them.
        let allowed = if row[1] == "all" { 1e-4 * expected } else { 1e-5 * expected.max(1.0) };
        assert!((found - expected).abs() < allowed, "{} {}: {found}, pyproj {expected}", row[0], row[1]);
    }
}

#[tokio::test]
async fn neighbours_of_real_countries_are_those_that_share_corners() {
    let Some(folder) = real("neighbours") else { return };
    for (row, path) in
        table("neighbours.csv", 3).iter().zip(["peru/peru_provincial_simple.geojson", "mexico/municipios_2020.geojson"])
    {
        let file = read(&folder.join(path)).await;
        let features: Vec<&Polygons> = file.polygons.iter().collect();
        assert_eq!([features.len(), neighbours(&features).len()].map(|count| count.to_string()), row[1..3]);
    }
}

#[tokio::test]
async fn costa_rica_is_read_from_topojson_layer_by_layer() {
    let Some(folder) = real("Costa Rica") else { return };
    let path = folder.join("costarica/cri.topojson");
    let GeographyError::Layers { layers } = read_with(&path, ReadOptions::default()).await.unwrap_err() else {
        panic!("four layers")
    };
    assert!(layers.iter().any(|layer| layer == "cantones"), "{layers:?}");
    let cantons = read_with(&path, layer("cantones")).await.unwrap();
    let simplified = read(&folder.join("costarica/costarica_cantones_simplified.geojson")).await;
    assert_eq!((cantons.polygons.len(), simplified.polygons.len()), (82, 81));
}

#[tokio::test]
async fn brazil_is_simplified_and_every_border_is_still_shared() {
    let Some(folder) = real("Brazil, simplification") else { return };
    let file = read(&folder.join("brazil/brazil_municipios_simplified.geojson")).await;
    let features: Vec<&Polygons> = file.polygons.iter().collect();
    // Two of 5,564 have lost their polygon in the file, and are counted.
    assert_eq!((features.len(), file.without_polygon), (5_562, 2));
    let simplified = simplify(&features, 40_000);
    assert!(simplified.points[1] < simplified.points[0], "{:?}", simplified.points);
    // Every pair of neighbours has an unbroken common border: all pairs of before are pairs still.
    let after: Vec<&Polygons> = simplified.polygons.iter().collect();
    let (before, after) = (neighbours(&features), neighbours(&after));
    assert_eq!(before, after);
    let sides = |features: &[Polygons]| -> HashMap<[[u64; 2]; 2], i32> {
        let mut sides = HashMap::new();
        for pair in features.iter().flatten().flatten().flat_map(|ring| ring.windows(2)) {
            let [a, b] = [0, 1].map(|at| pair[at].map(f64::to_bits));
            *sides.entry(if a < b { [a, b] } else { [b, a] }).or_insert(0) += 1;
        }
        sides
    };
    let shared = |features: &[Polygons]| {
        let sides = sides(features);
        sides.values().filter(|&&uses| uses > 1).count() as f64 / sides.len() as f64
    };
    // What was shared to the bit is shared to the bit.
    let (before, after) = (shared(&file.polygons), shared(&simplified.polygons));
    assert!(after > before - 0.02, "share of common sides: {before} before, {after} after");
}
