//! Areas on the ellipsoid.

use geo::{Coord, GeodesicArea, LineString};

use crate::{Polygons, Ring};

/// Square kilometres of polygons in longitude and latitude, holes left out: geodesic areas on the ellipsoid of WGS 84.
///
/// The area of a ring is taken as positive whichever way it is walked; an outer ring adds, the rings after it subtract.
///
/// Checked against: `pyproj.Geod.polygon_area_perimeter`, `tests/reference/geography` (`areas.csv`).
///
/// Reference: Karney (2013), Algorithms for geodesics, Journal of Geodesy 87(1), section 6.
pub fn square_kilometres(polygons: &Polygons) -> f64 {
    polygons
        .iter()
        .filter_map(|polygon| polygon.split_first())
        .map(|(outer, holes)| of_ring(outer) - holes.iter().map(of_ring).sum::<f64>())
        .sum::<f64>()
        .max(0.0)
        / 1e6
}

fn of_ring(ring: &Ring) -> f64 {
    let line: LineString = ring.iter().map(|&[x, y]| Coord { x, y }).collect();
    geo::Polygon::new(line, Vec::new()).geodesic_area_signed().abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_is_left_out_whichever_way_rings_are_walked() {
        let square = |low: f64, high: f64| vec![[low, low], [high, low], [high, high], [low, high], [low, low]];
        let backwards = |mut ring: Ring| {
            ring.reverse();
            ring
        };
        let whole = square_kilometres(&vec![vec![square(0.0, 3.0)]]);
        let hole = square_kilometres(&vec![vec![square(1.0, 2.0)]]);
        for polygon in [vec![square(0.0, 3.0), square(1.0, 2.0)], vec![backwards(square(0.0, 3.0)), square(1.0, 2.0)]] {
            assert!((square_kilometres(&vec![polygon]) - (whole - hole)).abs() < 1e-6);
        }
        assert_eq!(square_kilometres(&vec![vec![]]), 0.0);
    }
}
