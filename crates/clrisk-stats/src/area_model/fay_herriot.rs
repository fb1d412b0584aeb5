//! The basic model: variance of the area effects, estimates and mean squared errors.

use crate::error::{Result, StatsError, same_length};
use crate::linear_algebra::{Cholesky, dot, quadratic_form};

/// How the variance of the area effects is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VarianceMethod {
    /// Restricted maximum likelihood. The default: nearly unbiased.
    #[default]
    Reml,
    /// Maximum likelihood.
    Ml,
    /// The moment equation of Fay and Herriot, `sum (y - x'b)^2 / (s2 + psi) = areas - columns`.
    Moment,
    /// Profile likelihood times the variance (Li and Lahiri 2010): never zero.
    AdjustedProfile,
    /// Residual likelihood times the variance (Li and Lahiri 2010): never zero.
    AdjustedResidual,
    /// Profile likelihood times `arctan(sum of the shrinkage weights)^(1 / areas)` (Yoshimori and Lahiri 2014): never zero
    /// and nearer to maximum likelihood than [`VarianceMethod::AdjustedProfile`].
    GentlyAdjustedProfile,
    /// Residual likelihood with the same factor (Yoshimori and Lahiri 2014): never zero, and nearly REML.
    GentlyAdjustedResidual,
}

/// Direct estimates and covariates of areas.
#[derive(Debug, Clone, Copy)]
pub struct AreaData<'a> {
    /// Direct estimate and its sampling variance; `None` for areas without sample.
    pub direct: &'a [Option<(f64, f64)>],
    /// Covariates, `areas x column_names.len()`, row-major, with an intercept column if one is wanted.
    pub matrix: &'a [f64],
    /// Column names, for messages.
    pub column_names: &'a [String],
}

/// The Fay-Herriot model.
///
/// Checked against: `sae.json` `milk_*` (R `sae`), `eusilc_fh_*` (R `emdi`).
///
/// Unit: that of the direct estimates; variances in its square. Assumes sampling variances that are known (smooth them
/// first when they rest on few PSUs) and normal area effects with one variance.
///
/// Reference: Fay and Herriot, JASA 74 (1979); Rao and Molina, Small Area Estimation (2015), chapter 6; Li and Lahiri,
/// Journal of Multivariate Analysis 101 (2010); Yoshimori and Lahiri, Journal of Multivariate Analysis 124 (2014).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FayHerriot {
    /// How the variance of the area effects is estimated.
    pub method: VarianceMethod,
}

/// The estimate of one area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AreaEstimate {
    /// Empirical best linear unbiased prediction; the regression alone for areas without sample.
    pub value: f64,
    /// Estimated mean squared error (Prasad and Rao 1990; Datta and Lahiri 2000), which counts the estimation of the
    /// coefficients and of the variance.
    pub mean_squared_error: f64,
    /// Weight of the direct estimate, `s2 / (s2 + psi)`; zero without sample.
    pub shrinkage: f64,
    /// Regression estimate `x'b`.
    pub synthetic: f64,
}

/// A fitted Fay-Herriot model.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FayHerriotFit {
    /// Regression coefficients.
    pub coefficients: Vec<f64>,
    /// Their covariance matrix given the variance, row-major.
    pub covariance: Vec<f64>,
    /// Variance of the area effects.
    pub variance: f64,
    /// Log-likelihood at the estimates.
    pub log_likelihood: f64,
    /// `-2 log-likelihood + 2 (columns + 1)`.
    pub aic: f64,
    /// `-2 log-likelihood + (columns + 1) ln(areas with sample)`.
    pub bic: f64,
    /// Asymptotic variance of the variance estimate.
    pub variance_of_variance: f64,
    /// Its estimated bias, of order one over the number of areas; zero where the method has none of that order.
    pub variance_bias: f64,
    estimates: Vec<AreaEstimate>,
}

impl FayHerriotFit {
    /// Estimates, one per area in the order given.
    pub fn estimates(&self) -> &[AreaEstimate] {
        &self.estimates
    }

    /// Standard errors of the coefficients.
    pub fn standard_errors(&self) -> Vec<f64> {
        let p = self.coefficients.len();
        (0..p).map(|j| self.covariance[j * p + j].max(0.0).sqrt()).collect()
    }
}

/// Areas with sample, and what one value of the variance implies for them.
pub(super) struct Sampled<'a> {
    pub(super) y: Vec<f64>,
    pub(super) psi: Vec<f64>,
    x: Vec<&'a [f64]>,
    pub(super) columns: usize,
}

pub(super) struct AtVariance {
    pub(super) beta: Vec<f64>,
    /// `(X' V^-1 X)^-1`.
    pub(super) q: Vec<f64>,
    log_determinant_of_information: f64,
    /// `y' P y`.
    residual_quadratic: f64,
    /// `V^-1 (y - X b)`.
    scaled_residuals: Vec<f64>,
}

impl FayHerriot {
    /// Fits the model.
    ///
    /// # Errors
    /// Unequal lengths, values that are not finite, sampling variances that are not positive, dependent columns by name,
    /// fewer areas with sample than columns plus one.
    ///
    /// # Example
    /// ```
    /// use clrisk_stats::area_model::{AreaData, FayHerriot};
    /// # fn main() -> clrisk_stats::Result<()> {
    /// let direct = [Some((0.10, 0.001)), Some((0.22, 0.004)), Some((0.16, 0.002)), Some((0.30, 0.001)), None];
    /// let column_names = ["intercept".to_owned()];
    /// let data = AreaData { direct: &direct, matrix: &[1.0; 5], column_names: &column_names };
    /// let fit = FayHerriot::default().fit(&data)?;
    /// assert!(fit.estimates()[1].value < 0.22, "drawn towards the mean");
    /// assert_eq!(fit.estimates()[4].value, fit.coefficients[0], "no sample: the regression alone");
    /// # Ok(()) }
    /// ```
    pub fn fit(&self, data: &AreaData<'_>) -> Result<FayHerriotFit> {
        let sampled = Sampled::new(data)?;
        let variance = sampled.variance(self.method)?;
        self.finish(data, &sampled, variance)
    }

    /// Fits the coefficients at a variance of the area effects found elsewhere (another year, a pooled fit). The mean
    /// squared errors count the estimation of the variance as if the method had found it in these data.
    ///
    /// # Errors
    /// As [`FayHerriot::fit`]; a variance that is negative or not finite.
    pub fn fit_with_variance(&self, data: &AreaData<'_>, variance: f64) -> Result<FayHerriotFit> {
        if !(variance.is_finite() && variance >= 0.0) {
            return Err(StatsError::Setting { setting: "variance", requirement: "finite and not negative" });
        }
        self.finish(data, &Sampled::new(data)?, variance)
    }

    /// The logarithm of what the method maximises over the variance, up to a constant: the likelihood with its adjustment.
    /// Negative infinity where it is not defined. For [`VarianceMethod::Moment`], which maximises nothing, the likelihood.
    ///
    /// # Errors
    /// As [`FayHerriot::fit`].
    pub fn objective(&self, data: &AreaData<'_>, variance: f64) -> Result<f64> {
        Ok(Sampled::new(data)?.objective(variance, self.method))
    }

    fn finish(&self, data: &AreaData<'_>, sampled: &Sampled<'_>, variance: f64) -> Result<FayHerriotFit> {
        let at = sampled.at(variance).ok_or(StatsError::NotPositiveDefinite { matrix: "information matrix" })?;
        let p = sampled.columns;
        let v: Vec<f64> = sampled.psi.iter().map(|psi| variance + psi).collect();
        let sum_inverse: f64 = v.iter().map(|v| 1.0 / v).sum();
        let sum_squares: f64 = v.iter().map(|v| 1.0 / (v * v)).sum();
        let areas = sampled.y.len() as f64;
        let trace = sampled.trace_q_x2(&at.q, variance);
        // Sampling variance of the variance estimate, and its bias.
        let (variance_of_variance, bias) = match self.method {
            VarianceMethod::Reml | VarianceMethod::GentlyAdjustedResidual => (2.0 / sum_squares, 0.0),
            VarianceMethod::Ml | VarianceMethod::GentlyAdjustedProfile => (2.0 / sum_squares, -trace / sum_squares),
            VarianceMethod::Moment => (
                2.0 * areas / (sum_inverse * sum_inverse),
                2.0 * (areas * sum_squares - sum_inverse * sum_inverse) / sum_inverse.powi(3),
            ),
            VarianceMethod::AdjustedProfile => (2.0 / sum_squares, (2.0 / variance - trace) / sum_squares),
            VarianceMethod::AdjustedResidual => (2.0 / sum_squares, 2.0 / variance / sum_squares),
        };
        let estimates = data
            .direct
            .iter()
            .zip(data.matrix.chunks_exact(p))
            .map(|(direct, x)| {
                let synthetic = dot(x, &at.beta);
                let leverage = quadratic_form(&at.q, x);
                match direct {
                    None => AreaEstimate {
                        value: synthetic,
                        mean_squared_error: variance + leverage,
                        shrinkage: 0.0,
                        synthetic,
                    },
                    Some((y, psi)) => {
                        let total = variance + psi;
                        let shrinkage = variance / total;
                        let remainder = psi / total;
                        let g3 = psi * psi / total.powi(3) * variance_of_variance;
                        AreaEstimate {
                            value: synthetic + shrinkage * (y - synthetic),
                            mean_squared_error: shrinkage * psi + remainder * remainder * (leverage - bias) + 2.0 * g3,
                            shrinkage,
                            synthetic,
                        }
                    }
                }
            })
            .collect();
        let log_likelihood =
            -0.5 * (at.residual_quadratic + v.iter().map(|v| (2.0 * std::f64::consts::PI * v).ln()).sum::<f64>());
        let parameters = p as f64 + 1.0;
        Ok(FayHerriotFit {
            coefficients: at.beta,
            covariance: at.q,
            variance,
            log_likelihood,
            aic: -2.0 * log_likelihood + 2.0 * parameters,
            bic: -2.0 * log_likelihood + parameters * areas.ln(),
            variance_of_variance,
            variance_bias: bias,
            estimates,
        })
    }
}

impl<'a> Sampled<'a> {
    pub(super) fn new(data: &AreaData<'a>) -> Result<Self> {
        let columns = data.column_names.len();
        same_length("matrix", data.matrix.len(), data.direct.len() * columns)?;
        if let Some(position) = data.matrix.iter().position(|x| !x.is_finite()) {
            return Err(StatsError::Missing { input: "matrix", row: position / columns });
        }
        let mut sampled = Self { y: Vec::new(), psi: Vec::new(), x: Vec::new(), columns };
        for (row, direct) in data.direct.iter().enumerate() {
            let Some((y, psi)) = *direct else { continue };
            if !y.is_finite() {
                return Err(StatsError::Missing { input: "direct", row });
            }
            if !(psi.is_finite() && psi > 0.0) {
                return Err(StatsError::OutOfRange { input: "sampling variance", requirement: "positive", row });
            }
            sampled.y.push(y);
            sampled.psi.push(psi);
            sampled.x.push(&data.matrix[row * columns..(row + 1) * columns]);
        }
        if columns == 0 || sampled.y.len() <= columns {
            return Err(StatsError::Empty { quantity: "an area model (areas with sample must outnumber the columns)" });
        }
        let weights = vec![1.0; sampled.y.len()];
        if let Err(dependent) = Cholesky::new(&sampled.cross_products(&weights), columns) {
            let names = dependent.iter().map(|&j| data.column_names[j].clone()).collect();
            return Err(StatsError::Collinear { columns: dependent, names });
        }
        Ok(sampled)
    }

    /// `X' diag(weights) X`.
    fn cross_products(&self, weights: &[f64]) -> Vec<f64> {
        let p = self.columns;
        let mut sum = vec![0.0; p * p];
        for (x, weight) in self.x.iter().zip(weights) {
            for i in 0..p {
                let scaled = weight * x[i];
                for (sum, other) in sum[i * p..i * p + i + 1].iter_mut().zip(*x) {
                    *sum += scaled * other;
                }
            }
        }
        for i in 0..p {
            for j in 0..i {
                sum[j * p + i] = sum[i * p + j];
            }
        }
        sum
    }

    pub(super) fn at(&self, variance: f64) -> Option<AtVariance> {
        let weights: Vec<f64> = self.psi.iter().map(|psi| 1.0 / (variance + psi)).collect();
        let factor = Cholesky::new(&self.cross_products(&weights), self.columns).ok()?;
        let mut beta = vec![0.0; self.columns];
        for ((x, y), weight) in self.x.iter().zip(&self.y).zip(&weights) {
            for (b, x) in beta.iter_mut().zip(*x) {
                *b += weight * x * y;
            }
        }
        factor.solve(&mut beta);
        let residuals: Vec<f64> = self.x.iter().zip(&self.y).map(|(x, y)| y - dot(x, &beta)).collect();
        let scaled_residuals: Vec<f64> = residuals.iter().zip(&weights).map(|(r, w)| r * w).collect();
        Some(AtVariance {
            residual_quadratic: dot(&residuals, &scaled_residuals),
            q: factor.inverse(),
            log_determinant_of_information: factor.log_determinant(),
            beta,
            scaled_residuals,
        })
    }

    /// `trace(Q X' V^-2 X)`.
    fn trace_q_x2(&self, q: &[f64], variance: f64) -> f64 {
        let squares: Vec<f64> = self.psi.iter().map(|psi| (variance + psi).powi(-2)).collect();
        dot(q, &self.cross_products(&squares))
    }

    pub(super) fn objective(&self, variance: f64, method: VarianceMethod) -> f64 {
        let Some(at) = self.at(variance) else { return f64::NEG_INFINITY };
        let log_v: f64 = self.psi.iter().map(|psi| (variance + psi).ln()).sum();
        let profile = -0.5 * (log_v + at.residual_quadratic);
        let residual = profile - 0.5 * at.log_determinant_of_information;
        match method {
            VarianceMethod::Ml | VarianceMethod::Moment => profile,
            VarianceMethod::Reml => residual,
            VarianceMethod::AdjustedProfile => profile + variance.ln(),
            VarianceMethod::AdjustedResidual => residual + variance.ln(),
            VarianceMethod::GentlyAdjustedProfile => profile + self.gentle_adjustment(variance).0,
            VarianceMethod::GentlyAdjustedResidual => residual + self.gentle_adjustment(variance).0,
        }
    }

    /// `ln(arctan(sum of s2 / (s2 + psi))) / areas` and its derivative.
    fn gentle_adjustment(&self, variance: f64) -> (f64, f64) {
        let total: f64 = self.psi.iter().map(|psi| variance / (variance + psi)).sum();
        let slope: f64 = self.psi.iter().map(|psi| psi / (variance + psi).powi(2)).sum();
        let areas = self.y.len() as f64;
        (total.atan().ln() / areas, slope / ((1.0 + total * total) * total.atan() * areas))
    }

    /// Derivative of the objective.
    fn score(&self, variance: f64, method: VarianceMethod) -> f64 {
        let Some(at) = self.at(variance) else { return f64::NAN };
        let trace: f64 = self.psi.iter().map(|psi| 1.0 / (variance + psi)).sum();
        let profile = 0.5 * (dot(&at.scaled_residuals, &at.scaled_residuals) - trace);
        let residual = profile + 0.5 * self.trace_q_x2(&at.q, variance);
        match method {
            VarianceMethod::Moment => at.residual_quadratic - (self.y.len() - self.columns) as f64,
            VarianceMethod::Ml => profile,
            VarianceMethod::Reml => residual,
            VarianceMethod::AdjustedProfile => profile + 1.0 / variance,
            VarianceMethod::AdjustedResidual => residual + 1.0 / variance,
            VarianceMethod::GentlyAdjustedProfile => profile + self.gentle_adjustment(variance).1,
            VarianceMethod::GentlyAdjustedResidual => residual + self.gentle_adjustment(variance).1,
        }
    }

    fn variance(&self, method: VarianceMethod) -> Result<f64> {
        let mut sorted = self.psi.clone();
        sorted.sort_by(f64::total_cmp);
        let unit = sorted[sorted.len() / 2];
        // The spread of the estimates bounds the variance from above, whatever the covariates explain.
        let mean = self.y.iter().sum::<f64>() / self.y.len() as f64;
        let spread = self.y.iter().map(|y| (y - mean).powi(2)).sum::<f64>();
        let top = 4.0 * (spread + unit);
        if method == VarianceMethod::Moment {
            // Decreasing in the variance: one root at most.
            return if self.score(0.0, method) <= 0.0 { Ok(0.0) } else { self.root(0.0, top, method) };
        }
        // The likelihood can have several humps: look at a grid, then solve the score beside the best point.
        let mut grid = vec![0.0];
        let mut point = unit * 1e-6;
        while point < top {
            grid.push(point);
            point *= 1.25;
        }
        grid.push(top);
        let value = |a: f64| if a == 0.0 && adjusted(method) { f64::NEG_INFINITY } else { self.objective(a, method) };
        let values: Vec<f64> = grid.iter().map(|&point| value(point)).collect();
        let best = (0..grid.len())
            .max_by(|&a, &b| values[a].total_cmp(&values[b]))
            .ok_or(StatsError::Empty { quantity: "an area model" })?;
        if best == 0 && self.score(0.0, method) <= 0.0 {
            return Ok(0.0);
        }
        let low = if best == 0 { 0.0 } else { grid[best - 1] };
        let low = if low == 0.0 && adjusted(method) { unit * 1e-9 } else { low };
        self.root(low, grid[(best + 1).min(grid.len() - 1)], method)
    }

    /// Root of a score that is positive at `low` and negative at `high`, to the last digits: by secants of the Illinois rule
    /// (Dowell and Jarratt 1971), by halves where they do not halve the bracket in two steps.
    fn root(&self, mut low: f64, mut high: f64, method: VarianceMethod) -> Result<f64> {
        let (mut at_low, mut at_high) = (self.score(low, method), self.score(high, method));
        let (mut widths, mut last_was_low) = ([f64::INFINITY; 2], None);
        for _ in 0..200 {
            let rounding = 2.0 * f64::EPSILON * high;
            let width = high - low;
            if width <= 2.0 * rounding {
                break;
            }
            let secant = low + width * at_low / (at_low - at_high);
            let slow = width > 0.5 * widths[0];
            let point = if slow || !secant.is_finite() { low + 0.5 * width } else { secant };
            let point = point.clamp(low + rounding, high - rounding);
            widths = [widths[1], width];
            let score = self.score(point, method);
            if score.is_nan() {
                return Err(StatsError::NotPositiveDefinite { matrix: "information matrix" });
            }
            let is_low = score > 0.0;
            let stays = last_was_low == Some(is_low);
            if is_low {
                (low, at_low) = (point, score);
                at_high *= if stays { 0.5 } else { 1.0 };
            } else {
                (high, at_high) = (point, score);
                at_low *= if stays { 0.5 } else { 1.0 };
            }
            last_was_low = Some(is_low);
        }
        Ok(0.5 * (low + high))
    }
}

fn adjusted(method: VarianceMethod) -> bool {
    !matches!(method, VarianceMethod::Reml | VarianceMethod::Ml | VarianceMethod::Moment)
}
