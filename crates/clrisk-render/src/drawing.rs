//! Boundaries brought to the size of a picture: path data of SVG, made once and used by every layer and language.
//!
//! One unit is a tenth of a pixel; all coordinates are whole numbers, written relative to the point before.

use std::collections::HashMap;
use std::fmt::Write;

use clrisk_geography::mosaic::Mosaic;
use clrisk_geography::topology::{Point, Topology};

/// Units per pixel.
const UNITS: f64 = 10.0;
/// Points a national map may have: about 200 kB of path data, a quarter of it when compressed.
const NATIONAL_POINTS: usize = 22_000;
/// Points a department's map may have.
const DEPARTMENT_POINTS: usize = 12_000;
/// Points the map of a fact sheet may have: some 30 kB of path data, for a border is drawn from both sides.
const SHEET_POINTS: usize = 1_800;
/// Municipalities that the map of a fact sheet can show one by one; of more, it shows the departments.
pub const SHEET_AREAS: usize = 600;
/// Smallest triangle worth drawing, in square pixels.
const LEAST_AREA: f64 = 0.15;

/// Cells on the longer side of the raster from which outlines of a torn map are drawn.
const COUNTRY_CELLS: u32 = 2_048;
/// The same for one department, which is drawn smaller.
const DEPARTMENT_CELLS: u32 = 1_024;

/// Outlines of larger areas: the lines that their municipalities do not share, or, where neighbours do not meet, lines drawn anew.
pub struct Borders(Option<Mosaic>);

impl Borders {
    /// The outlines of departments, given by the codes of their municipalities.
    pub fn of_departments(topology: &Topology, departments: &[(&str, Vec<&str>)]) -> Borders {
        Borders::drawn(topology, departments.iter().map(|(_, members)| members.as_slice()), COUNTRY_CELLS)
    }

    /// The outline of one department alone.
    pub fn of_one(topology: &Topology, members: &[&str]) -> Borders {
        Borders::drawn(topology, std::iter::once(members), DEPARTMENT_CELLS)
    }

    fn drawn<'a>(topology: &Topology, groups: impl Iterator<Item = &'a [&'a str]>, cells: u32) -> Borders {
        if !topology.torn() {
            return Borders(None);
        }
        // A group is named after its first member.
        let groups: Vec<(&str, &[&str])> = groups.filter_map(|members| Some((*members.first()?, members))).collect();
        Borders(Mosaic::new(topology, &groups, cells))
    }

    fn rings(&self, topology: &Topology, members: &[&str], threshold: f64) -> Vec<Vec<Point>> {
        match (&self.0, members) {
            (Some(mosaic), [first, ..]) => mosaic.rings(first, threshold),
            _ => topology.dissolve(members.iter().copied(), threshold),
        }
    }
}

/// Lines of a map.
#[derive(Debug, Clone, Default)]
pub struct Drawing {
    /// Width in units.
    pub width: u32,
    /// Height in units.
    pub height: u32,
    /// Path data by area, in the order of the boundaries.
    pub areas: Vec<(String, String)>,
    /// Path data of the larger areas' outlines.
    pub outlines: Vec<(String, String)>,
    /// A point in the middle of the largest piece of each area, in the order of `areas`; none for an area without a line.
    pub middles: Vec<Option<[i32; 2]>>,
}

impl Drawing {
    /// The whole country: every area, and outlines of the departments.
    pub fn national(
        topology: &Topology,
        codes: &[&str],
        departments: &[(&str, Vec<&str>)],
        borders: &Borders,
    ) -> Drawing {
        let Some(view) = View::fit(topology, codes, 860.0, 760.0) else { return Drawing::default() };
        let threshold = topology.threshold(NATIONAL_POINTS, view.least());
        Drawing {
            areas: view.areas(topology, codes, threshold),
            middles: view.middles(topology, codes, threshold),
            outlines: departments
                .iter()
                .map(|(code, members)| ((*code).to_owned(), view.path(&borders.rings(topology, members, threshold))))
                .collect(),
            width: view.width,
            height: view.height,
        }
    }

    /// The map of a fact sheet. `groups` are drawn as one area each, under the code of their first member; `outlines` are
    /// drawn over them.
    pub fn sheet(topology: &Topology, groups: &[Vec<&str>], outlines: &[Vec<&str>], borders: &Borders) -> Drawing {
        let codes: Vec<&str> = groups.iter().flatten().copied().collect();
        let Some(view) = View::fit(topology, &codes, 420.0, 400.0) else { return Drawing::default() };
        let rings = |group: &[&str], threshold: f64| match group {
            [code] => topology.rings(code, threshold),
            several => borders.rings(topology, several, threshold),
        };
        let points = groups.iter().flat_map(|group| rings(group, view.least())).map(|ring| ring.len()).sum();
        let threshold = view.thinned(points, SHEET_POINTS);
        let areas =
            groups.iter().filter_map(|group| Some(((*group.first()?).to_owned(), view.path(&rings(group, threshold)))));
        Drawing {
            areas: areas.collect(),
            middles: Vec::new(),
            outlines: outlines
                .iter()
                .map(|members| (String::new(), view.path(&borders.rings(topology, members, threshold))))
                .collect(),
            width: view.width,
            height: view.height,
        }
    }

    /// One department, in more detail.
    pub fn department(topology: &Topology, codes: &[&str], borders: &Borders) -> Drawing {
        let Some(view) = View::fit(topology, codes, 620.0, 520.0) else { return Drawing::default() };
        let threshold = view.threshold(topology, codes, DEPARTMENT_POINTS);
        Drawing {
            areas: view.areas(topology, codes, threshold),
            middles: view.middles(topology, codes, threshold),
            outlines: vec![(String::new(), view.path(&borders.rings(topology, codes, threshold)))],
            width: view.width,
            height: view.height,
        }
    }
}

/// A small map of the country in which one municipality can be marked.
#[derive(Debug, Clone, Default)]
pub struct Locator {
    /// Width in units.
    pub width: u32,
    /// Height in units.
    pub height: u32,
    /// Path data of the departments.
    pub departments: Vec<(String, String)>,
    /// Path data of each municipality.
    pub areas: HashMap<String, String>,
    /// Middle of each municipality, in units.
    pub middles: HashMap<String, [i32; 2]>,
}

impl Locator {
    /// Draws the country small.
    pub fn new(topology: &Topology, codes: &[&str], departments: &[(&str, Vec<&str>)], borders: &Borders) -> Locator {
        let Some(view) = View::fit(topology, codes, 260.0, 220.0) else { return Locator::default() };
        let threshold = topology.threshold(2_500, view.least());
        let middle = |code: &str| {
            let [left, top, right, bottom] = topology.extent([code])?;
            let [x0, y0] = view.place([left, top]);
            let [x1, y1] = view.place([right, bottom]);
            Some((code.to_owned(), [(x0 + x1) / 2, (y0 + y1) / 2]))
        };
        Locator {
            width: view.width,
            height: view.height,
            departments: departments
                .iter()
                .map(|(code, members)| ((*code).to_owned(), view.path(&borders.rings(topology, members, threshold))))
                .collect(),
            areas: view.areas(topology, codes, view.least()).into_iter().collect(),
            middles: codes.iter().filter_map(|code| middle(code)).collect(),
        }
    }
}

/// From grid cells to units of a picture.
struct View {
    left: f64,
    top: f64,
    scale: f64,
    width: u32,
    height: u32,
}

impl View {
    /// Fits areas into a box of pixels, keeping proportions and a margin for the strokes.
    fn fit(topology: &Topology, codes: &[&str], width: f64, height: f64) -> Option<View> {
        let [left, top, right, bottom] = topology.extent(codes.iter().copied())?.map(f64::from);
        let margin = 2.0;
        let (across, down) = ((right - left).max(1.0), (bottom - top).max(1.0));
        let scale = ((width - 2.0 * margin) / across).min((height - 2.0 * margin) / down) * UNITS;
        let edge = margin * UNITS;
        Some(View {
            left: left - edge / scale,
            top: top - edge / scale,
            scale,
            width: (across * scale + 2.0 * edge).ceil() as u32,
            height: (down * scale + 2.0 * edge).ceil() as u32,
        })
    }

    /// The smallest visible triangle in square grid cells.
    fn least(&self) -> f64 {
        LEAST_AREA * (UNITS / self.scale).powi(2)
    }

    /// The threshold for `codes` with about `most` points.
    fn threshold(&self, topology: &Topology, codes: &[&str], most: usize) -> f64 {
        let inside = codes.iter().map(|code| topology.rings(code, self.least()).iter().map(Vec::len).sum::<usize>());
        self.thinned(inside.sum(), most)
    }

    /// The threshold that leaves about `most` of the `points` of the finest visible lines.
    fn thinned(&self, points: usize, most: usize) -> f64 {
        // A very ragged coast is thinned by the same factor as it exceeds the limit.
        let excess = (points as f64 / most as f64).max(1.0);
        self.least() * excess * excess
    }

    fn place(&self, [x, y]: Point) -> [i32; 2] {
        [
            ((f64::from(x) - self.left) * self.scale).round() as i32,
            ((f64::from(y) - self.top) * self.scale).round() as i32,
        ]
    }

    fn areas(&self, topology: &Topology, codes: &[&str], threshold: f64) -> Vec<(String, String)> {
        codes.iter().map(|code| ((*code).to_owned(), self.path(&topology.rings(code, threshold)))).collect()
    }

    /// Centroids of the largest rings.
    fn middles(&self, topology: &Topology, codes: &[&str], threshold: f64) -> Vec<Option<[i32; 2]>> {
        let of = |code: &&str| {
            let rings = topology.rings(code, threshold);
            let largest = rings.iter().max_by(|a, b| area(a).abs().total_cmp(&area(b).abs()))?;
            Some(self.place(centroid(largest)?))
        };
        codes.iter().map(of).collect()
    }

    /// Path data of rings; specks below half a pixel are left out, except the largest ring.
    fn path(&self, rings: &[Vec<Point>]) -> String {
        let placed: Vec<Vec<[i32; 2]>> = rings
            .iter()
            .map(|ring| {
                let mut points: Vec<[i32; 2]> = ring.iter().map(|&point| self.place(point)).collect();
                points.dedup();
                points
            })
            .collect();
        let size = |ring: &Vec<[i32; 2]>| {
            let spread = |axis: usize| {
                let values = ring.iter().map(|point| point[axis]);
                values.clone().max().unwrap_or(0) - values.min().unwrap_or(0)
            };
            spread(0).max(spread(1))
        };
        let largest = placed.iter().map(&size).max().unwrap_or(0);
        let mut data = String::new();
        for ring in placed.iter().filter(|ring| size(ring) >= largest.min((UNITS / 2.0) as i32)) {
            let Some(&[x, y]) = ring.first() else { continue };
            let _ = write!(data, "M{x} {y}l");
            let mut at = [x, y];
            let mut first = true;
            for &[x, y] in &ring[1..] {
                let (dx, dy) = (x - at[0], y - at[1]);
                // A minus sign separates by itself.
                if !first && dx >= 0 {
                    data.push(' ');
                }
                let _ = write!(data, "{dx}");
                if dy >= 0 {
                    data.push(' ');
                }
                let _ = write!(data, "{dy}");
                at = [x, y];
                first = false;
            }
            if first {
                data.push_str("0 0");
            }
            data.push('z');
        }
        data
    }
}

/// Twice the signed area of a ring.
fn area(ring: &[Point]) -> f64 {
    corners(ring).map(|([x0, y0], [x1, y1])| x0 * y1 - x1 * y0).sum()
}

fn corners(ring: &[Point]) -> impl Iterator<Item = ([f64; 2], [f64; 2])> {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| (a.map(f64::from), b.map(f64::from)))
}

/// Centre of gravity of a ring; that of its corners when it has no area.
fn centroid(ring: &[Point]) -> Option<Point> {
    if ring.is_empty() {
        return None;
    }
    let whole = area(ring);
    let of = |axis: usize| {
        if whole == 0.0 {
            return ring.iter().map(|point| f64::from(point[axis])).sum::<f64>() / ring.len() as f64;
        }
        let moments = corners(ring).map(|(a, b)| (a[axis] + b[axis]) * (a[0] * b[1] - b[0] * a[1]));
        moments.sum::<f64>() / (3.0 * whole)
    };
    Some([of(0).round() as i32, of(1).round() as i32])
}

#[cfg(test)]
mod tests {
    use super::*;
    use clrisk_geography::topology::Outline;

    #[test]
    fn a_picture_keeps_the_proportions_of_the_land() {
        let wide = Outline { code: "1".to_owned(), rings: vec![vec![[0.0, 0.0], [4.0, 0.0], [4.0, 1.0], [0.0, 1.0]]] };
        let drawing = Drawing::national(&Topology::new(&[wide]), &["1"], &[("d", vec!["1"])], &Borders(None));
        let ratio = f64::from(drawing.width - 40) / f64::from(drawing.height - 40);
        assert!((ratio - 4.0).abs() < 0.01, "{drawing:?}");
        assert_eq!(drawing.areas[0].1, drawing.outlines[0].1);
        assert!(drawing.areas[0].1.starts_with("M20 20l") && drawing.areas[0].1.ends_with('z'));
    }
}
