//! Fitting, tests and predictions.

use super::normal_equations::{inverse_logit, pass};
use crate::design::SurveyDesign;
use crate::direct::Interval;
use crate::distribution::{f_upper, t_quantile, t_two_sided};
use crate::error::{Result, StatsError, same_length};
use crate::linear_algebra::{Cholesky, dot, quadratic_form, sandwich};

/// Survey-weighted logistic regression.
///
/// Estimates `beta` in `logit P(y = 1 | x) = x' beta` by solving the weighted score equations
/// `sum w_i x_i (y_i - mu_i) = 0` (iteratively reweighted least squares, which is Newton's method here). The covariance is
/// the sandwich `A^-1 B A^-1` with `A = X' W X` and `B` the design covariance of the total score (Binder 1983).
///
/// Unit: coefficients are log odds per unit of the column. Weights enter up to a constant. Tests use Student's t and F
/// with `PSUs - strata + 1 - columns` degrees of freedom, as R's `svyglm`.
///
/// Checked against: `survey_api.json` `glm_tight`, `glm_subset_tight`, `glm`; `survey_real/*svyglm*.csv`. Reference: Binder,
/// International Statistical Review 51 (1983); Lumley, Complex Surveys (2010), chapter 6.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct SurveyLogit {
    /// Newton steps allowed; ten are plenty unless the outcomes are separated.
    pub max_iterations: usize,
    /// Stop when a step promises to gain less than this share of the log-likelihood (one step more is then made).
    pub tolerance: f64,
}

impl Default for SurveyLogit {
    fn default() -> Self {
        Self { max_iterations: 60, tolerance: 1e-12 }
    }
}

/// Data of a logistic regression. The matrix is dense and row-major, with an intercept column if one is wanted.
#[derive(Debug, Clone, Copy)]
pub struct LogitData<'a> {
    /// Design matrix, `rows x column_names.len()`, row-major.
    pub matrix: &'a [f64],
    /// Names of the columns, for messages.
    pub column_names: &'a [String],
    /// Outcome, 0 or 1.
    pub outcome: &'a [f64],
    /// Survey design over the same rows.
    pub design: &'a SurveyDesign,
    /// Rows to use; the others keep their place in the design.
    pub domain: Option<&'a [bool]>,
}

impl SurveyLogit {
    /// Fits the regression.
    ///
    /// # Errors
    /// Unequal lengths, missing values, an outcome other than 0 or 1, a constant outcome; columns that depend on earlier
    /// ones or separate the outcomes, by name.
    ///
    /// # Example
    /// ```
    /// use clrisk_stats::design::DesignSpec;
    /// use clrisk_stats::logit::{LogitData, SurveyLogit};
    /// # fn main() -> clrisk_stats::Result<()> {
    /// let design = DesignSpec { weights: &[1.0; 8], ..Default::default() }.build()?;
    /// // 1 of 4 when x = 0 and 3 of 4 when x = 1: the log odds ratio is 2 ln 3.
    /// let matrix = [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
    /// let outcome = [1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0];
    /// let column_names = ["intercept".to_owned(), "x".to_owned()];
    /// let data = LogitData { matrix: &matrix, column_names: &column_names, outcome: &outcome, design: &design, domain: None };
    /// let fit = SurveyLogit::default().fit(&data)?;
    /// assert!((fit.coefficients()[1] - 2.0 * 3.0f64.ln()).abs() < 1e-10);
    /// # Ok(()) }
    /// ```
    pub fn fit(&self, data: &LogitData<'_>) -> Result<LogitFit> {
        let rows = checked_rows(data)?;
        let columns = data.column_names.len();
        // The rows of a domain are copied together once, so that the iterations run over contiguous memory.
        let selected = rows.len() != data.design.rows();
        let (mut x, mut y, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        if selected {
            x.reserve_exact(rows.len() * columns);
            for &row in &rows {
                x.extend_from_slice(&data.matrix[row * columns..(row + 1) * columns]);
                y.push(data.outcome[row]);
                weights.push(data.design.weights()[row]);
            }
        }
        let (x, y, raw_weights): (&[f64], &[f64], &[f64]) =
            if selected { (&x, &y, &weights) } else { (data.matrix, data.outcome, data.design.weights()) };
        let weight_sum: f64 = raw_weights.iter().sum();
        // Weights of mean one: the deviance then counts sampled records, as in R.
        let scale = rows.len() as f64 / weight_sum;
        let weights: Vec<f64> = raw_weights.iter().map(|w| w * scale).collect();
        if y.iter().all(|&outcome| outcome == y[0]) {
            return Err(StatsError::ConstantOutcome);
        }
        let mean = y.iter().zip(&weights).map(|(y, w)| y * w).sum::<f64>() / rows.len() as f64;
        let (beta, iterations) = self.maximise(x, y, &weights, data.column_names, None)?;
        let current = pass(x, y, &weights, columns, &beta);
        let factor = Cholesky::new(&current.information, columns)
            .map_err(|_| StatsError::NotPositiveDefinite { matrix: "information matrix" })?;
        let inverse_information = factor.inverse();
        let meat = data.design.covariance_of_totals(columns, rows.iter().copied(), |row, z| {
            let line = &data.matrix[row * columns..(row + 1) * columns];
            let eta: f64 = line.iter().zip(&beta).map(|(x, b)| x * b).sum();
            let residual = scale * (data.outcome[row] - inverse_logit(eta));
            for (z, x) in z.iter_mut().zip(line) {
                *z = residual * x;
            }
        });
        let support = data.design.support(rows.iter().copied());
        Ok(LogitFit {
            column_names: data.column_names.to_vec(),
            covariance: sandwich(&inverse_information, &meat, columns),
            model_covariance: inverse_information,
            coefficients: beta,
            degrees_of_freedom: support.degrees_of_freedom() + 1.0 - columns as f64,
            deviance: -2.0 * current.log_likelihood,
            null_deviance: -2.0 * rows.len() as f64 * (mean * mean.ln() + (1.0 - mean) * (1.0 - mean).ln()),
            iterations,
            rows: rows.len(),
        })
    }

    /// Coefficients with other weights over the same rows; those of a replicate are near `start`.
    pub(crate) fn coefficients_with(&self, data: &LogitData<'_>, weights: &[f64], start: &[f64]) -> Result<Vec<f64>> {
        let rows = checked_rows(data)?;
        same_length("weights", weights.len(), data.design.rows())?;
        // Rows that are not used keep their place with a weight of zero: the matrix is not copied for each replicate.
        let mut used = vec![0.0; weights.len()];
        let mut outcomes = [false; 2];
        let (mut count, mut sum) = (0usize, 0.0);
        for row in rows.into_iter().filter(|&row| weights[row] > 0.0) {
            used[row] = weights[row];
            outcomes[usize::from(data.outcome[row] > 0.5)] = true;
            count += 1;
            sum += weights[row];
        }
        if count == 0 {
            return Err(StatsError::Empty { quantity: "a logistic regression" });
        }
        if outcomes != [true; 2] {
            return Err(StatsError::ConstantOutcome);
        }
        let scale = count as f64 / sum;
        used.iter_mut().for_each(|w| *w *= scale);
        Ok(self.maximise(data.matrix, data.outcome, &used, data.column_names, Some(start))?.0)
    }

    /// Coefficients and iterations of Newton's method from `start` (zero when absent); weights of zero take a row out.
    fn maximise(
        &self,
        x: &[f64],
        y: &[f64],
        weights: &[f64],
        column_names: &[String],
        start: Option<&[f64]>,
    ) -> Result<(Vec<f64>, usize)> {
        let columns = column_names.len();
        let spread = standard_deviations(x, weights, columns);
        let named = |columns: Vec<usize>| {
            let names = columns.iter().map(|&j| column_names[j].clone()).collect();
            (columns, names)
        };

        let mut beta = start.map_or_else(|| vec![0.0; columns], <[f64]>::to_vec);
        let mut current = pass(x, y, weights, columns, &beta);
        let cholesky = |information: &[f64]| Cholesky::new(information, columns);
        if let Err(dependent) = cholesky(&current.information) {
            let (columns, names) = named(dependent);
            return Err(StatsError::Collinear { columns, names });
        }
        let mut iterations = 0;
        loop {
            // Fitted probabilities that all reach 0 or 1 make the information vanish: the columns run away together.
            let Ok(factor) = cholesky(&current.information) else {
                let (columns, names) = named(running_away(&beta, &spread, RUN_AWAY_PREDICTOR));
                return Err(StatsError::Separation { columns, names });
            };
            let mut step = current.gradient.clone();
            factor.solve(&mut step);
            // Twice the gain in log-likelihood the step promises. Judged on the whole, because columns far from zero (years)
            // trade large amounts with the intercept that mean nothing.
            let promised = dot(&current.gradient, &step);
            let movement = step.iter().zip(&spread).map(|(s, sd)| (s * sd).abs()).fold(0.0, f64::max);
            if promised <= self.tolerance * (1.0 + current.log_likelihood.abs()) && movement <= 0.01 {
                // This last step squares what is left of the error.
                beta.iter_mut().zip(&step).for_each(|(b, s)| *b += s);
                return Ok((beta, iterations));
            }
            if iterations == self.max_iterations {
                return Err(StatsError::NotConverged { procedure: "the logistic regression", iterations });
            }
            // Newton's step is quadratic near a finite maximum; with separation it keeps adding about one to the linear
            // predictor of the separated rows for ever.
            if current.largest > RUN_AWAY_PREDICTOR && movement > 0.01 && iterations > 8 {
                let (columns, names) = named(running_away(&step, &spread, movement));
                return Err(StatsError::Separation { columns, names });
            }
            let mut share = 1.0;
            loop {
                let candidate: Vec<f64> = beta.iter().zip(&step).map(|(b, s)| b + share * s).collect();
                let next = pass(x, y, weights, columns, &candidate);
                let floor = current.log_likelihood - 1e-12 * current.log_likelihood.abs();
                if next.log_likelihood >= floor || share < 1e-4 {
                    beta = candidate;
                    current = next;
                    break;
                }
                share *= 0.5;
            }
            iterations += 1;
        }
    }
}

/// Standard deviations of the columns of a row-major matrix over the rows with a weight; zero for an intercept.
fn standard_deviations(x: &[f64], weights: &[f64], columns: usize) -> Vec<f64> {
    let used = || x.chunks_exact(columns).zip(weights).filter(|(_, weight)| **weight != 0.0).map(|(row, _)| row);
    let rows = used().count() as f64;
    let Some(origin) = used().next() else { return vec![0.0; columns] };
    let (mut sum, mut squares) = (vec![0.0; columns], vec![0.0; columns]);
    for row in used() {
        for (((s, q), value), start) in sum.iter_mut().zip(&mut squares).zip(row).zip(origin) {
            let distance = value - start;
            *s += distance;
            *q += distance * distance;
        }
    }
    sum.iter().zip(&squares).map(|(s, q)| (q / rows - (s / rows).powi(2)).max(0.0).sqrt()).collect()
}

/// A linear predictor this large means a fitted probability within 1e-7 of 0 or 1.
const RUN_AWAY_PREDICTOR: f64 = 15.0;

/// Columns whose contribution to the linear predictor is of the size of the largest one.
fn running_away(direction: &[f64], spread: &[f64], largest: f64) -> Vec<usize> {
    let size: Vec<f64> = direction.iter().zip(spread).map(|(d, sd)| (d * sd).abs()).collect();
    let bound = 0.05 * size.iter().copied().fold(0.0, f64::max).min(largest);
    (0..size.len()).filter(|&j| size[j] >= bound).collect()
}

pub(super) fn checked_rows(data: &LogitData<'_>) -> Result<Vec<usize>> {
    let (rows, columns) = (data.design.rows(), data.column_names.len());
    same_length("outcome", data.outcome.len(), rows)?;
    same_length("matrix", data.matrix.len(), rows * columns)?;
    if let Some(domain) = data.domain {
        same_length("domain", domain.len(), rows)?;
    }
    let used: Vec<usize> = (0..rows).filter(|&row| data.domain.is_none_or(|d| d[row])).collect();
    if used.is_empty() || columns == 0 {
        return Err(StatsError::Empty { quantity: "a logistic regression" });
    }
    for &row in &used {
        let y = data.outcome[row];
        if y.is_nan() {
            return Err(StatsError::Missing { input: "outcome", row });
        }
        if y != 0.0 && y != 1.0 {
            return Err(StatsError::OutOfRange { input: "outcome", requirement: "0 or 1", row });
        }
        if data.matrix[row * columns..(row + 1) * columns].iter().any(|x| !x.is_finite()) {
            return Err(StatsError::Missing { input: "matrix", row });
        }
    }
    Ok(used)
}

/// A fitted survey-weighted logit.
#[derive(Debug, Clone, PartialEq)]
pub struct LogitFit {
    column_names: Vec<String>,
    coefficients: Vec<f64>,
    covariance: Vec<f64>,
    /// Inverse information with weights of mean one: the covariance if the records were drawn one by one.
    model_covariance: Vec<f64>,
    degrees_of_freedom: f64,
    deviance: f64,
    null_deviance: f64,
    iterations: usize,
    rows: usize,
}

/// A Wald test that some coefficients are zero together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WaldTest {
    /// `b' V^-1 b / q`.
    pub f: f64,
    /// Coefficients tested.
    pub numerator: f64,
    /// Residual degrees of freedom.
    pub denominator: f64,
    /// Upper tail probability.
    pub p_value: f64,
}

impl LogitFit {
    /// Column names, in the order of the coefficients.
    pub fn column_names(&self) -> &[String] {
        &self.column_names
    }

    /// Log odds per unit of each column.
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// Covariance matrix of the coefficients, row-major.
    pub fn covariance(&self) -> &[f64] {
        &self.covariance
    }

    /// Standard errors of the coefficients.
    pub fn standard_errors(&self) -> Vec<f64> {
        let p = self.coefficients.len();
        (0..p).map(|j| self.covariance[j * p + j].max(0.0).sqrt()).collect()
    }

    /// Residual degrees of freedom, `PSUs - strata + 1 - columns`.
    pub fn degrees_of_freedom(&self) -> f64 {
        self.degrees_of_freedom
    }

    /// `-2 log pseudo-likelihood`, with weights of mean one.
    pub fn deviance(&self) -> f64 {
        self.deviance
    }

    /// Deviance of the model with a constant only.
    pub fn null_deviance(&self) -> f64 {
        self.null_deviance
    }

    /// Share of uncertainty explained, between 0 and a bound below 1: `1 - exp((deviance - null deviance) / n)`.
    ///
    /// Checked against: `survey_api.json` `glm.psrsq_mcfadden` (which is R's default, Cox and Snell's). Reference: Lumley,
    /// Australian and New Zealand Journal of Statistics 59 (2017).
    pub fn cox_snell_r_squared(&self) -> f64 {
        1.0 - ((self.deviance - self.null_deviance) / self.rows as f64).exp()
    }

    /// [`Self::cox_snell_r_squared`] over the largest value it can take, `1 - exp(-null deviance / n)`.
    ///
    /// Checked against: `survey_api.json` `glm.psrsq_nagel`.
    pub fn nagelkerke_r_squared(&self) -> f64 {
        self.cox_snell_r_squared() / (1.0 - (-self.null_deviance / self.rows as f64).exp())
    }

    /// Number of parameters the design makes of the coefficients other than the constant (the first column): the trace of
    /// `V0^-1 V`, with `V0` their covariance if the records had been drawn one by one. Over their number it is their mean design
    /// effect.
    ///
    /// # Errors
    /// A single column.
    ///
    /// Checked against: `survey_api.json` `glm.AIC`. Reference: Lumley and Scott, Journal of Survey Statistics and Methodology 3
    /// (2015).
    pub fn effective_parameters(&self) -> Result<f64> {
        let p = self.coefficients.len();
        if p < 2 {
            return Err(StatsError::Empty { quantity: "effective parameters (there is only a constant)" });
        }
        let block = |matrix: &[f64]| -> Vec<f64> {
            (1..p).flat_map(|i| matrix[i * p + 1..(i + 1) * p].iter().copied()).collect()
        };
        let factor = Cholesky::new(&block(&self.model_covariance), p - 1)
            .map_err(|_| StatsError::NotPositiveDefinite { matrix: "model covariance of the coefficients" })?;
        let (inverse, designed) = (factor.inverse(), block(&self.covariance));
        // The trace of a product of symmetric matrices is the sum of the products of their entries.
        Ok(dot(&inverse, &designed))
    }

    /// Akaike's criterion for survey data, `deviance + 2 effective parameters`; smaller is better.
    ///
    /// # Errors
    /// As [`Self::effective_parameters`].
    ///
    /// Checked against: `survey_api.json` `glm.AIC`.
    pub fn design_aic(&self) -> Result<f64> {
        Ok(self.deviance + 2.0 * self.effective_parameters()?)
    }

    /// Newton steps made.
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    /// Rows used.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// t statistics of the coefficients.
    pub fn t_values(&self) -> Vec<f64> {
        self.coefficients.iter().zip(self.standard_errors()).map(|(b, se)| b / se).collect()
    }

    /// Two-sided p-values of the coefficients; NaN without residual degrees of freedom.
    pub fn p_values(&self) -> Vec<f64> {
        self.t_values().into_iter().map(|t| t_two_sided(t, self.degrees_of_freedom)).collect()
    }

    /// `coefficient ± t * standard error`; `None` without residual degrees of freedom.
    pub fn intervals(&self, level: f64) -> Option<Vec<Interval>> {
        let t = t_quantile(0.5 + 0.5 * level, self.degrees_of_freedom);
        t.is_finite().then(|| {
            let errors = self.standard_errors();
            self.coefficients
                .iter()
                .zip(errors)
                .map(|(b, se)| Interval { lower: b - t * se, upper: b + t * se })
                .collect()
        })
    }

    /// Odds ratios `exp(b)` per unit of each column.
    pub fn odds_ratios(&self) -> Vec<f64> {
        self.coefficients.iter().map(|b| b.exp()).collect()
    }

    /// Intervals of the odds ratios: the ends of [`Self::intervals`], exponentiated.
    pub fn odds_ratio_intervals(&self, level: f64) -> Option<Vec<Interval>> {
        let ends = self.intervals(level)?;
        Some(ends.into_iter().map(|i| Interval { lower: i.lower.exp(), upper: i.upper.exp() }).collect())
    }

    /// Tests that the given coefficients are all zero.
    ///
    /// # Errors
    /// An index out of range or none given, or a singular covariance (more coefficients than degrees of freedom).
    ///
    /// Checked against: `survey_api.json` `glm.wald_meals` (R `regTermTest`).
    pub fn wald_test(&self, columns: &[usize]) -> Result<WaldTest> {
        let (p, q) = (self.coefficients.len(), columns.len());
        if q == 0 || columns.iter().any(|&j| j >= p) {
            return Err(StatsError::Setting { setting: "columns", requirement: "indices of coefficients" });
        }
        let block: Vec<f64> =
            columns.iter().flat_map(|&i| columns.iter().map(move |&j| self.covariance[i * p + j])).collect();
        let factor = Cholesky::new(&block, q)
            .map_err(|_| StatsError::NotPositiveDefinite { matrix: "covariance of the tested coefficients" })?;
        let tested: Vec<f64> = columns.iter().map(|&j| self.coefficients[j]).collect();
        let f = quadratic_form(&factor.inverse(), &tested) / q as f64;
        let (numerator, denominator) = (q as f64, self.degrees_of_freedom);
        Ok(WaldTest { f, numerator, denominator, p_value: f_upper(f, numerator, denominator) })
    }

    /// Probability at one row of covariates, with its standard error by the delta method.
    ///
    /// # Errors
    /// A row of another length.
    ///
    /// Checked against: `survey_api.json` `glm.predict5`.
    pub fn predict(&self, row: &[f64]) -> Result<(f64, f64)> {
        same_length("row", row.len(), self.coefficients.len())?;
        let mu = inverse_logit(row.iter().zip(&self.coefficients).map(|(x, b)| x * b).sum());
        let variance = quadratic_form(&self.covariance, row).max(0.0);
        Ok((mu, mu * (1.0 - mu) * variance.sqrt()))
    }

    /// Probabilities for every row of a row-major matrix.
    ///
    /// # Errors
    /// A length that is not a multiple of the number of columns.
    pub fn probabilities(&self, matrix: &[f64]) -> Result<Vec<f64>> {
        let p = self.coefficients.len();
        same_length("matrix", matrix.len(), matrix.len() / p * p)?;
        Ok(matrix
            .chunks_exact(p)
            .map(|row| inverse_logit(row.iter().zip(&self.coefficients).map(|(x, b)| x * b).sum()))
            .collect())
    }
}
