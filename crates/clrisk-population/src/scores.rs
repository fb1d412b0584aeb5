//! Probabilities at the mode of the model, summed record by record: the rate of every area and cell without any summary.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use crate::audit::MixHasher;
use crate::bytes::{Reader, Writer};
use crate::plan::{Plan, Predictors, probability};

/// Units of probabilities: 2^-40.
const UNIT: f64 = (1u64 << 40) as f64;

/// Persons and expected cases by area and cell; empty until the first row.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Scores {
    /// Sums of each area that was met: persons in units, cases in units of persons times units of probabilities.
    sums: HashMap<u32, Vec<(i64, i128)>, BuildHasherDefault<MixHasher>>,
}

impl Scores {
    pub fn add(&mut self, plan: &Plan, areas: &[u32], cells: &[u32], persons: &[i64], predictors: &Predictors) {
        let mut row = 0;
        while row < areas.len() {
            let area = areas[row];
            let sums = self.sums.entry(area).or_insert_with(|| vec![(0, 0); plan.cells]);
            while row < areas.len() && areas[row] == area {
                let (people, cases) = &mut sums[cells[row] as usize];
                *people += persons[row];
                let probability = (probability(predictors.predictors[row]) * UNIT) as i64;
                *cases += i128::from(persons[row]) * i128::from(probability);
                row += 1;
            }
        }
    }

    pub fn merge(&mut self, plan: &Plan, other: &Scores) {
        for (area, more) in &other.sums {
            let sums = self.sums.entry(*area).or_insert_with(|| vec![(0, 0); plan.cells]);
            for (sum, more) in sums.iter_mut().zip(more) {
                sum.0 += more.0;
                sum.1 += more.1;
            }
        }
    }

    /// Persons and rate of every area and cell; NaN where nobody lives.
    pub fn finish(&self, plan: &Plan) -> (Vec<f64>, Vec<f64>) {
        let mut persons = vec![0.0; plan.areas * plan.cells];
        let mut rates = vec![f64::NAN; plan.areas * plan.cells];
        for (area, sums) in &self.sums {
            for (cell, (people, cases)) in sums.iter().enumerate().filter(|(_, (people, _))| *people > 0) {
                let place = *area as usize * plan.cells + cell;
                persons[place] = *people as f64 / crate::plan::UNIT;
                rates[place] = *cases as f64 / (*people as f64 * UNIT);
            }
        }
        (persons, rates)
    }

    pub fn write(&self, bytes: &mut Writer) {
        bytes.number(self.sums.len() as u64);
        for (area, sums) in &self.sums {
            bytes.number(u64::from(*area));
            for (persons, cases) in sums {
                bytes.number(*persons as u64);
                bytes.wide(*cases);
            }
        }
    }

    pub fn read(&mut self, plan: &Plan, bytes: &mut Reader<'_>) -> Option<()> {
        let length = bytes.length(8)?;
        for _ in 0..length {
            let area = u32::try_from(bytes.number()?).ok().filter(|area| (*area as usize) < plan.areas)?;
            let sums = self.sums.entry(area).or_insert_with(|| vec![(0, 0); plan.cells]);
            for sum in sums {
                sum.0 += bytes.number()? as i64;
                sum.1 += bytes.wide()?;
            }
        }
        Some(())
    }
}
