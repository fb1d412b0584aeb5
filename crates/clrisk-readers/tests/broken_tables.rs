//! Broken workbooks, dBase tables, archives, REDATAM databases, texts and forms: cut anywhere, with bytes turned over, blown up or moved, in
//! the wrong encoding.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod support;

use std::io::{Cursor, Read, Write};
use std::path::Path;

use clrisk_readers::ReadOptions;
use peak_alloc::PeakAlloc;
use support::damage::{Judge, broken, cuts};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fn archive(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The parts of an archive.
fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|position| {
            let mut part = archive.by_index(position).unwrap();
            let mut content = Vec::new();
            part.read_to_end(&mut content).unwrap();
            (part.name().unwrap().into_owned(), content)
        })
        .collect()
}

/// An archive with one of its parts replaced.
fn with_part(parts: &[(String, Vec<u8>)], name: &str, content: &[u8]) -> Vec<u8> {
    let parts: Vec<(&str, &[u8])> = parts
        .iter()
        .map(|(other, bytes)| (other.as_str(), if other == name { content } else { bytes.as_slice() }))
        .collect();
    archive(&parts, CompressionMethod::Stored)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn made(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name)).unwrap()
}

fn table() -> Vec<u8> {
    let name = |name: &str| dbase::FieldName::try_from(name).unwrap();
    let mut bytes = Cursor::new(Vec::new());
    let mut writer = dbase::TableWriterBuilder::new()
        .add_character_field(name("CODIGO"), 5)
        .add_numeric_field(name("TASA"), 9, 3)
        .add_date_field(name("FECHA"))
        .build_with_dest(&mut bytes);
    for row in 0..40 {
        let mut record = dbase::Record::default();
        record.insert("CODIGO".to_owned(), dbase::FieldValue::Character(Some(format!("{row:05}"))));
        record.insert("TASA".to_owned(), dbase::FieldValue::Numeric(Some(f64::from(row) / 8.0)));
        record.insert(
            "FECHA".to_owned(),
            dbase::FieldValue::Date(Some(dbase::Date::new(1 + row % 28, 2, 2024).unwrap())),
        );
        writer.write_record(&record).unwrap();
    }
    drop(writer);
    bytes.into_inner()
}

fn text() -> String {
    let mut text = "código;nombre;tasa\n".to_owned();
    (0..200).for_each(|row| text.push_str(&format!("0{row};\"niño {row}\";{},5\n", row * 1000)));
    text
}

fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|character| character as u32 as u8).collect()
}

/// Every cut of a file, and damage of so many seeds.
fn judge_all(judge: &mut Judge, name: &str, whole: &[u8], seeds: u64) {
    for cut in cuts(whole.len()) {
        judge.case(name, &format!("cut at {cut}"), &whole[..cut]);
    }
    for seed in 0..seeds {
        judge.case(name, &format!("broken with seed {seed}"), &broken(whole, seed));
    }
}

#[test]
fn broken_texts_tables_and_archives_end_in_batches_or_findings_and_take_little_memory() {
    let mut judge = Judge::new(&MEMORY);
    let utf_16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text().encode_utf16().flat_map(|unit| unit.to_le_bytes())).collect();
    let csv = text().into_bytes();
    let both = [("a.csv", csv.as_slice()), ("b.dbf", &table())];
    for (name, whole) in [
        ("a.csv", csv.clone()),
        ("latin.csv", latin(&text())),
        ("utf16.csv", utf_16),
        ("a.csv.gz", gzip(&csv)),
        ("a.zip", archive(&both, CompressionMethod::Deflated)),
        ("stored.zip", archive(&both, CompressionMethod::Stored)),
        ("a.dbf", table()),
    ] {
        judge_all(&mut judge, name, &whole, 300);
    }
    judge.verdict(4_000);
}

#[test]
fn broken_workbooks_end_in_batches_or_findings_and_take_little_memory() {
    let mut judge = Judge::new(&MEMORY);
    for name in ["made.xls", "made.xlsx", "made.xlsb", "made.ods"] {
        judge_all(&mut judge, name, &made(name), 200);
    }
    // What is broken here is the part, and not its compression.
    for (name, broken_part) in [
        ("made.xlsx", "xl/worksheets/sheet1.xml"),
        ("made.xlsx", "xl/styles.xml"),
        ("made.xlsb", "xl/worksheets/sheet1.bin"),
        ("made.xlsb", "xl/workbook.bin"),
        ("made.ods", "content.xml"),
    ] {
        let parts = parts(&made(name));
        let whole = parts.iter().find(|(other, _)| other == broken_part).unwrap().1.clone();
        for cut in cuts(whole.len()).into_iter().step_by(1 + whole.len() / 2_000) {
            judge.case(name, &format!("{broken_part} cut at {cut}"), &with_part(&parts, broken_part, &whole[..cut]));
        }
        for seed in 0..200 {
            let bytes = with_part(&parts, broken_part, &broken(&whole, seed));
            judge.case(name, &format!("{broken_part} broken with seed {seed}"), &bytes);
        }
    }
    judge.verdict(2_500);
}

#[test]
fn broken_redatam_databases_end_in_batches_or_findings_and_take_little_memory() {
    let mut judge = Judge::new(&MEMORY);
    let Some(folder) = support::real_data("redatam/redatam_uru2011mini") else { return };
    let parts: Vec<(String, Vec<u8>)> = std::fs::read_dir(&folder)
        .unwrap()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_file() && entry.path().extension().is_none_or(|extension| extension != "txt"))
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap()))
        .collect();
    for dictionary in ["uru2011mini.dic", "uru2011mini.dicx"] {
        let database: Vec<(String, Vec<u8>)> =
            parts.iter().filter(|(name, _)| name == dictionary || !name.contains(".dic")).cloned().collect();
        for (name, whole) in &database {
            for cut in cuts(whole.len().max(2)).into_iter().filter(|cut| *cut < whole.len()) {
                judge.case("censo.zip", &format!("{name} cut at {cut}"), &with_part(&database, name, &whole[..cut]));
            }
            // The root has no pointers.
            for seed in 0..if whole.is_empty() { 0 } else { 200 } {
                let what = format!("{name} broken with seed {seed}");
                judge.case("censo.zip", &what, &with_part(&database, name, &broken(whole, seed)));
            }
        }
    }
    judge.verdict(2_000);
}

#[test]
fn broken_dictionaries_and_forms_end_in_batches_or_findings_and_take_little_memory() {
    let mut judge = Judge::new(&MEMORY);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dictionary");
    let dictionary = "nombre,inicio,ancho,tipo,decimales,etiqueta,valores,perdidos\ndepto,1,2,texto,,Departamento,,\n\
                      sexo,3,1,entero,,Sexo,1=Hombre;2=Mujer,9\nedad,4,3,,,Edad,,998;999\ningreso,7,8,numero,2,Ingreso,,\n";
    let rows: String =
        (0..40).map(|row| format!("{:02}{}{:3}{:08}\n", row % 20, 1 + row % 2, row, row * 12345)).collect();
    let mut form = rust_xlsxwriter::Workbook::new();
    for (name, lines) in [
        (
            "survey",
            "type\tname\tlabel::Español (es)\nbegin_group\thogar\tHogar\nselect_one agua\tagua\t¿Agua?\n\
                    select_multiple bien\tbienes\tBienes\nend_group\ninteger\tedad\tEdad",
        ),
        ("choices", "list_name\tname\tlabel\nagua\t1\tRed\nagua\t2\tPozo\nbien\tradio\tRadio\nbien\ttv\tTV"),
    ] {
        let sheet = form.add_worksheet();
        sheet.set_name(name).unwrap();
        for (row, line) in lines.lines().enumerate() {
            for (column, cell) in line.split('\t').enumerate() {
                sheet.write(row as u32, column as u16, cell).unwrap();
            }
        }
    }
    let export = "hogar/agua,hogar/bienes,hogar/bienes/radio,edad\n1,radio tv,1,7\n2,,0,9\n";
    for (name, whole, data) in [
        ("rows.txt", dictionary.as_bytes().to_vec(), rows.as_bytes()),
        ("export.csv", form.save_to_buffer().unwrap(), export.as_bytes()),
    ] {
        let options = ReadOptions { dictionary: Some(path.clone()), ..ReadOptions::default() };
        for cut in cuts(whole.len()) {
            std::fs::write(&path, &whole[..cut]).unwrap();
            judge.case_with(name, &format!("dictionary cut at {cut}"), data, &options);
        }
        for seed in 0..200 {
            std::fs::write(&path, broken(&whole, seed)).unwrap();
            judge.case_with(name, &format!("dictionary broken with seed {seed}"), data, &options);
        }
        std::fs::write(&path, &whole).unwrap();
        for seed in 0..200 {
            judge.case_with(name, &format!("broken with seed {seed}"), &broken(data, seed), &options);
        }
    }
    judge.verdict(1_000);
}

#[test]
fn text_in_another_encoding_than_it_is_said_to_be_in_is_read_with_a_note_or_refused() {
    let mut judge = Judge::new(&MEMORY);
    for encoding in ["utf-8", "windows-1252", "cp850", "utf-16le", "utf-16be", "gb18030", "shift_jis", "iso-2022-jp"] {
        let options = ReadOptions { encoding: Some(encoding.to_owned()), ..ReadOptions::default() };
        let utf_16: Vec<u8> = text().encode_utf16().flat_map(|unit| unit.to_be_bytes()).collect();
        for (name, bytes) in [
            ("a.csv", text().into_bytes()),
            ("latin.csv", latin(&text())),
            ("utf16.csv", utf_16),
            ("a.dbf", table()),
            ("made_rows.sav", made("made_rows.sav")),
            ("made_12.dta", made("made_12.dta")),
            ("made_5.xpt", made("made_5.xpt")),
            ("made.por", made("made.por")),
        ] {
            judge.case_with(name, &format!("as {encoding}"), &bytes, &options);
            for seed in 0..5 {
                let what = format!("as {encoding}, broken with seed {seed}");
                judge.case_with(name, &what, &broken(&bytes, seed), &options);
            }
        }
    }
    judge.verdict(300);
}
