//! Linear mixed models against R `lme4` (`04_mixed.R`), figures that `lme4` and Julia `MixedModels` print, and a dense
//! evaluation of the likelihood.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use clrisk_stats::StatsError;
use clrisk_stats::linear_mixed::{Likelihood, LinearMixed, LinearMixedData, LinearMixedFit};
use common::{Table, all_close, close, number, numbers, reference_json};
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

struct Rows {
    outcome: Vec<f64>,
    matrix: Vec<f64>,
    names: Vec<String>,
    random: Vec<f64>,
    random_columns: usize,
    group: Vec<u32>,
    groups: usize,
}

impl Rows {
    fn data(&self) -> LinearMixedData<'_> {
        LinearMixedData {
            outcome: &self.outcome,
            matrix: &self.matrix,
            column_names: &self.names,
            random: &self.random,
            random_columns: self.random_columns,
            group_of_row: &self.group,
            groups: self.groups,
        }
    }

    fn fit(&self, likelihood: Likelihood) -> LinearMixedFit {
        LinearMixed::new(likelihood).fit(&self.data()).unwrap()
    }

    /// The log-likelihood at given variances, with `V` written out in full: an independent way to the same number.
    fn dense_log_likelihood(&self, covariance: &[f64], residual: f64, likelihood: Likelihood) -> f64 {
        let (n, p, q) = (self.outcome.len(), self.names.len(), self.random_columns);
        let mut v = vec![vec![0.0; n]; n];
        for i in 0..n {
            for j in 0..n {
                if self.group[i] == self.group[j] {
                    for a in 0..q {
                        for b in 0..q {
                            v[i][j] += self.random[i * q + a] * covariance[a * q + b] * self.random[j * q + b];
                        }
                    }
                }
            }
            v[i][i] += residual;
        }
        let columns: Vec<Vec<f64>> = (0..p).map(|k| (0..n).map(|i| self.matrix[i * p + k]).collect()).collect();
        let mut right = columns.clone();
        right.push(self.outcome.clone());
        let (solved, log_v) = solve(v, right.clone());
        let inner = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        let information: Vec<Vec<f64>> =
            (0..p).map(|a| (0..p).map(|b| inner(&columns[a], &solved[b])).collect()).collect();
        let score: Vec<f64> = (0..p).map(|a| inner(&columns[a], &solved[p])).collect();
        let (beta, log_information) = solve(information, vec![score.clone()]);
        let quadratic = inner(&self.outcome, &solved[p]) - inner(&beta[0], &score);
        let restricted = likelihood == Likelihood::Restricted;
        let degrees = (n - if restricted { p } else { 0 }) as f64;
        let extra = if restricted { log_information } else { 0.0 };
        -0.5 * (degrees * (2.0 * std::f64::consts::PI).ln() + log_v + extra + quadratic)
    }
}

/// Gaussian elimination with row pivots: solutions for all right sides, and the log determinant.
fn solve(mut a: Vec<Vec<f64>>, mut right: Vec<Vec<f64>>) -> (Vec<Vec<f64>>, f64) {
    let n = a.len();
    let mut log_determinant = 0.0;
    for k in 0..n {
        let pivot = (k..n).max_by(|&i, &j| a[i][k].abs().total_cmp(&a[j][k].abs())).unwrap();
        a.swap(k, pivot);
        right.iter_mut().for_each(|r| r.swap(k, pivot));
        log_determinant += a[k][k].abs().ln();
        for i in k + 1..n {
            let share = a[i][k] / a[k][k];
            if share != 0.0 {
                for j in k..n {
                    a[i][j] -= share * a[k][j];
                }
                right.iter_mut().for_each(|r| r[i] -= share * r[k]);
            }
        }
    }
    for r in &mut right {
        for k in (0..n).rev() {
            let known: f64 = (k + 1..n).map(|j| a[k][j] * r[j]).sum();
            r[k] = (r[k] - known) / a[k][k];
        }
    }
    (right, log_determinant)
}

fn sleepstudy(slope: bool) -> Option<Rows> {
    let table = Table::reference("sleepstudy")?;
    let days = table.numbers("Days");
    let (group, levels) = table.factor("Subject");
    let matrix: Vec<f64> = days.iter().flat_map(|&d| [1.0, d]).collect();
    let random = if slope { matrix.clone() } else { vec![1.0; days.len()] };
    Some(Rows {
        outcome: table.numbers("Reaction"),
        random,
        random_columns: if slope { 2 } else { 1 },
        matrix,
        names: vec!["intercept".into(), "days".into()],
        group,
        groups: levels.len(),
    })
}

#[test]
fn random_intercepts_match_lme4() {
    let (Some(expected), Some(rows)) = (reference_json("mixed"), sleepstudy(false)) else { return };
    for (key, likelihood) in [("REMLTRUE", Likelihood::Restricted), ("REMLFALSE", Likelihood::Full)] {
        let e = &expected[format!("sleep_{key}")];
        let fit = rows.fit(likelihood);
        println!("{key}: {} steps, gradient {:.1e}", fit.iterations, fit.gradient);
        assert!(fit.gradient < 1e-7);
        close(fit.log_likelihood, number(&e["logLik"]), 1e-9, key);
        all_close(&fit.coefficients, &[number(&e["coef"]["(Intercept)"]), number(&e["coef"]["Days"])], 1e-9, key);
        all_close(&fit.standard_errors(), &[number(&e["se"]["(Intercept)"]), number(&e["se"]["Days"])], 1e-5, key);
        close(fit.standard_deviations()[0], number(&e["sd_u"]), 1e-5, key);
        close(fit.residual_variance.sqrt(), number(&e["sigma"]), 1e-5, key);
        all_close(fit.effects(), &numbers(&e["u"]), 1e-5, key);
    }
}

#[test]
fn random_slopes_match_the_figures_printed_by_lme4_and_mixedmodels() {
    let Some(rows) = sleepstudy(true) else { return };
    // Rounded as `lme4` prints the example of its documentation, `lmer(Reaction ~ Days + (Days | Subject), sleepstudy)`.
    let fit = rows.fit(Likelihood::Restricted);
    assert!((-2.0 * fit.log_likelihood - 1743.628).abs() < 5e-4);
    assert!((fit.coefficients[0] - 251.405).abs() < 5e-4 && (fit.coefficients[1] - 10.467).abs() < 5e-4);
    let se = fit.standard_errors();
    assert!((se[0] - 6.825).abs() < 1e-3 && (se[1] - 1.546).abs() < 1e-3, "{se:?}");
    let sd = fit.standard_deviations();
    assert!((sd[0] - 24.740).abs() < 2e-3 && (sd[1] - 5.922).abs() < 1e-3, "{sd:?}");
    assert!((fit.residual_variance.sqrt() - 25.592).abs() < 1e-3);
    let correlation = fit.random_covariance[1] / (sd[0] * sd[1]);
    assert!((correlation - 0.07).abs() < 5e-3, "{correlation}");
    // The same model by maximum likelihood as Julia `MixedModels` prints it: variances to five decimals.
    let fit = rows.fit(Likelihood::Full);
    close(fit.random_covariance[0], 565.51065, 1e-5, "intercepts");
    close(fit.random_covariance[3], 32.68212, 1e-5, "slopes");
    close(fit.residual_variance, 654.94145, 1e-6, "residuals");
}

#[test]
fn the_likelihood_is_that_of_the_dense_covariance_and_is_at_its_maximum() {
    let Some(rows) = sleepstudy(true) else { return };
    for likelihood in [Likelihood::Restricted, Likelihood::Full] {
        let fit = rows.fit(likelihood);
        let at = |c: &[f64], r: f64| rows.dense_log_likelihood(c, r, likelihood);
        let best = at(&fit.random_covariance, fit.residual_variance);
        close(best, fit.log_likelihood, 1e-11, "dense");
        // Every parameter moved by a part in a thousand loses; by central differences the slope is zero.
        for k in [0, 1, 3] {
            let moved = |share: f64| {
                let mut c = fit.random_covariance.clone();
                let unit = (c[0] * c[3]).sqrt().min(c[k].abs().max(1.0));
                c[k] += share * unit;
                c[2] = c[1];
                at(&c, fit.residual_variance)
            };
            let (up, down) = (moved(1e-3), moved(-1e-3));
            assert!(up < best && down < best);
            assert!((up - down).abs() < 1e-2 * (best - up).max(best - down), "slope {k}");
        }
        let (up, down) = (
            at(&fit.random_covariance, fit.residual_variance * 1.001),
            at(&fit.random_covariance, fit.residual_variance * 0.999),
        );
        assert!(up < best && down < best);
    }
}

#[test]
fn effects_solve_the_mixed_model_equations() {
    // Henderson: Z'(y - Xb - Zu) / s2 = S^-1 u for every group, and X'(y - Xb - Zu) = 0.
    let Some(rows) = sleepstudy(true) else { return };
    let fit = rows.fit(Likelihood::Restricted);
    let u = fit.effects();
    let residual: Vec<f64> = (0..rows.outcome.len())
        .map(|i| {
            let g = rows.group[i] as usize;
            let fixed: f64 = (0..2).map(|k| rows.matrix[i * 2 + k] * fit.coefficients[k]).sum();
            let random: f64 = (0..2).map(|k| rows.random[i * 2 + k] * u[g * 2 + k]).sum();
            rows.outcome[i] - fixed - random
        })
        .collect();
    for k in 0..2 {
        let total: f64 = residual.iter().enumerate().map(|(i, r)| r * rows.matrix[i * 2 + k]).sum();
        assert!(total.abs() < 1e-6);
    }
    let s = &fit.random_covariance;
    for g in 0..rows.groups {
        let z: Vec<f64> = (0..2)
            .map(|k| {
                let own = (0..residual.len()).filter(|&i| rows.group[i] as usize == g);
                own.map(|i| residual[i] * rows.random[i * 2 + k]).sum::<f64>() / fit.residual_variance
            })
            .collect();
        for k in 0..2 {
            close(s[k * 2] * z[0] + s[k * 2 + 1] * z[1], u[g * 2 + k], 1e-7, "effect");
        }
    }
}

#[test]
fn balanced_one_way_data_have_the_analysis_of_variance_answer() {
    // REML of balanced groups: s2 = MSW, variance between = (MSB - MSW) / n, or zero when that is negative.
    let group: Vec<u32> = (0..20).map(|i| i / 4).collect();
    let spread = |size: f64| -> Vec<f64> {
        (0..20).map(|i| size * f64::from(i / 4 % 3) + f64::from(i * 7 % 5) - 0.3 * f64::from(i % 4)).collect()
    };
    for (size, positive) in [(3.0, true), (0.0, false)] {
        let outcome = spread(size);
        let means: Vec<f64> = (0..5).map(|g| outcome[g * 4..g * 4 + 4].iter().sum::<f64>() / 4.0).collect();
        let mean = means.iter().sum::<f64>() / 5.0;
        let between = 4.0 * means.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / 4.0;
        let within = (0..20).map(|i| (outcome[i] - means[i / 4]).powi(2)).sum::<f64>() / 15.0;
        let rows = Rows {
            outcome,
            matrix: vec![1.0; 20],
            names: vec!["intercept".into()],
            random: vec![1.0; 20],
            random_columns: 1,
            group: group.clone(),
            groups: 5,
        };
        let fit = rows.fit(Likelihood::Restricted);
        close(fit.coefficients[0], mean, 1e-12, "mean");
        assert_eq!(between > within, positive);
        if positive {
            close(fit.residual_variance, within, 1e-8, "within");
            close(fit.random_covariance[0], (between - within) / 4.0, 1e-8, "between");
        } else {
            let all: f64 = rows.outcome.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / 19.0;
            assert!(fit.random_covariance[0] < 1e-9 * all, "{}", fit.random_covariance[0]);
            close(fit.residual_variance, all, 1e-9, "one variance");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn units_order_of_rows_and_names_of_groups_do_not_matter(
        rows in prop::collection::vec((-1.0f64..1.0, -1.0f64..1.0, 0u32..6), 40..80), unit in 0.01f64..100.0
    ) {
        let build = |k: f64, reversed: bool, renamed: bool| {
            let mut rows = rows.clone();
            if reversed {
                rows.reverse();
            }
            let name = |g: u32| if renamed { 6 - g } else { g };
            Rows {
                outcome: rows.iter().map(|r| k * (r.0 + f64::from(r.2) * 0.4 + 1e3)).collect(),
                matrix: rows.iter().flat_map(|r| [1.0, r.1]).collect(),
                names: vec!["intercept".into(), "x".into()],
                random: vec![1.0; rows.len()],
                random_columns: 1,
                group: rows.iter().map(|r| name(r.2)).collect(),
                groups: 7,
            }
        };
        let plain = build(1.0, false, false).fit(Likelihood::Restricted);
        let scaled = build(unit, false, false).fit(Likelihood::Restricted);
        prop_assert!((scaled.residual_variance - unit * unit * plain.residual_variance).abs() < 1e-7 * unit * unit);
        prop_assert!((scaled.random_covariance[0] - unit * unit * plain.random_covariance[0]).abs() < 1e-6 * unit * unit);
        let other = build(1.0, true, true).fit(Likelihood::Restricted);
        prop_assert!((other.log_likelihood - plain.log_likelihood).abs() < 1e-8);
        for g in 0..6 {
            prop_assert!((other.effects()[6 - g] - plain.effects()[g]).abs() < 1e-5);
        }
        prop_assert_eq!(plain.effects()[6], 0.0);
    }
}

#[test]
fn data_the_model_cannot_use_are_refused() {
    let rows = |matrix: Vec<f64>, group: Vec<u32>, random: Vec<f64>| Rows {
        outcome: (0..6).map(|i| f64::from(i * i % 5)).collect(),
        names: (0..matrix.len() / 6).map(|k| format!("x{k}")).collect(),
        matrix,
        random,
        random_columns: 1,
        group,
        groups: 3,
    };
    let fit = |rows: Rows| LinearMixed::default().fit(&rows.data()).map(|_| ());
    let mut constant = rows(vec![1.0; 6], vec![0, 0, 1, 1, 2, 2], vec![1.0; 6]);
    constant.outcome.fill(0.1);
    assert_eq!(fit(constant).unwrap_err(), StatsError::ConstantOutcome);
    let groups = vec![0, 0, 1, 1, 2, 2];
    assert!(fit(rows(vec![1.0; 6], groups.clone(), vec![1.0; 6])).is_ok());
    let twice: Vec<f64> = (0..6).flat_map(|_| [1.0, 2.0]).collect();
    assert_eq!(
        fit(rows(twice, groups.clone(), vec![1.0; 6])).unwrap_err(),
        StatsError::Collinear { columns: vec![1], names: vec!["x1".into()] }
    );
    assert!(matches!(
        fit(rows(vec![1.0; 6], vec![0, 0, 1, 1, 2, 3], vec![1.0; 6])),
        Err(StatsError::OutOfRange { row: 5, .. })
    ));
    assert!(matches!(fit(rows(vec![1.0; 6], vec![0; 6], vec![1.0; 6])), Err(StatsError::Empty { .. })));
    assert!(matches!(fit(rows(vec![1.0; 6], groups.clone(), vec![0.0; 6])), Err(StatsError::Setting { .. })));
    assert!(matches!(fit(rows(vec![f64::NAN; 6], groups, vec![1.0; 6])), Err(StatsError::Missing { row: 0, .. })));
}

#[test]
fn a_larger_model_never_fits_worse_also_where_variances_are_zero() {
    // Intercepts and two slopes, of which the data have all, some or none; the models are nested, so their maxima are ordered.
    let mut random = ChaCha8Rng::seed_from_u64(12);
    let (mut singular, mut steps) = (0, 0);
    for case in 0..120u32 {
        let scale: Vec<f64> = (0..3).map(|k| if case >> k & 1 == 1 { 0.8 } else { 0.0 }).collect();
        let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
        let groups = 8 + (case % 20) as usize;
        let (mut outcome, mut group, mut columns) = (vec![], vec![], vec![]);
        for g in 0..groups {
            let effects: Vec<f64> = scale.iter().map(|s| s * normal()).collect();
            for _ in 0..4 + (case as usize + g) % 6 {
                let x = [1.0, normal(), 100.0 + 10.0 * normal()];
                let slopes = effects[0] + effects[1] * x[1] + effects[2] * 0.1 * (x[2] - 100.0);
                outcome.push(2.0 + x[1] + slopes + normal());
                group.push(g as u32);
                columns.push(x);
            }
        }
        let mut last = f64::NEG_INFINITY;
        for width in 1..=3 {
            let rows = Rows {
                outcome: outcome.clone(),
                matrix: columns.iter().flatten().copied().collect(),
                names: vec!["intercept".into(), "x".into(), "z".into()],
                random: columns.iter().flat_map(|x| x[..width].to_vec()).collect(),
                random_columns: width,
                group: group.clone(),
                groups,
            };
            let fit = rows.fit(if case % 2 == 0 { Likelihood::Restricted } else { Likelihood::Full });
            assert!(
                fit.log_likelihood >= last - 1e-7,
                "case {case}, {width} columns: {} after {last}",
                fit.log_likelihood
            );
            assert!(fit.gradient < 1e-5, "case {case}, {width} columns: gradient {}", fit.gradient);
            let dense = rows.dense_log_likelihood(
                &fit.random_covariance,
                fit.residual_variance,
                if case % 2 == 0 { Likelihood::Restricted } else { Likelihood::Full },
            );
            assert!(
                (dense - fit.log_likelihood).abs() < 1e-6,
                "case {case}, {width} columns: {dense} {}",
                fit.log_likelihood
            );
            last = fit.log_likelihood;
            singular += usize::from(fit.standard_deviations().iter().any(|s| *s < 1e-6));
            steps = steps.max(fit.iterations);
        }
    }
    println!("{singular} of 360 fits have a variance of zero; {steps} steps at most");
    assert!(singular > 20);
}
