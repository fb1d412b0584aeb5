//! Benchmarking against the exact integration of `10_eb_logit.R`; raking against R `survey::rake` (`01_survey_design.R`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use clrisk_stats::StatsError;
use clrisk_stats::benchmark::{Benchmark, BenchmarkGroup, BenchmarkMethod, Target};
use clrisk_stats::draws::Draws;
use clrisk_stats::raking::{Margin, Raking};
use common::{Table, all_close, close, number, numbers, reference_json};
use proptest::prelude::*;

fn column(areas: &serde_json::Value, name: &str) -> Vec<f64> {
    areas.as_array().unwrap().iter().map(|a| number(&a[name])).collect()
}

#[test]
fn ratio_and_logit_shift_match_the_reference() {
    let Some(expected) = reference_json("eb_logit") else { return };
    let (estimates, population) = (column(&expected["areas"], "eb"), column(&expected["areas"], "N"));
    let e = &expected["benchmark"];
    for (method, key) in [(BenchmarkMethod::Ratio, "ratio"), (BenchmarkMethod::LogitShift, "logit")] {
        let mut draws = Draws::new(estimates.clone(), estimates.len()).unwrap();
        let national = Some(Target::Fixed(number(&e["target"])));
        let report = Benchmark { method, groups: vec![], national, seed: 1 }.apply(&mut draws, &population).unwrap();
        all_close(draws.draw(0), &numbers(&e[key]), 1e-12, key);
        close(report[0].before, number(&e["before"]), 1e-12, "before");
        close(report[0].after, number(&e["target"]), 1e-12, "after");
        if method == BenchmarkMethod::LogitShift {
            close(report[0].adjustment, number(&e["logit_shift"]), 1e-10, "shift");
        }
    }
}

#[test]
fn raking_gives_the_weights_of_r_survey() {
    let (Some(expected), Some(table)) = (reference_json("survey_api"), Table::reference("apiclus1")) else { return };
    // Margins of the script: elementary, high and middle schools; school-wide target missed or met.
    let margins = [
        Margin { categories: table.factor("stype").0, totals: vec![4421.0, 755.0, 1018.0] },
        Margin { categories: table.factor("sch.wide").0, totals: vec![1072.0, 5122.0] },
    ];
    let raked = Raking::default().fit(&table.numbers("pw"), &margins).unwrap();
    assert!(raked.converged && raked.largest_difference <= 1e-10);
    // R stops when margins are within one record of 6,194; this goes on.
    all_close(&raked.cells, &numbers(&expected["rake"]["weights"]), 2e-4, "weights");
}

#[test]
fn margins_that_no_table_can_have_are_refused_and_slow_ones_reported() {
    let margin =
        |categories: &[u32], totals: &[f64]| Margin { categories: categories.to_vec(), totals: totals.to_vec() };
    let rake = |cells: &[f64], margins: &[Margin]| Raking { max_iterations: 20, tolerance: 1e-10 }.fit(cells, margins);
    let rows = margin(&[0, 0, 1, 1], &[3.0, 7.0]);
    assert!(matches!(
        rake(&[1.0; 4], &[rows.clone(), margin(&[0, 1, 0, 1], &[3.0, 8.0])]),
        Err(StatsError::Margins { .. })
    ));
    assert!(matches!(
        rake(&[0.0, 1.0, 0.0, 1.0], &[rows.clone(), margin(&[0, 1, 0, 1], &[5.0, 5.0])]),
        Err(StatsError::Margins { .. })
    ));
    // With the cell (0, 1) empty, row 0 asks more of column 0 than it may have: the passes never agree.
    let raked = rake(&[1.0, 0.0, 1.0, 1.0], &[rows, margin(&[0, 1, 0, 1], &[2.0, 8.0])]).unwrap();
    assert!(!raked.converged && raked.largest_difference > 0.1);
}

proptest! {
    #[test]
    fn nested_benchmarks_hold_at_both_levels_in_every_draw(
        values in prop::collection::vec(0.01f64..0.9, 7 * 4), population in prop::collection::vec(1.0f64..500.0, 7),
        a in 0.05f64..0.6, b in 0.05f64..0.6, nation in 0.05f64..0.6, logit in any::<bool>()
    ) {
        let method = if logit { BenchmarkMethod::LogitShift } else { BenchmarkMethod::Ratio };
        let groups = vec![
            BenchmarkGroup { areas: vec![0, 2], target: Target::Fixed(a) },
            BenchmarkGroup { areas: vec![1, 3, 4], target: Target::Sampled { estimate: b, standard_error: 0.02 } },
        ];
        let apply = |national: Option<Target>| {
            let mut draws = Draws::new(values.clone(), 7).unwrap();
            let benchmark = Benchmark { method, groups: groups.clone(), national, seed: 9 };
            benchmark.apply(&mut draws, &population).unwrap();
            draws
        };
        let mean = |draw: &[f64], areas: &[usize]| {
            areas.iter().map(|&i| population[i] * draw[i]).sum::<f64>() / areas.iter().map(|&i| population[i]).sum::<f64>()
        };
        let both = apply(Some(Target::Fixed(nation)));
        let regions = apply(None);
        for (index, draw) in regions.iter().enumerate() {
            prop_assert!((mean(draw, &[0, 2]) - a).abs() < 1e-12);
            prop_assert_eq!(draw[5], values[index * 7 + 5], "areas in no group stay");
        }
        for (index, draw) in both.iter().enumerate() {
            let gap = mean(draw, &[0, 1, 2, 3, 4, 5, 6]) - nation;
            prop_assert!(gap.abs() < 1e-12, "{gap}");
            prop_assert_eq!(draw[0] > draw[2], values[index * 7] > values[index * 7 + 2], "order within a group");
        }
        prop_assert_eq!(both, apply(Some(Target::Fixed(nation))), "same seed, same bits");
    }

    #[test]
    fn raking_keeps_odds_ratios(cells in prop::collection::vec(0.5f64..9.0, 4), r in 0.2f64..0.8, c in 0.2f64..0.8) {
        let margins = [
            Margin { categories: vec![0, 0, 1, 1], totals: vec![r, 1.0 - r] },
            Margin { categories: vec![0, 1, 0, 1], totals: vec![c, 1.0 - c] },
        ];
        let raked = Raking::default().fit(&cells, &margins).unwrap();
        let odds = |c: &[f64]| c[0] * c[3] / (c[1] * c[2]);
        prop_assert!(raked.converged);
        prop_assert!((odds(&raked.cells) / odds(&cells) - 1.0).abs() < 1e-10);
    }
}

#[test]
fn the_uncertainty_of_a_sampled_target_is_that_of_the_estimate() {
    let mut draws = Draws::new(vec![0.3; 4000 * 2], 2).unwrap();
    let target = Target::Sampled { estimate: 0.2, standard_error: 0.01 };
    let groups = vec![BenchmarkGroup { areas: vec![0, 1], target }];
    Benchmark { method: BenchmarkMethod::LogitShift, groups, national: None, seed: 3 }
        .apply(&mut draws, &[1.0, 2.0])
        .unwrap();
    let summary = draws.summaries(0.95).unwrap()[0];
    // Monte Carlo error of 4,000 draws: 0.01 / sqrt(4000) for the mean, 1 / sqrt(8000) relative for the deviation.
    assert!((summary.mean - 0.2).abs() < 4.0 * 0.01 / 4000f64.sqrt() + 1e-4);
    assert!((summary.standard_deviation / 0.01 - 1.0).abs() < 4.0 / 8000f64.sqrt());
}

#[test]
fn targets_out_of_reach_and_overlapping_groups_are_refused() {
    let apply = |areas: Vec<Vec<usize>>, values: Vec<f64>| {
        let groups = areas.into_iter().map(|areas| BenchmarkGroup { areas, target: Target::Fixed(0.4) }).collect();
        let benchmark = Benchmark { method: BenchmarkMethod::LogitShift, groups, national: None, seed: 0 };
        benchmark.apply(&mut Draws::new(values, 2).unwrap(), &[1.0, 1.0])
    };
    assert!(matches!(apply(vec![vec![0, 1], vec![1]], vec![0.1, 0.2]), Err(StatsError::Setting { .. })));
    assert!(matches!(apply(vec![vec![0, 1]], vec![0.0, 0.0]), Err(StatsError::Margins { .. })));
    assert!(matches!(apply(vec![vec![0, 1]], vec![-0.1, 0.2]), Err(StatsError::OutOfRange { .. })));
    assert!(apply(vec![vec![0], vec![1]], vec![0.1, 0.2]).is_ok());
}
