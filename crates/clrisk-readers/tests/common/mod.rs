//! What tests of readers share: the folder of real data, and tables as rows of text that can be compared with a CSV.

use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray};
use arrow::datatypes::DataType;
use clrisk_readers::Table;

/// The folder of real data: `CLRISK_REAL_DATA`, or `shared/data` beside the project. None, said aloud, when there is none.
#[allow(dead_code)]
pub fn real_data(test: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("CLRISK_REAL_DATA").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: {test} needs the real data (CLRISK_REAL_DATA or ../shared/data)");
    None
}

/// All rows of a table, as text; numbers as Rust writes them.
#[allow(dead_code)]
pub fn rows(table: &dyn Table) -> Vec<Vec<Option<String>>> {
    columns(table, None)
}

/// Some columns of all rows, as text.
#[allow(dead_code)]
pub fn columns(table: &dyn Table, positions: Option<&[usize]>) -> Vec<Vec<Option<String>>> {
    let mut rows = Vec::new();
    for batch in table.read(positions).unwrap() {
        let batch = batch.unwrap();
        assert!(batch.num_rows() <= clrisk_readers::BATCH_ROWS);
        let texts: Vec<_> = batch
            .columns()
            .iter()
            .map(|column| match column.data_type() {
                DataType::Float64 => {
                    let numbers = column.as_primitive::<arrow::datatypes::Float64Type>();
                    numbers.iter().map(|number| number.map(|number| number.to_string())).collect::<Vec<_>>()
                }
                _ => {
                    let text = arrow::compute::cast(column, &DataType::Utf8).unwrap();
                    text.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect()
                }
            })
            .collect();
        for row in 0..batch.num_rows() {
            rows.push(texts.iter().map(|column| column[row].clone()).collect());
        }
    }
    rows
}

/// The rows of a CSV file without its header; empty fields are missing.
#[allow(dead_code)]
pub fn csv_rows(path: &Path, delimiter: u8) -> (Vec<String>, Vec<Vec<Option<String>>>) {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_path(path).unwrap();
    let names = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|record| {
        record.unwrap().iter().map(|value| (!value.is_empty()).then(|| value.trim_end().to_owned())).collect()
    });
    (names, rows.collect())
}
