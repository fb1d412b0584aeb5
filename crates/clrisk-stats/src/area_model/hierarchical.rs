//! Fay-Herriot with the variance of the area effects integrated out.

use super::fay_herriot::{AreaData, Sampled, VarianceMethod};
use crate::error::{Result, StatsError};
use crate::linear_algebra::{dot, quadratic_form};
use crate::log_trapezoid::log_trapezoid;
use crate::unit_model::PosteriorEstimate;

/// Posterior of the area-level model.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct HierarchicalFayHerriot {
    /// Posterior mean of the variance of the area effects.
    pub variance: f64,
    /// Posterior mean and variance of every area, in order.
    pub estimates: Vec<PosteriorEstimate>,
}

/// Hierarchical Bayes estimates of the Fay-Herriot model: flat priors for the coefficients and for the variance of the
/// area effects, sampling variances known. Never zero, and its posterior variances count the estimation of everything.
///
/// Given the variance `s2` the posterior of an area is normal at its linear predictor; the density of `s2` is the
/// restricted likelihood. The mean and variance over it are sums on a grid that is exact to rounding.
///
/// Units and assumptions: as [`super::FayHerriot`].
///
/// # Errors
/// As [`super::FayHerriot::fit`]; no more than four areas more than columns (the posterior then has no variance).
///
/// Checked against: `sae.json` `milk_hbsae_HB` (R `hbsae`; script `05_fay_herriot.R`). Reference: Rao and Molina, Small Area
/// Estimation (2015), section 10.3.
pub fn hierarchical_fay_herriot(data: &AreaData<'_>) -> Result<HierarchicalFayHerriot> {
    let sampled = Sampled::new(data)?;
    let p = data.column_names.len();
    let improper = StatsError::Empty { quantity: "the posterior of the area variance (too few areas)" };
    if sampled.y.len() <= p + 4 {
        return Err(improper);
    }
    let mut sorted = sampled.psi.clone();
    sorted.sort_by(f64::total_cmp);
    let density = |variance: f64| Some(sampled.objective(variance, VarianceMethod::Reml));
    let points = log_trapezoid(sorted[sorted.len() / 2], density).ok_or(improper)?;
    let areas = data.direct.len();
    let (mut first, mut second, mut posterior_variance) = (vec![0.0; areas], vec![0.0; areas], 0.0);
    let mut centre: Option<Vec<f64>> = None;
    for (variance, weight) in points {
        let Some(at) = sampled.at(variance) else { continue };
        posterior_variance += weight * variance;
        let rows = data.direct.iter().zip(data.matrix.chunks_exact(p));
        let found: Vec<(f64, f64)> = rows
            .map(|(direct, x)| {
                let regression = dot(x, &at.beta);
                let leverage = quadratic_form(&at.q, x);
                match direct {
                    None => (regression, variance + leverage),
                    Some((y, psi)) => {
                        let remainder = psi / (variance + psi);
                        let spread = variance * remainder + remainder * remainder * leverage;
                        (y + remainder * (regression - y), spread)
                    }
                }
            })
            .collect();
        // Deviations from the first point keep the digits of the variance.
        let centre = centre.get_or_insert_with(|| found.iter().map(|f| f.0).collect());
        for (area, (value, spread)) in found.iter().enumerate() {
            let deviation = value - centre[area];
            first[area] += weight * deviation;
            second[area] += weight * (spread + deviation * deviation);
        }
    }
    let centre = centre.unwrap_or_default();
    let estimates = (0..areas)
        .map(|area| PosteriorEstimate {
            mean: centre[area] + first[area],
            variance: (second[area] - first[area] * first[area]).max(0.0),
        })
        .collect();
    Ok(HierarchicalFayHerriot { variance: posterior_variance, estimates })
}
