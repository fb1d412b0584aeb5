//! Composite indices against R `COINr` and `psych` (`08_composite.R`), section by section, and against definitions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;
#[path = "common/r_random.rs"]
mod r_random;

use std::collections::BTreeSet;

use clrisk_stats::StatsError;
use clrisk_stats::composite::{
    Aggregation, Alternatives, AnalyticHierarchy, Comparison, CompositeFit, CompositeIndex, CorrelationKind, Direction,
    DistanceP2, Divisor, FactorWeights, Group, IndicatorBalance, Indicators, Level, Normalisation, OtherChoices,
    Outranking, PrincipalComponents, RankDraws, Recipe, Scale, Treatment, UncertaintyAnalysis, Weighting, balance,
    bartlett_sphericity, compensation, copeland, correlations, cronbach_alpha, entropy_weights, equal_weights,
    fill_with_group_means, kurtosis, noisy_weights, rank_uncertainty, redundant_pairs, sampling_adequacy, skewness,
    varimax,
};
use common::{Table, all_close, close, number, numbers, reference_json};
use proptest::prelude::*;
use r_random::RRandom;
use serde_json::Value;

const ARRESTS: [&str; 4] = ["Murder", "Assault", "UrbanPop", "Rape"];

fn arrests() -> Option<Vec<Vec<f64>>> {
    let table = Table::reference("usarrests")?;
    Some(ARRESTS.iter().map(|name| table.numbers(name)).collect())
}

fn scaled(columns: &[Vec<f64>], scale: Normalisation) -> Vec<Vec<f64>> {
    columns.iter().map(|c| scale.apply(c, Direction::Positive).unwrap()).collect()
}

fn slices(columns: &[Vec<f64>]) -> Vec<&[f64]> {
    columns.iter().map(Vec::as_slice).collect()
}

/// The ASEM index: 51 countries, 49 indicators, eight pillars, two sub-indices, one index.
struct Asem {
    codes: Vec<String>,
    /// Codes of the groups of each level.
    names: [Vec<String>; 3],
    indicators: Indicators,
    index: CompositeIndex,
}

impl Asem {
    /// The peer's steps: division by denominators, gaps filled with the mean of the continent, treatment, min-max, means.
    fn read() -> Option<Self> {
        let (data, meta) = (Table::reference("asem_idata")?, Table::reference("asem_imeta")?);
        let rows =
            |level: &str| -> Vec<usize> { (0..meta.rows()).filter(|&row| meta.text("Level")[row] == level).collect() };
        let text = |column: &str, row: usize| meta.text(column)[row].clone();
        let (continents, _) = data.factor("EurAsia_group");
        let column = |row: usize| {
            let values = data.numbers(&text("iCode", row));
            let denominator = text("Denominator", row);
            let divided = if denominator.is_empty() {
                values
            } else {
                values.iter().zip(data.numbers(&denominator)).map(|(v, d)| v / d).collect()
            };
            fill_with_group_means(&divided, &continents).unwrap()
        };
        let direction =
            |row: usize| if text("Direction", row) == "-1" { Direction::Negative } else { Direction::Positive };
        let columns = rows("1").into_iter().map(column).collect();
        let directions = rows("1").into_iter().map(direction).collect();
        let names = ["2", "3", "4"].map(|level| rows(level).into_iter().map(|row| text("iCode", row)).collect());
        let level = |below: &str, groups: &Vec<String>| {
            let group = |name: &String| {
                let below = rows(below);
                let inside = |position: &usize| text("Parent", below[*position]) == *name;
                let members: Vec<usize> = (0..below.len()).filter(inside).collect();
                let weight = |position: &usize| text("Weight", below[*position]).parse::<f64>().unwrap();
                Group { weights: members.iter().map(weight).collect(), members }
            };
            let groups = groups.iter().map(group).collect();
            Level { groups, aggregation: Aggregation::Arithmetic, minimum_available: 0.0 }
        };
        let index = CompositeIndex {
            treatment: Some(Treatment::default()),
            normalisation: Normalisation::MinMax { lower: 0.0, upper: 100.0 },
            levels: vec![level("1", &names[0]), level("2", &names[1]), level("3", &names[2])],
        };
        let codes = data.text("uCode").to_vec();
        Some(Self { codes, names, indicators: Indicators::new(columns, directions).unwrap(), index })
    }

    fn fit(&self) -> CompositeFit {
        self.index.fit(&self.indicators).unwrap()
    }
}

/// What of the file is not compared, and why.
const NOT_COMPARED: [(&str, &str); 2] = [("_versions", "versions of the peers"), ("_peer", "version of R")];

#[test]
fn every_section_of_the_coinr_outputs_is_matched() {
    let Some(reference) = reference_json("composite") else { return };
    let mut left = BTreeSet::new();
    for (section, expected) in reference.as_object().unwrap() {
        if !NOT_COMPARED.iter().any(|(name, _)| name == section) && !compare(section, expected) {
            left.insert(section.clone());
        }
    }
    assert!(left.is_empty(), "neither matched nor excepted: {left:?}");
}

fn compare(section: &str, expected: &Value) -> bool {
    if let Some(name) = section.strip_prefix("norm_") {
        return compare_normalisation(name, expected);
    }
    match section {
        "agg" => compare_aggregation(expected),
        "outrank" => {
            let found = Outranking::new(&hundredths(), &[1.0, 2.0, 1.0, 3.0]).unwrap();
            assert_eq!(found.dominant_pairs as f64, number(&expected["dom"]));
            close(found.dominant_share, number(&expected["frac"]), 1e-12, section);
        }
        "copeland" => assert_eq!(copeland(&hundredths(), &[1.0, 2.0, 1.0, 3.0]).unwrap(), numbers(expected)),
        "pca" => compare_components(expected),
        "oecd_pca_nf1" => compare_factor_weights(expected, 1),
        "oecd_pca_nf2" => compare_factor_weights(expected, 2),
        "asem_aggs" => compare_asem(expected),
        "asem_pca_weights" => compare_asem_components(expected),
        "asem_treat_goods" => {
            let goods = Table::reference("asem_idata").unwrap().numbers("Goods");
            let treated = Treatment::default().treat(&goods).unwrap();
            all_close(&treated.values, &numbers(&expected["x"]), 1e-12, section);
            assert!(treated.passes && !treated.logarithm && treated.raised.is_empty());
            let moved: Vec<usize> = (0..goods.len()).filter(|&area| goods[area] != treated.values[area]).collect();
            assert_eq!(treated.lowered, moved);
        }
        "skewkurt" => {
            let table = Table::reference("asem_idata").unwrap();
            for (name, expected) in expected.as_object().unwrap() {
                let values = table.numbers(name);
                // The script loads `psych` after `COINr`, so its `skew` is that of `psych`: type 3 of Joanes and Gill (1998),
                // m3 / s^3. Ours is type 2, the one `COINr` itself uses; one is a function of n times the other.
                let n = values.iter().filter(|v| !v.is_nan()).count() as f64;
                let third = (n - 2.0) / (n * (n - 1.0)).sqrt() * ((n - 1.0) / n).powf(1.5);
                close(third * skewness(&values).unwrap(), number(&expected["skew"]), 1e-10, name);
                close(kurtosis(&values).unwrap(), number(&expected["kurt"]), 1e-10, name);
            }
        }
        "asem_UA" => compare_uncertainty(expected),
        _ => return false,
    }
    true
}

fn compare_normalisation(name: &str, expected: &Value) -> bool {
    let scale = match name {
        "minmax" => Normalisation::MinMax { lower: 0.0, upper: 100.0 },
        "zscore" => Normalisation::ZScore,
        "scaled" => Normalisation::Scaled { lower: 0.0, upper: 100.0 },
        "dist2max" => Normalisation::DistanceToMaximum,
        "dist2ref" => Normalisation::DistanceToReference { area: 4, cap: false },
        "fracmax" => Normalisation::FractionOfMaximum,
        "rank" => Normalisation::Rank,
        "borda" => Normalisation::Borda,
        "prank" => Normalisation::PercentileRank,
        _ => return false,
    };
    for (column, values) in ARRESTS.iter().zip(scaled(&arrests().unwrap(), scale)) {
        all_close(&values, &numbers(&expected[column]), 1e-10, &format!("{name} {column}"));
    }
    true
}

/// Arrests on the scale of the peer's aggregations.
fn hundredths() -> Vec<Vec<f64>> {
    scaled(&arrests().unwrap(), Normalisation::MinMax { lower: 1.0, upper: 100.0 })
}

fn compare_aggregation(expected: &Value) {
    let columns = hundredths();
    let weights = numbers(&expected["weights"]);
    for (part, expected) in expected.as_object().unwrap() {
        let rule = match part.as_str() {
            "amean" => Aggregation::Arithmetic,
            "gmean" => Aggregation::Geometric,
            "hmean" => Aggregation::Harmonic,
            "weights" | "copeland_note" => continue,
            _ => panic!("neither matched nor excepted: {part}"),
        };
        all_close(&rule.aggregate(&slices(&columns), &weights, 1.0).unwrap(), &numbers(expected), 1e-10, part);
    }
}

/// The sign of a component is free: turned so that the first entries agree.
fn as_signed(found: &[f64], like: &[f64]) -> Vec<f64> {
    let sign = if found[0].signum() == like[0].signum() { 1.0 } else { -1.0 };
    found.iter().map(|v| sign * v).collect()
}

fn compare_components(expected: &Value) {
    let found = PrincipalComponents::fit(&arrests().unwrap()).unwrap();
    let deviations: Vec<f64> = found.variances.iter().map(|v| v.sqrt()).collect();
    all_close(&deviations, &numbers(&expected["sdev"]), 1e-8, "standard deviations");
    all_close(&found.variances, &numbers(&expected["var"]), 1e-8, "variances");
    all_close(&found.shares(), &numbers(&expected["share"]), 1e-8, "shares");
    let rotation = numbers(&expected["rotation"]);
    for (k, direction) in found.directions.iter().enumerate() {
        let theirs: Vec<f64> = rotation.iter().skip(k).step_by(4).copied().collect();
        all_close(&as_signed(direction, &theirs), &theirs, 1e-8, &format!("direction {k}"));
    }
    let theirs = numbers(&expected["scores_pc1"]);
    all_close(&as_signed(&found.scores[0], &theirs), &theirs, 1e-8, "scores");
}

/// Kaiser's criterion of loadings scaled to length one: the variance of the squares, summed over factors.
fn simplicity(loadings: &[Vec<f64>]) -> f64 {
    let p = loadings[0].len();
    let length = |j: usize| loadings.iter().map(|l| l[j] * l[j]).sum::<f64>();
    let one = |l: &Vec<f64>| {
        let squares: Vec<f64> = (0..p).map(|j| l[j] * l[j] / length(j)).collect();
        squares.iter().map(|s| s * s).sum::<f64>() - squares.iter().sum::<f64>().powi(2) / p as f64
    };
    loadings.iter().map(one).sum()
}

/// R's `varimax` of two factors: the rotation nearest to the gradient, again and again, until the criterion grows by less
/// than 1e-5. In the plane that rotation is an angle (or a mirror image, which does not come up here).
fn stopped_early(loadings: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let p = loadings[0].len();
    let length = |j: usize| loadings[0][j].hypot(loadings[1][j]);
    let scaled = |k: usize, j: usize| loadings[k][j] / length(j);
    let turned = |angle: f64, k: usize, j: usize| {
        let (sin, cos) = angle.sin_cos();
        if k == 0 { cos * scaled(0, j) + sin * scaled(1, j) } else { cos * scaled(1, j) - sin * scaled(0, j) }
    };
    let (mut angle, mut criterion) = (0.0, 0.0);
    loop {
        let squares = [0, 1].map(|k| (0..p).map(|j| turned(angle, k, j).powi(2)).sum::<f64>() / p as f64);
        let gradient = |k: usize, j: usize| turned(angle, k, j) * (turned(angle, k, j).powi(2) - squares[k]);
        let b = |i: usize, k: usize| (0..p).map(|j| scaled(i, j) * gradient(k, j)).sum::<f64>();
        let (same, cross) = (b(0, 0) + b(1, 1), b(1, 0) - b(0, 1));
        assert!(b(0, 0) * b(1, 1) > b(0, 1) * b(1, 0), "no mirror image");
        angle = cross.atan2(same);
        // The sum of the singular values.
        let before = std::mem::replace(&mut criterion, same.hypot(cross));
        if criterion < before * (1.0 + 1e-5) {
            return (0..2).map(|k| (0..p).map(|j| turned(angle, k, j) * length(j)).collect()).collect();
        }
    }
}

fn compare_factor_weights(expected: &Value, factors: usize) {
    let columns = arrests().unwrap();
    let components = PrincipalComponents::fit(&columns).unwrap();
    let theirs = numbers(&expected["loadings"]);
    let by_indicator =
        |list: &[Vec<f64>]| -> Vec<f64> { (0..4).flat_map(|j| list.iter().map(move |factor| factor[j])).collect() };
    // The peer's rotation stops before the maximum; stopped at the same place, all numbers are the same.
    let before = components.loadings(factors).unwrap();
    let stopped = if factors == 2 { stopped_early(&before) } else { before };
    let as_peer = FactorWeights::from_loadings(&stopped).unwrap();
    all_close(&by_indicator(&as_peer.loadings), &theirs, 1e-8, "loadings");
    all_close(&as_peer.variances, &numbers(&expected["ssl"]), 1e-8, "variances");
    all_close(&by_indicator(&as_peer.scaled_squares), &numbers(&expected["sq_scaled"]), 1e-8, "squares");
    all_close(&as_peer.weights, &numbers(&expected["weights"]), 1e-8, "weights");
    // At the maximum the criterion is higher, and the weights differ by no more than the peer's stop explains.
    let found = components.factor_weights(factors).unwrap();
    assert!(simplicity(&found.loadings) >= simplicity(&stopped));
    found.weights.iter().zip(&as_peer.weights).for_each(|(a, b)| assert!((a - b).abs() < 1e-3, "{a} {b}"));
    println!("{factors} factors: criterion {:.12} against {:.12}", simplicity(&found.loadings), simplicity(&stopped));

    close(sampling_adequacy(&columns).unwrap().overall, number(&expected["KMO"]), 1e-8, "KMO");
    let bartlett = bartlett_sphericity(&columns).unwrap();
    let found = [bartlett.chi_squared, bartlett.p_value, bartlett.degrees_of_freedom];
    all_close(&found, &numbers(&expected["bartlett"]), 1e-8, "Bartlett");
    close(cronbach_alpha(&columns).unwrap(), number(&expected["alpha"]), 1e-8, "alpha");
}

/// The peer's table is rounded to two decimals and sorted by the index. The pillars before rounding are proved by
/// `asem_pca_weights`, which are computed from them.
fn compare_asem(expected: &Value) {
    let asem = Asem::read().unwrap();
    let fit = asem.fit();
    let order: Vec<usize> = expected["uCode"]
        .as_array()
        .unwrap()
        .iter()
        .map(|code| asem.codes.iter().position(|own| own == code.as_str().unwrap()).unwrap())
        .collect();
    let mut compared = 2;
    for (names, scores) in asem.names.iter().zip(&fit.levels) {
        for (name, scores) in names.iter().zip(scores) {
            for (&area, expected) in order.iter().zip(numbers(&expected[name])) {
                let what = format!("{name} {}", asem.codes[area]);
                assert!((scores[area] - expected).abs() <= 0.005 + 1e-9, "{what}: {} {expected}", scores[area]);
            }
            compared += 1;
        }
    }
    assert_eq!(compared, expected.as_object().unwrap().len(), "all columns but the code and the rank");
    let ranks = fit.ranks();
    let ranks: Vec<f64> = order.iter().map(|&area| f64::from(ranks[area])).collect();
    assert_eq!(ranks, numbers(&expected["Rank"]));
}

fn compare_asem_components(expected: &Value) {
    let asem = Asem::read().unwrap();
    let fit = asem.fit();
    let sustainability = &asem.index.levels[1].groups[1];
    let pillars: Vec<&[f64]> = sustainability.members.iter().map(|&m| fit.levels[0][m].as_slice()).collect();
    let found = &PrincipalComponents::fit(&pillars).unwrap().directions[0];
    let theirs = numbers(expected);
    all_close(&as_signed(found, &theirs), &theirs, 1e-8, "first component");
}

/// R's `cut(x, count)`: equal intervals over the range, a little wider, closed on the right.
fn cut(x: &[f64], count: usize) -> Vec<usize> {
    let (low, high) = x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
    let limit = |k: usize| low + (high - low) * k as f64 / count as f64;
    x.iter().map(|v| (1..count).filter(|&k| *v > limit(k)).count()).collect()
}

/// The peer draws 60 replications of (values that may be moved, mean, weights). Its draws are drawn again, so nothing is
/// left to simulation error. Its geometric means all fail, as they must on scores of zero.
fn compare_uncertainty(expected: &Value) {
    const REPLICATIONS: usize = 60;
    let asem = Asem::read().unwrap();
    let mut random = RRandom::new(4);
    let mut noise = |weights: &mut Vec<f64>| {
        weights.iter_mut().for_each(|w| *w += (2.0 * random.uniform() - 1.0) * 0.25 * *w);
    };
    let sets: Vec<_> = (0..5)
        .map(|_| {
            let mut weights = asem.index.weights();
            weights[1].iter_mut().for_each(&mut noise);
            weights[2].iter_mut().for_each(&mut noise);
            weights
        })
        .collect();
    let mut random = RRandom::new(3);
    let mut draws = || (0..REPLICATIONS).map(|_| random.uniform()).collect::<Vec<f64>>();
    let (moved, joined, weighted) = (cut(&draws(), 5), cut(&draws(), 2), cut(&draws(), 5));
    let alternatives = (0..REPLICATIONS).map(|k| {
        let mut index = asem.index.with_weights(&sets[weighted[k]]).unwrap();
        index.treatment = Some(Treatment { maximum_winsorised: moved[k] + 1, ..Treatment::default() });
        let rule = [Aggregation::Arithmetic, Aggregation::Geometric][joined[k]];
        index.levels.iter_mut().for_each(|level| level.aggregation = rule);
        index
    });
    let found = rank_uncertainty(&asem.index, alternatives, &asem.indicators, 0.9).unwrap();
    assert_eq!(found.failed, joined.iter().filter(|rule| **rule == 1).count());
    assert_eq!(found.mean_shift.len() + found.failed, REPLICATIONS);
    for (part, expected) in expected.as_object().unwrap() {
        let of = |get: fn(&clrisk_stats::composite::RankRange) -> f64| -> Vec<f64> {
            let mut order: Vec<usize> = (0..asem.codes.len()).collect();
            order.sort_by_key(|&area| &asem.codes[area]);
            order.into_iter().map(|area| get(&found.areas[area])).collect()
        };
        let ours = match part.as_str() {
            "Nominal" => of(|r| f64::from(r.nominal)),
            "Mean" => of(|r| r.mean),
            "Median" => of(|r| r.median),
            "Q5" => of(|r| r.lower),
            "Q95" => of(|r| r.upper),
            // Names, and how long the peer took.
            "uCode" | "secs" => continue,
            _ => panic!("neither matched nor excepted: {part}"),
        };
        all_close(&ours, &numbers(expected), 1e-10, part);
    }
}

#[test]
fn a_fresh_clone_agrees_with_coinr_and_psych_on_arrests() {
    let carried =
        |name: &str| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/composite").join(name);
    let table = Table::read(carried("arrests.csv"));
    let columns: Vec<Vec<f64>> = ARRESTS.iter().map(|name| table.numbers(name)).collect();
    let text = std::fs::read_to_string(carried("arrests.json")).unwrap();
    let expected: Value = serde_json::from_str(&text).unwrap();
    let scores = scaled(&columns, Normalisation::MinMax { lower: 1.0, upper: 100.0 });
    let weights = numbers(&expected["agg"]["weights"]);
    for (name, rule) in
        [("amean", Aggregation::Arithmetic), ("gmean", Aggregation::Geometric), ("hmean", Aggregation::Harmonic)]
    {
        let found = rule.aggregate(&slices(&scores), &weights, 1.0).unwrap();
        all_close(&found, &numbers(&expected["agg"][name]), 1e-10, name);
    }
    assert_eq!(copeland(&scores, &weights).unwrap(), numbers(&expected["copeland"]));
    let found = Outranking::new(&scores, &weights).unwrap();
    assert_eq!(found.dominant_pairs as f64, number(&expected["outrank"]["dom"]));
    let found = PrincipalComponents::fit(&columns).unwrap();
    all_close(&found.variances, &numbers(&expected["pca"]["var"]), 1e-8, "variances");
    let found = FactorWeights::from_loadings(&stopped_early(&found.loadings(2).unwrap())).unwrap();
    all_close(&found.weights, &numbers(&expected["oecd_pca_nf2"]["weights"]), 1e-8, "weights");
}

#[test]
fn missing_scores_are_left_out_when_enough_weight_remains() {
    let nan = f64::NAN;
    let columns: [&[f64]; 3] = [&[10.0, 10.0, nan], &[20.0, nan, nan], &[60.0, nan, nan]];
    let weights = [2.0, 1.0, 1.0];
    let found = Aggregation::Arithmetic.aggregate(&columns, &weights, 0.5).unwrap();
    assert!(found[0] == 25.0 && found[1] == 10.0 && found[2].is_nan());
    assert!(Aggregation::Arithmetic.aggregate(&columns, &weights, 0.51).unwrap()[1].is_nan());
    // Half of the weight lies at 10 and half above: the median is between 10 and 20.
    assert_eq!(Aggregation::Median.aggregate(&columns, &weights, 0.0).unwrap()[..2], [15.0, 10.0]);
    assert_eq!(Aggregation::Median.aggregate(&columns, &[1.0, 1.0, 3.0], 0.0).unwrap()[0], 60.0);
    let error = Aggregation::Harmonic.aggregate(&[&[1.0, 0.0]], &[1.0], 0.0).unwrap_err();
    assert!(matches!(error, StatsError::OutOfRange { input: "scores", row: 1, .. }));
}

#[test]
fn directions_turn_an_indicator_and_its_goalposts() {
    let values = [0.0, 5.0, 20.0, f64::NAN];
    let apply = |scale: Normalisation, direction| scale.apply(&values, direction).unwrap()[..3].to_vec();
    let unit = Normalisation::MinMax { lower: 0.0, upper: 1.0 };
    assert_eq!(apply(unit, Direction::Negative), [1.0, 0.75, 0.0]);
    assert_eq!(apply(Normalisation::Rank, Direction::Negative), [3.0, 2.0, 1.0]);
    let posts = Normalisation::Goalposts { lower: 5.0, upper: 15.0, scale: 10.0, truncate: false };
    assert_eq!(apply(posts, Direction::Negative), [15.0, 10.0, -5.0]);
    assert_eq!(apply(posts, Direction::Positive), [-5.0, 0.0, 15.0]);
    let target = Normalisation::DistanceToTarget { target: 10.0, cap: true };
    assert_eq!(apply(target, Direction::Positive), [0.0, 0.5, 1.0]);
    assert_eq!(apply(Normalisation::Scaled { lower: 0.0, upper: 20.0 }, Direction::Negative), [100.0, 75.0, 0.0]);
    assert!(unit.apply(&values, Direction::Positive).unwrap()[3].is_nan());
    for scale in [unit, Normalisation::ZScore, Normalisation::DistanceToMaximum] {
        assert!(matches!(scale.apply(&[3.0, 3.0], Direction::Positive), Err(StatsError::Setting { .. })), "{scale:?}");
    }
    assert!(unit.apply(&[f64::NAN], Direction::Positive).is_err());
    let reference = Normalisation::DistanceToReference { area: 3, cap: false };
    assert!(matches!(reference.apply(&values, Direction::Positive), Err(StatsError::Missing { row: 3, .. })));
}

#[test]
fn a_logarithm_follows_when_moving_values_is_not_enough_and_keeps_the_order() {
    let values: Vec<f64> = (0..40).map(|k| (f64::from(k) / 4.0).exp()).collect();
    let spec = Treatment { maximum_winsorised: 1, ..Treatment::default() };
    assert!(!spec.passes(&values).unwrap());
    let treated = spec.treat(&values).unwrap();
    assert!(treated.logarithm && treated.lowered.is_empty());
    assert!(treated.values.windows(2).all(|pair| pair[0] < pair[1]));
    // The mirror image of the values gives the mirror image of the treated ones.
    let mirrored: Vec<f64> = values.iter().map(|v| -v).collect();
    let other = spec.treat(&mirrored).unwrap();
    let turned: Vec<f64> = treated.values.iter().map(|v| -v).collect();
    all_close(&other.values, &turned, 1e-10, "mirror");
    let kept = Treatment { logarithm: false, ..spec }.treat(&values).unwrap();
    assert!(!kept.passes && kept.lowered == [39] && kept.values[39] == values[38]);
    assert_eq!(skewness(&[1.0; 5]).unwrap_err(), StatsError::ConstantOutcome);
}

#[test]
fn distance_p2_counts_what_is_new() {
    // Two uncorrelated indicators: the plain sum of distances in standard deviations.
    let (a, b) = ([0.0, 0.0, 1.0, 1.0], [0.0, 2.0, 0.0, 2.0]);
    let found = DistanceP2::default().fit(&[a, b]).unwrap();
    let s = (4.0f64 / 3.0 * 0.25).sqrt();
    all_close(&found.values, &[0.0, 1.0 / s, 1.0 / s, 2.0 / s], 1e-10, "independent");
    all_close(&found.new_information, &[1.0, 1.0], 1e-10, "all new");
    // A third that is the sum of both is strongest, enters first, and leaves the others little: by least squares.
    let Some(columns) = arrests() else { return };
    let found = DistanceP2::default().fit(&columns).unwrap();
    let matrix = correlations(&columns, CorrelationKind::Pearson).unwrap();
    let r = |i: usize, j: usize| matrix[found.order[i] * 4 + found.order[j]];
    let two = (r(2, 0).powi(2) + r(2, 1).powi(2) - 2.0 * r(2, 0) * r(2, 1) * r(0, 1)) / (1.0 - r(0, 1).powi(2));
    let new: Vec<f64> = found.order.iter().map(|&j| found.new_information[j]).collect();
    all_close(&new[..3], &[1.0, 1.0 - r(0, 1).powi(2), 1.0 - two], 1e-10, "one less the multiple correlation");
    let strength: Vec<f64> = found.order.iter().map(|&j| found.correlations[j].abs()).collect();
    assert!(strength.windows(2).all(|pair| pair[0] >= pair[1]), "{strength:?}");
    // Units do not matter, nor does saying one thing twice.
    let mut more: Vec<Vec<f64>> = columns.iter().map(|c| c.iter().map(|v| 7.0 + 3.0 * v).collect()).collect();
    more.push(columns[1].clone());
    all_close(&DistanceP2::default().fit(&more).unwrap().values, &found.values, 1e-8, "units and repeats");
    let reference = DistanceP2 { reference: Some(vec![0.0; 4]), ..DistanceP2::default() };
    assert!(reference.fit(&columns).unwrap().values.iter().zip(&found.values).all(|(far, near)| far > near));
    assert!(DistanceP2::default().fit(&[[1.0, 1.0, 1.0]]).is_err());
}

#[test]
fn redundancy_and_rank_correlation_have_their_definitions() {
    let columns = [vec![1.0, 2.0, 3.0, 10.0], vec![-2.0, -4.0, -6.0, -20.0], vec![1.0, 4.0, 2.0, 3.0]];
    let pairs = redundant_pairs(&columns, CorrelationKind::Pearson, 0.95).unwrap();
    assert_eq!(pairs.len(), 1);
    assert_eq!((pairs[0].first, pairs[0].second), (0, 1));
    close(pairs[0].correlation, -1.0, 1e-12, "turned copy");
    let spearman = correlations(&columns, CorrelationKind::Spearman).unwrap();
    // 1 - 6 sum d^2 / (n (n^2 - 1)), d = 0, 2, 1, 1.
    close(spearman[2], 1.0 - 6.0 * 6.0 / 60.0, 1e-12, "Spearman");
    let tied = correlations(&[vec![1.0, 1.0, 2.0], vec![1.0, 2.0, 3.0]], CorrelationKind::Spearman).unwrap();
    // Ranks 1.5, 1.5, 3 against 1, 2, 3.
    close(tied[1], 0.75f64.sqrt(), 1e-12, "ties share their mean rank");
    assert!(matches!(sampling_adequacy(&columns[..2]), Err(StatsError::NotPositiveDefinite { .. })));
    assert!(redundant_pairs(&columns, CorrelationKind::Pearson, 0.0).is_err());
}

#[test]
fn entropy_weights_follow_their_formula() {
    let columns = [vec![1.0, 3.0], vec![2.0, 2.0], vec![0.0, 5.0]];
    let e = |p: f64| -(p * p.ln() + (1.0 - p) * (1.0 - p).ln()) / 2f64.ln();
    let diversity = [1.0 - e(0.25), 0.0, 1.0];
    let total: f64 = diversity.iter().sum();
    all_close(&entropy_weights(&columns).unwrap(), &diversity.map(|d| d / total), 1e-12, "entropy");
    assert!(matches!(entropy_weights(&[[1.0, -1.0]]), Err(StatsError::OutOfRange { row: 1, .. })));
    assert_eq!(entropy_weights(&[[2.0, 2.0]]).unwrap_err(), StatsError::ConstantOutcome);
    assert_eq!(equal_weights(4), [0.25; 4]);
}

/// One level over two indicators.
fn small() -> (Indicators, CompositeIndex) {
    let columns = vec![vec![1.0, 2.0, 3.0, 4.0, 5.0, 7.0], vec![5.0, 1.0, 4.0, 9.0, 2.0, 6.0]];
    let group = Group { members: vec![0, 1], weights: vec![1.0, 1.0] };
    let level = Level { groups: vec![group], aggregation: Aggregation::Arithmetic, minimum_available: 1.0 };
    let normalisation = Normalisation::MinMax { lower: 1.0, upper: 100.0 };
    let index = CompositeIndex { treatment: None, normalisation, levels: vec![level] };
    (Indicators::new(columns, vec![Direction::Positive; 2]).unwrap(), index)
}

#[test]
fn noise_stays_in_its_bounds_and_no_alternative_means_no_uncertainty() {
    let (indicators, index) = small();
    let sets = noisy_weights(&index, &[0.25], 400, 3).unwrap();
    let all: Vec<f64> = sets.iter().flatten().flatten().flatten().copied().collect();
    assert!(all.iter().all(|w| (0.75..1.25).contains(w)));
    // The mean of 800 uniform numbers on (0.75, 1.25): standard error 0.5 / sqrt(12 * 800).
    assert!((all.iter().sum::<f64>() / 800.0 - 1.0).abs() < 4.5 * 0.5 / 9600f64.sqrt());
    assert!(noisy_weights(&index, &[0.1, 0.1], 1, 1).is_err());
    let spec = UncertaintyAnalysis { replications: 20, ..UncertaintyAnalysis::default() };
    let none = spec.ranks(&index, &Alternatives::default(), &indicators).unwrap();
    assert!(none.mean_shift.iter().all(|s| *s == 0.0));
    assert!(none.areas.iter().all(|a| a.lower == f64::from(a.nominal) && a.upper == a.lower));
    let alternatives = Alternatives { weights: sets, ..Alternatives::default() };
    let some = spec.ranks(&index, &alternatives, &indicators).unwrap();
    assert_eq!(some, spec.ranks(&index, &alternatives, &indicators).unwrap(), "the same seed, the same answer");
}

#[test]
fn sensitivity_gives_all_variance_to_the_only_choice_and_agrees_with_enumeration() {
    let (indicators, index) = small();
    let only = Alternatives {
        aggregations: vec![Aggregation::Arithmetic, Aggregation::Harmonic],
        normalisations: vec![index.normalisation],
        ..Alternatives::default()
    };
    let spec = UncertaintyAnalysis { replications: 4000, seed: 2, level: 0.9 };
    let found = spec.sensitivity(&index, &only, &indicators).unwrap();
    assert_eq!((found.len(), found[0].choice), (1, "aggregation"));
    assert!((found[0].first - 1.0).abs() < 0.1 && (found[0].total - 1.0).abs() < 0.1, "{found:?}");

    // Two choices of two: the exact indices by enumeration of the four indices.
    let both = Alternatives { normalisations: vec![index.normalisation, Normalisation::Rank], ..only.clone() };
    let nominal = index.fit(&indicators).unwrap().ranks();
    let shift = |scale: usize, rule: usize| {
        let mut other = index.clone();
        other.normalisation = both.normalisations[scale];
        other.levels[0].aggregation = both.aggregations[rule];
        let found = other.fit(&indicators).unwrap().ranks();
        found.iter().zip(&nominal).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / 6.0
    };
    let y = [[shift(0, 0), shift(0, 1)], [shift(1, 0), shift(1, 1)]];
    let mean = (y[0][0] + y[0][1] + y[1][0] + y[1][1]) / 4.0;
    let variance = y.iter().flatten().map(|v| (v - mean).powi(2)).sum::<f64>() / 4.0;
    let first_scale = (0..2).map(|s| ((y[s][0] + y[s][1]) / 2.0 - mean).powi(2)).sum::<f64>() / 2.0 / variance;
    let first_rule = (0..2).map(|r| ((y[0][r] + y[1][r]) / 2.0 - mean).powi(2)).sum::<f64>() / 2.0 / variance;
    assert!(variance > 0.0);
    let found = spec.sensitivity(&index, &both, &indicators).unwrap();
    // Errors of 4,000 points are about 1 / sqrt(4000) = 0.016 times a factor near two.
    assert!((found[0].first - first_scale).abs() < 0.12 && (found[1].first - first_rule).abs() < 0.12, "{found:?}");
    assert!((found[0].total - (1.0 - first_rule)).abs() < 0.12, "{found:?}");
    assert!((found[1].total - (1.0 - first_scale)).abs() < 0.12, "{found:?}");
}

#[test]
fn a_recipe_that_does_not_fit_is_refused() {
    let (indicators, index) = small();
    let with = |change: &dyn Fn(&mut CompositeIndex)| {
        let mut other = index.clone();
        change(&mut other);
        other.fit(&indicators)
    };
    assert!(with(&|_| ()).is_ok());
    assert!(matches!(with(&|i| i.levels.clear()), Err(StatsError::Setting { setting: "levels", .. })));
    assert!(matches!(
        with(&|i| i.levels[0].groups[0].members[1] = 2),
        Err(StatsError::Setting { setting: "members", .. })
    ));
    assert!(matches!(with(&|i| i.levels[0].groups[0].weights = vec![1.0]), Err(StatsError::Length { .. })));
    assert!(matches!(with(&|i| i.levels[0].groups[0].weights = vec![0.0; 2]), Err(StatsError::Setting { .. })));
    assert!(matches!(with(&|i| i.levels[0].groups[0].weights[0] = -1.0), Err(StatsError::OutOfRange { row: 0, .. })));
    assert!(Indicators::new(vec![vec![1.0], vec![1.0, 2.0]], vec![Direction::Positive; 2]).is_err());
    assert!(Indicators::new(vec![], vec![]).is_err());
    assert_eq!(fill_with_group_means(&[1.0, f64::NAN, 3.0, f64::NAN], &[0, 0, 1, 2]).unwrap(), [1.0, 1.0, 3.0, 2.0]);
    assert!(fill_with_group_means(&[f64::NAN], &[0]).is_err());
    assert!(Outranking::new(&[[1.0, f64::NAN]], &[1.0]).is_err());
}

proptest! {
    #[test]
    fn means_are_ordered_and_homogeneous(
        rows in prop::collection::vec((0.1f64..9.0, 0.1f64..9.0, 0.1f64..9.0), 1..9),
        weights in prop::collection::vec(0.1f64..4.0, 3), factor in 0.1f64..9.0
    ) {
        let columns: [Vec<f64>; 3] =
            [rows.iter().map(|r| r.0).collect(), rows.iter().map(|r| r.1).collect(), rows.iter().map(|r| r.2).collect()];
        let times: Vec<Vec<f64>> = columns.iter().map(|c| c.iter().map(|v| factor * v).collect()).collect();
        let join = |rule: Aggregation, columns: &[Vec<f64>]| rule.aggregate(&slices(columns), &weights, 1.0).unwrap();
        let all = [Aggregation::Harmonic, Aggregation::Geometric, Aggregation::Arithmetic, Aggregation::Median];
        let found = all.map(|rule| join(rule, &columns));
        for (k, rule) in all.iter().enumerate() {
            for (a, b) in found[k].iter().zip(join(*rule, &times)) {
                prop_assert!((factor * a - b).abs() < 1e-9 * b);
            }
        }
        for area in 0..rows.len() {
            prop_assert!(found[0][area] <= found[1][area] + 1e-12 && found[1][area] <= found[2][area] + 1e-12);
        }
    }

    #[test]
    fn outranking_and_copeland_are_antisymmetric_and_know_no_scale(
        columns in prop::collection::vec(prop::collection::vec((-4i32..4).prop_map(f64::from), 6), 1..5)
    ) {
        let weights = vec![1.0; columns.len()];
        let found = Outranking::new(&columns, &weights).unwrap();
        let scores = copeland(&columns, &weights).unwrap();
        prop_assert_eq!(scores.iter().sum::<f64>(), 0.0);
        for a in 0..6 {
            for b in (0..6).filter(|&b| b != a) {
                prop_assert!((found.matrix[a * 6 + b] + found.matrix[b * 6 + a] - 1.0).abs() < 1e-12);
            }
        }
        let stretched: Vec<Vec<f64>> = columns.iter().map(|c| c.iter().map(|v| v.exp()).collect()).collect();
        prop_assert_eq!(copeland(&stretched, &weights).unwrap(), scores);
    }

    #[test]
    fn components_keep_all_variance_and_rotation_keeps_what_the_indicators_share(
        columns in prop::collection::vec(prop::collection::vec(-3.0f64..3.0, 12), 2..6), factors in 1usize..3
    ) {
        let found = PrincipalComponents::fit(&columns).unwrap();
        prop_assert!((found.variances.iter().sum::<f64>() - columns.len() as f64).abs() < 1e-9);
        let before = found.loadings(factors).unwrap();
        let after = varimax(&before).unwrap();
        for j in 0..columns.len() {
            let shared = |list: &[Vec<f64>]| list.iter().map(|l| l[j] * l[j]).sum::<f64>();
            prop_assert!((shared(&before) - shared(&after)).abs() < 1e-9);
        }
        prop_assert!(simplicity(&after) >= simplicity(&before) - 1e-9);
        // No small turn of two factors is better.
        for step in [-1e-4f64, 1e-4] {
            let mut turned = after.clone();
            if factors == 2 {
                let (sin, cos) = step.sin_cos();
                for j in 0..columns.len() {
                    turned[0][j] = cos * after[0][j] + sin * after[1][j];
                    turned[1][j] = cos * after[1][j] - sin * after[0][j];
                }
            }
            prop_assert!(simplicity(&turned) <= simplicity(&after) + 1e-12);
        }
        let weights = found.factor_weights(factors).unwrap().weights;
        prop_assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12 && weights.iter().all(|w| *w >= 0.0));
    }
}

/// `hierarchy.json`, made by the script beside it (numpy alone).
fn by_numpy() -> Value {
    serde_json::from_str(include_str!("reference/composite/hierarchy.json")).unwrap()
}

#[test]
fn weights_by_comparisons_are_the_principal_eigenvector_and_contradictions_show() {
    let expected = by_numpy();
    let pair = |row: &Value| Comparison {
        first: row[0].as_u64().unwrap() as usize,
        second: row[1].as_u64().unwrap() as usize,
        times: number(&row[2]),
    };
    let pairs: Vec<Comparison> = expected["comparisons"].as_array().unwrap().iter().map(pair).collect();
    let found = AnalyticHierarchy::fit(4, &pairs).unwrap();
    all_close(&found.weights, &numbers(&expected["weights"]), 1e-10, "weights");
    close(found.eigenvalue, number(&expected["eigenvalue"]), 1e-10, "eigenvalue");
    close(found.consistency_ratio, number(&expected["consistency_ratio"]), 1e-8, "consistency ratio");
    // Judgements that go in a circle: no weight differs, and the ratio says why.
    let circle = [(0, 1), (1, 2), (2, 0)].map(|(first, second)| Comparison { first, second, times: 5.0 });
    let circle = AnalyticHierarchy::fit(3, &circle).unwrap();
    assert!(circle.weights.iter().all(|w| (w - 1.0 / 3.0).abs() < 1e-12) && circle.consistency_ratio > 1.0);
    assert!(AnalyticHierarchy::fit(4, &pairs[1..]).is_err(), "a pair is missing");
    assert!(AnalyticHierarchy::fit(4, &[pairs.clone(), vec![pairs[0]]].concat()).is_err(), "a pair twice");
    assert!(AnalyticHierarchy::fit(2, &[Comparison { first: 0, second: 1, times: 10.0 }]).is_err());
}

#[test]
fn influence_is_the_share_of_squared_correlations_and_incomplete_areas_are_left_out() {
    let expected = by_numpy();
    let mut columns: Vec<Vec<f64>> = expected["columns"].as_array().unwrap().iter().map(numbers).collect();
    let (nominal, mut index) = (numbers(&expected["nominal"]), numbers(&expected["index"]));
    let check = |columns: &[Vec<f64>], index: &[f64]| {
        let found = balance(columns, &nominal, index).unwrap();
        let list = |part: fn(&IndicatorBalance) -> f64| found.iter().map(part).collect::<Vec<f64>>();
        all_close(&list(|b| b.weight), &[0.5, 0.25, 0.25], 1e-12, "weights");
        all_close(&list(|b| b.correlation), &numbers(&expected["correlation"]), 1e-10, "correlations");
        all_close(&list(|b| b.influence), &numbers(&expected["influence"]), 1e-10, "influence");
    };
    check(&columns, &index);
    columns.iter_mut().for_each(|c| c.push(1e6));
    columns[1][6] = f64::NAN;
    index.push(3.0);
    check(&columns, &index);
}

#[test]
fn shares_of_classes_count_the_draws_in_each_range_of_ranks() {
    let (indicators, index) = small();
    let other = index.with_weights(&vec![vec![vec![0.0, 1.0]]]).unwrap();
    let draws = RankDraws::new(&index, [index.clone(), other.clone(), other.clone(), other], &indicators).unwrap();
    let shares = draws.class_shares(&[1, 2]);
    assert!(shares.iter().all(|s| s.len() == 3 && (s.iter().sum::<f64>() - 1.0).abs() < 1e-12), "{shares:?}");
    for (area, shares) in shares.iter().enumerate() {
        let among = |class: usize| {
            let range = [1..=1, 2..=2, 3..=99][class].clone();
            draws.draws.iter().filter(|ranks| range.contains(&ranks[area])).count() as f64 / 4.0
        };
        (0..3).for_each(|class| assert!((shares[class] - among(class)).abs() < 1e-12));
    }
    let summary = draws.summary(0.9).unwrap();
    assert_eq!(summary.mean_shift[0], 0.0);
}

#[test]
fn standardised_scores_are_z_scores_on_another_ruler() {
    let values = [1.0, 4.0, f64::NAN, 9.0];
    let z = Normalisation::ZScore.apply(&values, Direction::Negative).unwrap();
    let found =
        Normalisation::Standardised { mean: 100.0, deviation: 10.0 }.apply(&values, Direction::Negative).unwrap();
    for (z, score) in z.iter().zip(found) {
        assert!((z.is_nan() && score.is_nan()) || (100.0 + 10.0 * z - score).abs() < 1e-12);
    }
}

#[test]
fn less_compensation_never_gives_a_better_score() {
    let columns = [[90.0, 50.0, 1.0], [10.0, 50.0, 100.0], [40.0, 50.0, 30.0]];
    let found = compensation(&columns.each_ref().map(|c| c.as_slice()), &[1.0, 2.0, 0.0]).unwrap();
    for area in 0..3 {
        assert!(found.none[area] <= found.partial[area] + 1e-12 && found.partial[area] <= found.full[area] + 1e-12);
    }
    // A member without weight says nothing, not even as the worst.
    assert_eq!((found.none[0], found.none[2]), (10.0, 1.0));
    close(found.partial[0], (90.0f64 * 10.0 * 10.0).cbrt(), 1e-12, "geometric mean");
}

fn recipe(scale: Scale, weighting: Weighting) -> Recipe {
    Recipe {
        dimensions: vec![0, 0, 1],
        treatment: None,
        scale,
        weighting,
        within: Aggregation::Arithmetic,
        between: Aggregation::Arithmetic,
        minimum_available: 0.6,
    }
}

/// Two indicators of one dimension and one of another, the last with more being better.
fn three() -> Indicators {
    let columns = vec![vec![0.0, 5.0, 10.0, 10.0], vec![20.0, 20.0, 40.0, 30.0], vec![8.0, 6.0, 4.0, f64::NAN]];
    Indicators::new(columns, vec![Direction::Positive, Direction::Positive, Direction::Negative]).unwrap()
}

#[test]
fn points_are_the_hand_computed_mean_of_means_and_parts_add_up_to_them() {
    let fit = recipe(Scale::MinMax, Weighting::Equal).fit(&three()).unwrap();
    all_close(&fit.weights, &[0.25, 0.25, 0.5], 1e-12, "weights");
    // Half the first dimension's mean of min-max scores, half of the other's.
    all_close(&fit.points[..3], &[0.0, 0.5 * 25.0 + 0.5 * 50.0, 100.0], 1e-12, "points");
    // Half of the weight is there, three fifths are asked for.
    assert!(fit.points[3].is_nan() && (fit.dimension_scores[0][3] - 75.0).abs() < 1e-12);
    for area in 0..3 {
        close(fit.parts.iter().map(|list| list[area]).sum::<f64>(), fit.points[area], 1e-12, "parts");
    }
}

#[test]
fn fixed_posts_give_the_same_points_for_the_same_conditions_in_any_year() {
    let posts = Scale::Posts(vec![[0.0, 20.0], [10.0, 50.0], [10.0, 2.0]]);
    let recipe = recipe(posts, Weighting::Given(vec![1.0, 1.0, 2.0]));
    let fit = recipe.fit(&three()).unwrap();
    // 0/20, 10/40 and (10 - 8)/8 of the way from best to worst.
    close(fit.points[0], 100.0 * (0.25 * 0.0 + 0.25 * 0.25 + 0.5 * 0.25), 1e-12, "points");
    let later = Indicators::new(vec![vec![0.0, 30.0], vec![20.0, 60.0], vec![8.0, 1.0]], three().directions().to_vec());
    all_close(&fit.at(&recipe, &later.unwrap()).unwrap(), &[fit.points[0], 100.0], 1e-12, "another year");
    let moving = Recipe { scale: Scale::MinMax, ..recipe.clone() };
    assert!(moving.fit(&three()).unwrap().at(&moving, &three()).is_err(), "a scale that moves with the areas");
    // A geometric mean needs scores above zero and keeps both ends.
    let geometric = Recipe { between: Aggregation::Geometric, within: Aggregation::Geometric, ..recipe };
    let worst =
        Indicators::new(vec![vec![0.0, 20.0], vec![10.0, 50.0], vec![10.0, 2.0]], three().directions().to_vec());
    all_close(&geometric.fit(&worst.unwrap()).unwrap().points, &[0.0, 100.0], 1e-9, "ends");
}

#[test]
fn a_distance_has_a_hundred_points_at_the_worst_situation_and_the_order_of_its_plain_index() {
    let Some(columns) = arrests() else { return };
    let indicators = Indicators::new(columns, vec![Direction::Positive; 4]).unwrap();
    let scale =
        Scale::Distance { best: Some(vec![0.0; 4]), worst: Some(vec![20.0, 400.0, 100.0, 50.0]), hundred_points: None };
    let recipe = Recipe { dimensions: vec![0, 0, 1, 1], ..recipe(scale, Weighting::NewInformation) };
    let fit = recipe.fit(&indicators).unwrap();
    let rule = DistanceP2 { reference: Some(vec![0.0; 4]), divisor: Divisor::Population, ..DistanceP2::default() };
    let plain = rule.fit(indicators.columns()).unwrap();
    let distance = fit.distance.as_ref().unwrap();
    all_close(&distance.values, &plain.values, 1e-10, "distance");
    let worst = Indicators::new(vec![vec![20.0], vec![400.0], vec![100.0], vec![50.0]], vec![Direction::Positive; 4]);
    all_close(&fit.at(&recipe, &worst.unwrap()).unwrap(), &[100.0], 1e-10, "worst");
    let plain_index = fit.index.fit(&fit.indicators).unwrap();
    let order = |values: &[f64]| {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
        order
    };
    assert_eq!(order(plain_index.index()), order(&fit.points));
}

#[test]
fn every_alternative_of_a_recipe_can_be_computed_and_its_own_choices_are_among_them() {
    let Some(columns) = arrests() else { return };
    let indicators = Indicators::new(columns, vec![Direction::Positive; 4]).unwrap();
    let base = Recipe { dimensions: vec![0, 0, 1, 1], ..recipe(Scale::MinMax, Weighting::Equal) };
    let fit = base.fit(&indicators).unwrap();
    let others = OtherChoices {
        treatments: vec![None, Some(Treatment::default())],
        scales: vec![Scale::MinMax, Scale::Standardised, Scale::Rank],
        aggregations: vec![Aggregation::Arithmetic, Aggregation::Geometric],
        weightings: vec![Weighting::PrincipalComponents, Weighting::Entropy, Weighting::NewInformation],
        noise: 0.25,
        sets: 10,
        seed: 4,
    };
    let alternatives = base.alternatives(&fit, &others).unwrap();
    let sizes = [alternatives.treatments.len(), alternatives.normalisations.len(), alternatives.aggregations.len()];
    assert_eq!((sizes, alternatives.weights.len()), ([2, 3, 2], 40));
    let analysis = UncertaintyAnalysis { replications: 300, ..UncertaintyAnalysis::default() };
    let draws = analysis.draws(&fit.index, &alternatives, &fit.indicators).unwrap();
    assert_eq!((draws.failed, draws.draws.len()), (0, 300));
    assert_eq!(analysis.sensitivity(&fit.index, &alternatives, &fit.indicators).unwrap().len(), 4);
}
