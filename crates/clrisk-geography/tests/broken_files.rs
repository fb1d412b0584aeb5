//! Files cut short anywhere, or with any of their bytes flipped, end in an error or in polygons, and never in a panic; what reading them
//! takes is in proportion to their size.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;

use clrisk_geography::well_known_binary::geopackage_polygons;
use clrisk_geography::well_known_text::Description;
use clrisk_geography::{BoundaryFile, GeographyError, ReadOptions, read_document};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Bytes that reading took beyond those held before; tests beside this one add to it, none of them much.
fn weighed<T>(read: impl FnOnce() -> T) -> (T, usize) {
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let read = read();
    (read, MEMORY.peak_usage().saturating_sub(before))
}

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/reference/geography").join(name)).unwrap()
}

/// A folder with the samples, one of which is spoiled.
struct Spoiled(tempfile::TempDir);

impl Spoiled {
    fn new() -> Spoiled {
        let folder = tempfile::tempdir().unwrap();
        for name in ["country_utm.shp", "country_utm.dbf", "country_utm.prj", "country_utm.cpg"] {
            std::fs::write(folder.path().join(name), sample(name)).unwrap();
        }
        Spoiled(folder)
    }

    async fn read(&self, spoil: &str, bytes: &[u8], open: &str) -> Result<BoundaryFile, GeographyError> {
        std::fs::write(self.0.path().join(spoil), bytes).unwrap();
        let read = BoundaryFile::read(&self.0.path().join(open), &ReadOptions::default()).await;
        if let Err(error) = &read {
            assert!(!error.finding("x").code.is_empty());
        }
        read
    }
}

/// Every length of the first bytes, then steps.
fn cuts(length: usize) -> impl Iterator<Item = usize> {
    (0..length.min(200)).chain((200..length).step_by((length / 60).max(1)))
}

#[tokio::test]
async fn every_cut_of_every_format_is_an_error() {
    for (name, open) in [
        ("country_utm.shp", "country_utm.shp"),
        ("country_utm.dbf", "country_utm.shp"),
        ("country_polyconic.fgb", "country_polyconic.fgb"),
        ("country.geojson", "country.geojson"),
    ] {
        let (spoiled, bytes) = (Spoiled::new(), sample(name));
        assert!(spoiled.read(name, &bytes, open).await.is_ok());
        // A dBASE file may lack its last byte, the mark of its end; JSON its last line break.
        let last = bytes.len() - if name.ends_with(".dbf") || name.ends_with("json") { 2 } else { 1 };
        for length in cuts(last) {
            assert!(spoiled.read(name, &bytes[..length], open).await.is_err(), "{name} cut to {length}");
        }
    }
    // A database is read page by page: the end may hold nothing that is needed.
    let (spoiled, bytes) = (Spoiled::new(), sample("country_utm.gpkg"));
    for length in (0..bytes.len()).step_by(4096 * 2) {
        let cut = &bytes[..length];
        assert!(spoiled.read("country_utm.gpkg", cut, "country_utm.gpkg").await.is_err(), "cut to {length}");
    }
}

#[tokio::test]
async fn flipped_bytes_never_panic() {
    for (name, open, step) in [
        ("country_utm.shp", "country_utm.shp", 29),
        ("country_utm.dbf", "country_utm.shp", 3),
        ("country_utm.prj", "country_utm.shp", 1),
        ("country_utm.cpg", "country_utm.shp", 1),
        ("country_polyconic.fgb", "country_polyconic.fgb", 19),
        ("country.geojson", "country.geojson", 301),
        ("country_utm.gpkg", "country_utm.gpkg", 1801),
    ] {
        let (spoiled, bytes) = (Spoiled::new(), sample(name));
        for at in (0..bytes.len()).step_by(step) {
            for flip in [0x01, 0x80, 0xff] {
                let mut bytes = bytes.clone();
                bytes[at] ^= flip;
                let _ = spoiled.read(name, &bytes, open).await;
            }
        }
    }
}

#[test]
fn absurd_texts_and_blobs_are_refused() {
    let options = ReadOptions::default();
    for text in [
        &b"{\"type\":\"FeatureCollection\",\"features\":{}}"[..],
        b"{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[1e400,0]]]}}]}",
        b"{\"type\":\"Topology\",\"arcs\":[[[0]]],\"objects\":{}}",
        b"{\"type\":\"Topology\",\"objects\":{\"a\":{\"type\":\"Polygon\",\"arcs\":[[99999999999]]}}}",
        b"\xff\xfe{\x00",
    ] {
        assert!(read_document(text, &options).is_err(), "{}", String::from_utf8_lossy(text));
    }
    assert_eq!(geopackage_polygons(&[]), None);
    assert_eq!(Description::parse("PROJCS[\"x\",\"x\",1e999]"), None);
}

const TOPOLOGY: &[u8] = br#"{"type":"Topology","transform":{"scale":[0.01,0.01],"translate":[-90,14]},
    "objects":{"a":{"type":"GeometryCollection","geometries":[{"type":"Polygon","id":"01","properties":{"n":"x"},"arcs":[[0,-2]]},
    {"type":"MultiPolygon","arcs":[[[1,-1]]]}]}},"arcs":[[[0,0],[10,0],[0,10]],[[0,0],[5,9],[5,1]]]}"#;

#[test]
fn topologies_cut_or_flipped_anywhere_end_in_polygons_or_a_finding() {
    let options = ReadOptions::default();
    assert!(read_document(TOPOLOGY, &options).is_ok());
    for length in 0..TOPOLOGY.len() {
        let error = read_document(&TOPOLOGY[..length], &options).unwrap_err();
        assert!(!error.finding("m.json").code.is_empty());
        for flip in [0x01, 0x02, 0x04, 0x10, 0x80, 0xff] {
            let mut bytes = TOPOLOGY.to_vec();
            bytes[length] ^= flip;
            if let Err(error) = read_document(&bytes, &options) {
                assert!(!error.finding("m.json").code.is_empty());
            }
        }
    }
}

#[test]
fn features_with_a_property_of_their_own_each_do_not_take_the_square_of_the_file() {
    let feature = |number: usize| {
        format!(
            r#"{{"type":"Feature","properties":{{"p{number}":1}},"geometry":{{"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[0,0]]]}}}}"#
        )
    };
    let features: Vec<String> = (0..5_000).map(feature).collect();
    let text = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
    let (read, taken) = weighed(|| read_document(text.as_bytes(), &ReadOptions::default()));
    assert!(matches!(read, Err(GeographyError::Damaged { part: "properties", row: Some(_) })));
    // 25 million properties of 24 bytes would be 600 MB.
    assert!(taken < (64 << 20) + 64 * text.len(), "{} MB for {} bytes", taken >> 20, text.len());
}

#[tokio::test]
async fn a_table_whose_fields_have_no_bytes_is_damaged() {
    let spoiled = Spoiled::new();
    let mut table = sample("country_utm.dbf");
    // The length of the first field.
    table[32 + 16] = 0;
    let error = spoiled.read("country_utm.dbf", &table, "country_utm.shp").await.unwrap_err();
    assert_eq!(error, GeographyError::Damaged { part: "dbf", row: Some(0) });
}

#[tokio::test]
async fn a_shapefile_without_its_table_says_which_file_is_missing() {
    let spoiled = Spoiled::new();
    std::fs::remove_file(spoiled.0.path().join("country_utm.dbf")).unwrap();
    let error =
        BoundaryFile::read(&spoiled.0.path().join("country_utm.shp"), &ReadOptions::default()).await.unwrap_err();
    assert_eq!(error, GeographyError::Missing { file: "country_utm.dbf".to_owned() });
    assert_eq!(error.finding("geo/x.shp").args["file"], "country_utm.dbf");
}
