//! Encodings of text: those of the web (`encoding_rs`), and the two code pages of DOS that old SPSS, dBase and REDATAM files of Latin
//! America are written in.

use std::borrow::Cow;

use encoding_rs::Encoding;

use crate::error::ReadError;

/// Bytes 0x80 to 0xff of code page 437.
const CODE_PAGE_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// Bytes 0x80 to 0xff of code page 850.
const CODE_PAGE_850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// The text of bytes in UTF-8. A last character that is not complete is left out: programs cut texts to the width of a column by bytes.
pub fn utf8(bytes: &[u8]) -> Option<&str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&bytes[..error.valid_up_to()]).ok(),
        Err(_) => None,
    }
}

/// How bytes become text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextEncoding(Kind);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Web(&'static Encoding),
    CodePage { name: &'static str, high: &'static str },
}

impl TextEncoding {
    /// UTF-8.
    pub const UTF_8: TextEncoding = TextEncoding(Kind::Web(encoding_rs::UTF_8));
    /// Windows-1252, which holds ISO 8859-1.
    pub const WINDOWS_1252: TextEncoding = TextEncoding(Kind::Web(encoding_rs::WINDOWS_1252));
    /// Code page 437 of DOS.
    pub const CODE_PAGE_437: TextEncoding = TextEncoding(Kind::CodePage { name: "cp437", high: CODE_PAGE_437 });
    /// Code page 850 of DOS.
    pub const CODE_PAGE_850: TextEncoding = TextEncoding(Kind::CodePage { name: "cp850", high: CODE_PAGE_850 });

    /// The encoding of a name: a label of the web, or `cpNNNN`, `ibmNNNN`, `msNNNN`, `NNNN`.
    ///
    /// # Errors
    /// There is no encoding of that name.
    pub fn named(name: &str) -> Result<TextEncoding, ReadError> {
        let lower = name.trim().to_ascii_lowercase();
        let digits = lower.trim_start_matches(|c: char| !c.is_ascii_digit());
        let prefix = &lower[..lower.len() - digits.len()];
        let code_page =
            matches!(prefix.trim_end_matches(['-', '_']), "" | "cp" | "ibm" | "ms" | "oem" | "windows" | "win");
        if code_page && let Some(found) = digits.parse().ok().and_then(TextEncoding::of_code_page) {
            return Ok(found);
        }
        Encoding::for_label(lower.replace('_', "-").as_bytes())
            .or_else(|| Encoding::for_label(lower.as_bytes()))
            .or_else(|| Encoding::for_label(lower.replace("iso8859", "iso-8859").as_bytes()))
            .map(|encoding| TextEncoding(Kind::Web(encoding)))
            .ok_or_else(|| ReadError::UnknownEncoding { name: name.trim().to_owned() })
    }

    /// The encoding of a Windows code page number.
    pub fn of_code_page(number: u32) -> Option<TextEncoding> {
        let label = match number {
            437 => return Some(TextEncoding::CODE_PAGE_437),
            850 | 858 => return Some(TextEncoding::CODE_PAGE_850),
            20127 | 65001 => "utf-8",
            28591 => "windows-1252",
            28592..=28606 => return TextEncoding::named(&format!("iso-8859-{}", number - 28590)).ok(),
            866 => "ibm866",
            874 => "windows-874",
            932 => "shift_jis",
            936 | 54936 => "gb18030",
            949 => "euc-kr",
            950 => "big5",
            1200 => "utf-16le",
            1250..=1258 => {
                return Encoding::for_label(format!("windows-{number}").as_bytes()).map(|e| TextEncoding(Kind::Web(e)));
            }
            10000 => "macintosh",
            20866 => "koi8-r",
            21866 => "koi8-u",
            51932 => "euc-jp",
            _ => return None,
        };
        Encoding::for_label(label.as_bytes()).map(|encoding| TextEncoding(Kind::Web(encoding)))
    }

    /// Its name, for example `windows-1252`.
    pub fn name(self) -> &'static str {
        match self.0 {
            Kind::Web(encoding) if encoding == encoding_rs::UTF_8 => "utf-8",
            Kind::Web(encoding) if encoding == encoding_rs::WINDOWS_1252 => "windows-1252",
            Kind::Web(encoding) => encoding.name(),
            Kind::CodePage { name, .. } => name,
        }
    }

    /// The encoding of `encoding_rs`, when it is one of the web.
    pub fn of_the_web(self) -> Option<&'static Encoding> {
        match self.0 {
            Kind::Web(encoding) => Some(encoding),
            Kind::CodePage { .. } => None,
        }
    }

    /// Decodes bytes. The flag says that some could not be decoded and are now `�`.
    pub fn decode(self, bytes: &[u8]) -> (Cow<'_, str>, bool) {
        match self.0 {
            Kind::Web(encoding) if encoding == encoding_rs::UTF_8 => match utf8(bytes) {
                Some(text) => (Cow::Borrowed(text), false),
                None => encoding.decode_without_bom_handling(bytes),
            },
            Kind::Web(encoding) => encoding.decode_without_bom_handling(bytes),
            Kind::CodePage { high, .. } => {
                if let (true, Ok(text)) = (bytes.is_ascii(), std::str::from_utf8(bytes)) {
                    return (Cow::Borrowed(text), false);
                }
                let table: Vec<char> = high.chars().collect();
                let text = bytes
                    .iter()
                    .map(|byte| match byte {
                        0..=127 => char::from(*byte),
                        _ => table.get(usize::from(*byte) - 128).copied().unwrap_or('\u{fffd}'),
                    })
                    .collect();
                (Cow::Owned(text), false)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_go_by_the_names_that_files_and_people_write() {
        for (name, expected) in [
            ("UTF-8", "utf-8"),
            ("utf8", "utf-8"),
            ("windows-1252", "windows-1252"),
            ("latin1", "windows-1252"),
            ("ISO-8859-1", "windows-1252"),
            ("iso8859_1", "windows-1252"),
            ("CP1252", "windows-1252"),
            ("1252", "windows-1252"),
            ("cp850", "cp850"),
            ("IBM437", "cp437"),
            ("windows-1250", "windows-1250"),
        ] {
            assert_eq!(TextEncoding::named(name).unwrap().name(), expected, "{name}");
        }
        assert!(matches!(TextEncoding::named("klingon"), Err(ReadError::UnknownEncoding { .. })));
        assert!(matches!(TextEncoding::named(""), Err(ReadError::UnknownEncoding { .. })));
        assert!(matches!(TextEncoding::named("é"), Err(ReadError::UnknownEncoding { .. })));
    }

    #[test]
    fn a_character_cut_at_the_end_of_a_text_is_left_out_and_one_within_is_not() {
        assert_eq!(TextEncoding::UTF_8.decode(b"a\xc3"), (Cow::Borrowed("a"), false));
        assert_eq!(TextEncoding::UTF_8.decode(b"a\xc3b").0, "a\u{fffd}b");
        assert!(TextEncoding::UTF_8.decode(b"a\xc3b").1);
    }

    #[test]
    fn code_pages_of_dos_hold_the_letters_of_spanish_portuguese_and_french() {
        // Bytes from the IBM code page charts.
        assert_eq!(TextEncoding::CODE_PAGE_437.decode(&[b'N', 0xa4, 0x82, 0xa1]).0, "Nñéí");
        assert_eq!(TextEncoding::CODE_PAGE_850.decode(&[0xb5, 0xc6, 0xe4, 0x87, 0xd6]).0, "ÁãõçÍ");
        assert_eq!(CODE_PAGE_437.chars().count(), 128);
        assert_eq!(CODE_PAGE_850.chars().count(), 128);
    }
}
