//! Zip archives: as they are, or with files that begin with the line of their name.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    clrisk_fuzz::let_panics_be_caught();
    if bytes.starts_with(b"PK") {
        return clrisk_fuzz::read("archive.zip", bytes);
    }
    let files = clrisk_fuzz::files(bytes).into_iter().filter_map(|file| {
        let end = file.iter().take(60).position(|byte| *byte == b'\n')?;
        Some((String::from_utf8_lossy(&file[..end]).into_owned(), &file[end + 1..]))
    });
    clrisk_fuzz::read("archive.zip", &clrisk_fuzz::archive(files));
});
