//! Survey against census, variable by variable: verdicts with their reasons, and the figures behind them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::language::Language;
use crate::text::{Catalog, NumberFormat};

/// Survey against census: a verdict for each common variable, and the figures behind it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(from = "WrittenComparability")]
pub struct Comparability {
    /// Verdicts, in the order of the codebook.
    pub variables: Vec<VariableComparability>,
    /// Figures by variable and category.
    pub rows: Vec<ComparabilityRow>,
}

/// As it is in files: bundles of before the verdicts had the figures alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenComparability {
    Whole { variables: Vec<VariableComparability>, rows: Vec<ComparabilityRow> },
    Figures(Vec<ComparabilityRow>),
}

impl From<WrittenComparability> for Comparability {
    fn from(written: WrittenComparability) -> Comparability {
        match written {
            WrittenComparability::Whole { variables, rows } => Comparability { variables, rows },
            WrittenComparability::Figures(rows) => Comparability { variables: Vec::new(), rows },
        }
    }
}

/// Whether a variable says the same in survey and census.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VariableComparability {
    /// Variable.
    pub variable: String,
    /// `comparable`, `with_caution` or `not_comparable`.
    pub verdict: String,
    /// What speaks for the verdict, the gravest first; texts are the messages `comparability-CODE`.
    pub reasons: Vec<ComparabilityReason>,
    /// Largest standardised difference of its categories, without sign.
    pub largest_difference: f64,
    /// How the survey expresses it.
    pub survey_definition: String,
    /// How the census expresses it.
    pub census_definition: String,
}

/// A reason of a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparabilityReason {
    /// Code: `distribution-similar`, `distribution-apart`, `distribution-far`, `category-only-survey`, `category-only-census`,
    /// `years-apart` or `age-bands`.
    pub code: String,
    /// What the text says.
    #[serde(default)]
    pub args: BTreeMap<String, String>,
}

/// Survey against census for one category of a variable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparabilityRow {
    /// Variable.
    pub variable: String,
    /// Category; `mean` for a number.
    pub category: String,
    /// Weighted share (or mean) in the survey.
    pub survey: f64,
    /// Share (or mean) in the census.
    pub census: f64,
    /// Standardised difference.
    pub standardised_difference: f64,
    /// `good`, `fair` or `poor`.
    pub verdict: String,
}

impl ComparabilityReason {
    /// The reason in words; `category` gives the name of a category of its variable.
    pub fn text(
        &self,
        catalog: &Catalog,
        language: Language,
        numbers: &NumberFormat,
        category: impl Fn(&str) -> String,
    ) -> String {
        let written = |name: &str, value: &str| match (name, value.parse::<f64>()) {
            ("category", _) => category(value),
            ("difference", Ok(number)) => numbers.decimal(number, 2),
            ("share", Ok(number)) => numbers.decimal(number, 1),
            _ => value.to_owned(),
        };
        let args: BTreeMap<String, String> =
            self.args.iter().map(|(name, value)| (name.clone(), written(name, value))).collect();
        catalog.format(language, &format!("comparability-{}", self.code), &args)
    }
}

impl VariableComparability {
    /// The message key of the verdict.
    pub fn verdict_key(&self) -> String {
        format!("comparability-{}", self.verdict.replace('_', "-"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundles_of_before_the_verdicts_are_still_read() {
        let row = ComparabilityRow {
            variable: "sex".to_owned(),
            category: "girl".to_owned(),
            survey: 0.5,
            census: 0.49,
            standardised_difference: 0.02,
            verdict: "good".to_owned(),
        };
        let before = serde_json::to_string(&vec![row.clone()]).unwrap();
        let read: Comparability = serde_json::from_str(&before).unwrap();
        assert_eq!(read, Comparability { variables: Vec::new(), rows: vec![row] });
        let now = serde_json::to_string(&read).unwrap();
        assert_eq!(serde_json::from_str::<Comparability>(&now).unwrap(), read);
    }

    #[test]
    fn every_reason_and_verdict_has_words_in_every_language() {
        let catalog = Catalog::load();
        for language in Language::ALL {
            for key in [
                "distribution-similar",
                "distribution-apart",
                "distribution-far",
                "category-only-survey",
                "category-only-census",
                "years-apart",
                "age-bands",
                "comparable",
                "with-caution",
                "not-comparable",
            ] {
                assert!(catalog.has(language, &format!("comparability-{key}")), "{language}: {key}");
            }
        }
        let args = [("category", "girl"), ("share", "12.5")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let reason = ComparabilityReason { code: "category-only-survey".to_owned(), args: args.into() };
        let numbers = NumberFormat::new(Language::Es, None);
        let text = reason.text(&catalog, Language::Es, &numbers, |_| "Niñas".to_owned());
        assert_eq!(text, "La categoría Niñas está solo en la encuesta (12,5 % de los niños).");
    }
}
