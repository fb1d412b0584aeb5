//! Several scores in one.

use super::check_weights;
use crate::error::{Result, StatsError, same_length};

/// How scores are joined. The means go from full compensation (arithmetic: a deficit is made good by an equal surplus) to
/// little (harmonic).
///
/// Checked against: `composite.json` `agg` (R `COINr` `a_amean`, `a_gmean`, `a_hmean`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Aggregation {
    /// `sum w x / sum w`. The default.
    #[default]
    Arithmetic,
    /// `exp(sum w log x / sum w)`; scores must be positive.
    Geometric,
    /// `sum w / sum (w / x)`; scores must be positive.
    Harmonic,
    /// The score that half of the weight is not above and half not below; the mean of two where the halves meet between
    /// them.
    Median,
}

impl Aggregation {
    /// One score per area from columns of scores. An area's missing scores (NaN) are left out when at least
    /// `minimum_available` of the weight (a share, 0 to 1) is there; otherwise the area's score is NaN.
    ///
    /// # Errors
    /// Columns of unequal lengths or none; weights that are not one for each column, are negative or add up to nothing; a
    /// share outside [0, 1]; a score that is not positive for a geometric or harmonic mean.
    ///
    /// # Example
    /// ```
    /// use clrisk_stats::composite::Aggregation;
    /// # fn main() -> clrisk_stats::Result<()> {
    /// let (a, b) = ([20.0, 50.0], [80.0, f64::NAN]);
    /// assert_eq!(Aggregation::Geometric.aggregate(&[&a, &b], &[1.0, 1.0], 0.5)?[0].round(), 40.0);
    /// assert!(Aggregation::Geometric.aggregate(&[&a, &b], &[1.0, 1.0], 0.8)?[1].is_nan());
    /// # Ok(()) }
    /// ```
    pub fn aggregate(&self, columns: &[&[f64]], weights: &[f64], minimum_available: f64) -> Result<Vec<f64>> {
        check_weights(weights, columns.len())?;
        if !(0.0..=1.0).contains(&minimum_available) {
            return Err(StatsError::Setting { setting: "minimum_available", requirement: "between 0 and 1" });
        }
        let areas = columns[0].len();
        for column in columns {
            same_length("scores", column.len(), areas)?;
        }
        let total: f64 = weights.iter().sum();
        let mut known = Vec::with_capacity(columns.len());
        let one = |area: usize| {
            known.clear();
            known.extend(columns.iter().zip(weights).map(|(c, w)| (c[area], *w)).filter(|(x, _)| !x.is_nan()));
            let available: f64 = known.iter().map(|(_, w)| w).sum();
            // A share summed in another order must not fail by rounding.
            if available <= 0.0 || available < (minimum_available - 1e-12) * total {
                return Ok(f64::NAN);
            }
            self.join(&mut known, available, area)
        };
        (0..areas).map(one).collect()
    }

    fn join(self, known: &mut [(f64, f64)], total: f64, row: usize) -> Result<f64> {
        if matches!(self, Self::Geometric | Self::Harmonic) && known.iter().any(|(x, _)| *x <= 0.0) {
            let requirement = "positive for a geometric or harmonic mean";
            return Err(StatsError::OutOfRange { input: "scores", requirement, row });
        }
        Ok(match self {
            Self::Arithmetic => known.iter().map(|(x, w)| w * x).sum::<f64>() / total,
            Self::Geometric => (known.iter().map(|(x, w)| w * x.ln()).sum::<f64>() / total).exp(),
            Self::Harmonic => total / known.iter().map(|(x, w)| w / x).sum::<f64>(),
            Self::Median => weighted_median(known, total),
        })
    }
}

fn weighted_median(known: &mut [(f64, f64)], total: f64) -> f64 {
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = 0.5 * total;
    let mut below = 0.0;
    for (position, &(value, weight)) in known.iter().enumerate() {
        below += weight;
        if (below - half).abs() <= 1e-12 * total {
            let next = known[position + 1..].iter().find(|(_, w)| *w > 0.0);
            return next.map_or(value, |(above, _)| 0.5 * (value + above));
        }
        if below > half {
            return value;
        }
    }
    f64::NAN
}
