//! Distance P2: an index that counts every indicator for what it adds to those before it.

use super::correlation::{CorrelationKind, correlations};
use super::{complete_columns, mean_and_deviation};
use crate::error::{Result, StatsError, same_length};
use crate::linear_algebra::dot;

/// Peña's distance P2, `DP2_i = sum_j (|x_ij - r_j| / s_j) (1 - R2_j)`: distances of an area from a reference in standard
/// deviations, each times the part of the indicator that the indicators before it do not explain (`R2_j` of the regression
/// on them). What is said twice counts once, without weights having to be chosen.
///
/// Indicators enter by their absolute correlation with the index, the strongest first; the index starts as the plain sum of
/// distances (all `R2_j` zero) and is computed again until the order holds. Unit: none; at least zero; zero for an area at
/// the reference in every indicator. A change of unit of an indicator changes nothing.
///
/// Checked against: the marginalisation index 2020 of Mexico (CONAPO), all digits of 2,469 municipalities
/// (`tests/marginalisation_index.rs`); hand-made cases. References: Peña Trapero, Problemas de la medición del bienestar (1977); Somarriba and Pena,
/// Social Indicators Research 94 (2009).
#[derive(Debug, Clone, PartialEq)]
pub struct DistanceP2 {
    /// Value of each indicator that distances are taken from; none takes the lowest value of each (turn negative
    /// indicators first).
    pub reference: Option<Vec<f64>>,
    /// Divisor of the standard deviations.
    pub divisor: Divisor,
    /// Orders to try before giving up.
    pub max_iterations: usize,
}

/// What the sum of squared deviations is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Divisor {
    /// Areas less one. The default.
    #[default]
    Sample,
    /// Areas: they are all there are. CONAPO's choice.
    Population,
}

impl Default for DistanceP2 {
    fn default() -> Self {
        Self { reference: None, divisor: Divisor::Sample, max_iterations: 100 }
    }
}

/// A fitted distance P2.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DistanceP2Fit {
    /// The index of every area.
    pub values: Vec<f64>,
    /// Columns in the order they entered.
    pub order: Vec<usize>,
    /// `1 - R2_j` of every column, in the order of the columns.
    pub new_information: Vec<f64>,
    /// Correlation of every column's distances with the index.
    pub correlations: Vec<f64>,
    /// Standard deviation of every column.
    pub deviations: Vec<f64>,
    /// Orders computed.
    pub iterations: usize,
}

impl DistanceP2 {
    /// Computes the index.
    ///
    /// # Errors
    /// Fewer than three areas, columns of unequal lengths, missing values, a constant column, or an order that keeps
    /// changing.
    ///
    /// # Example
    /// ```
    /// use clrisk_stats::composite::DistanceP2;
    /// # fn main() -> clrisk_stats::Result<()> {
    /// let indicator = [1.0, 2.0, 4.0];
    /// let repeated = [10.0, 20.0, 40.0];
    /// let once = DistanceP2::default().fit(&[indicator])?;
    /// let twice = DistanceP2::default().fit(&[indicator, repeated])?;
    /// assert!((once.values[2] - twice.values[2]).abs() < 1e-9);
    /// # Ok(()) }
    /// ```
    pub fn fit<C: AsRef<[f64]>>(&self, columns: &[C]) -> Result<DistanceP2Fit> {
        complete_columns(columns, 3)?;
        let matrix = correlations(columns, CorrelationKind::Pearson)?;
        let deviations = self.deviations(columns);
        let distances = self.distances(columns, &deviations)?;
        let p = columns.len();
        let mut new_information = vec![1.0; p];
        let mut values = weighted_sum(&distances, &new_information);
        let mut order: Vec<usize> = Vec::new();
        for iterations in 1..=self.max_iterations {
            let with_index: Vec<f64> = distances.iter().map(|d| correlation(d, &values)).collect();
            let mut next: Vec<usize> = (0..p).collect();
            next.sort_by(|&a, &b| with_index[b].abs().total_cmp(&with_index[a].abs()));
            if next == order {
                let correlations = with_index;
                return Ok(DistanceP2Fit { values, order, new_information, correlations, deviations, iterations });
            }
            new_information = unexplained(&matrix, &next);
            values = weighted_sum(&distances, &new_information);
            order = next;
        }
        Err(StatsError::NotConverged { procedure: "distance P2", iterations: self.max_iterations })
    }

    fn deviations<C: AsRef<[f64]>>(&self, columns: &[C]) -> Vec<f64> {
        let one = |column: &C| {
            let n = column.as_ref().len() as f64;
            let factor = if self.divisor == Divisor::Population { ((n - 1.0) / n).sqrt() } else { 1.0 };
            factor * mean_and_deviation(column.as_ref()).1
        };
        columns.iter().map(one).collect()
    }

    /// `|x_ij - r_j| / s_j`.
    fn distances<C: AsRef<[f64]>>(&self, columns: &[C], deviations: &[f64]) -> Result<Vec<Vec<f64>>> {
        if let Some(reference) = &self.reference {
            same_length("reference", reference.len(), columns.len())?;
        }
        let one = |(j, column): (usize, &C)| {
            let column = column.as_ref();
            let lowest = column.iter().copied().fold(f64::INFINITY, f64::min);
            let from = self.reference.as_ref().map_or(lowest, |reference| reference[j]);
            column.iter().map(|x| (x - from).abs() / deviations[j]).collect()
        };
        Ok(columns.iter().enumerate().map(one).collect())
    }
}

fn weighted_sum(distances: &[Vec<f64>], weights: &[f64]) -> Vec<f64> {
    let areas = distances[0].len();
    (0..areas).map(|area| distances.iter().zip(weights).map(|(d, w)| w * d[area]).sum()).collect()
}

/// Correlation; zero when one of the two does not vary.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let ((mean_a, deviation_a), (mean_b, deviation_b)) = (mean_and_deviation(a), mean_and_deviation(b));
    if deviation_a <= 0.0 || deviation_b <= 0.0 {
        return 0.0;
    }
    let product: f64 = a.iter().zip(b).map(|(x, y)| (x - mean_a) * (y - mean_b)).sum();
    product / ((a.len() as f64 - 1.0) * deviation_a * deviation_b)
}

/// `1 - R2` of every indicator on those before it in the order: the squared pivots of the Cholesky factor of their
/// correlations. An indicator that is a linear combination of those before adds nothing and is passed over.
fn unexplained(matrix: &[f64], order: &[usize]) -> Vec<f64> {
    let p = order.len();
    let mut rows: Vec<Vec<f64>> = Vec::with_capacity(p);
    let mut left = vec![0.0f64; p];
    for (position, &column) in order.iter().enumerate() {
        let mut row = vec![0.0; position];
        for before in 0..position {
            let pivot = left[order[before]].sqrt();
            let explained = dot(&row[..before], &rows[before][..before]);
            row[before] = if pivot > 0.0 { (matrix[column * p + order[before]] - explained) / pivot } else { 0.0 };
        }
        let rest = 1.0 - row.iter().map(|r| r * r).sum::<f64>();
        left[column] = if rest > 1e-10 { rest } else { 0.0 };
        rows.push(row);
    }
    left
}
