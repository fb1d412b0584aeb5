//! Area-level models: direct estimates of areas borrow strength from each other (Fay and Herriot 1979).
//!
//! For countries without usable unit-level population data. `y_d = x_d' b + u_d + e_d`, `u_d ~ N(0, s2)`,
//! `e_d ~ N(0, psi_d)` with `psi_d` the known sampling variance. The estimate is the weighted mean of the direct and the
//! regression estimate, with weight `g_d = s2 / (s2 + psi_d)` on the direct one.
//!
//! Checked against: `sae.json` (R `sae`, `emdi` and `hbsae`; script `05_fay_herriot.R`).

mod adjustment;
mod composite;
mod fay_herriot;
mod hierarchical;
mod spatial;
mod transformation;

pub use adjustment::{AreaBenchmark, benchmark_areas};
pub use composite::{CompositeEstimate, ExpansionEstimate, expansion_means, sample_size_dependent};
pub use fay_herriot::{AreaData, AreaEstimate, FayHerriot, FayHerriotFit, VarianceMethod};
pub use hierarchical::{
    FayHerriotDraws, HierarchicalFayHerriot, hierarchical_fay_herriot, hierarchical_fay_herriot_draws,
};
pub use spatial::{SpatialAreaData, SpatialFayHerriot, SpatialFayHerriotFit, SpatialMethod};
pub use transformation::{BackTransformation, LogFayHerriot, TransformedEstimate};
