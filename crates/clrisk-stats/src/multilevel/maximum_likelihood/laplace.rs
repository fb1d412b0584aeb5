//! The Laplace approximation for any number of crossed or nested random terms, with its gradient.
//!
//! With spherical effects `v ~ N(0, I)` the linear predictor of a row is `x' beta + a' v`, `a = Lambda' z`. At the mode `v`
//! of `h(v) = sum w (y eta - b(eta)) - v'v / 2` the log-likelihood is `h(v) - log |H| / 2`, `H = I + sum w b'' a a'`.
//! Its gradient has the effect of the parameters on the mode in it (as in Kristensen et al 2016): with
//! `q = a' H^-1 a` and `s = H^-1 sum w b''' q a`, the derivative in the predictor of a row is
//! `r = w (y - b') - w b''' q / 2 + w b'' a' s / 2`.

use super::super::blocks::{Blocks, SelectedInverse};
use super::super::fit::inverse_logit;
use super::log_sum::LogSum;
use super::newton::Objective;
use super::rows::Rows;
use crate::error::{Result, StatsError};
use crate::linear_algebra::dot;

/// Newton steps to the mode of the effects.
const MAX_MODE_STEPS: usize = 200;
/// Squared length of a Newton step (in the metric of the Hessian) that counts as none.
const AT_MODE: f64 = 1e-24;

/// Evaluates the Laplace approximation; remembers the last modes as a start for the next.
#[derive(Clone)]
pub(super) struct Laplace<'a> {
    rows: &'a Rows,
    modes: Vec<f64>,
}

/// Spherical effects at their mode, and what belongs to them.
struct AtMode {
    /// `h` at the mode.
    value: f64,
    log_determinant: f64,
    factor: Blocks,
    /// Probability of every row.
    means: Vec<f64>,
    /// `a` of every row.
    loadings: Vec<f64>,
}

/// Where the Newton steps to a mode ended.
struct Climbed {
    unknowns: Vec<f64>,
    factor: Blocks,
    log_determinant: f64,
    value: f64,
    /// Probability of every row.
    means: Vec<f64>,
}

/// Coefficients and effects at their joint mode for given thetas.
pub(super) struct JointMode {
    pub(super) coefficients: Vec<f64>,
    factor: Blocks,
}

impl JointMode {
    /// Covariance of the coefficients given the thetas.
    pub(super) fn covariance(&self, fixed: usize) -> Vec<f64> {
        let inverse = self.factor.selected_inverse();
        (0..fixed * fixed).map(|at| inverse.border(at / fixed, at % fixed)).collect()
    }
}

/// Effects and their conditional covariances, in the unit of the scaled columns.
pub(super) struct Conditional {
    pub(super) effects: Vec<f64>,
    /// Per term: levels by columns by columns.
    pub(super) covariances: Vec<Vec<f64>>,
}

impl<'a> Laplace<'a> {
    pub(super) fn new(rows: &'a Rows) -> Self {
        Laplace { rows, modes: vec![0.0; rows.effects()] }
    }

    /// `a = Lambda' z` of every row.
    fn loadings(&self, thetas: &[f64]) -> Vec<f64> {
        let entries = self.rows.entries();
        let mut loadings = vec![0.0; self.rows.random.len()];
        for (target, random) in loadings.chunks_exact_mut(entries).zip(self.rows.random.chunks_exact(entries)) {
            for term in &self.rows.terms {
                for ((row, column), theta) in term.elements.iter().zip(&thetas[term.first_theta..]) {
                    target[term.entry + column] += theta * random[term.entry + row];
                }
            }
        }
        loadings
    }

    /// Place of an entry of a row among the effects.
    fn place(&self, row: usize, entry: usize) -> usize {
        let rows = self.rows;
        match entry.checked_sub(rows.border_entries) {
            None => rows.border_places[row * rows.border_entries + entry] as usize,
            Some(offset) => rows.border + rows.level[row] as usize * rows.local + offset,
        }
    }

    fn random_part(&self, row: usize, loadings: &[f64], vector: &[f64]) -> f64 {
        let rows = self.rows;
        let entries = rows.entries();
        let (outer, inner) = loadings[row * entries..(row + 1) * entries].split_at(rows.border_entries);
        let places = &rows.border_places[row * rows.border_entries..(row + 1) * rows.border_entries];
        let first = rows.border + rows.level[row] as usize * rows.local;
        let of_border: f64 = places.iter().zip(outer).map(|(place, a)| a * vector[*place as usize]).sum();
        of_border + dot(inner, &vector[first..first + rows.local])
    }

    /// Probability of each row, and `h`, for spherical effects and the fixed part of each row's predictor.
    fn penalised(&self, fixed: impl Fn(usize) -> f64, loadings: &[f64], effects: &[f64]) -> (Vec<f64>, f64) {
        let rows = self.rows;
        let mut value = -0.5 * dot(effects, effects);
        let mut logs = LogSum::default();
        let of_row = |row: usize| {
            let predictor = fixed(row) + self.random_part(row, loadings, effects);
            let mean = inverse_logit(predictor);
            value += rows.successes[row] * predictor;
            logs.subtract_log_of_one_plus_odds(rows.trials[row], predictor, mean);
            mean
        };
        let means = (0..rows.count).map(of_row).collect();
        (means, value + logs.total())
    }

    /// Adds one row to gradient and Hessian of the effects; `shift` is where the effects begin.
    fn add_row(
        &self,
        row: usize,
        own: &[f64],
        score: f64,
        information: f64,
        gradient: &mut [f64],
        hessian: &mut Blocks,
    ) {
        let rows = self.rows;
        let (b, k) = (hessian.border, rows.local);
        let shift = b - rows.border;
        let places = &rows.border_places[row * rows.border_entries..(row + 1) * rows.border_entries];
        let (outer, inner) = own.split_at(rows.border_entries);
        let level = rows.level[row] as usize;
        for (index, (i, left)) in places.iter().zip(outer).enumerate() {
            let i = *i as usize + shift;
            gradient[i] += score * left;
            for (j, right) in places[..=index].iter().zip(outer) {
                let j = *j as usize + shift;
                hessian.border_block[i.max(j) * b + i.min(j)] += information * left * right;
            }
        }
        for (i, left) in inner.iter().enumerate() {
            gradient[b + level * k + i] += score * left;
            let cross = &mut hessian.cross[(level * k + i) * b..(level * k + i + 1) * b];
            for (j, right) in places.iter().zip(outer) {
                cross[*j as usize + shift] += information * left * right;
            }
            for (j, right) in inner[..=i].iter().enumerate() {
                hessian.local_blocks[(level * k + i) * k + j] += information * left * right;
            }
        }
    }

    /// Adds the coefficients' part of a row to the joint gradient and Hessian.
    fn add_fixed(
        &self,
        row: usize,
        own: &[f64],
        score: f64,
        information: f64,
        gradient: &mut [f64],
        hessian: &mut Blocks,
    ) {
        let rows = self.rows;
        let (b, k, p) = (hessian.border, rows.local, rows.fixed);
        let design = rows.design_row(row);
        let (outer, inner) = own.split_at(rows.border_entries);
        for (i, left) in design.iter().enumerate() {
            gradient[i] += score * left;
            let scaled = information * left;
            let target = &mut hessian.border_block[i * b..i * b + i + 1];
            target.iter_mut().zip(design).for_each(|(sum, right)| *sum += scaled * right);
        }
        let places = &rows.border_places[row * rows.border_entries..(row + 1) * rows.border_entries];
        for (place, left) in places.iter().zip(outer) {
            let start = (*place as usize + p) * b;
            let scaled = information * left;
            hessian.border_block[start..start + p].iter_mut().zip(design).for_each(|(sum, x)| *sum += scaled * x);
        }
        for (i, left) in inner.iter().enumerate() {
            let start = (rows.level[row] as usize * k + i) * b;
            let scaled = information * left;
            hessian.cross[start..start + p].iter_mut().zip(design).for_each(|(sum, x)| *sum += scaled * x);
        }
    }

    /// Newton steps to the mode of the effects (with `coefficients` given), or of coefficients and effects together.
    fn climb(&self, fixed: Option<&[f64]>, loadings: &[f64], mut unknowns: Vec<f64>) -> Result<Climbed> {
        let rows = self.rows;
        let entries = rows.entries();
        let shift = if fixed.is_some() { 0 } else { rows.fixed };
        let offset: Vec<f64> = match fixed {
            Some(beta) => (0..rows.count).map(|row| dot(rows.design_row(row), beta)).collect(),
            None => Vec::new(),
        };
        let penalised = |unknowns: &[f64]| {
            let (coefficients, effects) = unknowns.split_at(shift);
            match fixed {
                Some(_) => self.penalised(|row| offset[row], loadings, effects),
                None => self.penalised(|row| dot(rows.design_row(row), coefficients), loadings, effects),
            }
        };
        let mut hessian = Blocks::new(rows.border + shift, rows.local, rows.levels);
        let mut gradient = vec![0.0; unknowns.len()];
        let (mut means, mut value) = penalised(&unknowns);
        for _ in 0..MAX_MODE_STEPS {
            hessian.clear();
            gradient.fill(0.0);
            for row in 0..rows.count {
                let mean = means[row];
                let score = rows.successes[row] - rows.trials[row] * mean;
                let information = rows.trials[row] * mean * (1.0 - mean);
                let own = &loadings[row * entries..(row + 1) * entries];
                self.add_row(row, own, score, information, &mut gradient, &mut hessian);
                if shift > 0 {
                    self.add_fixed(row, own, score, information, &mut gradient, &mut hessian);
                }
            }
            self.add_prior(shift, &unknowns, &mut gradient, &mut hessian);
            let log_determinant = hessian
                .factorise()
                .ok_or(StatsError::NotPositiveDefinite { matrix: "Hessian of the multilevel likelihood" })?;
            let mut step = gradient.clone();
            hessian.solve(&mut step);
            let decrement = dot(&step, &gradient);
            if decrement < AT_MODE * (1.0 + rows.count as f64) {
                return Ok(Climbed { unknowns, factor: hessian, log_determinant, value, means });
            }
            let mut length = 1.0;
            loop {
                let next: Vec<f64> = unknowns.iter().zip(&step).map(|(u, s)| u + length * s).collect();
                let (next_means, next_value) = penalised(&next);
                // Close to the mode a full step is right and the values differ by rounding only.
                if next_value >= value || decrement < 1e-6 || length < 1e-8 {
                    (unknowns, means, value) = (next, next_means, next_value);
                    break;
                }
                length *= 0.5;
            }
        }
        Err(StatsError::NotConverged { procedure: "modes of the random effects", iterations: MAX_MODE_STEPS })
    }

    fn add_prior(&self, shift: usize, unknowns: &[f64], gradient: &mut [f64], hessian: &mut Blocks) {
        let (b, k) = (hessian.border, hessian.local);
        for place in shift..unknowns.len() {
            gradient[place] -= unknowns[place];
            match place.checked_sub(b) {
                None => hessian.border_block[place * b + place] += 1.0,
                Some(own) => hessian.local_blocks[own * k + own % k] += 1.0,
            }
        }
    }

    fn at_mode(&mut self, coefficients: &[f64], thetas: &[f64]) -> Result<AtMode> {
        let loadings = self.loadings(thetas);
        let start = std::mem::take(&mut self.modes);
        let backup = start.clone();
        match self.climb(Some(coefficients), &loadings, start) {
            Ok(Climbed { unknowns, factor, log_determinant, value, means }) => {
                self.modes = unknowns;
                Ok(AtMode { value, log_determinant, factor, means, loadings })
            }
            Err(error) => {
                self.modes = backup;
                Err(error)
            }
        }
    }

    /// Conditional modes and covariances of the effects (not the spherical ones).
    pub(super) fn conditional(&mut self, parameters: &[f64]) -> Result<Conditional> {
        let (coefficients, thetas) = parameters.split_at(self.rows.fixed);
        let at = self.at_mode(coefficients, thetas)?;
        let inverse = at.factor.selected_inverse();
        let mut effects = vec![0.0; self.rows.effects()];
        let mut covariances = Vec::new();
        for term in &self.rows.terms {
            let size = term.shape.columns.len();
            let mut factor = vec![0.0; size * size];
            for ((row, column), theta) in term.elements.iter().zip(&thetas[term.first_theta..]) {
                factor[row * size + column] = *theta;
            }
            let mut covariance = vec![0.0; term.shape.levels * size * size];
            for level in 0..term.shape.levels {
                let first = term.start + level * term.step;
                for i in 0..size {
                    effects[first + i] = dot(&factor[i * size..(i + 1) * size], &self.modes[first..first + size]);
                    for j in 0..size {
                        covariance[(level * size + i) * size + j] = (0..size * size)
                            .map(|at| (at / size, at % size))
                            .map(|(g, h)| {
                                factor[i * size + g]
                                    * element(&inverse, self.rows, first + g, first + h)
                                    * factor[j * size + h]
                            })
                            .sum();
                    }
                }
            }
            covariances.push(covariance);
        }
        Ok(Conditional { effects, covariances })
    }

    /// Coefficients and effects at their joint mode.
    pub(super) fn joint_mode(&mut self, start: &[f64], thetas: &[f64]) -> Result<JointMode> {
        let loadings = self.loadings(thetas);
        let unknowns = start.iter().chain(&self.modes).copied().collect();
        let Climbed { unknowns, factor, .. } = self.climb(None, &loadings, unknowns)?;
        self.modes.copy_from_slice(&unknowns[self.rows.fixed..]);
        Ok(JointMode { coefficients: unknowns[..self.rows.fixed].to_vec(), factor })
    }

    /// `sum over rows` of what a shift `lambda` of the joint score's solution does to each theta.
    fn through_joint_mode(&self, joint: &JointMode, at: &AtMode, slope: &[f64], gradient: &mut [f64]) {
        let rows = self.rows;
        let entries = rows.entries();
        let mut lambda = vec![0.0; rows.fixed + rows.effects()];
        lambda[..rows.fixed].copy_from_slice(slope);
        joint.factor.solve(&mut lambda);
        let (fixed, random) = lambda.split_at(rows.fixed);
        for row in 0..rows.count {
            let mean = at.means[row];
            let score = rows.successes[row] - rows.trials[row] * mean;
            let information = rows.trials[row] * mean * (1.0 - mean);
            let along = dot(rows.design_row(row), fixed) + self.random_part(row, &at.loadings, random);
            let own = &rows.random[row * entries..(row + 1) * entries];
            for term in &rows.terms {
                for (index, (i, j)) in term.elements.iter().enumerate() {
                    let place = self.place(row, term.entry + j);
                    gradient[term.first_theta + index] +=
                        own[term.entry + i] * (score * random[place] - information * self.modes[place] * along);
                }
            }
        }
    }
}

fn element(inverse: &SelectedInverse, rows: &Rows, i: usize, j: usize) -> f64 {
    match (i.checked_sub(rows.border), j.checked_sub(rows.border)) {
        (None, None) => inverse.border(i, j),
        (Some(i), None) => inverse.cross(i / rows.local, i % rows.local, j),
        (None, Some(j)) => inverse.cross(j / rows.local, j % rows.local, i),
        (Some(i), Some(j)) => inverse.local(i / rows.local, i % rows.local, j % rows.local),
    }
}

impl Laplace<'_> {
    /// Gradient in (coefficients, thetas) at the mode.
    fn gradient(&self, at: &AtMode) -> Vec<f64> {
        let rows = self.rows;
        let entries = rows.entries();
        let inverse = at.factor.selected_inverse();
        let mut gradient = vec![0.0; rows.fixed + rows.thetas];
        let mut third = vec![0.0; rows.effects()];
        let mut skewed = vec![0.0; rows.count];
        let mut places = vec![0; entries];
        let mut solved = vec![0.0; entries];
        for row in 0..rows.count {
            let mean = at.means[row];
            let information = rows.trials[row] * mean * (1.0 - mean);
            let own = &at.loadings[row * entries..(row + 1) * entries];
            (0..entries).for_each(|entry| places[entry] = self.place(row, entry));
            for (value, i) in solved.iter_mut().zip(&places) {
                *value = places.iter().zip(own).map(|(j, a)| a * element(&inverse, rows, *i, *j)).sum();
            }
            skewed[row] = information * (1.0 - 2.0 * mean) * dot(own, &solved);
            places.iter().zip(own).for_each(|(place, a)| third[*place] += skewed[row] * a);
            let random = &rows.random[row * entries..(row + 1) * entries];
            for term in &rows.terms {
                for (index, (i, j)) in term.elements.iter().enumerate() {
                    gradient[rows.fixed + term.first_theta + index] -=
                        information * random[term.entry + i] * solved[term.entry + j];
                }
            }
        }
        at.factor.solve(&mut third);
        for row in 0..rows.count {
            let mean = at.means[row];
            let score = rows.successes[row] - rows.trials[row] * mean;
            let information = rows.trials[row] * mean * (1.0 - mean);
            let along = self.random_part(row, &at.loadings, &third);
            let slope = score - 0.5 * skewed[row] + 0.5 * information * along;
            gradient[..rows.fixed].iter_mut().zip(rows.design_row(row)).for_each(|(sum, x)| *sum += slope * x);
            let random = &rows.random[row * entries..(row + 1) * entries];
            for term in &rows.terms {
                for (index, (i, j)) in term.elements.iter().enumerate() {
                    let place = self.place(row, term.entry + j);
                    gradient[rows.fixed + term.first_theta + index] +=
                        random[term.entry + i] * (slope * self.modes[place] - 0.5 * score * third[place]);
                }
            }
        }
        gradient
    }
}

impl Objective for Laplace<'_> {
    fn rows(&self) -> usize {
        self.rows.count
    }

    fn evaluate(&mut self, parameters: &[f64]) -> Result<(f64, Vec<f64>)> {
        let (coefficients, thetas) = parameters.split_at(self.rows.fixed);
        let at = self.at_mode(coefficients, thetas)?;
        Ok((at.value - 0.5 * at.log_determinant + self.rows.log_binomial, self.gradient(&at)))
    }
}

/// The Laplace approximation as a function of the thetas alone, the coefficients being those of the joint mode.
#[derive(Clone)]
pub(super) struct Profile<'a> {
    pub(super) laplace: Laplace<'a>,
    pub(super) coefficients: Vec<f64>,
}

impl Objective for Profile<'_> {
    fn rows(&self) -> usize {
        self.laplace.rows()
    }

    fn evaluate(&mut self, thetas: &[f64]) -> Result<(f64, Vec<f64>)> {
        let joint = self.laplace.joint_mode(&self.coefficients, thetas)?;
        let at = self.laplace.at_mode(&joint.coefficients, thetas)?;
        let value = at.value - 0.5 * at.log_determinant + self.laplace.rows.log_binomial;
        let full = self.laplace.gradient(&at);
        let (slope, partial) = full.split_at(self.laplace.rows.fixed);
        let mut gradient = partial.to_vec();
        self.laplace.through_joint_mode(&joint, &at, slope, &mut gradient);
        self.coefficients = joint.coefficients;
        Ok((value, gradient))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{LikelihoodData, MultilevelData};
    use super::*;
    use crate::multilevel::Term;

    #[test]
    fn the_profile_over_joint_modes_has_the_gradient_it_says() {
        // A slope correlated with the intercept of one factor, crossed with an intercept of another.
        let mut state = 9u64;
        let mut uniform = move || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        let count = 200;
        let design: Vec<f64> = (0..count).flat_map(|_| [1.0, 2.0 * uniform() - 0.5]).collect();
        let outcome: Vec<f64> = (0..count).map(|_| (2.0 * uniform()).floor()).collect();
        let weights: Vec<f64> = (0..count).map(|_| 0.5 + uniform()).collect();
        let (first, second): (Vec<u32>, Vec<u32>) =
            (0..count).map(|_| ((uniform() * 9.0) as u32, (uniform() * 4.0) as u32)).unzip();
        let names = ["one".to_owned(), "x".to_owned()];
        let terms = [
            Term { group: 0, levels: 9, level_of_row: &first, columns: &[None, Some(1)], correlated: true },
            Term { group: 1, levels: 4, level_of_row: &second, columns: &[None], correlated: false },
        ];
        let rows = MultilevelData {
            design: &design,
            width: 2,
            fixed: 2,
            names: &names,
            outcome: &outcome,
            weights: &weights,
            terms: &terms,
        };
        let rows = Rows::new(&LikelihoodData { rows, trials: None }).unwrap();
        let mut profile = Profile { laplace: Laplace::new(&rows), coefficients: vec![0.0; 2] };
        let thetas = [0.7, 0.3, 0.5, 0.4];
        let gradient = profile.evaluate(&thetas).unwrap().1;
        let step = 1e-5;
        for place in 0..4 {
            let mut at = |by: f64| {
                let mut shifted = thetas;
                shifted[place] += by;
                profile.evaluate(&shifted).unwrap().0
            };
            let slope = (at(step) - at(-step)) / (2.0 * step);
            assert!((slope - gradient[place]).abs() < 1e-7, "{place}: {slope} against {}", gradient[place]);
        }
    }
}
