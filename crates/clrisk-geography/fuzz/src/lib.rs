//! What the fuzz targets share: files on disk, and what reading took of memory.

#[path = "../../../../fuzz/src/input.rs"]
mod input;

use std::path::PathBuf;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use clrisk_geography::{BoundaryFile, ReadOptions};
pub use input::{files, weighed};

/// Writes files beside one another, in memory where the system has a place for that, and reads the first of them.
pub fn read(files: &[(&str, &[u8])]) {
    let shared = PathBuf::from("/dev/shm");
    let root = if shared.is_dir() { shared } else { std::env::temp_dir() };
    let folder = root.join(format!("clrisk-geography-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for files");
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes).expect("a place for files");
    }
    let Some((name, _)) = files.first() else { return };
    let path = folder.join(name);
    let options = ReadOptions::default();
    weighed(files.iter().map(|(_, bytes)| bytes.len()).sum(), || {
        // Only databases wait for anything; they are left to the tests of the crate.
        if let Poll::Ready(Err(error)) =
            pin!(BoundaryFile::read(&path, &options)).poll(&mut Context::from_waker(Waker::noop()))
        {
            std::hint::black_box(error.finding(name));
        }
    });
}
