//! Weights from comparisons of two indicators at a time.

use crate::error::{Result, StatsError};

/// Somebody's judgement that one member matters `times` as much as another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// The member judged, counted from zero.
    pub first: usize,
    /// The member it is compared with.
    pub second: usize,
    /// How many times as much the first matters: 1/9 to 9 on Saaty's scale.
    pub times: f64,
}

/// Analytic hierarchy process (Saaty 1980): weights are the principal eigenvector of the matrix of comparisons `a_ij` (with
/// `a_ji = 1 / a_ij`), scaled to add up to one. Judgements that contradict each other show in the consistency ratio,
/// `((lambda - n) / (n - 1)) / R_n`, with `lambda` the eigenvalue and `R_n` the same figure of matrices filled at random; up
/// to 0.1 is usually accepted.
///
/// Checked against: `tests/reference/composite/hierarchy.json` (numpy `eig`; script beside it).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AnalyticHierarchy {
    /// The weights, adding up to one.
    pub weights: Vec<f64>,
    /// Principal eigenvalue; the number of members when all judgements agree, otherwise more.
    pub eigenvalue: f64,
    /// Consistency ratio; zero for one or two members, whose judgements cannot contradict each other.
    pub consistency_ratio: f64,
}

/// Mean consistency index of random reciprocal matrices of order 1 to 15 (Saaty 1980, table of random indices).
const RANDOM_INDEX: [f64; 15] =
    [0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59];

impl AnalyticHierarchy {
    /// Weights of `members` from one comparison for each pair of them.
    ///
    /// # Errors
    /// No members or more than fifteen, a pair that is missing or given twice, a member compared with itself, a number that is
    /// not between 1/9 and 9.
    ///
    /// # Example
    /// ```
    /// use clrisk_stats::composite::{AnalyticHierarchy, Comparison};
    /// # fn main() -> clrisk_stats::Result<()> {
    /// let pair = |first, second, times| Comparison { first, second, times };
    /// let fit = AnalyticHierarchy::fit(3, &[pair(0, 1, 2.0), pair(1, 2, 2.0), pair(0, 2, 4.0)])?;
    /// assert!((fit.weights[0] - 4.0 / 7.0).abs() < 1e-12 && fit.consistency_ratio < 1e-12);
    /// # Ok(()) }
    /// ```
    pub fn fit(members: usize, comparisons: &[Comparison]) -> Result<Self> {
        let pairs = "one for every pair of members";
        let refuse = |requirement| Err(StatsError::Setting { setting: "comparisons", requirement });
        if members == 0 || members > RANDOM_INDEX.len() {
            return refuse("of 1 to 15 members");
        }
        let mut matrix = vec![f64::NAN; members * members];
        (0..members).for_each(|i| matrix[i * members + i] = 1.0);
        for (row, &Comparison { first, second, times }) in comparisons.iter().enumerate() {
            if !(1.0 / 9.0 - 1e-9..=9.0 + 1e-9).contains(&times) {
                return Err(StatsError::OutOfRange { input: "comparisons", requirement: "between 1/9 and 9", row });
            }
            if first >= members || second >= members || !matrix[first * members + second].is_nan() {
                return refuse(pairs);
            }
            matrix[first * members + second] = times;
            matrix[second * members + first] = 1.0 / times;
        }
        if matrix.iter().any(|entry| entry.is_nan()) {
            return refuse(pairs);
        }
        let (weights, eigenvalue) = principal(&matrix, members)?;
        let consistency_ratio = if members < 3 {
            0.0
        } else {
            ((eigenvalue - members as f64) / (members as f64 - 1.0) / RANDOM_INDEX[members - 1]).max(0.0)
        };
        Ok(Self { weights, eigenvalue, consistency_ratio })
    }
}

/// Principal eigenvector (adding up to one) and eigenvalue of a positive matrix, by its powers.
fn principal(matrix: &[f64], order: usize) -> Result<(Vec<f64>, f64)> {
    const ITERATIONS: usize = 10_000;
    let mut vector = vec![1.0 / order as f64; order];
    for _ in 0..ITERATIONS {
        let product: Vec<f64> =
            matrix.chunks(order).map(|row| row.iter().zip(&vector).map(|(a, x)| a * x).sum()).collect();
        // The vector adds up to one, so the sum of the product is the eigenvalue.
        let eigenvalue: f64 = product.iter().sum();
        let next: Vec<f64> = product.iter().map(|x| x / eigenvalue).collect();
        let moved = next.iter().zip(&vector).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        vector = next;
        if moved < 1e-15 {
            return Ok((vector, eigenvalue));
        }
    }
    Err(StatsError::NotConverged { procedure: "principal eigenvector", iterations: ITERATIONS })
}
