//! Invented files written by ReadStat (`tests/files/make.py`) give back the cells, labels and missing codes they were made of.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod support;

use std::path::{Path, PathBuf};

use clrisk_readers::{EncodingEvidence, LabelledValue, ReadOptions, Table, UserMissing};
use serde_json::Value;
use support::{Cell, agrees, cells, table};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name)
}

fn made() -> Value {
    serde_json::from_str(&std::fs::read_to_string(file("made.json")).unwrap()).unwrap()
}

fn keep() -> ReadOptions {
    ReadOptions { user_missing: UserMissing::Keep, ..ReadOptions::default() }
}

/// Compares cells with `made.json`; texts may be cut to `longest` characters, as the file they were written to was.
fn assert_made(name: &str, table: &dyn Table, longest: usize) {
    let made = made();
    let found = cells(table).unwrap();
    for (variable, column) in table.variables().iter().zip(&found) {
        let wanted = made["cells"][variable.name.to_lowercase()].as_array().unwrap();
        assert_eq!(column.len(), wanted.len());
        for (row, (cell, wanted)) in column.iter().zip(wanted).enumerate() {
            let wanted = match wanted {
                Value::Null => String::new(),
                Value::String(text) => text.chars().take(longest).collect::<String>().trim_end().to_owned(),
                other => other.to_string(),
            };
            assert!(agrees(cell, &wanted), "{name} {} row {}: {cell:?} is not {wanted:?}", variable.name, row + 1);
        }
    }
}

#[test]
fn system_files_give_back_their_cells_in_every_packing() {
    for name in ["made_plain.sav", "made_rows.sav", "made_zlib.zsav"] {
        let table = table(&file(name), &keep());
        assert_eq!(table.variables().len(), 10);
        assert_made(name, table.as_ref(), usize::MAX);
        assert_eq!(table.provenance().encoding.clone().unwrap().evidence, EncodingEvidence::Declared);
    }
}

#[test]
fn labels_and_missing_codes_of_system_files_are_those_given() {
    let table = table(&file("made_zlib.zsav"), &ReadOptions::default());
    let variable = |name: &str| table.variables().iter().find(|variable| variable.name == name).unwrap();
    let labels = |name: &str| -> Vec<(String, String)> {
        let text = |value: &LabelledValue| match value {
            LabelledValue::Number(number) => number.to_string(),
            LabelledValue::Text(text) => text.clone(),
            LabelledValue::Missing(letter) => letter.to_string(),
        };
        variable(name).value_labels.iter().map(|(value, label)| (text(value), label.clone())).collect()
    };
    let made = made();
    for name in ["trabaja", "cultivo"] {
        let wanted = made["value_labels"][name].as_object().unwrap();
        assert_eq!(labels(name).len(), wanted.len());
        for (value, label) in labels(name) {
            assert_eq!(wanted[&value].as_str(), Some(label.as_str()), "{name}");
        }
    }
    for (name, label) in made["labels"].as_object().unwrap() {
        assert_eq!(variable(name).label.as_deref(), label.as_str());
    }
    assert_eq!(variable("trabaja").missing.numbers, [9.0]);
    assert_eq!(variable("ingreso").missing.numbers, [-1.0]);
    assert_eq!(variable("ingreso").missing.ranges, [(99_990.0, 99_999.0)]);
    assert_eq!(variable("cultivo").missing.texts, ["ñame"]);
    assert_eq!(variable("nacio").format.as_deref(), Some("DATE11"));
}

#[test]
fn declared_missing_values_are_null_and_their_number_is_noted() {
    let kept = cells(table(&file("made_rows.sav"), &keep()).as_ref()).unwrap();
    let null_table = table(&file("made_rows.sav"), &ReadOptions::default());
    let null = cells(null_table.as_ref()).unwrap();
    let mut lost = 0;
    for (kept, null) in kept.iter().zip(&null) {
        for (kept, null) in kept.iter().zip(null) {
            match (kept, null) {
                (Cell::Number(number), Cell::Null) => {
                    assert!(*number == 9.0 || *number == -1.0 || (99_990.0..=99_999.0).contains(number));
                    lost += 1;
                }
                (Cell::Text(text), Cell::Null) => {
                    assert_eq!(text, "ñame");
                    lost += 1;
                }
                _ => assert_eq!(kept, null),
            }
        }
    }
    let note = null_table.provenance().notes.iter().find(|note| note.code == "READ-101").unwrap();
    assert_eq!((note.count, note.args["columns"].as_str()), (lost, "3"));
}

#[test]
fn stata_files_give_back_their_cells_in_every_release() {
    for (name, longest) in
        [("made_8.dta", 200), ("made_12.dta", 200), ("made_13.dta", usize::MAX), ("made_15.dta", usize::MAX)]
    {
        let table = table(&file(name), &ReadOptions::default());
        assert_made(name, table.as_ref(), longest);
        let works = table.variables().iter().find(|variable| variable.name == "trabaja").unwrap();
        assert_eq!(works.label_of_number(1.0), Some("Sí"), "{name}");
    }
}

#[test]
fn transport_files_give_back_their_cells_in_both_versions() {
    for name in ["made_5.xpt", "made_8.xpt"] {
        let table = table(&file(name), &ReadOptions::default());
        assert_made(name, table.as_ref(), 150);
    }
}

#[test]
fn portable_files_give_back_their_cells() {
    let table = table(&file("made.por"), &ReadOptions::default());
    let made = made();
    let found = cells(table.as_ref()).unwrap();
    for (variable, column) in table.variables().iter().zip(&found) {
        for (cell, wanted) in column.iter().zip(made["cells"][variable.name.to_lowercase()].as_array().unwrap()) {
            let wanted = match wanted {
                Value::Null => String::new(),
                Value::String(text) => text.chars().filter(char::is_ascii).collect(),
                other => other.to_string(),
            };
            assert!(agrees(cell, &wanted), "{}: {cell:?} is not {wanted:?}", variable.name);
        }
    }
    assert_eq!(found.len(), 9);
}

#[test]
fn columns_are_read_in_the_order_asked_for_and_again() {
    let table = table(&file("made_rows.sav"), &ReadOptions::default());
    for _ in 0..2 {
        let batches: Vec<_> = table.read(Some(&[3, 0])).unwrap().collect::<Result<_, _>>().unwrap();
        let names: Vec<_> = batches[0].schema().fields().iter().map(|field| field.name().clone()).collect();
        assert_eq!(names, ["trabaja", "codigo"]);
    }
    assert!(table.read(Some(&[10])).is_err());
    assert_eq!(table.read(Some(&[])).unwrap().map(|batch| batch.unwrap().num_rows()).sum::<usize>(), 24);
}

#[test]
fn an_encoding_asked_for_wins_and_an_unknown_one_is_refused() {
    let options = |name: &str| ReadOptions { encoding: Some(name.to_owned()), ..ReadOptions::default() };
    let wrong = table(&file("made_rows.sav"), &options("windows-1252"));
    assert_eq!(wrong.variables()[0].label.as_deref(), Some("CÃ³digo del municipio"));
    let error = clrisk_readers::open(&file("made_rows.sav"), &options("klingon")).unwrap_err();
    assert_eq!(error.finding("made_rows.sav").code, "READ-003");
}
