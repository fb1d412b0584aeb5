//! The data files of REDATAM: values of a variable (`.rbf`), and which rows of a parent hold which rows of a child (`.ptr`).

use std::io::{Read, SeekFrom};

use super::dictionary::{Storage, WordOrder};
use super::label_encoding::LabelEncoding;
use crate::column::ColumnBuilder;
use crate::error::ReadError;
use crate::source::{ReadSeek, Source};
use crate::variable::MissingCodes;

/// Bytes of a file held at a time.
const WINDOW: usize = 1 << 16;

/// A file of which some bytes are held; what is asked for comes in ascending order, with leaps.
struct Window {
    reader: Box<dyn ReadSeek>,
    length: u64,
    start: u64,
    held: Vec<u8>,
}

impl Window {
    fn new(source: &Source) -> Result<Window, ReadError> {
        Ok(Window { reader: source.reader()?, length: source.length(), start: 0, held: Vec::new() })
    }

    /// The bytes at `offset`; `None` when the file ends before them.
    fn bytes(&mut self, offset: u64, count: usize) -> Result<Option<&[u8]>, ReadError> {
        let end = offset.saturating_add(count as u64);
        if end > self.length {
            return Ok(None);
        }
        if offset < self.start || end > self.start + self.held.len() as u64 {
            let wanted = (self.length - offset).min(WINDOW.max(count) as u64);
            self.reader.seek(SeekFrom::Start(offset))?;
            self.start = offset;
            self.held.clear();
            self.reader.by_ref().take(wanted).read_to_end(&mut self.held)?;
        }
        let from = (offset - self.start) as usize;
        // The file may have been cut since it was opened.
        Ok(self.held.get(from..from + count))
    }
}

/// Reads the values of a variable.
pub(super) struct ValueReader {
    window: Window,
    storage: Storage,
}

impl ValueReader {
    pub(super) fn new(source: &Source, storage: Storage) -> Result<ValueReader, ReadError> {
        Ok(ValueReader { window: Window::new(source)?, storage })
    }

    /// Adds the values of `rows`, which ascend, to a column. Codes of `missing` become null.
    pub(super) fn read(
        &mut self,
        rows: &[u64],
        encoding: &LabelEncoding,
        missing: &MissingCodes,
        column: &mut ColumnBuilder,
        name: &str,
    ) -> Result<(), ReadError> {
        for row in rows {
            let short = || ReadError::Damaged {
                what: "REDATAM values",
                offset: None,
                row: Some(row.saturating_add(1)),
                column: Some(name.to_owned()),
            };
            match self.storage {
                Storage::Text { bytes } => {
                    let bytes = self.window.bytes(row * u64::from(bytes), bytes as usize)?.ok_or_else(short)?;
                    let text = encoding.decode(bytes);
                    match text.is_empty() || missing.has_text(&text) {
                        true => column.push_null(),
                        false => column.push_text(&text),
                    }
                }
                Storage::Double => match self.double(*row)?.ok_or_else(short)? {
                    value if value.is_nan() || missing.has_number(value) => column.push_null(),
                    value => column.push_number(value),
                },
                Storage::Unsigned16 => {
                    let bytes = self.window.bytes(row * 2, 2)?.ok_or_else(short)?;
                    push_whole(i64::from(u16::from_le_bytes([bytes[0], bytes[1]])), missing, column);
                }
                Storage::Unsigned32 => {
                    let bytes = self.window.bytes(row * 4, 4)?.ok_or_else(short)?;
                    push_whole(
                        i64::from(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])),
                        missing,
                        column,
                    );
                }
                Storage::Packed { bits, words } => {
                    let first_bit = row * u64::from(bits);
                    let first = first_bit / 32;
                    let last = (first_bit + u64::from(bits) - 1) / 32;
                    let bytes = self.window.bytes(first * 4, (last - first + 1) as usize * 4)?.ok_or_else(short)?;
                    // At most three words hold a value.
                    let joined = bytes.chunks_exact(4).fold(0u128, |joined, word| {
                        let word = [word[0], word[1], word[2], word[3]];
                        let word = match words {
                            WordOrder::Little => u32::from_le_bytes(word),
                            WordOrder::Big => u32::from_be_bytes(word),
                        };
                        (joined << 32) | u128::from(word)
                    });
                    let behind = (last + 1) * 32 - first_bit - u64::from(bits);
                    let value = (joined >> behind) as u64 & ((1 << bits) - 1);
                    push_whole(value as i64, missing, column);
                }
            }
        }
        Ok(())
    }

    /// A number of eight bytes.
    pub(super) fn double(&mut self, row: u64) -> Result<Option<f64>, ReadError> {
        let Some(bytes) = self.window.bytes(row * 8, 8)? else { return Ok(None) };
        Ok(bytes.try_into().ok().map(f64::from_le_bytes))
    }
}

fn push_whole(value: i64, missing: &MissingCodes, column: &mut ColumnBuilder) {
    match missing.has_number(value as f64) {
        true => column.push_null(),
        false => column.push_integer(value),
    }
}

/// Finds the parent of each row of a child. The file holds a zero, then the number of children that all parents up to this one have.
pub(super) struct PointerReader {
    window: Window,
    parent: u64,
    /// Rows of the child before those of the next parent.
    end: u64,
}

impl PointerReader {
    pub(super) fn new(source: &Source) -> Result<PointerReader, ReadError> {
        let mut reader = PointerReader { window: Window::new(source)?, parent: 0, end: 0 };
        reader.end = reader.word(1)?;
        Ok(reader)
    }

    /// Number of parents.
    pub(super) fn parents(source: &Source) -> u64 {
        (source.length() / 4).saturating_sub(1)
    }

    /// Number of rows of the child.
    pub(super) fn children(source: &Source) -> Result<u64, ReadError> {
        let mut reader = PointerReader { window: Window::new(source)?, parent: 0, end: 0 };
        reader.word(PointerReader::parents(source))
    }

    /// The row of the parent of `child`; both count from 0, and children come in ascending order.
    pub(super) fn parent_of(&mut self, child: u64) -> Result<u64, ReadError> {
        while child >= self.end {
            let end = self.word(self.parent + 2)?;
            if end < self.end {
                return Err(ReadError::damaged("REDATAM pointers", (self.parent + 2) * 4));
            }
            self.parent += 1;
            self.end = end;
        }
        Ok(self.parent)
    }

    fn word(&mut self, position: u64) -> Result<u64, ReadError> {
        let damaged = ReadError::damaged("REDATAM pointers", position * 4);
        let bytes = self.window.bytes(position * 4, 4)?.ok_or(damaged)?;
        Ok(u64::from(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])))
    }
}
