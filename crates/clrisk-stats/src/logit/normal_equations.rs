//! The one loop over the records: weighted cross-products of the design matrix.

/// Log-likelihood, gradient and information of a weighted logit at one coefficient vector.
pub(crate) struct Pass {
    pub(crate) log_likelihood: f64,
    pub(crate) gradient: Vec<f64>,
    /// `X' W X`, row-major, both triangles.
    pub(crate) information: Vec<f64>,
    /// Largest absolute linear predictor.
    pub(crate) largest: f64,
}

/// `1 / (1 + exp(-x))` without overflow.
pub(crate) fn inverse_logit(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        let e = x.exp();
        e / (1.0 + e)
    }
}

/// Rows are taken in blocks of this many, so that a block of the matrix stays in the first-level cache.
const BLOCK: usize = 64;

pub(super) fn pass(x: &[f64], y: &[f64], weights: &[f64], columns: usize, beta: &[f64]) -> Pass {
    let mut gradient = vec![0.0; columns];
    let mut information = vec![0.0; columns * columns];
    let mut scaled = vec![0.0; columns];
    let mut log_likelihood = 0.0;
    let mut largest = 0.0f64;
    for ((x, y), weights) in x.chunks(BLOCK * columns).zip(y.chunks(BLOCK)).zip(weights.chunks(BLOCK)) {
        // A block's own sum first: it keeps the rounding error of the long sum small.
        let mut block = 0.0;
        for ((row, &y), &weight) in x.chunks_exact(columns).zip(y).zip(weights) {
            let eta: f64 = row.iter().zip(beta).map(|(x, b)| x * b).sum();
            largest = largest.max(eta.abs());
            let e = (-eta.abs()).exp();
            let softplus = eta.max(0.0) + e.ln_1p();
            block += weight * (y * eta - softplus);
            let mu = if eta >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) };
            let residual = weight * (y - mu);
            let curvature = weight * e / ((1.0 + e) * (1.0 + e));
            for (g, x) in gradient.iter_mut().zip(row) {
                *g += residual * x;
            }
            for (s, x) in scaled.iter_mut().zip(row) {
                *s = curvature * x;
            }
            for (j, &s) in scaled.iter().enumerate() {
                if s != 0.0 {
                    let target = &mut information[j * columns + j..(j + 1) * columns];
                    for (t, x) in target.iter_mut().zip(&row[j..]) {
                        *t += s * x;
                    }
                }
            }
        }
        log_likelihood += block;
    }
    for i in 0..columns {
        for j in 0..i {
            information[i * columns + j] = information[j * columns + i];
        }
    }
    Pass { log_likelihood, gradient, information, largest }
}
