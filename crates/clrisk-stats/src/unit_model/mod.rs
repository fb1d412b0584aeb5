//! Unit-level small area models of a continuous outcome: records of the sample, covariates of the whole population.
//!
//! `y = x'b + v_area + e` with independent normal area effects and errors (Battese, Harter and Fuller 1988).
//! - [`NestedError`]: fit by restricted or full likelihood, area means with their mean squared errors;
//! - [`hierarchical_area_means`]: the same means with the variance ratio integrated out;
//! - [`Indicator`]: shares below a threshold and other nonlinear functions of the outcome, by their expectation under the
//!   model (Molina and Rao 2010).

mod hierarchical;
mod indicator;
mod nested_error;

pub use hierarchical::{HierarchicalAreaMeans, PosteriorEstimate, hierarchical_area_means};
pub use indicator::{Indicator, IndicatorEstimate, OutcomeScale, PopulationRows};
pub use nested_error::{AreaPopulation, NestedError, NestedErrorFit, UnitAreaEstimate, UnitData};
