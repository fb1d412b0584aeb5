//! Do the indicators belong together, and do some say the same thing twice?

use super::{complete_columns, normalise::ranks_from_lowest, standardised};
use crate::distribution::chi_squared_upper;
use crate::error::{Result, StatsError};
use crate::linear_algebra::{Cholesky, dot};

/// Which correlation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CorrelationKind {
    /// Of the values. The default.
    #[default]
    Pearson,
    /// Of the ranks (equal values share their mean rank).
    Spearman,
}

/// Correlations of all pairs of columns, row-major.
///
/// # Errors
/// Fewer than three rows, columns of unequal lengths, missing values, a constant column.
pub fn correlations<C: AsRef<[f64]>>(columns: &[C], kind: CorrelationKind) -> Result<Vec<f64>> {
    complete_columns(columns, 3)?;
    let scaled = match kind {
        CorrelationKind::Pearson => standardised(columns)?,
        CorrelationKind::Spearman => {
            let ranks: Vec<Vec<f64>> = columns.iter().map(|c| mean_ranks(c.as_ref())).collect();
            standardised(&ranks)?
        }
    };
    let (p, n) = (scaled.len(), scaled[0].len() as f64);
    let mut matrix = vec![1.0; p * p];
    for i in 0..p {
        for j in 0..i {
            let r = (dot(&scaled[i], &scaled[j]) / (n - 1.0)).clamp(-1.0, 1.0);
            matrix[i * p + j] = r;
            matrix[j * p + i] = r;
        }
    }
    Ok(matrix)
}

/// Ranks where equal values share the mean of theirs: the mean of the rank from below and from above.
fn mean_ranks(values: &[f64]) -> Vec<f64> {
    let turned: Vec<f64> = values.iter().map(|v| -v).collect();
    let (up, down) = (ranks_from_lowest(values), ranks_from_lowest(&turned));
    let n = values.len() as f64;
    up.iter().zip(down).map(|(up, down)| 0.5 * (up + n + 1.0 - down)).collect()
}

/// Two indicators that say nearly the same.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct RedundantPair {
    /// Column.
    pub first: usize,
    /// A later column.
    pub second: usize,
    /// Their correlation.
    pub correlation: f64,
}

/// Pairs whose correlation is at least `threshold` in absolute value, the strongest first. Both kept, they count double.
///
/// # Errors
/// As [`correlations`]; a threshold outside (0, 1].
pub fn redundant_pairs<C: AsRef<[f64]>>(
    columns: &[C],
    kind: CorrelationKind,
    threshold: f64,
) -> Result<Vec<RedundantPair>> {
    if !(threshold > 0.0 && threshold <= 1.0) {
        return Err(StatsError::Setting { setting: "threshold", requirement: "above 0, at most 1" });
    }
    let (p, matrix) = (columns.len(), correlations(columns, kind)?);
    let mut pairs = Vec::new();
    for first in 0..p {
        for second in first + 1..p {
            let correlation = matrix[first * p + second];
            if correlation.abs() >= threshold {
                pairs.push(RedundantPair { first, second, correlation });
            }
        }
    }
    pairs.sort_by(|a, b| b.correlation.abs().total_cmp(&a.correlation.abs()));
    Ok(pairs)
}

/// Kaiser-Meyer-Olkin measure of sampling adequacy, 0 to 1: how much of the correlation between indicators is shared with
/// the others. Below 0.5 a factor analysis is not worth making.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SamplingAdequacy {
    /// `sum r^2 / (sum r^2 + sum q^2)` over all pairs, `q` the partial correlations.
    pub overall: f64,
    /// The same over the pairs of one indicator.
    pub indicators: Vec<f64>,
}

/// Inverse and logarithm of the determinant of the correlation matrix.
fn correlation_inverse<C: AsRef<[f64]>>(columns: &[C]) -> Result<(Vec<f64>, Vec<f64>, f64)> {
    let matrix = correlations(columns, CorrelationKind::Pearson)?;
    let factor = Cholesky::new(&matrix, columns.len())
        .map_err(|_| StatsError::NotPositiveDefinite { matrix: "correlation matrix of the indicators" })?;
    Ok((matrix, factor.inverse(), factor.log_determinant()))
}

/// Kaiser-Meyer-Olkin measure (Kaiser 1974).
///
/// # Errors
/// As [`correlations`]; indicators that are linear combinations of others.
///
/// Checked against: `composite.json` `oecd_pca_*` `KMO` (R `psych::KMO`).
pub fn sampling_adequacy<C: AsRef<[f64]>>(columns: &[C]) -> Result<SamplingAdequacy> {
    let (matrix, inverse, _) = correlation_inverse(columns)?;
    let p = columns.len();
    let mut sums = vec![(0.0, 0.0); p];
    for i in 0..p {
        for j in (0..p).filter(|&j| j != i) {
            sums[i].0 += matrix[i * p + j].powi(2);
            sums[i].1 += inverse[i * p + j].powi(2) / (inverse[i * p + i] * inverse[j * p + j]);
        }
    }
    let share = |(r, q): (f64, f64)| r / (r + q);
    let overall = share(sums.iter().fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1)));
    Ok(SamplingAdequacy { overall, indicators: sums.into_iter().map(share).collect() })
}

/// Bartlett's test that the indicators are all uncorrelated.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Bartlett {
    /// `-(n - 1 - (2 p + 5) / 6) log |R|`.
    pub chi_squared: f64,
    /// `p (p - 1) / 2`.
    pub degrees_of_freedom: f64,
    /// Upper tail of the chi-squared distribution.
    pub p_value: f64,
}

/// Bartlett's test of sphericity (Bartlett 1951).
///
/// # Errors
/// As [`sampling_adequacy`].
///
/// Checked against: `composite.json` `oecd_pca_*` `bartlett` (R `psych::cortest.bartlett`).
pub fn bartlett_sphericity<C: AsRef<[f64]>>(columns: &[C]) -> Result<Bartlett> {
    let (_, _, log_determinant) = correlation_inverse(columns)?;
    let (p, n) = (columns.len() as f64, columns[0].as_ref().len() as f64);
    let chi_squared = -(n - 1.0 - (2.0 * p + 5.0) / 6.0) * log_determinant;
    let degrees_of_freedom = 0.5 * p * (p - 1.0);
    Ok(Bartlett { chi_squared, degrees_of_freedom, p_value: chi_squared_upper(chi_squared, degrees_of_freedom) })
}

/// Cronbach's alpha, `(p / (p - 1)) (1 - sum of variances / variance of the sum)`: how consistent the indicators are as
/// parts of one scale. Depends on their units; turn negative indicators and normalise first where these differ.
///
/// # Errors
/// Fewer than two columns or three rows, columns of unequal lengths, missing values, a constant sum.
///
/// Checked against: `composite.json` `oecd_pca_*` `alpha` (R `psych::alpha`, raw).
pub fn cronbach_alpha<C: AsRef<[f64]>>(columns: &[C]) -> Result<f64> {
    complete_columns(columns, 3)?;
    let p = columns.len() as f64;
    if columns.len() < 2 {
        return Err(StatsError::Empty { quantity: "Cronbach's alpha" });
    }
    let variance = |values: &[f64]| super::mean_and_deviation(values).1.powi(2);
    let rows = columns[0].as_ref().len();
    let total: Vec<f64> = (0..rows).map(|row| columns.iter().map(|c| c.as_ref()[row]).sum()).collect();
    let (parts, whole) = (columns.iter().map(|c| variance(c.as_ref())).sum::<f64>(), variance(&total));
    if whole <= 0.0 {
        return Err(StatsError::ConstantOutcome);
    }
    Ok(p / (p - 1.0) * (1.0 - parts / whole))
}
