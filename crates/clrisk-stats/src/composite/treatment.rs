//! Outliers brought in before they decide the scale, and gaps filled by the mean of a group.

use std::collections::BTreeMap;

use crate::error::{Result, StatsError, same_length};

/// Treatment of an indicator whose few extreme values would decide the scale of all others (OECD-JRC).
///
/// An indicator is left alone unless both its skewness and its kurtosis are beyond the limits. Then its most extreme values
/// are given the next less extreme one, one after the other on the side of the skewness, until the rule is met or
/// `maximum_winsorised` values have been moved. If that is not enough and `logarithm` is set, the *original* values are
/// transformed instead: `log(x - min + 0.01 (max - min))`, or its mirror image when the skewness is negative.
///
/// Checked against: `composite.json` `asem_treat_goods`, `asem_aggs` (R `COINr::Treat`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Treatment {
    /// Most values that may be moved (more when the last ones are equal, for equal values are moved together).
    pub maximum_winsorised: usize,
    /// Absolute skewness below which an indicator passes.
    pub skewness_limit: f64,
    /// Kurtosis below which an indicator passes.
    pub kurtosis_limit: f64,
    /// Whether the logarithm follows when moving values was not enough.
    pub logarithm: bool,
}

impl Default for Treatment {
    fn default() -> Self {
        Self { maximum_winsorised: 5, skewness_limit: 2.0, kurtosis_limit: 3.5, logarithm: true }
    }
}

/// A treated indicator.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Treated {
    /// Values after treatment; NaN where missing.
    pub values: Vec<f64>,
    /// Areas whose high value was lowered.
    pub lowered: Vec<usize>,
    /// Areas whose low value was raised.
    pub raised: Vec<usize>,
    /// Whether the logarithm was taken (no value is moved then).
    pub logarithm: bool,
    /// Whether the indicator passes now.
    pub passes: bool,
}

impl Treatment {
    /// Whether an indicator needs no treatment: skewness or kurtosis within its limit.
    ///
    /// # Errors
    /// Fewer than four values, or a constant indicator.
    pub fn passes(&self, values: &[f64]) -> Result<bool> {
        Ok(skewness(values)?.abs() < self.skewness_limit || kurtosis(values)? < self.kurtosis_limit)
    }

    /// Treats one indicator.
    ///
    /// # Errors
    /// Fewer than four values, or a constant indicator.
    ///
    /// # Example
    /// ```
    /// use clrisk_stats::composite::Treatment;
    /// # fn main() -> clrisk_stats::Result<()> {
    /// let values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 500.0];
    /// let treated = Treatment::default().treat(&values)?;
    /// assert_eq!((treated.values[9], treated.lowered), (9.0, vec![9]));
    /// # Ok(()) }
    /// ```
    pub fn treat(&self, values: &[f64]) -> Result<Treated> {
        let mut treated = self.winsorised(values)?;
        if !treated.passes && self.logarithm {
            let transformed = logarithm(values)?;
            let passes = self.passes(&transformed)?;
            treated = Treated { values: transformed, lowered: vec![], raised: vec![], logarithm: true, passes };
        }
        Ok(treated)
    }

    fn winsorised(&self, values: &[f64]) -> Result<Treated> {
        let mut values = values.to_vec();
        let (mut lowered, mut raised) = (Vec::new(), Vec::new());
        let mut passes = self.passes(&values)?;
        while !passes && lowered.len() + raised.len() < self.maximum_winsorised {
            let side = if skewness(&values)? >= 0.0 { 1.0 } else { -1.0 };
            let extreme = most(&values, |v| side * v).unwrap_or(f64::NAN);
            let moved: Vec<usize> = (0..values.len()).filter(|&area| values[area] == extreme).collect();
            let Some(next) = most(&values, |v| if v == extreme { f64::NAN } else { side * v }) else { break };
            moved.iter().for_each(|&area| values[area] = next);
            // Values moved before are at the extreme still, so the list is always all of them.
            *(if side > 0.0 { &mut lowered } else { &mut raised }) = moved;
            // Of an indicator with two values, one may now be left; no rule speaks of a constant.
            passes = if most(&values, |v| -v) == most(&values, |v| v) { break } else { self.passes(&values)? };
        }
        Ok(Treated { values, lowered, raised, logarithm: false, passes })
    }
}

/// The value with the largest key; NaN keys are passed over.
fn most(values: &[f64], key: impl Fn(f64) -> f64) -> Option<f64> {
    values.iter().copied().filter(|v| !key(*v).is_nan()).max_by(|a, b| key(*a).total_cmp(&key(*b)))
}

fn logarithm(values: &[f64]) -> Result<Vec<f64>> {
    let side = if skewness(values)? >= 0.0 { 1.0 } else { -1.0 };
    let (low, high) = (most(values, |v| -side * v).unwrap_or(f64::NAN), most(values, |v| side * v).unwrap_or(f64::NAN));
    let range = (high - low).abs();
    Ok(values.iter().map(|v| side * (side * (v - low) + 0.01 * range).ln()).collect())
}

/// Sums of powers of the deviations of the known values, 2 to 4, and their number.
fn powers(values: &[f64]) -> Result<(f64, [f64; 3])> {
    let known = || values.iter().copied().filter(|v| !v.is_nan());
    let n = known().count() as f64;
    if n < 4.0 {
        return Err(StatsError::Empty { quantity: "skewness or kurtosis" });
    }
    let mean = known().sum::<f64>() / n;
    let sums = [2, 3, 4].map(|power| known().map(|v| (v - mean).powi(power)).sum::<f64>());
    let first = known().next();
    if known().all(|v| Some(v) == first) { Err(StatsError::ConstantOutcome) } else { Ok((n, sums)) }
}

/// Sample skewness, `G1 = (sqrt(n (n - 1)) / (n - 2)) m3 / m2^(3/2)` (Joanes and Gill 1998, type 2); missing values are left
/// out.
///
/// # Errors
/// Fewer than four values, or constant ones.
///
/// Checked against: `composite.json` `skewkurt` (R `psych::skew`, type 3, which is this times a function of `n`).
pub fn skewness(values: &[f64]) -> Result<f64> {
    let (n, [squares, cubes, _]) = powers(values)?;
    Ok((n * (n - 1.0)).sqrt() / (n - 2.0) * n.sqrt() * cubes / squares.powf(1.5))
}

/// Sample excess kurtosis, `G2 = ((n - 1) / ((n - 2) (n - 3))) ((n + 1) g2 + 6)` (Joanes and Gill 1998, type 2): zero for the
/// normal distribution. Missing values are left out.
///
/// # Errors
/// Fewer than four values, or constant ones.
///
/// Checked against: `composite.json` `skewkurt` (R `COINr::kurt`).
pub fn kurtosis(values: &[f64]) -> Result<f64> {
    let (n, [squares, _, fourths]) = powers(values)?;
    let excess = n * fourths / (squares * squares) - 3.0;
    Ok((n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * excess + 6.0))
}

/// Missing values replaced by the mean of the known ones of the same group (of all areas, when the group has none). It
/// makes areas look more alike than they are; use it for few gaps and say so.
///
/// # Errors
/// Unequal lengths, or no known value at all.
///
/// Checked against: `composite.json` `asem_aggs` (R `COINr::Impute`, `i_mean_grp`).
pub fn fill_with_group_means(values: &[f64], groups: &[u32]) -> Result<Vec<f64>> {
    same_length("groups", groups.len(), values.len())?;
    let mut sums: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    let (mut total, mut known) = (0.0, 0.0);
    for (value, group) in values.iter().zip(groups).filter(|(value, _)| !value.is_nan()) {
        let (sum, count) = sums.entry(*group).or_default();
        *sum += value;
        *count += 1.0;
        total += value;
        known += 1.0;
    }
    if known == 0.0 {
        return Err(StatsError::Empty { quantity: "missing values" });
    }
    let mean = |group: &u32| sums.get(group).map_or(total / known, |(sum, count)| sum / count);
    Ok(values.iter().zip(groups).map(|(v, group)| if v.is_nan() { mean(group) } else { *v }).collect())
}
