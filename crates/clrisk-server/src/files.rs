//! The release as files for other programs, made when they are asked for. Making one takes time, so it is done aside, two at a time.

use std::sync::{Arc, OnceLock};

use clrisk_core::{Language, Level};
use clrisk_print::Printer;
use clrisk_render::export::{self, Dataset};
use clrisk_render::sheet::Sheet;
use clrisk_render::{Study, Words};

use crate::Shelf;
use crate::visit::Stand;

/// Names of the files with their media types. What stands before the first point names the content, what follows the form.
pub const FILES: [(&str, &str); 6] = [
    ("release.zip", "application/zip"),
    ("release.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("municipalities.excel.csv", "text/csv; charset=utf-8"),
    ("municipalities.parquet", "application/vnd.apache.parquet"),
    ("municipalities.geojson", "application/geo+json"),
    ("estimates.parquet", "application/vnd.apache.parquet"),
];

/// Files made at the same time.
pub const AT_ONCE: usize = 2;

/// What makes fact sheets; loading its fonts is put off until the first is asked for.
#[derive(Default)]
pub struct Press(OnceLock<Option<Printer>>);

impl Press {
    fn printer(&self) -> Option<&Printer> {
        self.0.get_or_init(|| Printer::new().ok()).as_ref()
    }
}

/// Does `work` aside when its turn comes; none when it failed.
async fn aside<T: Send + 'static>(shelf: &Arc<Shelf>, work: impl FnOnce() -> Option<T> + Send + 'static) -> Option<T> {
    let _turn = shelf.turns.acquire().await.ok()?;
    tokio::task::spawn_blocking(work).await.ok().flatten()
}

/// One of [`FILES`] in a language; none when there is no such file, or when it cannot be made.
pub async fn file(stand: &Stand, language: Language, name: &str) -> Option<(&'static str, Vec<u8>)> {
    let (name, kind) = FILES.into_iter().find(|(known, _)| *known == name)?;
    let stand = stand.clone();
    let shelf = stand.shelf.clone();
    let made = aside(&shelf, move || {
        let (study, words) = (&stand.site().study, stand.words(language));
        match name {
            "release.zip" => export::archive(study, &words).ok(),
            "release.xlsx" => export::workbook(study, &words).ok(),
            "municipalities.excel.csv" => {
                let table = Dataset::Municipalities.table(study);
                Some(table.csv_for_spreadsheets(export::decimal_comma(&words)).into_bytes())
            }
            "municipalities.parquet" => Dataset::Municipalities.parquet(study).ok(),
            "estimates.parquet" => Dataset::Estimates.parquet(study).ok(),
            _ => export::geojson(study).ok().map(String::into_bytes),
        }
    });
    Some((kind, made.await?))
}

/// The fact sheet of an area as PDF.
pub async fn printed(stand: &Stand, language: Language, level: Level, code: &str) -> Option<Vec<u8>> {
    print(stand, language, level, code, Sheet::of).await
}

/// The fact sheet of a municipality by the index as PDF.
pub async fn printed_index(stand: &Stand, language: Language, code: &str) -> Option<Vec<u8>> {
    print(stand, language, Level::Municipality, code, Sheet::of_index).await
}

type Written = fn(&Study, &Words<'_>, Level, &str) -> Option<Sheet>;

async fn print(stand: &Stand, language: Language, level: Level, code: &str, of: Written) -> Option<Vec<u8>> {
    let (stand, code) = (stand.clone(), code.to_owned());
    let shelf = stand.shelf.clone();
    aside(&shelf, move || {
        let sheet = of(&stand.site().study, &stand.words(language), level, &code)?;
        Some(stand.shelf.press.printer()?.print(&sheet).ok()?.pdf)
    })
    .await
}
