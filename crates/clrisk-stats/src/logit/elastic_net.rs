//! Which variables earn their place? A penalised survey-weighted logit, as a suggestion.

use super::fit::{LogitData, checked_rows};
use super::normal_equations::{inverse_logit, pass};
use crate::error::{Result, StatsError, same_length};

/// Elastic net for the survey-weighted logit.
///
/// Minimised over `b` is `-sum w l(y, x'b) / sum w + penalty (mixing |b|_1 + (1 - mixing) |b|_2^2 / 2)`, `l` the
/// log-probability of the outcome, columns scaled to weighted mean zero and variance one, the intercept free. Solved for a
/// falling sequence of penalties, from the first that leaves the intercept alone, by Newton steps whose quadratic problem is
/// solved column by column (Friedman, Hastie and Tibshirani 2010); a step that does not lower the target is halved.
///
/// It says which columns predict children the fit has not seen; it gives no standard errors, and what it leaves out may still
/// matter to a planner. So it is a suggestion, shown with the loss that speaks for it, and never changes a model.
///
/// Unit: coefficients are log odds per unit of the column. Weights enter up to a constant.
///
/// Checked against: scikit-learn's `LogisticRegression` (`tests/reference/elastic_net`), the unpenalised fit as the penalty
/// vanishes, the conditions of optimality. Reference: Zou and Hastie, JRSS B 67 (2005); Friedman, Hastie and Tibshirani,
/// J. Statistical Software 33 (2010).
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct ElasticNet {
    /// Share of the absolute values in the penalty, above 0 to 1. Default 0.9: nearly the lasso, but columns that say the
    /// same stay together.
    pub mixing: f64,
    /// Number of penalties. Default 40.
    pub penalties: usize,
    /// Smallest penalty as a share of the largest. Default 0.001.
    pub smallest: f64,
}

impl Default for ElasticNet {
    fn default() -> Self {
        Self { mixing: 0.9, penalties: 40, smallest: 1e-3 }
    }
}

/// Fits along a sequence of penalties.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PenaltyPath {
    /// Penalties, largest first.
    pub penalties: Vec<f64>,
    /// Coefficients at each penalty, in the units of the columns.
    pub coefficients: Vec<Vec<f64>>,
}

/// A penalty chosen by predictions out of fold.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PenaltyChoice {
    /// Fits on all rows.
    pub path: PenaltyPath,
    /// Weighted log loss out of fold at each penalty: mean over folds.
    pub losses: Vec<f64>,
    /// Its standard error over folds.
    pub errors: Vec<f64>,
    /// Position of the least loss.
    pub best: usize,
    /// Position of the largest penalty whose loss is within one standard error of the least: the suggestion.
    pub suggested: usize,
}

impl PenaltyChoice {
    /// The coefficients of the suggestion.
    pub fn coefficients(&self) -> &[f64] {
        &self.path.coefficients[self.suggested]
    }
}

/// Newton steps and passes over the columns allowed at one penalty.
const MAX_STEPS: usize = 100;
const MAX_SWEEPS: usize = 10_000;
/// A step that moves no scaled coefficient by more than this ends the search.
const TOLERANCE: f64 = 1e-10;

/// Rows with scaled columns and weights of sum one.
struct Scaled {
    matrix: Vec<f64>,
    outcome: Vec<f64>,
    weights: Vec<f64>,
    columns: usize,
    intercept: usize,
    means: Vec<f64>,
    deviations: Vec<f64>,
}

impl ElasticNet {
    /// Fits along the penalties.
    ///
    /// # Errors
    /// As [`super::SurveyLogit::fit`], but columns may depend on each other; settings out of range; no column that is constant
    /// and not zero (the intercept), or several.
    pub fn path(&self, data: &LogitData<'_>) -> Result<PenaltyPath> {
        self.check()?;
        let scaled = Scaled::new(data)?;
        let penalties = self.sequence(&scaled);
        Ok(self.along(&scaled, penalties))
    }

    /// Fits at these penalties, best from the largest to the smallest.
    ///
    /// # Errors
    /// As [`ElasticNet::path`]; a penalty that is negative or not finite.
    pub fn at(&self, data: &LogitData<'_>, penalties: Vec<f64>) -> Result<PenaltyPath> {
        self.check()?;
        if let Some(row) = penalties.iter().position(|penalty| !(penalty.is_finite() && *penalty >= 0.0)) {
            return Err(StatsError::OutOfRange { input: "penalties", requirement: "not negative", row });
        }
        Ok(self.along(&Scaled::new(data)?, penalties))
    }

    /// Fits along the penalties and chooses one by the weighted log loss of rows left out fold by fold.
    ///
    /// # Errors
    /// As [`ElasticNet::path`]; unequal lengths, fewer than two folds, a fold without which the outcome is constant.
    pub fn cross_validated(&self, data: &LogitData<'_>, folds: &[u64]) -> Result<PenaltyChoice> {
        self.check()?;
        same_length("folds", folds.len(), data.design.rows())?;
        let all = Scaled::new(data)?;
        let path = self.along(&all, self.sequence(&all));
        let inside: Vec<usize> = checked_rows(data)?;
        let mut names: Vec<u64> = inside.iter().map(|&row| folds[row]).collect();
        names.sort_unstable();
        names.dedup();
        if names.len() < 2 {
            return Err(StatsError::Setting { setting: "folds", requirement: "at least two" });
        }
        let width = data.column_names.len();
        let mut by_fold: Vec<Vec<f64>> = Vec::with_capacity(names.len());
        for fold in &names {
            let mut training = vec![false; data.design.rows()];
            inside.iter().filter(|&&row| folds[row] != *fold).for_each(|&row| training[row] = true);
            let scaled = Scaled::new(&LogitData { domain: Some(&training), ..*data })?;
            let fitted = self.along(&scaled, path.penalties.clone());
            let losses = fitted.coefficients.iter().map(|coefficients| {
                let (mut loss, mut weight) = (0.0, 0.0);
                for &row in inside.iter().filter(|&&row| folds[row] == *fold) {
                    let line = &data.matrix[row * width..(row + 1) * width];
                    let eta: f64 = line.iter().zip(coefficients).map(|(x, b)| x * b).sum();
                    let towards = if data.outcome[row] > 0.5 { eta } else { -eta };
                    loss -= data.design.weights()[row] * inverse_logit(towards).max(f64::MIN_POSITIVE).ln();
                    weight += data.design.weights()[row];
                }
                loss / weight
            });
            by_fold.push(losses.collect());
        }
        let count = names.len() as f64;
        let (mut losses, mut errors) = (Vec::new(), Vec::new());
        for at in 0..path.penalties.len() {
            let mean = by_fold.iter().map(|fold| fold[at]).sum::<f64>() / count;
            let squares: f64 = by_fold.iter().map(|fold| (fold[at] - mean).powi(2)).sum();
            losses.push(mean);
            errors.push((squares / (count - 1.0) / count).sqrt());
        }
        let best = (0..losses.len()).fold(0, |best, at| if losses[at] < losses[best] { at } else { best });
        let limit = losses[best] + errors[best];
        let suggested = losses.iter().position(|loss| *loss <= limit).unwrap_or(best);
        Ok(PenaltyChoice { path, losses, errors, best, suggested })
    }

    fn check(&self) -> Result<()> {
        let bad = |setting, requirement| Err(StatsError::Setting { setting, requirement });
        if !(self.mixing > 0.0 && self.mixing <= 1.0) {
            return bad("mixing", "above 0, at most 1");
        }
        if self.penalties < 2 {
            return bad("penalties", "at least two");
        }
        if !(self.smallest > 0.0 && self.smallest < 1.0) {
            return bad("smallest", "between 0 and 1");
        }
        Ok(())
    }

    /// Penalties from the least that keeps every coefficient at zero, in equal ratios.
    fn sequence(&self, scaled: &Scaled) -> Vec<f64> {
        let mean: f64 = scaled.outcome.iter().zip(&scaled.weights).map(|(y, w)| y * w).sum();
        let mut start = vec![0.0; scaled.columns];
        start[scaled.intercept] = (mean / (1.0 - mean)).ln();
        let gradient = scaled.pass(&start).gradient;
        let steepest = (0..scaled.columns)
            .filter(|&column| column != scaled.intercept)
            .map(|column| gradient[column].abs())
            .fold(0.0, f64::max);
        let largest = steepest / self.mixing;
        let ratio = self.smallest.powf(1.0 / (self.penalties - 1) as f64);
        (0..self.penalties).map(|step| largest * ratio.powi(step as i32)).collect()
    }

    fn along(&self, scaled: &Scaled, penalties: Vec<f64>) -> PenaltyPath {
        let mut current = vec![0.0; scaled.columns];
        let mut coefficients = Vec::with_capacity(penalties.len());
        for &penalty in &penalties {
            self.minimise(scaled, penalty, &mut current);
            coefficients.push(scaled.in_units(&current));
        }
        PenaltyPath { penalties, coefficients }
    }

    fn target(&self, scaled: &Scaled, log_likelihood: f64, penalty: f64, beta: &[f64]) -> f64 {
        let size: f64 = (0..scaled.columns)
            .filter(|&column| column != scaled.intercept)
            .map(|column| self.mixing * beta[column].abs() + 0.5 * (1.0 - self.mixing) * beta[column].powi(2))
            .sum();
        penalty * size - log_likelihood
    }

    fn minimise(&self, scaled: &Scaled, penalty: f64, beta: &mut Vec<f64>) {
        let mut at = scaled.pass(beta);
        let mut target = self.target(scaled, at.log_likelihood, penalty, beta);
        for _ in 0..MAX_STEPS {
            let proposal = self.quadratic(scaled, penalty, beta, &at.gradient, &at.information);
            let step: Vec<f64> = proposal.iter().zip(beta.iter()).map(|(new, old)| new - old).collect();
            let mut share = 1.0;
            let moved = loop {
                let candidate: Vec<f64> = beta.iter().zip(&step).map(|(b, s)| b + share * s).collect();
                let there = scaled.pass(&candidate);
                let value = self.target(scaled, there.log_likelihood, penalty, &candidate);
                if value <= target + 1e-15 * target.abs() || share < 1e-6 {
                    (at, target) = (there, value);
                    *beta = candidate;
                    break share * step.iter().fold(0.0f64, |largest, s| largest.max(s.abs()));
                }
                share /= 2.0;
            };
            if moved < TOLERANCE {
                return;
            }
        }
    }

    /// The minimum of the quadratic approximation at `beta`, column by column.
    fn quadratic(
        &self,
        scaled: &Scaled,
        penalty: f64,
        beta: &[f64],
        gradient: &[f64],
        information: &[f64],
    ) -> Vec<f64> {
        let n = scaled.columns;
        let mut new = beta.to_vec();
        // Gradient of the likelihood at `new` under the approximation.
        let mut slope = gradient.to_vec();
        for _ in 0..MAX_SWEEPS {
            let mut largest = 0.0f64;
            for column in 0..n {
                let curvature = information[column * n + column];
                let free = slope[column] + curvature * new[column];
                let value = if column == scaled.intercept {
                    free / curvature
                } else {
                    let shrunk = (free.abs() - penalty * self.mixing).max(0.0).copysign(free);
                    shrunk / (curvature + penalty * (1.0 - self.mixing))
                };
                let change = if value.is_finite() { value - new[column] } else { 0.0 };
                if change != 0.0 {
                    new[column] += change;
                    for (slope, h) in slope.iter_mut().zip(&information[column * n..(column + 1) * n]) {
                        *slope -= h * change;
                    }
                    largest = largest.max(change.abs());
                }
            }
            if largest < 0.01 * TOLERANCE {
                break;
            }
        }
        new
    }
}

impl Scaled {
    fn new(data: &LogitData<'_>) -> Result<Scaled> {
        let rows = checked_rows(data)?;
        let columns = data.column_names.len();
        let total: f64 = rows.iter().map(|&row| data.design.weights()[row]).sum();
        let weights: Vec<f64> = rows.iter().map(|&row| data.design.weights()[row] / total).collect();
        let outcome: Vec<f64> = rows.iter().map(|&row| data.outcome[row]).collect();
        if outcome.iter().all(|&y| y == outcome[0]) {
            return Err(StatsError::ConstantOutcome);
        }
        let mut means = vec![0.0; columns];
        for (&row, weight) in rows.iter().zip(&weights) {
            for (mean, x) in means.iter_mut().zip(&data.matrix[row * columns..]) {
                *mean += weight * x;
            }
        }
        let mut deviations = vec![0.0; columns];
        for (&row, weight) in rows.iter().zip(&weights) {
            for ((sum, mean), x) in deviations.iter_mut().zip(&means).zip(&data.matrix[row * columns..]) {
                *sum += weight * (x - mean).powi(2);
            }
        }
        deviations.iter_mut().for_each(|sum| *sum = sum.sqrt());
        let constant: Vec<usize> = (0..columns)
            .filter(|&column| deviations[column] <= 1e-12 * means[column].abs() && means[column] != 0.0)
            .collect();
        let [intercept] = constant[..] else {
            return Err(StatsError::Setting { setting: "matrix", requirement: "with one constant column" });
        };
        means[intercept] = 0.0;
        deviations[intercept] = 1.0;
        // A column that is zero in all rows used (a category the fold does not have) stays out.
        deviations.iter_mut().filter(|sd| **sd == 0.0).for_each(|sd| *sd = f64::INFINITY);
        let mut matrix = Vec::with_capacity(rows.len() * columns);
        for &row in &rows {
            let line = &data.matrix[row * columns..(row + 1) * columns];
            matrix.extend(line.iter().zip(&means).zip(&deviations).map(|((x, mean), sd)| (x - mean) / sd));
        }
        Ok(Scaled { matrix, outcome, weights, columns, intercept, means, deviations })
    }

    fn pass(&self, beta: &[f64]) -> super::normal_equations::Pass {
        pass(&self.matrix, &self.outcome, &self.weights, self.columns, beta)
    }

    /// Coefficients in the units of the columns.
    fn in_units(&self, beta: &[f64]) -> Vec<f64> {
        let mut units: Vec<f64> = beta.iter().zip(&self.deviations).map(|(b, sd)| b / sd).collect();
        let shift: f64 = units.iter().zip(&self.means).map(|(b, mean)| b * mean).sum();
        // The constant column need not be one.
        let constant = self.matrix[self.intercept];
        units[self.intercept] -= shift / constant;
        units
    }
}
