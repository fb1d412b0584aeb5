//! The data of a multilevel likelihood, put in order: rows sorted by the level of the largest factor, columns scaled to unit
//! root mean square, every row with the places of its own effects.

use super::super::fit::Layout;
use super::{LikelihoodData, TermShape};
use crate::error::{Result, StatsError, same_length};
use crate::linear_algebra::Cholesky;

/// Rows, scaled and sorted. Effects are numbered border first, then local effects level by level, as in `Blocks`.
pub(super) struct Rows {
    pub(super) count: usize,
    pub(super) fixed: usize,
    /// Fixed part of the design, row-major.
    pub(super) design: Vec<f64>,
    /// Weight times successes.
    pub(super) successes: Vec<f64>,
    /// Weight times trials.
    pub(super) trials: Vec<f64>,
    /// Level of the largest factor.
    pub(super) level: Vec<u32>,
    /// First row of each level, and the number of rows.
    pub(super) starts: Vec<usize>,
    pub(super) border: usize,
    pub(super) local: usize,
    pub(super) levels: usize,
    /// Border effects a row touches.
    pub(super) border_entries: usize,
    /// Their places, row by row.
    pub(super) border_places: Vec<u32>,
    /// Columns of the random terms: border entries first, then local ones; row by row.
    pub(super) random: Vec<f64>,
    pub(super) terms: Vec<RowTerm>,
    /// Number of parameters of the covariances.
    pub(super) thetas: usize,
    /// A parameter in the unit of the scaled columns over the same in the caller's unit: coefficients, then thetas.
    pub(super) scale: Vec<f64>,
    /// `sum w log C(trials, successes)`.
    pub(super) log_binomial: f64,
}

/// Where a random term stands in the entries of a row, among the effects and in theta.
pub(super) struct RowTerm {
    pub(super) shape: TermShape,
    /// First of its entries.
    pub(super) entry: usize,
    pub(super) start: usize,
    pub(super) step: usize,
    /// Its elements of the Cholesky factor: row, column; column by column.
    pub(super) elements: Vec<(usize, usize)>,
    pub(super) first_theta: usize,
    /// Scale of each of its columns.
    pub(super) scale: Vec<f64>,
}

impl Rows {
    pub(super) fn new(data: &LikelihoodData<'_>) -> Result<Rows> {
        check(data)?;
        let rows = &data.rows;
        let layout = Layout::new(&super::MultilevelData { fixed: 0, ..*rows }, 0);
        let column_scale = column_scales(data);
        let local_level = rows.terms.iter().zip(&layout.terms).find(|(_, place)| place.is_local).map(|(term, _)| *term);
        let Some(local_level) = local_level else {
            return Err(StatsError::Setting { setting: "terms", requirement: "at least one random term" });
        };
        let (order, starts) = sorted(local_level.level_of_row, rows.weights, layout.levels);
        let (terms, thetas) = row_terms(&layout, &column_scale);
        let border_entries =
            terms.iter().zip(&layout.terms).filter(|(_, p)| !p.is_local).map(|(t, _)| t.shape.columns.len()).sum();
        let entries = border_entries + layout.local;
        let mut sorted = Rows {
            count: order.len(),
            fixed: rows.fixed,
            design: Vec::with_capacity(order.len() * rows.fixed),
            successes: Vec::with_capacity(order.len()),
            trials: Vec::with_capacity(order.len()),
            level: Vec::with_capacity(order.len()),
            starts,
            border: layout.border,
            local: layout.local,
            levels: layout.levels,
            border_entries,
            border_places: Vec::with_capacity(order.len() * border_entries),
            random: Vec::with_capacity(order.len() * entries),
            scale: column_scale[..rows.fixed].iter().copied().chain(theta_scales(&terms)).collect(),
            terms,
            thetas,
            log_binomial: 0.0,
        };
        for &row in &order {
            sorted.push(data, row, local_level.level_of_row[row], &column_scale);
        }
        sorted.refuse_dependent_columns(rows.names)?;
        Ok(sorted)
    }

    pub(super) fn entries(&self) -> usize {
        self.border_entries + self.local
    }

    pub(super) fn effects(&self) -> usize {
        self.border + self.local * self.levels
    }

    pub(super) fn design_row(&self, row: usize) -> &[f64] {
        &self.design[row * self.fixed..(row + 1) * self.fixed]
    }

    fn push(&mut self, data: &LikelihoodData<'_>, row: usize, level: u32, column_scale: &[f64]) {
        let rows = &data.rows;
        let design = &rows.design[row * rows.width..(row + 1) * rows.width];
        let trials = data.trials.map_or(1.0, |trials| trials[row]);
        let weight = rows.weights[row];
        let successes = trials * rows.outcome[row];
        self.design.extend(design[..rows.fixed].iter().zip(column_scale).map(|(x, scale)| x / scale));
        self.successes.push(weight * successes);
        self.trials.push(weight * trials);
        self.level.push(level);
        if trials != 1.0 {
            self.log_binomial += weight * log_choose(trials, successes);
        }
        for wants_local in [false, true] {
            for (term, place) in rows.terms.iter().zip(&self.terms) {
                if (place.entry >= self.border_entries) != wants_local {
                    continue;
                }
                let first = place.start + term.level_of_row[row] as usize * place.step;
                for (offset, column) in place.shape.columns.iter().enumerate() {
                    if !wants_local {
                        self.border_places.push((first + offset) as u32);
                    }
                    self.random.push(column.map_or(1.0, |c| design[c] / column_scale[c]));
                }
            }
        }
    }

    fn refuse_dependent_columns(&self, names: &[String]) -> Result<()> {
        let p = self.fixed;
        let mut gram = vec![0.0; p * p];
        for row in self.design.chunks_exact(p.max(1)) {
            for (i, x) in row.iter().enumerate() {
                gram[i * p..i * p + i + 1].iter_mut().zip(row).for_each(|(sum, y)| *sum += x * y);
            }
        }
        match Cholesky::new(&gram, p) {
            Ok(_) => Ok(()),
            Err(columns) => {
                let names = columns.iter().map(|&c| names[c].clone()).collect();
                Err(StatsError::Collinear { columns, names })
            }
        }
    }
}

/// Root mean square of each column, so that the unit of a covariate does not matter to the search.
fn column_scales(data: &LikelihoodData<'_>) -> Vec<f64> {
    let width = data.rows.width;
    let mut squares = vec![0.0; width];
    for row in data.rows.design.chunks_exact(width.max(1)) {
        squares.iter_mut().zip(row).for_each(|(sum, x)| *sum += x * x);
    }
    let rows = data.rows.outcome.len() as f64;
    squares.into_iter().map(|sum| if sum > 0.0 { (sum / rows).sqrt() } else { 1.0 }).collect()
}

/// Rows with a weight, by level, in their own order within a level; and where each level begins.
fn sorted(level_of_row: &[u32], weights: &[f64], levels: usize) -> (Vec<usize>, Vec<usize>) {
    let used = || (0..level_of_row.len()).filter(|&row| weights[row] > 0.0);
    let mut starts = vec![0; levels + 1];
    used().for_each(|row| starts[level_of_row[row] as usize + 1] += 1);
    (0..levels).for_each(|level| starts[level + 1] += starts[level]);
    let mut next = starts.clone();
    let mut order = vec![0; starts[levels]];
    for row in used() {
        let place = &mut next[level_of_row[row] as usize];
        order[*place] = row;
        *place += 1;
    }
    (order, starts)
}

fn row_terms(layout: &Layout, column_scale: &[f64]) -> (Vec<RowTerm>, usize) {
    let border_entries: usize = layout.terms.iter().filter(|p| !p.is_local).map(|p| p.columns.len()).sum();
    let (mut next_border, mut next_local, mut next_theta) = (0, border_entries, 0);
    let mut terms = Vec::with_capacity(layout.terms.len());
    for place in &layout.terms {
        let size = place.columns.len();
        let correlated = place.first_correlation.is_some();
        let elements: Vec<(usize, usize)> = (0..size)
            .flat_map(|column| (column..size).map(move |row| (row, column)))
            .filter(|(row, column)| correlated || row == column)
            .collect();
        let next_entry = if place.is_local { &mut next_local } else { &mut next_border };
        let entry = *next_entry;
        *next_entry += size;
        let first_theta = next_theta;
        next_theta += elements.len();
        terms.push(RowTerm {
            shape: TermShape { levels: place.levels, columns: place.columns.clone() },
            entry,
            start: place.start,
            step: place.step,
            elements,
            first_theta,
            scale: place.columns.iter().map(|column| column.map_or(1.0, |c| column_scale[c])).collect(),
        });
    }
    (terms, next_theta)
}

fn theta_scales(terms: &[RowTerm]) -> Vec<f64> {
    terms.iter().flat_map(|term| term.elements.iter().map(|(row, _)| term.scale[*row])).collect()
}

fn log_choose(trials: f64, successes: f64) -> f64 {
    use statrs::function::gamma::ln_gamma;
    ln_gamma(trials + 1.0) - ln_gamma(successes + 1.0) - ln_gamma(trials - successes + 1.0)
}

fn check(data: &LikelihoodData<'_>) -> Result<()> {
    let rows = &data.rows;
    let count = rows.outcome.len();
    same_length("design", rows.design.len(), count * rows.width)?;
    same_length("weights", rows.weights.len(), count)?;
    same_length("names", rows.names.len(), rows.width)?;
    if let Some(trials) = data.trials {
        same_length("trials", trials.len(), count)?;
        refuse("trials", "finite and positive", trials, |n| n.is_finite() && n > 0.0)?;
    }
    if rows.fixed > rows.width {
        return Err(StatsError::Setting { setting: "fixed", requirement: "at most the number of columns" });
    }
    for term in rows.terms {
        same_length("levels of a random term", term.level_of_row.len(), count)?;
        if let Some(row) = term.level_of_row.iter().position(|level| *level as usize >= term.levels) {
            return Err(StatsError::OutOfRange { input: "level", requirement: "below the number of levels", row });
        }
        if term.columns.iter().flatten().any(|column| *column >= rows.width) {
            return Err(StatsError::Setting {
                setting: "columns of a random term",
                requirement: "columns of the design",
            });
        }
    }
    refuse("outcome", "a share between 0 and 1", rows.outcome, |y| (0.0..=1.0).contains(&y))?;
    refuse("weights", "finite and not negative", rows.weights, |w| w.is_finite() && w >= 0.0)?;
    if let Some(place) = rows.design.iter().position(|x| !x.is_finite()) {
        return Err(StatsError::Missing { input: "design", row: place / rows.width });
    }
    let mut used = (0..count).filter(|&row| rows.weights[row] > 0.0).map(|row| rows.outcome[row]);
    let Some(first) = used.next() else { return Err(StatsError::Empty { quantity: "a multilevel model" }) };
    if (first == 0.0 || first == 1.0) && used.all(|y| y == first) {
        return Err(StatsError::ConstantOutcome);
    }
    Ok(())
}

fn refuse(input: &'static str, requirement: &'static str, values: &[f64], allowed: impl Fn(f64) -> bool) -> Result<()> {
    match values.iter().position(|value| !allowed(*value)) {
        Some(row) => Err(StatsError::OutOfRange { input, requirement, row }),
        None => Ok(()),
    }
}
