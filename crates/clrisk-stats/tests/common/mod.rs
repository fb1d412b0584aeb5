//! Reading of the reference outputs and their data. Absent on a fresh clone: the caller says so and skips.
#![allow(dead_code)]

pub mod api;
pub mod guatemala;

use std::collections::HashMap;
use std::path::PathBuf;

use serde_json::Value;

fn folder(variable: &str, default: &str) -> PathBuf {
    std::env::var_os(variable)
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(default))
}

/// A file of the reference folder, or `None` (said aloud) when it is not there.
pub fn reference_file(name: &str) -> Option<PathBuf> {
    present(folder("CLRISK_REFERENCE", "reference").join(name))
}

/// A file of the real data folder, or `None` (said aloud) when it is not there.
pub fn real_data_file(name: &str) -> Option<PathBuf> {
    present(folder("CLRISK_REAL_DATA", "data").join(name))
}

fn present(path: PathBuf) -> Option<PathBuf> {
    if path.exists() {
        return Some(path);
    }
    println!("SKIPPED: {} is not there", path.display());
    None
}

/// An output of the reference scripts.
pub fn reference_json(name: &str) -> Option<Value> {
    let path = reference_file(&format!("out/{name}.json"))?;
    Some(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
}

/// A table as columns of text.
pub struct Table {
    columns: HashMap<String, Vec<String>>,
    pub names: Vec<String>,
}

impl Table {
    pub fn read(path: PathBuf) -> Self {
        let file = std::fs::File::open(&path).unwrap();
        let reader: Box<dyn std::io::Read> = if path.extension().is_some_and(|e| e == "gz") {
            Box::new(flate2::read::GzDecoder::new(file))
        } else {
            Box::new(file)
        };
        let mut csv = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(reader);
        let names: Vec<String> = csv.headers().unwrap().iter().map(str::to_owned).collect();
        let mut columns: Vec<Vec<String>> = vec![Vec::new(); names.len()];
        for record in csv.records() {
            for (column, field) in columns.iter_mut().zip(record.unwrap().iter()) {
                column.push(field.trim().to_owned());
            }
        }
        Self { columns: names.iter().cloned().zip(columns).collect(), names }
    }

    pub fn reference(name: &str) -> Option<Self> {
        reference_file(&format!("data/{name}.csv")).map(Self::read)
    }

    pub fn text(&self, column: &str) -> &[String] {
        &self.columns[column]
    }

    pub fn rows(&self) -> usize {
        self.text(&self.names[0]).len()
    }

    /// Numbers; an empty field is NaN.
    pub fn numbers(&self, column: &str) -> Vec<f64> {
        self.text(column).iter().map(|s| s.parse().unwrap_or(f64::NAN)).collect()
    }

    pub fn codes(&self, column: &str) -> Vec<u64> {
        self.text(column).iter().map(|s| s.parse().unwrap()).collect()
    }

    /// The rows that meet a condition.
    pub fn keep(&self, condition: impl Fn(usize) -> bool) -> Self {
        let columns = self
            .columns
            .iter()
            .map(|(name, values)| {
                let kept = (0..values.len()).filter(|&row| condition(row)).map(|row| values[row].clone()).collect();
                (name.clone(), kept)
            })
            .collect();
        Self { columns, names: self.names.clone() }
    }

    /// Codes 0.. in order of the sorted texts.
    pub fn factor(&self, column: &str) -> (Vec<u32>, Vec<String>) {
        let mut levels: Vec<String> = self.text(column).to_vec();
        levels.sort();
        levels.dedup();
        (self.text(column).iter().map(|s| levels.binary_search(s).unwrap() as u32).collect(), levels)
    }

    pub fn equals(&self, column: &str, value: &str) -> Vec<bool> {
        self.text(column).iter().map(|s| s == value).collect()
    }
}

pub fn indicator(mask: &[bool]) -> Vec<f64> {
    mask.iter().map(|&m| f64::from(u8::from(m))).collect()
}

pub fn widen(codes: &[u32]) -> Vec<u64> {
    codes.iter().map(|&c| u64::from(c)).collect()
}

/// Numbers of a JSON array, or of the values of an object, in order; a lone number is an array of one.
pub fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        Value::Object(items) => items.values().flat_map(numbers).collect(),
        Value::Number(n) => vec![n.as_f64().unwrap()],
        Value::Null => vec![f64::NAN],
        other => panic!("not a number: {other}"),
    }
}

pub fn number(value: &Value) -> f64 {
    numbers(value)[0]
}

/// Relative difference at most `tolerance`; values below 1e-9 are compared absolutely against 1e-12.
#[track_caller]
pub fn close(found: f64, expected: f64, tolerance: f64, what: &str) {
    let allowed = if expected.abs() < 1e-9 { 1e-12 } else { tolerance * expected.abs() };
    assert!((found - expected).abs() <= allowed, "{what}: found {found:.16e}, expected {expected:.16e}");
}

#[track_caller]
pub fn all_close(found: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (index, (f, e)) in found.iter().zip(expected).enumerate() {
        close(*f, *e, tolerance, &format!("{what} [{index}]"));
    }
}
