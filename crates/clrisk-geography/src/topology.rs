//! Boundaries as shared arcs, so that two neighbours never disagree about the line between them.
//!
//! Points are snapped to a grid; rings are cut where lines meet; each piece (an arc) is stored once, whoever uses it, and
//! each of its points gets its importance once: the effective area of Visvalingam and Whyatt, the triangle it spans with its
//! neighbours at the moment it would be removed. Simplifying at any scale is then a threshold on importance, and the
//! outline of a department is the arcs that occur once among its municipalities.
//!
//! Reference: Visvalingam & Whyatt (1993), Line generalisation by repeated elimination of points, Cartographic Journal 30(1).

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// Points on the longer side of the grid of a drawing: 2^16 cells over a country of 1,000 km are 15 metres wide.
const GRID: f64 = 65_536.0;

/// A point of the grid.
pub type Point = [i32; 2];

/// The outline of one area in plane coordinates: all its rings, outer and inner alike, without the repeated last point.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// Area code.
    pub code: String,
    /// Rings.
    pub rings: Vec<Vec<[f64; 2]>>,
}

/// Left, top, right and bottom of the outlines; none when there is no point.
pub fn extent(outlines: &[Outline]) -> Option<[f64; 4]> {
    outlines.iter().flat_map(|outline| outline.rings.iter().flatten()).fold(None, |extent, &[x, y]| {
        let [left, top, right, bottom] = extent.unwrap_or([x, y, x, y]);
        Some([left.min(x), top.min(y), right.max(x), bottom.max(y)])
    })
}

/// A line between two junctions, or a closed line without any.
#[derive(Debug, Clone)]
struct Arc {
    points: Vec<Point>,
    /// Effective area in square grid cells; infinite for points that always stay.
    importance: Vec<f64>,
}

/// An arc as one ring walks it.
type Step = (usize, bool);

/// All areas over shared arcs.
#[derive(Debug, Clone)]
pub struct Topology {
    arcs: Vec<Arc>,
    areas: Vec<(String, Vec<Vec<Step>>)>,
    index: HashMap<String, usize>,
    /// Plane units of one grid cell.
    pub cell: f64,
    /// Plane coordinates of the grid's origin (left, top).
    pub origin: [f64; 2],
}

impl Topology {
    /// Cuts outlines into shared arcs and ranks their points, on a grid fine enough to draw.
    pub fn new(outlines: &[Outline]) -> Topology {
        let [left, top, right, bottom] = extent(outlines).unwrap_or([0.0, 0.0, 1.0, 1.0]);
        Topology::on_grid(outlines, ((right - left).max(bottom - top) / GRID).max(f64::MIN_POSITIVE))
    }

    /// The same on a grid of cells that are `cell` wide; the outlines may span at most 2^30 of them.
    pub fn on_grid(outlines: &[Outline], cell: f64) -> Topology {
        let [left, top, ..] = extent(outlines).unwrap_or([0.0, 0.0, 1.0, 1.0]);
        let snap = |[x, y]: [f64; 2]| [((x - left) / cell).round() as i32, ((y - top) / cell).round() as i32];
        let rings: Vec<Vec<Vec<Point>>> = outlines
            .iter()
            .map(|outline| outline.rings.iter().map(|ring| snapped(ring.iter().map(|&point| snap(point)))).collect())
            .collect();
        let junctions = junctions(rings.iter().flatten());
        let mut known: HashMap<Vec<Point>, usize> = HashMap::new();
        let mut arcs: Vec<Arc> = Vec::new();
        let mut areas = Vec::with_capacity(outlines.len());
        for (outline, rings) in outlines.iter().zip(rings) {
            let walks = rings
                .iter()
                .filter(|ring| ring.len() > 2)
                .map(|ring| {
                    cut(ring, &junctions)
                        .into_iter()
                        .map(|points| {
                            let mut reversed = points.clone();
                            reversed.reverse();
                            let backwards = reversed < points;
                            let canonical = if backwards { reversed } else { points };
                            let arc = *known.entry(canonical).or_insert_with_key(|points| {
                                arcs.push(Arc { importance: importance(points), points: points.clone() });
                                arcs.len() - 1
                            });
                            (arc, backwards)
                        })
                        .collect()
                })
                .collect();
            areas.push((outline.code.clone(), walks));
        }
        keep_rings_open(&mut arcs, &areas);
        let index = areas.iter().enumerate().map(|(position, (code, _))| (code.clone(), position)).collect();
        Topology { arcs, areas, index, cell, origin: [left, top] }
    }

    /// Codes of the areas, in the order of the boundaries.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.areas.iter().map(|(code, _)| code.as_str())
    }

    /// Whether there is such an area with a line to draw.
    pub fn has(&self, code: &str) -> bool {
        self.index.get(code).is_some_and(|&area| !self.areas[area].1.is_empty())
    }

    /// Whether the lines of neighbours do not meet: of at least twenty areas, most points lie on lines that a single area uses. Where
    /// they do meet, only coasts and outer borders are used once: a tenth of the points in clean files of municipalities, six tenths
    /// in those that circulate of Brazil, Mexico, Costa Rica and the Dominican Republic.
    pub fn torn(&self) -> bool {
        let mut uses = vec![0u32; self.arcs.len()];
        for &(arc, _) in self.areas.iter().flat_map(|(_, walks)| walks).flatten() {
            uses[arc] += 1;
        }
        let points = |once: bool| -> usize {
            let arcs = self.arcs.iter().zip(&uses).filter(|(_, uses)| (**uses == 1) == once);
            arcs.map(|(arc, _)| arc.points.len() - 1).sum()
        };
        self.areas.len() >= 20 && points(true) > points(false)
    }

    /// The same with every point moved by some grid cells.
    pub(crate) fn moved(mut self, [right, down]: Point) -> Topology {
        for [x, y] in self.arcs.iter_mut().flat_map(|arc| &mut arc.points) {
            *x += right;
            *y += down;
        }
        self
    }

    /// Keeps every point of an area's lines, at any threshold.
    pub fn keep(&mut self, code: &str) {
        let Some(&area) = self.index.get(code) else { return };
        for &(arc, _) in self.areas[area].1.iter().flatten() {
            self.arcs[arc].importance.fill(f64::INFINITY);
        }
    }

    /// The threshold on importance that leaves at most `points` points in all arcs, and no less than `least`.
    pub fn threshold(&self, points: usize, least: f64) -> f64 {
        let mut values: Vec<f64> =
            self.arcs.iter().flat_map(|arc| &arc.importance).copied().filter(|value| value.is_finite()).collect();
        values.sort_by(|left, right| right.total_cmp(left));
        values.get(points).copied().unwrap_or(0.0).max(least)
    }

    /// Rings of an area with the points at least as important as `threshold`.
    pub fn rings(&self, code: &str, threshold: f64) -> Vec<Vec<Point>> {
        let Some(&area) = self.index.get(code) else { return Vec::new() };
        self.areas[area].1.iter().map(|walk| self.walk(walk, threshold)).collect()
    }

    /// The outline of several areas taken together: their arcs that only one of them uses, joined into rings.
    pub fn dissolve<'a>(&self, codes: impl IntoIterator<Item = &'a str>, threshold: f64) -> Vec<Vec<Point>> {
        let mut uses: HashMap<usize, u32> = HashMap::new();
        let mut steps: Vec<Step> = Vec::new();
        for code in codes {
            let Some(&area) = self.index.get(code) else { continue };
            for &step in self.areas[area].1.iter().flatten() {
                *uses.entry(step.0).or_default() += 1;
                steps.push(step);
            }
        }
        let outer: Vec<Step> = steps.into_iter().filter(|(arc, _)| uses[arc] == 1).collect();
        self.join(&outer).iter().map(|walk| self.walk(walk, threshold)).collect()
    }

    /// Areas that share a line with each area, in the order of the boundaries. Meeting in a point is not enough.
    pub fn neighbours(&self) -> HashMap<&str, Vec<&str>> {
        let mut users: HashMap<usize, Vec<usize>> = HashMap::new();
        for (area, (_, walks)) in self.areas.iter().enumerate() {
            for &(arc, _) in walks.iter().flatten() {
                users.entry(arc).or_default().push(area);
            }
        }
        let mut pairs: Vec<[usize; 2]> = Vec::new();
        for areas in users.values() {
            for &left in areas {
                pairs.extend(areas.iter().filter(|&&right| right != left).map(|&right| [left, right]));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        let mut neighbours: HashMap<&str, Vec<&str>> = HashMap::new();
        for [left, right] in pairs {
            neighbours.entry(&self.areas[left].0).or_default().push(&self.areas[right].0);
        }
        neighbours
    }

    /// Left, top, right and bottom of the areas, in grid cells; none when they have no line.
    pub fn extent<'a>(&self, codes: impl IntoIterator<Item = &'a str>) -> Option<[i32; 4]> {
        let mut extent: Option<[i32; 4]> = None;
        for code in codes {
            let Some(&area) = self.index.get(code) else { continue };
            for &(arc, _) in self.areas[area].1.iter().flatten() {
                for &[x, y] in &self.arcs[arc].points {
                    let [left, top, right, bottom] = extent.unwrap_or([x, y, x, y]);
                    extent = Some([left.min(x), top.min(y), right.max(x), bottom.max(y)]);
                }
            }
        }
        extent
    }

    fn ends(&self, (arc, backwards): Step) -> Option<(Point, Point)> {
        let points = &self.arcs[arc].points;
        let (first, last) = (*points.first()?, *points.last()?);
        Some(if backwards { (last, first) } else { (first, last) })
    }

    fn join(&self, steps: &[Step]) -> Vec<Vec<Step>> {
        let mut leaving: HashMap<Point, Vec<Step>> = HashMap::new();
        for &step in steps.iter().rev() {
            if let Some((start, _)) = self.ends(step) {
                leaving.entry(start).or_default().push(step);
            }
        }
        let mut take = |point: &Point| leaving.get_mut(point).and_then(Vec::pop);
        let mut walks = Vec::new();
        for &step in steps {
            let Some((start, _)) = self.ends(step) else { continue };
            let Some(first) = take(&start) else { continue };
            let mut walk = vec![first];
            let mut at = self.ends(first).map(|(_, end)| end);
            while let Some(point) = at.filter(|&point| point != start) {
                let Some(next) = take(&point) else { break };
                walk.push(next);
                at = self.ends(next).map(|(_, end)| end);
            }
            walks.push(walk);
        }
        walks
    }

    fn walk(&self, walk: &[Step], threshold: f64) -> Vec<Point> {
        let mut ring: Vec<Point> = Vec::new();
        for &(arc, backwards) in walk {
            let arc = &self.arcs[arc];
            let kept = arc
                .points
                .iter()
                .zip(&arc.importance)
                .filter(|(_, value)| **value >= threshold)
                .map(|(point, _)| *point);
            // The first point of an arc is the last of the one before it.
            let start = ring.len().saturating_sub(1);
            ring.truncate(start);
            if backwards {
                ring.extend(kept.rev());
            } else {
                ring.extend(kept);
            }
        }
        if ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        ring
    }
}

fn snapped(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut ring: Vec<Point> = points.collect();
    ring.dedup();
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    ring
}

/// Points where lines meet: those whose two neighbours are not the same pair in every ring that passes.
fn junctions<'a>(rings: impl Iterator<Item = &'a Vec<Point>>) -> HashMap<Point, bool> {
    let mut seen: HashMap<Point, ([Point; 2], bool)> = HashMap::new();
    for ring in rings.filter(|ring| ring.len() > 2) {
        for (position, &point) in ring.iter().enumerate() {
            let before = ring[(position + ring.len() - 1) % ring.len()];
            let after = ring[(position + 1) % ring.len()];
            let pair = if before < after { [before, after] } else { [after, before] };
            seen.entry(point).and_modify(|(first, junction)| *junction |= *first != pair).or_insert((pair, false));
        }
    }
    seen.into_iter().filter(|(_, (_, junction))| *junction).map(|(point, _)| (point, true)).collect()
}

/// The pieces of a ring between junctions; a ring without junction is one closed piece that starts at its smallest point, so
/// that an enclave and the hole around it are the same arc.
fn cut(ring: &[Point], junctions: &HashMap<Point, bool>) -> Vec<Vec<Point>> {
    let is_junction = |point: &Point| junctions.contains_key(point);
    let start = ring
        .iter()
        .position(is_junction)
        .or_else(|| ring.iter().enumerate().min_by_key(|(_, point)| **point).map(|(position, _)| position))
        .unwrap_or(0);
    let mut pieces = Vec::new();
    let mut piece = vec![ring[start]];
    for offset in 1..=ring.len() {
        let point = ring[(start + offset) % ring.len()];
        piece.push(point);
        if offset == ring.len() || is_junction(&point) {
            pieces.push(std::mem::replace(&mut piece, vec![point]));
        }
    }
    pieces
}

/// Effective areas of the points of a line, in square grid cells; infinite at its ends.
fn importance(points: &[Point]) -> Vec<f64> {
    let count = points.len();
    let mut result = vec![f64::INFINITY; count];
    if count < 3 {
        return result;
    }
    let area = |a: usize, b: usize, c: usize| -> u64 {
        let [ax, ay] = points[a].map(i64::from);
        let [bx, by] = points[b].map(i64::from);
        let [cx, cy] = points[c].map(i64::from);
        ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)).unsigned_abs()
    };
    let mut before: Vec<usize> = (0..count).map(|at| at.saturating_sub(1)).collect();
    let mut after: Vec<usize> = (0..count).map(|at| at + 1).collect();
    let mut current = vec![u64::MAX; count];
    let mut queue = BinaryHeap::new();
    for at in 1..count - 1 {
        current[at] = area(at - 1, at, at + 1);
        queue.push(Reverse((current[at], at)));
    }
    let mut largest = 0u64;
    while let Some(Reverse((value, at))) = queue.pop() {
        // An entry that is no longer current was replaced when a neighbour went.
        if value != current[at] {
            continue;
        }
        largest = largest.max(value);
        result[at] = largest as f64 / 2.0;
        current[at] = u64::MAX;
        let (left, right) = (before[at], after[at]);
        after[left] = right;
        before[right] = left;
        for neighbour in [left, right] {
            if neighbour > 0 && neighbour < count - 1 {
                current[neighbour] = area(before[neighbour], neighbour, after[neighbour]);
                queue.push(Reverse((current[neighbour], neighbour)));
            }
        }
    }
    result
}

/// Keeps enough points that no ring collapses into a line: two inner points of a closed arc, one of an arc in a ring of two.
fn keep_rings_open(arcs: &mut [Arc], areas: &[(String, Vec<Vec<Step>>)]) {
    for walk in areas.iter().flat_map(|(_, walks)| walks) {
        let needed = match walk.len() {
            1 => 2,
            2 => 1,
            _ => continue,
        };
        let inner = |arc: usize| arcs[arc].points.len().saturating_sub(2);
        let Some(&(arc, _)) = walk.iter().max_by_key(|(arc, _)| (inner(*arc), Reverse(*arc))) else { continue };
        let arc = &mut arcs[arc];
        let last = arc.points.len().saturating_sub(1);
        let kept = (1..last).filter(|&at| arc.importance[at].is_infinite()).count();
        for _ in kept..needed {
            let next = (1..last)
                .filter(|&at| arc.importance[at].is_finite())
                .max_by(|&a, &b| arc.importance[a].total_cmp(&arc.importance[b]).then(b.cmp(&a)));
            if let Some(at) = next {
                arc.importance[at] = f64::INFINITY;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    type Ring = Vec<[f64; 2]>;

    /// A grid of `side` by `side` squares whose borders wiggle; neighbours share every point.
    fn quilt(side: i32) -> Vec<Outline> {
        let wiggle = |at: [i32; 2], step: i32, across: bool| -> [f64; 2] {
            let seed = (at[0] * 31 + at[1] * 17 + i32::from(across) * 7) as f64;
            let bend = 0.12 * (seed + f64::from(step) * 1.7).sin() * f64::from(step * (16 - step)) / 64.0;
            let along = f64::from(step) / 16.0;
            let [x, y] = [f64::from(at[0]), f64::from(at[1])];
            if across { [x + along, y + bend] } else { [x + bend, y + along] }
        };
        let edge = |at, across, backwards: bool| -> Ring {
            let points = (0..16).map(|step| wiggle(at, if backwards { 16 - step } else { step }, across));
            points.collect()
        };
        let mut outlines = Vec::new();
        for column in 0..side {
            for row in 0..side {
                let mut ring = edge([column, row], true, false);
                ring.extend(edge([column + 1, row], false, false));
                ring.extend(edge([column, row + 1], true, true));
                ring.extend(edge([column, row], false, true));
                outlines.push(Outline { code: format!("{column}{row}"), rings: vec![ring] });
            }
        }
        outlines
    }

    fn segments(rings: &[Vec<Point>]) -> impl Iterator<Item = (Point, Point)> {
        rings.iter().flat_map(|ring| (0..ring.len()).map(|at| (ring[at], ring[(at + 1) % ring.len()])))
    }

    fn twice_area(rings: &[Vec<Point>]) -> i64 {
        segments(rings).map(|([ax, ay], [bx, by])| i64::from(ax) * i64::from(by) - i64::from(bx) * i64::from(ay)).sum()
    }

    #[test]
    fn neighbours_share_a_line_and_not_only_a_corner() {
        let topology = Topology::new(&quilt(3));
        let neighbours = topology.neighbours();
        assert_eq!(neighbours["11"], ["01", "10", "12", "21"]);
        assert_eq!(neighbours["00"], ["01", "10"]);
    }

    #[test]
    fn every_border_stays_shared_at_every_simplification() {
        let topology = Topology::new(&quilt(4));
        let codes: Vec<String> = topology.codes().map(str::to_owned).collect();
        let mut sizes = Vec::new();
        for threshold in [0.0, 1e3, 1e5, 1e7, 1e12] {
            let mut uses: BTreeMap<(Point, Point), i32> = BTreeMap::new();
            let mut total = 0;
            for code in &codes {
                let rings = topology.rings(code, threshold);
                total += twice_area(&rings);
                for (from, to) in segments(&rings) {
                    let (key, sign) = if from < to { ((from, to), 1) } else { ((to, from), -1) };
                    *uses.entry(key).or_default() += sign;
                }
            }
            let outline = topology.dissolve(codes.iter().map(String::as_str), threshold);
            let outer: usize = outline.iter().map(Vec::len).sum();
            // Walked once in each direction inside the country, once along its edge.
            assert_eq!(uses.values().filter(|&&sum| sum != 0).count(), outer);
            assert_eq!(total, twice_area(&outline), "gaps or overlaps at {threshold}");
            sizes.push(uses.len());
        }
        assert!(sizes.windows(2).all(|pair| pair[0] >= pair[1]) && sizes[4] < sizes[0] / 10, "{sizes:?}");
    }

    #[test]
    fn dissolving_leaves_one_outline_without_inner_borders() {
        let topology = Topology::new(&quilt(3));
        let codes: Vec<String> = topology.codes().map(str::to_owned).collect();
        let outline = topology.dissolve(codes.iter().map(String::as_str), f64::INFINITY);
        assert_eq!(outline.len(), 1);
        // Junctions with only one area at a corner are no junctions; those where two areas meet the edge are.
        assert!((8..=12).contains(&outline[0].len()), "{outline:?}");
    }

    #[test]
    fn an_enclave_and_the_hole_around_it_are_the_same_line() {
        let square = |low: f64, high: f64| -> Ring { vec![[low, low], [high, low], [high, high], [low, high]] };
        let mut hole = square(4.0, 6.0);
        hole.reverse();
        hole.rotate_left(1);
        let outlines = vec![
            Outline { code: "around".to_owned(), rings: vec![square(0.0, 10.0), hole] },
            Outline { code: "enclave".to_owned(), rings: vec![square(4.0, 6.0)] },
        ];
        let topology = Topology::new(&outlines);
        let inner = topology.rings("around", f64::INFINITY)[1].clone();
        let mut enclave = topology.rings("enclave", f64::INFINITY)[0].clone();
        assert!(enclave.len() >= 3);
        enclave.reverse();
        assert_eq!(inner.iter().collect::<std::collections::BTreeSet<_>>(), enclave.iter().collect());
        assert_eq!(
            twice_area(&topology.dissolve(["around", "enclave"], 0.0)),
            twice_area(&topology.rings("around", 0.0)[..1])
        );
    }

    #[test]
    fn importance_is_the_triangle_a_point_spans() {
        // A dent of depth 2 and width 4: the triangle has area 4.
        let values = importance(&[[0, 0], [10, 0], [12, 2], [14, 0], [24, 0]]);
        assert_eq!(values[2], 4.0);
        assert!(values[0].is_infinite() && values[4].is_infinite());
    }
}
