//! dBase tables written by another implementation, in the code pages of Latin America.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::path::Path;

use arrow::datatypes::DataType;
use clrisk_readers::{EncodingEvidence, Format, ReadError, ReadOptions, open};
use common::rows;
use dbase::{Date, FieldName, FieldValue, Record, TableWriterBuilder};

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn write_table(path: &Path) {
    let name = |name: &str| FieldName::try_from(name).unwrap();
    let mut writer = TableWriterBuilder::new()
        .add_character_field(name("CODIGO"), 5)
        .add_character_field(name("NOMBRE"), 12)
        .add_numeric_field(name("NINOS"), 6, 0)
        .add_numeric_field(name("TASA"), 9, 3)
        .add_date_field(name("FECHA"))
        .add_logical_field(name("RURAL"))
        .build_with_file_dest(path)
        .unwrap();
    let rows = [
        ("01001", "San Jos?", Some(12.0), Some(1.234), Some(Date::new(29, 2, 2024).unwrap()), Some(true)),
        ("01002", "Pet?n", None, Some(-0.5), None, Some(false)),
        ("01003", "", Some(7.0), None, Some(Date::new(31, 12, 1899).unwrap()), None),
    ];
    for (code, place, children, rate, day, rural) in rows {
        let mut record = Record::default();
        record.insert("CODIGO".to_owned(), FieldValue::Character(Some(code.to_owned())));
        record.insert("NOMBRE".to_owned(), FieldValue::Character(Some(place.to_owned())));
        record.insert("NINOS".to_owned(), FieldValue::Numeric(children));
        record.insert("TASA".to_owned(), FieldValue::Numeric(rate));
        record.insert("FECHA".to_owned(), FieldValue::Date(day));
        record.insert("RURAL".to_owned(), FieldValue::Logical(rural));
        writer.write_record(&record).unwrap();
    }
}

#[test]
fn a_table_of_dbase_reads_as_it_was_written_in_every_code_page() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("escuelas.dbf");
    // Language driver, é in that code page, file beside the table, what is decided.
    let cases: [(u8, u8, Option<&str>, &str, EncodingEvidence); 5] = [
        (0x03, 0xe9, None, "windows-1252", EncodingEvidence::Declared),
        (0x02, 0x82, None, "cp850", EncodingEvidence::Declared),
        (0x00, 0x82, None, "cp850", EncodingEvidence::Guessed),
        (0x00, 0xe9, None, "windows-1252", EncodingEvidence::Guessed),
        (0x03, 0x82, Some("437"), "cp437", EncodingEvidence::Declared),
    ];
    for (driver, letter, beside, encoding, evidence) in cases {
        write_table(&path);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[29] = driver;
        bytes.iter_mut().filter(|byte| **byte == b'?').for_each(|byte| *byte = letter);
        // Logical fields without value hold a question mark too.
        std::fs::write(&path, &bytes).unwrap();
        match beside {
            Some(page) => std::fs::write(path.with_extension("cpg"), page).unwrap(),
            None => drop(std::fs::remove_file(path.with_extension("cpg"))),
        }
        let opened = open(&path, &ReadOptions::default()).unwrap();
        assert_eq!(opened.format, Format::Dbf);
        let table = opened.tables[0].as_ref();
        let choice = table.provenance().encoding.clone().unwrap();
        assert_eq!((choice.name.as_str(), choice.evidence), (encoding, evidence));
        let schema = table.schema();
        let types: Vec<&DataType> = schema.fields().iter().map(|field| field.data_type()).collect();
        let int = &DataType::Int64;
        assert_eq!(types, [&DataType::Utf8, &DataType::Utf8, int, &DataType::Float64, &DataType::Date32, int]);
        assert_eq!(
            rows(table),
            [
                [some("01001"), some("San José"), some("12"), some("1.234"), some("2024-02-29"), some("1")],
                [some("01002"), some("Petén"), None, some("-0.5"), None, some("0")],
                [some("01003"), None, some("7"), None, some("1899-12-31"), None],
            ],
            "{encoding}"
        );
    }
}

#[test]
fn deleted_and_missing_rows_are_counted_and_a_damaged_header_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.dbf");
    write_table(&path);
    let whole = std::fs::read(&path).unwrap();
    let header = usize::from(u16::from_le_bytes([whole[8], whole[9]]));
    let row = usize::from(u16::from_le_bytes([whole[10], whole[11]]));
    let mut bytes = whole.clone();
    bytes[header + row] = b'*';
    bytes.truncate(header + 2 * row + 5);
    std::fs::write(&path, &bytes).unwrap();
    let opened = open(&path, &ReadOptions::default()).unwrap();
    let notes: Vec<(&str, u64)> =
        opened.tables[0].provenance().notes.iter().map(|note| (note.code, note.count)).collect();
    assert_eq!(notes, [("READ-105", 1), ("READ-130", 1)]);
    assert_eq!(rows(opened.tables[0].as_ref()).len(), 1);
    std::fs::write(&path, &whole[..header - 5]).unwrap();
    assert!(matches!(open(&path, &ReadOptions::default()), Err(ReadError::Damaged { what: "dBase header", .. })));
}
