//! Smoothed variances and change between surveys, on simulated data whose truth is known.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use clrisk_stats::StatsError;
use clrisk_stats::design::{DesignSpec, SurveyDesign};
use clrisk_stats::direct::{
    DirectEstimate, VarianceFunction, change, change_between_rounds, mean, proportion_by_group,
};
use common::close;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

struct Random(ChaCha8Rng);

impl Random {
    fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (2.0 * std::f64::consts::PI * self.uniform()).cos()
    }

    /// `chi^2_k / k`.
    fn variance_ratio(&mut self, k: usize) -> f64 {
        (0..k).map(|_| self.normal().powi(2)).sum::<f64>() / k as f64
    }
}

fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0))
}

/// An estimate with a given proportion, sample size, degrees of freedom and estimated variance, taken from a real one.
fn area(p: f64, n: usize, degrees_of_freedom: f64, variance: f64) -> DirectEstimate {
    let design = DesignSpec { weights: &[1.0, 1.0], ..Default::default() }.build().unwrap();
    DirectEstimate {
        value: p,
        standard_error: variance.sqrt(),
        degrees_of_freedom,
        sample_size: n,
        cases: (p * n as f64) as usize,
        ..mean(&design, &[0.0, 1.0], None).unwrap()
    }
}

/// True coefficients: a design effect of 1.5 that grows slowly with the sample, and leans on the proportion.
const TRUTH: [f64; 3] = [0.4, -0.9, 1.1];

fn true_variance(n: f64, p: f64) -> f64 {
    (TRUTH[0] + TRUTH[1] * n.ln() + TRUTH[2] * (p * (1.0 - p)).ln()).exp()
}

fn simulated_areas(random: &mut Random, areas: usize) -> (Vec<Option<DirectEstimate>>, Vec<f64>) {
    let mut truth = Vec::new();
    let estimates = (0..areas)
        .map(|_| {
            let n = 30 + (370.0 * random.uniform()) as usize;
            let p = 0.08 + 0.35 * random.uniform();
            // Some fifteen records per sampling unit.
            let k = (n / 15).max(2);
            truth.push(true_variance(n as f64, p));
            Some(area(p, n, k as f64, truth[truth.len() - 1] * random.variance_ratio(k)))
        })
        .collect();
    (estimates, truth)
}

#[test]
fn the_model_finds_its_own_coefficients_and_their_errors_tell_how_well() {
    let mut random = Random::new(20);
    let repetitions = 400;
    let mut found: [Vec<f64>; 3] = Default::default();
    let (mut covered, mut levels, mut dispersions) = ([0; 3], Vec::new(), Vec::new());
    for _ in 0..repetitions {
        let (estimates, _) = simulated_areas(&mut random, 120);
        let fit = VarianceFunction::default().fit(&estimates).unwrap();
        assert_eq!(fit.areas, 120);
        for j in 0..3 {
            found[j].push(fit.coefficients[j]);
            // 1.98 is Student's t with 117 degrees of freedom.
            covered[j] += usize::from((fit.coefficients[j] - TRUTH[j]).abs() < 1.98 * fit.standard_errors[j]);
        }
        levels.push(fit.level_factor);
        dispersions.push(fit.dispersion);
    }
    for j in 0..3 {
        let (mean, variance) = moments(&found[j]);
        let bound = 4.0 * (variance / f64::from(repetitions)).sqrt();
        let share = covered[j] as f64 / f64::from(repetitions);
        println!("coefficient {j}: mean {mean:.4}, truth {}, coverage {share:.3}", TRUTH[j]);
        assert!((mean - TRUTH[j]).abs() < bound, "{mean} {bound}");
        // Four standard errors of a share of 95 in 100.
        assert!((share - 0.95).abs() < 4.0 * (0.95 * 0.05 / f64::from(repetitions)).sqrt(), "{share}");
    }
    assert!((moments(&levels).0 - 1.0).abs() < 0.01 && (moments(&dispersions).0 - 1.0).abs() < 0.05);
}

#[test]
fn smoothed_variances_are_much_nearer_to_the_truth_and_add_up_to_the_direct_ones() {
    let mut random = Random::new(21);
    let (mut estimates, truth) = simulated_areas(&mut random, 200);
    let fit = VarianceFunction::default().fit(&estimates).unwrap();
    let smoothed = fit.smoothed(&estimates, None).unwrap();
    let error = |values: &dyn Fn(usize) -> f64| {
        ((0..200).map(|d| (values(d) / truth[d]).ln().powi(2)).sum::<f64>() / 200.0).sqrt()
    };
    let direct = error(&|d| estimates[d].unwrap().variance());
    let after = error(&|d| smoothed[d].unwrap());
    println!("root mean square error of log variance: direct {direct:.3}, smoothed {after:.3}");
    assert!(after < 0.25 * direct, "{after} {direct}");
    let sums = |values: &dyn Fn(usize) -> f64| (0..200).map(values).sum::<f64>();
    close(sums(&|d| smoothed[d].unwrap()), sums(&|d| estimates[d].unwrap().variance()), 1e-12, "level");
    // Units of equal totals: a variance of rounding errors tells nothing and is left out.
    let mut rounding = estimates.clone();
    rounding[5] = Some(area(0.2, 60, 4.0, 1e-33));
    let without = VarianceFunction::default().fit(&rounding).unwrap();
    assert_eq!(without.areas, 199);
    close(without.coefficients[1], fit.coefficients[1], 0.1, "slope");
    // An area without cases has no variance of its own; a synthetic proportion gives it one. An empty area has none.
    estimates[0] = Some(area(0.0, 50, 4.0, 0.0));
    estimates[1] = None;
    let fit = VarianceFunction::default().fit(&estimates).unwrap();
    assert_eq!(fit.areas, 198);
    assert_eq!(fit.smoothed(&estimates, None).unwrap()[..2], [None, None]);
    let synthetic = vec![0.2; 200];
    let given = fit.smoothed(&estimates, Some(&synthetic)).unwrap();
    assert_eq!((given[0], given[1]), (Some(fit.variance(50.0, 0.2).unwrap()), None));
    assert!((given[0].unwrap() / true_variance(50.0, 0.2) - 1.0).abs() < 0.2);
}

#[test]
fn what_the_function_cannot_be_fitted_to_is_refused() {
    let few: Vec<_> = (0..4).map(|d| Some(area(0.2, 50 + d, 4.0, 0.01))).collect();
    assert!(matches!(VarianceFunction::default().fit(&few), Err(StatsError::Empty { .. })));
    let alike: Vec<_> = (0..9).map(|d| Some(area(0.1 + 0.02 * f64::from(d), 50, 4.0, 0.01))).collect();
    let StatsError::Collinear { names, .. } = VarianceFunction::default().fit(&alike).unwrap_err() else {
        panic!("wrong kind")
    };
    assert_eq!(names, ["log n"]);
    let mut random = Random::new(1);
    let fit = VarianceFunction::default().fit(&simulated_areas(&mut random, 30).0).unwrap();
    assert!(fit.variance(0.0, 0.2).is_err() && fit.variance(10.0, 1.0).is_err());
    assert!(fit.smoothed(&few, Some(&[0.2, 0.2, 0.0, 0.2])).is_err() && fit.smoothed(&few, Some(&[0.2])).is_err());
}

/// A population of areas in which children of one unit are alike; a sample of units with all of their ten children.
struct Country {
    /// By area: rate of each unit.
    rates: Vec<Vec<f64>>,
}

impl Country {
    fn new(random: &mut Random, areas: usize) -> Self {
        let rates = (0..areas)
            .map(|_| {
                let level = -2.0 + 1.4 * random.uniform();
                (0..200).map(|_| 1.0 / (1.0 + (-(level + 0.7 * random.normal())).exp())).collect()
            })
            .collect();
        Self { rates }
    }

    fn survey(&self, random: &mut Random) -> Vec<Option<DirectEstimate>> {
        let (mut y, mut groups, mut clusters) = (Vec::new(), Vec::new(), Vec::new());
        for (area, rates) in self.rates.iter().enumerate() {
            for unit in 0..4 + 2 * (area % 6) {
                let rate = rates[(random.uniform() * rates.len() as f64) as usize];
                for _ in 0..10 {
                    y.push(f64::from(u8::from(random.uniform() < rate)));
                    groups.push(area as u32);
                    clusters.push((1000 * area + unit) as u64);
                }
            }
        }
        let strata: Vec<u64> = groups.iter().map(|&g| u64::from(g)).collect();
        let weights = vec![20.0; y.len()];
        let design =
            DesignSpec { weights: &weights, strata: Some(&strata), clusters: Some(&clusters), ..Default::default() }
                .build()
                .unwrap();
        proportion_by_group(&design, &y, &groups, self.rates.len()).unwrap()
    }
}

#[test]
fn over_repeated_surveys_the_smoothed_variance_beats_the_direct_one() {
    let mut random = Random::new(5);
    let country = Country::new(&mut random, 60);
    let surveys: Vec<_> = (0..200).map(|_| country.survey(&mut random)).collect();
    // The truth: how the direct estimate of an area varies from survey to survey.
    let truth: Vec<f64> =
        (0..60).map(|area| moments(&surveys.iter().map(|s| s[area].unwrap().value).collect::<Vec<_>>()).1).collect();
    let average: Vec<f64> =
        (0..60).map(|area| moments(&surveys.iter().map(|s| s[area].unwrap().value).collect::<Vec<_>>()).0).collect();
    let (mut direct, mut smoothed, mut ratio) = (0.0, 0.0, 0.0);
    for survey in &surveys[..50] {
        let fit = VarianceFunction::default().fit(survey).unwrap();
        // Evaluated at a proportion that does not follow the luck of the area's own sample.
        let values = fit.smoothed(survey, Some(&average)).unwrap();
        for area in 0..60 {
            let relative = |v: f64| (v / truth[area] - 1.0).powi(2) / (50.0 * 60.0);
            direct += relative(survey[area].unwrap().variance());
            smoothed += relative(values[area].unwrap());
            ratio += values[area].unwrap() / truth[area] / (50.0 * 60.0);
        }
    }
    println!("relative RMSE: direct {:.3}, smoothed {:.3}; mean ratio {ratio:.3}", direct.sqrt(), smoothed.sqrt());
    assert!(smoothed.sqrt() < 0.5 * direct.sqrt());
    assert!((ratio - 1.0).abs() < 0.1, "{ratio}");
}

/// Two rounds of ten records in each unit, the second on the same units or on new ones.
fn rounds(random: &mut Random, shared: bool) -> (SurveyDesign, Vec<f64>, Vec<bool>) {
    let (mut y, mut later, mut clusters, mut strata) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for unit in 0..40u64 {
        let mut effect = random.normal();
        for round in 0..2u64 {
            if round == 1 && !shared {
                effect = random.normal();
            }
            for _ in 0..10 {
                y.push(2.0 + 0.3 * round as f64 + effect + random.normal());
                later.push(round == 1);
                strata.push(unit % 2);
                clusters.push(if shared { unit } else { unit + 100 * round });
            }
        }
    }
    let weights = vec![1.0; y.len()];
    let design =
        DesignSpec { weights: &weights, strata: Some(&strata), clusters: Some(&clusters), ..Default::default() }
            .build()
            .unwrap();
    (design, y, later)
}

#[test]
fn the_variance_of_change_is_right_whether_the_rounds_share_units_or_not() {
    let mut random = Random::new(8);
    for shared in [true, false] {
        let (mut changes, mut variances, mut separate) = (Vec::new(), Vec::new(), Vec::new());
        let repetitions = 600;
        let mut covered = 0;
        for _ in 0..repetitions {
            let (design, y, later) = rounds(&mut random, shared);
            let found = change_between_rounds(&design, &y, &later, None).unwrap();
            assert_eq!(found.psus, if shared { 40 } else { 80 });
            let earlier: Vec<bool> = later.iter().map(|l| !l).collect();
            let of = |round: &[bool]| mean(&design, &y, Some(round)).unwrap();
            let apart = change(&of(&later), &of(&earlier));
            close(apart.value, found.value, 1e-12, "change");
            changes.push(found.value);
            variances.push(found.variance());
            separate.push(apart.variance());
            let interval = found.interval(0.95).unwrap();
            covered += usize::from(interval.lower <= 0.3 && 0.3 <= interval.upper);
        }
        let (mean, truth) = moments(&changes);
        let (estimated, as_if_independent) = (moments(&variances).0, moments(&separate).0);
        let coverage = covered as f64 / repetitions as f64;
        println!(
            "shared {shared}: true variance {truth:.5}, estimated {estimated:.5}, as if independent \
             {as_if_independent:.5}, coverage {coverage:.3}"
        );
        assert!((mean - 0.3).abs() < 4.0 * (truth / repetitions as f64).sqrt());
        // The Monte Carlo error of a variance is sqrt(2 / repetitions), six per cent.
        assert!((estimated / truth - 1.0).abs() < 4.0 * (2.0 / repetitions as f64).sqrt());
        assert!((coverage - 0.95).abs() < 4.0 * (0.95 * 0.05 / repetitions as f64).sqrt());
        // Half of the variance is the units', who cancel out of the change when they stay.
        let expected = if shared { 5.0 } else { 0.5 };
        assert!(if shared {
            as_if_independent > expected * truth
        } else {
            as_if_independent / estimated - 1.0 < expected
        });
    }
}
