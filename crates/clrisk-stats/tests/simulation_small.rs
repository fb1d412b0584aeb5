//! A small run of the simulation study (`examples/simulation.rs`): that it works, and that the default estimator is still good.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

#[path = "../examples/simulation/study.rs"]
mod study;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use study::estimators::Estimator;
use study::population::{Population, Truth};
use study::sample::{Selection, draw};
use study::scores::rank_correlation;
use study::{SCENARIOS, Study};

#[test]
fn the_default_beats_the_classic_estimators_and_its_intervals_hold_the_truth() {
    let study = Study { repeats: 4, populations: 4, seed: 1, draws: 150, threads: 2 };
    let result = study.run(SCENARIOS[0]).unwrap();
    println!("{}", result.markdown());
    assert_eq!(result.markdown().lines().filter(|line| line.ends_with(" % |")).count(), 14);
    let scores = |sampled| Estimator::ALL.map(|estimator| result.score(estimator, sampled));
    for (sampled, least) in [(true, 0.92), (false, 0.90)] {
        let [direct, synthetic, area_level, without_both, without_spatial, without_design_effect, default] =
            scores(sampled);
        for score in [without_both, without_spatial, without_design_effect, default] {
            assert!(score.coverage > least && score.coverage < 0.985, "{sampled}: coverage {}", score.coverage);
            assert!(score.bias.abs() < 0.01, "{sampled}: bias {}", score.bias);
            assert!(score.failures == 0.0 && score.rank > 0.4, "{sampled}: rank correlation {}", score.rank);
            assert!(score.rmse < synthetic.rmse && score.rmse < area_level.rmse, "{sampled}: RMSE {}", score.rmse);
        }
        assert!(synthetic.coverage < 0.5, "a logit without municipal effects does not know how they differ");
        if sampled {
            assert!(default.rmse < 0.7 * direct.rmse && direct.coverage > 0.93, "direct: {direct:?}");
            assert!(area_level.coverage > 0.85 && area_level.rmse < direct.rmse, "Fay-Herriot: {area_level:?}");
        } else {
            assert!(direct.estimates == 0.0 && direct.failures == 1.0, "no sample, no direct estimate");
        }
    }
}

#[test]
fn weights_add_up_to_the_population_and_to_its_cases_also_when_selection_is_informative() {
    let population = Population::invent(Truth::MODEL, 5).unwrap();
    let children = population.children.len() as f64;
    for selection in [Selection::Ignorable, Selection::Informative] {
        let (mut people, mut cases, mut unweighted) = (Vec::new(), Vec::new(), 0.0);
        for repeat in 0..12 {
            let sample = draw(&population, selection, &mut ChaCha8Rng::seed_from_u64(repeat)).unwrap();
            people.push(sample.weights.iter().sum::<f64>() / children);
            let working: f64 = sample.weights.iter().zip(&sample.outcome).map(|(w, y)| w * y).sum();
            cases.push(working / (children * population.prevalence()));
            unweighted += sample.outcome.iter().sum::<f64>() / sample.outcome.len() as f64 / 12.0;
        }
        for totals in [&people, &cases] {
            let mean = totals.iter().sum::<f64>() / 12.0;
            let sd = (totals.iter().map(|t| (t - mean).powi(2)).sum::<f64>() / 11.0).sqrt();
            assert!((mean - 1.0).abs() < 4.0 * sd / 12.0f64.sqrt() && sd < 0.1, "{selection:?}: {mean} ± {sd}");
        }
        let ratio = unweighted / population.prevalence();
        let informative = selection == Selection::Informative;
        assert_eq!(ratio > 1.5, informative, "{selection:?}: the unweighted mean is {ratio} of the truth");
    }
}

#[test]
fn census_cells_hold_every_child_once() {
    let population = Population::invent(Truth::CLUSTERED, 2).unwrap();
    let counted: f64 = population.cells.iter().flatten().map(|cell| cell.count).sum();
    assert_eq!(counted as usize, population.children.len());
    assert_eq!(population.unit_size.iter().sum::<f64>() as usize, population.children.len());
    assert!(population.truth.iter().all(|truth| (0.0..=1.0).contains(truth)));
    let in_segments: usize = population.segments.iter().map(|segment| segment.children.len()).sum();
    assert_eq!(in_segments, population.children.len());
}

#[test]
fn a_repeat_does_not_depend_on_the_threads() {
    let run = |threads| {
        let study = Study { repeats: 2, populations: 1, seed: 9, draws: 20, threads };
        // As text, for what has no value (NaN) is the same as itself.
        format!("{:?}", study.run(SCENARIOS[1]).unwrap().repeats)
    };
    assert_eq!(run(1), run(2));
}

#[test]
fn rank_correlation_has_its_known_values() {
    assert!((rank_correlation(&[1.0, 2.0, 3.0], &[10.0, 20.0, 90.0]) - 1.0).abs() < 1e-14);
    assert!((rank_correlation(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]) + 1.0).abs() < 1e-14);
    // With a tie: ranks 0.5, 0.5, 2 and 0, 1, 2.
    assert!((rank_correlation(&[1.0, 1.0, 3.0], &[1.0, 2.0, 3.0]) - 0.75f64.sqrt()).abs() < 1e-14);
}
