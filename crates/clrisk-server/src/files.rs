//! The release as files for other programs, made when they are asked for. Making one takes time, so it is done aside, two at a time.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use clrisk_core::{Language, Level};
use clrisk_print::Printer;
use clrisk_render::export::{self, Dataset};
use clrisk_render::sheet::Sheet;
use clrisk_render::{Study, Words};

use crate::Shelf;
use crate::visit::Stand;

/// Names of the files with their media types. What stands before the first point names the content, what follows the form.
pub const FILES: [(&str, &str); 7] = [
    ("release.zip", "application/zip"),
    ("release.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("municipalities.excel.csv", "text/csv; charset=utf-8"),
    ("municipalities.parquet", "application/vnd.apache.parquet"),
    ("municipalities.geojson", "application/geo+json"),
    ("municipalities.gpkg", "application/geopackage+sqlite3"),
    ("estimates.parquet", "application/vnd.apache.parquet"),
];

/// Files made at the same time.
pub const AT_ONCE: usize = 2;

/// Why a file was not made.
#[derive(Debug)]
pub enum NotMade {
    /// There is nothing of that name.
    Unknown,
    /// Too many are waiting for theirs.
    Busy,
    /// Making it failed; the reason is for the log.
    Failed(String),
}

impl NotMade {
    fn failed(error: &dyn std::fmt::Display) -> NotMade {
        NotMade::Failed(error.to_string())
    }
}

/// How long a reader waits for a turn.
const PATIENCE: Duration = Duration::from_secs(30);

/// What makes fact sheets; loading its fonts is put off until the first is asked for.
#[derive(Default)]
pub struct Press(OnceLock<Result<Printer, String>>);

impl Press {
    fn printer(&self) -> Result<&Printer, NotMade> {
        let printer = self.0.get_or_init(|| Printer::new().map_err(|error| error.to_string()));
        printer.as_ref().map_err(|reason| NotMade::Failed(reason.clone()))
    }
}

/// Does `work` aside when its turn comes.
async fn aside<T: Send + 'static>(
    shelf: &Arc<Shelf>,
    patience: Duration,
    work: impl FnOnce() -> Result<T, NotMade> + Send + 'static,
) -> Result<T, NotMade> {
    let turn = tokio::time::timeout(patience, shelf.turns.acquire()).await;
    let Ok(Ok(_turn)) = turn else { return Err(NotMade::Busy) };
    // Work that panics is a failure like any other: it is reported, and the server goes on.
    tokio::task::spawn_blocking(work).await.map_err(|error| NotMade::failed(&error))?
}

/// One of [`FILES`] in a language.
pub async fn file(stand: &Stand, language: Language, name: &str) -> Result<(&'static str, Vec<u8>), NotMade> {
    let (name, kind) = FILES.into_iter().find(|(known, _)| *known == name).ok_or(NotMade::Unknown)?;
    let stand = stand.clone();
    let shelf = stand.shelf.clone();
    let made = aside(&shelf, PATIENCE, move || {
        let (study, words) = (&stand.site().study, stand.words(language));
        let failed = |error: export::ExportError| NotMade::failed(&error);
        match name {
            "release.zip" => export::archive(study, &words).map_err(failed),
            "release.xlsx" => export::workbook(study, &words).map_err(failed),
            "municipalities.excel.csv" => {
                let table = Dataset::Municipalities.table(study);
                Ok(table.csv_for_spreadsheets(export::decimal_comma(&words)).into_bytes())
            }
            "municipalities.parquet" => Dataset::Municipalities.parquet(study).map_err(failed),
            "estimates.parquet" => Dataset::Estimates.parquet(study).map_err(failed),
            "municipalities.gpkg" => {
                tokio::runtime::Handle::current().block_on(export::geopackage(study)).map_err(failed)
            }
            _ => export::geojson(study).map(String::into_bytes).map_err(failed),
        }
    });
    Ok((kind, made.await?))
}

/// The fact sheet of an area as PDF.
pub async fn printed(stand: &Stand, language: Language, level: Level, code: &str) -> Result<Vec<u8>, NotMade> {
    print(stand, language, level, code, Sheet::of).await
}

/// The fact sheet of a municipality by the index as PDF.
pub async fn printed_index(stand: &Stand, language: Language, code: &str) -> Result<Vec<u8>, NotMade> {
    print(stand, language, Level::Municipality, code, Sheet::of_index).await
}

type Written = fn(&Study, &Words<'_>, Level, &str) -> Option<Sheet>;

async fn print(stand: &Stand, language: Language, level: Level, code: &str, of: Written) -> Result<Vec<u8>, NotMade> {
    let (stand, code) = (stand.clone(), code.to_owned());
    let shelf = stand.shelf.clone();
    aside(&shelf, PATIENCE, move || {
        let sheet = of(&stand.site().study, &stand.words(language), level, &code).ok_or(NotMade::Unknown)?;
        let printed = stand.shelf.press.printer()?.print(&sheet).map_err(|error| NotMade::failed(&error))?;
        Ok(printed.pdf)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use clrisk_core::Catalog;

    fn shelf(turns: usize) -> Arc<Shelf> {
        Arc::new(Shelf {
            sites: Vec::new(),
            catalog: Catalog::load(),
            static_copy: false,
            press: Press::default(),
            turns: tokio::sync::Semaphore::new(turns),
        })
    }

    #[tokio::test]
    async fn work_that_panics_is_a_failure_with_its_reason_and_the_next_work_is_done() {
        let shelf = shelf(1);
        let broken: Result<(), NotMade> = aside(&shelf, PATIENCE, || panic!("ink")).await;
        assert!(matches!(&broken, Err(NotMade::Failed(reason)) if reason.contains("ink")), "{broken:?}");
        assert!(matches!(aside(&shelf, PATIENCE, || Ok(1)).await, Ok(1)));
    }

    #[tokio::test]
    async fn who_waits_longer_than_patience_lasts_is_told_so() {
        let shelf = shelf(0);
        assert!(matches!(aside(&shelf, Duration::from_millis(5), || Ok(1)).await, Err(NotMade::Busy)));
    }
}
