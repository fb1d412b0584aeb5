//! Quantiles, population variances, tests of independence and linear regression against R `survey` (`01_survey_design.R`,
//! `03_survey_replicates.R`) and against identities.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use clrisk_stats::StatsError;
use clrisk_stats::design::DesignSpec;
use clrisk_stats::direct::{
    ProportionInterval, Quantile, QuantileEstimate, independence_test, mean, population_variance, quantile,
};
use clrisk_stats::linear_regression::{LinearData, SurveyLinear};
use common::api::api_designs;
use common::{Table, all_close, close, indicator, number, numbers, reference_json};
use proptest::prelude::*;

const EXACT: f64 = 1e-8;

/// Estimate, lower and upper end, standard error: a row of R's table.
fn row(found: &QuantileEstimate) -> [f64; 4] {
    [found.value, found.lower.unwrap(), found.upper.unwrap(), found.standard_error.unwrap()]
}

#[test]
fn quantiles_and_woodruff_intervals_match_r_survey() {
    let (Some(expected), Some(designs)) = (reference_json("survey_api"), api_designs()) else { return };
    for api in designs {
        for (index, probability) in [0.25, 0.5, 0.75].into_iter().enumerate() {
            let wanted = Quantile { probability, ..Default::default() };
            let found = quantile(&api.design, &api.table.numbers("api00"), &wanted, None).unwrap();
            all_close(&row(&found), &numbers(&expected[api.name]["quantile"][index]), EXACT, api.name);
        }
    }
}

#[test]
fn population_variances_match_r_survey() {
    let (Some(expected), Some(designs)) = (reference_json("survey_api"), api_designs()) else { return };
    for api in designs {
        let found = population_variance(&api.design, &api.table.numbers("api00"), None).unwrap();
        close(found.value, number(&expected[api.name]["var"]["est"]), EXACT, api.name);
        close(found.standard_error, number(&expected[api.name]["var"]["se"]), EXACT, api.name);
    }
}

#[test]
fn rao_scott_tests_of_independence_match_r_survey() {
    let (Some(expected), Some(designs)) = (reference_json("survey_api"), api_designs()) else { return };
    for api in designs {
        let e = &expected[api.name]["chisq"];
        let found = independence_test(&api.design, &api.table.factor("stype").0, &api.table.factor("awards").0, None);
        let found = found.unwrap();
        close(found.f, number(&e["F"]), EXACT, api.name);
        all_close(&[found.numerator, found.denominator], &numbers(&e["df"]), EXACT, api.name);
        close(found.p_value, number(&e["p"]), EXACT, api.name);
    }
}

#[test]
fn linear_regressions_match_svyglm() {
    let (Some(expected), Some(designs)) = (reference_json("survey_api"), api_designs()) else { return };
    for api in designs {
        let e = &expected[api.name]["glm_gaussian"];
        let columns: Vec<Vec<f64>> = ["ell", "meals", "mobility"].iter().map(|c| api.table.numbers(c)).collect();
        let matrix: Vec<f64> =
            (0..api.table.rows()).flat_map(|i| [1.0, columns[0][i], columns[1][i], columns[2][i]]).collect();
        let column_names = ["(Intercept)", "ell", "meals", "mobility"].map(str::to_owned);
        let outcome = api.table.numbers("api00");
        let data = LinearData {
            matrix: &matrix,
            column_names: &column_names,
            outcome: &outcome,
            design: &api.design,
            domain: None,
        };
        let fit = SurveyLinear::default().fit(&data).unwrap();
        all_close(&fit.coefficients, &numbers(&e["coef"]), EXACT, api.name);
        all_close(&fit.standard_errors(), &numbers(&e["se"]), EXACT, api.name);
    }
}

#[test]
fn a_regression_on_a_constant_is_the_mean_and_dependent_columns_are_named() {
    let Some(designs) = api_designs() else { return };
    for api in designs {
        let outcome = api.table.numbers("api00");
        let domain = api.table.equals("comp.imp", "Yes");
        let ones = vec![1.0; outcome.len()];
        let constant = ["(Intercept)".to_owned()];
        let data = LinearData {
            matrix: &ones,
            column_names: &constant,
            outcome: &outcome,
            design: &api.design,
            domain: Some(&domain),
        };
        let fit = SurveyLinear::default().fit(&data).unwrap();
        let found = mean(&api.design, &outcome, Some(&domain)).unwrap();
        close(fit.coefficients[0], found.value, 1e-12, api.name);
        close(fit.standard_errors()[0], found.standard_error, 1e-9, api.name);
        assert_eq!(fit.degrees_of_freedom, found.degrees_of_freedom);
        let twice: Vec<f64> = outcome.iter().flat_map(|_| [1.0, 2.0]).collect();
        let names = ["a".to_owned(), "b".to_owned()];
        let data = LinearData { matrix: &twice, column_names: &names, ..data };
        let error = SurveyLinear::default().fit(&data).unwrap_err();
        assert_eq!(error, StatsError::Collinear { columns: vec![1], names: vec!["b".to_owned()] });
    }
}

#[test]
fn with_equal_weights_and_no_clusters_the_test_is_pearsons() {
    // Records drawn one by one: every design effect is n / (n - 1) times that of the multinomial under dependence, so for a
    // table that is exactly independent the first-order correction leaves Pearson's zero.
    let rows: Vec<u32> = (0..60).map(|i| (i / 20) as u32).collect();
    let columns: Vec<u32> = (0..60).map(|i| u32::from(i % 4 == 0)).collect();
    let design = DesignSpec { weights: &[2.0; 60], ..Default::default() }.build().unwrap();
    let found = independence_test(&design, &rows, &columns, None).unwrap();
    assert!(found.f.abs() < 1e-20 && (found.p_value - 1.0).abs() < 1e-9);
    close(found.numerator, 2.0, 1e-12, "numerator");
    close(found.denominator, 2.0 * 59.0, 1e-12, "denominator");
    // A combination that does not occur is refused.
    let columns: Vec<u32> = rows.iter().map(|&r| u32::from(r == 0)).collect();
    assert!(matches!(independence_test(&design, &rows, &columns, None), Err(StatsError::NotPositiveDefinite { .. })));
}

#[test]
fn an_end_of_the_interval_that_leaves_the_distribution_is_absent() {
    let design = DesignSpec { weights: &[1.0; 12], ..Default::default() }.build().unwrap();
    let y: Vec<f64> = (0..12).map(f64::from).collect();
    let extreme = Quantile { probability: 0.05, ..Default::default() };
    let found = quantile(&design, &y, &extreme, None).unwrap();
    assert_eq!((found.value, found.lower, found.standard_error), (0.0, None, None));
    assert!(found.upper.is_some());
    // The logit interval of the share stays inside.
    let found = quantile(&design, &y, &Quantile { interval: ProportionInterval::Logit, ..extreme }, None).unwrap();
    assert!(found.lower.is_some() && found.upper.is_some());
    let outside = Quantile { probability: 1.0, ..Default::default() };
    assert!(matches!(quantile(&design, &y, &outside, None), Err(StatsError::Setting { .. })));
}

proptest! {
    #[test]
    fn at_least_the_wanted_share_lies_at_or_below_a_quantile_and_less_below_it(
        rows in prop::collection::vec((0.5f64..20.0, -5i32..5), 2..40), probability in 0.01f64..0.99
    ) {
        let weights: Vec<f64> = rows.iter().map(|r| r.0).collect();
        let y: Vec<f64> = rows.iter().map(|r| f64::from(r.1)).collect();
        let design = DesignSpec { weights: &weights, ..Default::default() }.build().unwrap();
        let found = quantile(&design, &y, &Quantile { probability, ..Default::default() }, None).unwrap();
        let share = |inside: &dyn Fn(f64) -> bool| {
            let mask: Vec<bool> = y.iter().map(|&y| inside(y)).collect();
            mean(&design, &indicator(&mask), None).unwrap().value
        };
        prop_assert!(share(&|y| y <= found.value) >= probability - 1e-9);
        prop_assert!(share(&|y| y < found.value) < probability + 1e-9);
        prop_assert!(found.lower.is_none_or(|l| l <= found.value) && found.upper.is_none_or(|u| u >= found.value));
    }
}

#[test]
fn the_population_file_has_the_quantiles_of_a_plain_count() {
    let Some(population) = Table::reference("apipop") else { return };
    let y = population.numbers("api00");
    let design = DesignSpec { weights: &vec![1.0; y.len()], ..Default::default() }.build().unwrap();
    let found = quantile(&design, &y, &Quantile::default(), None).unwrap();
    let mut sorted = y.clone();
    sorted.sort_by(f64::total_cmp);
    assert_eq!(found.value, sorted[y.len() / 2 - 1], "6,194 schools: the lower of the two middle ones");
}
