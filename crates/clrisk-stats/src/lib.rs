#![doc = "The statistics of clrisk. Numbers in, numbers out: no files, no domain words."]

pub mod design;
pub mod direct;
mod distribution;
mod error;
mod linear_algebra;
pub mod logit;

pub use error::{DesignProblem, Result, StatsError};
