//! `export`: a release as files for other programs.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ArgMatches;
use clrisk_core::{Finding, Place};
use clrisk_render::export::{self, Dataset, ExportError};
use clrisk_render::{Layer, Shading, Study, Words, map};

use crate::report::{MACHINE, say, stop_with};
use crate::{Speaker, published};

/// Formats in the order in which they are written.
pub const FORMATS: [&str; 8] = ["csv", "excel", "xlsx", "parquet", "geojson", "gpkg", "svg", "zip"];

/// Writes the formats asked for, or all.
pub async fn command(speaker: &Speaker, project: &Path, matches: &ArgMatches) -> ExitCode {
    let bundle = match published::open(speaker, project, matches) {
        Ok(bundle) => bundle,
        Err(code) => return code,
    };
    let Ok(study) = Study::new(bundle) else {
        return published::unreadable(speaker, "boundaries.geojson", "other");
    };
    let words = Words::new(&speaker.catalog, speaker.language, study.manifest());
    let output = folder(project, matches, "out/export");
    if std::fs::create_dir_all(&output).is_err() {
        return unwritten(speaker, &output);
    }
    let wanted: Vec<&str> = match matches.get_many::<String>("format") {
        Some(formats) => formats.map(String::as_str).collect(),
        None => FORMATS.to_vec(),
    };
    let mut written = 0;
    for format in FORMATS.into_iter().filter(|format| wanted.contains(format)) {
        let files = match format {
            "gpkg" => export::geopackage(&study).await.map(|bytes| vec![("municipalities.gpkg".to_owned(), bytes)]),
            format => files(&study, &words, format),
        };
        match files {
            Ok(files) => {
                for (name, bytes) in files {
                    if place(&output, &name, &bytes).is_err() {
                        return unwritten(speaker, &output.join(name));
                    }
                    written += 1;
                }
            }
            Err(ExportError::Io { path, .. }) => return unwritten(speaker, &path),
            Err(error) => {
                let finding = Finding::error("EXPORT-001", Place::default());
                return stop_with(speaker, finding.with("file", format).with("reason", error));
            }
        }
    }
    let shown = output.display().to_string();
    say(speaker, "command-export-done", &[("files", &written.to_string()), ("folder", &shown)]);
    ExitCode::SUCCESS
}

/// Names and bytes of the files of a format.
fn files(study: &Study, words: &Words<'_>, format: &str) -> Result<Vec<(String, Vec<u8>)>, ExportError> {
    let project = &study.manifest().project;
    let mut files = Vec::new();
    match format {
        "csv" | "excel" | "parquet" => {
            for dataset in Dataset::ALL {
                let table = dataset.table(study);
                if table.rows.is_empty() {
                    continue;
                }
                let name = dataset.code();
                files.push(match format {
                    "csv" => (format!("{name}.csv"), table.csv().into_bytes()),
                    "excel" => {
                        let text = table.csv_for_spreadsheets(export::decimal_comma(words));
                        (format!("{name}.excel.csv"), text.into_bytes())
                    }
                    _ => (format!("{name}.parquet"), dataset.parquet(study)?),
                });
            }
        }
        "xlsx" => files.push((format!("{project}.xlsx"), export::workbook(study, words)?)),
        "geojson" => files.push(("municipalities.geojson".to_owned(), export::geojson(study)?.into_bytes())),
        "svg" => {
            for layer in Layer::offered(study) {
                let codes = study.national().areas.iter().map(|(code, _)| code.as_str());
                let shading = Shading::new(study, layer, words, codes);
                let drawn = map::poster(study, words, &shading, study.national());
                files.push((format!("map-{}.{}.svg", layer.code(), words.language), drawn.into_string().into_bytes()));
            }
        }
        _ => files.push((format!("{project}.zip"), export::archive(study, words)?)),
    }
    Ok(files)
}

/// The folder that `--output` names, or `otherwise` in the project.
pub fn folder(project: &Path, matches: &ArgMatches, otherwise: &str) -> PathBuf {
    matches.get_one::<PathBuf>("output").cloned().unwrap_or_else(|| project.join(otherwise))
}

/// Writes a file in one step: a reader sees the old one or the new one.
pub fn place(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    file.persist(folder.join(name)).map_err(|error| error.error)?;
    Ok(())
}

/// Says that a file or folder could not be written.
pub fn unwritten(speaker: &Speaker, path: &Path) -> ExitCode {
    let shown = path.display().to_string();
    stop_with(speaker, Finding::error("FILE-007", Place::file(&shown)).with("file", &shown));
    ExitCode::from(MACHINE)
}
