//! A release as files for other programs: text, spreadsheets, Parquet, maps for geographic information systems, and all of
//! it in one archive. What a status withholds is an empty cell in every format.

mod archive;
mod geography;
mod geopackage;
mod notes;
mod workbook;

pub use archive::archive;
pub use geography::geojson;
pub use geopackage::geopackage;
pub use notes::readme;
pub use workbook::workbook;

use clrisk_core::Level;
use clrisk_core::table::Table;
use serde_json::Value;

use crate::study::Study;
use crate::tables::{self, PlainTable};
use crate::wording::Words;

/// What can go wrong when a release is exported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The workbook could not be made.
    #[error("the workbook cannot be made: {source}")]
    Workbook {
        /// Why.
        source: rust_xlsxwriter::XlsxError,
    },
    /// The Parquet file could not be made.
    #[error("the Parquet file of {table} cannot be made: {reason}")]
    Parquet {
        /// Which table.
        table: &'static str,
        /// Why.
        reason: String,
    },
    /// The boundaries are not what the bundle format asks for.
    #[error("the boundaries of the bundle cannot be read: {source}")]
    Boundaries {
        /// Why.
        source: serde_json::Error,
    },
    /// The GeoPackage could not be made.
    #[error("the GeoPackage cannot be made: {source}")]
    GeoPackage {
        /// Why.
        source: sqlx::Error,
    },
    /// The archive could not be made.
    #[error("the archive cannot be made: {source}")]
    Archive {
        /// Why.
        source: zip::result::ZipError,
    },
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// A table of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dataset {
    /// One row a municipality.
    Municipalities,
    /// One row an area and group.
    Estimates,
    /// One row a municipality and factor.
    Factors,
    /// One row an area and lever.
    Levers,
}

impl Dataset {
    /// All tables, in the order in which they are offered.
    pub const ALL: [Dataset; 4] = [Dataset::Municipalities, Dataset::Estimates, Dataset::Factors, Dataset::Levers];

    /// The name used in files.
    pub fn code(self) -> &'static str {
        match self {
            Dataset::Municipalities => "municipalities",
            Dataset::Estimates => "estimates",
            Dataset::Factors => "factors",
            Dataset::Levers => "levers",
        }
    }

    /// The rows.
    pub fn table(self, study: &Study) -> PlainTable {
        match self {
            Dataset::Municipalities => {
                let rows: Vec<_> = study.level(Level::Municipality).collect();
                tables::area_list(study, &rows)
            }
            Dataset::Estimates => tables::estimates(study),
            Dataset::Factors => tables::factors(study),
            Dataset::Levers => tables::levers(study),
        }
    }

    /// The rows as Parquet.
    ///
    /// # Errors
    /// [`ExportError::Parquet`] when they cannot be written.
    pub fn parquet(self, study: &Study) -> Result<Vec<u8>, ExportError> {
        typed(&self.table(study))
            .write_to(Vec::new())
            .map_err(|source| ExportError::Parquet { table: self.code(), reason: source.to_string() })
    }
}

/// A table with a type for each column: whole numbers where all are whole, real numbers, yes or no, text.
fn typed(table: &PlainTable) -> Table {
    let mut typed = Table::new();
    for (index, name) in table.columns.iter().enumerate() {
        let cells = || table.rows.iter().map(|row| &row[index]);
        let all = |is: &dyn Fn(&Value) -> bool| cells().all(|cell| cell.is_null() || is(cell));
        let numeric = all(&Value::is_number) && cells().any(Value::is_number);
        typed = match () {
            // Names that end so are numbers of children, which have decimals where they are estimates.
            () if numeric && all(&|cell| cell.is_i64()) && is_rank(name) => {
                typed.whole(name, cells().map(Value::as_i64).collect::<Vec<_>>().into_iter())
            }
            () if numeric => typed.number(name, cells().map(Value::as_f64).collect::<Vec<_>>().into_iter()),
            () => typed.text(
                name,
                cells()
                    .map(|cell| match cell {
                        Value::Null => None,
                        Value::String(text) => Some(text.clone()),
                        other => Some(other.to_string()),
                    })
                    .collect::<Vec<_>>()
                    .into_iter(),
            ),
        };
    }
    typed
}

/// Columns of whole numbers by their nature; a number of children is a real number even where all happen to be whole.
fn is_rank(name: &str) -> bool {
    name == "class" || name == "rank" || name.starts_with("rank_") || name == "count_rank"
}

/// Whether readers of the study's country write a comma before decimals.
pub fn decimal_comma(words: &Words<'_>) -> bool {
    words.numbers.decimal(0.5, 1).contains(',')
}

/// What a column holds, in words; the name itself for a column without an explanation.
fn explained(words: &Words<'_>, column: &str) -> String {
    let key = match column.strip_prefix("probability_") {
        Some(_) => "column-probability".to_owned(),
        None => format!("column-{}", column.replace('_', "-")),
    };
    words.text_or(&key, column)
}
