//! The Hessian of the joint log posterior of coefficients and effects, in blocks.
//!
//! Effects of the grouping factor with most levels (the *local* effects, `k` a level) touch one another only within a level.
//! Everything else (coefficients and effects of coarser factors: the *border*, `b` in number) is dense. Eliminating the local
//! blocks first, the factor costs `levels * k * b^2 + b^3 / 3` operations instead of `(levels * k + b)^3 / 3`.

/// A symmetric positive definite matrix in blocks, and after [`Blocks::factorise`] its Cholesky factor.
#[derive(Debug, Clone)]
pub struct Blocks {
    /// Size of the border.
    pub border: usize,
    /// Local effects a level.
    pub local: usize,
    /// Levels.
    pub levels: usize,
    /// Border by border, row-major; lower triangle used.
    pub border_block: Vec<f64>,
    /// Per level: local by border.
    pub cross: Vec<f64>,
    /// Per level: local by local; lower triangle used.
    pub local_blocks: Vec<f64>,
}

impl Blocks {
    /// Zeros.
    pub fn new(border: usize, local: usize, levels: usize) -> Blocks {
        Blocks {
            border,
            local,
            levels,
            border_block: vec![0.0; border * border],
            cross: vec![0.0; levels * local * border],
            local_blocks: vec![0.0; levels * local * local],
        }
    }

    /// Sets all entries to zero.
    pub fn clear(&mut self) {
        self.border_block.fill(0.0);
        self.cross.fill(0.0);
        self.local_blocks.fill(0.0);
    }

    /// Replaces the matrix by its Cholesky factor; returns the log determinant of the matrix, none when it is not positive
    /// definite.
    pub fn factorise(&mut self) -> Option<f64> {
        let (b, k) = (self.border, self.local);
        let mut log_determinant = 0.0;
        for level in 0..self.levels {
            let block = &mut self.local_blocks[level * k * k..(level + 1) * k * k];
            log_determinant += cholesky(block, k)?;
            let cross = &mut self.cross[level * k * b..(level + 1) * k * b];
            // cross <- L^-1 cross, row by row.
            for row in 0..k {
                for earlier in 0..row {
                    let factor = block[row * k + earlier];
                    let (before, after) = cross.split_at_mut(row * b);
                    for (value, known) in after[..b].iter_mut().zip(&before[earlier * b..(earlier + 1) * b]) {
                        *value -= factor * known;
                    }
                }
                let diagonal = block[row * k + row];
                cross[row * b..(row + 1) * b].iter_mut().for_each(|value| *value /= diagonal);
            }
            for row in cross.chunks_exact(b.max(1)) {
                let from = row.iter().position(|value| *value != 0.0).unwrap_or(b);
                for (i, left) in row.iter().enumerate().skip(from) {
                    if *left != 0.0 {
                        let targets = &mut self.border_block[i * b + from..i * b + i + 1];
                        targets.iter_mut().zip(&row[from..]).for_each(|(target, right)| *target -= left * right);
                    }
                }
            }
        }
        log_determinant += cholesky(&mut self.border_block, b)?;
        Some(log_determinant)
    }

    /// Solves `H x = g` with the factor; `g` is (border, then local effects level by level) and becomes `x`.
    pub fn solve(&self, vector: &mut [f64]) {
        let (b, k) = (self.border, self.local);
        let (border, locals) = vector.split_at_mut(b);
        for level in 0..self.levels {
            let local = &mut locals[level * k..(level + 1) * k];
            forward(&self.local_blocks[level * k * k..(level + 1) * k * k], k, local);
            let cross = &self.cross[level * k * b..(level + 1) * k * b];
            for (row, value) in cross.chunks_exact(b.max(1)).zip(local.iter()) {
                for (target, cross) in border.iter_mut().zip(row) {
                    *target -= cross * value;
                }
            }
        }
        forward(&self.border_block, b, border);
        self.solve_transposed(vector);
    }

    /// Solves `L' x = z`: with `z` standard normal, `x` has covariance `H^-1`.
    pub fn solve_transposed(&self, vector: &mut [f64]) {
        let (b, k) = (self.border, self.local);
        let (border, locals) = vector.split_at_mut(b);
        backward(&self.border_block, b, border);
        for level in 0..self.levels {
            let local = &mut locals[level * k..(level + 1) * k];
            let cross = &self.cross[level * k * b..(level + 1) * k * b];
            for (row, value) in cross.chunks_exact(b.max(1)).zip(local.iter_mut()) {
                *value -= row.iter().zip(border.iter()).map(|(cross, x)| cross * x).sum::<f64>();
            }
            backward(&self.local_blocks[level * k * k..(level + 1) * k * k], k, local);
        }
    }
}

/// The entries of an inverse that share a block with an entry of the matrix.
#[derive(Debug, Clone)]
pub struct SelectedInverse {
    border: usize,
    local: usize,
    /// Border by border, row-major, both triangles.
    pub border_block: Vec<f64>,
    /// Per level: local by border.
    pub cross: Vec<f64>,
    /// Per level: local by local, both triangles.
    pub local_blocks: Vec<f64>,
}

impl SelectedInverse {
    /// Covariance of two border unknowns.
    pub fn border(&self, i: usize, j: usize) -> f64 {
        self.border_block[i * self.border + j]
    }

    /// Covariance of local effect `i` of a level and border unknown `j`.
    pub fn cross(&self, level: usize, i: usize, j: usize) -> f64 {
        self.cross[(level * self.local + i) * self.border + j]
    }

    /// Covariance of two local effects of one level.
    pub fn local(&self, level: usize, i: usize, j: usize) -> f64 {
        self.local_blocks[(level * self.local + i) * self.local + j]
    }
}

impl Blocks {
    /// The blocks of the inverse that correspond to blocks of the matrix, from the factor: with `R = L^-1 C` of a level and
    /// `S` the Schur complement of the border, `S^-1`, `-L^-T R S^-1` and `L^-T (I + R S^-1 R') L^-1`.
    pub fn selected_inverse(&self) -> SelectedInverse {
        let (b, k) = (self.border, self.local);
        let mut inverse = SelectedInverse {
            border: b,
            local: k,
            border_block: vec![0.0; b * b],
            cross: vec![0.0; self.levels * k * b],
            local_blocks: vec![0.0; self.levels * k * k],
        };
        invert(&self.border_block, b, &mut inverse.border_block);
        let mut column = vec![0.0; k];
        let mut inner = vec![0.0; k * k];
        for level in 0..self.levels {
            let factor = &self.local_blocks[level * k * k..(level + 1) * k * k];
            let reduced = &self.cross[level * k * b..(level + 1) * k * b];
            let cross = &mut inverse.cross[level * k * b..(level + 1) * k * b];
            for (target, row) in cross.chunks_exact_mut(b.max(1)).zip(reduced.chunks_exact(b.max(1))) {
                // Where factors are nested a level touches one border unknown only.
                for (value, known) in row.iter().zip(inverse.border_block.chunks_exact(b)).filter(|(v, _)| **v != 0.0) {
                    target.iter_mut().zip(known).for_each(|(sum, s)| *sum += value * s);
                }
            }
            for i in 0..k {
                for j in 0..k {
                    let shared: f64 =
                        cross[i * b..(i + 1) * b].iter().zip(&reduced[j * b..(j + 1) * b]).map(|(t, r)| t * r).sum();
                    inner[i * k + j] = f64::from(u8::from(i == j)) + shared;
                }
            }
            // L^-T from the left on every column of (I + R S^-1 R'), then on every row: the matrix is symmetric.
            for _ in 0..2 {
                for j in 0..k {
                    (0..k).for_each(|i| column[i] = inner[i * k + j]);
                    backward(factor, k, &mut column);
                    (0..k).for_each(|i| inner[i * k + j] = column[i]);
                }
                for i in 0..k {
                    for j in 0..i {
                        inner.swap(i * k + j, j * k + i);
                    }
                }
            }
            inverse.local_blocks[level * k * k..(level + 1) * k * k].copy_from_slice(&inner);
            // -L^-T T, from the last row up.
            for row in (0..k).rev() {
                let (before, rest) = cross.split_at_mut(row * b);
                let own = &mut rest[..b];
                own.iter_mut().for_each(|value| *value /= -factor[row * k + row]);
                for (earlier, target) in before.chunks_exact_mut(b.max(1)).enumerate() {
                    let l = factor[row * k + earlier];
                    // What is subtracted has its sign already turned; the rows before have not.
                    target.iter_mut().zip(own.iter()).for_each(|(sum, value)| *sum += l * value);
                }
            }
        }
        inverse
    }
}

/// First column of each row with a value: the factor has the same ones, so that what is before them costs nothing (nested
/// factors leave a border that is almost diagonal).
fn first_columns(matrix: &[f64], n: usize) -> Vec<usize> {
    (0..n).map(|row| matrix[row * n..row * n + row].iter().position(|value| *value != 0.0).unwrap_or(row)).collect()
}

/// Inner product in four sums side by side.
fn inner_product(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (quads_a, quads_b) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = quads_a.remainder().iter().zip(quads_b.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in quads_a.zip(quads_b) {
        for lane in 0..4 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

/// Inverse of a symmetric matrix from its Cholesky factor.
fn invert(factor: &[f64], n: usize, inverse: &mut [f64]) {
    let first = first_columns(factor, n);
    for unit in 0..n {
        let column = &mut inverse[unit * n..(unit + 1) * n];
        column[unit] = 1.0;
        for row in unit..n {
            let from = first[row].max(unit).min(row);
            let done = inner_product(&factor[row * n + from..row * n + row], &column[from..row]);
            column[row] = (column[row] - done) / factor[row * n + row];
        }
        for row in (0..n).rev() {
            if column[row] != 0.0 {
                let value = column[row] / factor[row * n + row];
                column[row] = value;
                let from = first[row];
                for (target, l) in column[from..row].iter_mut().zip(&factor[row * n + from..row * n + row]) {
                    *target -= l * value;
                }
            }
        }
    }
}

/// Cholesky factor in the lower triangle; returns the log determinant.
fn cholesky(matrix: &mut [f64], n: usize) -> Option<f64> {
    let mut log_determinant = 0.0;
    let first = first_columns(matrix, n);
    for row in 0..n {
        let (upper, lower) = matrix.split_at_mut(row * n);
        for column in first[row]..row {
            let from = first[row].max(first[column]).min(column);
            let done = inner_product(&lower[from..column], &upper[column * n + from..column * n + column]);
            lower[column] = (lower[column] - done) / upper[column * n + column];
        }
        let own = &lower[first[row]..row];
        let value = lower[row] - inner_product(own, own);
        if value.is_nan() || value <= 0.0 {
            return None;
        }
        lower[row] = value.sqrt();
        log_determinant += value.ln();
    }
    Some(log_determinant)
}

fn forward(factor: &[f64], n: usize, vector: &mut [f64]) {
    for row in 0..n {
        let done = inner_product(&factor[row * n..row * n + row], &vector[..row]);
        vector[row] = (vector[row] - done) / factor[row * n + row];
    }
}

pub(super) fn backward(factor: &[f64], n: usize, vector: &mut [f64]) {
    for row in (0..n).rev() {
        let value = vector[row] / factor[row * n + row];
        vector[row] = value;
        for (target, l) in vector[..row].iter_mut().zip(&factor[row * n..row * n + row]) {
            *target -= l * value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solving_with_blocks_inverts_the_whole_matrix() {
        // Two border unknowns, three levels with two local effects each; the dense matrix is built beside it.
        let (b, k, levels) = (2, 2, 3);
        let n = b + k * levels;
        let mut blocks = Blocks::new(b, k, levels);
        let mut dense = vec![0.0; n * n];
        let mut set = |i: usize, j: usize, value: f64| {
            dense[i * n + j] = value;
            dense[j * n + i] = value;
        };
        for i in 0..b {
            for j in 0..=i {
                let value = if i == j { 9.0 } else { 0.5 };
                blocks.border_block[i * b + j] = value;
                set(i, j, value);
            }
        }
        for level in 0..levels {
            for i in 0..k {
                for j in 0..=i {
                    let value = if i == j { 4.0 + level as f64 } else { 0.3 };
                    blocks.local_blocks[level * k * k + i * k + j] = value;
                    set(b + level * k + i, b + level * k + j, value);
                }
                for j in 0..b {
                    let value = 0.1 * (1 + level + i + 2 * j) as f64;
                    blocks.cross[level * k * b + i * b + j] = value;
                    set(b + level * k + i, j, value);
                }
            }
        }
        let log_determinant = blocks.factorise().unwrap();
        let mut whole = dense.clone();
        assert!((cholesky(&mut whole, n).unwrap() - log_determinant).abs() < 1e-12);
        let truth: Vec<f64> = (0..n).map(|i| (i as f64 - 3.0) / 2.0).collect();
        let mut vector: Vec<f64> = (0..n).map(|i| (0..n).map(|j| dense[i * n + j] * truth[j]).sum()).collect();
        blocks.solve(&mut vector);
        for (solved, true_value) in vector.iter().zip(&truth) {
            assert!((solved - true_value).abs() < 1e-12);
        }
        let inverse = blocks.selected_inverse();
        let column_of = |j: usize| {
            let mut unit = vec![0.0; n];
            unit[j] = 1.0;
            blocks.solve(&mut unit);
            unit
        };
        for j in 0..n {
            let column = column_of(j);
            for i in 0..n {
                let found = match (i < b, j < b) {
                    (true, true) => inverse.border(i, j),
                    (false, true) => inverse.cross((i - b) / k, (i - b) % k, j),
                    (false, false) if (i - b) / k == (j - b) / k => {
                        inverse.local((i - b) / k, (i - b) % k, (j - b) % k)
                    }
                    _ => continue,
                };
                assert!((found - column[i]).abs() < 1e-13, "{i} {j}");
            }
        }
    }

    #[test]
    fn a_matrix_that_is_not_positive_definite_has_no_factor() {
        let mut blocks = Blocks::new(1, 1, 1);
        blocks.border_block[0] = 1.0;
        blocks.local_blocks[0] = 1.0;
        blocks.cross[0] = 2.0;
        assert!(blocks.factorise().is_none());
    }
}
