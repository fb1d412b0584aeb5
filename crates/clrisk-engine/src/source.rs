//! Input files as tables that DataFusion can scan: CSV (also gzip), Parquet, tables made in memory, and every other format by way of
//! the project's cache.
//!
//! Area codes are text and lose their meaning when read as numbers, so CSV types are decided here: a column is a number only
//! when no value in the part looked at has a leading zero or anything else that a number would forget.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use clrisk_core::{Finding, Place};
use clrisk_readers::ReadOptions;
use datafusion::common::SchemaError;
use datafusion::datasource::file_format::file_compression_type::FileCompressionType;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{CsvReadOptions, DataFrame, ParquetReadOptions, SessionConfig, SessionContext};
use flate2::read::MultiGzDecoder;
use futures::StreamExt;
use parquet::arrow::ArrowWriter;
use parquet::file::metadata::KeyValue;

use crate::conversion::{self, Slot};
use crate::settings::FileReading;

/// Bytes from which text is kept as Parquet; smaller files are parsed as fast as they are looked up. In gzip an eighth of it.
pub const LARGE: u64 = 16 << 20;
/// Rows of a CSV file looked at to decide the types of its columns.
const ROWS_FOR_TYPES: usize = 50_000;

/// The session in which all expressions of a project are evaluated.
pub struct Session {
    context: SessionContext,
    folder: PathBuf,
    /// What readers had to say of the files registered so far.
    notes: Mutex<Vec<Finding>>,
    /// Whether large text may be read from the cache: other machines have none.
    keeps: bool,
    /// The Parquet file behind each table that is read from one.
    parquet: Mutex<BTreeMap<String, PathBuf>>,
}

/// A finding on its way up; boxed because findings are large.
pub type Found = Box<Finding>;

impl Session {
    /// A session for the project in `folder`.
    pub fn new(folder: &Path) -> Session {
        Session { keeps: true, ..Session::over(SessionContext::new_with_config(Session::config(2)), folder) }
    }

    /// A session that uses the disk when a query needs more memory than this.
    pub fn with_memory(folder: &Path, bytes: usize) -> Session {
        let config = Session::config(2);
        let context = match RuntimeEnvBuilder::new().with_memory_limit(bytes, 1.0).build_arc() {
            Ok(runtime) => SessionContext::new_with_config_rt(config, runtime),
            // Without a temporary folder there is only memory.
            Err(_) => SessionContext::new_with_config(config),
        };
        Session { keeps: true, ..Session::over(context, folder) }
    }

    /// A session for the project in `folder` whose queries run in `context`, which may be another machine.
    pub fn over(context: SessionContext, folder: &Path) -> Session {
        let (notes, parquet) = (Mutex::default(), Mutex::default());
        Session { context, folder: folder.to_owned(), notes, keeps: false, parquet }
    }

    /// How expressions are understood, wherever they run, and in how many parts a query is done.
    pub fn config(parts: usize) -> SessionConfig {
        // Names of columns are taken as the file writes them: statistical offices mix upper and lower case.
        let mut config = SessionConfig::new().with_target_partitions(parts).with_batch_size(16_384);
        config.options_mut().sql_parser.enable_ident_normalization = false;
        config.options_mut().execution.parquet.pushdown_filters = false;
        config
    }

    /// The project's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The path of a file named in `clrisk.toml`.
    pub fn path(&self, file: &Path) -> PathBuf {
        conversion::split_table(&self.folder, file).0
    }

    /// The Parquet file that table `name` is read from: the file itself or its conversion; none for text.
    pub fn parquet(&self, name: &str) -> Option<PathBuf> {
        self.parquet.lock().ok()?.get(name).cloned()
    }

    /// Reads table `name` from a Parquet file.
    async fn register_parquet(&self, name: &str, path: &Path, shown: &str) -> Result<(), Found> {
        let text_path = path.to_string_lossy().into_owned();
        self.context
            .register_parquet(name, &text_path, ParquetReadOptions::default())
            .await
            .map_err(|error| Box::new(damaged_file(shown, &error)))?;
        if let Ok(mut parquet) = self.parquet.lock() {
            parquet.insert(name.to_owned(), path.to_owned());
        }
        Ok(())
    }

    /// What readers had to say of the files registered since the last call.
    pub fn take_notes(&self) -> Vec<Finding> {
        self.notes.lock().map(|mut notes| std::mem::take(&mut *notes)).unwrap_or_default()
    }

    /// Makes the file available as table `name`. Parquet and CSV in UTF-8 are scanned where they are; every other format that
    /// `clrisk-readers` knows is converted once into the project's cache ([`conversion`]). A file with several tables is written
    /// `file#table`.
    ///
    /// # Errors
    /// `FILE-001` the file does not exist, `FILE-002` it is empty, `FILE-003` its format is not read, `FILE-004` it is damaged,
    /// and what readers find (`READ-…`).
    pub async fn register(&self, name: &str, file: &Path, types: &BTreeMap<String, String>) -> Result<(), Found> {
        self.register_as(name, file, FileReading::of_types(types)).await
    }

    /// The same, where more is said of how to read the file.
    ///
    /// # Errors
    /// As [`Session::register`].
    pub async fn register_as(&self, name: &str, file: &Path, reading: FileReading<'_>) -> Result<(), Found> {
        let types = reading.types;
        let path = self.path(file);
        let shown = file.display().to_string();
        let place = || Place::file(shown.clone());
        let metadata =
            std::fs::metadata(&path).map_err(|_| Box::new(Finding::error("FILE-001", place()).with("file", &shown)))?;
        if metadata.len() == 0 {
            return Err(Box::new(Finding::error("FILE-002", place()).with("file", &shown)));
        }
        let lower = path.to_string_lossy().to_lowercase();
        let damaged = |error: DataFusionError| Box::new(damaged_file(&shown, &error));
        let text_path = path.to_string_lossy().into_owned();
        if lower.ends_with(".parquet") {
            self.register_parquet(name, &path, &shown).await?;
        } else if reading.encoding.is_some() || reading.delimiter.is_some() || reading.dictionary.is_some() {
            return self.register_converted(name, file, reading).await;
        } else if lower.ends_with(".csv") || lower.ends_with(".csv.gz") || lower.ends_with(".txt") {
            let csv = match look_at_csv(&path, &shown, types) {
                // An older encoding, titles above the header: the readers know.
                Err(finding) if finding.code == "FILE-005" || finding.code == "FILE-006" => {
                    return self.register_converted(name, file, reading).await;
                }
                csv => csv?,
            };
            let gzip = lower.ends_with(".gz");
            let extension = if gzip {
                ".csv.gz"
            } else if lower.ends_with(".txt") {
                ".txt"
            } else {
                ".csv"
            };
            let options = CsvReadOptions::new()
                .schema(&csv.schema)
                .delimiter(csv.delimiter)
                .has_header(true)
                .null_regex(Some("^(NA|N/A)?$".to_owned()))
                .file_extension(extension)
                .file_compression_type(if gzip {
                    FileCompressionType::GZIP
                } else {
                    FileCompressionType::UNCOMPRESSED
                });
            self.context.register_csv(name, &text_path, options).await.map_err(damaged)?;
            if self.keeps && metadata.len() >= if gzip { LARGE / 8 } else { LARGE } {
                self.keep_as_parquet(name, &path, &shown, types).await?;
            }
        } else {
            return self.register_converted(name, file, reading).await;
        }
        Ok(())
    }

    /// Puts a large table of text, registered already, into the project's cache as Parquet and reads it from there. Text that cannot be read
    /// to its end stays what it is: whoever reads it finds out.
    async fn keep_as_parquet(
        &self,
        name: &str,
        path: &Path,
        shown: &str,
        types: &BTreeMap<String, String>,
    ) -> Result<(), Found> {
        let damaged = |error: DataFusionError| Box::new(damaged_file(shown, &error));
        let Ok(slot) = Slot::of(&self.folder, shown, &format!("text {types:?}"), &[path.to_owned()]) else {
            return Ok(());
        };
        if slot.findings(shown).is_none() {
            let frame = in_order(self.context.table(name).await.map_err(damaged)?);
            let Ok(staging) = slot.staging() else { return Ok(()) };
            let written = async {
                let mut stream = frame.execute_stream().await?;
                let said = KeyValue::new(conversion::FINDINGS.to_owned(), "[]".to_owned());
                let properties = conversion::properties(vec![said])?;
                let mut writer = ArrowWriter::try_new(staging.reopen()?, stream.schema(), Some(properties))?;
                while let Some(batch) = stream.next().await {
                    writer.write(&batch?)?;
                }
                writer.close()?;
                Ok::<(), DataFusionError>(())
            };
            if written.await.is_err() || slot.fill(staging).is_err() {
                return Ok(());
            }
        }
        self.context.deregister_table(name).map_err(damaged)?;
        self.register_parquet(name, &slot.path, shown).await
    }

    /// Makes a file of another format available through the project's cache.
    async fn register_converted(&self, name: &str, file: &Path, reading: FileReading<'_>) -> Result<(), Found> {
        let shown = file.display().to_string();
        let (path, table) = conversion::split_table(&self.folder, file);
        let options = ReadOptions {
            table,
            types: reading.types.clone(),
            encoding: reading.encoding.map(str::to_owned),
            // A delimiter is one byte in every file there is.
            delimiter: reading.delimiter.and_then(|delimiter| u8::try_from(delimiter).ok()),
            dictionary: reading.dictionary.map(|dictionary| self.folder.join(dictionary)),
            ..ReadOptions::default()
        };
        let converted = conversion::convert(&self.folder, &path, &shown, &options)?;
        if let Ok(mut notes) = self.notes.lock() {
            notes.extend(converted.findings);
        }
        self.register_parquet(name, &converted.path, &shown).await
    }

    /// Puts the result of a query in the place of table `name`.
    pub fn replace(&self, name: &str, frame: DataFrame) -> Result<(), Found> {
        let damaged = |error: DataFusionError| Box::new(damaged_file(name, &error));
        self.context.deregister_table(name).map_err(damaged)?;
        // The rows are no longer those of a file.
        if let Ok(mut parquet) = self.parquet.lock() {
            parquet.remove(name);
        }
        self.context.register_table(name, frame.into_view()).map_err(damaged).map(|_| ())
    }

    /// Makes a table held in memory available.
    pub fn register_batch(&self, name: &str, batch: RecordBatch) -> Result<(), Found> {
        self.context.register_batch(name, batch).map(|_| ()).map_err(|error| Box::new(damaged_file(name, &error)))
    }

    /// Plans a query whose rows come in the order of the file, so that sums of fractions are the same bytes every time; only `SELECT` is
    /// allowed.
    ///
    /// # Errors
    /// `EXPR-001` unknown column, `EXPR-002` the expression cannot be understood; both at `key` of `clrisk.toml`.
    pub async fn query(&self, sql: &str, key: &str, file: &str) -> Result<DataFrame, Found> {
        self.query_in_parts(sql, key, file).await.map(in_order)
    }

    /// Plans a query that several threads work on, for sums that do not depend on the order and for results that are sorted: rows come
    /// as they are ready.
    ///
    /// # Errors
    /// As [`Session::query`].
    pub async fn query_in_parts(&self, sql: &str, key: &str, file: &str) -> Result<DataFrame, Found> {
        let options = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
        self.context
            .sql_with_options(sql, options)
            .await
            .map_err(|error| Box::new(expression_finding(&error, key, file)))
    }

    /// Checks that `expression` can be evaluated over table `name`; says which column is missing otherwise.
    pub async fn check_expression(&self, name: &str, expression: &str, key: &str, file: &str) -> Result<(), Found> {
        self.query(&format!("SELECT ({expression}) FROM {name} LIMIT 0"), key, file).await.map(|_| ())
    }

    /// Reads a small query result as columns of text, one vector a column.
    ///
    /// # Errors
    /// As [`Session::query`], and `FILE-004` when the file turns out damaged.
    pub async fn read_texts(&self, sql: &str, key: &str, file: &str) -> Result<Vec<Vec<Option<String>>>, Found> {
        texts_of(self.query(sql, key, file).await?, key, file).await
    }

    /// The same for a query that sorts what it gives, by several threads.
    ///
    /// # Errors
    /// As [`Session::read_texts`].
    pub async fn read_sorted_texts(&self, sql: &str, key: &str, file: &str) -> Result<Vec<Vec<Option<String>>>, Found> {
        texts_of(self.query_in_parts(sql, key, file).await?, key, file).await
    }
}

async fn texts_of(frame: DataFrame, key: &str, file: &str) -> Result<Vec<Vec<Option<String>>>, Found> {
    let batches = frame.collect().await.map_err(|error| Box::new(evaluation_finding(file, key, &error)))?;
    let mut columns: Vec<Vec<Option<String>>> = Vec::new();
    for batch in &batches {
        columns.resize(batch.num_columns(), Vec::new());
        for (index, column) in columns.iter_mut().enumerate() {
            let text = arrow::compute::cast(batch.column(index), &DataType::Utf8)
                .map_err(|error| Box::new(evaluation_finding(file, key, &error.into())))?;
            let text = datafusion::common::cast::as_string_array(&text)
                .map_err(|error| Box::new(evaluation_finding(file, key, &error)))?;
            column.extend(text.iter().map(|value| value.map(str::to_owned)));
        }
    }
    Ok(columns)
}

/// The same rows, worked on as one part: several parts would come as they are ready.
fn in_order(frame: DataFrame) -> DataFrame {
    let (mut state, plan) = frame.into_parts();
    state.config_mut().options_mut().execution.target_partitions = 1;
    DataFrame::new(state, plan)
}

/// A column of a query: an expression of `clrisk.toml`, read as one type.
pub enum Column<'a> {
    /// As text.
    Text(&'a str),
    /// As a number; what is not one becomes null, which the caller counts.
    Number(&'a str),
    /// As 1 or 0; unknown is 0.
    Flag(&'a str),
}

/// The select list of `columns`, each under a name of its own: two settings may well hold the same expression.
pub fn select_list(columns: &[Column<'_>]) -> String {
    let list: Vec<String> = columns
        .iter()
        .enumerate()
        .map(|(index, column)| match column {
            Column::Text(expression) => format!("CAST(({expression}) AS VARCHAR) AS \"column {index}\""),
            Column::Number(expression) => format!("TRY_CAST(({expression}) AS DOUBLE) AS \"column {index}\""),
            Column::Flag(expression) => {
                format!("CAST(coalesce(({expression}), FALSE) AS DOUBLE) AS \"column {index}\"")
            }
        })
        .collect();
    list.join(", ")
}

/// What DataFusion says about an expression, as a finding.
fn expression_finding(error: &DataFusionError, key: &str, file: &str) -> Finding {
    let mut place = Place::key(key);
    place.file = Some(file.to_owned());
    if let DataFusionError::SchemaError(schema, _) = error.find_root()
        && let SchemaError::FieldNotFound { field, valid_fields } = schema.as_ref()
    {
        let mut finding =
            Finding::error("EXPR-001", place).with("column", &field.name).with("file", file).with("key", key);
        let wanted = field.name.to_lowercase();
        let near = valid_fields
            .iter()
            .map(|column| &column.name)
            .map(|name| (crate::names::distance(&wanted, &name.to_lowercase()), name))
            .min_by_key(|(distance, _)| *distance)
            .filter(|(distance, name)| *distance <= wanted.len().max(name.len()) / 2)
            .map(|(_, name)| name);
        if let Some(near) = near {
            finding = finding.detail(format!("→ {near}"));
        }
        return finding;
    }
    Finding::error("EXPR-002", place).with("key", key).with("reason", plain_reason(error))
}

/// What went wrong while the rows of `file` were read for the expressions under `key`. What the decoder says is left out on
/// purpose: decoders quote the values they stumble over.
pub fn evaluation_finding(file: &str, key: &str, error: &DataFusionError) -> Finding {
    match error.find_root() {
        DataFusionError::ArrowError(arrow, _)
            if matches!(
                arrow.as_ref(),
                ArrowError::CastError(_)
                    | ArrowError::ComputeError(_)
                    | ArrowError::ArithmeticOverflow(_)
                    | ArrowError::DivideByZero
            ) =>
        {
            Finding::error("EXPR-003", Place::file(file).at_key(key)).with("key", key)
        }
        _ => damaged_file(file, error),
    }
}

/// A file that cannot be read to its end.
fn damaged_file(file: &str, error: &DataFusionError) -> Finding {
    let reason = match error.find_root() {
        DataFusionError::ParquetError(_) => "parquet",
        DataFusionError::ArrowError(..) => "values",
        DataFusionError::IoError(_) | DataFusionError::ObjectStore(_) => "io",
        _ => "other",
    };
    Finding::error("FILE-004", Place::file(file)).with("file", file).with("reason", reason)
}

/// The first line of a planning error; planning sees names and types, never values.
fn plain_reason(error: &DataFusionError) -> String {
    let text = error.find_root().to_string();
    text.lines().next().unwrap_or_default().chars().take(200).collect()
}

struct CsvLook {
    delimiter: u8,
    schema: Schema,
}

/// Opens a CSV file, through gzip when its name says so.
fn open(path: &Path) -> std::io::Result<Box<dyn Read>> {
    let file = File::open(path)?;
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz")) {
        Ok(Box::new(MultiGzDecoder::new(file)))
    } else {
        Ok(Box::new(file))
    }
}

/// Decides delimiter and types from the beginning of the file.
fn look_at_csv(path: &Path, shown: &str, types: &BTreeMap<String, String>) -> Result<CsvLook, Found> {
    let damaged = || Box::new(Finding::error("FILE-004", Place::file(shown)).with("file", shown).with("reason", "io"));
    let mut head = vec![0u8; 65_536];
    let mut reader = open(path).map_err(|_| damaged())?;
    let mut length = 0;
    while length < head.len() {
        match reader.read(&mut head[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(_) => return Err(damaged()),
        }
    }
    head.truncate(length);
    let first_line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if first_line.iter().all(u8::is_ascii_whitespace) {
        return Err(Box::new(Finding::error("FILE-002", Place::file(shown)).with("file", shown)));
    }
    if let Err(error) = std::str::from_utf8(&head)
        && error.error_len().is_some()
    {
        let row = head[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() as u64;
        return Err(Box::new(Finding::error("FILE-005", Place::file(shown).row(row)).with("file", shown)));
    }
    let delimiter = *b",;\t|"
        .iter()
        .max_by_key(|delimiter| (first_line.iter().filter(|byte| byte == delimiter).count(), **delimiter == b','))
        .unwrap_or(&b',');

    let mut csv =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(open(path).map_err(|_| damaged())?);
    let names: Vec<String> = csv
        .headers()
        .map_err(|_| damaged())?
        .iter()
        .map(|name| name.trim_start_matches('\u{feff}').to_owned())
        .collect();
    let mut kinds = vec![Kind::Unseen; names.len()];
    let mut record = csv::StringRecord::new();
    for row in 1..=ROWS_FOR_TYPES {
        match csv.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) if record.len() != names.len() => {
                return Err(Box::new(
                    Finding::error("FILE-006", Place::file(shown).row(row as u64))
                        .with("file", shown)
                        .with("found", record.len())
                        .with("expected", names.len()),
                ));
            }
            Ok(true) => {
                for (kind, value) in kinds.iter_mut().zip(record.iter()) {
                    *kind = kind.widen(value);
                }
            }
            Err(_) => return Err(damaged()),
        }
    }
    let fields: Vec<Field> = names
        .iter()
        .zip(&kinds)
        .map(|(name, kind)| {
            let data_type = match (types.get(name).map(String::as_str), kind) {
                (Some("text"), _) => DataType::Utf8,
                (Some("integer"), _) => DataType::Int64,
                (Some("number"), _) => DataType::Float64,
                (_, Kind::Integer) => DataType::Int64,
                (_, Kind::Number) => DataType::Float64,
                (_, Kind::Text | Kind::Unseen) => DataType::Utf8,
            };
            Field::new(name, data_type, true)
        })
        .collect();
    Ok(CsvLook { delimiter, schema: Schema::new(fields) })
}

/// The narrowest type that keeps every value seen so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unseen,
    Integer,
    Number,
    Text,
}

impl Kind {
    fn widen(self, value: &str) -> Kind {
        if self == Kind::Text || value.is_empty() || value == "NA" || value == "N/A" {
            return self;
        }
        let digits = value.strip_prefix('-').unwrap_or(value);
        let leading_zero = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
        if leading_zero || value.starts_with('+') || !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            Kind::Text
        } else if self != Kind::Number && value.parse::<i64>().is_ok() {
            Kind::Integer
        } else if value.parse::<f64>().is_ok() {
            Kind::Number
        } else {
            Kind::Text
        }
    }
}

/// The schema of a query's result.
pub fn schema_of(frame: &DataFrame) -> SchemaRef {
    Arc::new(frame.schema().as_arrow().clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_with_leading_zeros_stay_text_and_numbers_widen() {
        let widen = |values: &[&str]| values.iter().fold(Kind::Unseen, |kind, value| kind.widen(value));
        assert_eq!(widen(&["101", "0102"]), Kind::Text);
        assert_eq!(widen(&["1", "", "NA", "22"]), Kind::Integer);
        assert_eq!(widen(&["1", "0.5", "-3"]), Kind::Number);
        assert_eq!(widen(&["0", "10"]), Kind::Integer);
        assert_eq!(widen(&["1", "x"]), Kind::Text);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn rows_come_in_the_order_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let rows = 200_000;
        let text: String = std::iter::once("n\n".to_owned()).chain((0..rows).map(|row| format!("{row}\n"))).collect();
        std::fs::write(folder.path().join("a.csv"), text).unwrap();
        let session = Session::new(folder.path());
        session.register("a", Path::new("a.csv"), &BTreeMap::new()).await.unwrap();
        // Rows that come as they are ready are now and then in order, but not so often.
        for _ in 0..5 {
            let texts = session.read_texts("SELECT n + 0 FROM a", "key", "a.csv").await.unwrap();
            let in_order = texts[0].iter().zip(0..rows).all(|(text, row)| text.as_deref() == Some(&row.to_string()));
            assert!(in_order && texts[0].len() == rows);
        }
    }
}
