//! Classes against R `classInt` and `stratification` (`07_classify.R`), `mapclassify` and `jenkspy` (`07_classify.py`), and
//! against a search over all partitions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use std::time::Instant;

use clrisk_stats::StatsError;
use clrisk_stats::classify::{Breaks, BreaksPerDraw, ClassMembership, ClosedSide, Rule, sensitivity};
use clrisk_stats::draws::{Draws, summarise};
use clrisk_stats::rank::ranks;
use common::{Table, all_close, close, numbers, reference_json};
use proptest::prelude::*;
use serde_json::Value;

fn data(name: &str) -> Option<Vec<f64>> {
    Some(match name {
        "jenks71" => Table::reference("jenks71")?.numbers("jenks71"),
        "calemp" => Table::reference("calemp")?.numbers("x"),
        "api00" => Table::reference("apistrat")?.numbers("api00"),
        "beta1k" => Table::reference("beta10k")?.numbers("x")[..1000].to_vec(),
        _ => Table::reference("beta10k")?.numbers("x"),
    })
}

fn counts(value: &Value) -> Vec<usize> {
    numbers(&value["counts"]).into_iter().map(|c| c as usize).collect()
}

#[test]
fn fisher_jenks_quantile_equal_and_head_tail_match_classint() {
    let Some(expected) = reference_json("classify") else { return };
    for name in ["jenks71", "calemp", "api00", "beta1k"] {
        let Some(values) = data(name) else { return };
        for k in [3, 5, 7] {
            for (style, rule) in [
                ("fisher", Rule::FisherJenks { classes: k }),
                ("quantile", Rule::Quantile { classes: k }),
                ("equal", Rule::EqualInterval { classes: k }),
                ("headtails", Rule::HeadTail { threshold: 0.4 }),
            ] {
                let key = format!("{name}_{k}_{style}");
                let breaks = rule.breaks(&values).unwrap();
                all_close(&breaks.bounds(), &numbers(&expected[&key]["brks"]), 1e-12, &key);
                assert_eq!(breaks.counts(&values), counts(&expected[&key]), "{key}");
                // The peer measures fit with classes closed on the left.
                let left = rule.breaks_closed(&values, ClosedSide::Left).unwrap();
                let fit = left.goodness_of_variance_fit(&values);
                close(fit, expected[&key]["gvf"].as_f64().unwrap(), 1e-10, &key);
            }
        }
    }
}

#[test]
fn fisher_jenks_has_the_classes_of_jenkspy_on_ten_thousand_values_in_milliseconds() {
    let (Some(expected), Some(values)) = (reference_json("classify_py"), data("beta10k")) else { return };
    for k in [3, 5, 7] {
        let start = Instant::now();
        let breaks = Rule::FisherJenks { classes: k }.breaks(&values).unwrap();
        let seconds = start.elapsed().as_secs_f64();
        println!("10,000 values, {k} classes: {seconds:.4} s");
        assert!(seconds < 0.2, "{seconds}");
        let classes = breaks.classes_of(&values);
        let mut uppers = vec![f64::NEG_INFINITY; k];
        for (value, class) in values.iter().zip(classes) {
            uppers[class] = uppers[class].max(*value);
        }
        for peer in ["jenkspy", "FisherJenks"] {
            let theirs = numbers(match &expected[format!("beta10k_{k}_{peer}")] {
                Value::Object(o) => &o["bins"],
                bounds => bounds,
            });
            let theirs = &theirs[theirs.len() - k..];
            // Ties between optima are possible, so the claim is about the criterion: no peer does better.
            let limits = theirs[..k - 1].to_vec();
            let other = Breaks::new(limits, values[0], theirs[k - 1], ClosedSide::Right).unwrap();
            assert!(
                breaks.goodness_of_variance_fit(&values) >= other.goodness_of_variance_fit(&values) - 1e-12,
                "{peer} {k}: {uppers:?} against {theirs:?}"
            );
        }
    }
}

#[test]
fn standard_deviation_and_unlimited_head_tail_match_mapclassify() {
    let Some(expected) = reference_json("classify_py") else { return };
    for name in ["jenks71", "calemp", "api00", "beta10k"] {
        let Some(values) = data(name) else { return };
        for (style, rule) in [
            ("StdMean", Rule::StandardDeviation { multiples: vec![-2.0, -1.0, 1.0, 2.0] }),
            ("HeadTailBreaks", Rule::HeadTail { threshold: 1.0 }),
        ] {
            let key = format!("{name}_5_{style}");
            // The peer also lists limits beyond the range, whose classes are empty.
            let theirs: Vec<usize> = counts(&expected[&key]).into_iter().filter(|&c| c > 0).collect();
            assert_eq!(rule.breaks(&values).unwrap().counts(&values), theirs, "{key}");
        }
    }
}

#[test]
fn dalenius_hodges_matches_the_cumulative_root_frequency_rule() {
    let Some(expected) = reference_json("classify") else { return };
    // The county employment data are left out: the peer keeps empty strata there, this rule joins them.
    for name in ["jenks71", "api00", "beta1k"] {
        let Some(values) = data(name) else { return };
        for classes in [3, 5] {
            for bins in [20, 50, 100] {
                let key = format!("DH_{name}_{classes}_{bins}");
                let breaks = Rule::DaleniusHodges { classes, bins }.breaks(&values).unwrap();
                all_close(breaks.limits(), &numbers(&expected[&key]["bh"]), 1e-10, &key);
            }
        }
    }
}

fn within(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter().map(|v| (v - mean).powi(2)).sum()
}

/// The smallest sum of squares over every way to cut the sorted values.
fn best_by_search(sorted: &[f64], classes: usize) -> f64 {
    if classes == 1 {
        return within(sorted);
    }
    (1..=sorted.len() - (classes - 1))
        .map(|first| within(&sorted[..first]) + best_by_search(&sorted[first..], classes - 1))
        .fold(f64::INFINITY, f64::min)
}

proptest! {
    #[test]
    fn fisher_jenks_is_optimal_among_all_partitions(
        values in prop::collection::vec((-40i32..40).prop_map(|v| f64::from(v) / 4.0), 4..14), classes in 1usize..5
    ) {
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        match (Rule::FisherJenks { classes }).breaks(&values) {
            Err(error) => {
                sorted.dedup();
                prop_assert_eq!(error, StatsError::TooFewDistinctValues { classes, distinct: sorted.len() });
            }
            Ok(breaks) => {
                prop_assert_eq!(breaks.classes(), classes);
                prop_assert!(breaks.counts(&values).iter().all(|&c| c > 0));
                let found = within(&values) * (1.0 - breaks.goodness_of_variance_fit(&values));
                prop_assert!((found - best_by_search(&sorted, classes)).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn no_rule_depends_on_the_order_of_the_areas(
        values in prop::collection::vec(-5.0f64..5.0, 12..40), classes in 2usize..6
    ) {
        let reversed: Vec<f64> = values.iter().rev().copied().collect();
        for rule in [
            Rule::FisherJenks { classes }, Rule::Quantile { classes }, Rule::EqualInterval { classes },
            Rule::DaleniusHodges { classes, bins: 30 }, Rule::KMeans { classes }, Rule::HeadTail { threshold: 0.5 },
            Rule::StandardDeviation { multiples: vec![-1.0, 0.0, 1.0] },
        ] {
            let breaks = rule.breaks(&values).unwrap();
            prop_assert_eq!(&breaks, &rule.breaks(&reversed).unwrap());
            prop_assert_eq!(breaks.counts(&values).iter().sum::<usize>(), values.len());
        }
        let lloyd = Rule::KMeans { classes }.breaks(&values).unwrap().goodness_of_variance_fit(&values);
        let exact = Rule::FisherJenks { classes }.breaks(&values).unwrap().goodness_of_variance_fit(&values);
        prop_assert!(exact >= lloyd - 1e-12);
    }

    #[test]
    fn simultaneous_rank_intervals_hold_the_promised_share_of_draws(
        values in prop::collection::vec(0.0f64..1.0, 60 * 5), level in 0.5f64..0.99
    ) {
        let draws = Draws::new(values, 5).unwrap();
        let found = ranks(&draws, level).unwrap();
        let inside = draws.iter().filter(|draw| {
            (0..5).all(|area| {
                let rank = 1 + draw.iter().filter(|&&v| v > draw[area]).count() as u32;
                (found[area].simultaneous_lower..=found[area].simultaneous_upper).contains(&rank)
            })
        }).count();
        prop_assert!(inside as f64 >= level * 60.0 - 1e-9);
        for (area, f) in found.iter().enumerate() {
            let own = draws.area(area);
            let rank_of = |draw: usize| 1 + draws.draw(draw).iter().filter(|&&v| v > own[draw]).count() as u32;
            let kept = (0..60).filter(|&d| (f.lower..=f.upper).contains(&rank_of(d))).count();
            prop_assert!(kept as f64 >= level * 60.0 - 1e-9);
        }
        prop_assert!((found.iter().map(|f| f.mean).sum::<f64>() - 15.0).abs() < 1e-9, "ranks 1 to 5 add up to 15");
    }
}

#[test]
fn a_value_on_a_limit_goes_to_the_side_the_rule_names() {
    let right = Breaks::new(vec![1.0, 2.0], 0.0, 3.0, ClosedSide::Right).unwrap();
    let left = Breaks::new(vec![1.0, 2.0], 0.0, 3.0, ClosedSide::Left).unwrap();
    assert_eq!(right.classes_of(&[-9.0, 1.0, 1.5, 2.0, 9.0]), [0, 0, 1, 1, 2]);
    assert_eq!(left.classes_of(&[-9.0, 1.0, 1.5, 2.0, 9.0]), [0, 1, 1, 2, 2]);
    assert!(Breaks::new(vec![2.0, 2.0], 0.0, 3.0, ClosedSide::Right).is_err());
}

#[test]
fn membership_is_the_share_of_draws_in_each_class() {
    // Area 0 is above 0.5 in three of four draws; area 1 never.
    let draws = Draws::new(vec![0.6, 0.1, 0.7, 0.2, 0.4, 0.1, 0.9, 0.3], 2).unwrap();
    let fixed = BreaksPerDraw::Fixed(Rule::Fixed { limits: vec![0.5] }.breaks(&[0.0, 1.0]).unwrap());
    let found = ClassMembership::of(&draws, &fixed).unwrap();
    assert_eq!((found.probabilities(0), found.probabilities(1)), ([0.25, 0.75].as_slice(), [1.0, 0.0].as_slice()));
    assert_eq!(found.most_probable(0), (1, 0.75));
    // Relative to each other, area 0 is always the higher one.
    let redrawn = BreaksPerDraw::Redrawn(Rule::FisherJenks { classes: 2 });
    assert_eq!(ClassMembership::of(&draws, &redrawn).unwrap().probabilities(0), [0.0, 1.0]);
}

#[test]
fn the_sensitivity_table_counts_areas_that_change_class() {
    let values = [0.0, 1.0, 2.0, 3.0, 10.0];
    let chosen = Rule::FisherJenks { classes: 2 };
    let others = [chosen.clone(), Rule::Quantile { classes: 2 }, Rule::EqualInterval { classes: 0 }];
    let table = sensitivity(&values, &chosen, &others).unwrap();
    assert_eq!(table[0].as_ref().unwrap().changed, 0);
    let quantile = table[1].as_ref().unwrap();
    // The median, 2, closes the lower class: 3 moves up beside 10.
    assert_eq!((quantile.counts.as_slice(), quantile.changed, quantile.highest_changed), ([3, 2].as_slice(), 1, 1));
    assert!(table[2].is_err());
}

#[test]
fn one_area_and_constant_values_are_refused_or_one_class() {
    assert_eq!(Rule::EqualInterval { classes: 1 }.breaks(&[2.0]).unwrap().classes(), 1);
    for rule in [Rule::Quantile { classes: 3 }, Rule::FisherJenks { classes: 3 }, Rule::KMeans { classes: 3 }] {
        let error = rule.breaks(&[2.0; 6]).unwrap_err();
        assert_eq!(error, StatsError::TooFewDistinctValues { classes: 3, distinct: 1 });
    }
    assert!(matches!(Rule::Quantile { classes: 2 }.breaks(&[]), Err(StatsError::Empty { .. })));
    assert!(matches!(
        Rule::Quantile { classes: 2 }.breaks(&[1.0, f64::NAN]),
        Err(StatsError::Missing { input: "values", row: 1 })
    ));
}

#[test]
fn summaries_use_interpolated_quantiles_and_survive_a_large_mean() {
    // 1..=5 shifted by 2^40: type 7 quantiles are 1 + 4 p.
    let shift = 2f64.powi(40);
    let draws: Vec<f64> = [5.0, 1.0, 4.0, 2.0, 3.0].iter().map(|d| d + shift).collect();
    let s = summarise(&draws, 0.9).unwrap();
    assert_eq!((s.mean - shift, s.median - shift), (3.0, 3.0));
    close(s.standard_deviation, 2.5f64.sqrt(), 1e-14, "standard deviation");
    close(s.interval.lower - shift, 1.2, 1e-3, "5 % quantile");
    close(s.interval.upper - shift, 4.8, 1e-3, "95 % quantile");
}

#[test]
fn equal_values_share_their_rank() {
    let draws = Draws::new(vec![0.2, 0.9, 0.2, 0.1], 4).unwrap();
    let means: Vec<f64> = ranks(&draws, 0.95).unwrap().iter().map(|r| r.mean).collect();
    assert_eq!(means, [2.0, 1.0, 2.0, 4.0]);
}
