//! Fay-Herriot with the variance of the area effects integrated out.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rand_distr::{Distribution, StandardNormal};

use super::fay_herriot::{AreaData, Sampled, VarianceMethod};
use crate::draws::Draws;
use crate::error::{Result, StatsError};
use crate::linear_algebra::{Cholesky, dot, quadratic_form};
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
    let points = variance_points(&sampled)?;
    let areas = data.direct.len();
    let (mut first, mut second, mut posterior_variance) = (vec![0.0; areas], vec![0.0; areas], 0.0);
    let mut centre: Option<Vec<f64>> = None;
    for (variance, weight) in points {
        let Some(at) = sampled.at(variance) else { continue };
        posterior_variance += weight * variance;
        let rows = data.direct.iter().zip(data.matrix.chunks_exact(data.column_names.len()));
        let found: Vec<(f64, f64)> = rows
            .map(|(direct, x)| {
                let (remainder, spread) = remainder(*direct, variance);
                let regression = dot(x, &at.beta);
                let value = direct.map_or(regression, |(y, _)| y + remainder * (regression - y));
                (value, spread + remainder * remainder * quadratic_form(&at.q, x))
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

/// Draws from the joint posterior of [`hierarchical_fay_herriot`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FayHerriotDraws {
    /// Area quantities, on the scale of the direct estimates.
    pub areas: Draws,
    /// Coefficients: draws by columns.
    pub coefficients: Vec<f64>,
    /// Variance of the area effects, one a draw.
    pub variances: Vec<f64>,
}

/// Draws of all areas together, so that sums and differences of areas know that coefficients and variance are shared.
///
/// The variance is drawn from the points of its posterior, the coefficients from `N(b, (X'V^-1 X)^-1)`, an area from
/// `N(x'b + g (y - x'b), g psi)`, `g = s2 / (s2 + psi)`; without sample from `N(x'b, s2)`.
///
/// Units, assumptions and errors: as [`hierarchical_fay_herriot`]; fewer than two draws.
///
/// Checked against: the exact means and variances of [`hierarchical_fay_herriot`] (this file's tests).
pub fn hierarchical_fay_herriot_draws(data: &AreaData<'_>, count: usize, seed: u64) -> Result<FayHerriotDraws> {
    if count < 2 {
        return Err(StatsError::Setting { setting: "draws", requirement: "at least two" });
    }
    let sampled = Sampled::new(data)?;
    let mut at_points = Vec::new();
    let mut cumulated = 0.0;
    for (variance, weight) in variance_points(&sampled)? {
        let Some(at) = sampled.at(variance) else { continue };
        cumulated += weight;
        at_points.push((cumulated, variance, at));
    }
    let columns = data.column_names.len();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let normal = |random: &mut ChaCha8Rng| -> f64 { StandardNormal.sample(random) };
    let (mut values, mut coefficients, mut variances) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..count {
        let uniform = (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64 * cumulated;
        let point = at_points.partition_point(|(below, ..)| *below < uniform).min(at_points.len() - 1);
        let (_, variance, at) = &at_points[point];
        let factor =
            Cholesky::new(&at.q, columns).map_err(|_| StatsError::NotPositiveDefinite { matrix: "covariance" })?;
        let deviates: Vec<f64> = (0..columns).map(|_| normal(&mut random)).collect();
        let beta: Vec<f64> = factor.times(&deviates).iter().zip(&at.beta).map(|(step, b)| b + step).collect();
        for (direct, x) in data.direct.iter().zip(data.matrix.chunks_exact(columns)) {
            let (remainder, spread) = remainder(*direct, *variance);
            let regression = dot(x, &beta);
            let centre = direct.map_or(regression, |(y, _)| y + remainder * (regression - y));
            values.push(centre + spread.sqrt() * normal(&mut random));
        }
        coefficients.extend(beta);
        variances.push(*variance);
    }
    Ok(FayHerriotDraws { areas: Draws::new(values, data.direct.len())?, coefficients, variances })
}

/// The weight `psi / (s2 + psi)` of the regression in an area, and the variance of the area given the coefficients.
fn remainder(direct: Option<(f64, f64)>, variance: f64) -> (f64, f64) {
    match direct {
        None => (1.0, variance),
        Some((_, psi)) => {
            let remainder = psi / (variance + psi);
            (remainder, variance * remainder)
        }
    }
}

/// Points and weights of the posterior of the variance of the area effects.
fn variance_points(sampled: &Sampled<'_>) -> Result<Vec<(f64, f64)>> {
    let improper = StatsError::Empty { quantity: "the posterior of the area variance (too few areas)" };
    if sampled.y.len() <= sampled.columns + 4 {
        return Err(improper);
    }
    let mut sorted = sampled.psi.clone();
    sorted.sort_by(f64::total_cmp);
    let density = |variance: f64| Some(sampled.objective(variance, VarianceMethod::Reml));
    log_trapezoid(sorted[sorted.len() / 2], density).ok_or(improper)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_have_the_exact_moments_of_the_posterior() {
        let direct: Vec<Option<(f64, f64)>> = (0..30)
            .map(|area| {
                let wave = (area as f64 * 1.7).sin();
                (area % 7 != 3).then_some((0.4 + 0.1 * wave, 0.002 + 0.004 * (area as f64 * 0.9).cos().abs()))
            })
            .collect();
        let matrix: Vec<f64> = (0..30).flat_map(|area| [1.0, (area as f64 * 0.31).sin()]).collect();
        let column_names = ["intercept".to_owned(), "x".to_owned()];
        let data = AreaData { direct: &direct, matrix: &matrix, column_names: &column_names };
        let exact = hierarchical_fay_herriot(&data).unwrap();
        let count = 20_000;
        let draws = hierarchical_fay_herriot_draws(&data, count, 5).unwrap();
        let mean_variance = draws.variances.iter().sum::<f64>() / count as f64;
        assert!((mean_variance / exact.variance - 1.0).abs() < 0.03, "{mean_variance} against {}", exact.variance);
        for (area, estimate) in exact.estimates.iter().enumerate() {
            let values = draws.areas.area(area);
            let mean = values.iter().sum::<f64>() / count as f64;
            let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (count as f64 - 1.0);
            let error = (estimate.variance / count as f64).sqrt();
            assert!((mean - estimate.mean).abs() < 4.5 * error, "area {area}: mean {mean} against {}", estimate.mean);
            assert!((variance / estimate.variance - 1.0).abs() < 0.06, "area {area}: variance {variance}");
        }
        assert_eq!(draws, hierarchical_fay_herriot_draws(&data, count, 5).unwrap());
    }
}
