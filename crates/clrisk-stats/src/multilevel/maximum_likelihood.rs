//! Maximum likelihood for the multilevel logit, as statisticians know it from lme4 and glmmTMB.
//!
//! The posterior of [`super::fit`] is what areas are predicted with; this fit says what the data alone say, with correlated
//! effects if wished, and can be laid beside other software figure by figure.

mod laplace;
mod log_sum;
mod newton;
mod one_factor;
mod rows;

use super::fit::{MultilevelData, inverse_logit};
use crate::error::{Result, StatsError, same_length};
use crate::linear_algebra::{Cholesky, dot, sandwich, symmetric_eigen};
use laplace::{Conditional, Laplace, Profile};
use newton::{Maximum, Objective, information_rows, maximise};
use one_factor::OneFactor;
use rows::Rows;

/// How the random effects are integrated out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Integration {
    /// Coefficients and effects at their joint mode, the standard deviations by the Laplace approximation around it: fast, a
    /// little biased towards zero (lme4's `nAGQ = 0`).
    JointMode,
    /// The Laplace approximation over the effects (lme4's `nAGQ = 1`, glmmTMB).
    #[default]
    Laplace,
    /// Adaptive Gauss-Hermite quadrature with this many nodes (lme4's `nAGQ`); one effect a level of one factor only.
    Quadrature(usize),
}

/// Data of a multilevel logit for maximum likelihood.
#[derive(Debug, Clone, Copy)]
pub struct LikelihoodData<'a> {
    /// Design, weights and random terms; the outcome is the share of successes, 0 or 1 where there is one trial.
    pub rows: MultilevelData<'a>,
    /// Trials of each row; none is one each.
    pub trials: Option<&'a [f64]>,
}

/// Maximum likelihood for the multilevel logistic regression.
///
/// `logit P = x' beta + sum over terms z' u`, `u = Lambda v`, `v ~ N(0, I)`; `Lambda` is per term a lower triangle `theta`
/// (diagonal where the effects of a term are independent), so that its covariance is `Lambda Lambda'`. Maximised is
/// `log integral prod P(y | u) phi(v) dv` with the binomial coefficients in it, each row's log-probability times its weight
/// (a pseudo-likelihood when the weights are survey weights; see [`super::WeightScaling`] for their scale).
///
/// The gradient is exact, with the dependence of modes and quadrature nodes on the parameters; the search is Newton's or BFGS
/// and ends when the expected gain in log-likelihood is below `1e-19`. Rows without weight are left out. Levels without
/// data are allowed; their effects are 0.
///
/// Checked against: lme4 (nAGQ 0, 1, 5, 7, 9, 25), glmmTMB and WeMix on `cbpp` and on a Bernoulli sample of 60 areas, in
/// `tests/multilevel.rs`.
///
/// References: Bates, Mächler, Bolker and Walker (2015), J. Statistical Software 67(1); Pinheiro and Bates (1995),
/// J. Computational and Graphical Statistics 4, 12-35; Kristensen et al (2016), J. Statistical Software 70(5).
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct MaximumLikelihood {
    /// How the effects are integrated out.
    pub integration: Integration,
    /// Steps of the search allowed.
    pub max_steps: usize,
}

impl Default for MaximumLikelihood {
    fn default() -> Self {
        MaximumLikelihood { integration: Integration::Laplace, max_steps: 200 }
    }
}

#[derive(Debug, Clone, PartialEq)]
struct TermShape {
    levels: usize,
    columns: Vec<Option<usize>>,
}

/// A fitted multilevel logit.
#[derive(Debug, Clone)]
pub struct MaximumLikelihoodFit {
    coefficients: Vec<f64>,
    thetas: Vec<f64>,
    covariance: Vec<f64>,
    robust_covariance: Option<Vec<f64>>,
    log_likelihood: f64,
    log_binomial: f64,
    gradient: Vec<f64>,
    steps: usize,
    used_rows: usize,
    terms: Vec<FittedTerm>,
}

#[derive(Debug, Clone)]
struct FittedTerm {
    shape: TermShape,
    covariance: Vec<f64>,
    effects: Vec<f64>,
    conditional: Vec<f64>,
}

/// The log-likelihood at given parameters.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Evaluation {
    /// Log-likelihood.
    pub log_likelihood: f64,
    /// Its derivatives in the coefficients, then the thetas.
    pub gradient: Vec<f64>,
    /// Conditional modes of the effects, per term: levels by columns.
    pub effects: Vec<Vec<f64>>,
}

impl MaximumLikelihood {
    /// With another way to integrate.
    pub fn with(integration: Integration) -> Self {
        MaximumLikelihood { integration, ..Default::default() }
    }

    /// Fits the model.
    ///
    /// # Errors
    /// Lengths that differ, values out of range, an outcome that is constant, columns that depend on each other or separate
    /// the outcomes (by name), quadrature for more than one effect, no convergence.
    ///
    /// # Example
    /// ```
    /// use clrisk_stats::multilevel::{LikelihoodData, MaximumLikelihood, MultilevelData, Term};
    /// # fn main() -> clrisk_stats::Result<()> {
    /// let names = ["(Intercept)".to_owned()];
    /// let level_of_row = [0, 1, 2, 3];
    /// let term = Term { group: 0, levels: 4, level_of_row: &level_of_row, columns: &[None], correlated: false };
    /// let rows = MultilevelData {
    ///     design: &[1.0; 4],
    ///     width: 1,
    ///     fixed: 1,
    ///     names: &names,
    ///     outcome: &[0.1, 0.3, 0.2, 0.6],
    ///     weights: &[1.0; 4],
    ///     terms: &[term],
    /// };
    /// let data = LikelihoodData { rows, trials: Some(&[20.0; 4]) };
    /// let fit = MaximumLikelihood::default().fit(&data)?;
    /// assert!(fit.standard_deviations()[0] > 0.5 && fit.effects(0)[3] > fit.effects(0)[1]);
    /// # Ok(()) }
    /// ```
    pub fn fit(&self, data: &LikelihoodData<'_>) -> Result<MaximumLikelihoodFit> {
        let rows = Rows::new(data)?;
        if let Integration::Quadrature(points) = self.integration {
            quadrature(&rows, points)?;
        }
        let begin = start(&rows);
        let (mut maximum, joint) = match self.integration {
            Integration::JointMode => self.fit_joint(&rows, begin)?,
            _ => (self.fit_integrated(&rows, begin)?, None),
        };
        refuse_separation(&maximum, &rows, data.rows.names)?;
        make_diagonals_positive(&mut maximum, &rows);
        self.assemble(&rows, &maximum, joint)
    }

    /// The Laplace approximation, and from its maximum quadrature where asked for.
    fn fit_integrated(&self, rows: &Rows, begin: Vec<f64>) -> Result<Maximum> {
        let laplace = match OneFactor::new(rows, 1) {
            Some(mut single) => maximise(&mut single, begin, None, self.max_steps, PROCEDURE)?,
            None => {
                let mut laplace = Laplace::new(rows);
                let (begin, information) = better_start(rows, &mut laplace, begin)?;
                maximise(&mut laplace, begin, Some(information), self.max_steps, PROCEDURE)?
            }
        };
        match self.integration {
            Integration::Quadrature(points) if points != 1 => {
                let mut engine = quadrature(rows, points)?;
                maximise(&mut engine, laplace.parameters, Some(laplace.information), self.max_steps, PROCEDURE)
            }
            _ => Ok(laplace),
        }
    }

    fn fit_joint(&self, rows: &Rows, start: Vec<f64>) -> Result<(Maximum, Option<Vec<f64>>)> {
        let (coefficients, thetas) = start.split_at(rows.fixed);
        let mut profile = Profile { laplace: Laplace::new(rows), coefficients: coefficients.to_vec() };
        let mut maximum = maximise(&mut profile, thetas.to_vec(), None, self.max_steps, PROCEDURE)?;
        let joint = profile.laplace.joint_mode(&profile.coefficients, &maximum.parameters)?;
        let covariance = joint.covariance(rows.fixed);
        maximum.parameters.splice(0..0, joint.coefficients);
        Ok((maximum, Some(covariance)))
    }

    /// Log-likelihood, gradient and conditional modes at given coefficients and thetas, for the comparison of optima.
    ///
    /// `thetas` are per term the lower triangle of `Lambda` column by column (its diagonal when the effects are independent).
    /// With [`Integration::JointMode`] the value is that of the Laplace approximation at the coefficients given.
    ///
    /// # Errors
    /// As [`MaximumLikelihood::fit`].
    pub fn evaluate(&self, data: &LikelihoodData<'_>, coefficients: &[f64], thetas: &[f64]) -> Result<Evaluation> {
        let rows = Rows::new(data)?;
        same_length("coefficients", coefficients.len(), rows.fixed)?;
        same_length("thetas", thetas.len(), rows.thetas)?;
        let parameters: Vec<f64> =
            coefficients.iter().chain(thetas).zip(&rows.scale).map(|(value, scale)| value * scale).collect();
        let (log_likelihood, gradient) = match self.integration {
            Integration::Quadrature(points) => quadrature(&rows, points)?.evaluate(&parameters)?,
            _ => Laplace::new(&rows).evaluate(&parameters)?,
        };
        let conditional = Laplace::new(&rows).conditional(&parameters)?;
        Ok(Evaluation {
            log_likelihood,
            gradient: gradient.iter().zip(&rows.scale).map(|(g, scale)| g * scale).collect(),
            effects: rows.terms.iter().map(|term| effects_of(term, &conditional.effects)).collect(),
        })
    }

    fn assemble(&self, rows: &Rows, maximum: &Maximum, joint: Option<Vec<f64>>) -> Result<MaximumLikelihoodFit> {
        let p = rows.fixed;
        let size = p + rows.thetas;
        let natural: Vec<f64> =
            maximum.parameters.iter().zip(&rows.scale).map(|(value, scale)| value / scale).collect();
        let block = |matrix: &[f64], width: usize| -> Vec<f64> {
            (0..p * p).map(|at| matrix[at / p * width + at % p] / (rows.scale[at / p] * rows.scale[at % p])).collect()
        };
        let (conditional, scores) = self.at_maximum(rows, &maximum.parameters)?;
        let (covariance, robust_covariance) = match joint {
            Some(covariance) => (block(&covariance, p), None),
            None => {
                let inverse = inverse(&maximum.information, size);
                let robust = scores.map(|scores| sandwich(&inverse, &scores, size));
                (block(&inverse, size), robust.map(|robust| block(&robust, size)))
            }
        };
        let fitted =
            |(term, own): (&rows::RowTerm, &Vec<f64>)| fitted_term(term, &natural[p..], &conditional.effects, own);
        let skipped = size - maximum.gradient.len();
        Ok(MaximumLikelihoodFit {
            terms: rows.terms.iter().zip(&conditional.covariances).map(fitted).collect(),
            thetas: natural[p..].to_vec(),
            coefficients: natural[..p].to_vec(),
            covariance,
            robust_covariance,
            log_likelihood: maximum.value,
            log_binomial: rows.log_binomial,
            gradient: maximum.gradient.iter().zip(&rows.scale[skipped..]).map(|(g, scale)| g * scale).collect(),
            steps: maximum.steps,
            used_rows: rows.count,
        })
    }

    /// Conditional modes, and where a level is a unit of its own the sum of outer products of the levels' scores, times
    /// `J / (J - 1)` for `J` levels with data.
    fn at_maximum(&self, rows: &Rows, parameters: &[f64]) -> Result<(Conditional, Option<Vec<f64>>)> {
        let points = if let Integration::Quadrature(points) = self.integration { points } else { 1 };
        let Some(mut engine) = OneFactor::new(rows, points) else {
            return Ok((Laplace::new(rows).conditional(parameters)?, None));
        };
        let size = parameters.len();
        let mut outer = vec![0.0; size * size];
        engine.each_level(parameters, |own| {
            for (i, left) in own.iter().enumerate() {
                outer[i * size..(i + 1) * size].iter_mut().zip(own).for_each(|(sum, right)| *sum += left * right);
            }
        })?;
        let conditional = engine.conditional(parameters[size - 1]);
        let used = rows.starts.windows(2).filter(|pair| pair[1] > pair[0]).count() as f64;
        if used < 2.0 {
            return Ok((conditional, None));
        }
        outer.iter_mut().for_each(|value| *value *= used / (used - 1.0));
        Ok((conditional, Some(outer)))
    }
}

const PROCEDURE: &str = "maximum likelihood of the multilevel model";

fn quadrature(rows: &Rows, points: usize) -> Result<OneFactor<'_>> {
    if points == 0 || points > 200 {
        return Err(StatsError::Setting { setting: "quadrature points", requirement: "between 1 and 200" });
    }
    OneFactor::new(rows, points)
        .ok_or(StatsError::Setting { setting: "quadrature", requirement: "used with one effect a level of one factor" })
}

/// The logit without effects, and standard deviations of one half.
fn start(rows: &Rows) -> Vec<f64> {
    let mut parameters = logit_without_effects(rows).unwrap_or_else(|| vec![0.0; rows.fixed]);
    for term in &rows.terms {
        parameters.extend(term.elements.iter().map(|(row, column)| if row == column { 0.5 } else { 0.0 }));
    }
    parameters
}

/// The coefficients of the joint mode and their information, which is close to that of the Laplace approximation and cheap;
/// only the rows of the thetas are made by differences.
fn better_start(rows: &Rows, laplace: &mut Laplace<'_>, mut begin: Vec<f64>) -> Result<(Vec<f64>, Vec<f64>)> {
    let (p, size) = (rows.fixed, begin.len());
    let joint = laplace.joint_mode(&begin[..p], &begin[p..])?;
    begin[..p].copy_from_slice(&joint.coefficients);
    let of_coefficients = inverse(&joint.covariance(p), p);
    let mut information = vec![0.0; size * size];
    for i in 0..p {
        information[i * size..i * size + p].copy_from_slice(&of_coefficients[i * p..(i + 1) * p]);
    }
    for (theta, row) in (p..size).zip(information_rows(laplace, &begin, p..size)?) {
        for (j, slope) in row.into_iter().enumerate() {
            information[theta * size + j] = slope;
            information[j * size + theta] = slope;
        }
    }
    Ok((begin, information))
}

/// Rows that are enough to start from.
const ROWS_TO_START: usize = 6000;

/// A few Newton steps of the logit on rows spread over all levels: only a start, so none when they lead nowhere.
fn logit_without_effects(rows: &Rows) -> Option<Vec<f64>> {
    let p = rows.fixed;
    let mut coefficients = vec![0.0; p];
    for _ in 0..8 {
        let (mut score, mut information) = (vec![0.0; p], vec![0.0; p * p]);
        for row in (0..rows.count).step_by(rows.count.div_ceil(ROWS_TO_START)) {
            let x = rows.design_row(row);
            let mean = inverse_logit(dot(x, &coefficients));
            let residual = rows.successes[row] - rows.trials[row] * mean;
            let weight = rows.trials[row] * mean * (1.0 - mean);
            for (i, x_i) in x.iter().enumerate() {
                score[i] += residual * x_i;
                let scaled = weight * x_i;
                information[i * p..i * p + i + 1].iter_mut().zip(x).for_each(|(sum, x_j)| *sum += scaled * x_j);
            }
        }
        let mut step = score.clone();
        Cholesky::new(&information, p).ok()?.solve(&mut step);
        coefficients.iter_mut().zip(&step).for_each(|(value, s)| *value += s);
        if coefficients.iter().any(|value| value.is_nan() || value.abs() > 10.0) {
            return None;
        }
        if dot(&step, &score) < 1e-3 {
            break;
        }
    }
    Some(coefficients)
}

/// A coefficient that has run away: its column moves the log odds of a usual row by more than this.
const RUNAWAY: f64 = 15.0;

fn refuse_separation(maximum: &Maximum, rows: &Rows, names: &[String]) -> Result<()> {
    let columns: Vec<usize> = (0..rows.fixed).filter(|&c| maximum.parameters[c].abs() > RUNAWAY).collect();
    if columns.is_empty() {
        return Ok(());
    }
    let names = columns.iter().map(|&c| names[c].clone()).collect();
    Err(StatsError::Separation { columns, names })
}

/// The likelihood does not know the sign of a column of `Lambda`.
fn make_diagonals_positive(maximum: &mut Maximum, rows: &Rows) {
    let without_coefficients = maximum.gradient.len() == rows.thetas;
    for term in &rows.terms {
        for (diagonal, (row, column)) in term.elements.iter().enumerate() {
            let place = rows.fixed + term.first_theta + diagonal;
            if row != column || maximum.parameters[place] >= 0.0 {
                continue;
            }
            for (index, (_, other)) in term.elements.iter().enumerate() {
                if other == column {
                    let place = rows.fixed + term.first_theta + index;
                    maximum.parameters[place] *= -1.0;
                    maximum.gradient[if without_coefficients { place - rows.fixed } else { place }] *= -1.0;
                }
            }
        }
    }
}

/// Inverse of the information, or its pseudo-inverse when a standard deviation of zero leaves a direction undetermined.
fn inverse(information: &[f64], size: usize) -> Vec<f64> {
    if let Ok(factor) = Cholesky::new(information, size) {
        return factor.inverse();
    }
    let matrix: Vec<Vec<f64>> = information.chunks_exact(size).map(<[f64]>::to_vec).collect();
    let (values, vectors) = symmetric_eigen(&matrix);
    let floor = 1e-9 * values.iter().fold(0.0f64, |m, v| m.max(*v));
    let mut inverse = vec![0.0; size * size];
    for (value, vector) in values.iter().zip(&vectors).filter(|(value, _)| **value > floor) {
        for i in 0..size {
            for j in 0..size {
                inverse[i * size + j] += vector[i] * vector[j] / value;
            }
        }
    }
    inverse
}

fn effects_of(term: &rows::RowTerm, effects: &[f64]) -> Vec<f64> {
    (0..term.shape.levels)
        .flat_map(|level| (0..term.scale.len()).map(move |column| (level, column)))
        .map(|(level, column)| effects[term.start + level * term.step + column] / term.scale[column])
        .collect()
}

fn fitted_term(term: &rows::RowTerm, thetas: &[f64], effects: &[f64], conditional: &[f64]) -> FittedTerm {
    let size = term.scale.len();
    let mut factor = vec![0.0; size * size];
    for ((row, column), theta) in term.elements.iter().zip(&thetas[term.first_theta..]) {
        factor[row * size + column] = *theta;
    }
    let row = |i: usize| &factor[i * size..(i + 1) * size];
    FittedTerm {
        covariance: (0..size * size).map(|at| dot(row(at / size), row(at % size))).collect(),
        effects: effects_of(term, effects),
        conditional: conditional
            .iter()
            .enumerate()
            .map(|(at, value)| value / (term.scale[at / size % size] * term.scale[at % size]))
            .collect(),
        shape: term.shape.clone(),
    }
}

impl MaximumLikelihoodFit {
    /// Coefficients, in the order of the fixed columns; log odds per unit of the column.
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// Covariance matrix of the coefficients, row-major: the block of the inverse observed information of coefficients and
    /// thetas. With [`Integration::JointMode`] the thetas are taken as known, as lme4 does.
    pub fn covariance(&self) -> &[f64] {
        &self.covariance
    }

    /// Square roots of the diagonal of [`MaximumLikelihoodFit::covariance`].
    pub fn standard_errors(&self) -> Vec<f64> {
        square_roots(&self.covariance, self.coefficients.len())
    }

    /// Standard errors that hold when levels are drawn independently though the likelihood is not true, as a
    /// pseudo-likelihood with survey weights is not: from the sandwich `A^-1 B A^-1`, `B` the sum of outer products of the
    /// levels' scores times `J / (J - 1)` for `J` levels with data (Rabe-Hesketh and Skrondal 2006, levels as
    /// primary units). Only with one effect a level of one factor that has two levels or more.
    pub fn robust_standard_errors(&self) -> Option<Vec<f64>> {
        self.robust_covariance.as_ref().map(|covariance| square_roots(covariance, self.coefficients.len()))
    }

    /// Elements of `Lambda`, per term its lower triangle column by column.
    pub fn thetas(&self) -> &[f64] {
        &self.thetas
    }

    /// Standard deviations of the effects, in the order of terms and their columns.
    pub fn standard_deviations(&self) -> Vec<f64> {
        self.terms.iter().flat_map(|term| square_roots(&term.covariance, term.shape.columns.len())).collect()
    }

    /// Covariance matrix of the effects of a term, row-major.
    pub fn effect_covariance(&self, term: usize) -> &[f64] {
        &self.terms[term].covariance
    }

    /// Whether some effects have no variance, or are exactly correlated.
    pub fn is_singular(&self) -> bool {
        self.terms.iter().any(|term| {
            let size = term.shape.columns.len();
            (0..size).any(|i| term.covariance[i * size + i] < 1e-8) || Cholesky::new(&term.covariance, size).is_err()
        })
    }

    /// Conditional modes of the effects of a term: levels by columns.
    pub fn effects(&self, term: usize) -> &[f64] {
        &self.terms[term].effects
    }

    /// Conditional covariances of the effects of a term given the parameters: levels by columns by columns.
    pub fn effect_covariances(&self, term: usize) -> &[f64] {
        &self.terms[term].conditional
    }

    /// Maximised log-likelihood, with the binomial coefficients.
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// `sum w log C(trials, successes)`, which is in the log-likelihood.
    pub fn log_binomial(&self) -> f64 {
        self.log_binomial
    }

    /// Derivatives of the log-likelihood at the end: coefficients, then thetas (with [`Integration::JointMode`] thetas only).
    pub fn gradient(&self) -> &[f64] {
        &self.gradient
    }

    /// Steps of the search.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// `2 parameters - 2 log-likelihood`.
    pub fn akaike_criterion(&self) -> f64 {
        2.0 * (self.parameters() - self.log_likelihood)
    }

    /// `log(rows) parameters - 2 log-likelihood`; rows with a weight count.
    pub fn bayesian_criterion(&self) -> f64 {
        (self.used_rows as f64).ln() * self.parameters() - 2.0 * self.log_likelihood
    }

    fn parameters(&self) -> f64 {
        (self.coefficients.len() + self.thetas.len()) as f64
    }

    /// Probabilities of rows: with the conditional modes of their levels, or for an effect of zero.
    ///
    /// Only design and terms of the rows are read; the terms must be those of the fit.
    ///
    /// # Errors
    /// Another number of terms, columns or levels than fitted.
    pub fn probabilities(&self, rows: &MultilevelData<'_>, with_effects: bool) -> Result<Vec<f64>> {
        same_length("terms", rows.terms.len(), self.terms.len())?;
        same_length("fixed columns", rows.fixed, self.coefficients.len())?;
        let count = rows.design.len().checked_div(rows.width).unwrap_or(0);
        let mut predictors: Vec<f64> = (0..count)
            .map(|row| dot(&rows.design[row * rows.width..row * rows.width + rows.fixed], &self.coefficients))
            .collect();
        if with_effects {
            for (term, fitted) in rows.terms.iter().zip(&self.terms) {
                same_length("levels of a random term", term.level_of_row.len(), count)?;
                same_length("columns of a random term", term.columns.len(), fitted.shape.columns.len())?;
                for (row, (predictor, level)) in predictors.iter_mut().zip(term.level_of_row).enumerate() {
                    let first = *level as usize * term.columns.len();
                    let Some(effects) = fitted.effects.get(first..first + term.columns.len()) else {
                        return Err(StatsError::OutOfRange { input: "level", requirement: "one of the fit", row });
                    };
                    let design = &rows.design[row * rows.width..];
                    for (column, effect) in term.columns.iter().zip(effects) {
                        *predictor += effect * column.map_or(1.0, |c| design[c]);
                    }
                }
            }
        }
        Ok(predictors.into_iter().map(inverse_logit).collect())
    }
}

fn square_roots(matrix: &[f64], size: usize) -> Vec<f64> {
    (0..size).map(|i| matrix[i * size + i].sqrt()).collect()
}
