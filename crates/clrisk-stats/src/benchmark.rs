//! Benchmarking: modelled areas add up to what the survey says where the survey is reliable.
//!
//! Every draw is adjusted to its own draw of the target, so that the uncertainty of the target is carried along.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

use crate::draws::Draws;
use crate::error::{Result, StatsError, same_length};
use crate::logit::inverse_logit;

/// How areas are moved to the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BenchmarkMethod {
    /// `p -> inverse logit(logit(p) + shift)`: stays in (0, 1) and keeps odds ratios between areas. The default.
    #[default]
    LogitShift,
    /// `p -> p * factor`: keeps ratios between areas; may leave [0, 1].
    Ratio,
}

/// What the population-weighted mean of a group of areas must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// The same value in every draw.
    Fixed(f64),
    /// A survey estimate: every draw has its own value, normal on the logit scale with the standard error carried there
    /// by the delta method.
    Sampled {
        /// Estimated proportion.
        estimate: f64,
        /// Its standard error.
        standard_error: f64,
    },
}

/// Areas and their target.
#[derive(Debug, Clone, PartialEq)]
pub struct BenchmarkGroup {
    /// Indices of the areas; groups must not overlap.
    pub areas: Vec<usize>,
    /// Target of their population-weighted mean.
    pub target: Target,
}

/// Benchmarks of one or two nested levels.
///
/// With `national`, the group targets (and the mean of the areas in no group, which are left as one further group) are
/// first moved together to the national target of the draw, by the same method; then the areas of each group move to
/// its target. Both levels hold afterwards.
///
/// Checked against: `eb_logit.json` `benchmark` (script `10_eb_logit.R`).
#[derive(Debug, Clone, PartialEq)]
pub struct Benchmark {
    /// How areas are moved.
    pub method: BenchmarkMethod,
    /// Groups (regions), not overlapping; may be empty when there is a national target.
    pub groups: Vec<BenchmarkGroup>,
    /// Target of all areas together.
    pub national: Option<Target>,
    /// Seed of sampled targets; each target has its own stream.
    pub seed: u64,
}

/// What benchmarking did to one group (the last entry is the areas in no group, when the national target moved them).
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct BenchmarkReport {
    /// Areas of the group.
    pub areas: usize,
    /// Mean over the draws before.
    pub before: f64,
    /// Mean over the draws after.
    pub after: f64,
    /// Mean adjustment: the shift on the logit scale, or the factor.
    pub adjustment: f64,
    /// Adjusted values above one (ratio method only).
    pub above_one: usize,
}

impl Benchmark {
    /// Adjusts the draws in place. `population` holds each area's size (children), the weight of its value.
    ///
    /// # Errors
    /// Unequal lengths, overlapping groups, populations or targets out of range, or a target no adjustment can meet.
    pub fn apply(&self, draws: &mut Draws, population: &[f64]) -> Result<Vec<BenchmarkReport>> {
        let areas = draws.areas();
        same_length("population", population.len(), areas)?;
        if let Some(row) = population.iter().position(|n| !(n.is_finite() && *n >= 0.0)) {
            return Err(StatsError::OutOfRange { input: "population", requirement: "not negative", row });
        }
        let range = match self.method {
            BenchmarkMethod::LogitShift => 0.0..=1.0,
            BenchmarkMethod::Ratio => 0.0..=f64::INFINITY,
        };
        if let Some(position) = draws.values().iter().position(|v| !range.contains(v)) {
            let requirement = "in [0, 1] for a logit shift, not negative for a ratio";
            return Err(StatsError::OutOfRange { input: "draws", requirement, row: position / areas });
        }
        let mut members: Vec<Vec<usize>> = self.groups.iter().map(|g| g.areas.clone()).collect();
        let mut assigned = vec![false; areas];
        for &area in members.iter().flatten() {
            if area >= areas || std::mem::replace(&mut assigned[area], true) {
                return Err(StatsError::Setting { setting: "groups", requirement: "disjoint sets of areas" });
            }
        }
        let rest: Vec<usize> = (0..areas).filter(|&a| !assigned[a] && population[a] > 0.0).collect();
        if self.national.is_some() && !rest.is_empty() {
            members.push(rest);
        }
        let sizes: Vec<f64> = members.iter().map(|m| m.iter().map(|&a| population[a]).sum()).collect();
        if sizes.iter().any(|&n| n <= 0.0) {
            return Err(StatsError::Empty { quantity: "a benchmark group" });
        }
        let mut targets: Vec<TargetDraws> = Vec::new();
        for (stream, group) in self.groups.iter().enumerate() {
            targets.push(TargetDraws::new(group.target, self.seed, stream as u64 + 1)?);
        }
        let mut national = self.national.map(|target| TargetDraws::new(target, self.seed, 0)).transpose()?;

        let count = draws.count() as f64;
        let mut reports: Vec<BenchmarkReport> = members
            .iter()
            .map(|m| BenchmarkReport { areas: m.len(), before: 0.0, after: 0.0, adjustment: 0.0, above_one: 0 })
            .collect();
        let mut values = Vec::new();
        let mut weights = Vec::new();
        for draw in draws.iter_mut() {
            let means: Vec<f64> = members
                .iter()
                .zip(&sizes)
                .map(|(m, size)| m.iter().map(|&a| population[a] * draw[a]).sum::<f64>() / size)
                .collect();
            let mut goals: Vec<f64> =
                means.iter().enumerate().map(|(g, &mean)| targets.get_mut(g).map_or(mean, TargetDraws::next)).collect();
            if let Some(national) = &mut national {
                self.method.adjust(&mut goals, &sizes, national.next())?;
            }
            for (g, report) in reports.iter_mut().enumerate() {
                values.clear();
                weights.clear();
                values.extend(members[g].iter().map(|&a| draw[a]));
                weights.extend(members[g].iter().map(|&a| population[a]));
                report.before += means[g] / count;
                report.adjustment += self.method.adjust(&mut values, &weights, goals[g])? / count;
                report.after += goals[g] / count;
                report.above_one += values.iter().filter(|&&v| v > 1.0).count();
                for (&area, &value) in members[g].iter().zip(&values) {
                    draw[area] = value;
                }
            }
        }
        Ok(reports)
    }
}

struct TargetDraws {
    centre: f64,
    spread: f64,
    fixed: Option<f64>,
    random: ChaCha8Rng,
}

impl TargetDraws {
    fn new(target: Target, seed: u64, stream: u64) -> Result<Self> {
        let (estimate, standard_error) = match target {
            Target::Fixed(value) => (value, 0.0),
            Target::Sampled { estimate, standard_error } => (estimate, standard_error),
        };
        if !(estimate > 0.0 && estimate < 1.0 && standard_error.is_finite() && standard_error >= 0.0) {
            let requirement = "a proportion strictly between 0 and 1 with a standard error that is not negative";
            return Err(StatsError::Setting { setting: "target", requirement });
        }
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(stream);
        Ok(Self {
            centre: (estimate / (1.0 - estimate)).ln(),
            spread: standard_error / (estimate * (1.0 - estimate)),
            fixed: (standard_error == 0.0).then_some(estimate),
            random,
        })
    }

    fn next(&mut self) -> f64 {
        if let Some(value) = self.fixed {
            return value;
        }
        let noise: f64 = StandardNormal.sample(&mut self.random);
        inverse_logit(self.centre + self.spread * noise)
    }
}

impl BenchmarkMethod {
    /// Moves values so that their weighted mean is `target`; returns the shift or the factor.
    fn adjust(self, values: &mut [f64], weights: &[f64], target: f64) -> Result<f64> {
        let total: f64 = weights.iter().sum();
        let mean = values.iter().zip(weights).map(|(v, w)| v * w).sum::<f64>() / total;
        match self {
            Self::Ratio => {
                if mean <= 0.0 {
                    return Err(StatsError::Margins { reason: "all areas of a benchmark group are zero" });
                }
                let factor = target / mean;
                values.iter_mut().for_each(|v| *v *= factor);
                Ok(factor)
            }
            Self::LogitShift => {
                let shift = logit_shift(values, weights, total, target)?;
                for value in values.iter_mut() {
                    *value = shifted(*value, shift);
                }
                Ok(shift)
            }
        }
    }
}

fn shifted(value: f64, shift: f64) -> f64 {
    if value <= 0.0 || value >= 1.0 {
        return value;
    }
    inverse_logit((value / (1.0 - value)).ln() + shift)
}

/// The shift that brings the weighted mean to the target: Newton's steps kept inside a bracket.
fn logit_shift(values: &[f64], weights: &[f64], total: f64, target: f64) -> Result<f64> {
    let certain: f64 = values.iter().zip(weights).filter(|(v, _)| **v >= 1.0).map(|(_, w)| w).sum();
    let impossible: f64 = values.iter().zip(weights).filter(|(v, _)| **v <= 0.0).map(|(_, w)| w).sum();
    if target * total <= certain || target * total >= total - impossible {
        return Err(StatsError::Margins { reason: "areas at exactly 0 or 1 keep a group from its target" });
    }
    let (mut low, mut high) = (-80.0, 80.0);
    let mut shift = 0.0;
    for _ in 0..200 {
        let (mut gap, mut slope) = (-target, 0.0);
        for (&value, &weight) in values.iter().zip(weights) {
            let p = shifted(value, shift);
            gap += weight / total * p;
            slope += weight / total * p * (1.0 - p);
        }
        if gap > 0.0 {
            high = shift;
        } else {
            low = shift;
        }
        let newton = shift - gap / slope;
        // Near the solution rounding decides on which side of the bracket a step falls, so this comes first.
        if (newton - shift).abs() <= 1e-14 * (1.0 + shift.abs()) {
            return Ok(newton);
        }
        shift = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
    }
    Err(StatsError::NotConverged { procedure: "the logit shift", iterations: 200 })
}
