//! Child labour as a survey measures it: from classified children to figures by group with the uncertainty of the design, and
//! from the figures to the files of a statistics office: CSV, Excel, HTML, SDMX and a summary in plain words.
//!
//! - [`figures`]: prevalence, numbers and composition;
//! - [`change`]: against an earlier survey;
//! - [`quality`]: the rules that say what may be published;
//! - [`sentence`]: sentences whose units cannot be garbled;
//! - [`csv_table`], [`workbook`], [`page`], [`sdmx`], [`summary`]: what is written.

pub mod change;
pub mod csv_table;
pub mod figures;
pub mod page;
pub mod quality;
pub mod sdmx;
pub mod sentence;
pub mod summary;
pub mod workbook;

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MeasureError {
    /// The statistics refuse the design or a figure.
    #[error(transparent)]
    Statistics(#[from] clrisk_stats::StatsError),
    /// A quality rule is not what such a file should be.
    #[error("the quality rule {name} is not understood: {reason}")]
    Rule {
        /// The rule.
        name: String,
        /// Why.
        reason: String,
    },
    /// A table could not be written.
    #[error("{file}: {reason}")]
    Write {
        /// Kind of file.
        file: &'static str,
        /// Why.
        reason: String,
    },
}
