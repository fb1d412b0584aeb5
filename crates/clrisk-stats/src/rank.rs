//! Ranks of areas and how far they can be trusted.
//!
//! Rank 1 is the highest value. Within a draw, equal values share the mean of their ranks, rounded down.
//!
//! - [`ranks`]: mean rank, the interval of every area on its own, and intervals that hold all ranks of most draws;
//! - [`JointRanks`]: intervals for all ranks at once that follow from which differences between areas are beyond doubt, with
//!   a coverage guarantee for fixed true values also where areas are tied.

use crate::draws::Draws;
use crate::error::{Result, StatsError};

/// The rank of one area over the draws.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct RankSummary {
    /// Mean rank over the draws.
    pub mean: f64,
    /// Lower end of the interval, for this area on its own.
    pub lower: u32,
    /// Upper end of that interval.
    pub upper: u32,
    /// Lower end of the simultaneous interval.
    pub simultaneous_lower: u32,
    /// Upper end of the simultaneous interval.
    pub simultaneous_upper: u32,
}

/// Ranks every area in every draw and summarises.
///
/// Individual intervals leave at most `(1 - level) / 2` of an area's draws on each side. Simultaneous intervals hold the
/// ranks of *all* areas at once in at least `level` of the draws: each draw is as extreme as its most extreme area
/// (Besag, Green, Higdon and Mengersen 1995, section 6.3), and the most extreme draws are left out.
///
/// # Errors
/// A level outside (0, 1).
///
/// # Example
/// ```
/// use clrisk_stats::{draws::Draws, rank::ranks};
/// # fn main() -> clrisk_stats::Result<()> {
/// let draws = Draws::new(vec![0.3, 0.1, 0.2, 0.4, 0.1, 0.2], 3)?;
/// assert_eq!(ranks(&draws, 0.95)?[0].mean, 1.0);
/// # Ok(()) }
/// ```
pub fn ranks(draws: &Draws, level: f64) -> Result<Vec<RankSummary>> {
    if !(level > 0.0 && level < 1.0) {
        return Err(StatsError::Setting { setting: "level", requirement: "between 0 and 1" });
    }
    let (areas, count) = (draws.areas(), draws.count());
    let mut ranks = vec![0u32; areas * count];
    let mut order: Vec<usize> = Vec::with_capacity(areas);
    for (index, draw) in draws.iter().enumerate() {
        rank_draw(draw, &mut order, |area, rank| ranks[area * count + index] = rank);
    }
    // How many draws of the area are at least as low, or as high; the smaller is the draw's depth in that area.
    let mut depth_of_draw = vec![u32::MAX; count];
    let mut depths = vec![0u32; areas * count];
    let (mut at_most, mut at_least) = (vec![0u32; areas + 2], vec![0u32; areas + 2]);
    for area in 0..areas {
        let own = &ranks[area * count..(area + 1) * count];
        let mut frequency = vec![0u32; areas + 2];
        for &rank in own {
            frequency[rank as usize] += 1;
        }
        for rank in 1..=areas {
            at_most[rank] = at_most[rank - 1] + frequency[rank];
        }
        at_least[areas + 1] = 0;
        for rank in (1..=areas).rev() {
            at_least[rank] = at_least[rank + 1] + frequency[rank];
        }
        for (draw, &rank) in own.iter().enumerate() {
            let depth = at_most[rank as usize].min(at_least[rank as usize]);
            depths[area * count + draw] = depth;
            depth_of_draw[draw] = depth_of_draw[draw].min(depth);
        }
    }
    let mut sorted = depth_of_draw;
    sorted.sort_unstable();
    // The largest depth that still keeps `level` of the draws: at most `floor((1 - level) n)` are less deep.
    let threshold = sorted[(((1.0 - level) * count as f64 + 1e-9).floor() as usize).min(count - 1)];
    let left_out = ((0.5 * (1.0 - level) * count as f64) + 1e-9).floor() as u32;
    Ok((0..areas)
        .map(|area| {
            let own = &ranks[area * count..(area + 1) * count];
            let deep = &depths[area * count..(area + 1) * count];
            let ends = |least: u32| {
                let kept = own.iter().zip(deep).filter(|&(_, &depth)| depth >= least).map(|(&rank, _)| rank);
                kept.fold((u32::MAX, 0), |(low, high), rank| (low.min(rank), high.max(rank)))
            };
            let (lower, upper) = ends(left_out + 1);
            let (simultaneous_lower, simultaneous_upper) = ends(threshold);
            RankSummary {
                mean: own.iter().map(|&r| f64::from(r)).sum::<f64>() / count as f64,
                lower,
                upper,
                simultaneous_lower,
                simultaneous_upper,
            }
        })
        .collect())
}

/// What is compared to tell which of two areas is higher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Comparison {
    /// All differences between areas, with one critical value for all of them (Mogstad, Romano, Shaikh and Wilhelm 2024).
    /// Uses what the draws say of the dependence between areas. Time grows with the square of the number of areas: about a
    /// second for a thousand areas and a thousand draws. The default.
    #[default]
    Differences,
    /// Simultaneous intervals of the areas themselves: an area is higher when its interval lies above (Klein, Wright and
    /// Wieczorek 2020). Fast, and wider.
    Areas,
}

/// Joint rank intervals of all areas.
///
/// From draws `t_j` with means `m_j`, let `s_jk` be the standard deviation of `t_j - t_k` over the draws, and `c` the
/// `level` quantile of `max over j != k of ((t_j - t_k) - (m_j - m_k)) / s_jk`. Area `j` is called higher than `k` when
/// `m_j - m_k > c s_jk`. Its rank lies between one more than the number of areas called higher than it, and the number of
/// areas less those called lower. With [`Comparison::Areas`] the maximum is that of `|t_j - m_j| / s_j`, and `j` is higher
/// when `m_j - c s_j > m_k + c s_k`.
///
/// For draws from the sampling distribution of the estimates (bootstrap, or posterior under a flat prior): with probability
/// `level` at least, all intervals hold the true ranks at once, whatever the true values, ties included (the rank being one
/// more than the number of areas strictly higher). For posterior draws: `level` of the draws at least have all their ranks
/// inside (not for `stepwise`), and the coverage is that on average over the prior.
///
/// Reference: Mogstad, Romano, Shaikh and Wilhelm, Review of Economic Studies 91 (2024), sections 3.1 to 3.3; Klein, Wright
/// and Wieczorek, Journal of the Royal Statistical Society A 183 (2020); Romano and Wolf, Econometrica 73 (2005) for steps.
///
/// Checked against: simulated areas of known rank (joint coverage 95 % under ties and under a normal prior).
///
/// # Example
/// ```
/// use clrisk_stats::{draws::Draws, rank::JointRanks};
/// # fn main() -> clrisk_stats::Result<()> {
/// let values: Vec<f64> = (0..200).flat_map(|i| [1.0 + f64::from(i % 7), 100.0 + f64::from(i % 5)]).collect();
/// let joint = JointRanks::default().intervals(&Draws::new(values, 2)?)?;
/// assert_eq!((joint.intervals[1].lower, joint.intervals[1].upper), (1, 1));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JointRanks {
    /// Probability that all intervals hold. Default 0.95.
    pub level: f64,
    /// What is compared.
    pub comparison: Comparison,
    /// For [`Comparison::Differences`]: once some orderings are beyond doubt, take the maximum over the others only and look
    /// again, until nothing new is found. Intervals can only get shorter; the frequentist guarantee stays. Default: no.
    pub stepwise: bool,
}

impl Default for JointRanks {
    fn default() -> Self {
        Self { level: 0.95, comparison: Comparison::Differences, stepwise: false }
    }
}

/// Ranks an area may have, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RankInterval {
    /// Best rank.
    pub lower: u32,
    /// Worst rank.
    pub upper: u32,
}

/// Joint intervals and how they came about.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct JointRankIntervals {
    /// Interval of every area, in order.
    pub intervals: Vec<RankInterval>,
    /// Critical value, in standard deviations of a difference (or of an area); of the last step.
    pub critical_value: f64,
    /// Steps made.
    pub steps: usize,
}

impl JointRanks {
    /// Joint rank intervals from draws.
    ///
    /// # Errors
    /// A level outside (0, 1), or fewer than two draws.
    pub fn intervals(&self, draws: &Draws) -> Result<JointRankIntervals> {
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(StatsError::Setting { setting: "level", requirement: "between 0 and 1" });
        }
        if draws.count() < 2 {
            return Err(StatsError::Empty { quantity: "joint ranks (at least two draws)" });
        }
        let centred = Centred::new(draws);
        Ok(match self.comparison {
            Comparison::Areas => self.compare_areas(&centred),
            Comparison::Differences => self.compare_differences(&centred),
        })
    }

    fn compare_areas(&self, centred: &Centred) -> JointRankIntervals {
        let areas = centred.means.len();
        let deviations: Vec<f64> = (0..areas).map(|j| standard_deviation(centred.area(j))).collect();
        let mut largest = vec![0.0f64; centred.count];
        for (j, &deviation) in deviations.iter().enumerate().filter(|(_, deviation)| **deviation > 0.0) {
            for (largest, value) in largest.iter_mut().zip(centred.area(j)) {
                *largest = largest.max(value.abs() / deviation);
            }
        }
        let critical_value = upper_quantile(&mut largest, self.level);
        let end = |sign: f64| -> Vec<f64> {
            centred.means.iter().zip(&deviations).map(|(m, s)| m + sign * critical_value * s).collect()
        };
        let (low, high) = (end(-1.0), end(1.0));
        let (mut sorted_low, mut sorted_high) = (low.clone(), high.clone());
        sorted_low.sort_by(f64::total_cmp);
        sorted_high.sort_by(f64::total_cmp);
        let intervals = (0..areas).map(|j| RankInterval {
            lower: (1 + areas - sorted_low.partition_point(|l| *l <= high[j])) as u32,
            upper: (areas - sorted_high.partition_point(|h| *h < low[j])) as u32,
        });
        JointRankIntervals { intervals: intervals.collect(), critical_value, steps: 1 }
    }

    fn compare_differences(&self, centred: &Centred) -> JointRankIntervals {
        let areas = centred.means.len();
        // Pairs with the higher mean first. A pair is open in both directions until its order is beyond doubt; then only
        // the direction that denies it is closed, but the other can never be called, and it stays in the maximum.
        let mut order: Vec<usize> = (0..areas).collect();
        order.sort_by(|&a, &b| centred.means[b].total_cmp(&centred.means[a]).then(a.cmp(&b)));
        let mut deviations = Vec::with_capacity(areas * areas.saturating_sub(1) / 2);
        for (place, &j) in order.iter().enumerate() {
            for &k in &order[place + 1..] {
                deviations.push(deviation_of_difference(centred.area(j), centred.area(k)));
            }
        }
        let mut called = vec![false; deviations.len()];
        let (mut lower, mut upper) = (vec![1u32; areas], vec![areas as u32; areas]);
        let (mut steps, mut critical_value) = (0, f64::INFINITY);
        loop {
            steps += 1;
            critical_value = critical_value.min(self.critical_value(centred, &order, &deviations, &called));
            let mut news = false;
            let mut pair = 0;
            for (place, &j) in order.iter().enumerate() {
                for &k in &order[place + 1..] {
                    if !called[pair] && centred.means[j] - centred.means[k] > critical_value * deviations[pair] {
                        called[pair] = true;
                        news = true;
                        lower[k] += 1;
                        upper[j] -= 1;
                    }
                    pair += 1;
                }
            }
            if !(self.stepwise && news) {
                break;
            }
        }
        let intervals = lower.into_iter().zip(upper).map(|(lower, upper)| RankInterval { lower, upper }).collect();
        JointRankIntervals { intervals, critical_value, steps }
    }

    /// Quantile of the largest studentised difference: in both directions for open pairs, in the direction that agrees with
    /// the means reversed for those already called.
    fn critical_value(&self, centred: &Centred, order: &[usize], deviations: &[f64], called: &[bool]) -> f64 {
        let mut largest = vec![0.0f64; centred.count];
        let mut pair = 0;
        for (place, &j) in order.iter().enumerate() {
            let first = centred.area(j);
            for &k in &order[place + 1..] {
                let (deviation, is_called) = (deviations[pair], called[pair]);
                pair += 1;
                if deviation <= 0.0 {
                    continue;
                }
                let scale = 1.0 / deviation;
                for ((largest, a), b) in largest.iter_mut().zip(first).zip(centred.area(k)) {
                    // `k` above `j` is the only direction left of a pair that was called.
                    let forward = (a - b) * scale;
                    let value = if is_called { -forward } else { forward.abs() };
                    *largest = largest.max(value);
                }
            }
        }
        upper_quantile(&mut largest, self.level)
    }
}

/// Draws less their means, area by area.
struct Centred {
    values: Vec<f64>,
    count: usize,
    means: Vec<f64>,
}

impl Centred {
    fn new(draws: &Draws) -> Self {
        let (areas, count) = (draws.areas(), draws.count());
        let means = draws.means();
        let mut values = vec![0.0; areas * count];
        for (index, draw) in draws.iter().enumerate() {
            for (area, value) in draw.iter().enumerate() {
                values[area * count + index] = value - means[area];
            }
        }
        Self { values, count, means }
    }

    fn area(&self, area: usize) -> &[f64] {
        &self.values[area * self.count..(area + 1) * self.count]
    }
}

fn standard_deviation(centred: &[f64]) -> f64 {
    (centred.iter().map(|v| v * v).sum::<f64>() / (centred.len() - 1) as f64).sqrt()
}

fn deviation_of_difference(a: &[f64], b: &[f64]) -> f64 {
    (a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>() / (a.len() - 1) as f64).sqrt()
}

/// The value that a further draw stays below with probability `level` at least: the `ceil(level (n + 1))`-th smallest.
fn upper_quantile(values: &mut [f64], level: f64) -> f64 {
    let place = (level * (values.len() + 1) as f64 - 1e-9).ceil() as usize;
    let index = place.clamp(1, values.len()) - 1;
    *values.select_nth_unstable_by(index, f64::total_cmp).1
}

fn rank_draw(draw: &[f64], order: &mut Vec<usize>, mut set: impl FnMut(usize, u32)) {
    order.clear();
    order.extend(0..draw.len());
    order.sort_unstable_by(|&a, &b| draw[b].total_cmp(&draw[a]).then(a.cmp(&b)));
    let mut start = 0;
    while start < order.len() {
        let mut end = start + 1;
        while end < order.len() && draw[order[end]] == draw[order[start]] {
            end += 1;
        }
        // Ranks start + 1 ..= end are shared.
        let rank = ((start + 1 + end) / 2) as u32;
        order[start..end].iter().for_each(|&area| set(area, rank));
        start = end;
    }
}
