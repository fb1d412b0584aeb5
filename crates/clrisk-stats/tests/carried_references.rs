//! The main claims on a fresh clone: small peers' tables carried in `tests/reference/`, each with its README. The full
//! comparison is in the other tests and needs the reference folder.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use std::path::PathBuf;

use clrisk_stats::area_model::{AreaData, FayHerriot, VarianceMethod};
use clrisk_stats::classify::Rule;
use clrisk_stats::design::{DesignSpec, FinitePopulation, LonelyPsu};
use clrisk_stats::direct::{mean, mean_by_group, total};
use clrisk_stats::linear_mixed::{Likelihood, LinearMixed, LinearMixedData};
use clrisk_stats::logit::{LogitData, SurveyLogit};
use clrisk_stats::unit_model::{AreaPopulation, NestedError, UnitData, hierarchical_area_means};
use common::{Table, all_close, close, number, numbers};
use serde_json::Value;

fn carried(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(path)
}

fn json(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(carried(path)).unwrap()).unwrap()
}

#[test]
fn estimates_and_logit_match_r_survey_under_every_lonely_psu_policy() {
    let (table, expected) = (Table::read(carried("survey/lonely.csv")), json("survey/lonely.json"));
    let (strata, clusters) = (table.codes("h"), table.codes("psu"));
    let (weights, sizes) = (table.numbers("w"), table.numbers("Nh"));
    let (y, x) = (table.numbers("y"), table.numbers("x"));
    let (groups, levels) = table.factor("dom");
    let matrix: Vec<f64> = x.iter().flat_map(|&x| [1.0, x]).collect();
    let column_names = ["(Intercept)".to_owned(), "x".to_owned()];
    for (name, policy) in [
        ("certainty", LonelyPsu::Certainty),
        ("remove", LonelyPsu::Certainty),
        ("adjust", LonelyPsu::Centre),
        ("average", LonelyPsu::Average),
    ] {
        for (suffix, finite) in [("nofpc", None), ("fpc", Some(FinitePopulation::Sizes(&sizes)))] {
            let e = &expected[format!("{name}_{suffix}")];
            let design = DesignSpec {
                weights: &weights,
                strata: Some(&strata),
                clusters: Some(&clusters),
                finite_population: finite,
                nested: false,
                lonely_psu: policy,
                ..Default::default()
            }
            .build()
            .unwrap();
            let (m, t) = (mean(&design, &y, None).unwrap(), total(&design, &x, None).unwrap());
            close(m.value, number(&e["mean"]), 1e-8, name);
            close(m.standard_error, number(&e["mean_se"]), 1e-8, name);
            close(t.value, number(&e["total"]), 1e-8, name);
            close(t.standard_error, number(&e["total_se"]), 1e-8, name);
            let by = mean_by_group(&design, &y, &groups, levels.len()).unwrap();
            let errors: Vec<f64> = by.iter().map(|b| b.unwrap().standard_error).collect();
            all_close(&errors, &numbers(&e["by_dom_adjustFALSE"]["se"]), 1e-8, name);
            let data =
                LogitData { matrix: &matrix, column_names: &column_names, outcome: &y, design: &design, domain: None };
            let fit = SurveyLogit::default().fit(&data).unwrap();
            all_close(fit.coefficients(), &numbers(&e["glm"]), 1e-7, name);
            all_close(&fit.standard_errors(), &numbers(&e["glm_se"]), 1e-5, name);
        }
    }
}

#[test]
fn class_limits_match_classint() {
    let values = Table::read(carried("classification/calemp.csv")).numbers("x");
    let expected = json("classification/calemp.json");
    for classes in [3, 5, 7] {
        for (style, rule) in [
            ("fisher", Rule::FisherJenks { classes }),
            ("quantile", Rule::Quantile { classes }),
            ("equal", Rule::EqualInterval { classes }),
            ("headtails", Rule::HeadTail { threshold: 0.4 }),
        ] {
            let e = &expected[format!("calemp_{classes}_{style}")];
            let breaks = rule.breaks(&values).unwrap();
            all_close(&breaks.bounds(), &numbers(&e["brks"]), 1e-12, style);
            let counts: Vec<f64> = breaks.counts(&values).into_iter().map(|c| c as f64).collect();
            assert_eq!(counts, numbers(&e["counts"]), "{style}");
        }
    }
}

#[test]
fn fay_herriot_matches_sae() {
    let (table, expected) = (Table::read(carried("area_model/milk.csv")), json("area_model/milk.json"));
    let direct: Vec<Option<(f64, f64)>> =
        table.numbers("yi").into_iter().zip(table.numbers("SD")).map(|(y, sd)| Some((y, sd * sd))).collect();
    let (region, levels) = table.factor("MajorArea");
    let matrix: Vec<f64> = region
        .iter()
        .flat_map(|&r| (0..levels.len() as u32).map(move |l| f64::from(u8::from(l == 0 || l == r))))
        .collect();
    for (name, method) in [("REML", VarianceMethod::Reml), ("ML", VarianceMethod::Ml), ("FH", VarianceMethod::Moment)] {
        let e = &expected[format!("milk_{name}")];
        let fit =
            FayHerriot { method }.fit(&AreaData { direct: &direct, matrix: &matrix, column_names: &levels }).unwrap();
        close(fit.variance, number(&e["refvar"]), 1e-6, name);
        all_close(&fit.coefficients, &numbers(&e["beta"]), 1e-6, name);
        let values: Vec<f64> = fit.estimates().iter().map(|a| a.value).collect();
        let errors: Vec<f64> = fit.estimates().iter().map(|a| a.mean_squared_error).collect();
        all_close(&values, &numbers(&e["eblup"]), 1e-6, name);
        all_close(&errors, &numbers(&e["mse"]), 1e-6, name);
    }
}

#[test]
fn linear_mixed_models_match_lme4() {
    let (table, expected) = (Table::read(carried("unit_model/sleepstudy.csv")), json("unit_model/expected.json"));
    let (group, levels) = table.factor("Subject");
    let data = LinearMixedData {
        outcome: &table.numbers("Reaction"),
        matrix: &table.numbers("Days").iter().flat_map(|&d| [1.0, d]).collect::<Vec<f64>>(),
        column_names: &["intercept".to_owned(), "days".to_owned()],
        random: &vec![1.0; table.rows()],
        random_columns: 1,
        group_of_row: &group,
        groups: levels.len(),
    };
    for (name, likelihood) in [("REMLTRUE", Likelihood::Restricted), ("REMLFALSE", Likelihood::Full)] {
        let e = &expected[format!("sleep_{name}")];
        let fit = LinearMixed::new(likelihood).fit(&data).unwrap();
        close(fit.log_likelihood, number(&e["logLik"]), 1e-9, name);
        close(fit.residual_variance.sqrt(), number(&e["sigma"]), 1e-5, name);
        all_close(fit.effects(), &numbers(&e["u"]), 1e-5, name);
    }
}

#[test]
fn county_crops_match_sae_and_hbsae() {
    let expected = json("unit_model/expected.json");
    let sample = Table::read(carried("unit_model/cornsoybean.csv")).keep(|row| row != 32);
    let counties = Table::read(carried("unit_model/cornsoybeanmeans.csv"));
    let columns = |table: &Table, corn: &str, soy: &str| -> Vec<f64> {
        table.numbers(corn).iter().zip(table.numbers(soy)).flat_map(|(&corn, soy)| [1.0, corn, soy]).collect()
    };
    let data = UnitData {
        outcome: &sample.numbers("CornHec"),
        matrix: &columns(&sample, "CornPix", "SoyBeansPix"),
        column_names: &["intercept", "corn", "soybeans"].map(str::to_owned),
        area_of_row: &sample.codes("County").iter().map(|&c| c as u32 - 1).collect::<Vec<_>>(),
        areas: counties.rows(),
    };
    let means = columns(&counties, "MeanCornPixPerSeg", "MeanSoyBeansPixPerSeg");
    let sizes = counties.numbers("PopnSegments");
    let population = AreaPopulation { means: &means, sizes: Some(&sizes) };
    for (name, likelihood) in [("REML", Likelihood::Restricted), ("ML", Likelihood::Full)] {
        let e = &expected[format!("corn_BHF_{name}")];
        let found = NestedError { likelihood }.fit(&data).unwrap().area_means(&population).unwrap();
        all_close(&found.iter().map(|a| a.value).collect::<Vec<_>>(), &numbers(&e["eblup"]), 1e-6, name);
    }
    let found = hierarchical_area_means(&data, &population).unwrap().estimates;
    let e = &expected["corn_hbsae_HB"];
    all_close(&found.iter().map(|a| a.mean).collect::<Vec<_>>(), &numbers(&e["est"]), 1e-6, "HB");
    all_close(&found.iter().map(|a| a.variance).collect::<Vec<_>>(), &numbers(&e["mse"]), 1e-6, "HB");
}
