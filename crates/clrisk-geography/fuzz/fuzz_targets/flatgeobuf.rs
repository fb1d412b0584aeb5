//! FlatGeobuf files.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"fgb") {
        clrisk_geography_fuzz::read(&[("m.fgb", bytes)]);
    }
});
