//! Direct estimates: what the survey says by itself, with the uncertainty its design gives it.
//!
//! Totals, means, proportions, ratios and differences by Taylor linearisation, for the whole sample and for domains. A
//! domain is a subset of the rows with the full design kept: sampling units without a row in it still count.
//!
//! Checked against: `survey_api.json`, `survey_lonely.json` (R `survey`, scripts `01_survey_design.R`,
//! `02_survey_lonely.R`).

mod difference;
mod estimate;
mod group;
mod linearised;
mod proportion;

pub use difference::{change, difference};
pub use estimate::{DirectEstimate, Interval};
pub use group::{NO_GROUP, mean_by_group, proportion_by_group, ratio_by_group, total_by_group};
pub use linearised::{JointEstimates, mean, means, ratio, total, totals};
pub use proportion::{ProportionInterval, proportion, proportion_interval};
