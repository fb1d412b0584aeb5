//! Posterior (or bootstrap) draws of a quantity for every area, and their summaries.

use crate::direct::Interval;
use crate::error::{Result, StatsError};

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

    /// Summary of every area at the given probability level (such as 0.95).
    ///
    /// # Errors
    /// A level outside (0, 1).
    pub fn summaries(&self, level: f64) -> Result<Vec<Summary>> {
        (0..self.areas).map(|area| summarise(&self.area(area), level)).collect()
    }
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
