//! SAS transport files (`.xpt`), versions 5 and 8: records of 80 bytes, numbers as on IBM mainframes, any number of tables.
//!
//! Source: SAS, *Record Layout of a SAS Version 5 or 6 Data Set in SAS Transport Format* (TS-140) and its successor for versions 8 and 9.
//! Checked against: pyreadstat (`checks/readers`).

use std::sync::Arc;

use super::{format_text, meaning};
use crate::binary::{BinaryReader, ByteOrder};
use crate::error::ReadError;
use crate::options::ReadOptions;
use crate::provenance::Provenance;
use crate::records::{
    Cell, CellCode, Described, FixedRecords, NumberCode, RecordTable, Records, encoding_asked, trimmed,
};
use crate::source::Source;
use crate::table::Table;
use crate::variable::Variable;

const RECORD: u64 = 80;

/// A column of a table, with texts as the file writes them.
struct RawVariable {
    name: Vec<u8>,
    label: Vec<u8>,
    format: Vec<u8>,
    format_width: u16,
    format_decimals: u16,
    text: bool,
    length: usize,
    offset: usize,
}

/// A table.
struct Member {
    name: Vec<u8>,
    variables: Vec<RawVariable>,
    data_start: u64,
    data_end: u64,
}

/// Opens a transport file.
///
/// # Errors
/// The file is damaged.
pub fn open(source: &Source, options: &ReadOptions) -> Result<Vec<Box<dyn Table>>, ReadError> {
    let mut reader = BinaryReader::new(source, ByteOrder::Big)?;
    let library = reader.bytes(RECORD, "library header")?;
    let version = if library.get(20..25) == Some(b"LIBV8") { 8 } else { 5 };
    reader.skip(2 * RECORD, "library header")?;
    let mut tables: Vec<Box<dyn Table>> = Vec::new();
    while reader.remaining() >= RECORD {
        let member = member(&mut reader)?;
        reader.seek(member.data_end, "data")?;
        tables.push(Box::new(table(source, options, member, version)?));
    }
    if tables.is_empty() {
        return Err(ReadError::damaged("member header", 3 * RECORD));
    }
    if let Some(wanted) = &options.table {
        let names = tables.iter().map(|table| table.name().to_owned()).collect();
        tables.retain(|table| table.name().eq_ignore_ascii_case(wanted));
        if tables.is_empty() {
            return Err(ReadError::NoTable { table: wanted.clone(), tables: names });
        }
    }
    Ok(tables)
}

fn table(source: &Source, options: &ReadOptions, member: Member, version: u8) -> Result<RecordTable, ReadError> {
    let Member { name, variables: raw, data_start, data_end } = member;
    let record_length = raw.iter().map(|variable| variable.offset + variable.length).max().unwrap_or(0);
    let rows = rows(source, data_start, data_end, record_length)?;
    let mut header_texts = Vec::new();
    let mut variables = Vec::new();
    let mut cells = Vec::new();
    for variable in &raw {
        let format = String::from_utf8_lossy(&variable.format).into_owned();
        let code = match variable.text {
            true => CellCode::Text,
            false => CellCode::Number(NumberCode::Ibm, meaning(&format)),
        };
        cells.push(Cell { pieces: vec![(variable.offset, variable.length)], code, missing_texts: Vec::new() });
        let format = format_text(&format, variable.format_width, variable.format_decimals);
        variables.push(Variable { format, ..Variable::default() });
        header_texts.extend_from_slice(&variable.name);
        header_texts.extend_from_slice(&variable.label);
    }
    let of_records = source.clone();
    let described = Described {
        name: Some(String::from_utf8_lossy(&name).into_owned())
            .filter(|name| !name.is_empty())
            .unwrap_or(source.stem()),
        variables,
        cells,
        record_length,
        rows: Some(rows),
        start: Arc::new(move || {
            let records = FixedRecords::new(&of_records, data_start, record_length, Some(rows))?;
            Ok(Box::new(records) as Box<dyn Records>)
        }),
        encoding: encoding_asked(options, None)?,
        header_texts,
        provenance: Provenance { format: format!("SAS xpt {version}"), ..Provenance::default() },
    };
    RecordTable::open(described, options, |variables, encoding, malformed| {
        let mut decode = |bytes: &[u8]| {
            let (text, bad) = encoding.decode(bytes);
            *malformed += u64::from(bad);
            text.into_owned()
        };
        for (variable, raw) in variables.iter_mut().zip(&raw) {
            variable.name = decode(&raw.name);
            variable.label = Some(decode(&raw.label)).filter(|label| !label.is_empty());
        }
    })
}

/// Number of rows: what is left of the last 80 bytes is blank and no row. A row of blanks there cannot be told from nothing.
fn rows(source: &Source, start: u64, end: u64, record_length: usize) -> Result<u64, ReadError> {
    let length = record_length as u64;
    if length == 0 {
        return Ok(0);
    }
    let mut rows = (end - start) / length;
    let mut reader = BinaryReader::new(source, ByteOrder::Big)?;
    while rows > 0 && start + (rows - 1) * length + RECORD > end {
        reader.seek(start + (rows - 1) * length, "data")?;
        if reader.bytes(length, "data")?.iter().any(|byte| *byte != b' ') {
            break;
        }
        rows -= 1;
    }
    // Whole rows must be followed by blanks only: anything else is a row that was cut.
    let rest_start = start + rows * length;
    reader.seek(rest_start, "data")?;
    if end - rest_start >= length.max(RECORD)
        || reader.bytes(end - rest_start, "data")?.iter().any(|byte| *byte != b' ')
    {
        return Err(ReadError::Damaged { what: "data", offset: Some(rest_start), row: Some(rows + 1), column: None });
    }
    Ok(rows)
}

/// Digits of a header record; blanks around them do not count.
fn digits(record: &[u8], from: usize, to: usize) -> Option<u64> {
    std::str::from_utf8(record.get(from..to)?).ok()?.trim().parse().ok()
}

/// A header record of one of these names.
fn header(reader: &mut BinaryReader, names: &[&str], what: &'static str) -> Result<Vec<u8>, ReadError> {
    let start = reader.position();
    let record = reader.bytes(RECORD, what)?;
    let name = record.strip_prefix(b"HEADER RECORD*******").and_then(|rest| rest.get(..8));
    let known = name.is_some_and(|name| names.iter().any(|known| trimmed(name) == known.as_bytes()));
    if known { Ok(record) } else { Err(ReadError::damaged(what, start)) }
}

/// The headers of a table, and where its data are.
fn member(reader: &mut BinaryReader) -> Result<Member, ReadError> {
    const WHAT: &str = "member header";
    let start = reader.position();
    let record = header(reader, &["MEMBER", "MEMBV8"], WHAT)?;
    let long = record.get(20..26) == Some(b"MEMBV8");
    let namestr_length = digits(&record, 74, 78).filter(|length| matches!(length, 136 | 140));
    let namestr_length = namestr_length.ok_or_else(|| ReadError::damaged(WHAT, start))?;
    header(reader, &["DSCRPTR", "DSCPTV8"], WHAT)?;
    let description = reader.bytes(2 * RECORD, WHAT)?;
    let name = trimmed(&description[8..if long { 40 } else { 16 }]).to_vec();

    let start = reader.position();
    let record = header(reader, &["NAMESTR", "NAMSTV8"], "variables")?;
    let count =
        digits(&record, if long { 52 } else { 54 }, 58).ok_or_else(|| ReadError::damaged("variables", start))?;
    let length = count.saturating_mul(namestr_length);
    let bytes = reader.bytes(length, "variables")?;
    reader.skip(length.next_multiple_of(RECORD) - length, "variables")?;
    let mut variables = bytes
        .chunks_exact(namestr_length as usize)
        .map(|namestr| variable(namestr, long))
        .collect::<Option<Vec<RawVariable>>>()
        .ok_or_else(|| ReadError::damaged("variables", start))?;

    let mut record = header(reader, &["LABELV8", "LABELV9", "OBS", "OBSV8"], "data header")?;
    if record.get(20..25) == Some(b"LABEL") {
        long_labels(reader, &record, &mut variables)?;
        record = header(reader, &["OBS", "OBSV8"], "data header")?;
    }
    drop(record);
    let data_start = reader.position();
    let data_end = end_of_data(reader)?;
    Ok(Member { name, variables, data_start, data_end })
}

/// A variable from its description.
fn variable(namestr: &[u8], long: bool) -> Option<RawVariable> {
    let number = |at: usize| Some(u16::from_be_bytes(namestr.get(at..at + 2)?.try_into().ok()?));
    let text = match number(0)? {
        1 => false,
        2 => true,
        _ => return None,
    };
    let length = usize::from(number(4)?);
    if length == 0 || (!text && !(2..=8).contains(&length)) {
        return None;
    }
    let short_name = trimmed(namestr.get(8..16)?);
    let long_name = if long { trimmed(namestr.get(88..120)?) } else { b"" };
    Some(RawVariable {
        name: if long_name.is_empty() { short_name } else { long_name }.to_vec(),
        label: trimmed(namestr.get(16..56)?).to_vec(),
        format: trimmed(namestr.get(56..64)?).to_vec(),
        format_width: number(64)?,
        format_decimals: number(66)?,
        text,
        length,
        offset: u32::from_be_bytes(namestr.get(84..88)?.try_into().ok()?) as usize,
    })
}

/// Labels of more than 40 bytes (and formats of more than eight) stand in a part of their own.
fn long_labels(reader: &mut BinaryReader, record: &[u8], variables: &mut [RawVariable]) -> Result<(), ReadError> {
    const WHAT: &str = "labels";
    let start = reader.position();
    let damaged = || ReadError::damaged(WHAT, start);
    let with_formats = record.get(20..27) == Some(b"LABELV9");
    let count = digits(record, 48, 80).ok_or_else(damaged)?;
    for _ in 0..count {
        let number = usize::from(reader.u16(WHAT)?);
        let name_length = u64::from(reader.u16(WHAT)?);
        let label_length = u64::from(reader.u16(WHAT)?);
        let format_lengths =
            if with_formats { [u64::from(reader.u16(WHAT)?), u64::from(reader.u16(WHAT)?)] } else { [0; 2] };
        reader.skip(name_length, WHAT)?;
        let label = reader.bytes(label_length, WHAT)?;
        let format = reader.bytes(format_lengths[0], WHAT)?;
        reader.skip(format_lengths[1], WHAT)?;
        let variable = number.checked_sub(1).and_then(|position| variables.get_mut(position)).ok_or_else(damaged)?;
        variable.label = trimmed(&label).to_vec();
        let name: Vec<u8> = format.into_iter().take_while(|byte| !matches!(byte, b'0'..=b'9' | b'.')).collect();
        if !name.is_empty() {
            variable.format = name;
        }
    }
    let read = reader.position() - start;
    reader.skip(read.next_multiple_of(RECORD) - read, WHAT)
}

/// Data end with the file, or where the header of another table stands at a multiple of 80 bytes.
fn end_of_data(reader: &mut BinaryReader) -> Result<u64, ReadError> {
    while reader.remaining() >= RECORD {
        let start = reader.position();
        let record = reader.array::<80>("data")?;
        if record.starts_with(b"HEADER RECORD*******MEMB") {
            return Ok(start);
        }
    }
    Ok(reader.position() + reader.remaining())
}
