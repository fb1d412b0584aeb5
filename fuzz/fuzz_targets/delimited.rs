//! Delimited text, plain and in gzip; the first byte says what the caller decides.
#![no_main]

use clrisk_readers::ReadOptions;

const ENCODINGS: [&str; 6] = ["utf-8", "windows-1252", "cp850", "utf-16le", "gb18030", "shift_jis"];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, text)) = bytes.split_first() else { return };
    let encoding = ENCODINGS.get(usize::from(first % 16)).map(|name| (*name).to_owned());
    let delimiter = [None, None, Some(b';'), Some(b'\t')][usize::from(first >> 6)];
    clrisk_fuzz::read_with("text.csv", text, &ReadOptions { encoding, delimiter, ..ReadOptions::default() });
});
