//! A known finite population: municipalities on a map of neighbours, their children with covariates, and who of them works.

use clrisk_stats::Result;
use clrisk_stats::space::{Neighbours, SpatialBasis};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Exp1, Poisson, StandardNormal};

/// The map is a grid of municipalities; a department is a block of five by two.
pub const COLUMNS: usize = 20;
/// Rows of the map.
pub const ROWS: usize = 10;
/// Departments.
pub const DEPARTMENTS: usize = 20;
/// Columns of the design.
pub const WIDTH: usize = 11;
/// Names of the columns of the design.
pub const COLUMN_NAMES: [&str; WIDTH] = [
    "(Intercept)",
    "age=12-14",
    "age=15-17",
    "girl",
    "urban",
    "indigenous",
    "out of school",
    "head informal",
    "wealth=middle",
    "wealth=high",
    "large household",
];
/// Publication units of a municipality: three age groups by two sexes.
pub const UNITS: usize = 6;
/// Children of a population, about.
const CHILDREN: f64 = 100_000.0;
/// Standard deviation of the logarithm of the number of children of a municipality.
const SIZE_SD: f64 = 1.05;
/// Children of a segment of the frame, about.
const SEGMENT: f64 = 80.0;
/// Functions of the spatial effect that is fitted; the one that is true has no such basis.
const FUNCTIONS: usize = 60;
/// Reach of the true spatial effect, in municipalities.
const REACH: f64 = 2.5;

/// Coefficients of the design.
const COEFFICIENTS: [f64; WIDTH] = [-2.6, 0.75, 1.25, -0.55, -0.55, 0.35, 1.10, 0.40, -0.35, -0.75, 0.20];

/// How the outcome comes about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Truth {
    /// Standard deviation of the effects of municipalities.
    pub area_sd: f64,
    /// Whether they are exponential instead of normal.
    pub skewed: bool,
    /// Standard deviation of the smooth spatial effect.
    pub spatial_sd: f64,
    /// Standard deviation of the effects of departments.
    pub department_sd: f64,
    /// Standard deviation of the effects of segments.
    pub segment_sd: f64,
    /// Effect of urban and 15-17 together, and of indigenous and out of school together.
    pub interactions: [f64; 2],
}

impl Truth {
    /// What the fitted model assumes, with a smooth spatial effect.
    pub const MODEL: Truth = Truth {
        area_sd: 0.35,
        skewed: false,
        spatial_sd: 0.35,
        department_sd: 0.25,
        segment_sd: 0.0,
        interactions: [0.0; 2],
    };
    /// Skewed effects and omitted interactions.
    pub const MISSPECIFIED: Truth = Truth { area_sd: 0.5, skewed: true, interactions: [-0.8, 0.8], ..Truth::MODEL };
    /// Segments that differ.
    pub const CLUSTERED: Truth = Truth { segment_sd: 0.4, ..Truth::MODEL };
}

/// A pattern of covariates: the number of one of the `PATTERNS`, and what it stands for.
pub const PATTERNS: usize = 3 * 3 * 2 * 2 * 2 * 2 * 2 * 2;

/// Age group, wealth, and the indicators girl, urban, indigenous, out of school, head informal, large household.
fn parts(pattern: usize) -> (usize, usize, [bool; 6]) {
    let bits = pattern / 9;
    (pattern % 3, pattern / 3 % 3, std::array::from_fn(|bit| bits >> bit & 1 == 1))
}

fn pattern_of(age: usize, wealth: usize, indicators: [bool; 6]) -> u16 {
    let bits: usize = indicators.iter().enumerate().map(|(bit, &set)| usize::from(set) << bit).sum();
    (9 * bits + 3 * wealth + age) as u16
}

/// Design row of a pattern.
pub fn design_row(pattern: usize) -> [f64; WIDTH] {
    let (age, wealth, [girl, urban, indigenous, out, informal, large]) = parts(pattern);
    [true, age == 1, age == 2, girl, urban, indigenous, out, informal, wealth == 1, wealth == 2, large]
        .map(|set| f64::from(u8::from(set)))
}

/// Publication unit of a pattern within its municipality.
fn unit_of(pattern: usize) -> usize {
    let (age, _, indicators) = parts(pattern);
    2 * age + usize::from(indicators[0])
}

/// A child.
#[derive(Debug, Clone, Copy)]
pub struct Child {
    /// Municipality.
    pub area: u16,
    /// Pattern of covariates.
    pub pattern: u16,
    /// Whether it works.
    pub works: bool,
}

/// A segment of the sampling frame.
#[derive(Debug, Clone)]
pub struct Segment {
    /// Stratum: department and zone.
    pub stratum: usize,
    /// Its children.
    pub children: std::ops::Range<usize>,
    /// How many of them work.
    pub working: usize,
}

/// Children of a municipality who share a pattern of covariates: what is known from the census.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    /// Pattern.
    pub pattern: u16,
    /// Publication unit, among those that have children, over the whole country.
    pub unit: u32,
    /// Children.
    pub count: f64,
}

/// The population.
pub struct Population {
    /// Municipalities.
    pub areas: usize,
    /// Department of each municipality.
    pub department: Vec<u32>,
    /// Functions on the map.
    pub basis: SpatialBasis,
    /// Children, segment by segment.
    pub children: Vec<Child>,
    /// Segments.
    pub segments: Vec<Segment>,
    /// Census cells of each municipality.
    pub cells: Vec<Vec<Cell>>,
    /// Municipality of each unit.
    pub unit_area: Vec<usize>,
    /// Children of each unit.
    pub unit_size: Vec<f64>,
    /// Children of each municipality.
    pub size: Vec<f64>,
    /// Proportion of the children of each municipality who work: the truth.
    pub truth: Vec<f64>,
    /// Design rows of all patterns, row-major.
    pub patterns: Vec<f64>,
}

/// What the children of a municipality have in common.
struct Place {
    size: f64,
    urban: f64,
    indigenous: f64,
    wealth: f64,
    effect: f64,
}

fn normal(random: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(random)
}

fn chance(random: &mut ChaCha8Rng, probability: f64) -> bool {
    random.random::<f64>() < probability
}

fn inverse_logit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// White noise on the map averaged with a Gaussian kernel, centred and of standard deviation one.
fn smooth_field(random: &mut ChaCha8Rng) -> Vec<f64> {
    let noise: Vec<f64> = (0..COLUMNS * ROWS).map(|_| normal(random)).collect();
    let at = |area: usize| ((area % COLUMNS) as f64, (area / COLUMNS) as f64);
    let field: Vec<f64> = (0..noise.len())
        .map(|area| {
            let (x, y) = at(area);
            let kernel = |other: usize| {
                let (dx, dy) = (at(other).0 - x, at(other).1 - y);
                (-(dx * dx + dy * dy) / (2.0 * REACH * REACH)).exp()
            };
            noise.iter().enumerate().map(|(other, value)| kernel(other) * value).sum()
        })
        .collect();
    let count = field.len() as f64;
    let mean = field.iter().sum::<f64>() / count;
    let sd = (field.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count).sqrt();
    field.into_iter().map(|v| (v - mean) / sd).collect()
}

fn neighbours() -> Result<Neighbours> {
    let index = |column: usize, row: usize| (row * COLUMNS + column) as u32;
    let mut pairs = Vec::new();
    for row in 0..ROWS {
        for column in 0..COLUMNS {
            if column + 1 < COLUMNS {
                pairs.push((index(column, row), index(column + 1, row)));
            }
            if row + 1 < ROWS {
                pairs.push((index(column, row), index(column, row + 1)));
            }
        }
    }
    Neighbours::from_pairs(COLUMNS * ROWS, &pairs)
}

impl Population {
    /// Invents a population.
    ///
    /// # Errors
    /// None in practice: the map is a proper one.
    pub fn invent(truth: Truth, seed: u64) -> Result<Population> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let areas = COLUMNS * ROWS;
        let department: Vec<u32> =
            (0..areas).map(|area| (area % COLUMNS / 5 + 4 * (area / COLUMNS / 2)) as u32).collect();
        let places = places(truth, &department, &mut random);
        let (children, segments) = people(truth, &places, &department, &mut random);
        let mut population = Population {
            areas,
            department,
            basis: SpatialBasis::new(&neighbours()?, FUNCTIONS)?,
            children,
            segments,
            cells: Vec::new(),
            unit_area: Vec::new(),
            unit_size: Vec::new(),
            size: vec![0.0; areas],
            truth: vec![0.0; areas],
            patterns: (0..PATTERNS).flat_map(design_row).collect(),
        };
        population.count();
        Ok(population)
    }

    /// Counts the census cells and the truth.
    fn count(&mut self) {
        let mut counts = vec![0u32; self.areas * PATTERNS];
        for child in &self.children {
            counts[child.area as usize * PATTERNS + child.pattern as usize] += 1;
            self.size[child.area as usize] += 1.0;
            self.truth[child.area as usize] += f64::from(u8::from(child.works));
        }
        self.truth.iter_mut().zip(&self.size).for_each(|(truth, size)| *truth /= size);
        for area in 0..self.areas {
            let mut units = [None; UNITS];
            let mut cells = Vec::new();
            for (pattern, &count) in counts[area * PATTERNS..(area + 1) * PATTERNS].iter().enumerate() {
                if count == 0 {
                    continue;
                }
                let unit = *units[unit_of(pattern)].get_or_insert(self.unit_area.len());
                if unit == self.unit_area.len() {
                    self.unit_area.push(area);
                    self.unit_size.push(0.0);
                }
                self.unit_size[unit] += f64::from(count);
                cells.push(Cell { pattern: pattern as u16, unit: unit as u32, count: f64::from(count) });
            }
            self.cells.push(cells);
        }
    }

    /// Share of all children who work.
    pub fn prevalence(&self) -> f64 {
        self.truth.iter().zip(&self.size).map(|(truth, size)| truth * size).sum::<f64>() / self.children.len() as f64
    }

    /// Means of the design over the children of each municipality, row-major.
    pub fn area_means(&self) -> Vec<f64> {
        let mut means = vec![0.0; self.areas * WIDTH];
        for (area, cells) in self.cells.iter().enumerate() {
            for cell in cells {
                for (mean, x) in means[area * WIDTH..(area + 1) * WIDTH].iter_mut().zip(self.row(cell.pattern)) {
                    *mean += cell.count / self.size[area] * x;
                }
            }
        }
        means
    }

    /// Design row of a pattern.
    pub fn row(&self, pattern: u16) -> &[f64] {
        &self.patterns[pattern as usize * WIDTH..(pattern as usize + 1) * WIDTH]
    }
}

fn places(truth: Truth, department: &[u32], random: &mut ChaCha8Rng) -> Vec<Place> {
    let areas = department.len();
    let (spatial, wealth) = (smooth_field(random), smooth_field(random));
    let departments: Vec<f64> = (0..DEPARTMENTS).map(|_| truth.department_sd * normal(random)).collect();
    let sizes: Vec<f64> = (0..areas).map(|_| (SIZE_SD * normal(random)).exp()).collect();
    let total: f64 = sizes.iter().sum();
    (0..areas)
        .map(|area| {
            let own: f64 = if truth.skewed {
                let skewed: f64 = Exp1.sample(random);
                skewed - 1.0
            } else {
                normal(random)
            };
            let indigenous = inverse_logit(-2.2 + 1.5 * normal(random));
            Place {
                size: (CHILDREN * sizes[area] / total).max(60.0),
                urban: inverse_logit(0.3 + 0.9 * normal(random)).clamp(0.1, 0.95),
                indigenous,
                wealth: 0.35 * wealth[area] + 0.3 * normal(random) - 0.6 * (indigenous - 0.15),
                effect: truth.area_sd * own + truth.spatial_sd * spatial[area] + departments[department[area] as usize],
            }
        })
        .collect()
}

/// Households in segments, segments in zones, zones in municipalities.
fn people(truth: Truth, places: &[Place], department: &[u32], random: &mut ChaCha8Rng) -> (Vec<Child>, Vec<Segment>) {
    let (mut children, mut segments) = (Vec::new(), Vec::new());
    for (area, place) in places.iter().enumerate() {
        for urban in [false, true] {
            let people = place.size * if urban { place.urban } else { 1.0 - place.urban };
            let parts = (people / SEGMENT).round().max(1.0);
            for _ in 0..parts as usize {
                let start = children.len();
                // Segments differ in wealth; in the clustered truth also in the outcome.
                let wealth = place.wealth + 0.3 * normal(random);
                let effect = place.effect + truth.segment_sd * normal(random);
                while ((children.len() - start) as f64) < people / parts {
                    household(truth, place, area, urban, [wealth, effect], &mut children, random);
                }
                segments.push(Segment {
                    stratum: 2 * department[area] as usize + usize::from(urban),
                    working: children[start..].iter().filter(|child: &&Child| child.works).count(),
                    children: start..children.len(),
                });
            }
        }
    }
    (children, segments)
}

/// Adds the children of a household.
fn household(
    truth: Truth,
    place: &Place,
    area: usize,
    urban: bool,
    [wealth, effect]: [f64; 2],
    children: &mut Vec<Child>,
    random: &mut ChaCha8Rng,
) {
    let indigenous = chance(random, place.indigenous);
    let wealth = wealth + if urban { 0.4 } else { -0.3 } - if indigenous { 0.3 } else { 0.0 } + 0.8 * normal(random);
    let informal = chance(random, inverse_logit(0.3 - 0.6 * wealth));
    // More than one child of these ages, one on average beyond the first; the mean is positive, so there is a distribution.
    let others = Poisson::new(1.0).map_or(0, |poisson| poisson.sample(random) as usize);
    let third = usize::from(wealth > -0.4) + usize::from(wealth > 0.45);
    for _ in 0..=others {
        let age = match random.random_range(0..13) {
            0..7 => 0,
            7..10 => 1,
            _ => 2,
        };
        let girl = chance(random, 0.49);
        let out = chance(random, inverse_logit(-3.0 + 1.0 * age as f64 - 0.5 * wealth));
        let pattern = pattern_of(age, third, [girl, urban, indigenous, out, informal, others >= 2]);
        let row = design_row(pattern as usize);
        let mut predictor = effect + row.iter().zip(COEFFICIENTS).map(|(x, b)| x * b).sum::<f64>();
        predictor += truth.interactions[0] * f64::from(u8::from(urban && age == 2));
        predictor += truth.interactions[1] * f64::from(u8::from(indigenous && out));
        children.push(Child { area: area as u16, pattern, works: chance(random, inverse_logit(predictor)) });
    }
}
