//! Zip archives: one file in it is that file, several are tables.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::io::Write;
use std::path::Path;

use clrisk_readers::{Format, ReadError, ReadOptions, open};
use common::{real_data, rows};
use zip::write::SimpleFileOptions;

fn write_archive(path: &Path, files: &[(&str, &[u8])]) {
    let mut writer = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap();
}

#[test]
fn one_file_is_the_table_and_several_are_tables_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("datos.zip");
    write_archive(&path, &[("carpeta/hogares.csv", b"a;b\n01;2,5\n02;3\n")]);
    let opened = open(&path, &ReadOptions::default()).unwrap();
    assert_eq!(opened.format, Format::Zip);
    assert_eq!(opened.tables.len(), 1);
    assert_eq!(opened.tables[0].name(), "hogares");
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(rows(opened.tables[0].as_ref()), [[some("01"), some("2.5")], [some("02"), some("3")]]);

    write_archive(&path, &[("b.csv", b"x\n1\n"), ("a.txt", b"y,z\n1,2\n"), ("leame.pdf", b"%PDF-1.4 nada")]);
    let opened = open(&path, &ReadOptions::default()).unwrap();
    let names: Vec<&str> = opened.tables.iter().map(|table| table.name()).collect();
    assert_eq!(names, ["b", "a"]);
    let note = &opened.tables[0].provenance().notes[0];
    assert_eq!((note.code, note.count), ("READ-131", 1));

    write_archive(&path, &[("leame.pdf", b"%PDF-1.4 nada")]);
    assert_eq!(open(&path, &ReadOptions::default()).unwrap_err(), ReadError::NotRead { format: Format::Zip });
}

#[test]
fn a_large_workbook_in_an_archive_is_read_beside_other_files() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "codigo").unwrap();
    // Numbers that do not repeat, so that the workbook is larger than the beginning that formats are decided by.
    for row in 1..=12_000u32 {
        sheet.write(row, 0, f64::from(row).sqrt()).unwrap();
    }
    let bytes = workbook.save_to_buffer().unwrap();
    assert!(bytes.len() > 1 << 16);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("datos.zip");
    // An archive within the archive is left out, whatever its size.
    let inner = folder.path().join("otro.zip");
    write_archive(&inner, &[("b.xlsx", &bytes), ("c.xlsx", &bytes)]);
    write_archive(
        &path,
        &[("a.csv", b"x\n1\n"), ("libro.xlsx", &bytes), ("otro.zip", &std::fs::read(&inner).unwrap())],
    );
    let opened = open(&path, &ReadOptions::default()).unwrap();
    let tables: Vec<(&str, Option<u64>)> = opened.tables.iter().map(|table| (table.name(), table.rows())).collect();
    assert_eq!(tables, [("a", Some(1)), ("libro.Sheet1", Some(12_000))]);
    assert_eq!(opened.tables[0].provenance().notes[0].count, 1);
}

#[test]
fn a_redatam_database_in_an_archive_is_that_database() {
    let Some(data) = real_data("REDATAM in a zip archive") else { return };
    let sample = data.join("redatam/redatam_uru2011mini");
    let files: Vec<(String, Vec<u8>)> = std::fs::read_dir(&sample)
        .unwrap()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_file())
        .map(|entry| (format!("CENSO/{}", entry.file_name().to_string_lossy()), std::fs::read(entry.path()).unwrap()))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("censo.zip");
    write_archive(&path, &files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect::<Vec<_>>());
    let found = open(&path, &ReadOptions::default()).unwrap();
    let expected = open(&sample.join("uru2011mini.dicx"), &ReadOptions::default()).unwrap();
    assert_eq!(found.tables.len(), 3);
    for (found, expected) in found.tables.iter().zip(&expected.tables) {
        assert_eq!(rows(found.as_ref()), rows(expected.as_ref()));
    }
}
