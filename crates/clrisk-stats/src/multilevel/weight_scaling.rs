//! The scale of survey weights within the levels of a grouping factor.

use crate::error::{Result, StatsError, same_length};

/// How conditional weights of records are scaled within their level before they enter a multilevel pseudo-likelihood.
///
/// Doubling the weights of a level does not change what is known of it in a survey, but in a multilevel likelihood it looks like
/// twice as many records: the effect is shrunk less and its variance overestimated. For the weights `w_ij` of the `n_j`
/// records `i` of level `j`:
///
/// - `Size`: `w_ij n_j / sum_i w_ij`, so that they sum to the number of records (method 2 of Pfeffermann et al, who
///   advise it where the weights are informative; the default);
/// - `Effective`: `w_ij sum_i w_ij / sum_i w_ij^2`, so that they sum to the effective number `(sum w)^2 / sum w^2` (their
///   method 1, advised where the weights say little about the outcome);
/// - `None`: as they are.
///
/// Without unit; weights of zero stay zero and their records are not counted. The selection of the levels themselves is not in
/// these weights.
///
/// Checked against: lme4 and WeMix with weights of `Size` (`bern60_glmer_weights_size`, `bern60_wemix_size`), in
/// `tests/multilevel.rs`.
///
/// References: Pfeffermann, Skinner, Holmes, Goldstein and Rasbash (1998), J. Royal Statistical Society B 60, 23-40;
/// Rabe-Hesketh and Skrondal (2006), J. Royal Statistical Society A 169, 805-827.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WeightScaling {
    /// Sum to the number of records of the level.
    #[default]
    Size,
    /// Sum to the effective number of records of the level.
    Effective,
    /// As they are.
    None,
}

impl WeightScaling {
    /// Scales the weights of rows within their levels.
    ///
    /// # Errors
    /// Unequal lengths, a weight that is negative or not finite, a level out of range.
    ///
    /// # Example
    /// ```
    /// use clrisk_stats::multilevel::WeightScaling;
    /// # fn main() -> clrisk_stats::Result<()> {
    /// let scaled = WeightScaling::Size.scale(&[100.0, 300.0, 50.0], &[0, 0, 1], 2)?;
    /// assert_eq!(scaled, [0.5, 1.5, 1.0]);
    /// # Ok(()) }
    /// ```
    pub fn scale(self, weights: &[f64], level_of_row: &[u32], levels: usize) -> Result<Vec<f64>> {
        same_length("level_of_row", level_of_row.len(), weights.len())?;
        if let Some(row) = weights.iter().position(|w| !(w.is_finite() && *w >= 0.0)) {
            return Err(StatsError::OutOfRange { input: "weights", requirement: "finite and not negative", row });
        }
        if let Some(row) = level_of_row.iter().position(|level| *level as usize >= levels) {
            return Err(StatsError::OutOfRange { input: "level", requirement: "below the number of levels", row });
        }
        let (mut counts, mut sums, mut squares) = (vec![0.0; levels], vec![0.0; levels], vec![0.0; levels]);
        for (weight, level) in weights.iter().zip(level_of_row).filter(|(weight, _)| **weight > 0.0) {
            let level = *level as usize;
            counts[level] += 1.0;
            sums[level] += weight;
            squares[level] += weight * weight;
        }
        let factor = |level: u32| match self {
            WeightScaling::Size => counts[level as usize] / sums[level as usize],
            WeightScaling::Effective => sums[level as usize] / squares[level as usize],
            WeightScaling::None => 1.0,
        };
        let scaled = |(weight, level): (&f64, &u32)| if *weight > 0.0 { weight * factor(*level) } else { 0.0 };
        Ok(weights.iter().zip(level_of_row).map(scaled).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_sum_to_the_records_or_to_the_effective_records_of_each_level() {
        let (weights, levels) = ([2.0, 6.0, 4.0, 0.0, 5.0, 5.0], [0, 0, 0, 0, 1, 1]);
        let sum = |scaling: WeightScaling, level| -> f64 {
            let scaled = scaling.scale(&weights, &levels, 3).unwrap();
            scaled.iter().zip(&levels).filter(|(_, l)| **l == level).map(|(w, _)| w).sum()
        };
        assert!((sum(WeightScaling::Size, 0) - 3.0).abs() < 1e-14);
        assert!((sum(WeightScaling::Effective, 0) - 144.0 / 56.0).abs() < 1e-14);
        assert!(
            (sum(WeightScaling::Size, 1) - 2.0).abs() < 1e-14 && (sum(WeightScaling::Effective, 1) - 2.0).abs() < 1e-14
        );
        assert_eq!(WeightScaling::None.scale(&weights, &levels, 2).unwrap(), weights);
        assert!(WeightScaling::Size.scale(&[f64::NAN], &[0], 1).is_err());
        assert!(WeightScaling::Size.scale(&[1.0], &[1], 1).is_err());
    }
}
