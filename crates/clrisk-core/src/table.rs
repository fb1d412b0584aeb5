//! The tables of a bundle: named columns of text, numbers and whole numbers, written as Parquet.
//!
//! The writer is deterministic: the same columns give the same bytes.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::bundle::BundleError;

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Text.
    Text(Vec<Option<String>>),
    /// Real numbers.
    Number(Vec<Option<f64>>),
    /// Whole numbers.
    Whole(Vec<Option<i64>>),
    /// Yes or no.
    Flag(Vec<bool>),
}

/// A table: columns of equal length, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    columns: Vec<(String, Column)>,
}

impl Table {
    /// An empty table.
    pub fn new() -> Table {
        Table::default()
    }

    /// Adds a text column.
    pub fn text(mut self, name: &str, values: impl Iterator<Item = Option<String>>) -> Table {
        self.columns.push((name.to_owned(), Column::Text(values.collect())));
        self
    }

    /// Adds a column of real numbers.
    pub fn number(mut self, name: &str, values: impl Iterator<Item = Option<f64>>) -> Table {
        self.columns.push((name.to_owned(), Column::Number(values.collect())));
        self
    }

    /// Adds a column of whole numbers.
    pub fn whole(mut self, name: &str, values: impl Iterator<Item = Option<i64>>) -> Table {
        self.columns.push((name.to_owned(), Column::Whole(values.collect())));
        self
    }

    /// Adds a yes-or-no column.
    pub fn flag(mut self, name: &str, values: impl Iterator<Item = bool>) -> Table {
        self.columns.push((name.to_owned(), Column::Flag(values.collect())));
        self
    }

    /// Names and columns, in order.
    pub fn columns(&self) -> &[(String, Column)] {
        &self.columns
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        match self.columns.first() {
            None => 0,
            Some((_, Column::Text(values))) => values.len(),
            Some((_, Column::Number(values))) => values.len(),
            Some((_, Column::Whole(values))) => values.len(),
            Some((_, Column::Flag(values))) => values.len(),
        }
    }

    /// The texts of a column; an error when the column is not there or not text.
    pub fn texts(&self, name: &str) -> Result<&[Option<String>], BundleError> {
        match self.find(name)? {
            Column::Text(values) => Ok(values),
            _ => Err(BundleError::Column { name: name.to_owned() }),
        }
    }

    /// The numbers of a column.
    pub fn numbers(&self, name: &str) -> Result<&[Option<f64>], BundleError> {
        match self.find(name)? {
            Column::Number(values) => Ok(values),
            _ => Err(BundleError::Column { name: name.to_owned() }),
        }
    }

    /// The whole numbers of a column.
    pub fn wholes(&self, name: &str) -> Result<&[Option<i64>], BundleError> {
        match self.find(name)? {
            Column::Whole(values) => Ok(values),
            _ => Err(BundleError::Column { name: name.to_owned() }),
        }
    }

    /// The flags of a column.
    pub fn flags(&self, name: &str) -> Result<&[bool], BundleError> {
        match self.find(name)? {
            Column::Flag(values) => Ok(values),
            _ => Err(BundleError::Column { name: name.to_owned() }),
        }
    }

    fn find(&self, name: &str) -> Result<&Column, BundleError> {
        self.columns
            .iter()
            .find(|(column, _)| column == name)
            .map(|(_, column)| column)
            .ok_or_else(|| BundleError::Column { name: name.to_owned() })
    }

    /// Writes the table as Parquet (zstd).
    pub fn write(&self, path: &Path) -> Result<(), BundleError> {
        let io = |source| BundleError::Io { path: path.to_owned(), source };
        let file = File::create(path).map_err(io)?;
        let mut file = self
            .write_to(file)
            .map_err(|reason| BundleError::Table { path: path.to_owned(), reason: reason.to_string() })?;
        file.flush().map_err(io)
    }

    /// Writes the table as Parquet (zstd) wherever bytes can be written, and gives that back.
    ///
    /// # Errors
    /// When the columns are of different lengths or the bytes cannot be written.
    pub fn write_to<W: Write + Send>(&self, target: W) -> Result<W, parquet::errors::ParquetError> {
        let mut fields = Vec::new();
        let mut arrays: Vec<ArrayRef> = Vec::new();
        for (name, column) in &self.columns {
            let (kind, array): (DataType, ArrayRef) = match column {
                Column::Text(values) => {
                    (DataType::Utf8, Arc::new(StringArray::from_iter(values.iter().map(Option::as_deref))))
                }
                Column::Number(values) => {
                    (DataType::Float64, Arc::new(Float64Array::from_iter(values.iter().copied())))
                }
                Column::Whole(values) => (DataType::Int64, Arc::new(Int64Array::from_iter(values.iter().copied()))),
                Column::Flag(values) => (DataType::Boolean, Arc::new(BooleanArray::from(values.clone()))),
            };
            fields.push(Field::new(name, kind, !matches!(column, Column::Flag(_))));
            arrays.push(array);
        }
        let schema = Arc::new(Schema::new(fields));
        let batch = RecordBatch::try_new(schema.clone(), arrays)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by("clrisk".to_owned())
            .build();
        let mut writer = ArrowWriter::try_new(target, schema, Some(properties))?;
        writer.write(&batch)?;
        writer.into_inner()
    }

    /// Reads a table written by [`Table::write`].
    pub fn read(path: &Path) -> Result<Table, BundleError> {
        let bad = |reason: String| BundleError::Table { path: path.to_owned(), reason };
        let file = File::open(path).map_err(|source| BundleError::Io { path: path.to_owned(), source })?;
        let reader = ParquetRecordBatchReaderBuilder::try_new(file)
            .and_then(ParquetRecordBatchReaderBuilder::build)
            .map_err(|source| bad(source.to_string()))?;
        let mut table = Table::new();
        for batch in reader {
            let batch = batch.map_err(|source| bad(source.to_string()))?;
            for (index, field) in batch.schema().fields().iter().enumerate() {
                if table.columns.len() <= index {
                    let empty = match field.data_type() {
                        DataType::Utf8 => Column::Text(Vec::new()),
                        DataType::Float64 => Column::Number(Vec::new()),
                        DataType::Int64 => Column::Whole(Vec::new()),
                        DataType::Boolean => Column::Flag(Vec::new()),
                        other => return Err(bad(format!("column {} has type {other}", field.name()))),
                    };
                    table.columns.push((field.name().clone(), empty));
                }
                let array = batch.column(index).as_any();
                match &mut table.columns[index].1 {
                    Column::Text(values) => {
                        if let Some(array) = array.downcast_ref::<StringArray>() {
                            values.extend(array.iter().map(|value| value.map(str::to_owned)));
                        }
                    }
                    Column::Number(values) => {
                        if let Some(array) = array.downcast_ref::<Float64Array>() {
                            values.extend(array.iter());
                        }
                    }
                    Column::Whole(values) => {
                        if let Some(array) = array.downcast_ref::<Int64Array>() {
                            values.extend(array.iter());
                        }
                    }
                    Column::Flag(values) => {
                        if let Some(array) = array.downcast_ref::<BooleanArray>() {
                            values.extend((0..array.len()).map(|row| array.value(row)));
                        }
                    }
                }
            }
        }
        Ok(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_comes_back_as_written_and_twice_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let table = Table::new()
            .text("area", ["0101", "0102"].into_iter().map(|code| Some(code.to_owned())))
            .number("rate", [Some(0.1), None].into_iter())
            .whole("n", [None, Some(3)].into_iter())
            .flag("local", [true, false].into_iter());
        let (first, second) = (folder.path().join("a.parquet"), folder.path().join("b.parquet"));
        table.write(&first).unwrap();
        table.write(&second).unwrap();
        assert_eq!(Table::read(&first).unwrap(), table);
        assert_eq!(std::fs::read(&first).unwrap(), std::fs::read(&second).unwrap());
    }

    #[test]
    fn a_truncated_table_is_an_error_that_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        Table::new().whole("n", [Some(1)].into_iter()).write(&path).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        assert!(Table::read(&path).unwrap_err().to_string().contains("a.parquet"));
    }
}
