//! Office files as Parquet: what DataFusion does not scan itself is read once by `clrisk-readers`, kept in the project's cache under
//! the hash of what it was made from, and scanned from there. An unchanged file is not read again.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::{Field, Schema, SchemaRef};
use clrisk_core::{Finding, Place};
use clrisk_readers::{Format, LabelledValue, ReadError, ReadOptions, Table, Variable};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use sha2::{Digest, Sha256};

use crate::source::Found;

/// Folder of the converted files, below the project.
const CACHE: &str = "out/cache";
/// Keys of the metadata of a column: its label, and the labels of its values as a JSON object.
const LABEL: &str = "label";
const VALUE_LABELS: &str = "value_labels";

/// A converted file, and what its reader had to say.
#[derive(Debug)]
pub struct Converted {
    /// The Parquet file.
    pub path: PathBuf,
    /// What the reader had to say; its notes are not repeated when the file was in the cache already.
    pub findings: Vec<Finding>,
}

/// Converts the table that `options` ask for, or takes it from the cache of the project in `folder`.
///
/// Of several tables the first is taken, with the warning `READ-010`, when none is named.
///
/// # Errors
/// Findings of the reader (`FILE-…`, `READ-…`); `FILE-007` when the cache cannot be written.
pub fn convert(folder: &Path, path: &Path, shown: &str, options: &ReadOptions) -> Result<Converted, Found> {
    let failed = |error: ReadError| Box::new(error.finding(shown));
    let opened = clrisk_readers::open(path, options).map_err(failed)?;
    let named = opened.tables.iter().find(|table| options.table.as_deref() == Some(table.name()));
    let Some(table) = named.or(opened.tables.first()) else {
        return Err(Box::new(Finding::error("FILE-002", Place::file(shown)).with("file", shown)));
    };
    let mut findings = Vec::new();
    if named.is_none() && opened.tables.len() > 1 {
        let names: Vec<&str> = opened.tables.iter().map(|table| table.name()).collect();
        let finding = Finding::warning("READ-010", Place::file(shown)).with("file", shown).with("table", table.name());
        findings.push(finding.detail(names.join(", ")));
    }
    let unwritable = |_| Box::new(Finding::error("FILE-007", Place::file(CACHE)).with("file", CACHE));
    let name =
        fingerprint(path, opened.format, table.name(), options).map_err(|kind| failed(ReadError::Io { kind }))?;
    let cached = folder.join(CACHE).join(format!("{name}.parquet"));
    if cached.exists() {
        return Ok(Converted { path: cached, findings });
    }
    fs::create_dir_all(folder.join(CACHE)).map_err(unwritable)?;
    let staging = tempfile::NamedTempFile::new_in(folder.join(CACHE)).map_err(unwritable)?;
    match write_parquet(table.as_ref(), staging.reopen().map_err(unwritable)?) {
        Ok(()) => {}
        Err(WriteError::Read(error)) => return Err(failed(error)),
        Err(WriteError::Write(_)) => {
            return Err(Box::new(Finding::error("FILE-007", Place::file(CACHE)).with("file", CACHE)));
        }
    }
    staging.persist(&cached).map_err(|error| unwritable(error.error))?;
    findings.extend(table.provenance().notes.iter().map(|note| note.finding(shown)));
    Ok(Converted { path: cached, findings })
}

/// The path of a file of the project in `folder`, and the table after a `#` when there is one: `registro.xlsx#2025`. A file whose name has
/// a `#` of its own is that file.
pub fn split_table(folder: &Path, file: &Path) -> (PathBuf, Option<String>) {
    let whole = folder.join(file);
    if whole.exists() {
        return (whole, None);
    }
    let text = whole.to_string_lossy();
    match text.rsplit_once('#') {
        Some((path, table)) => (PathBuf::from(path), Some(table.to_owned())),
        None => (whole, None),
    }
}

/// Why a table could not be written.
#[derive(Debug)]
pub enum WriteError {
    /// The source failed.
    Read(ReadError),
    /// The destination failed.
    Write(ParquetError),
}

impl From<ReadError> for WriteError {
    fn from(error: ReadError) -> WriteError {
        WriteError::Read(error)
    }
}

impl From<ParquetError> for WriteError {
    fn from(error: ParquetError) -> WriteError {
        WriteError::Write(error)
    }
}

/// Writes a table as Parquet, labels in the metadata of its columns.
///
/// # Errors
/// What the source or the destination says.
pub fn write_parquet(table: &dyn Table, file: File) -> Result<(), WriteError> {
    let schema = labelled_schema(&table.schema(), table.variables());
    let level = ZstdLevel::try_new(3)?;
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
    let mut writer = ArrowWriter::try_new(file, schema.clone(), Some(properties))?;
    for batch in table.read(None)? {
        // The same columns under a schema that carries the labels.
        let batch = batch?.with_schema(schema.clone()).map_err(ParquetError::from)?;
        writer.write(&batch)?;
    }
    writer.close()?;
    Ok(())
}

/// The schema with the labels of variables and values in the metadata of its fields.
fn labelled_schema(schema: &SchemaRef, variables: &[Variable]) -> SchemaRef {
    let fields: Vec<Field> = schema
        .fields()
        .iter()
        .zip(variables)
        .map(|(field, variable)| {
            let mut metadata = field.metadata().clone();
            if let Some(label) = &variable.label {
                metadata.insert(LABEL.to_owned(), label.clone());
            }
            if !variable.value_labels.is_empty() {
                let labels: serde_json::Map<String, serde_json::Value> = variable
                    .value_labels
                    .iter()
                    .map(|(value, label)| (value_text(value), serde_json::Value::from(label.as_str())))
                    .collect();
                metadata.insert(VALUE_LABELS.to_owned(), serde_json::Value::Object(labels).to_string());
            }
            field.as_ref().clone().with_metadata(metadata)
        })
        .collect();
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

/// A labelled value as it is written in expressions.
pub fn value_text(value: &LabelledValue) -> String {
    match value {
        LabelledValue::Number(number) => number.to_string(),
        LabelledValue::Text(text) => text.clone(),
        LabelledValue::Missing(letter) => format!(".{letter}"),
    }
}

/// Hash of everything a conversion depends on.
fn fingerprint(path: &Path, format: Format, table: &str, options: &ReadOptions) -> Result<String, std::io::ErrorKind> {
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    hash.update(format!("{options:?} {table}"));
    let mut files = vec![path.to_owned()];
    files.extend(options.dictionary.clone());
    if format == Format::Redatam {
        // The dictionary names a file for every variable, in its folder.
        let folder = path.parent().unwrap_or(Path::new("."));
        for entry in fs::read_dir(folder).map_err(|error| error.kind())? {
            files.push(entry.map_err(|error| error.kind())?.path());
        }
        files.sort();
    }
    let mut buffer = vec![0; 1 << 20];
    for file in files.iter().filter(|file| file.is_file()) {
        hash.update(file.file_name().unwrap_or_default().as_encoded_bytes());
        let mut file = File::open(file).map_err(|error| error.kind())?;
        loop {
            match file.read(&mut buffer).map_err(|error| error.kind())? {
                0 => break,
                read => hash.update(&buffer[..read]),
            }
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
