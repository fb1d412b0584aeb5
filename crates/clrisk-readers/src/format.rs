//! Which format a file is: by its content, and by its extension where content does not tell.

use crate::error::ReadError;
use crate::source::Source;

/// Bytes from the beginning of a file that its format is decided by; the mark of an SPSS portable file lies behind 456 bytes and
/// possible line ends.
const HEAD: usize = 4096;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Delimited text, plain or in gzip.
    DelimitedText,
    /// Text with columns at fixed positions, which a dictionary names.
    FixedWidthText,
    /// A zip archive of text files.
    Zip,
    /// Parquet.
    Parquet,
    /// An Excel workbook or OpenDocument spreadsheet (`.xlsx`, `.xlsm`, `.xlsb`, `.xls`, `.ods`).
    Workbook,
    /// A dBase or FoxPro table (`.dbf`).
    Dbf,
    /// An SPSS data file (`.sav`, `.zsav`).
    Spss,
    /// An SPSS portable file (`.por`).
    SpssPortable,
    /// A Stata data file (`.dta`).
    Stata,
    /// A SAS data file (`.sas7bdat`).
    Sas,
    /// Value labels of SAS (`.sas7bcat`).
    SasCatalog,
    /// A SAS transport file (`.xpt`).
    SasTransport,
    /// A REDATAM dictionary (`.dic`, `.dicx`) and the files beside it.
    Redatam,
}

impl Format {
    /// The name its users know it by; the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Format::DelimitedText => "CSV",
            Format::FixedWidthText => "TXT",
            Format::Zip => "ZIP",
            Format::Parquet => "Parquet",
            Format::Workbook => "Excel",
            Format::Dbf => "dBase",
            Format::Spss => "SPSS",
            Format::SpssPortable => "SPSS portable",
            Format::Stata => "Stata",
            Format::Sas => "SAS",
            Format::SasCatalog => "SAS catalog",
            Format::SasTransport => "SAS transport",
            Format::Redatam => "REDATAM",
        }
    }

    /// Decides the format of a source.
    ///
    /// # Errors
    /// The source cannot be read, is protected by a password, or is of no known format.
    pub fn of(source: &Source) -> Result<Format, ReadError> {
        let head = source.head(HEAD)?;
        if head.is_empty() {
            return Err(ReadError::Empty);
        }
        if head.get(8..20) == Some(b"ENCRYPTEDSAV") {
            return Err(ReadError::Protected);
        }
        if let Some(format) = by_content(&head) {
            return Ok(format);
        }
        if head.starts_with(b"PK\x03\x04") {
            return zip_content(source);
        }
        match source.extension().as_str() {
            "dic" | "dicx" => Ok(Format::Redatam),
            "dbf" => Ok(Format::Dbf),
            "csv" | "tsv" | "tab" | "txt" | "dat" | "prn" | "asc" | "gz" => Ok(Format::DelimitedText),
            _ if looks_like_text(&head) => Ok(Format::DelimitedText),
            _ => Err(ReadError::UnknownFormat),
        }
    }
}

/// Formats that begin with a mark of their own.
fn by_content(head: &[u8]) -> Option<Format> {
    /// Where SAS files begin to tell data (0x60) from catalogs (0x63).
    const SAS: &[u8] = &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc2, 0xea, 0x81];
    if head.starts_with(b"$FL2") || head.starts_with(b"$FL3") {
        Some(Format::Spss)
    } else if head.starts_with(b"<stata_dta>")
        || matches!(head, [102..=115, 1 | 2, 1, 0, ..])
        || matches!(head, [102..=104, 0, 1, 0, ..])
    {
        Some(Format::Stata)
    } else if head.starts_with(SAS) {
        match head.get(15) {
            Some(0x60) => Some(Format::Sas),
            Some(0x63) => Some(Format::SasCatalog),
            _ => None,
        }
    } else if head.starts_with(b"HEADER RECORD*******LIB") {
        Some(Format::SasTransport)
    } else if head.starts_with(b"PAR1") {
        Some(Format::Parquet)
    } else if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        Some(Format::Workbook)
    } else if head.starts_with(&[0x1f, 0x8b]) {
        Some(Format::DelimitedText)
    } else if portable_mark(head) {
        Some(Format::SpssPortable)
    } else {
        None
    }
}

/// An SPSS portable file: 200 bytes of splash, 256 bytes that say which byte stands for which character, then `SPSSPORT` written
/// with them. Lines may end anywhere.
fn portable_mark(head: &[u8]) -> bool {
    // A line that lost its trailing blanks gets them back.
    let mut plain: Vec<u8> = Vec::new();
    for line in head.split(|byte| *byte == b'\n').take(7) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        plain.extend_from_slice(line);
        plain.resize(plain.len() + 80_usize.saturating_sub(line.len()), b' ');
    }
    let (Some(table), Some(mark)) = (plain.get(200..456), plain.get(456..464)) else { return false };
    // Positions of S, P, O, R, T in the character set of the format.
    const MARK: [usize; 8] = [92, 89, 92, 92, 89, 88, 91, 93];
    MARK.iter().zip(mark).all(|(position, byte)| table.get(*position) == Some(byte)) && mark[0] != mark[1]
}

/// A zip archive is a workbook when it holds the parts of one.
fn zip_content(source: &Source) -> Result<Format, ReadError> {
    let archive =
        zip::ZipArchive::new(source.reader()?).map_err(|_| ReadError::damaged("zip directory", source.length()))?;
    let workbook = archive
        .file_names()
        .flatten()
        .any(|name| matches!(name.as_ref(), "xl/workbook.xml" | "xl/workbook.bin" | "content.xml"));
    Ok(if workbook { Format::Workbook } else { Format::Zip })
}

/// No zero bytes (unless it is UTF-16 with its mark) and hardly any control characters.
fn looks_like_text(head: &[u8]) -> bool {
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return true;
    }
    head.iter().all(|byte| *byte >= 0x20 || matches!(byte, b'\t' | b'\r' | b'\n' | 0x0c | 0x1a))
}
