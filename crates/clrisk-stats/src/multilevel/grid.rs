//! The grid over the covariance parameters: log standard deviations, and correlations where there are any.
//!
//! Points stand on the principal axes of the posterior, equally spaced: for a smooth density that falls off on both sides
//! the equally weighted sum errs by `2 exp(-2 pi^2 / h^2)` at a distance of `h` standard deviations (Trefethen and Weideman 2014,
//! SIAM Review 56, 385-458), which is 3e-4 at 1.5. The axes are walked until the density is negligible, each side by itself,
//! because the posterior of a standard deviation with few levels is skewed; of the product of the axes only the points are
//! visited that the densities on the axes leave hope for (Rue, Martino and Chopin 2009, J. Royal Statistical Society B 71,
//! 319-392, section 3.1).

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardUniform};

use super::blocks::Blocks;
use super::fit::{Conditional, Problem};
use crate::error::Result;
use crate::linear_algebra::symmetric_eigen;

/// Distance of points in posterior standard deviations, and how far the log density may fall, for one to five parameters.
const SPACING: [(f64, f64); 5] = [(0.6, 9.0), (1.0, 7.0), (1.5, 5.5), (1.6, 5.0), (1.7, 4.5)];
/// Points to one side of the mode.
const MOST_STEPS: i32 = 12;
/// With more parameters: the centre and two points on each axis, the Gauss-Hermite points of a standard normal.
const STAR_DISTANCE: f64 = 1.732_050_807_568_877_2;
/// Their weights.
const STAR_WEIGHTS: [f64; 2] = [2.0 / 3.0, 1.0 / 6.0];
/// Points below this weight are left out.
const NEGLIGIBLE: f64 = 1e-6;

/// One point of the grid.
#[derive(Debug, Clone)]
pub(super) struct GridPoint {
    pub(super) parameters: Vec<f64>,
    pub(super) weight: f64,
    /// Mean of coefficients and effects.
    pub(super) mean: Vec<f64>,
    pub(super) factor: Blocks,
    /// The cell around the point; none where the point stands for more than a cell.
    cell: Vec<CellSide>,
}

/// One side of a cell: where it leads, and slope and curvature of the log density along it, in units of its length.
#[derive(Debug, Clone)]
struct CellSide {
    direction: Vec<f64>,
    slope: f64,
    curvature: f64,
}

impl CellSide {
    /// A place along the side, between -1/2 and 1/2, by rejection.
    fn place(&self, random: &mut ChaCha8Rng) -> f64 {
        let bound = 0.5 * self.slope.abs() + 0.125 * self.curvature.max(0.0);
        loop {
            let [at, chance]: [f64; 2] = [StandardUniform.sample(random), StandardUniform.sample(random)];
            let at = at - 0.5;
            if chance < (self.slope * at + 0.5 * self.curvature * at * at - bound).exp() {
                return at;
            }
        }
    }
}

impl GridPoint {
    pub(super) fn alone(parameters: &[f64], mean: Vec<f64>, factor: Blocks) -> GridPoint {
        GridPoint { parameters: parameters.to_vec(), weight: 1.0, mean, factor, cell: Vec::new() }
    }

    /// Parameters within the cell of the point.
    pub(super) fn draw_parameters(&self, random: &mut ChaCha8Rng) -> Vec<f64> {
        let mut parameters = self.parameters.clone();
        for side in &self.cell {
            let place = side.place(random);
            parameters.iter_mut().zip(&side.direction).for_each(|(value, direction)| *value += place * direction);
        }
        parameters
    }
}

/// Principal axes of the posterior of the parameters, each one posterior standard deviation long. Where the data
/// say next to nothing the axis is cut at 1.5 (a factor of 4.5 in the standard deviation).
fn axes(hessian: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let (values, vectors) = symmetric_eigen(hessian);
    values
        .iter()
        .zip(vectors)
        .map(|(value, vector)| {
            let length = (1.0 / (-value).max(1e-12)).sqrt().min(1.5);
            vector.into_iter().map(|v| v * length).collect()
        })
        .collect()
}

type Visited = BTreeMap<Vec<i32>, Conditional>;

/// Points around the mode: `axes` is as long as the distance of points.
struct Lattice<'a> {
    problem: &'a Problem<'a>,
    centre: &'a [f64],
    start: &'a [f64],
    axes: Vec<Vec<f64>>,
}

impl Lattice<'_> {
    fn parameters(&self, steps: &[i32]) -> Vec<f64> {
        let mut point = self.centre.to_vec();
        for (axis, steps) in self.axes.iter().zip(steps) {
            point.iter_mut().zip(axis).for_each(|(value, direction)| *value += f64::from(*steps) * direction);
        }
        point
    }

    /// Evaluates the points that are within their ranges.
    fn visit(&self, wanted: Vec<Vec<i32>>, visited: &mut Visited) -> Result<()> {
        let (wanted, points): (Vec<_>, Vec<_>) = wanted
            .into_iter()
            .map(|steps| (self.parameters(&steps), steps))
            .filter(|(point, _)| {
                point.iter().enumerate().all(|(at, value)| self.problem.layout.range(at).contains(value))
            })
            .map(|(point, steps)| (steps, point))
            .unzip();
        if !points.is_empty() {
            visited.extend(wanted.into_iter().zip(self.problem.condition_all_at_means(&points, self.start)?));
        }
        Ok(())
    }

    /// Walks the axes from the centre until the log density has fallen by `fall`. Returns per axis the steps and how far it
    /// has fallen.
    fn walk(&self, fall: f64, visited: &mut Visited) -> Result<Vec<Vec<(i32, f64)>>> {
        let n = self.axes.len();
        self.visit(vec![vec![0; n]], visited)?;
        let Some(top) = visited.get(&vec![0; n]).map(|point| point.log_posterior) else { return Ok(Vec::new()) };
        let mut falls = vec![vec![(0, 0.0)]; n];
        let mut open: Vec<(usize, i32)> = (0..n).flat_map(|axis| [(axis, 1), (axis, -1)]).collect();
        for reach in 1..=MOST_STEPS {
            let steps_of = |(axis, sign): (usize, i32)| {
                let mut steps = vec![0; n];
                steps[axis] = sign * reach;
                steps
            };
            self.visit(open.iter().copied().map(steps_of).collect(), visited)?;
            open.retain(|side| {
                let Some(point) = visited.get(&steps_of(*side)) else { return false };
                let fallen = top - point.log_posterior;
                falls[side.0].push((side.1 * reach, fallen));
                fallen < fall
            });
        }
        Ok(falls)
    }
}

/// Products of the steps of the axes whose falls sum to less than `fall`.
fn products(falls: &[Vec<(i32, f64)>], fall: f64) -> Vec<Vec<i32>> {
    let mut products: Vec<(Vec<i32>, f64)> = vec![(Vec::new(), 0.0)];
    for axis in falls {
        products = products
            .into_iter()
            .flat_map(|(steps, fallen)| {
                axis.iter().map(move |(step, more)| ([steps.as_slice(), &[*step]].concat(), fallen + more))
            })
            .filter(|(_, fallen)| *fallen < fall)
            .collect();
    }
    products.into_iter().map(|(steps, _)| steps).collect()
}

/// Slope and curvature along every axis from the neighbours of a point; where one was not visited, the posterior is taken as
/// normal, with the curvature of its mode.
fn sides(steps: &[i32], visited: &Visited, axes: &[Vec<f64>], spacing: f64) -> Vec<CellSide> {
    let density = |steps: &Vec<i32>| visited.get(steps).map(|point| point.log_posterior);
    let centre = density(&steps.to_vec()).unwrap_or(0.0);
    let side = |(axis, direction): (usize, &Vec<f64>)| {
        let neighbour = |step: i32| {
            let mut other = steps.to_vec();
            other[axis] += step;
            density(&other).map(|value| value - centre)
        };
        let normal = -spacing * spacing;
        let (slope, curvature) = match (neighbour(-1), neighbour(1)) {
            (Some(left), Some(right)) => (0.5 * (right - left), left + right),
            (Some(left), None) => (0.5 * normal - left, normal),
            (None, Some(right)) => (right - 0.5 * normal, normal),
            (None, None) => (normal * f64::from(steps[axis]), normal),
        };
        CellSide { direction: direction.clone(), slope, curvature }
    };
    axes.iter().enumerate().map(side).collect()
}

/// Integrates over the parameters.
pub(super) fn grid(
    problem: &Problem<'_>,
    parameters: &[f64],
    start: &[f64],
    hessian: &[Vec<f64>],
) -> Result<Vec<GridPoint>> {
    let n = parameters.len();
    let spacing = SPACING.get(n.wrapping_sub(1));
    let distance = spacing.map_or(STAR_DISTANCE, |(distance, _)| *distance);
    let scaled = |axis: Vec<f64>| axis.into_iter().map(|value| value * distance).collect();
    let axes = axes(hessian).into_iter().map(scaled).collect();
    let lattice = Lattice { problem, centre: parameters, start, axes };
    let mut visited = Visited::new();
    if let Some((_, fall)) = spacing {
        let falls = lattice.walk(*fall, &mut visited)?;
        let wanted = products(&falls, *fall).into_iter().filter(|steps| !visited.contains_key(steps)).collect();
        lattice.visit(wanted, &mut visited)?;
    } else {
        let mut star = vec![vec![0; n]];
        for axis in 0..n {
            for step in [-1, 1] {
                star.push(vec![0; n]);
                star.last_mut().into_iter().for_each(|point| point[axis] = step);
            }
        }
        lattice.visit(star, &mut visited)?;
    }
    // A Gauss-Hermite point counts by its weight over the normal density it belongs to.
    let log_weight = |steps: &[i32], point: &Conditional| {
        let star = |step: &i32| {
            let off = usize::from(*step != 0);
            STAR_WEIGHTS[off].ln() + 0.5 * off as f64 * STAR_DISTANCE * STAR_DISTANCE
        };
        point.log_posterior + if spacing.is_some() { 0.0 } else { steps.iter().map(star).sum() }
    };
    let largest = visited.iter().map(|(steps, point)| log_weight(steps, point)).fold(f64::NEG_INFINITY, f64::max);
    let cell = |steps: &Vec<i32>| spacing.map(|_| sides(steps, &visited, &lattice.axes, distance)).unwrap_or_default();
    let cells: Vec<Vec<CellSide>> = visited.keys().map(cell).collect();
    let mut grid: Vec<GridPoint> = visited
        .into_iter()
        .zip(cells)
        .map(|((steps, point), cell)| GridPoint {
            weight: (log_weight(&steps, &point) - largest).exp(),
            parameters: lattice.parameters(&steps),
            mean: point.mode,
            factor: point.factor,
            cell,
        })
        .collect();
    let total: f64 = grid.iter().map(|point| point.weight).sum();
    grid.retain(|point| point.weight > NEGLIGIBLE * total);
    let kept: f64 = grid.iter().map(|point| point.weight).sum();
    grid.iter_mut().for_each(|point| point.weight /= kept);
    Ok(grid)
}
