//! Everything in one archive, with what a reader must know and the licence.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::notes::licence;
use super::{Dataset, ExportError, decimal_comma, geojson, readme, workbook};
use crate::study::Study;
use crate::wording::Words;

/// The archive: README and licence, every table as canonical CSV, as CSV for spreadsheets and as Parquet, the workbook, and the
/// municipalities as GeoJSON. The same release gives the same bytes.
///
/// # Errors
/// [`ExportError`] when a part cannot be made.
pub fn archive(study: &Study, words: &Words<'_>) -> Result<Vec<u8>, ExportError> {
    let mut files: Vec<(String, Vec<u8>)> = vec![
        ("README.txt".to_owned(), readme(study, words).into_bytes()),
        ("LICENCE.txt".to_owned(), format!("{}\n", licence(study, words)).into_bytes()),
        ("municipalities.geojson".to_owned(), geojson(study)?.into_bytes()),
        (format!("{}.xlsx", study.manifest().project), workbook(study, words)?),
    ];
    for dataset in Dataset::ALL {
        let table = dataset.table(study);
        if !table.rows.is_empty() {
            let name = dataset.code();
            files.push((format!("csv/{name}.csv"), table.csv().into_bytes()));
            let spreadsheet = table.csv_for_spreadsheets(decimal_comma(words));
            files.push((format!("excel/{name}.csv"), spreadsheet.into_bytes()));
            files.push((format!("parquet/{name}.parquet"), dataset.parquet(study)?));
        }
    }
    let failed = |source| ExportError::Archive { source };
    // A fixed date, so that the bytes depend on the release only.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(name, options).map_err(failed)?;
        writer.write_all(&bytes).map_err(|source| failed(source.into()))?;
    }
    Ok(writer.finish().map_err(failed)?.into_inner())
}
