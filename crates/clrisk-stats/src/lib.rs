#![doc = "The statistics of clrisk. Numbers in, numbers out: no files, no domain words."]

pub mod area_model;
pub mod benchmark;
pub mod classify;
pub mod cross_validation;
pub mod design;
pub mod direct;
mod distribution;
pub mod draws;
mod error;
pub mod factor;
mod linear_algebra;
pub mod logit;
pub mod metrics;
pub mod quality;
pub mod raking;
pub mod rank;
pub mod replicate;
pub mod suppression;

pub use error::{DesignProblem, Result, StatsError};
