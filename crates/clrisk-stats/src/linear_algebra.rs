//! Small dense symmetric systems (tens of columns), row-major. Large sparse systems live with the multilevel model.

/// Cholesky factor `L` of a symmetric positive definite matrix, or the index of the first column that depends on the
/// columns before it. Pivots are judged on the correlation scale, so the unit of a column does not matter.
pub(crate) struct Cholesky {
    factor: Vec<f64>,
    order: usize,
}

/// Squared share of a column that must be left after the columns before it are taken out. The normal equations square the
/// condition number, so less than this is rounding error.
pub(crate) const INDEPENDENCE: f64 = 1e-11;

impl Cholesky {
    pub(crate) fn new(matrix: &[f64], order: usize) -> Result<Self, Vec<usize>> {
        let scale: Vec<f64> = (0..order).map(|j| matrix[j * order + j].max(0.0).sqrt()).collect();
        let mut factor = vec![0.0; order * order];
        let mut dependent = Vec::new();
        for j in 0..order {
            for i in 0..=j {
                let mut value = matrix[j * order + i];
                for k in 0..i {
                    value -= factor[j * order + k] * factor[i * order + k];
                }
                if i < j {
                    let pivot = factor[i * order + i];
                    factor[j * order + i] = if pivot > 0.0 { value / pivot } else { 0.0 };
                } else if value.is_nan() || value <= INDEPENDENCE * scale[j] * scale[j] {
                    dependent.push(j);
                } else {
                    factor[j * order + j] = value.sqrt();
                }
            }
        }
        if dependent.is_empty() { Ok(Self { factor, order }) } else { Err(dependent) }
    }

    pub(crate) fn solve(&self, right: &mut [f64]) {
        let n = self.order;
        for i in 0..n {
            let known = dot(&self.factor[i * n..i * n + i], &right[..i]);
            right[i] = (right[i] - known) / self.factor[i * n + i];
        }
        for i in (0..n).rev() {
            let known: f64 = (i + 1..n).zip(&right[i + 1..n]).map(|(k, r)| self.factor[k * n + i] * r).sum();
            right[i] = (right[i] - known) / self.factor[i * n + i];
        }
    }

    /// The factor times a vector: with independent deviates, a vector whose covariance is the matrix.
    pub(crate) fn times(&self, vector: &[f64]) -> Vec<f64> {
        let n = self.order;
        (0..n).map(|i| dot(&self.factor[i * n..=i * n + i], &vector[..=i])).collect()
    }

    pub(crate) fn inverse(&self) -> Vec<f64> {
        let n = self.order;
        let mut inverse = vec![0.0; n * n];
        let mut column = vec![0.0; n];
        for j in 0..n {
            column.fill(0.0);
            column[j] = 1.0;
            self.solve(&mut column);
            for i in 0..n {
                inverse[i * n + j] = column[i];
            }
        }
        inverse
    }

    /// `L'^-1`, upper triangular: the columns of `X L'^-1` are orthonormal when `X'X = L L'`.
    pub(crate) fn inverse_transposed(&self) -> Vec<f64> {
        let n = self.order;
        let mut inverse = vec![0.0; n * n];
        for j in 0..n {
            inverse[j * n + j] = 1.0 / self.factor[j * n + j];
            for i in (0..j).rev() {
                let known: f64 = (i + 1..=j).map(|k| self.factor[k * n + i] * inverse[k * n + j]).sum();
                inverse[i * n + j] = -known / self.factor[i * n + i];
            }
        }
        inverse
    }

    /// `log |A|`.
    pub(crate) fn log_determinant(&self) -> f64 {
        (0..self.order).map(|i| 2.0 * self.factor[i * self.order + i].ln()).sum()
    }
}

/// `A B A` for symmetric matrices of the same order, symmetrised.
pub(crate) fn sandwich(outer: &[f64], inner: &[f64], order: usize) -> Vec<f64> {
    let left = product(outer, inner, order);
    let mut full = product(&left, outer, order);
    for i in 0..order {
        for j in 0..i {
            let value = 0.5 * (full[i * order + j] + full[j * order + i]);
            full[i * order + j] = value;
            full[j * order + i] = value;
        }
    }
    full
}

/// `A B` for square matrices of the same order.
pub(crate) fn product(a: &[f64], b: &[f64], order: usize) -> Vec<f64> {
    let mut result = vec![0.0; order * order];
    for i in 0..order {
        for k in 0..order {
            let value = a[i * order + k];
            for j in 0..order {
                result[i * order + j] += value * b[k * order + j];
            }
        }
    }
    result
}

/// `x' A x`.
pub(crate) fn quadratic_form(matrix: &[f64], x: &[f64]) -> f64 {
    let n = x.len();
    (0..n).map(|i| x[i] * (0..n).map(|j| matrix[i * n + j] * x[j]).sum::<f64>()).sum()
}

/// Inner product.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Eigenvalues and vectors of a small symmetric matrix by Jacobi rotations; the vectors are rows.
pub(crate) fn symmetric_eigen(matrix: &[Vec<f64>]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let n = matrix.len();
    let mut a: Vec<Vec<f64>> = matrix.to_vec();
    let mut vectors: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for _ in 0..60 {
        let off: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i][j] * a[i][j]).sum();
        if off < 1e-22 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                if a[p][q].abs() < 1e-300 {
                    continue;
                }
                let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let t = if theta == 0.0 { 1.0 } else { t };
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for row in a.iter_mut() {
                    let (x, y) = (row[p], row[q]);
                    row[p] = c * x - s * y;
                    row[q] = s * x + c * y;
                }
                let (upper, lower) = a.split_at_mut(q);
                for (x, y) in upper[p].iter_mut().zip(lower[0].iter_mut()) {
                    let (above, below) = (*x, *y);
                    *x = c * above - s * below;
                    *y = s * above + c * below;
                }
                let (first, second) = vectors.split_at_mut(q);
                for (x, y) in first[p].iter_mut().zip(second[0].iter_mut()) {
                    let (left, right) = (*x, *y);
                    *x = c * left - s * right;
                    *y = s * left + c * right;
                }
            }
        }
    }
    ((0..n).map(|i| a[i][i]).collect(), vectors)
}
