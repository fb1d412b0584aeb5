//! The statistics of clrisk. Numbers in, numbers out: no files, no domain words.
//!
//! From the survey: [`design`] (who was drawn with whom), [`calibration`] to known totals, [`direct`] estimates, [`replicate`]
//! weights, the survey-weighted [`logit`] and [`linear_regression`], [`metrics`] and [`cross_validation`]. From units of areas:
//! [`multilevel`], [`linear_mixed`], [`unit_model`] and [`empirical_best`]; from areas: [`area_model`], [`space`], [`composite`]
//! indices. From a model to a population: [`poststratification`]. From posterior [`draws`]: [`benchmark`], [`classify`],
//! [`rank`]. From answers: [`checklist`]. Around them: [`raking`] of population cells, [`factor`] contributions, [`inequality`], [`quality`] labels and
//! [`suppression`] of small counts.
//!
//! Every estimator says what it was checked against; the figures of the peers and the scripts that made them are named in
//! the tests.

pub mod area_model;
pub mod benchmark;
pub mod calibration;
pub mod checklist;
pub mod classify;
pub mod composite;
pub mod cross_validation;
pub mod design;
pub mod direct;
mod distribution;
pub mod draws;
pub mod empirical_best;
mod error;
pub mod factor;
pub mod formula;
pub mod inequality;
mod linear_algebra;
pub mod linear_mixed;
pub mod linear_regression;
mod log_trapezoid;
pub mod logit;
pub mod metrics;
pub mod multilevel;
mod newton;
pub mod poststratification;
mod quadrature;
pub mod quality;
pub mod raking;
pub mod rank;
pub mod replicate;
pub mod space;
pub mod suppression;
pub mod unit_model;

pub use error::{DesignProblem, Result, StatsError};
