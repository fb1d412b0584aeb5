//! Area means of the nested error model with the variance ratio integrated out.

use super::nested_error::{AreaPopulation, AreaSample, NestedError, UnitData, check_population, samples};
use crate::error::{Result, StatsError};
use crate::linear_algebra::{Cholesky, dot, quadratic_form};
use crate::log_trapezoid::log_trapezoid;

/// Posterior mean and variance of one area mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PosteriorEstimate {
    /// Mean.
    pub mean: f64,
    /// Variance.
    pub variance: f64,
}

/// Posterior of area means.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct HierarchicalAreaMeans {
    /// Posterior mean of the ratio of area to error variance.
    pub variance_ratio: f64,
    /// Posterior of every area mean, in order.
    pub estimates: Vec<PosteriorEstimate>,
}

/// Hierarchical Bayes area means of the nested error model: flat priors for the coefficients and for the ratio
/// `l = sv2 / se2 > 0`, and `1 / se2` for the error variance (Datta and Ghosh 1991).
///
/// Given the ratio everything is in closed form: the mean is the linear predictor, the variance is its mean squared error
/// at `se2 = rss(l) / (records - columns - 2)`; the density of the ratio is `|V|^-1/2 |X'V^-1 X|^-1/2 rss^-(d/2)`, `d` =
/// records less columns. The mean and variance over the ratio are sums on a grid that is exact to rounding.
///
/// Units and assumptions: as [`NestedError`].
///
/// # Errors
/// As [`NestedError`] and [`AreaPopulation`]; too few records or areas for the posterior to have a variance.
///
/// Checked against: `sae.json` `corn_hbsae_HB` (R `hbsae`; script `05_fay_herriot.R`). Reference: Datta and Ghosh, Annals
/// of Statistics 19 (1991).
pub fn hierarchical_area_means(data: &UnitData<'_>, population: &AreaPopulation<'_>) -> Result<HierarchicalAreaMeans> {
    let fit = NestedError::default().fit(data)?;
    let model = Model::new(data, &fit.model.coefficients);
    let p = data.column_names.len();
    check_population(population, &model.samples, p)?;
    let improper = StatsError::Empty { quantity: "the posterior of the variance ratio (too few areas or records)" };
    let degrees = model.rows - p as f64;
    if degrees <= 4.0 {
        return Err(improper);
    }
    // The density falls as a power of the ratio, half the number of areas less the columns that vary between them only. Its
    // mean, which is in the variance of areas without sample, needs more than the second power.
    let far = |ratio: f64| model.at(ratio).map(|at| at.log_density);
    match far(1e8).zip(far(1e9)) {
        Some((near, far)) if (far - near) / 10f64.ln() < -2.01 => {}
        _ => return Err(improper),
    }
    let start = (fit.area_variance / fit.residual_variance).max(1e-3);
    let points = log_trapezoid(start, |ratio| Some(model.at(ratio)?.log_density)).ok_or(improper)?;
    let mut first = vec![0.0; data.areas];
    let mut second = vec![0.0; data.areas];
    let mut centre: Option<Vec<f64>> = None;
    let mut variance_ratio = 0.0;
    for (ratio, weight) in points {
        let Some(at) = model.at(ratio) else { continue };
        variance_ratio += weight * ratio;
        let means = population.means.chunks_exact(p).enumerate();
        let found: Vec<(f64, f64)> = means
            .map(|(area, mean)| model.predict(&at, area, mean, population.sizes.map(|sizes| sizes[area]), degrees))
            .collect();
        // Deviations from the first point keep the digits of the variance.
        let centre = centre.get_or_insert_with(|| found.iter().map(|f| f.0).collect());
        for (area, (value, variance)) in found.iter().enumerate() {
            let deviation = value - centre[area];
            first[area] += weight * deviation;
            second[area] += weight * (variance + deviation * deviation);
        }
    }
    let centre = centre.unwrap_or_default();
    let estimates = (0..data.areas)
        .map(|area| PosteriorEstimate {
            mean: centre[area] + first[area],
            variance: (second[area] - first[area] * first[area]).max(0.0),
        })
        .collect();
    Ok(HierarchicalAreaMeans { variance_ratio, estimates })
}

/// Area means of the records and cross products within areas, outcomes taken around a fitted regression.
struct Model {
    rows: f64,
    samples: Vec<AreaSample>,
    centre: Vec<f64>,
    xx: Vec<f64>,
    xr: Vec<f64>,
    rr: f64,
}

/// Everything at one variance ratio.
struct At {
    ratio: f64,
    log_density: f64,
    beta: Vec<f64>,
    inverse: Vec<f64>,
    residual: f64,
}

impl Model {
    fn new(data: &UnitData<'_>, centre: &[f64]) -> Self {
        let p = data.column_names.len();
        let residuals: Vec<f64> =
            data.outcome.iter().zip(data.matrix.chunks_exact(p)).map(|(y, x)| y - dot(x, centre)).collect();
        let samples = samples(&UnitData { outcome: &residuals, ..*data });
        let (mut xx, mut xr, mut rr) = (vec![0.0; p * p], vec![0.0; p], 0.0);
        for ((x, r), &area) in data.matrix.chunks_exact(p).zip(&residuals).zip(data.area_of_row) {
            let sample = &samples[area as usize];
            let x: Vec<f64> = x.iter().zip(&sample.covariates).map(|(x, mean)| x - mean).collect();
            let r = r - sample.mean;
            rr += r * r;
            for i in 0..p {
                xr[i] += x[i] * r;
                (0..p).for_each(|j| xx[i * p + j] += x[i] * x[j]);
            }
        }
        Self { rows: residuals.len() as f64, samples, centre: centre.to_vec(), xx, xr, rr }
    }

    fn at(&self, ratio: f64) -> Option<At> {
        let p = self.xr.len();
        let (mut xx, mut xr, mut rr) = (self.xx.clone(), self.xr.clone(), self.rr);
        let mut log_determinant = 0.0;
        for sample in self.samples.iter().filter(|s| s.size > 0) {
            let n = sample.size as f64;
            // All of V^-1 that is left between areas.
            let weight = n / (1.0 + n * ratio);
            log_determinant += (n * ratio).ln_1p();
            rr += weight * sample.mean * sample.mean;
            for i in 0..p {
                xr[i] += weight * sample.covariates[i] * sample.mean;
                (0..p).for_each(|j| xx[i * p + j] += weight * sample.covariates[i] * sample.covariates[j]);
            }
        }
        let factor = Cholesky::new(&xx, p).ok()?;
        let mut beta = xr.clone();
        factor.solve(&mut beta);
        let residual = rr - dot(&beta, &xr);
        let degrees = self.rows - p as f64;
        let log_density = -0.5 * (log_determinant + factor.log_determinant() + degrees * residual.ln());
        Some(At { ratio, log_density, beta, inverse: factor.inverse(), residual })
    }

    /// Mean and variance of an area's mean given the ratio.
    fn predict(&self, at: &At, area: usize, population_mean: &[f64], size: Option<f64>, degrees: f64) -> (f64, f64) {
        let sample = &self.samples[area];
        let n = sample.size as f64;
        let fraction = size.map_or(0.0, |size| n / size);
        let rest = 1.0 - fraction;
        let shrinkage = n * at.ratio / (1.0 + n * at.ratio);
        let own = sample.mean - dot(&sample.covariates, &at.beta);
        let value =
            dot(population_mean, &self.centre) + dot(population_mean, &at.beta) + (fraction + rest * shrinkage) * own;
        let distance: Vec<f64> = population_mean
            .iter()
            .zip(&sample.covariates)
            .map(|(x, sampled)| x - (fraction + rest * shrinkage) * sampled)
            .collect();
        let leading = rest * rest * at.ratio / (1.0 + n * at.ratio);
        let errors = size.map_or(0.0, |size| (size - n) / (size * size));
        let scale = at.residual / (degrees - 2.0);
        (value, scale * (leading + errors + quadratic_form(&at.inverse, &distance)))
    }
}
