//! One test for all estimators on survey records: what must not matter does not, and what cannot be estimated is said.
//!
//! An estimator here is a function of a sample that returns numbers: estimates first, then their variances.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use clrisk_stats::area_model::{
    AreaData, FayHerriot, LogFayHerriot, SpatialAreaData, SpatialFayHerriot, hierarchical_fay_herriot,
};
use clrisk_stats::calibration::post_stratify;
use clrisk_stats::cross_validation::{cross_validate, folds_by_psu};
use clrisk_stats::design::{DesignSpec, SurveyDesign};
use clrisk_stats::direct::{Quantile, difference, mean, mean_by_group, proportion, quantile, ratio};
use clrisk_stats::empirical_best::{AreaPredictors, EmpiricalBest};
use clrisk_stats::linear_mixed::{LinearMixed, LinearMixedData};
use clrisk_stats::linear_regression::{LinearData, SurveyLinear};
use clrisk_stats::logit::{Covariate, CovariateSampling, LogitData, MarginalEffects, SurveyLogit};
use clrisk_stats::metrics::{area_under_curve, isotonic};
use clrisk_stats::multilevel::{
    LikelihoodData, MaximumLikelihood, MultilevelData, MultilevelLogit, Term, WeightScaling,
};
use clrisk_stats::replicate::{ReplicateMethod, ReplicateWeights};
use clrisk_stats::unit_model::{AreaPopulation, NestedError, UnitData, hierarchical_area_means};
use clrisk_stats::{Result, StatsError};

const STRATA: u64 = 4;
const CLUSTERS: u64 = 6;
const AREAS: u32 = 8;

#[derive(Clone)]
struct Sample {
    weights: Vec<f64>,
    strata: Vec<u64>,
    clusters: Vec<u64>,
    outcome: Vec<f64>,
    covariate: Vec<f64>,
    areas: Vec<u32>,
}

impl Sample {
    /// Four strata of six clusters of ten records each, from a linear congruential generator.
    fn new() -> Self {
        let mut state = 11u64;
        let mut uniform = move || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        let mut s = Self {
            weights: vec![],
            strata: vec![],
            clusters: vec![],
            outcome: vec![],
            covariate: vec![],
            areas: vec![],
        };
        for stratum in 0..STRATA {
            for cluster in 0..CLUSTERS {
                for _ in 0..10 {
                    let x = 2.0 * uniform() - 1.0;
                    s.weights.push(1.0 + 4.0 * uniform());
                    s.strata.push(stratum);
                    s.clusters.push(cluster);
                    s.covariate.push(x);
                    s.outcome.push(f64::from(u8::from(uniform() < 1.0 / (1.0 + (0.6 - x).exp()))));
                    s.areas.push((uniform() * f64::from(AREAS)) as u32);
                }
            }
        }
        s
    }

    fn rows(&self, order: &[usize]) -> Self {
        fn pick<T: Copy>(v: &[T], order: &[usize]) -> Vec<T> {
            order.iter().map(|&i| v[i]).collect()
        }
        Self {
            weights: pick(&self.weights, order),
            strata: pick(&self.strata, order),
            clusters: pick(&self.clusters, order),
            outcome: pick(&self.outcome, order),
            covariate: pick(&self.covariate, order),
            areas: pick(&self.areas, order),
        }
    }

    fn design(&self) -> Result<SurveyDesign> {
        DesignSpec {
            weights: &self.weights,
            strata: Some(&self.strata),
            clusters: Some(&self.clusters),
            ..Default::default()
        }
        .build()
    }

    fn with_logit<T>(&self, use_data: impl FnOnce(&LogitData<'_>) -> Result<T>) -> Result<T> {
        let matrix = self.matrix();
        let column_names = ["intercept".to_owned(), "x".to_owned()];
        let design = self.design()?;
        use_data(&LogitData {
            matrix: &matrix,
            column_names: &column_names,
            outcome: &self.outcome,
            design: &design,
            domain: None,
        })
    }

    /// The rows as a multilevel logit takes them: intercept and covariate fixed, an intercept of every area.
    fn with_multilevel<T>(
        &self,
        scaling: WeightScaling,
        use_data: impl FnOnce(&MultilevelData<'_>) -> Result<T>,
    ) -> Result<T> {
        let matrix = self.matrix();
        let names = ["intercept".to_owned(), "x".to_owned()];
        let weights = scaling.scale(&self.weights, &self.areas, AREAS as usize)?;
        let terms =
            [Term { group: 0, levels: AREAS as usize, level_of_row: &self.areas, columns: &[None], correlated: false }];
        use_data(&MultilevelData {
            design: &matrix,
            width: 2,
            fixed: 2,
            names: &names,
            outcome: &self.outcome,
            weights: &weights,
            terms: &terms,
        })
    }

    fn matrix(&self) -> Vec<f64> {
        self.covariate.iter().flat_map(|&x| [1.0, x]).collect()
    }

    /// The rows as a unit-level model takes them.
    fn with_units<T>(&self, use_data: impl FnOnce(&UnitData<'_>) -> Result<T>) -> Result<T> {
        let column_names = ["intercept".to_owned(), "x".to_owned()];
        use_data(&UnitData {
            outcome: &self.outcome,
            matrix: &self.matrix(),
            column_names: &column_names,
            area_of_row: &self.areas,
            areas: AREAS as usize,
        })
    }

    /// Means of the covariate by area, none where there is no record, with their variances.
    fn with_areas<T>(&self, use_data: impl FnOnce(&AreaData<'_>) -> Result<T>) -> Result<T> {
        let by = mean_by_group(&self.design()?, &self.outcome, &self.areas, AREAS as usize)?;
        let direct: Vec<_> = by.into_iter().map(|e| e.map(|e| (e.value, e.variance()))).collect();
        let column_names = ["intercept".to_owned()];
        use_data(&AreaData { direct: &direct, matrix: &[1.0; AREAS as usize], column_names: &column_names })
    }

    fn in_area(&self, wanted: impl Fn(u32) -> bool) -> Vec<bool> {
        self.areas.iter().map(|&a| wanted(a)).collect()
    }
}

/// Estimates and variances.
type Numbers = (Vec<f64>, Vec<f64>);

struct Estimator {
    name: &'static str,
    run: fn(&Sample) -> Result<Numbers>,
    /// Whether the variance is the linearised design variance (its behaviour under duplicated clusters is then known).
    linearised: bool,
    /// How it takes the weights.
    weights: Weights,
}

/// What survey weights are to an estimator.
#[derive(Clone, Copy, PartialEq)]
enum Weights {
    /// Shares of the population: neither their unit nor how records are split matters.
    Shares,
    /// Numbers of observations: their unit says how much is known, and a record split in two says the same.
    Observations,
    /// Shares within records that count as one observation each: their unit does not matter, splitting records does.
    Records,
}

fn estimators() -> Vec<Estimator> {
    fn one(e: clrisk_stats::direct::DirectEstimate) -> Numbers {
        (vec![e.value], vec![e.variance()])
    }
    vec![
        Estimator {
            name: "mean",
            linearised: true,
            weights: Weights::Shares,
            run: |s| mean(&s.design()?, &s.covariate, None).map(one),
        },
        Estimator {
            name: "proportion",
            linearised: true,
            weights: Weights::Shares,
            run: |s| proportion(&s.design()?, &s.outcome, None).map(one),
        },
        Estimator {
            name: "ratio",
            linearised: true,
            weights: Weights::Shares,
            run: |s| {
                let denominator: Vec<f64> = s.covariate.iter().map(|x| 2.0 + x).collect();
                ratio(&s.design()?, &s.outcome, &denominator, None).map(one)
            },
        },
        Estimator {
            name: "difference",
            linearised: true,
            weights: Weights::Shares,
            run: |s| difference(&s.design()?, &s.covariate, &s.in_area(|a| a == 0), &s.in_area(|a| a > 0)).map(one),
        },
        Estimator {
            name: "means by area",
            linearised: true,
            weights: Weights::Shares,
            run: |s| {
                let by = mean_by_group(&s.design()?, &s.covariate, &s.areas, AREAS as usize)?;
                Ok(by.into_iter().flatten().map(|e| (e.value, e.variance())).unzip())
            },
        },
        Estimator {
            name: "logit",
            linearised: true,
            weights: Weights::Shares,
            run: |s| {
                s.with_logit(|data| {
                    let fit = SurveyLogit::default().fit(data)?;
                    Ok((fit.coefficients().to_vec(), fit.covariance().to_vec()))
                })
            },
        },
        Estimator {
            name: "marginal effect",
            linearised: true,
            weights: Weights::Shares,
            run: |s| {
                s.with_logit(|data| {
                    let fit = SurveyLogit::default().fit(data)?;
                    let effects = fit.average_marginal_effects(data, &[Covariate::Continuous { column: 1 }])?;
                    Ok((vec![effects[0].percentage_points], vec![effects[0].standard_error.powi(2)]))
                })
            },
        },
        Estimator {
            name: "marginal effect over sampled covariates",
            linearised: true,
            weights: Weights::Shares,
            run: |s| {
                s.with_logit(|data| {
                    let fit = SurveyLogit::default().fit(data)?;
                    let effects = MarginalEffects { covariates: CovariateSampling::Sampled, ..Default::default() };
                    let found = effects.estimate(&fit, data, &[Covariate::Continuous { column: 1 }])?;
                    Ok((vec![found[0].percentage_points], vec![found[0].standard_error.powi(2)]))
                })
            },
        },
        Estimator {
            name: "post-stratified mean",
            linearised: true,
            weights: Weights::Shares,
            run: |s| {
                let groups: Vec<u32> = s.clusters.iter().map(|&c| (c % 2) as u32).collect();
                let half = 0.5 * s.weights.iter().sum::<f64>();
                let calibrated = post_stratify(&s.design()?, &groups, &[half, half])?;
                mean(calibrated.design(), &s.covariate, None).map(one)
            },
        },
        Estimator {
            name: "linear regression",
            linearised: true,
            weights: Weights::Shares,
            run: |s| {
                s.with_logit(|data| {
                    let LogitData { matrix, column_names, outcome, design, domain } = *data;
                    let fit =
                        SurveyLinear::default().fit(&LinearData { matrix, column_names, outcome, design, domain })?;
                    Ok((fit.coefficients, fit.covariance))
                })
            },
        },
        Estimator {
            name: "median",
            linearised: false,
            weights: Weights::Shares,
            run: |s| {
                let found = quantile(&s.design()?, &s.covariate, &Quantile::default(), None)?;
                Ok((vec![found.value], found.standard_error.map(|se| se * se).into_iter().collect()))
            },
        },
        Estimator {
            name: "jackknifed ratio",
            linearised: false,
            weights: Weights::Shares,
            run: |s| {
                let denominator: Vec<f64> = s.covariate.iter().map(|x| 2.0 + x).collect();
                let weights = ReplicateWeights::from_design(&s.design()?, ReplicateMethod::JkN)?;
                let found = weights.ratio(&s.outcome, &denominator, None)?;
                Ok((found.values, found.covariance))
            },
        },
        Estimator {
            name: "bootstrapped mean",
            linearised: false,
            weights: Weights::Shares,
            run: |s| {
                let method = ReplicateMethod::RaoWu { replicates: 20, seed: 7 };
                let found = ReplicateWeights::from_design(&s.design()?, method)?.means(&[&s.outcome], None)?;
                Ok((found.values, found.covariance))
            },
        },
        Estimator {
            name: "cross-validation",
            linearised: false,
            weights: Weights::Shares,
            run: |s| {
                s.with_logit(|data| {
                    let found = cross_validate(&SurveyLogit::default(), data, &folds_by_psu(data.design, 4, 3)?)?;
                    match found.failed.into_iter().next() {
                        Some((_, error)) => Err(error),
                        None => Ok((vec![found.log_loss, found.brier_score], vec![])),
                    }
                })
            },
        },
        Estimator {
            name: "discrimination and isotonic fit",
            linearised: false,
            weights: Weights::Shares,
            run: |s| {
                let p: Vec<f64> = s.covariate.iter().map(|x| 0.5 + 0.4 * x).collect();
                let fit = isotonic(&s.outcome, &p, &s.weights)?;
                let weighted = fit.iter().zip(&s.weights).map(|(f, w)| f * f * w).sum::<f64>();
                let area = area_under_curve(&s.outcome, &p, &s.weights)?;
                Ok((vec![area, weighted / s.weights.iter().sum::<f64>()], vec![]))
            },
        },
        Estimator {
            name: "area model",
            linearised: false,
            weights: Weights::Shares,
            run: |s| {
                let by = mean_by_group(&s.design()?, &s.covariate, &s.areas, AREAS as usize)?;
                let direct: Vec<_> = by.into_iter().map(|e| e.map(|e| (e.value, e.variance()))).collect();
                let column_names = ["intercept".to_owned()];
                let matrix = [1.0; AREAS as usize];
                let data = AreaData { direct: &direct, matrix: &matrix, column_names: &column_names };
                let fit = FayHerriot::default().fit(&data)?;
                Ok(fit.estimates().iter().map(|e| (e.value, e.mean_squared_error)).unzip())
            },
        },
        Estimator {
            name: "multilevel logit, weights scaled to the effective sample",
            linearised: false,
            weights: Weights::Records,
            run: |s| s.with_multilevel(WeightScaling::Effective, posterior_mode),
        },
        Estimator {
            name: "multilevel logit, weights as they are",
            linearised: false,
            weights: Weights::Observations,
            run: |s| s.with_multilevel(WeightScaling::None, posterior_mode),
        },
        Estimator {
            name: "multilevel logit by maximum likelihood",
            linearised: false,
            weights: Weights::Observations,
            run: |s| {
                s.with_multilevel(WeightScaling::None, |rows| {
                    let data = LikelihoodData { rows: *rows, trials: None };
                    let fit = MaximumLikelihood::default().fit(&data)?;
                    let known = fit.coefficients().iter().chain(&fit.standard_deviations()).copied().collect();
                    Ok((known, fit.covariance().to_vec()))
                })
            },
        },
        Estimator {
            name: "linear mixed model",
            linearised: false,
            weights: Weights::Records,
            run: |s| {
                let ones = vec![1.0; s.outcome.len()];
                s.with_units(|units| {
                    let data = LinearMixedData {
                        outcome: units.outcome,
                        matrix: units.matrix,
                        column_names: units.column_names,
                        random: &ones,
                        random_columns: 1,
                        group_of_row: units.area_of_row,
                        groups: units.areas,
                    };
                    let fit = LinearMixed::default().fit(&data)?;
                    Ok((fit.coefficients.clone(), fit.standard_errors().iter().map(|se| se * se).collect()))
                })
            },
        },
        Estimator {
            name: "nested error area means",
            linearised: false,
            weights: Weights::Records,
            run: |s| {
                let population = AreaPopulation { means: &[1.0, 0.1].repeat(AREAS as usize), sizes: None };
                let means = s.with_units(|units| NestedError::default().fit(units)?.area_means(&population))?;
                Ok(means.iter().map(|e| (e.value, e.mean_squared_error)).unzip())
            },
        },
        Estimator {
            name: "hierarchical nested error area means",
            linearised: false,
            weights: Weights::Records,
            run: |s| {
                let population = AreaPopulation { means: &[1.0, 0.1].repeat(AREAS as usize), sizes: None };
                let found = s.with_units(|units| hierarchical_area_means(units, &population))?;
                Ok(found.estimates.iter().map(|e| (e.mean, e.variance)).unzip())
            },
        },
        Estimator {
            name: "empirical best proportions",
            linearised: false,
            weights: Weights::Records,
            run: |s| {
                let predictor: Vec<f64> = s.covariate.iter().map(|x| x - 0.6).collect();
                let sample = AreaPredictors { linear_predictor: &predictor, area_of_row: &s.areas, counts: None };
                let areas: Vec<u32> = (0..AREAS).collect();
                let census =
                    AreaPredictors { linear_predictor: &[-0.5; AREAS as usize], area_of_row: &areas, counts: None };
                let found = EmpiricalBest::new(0.5).proportions(&sample, &s.outcome, &census, AREAS as usize)?;
                // The prior of the effect keeps its variance whatever the outcome.
                Ok((found.iter().flatten().map(|e| e.value).collect(), vec![]))
            },
        },
        Estimator {
            name: "hierarchical area model",
            linearised: false,
            weights: Weights::Shares,
            run: |s| {
                let found = s.with_areas(hierarchical_fay_herriot)?;
                Ok(found.estimates.iter().map(|e| (e.mean, e.variance)).unzip())
            },
        },
        Estimator {
            name: "area model on the arcsine scale",
            linearised: false,
            weights: Weights::Shares,
            run: |s| {
                let (_, found) =
                    s.with_areas(|data| LogFayHerriot::default().fit_arcsine(data, &[30.0; AREAS as usize]))?;
                Ok(found.iter().map(|e| (e.value, e.mean_squared_error)).unzip())
            },
        },
        Estimator {
            name: "spatial area model",
            linearised: false,
            weights: Weights::Shares,
            run: |s| {
                s.with_areas(|data| {
                    let known: Vec<(f64, f64)> = data.direct.iter().flatten().copied().collect();
                    let (direct, sampling_variances): (Vec<f64>, Vec<f64>) = known.into_iter().unzip();
                    let n = direct.len();
                    let neighbours: Vec<f64> = (0..n * n)
                        .map(|at| (at / n, at % n))
                        .map(|(a, b)| {
                            f64::from(u8::from(a != b && (a.abs_diff(b) == 1 || a.abs_diff(b) == n - 1))) / 2.0
                        })
                        .collect();
                    let data = SpatialAreaData {
                        direct: &direct,
                        sampling_variances: &sampling_variances,
                        matrix: &vec![1.0; n],
                        column_names: data.column_names,
                        neighbours: &neighbours,
                    };
                    let fit = SpatialFayHerriot::default().fit(&data)?;
                    Ok(fit.estimates().iter().map(|e| (e.value, e.mean_squared_error)).unzip())
                })
            },
        },
    ]
}

/// Coefficients, standard deviations and effects of a multilevel logit at the mode of its standard deviations.
fn posterior_mode(data: &MultilevelData<'_>) -> Result<Numbers> {
    let fit = MultilevelLogit::default().fit(data)?;
    let known = fit.coefficients().iter().copied().chain(fit.standard_deviations()).chain(fit.effects(0)).collect();
    Ok((known, vec![]))
}

#[track_caller]
fn same(a: &Numbers, b: &Numbers, variance_ratio: f64, what: &str) {
    let pairs = a.0.iter().zip(&b.0).map(|(a, b)| (*a, *b));
    let variances = a.1.iter().zip(&b.1).map(|(a, b)| (a * variance_ratio, *b));
    assert_eq!((a.0.len(), a.1.len()), (b.0.len(), b.1.len()), "{what}");
    for (a, b) in pairs.chain(variances) {
        assert!((a - b).abs() <= 1e-8 * (1e-6 + b.abs()), "{what}: {a} against {b}");
    }
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let sample = Sample::new();
    let n = sample.weights.len();
    let shuffled = sample.rows(&(0..n).map(|i| (i * 77 + 5) % n).collect::<Vec<_>>());
    for e in estimators() {
        same(&(e.run)(&sample).unwrap(), &(e.run)(&shuffled).unwrap(), 1.0, e.name);
    }
}

#[test]
fn the_unit_of_the_weights_does_not_matter() {
    let sample = Sample::new();
    let mut scaled = sample.clone();
    scaled.weights.iter_mut().for_each(|w| *w *= 131.7);
    for e in estimators().iter().filter(|e| e.weights != Weights::Observations) {
        same(&(e.run)(&sample).unwrap(), &(e.run)(&scaled).unwrap(), 1.0, e.name);
    }
}

#[test]
fn a_record_written_twice_at_half_weight_in_its_cluster_does_not_matter() {
    let sample = Sample::new();
    let twice: Vec<usize> = (0..sample.weights.len()).flat_map(|i| [i, i]).collect();
    let mut halved = sample.rows(&twice);
    halved.weights.iter_mut().for_each(|w| *w *= 0.5);
    for e in estimators().iter().filter(|e| e.weights != Weights::Records) {
        same(&(e.run)(&sample).unwrap(), &(e.run)(&halved).unwrap(), 1.0, e.name);
    }
}

#[test]
fn every_cluster_drawn_twice_halves_the_variance_up_to_its_degrees_of_freedom() {
    // With n clusters in every stratum the linearised variance falls by (n - 1) / (2 n - 1).
    let sample = Sample::new();
    let n = sample.weights.len();
    let mut doubled = sample.rows(&(0..2 * n).map(|i| i % n).collect::<Vec<_>>());
    doubled.clusters[n..].iter_mut().for_each(|c| *c += CLUSTERS);
    let fall = (CLUSTERS as f64 - 1.0) / (2.0 * CLUSTERS as f64 - 1.0);
    for e in estimators().iter().filter(|e| e.linearised) {
        same(&(e.run)(&sample).unwrap(), &(e.run)(&doubled).unwrap(), fall, e.name);
    }
}

#[test]
fn the_same_input_gives_the_same_bits() {
    let sample = Sample::new();
    for e in estimators() {
        assert_eq!((e.run)(&sample).unwrap(), (e.run)(&sample).unwrap(), "{}", e.name);
    }
}

#[test]
fn a_constant_outcome_is_an_error_or_has_no_variance() {
    let mut sample = Sample::new();
    sample.outcome.fill(1.0);
    sample.covariate.fill(0.25);
    for e in estimators() {
        match (e.run)(&sample) {
            Ok((values, variances)) => {
                assert!(values.iter().chain(&variances).all(|v| v.is_finite()), "{}", e.name);
                assert!(variances.iter().all(|v| v.abs() < 1e-20), "{}", e.name);
            }
            Err(StatsError::ConstantOutcome | StatsError::OutOfRange { .. } | StatsError::Collinear { .. }) => {}
            Err(other) => panic!("{}: {other}", e.name),
        }
    }
}

#[test]
fn one_area_and_an_area_without_records_are_answered() {
    let mut sample = Sample::new();
    sample.areas.iter_mut().filter(|a| **a == 3).for_each(|a| *a = 2);
    for e in estimators() {
        match (e.run)(&sample) {
            Ok((values, variances)) => {
                assert!(values.iter().chain(&variances).all(|v| v.is_finite()), "{}", e.name);
            }
            // Seven areas on a ring have a flat likelihood of the spatial correlation; the model says that it found no maximum.
            Err(StatsError::NotConverged { procedure: "the spatial area model", .. }) => {}
            Err(other) => panic!("{}: {other}", e.name),
        }
    }
    sample.areas.fill(0);
    for e in estimators() {
        match (e.run)(&sample) {
            Ok((values, _)) => assert!(values.iter().all(|v| v.is_finite()), "{}", e.name),
            Err(StatsError::Empty { .. }) => {}
            Err(other) => panic!("{}: {other}", e.name),
        }
    }
}
