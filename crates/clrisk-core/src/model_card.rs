//! The model card: what was fitted to what, how well, and what to beware of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::language::LocalText;

/// The model card of a bundle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct ModelCard {
    /// The formula, as in `clrisk.toml`.
    pub formula: String,
    /// The method in one word: `multilevel_logit`, or `fay_herriot` (direct estimates on the arcsine scale).
    pub method: String,
    /// Children in the survey that the model learned from.
    pub observations: u64,
    /// Sum of their survey weights.
    pub weighted_population: f64,
    /// Primary sampling units, strata.
    pub sampling_units: u64,
    /// Strata of the design.
    pub strata: u64,
    /// Municipalities in the sample.
    pub areas_in_sample: u64,
    /// Municipalities with an estimate.
    pub areas: u64,
    /// Laplace log-likelihood at the maximum.
    pub log_likelihood: f64,
    /// Number of posterior draws.
    pub draws: u64,
    /// Seed of the draws.
    pub seed: u64,
    /// Coefficients.
    pub coefficients: Vec<CoefficientRow>,
    /// Standard deviations of the random effects on the logit scale.
    pub variance_components: Vec<VarianceRow>,
    /// Correlations of effects of the same level, where the formula has them: `(1 + sex | municipality)`.
    #[serde(default)]
    pub correlations: Vec<CorrelationRow>,
    /// Named figures of fit. In the sample: `auc`, `brier`, `log_loss`, `calibration_intercept`, `calibration_slope` of the
    /// multilevel model (weighted), `archer_lemeshow_p` of the survey-weighted logit. Out of it, for the survey-weighted logit:
    /// `new_units_auc`, `new_units_log_loss`, `new_units_calibration_slope` (tenths of the sampling units left out),
    /// `new_areas_auc`, `new_areas_log_loss` (tenths of the municipalities). Also `weighting_effect`, `grid_points`.
    pub diagnostics: BTreeMap<String, f64>,
    /// Codes of findings about the model, in the order they were met.
    pub warnings: Vec<String>,
    /// How survey weights entered the likelihood.
    pub weight_scaling: String,
    /// Benchmarking: the level, with the direct estimate aimed at and the model's own before it.
    pub benchmarks: Vec<BenchmarkRow>,
    /// The same model by maximum likelihood, for comparison with other programs, where the project asked for it.
    #[serde(default)]
    pub maximum_likelihood: Option<MaximumLikelihoodRow>,
    /// Which variables predict children the fit has not seen, where the project asked for it. A suggestion: no model was changed.
    #[serde(default)]
    pub suggestion: Option<SuggestionRow>,
    /// The newer margins that the population was brought to, if it was.
    #[serde(default)]
    pub margins: Vec<MarginRow>,
    /// The population summary: kind, rows read, cells kept, largest error of the approximation in percentage points.
    pub population: PopulationSummaryRow,
}

/// One coefficient of the fixed part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CoefficientRow {
    /// Column of the design, for example `sex=girl`.
    pub name: String,
    /// The variable it belongs to.
    pub variable: String,
    /// Label of variable and category in the languages of the project.
    pub label: LocalText,
    /// Posterior mean, on the logit scale or (method `fay_herriot`) on the arcsine scale.
    pub estimate: f64,
    /// Posterior standard deviation.
    pub standard_error: f64,
    /// Odds ratio and its 95 % interval; none on the arcsine scale.
    pub odds_ratio: Option<[f64; 3]>,
    /// The coefficient of the survey-weighted logit without random effects, for comparison.
    pub survey_logit: Option<f64>,
    /// Its design-based standard error.
    pub survey_logit_standard_error: Option<f64>,
    /// Average marginal effect under that logit, in percentage points, with its 95 % interval: one category against the
    /// reference, or one unit more. None for the intercept and for variables in an interaction.
    #[serde(default)]
    pub marginal_points: Option<[f64; 3]>,
}

/// One variance component.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VarianceRow {
    /// Grouping variable.
    pub group: String,
    /// Term: `(Intercept)` or a column of the design.
    pub term: String,
    /// Standard deviation: posterior median and central 95 % interval.
    pub sd: [f64; 3],
    /// Levels of the group with and without sample.
    pub levels: [u64; 2],
}

/// How two effects of one level go together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CorrelationRow {
    /// Grouping variable.
    pub group: String,
    /// Terms, as in [`VarianceRow::term`].
    pub terms: [String; 2],
    /// Correlation: posterior median and central 95 % interval.
    pub correlation: [f64; 3],
}

/// One benchmarked area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BenchmarkRow {
    /// Level benchmarked.
    pub level: String,
    /// Area code at that level.
    pub area: String,
    /// Direct survey estimate.
    pub direct: f64,
    /// Its standard error.
    pub direct_standard_error: f64,
    /// Model estimate before benchmarking.
    pub before: f64,
    /// Model estimate after benchmarking.
    pub after: f64,
}

/// What the pass over the population kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct PopulationSummaryRow {
    /// `exact` or `binned`.
    pub kind: String,
    /// Rows read from the population file.
    pub rows_read: u64,
    /// Rows that are children of the population of interest.
    pub rows_used: u64,
    /// Rows of cells or bins kept.
    pub cells: u64,
    /// Largest difference, in percentage points, between an area rate from the summary and from records scored one by one.
    pub approximation_error_points: f64,
}

/// The multilevel logit by maximum likelihood: no priors, no spatial effect, the same weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MaximumLikelihoodRow {
    /// How effects were integrated out: `laplace`, or `quadrature` (one random intercept).
    pub integration: String,
    /// Log-likelihood at the maximum.
    pub log_likelihood: f64,
    /// Akaike's criterion.
    pub akaike: f64,
    /// Estimate and standard error of each coefficient, in the order of the card's coefficients.
    pub coefficients: Vec<[f64; 2]>,
    /// Standard deviations, in the order of the card's variance components (without the spatial one).
    pub standard_deviations: Vec<f64>,
    /// Whether one of them is zero: the maximum lies on the border, and plug-in intervals would collapse.
    pub singular: bool,
}

/// What the elastic net says of the variables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuggestionRow {
    /// Variables with a coefficient other than zero.
    pub kept: Vec<String>,
    /// Variables that predict nothing more.
    pub left_out: Vec<String>,
    /// Weighted log loss out of fold with the suggested penalty, with nearly none, and its standard error over folds.
    pub loss_suggested: f64,
    /// The same with nearly no penalty.
    pub loss_all: f64,
    /// Standard error of the least loss over folds.
    pub loss_standard_error: f64,
}

/// A margin the population was raked to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MarginRow {
    /// File.
    pub file: String,
    /// Year it refers to.
    pub year: Option<i32>,
    /// Level of its areas.
    pub level: String,
    /// Variables it crosses.
    pub by: Vec<String>,
    /// Children before and after.
    pub children: [f64; 2],
    /// Least and largest factor between new and old numbers of children of an area and group.
    pub factors: [f64; 2],
}
