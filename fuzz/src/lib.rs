//! What every fuzz target does: read a file to its end and look at all it says.

use clrisk_readers::{ReadError, ReadOptions, Source, open_source};

/// Reads bytes as a file of this name. Errors are fine; a panic, or memory without bound, is not.
pub fn read(name: &str, bytes: &[u8]) {
    if let Err(error) = all(name, bytes) {
        std::hint::black_box(error.finding(name));
    }
}

fn all(name: &str, bytes: &[u8]) -> Result<(), ReadError> {
    let opened = open_source(&Source::memory(name, bytes)?, &ReadOptions::default())?;
    for table in &opened.tables {
        std::hint::black_box((table.variables(), table.provenance(), table.schema()));
        for batch in table.read(None)? {
            std::hint::black_box(batch?);
        }
    }
    Ok(())
}
