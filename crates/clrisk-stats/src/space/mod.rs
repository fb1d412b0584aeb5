//! Do neighbouring areas resemble each other, where, and what would a rate be if it borrowed from its neighbours?
//!
//! [`Neighbours`] says who is next to whom, [`SpatialWeights`] how much each neighbour counts. [`moran`] and [`geary`] ask
//! the question for the whole map, [`local_moran`], [`ConditionalPermutation`] and [`getis_ord_star`] for every area;
//! [`EmpiricalBayes`] smooths rates of small populations first, for chance alone makes them look like hot and cold spots. [`SpatialBasis`] is what a
//! model needs to let neighbours resemble each other.
//!
//! An area without neighbours (an island) stays in the data: it counts in means and in the permutations, adds nothing to a
//! sum over neighbours, and its own local statistics are NaN.
//!
//! Checked against: `spatial.json` (R `spdep`; script `06_spatial.R`), `spatial_py.json` (`esda`; script `06_spatial.py`).

mod autocorrelation;
mod local;
mod neighbours;
mod rates;
mod smooth;

pub use autocorrelation::{GlobalAutocorrelation, NullHypothesis, PermutationTest, geary, moran, moran_permutation};
pub use local::{
    ConditionalPermutation, LocalMoran, LocalNull, LocalPermutation, Quadrant, false_discovery_rate, getis_ord,
    getis_ord_star, local_moran,
};
pub use neighbours::{Metric, Neighbours, Points, SpatialWeights, WeightMoments, WeightStyle};
pub use rates::{EmpiricalBayes, LocalDispersion, SmoothedRates};
pub use smooth::SpatialBasis;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;

use crate::error::{Result, StatsError, same_length};

/// Values as deviations from their mean, with the moments the null distributions need.
struct Deviations {
    values: Vec<f64>,
    /// `sum z^2 / n`.
    variance: f64,
    /// `n sum z^4 / (sum z^2)^2`.
    kurtosis: f64,
}

impl Deviations {
    fn new(values: &[f64], weights: &SpatialWeights) -> Result<Self> {
        let areas = weights.neighbours().areas();
        same_length("values", values.len(), areas)?;
        if let Some(row) = values.iter().position(|v| !v.is_finite()) {
            return Err(StatsError::Missing { input: "values", row });
        }
        // The variance under randomisation divides by n - 3.
        if areas < 4 {
            return Err(StatsError::Setting { setting: "areas", requirement: "four or more" });
        }
        if values.iter().all(|v| *v == values[0]) {
            return Err(StatsError::ConstantOutcome);
        }
        let n = areas as f64;
        let mean = values.iter().sum::<f64>() / n;
        let values: Vec<f64> = values.iter().map(|v| v - mean).collect();
        let variance = values.iter().map(|z| z * z).sum::<f64>() / n;
        let fourth = values.iter().map(|z| z.powi(4)).sum::<f64>() / n;
        Ok(Self { values, variance, kurtosis: fourth / (variance * variance) })
    }
}

/// A whole number below `bound`, each with the same probability (Lemire 2019): the high half of a product, drawn again in
/// the few cases that would favour some numbers.
#[inline]
fn below(random: &mut ChaCha8Rng, bound: u32) -> usize {
    let mut product = u64::from(random.next_u32()) * u64::from(bound);
    if (product as u32) < bound {
        let refused = bound.wrapping_neg() % bound;
        while (product as u32) < refused {
            product = u64::from(random.next_u32()) * u64::from(bound);
        }
    }
    (product >> 32) as usize
}

/// One-sided probabilities of a statistic among its permutations, the observed arrangement counted as one of them.
#[derive(Debug, Clone, Copy)]
struct Tails {
    at_least: usize,
    at_most: usize,
    permutations: usize,
}

impl Tails {
    fn high(&self) -> f64 {
        (self.at_least + 1) as f64 / (self.permutations + 1) as f64
    }

    fn low(&self) -> f64 {
        (self.at_most + 1) as f64 / (self.permutations + 1) as f64
    }

    fn folded(&self) -> f64 {
        self.high().min(self.low())
    }

    fn two_sided(&self) -> f64 {
        (2.0 * self.folded()).min(1.0)
    }
}
