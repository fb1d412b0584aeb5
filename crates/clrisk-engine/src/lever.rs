//! Levers: by how much the model's rate would differ if a condition that somebody can act on were different.
//!
//! A lever moves one variable of the model in every municipality that is short of a target: more children in a category
//! ("attends school"), or another mean of a number. Everything else stays as it is; the arithmetic is in
//! [`clrisk_stats::poststratification::Shift`]. The change is then carried to the benchmarked rate on the logit scale.
//!
//! A lever says what goes with the condition in the survey, not what an intervention would achieve.

use clrisk_core::bundle::LeverLabel;
use clrisk_core::{Finding, LeverEffect, Place};
use clrisk_stats::draws::summarise;
use clrisk_stats::poststratification::{BinnedPopulation, PlannedShift, Shift, changes, inverse_logit};

use crate::areas::AreaTree;
use crate::codebook::Codebook;
use crate::estimates::{LEVEL, UnitDraws};
use crate::model::FittedModel;
use crate::settings::{LeverDirection, LeverSettings, LeverTarget};
use crate::source::Found;

/// A lever ready to be computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Lever {
    label: LeverLabel,
    shift: Shift,
    /// Whether a municipality above the target is the one that moves.
    down: bool,
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
    let shift = match (&variable.levels, &setting.category, setting.direction) {
        (Some(levels), Some(category), None) => {
            let wanted = levels.iter().position(|level| level == category).ok_or_else(|| refuse("LEVER-003"))?;
            let column =
                |level: &String| names.iter().position(|name| *name == format!("{}={level}", setting.variable));
            Shift::Category { columns: levels.iter().map(column).collect(), wanted }
        }
        (None, None, Some(_)) => {
            let column = names.iter().position(|name| *name == setting.variable).ok_or_else(|| refuse("LEVER-001"))?;
            Shift::Number { column }
        }
        _ => return Err(refuse("LEVER-003")),
    };
    let share = matches!(shift, Shift::Category { .. });
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
    let down = setting.direction == Some(LeverDirection::Down);
    Ok(Lever { label, shift, down, target: setting.to.clone() })
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

/// Where each municipality stands and where the lever brings it, never to the wrong side.
fn plan(lever: &Lever, population: &BinnedPopulation, people: &[f64]) -> PlannedShift {
    let means = population.area_means();
    let now: Vec<f64> = means.chunks_exact(population.columns).map(|row| lever.shift.level(row)).collect();
    let goal = match lever.target {
        LeverTarget::Value(value) => value,
        LeverTarget::Name(_) => {
            let inhabited = now.iter().zip(people).filter(|(_, people)| **people > 0.0);
            inhabited.map(|(now, people)| now * people).sum::<f64>() / people.iter().sum::<f64>()
        }
    };
    let target = now.iter().map(|&now| if lever.down { goal.min(now) } else { goal.max(now) }).collect();
    PlannedShift { shift: lever.shift.clone(), now, target }
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
    population: &BinnedPopulation,
    model: &[f64],
    published: &[f64],
) -> Result<Vec<LeverEffect>, clrisk_stats::StatsError> {
    let (areas, people) = (population.areas, population.people());
    let groups = tree.members();
    let planned: Vec<PlannedShift> = levers.iter().map(|lever| plan(lever, population, &people)).collect();
    let changes = changes(population, &fitted.draws, &planned);
    let mut rows = Vec::with_capacity(levers.len() * groups.len());
    for ((lever, standing), changes) in levers.iter().zip(&planned).zip(changes) {
        // Children with the outcome more (or less) by draw and municipality.
        let children: Vec<f64> = changes
            .iter()
            .enumerate()
            .map(|(at, &change)| {
                let people = people[at % areas];
                if people > 0.0 { people * benchmarked(model[at], change, published[at]) } else { 0.0 }
            })
            .collect();
        for (code, level, members) in &groups {
            let population: f64 = members.iter().map(|&area| people[area]).sum();
            if population == 0.0 {
                continue;
            }
            let sums: Vec<f64> =
                children.chunks_exact(areas).map(|draw| members.iter().map(|&area| draw[area]).sum::<f64>()).collect();
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
                target: mean(&standing.target),
                points: count.map(|count| 100.0 * count / population),
                children: count,
            });
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_moves_the_published_rate_by_as_many_logits_as_the_model() {
        assert!((benchmarked(0.2, -0.05, 0.2) + 0.05).abs() < 1e-12);
        let moved = benchmarked(0.2, -0.05, 0.4) + 0.4;
        let odds = |p: f64| p / (1.0 - p);
        assert!((odds(moved) / odds(0.4) - odds(0.15) / odds(0.2)).abs() < 1e-12);
    }
}
