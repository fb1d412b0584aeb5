//! Does the whole map show a pattern? Moran's I and Geary's C.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::neighbours::SpatialWeights;
use super::{Deviations, Tails, below};
use crate::distribution::normal_cdf;
use crate::error::{Result, StatsError};

/// What is taken to be random when nothing depends on place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NullHypothesis {
    /// The values are a sample of a normal distribution.
    Normality,
    /// Every arrangement of these values over the areas is equally likely. The default: it assumes nothing of the values.
    #[default]
    Randomisation,
}

/// A global statistic with its moments under both null hypotheses.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct GlobalAutocorrelation {
    /// The statistic.
    pub value: f64,
    /// Its expectation (the same under both hypotheses).
    pub expected: f64,
    /// Its variance when the values are normal.
    pub variance_normality: f64,
    /// Its variance over all arrangements of the values.
    pub variance_randomisation: f64,
    /// Whether likeness of neighbours makes the statistic large (Moran) or small (Geary).
    large_when_alike: bool,
}

impl GlobalAutocorrelation {
    /// Variance under a null hypothesis.
    pub fn variance(&self, null: NullHypothesis) -> f64 {
        match null {
            NullHypothesis::Normality => self.variance_normality,
            NullHypothesis::Randomisation => self.variance_randomisation,
        }
    }

    /// Standard deviate, positive when neighbours are alike.
    pub fn z(&self, null: NullHypothesis) -> f64 {
        let distance = (self.value - self.expected) / self.variance(null).sqrt();
        if self.large_when_alike { distance } else { -distance }
    }

    /// Probability of neighbours at least this much alike by chance (normal approximation).
    pub fn p_alike(&self, null: NullHypothesis) -> f64 {
        normal_cdf(-self.z(null))
    }

    /// Probability of a pattern at least this strong in either direction (normal approximation).
    pub fn p_two_sided(&self, null: NullHypothesis) -> f64 {
        2.0 * normal_cdf(-self.z(null).abs())
    }
}

/// Moran's I: `I = (n / S0) sum_ij w_ij z_i z_j / sum_i z_i^2`, with `z = x - mean(x)`.
///
/// Without unit; near `-1 / (n - 1)` when place does not matter, positive when neighbours are alike. Weights need not be
/// symmetric. An island counts in `n` and in the mean: the moments are those of all arrangements over all areas.
///
/// # Errors
/// Unequal lengths, a value that is not finite, constant values, fewer than four areas, no neighbours at all, an area that
/// is its own neighbour.
///
/// # Example
/// ```
/// use clrisk_stats::space::{Neighbours, WeightStyle, moran};
/// # fn main() -> clrisk_stats::Result<()> {
/// let chain = Neighbours::from_pairs(4, &[(0, 1), (1, 2), (2, 3)])?.weights(WeightStyle::Binary);
/// assert!((moran(&[1.0, 2.0, 3.0, 4.0], &chain)?.value - 1.0 / 3.0).abs() < 1e-12);
/// # Ok(()) }
/// ```
///
/// Checked against: `spatial.json` `*_rand`, `*_norm` (R `spdep::moran.test`), `spatial_py.json` (`esda.Moran`). Reference:
/// Cliff and Ord, Spatial Processes (1981).
pub fn moran(values: &[f64], weights: &SpatialWeights) -> Result<GlobalAutocorrelation> {
    weights.refuse_self_and_nothing()?;
    let z = Deviations::new(values, weights)?;
    let n = values.len() as f64;
    let w = weights.moments();
    let expected = -1.0 / (n - 1.0);
    let squared = w.s0 * w.s0;
    let normal = (n * n * w.s1 - n * w.s2 + 3.0 * squared) / (squared * (n * n - 1.0));
    let with_kurtosis = n * ((n * n - 3.0 * n + 3.0) * w.s1 - n * w.s2 + 3.0 * squared)
        - z.kurtosis * ((n * n - n) * w.s1 - 2.0 * n * w.s2 + 6.0 * squared);
    let randomised = with_kurtosis / ((n - 1.0) * (n - 2.0) * (n - 3.0) * squared);
    Ok(GlobalAutocorrelation {
        value: cross_product(weights, &z.values) / (w.s0 * z.variance),
        expected,
        variance_normality: normal - expected * expected,
        variance_randomisation: randomised - expected * expected,
        large_when_alike: true,
    })
}

fn cross_product(weights: &SpatialWeights, z: &[f64]) -> f64 {
    z.iter().enumerate().map(|(area, value)| value * weights.lag_of(area, z)).sum()
}

/// Geary's C: `C = ((n - 1) / (2 S0)) sum_ij w_ij (x_i - x_j)^2 / sum_i z_i^2`.
///
/// Without unit; near 1 when place does not matter, below 1 when neighbours are alike. More sensitive than Moran's I to
/// differences between single neighbours.
///
/// # Errors
/// As [`moran`].
///
/// Checked against: `spatial.json` `*_geary` (R `spdep::geary.test`), `spatial_py.json` (`esda.Geary`). Reference: Cliff
/// and Ord, Spatial Processes (1981).
pub fn geary(values: &[f64], weights: &SpatialWeights) -> Result<GlobalAutocorrelation> {
    weights.refuse_self_and_nothing()?;
    let z = Deviations::new(values, weights)?;
    let n = values.len() as f64;
    let w = weights.moments();
    let squared = w.s0 * w.s0;
    let difference = |area: usize| -> f64 {
        let links = weights.neighbours().of(area).iter().zip(weights.of(area));
        links.map(|(&other, weight)| weight * (values[area] - values[other as usize]).powi(2)).sum()
    };
    let differences: f64 = (0..values.len()).map(difference).sum();
    let k = z.kurtosis;
    let randomised = (n - 1.0) * w.s1 * (n * n - 3.0 * n + 3.0 - (n - 1.0) * k)
        - 0.25 * (n - 1.0) * w.s2 * (n * n + 3.0 * n - 6.0 - (n * n - n + 2.0) * k)
        + squared * (n * n - 3.0 - (n - 1.0).powi(2) * k);
    Ok(GlobalAutocorrelation {
        value: (n - 1.0) * differences / (2.0 * w.s0 * n * z.variance),
        expected: 1.0,
        variance_normality: ((2.0 * w.s1 + w.s2) * (n - 1.0) - 4.0 * squared) / (2.0 * (n + 1.0) * squared),
        variance_randomisation: randomised / (n * (n - 2.0) * (n - 3.0) * squared),
        large_when_alike: false,
    })
}

/// A statistic among those of random arrangements of the same values.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct PermutationTest {
    /// The statistic observed.
    pub value: f64,
    /// Mean over the permutations.
    pub mean: f64,
    /// Standard deviation over the permutations.
    pub standard_deviation: f64,
    /// Share of arrangements (the observed one included) with a statistic at least as large.
    pub p_high: f64,
    /// Share with one at least as small.
    pub p_low: f64,
    /// Twice the smaller of the two, at most one.
    pub p_two_sided: f64,
    /// Permutations made.
    pub permutations: usize,
}

/// Moran's I among random arrangements. Needed rather than the normal approximation for few areas or very skewed values.
/// The same seed gives the same answer.
///
/// # Errors
/// As [`moran`]; no permutations.
///
/// Checked against: the exact moments of [`moran`]; `spatial.json` `*_mc9999` (R `spdep::moran.mc`).
pub fn moran_permutation(
    values: &[f64],
    weights: &SpatialWeights,
    permutations: usize,
    seed: u64,
) -> Result<PermutationTest> {
    if permutations == 0 {
        return Err(StatsError::Setting { setting: "permutations", requirement: "at least one" });
    }
    let observed = moran(values, weights)?.value;
    let z = Deviations::new(values, weights)?;
    let scale = weights.moments().s0 * z.variance;
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut shuffled = z.values;
    let mut tails = Tails { at_least: 0, at_most: 0, permutations };
    // Sums around the observed value would cancel; around the expectation they do not.
    let expected = -1.0 / (shuffled.len() as f64 - 1.0);
    let (mut sum, mut squares) = (0.0, 0.0);
    // Equal arrangements in another order of summation must count as ties.
    let slack = 1e-12 * observed.abs().max(1.0);
    for _ in 0..permutations {
        for last in (1..shuffled.len()).rev() {
            shuffled.swap(last, below(&mut random, last as u32 + 1));
        }
        let found = cross_product(weights, &shuffled) / scale;
        tails.at_least += usize::from(found >= observed - slack);
        tails.at_most += usize::from(found <= observed + slack);
        sum += found - expected;
        squares += (found - expected).powi(2);
    }
    let count = permutations as f64;
    Ok(PermutationTest {
        value: observed,
        mean: expected + sum / count,
        standard_deviation: ((squares - sum * sum / count) / (count - 1.0)).max(0.0).sqrt(),
        p_high: tails.high(),
        p_low: tails.low(),
        p_two_sided: tails.two_sided(),
        permutations,
    })
}
