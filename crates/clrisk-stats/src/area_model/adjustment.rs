//! Benchmarking of area estimates without draws.

use crate::error::{Result, StatsError, same_length};

/// How area estimates are moved so that their weighted sum is the benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AreaBenchmark {
    /// The same amount is added to every area.
    Difference,
    /// Every area is multiplied by the same factor.
    Ratio,
    /// Areas move in proportion to their mean squared error: the uncertain ones give way. The smallest sum of squared changes
    /// times share over mean squared error.
    MeanSquaredError,
    /// Areas move in proportion to share times mean squared error: the smallest sum of squared changes over mean squared
    /// error (Datta, Ghosh, Steorts and Maples 2011), in which large areas give way more.
    SmallestChange,
}

/// Moves estimates so that `sum share_d estimate_d / sum share_d` equals the benchmark. `shares` are population shares or
/// sizes; `mean_squared_errors` is used by [`AreaBenchmark::MeanSquaredError`] and [`AreaBenchmark::SmallestChange`]
/// only.
///
/// # Errors
/// Unequal lengths, shares that add up to zero, a weighted mean of zero (ratio).
///
/// Checked against: `sae.json` `eusilc_bench_*` (R `emdi`), `eb_logit.json` `benchmark` (script `10_eb_logit.R`).
pub fn benchmark_areas(
    estimates: &[f64],
    mean_squared_errors: &[f64],
    shares: &[f64],
    benchmark: f64,
    method: AreaBenchmark,
) -> Result<Vec<f64>> {
    same_length("shares", shares.len(), estimates.len())?;
    same_length("mean_squared_errors", mean_squared_errors.len(), estimates.len())?;
    let total: f64 = shares.iter().sum();
    if total.is_nan() || total <= 0.0 {
        return Err(StatsError::Setting { setting: "shares", requirement: "with a positive sum" });
    }
    let mean = estimates.iter().zip(shares).map(|(e, s)| e * s).sum::<f64>() / total;
    Ok(match method {
        AreaBenchmark::Difference => estimates.iter().map(|e| e + (benchmark - mean)).collect(),
        AreaBenchmark::Ratio => {
            if mean == 0.0 {
                return Err(StatsError::ZeroDenominator);
            }
            estimates.iter().map(|e| e * benchmark / mean).collect()
        }
        AreaBenchmark::MeanSquaredError | AreaBenchmark::SmallestChange => {
            let by_size = method == AreaBenchmark::SmallestChange;
            let pull: Vec<f64> =
                mean_squared_errors.iter().zip(shares).map(|(m, s)| if by_size { m * s } else { *m }).collect();
            let scale = pull.iter().zip(shares).map(|(m, s)| m * s).sum::<f64>() / total;
            if scale.is_nan() || scale <= 0.0 {
                return Err(StatsError::ZeroDenominator);
            }
            estimates.iter().zip(&pull).map(|(e, m)| e + (benchmark - mean) * m / scale).collect()
        }
    })
}
