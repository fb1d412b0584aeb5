//! The invented country is measured in a run, and a model can learn from the definition's outcome.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;

use clrisk_core::{Bundle, Group, Level};
use clrisk_engine::folder::ProjectFolder;
use clrisk_engine::measure::measure;
use clrisk_engine::run::run;
use clrisk_synthetic::{Country, Options};

fn country() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { children: 40_000, survey_households: 2_000, ..Options::default() };
    Country::invent(options).unwrap().write_project(folder.path()).unwrap();
    folder
}

#[tokio::test]
async fn a_run_measures_too_and_the_outcome_of_the_definition_is_that_of_the_expression() {
    let folder = country();
    let project = ProjectFolder::new(folder.path());
    let by_expression = run(&project, &|_| {}).await.unwrap_or_else(|findings| panic!("{findings:?}"));
    let measured = by_expression.measured.as_ref().unwrap();
    assert!(folder.path().join("out/measure/tables.es.xlsx").exists());
    for label in &measured.dimensions {
        for language in clrisk_core::Language::ALL {
            assert!(!label.title.get(language).starts_with("measure-"), "{} has a title in {language}", label.name);
        }
    }
    // Written, hashed and read back.
    let read = Bundle::read(&project.draft()).unwrap();
    assert_eq!(read.measured.as_ref(), Some(measured));
    // With the hot spots of a country whose municipalities share borders.
    assert_eq!(read.manifest.files.len(), clrisk_core::bundle::FILES.len() + clrisk_core::bundle::MEASURED.len() + 1);
    // The country's direct estimate is the measured share: two ways through the program, one number.
    let national =
        by_expression.estimates.iter().find(|row| row.level == Level::Country && row.group.is_all()).unwrap();
    let outcome = measured.find("child_labour_economic", [5, 17], &Group::all()).unwrap().rate.unwrap();
    assert!((national.direct.unwrap() - outcome).abs() < 1e-12, "{national:?} {outcome}");
    let chores = measured.find("excessive_chores", [5, 14], &Group::all()).unwrap();
    assert!(chores.rate.is_none_or(|rate| rate > 0.005 && rate < 0.1), "{chores:?}");

    let settings = folder.path().join("clrisk.toml");
    let text = fs::read_to_string(&settings).unwrap();
    let start = text.find("survey = \"\"\"").unwrap();
    let end = start + text[start..].find("ELSE 0 END\"\"\"").unwrap() + "ELSE 0 END\"\"\"".len();
    let defined = format!("{}from_definition = \"child_labour_economic\"{}", &text[..start], &text[end..]);
    fs::write(&settings, defined).unwrap();
    let by_definition = run(&project, &|_| {}).await.unwrap_or_else(|findings| panic!("{findings:?}"));
    assert_eq!(by_definition.estimates, by_expression.estimates);
}

#[tokio::test]
async fn weights_times_a_constant_change_numbers_and_no_share() {
    let folder = country();
    let project = ProjectFolder::new(folder.path());
    let first = measure(&project).await.unwrap_or_else(|findings| panic!("{findings:?}")).measured;
    let settings = folder.path().join("clrisk.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, text.replace("weight = \"factor\"", "weight = \"factor * 8\"")).unwrap();
    let second = measure(&project).await.unwrap_or_else(|findings| panic!("{findings:?}")).measured;
    assert!(first.rows.len() > 500 && first.rows.len() == second.rows.len());
    for (before, after) in first.rows.iter().zip(&second.rows) {
        let close = |a: Option<f64>, b: Option<f64>, times: f64| match (a, b) {
            (Some(a), Some(b)) => (a * times - b).abs() <= 1e-9 * b.abs().max(1e-9),
            (a, b) => a == b,
        };
        assert!(close(before.rate, after.rate, 1.0) && close(before.standard_error, after.standard_error, 1.0));
        assert!(close(before.count, after.count, 8.0) && close(before.population, after.population, 8.0));
    }
}

/// A child of the survey file: stratum, sampling unit, weight, whether in child labour by economic activity.
struct Record {
    line: String,
    stratum: String,
    unit: String,
    weight: f64,
    labour: f64,
}

fn records(folder: &std::path::Path) -> (String, Vec<Record>) {
    let mut text = String::new();
    let file = fs::File::open(folder.join("data/survey.csv.gz")).unwrap();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let (head, rows) = text.split_once('\n').unwrap();
    let names: Vec<&str> = head.split(',').collect();
    let records = rows
        .lines()
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let cell = |name: &str| cells[names.iter().position(|known| *known == name).unwrap()];
            let number = |name: &str| cell(name).parse::<f64>().unwrap();
            let threshold = match number("edad") {
                age if age <= 11.0 => 1.0,
                age if age <= 14.0 => 14.0,
                _ => 43.0,
            };
            let labour = number("peligro") == 1.0 || number("horas_trabajo") >= threshold;
            Record {
                line: line.to_owned(),
                stratum: cell("estrato").to_owned(),
                unit: cell("upm").to_owned(),
                weight: number("factor"),
                labour: f64::from(u8::from(labour)),
            }
        })
        .collect();
    (head.to_owned(), records)
}

fn set(folder: &std::path::Path, from: &str, to: &str) {
    let settings = folder.join("clrisk.toml");
    let text = fs::read_to_string(&settings).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(&settings, text.replacen(from, to, 1)).unwrap();
}

fn share<'a>(rows: impl Iterator<Item = (&'a Record, f64)>) -> f64 {
    let (with, all) = rows.fold((0.0, 0.0), |(with, all), (row, weight)| (with + weight * row.labour, all + weight));
    with / all
}

async fn national(project: &ProjectFolder) -> clrisk_core::MeasuredRow {
    let outcome = measure(project).await.unwrap_or_else(|findings| panic!("{findings:?}"));
    outcome.measured.find("child_labour_economic", [5, 17], &Group::all()).unwrap().clone()
}

#[tokio::test]
async fn replicate_weights_of_the_file_give_the_standard_errors() {
    const REPLICATES: usize = 20;
    let folder = country();
    let (head, rows) = records(folder.path());
    let mut units: Vec<&str> = rows.iter().map(|row| row.unit.as_str()).collect();
    units.sort_unstable();
    units.dedup();
    let group = |row: &Record| units.binary_search(&row.unit.as_str()).unwrap() % REPLICATES;
    let kept = REPLICATES as f64 / (REPLICATES as f64 - 1.0);
    let weight = |row: &Record, replicate: usize| if group(row) == replicate { 0.0 } else { row.weight * kept };
    let names: Vec<String> = (1..=REPLICATES).map(|replicate| format!("rep{replicate}")).collect();
    let mut text = format!("{head},{}\n", names.join(","));
    for row in &rows {
        let weights: Vec<String> = (0..REPLICATES).map(|replicate| weight(row, replicate).to_string()).collect();
        text.push_str(&format!("{},{}\n", row.line, weights.join(",")));
    }
    fs::write(folder.path().join("data/survey.csv"), text).unwrap();
    set(folder.path(), "data/survey.csv.gz", "data/survey.csv");
    set(folder.path(), "psu = \"upm\"", "psu = \"upm\"\nreplicates = { columns = \"rep*\", method = \"jk1\" }");
    let full = share(rows.iter().map(|row| (row, row.weight)));
    let squares: f64 = (0..REPLICATES)
        .map(|replicate| (share(rows.iter().map(|row| (row, weight(row, replicate)))) - full).powi(2))
        .sum();
    let expected = (squares * (REPLICATES as f64 - 1.0) / REPLICATES as f64).sqrt();
    let found = national(&ProjectFolder::new(folder.path())).await;
    assert!((found.rate.unwrap() - full).abs() < 1e-12);
    assert!((found.standard_error.unwrap() - expected).abs() < 1e-10, "{found:?} {expected}");
    assert!((found.coefficient_of_variation.unwrap() - expected / full).abs() < 1e-9);
    assert!(found.lower.unwrap() < full && full < found.upper.unwrap());
}

#[tokio::test]
async fn a_finite_population_of_sampling_units_corrects_the_variance_stratum_by_stratum() {
    const UNITS: f64 = 60.0;
    let folder = country();
    let (_, rows) = records(folder.path());
    let full = share(rows.iter().map(|row| (row, row.weight)));
    let size: f64 = rows.iter().map(|row| row.weight).sum();
    let mut strata: BTreeMap<&str, BTreeMap<&str, f64>> = BTreeMap::new();
    for row in &rows {
        *strata.entry(&row.stratum).or_default().entry(&row.unit).or_default() +=
            row.weight * (row.labour - full) / size;
    }
    let variance: f64 = strata
        .values()
        .map(|units| {
            let n = units.len() as f64;
            let mean = units.values().sum::<f64>() / n;
            let squares: f64 = units.values().map(|sum| (sum - mean).powi(2)).sum();
            (1.0 - n / UNITS) * n / (n - 1.0) * squares
        })
        .sum();
    set(folder.path(), "psu = \"upm\"", "psu = \"upm\"\nfinite_population = \"60\"");
    let found = national(&ProjectFolder::new(folder.path())).await;
    assert!((found.standard_error.unwrap() - variance.sqrt()).abs() < 1e-10, "{found:?} {}", variance.sqrt());
}

#[tokio::test]
async fn weights_of_the_sample_give_no_number_of_children_until_the_project_says_how_many_there_are() {
    let folder = country();
    let project = ProjectFolder::new(folder.path());
    set(folder.path(), "weight = \"factor\"", "weight = \"factor / 1000\"");
    let outcome = measure(&project).await.unwrap_or_else(|findings| panic!("{findings:?}"));
    assert!(outcome.findings.0.iter().any(|finding| finding.code == "MEASURE-007"));
    let table = fs::read_to_string(folder.path().join("out/measure/figures.csv")).unwrap();
    let names: Vec<&str> = table.lines().next().unwrap().split(',').collect();
    let at = |name: &str| names.iter().position(|known| *known == name).unwrap();
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        for name in ["count", "count_lower", "count_upper", "population"] {
            assert_eq!(cells[at(name)], "", "{line}");
        }
    }
    let summary = fs::read_to_string(folder.path().join("out/measure/summary.es.md")).unwrap();
    assert!(summary.contains("no suman los niños") && !summary.contains("es decir"), "{summary}");
    let share = outcome.measured.find("child_labour", [5, 17], &Group::all()).unwrap().rate;

    set(folder.path(), "psu = \"upm\"", "psu = \"upm\"\nchildren = 41000");
    let outcome = measure(&project).await.unwrap_or_else(|findings| panic!("{findings:?}"));
    assert!(outcome.findings.0.iter().all(|finding| finding.code != "MEASURE-007"));
    let all = outcome.measured.find("child_labour", [5, 17], &Group::all()).unwrap();
    assert!((all.population.unwrap() - 41_000.0).abs() < 1e-6, "{all:?}");
    assert!((all.rate.unwrap() - share.unwrap()).abs() < 1e-12, "{all:?}");
    assert!((all.count.unwrap() - 41_000.0 * all.rate.unwrap()).abs() < 1e-6);
}
