//! What another classification rule would have said.

use super::breaks::Breaks;
use super::rule::Rule;
use crate::error::Result;

/// One row of the sensitivity table.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RuleComparison {
    /// The rule.
    pub rule: Rule,
    /// Its limits.
    pub breaks: Breaks,
    /// Areas in each class.
    pub counts: Vec<usize>,
    /// Areas whose class differs from that of the chosen rule.
    pub changed: usize,
    /// Areas in the highest class of one rule but not of the other.
    pub highest_changed: usize,
    /// Share of the variance between classes.
    pub goodness_of_variance_fit: f64,
}

/// Compares alternative rules with the chosen one on the same values. A rule that cannot be applied to these values gives
/// its error in its place.
///
/// # Errors
/// The chosen rule cannot be applied.
pub fn sensitivity(values: &[f64], chosen: &Rule, others: &[Rule]) -> Result<Vec<Result<RuleComparison>>> {
    let reference = chosen.breaks(values)?;
    let classes = reference.classes_of(values);
    Ok(others
        .iter()
        .map(|rule| {
            let breaks = rule.breaks(values)?;
            let own = breaks.classes_of(values);
            let highest = |class: usize, breaks: &Breaks| class + 1 == breaks.classes();
            Ok(RuleComparison {
                counts: breaks.counts(values),
                changed: classes.iter().zip(&own).filter(|(a, b)| a != b).count(),
                highest_changed: classes
                    .iter()
                    .zip(&own)
                    .filter(|&(&a, &b)| highest(a, &reference) != highest(b, &breaks))
                    .count(),
                goodness_of_variance_fit: breaks.goodness_of_variance_fit(values),
                rule: rule.clone(),
                breaks,
            })
        })
        .collect())
}
