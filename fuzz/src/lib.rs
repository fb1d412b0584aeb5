//! What every fuzz target does: read files to their end, look at all they say, and weigh what that took.

mod input;

use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::sync::Once;

use clrisk_readers::{ReadError, ReadOptions, Source, open_source};
pub use input::{files, weighed};
use zip::write::SimpleFileOptions;

/// Reads bytes as a file of this name. Errors are fine; a panic, or memory without bound, is not.
pub fn read(name: &str, bytes: &[u8]) {
    read_with(name, bytes, &ReadOptions::default());
}

/// As [`read`], with decisions of the caller.
pub fn read_with(name: &str, bytes: &[u8], options: &ReadOptions) {
    weighed(bytes.len(), || {
        if let Err(error) = all(name, bytes, options) {
            std::hint::black_box(error.finding(name));
        }
    });
}

fn all(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<(), ReadError> {
    let opened = open_source(&Source::memory(name, bytes)?, options)?;
    for table in &opened.tables {
        std::hint::black_box((table.variables(), table.provenance(), table.schema()));
        for batch in table.read(None)? {
            std::hint::black_box(batch?);
        }
    }
    Ok(())
}

/// A zip archive that holds files as they are, so that it is the files that are fuzzed and not their compression.
pub fn archive<N: AsRef<str>, B: AsRef<[u8]>>(files: impl IntoIterator<Item = (N, B)>) -> Vec<u8> {
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        // A name that is given twice is left out.
        if writer.start_file(name.as_ref(), stored).is_ok() {
            writer.write_all(bytes.as_ref()).expect("memory takes bytes");
        }
    }
    writer.finish().expect("memory takes bytes").into_inner()
}

/// Writes a file that can only be read from disk; it lies in memory where the system has a place for that.
pub fn on_disk(name: &str, bytes: &[u8]) -> PathBuf {
    let shared = PathBuf::from("/dev/shm");
    let root = if shared.is_dir() { shared } else { std::env::temp_dir() };
    let folder = root.join(format!("clrisk-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for files");
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("a place for files");
    path
}

/// Panics of a library that the readers catch do not end the run; those that they do not catch still do.
pub fn let_panics_be_caught() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| std::panic::set_hook(Box::new(|_| {})));
}
