//! The invented country is measured in a run, and a model can learn from the definition's outcome.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;

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
