//! The multilevel logit by maximum likelihood against lme4, glmmTMB and WeMix (`04_mixed.R`), and against identities.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use clrisk_stats::multilevel::{
    Integration, LikelihoodData, MaximumLikelihood, MaximumLikelihoodFit, MultilevelData, Term, WeightScaling,
};
use common::{Table, number, numbers, reference_json};
use serde_json::Value;

/// Owned data of a model with one random intercept.
struct Sample {
    design: Vec<f64>,
    names: Vec<String>,
    shares: Vec<f64>,
    trials: Option<Vec<f64>>,
    weights: Vec<f64>,
    levels: Vec<u32>,
    level_count: usize,
}

impl Sample {
    /// Contagious bovine pleuropneumonia: serological incidence in 15 herds over four periods (lme4's example).
    fn cbpp() -> Option<Self> {
        let table = Table::reference("cbpp")?;
        let (incidence, size, period) = (table.numbers("incidence"), table.numbers("size"), table.codes("period"));
        let design = period.iter().flat_map(|&own| (1..=4).map(move |p| f64::from(u8::from(p == 1 || p == own))));
        Some(Sample {
            design: design.collect(),
            names: ["(Intercept)", "period2", "period3", "period4"].map(str::to_owned).to_vec(),
            shares: incidence.iter().zip(&size).map(|(y, n)| y / n).collect(),
            weights: vec![1.0; size.len()],
            levels: table.codes("herd").iter().map(|&herd| herd as u32 - 1).collect(),
            level_count: 15,
            trials: Some(size),
        })
    }

    /// 4,000 children of 60 areas of a synthetic survey.
    fn bernoulli() -> Option<Self> {
        let table = Table::reference("bern60")?;
        let names = ["age1", "female", "urban", "attends", "wealth"];
        let columns: Vec<Vec<f64>> = names.iter().map(|name| table.numbers(name)).collect();
        let rows = table.rows();
        let design = (0..rows).flat_map(|row| std::iter::once(1.0).chain(columns.iter().map(move |c| c[row])));
        Some(Sample {
            design: design.collect(),
            names: std::iter::once("(Intercept)").chain(names).map(str::to_owned).collect(),
            shares: table.numbers("y"),
            trials: None,
            weights: vec![1.0; rows],
            levels: table.codes("area").iter().map(|&area| area as u32).collect(),
            level_count: 60,
        })
    }

    fn with<T>(&self, use_data: impl FnOnce(&LikelihoodData<'_>) -> T) -> T {
        let term = Term { group: 0, levels: self.level_count, level_of_row: &self.levels, columns: &[None] };
        let rows = MultilevelData {
            design: &self.design,
            width: self.names.len(),
            fixed: self.names.len(),
            names: &self.names,
            outcome: &self.shares,
            weights: &self.weights,
            terms: &[term],
        };
        use_data(&LikelihoodData { rows, trials: self.trials.as_deref(), correlated: &[] })
    }

    fn fit(&self, integration: Integration) -> MaximumLikelihoodFit {
        self.with(|data| MaximumLikelihood::with(integration).fit(data).unwrap())
    }
}

/// Every difference at most `tolerance`.
#[track_caller]
fn within(found: &[f64], expected: &Value, tolerance: f64, what: &str) {
    let expected = numbers(expected);
    assert_eq!(found.len(), expected.len(), "{what}");
    for (f, e) in found.iter().zip(&expected) {
        assert!((f - e).abs() <= tolerance, "{what}: found {f}, expected {e}, difference {:.1e}", f - e);
    }
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |m, v| m.max(v.abs()))
}

/// `sum log P(successes | trials, share)`: the log-likelihood of a model with a parameter for every row, by the product of
/// factors so as to share nothing with the code tested.
fn saturated(sample: &Sample) -> f64 {
    let Some(trials) = &sample.trials else { return 0.0 };
    let of_row = |share: f64, trials: f64| {
        let successes = (share * trials).round();
        let choose: f64 = (1..=successes as u32).map(|k| ((trials - successes) / f64::from(k)).ln_1p()).sum();
        let term = |count: f64, p: f64| if count > 0.0 { count * p.ln() } else { 0.0 };
        choose + term(successes, share) + term(trials - successes, 1.0 - share)
    };
    sample.shares.iter().zip(trials).map(|(share, trials)| of_row(*share, *trials)).sum()
}

/// What a section of lme4 or glmmTMB has, against a fit. Tolerances: 1e-6 in the log-likelihood, 1e-4 elsewhere.
#[track_caller]
fn compare(fit: &MaximumLikelihoodFit, e: &Value, constant: f64, name: &str) {
    let difference = fit.log_likelihood() - constant - number(&e["logLik"]);
    assert!(difference.abs() < 1e-6, "{name}: log-likelihood differs by {difference:.2e}");
    // Where the peers stop short of the top, ours is the better value; never the worse one beyond rounding.
    assert!(difference > -1e-9, "{name}: log-likelihood lower by {difference:.2e}");
    assert!(largest(fit.gradient()) < 1e-8, "{name}: gradient {:?}", fit.gradient());
    within(fit.coefficients(), &e["coef"], 1e-5, name);
    within(&fit.standard_errors(), &e["se"], 2e-5, name);
    within(&fit.standard_deviations(), &e["sd"], 1e-5, name);
    within(fit.effects(0), &e["u"], 1e-5, name);
    if !e["u_condvar"].is_null() {
        within(fit.effect_covariances(0), &e["u_condvar"], 1e-5, name);
        assert!((fit.akaike_criterion() + 2.0 * constant - number(&e["AIC"])).abs() < 2e-6, "{name}");
        assert!((fit.bayesian_criterion() + 2.0 * constant - number(&e["BIC"])).abs() < 2e-6, "{name}");
        assert!((-2.0 * (fit.log_likelihood() - constant) - number(&e["deviance"])).abs() < 2e-6, "{name}");
    }
}

#[test]
fn laplace_and_joint_mode_match_lme4_and_glmmtmb() {
    let (Some(expected), Some(cbpp), Some(bern60)) = (reference_json("mixed"), Sample::cbpp(), Sample::bernoulli())
    else {
        return;
    };
    for (sample, name) in [(&cbpp, "cbpp"), (&bern60, "bern60")] {
        for (suffix, integration) in
            [("nAGQ0", Integration::JointMode), ("nAGQ1", Integration::Laplace), ("tmb", Integration::Laplace)]
        {
            let section = format!("{name}_{suffix}");
            compare(&sample.fit(integration), &expected[&section], 0.0, &section);
        }
    }
    let fit = cbpp.fit(Integration::Laplace);
    cbpp.with(|data| {
        let probabilities = |with_effects| fit.probabilities(&data.rows, with_effects).unwrap();
        within(&probabilities(false), &expected["cbpp_predict_fixed"], 1e-6, "without effects");
        within(&probabilities(true), &expected["cbpp_predict_cond"], 1e-6, "with effects");
    });
}

#[test]
fn quadrature_matches_lme4_but_for_the_saturated_log_likelihood_which_lme4_leaves_out() {
    let (Some(expected), Some(cbpp), Some(bern60)) = (reference_json("mixed"), Sample::cbpp(), Sample::bernoulli())
    else {
        return;
    };
    for (sample, name, points) in [(&cbpp, "cbpp", 5), (&cbpp, "cbpp", 9), (&cbpp, "cbpp", 25), (&bern60, "bern60", 7)]
    {
        let section = format!("{name}_nAGQ{points}");
        compare(&sample.fit(Integration::Quadrature(points)), &expected[&section], saturated(sample), &section);
    }
    let one_node = cbpp.fit(Integration::Quadrature(1));
    assert_eq!(one_node.coefficients(), cbpp.fit(Integration::Laplace).coefficients());
}

/// The Bernoulli sample with the survey's weights scaled to the size of each area.
fn weighted() -> Option<Sample> {
    let mut sample = Sample::bernoulli()?;
    let weights = Table::reference("bern60")?.numbers("weight");
    sample.weights = WeightScaling::Size.scale(&weights, &sample.levels, sample.level_count).unwrap();
    Some(sample)
}

#[test]
fn the_weighted_pseudo_likelihood_and_its_sandwich_match_wemix() {
    let (Some(expected), Some(sample)) = (reference_json("mixed"), weighted()) else { return };
    let e = &expected["bern60_wemix_size"];
    let fit = sample.fit(Integration::Quadrature(13));
    assert!((fit.log_likelihood() - number(&e["lnl"])).abs() < 1e-6);
    within(fit.coefficients(), &e["coef"], 1e-6, "coefficients");
    within(fit.effect_covariance(0), &e["vars"], 1e-6, "variance of the effects");
    // WeMix takes its derivatives by differences.
    within(&fit.robust_standard_errors().unwrap(), &e["se"], 5e-5, "standard errors");
    assert!(largest(fit.gradient()) < 1e-8);
}

#[test]
fn lme4_with_fractional_weights_maximises_a_likelihood_without_the_rows_that_round_to_zero_trials() {
    // R's binomial family takes round(weight) for the number of trials in the likelihood, so rows of weight up to one half fall
    // out of the log-likelihood that lme4 maximises, while they stay in the modes and in the determinant. At lme4's parameters
    // modes and value are the same as ours when those rows are left out; the whole pseudo-likelihood is higher at our
    // maximum, which is also WeMix's.
    let (Some(expected), Some(sample)) = (reference_json("mixed"), weighted()) else { return };
    let e = &expected["bern60_glmer_weights_size"];
    let (coefficients, sd) = (numbers(&e["coef"]), number(&e["sd"]));
    let at = sample.with(|data| MaximumLikelihood::default().evaluate(data, &coefficients, &[sd]).unwrap());
    within(&at.effects[0], &e["u"], 1e-10, "modes at lme4's parameters");
    let light: f64 = (0..sample.shares.len())
        .filter(|&row| sample.weights[row] <= 0.5)
        .map(|row| {
            let x = &sample.design[row * coefficients.len()..];
            let fixed: f64 = coefficients.iter().zip(x).map(|(b, x)| b * x).sum();
            let predictor = fixed + at.effects[0][sample.levels[row] as usize];
            let towards_outcome = if sample.shares[row] > 0.5 { predictor } else { -predictor };
            -sample.weights[row] * (-towards_outcome).exp().ln_1p()
        })
        .sum();
    assert!(light < -10.0, "there are such rows");
    assert!((at.log_likelihood - light - number(&e["logLik"])).abs() < 1e-6);
    let fit = sample.fit(Integration::Laplace);
    assert!(fit.log_likelihood() > at.log_likelihood + 0.03);
    assert!(largest(fit.gradient()) < 1e-8 && largest(&at.gradient) > 1.0);
    // The slopes of the predictors are alike all the same, within a quarter of a standard error.
    for ((found, other), error) in fit.coefficients().iter().zip(&coefficients).zip(fit.standard_errors()) {
        assert!((found - other).abs() < 0.25 * error);
    }
}

#[test]
fn every_section_of_the_reference_is_compared_or_has_a_reason() {
    let Some(expected) = reference_json("mixed") else { return };
    let sections = |names: &[&str]| -> Vec<String> { names.iter().map(|&name| name.to_owned()).collect() };
    let compared = [
        sections(&["cbpp_nAGQ0", "cbpp_nAGQ1", "cbpp_tmb", "bern60_nAGQ0", "bern60_nAGQ1", "bern60_tmb"]),
        sections(&["cbpp_predict_fixed", "cbpp_predict_cond"]),
        sections(&["cbpp_nAGQ5", "cbpp_nAGQ9", "cbpp_nAGQ25", "bern60_nAGQ7"]),
        sections(&["bern60_wemix_size", "bern60_glmer_weights_size"]),
    ]
    .concat();
    let reason = |name: &str| {
        name.starts_with('_').then_some("versions of the peers").or_else(|| {
            name.starts_with("sleep_").then_some("a linear model, compared where linear multilevel models are")
        })
    };
    for name in expected.as_object().unwrap().keys() {
        assert!(compared.contains(name) != reason(name).is_some(), "section {name} is not compared and has no reason");
    }
    for name in &compared {
        assert!(!expected[name].is_null(), "there is no section {name}");
    }
}
