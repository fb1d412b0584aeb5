//! Totals, means and ratios with Taylor-linearised variances.

use super::estimate::DirectEstimate;
use crate::design::SurveyDesign;
use crate::error::{Result, StatsError, same_length};

/// Rows of a domain: all of them, or those whose entry is true.
pub(super) fn domain_rows(design: &SurveyDesign, domain: Option<&[bool]>) -> Result<Vec<usize>> {
    match domain {
        None => Ok((0..design.rows()).collect()),
        Some(mask) => {
            same_length("domain", mask.len(), design.rows())?;
            Ok(mask.iter().enumerate().filter_map(|(row, &inside)| inside.then_some(row)).collect())
        }
    }
}

pub(super) fn check_finite(input: &'static str, values: &[f64], rows: &[usize]) -> Result<()> {
    match rows.iter().find(|&&row| !values[row].is_finite()) {
        Some(&row) => Err(StatsError::Missing { input, row }),
        None => Ok(()),
    }
}

/// Estimates the total `sum w_i y_i` of a domain (`None`: of the whole population).
///
/// Unit: that of `y`. Records outside the domain count as zero in the variance.
///
/// # Errors
/// Unequal lengths, a missing `y` inside the domain, an empty domain.
///
/// Checked against: `survey_api.json` `total`, `survey_lonely.json` `total_se`.
pub fn total(design: &SurveyDesign, y: &[f64], domain: Option<&[bool]>) -> Result<DirectEstimate> {
    same_length("y", y.len(), design.rows())?;
    total_of_rows(design, y, &domain_rows(design, domain)?)
}

/// Estimates the mean `sum w_i y_i / sum w_i` of a domain.
///
/// # Errors
/// As [`total`].
///
/// # Example
/// ```
/// use clrisk_stats::design::DesignSpec;
/// use clrisk_stats::direct::mean;
/// # fn main() -> clrisk_stats::Result<()> {
/// let weights = [10.0, 10.0, 20.0, 20.0];
/// let design = DesignSpec { weights: &weights, clusters: Some(&[1, 1, 2, 3]), ..Default::default() }.build()?;
/// let estimate = mean(&design, &[1.0, 0.0, 1.0, 1.0], None)?;
/// assert!((estimate.value - 50.0 / 60.0).abs() < 1e-12);
/// assert_eq!(estimate.degrees_of_freedom, 2.0);
/// # Ok(()) }
/// ```
///
/// Checked against: `survey_api.json` `mean`, `by_stype`, `mean_deff`.
pub fn mean(design: &SurveyDesign, y: &[f64], domain: Option<&[bool]>) -> Result<DirectEstimate> {
    same_length("y", y.len(), design.rows())?;
    ratio_of_rows(design, y, None, &domain_rows(design, domain)?)
}

/// Estimates the ratio `sum w_i y_i / sum w_i x_i` of two totals in a domain.
///
/// # Errors
/// As [`total`], and [`StatsError::ZeroDenominator`].
///
/// Checked against: `survey_api.json` `ratio`.
pub fn ratio(design: &SurveyDesign, y: &[f64], x: &[f64], domain: Option<&[bool]>) -> Result<DirectEstimate> {
    same_length("y", y.len(), design.rows())?;
    same_length("x", x.len(), design.rows())?;
    ratio_of_rows(design, y, Some(x), &domain_rows(design, domain)?)
}

pub(super) fn total_of_rows(design: &SurveyDesign, y: &[f64], rows: &[usize]) -> Result<DirectEstimate> {
    if rows.is_empty() {
        return Err(StatsError::Empty { quantity: "a total" });
    }
    check_finite("y", y, rows)?;
    let weights = design.weights();
    let value = rows.iter().map(|&row| weights[row] * y[row]).sum();
    let weight_sum: f64 = rows.iter().map(|&row| weights[row]).sum();
    let variance = design.covariance_of_totals(1, rows.iter().copied(), |row, z| z[0] = y[row])[0];
    let mean = value / weight_sum;
    let srs =
        simple_random_variance(design, rows, weight_sum, |row| y[row] - mean).map(|v| v * weight_sum * weight_sum);
    Ok(assemble(design, y, rows, value, variance, weight_sum, srs))
}

/// The ratio of `y` to `x`, or the mean of `y` when `x` is absent.
pub(super) fn ratio_of_rows(
    design: &SurveyDesign,
    y: &[f64],
    x: Option<&[f64]>,
    rows: &[usize],
) -> Result<DirectEstimate> {
    if rows.is_empty() {
        return Err(StatsError::Empty { quantity: "a mean" });
    }
    check_finite("y", y, rows)?;
    if let Some(x) = x {
        check_finite("x", x, rows)?;
    }
    let denominator_of = |row: usize| x.map_or(1.0, |x| x[row]);
    let weights = design.weights();
    let numerator: f64 = rows.iter().map(|&row| weights[row] * y[row]).sum();
    let denominator: f64 = rows.iter().map(|&row| weights[row] * denominator_of(row)).sum();
    if denominator == 0.0 {
        return Err(StatsError::ZeroDenominator);
    }
    let value = numerator / denominator;
    let residual = |row: usize| y[row] - value * denominator_of(row);
    let variance = design.covariance_of_totals(1, rows.iter().copied(), |row, z| z[0] = residual(row) / denominator)[0];
    let weight_sum: f64 = rows.iter().map(|&row| weights[row]).sum();
    let mean_denominator = denominator / weight_sum;
    let srs = simple_random_variance(design, rows, weight_sum, residual).map(|v| v / mean_denominator.powi(2));
    Ok(assemble(design, y, rows, value, variance, weight_sum, srs))
}

/// Variance of the mean of `residual` under simple random sampling with replacement:
/// `n / (n - 1) * sum w e^2 / sum w / n`.
fn simple_random_variance(
    design: &SurveyDesign,
    rows: &[usize],
    weight_sum: f64,
    residual: impl Fn(usize) -> f64,
) -> Option<f64> {
    if rows.len() < 2 {
        return None;
    }
    let squares: f64 = rows.iter().map(|&row| design.weights()[row] * residual(row).powi(2)).sum();
    let variance = squares / weight_sum / (rows.len() as f64 - 1.0);
    (variance > 0.0).then_some(variance)
}

fn assemble(
    design: &SurveyDesign,
    y: &[f64],
    rows: &[usize],
    value: f64,
    variance: f64,
    weight_sum: f64,
    simple_random: Option<f64>,
) -> DirectEstimate {
    let support = design.support(rows.iter().copied());
    DirectEstimate {
        value,
        standard_error: variance.max(0.0).sqrt(),
        degrees_of_freedom: support.degrees_of_freedom(),
        sample_size: rows.len(),
        cases: rows.iter().filter(|&&row| y[row] != 0.0).count(),
        psus: support.psus,
        strata: support.strata,
        weight_sum,
        design_effect: simple_random.map(|v| variance / v),
    }
}

/// Estimates of several variables with their joint covariance.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct JointEstimates {
    /// Estimates, in the order of the variables.
    pub values: Vec<f64>,
    /// Covariance matrix, row-major.
    pub covariance: Vec<f64>,
    /// PSUs less strata with a row in the domain.
    pub degrees_of_freedom: f64,
}

/// Means of several variables over one domain, with their covariance matrix.
///
/// # Errors
/// As [`total`].
///
/// Checked against: `survey_api.json` `mean.vcov`.
pub fn means(design: &SurveyDesign, variables: &[&[f64]], domain: Option<&[bool]>) -> Result<JointEstimates> {
    joint(design, variables, domain, true)
}

/// Totals of several variables over one domain, with their covariance matrix.
///
/// # Errors
/// As [`total`].
///
/// Checked against: `survey_api.json` `total_stype.vcov`.
pub fn totals(design: &SurveyDesign, variables: &[&[f64]], domain: Option<&[bool]>) -> Result<JointEstimates> {
    joint(design, variables, domain, false)
}

fn joint(
    design: &SurveyDesign,
    variables: &[&[f64]],
    domain: Option<&[bool]>,
    as_means: bool,
) -> Result<JointEstimates> {
    let rows = domain_rows(design, domain)?;
    if rows.is_empty() {
        return Err(StatsError::Empty { quantity: "a mean" });
    }
    for y in variables {
        same_length("y", y.len(), design.rows())?;
        check_finite("y", y, &rows)?;
    }
    let weights = design.weights();
    let weight_sum: f64 = rows.iter().map(|&row| weights[row]).sum();
    let mut values: Vec<f64> =
        variables.iter().map(|y| rows.iter().map(|&row| weights[row] * y[row]).sum::<f64>()).collect();
    if as_means {
        values.iter_mut().for_each(|v| *v /= weight_sum);
    }
    let covariance = design.covariance_of_totals(variables.len(), rows.iter().copied(), |row, z| {
        for ((z, y), value) in z.iter_mut().zip(variables).zip(&values) {
            *z = if as_means { (y[row] - value) / weight_sum } else { y[row] };
        }
    });
    let degrees_of_freedom = design.support(rows.iter().copied()).degrees_of_freedom();
    Ok(JointEstimates { values, covariance, degrees_of_freedom })
}
