//! Sheets of Excel: header found, types, dates, numbers stored as text, errors of formulas; the official file of CONAPO.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::path::Path;

use arrow::datatypes::{DataType, TimeUnit};
use clrisk_readers::{Format, ReadOptions, open};
use common::{columns, csv_rows, real_data, rows};
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Formula, Workbook};

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn the_workbook_of_conapo_equals_what_xlrd_reads_of_it() {
    let Some(data) = real_data("Excel, CONAPO 2020") else { return };
    let path = data.join("indicators/mexico_conapo_coneval_2020/IMM_2020.xls");
    let opened = open(&path, &ReadOptions::default()).unwrap();
    assert_eq!(opened.format, Format::Workbook);
    let table = opened.tables[0].as_ref();
    assert_eq!((table.name(), table.rows(), table.variables().len()), ("IMM_2020", Some(2_469), 17));
    let types: Vec<DataType> = table.schema().fields().iter().map(|field| field.data_type().clone()).collect();
    // Codes are text with their zeros, persons whole numbers.
    assert_eq!(
        types[..6],
        [DataType::Utf8, DataType::Utf8, DataType::Utf8, DataType::Utf8, DataType::Int64, DataType::Float64]
    );
    // Checked against: xlrd 2.0 (sums, counts, rows); checks/readers/workbook.py compares every cell.
    let found = columns(table, Some(&[2, 3, 4, 14, 15]));
    assert_eq!(found[4][..2], [some("01005"), some("Jesús María")]);
    let sum =
        |position: usize| found.iter().map(|row| row[position].clone().unwrap().parse::<f64>().unwrap()).sum::<f64>();
    assert_eq!(sum(2), 126_014_024.0);
    assert!((sum(3) - 133_216.3305571696).abs() < 1e-6);
    assert_eq!(found.iter().filter(|row| row[4] == some("Muy alto")).count(), 204);

    // The second sheet has a title and an empty row above its header.
    let dictionary = opened.tables[1].as_ref();
    assert_eq!((dictionary.name(), dictionary.rows()), ("Diccionario", Some(18)));
    assert_eq!(dictionary.variables()[1].name, "Descripción");
    let note = &dictionary.provenance().notes[0];
    assert_eq!((note.code, note.count, note.args["header"].as_str()), ("READ-129", 1, "3"));
}

/// The cells were given to SheetJS by `tests/files/make_workbooks.mjs` and to odfpy by `make_spreadsheet.py`, which wrote the files.
#[test]
fn the_same_sheets_read_alike_from_xls_xlsb_xlsx_and_ods() {
    for extension in ["xls", "xlsb", "xlsx", "ods"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(format!("made.{extension}"));
        let opened = open(&path, &ReadOptions::default()).unwrap();
        assert_eq!(opened.format, Format::Workbook);
        let names: Vec<&str> = opened.tables.iter().map(|table| table.name()).collect();
        assert_eq!(names, ["registro", "Año"], "{extension}");
        let table = opened.tables[0].as_ref();
        let schema = table.schema();
        let columns: Vec<(&str, &DataType)> =
            schema.fields().iter().map(|field| (field.name().as_str(), field.data_type())).collect();
        assert_eq!(
            columns,
            [
                ("codigo", &DataType::Utf8),
                ("alumnos", &DataType::Int64),
                ("nombre", &DataType::Utf8),
                ("tasa", &DataType::Float64),
                ("fecha", &DataType::Date32),
                ("activa", &DataType::Int64),
            ],
            "{extension}"
        );
        let row = |cells: [&str; 6]| -> Vec<Option<String>> {
            cells.iter().map(|cell| (!cell.is_empty()).then(|| (*cell).to_owned())).collect()
        };
        assert_eq!(
            rows(table),
            [
                row(["0101", "12", "Ñuñoa", "1.25", "2024-02-29", "1"]),
                row(["0102", "7", "", "0.5", "1999-12-31", "0"]),
                row(["0103", "1234567", "São João d'Água", "-3.125", "2020-01-01", "1"]),
                row(["0104", "", "", "", "", ""]),
            ],
            "{extension}"
        );
        let notes: Vec<(&str, u64)> = table.provenance().notes.iter().map(|note| (note.code, note.count)).collect();
        // odfpy knows no formulas.
        let errors = usize::from(extension != "ods");
        assert_eq!(notes, [("READ-129", 1), ("READ-128", 1)][..1 + errors], "{extension}");
        assert_eq!(rows(opened.tables[1].as_ref()).len(), 2, "{extension}");
    }
}

#[test]
fn a_sheet_is_read_as_its_writer_meant_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registro.xlsx");
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let date = CellFormat::new().set_num_format("yyyy-mm-dd");
    let moment = CellFormat::new().set_num_format("yyyy-mm-dd hh:mm");
    sheet.merge_range(0, 0, 0, 6, "Registro escolar 2024", &CellFormat::new()).unwrap();
    for (column, name) in ["codigo", "alumnos", "texto", "fecha", "momento", "tasa", "mezcla"].iter().enumerate() {
        sheet.write(2, column as u16, *name).unwrap();
    }
    for (row, (code, pupils, text, day, rate)) in
        [("0101", "12", "Ñuñoa", "2024-02-29", 1.234), ("0102", "7", "", "1999-12-31", 0.5)].iter().enumerate()
    {
        let row = row as u32 + 3;
        sheet.write(row, 0, *code).unwrap();
        sheet.write(row, 1, *pupils).unwrap();
        sheet.write(row, 2, *text).unwrap();
        sheet.write_datetime_with_format(row, 3, ExcelDateTime::parse_from_str(day).unwrap(), &date).unwrap();
        let noon = ExcelDateTime::parse_from_str(&format!("{day} 12:30:00")).unwrap();
        sheet.write_datetime_with_format(row, 4, noon, &moment).unwrap();
        sheet.write(row, 5, *rate).unwrap();
    }
    sheet.write(3, 6, 101).unwrap();
    sheet.write(4, 6, "0102").unwrap();
    sheet.write_formula(5, 1, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.write(5, 0, "0103").unwrap();
    // A stray cell far to the right and below is a column and a row more, no rectangle.
    sheet.write(1_000_000, 16_000, "x").unwrap();
    workbook.save(&path).unwrap();

    let opened = open(&path, &ReadOptions::default()).unwrap();
    let table = opened.tables[0].as_ref();
    let schema = table.schema();
    let types: Vec<&DataType> = schema.fields().iter().map(|field| field.data_type()).collect();
    let timestamp = DataType::Timestamp(TimeUnit::Microsecond, None);
    assert_eq!(
        types,
        [
            &DataType::Utf8,
            &DataType::Int64,
            &DataType::Utf8,
            &DataType::Date32,
            &timestamp,
            &DataType::Float64,
            &DataType::Utf8,
            &DataType::Utf8
        ]
    );
    let found = rows(table);
    let expected: [Vec<Option<String>>; 2] = [
        [some("0101"), some("12"), some("Ñuñoa"), some("2024-02-29"), some("2024-02-29T12:30:00"), some("1.234")]
            .into_iter()
            .chain([some("101"), None])
            .collect(),
        [some("0102"), some("7"), None, some("1999-12-31"), some("1999-12-31T12:30:00"), some("0.5")]
            .into_iter()
            .chain([some("0102"), None])
            .collect(),
    ];
    assert_eq!(found[..2], expected);
    assert_eq!(found.len(), 4);
    let codes: Vec<&str> = table.provenance().notes.iter().map(|note| note.code).collect();
    assert_eq!(codes, ["READ-129", "READ-106", "READ-128"]);
}

#[test]
fn a_real_survey_written_as_a_workbook_reads_back_equal() {
    let Some(data) = real_data("Excel, ENCOVI") else { return };
    let (names, expected) = csv_rows(&data.join("readers/encovi_fixture/expected.csv"), b',');
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("encovi.xlsx");
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, name) in names.iter().enumerate() {
        sheet.write(0, column as u16, name).unwrap();
        for (row, values) in expected.iter().enumerate() {
            let (row, column) = (row as u32 + 1, column as u16);
            match values[column as usize].as_deref().map(|value| (value, value.parse::<f64>())) {
                Some((_, Ok(number))) => drop(sheet.write(row, column, number).unwrap()),
                Some((text, _)) => drop(sheet.write(row, column, text).unwrap()),
                None => {}
            }
        }
    }
    workbook.save(&path).unwrap();
    let opened = open(&path, &ReadOptions::default()).unwrap();
    let numbers = |rows: Vec<Vec<Option<String>>>| -> Vec<Vec<Option<String>>> {
        let canonical = |value: String| value.parse::<f64>().map_or(value, |number| number.to_string());
        rows.into_iter().map(|row| row.into_iter().map(|value| value.map(canonical)).collect()).collect()
    };
    assert_eq!(numbers(rows(opened.tables[0].as_ref())), numbers(expected));
}
