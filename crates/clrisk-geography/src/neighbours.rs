//! Which areas touch.

use std::collections::{BTreeMap, HashMap};

use crate::Polygons;

/// Pairs of features that share a border: at least two points, to five decimals of a degree (about a metre).
///
/// Checked against: shapely's predicate `touches` with a shared line, `tests/reference/geography` (`neighbours.csv`).
pub fn neighbours(features: &[&Polygons]) -> Vec<(u32, u32)> {
    let mut owners: HashMap<(i64, i64), Vec<u32>> = HashMap::new();
    for (feature, polygons) in features.iter().enumerate() {
        for [x, y] in polygons.iter().flatten().flatten() {
            let owners = owners.entry(((x * 1e5).round() as i64, (y * 1e5).round() as i64)).or_default();
            if owners.last() != Some(&(feature as u32)) {
                owners.push(feature as u32);
            }
        }
    }
    let mut shared: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for owners in owners.values() {
        for (index, &left) in owners.iter().enumerate() {
            for &right in owners[index + 1..].iter().filter(|&&right| right != left) {
                *shared.entry((left.min(right), left.max(right))).or_insert(0) += 1;
            }
        }
    }
    shared.into_iter().filter(|(_, points)| *points >= 2).map(|(pair, _)| pair).collect()
}

/// A link for every feature that has no neighbour, to the feature whose points come nearest to its own: an island to the shore
/// across the water. Distances are in degrees with longitudes shortened by the cosine of the island's latitude.
pub fn nearest_links(features: &[&Polygons], pairs: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut alone = vec![true; features.len()];
    for &(left, right) in pairs {
        alone[left as usize] = false;
        alone[right as usize] = false;
    }
    let boxes: Vec<[f64; 4]> = features
        .iter()
        .map(|polygons| {
            let nothing = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
            polygons
                .iter()
                .flatten()
                .flatten()
                .fold(nothing, |[l, b, r, t], &[x, y]| [l.min(x), b.min(y), r.max(x), t.max(y)])
        })
        .collect();
    let mut links: Vec<(u32, u32)> = (0..features.len())
        .filter(|&island| alone[island])
        .filter_map(|island| {
            let [left, bottom, right, top] = boxes[island];
            let shorten = ((bottom + top) / 2.0).to_radians().cos();
            let gap = |a: f64, b: f64| (a - b).max(0.0);
            let between = |other: usize| {
                let [l, b, r, t] = boxes[other];
                (gap(l, right).max(gap(left, r)) * shorten).hypot(gap(b, top).max(gap(bottom, t)))
            };
            // Boxes are never farther apart than what is in them: the search ends where they are beyond the best found.
            let mut others: Vec<(f64, usize)> =
                (0..features.len()).filter(|&other| other != island).map(|other| (between(other), other)).collect();
            others.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut best: Option<(f64, usize)> = None;
            for (least, other) in others {
                if best.is_some_and(|(distance, _)| distance < least) {
                    break;
                }
                let distance = distance(features[island], features[other], shorten);
                if best.is_none_or(|(known, _)| distance < known) {
                    best = Some((distance, other));
                }
            }
            let other = best.filter(|(distance, _)| distance.is_finite())?.1;
            Some((island.min(other) as u32, island.max(other) as u32))
        })
        .collect();
    links.sort_unstable();
    links.dedup();
    links
}

fn distance(one: &Polygons, other: &Polygons, shorten: f64) -> f64 {
    let points = |polygons: &Polygons| polygons.iter().flatten().flatten().copied().collect::<Vec<[f64; 2]>>();
    let others = points(other);
    let near = |[x, y]: [f64; 2]| {
        others.iter().map(|[a, b]| ((a - x) * shorten).powi(2) + (b - y).powi(2)).fold(f64::INFINITY, f64::min)
    };
    points(one).into_iter().map(near).fold(f64::INFINITY, f64::min).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64) -> Polygons {
        vec![vec![vec![[x, y], [x + 1.0, y], [x + 1.0, y + 1.0], [x, y + 1.0], [x, y]]]]
    }

    #[test]
    fn a_shared_side_makes_neighbours_and_a_shared_corner_does_not() {
        let squares = [square(0.0, 0.0), square(1.0, 0.0), square(1.0, 1.0)];
        let features: Vec<&Polygons> = squares.iter().collect();
        assert_eq!(neighbours(&features), [(0, 1), (1, 2)]);
    }

    #[test]
    fn an_island_is_linked_to_the_nearest_shore_and_only_once() {
        let squares = [square(0.0, 0.0), square(1.0, 0.0), square(5.0, 0.0), square(7.0, 0.0)];
        let features: Vec<&Polygons> = squares.iter().collect();
        let pairs = neighbours(&features);
        assert_eq!(nearest_links(&features, &pairs), [(2, 3)]);
        let features: Vec<&Polygons> = squares[..3].iter().collect();
        assert_eq!(nearest_links(&features, &pairs), [(1, 2)]);
        assert_eq!(nearest_links(&features[..1], &[]), []);
    }
}
