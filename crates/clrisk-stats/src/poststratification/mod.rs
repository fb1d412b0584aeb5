//! A regression carried to a population: rates by area and publication cell, under every posterior draw.
//!
//! The population is summarised in *bins*: persons of one area and cell with nearly the same linear predictor at the mode of
//! the model. A bin keeps its number of persons and the means of their design columns. Some ten thousand bins stand for any
//! population, and posterior draws run over them in memory:
//!
//! `p(bin, draw) = g(m) + g''(m) v / 2`, `m = xbar' beta + effects`, `v = beta' S beta`, `g` the inverse logit,
//!
//! where `S` is the covariance of the design columns within bins of this cell and predictor, pooled over *audit areas* whose
//! persons are also kept exactly, pattern by pattern. Scoring the audit areas both ways gives the error of the approximation
//! ([`approximation_error`]).
//!
//! Reference: Gelman and Little (1997), Survey Methodology 23, 127-135, for the idea of carrying a multilevel regression to
//! population cells; the bins and the correction by their spread are this project's.
//!
//! Checked against: scoring persons one by one, which every run of the engine does for its audit areas.

mod draws;
mod rates;
mod shift;

use std::collections::{BTreeMap, HashMap};

use crate::error::{Result, StatsError, same_length};

pub use draws::{ParameterDraws, TermDraws};
pub use rates::{approximation_error, rates};
pub use shift::{PlannedShift, Shift, changes};

/// A bin: persons of one area and cell with nearly the same linear predictor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Area.
    pub area: u32,
    /// Publication cell.
    pub cell: u32,
    /// Position of the linear predictor.
    pub position: u32,
    /// Persons.
    pub weight: f64,
}

/// A pattern of an audit area: persons with exactly the same design row.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// Area.
    pub area: u32,
    /// Publication cell.
    pub cell: u32,
    /// Position of the linear predictor.
    pub position: u32,
    /// Persons.
    pub weight: f64,
    /// The design row.
    pub design: Vec<f64>,
}

/// A population in bins.
#[derive(Debug, Clone, PartialEq)]
pub struct BinnedPopulation {
    /// Areas.
    pub areas: usize,
    /// Publication cells.
    pub cells: usize,
    /// Design columns.
    pub columns: usize,
    /// Bins in the order of area, cell, position.
    pub bins: Vec<Bin>,
    /// Means of the design columns, one row a bin.
    pub means: Vec<f64>,
    /// Patterns of the audit areas.
    pub patterns: Vec<Pattern>,
    /// Pooled within-bin covariances, row-major, one for each cell and position that an audit area has.
    spread: Vec<Vec<f64>>,
    /// Which of them belongs to each bin, if one does.
    spread_of_bin: Vec<Option<u32>>,
}

/// The inverse logit.
pub fn inverse_logit(predictor: f64) -> f64 {
    1.0 / (1.0 + (-predictor).exp())
}

impl BinnedPopulation {
    /// A population of these bins (in the order of area, cell, position) with means of the design columns, and the patterns
    /// of its audit areas.
    pub fn new(
        areas: usize,
        cells: usize,
        columns: usize,
        bins: Vec<Bin>,
        means: Vec<f64>,
        patterns: Vec<Pattern>,
    ) -> BinnedPopulation {
        let spread_of_bin = vec![None; bins.len()];
        let mut population =
            BinnedPopulation { areas, cells, columns, bins, means, patterns, spread: Vec::new(), spread_of_bin };
        let mut place = HashMap::new();
        for (key, covariance) in population.within_bin_covariance() {
            place.insert(key, population.spread.len() as u32);
            population.spread.push(covariance);
        }
        population.spread_of_bin =
            population.bins.iter().map(|bin| place.get(&(bin.cell, bin.position)).copied()).collect();
        population
    }

    /// Persons of each area and cell: row-major, areas by cells.
    pub fn sizes(&self) -> Vec<f64> {
        let mut sizes = vec![0.0; self.areas * self.cells];
        for bin in &self.bins {
            sizes[bin.area as usize * self.cells + bin.cell as usize] += bin.weight;
        }
        sizes
    }

    /// Persons of each area.
    pub fn people(&self) -> Vec<f64> {
        let mut people = vec![0.0; self.areas];
        for bin in &self.bins {
            people[bin.area as usize] += bin.weight;
        }
        people
    }

    /// Means of the design columns by area: row-major, areas by columns; NaN where there is nobody.
    pub fn area_means(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.areas * self.columns];
        for (bin, means) in self.bins.iter().zip(self.means.chunks_exact(self.columns)) {
            for (sum, mean) in sums[bin.area as usize * self.columns..].iter_mut().zip(means) {
                *sum += bin.weight * mean;
            }
        }
        for (row, people) in sums.chunks_exact_mut(self.columns).zip(self.people()) {
            row.iter_mut().for_each(|sum| *sum = if people > 0.0 { *sum / people } else { f64::NAN });
        }
        sums
    }

    /// The population with the persons of every area and cell multiplied by a factor: row-major, areas by cells, as
    /// [`BinnedPopulation::sizes`]. Within an area and cell the mix of covariates stays as it was; what raking to newer
    /// margins changes is how many persons stand behind it.
    ///
    /// # Errors
    /// As many factors as areas times cells are wanted, none negative or missing.
    pub fn reweighted(&self, factors: &[f64]) -> Result<BinnedPopulation> {
        same_length("factors", factors.len(), self.areas * self.cells)?;
        if let Some(row) = factors.iter().position(|factor| !(factor.is_finite() && *factor >= 0.0)) {
            return Err(StatsError::OutOfRange { input: "factors", requirement: "not negative", row });
        }
        let factor = |area: u32, cell: u32| factors[area as usize * self.cells + cell as usize];
        let (mut bins, mut means) = (Vec::new(), Vec::new());
        for (bin, row) in self.bins.iter().zip(self.means.chunks_exact(self.columns)) {
            let weight = bin.weight * factor(bin.area, bin.cell);
            if weight > 0.0 {
                bins.push(Bin { weight, ..*bin });
                means.extend_from_slice(row);
            }
        }
        let patterns = self.patterns.iter().cloned().filter_map(|pattern| {
            let weight = pattern.weight * factor(pattern.area, pattern.cell);
            (weight > 0.0).then_some(Pattern { weight, ..pattern })
        });
        Ok(BinnedPopulation::new(self.areas, self.cells, self.columns, bins, means, patterns.collect()))
    }

    /// Covariance of the design columns within bins, pooled over the audit areas, by (cell, position).
    fn within_bin_covariance(&self) -> BTreeMap<(u32, u32), Vec<f64>> {
        let width = self.columns;
        let bin_of: HashMap<(u32, u32, u32), usize> =
            self.bins.iter().enumerate().map(|(index, bin)| ((bin.area, bin.cell, bin.position), index)).collect();
        let mut spread: BTreeMap<(u32, u32), (f64, Vec<f64>)> = BTreeMap::new();
        for pattern in &self.patterns {
            let Some(&bin) = bin_of.get(&(pattern.area, pattern.cell, pattern.position)) else { continue };
            let mean = &self.means[bin * width..(bin + 1) * width];
            let entry =
                spread.entry((pattern.cell, pattern.position)).or_insert_with(|| (0.0, vec![0.0; width * width]));
            entry.0 += pattern.weight;
            for (row, sums) in entry.1.chunks_exact_mut(width).enumerate() {
                let left = pattern.weight * (pattern.design[row] - mean[row]);
                if left != 0.0 {
                    for (sum, (value, mean)) in sums.iter_mut().zip(pattern.design.iter().zip(mean)) {
                        *sum += left * (value - mean);
                    }
                }
            }
        }
        spread
            .into_iter()
            .map(|(key, (weight, mut sums))| {
                sums.iter_mut().for_each(|sum| *sum /= weight);
                (key, sums)
            })
            .collect()
    }
}
