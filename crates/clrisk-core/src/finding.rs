//! Findings: what is wrong or worth knowing in the input, where, and what to do about it.
//!
//! A finding names a code, a place and arguments; its words live in the language files under `finding-CODE`, so that the
//! command line, the bundle and the site say the same thing in four languages. A finding never carries a value of
//! microdata: a file, a column, a row number, a variable, a category of the codebook or an area code may appear.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::language::Language;
use crate::text::Catalog;

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The program goes no further.
    Error,
    /// Results are made, and the reader is told.
    Warning,
    /// A fact worth stating.
    Note,
}

impl Severity {
    /// The mark before the line on a terminal.
    pub fn mark(self) -> &'static str {
        match self {
            Severity::Error => "✗",
            Severity::Warning => "!",
            Severity::Note => "·",
        }
    }
}

/// Where a finding points.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// File, relative to the project folder.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub file: Option<String>,
    /// Column of the file.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub column: Option<String>,
    /// Row of the file, 1 = first row of data.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub row: Option<u64>,
    /// Key in `clrisk.toml`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub key: Option<String>,
    /// Area code.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub area: Option<String>,
}

impl Place {
    /// A file.
    pub fn file(file: impl Into<String>) -> Place {
        Place { file: Some(file.into()), ..Place::default() }
    }

    /// A key of `clrisk.toml`.
    pub fn key(key: impl Into<String>) -> Place {
        Place { key: Some(key.into()), ..Place::default() }
    }

    /// The same place, at a column.
    pub fn column(mut self, column: impl Into<String>) -> Place {
        self.column = Some(column.into());
        self
    }

    /// The same place, at a row.
    pub fn row(mut self, row: u64) -> Place {
        self.row = Some(row);
        self
    }

    /// The same place, at a key of `clrisk.toml`.
    pub fn at_key(mut self, key: impl Into<String>) -> Place {
        self.key = Some(key.into());
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        parts.extend(self.file.clone());
        parts.extend(self.column.as_ref().map(|column| format!("[{column}]")));
        parts.extend(self.row.map(|row| format!("#{row}")));
        parts.extend(self.key.as_ref().map(|key| format!("clrisk.toml: {key}")));
        parts.extend(self.area.clone());
        f.write_str(&parts.join(" "))
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Code, for example `AREA-002`; each has an entry in the language files and in `docs/findings.md`.
    pub code: String,
    /// How serious it is.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What fills the placeholders of the text, by name.
    pub args: BTreeMap<String, String>,
    /// Further lines with details (suggestions, names of categories), at most a handful.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub details: Vec<String>,
}

impl Finding {
    /// A finding without arguments.
    pub fn new(code: &str, severity: Severity, place: Place) -> Finding {
        Finding { code: code.to_owned(), severity, place, args: BTreeMap::new(), details: Vec::new() }
    }

    /// An error.
    pub fn error(code: &str, place: Place) -> Finding {
        Finding::new(code, Severity::Error, place)
    }

    /// A warning.
    pub fn warning(code: &str, place: Place) -> Finding {
        Finding::new(code, Severity::Warning, place)
    }

    /// A note.
    pub fn note(code: &str, place: Place) -> Finding {
        Finding::new(code, Severity::Note, place)
    }

    /// Fills one placeholder.
    pub fn with(mut self, name: &str, value: impl ToString) -> Finding {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }

    /// Adds a line of detail.
    pub fn detail(mut self, line: impl Into<String>) -> Finding {
        self.details.push(line.into());
        self
    }

    /// What is the matter, in words.
    pub fn message(&self, catalog: &Catalog, language: Language) -> String {
        catalog.format(language, &format!("finding-{}", self.code), &self.args)
    }

    /// What to do, in words.
    pub fn hint(&self, catalog: &Catalog, language: Language) -> String {
        catalog.format(language, &format!("finding-{}.hint", self.code), &self.args)
    }
}

/// All findings of a run, in the order they were met.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    /// Adds one, unless the very same was said before: a file that is read for two purposes is one file.
    pub fn push(&mut self, finding: Finding) {
        if !self.0.contains(&finding) {
            self.0.push(finding);
        }
    }

    /// Whether one of them stops the program.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Number of findings of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.0.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Errors first, then warnings, then notes; otherwise in the order they were met.
    pub fn sorted(&self) -> Vec<&Finding> {
        let mut sorted: Vec<&Finding> = self.0.iter().collect();
        sorted.sort_by_key(|finding| finding.severity);
        sorted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_not_said_again() {
        let rows = |file: &str, read: u64| Finding::note("DATA-000", Place::file(file)).with("read", read);
        let mut findings = Findings::default();
        for finding in [rows("a", 1), rows("a", 2), rows("a", 1), rows("b", 1)] {
            findings.push(finding);
        }
        assert_eq!(findings.0, [rows("a", 1), rows("a", 2), rows("b", 1)]);
    }
}
