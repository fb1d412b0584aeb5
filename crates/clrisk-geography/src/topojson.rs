//! TopoJSON: arcs are shared between features, delta-coded when the topology is quantised, and walked backwards when an index is
//! negative (its one's complement is the arc).
//!
//! Source: TopoJSON Format Specification 1.0, <https://github.com/topojson/topojson-specification>.

use serde_json::{Map, Value};

use crate::error::GeographyError;
use crate::geojson::{self, Document};
use crate::layer::Layer;
use crate::{Polygon, Polygons, Ring};

const DAMAGED: GeographyError = GeographyError::Damaged { part: "json", row: None };

/// An arc is used by its two neighbours, and again by each level of areas; a file that asks for many times more is no map.
const MOST_USES: usize = 64;

/// The features of one object of the topology: the one named, or the only one that holds polygons.
pub(crate) fn layer(document: Document, wanted: Option<&str>) -> Result<Layer, GeographyError> {
    let objects = document.objects.unwrap_or_default();
    let holding: Vec<&String> =
        objects.iter().filter(|(_, object)| geometries(object).any(is_polygon)).map(|(name, _)| name).collect();
    let chosen = match (wanted, holding.as_slice()) {
        (Some(wanted), _) => holding
            .into_iter()
            .find(|name| *name == wanted)
            .ok_or_else(|| GeographyError::Layers { layers: objects.keys().cloned().collect() })?,
        (None, []) => return Err(GeographyError::NoPolygons),
        (None, [only]) => only,
        (None, several) => {
            return Err(GeographyError::Layers { layers: several.iter().map(|name| (*name).clone()).collect() });
        }
    };
    let arcs = absolute(document.arcs, document.transform);
    let points: usize = arcs.iter().map(Vec::len).sum();
    let mut budget = points.saturating_mul(MOST_USES);
    let reference = document.crs.as_ref().and_then(geojson::reference);
    let mut layer = Layer { reference, ..Layer::of_file(document.length) };
    for geometry in objects.get(chosen).into_iter().flat_map(geometries) {
        let polygons = polygons(geometry, &arcs, &mut budget).ok_or(DAMAGED)?;
        let properties = geometry.get("properties").and_then(Value::as_object).cloned().unwrap_or_else(Map::new);
        layer.push(geojson::properties(properties, geometry.get("id").cloned()), polygons)?;
    }
    Ok(layer.finish())
}

fn absolute(arcs: Vec<Vec<geojson::Position>>, transform: Option<geojson::Transform>) -> Vec<Ring> {
    let decode = |arc: Vec<geojson::Position>| -> Ring {
        let Some(transform) = &transform else { return arc.into_iter().map(|position| position.0).collect() };
        let mut at = [0.0, 0.0];
        arc.into_iter()
            .map(|geojson::Position([x, y])| {
                at = [at[0] + x, at[1] + y];
                [0, 1].map(|axis| at[axis] * transform.scale[axis] + transform.translate[axis])
            })
            .collect()
    };
    arcs.into_iter().map(decode).collect()
}

/// The members of a collection, or the object itself.
fn geometries(object: &Value) -> impl Iterator<Item = &Value> {
    let members = object.get("geometries").and_then(Value::as_array);
    let alone = members.is_none().then_some(object);
    members.into_iter().flatten().chain(alone)
}

fn is_polygon(geometry: &Value) -> bool {
    matches!(geometry.get("type").and_then(Value::as_str), Some("Polygon" | "MultiPolygon"))
}

fn polygons(geometry: &Value, arcs: &[Ring], budget: &mut usize) -> Option<Polygons> {
    let Some(indices) = geometry.get("arcs").and_then(Value::as_array) else { return Some(Vec::new()) };
    match geometry.get("type").and_then(Value::as_str)? {
        "Polygon" => Some(vec![polygon(indices, arcs, budget)?]),
        "MultiPolygon" => indices.iter().map(|indices| polygon(indices.as_array()?, arcs, budget)).collect(),
        _ => Some(Vec::new()),
    }
}

fn polygon(indices: &[Value], arcs: &[Ring], budget: &mut usize) -> Option<Polygon> {
    indices.iter().map(|indices| ring(indices.as_array()?, arcs, budget)).collect()
}

fn ring(indices: &[Value], arcs: &[Ring], budget: &mut usize) -> Option<Ring> {
    let mut points = Ring::new();
    for index in indices {
        let index = index.as_i64()?;
        let backwards = index < 0;
        let arc = arcs.get(usize::try_from(if backwards { !index } else { index }).ok()?)?;
        *budget = budget.checked_sub(arc.len())?;
        // The first point of an arc is the last of the one before it.
        let skip = usize::from(!points.is_empty());
        if backwards {
            points.extend(arc.iter().rev().skip(skip));
        } else {
            points.extend(arc.iter().skip(skip));
        }
    }
    Some(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = r#"{"type":"Topology","transform":{"scale":[0.5,0.5],"translate":[10,20]},
        "arcs":[[[0,0],[2,0]],[[2,0],[0,2],[-2,0],[0,-2]]],
        "objects":{"m":{"type":"GeometryCollection","geometries":[
          {"type":"Polygon","id":"7","properties":{"n":1},"arcs":[[0,1]]},
          {"type":"Polygon","id":"8","arcs":[[-2,-1]]},
          {"type":"Point","coordinates":[1,1]}]},
          "d":{"type":"MultiPolygon","arcs":[[[0,1]]]}}}"#;

    fn document(text: &str) -> Document {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn arcs_are_joined_and_reversed() {
        let layer = layer(document(TWO), Some("m")).unwrap();
        let forward = &layer.polygons[0][0][0];
        assert_eq!(forward, &vec![[10.0, 20.0], [11.0, 20.0], [11.0, 21.0], [10.0, 21.0], [10.0, 20.0]]);
        let backward: Vec<_> = layer.polygons[1][0][0].iter().rev().copied().collect();
        assert_eq!(&backward, forward);
        assert_eq!(layer.properties["id"], [Some("7".to_owned()), Some("8".to_owned())]);
        assert_eq!(layer.properties["n"], [Some("1".to_owned()), None]);
        assert_eq!(layer.without_polygon, 1, "the point is counted");
    }

    #[test]
    fn of_several_layers_one_must_be_named() {
        let layers = GeographyError::Layers { layers: vec!["m".to_owned(), "d".to_owned()] };
        assert_eq!(layer(document(TWO), None).unwrap_err(), layers);
        assert_eq!(layer(document(TWO), Some("x")).unwrap_err(), layers);
        assert_eq!(layer(document(TWO), Some("d")).unwrap().polygons.len(), 1);
    }

    #[test]
    fn a_small_file_cannot_ask_for_a_large_map() {
        let uses = vec!["[[0]]"; 1000].join(",");
        let text = format!(
            r#"{{"type":"Topology","arcs":[[[0,0],[1,0],[1,1],[0,0]]],"objects":{{"m":{{"type":"MultiPolygon","arcs":[{uses}]}}}}}}"#
        );
        assert_eq!(layer(document(&text), None).unwrap_err(), DAMAGED);
    }

    #[test]
    fn indices_beyond_the_arcs_are_damage() {
        let text =
            r#"{"type":"Topology","arcs":[],"objects":{"m":{"type":"Polygon","arcs":[[-9223372036854775808]]}}}"#;
        assert_eq!(layer(document(text), None).unwrap_err(), DAMAGED);
    }
}
