//! Empirical best proportions against integration on a fine grid (`10_eb_logit.R`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use clrisk_stats::StatsError;
use clrisk_stats::area_model::{AreaBenchmark, benchmark_areas};
use clrisk_stats::benchmark::{Benchmark, BenchmarkMethod, Target};
use clrisk_stats::draws::Draws;
use clrisk_stats::empirical_best::{AreaPredictors, BestProportion, EmpiricalBest};
use common::{Table, all_close, close, number, numbers, reference_json};
use serde_json::Value;

const AREAS: usize = 65;

struct Rows {
    predictor: Vec<f64>,
    area: Vec<u32>,
    outcome: Vec<f64>,
}

impl Rows {
    fn read(name: &str, beta: &Value) -> Option<Self> {
        let table = Table::reference(name)?;
        let names = ["age1", "female", "urban", "attends", "wealth"];
        let columns: Vec<(f64, Vec<f64>)> = names.iter().map(|n| (number(&beta[n]), table.numbers(n))).collect();
        let intercept = number(&beta["(Intercept)"]);
        Some(Self {
            predictor: (0..table.rows())
                .map(|i| intercept + columns.iter().map(|(b, x)| b * x[i]).sum::<f64>())
                .collect(),
            area: table.codes("area").iter().map(|&a| a as u32).collect(),
            outcome: table.numbers("y"),
        })
    }

    fn predictors(&self) -> AreaPredictors<'_> {
        AreaPredictors { linear_predictor: &self.predictor, area_of_row: &self.area, counts: None }
    }
}

struct Study {
    expected: Value,
    sample: Rows,
    census: Rows,
}

impl Study {
    fn read() -> Option<Self> {
        let expected = reference_json("eb_logit")?;
        let (sample, census) = (Rows::read("bern60", &expected["beta"])?, Rows::read("census20k", &expected["beta"])?);
        Some(Self { expected, sample, census })
    }

    fn proportions(&self, points: usize) -> Vec<BestProportion> {
        let model = EmpiricalBest { standard_deviation: number(&self.expected["sd"]), points };
        let found = model
            .proportions(&self.sample.predictors(), &self.sample.outcome, &self.census.predictors(), AREAS)
            .unwrap();
        found.into_iter().map(|a| a.unwrap()).collect()
    }

    fn areas(&self, name: &str) -> Vec<f64> {
        self.expected["areas"].as_array().unwrap().iter().map(|a| number(&a[name])).collect()
    }
}

fn column(found: &[BestProportion], value: impl Fn(&BestProportion) -> f64) -> Vec<f64> {
    found.iter().map(value).collect()
}

/// The grid of the reference ends at seven standard deviations and carries 15 printed digits; the figures compared here
/// around zero (effects) are compared absolutely.
#[track_caller]
fn near(found: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len());
    for (index, (f, e)) in found.iter().zip(expected).enumerate() {
        assert!((f - e).abs() <= tolerance, "{what} [{index}]: found {f:.16e}, expected {e:.16e}");
    }
}

#[test]
fn proportions_of_sampled_and_unsampled_areas_match_the_grid() {
    let Some(study) = Study::read() else { return };
    let found = study.proportions(41);
    all_close(&column(&found, |a| a.value), &study.areas("eb"), 1e-9, "best");
    all_close(&column(&found, |a| a.variance), &study.areas("postvar"), 1e-8, "variance");
    all_close(&column(&found, |a| a.synthetic), &study.areas("synth"), 1e-12, "synthetic");
    // The modes are those lme4 stopped at (its tolerance 1e-12 is on the penalised deviance): six digits of them.
    near(&column(&found, |a| a.effect_mode), &study.areas("u_mode"), 2e-7, "mode");
    all_close(&column(&found, |a| a.plug_in), &study.areas("plugin"), 2e-7, "plug-in");
    near(&column(&found, |a| a.effect_mean), &study.areas("u_mean"), 1e-9, "effect mean");
    // The grid of the reference ends at seven standard deviations of the prior, which costs the variance of the effect up to
    // 5e-9 of it where nobody in the sample works; on a grid twice as wide the digits agree.
    all_close(&column(&found, |a| a.effect_variance), &study.areas("u_var"), 1e-8, "effect variance");
    let sd = number(&study.expected["sd"]);
    for area in [0, 18, 64] {
        let own: Vec<usize> = (0..study.sample.area.len()).filter(|&i| study.sample.area[i] == area).collect();
        let (mut total, mut mean, mut square) = (0.0, 0.0, 0.0);
        for k in -2800..=2800 {
            let u = f64::from(k) / 200.0 * sd;
            let likelihood: f64 = own
                .iter()
                .map(|&i| {
                    study.sample.outcome[i] * (study.sample.predictor[i] + u)
                        - (study.sample.predictor[i] + u).exp().ln_1p()
                })
                .sum();
            let weight = (likelihood - 0.5 * (u / sd).powi(2)).exp();
            total += weight;
            mean += weight * u;
            square += weight * u * u;
        }
        let wide = square / total - (mean / total).powi(2);
        close(found[area as usize].effect_variance, wide, 1e-12, "effect variance on a wide grid");
    }
    all_close(&column(&found, |a| a.sample_size as f64), &study.areas("n"), 1e-14, "n");
    all_close(&column(&found, |a| a.population), &study.areas("N"), 1e-14, "N");
    assert_eq!(found.iter().filter(|a| a.sample_size == 0).count(), 5);
    // More points change nothing: the integral has converged.
    all_close(&column(&study.proportions(81), |a| a.variance), &column(&found, |a| a.variance), 1e-11, "81 points");
}

#[test]
fn the_truth_of_the_reference_is_the_share_of_the_census() {
    let Some(study) = Study::read() else { return };
    let (mut cases, mut persons) = (vec![0.0; AREAS], vec![0.0; AREAS]);
    for (&area, y) in study.census.area.iter().zip(&study.census.outcome) {
        cases[area as usize] += y;
        persons[area as usize] += 1.0;
    }
    let shares: Vec<f64> = cases.iter().zip(&persons).map(|(c, n)| c / n).collect();
    all_close(&shares, &numbers(&study.expected["y_true"]), 1e-14, "truth");
    // Of 65 standardised errors about one in twenty is beyond 1.96 (predicted with the estimated parameters).
    let found = study.proportions(41);
    let outside =
        |a: &BestProportion, share: f64| (a.value - share).abs() > 1.96 * (a.variance + a.realisation_variance).sqrt();
    let beyond = found.iter().zip(&shares).filter(|(a, share)| outside(a, **share)).count();
    println!("beyond: {beyond} of {AREAS}");
    assert!(beyond <= 9, "{beyond}");
}

#[test]
fn benchmarked_proportions_match() {
    let Some(study) = Study::read() else { return };
    let b = &study.expected["benchmark"];
    let found = study.proportions(41);
    let (values, variances) = (column(&found, |a| a.value), column(&found, |a| a.variance));
    let sizes = column(&found, |a| a.population);
    let before = values.iter().zip(&sizes).map(|(v, n)| v * n).sum::<f64>() / sizes.iter().sum::<f64>();
    close(before, number(&b["before"]), 1e-9, "before");
    for (key, method) in [
        ("ratio", AreaBenchmark::Ratio),
        ("difference", AreaBenchmark::Difference),
        ("mse_adj", AreaBenchmark::SmallestChange),
    ] {
        let moved = benchmark_areas(&values, &variances, &sizes, number(&b["target"]), method).unwrap();
        all_close(&moved, &numbers(&b[key]), 1e-8, key);
    }
    // On the logit scale: one shift for all areas.
    let mut draw = Draws::new(values, AREAS).unwrap();
    let national = Some(Target::Fixed(number(&b["target"])));
    let shift = Benchmark { method: BenchmarkMethod::LogitShift, groups: vec![], national, seed: 1 };
    let report = shift.apply(&mut draw, &sizes).unwrap();
    all_close(draw.draw(0), &numbers(&b["logit"]), 1e-8, "logit");
    close(report[0].adjustment, number(&b["logit_shift"]), 1e-8, "shift");
}

#[test]
fn the_bootstrap_of_the_reference_is_what_the_integrals_say() {
    let Some(study) = Study::read() else { return };
    let boot = &study.expected["boot"];
    let (mse_y, mse_p) = (numbers(&boot["mse_y"]), numbers(&boot["mse_p"]));
    let (error_y, error_p) = (numbers(&boot["mc_se_y"]), numbers(&boot["mc_se_p"]));
    let model = EmpiricalBest::new(number(&study.expected["sd"]));
    let empty = AreaPredictors { linear_predictor: &[], area_of_row: &[], counts: None };
    // Over its samples the effects have their prior: as for an area without sample.
    let prior = model.proportions(&empty, &[], &study.census.predictors(), AREAS).unwrap();
    let found = study.proportions(41);
    let mut square = 0.0;
    for d in 0..AREAS {
        let a = prior[d].unwrap();
        // The realised share adds its binomial variance to the error of the probability.
        let error = (error_y[d].powi(2) + error_p[d].powi(2)).sqrt();
        let z = (mse_y[d] - mse_p[d] - a.realisation_variance) / error;
        assert!(z.abs() < 4.5, "{d}: {z}");
        square += z * z / AREAS as f64;
        if found[d].sample_size == 0 {
            // Without sample the plug-in is the synthetic share: its error is the spread of the prior around it, and what
            // the bootstrap adds for the parameters is small.
            let known = a.variance + (a.value - a.synthetic).powi(2);
            assert!(mse_p[d] > known - 4.5 * error_p[d] && mse_p[d] < 1.3 * known + 4.5 * error_p[d], "{d}");
        }
    }
    // The two errors of the bootstrap share samples, so the square may lie below one, but not above.
    println!("mean square {square:.2}");
    assert!(square < 1.5);
}

#[test]
fn a_wide_effect_and_a_separated_sample_keep_their_digits() {
    // All sampled children work; the effect is nearly free. The reference is a trapezoid on a fine grid.
    let sample = AreaPredictors { linear_predictor: &[-1.0; 8], area_of_row: &[0; 8], counts: None };
    let census = AreaPredictors { linear_predictor: &[-1.5, 0.5], area_of_row: &[0, 0], counts: Some(&[3.0, 1.0]) };
    let sd = 4.0;
    let a = EmpiricalBest { standard_deviation: sd, points: 120 }.proportions(&sample, &[1.0; 8], &census, 1).unwrap()
        [0]
    .unwrap();
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    let (mut total, mut mean) = (0.0, 0.0);
    for k in -100_000..100_000 {
        let u = f64::from(k) * 4e-4;
        let weight = (-0.5 * (u / sd).powi(2)).exp() * logistic(u - 1.0).powi(8);
        total += weight;
        mean += weight * (0.75 * logistic(u - 1.5) + 0.25 * logistic(u + 0.5));
    }
    close(a.value, mean / total, 1e-6, "separated");
    assert!(a.effect_mode.is_finite() && a.effect_variance < sd * sd);
}

#[test]
fn rows_that_cannot_be_used_are_refused() {
    let rows = |predictor: &'static [f64], area: &'static [u32]| AreaPredictors {
        linear_predictor: predictor,
        area_of_row: area,
        counts: None,
    };
    let run = |sd: f64, sample: AreaPredictors<'_>, y: &[f64], census: AreaPredictors<'_>| {
        EmpiricalBest::new(sd).proportions(&sample, y, &census, 2)
    };
    let (good, y) = (rows(&[0.0, 1.0], &[0, 1]), [0.0, 1.0]);
    assert!(run(0.5, good, &y, good).is_ok());
    assert_eq!(run(0.5, good, &y, rows(&[0.0], &[1])).unwrap()[0], None, "no census rows");
    assert!(matches!(run(0.0, good, &y, good), Err(StatsError::Setting { .. })));
    assert!(matches!(run(0.5, good, &[0.0, 0.5], good), Err(StatsError::OutOfRange { row: 1, .. })));
    assert!(matches!(run(0.5, good, &[0.0], good), Err(StatsError::Length { .. })));
    assert!(matches!(run(0.5, rows(&[0.0, 1.0], &[0, 2]), &y, good), Err(StatsError::OutOfRange { row: 1, .. })));
    assert!(matches!(run(0.5, good, &y, rows(&[f64::NAN], &[0])), Err(StatsError::Missing { row: 0, .. })));
}
