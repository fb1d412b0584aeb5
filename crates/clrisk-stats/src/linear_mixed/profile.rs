//! The likelihood of a Gaussian mixed model with coefficients and residual variance profiled out.

use crate::linear_algebra::{Cholesky, dot};

/// Cross products of the rows of one group; all that the likelihood needs of them. `X` is made orthonormal, `y` is
/// replaced by its least-squares residuals.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// Level of the grouping factor.
    pub(super) level: usize,
    /// `Z'Z`.
    pub(super) zz: Vec<f64>,
    /// `Z'X`.
    pub(super) zx: Vec<f64>,
    /// `Z'y`.
    pub(super) zy: Vec<f64>,
}

pub(super) struct Profile {
    pub(super) groups: Vec<Group>,
    /// Columns of `X`.
    pub(super) fixed: usize,
    /// Columns of `Z`.
    pub(super) random: usize,
    /// `y'y`.
    pub(super) yy: f64,
    /// Rows, less the columns of `X` for the restricted likelihood.
    pub(super) degrees: f64,
    pub(super) restricted: bool,
    /// `log |X'X|` of the columns before they were made orthonormal.
    pub(super) log_determinant_of_columns: f64,
}

/// What one relative covariance factor implies.
pub(super) struct At {
    pub(super) deviance: f64,
    /// Coefficients of the orthonormal columns.
    pub(super) beta: Vec<f64>,
    /// `(X' V^-1 X)^-1` with `V` relative to the residual variance.
    pub(super) covariance: Vec<f64>,
    pub(super) residual_variance: f64,
    /// Derivative of the deviance by the parameters.
    pub(super) gradient: Vec<f64>,
    /// Per group: `L (L' Z'Z L + I)^-1 L'`, the conditional covariance of its effects over the residual variance.
    pub(super) conditional: Vec<Vec<f64>>,
    /// Per group: `Z' V^-1 (y - X beta)`.
    pub(super) scores: Vec<Vec<f64>>,
}

/// A relative covariance factor: the rows of a lower triangle, each at its place in `order`.
pub(super) fn factor_of(parameters: &[f64], order: &[usize]) -> Vec<f64> {
    let q = order.len();
    let mut full = vec![0.0; q * q];
    let mut next = parameters.iter();
    for (i, place) in order.iter().enumerate() {
        for j in 0..=i {
            full[place * q + j] = next.next().copied().unwrap_or(0.0);
        }
    }
    full
}

/// The parameters of a covariance matrix in the order that takes the column with the most variance left first (pivoted
/// Cholesky). Where the matrix is nearly singular, the other orders lead through narrow curved valleys of the deviance.
pub(super) fn pivoted(mut covariance: Vec<f64>, q: usize) -> (Vec<f64>, Vec<usize>) {
    let mut order: Vec<usize> = (0..q).collect();
    let mut factor = vec![0.0; q * q];
    for j in 0..q {
        let best = (j..q).max_by(|&a, &b| {
            let left = |k: usize| covariance[order[k] * q + order[k]];
            left(a).total_cmp(&left(b))
        });
        order.swap(j, best.unwrap_or(j));
        let pivot = covariance[order[j] * q + order[j]].max(0.0).sqrt();
        for &i in &order[j..] {
            factor[i * q + j] = if pivot > 0.0 { covariance[i * q + order[j]] / pivot } else { 0.0 };
        }
        for &a in &order[j..] {
            for &b in &order[j..] {
                covariance[a * q + b] -= factor[a * q + j] * factor[b * q + j];
            }
        }
    }
    let parameters = order.iter().enumerate().flat_map(|(i, place)| (0..=i).map(move |j| place * q + j));
    (parameters.map(|k| factor[k]).collect(), order)
}

/// `A B` of an `n x k` and a `k x m` matrix, row-major.
pub(super) fn multiply(a: &[f64], b: &[f64], k: usize, m: usize) -> Vec<f64> {
    let mut result = vec![0.0; a.len() / k * m];
    for (row, out) in a.chunks_exact(k).zip(result.chunks_exact_mut(m)) {
        for (value, other) in row.iter().zip(b.chunks_exact(m)) {
            for (o, x) in out.iter_mut().zip(other) {
                *o += value * x;
            }
        }
    }
    result
}

/// Transpose of an `n x m` matrix.
pub(super) fn transpose(a: &[f64], m: usize) -> Vec<f64> {
    let n = a.len() / m;
    (0..n * m).map(|k| a[(k % n) * m + k / n]).collect()
}

/// `I - A`.
fn identity_less(a: &[f64], order: usize) -> Vec<f64> {
    (0..order * order).map(|k| f64::from(u8::from(k % (order + 1) == 0)) - a[k]).collect()
}

fn subtract(from: &mut [f64], what: &[f64]) {
    for (a, b) in from.iter_mut().zip(what) {
        *a -= b;
    }
}

fn add(to: &mut [f64], what: &[f64]) {
    for (a, b) in to.iter_mut().zip(what) {
        *a += b;
    }
}

impl Profile {
    /// Everything at one relative covariance factor, or nothing where rounding leaves no positive variance.
    pub(super) fn at(&self, parameters: &[f64], order: &[usize]) -> Option<At> {
        let (p, q) = (self.fixed, self.random);
        let factor = factor_of(parameters, order);
        let transposed = transpose(&factor, q);
        let mut log_determinant = 0.0;
        let mut information = identity_less(&vec![0.0; p * p], p);
        let mut right = vec![0.0; p];
        let mut total = self.yy;
        let mut conditional = Vec::with_capacity(self.groups.len());
        for group in &self.groups {
            let mut inner = multiply(&multiply(&transposed, &group.zz, q, q), &factor, q, q);
            (0..q).for_each(|i| inner[i * q + i] += 1.0);
            let inner = Cholesky::new(&inner, q).ok()?;
            log_determinant += inner.log_determinant();
            let spread = multiply(&multiply(&factor, &inner.inverse(), q, q), &transposed, q, q);
            let spread_x = multiply(&spread, &group.zx, q, p);
            subtract(&mut information, &multiply(&transpose(&group.zx, p), &spread_x, q, p));
            subtract(&mut right, &multiply(&transpose(&spread_x, p), &group.zy, q, 1));
            total -= dot(&multiply(&spread, &group.zy, q, 1), &group.zy);
            conditional.push(spread);
        }
        let information = Cholesky::new(&information, p).ok()?;
        let mut beta = right.clone();
        information.solve(&mut beta);
        let residual = total - dot(&beta, &right);
        if residual.is_nan() || residual <= 0.0 {
            return None;
        }
        let residual_variance = residual / self.degrees;
        let mut deviance =
            log_determinant + self.degrees * (1.0 + (2.0 * std::f64::consts::PI * residual_variance).ln());
        if self.restricted {
            deviance += information.log_determinant() + self.log_determinant_of_columns;
        }
        let covariance = information.inverse();
        let (scores, slope) = self.slope(&beta, &covariance, &conditional, residual_variance);
        let by_factor = multiply(&slope, &factor, q, q);
        let rows = order.iter().enumerate();
        let gradient =
            rows.flat_map(|(i, place)| by_factor[place * q..=place * q + i].iter().map(|g| 2.0 * g)).collect();
        Some(At { deviance, beta, covariance, residual_variance, gradient, conditional, scores })
    }

    /// Scores of the groups, and the derivative of the deviance by the relative covariance matrix `L L'`: the sum over
    /// groups of `Z'V^-1 Z - s s' / s2`, less `Z'V^-1 X (X'V^-1 X)^-1 X'V^-1 Z` for the restricted likelihood.
    fn slope(
        &self,
        beta: &[f64],
        covariance: &[f64],
        conditional: &[Vec<f64>],
        residual_variance: f64,
    ) -> (Vec<Vec<f64>>, Vec<f64>) {
        let (p, q) = (self.fixed, self.random);
        let mut slope = vec![0.0; q * q];
        let mut scores = Vec::with_capacity(self.groups.len());
        for (group, spread) in self.groups.iter().zip(conditional) {
            // Z'V^-1 = (I - Z'Z C) Z'.
            let keep = identity_less(&multiply(&group.zz, spread, q, q), q);
            let mut residual = group.zy.clone();
            subtract(&mut residual, &multiply(&group.zx, beta, p, 1));
            let score = multiply(&keep, &residual, q, 1);
            add(&mut slope, &multiply(&keep, &group.zz, q, q));
            let outer: Vec<f64> = (0..q * q).map(|k| score[k / q] * score[k % q] / residual_variance).collect();
            subtract(&mut slope, &outer);
            if self.restricted {
                let kept_x = multiply(&keep, &group.zx, q, p);
                let inner = multiply(&multiply(&kept_x, covariance, p, p), &transpose(&kept_x, p), p, q);
                subtract(&mut slope, &inner);
            }
            scores.push(score);
        }
        (scores, slope)
    }
}
