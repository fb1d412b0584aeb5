//! Fay-Herriot against R `sae` and `emdi` (`05_fay_herriot.R`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use clrisk_stats::StatsError;
use clrisk_stats::area_model::{
    AreaBenchmark, AreaData, BackTransformation, FayHerriot, FayHerriotFit, LogFayHerriot, SpatialAreaData,
    SpatialFayHerriot, SpatialMethod, VarianceMethod, benchmark_areas,
};
use common::{Table, all_close, close, number, numbers, reference_json};
use proptest::prelude::*;

struct Areas {
    direct: Vec<Option<(f64, f64)>>,
    matrix: Vec<f64>,
    column_names: Vec<String>,
}

impl Areas {
    fn data(&self) -> AreaData<'_> {
        AreaData { direct: &self.direct, matrix: &self.matrix, column_names: &self.column_names }
    }

    fn fit(&self, method: VarianceMethod) -> FayHerriotFit {
        FayHerriot { method }.fit(&self.data()).unwrap()
    }
}

fn milk() -> Option<Areas> {
    let table = Table::reference("milk")?;
    let (y, sd) = (table.numbers("yi"), table.numbers("SD"));
    let (region, levels) = table.factor("MajorArea");
    let indicator = |i: usize, level: usize| f64::from(u8::from(region[i] == level as u32));
    let matrix = (0..y.len())
        .flat_map(|i| std::iter::once(1.0).chain((1..levels.len()).map(move |l| indicator(i, l))))
        .collect();
    Some(Areas {
        direct: y.iter().zip(sd).map(|(&y, sd)| Some((y, sd * sd))).collect(),
        matrix,
        column_names: levels.iter().map(|l| format!("region {l}")).collect(),
    })
}

fn column(estimates: &FayHerriotFit, value: impl Fn(&clrisk_stats::area_model::AreaEstimate) -> f64) -> Vec<f64> {
    estimates.estimates().iter().map(value).collect()
}

#[test]
fn milk_expenditure_matches_sae() {
    let (Some(expected), Some(areas)) = (reference_json("sae"), milk()) else { return };
    for (key, method) in [("REML", VarianceMethod::Reml), ("ML", VarianceMethod::Ml), ("FH", VarianceMethod::Moment)] {
        let e = &expected[format!("milk_{key}")];
        let fit = areas.fit(method);
        close(fit.variance, number(&e["refvar"]), 1e-6, key);
        all_close(&fit.coefficients, &numbers(&e["beta"]), 1e-6, key);
        all_close(&fit.standard_errors(), &numbers(&e["se"]), 1e-6, key);
        all_close(&column(&fit, |a| a.value), &numbers(&e["eblup"]), 1e-6, key);
        all_close(&column(&fit, |a| a.mean_squared_error), &numbers(&e["mse"]), 1e-6, key);
        close(fit.log_likelihood, number(&e["gof"]["loglike"]), 1e-6, key);
        close(fit.aic, number(&e["gof"]["AIC"]), 1e-6, key);
        close(fit.bic, number(&e["gof"]["BIC"]), 1e-6, key);
    }
}

#[test]
fn spatial_grape_production_matches_sae() {
    let (Some(expected), Some(table), Some(proximity)) =
        (reference_json("sae"), Table::reference("grapes"), Table::reference("grapesprox"))
    else {
        return;
    };
    let (area, workdays) = (table.numbers("area"), table.numbers("workdays"));
    let matrix: Vec<f64> = area.iter().zip(&workdays).flat_map(|(&a, &w)| [a, w]).collect();
    let columns: Vec<Vec<f64>> = proximity.names.iter().map(|c| proximity.numbers(c)).collect();
    let m = area.len();
    let neighbours: Vec<f64> = (0..m * m).map(|i| columns[i % m][i / m]).collect();
    let data = SpatialAreaData {
        direct: &table.numbers("grapehect"),
        sampling_variances: &table.numbers("var"),
        matrix: &matrix,
        column_names: &["area".to_owned(), "workdays".to_owned()],
        neighbours: &neighbours,
    };
    for (key, method) in [("REML", SpatialMethod::Reml), ("ML", SpatialMethod::Ml)] {
        let e = &expected[format!("grapes_SFH_{key}")];
        let mut model = SpatialFayHerriot::default();
        model.method = method;
        let start = std::time::Instant::now();
        let fit = model.fit(&data).unwrap();
        println!("{key}: {:.2} s", start.elapsed().as_secs_f64());
        let values: Vec<f64> = fit.estimates().iter().map(|a| a.value).collect();
        let errors: Vec<f64> = fit.estimates().iter().map(|a| a.mean_squared_error).collect();
        // The peer stops at steps below 1e-4, after which its scoring is this close.
        close(fit.variance, number(&e["refvar"]), 1e-5, key);
        close(fit.correlation, number(&e["rho"]), 1e-5, key);
        all_close(&fit.coefficients, &numbers(&e["beta"]), 1e-5, key);
        all_close(&values, &numbers(&e["eblup"]), 1e-5, key);
        // By maximum likelihood the mean squared errors differ from the peer's in the third digit, in the second-order
        // term; why is not known. By restricted likelihood they agree.
        let tolerance = if method == SpatialMethod::Reml { 1e-5 } else { 2e-3 };
        all_close(&errors, &numbers(&e["mse"]), tolerance, key);
    }
}

/// Areas of the Austrian example in the order of the reference.
fn eusilc(direct: &str, variance: &str, covariates: &[&str], order: &[String]) -> Option<(Areas, Vec<f64>)> {
    let (population, sample) = (Table::reference("eusilcA_popAgg")?, Table::reference("eusilcA_smpAgg")?);
    let place = |table: &Table, name: &str| table.text("Domain").iter().position(|d| d == name);
    let (y, psi, n) = (sample.numbers(direct), sample.numbers(variance), sample.numbers("n"));
    let values: Vec<Vec<f64>> = covariates.iter().map(|c| population.numbers(c)).collect();
    let mut areas = Areas { direct: Vec::new(), matrix: Vec::new(), column_names: vec!["intercept".into()] };
    areas.column_names.extend(covariates.iter().map(|&c| c.to_owned()));
    let mut sizes = Vec::new();
    for name in order {
        let row = place(&population, name)?;
        areas.matrix.push(1.0);
        areas.matrix.extend(values.iter().map(|v| v[row]));
        let sampled = place(&sample, name);
        areas.direct.push(sampled.map(|i| (y[i], psi[i])));
        sizes.push(sampled.map_or(0.0, |i| n[i]));
    }
    Some((areas, sizes))
}

fn order_of(value: &serde_json::Value) -> Vec<String> {
    value["domain"].as_array().unwrap().iter().map(|d| d.as_str().unwrap().to_owned()).collect()
}

#[test]
fn income_by_district_matches_emdi() {
    let Some(expected) = reference_json("sae") else { return };
    for (key, method) in [
        ("reml", VarianceMethod::Reml),
        ("ml", VarianceMethod::Ml),
        ("ampl", VarianceMethod::AdjustedProfile),
        ("amrl", VarianceMethod::AdjustedResidual),
    ] {
        let e = &expected[format!("eusilc_fh_{key}")];
        let Some((areas, _)) = eusilc("Mean", "Var_Mean", &["cash", "self_empl"], &order_of(e)) else { return };
        let fit = areas.fit(method);
        // The peer maximises numerically and stops at about five digits of the variance.
        close(fit.variance, number(&e["var"]), 1e-4, key);
        all_close(&fit.coefficients, &numbers(&e["coef"]), 1e-4, key);
        all_close(&column(&fit, |a| a.value), &numbers(&e["fh"]), 1e-5, key);
        all_close(&column(&fit, |a| a.mean_squared_error), &numbers(&e["mse_fh"]), 1e-4, key);
    }
}

#[test]
fn log_and_arcsine_scales_match_emdi() {
    let Some(expected) = reference_json("sae") else { return };
    for (key, back) in [("bc_sm", BackTransformation::Mean), ("bc_crude", BackTransformation::Crude)] {
        let e = &expected[format!("eusilc_fh_log_{key}")];
        let Some((areas, _)) = eusilc("Mean", "Var_Mean", &["cash", "self_empl"], &order_of(e)) else { return };
        let model = LogFayHerriot { model: FayHerriot { method: VarianceMethod::Ml }, back };
        let (fit, found) = model.fit_log(&areas.data()).unwrap();
        // The peer stops within 1e-4 of the maximum, absolutely, which is 1 % of this variance: the claim is that the
        // likelihood here is at least as high and the estimates agree.
        assert!(fit.log_likelihood >= number(&e["loglik"]) - 1e-9, "{key}");
        close(fit.variance, number(&e["var"]), 3e-3, key);
        all_close(&found.iter().map(|f| f.value).collect::<Vec<_>>(), &numbers(&e["fh"]), 1e-3, key);
    }
    let e = &expected["eusilc_fh_arcsin"];
    let covariates = ["cash", "age_ben", "rent", "house_allow"];
    let Some((areas, sizes)) = eusilc("MTMED", "Var_MTMED", &covariates, &order_of(e)) else { return };
    let model = LogFayHerriot { model: FayHerriot { method: VarianceMethod::Ml }, back: BackTransformation::Mean };
    let (fit, found) = model.fit_arcsine(&areas.data(), &sizes).unwrap();
    // Here the maximum is at zero, and the peer's stopping distance is larger than what it reports.
    assert!(fit.log_likelihood >= number(&e["loglik"]) && fit.variance <= number(&e["var"]));
    for ((area, estimate), expected) in fit.estimates().iter().zip(&found).zip(numbers(&e["fh"])) {
        if (0.0..std::f64::consts::FRAC_PI_2).contains(&area.value) {
            close(estimate.value, expected, 2e-2, "arcsine");
        } else {
            // Beyond the end of the scale the peer integrates a density outside its range and prints zero; one is meant.
            assert!(area.value > 1.5 && expected < 1e-6 && estimate.value > 0.99);
        }
    }
}

#[test]
fn benchmarked_districts_match_emdi() {
    let Some(expected) = reference_json("sae") else { return };
    let e = &expected["eusilc_fh_ml"];
    let Some(population) = Table::reference("eusilcA_popAgg") else { return };
    // The script hands over the shares in the order of its population file, where some districts stand elsewhere than in
    // the estimates: the figures mean little, the arithmetic is compared all the same.
    let shares = population.numbers("ratio_n");
    for (key, method) in [
        ("raking", AreaBenchmark::Difference),
        ("ratio", AreaBenchmark::Ratio),
        ("MSE_adj", AreaBenchmark::MeanSquaredError),
    ] {
        let b = &expected[format!("eusilc_bench_{key}")];
        // The benchmark of the script.
        let found = benchmark_areas(&numbers(&b["FH"]), &numbers(&e["mse_fh"]), &shares, 20140.09, method).unwrap();
        all_close(&found, &numbers(&b["bench"]), 1e-9, key);
    }
}

proptest! {
    #[test]
    fn estimates_lie_between_direct_and_regression_and_follow_the_unit(
        rows in prop::collection::vec((0.0f64..1.0, 0.001f64..0.05, -1.0f64..1.0), 8..30), unit in 0.1f64..100.0
    ) {
        let areas = |k: f64, reversed: bool| {
            let mut rows = rows.clone();
            if reversed {
                rows.reverse();
            }
            Areas {
                direct: rows.iter().map(|r| Some((k * r.0, k * k * r.1))).collect(),
                matrix: rows.iter().flat_map(|r| [1.0, r.2]).collect(),
                column_names: vec!["intercept".into(), "x".into()],
            }
        };
        for method in [VarianceMethod::Reml, VarianceMethod::Ml, VarianceMethod::Moment, VarianceMethod::AdjustedProfile] {
            let fit = areas(1.0, false).fit(method);
            for (e, r) in fit.estimates().iter().zip(&rows) {
                let (low, high) = (e.synthetic.min(r.0), e.synthetic.max(r.0));
                prop_assert!(low - 1e-12 <= e.value && e.value <= high + 1e-12);
            }
            let scaled = areas(unit, false).fit(method);
            prop_assert!((scaled.variance - unit * unit * fit.variance).abs() < 1e-6 * unit * unit);
            let reversed = areas(1.0, true).fit(method);
            prop_assert!((reversed.variance - fit.variance).abs() < 1e-8);
            prop_assert!((reversed.estimates()[0].value - fit.estimates()[rows.len() - 1].value).abs() < 1e-7);
        }
    }
}

#[test]
fn data_the_model_cannot_use_are_refused_by_name_or_row() {
    let names = ["intercept".to_owned(), "twice".to_owned()];
    let direct: Vec<Option<(f64, f64)>> = (0..6).map(|i| Some((f64::from(i), 1.0))).collect();
    let twice: Vec<f64> = (0..6).flat_map(|_| [1.0, 2.0]).collect();
    let fit = |direct: &[Option<(f64, f64)>], matrix: &[f64]| {
        FayHerriot::default().fit(&AreaData { direct, matrix, column_names: &names }).map(|_| ())
    };
    assert_eq!(
        fit(&direct, &twice).unwrap_err(),
        StatsError::Collinear { columns: vec![1], names: vec!["twice".into()] }
    );
    let good: Vec<f64> = (0..6).flat_map(|i| [1.0, f64::from(i * i)]).collect();
    assert!(fit(&direct, &good).is_ok());
    let mut zero = direct.clone();
    zero[3] = Some((1.0, 0.0));
    assert!(matches!(fit(&zero, &good), Err(StatsError::OutOfRange { row: 3, .. })));
    assert!(matches!(fit(&[None; 6], &good), Err(StatsError::Empty { .. })));
}
