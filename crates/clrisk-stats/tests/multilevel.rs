//! The multilevel logit by maximum likelihood against lme4, glmmTMB and WeMix (`04_mixed.R`), against the Python package glmm
//! where effects are crossed or correlated, and against identities. What concerns `cbpp` is carried in
//! `tests/reference/multilevel/` and runs on a fresh clone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use std::path::PathBuf;

use clrisk_stats::StatsError;
use clrisk_stats::multilevel::{
    Integration, LikelihoodData, MaximumLikelihood, MaximumLikelihoodFit, MultilevelData, Term, WeightScaling,
};
use common::{Table, number, numbers, reference_json};
use serde_json::Value;

fn carried(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/multilevel").join(name)
}

fn carried_json(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(carried(name)).unwrap()).unwrap()
}

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
    fn cbpp() -> Self {
        let table = Table::read(carried("cbpp.csv"));
        let (incidence, size, period) = (table.numbers("incidence"), table.numbers("size"), table.codes("period"));
        let design = period.iter().flat_map(|&own| (1..=4).map(move |p| f64::from(u8::from(p == 1 || p == own))));
        Sample {
            design: design.collect(),
            names: ["(Intercept)", "period2", "period3", "period4"].map(str::to_owned).to_vec(),
            shares: incidence.iter().zip(&size).map(|(y, n)| y / n).collect(),
            weights: vec![1.0; size.len()],
            levels: table.codes("herd").iter().map(|&herd| herd as u32 - 1).collect(),
            level_count: 15,
            trials: Some(size),
        }
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
        let term = Term {
            group: 0,
            levels: self.level_count,
            level_of_row: &self.levels,
            columns: &[None],
            correlated: false,
        };
        let rows = MultilevelData {
            design: &self.design,
            width: self.names.len(),
            fixed: self.names.len(),
            names: &self.names,
            outcome: &self.shares,
            weights: &self.weights,
            terms: &[term],
        };
        use_data(&LikelihoodData { rows, trials: self.trials.as_deref() })
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

/// The sample a section is about, and the section without its name.
fn sample_of(section: &str) -> Option<(Sample, &str)> {
    if let Some(rest) = section.strip_prefix("cbpp_") {
        return Some((Sample::cbpp(), rest));
    }
    let rest = section.strip_prefix("bern60_")?;
    Some((if rest.ends_with("_size") { weighted()? } else { Sample::bernoulli()? }, rest))
}

/// Compares one section of the reference; panics when it does not know it.
fn compare_section(name: &str, e: &Value) {
    let (sample, kind) = sample_of(name).unwrap_or_else(|| panic!("section {name} is not compared and has no reason"));
    let predictions = |with_effects| {
        let fit = sample.fit(Integration::Laplace);
        within(&sample.with(|data| fit.probabilities(&data.rows, with_effects).unwrap()), e, 1e-6, name);
    };
    match kind {
        "nAGQ0" => compare(&sample.fit(Integration::JointMode), e, 0.0, name),
        "nAGQ1" | "tmb" => compare(&sample.fit(Integration::Laplace), e, 0.0, name),
        "predict_fixed" => predictions(false),
        "predict_cond" => predictions(true),
        "wemix_size" => compare_with_wemix(&sample, e),
        "glmer_weights_size" => compare_with_weighted_lme4(&sample, e),
        _ => {
            // With more than one node lme4 leaves the saturated log-likelihood out.
            let points = kind.strip_prefix("nAGQ").and_then(|points| points.parse().ok());
            let points = points.unwrap_or_else(|| panic!("section {name} is not compared and has no reason"));
            compare(&sample.fit(Integration::Quadrature(points)), e, saturated(&sample), name);
        }
    }
}

/// Why a section is not compared here.
fn exception(name: &str) -> Option<&'static str> {
    match name {
        "_versions" | "_peer" => Some("versions of the peers"),
        "sleep_REMLTRUE" | "sleep_REMLFALSE" => Some("a linear model, compared where linear multilevel models are"),
        _ => None,
    }
}

fn walk(reference: &Value) {
    for (name, section) in reference.as_object().unwrap() {
        match exception(name) {
            Some(reason) => println!("{name}: {reason}"),
            None => compare_section(name, section),
        }
    }
}

#[test]
fn every_section_of_the_reference_is_matched_or_has_a_reason() {
    let Some(expected) = reference_json("mixed") else { return };
    walk(&expected);
}

#[test]
fn cbpp_matches_lme4_and_glmmtmb_on_a_fresh_clone() {
    walk(&carried_json("cbpp.json"));
    let sample = Sample::cbpp();
    let one_node = sample.fit(Integration::Quadrature(1));
    assert_eq!(one_node.coefficients(), sample.fit(Integration::Laplace).coefficients());
}

/// The Bernoulli sample with the survey's weights scaled to the size of each area.
fn weighted() -> Option<Sample> {
    let mut sample = Sample::bernoulli()?;
    let weights = Table::reference("bern60")?.numbers("weight");
    sample.weights = WeightScaling::Size.scale(&weights, &sample.levels, sample.level_count).unwrap();
    Some(sample)
}

/// The weighted pseudo-likelihood by quadrature and its sandwich variance.
fn compare_with_wemix(sample: &Sample, e: &Value) {
    let fit = sample.fit(Integration::Quadrature(13));
    assert!((fit.log_likelihood() - number(&e["lnl"])).abs() < 1e-6);
    within(fit.coefficients(), &e["coef"], 1e-6, "coefficients");
    within(fit.effect_covariance(0), &e["vars"], 1e-6, "variance of the effects");
    // WeMix takes its derivatives by differences.
    within(&fit.robust_standard_errors().unwrap(), &e["se"], 5e-5, "standard errors");
    assert!(largest(fit.gradient()) < 1e-8);
}

/// R's binomial family takes `round(weight)` for the number of trials in the likelihood, so rows of weight up to one half fall
/// out of the log-likelihood that lme4 maximises, while they stay in its modes and determinant. At lme4's parameters modes and
/// value are the same as ours when those rows are left out; the whole pseudo-likelihood is higher at our maximum, which is
/// WeMix's too.
fn compare_with_weighted_lme4(sample: &Sample, e: &Value) {
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
    // The coefficients are alike all the same, within a quarter of a standard error.
    for ((found, other), error) in fit.coefficients().iter().zip(&coefficients).zip(fit.standard_errors()) {
        assert!((found - other).abs() < 0.25 * error);
    }
}

/// A model of `cbpp` with other random terms than one intercept.
struct Structure {
    time: bool,
    /// Factor (0 herd, 1 period, 2 record), columns (none: intercept, 1: time), correlated.
    terms: Vec<(usize, Vec<Option<usize>>, bool)>,
}

impl Structure {
    fn named(name: &str) -> Self {
        let intercept = |factor| (factor, vec![None], false);
        let slopes = (0, vec![None, Some(1)], true);
        let terms = match name {
            "crossed" | "no_variance" => vec![intercept(0), intercept(1)],
            "nested" => vec![intercept(0), intercept(2)],
            "correlated" => vec![slopes],
            "correlated_and_nested" => vec![slopes, intercept(2)],
            "independent_slopes_of_two_factors" => vec![(0, vec![None, Some(1)], false), (1, vec![Some(1)], false)],
            other => panic!("no structure {other}"),
        };
        Structure { time: name != "crossed", terms }
    }

    fn with<T>(&self, use_data: impl FnOnce(&LikelihoodData<'_>) -> T) -> T {
        let table = Table::read(carried("cbpp.csv"));
        let (period, trials) = (table.codes("period"), table.numbers("size"));
        let shares: Vec<f64> = table.numbers("incidence").iter().zip(&trials).map(|(y, n)| y / n).collect();
        let factors: [Vec<u32>; 3] = [
            table.codes("herd").iter().map(|&herd| herd as u32 - 1).collect(),
            period.iter().map(|&p| p as u32 - 1).collect(),
            (0..table.rows() as u32).collect(),
        ];
        let terms: Vec<Term<'_>> = self
            .terms
            .iter()
            .map(|(factor, columns, correlated)| Term {
                group: *factor,
                levels: factors[*factor].iter().max().map_or(0, |&level| level as usize + 1),
                level_of_row: &factors[*factor],
                columns,
                correlated: *correlated,
            })
            .collect();
        use_data(&LikelihoodData {
            rows: MultilevelData {
                design: &period.iter().flat_map(|&p| [1.0, p as f64 - 1.0]).collect::<Vec<f64>>(),
                width: 2,
                fixed: if self.time { 2 } else { 1 },
                names: &["(Intercept)", "time"].map(str::to_owned),
                outcome: &shares,
                weights: &vec![1.0; shares.len()],
                terms: &terms,
            },
            trials: Some(&trials),
        })
    }
}

#[test]
fn crossed_nested_and_correlated_effects_match_the_package_glmm() {
    for (name, e) in carried_json("structures.json").as_object().unwrap() {
        if name == "_peer" {
            continue;
        }
        let structure = Structure::named(name);
        let fit = structure.with(|data| MaximumLikelihood::default().fit(data).unwrap());
        let difference = fit.log_likelihood() - number(&e["logLik"]);
        assert!(difference.abs() < 1e-6 && difference > -1e-8, "{name}: log-likelihood differs by {difference:.2e}");
        assert!(largest(fit.gradient()) < 1e-7, "{name}: {:?}", fit.gradient());
        within(fit.coefficients(), &e["coef"], 1e-4, name);
        let singular = e["singular"].as_bool().unwrap();
        assert_eq!(fit.is_singular(), singular, "{name}");
        for (term, covariance) in e["covariance"].as_array().unwrap().iter().enumerate() {
            let found = fit.effect_covariance(term);
            let lower = if found.len() == 4 { vec![found[0], found[2], found[3]] } else { found.to_vec() };
            within(&lower, covariance, 1e-4, name);
        }
        if !singular {
            within(&fit.standard_errors(), &e["se"], 1e-4, name);
        }
    }
}

#[test]
fn gradients_are_those_of_the_log_likelihood_in_every_structure() {
    let step = 1e-5;
    for (name, thetas) in [
        ("crossed", vec![0.7, 0.4]),
        ("nested", vec![0.3, 0.8]),
        ("correlated", vec![0.7, -0.2, 0.3]),
        ("correlated_and_nested", vec![0.7, 0.3, 0.2, 0.5]),
        ("independent_slopes_of_two_factors", vec![0.6, 0.2, 0.3]),
    ] {
        let structure = Structure::named(name);
        let fixed = if structure.time { vec![-1.4, -0.5] } else { vec![-1.4] };
        let point = [fixed.clone(), thetas].concat();
        let at = |point: &[f64]| {
            let (coefficients, thetas) = point.split_at(fixed.len());
            structure.with(|data| MaximumLikelihood::default().evaluate(data, coefficients, thetas).unwrap())
        };
        let gradient = at(&point).gradient;
        for place in 0..point.len() {
            let shifted = |by: f64| {
                let mut point = point.clone();
                point[place] += by;
                at(&point).log_likelihood
            };
            let slope = (shifted(step) - shifted(-step)) / (2.0 * step);
            assert!((slope - gradient[place]).abs() < 1e-6, "{name} {place}: {slope} against {}", gradient[place]);
        }
    }
}

#[test]
fn quadrature_gradients_and_standard_errors_are_those_of_the_log_likelihood() {
    let sample = Sample::cbpp();
    for integration in [Integration::Laplace, Integration::Quadrature(3), Integration::Quadrature(9)] {
        let method = MaximumLikelihood::with(integration);
        let fit = sample.fit(integration);
        let top = [fit.coefficients(), fit.thetas()].concat();
        let at = |point: &[f64]| sample.with(|data| method.evaluate(data, &point[..4], &point[4..]).unwrap());
        assert!((at(&top).log_likelihood - fit.log_likelihood()).abs() < 1e-10);
        let (step, size) = (3e-5, top.len());
        let mut information = vec![0.0; size * size];
        let mut off_top = top.clone();
        off_top.iter_mut().for_each(|value| *value += 0.1);
        for place in 0..size {
            let shifted = |from: &[f64], by: f64| {
                let mut point = from.to_vec();
                point[place] += by;
                at(&point)
            };
            let (up, down) = (shifted(&off_top, step), shifted(&off_top, -step));
            let slope = (up.log_likelihood - down.log_likelihood) / (2.0 * step);
            assert!((slope - at(&off_top).gradient[place]).abs() < 1e-6, "{integration:?} {place}");
            let (up, down) = (shifted(&top, step), shifted(&top, -step));
            for other in 0..size {
                information[place * size + other] = (down.gradient[other] - up.gradient[other]) / (2.0 * step);
            }
        }
        // The standard error of a coefficient is the root of the first element of the inverse: information times the column of
        // the covariance is the unit column in the coefficients when the thetas are profiled.
        for column in 0..4 {
            let covariance: Vec<f64> = (0..4).map(|row| fit.covariance()[row * 4 + column]).collect();
            let product = |row: usize| -> f64 {
                let through_theta = information[row * size + 4] / information[size * size - 1];
                (0..4)
                    .map(|k| (information[row * size + k] - through_theta * information[4 * size + k]) * covariance[k])
                    .sum()
            };
            for row in 0..4 {
                let unit = f64::from(u8::from(row == column));
                assert!((product(row) - unit).abs() < 1e-6, "{integration:?} {row} {column}");
            }
        }
    }
}

#[test]
fn counted_rows_are_the_same_as_one_row_for_each_animal() {
    let sample = Sample::cbpp();
    let trials = sample.trials.clone().unwrap();
    let width = sample.names.len();
    let mut single = Sample {
        design: vec![],
        names: sample.names.clone(),
        shares: vec![],
        trials: None,
        weights: vec![],
        levels: vec![],
        level_count: sample.level_count + 1,
    };
    for row in 0..trials.len() {
        for animal in 0..trials[row] as usize {
            single.design.extend_from_slice(&sample.design[row * width..(row + 1) * width]);
            single.shares.push(f64::from(u8::from((animal as f64) < (sample.shares[row] * trials[row]).round())));
            single.weights.push(1.0);
            single.levels.push(sample.levels[row]);
        }
    }
    // A row without weight is no row; the last level has no data.
    single.design.extend_from_slice(&[1.0, 5.0, -3.0, 2.0]);
    single.shares.push(1.0);
    single.weights.push(0.0);
    single.levels.push(2);
    for integration in [Integration::JointMode, Integration::Laplace, Integration::Quadrature(7)] {
        let (counted, one_by_one) = (sample.fit(integration), single.fit(integration));
        let difference = counted.log_likelihood() - counted.log_binomial() - one_by_one.log_likelihood();
        assert!(difference.abs() < 1e-9, "{integration:?} {difference:.1e}");
        for (a, b) in counted.coefficients().iter().zip(one_by_one.coefficients()) {
            assert!((a - b).abs() < 1e-7);
        }
        for (a, b) in counted.effects(0).iter().zip(one_by_one.effects(0)) {
            assert!((a - b).abs() < 1e-7);
        }
        assert_eq!(one_by_one.effects(0)[15], 0.0);
        let variance = one_by_one.effect_covariance(0)[0];
        assert!((one_by_one.effect_covariances(0)[15] - variance).abs() < 1e-12, "the prior where there are no data");
    }
}

#[test]
fn neither_units_nor_the_order_of_rows_nor_the_names_of_levels_matter() {
    let Some(sample) = Sample::bernoulli() else { return };
    let (width, count) = (sample.names.len(), sample.shares.len());
    let order: Vec<usize> = (0..count).map(|row| (row * 1237 + 11) % count).collect();
    let unit = 1e-4;
    let other = Sample {
        design: order
            .iter()
            .flat_map(|&row| (0..width).map(move |column| (row, column)))
            .map(|(row, column)| sample.design[row * width + column] * if column == 5 { unit } else { 1.0 })
            .collect(),
        names: sample.names.clone(),
        shares: order.iter().map(|&row| sample.shares[row]).collect(),
        trials: None,
        weights: vec![1.0; count],
        levels: order.iter().map(|&row| 59 - sample.levels[row]).collect(),
        level_count: 60,
    };
    for integration in [Integration::JointMode, Integration::Laplace] {
        let (first, second) = (sample.fit(integration), other.fit(integration));
        assert!((first.log_likelihood() - second.log_likelihood()).abs() < 1e-9);
        for column in 0..width {
            let factor = if column == 5 { unit } else { 1.0 };
            assert!((first.coefficients()[column] - second.coefficients()[column] * factor).abs() < 1e-8);
            assert!((first.standard_errors()[column] - second.standard_errors()[column] * factor).abs() < 1e-8);
        }
        for level in 0..60 {
            assert!((first.effects(0)[level] - second.effects(0)[59 - level]).abs() < 1e-8);
        }
    }
}

#[test]
fn the_search_ends_at_a_maximum_on_awkward_data() {
    // Few levels of very unequal size, rare or very different outcomes, a covariate in a large unit; slopes correlated with
    // intercepts in every second sample.
    let mut state = 3u64;
    let mut uniform = move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    for sample in 0..40 {
        let (levels, count) = (3 + sample % 20, 150 + 40 * sample);
        let (sd, intercept) = ([0.0, 0.3, 1.0, 4.0][sample % 4], [0.0, -2.0, -3.5][sample % 3]);
        let effects: Vec<f64> = (0..levels).map(|_| sd * 3.4 * (uniform() - 0.5)).collect();
        let level_of_row: Vec<u32> = (0..count).map(|_| (levels as f64 * uniform().powi(3)) as u32).collect();
        let design: Vec<f64> = (0..count).flat_map(|_| [1.0, 1e3 * (uniform() - 0.2)]).collect();
        let outcome: Vec<f64> = (0..count)
            .map(|row| intercept + 2e-3 * design[2 * row + 1] + effects[level_of_row[row] as usize])
            .map(|predictor| f64::from(u8::from(uniform() < 1.0 / (1.0 + (-predictor).exp()))))
            .collect();
        let correlated = sample % 2 == 1;
        let columns: &[Option<usize>] = if correlated { &[None, Some(1)] } else { &[None] };
        let rows = MultilevelData {
            design: &design,
            width: 2,
            fixed: 2,
            names: &["(Intercept)", "x"].map(str::to_owned),
            outcome: &outcome,
            weights: &vec![1.0; count],
            terms: &[Term { group: 0, levels, level_of_row: &level_of_row, columns, correlated }],
        };
        let data = LikelihoodData { rows, trials: None };
        let fit = MaximumLikelihood::default().fit(&data).unwrap_or_else(|error| panic!("sample {sample}: {error}"));
        let thetas = fit.thetas();
        let unit = |place: usize| if place == 1 || place == 3 || place == 4 { 1e3 } else { 1.0 };
        let scaled: Vec<f64> = fit.gradient().iter().enumerate().map(|(place, g)| g / unit(place)).collect();
        assert!(largest(&scaled) < 1e-6, "sample {sample}: {scaled:?}");
        // No better value around it.
        for place in 0..2 + thetas.len() {
            for shift in [-0.3, -0.02, 0.02, 0.3] {
                let mut point = [fit.coefficients(), thetas].concat();
                point[place] += shift / unit(place);
                let near = MaximumLikelihood::default().evaluate(&data, &point[..2], &point[2..]).unwrap();
                let gain = near.log_likelihood - fit.log_likelihood();
                assert!(gain < 1e-7, "sample {sample}: {gain:.1e} better at {place} {shift}");
            }
        }
    }
}

#[test]
fn what_cannot_be_fitted_is_refused_by_name() {
    let fit = |change: &dyn Fn(&mut Sample), integration| {
        let mut sample = Sample::cbpp();
        change(&mut sample);
        sample.with(|data| MaximumLikelihood::with(integration).fit(data)).map(|_| ())
    };
    let laplace = |change: &dyn Fn(&mut Sample)| fit(change, Integration::Laplace).unwrap_err();
    assert_eq!(laplace(&|s| s.shares.fill(0.0)), StatsError::ConstantOutcome);
    assert!(matches!(laplace(&|s| s.weights.fill(0.0)), StatsError::Empty { .. }));
    assert!(matches!(laplace(&|s| s.shares[3] = 1.5), StatsError::OutOfRange { input: "outcome", row: 3, .. }));
    assert!(matches!(laplace(&|s| s.design[4] = f64::NAN), StatsError::Missing { input: "design", row: 1 }));
    assert!(matches!(laplace(&|s| s.levels[0] = 15), StatsError::OutOfRange { input: "level", .. }));
    assert!(matches!(laplace(&|s| s.weights.truncate(2)), StatsError::Length { .. }));
    let collinear = laplace(&|s| {
        for row in s.design.chunks_exact_mut(4) {
            row[3] = 1.0 - row[2];
        }
    });
    assert!(matches!(collinear, StatsError::Collinear { columns, .. } if columns == [3]));
    let separated = laplace(&|s| {
        for (row, share) in s.design.chunks_exact(4).zip(&mut s.shares) {
            *share = if row[3] > 0.0 { 0.0 } else { *share };
        }
    });
    assert!(matches!(separated, StatsError::Separation { names, .. } if names.contains(&"period4".to_owned())));
    assert!(matches!(fit(&|_| (), Integration::Quadrature(0)), Err(StatsError::Setting { .. })));
    let two_factors = Structure::named("crossed");
    let quadrature = MaximumLikelihood::with(Integration::Quadrature(5));
    assert!(matches!(two_factors.with(|data| quadrature.fit(data)), Err(StatsError::Setting { .. })));
}
