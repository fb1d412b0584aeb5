//! Maximising a smooth function of some tens of parameters whose gradient is known.

use std::num::NonZeroUsize;
use std::ops::Range;

use crate::error::{Result, StatsError};
use crate::linear_algebra::{Cholesky, dot, symmetric_eigen};

/// A function to be maximised; parameters are scaled so that steps of one matter. A copy begins where the original is.
pub(super) trait Objective: Clone + Send + Sync {
    /// Value and gradient.
    fn evaluate(&mut self, parameters: &[f64]) -> Result<(f64, Vec<f64>)>;

    /// Rows of data, which tell whether an evaluation is worth a thread.
    fn rows(&self) -> usize;

    /// The Hessian, when it can be had for about the price of a few gradients.
    fn exact_hessian(&mut self, _parameters: &[f64]) -> Result<Option<Vec<f64>>> {
        Ok(None)
    }
}

/// Where the search ended.
#[derive(Debug, Clone)]
pub(super) struct Maximum {
    pub(super) parameters: Vec<f64>,
    pub(super) value: f64,
    pub(super) gradient: Vec<f64>,
    /// Negative Hessian, row-major.
    pub(super) information: Vec<f64>,
    pub(super) steps: usize,
}

/// Step of the differences of the gradient: between its curvature and its rounding.
const DIFFERENCE: f64 = 3e-5;
/// Expected gain below which a quasi-Newton matrix is replaced by the true one.
const REFRESH: f64 = 1e-11;
/// Expected gain below which the search ends: the gradient is then rounding error.
const CONVERGED: f64 = 1e-19;
/// Expected gain that is good enough where rounding does not let the search come closer.
const CLOSE: f64 = 1e-10;
/// Rows from which an evaluation takes longer than to start a thread, many times over.
const ROWS_WORTH_A_THREAD: usize = 5000;
/// Longest step of a parameter.
const LONGEST: f64 = 1.5;

/// Newton steps with the Hessian of the objective; where it has none, BFGS updates of one made from differences of the
/// gradient (Nocedal and Wright 2006, section 6.1), renewed at the end. `information` is a matrix to begin with if one is
/// known from a function close to this one.
pub(super) fn maximise(
    objective: &mut impl Objective,
    start: Vec<f64>,
    information: Option<Vec<f64>>,
    max_steps: usize,
    procedure: &'static str,
) -> Result<Maximum> {
    let mut parameters = start;
    let (mut value, mut gradient) = objective.evaluate(&parameters)?;
    let mut fresh = information.is_none();
    let mut information = match information {
        Some(information) => information,
        None => self::information(objective, &parameters)?,
    };
    for steps in 0..=max_steps {
        let mut step = ascent(&information, &gradient);
        let gain = dot(&step, &gradient);
        if gain < if fresh { CONVERGED } else { REFRESH } {
            if fresh {
                return Ok(Maximum { parameters, value, gradient, information, steps });
            }
            information = self::information(objective, &parameters)?;
            fresh = true;
            continue;
        }
        let longest = step.iter().fold(0.0f64, |m, s| m.max(s.abs()));
        if longest > LONGEST {
            step.iter_mut().for_each(|s| *s *= LONGEST / longest);
        }
        let Some((next, next_value, next_gradient)) = search(objective, &parameters, value, &gradient, &step)? else {
            if fresh {
                // Nothing better along an ascent direction: rounding has the last word.
                return Ok(Maximum { parameters, value, gradient, information, steps });
            }
            information = self::information(objective, &parameters)?;
            fresh = true;
            continue;
        };
        let moved: Vec<f64> = next.iter().zip(&parameters).map(|(a, b)| a - b).collect();
        let change: Vec<f64> = gradient.iter().zip(&next_gradient).map(|(a, b)| a - b).collect();
        (parameters, value, gradient) = (next, next_value, next_gradient);
        match objective.exact_hessian(&parameters)? {
            Some(hessian) => information = hessian.into_iter().map(|h| -h).collect(),
            // So close to the top the matrix is as good as a new one.
            None if fresh && gain < REFRESH => {}
            None if update(&mut information, &moved, &change) => fresh = false,
            None => {
                information = self::information(objective, &parameters)?;
                fresh = true;
            }
        }
    }
    let gain = dot(&ascent(&information, &gradient), &gradient);
    if fresh && gain < CLOSE {
        return Ok(Maximum { parameters, value, gradient, information, steps: max_steps });
    }
    Err(StatsError::NotConverged { procedure, iterations: max_steps })
}

/// Negative Hessian, exact or by central differences of the gradient.
pub(super) fn information(objective: &mut impl Objective, parameters: &[f64]) -> Result<Vec<f64>> {
    if let Some(hessian) = objective.exact_hessian(parameters)? {
        return Ok(hessian.into_iter().map(|h| -h).collect());
    }
    let n = parameters.len();
    let rows = information_rows(objective, parameters, 0..n)?;
    let at = |i: usize, j: usize| 0.5 * (rows[i][j] + rows[j][i]);
    Ok((0..n * n).map(|place| at(place / n, place % n)).collect())
}

/// Rows of the negative Hessian by differences, on all cores where there are many data. Every row starts from a copy of the
/// objective, so that the number of cores changes nothing.
pub(super) fn information_rows<T: Objective>(
    objective: &T,
    parameters: &[f64],
    rows: Range<usize>,
) -> Result<Vec<Vec<f64>>> {
    let threads = match objective.rows() {
        0..ROWS_WORTH_A_THREAD => 1,
        _ => std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
    };
    let rows: Vec<usize> = rows.collect();
    let work = |share: &[usize]| -> Result<Vec<Vec<f64>>> {
        share.iter().map(|row| information_row(&mut objective.clone(), parameters, *row)).collect()
    };
    if threads == 1 || rows.len() < 2 {
        return work(&rows);
    }
    std::thread::scope(|scope| {
        let tasks: Vec<_> = rows
            .chunks(rows.len().div_ceil(threads))
            .map(|share| {
                let work = &work;
                scope.spawn(move || work(share))
            })
            .collect();
        let mut all = Vec::with_capacity(rows.len());
        for task in tasks {
            let stopped = StatsError::NotConverged { procedure: "Hessian of the multilevel likelihood", iterations: 0 };
            all.extend(task.join().map_err(|_| stopped)??);
        }
        Ok(all)
    })
}

/// A row of the negative Hessian by central differences of the gradient.
fn information_row(objective: &mut impl Objective, parameters: &[f64], row: usize) -> Result<Vec<f64>> {
    let mut shifted = parameters.to_vec();
    shifted[row] = parameters[row] + DIFFERENCE;
    let up = objective.evaluate(&shifted)?.1;
    shifted[row] = parameters[row] - DIFFERENCE;
    let down = objective.evaluate(&shifted)?.1;
    Ok(up.iter().zip(&down).map(|(up, down)| (down - up) / (2.0 * DIFFERENCE)).collect())
}

/// Solves for the Newton step; where the matrix is not positive definite its eigenvalues are taken by absolute value.
fn ascent(information: &[f64], gradient: &[f64]) -> Vec<f64> {
    let n = gradient.len();
    if let Ok(factor) = Cholesky::new(information, n) {
        let mut step = gradient.to_vec();
        factor.solve(&mut step);
        return step;
    }
    let rows: Vec<Vec<f64>> = information.chunks_exact(n).map(<[f64]>::to_vec).collect();
    let (values, vectors) = symmetric_eigen(&rows);
    let floor = 1e-8 * values.iter().fold(0.0f64, |m, v| m.max(v.abs())).max(f64::MIN_POSITIVE);
    let mut step = vec![0.0; n];
    for (value, vector) in values.iter().zip(&vectors) {
        let along = dot(vector, gradient) / value.abs().max(floor);
        step.iter_mut().zip(vector).for_each(|(s, v)| *s += along * v);
    }
    step
}

type Point = (Vec<f64>, f64, Vec<f64>);

/// Halves the step until the value rises as it should.
fn search(
    objective: &mut impl Objective,
    parameters: &[f64],
    value: f64,
    gradient: &[f64],
    step: &[f64],
) -> Result<Option<Point>> {
    let expected = dot(step, gradient);
    let rounding = 1e-13 * (1.0 + value.abs());
    let mut length = 1.0;
    for _ in 0..30 {
        let next: Vec<f64> = parameters.iter().zip(step).map(|(p, s)| p + length * s).collect();
        let (next_value, next_gradient) = objective.evaluate(&next)?;
        let rise = next_value - value;
        // Near the top the values are equal but for rounding; there the slope along the step decides.
        let at_top = expected < 1e-8 && rise > -rounding && dot(&next_gradient, step).abs() <= expected;
        if rise >= 1e-4 * length * expected && rise > 0.0 || at_top {
            return Ok(Some((next, next_value, next_gradient)));
        }
        length *= 0.5;
    }
    Ok(None)
}

/// BFGS update of the information matrix; false, and nothing done, when the curvature along the step is not positive.
fn update(information: &mut [f64], moved: &[f64], change: &[f64]) -> bool {
    let n = moved.len();
    let curvature = dot(moved, change);
    let image: Vec<f64> = information.chunks_exact(n).map(|row| dot(row, moved)).collect();
    let known = dot(&image, moved);
    if curvature <= 1e-10 * known || known <= 0.0 {
        return false;
    }
    for i in 0..n {
        for j in 0..n {
            information[i * n + j] += change[i] * change[j] / curvature - image[i] * image[j] / known;
        }
    }
    true
}
