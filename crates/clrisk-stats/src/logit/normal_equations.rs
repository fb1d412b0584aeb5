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

/// Rows are taken in blocks of this many, turned so that each column is contiguous: short enough that tens of columns stay
/// in the first-level cache, of one length known to the compiler, so that every loop runs over whole vectors. An odd number of
/// cache lines, for the columns not to compete for the same ones.
const BLOCK: usize = 120;

/// One value for each row of a block.
type Lane = [f64; BLOCK];

/// Rows with a weight of zero are passed over.
pub(super) fn pass(x: &[f64], y: &[f64], weights: &[f64], columns: usize, beta: &[f64]) -> Pass {
    let mut sums = Pass {
        log_likelihood: 0.0,
        gradient: vec![0.0; columns],
        information: vec![0.0; columns * columns],
        largest: 0.0,
    };
    let mut block = Block { columns: vec![[0.0; BLOCK]; columns], y: [0.0; BLOCK], weights: [0.0; BLOCK], count: 0 };
    for ((row, &y), &weight) in x.chunks_exact(columns).zip(y).zip(weights) {
        if weight == 0.0 {
            continue;
        }
        block.push(row, y, weight);
        if block.count == BLOCK {
            sums.add(&block, beta);
            block.count = 0;
        }
    }
    if block.count > 0 {
        block.clear_rest();
        sums.add(&block, beta);
    }
    for i in 0..columns {
        for j in 0..i {
            sums.information[i * columns + j] = sums.information[j * columns + i];
        }
    }
    sums
}

struct Block {
    columns: Vec<Lane>,
    y: Lane,
    weights: Lane,
    count: usize,
}

impl Block {
    fn push(&mut self, row: &[f64], y: f64, weight: f64) {
        for (column, &x) in self.columns.iter_mut().zip(row) {
            column[self.count] = x;
        }
        self.y[self.count] = y;
        self.weights[self.count] = weight;
        self.count += 1;
    }

    /// Rows that are not there have values and weights of zero.
    fn clear_rest(&mut self) {
        for lane in self.columns.iter_mut().chain([&mut self.y, &mut self.weights]) {
            lane[self.count..].fill(0.0);
        }
    }
}

impl Pass {
    fn add(&mut self, block: &Block, beta: &[f64]) {
        let mut eta = [0.0; BLOCK];
        for (column, b) in block.columns.iter().zip(beta) {
            eta.iter_mut().zip(column).for_each(|(eta, x)| *eta += b * x);
        }
        let (mut residual, mut curvature) = ([0.0; BLOCK], [0.0; BLOCK]);
        // A block's own sum first: it keeps the rounding error of the long sum small.
        let mut log_likelihood = 0.0;
        for row in 0..block.count {
            let (eta, y, weight) = (eta[row], block.y[row], block.weights[row]);
            self.largest = self.largest.max(eta.abs());
            let e = (-eta.abs()).exp();
            // The logarithm is at most ln 2, so the rounding of 1 + e is that of the sum.
            log_likelihood += weight * (y * eta - (eta.max(0.0) + (1.0 + e).ln()));
            let mu_of_size = 1.0 / (1.0 + e);
            let mu = if eta >= 0.0 { mu_of_size } else { e * mu_of_size };
            residual[row] = weight * (y - mu);
            curvature[row] = weight * e * mu_of_size * mu_of_size;
        }
        self.log_likelihood += log_likelihood;
        let columns = self.gradient.len();
        let mut scaled = [0.0; BLOCK];
        for (j, column) in block.columns.iter().enumerate() {
            self.gradient[j] += product_sum(&residual, column);
            scaled.iter_mut().zip(column).zip(&curvature).for_each(|((s, x), c)| *s = c * x);
            let target = &mut self.information[j * columns + j..(j + 1) * columns];
            for (sum, other) in target.iter_mut().zip(&block.columns[j..]) {
                *sum += product_sum(&scaled, other);
            }
        }
    }
}

/// Inner product in running sums that do not wait for one another.
fn product_sum(a: &Lane, b: &Lane) -> f64 {
    const SUMS: usize = 8;
    let mut sums = [0.0; SUMS];
    for (a, b) in a.as_chunks::<SUMS>().0.iter().zip(b.as_chunks::<SUMS>().0) {
        for k in 0..SUMS {
            sums[k] += a[k] * b[k];
        }
    }
    sums.iter().sum()
}
