//! How well predicted probabilities describe the outcomes: discrimination, accuracy, calibration.
//!
//! `outcome` is 0 or 1, `predicted` lies in [0, 1], `weights` are positive (all one for an unweighted sample).
//!
//! Checked against: `metrics.json` (R `pROC`, `WeightedROC`, `ResourceSelection`, `rms`, `survey`; script `09_metrics.R`)
//! and `metrics_py.json` (scikit-learn; script `09_metrics.py`).

use crate::design::{DesignSpec, SurveyDesign};
use crate::distribution::{chi_squared_upper, f_upper};
use crate::draws::quantile_of_sorted;
use crate::error::{Result, StatsError, same_length};
use crate::linear_algebra::{Cholesky, quadratic_form};
use crate::logit::{LogitData, SurveyLogit};

fn check(outcome: &[f64], predicted: &[f64], weights: &[f64]) -> Result<()> {
    same_length("predicted", predicted.len(), outcome.len())?;
    same_length("weights", weights.len(), outcome.len())?;
    if outcome.is_empty() {
        return Err(StatsError::Empty { quantity: "a metric" });
    }
    if let Some(row) = outcome.iter().position(|&y| y != 0.0 && y != 1.0) {
        return Err(StatsError::OutOfRange { input: "outcome", requirement: "0 or 1", row });
    }
    if let Some(row) = predicted.iter().position(|p| !(0.0..=1.0).contains(p)) {
        return Err(StatsError::OutOfRange { input: "predicted", requirement: "in [0, 1]", row });
    }
    match weights.iter().position(|w| !(w.is_finite() && *w > 0.0)) {
        Some(row) => Err(StatsError::OutOfRange { input: "weights", requirement: "positive", row }),
        None => Ok(()),
    }
}

fn order_of(predicted: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..predicted.len()).collect();
    order.sort_by(|&a, &b| predicted[a].total_cmp(&predicted[b]));
    order
}

/// Area under the ROC curve: the weighted share of pairs (case, non-case) in which the case has the higher prediction,
/// ties counting one half. In [0, 1]; 0.5 is chance.
///
/// # Errors
/// Unequal lengths, values out of range, or an outcome with a single value.
pub fn area_under_curve(outcome: &[f64], predicted: &[f64], weights: &[f64]) -> Result<f64> {
    check(outcome, predicted, weights)?;
    let order = order_of(predicted);
    let (mut below, mut concordant, mut cases) = (0.0, 0.0, 0.0);
    let mut start = 0;
    while start < order.len() {
        let tied = order[start..].iter().take_while(|&&i| predicted[i] == predicted[order[start]]).count();
        let run = &order[start..start + tied];
        let run_cases: f64 = run.iter().map(|&i| weights[i] * outcome[i]).sum();
        let run_others: f64 = run.iter().map(|&i| weights[i] * (1.0 - outcome[i])).sum();
        concordant += run_cases * (below + 0.5 * run_others);
        below += run_others;
        cases += run_cases;
        start += tied;
    }
    if cases == 0.0 || below == 0.0 {
        return Err(StatsError::ConstantOutcome);
    }
    Ok(concordant / (cases * below))
}

/// Brier score: weighted mean of `(y - p)^2`. In [0, 1]; lower is better.
///
/// # Errors
/// Unequal lengths or values out of range.
pub fn brier_score(outcome: &[f64], predicted: &[f64], weights: &[f64]) -> Result<f64> {
    check(outcome, predicted, weights)?;
    let sum: f64 = outcome.iter().zip(predicted).zip(weights).map(|((y, p), w)| w * (y - p).powi(2)).sum();
    Ok(sum / weights.iter().sum::<f64>())
}

/// Log loss: weighted mean of `-y ln p - (1 - y) ln(1 - p)`, natural units. Infinite when a certain prediction fails.
///
/// # Errors
/// Unequal lengths or values out of range.
pub fn log_loss(outcome: &[f64], predicted: &[f64], weights: &[f64]) -> Result<f64> {
    check(outcome, predicted, weights)?;
    let loss = |y: f64, p: f64| if y == 1.0 { -p.ln() } else { -(-p).ln_1p() };
    let sum: f64 = outcome.iter().zip(predicted).zip(weights).map(|((&y, &p), w)| w * loss(y, p)).sum();
    Ok(sum / weights.iter().sum::<f64>())
}

/// A goodness-of-fit test.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GoodnessOfFit {
    /// Test statistic: chi-squared, or F.
    pub statistic: f64,
    /// Degrees of freedom (the numerator's, for F).
    pub degrees_of_freedom: f64,
    /// Denominator degrees of freedom of F.
    pub denominator: Option<f64>,
    /// Upper tail probability.
    pub p_value: f64,
    /// Groups used.
    pub groups: usize,
}

/// Hosmer and Lemeshow's test for an unweighted sample: predictions cut at their quantiles (type 7), chi-squared with
/// `groups - 2` degrees of freedom. For survey data see [`archer_lemeshow`].
///
/// # Errors
/// Values out of range, fewer than three groups, or predictions with too many ties for the groups.
pub fn hosmer_lemeshow(outcome: &[f64], predicted: &[f64], groups: usize) -> Result<GoodnessOfFit> {
    check(outcome, predicted, &vec![1.0; outcome.len()])?;
    if groups < 3 {
        return Err(StatsError::Setting { setting: "groups", requirement: "at least 3" });
    }
    let mut sorted = predicted.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut cuts: Vec<f64> = (1..groups).map(|g| quantile_of_sorted(&sorted, g as f64 / groups as f64)).collect();
    cuts.dedup();
    if cuts.len() + 1 < groups {
        return Err(StatsError::TooFewDistinctValues { classes: groups, distinct: cuts.len() + 1 });
    }
    let mut observed = vec![[0.0; 2]; groups];
    let mut expected = vec![[0.0; 2]; groups];
    for (&y, &p) in outcome.iter().zip(predicted) {
        let group = cuts.partition_point(|&cut| cut < p);
        observed[group][0] += 1.0 - y;
        observed[group][1] += y;
        expected[group][0] += 1.0 - p;
        expected[group][1] += p;
    }
    let statistic = observed.iter().flatten().zip(expected.iter().flatten()).map(|(o, e)| (o - e).powi(2) / e).sum();
    let degrees_of_freedom = groups as f64 - 2.0;
    Ok(GoodnessOfFit {
        statistic,
        degrees_of_freedom,
        denominator: None,
        p_value: chi_squared_upper(statistic, degrees_of_freedom),
        groups,
    })
}

/// Archer and Lemeshow's (2006) test for survey data: are the mean residuals of groups of predictions equal?
///
/// Rows are cut into groups of equal weight by their prediction; the Wald test that the group means of `y - p` do not
/// differ takes their covariance under the design. F with `groups - 1` and `PSUs - strata - groups + 1` degrees of freedom.
/// The contrast form is used because residuals that nearly add up to zero make the covariance of the means themselves
/// almost singular.
///
/// # Errors
/// Unequal lengths, values out of range, fewer than three groups, too few degrees of freedom, or tied predictions that
/// leave a group empty.
pub fn archer_lemeshow(
    design: &SurveyDesign,
    outcome: &[f64],
    predicted: &[f64],
    groups: usize,
) -> Result<GoodnessOfFit> {
    let weights = design.weights();
    check(outcome, predicted, weights)?;
    if groups < 3 {
        return Err(StatsError::Setting { setting: "groups", requirement: "at least 3" });
    }
    let order = order_of(predicted);
    let total: f64 = weights.iter().sum();
    let mut group_of = vec![0usize; outcome.len()];
    let (mut start, mut cumulated) = (0, 0.0);
    while start < order.len() {
        // Tied predictions stay together, so that the order of rows does not matter.
        let tied = order[start..].iter().take_while(|&&i| predicted[i] == predicted[order[start]]).count();
        let run = &order[start..start + tied];
        cumulated += run.iter().map(|&i| weights[i]).sum::<f64>();
        let group = ((cumulated / total * groups as f64 - 1e-12).floor().max(0.0) as usize).min(groups - 1);
        run.iter().for_each(|&i| group_of[i] = group);
        start += tied;
    }
    let (mut size, mut mean) = (vec![0.0; groups], vec![0.0; groups]);
    for (i, &group) in group_of.iter().enumerate() {
        size[group] += weights[i];
        mean[group] += weights[i] * (outcome[i] - predicted[i]);
    }
    if size.contains(&0.0) {
        let distinct = size.iter().filter(|&&s| s > 0.0).count();
        return Err(StatsError::TooFewDistinctValues { classes: groups, distinct });
    }
    mean.iter_mut().zip(&size).for_each(|(m, s)| *m /= s);
    let contrasts = groups - 1;
    let covariance = design.covariance_of_totals(contrasts, 0..outcome.len(), |row, z| {
        let group = group_of[row];
        let score = (outcome[row] - predicted[row] - mean[group]) / size[group];
        z.fill(0.0);
        if group == 0 {
            z.fill(-score);
        } else {
            z[group - 1] = score;
        }
    });
    let difference: Vec<f64> = mean[1..].iter().map(|m| m - mean[0]).collect();
    let factor = Cholesky::new(&covariance, contrasts)
        .map_err(|_| StatsError::NotPositiveDefinite { matrix: "covariance of the mean residuals" })?;
    let statistic = quadratic_form(&factor.inverse(), &difference) / contrasts as f64;
    let denominator = design.degrees_of_freedom() - groups as f64 + 1.0;
    if denominator <= 0.0 {
        return Err(StatsError::Setting { setting: "groups", requirement: "fewer than the degrees of freedom" });
    }
    Ok(GoodnessOfFit {
        statistic,
        degrees_of_freedom: contrasts as f64,
        denominator: Some(denominator),
        p_value: f_upper(statistic, contrasts as f64, denominator),
        groups,
    })
}

/// Intercept and slope of the logistic recalibration `logit P(y = 1) = a + b logit(p)`: 0 and 1 when calibrated; a slope
/// below one says the predictions are too extreme.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    /// Intercept `a`, log odds.
    pub intercept: f64,
    /// Slope `b`.
    pub slope: f64,
}

/// Fits the logistic recalibration.
///
/// # Errors
/// Unequal lengths, predictions of exactly 0 or 1, constant predictions or outcomes.
pub fn calibration(outcome: &[f64], predicted: &[f64], weights: &[f64]) -> Result<Calibration> {
    check(outcome, predicted, weights)?;
    if let Some(row) = predicted.iter().position(|&p| p <= 0.0 || p >= 1.0) {
        return Err(StatsError::OutOfRange { input: "predicted", requirement: "strictly between 0 and 1", row });
    }
    let matrix: Vec<f64> = predicted.iter().flat_map(|p| [1.0, (p / (1.0 - p)).ln()]).collect();
    let column_names = ["intercept".to_owned(), "slope".to_owned()];
    let design = DesignSpec { weights, ..DesignSpec::default() }.build()?;
    let data = LogitData { matrix: &matrix, column_names: &column_names, outcome, design: &design, domain: None };
    let fit = SurveyLogit::default().fit(&data)?;
    Ok(Calibration { intercept: fit.coefficients()[0], slope: fit.coefficients()[1] })
}

/// One point of a calibration curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CalibrationPoint {
    /// Weighted mean prediction of the group.
    pub predicted: f64,
    /// Weighted share of cases in the group.
    pub observed: f64,
    /// Rows in the group.
    pub rows: usize,
    /// Sum of weights of the group.
    pub weight: f64,
}

/// Calibration curve: predicted against observed in groups of equal weight, ordered by prediction (empty groups left out).
///
/// # Errors
/// Unequal lengths, values out of range, no groups.
pub fn calibration_curve(
    outcome: &[f64],
    predicted: &[f64],
    weights: &[f64],
    groups: usize,
) -> Result<Vec<CalibrationPoint>> {
    check(outcome, predicted, weights)?;
    if groups == 0 {
        return Err(StatsError::Setting { setting: "groups", requirement: "at least 1" });
    }
    let total: f64 = weights.iter().sum();
    let mut points = vec![CalibrationPoint { predicted: 0.0, observed: 0.0, rows: 0, weight: 0.0 }; groups];
    let mut cumulated = 0.0;
    for i in order_of(predicted) {
        // A row belongs to the group its middle falls into.
        let middle = (cumulated + 0.5 * weights[i]) / total;
        cumulated += weights[i];
        let point = &mut points[((middle * groups as f64) as usize).min(groups - 1)];
        point.predicted += weights[i] * predicted[i];
        point.observed += weights[i] * outcome[i];
        point.rows += 1;
        point.weight += weights[i];
    }
    points.retain(|p| p.rows > 0);
    for point in &mut points {
        point.predicted /= point.weight;
        point.observed /= point.weight;
    }
    Ok(points)
}

/// Isotonic regression of the outcome on the prediction: the increasing step function closest in weighted least squares
/// (pool adjacent violators). Returns the fitted value of every row; rows with equal predictions share theirs.
///
/// # Errors
/// Unequal lengths or values out of range.
pub fn isotonic(outcome: &[f64], predicted: &[f64], weights: &[f64]) -> Result<Vec<f64>> {
    check(outcome, predicted, weights)?;
    let order = order_of(predicted);
    // Blocks of (weight, mean, rows).
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    let mut start = 0;
    while start < order.len() {
        let tied = order[start..].iter().take_while(|&&i| predicted[i] == predicted[order[start]]).count();
        let run = &order[start..start + tied];
        let weight: f64 = run.iter().map(|&i| weights[i]).sum();
        let mean = run.iter().map(|&i| weights[i] * outcome[i]).sum::<f64>() / weight;
        let mut block = (weight, mean, tied);
        while let Some(&(w, m, n)) = blocks.last() {
            if m < block.1 {
                break;
            }
            blocks.pop();
            block = (w + block.0, (w * m + block.0 * block.1) / (w + block.0), n + block.2);
        }
        blocks.push(block);
        start += tied;
    }
    let mut fitted = vec![0.0; outcome.len()];
    let mut position = 0;
    for (_, mean, rows) in blocks {
        order[position..position + rows].iter().for_each(|&i| fitted[i] = mean);
        position += rows;
    }
    Ok(fitted)
}
