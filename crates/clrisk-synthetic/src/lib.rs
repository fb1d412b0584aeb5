//! The invented country: everything clrisk needs to show and test itself, with the truth known.
//!
//! Valdoria is an island that does not exist, placed where there is only sea. Its children, households and their work are
//! drawn from a model whose every number is in [`model::TrueModel`]; a survey is drawn from it as a statistics office would,
//! stratified and in two stages. The same options give the same bytes.
//!
//! - [`geometry`]: coast and borders;
//! - [`territory`]: municipalities, departments, regions and what they are like;
//! - [`model`]: who works, and why;
//! - [`household`]: the families of a municipality, one after the other;
//! - [`sample`]: the survey;
//! - [`project`]: the folder that clrisk runs.

pub mod geometry;
pub mod household;
pub mod model;
mod names;
pub mod project;
pub mod sample;
pub mod territory;

use territory::Territory;

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SyntheticError {
    /// An option is outside its range.
    #[error("{option} must be between {least} and {most}")]
    Option {
        /// The option.
        option: &'static str,
        /// Least value.
        least: u64,
        /// Greatest value.
        most: u64,
    },
    /// A file could not be written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The census could not be encoded.
    #[error("census: {0}")]
    Census(#[from] parquet::errors::ParquetError),
}

/// What to invent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Seed of everything.
    pub seed: u64,
    /// Children aged 5 to 17 in the census.
    pub children: u64,
    /// Households in the survey, about.
    pub survey_households: u64,
}

impl Default for Options {
    fn default() -> Self {
        Options { seed: 8_7, children: 2_000_000, survey_households: 15_000 }
    }
}

/// The country, without its people: those are drawn municipality by municipality when asked for.
#[derive(Debug, Clone)]
pub struct Country {
    /// What was asked for.
    pub options: Options,
    /// Its territory.
    pub territory: Territory,
    /// Why children work.
    pub model: model::TrueModel,
}

impl Country {
    /// Invents the country.
    ///
    /// # Errors
    /// When an option is outside its range.
    pub fn invent(options: Options) -> Result<Country, SyntheticError> {
        let within = |option, value: u64, least, most| {
            if (least..=most).contains(&value) { Ok(()) } else { Err(SyntheticError::Option { option, least, most }) }
        };
        within("children", options.children, 40_000, 200_000_000)?;
        within("survey_households", options.survey_households, 1_000, 200_000)?;
        let territory = Territory::invent(options.seed, options.children);
        Ok(Country { options, territory, model: model::TrueModel::default() })
    }
}
