//! Outlines of larger areas where the lines of neighbours do not meet.
//!
//! Many published boundary files were simplified polygon by polygon: between two neighbours there are slivers and overlaps, no line is
//! shared, and the outline of a department as shared lines is the outline of every municipality in it. Such outlines are drawn anew:
//! areas are laid on a raster, cracks between them are closed, and the borders of what lies together are followed. The steps of the
//! raster vanish when the line is simplified, and the new outlines do share their lines.

use std::collections::HashMap;

use crate::topology::{Outline, Point, Topology};

/// Times that cracks are closed by one cell from both sides.
const CLOSING: usize = 3;
/// Importance of the steps of the raster, in square cells: a step of one by three.
const STEP: f64 = 3.0;

/// Outlines of groups of areas, drawn over a raster.
#[derive(Debug, Clone)]
pub struct Mosaic {
    topology: Topology,
    least: f64,
}

impl Mosaic {
    /// Lays `groups` (a code, and the codes of its areas) on a raster with `cells` cells on its longer side; none when they have no line.
    pub fn new<'a>(topology: &Topology, groups: &[(&'a str, &[&'a str])], cells: u32) -> Option<Mosaic> {
        let mut raster =
            Raster::over(topology.extent(groups.iter().flat_map(|(_, codes)| codes.iter().copied()))?, cells);
        for (label, (_, codes)) in (1..).zip(groups) {
            for code in *codes {
                raster.fill(&topology.rings(code, 0.0), label);
            }
        }
        for _ in 0..CLOSING {
            raster.close_cracks();
        }
        let mut rings = raster.rings();
        let outlines: Vec<Outline> = (1..)
            .zip(groups)
            .map(|(label, (code, _))| Outline {
                code: (*code).to_owned(),
                rings: rings.remove(&label).unwrap_or_default(),
            })
            .collect();
        let [left, top, ..] = crate::topology::extent(&outlines)?;
        let drawn = Topology::on_grid(&outlines, 1.0).moved([left as i32, top as i32]);
        Some(Mosaic { topology: drawn, least: STEP * (raster.size as f64).powi(2) })
    }

    /// Rings of a group in the cells of the topology it was drawn from, with the points at least as important as `threshold`.
    pub fn rings(&self, code: &str, threshold: f64) -> Vec<Vec<Point>> {
        self.topology.rings(code, threshold.max(self.least))
    }
}

/// Cells with the label of the area that holds their middle; 0 is nobody's.
struct Raster {
    left: i32,
    top: i32,
    /// Grid cells on a side of a raster cell.
    size: i32,
    width: usize,
    height: usize,
    labels: Vec<u32>,
}

impl Raster {
    /// With a margin of nobody's cells, so that every border has two sides.
    fn over([left, top, right, bottom]: [i32; 4], cells: u32) -> Raster {
        let size = ((right - left).max(bottom - top) / cells.max(1) as i32).max(1);
        let width = ((right - left) / size + 3) as usize;
        let height = ((bottom - top) / size + 3) as usize;
        Raster { left: left - size, top: top - size, size, width, height, labels: vec![0; width * height] }
    }

    /// Labels the cells whose middle lies inside the rings, by the even-odd rule.
    fn fill(&mut self, rings: &[Vec<Point>], label: u32) {
        let size = f64::from(self.size);
        let place = |[x, y]: Point| [f64::from(x - self.left) / size - 0.5, f64::from(y - self.top) / size - 0.5];
        let edges: Vec<[[f64; 2]; 2]> = rings
            .iter()
            .flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)).map(|(&from, &to)| [place(from), place(to)]))
            .collect();
        let heights = edges.iter().flatten().map(|point| point[1]);
        let (lowest, highest) =
            (heights.clone().fold(f64::INFINITY, f64::min), heights.fold(f64::NEG_INFINITY, f64::max));
        let mut crossings = Vec::new();
        for row in (lowest.ceil().max(0.0) as usize)..self.height.min((highest.floor() + 1.0).max(0.0) as usize) {
            let y = row as f64;
            crossings.clear();
            crossings.extend(
                edges
                    .iter()
                    .filter(|[from, to]| (from[1] <= y) != (to[1] <= y))
                    .map(|[from, to]| from[0] + (y - from[1]) / (to[1] - from[1]) * (to[0] - from[0])),
            );
            crossings.sort_by(f64::total_cmp);
            for pair in crossings.chunks_exact(2) {
                let from = pair[0].ceil().max(0.0) as usize;
                let to = (pair[1].floor() + 1.0).max(0.0) as usize;
                for column in from..to.min(self.width) {
                    self.labels[row * self.width + column] = label;
                }
            }
        }
    }

    /// Gives nobody's cells that are mostly surrounded to the neighbour that surrounds them most.
    fn close_cracks(&mut self) {
        let mut found: Vec<(usize, u32)> = Vec::new();
        for row in 1..self.height - 1 {
            for column in 1..self.width - 1 {
                let at = row * self.width + column;
                if self.labels[at] != 0 {
                    continue;
                }
                let (above, below) = (at - self.width, at + self.width);
                let around = [above - 1, above, above + 1, at - 1, at + 1, below - 1, below, below + 1]
                    .map(|near| self.labels[near]);
                let count = |label: u32| around.iter().filter(|near| **near == label).count();
                if count(0) <= 3 {
                    let most = around.into_iter().filter(|near| *near != 0).max_by_key(|near| (count(*near), *near));
                    found.extend(most.map(|label| (at, label)));
                }
            }
        }
        for (at, label) in found {
            self.labels[at] = label;
        }
    }

    /// The borders of every label along the sides of cells, with a point at every corner of a cell, so that both sides of a border have
    /// the same points.
    fn rings(&self) -> HashMap<u32, Vec<Vec<[f64; 2]>>> {
        let mut leaving: HashMap<u32, HashMap<(usize, usize), Vec<(usize, usize)>>> = HashMap::new();
        for row in 1..self.height - 1 {
            for column in 1..self.width - 1 {
                let at = row * self.width + column;
                let label = self.labels[at];
                if label == 0 {
                    continue;
                }
                let (right, down) = (column + 1, row + 1);
                let sides = [
                    (at - self.width, (column, row), (right, row)),
                    (at + 1, (right, row), (right, down)),
                    (at + self.width, (right, down), (column, down)),
                    (at - 1, (column, down), (column, row)),
                ];
                for (_, from, to) in sides.into_iter().filter(|(near, ..)| self.labels[*near] != label) {
                    leaving.entry(label).or_default().entry(from).or_default().push(to);
                }
            }
        }
        leaving.into_iter().map(|(label, edges)| (label, self.walks(edges))).collect()
    }

    fn walks(&self, mut edges: HashMap<(usize, usize), Vec<(usize, usize)>>) -> Vec<Vec<[f64; 2]>> {
        let mut starts: Vec<(usize, usize)> = edges.keys().copied().collect();
        starts.sort_unstable();
        let place = |(column, row): (usize, usize)| {
            [
                f64::from(self.left) + column as f64 * f64::from(self.size),
                f64::from(self.top) + row as f64 * f64::from(self.size),
            ]
        };
        let mut rings = Vec::new();
        for start in starts {
            // Two pieces of an area may meet in a corner; each walk takes one way out of it.
            while let Some(first) = edges.get_mut(&start).and_then(Vec::pop) {
                let mut ring = vec![place(start)];
                let mut at = first;
                while at != start {
                    ring.push(place(at));
                    let Some(next) = edges.get_mut(&at).and_then(Vec::pop) else { break };
                    at = next;
                }
                rings.push(ring);
            }
        }
        rings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Squares of a 6 by 6 board, each drawn a little too small, so that cracks part all neighbours.
    fn board(shrunk: f64) -> Topology {
        let outlines: Vec<Outline> = (0..36)
            .map(|place| {
                let (x, y) = (f64::from(place % 6) + shrunk, f64::from(place / 6) + shrunk);
                let side = 1.0 - 2.0 * shrunk;
                Outline {
                    code: place.to_string(),
                    rings: vec![vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side]]],
                }
            })
            .collect();
        Topology::new(&outlines)
    }

    fn area(ring: &[Point]) -> f64 {
        let next = ring.iter().cycle().skip(1);
        ring.iter()
            .zip(next)
            .map(|(a, b)| f64::from(a[0]) * f64::from(b[1]) - f64::from(b[0]) * f64::from(a[1]))
            .sum::<f64>()
            .abs()
            / 2.0
    }

    #[test]
    fn halves_of_a_cracked_board_are_one_ring_each_that_share_their_border() {
        let topology = board(0.002);
        assert!(topology.torn());
        assert!(!board(0.0).torn());
        let codes: Vec<String> = (0..36).map(|place| place.to_string()).collect();
        let (upper, lower): (Vec<&str>, Vec<&str>) =
            (codes[..18].iter().map(String::as_str).collect(), codes[18..].iter().map(String::as_str).collect());
        assert_eq!(topology.dissolve(upper.iter().copied(), 0.0).len(), 18, "shared lines find no border");
        let mosaic = Mosaic::new(&topology, &[("u", &upper), ("l", &lower)], 400).unwrap();
        let whole = topology.extent(codes.iter().map(String::as_str)).unwrap();
        let half = f64::from(whole[2] - whole[0]) * f64::from(whole[3] - whole[1]) / 2.0;
        let mut corners = Vec::new();
        for code in ["u", "l"] {
            let rings = mosaic.rings(code, 0.0);
            assert_eq!(rings.len(), 1);
            assert!(rings[0].len() <= 8, "the steps are gone: {:?}", rings[0]);
            assert!((area(&rings[0]) / half - 1.0).abs() < 0.01, "{} of {half}", area(&rings[0]));
            corners.push(rings[0].clone());
        }
        let shared = corners[0].iter().filter(|point| corners[1].contains(point)).count();
        assert!(shared >= 2, "{corners:?}");
    }

    #[test]
    fn a_lake_stays_and_pieces_that_meet_in_a_corner_are_all_walked() {
        let square = |x: f64, y: f64, side: f64| vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side]];
        let ring = Outline { code: "a".to_owned(), rings: vec![square(0.0, 0.0, 9.0), square(3.0, 3.0, 3.0)] };
        let corner = Outline { code: "b".to_owned(), rings: vec![square(9.0, 9.0, 9.0)] };
        let topology = Topology::new(&[ring, corner]);
        let mosaic = Mosaic::new(&topology, &[("ab", &["a", "b"])], 90).unwrap();
        let areas: Vec<f64> = mosaic.rings("ab", 0.0).iter().map(|ring| area(ring)).collect();
        let unit = f64::from(topology.extent(["b"]).unwrap()[2]) / 18.0;
        let outside: f64 = areas.iter().map(|area| area / unit.powi(2)).sum();
        // Both squares and the lake, each once: 81 + 81 + 9.
        assert!((outside - 171.0).abs() < 4.0, "{areas:?}");
        assert!(Mosaic::new(&topology, &[("x", &["unknown"])], 90).is_none());
    }
}
