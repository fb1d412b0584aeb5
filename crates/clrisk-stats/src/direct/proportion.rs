//! Proportions and intervals for them that stay within [0, 1].

use super::estimate::{DirectEstimate, Interval};
use super::linearised::{domain_rows, ratio_of_rows};
use crate::design::SurveyDesign;
use crate::distribution::{beta_quantile, t_quantile};
use crate::error::{Result, StatsError, same_length};

/// How the interval of a proportion is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProportionInterval {
    /// `logit(p) ± t se / (p (1 - p))`, back on the proportion scale. The default: never leaves (0, 1), close to nominal
    /// coverage in moderately large domains.
    #[default]
    Logit,
    /// Korn and Graubard (1998): Clopper-Pearson with the effective sample size, cautious for small domains.
    KornGraubard,
    /// Wilson's score interval with the effective sample size.
    Wilson,
    /// `p ± t se`; may leave [0, 1].
    Plain,
}

/// Estimates the proportion of rows with `y = 1` in a domain.
///
/// # Errors
/// Unequal lengths, a `y` other than 0 or 1 in the domain, an empty domain.
///
/// Checked against: `survey_api.json` `by_stype_prop`, `ciprop_*`.
pub fn proportion(design: &SurveyDesign, y: &[f64], domain: Option<&[bool]>) -> Result<DirectEstimate> {
    same_length("y", y.len(), design.rows())?;
    let rows = domain_rows(design, domain)?;
    check_binary(y, &rows)?;
    ratio_of_rows(design, y, None, &rows)
}

pub(super) fn check_binary(y: &[f64], rows: &[usize]) -> Result<()> {
    match rows.iter().find(|&&row| y[row] != 0.0 && y[row] != 1.0) {
        None => Ok(()),
        Some(&row) if y[row].is_nan() => Err(StatsError::Missing { input: "y", row }),
        Some(&row) => Err(StatsError::OutOfRange { input: "y", requirement: "0 or 1", row }),
    }
}

/// Interval of a proportion at the given confidence level, in [0, 1] except for [`ProportionInterval::Plain`].
///
/// With `p` equal to 0 or 1 the design variance is zero and says nothing; every method then gives the Korn-Graubard
/// interval with the sample size itself (not enlarged, times the degrees-of-freedom factor) as the effective size. `None`
/// when there are no degrees of freedom.
///
/// Checked against: `survey_api.json` `ciprop_xlogit`, `ciprop_beta`, `ciprop_wilson`, `ciprop_mean`. Reference: Korn and
/// Graubard, Survey Methodology 24 (1998); R `survey::svyciprop`.
pub fn proportion_interval(estimate: &DirectEstimate, method: ProportionInterval, level: f64) -> Option<Interval> {
    let (p, n) = (estimate.value, estimate.sample_size as f64);
    let t = t_quantile(0.5 + 0.5 * level, estimate.degrees_of_freedom);
    if !t.is_finite() {
        return None;
    }
    let tail = 0.5 - 0.5 * level;
    // Fewer degrees of freedom than rows make the effective sample smaller still.
    let freedom_factor = if n > 1.0 { (t_quantile(1.0 - tail, n - 1.0) / t).powi(2) } else { 1.0 };
    let degenerate = p <= 0.0 || p >= 1.0;
    if degenerate {
        return Some(clopper_pearson(p, n * freedom_factor, tail));
    }
    let unit_variance = p * (1.0 - p);
    if estimate.variance() <= 1e-24 * unit_variance {
        return Some(Interval { lower: p, upper: p });
    }
    Some(match method {
        ProportionInterval::Plain => {
            Interval { lower: p - t * estimate.standard_error, upper: p + t * estimate.standard_error }
        }
        ProportionInterval::Logit => {
            let centre = (p / (1.0 - p)).ln();
            let half = t * estimate.standard_error / unit_variance;
            Interval { lower: 1.0 / (1.0 + (half - centre).exp()), upper: 1.0 / (1.0 + (-half - centre).exp()) }
        }
        ProportionInterval::KornGraubard => {
            clopper_pearson(p, unit_variance / estimate.variance() * freedom_factor, tail)
        }
        ProportionInterval::Wilson => {
            let effective = unit_variance / estimate.variance();
            let z2 = t * t / effective;
            let centre = (p + 0.5 * z2) / (1.0 + z2);
            let half = (z2 * (unit_variance + 0.25 * z2)).sqrt() / (1.0 + z2);
            Interval { lower: centre - half, upper: centre + half }
        }
    })
}

fn clopper_pearson(p: f64, effective: f64, tail: f64) -> Interval {
    let (cases, others) = (effective * p, effective * (1.0 - p));
    Interval { lower: beta_quantile(tail, cases, others + 1.0), upper: beta_quantile(1.0 - tail, cases + 1.0, others) }
}
