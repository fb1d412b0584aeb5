//! The command as a person and as a script meet it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

fn clrisk(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clrisk")).args(arguments).env("LANG", "es_GT.UTF-8").output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", text(output)))
}

/// A small invented country, run and released.
fn demo(folder: &Path) -> String {
    let project = folder.join("país inventado").to_str().unwrap().to_owned();
    let output = clrisk(&["demo", "--folder", &project, "--children", "40000", "--no-serve"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    project
}

#[test]
fn init_writes_a_commented_project_in_the_language_of_the_reader_and_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("proyecto");
    let project = path.to_str().unwrap();
    assert_eq!(clrisk(&["init", "-p", project]).status.code(), Some(0));
    let settings = fs::read_to_string(path.join("clrisk.toml")).unwrap();
    assert!(settings.contains("# ") && settings.contains("encuesta"), "comments in Spanish");
    let again = clrisk(&["init", "-p", project, "--json"]);
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(json(&again)["findings"][0]["code"], "CONFIG-004");
    assert_eq!(fs::read_to_string(path.join("clrisk.toml")).unwrap(), settings);
}

#[test]
fn check_without_a_project_says_what_to_do_and_exits_with_1() {
    let folder = tempfile::tempdir().unwrap();
    let output = clrisk(&["check", "-p", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let shown = text(&output);
    assert!(shown.contains("CONFIG-003") && shown.contains("clrisk init"), "{shown}");
    assert_eq!(clrisk(&["check", "--nonsense"]).status.code(), Some(2));
}

#[test]
fn a_country_goes_from_invention_to_release_and_explains_itself() {
    let folder = tempfile::tempdir().unwrap();
    let project = demo(folder.path());
    let checked = clrisk(&["check", "-p", &project, "--json"]);
    assert_eq!(checked.status.code(), Some(0));
    assert!(json(&checked)["findings"].as_array().unwrap().iter().any(|finding| finding["code"] == "DATA-000"));

    let explained = clrisk(&["explain", "0101", "-p", &project]);
    assert_eq!(explained.status.code(), Some(0));
    assert!(text(&explained).contains("95\u{202f}%") || text(&explained).contains("95 %"), "{}", text(&explained));
    let model = clrisk(&["explain", "model", "-p", &project]);
    assert_eq!(model.status.code(), Some(0));
    assert!(text(&model).contains("child_labour ~") && text(&model).contains("Pendiente"), "{}", text(&model));
    assert!(text(&clrisk(&["explain", "AREA-002"])).contains("match.csv"));
    assert_eq!(clrisk(&["explain", "9999", "-p", &project]).status.code(), Some(1));

    // A release never changes.
    let release = ["release", "demo", "--by", "Prueba", "--office", "Prueba", "-p", &project, "--json"];
    let refused = clrisk(&release);
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(json(&refused)["findings"][0]["code"], "RELEASE-003");
    // Nor is one made from a draft that no longer belongs to the settings.
    let settings = Path::new(&project).join("clrisk.toml");
    let changed = fs::read_to_string(&settings).unwrap() + "\n# otra idea\n";
    fs::write(&settings, changed).unwrap();
    let refused = clrisk(&["release", "otra", "--by", "Prueba", "--office", "Prueba", "-p", &project, "--json"]);
    assert_eq!(json(&refused)["findings"][0]["code"], "RELEASE-004");
}

#[test]
fn a_release_becomes_fact_sheets_and_files_for_other_programs() {
    let folder = tempfile::tempdir().unwrap();
    let project = demo(folder.path());
    let written = clrisk(&["sheet", "0101", "-p", &project, "--language", "fr"]);
    assert_eq!(written.status.code(), Some(0), "{}", text(&written));
    let sheet = Path::new(&project).join("out/sheets/municipality-0101.fr.pdf");
    assert!(fs::read(&sheet).unwrap().starts_with(b"%PDF-"));
    let unknown = clrisk(&["sheet", "9999", "-p", &project, "--json"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert_eq!(json(&unknown)["findings"][0]["code"], "SHEET-002");
    assert_eq!(clrisk(&["sheet", "-p", &project]).status.code(), Some(2));

    let all = folder.path().join("fichas");
    let written = clrisk(&["sheet", "--all", "--format", "html", "--output", all.to_str().unwrap(), "-p", &project]);
    assert_eq!(written.status.code(), Some(0), "{}", text(&written));
    let names: Vec<String> =
        fs::read_dir(&all).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    assert!(names.len() > 100 && names.iter().all(|name| name.ends_with(".es.html")), "{names:?}");

    let exported = clrisk(&["export", "-p", &project]);
    assert_eq!(exported.status.code(), Some(0), "{}", text(&exported));
    let export = Path::new(&project).join("out/export");
    for name in [
        "municipalities.csv",
        "municipalities.excel.csv",
        "valdoria.xlsx",
        "estimates.parquet",
        "municipalities.geojson",
        "municipalities.gpkg",
        "map-probability.es.svg",
        "valdoria.zip",
    ] {
        assert!(export.join(name).metadata().is_ok_and(|file| file.len() > 500), "{name}");
    }
    // Written again, everything is replaced; what cannot be written is said.
    assert_eq!(clrisk(&["export", "--format", "csv,gpkg", "-p", &project]).status.code(), Some(0));
    let blocked = clrisk(&["export", "--output", sheet.to_str().unwrap(), "-p", &project, "--json"]);
    assert_eq!(blocked.status.code(), Some(3));
    assert_eq!(json(&blocked)["findings"][0]["code"], "FILE-007");
}

#[test]
fn files_are_inspected_converted_and_make_a_project() {
    let folder = tempfile::tempdir().unwrap();
    let project = demo(folder.path());
    let at = |name: &str| Path::new(&project).join(name).to_str().unwrap().to_owned();
    let inspected = clrisk(&["inspect", &at("data/survey.csv.gz"), "--json"]);
    assert_eq!(inspected.status.code(), Some(0), "{}", text(&inspected));
    let roles = json(&inspected)["inspection"]["tables"][0]["roles"].clone();
    assert_eq!((&roles["weight"], &roles["psu"]), (&"factor".into(), &"upm".into()));
    for language in ["es", "en", "pt", "fr"] {
        let said = text(&clrisk(&["inspect", &at("data/survey.csv.gz"), "--language", language]));
        assert!(said.contains("factor") && !said.contains("inspect-") && !said.contains("role-"), "{said}");
    }
    let to = folder.path().join("encuesta.csv");
    let converted =
        clrisk(&["convert", &at("data/census.parquet"), "--to", to.to_str().unwrap(), "--columns", "muni,sexo"]);
    assert_eq!(converted.status.code(), Some(0), "{}", text(&converted));
    let first = fs::read_to_string(&to).unwrap();
    assert_eq!(first.lines().next(), Some("muni,sexo"));
    assert_eq!(
        json(&clrisk(&["convert", &at("data/census.parquet"), "--to", to.to_str().unwrap(), "--json"]))["findings"][0]
            ["code"],
        "CONVERT-002"
    );

    let new = folder.path().join("nuevo");
    let new = new.to_str().unwrap();
    let proposed = clrisk(&[
        "init",
        "-p",
        new,
        "--survey",
        &at("data/survey.csv.gz"),
        "--census",
        &at("data/census.parquet"),
        "--boundaries",
        &at("geo/boundaries.geojson"),
        "--language",
        "pt",
    ]);
    assert_eq!(proposed.status.code(), Some(0), "{}", text(&proposed));
    let checked = clrisk(&["check", "-p", new, "--json"]);
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked));
    let checked = json(&checked);
    let codes: Vec<&str> =
        checked["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"CONFIG-006"), "{codes:?}");
    assert_eq!(checked["comparability"]["variables"][0]["verdict"], "comparable");
    assert!(
        text(&clrisk(&["check", "-p", new, "--language", "es"])).contains("Encuesta y censo, variable por variable")
    );
}

#[test]
fn a_folder_that_no_demo_made_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("tesis.txt"), "años de trabajo").unwrap();
    let output = clrisk(&["demo", "--folder", folder.path().to_str().unwrap(), "--children", "40000", "--no-serve"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(fs::read_to_string(folder.path().join("tesis.txt")).unwrap(), "años de trabajo");
}

#[test]
fn a_run_killed_at_any_moment_leaves_a_whole_draft() {
    let folder = tempfile::tempdir().unwrap();
    let project = demo(folder.path());
    let draft = Path::new(&project).join("out/draft");
    let mut killed = 0;
    for wait in (0..24).map(|step| Duration::from_millis(step * 40)) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_clrisk"))
            .args(["run", "-p", &project])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(wait);
        killed += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        // What a reader does first: bring back what a killed run set aside.
        clrisk_engine::folder::ProjectFolder::new(Path::new(&project)).recover().unwrap();
        clrisk_core::Bundle::read(&draft).unwrap_or_else(|error| panic!("after {wait:?}: {error}"));
    }
    assert!(killed >= 3, "only {killed} runs were still going when they were killed");
    assert_eq!(clrisk(&["run", "-p", &project]).status.code(), Some(0), "and it can be run again");
}

#[test]
fn no_value_of_a_record_leaves_the_engine() {
    let folder = tempfile::tempdir().unwrap();
    let project = demo(folder.path());
    // Sampling units and weights are in the survey alone.
    let survey = Path::new(&project).join("data/survey.csv.gz");
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(fs::File::open(survey).unwrap()), &mut text)
        .unwrap();
    let first: Vec<&str> = text.lines().nth(1).unwrap().split(',').collect();
    let (unit, weight) = (first[1], first[4]);
    for name in ["draft", "release/demo"] {
        for entry in fs::read_dir(Path::new(&project).join("out").join(name)).unwrap() {
            let path = entry.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            for value in [unit, weight] {
                let found = bytes.windows(value.len()).any(|window| window == value.as_bytes());
                assert!(!found, "{value} of a record is in {}", path.display());
            }
        }
    }
}
