//! The verdicts on survey and census: comparable, with caution, not comparable, each for its reason.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;

use clrisk_core::comparability::VariableComparability;
use clrisk_core::{Catalog, Language};
use clrisk_engine::comparability::text;
use clrisk_engine::folder::ProjectFolder;
use clrisk_engine::run::{CheckOutcome, check};
use clrisk_synthetic::{Country, Options};

async fn checked(edit: impl Fn(String) -> String) -> CheckOutcome {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { seed: 12, children: 40_000, survey_households: 3_000 };
    Country::invent(options).unwrap().write_project(folder.path()).unwrap();
    let settings = folder.path().join("clrisk.toml");
    let text = edit(fs::read_to_string(&settings).unwrap());
    fs::write(&settings, text).unwrap();
    check(&ProjectFolder::new(folder.path())).await
}

fn find<'a>(outcome: &'a CheckOutcome, name: &str) -> &'a VariableComparability {
    outcome.comparability.variables.iter().find(|row| row.variable == name).unwrap()
}

fn reasons(row: &VariableComparability) -> Vec<&str> {
    row.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

#[tokio::test]
async fn a_survey_drawn_from_its_census_is_comparable() {
    let outcome = checked(|text| text).await;
    assert!(!outcome.findings.has_errors(), "{:?}", outcome.findings);
    let sex = find(&outcome, "sex");
    assert_eq!((sex.verdict.as_str(), reasons(sex)), ("comparable", vec!["distribution-similar"]));
    assert_eq!(sex.survey_definition, "CASE sexo WHEN 1 THEN 'boy' WHEN 2 THEN 'girl' END");
    // The largest difference is that of the figures: (p - q) / sqrt((p(1-p) + q(1-q)) / 2).
    for variable in &outcome.comparability.variables {
        let rows = outcome.comparability.rows.iter().filter(|row| row.variable == variable.variable);
        let largest = rows
            .filter(|row| row.category != "mean")
            .map(|row| {
                let (p, q) = (row.survey, row.census);
                (p - q).abs() / ((p * (1.0 - p) + q * (1.0 - q)) / 2.0).sqrt()
            })
            .fold(f64::NAN, f64::max);
        assert!(largest.is_nan() || (largest - variable.largest_difference).abs() < 1e-9, "{}", variable.variable);
    }
    let catalog = Catalog::load();
    for language in Language::ALL {
        let lines = text(&outcome.comparability, &catalog, language);
        assert!(!lines.contains("comparability-"), "{language}: {lines}");
        assert!(lines.lines().count() > 2 * outcome.comparability.variables.len());
    }
}

#[tokio::test]
async fn a_variable_that_is_coded_the_other_way_round_is_not_comparable() {
    let outcome = checked(|text| {
        text.replace(
            "census = \"CASE asiste WHEN 1 THEN 'attends' WHEN 2 THEN 'out' END\"",
            "census = \"CASE asiste WHEN 2 THEN 'attends' WHEN 1 THEN 'out' END\"",
        )
    })
    .await;
    let school = find(&outcome, "school");
    assert_eq!((school.verdict.as_str(), school.reasons[0].code.as_str()), ("not_comparable", "distribution-far"));
    assert_eq!(find(&outcome, "sex").verdict, "comparable", "the others are what they were");
}

#[tokio::test]
async fn a_category_in_one_file_only_counts_by_its_size() {
    let outcome = checked(|text| {
        text.replace(
            "census = \"CASE jefe_rama WHEN 1 THEN 'agriculture' WHEN 2 THEN 'industry'",
            "census = \"CASE jefe_rama WHEN 1 THEN 'agriculture' WHEN 2 THEN 'commerce'",
        )
    })
    .await;
    let sector = find(&outcome, "head_sector");
    assert_eq!(sector.verdict, "not_comparable");
    let missing = sector.reasons.iter().find(|reason| reason.code == "category-only-survey").unwrap();
    let share: f64 = missing.args["share"].parse().unwrap();
    let rows = &outcome.comparability.rows;
    let row = rows.iter().find(|row| row.variable == "head_sector" && row.category == "industry").unwrap();
    assert!(row.census == 0.0 && (share - 100.0 * row.survey).abs() < 0.05 && share >= 5.0);
}

#[tokio::test]
async fn files_far_apart_in_time_ask_for_caution() {
    let outcome = checked(|text| text.replace("year = 2024\nage", "year = 2010\nage")).await;
    let sex = find(&outcome, "sex");
    assert_eq!(sex.verdict, "with_caution");
    let years = sex.reasons.iter().find(|reason| reason.code == "years-apart").unwrap();
    assert_eq!(years.args["years"], "15");
}
