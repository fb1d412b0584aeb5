//! How large a workbook is, found out before the library that reads it is let at it.
//!
//! `calamine` reserves what a file promises, spreads the cells of `.xls` and `.ods` over the rectangle that they span, and copies a text
//! once for each cell that holds it. A file of a few bytes could ask for all memory there is, which no program can refuse: it is stopped.
//! Whatever a workbook needs beyond [`BASE`] must be in some relation to its size.

use std::io::{BufRead, BufReader, Read};

use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::compound_file::CompoundFile;
use crate::error::ReadError;
use crate::format::Format;
use crate::source::{ReadSeek, Source};

/// Bytes that any workbook may take.
const BASE: u64 = 48 << 20;

/// Bytes that the parts of any workbook may have.
const BASE_UNPACKED: u64 = 8 << 20;

/// Bytes that they may have for each byte of the file; sheets are packed to a tenth or a twentieth.
const UNPACKED: u64 = 100;

/// Bytes in memory for each byte of a part.
const HELD: u64 = 8;

/// Bytes in memory for each byte of an `.xls`, whose cells of text are 14 bytes whatever their text.
const HELD_BINARY: u64 = 64;

/// Bytes that the library takes for a cell of a rectangle, with the copy that it gives.
const CELL: u64 = 48;

/// Bytes of the longest text that Excel puts into a cell.
const LONGEST_TEXT: u64 = 32_767 * 3;

/// Columns that the library goes to.
const MOST_COLUMNS: u64 = 16_384;

/// Refuses a workbook that asks for more memory than its size warrants.
///
/// # Errors
/// It does, or its parts are damaged in a way that the library would follow for ever.
pub(crate) fn check(source: &Source) -> Result<(), ReadError> {
    if source.head(2)? == b"PK" { packed(source) } else { binary(source) }
}

fn damaged() -> ReadError {
    ReadError::damaged("workbook", 0)
}

/// A part, or a sheet, takes more than so many bytes.
fn too_large(what: &str, most: u64) -> ReadError {
    ReadError::Unsupported { format: Format::Workbook, feature: format!("{what} > {} MB", most >> 20) }
}

/// Workbooks that are zip archives.
fn packed(source: &Source) -> Result<(), ReadError> {
    let wrong = |_| ReadError::damaged("zip directory", source.length());
    let mut archive: ZipArchive<Box<dyn ReadSeek>> = ZipArchive::new(source.reader()?).map_err(wrong)?;
    let most_unpacked = BASE_UNPACKED.saturating_add(source.length().saturating_mul(UNPACKED));
    let mut left = most_unpacked;
    for position in 0..archive.len() {
        let part = archive.by_index(position).map_err(|_| damaged())?;
        let name = part.name().map(|name| name.to_lowercase()).unwrap_or_default();
        // Pictures and programs are not read.
        if ![".xml", ".bin", ".rels"].iter().any(|extension| name.ends_with(extension)) {
            continue;
        }
        let mut part = Counted { inner: BufReader::new(part.take(left)), read: 0 };
        let read = match name.as_str() {
            "content.xml" => spread(&mut part),
            _ if name.ends_with("sharedstrings.xml") => promised_texts(&mut part),
            "xl/workbook.bin" | "xl/sharedstrings.bin" | "xl/styles.bin" => binary_records(&mut part, left),
            _ if name.starts_with("xl/worksheets/") && name.ends_with(".bin") => binary_records(&mut part, left),
            _ => Ok(0),
        };
        // What was not read yet counts as well. A part that is cut or damaged is the library's to tell.
        let rest = std::io::copy(&mut part, &mut std::io::sink());
        left = left.saturating_sub(part.read);
        if left == 0 {
            return Err(too_large(&name, most_unpacked));
        }
        let (wanted, most) = (read?, BASE + part.read.saturating_mul(HELD));
        if rest.is_ok() && wanted > most {
            return Err(too_large(&name, most));
        }
    }
    Ok(())
}

/// Counts the bytes that were read.
struct Counted<R> {
    inner: R,
    read: u64,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read += count as u64;
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.read += count as u64;
        self.inner.consume(count);
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    element
        .attributes()
        .flatten()
        .find(|attribute| attribute.key.as_ref() == name)
        .map(|found| found.value.into_owned())
}

fn count(element: &BytesStart<'_>, name: &str) -> u64 {
    attribute(element, name).map_or(1, |count| count.trim().parse().unwrap_or(u64::MAX))
}

/// The texts that `sharedStrings.xml` says it has, in bytes.
fn promised_texts(part: impl BufRead) -> Result<u64, ReadError> {
    let mut reader = quick_xml::Reader::from_reader(part);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) if element.local_name().as_ref() == "sst" => {
                let promised = attribute(&element, "uniqueCount").and_then(|count| count.parse::<u64>().ok());
                return Ok(promised.unwrap_or(0).saturating_mul(size_of::<String>() as u64));
            }
            Ok(Event::Eof) | Err(_) => return Ok(0),
            Ok(_) => {}
        }
    }
}

/// The bytes that the records of a part of `.xlsb` say they have.
fn binary_records(part: &mut impl Read, most: u64) -> Result<u64, ReadError> {
    let mut byte = [0];
    loop {
        // The number of the kind has one byte or two, the length one to four; seven bits each.
        match part.read(&mut byte) {
            Ok(1) => {}
            _ => return Ok(0),
        }
        if byte[0] & 0x80 != 0 && part.read_exact(&mut byte).is_err() {
            return Ok(0);
        }
        let mut length = 0u64;
        for place in 0..4 {
            if part.read_exact(&mut byte).is_err() {
                return Ok(0);
            }
            length |= u64::from(byte[0] & 0x7f) << (7 * place);
            if byte[0] & 0x80 == 0 {
                break;
            }
        }
        let there =
            std::io::copy(&mut part.by_ref().take(length.min(most)), &mut std::io::sink()).map_err(|_| damaged())?;
        if there < length {
            return Err(damaged());
        }
    }
}

/// What the sheets of an OpenDocument spreadsheet take when repeated cells and rows are written out.
fn spread(part: impl BufRead) -> Result<u64, ReadError> {
    let mut reader = quick_xml::Reader::from_reader(part);
    let mut buffer = Vec::new();
    let (mut total, mut depth) = (0u64, 0u64);
    let (mut row, mut last_row, mut width) = (0u64, 0u64, 0u64);
    let (mut rows, mut column, mut last_column, mut row_texts) = (1u64, 0u64, 0u64, 0u64);
    // Of the cell that is open: times it is repeated, bytes of its text, whether it holds anything.
    let (mut repeated, mut text, mut filled) = (1u64, 0u64, false);
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|_| damaged())?;
        let (opens, closes) = match &event {
            Event::Start(_) => (true, false),
            Event::Empty(_) => (true, true),
            Event::End(_) => (false, true),
            Event::Eof if depth == 0 => return Ok(total),
            Event::Eof => return Err(damaged()),
            Event::Text(content) => {
                text = text.saturating_add(content.len() as u64);
                filled = true;
                continue;
            }
            _ => {
                filled = true;
                continue;
            }
        };
        let name = match &event {
            Event::Start(element) | Event::Empty(element) => {
                match element.name().as_ref() {
                    "table:table" => (row, last_row, width) = (0, 0, 0),
                    "table:table-row" => {
                        rows = count(element, "table:number-rows-repeated");
                        (column, last_column, row_texts) = (0, 0, 0);
                    }
                    "table:table-cell" | "table:covered-table-cell" => {
                        repeated = count(element, "table:number-columns-repeated").min(MOST_COLUMNS);
                        filled = false;
                        text = 0;
                        for attribute in element.attributes().flatten() {
                            let name = attribute.key.as_ref();
                            if name.starts_with("office:") || name.starts_with("calcext:") || name == "table:formula" {
                                filled = true;
                                text = text.saturating_add(attribute.value.len() as u64);
                            }
                        }
                    }
                    // So many blanks.
                    "text:s" => text = text.saturating_add(count(element, "text:c")),
                    _ => {}
                }
                element.name().as_ref().to_owned()
            }
            Event::End(element) => element.name().as_ref().to_owned(),
            _ => continue,
        };
        depth = depth.saturating_add(u64::from(opens)).saturating_sub(u64::from(closes));
        if !closes {
            continue;
        }
        match name.as_str() {
            "table:table-cell" | "table:covered-table-cell" => {
                column = column.saturating_add(repeated).min(MOST_COLUMNS);
                if filled {
                    last_column = column;
                    row_texts = row_texts.saturating_add(text.saturating_mul(repeated));
                }
            }
            "table:table-row" => {
                row = row.saturating_add(rows);
                if last_column > 0 {
                    last_row = row;
                    width = width.max(last_column);
                    // Texts are copied once more when rows are written out.
                    total = total.saturating_add(row_texts.saturating_mul(rows.saturating_add(1)));
                }
            }
            "table:table" => total = total.saturating_add(last_row.saturating_mul(width).saturating_mul(CELL)),
            _ => {}
        }
        // A limit that is passed is not found again.
        if total > u64::MAX / 2 {
            return Ok(total);
        }
    }
}

/// `.xls`: what the sheets take when their cells are spread over the rectangle they span, and texts copied to the cells that refer to them.
fn binary(source: &Source) -> Result<(), ReadError> {
    let bytes = source.head(usize::MAX)?;
    let file = CompoundFile::open(&bytes).ok_or_else(damaged)?;
    // Without either stream the file is none of Excel's; the library tells what it is.
    let Some(stream) = file.stream("Workbook").or_else(|| file.stream("Book")) else { return Ok(()) };
    let mut texts = SharedTexts::default();
    let mut sheets = Vec::new();
    for (kind, data) in records(&stream) {
        match (kind, data) {
            (0x0085, [a, b, c, d, ..]) => sheets.push(u32::from_le_bytes([*a, *b, *c, *d]) as usize),
            (0x00fc, [_, _, _, _, _, _, _, _, rest @ ..]) => texts.begin(rest),
            (0x003c, more) => texts.go_on(more),
            (0x000a, _) => break,
            _ => texts.end(),
        }
    }
    let most = BASE + source.length().saturating_mul(HELD_BINARY);
    let mut wanted = 0u64;
    for (position, start) in sheets.into_iter().enumerate() {
        let mut corners: Option<[u64; 4]> = None;
        let mut depth = 0usize;
        for (kind, data) in stream.get(start..).into_iter().flat_map(records) {
            let number = |at: usize| data.get(at..at + 2).map(|pair| u64::from(u16::from_le_bytes([pair[0], pair[1]])));
            // A sheet may hold charts, which are sheets of their own.
            match kind {
                0x0809 => depth += 1,
                0x000a if depth <= 1 => break,
                0x000a => depth -= 1,
                _ => {}
            }
            if depth > 1 {
                continue;
            }
            let rectangle = match kind {
                0x0200 => {
                    wanted = wanted.saturating_add(cells_reserved(data).saturating_mul(CELL));
                    continue;
                }
                0x0203 | 0x0204 | 0x00d6 | 0x0205 | 0x027e | 0x00fd | 0x0006 => {
                    number(0).zip(number(2)).map(|(row, column)| [row, row, column, column])
                }
                0x00bd => match (number(0), number(2), number(data.len().saturating_sub(2))) {
                    (Some(row), Some(first), Some(last)) => Some([row, row, first, last.max(first)]),
                    _ => None,
                },
                _ => None,
            };
            if kind == 0x00fd
                && let Some(text) = data.get(6..10).and_then(|at| texts.length(at))
            {
                wanted = wanted.saturating_add(2 * text);
            }
            if let Some([top, bottom, left, right]) = rectangle {
                let [t, b, l, r] = corners.unwrap_or([top, bottom, left, right]);
                corners = Some([t.min(top), b.max(bottom), l.min(left), r.max(right)]);
            }
        }
        if let Some([top, bottom, left, right]) = corners {
            wanted = wanted.saturating_add((bottom - top + 1).saturating_mul(right - left + 1).saturating_mul(CELL));
        }
        if wanted > most {
            return Err(too_large(&format!("sheet {}", position + 1), most));
        }
    }
    Ok(())
}

/// Cells that the library makes room for by the rectangle that a sheet says it has; in its own arithmetic, in which what ends before it
/// begins is very large.
fn cells_reserved(data: &[u8]) -> u64 {
    let short = |at: usize| data.get(at..at + 2).map_or(0, |pair| u32::from(u16::from_le_bytes([pair[0], pair[1]])));
    let long = |at: usize| short(at) | short(at + 2) << 16;
    let (top, bottom, mut left, right) = match data.len() {
        ..14 => (short(0), short(2), short(4), short(6)),
        _ => (long(0), long(4), short(8), short(10)),
    };
    if left > 0xff || right < left {
        left = 0;
    }
    if bottom == 0 || right == 0 {
        return 1;
    }
    u64::from(bottom.wrapping_sub(top)).saturating_mul(u64::from(right.wrapping_sub(left)))
}

/// Records of a stream of `.xls`: kind, length, bytes. Ends where they do not go on.
fn records(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = stream;
    std::iter::from_fn(move || {
        let (head, after) = rest.split_first_chunk::<4>()?;
        let [kind, kind_high, length, length_high] = *head;
        let (data, after) = after.split_at_checked(usize::from(u16::from_le_bytes([length, length_high])))?;
        rest = after;
        Some((u16::from_le_bytes([kind, kind_high]), data))
    })
}

/// Lengths of the texts that cells refer to. They run on from record to record; where one does not follow the format, those after it
/// count as the longest there may be.
#[derive(Default)]
struct SharedTexts {
    lengths: Vec<u32>,
    open: bool,
    lost: bool,
    /// Of the text that the last record broke off in: characters, and bytes behind them, that are still to come.
    characters: usize,
    behind: usize,
}

impl SharedTexts {
    fn begin(&mut self, data: &[u8]) {
        self.open = true;
        self.texts(data);
    }

    fn go_on(&mut self, data: &[u8]) {
        if !self.open {
            return;
        }
        let mut data = data;
        if self.characters > 0 {
            // Characters that go on say anew whether they have one byte or two.
            let Some((flags, rest)) = data.split_first() else { return };
            data = self.characters_of(rest, flags & 1 != 0);
        }
        let behind = self.behind.min(data.len());
        self.behind -= behind;
        self.texts(&data[behind..]);
    }

    fn end(&mut self) {
        self.open = false;
    }

    /// Passes over characters of the last text, as many as there are.
    fn characters_of<'a>(&mut self, data: &'a [u8], wide: bool) -> &'a [u8] {
        let width = if wide { 2 } else { 1 };
        let here = self.characters.min(data.len() / width);
        self.characters -= here;
        &data[here * width..]
    }

    fn texts(&mut self, mut data: &[u8]) {
        while !data.is_empty() && self.characters == 0 && self.behind == 0 && !self.lost {
            let [low, high, flags, rest @ ..] = data else {
                self.lost = true;
                return;
            };
            let runs = if flags & 8 != 0 { 2 } else { 0 };
            let further = if flags & 4 != 0 { 4 } else { 0 };
            let Some((sizes, rest)) = rest.split_at_checked(runs + further) else {
                self.lost = true;
                return;
            };
            let size = |bytes: &[u8]| bytes.iter().rev().fold(0usize, |size, byte| size << 8 | usize::from(*byte));
            self.characters = usize::from(u16::from_le_bytes([*low, *high]));
            self.behind = size(&sizes[..runs]) * 4 + size(&sizes[runs..]);
            self.lengths.push(self.characters as u32 * if flags & 1 != 0 { 3 } else { 2 });
            data = self.characters_of(rest, flags & 1 != 0);
            if self.characters > 0 {
                return;
            }
            let behind = self.behind.min(data.len());
            self.behind -= behind;
            data = &data[behind..];
        }
    }

    /// Bytes of the text of a number, at most.
    fn length(&self, number: &[u8]) -> Option<u64> {
        let number = number.try_into().ok().map(u32::from_le_bytes)? as usize;
        match self.lengths.get(number) {
            Some(length) => Some(u64::from(*length)),
            None if self.lost => Some(LONGEST_TEXT),
            None => None,
        }
    }
}
