//! How sure an area's class is.

use super::breaks::Breaks;
use super::rule::Rule;
use crate::draws::Draws;
use crate::error::{Result, StatsError};

/// Whether the class limits are part of the uncertainty.
#[derive(Debug, Clone, PartialEq)]
pub enum BreaksPerDraw {
    /// Limits fixed (normally found from the point estimates): asks whether the area's value exceeds published limits.
    Fixed(Breaks),
    /// Limits found anew in every draw: asks whether the area belongs to the highest group *relative to the others*.
    Redrawn(Rule),
}

/// Probability of every class for every area: the share of draws in which the area falls into the class.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassMembership {
    probabilities: Vec<f64>,
    classes: usize,
    skipped: usize,
}

impl ClassMembership {
    /// Classifies every draw. With redrawn limits, a draw in which the rule finds fewer classes than in most draws (or too
    /// few distinct values) is left out and counted in [`Self::skipped_draws`].
    ///
    /// # Errors
    /// As [`Rule::breaks`], when no draw at all can be classified.
    pub fn of(draws: &Draws, breaks: &BreaksPerDraw) -> Result<Self> {
        let classes = match breaks {
            BreaksPerDraw::Fixed(breaks) => breaks.classes(),
            BreaksPerDraw::Redrawn(rule) => rule.breaks(&draws.means())?.classes(),
        };
        let areas = draws.areas();
        let mut counts = vec![0u32; areas * classes];
        let mut used = 0usize;
        for draw in draws.iter() {
            let own;
            let limits = match breaks {
                BreaksPerDraw::Fixed(breaks) => breaks,
                BreaksPerDraw::Redrawn(rule) => match rule.breaks(draw) {
                    Ok(found) if found.classes() == classes => {
                        own = found;
                        &own
                    }
                    Ok(_) | Err(StatsError::TooFewDistinctValues { .. }) => continue,
                    Err(error) => return Err(error),
                },
            };
            used += 1;
            for (area, &value) in draw.iter().enumerate() {
                counts[area * classes + limits.class_of(value)] += 1;
            }
        }
        if used == 0 {
            return Err(StatsError::Empty { quantity: "class membership" });
        }
        let probabilities = counts.into_iter().map(|c| f64::from(c) / used as f64).collect();
        Ok(Self { probabilities, classes, skipped: draws.count() - used })
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Probability of each class for an area; they add up to one.
    pub fn probabilities(&self, area: usize) -> &[f64] {
        &self.probabilities[area * self.classes..(area + 1) * self.classes]
    }

    /// The most probable class of an area (the lower one in a tie) and its probability.
    pub fn most_probable(&self, area: usize) -> (usize, f64) {
        let mut best = (0, 0.0);
        for (class, &probability) in self.probabilities(area).iter().enumerate() {
            if probability > best.1 {
                best = (class, probability);
            }
        }
        best
    }

    /// Draws left out because the rule could not form as many classes in them.
    pub fn skipped_draws(&self) -> usize {
        self.skipped
    }
}
