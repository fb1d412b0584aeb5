//! The quick screen: a short list of questions to a community, for places without any data.
//!
//! Its result is a reading of the answers. It never enters a bundle and is never shown beside modelled estimates.

use serde::{Deserialize, Serialize};

use crate::language::LocalText;

/// A reviewed list of questions (`rules/screen/*.toml`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Questionnaire {
    /// Name and version.
    pub name: String,
    /// Title for readers.
    pub title: LocalText,
    /// Who wrote it.
    pub author: String,
    /// Who reviewed it; empty when nobody has.
    pub reviewer: String,
    /// When it is to be reviewed again, ISO 8601.
    pub next_review: String,
    /// Where questions, weights and thresholds come from.
    pub source: String,
    /// Least share of the weight, 0 to 1, that must be answered for a class to be given.
    pub minimum_answered: f64,
    /// Doubt about every weight, as a share of it.
    pub noise: f64,
    /// Draws over that doubt.
    pub draws: usize,
    /// Points at which the middle and the high class begin.
    pub thresholds: [f64; 2],
    /// Questions, in order.
    #[serde(rename = "question")]
    pub questions: Vec<Question>,
}

/// A question that is answered yes or no.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Code, the column of the answers.
    pub code: String,
    /// The answer that speaks for risk.
    pub risk: Answer,
    /// Weight.
    pub weight: f64,
    /// The question.
    pub text: LocalText,
}

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
}
