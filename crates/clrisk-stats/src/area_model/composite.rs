//! Area means from the expansion estimator with known sizes, and their sample-size-dependent mixture with a regression.

use crate::error::{Result, StatsError, same_length};

/// The expansion estimate of one area mean.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct ExpansionEstimate {
    /// `sum w y / N`.
    pub value: f64,
    /// `sum w (w - 1) y^2 / N^2`.
    pub variance: f64,
    /// Size estimated by the sample, `sum w`.
    pub estimated_size: f64,
    /// Records.
    pub sample_size: usize,
}

/// Area means from weights and known sizes, `sum w y / N`, with the variance of a sample whose records enter independently
/// of each other. `None` for areas without a record.
///
/// Unit: that of the outcome. Assumes weights of at least one (inverse inclusion probabilities). The variance leaves out
/// stratification and clustering: with a full design use [`crate::direct`], whose means divide by the estimated size.
///
/// # Errors
/// Unequal lengths, values that are not finite, weights below one, sizes that are not positive, areas out of range.
///
/// Checked against: `sae.json` `income_direct` (R `sae`; script `05_fay_herriot.R`). Reference: Särndal, Swensson and
/// Wretman, Model Assisted Survey Sampling (1992), section 3.5; Rao and Molina, Small Area Estimation (2015), section 2.3.
pub fn expansion_means(
    outcome: &[f64],
    weights: &[f64],
    area_of_row: &[u32],
    sizes: &[f64],
) -> Result<Vec<Option<ExpansionEstimate>>> {
    same_length("weights", weights.len(), outcome.len())?;
    same_length("area_of_row", area_of_row.len(), outcome.len())?;
    if let Some(row) = sizes.iter().position(|n| !(n.is_finite() && *n > 0.0)) {
        return Err(StatsError::OutOfRange { input: "sizes", requirement: "positive", row });
    }
    let nothing = ExpansionEstimate { value: 0.0, variance: 0.0, estimated_size: 0.0, sample_size: 0 };
    let mut estimates = vec![nothing; sizes.len()];
    for (row, ((&y, &w), &area)) in outcome.iter().zip(weights).zip(area_of_row).enumerate() {
        if !y.is_finite() {
            return Err(StatsError::Missing { input: "outcome", row });
        }
        if !(w.is_finite() && w >= 1.0) {
            return Err(StatsError::OutOfRange { input: "weights", requirement: "at least one", row });
        }
        let Some(estimate) = estimates.get_mut(area as usize) else {
            return Err(StatsError::OutOfRange { input: "area", requirement: "below the number of areas", row });
        };
        estimate.value += w * y;
        estimate.variance += w * (w - 1.0) * y * y;
        estimate.estimated_size += w;
        estimate.sample_size += 1;
    }
    let scaled = estimates.into_iter().zip(sizes).map(|(estimate, size)| {
        (estimate.sample_size > 0).then_some(ExpansionEstimate {
            value: estimate.value / size,
            variance: estimate.variance / (size * size),
            ..estimate
        })
    });
    Ok(scaled.collect())
}

/// The composite estimate of one area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CompositeEstimate {
    /// Estimate.
    pub value: f64,
    /// Weight of the direct estimate.
    pub weight: f64,
}

/// Sample-size-dependent estimates: `a direct + (1 - a) synthetic` with `a = min(1, estimated size / (delta size))` (Drew,
/// Singh and Choudhry 1982). A simple rule without a model of the area effects; `delta = 1` is usual, larger leans more
/// on the synthetic estimate. Areas without direct estimate have the synthetic one.
///
/// # Errors
/// Unequal lengths, `delta` or sizes that are not positive.
///
/// Checked against: `sae.json` `income_ssd` (R `sae`; script `05_fay_herriot.R`). Reference: Drew, Singh and Choudhry, Survey
/// Methodology 8 (1982); Rao and Molina, Small Area Estimation (2015), section 3.3.2.
pub fn sample_size_dependent(
    direct: &[Option<ExpansionEstimate>],
    synthetic: &[f64],
    sizes: &[f64],
    delta: f64,
) -> Result<Vec<CompositeEstimate>> {
    same_length("synthetic", synthetic.len(), direct.len())?;
    same_length("sizes", sizes.len(), direct.len())?;
    if !(delta.is_finite() && delta > 0.0) {
        return Err(StatsError::Setting { setting: "delta", requirement: "positive" });
    }
    if let Some(row) = sizes.iter().position(|n| !(n.is_finite() && *n > 0.0)) {
        return Err(StatsError::OutOfRange { input: "sizes", requirement: "positive", row });
    }
    let areas = direct.iter().zip(synthetic).zip(sizes).map(|((direct, synthetic), size)| match direct {
        None => CompositeEstimate { value: *synthetic, weight: 0.0 },
        Some(direct) => {
            let weight = (direct.estimated_size / (delta * size)).min(1.0);
            CompositeEstimate { value: weight * direct.value + (1.0 - weight) * synthetic, weight }
        }
    });
    Ok(areas.collect())
}
