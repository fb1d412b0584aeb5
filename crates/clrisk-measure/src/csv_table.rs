//! The figures as CSV: one row a figure, codes instead of words, full precision, the definition in every row.

use clrisk_core::table::{Column, Table};
use clrisk_core::{Catalog, Language, Measured};

use crate::MeasureError;
use clrisk_core::measure::MeasureWords as Words;

fn failed(error: impl std::fmt::Display) -> MeasureError {
    MeasureError::Write { file: "csv", reason: error.to_string() }
}

/// The figures.
///
/// # Errors
/// When the table cannot be written.
pub fn figures(measured: &Measured) -> Result<Vec<u8>, MeasureError> {
    written(&measured.table())
}

/// The changes.
///
/// # Errors
/// When the table cannot be written.
pub fn changes(measured: &Measured) -> Result<Vec<u8>, MeasureError> {
    written(&measured.changes_table())
}

fn written(table: &Table) -> Result<Vec<u8>, MeasureError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(table.columns().iter().map(|(name, _)| name.as_str())).map_err(failed)?;
    for row in 0..table.rows() {
        let cells = table.columns().iter().map(|(_, column)| match column {
            Column::Text(values) => values[row].clone().unwrap_or_default(),
            Column::Number(values) => values[row].map(|value| value.to_string()).unwrap_or_default(),
            Column::Whole(values) => values[row].map(|value| value.to_string()).unwrap_or_default(),
            Column::Flag(values) => values[row].to_string(),
        });
        writer.write_record(cells).map_err(failed)?;
    }
    writer.into_inner().map_err(failed)
}

/// The notes that go with the figures, in one language.
///
/// # Errors
/// When the table cannot be written.
pub fn notes(measured: &Measured, catalog: &Catalog, language: Language) -> Result<Vec<u8>, MeasureError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for (title, text) in Words::new(catalog, language, measured).notes() {
        writer.write_record([title, text]).map_err(failed)?;
    }
    writer.into_inner().map_err(failed)
}
