//! The characters of a text file: through gzip or out of a zip archive, in UTF-8 whatever its encoding.

use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{CoderResult, Decoder};
use flate2::read::{DeflateDecoder, MultiGzDecoder};

use super::evidence::TextEvidence;
use crate::encoding::TextEncoding;
use crate::error::ReadError;
use crate::source::Source;

/// A row longer than this is a sign of a quote that is not closed, or of a file that is no text.
const LONGEST_ROW: u64 = 16 << 20;

/// Bytes of a text file, wherever they lie.
#[derive(Debug, Clone)]
pub(crate) enum TextInput {
    /// A file as it is, or in gzip.
    File {
        /// The file.
        source: Source,
        /// Whether its bytes are those of gzip.
        gzip: bool,
    },
    /// A part of a zip archive.
    Part {
        /// The archive.
        archive: Source,
        /// Byte at which the part begins.
        start: u64,
        /// Bytes it takes up.
        length: u64,
        /// Whether they are compressed.
        deflated: bool,
    },
}

impl TextInput {
    /// The text of a file.
    pub(crate) fn of(source: &Source) -> Result<TextInput, ReadError> {
        let gzip = source.head(2)? == [0x1f, 0x8b];
        Ok(TextInput::File { source: source.clone(), gzip })
    }

    /// Its bytes, from the first.
    pub(super) fn bytes(&self) -> Result<Box<dyn Read + Send>, ReadError> {
        Ok(match self {
            TextInput::File { source, gzip: false } => Box::new(source.reader()?),
            TextInput::File { source, gzip: true } => Box::new(MultiGzDecoder::new(source.reader()?)),
            TextInput::Part { archive, start, length, deflated } => {
                let mut reader = archive.reader()?;
                reader.seek(SeekFrom::Start(*start))?;
                let part = reader.take(*length);
                match deflated {
                    true => Box::new(DeflateDecoder::new(part)),
                    false => Box::new(part),
                }
            }
        })
    }

    /// The first bytes, as many as there are.
    pub(crate) fn head(&self, count: u64) -> Result<Vec<u8>, ReadError> {
        let mut head = Vec::new();
        self.bytes()?.take(count).read_to_end(&mut head).map_err(damaged)?;
        Ok(head)
    }
}

/// What was wrong with bytes that could not be read: a file that is cut or damaged within its compression, or the operating system.
pub(super) fn damaged(error: io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            ReadError::Damaged { what: "compressed text", offset: None, row: None, column: None }
        }
        io::ErrorKind::FileTooLarge => ReadError::Damaged { what: "row", offset: None, row: None, column: None },
        _ => error.into(),
    }
}

/// The encoding that the mark at the beginning of a file tells, and the length of the mark.
pub(super) fn byte_order_mark(head: &[u8]) -> Option<(TextEncoding, usize)> {
    match head {
        [0xef, 0xbb, 0xbf, ..] => Some((TextEncoding::UTF_8, 3)),
        [0xff, 0xfe, ..] => TextEncoding::named("utf-16le").ok().map(|encoding| (encoding, 2)),
        [0xfe, 0xff, ..] => TextEncoding::named("utf-16be").ok().map(|encoding| (encoding, 2)),
        _ => None,
    }
}

/// Text in UTF-8, row by row within a bound.
pub(super) struct Characters {
    inner: Box<dyn Read + Send>,
    /// Bytes of the file at the beginning that are no text.
    skip: usize,
    decoding: Decoding,
    /// Bytes given since the last row ended.
    since_row: u64,
    /// Characters that could not be decoded.
    pub replaced: u64,
    /// Bytes of the file that are being decoded.
    raw: Vec<u8>,
    /// Decoded text that has not been given yet.
    ready: Vec<u8>,
    given: usize,
    ended: bool,
}

enum Decoding {
    /// The bytes are UTF-8, or not known yet; what is learned of them is kept.
    Watched(Box<TextEvidence>),
    /// The bytes are UTF-8.
    None,
    Web(Box<Decoder>),
    CodePage(TextEncoding),
}

impl Characters {
    /// The text of `input`; without an encoding its bytes are given as they are, and watched.
    pub(super) fn new(input: &TextInput, encoding: Option<TextEncoding>, skip: usize) -> Result<Characters, ReadError> {
        let decoding = match encoding {
            None => Decoding::Watched(Box::new(TextEvidence::new())),
            Some(encoding) if encoding == TextEncoding::UTF_8 => Decoding::None,
            Some(encoding) => match encoding.of_the_web() {
                Some(web) => Decoding::Web(Box::new(web.new_decoder_without_bom_handling())),
                None => Decoding::CodePage(encoding),
            },
        };
        Ok(Characters {
            inner: input.bytes()?,
            skip,
            decoding,
            since_row: 0,
            replaced: 0,
            raw: Vec::new(),
            ready: Vec::new(),
            given: 0,
            ended: false,
        })
    }

    /// A row has ended: the next may be as long again.
    #[inline]
    pub(super) fn row_ended(&mut self) {
        self.since_row = 0;
    }

    /// Name of the encoding that is decoded.
    pub(super) fn encoding_name(&self) -> &'static str {
        match &self.decoding {
            Decoding::Watched(_) | Decoding::None => TextEncoding::UTF_8.name(),
            Decoding::Web(decoder) => decoder.encoding().name(),
            Decoding::CodePage(encoding) => encoding.name(),
        }
    }

    /// What the bytes say about their encoding, when they were watched.
    pub(super) fn evidence(&self) -> Option<&TextEvidence> {
        match &self.decoding {
            Decoding::Watched(evidence) => Some(evidence),
            _ => None,
        }
    }

    fn skip_mark(&mut self) -> io::Result<()> {
        if self.skip > 0 {
            let skip = std::mem::take(&mut self.skip) as u64;
            io::copy(&mut self.inner.by_ref().take(skip), &mut io::sink())?;
        }
        Ok(())
    }

    /// Decodes the next bytes of the file into `ready`.
    fn decode_more(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        while self.ready.is_empty() && !self.ended {
            self.raw.resize(1 << 15, 0);
            let count = self.inner.read(&mut self.raw)?;
            self.ended = count == 0;
            let bytes = &self.raw[..count];
            match &mut self.decoding {
                Decoding::Web(decoder) => {
                    let mut from = 0;
                    loop {
                        let at = self.ready.len();
                        self.ready.resize(at + 3 * (bytes.len() - from) + 64, 0);
                        let (result, read, written, replaced) =
                            decoder.decode_to_utf8(&bytes[from..], &mut self.ready[at..], self.ended);
                        self.ready.truncate(at + written);
                        self.replaced += u64::from(replaced);
                        from += read;
                        if result == CoderResult::InputEmpty {
                            break;
                        }
                    }
                }
                Decoding::CodePage(encoding) => self.ready.extend_from_slice(encoding.decode(bytes).0.as_bytes()),
                Decoding::Watched(_) | Decoding::None => self.ready.extend_from_slice(bytes),
            }
        }
        Ok(())
    }
}

impl Read for Characters {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.skip_mark()?;
        let count = match &mut self.decoding {
            Decoding::None => self.inner.read(buffer)?,
            Decoding::Watched(evidence) => {
                let count = self.inner.read(buffer)?;
                evidence.add(&buffer[..count]);
                count
            }
            _ => {
                if self.given == self.ready.len() {
                    self.decode_more()?;
                }
                let count = buffer.len().min(self.ready.len() - self.given);
                buffer[..count].copy_from_slice(&self.ready[self.given..self.given + count]);
                self.given += count;
                count
            }
        };
        self.since_row += count as u64;
        if self.since_row > LONGEST_ROW {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        Ok(count)
    }
}
