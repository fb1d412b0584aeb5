//! The multilevel logit by maximum likelihood against lme4, glmmTMB and WeMix (`04_mixed.R`), and against identities.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use clrisk_stats::multilevel::{
    Integration, LikelihoodData, MaximumLikelihood, MaximumLikelihoodFit, MultilevelData, Term,
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
