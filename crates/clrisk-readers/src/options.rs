//! What the caller may decide about reading.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Decisions of the caller; the default lets the file speak for itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReadOptions {
    /// Encoding of texts, by its usual name (`windows-1252`, `latin1`, `utf-8`); decided from the file otherwise.
    pub encoding: Option<String>,
    /// Delimiter of delimited text; decided from the file otherwise.
    pub delimiter: Option<u8>,
    /// The table wanted, by name; all otherwise.
    pub table: Option<String>,
    /// What becomes of values that the file declares as missing.
    pub user_missing: UserMissing,
    /// The file that says where the columns of fixed-width text begin and end; the value labels of a SAS file (`.sas7bcat`).
    pub dictionary: Option<PathBuf>,
    /// Types of columns, by name: `text`, `integer` or `number`.
    pub types: BTreeMap<String, String>,
}

/// What becomes of values that the file declares as missing, such as 99 "no answer".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UserMissing {
    /// They are read as null, and counted.
    #[default]
    Null,
    /// They are read as what they are. Missing values that are no values (system missing) stay null.
    Keep,
}
