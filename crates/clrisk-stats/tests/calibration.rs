//! Post-stratification, raking and calibration against R `survey` (`01_survey_design.R`) and against identities.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use clrisk_stats::StatsError;
use clrisk_stats::calibration::{Auxiliary, Calibrated, Calibration, Distance, post_stratify, rake};
use clrisk_stats::design::{DesignSpec, SurveyDesign};
use clrisk_stats::direct::{mean, means, ratio, total, totals};
use clrisk_stats::raking::{Margin, Raking};
use clrisk_stats::replicate::{ReplicateMethod, ReplicateWeights};
use common::api::{ApiDesign, api_designs};
use common::{all_close, close, indicator, number, numbers, reference_json};
use serde_json::Value;

const EXACT: f64 = 1e-8;
/// Elementary, high and middle schools of the population; school-wide target missed and met.
const SIZES: [f64; 3] = [4421.0, 755.0, 1018.0];
const TARGETS: [f64; 2] = [1072.0, 5122.0];

fn clus1() -> Option<(Value, ApiDesign)> {
    let (expected, designs) = (reference_json("survey_api")?, api_designs()?);
    Some((expected, designs.into_iter().find(|api| api.name == "clus1")?))
}

/// Weights, a mean and a total; the tolerance of the values and that of the standard errors.
fn matches(found: &Calibrated, api: &ApiDesign, e: &Value, (values, errors): (f64, f64), what: &str) {
    all_close(found.design().weights(), &numbers(&e["weights"]), values, what);
    let at = |statistic: &Value, name: &str| (number(&statistic["est"][name]), number(&statistic["se"]));
    // `calib_greg_api99` keeps its mean apart.
    let (value, error) = at(if e["mean"].is_object() { &e["mean"] } else { e }, "api00");
    let m = mean(found.design(), &api.table.numbers("api00"), None).unwrap();
    close(m.value, value, values, what);
    close(m.standard_error, error, errors, what);
    let (value, error) = at(&e["total"], "enroll");
    let t = total(found.design(), &api.table.numbers("enroll"), None).unwrap();
    close(t.value, value, values, what);
    close(t.standard_error, error, errors, what);
}

fn school_types(api: &ApiDesign) -> Vec<Vec<f64>> {
    ["E", "H", "M"].iter().map(|t| indicator(&api.table.equals("stype", t))).collect()
}

fn margins(api: &ApiDesign) -> Vec<Margin> {
    vec![
        Margin { categories: api.table.factor("stype").0, totals: SIZES.to_vec() },
        Margin { categories: api.table.factor("sch.wide").0, totals: TARGETS.to_vec() },
    ]
}

#[test]
fn post_stratified_weights_and_variances_match_r_survey() {
    let Some((expected, api)) = clus1() else { return };
    let found = post_stratify(&api.design, &api.table.factor("stype").0, &SIZES).unwrap();
    matches(&found, &api, &expected["poststrat"], (EXACT, EXACT), "poststrat");
}

#[test]
fn calibrated_weights_and_variances_match_r_survey_for_every_distance() {
    let Some((expected, api)) = clus1() else { return };
    let (ones, types) = (vec![1.0; api.table.rows()], school_types(&api));
    let api99 = api.table.numbers("api99");
    let known = [
        Auxiliary { name: "(Intercept)", values: &ones, total: 6194.0 },
        Auxiliary { name: "stypeH", values: &types[1], total: SIZES[1] },
        Auxiliary { name: "stypeM", values: &types[2], total: SIZES[2] },
        Auxiliary { name: "api99", values: &api99, total: 3_914_069.0 },
    ];
    for (key, distance) in [
        ("calib_linear", Distance::Linear),
        ("calib_raking", Distance::Raking),
        ("calib_logit", Distance::Logit { lower: 0.2, upper: 5.0 }),
    ] {
        let found = Calibration { distance, ..Default::default() }.fit(&api.design, &known[..3]).unwrap();
        matches(&found, &api, &expected[key], (EXACT, EXACT), key);
    }
    let found = Calibration::default().fit(&api.design, &known).unwrap();
    matches(&found, &api, &expected["calib_greg_api99"], (EXACT, EXACT), "calib_greg_api99");
    let (low, high) = found.factor_range();
    assert!(low > 0.0 && low < 1.0 && high > 1.0, "{low} {high}");
}

/// R stops raking when no cell of the table of both margins moves by more than one school, some passes before the margins hold.
/// After as many passes the weights are the same; the variances use the converged regression here and R's own passes there.
#[test]
fn raked_weights_and_variances_match_r_survey() {
    let Some((expected, api)) = clus1() else { return };
    let (margins, e) = (margins(&api), &expected["rake"]);
    let cell_table = |weights: &[f64]| {
        let mut table = [0.0; 6];
        for (row, w) in weights.iter().enumerate() {
            table[margins[0].categories[row] as usize * 2 + margins[1].categories[row] as usize] += w;
        }
        table
    };
    let after =
        |passes| Raking { max_iterations: passes, tolerance: 0.0 }.fit(api.design.weights(), &margins).unwrap().cells;
    let moved = |passes: usize| {
        let (a, b) = (cell_table(&after(passes - 1)), cell_table(&after(passes)));
        a.iter().zip(&b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    };
    let passes = (1..20).find(|&passes| moved(passes) < 1.0).unwrap();
    all_close(&after(passes), &numbers(&e["weights"]), EXACT, "weights after R's passes");
    // A tolerance that R's last pass just meets gives the design R estimated from.
    let reached = Raking { max_iterations: passes, tolerance: 0.0 }.fit(api.design.weights(), &margins).unwrap();
    let as_r = Raking { max_iterations: passes, tolerance: 1.000001 * reached.largest_difference };
    let stopped = rake(&api.design, &margins, &as_r).unwrap();
    assert_eq!(stopped.iterations(), passes);
    matches(&stopped, &api, e, (EXACT, 2e-5), "raked");

    // R's own variance, repeated: weighted values less their plain means by category, ten times over both margins, each with
    // the weights the margin left behind in the last pass. It is R's figure to the last digit; so what remains above is that
    // those two sets of weights differ until the passes have converged.
    let last: Vec<Vec<f64>> = (1..=2)
        .map(|count| {
            let one = Raking { max_iterations: 1, tolerance: 0.0 };
            one.fit(&after(passes - 1), &margins[..count]).unwrap().cells
        })
        .collect();
    let weights = stopped.design().weights();
    let weight_sum: f64 = weights.iter().sum();
    let api00 = api.table.numbers("api00");
    let centre = mean(stopped.design(), &api00, None).unwrap().value;
    let by_r = |z: &dyn Fn(usize) -> f64| {
        let mut x: Vec<f64> = (0..weights.len()).map(|row| weights[row] * z(row)).collect();
        for _ in 0..10 {
            for (margin, w) in margins.iter().zip(&last) {
                let mut sums = [(0.0, 0.0); 3];
                for row in 0..x.len() {
                    let sum = &mut sums[margin.categories[row] as usize];
                    *sum = (sum.0 + x[row] / w[row], sum.1 + 1.0);
                }
                for row in 0..x.len() {
                    let sum = sums[margin.categories[row] as usize];
                    x[row] -= w[row] * sum.0 / sum.1;
                }
            }
        }
        // The variance of a total of x / w with the weights w of the sample.
        let per_record: Vec<f64> = x.iter().zip(api.design.weights()).map(|(x, w)| x / w).collect();
        total(&api.design, &per_record, None).unwrap().standard_error
    };
    close(by_r(&|row| (api00[row] - centre) / weight_sum), number(&e["se"]), EXACT, "R's standard error of the mean");
    let enroll = api.table.numbers("enroll");
    close(by_r(&|row| enroll[row]), number(&e["total"]["se"]), EXACT, "R's standard error of the total");
    // Converged, the margins hold to ten digits and the standard errors stay within R's own inaccuracy.
    let converged = rake(&api.design, &margins, &Raking::default()).unwrap();
    let t = total(converged.design(), &enroll, None).unwrap();
    close(t.value, number(&e["total"]["est"]), 1e-5, "total");
    close(t.standard_error, number(&e["total"]["se"]), 1e-5, "its standard error");
}

#[test]
fn margins_and_auxiliaries_become_exact_and_have_no_variance() {
    let Some((_, api)) = clus1() else { return };
    let types = school_types(&api);
    let raked = rake(&api.design, &margins(&api), &Raking::default()).unwrap();
    let api99 = api.table.numbers("api99");
    let known = [
        Auxiliary { name: "E", values: &types[0], total: SIZES[0] },
        Auxiliary { name: "H", values: &types[1], total: SIZES[1] },
        Auxiliary { name: "M", values: &types[2], total: SIZES[2] },
        Auxiliary { name: "api99", values: &api99, total: 3_914_069.0 },
    ];
    let greg = Calibration::default().fit(&api.design, &known).unwrap();
    for (found, name) in [(&raked, "raked"), (&greg, "greg")] {
        for (values, size) in types.iter().zip(SIZES) {
            let t = total(found.design(), values, None).unwrap();
            close(t.value, size, 1e-9, name);
            assert!(t.standard_error < 1e-9 * size, "{name}: {}", t.standard_error);
        }
        assert!(found.design().is_calibrated());
        assert!(matches!(rake(found.design(), &margins(&api), &Raking::default()), Err(StatsError::Setting { .. })));
    }
    let t = total(greg.design(), &api99, None).unwrap();
    close(t.value, 3_914_069.0, 1e-12, "api99");
    assert!(t.standard_error < 1e-6 * t.value);
}

#[test]
fn raking_by_passes_and_by_newton_is_the_same_design() {
    let Some((_, api)) = clus1() else { return };
    let types = school_types(&api);
    let met = indicator(&api.table.equals("sch.wide", "Yes"));
    let known = [
        Auxiliary { name: "E", values: &types[0], total: SIZES[0] },
        Auxiliary { name: "H", values: &types[1], total: SIZES[1] },
        Auxiliary { name: "M", values: &types[2], total: SIZES[2] },
        Auxiliary { name: "met", values: &met, total: TARGETS[1] },
    ];
    let newton = Calibration { distance: Distance::Raking, ..Default::default() }.fit(&api.design, &known).unwrap();
    let passes = rake(&api.design, &margins(&api), &Raking::default()).unwrap();
    all_close(newton.factors(), passes.factors(), 1e-9, "factors");
    let (api00, enroll) = (api.table.numbers("api00"), api.table.numbers("enroll"));
    for of in [means, totals] {
        let (a, b) = (
            of(newton.design(), &[&api00, &enroll], None).unwrap(),
            of(passes.design(), &[&api00, &enroll], None).unwrap(),
        );
        all_close(&a.covariance, &b.covariance, EXACT, "covariance");
    }
}

#[test]
fn post_stratified_domains_are_estimated_from_the_residuals_of_all_records() {
    // By hand: a domain total of y has z = y within and 0 outside; its residual is taken from the group's weighted mean.
    let Some((_, api)) = clus1() else { return };
    let groups = api.table.factor("stype").0;
    let found = post_stratify(&api.design, &groups, &SIZES).unwrap();
    let (enroll, inside) = (api.table.numbers("enroll"), api.table.equals("comp.imp", "Yes"));
    let z: Vec<f64> = enroll.iter().zip(&inside).map(|(e, &i)| if i { *e } else { 0.0 }).collect();
    let (old, new) = (api.design.weights(), found.design().weights());
    let mut sums = [(0.0, 0.0); 3];
    for row in 0..z.len() {
        let sum = &mut sums[groups[row] as usize];
        *sum = (sum.0 + old[row] * z[row], sum.1 + old[row]);
    }
    let residual: Vec<f64> = (0..z.len())
        .map(|row| {
            let sum = sums[groups[row] as usize];
            new[row] / old[row] * (z[row] - sum.0 / sum.1)
        })
        .collect();
    let by_hand = total(&api.design, &residual, None).unwrap().standard_error;
    let t = total(found.design(), &enroll, Some(&inside)).unwrap();
    close(t.standard_error, by_hand, 1e-12, "standard error");
}

#[test]
fn jackknife_replicates_calibrated_one_by_one_agree_with_the_linearised_variance() {
    let Some((_, api)) = clus1() else { return };
    let types = school_types(&api);
    let known: Vec<Auxiliary<'_>> =
        types.iter().zip(SIZES).map(|(values, total)| Auxiliary { name: "type", values, total }).collect();
    let replicates = ReplicateWeights::from_design(&api.design, ReplicateMethod::Jk1).unwrap();
    for distance in [Distance::Linear, Distance::Raking] {
        let calibration = Calibration { distance, ..Default::default() };
        let linearised = calibration.fit(&api.design, &known).unwrap();
        let repeated = replicates.calibrated(&calibration, &known).unwrap();
        let (api00, api99) = (api.table.numbers("api00"), api.table.numbers("api99"));
        let found = repeated.ratio(&api00, &api99, None).unwrap();
        let expected = ratio(linearised.design(), &api00, &api99, None).unwrap();
        close(found.values[0], expected.value, 1e-12, "ratio");
        // They agree to the order of one over the number of districts, 15.
        close(found.standard_errors()[0], expected.standard_error, 0.1, "standard error");
        let sizes = repeated.totals(&[&types[0], &types[1], &types[2]], None).unwrap();
        all_close(&sizes.values, &SIZES, 1e-10, "sizes");
        assert!(sizes.standard_errors().iter().all(|se| *se < 1e-6));
        assert!(ReplicateWeights::from_design(linearised.design(), ReplicateMethod::Jk1).is_err());
    }
}

fn small() -> SurveyDesign {
    DesignSpec { weights: &[10.0; 6], ..Default::default() }.build().unwrap()
}

#[test]
fn totals_out_of_reach_and_dependent_auxiliaries_are_refused_by_name() {
    let (ones, x) = ([1.0; 6], [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
    let twice: Vec<f64> = x.iter().map(|x| 2.0 * x).collect();
    let one = Auxiliary { name: "one", values: &ones, total: 60.0 };
    let of = |total| Auxiliary { name: "x", values: &x, total };
    let error = Calibration::default()
        .fit(&small(), &[one, of(30.0), Auxiliary { name: "twice", values: &twice, total: 60.0 }])
        .unwrap_err();
    assert_eq!(error, StatsError::Collinear { columns: vec![2], names: vec!["twice".to_owned()] });
    let bounded = Calibration { distance: Distance::Logit { lower: 0.5, upper: 2.0 }, ..Default::default() };
    // 30 records cannot become 61 with factors below two, nor all 60.
    for total in [61.0, 60.0] {
        assert!(matches!(bounded.fit(&small(), &[one, of(total)]), Err(StatsError::NotConverged { .. })), "{total}");
    }
    let found = bounded.fit(&small(), &[one, of(40.0)]).unwrap();
    all_close(found.factors(), &[2.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0, 4.0 / 3.0, 4.0 / 3.0, 4.0 / 3.0], 1e-10, "factors");
    // The linear distance meets any total, at the price of negative weights.
    let found = Calibration::default().fit(&small(), &[one, of(90.0)]).unwrap();
    close(found.factor_range().0, -1.0, 1e-10, "smallest factor");
    let raking = Calibration { distance: Distance::Raking, ..Default::default() };
    assert!(raking.fit(&small(), &[one, of(61.0)]).is_err());
    // A long way, but a way.
    close(raking.fit(&small(), &[one, of(59.9999)]).unwrap().factor_range().0, 0.0001 / 30.0, 1e-6, "smallest factor");
    assert!(matches!(post_stratify(&small(), &[0, 0, 0, 0, 0, 0], &[50.0, 5.0]), Err(StatsError::Margins { .. })));
    assert!(matches!(Calibration::default().fit(&small(), &[]), Err(StatsError::Empty { .. })));
}
