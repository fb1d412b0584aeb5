//! Posterior draws carried over the population summary to rates by municipality and publication cell.

use std::num::NonZeroUsize;

use crate::population::Population;

/// Draws of one random term.
pub struct TermDraws {
    /// Level of the grouping factor of each municipality.
    pub level_of_area: Vec<u32>,
    /// Number of levels.
    pub levels: usize,
    /// Design column that each column of the term multiplies; none for an intercept.
    pub columns: Vec<Option<usize>>,
    /// Values: draws by levels by columns.
    pub values: Vec<f64>,
}

/// Draws of all parameters.
pub struct ParameterDraws {
    /// Number of draws.
    pub count: usize,
    /// Fixed coefficients: draws by fixed columns. The fixed columns are the first of the design.
    pub fixed: Vec<f64>,
    /// Number of fixed columns.
    pub fixed_columns: usize,
    /// Random terms.
    pub terms: Vec<TermDraws>,
}

impl ParameterDraws {
    /// Coefficients of all design columns, and the intercept effect, for one draw and municipality.
    pub fn coefficients(&self, draw: usize, area: usize, coefficients: &mut [f64]) -> f64 {
        coefficients.fill(0.0);
        coefficients[..self.fixed_columns]
            .copy_from_slice(&self.fixed[draw * self.fixed_columns..(draw + 1) * self.fixed_columns]);
        let mut intercept = 0.0;
        for term in &self.terms {
            let width = term.columns.len();
            let start = (draw * term.levels + term.level_of_area[area] as usize) * width;
            for (column, value) in term.columns.iter().zip(&term.values[start..start + width]) {
                match column {
                    None => intercept += value,
                    Some(column) => coefficients[*column] += value,
                }
            }
        }
        intercept
    }
}

/// The inverse logit.
pub fn inverse_logit(predictor: f64) -> f64 {
    1.0 / (1.0 + (-predictor).exp())
}

/// Rates by draw, municipality and cell (in that order); NaN where nobody lives.
pub fn rates(population: &Population, draws: &ParameterDraws) -> Vec<f64> {
    let width = population.areas * population.cells.count();
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

fn rates_of_draw(population: &Population, draws: &ParameterDraws, draw: usize, rates: &mut [f64]) {
    let columns = population.columns;
    let cells = population.cells.count();
    let fixed = &draws.fixed[draw * draws.fixed_columns..(draw + 1) * draws.fixed_columns];
    let spread: std::collections::BTreeMap<(u32, u32), f64> =
        population.spread.iter().map(|(key, covariance)| (*key, quadratic_form(covariance, fixed, columns))).collect();
    let mut coefficients = vec![0.0; columns];
    let mut intercept = 0.0;
    let mut current = usize::MAX;
    let mut sums = vec![[0.0f64; 2]; rates.len()];
    for (bin, means) in population.bins.iter().zip(population.means.chunks_exact(columns)) {
        let area = bin.area as usize;
        if area != current {
            intercept = draws.coefficients(draw, area, &mut coefficients);
            current = area;
        }
        let predictor = intercept + dot(means, &coefficients);
        let probability = inverse_logit(predictor);
        let variance = spread.get(&(bin.cell, bin.position)).copied().unwrap_or(0.0);
        let curvature = probability * (1.0 - probability) * (1.0 - 2.0 * probability);
        let corrected = (probability + 0.5 * curvature * variance).clamp(0.0, 1.0);
        let sum = &mut sums[area * cells + bin.cell as usize];
        sum[0] += bin.weight;
        sum[1] += bin.weight * corrected;
    }
    for (rate, [weight, expected]) in rates.iter_mut().zip(sums) {
        if weight > 0.0 {
            *rate = expected / weight;
        }
    }
}

/// `b' S b` over the first `b.len()` columns of `S`.
fn quadratic_form(covariance: &[f64], coefficients: &[f64], columns: usize) -> f64 {
    let mut sum = 0.0;
    for (row, left) in coefficients.iter().enumerate() {
        sum += left * dot(&covariance[row * columns..row * columns + coefficients.len()], coefficients);
    }
    sum.max(0.0)
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

/// The largest difference, in percentage points, between the rate of an audit area from bins and from its children one by
/// one, over the areas and the first `draws_checked` draws.
pub fn approximation_error(
    population: &Population,
    draws: &ParameterDraws,
    rates: &[f64],
    draws_checked: usize,
) -> f64 {
    let cells = population.cells.count();
    let width = population.areas * cells;
    let sizes = population.sizes();
    let mut coefficients = vec![0.0; population.columns];
    let mut largest = 0.0f64;
    for draw in 0..draws_checked.min(draws.count) {
        let mut exact: std::collections::BTreeMap<u32, [f64; 2]> = std::collections::BTreeMap::new();
        let mut current = u32::MAX;
        let mut intercept = 0.0;
        for pattern in &population.patterns {
            if pattern.area != current {
                intercept = draws.coefficients(draw, pattern.area as usize, &mut coefficients);
                current = pattern.area;
            }
            let sum = exact.entry(pattern.area).or_insert([0.0; 2]);
            sum[0] += pattern.weight;
            sum[1] += pattern.weight * inverse_logit(intercept + dot(&pattern.design, &coefficients));
        }
        for (area, [weight, expected]) in exact {
            let start = area as usize * cells;
            let (mut people, mut cases) = (0.0, 0.0);
            for cell in start..start + cells {
                if sizes[cell] > 0.0 {
                    people += sizes[cell];
                    cases += sizes[cell] * rates[draw * width + cell];
                }
            }
            largest = largest.max(100.0 * (cases / people - expected / weight).abs());
        }
    }
    largest
}
