//! Indicators on a common scale.

use super::mean_and_deviation;
use crate::error::{Result, StatsError};

/// Whether more of an indicator speaks for a higher or a lower index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// More makes the index higher.
    #[default]
    Positive,
    /// More makes the index lower: the indicator is turned (times -1) first.
    Negative,
}

/// How an indicator is brought to the common scale. `min`, `max`, means and ranks are taken over the areas that have a
/// value, after a negative indicator is turned.
///
/// Checked against: `composite.json` `norm_*` (R `COINr` `n_*`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Normalisation {
    /// `lower + (upper - lower) (x - min) / (max - min)`.
    MinMax {
        /// Score of the lowest value.
        lower: f64,
        /// Score of the highest value.
        upper: f64,
    },
    /// `(x - mean) / standard deviation` (divisor `n - 1`).
    ZScore,
    /// `mean + deviation z`, with `z` the z-score. With 100 and 10 the scores of any real indicator are positive, so that they
    /// can be joined by a geometric mean (Mazziotta and Pareto, Social Indicators Research 127, 2016).
    Standardised {
        /// Mean of the scores.
        mean: f64,
        /// Standard deviation of the scores.
        deviation: f64,
    },
    /// `100 (x - lower) / (upper - lower)`, with limits that do not depend on the data; not cut off.
    Scaled {
        /// Value that scores 0.
        lower: f64,
        /// Value that scores 100.
        upper: f64,
    },
    /// `1 - (max - x) / (max - min)`.
    DistanceToMaximum,
    /// `1 - (r - x) / (r - min)`, with `r` the value of one area: above 1 for areas beyond it.
    DistanceToReference {
        /// The area, counted from zero.
        area: usize,
        /// Whether scores above 1 become 1.
        cap: bool,
    },
    /// `1 - (t - x) / (t - min)`, with a target `t` (in the indicator's own direction): above 1 beyond it.
    DistanceToTarget {
        /// The target, in the unit of the indicator.
        target: f64,
        /// Whether scores above 1 become 1.
        cap: bool,
    },
    /// `x / max`.
    FractionOfMaximum,
    /// Rank from the lowest, 1; equal values share the lowest rank.
    Rank,
    /// Rank less one: the number of areas with a lower value.
    Borda,
    /// `(rank - 1) / (n - 1)`.
    PercentileRank,
    /// `scale (x - lower) / (upper - lower)` between fixed goalposts (in the indicator's own direction), so that years and
    /// countries can be compared.
    Goalposts {
        /// Value that scores 0 (or `scale`, for a negative indicator).
        lower: f64,
        /// Value that scores `scale` (or 0, for a negative indicator).
        upper: f64,
        /// Highest score.
        scale: f64,
        /// Whether values beyond the posts get the score of the post. Usual.
        truncate: bool,
    },
}

impl Normalisation {
    /// Scores of one indicator; NaN stays NaN.
    ///
    /// # Errors
    /// No value at all; a constant indicator, or a maximum, reference or target that makes the denominator zero; a
    /// reference area that is not there or has no value; limits that are equal.
    ///
    /// # Example
    /// ```
    /// use clrisk_stats::composite::{Direction, Normalisation};
    /// # fn main() -> clrisk_stats::Result<()> {
    /// let posts = Normalisation::Goalposts { lower: 0.0, upper: 50.0, scale: 100.0, truncate: true };
    /// assert_eq!(posts.apply(&[10.0, 60.0], Direction::Positive)?, [20.0, 100.0]);
    /// assert_eq!(posts.apply(&[10.0, 60.0], Direction::Negative)?, [80.0, 0.0]);
    /// # Ok(()) }
    /// ```
    pub fn apply(&self, values: &[f64], direction: Direction) -> Result<Vec<f64>> {
        let sign = if direction == Direction::Negative { -1.0 } else { 1.0 };
        let turned: Vec<f64> = values.iter().map(|v| sign * v).collect();
        let known: Vec<f64> = turned.iter().copied().filter(|v| !v.is_nan()).collect();
        if known.is_empty() {
            return Err(StatsError::Empty { quantity: "normalised indicator" });
        }
        let (min, max) = known.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
        let linear = |zero: f64, one: f64, from: f64, to: f64| {
            let width = denominator(one - zero)?;
            Ok(turned.iter().map(|x| from + (to - from) * ((x - zero) / width)).collect())
        };
        match *self {
            Self::MinMax { lower, upper } => linear(min, max, lower, upper),
            Self::ZScore => {
                let (mean, deviation) = mean_and_deviation(&known);
                linear(mean, mean + denominator(deviation)?, 0.0, 1.0)
            }
            Self::Standardised { mean: to_mean, deviation: to_deviation } => {
                let (mean, deviation) = mean_and_deviation(&known);
                linear(mean, mean + denominator(deviation)?, to_mean, to_mean + to_deviation)
            }
            // Limits are given in the indicator's own direction, so they are turned with it.
            Self::Scaled { lower, upper } if sign < 0.0 => linear(-upper, -lower, 0.0, 100.0),
            Self::Scaled { lower, upper } => linear(lower, upper, 0.0, 100.0),
            Self::DistanceToMaximum => linear(min, max, 0.0, 1.0),
            Self::DistanceToReference { area, cap } => {
                let reference = turned.get(area).copied().filter(|r| !r.is_nan());
                let reference = reference.ok_or(StatsError::Missing { input: "reference area", row: area })?;
                Ok(capped(linear(min, reference, 0.0, 1.0)?, cap))
            }
            Self::DistanceToTarget { target, cap } => Ok(capped(linear(min, sign * target, 0.0, 1.0)?, cap)),
            Self::FractionOfMaximum => linear(0.0, max, 0.0, 1.0),
            Self::Rank => Ok(ranks_from_lowest(&turned)),
            Self::Borda => Ok(ranks_from_lowest(&turned).iter().map(|r| r - 1.0).collect()),
            Self::PercentileRank => {
                let others = denominator(known.len() as f64 - 1.0)?;
                Ok(ranks_from_lowest(&turned).iter().map(|r| (r - 1.0) / others).collect())
            }
            Self::Goalposts { lower, upper, scale, truncate } => {
                let (zero, one) = if sign < 0.0 { (-upper, -lower) } else { (lower, upper) };
                let shares: Vec<f64> = linear(zero, one, 0.0, 1.0)?;
                // `clamp` would turn a missing value into a post; comparisons leave it missing.
                let cut = |s: f64| {
                    if truncate && s > 1.0 {
                        1.0
                    } else if truncate && s < 0.0 {
                        0.0
                    } else {
                        s
                    }
                };
                Ok(shares.into_iter().map(|s| scale * cut(s)).collect())
            }
        }
    }
}

fn denominator(value: f64) -> Result<f64> {
    if value.is_finite() && value != 0.0 {
        return Ok(value);
    }
    Err(StatsError::Setting {
        setting: "normalisation",
        requirement: "one whose limits differ (is the indicator constant?)",
    })
}

fn capped(mut scores: Vec<f64>, cap: bool) -> Vec<f64> {
    if cap {
        scores.iter_mut().filter(|s| **s > 1.0).for_each(|s| *s = 1.0);
    }
    scores
}

/// Ranks, 1 the lowest; equal values share the lowest rank, NaN stays NaN.
pub(super) fn ranks_from_lowest(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).filter(|&area| !values[area].is_nan()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![f64::NAN; values.len()];
    for (position, &area) in order.iter().enumerate() {
        // `==` and not the total order, for which -0 and 0 differ.
        let tied = position > 0 && values[order[position - 1]] == values[area];
        ranks[area] = if tied { ranks[order[position - 1]] } else { (position + 1) as f64 };
    }
    ranks
}
