//! Delimited text: a header, then rows of fields between commas, semicolons, tabs or bars, some of them in quotes.

use std::sync::Arc;

use csv::{ByteRecord, ErrorKind, ReaderBuilder};

use super::evidence::TextEvidence;
use super::input::{Characters, TextInput, byte_order_mark, damaged};
use super::table::{Layout, Records, TextTable, learn};
use crate::encoding::TextEncoding;
use crate::error::ReadError;
use crate::options::ReadOptions;
use crate::provenance::{EncodingChoice, EncodingEvidence, Note, Provenance};
use crate::source::Source;
use crate::table::Table;
use crate::variable::Variable;

/// Bytes the delimiter is decided by.
const HEAD: u64 = 1 << 16;

/// A header with more fields is a sign of damage.
const MOST_COLUMNS: usize = 32_767;

/// Opens delimited text, plain or in gzip.
///
/// # Errors
/// The file has no header, a row is longer or shorter than it, or the encoding asked for is not known.
pub(crate) fn open(source: &Source, options: &ReadOptions) -> Result<Vec<Box<dyn Table>>, ReadError> {
    let stem = source.stem();
    let name = match stem.rsplit_once('.') {
        Some((name, "csv" | "tsv" | "txt" | "tab" | "dat")) if source.extension() == "gz" => name.to_owned(),
        _ => stem,
    };
    Ok(vec![open_input(TextInput::of(source)?, name, options)?])
}

/// Opens the delimited text of any input.
///
/// # Errors
/// As [`open`].
pub(crate) fn open_input(input: TextInput, name: String, options: &ReadOptions) -> Result<Box<dyn Table>, ReadError> {
    let head = input.head(HEAD)?;
    let (known, mark) = known_encoding(&head, options)?;
    let text = match &known {
        Some((encoding, _)) if *encoding != TextEncoding::UTF_8 => {
            encoding.decode(&head[mark..]).0.into_owned().into_bytes()
        }
        _ => head[mark..].to_vec(),
    };
    let Beginning { delimiter, skip, titles } = beginning(&text, head.len() as u64 == HEAD, options.delimiter);
    let encoding = known.as_ref().map(|(encoding, _)| *encoding);
    let mut layout = Delimited { input, encoding, mark, delimiter, skip, titles, width: 0 };

    let header = layout.header()?;
    layout.width = header.len();
    let utf_8 = layout.encoding == Some(TextEncoding::UTF_8);
    let unnamed: Vec<Variable> = vec![Variable::default(); header.len()];
    let mut records = layout.records_now()?;
    let mut learned = learn(&mut records, &unnamed, utf_8)?;
    let guessed = known.is_none();
    let (encoding, choice) = match (known, records.evidence().map(TextEvidence::decide)) {
        (Some(known), _) => known,
        (None, Some(decided)) => decided,
        (None, None) => return Err(ReadError::damaged("header", 0)),
    };
    layout.encoding = Some(encoding);
    // In the encodings of East Asia a byte of a letter may look like a delimiter: rows are read again as characters.
    if guessed && encoding.of_the_web().is_some_and(|web| !web.is_single_byte() && web != encoding_rs::UTF_8) {
        layout.width = layout.header()?.len();
        records = layout.records_now()?;
        learned = learn(&mut records, &vec![Variable::default(); layout.width], false)?;
    }

    let mut names = layout.header()?;
    let mut provenance = Provenance {
        format: "CSV".to_owned(),
        delimiter: Some(delimiter),
        notes: records.notes(),
        ..Provenance::default()
    };
    if titles > 0 {
        provenance.notes.push(Note::fact("READ-129", titles as u64).with("header", titles + 1));
    }
    provenance.decoded(choice);
    provenance.distinct_names(&mut names);
    let variables: Vec<Variable> = names.into_iter().map(Variable::named).collect();
    Ok(Box::new(TextTable::new(name, Arc::new(layout), variables, &[], &learned, provenance, options)))
}

/// The encoding when it need not be guessed, and the length of the mark at the beginning.
pub(super) fn known_encoding(
    head: &[u8],
    options: &ReadOptions,
) -> Result<(Option<(TextEncoding, EncodingChoice)>, usize), ReadError> {
    let choice =
        |encoding: TextEncoding, evidence| (encoding, EncodingChoice { name: encoding.name().to_owned(), evidence });
    let marked = byte_order_mark(head);
    let length = marked.map_or(0, |(_, length)| length);
    if let Some(asked) = &options.encoding {
        return Ok((Some(choice(TextEncoding::named(asked)?, EncodingEvidence::Asked)), length));
    }
    Ok((marked.map(|(encoding, _)| choice(encoding, EncodingEvidence::Mark)), length))
}

/// How a delimited text begins.
pub(super) struct Beginning {
    pub delimiter: u8,
    /// Lines for the program that opens it, before everything else.
    skip: usize,
    /// Rows of one field above the header of a table of several columns.
    titles: usize,
}

/// Decides how a text begins. `cut` says that the text does not end where the file does.
pub(super) fn beginning(text: &[u8], cut: bool, asked: Option<u8>) -> Beginning {
    // Excel writes, and wants, a first line that says the delimiter.
    let (said, skip) = match text {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', said, b'\r' | b'\n', ..] => (Some(*said), 1),
        _ => (None, 0),
    };
    let candidates = match asked.or(said) {
        Some(delimiter) => vec![delimiter],
        None => vec![b'|', b'\t', b';', b','],
    };
    let otherwise = candidates.last().copied().unwrap_or(b',');
    // The candidate that gives most rows as many fields as the header, and then the one that gives most fields.
    let best = candidates.into_iter().filter_map(|delimiter| {
        let mut reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text);
        let mut widths: Vec<usize> =
            reader.byte_records().skip(skip).take(500).map_while(Result::ok).map(|record| record.len()).collect();
        if cut && widths.len() > 2 {
            widths.pop();
        }
        let titles = titles(&widths);
        let header = *widths.get(titles).filter(|width| **width > 1)?;
        Some(((alike(&widths, header) * 100 / widths.len(), header), Beginning { delimiter, skip, titles }))
    });
    let best = best.max_by_key(|(score, _)| *score).map(|(_, best)| best);
    best.unwrap_or(Beginning { delimiter: otherwise, skip, titles: 0 })
}

/// How many rows of one field stand above a table: none, unless most rows below them have the same three fields or more. A comma in the
/// only column of a file makes no header of its row.
fn titles(widths: &[usize]) -> usize {
    let titles = widths.iter().take_while(|width| **width == 1).count();
    let Some((header, rows)) = widths[titles..].split_first() else { return 0 };
    let below = rows.iter().rev().take_while(|width| **width == 1).count();
    let rows = &rows[..rows.len() - below];
    if *header > 2 && alike(rows, *header) * 2 > rows.len() { titles } else { 0 }
}

/// How many rows have as many fields as the header, or one less where the header ends in a delimiter.
fn alike(widths: &[usize], header: usize) -> usize {
    widths.iter().filter(|width| **width == header || header > 2 && **width + 1 == header).count()
}

/// Where the rows of a delimited file are.
struct Delimited {
    input: TextInput,
    /// Not known before the whole file was seen.
    encoding: Option<TextEncoding>,
    mark: usize,
    delimiter: u8,
    /// Lines before everything else, and rows of titles above the header.
    skip: usize,
    titles: usize,
    width: usize,
}

impl Delimited {
    fn reader(&self) -> Result<csv::Reader<Characters>, ReadError> {
        let characters = Characters::new(&self.input, self.encoding, self.mark)?;
        let mut reader = ReaderBuilder::new()
            .delimiter(self.delimiter)
            .flexible(true)
            .has_headers(false)
            .buffer_capacity(1 << 16)
            .from_reader(characters);
        for _ in 0..self.skip + self.titles {
            reader.read_byte_record(&mut ByteRecord::new()).map_err(|error| wrong(error, 0))?;
        }
        Ok(reader)
    }

    /// The names of columns.
    fn header(&self) -> Result<Vec<String>, ReadError> {
        let mut record = ByteRecord::new();
        let mut reader = self.reader()?;
        let found = reader.read_byte_record(&mut record).map_err(|error| wrong(error, 0))?;
        if !found || record.iter().all(|name| name.trim_ascii().is_empty()) {
            return Err(ReadError::Empty);
        }
        if record.len() > MOST_COLUMNS {
            return Err(ReadError::damaged("header", 0));
        }
        let mut names: Vec<String> =
            record.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
        // A header may end in a delimiter that the rows do not have.
        let mut first = ByteRecord::new();
        if names.len() > 2 && names.last().is_some_and(String::is_empty) {
            let found = reader.read_byte_record(&mut first).map_err(|error| wrong(error, 1))?;
            if found && first.len() + 1 == names.len() {
                names.pop();
            }
        }
        Ok(names)
    }

    fn records_now(&self) -> Result<DelimitedRecords, ReadError> {
        let mut reader = self.reader()?;
        reader.read_byte_record(&mut ByteRecord::new()).map_err(|error| wrong(error, 0))?;
        Ok(DelimitedRecords {
            reader,
            width: self.width,
            row: 0,
            longer: 0,
            first_longer: 0,
            published: self.titles > 0,
            below: 0,
        })
    }
}

impl Layout for Delimited {
    fn records(&self) -> Result<Box<dyn Records>, ReadError> {
        Ok(Box::new(self.records_now()?))
    }
}

struct DelimitedRecords {
    reader: csv::Reader<Characters>,
    width: usize,
    row: u64,
    /// Rows that end in a delimiter more than the header.
    longer: u64,
    first_longer: u64,
    /// A table with titles is one for readers, which may have notes at its end; elsewhere a row of one field is a damaged one.
    published: bool,
    /// Rows of one field below the table.
    below: u64,
}

impl DelimitedRecords {
    /// Whether nothing but rows of one field follows, `record` being the first: sources and notes below a table.
    fn ends_here(&mut self, record: &mut ByteRecord) -> Result<bool, ReadError> {
        self.below = 0;
        while record.len() == 1 {
            self.below += 1;
            if !self.reader.read_byte_record(record).map_err(|error| wrong(error, self.row + self.below))? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Records for DelimitedRecords {
    fn read(&mut self, record: &mut ByteRecord) -> Result<bool, ReadError> {
        self.reader.get_mut().row_ended();
        if !self.reader.read_byte_record(record).map_err(|error| wrong(error, self.row + 1))? {
            return Ok(false);
        }
        self.row += 1;
        if record.len() == self.width + 1 && record.get(self.width).is_some_and(<[u8]>::is_empty) {
            record.truncate(self.width);
            self.longer += 1;
            if self.longer == 1 {
                self.first_longer = self.row;
            }
        }
        if record.len() != self.width {
            let (found, expected) = (record.len() as u64, self.width as u64);
            if self.published && found == 1 && self.ends_here(record)? {
                self.row -= 1;
                return Ok(false);
            }
            return Err(ReadError::Width { row: self.row, found, expected });
        }
        Ok(true)
    }

    fn evidence(&self) -> Option<&TextEvidence> {
        self.reader.get_ref().evidence()
    }

    fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        if self.longer > 0 {
            notes.push(Note::fact("READ-127", self.longer).row(self.first_longer));
        }
        if self.below > 0 {
            notes.push(Note::fact("READ-133", self.below).row(self.row + 1));
        }
        let replaced = self.reader.get_ref().replaced;
        if replaced > 0 {
            let encoding = self.reader.get_ref().encoding_name();
            notes.push(Note::warning("READ-103", replaced).with("encoding", encoding));
        }
        notes
    }
}

/// Why a row could not be read.
fn wrong(error: csv::Error, row: u64) -> ReadError {
    match error.into_kind() {
        ErrorKind::Io(error) => match damaged(error) {
            ReadError::Damaged { what, offset, column, .. } if row > 0 => {
                ReadError::Damaged { what, offset, row: Some(row), column }
            }
            error => error,
        },
        _ => ReadError::Damaged { what: "row", offset: None, row: Some(row), column: None },
    }
}
