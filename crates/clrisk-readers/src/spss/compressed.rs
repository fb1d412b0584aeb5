//! The data of a system file: plain, packed by bytecodes (`.sav`), or packed and in blocks of zlib (`.zsav`).

use std::io::{Read, Take};

use flate2::read::ZlibDecoder;

use crate::binary::{BinaryReader, ByteOrder};
use crate::error::ReadError;
use crate::records::{FixedRecords, Records};
use crate::source::{ReadSeek, Source};

/// Where the data of a file are, and how they are written.
#[derive(Debug, Clone)]
pub struct DataPart {
    /// First byte.
    pub start: u64,
    /// Order of the bytes of numbers.
    pub order: ByteOrder,
    /// Bytes of a record, a multiple of eight.
    pub record_length: usize,
    /// Rows, when the header says so.
    pub rows: Option<u64>,
    /// What a bytecode stands for, plus this.
    pub bias: f64,
    /// The value that stands for "missing".
    pub missing: f64,
    /// How it is packed.
    pub packing: Packing,
}

/// How data are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    None,
    /// By bytecodes.
    Bytecodes,
    /// By bytecodes, then by zlib.
    Zlib,
}

/// A block of a `.zsav` file.
#[derive(Debug, Clone, Copy)]
struct ZlibBlock {
    start: u64,
    packed: u64,
    unpacked: u64,
}

/// Starts reading records.
///
/// # Errors
/// The file has gone, or the list of zlib blocks contradicts the file.
pub fn records(source: &Source, part: &DataPart) -> Result<Box<dyn Records>, ReadError> {
    if part.packing == Packing::None {
        return Ok(Box::new(FixedRecords::new(source, part.start, part.record_length, part.rows)?.until_the_end()));
    }
    let mut reader = BinaryReader::new(source, part.order)?;
    reader.seek(part.start, "data")?;
    let bytes = match part.packing {
        Packing::None | Packing::Bytecodes => Bytes::Plain(Box::new(reader)),
        Packing::Zlib => {
            let blocks = zlib_blocks(&mut reader)?;
            Bytes::Zlib { source: source.clone(), blocks: blocks.into_iter(), open: None }
        }
    };
    Ok(Box::new(PackedRecords {
        input: Input { bytes, buffer: vec![0; 16_384], from: 0, to: 0 },
        part: part.clone(),
        codes: [0; 8],
        next: 8,
        ended: false,
        read: 0,
    }))
}

/// The header and the trailer of the zlib part.
fn zlib_blocks(reader: &mut BinaryReader) -> Result<Vec<ZlibBlock>, ReadError> {
    const WHAT: &str = "zlib trailer";
    let start = reader.position();
    let damaged = || ReadError::damaged(WHAT, start);
    let header_at = reader.u64(WHAT)?;
    let trailer_at = reader.u64(WHAT)?;
    let trailer_length = reader.u64(WHAT)?;
    if header_at != start || trailer_at < reader.position() {
        return Err(damaged());
    }
    reader.seek(trailer_at, WHAT)?;
    if trailer_length > reader.remaining() || trailer_length < 24 {
        return Err(damaged());
    }
    reader.skip(20, WHAT)?; // bias, zero, usual size of a block
    let count = u64::from(reader.u32(WHAT)?);
    if count.checked_mul(24).and_then(|bytes| bytes.checked_add(24)) != Some(trailer_length) {
        return Err(damaged());
    }
    let mut blocks = Vec::new();
    let mut expected = start + 24;
    for _ in 0..count {
        reader.skip(8, WHAT)?;
        let at = reader.u64(WHAT)?;
        let unpacked = u64::from(reader.u32(WHAT)?);
        let packed = u64::from(reader.u32(WHAT)?);
        // Blocks follow each other without gaps, so that no byte is read twice.
        if at != expected || at.checked_add(packed).is_none_or(|end| end > trailer_at) {
            return Err(damaged());
        }
        expected = at + packed;
        blocks.push(ZlibBlock { start: at, packed, unpacked });
    }
    Ok(blocks)
}

/// Bytes of the data part after zlib.
enum Bytes {
    Plain(Box<BinaryReader>),
    Zlib { source: Source, blocks: std::vec::IntoIter<ZlibBlock>, open: Option<Box<OpenBlock>> },
}

/// A zlib block that is being read.
struct OpenBlock {
    decoder: ZlibDecoder<Take<Box<dyn ReadSeek>>>,
    block: ZlibBlock,
    read: u64,
}

/// Bytes with a buffer in front.
struct Input {
    bytes: Bytes,
    buffer: Vec<u8>,
    from: usize,
    to: usize,
}

impl Input {
    /// The next `N` bytes; `None` at the end, or when fewer are left.
    #[inline]
    fn take<const N: usize>(&mut self) -> Result<Option<[u8; N]>, ReadError> {
        if self.to - self.from < N && !self.refill(N)? {
            return Ok(None);
        }
        let mut array = [0; N];
        array.copy_from_slice(&self.buffer[self.from..self.from + N]);
        self.from += N;
        Ok(Some(array))
    }

    /// Reads until the buffer holds `wanted` bytes; `false` when the data end before.
    fn refill(&mut self, wanted: usize) -> Result<bool, ReadError> {
        self.buffer.copy_within(self.from..self.to, 0);
        self.to -= self.from;
        self.from = 0;
        while self.to < wanted {
            let read = self.bytes.read(&mut self.buffer[self.to..])?;
            if read == 0 {
                return Ok(false);
            }
            self.to += read;
        }
        Ok(true)
    }
}

impl Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ReadError> {
        match self {
            Bytes::Plain(reader) => {
                let count = (buffer.len() as u64).min(reader.remaining()) as usize;
                reader.fill(&mut buffer[..count], "data")?;
                Ok(count)
            }
            Bytes::Zlib { source, blocks, open } => loop {
                if open.is_none() {
                    let Some(block) = blocks.next() else { return Ok(0) };
                    let mut reader = source.reader()?;
                    reader.seek(std::io::SeekFrom::Start(block.start))?;
                    let decoder = ZlibDecoder::new(reader.take(block.packed));
                    *open = Some(Box::new(OpenBlock { decoder, block, read: 0 }));
                }
                if let Some(current) = open {
                    let damaged = || ReadError::damaged("zlib block", current.block.start);
                    let read = current.decoder.read(buffer).map_err(|_| damaged())?;
                    current.read += read as u64;
                    if read > 0 {
                        return Ok(read);
                    }
                    if current.read != current.block.unpacked {
                        return Err(damaged());
                    }
                    *open = None;
                }
            },
        }
    }
}

/// Records of a file packed by bytecodes: a byte stands for a small whole number, for blanks, for "missing", or for eight bytes
/// that follow.
struct PackedRecords {
    input: Input,
    part: DataPart,
    codes: [u8; 8],
    next: usize,
    ended: bool,
    read: u64,
}

impl PackedRecords {
    fn number(&self, value: f64) -> [u8; 8] {
        match self.part.order {
            ByteOrder::Little => value.to_le_bytes(),
            ByteOrder::Big => value.to_be_bytes(),
        }
    }

    /// The next eight bytes of a record; `None` at the end of the data.
    #[inline]
    fn cell(&mut self) -> Result<Option<[u8; 8]>, ReadError> {
        loop {
            if self.ended {
                return Ok(None);
            }
            if self.next == 8 {
                match self.input.take::<8>()? {
                    Some(codes) => {
                        self.codes = codes;
                        self.next = 0;
                    }
                    None => {
                        self.ended = true;
                        continue;
                    }
                }
            }
            let code = self.codes[self.next];
            self.next += 1;
            return Ok(Some(match code {
                0 => continue,
                252 => {
                    self.ended = true;
                    continue;
                }
                253 => match self.input.take::<8>()? {
                    Some(bytes) => bytes,
                    None => {
                        self.ended = true;
                        continue;
                    }
                },
                254 => *b"        ",
                255 => self.number(self.part.missing),
                _ => self.number(f64::from(code) - self.part.bias),
            }));
        }
    }
}

impl Records for PackedRecords {
    fn append(&mut self, block: &mut Vec<u8>) -> Result<bool, ReadError> {
        if self.part.rows.is_some_and(|rows| self.read >= rows) {
            return Ok(false);
        }
        let start = block.len();
        for position in 0..self.part.record_length / 8 {
            match self.cell()? {
                Some(bytes) => block.extend_from_slice(&bytes),
                None => {
                    block.truncate(start);
                    // The data may end between rows, unless more rows are declared.
                    if position == 0 && self.part.rows.is_none() {
                        return Ok(false);
                    }
                    let (offset, row) = (Some(self.part.start), Some(self.read + 1));
                    return Err(ReadError::Damaged { what: "data", offset, row, column: None });
                }
            }
        }
        self.read += 1;
        Ok(true)
    }

    fn surplus(&mut self) -> u64 {
        self.part.rows = None;
        let declared = self.read;
        let mut record = Vec::new();
        while let Ok(true) = self.append(&mut record) {
            record.clear();
        }
        self.read - declared
    }
}
