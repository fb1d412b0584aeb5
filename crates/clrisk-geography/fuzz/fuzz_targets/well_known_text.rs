//! Reference systems: any text is described or refused, and what is described is used without a panic.
#![no_main]

use clrisk_geography::{ReadOptions, read_document};
use libfuzzer_sys::fuzz_target;

const TRIANGLE: &[u8] = br#"{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":
    [[[500000,7700000],[510000,7700000],[510000,7710000],[500000,7700000]]]}}"#;

fuzz_target!(|text: &str| {
    let options = ReadOptions { projection: Some(text.to_owned()), ..ReadOptions::default() };
    let _ = read_document(TRIANGLE, &options);
});
