//! Are two classifications of the population independent? Pearson's test with the design taken into account.

use super::linearised::{domain_rows, means};
use crate::design::SurveyDesign;
use crate::distribution::f_upper;
use crate::error::{Result, StatsError, same_length};
use crate::linear_algebra::{Cholesky, product};

/// Rao and Scott's test of independence.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct IndependenceTest {
    /// Pearson's statistic of the weighted table scaled to the sample size, over the trace of the design effects.
    pub f: f64,
    /// Numerator degrees of freedom, `(trace D)^2 / trace D^2`, not an integer.
    pub numerator: f64,
    /// Denominator degrees of freedom: the numerator's times PSUs less strata.
    pub denominator: f64,
    /// Upper tail probability.
    pub p_value: f64,
}

/// Tests whether the two classifications are independent in the domain (`None`: in the whole population).
///
/// `rows[i]` and `columns[i]` are the categories of record `i`, from zero; every category up to the largest must occur, in
/// every combination. The statistic is `X^2 / trace D`, with `D = (C' P^-1 C / n)^-1 C' P^-1 V P^-1 C`, `P` the diagonal of
/// the cell shares, `V` their design covariance and `C` a basis of the interactions (second-order correction of Rao and
/// Scott 1984 in the F form of Thomas and Rao 1987).
///
/// # Errors
/// Unequal lengths, an empty domain, a classification with a single category,
/// [`StatsError::NotPositiveDefinite`] when a combination is empty.
///
/// Checked against: `survey_api.json` `chisq` (R `svychisq`). Reference: Rao and Scott, Annals of Statistics 12 (1984).
pub fn independence_test(
    design: &SurveyDesign,
    rows: &[u32],
    columns: &[u32],
    domain: Option<&[bool]>,
) -> Result<IndependenceTest> {
    same_length("rows", rows.len(), design.rows())?;
    same_length("columns", columns.len(), design.rows())?;
    let used = domain_rows(design, domain)?;
    let count = |codes: &[u32]| used.iter().map(|&row| codes[row] as usize + 1).max().unwrap_or(0);
    let (r, c) = (count(rows), count(columns));
    if r < 2 || c < 2 {
        return Err(StatsError::Setting { setting: "classifications", requirement: "of two categories or more" });
    }
    let cell_of = |row: usize| rows[row] as usize * c + columns[row] as usize;
    let cells: Vec<Vec<f64>> = (0..r * c)
        .map(|cell| (0..design.rows()).map(|row| f64::from(u8::from(cell_of(row) == cell))).collect())
        .collect();
    let cells: Vec<&[f64]> = cells.iter().map(Vec::as_slice).collect();
    let shares = means(design, &cells, domain)?;
    let n = used.len() as f64;
    let pearson = pearson_statistic(&shares.values, r, c, n);
    let (trace, trace_of_square) = effect_traces(&shares.values, &shares.covariance, r, c, n)?;
    let (f, numerator) = (pearson / trace, trace * trace / trace_of_square);
    let denominator = numerator * shares.degrees_of_freedom;
    Ok(IndependenceTest { f, numerator, denominator, p_value: f_upper(f, numerator, denominator) })
}

fn pearson_statistic(shares: &[f64], r: usize, c: usize, n: f64) -> f64 {
    let row = |i: usize| (0..c).map(|j| shares[i * c + j]).sum::<f64>();
    let column = |j: usize| (0..r).map(|i| shares[i * c + j]).sum::<f64>();
    let term = |i: usize, j: usize| {
        let expected = row(i) * column(j);
        if expected > 0.0 { (shares[i * c + j] - expected).powi(2) / expected } else { 0.0 }
    };
    n * (0..r).flat_map(|i| (0..c).map(move |j| (i, j))).map(|(i, j)| term(i, j)).sum::<f64>()
}

/// Traces of the matrix of generalised design effects and of its square.
fn effect_traces(shares: &[f64], covariance: &[f64], r: usize, c: usize, n: f64) -> Result<(f64, f64)> {
    let (k, q) = (r * c, (r - 1) * (c - 1));
    // Interaction (a, b) compares rows a and r - 1 between columns b and c - 1; each cell's entry is divided by its share.
    let contrasts: Vec<Vec<(usize, f64)>> = (0..q)
        .map(|index| {
            let (a, b) = (index / (c - 1), index % (c - 1));
            [(a, b, 1.0), (a, c - 1, -1.0), (r - 1, b, -1.0), (r - 1, c - 1, 1.0)]
                .map(|(i, j, sign)| (i * c + j, sign / shares[i * c + j]))
                .to_vec()
        })
        .collect();
    let mut simple = vec![0.0; q * q];
    let mut designed = vec![0.0; q * q];
    for (s, left) in contrasts.iter().enumerate() {
        for (t, right) in contrasts.iter().enumerate() {
            for &(i, x) in left {
                for &(j, y) in right {
                    designed[s * q + t] += x * covariance[i * k + j] * y;
                    if i == j {
                        simple[s * q + t] += x * y * shares[i] / n;
                    }
                }
            }
        }
    }
    let factor = Cholesky::new(&simple, q).map_err(|_| StatsError::NotPositiveDefinite {
        matrix: "covariance of the interactions (a combination of categories is empty)",
    })?;
    let effects = product(&factor.inverse(), &designed, q);
    let trace = (0..q).map(|i| effects[i * q + i]).sum();
    let trace_of_square =
        (0..q).flat_map(|i| (0..q).map(move |j| (i, j))).map(|(i, j)| effects[i * q + j] * effects[j * q + i]).sum();
    Ok((trace, trace_of_square))
}
