//! The estimators that are compared: from a sample and the census cells to a proportion and an interval of every municipality.

use clrisk_stats::Result;
use std::cell::Cell;

use clrisk_stats::area_model::{AreaData, LogFayHerriot};
use clrisk_stats::benchmark::{Benchmark, BenchmarkMethod, Target};
use clrisk_stats::direct::{
    DirectEstimate, Interval, ProportionInterval, VarianceFunction, proportion, proportion_by_group,
    proportion_interval,
};
use clrisk_stats::draws::Draws;
use clrisk_stats::logit::{LogitData, LogitFit, SurveyLogit};
use clrisk_stats::multilevel::{
    FittedRows, MultilevelData, MultilevelFit, MultilevelLogit, PosteriorDraws, ScoreDesignEffect, Term, WeightScaling,
};
use clrisk_stats::space::SpatialBasis;

use super::population::{COLUMN_NAMES, DEPARTMENTS, PATTERNS, Population, WIDTH};
use super::sample::Sample;

/// Content of the intervals.
pub const LEVEL: f64 = 0.95;
/// Quantile of the normal distribution for it.
const NORMAL: f64 = 1.959_963_984_540_054;
/// Columns whose area means are covariates of the area model; ages and sexes hardly differ between municipalities.
const AREA_COLUMNS: [usize; 7] = [0, 4, 5, 6, 7, 8, 9];

/// An estimate of a municipality; without interval where the method gives none.
#[derive(Debug, Clone, Copy)]
pub struct AreaResult {
    /// Proportion.
    pub value: f64,
    /// 95 % interval.
    pub interval: Option<Interval>,
}

/// An estimator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Estimator {
    /// Hájek mean of the municipality's own sample, linearised variance, logit interval.
    Direct,
    /// Mean over the census cells of the probabilities of a survey-weighted logit, delta-method interval.
    Synthetic,
    /// The default of clrisk: multilevel logit with a smooth spatial effect, weights scaled to the effective sample size and
    /// divided by the design effect of the scores, draws benchmarked and with the noise of a finite population.
    Default,
    /// The default without the design effect of the scores.
    WithoutDesignEffect,
    /// The default without the spatial effect.
    WithoutSpatial,
    /// The default without either.
    WithoutBoth,
    /// Fay-Herriot on the arcsine scale with smoothed variances.
    FayHerriot,
}

impl Estimator {
    /// All, in the order of the table.
    pub const ALL: [Estimator; 7] = [
        Estimator::Direct,
        Estimator::Synthetic,
        Estimator::FayHerriot,
        Estimator::WithoutBoth,
        Estimator::WithoutSpatial,
        Estimator::WithoutDesignEffect,
        Estimator::Default,
    ];

    /// Name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Estimator::Direct => "direct",
            Estimator::Synthetic => "synthetic logit",
            Estimator::FayHerriot => "Fay-Herriot",
            Estimator::WithoutBoth => "default without either",
            Estimator::WithoutSpatial => "default without spatial",
            Estimator::WithoutDesignEffect => "default without design effect",
            Estimator::Default => "multilevel (default)",
        }
    }

    /// Estimates of all municipalities by every estimator, in the order of [`Estimator::ALL`]; `None` where there is none. An
    /// estimator that fails has none anywhere, which is what the scores count.
    pub fn estimate_all(
        population: &Population,
        sample: &Sample,
        draws: usize,
        seed: u64,
    ) -> [Vec<Option<AreaResult>>; Estimator::ALL.len()] {
        let none = || vec![None; population.areas];
        let logit = reference(population, sample).and_then(|fit| synthetic(population, &fit));
        let design_effect = Cell::new(1.0);
        Estimator::ALL.map(|estimator| {
            let model = |spatial: bool, effect: f64| {
                let model = Multilevel::fit(population, sample, spatial.then_some(&population.basis), effect)?;
                if estimator == Estimator::WithoutBoth {
                    design_effect.set(model.design_effect()?);
                }
                model.estimate(draws, seed)
            };
            match estimator {
                Estimator::Direct => direct(population, sample),
                Estimator::Synthetic => logit.clone(),
                Estimator::FayHerriot => logit.clone().and_then(|rough| area_level(population, sample, &rough)),
                Estimator::WithoutBoth => model(false, 1.0),
                Estimator::WithoutSpatial => model(false, design_effect.get()),
                Estimator::WithoutDesignEffect => model(true, 1.0),
                Estimator::Default => model(true, design_effect.get()),
            }
            .unwrap_or_else(|_| none())
        })
    }
}

fn names() -> Vec<String> {
    COLUMN_NAMES.iter().map(|&name| name.to_owned()).collect()
}

fn matrix(population: &Population, sample: &Sample) -> Vec<f64> {
    let rows = sample.children.iter().map(|&child| population.row(population.children[child].pattern));
    rows.flat_map(|row| row.iter().copied()).collect()
}

fn direct_estimates(population: &Population, sample: &Sample) -> Result<Vec<Option<DirectEstimate>>> {
    proportion_by_group(&sample.design, &sample.outcome, &sample.areas, population.areas)
}

fn direct(population: &Population, sample: &Sample) -> Result<Vec<Option<AreaResult>>> {
    let estimates = direct_estimates(population, sample)?;
    let result = |estimate: DirectEstimate| AreaResult {
        value: estimate.value,
        interval: proportion_interval(&estimate, ProportionInterval::Logit, LEVEL),
    };
    Ok(estimates.into_iter().map(|estimate| estimate.map(result)).collect())
}

/// The survey-weighted logit of the fixed part.
fn reference(population: &Population, sample: &Sample) -> Result<LogitFit> {
    let (matrix, column_names) = (matrix(population, sample), names());
    let data = LogitData {
        matrix: &matrix,
        column_names: &column_names,
        outcome: &sample.outcome,
        design: &sample.design,
        domain: None,
    };
    SurveyLogit::default().fit(&data)
}

/// `p = mean of logit^-1(x'b)`, variance `g'Vg` with `g = mean of p (1 - p) x`, interval on the logit scale.
fn synthetic(population: &Population, fit: &LogitFit) -> Result<Vec<Option<AreaResult>>> {
    let probabilities = fit.probabilities(&population.patterns)?;
    let covariance = fit.covariance();
    let of_area = |area: usize| {
        let (mut value, mut slope) = (0.0, [0.0; WIDTH]);
        for cell in &population.cells[area] {
            let p = probabilities[cell.pattern as usize];
            let share = cell.count / population.size[area];
            value += share * p;
            slope.iter_mut().zip(population.row(cell.pattern)).for_each(|(g, x)| *g += share * p * (1.0 - p) * x);
        }
        let variance: f64 = (0..WIDTH * WIDTH).map(|at| slope[at / WIDTH] * covariance[at] * slope[at % WIDTH]).sum();
        let half = NORMAL * variance.max(0.0).sqrt() / (value * (1.0 - value));
        let centre = (value / (1.0 - value)).ln();
        let end = |x: f64| 1.0 / (1.0 + (-x).exp());
        Some(AreaResult { value, interval: Some(Interval { lower: end(centre - half), upper: end(centre + half) }) })
    };
    Ok((0..population.areas).map(of_area).collect())
}

/// Fay-Herriot on the arcsine scale; the variance of a direct estimate is that of the variance function at the synthetic
/// proportion, and the interval is that of the scale.
fn area_level(
    population: &Population,
    sample: &Sample,
    synthetic: &[Option<AreaResult>],
) -> Result<Vec<Option<AreaResult>>> {
    let direct = direct_estimates(population, sample)?;
    let rough: Vec<f64> = synthetic.iter().map(|result| result.map_or(0.5, |result| result.value)).collect();
    let smoothed = VarianceFunction::default().fit(&direct)?.smoothed(&direct, Some(&rough))?;
    let sizes: Vec<f64> =
        smoothed.iter().zip(&rough).map(|(variance, p)| variance.map_or(1.0, |v| p * (1.0 - p) / v)).collect();
    let pairs: Vec<Option<(f64, f64)>> =
        direct.iter().zip(&smoothed).map(|(estimate, v)| Some((estimate.as_ref()?.value, (*v)?))).collect();
    let means = population.area_means();
    let matrix: Vec<f64> = means.chunks_exact(WIDTH).flat_map(|row| AREA_COLUMNS.map(|column| row[column])).collect();
    let column_names: Vec<String> = AREA_COLUMNS.iter().map(|&column| COLUMN_NAMES[column].to_owned()).collect();
    let data = AreaData { direct: &pairs, matrix: &matrix, column_names: &column_names };
    let (fit, estimates) = LogFayHerriot::default().fit_arcsine(&data, &sizes)?;
    let back = |angle: f64| angle.clamp(0.0, std::f64::consts::FRAC_PI_2).sin().powi(2);
    let result = |(angle, estimate): (&clrisk_stats::area_model::AreaEstimate, &_)| {
        let estimate: &clrisk_stats::area_model::TransformedEstimate = estimate;
        let half = NORMAL * angle.mean_squared_error.sqrt();
        let interval = Interval { lower: back(angle.value - half), upper: back(angle.value + half) };
        Some(AreaResult { value: estimate.value, interval: Some(interval) })
    };
    Ok(fit.estimates().iter().zip(&estimates).map(result).collect())
}

/// The multilevel logit as the engine fits it.
struct Multilevel<'a> {
    population: &'a Population,
    sample: &'a Sample,
    matrix: Vec<f64>,
    weights: Vec<f64>,
    fit: MultilevelFit,
}

impl<'a> Multilevel<'a> {
    /// Fits with weights scaled to the effective sample size of each municipality and divided by a design effect.
    fn fit(
        population: &'a Population,
        sample: &'a Sample,
        smooth: Option<&SpatialBasis>,
        design_effect: f64,
    ) -> Result<Multilevel<'a>> {
        let (matrix, names) = (matrix(population, sample), names());
        let mut weights = WeightScaling::Effective.scale(&sample.weights, &sample.areas, population.areas)?;
        weights.iter_mut().for_each(|weight| *weight /= design_effect);
        let terms = [
            Term {
                group: 0,
                levels: population.areas,
                level_of_row: &sample.areas,
                columns: &[None],
                correlated: false,
            },
            Term {
                group: 1,
                levels: DEPARTMENTS,
                level_of_row: &sample.departments,
                columns: &[None],
                correlated: false,
            },
        ];
        let data = MultilevelData {
            design: &matrix,
            width: WIDTH,
            fixed: WIDTH,
            names: &names,
            outcome: &sample.outcome,
            weights: &weights,
            terms: &terms,
        };
        let fit = MultilevelLogit::default().fit_smooth(&data, smooth)?;
        Ok(Multilevel { population, sample, matrix, weights, fit })
    }

    /// The design effect of the scores at the mode, without spatial effect.
    fn design_effect(&self) -> Result<f64> {
        let (areas, departments) = (self.fit.effects(0), self.fit.effects(1));
        let probability = |(row, x): (usize, &[f64])| {
            let fixed: f64 = x.iter().zip(self.fit.coefficients()).map(|(x, b)| x * b).sum();
            let effect = areas[self.sample.areas[row] as usize] + departments[self.sample.departments[row] as usize];
            1.0 / (1.0 + (-fixed - effect).exp())
        };
        let probabilities: Vec<f64> = self.matrix.chunks_exact(WIDTH).enumerate().map(probability).collect();
        let rows = FittedRows {
            outcome: &self.sample.outcome,
            probabilities: &probabilities,
            weights: &self.weights,
            areas: &self.sample.areas,
            psus: self.sample.design.psu_of_rows(),
        };
        Ok(ScoreDesignEffect::of(&rows)?.cautious())
    }

    /// Carries draws to the census cells, benchmarks them and adds the noise of a finite population.
    fn estimate(&self, draws: usize, seed: u64) -> Result<Vec<Option<AreaResult>>> {
        let mut rates = unit_rates(self.population, &self.fit.draws(draws, seed))?;
        benchmark(&mut rates, self.population, self.sample, seed)?;
        let summaries = area_means(self.population, &rates, seed)?.summaries(LEVEL)?;
        Ok(summaries.iter().map(|s| Some(AreaResult { value: s.mean, interval: Some(s.interval) })).collect())
    }
}

/// Rates of the publication units of all municipalities: draws by units.
///
/// A draw adds one number to the predictors of a municipality, that is, multiplies the odds of its patterns by one factor; the
/// exponential is taken once a pattern and once a municipality, not once a cell.
fn unit_rates(population: &Population, posterior: &PosteriorDraws) -> Result<Draws> {
    let (areas, units) = (population.areas, population.unit_area.len());
    let mut values = vec![0.0; posterior.count * units];
    let mut odds = vec![0.0; PATTERNS];
    for (draw, rates) in values.chunks_exact_mut(units).enumerate() {
        let coefficients = &posterior.coefficients[draw * WIDTH..(draw + 1) * WIDTH];
        for (odds, row) in odds.iter_mut().zip(population.patterns.chunks_exact(WIDTH)) {
            *odds = row.iter().zip(coefficients).map(|(x, b)| x * b).sum::<f64>().exp();
        }
        for (area, cells) in population.cells.iter().enumerate() {
            let department = population.department[area] as usize;
            let effect = posterior.effects[0][draw * areas + area]
                + posterior.effects[1][draw * DEPARTMENTS + department]
                + posterior.smooth.get(draw * areas + area).copied().unwrap_or(0.0);
            let factor = effect.exp();
            for cell in cells {
                let odds = factor * odds[cell.pattern as usize];
                rates[cell.unit as usize] += cell.count * odds / (1.0 + odds);
            }
        }
        rates.iter_mut().zip(&population.unit_size).for_each(|(rate, size)| *rate /= size);
    }
    Draws::new(values, units)
}

/// Moves every draw to its own draw of the national direct estimate.
fn benchmark(rates: &mut Draws, population: &Population, sample: &Sample, seed: u64) -> Result<()> {
    let national = proportion(&sample.design, &sample.outcome, None)?;
    let target = Target::Sampled { estimate: national.value, standard_error: national.standard_error };
    let benchmark = Benchmark { method: BenchmarkMethod::LogitShift, groups: Vec::new(), national: Some(target), seed };
    benchmark.apply(rates, &population.unit_size).map(|_| ())
}

/// Rates of municipalities: those of their units among the finite number of children there are.
fn area_means(population: &Population, rates: &Draws, seed: u64) -> Result<Draws> {
    let finite = rates.of_finite_populations(&population.unit_size, seed ^ 7_001)?;
    let mut values = vec![0.0; rates.count() * population.areas];
    for (means, rates) in values.chunks_exact_mut(population.areas).zip(finite.iter()) {
        for (unit, rate) in rates.iter().enumerate() {
            let area = population.unit_area[unit];
            means[area] += rate * population.unit_size[unit] / population.size[area];
        }
    }
    Draws::new(values, population.areas)
}
