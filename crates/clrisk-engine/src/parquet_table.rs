//! A Parquet file as a table of `clrisk-readers`, so that `inspect` and `convert` treat it like any other. Labels that `convert` wrote into
//! the metadata of its columns are read again.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::datatypes::{Field, SchemaRef};
use clrisk_readers::{Batches, LabelledValue, MissingCodes, Provenance, ReadError, Table, Variable};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::conversion::{LABEL, MISSING, VALUE_LABELS};

/// An open Parquet file.
pub struct ParquetTable {
    path: PathBuf,
    name: String,
    schema: SchemaRef,
    variables: Vec<Variable>,
    provenance: Provenance,
    rows: u64,
}

fn damaged() -> ReadError {
    ReadError::Damaged { what: "parquet", offset: None, row: None, column: None }
}

fn builder(path: &Path) -> Result<ParquetRecordBatchReaderBuilder<File>, ReadError> {
    ParquetRecordBatchReaderBuilder::try_new(File::open(path)?).map_err(|_| damaged())
}

impl ParquetTable {
    /// Opens a file.
    ///
    /// # Errors
    /// The file cannot be opened, or is no complete Parquet file.
    pub fn open(path: &Path) -> Result<ParquetTable, ReadError> {
        let builder = builder(path)?;
        let metadata = builder.metadata().file_metadata();
        let provenance = Provenance {
            format: format!("Parquet {}", metadata.version()),
            producer: metadata.created_by().map(str::to_owned),
            ..Provenance::default()
        };
        Ok(ParquetTable {
            path: path.to_owned(),
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            schema: builder.schema().clone(),
            variables: builder.schema().fields().iter().map(|field| variable(field)).collect(),
            rows: u64::try_from(metadata.num_rows()).unwrap_or_default(),
            provenance,
        })
    }
}

impl Table for ParquetTable {
    fn name(&self) -> &str {
        &self.name
    }

    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn variables(&self) -> &[Variable] {
        &self.variables
    }

    fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    fn rows(&self) -> Option<u64> {
        Some(self.rows)
    }

    fn read(&self, columns: Option<&[usize]>) -> Result<Batches, ReadError> {
        let mut builder = builder(&self.path)?.with_batch_size(clrisk_readers::BATCH_ROWS);
        // A Parquet file gives its columns in its own order; they are put into the order asked for afterwards.
        let mut order: Option<Vec<usize>> = None;
        if let Some(columns) = columns {
            if let Some(position) = columns.iter().find(|position| **position >= self.variables.len()) {
                return Err(ReadError::NoColumn { position: *position });
            }
            let mut sorted = columns.to_vec();
            sorted.sort_unstable();
            sorted.dedup();
            let mask = ProjectionMask::roots(builder.parquet_schema(), sorted.iter().copied());
            builder = builder.with_projection(mask);
            order = Some(columns.iter().filter_map(|column| sorted.binary_search(column).ok()).collect());
        }
        let reader = builder.build().map_err(|_| damaged())?;
        Ok(Box::new(reader.map(move |batch| {
            let batch = batch.map_err(|_| damaged())?;
            match &order {
                Some(order) => batch.project(order).map_err(|_| damaged()),
                None => Ok(batch),
            }
        })))
    }
}

/// What the metadata of a column says of it.
fn variable(field: &Field) -> Variable {
    let metadata = field.metadata();
    let mut variable = Variable { label: metadata.get(LABEL).cloned(), ..Variable::named(field.name()) };
    let number = field.data_type().is_numeric();
    let value = |text: &str| match text.parse::<f64>() {
        Ok(value) if number => LabelledValue::Number(value),
        _ => match text.strip_prefix('.').and_then(|rest| rest.chars().next()) {
            Some(letter) if number => LabelledValue::Missing(letter),
            _ => LabelledValue::Text(text.to_owned()),
        },
    };
    let labels = metadata.get(VALUE_LABELS).and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    for (code, label) in labels.iter().filter_map(serde_json::Value::as_object).flatten() {
        if let Some(label) = label.as_str() {
            variable.value_labels.push((value(code), label.to_owned()));
        }
    }
    if let Some(missing) = metadata.get(MISSING).and_then(|text| serde_json::from_str(text).ok()) {
        variable.missing = missing_codes(&missing);
    }
    variable
}

/// Missing codes as `convert` writes them: numbers, texts, and ranges as lists of two numbers (null: without end).
fn missing_codes(codes: &serde_json::Value) -> MissingCodes {
    let mut missing = MissingCodes::default();
    for code in codes.as_array().into_iter().flatten() {
        match code {
            serde_json::Value::Number(number) => missing.numbers.extend(number.as_f64()),
            serde_json::Value::String(text) => missing.texts.push(text.clone()),
            serde_json::Value::Array(ends) => {
                let end = |position: usize| ends.get(position).and_then(serde_json::Value::as_f64);
                missing.ranges.push((end(0).unwrap_or(f64::NEG_INFINITY), end(1).unwrap_or(f64::INFINITY)));
            }
            _ => {}
        }
    }
    missing
}
