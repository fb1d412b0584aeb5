//! The vocabulary of clrisk: languages and texts, areas, estimates with their status, findings, and the bundle in which
//! results travel. Nothing here can represent a person, and the only files it touches are those of a bundle.

pub mod area;
pub mod bundle;
pub mod comparability;
pub mod estimate;
pub mod finding;
pub mod hot_spot;
pub mod index;
pub mod language;
pub mod measure;
pub mod model_card;
pub mod screen;
pub mod table;
pub mod text;

pub use area::{Area, Level};
pub use bundle::{Bundle, BundleError, Manifest};
pub use estimate::{AreaClass, Estimate, FactorContribution, Group, LeverEffect, ValueStatus};
pub use finding::{Finding, Findings, Place, Severity};
pub use hot_spot::{Cluster, HotSpot};
pub use language::{Language, LocalText};
pub use measure::{Measured, MeasuredRow, Quality};
pub use text::Catalog;
