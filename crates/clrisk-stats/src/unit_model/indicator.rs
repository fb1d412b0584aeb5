//! Nonlinear indicators of a continuous outcome by their expectation under the nested error model.

use super::nested_error::NestedErrorFit;
use crate::distribution::normal_cdf;
use crate::error::{Result, StatsError, same_length};
use crate::linear_algebra::dot;
use crate::quadrature::gauss_hermite;

/// What is estimated of the outcome in every area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Indicator {
    /// The mean.
    Mean,
    /// Share of persons whose outcome lies below the threshold (head count), in [0, 1].
    Below(f64),
    /// Mean of the distance to the threshold over the threshold, zero above it (poverty gap). The threshold is positive.
    GapBelow(f64),
}

/// The scale on which the model was fitted.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum OutcomeScale {
    /// The outcome itself.
    #[default]
    Identity,
    /// `ln(outcome + shift)`.
    Log {
        /// Added before taking the logarithm.
        shift: f64,
    },
}

/// Records (or cells of equal records) of the population.
#[derive(Debug, Clone, Copy)]
pub struct PopulationRows<'a> {
    /// Covariates, `rows x columns`, row-major, columns as in the fit.
    pub matrix: &'a [f64],
    /// Persons each row stands for; one each when absent.
    pub counts: Option<&'a [f64]>,
    /// Area of each row.
    pub area_of_row: &'a [u32],
}

/// The estimate of one area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IndicatorEstimate {
    /// Conditional mean of the indicator given the sample.
    pub value: f64,
    /// Its conditional variance given the sample: of the area effect, and of the errors of a finite number of persons.
    /// Coefficients and variances count as known; for their share resample the fit.
    pub variance: f64,
    /// Persons.
    pub population: f64,
}

/// Points of the quadrature over the area effect. The integrands are smooth on the scale of the error standard deviation, so
/// this is far more than needed unless the area effects dwarf the errors.
const POINTS: usize = 40;

impl NestedErrorFit {
    /// Empirical best predictions of an indicator in all areas, in order; `None` for areas without population rows.
    ///
    /// Given the sample the outcome of a person is normal with mean `x'b + v`, `v` the predicted area effect, and variance
    /// `sv2 (1 - g) + se2`: the mean of the indicator is in closed form. Its variance integrates over the area effect by
    /// Gauss-Hermite quadrature. Every person is predicted, also those in the sample (the census version of the predictor;
    /// the two differ by the sampling fraction).
    ///
    /// Unit: that of the outcome for the mean, a share for the others. Assumes normal errors: the check is the
    /// distribution of residuals on the scale of the fit, for a skewed outcome the logarithm.
    ///
    /// # Errors
    /// Unequal lengths, values that are not finite, counts that are negative, areas out of range, a threshold that is not
    /// finite (or, for the gap, not positive; on the logarithmic scale, not above minus the shift).
    ///
    /// Checked against: `sae.json` `eusilc_ebp_none` (R `emdi`, 500 Monte-Carlo draws; script `05_fay_herriot.R`) within its
    /// Monte-Carlo error. Reference: Molina and Rao, Canadian Journal of Statistics 38 (2010).
    pub fn indicator(
        &self,
        population: &PopulationRows<'_>,
        indicator: Indicator,
        scale: OutcomeScale,
    ) -> Result<Vec<Option<IndicatorEstimate>>> {
        let p = self.model.coefficients.len();
        self.check_rows(population, p)?;
        check_threshold(indicator, scale)?;
        let rule = gauss_hermite(POINTS);
        let areas = self.areas();
        // Per area: persons, expectation, error variance, and at each point of the area effect the sum of row means.
        let mut persons = vec![0.0; areas];
        let mut values = vec![0.0; areas];
        let mut errors = vec![0.0; areas];
        let mut means = vec![0.0; areas * POINTS];
        let error_sd = self.residual_variance.sqrt();
        for (row, x) in population.matrix.chunks_exact(p).enumerate() {
            let area = population.area_of_row[row] as usize;
            let count = population.counts.map_or(1.0, |counts| counts[row]);
            let centre = dot(x, &self.model.coefficients) + self.model.effects()[area];
            let effect_variance = self.model.effect_covariance(area)[0];
            persons[area] += count;
            let total_sd = (effect_variance + self.residual_variance).sqrt();
            values[area] += count * moments(indicator, scale, centre, total_sd).0;
            for (k, (node, weight)) in rule.iter().enumerate() {
                let (first, second) = moments(indicator, scale, centre + effect_variance.sqrt() * node, error_sd);
                means[area * POINTS + k] += count * first;
                errors[area] += count * weight * (second - first * first).max(0.0);
            }
        }
        let estimate = |area: usize| {
            (persons[area] > 0.0).then(|| {
                let n = persons[area];
                let value = values[area] / n;
                let own = means[area * POINTS..(area + 1) * POINTS].iter().zip(&rule);
                let between: f64 = own.map(|(sum, (_, weight))| weight * (sum / n - value).powi(2)).sum();
                IndicatorEstimate { value, variance: between + errors[area] / (n * n), population: n }
            })
        };
        Ok((0..areas).map(estimate).collect())
    }

    fn check_rows(&self, population: &PopulationRows<'_>, columns: usize) -> Result<()> {
        let rows = population.area_of_row.len();
        same_length("matrix", population.matrix.len(), rows * columns)?;
        if let Some(position) = population.matrix.iter().position(|v| !v.is_finite()) {
            return Err(StatsError::Missing { input: "matrix", row: position / columns });
        }
        if let Some(row) = population.area_of_row.iter().position(|&a| a as usize >= self.areas()) {
            return Err(StatsError::OutOfRange { input: "area", requirement: "below the number of areas", row });
        }
        let Some(counts) = population.counts else { return Ok(()) };
        same_length("counts", counts.len(), rows)?;
        match counts.iter().position(|c| !(c.is_finite() && *c >= 0.0)) {
            Some(row) => Err(StatsError::OutOfRange { input: "counts", requirement: "finite and not negative", row }),
            None => Ok(()),
        }
    }
}

fn check_threshold(indicator: Indicator, scale: OutcomeScale) -> Result<()> {
    let (threshold, gap) = match indicator {
        Indicator::Mean => return Ok(()),
        Indicator::Below(threshold) => (threshold, false),
        Indicator::GapBelow(threshold) => (threshold, true),
    };
    let above_shift = match scale {
        OutcomeScale::Identity => true,
        OutcomeScale::Log { shift } => threshold + shift > 0.0,
    };
    if threshold.is_finite() && above_shift && (!gap || threshold > 0.0) {
        return Ok(());
    }
    Err(StatsError::Setting { setting: "threshold", requirement: "finite and in the range of the outcome" })
}

/// First and second moment of the indicator of one person whose outcome on the scale of the fit is `N(mean, sd^2)`.
fn moments(indicator: Indicator, scale: OutcomeScale, mean: f64, sd: f64) -> (f64, f64) {
    let density = |z: f64| (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
    match (indicator, scale) {
        (Indicator::Mean, OutcomeScale::Identity) => (mean, mean * mean + sd * sd),
        (Indicator::Mean, OutcomeScale::Log { shift }) => {
            let first = (mean + 0.5 * sd * sd).exp();
            (first - shift, first * first * (sd * sd).exp() - 2.0 * shift * first + shift * shift)
        }
        (Indicator::Below(threshold), _) => {
            let share = normal_cdf((on_scale(threshold, scale) - mean) / sd);
            (share, share)
        }
        (Indicator::GapBelow(threshold), OutcomeScale::Identity) => {
            let distance = threshold - mean;
            let z = distance / sd;
            let (below, tail) = (normal_cdf(z), sd * density(z));
            let first = distance * below + tail;
            let second = (distance * distance + sd * sd) * below + distance * tail;
            (first / threshold, second / (threshold * threshold))
        }
        (Indicator::GapBelow(threshold), OutcomeScale::Log { shift }) => {
            let line = threshold + shift;
            let z = (line.ln() - mean) / sd;
            let level = (mean + 0.5 * sd * sd).exp();
            let (below, weighted) = (normal_cdf(z), level * normal_cdf(z - sd));
            let squared = level * level * (sd * sd).exp() * normal_cdf(z - 2.0 * sd);
            let second = line * line * below - 2.0 * line * weighted + squared;
            ((line * below - weighted) / threshold, second / (threshold * threshold))
        }
    }
}

fn on_scale(threshold: f64, scale: OutcomeScale) -> f64 {
    match scale {
        OutcomeScale::Identity => threshold,
        OutcomeScale::Log { shift } => (threshold + shift).ln(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_the_integrals_they_stand_for() {
        let (mean, sd) = (0.3, 0.7);
        let line = 1.4;
        for (indicator, scale) in [
            (Indicator::Mean, OutcomeScale::Log { shift: 0.2 }),
            (Indicator::GapBelow(line), OutcomeScale::Identity),
            (Indicator::GapBelow(line), OutcomeScale::Log { shift: 0.2 }),
            (Indicator::Below(line), OutcomeScale::Log { shift: 0.2 }),
        ] {
            let value = |y: f64| {
                let y = if scale == OutcomeScale::Identity { y } else { y.exp() - 0.2 };
                match indicator {
                    Indicator::Mean => y,
                    Indicator::Below(_) => f64::from(u8::from(y < line)),
                    Indicator::GapBelow(_) => ((line - y) / line).max(0.0),
                }
            };
            // Midpoints: the jump and the kink cost a step width at most.
            let (mut first, mut second) = (0.0, 0.0);
            let width = 1e-5;
            for k in -1_000_000..1_000_000 {
                let z = (f64::from(k) + 0.5) * width;
                let weight = (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt() * width;
                let h = value(mean + sd * z);
                first += weight * h;
                second += weight * h * h;
            }
            let found = moments(indicator, scale, mean, sd);
            assert!((found.0 - first).abs() < 1e-5 && (found.1 - second).abs() < 1e-5, "{indicator:?} {scale:?}");
        }
    }
}
