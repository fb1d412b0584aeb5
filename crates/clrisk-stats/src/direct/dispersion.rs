//! The variance of a variable in the population.

use super::estimate::DirectEstimate;
use super::linearised::{check_finite, domain_rows, ratio_of_rows};
use crate::design::SurveyDesign;
use crate::error::{Result, StatsError, same_length};

/// Estimates the population variance of `y` in a domain, `n / (n - 1) sum w_i (y_i - ybar)^2 / sum w_i`, with its standard
/// error.
///
/// Unit: that of `y`, squared. That the mean is estimated adds nothing to the linearised variance: the derivative by it is
/// zero.
///
/// # Errors
/// Unequal lengths, a missing `y` in the domain, fewer than two rows.
///
/// Checked against: `survey_api.json` `var` (R `svyvar`).
pub fn population_variance(design: &SurveyDesign, y: &[f64], domain: Option<&[bool]>) -> Result<DirectEstimate> {
    same_length("y", y.len(), design.rows())?;
    let rows = domain_rows(design, domain)?;
    check_finite("y", y, &rows)?;
    if rows.len() < 2 {
        return Err(StatsError::Empty { quantity: "a variance" });
    }
    let mean = ratio_of_rows(design, y, None, &rows)?.value;
    let n = rows.len() as f64;
    let squares: Vec<f64> = y.iter().map(|y| (y - mean).powi(2) * n / (n - 1.0)).collect();
    ratio_of_rows(design, &squares, None, &rows)
}
