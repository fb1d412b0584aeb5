//! SAS data files (`.sas7bdat`), read by the crate `sas7bdat`; value labels from a catalog (`.sas7bcat`) that the caller names or that
//! lies beside the file.
//!
//! The crate pushes rows, a table gives them when asked: a thread stands between them and stops when nobody asks any more.
//! Checked against: pyreadstat (`checks/readers`).

use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use sas7bdat::catalog::{CatalogLayout, normalize_format_name, parse_catalog};
use sas7bdat::{CompressionKind, Dataset, Endianness, LogicalType, ValueKey};

use super::meaning;
use crate::binary::ByteOrder;
use crate::encoding::TextEncoding;
use crate::error::ReadError;
use crate::options::ReadOptions;
use crate::provenance::{EncodingEvidence, Note, Provenance};
use crate::records::{Cell, CellCode, Described, NumberCode, RecordTable, Records, encoding_asked};
use crate::source::Source;
use crate::table::Table;
use crate::variable::{LabelBudget, LabelledValue, Variable};

/// Bytes of records that are handed over at once.
const PARCEL: usize = 1 << 20;

/// Opens a data file.
///
/// # Errors
/// The file, or the catalog the caller names, is damaged.
pub fn open(source: &Source, options: &ReadOptions) -> Result<Vec<Box<dyn Table>>, ReadError> {
    let dataset = Arc::new(in_a_thread("SAS header", {
        let source = source.clone();
        move || dataset(&source)
    })?);
    let mut notes = Vec::new();
    let catalog = catalog(source, options, &mut notes)?;
    let metadata = dataset.metadata();
    let order = match metadata.endianness {
        Endianness::Little => ByteOrder::Little,
        Endianness::Big => ByteOrder::Big,
    };
    let mut budget = LabelBudget::of_file(source.length());
    let mut variables = Vec::new();
    let mut cells = Vec::new();
    for column in dataset.columns() {
        let format = column.format.as_deref().unwrap_or_default();
        let code = match column.logical_type {
            LogicalType::String | LogicalType::Bytes => CellCode::Text,
            _ => CellCode::Number(NumberCode::Sas(order), meaning(format)),
        };
        let piece = (column.offset as usize, column.physical_width as usize);
        cells.push(Cell { pieces: vec![piece], code, missing_texts: Vec::new() });
        let value_labels = labels(catalog.as_ref(), format);
        if !budget.spend(value_labels.len(), value_labels.iter().map(|(_, label)| label.len()).sum()) {
            return Err(ReadError::Damaged { what: "catalog", offset: None, row: None, column: None });
        }
        variables.push(Variable {
            name: column.name.clone(),
            label: column.label.clone().filter(|label| !label.is_empty()),
            value_labels,
            format: column.format_spec(),
            ..Variable::default()
        });
    }
    let declared = metadata.encoding.as_deref().and_then(|name| TextEncoding::named(name).ok());
    let compression = match metadata.compression {
        CompressionKind::None => "",
        _ => ", compressed",
    };
    let of_records = dataset.clone();
    let row_length = metadata.row_len as usize;
    let rows = metadata.row_count.saturating_sub(metadata.deleted_row_count);
    let described = Described {
        name: source.stem(),
        variables,
        cells,
        record_length: row_length,
        rows: Some(rows),
        start: Arc::new(move || Ok(Box::new(HandedOver::start(of_records.clone(), row_length)))),
        encoding: encoding_asked(options, declared.map(|encoding| (encoding, EncodingEvidence::Declared)))?,
        header_texts: Vec::new(),
        provenance: Provenance { format: format!("SAS sas7bdat{compression}"), notes, ..Provenance::default() },
    };
    // Names and labels are decoded by the crate already.
    Ok(vec![Box::new(RecordTable::open(described, options, |_, _, _| {})?)])
}

/// Runs code of the crate where a panic of it stays.
fn in_a_thread<T: Send + 'static>(
    what: &'static str,
    work: impl FnOnce() -> Result<T, ReadError> + Send + 'static,
) -> Result<T, ReadError> {
    let damaged = || ReadError::Damaged { what, offset: None, row: None, column: None };
    std::thread::spawn(work).join().unwrap_or_else(|_| Err(damaged()))
}

/// Whether the file has the pages that its header says it has; the crate makes room for them.
///
/// Source: M. Shotwell, "SAS7BDAT Database Binary Format" (2011), header: alignment at 32 and 35, order of bytes at 37.
fn has_its_pages(head: &[u8], length: u64) -> Option<bool> {
    let shift = if *head.get(35)? == 0x33 { 4 } else { 0 };
    let number = |at: usize, bytes: usize| -> Option<u64> {
        let bytes = head.get(at + shift..at + shift + bytes)?;
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        Some(if head[37] == 1 { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) })
    };
    let pages = number(204, if *head.get(32)? == 0x33 { 8 } else { 4 })?;
    Some(pages.checked_mul(number(200, 4)?).is_some_and(|bytes| bytes <= length))
}

fn dataset(source: &Source) -> Result<Dataset, ReadError> {
    let damaged = |_| ReadError::Damaged { what: "SAS header", offset: None, row: None, column: None };
    if has_its_pages(&source.head(288)?, source.length()) != Some(true) {
        return Err(ReadError::damaged("SAS header", 204));
    }
    if source.in_memory() {
        let mut bytes = Vec::new();
        source.reader()?.read_to_end(&mut bytes)?;
        Dataset::from_bytes(bytes).map_err(damaged)
    } else {
        Dataset::open(source.path()).map_err(damaged)
    }
}

/// The catalog that the caller names, or one with the name of the file, or `formats.sas7bcat` beside it.
fn catalog(source: &Source, options: &ReadOptions, notes: &mut Vec<Note>) -> Result<Option<CatalogLayout>, ReadError> {
    let parse = |path: PathBuf| {
        let source = Source::file(&path)?;
        in_a_thread("catalog", move || {
            let mut bytes = Vec::new();
            source.reader()?.read_to_end(&mut bytes)?;
            let damaged = |_| ReadError::Damaged { what: "catalog", offset: None, row: None, column: None };
            parse_catalog(&mut Cursor::new(bytes)).map_err(damaged)
        })
    };
    if let Some(path) = &options.dictionary {
        return parse(path.clone()).map(Some);
    }
    if source.in_memory() {
        return Ok(None);
    }
    let beside = [source.path().with_extension("sas7bcat"), source.path().with_file_name("formats.sas7bcat")];
    let Some(path) = beside.into_iter().find(|path| path.is_file()) else { return Ok(None) };
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match parse(path) {
        Ok(catalog) => Ok(Some(catalog)),
        Err(_) => {
            notes.push(Note::warning("READ-107", 1).with("what", name));
            Ok(None)
        }
    }
}

/// The labels of a format; formats of texts are called `$NAME`.
fn labels(catalog: Option<&CatalogLayout>, format: &str) -> Vec<(LabelledValue, String)> {
    let wanted = normalize_format_name(format);
    let set = catalog
        .filter(|_| !wanted.is_empty())
        .and_then(|catalog| catalog.label_sets.iter().find(|set| normalize_format_name(&set.name) == wanted));
    let labels = set.into_iter().flat_map(|set| &set.labels);
    labels
        .filter_map(|label| {
            let value = match &label.key {
                ValueKey::Numeric(number) if number.is_finite() => LabelledValue::Number(*number),
                ValueKey::Integer(number) => LabelledValue::Number(f64::from(*number)),
                ValueKey::String(text) => LabelledValue::Text(text.trim_end().to_owned()),
                ValueKey::Tagged(letter) => LabelledValue::Missing(letter.to_ascii_lowercase()),
                _ => return None,
            };
            Some((value, label.label.clone()))
        })
        .collect()
}

/// Records that a thread reads and hands over.
struct HandedOver {
    parcels: Receiver<Result<Vec<u8>, ReadError>>,
    parcel: Vec<u8>,
    taken: usize,
    row_length: usize,
    ended: bool,
}

impl HandedOver {
    fn start(dataset: Arc<Dataset>, row_length: usize) -> HandedOver {
        let (sender, parcels) = sync_channel(2);
        std::thread::spawn(move || hand_over(&dataset, row_length, &sender));
        HandedOver { parcels, parcel: Vec::new(), taken: 0, row_length, ended: false }
    }
}

/// Sends all records, then an empty parcel: without it the reader knows that the thread did not come to its end.
fn hand_over(dataset: &Dataset, row_length: usize, sender: &SyncSender<Result<Vec<u8>, ReadError>>) {
    let mut parcel = Vec::new();
    let mut row = 0_u64;
    let mut wanted = true;
    let read = dataset.scan().visit_raw_rows(|record| {
        row += 1;
        parcel.extend_from_slice(record.bytes.get(..row_length).unwrap_or_default());
        if parcel.len() >= PARCEL {
            wanted = sender.send(Ok(std::mem::take(&mut parcel))).is_ok();
        }
        Ok(if wanted { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    });
    if !wanted {
        return;
    }
    let last = match read {
        Ok(_) => Ok(parcel),
        Err(_) => Err(ReadError::Damaged { what: "data", offset: None, row: Some(row + 1), column: None }),
    };
    // Nobody may be listening any more; then there is nothing left to do.
    if sender.send(last).is_ok() {
        let _ = sender.send(Ok(Vec::new()));
    }
}

impl Records for HandedOver {
    fn append(&mut self, block: &mut Vec<u8>) -> Result<bool, ReadError> {
        if self.ended {
            return Ok(false);
        }
        if self.taken == self.parcel.len() {
            let unfinished = ReadError::Damaged { what: "data", offset: None, row: None, column: None };
            self.parcel = self.parcels.recv().map_err(|_| unfinished)??;
            self.taken = 0;
            if self.parcel.is_empty() {
                self.ended = true;
                return Ok(false);
            }
        }
        let record = self.parcel.get(self.taken..self.taken + self.row_length);
        let record = record.ok_or(ReadError::Damaged { what: "data", offset: None, row: None, column: None })?;
        block.extend_from_slice(record);
        self.taken += self.row_length;
        Ok(true)
    }
}
