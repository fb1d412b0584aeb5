//! GeoJSON and TopoJSON: any bytes end in polygons or in an error.
#![no_main]

use clrisk_geography::{ReadOptions, read_document};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    clrisk_geography_fuzz::weighed(bytes.len(), || {
        if let Err(error) = read_document(bytes, &ReadOptions::default()) {
            std::hint::black_box(error.finding("m.json"));
        }
    });
});
