//! The quality rules that come with the program, and those in a project folder.

use clrisk_core::Quality;
use clrisk_stats::quality::{AppliesTo, Criterion, Limit, QualityRule, Quantity, Verdict};
use serde::Deserialize;

use crate::MeasureError;

/// Rules that come with the program, by name.
pub const RULES: [(&str, &str); 3] = [
    ("eclac-2020", include_str!("../../../rules/quality/eclac-2020.toml")),
    ("eclac-2023", include_str!("../../../rules/quality/eclac-2023.toml")),
    ("ine-chile-2020", include_str!("../../../rules/quality/ine-chile-2020.toml")),
];

#[derive(Deserialize)]
struct RuleFile {
    name: String,
    criteria: Vec<CriterionEntry>,
}

#[derive(Deserialize)]
struct CriterionEntry {
    quantity: String,
    at_least: Option<f64>,
    at_most: Option<f64>,
    below: Option<f64>,
    otherwise: String,
    applies_to: String,
}

/// Reads a rule file.
///
/// # Errors
/// [`MeasureError::Rule`] when it is not such a file.
pub fn parse(text: &str, name: &str) -> Result<QualityRule, MeasureError> {
    let refused = |reason: String| MeasureError::Rule { name: name.to_owned(), reason };
    let file: RuleFile = toml::from_str(text).map_err(|error| refused(error.message().to_owned()))?;
    let unknown = |error: clrisk_stats::StatsError| refused(error.to_string());
    let criteria = file
        .criteria
        .iter()
        .map(|entry| {
            let limit = match (entry.at_least, entry.at_most, entry.below) {
                (Some(bound), None, None) => Limit::AtLeast(bound),
                (None, Some(bound), None) => Limit::AtMost(bound),
                (None, None, Some(bound)) => Limit::Below(bound),
                _ => return Err(refused(entry.quantity.clone())),
            };
            Ok(Criterion {
                quantity: Quantity::from_name(&entry.quantity).map_err(unknown)?,
                limit,
                otherwise: Verdict::from_name(&entry.otherwise).map_err(unknown)?,
                applies_to: AppliesTo::from_name(&entry.applies_to).map_err(unknown)?,
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(QualityRule { name: file.name, criteria })
}

/// A verdict as the files name it.
pub fn label(verdict: Verdict) -> Quality {
    match verdict {
        Verdict::Publish => Quality::Publish,
        Verdict::PublishWithWarning => Quality::PublishWithWarning,
        Verdict::Suppress => Quality::Suppress,
    }
}
