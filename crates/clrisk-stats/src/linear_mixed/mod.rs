//! Gaussian linear mixed model with one grouping factor: coefficients common to all groups, and a vector of correlated
//! effects (an intercept, slopes) for each group.
//!
//! The likelihood is profiled over the relative covariance factor of the effects, as Bates, Mächler, Bolker and Walker
//! (2015) describe: given the factor, coefficients and residual variance have closed forms.

mod profile;

use crate::error::{Result, StatsError, same_length};
use crate::linear_algebra::{Cholesky, dot};
use crate::newton::minimise;
use profile::{At, Group, Profile, factor_of, multiply, pivoted, transpose};

/// Which likelihood is maximised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Likelihood {
    /// Restricted: of the part of the data that the coefficients do not touch. The default: variances nearly unbiased.
    #[default]
    Restricted,
    /// Full: comparable between models with different fixed columns; variances too small in small samples.
    Full,
}

/// Rows of a linear mixed model.
#[derive(Debug, Clone, Copy)]
pub struct LinearMixedData<'a> {
    /// Outcome of each row.
    pub outcome: &'a [f64],
    /// Fixed columns, `rows x column_names.len()`, row-major, with an intercept column if one is wanted.
    pub matrix: &'a [f64],
    /// Names of the fixed columns, for messages.
    pub column_names: &'a [String],
    /// Columns whose coefficients vary over groups, `rows x random_columns`, row-major; a column of ones for an intercept.
    pub random: &'a [f64],
    /// Number of random columns.
    pub random_columns: usize,
    /// Group of each row.
    pub group_of_row: &'a [u32],
    /// Number of groups, with and without rows.
    pub groups: usize,
}

/// Gaussian linear mixed model, `y = x'b + z'u_g + e`, `u_g ~ N(0, S)`, `e ~ N(0, s2)`, all independent.
///
/// With `S = s2 L L'`, `L` lower triangular, the deviance is
/// `sum_g log|L'Z_g'Z_g L + I| + d (1 + log(2 pi r2(L) / d))`, where `r2` is the penalised residual sum of squares and `d`
/// the number of rows; the restricted one has `d` = rows - columns and adds `log|X'V^-1 X|` (Bates et al. 2015, equations
/// 34 and 42). It is minimised by Newton's method with its exact gradient, from the best of several starting scales. `L`
/// is left free in sign, so that a variance of zero is an ordinary stationary point; a search that lasts is taken up again
/// with the columns in the order of a pivoted factor.
///
/// Units: coefficients in outcome per column, variances in outcome squared per column squared. Assumes that the random
/// columns do not depend on each other within the data as a whole, and at least one group with more rows than one.
///
/// Checked against: `mixed.json` `sleep_REMLTRUE`, `sleep_REMLFALSE` (R `lme4`; script `04_mixed.R`); the model with
/// random slopes against the figures `lme4` and Julia `MixedModels` print, and a dense evaluation of the likelihood.
///
/// Reference: Bates, Mächler, Bolker and Walker, Journal of Statistical Software 67(1) (2015); Laird and Ware, Biometrics
/// 38 (1982).
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct LinearMixed {
    /// Likelihood.
    pub likelihood: Likelihood,
    /// Newton steps allowed.
    pub max_iterations: usize,
}

impl Default for LinearMixed {
    fn default() -> Self {
        Self { likelihood: Likelihood::Restricted, max_iterations: 200 }
    }
}

impl LinearMixed {
    /// The default model with this likelihood.
    pub fn new(likelihood: Likelihood) -> Self {
        Self { likelihood, ..Self::default() }
    }
}

/// A fitted linear mixed model.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LinearMixedFit {
    /// Coefficients of the fixed columns.
    pub coefficients: Vec<f64>,
    /// Their covariance matrix given the variances, row-major.
    pub covariance: Vec<f64>,
    /// Variance of the residuals.
    pub residual_variance: f64,
    /// Covariance matrix of the effects of a group, row-major.
    pub random_covariance: Vec<f64>,
    /// Maximised log-likelihood: restricted or full, as asked for.
    pub log_likelihood: f64,
    /// Largest entry of the gradient of the deviance at the estimates, by the relative covariance factor of random columns
    /// made orthogonal with mean square one: zero but for rounding at a maximum.
    pub gradient: f64,
    /// Newton steps made.
    pub iterations: usize,
    /// Rows.
    pub rows: usize,
    random_columns: usize,
    effects: Vec<f64>,
    conditional: Vec<f64>,
}

impl LinearMixedFit {
    /// Standard errors of the coefficients.
    pub fn standard_errors(&self) -> Vec<f64> {
        let p = self.coefficients.len();
        (0..p).map(|j| self.covariance[j * p + j].max(0.0).sqrt()).collect()
    }

    /// Standard deviations of the effects.
    pub fn standard_deviations(&self) -> Vec<f64> {
        let q = self.random_columns;
        (0..q).map(|j| self.random_covariance[j * q + j].max(0.0).sqrt()).collect()
    }

    /// Predicted effects, groups by random columns: their conditional means, zero for a group without rows.
    pub fn effects(&self) -> &[f64] {
        &self.effects
    }

    /// Conditional covariance matrix of the effects of a group given coefficients and variances, row-major; for a group
    /// without rows that of the model. Empty when there is no such group.
    pub fn effect_covariance(&self, group: usize) -> &[f64] {
        let size = self.random_columns * self.random_columns;
        self.conditional.get(group * size..(group + 1) * size).unwrap_or(&[])
    }

    /// Number of free parameters: coefficients, entries of the covariance matrix, residual variance.
    pub fn parameters(&self) -> usize {
        self.coefficients.len() + self.random_columns * (self.random_columns + 1) / 2 + 1
    }

    /// `-2 log-likelihood + 2 parameters`.
    pub fn aic(&self) -> f64 {
        -2.0 * self.log_likelihood + 2.0 * self.parameters() as f64
    }

    /// `-2 log-likelihood + parameters ln(rows)`.
    pub fn bic(&self) -> f64 {
        -2.0 * self.log_likelihood + self.parameters() as f64 * (self.rows as f64).ln()
    }
}

/// Newton steps before the columns are put into a better order.
const ROUND: usize = 20;

/// What was done to the data before the search, to be undone afterwards.
struct Prepared {
    profile: Profile,
    /// Least-squares coefficients.
    centre: Vec<f64>,
    /// Columns of the orthonormalised matrix in terms of those given: `X = Q R`, this is `R^-1`, upper triangular.
    back: Vec<f64>,
    /// The same for the random columns, whose mean squares and products become the identity: it makes parameters of one size,
    /// and is exact because any covariance matrix of effects is one of transformed effects.
    random_back: Vec<f64>,
}

impl LinearMixed {
    /// Fits the model.
    ///
    /// # Errors
    /// Unequal lengths, values that are not finite, groups out of range, dependent fixed columns by name, dependent
    /// random columns, an outcome that is constant (or exactly linear in the
    /// fixed columns), no row more than there are coefficients and groups, or no convergence.
    ///
    /// # Example
    /// ```
    /// use clrisk_stats::linear_mixed::{LinearMixed, LinearMixedData};
    /// # fn main() -> clrisk_stats::Result<()> {
    /// let data = LinearMixedData {
    ///     outcome: &[1.0, 1.2, 0.9, 3.1, 2.8, 3.0, 2.1, 1.9, 2.0],
    ///     matrix: &[1.0; 9],
    ///     column_names: &["intercept".to_owned()],
    ///     random: &[1.0; 9],
    ///     random_columns: 1,
    ///     group_of_row: &[0, 0, 0, 1, 1, 1, 2, 2, 2],
    ///     groups: 4,
    /// };
    /// let fit = LinearMixed::default().fit(&data)?;
    /// assert!(fit.random_covariance[0] > fit.residual_variance);
    /// assert_eq!(fit.effects()[3], 0.0, "a group without rows");
    /// # Ok(()) }
    /// ```
    pub fn fit(&self, data: &LinearMixedData<'_>) -> Result<LinearMixedFit> {
        check(data)?;
        let prepared = Prepared::new(data, self.likelihood)?;
        let q = data.random_columns;
        let mut order: Vec<usize> = (0..q).collect();
        let diagonal = |scale: f64| -> Vec<f64> {
            (0..q).flat_map(|i| (0..=i).map(move |j| if i == j { scale } else { 0.0 })).collect()
        };
        let starts = [0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0].map(diagonal);
        let values =
            starts.into_iter().filter_map(|start| Some((prepared.profile.at(&start, &order)?.deviance, start)));
        let (_, mut start) = values
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .ok_or(StatsError::NotPositiveDefinite { matrix: "information matrix" })?;
        let mut iterations = 0;
        let found = loop {
            let evaluate =
                |parameters: &[f64]| prepared.profile.at(parameters, &order).map(|at| (at.deviance, at.gradient));
            let found = minimise(&start, ROUND.min(self.max_iterations - iterations), evaluate)
                .ok_or(StatsError::NotPositiveDefinite { matrix: "information matrix" })?;
            iterations += found.iterations;
            if found.converged {
                break found;
            }
            if iterations >= self.max_iterations {
                let procedure = "the linear mixed model";
                return Err(StatsError::NotConverged { procedure, iterations: self.max_iterations });
            }
            let factor = factor_of(&found.point, &order);
            (start, order) = pivoted(multiply(&factor, &transpose(&factor, q), q, q), q);
        };
        let at = prepared
            .profile
            .at(&found.point, &order)
            .ok_or(StatsError::NotPositiveDefinite { matrix: "information matrix" })?;
        let gradient = found.gradient.iter().fold(0.0f64, |largest, g| largest.max(g.abs()));
        let mut fit = prepared.finish(data, &at, &factor_of(&found.point, &order));
        fit.log_likelihood = -0.5 * found.value;
        fit.gradient = gradient;
        fit.iterations = iterations;
        Ok(fit)
    }
}

fn check(data: &LinearMixedData<'_>) -> Result<()> {
    let rows = data.outcome.len();
    let columns = data.column_names.len();
    same_length("matrix", data.matrix.len(), rows * columns)?;
    same_length("random", data.random.len(), rows * data.random_columns)?;
    same_length("group_of_row", data.group_of_row.len(), rows)?;
    if rows == 0 || columns == 0 || data.random_columns == 0 {
        return Err(StatsError::Empty { quantity: "a linear mixed model" });
    }
    for (input, values, width) in
        [("outcome", data.outcome, 1), ("matrix", data.matrix, columns), ("random", data.random, data.random_columns)]
    {
        if let Some(position) = values.iter().position(|v| !v.is_finite()) {
            return Err(StatsError::Missing { input, row: position / width });
        }
    }
    if let Some(row) = data.group_of_row.iter().position(|&g| g as usize >= data.groups) {
        return Err(StatsError::OutOfRange { input: "group", requirement: "below the number of groups", row });
    }
    let mut seen = vec![false; data.groups];
    data.group_of_row.iter().for_each(|&g| seen[g as usize] = true);
    let with_rows = seen.iter().filter(|s| **s).count();
    if with_rows < 2 || rows <= with_rows || rows <= columns + 1 {
        let quantity = "variances between and within groups (two groups, and more rows than groups and columns)";
        return Err(StatsError::Empty { quantity });
    }
    Ok(())
}

impl Prepared {
    fn new(data: &LinearMixedData<'_>, likelihood: Likelihood) -> Result<Self> {
        let (rows, p, q) = (data.outcome.len(), data.column_names.len(), data.random_columns);
        let mut information = vec![0.0; p * p];
        for x in data.matrix.chunks_exact(p) {
            for i in 0..p {
                for j in 0..p {
                    information[i * p + j] += x[i] * x[j];
                }
            }
        }
        let factor = Cholesky::new(&information, p).map_err(|dependent| {
            let names = dependent.iter().map(|&j| data.column_names[j].clone()).collect();
            StatsError::Collinear { columns: dependent, names }
        })?;
        let (centre, residuals) = least_squares(data, &factor);
        let yy = dot(&residuals, &residuals);
        // What rounding leaves of an outcome that the fixed columns give exactly.
        if yy <= 1e-26 * dot(data.outcome, data.outcome) {
            return Err(StatsError::ConstantOutcome);
        }
        let back = factor.inverse_transposed();
        let orthonormal = multiply(data.matrix, &back, p, p);
        let random_back = whitening(data)?;
        let whitened = multiply(data.random, &random_back, q, q);
        let mut groups: Vec<Option<Group>> = vec![None; data.groups];
        for row in 0..rows {
            let level = data.group_of_row[row] as usize;
            let group = groups[level].get_or_insert_with(|| Group {
                level,
                zz: vec![0.0; q * q],
                zx: vec![0.0; q * p],
                zy: vec![0.0; q],
            });
            let z = &whitened[row * q..(row + 1) * q];
            for i in 0..q {
                group.zy[i] += z[i] * residuals[row];
                (0..q).for_each(|j| group.zz[i * q + j] += z[i] * z[j]);
                (0..p).for_each(|j| group.zx[i * p + j] += z[i] * orthonormal[row * p + j]);
            }
        }
        let restricted = likelihood == Likelihood::Restricted;
        let profile = Profile {
            groups: groups.into_iter().flatten().collect(),
            fixed: p,
            random: q,
            yy,
            degrees: (rows - if restricted { p } else { 0 }) as f64,
            restricted,
            log_determinant_of_columns: factor.log_determinant(),
        };
        Ok(Self { profile, centre, back, random_back })
    }

    /// Estimates in the units of the data.
    fn finish(&self, data: &LinearMixedData<'_>, at: &At, factor: &[f64]) -> LinearMixedFit {
        let (p, q) = (self.profile.fixed, self.profile.random);
        let moved = multiply(&self.back, &at.beta, p, 1);
        let coefficients = self.centre.iter().zip(&moved).map(|(c, m)| c + m).collect();
        let relative = multiply(&multiply(&self.back, &at.covariance, p, p), &transpose(&self.back, p), p, p);
        let unscale = |matrix: &[f64]| -> Vec<f64> {
            let turned = multiply(&multiply(&self.random_back, matrix, q, q), &transpose(&self.random_back, q), q, q);
            (0..q * q).map(|k| 0.5 * at.residual_variance * (turned[k] + turned[k % q * q + k / q])).collect()
        };
        let relative_covariance = multiply(factor, &transpose(factor, q), q, q);
        let random_covariance = unscale(&relative_covariance);
        let mut effects = vec![0.0; data.groups * q];
        let mut conditional = random_covariance.repeat(data.groups);
        for ((group, score), spread) in self.profile.groups.iter().zip(&at.scores).zip(&at.conditional) {
            let predicted = multiply(&self.random_back, &multiply(&relative_covariance, score, q, 1), q, 1);
            effects[group.level * q..(group.level + 1) * q].copy_from_slice(&predicted);
            conditional[group.level * q * q..(group.level + 1) * q * q].copy_from_slice(&unscale(spread));
        }
        LinearMixedFit {
            coefficients,
            covariance: relative.iter().map(|c| c * at.residual_variance).collect(),
            residual_variance: at.residual_variance,
            random_covariance,
            log_likelihood: f64::NAN,
            gradient: f64::NAN,
            iterations: 0,
            rows: data.outcome.len(),
            random_columns: q,
            effects,
            conditional,
        }
    }
}

/// Least-squares coefficients and residuals; a second pass over the residuals gives back the digits that the normal
/// equations cost.
fn least_squares(data: &LinearMixedData<'_>, factor: &Cholesky) -> (Vec<f64>, Vec<f64>) {
    let p = data.column_names.len();
    let mut coefficients = vec![0.0; p];
    let mut residuals = data.outcome.to_vec();
    for _ in 0..3 {
        let mut step = vec![0.0; p];
        for (x, r) in data.matrix.chunks_exact(p).zip(&residuals) {
            step.iter_mut().zip(x).for_each(|(s, x)| *s += x * r);
        }
        factor.solve(&mut step);
        coefficients.iter_mut().zip(&step).for_each(|(c, s)| *c += s);
        for (x, r) in data.matrix.chunks_exact(p).zip(residuals.iter_mut()) {
            *r -= dot(x, &step);
        }
    }
    (coefficients, residuals)
}

/// `L'^-1` of `Z'Z / rows = L L'`.
fn whitening(data: &LinearMixedData<'_>) -> Result<Vec<f64>> {
    let (q, rows) = (data.random_columns, data.outcome.len() as f64);
    let mut products = vec![0.0; q * q];
    for z in data.random.chunks_exact(q) {
        for i in 0..q {
            (0..q).for_each(|j| products[i * q + j] += z[i] * z[j] / rows);
        }
    }
    let factor = Cholesky::new(&products, q).map_err(|_| StatsError::Setting {
        setting: "random",
        requirement: "columns that do not depend on each other",
    })?;
    Ok(factor.inverse_transposed())
}
