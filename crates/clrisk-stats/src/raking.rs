//! Raking (iterative proportional fitting): population cells brought to newer margins.

use crate::error::{Result, StatsError, same_length};

/// Known totals of one classification of the cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Margin {
    /// Category of each cell.
    pub categories: Vec<u32>,
    /// Total of each category.
    pub totals: Vec<f64>,
}

/// Settings of raking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Raking {
    /// Passes over all margins.
    pub max_iterations: usize,
    /// Stop when no category is further from its total than this, relatively.
    pub tolerance: f64,
}

impl Default for Raking {
    fn default() -> Self {
        Self { max_iterations: 500, tolerance: 1e-10 }
    }
}

/// Raked cells and how well they fit.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Raked {
    /// Cells, in the order given.
    pub cells: Vec<f64>,
    /// Passes made.
    pub iterations: usize,
    /// Largest relative distance of a category from its total, after the last pass.
    pub largest_difference: f64,
    /// Whether the tolerance was reached.
    pub converged: bool,
    /// Smallest and largest factor between a raked cell and the original.
    pub factor_range: (f64, f64),
}

impl Raking {
    /// Multiplies the cells by factors of their categories until every margin is met (Deming and Stephan 1940). Keeps
    /// all odds ratios of the original table; cells of zero stay zero.
    ///
    /// # Errors
    /// Unequal lengths, negative cells or totals, a category with a positive total and no cells, margins whose grand
    /// totals differ by more than one in a million. Lack of convergence is not an error: see [`Raked::converged`].
    ///
    /// Checked against: `survey_api.json` `rake` (R `survey::rake`).
    pub fn fit(&self, cells: &[f64], margins: &[Margin]) -> Result<Raked> {
        if let Some(row) = cells.iter().position(|c| !(c.is_finite() && *c >= 0.0)) {
            return Err(StatsError::OutOfRange { input: "cells", requirement: "not negative", row });
        }
        let Some(first) = margins.first() else {
            return Err(StatsError::Empty { quantity: "raked cells" });
        };
        let grand: f64 = first.totals.iter().sum();
        for margin in margins {
            same_length("categories", margin.categories.len(), cells.len())?;
            if let Some(row) = margin.totals.iter().position(|t| !(t.is_finite() && *t >= 0.0)) {
                return Err(StatsError::OutOfRange { input: "totals", requirement: "not negative", row });
            }
            if let Some(row) = margin.categories.iter().position(|&c| c as usize >= margin.totals.len()) {
                let requirement = "below the number of totals";
                return Err(StatsError::OutOfRange { input: "categories", requirement, row });
            }
            if (margin.totals.iter().sum::<f64>() - grand).abs() > 1e-6 * grand {
                return Err(StatsError::Margins { reason: "their grand totals differ" });
            }
            let sums = category_sums(cells, margin);
            if sums.iter().zip(&margin.totals).any(|(&s, &t)| s == 0.0 && t > 0.0) {
                return Err(StatsError::Margins { reason: "a category with a positive total has no cells" });
            }
        }
        let mut raked = cells.to_vec();
        let mut iterations = 0;
        let mut largest_difference = largest(&raked, margins);
        while largest_difference > self.tolerance && iterations < self.max_iterations {
            for margin in margins {
                let sums = category_sums(&raked, margin);
                for (cell, &category) in raked.iter_mut().zip(&margin.categories) {
                    let sum = sums[category as usize];
                    if sum > 0.0 {
                        *cell *= margin.totals[category as usize] / sum;
                    }
                }
            }
            iterations += 1;
            largest_difference = largest(&raked, margins);
        }
        let factors = raked.iter().zip(cells).filter(|(_, c)| **c > 0.0).map(|(r, c)| r / c);
        let factor_range = factors.fold((f64::INFINITY, 0.0), |(low, high), f| (f.min(low), f.max(high)));
        let converged = largest_difference <= self.tolerance;
        Ok(Raked { cells: raked, iterations, largest_difference, converged, factor_range })
    }
}

fn category_sums(cells: &[f64], margin: &Margin) -> Vec<f64> {
    let mut sums = vec![0.0; margin.totals.len()];
    for (cell, &category) in cells.iter().zip(&margin.categories) {
        sums[category as usize] += cell;
    }
    sums
}

fn largest(cells: &[f64], margins: &[Margin]) -> f64 {
    margins
        .iter()
        .flat_map(|margin| {
            let sums = category_sums(cells, margin);
            sums.into_iter().zip(margin.totals.clone()).map(|(s, t)| if t > 0.0 { (s / t - 1.0).abs() } else { s })
        })
        .fold(0.0, f64::max)
}
