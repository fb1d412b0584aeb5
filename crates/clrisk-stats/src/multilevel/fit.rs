//! Fitting the multilevel logit and drawing from its posterior.

use std::num::NonZeroUsize;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

use super::blocks::Blocks;
use super::effect_prior::{self, EffectPrior};
use super::grid::{self, GridPoint};
use crate::error::{Result, StatsError};
use crate::linear_algebra::symmetric_eigen;
use crate::space::SpatialBasis;

/// A random term: effects of some columns that vary over the levels of a grouping factor.
#[derive(Debug, Clone, Copy)]
pub struct Term<'a> {
    /// Which grouping factor; terms of the same factor have the same number.
    pub group: usize,
    /// Levels of the factor, with and without data.
    pub levels: usize,
    /// Level of each row.
    pub level_of_row: &'a [u32],
    /// Columns of the design whose coefficients vary; none is the intercept.
    pub columns: &'a [Option<usize>],
    /// Whether the effects of several columns are correlated (lme4's `(1 + x | g)`) or independent (`(1 + x || g)`).
    pub correlated: bool,
}

/// Data of a multilevel logit.
#[derive(Debug, Clone, Copy)]
pub struct MultilevelData<'a> {
    /// Design, row-major: the fixed columns first, then columns that serve only random slopes.
    pub design: &'a [f64],
    /// Number of columns.
    pub width: usize,
    /// Number of fixed columns.
    pub fixed: usize,
    /// Names of the columns, for messages.
    pub names: &'a [String],
    /// Outcome of each row, 0 or 1.
    pub outcome: &'a [f64],
    /// Weight of each row in the likelihood: 1, or survey weights scaled to the effective sample size.
    pub weights: &'a [f64],
    /// Random terms.
    pub terms: &'a [Term<'a>],
}

/// Multilevel logistic regression.
///
/// `logit P(y = 1) = x' beta + sum over terms z' u`, `u ~ N(0, sd^2)`, independent between levels and terms, and
/// between the columns of a term unless it is correlated. The coefficients have a flat prior, the standard deviations half-t
/// with 3 degrees of freedom and scale 1 (Gelman 2006): weak on the logit scale, where a standard deviation above 2 would be
/// extraordinary; correlation matrices a density of `det(R)` (LKJ with shape 2), which holds them a little off -1 and 1.
///
/// The posterior of standard deviations and correlations is found by the Laplace approximation over coefficients and effects jointly
/// (Tierney and Kadane 1986), less its known error, and is summed over a grid on the principal axes around its mode on the log
/// scale, as INLA does (Rue, Martino and Chopin 2009); at each point coefficients and effects are Gaussian around their joint
/// mean (van Niekerk and Rue 2024).
///
/// Levels of a grouping factor without data are part of the model: their effects come out with the prior of each grid
/// point, which is what an unsampled area needs.
///
/// Checked against: full MCMC (`tests/posterior.rs`, `docs/statistics.md`); invented countries with known truth (coverage
/// table in `docs/statistics.md`); lme4, whose coefficients and conditional modes with nAGQ = 0 are the joint mode here at
/// lme4's standard deviation (`cbpp`, in this file's tests). The priors and the grid have no counterpart in lme4; what the
/// data alone say is [`super::MaximumLikelihood`], checked against lme4, glmmTMB and WeMix.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct MultilevelLogit {
    /// Newton steps allowed at each value of the standard deviations.
    pub max_newton_steps: usize,
    /// Steps of the search for the mode of the standard deviations.
    pub max_outer_steps: usize,
    /// Whether to integrate over the standard deviations; when false they are fixed at their mode (empirical Bayes).
    pub integrate: bool,
}

impl Default for MultilevelLogit {
    fn default() -> Self {
        MultilevelLogit { max_newton_steps: 60, max_outer_steps: 60, integrate: true }
    }
}

/// A fitted multilevel logit.
#[derive(Debug, Clone)]
pub struct MultilevelFit {
    layout: Layout,
    smooth: Option<SpatialBasis>,
    grid: Vec<GridPoint>,
    mode: Vec<f64>,
    /// Covariance parameters at their mode, as in [`EffectPrior`].
    parameters: Vec<f64>,
    log_likelihood: f64,
    outer_steps: usize,
}

/// Draws from the joint posterior.
#[derive(Debug, Clone, PartialEq)]
pub struct PosteriorDraws {
    /// Number of draws.
    pub count: usize,
    /// Coefficients: draws by fixed columns.
    pub coefficients: Vec<f64>,
    /// Per term: draws by levels by columns.
    pub effects: Vec<Vec<f64>>,
    /// Standard deviations: draws by components, in the order of terms and their columns, the smooth effect's last.
    pub standard_deviations: Vec<f64>,
    /// Correlations: draws by the pairs of columns of the correlated terms (for each term row by row below the diagonal).
    pub correlations: Vec<f64>,
    /// Smooth effect: draws by areas; empty without one.
    pub smooth: Vec<f64>,
}

/// Where each unknown stands in the vector: border first, then local effects level by level.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) fixed: usize,
    pub(super) border: usize,
    pub(super) local: usize,
    pub(super) levels: usize,
    /// Per term: levels, columns, and the place of level 0 column 0 with the step to the next level.
    pub(super) terms: Vec<TermPlace>,
    pub(super) components: usize,
    /// Components, and parameters of the correlations after them.
    pub(super) parameters: usize,
    /// Place and number of the functions of the smooth effect, the last of the border; none without one.
    pub(super) smooth: std::ops::Range<usize>,
}

#[derive(Debug, Clone)]
pub(super) struct TermPlace {
    pub(super) levels: usize,
    pub(super) columns: Vec<Option<usize>>,
    pub(super) start: usize,
    pub(super) step: usize,
    pub(super) first_component: usize,
    /// First of the parameters of its correlations; none where its effects are independent.
    pub(super) first_correlation: Option<usize>,
    pub(super) is_local: bool,
}

impl TermPlace {
    fn pairs(&self) -> usize {
        self.columns.len() * (self.columns.len() - 1) / 2
    }
}

impl Layout {
    pub(super) fn new(data: &MultilevelData<'_>, smooth: usize) -> Layout {
        let largest =
            data.terms.iter().max_by_key(|term| (term.levels, usize::MAX - term.group)).map(|term| term.group);
        let local: usize =
            data.terms.iter().filter(|term| Some(term.group) == largest).map(|term| term.columns.len()).sum();
        let levels = data.terms.iter().find(|term| Some(term.group) == largest).map_or(0, |term| term.levels);
        let coarse: usize =
            data.terms.iter().filter(|t| Some(t.group) != largest).map(|t| t.levels * t.columns.len()).sum();
        let border = data.fixed + coarse + smooth;
        let (mut next_border, mut next_local, mut component) = (data.fixed, 0, 0);
        let mut terms: Vec<TermPlace> = data
            .terms
            .iter()
            .map(|term| {
                let is_local = Some(term.group) == largest;
                let (start, step) = if is_local {
                    let start = border + next_local;
                    next_local += term.columns.len();
                    (start, local)
                } else {
                    let start = next_border;
                    next_border += term.levels * term.columns.len();
                    (start, term.columns.len())
                };
                let first_component = component;
                component += term.columns.len();
                TermPlace {
                    levels: term.levels,
                    columns: term.columns.to_vec(),
                    start,
                    step,
                    first_component,
                    first_correlation: None,
                    is_local,
                }
            })
            .collect();
        component += usize::from(smooth > 0);
        let mut parameters = component;
        for (place, _) in terms.iter_mut().zip(data.terms).filter(|(_, term)| term.correlated && term.columns.len() > 1)
        {
            place.first_correlation = Some(parameters);
            parameters += place.pairs();
        }
        Layout {
            fixed: data.fixed,
            border,
            local,
            levels,
            terms,
            components: component,
            parameters,
            smooth: border - smooth..border,
        }
    }

    pub(super) fn unknowns(&self) -> usize {
        self.border + self.local * self.levels
    }

    /// Correlations of the correlated terms, row by row below the diagonal.
    fn correlations(&self, parameters: &[f64]) -> Vec<f64> {
        let of_term = |term: &TermPlace| {
            let first = term.first_correlation?;
            Some(effect_prior::correlations(&parameters[first..first + term.pairs()], term.columns.len()))
        };
        self.terms.iter().filter_map(of_term).flatten().collect()
    }

    /// Place of the intercept among the local effects of a level.
    fn local_intercept(&self) -> Option<usize> {
        let mut local = self.terms.iter().filter(|term| term.is_local);
        local.find_map(|term| Some(term.start - self.border + term.columns.iter().position(Option::is_none)?))
    }

    /// Where a covariance parameter is sought.
    pub(super) fn range(&self, parameter: usize) -> std::ops::RangeInclusive<f64> {
        if parameter < self.components { LOG_SD_RANGE } else { TANGENT_RANGE }
    }

    /// Component of each unknown; none for coefficients.
    fn components_of_unknowns(&self) -> Vec<Option<usize>> {
        let mut components = vec![None; self.unknowns()];
        components[self.smooth.clone()].fill(self.components.checked_sub(1));
        for term in &self.terms {
            for level in 0..term.levels {
                for column in 0..term.columns.len() {
                    components[term.start + level * term.step + column] = Some(term.first_component + column);
                }
            }
        }
        components
    }
}

pub(super) struct Problem<'a> {
    pub(super) data: &'a MultilevelData<'a>,
    pub(super) smooth: Option<&'a SpatialBasis>,
    pub(super) layout: &'a Layout,
    pub(super) components: Vec<Option<usize>>,
    max_newton_steps: usize,
}

/// The posterior at one value of the covariance parameters.
pub(super) struct Conditional {
    pub(super) mode: Vec<f64>,
    pub(super) factor: Blocks,
    /// Log of the unnormalised posterior density of the covariance parameters.
    pub(super) log_posterior: f64,
    /// Log-likelihood with coefficients and effects integrated out, without the prior of the covariance parameters.
    log_marginal: f64,
}

pub(super) fn inverse_logit(predictor: f64) -> f64 {
    1.0 / (1.0 + (-predictor).exp())
}

/// `ln(1 + e^x)` without overflow.
pub(super) fn softplus(x: f64) -> f64 {
    if x > 0.0 { x + (-x).exp().ln_1p() } else { x.exp().ln_1p() }
}

impl Problem<'_> {
    /// The smooth effect of every level of the local factor; empty without one.
    pub(super) fn smooth_effect(&self, unknowns: &[f64]) -> Vec<f64> {
        self.smooth.map_or_else(Vec::new, |basis| basis.effect(&unknowns[self.layout.smooth.clone()]))
    }

    pub(super) fn predictor(&self, row: usize, unknowns: &[f64], smooth: &[f64]) -> f64 {
        let design = &self.data.design[row * self.data.width..(row + 1) * self.data.width];
        let mut sum: f64 = design[..self.layout.fixed].iter().zip(unknowns).map(|(x, b)| x * b).sum();
        for (term, place) in self.data.terms.iter().zip(&self.layout.terms) {
            let start = place.start + term.level_of_row[row] as usize * place.step;
            for (column, value) in place.columns.iter().zip(&unknowns[start..]) {
                sum += column.map_or(1.0, |column| design[column]) * value;
                if place.is_local && column.is_none() && !smooth.is_empty() {
                    sum += smooth[term.level_of_row[row] as usize];
                }
            }
        }
        sum
    }

    pub(super) fn penalised(&self, unknowns: &[f64], prior: &EffectPrior) -> f64 {
        let smooth = self.smooth_effect(unknowns);
        let mut sum = 0.0;
        for row in 0..self.data.outcome.len() {
            let predictor = self.predictor(row, unknowns, &smooth);
            sum += self.data.weights[row] * (self.data.outcome[row] * predictor - softplus(predictor));
        }
        sum - prior.penalty(&self.components, |i, j| unknowns[i] * unknowns[j])
    }

    /// Gradient and negative Hessian at `unknowns`.
    fn derivatives(&self, unknowns: &[f64], prior: &EffectPrior, gradient: &mut [f64], hessian: &mut Blocks) {
        let (b, k) = (self.layout.border, self.layout.local);
        gradient.fill(0.0);
        hessian.clear();
        let mut border: Vec<(usize, f64)> = Vec::with_capacity(self.layout.fixed + 8);
        let mut local: Vec<(usize, f64)> = Vec::with_capacity(k);
        let smooth = self.smooth_effect(unknowns);
        for row in 0..self.data.outcome.len() {
            let probability = inverse_logit(self.predictor(row, unknowns, &smooth));
            let weight = self.data.weights[row];
            let residual = weight * (self.data.outcome[row] - probability);
            let information = weight * probability * (1.0 - probability);
            let design = &self.data.design[row * self.data.width..(row + 1) * self.data.width];
            border.clear();
            local.clear();
            border.extend(design[..self.layout.fixed].iter().copied().enumerate().filter(|(_, value)| *value != 0.0));
            let mut level = 0;
            for (term, place) in self.data.terms.iter().zip(&self.layout.terms) {
                let own = term.level_of_row[row] as usize;
                for (offset, column) in place.columns.iter().enumerate() {
                    let value = column.map_or(1.0, |column| design[column]);
                    if value != 0.0 {
                        let position = place.start + own * place.step + offset;
                        if place.is_local {
                            level = own;
                            local.push((position - b - own * k, value));
                        } else {
                            border.push((position, value));
                        }
                    }
                }
            }
            for (index, (i, left)) in border.iter().enumerate() {
                gradient[*i] += residual * left;
                let scaled = information * left;
                for (j, right) in &border[..=index] {
                    // Positions grow within a row, so this is the lower triangle.
                    hessian.border_block[i * b + j] += scaled * right;
                }
            }
            for (index, (i, left)) in local.iter().enumerate() {
                gradient[b + level * k + i] += residual * left;
                let scaled = information * left;
                let cross = &mut hessian.cross[(level * k + i) * b..(level * k + i + 1) * b];
                for (j, right) in &border {
                    cross[*j] += scaled * right;
                }
                for (j, right) in &local[..=index] {
                    hessian.local_blocks[level * k * k + i * k + j] += scaled * right;
                }
            }
        }
        if let Some(basis) = self.smooth {
            self.smooth_derivatives(basis, gradient, hessian);
        }
        prior.pull(&self.components, unknowns, gradient);
        let diagonal = self.components.iter().enumerate();
        let diagonal = diagonal.filter_map(|(place, component)| Some((place, place, prior.diagonal[(*component)?])));
        for (row, column, precision) in diagonal.chain(prior.pairs()) {
            if row < b {
                hessian.border_block[row * b + column] += precision;
            } else {
                // Both are effects of one level.
                let (level, i, j) = ((row - b) / k, (row - b) % k, (column - b) % k);
                hessian.local_blocks[level * k * k + i * k + j] += precision;
            }
        }
    }

    /// Derivatives by the coefficients of the smooth effect. Its functions are constant within a level, like the level's own
    /// intercept, so all follow from the sums that belong to that intercept; the priors are not in them yet.
    fn smooth_derivatives(&self, basis: &SpatialBasis, gradient: &mut [f64], hessian: &mut Blocks) {
        let (b, k, first) = (self.layout.border, self.layout.local, self.layout.smooth.start);
        let Some(intercept) = self.layout.local_intercept() else { return };
        for level in 0..self.layout.levels {
            let at = level * k + intercept;
            let (score, information) = (gradient[b + at], hessian.local_blocks[(at * k) + intercept]);
            if information == 0.0 {
                continue;
            }
            let functions = basis.of(level);
            let sums: Vec<f64> = hessian.cross[at * b..at * b + first].to_vec();
            for (i, left) in functions.iter().enumerate() {
                gradient[first + i] += score * left;
                let row = &mut hessian.border_block[(first + i) * b..(first + i + 1) * b];
                for (value, sum) in row[..first].iter_mut().zip(&sums) {
                    *value += left * sum;
                }
                let scaled = information * left;
                for (value, right) in row[first..=first + i].iter_mut().zip(functions) {
                    *value += scaled * right;
                }
            }
            for other in 0..k {
                // Only the lower triangle of a block is filled.
                let (row, column) = (other.max(intercept), other.min(intercept));
                let sum = hessian.local_blocks[level * k * k + row * k + column];
                let cross = &mut hessian.cross[(level * k + other) * b + first..(level * k + other + 1) * b];
                cross.iter_mut().zip(functions).for_each(|(value, function)| *value += sum * function);
            }
        }
    }

    fn condition(&self, parameters: &[f64], start: &[f64]) -> Result<Conditional> {
        let prior = EffectPrior::new(self.layout, parameters);
        let mut unknowns = start.to_vec();
        let mut gradient = vec![0.0; unknowns.len()];
        let mut hessian = Blocks::new(self.layout.border, self.layout.local, self.layout.levels);
        let mut value = self.penalised(&unknowns, &prior);
        for _ in 0..self.max_newton_steps {
            self.derivatives(&unknowns, &prior, &mut gradient, &mut hessian);
            let log_determinant = hessian
                .factorise()
                .ok_or(StatsError::NotPositiveDefinite { matrix: "Hessian of the multilevel model" })?;
            let mut step = gradient.clone();
            hessian.solve(&mut step);
            let decrement: f64 = step.iter().zip(&gradient).map(|(s, g)| s * g).sum();
            if decrement < 1e-9 {
                let log_marginal = value
                    + 0.5 * (prior.log_determinant - log_determinant)
                    + 0.5 * self.layout.fixed as f64 * (2.0 * std::f64::consts::PI).ln();
                return Ok(Conditional {
                    mode: unknowns,
                    factor: hessian,
                    log_posterior: log_marginal + prior.log_density,
                    log_marginal,
                });
            }
            let mut length = 1.0;
            loop {
                let candidate: Vec<f64> = unknowns.iter().zip(&step).map(|(u, s)| u + length * s).collect();
                let candidate_value = self.penalised(&candidate, &prior);
                if candidate_value >= value || length < 1e-6 {
                    unknowns = candidate;
                    value = candidate_value;
                    break;
                }
                length *= 0.5;
            }
            if let Some(column) = unknowns[..self.layout.fixed].iter().position(|beta| beta.abs() > 1e4) {
                let names = vec![self.data.names[column].clone()];
                return Err(StatsError::Separation { columns: vec![column], names });
            }
        }
        Err(StatsError::NotConverged {
            procedure: "Newton steps of the multilevel model",
            iterations: self.max_newton_steps,
        })
    }

    /// The mean in place of the mode, and the log densities without the error of the Laplace approximation that is known.
    fn condition_at_mean(&self, parameters: &[f64], start: &[f64]) -> Result<Conditional> {
        let mut found = self.condition(parameters, start)?;
        let prior = EffectPrior::new(self.layout, parameters);
        let lacking = self.correct_mean(&mut found.mode, &found.factor, &prior);
        found.log_posterior += lacking;
        found.log_marginal += lacking;
        Ok(found)
    }

    fn condition_all(&self, points: &[Vec<f64>], start: &[f64]) -> Result<Vec<Conditional>> {
        in_parallel(points, |point| self.condition(point, start))
    }

    /// As `condition_all`, with means in place of modes.
    pub(super) fn condition_all_at_means(&self, points: &[Vec<f64>], start: &[f64]) -> Result<Vec<Conditional>> {
        in_parallel(points, |point| self.condition_at_mean(point, start))
    }
}

/// Evaluates several values of the covariance parameters on all cores; the results are in the order of the values.
fn in_parallel(
    points: &[Vec<f64>],
    evaluate: impl Fn(&Vec<f64>) -> Result<Conditional> + Sync,
) -> Result<Vec<Conditional>> {
    let evaluate = &evaluate;
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(points.len()).max(1);
    let share = points.len().div_ceil(threads);
    std::thread::scope(|scope| {
        let tasks: Vec<_> = points
            .chunks(share)
            .map(|chunk| scope.spawn(move || chunk.iter().map(evaluate).collect::<Result<Vec<_>>>()))
            .collect();
        let mut all = Vec::with_capacity(points.len());
        for task in tasks {
            let part =
                task.join().map_err(|_| StatsError::NotConverged { procedure: "multilevel model", iterations: 0 })?;
            all.extend(part?);
        }
        Ok(all)
    })
}

/// A prime that shares no factor with usual numbers of draws.
const SCRAMBLE: usize = 7919;
/// Step of the finite differences in the covariance parameters: wide enough for the Newton tolerance not to show.
const DIFFERENCE: f64 = 0.05;
/// Standard deviations are sought between e^-5 (no variation at all) and e^2.
const LOG_SD_RANGE: std::ops::RangeInclusive<f64> = -5.0..=2.0;
/// Partial correlations are sought between -0.998 and 0.998.
const TANGENT_RANGE: std::ops::RangeInclusive<f64> = -3.5..=3.5;

impl MultilevelLogit {
    /// Fits the model.
    ///
    /// # Errors
    /// Lengths that differ, an outcome that is constant or not 0 or 1, columns that depend on each other or separate the
    /// outcomes (by name), no convergence.
    pub fn fit(&self, data: &MultilevelData<'_>) -> Result<MultilevelFit> {
        self.fit_smooth(data, None)
    }

    /// Fits the model with an effect that is smooth over the map of the largest grouping factor, beside the factor's own
    /// intercepts: `smooth` has one area a level. Together they are a BYM2 effect with two standard deviations; both have the
    /// half-t prior.
    ///
    /// # Errors
    /// As [`MultilevelLogit::fit`]; also when the areas of the map are not the levels of the largest factor, or that factor
    /// has no random intercept.
    pub fn fit_smooth(&self, data: &MultilevelData<'_>, smooth: Option<&SpatialBasis>) -> Result<MultilevelFit> {
        check(data)?;
        let layout = Layout::new(data, smooth.map_or(0, SpatialBasis::functions));
        if let Some(basis) = smooth
            && (layout.local_intercept().is_none() || basis.areas() != layout.levels)
        {
            let requirement = "one area a level of the largest grouping factor, which needs a random intercept";
            return Err(StatsError::Setting { setting: "smooth effect", requirement });
        }
        let problem = Problem {
            data,
            smooth,
            layout: &layout,
            components: layout.components_of_unknowns(),
            max_newton_steps: self.max_newton_steps,
        };
        let mut parameters = vec![-1.0; layout.components];
        parameters.resize(layout.parameters, 0.0);
        let mut current = problem.condition(&parameters, &vec![0.0; layout.unknowns()])?;
        let mut steps = 0;
        let mut curvature = vec![vec![0.0; layout.parameters]; layout.parameters];
        if layout.parameters > 0 {
            let mut converged = false;
            while steps < self.max_outer_steps && !converged {
                steps += 1;
                let (gradient, hessian) = self.curve(&problem, &parameters, &current)?;
                let direction = newton_direction(&gradient, &hessian);
                curvature = hessian;
                let expected: f64 = gradient.iter().zip(&direction).map(|(g, d)| g * d).sum();
                converged = expected.abs() < 1e-4;
                let mut length: f64 = 1.0;
                loop {
                    let candidate: Vec<f64> = parameters
                        .iter()
                        .zip(&direction)
                        .enumerate()
                        .map(|(parameter, (value, step))| {
                            let range = layout.range(parameter);
                            (value + length * step.clamp(-1.0, 1.0)).clamp(*range.start(), *range.end())
                        })
                        .collect();
                    if candidate == parameters {
                        converged = true;
                        break;
                    }
                    let tried = problem.condition(&candidate, &current.mode)?;
                    if tried.log_posterior >= current.log_posterior - 1e-9 {
                        parameters = candidate;
                        current = tried;
                        break;
                    }
                    length *= 0.5;
                    if length < 1e-3 {
                        converged = true;
                        break;
                    }
                }
            }
            if !converged {
                return Err(StatsError::NotConverged {
                    procedure: "standard deviations of the multilevel model",
                    iterations: steps,
                });
            }
        }
        let grid = self.grid(&problem, &parameters, &current, &curvature)?;
        Ok(MultilevelFit {
            mode: current.mode,
            parameters,
            log_likelihood: current.log_marginal,
            outer_steps: steps,
            grid,
            smooth: smooth.cloned(),
            layout,
        })
    }

    /// Gradient and Hessian of the log posterior of the covariance parameters, by central differences.
    fn curve(
        &self,
        problem: &Problem<'_>,
        parameters: &[f64],
        current: &Conditional,
    ) -> Result<(Vec<f64>, Vec<Vec<f64>>)> {
        let n = parameters.len();
        let mut points = Vec::new();
        let shifted = |shifts: &[(usize, f64)]| {
            let mut point = parameters.to_vec();
            for (index, shift) in shifts {
                point[*index] += shift;
            }
            point
        };
        for i in 0..n {
            points.push(shifted(&[(i, DIFFERENCE)]));
            points.push(shifted(&[(i, -DIFFERENCE)]));
        }
        for i in 0..n {
            for j in 0..i {
                points.push(shifted(&[(i, DIFFERENCE), (j, DIFFERENCE)]));
            }
        }
        let values: Vec<f64> =
            problem.condition_all(&points, &current.mode)?.into_iter().map(|point| point.log_posterior).collect();
        let centre = current.log_posterior;
        let mut gradient = vec![0.0; n];
        let mut hessian = vec![vec![0.0; n]; n];
        for i in 0..n {
            let (up, down) = (values[2 * i], values[2 * i + 1]);
            gradient[i] = (up - down) / (2.0 * DIFFERENCE);
            hessian[i][i] = (up - 2.0 * centre + down) / (DIFFERENCE * DIFFERENCE);
        }
        let mut next = 2 * n;
        for i in 0..n {
            for j in 0..i {
                let both = values[next];
                next += 1;
                let mixed = (both - values[2 * i] - values[2 * j] + centre) / (DIFFERENCE * DIFFERENCE);
                hessian[i][j] = mixed;
                hessian[j][i] = mixed;
            }
        }
        Ok((gradient, hessian))
    }

    /// The grid over covariance parameters, or its centre alone, with the means of coefficients and effects.
    fn grid(
        &self,
        problem: &Problem<'_>,
        parameters: &[f64],
        current: &Conditional,
        hessian: &[Vec<f64>],
    ) -> Result<Vec<GridPoint>> {
        if parameters.is_empty() || !self.integrate {
            let centre = problem.condition_at_mean(parameters, &current.mode)?;
            return Ok(vec![GridPoint::alone(parameters, centre.mode, centre.factor)]);
        }
        grid::grid(problem, parameters, &current.mode, hessian)
    }
}

fn check(data: &MultilevelData<'_>) -> Result<()> {
    let rows = data.outcome.len();
    let length = |input, found, expected| {
        if found == expected { Ok(()) } else { Err(StatsError::Length { input, expected, found }) }
    };
    length("design", data.design.len(), rows * data.width)?;
    length("weights", data.weights.len(), rows)?;
    length("names", data.names.len(), data.width)?;
    for term in data.terms {
        length("levels of a random term", term.level_of_row.len(), rows)?;
        if let Some(row) = term.level_of_row.iter().position(|level| *level as usize >= term.levels) {
            return Err(StatsError::OutOfRange { input: "level", requirement: "below the number of levels", row });
        }
    }
    if rows == 0 {
        return Err(StatsError::Empty { quantity: "a multilevel model" });
    }
    if let Some(row) = data.outcome.iter().position(|y| *y != 0.0 && *y != 1.0) {
        return Err(StatsError::OutOfRange { input: "outcome", requirement: "0 or 1", row });
    }
    if data.outcome.iter().all(|y| *y == data.outcome[0]) {
        return Err(StatsError::ConstantOutcome);
    }
    if let Some(row) = data.weights.iter().position(|w| !(w.is_finite() && *w >= 0.0)) {
        return Err(StatsError::OutOfRange { input: "weights", requirement: "finite and not negative", row });
    }
    if let Some(place) = data.design.iter().position(|x| !x.is_finite()) {
        return Err(StatsError::Missing { input: "design", row: place / data.width });
    }
    Ok(())
}

/// Newton direction for maximising, with the Hessian made negative definite where it is not.
fn newton_direction(gradient: &[f64], hessian: &[Vec<f64>]) -> Vec<f64> {
    let n = gradient.len();
    let (values, vectors) = symmetric_eigen(hessian);
    let mut direction = vec![0.0; n];
    for (value, vector) in values.iter().zip(&vectors) {
        let along: f64 = vector.iter().zip(gradient).map(|(v, g)| v * g).sum();
        let scale = along / value.abs().max(0.5);
        for (target, v) in direction.iter_mut().zip(vector) {
            *target += scale * v;
        }
    }
    direction
}

impl MultilevelFit {
    /// Coefficients at the joint mode, at the most probable standard deviations.
    pub fn coefficients(&self) -> &[f64] {
        &self.mode[..self.layout.fixed]
    }

    /// Effects of a term at the joint mode: levels by columns.
    pub fn effects(&self, term: usize) -> Vec<f64> {
        self.effects_of(&self.mode, term)
    }

    fn effects_of(&self, unknowns: &[f64], term: usize) -> Vec<f64> {
        let place = &self.layout.terms[term];
        (0..place.levels)
            .flat_map(|level| (0..place.columns.len()).map(move |column| (level, column)))
            .map(|(level, column)| unknowns[place.start + level * place.step + column])
            .collect()
    }

    /// Smooth effect of every area at the joint mode; empty without one.
    pub fn smooth_effect(&self) -> Vec<f64> {
        self.smooth_of(&self.mode)
    }

    fn smooth_of(&self, unknowns: &[f64]) -> Vec<f64> {
        self.smooth.as_ref().map_or_else(Vec::new, |basis| basis.effect(&unknowns[self.layout.smooth.clone()]))
    }

    /// Most probable standard deviations, in the order of terms and their columns, the smooth effect's last.
    pub fn standard_deviations(&self) -> Vec<f64> {
        self.parameters[..self.layout.components].iter().map(|value| value.exp()).collect()
    }

    /// Correlations at the most probable covariance parameters: for each correlated term row by row below the diagonal.
    pub fn correlations(&self) -> Vec<f64> {
        self.layout.correlations(&self.parameters)
    }

    /// Log-likelihood with coefficients and effects integrated out (Laplace), at the most probable standard deviations.
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// Steps of the search for the standard deviations.
    pub fn outer_steps(&self) -> usize {
        self.outer_steps
    }

    /// Points of the grid over standard deviations.
    pub fn grid_points(&self) -> usize {
        self.grid.len()
    }

    /// Draws from the joint posterior. Draw `i` uses stream `i` of the generator with this seed, so any draw can be made
    /// alone and the number of threads changes nothing.
    pub fn draws(&self, count: usize, seed: u64) -> PosteriorDraws {
        let unknowns = self.layout.unknowns();
        let mut draws = PosteriorDraws {
            count,
            coefficients: Vec::with_capacity(count * self.layout.fixed),
            effects: self.layout.terms.iter().map(|t| Vec::with_capacity(count * t.levels * t.columns.len())).collect(),
            standard_deviations: Vec::with_capacity(count * self.layout.components),
            correlations: Vec::with_capacity(count * (self.layout.parameters - self.layout.components)),
            smooth: Vec::new(),
        };
        // Systematic choice of the grid point (one draw for each slice of probability) wastes no draw on chance.
        let mut cumulated = 0.0;
        let ends: Vec<f64> = self
            .grid
            .iter()
            .map(|point| {
                cumulated += point.weight;
                cumulated
            })
            .collect();
        for draw in 0..count {
            // The slices are dealt out in a scrambled order, so that any first few draws cover the grid.
            let slice = draw.wrapping_mul(SCRAMBLE) % count;
            let at = (slice as f64 + 0.5) / count as f64;
            let chosen = ends.partition_point(|end| *end < at).min(self.grid.len() - 1);
            let point = &self.grid[chosen];
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            random.set_stream(draw as u64);
            let mut vector: Vec<f64> = (0..unknowns).map(|_| StandardNormal.sample(&mut random)).collect();
            point.factor.solve_transposed(&mut vector);
            for (value, mean) in vector.iter_mut().zip(&point.mean) {
                *value += mean;
            }
            draws.coefficients.extend_from_slice(&vector[..self.layout.fixed]);
            for (term, effects) in draws.effects.iter_mut().enumerate() {
                effects.extend(self.effects_of(&vector, term));
            }
            draws.smooth.extend(self.smooth_of(&vector));
            let parameters = point.draw_parameters(&mut random);
            draws.standard_deviations.extend(parameters[..self.layout.components].iter().map(|log_sd| log_sd.exp()));
            draws.correlations.extend(self.layout.correlations(&parameters));
        }
        draws
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_joint_mode_at_the_standard_deviation_of_lme4_is_lme4s_without_quadrature() {
        let peer: Value = serde_json::from_str(include_str!("../../tests/reference/multilevel/cbpp.json")).unwrap();
        let peer = &peer["cbpp_nAGQ0"];
        let mut csv = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(include_str!("../../tests/reference/multilevel/cbpp.csv").as_bytes());
        let (mut design, mut outcome, mut level_of_row) = (Vec::new(), Vec::new(), Vec::new());
        for record in csv.records() {
            let record = record.unwrap();
            let number = |at: usize| record[at].trim().parse::<u32>().unwrap();
            let (herd, incidence, size, period) = (number(0), number(1), number(2), number(3));
            for animal in 0..size {
                design.push(1.0);
                design.extend((2..=4).map(|p| f64::from(u8::from(p == period))));
                outcome.push(f64::from(u8::from(animal < incidence)));
                level_of_row.push(herd - 1);
            }
        }
        let term = Term { group: 0, levels: 15, level_of_row: &level_of_row, columns: &[None], correlated: false };
        let data = MultilevelData {
            design: &design,
            width: 4,
            fixed: 4,
            names: &["1", "2", "3", "4"].map(str::to_owned),
            outcome: &outcome,
            weights: &vec![1.0; outcome.len()],
            terms: &[term],
        };
        let layout = Layout::new(&data, 0);
        let components = layout.components_of_unknowns();
        let problem = Problem { data: &data, smooth: None, layout: &layout, components, max_newton_steps: 60 };
        let log_sd = peer["sd"].as_f64().unwrap().ln();
        let found = problem.condition(&[log_sd], &vec![0.0; layout.unknowns()]).unwrap().mode;
        let coefficients = peer["coef"].as_object().unwrap().values();
        for (found, expected) in found.iter().zip(coefficients.chain(peer["u"].as_array().unwrap())) {
            assert!((found - expected.as_f64().unwrap()).abs() < 1e-5, "{found} against {expected}");
        }
    }

    /// Municipalities on a grid of 12 by 10, children in each but every sixth, a fixed covariate, an intercept and a
    /// slope for every municipality, and a coarser factor of ten.
    struct Simulated {
        design: Vec<f64>,
        outcome: Vec<f64>,
        level: Vec<u32>,
        coarse: Vec<u32>,
        truth: Vec<f64>,
    }

    fn grid_map() -> crate::space::Neighbours {
        let index = |row: u32, column: u32| row * 12 + column;
        let mut pairs = Vec::new();
        for row in 0..10 {
            for column in 0..12 {
                if column < 11 {
                    pairs.push((index(row, column), index(row, column + 1)));
                }
                if row < 9 {
                    pairs.push((index(row, column), index(row + 1, column)));
                }
            }
        }
        crate::space::Neighbours::from_pairs(120, &pairs).unwrap()
    }

    fn simulate(children: usize, basis: &SpatialBasis, sd: f64) -> Simulated {
        let mut random = ChaCha8Rng::seed_from_u64(11);
        let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
        let z: Vec<f64> = (0..basis.functions()).map(|_| sd * normal()).collect();
        let truth = basis.effect(&z);
        let mut data =
            Simulated { design: Vec::new(), outcome: Vec::new(), level: Vec::new(), coarse: Vec::new(), truth };
        for area in (0..120u32).filter(|area| area % 6 != 5) {
            let own = 0.2 * normal();
            for _ in 0..children {
                let x = normal();
                let predictor = -0.5 + 0.7 * x + own + data.truth[area as usize];
                // A logistic deviate from a normal one is close enough to make data with.
                data.outcome.push(f64::from(u8::from(predictor + 1.7 * normal() > 0.0)));
                data.design.extend([1.0, x]);
                data.level.push(area);
                data.coarse.push(area / 12);
            }
        }
        data
    }

    #[test]
    fn derivatives_of_the_smooth_effect_are_those_of_the_objective() {
        let basis = SpatialBasis::new(&grid_map(), 7).unwrap();
        let rows = simulate(4, &basis, 0.8);
        let terms = [
            Term { group: 0, levels: 120, level_of_row: &rows.level, columns: &[Some(1), None], correlated: true },
            Term { group: 1, levels: 10, level_of_row: &rows.coarse, columns: &[None], correlated: false },
        ];
        let data = MultilevelData {
            design: &rows.design,
            width: 2,
            fixed: 2,
            names: &["1", "x"].map(str::to_owned),
            outcome: &rows.outcome,
            weights: &vec![0.8; rows.outcome.len()],
            terms: &terms,
        };
        let layout = Layout::new(&data, basis.functions());
        let components = layout.components_of_unknowns();
        let problem = Problem { data: &data, smooth: Some(&basis), layout: &layout, components, max_newton_steps: 60 };
        let log_sds = [2.0f64, 3.0, 4.0, 1.5].map(|precision| -0.5 * precision.ln());
        let prior = EffectPrior::new(&layout, &[&log_sds[..], &[0.6]].concat());
        let unknowns: Vec<f64> = (0..layout.unknowns()).map(|i| 0.3 * (i as f64).sin()).collect();
        let derivatives = |at: &[f64]| {
            let mut gradient = vec![0.0; at.len()];
            let mut hessian = Blocks::new(layout.border, layout.local, layout.levels);
            problem.derivatives(at, &prior, &mut gradient, &mut hessian);
            (gradient, hessian)
        };
        let (gradient, mut hessian) = derivatives(&unknowns);
        let step = 1e-5;
        // Newton's step undoes the Hessian: multiplying it back by differences of the gradient has to give the gradient.
        let _ = hessian.factorise().unwrap();
        let mut direction = gradient.clone();
        hessian.solve(&mut direction);
        let moved = |t: f64| unknowns.iter().zip(&direction).map(|(u, d)| u + t * d).collect::<Vec<f64>>();
        let (up, down) = (derivatives(&moved(step)).0, derivatives(&moved(-step)).0);
        for position in 0..unknowns.len() {
            let product = -(up[position] - down[position]) / (2.0 * step);
            assert!((product - gradient[position]).abs() < 1e-6, "{position}: {product} {}", gradient[position]);
        }
        for position in (0..layout.border).chain([layout.border, layout.border + 1, layout.border + 57]) {
            let shifted = |t: f64| {
                let mut point = unknowns.clone();
                point[position] += t;
                problem.penalised(&point, &prior)
            };
            let difference = (shifted(step) - shifted(-step)) / (2.0 * step);
            assert!((difference - gradient[position]).abs() < 1e-6, "{position}");
        }
    }

    #[test]
    fn a_smooth_effect_is_found_and_speaks_for_places_without_data() {
        let basis = SpatialBasis::new(&grid_map(), 40).unwrap();
        let rows = simulate(60, &basis, 0.8);
        let terms = [Term { group: 0, levels: 120, level_of_row: &rows.level, columns: &[None], correlated: false }];
        let data = MultilevelData {
            design: &rows.design,
            width: 2,
            fixed: 2,
            names: &["1", "x"].map(str::to_owned),
            outcome: &rows.outcome,
            weights: &vec![1.0; rows.outcome.len()],
            terms: &terms,
        };
        let fit = MultilevelLogit::default().fit_smooth(&data, Some(&basis)).unwrap();
        let sds = fit.standard_deviations();
        assert!((0.5..1.2).contains(&sds[1]) && sds[0] < 0.45, "{sds:?}");
        let effect = fit.smooth_effect();
        let correlation = |chosen: &dyn Fn(usize) -> bool| {
            let pairs: Vec<(f64, f64)> =
                (0..120).filter(|area| chosen(*area)).map(|area| (effect[area], rows.truth[area])).collect();
            let mean = |f: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(f).sum::<f64>() / pairs.len() as f64;
            let (a, b) = (mean(&|pair| pair.0), mean(&|pair| pair.1));
            let covariance = mean(&|pair| (pair.0 - a) * (pair.1 - b));
            covariance / (mean(&|pair| (pair.0 - a).powi(2)) * mean(&|pair| (pair.1 - b).powi(2))).sqrt()
        };
        let (seen, unseen) = (correlation(&|area| area % 6 != 5), correlation(&|area| area % 6 == 5));
        assert!(seen > 0.9, "{seen}");
        assert!(unseen > 0.6, "neighbours tell: {unseen}");
        let draws = fit.draws(200, 3);
        assert_eq!(draws.smooth.len(), 200 * 120);
        let spread = |area: usize| {
            let values: Vec<f64> = (0..200).map(|draw| draws.smooth[draw * 120 + area]).collect();
            let mean = values.iter().sum::<f64>() / 200.0;
            (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 199.0).sqrt()
        };
        let average = |rest: usize| (0..20).map(|step| spread(6 * step + rest)).sum::<f64>() / 20.0;
        assert!(average(5) > 1.1 * average(2), "less is known where there are no data: {} {}", average(5), average(2));
    }
}
