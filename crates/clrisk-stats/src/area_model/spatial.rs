//! Fay-Herriot with spatially correlated area effects: neighbours resemble each other (Pratesi and Salvati 2008).

use faer::linalg::solvers::{DenseSolveCore, Solve};
use faer::{Mat, Side};

use super::fay_herriot::AreaEstimate;
use crate::error::{Result, StatsError, same_length};

/// How the variance and the spatial correlation are estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SpatialMethod {
    /// Restricted maximum likelihood. The default.
    #[default]
    Reml,
    /// Maximum likelihood.
    Ml,
}

/// Areas, all of them with sample.
#[derive(Debug, Clone, Copy)]
pub struct SpatialAreaData<'a> {
    /// Direct estimates.
    pub direct: &'a [f64],
    /// Their sampling variances.
    pub sampling_variances: &'a [f64],
    /// Covariates, row-major.
    pub matrix: &'a [f64],
    /// Column names, for messages.
    pub column_names: &'a [String],
    /// Weights of neighbours, `areas x areas`, row-major, rows adding up to one (or zero for an island).
    pub neighbours: &'a [f64],
}

/// The spatial Fay-Herriot model: area effects `v = rho W v + u`, so `var(v) = s2 [(I - rho W)'(I - rho W)]^-1`.
///
/// Dense linear algebra: time grows with the cube of the number of areas (some hundreds take a second, some thousands
/// minutes). Areas without sample are not predicted.
///
/// Checked against: `sae.json` `grapes_SFH_*` (R `sae`; script `05_fay_herriot.R`). Reference: Pratesi and Salvati,
/// Statistical Methods and Applications 17 (2008); Singh, Shukla and Kundu, Survey Methodology 31 (2005) for the mean
/// squared error.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct SpatialFayHerriot {
    /// Likelihood.
    pub method: SpatialMethod,
    /// Scoring steps allowed.
    pub max_iterations: usize,
}

impl Default for SpatialFayHerriot {
    fn default() -> Self {
        Self { method: SpatialMethod::Reml, max_iterations: 200 }
    }
}

/// A fitted spatial Fay-Herriot model.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SpatialFayHerriotFit {
    /// Regression coefficients.
    pub coefficients: Vec<f64>,
    /// Variance of the independent part of the area effects.
    pub variance: f64,
    /// Spatial correlation, in (-1, 1).
    pub correlation: f64,
    estimates: Vec<AreaEstimate>,
}

impl SpatialFayHerriotFit {
    /// Estimates, one per area in the order given. The shrinkage is the diagonal of `var(v) V^-1`.
    pub fn estimates(&self) -> &[AreaEstimate] {
        &self.estimates
    }
}

/// Everything that depends on the two variance parameters.
struct State {
    /// `[(I - rho W)'(I - rho W)]^-1`.
    structure: Mat<f64>,
    /// `V^-1`.
    precision: Mat<f64>,
    /// `(X' V^-1 X)^-1`.
    q: Mat<f64>,
    beta: Mat<f64>,
    /// `V^-1 (y - X b)`.
    scaled_residuals: Mat<f64>,
    /// `P` for REML, `V^-1` for ML.
    projection: Mat<f64>,
    log_likelihood: f64,
}

struct Problem<'a> {
    y: Mat<f64>,
    psi: &'a [f64],
    x: Mat<f64>,
    w: Mat<f64>,
    reml: bool,
}

impl SpatialFayHerriot {
    /// Fits the model by Fisher scoring from the median sampling variance and a correlation of one half.
    ///
    /// # Errors
    /// Unequal lengths, values that are not finite, sampling variances that are not positive, singular matrices (dependent
    /// columns), or no convergence.
    pub fn fit(&self, data: &SpatialAreaData<'_>) -> Result<SpatialFayHerriotFit> {
        let problem = Problem::new(data, self.method)?;
        let m = data.direct.len();
        let mut sorted = data.sampling_variances.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (mut variance, mut correlation) = (sorted[m / 2], 0.5);
        let mut state = problem.state(variance, correlation)?;
        let mut converged = false;
        for _ in 0..self.max_iterations {
            let (by_variance, by_correlation) = problem.derivatives(&state, variance, correlation);
            let (score, information) = problem.score(&state, &by_variance, &by_correlation);
            let step = solve_two(&information, score)?;
            if step[0].abs() <= 1e-10 * variance && step[1].abs() <= 1e-10 {
                converged = true;
                break;
            }
            let mut share = 1.0;
            loop {
                let (next_variance, next_correlation) = (variance + share * step[0], correlation + share * step[1]);
                if next_variance > 0.0 && next_correlation.abs() < 0.9999 {
                    let next = problem.state(next_variance, next_correlation)?;
                    if next.log_likelihood >= state.log_likelihood - 1e-10 * state.log_likelihood.abs() {
                        (variance, correlation, state) = (next_variance, next_correlation, next);
                        break;
                    }
                }
                share *= 0.5;
                if share < 1e-10 {
                    return Err(StatsError::NotConverged {
                        procedure: "the spatial area model",
                        iterations: self.max_iterations,
                    });
                }
            }
        }
        if !converged {
            return Err(StatsError::NotConverged {
                procedure: "the spatial area model",
                iterations: self.max_iterations,
            });
        }
        let estimates = problem.estimates(&state, variance, correlation)?;
        let coefficients = (0..problem.x.ncols()).map(|j| state.beta[(j, 0)]).collect();
        Ok(SpatialFayHerriotFit { coefficients, variance, correlation, estimates })
    }
}

impl<'a> Problem<'a> {
    fn new(data: &SpatialAreaData<'a>, method: SpatialMethod) -> Result<Self> {
        let (m, p) = (data.direct.len(), data.column_names.len());
        same_length("sampling_variances", data.sampling_variances.len(), m)?;
        same_length("matrix", data.matrix.len(), m * p)?;
        same_length("neighbours", data.neighbours.len(), m * m)?;
        if m <= p || p == 0 {
            return Err(StatsError::Empty { quantity: "an area model (areas with sample must outnumber the columns)" });
        }
        for (input, values, width) in
            [("direct", data.direct, 1), ("matrix", data.matrix, p), ("neighbours", data.neighbours, m)]
        {
            if let Some(position) = values.iter().position(|v| !v.is_finite()) {
                return Err(StatsError::Missing { input, row: position / width });
            }
        }
        if let Some(row) = data.sampling_variances.iter().position(|v| !(v.is_finite() && *v > 0.0)) {
            return Err(StatsError::OutOfRange { input: "sampling variance", requirement: "positive", row });
        }
        Ok(Self {
            y: Mat::from_fn(m, 1, |i, _| data.direct[i]),
            psi: data.sampling_variances,
            x: Mat::from_fn(m, p, |i, j| data.matrix[i * p + j]),
            w: Mat::from_fn(m, m, |i, j| data.neighbours[i * m + j]),
            reml: method == SpatialMethod::Reml,
        })
    }

    fn state(&self, variance: f64, correlation: f64) -> Result<State> {
        let m = self.psi.len();
        let singular = |matrix: &'static str| move |_| StatsError::NotPositiveDefinite { matrix };
        let filter = Mat::from_fn(m, m, |i, j| f64::from(u8::from(i == j)) - correlation * self.w[(i, j)]);
        let product = filter.transpose() * &filter;
        let structure = product.llt(Side::Lower).map_err(singular("spatial structure"))?.inverse();
        let v = Mat::from_fn(m, m, |i, j| variance * structure[(i, j)] + if i == j { self.psi[i] } else { 0.0 });
        let factor = v.llt(Side::Lower).map_err(singular("variance of the direct estimates"))?;
        let log_v: f64 = (0..m).map(|i| 2.0 * factor.L()[(i, i)].ln()).sum();
        let precision = factor.inverse();
        let scaled_x = &precision * &self.x;
        let information = self.x.transpose() * &scaled_x;
        let information = information.llt(Side::Lower).map_err(singular("information matrix"))?;
        let log_information: f64 = (0..self.x.ncols()).map(|i| 2.0 * information.L()[(i, i)].ln()).sum();
        let beta = information.solve(scaled_x.transpose() * &self.y);
        let q = information.inverse();
        let residuals = &self.y - &self.x * &beta;
        let scaled_residuals = &precision * &residuals;
        let quadratic: f64 = (0..m).map(|i| residuals[(i, 0)] * scaled_residuals[(i, 0)]).sum();
        let (projection, restricted) = if self.reml {
            (&precision - &scaled_x * &q * scaled_x.transpose(), log_information)
        } else {
            (precision.clone(), 0.0)
        };
        let log_likelihood = -0.5 * (log_v + restricted + quadratic);
        Ok(State { structure, precision, q, beta, scaled_residuals, projection, log_likelihood })
    }

    /// `d(I - rho W)'(I - rho W) / d rho = 2 rho W'W - W - W'`.
    fn structure_derivative(&self, correlation: f64) -> Mat<f64> {
        let m = self.psi.len();
        let squared = self.w.transpose() * &self.w;
        Mat::from_fn(m, m, |i, j| 2.0 * correlation * squared[(i, j)] - self.w[(i, j)] - self.w[(j, i)])
    }

    /// Derivatives of `V` by the variance and by the correlation.
    fn derivatives(&self, state: &State, variance: f64, correlation: f64) -> (Mat<f64>, Mat<f64>) {
        let inner = &state.structure * self.structure_derivative(correlation) * &state.structure;
        (state.structure.clone(), faer::Scale(-variance) * inner)
    }

    fn score(&self, state: &State, by_variance: &Mat<f64>, by_correlation: &Mat<f64>) -> ([f64; 2], [f64; 4]) {
        let r = &state.scaled_residuals;
        let (first, second) = (&state.projection * by_variance, &state.projection * by_correlation);
        let slope = |derivative: &Mat<f64>, projected: &Mat<f64>| {
            let quadratic = (r.transpose() * (derivative * r))[(0, 0)];
            0.5 * (quadratic - trace(projected))
        };
        let score = [slope(by_variance, &first), slope(by_correlation, &second)];
        let cross = 0.5 * trace_of_product(&first, &second);
        let information =
            [0.5 * trace_of_product(&first, &first), cross, cross, 0.5 * trace_of_product(&second, &second)];
        (score, information)
    }

    fn estimates(&self, state: &State, variance: f64, correlation: f64) -> Result<Vec<AreaEstimate>> {
        let m = self.psi.len();
        let (by_variance, by_correlation) = self.derivatives(state, variance, correlation);
        let information = restricted_information(state, &self.x, &by_variance, &by_correlation);
        let inverse = invert_two(&information)?;
        let g = faer::Scale(variance) * &state.structure;
        let shrink = &g * &state.precision;
        let predicted = &self.x * &state.beta;
        let effects = &g * &state.scaled_residuals;
        let remaining = &shrink * &g;
        let leverage_rows = &self.x - &shrink * &self.x;
        let leverage = &leverage_rows * &state.q;
        // How the predictor moves with the two parameters: d(G V^-1) = (I - G V^-1) dG V^-1.
        let move_by = |derivative: &Mat<f64>| {
            let scaled = derivative * &state.precision;
            &scaled - &shrink * &scaled
        };
        let moves = [move_by(&by_variance), move_by(&by_correlation)];
        let v = Mat::from_fn(m, m, |i, j| g[(i, j)] + if i == j { self.psi[i] } else { 0.0 });
        let moved: Vec<Mat<f64>> = moves.iter().map(|l| l * &v).collect();
        // Curvature of V: the leading term of the bias of the first part.
        let inner = self.structure_derivative(correlation);
        let first = &state.structure * &inner * &state.structure;
        let squared = self.w.transpose() * &self.w;
        let second = faer::Scale(2.0 * variance) * (&first * &inner * &state.structure)
            - faer::Scale(2.0 * variance) * (&state.structure * squared * &state.structure);
        let curvature = faer::Scale(-(inverse[1] + inverse[2])) * first + faer::Scale(inverse[3]) * second;
        let curved = &state.precision * curvature * &state.precision;
        // Bias of maximum likelihood: the trace of Q d(X' V^-1 X), through the inverse information.
        let bias = if self.reml {
            [0.0; 2]
        } else {
            let scaled_x = &state.precision * &self.x;
            let lost =
                |derivative: &Mat<f64>| -trace_of_product(&state.q, &(scaled_x.transpose() * (derivative * &scaled_x)));
            let h = [lost(&by_variance), lost(&by_correlation)];
            [0.5 * (inverse[0] * h[0] + inverse[1] * h[1]), 0.5 * (inverse[2] * h[0] + inverse[3] * h[1])]
        };
        // Gradient of the first part, diag(G - G V^-1 G).
        let gradient = |derivative: &Mat<f64>| {
            let kept = Mat::from_fn(m, m, |i, j| f64::from(u8::from(i == j)) - shrink[(i, j)]);
            &kept * derivative * kept.transpose()
        };
        let gradients = [gradient(&by_variance), gradient(&by_correlation)];
        Ok((0..m)
            .map(|d| {
                let g1 = g[(d, d)] - remaining[(d, d)];
                let g2: f64 = (0..self.x.ncols()).map(|j| leverage[(d, j)] * leverage_rows[(d, j)]).sum();
                let mut g3 = 0.0;
                for (k, moved) in moved.iter().enumerate() {
                    for (l, other) in moves.iter().enumerate() {
                        let covariance: f64 = (0..m).map(|j| moved[(d, j)] * other[(d, j)]).sum();
                        g3 += covariance * inverse[k * 2 + l];
                    }
                }
                let g4 = 0.5 * self.psi[d] * self.psi[d] * curved[(d, d)];
                let b = bias[0] * gradients[0][(d, d)] + bias[1] * gradients[1][(d, d)];
                AreaEstimate {
                    value: predicted[(d, 0)] + effects[(d, 0)],
                    mean_squared_error: g1 - b + g2 + 2.0 * g3 - g4,
                    shrinkage: shrink[(d, d)],
                    synthetic: predicted[(d, 0)],
                }
            })
            .collect())
    }
}

/// Information of the two parameters by the restricted likelihood. It serves the mean squared errors of both methods: to
/// the order of that formula the two informations are the same, and `sae` takes this one.
fn restricted_information(state: &State, x: &Mat<f64>, by_variance: &Mat<f64>, by_correlation: &Mat<f64>) -> [f64; 4] {
    let scaled_x = &state.precision * x;
    let projection = &state.precision - &scaled_x * &state.q * scaled_x.transpose();
    let (first, second) = (&projection * by_variance, &projection * by_correlation);
    let cross = 0.5 * trace_of_product(&first, &second);
    [0.5 * trace_of_product(&first, &first), cross, cross, 0.5 * trace_of_product(&second, &second)]
}

fn trace(matrix: &Mat<f64>) -> f64 {
    (0..matrix.nrows()).map(|i| matrix[(i, i)]).sum()
}

fn trace_of_product(a: &Mat<f64>, b: &Mat<f64>) -> f64 {
    (0..a.ncols()).map(|j| (0..a.nrows()).map(|i| a[(i, j)] * b[(j, i)]).sum::<f64>()).sum()
}

fn invert_two(m: &[f64; 4]) -> Result<[f64; 4]> {
    let determinant = m[0] * m[3] - m[1] * m[2];
    if determinant.is_nan() || determinant <= 0.0 {
        return Err(StatsError::NotPositiveDefinite { matrix: "information of the variance parameters" });
    }
    Ok([m[3] / determinant, -m[1] / determinant, -m[2] / determinant, m[0] / determinant])
}

fn solve_two(m: &[f64; 4], right: [f64; 2]) -> Result<[f64; 2]> {
    let inverse = invert_two(m)?;
    Ok([inverse[0] * right[0] + inverse[1] * right[1], inverse[2] * right[0] + inverse[3] * right[1]])
}
