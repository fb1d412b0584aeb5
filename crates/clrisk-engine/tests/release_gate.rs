//! What a release withholds cannot be read from it, nor computed from it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use clrisk_core::bundle::Stage;
use clrisk_core::measure::Kind;
use clrisk_core::{Bundle, Estimate, Group, Level, ValueStatus};
use clrisk_engine::folder::ProjectFolder;
use clrisk_engine::release::{SignatureRequest, release};
use clrisk_engine::run::run;
use clrisk_synthetic::{Country, Options};

const MIN_POPULATION: f64 = 50.0;
const MIN_COUNT: f64 = 5.0;

fn signature() -> SignatureRequest {
    let text = |value: &str| value.to_owned();
    SignatureRequest { name: text("Nombre"), office: text("Oficina"), date: text("2026-01-01"), statement: text("-") }
}

async fn draft_and_release() -> (Bundle, Bundle, tempfile::TempDir) {
    let made = draft_and_release_with(MIN_COUNT).await;
    let report = made.1.manifest.disclosure.as_ref().unwrap();
    assert!(report.primary > 100 && report.complementary > 100 && report.shown > 500, "{report:?}");
    made
}

async fn draft_and_release_with(min_count: f64) -> (Bundle, Bundle, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    // Municipalities from some dozens to some hundreds of children: much to withhold, and something to show.
    let options = Options { seed: 9, children: 60_000, survey_households: 3_000 };
    Country::invent(options).unwrap().write_project(folder.path()).unwrap();
    let settings = folder.path().join("clrisk.toml");
    let text = std::fs::read_to_string(&settings).unwrap().replace("draws = 1000", "draws = 100");
    let text = text.replace("min_count = 5", &format!("min_count = {min_count}"));
    std::fs::write(&settings, text).unwrap();
    let project = ProjectFolder::new(folder.path());
    let draft = run(&project, &|_| {}).await.unwrap();
    let (path, report) = release(&project, "prueba", &signature()).unwrap();
    let released = Bundle::read(&path).unwrap();
    assert_eq!(released.manifest.disclosure.as_ref(), Some(&report));
    (draft, released, folder)
}

fn numbers(estimate: &Estimate) -> [Option<f64>; 9] {
    [
        estimate.rate,
        estimate.standard_error,
        estimate.lower,
        estimate.upper,
        estimate.count,
        estimate.count_lower,
        estimate.count_upper,
        estimate.population,
        estimate.direct,
    ]
}

/// Every sum that a reader can set up, by item: a group split by one more dimension, an area split into areas.
fn sums(bundle: &Bundle) -> Vec<(usize, Vec<usize>)> {
    let level_of: HashMap<&str, Level> =
        bundle.areas.iter().map(|row| (row.area.code.as_str(), row.area.level)).collect();
    let parent: HashMap<(Level, &str), &str> = bundle
        .areas
        .iter()
        .filter_map(|row| Some(((row.area.level, row.area.code.as_str()), row.area.parent.as_deref()?)))
        .collect();
    let at: HashMap<(Level, &str, String), usize> = bundle
        .estimates
        .iter()
        .enumerate()
        .map(|(index, row)| ((row.level, row.area.as_str(), row.group.code()), index))
        .collect();
    let mut sums: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
    for (index, row) in bundle.estimates.iter().enumerate() {
        for (dimension, _) in &row.group.0 {
            let rest = row.group.0.iter().filter(|(name, _)| name != dimension).cloned().collect();
            if let Some(&total) = at.get(&(row.level, row.area.as_str(), Group(rest).code())) {
                sums.entry((total, dimension.clone())).or_default().push(index);
            }
        }
        if let Some(&above) = parent.get(&(row.level, row.area.as_str()))
            && let Some(&level) = level_of.get(above)
            && let Some(&total) = at.get(&(level, above, row.group.code()))
        {
            sums.entry((total, format!("areas of {}", row.level.code()))).or_default().push(index);
        }
    }
    sums.into_iter().map(|((total, _), parts)| (total, parts)).collect()
}

/// Solves the sums for what is withheld, as an attacker would: Gauss-Jordan on the withheld items. Returns the items that
/// have one value only.
fn determined(bundle: &Bundle) -> Vec<usize> {
    let hidden = |index: usize| bundle.estimates[index].population.is_none();
    let mut rows: Vec<BTreeMap<usize, f64>> = Vec::new();
    for (total, parts) in sums(bundle) {
        let mut row = BTreeMap::new();
        if hidden(total) {
            row.insert(total, -1.0);
        }
        for part in parts.into_iter().filter(|&part| hidden(part)) {
            *row.entry(part).or_insert(0.0) += 1.0;
        }
        if !row.is_empty() {
            rows.push(row);
        }
    }
    let mut pivots: BTreeMap<usize, BTreeMap<usize, f64>> = BTreeMap::new();
    for mut row in rows {
        while let Some((&column, &lead)) = row.iter().find(|(column, _)| pivots.contains_key(column)) {
            for (&other, value) in &pivots[&column] {
                *row.entry(other).or_insert(0.0) -= lead * value;
            }
            row.retain(|_, value| value.abs() > 1e-9);
        }
        let Some((&column, &lead)) = row.iter().next() else { continue };
        row.values_mut().for_each(|value| *value /= lead);
        for known in pivots.values_mut() {
            let Some(factor) = known.get(&column).copied() else { continue };
            for (&other, value) in &row {
                *known.entry(other).or_insert(0.0) -= factor * value;
            }
            known.retain(|_, value| value.abs() > 1e-9);
        }
        pivots.insert(column, row);
    }
    pivots.into_iter().filter(|(_, row)| row.len() == 1).map(|(column, _)| column).collect()
}

#[tokio::test]
async fn nothing_small_is_shown_and_nothing_withheld_can_be_computed() {
    let (draft, released, _folder) = draft_and_release().await;
    assert_eq!(released.manifest.stage, Stage::Release);
    let mut small = 0;
    for (before, after) in draft.estimates.iter().zip(&released.estimates) {
        assert_eq!((&before.area, &before.group), (&after.area, &after.group));
        let (people, cases) = (before.population.unwrap_or(0.0), before.count.unwrap_or(0.0));
        if people > 0.0 && (people < MIN_POPULATION || cases < MIN_COUNT || people - cases < MIN_COUNT) {
            small += 1;
            assert_eq!(after.status, ValueStatus::Suppressed, "{} {}", after.area, after.group.code());
        }
        if after.status == ValueStatus::Suppressed {
            assert_eq!(numbers(after), [None; 9], "{} {}", after.area, after.group.code());
            assert_eq!(after.sample, None);
        } else {
            assert_eq!(numbers(before), numbers(after), "what is shown is what was estimated");
        }
    }
    assert_eq!(small, released.manifest.disclosure.as_ref().unwrap().primary);
    let found = determined(&released);
    assert!(found.is_empty(), "{} withheld figures follow from the others, e.g. {:?}", found.len(), {
        found.first().map(|&index| (&released.estimates[index].area, released.estimates[index].group.code()))
    });
    // The test can fail: when complements are shown again, small figures follow.
    let mut careless = released.clone();
    for (before, after) in draft.estimates.iter().zip(&mut careless.estimates) {
        let (people, cases) = (before.population.unwrap_or(0.0), before.count.unwrap_or(0.0));
        if !(people < MIN_POPULATION || cases < MIN_COUNT || people - cases < MIN_COUNT) {
            after.population = before.population;
        }
    }
    assert!(!determined(&careless).is_empty());
}

#[tokio::test]
async fn a_withheld_municipality_is_withheld_in_every_file() {
    let (_, released, _folder) = draft_and_release().await;
    let hidden: BTreeSet<&str> = released
        .estimates
        .iter()
        .filter(|row| row.level == Level::Municipality && row.group.is_all() && row.status == ValueStatus::Suppressed)
        .map(|row| row.area.as_str())
        .collect();
    assert!(!hidden.is_empty(), "the country is small enough to have some");
    for row in released.areas.iter().filter(|row| hidden.contains(row.area.code.as_str())) {
        assert_eq!((row.population, row.sample, row.own_sample_share), (0.0, 0, None), "{}", row.area.code);
    }
    for class in released.classes.iter().filter(|class| hidden.contains(class.area.as_str())) {
        assert!(
            class.class.is_none() && class.membership.is_empty() && class.rank.is_none() && class.count_rank.is_none()
        );
    }
    assert!(!released.factors.iter().any(|factor| hidden.contains(factor.area.as_str())));
    for row in released.estimates.iter().filter(|row| row.level == Level::Municipality) {
        assert!(row.sample.is_none_or(|sample| sample == 0 || sample as f64 >= MIN_COUNT), "{}", row.area);
    }
}

#[tokio::test]
async fn of_what_the_survey_measured_no_handful_of_children_is_left_nor_to_be_had_by_subtraction() {
    // The quality rule withholds what has fewer than five cases by itself; a stricter office shows what the gate does.
    const STRICT: f64 = 60.0;
    let (draft, released, _folder) = draft_and_release_with(STRICT).await;
    let (before, after) = (draft.measured.unwrap(), released.measured.unwrap());
    let few = |cases: u64| cases > 0 && (cases as f64) < STRICT;
    assert!(before.rows.iter().any(|row| row.cases.is_some_and(few)), "the draft has something to withhold");
    assert!(released.manifest.disclosure.unwrap().measured > 0);
    let mut shown = 0;
    for row in &after.rows {
        let Some(cases) = row.cases else {
            assert!(row.rate.is_none() && row.count.is_none() && row.effective_sample.is_none(), "{row:?}");
            continue;
        };
        shown += 1;
        assert!(!few(cases), "{row:?}");
        assert!(row.kind == Kind::Composition || !few(row.sample - cases), "{row:?}");
    }
    assert!(shown > before.rows.len() / 10, "figures stay: {shown} of {}", before.rows.len());
    for total in after.rows.iter().filter(|row| row.kind == Kind::Prevalence && row.cases.is_some()) {
        let dimensions: BTreeSet<&str> = after.dimensions.iter().map(|dimension| dimension.name.as_str()).collect();
        for dimension in dimensions {
            let parts: Vec<_> = after
                .rows
                .iter()
                .filter(|row| row.kind == Kind::Prevalence && row.measure == total.measure && row.ages == total.ages)
                .filter(|row| {
                    let mut pairs = row.group.0.clone();
                    let length = pairs.len();
                    pairs.retain(|(name, _)| name != dimension);
                    pairs.len() + 1 == length && Group(pairs) == total.group
                })
                .collect();
            let hidden: Vec<_> = parts.iter().filter(|row| row.cases.is_none()).collect();
            if let [one] = hidden[..] {
                let known: u64 = parts.iter().filter_map(|row| row.cases).sum();
                let left = total.cases.unwrap().saturating_sub(known);
                assert!(!few(left), "{left} cases of {one:?} follow from the others");
            }
        }
    }
}
