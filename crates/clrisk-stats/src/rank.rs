//! Ranks of areas and how far they can be trusted.
//!
//! Rank 1 is the highest value. Within a draw, equal values share the mean of their ranks, rounded down.

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
