//! Posterior (or bootstrap) draws of a quantity for every area, and their summaries.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Binomial, Distribution, StandardNormal};

use crate::direct::Interval;
use crate::error::{Result, StatsError, same_length};

/// From this binomial variance of the number of cases on, it is drawn from the normal distribution: both ends are then five
/// standard deviations or more away.
const NORMAL_VARIANCE: f64 = 25.0;

/// Draws of one quantity for every area: entry `draw * areas + area`. All areas of one draw belong together, so that
/// differences, ranks and classes keep the dependence between areas.
#[derive(Debug, Clone, PartialEq)]
pub struct Draws {
    values: Vec<f64>,
    areas: usize,
}

impl Draws {
    /// Draws from a row-major matrix, one row per draw.
    ///
    /// # Errors
    /// No areas, no draws, a length that is not a multiple of `areas`, or a value that is not finite.
    pub fn new(values: Vec<f64>, areas: usize) -> Result<Self> {
        if areas == 0 || values.is_empty() {
            return Err(StatsError::Empty { quantity: "a summary of draws" });
        }
        if !values.len().is_multiple_of(areas) {
            return Err(StatsError::Length {
                input: "draws",
                expected: values.len() / areas * areas,
                found: values.len(),
            });
        }
        if let Some(position) = values.iter().position(|v| !v.is_finite()) {
            return Err(StatsError::Missing { input: "draws", row: position / areas });
        }
        Ok(Self { values, areas })
    }

    /// Number of areas.
    pub fn areas(&self) -> usize {
        self.areas
    }

    /// Number of draws.
    pub fn count(&self) -> usize {
        self.values.len() / self.areas
    }

    /// One draw: a value for every area.
    pub fn draw(&self, index: usize) -> &[f64] {
        &self.values[index * self.areas..(index + 1) * self.areas]
    }

    /// All draws in order.
    pub fn iter(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.areas)
    }

    /// All draws in order, to be changed in place.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut [f64]> {
        self.values.chunks_exact_mut(self.areas)
    }

    /// The draws of one area.
    pub fn area(&self, area: usize) -> Vec<f64> {
        self.values.iter().skip(area).step_by(self.areas).copied().collect()
    }

    /// The row-major values.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Mean of every area over the draws: the usual point estimates.
    pub fn means(&self) -> Vec<f64> {
        let mut means = vec![0.0; self.areas];
        for draw in self.iter() {
            for (mean, value) in means.iter_mut().zip(draw) {
                *mean += value;
            }
        }
        let count = self.count() as f64;
        means.iter_mut().for_each(|m| *m /= count);
        means
    }

    /// Draws of the proportion among a finite number of people: each draw `p` of an area with `N` people becomes `K / N`, `K`
    /// binomial with `N` trials and probability `p`. The mean stays `p` and the variance gains `p (1 - p) / N`, which is what
    /// separates the rate of the people who are there from the probability behind it. `N` is rounded, to one at least.
    ///
    /// A normal deviate with that variance, cut at 0 and 1, would not do: where few cases are expected (`N p` of a few) the
    /// cut moves the mean up, by half a point and more in small municipalities. People of one area who differ in their
    /// probabilities have a little less noise than this, never more.
    ///
    /// Draw `i` uses stream `i` of the generator with this seed.
    ///
    /// # Errors
    /// Unequal lengths, sizes that are negative or not finite, draws outside [0, 1].
    ///
    /// Checked against: moments of the binomial distribution (in this file's tests); the bias and coverage of the study in
    /// `docs/statistics.md`.
    pub fn of_finite_populations(&self, sizes: &[f64], seed: u64) -> Result<Draws> {
        same_length("sizes", sizes.len(), self.areas)?;
        if let Some(row) = sizes.iter().position(|n| !(n.is_finite() && *n >= 0.0)) {
            return Err(StatsError::OutOfRange { input: "sizes", requirement: "finite and not negative", row });
        }
        let mut values = Vec::with_capacity(self.values.len());
        for (stream, draw) in self.iter().enumerate() {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            random.set_stream(stream as u64);
            for (&rate, size) in draw.iter().zip(sizes) {
                values.push(finite_rate(rate, size.round().max(1.0), &mut random).ok_or(StatsError::OutOfRange {
                    input: "draws",
                    requirement: "in [0, 1]",
                    row: stream,
                })?);
            }
        }
        Draws::new(values, self.areas)
    }

    /// Summary of every area at the given probability level (such as 0.95).
    ///
    /// # Errors
    /// A level outside (0, 1).
    pub fn summaries(&self, level: f64) -> Result<Vec<Summary>> {
        (0..self.areas).map(|area| summarise(&self.area(area), level)).collect()
    }
}

/// A draw of the share of cases among `people` of probability `rate`; none when that is no probability.
fn finite_rate(rate: f64, people: f64, random: &mut ChaCha8Rng) -> Option<f64> {
    let variance = people * rate * (1.0 - rate);
    if variance >= NORMAL_VARIANCE {
        let deviate: f64 = StandardNormal.sample(random);
        return Some((rate + deviate * variance.sqrt() / people).clamp(0.0, 1.0));
    }
    let cases = Binomial::new(people as u64, rate).ok()?.sample(random);
    Some(cases as f64 / people)
}

/// Summary of the draws of one quantity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Mean.
    pub mean: f64,
    /// Standard deviation (divisor: draws less one; zero for a single draw).
    pub standard_deviation: f64,
    /// Median.
    pub median: f64,
    /// Equal-tailed interval at the requested level.
    pub interval: Interval,
}

impl Summary {
    /// Standard deviation over the absolute mean; absent when the mean is zero.
    pub fn coefficient_of_variation(&self) -> Option<f64> {
        (self.mean != 0.0).then(|| self.standard_deviation / self.mean.abs())
    }
}

/// Mean, standard deviation, median and equal-tailed interval of draws. The variance is taken around the mean in a second
/// pass, so a large mean costs no digits.
///
/// # Errors
/// No draws, a draw that is not finite, or a level outside (0, 1).
pub fn summarise(draws: &[f64], level: f64) -> Result<Summary> {
    if draws.is_empty() {
        return Err(StatsError::Empty { quantity: "a summary of draws" });
    }
    if let Some(row) = draws.iter().position(|v| !v.is_finite()) {
        return Err(StatsError::Missing { input: "draws", row });
    }
    if !(level > 0.0 && level < 1.0) {
        return Err(StatsError::Setting { setting: "level", requirement: "between 0 and 1" });
    }
    let n = draws.len() as f64;
    let shift = draws[0];
    let mean = shift + draws.iter().map(|d| d - shift).sum::<f64>() / n;
    let squares: f64 = draws.iter().map(|d| (d - mean).powi(2)).sum();
    let mut sorted = draws.to_vec();
    sorted.sort_by(f64::total_cmp);
    let tail = 0.5 - 0.5 * level;
    Ok(Summary {
        mean,
        standard_deviation: if draws.len() > 1 { (squares / (n - 1.0)).sqrt() } else { 0.0 },
        median: quantile_of_sorted(&sorted, 0.5),
        interval: Interval { lower: quantile_of_sorted(&sorted, tail), upper: quantile_of_sorted(&sorted, 1.0 - tail) },
    })
}

/// Quantile by linear interpolation of order statistics at `(n - 1) p` (type 7 of Hyndman and Fan 1996, the default of R
/// and NumPy). The slice must be sorted and not empty.
pub(crate) fn quantile_of_sorted(sorted: &[f64], probability: f64) -> f64 {
    let position = (sorted.len() - 1) as f64 * probability.clamp(0.0, 1.0);
    let below = position.floor();
    let fraction = position - below;
    let low = sorted[below as usize];
    let high = sorted[(below as usize + 1).min(sorted.len() - 1)];
    if fraction == 0.0 { low } else { low + fraction * (high - low) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finite_populations_keep_the_mean_and_add_the_binomial_variance() {
        // Few expected cases, one person, many people, and rates that leave no chance.
        let (rates, sizes) = ([0.02, 0.3, 0.1, 0.0, 1.0], [12.0, 0.4, 4000.0, 50.0, 50.0]);
        let count = 40_000;
        let draws = Draws::new(rates.repeat(count), rates.len()).unwrap();
        let found = draws.of_finite_populations(&sizes, 3).unwrap();
        for (area, (p, size)) in rates.iter().zip(sizes).enumerate() {
            let people = f64::round(size).max(1.0);
            let summary = summarise(&found.area(area), 0.95).unwrap();
            let variance = p * (1.0 - p) / people;
            let error = (variance / count as f64).sqrt();
            assert!((summary.mean - p).abs() <= 4.0 * error, "area {area}: mean {}", summary.mean);
            assert!(
                (summary.standard_deviation.powi(2) - variance).abs() <= 0.05 * variance,
                "area {area}: variance {} instead of {variance}",
                summary.standard_deviation.powi(2)
            );
        }
        assert_eq!(found, draws.of_finite_populations(&sizes, 3).unwrap());
        assert_ne!(found, draws.of_finite_populations(&sizes, 4).unwrap());
    }

    #[test]
    fn finite_populations_refuse_what_is_no_probability() {
        let draws = Draws::new(vec![0.5, 1.5], 2).unwrap();
        assert!(draws.of_finite_populations(&[10.0, 10.0], 1).is_err());
        assert!(draws.of_finite_populations(&[10.0], 1).is_err());
        let draws = Draws::new(vec![0.5], 1).unwrap();
        assert!(
            draws.of_finite_populations(&[f64::NAN], 1).is_err() && draws.of_finite_populations(&[-1.0], 1).is_err()
        );
    }
}
