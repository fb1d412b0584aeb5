//! The files of an input, and what reading it takes of memory; the fuzz targets of `clrisk-geography` use this file as well.

use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Bytes a reader may take whatever the file, and for each byte of it; those of the readers' `tests/support/damage.rs`.
const BASE: usize = 64 << 20;
const FOR_EACH_BYTE: usize = 64;

/// Stands between the files of an input that is more than one file.
const BETWEEN: &[u8] = b"\n--file\n";

/// Does something with an input of so many bytes, and stops the run when it held too much memory at once.
pub fn weighed(input: usize, run: impl FnOnce()) {
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    run();
    let taken = MEMORY.peak_usage().saturating_sub(before);
    assert!(taken <= BASE + FOR_EACH_BYTE * input, "{} MB for {input} bytes", taken >> 20);
}

/// The files that an input is made of.
pub fn files(bytes: &[u8]) -> Vec<&[u8]> {
    let mut files = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(BETWEEN.len()).position(|window| window == BETWEEN) {
        files.push(&rest[..at]);
        rest = &rest[at + BETWEEN.len()..];
    }
    files.push(rest);
    files
}
