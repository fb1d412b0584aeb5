//! Class limits and the rule for a value that falls on one.

use crate::error::{Result, StatsError};

/// Which end of a class belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClosedSide {
    /// Classes are `(a, b]`: a value equal to a limit belongs to the class below. The default.
    #[default]
    Right,
    /// Classes are `[a, b)`: a value equal to a limit belongs to the class above.
    Left,
}

/// Limits between classes. The outer classes are open: a value below the lowest or above the highest value seen belongs to
/// the first or last class, so that posterior draws outside the range of the point estimates still have a class.
#[derive(Debug, Clone, PartialEq)]
pub struct Breaks {
    /// Limits between neighbouring classes, increasing; one fewer than there are classes.
    limits: Vec<f64>,
    minimum: f64,
    maximum: f64,
    closed: ClosedSide,
}

impl Breaks {
    /// Breaks from limits and the range of the values.
    ///
    /// # Errors
    /// Limits that are not finite or not strictly increasing.
    pub fn new(limits: Vec<f64>, minimum: f64, maximum: f64, closed: ClosedSide) -> Result<Self> {
        let finite = limits.iter().all(|l| l.is_finite());
        if !finite || limits.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(StatsError::Setting { setting: "breaks", requirement: "finite and strictly increasing" });
        }
        Ok(Self { limits, minimum, maximum, closed })
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.limits.len() + 1
    }

    /// Limits between neighbouring classes.
    pub fn limits(&self) -> &[f64] {
        &self.limits
    }

    /// Lowest value, limits, highest value: what a legend prints.
    pub fn bounds(&self) -> Vec<f64> {
        let mut bounds = vec![self.minimum];
        bounds.extend(&self.limits);
        bounds.push(self.maximum);
        bounds
    }

    /// Which end of a class belongs to it.
    pub fn closed(&self) -> ClosedSide {
        self.closed
    }

    /// Class of a value, from 0 for the lowest.
    pub fn class_of(&self, value: f64) -> usize {
        match self.closed {
            ClosedSide::Right => self.limits.partition_point(|&limit| limit < value),
            ClosedSide::Left => self.limits.partition_point(|&limit| limit <= value),
        }
    }

    /// Class of every value.
    pub fn classes_of(&self, values: &[f64]) -> Vec<usize> {
        values.iter().map(|&v| self.class_of(v)).collect()
    }

    /// How many values fall into each class.
    pub fn counts(&self, values: &[f64]) -> Vec<usize> {
        let mut counts = vec![0; self.classes()];
        for &value in values {
            counts[self.class_of(value)] += 1;
        }
        counts
    }

    /// Goodness of variance fit: one less the share of the sum of squares left within classes. 1 is perfect.
    pub fn goodness_of_variance_fit(&self, values: &[f64]) -> f64 {
        let sum_of_squares = |members: &[f64]| {
            let mean = members.iter().sum::<f64>() / members.len() as f64;
            members.iter().map(|v| (v - mean).powi(2)).sum::<f64>()
        };
        let mut classes: Vec<Vec<f64>> = vec![Vec::new(); self.classes()];
        for &value in values {
            classes[self.class_of(value)].push(value);
        }
        let within: f64 = classes.iter().filter(|c| !c.is_empty()).map(|c| sum_of_squares(c)).sum();
        let total = sum_of_squares(values);
        if total > 0.0 { 1.0 - within / total } else { 1.0 }
    }
}
