#![doc = "The statistics of clrisk. Numbers in, numbers out: no files, no domain words."]

pub mod classify;
pub mod design;
pub mod direct;
mod distribution;
pub mod draws;
mod error;
mod linear_algebra;
pub mod logit;
pub mod rank;

pub use error::{DesignProblem, Result, StatsError};
