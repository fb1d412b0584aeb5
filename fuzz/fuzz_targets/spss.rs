//! SPSS system files, plain, packed and in zlib.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| clrisk_fuzz::read("spss.sav", bytes));
