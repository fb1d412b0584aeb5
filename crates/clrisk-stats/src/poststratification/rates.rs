//! Rates by area and cell under every draw, and how far the bins are from the persons they stand for.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroUsize;

use super::{BinnedPopulation, ParameterDraws, Pattern, inverse_logit};
use crate::linear_algebra::dot;

/// Rates by draw, area and cell (in that order); NaN where nobody lives.
pub fn rates(population: &BinnedPopulation, draws: &ParameterDraws) -> Vec<f64> {
    let width = population.areas * population.cells;
    let mut rates = vec![f64::NAN; draws.count * width];
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(draws.count).max(1);
    let share = draws.count.div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        for (part, chunk) in rates.chunks_mut(share * width).enumerate() {
            scope.spawn(move || {
                for (offset, row) in chunk.chunks_mut(width).enumerate() {
                    rates_of_draw(population, draws, part * share + offset, row);
                }
            });
        }
    });
    rates
}

fn rates_of_draw(population: &BinnedPopulation, draws: &ParameterDraws, draw: usize, rates: &mut [f64]) {
    let columns = population.columns;
    let cells = population.cells;
    let fixed = &draws.fixed[draw * draws.fixed_columns..(draw + 1) * draws.fixed_columns];
    let spread: Vec<f64> =
        population.spread.iter().map(|covariance| quadratic_form(covariance, fixed, columns)).collect();
    let mut coefficients = vec![0.0; columns];
    let mut intercept = 0.0;
    let mut current = usize::MAX;
    let mut sums = vec![[0.0f64; 2]; rates.len()];
    let rows = population.means.chunks_exact(columns).zip(&population.spread_of_bin);
    for (bin, (means, spread_of_bin)) in population.bins.iter().zip(rows) {
        let area = bin.area as usize;
        if area != current {
            intercept = draws.coefficients(draw, area, &mut coefficients);
            current = area;
        }
        let predictor = intercept + dot(means, &coefficients);
        let variance = spread_of_bin.map_or(0.0, |index| spread[index as usize]);
        let sum = &mut sums[area * cells + bin.cell as usize];
        sum[0] += bin.weight;
        sum[1] += bin.weight * corrected(predictor, variance);
    }
    for (rate, [weight, expected]) in rates.iter_mut().zip(sums) {
        if weight > 0.0 {
            *rate = expected / weight;
        }
    }
}

/// The mean probability of persons whose predictors lie about `predictor` with this variance.
fn corrected(predictor: f64, variance: f64) -> f64 {
    let probability = inverse_logit(predictor);
    let curvature = probability * (1.0 - probability) * (1.0 - 2.0 * probability);
    (probability + 0.5 * curvature * variance).clamp(0.0, 1.0)
}

/// `b' S b` over the first `b.len()` columns of `S`.
fn quadratic_form(covariance: &[f64], coefficients: &[f64], columns: usize) -> f64 {
    let mut sum = 0.0;
    for (row, left) in coefficients.iter().enumerate() {
        sum += left * dot(&covariance[row * columns..row * columns + coefficients.len()], coefficients);
    }
    sum.max(0.0)
}

/// The largest difference, in percentage points, between the rate of an audit area from bins and from its children one by
/// one, over the areas and the first `draws_checked` draws.
///
/// Both rates are of the patterns kept, which may be a part of the area: the bins are made of the same children.
pub fn approximation_error(population: &BinnedPopulation, draws: &ParameterDraws, draws_checked: usize) -> f64 {
    let columns = population.columns;
    let spread_of: HashMap<(u32, u32), u32> = population
        .bins
        .iter()
        .zip(&population.spread_of_bin)
        .filter_map(|(bin, spread)| Some(((bin.cell, bin.position), (*spread)?)))
        .collect();
    let bins = bins_of_patterns(&population.patterns, columns);
    let mut coefficients = vec![0.0; columns];
    let mut largest = 0.0f64;
    for draw in 0..draws_checked.min(draws.count) {
        let fixed = &draws.fixed[draw * draws.fixed_columns..(draw + 1) * draws.fixed_columns];
        let spread: Vec<f64> =
            population.spread.iter().map(|covariance| quadratic_form(covariance, fixed, columns)).collect();
        let mut sums: BTreeMap<u32, [f64; 3]> = BTreeMap::new();
        let mut current = u32::MAX;
        let mut intercept = 0.0;
        for pattern in &population.patterns {
            if pattern.area != current {
                intercept = draws.coefficients(draw, pattern.area as usize, &mut coefficients);
                current = pattern.area;
            }
            let sum = sums.entry(pattern.area).or_insert([0.0; 3]);
            sum[0] += pattern.weight;
            sum[1] += pattern.weight * inverse_logit(intercept + dot(&pattern.design, &coefficients));
        }
        for (&(area, cell, position), (weight, means)) in &bins {
            if area != current {
                intercept = draws.coefficients(draw, area as usize, &mut coefficients);
                current = area;
            }
            let variance = spread_of.get(&(cell, position)).map_or(0.0, |index| spread[*index as usize]);
            if let Some(sum) = sums.get_mut(&area) {
                sum[2] += weight * corrected(intercept + dot(means, &coefficients), variance);
            }
        }
        for [weight, exact, binned] in sums.into_values() {
            largest = largest.max(100.0 * (binned - exact).abs() / weight);
        }
    }
    largest
}

/// Weight and mean design row of the patterns of each (area, cell, position).
fn bins_of_patterns(patterns: &[Pattern], columns: usize) -> BTreeMap<(u32, u32, u32), (f64, Vec<f64>)> {
    let mut bins: BTreeMap<(u32, u32, u32), (f64, Vec<f64>)> = BTreeMap::new();
    for pattern in patterns {
        let key = (pattern.area, pattern.cell, pattern.position);
        let (weight, sums) = bins.entry(key).or_insert_with(|| (0.0, vec![0.0; columns]));
        *weight += pattern.weight;
        sums.iter_mut().zip(&pattern.design).for_each(|(sum, value)| *sum += pattern.weight * value);
    }
    for (weight, sums) in bins.values_mut() {
        sums.iter_mut().for_each(|sum| *sum /= *weight);
    }
    bins
}
