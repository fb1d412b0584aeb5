//! The model card: what was fitted to what, how well, and what to beware of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::language::LocalText;

/// The model card of a bundle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct ModelCard {
    /// The formula, as in `clrisk.toml`.
    pub formula: String,
    /// The method in one word: `multilevel_logit`.
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
    /// Posterior mean on the logit scale.
    pub estimate: f64,
    /// Posterior standard deviation.
    pub standard_error: f64,
    /// Odds ratio and its 95 % interval.
    pub odds_ratio: [f64; 3],
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
