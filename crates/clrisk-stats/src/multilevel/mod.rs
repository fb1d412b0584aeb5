//! Multilevel logistic regression: fixed effects, random effects (independent or correlated) over any number of grouping
//! factors, and the joint posterior of all of them.
//!
//! - [`recipe`]: from a formula and the values of variables to design rows;
//! - [`blocks`]: the Newton step and its Cholesky factor, using that effects of the largest grouping factor do not touch
//!   each other;
//! - [`fit`]: the posterior of the standard deviations, the grid over them, and draws;
//! - [`maximum_likelihood`]: the fit other software gives, for comparison;
//! - [`weight_scaling`]: survey weights within the levels of a factor;
//! - [`design_effect`]: whether the sample says what its scaled weights claim.

pub mod blocks;
pub mod design_effect;
mod effect_prior;
pub mod fit;
mod grid;
pub mod maximum_likelihood;
mod mean_correction;
pub mod recipe;
pub mod weight_scaling;

pub use design_effect::{FittedRows, ScoreDesignEffect};
pub use fit::{MultilevelData, MultilevelFit, MultilevelLogit, PosteriorDraws, Term};
pub use maximum_likelihood::{Evaluation, Integration, LikelihoodData, MaximumLikelihood, MaximumLikelihoodFit};
pub use recipe::{DesignRecipe, Variable, VariableValues};
pub use weight_scaling::WeightScaling;
