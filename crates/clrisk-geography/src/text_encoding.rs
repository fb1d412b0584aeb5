//! Texts in the encodings of old map files.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// The upper halves of the two code pages of DOS, which mapping software of the 1990s wrote.
const CODE_PAGE_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
const CODE_PAGE_850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// An encoding of one text file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum TextEncoding {
    /// One that browsers know.
    Web(&'static Encoding),
    /// DOS, code page 437.
    CodePage437,
    /// DOS, code page 850.
    CodePage850,
}

impl TextEncoding {
    /// Western European Windows: what a file is in when it is not UTF-8 and does not say.
    pub const WINDOWS: TextEncoding = TextEncoding::Web(WINDOWS_1252);
    /// UTF-8.
    pub const UTF8: TextEncoding = TextEncoding::Web(UTF_8);

    /// From the names found in `.cpg` files and settings: `UTF-8`, `1252`, `ISO-8859-1`, `ANSI 1252`, `OEM 850` ...
    pub fn named(label: &str) -> Option<TextEncoding> {
        let label = label.trim().trim_start_matches('\u{feff}').to_ascii_lowercase();
        let digits: String = label.chars().filter(char::is_ascii_digit).collect();
        match digits.as_str() {
            "437" => return Some(TextEncoding::CodePage437),
            "850" => return Some(TextEncoding::CodePage850),
            "65001" | "8" => return Some(TextEncoding::UTF8),
            "88591" => return Some(TextEncoding::WINDOWS),
            "885915" => return Encoding::for_label(b"iso-8859-15").map(TextEncoding::Web),
            digits if digits.len() == 4 && digits.starts_with("12") => {
                return Encoding::for_label(format!("windows-{digits}").as_bytes()).map(TextEncoding::Web);
            }
            _ => {}
        }
        Encoding::for_label(label.as_bytes()).map(TextEncoding::Web)
    }

    /// From the language driver of a dBASE header.
    pub fn of_language_driver(driver: u8) -> Option<TextEncoding> {
        match driver {
            0x01 | 0x1b => Some(TextEncoding::CodePage437),
            0x02 | 0x14 | 0x25 | 0x37 => Some(TextEncoding::CodePage850),
            0x03 | 0x57 | 0x58 | 0x59 => Some(TextEncoding::WINDOWS),
            _ => None,
        }
    }

    /// Name for readers.
    pub fn name(self) -> String {
        match self {
            TextEncoding::Web(encoding) => encoding.name().to_ascii_lowercase(),
            TextEncoding::CodePage437 => "cp437".to_owned(),
            TextEncoding::CodePage850 => "cp850".to_owned(),
        }
    }

    /// Decodes; what the encoding does not have becomes the replacement character.
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        let page = match self {
            TextEncoding::Web(encoding) => return encoding.decode_without_bom_handling(bytes).0,
            TextEncoding::CodePage437 => CODE_PAGE_437,
            TextEncoding::CodePage850 => CODE_PAGE_850,
        };
        let upper: Vec<char> = page.chars().collect();
        let decode = |&byte: &u8| match byte {
            0..=127 => char::from(byte),
            _ => upper.get(usize::from(byte) - 128).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
        };
        Cow::Owned(bytes.iter().map(decode).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_companion_files_name_their_encodings() {
        assert_eq!(TextEncoding::named("UTF-8"), Some(TextEncoding::UTF8));
        assert_eq!(TextEncoding::named(" 1252\r\n"), Some(TextEncoding::WINDOWS));
        assert_eq!(TextEncoding::named("ANSI 1252"), Some(TextEncoding::WINDOWS));
        assert_eq!(TextEncoding::named("OEM 850"), Some(TextEncoding::CodePage850));
        assert_eq!(TextEncoding::named("ISO-8859-1"), Some(TextEncoding::WINDOWS));
        assert_eq!(TextEncoding::named("nonsense"), None);
    }

    #[test]
    fn the_letters_of_spanish_come_out_of_every_code_page() {
        // Bytes by Python's codecs: "Ñuñoa Á".encode(...).
        for (encoding, bytes) in [
            (TextEncoding::WINDOWS, &b"\xd1u\xf1oa \xc1"[..]),
            (TextEncoding::CodePage850, b"\xa5u\xa4oa \xb5"),
            (TextEncoding::UTF8, b"\xc3\x91u\xc3\xb1oa \xc3\x81"),
        ] {
            assert_eq!(encoding.decode(bytes), "Ñuñoa Á");
        }
        assert_eq!(TextEncoding::CodePage437.decode(b"\xa5u\xa4oa"), "Ñuñoa");
        assert_eq!(CODE_PAGE_437.chars().count(), 128);
        assert_eq!(CODE_PAGE_850.chars().count(), 128);
    }
}
