//! SAS data files, which a library reads and ours describes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    clrisk_fuzz::let_panics_be_caught();
    clrisk_fuzz::read("sas.sas7bdat", bytes);
});
