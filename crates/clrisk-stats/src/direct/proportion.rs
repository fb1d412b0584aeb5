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
    /// `arcsin(sqrt(p)) ± t se / (2 sqrt(p (1 - p)))`, kept within [0, pi / 2] and back.
    Arcsine,
    /// Where twice the drop of the binomial log-likelihood, scaled by the design effect, reaches `t^2` (Rao and Scott 1984).
    Likelihood,
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
/// Checked against: `survey_api.json` `ciprop_*`, `survey_lonely.json` `degenerate_*` (where R prints an interval).
/// Reference: Korn and Graubard, Survey Methodology 24 (1998); Rao and Scott, Annals of Statistics 12 (1984); R
/// `survey::svyciprop`.
pub fn proportion_interval(estimate: &DirectEstimate, method: ProportionInterval, level: f64) -> Option<Interval> {
    let share = Share {
        value: estimate.value,
        standard_error: estimate.standard_error,
        degrees_of_freedom: estimate.degrees_of_freedom,
        sample_size: estimate.sample_size,
    };
    share.interval(method, level)
}

/// What an interval of a proportion needs to know, whether linearised or from replicates.
pub(crate) struct Share {
    pub(crate) value: f64,
    pub(crate) standard_error: f64,
    pub(crate) degrees_of_freedom: f64,
    pub(crate) sample_size: usize,
}

impl Share {
    pub(crate) fn interval(&self, method: ProportionInterval, level: f64) -> Option<Interval> {
        let (p, n) = (self.value, self.sample_size as f64);
        let t = t_quantile(0.5 + 0.5 * level, self.degrees_of_freedom);
        if !t.is_finite() {
            return None;
        }
        let tail = 0.5 - 0.5 * level;
        // Fewer degrees of freedom than rows make the effective sample smaller still.
        let freedom_factor = if n > 1.0 { (t_quantile(1.0 - tail, n - 1.0) / t).powi(2) } else { 1.0 };
        if p <= 0.0 || p >= 1.0 {
            return Some(clopper_pearson(p, n * freedom_factor, tail));
        }
        let (unit_variance, variance) = (p * (1.0 - p), self.standard_error * self.standard_error);
        if variance <= 1e-24 * unit_variance {
            return Some(Interval { lower: p, upper: p });
        }
        let half = t * self.standard_error;
        Some(match method {
            ProportionInterval::Plain => Interval { lower: p - half, upper: p + half },
            ProportionInterval::Logit => {
                let (centre, half) = ((p / (1.0 - p)).ln(), half / unit_variance);
                Interval { lower: 1.0 / (1.0 + (half - centre).exp()), upper: 1.0 / (1.0 + (-half - centre).exp()) }
            }
            ProportionInterval::KornGraubard => clopper_pearson(p, unit_variance / variance * freedom_factor, tail),
            ProportionInterval::Wilson => wilson(p, t * t * variance / unit_variance),
            ProportionInterval::Arcsine => {
                let (centre, half) = (p.sqrt().asin(), 0.5 * half / unit_variance.sqrt());
                let back = |angle: f64| angle.clamp(0.0, std::f64::consts::FRAC_PI_2).sin().powi(2);
                Interval { lower: back(centre - half), upper: back(centre + half) }
            }
            // The dispersion of the binomial model with one parameter is n / (n - 1).
            ProportionInterval::Likelihood => likelihood(p, t * t * variance / unit_variance * n / (n - 1.0)),
        })
    }
}

/// Wilson's interval; `z2` is the squared quantile over the effective sample size.
fn wilson(p: f64, z2: f64) -> Interval {
    let centre = (p + 0.5 * z2) / (1.0 + z2);
    let half = (z2 * (p * (1.0 - p) + 0.25 * z2)).sqrt() / (1.0 + z2);
    Interval { lower: centre - half, upper: centre + half }
}

/// The two `q` at which twice the divergence `p ln(p / q) + (1 - p) ln((1 - p) / (1 - q))` is `bound`.
fn likelihood(p: f64, bound: f64) -> Interval {
    let divergence = |q: f64| 2.0 * (p * (p / q).ln() + (1.0 - p) * ((1.0 - p) / (1.0 - q)).ln());
    let end = |outside: f64| {
        let (mut inside, mut outside) = (p, outside);
        // The divergence grows from zero at p without bound; halving cannot fail.
        for _ in 0..200 {
            let middle = 0.5 * (inside + outside);
            if middle == inside || middle == outside {
                break;
            }
            if divergence(middle) < bound {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        0.5 * (inside + outside)
    };
    Interval { lower: end(0.0), upper: end(1.0) }
}

fn clopper_pearson(p: f64, effective: f64, tail: f64) -> Interval {
    let (cases, others) = (effective * p, effective * (1.0 - p));
    Interval { lower: beta_quantile(tail, cases, others + 1.0), upper: beta_quantile(1.0 - tail, cases + 1.0, others) }
}
