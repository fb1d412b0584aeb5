//! Which encoding a text is in, learned from its bytes.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use crate::encoding::TextEncoding;
use crate::provenance::{EncodingChoice, EncodingEvidence};

/// The detector of encodings looks at this many bytes of chunks that hold more than ASCII.
const LOOKED_AT: usize = 1 << 20;

/// Bytes that are letters of Spanish, Portuguese or French in one of three encodings and stand beside an ASCII letter; what binary files
/// hold between their texts does not count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct LetterCounts {
    /// In code pages 437 and 850 of DOS.
    pub dos: u64,
    /// In Windows-1252.
    pub windows: u64,
    /// First bytes of letters in UTF-8.
    pub utf_8: u64,
}

impl LetterCounts {
    /// Counts the letters of more bytes.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        const DOS: &[u8] = &[
            0x80, 0x81, 0x82, 0x85, 0x87, 0x8a, 0x90, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xb5, 0xc6, 0xd6, 0xe0, 0xe4,
        ];
        const WINDOWS: &[u8] = &[
            0xc1, 0xc9, 0xcd, 0xd1, 0xd3, 0xda, 0xdc, 0xe0, 0xe1, 0xe2, 0xe3, 0xe7, 0xe8, 0xe9, 0xea, 0xed, 0xf1, 0xf3,
            0xf4, 0xf5, 0xfa, 0xfc,
        ];
        let letter = |position: Option<usize>| {
            position.and_then(|position| bytes.get(position)).is_some_and(u8::is_ascii_alphabetic)
        };
        for (at, byte) in bytes.iter().enumerate().filter(|(_, byte)| !byte.is_ascii()) {
            let before = letter(at.checked_sub(1));
            if before
                && matches!(byte, 0xc2 | 0xc3)
                && bytes.get(at + 1).is_some_and(|next| (0x80..0xc0).contains(next))
            {
                self.utf_8 += 1;
            } else if before || letter(Some(at + 1)) {
                self.dos += u64::from(DOS.contains(byte));
                self.windows += u64::from(WINDOWS.contains(byte));
            }
        }
    }
}

/// What the bytes seen so far say about their encoding.
pub(crate) struct TextEvidence {
    detector: EncodingDetector,
    fed: usize,
    letters: LetterCounts,
    ascii: bool,
    valid_utf_8: bool,
    /// Bytes of a letter of UTF-8 that the last chunk cut.
    pending: Vec<u8>,
}

impl TextEvidence {
    pub(crate) fn new() -> TextEvidence {
        TextEvidence {
            detector: EncodingDetector::new(Iso2022JpDetection::Deny),
            fed: 0,
            letters: LetterCounts::default(),
            ascii: true,
            valid_utf_8: true,
            pending: Vec::new(),
        }
    }

    /// Takes note of the next bytes of the file.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        if bytes.is_ascii() && self.pending.is_empty() {
            return;
        }
        self.ascii = false;
        self.letters.add(bytes);
        if self.fed < LOOKED_AT {
            self.detector.feed(bytes, false);
            self.fed += bytes.len();
        }
        if self.valid_utf_8 {
            let mut joined = std::mem::take(&mut self.pending);
            joined.extend_from_slice(bytes);
            if let Err(error) = std::str::from_utf8(&joined) {
                match error.error_len() {
                    None => self.pending = joined[error.valid_up_to()..].to_vec(),
                    Some(_) => self.valid_utf_8 = false,
                }
            }
        }
    }

    /// The encoding, after all bytes were seen.
    pub(crate) fn decide(&self) -> (TextEncoding, EncodingChoice) {
        let (encoding, evidence) = if self.ascii {
            (TextEncoding::UTF_8, EncodingEvidence::Plain)
        } else if self.valid_utf_8 && self.pending.is_empty() {
            (TextEncoding::UTF_8, EncodingEvidence::Valid)
        } else if self.letters.dos > 3 * self.letters.windows {
            // The detector knows the encodings of the web, which those of DOS are not.
            (TextEncoding::CODE_PAGE_850, EncodingEvidence::Guessed)
        } else {
            let guess = self.detector.guess(Some(b"gt"), Utf8Detection::Deny);
            (TextEncoding::named(guess.name()).unwrap_or(TextEncoding::WINDOWS_1252), EncodingEvidence::Guessed)
        };
        (encoding, EncodingChoice { name: encoding.name().to_owned(), evidence })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spanish_words_tell_dos_from_windows_and_utf_8_however_they_are_cut() {
        let name = |bytes: &[u8], step: usize| {
            let mut evidence = TextEvidence::new();
            bytes.chunks(step).for_each(|chunk| evidence.add(chunk));
            evidence.decide().1
        };
        for step in [1, 3, 1000] {
            let utf_8 = name("Región, años, educación".as_bytes(), step);
            assert_eq!((utf_8.name.as_str(), utf_8.evidence), ("utf-8", EncodingEvidence::Valid), "{step}");
            assert_eq!(name(b"Region", step).evidence, EncodingEvidence::Plain);
        }
        assert_eq!(name(b"Regi\xf3n, a\xf1os, educaci\xf3n", 1000).name, "windows-1252");
        assert_eq!(name(b"Regi\xa2n, a\xa4os, educaci\xa2n", 1000).name, "cp850");
        assert_eq!(name(b"A\xc3", 1000).name, "windows-1252");
    }
}
