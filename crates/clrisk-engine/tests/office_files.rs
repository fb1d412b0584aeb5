//! Data files of every format: read once, kept by their content, and the same numbers as from CSV in UTF-8.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use clrisk_engine::folder::ProjectFolder;
use clrisk_engine::run::run;
use clrisk_engine::source::Session;
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
    assert_eq!(files().len(), 2);
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
