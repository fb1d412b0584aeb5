//! Rings made valid: closed, without repetitions, spikes and crossings, holes inside what they are holes of, outer rings
//! counter-clockwise (RFC 7946). Everything done is counted, and what it did to the area is measured.

use std::collections::HashMap;

use geo::algorithm::bool_ops::{BooleanOps, FillRule, unary_union};
use geo::algorithm::kernels::{Kernel, Orientation, RobustKernel};
use geo::{Coord, LineString, MultiPolygon};

use crate::area::square_kilometres;
use crate::{Polygon, Polygons, Ring};

/// What was mended in a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Repair {
    /// Rings whose last point was not their first.
    pub unclosed: u64,
    /// Points repeated in place, or that are not numbers.
    pub repeated: u64,
    /// Points that a line went out to and came back from.
    pub spikes: u64,
    /// Rings without an area, left out.
    pub empty: u64,
    /// Rings walked the other way round.
    pub turned: u64,
    /// Features whose lines crossed themselves, by position: they were cut at the crossings.
    pub crossing: Vec<usize>,
    /// Features that have no area left, by position.
    pub lost: Vec<usize>,
    /// Square kilometres before and after, of the features that crossed themselves.
    pub area: [f64; 2],
}

impl Repair {
    /// Whether something that could be seen on a map was changed; turning a ring round cannot.
    pub fn is_worth_telling(&self) -> bool {
        self.unclosed > 0
            || self.repeated > 0
            || self.spikes > 0
            || self.empty > 0
            || !self.crossing.is_empty()
            || !self.lost.is_empty()
    }
}

/// Mends the polygons of all features. `unsorted`: rings of a feature are in one list, and which are holes must be found out.
pub fn repair(features: &mut [Polygons], unsorted: bool) -> Repair {
    let mut done = Repair::default();
    for (position, polygons) in features.iter_mut().enumerate() {
        for polygon in polygons.iter_mut() {
            let mut outer = true;
            for ring in polygon.iter_mut() {
                clean(ring, &mut done);
                if ring.is_empty() {
                    done.empty += 1;
                    // Holes of nothing are left out with it.
                    if outer && !unsorted {
                        break;
                    }
                }
                outer = false;
            }
            if unsorted {
                polygon.retain(|ring| !ring.is_empty());
            } else if polygon.first().is_none_or(Vec::is_empty) {
                polygon.clear();
            } else {
                polygon.retain(|ring| !ring.is_empty());
            }
        }
        polygons.retain(|polygon| !polygon.is_empty());
        if crosses(polygons.iter().flatten()) {
            done.crossing.push(position);
            if unsorted {
                *polygons = nested(std::mem::take(polygons).into_iter().flatten().collect());
            }
            let before = square_kilometres(polygons);
            *polygons = uncrossed(polygons);
            done.area[0] += before;
            done.area[1] += square_kilometres(polygons);
        } else if unsorted {
            *polygons = nested(std::mem::take(polygons).into_iter().flatten().collect());
        }
        for polygon in polygons.iter_mut() {
            for (index, ring) in polygon.iter_mut().enumerate() {
                if (twice_area(ring) > 0.0) != (index == 0) {
                    ring.reverse();
                    done.turned += 1;
                }
            }
        }
        if polygons.is_empty() {
            done.lost.push(position);
        }
    }
    done
}

/// Closes a ring and takes out what is repeated; a ring that encloses nothing becomes empty.
fn clean(ring: &mut Ring, done: &mut Repair) {
    let before = ring.len();
    ring.retain(|[x, y]| x.is_finite() && y.is_finite());
    let closed = ring.len() > 1 && ring.first() == ring.last();
    done.unclosed += u64::from(!closed && ring.len() > 2);
    if closed {
        ring.pop();
    }
    let open = before - usize::from(closed);
    let mut kept: Ring = Vec::with_capacity(ring.len() + 1);
    let mut spikes = 0;
    for &point in ring.iter() {
        if kept.last() == Some(&point) {
            continue;
        }
        if kept.len() > 1 && kept[kept.len() - 2] == point {
            kept.pop();
            spikes += 1;
            continue;
        }
        kept.push(point);
    }
    // The same at the seam between last and first point.
    loop {
        match kept.as_slice() {
            [first, .., last] if first == last => {
                kept.pop();
            }
            [first, .., before_last, _] if first == before_last => {
                kept.truncate(kept.len() - 2);
                spikes += 1;
            }
            [_, second, .., last] if second == last && kept.len() > 2 => {
                kept.remove(0);
                kept.pop();
                spikes += 1;
            }
            _ => break,
        }
    }
    if kept.len() < 3 || on_one_line(&kept) {
        ring.clear();
        return;
    }
    done.spikes += spikes;
    done.repeated += (open - kept.len()) as u64 - spikes.min((open - kept.len()) as u64);
    kept.push(kept[0]);
    *ring = kept;
}

/// Whether points enclose nothing. The area does not tell: that of a symmetric bow tie is zero as well.
fn on_one_line(points: &[[f64; 2]]) -> bool {
    let coord = |[x, y]: [f64; 2]| Coord { x, y };
    let side = |&point: &[f64; 2]| RobustKernel::orient2d(coord(points[0]), coord(points[1]), coord(point));
    points.len() < 3 || points[2..].iter().all(|point| side(point) == Orientation::Collinear)
}

/// Twice the signed area in square degrees, positive when counter-clockwise; the ring may be closed or not.
fn twice_area(ring: &[[f64; 2]]) -> f64 {
    let Some(&[x0, y0]) = ring.first() else { return 0.0 };
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| (a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0)).sum()
}

struct Segment {
    from: Coord,
    to: Coord,
    bottom: f64,
    top: f64,
    right: f64,
    left: f64,
}

/// Whether two lines of a feature properly cross: each has the ends of the other on both its sides. Lines that only touch do not.
pub fn crosses<'a>(rings: impl IntoIterator<Item = &'a Ring>) -> bool {
    let mut segments: Vec<Segment> = rings
        .into_iter()
        .flat_map(|ring| ring.windows(2))
        .map(|pair| {
            let [[ax, ay], [bx, by]] = [pair[0], pair[1]];
            Segment {
                from: Coord { x: ax, y: ay },
                to: Coord { x: bx, y: by },
                bottom: ay.min(by),
                top: ay.max(by),
                left: ax.min(bx),
                right: ax.max(bx),
            }
        })
        .collect();
    segments.sort_by(|a, b| a.left.total_cmp(&b.left));
    // A line sweeps from left to right; `open` are the segments it touches.
    let mut open: Vec<usize> = Vec::new();
    for index in 0..segments.len() {
        let segment = &segments[index];
        open.retain(|&other| segments[other].right >= segment.left);
        if open.iter().any(|&other| {
            let other = &segments[other];
            other.bottom <= segment.top && segment.bottom <= other.top && properly_cross(segment, other)
        }) {
            return true;
        }
        open.push(index);
    }
    false
}

fn properly_cross(one: &Segment, other: &Segment) -> bool {
    let apart = |line: &Segment, points: &Segment| {
        let side = |point: Coord| RobustKernel::orient2d(line.from, line.to, point);
        matches!(
            (side(points.from), side(points.to)),
            (Orientation::Clockwise, Orientation::CounterClockwise)
                | (Orientation::CounterClockwise, Orientation::Clockwise)
        )
    };
    apart(one, other) && apart(other, one)
}

/// Sorts rings into polygons: a ring inside an even number of others is an outer ring, one inside an odd number is a hole of the
/// smallest of them.
pub fn nested(mut rings: Vec<Ring>) -> Polygons {
    rings.sort_by(|a, b| twice_area(b).abs().total_cmp(&twice_area(a).abs()));
    let boxes: Vec<[f64; 4]> = rings.iter().map(|ring| bounds(ring)).collect();
    let mut polygons = Polygons::new();
    // For every ring so far: how deep it lies, and which polygon it opened.
    let mut placed: Vec<(usize, usize)> = Vec::with_capacity(rings.len());
    for index in 0..rings.len() {
        let inside = |other: &usize| {
            let ([l, b, r, t], [left, bottom, right, top]) = (boxes[index], boxes[*other]);
            left <= l && bottom <= b && r <= right && t <= top && within(&rings[index], &rings[*other])
        };
        let around = (0..index).rev().find(inside);
        let depth = around.map_or(0, |other| placed[other].0 + 1);
        match around {
            Some(other) if depth % 2 == 1 => {
                let polygon = placed[other].1;
                placed.push((depth, polygon));
                polygons[polygon].push(rings[index].clone());
            }
            _ => {
                placed.push((depth, polygons.len()));
                polygons.push(vec![rings[index].clone()]);
            }
        }
    }
    polygons
}

fn bounds(ring: &[[f64; 2]]) -> [f64; 4] {
    ring.iter().fold([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY], |[l, b, r, t], &[x, y]| {
        [l.min(x), b.min(y), r.max(x), t.max(y)]
    })
}

/// Whether a ring that does not cross another lies inside it: told by the first of its points that is not on the other's line.
fn within(inner: &Ring, outer: &Ring) -> bool {
    inner.iter().find_map(|&point| side(point, outer)).unwrap_or(true)
}

/// Inside or outside by the number of lines a ray meets; none when the point is on the line.
fn side([x, y]: [f64; 2], ring: &Ring) -> Option<bool> {
    let point = Coord { x, y };
    let mut inside = false;
    for pair in ring.windows(2) {
        let [a, b] = [pair[0], pair[1]];
        let (low, high) = if a[1] <= b[1] { (a, b) } else { (b, a) };
        if y < low[1] || y > high[1] {
            continue;
        }
        let orientation =
            RobustKernel::orient2d(Coord { x: low[0], y: low[1] }, Coord { x: high[0], y: high[1] }, point);
        if orientation == Orientation::Collinear && x >= a[0].min(b[0]) && x <= a[0].max(b[0]) {
            return None;
        }
        // Each line holds its lower end and not its upper one, so that a corner counts once.
        if low[1] <= y && y < high[1] && orientation == Orientation::CounterClockwise {
            inside = !inside;
        }
    }
    Some(inside)
}

/// The area that the lines enclose an odd number of times, polygon by polygon, and then all of it together.
fn uncrossed(polygons: &Polygons) -> Polygons {
    let line = |ring: &Ring| -> LineString { ring.iter().map(|&[x, y]| Coord { x, y }).collect() };
    let whole = |polygon: &Polygon| -> Option<MultiPolygon> {
        let (outer, holes) = polygon.split_first()?;
        let polygon = geo::Polygon::new(line(outer), holes.iter().map(line).collect());
        Some(polygon.union_with_fill_rule(&MultiPolygon::new(Vec::new()), FillRule::EvenOdd))
    };
    let parts: Vec<MultiPolygon> = polygons.iter().filter_map(whole).collect();
    let union = unary_union(&parts);
    let known = KnownPoints::new(polygons.iter().flatten().flatten());
    let mut ignored = Repair::default();
    let mut ring = |line: &LineString| {
        let mut ring: Ring = line.coords().map(|point| known.snap([point.x, point.y])).collect();
        clean(&mut ring, &mut ignored);
        ring
    };
    let mut result = Polygons::new();
    for polygon in union.0 {
        let outer = ring(polygon.exterior());
        if !outer.is_empty() {
            let holes = polygon.interiors().iter().map(&mut ring).filter(|hole| !hole.is_empty());
            result.push(std::iter::once(outer).chain(holes).collect());
        }
    }
    result
}

/// The points of the file: overlaying moves points by billionths of a degree, and neighbours must still share them.
struct KnownPoints(HashMap<[i64; 2], [f64; 2]>);

impl KnownPoints {
    const CELLS: f64 = 1e6;

    fn new<'a>(points: impl Iterator<Item = &'a [f64; 2]>) -> KnownPoints {
        KnownPoints(points.map(|&point| (Self::cell(point), point)).collect())
    }

    fn cell(point: [f64; 2]) -> [i64; 2] {
        point.map(|number| (number * Self::CELLS).round() as i64)
    }

    fn snap(&self, point: [f64; 2]) -> [f64; 2] {
        let [x, y] = Self::cell(point);
        let near = |known: &&[f64; 2]| (known[0] - point[0]).abs() < 5e-7 && (known[1] - point[1]).abs() < 5e-7;
        let cells = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| [x + dx, y + dy]));
        let mut candidates = cells.filter_map(|cell| self.0.get(&cell)).filter(near);
        candidates.next().copied().unwrap_or(point)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(low: f64, high: f64) -> Ring {
        vec![[low, low], [high, low], [high, high], [low, high], [low, low]]
    }

    fn repaired(polygons: Polygons, unsorted: bool) -> (Polygons, Repair) {
        let mut features = vec![polygons];
        let done = repair(&mut features, unsorted);
        (features.remove(0), done)
    }

    #[test]
    fn a_valid_square_is_left_alone() {
        let (polygons, done) = repaired(vec![vec![square(0.0, 1.0)]], false);
        assert_eq!(polygons, [vec![square(0.0, 1.0)]]);
        assert_eq!(done, Repair::default());
    }

    #[test]
    fn open_rings_repeated_points_and_spikes_are_mended_and_counted() {
        let ring = vec![[0.0, 0.0], [1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [5.0, 5.0], [1.0, 1.0], [0.0, 1.0]];
        let (polygons, done) = repaired(vec![vec![ring]], false);
        assert_eq!(polygons, [vec![square(0.0, 1.0)]]);
        assert_eq!((done.unclosed, done.repeated, done.spikes), (1, 2, 1));
        assert!(done.is_worth_telling());
    }

    #[test]
    fn a_spike_at_the_seam_is_found() {
        let ring = vec![[9.0, 0.0], [0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0], [9.0, 0.0]];
        let (polygons, done) = repaired(vec![vec![ring]], false);
        assert_eq!(square_kilometres(&polygons), square_kilometres(&vec![vec![square(0.0, 1.0)]]));
        assert_eq!(done.spikes, 1);
    }

    #[test]
    fn rings_without_area_are_left_out_with_their_holes() {
        let line = vec![[0.0, 0.0], [1.0, 1.0], [0.0, 0.0]];
        let (polygons, done) = repaired(vec![vec![line.clone(), square(0.0, 1.0)], vec![square(2.0, 3.0)]], false);
        assert_eq!(polygons, [vec![square(2.0, 3.0)]]);
        assert_eq!(done.empty, 1);
        let (polygons, done) = repaired(vec![vec![line]], false);
        assert!(polygons.is_empty());
        assert_eq!(done.lost, [0]);
    }

    #[test]
    fn a_bow_tie_becomes_its_two_triangles() {
        let tie = vec![[0.0, 0.0], [2.0, 2.0], [2.0, 0.0], [0.0, 2.0], [0.0, 0.0]];
        assert!(crosses([&tie]));
        let (polygons, done) = repaired(vec![vec![tie]], false);
        assert_eq!((polygons.len(), done.crossing.as_slice()), (2, &[0][..]));
        assert!(!crosses(polygons.iter().flatten()));
        for polygon in &polygons {
            assert!((twice_area(&polygon[0]) / 2.0 - 1.0).abs() < 1e-6);
        }
        // The corners are those of the file, to the bit.
        for corner in [[0.0, 0.0], [2.0, 2.0], [2.0, 0.0], [0.0, 2.0]] {
            assert!(polygons.iter().flatten().flatten().any(|point| *point == corner));
        }
        assert!(done.area[0] < 1.0 && done.area[1] > 24_000.0, "{:?}", done.area);
    }

    #[test]
    fn overlapping_parts_become_one_and_count_once() {
        let (polygons, done) = repaired(vec![vec![square(0.0, 2.0)], vec![square(1.0, 3.0)]], false);
        assert_eq!((polygons.len(), done.crossing.len()), (1, 1));
        assert!((twice_area(&polygons[0][0]) / 2.0 - 7.0).abs() < 1e-6);
    }

    #[test]
    fn rings_that_touch_in_a_point_do_not_cross() {
        let mut touching = vec![square(0.0, 1.0)];
        touching.push(vec![[1.0, 1.0], [2.0, 1.0], [2.0, 2.0], [1.0, 2.0], [1.0, 1.0]]);
        assert!(!crosses(&touching));
        // Two parts that share a side.
        assert!(!crosses([&square(0.0, 1.0), &vec![[1.0, 0.0], [2.0, 0.0], [2.0, 1.0], [1.0, 1.0], [1.0, 0.0]]]));
    }

    #[test]
    fn rings_without_order_are_sorted_by_where_they_lie() {
        let mut lake = square(1.0, 9.0);
        lake.reverse();
        let rings = vec![square(4.0, 5.0), lake.clone(), square(0.0, 10.0), square(20.0, 21.0), square(2.0, 8.0)];
        let polygons = nested(rings);
        // The land with its lake, the island in the lake with a pond of its own, and another land.
        assert_eq!(
            polygons,
            [vec![square(0.0, 10.0), lake], vec![square(2.0, 8.0), square(4.0, 5.0)], vec![square(20.0, 21.0)],]
        );
    }

    #[test]
    fn outer_rings_go_against_the_clock_and_holes_with_it() {
        let mut outer = square(0.0, 3.0);
        outer.reverse();
        let (polygons, done) = repaired(vec![vec![outer, square(1.0, 2.0)]], false);
        assert!(twice_area(&polygons[0][0]) > 0.0 && twice_area(&polygons[0][1]) < 0.0);
        assert_eq!(done.turned, 2);
        assert!(!done.is_worth_telling(), "nobody can see it on a map");
    }
}
