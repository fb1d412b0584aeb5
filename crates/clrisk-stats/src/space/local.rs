//! Where on the map? Local Moran, its conditional permutations, and Getis-Ord G and G*.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::neighbours::SpatialWeights;
use super::{Deviations, Tails, below};
use crate::distribution::normal_cdf;
use crate::error::{Result, StatsError};

/// What is taken to be random for a local statistic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LocalNull {
    /// The area keeps its value, the others are arranged anew. The default: it asks whether the *neighbourhood* is unusual.
    #[default]
    Conditional,
    /// All values are arranged anew (Anselin 1995). Areas with large deviations look less unusual than they are.
    Total,
}

/// The corner of the Moran scatter plot an area lies in: itself, then its neighbours; high is above the mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quadrant {
    /// High among high: the core of a hot spot.
    HighHigh,
    /// Low among high.
    LowHigh,
    /// Low among low: the core of a cold spot.
    LowLow,
    /// High among low.
    HighLow,
}

impl Quadrant {
    /// Quadrant of a deviation from the mean and of its lag; zero counts as low.
    pub fn of(deviation: f64, lag: f64) -> Self {
        match (deviation > 0.0, lag > 0.0) {
            (true, true) => Self::HighHigh,
            (false, true) => Self::LowHigh,
            (false, false) => Self::LowLow,
            (true, false) => Self::HighLow,
        }
    }
}

/// Local Moran of one area. NaN throughout for an area without neighbours, except its deviation.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct LocalMoran {
    /// `z_i = x_i - mean(x)`, in the unit of the values.
    pub deviation: f64,
    /// `sum_j w_ij z_j`, in the unit of the values.
    pub lag: f64,
    /// `I_i`, without unit.
    pub value: f64,
    /// Expectation under the null hypothesis.
    pub expected: f64,
    /// Variance under the null hypothesis.
    pub variance: f64,
    /// Corner of the scatter plot.
    pub quadrant: Quadrant,
}

impl LocalMoran {
    /// Standard deviate; NaN where the null leaves no variance (conditionally: the value is the mean itself, the other areas
    /// are all alike, or all of them are neighbours).
    pub fn z(&self) -> f64 {
        if self.variance > 0.0 { (self.value - self.expected) / self.variance.sqrt() } else { f64::NAN }
    }

    /// Two-sided probability by the normal approximation, which is poor for few neighbours; prefer
    /// [`ConditionalPermutation`].
    pub fn p_two_sided(&self) -> f64 {
        2.0 * normal_cdf(-self.z().abs())
    }
}

/// Local Moran: `I_i = (z_i / m2) sum_j w_ij z_j`, `m2 = sum z^2 / n`; the `I_i` add up to `S0` times Moran's I.
///
/// With `W1 = sum_j w_ij` and `W2 = sum_j w_ij^2`, the moments given the area's own value are
/// `E = -z_i^2 W1 / ((n - 1) m2)` and
/// `V = (z_i / m2)^2 (n / (n - 2)) (W2 - W1^2 / (n - 1)) (m2 - z_i^2 / (n - 1))` (Sokal, Oden and Thomson 1998); over all
/// arrangements they are those of Anselin (1995).
///
/// # Errors
/// As [`moran`](super::moran).
///
/// Checked against: `spatial.json` `*_local`, `*_local_uncond` (R `spdep::localmoran`), `spatial_py.json`
/// (`esda.Moran_Local`, which divides by `n - 1`). References: Anselin, Geographical Analysis 27 (1995); Sauer, Oshan, Rey
/// and Wolf, Geographical Analysis 54 (2022), who show why the conditional null is the one wanted.
pub fn local_moran(values: &[f64], weights: &SpatialWeights, null: LocalNull) -> Result<Vec<LocalMoran>> {
    weights.refuse_self_and_nothing()?;
    let z = Deviations::new(values, weights)?;
    let n = values.len() as f64;
    let one = |area: usize| {
        let deviation = z.values[area];
        let own = weights.of(area);
        if own.is_empty() {
            let quadrant = Quadrant::of(deviation, 0.0);
            let (value, expected, variance) = (f64::NAN, f64::NAN, f64::NAN);
            return LocalMoran { deviation, lag: f64::NAN, value, expected, variance, quadrant };
        }
        let (sum, squares) = (own.iter().sum::<f64>(), own.iter().map(|w| w * w).sum::<f64>());
        let (expected, variance) = match null {
            LocalNull::Conditional => conditional_moments(deviation, z.variance, sum, squares, n),
            LocalNull::Total => total_moments(z.kurtosis, sum, squares, n),
        };
        let lag = weights.lag_of(area, &z.values);
        let value = deviation / z.variance * lag;
        LocalMoran { deviation, lag, value, expected, variance, quadrant: Quadrant::of(deviation, lag) }
    };
    Ok((0..values.len()).map(one).collect())
}

fn conditional_moments(z: f64, m2: f64, sum: f64, squares: f64, n: f64) -> (f64, f64) {
    let own = z * z / (n - 1.0);
    let spread = left_of(squares, sum * sum / (n - 1.0)) * left_of(m2, own);
    (-own * sum / m2, (z / m2).powi(2) * n / (n - 2.0) * spread)
}

/// What a part leaves of a whole; exactly zero when only rounding is left (all other areas alike, or all of them
/// neighbours), for a deviate over the root of rounding error would mean nothing.
fn left_of(whole: f64, part: f64) -> f64 {
    let left = whole - part;
    if left > 1e-12 * whole { left } else { 0.0 }
}

fn total_moments(kurtosis: f64, sum: f64, squares: f64, n: f64) -> (f64, f64) {
    let expected = -sum / (n - 1.0);
    let alone = (n - kurtosis) / (n - 1.0);
    let paired = (2.0 * kurtosis - n) / ((n - 1.0) * (n - 2.0));
    (expected, alone * squares + paired * (sum * sum - squares) - expected * expected)
}

/// Conditional permutation of local Moran: the area keeps its value, its neighbours' values are drawn without replacement
/// from all other areas.
///
/// Every area has a stream of the seed of its own (by its position), so the answer for an area depends neither on the order
/// of work nor on the other areas' neighbours. Given the area's own value, local Moran and Getis-Ord `G` rise and fall with
/// the same sum over neighbours, so the probabilities are those of `G` too. 999 permutations of 5,550 areas with six
/// neighbours take about a seventh of a second (`examples/local_moran.rs`).
///
/// No p-value can be smaller than `2 / (permutations + 1)`. Where few of many areas stand out, [`false_discovery_rate`]
/// needs smaller ones than 999 permutations can give: with 5,550 areas of which 50 are hot spots, ask for 9,999 or more.
///
/// # Example
/// ```
/// use clrisk_stats::space::{ConditionalPermutation, Neighbours, WeightStyle, false_discovery_rate};
/// # fn main() -> clrisk_stats::Result<()> {
/// let pairs: Vec<(u32, u32)> = (0..29).map(|area| (area, area + 1)).collect();
/// let chain = Neighbours::from_pairs(30, &pairs)?.weights(WeightStyle::RowStandardised);
/// let values: Vec<f64> = (0..30).map(f64::from).collect();
/// let found = ConditionalPermutation::default().test(&values, &chain)?;
/// let p: Vec<f64> = found.iter().map(|area| area.p_two_sided).collect();
/// // Towards the ends of the chain areas stand out, in the middle they do not.
/// assert!(p[28] < 0.05 && p[15] > 0.5 && false_discovery_rate(&p)?[15] > 0.5);
/// # Ok(()) }
/// ```
///
/// Checked against: the exact conditional moments of [`local_moran`]; `spatial_py.json` `p_sim_local`
/// (`esda.Moran_Local`), within the error of two simulations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConditionalPermutation {
    /// Permutations of every area.
    pub permutations: usize,
    /// Seed.
    pub seed: u64,
}

impl Default for ConditionalPermutation {
    fn default() -> Self {
        Self { permutations: 999, seed: 1 }
    }
}

/// Conditional permutations of one area. NaN for an area without neighbours.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct LocalPermutation {
    /// Mean of `I_i` over the permutations.
    pub mean: f64,
    /// Standard deviation of `I_i` over the permutations.
    pub standard_deviation: f64,
    /// Share of permutations (the observed arrangement included) at least as extreme, on the side where `I_i` lies. One
    /// side only, chosen after looking: the "pseudo p-value" of other software. Ties count against significance.
    pub p_folded: f64,
    /// Twice that, at most one. The probability to publish and to correct for the number of areas.
    pub p_two_sided: f64,
}

impl ConditionalPermutation {
    /// Permutes every area.
    ///
    /// # Errors
    /// As [`moran`](super::moran); no permutations.
    pub fn test(&self, values: &[f64], weights: &SpatialWeights) -> Result<Vec<LocalPermutation>> {
        weights.refuse_self_and_nothing()?;
        if self.permutations == 0 {
            return Err(StatsError::Setting { setting: "permutations", requirement: "at least one" });
        }
        let z = Deviations::new(values, weights)?;
        let seeded = ChaCha8Rng::seed_from_u64(self.seed);
        let mut others = z.values.clone();
        let one = |area: usize| {
            let mut random = seeded.clone();
            random.set_stream(area as u64);
            self.permute(&z, weights, area, &mut others, &mut random)
        };
        Ok((0..values.len()).map(one).collect())
    }

    /// `others` is a scratch list as long as the values.
    fn permute(
        &self,
        z: &Deviations,
        weights: &SpatialWeights,
        area: usize,
        others: &mut [f64],
        random: &mut ChaCha8Rng,
    ) -> LocalPermutation {
        let own = weights.of(area);
        if own.is_empty() {
            let nan = f64::NAN;
            return LocalPermutation { mean: nan, standard_deviation: nan, p_folded: nan, p_two_sided: nan };
        }
        others.copy_from_slice(&z.values);
        let last = others.len() - 1;
        others.swap(area, last);
        let others = &mut others[..last];
        let observed = weights.lag_of(area, &z.values);
        // Sums of the same values in another order must count as ties.
        let slack = 1e-12 * (observed.abs() + z.variance.sqrt() * own.iter().sum::<f64>());
        let mut tails = Tails { at_least: 0, at_most: 0, permutations: self.permutations };
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..self.permutations {
            // The first places of a Fisher-Yates shuffle. It may start from any arrangement, so nothing is put back.
            let mut lag = 0.0;
            for (place, weight) in own.iter().enumerate() {
                let drawn = place + below(random, (last - place) as u32);
                others.swap(place, drawn);
                lag += weight * others[place];
            }
            tails.at_least += usize::from(lag >= observed - slack);
            tails.at_most += usize::from(lag <= observed + slack);
            sum += lag;
            squares += lag * lag;
        }
        // I_i is the lag times a constant of the area: the tails are the same but for its sign, which folding ignores.
        let (count, scale) = (self.permutations as f64, z.values[area] / z.variance);
        let deviation = ((squares - sum * sum / count) / (count - 1.0)).max(0.0).sqrt();
        LocalPermutation {
            mean: scale * sum / count,
            standard_deviation: scale.abs() * deviation,
            p_folded: tails.folded(),
            p_two_sided: tails.two_sided(),
        }
    }
}

/// P-values adjusted for the number of tests, `q_(i) = min over j >= i of p_(j) m / j` (Benjamini and Hochberg 1995): of
/// the areas with `q` at most 0.05, no more than a twentieth are expected to be false. NaN (islands) stay NaN and do not
/// count as tests.
///
/// The bound holds for independent tests and for some that are positively dependent (Benjamini and Yekutieli 2001), which
/// local statistics of neighbours nearly are; Caldas de Castro and Singer (Geographical Analysis 38, 2006) recommend it for
/// them.
///
/// # Errors
/// A p-value outside [0, 1].
pub fn false_discovery_rate(p_values: &[f64]) -> Result<Vec<f64>> {
    if let Some(row) = p_values.iter().position(|p| !(p.is_nan() || (0.0..=1.0).contains(p))) {
        return Err(StatsError::OutOfRange { input: "p_values", requirement: "between 0 and 1", row });
    }
    let mut order: Vec<usize> = (0..p_values.len()).filter(|&test| !p_values[test].is_nan()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![f64::NAN; p_values.len()];
    let mut smallest = 1.0f64;
    for (position, &test) in order.iter().enumerate().rev() {
        smallest = smallest.min(p_values[test] * order.len() as f64 / (position + 1) as f64);
        adjusted[test] = smallest;
    }
    Ok(adjusted)
}

/// Getis-Ord `G_i` as a standard deviate: is the sum over the neighbours, *without* the area itself, larger (hot) or smaller
/// (cold) than chance would make it? `(sum_j w_ij x_j - W1 m) / sqrt(s^2 ((n - 1) W2 - W1^2) / (n - 2))`, with mean `m` and
/// variance `s^2` of the other areas. NaN for an area without neighbours, or when the other areas leave no variance.
///
/// # Errors
/// As [`moran`](super::moran).
///
/// Checked against: `spatial.json` `G` (R `spdep::localG`). Reference: Ord and Getis, Geographical Analysis 27 (1995).
pub fn getis_ord(values: &[f64], weights: &SpatialWeights) -> Result<Vec<f64>> {
    weights.refuse_self_and_nothing()?;
    let z = Deviations::new(values, weights)?;
    let n = values.len() as f64;
    let one = |area: usize| {
        let own = z.values[area];
        // Deviations add up to zero, so the others' mean and variance follow from the area's own.
        let mean = -own / (n - 1.0);
        let variance = n / (n - 1.0) * left_of(z.variance, own * own / (n - 1.0));
        standardised_sum(weights, area, &z.values, mean, variance, n - 1.0)
    };
    Ok((0..values.len()).map(one).collect())
}

/// Getis-Ord `G_i*` as a standard deviate: the same question for the area *with* its neighbours, the usual hot-spot map.
/// `(sum_j w_ij x_j - W1 m) / sqrt(s^2 (n W2 - W1^2) / (n - 1))`, with mean and variance of all areas. The weights must
/// include every area itself ([`Neighbours::with_self`](super::Neighbours::with_self)).
///
/// # Errors
/// As [`moran`](super::moran), but an area that is *not* its own neighbour is refused.
///
/// # Example
/// ```
/// use clrisk_stats::space::{Neighbours, WeightStyle, getis_ord_star};
/// # fn main() -> clrisk_stats::Result<()> {
/// let chain = Neighbours::from_pairs(5, &[(0, 1), (1, 2), (2, 3), (3, 4)])?;
/// let z = getis_ord_star(&[9.0, 8.0, 2.0, 1.0, 0.0], &chain.with_self().weights(WeightStyle::Binary))?;
/// assert!(z[0] > 1.9 && z[4] < -1.3);
/// # Ok(()) }
/// ```
///
/// Checked against: `spatial.json` `Gstar` (R `spdep::localG` with `include.self`). Reference: Ord and Getis, Geographical
/// Analysis 27 (1995).
pub fn getis_ord_star(values: &[f64], weights: &SpatialWeights) -> Result<Vec<f64>> {
    if let Some(row) = (0..weights.neighbours().areas()).find(|&area| !weights.neighbours().includes_self(area)) {
        return Err(StatsError::OutOfRange { input: "neighbours", requirement: "include the area itself", row });
    }
    let z = Deviations::new(values, weights)?;
    let n = values.len() as f64;
    Ok((0..values.len()).map(|area| standardised_sum(weights, area, &z.values, 0.0, z.variance, n)).collect())
}

/// A weighted sum of values drawn without replacement from `population` of them, less its mean, over its deviation.
fn standardised_sum(
    weights: &SpatialWeights,
    area: usize,
    z: &[f64],
    mean: f64,
    variance: f64,
    population: f64,
) -> f64 {
    let own = weights.of(area);
    let (sum, squares) = (own.iter().sum::<f64>(), own.iter().map(|w| w * w).sum::<f64>());
    let spread = variance * left_of(population * squares, sum * sum) / (population - 1.0);
    if spread > 0.0 { (weights.lag_of(area, z) - sum * mean) / spread.sqrt() } else { f64::NAN }
}
