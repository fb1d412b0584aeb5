//! Data files of every format: read once, kept by their content, and the same numbers as from CSV in UTF-8.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use clrisk_engine::folder::ProjectFolder;
use clrisk_engine::run::run;
use clrisk_engine::source::{LARGE, Session};
use clrisk_synthetic::{Country, Options};
use common::{codes, real_data};
use flate2::read::GzDecoder;

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { seed: 6, children: 40_000, survey_households: 3_000 };
    Country::invent(options).unwrap().write_project(folder.path()).unwrap();
    let settings = folder.path().join("clrisk.toml");
    let text = fs::read_to_string(&settings).unwrap().replace("draws = 1000", "draws = 100");
    fs::write(&settings, text).unwrap();
    folder
}

#[tokio::test]
async fn a_survey_in_an_old_encoding_is_converted_once_and_gives_the_same_estimates() {
    let folder = project();
    let plain = run(&ProjectFolder::new(folder.path()), &|_| {}).await.unwrap();
    let mut text = String::new();
    GzDecoder::new(fs::File::open(folder.path().join("data/survey.csv.gz")).unwrap())
        .read_to_string(&mut text)
        .unwrap();
    // Semicolons, windows-1252, and a column that needs it.
    let bytes: Vec<u8> = text
        .lines()
        .enumerate()
        .flat_map(|(row, line)| {
            let extra = if row == 0 { "lugar" } else { "Ca\u{f1}\u{f3}n" };
            format!("{};{extra}\r\n", line.replace(',', ";")).chars().map(|letter| letter as u8).collect::<Vec<u8>>()
        })
        .collect();
    fs::write(folder.path().join("data/encuesta.csv"), bytes).unwrap();
    let settings = folder.path().join("clrisk.toml");
    let written = fs::read_to_string(&settings).unwrap().replace("data/survey.csv.gz", "data/encuesta.csv");
    fs::write(&settings, written).unwrap();
    let old = run(&ProjectFolder::new(folder.path()), &|_| {}).await.unwrap();
    assert_eq!(old.estimates, plain.estimates);

    let cache = folder.path().join("out/cache");
    let files = || -> Vec<(std::path::PathBuf, std::time::SystemTime)> {
        fs::read_dir(&cache)
            .unwrap()
            .map(|entry| {
                let path = entry.unwrap().path();
                let time = fs::metadata(&path).unwrap().modified().unwrap();
                (path, time)
            })
            .collect()
    };
    let before = files();
    assert_eq!(before.len(), 1);
    run(&ProjectFolder::new(folder.path()), &|_| {}).await.unwrap();
    assert_eq!(files(), before, "an unchanged file is not read again");
    let path = folder.path().join("data/encuesta.csv");
    let mut changed = fs::read(&path).unwrap();
    let last = changed[..changed.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap();
    changed.extend_from_within(last + 1..);
    fs::write(&path, changed).unwrap();
    run(&ProjectFolder::new(folder.path()), &|_| {}).await.unwrap();
    let after = files();
    assert!(after.len() == 1 && after[0].0 != before[0].0, "the conversion of what the file held before is gone");
}

/// All files of a folder with their bytes.
fn bytes(folder: &Path) -> BTreeMap<std::path::PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(bytes(&path));
        } else {
            let content = fs::read(&path).unwrap();
            found.insert(path, content);
        }
    }
    found
}

/// The survey of a project as an office writes it: semicolons, windows-1252, a column that needs it.
fn in_an_old_encoding(folder: &Path) {
    let mut text = String::new();
    GzDecoder::new(fs::File::open(folder.join("data/survey.csv.gz")).unwrap()).read_to_string(&mut text).unwrap();
    let old: Vec<u8> = text
        .lines()
        .enumerate()
        .flat_map(|(row, line)| {
            let extra = if row == 0 { "lugar" } else { "Ca\u{f1}\u{f3}n" };
            format!("{};{extra}\n", line.replace(',', ";")).chars().map(|letter| letter as u8).collect::<Vec<u8>>()
        })
        .collect();
    fs::write(folder.join("data/encuesta.csv"), old).unwrap();
    let settings = folder.join("clrisk.toml");
    let written = fs::read_to_string(&settings).unwrap().replace("data/survey.csv.gz", "data/encuesta.csv");
    fs::write(&settings, written).unwrap();
}

#[tokio::test]
async fn a_run_from_the_cache_gives_the_bytes_of_the_first_run() {
    let folder = project();
    in_an_old_encoding(folder.path());
    let project = ProjectFolder::new(folder.path());
    let first = run(&project, &|_| {}).await.unwrap();
    assert!(codes(&first.findings).contains(&"READ-102"), "the reader had something to say: {:?}", first.findings);
    let before = bytes(&project.draft());
    let cached = folder.path().join("out/cache");
    let conversion = fs::read_dir(&cached).unwrap().next().unwrap().unwrap().path();
    let again = |name: &str| {
        assert_eq!(fs::read_dir(&cached).unwrap().count(), 1, "{name}");
        let now = bytes(&project.draft());
        for (path, content) in &before {
            assert!(now.get(path) == Some(content), "{name}: {} differs", path.display());
        }
        assert_eq!(before.len(), now.len());
    };
    run(&project, &|_| {}).await.unwrap();
    again("from the cache");
    // What a killed run leaves is no conversion, whatever it is called.
    let whole = fs::read(&conversion).unwrap();
    fs::write(&conversion, &whole[..whole.len() / 2]).unwrap();
    run(&project, &|_| {}).await.unwrap();
    again("from half a file");
    fs::remove_file(&conversion).unwrap();
    fs::write(cached.join(".unfinished-1"), &whole[..100]).unwrap();
    run(&project, &|_| {}).await.unwrap();
    fs::remove_file(cached.join(".unfinished-1")).unwrap();
    again("without a cache");
}

#[tokio::test]
async fn an_unchanged_file_is_not_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let none = BTreeMap::new();
    // One file that is converted whatever its size, and one of text that is large.
    fs::write(folder.path().join("viejo.csv"), b"lugar;n\nCa\xf1\xf3n;1\nCa\xf1\xf3n;2\n").unwrap();
    let rows: String = (0..LARGE / 16).map(|row| format!("{:08},{}\n", row % 1000, 1_000_000 + row)).collect();
    let large = folder.path().join("grande.csv");
    fs::write(&large, format!("codigo,n\n{rows}")).unwrap();
    for (file, rows) in [("viejo.csv", 2), ("grande.csv", LARGE / 16)] {
        let cache = folder.path().join("out/cache");
        let known: Vec<_> = fs::read_dir(&cache).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
        let count = async || {
            let session = Session::new(folder.path());
            session.register("t", Path::new(file), &none).await.unwrap();
            assert!(session.parquet("t").is_some());
            first(&session, "SELECT count(*) FROM t").await[0].clone().unwrap()
        };
        assert_eq!(count().await, rows.to_string(), "{file}");
        let mut new = fs::read_dir(&cache).unwrap().map(|entry| entry.unwrap().path());
        let conversion = new.find(|path| !known.contains(path)).unwrap();
        // A conversion with other rows in its place: they are what is read, so the file itself is not.
        let other = std::sync::Arc::new(arrow::array::Int64Array::from(vec![7]));
        let batch = arrow::array::RecordBatch::try_from_iter([("n", other as arrow::array::ArrayRef)]).unwrap();
        let said = parquet::file::metadata::KeyValue::new("clrisk_findings".to_owned(), "[]".to_owned());
        let properties =
            parquet::file::properties::WriterProperties::builder().set_key_value_metadata(Some(vec![said])).build();
        let target = fs::File::create(&conversion).unwrap();
        let mut writer = parquet::arrow::ArrowWriter::try_new(target, batch.schema(), Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        assert_eq!(count().await, "1", "{file}");
        // Another content is another file.
        let mut content = fs::read(folder.path().join(file)).unwrap();
        let row = content[..content.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
        content.extend_from_within(row..);
        fs::write(folder.path().join(file), content).unwrap();
        assert_eq!(count().await, (rows + 1).to_string(), "{file}");
        assert!(!conversion.exists());
    }
}

#[tokio::test]
async fn codes_of_large_text_stay_text_in_its_conversion() {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = (0..LARGE / 8).map(|row| format!("{:08}\n", row % 1000)).collect();
    fs::write(folder.path().join("grande.csv"), format!("codigo\n{rows}")).unwrap();
    let session = Session::new(folder.path());
    session.register("t", Path::new("grande.csv"), &BTreeMap::new()).await.unwrap();
    assert_eq!(first(&session, "SELECT min(codigo) FROM t").await, [Some("00000000".to_owned())]);
}

/// The survey of a project, row by row.
fn survey_rows(folder: &Path) -> Vec<Vec<String>> {
    let file = fs::File::open(folder.join("data/survey.csv.gz")).unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(GzDecoder::new(file));
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[tokio::test]
async fn a_survey_is_read_as_the_settings_say() {
    let folder = project();
    let plain = run(&ProjectFolder::new(folder.path()), &|_| {}).await.unwrap();
    let rows = survey_rows(folder.path());
    let settings = folder.path().join("clrisk.toml");
    let before = fs::read_to_string(&settings).unwrap();
    // A delimiter that nobody would guess.
    let text: String = rows.iter().map(|row| row.join("~") + "\n").collect();
    fs::write(folder.path().join("data/tildes.csv"), text).unwrap();
    // Fixed positions, without a header.
    let widths: Vec<usize> =
        (0..rows[0].len()).map(|column| rows[1..].iter().map(|row| row[column].len()).max().unwrap()).collect();
    let text: String = rows[1..]
        .iter()
        .map(|row| row.iter().zip(&widths).map(|(value, width)| format!("{value:width$}")).collect::<String>() + "\n")
        .collect();
    fs::write(folder.path().join("data/fijo.dat"), text).unwrap();
    let fields: String = rows[0].iter().zip(&widths).map(|(name, width)| format!("{name},{width}\n")).collect();
    fs::write(folder.path().join("data/posiciones.csv"), format!("nombre,ancho\n{fields}")).unwrap();
    for (file, how) in [
        ("data/tildes.csv", "delimiter = \"~\"\nencoding = \"utf-8\""),
        ("data/fijo.dat", "dictionary = \"data/posiciones.csv\"\ntypes = { muni = \"text\" }"),
    ] {
        let said = format!("file = \"{file}\"\n{how}");
        fs::write(&settings, before.replace("file = \"data/survey.csv.gz\"", &said)).unwrap();
        let other = run(&ProjectFolder::new(folder.path()), &|_| {}).await;
        let other = other.unwrap_or_else(|findings| panic!("{file}: {findings:?}"));
        assert_eq!(other.estimates, plain.estimates, "{file}");
    }
    fs::write(
        &settings,
        before.replace("file = \"data/survey.csv.gz\"", "file = \"data/survey.csv.gz\"\nencoding = \"marciano\""),
    )
    .unwrap();
    let findings = run(&ProjectFolder::new(folder.path()), &|_| {}).await.unwrap_err();
    assert!(codes(&findings).contains(&"READ-003"), "{findings:?}");
}

#[tokio::test]
async fn a_file_of_no_known_format_is_a_finding() {
    let folder = project();
    fs::write(folder.path().join("data/survey.bin"), [0u8, 159, 146, 150, 1, 2, 3]).unwrap();
    let settings = folder.path().join("clrisk.toml");
    let written = fs::read_to_string(&settings).unwrap().replace("data/survey.csv.gz", "data/survey.bin");
    fs::write(&settings, written).unwrap();
    let findings = run(&ProjectFolder::new(folder.path()), &|_| {}).await.unwrap_err();
    assert!(codes(&findings).contains(&"FILE-003"), "{findings:?}");
}

async fn first(session: &Session, sql: &str) -> Vec<Option<String>> {
    session.read_texts(sql, "survey", "survey").await.unwrap().into_iter().map(|column| column[0].clone()).collect()
}

#[tokio::test]
async fn real_office_files_are_queried_like_any_other() {
    let Some(data) = real_data("real_office_files_are_queried_like_any_other") else { return };
    let folder = tempfile::tempdir().unwrap();
    let session = Session::new(folder.path());
    let none = BTreeMap::new();
    let at = |name: &str| data.join(name);
    session.register("togo", &at("surveys/togo_mics6_2017/fs.sav"), &none).await.unwrap();
    let row = first(&session, "SELECT count(*), sum(CASE WHEN FS17 = 1 THEN 1 ELSE 0 END) FROM togo").await;
    assert_eq!(row, [Some("5062".to_owned()), Some("4969".to_owned())], "completed interviews of MICS6");
    session.register("mexico", &at("indicators/mexico_conapo_coneval_2020/IMM_2020.xls"), &none).await.unwrap();
    assert_eq!(first(&session, "SELECT count(*) FROM mexico").await, [Some("2469".to_owned())]);
    session.register("uruguay", &at("redatam/redatam_uru2011mini/uru2011mini.dic"), &none).await.unwrap();
    let notes = session.take_notes();
    assert!(notes.iter().any(|note| note.code == "READ-010"), "its entities are named: {notes:?}");
    assert!(Path::new(folder.path()).join("out/cache").read_dir().unwrap().count() == 3);
}
