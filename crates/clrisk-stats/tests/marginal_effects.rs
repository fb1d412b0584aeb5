//! Average marginal effects where covariates enter several columns, against numerical derivatives and against identities.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use clrisk_stats::StatsError;
use clrisk_stats::design::{DesignSpec, SurveyDesign};
use clrisk_stats::direct::{difference, total};
use clrisk_stats::logit::{Covariate, CovariateSampling, LogitData, LogitFit, MarginalEffects, Product, SurveyLogit};
use common::api::api_designs;
use common::{close, indicator};

/// Columns: constant, yes or no, a number, two levels of three, then the number squared, yes by number, level by number.
const COLUMNS: usize = 8;

fn products() -> Vec<Product> {
    [(5, [2, 2]), (6, [1, 2]), (7, [3, 2])].map(|(column, f)| Product { column, factors: f.to_vec() }).to_vec()
}

fn complete(base: &[f64]) -> Vec<f64> {
    let mut row = base[..5].to_vec();
    row.extend([row[2] * row[2], row[1] * row[2], row[3] * row[2]]);
    row
}

struct Sample {
    matrix: Vec<f64>,
    outcome: Vec<f64>,
    weights: Vec<f64>,
    strata: Vec<u64>,
    clusters: Vec<u64>,
    names: Vec<String>,
}

impl Sample {
    fn new(rows: usize) -> Self {
        let mut state = 9u64;
        let mut uniform = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        let (mut matrix, mut outcome) = (Vec::new(), Vec::new());
        for _ in 0..rows {
            let level = uniform();
            let flag = |condition: bool| f64::from(u8::from(condition));
            let base = [1.0, flag(uniform() < 0.4), 2.0 * uniform() - 1.0, flag(level < 0.3), flag(level > 0.6)];
            let row = complete(&base);
            let eta: f64 = row.iter().zip([-0.7, 0.6, 0.9, -0.5, 0.4, -0.8, 0.7, 0.5]).map(|(x, b)| x * b).sum();
            outcome.push(flag(uniform() < 1.0 / (1.0 + (-eta).exp())));
            matrix.extend(row);
        }
        let weights = (0..rows).map(|_| 0.5 + 4.0 * uniform()).collect();
        Self {
            matrix,
            outcome,
            weights,
            strata: (0..rows).map(|i| (i * 4 / rows) as u64).collect(),
            clusters: (0..rows).map(|i| (i / 10) as u64).collect(),
            names: (0..COLUMNS).map(|j| format!("x{j}")).collect(),
        }
    }

    fn design(&self, weights: &[f64]) -> SurveyDesign {
        let (strata, clusters) = (Some(self.strata.as_slice()), Some(self.clusters.as_slice()));
        DesignSpec { weights, strata, clusters, ..Default::default() }.build().unwrap()
    }

    fn data<'a>(&'a self, design: &'a SurveyDesign) -> LogitData<'a> {
        LogitData { matrix: &self.matrix, column_names: &self.names, outcome: &self.outcome, design, domain: None }
    }
}

fn covariates() -> [Covariate; 3] {
    [Covariate::Continuous { column: 2 }, Covariate::Binary { column: 1 }, Covariate::Levels { columns: vec![3, 4] }]
}

/// The average probability in percent with every record changed.
fn average(sample: &Sample, weights: &[f64], beta: &[f64], change: &dyn Fn(&mut [f64])) -> f64 {
    let mut sum = 0.0;
    for (row, w) in sample.matrix.chunks_exact(COLUMNS).zip(weights) {
        let mut base = row[..5].to_vec();
        change(&mut base);
        let eta: f64 = complete(&base).iter().zip(beta).map(|(x, b)| x * b).sum();
        sum += w / (1.0 + (-eta).exp());
    }
    100.0 * sum / weights.iter().sum::<f64>()
}

/// The four effects by finite differences: the number, yes against no, either level against the reference.
fn recomputed(sample: &Sample, weights: &[f64], beta: &[f64]) -> [f64; 4] {
    let step = 1e-4;
    let of = |change: &dyn Fn(&mut [f64])| average(sample, weights, beta, change);
    let level = |a: f64, b: f64| {
        of(&move |r: &mut [f64]| {
            r[3] = a;
            r[4] = b;
        })
    };
    [
        (of(&|r| r[2] += step) - of(&|r| r[2] -= step)) / (2.0 * step),
        of(&|r| r[1] = 1.0) - of(&|r| r[1] = 0.0),
        level(1.0, 0.0) - level(0.0, 0.0),
        level(0.0, 1.0) - level(0.0, 0.0),
    ]
}

#[test]
fn every_column_a_covariate_enters_moves_with_it() {
    let sample = Sample::new(1500);
    let design = sample.design(&sample.weights);
    let data = sample.data(&design);
    let fit = SurveyLogit::default().fit(&data).unwrap();
    let products = products();
    let effects = MarginalEffects { products: &products, ..Default::default() };
    let found = effects.estimate(&fit, &data, &covariates()).unwrap();
    assert_eq!(found.iter().map(|e| e.column).collect::<Vec<_>>(), [2, 1, 3, 4]);
    let expected = recomputed(&sample, &sample.weights, fit.coefficients());
    for (index, effect) in found.iter().enumerate() {
        close(effect.percentage_points, expected[index], 1e-6, &effect.name);
        // The delta method with a numerical gradient.
        let gradient: Vec<f64> = (0..COLUMNS)
            .map(|j| {
                let (mut up, mut down) = (fit.coefficients().to_vec(), fit.coefficients().to_vec());
                up[j] += 1e-4;
                down[j] -= 1e-4;
                let at = |beta: &[f64]| recomputed(&sample, &sample.weights, beta)[index];
                (at(&up) - at(&down)) / 2e-4
            })
            .collect();
        let variance: f64 = (0..COLUMNS)
            .map(|i| {
                let row = &fit.covariance()[i * COLUMNS..(i + 1) * COLUMNS];
                gradient[i] * row.iter().zip(&gradient).map(|(v, g)| v * g).sum::<f64>()
            })
            .sum();
        close(effect.standard_error, variance.sqrt(), 1e-5, &effect.name);
    }
    // Leaving the products out is another, wrong, effect.
    let alone = fit.average_marginal_effects(&data, &covariates()).unwrap();
    assert!((alone[1].percentage_points - found[1].percentage_points).abs() > 1.0);
}

#[test]
fn sampled_covariates_add_their_own_variance_as_the_influence_of_every_weight_shows() {
    let sample = Sample::new(160);
    let products = products();
    let effects = MarginalEffects { products: &products, covariates: CovariateSampling::Sampled };
    let fit_with = |weights: &[f64]| -> (SurveyDesign, LogitFit) {
        let design = sample.design(weights);
        let fit = SurveyLogit::default().fit(&sample.data(&design)).unwrap();
        (design, fit)
    };
    let (design, fit) = fit_with(&sample.weights);
    let found = effects.estimate(&fit, &sample.data(&design), &covariates()).unwrap();
    // The derivative of each effect by each record's weight, everything refitted: its design variance is the linearised one.
    let influence: Vec<[f64; 4]> = (0..160)
        .map(|row| {
            let at = |factor: f64| {
                let mut weights = sample.weights.clone();
                weights[row] *= factor;
                recomputed(&sample, &weights, fit_with(&weights).1.coefficients())
            };
            let (up, down) = (at(1.001), at(0.999));
            [0, 1, 2, 3].map(|k| (up[k] - down[k]) / (0.002 * sample.weights[row]))
        })
        .collect();
    for (index, effect) in found.iter().enumerate() {
        let z: Vec<f64> = influence.iter().map(|i| i[index]).collect();
        let by_hand = total(&design, &z, None).unwrap().standard_error;
        close(effect.standard_error, by_hand, 1e-5, &effect.name);
    }
}

#[test]
fn the_effect_of_a_single_yes_or_no_is_the_difference_of_two_domains() {
    let Some(designs) = api_designs() else { return };
    for api in designs {
        let met = api.table.equals("sch.wide", "Yes");
        let target = indicator(&api.table.equals("stype", "E"));
        let no: Vec<bool> = met.iter().map(|m| !m).collect();
        let matrix: Vec<f64> = met.iter().flat_map(|&m| [1.0, f64::from(u8::from(m))]).collect();
        let names = ["constant".to_owned(), "met".to_owned()];
        let data =
            LogitData { matrix: &matrix, column_names: &names, outcome: &target, design: &api.design, domain: None };
        let fit = SurveyLogit::default().fit(&data).unwrap();
        let expected = difference(&api.design, &target, &met, &no).unwrap();
        for covariates in [CovariateSampling::Fixed, CovariateSampling::Sampled] {
            let effects = MarginalEffects { covariates, ..Default::default() };
            let found = &effects.estimate(&fit, &data, &[Covariate::Binary { column: 1 }]).unwrap()[0];
            close(found.percentage_points, 100.0 * expected.value, 1e-8, api.name);
            close(found.standard_error, 100.0 * expected.standard_error, 1e-8, api.name);
        }
    }
}

#[test]
fn what_is_not_a_product_is_refused() {
    let sample = Sample::new(200);
    let design = sample.design(&sample.weights);
    let data = sample.data(&design);
    let fit = SurveyLogit::default().fit(&data).unwrap();
    let refused = |products: &[Product], covariate: Covariate| {
        let effects = MarginalEffects { products, ..Default::default() };
        effects.estimate(&fit, &data, &[covariate]).unwrap_err()
    };
    let number = Covariate::Continuous { column: 2 };
    let wrong = [Product { column: 5, factors: vec![2, 1] }];
    assert!(matches!(refused(&wrong, number.clone()), StatsError::OutOfRange { input: "products", .. }));
    let nested = [Product { column: 5, factors: vec![2, 2] }, Product { column: 6, factors: vec![5, 1] }];
    assert!(matches!(refused(&nested, number.clone()), StatsError::Setting { setting: "products", .. }));
    let outside = [Product { column: 5, factors: vec![2, 99] }];
    assert!(matches!(refused(&outside, number), StatsError::Setting { .. }));
    let square = Covariate::Continuous { column: 5 };
    assert!(matches!(refused(&products(), square), StatsError::Setting { setting: "covariates", .. }));
}
