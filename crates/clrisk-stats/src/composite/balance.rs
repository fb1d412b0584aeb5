//! Does an indicator count as much as its weight says?

use super::check_weights;
use super::correlation::{CorrelationKind, correlations};
use crate::error::{Result, same_length};

/// What one indicator does to the index.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct IndicatorBalance {
    /// Its weight, a share of all weight.
    pub weight: f64,
    /// Pearson correlation with the index.
    pub correlation: f64,
    /// Its influence: squared correlation over the sum of the squared correlations of all indicators. Equal to the weight when
    /// the index is balanced as its makers say.
    pub influence: f64,
}

/// Weights beside influence. A weight is no importance: the variance an indicator shares with the others decides as much. An
/// index is balanced when influence follows the weights; an indicator with a negative correlation works against the index.
///
/// Areas without an index or without a value of any indicator are left out.
///
/// # Errors
/// Columns of unequal lengths, fewer than three complete areas, a constant column or index, weights that are not one for each
/// column, are negative or add up to nothing.
///
/// # Example
/// ```
/// use clrisk_stats::composite::balance;
/// # fn main() -> clrisk_stats::Result<()> {
/// let (a, b, index) = ([1.0, 2.0, 3.0], [1.0, 2.0, 1.0], [1.0, 2.0, 3.0]);
/// let found = balance(&[a, b], &[1.0, 1.0], &index)?;
/// assert_eq!((found[0].weight, found[1].influence), (0.5, 0.0));
/// # Ok(()) }
/// ```
///
/// Checked against: definition with numpy correlations (`tests/reference/composite/hierarchy.json`). Reference: Paruolo,
/// Saisana and Saltelli, JRSS A 176 (2013), section 3, with the linear correlation ratio.
pub fn balance<C: AsRef<[f64]>>(columns: &[C], weights: &[f64], index: &[f64]) -> Result<Vec<IndicatorBalance>> {
    check_weights(weights, columns.len())?;
    for column in columns {
        same_length("indicator", column.as_ref().len(), index.len())?;
    }
    let whole = |&area: &usize| index[area].is_finite() && columns.iter().all(|c| c.as_ref()[area].is_finite());
    let areas: Vec<usize> = (0..index.len()).filter(whole).collect();
    let mut known: Vec<Vec<f64>> =
        columns.iter().map(|c| areas.iter().map(|&area| c.as_ref()[area]).collect()).collect();
    known.push(areas.iter().map(|&area| index[area]).collect());
    let (p, matrix) = (columns.len(), correlations(&known, CorrelationKind::Pearson)?);
    let with_index: Vec<f64> = (0..p).map(|j| matrix[j * (p + 1) + p]).collect();
    let (total, squares) = (weights.iter().sum::<f64>(), with_index.iter().map(|r| r * r).sum::<f64>());
    let one = |(&weight, &correlation): (&f64, &f64)| IndicatorBalance {
        weight: weight / total,
        correlation,
        influence: if squares > 0.0 { correlation * correlation / squares } else { 0.0 },
    };
    Ok(weights.iter().zip(&with_index).map(one).collect())
}
