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
/// Reference: Hwang and Yoon, Multiple Attribute Decision Making (1981), section 3.2. Checked against: definition.
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

    /// Weights from the first `factors` components as the OECD-JRC handbook proposes (Nicoletti, Scarpetta and Boylaud
    /// 2000): loadings are rotated, their squares scaled to add up to one in each factor; an indicator takes its largest
    /// scaled square, times the share of its factor in the variance of all factors kept. Weights add up to one.
    ///
    /// # Errors
    /// No factors or more than indicators; a rotation that does not converge.
    ///
    /// Checked against: `composite.json` `oecd_pca_nf1`, `oecd_pca_nf2` (R `psych::principal`).
    pub fn factor_weights(&self, factors: usize, rotation: &Varimax) -> Result<FactorWeights> {
        let p = self.variances.len();
        if factors == 0 || factors > p {
            return Err(StatsError::Setting {
                setting: "factors",
                requirement: "between 1 and the number of indicators",
            });
        }
        let loading = |k: usize| self.directions[k].iter().map(|d| d * self.variances[k].sqrt()).collect();
        let loadings: Vec<Vec<f64>> = (0..factors).map(loading).collect();
        let mut loadings: Vec<Vec<f64>> = rotation.rotate(&loadings)?.into_iter().map(upright).collect();
        let sum = |l: &[f64]| l.iter().map(|v| v * v).sum::<f64>();
        loadings.sort_by(|a, b| sum(b).total_cmp(&sum(a)));
        let variances: Vec<f64> = loadings.iter().map(|l| sum(l)).collect();
        let scaled: Vec<Vec<f64>> =
            loadings.iter().zip(&variances).map(|(l, v)| l.iter().map(|x| x * x / v).collect()).collect();
        let all: f64 = variances.iter().sum();
        let mut weights: Vec<f64> = (0..p)
            .map(|j| {
                // The first of equal ones.
                let best = (0..factors).rev().max_by(|&a, &b| scaled[a][j].total_cmp(&scaled[b][j])).unwrap_or(0);
                scaled[best][j] * variances[best] / all
            })
            .collect();
        let total: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|w| *w /= total);
        Ok(FactorWeights { loadings, variances, scaled_squares: scaled, weights })
    }
}

/// Turned so that the entries add up to something positive.
fn upright(vector: Vec<f64>) -> Vec<f64> {
    if vector.iter().sum::<f64>() < 0.0 { vector.into_iter().map(|v| -v).collect() } else { vector }
}

/// Weights from rotated factors, and how they came about.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FactorWeights {
    /// Rotated loadings, `loadings[factor][indicator]`: correlations of indicators with factors. The largest factor first.
    pub loadings: Vec<Vec<f64>>,
    /// Variance of each factor: the sum of its squared loadings.
    pub variances: Vec<f64>,
    /// Squared loadings over the factor's variance.
    pub scaled_squares: Vec<Vec<f64>>,
    /// The weights.
    pub weights: Vec<f64>,
}

/// Varimax rotation (Kaiser 1958) of loadings scaled to length one per indicator: factors on which every indicator loads
/// either much or little.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Varimax {
    /// Stop when the criterion grows by less than this, relatively. R stops at 1e-5, some digits before the maximum.
    pub tolerance: f64,
    /// Rotations allowed.
    pub max_iterations: usize,
}

impl Default for Varimax {
    fn default() -> Self {
        Self { tolerance: 1e-14, max_iterations: 1000 }
    }
}

impl Varimax {
    /// Rotated loadings, `loadings[factor][indicator]` in and out. One factor stays as it is.
    ///
    /// # Errors
    /// No factors, factors of unequal lengths, or no convergence.
    pub fn rotate(&self, loadings: &[Vec<f64>]) -> Result<Vec<Vec<f64>>> {
        complete_columns(loadings, 1)?;
        let (p, factors) = (loadings[0].len(), loadings.len());
        if factors == 1 {
            return Ok(loadings.to_vec());
        }
        let length = |j: usize| loadings.iter().map(|l| l[j] * l[j]).sum::<f64>().sqrt();
        let lengths: Vec<f64> = (0..p).map(length).map(|l| if l > 0.0 { l } else { 1.0 }).collect();
        let scaled = Mat::from_fn(p, factors, |j, k| loadings[k][j] / lengths[j]);
        let mut rotation = Mat::<f64>::identity(factors, factors);
        let mut criterion = 0.0;
        for _ in 0..self.max_iterations {
            let rotated = &scaled * &rotation;
            let squares: Vec<f64> = (0..factors).map(|k| (0..p).map(|j| rotated[(j, k)].powi(2)).sum()).collect();
            let gradient = Mat::from_fn(p, factors, |j, k| {
                let z = rotated[(j, k)];
                z * (z * z - squares[k] / p as f64)
            });
            let target = scaled.transpose() * &gradient;
            let parts = target.svd().map_err(|_| StatsError::NotConverged {
                procedure: "varimax rotation",
                iterations: self.max_iterations,
            })?;
            // The orthogonal matrix nearest to the gradient.
            rotation = parts.U() * parts.V().transpose();
            let before = std::mem::replace(&mut criterion, (0..factors).map(|k| parts.S().column_vector()[k]).sum());
            if criterion < before * (1.0 + self.tolerance) {
                let rotated = &scaled * &rotation;
                let factor = |k: usize| (0..p).map(|j| rotated[(j, k)] * lengths[j]).collect();
                return Ok((0..factors).map(factor).collect());
            }
        }
        Err(StatsError::NotConverged { procedure: "varimax rotation", iterations: self.max_iterations })
    }
}
