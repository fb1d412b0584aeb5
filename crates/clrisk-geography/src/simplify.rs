//! Fewer points, the same borders: whatever two areas share before they share after, to the bit.
//!
//! Borders are cut into arcs that belong to all who touch them ([`crate::topology`]); points are taken out of arcs in the order of
//! the triangle they span (Visvalingam and Whyatt), until no more than the wanted number is left. An area whose lines would cross
//! because of it keeps all its points.

use crate::Polygons;
use crate::area::square_kilometres;
use crate::repair::crosses;
use crate::topology::{Outline, Topology, extent};

/// The grid points are put on: a millionth of a degree, a tenth of a metre.
const CELL: f64 = 1e-6;
/// Rounds in which areas with crossing lines get their points back; their neighbours may need another.
const ROUNDS: usize = 8;

/// The outcome of [`simplify`].
#[derive(Debug, Clone, PartialEq)]
pub struct Simplified {
    /// Polygons, one list a feature.
    pub polygons: Vec<Polygons>,
    /// Points before and after.
    pub points: [usize; 2],
    /// The largest change of a feature's area, as a share of it.
    pub largest_change: f64,
    /// Features that kept all their points because their lines would have crossed.
    pub kept_whole: usize,
}

/// Number of points of all rings.
pub fn points(features: &[&Polygons]) -> usize {
    features.iter().flat_map(|polygons| polygons.iter().flatten()).map(Vec::len).sum()
}

/// Leaves about `most_points` points in all arcs together; junctions of borders and three points of every ring always stay.
pub fn simplify(features: &[&Polygons], most_points: usize) -> Simplified {
    let (_, [_, south, _, north]) = outlines(features, 1.0);
    let shorten = ((south + north) / 2.0).to_radians().cos().max(0.01);
    let (outlines, [west, south, ..]) = outlines(features, shorten);
    let mut topology = Topology::on_grid(&outlines, CELL);
    drop(outlines);
    let threshold = topology.threshold(most_points, 0.0);
    let mut kept_whole = vec![false; features.len()];
    let mut polygons = Vec::new();
    for round in 0..=ROUNDS {
        let mut ring = 0;
        polygons.clear();
        let mut crossing = Vec::new();
        for (position, feature) in features.iter().enumerate() {
            let first = ring;
            let simplified: Polygons = feature
                .iter()
                .map(|polygon| {
                    let rings = polygon.iter().map(|_| {
                        ring += 1;
                        closed(&topology, ring - 1, threshold, [west, south], shorten)
                    });
                    rings.collect()
                })
                .collect();
            if crosses(simplified.iter().flatten()) && !kept_whole[position] {
                crossing.push((position, first..ring));
            }
            polygons.push(without_collapsed(simplified, feature));
        }
        if crossing.is_empty() || round == ROUNDS {
            break;
        }
        for (position, rings) in crossing {
            kept_whole[position] = true;
            rings.for_each(|ring| topology.keep(&ring.to_string()));
        }
    }
    let change = |(before, after): (&&Polygons, &Polygons)| {
        let before = square_kilometres(before);
        if before > 0.0 { (square_kilometres(after) - before).abs() / before } else { 0.0 }
    };
    let largest_change = features.iter().zip(&polygons).map(change).fold(0.0, f64::max);
    let after: Vec<&Polygons> = polygons.iter().collect();
    let points = [points(features), points(&after)];
    Simplified { points, largest_change, kept_whole: kept_whole.iter().filter(|&&kept| kept).count(), polygons }
}

/// One outline a ring, so that polygons can be put together again; and the extent of all.
fn outlines(features: &[&Polygons], shorten: f64) -> (Vec<Outline>, [f64; 4]) {
    let outlines: Vec<Outline> = features
        .iter()
        .flat_map(|polygons| polygons.iter().flatten())
        .enumerate()
        .map(|(number, ring)| {
            let open = &ring[..ring.len().saturating_sub(1)];
            Outline { code: number.to_string(), rings: vec![open.iter().map(|&[x, y]| [x * shorten, y]).collect()] }
        })
        .collect();
    let extent = extent(&outlines).unwrap_or([0.0; 4]);
    (outlines, extent)
}

fn closed(topology: &Topology, ring: usize, threshold: f64, [west, south]: [f64; 2], shorten: f64) -> crate::Ring {
    let points = topology.rings(&ring.to_string(), threshold).into_iter().next().unwrap_or_default();
    let degrees = |&[x, y]: &[i32; 2]| [(f64::from(x) * CELL + west) / shorten, f64::from(y) * CELL + south];
    points.iter().chain(points.first()).map(degrees).collect()
}

/// Rings smaller than the grid are left out; a feature that is nothing else stays as it was.
fn without_collapsed(mut simplified: Polygons, original: &Polygons) -> Polygons {
    for polygon in &mut simplified {
        if polygon.first().is_none_or(|outer| outer.len() < 4) {
            polygon.clear();
        }
        polygon.retain(|ring| ring.len() >= 4);
    }
    simplified.retain(|polygon| !polygon.is_empty());
    if simplified.is_empty() { original.clone() } else { simplified }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two areas with a wavy border between them, and a hole in the first that is filled by a third.
    fn country() -> Vec<Polygons> {
        let wave: Vec<[f64; 2]> =
            (0..=200).map(|step| [5.0 + 0.2 * (f64::from(step) * 0.7).sin(), f64::from(step) * 0.05]).collect();
        let mut left = vec![[0.0, 0.0]];
        left.extend(&wave);
        left.extend([[0.0, 10.0], [0.0, 0.0]]);
        let mut right = vec![[9.0, 10.0]];
        right.extend(wave.iter().rev());
        right.extend([[9.0, 0.0], [9.0, 10.0]]);
        let circle: Vec<[f64; 2]> = (0..=100)
            .map(|step| f64::from(step % 100) * std::f64::consts::TAU / 100.0)
            .map(|angle| [2.0 + angle.cos(), 5.0 + angle.sin()])
            .collect();
        let hole: Vec<[f64; 2]> = circle.iter().rev().copied().collect();
        vec![vec![vec![left, hole]], vec![vec![right]], vec![vec![circle]]]
    }

    #[test]
    fn borders_stay_shared_and_polygons_keep_their_holes() {
        let country = country();
        let features: Vec<&Polygons> = country.iter().collect();
        let simplified = simplify(&features, 60);
        assert!(simplified.points[1] < simplified.points[0] / 3, "{:?}", simplified.points);
        let [left, right, island] = [0, 1, 2].map(|index| &simplified.polygons[index]);
        assert_eq!((left[0].len(), right[0].len(), island[0].len()), (2, 1, 1));
        let bits = |ring: &crate::Ring| -> std::collections::BTreeSet<[u64; 2]> {
            ring.iter().map(|point| point.map(f64::to_bits)).collect()
        };
        assert_eq!(bits(&left[0][1]), bits(&island[0][0]), "the enclave fills its hole");
        let inner: [crate::Ring; 2] =
            [left, right].map(|area| area[0][0].iter().filter(|[x, _]| (4.5..5.5).contains(x)).copied().collect());
        assert!(inner[0].len() > 10);
        assert_eq!(bits(&inner[0]), bits(&inner[1]), "both sides of the border have the same points");
        assert!(simplified.largest_change < 0.1, "{}", simplified.largest_change);
    }

    #[test]
    fn with_room_for_all_points_nothing_moves_more_than_the_grid() {
        let country = country();
        let features: Vec<&Polygons> = country.iter().collect();
        let simplified = simplify(&features, 10_000);
        assert_eq!(simplified.points[0], simplified.points[1]);
        let of = |polygons: &Polygons| polygons.iter().flatten().flatten().copied().collect::<Vec<[f64; 2]>>();
        // A ring may begin at another of its points.
        for (before, after) in country.iter().zip(&simplified.polygons) {
            for [x, y] in of(after) {
                assert!(of(before).iter().any(|[a, b]| (a - x).abs() < 1e-6 && (b - y).abs() < 1e-6));
            }
        }
    }
}
