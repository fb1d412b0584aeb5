//! What tests of readers share: the sample files, and cells in a form that compares.
#![allow(dead_code)]

pub mod damage;

use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type, Time64MicrosecondType, TimestampMicrosecondType};
use clrisk_readers::{ReadError, ReadOptions, Table, open};

/// A folder of the real data, or `None` (and a line that says so) where they are not.
pub fn real_data(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CLRISK_REAL_DATA")
        .map(PathBuf::from)
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    let path = root.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("SKIPPED: no {}", path.display());
    None
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Null,
    Number(f64),
    /// Text, and dates and times in ISO 8601.
    Text(String),
}

/// All cells of a table, column by column.
pub fn cells(table: &dyn Table) -> Result<Vec<Vec<Cell>>, ReadError> {
    let mut columns = vec![Vec::new(); table.variables().len()];
    for batch in table.read(None)? {
        let batch = batch?;
        for (column, cells) in batch.columns().iter().zip(&mut columns) {
            cells.extend((0..batch.num_rows()).map(|row| cell(column.as_ref(), row)));
        }
    }
    Ok(columns)
}

fn cell(column: &dyn Array, row: usize) -> Cell {
    if column.is_null(row) {
        return Cell::Null;
    }
    match column.data_type() {
        DataType::Int64 => Cell::Number(column.as_primitive::<Int64Type>().value(row) as f64),
        DataType::Float64 => Cell::Number(column.as_primitive::<Float64Type>().value(row)),
        DataType::Utf8 => Cell::Text(column.as_string::<i32>().value(row).to_owned()),
        DataType::Date32 => Cell::Text(date(i64::from(column.as_primitive::<Date32Type>().value(row)))),
        DataType::Timestamp(..) => {
            let value = column.as_primitive::<TimestampMicrosecondType>().value(row);
            Cell::Text(format!("{}T{}", date(value.div_euclid(A_DAY)), time(value.rem_euclid(A_DAY))))
        }
        DataType::Time64(_) => Cell::Text(time(column.as_primitive::<Time64MicrosecondType>().value(row))),
        other => panic!("no reader gives {other}"),
    }
}

const A_DAY: i64 = 86_400_000_000;

/// The date of a day from 1970-01-01 (algorithm of Howard Hinnant, `civil_from_days`).
fn date(day: i64) -> String {
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

fn time(microseconds: i64) -> String {
    let seconds = microseconds / 1_000_000;
    let text = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    match microseconds % 1_000_000 {
        0 => text,
        rest => format!("{text}.{rest:06}"),
    }
}

/// The only table of a file.
pub fn table(path: &Path, options: &ReadOptions) -> Box<dyn Table> {
    let mut opened = open(path, options).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(opened.tables.len(), 1, "{}", path.display());
    opened.tables.remove(0)
}

/// An expected CSV: names and rows of texts.
pub fn expected(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let names = reader.headers().unwrap().iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    (names, rows)
}

/// Whether a cell is what the text of an expected CSV says. Numbers agree to the last digits that a file can keep, texts to the letter,
/// times whether or not they write their microseconds.
pub fn agrees(cell: &Cell, expected: &str) -> bool {
    match cell {
        Cell::Null => expected.is_empty() || expected == "#NULL!",
        Cell::Number(number) => {
            expected.parse::<f64>().is_ok_and(|other| (number - other).abs() <= 1e-13 * other.abs().max(1e-300))
        }
        Cell::Text(text) => {
            let plain = expected.trim_end_matches(".000000");
            let plain =
                if plain.len() == 7 && plain.as_bytes()[1] == b':' { format!("0{plain}") } else { plain.to_owned() };
            *text == plain || text == expected
        }
    }
}
