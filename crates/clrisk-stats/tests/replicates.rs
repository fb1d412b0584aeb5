//! Replicate weights against R `survey` with the same weights (`03_survey_replicates.R`), and against linearisation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use clrisk_stats::design::{DesignSpec, FinitePopulation, LonelyPsu};
use clrisk_stats::direct::{ProportionInterval, Quantile, total};
use clrisk_stats::logit::{LogitData, SurveyLogit};
use clrisk_stats::replicate::{ReplicateMethod, ReplicateWeights};
use common::{Table, all_close, close, indicator, number, numbers, reference_file, reference_json, widen};
use serde_json::Value;

fn columns_of(name: &str) -> Option<Vec<Vec<f64>>> {
    let table = Table::read(reference_file(&format!("out/repweights_{name}.csv"))?);
    Some(table.names.iter().map(|column| table.numbers(column)).collect())
}

fn read(full: &[f64], name: &str, expected: &Value) -> Option<ReplicateWeights> {
    let replicates = columns_of(name)?;
    let (scale, scales) = (number(&expected["scale"]), numbers(&expected["rscales"]));
    let df = expected["degf"].as_f64();
    Some(ReplicateWeights::new(full.to_vec(), replicates, scale, scales, expected["mse"].as_bool()?, df).unwrap())
}

#[test]
fn given_weights_give_the_estimates_and_covariances_of_r_survey() {
    let Some(expected) = reference_json("survey_replicates") else { return };
    for (name, file) in [
        ("clus1_JK1", "apiclus1"),
        ("clus1_JK1_nofpc", "apiclus1"),
        ("strat_JKn", "apistrat"),
        ("clus1_boot", "apiclus1"),
        ("strat_subboot", "apistrat"),
        ("clus1_mrbboot", "apiclus1"),
    ] {
        let Some(table) = Table::reference(file) else { return };
        let e = &expected[name];
        let Some(weights) = read(&table.numbers("pw"), name, e) else { return };
        assert_eq!(weights.count() as f64, number(&e["nrep"]));
        let (api00, enroll) = (table.numbers("api00"), table.numbers("enroll"));
        let means = weights.means(&[&api00, &enroll], None).unwrap();
        all_close(&means.values, &numbers(&e["mean"]["est"]), 1e-8, name);
        all_close(&means.covariance, &numbers(&e["mean"]["vcov"]), 1e-8, name);
        let sum = weights.totals(&[&enroll], None).unwrap();
        close(sum.values[0], number(&e["total"]["est"]), 1e-8, name);
        close(sum.standard_errors()[0], number(&e["total"]["se"]), 1e-8, name);
        let ratio = weights.ratio(&table.numbers("api.stu"), &enroll, None).unwrap();
        close(ratio.values[0], number(&e["ratio"]["est"]), 1e-8, name);
        close(ratio.standard_errors()[0], number(&e["ratio"]["se"]), 1e-8, name);
        let median = weights.quantile(&api00, &Quantile::default(), None).unwrap();
        let row = [median.value, median.lower.unwrap(), median.upper.unwrap(), median.standard_error.unwrap()];
        all_close(&row, &numbers(&e["quantile"]), 1e-8, name);
        let high_schools = indicator(&table.equals("stype", "H"));
        let share = weights.means(&[&high_schools], None).unwrap();
        let i = weights.proportion_interval(&high_schools, ProportionInterval::Logit, 0.95, None).unwrap().unwrap();
        close(share.values[0], number(&e["ciprop_logit"]["p"]), 1e-8, name);
        // R fits a regression per replicate and stops at its default tolerance; the logits here are exact.
        all_close(&[i.lower, i.upper], &numbers(&e["ciprop_logit"]["ci"]), 1e-7, name);
        let (codes, names) = table.factor("stype");
        let by_group = weights.errors_by_group(&api00, &codes, names.len()).unwrap();
        let errors: Vec<f64> = by_group.iter().map(|errors| errors.unwrap().share).collect();
        all_close(&errors, &numbers(&e["by"]["se"]), 1e-8, name);
        let all = vec![0; codes.len()];
        let of_all = weights.errors_by_group(&enroll, &all, 1).unwrap()[0].unwrap();
        close(of_all.total, number(&e["total"]["se"]), 1e-8, name);
        // The interval of `ciprop_logit` once more, from the standard error of the logit and Student's t.
        let of_shares = weights.errors_by_group(&high_schools, &all, 1).unwrap()[0].unwrap();
        let half = |[lower, upper]: [f64; 2]| ((upper / (1.0 - upper)).ln() - (lower / (1.0 - lower)).ln()) / 2.0;
        let of_logit = of_shares.logit.unwrap();
        // Schools by type are a stratum in one of the designs, so their share does not vary there.
        if of_logit > 1e-9 {
            let t = half([i.lower, i.upper]) / of_logit;
            assert!(t > 1.9 && t < 2.2, "{name}: {t}");
        }
        close(of_shares.share, share.standard_errors()[0], 1e-12, name);
        let (_, levels) = table.factor("stype");
        for (index, level) in levels.iter().enumerate() {
            let by = weights.means(&[&api00], Some(&table.equals("stype", level))).unwrap();
            close(by.values[0], number(&e["by"]["est"][index]), 1e-8, name);
            close(by.standard_errors()[0], number(&e["by"]["se"][index]), 1e-8, name);
        }
        let predictors: Vec<Vec<f64>> = ["ell", "meals", "mobility"].iter().map(|c| table.numbers(c)).collect();
        let matrix: Vec<f64> =
            (0..table.rows()).flat_map(|i| [1.0, predictors[0][i], predictors[1][i], predictors[2][i]]).collect();
        let column_names = ["(Intercept)", "ell", "meals", "mobility"].map(str::to_owned);
        let outcome = indicator(&table.equals("sch.wide", "Yes"));
        let full = table.numbers("pw");
        let design = DesignSpec { weights: &full, ..Default::default() }.build().unwrap();
        let data = LogitData {
            matrix: &matrix,
            column_names: &column_names,
            outcome: &outcome,
            design: &design,
            domain: None,
        };
        let fit = weights.logit(&SurveyLogit::default(), &data).unwrap();
        all_close(&fit.values, &numbers(&e["glm_tight"]["coef"]), 1e-8, name);
        all_close(&fit.covariance, &numbers(&e["glm_tight"]["vcov"]), 1e-6, name);
        // R's default tolerance.
        all_close(&fit.values, &numbers(&e["glm"]["coef"]), 1e-5, name);
        all_close(&fit.standard_errors(), &numbers(&e["glm"]["se"]), 1e-4, name);
    }
}

#[test]
fn ambulance_example_matches_r_survey_with_its_half_samples() {
    let (Some(expected), Some(table)) = (reference_json("survey_replicates"), Table::reference("scd")) else { return };
    for name in ["BRR", "Fay", "JKn"] {
        let e = &expected[format!("scd_{name}")];
        let Some(weights) = read(&[1.0; 6], &format!("scd_{name}"), e) else { return };
        let (alive, arrests) = (table.numbers("alive"), table.numbers("arrests"));
        let ratio = weights.ratio(&alive, &arrests, None).unwrap();
        close(ratio.values[0], number(&e["ratio"]["est"]), 1e-8, name);
        close(ratio.standard_errors()[0], number(&e["ratio"]["se"]), 1e-8, name);
        let means = weights.means(&[&arrests, &alive], None).unwrap();
        all_close(&means.covariance, &numbers(&e["mean"]["vcov"]), 1e-8, name);
    }
}

#[test]
fn jackknives_made_here_have_the_weights_of_r_survey() {
    let Some(expected) = reference_json("survey_replicates") else { return };
    for (name, file) in [("clus1_JK1", "apiclus1"), ("strat_JKn", "apistrat")] {
        let Some(table) = Table::reference(file) else { return };
        let (weights, sizes) = (table.numbers("pw"), table.numbers("fpc"));
        let (clusters, strata) = (table.codes("dnum"), widen(&table.factor("stype").0));
        let clustered = file == "apiclus1";
        let design = DesignSpec {
            weights: &weights,
            clusters: clustered.then_some(&clusters),
            strata: (!clustered).then_some(&strata),
            finite_population: Some(FinitePopulation::Sizes(&sizes)),
            ..Default::default()
        }
        .build()
        .unwrap();
        let method = if clustered { ReplicateMethod::Jk1 } else { ReplicateMethod::JkN };
        let made = ReplicateWeights::from_design(&design, method).unwrap();
        let e = &expected[name];
        let means = made.means(&[&table.numbers("api00"), &table.numbers("enroll")], None).unwrap();
        all_close(&means.covariance, &numbers(&e["mean"]["vcov"]), 1e-8, name);
        assert_eq!(made.degrees_of_freedom(), number(&e["degf"]), "{name}");
    }
}

#[test]
fn replicates_of_a_total_repeat_the_linearised_variance() {
    // For a linear statistic JKn and balanced half-samples are algebraically the linearised variance.
    let weights: Vec<f64> = (0..30).map(|i| 1.0 + f64::from(i % 7)).collect();
    let strata: Vec<u64> = (0..30).map(|i| i / 6).collect();
    let clusters: Vec<u64> = (0..30).map(|i| (i / 3) % 2).collect();
    let y: Vec<f64> = (0..30).map(|i| f64::from((i * i) % 11)).collect();
    let design =
        DesignSpec { weights: &weights, strata: Some(&strata), clusters: Some(&clusters), ..Default::default() }
            .build()
            .unwrap();
    let linearised = total(&design, &y, None).unwrap();
    for method in [ReplicateMethod::JkN, ReplicateMethod::Brr, ReplicateMethod::Fay { rho: 0.3 }] {
        let made = ReplicateWeights::from_design(&design, method).unwrap();
        let found = made.totals(&[&y], None).unwrap();
        close(found.values[0], linearised.value, 1e-12, "total");
        close(found.standard_errors()[0], linearised.standard_error, 1e-10, "standard error");
    }
    // The bootstrap approaches it: 4,000 replicates have a relative error of about 1 / sqrt(8000).
    let method = ReplicateMethod::RaoWu { replicates: 4000, seed: 5 };
    let made = ReplicateWeights::from_design(&design, method).unwrap();
    let found = made.totals(&[&y], None).unwrap().standard_errors()[0];
    assert!((found / linearised.standard_error - 1.0).abs() < 4.0 / 8000f64.sqrt());
    assert_eq!(made, ReplicateWeights::from_design(&design, method).unwrap(), "same seed, same bits");
    assert!(ReplicateWeights::from_design(&design, ReplicateMethod::Jk1).is_err());
}

#[test]
fn designs_a_method_cannot_serve_are_refused() {
    let design = DesignSpec {
        weights: &[1.0; 5],
        strata: Some(&[0, 0, 1, 1, 2]),
        lonely_psu: LonelyPsu::Certainty,
        ..Default::default()
    }
    .build()
    .unwrap();
    for method in [ReplicateMethod::JkN, ReplicateMethod::Brr, ReplicateMethod::RaoWu { replicates: 9, seed: 0 }] {
        assert!(ReplicateWeights::from_design(&design, method).is_err());
    }
}
