//! System files of SPSS (`.sav`, `.zsav`): the dictionary.
//!
//! A file is a header, a dictionary of records, and the data. Records 2 are variables in pieces of eight bytes, 3 and 4 value labels;
//! records 7 came later and carry what the first ones had no room for: long names, texts longer than 255 bytes, the encoding.
//!
//! Source: *PSPP Developers Guide*, chapter "System File Format". Checked against: pyreadstat (`checks/readers`).

use std::collections::HashMap;
use std::sync::Arc;

use super::compressed::{DataPart, Packing, records};
use super::print_format;
use crate::binary::{BinaryReader, ByteOrder};
use crate::encoding::TextEncoding;
use crate::error::ReadError;
use crate::format::Format;
use crate::options::ReadOptions;
use crate::provenance::{EncodingEvidence, Note, Provenance};
use crate::records::{Cell, CellCode, Described, NumberCode, RecordTable, double, encoding_asked, trimmed};
use crate::source::Source;
use crate::table::Table;
use crate::variable::{LabelBudget, LabelledValue, MissingCodes, Variable};

/// What SPSS writes for "missing" unless the file says otherwise.
pub(super) const SYSTEM_MISSING: f64 = -f64::MAX;

/// Longest text of a variable without segments.
const SHORT_TEXT: u32 = 255;

/// Bytes of a longer text that each of its segments stands for when segments are counted.
const SEGMENT: u32 = 252;

/// A variable of the dictionary, with texts as the file writes them.
#[derive(Debug, Default, Clone)]
pub(super) struct RawVariable {
    pub(super) short_name: Vec<u8>,
    pub(super) name: Option<Vec<u8>>,
    pub(super) label: Option<Vec<u8>>,
    /// 0 for numbers, otherwise bytes of text.
    pub(super) width: u32,
    /// Position of its first piece of eight bytes.
    pub(super) piece: usize,
    /// Pieces of eight bytes it has.
    pub(super) pieces: usize,
    pub(super) print: [u8; 4],
    pub(super) numbers_missing: Vec<f64>,
    pub(super) ranges_missing: Vec<(f64, f64)>,
    pub(super) texts_missing: Vec<Vec<u8>>,
    pub(super) labels: Vec<(RawValue, Vec<u8>)>,
}

/// A labelled value as the file writes it.
#[derive(Debug, Clone)]
pub(super) enum RawValue {
    Number(f64),
    Text(Vec<u8>),
}

/// Everything before the data.
#[derive(Debug)]
struct Dictionary {
    order: ByteOrder,
    producer: Vec<u8>,
    packing: Packing,
    bias: f64,
    rows: Option<u64>,
    weight: u32,
    variables: Vec<RawVariable>,
    /// Number of pieces of eight bytes of a record.
    pieces: usize,
    missing: f64,
    code_page: Option<i32>,
    encoding: Option<Vec<u8>>,
    notes: Vec<Note>,
    budget: LabelBudget,
    data_start: u64,
}

/// Opens a system file.
///
/// # Errors
/// The dictionary or the data are damaged.
pub fn open(source: &Source, options: &ReadOptions) -> Result<Vec<Box<dyn Table>>, ReadError> {
    let Dictionary {
        order,
        producer,
        packing,
        bias,
        rows,
        weight,
        variables: raw,
        pieces,
        missing,
        code_page,
        encoding,
        notes,
        data_start,
        ..
    } = dictionary(source)?;
    let part = DataPart { start: data_start, order, record_length: pieces * 8, rows, bias, missing, packing };
    let declared = encoding
        .and_then(|name| TextEncoding::named(&String::from_utf8_lossy(&name)).ok())
        .or_else(|| code_page.and_then(declared_code_page))
        .map(|encoding| (encoding, EncodingEvidence::Declared));

    let (variables, cells, header_texts) = describe_all(&raw, order, missing);
    let weight_piece = (weight as usize).checked_sub(1);
    let weight = raw.iter().position(|variable| Some(variable.piece) == weight_piece);

    let data = part.clone();
    let of_records = source.clone();
    let described = Described {
        name: source.stem(),
        variables,
        cells,
        record_length: part.record_length,
        rows,
        start: Arc::new(move || records(&of_records, &data)),
        encoding: encoding_asked(options, declared)?,
        header_texts,
        provenance: Provenance {
            format: match packing {
                Packing::Zlib => "SPSS zsav".to_owned(),
                _ => "SPSS sav".to_owned(),
            },
            producer: Some(String::from_utf8_lossy(trimmed(&producer)).trim_start_matches("@(#) ").to_owned()),
            notes,
            ..Provenance::default()
        },
    };
    let mut table = RecordTable::open(described, options, |variables, encoding, malformed| {
        decode_all(&raw, variables, encoding, malformed);
    })?;
    if let Some(weight) = weight {
        table.set_weight(weight);
    }
    Ok(vec![Box::new(table)])
}

/// The variables without their texts, their places in a record, and all their texts.
pub(super) fn describe_all(raw: &[RawVariable], order: ByteOrder, missing: f64) -> (Vec<Variable>, Vec<Cell>, Vec<u8>) {
    let (variables, cells) = raw.iter().map(|variable| variable.describe(order, missing)).unzip();
    (variables, cells, raw.iter().flat_map(RawVariable::header_texts).flatten().collect())
}

/// Turns the texts of the file into those of the variables; counts those that are not in the encoding.
pub(super) fn decode_all(raw: &[RawVariable], variables: &mut [Variable], encoding: TextEncoding, malformed: &mut u64) {
    for (variable, raw) in variables.iter_mut().zip(raw) {
        raw.decode_into(variable, encoding, malformed);
    }
}

/// The encoding of the character code of record 7/3: a Windows code page, or one of four numbers from before code pages.
fn declared_code_page(number: i32) -> Option<TextEncoding> {
    // 2 is "7-bit ASCII" and 3 "8-bit ASCII": they say nothing about letters beyond ASCII, and programs write them for any.
    u32::try_from(number).ok().filter(|number| *number > 4).and_then(TextEncoding::of_code_page)
}

impl RawVariable {
    fn header_texts(&self) -> impl Iterator<Item = Vec<u8>> + '_ {
        let labels = self.labels.iter().flat_map(|(value, label)| match value {
            RawValue::Text(value) => vec![value.clone(), label.clone()],
            RawValue::Number(_) => vec![label.clone()],
        });
        self.name.iter().chain([&self.short_name]).chain(&self.label).cloned().chain(labels)
    }

    /// Lengths of the segments that a text lies in: 255 bytes each but the last.
    pub(super) fn segments(width: u32) -> impl Iterator<Item = usize> {
        let segment = SHORT_TEXT as usize;
        let width = width as usize;
        (0..width.div_ceil(segment)).map(move |number| (width - number * segment).min(segment))
    }

    /// Pieces of eight bytes that a number (width 0) or a text takes when its segments are full.
    pub(super) fn pieces_of(width: u32) -> usize {
        if width == 0 { 1 } else { RawVariable::segments(width).map(|length| length.div_ceil(8)).sum() }
    }

    /// Where the bytes of the variable are in a record. Each segment of a long text takes 256 bytes.
    fn bytes(&self) -> Vec<(usize, usize)> {
        let start = self.piece * 8;
        match self.width {
            0 => vec![(start, 8)],
            width => {
                let step = SHORT_TEXT as usize + 1;
                RawVariable::segments(width)
                    .enumerate()
                    .map(|(number, length)| (start + number * step, length))
                    .collect()
            }
        }
    }

    /// The variable without its texts, and its place in a record.
    fn describe(&self, order: ByteOrder, missing: f64) -> (Variable, Cell) {
        let [decimals, width, number, _] = self.print;
        let (format, meaning) = print_format::describe(number.into(), width.into(), decimals.into());
        let codes = MissingCodes {
            numbers: self.numbers_missing.clone(),
            ranges: self.ranges_missing.clone(),
            texts: Vec::new(),
        };
        let code = match self.width {
            0 => CellCode::Number(NumberCode::Spss { order, missing }, meaning),
            _ => CellCode::Text,
        };
        let cell = Cell { pieces: self.bytes(), code, missing_texts: self.texts_missing.clone() };
        (Variable { format, missing: codes, ..Variable::default() }, cell)
    }

    /// Turns the texts of the file into those of the variable.
    fn decode_into(&self, variable: &mut Variable, encoding: TextEncoding, malformed: &mut u64) {
        let mut decode = |bytes: &[u8]| {
            let (text, bad) = encoding.decode(trimmed(bytes));
            *malformed += u64::from(bad);
            text.into_owned()
        };
        variable.name = decode(self.name.as_deref().unwrap_or(&self.short_name));
        variable.label = self.label.as_deref().map(&mut decode).filter(|label| !label.is_empty());
        variable.missing.texts = self.texts_missing.iter().map(|text| decode(text)).collect();
        variable.value_labels = self
            .labels
            .iter()
            .map(|(value, label)| {
                let value = match value {
                    RawValue::Number(number) => LabelledValue::Number(*number),
                    RawValue::Text(text) => LabelledValue::Text(decode(text)),
                };
                (value, decode(label))
            })
            .collect();
    }
}

/// Reads everything before the data.
fn dictionary(source: &Source) -> Result<Dictionary, ReadError> {
    const WHAT: &str = "file header";
    let mut reader = BinaryReader::new(source, ByteOrder::Little)?;
    let mark = reader.array::<4>(WHAT)?;
    let producer = reader.bytes(60, WHAT)?;
    let layout = reader.array::<4>(WHAT)?;
    let order = match (u32::from_le_bytes(layout), u32::from_be_bytes(layout)) {
        (2 | 3, _) => ByteOrder::Little,
        (_, 2 | 3) => ByteOrder::Big,
        _ => return Err(ReadError::damaged(WHAT, 64)),
    };
    reader.set_order(order);
    reader.skip(4, WHAT)?; // pieces of a record, which many programs write wrongly
    let packing = match (reader.i32(WHAT)?, &mark) {
        (0, _) => Packing::None,
        (1, _) => Packing::Bytecodes,
        (2, b"$FL3") => Packing::Zlib,
        (number, _) => {
            return Err(ReadError::Unsupported { format: Format::Spss, feature: format!("compression {number}") });
        }
    };
    let weight = u32::try_from(reader.i32(WHAT)?).unwrap_or(0);
    let rows = u64::try_from(reader.i32(WHAT)?).ok();
    let bias = reader.f64(WHAT)?;
    reader.skip(84, WHAT)?; // date, time, label of the file

    let mut dictionary = Dictionary {
        order,
        producer,
        packing,
        bias: if bias.is_finite() { bias } else { 100.0 },
        rows,
        weight,
        variables: Vec::new(),
        pieces: 0,
        missing: SYSTEM_MISSING,
        code_page: None,
        encoding: None,
        notes: Vec::new(),
        budget: LabelBudget::of_file(source.length()),
        data_start: 0,
    };
    let mut late = Late::default();
    loop {
        let start = reader.position();
        match reader.u32("dictionary")? {
            2 => variable_record(&mut reader, &mut dictionary)?,
            3 => value_label_record(&mut reader, &mut dictionary)?,
            6 => {
                let lines = u64::from(reader.u32("documents")?);
                reader.skip(lines * 80, "documents")?;
            }
            7 => extension_record(&mut reader, &mut dictionary, &mut late)?,
            999 => {
                reader.skip(4, "dictionary")?;
                break;
            }
            _ => return Err(ReadError::damaged("dictionary", start)),
        }
    }
    late.apply(&mut dictionary)?;
    if dictionary.variables.is_empty() {
        return Err(ReadError::damaged("dictionary", 176));
    }
    dictionary.data_start = reader.position();
    Ok(dictionary)
}

/// Record 2: a variable, or eight more bytes of the text before it.
fn variable_record(reader: &mut BinaryReader, dictionary: &mut Dictionary) -> Result<(), ReadError> {
    const WHAT: &str = "variable";
    let start = reader.position();
    let width = reader.i32(WHAT)?;
    let has_label = reader.u32(WHAT)?;
    let count_missing = reader.i32(WHAT)?;
    let print = reader.u32(WHAT)?.to_le_bytes();
    reader.skip(4, WHAT)?;
    let short_name = trimmed(&reader.array::<8>(WHAT)?).to_vec();
    let label = match has_label {
        0 => None,
        1 => {
            let length = u64::from(reader.u32(WHAT)?);
            let label = reader.bytes(length, WHAT)?;
            reader.skip(length.next_multiple_of(4) - length, WHAT)?;
            Some(label)
        }
        _ => return Err(ReadError::damaged(WHAT, start)),
    };
    if !(-3..=3).contains(&count_missing) || count_missing == -1 {
        return Err(ReadError::damaged(WHAT, start));
    }
    let mut values = Vec::new();
    for _ in 0..count_missing.unsigned_abs() {
        values.push(reader.array::<8>(WHAT)?);
    }
    let piece = dictionary.pieces;
    dictionary.pieces += 1;
    match width {
        -1 => {
            let last = dictionary.variables.last_mut().ok_or_else(|| ReadError::damaged(WHAT, start))?;
            last.pieces += 1;
            return Ok(());
        }
        0..=255 => {}
        _ => return Err(ReadError::damaged(WHAT, start)),
    }
    let mut variable = RawVariable {
        short_name,
        label,
        width: width.unsigned_abs(),
        piece,
        pieces: 1,
        print,
        ..RawVariable::default()
    };
    if width == 0 {
        let mut numbers: Vec<f64> = values.iter().map(|bytes| double(bytes, dictionary.order)).collect();
        if count_missing < 0 {
            let high = numbers.remove(1);
            let low = numbers.remove(0);
            // LOWEST and HIGHEST are the outermost doubles next to "system missing".
            let low = if low < -1e308 { f64::NEG_INFINITY } else { low };
            let high = if high > 1e308 { f64::INFINITY } else { high };
            variable.ranges_missing.push((low, high));
        }
        variable.numbers_missing = numbers;
    } else {
        variable.texts_missing = values.iter().map(|bytes| trimmed(bytes).to_vec()).collect();
    }
    dictionary.variables.push(variable);
    Ok(())
}

/// Records 3 and 4: labels, and the variables that have them.
fn value_label_record(reader: &mut BinaryReader, dictionary: &mut Dictionary) -> Result<(), ReadError> {
    const WHAT: &str = "value labels";
    let count = reader.u32(WHAT)?;
    let mut labels = Vec::new();
    for _ in 0..count {
        let value = reader.array::<8>(WHAT)?;
        let length = u64::from(reader.u8(WHAT)?);
        let label = reader.bytes(length, WHAT)?;
        reader.skip((length + 1).next_multiple_of(8) - (length + 1), WHAT)?;
        labels.push((value, label));
    }
    let label_bytes = labels.iter().map(|(_, label)| label.len()).sum();
    let start = reader.position();
    if reader.u32(WHAT)? != 4 {
        return Err(ReadError::damaged(WHAT, start));
    }
    let count = u64::from(reader.u32(WHAT)?);
    if count > dictionary.variables.len() as u64 {
        return Err(ReadError::damaged(WHAT, start));
    }
    let order = dictionary.order;
    for _ in 0..count {
        let piece = reader.u32(WHAT)? as usize;
        let variable = piece
            .checked_sub(1)
            .and_then(|piece| dictionary.variables.binary_search_by_key(&piece, |variable| variable.piece).ok())
            .and_then(|position| dictionary.variables.get_mut(position))
            .ok_or_else(|| ReadError::damaged(WHAT, start))?;
        if !dictionary.budget.spend(labels.len(), label_bytes) {
            return Err(ReadError::damaged(WHAT, start));
        }
        variable.labels = labels
            .iter()
            .map(|(value, label)| {
                let value = match variable.width {
                    0 => RawValue::Number(double(value, order)),
                    width => RawValue::Text(trimmed(&value[..(width as usize).min(8)]).to_vec()),
                };
                (value, label.clone())
            })
            .collect();
    }
    Ok(())
}

/// What records 7 say about variables; it is applied when all variables are known.
#[derive(Debug, Default)]
struct Late {
    names: Vec<(Vec<u8>, Vec<u8>)>,
    lengths: Vec<(Vec<u8>, Vec<u8>)>,
    labels: Vec<LongLabels>,
    missing: Vec<(Vec<u8>, Vec<Vec<u8>>)>,
}

/// Labels of the values of a text of more than eight bytes.
#[derive(Debug)]
struct LongLabels {
    variable: Vec<u8>,
    labels: Vec<(Vec<u8>, Vec<u8>)>,
}

/// Record 7.
fn extension_record(reader: &mut BinaryReader, dictionary: &mut Dictionary, late: &mut Late) -> Result<(), ReadError> {
    const WHAT: &str = "extension record";
    let start = reader.position();
    let kind = reader.u32(WHAT)?;
    let size = u64::from(reader.u32(WHAT)?);
    let count = u64::from(reader.u32(WHAT)?);
    let length = size.checked_mul(count).ok_or_else(|| ReadError::damaged(WHAT, start))?;
    let data = reader.bytes(length, WHAT)?;
    let order = dictionary.order;
    let mut fields = Fields { data: &data, order };
    let damaged = || ReadError::damaged(WHAT, start);
    match kind {
        3 => {
            let code = fields.skip(28).and_then(|()| fields.u32());
            dictionary.code_page = code.map(|code| code as i32);
        }
        4 => {
            if let Some(bytes) = data.get(..8) {
                let missing = double(bytes, order);
                if missing.is_finite() {
                    dictionary.missing = missing;
                }
            }
        }
        13 => late.names = pairs(&data, b'\t'),
        14 => late.lengths = pairs(&data, b'\t'),
        16 => {
            if let (None, Some(bytes)) = (dictionary.rows, data.get(8..16)) {
                let bytes: [u8; 8] = bytes.try_into().map_err(|_| damaged())?;
                let rows = match order {
                    ByteOrder::Little => i64::from_le_bytes(bytes),
                    ByteOrder::Big => i64::from_be_bytes(bytes),
                };
                dictionary.rows = u64::try_from(rows).ok();
            }
        }
        20 => dictionary.encoding = Some(trimmed(&data).to_vec()),
        21 => {
            while !fields.data.is_empty() {
                late.labels.push(fields.long_labels().ok_or_else(damaged)?);
            }
        }
        22 => {
            while !fields.data.is_empty() {
                late.missing.push(fields.long_missing().ok_or_else(damaged)?);
            }
        }
        5 | 7 | 19 => {
            let sets = data.iter().filter(|byte| **byte == b'\n').count().max(1) as u64;
            dictionary.notes.push(Note::fact("READ-104", sets).with("what", "MRSETS"));
        }
        // Data for the interface of SPSS: widths on screen, attributes, the system that wrote the file.
        _ => {}
    }
    Ok(())
}

/// `NAME=VALUE` pairs.
fn pairs(data: &[u8], separator: u8) -> Vec<(Vec<u8>, Vec<u8>)> {
    data.split(|byte| *byte == separator)
        .filter_map(|pair| {
            let equals = pair.iter().position(|byte| *byte == b'=')?;
            Some((trimmed(&pair[..equals]).to_vec(), trimmed(&pair[equals + 1..]).to_vec()))
        })
        .collect()
}

/// Fields of an extension record.
struct Fields<'a> {
    data: &'a [u8],
    order: ByteOrder,
}

impl<'a> Fields<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.data.split_at_checked(count)?;
        self.data = tail;
        Some(head)
    }

    fn skip(&mut self, count: usize) -> Option<()> {
        self.take(count).map(|_| ())
    }

    fn u32(&mut self) -> Option<u32> {
        let bytes = self.take(4)?.try_into().ok()?;
        Some(match self.order {
            ByteOrder::Little => u32::from_le_bytes(bytes),
            ByteOrder::Big => u32::from_be_bytes(bytes),
        })
    }

    /// Bytes with their number in front.
    fn counted(&mut self) -> Option<&'a [u8]> {
        let count = self.u32()?;
        self.take(count as usize)
    }

    fn long_labels(&mut self) -> Option<LongLabels> {
        let variable = self.counted()?.to_vec();
        self.u32()?; // width of the variable
        let count = self.u32()?;
        let mut labels = Vec::new();
        for _ in 0..count {
            let value = trimmed(self.counted()?).to_vec();
            labels.push((value, self.counted()?.to_vec()));
        }
        Some(LongLabels { variable, labels })
    }

    fn long_missing(&mut self) -> Option<(Vec<u8>, Vec<Vec<u8>>)> {
        let variable = self.counted()?.to_vec();
        let count = *self.take(1)?.first()?;
        let width = self.u32()? as usize;
        let mut values = Vec::new();
        for _ in 0..count {
            values.push(trimmed(self.take(width)?).to_vec());
        }
        Some((variable, values))
    }
}

impl Late {
    fn apply(self, dictionary: &mut Dictionary) -> Result<(), ReadError> {
        let Late { names, lengths, labels, missing } = self;
        self::join_segments(dictionary, &lengths)?;
        let lower = |name: &[u8]| name.to_ascii_lowercase();
        let by_short: HashMap<Vec<u8>, usize> = (0..dictionary.variables.len())
            .map(|position| (lower(&dictionary.variables[position].short_name), position))
            .collect();
        for (short, name) in names {
            if let Some(position) = by_short.get(&lower(&short))
                && !name.is_empty()
            {
                dictionary.variables[*position].name = Some(name);
            }
        }
        let mut by_name = by_short;
        for (position, variable) in dictionary.variables.iter().enumerate() {
            if let Some(name) = &variable.name {
                by_name.insert(lower(name), position);
            }
        }
        for LongLabels { variable, labels } in labels {
            if let Some(position) = by_name.get(&lower(&variable)) {
                dictionary.variables[*position].labels =
                    labels.into_iter().map(|(value, label)| (RawValue::Text(value), label)).collect();
            }
        }
        for (variable, values) in missing {
            if let Some(position) = by_name.get(&lower(&variable)) {
                dictionary.variables[*position].texts_missing = values;
            }
        }
        // A label for a text that is no text, or the other way round, cannot be applied.
        for variable in &mut dictionary.variables {
            let text = variable.width > 0;
            variable.labels.retain(|(value, _)| matches!(value, RawValue::Text(_)) == text);
            if !text {
                variable.texts_missing.clear();
            }
        }
        Ok(())
    }
}

/// Texts longer than 255 bytes are written as several variables, of which only the first is one.
fn join_segments(dictionary: &mut Dictionary, lengths: &[(Vec<u8>, Vec<u8>)]) -> Result<(), ReadError> {
    const WHAT: &str = "long text";
    let damaged = || ReadError::Damaged { what: WHAT, offset: None, row: None, column: None };
    let mut widths: HashMap<Vec<u8>, u32> = HashMap::new();
    for (name, length) in lengths {
        let length: u32 =
            std::str::from_utf8(length).ok().and_then(|text| text.trim().parse().ok()).ok_or_else(damaged)?;
        if length > SHORT_TEXT {
            widths.insert(name.to_ascii_lowercase(), length);
        }
    }
    let mut joined: Vec<RawVariable> = Vec::with_capacity(dictionary.variables.len());
    let mut rest = std::mem::take(&mut dictionary.variables).into_iter();
    while let Some(mut variable) = rest.next() {
        if let Some(width) = widths.remove(&variable.short_name.to_ascii_lowercase()) {
            for _ in 1..width.div_ceil(SEGMENT) {
                let segment = rest.next().filter(|segment| segment.width > 0).ok_or_else(damaged)?;
                variable.pieces += segment.pieces;
            }
            variable.width = width;
        }
        let needed = variable.bytes().last().map_or(0, |(offset, length)| offset + length);
        if needed > (variable.piece + variable.pieces) * 8 {
            return Err(damaged());
        }
        joined.push(variable);
    }
    dictionary.variables = joined;
    Ok(())
}
