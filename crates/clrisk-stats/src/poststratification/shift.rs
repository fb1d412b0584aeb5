//! What would change if a covariate of the population were different, everything else as it is.

use std::num::NonZeroUsize;

use super::{BinnedPopulation, ParameterDraws, inverse_logit};
use crate::linear_algebra::dot;

/// What moves.
///
/// - A category: persons of every other category move to `wanted` in equal proportion until its share is the target. With
///   the fraction `f = (target - now) / (1 - now)` the rate changes by
///   `f sum_j m_j [g(eta - b_j + b_wanted) - g(eta)]`, `m_j` the share of category `j` in a bin;
/// - a number: every person's value moves by `target - now`, the predictor by `b (target - now)`.
///
/// `g` is the inverse logit, `eta` the predictor of the bin, the same for all its persons because bins are narrow slices of
/// it. A covariate that takes part in an interaction cannot be moved this way.
///
/// Checked against: recomputing persons one by one.
#[derive(Debug, Clone, PartialEq)]
pub enum Shift {
    /// The share of one category grows.
    Category {
        /// Indicator column of each category; none for the reference.
        columns: Vec<Option<usize>>,
        /// The category that grows.
        wanted: usize,
    },
    /// The mean of a number moves.
    Number {
        /// Its column.
        column: usize,
    },
}

/// A shift with where each area stands and where it goes.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedShift {
    /// What moves.
    pub shift: Shift,
    /// Share of the category, or mean of the number, by area; NaN where nobody lives.
    pub now: Vec<f64>,
    /// The same after the shift; an area whose target equals `now` stays as it is.
    pub target: Vec<f64>,
}

impl Shift {
    /// Share of the category, or mean of the number, for these means of design columns.
    pub fn level(&self, means: &[f64]) -> f64 {
        match self {
            Shift::Category { columns, wanted } => share(means, columns, *wanted),
            Shift::Number { column } => means[*column],
        }
    }

    /// Change of the probability of a bin that moves from `now` to `target`. `before` is the probability as it is.
    fn change(&self, means: &[f64], coefficients: &[f64], predictor: f64, before: f64, now: f64, target: f64) -> f64 {
        match self {
            Shift::Number { column } => inverse_logit(predictor + coefficients[*column] * (target - now)) - before,
            Shift::Category { columns, wanted } => {
                let effect = |category: usize| columns[category].map_or(0.0, |column| coefficients[column]);
                let goal = predictor + effect(*wanted);
                let mut sum = 0.0;
                for category in (0..columns.len()).filter(|category| category != wanted) {
                    let moving = share(means, columns, category);
                    if moving > 0.0 {
                        sum += moving * (inverse_logit(goal - effect(category)) - before);
                    }
                }
                sum * (target - now) / (1.0 - now)
            }
        }
    }
}

fn share(means: &[f64], columns: &[Option<usize>], category: usize) -> f64 {
    match columns[category] {
        Some(column) => means[column],
        None => 1.0 - columns.iter().flatten().map(|&column| means[column]).sum::<f64>(),
    }
}

/// Changes of the rate of every area under every draw: for each shift, draws by areas; NaN where nobody lives.
pub fn changes(population: &BinnedPopulation, draws: &ParameterDraws, shifts: &[PlannedShift]) -> Vec<Vec<f64>> {
    let (areas, people) = (population.areas, population.people());
    let mut all = vec![Vec::new(); draws.count];
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(draws.count).max(1);
    let part = draws.count.div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        for (index, chunk) in all.chunks_mut(part).enumerate() {
            let people = &people;
            scope.spawn(move || {
                for (offset, slot) in chunk.iter_mut().enumerate() {
                    *slot = changes_of_draw(population, draws, index * part + offset, shifts, people);
                }
            });
        }
    });
    (0..shifts.len())
        .map(|shift| all.iter().flat_map(|draw| draw[shift * areas..(shift + 1) * areas].iter().copied()).collect())
        .collect()
}

fn changes_of_draw(
    population: &BinnedPopulation,
    draws: &ParameterDraws,
    draw: usize,
    shifts: &[PlannedShift],
    people: &[f64],
) -> Vec<f64> {
    let width = population.columns;
    let mut coefficients = vec![0.0; width];
    let mut intercept = 0.0;
    let mut current = usize::MAX;
    let mut changes = vec![0.0; shifts.len() * population.areas];
    for (bin, means) in population.bins.iter().zip(population.means.chunks_exact(width)) {
        let area = bin.area as usize;
        if shifts.iter().all(|shift| shift.target[area] == shift.now[area]) {
            continue;
        }
        if area != current {
            intercept = draws.coefficients(draw, area, &mut coefficients);
            current = area;
        }
        let predictor = intercept + dot(means, &coefficients);
        let before = inverse_logit(predictor);
        for (index, planned) in shifts.iter().enumerate() {
            let (now, target) = (planned.now[area], planned.target[area]);
            if target != now {
                let change = planned.shift.change(means, &coefficients, predictor, before, now, target);
                changes[index * population.areas + area] += bin.weight * change;
            }
        }
    }
    for row in changes.chunks_exact_mut(population.areas) {
        for (change, people) in row.iter_mut().zip(people) {
            *change = if *people > 0.0 { *change / people } else { f64::NAN };
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::poststratification::{Bin, TermDraws};

    type Person = (u32, f64, [f64; 3]);

    /// Two areas of persons with an intercept, an indicator (reference: the good category) and a number; every person a bin,
    /// so that the formula has to give what counting gives.
    fn population() -> (BinnedPopulation, Vec<Person>) {
        let persons: Vec<Person> = vec![
            (0, 10.0, [1.0, 0.0, 0.2]),
            (0, 30.0, [1.0, 1.0, -0.4]),
            (0, 20.0, [1.0, 1.0, 1.1]),
            (1, 50.0, [1.0, 0.0, 0.3]),
            (1, 10.0, [1.0, 1.0, -1.0]),
        ];
        let bin = |(index, &(area, weight, _)): (usize, &Person)| Bin { area, cell: 0, position: index as u32, weight };
        let bins = persons.iter().enumerate().map(bin).collect();
        let means = persons.iter().flat_map(|(_, _, row)| *row).collect();
        (BinnedPopulation::new(2, 1, 3, bins, means, Vec::new()), persons)
    }

    fn draws() -> ParameterDraws {
        let values = vec![0.3, 0.2, -0.1, -0.4];
        let term = TermDraws { level_of_area: vec![0, 1], levels: 2, columns: vec![None, Some(1)], values };
        ParameterDraws { count: 1, fixed: vec![-1.5, 0.9, 0.5], fixed_columns: 3, terms: vec![term] }
    }

    #[test]
    fn moving_persons_to_a_category_equals_recomputing_them_one_by_one() {
        let (population, persons) = population();
        let shift = Shift::Category { columns: vec![None, Some(1)], wanted: 0 };
        let means = population.area_means();
        let now: Vec<f64> = means.chunks_exact(3).map(|row| shift.level(row)).collect();
        assert!((now[0] - 1.0 / 6.0).abs() < 1e-12 && (now[1] - 5.0 / 6.0).abs() < 1e-12);
        let planned = PlannedShift { shift, now: now.clone(), target: vec![0.5, now[1]] };
        let found = &changes(&population, &draws(), &[planned])[0];
        // By hand: 40 % of the persons of the bad category of the first area move, whose slope is 0.9 + 0.2.
        let moved: f64 = persons
            .iter()
            .filter(|(area, _, row)| *area == 0 && row[1] == 1.0)
            .map(|(_, weight, row)| {
                0.4 * weight * (inverse_logit(-1.2 + 0.5 * row[2]) - inverse_logit(-1.2 + 1.1 + 0.5 * row[2]))
            })
            .sum();
        assert!((found[0] - moved / 60.0).abs() < 1e-12, "{} {}", found[0], moved / 60.0);
        assert_eq!(found[1], 0.0, "an area at its target stays");
    }

    #[test]
    fn moving_a_number_shifts_every_person() {
        let (population, persons) = population();
        let shift = Shift::Number { column: 2 };
        let now: Vec<f64> = population.area_means().chunks_exact(3).map(|row| shift.level(row)).collect();
        let planned = PlannedShift { shift, now: now.clone(), target: vec![now[0] - 0.7, now[1]] };
        let found = &changes(&population, &draws(), &[planned])[0];
        let expected: f64 = persons
            .iter()
            .filter(|(area, ..)| *area == 0)
            .map(|(_, weight, row)| {
                let predictor = -1.2 + 1.1 * row[1] + 0.5 * row[2];
                weight * (inverse_logit(predictor - 0.35) - inverse_logit(predictor))
            })
            .sum::<f64>()
            / 60.0;
        assert!((found[0] - expected).abs() < 1e-12);
        assert_eq!(found[1], 0.0);
    }
}
