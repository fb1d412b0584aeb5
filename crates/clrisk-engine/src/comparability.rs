//! Survey against census, variable by variable: do both files describe the same children?
//!
//! Each variable gets a verdict. It is *not comparable* when a standardised difference exceeds 0.25 or a category that counts (5 % of the
//! children and more) is in one file only; *with caution* when a difference exceeds 0.1, a small category is in one file only, the files
//! are more than five years apart or the census has ages only in bands; *comparable* otherwise. Whether both questionnaires ask the
//! same no figure can tell: the definitions stand beside the verdict.
//!
//! The standardised difference of a share is `(p - q) / sqrt((p(1-p) + q(1-q)) / 2)`, of a mean the difference over the root
//! of the mean variance (Austin 2009). Up to 0.1 is good, up to 0.25 fair, beyond it the coefficients learned in the survey
//! may not mean the same in the census.

use clrisk_core::comparability::{Comparability, ComparabilityReason, ComparabilityRow, VariableComparability};
use clrisk_core::text::NumberFormat;
use clrisk_core::{Catalog, Finding, Findings, Language, Place};

use crate::codebook::{Codebook, Origin, Variable};
use crate::columns::Values;
use crate::population::Distribution;
use crate::settings::Settings;
use crate::survey::Survey;

/// Largest standardised difference called good.
const GOOD: f64 = 0.1;
/// Largest standardised difference called fair.
const FAIR: f64 = 0.25;
/// Share of the children from which a category that is in one file only makes a variable not comparable.
const COUNTS: f64 = 0.05;
/// Years between the files that go without a remark.
const YEARS: i32 = 5;

/// Compares the distributions of the child variables. Findings: `COMPARE-001` a variable is distributed differently,
/// `COMPARE-002` a category is in one file only, `COMPARE-003` the census has age bands wider than the ages of interest,
/// `COMPARE-004` the files are far apart in time.
pub fn compare(
    settings: &Settings,
    codebook: &Codebook,
    survey: &Survey,
    census: &[Distribution],
    findings: &mut Findings,
) -> Comparability {
    let mut rows = Vec::new();
    let mut verdicts = Vec::new();
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
        verdicts.push(verdict(settings, variable, &rows[first..], largest));
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
        && (survey - census).abs() > YEARS
    {
        findings.push(
            Finding::warning("COMPARE-004", Place::key("census.year"))
                .with("survey", format!("{survey:04}"))
                .with("census", format!("{census:04}"))
                .with("years", (survey - census).abs()),
        );
    }
    Comparability { variables: verdicts, rows }
}

/// The verdict on a variable.
fn verdict(settings: &Settings, variable: &Variable, rows: &[ComparabilityRow], largest: f64) -> VariableComparability {
    // Grave reasons, reasons for caution, and those that are neither.
    let mut reasons: [Vec<ComparabilityReason>; 3] = Default::default();
    let mut add = |weight: usize, code: &str, args: &[(&str, String)]| {
        let args = args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        reasons[weight].push(ComparabilityReason { code: code.to_owned(), args });
    };
    let difference = [("difference", format!("{largest:.2}"))];
    match largest {
        size if size > FAIR => add(0, "distribution-far", &difference),
        size if size > GOOD => add(1, "distribution-apart", &difference),
        _ => add(2, "distribution-similar", &difference),
    }
    for row in rows.iter().filter(|row| row.category != "mean") {
        let (share, code) = match (row.survey > 0.0, row.census > 0.0) {
            (true, false) => (row.survey, "category-only-survey"),
            (false, true) => (row.census, "category-only-census"),
            _ => continue,
        };
        let args = [("category", row.category.clone()), ("share", format!("{:.1}", 100.0 * share))];
        add(usize::from(share < COUNTS), code, &args);
    }
    if let (Some(survey), Some(census)) = (settings.survey.year, settings.census.year)
        && (survey - census).abs() > YEARS
    {
        let args = [
            ("survey", format!("{survey:04}")),
            ("census", format!("{census:04}")),
            ("years", (survey - census).abs().to_string()),
        ];
        add(1, "years-apart", &args);
    }
    if !settings.census.bands.is_empty() {
        add(1, "age-bands", &[]);
    }
    let verdict = match &reasons {
        [grave, ..] if !grave.is_empty() => "not_comparable",
        [_, caution, _] if !caution.is_empty() => "with_caution",
        _ => "comparable",
    };
    let (survey, census) = match &variable.origin {
        Origin::Child { survey, census } => (survey.clone(), census.clone()),
        Origin::Area(_) => Default::default(),
    };
    VariableComparability {
        variable: variable.name.clone(),
        verdict: verdict.to_owned(),
        reasons: reasons.into_iter().flatten().collect(),
        largest_difference: largest,
        survey_definition: survey,
        census_definition: census,
    }
}

/// The verdicts as lines of text, for the command line.
pub fn text(comparability: &Comparability, catalog: &Catalog, language: Language) -> String {
    if comparability.variables.is_empty() {
        return String::new();
    }
    let numbers = NumberFormat::new(language, None);
    let mut text = catalog.get(language, "comparability-heading") + "\n";
    for variable in &comparability.variables {
        let verdict = catalog.get(language, &variable.verdict_key());
        text.push_str(&format!("  {:24} {verdict}\n", variable.variable));
        for cause in &variable.reasons {
            let cause = cause.text(catalog, language, &numbers, str::to_owned);
            text.push_str(&format!("  {:24} {cause}\n", ""));
        }
    }
    text
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
