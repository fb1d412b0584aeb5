//! REDATAM databases read as what Open Redatam wrote of them, and as what a database of known content holds.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::path::Path;

use clrisk_readers::{Format, LabelledValue, Opened, ReadError, ReadOptions, Table, UserMissing, open};
use common::{columns, csv_rows, real_data, rows};

fn table<'a>(opened: &'a Opened, name: &str) -> &'a dyn Table {
    opened.tables.iter().find(|table| table.name() == name).unwrap().as_ref()
}

fn column(table: &dyn Table, name: &str) -> usize {
    table.schema().index_of(name).unwrap()
}

#[test]
fn the_database_of_uruguay_equals_what_open_redatam_wrote_of_it() {
    let Some(data) = real_data("REDATAM, Uruguay") else { return };
    let folder = data.join("redatam/redatam_uru2011mini");
    for (dictionary, expected) in [("uru2011mini.dic", "dic-to-csv"), ("uru2011mini.dicx", "dicx-to-csv")] {
        let opened = open(&folder.join(dictionary), &ReadOptions::default()).unwrap();
        assert_eq!(opened.format, Format::Redatam);
        let names: Vec<&str> = opened.tables.iter().map(|table| table.name()).collect();
        assert_eq!(names, ["SEXO", "DEPTO", "URU2011"], "{dictionary}: persons come first");
        for name in names {
            let found = table(&opened, name);
            let (header, mut expected_rows) = csv_rows(&folder.join(expected).join(format!("{name}.csv")), b';');
            let positions: Vec<usize> = header.iter().map(|name| column(found, name)).collect();
            if expected_rows.is_empty() {
                // Open Redatam writes no row of the root, which has one.
                expected_rows.push(vec![Some("1".to_owned())]);
            }
            assert_eq!(columns(found, Some(&positions)), expected_rows, "{dictionary}: {name}");
            assert_eq!(found.rows(), Some(expected_rows.len() as u64));
            let labels = folder.join(expected).join(format!("Labels/{name}-VARIABLES.csv"));
            for label in csv_rows(&labels, b';').1 {
                let (variable, label) = (label[0].clone().unwrap(), label[1].clone().unwrap());
                if !variable.ends_with("_REF_ID") {
                    let variable = &found.variables()[column(found, &variable)];
                    assert_eq!(variable.label.as_deref(), Some(label.as_str()), "{dictionary}: {}", variable.name);
                }
            }
        }
        let persons = table(&opened, "SEXO");
        let count = &persons.variables()[column(persons, "CUENTA")];
        // Both codes are in the label file of the binary dictionary.
        assert_eq!(count.missing.numbers, [100_000_001.0, 100_000_000.0], "{dictionary}");
    }
}

/// A database of three levels in a folder: regions 1 and 2, of which the first has dwellings 1 and 3 (2 has nobody), and persons.
fn write_database(folder: &Path) {
    let variable = |name: &str, storage: &str, size: u32, file: &str, more: &str| {
        format!(
            "<variable><name>{name}</name><label>Etiqueta de {name}</label>{more}<filename>.\\Datos\\{file}</filename>\
             <varDicChoice><datasetType>{storage}</datasetType><datasetSize>{size}</datasetSize></varDicChoice></variable>"
        )
    };
    let dictionary = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><redDictionary_XML><root><name>PAIS</name><filename>P.ptr</filename>\
         <entity><name>REGION</name><label>Regi\u{f3}n &amp; zona</label><filename>C:\\censo\\R.PTR</filename>{}{}\
         <entity><name>VIV</name><filename>v.ptr</filename>{}\
         <entity><name>PERSONA</name><filename>per.ptr</filename>{}{}{}{}{}</entity></entity></entity></root></redDictionary_XML>",
        variable("CODIGO", "CHR", 2, "cod.rbf", ""),
        variable("NOMBRE", "CHR", 6, "nom.rbf", ""),
        variable("AGUA", "INT", 2, "agua.rbf", ""),
        variable(
            "SEXO",
            "PCK",
            2,
            "sexo.rbf",
            "<valueLabels><valueLabelElement><value>1</value><label>Ni\u{f1}o</label></valueLabelElement>\
             <valueLabelElement><value>2</value><label>Ni\u{f1}a</label></valueLabelElement></valueLabels><missing>3</missing>"
        ),
        variable("EDAD", "BIN", 20, "edad.rbf", ""),
        variable("PESO", "DBL", 8, "peso.rbf", ""),
        variable("ENTERO", "DBL", 8, "entero.rbf", ""),
        variable("CODIGO", "LNG", 4, "lng.rbf", ""),
    );
    std::fs::write(folder.join("censo.dicX"), dictionary).unwrap();
    // Windows does not mind upper and lower case; the drive of the dictionary is not there any more.
    std::fs::create_dir(folder.join("DATOS")).unwrap();
    let words = |numbers: &[u32]| numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
    write("r.ptr", &words(&[0, 2]));
    write("V.ptr", &words(&[0, 3, 3]));
    write("PER.PTR", &words(&[0, 2, 2, 5]));
    write("DATOS/COD.RBF", b"0102");
    write("DATOS/nom.rbf", b"Or\xeden Pet\xe9n ");
    write("DATOS/agua.rbf", &[1, 0, 0xff, 0xff, 44, 1]);
    // Bits 01 10 11 10 01, highest first, in a word whose lowest byte is first.
    write("DATOS/sexo.rbf", &(0b01_10_11_10_01u32 << 22).to_le_bytes());
    // Five values of 20 bits run through four words whose highest byte is first.
    let ages = [5u128, 1_048_575, 0, 17, 99].iter().fold(0u128, |joined, age| (joined << 20) | age) << 28;
    write("DATOS/edad.rbf", &ages.to_be_bytes());
    let doubles = |numbers: &[f64]| numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
    write("DATOS/peso.rbf", &doubles(&[1.5, 2.0, f64::NAN, -3.25, 1e9]));
    write("DATOS/entero.rbf", &doubles(&[1.0, 2.0, 3.0, -4.0, 5.0]));
    write("DATOS/lng.rbf", &words(&[4_000_000_000, 2, 3, 4, 5]));
}

fn text_rows(rows: &[&str]) -> Vec<Vec<Option<String>>> {
    rows.iter().map(|row| row.split('|').map(|value| (value != "-").then(|| value.to_owned())).collect()).collect()
}

#[test]
fn persons_carry_what_is_known_of_their_dwelling_and_region() {
    let folder = tempfile::tempdir().unwrap();
    write_database(folder.path());
    let opened = open(&folder.path().join("censo.dicX"), &ReadOptions::default()).unwrap();
    let persons = opened.tables[0].as_ref();
    let names: Vec<String> = persons.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(
        names,
        [
            "PAIS_REF_ID",
            "REGION_REF_ID",
            "REGION_CODIGO",
            "NOMBRE",
            "VIV_REF_ID",
            "AGUA",
            "PERSONA_REF_ID",
            "SEXO",
            "EDAD",
            "PESO",
            "ENTERO",
            "CODIGO"
        ],
        "the name that two entities have stays with the one nearest to the rows"
    );
    let expected = text_rows(&[
        "1|1|01|Oríen|1|1|1|1|5|1.5|1|4000000000",
        "1|1|01|Oríen|1|1|2|2|1048575|2|2|2",
        "1|1|01|Oríen|3|300|3|-|0|-|3|3",
        "1|1|01|Oríen|3|300|4|2|17|-3.25|-4|4",
        "1|1|01|Oríen|3|300|5|1|99|1000000000|5|5",
    ]);
    assert_eq!(rows(persons), expected);
    assert_eq!(
        columns(persons, Some(&[8, 3])),
        expected.iter().map(|row| vec![row[8].clone(), row[3].clone()]).collect::<Vec<_>>()
    );
    let sex = &persons.variables()[7];
    assert_eq!(sex.label.as_deref(), Some("Etiqueta de SEXO"));
    assert_eq!(sex.value_labels[1], (LabelledValue::Number(2.0), "Niña".to_owned()));
    assert_eq!(persons.variables()[1].label.as_deref(), Some("Región & zona"));
    assert_eq!(persons.provenance().notes, []);
    // The dwelling and the region without persons are rows of their own tables.
    assert_eq!(opened.tables[1].rows(), Some(3));
    assert_eq!(rows(opened.tables[2].as_ref()), text_rows(&["1|1|01|Oríen", "1|2|02|Petén"]));

    let keep = ReadOptions { user_missing: UserMissing::Keep, ..ReadOptions::default() };
    let opened = open(&folder.path().join("censo.dicX"), &keep).unwrap();
    assert_eq!(columns(opened.tables[0].as_ref(), Some(&[7]))[2], [Some("3".to_owned())]);
    let text = ReadOptions { types: [("EDAD".to_owned(), "text".to_owned())].into(), ..ReadOptions::default() };
    let opened = open(&folder.path().join("censo.dicX"), &text).unwrap();
    assert_eq!(opened.tables[0].schema().field(8).data_type(), &arrow::datatypes::DataType::Utf8);
}

#[test]
fn a_missing_or_short_file_is_said_and_stops_only_what_needs_it() {
    let folder = tempfile::tempdir().unwrap();
    write_database(folder.path());
    let path = folder.path().join("censo.dicX");
    std::fs::remove_file(folder.path().join("DATOS/agua.rbf")).unwrap();
    std::fs::write(folder.path().join("DATOS/edad.rbf"), [0; 8]).unwrap();
    let opened = open(&path, &ReadOptions::default()).unwrap();
    let persons = opened.tables[0].as_ref();
    let notes: Vec<&str> = persons.provenance().notes.iter().map(|note| note.code).collect();
    assert_eq!(notes, ["READ-122", "READ-123"]);
    assert!(persons.schema().index_of("AGUA").is_err());
    let age = column(persons, "EDAD");
    let sex = column(persons, "SEXO");
    assert_eq!(columns(persons, Some(&[sex])).len(), 5);
    let error = persons.read(Some(&[sex, age])).unwrap().find_map(Result::err).unwrap();
    assert_eq!(
        error,
        ReadError::Damaged { what: "REDATAM values", offset: None, row: Some(4), column: Some("EDAD".to_owned()) }
    );

    std::fs::write(folder.path().join("V.ptr"), [0, 0, 0, 0, 3, 0, 0, 0]).unwrap();
    assert!(matches!(open(&path, &ReadOptions::default()), Err(ReadError::Damaged { what: "REDATAM pointers", .. })));
    std::fs::remove_file(folder.path().join("V.ptr")).unwrap();
    let missing = ReadError::MissingPart { part: "v.ptr".to_owned() };
    assert_eq!(open(&path, &ReadOptions::default()).unwrap_err(), missing);
}

#[test]
fn a_binary_dictionary_with_unknown_fields_is_searched_for_what_it_says() {
    let Some(data) = real_data("REDATAM, dictionary of another version") else { return };
    let sample = data.join("redatam/redatam_uru2011mini");
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(&sample).unwrap().filter_map(Result::ok).filter(|entry| entry.path().is_file()) {
        std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    // Three bytes more in the header: nothing lies where it did.
    let mut bytes = std::fs::read(sample.join("uru2011mini.dic")).unwrap();
    bytes.splice(100..100, [7, 7, 7]);
    std::fs::write(folder.path().join("uru2011mini.dic"), bytes).unwrap();
    let found = open(&folder.path().join("uru2011mini.dic"), &ReadOptions::default()).unwrap();
    let expected = open(&sample.join("uru2011mini.dic"), &ReadOptions::default()).unwrap();
    assert_eq!(rows(found.tables[0].as_ref()), rows(expected.tables[0].as_ref()));
    assert_eq!(found.tables[0].variables(), expected.tables[0].variables());
    assert_eq!(found.tables[0].provenance().notes[0].code, "READ-120");
}
