//! Stata files.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| clrisk_fuzz::read("stata.dta", bytes));
