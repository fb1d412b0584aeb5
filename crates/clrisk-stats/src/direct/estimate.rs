//! A single estimate with everything needed to judge it.

use crate::distribution::t_quantile;

/// An estimate from a survey with its design-based uncertainty.
///
/// `value` and `standard_error` are in the unit of the variable (a proportion lies in [0, 1]).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DirectEstimate {
    /// Estimate.
    pub value: f64,
    /// Standard error under the design.
    pub standard_error: f64,
    /// PSUs less strata among those with a row in the domain; tests and intervals use Student's t with it.
    pub degrees_of_freedom: f64,
    /// Rows the estimate rests on.
    pub sample_size: usize,
    /// Rows whose (numerator) value is not zero; for a proportion, the sampled cases.
    pub cases: usize,
    /// PSUs with a row in the domain.
    pub psus: usize,
    /// Strata with a row in the domain.
    pub strata: usize,
    /// Sum of the weights of those rows: the estimated size of the domain.
    pub weight_sum: f64,
    /// Variance over that of a simple random sample (with replacement) of as many rows; absent when that variance is
    /// zero or unknown.
    pub design_effect: Option<f64>,
}

/// Ends of an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

impl DirectEstimate {
    /// Variance under the design.
    pub fn variance(&self) -> f64 {
        self.standard_error * self.standard_error
    }

    /// Standard error over the absolute value of the estimate; absent when the estimate is zero.
    pub fn coefficient_of_variation(&self) -> Option<f64> {
        (self.value != 0.0).then(|| self.standard_error / self.value.abs())
    }

    /// Rows of a simple random sample that would be as precise: `n / design effect`.
    pub fn effective_sample_size(&self) -> Option<f64> {
        self.design_effect.filter(|&effect| effect > 0.0).map(|effect| self.sample_size as f64 / effect)
    }

    /// The design effect against sampling *without* replacement from a population of `weight_sum`,
    /// `deff / (1 - n / N)`; what R's `deff = TRUE` prints.
    pub fn design_effect_without_replacement(&self) -> Option<f64> {
        let remaining = 1.0 - self.sample_size as f64 / self.weight_sum;
        self.design_effect.filter(|_| remaining > 0.0).map(|effect| effect / remaining)
    }

    /// `value ± t * standard error` at the given confidence level (such as 0.95). Absent without degrees of freedom.
    pub fn interval(&self, level: f64) -> Option<Interval> {
        let t = t_quantile(0.5 + 0.5 * level, self.degrees_of_freedom);
        let half = t * self.standard_error;
        half.is_finite().then_some(Interval { lower: self.value - half, upper: self.value + half })
    }
}
