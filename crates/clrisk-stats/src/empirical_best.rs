//! Empirical best proportions of areas: a logistic model with one random area intercept, averaged over census rows.
//!
//! For given coefficients and standard deviation, what is known of an area's proportion is exact up to a one-dimensional
//! integral over its effect. This is the yardstick for approximations (a plugged-in mode, posterior draws of a larger
//! model), and a method in itself for a model with no other random effect.

use crate::error::{Result, StatsError, same_length};
use crate::logit::inverse_logit;
use crate::quadrature::gauss_hermite;

/// Rows with a linear predictor `x'b` (without the area effect), of the sample or of the census.
#[derive(Debug, Clone, Copy)]
pub struct AreaPredictors<'a> {
    /// Linear predictor of each row, on the logit scale.
    pub linear_predictor: &'a [f64],
    /// Area of each row.
    pub area_of_row: &'a [u32],
    /// Weight of each row in the likelihood, or persons it stands for; one each when absent.
    pub counts: Option<&'a [f64]>,
}

/// Empirical best prediction of `mean over census rows of p_i(u)`, `logit p_i(u) = x_i'b + u_d`, `u_d ~ N(0, sd^2)`, given
/// the outcomes of the sample in area `d`.
///
/// The log posterior density of `u_d` is `sum over sample of w (y (x'b + u) - ln(1 + exp(x'b + u))) - u^2 / (2 sd^2)` but for
/// a constant. Means under it are taken by adaptive Gauss-Hermite quadrature, centred at its mode and scaled by its
/// curvature (Liu and Pierce 1994): with the default points exact to about ten digits. Coefficients and standard deviation
/// count as known.
///
/// Checked against: `eb_logit.json` `areas` (integration on a grid of 2,801 points; script `10_eb_logit.R`). Reference: Jiang
/// and Lahiri, Annals of the Institute of Statistical Mathematics 53 (2001); Rao and Molina, Small Area Estimation (2015),
/// section 9.5; Liu and Pierce, Biometrika 81 (1994).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EmpiricalBest {
    /// Standard deviation of the area effects, on the logit scale.
    pub standard_deviation: f64,
    /// Points of the quadrature, 1 to 200. Default 41.
    pub points: usize,
}

impl EmpiricalBest {
    /// With the default number of points.
    pub fn new(standard_deviation: f64) -> Self {
        Self { standard_deviation, points: 41 }
    }
}

/// What is known of the proportion of one area.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct BestProportion {
    /// Posterior mean: the empirical best prediction.
    pub value: f64,
    /// Posterior variance of the area's mean probability.
    pub variance: f64,
    /// Posterior mean of `sum p (1 - p) / N^2`: what is added when the target is the realised share of `N` persons.
    pub realisation_variance: f64,
    /// The proportion at the mode of the effect.
    pub plug_in: f64,
    /// The proportion at an effect of zero.
    pub synthetic: f64,
    /// Mode of the effect.
    pub effect_mode: f64,
    /// Mean of the effect.
    pub effect_mean: f64,
    /// Variance of the effect.
    pub effect_variance: f64,
    /// Rows of the sample.
    pub sample_size: usize,
    /// Persons of the census.
    pub population: f64,
}

/// Rows of one area.
#[derive(Debug, Clone, Default)]
struct Rows {
    predictor: Vec<f64>,
    weight: Vec<f64>,
    outcome: Vec<f64>,
}

impl EmpiricalBest {
    /// Proportions of areas `0..areas`; `None` for areas without census rows. Areas without sample have the prior of the
    /// effect.
    ///
    /// # Errors
    /// Unequal lengths, predictors that are not finite, weights that are negative, outcomes other than 0 and 1, areas out of
    /// range, a standard deviation that is not positive, or points outside 1 to 200.
    ///
    /// # Example
    /// ```
    /// use clrisk_stats::empirical_best::{AreaPredictors, EmpiricalBest};
    /// # fn main() -> clrisk_stats::Result<()> {
    /// let sample = AreaPredictors { linear_predictor: &[-2.0; 6], area_of_row: &[0; 6], counts: None };
    /// let census = AreaPredictors { linear_predictor: &[-2.0; 4], area_of_row: &[0, 0, 1, 1], counts: None };
    /// let found = EmpiricalBest::new(0.5).proportions(&sample, &[1.0, 1.0, 0.0, 1.0, 0.0, 0.0], &census, 2)?;
    /// let (sampled, unsampled) = (found[0].unwrap(), found[1].unwrap());
    /// assert!(sampled.value > unsampled.value && sampled.variance > 0.0);
    /// # Ok(()) }
    /// ```
    pub fn proportions(
        &self,
        sample: &AreaPredictors<'_>,
        outcome: &[f64],
        census: &AreaPredictors<'_>,
        areas: usize,
    ) -> Result<Vec<Option<BestProportion>>> {
        if !(self.standard_deviation.is_finite() && self.standard_deviation > 0.0) {
            return Err(StatsError::Setting { setting: "standard_deviation", requirement: "positive" });
        }
        if !(1..=200).contains(&self.points) {
            return Err(StatsError::Setting { setting: "points", requirement: "1 to 200" });
        }
        same_length("outcome", outcome.len(), sample.linear_predictor.len())?;
        if let Some(row) = outcome.iter().position(|y| *y != 0.0 && *y != 1.0) {
            return Err(StatsError::OutOfRange { input: "outcome", requirement: "0 or 1", row });
        }
        let sampled = by_area(sample, Some(outcome), areas)?;
        let populations = by_area(census, None, areas)?;
        let rule = gauss_hermite(self.points);
        let pairs = sampled.iter().zip(&populations);
        Ok(pairs.map(|(sample, census)| self.proportion(sample, census, &rule)).collect())
    }

    fn proportion(&self, sample: &Rows, census: &Rows, rule: &[(f64, f64)]) -> Option<BestProportion> {
        let population: f64 = census.weight.iter().sum();
        if population <= 0.0 {
            return None;
        }
        let (mode, curvature) = self.mode(sample);
        let width = curvature.sqrt().recip();
        let top = self.log_density(sample, mode);
        let points: Vec<(f64, f64)> = rule
            .iter()
            .map(|(node, weight)| {
                let effect = mode + width * node;
                (effect, weight * (self.log_density(sample, effect) - top + 0.5 * node * node).exp())
            })
            .collect();
        let total: f64 = points.iter().map(|(_, weight)| weight).sum();
        let at_points: Vec<(f64, f64, f64)> = points
            .iter()
            .map(|(effect, weight)| {
                let (mean, spread) = mean_probability(census, *effect, population);
                (mean, spread, weight / total)
            })
            .collect();
        let value: f64 = at_points.iter().map(|(mean, _, weight)| weight * mean).sum();
        let effect_mean: f64 = points.iter().map(|(effect, weight)| weight / total * effect).sum();
        Some(BestProportion {
            value,
            variance: at_points.iter().map(|(mean, _, weight)| weight * (mean - value).powi(2)).sum(),
            realisation_variance: at_points.iter().map(|(_, spread, weight)| weight * spread).sum(),
            plug_in: mean_probability(census, mode, population).0,
            synthetic: mean_probability(census, 0.0, population).0,
            effect_mode: mode,
            effect_mean,
            effect_variance: points.iter().map(|(u, weight)| weight / total * (u - effect_mean).powi(2)).sum(),
            sample_size: sample.predictor.len(),
            population,
        })
    }

    fn log_density(&self, sample: &Rows, effect: f64) -> f64 {
        let likelihood: f64 = (0..sample.predictor.len())
            .map(|i| {
                let eta = sample.predictor[i] + effect;
                // ln(1 + exp(eta)) without overflow.
                sample.weight[i] * (sample.outcome[i] * eta - eta.max(0.0) - (-eta.abs()).exp().ln_1p())
            })
            .sum();
        likelihood - 0.5 * (effect / self.standard_deviation).powi(2)
    }

    /// Mode of the effect and minus the second derivative of its log density there. The density is log-concave; Newton
    /// steps from zero are halved while they overshoot.
    fn mode(&self, sample: &Rows) -> (f64, f64) {
        let precision = self.standard_deviation.powi(-2);
        let slope = |effect: f64| {
            let (mut score, mut curvature) = (-effect * precision, precision);
            for i in 0..sample.predictor.len() {
                let p = inverse_logit(sample.predictor[i] + effect);
                score += sample.weight[i] * (sample.outcome[i] - p);
                curvature += sample.weight[i] * p * (1.0 - p);
            }
            (score, curvature)
        };
        let mut effect = 0.0;
        let mut at = slope(effect);
        for _ in 0..100 {
            let mut step = at.0 / at.1;
            let mut next = slope(effect + step);
            while next.0.abs() > at.0.abs() && step.abs() > 1e-14 {
                step *= 0.5;
                next = slope(effect + step);
            }
            effect += step;
            at = next;
            if step.abs() <= 1e-13 * (1.0 + effect.abs()) {
                break;
            }
        }
        (effect, at.1)
    }
}

/// Mean probability of the census rows at an effect, and `sum n p (1 - p) / N^2`.
fn mean_probability(census: &Rows, effect: f64, population: f64) -> (f64, f64) {
    let (mut sum, mut spread) = (0.0, 0.0);
    for (predictor, weight) in census.predictor.iter().zip(&census.weight) {
        let p = inverse_logit(predictor + effect);
        sum += weight * p;
        spread += weight * p * (1.0 - p);
    }
    (sum / population, spread / (population * population))
}

fn by_area(rows: &AreaPredictors<'_>, outcome: Option<&[f64]>, areas: usize) -> Result<Vec<Rows>> {
    let n = rows.linear_predictor.len();
    same_length("area_of_row", rows.area_of_row.len(), n)?;
    if let Some(counts) = rows.counts {
        same_length("counts", counts.len(), n)?;
    }
    let mut result = vec![Rows::default(); areas];
    for row in 0..n {
        let (predictor, weight) = (rows.linear_predictor[row], rows.counts.map_or(1.0, |counts| counts[row]));
        if !predictor.is_finite() {
            return Err(StatsError::Missing { input: "linear_predictor", row });
        }
        if !(weight.is_finite() && weight >= 0.0) {
            return Err(StatsError::OutOfRange { input: "counts", requirement: "finite and not negative", row });
        }
        let Some(own) = result.get_mut(rows.area_of_row[row] as usize) else {
            return Err(StatsError::OutOfRange { input: "area", requirement: "below the number of areas", row });
        };
        own.predictor.push(predictor);
        own.weight.push(weight);
        if let Some(outcome) = outcome {
            own.outcome.push(outcome[row]);
        }
    }
    Ok(result)
}
