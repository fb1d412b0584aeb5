//! Where municipal rates are high or low together: local Moran with conditional permutation and a false discovery rate of
//! 5 %, and Getis-Ord `G*`, over municipalities that share a border.
//!
//! The rates are the published ones, model and all: where the model lets neighbours resemble each other, a cluster is partly
//! its doing. Municipalities whose figure is withheld in this draft, unreliable or missing take no part.

use clrisk_core::{Cluster, Estimate, HotSpot, Level, ValueStatus};
use clrisk_stats::StatsError;
use clrisk_stats::space::{
    ConditionalPermutation, LocalNull, Neighbours, Quadrant, WeightStyle, false_discovery_rate, getis_ord_star,
    local_moran,
};

use crate::areas::AreaTree;

/// Permutations of every municipality: with 999 no q-value of a country with thousands of them could be small.
const PERMUTATIONS: usize = 9_999;
/// False discovery rate at which a municipality counts as the core of a cluster.
const FALSE_DISCOVERIES: f64 = 0.05;

/// Places the municipalities among their neighbours; `pairs` are the positions of municipalities that touch. Empty where
/// hardly any do or the rates are all alike.
pub fn hot_spots(
    tree: &AreaTree,
    pairs: &[(u32, u32)],
    estimates: &[Estimate],
    seed: u64,
) -> Result<Vec<HotSpot>, StatsError> {
    let rates: std::collections::HashMap<&str, f64> = estimates
        .iter()
        .filter(|estimate| estimate.level == Level::Municipality && estimate.group.is_all())
        .filter(|estimate| matches!(estimate.status, ValueStatus::Value | ValueStatus::ModelledWithoutSample))
        .filter_map(|estimate| Some((estimate.area.as_str(), estimate.rate?)))
        .collect();
    let mut places = vec![None; tree.municipalities.len()];
    let mut codes = Vec::new();
    let mut values = Vec::new();
    for (area, place) in tree.municipalities.iter().zip(&mut places) {
        if let Some(rate) = rates.get(area.code.as_str()) {
            *place = Some(codes.len() as u32);
            codes.push(area.code.as_str());
            values.push(*rate);
        }
    }
    let known: Vec<(u32, u32)> =
        pairs.iter().filter_map(|&(one, other)| Some((places[one as usize]?, places[other as usize]?))).collect();
    if known.len() < 4 || values.iter().all(|value| *value == values[0]) {
        return Ok(Vec::new());
    }
    let neighbours = Neighbours::from_pairs(values.len(), &known)?;
    let weights = neighbours.weights(WeightStyle::RowStandardised);
    let moran = local_moran(&values, &weights, LocalNull::Conditional)?;
    let permuted = ConditionalPermutation { permutations: PERMUTATIONS, seed }.test(&values, &weights)?;
    let chances: Vec<f64> = permuted.iter().map(|area| area.p_two_sided).collect();
    let adjusted = false_discovery_rate(&chances)?;
    let stars = getis_ord_star(&values, &neighbours.with_self().weights(WeightStyle::Binary))?;
    Ok(codes
        .iter()
        .enumerate()
        .map(|(place, code)| {
            let q = Some(adjusted[place]).filter(|q| q.is_finite());
            let cluster = match (q, moran[place].quadrant) {
                (Some(q), quadrant) if q <= FALSE_DISCOVERIES => match quadrant {
                    Quadrant::HighHigh => Cluster::HighHigh,
                    Quadrant::HighLow => Cluster::HighLow,
                    Quadrant::LowHigh => Cluster::LowHigh,
                    Quadrant::LowLow => Cluster::LowLow,
                },
                _ => Cluster::None,
            };
            HotSpot {
                area: (*code).to_owned(),
                cluster,
                q: q.map(|q| (q * 1000.0).round() / 1000.0),
                level: if q.is_some() { level(stars[place]) } else { 0 },
            }
        })
        .collect())
}

/// Two-sided limits of the standard normal distribution at 90, 95 and 99 %.
const LIMITS: [f64; 3] = [1.644854, 1.959964, 2.575829];

/// How many of the [`LIMITS`] a standard deviate exceeds, with its sign.
fn level(deviate: f64) -> i64 {
    let level = LIMITS.iter().filter(|limit| deviate.abs() > **limit).count() as i64;
    if deviate < 0.0 { -level } else { level }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_those_of_the_normal_distribution_and_keep_their_sign() {
        let levels = [0.0, 1.6, 1.7, -1.97, 2.5, 2.6, -3.0].map(level);
        assert_eq!(levels, [0, 0, 1, -2, 2, 3, -3]);
        assert_eq!(level(f64::NAN), 0);
    }
}
