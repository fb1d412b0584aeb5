//! Boundaries: from the files offices have to polygons in longitude and latitude that are valid, share their borders and know
//! their neighbours.
//!
//! A file goes through [`BoundaryFile::read`] in one direction: its format is found by content, its coordinates are brought to
//! WGS 84 ([`projection`]), its rings are mended ([`repair`]). What was done is a list of findings. What comes out can be
//! simplified without tearing borders apart ([`simplify`]), measured ([`area`]) and asked for neighbours ([`neighbours`]).
//!
//! Nothing here knows of persons: the properties of a boundary file are codes and names of places.

pub mod area;
mod attribute_table;
mod boundaries;
mod error;
mod flatgeobuf;
mod geojson;
mod geopackage;
mod layer;
pub mod mosaic;
pub mod neighbours;
pub mod projection;
pub mod repair;
mod shapefile;
pub mod simplify;
mod text_encoding;
mod topojson;
pub mod topology;
pub mod well_known_binary;
pub mod well_known_text;

pub use boundaries::{BoundaryFile, Format, ReadOptions, read_document};
pub use error::GeographyError;
pub use geojson::to_geojson;
pub use shapefile::companions;

/// A ring of longitude and latitude pairs; the first point is repeated at the end.
pub type Ring = Vec<[f64; 2]>;

/// An outer ring followed by its holes.
pub type Polygon = Vec<Ring>;

/// The polygons of one feature.
pub type Polygons = Vec<Polygon>;
