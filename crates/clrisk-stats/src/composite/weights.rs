//! Weights from the data: principal components, rotated factors, entropy.

use faer::{Mat, Side};

use super::{complete_columns, standardised};
use crate::error::{Result, StatsError};
use crate::linear_algebra::dot;

/// The same weight for each of `count` indicators, adding up to one.
pub fn equal_weights(count: usize) -> Vec<f64> {
    vec![1.0 / count as f64; count]
}

/// Entropy weights: `w_j` in proportion to `1 - e_j`, `e_j = -sum_i p_ij log p_ij / log n`, `p_ij = x_ij / sum_i x_ij`. An
/// indicator that hardly differs between areas gets hardly any weight, whatever its importance. Weights add up to one.
///
/// Depends on the zero of the scale: use indicators that are zero when nothing is there, or scores from 0 upwards.
///
/// # Errors
/// Fewer than two areas, columns of unequal lengths, missing or negative values, a column of zeros, or no column that
/// differs between areas.
///
/// # Example
/// ```
/// use clrisk_stats::composite::entropy_weights;
/// # fn main() -> clrisk_stats::Result<()> {
/// assert_eq!(entropy_weights(&[[1.0, 1.0, 1.0], [0.0, 0.0, 9.0]])?, [0.0, 1.0]);
/// # Ok(()) }
/// ```
///
/// Reference: Hwang and Yoon, Multiple Attribute Decision Making (1981). Checked against: definition.
pub fn entropy_weights<C: AsRef<[f64]>>(columns: &[C]) -> Result<Vec<f64>> {
    complete_columns(columns, 2)?;
    let mut diversity = Vec::with_capacity(columns.len());
    for column in columns {
        let column = column.as_ref();
        let total: f64 = column.iter().sum();
        if let Some(row) = column.iter().position(|v| *v < 0.0) {
            return Err(StatsError::OutOfRange { input: "indicator", requirement: "not negative", row });
        }
        if total <= 0.0 {
            return Err(StatsError::ZeroDenominator);
        }
        let shares = column.iter().map(|v| v / total).filter(|p| *p > 0.0);
        let entropy = -shares.map(|p| p * p.ln()).sum::<f64>() / (column.len() as f64).ln();
        // Equal shares have an entropy of one but for rounding.
        diversity.push(if entropy > 1.0 - 1e-13 { 0.0 } else { 1.0 - entropy });
    }
    let total: f64 = diversity.iter().sum();
    if total <= 0.0 { Err(StatsError::ConstantOutcome) } else { Ok(diversity.iter().map(|d| d / total).collect()) }
}

/// Principal components of standardised indicators (of their correlation matrix), the largest first. The sign of a
/// component is free; here its loadings add up to something positive.
///
/// Checked against: `composite.json` `pca`, `asem_pca_weights` (R `prcomp`, `COINr::get_PCA`).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PrincipalComponents {
    /// Variances of the components; they add up to the number of indicators.
    pub variances: Vec<f64>,
    /// Directions, of length one: `directions[component][indicator]`. The first is what some use as weights; entries may be
    /// negative.
    pub directions: Vec<Vec<f64>>,
    /// `scores[component][area]`.
    pub scores: Vec<Vec<f64>>,
}

impl PrincipalComponents {
    /// Computes all components.
    ///
    /// # Errors
    /// Fewer than three areas, columns of unequal lengths, missing values, a constant column.
    pub fn fit<C: AsRef<[f64]>>(columns: &[C]) -> Result<Self> {
        let scaled = standardised(columns)?;
        let (p, n) = (scaled.len(), scaled[0].len());
        let divisor = n as f64 - 1.0;
        let matrix = Mat::from_fn(p, p, |i, j| dot(&scaled[i], &scaled[j]) / divisor);
        let eigen = matrix
            .self_adjoint_eigen(Side::Lower)
            .map_err(|_| StatsError::NotConverged { procedure: "principal components", iterations: 0 })?;
        let (values, vectors) = (eigen.S().column_vector(), eigen.U());
        // Eigenvalues come in rising order.
        let component = |k: usize| {
            let direction: Vec<f64> = (0..p).map(|i| vectors[(i, p - 1 - k)]).collect();
            upright(direction)
        };
        let directions: Vec<Vec<f64>> = (0..p).map(component).collect();
        let variances = (0..p).map(|k| values[p - 1 - k].max(0.0)).collect();
        let score = |direction: &Vec<f64>, area: usize| (0..p).map(|j| direction[j] * scaled[j][area]).sum();
        let scores = directions.iter().map(|d| (0..n).map(|area| score(d, area)).collect()).collect();
        Ok(Self { variances, directions, scores })
    }

    /// Shares of the variance of all indicators.
    pub fn shares(&self) -> Vec<f64> {
        self.variances.iter().map(|v| v / self.variances.len() as f64).collect()
    }

    /// Weights from the first `factors` components, rotated by [`varimax`]; see [`FactorWeights`].
    ///
    /// # Errors
    /// No factors or more than indicators; a rotation that does not converge.
    pub fn factor_weights(&self, factors: usize) -> Result<FactorWeights> {
        FactorWeights::from_loadings(&varimax(&self.loadings(factors)?)?)
    }

    /// Loadings of the first components before rotation, `loadings[component][indicator]`: correlations of the indicators
    /// with the component.
    ///
    /// # Errors
    /// No components or more than indicators.
    pub fn loadings(&self, components: usize) -> Result<Vec<Vec<f64>>> {
        if components == 0 || components > self.variances.len() {
            return Err(StatsError::Setting {
                setting: "factors",
                requirement: "between 1 and the number of indicators",
            });
        }
        let one = |k: usize| self.directions[k].iter().map(|d| d * self.variances[k].sqrt()).collect();
        Ok((0..components).map(one).collect())
    }
}

/// Turned so that the entries add up to something positive.
fn upright(vector: Vec<f64>) -> Vec<f64> {
    if vector.iter().sum::<f64>() < 0.0 { vector.into_iter().map(|v| -v).collect() } else { vector }
}

/// Weights from rotated factors as the OECD-JRC handbook proposes (Nicoletti, Scarpetta and Boylaud 2000): squared loadings
/// are scaled to add up to one in each factor; an indicator takes its largest scaled square, times the share of its factor
/// in the variance of all factors kept. Weights add up to one.
///
/// Checked against: `composite.json` `oecd_pca_nf1`, `oecd_pca_nf2` (R `psych::principal`).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FactorWeights {
    /// Loadings, `loadings[factor][indicator]`. The largest factor first, each with the sign that makes its sum positive.
    pub loadings: Vec<Vec<f64>>,
    /// Variance of each factor: the sum of its squared loadings.
    pub variances: Vec<f64>,
    /// Squared loadings over the factor's variance.
    pub scaled_squares: Vec<Vec<f64>>,
    /// The weights.
    pub weights: Vec<f64>,
}

impl FactorWeights {
    /// Weights from loadings that were computed, and rotated, elsewhere.
    ///
    /// # Errors
    /// No factors, factors of unequal lengths, a factor without loadings, values that are missing.
    pub fn from_loadings(loadings: &[Vec<f64>]) -> Result<Self> {
        complete_columns(loadings, 1)?;
        let sum = |l: &[f64]| l.iter().map(|v| v * v).sum::<f64>();
        let mut loadings: Vec<Vec<f64>> = loadings.iter().cloned().map(upright).collect();
        loadings.sort_by(|a, b| sum(b).total_cmp(&sum(a)));
        let variances: Vec<f64> = loadings.iter().map(|l| sum(l)).collect();
        if variances.iter().any(|v| *v <= 0.0) {
            return Err(StatsError::ZeroDenominator);
        }
        let scale = |(l, v): (&Vec<f64>, &f64)| -> Vec<f64> { l.iter().map(|x| x * x / v).collect() };
        let scaled_squares: Vec<Vec<f64>> = loadings.iter().zip(&variances).map(scale).collect();
        let largest = |j: usize| {
            // Of equal ones the first factor.
            let by_size = |&a: &usize, &b: &usize| scaled_squares[a][j].total_cmp(&scaled_squares[b][j]);
            let factor = (0..loadings.len()).rev().max_by(by_size).unwrap_or(0);
            scaled_squares[factor][j] * variances[factor]
        };
        let raw: Vec<f64> = (0..loadings[0].len()).map(largest).collect();
        let total: f64 = raw.iter().sum();
        Ok(Self { weights: raw.iter().map(|w| w / total).collect(), loadings, variances, scaled_squares })
    }
}

/// Varimax rotation (Kaiser 1958) of loadings, `loadings[factor][indicator]` in and out: factors on which every indicator
/// loads either much or little. Maximises the variance of the squared loadings, each indicator scaled to length one first.
///
/// Factors are turned two by two, each pair to its maximum in closed form, until none turns by more than 1e-9 (as the error
/// falls with the square of that, nothing is left).
///
/// # Errors
/// No factors, factors of unequal lengths, values that are missing, or no convergence in 1,000 rounds.
///
/// Checked against: `composite.json` `oecd_pca_nf2` (R `stats::varimax`, which stops some digits before the maximum).
pub fn varimax(loadings: &[Vec<f64>]) -> Result<Vec<Vec<f64>>> {
    const ROUNDS: usize = 1000;
    const TOLERANCE: f64 = 1e-9;
    complete_columns(loadings, 1)?;
    let length = |j: usize| loadings.iter().map(|l| l[j] * l[j]).sum::<f64>().sqrt();
    // An indicator without loadings has nothing to turn.
    let lengths: Vec<f64> = (0..loadings[0].len()).map(length).map(|l| if l > 0.0 { l } else { 1.0 }).collect();
    let scale = |l: &Vec<f64>| -> Vec<f64> { l.iter().zip(&lengths).map(|(v, length)| v / length).collect() };
    let mut factors: Vec<Vec<f64>> = loadings.iter().map(scale).collect();
    for _ in 0..ROUNDS {
        let mut largest = 0.0f64;
        for second in 1..factors.len() {
            for first in 0..second {
                let (before, after) = factors.split_at_mut(second);
                largest = largest.max(turn_pair(&mut before[first], &mut after[0]).abs());
            }
        }
        if largest <= TOLERANCE {
            let unscale = |l: Vec<f64>| l.iter().zip(&lengths).map(|(v, length)| v * length).collect();
            return Ok(factors.into_iter().map(unscale).collect());
        }
    }
    Err(StatsError::NotConverged { procedure: "varimax rotation", iterations: ROUNDS })
}

/// Turns two factors to the maximum of the criterion in their plane and returns the angle. With `x`, `y` the loadings,
/// `u = x^2 - y^2` and `v = 2 x y`, the criterion is a cosine of four times the angle.
fn turn_pair(first: &mut [f64], second: &mut [f64]) -> f64 {
    let count = first.len() as f64;
    let (mut u, mut v, mut cosine, mut sine) = (0.0, 0.0, 0.0, 0.0);
    for (x, y) in first.iter().zip(second.iter()) {
        let (a, b) = (x * x - y * y, 2.0 * x * y);
        u += a;
        v += b;
        cosine += a * a - b * b;
        sine += 2.0 * a * b;
    }
    sine -= 2.0 * u * v / count;
    cosine -= (u * u - v * v) / count;
    // The same everywhere in the plane: any angle is a maximum.
    if sine.hypot(cosine) <= 1e-12 * count {
        return 0.0;
    }
    let angle = 0.25 * sine.atan2(cosine);
    let (sin, cos) = angle.sin_cos();
    for (x, y) in first.iter_mut().zip(second) {
        (*x, *y) = (cos * *x + sin * *y, cos * *y - sin * *x);
    }
    angle
}
