//! `inspect` and `convert`: what a file holds is counted right, what the variables are is guessed right, no value of a person is shown, and
//! a converted file holds the same cells and labels.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use clrisk_core::{Catalog, Language};
use clrisk_engine::inspect::{COUNTED, Inspection, inspect, text};
use clrisk_engine::opening;
use clrisk_engine::readers::{ReadOptions, UserMissing};
use clrisk_engine::rewrite::{Rewriting, rewrite};
use common::real_data;

fn look(path: &Path) -> Inspection {
    inspect(path, &path.display().to_string(), &ReadOptions::default()).unwrap()
}

/// The columns of a CSV by name, missing values as `None`.
fn csv_columns(path: &Path) -> BTreeMap<String, Vec<Option<String>>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let mut columns: BTreeMap<String, Vec<Option<String>>> = names.iter().map(|name| (name.clone(), vec![])).collect();
    for record in reader.records() {
        for (name, value) in names.iter().zip(record.unwrap().iter()) {
            columns.get_mut(name).unwrap().push((!value.is_empty()).then(|| value.to_owned()));
        }
    }
    columns
}

/// The same cell, whether it is written 3, 3.0 or 3.00.
fn same(left: &Option<String>, right: &Option<String>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => match (left.parse::<f64>(), right.parse::<f64>()) {
            (Ok(left), Ok(right)) => (left - right).abs() <= 1e-12 * right.abs(),
            _ => left.trim_end() == right.trim_end(),
        },
        (None, None) => true,
        _ => false,
    }
}

fn assert_same(found: &Path, expected: &BTreeMap<String, Vec<Option<String>>>) {
    let found_columns = csv_columns(found);
    assert_eq!(found_columns.len(), expected.len(), "{}", found.display());
    for (name, values) in expected {
        let column = &found_columns[name];
        assert_eq!(column.len(), values.len(), "{} {name}", found.display());
        for (row, (left, right)) in column.iter().zip(values).enumerate() {
            assert!(same(left, right), "{} {name} row {}: {left:?} is not {right:?}", found.display(), row + 1);
        }
    }
}

const ENCOVI: [&str; 6] = [
    "encovi_uncompressed.sav",
    "encovi.zsav",
    "encovi_statav10.dta",
    "encovi_statav15.dta",
    "encovi_v5.xpt",
    "encovi_v8.xpt",
];

#[test]
fn counts_of_the_sample_files_are_those_of_their_expected_csv() {
    let Some(data) = real_data("counts_of_the_sample_files_are_those_of_their_expected_csv") else { return };
    let folder = data.join("readers/encovi_fixture");
    let expected = csv_columns(&folder.join("expected.csv"));
    for file in ["encovi_uncompressed.sav", "encovi.zsav", "encovi_statav15.dta"] {
        let inspection = look(&folder.join(file));
        let table = &inspection.tables[0];
        assert_eq!(table.rows, 600);
        assert_eq!(table.variables.len(), expected.len());
        for variable in &table.variables {
            let values = &expected[&variable.name];
            let distinct: BTreeSet<&String> = values.iter().flatten().collect();
            assert_eq!(variable.missing, values.iter().filter(|value| value.is_none()).count() as u64);
            assert_eq!(variable.distinct, distinct.len() as u64, "{file} {}", variable.name);
            for shown in &variable.values {
                let Some(share) = shown.share else { continue };
                let code: f64 = shown.value.parse().unwrap_or(f64::NAN);
                let rows = values
                    .iter()
                    .flatten()
                    .filter(|value| value.parse::<f64>().map_or(**value == shown.value, |value| value == code))
                    .count();
                let given = values.iter().flatten().count();
                assert!((share - rows as f64 / given as f64).abs() < 1e-12, "{file} {}", variable.name);
                assert!(rows >= 10);
            }
        }
    }
}

#[test]
fn values_declared_missing_are_counted_apart() {
    let Some(data) = real_data("values_declared_missing_are_counted_apart") else { return };
    let folder = data.join("readers/pyreadstat_samples");
    // pyreadstat's own two answers: with user-missing values as missing, and kept.
    let (without, kept) =
        (csv_columns(&folder.join("sample_missing.csv")), csv_columns(&folder.join("sample_missing_user.csv")));
    let inspection = look(&folder.join("sample_missing.sav"));
    let mut declared = 0;
    // Texts that are declared missing are no such thing to pyreadstat.
    for variable in inspection.tables[0].variables.iter().filter(|variable| variable.name != "mychar") {
        let missing = |value: &&Option<String>| value.as_deref().is_none_or(|text| text == "#NULL!");
        let count = |columns: &BTreeMap<String, Vec<Option<String>>>| {
            columns[&variable.name].iter().filter(missing).count() as u64
        };
        assert_eq!(variable.missing, count(&without), "{}", variable.name);
        assert_eq!(variable.declared_missing, count(&without) - count(&kept), "{}", variable.name);
        declared += variable.declared_missing;
    }
    assert!(declared > 0);
}

#[test]
fn no_value_of_a_person_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("encuesta.csv");
    let mut rows = String::from("id,peso,nombre,sexo,ingreso,rara,fecha\n");
    for row in 0..40 {
        // One household of a kind: its code must not be seen, nor may the shares give it away.
        let rare = if row == 7 { "777" } else { "1" };
        rows.push_str(&format!(
            "{},{}.625,Persona{row},{},{},{rare},2020-01-{:02}\n",
            90_001 + row,
            310 + row,
            1 + row % 2,
            5_000 + row * 13,
            1 + row % 28
        ));
    }
    fs::write(&path, rows).unwrap();
    let inspection = look(&path);
    let catalog = Catalog::load();
    let mut shown = serde_json::to_string(&inspection).unwrap();
    for language in Language::ALL {
        shown.push_str(&text(&inspection, &catalog, language));
    }
    for value in ["9000", "90_0", ".625", "Persona", "777", "2020-01", "5013", "5026", "349"] {
        assert!(!shown.contains(value), "{value} is shown");
    }
    let variables = &inspection.tables[0].variables;
    let find = |name: &str| variables.iter().find(|variable| variable.name == name).unwrap();
    assert_eq!((find("rara").rare, find("rara").values.len(), find("rara").values[0].share), (Some(1), 1, None));
    let shares: Vec<Option<f64>> = find("sexo").values.iter().map(|value| value.share).collect();
    assert_eq!(shares, [Some(0.5), Some(0.5)]);
    assert_eq!(find("id").distinct, 40);
    assert!(!text(&inspection, &catalog, Language::Es).contains("role-"), "every role has a name");
}

#[test]
fn counting_distinct_values_ends_somewhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("censo.csv");
    let rows: String = (0..COUNTED + 5).map(|row| format!("{},{}\n", 100 + row, row % 70)).collect();
    fs::write(&path, format!("id,codigo\n{rows}")).unwrap();
    let inspection = look(&path);
    let [id, code] = &inspection.tables[0].variables[..] else { panic!() };
    assert_eq!((id.distinct, id.more_distinct), (COUNTED as u64, true));
    assert_eq!((code.distinct, code.more_distinct, code.values.len()), (70, false, 0));
}

/// What the variables of real surveys and censuses are, by their questionnaires.
const REAL: [(&str, &[(&str, &str)]); 6] = [
    (
        "surveys/togo_mics6_2017/fs.sav",
        &[
            ("age", "CB3"),
            ("sex", "HL4"),
            ("weight", "fsweight"),
            ("psu", "PSU"),
            ("stratum", "stratum"),
            ("zone", "HH6"),
            ("department", "HH7"),
            ("attendance", "CB7"),
            ("hours", "CL3"),
            ("chores_hours", "CL13"),
            ("household", "HH2"),
            ("person", "LN"),
            ("ethnicity", "ethnicity"),
            ("disability", "fsdisability"),
            ("poverty", "windex5"),
            ("schooling", "fselevel"),
        ],
    ),
    (
        "surveys/dominicanrep_encft2021_cepal/encuestaDOM21N1.parquet",
        &[
            ("age", "edad"),
            ("sex", "sexo"),
            ("weight", "x_fep"),
            ("psu", "x_upm"),
            ("stratum", "x_estrato"),
            ("zone", "area_ee"),
            ("department", "dam_ee"),
            ("area", "dam2"),
            ("attendance", "asiste_ee"),
            ("schooling", "anoest"),
            ("hours", "horas_ee"),
            ("activity_status", "condact3"),
            ("employment_category", "categ5_p"),
            ("household", "id_hogar"),
            ("person", "id_pers"),
            ("relationship", "parentco"),
            ("industry", "rama_ee"),
            ("occupation", "ocupr88_ee"),
            ("poverty", "pobreza"),
        ],
    ),
    (
        "surveys/guatemala_encovi2014_cepal/encuestaGTM14N.csv.gz",
        &[
            ("age", "edad"),
            ("sex", "sexo"),
            ("weight", "x_fep"),
            ("psu", "x_upm"),
            ("stratum", "x_estrato"),
            ("zone", "area_ee"),
            ("department", "dam_ee"),
            ("area", "mupio"),
            ("attendance", "asiste_ee"),
            ("schooling", "anoest"),
            ("hours", "horas_ee"),
            ("activity_status", "condactr_ee"),
            ("employment_category", "categ5_p"),
            ("ethnicity", "etnia_ee"),
            ("household", "id_hogar"),
            ("person", "id_pers"),
            ("industry", "rama_ee"),
            ("occupation", "ocupr68_ee"),
        ],
    ),
    (
        "surveys/colombia_geih_ti_pasto_2024/dane-2024.csv",
        &[
            ("age", "P6040"),
            ("sex", "P3271"),
            ("weight", "FEX_C"),
            ("zone", "CLASE"),
            ("attendance", "P6170"),
            ("schooling", "P3042"),
            ("household", "DIRECTORIO"),
            ("person", "ORDEN"),
            ("relationship", "P6050"),
            ("industry", "RAMA4D_R4"),
            ("occupation", "OFICIO_C8"),
            ("activity_status", "P400"),
        ],
    ),
    (
        "census/dominicanrep_censo2010_cepal/census2010_cells_municipio.csv.gz",
        &[
            ("age", "edad"),
            ("sex", "sexo"),
            ("zone", "zona_label"),
            ("area", "redcoden"),
            ("schooling", "anest"),
            ("count", "n"),
        ],
    ),
    (
        "census/guatemala_censo2018_cepal/censo_dam2.csv.gz",
        &[
            ("age", "edad"),
            ("sex", "sexo"),
            ("zone", "area"),
            ("area", "dam2"),
            ("schooling", "anoest"),
            ("ethnicity", "etnia"),
            ("count", "n"),
            ("department", "dam"),
        ],
    ),
];

#[test]
fn variables_of_real_surveys_and_censuses_are_guessed_right() {
    let Some(data) = real_data("variables_of_real_surveys_and_censuses_are_guessed_right") else { return };
    let mut wrong = Vec::new();
    let mut right = 0;
    for (file, expected) in REAL {
        let inspection = look(&data.join(file));
        let found = &inspection.tables[0].roles;
        for (role, variable) in expected {
            match found.get(*role) {
                Some(name) if name == variable => right += 1,
                other => wrong.push(format!("{file}: {role} is {variable}, not {other:?}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{right} right; {wrong:#?}");
}

#[test]
fn labels_beside_a_file_are_found_and_those_of_the_file_are_kept() {
    let Some(data) = real_data("labels_beside_a_file_are_found_and_those_of_the_file_are_kept") else { return };
    let inspection = look(&data.join("surveys/guatemala_encovi2014_cepal/encuestaGTM14N.csv.gz"));
    assert!(inspection.labels_from.as_ref().unwrap().ends_with("encuestaGTM14N_dictionary.csv"));
    let sex = inspection.tables[0].variables.iter().find(|variable| variable.name == "sexo").unwrap();
    let labels: Vec<(&str, Option<&str>)> =
        sex.values.iter().map(|value| (value.value.as_str(), value.label.as_deref())).collect();
    assert_eq!(labels, [("1", Some("Hombre")), ("2", Some("Mujer"))]);
    let togo = look(&data.join("surveys/togo_mics6_2017/fs.sav"));
    assert_eq!(togo.tables[0].encoding.as_deref(), Some("windows-1252"));
    assert_eq!(togo.labels_from, None);
}

fn converted(from: &Path, to: &Path) {
    let options = ReadOptions::default();
    rewrite(&Rewriting { from, to, options: &options, columns: &[] }).unwrap();
}

#[test]
fn converted_samples_equal_their_expected_csv_with_their_labels() {
    let Some(data) = real_data("converted_samples_equal_their_expected_csv_with_their_labels") else { return };
    let source = data.join("readers/encovi_fixture");
    let folder = tempfile::tempdir().unwrap();
    let at = |name: String| folder.path().join(name);
    let cases: Vec<(PathBuf, PathBuf)> = ENCOVI
        .iter()
        .map(|file| (source.join(file), source.join("expected.csv")))
        .chain([
            (data.join("readers/pyreadstat_samples/sample.sav"), data.join("readers/pyreadstat_samples/sample.csv")),
            (data.join("readers/pyreadstat_samples/sample.zsav"), data.join("readers/pyreadstat_samples/sample.csv")),
        ])
        .collect();
    for (number, (file, answer)) in cases.iter().enumerate() {
        let mut expected = csv_columns(answer);
        if file.to_string_lossy().ends_with("v5.xpt") {
            // Names of version 5 have eight letters, all of them capitals.
            expected = expected.into_iter().map(|(name, v)| (name.chars().take(8).collect(), v)).collect();
        }
        let (parquet, csv) = (at(format!("{number}.parquet")), at(format!("{number}.csv")));
        converted(file, &parquet);
        converted(file, &csv);
        let found = csv_columns(&csv);
        let by_upper: BTreeMap<String, &str> = found.keys().map(|name| (name.to_uppercase(), name.as_str())).collect();
        let expected: BTreeMap<String, Vec<Option<String>>> = expected
            .into_iter()
            .map(|(name, values)| {
                let known = by_upper.get(&name.to_uppercase()).map_or(name.as_str(), |known| known).to_owned();
                let dates = values.into_iter().map(|value| value.map(|text| iso(&text))).collect();
                (known, dates)
            })
            .collect();
        assert_same(&csv, &expected);
        // Through Parquet and again to CSV.
        let again = at(format!("{number}_again.csv"));
        converted(&parquet, &again);
        assert_same(&again, &expected);
        // Labels, from either.
        let (original, from_parquet, from_csv) = (look(file), look(&parquet), look(&csv));
        for other in [&from_parquet, &from_csv] {
            for (left, right) in original.tables[0].variables.iter().zip(&other.tables[0].variables) {
                assert_eq!((&left.name, &left.label), (&right.name, &right.label), "{}", file.display());
                let labels = |variable: &clrisk_engine::inspect::InspectedVariable| -> Vec<(String, Option<String>)> {
                    let labelled = variable.values.iter().filter(|value| value.label.is_some());
                    labelled.map(|value| (value.value.clone(), value.label.clone())).collect()
                };
                assert_eq!(labels(left), labels(right), "{} {}", file.display(), left.name);
            }
        }
    }
}

/// Dates and times as `convert` writes them: seconds without the zeros behind them, hours of two digits.
fn iso(text: &str) -> String {
    let text = text.strip_suffix(".000000").unwrap_or(text);
    match text.split_once(':') {
        Some((hour, rest)) if hour.len() == 1 => format!("0{hour}:{rest}"),
        _ => text.to_owned(),
    }
}

#[test]
fn parquet_carries_where_it_comes_from() {
    let Some(data) = real_data("parquet_carries_where_it_comes_from") else { return };
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("fs.parquet");
    let columns = ["HL4", "CB3", "fsweight"].map(str::to_owned);
    let options = ReadOptions { user_missing: UserMissing::Keep, ..ReadOptions::default() };
    let from = data.join("surveys/togo_mics6_2017/fs.sav");
    let written = rewrite(&Rewriting { from: &from, to: &to, options: &options, columns: &columns }).unwrap();
    assert_eq!((written.rows, written.columns), (5062, 3));
    let opened = opening::open(&to, &ReadOptions::default()).unwrap();
    let schema = opened.tables[0].schema();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    assert_eq!(names, ["HL4", "CB3", "fsweight"]);
    let provenance: serde_json::Value = serde_json::from_str(&schema.metadata()["clrisk"]).unwrap();
    assert_eq!(provenance["file"], "fs.sav");
    assert_eq!(provenance["encoding"], "windows-1252");
    assert_eq!(provenance["sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn nothing_is_overwritten_and_nothing_is_left_of_a_failed_conversion() {
    let folder = tempfile::tempdir().unwrap();
    let from = folder.path().join("datos.csv");
    fs::write(&from, "a,b\n1,2\n3\n").unwrap();
    let options = ReadOptions::default();
    let attempt = |to: &str, columns: &[String]| {
        let to = folder.path().join(to);
        rewrite(&Rewriting { from: &from, to: &to, options: &options, columns }).unwrap_err().code
    };
    assert_eq!(attempt("nuevo.parquet", &[]), "FILE-006");
    assert_eq!(attempt("nuevo.xlsx", &[]), "CONVERT-001");
    assert_eq!(attempt("datos.csv", &[]), "CONVERT-002");
    fs::write(&from, "a,b\n1,2\n3,4\n").unwrap();
    assert_eq!(attempt("nuevo.csv", &["c".to_owned()]), "CONVERT-003");
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["datos.csv"]);
}

#[test]
fn codes_of_a_converted_csv_stay_text() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mut types = BTreeMap::new();
    types.insert("codigo".to_owned(), "text".to_owned());
    fs::write(at("a.csv"), "codigo,n\n101,1\n202,2\n").unwrap();
    let options = ReadOptions { types, ..ReadOptions::default() };
    rewrite(&Rewriting { from: &at("a.csv"), to: &at("b.csv"), options: &options, columns: &[] }).unwrap();
    let kinds: Vec<String> = look(&at("b.csv")).tables[0].variables.iter().map(|v| v.kind.clone()).collect();
    assert_eq!(kinds, ["text", "integer"], "the codebook says so");
}
