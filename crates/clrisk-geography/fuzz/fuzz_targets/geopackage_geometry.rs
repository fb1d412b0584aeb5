//! Geometry blobs of a GeoPackage: any bytes end in polygons that are not larger than they are, or in nothing.
#![no_main]

use clrisk_geography::well_known_binary::geopackage_polygons;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(polygons) = geopackage_polygons(bytes) {
        assert!(polygons.iter().flatten().map(Vec::len).sum::<usize>() <= bytes.len() / 16);
    }
});
