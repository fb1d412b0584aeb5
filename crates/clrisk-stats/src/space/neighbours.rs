//! Who is next to whom, and how much each neighbour counts.

use crate::error::{Result, StatsError, same_length};

/// Mean radius of the Earth (IUGG), kilometres.
const EARTH_RADIUS: f64 = 6371.0088;

/// Neighbours of every area, sorted, as one list with a start per area (compressed sparse rows).
///
/// Areas are counted from zero. Links have a direction: the `k` nearest of an area need not name it in return.
///
/// # Example
/// ```
/// use clrisk_stats::space::Neighbours;
/// # fn main() -> clrisk_stats::Result<()> {
/// let row = Neighbours::from_pairs(4, &[(0, 1), (1, 2)])?;
/// assert_eq!((row.of(1), row.of(3)), ([0, 2].as_slice(), [].as_slice()));
/// assert_eq!((row.links(), row.isolated()), (4, vec![3]));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbours {
    starts: Vec<usize>,
    links: Vec<u32>,
}

/// How the coordinates of points are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Plane coordinates; distances have their unit.
    Plane,
    /// `x` longitude and `y` latitude in degrees; distances are great-circle kilometres on a sphere of 6,371.0088 km.
    Sphere,
}

/// One point per area, for example its centroid or its seat of government.
#[derive(Debug, Clone, Copy)]
pub struct Points<'a> {
    /// First coordinate (longitude).
    pub x: &'a [f64],
    /// Second coordinate (latitude).
    pub y: &'a [f64],
    /// How distances are measured.
    pub metric: Metric,
}

impl Neighbours {
    /// Contiguity: pairs of areas that touch, each in either order or in both; repeated pairs count once.
    ///
    /// # Errors
    /// No areas, an area out of range, an area paired with itself.
    pub fn from_pairs(areas: usize, pairs: &[(u32, u32)]) -> Result<Self> {
        let mut lists = vec![Vec::new(); areas];
        for (row, &(a, b)) in pairs.iter().enumerate() {
            if a as usize >= areas || b as usize >= areas || a == b {
                return Err(StatsError::OutOfRange { input: "pairs", requirement: "two different areas", row });
            }
            lists[a as usize].push(b);
            lists[b as usize].push(a);
        }
        Self::from_lists(lists)
    }

    /// Lists of neighbours as they are, in one direction; an area in its own list counts itself. Repeats count once.
    ///
    /// # Errors
    /// No areas, an area out of range.
    pub fn from_lists(lists: Vec<Vec<u32>>) -> Result<Self> {
        if lists.is_empty() || u32::try_from(lists.len()).is_err() {
            return Err(StatsError::Empty { quantity: "neighbours" });
        }
        let areas = lists.len();
        let mut starts = Vec::with_capacity(areas + 1);
        let mut links = Vec::with_capacity(lists.iter().map(Vec::len).sum());
        starts.push(0);
        for (row, mut list) in lists.into_iter().enumerate() {
            list.sort_unstable();
            list.dedup();
            if list.last().is_some_and(|&last| last as usize >= areas) {
                return Err(StatsError::OutOfRange { input: "neighbours", requirement: "areas of the list", row });
            }
            links.extend(list);
            starts.push(links.len());
        }
        Ok(Self { starts, links })
    }

    /// The `k` nearest points of every point; of two at the same distance the one with the lower number. Time grows with
    /// the square of the number of areas (a quarter of a second for 5,000).
    ///
    /// # Errors
    /// Unequal lengths, coordinates that are not finite (or no longitude and latitude), `k` of zero or not below the number
    /// of areas.
    pub fn nearest(points: &Points<'_>, k: usize) -> Result<Self> {
        let places = points.places()?;
        if k == 0 || k >= places.len() {
            return Err(StatsError::Setting { setting: "k", requirement: "between 1 and the number of other areas" });
        }
        let mut distances: Vec<(f64, u32)> = Vec::with_capacity(places.len());
        let order = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        let mut lists = Vec::with_capacity(places.len());
        for (area, place) in places.iter().enumerate() {
            distances.clear();
            let others = places.iter().enumerate().filter(|(other, _)| *other != area);
            distances.extend(others.map(|(other, p)| (squared_distance(place, p), other as u32)));
            distances.select_nth_unstable_by(k - 1, order);
            lists.push(distances[..k].iter().map(|d| d.1).collect());
        }
        Self::from_lists(lists)
    }

    /// All points whose distance is at least `lower` and at most `upper` (units of [`Metric`]).
    ///
    /// # Errors
    /// Unequal lengths, coordinates that are not finite (or no longitude and latitude), or limits that are not
    /// `0 <= lower <= upper`.
    pub fn within(points: &Points<'_>, lower: f64, upper: f64) -> Result<Self> {
        let places = points.places()?;
        if !(lower >= 0.0 && upper >= lower) {
            return Err(StatsError::Setting { setting: "distance", requirement: "0 <= lower <= upper" });
        }
        let band = points.squared_chord(lower)..=points.squared_chord(upper);
        let near = |area: usize| {
            let inside =
                |other: &usize| *other != area && band.contains(&squared_distance(&places[area], &places[*other]));
            (0..places.len()).filter(inside).map(|other| other as u32).collect()
        };
        Self::from_lists((0..places.len()).map(near).collect())
    }

    /// The same links, and all of them in the other direction too.
    pub fn symmetric(&self) -> Self {
        let mut lists: Vec<Vec<u32>> = (0..self.areas()).map(|area| self.of(area).to_vec()).collect();
        for area in 0..self.areas() {
            for &other in self.of(area) {
                lists[other as usize].push(area as u32);
            }
        }
        Self::compress(lists)
    }

    /// The same links, and every area its own neighbour (what G* asks for).
    pub fn with_self(&self) -> Self {
        let with = |area: usize| self.of(area).iter().copied().chain([area as u32]).collect();
        Self::compress((0..self.areas()).map(with).collect())
    }

    /// Lists whose areas are known to exist.
    fn compress(lists: Vec<Vec<u32>>) -> Self {
        let mut all = Self { starts: vec![0], links: Vec::new() };
        for mut list in lists {
            list.sort_unstable();
            list.dedup();
            all.links.extend(list);
            all.starts.push(all.links.len());
        }
        all
    }

    /// Number of areas.
    pub fn areas(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of links, each direction counted.
    pub fn links(&self) -> usize {
        self.links.len()
    }

    /// Neighbours of one area, sorted.
    pub fn of(&self, area: usize) -> &[u32] {
        &self.links[self.range(area)]
    }

    fn range(&self, area: usize) -> std::ops::Range<usize> {
        self.starts[area]..self.starts[area + 1]
    }

    /// Whether an area is its own neighbour.
    pub fn includes_self(&self, area: usize) -> bool {
        self.of(area).binary_search(&(area as u32)).is_ok()
    }

    /// Areas without any neighbour.
    pub fn isolated(&self) -> Vec<usize> {
        (0..self.areas()).filter(|&area| self.of(area).is_empty()).collect()
    }

    /// Whether every link has its opposite.
    pub fn is_symmetric(&self) -> bool {
        (0..self.areas()).all(|a| self.of(a).iter().all(|&b| self.of(b as usize).binary_search(&(a as u32)).is_ok()))
    }

    /// The connected part of the map each area belongs to, parts counted from zero in the order of their first area. Links
    /// count in both directions.
    pub fn components(&self) -> Vec<usize> {
        let both = self.symmetric();
        let mut part = vec![usize::MAX; self.areas()];
        let (mut parts, mut waiting) = (0, Vec::new());
        for first in 0..self.areas() {
            if part[first] != usize::MAX {
                continue;
            }
            part[first] = parts;
            waiting.push(first);
            while let Some(area) = waiting.pop() {
                for &other in both.of(area) {
                    if part[other as usize] == usize::MAX {
                        part[other as usize] = parts;
                        waiting.push(other as usize);
                    }
                }
            }
            parts += 1;
        }
        part
    }

    /// Weights of the given style.
    pub fn weights(&self, style: WeightStyle) -> SpatialWeights {
        let mut values = vec![1.0; self.links()];
        if style == WeightStyle::RowStandardised {
            for area in 0..self.areas() {
                let range = self.range(area);
                let share = 1.0 / range.len() as f64;
                values[range].fill(share);
            }
        }
        SpatialWeights { neighbours: self.clone(), values }
    }
}

impl Points<'_> {
    /// Points of a space where the straight line orders distances: the plane, or the unit sphere.
    fn places(&self) -> Result<Vec<[f64; 3]>> {
        same_length("y", self.y.len(), self.x.len())?;
        if self.x.is_empty() {
            return Err(StatsError::Empty { quantity: "neighbours" });
        }
        for (input, coordinates, limit) in [("x", self.x, 180.0), ("y", self.y, 90.0)] {
            if let Some(row) = coordinates.iter().position(|c| !c.is_finite()) {
                return Err(StatsError::Missing { input, row });
            }
            if self.metric == Metric::Sphere
                && let Some(row) = coordinates.iter().position(|c| c.abs() > limit)
            {
                return Err(StatsError::OutOfRange { input, requirement: "degrees of longitude and latitude", row });
            }
        }
        Ok(self.x.iter().zip(self.y).map(|(&x, &y)| self.place(x, y)).collect())
    }

    fn place(&self, x: f64, y: f64) -> [f64; 3] {
        match self.metric {
            Metric::Plane => [x, y, 0.0],
            Metric::Sphere => {
                let (east, north) = (x.to_radians(), y.to_radians());
                [north.cos() * east.cos(), north.cos() * east.sin(), north.sin()]
            }
        }
    }

    /// The squared straight line that belongs to a distance.
    fn squared_chord(&self, distance: f64) -> f64 {
        match self.metric {
            Metric::Plane => distance * distance,
            Metric::Sphere => {
                let half_angle = (0.5 * distance / EARTH_RADIUS).min(std::f64::consts::FRAC_PI_2);
                (2.0 * half_angle.sin()).powi(2)
            }
        }
    }
}

fn squared_distance(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2) + (a[2] - b[2]).powi(2)
}

/// Usual weights of neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WeightStyle {
    /// Every link one ("B"). Areas with many neighbours weigh more in the global statistics.
    Binary,
    /// Every row adds up to one ("W"): the mean of the neighbours. The default.
    #[default]
    RowStandardised,
}

/// Neighbours with a weight for each link.
#[derive(Debug, Clone, PartialEq)]
pub struct SpatialWeights {
    neighbours: Neighbours,
    values: Vec<f64>,
}

/// Sums over the weights that the null distributions need (Cliff and Ord 1981).
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct WeightMoments {
    /// `sum_ij w_ij`.
    pub s0: f64,
    /// `1/2 sum_ij (w_ij + w_ji)^2`.
    pub s1: f64,
    /// `sum_i (w_i. + w_.i)^2`.
    pub s2: f64,
}

impl SpatialWeights {
    /// Weights of one's own, one for each link in the order of [`Neighbours::of`], area after area.
    ///
    /// # Errors
    /// Another number of weights than of links; a weight that is negative or not finite.
    pub fn new(neighbours: Neighbours, values: Vec<f64>) -> Result<Self> {
        same_length("weights", values.len(), neighbours.links())?;
        if let Some(row) = values.iter().position(|w| !(w.is_finite() && *w >= 0.0)) {
            return Err(StatsError::OutOfRange { input: "weights", requirement: "finite and not negative", row });
        }
        Ok(Self { neighbours, values })
    }

    /// The neighbours.
    pub fn neighbours(&self) -> &Neighbours {
        &self.neighbours
    }

    /// Weights of one area's neighbours, in the order of [`Neighbours::of`].
    pub fn of(&self, area: usize) -> &[f64] {
        &self.values[self.neighbours.range(area)]
    }

    /// Spatial lag: `sum_j w_ij x_j` for every area; zero for an area without neighbours.
    ///
    /// # Errors
    /// Another number of values than of areas.
    pub fn lag(&self, values: &[f64]) -> Result<Vec<f64>> {
        same_length("values", values.len(), self.neighbours.areas())?;
        Ok((0..values.len()).map(|area| self.lag_of(area, values)).collect())
    }

    #[inline]
    pub(super) fn lag_of(&self, area: usize, values: &[f64]) -> f64 {
        self.neighbours.of(area).iter().zip(self.of(area)).map(|(&j, w)| w * values[j as usize]).sum()
    }

    /// Sums of weights.
    pub fn moments(&self) -> WeightMoments {
        let areas = self.neighbours.areas();
        let (mut s0, mut s1) = (0.0, 0.0);
        let mut row_and_column = vec![0.0; areas];
        for area in 0..areas {
            for (&other, &weight) in self.neighbours.of(area).iter().zip(self.of(area)) {
                let back = self.neighbours.of(other as usize).binary_search(&(area as u32));
                let opposite = back.map_or(0.0, |position| self.of(other as usize)[position]);
                s0 += weight;
                // 1/2 sum (w_ij + w_ji)^2 = sum (w_ij^2 + w_ij w_ji): links in one direction need no second visit.
                s1 += weight * (weight + opposite);
                row_and_column[area] += weight;
                row_and_column[other as usize] += weight;
            }
        }
        WeightMoments { s0, s1, s2: row_and_column.iter().map(|s| s * s).sum() }
    }

    /// Refuses weights that no statistic of neighbours can be computed with.
    pub(super) fn refuse_self_and_nothing(&self) -> Result<()> {
        if let Some(row) = (0..self.neighbours.areas()).find(|&area| self.neighbours.includes_self(area)) {
            return Err(StatsError::OutOfRange { input: "neighbours", requirement: "other areas", row });
        }
        if !self.values.iter().any(|w| *w > 0.0) {
            return Err(StatsError::Empty { quantity: "a statistic of neighbours" });
        }
        Ok(())
    }
}
