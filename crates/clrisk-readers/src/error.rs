//! Why a file could not be read. An error names places (byte, row, column), never a value.

use clrisk_core::finding::{Finding, Place};

use crate::format::Format;

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// There is no such file.
    #[error("no such file")]
    NotFound,
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The operating system could not read it.
    #[error("the file could not be read: {kind}")]
    Io {
        /// What the operating system said.
        kind: std::io::ErrorKind,
    },
    /// Neither content nor extension tell the format.
    #[error("unknown format")]
    UnknownFormat,
    /// The format is known, but not read here.
    #[error("{} is not read", format.name())]
    NotRead {
        /// The format.
        format: Format,
    },
    /// The format is read, but not in this version or with this feature.
    #[error("{}: {feature} is not read", format.name())]
    Unsupported {
        /// The format.
        format: Format,
        /// Version or feature, in the format's own terms.
        feature: String,
    },
    /// The content contradicts the format or ends early.
    #[error("damaged {what} at byte {offset:?}, row {row:?}, column {column:?}")]
    Damaged {
        /// The part of the file, in the format's own terms.
        what: &'static str,
        /// Byte at which the part, or the contradiction, begins.
        offset: Option<u64>,
        /// Row, 1 = first row of data.
        row: Option<u64>,
        /// Name of the column.
        column: Option<String>,
    },
    /// A row has more or fewer fields than the header.
    #[error("row {row} has {found} fields instead of {expected}")]
    Width {
        /// Row, 1 = first row of data.
        row: u64,
        /// Fields found.
        found: u64,
        /// Fields of the header.
        expected: u64,
    },
    /// The text is not in the encoding it was said to be in.
    #[error("row {row:?} is not in {encoding}")]
    Encoding {
        /// Name of the encoding.
        encoding: String,
        /// Row, 1 = first row of data.
        row: Option<u64>,
    },
    /// There is no encoding of that name.
    #[error("unknown encoding {name}")]
    UnknownEncoding {
        /// The name asked for, or declared by the file.
        name: String,
    },
    /// The file is protected by a password.
    #[error("the file is protected by a password")]
    Protected,
    /// The file has no table of that name.
    #[error("no table {table}")]
    NoTable {
        /// The name asked for.
        table: String,
        /// The names there are.
        tables: Vec<String>,
    },
    /// A file that belongs to this one is not there.
    #[error("the file {part} is not there")]
    MissingPart {
        /// Its path, as the file that names it writes it.
        part: String,
    },
    /// A column was asked to be of a type that one of its values is not.
    #[error("row {row}, column {column}: not {wanted}")]
    NotOfType {
        /// The type asked for.
        wanted: String,
        /// Row, 1 = first row of data.
        row: u64,
        /// Name of the column.
        column: String,
    },
    /// The dictionary of a file at fixed positions is not understood.
    #[error("dictionary, row {row}: {what}")]
    Dictionary {
        /// Row of the dictionary, 0 = its header.
        row: u64,
        /// Column of the dictionary.
        what: String,
    },
    /// The table has no such column.
    #[error("no column at position {position}")]
    NoColumn {
        /// The position asked for, from 0.
        position: usize,
    },
}

impl ReadError {
    /// Damage in a part of the file that begins at a byte.
    pub(crate) fn damaged(what: &'static str, offset: u64) -> ReadError {
        ReadError::Damaged { what, offset: Some(offset), row: None, column: None }
    }

    /// As a finding about `file`, which is the name the user knows it by.
    pub fn finding(&self, file: &str) -> Finding {
        let place = Place::file(file);
        let finding = |code: &str, place: Place| Finding::error(code, place).with("file", file);
        match self {
            ReadError::NotFound => finding("FILE-001", place),
            ReadError::Empty => finding("FILE-002", place),
            ReadError::UnknownFormat => finding("FILE-003", place),
            ReadError::NotRead { format } => finding("READ-001", place).with("format", format.name()),
            ReadError::Io { kind } => finding("FILE-004", place).with("reason", kind),
            ReadError::Damaged { what, offset, row, column } => {
                let place = Place { row: *row, column: column.clone(), ..place };
                let finding = finding("FILE-004", place).with("reason", what);
                match offset {
                    Some(offset) => finding.detail(format!("{what} @ {offset}")),
                    None => finding.detail(*what),
                }
            }
            ReadError::Encoding { encoding, row } => {
                finding("FILE-005", Place { row: *row, ..place }).with("encoding", encoding)
            }
            ReadError::Width { row, found, expected } => {
                finding("FILE-006", place.row(*row)).with("found", found).with("expected", expected)
            }
            ReadError::Unsupported { format, feature } => {
                finding("READ-002", place).with("format", format.name()).with("feature", feature)
            }
            ReadError::UnknownEncoding { name } => finding("READ-003", place).with("encoding", name),
            ReadError::Protected => finding("READ-004", place),
            ReadError::NoTable { table, tables } => {
                tables.iter().take(12).fold(finding("READ-005", place).with("table", table), |finding, name| {
                    finding.detail(format!("→ {name}"))
                })
            }
            ReadError::MissingPart { part } => finding("READ-011", place).with("part", part),
            ReadError::Dictionary { row, what } => finding("READ-013", place).with("row", row).with("what", what),
            ReadError::NotOfType { wanted, row, column } => {
                finding("READ-012", place.column(column).row(*row)).with("column", column).with("type", wanted)
            }
            ReadError::NoColumn { position } => {
                finding("FILE-004", place).with("reason", "column").detail(format!("column @ {position}"))
            }
        }
    }
}

impl From<std::io::Error> for ReadError {
    fn from(error: std::io::Error) -> ReadError {
        match error.kind() {
            std::io::ErrorKind::NotFound => ReadError::NotFound,
            kind => ReadError::Io { kind },
        }
    }
}
