//! Survey against census, variable by variable: do both files describe the same children?
//!
//! The standardised difference of a share is `(p - q) / sqrt((p(1-p) + q(1-q)) / 2)`, of a mean the difference over the root
//! of the mean variance (Austin 2009). Up to 0.1 is good, up to 0.25 fair, beyond it the coefficients learned in the survey
//! may not mean the same in the census.

use clrisk_core::bundle::ComparabilityRow;
use clrisk_core::{Finding, Findings, Place};

use crate::codebook::Codebook;
use crate::columns::Values;
use crate::population::Distribution;
use crate::settings::Settings;
use crate::survey::Survey;

/// Largest standardised difference called good.
const GOOD: f64 = 0.1;
/// Largest standardised difference called fair.
const FAIR: f64 = 0.25;

/// Compares the distributions of the child variables. Findings: `COMPARE-001` a variable is distributed differently,
/// `COMPARE-002` a category is in one file only, `COMPARE-003` the census has age bands wider than the ages of interest,
/// `COMPARE-004` the files are far apart in time.
pub fn compare(
    settings: &Settings,
    codebook: &Codebook,
    survey: &Survey,
    census: &[Distribution],
    findings: &mut Findings,
) -> Vec<ComparabilityRow> {
    let mut rows = Vec::new();
    for ((variable, values), census) in codebook.child.iter().zip(&survey.variables).zip(census) {
        let first = rows.len();
        match (values, census) {
            (Values::Codes(codes), Distribution::Shares(counts)) => {
                let levels = variable.levels.as_deref().unwrap_or_default();
                let mut weights = vec![0.0; levels.len()];
                for (code, weight) in codes.iter().zip(&survey.weights) {
                    weights[*code as usize] += weight;
                }
                let (in_survey, in_census): (f64, f64) = (weights.iter().sum(), counts.iter().sum());
                for (level, (weight, count)) in levels.iter().zip(weights.iter().zip(counts)) {
                    let (p, q) = (weight / in_survey, count / in_census);
                    rows.push(row(&variable.name, level, p, q, standardised(p - q, p * (1.0 - p), q * (1.0 - q))));
                    if (*weight > 0.0) != (*count > 0.0) {
                        let file = if *weight > 0.0 { &settings.census.file } else { &settings.survey.file };
                        findings.push(
                            Finding::warning("COMPARE-002", Place::key(format!("variables.{}", variable.name)))
                                .with("variable", &variable.name)
                                .with("category", level)
                                .with("file", file.display()),
                        );
                    }
                }
            }
            (Values::Numbers(numbers), Distribution::Moments([count, sum, squares])) => {
                let total: f64 = survey.weights.iter().sum();
                let mean = numbers.iter().zip(&survey.weights).map(|(x, w)| x * w).sum::<f64>() / total;
                let variance =
                    numbers.iter().zip(&survey.weights).map(|(x, w)| w * (x - mean) * (x - mean)).sum::<f64>() / total;
                let other = sum / count;
                let other_variance = (squares / count - other * other).max(0.0);
                rows.push(row(
                    &variable.name,
                    "mean",
                    mean,
                    other,
                    standardised(mean - other, variance, other_variance),
                ));
            }
            _ => {}
        }
        let largest = rows[first..].iter().map(|row| row.standardised_difference.abs()).fold(0.0, f64::max);
        if largest > FAIR {
            findings.push(
                Finding::warning("COMPARE-001", Place::key(format!("variables.{}", variable.name)))
                    .with("variable", &variable.name)
                    .with("difference", format!("{largest:.2}")),
            );
        }
    }
    for (index, band) in settings.census.bands.iter().enumerate() {
        findings.push(
            Finding::warning("COMPARE-003", Place::key("census.bands"))
                .with("from", band.ages[0])
                .with("to", band.ages[1])
                .with("wanted_from", band.of_interest[0])
                .with("wanted_to", band.of_interest[1])
                .with("percent", format!("{:.1}", 100.0 * survey.band_shares.get(index).copied().unwrap_or(0.0))),
        );
    }
    if let (Some(survey), Some(census)) = (settings.survey.year, settings.census.year)
        && (survey - census).abs() > 5
    {
        findings.push(
            Finding::warning("COMPARE-004", Place::key("census.year"))
                .with("survey", format!("{survey:04}"))
                .with("census", format!("{census:04}"))
                .with("years", (survey - census).abs()),
        );
    }
    rows
}

fn standardised(difference: f64, variance: f64, other: f64) -> f64 {
    let scale = ((variance + other) / 2.0).sqrt();
    if scale > 0.0 { difference / scale } else { 0.0 }
}

fn row(variable: &str, category: &str, survey: f64, census: f64, difference: f64) -> ComparabilityRow {
    let verdict = match difference.abs() {
        size if size <= GOOD => "good",
        size if size <= FAIR => "fair",
        _ => "poor",
    };
    ComparabilityRow {
        variable: variable.to_owned(),
        category: category.to_owned(),
        survey,
        census,
        standardised_difference: difference,
        verdict: verdict.to_owned(),
    }
}
