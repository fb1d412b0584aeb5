//! Rules that find class limits.

use super::breaks::{Breaks, ClosedSide};
use super::fisher_jenks::class_starts;
use crate::draws::quantile_of_sorted;
use crate::error::{Result, StatsError};

/// A rule that turns values into classes. Limits lie *between* classes; see [`Breaks`] for values equal to a limit.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Rule {
    /// Fisher-Jenks: the classes with the smallest sum of squares within, found exactly. Limits are midway between the
    /// largest value of a class and the smallest of the next. Equal values are never separated.
    FisherJenks {
        /// Number of classes.
        classes: usize,
    },
    /// Classes of equal numbers of areas: limits are the quantiles `j / k` (linear interpolation, type 7).
    Quantile {
        /// Number of classes.
        classes: usize,
    },
    /// Classes of equal width between the smallest and the largest value.
    EqualInterval {
        /// Number of classes.
        classes: usize,
    },
    /// Limits given by the user or by law.
    Fixed {
        /// Limits between classes, increasing.
        limits: Vec<f64>,
    },
    /// Dalenius and Hodges (1959): the range is cut into `bins` of equal width, and classes take equal shares of the
    /// cumulated square roots of the bins' frequencies. Classes that would share a limit are joined.
    DaleniusHodges {
        /// Number of classes.
        classes: usize,
        /// Number of bins; 100 is usual, many more make the rule noisy.
        bins: usize,
    },
    /// k-means in one dimension by Lloyd's iteration from the quantile classes. A local optimum: prefer
    /// [`Rule::FisherJenks`], which is the global one.
    KMeans {
        /// Number of classes.
        classes: usize,
    },
    /// Limits at the mean plus multiples of the standard deviation (divisor n - 1).
    StandardDeviation {
        /// Multiples, increasing; -2, -1, 1, 2 are usual.
        multiples: Vec<f64>,
    },
    /// Head and tail (Jiang 2013): split at the mean, then again the values above it, while they are a minority.
    HeadTail {
        /// Largest share of values above the mean for which the split goes on; 0.4 is usual.
        threshold: f64,
    },
}

impl Rule {
    /// Short name of the rule, for tables.
    pub fn name(&self) -> &'static str {
        match self {
            Self::FisherJenks { .. } => "fisher-jenks",
            Self::Quantile { .. } => "quantile",
            Self::EqualInterval { .. } => "equal-interval",
            Self::Fixed { .. } => "fixed",
            Self::DaleniusHodges { .. } => "dalenius-hodges",
            Self::KMeans { .. } => "k-means",
            Self::StandardDeviation { .. } => "standard-deviation",
            Self::HeadTail { .. } => "head-tail",
        }
    }

    /// Finds the limits for these values, with classes closed on the right.
    ///
    /// # Errors
    /// No values, a value that is not finite, settings out of range, or fewer distinct values than classes.
    ///
    /// # Example
    /// ```
    /// use clrisk_stats::classify::Rule;
    /// # fn main() -> clrisk_stats::Result<()> {
    /// let values = [1.0, 1.2, 1.1, 5.0, 5.2, 9.0];
    /// let breaks = Rule::FisherJenks { classes: 3 }.breaks(&values)?;
    /// assert_eq!(breaks.classes_of(&values), [0, 0, 0, 1, 1, 2]);
    /// # Ok(()) }
    /// ```
    pub fn breaks(&self, values: &[f64]) -> Result<Breaks> {
        self.breaks_closed(values, ClosedSide::Right)
    }

    /// Finds the limits for these values, with classes closed on the given side.
    ///
    /// # Errors
    /// As [`Self::breaks`].
    pub fn breaks_closed(&self, values: &[f64], closed: ClosedSide) -> Result<Breaks> {
        if values.is_empty() {
            return Err(StatsError::Empty { quantity: "classes" });
        }
        if let Some(row) = values.iter().position(|v| !v.is_finite()) {
            return Err(StatsError::Missing { input: "values", row });
        }
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (minimum, maximum) = (sorted[0], sorted[sorted.len() - 1]);
        let limits = match self {
            Self::FisherJenks { classes } => fisher_jenks(&sorted, *classes)?,
            Self::Quantile { classes } => {
                let k = at_least_one(*classes)?;
                require_distinct(&sorted, k)?;
                increasing((1..k).map(|j| quantile_of_sorted(&sorted, j as f64 / k as f64)).collect(), maximum)
            }
            Self::EqualInterval { classes } => {
                let k = at_least_one(*classes)?;
                require_distinct(&sorted, k.min(2))?;
                (1..k).map(|j| minimum + (maximum - minimum) * j as f64 / k as f64).collect()
            }
            Self::Fixed { limits } => limits.clone(),
            Self::DaleniusHodges { classes, bins } => {
                let k = at_least_one(*classes)?;
                require_distinct(&sorted, k)?;
                dalenius_hodges(&sorted, k, *bins)?
            }
            Self::KMeans { classes } => {
                let k = at_least_one(*classes)?;
                require_distinct(&sorted, k)?;
                k_means(&sorted, k)
            }
            Self::StandardDeviation { multiples } => standard_deviations(&sorted, multiples),
            Self::HeadTail { threshold } => head_tail(&sorted, *threshold)?,
        };
        Breaks::new(limits, minimum, maximum, closed)
    }
}

fn at_least_one(classes: usize) -> Result<usize> {
    if classes == 0 {
        return Err(StatsError::Setting { setting: "classes", requirement: "at least 1" });
    }
    Ok(classes)
}

/// Distinct values with their multiplicities.
fn distinct(sorted: &[f64]) -> Vec<(f64, f64)> {
    let mut groups: Vec<(f64, f64)> = Vec::new();
    for &value in sorted {
        match groups.last_mut() {
            Some(last) if last.0 == value => last.1 += 1.0,
            _ => groups.push((value, 1.0)),
        }
    }
    groups
}

fn require_distinct(sorted: &[f64], classes: usize) -> Result<()> {
    let distinct = distinct(sorted).len();
    if distinct < classes { Err(StatsError::TooFewDistinctValues { classes, distinct }) } else { Ok(()) }
}

/// Drops limits that repeat and a limit at the maximum, which would leave an empty class.
fn increasing(mut limits: Vec<f64>, maximum: f64) -> Vec<f64> {
    limits.dedup();
    limits.retain(|&l| l < maximum);
    limits
}

fn fisher_jenks(sorted: &[f64], classes: usize) -> Result<Vec<f64>> {
    let classes = at_least_one(classes)?;
    let groups = distinct(sorted);
    if groups.len() < classes {
        return Err(StatsError::TooFewDistinctValues { classes, distinct: groups.len() });
    }
    let middle = |start: usize| {
        let (below, above) = (groups[start - 1].0, groups[start].0);
        let middle = below + 0.5 * (above - below);
        // Neighbouring doubles have no value between them; the lower one separates them when classes are closed right.
        if middle < above { middle } else { below }
    };
    Ok(class_starts(&groups, classes).into_iter().map(middle).collect())
}

fn dalenius_hodges(sorted: &[f64], classes: usize, bins: usize) -> Result<Vec<f64>> {
    if bins < classes {
        return Err(StatsError::Setting { setting: "bins", requirement: "at least the number of classes" });
    }
    let (minimum, maximum) = (sorted[0], sorted[sorted.len() - 1]);
    let width = (maximum - minimum) / bins as f64;
    let upper = |bin: usize| minimum + width * (bin + 1) as f64;
    let mut frequency = vec![0.0f64; bins];
    for &value in sorted {
        let mut bin = (((value - minimum) / width) as usize).min(bins - 1);
        // Bins are closed on the right, as the classes are; division may land one off.
        while bin > 0 && value <= upper(bin - 1) {
            bin -= 1;
        }
        while bin + 1 < bins && value > upper(bin) {
            bin += 1;
        }
        frequency[bin] += 1.0;
    }
    let mut cumulated = 0.0;
    let cumulated: Vec<f64> = frequency
        .iter()
        .map(|f| {
            cumulated += f.sqrt();
            cumulated
        })
        .collect();
    // Every limit is the end of the bin just below or just above its target; of these choices, the one whose classes have
    // shares closest (in squares) to equal.
    let share = cumulated[bins - 1] / classes as f64;
    let mut layers: Vec<[(usize, f64, usize); 2]> = Vec::with_capacity(classes - 1);
    for j in 1..classes {
        let above = cumulated.partition_point(|&c| c <= share * j as f64).min(bins - 1);
        let choice = |bin: usize| match layers.last() {
            None => (bin, (cumulated[bin] - share).powi(2), 0),
            Some(previous) => {
                let cost = |p: usize| previous[p].1 + (cumulated[bin] - cumulated[previous[p].0] - share).powi(2);
                let best = usize::from(cost(1) < cost(0));
                (bin, cost(best), best)
            }
        };
        let layer = [choice(above.saturating_sub(1)), choice(above)];
        layers.push(layer);
    }
    let last = |bin: usize| (cumulated[bins - 1] - cumulated[bin] - share).powi(2);
    let mut chosen = match layers.last() {
        Some(layer) => usize::from(layer[1].1 + last(layer[1].0) < layer[0].1 + last(layer[0].0)),
        None => 0,
    };
    let mut limits = Vec::with_capacity(layers.len());
    for layer in layers.iter().rev() {
        limits.push(upper(layer[chosen].0));
        chosen = layer[chosen].2;
    }
    limits.reverse();
    Ok(increasing(limits, maximum))
}

fn k_means(sorted: &[f64], classes: usize) -> Vec<f64> {
    let groups = distinct(sorted);
    let n = groups.len();
    // Class `j` holds the distinct values `starts[j]..starts[j + 1]`; none is ever empty.
    let mut starts: Vec<usize> = (0..=classes).map(|j| j * n / classes).collect();
    for _ in 0..1000 {
        let centres: Vec<f64> = starts
            .windows(2)
            .map(|w| {
                let members = &groups[w[0]..w[1]];
                members.iter().map(|m| m.0 * m.1).sum::<f64>() / members.iter().map(|m| m.1).sum::<f64>()
            })
            .collect();
        let mut next = starts.clone();
        for j in 1..classes {
            let boundary = 0.5 * (centres[j - 1] + centres[j]);
            next[j] = groups.partition_point(|g| g.0 <= boundary).clamp(next[j - 1] + 1, n - (classes - j));
        }
        if next == starts {
            break;
        }
        starts = next;
    }
    starts[1..classes].iter().map(|&s| 0.5 * (groups[s - 1].0 + groups[s].0)).collect()
}

fn standard_deviations(sorted: &[f64], multiples: &[f64]) -> Vec<f64> {
    let n = sorted.len() as f64;
    let mean = sorted.iter().sum::<f64>() / n;
    let squares: f64 = sorted.iter().map(|v| (v - mean).powi(2)).sum();
    let sd = if sorted.len() > 1 { (squares / (n - 1.0)).sqrt() } else { 0.0 };
    let mut limits: Vec<f64> = multiples.iter().map(|m| mean + m * sd).collect();
    // A limit outside the range would leave an empty class at an end.
    limits.retain(|&l| l >= sorted[0] && l < sorted[sorted.len() - 1]);
    limits.dedup();
    limits
}

fn head_tail(sorted: &[f64], threshold: f64) -> Result<Vec<f64>> {
    if !(threshold > 0.0 && threshold <= 1.0) {
        return Err(StatsError::Setting { setting: "threshold", requirement: "in (0, 1]" });
    }
    let mut limits = Vec::new();
    let mut head = sorted;
    while head.len() > 1 && head[0] < head[head.len() - 1] {
        let mean = head.iter().sum::<f64>() / head.len() as f64;
        limits.push(mean);
        let above = &head[head.partition_point(|&v| v <= mean)..];
        if above.len() as f64 / head.len() as f64 > threshold {
            break;
        }
        head = above;
    }
    Ok(increasing(limits, sorted[sorted.len() - 1]))
}
