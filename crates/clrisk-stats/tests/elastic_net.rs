//! The elastic net: equal to scikit-learn, to the plain fit as the penalty vanishes, and able to tell noise from signal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use clrisk_stats::StatsError;
use clrisk_stats::cross_validation::folds_by_psu;
use clrisk_stats::design::{DesignSpec, SurveyDesign};
use clrisk_stats::logit::{ElasticNet, LogitData, SurveyLogit};
use serde_json::Value;

struct Sample {
    matrix: Vec<f64>,
    outcome: Vec<f64>,
    design: SurveyDesign,
    names: Vec<String>,
}

impl Sample {
    /// The rows of `tests/reference/elastic_net/elastic_net.py`.
    fn new() -> Sample {
        let (mut matrix, mut outcome, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        for i in 0..400u32 {
            let at = f64::from(i);
            let x = [
                (1.3 * at).sin(),
                (0.7 * at).cos() + 0.3 * (1.3 * at).sin(),
                f64::from((37 * i) % 11) / 11.0,
                f64::from(u8::from(i % 5 == 0)),
                (0.11 * at).sin(),
            ];
            let p = 1.0 / (1.0 + (1.0 - 1.2 * x[0] - 0.6 * x[2]).exp());
            matrix.push(1.0);
            matrix.extend(x);
            outcome.push(f64::from(u8::from(f64::from((53 * i) % 97) / 97.0 < p)));
            weights.push(f64::from(1 + i % 7));
        }
        let clusters: Vec<u64> = (0..400).map(|row| row / 8).collect();
        let design = DesignSpec { weights: &weights, clusters: Some(&clusters), ..Default::default() }.build().unwrap();
        let names = ["intercept", "x1", "x2", "x3", "x4", "x5"].map(str::to_owned).to_vec();
        Sample { matrix, outcome, design, names }
    }

    fn data(&self) -> LogitData<'_> {
        LogitData {
            matrix: &self.matrix,
            column_names: &self.names,
            outcome: &self.outcome,
            design: &self.design,
            domain: None,
        }
    }
}

#[test]
fn coefficients_match_scikit_learn() {
    let text = include_str!("reference/elastic_net/elastic_net.json");
    let peer: Value = serde_json::from_str(text).unwrap();
    let sample = Sample::new();
    let cases = peer["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 9);
    for case in cases {
        let mut spec = ElasticNet::default();
        spec.mixing = case["mixing"].as_f64().unwrap();
        let penalty = case["penalty"].as_f64().unwrap();
        let path = spec.at(&sample.data(), vec![penalty]).unwrap();
        for (ours, theirs) in path.coefficients[0].iter().zip(case["coefficients"].as_array().unwrap()) {
            let theirs = theirs.as_f64().unwrap();
            assert!((ours - theirs).abs() < 1e-7, "{} {penalty}: {ours} against {theirs}", spec.mixing);
        }
    }
}

#[test]
fn as_the_penalty_vanishes_the_plain_fit_comes_out() {
    let sample = Sample::new();
    let plain = SurveyLogit::default().fit(&sample.data()).unwrap();
    let path = ElasticNet::default().at(&sample.data(), vec![1e-12]).unwrap();
    for (penalised, plain) in path.coefficients[0].iter().zip(plain.coefficients()) {
        assert!((penalised - plain).abs() < 1e-8, "{penalised} against {plain}");
    }
}

#[test]
fn the_first_penalty_leaves_only_the_intercept_and_the_next_does_not() {
    let sample = Sample::new();
    let path = ElasticNet::default().path(&sample.data()).unwrap();
    assert!(path.coefficients[0][1..].iter().all(|b| b.abs() < 1e-12));
    assert!(path.coefficients[1][1..].iter().any(|b| *b != 0.0));
    let kept = |coefficients: &[f64]| coefficients[1..].iter().filter(|b| **b != 0.0).count();
    assert_eq!(kept(path.coefficients.last().unwrap()), 5);
}

#[test]
fn the_suggestion_keeps_what_matters_and_drops_noise() {
    let sample = Sample::new();
    let folds = folds_by_psu(&sample.design, 10, 1).unwrap();
    let choice = ElasticNet::default().cross_validated(&sample.data(), &folds).unwrap();
    assert!(choice.suggested <= choice.best && choice.losses[choice.suggested] < choice.losses[0]);
    assert!(choice.losses[choice.suggested] <= choice.losses[choice.best] + choice.errors[choice.best]);
    let suggested = choice.coefficients();
    assert!(suggested[1] > 0.3, "x1 moves the outcome: {suggested:?}");
    assert!(suggested[5] == 0.0 && suggested[4] == 0.0, "x4 and x5 do not: {suggested:?}");
}

#[test]
fn what_cannot_be_fitted_is_said() {
    let mut sample = Sample::new();
    let mut spec = ElasticNet::default();
    spec.mixing = 0.0;
    assert!(matches!(spec.path(&sample.data()), Err(StatsError::Setting { setting: "mixing", .. })));
    sample.outcome.fill(1.0);
    assert!(matches!(ElasticNet::default().path(&sample.data()), Err(StatsError::ConstantOutcome)));
    sample = Sample::new();
    sample.matrix.iter_mut().step_by(6).for_each(|x| *x = 0.0);
    assert!(matches!(ElasticNet::default().path(&sample.data()), Err(StatsError::Setting { setting: "matrix", .. })));
}
