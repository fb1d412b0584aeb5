//! One random effect a level of one factor: level by level, by the Laplace approximation or by adaptive Gauss-Hermite
//! quadrature.
//!
//! With `eta = x' beta + theta z v` and `v ~ N(0, 1)` a level adds
//! `-log(H) / 2 + log sum_k omega_k exp(h(v_k) + z_k^2 / 2)`, `v_k = v + z_k / sqrt(H)` around the mode `v` of
//! `h(v) = sum w (y eta - b(eta)) - v^2 / 2` with `H = 1 + theta^2 sum w b'' z^2` (Pinheiro and Bates 1995). One
//! node is the Laplace approximation. The nodes move with the parameters, and the gradient says so; with one node the
//! Hessian is exact too.

use super::super::fit::inverse_logit;
use super::laplace::Conditional;
use super::log_sum::LogSum;
use super::newton::Objective;
use super::rows::Rows;
use crate::error::{Result, StatsError};
use crate::linear_algebra::dot;
use crate::quadrature::gauss_hermite;

/// Newton or bisection steps to the mode of a level.
const MAX_MODE_STEPS: usize = 200;

/// Evaluates the log-likelihood; remembers the modes as a start for the next values.
#[derive(Clone)]
pub(super) struct OneFactor<'a> {
    rows: &'a Rows,
    nodes: Vec<f64>,
    log_weights: Vec<f64>,
    modes: Vec<f64>,
    /// `x' beta` of each row.
    offset: Vec<f64>,
    /// Probability of each row at the mode of its level.
    means: Vec<f64>,
    /// Probabilities at the nodes, for the level at work: nodes by rows.
    node_means: Vec<f64>,
    /// Derivative of the log-likelihood in the predictor of each row of the level at work.
    slopes: Vec<f64>,
    /// Where `modes` and `means` belong to.
    last: Vec<f64>,
}

/// Sums over the rows of a level at its mode.
struct Level {
    theta: f64,
    mode: f64,
    /// `sum (score) z`.
    score: f64,
    /// `sum w b^(n) z^n` for n = 2, 3, 4.
    second: f64,
    third: f64,
    fourth: f64,
    /// `1 + theta^2 second`.
    curvature: f64,
}

impl Level {
    /// Derivative in theta of the effect `theta v`.
    fn effect_slope(&self) -> f64 {
        (self.mode + self.theta * self.score) / self.curvature
    }

    /// Derivative in theta of the curvature.
    fn curvature_slope(&self) -> f64 {
        self.theta * (2.0 * self.second + self.theta * self.third * self.effect_slope())
    }
}

impl<'a> OneFactor<'a> {
    /// None when the model has more than one effect a level, or several factors.
    pub(super) fn new(rows: &'a Rows, points: usize) -> Option<Self> {
        if rows.border > 0 || rows.local != 1 {
            return None;
        }
        let (nodes, weights): (Vec<f64>, Vec<f64>) = gauss_hermite(points).into_iter().unzip();
        let largest = rows.starts.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0);
        Some(OneFactor {
            rows,
            log_weights: weights.iter().map(|w| w.ln()).collect(),
            node_means: vec![0.0; if points > 1 { points * largest } else { 0 }],
            nodes,
            modes: vec![0.0; rows.levels],
            offset: vec![0.0; rows.count],
            means: vec![0.0; rows.count],
            slopes: vec![0.0; largest],
            last: Vec::new(),
        })
    }

    /// Newton steps to the mode of a level, kept between the signs of the slope, which falls everywhere.
    fn find_mode(&mut self, level: usize, theta: f64) -> Result<()> {
        let rows = self.rows;
        let range = rows.starts[level]..rows.starts[level + 1];
        let (successes, trials) = (&rows.successes[range.clone()], &rows.trials[range.clone()]);
        let (random, offset, means) =
            (&rows.random[range.clone()], &self.offset[range.clone()], &mut self.means[range]);
        let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
        let mut mode = self.modes[level];
        for _ in 0..MAX_MODE_STEPS {
            let effect = theta * mode;
            for ((mean, eta), z) in means.iter_mut().zip(offset).zip(random) {
                *mean = inverse_logit(eta + effect * z);
            }
            let (mut score, mut information) = (0.0, 0.0);
            for (((mean, z), s), n) in means.iter().zip(random).zip(successes).zip(trials) {
                score += (s - n * mean) * z;
                information += n * mean * (1.0 - mean) * z * z;
            }
            let slope = theta * score - mode;
            let curvature = 1.0 + theta * theta * information;
            let step = slope / curvature;
            if slope * step < 1e-22 * (1.0 + mode * mode) || step.is_nan() {
                self.modes[level] = mode;
                return if step.is_nan() { Err(not_found()) } else { Ok(()) };
            }
            if slope > 0.0 {
                low = mode
            } else {
                high = mode
            }
            let next = mode + step;
            mode = if next > low && next < high { next } else { 0.5 * (low + high) };
        }
        Err(not_found())
    }

    fn sums(&self, level: usize, theta: f64) -> Level {
        let rows = self.rows;
        let mut sums =
            Level { theta, mode: self.modes[level], score: 0.0, second: 0.0, third: 0.0, fourth: 0.0, curvature: 1.0 };
        for row in rows.starts[level]..rows.starts[level + 1] {
            let (mean, z) = (self.means[row], rows.random[row]);
            let spread = mean * (1.0 - mean);
            let information = rows.trials[row] * spread * z * z;
            sums.score += (rows.successes[row] - rows.trials[row] * mean) * z;
            sums.second += information;
            sums.third += information * (1.0 - 2.0 * mean) * z;
            sums.fourth += information * (1.0 - 6.0 * spread) * z * z;
        }
        sums.curvature += theta * theta * sums.second;
        sums
    }

    /// Log-likelihood of a level; leaves in `slopes` the derivative in each predictor, returns that in theta too.
    fn integrate(&mut self, level: usize, theta: f64) -> (f64, f64) {
        let sums = self.sums(level, theta);
        let nodes = if self.nodes.len() == 1 { self.at_mode(level, &sums) } else { self.at_nodes(level, &sums) };
        let NodeSums { log_sum, mode_slope, spread_slope, theta_slope } = nodes;
        // The nodes' own way through mode and curvature.
        let h = sums.curvature;
        let by_curvature = 0.5 / h + 0.5 * spread_slope / (h * h.sqrt());
        let by_mode = mode_slope * theta / h - by_curvature * theta.powi(4) * sums.third / h;
        let rows = self.rows;
        let start = rows.starts[level];
        for row in start..rows.starts[level + 1] {
            let (mean, z) = (self.means[row], rows.random[row]);
            let information = rows.trials[row] * mean * (1.0 - mean);
            let skewed = information * (1.0 - 2.0 * mean) * z * z;
            self.slopes[row - start] -= by_mode * information * z + by_curvature * theta * theta * skewed;
        }
        let mode_by_theta = sums.score - theta * sums.second * sums.effect_slope();
        let theta_slope = theta_slope + mode_slope * mode_by_theta - by_curvature * sums.curvature_slope();
        (log_sum - 0.5 * h.ln(), theta_slope)
    }

    fn at_mode(&mut self, level: usize, sums: &Level) -> NodeSums {
        let rows = self.rows;
        let start = rows.starts[level];
        let mut log_sum = -0.5 * sums.mode * sums.mode;
        let mut logs = LogSum::default();
        for row in start..rows.starts[level + 1] {
            let eta = self.offset[row] + sums.theta * sums.mode * rows.random[row];
            let (mean, trials) = (self.means[row], rows.trials[row]);
            log_sum += rows.successes[row] * eta;
            logs.subtract_log_of_one_plus_odds(trials, eta, mean);
            self.slopes[row - start] = rows.successes[row] - trials * mean;
        }
        log_sum += logs.total();
        NodeSums { log_sum, mode_slope: 0.0, spread_slope: 0.0, theta_slope: sums.mode * sums.score }
    }

    fn at_nodes(&mut self, level: usize, sums: &Level) -> NodeSums {
        let rows = self.rows;
        let (start, count) = (rows.starts[level], rows.starts[level + 1] - rows.starts[level]);
        let points = self.nodes.len();
        let (mut exponents, mut scores) = (vec![0.0; points], vec![0.0; points]);
        let values: Vec<f64> = self.nodes.iter().map(|z| sums.mode + z / sums.curvature.sqrt()).collect();
        for (node, value) in values.iter().enumerate() {
            let z = self.nodes[node];
            let mut exponent = self.log_weights[node] + 0.5 * (z * z - value * value);
            let mut logs = LogSum::default();
            for (mean, row) in self.node_means[node * count..(node + 1) * count].iter_mut().zip(start..) {
                let eta = self.offset[row] + sums.theta * value * rows.random[row];
                *mean = inverse_logit(eta);
                exponent += rows.successes[row] * eta;
                logs.subtract_log_of_one_plus_odds(rows.trials[row], eta, *mean);
                scores[node] += (rows.successes[row] - rows.trials[row] * *mean) * rows.random[row];
            }
            exponents[node] = exponent + logs.total();
        }
        let largest = exponents.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = exponents.iter().map(|e| (e - largest).exp()).sum();
        let log_sum = largest + total.ln();
        self.slopes[..count].copy_from_slice(&rows.successes[start..start + count]);
        let mut found = NodeSums { log_sum, mode_slope: 0.0, spread_slope: 0.0, theta_slope: 0.0 };
        for (node, value) in values.iter().enumerate() {
            let share = (exponents[node] - log_sum).exp();
            let own = &self.node_means[node * count..(node + 1) * count];
            for ((slope, mean), n) in self.slopes.iter_mut().zip(own).zip(&rows.trials[start..]) {
                *slope -= share * n * mean;
            }
            let slope = share * (sums.theta * scores[node] - value);
            found.mode_slope += slope;
            found.spread_slope += slope * self.nodes[node];
            found.theta_slope += share * value * scores[node];
        }
        found
    }

    /// Value and gradient; `of_level` is given every level's own gradient.
    pub(super) fn each_level(&mut self, parameters: &[f64], mut of_level: impl FnMut(&[f64])) -> Result<f64> {
        let rows = self.rows;
        let p = rows.fixed;
        let (coefficients, theta) = (&parameters[..p], parameters[p]);
        for (offset, x) in self.offset.iter_mut().zip(rows.design.chunks_exact(p.max(1))) {
            *offset = dot(x, coefficients);
        }
        let mut value = rows.log_binomial;
        let mut own = vec![0.0; p + 1];
        for level in 0..rows.levels {
            let (start, end) = (rows.starts[level], rows.starts[level + 1]);
            self.find_mode(level, theta)?;
            let (log_likelihood, theta_slope) = self.integrate(level, theta);
            value += log_likelihood;
            own.fill(0.0);
            for (slope, x) in self.slopes.iter().zip(rows.design[start * p..end * p].chunks_exact(p.max(1))) {
                own.iter_mut().zip(x).for_each(|(sum, x)| *sum += slope * x);
            }
            own[p] = theta_slope;
            of_level(&own);
        }
        self.last = parameters.to_vec();
        Ok(value)
    }

    /// Conditional modes and variances of the effects, where the modes have been found with this theta.
    pub(super) fn conditional(&self, theta: f64) -> Conditional {
        let variance = |level: usize| theta * theta / self.sums(level, theta).curvature;
        Conditional {
            effects: self.modes.iter().map(|mode| theta * mode).collect(),
            covariances: vec![(0..self.rows.levels).map(variance).collect()],
        }
    }
}

/// What the nodes of a level say.
struct NodeSums {
    /// `log sum_k omega_k exp(h(v_k) + z_k^2 / 2)`.
    log_sum: f64,
    /// Derivative when all nodes move together.
    mode_slope: f64,
    /// Derivative when they move apart in proportion to `z_k`.
    spread_slope: f64,
    /// Derivative in theta with the nodes where they are.
    theta_slope: f64,
}

fn not_found() -> StatsError {
    StatsError::NotConverged { procedure: "modes of the random effects", iterations: MAX_MODE_STEPS }
}

impl Objective for OneFactor<'_> {
    fn rows(&self) -> usize {
        self.rows.count
    }

    fn evaluate(&mut self, parameters: &[f64]) -> Result<(f64, Vec<f64>)> {
        let mut gradient = vec![0.0; parameters.len()];
        let value = self.each_level(parameters, |own| {
            gradient.iter_mut().zip(own).for_each(|(sum, g)| *sum += g);
        })?;
        Ok((value, gradient))
    }

    fn exact_hessian(&mut self, parameters: &[f64]) -> Result<Option<Vec<f64>>> {
        if self.nodes.len() > 1 {
            return Ok(None);
        }
        if self.last != parameters {
            self.each_level(parameters, |_| {})?;
        }
        let size = parameters.len();
        let mut hessian = vec![0.0; size * size];
        let mut moments = Moments::new(self.rows.fixed);
        for level in 0..self.rows.levels {
            let sums = self.sums(level, parameters[size - 1]);
            moments.collect(self, level, &sums, &mut hessian);
            moments.add(&sums, &mut hessian);
        }
        for i in 0..size {
            for j in 0..i {
                hessian[j * size + i] = hessian[i * size + j];
            }
        }
        Ok(Some(hessian))
    }
}

/// Sums of the covariates of a level with different weights, for the Hessian of the Laplace approximation.
struct Moments {
    /// `sum w b^(n) z^(n-1) x` for n = 2, 3, 4.
    second: Vec<f64>,
    third: Vec<f64>,
    fourth: Vec<f64>,
    /// `sum c z x`, `c` the second derivative in a predictor with the mode and its curvature held.
    held: Vec<f64>,
    /// `c` of each row.
    weights: Vec<f64>,
}

/// Adds `sum c x x'` to the lower triangle of a matrix one column wider than `x`; four rows at a time, which quarters the
/// passes over the matrix.
fn add_outer_products(design: &[f64], weights: &[f64], p: usize, matrix: &mut [f64]) {
    if p == 0 {
        return;
    }
    let (blocks, block_weights) = (design.chunks_exact(4 * p), weights.chunks_exact(4));
    let rest = blocks.remainder().chunks_exact(p).zip(block_weights.remainder());
    for (block, c) in blocks.zip(block_weights) {
        let (first, second) = block.split_at(2 * p);
        let ((x0, x1), (x2, x3)) = (first.split_at(p), second.split_at(p));
        for i in 0..p {
            let scaled = [c[0] * x0[i], c[1] * x1[i], c[2] * x2[i], c[3] * x3[i]];
            let target = &mut matrix[i * (p + 1)..i * (p + 1) + i + 1];
            let columns = x0.iter().zip(x1).zip(x2.iter().zip(x3));
            for (sum, ((y0, y1), (y2, y3))) in target.iter_mut().zip(columns) {
                *sum += (scaled[0] * y0 + scaled[1] * y1) + (scaled[2] * y2 + scaled[3] * y3);
            }
        }
    }
    for (x, c) in rest {
        for i in 0..p {
            let target = &mut matrix[i * (p + 1)..i * (p + 1) + i + 1];
            target.iter_mut().zip(x).for_each(|(sum, y)| *sum += c * x[i] * y);
        }
    }
}

impl Moments {
    fn new(fixed: usize) -> Self {
        let zeros = || vec![0.0; fixed];
        Moments { second: zeros(), third: zeros(), fourth: zeros(), held: zeros(), weights: Vec::new() }
    }

    /// Sums over a level; adds `sum c x x'` to the lower triangle of the Hessian.
    fn collect(&mut self, data: &OneFactor<'_>, level: usize, sums: &Level, hessian: &mut [f64]) {
        let rows = data.rows;
        let p = rows.fixed;
        for moment in [&mut self.second, &mut self.third, &mut self.fourth, &mut self.held] {
            moment.fill(0.0);
        }
        self.weights.clear();
        let ratio = sums.theta * sums.theta / sums.curvature;
        let skew = ratio * ratio * sums.third;
        for row in rows.starts[level]..rows.starts[level + 1] {
            let (mean, z) = (data.means[row], rows.random[row]);
            let spread = mean * (1.0 - mean);
            let second = rows.trials[row] * spread;
            let third = second * (1.0 - 2.0 * mean) * z;
            let fourth = second * (1.0 - 6.0 * spread) * z * z;
            let held = -second - 0.5 * ratio * fourth + 0.5 * skew * third;
            let x = rows.design_row(row);
            let weights = [second * z, third * z, fourth * z, held * z];
            for (moment, weight) in
                [&mut self.second, &mut self.third, &mut self.fourth, &mut self.held].into_iter().zip(weights)
            {
                moment.iter_mut().zip(x).for_each(|(sum, x_i)| *sum += weight * x_i);
            }
            self.weights.push(held);
        }
        let own = &rows.design[rows.starts[level] * p..rows.starts[level + 1] * p];
        add_outer_products(own, &self.weights, p, hessian);
    }

    /// Adds what goes through the mode, its curvature and theta. Forms are linear in a change of (coefficients, theta).
    fn add(&self, sums: &Level, hessian: &mut [f64]) {
        let p = self.second.len();
        let &Level { theta, mode, score, second, third, fourth, curvature: h } = sums;
        let effect_slope = sums.effect_slope();
        let curvature_slope = sums.curvature_slope();
        let ratio_slope = 2.0 * theta / h - theta * theta / (h * h) * curvature_slope;
        let (square, fourth_power) = (theta * theta, theta.powi(4));
        let skew_of = |of_theta: f64, of_third: f64, of_curvature: f64| {
            4.0 * theta * square * third / (h * h) * of_theta + fourth_power / (h * h) * of_third
                - 2.0 * fourth_power * third / (h * h * h) * of_curvature
        };
        let skew_slope = skew_of(1.0, fourth * effect_slope, curvature_slope);
        let width = p + 1;
        for j in 0..p {
            let effect = -square * self.second[j] / h;
            let of_curvature = square * (self.third[j] + third * effect);
            let ratio = -square / (h * h) * of_curvature;
            let skew = skew_of(0.0, self.fourth[j] + fourth * effect, of_curvature);
            for i in j..p {
                hessian[i * width + j] +=
                    self.held[i] * effect - 0.5 * self.third[i] * ratio + 0.5 * self.second[i] * skew;
            }
            hessian[p * width + j] +=
                self.held[j] * effect_slope - 0.5 * self.third[j] * ratio_slope + 0.5 * self.second[j] * skew_slope;
        }
        let mode_slope = score - theta * second * effect_slope;
        let effect_bend = (2.0 * mode_slope - effect_slope * curvature_slope) / h;
        let curvature_bend = 2.0 * second
            + 4.0 * theta * third * effect_slope
            + square * (fourth * effect_slope * effect_slope + third * effect_bend);
        hessian[p * width + p] += mode_slope * score - mode * second * effect_slope
            + 0.5 * curvature_slope * curvature_slope / (h * h)
            - 0.5 * curvature_bend / h;
    }
}

#[cfg(test)]
mod tests {
    use super::super::laplace::Laplace;
    use super::super::newton::information;
    use super::super::{LikelihoodData, MultilevelData};
    use super::*;
    use crate::multilevel::Term;

    /// A slope, not an intercept, varies over seven levels, with weights and trials: nothing is one by chance.
    fn with_rows(check: impl FnOnce(&Rows)) {
        let mut state = 5u64;
        let mut uniform = move || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        let count = 120;
        let design: Vec<f64> = (0..count).flat_map(|_| [1.0, 3.0 * uniform() - 1.0]).collect();
        let trials: Vec<f64> = (0..count).map(|_| (1.0 + 4.0 * uniform()).floor()).collect();
        let shares: Vec<f64> = trials.iter().map(|n| (uniform() * (n + 1.0)).floor() / n).collect();
        let weights: Vec<f64> = (0..count).map(|_| 0.5 + uniform()).collect();
        let levels: Vec<u32> = (0..count).map(|_| (uniform() * 7.0) as u32).collect();
        let names = ["one".to_owned(), "x".to_owned()];
        let term = Term { group: 0, levels: 7, level_of_row: &levels, columns: &[Some(1)], correlated: false };
        let rows = MultilevelData {
            design: &design,
            width: 2,
            fixed: 2,
            names: &names,
            outcome: &shares,
            weights: &weights,
            terms: &[term],
        };
        check(&Rows::new(&LikelihoodData { rows, trials: Some(&trials) }).unwrap());
    }

    #[test]
    fn one_node_is_the_laplace_approximation_and_its_hessian_is_exact() {
        with_rows(|rows| {
            let mut single = OneFactor::new(rows, 1).unwrap();
            let mut general = Laplace::new(rows);
            for parameters in [[0.3, -0.4, 0.8], [-1.0, 0.5, -0.3], [0.1, 0.2, 0.0]] {
                let (value, gradient) = single.evaluate(&parameters).unwrap();
                let (other_value, other_gradient) = general.evaluate(&parameters).unwrap();
                assert!((value - other_value).abs() < 1e-11, "{parameters:?}: {value:.15} against {other_value:.15}");
                assert!(gradient.iter().zip(&other_gradient).all(|(a, b)| (a - b).abs() < 1e-10));
                let hessian = single.exact_hessian(&parameters).unwrap().unwrap();
                let differences = information(&mut general, &parameters).unwrap();
                for (exact, difference) in hessian.iter().zip(&differences) {
                    assert!((exact + difference).abs() < 1e-6 * (1.0 + exact.abs()), "{exact} against {difference}");
                }
                let (own, others) = (single.conditional(parameters[2]), general.conditional(&parameters).unwrap());
                assert!(own.effects.iter().zip(&others.effects).all(|(a, b)| (a - b).abs() < 1e-11));
                assert!(own.covariances[0].iter().zip(&others.covariances[0]).all(|(a, b)| (a - b).abs() < 1e-11));
            }
        });
    }
}
