//! Office files as Parquet: what DataFusion does not scan itself is read once by `clrisk-readers`, kept in the project's cache under
//! the hash of what it was made from, and scanned from there. An unchanged file is not read again.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema, SchemaRef};
use clrisk_core::{Finding, Place};
use clrisk_readers::{
    Format, LabelledValue, MissingCodes, Provenance, ReadError, ReadOptions, Source, Table, Variable,
};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use sha2::{Digest, Sha256};

use crate::inspect::evidence;
use crate::source::Found;

/// Folder of the converted files, below the project.
const CACHE: &str = "out/cache";
/// What the names of files begin with that are being written.
const UNFINISHED: &str = ".unfinished-";
/// Key of the metadata of a conversion under which its findings are kept.
pub const FINDINGS: &str = "clrisk_findings";
const A_DAY: Duration = Duration::from_secs(86_400);
/// Keys of the metadata of a column: its label, the labels of its values as a JSON object, and its missing codes as a JSON list.
pub const LABEL: &str = "label";
/// Labels of values.
pub const VALUE_LABELS: &str = "value_labels";
/// Missing codes.
pub const MISSING: &str = "missing";
/// Key of the metadata of a file that says what it was made from.
pub const PROVENANCE: &str = "clrisk";

/// A converted file, and what its reader had to say.
#[derive(Debug)]
pub struct Converted {
    /// The Parquet file.
    pub path: PathBuf,
    /// What the reader had to say, now or when the conversion was made.
    pub findings: Vec<Finding>,
}

/// Converts the table that `options` ask for, or takes it from the cache of the project in `folder`.
///
/// A conversion that is in the cache is neither made nor is the file opened again: its bytes are hashed, and what the reader had to say is
/// kept with the conversion, so that every run says the same. A conversion of what the file held before is removed. Of several tables
/// the first is taken, with the warning `READ-010`, when none is named.
///
/// # Errors
/// Findings of the reader (`FILE-…`, `READ-…`); `FILE-007` when the cache cannot be written.
pub fn convert(folder: &Path, path: &Path, shown: &str, options: &ReadOptions) -> Result<Converted, Found> {
    let failed = |error: ReadError| Box::new(error.finding(shown));
    let unwritable = || Box::new(Finding::error("FILE-007", Place::file(CACHE)).with("file", CACHE));
    let format = Format::of(&Source::file(path).map_err(failed)?).map_err(failed)?;
    let files = files_of(path, format, options).map_err(|error| failed(error.into()))?;
    let asked = format!("{options:?}");
    let slot = Slot::of(folder, shown, &asked, &files).map_err(|error| failed(error.into()))?;
    if let Some(findings) = slot.findings(shown) {
        return Ok(Converted { path: slot.path, findings });
    }
    let opened = clrisk_readers::open(path, options).map_err(failed)?;
    let (table, mut findings) = choose_table(&opened.tables, options, shown)?;
    findings.extend(table.provenance().notes.iter().map(|note| note.finding(shown)));
    let staging = slot.staging().map_err(|_| unwritable())?;
    let said = KeyValue::new(FINDINGS.to_owned(), serde_json::to_string(&findings).ok());
    match write_with(table, None, vec![said], staging.reopen().map_err(|_| unwritable())?) {
        Ok(_) => {}
        Err(WriteError::Read(error)) => return Err(failed(error)),
        Err(WriteError::Write(_)) => return Err(unwritable()),
    }
    slot.fill(staging).map_err(|_| unwritable())?;
    Ok(Converted { path: slot.path, findings })
}

/// The place of a conversion in the cache: one for each file and way of reading it, named after the content as well.
pub struct Slot {
    /// The Parquet file, there or not.
    pub path: PathBuf,
    folder: PathBuf,
    /// What all conversions of this file begin with.
    prefix: String,
}

impl Slot {
    /// The place for what `shown` holds now, read as `asked`.
    ///
    /// # Errors
    /// One of the files cannot be read.
    pub fn of(folder: &Path, shown: &str, asked: &str, files: &[PathBuf]) -> std::io::Result<Slot> {
        let version = env!("CARGO_PKG_VERSION");
        let prefix = hex(Sha256::digest(format!("{shown} {asked}")).as_slice())[..16].to_owned() + "-";
        let mut hash = Sha256::new();
        hash.update(format!("{version} {asked}"));
        let mut buffer = vec![0; 1 << 20];
        for file in files.iter().filter(|file| file.is_file()) {
            hash.update(file.file_name().unwrap_or_default().as_encoded_bytes());
            let mut file = File::open(file)?;
            loop {
                match file.read(&mut buffer)? {
                    0 => break,
                    read => hash.update(&buffer[..read]),
                }
            }
        }
        let folder = folder.join(CACHE);
        let path = folder.join(format!("{prefix}{}.parquet", hex(hash.finalize().as_slice())));
        Ok(Slot { path, folder, prefix })
    }

    /// What was said when the conversion was made, about a file that may be called otherwise now; none when there is no whole one.
    pub fn findings(&self, shown: &str) -> Option<Vec<Finding>> {
        let file = File::open(&self.path).ok()?;
        let metadata = ParquetRecordBatchReaderBuilder::try_new(file).ok()?.metadata().clone();
        let said = metadata.file_metadata().key_value_metadata()?.iter().find(|pair| pair.key == FINDINGS)?;
        let mut findings: Vec<Finding> = serde_json::from_str(said.value.as_deref()?).ok()?;
        for finding in &mut findings {
            finding.place.file = Some(shown.to_owned());
            finding.args.insert("file".to_owned(), shown.to_owned());
        }
        Some(findings)
    }

    /// A file to write the conversion into. What a killed run left a day ago or more is removed.
    ///
    /// # Errors
    /// The cache cannot be written.
    pub fn staging(&self) -> std::io::Result<tempfile::NamedTempFile> {
        fs::create_dir_all(&self.folder)?;
        for entry in fs::read_dir(&self.folder)?.flatten() {
            let left = entry.file_name().to_string_lossy().starts_with(UNFINISHED);
            let age =
                entry.metadata().and_then(|metadata| metadata.modified()).ok().and_then(|time| time.elapsed().ok());
            if left && age.is_some_and(|age| age > A_DAY) {
                fs::remove_file(entry.path()).ok();
            }
        }
        tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(&self.folder)
    }

    /// Puts the finished conversion in its place, and takes away those of what the file held before.
    ///
    /// # Errors
    /// The cache cannot be written.
    pub fn fill(&self, staging: tempfile::NamedTempFile) -> std::io::Result<()> {
        staging.persist(&self.path).map_err(|error| error.error)?;
        for entry in fs::read_dir(&self.folder)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(&self.prefix) && entry.path() != self.path {
                fs::remove_file(entry.path()).ok();
            }
        }
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The files that a conversion depends on.
fn files_of(path: &Path, format: Format, options: &ReadOptions) -> std::io::Result<Vec<PathBuf>> {
    let mut files = vec![path.to_owned()];
    files.extend(options.dictionary.clone());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match format {
        // The dictionary names a file for every variable, in its folder.
        Format::Redatam => {
            for entry in fs::read_dir(folder)? {
                files.push(entry?.path());
            }
            files.sort();
        }
        // Labels and encodings in files of their own.
        Format::Sas => files.extend([path.with_extension("sas7bcat"), folder.join("formats.sas7bcat")]),
        Format::Dbf => files.push(path.with_extension("cpg")),
        _ => {}
    }
    Ok(files)
}

/// The table that `options` ask for, or the first with the warning `READ-010` when there are several and none is named.
///
/// # Errors
/// `FILE-002` when there is none.
pub fn choose_table<'a>(
    tables: &'a [Box<dyn Table>],
    options: &ReadOptions,
    shown: &str,
) -> Result<(&'a dyn Table, Vec<Finding>), Found> {
    let named = tables.iter().find(|table| options.table.as_deref() == Some(table.name()));
    let Some(table) = named.or(tables.first()) else {
        return Err(Box::new(Finding::error("FILE-002", Place::file(shown)).with("file", shown)));
    };
    let mut findings = Vec::new();
    if named.is_none() && tables.len() > 1 {
        let names: Vec<&str> = tables.iter().map(|table| table.name()).collect();
        let finding = Finding::warning("READ-010", Place::file(shown)).with("file", shown).with("table", table.name());
        findings.push(finding.detail(names.join(", ")));
    }
    Ok((table.as_ref(), findings))
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

/// How Parquet files are written.
pub fn properties(metadata: Vec<KeyValue>) -> Result<WriterProperties, ParquetError> {
    let level = ZstdLevel::try_new(3)?;
    let metadata = (!metadata.is_empty()).then_some(metadata);
    let builder = WriterProperties::builder().set_compression(Compression::ZSTD(level));
    Ok(builder.set_key_value_metadata(metadata).build())
}

/// What a converted file was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Name of the file, without its folder.
    pub file: String,
    /// Hash of its content.
    pub sha256: String,
    /// Its format.
    pub format: String,
    /// Name of the file that labels were taken from, when that is another.
    pub labels_from: Option<String>,
    /// Whether values that the file declares as missing were kept.
    pub missing_kept: bool,
}

impl Origin {
    /// As it stands in the metadata of a Parquet file and in a codebook.
    pub fn json(&self, provenance: &Provenance, encoding_decided_by: Option<&str>) -> serde_json::Value {
        serde_json::json!({
            "file": self.file,
            "sha256": self.sha256,
            "format": self.format,
            "version": provenance.format,
            "producer": provenance.producer,
            "encoding": provenance.encoding.as_ref().map(|choice| choice.name.as_str()),
            "encoding_decided_by": encoding_decided_by,
            "labels_from": self.labels_from,
            "weighted_by": provenance.weight,
            "missing_kept": self.missing_kept,
            "converted_by": concat!("clrisk ", env!("CARGO_PKG_VERSION")),
        })
    }
}

/// Writes a table as Parquet, labels in the metadata of its columns, and what it was made from in that of the file. Gives the rows.
///
/// # Errors
/// What the source or the destination says.
pub fn write_parquet(table: &dyn Table, origin: Option<&Origin>, file: File) -> Result<u64, WriteError> {
    write_with(table, origin, Vec::new(), file)
}

fn write_with(
    table: &dyn Table,
    origin: Option<&Origin>,
    metadata: Vec<KeyValue>,
    file: File,
) -> Result<u64, WriteError> {
    let mut schema = labelled_schema(&table.schema(), table.variables());
    if let Some(origin) = origin {
        let provenance = table.provenance();
        let decided_by = provenance.encoding.as_ref().map(|choice| evidence(choice.evidence));
        let mut metadata = schema.metadata().clone();
        metadata.insert(PROVENANCE.to_owned(), origin.json(provenance, decided_by).to_string());
        schema = Arc::new(schema.as_ref().clone().with_metadata(metadata));
    }
    let properties = properties(metadata)?;
    let mut writer = ArrowWriter::try_new(file, schema.clone(), Some(properties))?;
    let mut rows = 0;
    for batch in table.read(None)? {
        // The same columns under a schema that carries the labels.
        let batch = RecordBatch::try_new(schema.clone(), batch?.columns().to_vec()).map_err(ParquetError::from)?;
        rows += batch.num_rows() as u64;
        writer.write(&batch)?;
    }
    writer.close()?;
    Ok(rows)
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
            if !variable.missing.is_empty() {
                metadata.insert(MISSING.to_owned(), missing_json(&variable.missing).to_string());
            }
            field.as_ref().clone().with_metadata(metadata)
        })
        .collect();
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

/// Missing codes as a list: numbers, texts, and ranges as lists of two numbers (null: without end).
pub fn missing_json(missing: &MissingCodes) -> serde_json::Value {
    let end = |number: f64| number.is_finite().then_some(number);
    let numbers = missing.numbers.iter().map(|number| serde_json::json!(number));
    let texts = missing.texts.iter().map(|text| serde_json::json!(text));
    let ranges = missing.ranges.iter().map(|(low, high)| serde_json::json!([end(*low), end(*high)]));
    numbers.chain(texts).chain(ranges).collect()
}

/// A labelled value as it is written in expressions.
pub fn value_text(value: &LabelledValue) -> String {
    match value {
        LabelledValue::Number(number) => number.to_string(),
        LabelledValue::Text(text) => text.clone(),
        LabelledValue::Missing(letter) => format!(".{letter}"),
    }
}
