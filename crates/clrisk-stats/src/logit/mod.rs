//! Survey-weighted logistic regression: pseudo-maximum likelihood with a variance that knows the design.

mod effects;
mod elastic_net;
mod fit;
mod normal_equations;

pub use effects::{Covariate, CovariateSampling, MarginalEffect, MarginalEffects, Product};
pub use elastic_net::{ElasticNet, PenaltyChoice, PenaltyPath};
pub use fit::{LogitData, LogitFit, SurveyLogit, WaldTest};
pub(crate) use normal_equations::inverse_logit;
