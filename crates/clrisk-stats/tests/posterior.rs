//! The posterior of the multilevel logit against full MCMC: 24,000 draws of the no-U-turn sampler for the same density of the
//! same data (`checks/nuts`, whose summaries are carried in `tests/reference/multilevel/nuts_*.json`).
//!
//! Differences are in posterior standard deviations. Each is allowed the Monte-Carlo error of both sides (four standard errors:
//! there are 400 figures) and beside it an error of the approximation. What was accepted, and why:
//!
//! - means and standard deviations of everything, 0.05: a twentieth of its own uncertainty changes no reading of a rate;
//! - quantiles of rates and coefficients, 0.15: given the standard deviations the draws are normal on the logit scale, where the
//!   posterior is still a little skewed. With a tail of 2.5 % a shift of 0.15 changes the coverage of that side by 0.8 points;
//! - standard deviations of standard deviations and effects, 0.1, their quantiles, 0.3: they are not published as rates are; the
//!   ends of a standard deviation that may be zero depend on where the grid is cut off, and the tails of effects follow it;
//! - the same of the model with a correlation, 0.2 and 0.45: four parameters are on a coarser grid, cut off earlier.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

#[path = "common/posterior_cases.rs"]
mod posterior_cases;

use clrisk_stats::multilevel::MultilevelLogit;
use posterior_cases::{Case, Kind, Summary, carried};
use serde_json::Value;

const DRAWS: usize = 8_000;

/// Summary by the sampler and its Monte-Carlo errors of mean and quantiles.
fn known(reference: &Value, name: &str) -> (Summary, [f64; 3]) {
    let figures = reference["figures"][name].as_array().unwrap_or_else(|| panic!("{name} is not carried"));
    let at = |place: usize| figures[place].as_f64().unwrap();
    (Summary { mean: at(0), sd: at(1), low: at(2), high: at(3) }, [at(4), at(5), at(6)])
}

/// Accepted errors of mean, standard deviation and quantiles.
fn accepted(case: &Case, kind: Kind) -> [f64; 3] {
    match kind {
        Kind::StandardDeviation if case.correlations() > 0 => [0.05, 0.2, 0.45],
        Kind::Coefficient | Kind::RateWithData | Kind::RateWithoutData => [0.05, 0.05, 0.15],
        Kind::StandardDeviation | Kind::EffectWithData | Kind::EffectWithoutData => [0.05, 0.1, 0.3],
    }
}

/// Largest differences of the kind: mean, sd, quantiles.
fn check(case: &Case, kind: Kind, ours: &[Vec<f64>], reference: &Value) {
    let mut largest = [0.0f64; 4];
    for ((name, own), draws) in case.figure_names().iter().zip(ours).filter(|((_, own), _)| *own == kind) {
        let ((expected, errors), found) = (known(reference, name), Summary::of(draws));
        let differences = found.differences(&expected);
        let [mean, sd, quantile] = accepted(case, *own);
        // Our draws are independent: errors of a mean, a standard deviation and the outer quantiles of a normal.
        let root = (DRAWS as f64).sqrt();
        let allowed = [
            mean + 4.0 * (1.0 / root).hypot(errors[0] / expected.sd),
            sd + 4.0 * (0.71 / root).hypot(errors[0] / expected.sd),
            quantile + 4.0 * (2.67 / root).hypot(errors[1] / expected.sd),
            quantile + 4.0 * (2.67 / root).hypot(errors[2] / expected.sd),
        ];
        for (i, (difference, allowed)) in differences.iter().zip(allowed).enumerate() {
            largest[i] = largest[i].max(difference.abs());
            assert!(difference.abs() < allowed, "{} {name} [{i}]: {differences:?} allowed {allowed}", case.name);
        }
    }
    println!("{}, {}: {largest:.3?}", case.name, kind.name());
}

fn compare(case: &Case) {
    let path = carried(&format!("nuts_{}.json", case.name));
    let reference: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(reference["largest_r_hat"].as_f64().unwrap() < 1.01 && reference["divergent"] == 0);
    assert!(reference["least_effective_size"].as_f64().unwrap() > 2_000.0);
    let fit = case.with(|data| MultilevelLogit::default().fit(data)).unwrap();
    let ours = case.figures_of(&fit.draws(DRAWS, 1));
    for kind in Kind::ALL {
        check(case, kind, &ours, &reference);
    }
    bias_of_rates(case, &ours, &reference);
}

/// All rates lying too high together would be worse than each being off by chance.
fn bias_of_rates(case: &Case, ours: &[Vec<f64>], reference: &Value) {
    for kind in [Kind::RateWithData, Kind::RateWithoutData] {
        let names = case.figure_names();
        let differences: Vec<f64> = names
            .iter()
            .zip(ours)
            .filter(|((_, own), _)| *own == kind)
            .map(|((name, _), draws)| Summary::of(draws).differences(&known(reference, name).0)[0])
            .collect();
        let bias = differences.iter().sum::<f64>() / differences.len() as f64;
        assert!(bias.abs() < 0.03, "{} {}: {bias}", case.name, kind.name());
    }
}

#[test]
fn herds_have_the_posterior_of_the_sampler() {
    compare(&Case::herds());
}

#[test]
fn areas_of_a_survey_have_the_posterior_of_the_sampler() {
    if let Some(case) = Case::areas() {
        compare(&case);
    }
}

#[test]
fn municipalities_in_departments_with_a_slope_have_the_posterior_of_the_sampler() {
    compare(&Case::municipalities(false));
}

#[test]
fn a_slope_that_is_correlated_with_the_intercept_has_the_posterior_of_the_sampler() {
    compare(&Case::municipalities(true));
}

#[test]
fn standard_deviations_are_drawn_between_the_points_of_the_grid() {
    let case = Case::herds();
    let fit = case.with(|data| MultilevelLogit::default().fit(data)).unwrap();
    let mut drawn = fit.draws(1_000, 5).standard_deviations;
    drawn.sort_by(f64::total_cmp);
    drawn.dedup();
    assert!(drawn.len() == 1_000 && fit.grid_points() < 50, "{} of {}", drawn.len(), fit.grid_points());
}
