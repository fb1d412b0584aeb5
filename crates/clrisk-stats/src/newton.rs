//! Minimisation of a smooth function of a few parameters whose gradient is known.
//!
//! Newton's method with the Hessian from central differences of the gradient, made positive definite by a ridge where it
//! is not, and halved steps (Nocedal and Wright, Numerical Optimization, 2nd edition, sections 3.4 and 8.1).

use crate::linear_algebra::{Cholesky, dot};

/// Where the search ended.
pub(crate) struct Minimum {
    pub(crate) point: Vec<f64>,
    pub(crate) value: f64,
    pub(crate) gradient: Vec<f64>,
    pub(crate) iterations: usize,
    pub(crate) converged: bool,
}

/// Step of the differences of the gradient, relative to one: the parameters are of order one by construction.
const DIFFERENCE: f64 = 1e-5;

/// Searches from `start`; `evaluate` gives value and gradient, or nothing where the function is not defined. `None` when
/// it is not defined at the start.
pub(crate) fn minimise(
    start: &[f64],
    max_iterations: usize,
    evaluate: impl Fn(&[f64]) -> Option<(f64, Vec<f64>)>,
) -> Option<Minimum> {
    let mut point = start.to_vec();
    let (mut value, mut gradient) = evaluate(&point)?;
    for iteration in 0..max_iterations {
        let step = newton_step(&point, &gradient, &evaluate)?;
        let gain = -dot(&step, &gradient);
        let Some((next, next_value, next_gradient)) = search(&point, &step, value, gain, &evaluate) else {
            // No shorter step lowers the value: rounding is all that is left, or the gradient is wrong.
            let converged = gain <= 1e-9 * (1.0 + value.abs());
            return Some(Minimum { point, value, gradient, iterations: iteration, converged });
        };
        let moved = next.iter().zip(&point).map(|(a, b)| (a - b).abs() / (1.0 + b.abs())).fold(0.0, f64::max);
        (point, value, gradient) = (next, next_value, next_gradient);
        if moved <= 1e-11 {
            return Some(Minimum { point, value, gradient, iterations: iteration + 1, converged: true });
        }
    }
    Some(Minimum { point, value, gradient, iterations: max_iterations, converged: false })
}

/// The longest of the halved steps that lowers the value enough. Within rounding of the value, a smaller gradient decides.
fn search(
    point: &[f64],
    step: &[f64],
    value: f64,
    gain: f64,
    evaluate: &impl Fn(&[f64]) -> Option<(f64, Vec<f64>)>,
) -> Option<(Vec<f64>, f64, Vec<f64>)> {
    let rounding = 1e-13 * (1.0 + value.abs());
    let mut share = 1.0;
    for _ in 0..50 {
        let next: Vec<f64> = point.iter().zip(step).map(|(p, s)| p + share * s).collect();
        if let Some((next_value, next_gradient)) = evaluate(&next) {
            let enough = next_value <= value - 1e-4 * share * gain;
            let flat = gain <= 1e3 * rounding && next_value <= value + rounding;
            if enough || flat {
                return Some((next, next_value, next_gradient));
            }
        }
        share *= 0.5;
    }
    None
}

fn newton_step(
    point: &[f64],
    gradient: &[f64],
    evaluate: &impl Fn(&[f64]) -> Option<(f64, Vec<f64>)>,
) -> Option<Vec<f64>> {
    let n = point.len();
    let mut hessian = vec![0.0; n * n];
    let mut shifted = point.to_vec();
    for i in 0..n {
        let width = DIFFERENCE * (1.0 + point[i].abs());
        shifted[i] = point[i] + width;
        let up = evaluate(&shifted)?.1;
        shifted[i] = point[i] - width;
        let down = evaluate(&shifted)?.1;
        shifted[i] = point[i];
        for j in 0..n {
            let slope = 0.5 * (up[j] - down[j]) / (2.0 * width);
            hessian[i * n + j] += slope;
            hessian[j * n + i] += slope;
        }
    }
    let size = (0..n).map(|i| hessian[i * n + i].abs()).fold(1e-8, f64::max);
    let mut ridge = 0.0;
    loop {
        let mut raised = hessian.clone();
        (0..n).for_each(|i| raised[i * n + i] += ridge);
        if let Ok(factor) = Cholesky::new(&raised, n) {
            let mut step: Vec<f64> = gradient.iter().map(|g| -g).collect();
            factor.solve(&mut step);
            // Parameters of order one: no step longer than a few units.
            let length = dot(&step, &step).sqrt();
            if length > 3.0 {
                step.iter_mut().for_each(|s| *s *= 3.0 / length);
            }
            return Some(step);
        }
        ridge = if ridge == 0.0 { 1e-4 * size } else { 4.0 * ridge };
        if !ridge.is_finite() {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curved_valley_is_followed_to_its_lowest_point() {
        // Rosenbrock's function: minimum 0 at (1, 1).
        let found = minimise(&[-1.2, 1.0], 200, |x| {
            let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
            Some((a * a + 100.0 * b * b, vec![-2.0 * a - 400.0 * x[0] * b, 200.0 * b]))
        })
        .unwrap();
        assert!(found.converged);
        assert!((found.point[0] - 1.0).abs() < 1e-8 && (found.point[1] - 1.0).abs() < 1e-8);
    }

    #[test]
    fn an_indefinite_start_and_undefined_points_do_not_stop_the_search() {
        // x^4/4 - x^2/2 + ln barrier at 3: lowest beside 1.
        let found = minimise(&[0.1], 100, |x| {
            (x[0] < 3.0).then(|| (0.25 * x[0].powi(4) - 0.5 * x[0] * x[0], vec![x[0].powi(3) - x[0]]))
        })
        .unwrap();
        assert!(found.converged && (found.point[0] - 1.0).abs() < 1e-9);
    }
}
