//! The one error type of the crate. Errors carry row numbers, column names and codes, never a value of a record.

use std::fmt;

/// What can go wrong in a statistical procedure.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StatsError {
    /// The design variables contradict themselves; every problem found is listed.
    #[error("the survey design has {} problem(s): {}", problems.len(), join(problems))]
    Design {
        /// All problems, in the order strata and rows appear.
        problems: Vec<DesignProblem>,
    },
    /// Two inputs that describe the same rows have different lengths.
    #[error("`{input}` has {found} entries, expected {expected}")]
    Length {
        /// Name of the input.
        input: &'static str,
        /// Entries expected.
        expected: usize,
        /// Entries found.
        found: usize,
    },
    /// A value is missing or not finite where the estimator needs one.
    #[error("`{input}` is missing or not finite at row {row}")]
    Missing {
        /// Name of the input.
        input: &'static str,
        /// Row, counted from zero.
        row: usize,
    },
    /// A value lies outside the set the estimator is defined on.
    #[error("`{input}` must be {requirement} (row {row})")]
    OutOfRange {
        /// Name of the input.
        input: &'static str,
        /// What is required.
        requirement: &'static str,
        /// Row, counted from zero.
        row: usize,
    },
    /// A setting makes no sense.
    #[error("`{setting}` must be {requirement}")]
    Setting {
        /// Name of the setting.
        setting: &'static str,
        /// What is required.
        requirement: &'static str,
    },
    /// No row (or no area) is left to estimate from.
    #[error("no rows to estimate {quantity} from")]
    Empty {
        /// What was to be estimated.
        quantity: &'static str,
    },
    /// A ratio whose denominator is zero.
    #[error("the denominator of the ratio is zero")]
    ZeroDenominator,
    /// Columns that are linear combinations of the columns before them.
    #[error("column(s) {} are linear combinations of earlier columns", names.join(", "))]
    Collinear {
        /// Column indices.
        columns: Vec<usize>,
        /// Column names.
        names: Vec<String>,
    },
    /// Columns whose coefficients run away because they separate the outcomes (perfect prediction).
    #[error("column(s) {} separate the outcomes: the maximum likelihood estimate is infinite", names.join(", "))]
    Separation {
        /// Column indices.
        columns: Vec<usize>,
        /// Column names.
        names: Vec<String>,
    },
    /// The outcome has a single value.
    #[error("the outcome is constant, nothing can be estimated from it")]
    ConstantOutcome,
    /// An iteration stopped before its criterion was met.
    #[error("{procedure} did not converge in {iterations} iterations")]
    NotConverged {
        /// Procedure.
        procedure: &'static str,
        /// Iterations made.
        iterations: usize,
    },
    /// A matrix that has to be positive definite is not.
    #[error("the {matrix} is not positive definite")]
    NotPositiveDefinite {
        /// Which matrix.
        matrix: &'static str,
    },
    /// Fewer distinct values than classes asked for.
    #[error("{classes} classes cannot be formed from {distinct} distinct value(s)")]
    TooFewDistinctValues {
        /// Classes asked for.
        classes: usize,
        /// Distinct values present.
        distinct: usize,
    },
    /// Margins that no table can have.
    #[error("the margins cannot be met: {reason}")]
    Margins {
        /// Why.
        reason: &'static str,
    },
}

/// One contradiction in the design variables of a survey.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum DesignProblem {
    /// The weight is missing, not finite, zero or negative.
    InvalidWeight {
        /// Row, counted from zero.
        row: usize,
    },
    /// A design variable has another number of rows than the weights.
    Length {
        /// Design variable.
        variable: &'static str,
        /// Rows of the weights.
        expected: usize,
        /// Rows found.
        found: usize,
    },
    /// The design has no rows.
    NoRows,
    /// A primary sampling unit appears in two strata though unit codes were declared unique.
    ClusterInTwoStrata {
        /// Code of the unit.
        cluster: u64,
        /// First stratum it was seen in.
        first: u64,
        /// Another stratum it was seen in.
        second: u64,
    },
    /// A stratum with a single sampled unit, from which no variance can be computed.
    SingleClusterStratum {
        /// Code of the stratum.
        stratum: u64,
        /// Code of its only unit.
        cluster: u64,
    },
    /// The finite population value is missing, not finite or not positive (or a fraction above one).
    InvalidFinitePopulation {
        /// Row, counted from zero.
        row: usize,
    },
    /// The finite population value differs between rows of one stratum.
    FinitePopulationVaries {
        /// Code of the stratum.
        stratum: u64,
    },
    /// More units sampled than the stratum holds.
    MoreSampledThanPopulation {
        /// Code of the stratum.
        stratum: u64,
        /// Units sampled.
        sampled: usize,
    },
    /// A later stage of sampling contradicts itself within one primary sampling unit.
    LaterStage {
        /// Stage, from 2.
        stage: usize,
        /// Code of the primary sampling unit.
        cluster: u64,
        /// What is wrong.
        problem: &'static str,
    },
}

impl fmt::Display for DesignProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidWeight { row } => write!(f, "weight at row {row} is missing, zero or negative"),
            Self::Length { variable, expected, found } => {
                write!(f, "{variable} has {found} rows, the weights have {expected}")
            }
            Self::NoRows => write!(f, "the design has no rows"),
            Self::ClusterInTwoStrata { cluster, first, second } => {
                write!(f, "sampling unit {cluster} lies in strata {first} and {second}")
            }
            Self::SingleClusterStratum { stratum, cluster } => {
                write!(f, "stratum {stratum} has a single sampling unit ({cluster})")
            }
            Self::InvalidFinitePopulation { row } => {
                write!(f, "finite population value at row {row} is missing or out of range")
            }
            Self::FinitePopulationVaries { stratum } => {
                write!(f, "finite population value differs between rows of stratum {stratum}")
            }
            Self::MoreSampledThanPopulation { stratum, sampled } => {
                write!(f, "stratum {stratum} has {sampled} sampled units, more than its population")
            }
            Self::LaterStage { stage, cluster, problem } => {
                write!(f, "stage {stage} of sampling unit {cluster}: {problem}")
            }
        }
    }
}

fn join(problems: &[DesignProblem]) -> String {
    const SHOWN: usize = 5;
    let mut text = problems.iter().take(SHOWN).map(ToString::to_string).collect::<Vec<_>>().join("; ");
    if problems.len() > SHOWN {
        text.push_str(&format!("; and {} more", problems.len() - SHOWN));
    }
    text
}

/// Result of a statistical procedure.
pub type Result<T> = std::result::Result<T, StatsError>;

/// Refuses inputs whose length differs from the number of rows.
pub(crate) fn same_length(input: &'static str, found: usize, expected: usize) -> Result<()> {
    if found == expected { Ok(()) } else { Err(StatsError::Length { input, expected, found }) }
}
