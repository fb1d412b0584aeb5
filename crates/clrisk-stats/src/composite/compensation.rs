//! How much of a deficit is made good elsewhere?

use super::{Aggregation, check_weights};
use crate::error::Result;

/// The same scores joined with full, partial and no compensation.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Compensation {
    /// Arithmetic mean: a deficit is made good by an equal surplus elsewhere.
    pub full: Vec<f64>,
    /// Geometric mean: a deficit is made good by an ever larger surplus.
    pub partial: Vec<f64>,
    /// The least favourable score: nothing is made good.
    pub none: Vec<f64>,
}

/// Joins scores in which *less is worse* three ways; what lies between the first and the second is what good scores have
/// covered up of bad ones. For scores in which more is worse, turn them first (`101 - score` for scores from 1 to 100).
///
/// Unit: that of the scores; `none <= partial <= full` in every area.
///
/// # Errors
/// Columns of unequal lengths or none; weights that are not one for each column, are negative or add up to nothing; a score
/// that is not positive.
///
/// # Example
/// ```
/// use clrisk_stats::composite::compensation;
/// # fn main() -> clrisk_stats::Result<()> {
/// let found = compensation(&[&[90.0, 50.0], &[10.0, 50.0]], &[1.0, 1.0])?;
/// assert_eq!((found.full[0], found.partial[0].round(), found.none[0]), (50.0, 30.0, 10.0));
/// assert_eq!((found.full[1], found.none[1]), (50.0, 50.0));
/// # Ok(()) }
/// ```
///
/// Checked against: `composite.json` `agg` through [`Aggregation`].
pub fn compensation(columns: &[&[f64]], weights: &[f64]) -> Result<Compensation> {
    check_weights(weights, columns.len())?;
    let full = Aggregation::Arithmetic.aggregate(columns, weights, 0.0)?;
    let partial = Aggregation::Geometric.aggregate(columns, weights, 0.0)?;
    let counted: Vec<&[f64]> = columns.iter().zip(weights).filter(|(_, w)| **w > 0.0).map(|(c, _)| *c).collect();
    let lowest = |area: usize| counted.iter().map(|c| c[area]).fold(f64::NAN, f64::min);
    Ok(Compensation { none: (0..full.len()).map(lowest).collect(), full, partial })
}
