//! Bad input gets a finding with code and place; it never panics, and it never harms the draft there is.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use clrisk_core::{Finding, Findings, Severity};
use clrisk_engine::folder::ProjectFolder;
use clrisk_engine::run::{check, run};
use clrisk_synthetic::{Country, Options};
use common::codes;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

const SURVEY: &str = "data/survey.csv.gz";
const CENSUS: &str = "data/census.parquet";
const BOUNDARIES: &str = "geo/boundaries.geojson";

/// A small invented country, and a way to spoil it.
struct Project(tempfile::TempDir);

impl Project {
    fn new() -> Project {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { seed: 4, children: 40_000, survey_households: 3_000 };
        Country::invent(options).unwrap().write_project(folder.path()).unwrap();
        let project = Project(folder);
        project.edit("clrisk.toml", |text| text.replace("draws = 1000", "draws = 100"));
        project
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn edit(&self, name: &str, change: impl FnOnce(String) -> String) {
        let before = fs::read_to_string(self.path(name)).unwrap();
        let after = change(before.clone());
        assert_ne!(before, after, "the edit of {name} changes something");
        fs::write(self.path(name), after).unwrap();
    }

    fn edit_survey(&self, change: impl FnOnce(String) -> String) {
        let mut text = String::new();
        GzDecoder::new(fs::File::open(self.path(SURVEY)).unwrap()).read_to_string(&mut text).unwrap();
        let changed = change(text.clone());
        assert_ne!(text, changed);
        let mut encoder = GzEncoder::new(fs::File::create(self.path(SURVEY)).unwrap(), Compression::fast());
        encoder.write_all(changed.as_bytes()).unwrap();
        encoder.finish().unwrap();
    }

    /// Changes column `column` of row `row` (from 1, after the header) of the survey.
    fn edit_cell(&self, row: usize, column: &str, value: &str) {
        self.edit_survey(|text| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            let position = lines[0].split(',').position(|name| name == column).unwrap();
            let mut cells: Vec<&str> = lines[row].split(',').collect();
            cells[position] = value;
            lines[row] = cells.join(",");
            lines.join("\n") + "\n"
        });
    }

    fn cut(&self, name: &str) {
        let bytes = fs::read(self.path(name)).unwrap();
        fs::write(self.path(name), &bytes[..bytes.len() * 2 / 3]).unwrap();
    }

    /// Checks and runs: both must stop with the code, and neither may leave anything behind. Returns the finding.
    async fn refused(&self, code: &str) -> Finding {
        let folder = ProjectFolder::new(self.0.path());
        let checked = check(&folder).await.findings;
        let found = the_error(&checked, code);
        let findings = run(&folder, &|_| {}).await.expect_err("a run with an error writes nothing");
        the_error(&findings, code);
        assert!(!folder.draft().exists());
        found
    }
}

fn the_error(findings: &Findings, code: &str) -> Finding {
    let found = findings.0.iter().find(|finding| finding.code == code && finding.severity == Severity::Error);
    found.unwrap_or_else(|| panic!("{code} expected, found {:?}", codes(findings))).clone()
}

#[tokio::test]
async fn a_missing_column_is_named_with_the_key_that_asks_for_it_and_the_nearest_column() {
    let project = Project::new();
    project.edit_survey(|text| text.replacen("factor", "factor_exp", 1));
    let finding = project.refused("EXPR-001").await;
    assert_eq!(finding.args["column"], "factor");
    assert_eq!(finding.place.key.as_deref(), Some("survey.weight"));
    assert_eq!(finding.details, ["→ factor_exp"]);
}

#[tokio::test]
async fn a_weight_that_is_not_a_number_is_refused_with_its_row_and_without_its_value() {
    let project = Project::new();
    project.edit_cell(7, "factor", "secreto");
    let finding = project.refused("DATA-002").await;
    assert_eq!((finding.args["count"].as_str(), finding.place.row), ("1", Some(7)));
    assert!(!format!("{finding:?}").contains("secreto"), "no value of a record in a finding");
}

#[tokio::test]
async fn a_negative_weight_is_refused_with_its_row() {
    let project = Project::new();
    project.edit_cell(12, "factor", "-3.5");
    let finding = project.refused("DESIGN-002").await;
    assert_eq!((finding.args["count"].as_str(), finding.place.row), ("1", Some(12)));
}

#[tokio::test]
async fn text_where_a_number_is_computed_is_refused() {
    let project = Project::new();
    project.edit_cell(3, "personas_hogar", "muchas");
    let findings = check(&ProjectFolder::new(project.0.path())).await.findings;
    // The column is text now; the expression either does not plan or does not evaluate, and nothing is guessed.
    let stopped = findings.0.iter().find(|finding| finding.severity == Severity::Error).expect("an error");
    assert!(["EXPR-002", "EXPR-003"].contains(&stopped.code.as_str()), "{:?}", codes(&findings));
    assert!(!format!("{findings:?}").contains("muchas"));
}

#[tokio::test]
async fn a_municipality_missing_on_the_map_is_an_unmatched_code_in_both_files() {
    let project = Project::new();
    project.edit(BOUNDARIES, |text| {
        let kept: Vec<&str> = text.lines().filter(|line| !line.contains("\"muni\":\"0101\"")).collect();
        kept.join("\n")
    });
    let finding = project.refused("AREA-002").await;
    assert_eq!(finding.args["count"], "1");
    assert!(finding.details.iter().any(|detail| detail.starts_with("0101")), "{:?}", finding.details);
}

#[tokio::test]
async fn a_municipality_missing_in_the_census_is_a_warning_and_has_no_data() {
    let project = Project::new();
    project.edit("clrisk.toml", |text| text.replace("[census]\n", "[census]\nfilter = \"muni <> '0102'\"\n"));
    let bundle = run(&ProjectFolder::new(project.0.path()), &|_| {}).await.unwrap();
    let finding = bundle.findings.0.iter().find(|finding| finding.code == "AREA-004").expect("a warning");
    assert_eq!((finding.args["count"].as_str(), finding.severity), ("1", Severity::Warning));
    let row = common::estimate(&bundle, clrisk_core::Level::Municipality, "0102");
    assert_eq!((row.status, row.rate), (clrisk_core::ValueStatus::NoData, None));
}

#[tokio::test]
async fn a_code_that_two_areas_share_is_refused() {
    let project = Project::new();
    project.edit(BOUNDARIES, |text| text.replacen("\"muni\":\"0102\"", "\"muni\":\"0101\"", 1));
    let finding = project.refused("AREA-003").await;
    assert_eq!(finding.args["area"], "0101");
}

#[tokio::test]
async fn empty_files_are_refused_and_all_are_named_in_one_go() {
    let project = Project::new();
    fs::write(project.path(SURVEY), b"").unwrap();
    fs::write(project.path(CENSUS), b"").unwrap();
    let findings = check(&ProjectFolder::new(project.0.path())).await.findings;
    let mut files: Vec<&str> =
        findings.0.iter().filter(|f| f.code == "FILE-002").map(|f| f.args["file"].as_str()).collect();
    files.sort_unstable();
    assert_eq!(files, [CENSUS, SURVEY]);
    project.refused("FILE-002").await;
}

#[tokio::test]
async fn a_survey_without_rows_is_refused() {
    let project = Project::new();
    project.edit_survey(|text| text.lines().next().unwrap().to_owned() + "\n");
    let findings = run(&ProjectFolder::new(project.0.path()), &|_| {}).await.expect_err("nothing to learn from");
    assert!(findings.has_errors(), "{:?}", codes(&findings));
}

#[tokio::test]
async fn truncated_files_are_refused() {
    let project = Project::new();
    project.cut(CENSUS);
    project.refused("FILE-004").await;
    let project = Project::new();
    project.cut(SURVEY);
    project.refused("FILE-004").await;
    let project = Project::new();
    project.cut(BOUNDARIES);
    project.refused("FILE-004").await;
}

#[tokio::test]
async fn a_category_of_the_census_that_the_codebook_does_not_know_is_refused() {
    let project = Project::new();
    project.edit("clrisk.toml", |text| {
        text.replace(
            "census = \"CASE etnia WHEN 1 THEN 'neither' WHEN 2 THEN 'indigenous' WHEN 3 THEN 'afro_descendant' END\"",
            "census = \"CASE etnia WHEN 1 THEN 'neither' WHEN 2 THEN 'indigenous' ELSE 'afro' END\"",
        )
    });
    let finding = project.refused("DATA-004").await;
    assert_eq!(finding.args["variable"], "people");
    assert_eq!(finding.place.file.as_deref(), Some(CENSUS));
}

#[tokio::test]
async fn a_code_of_the_census_that_no_expression_mentions_is_counted_as_missing() {
    let project = Project::new();
    project.edit("clrisk.toml", |text| {
        text.replace(
            "census = \"CASE etnia WHEN 1 THEN 'neither' WHEN 2 THEN 'indigenous' WHEN 3 THEN 'afro_descendant' END\"",
            "census = \"CASE etnia WHEN 1 THEN 'neither' WHEN 2 THEN 'indigenous' END\"",
        )
    });
    let bundle = run(&ProjectFolder::new(project.0.path()), &|_| {}).await.unwrap();
    let finding = bundle.findings.0.iter().find(|f| f.code == "DATA-003").expect("a warning");
    let missing: u64 = finding.args["count"].parse().unwrap();
    let accounts = bundle.findings.0.iter().find(|f| f.code == "DATA-000" && f.args["file"] == CENSUS).unwrap();
    assert_eq!(accounts.args["excluded"].parse::<u64>().unwrap(), missing);
    assert_eq!(accounts.args["read"], "40000");
}

#[tokio::test]
async fn settings_that_are_wrong_are_refused_with_their_line_or_key() {
    for (from, to, code) in [
        ("synthetic = true", "sintetico = true", "CONFIG-001"),
        ("age = \"edad\"\nweight", "weight", "CONFIG-001"),
        ("school + people", "school + nowhere + people", "CODE-001"),
        ("[\"zone\"], [\"people\"]]\nmax_cv", "[\"dependency\"], [\"people\"]]\nmax_cv", "CODE-003"),
        ("(1 | department)", "(1 | province)", "MODEL-009"),
        ("formula = \"child_labour ~", "formula = \"other ~", "MODEL-010"),
        ("~ sex +", "~ sex + +", "MODEL-001"),
        ("rule = \"jenks\"", "rule = \"jenga\"", "CLASS-001"),
        ("THEN 1\n     WHEN edad <= 11", "THEN 7\n     WHEN edad <= 11", "DATA-005"),
        ("stratum = \"estrato\"", "stratum = \"upm\"", "DESIGN-001"),
        ("ages = [5, 17]", "ages = [90, 99]", "DATA-001"),
        ("+ school + people", "+ people", "LEVER-001"),
        ("school + people", "school * people", "LEVER-002"),
        ("category = \"attends\"", "category = \"studies\"", "LEVER-003"),
        ("to = 0.9\n", "to = 9.0\n", "LEVER-003"),
    ] {
        let project = Project::new();
        project.edit("clrisk.toml", |text| text.replacen(from, to, 1));
        let folder = ProjectFolder::new(project.0.path());
        let findings = run(&folder, &|_| {}).await.expect_err("refused");
        the_error(&findings, code);
        assert!(!folder.draft().exists());
    }
}

#[tokio::test]
async fn a_column_that_repeats_another_is_named() {
    let project = Project::new();
    project.edit("clrisk.toml", |text| {
        let zone_again =
            "[variables.rural]\ntitle = \"Rural\"\nsurvey = \"zona - 1\"\ncensus = \"zona - 1\"\n\n[model]";
        text.replace("[model]", zone_again).replace("~ sex +", "~ sex + rural +")
    });
    let findings = run(&ProjectFolder::new(project.0.path()), &|_| {}).await.expect_err("refused");
    let finding = the_error(&findings, "MODEL-002");
    assert!(finding.args["columns"].contains("zone=rural") || finding.args["columns"].contains("rural"), "{finding:?}");
}

#[tokio::test]
async fn a_run_that_is_refused_leaves_the_draft_there_is() {
    let project = Project::new();
    let folder = ProjectFolder::new(project.0.path());
    run(&folder, &|_| {}).await.unwrap();
    let before = contents(&folder.draft());
    project.cut(CENSUS);
    run(&folder, &|_| {}).await.expect_err("refused");
    assert_eq!(contents(&folder.draft()), before);
}

#[test]
fn the_same_input_gives_the_same_bytes_on_one_thread_and_on_four() {
    let project = Project::new();
    let folder = ProjectFolder::new(project.0.path());
    let bytes_with = |threads: usize| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build().unwrap();
        runtime.block_on(run(&folder, &|_| {})).unwrap();
        contents(&folder.draft())
    };
    let one = bytes_with(1);
    assert_eq!(
        one.len(),
        clrisk_core::bundle::FILES.len() + clrisk_core::bundle::MEASURED.len() + 2,
        "all files, the hot spots and the manifest"
    );
    assert_eq!(one, bytes_with(4));
}

/// Names and bytes of the files of a folder.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}
