//! `out/measure`: written beside and renamed, so that a reader finds the old tables or the new ones.

use std::fs;
use std::path::Path;

use clrisk_core::measure::{MeasureWords as Words, Measured};
use clrisk_core::{Catalog, Finding, Language, Place};
use clrisk_definitions::Definition;
use clrisk_measure::{MeasureError, csv_table, page, sdmx, summary, workbook};

use crate::folder::ProjectFolder;
use crate::source::Found;

/// Replaces `out/measure` by the tables of `measured`, from which withheld figures are already gone.
///
/// # Errors
/// `FILE-007` when something cannot be written.
pub fn write(
    folder: &ProjectFolder,
    measured: &Measured,
    definition: &Definition,
    reference_area: Option<&str>,
) -> Result<(), Found> {
    let failed = || Box::new(Finding::error("FILE-007", Place::file("out/measure")).with("file", "out/measure"));
    let target = folder.path.join("out").join("measure");
    let staging = target.with_extension("unfinished");
    if staging.exists() {
        fs::remove_dir_all(&staging).map_err(|_| failed())?;
    }
    fs::create_dir_all(&staging).map_err(|_| failed())?;
    write_tables(&staging, measured, definition, reference_area).map_err(|_| failed())?;
    if target.exists() {
        fs::remove_dir_all(&target).map_err(|_| failed())?;
    }
    fs::rename(&staging, &target).map_err(|_| failed())
}

fn write_tables(
    folder: &Path,
    measured: &Measured,
    definition: &Definition,
    reference_area: Option<&str>,
) -> Result<(), MeasureError> {
    let write = |name: &str, bytes: &[u8]| {
        fs::write(folder.join(name), bytes)
            .map_err(|error| MeasureError::Write { file: "measure", reason: error.to_string() })
    };
    let failed = |error: &dyn std::fmt::Display| MeasureError::Write { file: "measure", reason: error.to_string() };
    write("figures.csv", &csv_table::figures(measured)?)?;
    if !measured.changes.is_empty() {
        write("changes.csv", &csv_table::changes(measured)?)?;
    }
    measured.table().write(&folder.join("direct.parquet")).map_err(|error| failed(&error))?;
    let json = serde_json::to_vec_pretty(measured).map_err(|error| failed(&error))?;
    write("measure.json", &json)?;
    let catalog = Catalog::load();
    for language in Language::ALL {
        let words = Words::new(&catalog, language, measured);
        write(&format!("notes.{language}.csv"), &csv_table::notes(measured, &catalog, language)?)?;
        write(&format!("tables.{language}.xlsx"), &workbook::workbook(measured, &words)?)?;
        write(&format!("tables.{language}.html"), page::page(measured, &words).as_bytes())?;
        write(&format!("summary.{language}.md"), summary::summary(measured, &words).as_bytes())?;
    }
    if let Some(reference_area) = reference_area {
        let observations = sdmx::observations(measured, &definition.series, reference_area);
        if !observations.is_empty() {
            write("8-7-1.sdmx.csv", &sdmx::csv(&observations)?)?;
            // The survey's year, so that the same figures give the same bytes.
            let prepared = format!("{:04}-01-01T00:00:00", measured.survey.year.unwrap_or(1970));
            write("8-7-1.sdmx.xml", &sdmx::xml(&observations, &prepared, measured.synthetic)?)?;
        }
    }
    Ok(())
}
