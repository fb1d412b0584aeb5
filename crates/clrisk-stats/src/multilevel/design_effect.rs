//! How much more or less the sample says than its scaled weights claim.

use std::collections::BTreeMap;

use crate::error::{Result, StatsError, same_length};

/// Fitted records of a survey, one entry a record.
#[derive(Debug, Clone, Copy)]
pub struct FittedRows<'a> {
    /// Outcome, 0 or 1.
    pub outcome: &'a [f64],
    /// Fitted probability, effects of the area included.
    pub probabilities: &'a [f64],
    /// Weight in the likelihood, such as [`super::WeightScaling::Effective`] gives.
    pub weights: &'a [f64],
    /// Area of each record.
    pub areas: &'a [u32],
    /// Primary sampling unit of each record.
    pub psus: &'a [u32],
}

/// Ratio of the variance that the scores have between sampling units to the one the likelihood takes them to have.
///
/// A weighted likelihood claims that the score `z_g = sum w (y - p)` of sampling unit `g` has the variance
/// `I_g = sum w p (1 - p)`. It has more where the children of a unit resemble each other (clustering), and less where
/// records of the rarer outcome were drawn more often, which are the informative ones. Scaling by the effective sample size of
/// Kish knows the spread of the weights only. The ratio is estimated between the units of an area, where the area's own effect
/// cancels:
///
/// `sum (z_g - I_g Z / I)^2 / sum I_g (1 - I_g / I)`, `Z` and `I` the sums over the units of the area,
///
/// both sums over all areas with two units or more. Dividing the weights by it makes the likelihood claim what the sample
/// knows, as a dispersion does in quasi-likelihood; the variance of the area effects and the shrinkage follow. With claims that
/// are too small for the noise, part of the noise is taken for differences between areas; with claims that are too large, part
/// of the differences for noise, and intervals are too short.
///
/// Without unit; one for independent records with equal weights. One ratio for the whole survey: areas have too few units
/// for their own.
///
/// Checked against: records drawn independently and in units that resemble each other (in this file's tests); the study in
/// `docs/statistics.md`.
///
/// References: Rao and Scott (1981), J. American Statistical Association 76, 221-230 (generalised design effects); McCullagh
/// and Nelder (1989), section 4.5; Binder (1983), International Statistical Review 51, 279-292 (variance of scores).
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct ScoreDesignEffect {
    /// The ratio.
    pub value: f64,
    /// Sampling units less areas, over the areas with two units or more.
    pub degrees_of_freedom: usize,
}

impl ScoreDesignEffect {
    /// Estimates the ratio.
    ///
    /// # Errors
    /// Unequal lengths, probabilities outside (0, 1), weights that are negative or not finite, no area with two units.
    ///
    /// # Example
    /// ```
    /// use clrisk_stats::multilevel::{FittedRows, ScoreDesignEffect};
    /// # fn main() -> clrisk_stats::Result<()> {
    /// // Two units whose children are all alike have the scores 1 and -1, each with a claimed variance of 0.5.
    /// let rows = FittedRows {
    ///     outcome: &[1.0, 1.0, 0.0, 0.0],
    ///     probabilities: &[0.5; 4],
    ///     weights: &[1.0; 4],
    ///     areas: &[0; 4],
    ///     psus: &[0, 0, 1, 1],
    /// };
    /// let found = ScoreDesignEffect::of(&rows)?;
    /// assert!((found.value - 2.0 / (0.25 + 0.25)).abs() < 1e-12);
    /// # Ok(()) }
    /// ```
    pub fn of(rows: &FittedRows<'_>) -> Result<ScoreDesignEffect> {
        let count = rows.outcome.len();
        same_length("probabilities", rows.probabilities.len(), count)?;
        same_length("weights", rows.weights.len(), count)?;
        same_length("areas", rows.areas.len(), count)?;
        same_length("psus", rows.psus.len(), count)?;
        if let Some(row) = rows.probabilities.iter().position(|p| !(*p > 0.0 && *p < 1.0)) {
            return Err(StatsError::OutOfRange { input: "probabilities", requirement: "in (0, 1)", row });
        }
        if let Some(row) = rows.weights.iter().position(|w| !(w.is_finite() && *w >= 0.0)) {
            return Err(StatsError::OutOfRange { input: "weights", requirement: "finite and not negative", row });
        }
        // Score and claimed variance of every unit within its area; a unit across a border counts in both.
        let mut units: BTreeMap<u32, BTreeMap<u32, [f64; 2]>> = BTreeMap::new();
        for row in (0..count).filter(|&row| rows.weights[row] > 0.0) {
            let (p, weight) = (rows.probabilities[row], rows.weights[row]);
            let unit = units.entry(rows.areas[row]).or_default().entry(rows.psus[row]).or_default();
            unit[0] += weight * (rows.outcome[row] - p);
            unit[1] += weight * p * (1.0 - p);
        }
        let (mut found, mut claimed, mut degrees_of_freedom) = (0.0, 0.0, 0);
        for area in units.values().filter(|area| area.len() > 1) {
            let score: f64 = area.values().map(|unit| unit[0]).sum();
            let information: f64 = area.values().map(|unit| unit[1]).sum();
            for [z, i] in area.values() {
                let share = i / information;
                found += (z - share * score).powi(2);
                claimed += i * (1.0 - share);
            }
            degrees_of_freedom += area.len() - 1;
        }
        if degrees_of_freedom == 0 {
            return Err(StatsError::Empty { quantity: "areas with two sampling units" });
        }
        Ok(ScoreDesignEffect { value: found / claimed, degrees_of_freedom })
    }

    /// The ratio drawn towards one, `(k v + 10) / (k + 10)` for `k` degrees of freedom: ten say as much as none.
    pub fn cautious(&self) -> f64 {
        let k = self.degrees_of_freedom as f64;
        (k * self.value + 10.0) / (k + 10.0)
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;
    use rand_distr::{Bernoulli, Distribution};

    use super::*;

    /// 400 areas of four units of ten records; in a share of the units all records are copies of the first.
    fn estimate(copied: f64, weight_of_cases: f64) -> f64 {
        let mut random = ChaCha8Rng::seed_from_u64(11);
        let mut draw = |p: f64| Bernoulli::new(p).unwrap().sample(&mut random);
        let (mut outcome, mut probabilities, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        let (mut areas, mut psus) = (Vec::new(), Vec::new());
        for unit in 0..1600u32 {
            let p = if unit % 8 < 4 { 0.2 } else { 0.4 };
            let (first, copies) = (draw(p), draw(copied));
            for _ in 0..10 {
                // Cases are `1 / weight_of_cases` times as frequent as in the population.
                let shown = p / weight_of_cases / (p / weight_of_cases + 1.0 - p);
                let case = if copies { first } else { draw(shown) };
                outcome.push(f64::from(u8::from(case)));
                weights.push(if case { weight_of_cases } else { 1.0 });
                probabilities.push(p);
                areas.push(unit / 4);
                psus.push(unit);
            }
        }
        let rows = FittedRows {
            outcome: &outcome,
            probabilities: &probabilities,
            weights: &weights,
            areas: &areas,
            psus: &psus,
        };
        ScoreDesignEffect::of(&rows).unwrap().value
    }

    #[test]
    fn independent_records_have_one_and_copies_their_number() {
        // The standard error of the ratio is about sqrt(2 / 1200).
        assert!((estimate(0.0, 1.0) - 1.0).abs() < 0.15);
        assert!((estimate(1.0, 1.0) - 10.0).abs() < 1.5);
        let half = estimate(0.5, 1.0);
        assert!((half - 5.5).abs() < 1.0, "{half}");
    }

    #[test]
    fn cases_drawn_more_often_say_more_than_their_weights() {
        let found = estimate(0.0, 0.5);
        assert!(found < 0.85, "{found}");
    }

    #[test]
    fn areas_with_one_unit_say_nothing() {
        let rows = FittedRows {
            outcome: &[1.0, 0.0],
            probabilities: &[0.5; 2],
            weights: &[1.0; 2],
            areas: &[0, 1],
            psus: &[0, 1],
        };
        assert!(ScoreDesignEffect::of(&rows).is_err());
        assert!(ScoreDesignEffect::of(&FittedRows { areas: &[0], ..rows }).is_err());
        assert!(ScoreDesignEffect::of(&FittedRows { probabilities: &[0.5, 1.0], areas: &[0, 0], ..rows }).is_err());
    }
}
