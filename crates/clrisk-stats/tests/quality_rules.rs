//! The rule files of the project and the labels they give.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::path::PathBuf;

use clrisk_stats::direct::DirectEstimate;
use clrisk_stats::quality::{AppliesTo, Criterion, Limit, QualityRule, Quantity, Verdict};

fn rule(name: &str) -> QualityRule {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../rules/quality/{name}.toml"));
    let file: toml::Table = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let text = |table: &toml::Table, key: &str| table[key].as_str().unwrap().to_owned();
    for key in ["title", "author", "source", "verified", "not_verified", "next_review"] {
        assert!(!text(&file, key).is_empty(), "{name} says nothing under {key}");
    }
    assert_eq!(text(&file, "name"), name);
    let number = |value: &toml::Value| value.as_float().or(value.as_integer().map(|i| i as f64)).unwrap();
    let criteria = file["criteria"].as_array().unwrap().iter().map(|entry| {
        let entry = entry.as_table().unwrap();
        assert!(!text(entry, "reason").is_empty());
        let limits: Vec<Limit> = [
            entry.get("at_least").map(|v| Limit::AtLeast(number(v))),
            entry.get("at_most").map(|v| Limit::AtMost(number(v))),
            entry.get("below").map(|v| Limit::Below(number(v))),
        ]
        .into_iter()
        .flatten()
        .collect();
        assert_eq!(limits.len(), 1, "one limit per criterion");
        Criterion {
            quantity: Quantity::from_name(&text(entry, "quantity")).unwrap(),
            limit: limits[0],
            otherwise: Verdict::from_name(&text(entry, "otherwise")).unwrap(),
            applies_to: AppliesTo::from_name(&text(entry, "applies_to")).unwrap(),
        }
    });
    QualityRule { name: name.to_owned(), criteria: criteria.collect() }
}

fn estimate(value: f64, standard_error: f64, n: usize, cases: usize, df: f64, design_effect: f64) -> DirectEstimate {
    DirectEstimate {
        value,
        standard_error,
        degrees_of_freedom: df,
        sample_size: n,
        cases,
        psus: df as usize + 1,
        strata: 1,
        weight_sum: 1e5,
        design_effect: Some(design_effect),
    }
}

#[test]
fn a_solid_estimate_is_published_under_every_rule() {
    let solid = estimate(0.2, 0.01, 2000, 400, 150.0, 1.25);
    for name in ["eclac-2020", "eclac-2023", "ine-chile-2020"] {
        let found = rule(name).assess(&solid, true);
        assert_eq!((found.verdict, found.failed), (Verdict::Publish, vec![]), "{name}");
    }
}

#[test]
fn thresholds_bite_exactly_at_their_value() {
    // (rule, the estimate, verdict): each pair of lines differs in one quantity only.
    let cases = [
        ("eclac-2020", estimate(0.5, 0.02, 280, 60, 9.0, 2.0), Verdict::Publish),
        ("eclac-2020", estimate(0.5, 0.02, 278, 60, 9.0, 2.0), Verdict::Suppress),
        ("eclac-2020", estimate(0.5, 0.02, 280, 49, 9.0, 2.0), Verdict::Suppress),
        ("eclac-2020", estimate(0.5, 0.02, 280, 60, 8.0, 2.0), Verdict::PublishWithWarning),
        ("eclac-2020", estimate(0.05, 0.0101, 2800, 60, 9.0, 2.0), Verdict::PublishWithWarning),
        // The logarithmic coefficient of variation at 0.2: 0.06 / (0.2 * 1.609) = 0.186.
        ("eclac-2020", estimate(0.2, 0.06, 2800, 60, 9.0, 2.0), Verdict::Suppress),
        ("eclac-2023", estimate(0.3, 0.03, 200, 50, 9.0, 1.0), Verdict::Publish),
        ("eclac-2023", estimate(0.3, 0.03, 200, 49, 9.0, 1.0), Verdict::PublishWithWarning),
        ("eclac-2023", estimate(0.3, 0.03, 200, 29, 9.0, 1.0), Verdict::Suppress),
        ("eclac-2023", estimate(0.3, 0.03, 200, 50, 9.0, 0.9), Verdict::Suppress),
        ("eclac-2023", estimate(0.3, 0.03, 59, 50, 9.0, 1.0), Verdict::Suppress),
        // Admissible standard error at 0.125: 0.125^(2/3) / 9 = 0.25 / 9.
        ("ine-chile-2020", estimate(0.125, 0.2499 / 9.0, 60, 8, 9.0, 1.0), Verdict::Publish),
        ("ine-chile-2020", estimate(0.125, 0.2501 / 9.0, 60, 8, 9.0, 1.0), Verdict::PublishWithWarning),
        ("ine-chile-2020", estimate(0.125, 0.2499 / 9.0, 59, 8, 9.0, 1.0), Verdict::Suppress),
    ];
    for (index, (name, estimate, verdict)) in cases.iter().enumerate() {
        assert_eq!(rule(name).assess(estimate, true).verdict, *verdict, "line {index}, {name}");
    }
}

#[test]
fn means_are_judged_by_the_coefficient_of_variation() {
    let mean = |cv: f64| estimate(40.0, 40.0 * cv, 500, 500, 30.0, 1.5);
    for (name, warning, suppress) in [("eclac-2023", 0.20, 0.30), ("ine-chile-2020", 0.15, 0.30)] {
        let verdict = |cv: f64| rule(name).assess(&mean(cv), false).verdict;
        assert_eq!(verdict(warning - 1e-6), Verdict::Publish, "{name}");
        assert_eq!(verdict(warning + 1e-6), Verdict::PublishWithWarning, "{name}");
        assert_eq!(verdict(suppress + 1e-6), Verdict::Suppress, "{name}");
    }
}

#[test]
fn a_quantity_that_cannot_be_computed_counts_as_a_failure() {
    // No cases: neither coefficient of variation exists, and no design effect.
    let nothing = DirectEstimate { design_effect: None, ..estimate(0.0, 0.0, 500, 0, 30.0, 1.0) };
    for name in ["eclac-2020", "eclac-2023"] {
        assert_eq!(rule(name).assess(&nothing, true).verdict, Verdict::Suppress);
    }
    assert!(Quantity::from_name("n").is_err());
}
