//! Exports of ODK and KoboToolbox get the labels of the form they were collected with.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;

use clrisk_readers::{Format, LabelledValue, ReadOptions, open};
use rust_xlsxwriter::Workbook;

fn write_sheets(path: &Path, sheets: &[(&str, &[&[&str]])]) {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write(row as u32, column as u16, number).unwrap(),
                    Err(_) => sheet.write(row as u32, column as u16, *cell).unwrap(),
                };
            }
        }
    }
    workbook.save(path).unwrap();
}

#[test]
fn columns_and_codes_of_an_export_get_the_labels_of_its_form() {
    let folder = tempfile::tempdir().unwrap();
    let form = folder.path().join("form.xlsx");
    write_sheets(
        &form,
        &[
            (
                "survey",
                &[
                    &["type", "name", "label::Español (es)", "label::English (en)"],
                    &["text", "nombre", "Nombre del jefe", "Name of the head"],
                    &["begin group", "hogar", "Hogar", "Household"],
                    &["select_one si_no", "agua", "¿Tiene agua?", "Is there water?"],
                    &["select_multiple bienes", "tiene", "¿Qué tiene?", "What is there?"],
                    &["end group", "", "", ""],
                    &["begin repeat", "nino", "Niño", "Child"],
                    &["integer", "edad", "Edad", "Age"],
                    &["end repeat", "", "", ""],
                ],
            ),
            (
                "choices",
                &[
                    &["list_name", "name", "label::Español (es)", "label::English (en)"],
                    &["si_no", "1", "Sí", "Yes"],
                    &["si_no", "0", "No", "No"],
                    &["bienes", "radio", "Radio", "Radio"],
                    &["bienes", "tv", "Televisor", "Television"],
                ],
            ),
        ],
    );
    let options = ReadOptions { dictionary: Some(form), ..ReadOptions::default() };
    let export = folder.path().join("export.xlsx");
    write_sheets(
        &export,
        &[
            (
                "encuesta",
                &[
                    &["nombre", "hogar/agua", "hogar/tiene", "hogar/tiene/radio", "hogar/tiene/tv", "_index"],
                    &["Ana", "1", "radio tv", "1", "1", "1"],
                    &["Luis", "0", "tv", "0", "1", "2"],
                ],
            ),
            ("nino", &[&["nino/edad", "_index", "_parent_index"], &["9", "1", "1"], &["12", "2", "1"]]),
        ],
    );
    let opened = open(&export, &options).unwrap();
    let names: Vec<&str> = opened.tables.iter().map(|table| table.name()).collect();
    assert_eq!(names, ["encuesta", "nino"], "a repeat group is a table");
    let labels: Vec<Option<&str>> =
        opened.tables[0].variables().iter().map(|variable| variable.label.as_deref()).collect();
    assert_eq!(
        labels,
        [
            Some("Nombre del jefe"),
            Some("¿Tiene agua?"),
            Some("¿Qué tiene?"),
            Some("¿Qué tiene? – Radio"),
            Some("¿Qué tiene? – Televisor"),
            None
        ]
    );
    let water = &opened.tables[0].variables()[1];
    assert_eq!(water.value_labels[0], (LabelledValue::Number(1.0), "Sí".to_owned()));
    assert_eq!(opened.tables[0].variables()[2].value_labels, []);
    assert_eq!(opened.tables[1].variables()[0].label.as_deref(), Some("Edad"));

    // ODK Central joins with hyphens, and may leave groups out.
    let csv = folder.path().join("export.csv");
    std::fs::write(&csv, "hogar-agua,edad,agua\n1,9,1\n").unwrap();
    let opened = open(&csv, &options).unwrap();
    assert_eq!(opened.format, Format::DelimitedText);
    let labels: Vec<Option<&str>> =
        opened.tables[0].variables().iter().map(|variable| variable.label.as_deref()).collect();
    assert_eq!(labels, [Some("¿Tiene agua?"), Some("Edad"), Some("¿Tiene agua?")]);
}
