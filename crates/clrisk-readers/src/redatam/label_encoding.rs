//! The encoding of REDATAM texts: Windows-1252 in most databases, code page 850 in those that come from DOS, UTF-8 in XML.

use crate::encoding::TextEncoding;
use crate::provenance::{EncodingChoice, EncodingEvidence};
use crate::text::LetterCounts;

/// How texts are decoded, and how that was decided.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LabelEncoding {
    encoding: TextEncoding,
    evidence: EncodingEvidence,
}

impl LabelEncoding {
    /// The encoding the caller asks for.
    pub(super) fn asked(encoding: TextEncoding) -> LabelEncoding {
        LabelEncoding { encoding, evidence: EncodingEvidence::Asked }
    }

    /// Decides between UTF-8, code page 850 and Windows-1252 by the letters that stand beside letters.
    pub(super) fn of(parts: &[&[u8]]) -> LabelEncoding {
        let mut letters = LetterCounts::default();
        parts.iter().for_each(|part| letters.add(part));
        LabelEncoding::by_letters(&letters)
    }

    /// As [`LabelEncoding::of`], by letters that have been counted.
    pub(super) fn by_letters(letters: &LetterCounts) -> LabelEncoding {
        let LetterCounts { dos, windows, utf_8 } = *letters;
        let (encoding, evidence) = if dos + windows + utf_8 == 0 {
            (TextEncoding::WINDOWS_1252, EncodingEvidence::Plain)
        } else if utf_8 > dos.max(windows) / 2 {
            (TextEncoding::UTF_8, EncodingEvidence::Guessed)
        } else if dos > windows {
            (TextEncoding::CODE_PAGE_850, EncodingEvidence::Guessed)
        } else {
            (TextEncoding::WINDOWS_1252, EncodingEvidence::Guessed)
        };
        LabelEncoding { encoding, evidence }
    }

    /// For the provenance.
    pub(super) fn choice(&self) -> EncodingChoice {
        EncodingChoice { name: self.encoding.name().to_owned(), evidence: self.evidence }
    }

    /// A text without the blanks and zero bytes at its end.
    pub(super) fn decode(&self, bytes: &[u8]) -> String {
        let end = bytes.iter().rposition(|byte| !matches!(byte, 0 | b' ')).map_or(0, |last| last + 1);
        self.encoding.decode(&bytes[..end]).0.into_owned()
    }

    /// A label, when there is one.
    pub(super) fn label(&self, bytes: &[u8]) -> Option<String> {
        let text = self.decode(bytes);
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spanish_words_tell_dos_from_windows_and_utf_8() {
        let name = |bytes: &[u8]| LabelEncoding::of(&[bytes]).choice().name;
        assert_eq!(name(b"Regi\xf3n, a\xf1os, educaci\xf3n"), "windows-1252");
        assert_eq!(name(b"Regi\xa2n, a\xa4os, educaci\xa2n"), "cp850");
        assert_eq!(name("Región, años, educación".as_bytes()), "utf-8");
        assert_eq!(name(b"Region"), "windows-1252");
        // Numbers between texts are no letters.
        assert_eq!(name(b"Regi\xf3n\0\xa2\xa4\xa0\xa1\0"), "windows-1252");
    }
}
