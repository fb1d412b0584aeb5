//! Text at fixed positions: a dictionary, and the text it describes.
#![no_main]

use clrisk_readers::ReadOptions;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let files = clrisk_fuzz::files(bytes);
    let [dictionary, text] = files[..] else { return };
    let dictionary = Some(clrisk_fuzz::on_disk("dictionary.csv", dictionary));
    clrisk_fuzz::read_with("text.txt", text, &ReadOptions { dictionary, ..ReadOptions::default() });
});
