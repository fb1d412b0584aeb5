//! The gate for what the survey measured: a figure that rests on a handful of interviewed children goes, with what would give it away.
//!
//! Of a figure are known the sampled children and, where the quality rule lets it be shown, how many of them the measure is true of.
//! It is small when it, or what is left of its sample, is at least one child and fewer than `min_count`. What the quality rule
//! withheld is small when the figures around it say so: all girls less the girls of every other group, say. Groups that differ in
//! one dimension add up to the group without it, neighbouring ages to the ages of both. Measures are looked at one by one.

use std::collections::BTreeMap;

use clrisk_core::measure::{Kind, MeasuredRow};
use clrisk_core::{Finding, Group, Measured, Place, Quality};
use clrisk_stats::suppression::{Disclosure, Relation, suppress_chosen};

use crate::source::Found;

/// What is known of the children behind a figure; the same for its prevalence and its composition.
struct Item {
    rows: Vec<usize>,
    cases: Option<u64>,
    /// Sampled children of the group; not known from a composition.
    sample: Option<u64>,
}

/// Withholds figures of fewer than `min_count` interviewed children and their complements; returns how many.
///
/// # Errors
/// `RELEASE-006` when the complements cannot be found.
pub fn withhold(measured: &mut Measured, min_count: u64) -> Result<u64, Found> {
    let mut by_measure: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, row) in measured.rows.iter().enumerate() {
        by_measure.entry(&row.measure).or_default().push(position);
    }
    let mut hidden: Vec<(String, [u8; 2], Group)> = Vec::new();
    for (measure, positions) in by_measure {
        for (ages, group) in small_and_complements(&measured.rows, &positions, min_count)? {
            hidden.push((measure.to_owned(), ages, group));
        }
    }
    let is_hidden = |measure: &str, ages: [u8; 2], group: &Group| {
        hidden.iter().any(|(name, years, of)| name == measure && *years == ages && of == group)
    };
    let mut count = 0;
    for row in &mut measured.rows {
        if is_hidden(&row.measure, row.ages, &row.group) {
            count += u64::from(row.quality != Quality::Suppress);
            row.withhold();
            if row.sample < min_count {
                row.sample = 0;
                row.population = None;
            }
        }
    }
    for row in &mut measured.changes {
        if is_hidden(&row.measure, row.ages, &row.group) {
            count += u64::from(row.quality != Quality::Suppress);
            row.withhold();
        }
    }
    Ok(count)
}

/// Ages and groups of one measure that may not be shown.
fn small_and_complements(
    rows: &[MeasuredRow],
    positions: &[usize],
    min_count: u64,
) -> Result<Vec<([u8; 2], Group)>, Found> {
    let mut keys: Vec<([u8; 2], Group)> = Vec::new();
    let mut items: Vec<Item> = Vec::new();
    for &position in positions {
        let row = &rows[position];
        let key = (row.ages, row.group.clone());
        let at = keys.iter().position(|known| *known == key).unwrap_or_else(|| {
            keys.push(key);
            items.push(Item { rows: Vec::new(), cases: None, sample: None });
            items.len() - 1
        });
        let item = &mut items[at];
        item.rows.push(position);
        item.cases = item.cases.or(row.cases);
        if row.kind == Kind::Prevalence {
            item.sample = Some(row.sample);
        }
    }
    let few = |children: u64| (1..min_count).contains(&children);
    let mut relations = relations(&keys);
    let mut primary: Vec<bool> = items
        .iter()
        .map(|item| {
            let rest = item.sample.zip(item.cases).map(|(sample, cases)| sample.saturating_sub(cases));
            item.sample.is_some_and(few) || item.cases.is_some_and(few) || rest.is_some_and(few)
        })
        .collect();
    while let Some((part, cases)) = worked_out(&relations, &items) {
        items[part].cases = Some(cases);
        let rest = items[part].sample.map(|sample| sample.saturating_sub(cases));
        primary[part] = primary[part] || few(cases) || rest.is_some_and(few);
    }
    // That nobody is in a group hides nothing, and is no complement.
    for relation in &mut relations {
        relation.parts.retain(|&part| items[part].cases != Some(0));
    }
    relations.retain(|relation| !relation.parts.is_empty() && items[relation.total].cases != Some(0));
    // What is not shown anyway is the complement that costs nothing.
    let is_shown = |item: &Item| item.rows.iter().any(|&row| rows[row].quality != Quality::Suppress);
    let sizes: Vec<u64> = items.iter().map(|item| if is_shown(item) { item.cases.unwrap_or(0) } else { 0 }).collect();
    let decisions = suppress_chosen(&sizes, &relations, &primary, min_count)
        .map_err(|_| Box::new(Finding::error("RELEASE-006", Place::key("release"))))?;
    Ok(keys
        .into_iter()
        .zip(decisions)
        .filter(|(_, decision)| *decision != Disclosure::Published)
        .map(|(key, _)| key)
        .collect())
}

/// A withheld number of cases that a sum with one unknown gives away.
fn worked_out(relations: &[Relation], items: &[Item]) -> Option<(usize, u64)> {
    relations.iter().find_map(|relation| {
        let mut unknown = relation.parts.iter().copied().filter(|&part| items[part].cases.is_none());
        let known: u64 = relation.parts.iter().filter_map(|&part| items[part].cases).sum();
        match (unknown.next(), unknown.next(), items[relation.total].cases) {
            (Some(part), None, Some(total)) => Some((part, total.saturating_sub(known))),
            (None, _, None) => Some((relation.total, known)),
            _ => None,
        }
    })
}

/// Groups that differ in one dimension add up to the group without it; neighbouring ages to the ages of both.
fn relations(keys: &[([u8; 2], Group)]) -> Vec<Relation> {
    let find = |ages: [u8; 2], group: &Group| keys.iter().position(|(years, of)| *years == ages && of == group);
    let mut sums: BTreeMap<(usize, &str), Vec<usize>> = BTreeMap::new();
    let mut relations = Vec::new();
    for (position, (ages, group)) in keys.iter().enumerate() {
        for dropped in 0..group.0.len() {
            let mut pairs = group.0.clone();
            pairs.remove(dropped);
            if let Some(total) = find(*ages, &Group(pairs)) {
                sums.entry((total, group.0[dropped].0.as_str())).or_default().push(position);
            }
        }
        for (other, (next, of)) in keys.iter().enumerate() {
            if of == group && ages[1].checked_add(1) == Some(next[0]) {
                let total = find([ages[0], next[1]], group);
                relations.extend(total.map(|total| Relation { total, parts: vec![position, other] }));
            }
        }
    }
    relations.extend(sums.into_iter().map(|((total, _), parts)| Relation { total, parts }));
    relations
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn row(ages: [u8; 2], group: Group, sample: u64, cases: Option<u64>) -> MeasuredRow {
        let shown = cases.map(|cases| cases as f64 / sample as f64);
        MeasuredRow {
            measure: "child_labour".to_owned(),
            kind: Kind::Prevalence,
            ages,
            group,
            rate: shown,
            standard_error: shown,
            lower: shown,
            upper: shown,
            count: shown,
            count_lower: shown,
            count_upper: shown,
            population: Some(sample as f64),
            sample,
            cases,
            effective_sample: shown,
            coefficient_of_variation: shown,
            quality: if cases.is_some() { Quality::Publish } else { Quality::Suppress },
        }
    }

    fn hidden(rows: Vec<MeasuredRow>) -> Vec<String> {
        let positions: Vec<usize> = (0..rows.len()).collect();
        let mut found: Vec<String> = small_and_complements(&rows, &positions, 5)
            .unwrap()
            .into_iter()
            .map(|(ages, group)| format!("{}-{} {}", ages[0], ages[1], group.code()))
            .collect();
        found.sort();
        found
    }

    const ALL: [u8; 2] = [5, 17];

    #[test]
    fn girls_of_whom_three_work_go_and_boys_with_them_because_the_total_less_boys_is_three() {
        let sex = |code: &str| Group::one("sex", code);
        let rows = vec![
            row(ALL, Group::all(), 400, Some(63)),
            row(ALL, sex("boy"), 200, Some(60)),
            row(ALL, sex("girl"), 200, Some(3)),
        ];
        assert_eq!(hidden(rows), ["5-17 sex=boy", "5-17 sex=girl"]);
    }

    #[test]
    fn what_the_quality_rule_withheld_takes_nothing_with_it_unless_the_others_show_that_few_children_are_behind_it() {
        let zone = |code: &str| Group::one("zone", code);
        let with = |urban: u64| {
            vec![
                row(ALL, Group::all(), 400, Some(80)),
                row(ALL, zone("rural"), 300, Some(80 - urban)),
                row(ALL, zone("urban"), 100, None),
            ]
        };
        assert_eq!(hidden(with(20)), Vec::<String>::new());
        assert_eq!(hidden(with(2)), ["5-17 zone=rural", "5-17 zone=urban"]);
        assert_eq!(hidden(with(0)), Vec::<String>::new(), "nobody is nobody's secret");
    }

    #[test]
    fn few_children_of_some_ages_are_not_left_to_be_had_from_the_other_ages() {
        let rows = vec![
            row([5, 14], Group::all(), 300, Some(40)),
            row([5, 11], Group::all(), 200, Some(2)),
            row([12, 14], Group::all(), 100, Some(38)),
        ];
        assert_eq!(hidden(rows), ["12-14 ", "5-11 "].map(|ages| format!("{ages}all")));
    }

    #[test]
    fn all_but_three_of_a_group_is_as_telling_as_three() {
        let rows = vec![row(ALL, Group::all(), 40, Some(37))];
        assert_eq!(hidden(rows), ["5-17 all"]);
    }
}
