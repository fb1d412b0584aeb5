//! Sampling stages after the first: units within units, and what they add to the variance.

use std::collections::BTreeMap;

use super::{FinitePopulation, LonelyPsu, Stratum, add_deviations, finite_population, mean_of_totals};
use crate::error::DesignProblem;

/// One stage of sampling after the first, one entry per record. Codes are compared within the unit of the stage before.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Stage<'a> {
    /// Stratum codes within the unit of the stage before; absent: one stratum per unit.
    pub strata: Option<&'a [u64]>,
    /// Codes of the units drawn at this stage; absent: every record is a unit.
    pub clusters: Option<&'a [u64]>,
    /// Finite population of units, constant within a stratum of a unit; absent: sampling with replacement, so that the
    /// stages after this one add nothing.
    pub finite_population: Option<FinitePopulation<'a>>,
}

/// The units of one later stage, numbered so that those of a stratum (and the strata of a parent) are neighbours.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StageUnits {
    row_unit: Vec<u32>,
    strata: Vec<Stratum>,
    /// By stratum: product of the sampling fractions of the stages before.
    ancestry: Vec<f64>,
    units: usize,
}

/// What the stage before leaves to the next: unit of each row, and the product of sampling fractions down to each unit.
pub(super) struct Parents<'a> {
    pub(super) row_unit: &'a [u32],
    pub(super) fraction: &'a [f64],
    /// First-stage cluster code of each unit, for messages.
    pub(super) code: &'a [u64],
}

/// Builds every later stage in turn.
pub(super) fn build(
    stages: &[Stage<'_>],
    first: &Parents<'_>,
    policy: LonelyPsu,
    problems: &mut Vec<DesignProblem>,
) -> Vec<StageUnits> {
    let mut built: Vec<StageUnits> = Vec::with_capacity(stages.len());
    let (mut fraction, mut code) = (first.fraction.to_vec(), first.code.to_vec());
    for (index, stage) in stages.iter().enumerate() {
        let row_unit = built.last().map_or(first.row_unit, |units| &units.row_unit);
        let parents = Parents { row_unit, fraction: &fraction, code: &code };
        let (units, codes) = StageUnits::new(index + 2, stage, &parents, policy, problems);
        fraction = units.fractions();
        code = codes;
        built.push(units);
    }
    built
}

impl StageUnits {
    fn new(
        number: usize,
        stage: &Stage<'_>,
        parents: &Parents<'_>,
        policy: LonelyPsu,
        problems: &mut Vec<DesignProblem>,
    ) -> (Self, Vec<u64>) {
        let rows = parents.row_unit.len();
        let key = |row: usize| {
            let stratum = stage.strata.map_or(0, |s| s[row]);
            (parents.row_unit[row], stratum, stage.clusters.map_or(row as u64, |c| c[row]))
        };
        let mut units: BTreeMap<(u32, u64, u64), u32> = (0..rows).map(|row| (key(row), 0)).collect();
        let mut strata: Vec<Stratum> = Vec::new();
        let mut homes: Vec<(u32, u64)> = Vec::new();
        let mut codes = Vec::with_capacity(units.len());
        for (index, (&(parent, stratum, _), unit)) in units.iter_mut().enumerate() {
            *unit = index as u32;
            codes.push(parents.code[parent as usize]);
            if homes.last() != Some(&(parent, stratum)) {
                homes.push((parent, stratum));
                strata.push(Stratum { start: index, end: index, sampling_fraction: 0.0 });
            }
            if let Some(last) = strata.last_mut() {
                last.end = index + 1;
            }
        }
        let row_unit: Vec<u32> = (0..rows).map(|row| units[&key(row)]).collect();
        let report = |index: usize, problem: &'static str| DesignProblem::LaterStage {
            stage: number,
            cluster: parents.code[homes[index].0 as usize],
            problem,
        };
        if let Some(finite) = stage.finite_population {
            let numbers: Vec<u64> = (0..strata.len() as u64).collect();
            let mut stratum_of_unit = vec![0u64; units.len()];
            for (index, stratum) in strata.iter().enumerate() {
                stratum_of_unit[stratum.start..stratum.end].fill(index as u64);
            }
            let mut populations = vec![f64::INFINITY; strata.len()];
            let mut found = Vec::new();
            let stratum_of = |row: usize| stratum_of_unit[row_unit[row] as usize];
            finite_population(finite, &numbers, &strata, stratum_of, rows, &mut populations, &mut found);
            problems.extend(found.into_iter().map(|problem| match problem {
                DesignProblem::FinitePopulationVaries { stratum } => {
                    report(stratum as usize, "the finite population differs between its rows")
                }
                DesignProblem::MoreSampledThanPopulation { stratum, .. } => {
                    report(stratum as usize, "more units sampled than its population")
                }
                other => other,
            }));
            for (stratum, population) in strata.iter_mut().zip(&populations) {
                stratum.sampling_fraction = stratum.psus() as f64 / population;
            }
        }
        let ancestry: Vec<f64> = homes.iter().map(|&(parent, _)| parents.fraction[parent as usize]).collect();
        if policy == LonelyPsu::Fail {
            for (index, stratum) in strata.iter().enumerate() {
                // Without a finite population at the stage before, this stage adds nothing and its units do not matter.
                if stratum.psus() == 1 && !stratum.is_census() && ancestry[index] > 0.0 {
                    problems.push(report(index, "a single unit was sampled of several"));
                }
            }
        }
        let units = units.len();
        (Self { row_unit, strata, ancestry, units }, codes)
    }

    /// Product of the sampling fractions down to each unit of this stage.
    fn fractions(&self) -> Vec<f64> {
        let mut fractions = vec![0.0; self.units];
        for (stratum, ancestry) in self.strata.iter().zip(&self.ancestry) {
            fractions[stratum.start..stratum.end].fill(ancestry * stratum.sampling_fraction);
        }
        fractions
    }

    pub(super) fn unit_of(&self, row: usize) -> usize {
        self.row_unit[row] as usize
    }

    pub(super) fn units(&self) -> usize {
        self.units
    }

    /// Adds this stage's part to the upper triangle of the covariance of totals:
    /// `sum_g F_g (1 - f_g) n_g / (n_g - 1) sum_i (z_gi - zbar_g)(z_gi - zbar_g)'` over the strata `g` of the units of the
    /// stage before, with `F_g` the product of the earlier sampling fractions.
    pub(super) fn add_covariance(&self, covariance: &mut [f64], p: usize, totals: &[f64]) {
        let mut mean = vec![0.0; p];
        for (stratum, ancestry) in self.strata.iter().zip(&self.ancestry) {
            let n = stratum.psus() as f64;
            if *ancestry <= 0.0 || stratum.psus() < 2 || stratum.is_census() {
                continue;
            }
            let own = &totals[stratum.start * p..stratum.end * p];
            mean_of_totals(own, &mut mean);
            let scale = ancestry * (1.0 - stratum.sampling_fraction) * n / (n - 1.0);
            add_deviations(covariance, own, &mean, scale);
        }
    }
}
