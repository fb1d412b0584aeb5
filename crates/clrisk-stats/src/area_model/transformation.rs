//! Fay-Herriot on a transformed scale: logarithm for positive quantities, arcsine of the square root for proportions.

use super::fay_herriot::{AreaData, AreaEstimate, FayHerriot, FayHerriotFit};
use crate::error::{Result, StatsError};
use crate::linear_algebra::quadratic_form;

/// How estimates come back from the transformed scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BackTransformation {
    /// The inverse function alone: estimates the median, not the mean.
    Naive,
    /// The mean of the inverse over the area's conditional distribution, variance `s2 psi / (s2 + psi)` (Slud and Maiti
    /// 2006 for the logarithm; Hadam, Würz and Kreutzmann 2020 for the arcsine). The default.
    #[default]
    Mean,
    /// Logarithm only: the mean of the inverse with the mean squared error as variance.
    Crude,
}

/// The estimate of one area on the original scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TransformedEstimate {
    /// Estimate.
    pub value: f64,
    /// Mean squared error. Of the logarithm with [`BackTransformation::Mean`] that of Slud and Maiti (2006), to second order
    /// in the number of areas. Otherwise by the delta method: the squared derivative of the inverse times the mean squared
    /// error on the transformed scale, an approximation; resampling is better for few areas.
    pub mean_squared_error: f64,
}

/// Fay-Herriot on the logarithm or the arcsine square-root scale.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LogFayHerriot {
    /// Model on the transformed scale.
    pub model: FayHerriot,
    /// Way back.
    pub back: BackTransformation,
}

impl LogFayHerriot {
    /// Fits the model to `ln y` with sampling variance `psi / y^2`.
    ///
    /// # Errors
    /// As [`FayHerriot::fit`], and direct estimates that are not positive.
    ///
    /// Checked against: `sae.json` `eusilc_fh_log_bc_sm`, `eusilc_fh_log_bc_crude`.
    pub fn fit_log(&self, data: &AreaData<'_>) -> Result<(FayHerriotFit, Vec<TransformedEstimate>)> {
        self.on_log_scale(data, None)
    }

    /// [`LogFayHerriot::fit_log`] at a variance of the area effects found elsewhere, as in
    /// [`FayHerriot::fit_with_variance`].
    ///
    /// # Errors
    /// As [`LogFayHerriot::fit_log`]; a variance that is negative or not finite.
    pub fn fit_log_with_variance(
        &self,
        data: &AreaData<'_>,
        variance: f64,
    ) -> Result<(FayHerriotFit, Vec<TransformedEstimate>)> {
        self.on_log_scale(data, Some(variance))
    }

    fn fit_scaled(
        &self,
        data: &AreaData<'_>,
        direct: &[Option<(f64, f64)>],
        variance: Option<f64>,
    ) -> Result<FayHerriotFit> {
        let scaled = AreaData { direct, ..*data };
        match variance {
            None => self.model.fit(&scaled),
            Some(variance) => self.model.fit_with_variance(&scaled, variance),
        }
    }

    fn on_log_scale(
        &self,
        data: &AreaData<'_>,
        variance: Option<f64>,
    ) -> Result<(FayHerriotFit, Vec<TransformedEstimate>)> {
        let mut direct = Vec::with_capacity(data.direct.len());
        for (row, area) in data.direct.iter().enumerate() {
            direct.push(match *area {
                Some((y, psi)) if y > 0.0 => Some((y.ln(), psi / (y * y))),
                Some(_) => return Err(StatsError::OutOfRange { input: "direct", requirement: "positive", row }),
                None => None,
            });
        }
        let fit = self.fit_scaled(data, &direct, variance)?;
        let p = data.column_names.len();
        let areas = fit.estimates().iter().zip(&direct).zip(data.matrix.chunks_exact(p));
        let estimates = areas.map(|((e, direct), x)| {
            let spread = fit.variance * (1.0 - e.shrinkage);
            let value = match self.back {
                BackTransformation::Naive => e.value.exp(),
                BackTransformation::Mean => (e.value + 0.5 * spread).exp(),
                BackTransformation::Crude => (e.value + 0.5 * e.mean_squared_error).exp(),
            };
            let mean_squared_error = match self.back {
                BackTransformation::Mean => {
                    log_mean_squared_error(&fit, e, direct.map(|d| d.1), quadratic_form(&fit.covariance, x))
                }
                _ => value * value * e.mean_squared_error,
            };
            TransformedEstimate { value, mean_squared_error }
        });
        let estimates = estimates.collect();
        Ok((fit, estimates))
    }

    /// Fits the model to `asin(sqrt(p))` with sampling variance `1 / (4 n)`; `effective_sizes` are the effective sample
    /// sizes of the areas (those without sample are ignored). The variances in `data` are not used.
    ///
    /// # Errors
    /// As [`FayHerriot::fit`], proportions outside [0, 1], effective sizes that are not positive, or
    /// [`BackTransformation::Crude`].
    ///
    /// Checked against: `sae.json` `eusilc_fh_arcsin`.
    pub fn fit_arcsine(
        &self,
        data: &AreaData<'_>,
        effective_sizes: &[f64],
    ) -> Result<(FayHerriotFit, Vec<TransformedEstimate>)> {
        self.on_arcsine_scale(data, effective_sizes, None)
    }

    /// [`LogFayHerriot::fit_arcsine`] at a variance of the area effects found elsewhere, as in
    /// [`FayHerriot::fit_with_variance`].
    ///
    /// # Errors
    /// As [`LogFayHerriot::fit_arcsine`]; a variance that is negative or not finite.
    pub fn fit_arcsine_with_variance(
        &self,
        data: &AreaData<'_>,
        effective_sizes: &[f64],
        variance: f64,
    ) -> Result<(FayHerriotFit, Vec<TransformedEstimate>)> {
        self.on_arcsine_scale(data, effective_sizes, Some(variance))
    }

    fn on_arcsine_scale(
        &self,
        data: &AreaData<'_>,
        effective_sizes: &[f64],
        variance: Option<f64>,
    ) -> Result<(FayHerriotFit, Vec<TransformedEstimate>)> {
        crate::error::same_length("effective_sizes", effective_sizes.len(), data.direct.len())?;
        if self.back == BackTransformation::Crude {
            return Err(StatsError::Setting { setting: "back", requirement: "naive or mean for the arcsine" });
        }
        let mut direct = Vec::with_capacity(data.direct.len());
        for (row, (area, &n)) in data.direct.iter().zip(effective_sizes).enumerate() {
            direct.push(match *area {
                Some((p, _)) if (0.0..=1.0).contains(&p) && n > 0.0 => Some((p.sqrt().asin(), 0.25 / n)),
                Some(_) => {
                    let requirement = "a proportion with a positive effective sample size";
                    return Err(StatsError::OutOfRange { input: "direct", requirement, row });
                }
                None => None,
            });
        }
        let fit = self.fit_scaled(data, &direct, variance)?;
        let estimates = fit.estimates().iter().map(|e| {
            // Predictions beyond the scale's ends are drawn back to them.
            let angle = e.value.clamp(0.0, std::f64::consts::FRAC_PI_2);
            let spread = fit.variance * (1.0 - e.shrinkage);
            let value = match self.back {
                BackTransformation::Naive => angle.sin().powi(2),
                // E sin^2(T) for T normal: (1 - exp(-2 var) cos(2 mean)) / 2.
                _ => 0.5 * (1.0 - (-2.0 * spread).exp() * (2.0 * angle).cos()),
            };
            TransformedEstimate { value, mean_squared_error: (2.0 * angle).sin().powi(2) * e.mean_squared_error }
        });
        let estimates = estimates.collect();
        Ok((fit, estimates))
    }
}

/// Mean squared error of `exp(prediction + conditional variance / 2)` for `exp(x'b + u)` (Slud and Maiti 2006, section 3).
///
/// With all parameters known it is `M = exp(2 (x'b + s2)) (1 - exp(-k))`, `k` the conditional variance. Estimating them
/// adds the variance of the predictor along the coefficients and along the variance, and takes away the mean error of `M`
/// at the estimates: its curvature in both, and its slope times the bias of the variance.
fn log_mean_squared_error(fit: &FayHerriotFit, e: &AreaEstimate, psi: Option<f64>, leverage: f64) -> f64 {
    let (s2, g) = (fit.variance, e.shrinkage);
    // Without sample the sampling variance is infinite: weight one on the regression, conditional variance s2.
    let (b, precision) = psi.map_or((1.0, 0.0), |psi| (psi / (s2 + psi), 1.0 / (s2 + psi)));
    let kept = (-s2 * b).exp();
    let scale = (2.0 * (e.synthetic + s2)).exp();
    let predictor = (2.0 * e.synthetic + s2 * (1.0 + g)).exp() * b * b;
    let along_variance = 0.25 * (1.0 + 3.0 * g).powi(2) + precision;
    let slope = 2.0 + (b * b - 2.0) * kept;
    let half_curvature = 2.0 + (2.0 * b * b - 2.0) * kept - b * b * kept * (precision + 0.5 * b * b);
    let v = fit.variance_of_variance;
    let error_of_leading = scale * (2.0 * (1.0 - kept) * leverage + fit.variance_bias * slope + v * half_curvature);
    scale * (1.0 - kept) + predictor * (leverage + v * along_variance) - error_of_leading
}
