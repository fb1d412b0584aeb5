//! Rates of small populations, drawn towards the rate of all areas or of the neighbourhood.

use super::autocorrelation::{PermutationTest, moran, moran_permutation};
use super::neighbours::{Neighbours, SpatialWeights};
use crate::error::{Result, StatsError, same_length};

/// Empirical Bayes smoothing of `rate_i = events_i / population_i` by the method of moments (Marshall 1991):
/// `m + (rate_i - m) a / (a + m / population_i)`.
///
/// `m` is the overall rate and `a` the variance of the true rates between areas: what is left of
/// `sum population_i (rate_i - m)^2 / sum population` when the Poisson part `m / mean(population)` is taken out, not below
/// zero. Unit: events per head. The counts are taken to be Poisson given the true rate, which suits rare events; complex
/// surveys need [`area_model`](crate::area_model) instead.
///
/// Checked against: `spatial.json` `nc_EBest`, `nc_EBlocal`, `nc_EBImoran` (R `spdep`; script `06_spatial.R`). References:
/// Marshall, Applied Statistics 40 (1991); Assunção and Reis, Statistics in Medicine 18 (1999), for Moran's I of
/// rates.
#[derive(Debug, Clone, PartialEq)]
pub struct EmpiricalBayes {
    events: Vec<f64>,
    population: Vec<f64>,
}

/// Which mean the local variance is taken around.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LocalDispersion {
    /// The mean of the area's own neighbourhood, as in Marshall (1991) and in GeoDa. The default.
    #[default]
    AroundNeighbourhoodMean,
    /// For each neighbour the mean of *its* neighbourhood, as R `spdep::EBlocal` does unless told otherwise. Removes trends
    /// across the neighbourhood, so areas are drawn in more.
    AroundEachOwnMean,
}

/// Smoothed rates and what they were drawn towards. One entry per area.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SmoothedRates {
    /// `events / population`.
    pub raw: Vec<f64>,
    /// Smoothed rates.
    pub smoothed: Vec<f64>,
    /// The rate drawn towards: of all areas, or of the neighbourhood.
    pub prior_mean: Vec<f64>,
    /// Variance of the true rates between areas. Zero where the raw rates vary no more than chance makes them.
    pub prior_variance: Vec<f64>,
}

impl EmpiricalBayes {
    /// Events and populations of the same areas.
    ///
    /// # Errors
    /// No areas, unequal lengths, negative events, populations that are not positive, no events at all.
    pub fn new(events: &[f64], population: &[f64]) -> Result<Self> {
        same_length("population", population.len(), events.len())?;
        if let Some(row) = events.iter().position(|e| !(e.is_finite() && *e >= 0.0)) {
            return Err(StatsError::OutOfRange { input: "events", requirement: "not negative", row });
        }
        if let Some(row) = population.iter().position(|p| !(p.is_finite() && *p > 0.0)) {
            return Err(StatsError::OutOfRange { input: "population", requirement: "positive", row });
        }
        if !events.iter().any(|e| *e > 0.0) {
            return Err(StatsError::Empty { quantity: "rates" });
        }
        Ok(Self { events: events.to_vec(), population: population.to_vec() })
    }

    fn raw(&self) -> Vec<f64> {
        self.events.iter().zip(&self.population).map(|(events, population)| events / population).collect()
    }

    /// Drawn towards the rate of all areas.
    pub fn global(&self) -> SmoothedRates {
        let raw = self.raw();
        let mean = self.rate_of(0..raw.len());
        let variance = self.true_variance(&raw, 0..raw.len(), mean, |_| mean);
        self.smooth(raw, vec![mean; self.events.len()], vec![variance; self.events.len()])
    }

    /// Drawn towards the rate of the area with its neighbours. An area without neighbours keeps its raw rate.
    ///
    /// # Errors
    /// Another number of areas.
    pub fn local(&self, neighbours: &Neighbours, dispersion: LocalDispersion) -> Result<SmoothedRates> {
        same_length("neighbours", neighbours.areas(), self.events.len())?;
        let raw = self.raw();
        let with_self = neighbours.with_self();
        let near = |area: usize| with_self.of(area).iter().map(|&other| other as usize);
        let means: Vec<f64> = (0..raw.len()).map(|area| self.rate_of(near(area))).collect();
        let variance = |area: usize| {
            let around = |other: usize| match dispersion {
                LocalDispersion::AroundNeighbourhoodMean => means[area],
                LocalDispersion::AroundEachOwnMean => means[other],
            };
            self.true_variance(&raw, near(area), means[area], around)
        };
        let variances = (0..raw.len()).map(variance).collect();
        Ok(self.smooth(raw, means.clone(), variances))
    }

    /// Rate of several areas together.
    fn rate_of(&self, areas: impl Iterator<Item = usize>) -> f64 {
        let (events, population) =
            areas.fold((0.0, 0.0), |(e, p), area| (e + self.events[area], p + self.population[area]));
        events / population
    }

    /// Variance of the true rates of several areas: that of the raw ones around the given means, less what chance adds.
    fn true_variance(
        &self,
        raw: &[f64],
        areas: impl Iterator<Item = usize>,
        mean: f64,
        around: impl Fn(usize) -> f64,
    ) -> f64 {
        let (mut squares, mut population, mut count) = (0.0, 0.0, 0.0);
        for area in areas {
            squares += self.population[area] * (raw[area] - around(area)).powi(2);
            population += self.population[area];
            count += 1.0;
        }
        (squares / population - mean * count / population).max(0.0)
    }

    fn smooth(&self, raw: Vec<f64>, prior_mean: Vec<f64>, prior_variance: Vec<f64>) -> SmoothedRates {
        let one = |area: usize| {
            let (m, a) = (prior_mean[area], prior_variance[area]);
            let chance = m / self.population[area];
            // A neighbourhood without events says nothing but zero.
            if a + chance > 0.0 { m + (raw[area] - m) * a / (a + chance) } else { m }
        };
        let smoothed = (0..raw.len()).map(one).collect();
        SmoothedRates { raw, smoothed, prior_mean, prior_variance }
    }

    /// Rates as deviates, `(rate_i - m) / sqrt(a + m / population_i)`: all with the same variance when place does not
    /// matter, which raw rates of unequal populations are not.
    pub fn deviates(&self) -> Vec<f64> {
        let global = self.global();
        let deviate = |area: usize| {
            let (m, a) = (global.prior_mean[area], global.prior_variance[area]);
            (global.raw[area] - m) / (a + m / self.population[area]).sqrt()
        };
        (0..self.events.len()).map(deviate).collect()
    }

    /// Moran's I of the [`deviates`](Self::deviates): likeness of neighbouring rates, unequal populations allowed for.
    ///
    /// # Errors
    /// As [`moran`].
    pub fn moran(&self, weights: &SpatialWeights) -> Result<f64> {
        Ok(moran(&self.deviates(), weights)?.value)
    }

    /// The same, among random arrangements of the deviates.
    ///
    /// # Errors
    /// As [`moran_permutation`].
    pub fn moran_permutation(
        &self,
        weights: &SpatialWeights,
        permutations: usize,
        seed: u64,
    ) -> Result<PermutationTest> {
        moran_permutation(&self.deviates(), weights, permutations, seed)
    }
}
