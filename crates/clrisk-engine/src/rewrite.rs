//! `clrisk convert`: a file of any format that is read, written as Parquet or CSV, with its labels and where they come from.
//!
//! Parquet carries labels, value labels and missing codes in the metadata of its columns and the provenance in that of the file. A CSV
//! gets a codebook beside it (`encuesta.csv`, `encuesta.codebook.json`), which `inspect`, `init` and `convert` find again.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Float64Type};
use clrisk_core::bundle::hash_file;
use clrisk_core::{Finding, Place};
use clrisk_readers::{ReadError, ReadOptions, Table, UserMissing};
use parquet::errors::ParquetError;
use serde_json::json;

use crate::conversion::{self, Origin, WriteError, choose_table, missing_json, value_text};
use crate::folder::write_atomically;
use crate::inspect::evidence;
use crate::labels::CODEBOOK_ENDING;
use crate::opening;
use crate::source::Found;

/// What is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Rewriting<'a> {
    /// The file to read.
    pub from: &'a Path,
    /// The file to write: `.parquet` or `.csv`.
    pub to: &'a Path,
    /// How to read.
    pub options: &'a ReadOptions,
    /// Columns wanted, in their order; all when there are none.
    pub columns: &'a [String],
}

/// What was written.
#[derive(Debug)]
pub struct Rewritten {
    /// Rows.
    pub rows: u64,
    /// Columns.
    pub columns: usize,
    /// The codebook of a CSV.
    pub codebook: Option<PathBuf>,
    /// What the readers had to say.
    pub findings: Vec<Finding>,
}

/// Writes the file. Nothing is left behind when it fails, and nothing is overwritten.
///
/// # Errors
/// Findings of the reader; `CONVERT-001` the format of the new file is not written, `CONVERT-002` it exists already, `CONVERT-003` a column
/// that is wanted does not exist, `FILE-007` it cannot be written.
pub fn rewrite(wanted: &Rewriting<'_>) -> Result<Rewritten, Found> {
    let (shown, shown_to) = (wanted.from.display().to_string(), wanted.to.display().to_string());
    let failed = |error: ReadError| Box::new(error.finding(&shown));
    let unwritable = || Box::new(Finding::error("FILE-007", Place::file(&shown_to)).with("file", &shown_to));
    let extension = wanted.to.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let codebook = match extension.as_str() {
        "parquet" => None,
        "csv" => {
            let stem = wanted.to.file_stem().unwrap_or_default().to_string_lossy();
            Some(wanted.to.with_file_name(format!("{stem}{CODEBOOK_ENDING}")))
        }
        _ => {
            return Err(Box::new(Finding::error("CONVERT-001", Place::file(&shown_to)).with("file", &shown_to)));
        }
    };
    for path in std::iter::once(wanted.to).chain(codebook.as_deref()) {
        if path.exists() {
            let shown = path.display().to_string();
            return Err(Box::new(Finding::error("CONVERT-002", Place::file(&shown)).with("file", &shown)));
        }
    }
    let opened = opening::open(wanted.from, wanted.options).map_err(failed)?;
    let (table, mut findings) = choose_table(&opened.tables, wanted.options, &shown)?;
    let table = Chosen::of(table, wanted.columns, &shown)?;
    let origin = Origin {
        file: wanted.from.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        sha256: hash_file(wanted.from).unwrap_or_default(),
        format: opened.format.name().to_owned(),
        labels_from: opened.labels_from.map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned()),
        missing_kept: wanted.options.user_missing == UserMissing::Keep,
    };
    let folder = wanted.to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let staging = tempfile::NamedTempFile::new_in(folder).map_err(|_| unwritable())?;
    let file = staging.reopen().map_err(|_| unwritable())?;
    let written = match &codebook {
        None => conversion::write_parquet(&table, Some(&origin), file),
        Some(_) => write_csv(&table, file),
    };
    let rows = match written {
        Ok(rows) => rows,
        Err(WriteError::Read(error)) => return Err(failed(error)),
        Err(WriteError::Write(_)) => return Err(unwritable()),
    };
    if let Some(codebook) = &codebook {
        let text = format!("{:#}\n", codebook_json(&table, &origin, rows));
        write_atomically(codebook, text.as_bytes()).map_err(|_| unwritable())?;
    }
    staging.persist_noclobber(wanted.to).map_err(|_| unwritable())?;
    findings.extend(table.provenance().notes.iter().map(|note| note.finding(&shown)));
    Ok(Rewritten { rows, columns: table.variables.len(), codebook, findings })
}

/// The columns of a table that are wanted.
struct Chosen<'a> {
    table: &'a dyn Table,
    positions: Vec<usize>,
    schema: arrow::datatypes::SchemaRef,
    variables: Vec<clrisk_readers::Variable>,
}

impl<'a> Chosen<'a> {
    fn of(table: &'a dyn Table, columns: &[String], shown: &str) -> Result<Chosen<'a>, Found> {
        let known = table.variables();
        let positions = if columns.is_empty() {
            (0..known.len()).collect()
        } else {
            columns
                .iter()
                .map(|name| {
                    known.iter().position(|variable| variable.name == *name).ok_or_else(|| {
                        let finding = Finding::error("CONVERT-003", Place::file(shown).column(name));
                        Box::new(finding.with("column", name).with("file", shown))
                    })
                })
                .collect::<Result<Vec<usize>, Found>>()?
        };
        let schema = table
            .schema()
            .project(&positions)
            .map_err(|_| Box::new(Finding::error("CONVERT-003", Place::file(shown)).with("file", shown)))?;
        let variables = positions.iter().map(|position| known[*position].clone()).collect();
        Ok(Chosen { table, positions, schema: schema.into(), variables })
    }
}

impl Table for Chosen<'_> {
    fn name(&self) -> &str {
        self.table.name()
    }

    fn schema(&self) -> arrow::datatypes::SchemaRef {
        self.schema.clone()
    }

    fn variables(&self) -> &[clrisk_readers::Variable] {
        &self.variables
    }

    fn provenance(&self) -> &clrisk_readers::Provenance {
        self.table.provenance()
    }

    fn rows(&self) -> Option<u64> {
        self.table.rows()
    }

    fn read(&self, columns: Option<&[usize]>) -> Result<clrisk_readers::Batches, ReadError> {
        match columns {
            None => self.table.read(Some(&self.positions)),
            Some(columns) => {
                let chosen = columns
                    .iter()
                    .map(|column| self.positions.get(*column).copied().ok_or(ReadError::NoColumn { position: *column }))
                    .collect::<Result<Vec<_>, _>>()?;
                self.table.read(Some(&chosen))
            }
        }
    }
}

/// Writes the rows as CSV: UTF-8, comma, point, dates as 2026-01-31, missing values empty.
fn write_csv(table: &dyn Table, file: File) -> Result<u64, WriteError> {
    let full = |error: csv::Error| WriteError::Write(ParquetError::External(Box::new(error)));
    let mut writer = csv::Writer::from_writer(BufWriter::new(file));
    writer.write_record(table.variables().iter().map(|variable| variable.name.as_bytes())).map_err(full)?;
    let mut rows = 0;
    for batch in table.read(None)? {
        let texts = texts(&batch?)?;
        let height = texts.first().map_or(0, Array::len);
        for row in 0..height {
            for column in &texts {
                writer.write_field(if column.is_valid(row) { column.value(row) } else { "" }).map_err(full)?;
            }
            writer.write_record(None::<&[u8]>).map_err(full)?;
        }
        rows += height as u64;
    }
    let io = |error: std::io::Error| WriteError::Write(ParquetError::External(Box::new(error)));
    writer.into_inner().map_err(|error| io(error.into_error()))?.flush().map_err(io)?;
    Ok(rows)
}

fn texts(batch: &RecordBatch) -> Result<Vec<StringArray>, WriteError> {
    batch
        .columns()
        .iter()
        .map(|column| match column.data_type() {
            // The shortest text that gives the same number back.
            DataType::Float64 => {
                Ok(column.as_primitive::<Float64Type>().iter().map(|x| x.map(|x| x.to_string())).collect())
            }
            _ => arrow::compute::cast(column, &DataType::Utf8)
                .map(|text| text.as_string::<i32>().clone())
                .map_err(|error| WriteError::Write(error.into())),
        })
        .collect()
}

/// The codebook of a CSV.
fn codebook_json(table: &Chosen<'_>, origin: &Origin, rows: u64) -> serde_json::Value {
    let variables: Vec<serde_json::Value> = table
        .variables
        .iter()
        .zip(table.schema.fields())
        .map(|(variable, field)| {
            let value_labels: Vec<serde_json::Value> = variable
                .value_labels
                .iter()
                .map(|(value, label)| json!({ "value": value_text(value), "label": label }))
                .collect();
            json!({
                "name": variable.name,
                "label": variable.label,
                "type": match field.data_type() {
                    kind if kind.is_integer() => "integer",
                    kind if kind.is_numeric() => "number",
                    DataType::Date32 | DataType::Date64 => "date",
                    DataType::Timestamp(..) | DataType::Time32(_) | DataType::Time64(_) => "time",
                    _ => "text",
                },
                "value_labels": value_labels,
                "missing": missing_json(&variable.missing),
                "format": variable.format,
            })
        })
        .collect();
    let provenance = table.provenance();
    json!({
        "source": origin.json(provenance, provenance.encoding.as_ref().map(|choice| evidence(choice.evidence))),
        "table": table.name(),
        "rows": rows,
        "variables": variables,
    })
}
