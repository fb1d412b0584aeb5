//! How much of an index is its choices? The index again and again under other defensible ones.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::{Aggregation, CompositeIndex, Indicators, Normalisation, Treatment, ranks_from_highest, top};
use crate::draws::quantile_of_sorted;
use crate::error::{Result, StatsError, same_length};

/// Weights of a whole index: level, group, member.
pub type WeightSet = Vec<Vec<Vec<f64>>>;

/// Choices that could have been made otherwise. Each of a list is taken with the same probability; an empty list leaves the
/// choice of the index as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Alternatives {
    /// Treatments of outliers (`None`: no treatment).
    pub treatments: Vec<Option<Treatment>>,
    /// Common scales.
    pub normalisations: Vec<Normalisation>,
    /// Ways of joining, used at all levels.
    pub aggregations: Vec<Aggregation>,
    /// Sets of weights, for example from [`noisy_weights`].
    pub weights: Vec<WeightSet>,
}

/// Names of the four choices, in the order of [`SensitivityIndices`].
const CHOICES: [&str; 4] = ["treatment", "normalisation", "aggregation", "weights"];

impl Alternatives {
    /// The index with the choices that four numbers in [0, 1) pick.
    fn pick(&self, index: &CompositeIndex, numbers: [f64; 4]) -> Result<CompositeIndex> {
        fn one<T>(list: &[T], number: f64) -> Option<&T> {
            list.get((number * list.len() as f64) as usize)
        }
        let mut picked = match one(&self.weights, numbers[3]) {
            Some(weights) => index.with_weights(weights)?,
            None => index.clone(),
        };
        if let Some(treatment) = one(&self.treatments, numbers[0]) {
            picked.treatment = *treatment;
        }
        if let Some(normalisation) = one(&self.normalisations, numbers[1]) {
            picked.normalisation = *normalisation;
        }
        if let Some(aggregation) = one(&self.aggregations, numbers[2]) {
            picked.levels.iter_mut().for_each(|level| level.aggregation = *aggregation);
        }
        Ok(picked)
    }

    /// Which of the four choices vary at all.
    fn vary(&self) -> [bool; 4] {
        [self.treatments.len(), self.normalisations.len(), self.aggregations.len(), self.weights.len()].map(|n| n > 1)
    }
}

impl CompositeIndex {
    /// The weights of all levels.
    pub fn weights(&self) -> WeightSet {
        self.levels.iter().map(|level| level.groups.iter().map(|group| group.weights.clone()).collect()).collect()
    }

    /// The same index with other weights.
    ///
    /// # Errors
    /// Another shape than that of [`weights`](Self::weights).
    pub fn with_weights(&self, weights: &WeightSet) -> Result<Self> {
        same_length("weights", weights.len(), self.levels.len())?;
        let mut other = self.clone();
        for (level, groups) in other.levels.iter_mut().zip(weights) {
            same_length("weights", groups.len(), level.groups.len())?;
            for (group, weights) in level.groups.iter_mut().zip(groups) {
                same_length("weights", weights.len(), group.weights.len())?;
                group.weights.clone_from(weights);
            }
        }
        Ok(other)
    }
}

/// Sets of weights around those of an index: every weight of level `l` times a number between `1 - noise[l]` and
/// `1 + noise[l]`.
///
/// # Errors
/// A noise for each level is needed, between 0 and 1.
pub fn noisy_weights(index: &CompositeIndex, noise: &[f64], sets: usize, seed: u64) -> Result<Vec<WeightSet>> {
    same_length("noise", noise.len(), index.levels.len())?;
    if let Some(row) = noise.iter().position(|n| !(0.0..=1.0).contains(n)) {
        return Err(StatsError::OutOfRange { input: "noise", requirement: "between 0 and 1", row });
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut set = || {
        let mut weights = index.weights();
        for (groups, noise) in weights.iter_mut().zip(noise) {
            for weight in groups.iter_mut().flatten() {
                *weight *= 1.0 + noise * (2.0 * uniform(&mut random) - 1.0);
            }
        }
        weights
    };
    Ok((0..sets).map(|_| set()).collect())
}

/// Uniform on [0, 1) with 53 bits.
fn uniform(random: &mut ChaCha8Rng) -> f64 {
    (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

/// The rank of one area under other choices.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct RankRange {
    /// Rank of the index itself, 1 the highest value.
    pub nominal: u32,
    /// Mean rank.
    pub mean: f64,
    /// Median rank.
    pub median: f64,
    /// Lower end of the interval.
    pub lower: f64,
    /// Upper end of the interval.
    pub upper: f64,
}

/// Ranks under other choices.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RankUncertainty {
    /// One entry per area. Areas without an index have rank 0 throughout.
    pub areas: Vec<RankRange>,
    /// For every replication that could be computed, the mean over areas of the absolute change of rank.
    pub mean_shift: Vec<f64>,
    /// Replications that could not be computed (a geometric mean of scores that are zero, for example).
    pub failed: usize,
}

/// Ranks under many recipes for the same indicators. Recipes share few treatments and scales, so these are kept.
struct Ranker<'a> {
    indicators: &'a Indicators,
    scaled: Vec<Scaled>,
}

/// Indicators on the scale that a treatment and a normalisation give.
struct Scaled {
    treatment: Option<Treatment>,
    normalisation: Normalisation,
    columns: Vec<Vec<f64>>,
}

impl Ranker<'_> {
    /// Scales kept at once.
    const KEPT: usize = 32;

    fn ranks(&mut self, index: &CompositeIndex) -> Result<Vec<u32>> {
        let same = |s: &Scaled| s.treatment == index.treatment && s.normalisation == index.normalisation;
        let position = match self.scaled.iter().position(same) {
            Some(position) => position,
            None => {
                let (treatment, normalisation) = (index.treatment, index.normalisation);
                let columns = index.scaled(self.indicators)?.1;
                self.scaled.truncate(Self::KEPT - 1);
                self.scaled.push(Scaled { treatment, normalisation, columns });
                self.scaled.len() - 1
            }
        };
        Ok(ranks_from_highest(top(&index.joined(&self.scaled[position].columns)?)))
    }
}

/// Ranks of an index under an explicit list of alternatives. Quantiles are those of R's default (type 7).
///
/// # Errors
/// The index itself cannot be computed, none of the alternatives can, or a level outside (0, 1).
///
/// Checked against: `composite.json` `asem_UA` (R `COINr::get_sensitivity`), with the peer's own random choices drawn again.
pub fn rank_uncertainty(
    index: &CompositeIndex,
    alternatives: impl IntoIterator<Item = CompositeIndex>,
    indicators: &Indicators,
    level: f64,
) -> Result<RankUncertainty> {
    RankDraws::new(index, alternatives, indicators)?.summary(level)
}

/// The ranks of all areas under each of many alternatives.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RankDraws {
    /// Ranks of the index itself, 1 the highest value.
    pub nominal: Vec<u32>,
    /// Ranks under every alternative that could be computed.
    pub draws: Vec<Vec<u32>>,
    /// Alternatives that could not be computed.
    pub failed: usize,
}

impl RankDraws {
    /// Computes the index and its alternatives.
    ///
    /// # Errors
    /// The index itself cannot be computed, or none of the alternatives can.
    pub fn new(
        index: &CompositeIndex,
        alternatives: impl IntoIterator<Item = CompositeIndex>,
        indicators: &Indicators,
    ) -> Result<Self> {
        let mut ranker = Ranker { indicators, scaled: Vec::new() };
        let nominal = ranker.ranks(index)?;
        let (mut draws, mut failed) = (Vec::new(), 0);
        for alternative in alternatives {
            match ranker.ranks(&alternative) {
                Ok(ranks) => draws.push(ranks),
                Err(_) => failed += 1,
            }
        }
        if draws.is_empty() {
            Err(StatsError::Empty { quantity: "rank uncertainty" })
        } else {
            Ok(Self { nominal, draws, failed })
        }
    }

    /// Mean, median and interval of the ranks of every area.
    ///
    /// # Errors
    /// A level outside (0, 1).
    pub fn summary(&self, level: f64) -> Result<RankUncertainty> {
        if !(level > 0.0 && level < 1.0) {
            return Err(StatsError::Setting { setting: "level", requirement: "between 0 and 1" });
        }
        let tail = 0.5 - 0.5 * level;
        let range = |(area, &nominal): (usize, &u32)| {
            let mut list: Vec<f64> = self.draws.iter().map(|ranks| f64::from(ranks[area])).collect();
            list.sort_by(f64::total_cmp);
            RankRange {
                nominal,
                mean: list.iter().sum::<f64>() / list.len() as f64,
                median: quantile_of_sorted(&list, 0.5),
                lower: quantile_of_sorted(&list, tail),
                upper: quantile_of_sorted(&list, 1.0 - tail),
            }
        };
        Ok(RankUncertainty {
            areas: self.nominal.iter().enumerate().map(range).collect(),
            mean_shift: self.draws.iter().map(|ranks| shift(ranks, &self.nominal)).collect(),
            failed: self.failed,
        })
    }

    /// For every area the share of alternatives in which its rank falls in each class, when classes are ranges of ranks:
    /// class `k` holds the ranks above `limits[k - 1]` up to `limits[k]` (rank 1 is in class 0), and a last class holds those
    /// beyond. Scores of different recipes have different scales; ranks have the same. All zero for an area without an
    /// index.
    pub fn class_shares(&self, limits: &[u32]) -> Vec<Vec<f64>> {
        let one = |area: usize| {
            let mut shares = vec![0.0; limits.len() + 1];
            for ranks in self.draws.iter().filter(|ranks| ranks[area] > 0) {
                shares[limits.partition_point(|&limit| limit < ranks[area])] += 1.0 / self.draws.len() as f64;
            }
            shares
        };
        (0..self.nominal.len()).map(one).collect()
    }
}

fn shift(ranks: &[u32], nominal: &[u32]) -> f64 {
    ranks.iter().zip(nominal).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / ranks.len() as f64
}

/// Monte Carlo over the choices of an index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UncertaintyAnalysis {
    /// Replications (for sensitivity: base points; the index is computed `replications (choices + 2)` times).
    pub replications: usize,
    /// Seed.
    pub seed: u64,
    /// Level of the rank intervals.
    pub level: f64,
}

impl Default for UncertaintyAnalysis {
    fn default() -> Self {
        Self { replications: 1000, seed: 1, level: 0.9 }
    }
}

/// Shares of the variance of the mean rank shift that a choice explains.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct SensitivityIndices {
    /// Which choice: `treatment`, `normalisation`, `aggregation` or `weights`.
    pub choice: &'static str,
    /// First-order index: the choice alone. Simulation error can make it a little negative.
    pub first: f64,
    /// Total index: the choice with all its interactions; near zero means it may be fixed at anything.
    pub total: f64,
}

impl UncertaintyAnalysis {
    /// Ranks when every replication draws all choices anew.
    ///
    /// # Errors
    /// As [`rank_uncertainty`]; sets of weights of another shape.
    pub fn ranks(
        &self,
        index: &CompositeIndex,
        alternatives: &Alternatives,
        indicators: &Indicators,
    ) -> Result<RankUncertainty> {
        self.draws(index, alternatives, indicators)?.summary(self.level)
    }

    /// The ranks themselves, one list for every replication.
    ///
    /// # Errors
    /// As [`rank_uncertainty`]; sets of weights of another shape.
    pub fn draws(
        &self,
        index: &CompositeIndex,
        alternatives: &Alternatives,
        indicators: &Indicators,
    ) -> Result<RankDraws> {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        let picked = (0..self.replications)
            .map(|_| alternatives.pick(index, std::array::from_fn(|_| uniform(&mut random))))
            .collect::<Result<Vec<_>>>()?;
        RankDraws::new(index, picked, indicators)
    }

    /// Which choice matters: variance-based indices of the mean absolute change of rank, for the choices that have at least
    /// two alternatives. First-order by Saltelli et al. (2010, Computer Physics Communications 181), total by
    /// Jansen (1999). Reference: Saisana, Saltelli and Tarantola, JRSS A 168 (2005).
    ///
    /// # Errors
    /// A replication that cannot be computed, no choice that varies, or ranks that never change.
    pub fn sensitivity(
        &self,
        index: &CompositeIndex,
        alternatives: &Alternatives,
        indicators: &Indicators,
    ) -> Result<Vec<SensitivityIndices>> {
        let mut ranker = Ranker { indicators, scaled: Vec::new() };
        let nominal = ranker.ranks(index)?;
        let mut output = |numbers: [f64; 4]| -> Result<f64> {
            Ok(shift(&ranker.ranks(&alternatives.pick(index, numbers)?)?, &nominal))
        };
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        let mut sample = || -> Vec<[f64; 4]> {
            (0..self.replications).map(|_| std::array::from_fn(|_| uniform(&mut random))).collect()
        };
        let (a, b) = (sample(), sample());
        let mut outputs = |points: &[[f64; 4]]| points.iter().map(|&p| output(p)).collect::<Result<Vec<f64>>>();
        let (of_a, of_b) = (outputs(&a)?, outputs(&b)?);
        let both: Vec<f64> = of_a.iter().chain(&of_b).copied().collect();
        if both.len() < 4 {
            return Err(StatsError::Setting { setting: "replications", requirement: "two or more" });
        }
        let variance = super::mean_and_deviation(&both).1.powi(2);
        if variance <= 0.0 {
            return Err(StatsError::ConstantOutcome);
        }
        let mean = both.iter().sum::<f64>() / both.len() as f64;
        let mut indices = Vec::new();
        for choice in (0..CHOICES.len()).filter(|&choice| alternatives.vary()[choice]) {
            let mut mixed = a.clone();
            mixed.iter_mut().zip(&b).for_each(|(m, b)| m[choice] = b[choice]);
            let of_mixed = outputs(&mixed)?;
            let n = mixed.len() as f64;
            // The mean taken out of the first factor changes the expectation by nothing and the error by much.
            let product = |k: usize| (of_b[k] - mean) * (of_mixed[k] - of_a[k]);
            let first = (0..mixed.len()).map(product).sum::<f64>() / (n * variance);
            let squares = of_a.iter().zip(&of_mixed).map(|(x, y)| (x - y).powi(2));
            indices.push(SensitivityIndices {
                choice: CHOICES[choice],
                first,
                total: squares.sum::<f64>() / (2.0 * n * variance),
            });
        }
        if indices.is_empty() { Err(StatsError::Empty { quantity: "sensitivity" }) } else { Ok(indices) }
    }
}
