//! SAS transport files.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| clrisk_fuzz::read("transport.xpt", bytes));
