//! Fay-Herriot on a transformed scale: logarithm for positive quantities, arcsine of the square root for proportions.

use super::fay_herriot::{AreaData, FayHerriot, FayHerriotFit};
use crate::error::{Result, StatsError};

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
    /// Mean squared error by the delta method: the squared derivative of the inverse times the mean squared error on the
    /// transformed scale. An approximation; resampling is better for few areas.
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
        let mut direct = Vec::with_capacity(data.direct.len());
        for (row, area) in data.direct.iter().enumerate() {
            direct.push(match *area {
                Some((y, psi)) if y > 0.0 => Some((y.ln(), psi / (y * y))),
                Some(_) => return Err(StatsError::OutOfRange { input: "direct", requirement: "positive", row }),
                None => None,
            });
        }
        let fit = self.model.fit(&AreaData { direct: &direct, ..*data })?;
        let estimates = fit.estimates().iter().map(|e| {
            let spread = fit.variance * (1.0 - e.shrinkage);
            let value = match self.back {
                BackTransformation::Naive => e.value.exp(),
                BackTransformation::Mean => (e.value + 0.5 * spread).exp(),
                BackTransformation::Crude => (e.value + 0.5 * e.mean_squared_error).exp(),
            };
            TransformedEstimate { value, mean_squared_error: value * value * e.mean_squared_error }
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
        let fit = self.model.fit(&AreaData { direct: &direct, ..*data })?;
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
