//! Generalised variance functions: direct variances of small domains smoothed by a model of the variance itself.
//!
//! The variance estimated from a handful of sampling units is itself very uncertain, and an area-level model that takes it as
//! known gives weight to areas by luck. A model over all areas borrows the strength that each lacks.

use statrs::function::gamma::digamma;

use super::estimate::DirectEstimate;
use crate::error::{Result, StatsError, same_length};
use crate::linear_algebra::{Cholesky, dot};

/// A log-linear model of the variances of direct proportions.
///
/// `log v_d = a + b log n_d + c log(p_d (1 - p_d)) + e_d`, with `v_d` the design variance of area `d`, `n_d` its sample size and
/// `p_d` its proportion. A constant design effect is `b = -1`, `c = 1` and `exp(a)` the effect. An estimated variance with `k_d`
/// degrees of freedom is about `v chi^2_k / k`: its logarithm is corrected by that distribution's mean and weighs the inverse of
/// its variance. Predictions `exp(x' beta)` are multiplied by one factor, so that over the areas used the smoothed variances
/// add up to the direct ones (no bias from the logarithm).
///
/// Assumptions: the variance depends on the area only through `n` and `p`, up to noise; the design is alike in all areas.
///
/// Checked against: simulated variances and simulated surveys whose true variances are known (`tests/variance_smoothing.rs`).
/// Reference: Wolter, Introduction to Variance Estimation (2007), chapter 7; Hidiroglou, Beaumont and Yung, Survey Methodology
/// 45 (2019), on smoothing before an area model.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct VarianceFunction {
    /// Areas with fewer degrees of freedom (PSUs less strata) do not enter the fit.
    pub minimum_degrees_of_freedom: f64,
    /// Areas with fewer sampled cases, or fewer sampled records without the outcome, do not enter the fit: their estimated
    /// variance is near zero because they have none.
    pub minimum_cases: usize,
}

impl Default for VarianceFunction {
    fn default() -> Self {
        Self { minimum_degrees_of_freedom: 2.0, minimum_cases: 2 }
    }
}

/// A fitted variance function.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct VarianceFunctionFit {
    /// Constant, slope of `log n`, slope of `log(p (1 - p))`.
    pub coefficients: [f64; 3],
    /// Their standard errors.
    pub standard_errors: [f64; 3],
    /// Weighted residual variance. One when nothing but the sampling error of the variances is left; well above one when
    /// areas differ in ways the model does not know.
    pub dispersion: f64,
    /// Weighted share of the variance of `log v` explained.
    pub r_squared: f64,
    /// Factor that makes the smoothed variances add up to the direct ones.
    pub level_factor: f64,
    /// Areas the fit rests on.
    pub areas: usize,
}

impl VarianceFunction {
    /// Fits the model to direct proportions; areas without an estimate are `None`, as
    /// [`proportion_by_group`](super::proportion_by_group) gives them.
    ///
    /// # Errors
    /// Fewer than five areas that can be used; areas that all have one sample size or one proportion
    /// ([`StatsError::Collinear`]).
    pub fn fit(&self, estimates: &[Option<DirectEstimate>]) -> Result<VarianceFunctionFit> {
        let used: Vec<&DirectEstimate> = estimates.iter().flatten().filter(|e| self.can_use(e)).collect();
        if used.len() < 5 {
            return Err(StatsError::Empty { quantity: "a variance function (five areas with a variance)" });
        }
        let rows: Vec<[f64; 3]> = used.iter().map(|e| predictors(e.sample_size as f64, e.value)).collect();
        let half = |e: &DirectEstimate| 0.5 * e.degrees_of_freedom;
        let response: Vec<f64> = used.iter().map(|e| e.variance().ln() - (digamma(half(e)) - half(e).ln())).collect();
        let weights: Vec<f64> = used.iter().map(|e| 1.0 / trigamma(half(e))).collect();
        let (coefficients, inverse) = weighted_least_squares(&rows, &response, &weights)?;
        let residuals: Vec<f64> = rows.iter().zip(&response).map(|(x, y)| y - dot(x, &coefficients)).collect();
        let squares = |values: &[f64]| values.iter().zip(&weights).map(|(v, w)| w * v * v).sum::<f64>();
        let mean = dot(&response, &weights) / weights.iter().sum::<f64>();
        let centred: Vec<f64> = response.iter().map(|y| y - mean).collect();
        let dispersion = squares(&residuals) / (used.len() as f64 - 3.0);
        let direct: f64 = used.iter().map(|e| e.variance()).sum();
        let predicted: f64 = rows.iter().map(|x| dot(x, &coefficients).exp()).sum();
        Ok(VarianceFunctionFit {
            coefficients,
            standard_errors: [0, 1, 2].map(|j| (dispersion * inverse[4 * j]).sqrt()),
            dispersion,
            r_squared: 1.0 - squares(&residuals) / squares(&centred),
            level_factor: direct / predicted,
            areas: used.len(),
        })
    }

    fn can_use(&self, estimate: &DirectEstimate) -> bool {
        // Units that happen to have equal totals leave a variance of rounding errors, whose logarithm would rule the fit.
        let simple = estimate.value * (1.0 - estimate.value) / estimate.sample_size as f64;
        estimate.value > 0.0
            && estimate.value < 1.0
            && estimate.variance() > 1e-9 * simple
            && estimate.degrees_of_freedom >= self.minimum_degrees_of_freedom.max(1.0)
            && estimate.cases >= self.minimum_cases
            && estimate.sample_size - estimate.cases >= self.minimum_cases
    }
}

impl VarianceFunctionFit {
    /// Variance of a direct proportion at a sample size and a proportion.
    ///
    /// # Errors
    /// A sample size that is not positive, or a proportion outside (0, 1).
    pub fn variance(&self, sample_size: f64, proportion: f64) -> Result<f64> {
        if !(sample_size > 0.0 && sample_size.is_finite()) {
            return Err(StatsError::Setting { setting: "sample_size", requirement: "positive" });
        }
        if !(proportion > 0.0 && proportion < 1.0) {
            return Err(StatsError::Setting { setting: "proportion", requirement: "in (0, 1)" });
        }
        Ok(self.level_factor * dot(&predictors(sample_size, proportion), &self.coefficients).exp())
    }

    /// Smoothed variances of the areas, also of those that did not enter the fit. `None` where there is no estimate, or its
    /// proportion is 0 or 1 and nothing better is given.
    ///
    /// `proportions` are those to evaluate at, for instance of a synthetic estimate; by default the direct ones. The direct
    /// proportion of a small area is noisy and takes the smoothed variance with it (an area that happens to have few cases gets
    /// a small variance); a synthetic one does not.
    ///
    /// # Errors
    /// Unequal lengths; a proportion given outside (0, 1).
    pub fn smoothed(
        &self,
        estimates: &[Option<DirectEstimate>],
        proportions: Option<&[f64]>,
    ) -> Result<Vec<Option<f64>>> {
        if let Some(proportions) = proportions {
            same_length("proportions", proportions.len(), estimates.len())?;
            if let Some(row) = proportions.iter().position(|p| !(*p > 0.0 && *p < 1.0)) {
                return Err(StatsError::OutOfRange { input: "proportions", requirement: "in (0, 1)", row });
            }
        }
        let each = estimates.iter().enumerate().map(|(area, estimate)| match estimate {
            None => Ok(None),
            Some(e) => {
                let proportion = proportions.map_or(e.value, |p| p[area]);
                let inside = proportion > 0.0 && proportion < 1.0;
                if inside { self.variance(e.sample_size as f64, proportion).map(Some) } else { Ok(None) }
            }
        });
        each.collect()
    }
}

fn predictors(sample_size: f64, proportion: f64) -> [f64; 3] {
    [1.0, sample_size.ln(), (proportion * (1.0 - proportion)).ln()]
}

/// Coefficients and the inverse of the information.
fn weighted_least_squares(rows: &[[f64; 3]], response: &[f64], weights: &[f64]) -> Result<([f64; 3], Vec<f64>)> {
    let mut information = vec![0.0; 9];
    let mut coefficients = [0.0; 3];
    for ((x, y), w) in rows.iter().zip(response).zip(weights) {
        for j in 0..3 {
            coefficients[j] += w * x[j] * y;
            for k in 0..3 {
                information[3 * j + k] += w * x[j] * x[k];
            }
        }
    }
    let factor = Cholesky::new(&information, 3).map_err(|columns| {
        let names = columns.iter().map(|&j| ["constant", "log n", "log p (1 - p)"][j].to_owned()).collect();
        StatsError::Collinear { columns, names }
    })?;
    factor.solve(&mut coefficients);
    Ok((coefficients, factor.inverse()))
}

/// Second derivative of the logarithm of the gamma function, for positive arguments.
fn trigamma(x: f64) -> f64 {
    // Recurrence up to where the asymptotic series is good to fourteen digits.
    let (mut sum, mut x) = (0.0, x);
    while x < 20.0 {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let (inverse, square) = (1.0 / x, 1.0 / (x * x));
    let series = 1.0 / 6.0 - square * (1.0 / 30.0 - square * (1.0 / 42.0 - square / 30.0));
    sum + inverse + 0.5 * square + inverse * square * series
}

#[cfg(test)]
mod tests {
    use super::trigamma;

    #[test]
    fn trigamma_has_its_closed_forms() {
        let pi = std::f64::consts::PI;
        assert!((trigamma(1.0) - pi * pi / 6.0).abs() < 1e-13);
        assert!((trigamma(0.5) - pi * pi / 2.0).abs() < 1e-13);
        assert!((trigamma(40.5) - trigamma(41.5) - 1.0 / (40.5 * 40.5)).abs() < 1e-15);
    }
}
