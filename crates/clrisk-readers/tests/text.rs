//! Delimited text in the encodings, delimiters and compressions that offices use reads as the same table.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::io::Write;
use std::path::Path;

use arrow::datatypes::DataType;
use clrisk_readers::{EncodingEvidence, Format, ReadError, ReadOptions, Table, open};
use common::{columns, csv_rows, real_data, rows};

fn written(folder: &Path, name: &str, bytes: &[u8]) -> std::path::PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    match encoding {
        "utf-16le" => [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(|unit| unit.to_le_bytes())).collect(),
        "utf-16be" => [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(|unit| unit.to_be_bytes())).collect(),
        "utf-8 with mark" => format!("\u{feff}{text}").into_bytes(),
        _ => encoding_rs::Encoding::for_label(encoding.as_bytes()).unwrap().encode(text).0.into_owned(),
    }
}

fn opened(path: &Path, options: &ReadOptions) -> Box<dyn Table> {
    let mut opened = open(path, options).unwrap();
    assert_eq!(opened.format, Format::DelimitedText);
    assert_eq!(opened.tables.len(), 1);
    opened.tables.remove(0)
}

/// Rows in which numbers are compared as numbers.
fn comparable(rows: Vec<Vec<Option<String>>>) -> Vec<Vec<Option<String>>> {
    let canonical = |value: String| value.parse::<f64>().map_or(value, |number| number.to_string());
    rows.into_iter().map(|row| row.into_iter().map(|value| value.map(canonical)).collect()).collect()
}

#[test]
fn a_real_survey_reads_the_same_in_every_encoding_delimiter_and_compression() {
    let Some(data) = real_data("delimited text, ENCOVI") else { return };
    let (names, mut original) = csv_rows(&data.join("readers/encovi_fixture/expected.csv"), b',');
    // The texts of these rows are plain ASCII; with accents encodings differ.
    for value in original.iter_mut().flatten().flatten().filter(|value| value.parse::<f64>().is_err()) {
        value.push_str(", región de los niños");
    }
    let expected = comparable(original.clone());
    let folder = tempfile::tempdir().unwrap();
    for encoding in ["utf-8", "utf-8 with mark", "utf-16le", "utf-16be", "windows-1252"] {
        for (delimiter, comma, line_end) in
            [(b',', false, "\n"), (b';', true, "\r\n"), (b'\t', false, "\r"), (b'|', true, "\n")]
        {
            let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
            writer.write_record(&names).unwrap();
            for row in &original {
                writer
                    .write_record(row.iter().map(|value| {
                        let value = value.clone().unwrap_or_default();
                        let number = value.parse::<f64>().is_ok();
                        if comma && number { value.replace('.', ",") } else { value }
                    }))
                    .unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap().replace('\n', line_end);
            let bytes = encoded(&text, encoding);
            for (name, bytes) in [("encovi.csv", bytes.clone()), ("encovi.csv.gz", gzip(&bytes))] {
                let table = opened(&written(folder.path(), name, &bytes), &ReadOptions::default());
                let place = format!("{encoding}, {}, {name}", char::from(delimiter));
                assert_eq!(table.name(), "encovi", "{place}");
                let found: Vec<String> = table.variables().iter().map(|variable| variable.name.clone()).collect();
                assert_eq!(found, names, "{place}");
                assert_eq!(comparable(rows(table.as_ref())), expected, "{place}");
                assert_eq!(table.rows(), Some(expected.len() as u64));
                let provenance = table.provenance();
                assert_eq!(provenance.delimiter, Some(delimiter), "{place}");
                let choice = provenance.encoding.as_ref().unwrap();
                let (wanted, evidence) = match encoding {
                    "utf-8" => ("utf-8", EncodingEvidence::Valid),
                    "utf-8 with mark" => ("utf-8", EncodingEvidence::Mark),
                    "windows-1252" => ("windows-1252", EncodingEvidence::Guessed),
                    _ => (encoding, EncodingEvidence::Mark),
                };
                assert_eq!((choice.name.to_lowercase().as_str(), choice.evidence), (wanted, evidence), "{place}");
                // Whole numbers are integers although the file writes 3.0.
                assert_eq!(table.schema().field_with_name("edad").unwrap().data_type(), &DataType::Int64, "{place}");
                let commas = provenance.notes.iter().any(|note| note.code == "READ-124");
                assert_eq!(commas, comma, "{place}");
            }
        }
    }
}

#[test]
fn quoted_delimiters_and_line_ends_belong_to_the_value() {
    let folder = tempfile::tempdir().unwrap();
    let text = "nombre;codigo;n\n\"Juan; el \"\"menor\"\"\";0101;1\n\"dos\r\nlíneas\";0102;2\nNA;;\n";
    let table = opened(&written(folder.path(), "a.txt", text.as_bytes()), &ReadOptions::default());
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        rows(table.as_ref()),
        [
            vec![some("Juan; el \"menor\""), some("0101"), some("1")],
            vec![some("dos\r\nlíneas"), some("0102"), some("2")],
            vec![None, None, None]
        ]
    );
    assert_eq!(columns(table.as_ref(), Some(&[2, 1]))[0], [some("1"), some("0101")]);
}

#[test]
fn a_type_is_decided_by_the_last_row_as_much_as_by_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = "codigo,valor\n".to_owned();
    (0..60_000).for_each(|row| text.push_str(&format!("{},{row}\n", 101)));
    text.push_str("0102,0.5\n");
    let table = opened(&written(folder.path(), "a.csv", text.as_bytes()), &ReadOptions::default());
    assert_eq!(table.schema().field(0).data_type(), &DataType::Utf8);
    assert_eq!(table.schema().field(1).data_type(), &DataType::Float64);
    assert_eq!(rows(table.as_ref()).len(), 60_001);
}

#[test]
fn what_is_wrong_with_a_row_is_said_with_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let open_text =
        |text: &[u8], options: &ReadOptions| open(&written(folder.path(), "a.csv", text), options).map(|_| ());
    let plain = ReadOptions::default();
    let width = ReadError::Width { row: 2, found: 1, expected: 2 };
    assert_eq!(open_text(b"a,b\n1,2\n3\n4,5\n", &plain), Err(width));
    assert_eq!(open_text(b"\n\n", &plain), Err(ReadError::Empty));
    let integer = ReadOptions { types: [("b".to_owned(), "integer".to_owned())].into(), ..ReadOptions::default() };
    let table = opened(&written(folder.path(), "a.csv", b"a,b\n1,007\n3,x\n"), &integer);
    let error = table.read(None).unwrap().find_map(Result::err).unwrap();
    assert_eq!(error, ReadError::NotOfType { wanted: "integer".to_owned(), row: 2, column: "b".to_owned() });
    assert!(!format!("{error}").contains('x'), "no value in an error");
    let mut cut = gzip(b"a,b\n1,2\n");
    cut.truncate(cut.len() - 12);
    assert!(matches!(open_text(&cut, &plain), Err(ReadError::Damaged { what: "compressed text", .. })));
    let utf_8 = ReadOptions { encoding: Some("utf-8".to_owned()), ..ReadOptions::default() };
    let table = opened(&written(folder.path(), "a.csv", b"a,b\n1,ni\xf1o\n"), &utf_8);
    let note = &table.provenance().notes[0];
    assert_eq!((note.code, note.count, note.row), ("READ-103", 1, Some(1)));
}

#[test]
fn odd_habits_are_read_and_noted() {
    let folder = tempfile::tempdir().unwrap();
    let text = "sep=;\na;a;\n1.234;.;\n2.345;5;;\n";
    let table = opened(&written(folder.path(), "a.csv", text.as_bytes()), &ReadOptions::default());
    let names: Vec<String> = table.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names, ["a", "a_2", "column_3"]);
    let mut codes: Vec<&str> = table.provenance().notes.iter().map(|note| note.code).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["READ-106", "READ-125", "READ-126", "READ-127"]);
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(rows(table.as_ref()), [[some("1.234"), None, None], [some("2.345"), some("5"), None]]);
}

#[test]
fn text_at_fixed_positions_is_read_by_its_dictionary_in_characters_of_any_encoding() {
    let folder = tempfile::tempdir().unwrap();
    let dictionary = written(
        folder.path(),
        "dic.csv",
        "nombre;inicio;ancho;tipo;decimales;etiqueta;valores;perdidos\n\
         depto;1;2;texto;;Departamento;;\n\
         nombre;;6;;;Nombre del ni\u{f1}o;;\n\
         sexo;9;1;entero;;Sexo;1=Ni\u{f1}o|2=Ni\u{f1}a;9\n\
         peso;10;5;n;2;Peso;;\n"
            .as_bytes(),
    );
    let text = "01Ñoño  1 1234\r\n02Élida 2-0050\r\n03Ana   9     \r\n04Luis  1\r\n\r\n";
    let options = ReadOptions { dictionary: Some(dictionary.clone()), ..ReadOptions::default() };
    let some = |text: &str| Some(text.to_owned());
    for (encoding, name) in [("utf-8", "utf-8"), ("windows-1252", "windows-1252"), ("utf-16le", "utf-16le")] {
        let path = written(folder.path(), "censo.txt", &encoded(text, encoding));
        let opened = open(&path, &options).unwrap();
        assert_eq!(opened.format, Format::FixedWidthText);
        let table = opened.tables[0].as_ref();
        assert_eq!(table.provenance().encoding.as_ref().unwrap().name.to_lowercase(), name);
        assert_eq!(
            rows(table),
            [
                [some("01"), some("Ñoño"), some("1"), some("12.34")],
                [some("02"), some("Élida"), some("2"), some("-0.5")],
                [some("03"), some("Ana"), None, None],
                [some("04"), some("Luis"), some("1"), None],
            ],
            "{encoding}"
        );
        assert_eq!(table.variables()[2].value_labels[1].1, "Niña");
        assert_eq!(table.variables()[1].label.as_deref(), Some("Nombre del niño"));
        let short = table.provenance().notes.iter().find(|note| note.code == "READ-132").unwrap();
        assert_eq!((short.count, short.row), (1, Some(4)));
        let missing = table.provenance().notes.iter().find(|note| note.code == "READ-101").unwrap();
        assert_eq!((missing.count, missing.args["columns"].as_str()), (1, "1"));
    }
    let path = written(folder.path(), "censo.txt", b"01Ana   1 12");
    let cut = ReadError::Damaged { what: "row", offset: None, row: Some(1), column: Some("peso".to_owned()) };
    assert_eq!(open(&path, &options).unwrap_err(), cut);
    let wrong = written(folder.path(), "dic.csv", b"name,start,width\na,1,x\n");
    let options = ReadOptions { dictionary: Some(wrong), ..ReadOptions::default() };
    let error = ReadError::Dictionary { row: 1, what: "width".to_owned() };
    assert_eq!(open(&path, &options).unwrap_err(), error);
}

#[test]
fn syntax_of_spss_is_a_dictionary_of_text_at_fixed_positions() {
    let folder = tempfile::tempdir().unwrap();
    // Cells, labels and missing codes are what the Command Syntax Reference says of these commands.
    let syntax = "* Encuesta de hogares.\r\nDATA LIST FILE='hogar.txt' RECORDS=1 TABLE\r\n /1 DEPTO 1-2 (A) SEXO 3 EDAD 4-6\r\n\
                  \x20 PESO 7-11 (2) NOMBRE (A6).\r\nVARIABLE LABELS NOMBRE 'Nombre del ni\u{f1}o' /EDAD 'Edad en a\u{f1}os'.\r\n\
                  VALUE LABELS SEXO 1 'Ni\u{f1}o' 2 'Ni\u{f1}a'.\r\nMISSING VALUES EDAD (998 THRU HI).\r\nEXECUTE.\r\n";
    let text = "011 1201234\u{d1}o\u{f1}o  \r\n022998-0050\u{c9}lida \r\n";
    let some = |text: &str| Some(text.to_owned());
    for encoding in ["utf-8", "windows-1252"] {
        let dictionary = written(folder.path(), "hogar.sps", &encoded(syntax, encoding));
        let path = written(folder.path(), "hogar.txt", &encoded(text, encoding));
        let options = ReadOptions { dictionary: Some(dictionary), ..ReadOptions::default() };
        let opened = open(&path, &options).unwrap();
        let table = opened.tables[0].as_ref();
        assert_eq!(
            rows(table),
            [
                [some("01"), some("1"), some("12"), some("12.34"), some("\u{d1}o\u{f1}o")],
                [some("02"), some("2"), None, some("-0.5"), some("\u{c9}lida")],
            ],
            "{encoding}"
        );
        assert_eq!(table.variables()[1].value_labels[1].1, "Ni\u{f1}a");
        assert_eq!(table.variables()[4].label.as_deref(), Some("Nombre del ni\u{f1}o"));
        assert!(table.provenance().notes.iter().any(|note| note.code == "READ-101" && note.count == 1));
    }
    let wrong = written(folder.path(), "dos.sps", b"DATA LIST RECORDS=2\n /1 A 1 /2 B 1.\n");
    let options = ReadOptions { dictionary: Some(wrong), ..ReadOptions::default() };
    let error = ReadError::Dictionary { row: 1, what: "RECORDS".to_owned() };
    assert_eq!(open(&folder.path().join("hogar.txt"), &options).unwrap_err(), error);
}

#[test]
fn a_published_table_has_titles_above_and_notes_below() {
    let folder = tempfile::tempdir().unwrap();
    let read = |text: &str| {
        let path = written(folder.path(), "a.csv", text.as_bytes());
        open(&path, &ReadOptions::default()).map(|mut opened| opened.tables.remove(0))
    };
    let names = |table: &dyn Table| -> Vec<String> {
        table.schema().fields().iter().map(|field| field.name().clone()).collect()
    };
    let some = |text: &str| Some(text.to_owned());
    let table = read(
        "Población; 2020\n\"\"\n\"código\",\"nombre\",\"total\",\"\"\n01,A,5\n02,B,7\n\n\"Fuente: censo\"\nnota\n",
    )
    .unwrap();
    assert_eq!(names(table.as_ref()), ["código", "nombre", "total"]);
    assert_eq!(rows(table.as_ref()), [[some("01"), some("A"), some("5")], [some("02"), some("B"), some("7")]]);
    let mut notes: Vec<(&str, u64)> = table.provenance().notes.iter().map(|note| (note.code, note.count)).collect();
    notes.sort_unstable();
    assert_eq!(notes, [("READ-129", 2), ("READ-133", 2)]);

    // What looks like a note in the middle is a damaged row, as is a lone field at the end of a table without titles.
    let width = |row| Some(ReadError::Width { row, found: 1, expected: 3 });
    assert_eq!(read("título\na,b,c\n1,2,3\n4\n5,6,7\n").err(), width(2));
    assert_eq!(read("a,b,c\n1,2,3\n4").err(), width(2));
    // Nor does a comma in a header of two columns make them others.
    assert_eq!(names(read("id\tnombre, completo\n1\tA\n2\tB\n").unwrap().as_ref()), ["id", "nombre, completo"]);
    // A comma in the only column does not make its row a header.
    assert_eq!(names(read("nombre\nSan Juan\nSan José\nPaz\n").unwrap().as_ref()), ["nombre"]);
    assert!(matches!(read("nombre\nSan Juan, centro\nSan José\n").err(), Some(ReadError::Width { row: 1, .. })));
}

#[test]
fn the_published_table_of_a_real_census_reads_whole() {
    let Some(data) = real_data("delimited text with titles, Mexico") else { return };
    let table = opened(&data.join("census/mexico_censo/mxmaps_2020.csv"), &ReadOptions::default());
    let read = rows(table.as_ref());
    // State and municipality; the rows of states begin with a formula.
    let is_municipality = |row: &&Vec<Option<String>>| {
        let code: Vec<&str> = row[0].as_deref().unwrap_or_default().split_whitespace().collect();
        code.len() == 2 && code.concat().bytes().all(|byte| byte.is_ascii_digit())
    };
    // The census counted 126,014,024 persons in 2,469 municipalities.
    let municipalities: Vec<_> = read.iter().filter(is_municipality).collect();
    assert_eq!(municipalities.len(), 2469);
    let persons = |row: &&Vec<Option<String>>| row[2].as_deref().unwrap().replace(',', "").parse::<u64>().unwrap();
    assert_eq!(municipalities.iter().map(persons).sum::<u64>(), 126_014_024);
}
