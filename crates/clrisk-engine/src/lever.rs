//! Levers: by how much the model's rate would differ if a condition that somebody can act on were different.
//!
//! A lever moves one variable of the model in every municipality that is short of a target: more children in a category
//! ("attends school"), or another mean of a number. Everything else stays as it is. For a posterior draw with coefficients `b`,
//!
//! - category `c` of variable `v`, share `s` below the target `t`: the fraction `f = (t - s) / (1 - s)` of the children of
//!   every other category `j` moves to `c`; the rate changes by `f sum_j m_j [g(eta - b_j + b_c) - g(eta)]`, averaged over
//!   the bins of the municipality, `m_j` the share of category `j` in the bin;
//! - a number with mean `s`: every child's predictor moves by `b (t - s)`.
//!
//! `g` is the inverse logit. Children of a bin have nearly the same predictor whatever their category, because bins are
//! narrow slices of it. The change is then carried to the benchmarked rate on the logit scale.
//!
//! A lever says what goes with the condition in the survey, not what an intervention would achieve.

use clrisk_core::bundle::LeverLabel;
use clrisk_core::{Finding, Level, LeverEffect, Place};
use clrisk_stats::draws::summarise;

use crate::areas::AreaTree;
use crate::codebook::Codebook;
use crate::estimates::{LEVEL, UnitDraws};
use crate::model::FittedModel;
use crate::population::Population;
use crate::predict::{ParameterDraws, inverse_logit};
use crate::settings::{LeverDirection, LeverSettings, LeverTarget};
use crate::source::Found;

/// What a lever moves, in terms of the design.
#[derive(Debug, Clone, PartialEq)]
enum Moved {
    /// Children of other categories move to one: the indicator column of each category (none for the reference), and which
    /// category they move to.
    Category { columns: Vec<Option<usize>>, wanted: usize },
    /// The mean of a number moves.
    Number { column: usize, up: bool },
}

/// A lever ready to be computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Lever {
    label: LeverLabel,
    moved: Moved,
    target: LeverTarget,
}

/// Checks the levers against codebook and design. `names` are the design columns of the fixed part.
///
/// # Errors
/// `LEVER-001` the variable is not in the fixed part of the formula; `LEVER-002` it is part of an interaction; `LEVER-003`
/// category, target or direction is missing or does not fit the variable.
pub fn levers(settings: &[LeverSettings], codebook: &Codebook, names: &[String]) -> Result<Vec<Lever>, Found> {
    settings.iter().enumerate().map(|(index, setting)| lever(index, setting, codebook, names)).collect()
}

fn lever(index: usize, setting: &LeverSettings, codebook: &Codebook, names: &[String]) -> Result<Lever, Found> {
    let refuse = |code: &str| {
        let place = Place::key(format!("levers.{}", index + 1));
        Box::new(Finding::error(code, place).with("lever", &setting.name).with("variable", &setting.variable))
    };
    let variable = codebook.find(&setting.variable).ok_or_else(|| refuse("LEVER-001"))?;
    let of_variable = |name: &str| {
        name.split(':').any(|part| part.split_once('=').map_or(part, |(name, _)| name) == setting.variable)
    };
    if !names.iter().any(|name| of_variable(name)) {
        return Err(refuse("LEVER-001"));
    }
    if names.iter().any(|name| name.contains(':') && of_variable(name)) {
        return Err(refuse("LEVER-002"));
    }
    let moved = match (&variable.levels, &setting.category, setting.direction) {
        (Some(levels), Some(category), None) => {
            let wanted = levels.iter().position(|level| level == category).ok_or_else(|| refuse("LEVER-003"))?;
            let column =
                |level: &String| names.iter().position(|name| *name == format!("{}={level}", setting.variable));
            Moved::Category { columns: levels.iter().map(column).collect(), wanted }
        }
        (None, None, Some(direction)) => {
            let column = names.iter().position(|name| *name == setting.variable).ok_or_else(|| refuse("LEVER-001"))?;
            Moved::Number { column, up: direction == LeverDirection::Up }
        }
        _ => return Err(refuse("LEVER-003")),
    };
    let share = matches!(moved, Moved::Category { .. });
    match &setting.to {
        LeverTarget::Value(value) if share && !(0.0..=1.0).contains(value) => return Err(refuse("LEVER-003")),
        LeverTarget::Value(value) if !value.is_finite() => return Err(refuse("LEVER-003")),
        LeverTarget::Name(name) if name != "national" => return Err(refuse("LEVER-003")),
        _ => {}
    }
    let label = LeverLabel {
        name: setting.name.clone(),
        title: setting.title.clone(),
        variable: setting.variable.clone(),
        category: setting.category.clone(),
    };
    Ok(Lever { label, moved, target: setting.to.clone() })
}

/// Levers as readers see them.
pub fn labels(levers: &[Lever]) -> Vec<LeverLabel> {
    levers.iter().map(|lever| lever.label.clone()).collect()
}

/// Rates by draw and municipality; NaN where nobody lives.
pub fn area_rates(units: &UnitDraws, areas: usize) -> Vec<f64> {
    let mut people = vec![0.0; areas];
    for ((area, _), size) in units.units.iter().zip(&units.sizes) {
        people[*area] += size;
    }
    units
        .draws
        .iter()
        .flat_map(|draw| {
            let mut cases = vec![0.0; areas];
            for (((area, _), size), rate) in units.units.iter().zip(&units.sizes).zip(draw) {
                cases[*area] += rate * size;
            }
            cases.into_iter().zip(&people).map(|(cases, people)| cases / people).collect::<Vec<_>>()
        })
        .collect()
}

/// Where each municipality stands with a lever.
struct Standing {
    /// Share of the category, or mean of the number; NaN where nobody lives.
    now: Vec<f64>,
    /// Target of the municipality: never on the wrong side of where it stands.
    target: Vec<f64>,
    /// Share, mean and target of the country.
    national: [f64; 2],
}

fn standing(lever: &Lever, population: &Population, people: &[f64]) -> Standing {
    let means = population.area_means();
    let value = |area: usize| -> f64 {
        let row = &means[area * population.columns..(area + 1) * population.columns];
        match &lever.moved {
            Moved::Category { columns, wanted } => share_of(row, columns, *wanted),
            Moved::Number { column, .. } => row[*column],
        }
    };
    let now: Vec<f64> = (0..population.areas).map(value).collect();
    let total: f64 = people.iter().sum();
    let national =
        now.iter().zip(people).filter(|(_, people)| **people > 0.0).map(|(now, people)| now * people).sum::<f64>()
            / total;
    let goal = match lever.target {
        LeverTarget::Value(value) => value,
        LeverTarget::Name(_) => national,
    };
    let up = !matches!(lever.moved, Moved::Number { up: false, .. });
    let target = now.iter().map(|&now| if up { goal.max(now) } else { goal.min(now) }).collect();
    Standing { now, target, national: [national, goal] }
}

/// Share of category `wanted` in a bin or municipality with these design means.
fn share_of(means: &[f64], columns: &[Option<usize>], wanted: usize) -> f64 {
    match columns[wanted] {
        Some(column) => means[column],
        None => 1.0 - columns.iter().flatten().map(|&column| means[column]).sum::<f64>(),
    }
}

/// Change of the model's rate of each municipality under one draw.
fn changes(
    moved: &Moved,
    standing: &Standing,
    population: &Population,
    draws: &ParameterDraws,
    draw: usize,
    people: &[f64],
) -> Vec<f64> {
    let width = population.columns;
    let mut coefficients = vec![0.0; width];
    let mut intercept = 0.0;
    let mut current = usize::MAX;
    let mut changes = vec![0.0; population.areas];
    for (bin, means) in population.bins.iter().zip(population.means.chunks_exact(width)) {
        let area = bin.area as usize;
        let (now, target) = (standing.now[area], standing.target[area]);
        if target == now {
            continue;
        }
        if area != current {
            intercept = draws.coefficients(draw, area, &mut coefficients);
            current = area;
        }
        let predictor = intercept + means.iter().zip(&coefficients).map(|(x, b)| x * b).sum::<f64>();
        let change = match moved {
            Moved::Number { column, .. } => {
                inverse_logit(predictor + coefficients[*column] * (target - now)) - inverse_logit(predictor)
            }
            Moved::Category { columns, wanted } => {
                let effect = |category: usize| columns[category].map_or(0.0, |column| coefficients[column]);
                let fraction = (target - now) / (1.0 - now);
                let before = inverse_logit(predictor);
                (0..columns.len())
                    .filter(|category| category != wanted)
                    .map(|category| {
                        let share = share_of(means, columns, category);
                        share * (inverse_logit(predictor - effect(category) + effect(*wanted)) - before)
                    })
                    .sum::<f64>()
                    * fraction
            }
        };
        changes[area] += bin.weight * change;
    }
    for (change, people) in changes.iter_mut().zip(people) {
        *change = if *people > 0.0 { *change / people } else { f64::NAN };
    }
    changes
}

/// The change carried to the benchmarked rate: both rates move by the same number of logits.
fn benchmarked(model: f64, change: f64, published: f64) -> f64 {
    if change == 0.0 {
        return 0.0;
    }
    let logit = |p: f64| {
        let p = p.clamp(1e-12, 1.0 - 1e-12);
        (p / (1.0 - p)).ln()
    };
    inverse_logit(logit(model + change) + logit(published) - logit(model)) - published
}

/// Effects of all levers on all areas, in the order of levers, then of the area tree. `model` and `published` are the rates
/// by draw and municipality before and after benchmarking.
///
/// # Errors
/// When draws cannot be summarised.
pub fn effects(
    levers: &[Lever],
    tree: &AreaTree,
    fitted: &FittedModel,
    population: &Population,
    model: &[f64],
    published: &[f64],
) -> Result<Vec<LeverEffect>, clrisk_stats::StatsError> {
    let areas = population.areas;
    let mut people = vec![0.0; areas];
    for bin in &population.bins {
        people[bin.area as usize] += bin.weight;
    }
    let groups = tree.members();
    let mut rows = Vec::with_capacity(levers.len() * groups.len());
    for lever in levers {
        let standing = standing(lever, population, &people);
        // Children with the outcome more (or less) by draw and municipality.
        let children = changes_by_draw(&fitted.draws, |draw| {
            let change = changes(&lever.moved, &standing, population, &fitted.draws, draw, &people);
            (0..areas)
                .map(|area| {
                    let at = draw * areas + area;
                    if people[area] > 0.0 {
                        people[area] * benchmarked(model[at], change[area], published[at])
                    } else {
                        0.0
                    }
                })
                .collect()
        });
        for (code, level, members) in &groups {
            let population: f64 = members.iter().map(|&area| people[area]).sum();
            if population == 0.0 {
                continue;
            }
            let sums: Vec<f64> =
                children.iter().map(|draw| members.iter().map(|&area| draw[area]).sum::<f64>()).collect();
            let summary = summarise(&sums, LEVEL)?;
            let count = [summary.mean, summary.interval.lower, summary.interval.upper];
            let mean = |values: &[f64]| {
                let inside = members.iter().filter(|&&area| people[area] > 0.0);
                inside.map(|&area| people[area] * values[area]).sum::<f64>() / population
            };
            rows.push(LeverEffect {
                area: code.clone(),
                level: *level,
                lever: lever.label.name.clone(),
                now: mean(&standing.now),
                target: if *level == Level::Municipality { mean(&standing.target) } else { standing.national[1] },
                points: count.map(|count| 100.0 * count / population),
                children: count,
            });
        }
    }
    Ok(rows)
}

fn changes_by_draw(draws: &ParameterDraws, of_draw: impl Fn(usize) -> Vec<f64> + Sync) -> Vec<Vec<f64>> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get).min(draws.count).max(1);
    let share = draws.count.div_ceil(threads).max(1);
    let mut all = vec![Vec::new(); draws.count];
    std::thread::scope(|scope| {
        for (part, chunk) in all.chunks_mut(share).enumerate() {
            let of_draw = &of_draw;
            scope.spawn(move || {
                for (offset, slot) in chunk.iter_mut().enumerate() {
                    *slot = of_draw(part * share + offset);
                }
            });
        }
    });
    all
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::population::{Bin, Cells};
    use crate::predict::TermDraws;
    use crate::survey::Accounting;

    /// Two municipalities of children with an intercept, an indicator (reference: the good category) and a number; every
    /// child a bin of its own, so that the formula has to give what counting gives.
    fn population() -> (Population, Vec<(u32, f64, [f64; 3])>) {
        let children = vec![
            (0, 10.0, [1.0, 0.0, 0.2]),
            (0, 30.0, [1.0, 1.0, -0.4]),
            (0, 20.0, [1.0, 1.0, 1.1]),
            (1, 50.0, [1.0, 0.0, 0.3]),
            (1, 10.0, [1.0, 1.0, -1.0]),
        ];
        let bins = children
            .iter()
            .enumerate()
            .map(|(index, &(area, weight, _))| Bin { area, cell: 0, position: index as u32, weight })
            .collect();
        let population = Population {
            areas: 2,
            cells: Cells { variables: Vec::new(), sizes: Vec::new() },
            columns: 3,
            bins,
            means: children.iter().flat_map(|(_, _, row)| *row).collect(),
            patterns: Vec::new(),
            spread: BTreeMap::new(),
            distributions: Vec::new(),
            accounting: Accounting::default(),
        };
        (population, children)
    }

    fn draws() -> ParameterDraws {
        let term = TermDraws {
            level_of_area: vec![0, 1],
            levels: 2,
            columns: vec![None, Some(1)],
            values: vec![0.3, 0.2, -0.1, -0.4],
        };
        ParameterDraws { count: 1, fixed: vec![-1.5, 0.9, 0.5], fixed_columns: 3, terms: vec![term] }
    }

    fn lever(moved: Moved, target: LeverTarget) -> Lever {
        let label =
            LeverLabel { name: "l".to_owned(), title: Default::default(), variable: "v".to_owned(), category: None };
        Lever { label, moved, target }
    }

    fn g(x: f64) -> f64 {
        1.0 / (1.0 + (-x).exp())
    }

    #[test]
    fn moving_children_to_a_category_equals_recomputing_them_one_by_one() {
        let (population, children) = population();
        let people = [60.0, 60.0];
        let lever = lever(Moved::Category { columns: vec![None, Some(1)], wanted: 0 }, LeverTarget::Value(0.5));
        let standing = standing(&lever, &population, &people);
        assert!((standing.now[0] - 1.0 / 6.0).abs() < 1e-12 && (standing.now[1] - 5.0 / 6.0).abs() < 1e-12);
        let changes = changes(&lever.moved, &standing, &population, &draws(), 0, &people);
        // By hand: 40 % of the children of the bad category of the first municipality move, whose slope is 0.9 + 0.2.
        let moved: f64 = children
            .iter()
            .filter(|(area, _, row)| *area == 0 && row[1] == 1.0)
            .map(|(_, weight, row)| 0.4 * weight * (g(-1.2 + 0.5 * row[2]) - g(-1.2 + 1.1 + 0.5 * row[2])))
            .sum();
        assert!((changes[0] - moved / 60.0).abs() < 1e-12, "{} {}", changes[0], moved / 60.0);
        assert_eq!(changes[1], 0.0, "a municipality beyond the target stays");
    }

    #[test]
    fn moving_a_number_shifts_every_child_and_only_in_one_direction() {
        let (population, children) = population();
        let people = [60.0, 60.0];
        let lever = lever(Moved::Number { column: 2, up: false }, LeverTarget::Name("national".to_owned()));
        let standing = standing(&lever, &population, &people);
        let mean = |wanted: u32| {
            children.iter().filter(|(area, ..)| *area == wanted).map(|(_, w, row)| w * row[2]).sum::<f64>() / 60.0
        };
        let national = (mean(0) + mean(1)) / 2.0;
        assert!((standing.national[1] - national).abs() < 1e-12 && mean(0) > national);
        let changes = changes(&lever.moved, &standing, &population, &draws(), 0, &people);
        let expected: f64 = children
            .iter()
            .filter(|(area, ..)| *area == 0)
            .map(|(_, weight, row)| {
                let predictor = -1.2 + 1.1 * row[1] + 0.5 * row[2];
                weight * (g(predictor + 0.5 * (national - mean(0))) - g(predictor))
            })
            .sum::<f64>()
            / 60.0;
        assert!((changes[0] - expected).abs() < 1e-12);
        assert_eq!(changes[1], 0.0);
    }

    #[test]
    fn a_change_moves_the_published_rate_by_as_many_logits_as_the_model() {
        assert!((benchmarked(0.2, -0.05, 0.2) + 0.05).abs() < 1e-12);
        let moved = benchmarked(0.2, -0.05, 0.4) + 0.4;
        let odds = |p: f64| p / (1.0 - p);
        assert!((odds(moved) / odds(0.4) - odds(0.15) / odds(0.2)).abs() < 1e-12);
    }
}
