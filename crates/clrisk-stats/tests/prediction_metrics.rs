//! Metrics against R (`09_metrics.R`) and scikit-learn (`09_metrics.py`); cross-validation against fits by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use clrisk_stats::cross_validation::{cross_validate, folds_by_psu};
use clrisk_stats::design::DesignSpec;
use clrisk_stats::logit::{LogitData, SurveyLogit};
use clrisk_stats::metrics::{
    archer_lemeshow, area_under_curve, brier_score, calibration, calibration_curve, hosmer_lemeshow, isotonic, log_loss,
};
use common::api::api_designs;
use common::{Table, all_close, close, indicator, number, numbers, reference_json};
use proptest::prelude::*;

#[test]
fn weighted_and_plain_scores_match_their_peers() {
    let (Some(r), Some(python), Some(table)) =
        (reference_json("metrics"), reference_json("metrics_py"), Table::reference("birthwt_weighted"))
    else {
        return;
    };
    let (y, p, w) = (table.numbers("low"), table.numbers("p"), table.numbers("w"));
    let one = vec![1.0; y.len()];
    close(area_under_curve(&y, &p, &one).unwrap(), number(&r["birthwt_auc"]["auc"]), 1e-12, "AUC");
    close(area_under_curve(&y, &p, &w).unwrap(), number(&r["birthwt_wauc"]["auc"]), 1e-12, "weighted AUC");
    close(area_under_curve(&y, &p, &w).unwrap(), number(&python["auc_w"]), 1e-12, "weighted AUC");
    close(brier_score(&y, &p, &one).unwrap(), number(&r["brier"]), 1e-12, "Brier");
    close(brier_score(&y, &p, &w).unwrap(), number(&python["brier_w"]), 1e-12, "weighted Brier");
    close(log_loss(&y, &p, &one).unwrap(), number(&r["logloss"]), 1e-12, "log loss");
    close(log_loss(&y, &p, &w).unwrap(), number(&python["logloss_w"]), 1e-12, "weighted log loss");
    let q = numbers(&python["q"]);
    for (key, weights) in [("unw", &one), ("w", &w)] {
        let recalibrated = calibration(&y, &q, weights).unwrap();
        // The peer's optimiser stops at about eight digits.
        close(recalibrated.slope, number(&python[format!("logit_recal_{key}")]["slope"]), 1e-6, key);
        close(recalibrated.intercept, number(&python[format!("logit_recal_{key}")]["intercept"]), 1e-6, key);
        let fit = isotonic(&y, &q, weights).unwrap();
        // The peer keeps single precision in its interpolation.
        all_close(&fit, &numbers(&python[format!("isotonic_{key}")]["fit"]), 1e-6, key);
    }
    // R's own recalibration of the same distorted predictions.
    let v = &r["birthwt_valprob_distorted"]["stats"];
    let recalibrated = calibration(&y, &q, &one).unwrap();
    close(recalibrated.slope, number(&v["Slope"]), 1e-6, "slope");
    close(recalibrated.intercept, number(&v["Intercept"]), 1e-6, "intercept");
    let sorted = isotonic(&y, &q, &one).unwrap();
    let mut order: Vec<usize> = (0..q.len()).collect();
    order.sort_by(|&a, &b| q[a].total_cmp(&q[b]));
    let sorted: Vec<f64> = order.iter().map(|&i| sorted[i]).collect();
    all_close(&sorted, &numbers(&r["birthwt_isotonic"]["yf"]), 1e-10, "isotonic");
}

#[test]
fn hosmer_lemeshow_matches_resource_selection() {
    let (Some(r), Some(table)) = (reference_json("metrics"), Table::reference("birthwt_weighted")) else { return };
    for groups in [5, 8, 10] {
        let e = &r[format!("birthwt_HL_g{groups}")];
        let test = hosmer_lemeshow(&table.numbers("low"), &table.numbers("p"), groups).unwrap();
        close(test.statistic, number(&e["chisq"]), 1e-9, "chi-squared");
        close(test.degrees_of_freedom, number(&e["df"]), 1e-12, "df");
        close(test.p_value, number(&e["p"]), 1e-9, "p");
    }
}

#[test]
fn archer_lemeshow_matches_the_wald_test_of_r_survey() {
    let (Some(r), Some(designs)) = (reference_json("metrics"), api_designs()) else { return };
    for api in designs {
        let key = match api.name {
            "strat_nofpc" => "archer_lemeshow_strat",
            "clus1_nofpc" => "archer_lemeshow_clus1",
            _ => continue,
        };
        let predictors: Vec<Vec<f64>> = ["ell", "meals", "mobility"].iter().map(|c| api.table.numbers(c)).collect();
        let matrix: Vec<f64> =
            (0..api.table.rows()).flat_map(|i| [1.0, predictors[0][i], predictors[1][i], predictors[2][i]]).collect();
        let column_names = ["(Intercept)", "ell", "meals", "mobility"].map(str::to_owned);
        let outcome = indicator(&api.table.equals("sch.wide", "Yes"));
        let data = LogitData {
            matrix: &matrix,
            column_names: &column_names,
            outcome: &outcome,
            design: &api.design,
            domain: None,
        };
        let fit = SurveyLogit::default().fit(&data).unwrap();
        let test = archer_lemeshow(&api.design, &outcome, &fit.probabilities(&matrix).unwrap(), 10).unwrap();
        // The reference's residuals come from a regression that stopped at R's default tolerance.
        close(test.statistic, number(&r[key]["regterm_F"]), 1e-5, key);
        close(test.degrees_of_freedom, number(&r[key]["regterm_df"]), 1e-12, key);
        close(test.denominator.unwrap(), number(&r[key]["regterm_ddf"]), 1e-12, key);
        close(test.p_value, number(&r[key]["p"]), 1e-4, key);
    }
}

proptest! {
    #[test]
    fn the_curve_counts_concordant_pairs(
        rows in prop::collection::vec((any::<bool>(), 0u8..12, 0.1f64..9.0), 2..40)
    ) {
        let y: Vec<f64> = rows.iter().map(|r| f64::from(u8::from(r.0))).collect();
        let p: Vec<f64> = rows.iter().map(|r| f64::from(r.1) / 11.0).collect();
        let w: Vec<f64> = rows.iter().map(|r| r.2).collect();
        prop_assume!(y.contains(&0.0) && y.contains(&1.0));
        let (mut good, mut pairs) = (0.0, 0.0);
        for i in 0..y.len() {
            for j in 0..y.len() {
                if y[i] > y[j] {
                    pairs += w[i] * w[j];
                    good += w[i] * w[j] * if p[i] > p[j] { 1.0 } else if p[i] == p[j] { 0.5 } else { 0.0 };
                }
            }
        }
        prop_assert!((area_under_curve(&y, &p, &w).unwrap() - good / pairs).abs() < 1e-12);
        let fit = isotonic(&y, &p, &w).unwrap();
        for i in 0..y.len() {
            for j in 0..y.len() {
                prop_assert!(p[i] > p[j] || fit[i] <= fit[j], "the fit increases with the prediction");
            }
        }
        let mean = |v: &[f64]| v.iter().zip(&w).map(|(v, w)| v * w).sum::<f64>() / w.iter().sum::<f64>();
        prop_assert!((mean(&fit) - mean(&y)).abs() < 1e-12);
        let curve = calibration_curve(&y, &p, &w, 4).unwrap();
        let observed: f64 = curve.iter().map(|c| c.weight * c.observed).sum();
        prop_assert!((observed - mean(&y) * w.iter().sum::<f64>()).abs() < 1e-9);
    }
}

#[test]
fn every_row_is_predicted_by_a_fit_that_did_not_see_its_unit() {
    let Some(designs) = api_designs() else { return };
    let Some(api) = designs.into_iter().find(|a| a.name == "clus2_nofpc") else { return };
    let (ell, meals) = (api.table.numbers("ell"), api.table.numbers("meals"));
    let matrix: Vec<f64> = (0..api.table.rows()).flat_map(|i| [1.0, ell[i], meals[i]]).collect();
    let column_names = ["(Intercept)", "ell", "meals"].map(str::to_owned);
    let outcome = indicator(&api.table.equals("sch.wide", "Yes"));
    let data = LogitData {
        matrix: &matrix,
        column_names: &column_names,
        outcome: &outcome,
        design: &api.design,
        domain: None,
    };
    let folds = folds_by_psu(&api.design, 5, 42).unwrap();
    assert_eq!(folds, folds_by_psu(&api.design, 5, 42).unwrap());
    for (a, fold) in folds.iter().enumerate() {
        for (b, other) in folds.iter().enumerate() {
            assert!(api.design.psu_of_rows()[a] != api.design.psu_of_rows()[b] || fold == other, "a unit is split");
        }
    }
    let found = cross_validate(&SurveyLogit::default(), &data, &folds).unwrap();
    assert!(found.failed.is_empty());
    let training: Vec<bool> = folds.iter().map(|&f| f != folds[7]).collect();
    let by_hand = SurveyLogit::default().fit(&LogitData { domain: Some(&training), ..data }).unwrap();
    assert_eq!(found.predicted[7], Some(by_hand.probabilities(&matrix[21..24]).unwrap()[0]));
    let probabilities: Vec<f64> = found.predicted.iter().map(|p| p.unwrap()).collect();
    let weights = api.design.weights();
    assert_eq!(found.brier_score, brier_score(&outcome, &probabilities, weights).unwrap());
    let in_sample = SurveyLogit::default().fit(&data).unwrap().probabilities(&matrix).unwrap();
    assert!(found.log_loss > log_loss(&outcome, &in_sample, weights).unwrap(), "unseen rows are harder");
}

#[test]
fn a_fold_that_cannot_be_fitted_is_named() {
    // All cases lie in area 0: without it the outcome is constant.
    let outcome: Vec<f64> = (0..40).map(|i| f64::from(u8::from(i < 20 && i % 3 == 0))).collect();
    let areas: Vec<u64> = (0..40).map(|i| u64::from(i >= 20)).collect();
    let matrix: Vec<f64> = (0..40).flat_map(|i| [1.0, f64::from(i % 7)]).collect();
    let design = DesignSpec { weights: &[1.0; 40], ..Default::default() }.build().unwrap();
    let column_names = ["(Intercept)", "x"].map(str::to_owned);
    let data =
        LogitData { matrix: &matrix, column_names: &column_names, outcome: &outcome, design: &design, domain: None };
    let found = cross_validate(&SurveyLogit::default(), &data, &areas).unwrap();
    assert_eq!(found.failed.len(), 1);
    assert_eq!((found.failed[0].0, found.predicted[0], found.area_under_curve), (0, None, None));
    assert!(found.predicted[30].is_some());
}
