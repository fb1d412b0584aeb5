//! Reads the boundaries of a bundle into plane coordinates.
//!
//! The projection is equirectangular with the cosine of the middle latitude: `x = longitude * cos(mid)`, `y = -latitude`, in
//! degrees. Within one country its distortion is far below what a reader of a thematic map could see, and north stays up.

use clrisk_geography::topology::{Outline, extent};
use serde::Deserialize;

use crate::RenderError;

/// A ring of plane points, without the repeated last point.
type Ring = Vec<[f64; 2]>;

#[derive(Deserialize)]
struct Collection {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
    geometry: Option<Shape>,
}

#[derive(Deserialize)]
struct Properties {
    code: String,
}

type Position = Vec<f64>;

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Shape {
    Polygon(Vec<Vec<Position>>),
    MultiPolygon(Vec<Vec<Vec<Position>>>),
}

/// Reads GeoJSON with the single property `code` and projects it.
///
/// Areas that cross the 180th meridian are drawn in one piece by counting western longitudes beyond 180 degrees.
///
/// # Errors
/// [`RenderError::Boundaries`] when the text is not a collection of polygons with codes.
pub fn outlines(geojson: &str) -> Result<Vec<Outline>, RenderError> {
    let collection: Collection =
        serde_json::from_str(geojson).map_err(|source| RenderError::Boundaries { reason: source.to_string() })?;
    let mut outlines: Vec<Outline> = collection
        .features
        .into_iter()
        .map(|feature| {
            let polygons = match feature.geometry {
                Some(Shape::Polygon(polygon)) => vec![polygon],
                Some(Shape::MultiPolygon(polygons)) => polygons,
                None => Vec::new(),
            };
            Outline {
                code: feature.properties.code,
                rings: polygons.into_iter().flatten().map(|ring| open(&ring)).filter(|ring| ring.len() > 2).collect(),
            }
        })
        .collect();
    unwrap_longitudes(&mut outlines);
    let [_, south, _, north] = extent(&outlines).unwrap_or([0.0; 4]);
    let scale = ((south + north) / 2.0).to_radians().cos();
    for point in outlines.iter_mut().flat_map(|outline| outline.rings.iter_mut().flatten()) {
        *point = [point[0] * scale, -point[1]];
    }
    Ok(outlines)
}

fn open(ring: &[Position]) -> Ring {
    let mut points: Ring = ring
        .iter()
        .filter_map(|position| Some([*position.first()?, *position.get(1)?]))
        .filter(|point| point.iter().all(|value| value.is_finite()))
        .collect();
    if points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    points
}

fn unwrap_longitudes(outlines: &mut [Outline]) {
    if extent(outlines).is_some_and(|[west, _, east, _]| east - west > 180.0) {
        for point in outlines.iter_mut().flat_map(|outline| outline.rings.iter_mut().flatten()) {
            if point[0] < 0.0 {
                point[0] += 360.0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_degree_in_the_north_is_narrower_than_high() {
        let text = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"01"},
            "geometry":{"type":"Polygon","coordinates":[[[10,59.5],[11,59.5],[11,60.5],[10,60.5],[10,59.5]]]}}]}"#;
        let [left, top, right, bottom] = extent(&outlines(text).unwrap()).unwrap();
        assert!((right - left - 0.5).abs() < 1e-12);
        assert!((bottom - top - 1.0).abs() < 1e-12);
        assert!(top < bottom && (top + 60.5).abs() < 1e-12);
    }

    #[test]
    fn a_country_across_the_180th_meridian_stays_in_one_piece() {
        let text = r#"{"features":[{"properties":{"code":"1"},
            "geometry":{"type":"MultiPolygon","coordinates":[[[[179,0],[180,0],[180,1]]],[[[-180,0],[-179,0],[-180,1]]]]}}]}"#;
        let [left, _, right, _] = extent(&outlines(text).unwrap()).unwrap();
        assert!(right - left < 3.0);
    }

    #[test]
    fn what_is_not_a_map_is_an_error_and_not_a_panic() {
        assert!(outlines("[]").is_err());
        assert!(outlines(r#"{"features":[{"properties":{},"geometry":null}]}"#).is_err());
    }
}
