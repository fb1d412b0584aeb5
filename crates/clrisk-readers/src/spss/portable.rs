//! Portable files of SPSS (`.por`): text in lines of 80, in a character set that the file itself brings along, with numbers to base 30.
//!
//! Source: *PSPP Developers Guide*, chapter "Portable File Format". Checked against: pyreadstat (`checks/readers`).

use std::collections::HashMap;
use std::sync::Arc;

use super::system::{RawValue, RawVariable, SYSTEM_MISSING, decode_all, describe_all};
use crate::binary::{BinaryReader, ByteOrder};
use crate::error::ReadError;
use crate::options::ReadOptions;
use crate::provenance::{Note, Provenance};
use crate::records::{Described, RecordTable, Records, encoding_asked, trimmed};
use crate::source::Source;
use crate::table::Table;
use crate::variable::LabelBudget;

/// Columns of a line; shorter lines go on with blanks.
const LINE: u64 = 80;

/// Characters 64 to 188 of the character set of the format; those before are of no use, those after of no program.
const CHARACTERS: &[u8] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz .<(+|&[]!$*);^-/|,%_>?`:#@'=\"";

/// Position of the first of them.
const FIRST_CHARACTER: usize = 64;

/// SPSS adds this to the numbers of formats of dates and times, other programs do not.
const FORMAT_SHIFT: u64 = 82;

/// Longest text of a variable; what a file may ask for.
const LONGEST_TEXT: u64 = 32_767;

/// Reads characters, line by line.
struct Characters {
    reader: BinaryReader,
    /// The character a byte stands for.
    map: [u8; 256],
    column: u64,
    /// Blanks still to come at the end of a short line.
    blanks: u64,
    ahead: Option<u8>,
}

impl Characters {
    /// At the beginning of a file; reads splash, character set and mark.
    fn new(source: &Source) -> Result<Characters, ReadError> {
        const WHAT: &str = "file header";
        let reader = BinaryReader::new(source, ByteOrder::Little)?;
        let mut map = [0; 256];
        for (byte, entry) in map.iter_mut().enumerate() {
            *entry = byte as u8;
        }
        let mut characters = Characters { reader, map, column: 0, blanks: 0, ahead: None };
        for _ in 0..200 {
            characters.next(WHAT)?;
        }
        let mut set = [0; 256];
        for entry in &mut set {
            *entry = characters.next(WHAT)?;
        }
        let zero = set[FIRST_CHARACTER];
        for (character, byte) in CHARACTERS.iter().zip(&set[FIRST_CHARACTER..]).rev() {
            // Positions the file has no character for hold a zero.
            if *byte != zero || *character == b'0' {
                characters.map[usize::from(*byte)] = *character;
            }
        }
        for expected in b"SPSSPORT" {
            if characters.next(WHAT)? != *expected {
                return Err(ReadError::damaged(WHAT, characters.reader.position()));
            }
        }
        Ok(characters)
    }

    fn position(&self) -> u64 {
        self.reader.position()
    }

    /// The next character.
    fn next(&mut self, what: &'static str) -> Result<u8, ReadError> {
        if let Some(character) = self.ahead.take() {
            return Ok(character);
        }
        loop {
            if self.blanks > 0 {
                self.blanks -= 1;
                return Ok(b' ');
            }
            match self.reader.u8(what)? {
                b'\r' => {}
                b'\n' => {
                    self.blanks = LINE.saturating_sub(self.column);
                    self.column = 0;
                }
                byte => {
                    self.column += 1;
                    return Ok(self.map[usize::from(byte)]);
                }
            }
        }
    }

    /// Takes the next character if it is this one.
    fn skip(&mut self, character: u8, what: &'static str) -> Result<bool, ReadError> {
        let next = self.next(what)?;
        if next != character {
            self.ahead = Some(next);
        }
        Ok(next == character)
    }

    /// A number to base 30; `None` when it is missing.
    fn number(&mut self, what: &'static str) -> Result<Option<f64>, ReadError> {
        let start = self.position();
        let damaged = || ReadError::damaged(what, start);
        while self.skip(b' ', what)? {}
        if self.skip(b'*', what)? {
            self.next(what)?; // the point after the asterisk
            return Ok(None);
        }
        let negative = self.skip(b'-', what)?;
        // Digits are collected as a whole number and an exponent, so that whole numbers stay exact.
        let mut whole = 0.0_f64;
        let mut scale = 0_i32;
        let mut digits = 0_u32;
        let mut point = false;
        let mut next = self.next(what)?;
        loop {
            match next {
                b'.' if !point => point = true,
                b'0'..=b'9' | b'A'..=b'T' => {
                    digits += 1;
                    // Beyond 53 bits a digit no longer counts, only its place.
                    if whole < 1e18 {
                        whole = whole * 30.0 + f64::from(digit(next));
                        scale -= i32::from(point);
                    } else if !point {
                        scale = scale.saturating_add(1);
                    }
                }
                b'+' | b'-' | b'/' if digits > 0 => break,
                _ => return Err(damaged()),
            }
            next = self.next(what)?;
        }
        if next != b'/' {
            let negative = next == b'-';
            let mut exponent = 0_i32;
            loop {
                match self.next(what)? {
                    b'/' => break,
                    character @ (b'0'..=b'9' | b'A'..=b'T') => {
                        exponent = exponent.saturating_mul(30).saturating_add(i32::from(digit(character))).min(100_000);
                    }
                    _ => return Err(damaged()),
                }
            }
            scale = scale.saturating_add(if negative { -exponent } else { exponent });
        }
        let value = if scale < 0 { whole / 30_f64.powi(-scale) } else { whole * 30_f64.powi(scale) };
        Ok(Some(if negative { -value } else { value }))
    }

    /// A whole number.
    fn count(&mut self, what: &'static str) -> Result<u64, ReadError> {
        let start = self.position();
        match self.number(what)? {
            Some(number) if number.fract() == 0.0 && (0.0..4e9).contains(&number) => Ok(number as u64),
            _ => Err(ReadError::damaged(what, start)),
        }
    }

    /// A text with its length in front.
    fn text(&mut self, what: &'static str) -> Result<Vec<u8>, ReadError> {
        let start = self.position();
        let length = self.count(what)?;
        if length > LONGEST_TEXT {
            return Err(ReadError::damaged(what, start));
        }
        (0..length).map(|_| self.next(what)).collect()
    }
}

/// A digit to base 30.
fn digit(character: u8) -> u8 {
    if character.is_ascii_digit() { character - b'0' } else { character - b'A' + 10 }
}

/// Everything before the data.
struct Dictionary {
    producer: Vec<u8>,
    weight: Vec<u8>,
    variables: Vec<RawVariable>,
    notes: Vec<Note>,
}

/// Opens a portable file.
///
/// # Errors
/// The file is damaged.
pub fn open(source: &Source, options: &ReadOptions) -> Result<Vec<Box<dyn Table>>, ReadError> {
    let Dictionary { producer, weight, variables: raw, notes } =
        dictionary(&mut Characters::new(source)?, source.length())?;
    let record_length = raw.last().map_or(0, |last| (last.piece + last.pieces) * 8);
    // A text of a record may be long and still take two bytes of the file; together they are bounded.
    if record_length as u64 > (16 << 20) + source.length().saturating_mul(16) {
        return Err(ReadError::Damaged { what: "dictionary", offset: None, row: None, column: None });
    }
    let (variables, cells, header_texts) = describe_all(&raw, ByteOrder::Little, SYSTEM_MISSING);
    let of_records = source.clone();
    let widths: Arc<[u32]> = raw.iter().map(|variable| variable.width).collect();
    let described = Described {
        name: source.stem(),
        variables,
        cells,
        record_length,
        rows: None,
        start: Arc::new(move || {
            // The dictionary is short; passing over it again is simpler than remembering where a line was left.
            let mut characters = Characters::new(&of_records)?;
            dictionary(&mut characters, of_records.length())?;
            Ok(Box::new(PortableRecords { characters, widths: widths.clone(), row: 0, ended: false })
                as Box<dyn Records>)
        }),
        encoding: encoding_asked(options, None)?,
        header_texts,
        provenance: Provenance {
            format: "SPSS por".to_owned(),
            producer: Some(String::from_utf8_lossy(trimmed(&producer)).into_owned()).filter(|text| !text.is_empty()),
            notes,
            ..Provenance::default()
        },
    };
    let mut table = RecordTable::open(described, options, |variables, encoding, malformed| {
        decode_all(&raw, variables, encoding, malformed);
    })?;
    if let Some(position) = raw.iter().position(|variable| !weight.is_empty() && variable.short_name == weight) {
        table.set_weight(position);
    }
    Ok(vec![Box::new(table)])
}

/// Reads everything up to the data.
fn dictionary(characters: &mut Characters, length: u64) -> Result<Dictionary, ReadError> {
    const WHAT: &str = "dictionary";
    let version_at = characters.position();
    if characters.next(WHAT)? != b'A' {
        return Err(ReadError::damaged("version", version_at));
    }
    characters.text(WHAT)?; // date
    characters.text(WHAT)?; // time
    let mut dictionary =
        Dictionary { producer: Vec::new(), weight: Vec::new(), variables: Vec::new(), notes: Vec::new() };
    let mut budget = LabelBudget::of_file(length);
    let mut positions: HashMap<Vec<u8>, usize> = HashMap::new();
    loop {
        let start = characters.position();
        let damaged = || ReadError::damaged(WHAT, start);
        let tag = characters.next(WHAT)?;
        match tag {
            b'1' => dictionary.producer = characters.text(WHAT)?,
            b'2' | b'3' => {
                characters.text(WHAT)?;
            }
            b'4' | b'5' => {
                characters.count(WHAT)?;
            }
            b'6' => dictionary.weight = trimmed(&characters.text(WHAT)?).to_vec(),
            b'7' => {
                let variable = variable(characters, dictionary.variables.last())?;
                positions.insert(variable.short_name.clone(), dictionary.variables.len());
                dictionary.variables.push(variable);
            }
            b'8' | b'9' | b'A' | b'B' => {
                let variable = dictionary.variables.last_mut().ok_or_else(damaged)?;
                missing_value(characters, variable, tag)?;
            }
            b'C' => {
                let label = characters.text(WHAT)?;
                dictionary.variables.last_mut().ok_or_else(damaged)?.label = Some(label);
            }
            b'D' => {
                let mut names = Vec::new();
                for _ in 0..characters.count(WHAT)? {
                    names.push(trimmed(&characters.text(WHAT)?).to_vec());
                }
                let owners: Vec<usize> =
                    names.iter().map(|name| positions.get(name).copied()).collect::<Option<_>>().ok_or_else(damaged)?;
                let text = owners.first().is_some_and(|owner| dictionary.variables[*owner].width > 0);
                let mut labels = Vec::new();
                for _ in 0..characters.count(WHAT)? {
                    let value = match text {
                        true => RawValue::Text(trimmed(&characters.text(WHAT)?).to_vec()),
                        false => RawValue::Number(characters.number(WHAT)?.ok_or_else(damaged)?),
                    };
                    labels.push((value, characters.text(WHAT)?));
                }
                let bytes = labels.iter().map(|(_, label)| label.len()).sum();
                for owner in owners {
                    let variable = &mut dictionary.variables[owner];
                    if !budget.spend(labels.len(), bytes) || (variable.width > 0) != text {
                        return Err(damaged());
                    }
                    variable.labels = labels.clone();
                }
            }
            b'E' => {
                for _ in 0..characters.count(WHAT)? {
                    characters.text(WHAT)?;
                }
            }
            b'F' => break,
            _ => return Err(damaged()),
        }
    }
    if dictionary.variables.is_empty() {
        return Err(ReadError::damaged(WHAT, version_at));
    }
    Ok(dictionary)
}

/// A variable, which follows another in the record.
fn variable(characters: &mut Characters, before: Option<&RawVariable>) -> Result<RawVariable, ReadError> {
    const WHAT: &str = "variable";
    let start = characters.position();
    let width = characters.count(WHAT)?;
    let name = trimmed(&characters.text(WHAT)?).to_vec();
    let mut print = [0_u64; 6];
    for number in &mut print {
        *number = characters.count(WHAT)?;
    }
    if width > LONGEST_TEXT {
        return Err(ReadError::damaged(WHAT, start));
    }
    let byte = |number: u64| u8::try_from(number).unwrap_or(u8::MAX);
    let format = print[0].checked_sub(FORMAT_SHIFT).unwrap_or(print[0]);
    Ok(RawVariable {
        short_name: name,
        width: width as u32,
        piece: before.map_or(0, |before| before.piece + before.pieces),
        pieces: RawVariable::pieces_of(width as u32),
        print: [byte(print[2]), byte(print[1]), byte(format), 0],
        ..RawVariable::default()
    })
}

/// A value or a range that is missing by declaration.
fn missing_value(characters: &mut Characters, variable: &mut RawVariable, tag: u8) -> Result<(), ReadError> {
    const WHAT: &str = "missing values";
    let start = characters.position();
    if variable.width > 0 {
        if tag != b'8' {
            return Err(ReadError::damaged(WHAT, start));
        }
        variable.texts_missing.push(trimmed(&characters.text(WHAT)?).to_vec());
        return Ok(());
    }
    let mut number = || characters.number(WHAT)?.ok_or_else(|| ReadError::damaged(WHAT, start));
    match tag {
        b'8' => variable.numbers_missing.push(number()?),
        b'9' => variable.ranges_missing.push((f64::NEG_INFINITY, number()?)),
        b'A' => variable.ranges_missing.push((number()?, f64::INFINITY)),
        _ => variable.ranges_missing.push((number()?, number()?)),
    }
    Ok(())
}

/// Records in the layout of a system file.
struct PortableRecords {
    characters: Characters,
    widths: Arc<[u32]>,
    row: u64,
    ended: bool,
}

impl Records for PortableRecords {
    fn append(&mut self, block: &mut Vec<u8>) -> Result<bool, ReadError> {
        const WHAT: &str = "data";
        if self.ended {
            return Ok(false);
        }
        let row = self.row + 1;
        let place = |error: ReadError| match error {
            ReadError::Damaged { what, offset, column, .. } => {
                ReadError::Damaged { what, offset, row: Some(row), column }
            }
            other => other,
        };
        if self.characters.skip(b'Z', WHAT).map_err(place)? {
            self.ended = true;
            return Ok(false);
        }
        for width in self.widths.iter().copied() {
            if width == 0 {
                let value = self.characters.number(WHAT).map_err(place)?.unwrap_or(SYSTEM_MISSING);
                block.extend_from_slice(&value.to_le_bytes());
            } else {
                let text = self.characters.text(WHAT).map_err(place)?;
                let mut left = text.as_slice();
                // The layout of long texts in system files: segments of 255 bytes in 256.
                for length in RawVariable::segments(width) {
                    let (segment, rest) = left.split_at(left.len().min(length));
                    left = rest;
                    let end = block.len() + length.next_multiple_of(8);
                    block.extend_from_slice(segment);
                    block.resize(end, b' ');
                }
            }
        }
        self.row = row;
        Ok(true)
    }
}
