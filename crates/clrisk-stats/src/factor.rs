//! Why an area differs: contributions of factors on the scale of the linear predictor.

use crate::error::{Result, StatsError, same_length};

/// A named set of design-matrix columns that speak of one thing (the levels of one covariate, a theme).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorGroup {
    /// Name shown.
    pub name: String,
    /// Columns; no column may be in two groups.
    pub columns: Vec<usize>,
}

/// Contributions of factors for one area.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FactorContributions {
    /// One entry per group, log odds.
    pub groups: Vec<f64>,
    /// Columns in no group together (an intercept adds nothing).
    pub other: f64,
    /// The area's own effect (random effect), less its reference; what the covariates do not explain.
    pub area_effect: f64,
}

impl FactorContributions {
    /// The difference explained: the sum of all parts.
    pub fn total(&self) -> f64 {
        self.groups.iter().sum::<f64>() + self.other + self.area_effect
    }
}

/// Splits the difference between an area's mean linear predictor and the reference's into factors,
/// `sum over columns k of beta_k (xbar_k - reference_k)`, plus the area effect.
///
/// Unit: log odds (for a logit). The split is exact on that scale and for the *mean* linear predictor; it says what goes
/// along with the difference, not what would happen if a covariate were changed.
///
/// # Errors
/// Unequal lengths, a value that is not finite, a column out of range or in two groups.
///
/// # Example
/// ```
/// use clrisk_stats::factor::{FactorGroup, contributions};
/// # fn main() -> clrisk_stats::Result<()> {
/// let groups = [FactorGroup { name: "school".into(), columns: vec![1] }];
/// let parts = contributions(&[-2.0, -1.2], &[1.0, 0.70], &[1.0, 0.90], 0.1, &groups)?;
/// assert!((parts.groups[0] - 0.24).abs() < 1e-12 && (parts.total() - 0.34).abs() < 1e-12);
/// # Ok(()) }
/// ```
pub fn contributions(
    coefficients: &[f64],
    area_means: &[f64],
    reference_means: &[f64],
    area_effect: f64,
    groups: &[FactorGroup],
) -> Result<FactorContributions> {
    let p = coefficients.len();
    same_length("area_means", area_means.len(), p)?;
    same_length("reference_means", reference_means.len(), p)?;
    for (input, values) in
        [("coefficients", coefficients), ("area_means", area_means), ("reference_means", reference_means)]
    {
        if let Some(row) = values.iter().position(|v| !v.is_finite()) {
            return Err(StatsError::Missing { input, row });
        }
    }
    let part = |j: usize| coefficients[j] * (area_means[j] - reference_means[j]);
    let mut grouped = vec![false; p];
    let mut sums = Vec::with_capacity(groups.len());
    for group in groups {
        let mut sum = 0.0;
        for &column in &group.columns {
            if column >= p || std::mem::replace(&mut grouped[column], true) {
                return Err(StatsError::Setting { setting: "groups", requirement: "disjoint sets of columns" });
            }
            sum += part(column);
        }
        sums.push(sum);
    }
    let other = (0..p).filter(|&j| !grouped[j]).map(part).sum();
    Ok(FactorContributions { groups: sums, other, area_effect })
}
