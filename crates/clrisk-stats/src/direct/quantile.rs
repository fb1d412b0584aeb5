//! Quantiles of a variable and Woodruff's intervals for them.

use super::estimate::Interval;
use super::linearised::{check_finite, domain_rows, ratio_of_rows};
use super::proportion::{ProportionInterval, Share};
use crate::design::SurveyDesign;
use crate::distribution::t_quantile;
use crate::error::{Result, StatsError, same_length};

/// Which quantile, and how its interval is made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantile {
    /// Share of the population at or below the quantile, in (0, 1).
    pub probability: f64,
    /// Confidence level of the interval, such as 0.95.
    pub level: f64,
    /// Interval of the share at or below the estimate. [`ProportionInterval::Plain`] is Woodruff's own and R's default.
    pub interval: ProportionInterval,
}

impl Default for Quantile {
    fn default() -> Self {
        Self { probability: 0.5, level: 0.95, interval: ProportionInterval::Plain }
    }
}

/// A quantile with its interval, in the unit of the variable.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct QuantileEstimate {
    /// Estimate: the smallest value at or below which at least the wanted share of the population lies.
    pub value: f64,
    /// Lower end of the interval; absent when the interval of the share goes below zero.
    pub lower: Option<f64>,
    /// Upper end of the interval; absent when the interval of the share goes above one.
    pub upper: Option<f64>,
    /// Length of the interval over twice the quantile of Student's t; absent with an end.
    pub standard_error: Option<f64>,
    /// PSUs less strata with a row in the domain.
    pub degrees_of_freedom: f64,
    /// Rows the estimate rests on.
    pub sample_size: usize,
}

/// Estimates a quantile of `y` in a domain: `inf { v : F(v) >= probability }` with `F` the weighted distribution function.
///
/// The interval is that of the share at or below the estimate, carried back through `F` (Woodruff 1952); it assumes that
/// `F` is close to a straight line over its length.
///
/// # Errors
/// Unequal lengths, a missing `y` in the domain, an empty domain, a probability outside (0, 1).
///
/// Checked against: `survey_api.json` `quantile` (R `svyquantile`, rule "math"). Reference: Woodruff, Journal of the American
/// Statistical Association 47 (1952).
pub fn quantile(
    design: &SurveyDesign,
    y: &[f64],
    quantile: &Quantile,
    domain: Option<&[bool]>,
) -> Result<QuantileEstimate> {
    same_length("y", y.len(), design.rows())?;
    let rows = domain_rows(design, domain)?;
    check_finite("y", y, &rows)?;
    let distribution = Distribution::new(y, design.weights(), &rows)?;
    quantile.estimate(&distribution, rows.len(), |value| {
        let below: Vec<f64> = y.iter().map(|&y| f64::from(u8::from(y <= value))).collect();
        let share = ratio_of_rows(design, &below, None, &rows)?;
        Ok((share.value, share.standard_error, share.degrees_of_freedom))
    })
}

impl Quantile {
    /// The estimate, given what a value is to the share at or below it: estimate, standard error, degrees of freedom.
    pub(crate) fn estimate(
        &self,
        distribution: &Distribution,
        sample_size: usize,
        share_below: impl FnOnce(f64) -> Result<(f64, f64, f64)>,
    ) -> Result<QuantileEstimate> {
        if !(self.probability > 0.0 && self.probability < 1.0) {
            return Err(StatsError::Setting { setting: "probability", requirement: "in (0, 1)" });
        }
        let value = distribution.inverse(self.probability);
        let (share, standard_error, degrees_of_freedom) = share_below(value)?;
        let interval =
            Share { value: share, standard_error, degrees_of_freedom, sample_size }.interval(self.interval, self.level);
        let ends = interval.unwrap_or(Interval { lower: f64::NAN, upper: f64::NAN });
        let lower = (ends.lower >= 0.0).then(|| distribution.inverse(ends.lower));
        let upper = (ends.upper <= 1.0).then(|| distribution.inverse(ends.upper));
        let t = t_quantile(0.5 + 0.5 * self.level, degrees_of_freedom);
        let standard_error = lower.zip(upper).map(|(lower, upper)| (upper - lower) / (2.0 * t));
        Ok(QuantileEstimate { value, lower, upper, standard_error, degrees_of_freedom, sample_size })
    }
}

/// The weighted distribution function of a variable.
pub(crate) struct Distribution {
    values: Vec<f64>,
    /// Share of the weight at or below each value.
    cumulative: Vec<f64>,
}

impl Distribution {
    pub(crate) fn new(y: &[f64], weights: &[f64], rows: &[usize]) -> Result<Self> {
        let mut order: Vec<usize> = rows.iter().copied().filter(|&row| weights[row] > 0.0).collect();
        if order.is_empty() {
            return Err(StatsError::Empty { quantity: "a quantile" });
        }
        order.sort_by(|&a, &b| y[a].total_cmp(&y[b]));
        let mut sum = 0.0;
        let mut cumulative: Vec<f64> = order
            .iter()
            .map(|&row| {
                sum += weights[row];
                sum
            })
            .collect();
        cumulative.iter_mut().for_each(|c| *c /= sum);
        Ok(Self { values: order.iter().map(|&row| y[row]).collect(), cumulative })
    }

    /// Smallest value with at least this share at or below it. Shares within rounding error of each other are equal.
    fn inverse(&self, probability: f64) -> f64 {
        let position = self.cumulative.partition_point(|&c| c < probability - 1e-12);
        self.values[position.min(self.values.len() - 1)]
    }
}
