//! The municipalities as GeoJSON (RFC 7946): boundaries of the bundle with the columns of the table of municipalities.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::{Dataset, ExportError};
use crate::study::Study;

/// A feature: properties and geometry of a municipality.
pub(super) struct Feature {
    pub(super) properties: Map<String, Value>,
    pub(super) geometry: Value,
}

/// The municipalities with their boundaries, in the order of the boundaries; one without a boundary is not among them.
pub(super) fn features(study: &Study) -> Result<Vec<Feature>, ExportError> {
    let boundaries: Value =
        serde_json::from_str(&study.bundle().boundaries).map_err(|source| ExportError::Boundaries { source })?;
    let mut rows: HashMap<String, Map<String, Value>> = Dataset::Municipalities
        .table(study)
        .objects()
        .into_iter()
        .filter_map(|object| match object {
            Value::Object(fields) => Some((fields.get("code")?.as_str()?.to_owned(), fields)),
            _ => None,
        })
        .collect();
    let Value::Object(mut collection) = boundaries else { return Ok(Vec::new()) };
    let Some(Value::Array(list)) = collection.remove("features") else { return Ok(Vec::new()) };
    let features = list.into_iter().filter_map(|feature| {
        let Value::Object(mut feature) = feature else { return None };
        let code = feature.get("properties")?.get("code")?.as_str()?.to_owned();
        Some(Feature { properties: rows.remove(&code)?, geometry: feature.remove("geometry")? })
    });
    Ok(features.collect())
}

/// The municipalities as GeoJSON.
///
/// # Errors
/// [`ExportError::Boundaries`] when the boundaries of the bundle are not GeoJSON.
pub fn geojson(study: &Study) -> Result<String, ExportError> {
    let features: Vec<Value> = features(study)?
        .into_iter()
        .map(|feature| json!({ "type": "Feature", "properties": feature.properties, "geometry": feature.geometry }))
        .collect();
    let manifest = study.manifest();
    let collection = json!({
        "type": "FeatureCollection",
        "project": manifest.project,
        "release": manifest.release,
        "synthetic": manifest.synthetic,
        "features": features,
    });
    let mut text = serde_json::to_string(&collection).map_err(|source| ExportError::Boundaries { source })?;
    text.push('\n');
    Ok(text)
}
