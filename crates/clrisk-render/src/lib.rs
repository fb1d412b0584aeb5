//! From bundle to map, chart and table. No files, no statistics: whatever is drawn or written here was computed before and
//! stands in the bundle.

pub mod address;
pub mod chart;
pub mod difference;
pub mod drawing;
pub mod export;
pub mod figure;
pub mod geometry;
pub mod index;
pub mod layer;
pub mod map;
pub mod palette;
pub mod screen;
pub mod sentence;
pub mod sheet;
pub mod similar;
pub mod steps;
pub mod study;
pub mod tables;
pub mod wording;

pub use clrisk_geography::topology;
pub use layer::{Layer, Look, Shading};
pub use sheet::Sheet;
pub use study::Study;
pub use wording::Words;

/// What can go wrong when a bundle is rendered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The boundaries are not what the bundle format asks for.
    #[error("the boundaries of the bundle cannot be read: {reason}")]
    Boundaries {
        /// Why.
        reason: String,
    },
    /// A table could not be written as JSON.
    #[error("a table cannot be written as JSON: {source}")]
    Json {
        /// Why.
        source: serde_json::Error,
    },
}
