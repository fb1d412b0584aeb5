//! Reading of binary files whose lengths cannot be trusted: nothing is allocated that the file cannot fill.

use std::io::{Read, Seek, SeekFrom};

use crate::error::ReadError;
use crate::source::{ReadSeek, Source};

/// Order of the bytes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteOrder {
    /// Lowest byte first.
    Little,
    /// Highest byte first.
    Big,
}

macro_rules! of_bytes {
    ($name:ident, $type:ty, $count:literal) => {
        /// The whole number of these bytes.
        #[inline]
        pub fn $name(self, bytes: [u8; $count]) -> $type {
            match self {
                ByteOrder::Little => <$type>::from_le_bytes(bytes),
                ByteOrder::Big => <$type>::from_be_bytes(bytes),
            }
        }
    };
}

impl ByteOrder {
    of_bytes!(u16, u16, 2);
    of_bytes!(u32, u32, 4);
    of_bytes!(u64, u64, 8);
}

/// Reads numbers and bytes, and knows where it is.
pub struct BinaryReader {
    inner: Box<dyn ReadSeek>,
    position: u64,
    length: u64,
    order: ByteOrder,
}

macro_rules! number {
    ($name:ident, $type:ty, $text:literal) => {
        #[doc = $text]
        pub fn $name(&mut self, what: &'static str) -> Result<$type, ReadError> {
            let bytes = self.array(what)?;
            Ok(match self.order {
                ByteOrder::Little => <$type>::from_le_bytes(bytes),
                ByteOrder::Big => <$type>::from_be_bytes(bytes),
            })
        }
    };
}

impl BinaryReader {
    /// Starts at the first byte of `source`.
    ///
    /// # Errors
    /// The file has gone.
    pub fn new(source: &Source, order: ByteOrder) -> Result<BinaryReader, ReadError> {
        Ok(BinaryReader { inner: source.reader()?, position: 0, length: source.length(), order })
    }

    /// Byte of the file that is read next.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Bytes from here to the end of the file.
    pub fn remaining(&self) -> u64 {
        self.length.saturating_sub(self.position)
    }

    /// Order of the bytes of numbers.
    pub fn order(&self) -> ByteOrder {
        self.order
    }

    /// Sets the order of the bytes of numbers.
    pub fn set_order(&mut self, order: ByteOrder) {
        self.order = order;
    }

    /// Fills `buffer`.
    ///
    /// # Errors
    /// The file ends early, in the part called `what`.
    pub fn fill(&mut self, buffer: &mut [u8], what: &'static str) -> Result<(), ReadError> {
        let start = self.position;
        match self.inner.read_exact(buffer) {
            Ok(()) => {
                self.position += buffer.len() as u64;
                Ok(())
            }
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Err(ReadError::damaged(what, start)),
            Err(error) => Err(error.into()),
        }
    }

    /// The next `count` bytes.
    ///
    /// # Errors
    /// The file ends early; it is looked at before anything is allocated.
    pub fn bytes(&mut self, count: u64, what: &'static str) -> Result<Vec<u8>, ReadError> {
        if count > self.remaining() {
            return Err(ReadError::damaged(what, self.position));
        }
        let mut buffer = vec![0; usize::try_from(count).map_err(|_| ReadError::damaged(what, self.position))?];
        self.fill(&mut buffer, what)?;
        Ok(buffer)
    }

    /// The next `N` bytes.
    ///
    /// # Errors
    /// The file ends early.
    pub fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], ReadError> {
        let mut buffer = [0; N];
        self.fill(&mut buffer, what)?;
        Ok(buffer)
    }

    /// Passes over `count` bytes.
    ///
    /// # Errors
    /// The file ends early.
    pub fn skip(&mut self, count: u64, what: &'static str) -> Result<(), ReadError> {
        if count > self.remaining() {
            return Err(ReadError::damaged(what, self.position));
        }
        self.seek(self.position + count, what)
    }

    /// Goes to a byte of the file.
    ///
    /// # Errors
    /// It lies behind the end.
    pub fn seek(&mut self, position: u64, what: &'static str) -> Result<(), ReadError> {
        if position > self.length {
            return Err(ReadError::damaged(what, self.position));
        }
        // A relative move keeps what the buffer holds.
        let distance = position as i64 - self.position as i64;
        if (0..65_536).contains(&distance) {
            std::io::copy(&mut self.inner.by_ref().take(distance as u64), &mut std::io::sink())?;
        } else {
            self.inner.seek(SeekFrom::Start(position))?;
        }
        self.position = position;
        Ok(())
    }

    /// One byte.
    pub fn u8(&mut self, what: &'static str) -> Result<u8, ReadError> {
        Ok(self.array::<1>(what)?[0])
    }

    number!(u16, u16, "A whole number of two bytes.");
    number!(u32, u32, "A whole number of four bytes.");
    number!(u64, u64, "A whole number of eight bytes.");
    number!(i16, i16, "A whole number of two bytes, with sign.");
    number!(i32, i32, "A whole number of four bytes, with sign.");
    number!(f64, f64, "A number of eight bytes.");
}
