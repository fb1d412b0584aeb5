//! How a file was read: format, encoding and why, and what was met on the way, counted.

use std::collections::BTreeMap;

use clrisk_core::finding::{Finding, Place, Severity};

/// How a table was read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Provenance {
    /// The format and its version, for example `Stata 118`.
    pub format: String,
    /// The program that wrote the file, in its own words.
    pub producer: Option<String>,
    /// The encoding of its texts; `None` when it has no text.
    pub encoding: Option<EncodingChoice>,
    /// Delimiter of delimited text.
    pub delimiter: Option<u8>,
    /// The variable that the file itself weights its rows with.
    pub weight: Option<String>,
    /// What is worth knowing, counted.
    pub notes: Vec<Note>,
}

/// What readers of all formats note alike.
impl Provenance {
    /// Says how texts were decoded.
    pub(crate) fn decoded(&mut self, choice: EncodingChoice) {
        if choice.evidence == EncodingEvidence::Guessed {
            self.notes.push(Note::fact("READ-102", 1).with("encoding", &choice.name));
        }
        self.encoding = Some(choice);
    }

    /// Says how many texts are not in the encoding they were decoded from, the first of them in `row` where that is known.
    pub(crate) fn malformed(&mut self, count: u64, row: Option<u64>) {
        if count > 0 {
            let encoding = self.encoding.as_ref().map_or("utf-8", |choice| choice.name.as_str());
            let note = Note::warning("READ-103", count).with("encoding", encoding);
            self.notes.push(Note { row, ..note });
        }
    }

    /// Says how many values were read as missing because they are declared so; `counts` has one number a column.
    pub(crate) fn declared_missing(&mut self, counts: &[u64]) {
        let count: u64 = counts.iter().sum();
        if count > 0 {
            let columns = counts.iter().filter(|count| **count > 0).count();
            self.notes.push(Note::fact("READ-101", count).with("columns", columns));
        }
    }

    /// Makes names of columns distinct, and says which had to change.
    pub(crate) fn distinct_names(&mut self, names: &mut [String]) {
        if let Some((count, first)) = crate::variable::distinct_names(names) {
            self.notes.push(Note::warning("READ-106", count).column(&names[first]));
        }
    }
}

/// The encoding of the texts of a file, and how it was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodingChoice {
    /// Name in the WHATWG registry, for example `windows-1252`.
    pub name: String,
    /// What it was decided by.
    pub evidence: EncodingEvidence,
}

/// What an encoding was decided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodingEvidence {
    /// The caller said so.
    Asked,
    /// The file says so.
    Declared,
    /// The file begins with a byte order mark.
    Mark,
    /// The format is always so.
    Format,
    /// Everything in the file is plain ASCII, so that it does not matter.
    Plain,
    /// The texts are valid UTF-8, which does not happen by accident.
    Valid,
    /// Guessed from the frequency of bytes.
    Guessed,
}

/// Something worth knowing about a file that was read: a code of `docs/findings.md`, how often, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Code, for example `READ-101`.
    pub code: &'static str,
    /// How serious it is; never an error.
    pub severity: Severity,
    /// How often it was met.
    pub count: u64,
    /// The column, when it concerns one.
    pub column: Option<String>,
    /// The first row, 1 = first row of data, when it concerns rows.
    pub row: Option<u64>,
    /// What else the message says.
    pub args: BTreeMap<String, String>,
}

impl Note {
    /// A fact worth stating, met `count` times.
    pub fn fact(code: &'static str, count: u64) -> Note {
        Note { code, severity: Severity::Note, count, column: None, row: None, args: BTreeMap::new() }
    }

    /// Something the reader should be warned about, met `count` times.
    pub fn warning(code: &'static str, count: u64) -> Note {
        Note { severity: Severity::Warning, ..Note::fact(code, count) }
    }

    /// The same note, at a column.
    pub fn column(mut self, column: impl Into<String>) -> Note {
        self.column = Some(column.into());
        self
    }

    /// The same note, at a row.
    pub fn row(mut self, row: u64) -> Note {
        self.row = Some(row);
        self
    }

    /// Fills one placeholder.
    pub fn with(mut self, name: &str, value: impl ToString) -> Note {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }

    /// As a finding about `file`.
    pub fn finding(&self, file: &str) -> Finding {
        let place = Place { column: self.column.clone(), row: self.row, ..Place::file(file) };
        let mut finding = Finding::new(self.code, self.severity, place).with("file", file).with("count", self.count);
        if let Some(column) = &self.column {
            finding = finding.with("column", column);
        }
        finding.args.extend(self.args.clone());
        finding
    }
}
