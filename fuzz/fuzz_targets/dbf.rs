//! dBase and FoxPro tables.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| clrisk_fuzz::read("table.dbf", bytes));
