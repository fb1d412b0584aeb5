//! Areas compared two by two: no scale, no compensation.

use super::{check_weights, complete_columns};
use crate::error::Result;

/// The outranking matrix: entry `(a, b)` is the weight of the indicators in which area `a` is above area `b`, plus half of
/// the weight of those in which they are equal, as a share of all weight. `(a, b) + (b, a) = 1`; the diagonal is zero.
///
/// Checked against: `composite.json` `outrank` (R `COINr::outrankMatrix`). Reference: Munda and Nardo, Applied Economics 41
/// (2009).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Outranking {
    /// Row-major, areas by areas.
    pub matrix: Vec<f64>,
    /// Pairs of areas in which one is above the other in every indicator: their order is the same whatever the weights.
    pub dominant_pairs: usize,
    /// The same as a share of all pairs.
    pub dominant_share: f64,
}

/// One area against all later ones: the weight of the indicators in which it is above each, and half of that of the equal
/// ones. Column after column, so that the comparisons run over neighbouring numbers.
fn weight_over_later<C: AsRef<[f64]>>(columns: &[C], weights: &[f64], area: usize, found: &mut [f64]) {
    found[area + 1..].fill(0.0);
    for (column, weight) in columns.iter().zip(weights) {
        let (own, half) = (column.as_ref()[area], 0.5 * weight);
        for (sum, other) in found[area + 1..].iter_mut().zip(&column.as_ref()[area + 1..]) {
            *sum += if own > *other { half } else { 0.0 };
            *sum += if own >= *other { half } else { 0.0 };
        }
    }
}

impl Outranking {
    /// Compares all pairs. Memory and time grow with the square of the number of areas.
    ///
    /// # Errors
    /// Fewer than two areas, columns of unequal lengths, missing values, weights that are not one for each column, are
    /// negative or add up to nothing.
    pub fn new<C: AsRef<[f64]>>(columns: &[C], weights: &[f64]) -> Result<Self> {
        complete_columns(columns, 2)?;
        check_weights(weights, columns.len())?;
        let areas = columns[0].as_ref().len();
        let total: f64 = weights.iter().sum();
        let mut matrix = vec![0.0; areas * areas];
        let (mut over, mut counts, ones) = (vec![0.0; areas], vec![0.0; areas], vec![1.0; columns.len()]);
        let mut dominant_pairs = 0;
        for a in 0..areas {
            weight_over_later(columns, weights, a, &mut over);
            weight_over_later(columns, &ones, a, &mut counts);
            for b in a + 1..areas {
                let share = over[b] / total;
                matrix[a * areas + b] = share;
                matrix[b * areas + a] = 1.0 - share;
                // Halves and ones add up exactly: all or nothing means above or below in every indicator.
                dominant_pairs += usize::from(counts[b] == 0.0 || counts[b] == columns.len() as f64);
            }
        }
        let dominant_share = dominant_pairs as f64 / (areas * (areas - 1) / 2) as f64;
        Ok(Self { matrix, dominant_pairs, dominant_share })
    }
}

/// Copeland scores: for every area the number of areas it outranks (more than half of the weight) less the number that
/// outrank it. Between `-(n - 1)` and `n - 1`. Does not keep the outranking matrix, so thousands of areas fit in memory.
///
/// # Errors
/// As [`Outranking::new`].
///
/// # Example
/// ```
/// use clrisk_stats::composite::copeland;
/// # fn main() -> clrisk_stats::Result<()> {
/// let (a, b) = ([3.0, 2.0, 1.0], [30.0, 10.0, 20.0]);
/// assert_eq!(copeland(&[a, b], &[2.0, 1.0])?, [2.0, 0.0, -2.0]);
/// # Ok(()) }
/// ```
///
/// Checked against: `composite.json` `copeland` (R `COINr::a_copeland`).
pub fn copeland<C: AsRef<[f64]>>(columns: &[C], weights: &[f64]) -> Result<Vec<f64>> {
    complete_columns(columns, 2)?;
    check_weights(weights, columns.len())?;
    let areas = columns[0].as_ref().len();
    let total: f64 = weights.iter().sum();
    let (mut over, mut scores) = (vec![0.0; areas], vec![0.0; areas]);
    for a in 0..areas {
        weight_over_later(columns, weights, a, &mut over);
        for b in a + 1..areas {
            let margin = over[b] - 0.5 * total;
            // Half of the weight, but for rounding, is a draw.
            let win = if margin.abs() <= 1e-12 * total { 0.0 } else { margin.signum() };
            scores[a] += win;
            scores[b] -= win;
        }
    }
    Ok(scores)
}
