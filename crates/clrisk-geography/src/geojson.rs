//! GeoJSON (RFC 7946, and the older form with a `crs` member), read feature by feature into coordinates, never into a tree of
//! JSON values many times the size of the file; and its writing.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::error::GeographyError;
use crate::layer::{Layer, Reference, number_text};
use crate::{Polygon, Polygons};

/// A file of JSON: members of GeoJSON and TopoJSON alike, since the type of a document may stand anywhere in it.
#[derive(Deserialize)]
pub(crate) struct Document {
    #[serde(rename = "type", default)]
    pub kind: String,
    #[serde(default)]
    pub features: Vec<Feature>,
    #[serde(default)]
    pub geometry: Option<Geometry>,
    #[serde(default)]
    pub properties: Option<Map<String, Value>>,
    #[serde(default)]
    pub crs: Option<Value>,
    #[serde(default)]
    pub arcs: Vec<Vec<Position>>,
    #[serde(default)]
    pub objects: Option<Map<String, Value>>,
    #[serde(default)]
    pub transform: Option<Transform>,
    /// Bytes of the file.
    #[serde(skip)]
    pub length: u64,
}

/// Scale and translation of a quantised topology.
#[derive(Deserialize)]
pub(crate) struct Transform {
    pub scale: [f64; 2],
    pub translate: [f64; 2],
}

/// A feature.
#[derive(Deserialize)]
pub(crate) struct Feature {
    #[serde(default)]
    id: Option<Value>,
    #[serde(default)]
    properties: Option<Map<String, Value>>,
    #[serde(default)]
    geometry: Option<Geometry>,
}

/// The polygons of a geometry; points and lines leave none.
#[derive(Default)]
pub(crate) struct Geometry(Polygons);

/// A pair of coordinates; height is dropped.
#[derive(Clone, Copy)]
pub(crate) struct Position(pub [f64; 2]);

/// Nested lists of positions, whatever their depth: the type that says what they are may come after them.
enum Coordinates {
    Empty,
    Number(f64),
    Position([f64; 2]),
    Line(Vec<[f64; 2]>),
    Lines(Vec<Vec<[f64; 2]>>),
    Polygons(Polygons),
}

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Position, D::Error> {
        match Coordinates::deserialize(deserializer)? {
            Coordinates::Position(point) => Ok(Position(point)),
            _ => Err(D::Error::custom("a position is two numbers")),
        }
    }
}

impl<'de> Deserialize<'de> for Coordinates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Coordinates, D::Error> {
        struct Nested;
        impl<'de> Visitor<'de> for Nested {
            type Value = Coordinates;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("coordinates")
            }
            fn visit_f64<E>(self, number: f64) -> Result<Coordinates, E> {
                Ok(Coordinates::Number(number))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Coordinates, E> {
                Ok(Coordinates::Number(number as f64))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Coordinates, E> {
                Ok(Coordinates::Number(number as f64))
            }
            fn visit_unit<E>(self) -> Result<Coordinates, E> {
                Ok(Coordinates::Empty)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Coordinates, A::Error> {
                let uneven = || A::Error::custom("coordinates of uneven depth");
                let mut all = match list.next_element::<Coordinates>()? {
                    None | Some(Coordinates::Empty) => Coordinates::Empty,
                    Some(Coordinates::Number(x)) => {
                        let Some(Coordinates::Number(y)) = list.next_element()? else { return Err(uneven()) };
                        while list.next_element::<IgnoredAny>()?.is_some() {}
                        return Ok(Coordinates::Position([x, y]));
                    }
                    Some(Coordinates::Position(point)) => Coordinates::Line(vec![point]),
                    Some(Coordinates::Line(line)) => Coordinates::Lines(vec![line]),
                    Some(Coordinates::Lines(lines)) => Coordinates::Polygons(vec![lines]),
                    Some(Coordinates::Polygons(_)) => return Err(uneven()),
                };
                while let Some(next) = list.next_element::<Coordinates>()? {
                    all = match (all, next) {
                        (all, Coordinates::Empty) => all,
                        (Coordinates::Empty, Coordinates::Line(line)) => Coordinates::Lines(vec![line]),
                        (Coordinates::Empty, Coordinates::Lines(lines)) => Coordinates::Polygons(vec![lines]),
                        (Coordinates::Line(mut line), Coordinates::Position(point)) => {
                            line.push(point);
                            Coordinates::Line(line)
                        }
                        (Coordinates::Lines(mut lines), Coordinates::Line(line)) => {
                            lines.push(line);
                            Coordinates::Lines(lines)
                        }
                        (Coordinates::Polygons(mut polygons), Coordinates::Lines(lines)) => {
                            polygons.push(lines);
                            Coordinates::Polygons(polygons)
                        }
                        _ => return Err(uneven()),
                    };
                }
                Ok(all)
            }
        }
        deserializer.deserialize_any(Nested)
    }
}

impl<'de> Deserialize<'de> for Geometry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Geometry, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Geometry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a geometry")
            }
            fn visit_unit<E>(self) -> Result<Geometry, E> {
                Ok(Geometry::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Geometry, A::Error> {
                let (mut kind, mut coordinates, mut members) = (String::new(), Coordinates::Empty, Vec::new());
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "type" => kind = map.next_value()?,
                        "coordinates" => coordinates = map.next_value()?,
                        "geometries" => members = map.next_value::<Vec<Geometry>>()?,
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(Geometry(match (kind.as_str(), coordinates) {
                    ("Polygon", Coordinates::Lines(rings)) => vec![rings],
                    ("MultiPolygon", Coordinates::Polygons(polygons)) => polygons,
                    ("GeometryCollection", _) => members.into_iter().flat_map(|member| member.0).collect(),
                    ("Polygon" | "MultiPolygon", Coordinates::Empty) => Vec::new(),
                    ("Polygon" | "MultiPolygon", _) => return Err(A::Error::custom("not the coordinates of polygons")),
                    _ => Vec::new(),
                }))
            }
        }
        deserializer.deserialize_any(Members)
    }
}

/// The features of a GeoJSON document.
pub(crate) fn layer(document: Document) -> Result<Layer, GeographyError> {
    let reference = document.crs.as_ref().and_then(reference);
    let mut layer = Layer { reference, ..Layer::of_file(document.length) };
    let single = (document.kind == "Feature").then_some(Feature {
        id: None,
        properties: document.properties,
        geometry: document.geometry,
    });
    for feature in document.features.into_iter().chain(single) {
        let polygons = feature.geometry.map(|geometry| geometry.0).unwrap_or_default();
        layer.push(properties(feature.properties.unwrap_or_default(), feature.id), polygons)?;
    }
    Ok(layer.finish())
}

/// Properties as text; the feature's own identifier is the property `id` unless there is one already.
pub(crate) fn properties(
    properties: Map<String, Value>,
    id: Option<Value>,
) -> impl Iterator<Item = (String, Option<String>)> {
    let id = id.filter(|_| !properties.contains_key("id")).map(|id| ("id".to_owned(), id));
    properties.into_iter().chain(id).map(|(name, value)| (name, text(&value)))
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(match number.as_f64() {
            Some(real) if real.fract() == 0.0 && real.abs() < 1e15 => number_text(real),
            _ => number.to_string(),
        }),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// The `crs` member of GeoJSON before 2016: `{"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32615"}}`.
pub(crate) fn reference(member: &Value) -> Option<Reference> {
    let properties = member.get("properties")?;
    if let Some(code) = properties.get("code").and_then(Value::as_u64) {
        return u32::try_from(code).ok().map(Reference::Epsg);
    }
    let name = properties.get("name")?.as_str()?;
    Some(crate::projection::named(name))
}

/// GeoJSON text of areas: one feature a code, coordinates with five decimals (about a metre).
pub fn to_geojson(codes: &[String], polygons: &[&Polygons]) -> String {
    let mut text = String::from("{\"type\":\"FeatureCollection\",\"features\":[\n");
    for (index, (code, polygons)) in codes.iter().zip(polygons).enumerate() {
        let rings = |polygon: &Polygon| {
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
