//! Stata data files (`.dta`), releases 102 to 119.
//!
//! Until release 115 a file is a binary header, tables of types, names, formats and labels, the records, and sets of value labels;
//! from 117 on the same parts stand between tags, and long texts (`strL`) in a part of their own. Text is in the encoding of the
//! computer that wrote it until 117, and UTF-8 from 118 on.
//!
//! Source: Stata's `help dta`. Checked against: the crate `dta` and pyreadstat (`checks/readers`).

use std::collections::HashMap;
use std::sync::Arc;

use crate::binary::{BinaryReader, ByteOrder};
use crate::column::{Clock, Meaning};
use crate::encoding::TextEncoding;
use crate::error::ReadError;
use crate::format::Format;
use crate::options::ReadOptions;
use crate::provenance::{EncodingEvidence, Provenance};
use crate::records::{
    Cell, CellCode, Described, FixedRecords, Number, NumberCode, RecordTable, Records, encoding_asked, trimmed,
};
use crate::source::Source;
use crate::table::Table;
use crate::variable::{LabelBudget, LabelledValue, Variable};

/// A number type, and how it writes "missing".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberType {
    kind: NumberKind,
    release: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NumberKind {
    Byte,
    Int,
    Long,
    Float,
    Double,
}

/// Whole numbers above these are missing, from release 113 on: the next one is `.`, then come `.a` to `.z`.
const LAST_BYTE: i32 = 100;
const LAST_INT: i32 = 32_740;
const LAST_LONG: i32 = 2_147_483_620;
/// Bits of `.` among floats and doubles; `.a` and so on lie above.
const MISSING_FLOAT: u32 = 0x7f00_0000;
const MISSING_DOUBLE: u64 = 0x7fe0_0000_0000_0000;
/// Bits of "missing" among doubles until release 105: 2 to the power of 333.
const OLD_MISSING_DOUBLE: u64 = 0x54c0_0000_0000_0000;

impl NumberType {
    fn width(self) -> usize {
        match self.kind {
            NumberKind::Byte => 1,
            NumberKind::Int => 2,
            NumberKind::Long | NumberKind::Float => 4,
            NumberKind::Double => 8,
        }
    }

    /// The number of these bytes.
    #[inline]
    pub fn decode(self, bytes: &[u8], order: ByteOrder) -> Number {
        let letters = self.release >= 113;
        let whole = |value: i32, last: i32, old_missing: i32| {
            if letters && value > last {
                if value == last + 1 { Number::Missing } else { Number::MissingWithLetter }
            } else if !letters && value == old_missing {
                Number::Missing
            } else {
                Number::Value(f64::from(value))
            }
        };
        match (self.kind, bytes) {
            (NumberKind::Byte, [byte]) => whole(i32::from(*byte as i8), LAST_BYTE, 127),
            (NumberKind::Int, [a, b]) => whole(i32::from(order.u16([*a, *b]) as i16), LAST_INT, 32_767),
            (NumberKind::Long, [a, b, c, d]) => whole(order.u32([*a, *b, *c, *d]) as i32, LAST_LONG, i32::MAX),
            (NumberKind::Float, [a, b, c, d]) => {
                let bits = order.u32([*a, *b, *c, *d]);
                let value = f32::from_bits(bits);
                if value.is_sign_positive() && bits >= MISSING_FLOAT {
                    if letters && bits > MISSING_FLOAT { Number::MissingWithLetter } else { Number::Missing }
                } else {
                    Number::Value(f64::from(value))
                }
            }
            (NumberKind::Double, [a, b, c, d, e, f, g, h]) => {
                let bits = order.u64([*a, *b, *c, *d, *e, *f, *g, *h]);
                let value = f64::from_bits(bits);
                if value.is_sign_positive() && bits >= MISSING_DOUBLE {
                    if letters && bits > MISSING_DOUBLE { Number::MissingWithLetter } else { Number::Missing }
                } else if self.release <= 105 && bits == OLD_MISSING_DOUBLE {
                    Number::Missing
                } else {
                    Number::Value(value)
                }
            }
            _ => Number::Missing,
        }
    }
}

/// What a release decides about the layout of a file.
#[derive(Debug, Clone, Copy)]
struct Release(u8);

impl Release {
    /// Whether the parts of the file stand between tags.
    fn tagged(self) -> bool {
        self.0 >= 117
    }

    fn name_length(self) -> u64 {
        match self.0 {
            118.. => 129,
            110.. => 33,
            _ => 9,
        }
    }

    fn format_length(self) -> u64 {
        match self.0 {
            118.. => 57,
            114.. => 49,
            105.. => 12,
            _ => 7,
        }
    }

    fn label_length(self) -> u64 {
        match self.0 {
            118.. => 321,
            108.. => 81,
            _ => 32,
        }
    }

    /// Type of a variable: its number type, or `None` and the length of its text; 0 stands for a long text.
    fn variable_type(self, code: u16) -> Option<Result<NumberType, u16>> {
        let number = |kind| Some(Ok(NumberType { kind, release: self.0 }));
        match (self.0, code) {
            (117.., 1..=2045) => Some(Err(code)),
            (117.., 0x8000) => Some(Err(0)),
            (117.., 0xfff6) | (111..=116, 255) | (..=110, 100) => number(NumberKind::Double),
            (117.., 0xfff7) | (111..=116, 254) | (..=110, 102) => number(NumberKind::Float),
            (117.., 0xfff8) | (111..=116, 253) | (..=110, 108) => number(NumberKind::Long),
            (117.., 0xfff9) | (111..=116, 252) | (..=110, 105) => number(NumberKind::Int),
            (117.., 0xfffa) | (111..=116, 251) | (..=110, 98) => number(NumberKind::Byte),
            (111..=116, 1..=244) => Some(Err(code)),
            (..=110, 128..=255) => Some(Err(code - 127)),
            _ => None,
        }
    }
}

/// Texts of the part `strls`, by the bytes that refer to them.
#[derive(Debug, Default)]
pub struct LongTexts {
    texts: HashMap<(u64, u64), Box<[u8]>>,
    release: u8,
    big: bool,
}

impl LongTexts {
    /// The text that eight bytes of a record refer to.
    pub fn get(&self, reference: &[u8]) -> Option<&[u8]> {
        let split = match self.release {
            117 => 4,
            118 => 2,
            _ => 3,
        };
        let (variable, observation) = reference.split_at_checked(split)?;
        let number = |bytes: &[u8]| {
            let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
            if self.big { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) }
        };
        self.texts.get(&(number(variable), number(observation))).map(AsRef::as_ref)
    }
}

/// A set of value labels, as the file writes it.
type RawLabels = Vec<(i32, Vec<u8>)>;

/// What a file says about its variables, in their order.
struct Columns {
    types: Vec<Result<NumberType, u16>>,
    names: Vec<Vec<u8>>,
    formats: Vec<Vec<u8>>,
    label_sets: Vec<Vec<u8>>,
    labels: Vec<Vec<u8>>,
}

/// Everything but the records.
struct Dictionary {
    release: Release,
    rows: u64,
    columns: Columns,
    data_start: u64,
    long_texts: LongTexts,
    value_labels: HashMap<Vec<u8>, RawLabels>,
}

/// Opens a Stata file.
///
/// # Errors
/// The file is damaged, or of a release that is not known.
pub fn open(source: &Source, options: &ReadOptions) -> Result<Vec<Box<dyn Table>>, ReadError> {
    let mut reader = BinaryReader::new(source, ByteOrder::Little)?;
    let tagged = source.head(1)?.first() == Some(&b'<');
    let mut dictionary = if tagged { tagged_file(&mut reader)? } else { binary_file(&mut reader)? };
    let texts = Arc::new(std::mem::take(&mut dictionary.long_texts));
    let (columns, order) = (&dictionary.columns, reader.order());

    let mut cells = Vec::with_capacity(columns.types.len());
    let mut variables = Vec::with_capacity(columns.types.len());
    let mut offset = 0;
    for (variable_type, format) in columns.types.iter().zip(&columns.formats) {
        let format = String::from_utf8_lossy(trimmed(format)).into_owned();
        let (width, code) = match variable_type {
            Ok(number) => (number.width(), CellCode::Number(NumberCode::Stata(*number, order), meaning(&format))),
            Err(0) => (8, CellCode::LongText(texts.clone())),
            Err(length) => (usize::from(*length), CellCode::Text),
        };
        cells.push(Cell { pieces: vec![(offset, width)], code, missing_texts: Vec::new() });
        offset += width;
        variables.push(Variable { format: Some(format).filter(|format| !format.is_empty()), ..Variable::default() });
    }
    let mut header_texts =
        [&columns.names, &columns.labels].into_iter().flatten().flatten().copied().collect::<Vec<u8>>();
    header_texts.extend(dictionary.value_labels.values().flatten().flat_map(|(_, label)| label));

    let declared = (dictionary.release.0 >= 118).then_some((TextEncoding::UTF_8, EncodingEvidence::Format));
    let (of_records, start, rows) = (source.clone(), dictionary.data_start, dictionary.rows);
    let described = Described {
        name: source.stem(),
        variables,
        cells,
        record_length: offset,
        rows: Some(rows),
        start: Arc::new(move || {
            Ok(Box::new(FixedRecords::new(&of_records, start, offset, Some(rows))?) as Box<dyn Records>)
        }),
        encoding: encoding_asked(options, declared)?,
        header_texts,
        provenance: Provenance { format: format!("Stata {}", dictionary.release.0), ..Provenance::default() },
    };
    let mut budget = LabelBudget::of_file(source.length());
    let within = columns
        .label_sets
        .iter()
        .filter_map(|set| dictionary.value_labels.get(set))
        .all(|labels| budget.spend(labels.len(), labels.iter().map(|(_, label)| label.len()).sum()));
    if !within {
        return Err(ReadError::Damaged { what: "value labels", offset: None, row: None, column: None });
    }
    let table = RecordTable::open(described, options, |variables, encoding, malformed| {
        let mut decode = |bytes: &[u8]| {
            let (text, bad) = encoding.decode(trimmed(bytes));
            *malformed += u64::from(bad);
            text.into_owned()
        };
        for (position, variable) in variables.iter_mut().enumerate() {
            variable.name = decode(&columns.names[position]);
            variable.label = Some(decode(&columns.labels[position])).filter(|label| !label.is_empty());
            if let Some(labels) = dictionary.value_labels.get(&columns.label_sets[position]) {
                let value = |value: i32| labelled_value(value, dictionary.release.0);
                variable.value_labels = labels.iter().map(|(number, label)| (value(*number), decode(label))).collect();
            }
        }
    })?;
    Ok(vec![Box::new(table)])
}

/// A labelled number; from release 113 on the largest ones are missing values with letters.
fn labelled_value(value: i32, release: u8) -> LabelledValue {
    match u8::try_from(value.saturating_sub(LAST_LONG + 1)) {
        Ok(0) if release >= 113 => LabelledValue::Missing('.'),
        Ok(letter) if release >= 113 => LabelledValue::Missing(char::from(b'a' + (letter - 1).min(25))),
        _ => LabelledValue::Number(f64::from(value)),
    }
}

/// What numbers shown in a format stand for. Weeks, months, quarters and half-years are counts from 1960 and stay numbers.
fn meaning(format: &str) -> Meaning {
    let kind = format.trim_start_matches(['%', '-']);
    if matches!(kind, "tcHH:MM:SS" | "tcHH:MM") {
        // Shown without the day, so that the day is of no interest.
        Meaning::Time { units_a_day: Clock::MILLISECONDS_FROM_1960.units_a_day }
    } else if kind.starts_with("tc") || kind.starts_with("tC") {
        Meaning::Timestamp(Clock::MILLISECONDS_FROM_1960)
    } else if kind.starts_with("td") || kind.starts_with('d') {
        Meaning::Date(Clock::DAYS_FROM_1960)
    } else {
        Meaning::Number
    }
}

/// Texts of fixed length, one for each variable.
fn texts(reader: &mut BinaryReader, count: u64, length: u64, what: &'static str) -> Result<Vec<Vec<u8>>, ReadError> {
    let bytes = reader.bytes(count * length, what)?;
    Ok(bytes.chunks_exact(length as usize).map(|text| trimmed(text).to_vec()).collect())
}

/// Types, names, formats and labels of the variables; between tags from release 117 on.
fn columns(reader: &mut BinaryReader, release: Release, count: u64) -> Result<Columns, ReadError> {
    let tag = |reader: &mut BinaryReader, tag| if release.tagged() { expect(reader, tag) } else { Ok(()) };
    tag(reader, "<variable_types>")?;
    let types_at = reader.position();
    let codes: Vec<u16> = if release.tagged() {
        let order = reader.order();
        let bytes = reader.bytes(count * 2, "variable types")?;
        bytes.chunks_exact(2).map(|pair| order.u16([pair[0], pair[1]])).collect()
    } else {
        reader.bytes(count, "variable types")?.into_iter().map(u16::from).collect()
    };
    let types = codes.into_iter().map(|code| release.variable_type(code));
    let types = types.collect::<Option<_>>().ok_or_else(|| ReadError::damaged("variable types", types_at))?;
    tag(reader, "</variable_types><varnames>")?;
    let names = texts(reader, count, release.name_length(), "variable names")?;
    tag(reader, "</varnames><sortlist>")?;
    reader.skip((count + 1) * if release.0 == 119 { 4 } else { 2 }, "sort list")?;
    tag(reader, "</sortlist><formats>")?;
    let formats = texts(reader, count, release.format_length(), "formats")?;
    tag(reader, "</formats><value_label_names>")?;
    let label_sets = texts(reader, count, release.name_length(), "value label names")?;
    tag(reader, "</value_label_names><variable_labels>")?;
    let labels = texts(reader, count, release.label_length(), "variable labels")?;
    tag(reader, "</variable_labels>")?;
    Ok(Columns { types, names, formats, label_sets, labels })
}

fn unsupported(release: impl std::fmt::Display) -> ReadError {
    ReadError::Unsupported { format: Format::Stata, feature: format!("dta {release}") }
}

/// Releases until 116.
fn binary_file(reader: &mut BinaryReader) -> Result<Dictionary, ReadError> {
    const HEADER: &str = "file header";
    let number = reader.u8(HEADER)?;
    if !(102..=116).contains(&number) {
        return Err(unsupported(number));
    }
    let release = Release(number);
    let order = match reader.u8(HEADER)? {
        1 => ByteOrder::Big,
        2 => ByteOrder::Little,
        // Release 102 was of little-endian computers only and has no mark.
        0 if number <= 104 => ByteOrder::Little,
        _ => return Err(ReadError::damaged(HEADER, 1)),
    };
    reader.set_order(order);
    reader.skip(2, HEADER)?;
    let count = u64::from(reader.u16(HEADER)?);
    let rows = if number == 102 { u64::from(reader.u16(HEADER)?) } else { u64::from(reader.u32(HEADER)?) };
    reader.skip(if number < 108 { 32 } else { 81 }, HEADER)?;
    reader.skip(if number < 105 { 0 } else { 18 }, HEADER)?;

    let columns = columns(reader, release, count)?;
    if number >= 105 {
        loop {
            let start = reader.position();
            let kind = reader.u8("characteristics")?;
            let length = match number {
                110.. => u64::from(reader.u32("characteristics")?),
                _ => u64::from(reader.u16("characteristics")?),
            };
            match (kind, length) {
                (0, 0) => break,
                (0, _) => return Err(ReadError::damaged("characteristics", start)),
                _ => reader.skip(length, "characteristics")?,
            }
        }
    }
    let data_start = reader.position();
    skip_records(reader, &columns.types, rows)?;
    let mut value_labels = HashMap::new();
    while reader.remaining() > 0 {
        let (name, labels) = label_set(reader, release)?;
        value_labels.insert(name, labels);
    }
    let long_texts = LongTexts::default();
    Ok(Dictionary { release, rows, columns, data_start, long_texts, value_labels })
}

fn skip_records(reader: &mut BinaryReader, types: &[Result<NumberType, u16>], rows: u64) -> Result<(), ReadError> {
    let width = |variable: &Result<NumberType, u16>| match variable {
        Ok(number) => number.width() as u64,
        Err(0) => 8,
        Err(length) => u64::from(*length),
    };
    let record: u64 = types.iter().map(width).sum();
    let start = reader.position();
    let data = record.checked_mul(rows).ok_or_else(|| ReadError::damaged("data", start))?;
    if data > reader.remaining() {
        let complete = reader.remaining() / record.max(1);
        return Err(ReadError::Damaged { what: "data", offset: Some(start), row: Some(complete + 1), column: None });
    }
    reader.skip(data, "data")
}

/// A set of value labels.
fn label_set(reader: &mut BinaryReader, release: Release) -> Result<(Vec<u8>, RawLabels), ReadError> {
    const WHAT: &str = "value labels";
    let start = reader.position();
    let damaged = || ReadError::damaged(WHAT, start);
    if release.0 < 108 {
        let count = u64::from(reader.u16(WHAT)?);
        let name = trimmed(&reader.bytes(9, WHAT)?).to_vec();
        reader.skip(1, WHAT)?;
        let mut values = Vec::new();
        for _ in 0..count {
            values.push(i32::from(reader.i16(WHAT)?));
        }
        let texts = texts(reader, count, 8, WHAT)?;
        return Ok((name, values.into_iter().zip(texts).collect()));
    }
    let length = u64::from(reader.u32(WHAT)?);
    let name = trimmed(&reader.bytes(release.name_length(), WHAT)?).to_vec();
    reader.skip(3, WHAT)?;
    let table = reader.bytes(length, WHAT)?;
    let order = reader.order();
    let number = |position: usize| {
        let bytes = table.get(position * 4..position * 4 + 4)?.try_into().ok()?;
        Some(order.u32(bytes))
    };
    let count = number(0).ok_or_else(damaged)? as usize;
    let text_length = number(1).ok_or_else(damaged)? as usize;
    let texts_at = count.checked_mul(8).and_then(|bytes| bytes.checked_add(8)).ok_or_else(damaged)?;
    let texts = table.get(texts_at..).and_then(|rest| rest.get(..text_length)).ok_or_else(damaged)?;
    let mut labels = Vec::new();
    let mut budget = LabelBudget::of_file(length);
    for position in 0..count {
        let offset = number(2 + position).ok_or_else(damaged)? as usize;
        let value = number(2 + count + position).ok_or_else(damaged)? as i32;
        let text = texts.get(offset..).ok_or_else(damaged)?;
        let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
        if !budget.spend(1, text.len()) {
            return Err(damaged());
        }
        labels.push((value, text.to_vec()));
    }
    Ok((name, labels))
}

/// A tag, or anything else that must stand here.
fn expect(reader: &mut BinaryReader, tag: &'static str) -> Result<(), ReadError> {
    let start = reader.position();
    let found = reader.bytes(tag.len() as u64, tag)?;
    if found == tag.as_bytes() { Ok(()) } else { Err(ReadError::damaged(tag, start)) }
}

/// Releases from 117 on.
fn tagged_file(reader: &mut BinaryReader) -> Result<Dictionary, ReadError> {
    const HEADER: &str = "file header";
    expect(reader, "<stata_dta><header><release>")?;
    let number = reader.bytes(3, HEADER)?;
    let number = std::str::from_utf8(&number).ok().and_then(|text| text.parse::<u8>().ok()).unwrap_or(0);
    if !(117..=119).contains(&number) {
        return Err(unsupported(number));
    }
    let release = Release(number);
    expect(reader, "</release><byteorder>")?;
    let order_at = reader.position();
    let order = match reader.bytes(3, HEADER)?.as_slice() {
        b"MSF" => ByteOrder::Big,
        b"LSF" => ByteOrder::Little,
        _ => return Err(ReadError::damaged(HEADER, order_at)),
    };
    reader.set_order(order);
    expect(reader, "</byteorder><K>")?;
    let count = if number == 119 { u64::from(reader.u32(HEADER)?) } else { u64::from(reader.u16(HEADER)?) };
    expect(reader, "</K><N>")?;
    let rows = if number == 117 { u64::from(reader.u32(HEADER)?) } else { reader.u64(HEADER)? };
    expect(reader, "</N><label>")?;
    let length = if number == 117 { u64::from(reader.u8(HEADER)?) } else { u64::from(reader.u16(HEADER)?) };
    reader.skip(length, HEADER)?;
    expect(reader, "</label><timestamp>")?;
    let length = u64::from(reader.u8(HEADER)?);
    reader.skip(length, HEADER)?;
    expect(reader, "</timestamp></header><map>")?;
    // Parts follow each other without gaps; the map is for those who want to jump.
    reader.skip(14 * 8, "map")?;
    expect(reader, "</map>")?;
    let columns = columns(reader, release, count)?;
    expect(reader, "<characteristics>")?;
    loop {
        let start = reader.position();
        match reader.array::<4>("characteristics")?.as_slice() {
            b"<ch>" => {
                let length = u64::from(reader.u32("characteristics")?);
                reader.skip(length, "characteristics")?;
                expect(reader, "</ch>")?;
            }
            b"</ch" => {
                expect(reader, "aracteristics>")?;
                break;
            }
            _ => return Err(ReadError::damaged("characteristics", start)),
        }
    }
    expect(reader, "<data>")?;
    let data_start = reader.position();
    skip_records(reader, &columns.types, rows)?;
    expect(reader, "</data><strls>")?;
    let long_texts = long_texts(reader, release)?;
    expect(reader, "<value_labels>")?;
    let mut value_labels = HashMap::new();
    loop {
        let start = reader.position();
        match reader.array::<5>("value labels")?.as_slice() {
            b"<lbl>" => {
                let (name, labels) = label_set(reader, release)?;
                value_labels.insert(name, labels);
                expect(reader, "</lbl>")?;
            }
            b"</val" => break,
            _ => return Err(ReadError::damaged("value labels", start)),
        }
    }
    expect(reader, "ue_labels></stata_dta>")?;
    Ok(Dictionary { release, rows, columns, data_start, long_texts, value_labels })
}

/// The part `strls`, up to and with its closing tag.
fn long_texts(reader: &mut BinaryReader, release: Release) -> Result<LongTexts, ReadError> {
    const WHAT: &str = "strls";
    let mut texts = HashMap::new();
    loop {
        let start = reader.position();
        match reader.array::<3>(WHAT)?.as_slice() {
            b"GSO" => {
                let variable = u64::from(reader.u32(WHAT)?);
                let observation = if release.0 == 117 { u64::from(reader.u32(WHAT)?) } else { reader.u64(WHAT)? };
                reader.skip(1, WHAT)?; // text or bytes
                let length = u64::from(reader.u32(WHAT)?);
                let text = trimmed(&reader.bytes(length, WHAT)?).into();
                texts.insert((variable, observation), text);
            }
            b"</s" => {
                expect(reader, "trls>")?;
                return Ok(LongTexts { texts, release: release.0, big: reader.order() == ByteOrder::Big });
            }
            _ => return Err(ReadError::damaged(WHAT, start)),
        }
    }
}
