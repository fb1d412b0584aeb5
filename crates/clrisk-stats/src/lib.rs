#![doc = "The statistics of clrisk. Numbers in, numbers out: no files, no domain words."]

pub mod benchmark;
pub mod classify;
pub mod design;
pub mod direct;
mod distribution;
pub mod draws;
mod error;
pub mod factor;
pub mod formula;
mod linear_algebra;
pub mod logit;
pub mod multilevel;
pub mod raking;
pub mod rank;
pub mod suppression;

pub use error::{DesignProblem, Result, StatsError};
