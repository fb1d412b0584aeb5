//! What can be the matter with a boundary file.

use clrisk_core::{Finding, Place};

/// A boundary file that cannot be used. It names places of the file, never what is written there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GeographyError {
    /// There is no such file, or one of the files it consists of is missing.
    #[error("there is no file {file}")]
    Missing {
        /// The file.
        file: String,
    },
    /// The file has no content.
    #[error("the file is empty")]
    Empty,
    /// The content is none of the formats read.
    #[error("the format is not known")]
    UnknownFormat,
    /// The file ends early or contradicts itself.
    #[error("the file is damaged ({part}, row {row:?})")]
    Damaged {
        /// Which part: `json`, `shapefile`, `dbf`, `geopackage`, `flatgeobuf`, `properties`, `io`.
        part: &'static str,
        /// Line of a text file, feature (from 1) of another.
        row: Option<u64>,
    },
    /// There is no feature with a polygon.
    #[error("there are no polygons")]
    NoPolygons,
    /// Coordinates are outside -180 to 180 and -90 to 90 degrees and nothing says what they are.
    #[error("coordinates are not longitude and latitude")]
    NotLongitudeLatitude,
    /// The coordinate reference system is not one that can be brought to WGS 84.
    #[error("the coordinate reference system {name} is not known")]
    UnknownReferenceSystem {
        /// Its name, as far as it could be understood.
        name: String,
    },
    /// The file has several layers, and none, or one that is not there, was asked for.
    #[error("the file has {} layers of polygons", layers.len())]
    Layers {
        /// Their names.
        layers: Vec<String>,
    },
}

impl GeographyError {
    /// The finding about the file that is shown as `shown`.
    pub fn finding(&self, shown: &str) -> Finding {
        let error = |code: &str| Finding::error(code, Place::file(shown)).with("file", shown);
        match self {
            GeographyError::Missing { file } => error("FILE-001").with("file", file),
            GeographyError::Empty => error("FILE-002"),
            GeographyError::UnknownFormat => error("FILE-003"),
            GeographyError::Damaged { part, row } => {
                let mut finding = error("FILE-004").with("reason", part);
                finding.place.row = *row;
                finding
            }
            GeographyError::NoPolygons => error("GEO-001"),
            GeographyError::NotLongitudeLatitude => error("GEO-002"),
            GeographyError::UnknownReferenceSystem { name } => error("GEO-004").with("name", name),
            GeographyError::Layers { layers } => {
                let finding = error("GEO-009").with("count", layers.len());
                layers.iter().take(12).fold(finding, |finding, layer| finding.detail(layer.as_str()))
            }
        }
    }
}
