//! Zip archives of data files: one file in it is that file, several are tables of their own.
//!
//! Text is read out of the archive as it streams. Files of other formats need to be moved about in, and are held in memory; those that are
//! too large for that are to be unpacked first.

use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

use zip::{CompressionMethod, ZipArchive};

use crate::error::ReadError;
use crate::format::Format;
use crate::options::ReadOptions;
use crate::provenance::{Note, Provenance};
use crate::redatam::{Folder, open_in};
use crate::source::{ReadSeek, Source};
use crate::table::{Batches, Table};
use crate::text::{TextInput, open_delimited_input};
use crate::variable::Variable;

/// Files that are held in memory may have this many bytes together ...
const MOST_IN_MEMORY: u64 = 512 << 20;

/// ... and so many, and for each byte of the archive: files of blanks and zeros are packed to a hundredth, an archive made to fill the
/// memory to a thousandth.
const BASE_IN_MEMORY: u64 = 32 << 20;
const UNPACKED: u64 = 200;

/// Parts of an archive that belong to another file of it, or to the system that packed it.
fn is_beside(name: &str) -> bool {
    let lower = name.to_lowercase();
    let file = lower.rsplit(['/', '\\']).next().unwrap_or_default();
    lower.starts_with("__macosx/")
        || file.starts_with('.')
        || file == "thumbs.db"
        || [".ptr", ".rbf", ".cpg", ".prj", ".shp", ".shx", ".sbn", ".sbx", ".pdf", ".docx", ".doc", ".html", ".htm"]
            .iter()
            .any(|extension| file.ends_with(extension))
}

/// One file of the archive.
struct Part {
    position: usize,
    name: String,
    size: u64,
    input: TextInput,
    streams: bool,
}

/// Opens the data files of an archive.
///
/// # Errors
/// The archive is damaged or protected by a password, or none of its files is read.
pub(crate) fn open(source: &Source, options: &ReadOptions) -> Result<Vec<Box<dyn Table>>, ReadError> {
    let damaged = || ReadError::damaged("zip directory", source.length());
    let most_in_memory = (BASE_IN_MEMORY + source.length().saturating_mul(UNPACKED)).min(MOST_IN_MEMORY);
    let mut archive = ZipArchive::new(source.reader()?).map_err(|_| damaged())?;
    let mut parts = Vec::new();
    for position in 0..archive.len() {
        let part = archive.by_index_raw(position).map_err(|_| damaged())?;
        let name = part.name().map(|name| name.into_owned()).unwrap_or_default();
        if !part.is_file() || part.size() == 0 {
            continue;
        }
        if part.encrypted() {
            return Err(ReadError::Protected);
        }
        let start = part.data_start().ok_or_else(damaged)?;
        let deflated = match part.compression() {
            CompressionMethod::Stored => Some(false),
            CompressionMethod::Deflated => Some(true),
            _ => None,
        };
        let input = TextInput::Part {
            archive: source.clone(),
            start,
            length: part.compressed_size(),
            deflated: deflated.unwrap_or_default(),
        };
        parts.push(Part { position, name, size: part.size(), input, streams: deflated.is_some() });
    }
    // A dictionary of REDATAM comes with all files beside it.
    let is_dictionary = |name: &str| {
        let lower = name.to_lowercase();
        lower.ends_with(".dic") || lower.ends_with(".dicx")
    };
    let newest = parts.iter().filter(|part| is_dictionary(&part.name)).max_by_key(|part| part.name.to_lowercase());
    if let Some(dictionary) = newest {
        let mut left = most_in_memory;
        let mut files = HashMap::new();
        let mut own = None;
        for part in &parts {
            let file = part.name.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase();
            let held = held(&mut archive, part, &mut left)?;
            if part.position == dictionary.position {
                own = Some(held.clone());
            }
            files.insert(file, held);
        }
        let own = own.ok_or_else(damaged)?;
        return open_in(&own, &Folder::Memory(Arc::new(files)), options);
    }

    let mut left = most_in_memory;
    let mut left_out = 0;
    let mut first_error = None;
    let mut tables: Vec<Vec<PartTable>> = Vec::new();
    for part in &parts {
        if is_beside(&part.name) {
            left_out += 1;
            continue;
        }
        match open_part(&mut archive, part, options, &mut left) {
            Ok(found) => tables.push(found.into_iter().map(|table| named(table, part, parts.len())).collect()),
            Err(ReadError::UnknownFormat | ReadError::NotRead { .. } | ReadError::Empty) => left_out += 1,
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    match first_error {
        Some(error) => Err(error),
        None if tables.is_empty() => Err(ReadError::NotRead { format: Format::Zip }),
        None => Ok(tables
            .into_iter()
            .flatten()
            .map(|mut table| {
                if left_out > 0 {
                    table.provenance.notes.push(Note::fact("READ-131", left_out));
                }
                Box::new(table) as Box<dyn Table>
            })
            .collect()),
    }
}

/// The tables of one file of the archive.
fn open_part(
    archive: &mut ZipArchive<Box<dyn ReadSeek>>,
    part: &Part,
    options: &ReadOptions,
    left: &mut u64,
) -> Result<Vec<Box<dyn Table>>, ReadError> {
    if part.streams {
        // The head tells the format; a source of so many bytes does for that.
        let head = part.input.head(1 << 16)?;
        // What an archive or a workbook holds is written at its end.
        let packed = head.starts_with(b"PK");
        if !packed
            && !part.name.ends_with(".gz")
            && Format::of(&Source::memory(&part.name, head)?)? == Format::DelimitedText
        {
            let file = part.name.rsplit(['/', '\\']).next().unwrap_or_default();
            let name = file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned();
            return Ok(vec![open_delimited_input(part.input.clone(), name, options)?]);
        }
    }
    let source = held(archive, part, left)?;
    // An archive within an archive is not opened.
    if Format::of(&source)? == Format::Zip {
        return Err(ReadError::UnknownFormat);
    }
    Ok(crate::open_source(&source, options)?.tables)
}

/// A file of the archive in memory.
fn held(archive: &mut ZipArchive<Box<dyn ReadSeek>>, part: &Part, left: &mut u64) -> Result<Source, ReadError> {
    if part.size > *left {
        let feature = format!("{} > {} MB", part.name, *left >> 20);
        return Err(ReadError::Unsupported { format: Format::Zip, feature });
    }
    *left -= part.size;
    let damaged = || ReadError::Damaged { what: "zip file", offset: None, row: None, column: None };
    let mut bytes = Vec::new();
    let mut file = archive.by_index(part.position).map_err(|_| damaged())?;
    file.by_ref().take(part.size).read_to_end(&mut bytes).map_err(|_| damaged())?;
    Source::memory(&part.name, bytes)
}

/// A table of a file of an archive; when there are several files, their names come first.
struct PartTable {
    name: String,
    inner: Box<dyn Table>,
    provenance: Provenance,
}

fn named(inner: Box<dyn Table>, part: &Part, parts: usize) -> PartTable {
    let file = part.name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    let name = match inner.name() == stem || parts == 1 {
        true => inner.name().to_owned(),
        false => format!("{stem}.{}", inner.name()),
    };
    PartTable { name, provenance: inner.provenance().clone(), inner }
}

impl Table for PartTable {
    fn name(&self) -> &str {
        &self.name
    }

    fn schema(&self) -> arrow::datatypes::SchemaRef {
        self.inner.schema()
    }

    fn variables(&self) -> &[Variable] {
        self.inner.variables()
    }

    fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    fn rows(&self) -> Option<u64> {
        self.inner.rows()
    }

    fn read(&self, columns: Option<&[usize]>) -> Result<Batches, ReadError> {
        self.inner.read(columns)
    }
}
