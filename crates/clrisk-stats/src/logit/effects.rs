//! Average marginal effects: what a covariate changes, in percentage points of the outcome.

use super::fit::{LogitData, LogitFit};
use super::normal_equations::inverse_logit;
use crate::direct::Interval;
use crate::distribution::{t_quantile, t_two_sided};
use crate::error::{Result, StatsError, same_length};
use crate::linear_algebra::quadratic_form;

/// A covariate and the columns that carry it. A covariate that also enters through other columns (a square, an
/// interaction) has no effect of its own column alone and cannot be described here.
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

impl LogitFit {
    /// Average marginal effects over the rows of `data` (normally those of the fit).
    ///
    /// Continuous: `100 sum w_i b_k mu_i (1 - mu_i) / sum w_i`. Binary and levels:
    /// `100 sum w_i (mu_i(1) - mu_i(0)) / sum w_i`, with the other columns as they are.
    ///
    /// # Errors
    /// Unequal lengths or a column out of range.
    ///
    /// Checked against: numerical derivatives and recomputed differences (`tests/survey_logit.rs`).
    pub fn average_marginal_effects(
        &self,
        data: &LogitData<'_>,
        covariates: &[Covariate],
    ) -> Result<Vec<MarginalEffect>> {
        let p = self.coefficients().len();
        same_length("matrix", data.matrix.len(), data.design.rows() * p)?;
        if let Some(domain) = data.domain {
            same_length("domain", domain.len(), data.design.rows())?;
        }
        let mut effects = Vec::new();
        for covariate in covariates {
            let (columns, continuous): (&[usize], bool) = match covariate {
                Covariate::Continuous { column } => (std::slice::from_ref(column), true),
                Covariate::Binary { column } => (std::slice::from_ref(column), false),
                Covariate::Levels { columns } => (columns, false),
            };
            if columns.iter().any(|&j| j >= p) {
                return Err(StatsError::Setting { setting: "covariates", requirement: "columns of the matrix" });
            }
            for &column in columns {
                let (value, gradient) =
                    if continuous { self.slope(data, column) } else { self.switch(data, column, columns) };
                let variance = quadratic_form(self.covariance(), &gradient).max(0.0);
                effects.push(MarginalEffect {
                    column,
                    name: self.column_names()[column].clone(),
                    percentage_points: 100.0 * value,
                    standard_error: 100.0 * variance.sqrt(),
                    degrees_of_freedom: self.degrees_of_freedom(),
                });
            }
        }
        Ok(effects)
    }

    fn slope(&self, data: &LogitData<'_>, column: usize) -> (f64, Vec<f64>) {
        let beta = self.coefficients();
        let p = beta.len();
        let mut gradient = vec![0.0; p];
        let (mut density_sum, mut weight_sum) = (0.0, 0.0);
        for (weight, row) in used_rows(data, p) {
            let mu = inverse_logit(row.iter().zip(beta).map(|(x, b)| x * b).sum());
            let density = mu * (1.0 - mu);
            weight_sum += weight;
            density_sum += weight * density;
            let curvature = weight * beta[column] * density * (1.0 - 2.0 * mu);
            for (g, x) in gradient.iter_mut().zip(row) {
                *g += curvature * x;
            }
        }
        gradient[column] += density_sum;
        gradient.iter_mut().for_each(|g| *g /= weight_sum);
        (beta[column] * density_sum / weight_sum, gradient)
    }

    fn switch(&self, data: &LogitData<'_>, column: usize, siblings: &[usize]) -> (f64, Vec<f64>) {
        let beta = self.coefficients();
        let p = beta.len();
        let mut gradient = vec![0.0; p];
        let (mut sum, mut weight_sum) = (0.0, 0.0);
        let mut base = vec![0.0; p];
        for (weight, row) in used_rows(data, p) {
            base.copy_from_slice(row);
            siblings.iter().for_each(|&j| base[j] = 0.0);
            let eta: f64 = base.iter().zip(beta).map(|(x, b)| x * b).sum();
            let (off, on) = (inverse_logit(eta), inverse_logit(eta + beta[column]));
            let (slope_off, slope_on) = (off * (1.0 - off), on * (1.0 - on));
            weight_sum += weight;
            sum += weight * (on - off);
            for (g, x) in gradient.iter_mut().zip(&base) {
                *g += weight * (slope_on - slope_off) * x;
            }
            gradient[column] += weight * slope_on;
        }
        gradient.iter_mut().for_each(|g| *g /= weight_sum);
        (sum / weight_sum, gradient)
    }
}

fn used_rows<'a>(data: &'a LogitData<'_>, p: usize) -> impl Iterator<Item = (f64, &'a [f64])> {
    let rows = data.matrix.chunks_exact(p).zip(data.design.weights()).enumerate();
    rows.filter(|(row, _)| data.domain.is_none_or(|d| d[*row])).map(|(_, (row, &weight))| (weight, row))
}
