//! The nested error regression model and its predictions of area means.

use crate::error::{Result, StatsError, same_length};
use crate::linear_algebra::{dot, quadratic_form};
use crate::linear_mixed::{Likelihood, LinearMixed, LinearMixedData, LinearMixedFit};

/// Records of a sample.
#[derive(Debug, Clone, Copy)]
pub struct UnitData<'a> {
    /// Outcome of each record.
    pub outcome: &'a [f64],
    /// Covariates, `records x column_names.len()`, row-major, with an intercept column if one is wanted.
    pub matrix: &'a [f64],
    /// Column names, for messages.
    pub column_names: &'a [String],
    /// Area of each record.
    pub area_of_row: &'a [u32],
    /// Number of areas, with and without sample.
    pub areas: usize,
}

/// What is known of the population of every area.
#[derive(Debug, Clone, Copy)]
pub struct AreaPopulation<'a> {
    /// Means of the covariates over the population, sample included: `areas x columns`, row-major.
    pub means: &'a [f64],
    /// Population sizes; without them populations are taken as infinite and the target is `mean' b + v`.
    pub sizes: Option<&'a [f64]>,
}

/// Nested error regression (Battese, Harter and Fuller 1988): `y = x'b + v_d + e`, `v_d ~ N(0, sv2)`, `e ~ N(0, se2)`.
///
/// The predictor of an area mean takes the observed records as they are and predicts the others,
/// `f ybar + (X - f xbar)'b + (1 - f) v`, `f = n / N`, with `v = g (ybar - xbar'b)`, `g = sv2 / (sv2 + se2 / n)`. Its mean
/// squared error is that of Prasad and Rao: `(1 - f)^2 (g1 + g2 + 2 g3) + se2 (N - n) / N^2`, for full likelihood less the
/// bias of the variance estimates in `g1` (Datta and Lahiri 2000).
///
/// Unit: that of the outcome; mean squared errors in its square. Assumes that selection within areas does not depend on the
/// outcome given the covariates (put design variables into the covariates), and equal error variances.
///
/// Checked against: `sae.json` `corn_BHF_REML`, `corn_BHF_ML` (R `sae`), `corn_hbsae_REML` (R `hbsae`); script
/// `05_fay_herriot.R`.
///
/// Reference: Battese, Harter and Fuller, JASA 83 (1988); Prasad and Rao, JASA 85 (1990); Datta and Lahiri, Statistica
/// Sinica 10 (2000); Rao and Molina, Small Area Estimation (2015), chapter 7.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct NestedError {
    /// Likelihood for the variances. Default: restricted.
    pub likelihood: Likelihood,
}

/// The estimate of one area mean.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct UnitAreaEstimate {
    /// Empirical best linear unbiased prediction.
    pub value: f64,
    /// Estimated mean squared error.
    pub mean_squared_error: f64,
    /// Its part that would be left were all parameters known: `(1 - f)^2 g1 + se2 (N - n) / N^2`.
    pub leading: f64,
    /// Its part due to the coefficients: `(1 - f)^2 g2`.
    pub from_coefficients: f64,
    /// Its part due to the variances: `2 (1 - f)^2 g3`, less the bias of full likelihood.
    pub from_variances: f64,
    /// Weight `g` of the sample in the area effect; zero without sample.
    pub shrinkage: f64,
    /// Regression estimate `X'b` of the population mean.
    pub synthetic: f64,
    /// Records in the sample.
    pub sample_size: usize,
}

/// A fitted nested error model.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NestedErrorFit {
    /// The fit as a mixed model: coefficients, likelihood, area effects.
    pub model: LinearMixedFit,
    /// Variance of the area effects, `sv2`.
    pub area_variance: f64,
    /// Variance of the errors, `se2`.
    pub residual_variance: f64,
    /// Asymptotic covariance of the estimates of `sv2` and `se2`, row-major (inverse information).
    pub variance_covariance: [f64; 4],
    /// Estimated bias of `sv2` and `se2`: of full likelihood only.
    pub variance_bias: [f64; 2],
    samples: Vec<AreaSample>,
}

/// Sums over the records of an area.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AreaSample {
    pub(super) size: usize,
    pub(super) mean: f64,
    pub(super) covariates: Vec<f64>,
}

impl NestedError {
    /// Fits the model.
    ///
    /// # Errors
    /// As [`LinearMixed::fit`].
    ///
    /// # Example
    /// ```
    /// use clrisk_stats::unit_model::{AreaPopulation, NestedError, UnitData};
    /// # fn main() -> clrisk_stats::Result<()> {
    /// let data = UnitData {
    ///     outcome: &[10.0, 12.0, 11.0, 17.0, 18.0, 16.0, 14.0, 13.0],
    ///     matrix: &[1.0; 8],
    ///     column_names: &["intercept".to_owned()],
    ///     area_of_row: &[0, 0, 0, 1, 1, 1, 2, 2],
    ///     areas: 4,
    /// };
    /// let fit = NestedError::default().fit(&data)?;
    /// let means = fit.area_means(&AreaPopulation { means: &[1.0; 4], sizes: Some(&[50.0, 60.0, 40.0, 30.0]) })?;
    /// assert!(means[1].value < 17.0, "drawn towards the mean");
    /// assert!(means[3].mean_squared_error > means[0].mean_squared_error, "no sample");
    /// # Ok(()) }
    /// ```
    pub fn fit(&self, data: &UnitData<'_>) -> Result<NestedErrorFit> {
        let ones = vec![1.0; data.outcome.len()];
        let model = LinearMixed::new(self.likelihood).fit(&LinearMixedData {
            outcome: data.outcome,
            matrix: data.matrix,
            column_names: data.column_names,
            random: &ones,
            random_columns: 1,
            group_of_row: data.area_of_row,
            groups: data.areas,
        })?;
        let samples = samples(data);
        let (area_variance, residual_variance) = (model.random_covariance[0], model.residual_variance);
        let variance_covariance = variance_covariance(&samples, area_variance, residual_variance)?;
        let variance_bias = match self.likelihood {
            Likelihood::Restricted => [0.0; 2],
            Likelihood::Full => variance_bias(data, &samples, &model, &variance_covariance),
        };
        Ok(NestedErrorFit { model, area_variance, residual_variance, variance_covariance, variance_bias, samples })
    }
}

impl NestedErrorFit {
    /// Means of all areas, in order.
    ///
    /// # Errors
    /// Unequal lengths, values that are not finite, population sizes that are not positive or below the sample's.
    pub fn area_means(&self, population: &AreaPopulation<'_>) -> Result<Vec<UnitAreaEstimate>> {
        let p = self.model.coefficients.len();
        check_population(population, &self.samples, p)?;
        let means = population.means.chunks_exact(p).enumerate();
        Ok(means.map(|(area, mean)| self.area_mean(area, mean, population.sizes.map(|sizes| sizes[area]))).collect())
    }

    fn area_mean(&self, area: usize, population_mean: &[f64], size: Option<f64>) -> UnitAreaEstimate {
        let sample = &self.samples[area];
        let (sv2, se2) = (self.area_variance, self.residual_variance);
        let n = sample.size as f64;
        let fraction = size.map_or(0.0, |size| n / size);
        let rest = 1.0 - fraction;
        let beta = &self.model.coefficients;
        let synthetic = dot(population_mean, beta);
        let effect = self.model.effects()[area];
        let observed = fraction * (sample.mean - dot(&sample.covariates, beta));
        let total = se2 + n * sv2;
        let shrinkage = n * sv2 / total;
        // Covariates of the records to predict, less what the area effect knows of them.
        let distance: Vec<f64> = population_mean
            .iter()
            .zip(&sample.covariates)
            .map(|(x, sampled)| x - fraction * sampled - rest * shrinkage * sampled)
            .collect();
        let errors = size.map_or(0.0, |size| se2 * (size - n) / (size * size));
        let leading = rest * rest * sv2 * se2 / total + errors;
        let from_coefficients = quadratic_form(&self.model.covariance, &distance);
        let [vv, ve, _, ee] = self.variance_covariance;
        let g3 = n / total.powi(3) * (se2 * se2 * vv - 2.0 * se2 * sv2 * ve + sv2 * sv2 * ee);
        let bias = (se2 / total).powi(2) * self.variance_bias[0] + n * (sv2 / total).powi(2) * self.variance_bias[1];
        let from_variances = rest * rest * (2.0 * g3 - bias);
        UnitAreaEstimate {
            value: synthetic + observed + rest * effect,
            mean_squared_error: leading + from_coefficients + from_variances,
            leading,
            from_coefficients,
            from_variances,
            shrinkage,
            synthetic,
            sample_size: sample.size,
        }
    }

    /// Sample size of an area; zero when it has no record or there is no such area.
    pub fn sample_size(&self, area: usize) -> usize {
        self.samples.get(area).map_or(0, |sample| sample.size)
    }

    /// Number of areas.
    pub fn areas(&self) -> usize {
        self.samples.len()
    }
}

pub(super) fn samples(data: &UnitData<'_>) -> Vec<AreaSample> {
    let p = data.column_names.len();
    let mut samples = vec![AreaSample { size: 0, mean: 0.0, covariates: vec![0.0; p] }; data.areas];
    for ((y, x), &area) in data.outcome.iter().zip(data.matrix.chunks_exact(p)).zip(data.area_of_row) {
        let sample = &mut samples[area as usize];
        sample.size += 1;
        sample.mean += y;
        sample.covariates.iter_mut().zip(x).for_each(|(sum, x)| *sum += x);
    }
    for sample in samples.iter_mut().filter(|sample| sample.size > 0) {
        let n = sample.size as f64;
        sample.mean /= n;
        sample.covariates.iter_mut().for_each(|sum| *sum /= n);
    }
    samples
}

pub(super) fn check_population(population: &AreaPopulation<'_>, samples: &[AreaSample], columns: usize) -> Result<()> {
    same_length("means", population.means.len(), samples.len() * columns)?;
    if let Some(position) = population.means.iter().position(|v| !v.is_finite()) {
        return Err(StatsError::Missing { input: "means", row: position / columns });
    }
    let Some(sizes) = population.sizes else { return Ok(()) };
    same_length("sizes", sizes.len(), samples.len())?;
    for (row, (size, sample)) in sizes.iter().zip(samples).enumerate() {
        if !(size.is_finite() && *size > 0.0 && *size >= sample.size as f64) {
            return Err(StatsError::OutOfRange {
                input: "sizes",
                requirement: "positive and at least the sample's",
                row,
            });
        }
    }
    Ok(())
}

/// Inverse of the information of `sv2` and `se2` (Rao and Molina 2015, equation 7.2.29).
fn variance_covariance(samples: &[AreaSample], sv2: f64, se2: f64) -> Result<[f64; 4]> {
    let (mut vv, mut ve, mut ee) = (0.0, 0.0, 0.0);
    for n in samples.iter().filter(|s| s.size > 0).map(|s| s.size as f64) {
        let total = se2 + n * sv2;
        vv += 0.5 * (n / total).powi(2);
        ve += 0.5 * n / (total * total);
        ee += 0.5 * ((n - 1.0) / (se2 * se2) + 1.0 / (total * total));
    }
    let determinant = vv * ee - ve * ve;
    if determinant.is_nan() || determinant <= 0.0 {
        return Err(StatsError::NotPositiveDefinite { matrix: "information of the variances" });
    }
    Ok([ee / determinant, -ve / determinant, -ve / determinant, vv / determinant])
}

/// Bias of the full likelihood estimates: half the inverse information times `-trace(Q X'V^-1 V_k V^-1 X)`.
fn variance_bias(data: &UnitData<'_>, samples: &[AreaSample], model: &LinearMixedFit, inverse: &[f64; 4]) -> [f64; 2] {
    let p = data.column_names.len();
    let (sv2, se2) = (model.random_covariance[0], model.residual_variance);
    let rows = data.matrix.chunks_exact(p);
    let mut by_error: f64 = rows.map(|x| quadratic_form(&model.covariance, x)).sum::<f64>() / (se2 * se2);
    let mut by_area = 0.0;
    for sample in samples.iter().filter(|s| s.size > 0) {
        let n = sample.size as f64;
        let total = se2 + n * sv2;
        let shrinkage = n * sv2 / total;
        let spread = n * n * quadratic_form(&model.covariance, &sample.covariates);
        by_area += spread / (total * total);
        by_error -= spread / n * shrinkage * (2.0 - shrinkage) / (se2 * se2);
    }
    [-0.5 * (inverse[0] * by_area + inverse[1] * by_error), -0.5 * (inverse[2] * by_area + inverse[3] * by_error)]
}
