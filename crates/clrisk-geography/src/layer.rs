//! What a reader hands on: properties in columns, polygons as the file has them, and what the file says of its coordinates.

use std::collections::BTreeMap;

use crate::error::GeographyError;
use crate::{Polygons, Ring};

/// Properties of features that any file may have, and for each byte of it: features that each have a property of their own would take
/// the square of what the file has.
const CELLS: u64 = 1 << 20;
const CELLS_A_BYTE: u64 = 3;

/// The features of one layer before projection and repair.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Layer {
    /// Values by name of property, one a feature.
    pub properties: BTreeMap<String, Vec<Option<String>>>,
    /// Polygons, one list a feature.
    pub polygons: Vec<Polygons>,
    /// Features left out because they have no polygon (points, lines, nothing).
    pub without_polygon: u64,
    /// What the file says its coordinates are.
    pub reference: Option<Reference>,
    /// The encoding of texts when it is not UTF-8.
    pub encoding: Option<String>,
    /// Rings are in no order: which is a hole must be found out.
    pub rings_unsorted: bool,
    /// Properties times features, at most.
    pub most_cells: u64,
}

/// How a file names its coordinate reference system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reference {
    /// A number of the EPSG data set.
    Epsg(u32),
    /// Well-known text.
    Text(String),
    /// Any other name.
    Named(String),
}

impl Layer {
    /// An empty layer of a file of so many bytes.
    pub fn of_file(length: u64) -> Layer {
        Layer { most_cells: CELLS + length.saturating_mul(CELLS_A_BYTE), ..Layer::default() }
    }

    /// Adds a feature; one without polygons is counted and left out.
    ///
    /// # Errors
    /// The features have so many different properties that a file of this size cannot mean it.
    pub fn push(
        &mut self,
        properties: impl IntoIterator<Item = (String, Option<String>)>,
        polygons: Polygons,
    ) -> Result<(), GeographyError> {
        if polygons.iter().all(Vec::is_empty) {
            self.without_polygon += 1;
            return Ok(());
        }
        let features = self.polygons.len();
        for (name, value) in properties {
            let column = self.properties.entry(name).or_default();
            // A property met for the first time, or missing in features before this one.
            if column.len() <= features {
                column.resize(features, None);
                column.push(value);
            }
            if self.properties.len() as u64 * (features as u64 + 1) > self.most_cells {
                return Err(GeographyError::Damaged { part: "properties", row: Some(features as u64 + 1) });
            }
        }
        self.polygons.push(polygons);
        Ok(())
    }

    /// All columns as long as there are features.
    pub fn finish(mut self) -> Layer {
        for column in self.properties.values_mut() {
            column.resize(self.polygons.len(), None);
        }
        self
    }

    /// All rings, to change them.
    pub fn rings_mut(&mut self) -> impl Iterator<Item = &mut Ring> {
        self.polygons.iter_mut().flatten().flatten()
    }
}

/// A number as people write it: whole numbers without a point.
pub(crate) fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:.0}") } else { number.to_string() }
}
