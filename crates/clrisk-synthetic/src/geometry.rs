//! Coast and borders: Voronoi cells of scattered points, with edges bent so that they look grown rather than drawn.
//!
//! Points of the sea have cells too; the coast is where a cell of the land meets one of the sea. Both sides of a border get
//! the very same points.

use std::collections::{BTreeMap, BTreeSet};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A point, in degrees or in any plane.
pub type Point = [f64; 2];

/// Bends of an edge: halvings, and the largest shift of a midpoint as a share of the piece's length.
const HALVINGS: u32 = 3;
const BEND: f64 = 0.11;

/// The cells of the land.
#[derive(Debug, Clone)]
pub struct Cells {
    /// Outer ring of each cell, counter-clockwise, first point repeated at the end.
    pub rings: Vec<Vec<Point>>,
    /// Cells that share a border.
    pub neighbours: Vec<Vec<usize>>,
    /// Point of each cell.
    pub centres: Vec<Point>,
}

/// A corner of a convex polygon, and the point on the other side of the edge that starts here.
#[derive(Clone, Copy)]
struct Corner {
    at: Point,
    beyond: Option<usize>,
}

/// Cuts the polygon to the side of the bisector of `own` and `other` where `own` is.
fn cut(polygon: &[Corner], own: Point, other: Point, index: usize) -> Vec<Corner> {
    let normal = [other[0] - own[0], other[1] - own[1]];
    let middle = [(other[0] + own[0]) / 2.0, (other[1] + own[1]) / 2.0];
    let side = |p: Point| (p[0] - middle[0]) * normal[0] + (p[1] - middle[1]) * normal[1];
    let mut kept = Vec::with_capacity(polygon.len() + 1);
    for (position, corner) in polygon.iter().enumerate() {
        let next = polygon[(position + 1) % polygon.len()];
        let (here, there) = (side(corner.at), side(next.at));
        let crossing = || {
            let share = here / (here - there);
            [corner.at[0] + share * (next.at[0] - corner.at[0]), corner.at[1] + share * (next.at[1] - corner.at[1])]
        };
        if here <= 0.0 {
            kept.push(*corner);
            if there > 0.0 {
                kept.push(Corner { at: crossing(), beyond: Some(index) });
            }
        } else if there <= 0.0 {
            kept.push(Corner { at: crossing(), beyond: corner.beyond });
        }
    }
    kept
}

fn voronoi(points: &[Point]) -> Vec<Vec<Corner>> {
    let frame = [[-2.0, -2.0], [2.0, -2.0], [2.0, 2.0], [-2.0, 2.0]];
    points
        .iter()
        .enumerate()
        .map(|(index, own)| {
            let mut polygon: Vec<Corner> = frame.iter().map(|at| Corner { at: *at, beyond: None }).collect();
            for (other, point) in points.iter().enumerate() {
                if other != index {
                    polygon = cut(&polygon, *own, *point, other);
                }
            }
            polygon
        })
        .collect()
}

fn centroid(corners: &[Corner]) -> Point {
    let count = corners.len() as f64;
    [corners.iter().map(|c| c.at[0]).sum::<f64>() / count, corners.iter().map(|c| c.at[1]).sum::<f64>() / count]
}

/// The points between `from` and `to`, bent at random by a generator of this edge alone.
fn bend(from: Point, to: Point, halvings: u32, random: &mut ChaCha8Rng, points: &mut Vec<Point>) {
    if halvings == 0 {
        return;
    }
    let along = [to[0] - from[0], to[1] - from[1]];
    let shift = (random.random::<f64>() * 2.0 - 1.0) * BEND;
    let middle = [(from[0] + to[0]) / 2.0 - along[1] * shift, (from[1] + to[1]) / 2.0 + along[0] * shift];
    bend(from, middle, halvings - 1, random, points);
    points.push(middle);
    bend(middle, to, halvings - 1, random, points);
}

/// Scatters points, and makes land of the `count` that are deepest inside an island of irregular shape.
pub fn land(count: usize, seed: u64) -> Cells {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut points: Vec<Point> =
        (0..count * 5 / 2).map(|_| [random.random::<f64>() * 2.6 - 1.3, random.random::<f64>() * 2.6 - 1.3]).collect();
    // One step towards the centre of the own cell evens out slivers and leaves sizes unequal.
    for _ in 0..2 {
        points = voronoi(&points).iter().map(|corners| centroid(corners)).collect();
    }
    let phases: Vec<f64> = (0..4).map(|_| random.random::<f64>() * std::f64::consts::TAU).collect();
    let depth = |p: &Point| {
        let angle = p[1].atan2(p[0] * 0.8);
        let coast = 1.0
            + 0.20 * (2.0 * angle + phases[0]).sin()
            + 0.13 * (3.0 * angle + phases[1]).sin()
            + 0.09 * (5.0 * angle + phases[2]).sin()
            + 0.06 * (9.0 * angle + phases[3]).sin();
        coast / (p[0] * p[0] * 0.64 + p[1] * p[1]).sqrt().max(1e-9)
    };
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by(|a, b| depth(&points[*b]).total_cmp(&depth(&points[*a])));
    let mut chosen: Vec<usize> = order[..count].to_vec();
    chosen.sort_unstable();
    let place: BTreeMap<usize, usize> = chosen.iter().enumerate().map(|(place, point)| (*point, place)).collect();
    let polygons = voronoi(&points);
    // The three cells of a corner compute it to within rounding; one number for all of them.
    let snap = |p: Point| [(p[0] * 1e7).round() / 1e7, (p[1] * 1e7).round() / 1e7];
    let mut rings = Vec::with_capacity(count);
    let mut neighbours = Vec::with_capacity(count);
    for point in &chosen {
        let mut ring = Vec::new();
        let mut beside = BTreeSet::new();
        let corners = &polygons[*point];
        for (position, corner) in corners.iter().enumerate() {
            let (from, to) = (snap(corner.at), snap(corners[(position + 1) % corners.len()].at));
            if from == to {
                continue;
            }
            ring.push(from);
            let Some(beyond) = corner.beyond else { continue };
            if let Some(neighbour) = place.get(&beyond) {
                beside.insert(*neighbour);
            }
            let (low, high) = (beyond.min(*point), beyond.max(*point));
            let mut edge = ChaCha8Rng::seed_from_u64(seed ^ 0xB0DE);
            edge.set_stream((low as u64) << 32 | high as u64);
            let mut between = Vec::new();
            let forward = low == *point;
            let (start, end) = if forward { (from, to) } else { (to, from) };
            bend(start, end, HALVINGS, &mut edge, &mut between);
            if !forward {
                between.reverse();
            }
            ring.extend(between.into_iter().map(snap));
        }
        if let Some(first) = ring.first().copied() {
            ring.push(first);
        }
        rings.push(ring);
        neighbours.push(beside.into_iter().collect());
    }
    Cells { rings, neighbours, centres: chosen.iter().map(|point| points[*point]).collect() }
}

/// Area of a ring; positive when counter-clockwise.
pub fn area(ring: &[Point]) -> f64 {
    ring.windows(2).map(|pair| pair[0][0] * pair[1][1] - pair[1][0] * pair[0][1]).sum::<f64>() / 2.0
}

/// Splits the cells into `count` connected groups of about equal size; returns the group of each cell.
///
/// Groups grow from scattered cells, always the smallest one first, by the free cell nearest to where it began. A cell that
/// no group can reach (an islet) joins the nearest.
pub fn groups(centres: &[Point], neighbours: &[Vec<usize>], count: usize) -> Vec<usize> {
    let distance = |a: Point, b: Point| (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2);
    // Each start is the cell farthest from the starts before it, pulled to the mean of the cells nearest to it.
    let mut starts = vec![0usize];
    while starts.len() < count.min(centres.len()) {
        let farthest = (0..centres.len()).max_by(|a, b| {
            let near =
                |cell: usize| starts.iter().map(|s| distance(centres[*s], centres[cell])).fold(f64::MAX, f64::min);
            near(*a).total_cmp(&near(*b))
        });
        starts.extend(farthest);
    }
    let mut means: Vec<Point> = starts.iter().map(|start| centres[*start]).collect();
    for _ in 0..30 {
        let mut sums = vec![[0.0, 0.0, 0.0]; means.len()];
        for centre in centres {
            let nearest = nearest(&means, *centre);
            sums[nearest][0] += centre[0];
            sums[nearest][1] += centre[1];
            sums[nearest][2] += 1.0;
        }
        for (mean, sum) in means.iter_mut().zip(&sums) {
            if sum[2] > 0.0 {
                *mean = [sum[0] / sum[2], sum[1] / sum[2]];
            }
        }
    }
    let mut group = vec![usize::MAX; centres.len()];
    let mut sizes = vec![0usize; means.len()];
    for (index, mean) in means.iter().enumerate() {
        let start = (0..centres.len())
            .filter(|cell| group[*cell] == usize::MAX)
            .min_by(|a, b| distance(centres[*a], *mean).total_cmp(&distance(centres[*b], *mean)));
        if let Some(start) = start {
            group[start] = index;
            sizes[index] = 1;
        }
    }
    loop {
        let mut growing: Vec<usize> = (0..means.len()).collect();
        growing.sort_by_key(|index| sizes[*index]);
        let step = growing.into_iter().find_map(|index| {
            (0..centres.len())
                .filter(|cell| {
                    group[*cell] == usize::MAX && neighbours[*cell].iter().any(|beside| group[*beside] == index)
                })
                .min_by(|a, b| distance(centres[*a], means[index]).total_cmp(&distance(centres[*b], means[index])))
                .map(|cell| (cell, index))
        });
        let Some((cell, index)) = step else { break };
        group[cell] = index;
        sizes[index] += 1;
    }
    for cell in 0..centres.len() {
        if group[cell] == usize::MAX {
            group[cell] = nearest(&means, centres[cell]);
        }
    }
    group
}

fn nearest(means: &[Point], centre: Point) -> usize {
    let distance = |a: Point| (a[0] - centre[0]).powi(2) + (a[1] - centre[1]).powi(2);
    (0..means.len()).min_by(|a, b| distance(means[*a]).total_cmp(&distance(means[*b]))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    /// An edge as whole numbers, so that it can be looked up.
    fn key(from: Point, to: Point) -> [i64; 4] {
        [from[0], from[1], to[0], to[1]].map(|value| (value * 1e7).round() as i64)
    }

    #[test]
    fn every_piece_of_border_is_drawn_once_in_each_direction_or_is_coast() {
        let cells = land(120, 5);
        let mut edges: HashMap<[i64; 4], usize> = HashMap::new();
        for (cell, ring) in cells.rings.iter().enumerate() {
            for pair in ring.windows(2) {
                assert!(
                    edges.insert(key(pair[0], pair[1]), cell).is_none(),
                    "two cells claim the same side of an edge"
                );
            }
        }
        let mut coast = HashMap::new();
        let mut beside: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); cells.rings.len()];
        for ([x, y, u, v], cell) in &edges {
            match edges.get(&[*u, *v, *x, *y]) {
                Some(other) => {
                    beside[*cell].insert(*other);
                }
                None => {
                    coast.insert((*x, *y), (*u, *v));
                }
            }
        }
        let stated: Vec<BTreeSet<usize>> = cells.neighbours.iter().map(|list| list.iter().copied().collect()).collect();
        assert_eq!(beside, stated, "the neighbours are those that share points");
        // Walking along the coast closes: the land has no gaps.
        let (start, mut at) = coast.iter().next().map(|(from, to)| (*from, *to)).unwrap();
        let mut steps = 1;
        while at != start && steps <= coast.len() {
            at = coast[&at];
            steps += 1;
        }
        assert_eq!(at, start);
    }

    #[test]
    fn rings_do_not_cross_themselves() {
        let cells = land(340, 87);
        let turn = |a: Point, b: Point, c: Point| (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        for (cell, ring) in cells.rings.iter().enumerate() {
            assert!(area(ring) > 0.0, "cell {cell} is counter-clockwise");
            let edges: Vec<(Point, Point)> = ring.windows(2).map(|pair| (pair[0], pair[1])).collect();
            for i in 0..edges.len() {
                for j in i + 2..edges.len() {
                    if i == 0 && j == edges.len() - 1 {
                        continue;
                    }
                    let ((a, b), (c, d)) = (edges[i], edges[j]);
                    let crosses = turn(a, b, c) * turn(a, b, d) < 0.0 && turn(c, d, a) * turn(c, d, b) < 0.0;
                    assert!(!crosses, "cell {cell}: edges {i} and {j} cross");
                }
            }
        }
    }

    #[test]
    fn groups_are_connected_and_of_similar_size() {
        let cells = land(340, 87);
        let group = groups(&cells.centres, &cells.neighbours, 22);
        for index in 0..22 {
            let members: Vec<usize> = (0..340).filter(|cell| group[*cell] == index).collect();
            assert!((6..=32).contains(&members.len()), "group {index} has {} cells", members.len());
            let mut reached = BTreeSet::from([members[0]]);
            let mut queue = vec![members[0]];
            while let Some(cell) = queue.pop() {
                for beside in &cells.neighbours[cell] {
                    if group[*beside] == index && reached.insert(*beside) {
                        queue.push(*beside);
                    }
                }
            }
            assert_eq!(reached.len(), members.len(), "group {index} is connected");
        }
    }
}
