//! Every Stata file at hand gives the cells, names, labels and value labels that the crate `dta` reads, an implementation of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod support;

use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Float64Type, Int64Type};
use clrisk_readers::{LabelledValue, ReadOptions, Table};
use dta::stata::dta::dta_reader::DtaReader;
use dta::stata::dta::long_string_table::LongStringTable;
use dta::stata::dta::value::Value;
use dta::stata::dta::value_label_table::ValueLabelTable;
use dta::stata::stata_double::StataDouble;
use support::table;

/// What the other implementation reads.
struct Second {
    names: Vec<String>,
    labels: Vec<String>,
    formats: Vec<String>,
    value_labels: Vec<Vec<(i32, String)>>,
    rows: Vec<Vec<SecondCell>>,
}

#[derive(Debug, PartialEq)]
enum SecondCell {
    Missing,
    Number(f64),
    Text(String),
}

fn second_opinion(path: &Path) -> Second {
    // The crate has to be told. ReadStat writes UTF-8 into all releases, pandas the Latin alphabet of Windows into those before 118.
    let name = path.file_name().unwrap().to_string_lossy();
    let latin = name.contains("pandas_114") || name.contains("pandas_117");
    let encoding = if latin { encoding_rs::WINDOWS_1252 } else { encoding_rs::UTF_8 };
    let schema = DtaReader::new().encoding(encoding).from_path(path).unwrap().read_header().unwrap();
    let mut characteristics = schema.read_schema().unwrap();
    characteristics.skip_to_end().unwrap();
    let mut records = characteristics.into_record_reader().unwrap();
    let variables = records.schema().variables().to_vec();
    let mut rows = Vec::new();
    let mut references = Vec::new();
    while let Some(record) = records.read_record().unwrap() {
        let number = |value: StataDouble| value.present().map_or(SecondCell::Missing, SecondCell::Number);
        let mut row = Vec::new();
        for value in record.values() {
            row.push(match value {
                Value::Byte(value) => number((*value).into()),
                Value::Int(value) => number((*value).into()),
                Value::Long(value) => number((*value).into()),
                Value::Float(value) => number((*value).into()),
                Value::Double(value) => number(*value),
                Value::String(text) => SecondCell::Text(text.trim_end_matches(' ').to_owned()),
                Value::LongStringRef(reference) => {
                    references.push((rows.len(), row.len(), *reference));
                    SecondCell::Text(String::new())
                }
            });
        }
        rows.push(row);
    }
    let mut long_strings = records.into_long_string_reader().unwrap();
    let mut texts = LongStringTable::for_reading();
    long_strings.read_remaining_into(&mut texts).unwrap();
    for (row, column, reference) in references {
        if let Some(text) = texts.get(&reference) {
            let text = String::from_utf8(text.data().to_vec()).unwrap();
            rows[row][column] = SecondCell::Text(text.trim_end_matches(['\0', ' ']).to_owned());
        }
    }
    let mut sets = ValueLabelTable::new();
    long_strings.into_value_label_reader().unwrap().read_remaining_into(&mut sets).unwrap();
    Second {
        names: variables.iter().map(|variable| variable.name().to_owned()).collect(),
        labels: variables.iter().map(|variable| variable.label().to_owned()).collect(),
        formats: variables.iter().map(|variable| variable.format().to_owned()).collect(),
        value_labels: variables
            .iter()
            .map(|variable| {
                let set = sets.get(variable.value_label_name());
                let entries =
                    set.map(|set| set.entries().iter().map(|entry| (entry.value(), entry.label().to_owned())));
                entries.map(Iterator::collect).unwrap_or_default()
            })
            .collect(),
        rows,
    }
}

/// The first difference, by its place.
fn difference(table: &dyn Table, second: &Second) -> Option<String> {
    let mut row = 0;
    for batch in table.read(None).unwrap() {
        let batch = batch.unwrap();
        for at in 0..batch.num_rows() {
            for (position, column) in batch.columns().iter().enumerate() {
                let same = match &second.rows[row + at][position] {
                    SecondCell::Missing => column.is_null(at),
                    SecondCell::Text(text) if text.is_empty() => column.is_null(at),
                    SecondCell::Text(text) => column.as_string::<i32>().value(at) == text,
                    SecondCell::Number(number) => {
                        if let Some(whole) = column.as_primitive_opt::<Int64Type>() {
                            !column.is_null(at) && whole.value(at) as f64 == *number
                        } else if let Some(any) = column.as_primitive_opt::<Float64Type>() {
                            !column.is_null(at) && any.value(at) == *number
                        } else {
                            // Dates are compared with pyreadstat.
                            !column.is_null(at)
                        }
                    }
                };
                if !same {
                    return Some(format!("row {} of {}", row + at + 1, second.names[position]));
                }
            }
        }
        row += batch.num_rows();
    }
    (row != second.rows.len()).then(|| format!("{row} rows instead of {}", second.rows.len()))
}

#[test]
fn stata_files_are_read_as_another_implementation_reads_them() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files")];
    folders.extend(["readers/encovi_fixture", "readers/pyreadstat_samples"].into_iter().filter_map(support::real_data));
    let files: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "dta"))
        .collect();
    assert!(files.len() >= 4);
    for path in files {
        let second = second_opinion(&path);
        let table = table(&path, &ReadOptions::default());
        let shown = path.display();
        for (position, variable) in table.variables().iter().enumerate() {
            assert_eq!(variable.name, second.names[position], "{shown}");
            assert_eq!(variable.label.clone().unwrap_or_default(), second.labels[position].trim_end(), "{shown}");
            assert_eq!(variable.format.clone().unwrap_or_default(), second.formats[position], "{shown}");
            let numbers: Vec<(i32, String)> = variable
                .value_labels
                .iter()
                .map(|(value, label)| match value {
                    LabelledValue::Number(number) => (*number as i32, label.clone()),
                    LabelledValue::Missing(letter) => (2_147_483_622 + (*letter as i32 - 'a' as i32), label.clone()),
                    LabelledValue::Text(text) => panic!("a label of a text: {text}"),
                })
                .collect();
            assert_eq!(numbers, second.value_labels[position], "{shown} {}", variable.name);
        }
        assert_eq!(difference(table.as_ref(), &second), None, "{shown}");
    }
}
