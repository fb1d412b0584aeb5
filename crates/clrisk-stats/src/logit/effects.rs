//! Average marginal effects: what a covariate changes, in percentage points of the outcome.

use super::fit::{LogitData, LogitFit};
use super::normal_equations::{inverse_logit, pass};
use crate::direct::Interval;
use crate::distribution::{t_quantile, t_two_sided};
use crate::error::{Result, StatsError, same_length};
use crate::linear_algebra::{Cholesky, dot, quadratic_form};

/// A covariate and the columns that carry it by themselves. Columns it enters together with others (or with itself) are told
/// by [`Product`]; a covariate that enters in any other way has no effect that can be computed here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Covariate {
    /// A number: the effect is that of one more unit, by the slope.
    Continuous {
        /// Its column.
        column: usize,
    },
    /// A yes or no: the effect is that of 1 against 0.
    Binary {
        /// Its 0/1 column.
        column: usize,
    },
    /// Levels coded as 0/1 columns against a reference level: one effect per column, that level against the reference.
    Levels {
        /// The 0/1 columns.
        columns: Vec<usize>,
    },
}

/// The average effect of one column over the records, each weighing what it stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct MarginalEffect {
    /// Column the effect belongs to.
    pub column: usize,
    /// Its name.
    pub name: String,
    /// Change of the outcome's probability in percentage points.
    pub percentage_points: f64,
    /// Standard error in percentage points (delta method; the covariates are taken as fixed).
    pub standard_error: f64,
    /// Degrees of freedom of the regression.
    pub degrees_of_freedom: f64,
}

impl MarginalEffect {
    /// `effect ± t * standard error`, percentage points; `None` without degrees of freedom.
    pub fn interval(&self, level: f64) -> Option<Interval> {
        let half = t_quantile(0.5 + 0.5 * level, self.degrees_of_freedom) * self.standard_error;
        half.is_finite()
            .then_some(Interval { lower: self.percentage_points - half, upper: self.percentage_points + half })
    }

    /// Two-sided p-value.
    pub fn p_value(&self) -> f64 {
        t_two_sided(self.percentage_points / self.standard_error, self.degrees_of_freedom)
    }
}

/// A column that is the product of other columns: an interaction, or a power (the same factor several times).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The column that is the product.
    pub column: usize,
    /// The columns multiplied, none of them a product itself.
    pub factors: Vec<usize>,
}

/// What the standard errors of average effects are conditional on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CovariateSampling {
    /// The records' covariates are taken as they are; only the coefficients are uncertain. R's `margins`, Stata's default.
    #[default]
    Fixed,
    /// The covariates too come from the sample: the average is over a population known through it (Stata's
    /// `vce(unconditional)`). Needs the data of the fit.
    Sampled,
}

/// Average marginal effects: averages over the records, each weighing what it stands for, of what a covariate changes.
///
/// Continuous: `100 sum w_i mu_i (1 - mu_i) d_i' b / sum w_i`, with `d_i` the derivatives of the columns by the covariate. Binary
/// and levels: `100 sum w_i (mu_i(1) - mu_i(0)) / sum w_i`. All columns the covariate enters move with it. Unit: percentage
/// points of the outcome (per unit of a continuous covariate).
///
/// Standard errors by the delta method from the design covariance of the coefficients; with [`CovariateSampling::Sampled`] by
/// linearising the average and the coefficients together.
///
/// Checked against: numerical derivatives, recomputed differences, differences of domain means in saturated models, and the
/// numerical influence of every record's weight (`tests/marginal_effects.rs`). Reference: Graubard and Korn, Biometrics 55
/// (1999).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MarginalEffects<'a> {
    /// Columns that are products of others.
    pub products: &'a [Product],
    /// What the standard errors are conditional on.
    pub covariates: CovariateSampling,
}

impl LogitFit {
    /// Average marginal effects of covariates that enter no products, over the rows of `data` (normally those of the fit), for
    /// covariates taken as fixed. As [`MarginalEffects::estimate`].
    ///
    /// # Errors
    /// Unequal lengths or a column out of range.
    pub fn average_marginal_effects(
        &self,
        data: &LogitData<'_>,
        covariates: &[Covariate],
    ) -> Result<Vec<MarginalEffect>> {
        MarginalEffects::default().estimate(self, data, covariates)
    }
}

/// One column's effect: slope by a continuous covariate, or a level against all of its siblings at zero.
struct Effect<'a> {
    column: usize,
    siblings: &'a [usize],
    continuous: bool,
}

impl MarginalEffects<'_> {
    /// Average marginal effects over the rows of `data`.
    ///
    /// # Errors
    /// Unequal lengths; a column out of range; a product that is not one in some row, has a product as a factor, or is itself
    /// asked for as a covariate.
    pub fn estimate(
        &self,
        fit: &LogitFit,
        data: &LogitData<'_>,
        covariates: &[Covariate],
    ) -> Result<Vec<MarginalEffect>> {
        let p = fit.coefficients().len();
        same_length("matrix", data.matrix.len(), data.design.rows() * p)?;
        if let Some(domain) = data.domain {
            same_length("domain", domain.len(), data.design.rows())?;
        }
        self.check_products(data, p)?;
        let mut effects = Vec::new();
        for covariate in covariates {
            let (siblings, continuous): (&[usize], bool) = match covariate {
                Covariate::Continuous { column } => (std::slice::from_ref(column), true),
                Covariate::Binary { column } => (std::slice::from_ref(column), false),
                Covariate::Levels { columns } => (columns, false),
            };
            if siblings.iter().any(|&j| j >= p || self.products.iter().any(|product| product.column == j)) {
                let requirement = "columns of the matrix that are not products";
                return Err(StatsError::Setting { setting: "covariates", requirement });
            }
            for &column in siblings {
                let (value, variance) = self.effect(fit, data, &Effect { column, siblings, continuous })?;
                effects.push(MarginalEffect {
                    column,
                    name: fit.column_names()[column].clone(),
                    percentage_points: 100.0 * value,
                    standard_error: 100.0 * variance.max(0.0).sqrt(),
                    degrees_of_freedom: fit.degrees_of_freedom(),
                });
            }
        }
        Ok(effects)
    }

    fn check_products(&self, data: &LogitData<'_>, p: usize) -> Result<()> {
        for product in self.products {
            let is_product = |j: usize| self.products.iter().any(|other| other.column == j);
            if product.column >= p || product.factors.iter().any(|&j| j >= p || is_product(j)) {
                let requirement = "columns of the matrix, with factors that are not products";
                return Err(StatsError::Setting { setting: "products", requirement });
            }
            for (row, _, x) in used_rows(data, p) {
                let value: f64 = product.factors.iter().map(|&j| x[j]).product();
                if (x[product.column] - value).abs() > 1e-9 * (1.0 + value.abs()) {
                    let requirement = "the product of its factors";
                    return Err(StatsError::OutOfRange { input: "products", requirement, row });
                }
            }
        }
        Ok(())
    }

    /// The average effect (as a probability) and its variance.
    fn effect(&self, fit: &LogitFit, data: &LogitData<'_>, effect: &Effect<'_>) -> Result<(f64, f64)> {
        let p = fit.coefficients().len();
        let mut gradient = vec![0.0; p];
        let mut own = vec![0.0; p];
        let mut each = vec![0.0; data.design.rows()];
        let (mut sum, mut weight_sum) = (0.0, 0.0);
        for (row, weight, x) in used_rows(data, p) {
            own.fill(0.0);
            let value = if effect.continuous {
                self.slope(fit.coefficients(), x, effect.column, &mut own)
            } else {
                self.switch(fit.coefficients(), x, effect, &mut own)
            };
            each[row] = value;
            weight_sum += weight;
            sum += weight * value;
            gradient.iter_mut().zip(&own).for_each(|(g, o)| *g += weight * o);
        }
        gradient.iter_mut().for_each(|g| *g /= weight_sum);
        let average = sum / weight_sum;
        if self.covariates == CovariateSampling::Fixed {
            return Ok((average, quadratic_form(fit.covariance(), &gradient)));
        }
        // A record moves the average by itself, and through the coefficients: z = (m - mean) / W + x' A^-1 g (y - mu).
        let information = information(fit.coefficients(), data);
        let factor = Cholesky::new(&information, p)
            .map_err(|_| StatsError::NotPositiveDefinite { matrix: "information matrix" })?;
        factor.solve(&mut gradient);
        let rows = used_rows(data, p).map(|(row, _, _)| row);
        let variance = data.design.covariance_of_totals(1, rows, |row, z| {
            let x = &data.matrix[row * p..(row + 1) * p];
            let residual = data.outcome[row] - inverse_logit(dot(x, fit.coefficients()));
            z[0] = (each[row] - average) / weight_sum + dot(x, &gradient) * residual;
        })[0];
        Ok((average, variance))
    }

    /// Derivative of one record's probability by a continuous covariate; adds its gradient by the coefficients.
    fn slope(&self, beta: &[f64], x: &[f64], column: usize, gradient: &mut [f64]) -> f64 {
        let mu = inverse_logit(dot(x, beta));
        let density = mu * (1.0 - mu);
        // The derivatives of the columns by the covariate, then the gradient in their place.
        gradient[column] = 1.0;
        for product in self.products {
            gradient[product.column] = (0..product.factors.len())
                .filter(|&at| product.factors[at] == column)
                .map(|at| {
                    product.factors.iter().enumerate().filter(|(k, _)| *k != at).map(|(_, &j)| x[j]).product::<f64>()
                })
                .sum();
        }
        let slope = dot(gradient, beta);
        for (g, x) in gradient.iter_mut().zip(x) {
            *g = density * (*g + (1.0 - 2.0 * mu) * slope * x);
        }
        density * slope
    }

    /// Change of one record's probability from the reference to a level; adds its gradient by the coefficients.
    fn switch(&self, beta: &[f64], x: &[f64], effect: &Effect<'_>, gradient: &mut [f64]) -> f64 {
        let mut changed = x.to_vec();
        effect.siblings.iter().for_each(|&j| changed[j] = 0.0);
        let mut difference = 0.0;
        for (level, sign) in [(0.0, -1.0), (1.0, 1.0)] {
            changed[effect.column] = level;
            for product in self.products {
                changed[product.column] = product.factors.iter().map(|&j| changed[j]).product();
            }
            let mu = inverse_logit(dot(&changed, beta));
            difference += sign * mu;
            gradient.iter_mut().zip(&changed).for_each(|(g, x)| *g += sign * mu * (1.0 - mu) * x);
        }
        difference
    }
}

/// `X' W X` with the survey's own weights.
fn information(beta: &[f64], data: &LogitData<'_>) -> Vec<f64> {
    let p = beta.len();
    let (mut x, mut y, mut weights) = (Vec::new(), Vec::new(), Vec::new());
    for (row, weight, line) in used_rows(data, p) {
        x.extend_from_slice(line);
        y.push(data.outcome[row]);
        weights.push(weight);
    }
    pass(&x, &y, &weights, p, beta).information
}

fn used_rows<'a>(data: &'a LogitData<'_>, p: usize) -> impl Iterator<Item = (usize, f64, &'a [f64])> {
    let rows = data.matrix.chunks_exact(p).zip(data.design.weights()).enumerate();
    rows.filter(|(row, _)| data.domain.is_none_or(|d| d[*row])).map(|(row, (x, &weight))| (row, weight, x))
}
