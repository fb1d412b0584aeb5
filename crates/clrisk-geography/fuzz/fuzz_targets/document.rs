//! GeoJSON and TopoJSON: any bytes end in polygons or in an error.
#![no_main]

use clrisk_geography::{ReadOptions, read_document};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = read_document(bytes, &ReadOptions::default());
});
