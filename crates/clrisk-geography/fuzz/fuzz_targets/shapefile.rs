//! Shapefiles: shapes, their table, their encoding and their reference system.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let files = clrisk_geography_fuzz::files(bytes);
    let [shapes, table, encoding, system] = files[..] else { return };
    if !shapes.starts_with(b"SQLite") {
        clrisk_geography_fuzz::read(&[("m.shp", shapes), ("m.dbf", table), ("m.cpg", encoding), ("m.prj", system)]);
    }
});
