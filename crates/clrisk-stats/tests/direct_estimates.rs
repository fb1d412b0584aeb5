//! Direct estimates against R `survey` (`01_survey_design.R`, `02_survey_lonely.R`) and against identities.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use clrisk_stats::StatsError;
use clrisk_stats::design::{DesignSpec, FinitePopulation, LonelyPsu, Stage, SurveyDesign};
use clrisk_stats::direct::{
    DirectEstimate, NO_GROUP, ProportionInterval, change, difference, mean, mean_by_group, means, proportion,
    proportion_by_group, proportion_interval, ratio, total, total_by_group, totals,
};
use common::api::api_designs;
use common::{Table, all_close, close, indicator, number, numbers, reference_json};
use proptest::prelude::*;
use serde_json::Value;

const EXACT: f64 = 1e-8;

/// The intervals that stay within [0, 1].
const BOUNDED: [ProportionInterval; 5] = [
    ProportionInterval::Logit,
    ProportionInterval::KornGraubard,
    ProportionInterval::Wilson,
    ProportionInterval::Arcsine,
    ProportionInterval::Likelihood,
];

#[test]
fn totals_means_ratios_and_domains_match_r_survey() {
    let (Some(expected), Some(designs)) = (reference_json("survey_api"), api_designs()) else { return };
    for api in designs {
        let (name, design, table) = (api.name, &api.design, &api.table);
        let e = &expected[name];
        close(design.degrees_of_freedom(), number(&e["degf"]), EXACT, name);
        close(design.weights().iter().sum(), number(&e["sum_weights"]), EXACT, name);
        let (api00, api99, enroll) = (table.numbers("api00"), table.numbers("api99"), table.numbers("enroll"));
        // Two schools of the two-stage sample have no enrolment; R drops them as a domain.
        let known: Vec<bool> = enroll.iter().map(|x| x.is_finite()).collect();
        let found = means(design, &[&api00, &api99, &enroll], Some(&known)).unwrap();
        all_close(&found.values, &numbers(&e["mean"]["est"]), EXACT, name);
        all_close(&found.covariance, &numbers(&e["mean"]["vcov"]), EXACT, name);
        let sum = total(design, &enroll, Some(&known)).unwrap();
        close(sum.value, number(&e["total"]["est"]), EXACT, name);
        close(sum.standard_error, number(&e["total"]["se"]), EXACT, name);

        let (stype, levels) = table.factor("stype");
        let by = mean_by_group(design, &api00, &stype, levels.len()).unwrap();
        let awards = indicator(&table.equals("awards", "Yes"));
        let by_awards = proportion_by_group(design, &awards, &stype, levels.len()).unwrap();
        for group in 0..levels.len() {
            let (m, p) = (by[group].unwrap(), by_awards[group].unwrap());
            close(m.value, number(&e["by_stype"]["est"][group]), EXACT, name);
            close(m.standard_error, number(&e["by_stype"]["se"][group]), EXACT, name);
            close(p.value, number(&e["by_stype_prop"]["est"][group]), EXACT, name);
            close(p.standard_error, number(&e["by_stype_prop"]["se"][group]), EXACT, name);
        }
        let types: Vec<Vec<f64>> = levels.iter().map(|l| indicator(&table.equals("stype", l))).collect();
        let types: Vec<&[f64]> = types.iter().map(Vec::as_slice).collect();
        for (found, key) in [
            (totals(design, &types, None).unwrap(), "total_stype"),
            (means(design, &types, None).unwrap(), "mean_stype"),
        ] {
            all_close(&found.values, &numbers(&e[key]["est"]), EXACT, name);
            if name.starts_with("strat") {
                // The strata's sizes are known: R has zeros, we have rounding errors.
                assert!(found.covariance.iter().all(|v| v.abs() < 1e-20 * found.values[0].powi(2)), "{name} {key}");
            } else {
                all_close(&found.covariance, &numbers(&e[key]["vcov"]), EXACT, name);
            }
        }
        let improved = table.equals("comp.imp", "Yes");
        let subset = mean(design, &api00, Some(&improved)).unwrap();
        close(subset.value, number(&e["subset_compimp"]["est"]), EXACT, name);
        close(subset.standard_error, number(&e["subset_compimp"]["se"]), EXACT, name);

        let m = mean(design, &api00, None).unwrap();
        close(m.design_effect.unwrap(), number(&e["mean_deff"]["replace"]), EXACT, name);
        close(m.design_effect_without_replacement().unwrap(), number(&e["mean_deff"]["est"]), EXACT, name);
        close(m.coefficient_of_variation().unwrap(), number(&e["cv"]), EXACT, name);
        let i = m.interval(0.95).unwrap();
        all_close(&[i.lower, i.upper], &numbers(&e["confint_df"]["df"]), EXACT, name);
        let i = DirectEstimate { degrees_of_freedom: f64::INFINITY, ..m }.interval(0.95).unwrap();
        all_close(&[i.lower, i.upper], &numbers(&e["confint_df"]["inf"]), EXACT, name);

        if e["ratio"]["est"].is_number() {
            let r = ratio(design, &table.numbers("api.stu"), &enroll, None).unwrap();
            close(r.value, number(&e["ratio"]["est"]), EXACT, name);
            close(r.standard_error, number(&e["ratio"]["se"]), EXACT, name);
        }
    }
}

#[test]
fn proportion_intervals_match_r_survey() {
    let (Some(expected), Some(designs)) = (reference_json("survey_api"), api_designs()) else { return };
    for api in designs {
        if api.name.starts_with("strat") {
            continue; // The share of a stratum is known: no interval to compare.
        }
        let e = &expected[api.name];
        let high_schools = indicator(&api.table.equals("stype", "H"));
        let p = proportion(&api.design, &high_schools, None).unwrap();
        for (method, key) in [
            (ProportionInterval::Logit, "ciprop_xlogit"),
            (ProportionInterval::KornGraubard, "ciprop_beta"),
            (ProportionInterval::Plain, "ciprop_mean"),
            (ProportionInterval::Wilson, "ciprop_wilson"),
            (ProportionInterval::Arcsine, "ciprop_asin"),
            (ProportionInterval::Logit, "ciprop_logit"),
        ] {
            let i = proportion_interval(&p, method, 0.95).unwrap();
            all_close(&[i.lower, i.upper], &numbers(&e[key]["ci"]), EXACT, &format!("{} {key}", api.name));
            close(p.value, number(&e[key]["p"]), EXACT, key);
            close(p.standard_error, number(&e[key]["se"]), EXACT, key);
        }
        likelihood_interval_matches(&p, &e["ciprop_likelihood"], api.name);
    }
}

/// R profiles the likelihood at some ten points, puts a spline through them, and straight lines through three times as many
/// points of the spline; that moves the ends by up to 4e-4. The ends found here solve the equation, and R's do not; straight lines
/// between R's points of the exact curve give R's ends.
fn likelihood_interval_matches(p: &DirectEstimate, expected: &Value, name: &str) {
    let i = proportion_interval(p, ProportionInterval::Likelihood, 0.95).unwrap();
    let (n, ends) = (p.sample_size as f64, numbers(&expected["ci"]));
    all_close(&[i.lower, i.upper], &ends, 5e-4, name);
    // t from the plain interval; the dispersion n / (n - 1) and the design effect scale the drop in deviance.
    let plain = proportion_interval(p, ProportionInterval::Plain, 0.95).unwrap();
    let bound = (plain.upper - p.value).powi(2) / (p.value * (1.0 - p.value)) * n / (n - 1.0);
    let log_likelihood = |q: f64| p.value * q.ln() + (1.0 - p.value) * (1.0 - q).ln();
    let miss = |q: f64| (2.0 * (log_likelihood(p.value) - log_likelihood(q)) / bound - 1.0).abs();
    assert!(miss(i.lower) < 1e-12 && miss(i.upper) < 1e-12, "{name}");
    assert!(ends.iter().all(|&q| miss(q) > 1e-6), "{name}: the reference has become exact, compare at 1e-8");
    // The spline itself is good to 2e-5.
    all_close(&ends_between_straight_lines(p, bound), &ends, 3e-5, name);
}

/// The ends of the likelihood interval as R finds them, but for its spline. `bound`: twice the drop per record at the ends.
fn ends_between_straight_lines(p: &DirectEstimate, bound: f64) -> [f64; 2] {
    let (n, logit) = (p.sample_size as f64, (p.value / (1.0 - p.value)).ln());
    let share = |eta: f64| 1.0 / (1.0 + (-eta).exp());
    let drop = |q: f64| p.value * (p.value / q).ln() + (1.0 - p.value) * ((1.0 - p.value) / (1.0 - q)).ln();
    // The signed root of the deviance over the dispersion.
    let root = |eta: f64| (2.0 * (n - 1.0) * drop(share(eta)).max(0.0)).sqrt().copysign(eta - logit);
    let cut = (bound * (n - 1.0)).sqrt();
    // The profile runs in fifths of this quantile of F, times the design's standard error, until it has passed the quantile.
    let alpha = 0.25 * statrs::function::erf::erfc(cut / std::f64::consts::SQRT_2);
    let unit = DirectEstimate { value: 0.0, standard_error: 1.0, degrees_of_freedom: n - 1.0, ..*p };
    let largest = unit.interval(1.0 - alpha).unwrap().upper;
    let step = 0.2 * largest * p.standard_error / (p.value * (1.0 - p.value));
    let steps = |sign: f64| (1..10).find(|&k| root(logit + sign * f64::from(k) * step).abs() >= largest).unwrap_or(9);
    let (below, above) = (steps(-1.0), steps(1.0));
    let points = 3 * (below + above + 1);
    let start = logit - f64::from(below) * step;
    let at = |k: i32| start + f64::from(k * (below + above)) * step / f64::from(points - 1);
    [-cut, cut].map(|wanted| {
        let k = (1..points).find(|&k| root(at(k)) >= wanted).unwrap();
        let (low, high) = (root(at(k - 1)), root(at(k)));
        share(at(k - 1) + (wanted - low) / (high - low) * (at(k) - at(k - 1)))
    })
}

#[test]
fn degenerate_proportions_get_the_cautious_interval_where_r_has_none() {
    let (Some(expected), Some(table)) = (reference_json("survey_lonely"), Table::reference("lonely")) else { return };
    let design = lonely_design(&table, LonelyPsu::Centre, false).unwrap();
    let (y, n) = (table.numbers("y"), table.rows());
    let one_psu: Vec<bool> = table.codes("psu").iter().map(|&p| p == 7).collect();
    let none = proportion(&design, &vec![0.0; n], None).unwrap();
    let all = proportion(&design, &vec![1.0; n], None).unwrap();
    let single = proportion(&design, &y, Some(&one_psu)).unwrap();
    assert_eq!((none.value, all.value, single.value), (0.0, 1.0, 0.0));
    for (method, key) in [
        (ProportionInterval::Logit, "logit"),
        (ProportionInterval::Logit, "xlogit"),
        (ProportionInterval::KornGraubard, "beta"),
        (ProportionInterval::Plain, "mean"),
        (ProportionInterval::Wilson, "wilson"),
        (ProportionInterval::Arcsine, "asin"),
        (ProportionInterval::Likelihood, "likelihood"),
    ] {
        let e = &expected[format!("degenerate_{key}")];
        // One unit has no degrees of freedom: R prints NA (or stops), we give nothing.
        assert_eq!(proportion_interval(&single, method, 0.95), None, "{key}");
        assert!(e["one_psu"]["error"].is_string() || numbers(&e["one_psu"]["ci"]).iter().all(|v| v.is_nan()), "{key}");
        let (low, high) =
            (proportion_interval(&none, method, 0.95).unwrap(), proportion_interval(&all, method, 0.95).unwrap());
        assert_eq!((low.lower, high.upper), (0.0, 1.0), "{key}");
        assert!(low.upper > 0.1 && low.upper < 1.0 && (low.upper + high.lower - 1.0).abs() < 1e-12, "{key}");
        // R stops, prints NaN, a width of zero, or where its regression happened to give up: no interval to compare.
        for side in ["none", "all"] {
            let e = &e[side];
            let width = || numbers(&e["ci"])[1] - numbers(&e["ci"])[0];
            assert!(e["error"].is_string() || width().is_nan() || width() < 1e-10, "{key} {side}");
            if e["p"].is_number() {
                let found = if side == "none" { none.value } else { all.value };
                assert!((found - number(&e["p"])).abs() < 1e-10, "{key} {side}");
            }
        }
    }
}

#[test]
fn the_known_share_of_a_stratum_has_an_interval_of_no_width() {
    let Some(designs) = api_designs() else { return };
    for api in designs.iter().filter(|a| a.name.starts_with("strat")) {
        let p = proportion(&api.design, &indicator(&api.table.equals("stype", "H")), None).unwrap();
        for method in BOUNDED {
            let i = proportion_interval(&p, method, 0.95).unwrap();
            assert!((i.upper - i.lower).abs() < 1e-9 && (i.lower - p.value).abs() < 1e-9);
        }
    }
}

#[test]
fn a_difference_of_domains_uses_their_covariance() {
    let (Some(expected), Some(designs)) = (reference_json("survey_api"), api_designs()) else { return };
    for api in designs {
        // Rows of `by_cover`: the mean of `ell` by school type, then that of `meals`.
        let covariance = numbers(&expected[api.name]["by_cover"]["vcov"]);
        let v = |i: usize, j: usize| covariance[i * 6 + j];
        let types = ["E", "H", "M"].map(|t| api.table.equals("stype", t));
        for (variable, offset) in [("ell", 0), ("meals", 3)] {
            let y = api.table.numbers(variable);
            for (a, b) in [(0, 1), (0, 2), (1, 2)] {
                let found = difference(&api.design, &y, &types[a], &types[b]).unwrap();
                let (a, b) = (a + offset, b + offset);
                close(found.standard_error, (v(a, a) + v(b, b) - 2.0 * v(a, b)).sqrt(), EXACT, api.name);
            }
        }
    }
}

fn lonely_design(table: &Table, policy: LonelyPsu, fpc: bool) -> Result<SurveyDesign, StatsError> {
    let (h, psu, w, sizes) = (table.codes("h"), table.codes("psu"), table.numbers("w"), table.numbers("Nh"));
    DesignSpec {
        weights: &w,
        strata: Some(&h),
        clusters: Some(&psu),
        finite_population: fpc.then_some(FinitePopulation::Sizes(&sizes)),
        nested: false,
        lonely_psu: policy,
        ..Default::default()
    }
    .build()
}

#[test]
fn lonely_psu_policies_match_r_survey() {
    let (Some(expected), Some(table)) = (reference_json("survey_lonely"), Table::reference("lonely")) else { return };
    let (y, x) = (table.numbers("y"), table.numbers("x"));
    let (groups, levels) = table.factor("dom");
    for (policy, name) in [
        (LonelyPsu::Certainty, "certainty"),
        (LonelyPsu::Certainty, "remove"),
        (LonelyPsu::Centre, "adjust"),
        (LonelyPsu::Average, "average"),
    ] {
        for fpc in [false, true] {
            let key = format!("{name}_{}", if fpc { "fpc" } else { "nofpc" });
            let e = &expected[&key];
            let design = lonely_design(&table, policy, fpc).unwrap();
            let (m, t) = (mean(&design, &y, None).unwrap(), total(&design, &x, None).unwrap());
            close(m.value, number(&e["mean"]), EXACT, &key);
            close(m.standard_error, number(&e["mean_se"]), EXACT, &key);
            close(t.value, number(&e["total"]), EXACT, &key);
            close(t.standard_error, number(&e["total_se"]), EXACT, &key);
            close(design.degrees_of_freedom(), number(&e["degf"]), EXACT, &key);
            let by = mean_by_group(&design, &y, &groups, levels.len()).unwrap();
            for (group, found) in by.iter().enumerate() {
                close(found.unwrap().value, number(&e["by_dom_adjustFALSE"]["est"][group]), EXACT, &key);
                close(found.unwrap().standard_error, number(&e["by_dom_adjustFALSE"]["se"][group]), EXACT, &key);
            }
        }
    }
}

#[test]
fn the_default_policy_names_the_stratum_and_its_unit() {
    let Some(table) = Table::reference("lonely") else { return };
    let message = lonely_design(&table, LonelyPsu::Fail, false).unwrap_err().to_string();
    assert!(message.contains("stratum 3 has a single sampling unit (5)"), "{message}");
    assert!(lonely_design(&table, LonelyPsu::Fail, true).is_ok(), "a stratum taken completely is not lonely");
}

#[test]
fn merging_joins_the_lonely_stratum_to_the_one_before() {
    let Some(table) = Table::reference("lonely") else { return };
    let merged = lonely_design(&table, LonelyPsu::Merge, false).unwrap();
    let (psu, w) = (table.codes("psu"), table.numbers("w"));
    let by_hand: Vec<u64> = table.codes("h").iter().map(|&h| if h == 3 { 2 } else { h }).collect();
    let design =
        DesignSpec { weights: &w, strata: Some(&by_hand), clusters: Some(&psu), ..Default::default() }.build().unwrap();
    let y = table.numbers("y");
    assert_eq!(mean(&merged, &y, None).unwrap(), mean(&design, &y, None).unwrap());
}

#[test]
fn degrees_of_freedom_count_the_units_and_strata_a_domain_touches() {
    let (Some(expected), Some(table)) = (reference_json("survey_lonely"), Table::reference("lonely")) else { return };
    let design = lonely_design(&table, LonelyPsu::Centre, false).unwrap();
    let y = table.numbers("y");
    let e = &expected["degenerate_degf"];
    let one_psu: Vec<bool> = table.codes("psu").iter().map(|&p| p == 7).collect();
    let stratum: Vec<bool> = table.codes("h").iter().map(|&h| h == 4).collect();
    assert_eq!(mean(&design, &y, None).unwrap().degrees_of_freedom, number(&e["all"]));
    assert_eq!(mean(&design, &y, Some(&stratum)).unwrap().degrees_of_freedom, number(&e["stratum4"]));
    let single = proportion(&design, &y, Some(&one_psu)).unwrap();
    assert_eq!(single.degrees_of_freedom, number(&e["one_psu"]));
    assert_eq!(proportion_interval(&single, ProportionInterval::Logit, 0.95), None, "R prints NA");
}

#[test]
fn every_problem_of_a_design_is_reported_at_once() {
    let weights = [1.0, -2.0, f64::NAN, 1.0, 0.0, 1.0];
    let error = DesignSpec {
        weights: &weights,
        strata: Some(&[1, 1, 2, 2, 3, 3]),
        clusters: Some(&[10, 11, 10, 12, 13, 13]),
        nested: false,
        ..Default::default()
    }
    .build()
    .unwrap_err();
    let StatsError::Design { problems } = error else { panic!("wrong kind") };
    let text: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        text,
        [
            "weight at row 1 is missing, zero or negative",
            "weight at row 2 is missing, zero or negative",
            "weight at row 4 is missing, zero or negative",
            "sampling unit 10 lies in strata 1 and 2",
            "stratum 3 has a single sampling unit (13)",
        ]
    );
}

#[test]
fn units_taken_completely_are_strata_of_the_next_stage() {
    // Every district is in the sample: the schools within districts are then a stratified sample of schools.
    let districts: Vec<u64> = (0..24).map(|i| i / 6).collect();
    let schools: Vec<u64> = (0..24).map(|i| i / 2).collect();
    let weights: Vec<f64> = (0..24).map(|i| 2.0 + f64::from(i % 5)).collect();
    let y: Vec<f64> = (0..24).map(|i| f64::from((i * i) % 7)).collect();
    let (all, sizes) = (vec![4.0; 24], vec![10.0; 24]);
    let stages = [Stage {
        clusters: Some(&schools),
        finite_population: Some(FinitePopulation::Sizes(&sizes)),
        ..Default::default()
    }];
    let two_stages = DesignSpec {
        weights: &weights,
        clusters: Some(&districts),
        finite_population: Some(FinitePopulation::Sizes(&all)),
        later_stages: &stages,
        ..Default::default()
    };
    let stratified = DesignSpec {
        weights: &weights,
        strata: Some(&districts),
        clusters: Some(&schools),
        finite_population: Some(FinitePopulation::Sizes(&sizes)),
        ..Default::default()
    };
    let (a, b) = (two_stages.build().unwrap(), stratified.build().unwrap());
    let found = total(&a, &y, None).unwrap().standard_error;
    close(found, total(&b, &y, None).unwrap().standard_error, 1e-13, "standard error");
    // Without the finite population of districts the second stage is part of the ultimate clusters.
    let ultimate = DesignSpec { finite_population: None, ..two_stages };
    let plain = DesignSpec { later_stages: &[], ..ultimate };
    let of = |spec: &DesignSpec<'_>| total(&spec.build().unwrap(), &y, None).unwrap();
    assert_eq!(of(&ultimate), of(&plain));
}

#[test]
fn problems_of_a_second_stage_name_the_stage_and_the_unit() {
    let (districts, schools) = ([7, 7, 8, 8, 9], [1, 2, 1, 2, 1]);
    let (first, second) = ([30.0; 5], [5.0, 6.0, 1.0, 1.0, 4.0]);
    let stages = [Stage {
        clusters: Some(&schools),
        finite_population: Some(FinitePopulation::Sizes(&second)),
        ..Default::default()
    }];
    let spec = DesignSpec {
        weights: &[1.0; 5],
        clusters: Some(&districts),
        finite_population: Some(FinitePopulation::Sizes(&first)),
        later_stages: &stages,
        ..Default::default()
    };
    let StatsError::Design { problems } = spec.build().unwrap_err() else { panic!("wrong kind") };
    let text: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        text,
        [
            "stage 2 of sampling unit 7: the finite population differs between its rows",
            "stage 2 of sampling unit 8: more units sampled than its population",
            "stage 2 of sampling unit 9: a single unit was sampled of several",
        ]
    );
}

#[test]
fn a_missing_value_in_the_domain_is_refused_by_row_and_ignored_outside() {
    let design = DesignSpec { weights: &[1.0; 4], ..Default::default() }.build().unwrap();
    let y = [1.0, f64::NAN, 0.0, 1.0];
    assert_eq!(mean(&design, &y, None).unwrap_err(), StatsError::Missing { input: "y", row: 1 });
    assert!(mean(&design, &y, Some(&[true, false, true, true])).is_ok());
    assert!(matches!(mean(&design, &y, Some(&[false; 4])), Err(StatsError::Empty { .. })));
}

#[test]
fn no_cases_give_the_clopper_pearson_interval_of_the_sample_size() {
    // 0 of n: the upper end solves (1 - u)^n = 0.025; 30 records that are their own units have n - 1 degrees of freedom.
    let design = DesignSpec { weights: &[2.0; 30], ..Default::default() }.build().unwrap();
    let p = proportion(&design, &[0.0; 30], None).unwrap();
    for method in [ProportionInterval::Logit, ProportionInterval::Wilson, ProportionInterval::Plain] {
        let i = proportion_interval(&p, method, 0.95).unwrap();
        assert_eq!(i.lower, 0.0);
        close(i.upper, 1.0 - 0.025f64.powf(1.0 / 30.0), 1e-10, "upper end");
    }
}

#[test]
fn change_between_independent_surveys_adds_the_variances() {
    let Some(designs) = api_designs() else { return };
    let estimates: Vec<_> = designs.iter().map(|a| mean(&a.design, &a.table.numbers("api00"), None).unwrap()).collect();
    let found = change(&estimates[0], &estimates[3]);
    close(found.value, estimates[0].value - estimates[3].value, 1e-14, "difference");
    close(found.variance(), estimates[0].variance() + estimates[3].variance(), 1e-12, "variance");
    assert!(found.degrees_of_freedom >= 14.0 && found.degrees_of_freedom <= 199.0 + 14.0);
}

#[test]
fn guatemala_2014_occupied_children_by_department_match_r_survey() {
    let (Some(data), Some(expected)) = (
        common::real_data_file("surveys/guatemala_encovi2014_cepal/encuestaGTM14N.csv.gz"),
        common::reference_file("survey_real/gtm_encovi2014_occ7_17_by_depto.csv"),
    ) else {
        return;
    };
    let survey = common::guatemala::read(data);
    let expected = Table::read(expected);
    let by = proportion_by_group(&survey.design, &survey.occupied, &survey.department, 23).unwrap();
    for (row, department) in expected.codes("dep").into_iter().enumerate() {
        let found = by[department as usize].unwrap();
        close(found.value, expected.numbers("occ")[row], EXACT, "share");
        close(found.standard_error, expected.numbers("se")[row], EXACT, "standard error");
    }
}

/// Weights, a variable, strata, clusters, groups.
type SmallSurvey = (Vec<f64>, Vec<f64>, Vec<u64>, Vec<u64>, Vec<u32>);

fn small_survey() -> impl Strategy<Value = SmallSurvey> {
    (6usize..40).prop_flat_map(|n| {
        (
            prop::collection::vec(0.5f64..20.0, n),
            prop::collection::vec(-3.0f64..3.0, n),
            prop::collection::vec(0u64..3, n),
            prop::collection::vec(0u64..4, n),
            prop::collection::vec(0u32..3, n),
        )
    })
}

proptest! {
    #[test]
    fn weights_times_k_change_only_totals((w, y, h, c, g) in small_survey(), k in 0.1f64..50.0) {
        let build = |w: &[f64]| DesignSpec {
            weights: w, strata: Some(&h), clusters: Some(&c), lonely_psu: LonelyPsu::Centre, ..Default::default()
        }.build().unwrap();
        let scaled: Vec<f64> = w.iter().map(|w| w * k).collect();
        let (a, b) = (build(&w), build(&scaled));
        let (ma, mb) = (mean_by_group(&a, &y, &g, 3).unwrap(), mean_by_group(&b, &y, &g, 3).unwrap());
        let (ta, tb) = (total_by_group(&a, &y, &g, 3).unwrap(), total_by_group(&b, &y, &g, 3).unwrap());
        for group in 0..3 {
            if let (Some(x), Some(z)) = (ma[group], mb[group]) {
                prop_assert!((x.value - z.value).abs() < 1e-10);
                prop_assert!((x.standard_error - z.standard_error).abs() < 1e-9);
            }
            if let (Some(x), Some(z)) = (ta[group], tb[group]) {
                prop_assert!((x.value * k - z.value).abs() < 1e-8 * (1.0 + z.value.abs()));
                prop_assert!((x.standard_error * k - z.standard_error).abs() < 1e-8 * (1.0 + z.standard_error));
            }
        }
    }

    #[test]
    fn row_order_changes_nothing((w, y, h, c, _g) in small_survey()) {
        fn reversed<T: Clone>(v: &[T]) -> Vec<T> { v.iter().rev().cloned().collect() }
        let of = |w: &[f64], y: &[f64], h: &[u64], c: &[u64]| {
            let d = DesignSpec { weights: w, strata: Some(h), clusters: Some(c), lonely_psu: LonelyPsu::Average,
                ..Default::default() }.build().unwrap();
            mean(&d, y, None).unwrap()
        };
        let a = of(&w, &y, &h, &c);
        let b = of(&reversed(&w), &reversed(&y), &reversed(&h), &reversed(&c));
        prop_assert!((a.value - b.value).abs() < 1e-12);
        prop_assert!((a.standard_error - b.standard_error).abs() < 1e-10 || a.standard_error.is_nan());
    }

    #[test]
    fn a_domain_mean_is_the_ratio_of_two_totals((w, y, h, c, g) in small_survey()) {
        let d = DesignSpec { weights: &w, strata: Some(&h), clusters: Some(&c), lonely_psu: LonelyPsu::Certainty,
            ..Default::default() }.build().unwrap();
        let inside: Vec<bool> = g.iter().map(|&g| g == 1).collect();
        prop_assume!(inside.contains(&true));
        let member = indicator(&inside);
        let product: Vec<f64> = y.iter().zip(&member).map(|(y, m)| y * m).collect();
        let as_domain = mean(&d, &y, Some(&inside)).unwrap();
        let as_ratio = ratio(&d, &product, &member, None).unwrap();
        prop_assert!((as_domain.value - as_ratio.value).abs() < 1e-12);
        prop_assert!((as_domain.standard_error - as_ratio.standard_error).abs() < 1e-12);
    }

    #[test]
    fn splitting_a_row_within_its_cluster_changes_nothing((w, y, h, c, _g) in small_survey()) {
        let build = |w: &[f64], h: &[u64], c: &[u64]| DesignSpec { weights: w, strata: Some(h), clusters: Some(c),
            lonely_psu: LonelyPsu::Centre, ..Default::default() }.build().unwrap();
        fn doubled<T: Clone>(v: &[T]) -> Vec<T> { v.iter().chain(v).cloned().collect() }
        let halves: Vec<f64> = doubled(&w).iter().map(|w| w / 2.0).collect();
        let a = mean(&build(&w, &h, &c), &y, None).unwrap();
        let b = mean(&build(&halves, &doubled(&h), &doubled(&c)), &doubled(&y), None).unwrap();
        prop_assert!((a.value - b.value).abs() < 1e-12 && (a.standard_error - b.standard_error).abs() < 1e-12);
    }

    #[test]
    fn intervals_of_proportions_hold_the_estimate_and_stay_within_zero_and_one(
        (w, y, h, c, _g) in small_survey(), level in 0.5f64..0.999
    ) {
        let d = DesignSpec { weights: &w, strata: Some(&h), clusters: Some(&c), lonely_psu: LonelyPsu::Certainty,
            ..Default::default() }.build().unwrap();
        let binary: Vec<f64> = y.iter().map(|&y| f64::from(u8::from(y > 1.0))).collect();
        let p = proportion(&d, &binary, None).unwrap();
        for method in BOUNDED {
            if let Some(i) = proportion_interval(&p, method, level) {
                prop_assert!(0.0 <= i.lower && i.lower <= p.value + 1e-12, "{method:?} {i:?} {p:?}");
                prop_assert!(p.value - 1e-12 <= i.upper && i.upper <= 1.0, "{method:?} {i:?} {p:?}");
            }
        }
    }
}

#[test]
fn a_constant_outcome_has_no_variance_and_an_empty_area_no_estimate() {
    let design = DesignSpec { weights: &[3.0; 8], clusters: Some(&[0, 0, 1, 1, 2, 2, 3, 3]), ..Default::default() }
        .build()
        .unwrap();
    let groups = [0, 0, 0, NO_GROUP, 2, 2, 2, 2];
    let by = mean_by_group(&design, &[4.0; 8], &groups, 3).unwrap();
    assert_eq!(by[1], None);
    for found in [by[0].unwrap(), by[2].unwrap()] {
        assert_eq!((found.value, found.standard_error, found.design_effect), (4.0, 0.0, None));
    }
}

#[test]
fn estimates_for_340_areas_of_60_000_rows_take_well_under_a_second() {
    let n = 60_000usize;
    let weights: Vec<f64> = (0..n).map(|i| 1.0 + (i % 13) as f64).collect();
    let strata: Vec<u64> = (0..n).map(|i| (i / 1000) as u64).collect();
    let clusters: Vec<u64> = (0..n).map(|i| (i / 20) as u64).collect();
    let outcome: Vec<f64> = (0..n).map(|i| f64::from(u8::from(i * 7919 % 31 < 4))).collect();
    let areas: Vec<u32> = (0..n).map(|i| (i * 340 / n) as u32).collect();
    let design =
        DesignSpec { weights: &weights, strata: Some(&strata), clusters: Some(&clusters), ..Default::default() }
            .build()
            .unwrap();
    let start = std::time::Instant::now();
    let by = proportion_by_group(&design, &outcome, &areas, 340).unwrap();
    let seconds = start.elapsed().as_secs_f64();
    println!("60,000 rows, 3,000 units, 340 areas: {seconds:.3} s");
    assert!(by.iter().all(Option::is_some) && seconds < 1.0, "{seconds}");
}
