//! The pass over a population: rows of coded values go in, a summary for posterior draws comes out.
//!
//! A pass sees every record once. [`plan`] says what is needed of a row and compiles the model into tables, [`rows`] chooses
//! the rows of the study and counts the others, [`bins`] sums the chosen ones by municipality, publication cell and linear
//! predictor, [`audit`] keeps some of them exactly, [`scores`] sums their probabilities. [`parquet_scan`] reads Parquet files
//! without an engine in between, wherever every expression is a function of a few columns with few values.
//!
//! Everything that is summed is a whole number, and the linear predictor is a sum of whole numbers too: neither the order of
//! rows, nor the number of threads or machines, nor the way the rows were read changes one bit of the result.

pub mod audit;
pub mod bins;
mod bytes;
pub mod parquet_scan;
pub mod pass;
pub mod plan;
pub mod rows;
pub mod scores;

pub use pass::{Pass, Tally};
pub use plan::{Plan, Reading, Stream};
pub use rows::{Counts, Rows};
