//! Boundary files: GeoJSON and TopoJSON to a table of properties and a list of polygons in longitude and latitude.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use clrisk_core::{Finding, Place};
use serde_json::{Map, Value};

use crate::source::Found;

/// A ring of longitude and latitude pairs; the first point is repeated at the end.
pub type Ring = Vec<[f64; 2]>;

/// Polygons of one feature, each an outer ring followed by holes.
pub type Polygons = Vec<Vec<Ring>>;

/// The features of a boundary file.
#[derive(Debug, Clone, PartialEq)]
pub struct BoundaryFile {
    /// Properties by name, one value a feature; numbers are written as text without decimals they do not have.
    pub properties: BTreeMap<String, Vec<Option<String>>>,
    /// Geometry, one a feature.
    pub polygons: Vec<Polygons>,
}

impl BoundaryFile {
    /// Reads a GeoJSON or TopoJSON file.
    ///
    /// # Errors
    /// `FILE-001`, `FILE-002`, `FILE-004` as for other files; `GEO-001` when it holds no polygons; `GEO-002` when coordinates
    /// are not longitude and latitude.
    pub fn read(path: &Path, shown: &str) -> Result<BoundaryFile, Found> {
        let place = || Place::file(shown);
        let text = std::fs::read_to_string(path).map_err(|error| {
            let code = if error.kind() == std::io::ErrorKind::NotFound { "FILE-001" } else { "FILE-005" };
            Box::new(Finding::error(code, place()).with("file", shown))
        })?;
        if text.trim().is_empty() {
            return Err(Box::new(Finding::error("FILE-002", place()).with("file", shown)));
        }
        let json: Value = serde_json::from_str(&text).map_err(|error| {
            Box::new(
                Finding::error("FILE-004", place().row(error.line() as u64)).with("file", shown).with("reason", "json"),
            )
        })?;
        let features = match json.get("type").and_then(Value::as_str) {
            Some("FeatureCollection") => geojson_features(&json),
            Some("Topology") => topojson_features(&json),
            _ => None,
        };
        let features = features.unwrap_or_default();
        if features.is_empty() {
            return Err(Box::new(Finding::error("GEO-001", place()).with("file", shown)));
        }
        let outside = features
            .iter()
            .flat_map(|(_, polygons)| polygons.iter().flatten().flatten())
            .any(|[longitude, latitude]| !(-180.0..=180.0).contains(longitude) || !(-90.0..=90.0).contains(latitude));
        if outside {
            return Err(Box::new(Finding::error("GEO-002", place()).with("file", shown)));
        }
        let names: BTreeSet<String> = features.iter().flat_map(|(properties, _)| properties.keys().cloned()).collect();
        let properties = names
            .into_iter()
            .map(|name| {
                let values = features.iter().map(|(properties, _)| properties.get(&name).and_then(text_of)).collect();
                (name, values)
            })
            .collect();
        Ok(BoundaryFile { properties, polygons: features.into_iter().map(|(_, polygons)| polygons).collect() })
    }

    /// The properties as a table, with the feature's position in column `feature_index`.
    pub fn batch(&self) -> Option<RecordBatch> {
        let mut fields = vec![Field::new("feature_index", DataType::Int64, false)];
        let mut columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from_iter_values(0..self.polygons.len() as i64))];
        for (name, values) in &self.properties {
            if name != "feature_index" {
                fields.push(Field::new(name, DataType::Utf8, true));
                columns.push(Arc::new(StringArray::from_iter(values.iter().map(Option::as_deref))));
            }
        }
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).ok()
    }
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(match number.as_f64() {
            Some(real) if real.fract() == 0.0 && real.abs() < 1e15 => format!("{real:.0}"),
            _ => number.to_string(),
        }),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

type Feature = (Map<String, Value>, Polygons);

fn properties_of(feature: &Value) -> Map<String, Value> {
    let mut properties = feature.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    if let Some(id) = feature.get("id") {
        properties.entry("id").or_insert_with(|| id.clone());
    }
    properties
}

fn geojson_features(json: &Value) -> Option<Vec<Feature>> {
    let mut features = Vec::new();
    for feature in json.get("features")?.as_array()? {
        let Some(geometry) = feature.get("geometry").filter(|geometry| !geometry.is_null()) else { continue };
        let coordinates = geometry.get("coordinates")?;
        let polygons = match geometry.get("type")?.as_str()? {
            "Polygon" => vec![polygon(coordinates)?],
            "MultiPolygon" => coordinates.as_array()?.iter().map(polygon).collect::<Option<_>>()?,
            _ => continue,
        };
        features.push((properties_of(feature), polygons));
    }
    Some(features)
}

fn polygon(coordinates: &Value) -> Option<Vec<Ring>> {
    coordinates.as_array()?.iter().map(|ring| ring.as_array()?.iter().map(point).collect()).collect()
}

fn point(value: &Value) -> Option<[f64; 2]> {
    let pair = value.as_array()?;
    Some([pair.first()?.as_f64()?, pair.get(1)?.as_f64()?])
}

/// TopoJSON: arcs are shared between features, delta-coded when the topology is quantised, and walked backwards when an
/// index is negative (its one's complement is the arc).
fn topojson_features(json: &Value) -> Option<Vec<Feature>> {
    let (scale, translate) = match json.get("transform") {
        Some(transform) => (point(transform.get("scale")?)?, point(transform.get("translate")?)?),
        None => ([1.0, 1.0], [0.0, 0.0]),
    };
    let quantised = json.get("transform").is_some();
    let mut arcs: Vec<Ring> = Vec::new();
    for arc in json.get("arcs")?.as_array()? {
        let mut ring = Vec::new();
        let mut at = [0.0, 0.0];
        for position in arc.as_array()? {
            let [x, y] = point(position)?;
            at = if quantised { [at[0] + x, at[1] + y] } else { [x, y] };
            ring.push([at[0] * scale[0] + translate[0], at[1] * scale[1] + translate[1]]);
        }
        arcs.push(ring);
    }
    let mut features = Vec::new();
    for object in json.get("objects")?.as_object()?.values() {
        let geometries = match object.get("geometries") {
            Some(geometries) => geometries.as_array()?.iter().collect(),
            None => vec![object],
        };
        for geometry in geometries {
            let Some(kind) = geometry.get("type").and_then(Value::as_str) else { continue };
            let indices = match geometry.get("arcs") {
                Some(indices) => indices,
                None => continue,
            };
            let polygons = match kind {
                "Polygon" => vec![assemble(indices, &arcs)?],
                "MultiPolygon" => {
                    indices.as_array()?.iter().map(|polygon| assemble(polygon, &arcs)).collect::<Option<_>>()?
                }
                _ => continue,
            };
            features.push((properties_of(geometry), polygons));
        }
    }
    Some(features)
}

fn assemble(polygon: &Value, arcs: &[Ring]) -> Option<Vec<Ring>> {
    polygon
        .as_array()?
        .iter()
        .map(|ring| {
            let mut points: Ring = Vec::new();
            for index in ring.as_array()? {
                let index = index.as_i64()?;
                let backwards = index < 0;
                let arc = arcs.get(usize::try_from(if backwards { !index } else { index }).ok()?)?;
                let skip = usize::from(!points.is_empty());
                if backwards {
                    points.extend(arc.iter().rev().skip(skip));
                } else {
                    points.extend(arc.iter().skip(skip));
                }
            }
            Some(points)
        })
        .collect()
}

/// Pairs of features that share a border: at least two points, to five decimals of a degree.
pub fn neighbours(polygons: &[&Polygons]) -> Vec<(u32, u32)> {
    let mut owners: HashMap<(i64, i64), Vec<u32>> = HashMap::new();
    for (feature, polygons) in polygons.iter().enumerate() {
        for [x, y] in polygons.iter().flatten().flatten() {
            let owners = owners.entry(((x * 1e5).round() as i64, (y * 1e5).round() as i64)).or_default();
            if owners.last() != Some(&(feature as u32)) {
                owners.push(feature as u32);
            }
        }
    }
    let mut shared: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for owners in owners.values() {
        for (index, &left) in owners.iter().enumerate() {
            for &right in owners[index + 1..].iter().filter(|&&right| right != left) {
                *shared.entry((left.min(right), left.max(right))).or_insert(0) += 1;
            }
        }
    }
    shared.into_iter().filter(|(_, points)| *points >= 2).map(|(pair, _)| pair).collect()
}

/// GeoJSON text of municipalities: one feature a code, coordinates with five decimals (about a metre).
pub fn to_geojson(codes: &[String], polygons: &[&Polygons]) -> String {
    let mut text = String::from("{\"type\":\"FeatureCollection\",\"features\":[\n");
    for (index, (code, polygons)) in codes.iter().zip(polygons).enumerate() {
        let rings = |polygon: &Vec<Ring>| {
            let rings: Vec<String> = polygon
                .iter()
                .map(|ring| {
                    let points: Vec<String> = ring.iter().map(|[x, y]| format!("[{x:.5},{y:.5}]")).collect();
                    format!("[{}]", points.join(","))
                })
                .collect();
            format!("[{}]", rings.join(","))
        };
        let parts: Vec<String> = polygons.iter().map(rings).collect();
        text.push_str(&format!(
            "{}{{\"type\":\"Feature\",\"properties\":{{\"code\":{}}},\"geometry\":{{\"type\":\"MultiPolygon\",\"coordinates\":[{}]}}}}",
            if index == 0 { "" } else { ",\n" },
            Value::from(code.as_str()),
            parts.join(",")
        ));
    }
    text.push_str("\n]}\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topojson_arcs_are_joined_and_reversed() {
        let json: Value = serde_json::from_str(
            r#"{"type":"Topology","transform":{"scale":[0.5,0.5],"translate":[10,20]},
               "arcs":[[[0,0],[2,0]],[[2,0],[0,2],[-2,0],[0,-2]]],
               "objects":{"m":{"type":"GeometryCollection","geometries":[
                 {"type":"Polygon","id":"7","properties":{"n":1},"arcs":[[0,1]]},
                 {"type":"Polygon","id":"8","arcs":[[-2,-1]]}]}}}"#,
        )
        .unwrap();
        let features = topojson_features(&json).unwrap();
        let forward = &features[0].1[0][0];
        assert_eq!(forward, &vec![[10.0, 20.0], [11.0, 20.0], [11.0, 21.0], [10.0, 21.0], [10.0, 20.0]]);
        let backward: Vec<_> = features[1].1[0][0].iter().rev().copied().collect();
        assert_eq!(&backward, forward);
        assert_eq!(features[0].0["id"], "7");
    }
}
