//! The statistics of clrisk. Numbers in, numbers out: no files, no domain words.
//!
//! From the survey: [`design`] (who was drawn with whom), [`direct`] estimates, [`replicate`] weights, the survey-weighted
//! [`logit`], its [`metrics`] and [`cross_validation`]. From areas: [`area_model`], [`space`], [`composite`] indices. From
//! posterior [`draws`]: [`benchmark`], [`classify`], [`rank`]. Around them: [`raking`] of population cells, [`factor`]
//! contributions, [`quality`] labels and [`suppression`] of small counts.
//!
//! Every estimator says what it was checked against; the figures of the peers and the scripts that made them are named in
//! the tests.

pub mod area_model;
pub mod benchmark;
pub mod classify;
pub mod composite;
pub mod cross_validation;
pub mod design;
pub mod direct;
mod distribution;
pub mod draws;
mod error;
pub mod factor;
pub mod formula;
mod linear_algebra;
pub mod logit;
pub mod metrics;
pub mod multilevel;
pub mod quality;
pub mod raking;
pub mod rank;
pub mod replicate;
pub mod space;
pub mod suppression;

pub use error::{DesignProblem, Result, StatsError};
