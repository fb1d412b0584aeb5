//! The survey-weighted logit against R `svyglm` (`01_survey_design.R`, `survey_real/`) and against identities.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use std::time::Instant;

use clrisk_stats::StatsError;
use clrisk_stats::design::{DesignSpec, FinitePopulation, LonelyPsu, SurveyDesign};
use clrisk_stats::logit::{Covariate, LogitData, LogitFit, SurveyLogit};
use common::api::{ApiDesign, api_designs};
use common::{Table, all_close, close, indicator, number, numbers, reference_json};

fn names(columns: &[&str]) -> Vec<String> {
    columns.iter().map(|&c| c.to_owned()).collect()
}

fn matrix_of(table: &Table, columns: &[&str]) -> Vec<f64> {
    let values: Vec<Vec<f64>> = columns.iter().map(|c| table.numbers(c)).collect();
    (0..table.rows()).flat_map(|i| std::iter::once(1.0).chain(values.iter().map(move |v| v[i]))).collect()
}

fn fit_api(api: &ApiDesign, columns: &[&str], domain: Option<&[bool]>) -> LogitFit {
    let matrix = matrix_of(&api.table, columns);
    let column_names = names(&[&["(Intercept)"], columns].concat());
    let outcome = indicator(&api.table.equals("sch.wide", "Yes"));
    let data =
        LogitData { matrix: &matrix, column_names: &column_names, outcome: &outcome, design: &api.design, domain };
    SurveyLogit::default().fit(&data).unwrap()
}

#[test]
fn coefficients_and_design_covariances_match_svyglm() {
    let (Some(expected), Some(designs)) = (reference_json("survey_api"), api_designs()) else { return };
    for api in designs {
        let e = &expected[api.name];
        let fit = fit_api(&api, &["ell", "meals", "mobility"], None);
        all_close(fit.coefficients(), &numbers(&e["glm_tight"]["coef"]), 1e-8, api.name);
        all_close(&fit.standard_errors(), &numbers(&e["glm_tight"]["se"]), 1e-8, api.name);
        all_close(fit.covariance(), &numbers(&e["glm_tight"]["vcov"]), 1e-8, api.name);
        close(fit.degrees_of_freedom(), number(&e["glm"]["df_resid"]), 1e-12, api.name);
        // R's default run stops early; its derived figures agree to the four digits its convergence leaves.
        all_close(&fit.t_values(), &numbers(&e["glm"]["t"]), 1e-4, api.name);
        all_close(&fit.p_values(), &numbers(&e["glm"]["p"]), 5e-4, api.name);
        close(fit.deviance(), number(&e["glm"]["deviance"]), 1e-9, api.name);
        close(fit.null_deviance(), number(&e["glm"]["null_deviance"]), 1e-9, api.name);
        close(fit.cox_snell_r_squared(), number(&e["glm"]["psrsq_mcfadden"]), 1e-8, api.name);
        close(fit.nagelkerke_r_squared(), number(&e["glm"]["psrsq_nagel"]), 1e-8, api.name);
        close(fit.effective_parameters().unwrap(), number(&e["glm"]["AIC"]["eff.p"]), 1e-4, api.name);
        close(fit.design_aic().unwrap(), number(&e["glm"]["AIC"]["AIC"]), 1e-5, api.name);
        let wald = fit.wald_test(&[2]).unwrap();
        close(wald.f, number(&e["glm"]["wald_meals"]["Ftest"]), 1e-4, api.name);
        close(wald.denominator, number(&e["glm"]["wald_meals"]["ddf"]), 1e-12, api.name);
        close(wald.p_value, number(&e["glm"]["wald_meals"]["p"]), 1e-4, api.name);
        let population = Table::reference("apipop").unwrap();
        let rows = matrix_of(&population, &["ell", "meals", "mobility"]);
        for (index, row) in rows.chunks_exact(4).take(5).enumerate() {
            let (p, se) = fit.predict(row).unwrap();
            close(p, number(&e["glm"]["predict5"]["p"][index]), 1e-8, api.name);
            close(se, number(&e["glm"]["predict5"]["se"][index]), 5e-5, api.name);
        }
    }
}

#[test]
fn a_domain_keeps_the_full_design_as_svyglm_of_a_subset_does() {
    let (Some(expected), Some(designs)) = (reference_json("survey_api"), api_designs()) else { return };
    for api in designs {
        let e = &expected[api.name]["glm_subset_tight"];
        let domain: Vec<bool> = api.table.equals("stype", "H").iter().map(|h| !h).collect();
        let fit = fit_api(&api, &["ell", "meals"], Some(&domain));
        all_close(fit.coefficients(), &numbers(&e["coef"]), 1e-8, api.name);
        all_close(&fit.standard_errors(), &numbers(&e["se"]), 1e-8, api.name);
        close(fit.degrees_of_freedom(), number(&e["df_resid"]), 1e-12, api.name);
    }
}

#[test]
fn lonely_psu_policies_carry_over_to_the_regression() {
    let (Some(expected), Some(table)) = (reference_json("survey_lonely"), Table::reference("lonely")) else { return };
    let (h, psu, w, sizes) = (table.codes("h"), table.codes("psu"), table.numbers("w"), table.numbers("Nh"));
    for (policy, name, with_fpc) in [
        (LonelyPsu::Certainty, "certainty", false),
        (LonelyPsu::Certainty, "remove", false),
        (LonelyPsu::Centre, "adjust", false),
        (LonelyPsu::Average, "average", false),
        (LonelyPsu::Certainty, "certainty", true),
        (LonelyPsu::Certainty, "remove", true),
        (LonelyPsu::Centre, "adjust", true),
        (LonelyPsu::Average, "average", true),
    ] {
        let key = format!("{name}_{}", if with_fpc { "fpc" } else { "nofpc" });
        let key = key.as_str();
        let design = DesignSpec {
            weights: &w,
            strata: Some(&h),
            clusters: Some(&psu),
            finite_population: with_fpc.then_some(FinitePopulation::Sizes(&sizes)),
            lonely_psu: policy,
            ..Default::default()
        }
        .build()
        .unwrap();
        let data = LogitData {
            matrix: &matrix_of(&table, &["x"]),
            column_names: &names(&["(Intercept)", "x"]),
            outcome: &table.numbers("y"),
            design: &design,
            domain: None,
        };
        let fit = SurveyLogit::default().fit(&data).unwrap();
        all_close(fit.coefficients(), &numbers(&expected[key]["glm"]), 1e-7, key);
        // This reference run has R's default stopping rule.
        all_close(&fit.standard_errors(), &numbers(&expected[key]["glm_se"]), 1e-5, key);
    }
}

#[test]
fn guatemala_2014_logit_of_occupied_children_matches_svyglm() {
    let (Some(data), Some(expected)) = (
        common::real_data_file("surveys/guatemala_encovi2014_cepal/encuestaGTM14N.csv.gz"),
        common::reference_file("survey_real/gtm_encovi2014_svyglm_occ7_17.csv"),
    ) else {
        return;
    };
    let survey = common::guatemala::read(data);
    let t = &survey.table;
    let (age, size, department) = (t.numbers("edad"), t.numbers("persindo"), t.codes("depto"));
    let flag = |column: &str, value: f64| -> Vec<f64> {
        t.numbers(column).iter().map(|&v| f64::from(u8::from(v == value))).collect()
    };
    let (female, rural, attends) = (flag("sexo", 2.0), flag("area_ee", 2.0), flag("asiste_ee", 1.0));
    // Indigenous as the reference coded it: groups 1 and 2 of the file (definitions.md, section 7).
    let indigenous: Vec<f64> =
        t.numbers("etnia_ee").iter().map(|&v| f64::from(u8::from(v == 1.0 || v == 2.0))).collect();
    let mut column_names = names(&["(Intercept)", "edad", "fem", "rural", "indig", "att", "persindo"]);
    column_names.extend((2..=22).map(|d| format!("dep{d}")));
    let mut matrix = Vec::new();
    for i in 0..t.rows() {
        matrix.extend([1.0, age[i], female[i], rural[i], indigenous[i], attends[i], size[i]]);
        matrix.extend((2..=22).map(|d| f64::from(u8::from(department[i] == d))));
    }
    let data = LogitData {
        matrix: &matrix,
        column_names: &column_names,
        outcome: &survey.occupied,
        design: &survey.design,
        domain: None,
    };
    let fit = SurveyLogit::default().fit(&data).unwrap();
    let expected = Table::read(expected);
    assert_eq!(expected.text("term"), column_names);
    // A plain weighted regression has the same coefficients.
    if let Some(plain) = common::reference_file("survey_real/gtm_encovi2014_wglm_coef.csv") {
        all_close(fit.coefficients(), &Table::read(plain).numbers("coef"), 2e-6, "coefficient without a design");
    }
    // R stopped at its default tolerance (see the note on `glm_tight`); the fit here went on.
    all_close(fit.coefficients(), &expected.numbers("Estimate"), 2e-6, "coefficient");
    all_close(&fit.standard_errors(), &expected.numbers("Std..Error"), 1e-4, "standard error");
    all_close(&fit.t_values(), &expected.numbers("t.value"), 1e-4, "t");
    logarithms_close(&fit.p_values(), &expected.numbers("Pr...t.."));
}

#[test]
fn dominican_republic_2021_logit_of_occupied_children_matches_svyglm() {
    let (Some(data), Some(expected)) = (
        common::real_data_file("surveys/dominicanrep_encft2021_cepal/encuestaDOM21N1.csv.gz"),
        common::reference_file("survey_real/dom_encft2021_svyglm_occ10_17.csv"),
    ) else {
        return;
    };
    let everybody = Table::read(data);
    let age = everybody.numbers("edad");
    let t = everybody.keep(|row| (10.0..=17.0).contains(&age[row]));
    let (weights, strata, clusters) = (t.numbers("x_fep"), t.codes("x_estrato"), t.codes("x_upm"));
    let design = DesignSpec {
        weights: &weights,
        strata: Some(&strata),
        clusters: Some(&clusters),
        lonely_psu: LonelyPsu::Centre,
        ..Default::default()
    }
    .build()
    .unwrap();
    let (age, sex, area, schooling) = (t.numbers("edad"), t.numbers("sexo"), t.numbers("area_ee"), t.numbers("anoest"));
    let flag = |condition: bool| f64::from(u8::from(condition));
    let matrix: Vec<f64> =
        (0..t.rows()).flat_map(|i| [1.0, age[i], flag(sex[i] == 2.0), flag(area[i] == 2.0), schooling[i]]).collect();
    let outcome: Vec<f64> = t.numbers("condact3").iter().map(|&c| flag(c == 1.0)).collect();
    let column_names = names(&["(Intercept)", "edad", "fem", "rural", "anoest"]);
    let data =
        LogitData { matrix: &matrix, column_names: &column_names, outcome: &outcome, design: &design, domain: None };
    let fit = SurveyLogit::default().fit(&data).unwrap();
    let expected = Table::read(expected);
    assert_eq!(expected.text("term"), column_names);
    all_close(fit.coefficients(), &expected.numbers("Estimate"), 2e-6, "coefficient");
    all_close(&fit.standard_errors(), &expected.numbers("Std..Error"), 1e-4, "standard error");
    logarithms_close(&fit.p_values(), &expected.numbers("Pr...t.."));
}

/// Tail probabilities from 1 down to 1e-96: a relative error of `t` counts `t^2` times in them.
fn logarithms_close(found: &[f64], expected: &[f64]) {
    for (f, e) in found.iter().zip(expected) {
        assert!((f.ln() - e.ln()).abs() < 2e-4 * (1.0 + e.ln().abs()), "p: {f:e} against {e:e}");
    }
}

struct Simulated {
    matrix: Vec<f64>,
    column_names: Vec<String>,
    outcome: Vec<f64>,
    design: SurveyDesign,
}

impl Simulated {
    fn data(&self) -> LogitData<'_> {
        LogitData {
            matrix: &self.matrix,
            column_names: &self.column_names,
            outcome: &self.outcome,
            design: &self.design,
            domain: None,
        }
    }
}

/// A deterministic sample: a linear congruential generator is random enough to have no separation.
fn simulated(rows: usize, columns: usize) -> Simulated {
    let mut state = 1u64;
    let mut uniform = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut matrix = Vec::with_capacity(rows * columns);
    let mut outcome = Vec::with_capacity(rows);
    for _ in 0..rows {
        let start = matrix.len();
        matrix.push(1.0);
        for j in 1..columns {
            matrix.push(if j % 2 == 0 { uniform() - 0.5 } else { f64::from(u8::from(uniform() < 0.4)) });
        }
        let eta: f64 =
            -1.5 + matrix[start + 1..].iter().enumerate().map(|(j, x)| x * (j as f64 * 0.9).cos()).sum::<f64>();
        outcome.push(f64::from(u8::from(uniform() < 1.0 / (1.0 + (-eta).exp()))));
    }
    let weights: Vec<f64> = (0..rows).map(|_| 0.5 + 4.0 * uniform()).collect();
    let strata: Vec<u64> = (0..rows).map(|i| (i * 5 / rows) as u64).collect();
    let clusters: Vec<u64> = (0..rows).map(|i| (i / 20) as u64).collect();
    let design =
        DesignSpec { weights: &weights, strata: Some(&strata), clusters: Some(&clusters), ..Default::default() }
            .build()
            .unwrap();
    Simulated { matrix, column_names: (0..columns).map(|j| format!("x{j}")).collect(), outcome, design }
}

#[test]
fn sixty_thousand_rows_of_seventeen_columns_take_well_under_a_second() {
    let sample = simulated(60_000, 17);
    let start = Instant::now();
    let fit = SurveyLogit::default().fit(&sample.data()).unwrap();
    let seconds = start.elapsed().as_secs_f64();
    println!("60,000 x 17: {seconds:.3} s, {} iterations", fit.iterations());
    assert!(seconds < 1.0, "{seconds}");
}

#[test]
fn marginal_effects_are_the_average_change_and_their_errors_the_delta_method() {
    let sample = simulated(2000, 6);
    let data = sample.data();
    let fit = SurveyLogit::default().fit(&data).unwrap();
    let covariates = [
        Covariate::Continuous { column: 2 },
        Covariate::Binary { column: 1 },
        Covariate::Levels { columns: vec![3, 5] },
    ];
    let effects = fit.average_marginal_effects(&data, &covariates).unwrap();
    assert_eq!(effects.iter().map(|e| e.column).collect::<Vec<_>>(), [2, 1, 3, 5]);
    let weights = sample.design.weights();
    let average = |beta: &[f64], change: &dyn Fn(&mut [f64])| -> f64 {
        let mut sum = 0.0;
        for (row, w) in sample.matrix.chunks_exact(6).zip(weights) {
            let mut row = row.to_vec();
            change(&mut row);
            let eta: f64 = row.iter().zip(beta).map(|(x, b)| x * b).sum();
            sum += w / (1.0 + (-eta).exp());
        }
        100.0 * sum / weights.iter().sum::<f64>()
    };
    type Change = Box<dyn Fn(&mut [f64])>;
    let step = 1e-4;
    let pairs: Vec<(Change, Change, f64)> = vec![
        (Box::new(move |r| r[2] += step), Box::new(move |r| r[2] -= step), 2.0 * step),
        (Box::new(|r| r[1] = 1.0), Box::new(|r| r[1] = 0.0), 1.0),
        (
            Box::new(|r| {
                r[3] = 1.0;
                r[5] = 0.0;
            }),
            Box::new(|r| {
                r[3] = 0.0;
                r[5] = 0.0;
            }),
            1.0,
        ),
    ];
    for (effect, (on, off, unit)) in effects.iter().zip(&pairs) {
        let value = |beta: &[f64]| (average(beta, on) - average(beta, off)) / unit;
        close(effect.percentage_points, value(fit.coefficients()), 1e-6, "effect");
        let gradient: Vec<f64> = (0..6)
            .map(|j| {
                let (mut up, mut down) = (fit.coefficients().to_vec(), fit.coefficients().to_vec());
                up[j] += 1e-4;
                down[j] -= 1e-4;
                (value(&up) - value(&down)) / 2e-4
            })
            .collect();
        let variance: f64 =
            (0..6).map(|i| (0..6).map(|j| gradient[i] * fit.covariance()[i * 6 + j] * gradient[j]).sum::<f64>()).sum();
        close(effect.standard_error, variance.sqrt(), 1e-5, "standard error");
    }
}

#[test]
fn a_dependent_column_is_reported_by_name() {
    let mut sample = simulated(500, 5);
    for row in sample.matrix.chunks_exact_mut(5) {
        row[4] = 2.0 * row[1] - row[0];
    }
    let error = SurveyLogit::default().fit(&sample.data()).unwrap_err();
    assert_eq!(error, StatsError::Collinear { columns: vec![4], names: vec!["x4".to_owned()] });
}

#[test]
fn a_column_that_predicts_the_outcome_perfectly_is_reported_by_name() {
    let mut sample = simulated(500, 5);
    // Nobody with x3 = 1 has the outcome: quasi-complete separation.
    for (row, y) in sample.matrix.chunks_exact(5).zip(sample.outcome.iter_mut()) {
        if row[3] == 1.0 {
            *y = 0.0;
        }
    }
    let error = SurveyLogit::default().fit(&sample.data()).unwrap_err();
    assert_eq!(error, StatsError::Separation { columns: vec![3], names: vec!["x3".to_owned()] });
    // Complete separation by a continuous column.
    let mut sample = simulated(500, 5);
    for (row, y) in sample.matrix.chunks_exact(5).zip(sample.outcome.iter_mut()) {
        *y = f64::from(u8::from(row[2] > 0.1));
    }
    match SurveyLogit::default().fit(&sample.data()).unwrap_err() {
        StatsError::Separation { columns, .. } => assert!(columns.contains(&2)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn two_separating_columns_are_both_reported_and_the_others_are_not() {
    let mut sample = simulated(4000, 9);
    for (row, y) in sample.matrix.chunks_exact(9).zip(sample.outcome.iter_mut()) {
        if row[3] == 1.0 {
            *y = 0.0;
        } else if row[7] == 1.0 {
            *y = 1.0;
        }
    }
    match SurveyLogit::default().fit(&sample.data()).unwrap_err() {
        StatsError::Separation { columns, .. } => {
            assert!(columns.contains(&3) && columns.contains(&7), "{columns:?}");
            assert!(!columns.contains(&2) && !columns.contains(&4), "{columns:?}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_rare_outcome_and_columns_of_very_different_units_are_no_separation() {
    let mut sample = simulated(5000, 5);
    for (index, (row, y)) in sample.matrix.chunks_exact_mut(5).zip(sample.outcome.iter_mut()).enumerate() {
        row[2] *= 1e7;
        row[4] += 2000.0;
        *y = f64::from(u8::from(index % 500 == 7));
    }
    let fit = SurveyLogit::default().fit(&sample.data()).unwrap();
    let probabilities = fit.probabilities(&sample.matrix).unwrap();
    let weights = sample.design.weights();
    let mean = |v: &[f64]| v.iter().zip(weights).map(|(v, w)| v * w).sum::<f64>();
    close(mean(&probabilities), mean(&sample.outcome), 1e-8, "the score equation of the intercept");
}

#[test]
fn a_constant_outcome_and_an_empty_domain_are_refused() {
    let mut sample = simulated(200, 3);
    let nobody = vec![false; 200];
    let empty = LogitData { domain: Some(&nobody), ..sample.data() };
    assert!(matches!(SurveyLogit::default().fit(&empty), Err(StatsError::Empty { .. })));
    sample.outcome.fill(1.0);
    assert_eq!(SurveyLogit::default().fit(&sample.data()).unwrap_err(), StatsError::ConstantOutcome);
}

#[test]
fn row_order_and_the_unit_of_the_weights_change_nothing() {
    let sample = simulated(800, 5);
    let fit = SurveyLogit::default().fit(&sample.data()).unwrap();
    let order: Vec<usize> = (0..800).map(|i| (i * 397 + 11) % 800).collect();
    let pick = |v: &[f64]| order.iter().map(|&i| v[i]).collect::<Vec<_>>();
    let weights: Vec<f64> = pick(sample.design.weights()).iter().map(|w| 37.0 * w).collect();
    let strata: Vec<u64> = order.iter().map(|&i| (i * 5 / 800) as u64).collect();
    let clusters: Vec<u64> = order.iter().map(|&i| (i / 20) as u64).collect();
    let shuffled = Simulated {
        matrix: order.iter().flat_map(|&i| sample.matrix[i * 5..(i + 1) * 5].to_vec()).collect(),
        column_names: sample.column_names.clone(),
        outcome: pick(&sample.outcome),
        design: DesignSpec {
            weights: &weights,
            strata: Some(&strata),
            clusters: Some(&clusters),
            ..Default::default()
        }
        .build()
        .unwrap(),
    };
    let other = SurveyLogit::default().fit(&shuffled.data()).unwrap();
    all_close(other.coefficients(), fit.coefficients(), 1e-9, "coefficients");
    all_close(other.covariance(), fit.covariance(), 1e-9, "covariance");
    assert_eq!(SurveyLogit::default().fit(&sample.data()).unwrap(), fit, "same input, same bits");
}
