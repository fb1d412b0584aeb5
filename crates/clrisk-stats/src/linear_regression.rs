//! Survey-weighted linear regression: weighted least squares with a variance that knows the design.

use crate::design::SurveyDesign;
use crate::error::{Result, StatsError, same_length};
use crate::linear_algebra::{Cholesky, dot, sandwich};

/// Data of a linear regression. The matrix is dense and row-major, with an intercept column if one is wanted.
#[derive(Debug, Clone, Copy)]
pub struct LinearData<'a> {
    /// Design matrix, `rows x column_names.len()`, row-major.
    pub matrix: &'a [f64],
    /// Names of the columns, for messages.
    pub column_names: &'a [String],
    /// Outcome, any number.
    pub outcome: &'a [f64],
    /// Survey design over the same rows.
    pub design: &'a SurveyDesign,
    /// Rows to use; the others keep their place in the design.
    pub domain: Option<&'a [bool]>,
}

/// A fitted survey-weighted linear regression.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LinearFit {
    /// Change of the outcome per unit of each column.
    pub coefficients: Vec<f64>,
    /// Covariance matrix of the coefficients, row-major.
    pub covariance: Vec<f64>,
    /// Residual degrees of freedom, `PSUs - strata + 1 - columns`.
    pub degrees_of_freedom: f64,
    /// Rows used.
    pub rows: usize,
}

impl LinearFit {
    /// Standard errors of the coefficients.
    pub fn standard_errors(&self) -> Vec<f64> {
        let p = self.coefficients.len();
        (0..p).map(|j| self.covariance[j * p + j].max(0.0).sqrt()).collect()
    }
}

/// Survey-weighted linear regression.
///
/// Solves `sum w_i x_i (y_i - x_i' beta) = 0`. The covariance is the sandwich `A^-1 B A^-1` with `A = X' W X` and `B` the design
/// covariance of the total score (Fuller 1975; Binder 1983).
///
/// Unit: that of the outcome per unit of the column. Weights enter up to a constant.
///
/// Checked against: `survey_api.json` `glm_gaussian` (R `svyglm`). Reference: Fuller, Sankhya C 37 (1975).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct SurveyLinear;

impl SurveyLinear {
    /// Fits the regression.
    ///
    /// # Errors
    /// Unequal lengths, missing values, an empty domain, columns that depend on earlier ones, by name.
    pub fn fit(&self, data: &LinearData<'_>) -> Result<LinearFit> {
        let (n, p) = (data.design.rows(), data.column_names.len());
        same_length("outcome", data.outcome.len(), n)?;
        same_length("matrix", data.matrix.len(), n * p)?;
        if let Some(domain) = data.domain {
            same_length("domain", domain.len(), n)?;
        }
        let rows: Vec<usize> = (0..n).filter(|&row| data.domain.is_none_or(|d| d[row])).collect();
        if rows.is_empty() || p == 0 {
            return Err(StatsError::Empty { quantity: "a linear regression" });
        }
        let row_of = |row: usize| &data.matrix[row * p..(row + 1) * p];
        let mut information = vec![0.0; p * p];
        let mut coefficients = vec![0.0; p];
        for &row in &rows {
            let (x, y) = (row_of(row), data.outcome[row]);
            if !y.is_finite() {
                return Err(StatsError::Missing { input: "outcome", row });
            }
            if x.iter().any(|x| !x.is_finite()) {
                return Err(StatsError::Missing { input: "matrix", row });
            }
            for (j, xj) in x.iter().enumerate() {
                let weighted = data.design.weights()[row] * xj;
                coefficients[j] += weighted * y;
                for (sum, xk) in information[j * p..(j + 1) * p].iter_mut().zip(x) {
                    *sum += weighted * xk;
                }
            }
        }
        let factor = Cholesky::new(&information, p).map_err(|columns| {
            let names = columns.iter().map(|&j| data.column_names[j].clone()).collect();
            StatsError::Collinear { columns, names }
        })?;
        factor.solve(&mut coefficients);
        let meat = data.design.covariance_of_totals(p, rows.iter().copied(), |row, score| {
            let residual = data.outcome[row] - dot(row_of(row), &coefficients);
            for (s, x) in score.iter_mut().zip(row_of(row)) {
                *s = x * residual;
            }
        });
        let covariance = sandwich(&factor.inverse(), &meat, p);
        let support = data.design.support(rows.iter().copied());
        let degrees_of_freedom = support.degrees_of_freedom() + 1.0 - p as f64;
        Ok(LinearFit { coefficients, covariance, degrees_of_freedom, rows: rows.len() })
    }
}
