//! Direct estimates: what the survey says by itself, with the uncertainty its design gives it.
//!
//! Totals, means, proportions, ratios, differences, quantiles and tests of independence by Taylor linearisation, for the whole
//! sample and for domains. A domain is a subset of the rows with the full design kept: sampling units without a row in it
//! still count.
//!
//! Checked against: `survey_api.json`, `survey_lonely.json` (R `survey`, scripts `01_survey_design.R`,
//! `02_survey_lonely.R`).

mod difference;
mod dispersion;
mod estimate;
mod group;
mod independence;
mod linearised;
mod proportion;
mod quantile;
mod variance_function;

pub use difference::{change, change_between_rounds, difference};
pub use dispersion::population_variance;
pub use estimate::{DirectEstimate, Interval};
pub use group::{NO_GROUP, mean_by_group, proportion_by_group, ratio_by_group, total_by_group};
pub use independence::{IndependenceTest, independence_test};
pub use linearised::{JointEstimates, mean, means, ratio, total, totals};
pub(crate) use proportion::Share;
pub use proportion::{ProportionInterval, proportion, proportion_interval};
pub(crate) use quantile::Distribution;
pub use quantile::{Quantile, QuantileEstimate, quantile};
pub use variance_function::{VarianceFunction, VarianceFunctionFit};
