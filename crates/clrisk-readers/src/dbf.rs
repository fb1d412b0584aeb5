//! dBase and FoxPro tables (`.dbf`): a header, then rows of fields at fixed positions.
//!
//! Fields pass through the same decision of types as text, so that a `N` field of whole numbers is an integer, and are decoded by the
//! code page that the header or a `.cpg` file beside it names. Memo fields, whose text lies in another file, are left out and noted.

use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use csv::ByteRecord;

use crate::column::{Clock, ColumnKind, day_of};
use crate::encoding::TextEncoding;
use crate::error::ReadError;
use crate::format::Format;
use crate::options::ReadOptions;
use crate::provenance::{EncodingChoice, EncodingEvidence, Note, Provenance};
use crate::source::{ReadSeek, Source};
use crate::table::Table;
use crate::text::{Layout, LetterCounts, Records, TextEvidence, TextTable, learn, point_number};
use crate::variable::Variable;

/// Bytes of rows that an encoding is guessed by when none is declared.
const SAMPLE: usize = 1 << 18;

const UNIX_DAYS: Clock = Clock { origin: 0, units_a_day: 1.0 };

/// Opens a dBase table.
///
/// # Errors
/// The header is damaged.
pub(crate) fn open(source: &Source, options: &ReadOptions) -> Result<Vec<Box<dyn Table>>, ReadError> {
    let head = source.head(32)?;
    let damaged = |offset: u64| ReadError::damaged("dBase header", offset);
    let [version, _, _, _, n0, n1, n2, n3, h0, h1, r0, r1, ..] = head[..] else { return Err(damaged(0)) };
    // dBase 7 has another header.
    if version & 7 == 4 {
        return Err(ReadError::Unsupported { format: Format::Dbf, feature: "dBase 7".to_owned() });
    }
    let declared_rows = u64::from(u32::from_le_bytes([n0, n1, n2, n3]));
    let header_length = u64::from(u16::from_le_bytes([h0, h1]));
    let row_length = u64::from(u16::from_le_bytes([r0, r1]));
    let header = source.head(header_length as usize)?;
    if header.len() as u64 != header_length || header_length < 33 || row_length < 2 {
        return Err(damaged(8));
    }
    let (mut fields, mut memos, mut offset) = (Vec::new(), 0u64, 1usize);
    for descriptor in header[32..].chunks_exact(32) {
        if descriptor[0] == 0x0d {
            break;
        }
        let name: Vec<u8> = descriptor[..11].iter().copied().take_while(|byte| *byte != 0).collect();
        // Texts longer than 255 use the byte of the decimals.
        let length = match descriptor[11] {
            b'C' => usize::from(u16::from_le_bytes([descriptor[16], descriptor[17]])),
            _ => usize::from(descriptor[16]),
        };
        let kind = descriptor[11];
        // A row of no bytes could have any number of columns.
        if length == 0 {
            return Err(damaged(32));
        }
        match kind {
            b'C' | b'N' | b'F' | b'D' | b'L' => fields.push(Field { name, kind, offset, length }),
            // In dBase, B is a memo.
            b'I' | b'B' | b'Y' | b'T' if matches!(version, 0x30..=0x32) => {
                fields.push(Field { name, kind, offset, length });
            }
            _ => memos += 1,
        }
        offset += length;
    }
    if offset as u64 != row_length || fields.is_empty() {
        return Err(damaged(10));
    }
    let held = (source.length() - header_length) / row_length;
    let (encoding, choice) = encoding(source, &header, header_length, options)?;

    let mut provenance = Provenance { format: "dBase".to_owned(), ..Provenance::default() };
    provenance.decoded(choice);
    if held < declared_rows {
        let note = Note::warning("READ-105", 1).with("expected", declared_rows).with("count", held);
        provenance.notes.push(note);
    }
    if memos > 0 {
        provenance.notes.push(Note::fact("READ-104", memos).with("what", "memo"));
    }
    let mut names: Vec<String> = fields.iter().map(|field| encoding.decode(&field.name).0.trim().to_owned()).collect();
    provenance.distinct_names(&mut names);
    let variables: Vec<Variable> = names.into_iter().map(Variable::named).collect();
    let declared: Vec<Option<ColumnKind>> = fields
        .iter()
        .map(|field| match field.kind {
            b'C' => Some(ColumnKind::Text),
            b'D' => Some(ColumnKind::Date(UNIX_DAYS)),
            b'T' => Some(ColumnKind::Timestamp(UNIX_DAYS)),
            _ => None,
        })
        .collect();
    let layout = Dbf {
        source: source.clone(),
        fields: fields.into(),
        header_length,
        row_length: row_length as usize,
        rows: held.min(declared_rows),
        encoding,
    };
    let mut records = layout.records()?;
    let learned = learn(records.as_mut(), &variables, false)?;
    provenance.notes.extend(records.notes());
    Ok(vec![Box::new(TextTable::new(
        source.stem(),
        Arc::new(layout),
        variables,
        &declared,
        &learned,
        provenance,
        options,
    ))])
}

/// The encoding: asked for, in a `.cpg` file, in the header, or guessed between Windows and DOS.
fn encoding(
    source: &Source,
    header: &[u8],
    header_length: u64,
    options: &ReadOptions,
) -> Result<(TextEncoding, EncodingChoice), ReadError> {
    let chosen =
        |encoding: TextEncoding, evidence| (encoding, EncodingChoice { name: encoding.name().to_owned(), evidence });
    if let Some(asked) = &options.encoding {
        return Ok(chosen(TextEncoding::named(asked)?, EncodingEvidence::Asked));
    }
    if !source.in_memory() {
        for extension in ["cpg", "CPG"] {
            if let Ok(page) = Source::file(&source.path().with_extension(extension)).and_then(|page| page.head(64))
                && let Ok(encoding) = TextEncoding::named(&String::from_utf8_lossy(&page))
            {
                return Ok(chosen(encoding, EncodingEvidence::Declared));
            }
        }
    }
    // Language driver of the header (byte 29), as listed in the documentation of dBase and of ESRI.
    let page = match header[29] {
        0x01 | 0x09 | 0x0b | 0x0d | 0x0f | 0x11 | 0x15 | 0x18 | 0x19 | 0x1b => Some(437),
        0x02 | 0x0a | 0x0e | 0x10 | 0x12 | 0x14 | 0x16 | 0x1a | 0x1d | 0x25 | 0x37 => Some(850),
        0x03 | 0x57..=0x59 => Some(1252),
        0x04 => Some(10_000),
        0x7d => Some(1255),
        0x7e => Some(1256),
        0xc8 => Some(1250),
        0xc9 => Some(1251),
        0xca => Some(1254),
        0xcb => Some(1253),
        _ => None,
    };
    if let Some(encoding) = page.and_then(TextEncoding::of_code_page) {
        return Ok(chosen(encoding, EncodingEvidence::Declared));
    }
    let mut sample = Vec::new();
    let mut reader = source.reader()?;
    reader.seek(SeekFrom::Start(header_length))?;
    reader.take(SAMPLE as u64).read_to_end(&mut sample)?;
    let mut letters = LetterCounts::default();
    letters.add(&sample);
    Ok(match letters {
        _ if sample.is_ascii() => chosen(TextEncoding::UTF_8, EncodingEvidence::Plain),
        LetterCounts { dos, windows, utf_8 } if utf_8 > dos.max(windows) / 2 => {
            chosen(TextEncoding::UTF_8, EncodingEvidence::Guessed)
        }
        LetterCounts { dos, windows, .. } if dos > windows => {
            chosen(TextEncoding::CODE_PAGE_850, EncodingEvidence::Guessed)
        }
        _ => chosen(TextEncoding::WINDOWS_1252, EncodingEvidence::Guessed),
    })
}

struct Field {
    name: Vec<u8>,
    kind: u8,
    /// Byte of the row.
    offset: usize,
    length: usize,
}

struct Dbf {
    source: Source,
    fields: Arc<[Field]>,
    header_length: u64,
    row_length: usize,
    rows: u64,
    encoding: TextEncoding,
}

impl Layout for Dbf {
    fn records(&self) -> Result<Box<dyn Records>, ReadError> {
        let mut reader = self.source.reader()?;
        reader.seek(SeekFrom::Start(self.header_length))?;
        Ok(Box::new(DbfRows {
            reader,
            fields: self.fields.clone(),
            encoding: self.encoding,
            left: self.rows,
            row: vec![0; self.row_length],
            deleted: 0,
        }))
    }
}

struct DbfRows {
    reader: Box<dyn ReadSeek>,
    fields: Arc<[Field]>,
    encoding: TextEncoding,
    left: u64,
    row: Vec<u8>,
    deleted: u64,
}

impl Records for DbfRows {
    fn read(&mut self, record: &mut ByteRecord) -> Result<bool, ReadError> {
        record.clear();
        loop {
            if self.left == 0 {
                return Ok(false);
            }
            self.left -= 1;
            self.reader.read_exact(&mut self.row)?;
            match self.row[0] {
                b'*' => self.deleted += 1,
                // The mark of the end, in files whose header was not brought up to date.
                0x1a => return Ok(false),
                _ => break,
            }
        }
        for field in self.fields.iter() {
            let bytes = &self.row[field.offset..field.offset + field.length];
            match field.kind {
                b'C' => {
                    let end = bytes.iter().rposition(|byte| !matches!(byte, 0 | b' ')).map_or(0, |last| last + 1);
                    record.push_field(self.encoding.decode(&bytes[..end]).0.as_bytes());
                }
                b'N' | b'F' => {
                    // A number wider than its field is written as asterisks.
                    let text = std::str::from_utf8(bytes).map(str::trim).unwrap_or_default();
                    let number = match (text.parse::<i64>(), text.parse::<f64>()) {
                        (Ok(whole), _) => whole.to_string(),
                        (_, Ok(number)) if number.is_finite() => point_number(number),
                        _ => String::new(),
                    };
                    record.push_field(number.as_bytes());
                }
                _ => record.push_field(binary(field, bytes).as_bytes()),
            }
        }
        Ok(true)
    }

    fn evidence(&self) -> Option<&TextEvidence> {
        None
    }

    fn notes(&self) -> Vec<Note> {
        if self.deleted > 0 { vec![Note::fact("READ-130", self.deleted)] } else { Vec::new() }
    }
}

/// A field that is not text, as the text of a number.
fn binary(field: &Field, bytes: &[u8]) -> String {
    let number = match (field.kind, bytes) {
        (b'L', [b'T' | b't' | b'Y' | b'y', ..]) => Some(1.0),
        (b'L', [b'F' | b'f' | b'N' | b'n', ..]) => Some(0.0),
        (b'D', _) => date(bytes),
        (b'I', [a, b, c, d]) => Some(f64::from(i32::from_le_bytes([*a, *b, *c, *d]))),
        (b'B', _) => bytes.try_into().ok().map(f64::from_le_bytes),
        (b'Y', _) => bytes.try_into().ok().map(|bytes| i64::from_le_bytes(bytes) as f64 / 10_000.0),
        // FoxPro: day of the Julian calendar, then milliseconds.
        (b'T', [a, b, c, d, e, f, g, h]) => {
            let day = u32::from_le_bytes([*a, *b, *c, *d]);
            let milliseconds = u32::from_le_bytes([*e, *f, *g, *h]);
            (day > 0).then(|| f64::from(day) - 2_440_588.0 + f64::from(milliseconds) / 86_400_000.0)
        }
        _ => None,
    };
    number.filter(|number| number.is_finite()).map_or_else(String::new, point_number)
}

/// Days from 1970-01-01 of `YYYYMMDD`.
fn date(bytes: &[u8]) -> Option<f64> {
    if bytes.len() != 8 || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = |part: &[u8]| part.iter().fold(0i64, |number, digit| number * 10 + i64::from(digit - b'0'));
    day_of(number(&bytes[..4]), number(&bytes[4..6]), number(&bytes[6..])).map(|day| day as f64)
}
