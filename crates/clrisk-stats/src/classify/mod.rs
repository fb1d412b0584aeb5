//! Classification of areas into ordered classes, and how sure the classes are.
//!
//! A [`Rule`] turns values into [`Breaks`]; [`Breaks`] turns a value into a class, from 0 (lowest) upwards.
//! [`ClassMembership`] asks the question of every posterior draw; [`sensitivity`] compares rules.
//!
//! Checked against: `classify.json` (R `classInt`, `stratification`; script `07_classify.R`), `classify_py.json`
//! (`mapclassify`, `jenkspy`; script `07_classify.py`).

mod breaks;
mod fisher_jenks;
mod membership;
mod rule;
mod sensitivity;

pub use breaks::{Breaks, ClosedSide};
pub use membership::{BreaksPerDraw, ClassMembership};
pub use rule::Rule;
pub use sensitivity::{RuleComparison, sensitivity};
