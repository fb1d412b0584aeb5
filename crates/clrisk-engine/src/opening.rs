//! Any file of an office, opened: what `clrisk-readers` reads, Parquet too, with labels from a file of their own where there is one.

use std::path::{Path, PathBuf};

use clrisk_readers::{Format, Opened, ReadError, ReadOptions, Source, Table};

use crate::labels::Labels;
use crate::parquet_table::ParquetTable;

/// An open file.
pub struct OfficeFile {
    /// What it is.
    pub format: Format,
    /// Its tables.
    pub tables: Vec<Box<dyn Table>>,
    /// The file its labels come from, when that is another.
    pub labels_from: Option<PathBuf>,
}

/// Opens a file. Labels are taken from `options.dictionary` when that is a file of labels, else from one that lies beside the file
/// ([`Labels::beside`]).
///
/// # Errors
/// As [`clrisk_readers::open`]; also when the dictionary that was named does not exist.
pub fn open(path: &Path, options: &ReadOptions) -> Result<OfficeFile, ReadError> {
    let source = Source::file(path)?;
    let mut options = options.clone();
    let mut labels_from = None;
    let mut labels = None;
    if let Some(dictionary) = options.dictionary.clone() {
        // What is no file of labels (positions, syntax, a form, a catalog) is for the readers, who say what is wrong with it.
        Source::file(&dictionary)?;
        labels = Labels::read(&dictionary).unwrap_or_default();
        if labels.is_some() {
            labels_from = options.dictionary.take();
        }
    } else if let Some(beside) = Labels::beside(path) {
        // A file that happens to lie there and is not understood is no mistake of the user.
        labels = Labels::read(&beside).unwrap_or_default();
        labels_from = labels.is_some().then_some(beside);
    }
    let Opened { format, tables } = match Format::of(&source)? {
        Format::Parquet => Opened { format: Format::Parquet, tables: vec![Box::new(ParquetTable::open(path)?)] },
        _ => {
            let mut opened = clrisk_readers::open_source(&source, &options)?;
            // A codebook knows which columns of digits are codes.
            let texts: Vec<String> = labels.iter().flat_map(Labels::texts).map(str::to_owned).collect();
            let columns = opened.tables.iter().flat_map(|table| table.variables()).map(|variable| &variable.name);
            let as_text: Vec<String> = columns.filter(|name| texts.contains(&name.to_lowercase())).cloned().collect();
            if opened.format == Format::DelimitedText && !as_text.is_empty() {
                for name in as_text {
                    options.types.entry(name).or_insert_with(|| "text".to_owned());
                }
                opened = clrisk_readers::open_source(&source, &options)?;
            }
            opened
        }
    };
    let tables = match &labels {
        Some(labels) => tables.into_iter().map(|table| labels.label(table)).collect(),
        None => tables,
    };
    Ok(OfficeFile { format, tables, labels_from })
}
