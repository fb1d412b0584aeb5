//! Spatial statistics against R `spdep` (`06_spatial.R`) and Python `esda` (`06_spatial.py`), section by section, and
//! against definitions, enumeration and dense arithmetic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;
#[path = "common/r_random.rs"]
mod r_random;

use std::collections::BTreeSet;

use clrisk_stats::StatsError;
use clrisk_stats::space::{
    ConditionalPermutation, EmpiricalBayes, LocalDispersion, LocalMoran, LocalNull, Metric, Neighbours, NullHypothesis,
    Points, Quadrant, SpatialWeights, WeightStyle, false_discovery_rate, geary, getis_ord, getis_ord_star, local_moran,
    moran, moran_permutation,
};
use common::{Table, all_close, close, number, numbers, reference_json};
use proptest::prelude::*;
use r_random::RRandom;
use serde_json::Value;

/// The values and neighbours a section is about.
fn data(section: &str) -> Option<(Vec<f64>, Neighbours)> {
    let (map, column) = section.split_once('_').unwrap();
    let (values, pairs) = match map {
        "nc" => {
            let table = Table::reference("nc_sids")?;
            let (events, births) = (table.numbers("SID74"), table.numbers("BIR74"));
            (events.iter().zip(&births).map(|(e, b)| 1000.0 * e / b).collect(), "nc_sids_queen_nb")
        }
        "guerry" => (Table::reference("guerry85")?.numbers(column), "guerry85_queen_nb"),
        _ => (Table::reference("oldcol")?.numbers(column), "oldcol_nb"),
    };
    let neighbours = neighbours(pairs, values.len())?;
    Some((values, neighbours))
}

fn neighbours(name: &str, areas: usize) -> Option<Neighbours> {
    Some(contiguity(&Table::reference(name)?, areas))
}

/// Pairs counted from one.
fn contiguity(table: &Table, areas: usize) -> Neighbours {
    let pairs: Vec<(u32, u32)> =
        table.codes("i").iter().zip(table.codes("j")).map(|(i, j)| (*i as u32 - 1, j as u32 - 1)).collect();
    Neighbours::from_pairs(areas, &pairs).unwrap()
}

const MAPS: [&str; 9] = [
    "oldcol_CRIME",
    "oldcol_HOVAL",
    "nc_SIDR74",
    "guerry_Crime_pers",
    "guerry_Crime_prop",
    "guerry_Literacy",
    "guerry_Donations",
    "guerry_Infants",
    "guerry_Suicides",
];

/// Sections of one map, each with the comparison that settles it.
fn compare(section: &str, part: &str, expected: &Value, values: &[f64], neighbours: &Neighbours) -> bool {
    let what = format!("{section} {part}");
    let style = if part.starts_with("W_") { WeightStyle::RowStandardised } else { WeightStyle::Binary };
    let weights = neighbours.weights(style);
    let at = |key: &str| numbers(&expected[key]);
    match part.trim_start_matches(['W', 'B']) {
        "_rand" | "_norm" => {
            let null = if part.ends_with("norm") { NullHypothesis::Normality } else { NullHypothesis::Randomisation };
            let found = moran(values, &weights).unwrap();
            let ours = [found.value, found.expected, found.variance(null), found.z(null), found.p_alike(null)];
            all_close(&ours, &numbers(expected), 1e-8, &what);
        }
        "_geary" => {
            let null = NullHypothesis::Randomisation;
            let found = geary(values, &weights).unwrap();
            let ours = [found.value, found.expected, found.variance(null), found.z(null), found.p_alike(null)];
            all_close(&ours, &numbers(expected), 1e-8, &what);
        }
        "_local" => compare_local(expected, values, &weights, &what),
        "_local_uncond" => {
            let found = local_moran(values, &weights, LocalNull::Total).unwrap();
            all_close(&each(&found, |l| l.expected), &at("EIi"), 1e-8, &what);
            all_close(&each(&found, |l| l.variance), &at("VarIi"), 1e-8, &what);
        }
        "_mc9999" => compare_permutations(expected, values, &weights, &what),
        "Gstar" => {
            let found = getis_ord_star(values, &neighbours.with_self().weights(WeightStyle::Binary)).unwrap();
            all_close(&found, &numbers(expected), 1e-8, &what);
        }
        "G" => all_close(&getis_ord(values, &weights).unwrap(), &numbers(expected), 1e-8, &what),
        _ => return false,
    }
    true
}

fn each(areas: &[LocalMoran], get: impl Fn(&LocalMoran) -> f64) -> Vec<f64> {
    areas.iter().map(get).collect()
}

fn compare_local(expected: &Value, values: &[f64], weights: &SpatialWeights, what: &str) {
    let found = local_moran(values, weights, LocalNull::Conditional).unwrap();
    all_close(&each(&found, |l| l.value), &numbers(&expected["Ii"]), 1e-8, what);
    all_close(&each(&found, |l| l.expected), &numbers(&expected["EIi"]), 1e-8, what);
    all_close(&each(&found, |l| l.variance), &numbers(&expected["VarIi"]), 1e-8, what);
    all_close(&each(&found, LocalMoran::z), &numbers(&expected["Z"]), 1e-8, what);
    // The peer's quadrants compare the lag of the raw values with the mean of those lags, ours the lag of the deviations
    // with zero (as Anselin and `esda` do); both are asked of the same function.
    let lags = weights.lag(values).unwrap();
    let mean = lags.iter().sum::<f64>() / lags.len() as f64;
    for ((area, lag), name) in found.iter().zip(lags).zip(expected["quadr"].as_array().unwrap()) {
        let quadrant = match Quadrant::of(area.deviation, lag - mean) {
            Quadrant::HighHigh => "High-High",
            Quadrant::LowHigh => "Low-High",
            Quadrant::LowLow => "Low-Low",
            Quadrant::HighLow => "High-Low",
        };
        assert_eq!(quadrant, name.as_str().unwrap(), "{what}");
    }
}

/// The peer's permutations are drawn again from its seed; ours must agree with the exact moments within their own error.
fn compare_permutations(expected: &Value, values: &[f64], weights: &SpatialWeights, what: &str) {
    const COUNT: usize = 9999;
    let exact = moran(values, weights).unwrap();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let z: Vec<f64> = values.iter().map(|v| v - mean).collect();
    let scale = weights.moments().s0 * z.iter().map(|v| v * v).sum::<f64>() / z.len() as f64;
    let mut random = RRandom::new(1);
    let drawn: Vec<f64> = (0..COUNT)
        .map(|_| {
            let shuffled = random.sample(&z);
            let lags = weights.lag(&shuffled).unwrap();
            shuffled.iter().zip(lags).map(|(v, lag)| v * lag).sum::<f64>() / scale
        })
        .collect();
    let count = COUNT as f64;
    let average = drawn.iter().sum::<f64>() / count;
    let squares: f64 = drawn.iter().map(|d| (d - average).powi(2)).sum();
    close(average, number(&expected["mean"]), 1e-8, what);
    close((squares / (count - 1.0)).sqrt(), number(&expected["sd"]), 1e-8, what);
    let higher = drawn.iter().filter(|d| **d >= exact.value).count();
    // The peer leaves the observed arrangement out of the numerator unless nothing else is there; ours counts it, as
    // Phipson and Smyth (2010) show a p-value must.
    close(higher.max(1) as f64 / (count + 1.0), number(&expected["p"]), 1e-8, what);

    let found = moran_permutation(values, weights, COUNT, 7).unwrap();
    let (deviation, fourth) = (exact.variance_randomisation.sqrt(), drawn.iter().map(|d| (d - average).powi(4)));
    let kurtosis = fourth.sum::<f64>() / count / (squares / count).powi(2);
    // Standard errors of a mean, of a standard deviation (delta method) and of the difference of two shares.
    assert!((found.mean - exact.expected).abs() < 4.5 * deviation / count.sqrt(), "{what}: mean");
    let error = deviation * ((kurtosis - 1.0) / (4.0 * count)).sqrt();
    assert!((found.standard_deviation - deviation).abs() < 4.5 * error, "{what}: standard deviation");
    assert_shares_agree(found.p_high, number(&expected["p"]), COUNT, what);
}

/// Two simulated p-values of the same question: `V = 2 p (1 - p) / permutations`, and the step of each.
#[track_caller]
fn assert_shares_agree(a: f64, b: f64, permutations: usize, what: &str) {
    let (p, count) = (0.5 * (a + b), permutations as f64);
    let allowed = 5.0 * (2.0 * p * (1.0 - p) / count).sqrt() + 2.0 / count;
    assert!((a - b).abs() <= allowed, "{what}: {a} against {b}, allowed {allowed}");
}

/// What of the files is not compared, and why.
const NOT_COMPARED: [(&str, &str); 2] = [("_versions", "versions of the peers"), ("_peer", "version of R")];

#[test]
fn every_section_of_the_spdep_outputs_is_matched() {
    let Some(reference) = reference_json("spatial") else { return };
    let mut left = BTreeSet::new();
    for (section, expected) in reference.as_object().unwrap() {
        if NOT_COMPARED.iter().any(|(name, _)| name == section) {
            continue;
        }
        if MAPS.contains(&section.as_str()) {
            let Some((values, neighbours)) = data(section) else { return };
            for (part, expected) in expected.as_object().unwrap() {
                if !compare(section, part, expected, &values, &neighbours) {
                    left.insert(format!("{section} {part}"));
                }
            }
        } else if !compare_rates_and_lists(section, expected) {
            left.insert(section.clone());
        }
    }
    assert!(left.is_empty(), "neither matched nor excepted: {left:?}");
}

fn compare_rates_and_lists(section: &str, expected: &Value) -> bool {
    let table = Table::reference("nc_sids").unwrap();
    let (events, births) = (table.numbers("SID74"), table.numbers("BIR74"));
    let rates = EmpiricalBayes::new(&events, &births).unwrap();
    let queen = neighbours("nc_sids_queen_nb", 100).unwrap();
    let at = |key: &str| numbers(&expected[key]);
    match section {
        "nc_EBest" => {
            let found = rates.global();
            all_close(&found.raw, &at("raw"), 1e-12, section);
            all_close(&found.smoothed, &at("est"), 1e-8, section);
        }
        "nc_EBlocal" => {
            let found = rates.local(&queen, LocalDispersion::AroundEachOwnMean).unwrap();
            all_close(&found.raw, &at("raw"), 1e-12, section);
            all_close(&found.smoothed, &at("est"), 1e-8, section);
        }
        "nc_EBImoran" => {
            let weights = queen.weights(WeightStyle::RowStandardised);
            close(rates.moran(&weights).unwrap(), number(expected), 1e-8, section);
            let found = rates.moran_permutation(&weights, 999, 3).unwrap();
            assert!(found.value == rates.moran(&weights).unwrap() && found.p_high < 0.005, "{found:?}");
        }
        "nb_summary" => {
            for (name, pairs) in [("oldcol", "oldcol_nb"), ("nc", "nc_sids_queen_nb"), ("guerry", "guerry85_queen_nb")]
            {
                let areas = number(&expected[name]["n"]) as usize;
                let found = neighbours(pairs, areas).unwrap();
                assert_eq!(found.links() as f64, number(&expected[name]["links"]), "{name}");
                assert!(found.is_symmetric() && found.isolated().is_empty());
                assert!(found.components().iter().all(|part| *part == 0), "one part");
            }
        }
        _ => return false,
    }
    true
}

#[test]
fn a_fresh_clone_agrees_with_spdep_on_columbus() {
    let carried =
        |name: &str| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/space").join(name);
    let values = Table::read(carried("columbus.csv")).numbers("crime");
    let neighbours = contiguity(&Table::read(carried("columbus_neighbours.csv")), values.len());
    let text = std::fs::read_to_string(carried("columbus.json")).unwrap();
    let expected: Value = serde_json::from_str(&text).unwrap();
    for (part, expected) in expected.as_object().unwrap() {
        if part != "W_local" {
            assert!(compare("Columbus", part, expected, &values, &neighbours), "not compared: {part}");
        }
    }
    let weights = neighbours.weights(WeightStyle::RowStandardised);
    let found = local_moran(&values, &weights, LocalNull::Conditional).unwrap();
    let local = &expected["W_local"];
    all_close(&each(&found, |l| l.value), &numbers(&local["Ii"]), 1e-8, "local Moran");
    all_close(&each(&found, |l| l.variance), &numbers(&local["VarIi"]), 1e-8, "its variance");
}

#[test]
fn every_section_of_the_esda_outputs_is_matched() {
    let Some(reference) = reference_json("spatial_py") else { return };
    const COUNT: usize = 9999;
    for (section, expected) in reference.as_object().unwrap() {
        let Some((values, neighbours)) = data(section) else { return };
        let weights = neighbours.weights(WeightStyle::RowStandardised);
        let found = moran(&values, &weights).unwrap();
        let null = NullHypothesis::Randomisation;
        let local = local_moran(&values, &weights, LocalNull::Conditional).unwrap();
        let permuted = ConditionalPermutation { permutations: COUNT, seed: 5 }.test(&values, &weights).unwrap();
        let n = values.len() as f64;
        for (part, expected) in expected.as_object().unwrap() {
            let what = format!("{section} {part}");
            let close = |found: f64| close(found, number(expected), 1e-8, &what);
            match part.as_str() {
                "I" => close(found.value),
                "EI" => close(found.expected),
                "VI_norm" => close(found.variance_normality),
                "VI_rand" => close(found.variance_randomisation),
                "z_rand" => close(found.z(null)),
                "geary" => close(geary(&values, &weights).unwrap().value),
                // The peer divides by n - 1 where Anselin's definition and `spdep` divide by n.
                "Is" => {
                    let found = each(&local, |l| l.value * (n - 1.0) / n);
                    all_close(&found, &numbers(expected), 1e-8, &what);
                }
                "q" => {
                    let found: Vec<f64> = local.iter().map(|l| f64::from(l.quadrant as u8 + 1)).collect();
                    assert_eq!(found, numbers(expected), "{what}");
                }
                "p_sim" => {
                    let test = moran_permutation(&values, &weights, COUNT, 11).unwrap();
                    assert_shares_agree(test.p_high.min(test.p_low), number(expected), COUNT, &what);
                }
                "p_sim_local" => {
                    let theirs = numbers(expected);
                    assert_eq!(theirs.len(), permuted.len());
                    for (ours, theirs) in permuted.iter().zip(theirs) {
                        assert_shares_agree(ours.p_folded, theirs, COUNT, &what);
                    }
                }
                _ => panic!("neither matched nor excepted: {what}"),
            }
        }
    }
}

#[test]
fn conditional_permutations_have_the_exact_conditional_moments() {
    const COUNT: f64 = 4999.0;
    for section in MAPS {
        let Some((values, neighbours)) = data(section) else { return };
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let moment = |power| values.iter().map(|v| (v - mean).powi(power)).sum::<f64>() / n;
        // A weighted sum of independent draws has a kurtosis between 3 and that of one draw; leaving one area out and
        // drawing without replacement change it little.
        let kurtosis = 1.2 * (moment(4) / moment(2).powi(2)).max(3.0);
        for style in [WeightStyle::Binary, WeightStyle::RowStandardised] {
            let weights = neighbours.weights(style);
            let exact = local_moran(&values, &weights, LocalNull::Conditional).unwrap();
            let found = ConditionalPermutation { permutations: 4999, seed: 2 }.test(&values, &weights).unwrap();
            for (area, (found, exact)) in found.iter().zip(&exact).enumerate() {
                let deviation = exact.variance.sqrt();
                let error = 4.5 * deviation / COUNT.sqrt();
                assert!((found.mean - exact.expected).abs() <= error, "{section} {style:?} {area}");
                let error = 4.5 * deviation * ((kurtosis - 1.0) / (4.0 * COUNT)).sqrt();
                assert!((found.standard_deviation - deviation).abs() <= error, "{section} {style:?} {area}");
            }
        }
    }
}

/// All arrangements of the values.
fn arrangements(values: &[f64]) -> Vec<Vec<f64>> {
    if values.len() < 2 {
        return vec![values.to_vec()];
    }
    (0..values.len())
        .flat_map(|first| {
            let mut rest = values.to_vec();
            let value = rest.remove(first);
            arrangements(&rest).into_iter().map(move |mut tail| {
                tail.push(value);
                tail
            })
        })
        .collect()
}

fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (mean, values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64)
}

/// Six areas, one of them an island, weights that are not symmetric.
fn uneven() -> SpatialWeights {
    let lists = vec![vec![1, 2], vec![0], vec![0, 1, 4], vec![2], vec![], vec![3, 0]];
    SpatialWeights::new(Neighbours::from_lists(lists).unwrap(), vec![1.0, 0.5, 2.0, 0.3, 0.0, 1.0, 0.7, 1.1, 0.2])
        .unwrap()
}

#[test]
fn null_moments_are_those_of_all_arrangements_also_with_islands_and_lopsided_weights() {
    let (values, weights) = ([3.0, 1.0, 4.0, 1.0, 5.0, 9.0], uneven());
    let all = arrangements(&values);
    assert_eq!(all.len(), 720);
    for statistic in [moran, geary] {
        let found = statistic(&values, &weights).unwrap();
        let values: Vec<f64> = all.iter().map(|x| statistic(x, &weights).unwrap().value).collect();
        let (mean, variance) = mean_and_variance(&values);
        close(found.expected, mean, 1e-10, "expectation");
        close(found.variance_randomisation, variance, 1e-10, "variance");
    }
    for (null, kept) in [(LocalNull::Total, false), (LocalNull::Conditional, true)] {
        let found = local_moran(&values, &weights, null).unwrap();
        for area in [0, 1, 2, 3, 5] {
            let among = all.iter().filter(|x| !kept || x[area] == values[area]);
            let values: Vec<f64> = among.map(|x| local_moran(x, &weights, null).unwrap()[area].value).collect();
            let (mean, variance) = mean_and_variance(&values);
            assert!((found[area].expected - mean).abs() < 1e-12, "{null:?} {area}");
            assert!((found[area].variance - variance).abs() < 1e-12, "{null:?} {area}");
        }
    }
}

#[test]
fn conditional_p_values_are_those_of_all_arrangements() {
    let (values, weights) = ([3.0, 1.5, 4.0, 1.0, 5.0, 9.0], uneven());
    let all = arrangements(&values);
    let found = ConditionalPermutation { permutations: 20_000, seed: 9 }.test(&values, &weights).unwrap();
    assert!(found[4].p_folded.is_nan() && found[4].mean.is_nan(), "an island has no local statistic");
    for area in [0, 1, 2, 3, 5] {
        let lags: Vec<f64> =
            all.iter().filter(|x| x[area] == values[area]).map(|x| weights.lag(x).unwrap()[area]).collect();
        let own = weights.lag(&values).unwrap()[area];
        let share = |test: &dyn Fn(f64) -> bool| lags.iter().filter(|l| test(**l)).count() as f64 / lags.len() as f64;
        let exact = share(&|lag| lag >= own - 1e-9).min(share(&|lag| lag <= own + 1e-9));
        let error = 4.5 * (exact * (1.0 - exact) / 20_000.0).sqrt() + 1e-4;
        assert!((found[area].p_folded - exact).abs() < error, "{area}: {} against {exact}", found[area].p_folded);
        assert_eq!(found[area].p_two_sided, (2.0 * found[area].p_folded).min(1.0));
    }
}

#[test]
fn ties_count_against_significance() {
    // Every area of a ring has neighbours (1, 0) or (0, 1) or like; many arrangements give the very same sum.
    let ring: Vec<(u32, u32)> = (0..12).map(|a| (a, (a + 1) % 12)).collect();
    let weights = Neighbours::from_pairs(12, &ring).unwrap().weights(WeightStyle::RowStandardised);
    let values: Vec<f64> = (0..12).map(|a| if a == 0 { 0.3 } else { 0.1 }).collect();
    let found = ConditionalPermutation::default().test(&values, &weights).unwrap();
    // Far from the one odd value every permutation without it is a tie: nothing is significant.
    assert!(found[6].p_folded > 0.5, "{:?}", found[6]);
    let test = moran_permutation(&values, &weights, 99, 1).unwrap();
    assert!(test.p_high == 1.0 && test.p_low == 1.0, "all arrangements of the ring are the same: {test:?}");
}

#[test]
fn the_answer_of_an_area_depends_on_its_own_stream_only() {
    let (values, weights) = ([3.0, 1.5, 4.0, 1.0, 5.0, 9.0], uneven());
    let spec = ConditionalPermutation { permutations: 99, seed: 4 };
    let found = spec.test(&values, &weights).unwrap();
    assert_eq!(found[5], spec.test(&values, &weights).unwrap()[5]);
    assert_ne!(found[5].mean, ConditionalPermutation { seed: 5, ..spec }.test(&values, &weights).unwrap()[5].mean);
    // Other links of other areas do not matter.
    let lists = vec![vec![1], vec![0], vec![0], vec![2], vec![0], vec![3, 0]];
    let unit = |lists| {
        let list = Neighbours::from_lists(lists).unwrap();
        let values = vec![1.0; list.links()];
        SpatialWeights::new(list, values).unwrap()
    };
    let one = spec.test(&values, &unit(lists)).unwrap();
    let other = spec.test(&values, &unit(vec![vec![2], vec![3], vec![5], vec![0], vec![1], vec![3, 0]])).unwrap();
    assert_eq!(one[5], other[5]);
}

#[test]
fn false_discoveries_are_adjusted_as_benjamini_and_hochberg_do() {
    // Sorted: 0.01, 0.02, 0.03, 0.5; times 4/1, 4/2, 4/3, 1: 0.04, 0.04, 0.04, 0.5.
    let found = false_discovery_rate(&[0.02, f64::NAN, 0.5, 0.01, 0.03]).unwrap();
    assert!(found[1].is_nan());
    all_close(&[found[0], found[2], found[3], found[4]], &[0.04, 0.5, 0.04, 0.04], 1e-12, "adjusted");
    assert!(matches!(false_discovery_rate(&[0.5, 1.5]), Err(StatsError::OutOfRange { row: 1, .. })));
}

#[test]
fn neighbours_by_distance_are_those_of_the_definition() {
    let x = [0.0, 1.0, 0.0, 1.0, 5.0];
    let y = [0.0, 0.0, 1.0, 1.0, 5.0];
    let points = Points { x: &x, y: &y, metric: Metric::Plane };
    // Of equally distant points the first is taken.
    let nearest = Neighbours::nearest(&points, 2).unwrap();
    assert_eq!(
        (nearest.of(0), nearest.of(3), nearest.of(4)),
        ([1, 2].as_slice(), [1, 2].as_slice(), [1, 3].as_slice())
    );
    assert!(!nearest.is_symmetric() && nearest.symmetric().is_symmetric());
    let band = Neighbours::within(&points, 0.0, 1.0).unwrap();
    assert_eq!((band.of(0), band.isolated()), ([1, 2].as_slice(), vec![4]));
    assert_eq!(Neighbours::within(&points, 1.1, 2.0).unwrap().of(0), [3]);
    assert_eq!(band.components(), [0, 0, 0, 0, 1]);
}

#[test]
fn distances_on_the_sphere_are_great_circles_also_across_the_date_line() {
    // Santo Domingo, San Juan, Guatemala: 388 km (haversine) and 2,166 km or more; and two points beside the date line.
    let x = [-69.93, -66.11, -90.51, 179.9, -179.9];
    let y = [18.49, 18.47, 14.63, 0.0, 0.0];
    let points = Points { x: &x, y: &y, metric: Metric::Sphere };
    let haversine = |a: usize, b: usize| {
        let (dx, dy) = ((x[a] - x[b]).to_radians(), (y[a] - y[b]).to_radians());
        let h = (0.5 * dy).sin().powi(2) + y[a].to_radians().cos() * y[b].to_radians().cos() * (0.5 * dx).sin().powi(2);
        2.0 * 6371.0088 * h.sqrt().asin()
    };
    for (a, b) in [(0, 1), (0, 2), (1, 2), (3, 4)] {
        let d = haversine(a, b);
        let linked =
            |lower: f64, upper: f64| Neighbours::within(&points, lower, upper).unwrap().of(a).contains(&(b as u32));
        assert!(linked(d - 1e-6, d + 1e-6) && !linked(0.0, d - 1e-6) && !linked(d + 1e-6, 30_000.0), "{a} {b} {d}");
    }
    assert!((haversine(3, 4) - 22.239).abs() < 0.001);
    assert_eq!(Neighbours::nearest(&points, 1).unwrap().of(3), [4]);
    let error = Neighbours::nearest(&Points { y: &[18.0, 91.0, 0.0, 0.0, 0.0], ..points }, 1).unwrap_err();
    assert!(matches!(error, StatsError::OutOfRange { input: "y", row: 1, .. }));
}

#[test]
fn local_rates_of_marshall_use_the_neighbourhood_mean() {
    // Two areas next to each other, by hand: m = 15 / 400, s2 = sum p (r - m)^2 / sum p, a = s2 - m / 200.
    let rates = EmpiricalBayes::new(&[10.0, 5.0, 0.0], &[100.0, 300.0, 50.0]).unwrap();
    let pair = Neighbours::from_pairs(3, &[(0, 1)]).unwrap();
    let found = rates.local(&pair, LocalDispersion::default()).unwrap();
    let m: f64 = 15.0 / 400.0;
    let a = (100.0 * (0.1 - m).powi(2) + 300.0 * (5.0 / 300.0 - m).powi(2)) / 400.0 - m / 200.0;
    assert!(a > 0.0);
    close(found.prior_variance[0], a, 1e-12, "variance");
    close(found.smoothed[0], m + (0.1 - m) * a / (a + m / 100.0), 1e-12, "smoothed");
    // An island has itself only, and no event there leaves zero, not NaN.
    assert_eq!((found.smoothed[2], found.prior_mean[2]), (0.0, 0.0));
    // Rates that vary no more than chance are all drawn to the common one.
    let even = EmpiricalBayes::new(&[9.0, 11.0], &[100.0, 100.0]).unwrap().global();
    assert_eq!((even.prior_variance[0], even.smoothed[0]), (0.0, 0.1));
}

#[test]
fn what_cannot_be_computed_is_said() {
    let pair = Neighbours::from_pairs(4, &[(0, 1), (2, 3)]).unwrap();
    let weights = pair.weights(WeightStyle::Binary);
    assert_eq!(moran(&[1.0; 4], &weights).unwrap_err(), StatsError::ConstantOutcome);
    assert!(matches!(moran(&[1.0, 2.0], &weights), Err(StatsError::Length { .. })));
    assert!(matches!(geary(&[1.0, f64::NAN, 2.0, 3.0], &weights), Err(StatsError::Missing { row: 1, .. })));
    let selves = pair.with_self().weights(WeightStyle::Binary);
    assert!(matches!(moran(&[1.0, 2.0, 3.0, 4.0], &selves), Err(StatsError::OutOfRange { .. })));
    assert!(matches!(getis_ord_star(&[1.0, 2.0, 3.0, 4.0], &weights), Err(StatsError::OutOfRange { .. })));
    let nobody = Neighbours::from_pairs(4, &[]).unwrap().weights(WeightStyle::Binary);
    assert!(matches!(moran(&[1.0, 2.0, 3.0, 4.0], &nobody), Err(StatsError::Empty { .. })));
    let few = Neighbours::from_pairs(3, &[(0, 1)]).unwrap().weights(WeightStyle::Binary);
    assert!(matches!(moran(&[1.0, 2.0, 3.0], &few), Err(StatsError::Setting { setting: "areas", .. })));
    for bad in [(0, 4), (1, 1)] {
        assert!(matches!(Neighbours::from_pairs(4, &[(0, 1), bad]), Err(StatsError::OutOfRange { row: 1, .. })));
    }
    assert!(Neighbours::from_lists(vec![vec![1]]).is_err() && Neighbours::from_pairs(0, &[]).is_err());
    assert!(EmpiricalBayes::new(&[1.0], &[0.0]).is_err() && EmpiricalBayes::new(&[0.0], &[5.0]).is_err());
    assert!(ConditionalPermutation { permutations: 0, seed: 1 }.test(&[1.0, 2.0, 3.0, 4.0], &weights).is_err());
}

fn map() -> impl Strategy<Value = (Vec<f64>, Vec<(u32, u32)>)> {
    (5usize..30).prop_flat_map(|areas| {
        let pair = (0..areas as u32, 1..areas as u32).prop_map(move |(a, step)| (a, (a + step) % areas as u32));
        (prop::collection::vec(-5.0f64..5.0, areas), prop::collection::vec(pair, 1..60))
    })
}

proptest! {
    #[test]
    fn local_moran_adds_up_and_no_unit_matters((values, pairs) in map(), shift in -9.0f64..9.0, scale in 0.1f64..9.0) {
        let weights = Neighbours::from_pairs(values.len(), &pairs).unwrap().weights(WeightStyle::RowStandardised);
        let whole = moran(&values, &weights).unwrap();
        let parts = local_moran(&values, &weights, LocalNull::Conditional).unwrap();
        let sum: f64 = parts.iter().map(|p| p.value).filter(|v| !v.is_nan()).sum();
        prop_assert!((sum - weights.moments().s0 * whole.value).abs() < 1e-9);
        let moved: Vec<f64> = values.iter().map(|v| shift - scale * v).collect();
        prop_assert!((moran(&moved, &weights).unwrap().value - whole.value).abs() < 1e-9);
        let turned = getis_ord(&moved, &weights).unwrap();
        for ((a, b), part) in getis_ord(&values, &weights).unwrap().iter().zip(&turned).zip(&parts) {
            // G of the area's neighbours is local Moran's conditional deviate, up to the sign of the area itself.
            prop_assert_eq!(a.is_nan(), b.is_nan());
            prop_assert!(a.is_nan() || (a + b).abs() < 1e-6 * (1.0 + a.abs()));
            let same = (a * part.deviation.signum() - part.z()).abs() < 1e-6 * (1.0 + a.abs());
            prop_assert!(a.is_nan() || part.deviation == 0.0 || same);
        }
    }

    #[test]
    fn sums_of_weights_are_those_of_the_dense_matrix((values, pairs) in map()) {
        let n = values.len();
        let mut lists = vec![Vec::new(); n];
        pairs.iter().for_each(|&(a, b)| lists[a as usize].push(b));
        let list = Neighbours::from_lists(lists).unwrap();
        let numbers: Vec<f64> = (0..list.links()).map(|k| 0.5 + (k % 3) as f64).collect();
        let weights = SpatialWeights::new(list.clone(), numbers).unwrap();
        let mut dense = vec![vec![0.0; n]; n];
        for a in 0..n {
            list.of(a).iter().zip(weights.of(a)).for_each(|(&b, &w)| dense[a][b as usize] = w);
        }
        let all = || (0..n).flat_map(|i| (0..n).map(move |j| (i, j)));
        let found = weights.moments();
        let s1: f64 = all().map(|(i, j)| (dense[i][j] + dense[j][i]).powi(2)).sum::<f64>() / 2.0;
        let s2: f64 = (0..n).map(|i| (0..n).map(|j| dense[i][j] + dense[j][i]).sum::<f64>().powi(2)).sum();
        prop_assert!((found.s0 - all().map(|(i, j)| dense[i][j]).sum::<f64>()).abs() < 1e-9);
        prop_assert!((found.s1 - s1).abs() < 1e-9 && (found.s2 - s2).abs() < 1e-9);
    }
}
