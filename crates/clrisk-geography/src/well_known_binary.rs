//! Polygons out of well-known binary (ISO and extended) and of the geometry blobs of a GeoPackage around it.
//!
//! Sources: OGC 06-103r4, 8.2; OGC GeoPackage 1.3, 2.1.3 "GeoPackageBinary format".

use crate::{Polygon, Polygons};

/// Collections inside collections beyond this are no map.
const DEEPEST: u32 = 8;

/// The polygons of a GeoPackage blob: none for empty geometry, points, lines and curves. `None` when it is damaged.
pub fn geopackage_polygons(blob: &[u8]) -> Option<Polygons> {
    if blob.get(..2)? != b"GP" {
        return None;
    }
    let flags = *blob.get(3)?;
    let envelope = match (flags >> 1) & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return None,
    };
    if flags & 0x10 != 0 {
        return Some(Polygons::new());
    }
    polygons(blob.get(8 + envelope..)?)
}

/// The polygons of a well-known binary geometry. `None` when it is damaged.
pub fn polygons(bytes: &[u8]) -> Option<Polygons> {
    let mut found = Polygons::new();
    geometry(&mut Bytes { rest: bytes, little: true }, &mut found, 0)?;
    Some(found)
}

struct Bytes<'a> {
    rest: &'a [u8],
    little: bool,
}

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(head)
    }

    fn u32(&mut self) -> Option<u32> {
        let bytes: [u8; 4] = self.take(4)?.try_into().ok()?;
        Some(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    /// A number of items of at least `size` bytes: never more than there is left.
    fn count(&mut self, size: usize) -> Option<usize> {
        let count = self.u32()? as usize;
        (count <= self.rest.len() / size).then_some(count)
    }

    fn point(&mut self, dimensions: usize) -> Option<[f64; 2]> {
        let bytes = self.take(8 * dimensions)?;
        let little = self.little;
        let number = |at: usize| -> Option<f64> {
            let bytes: [u8; 8] = bytes.get(at..at + 8)?.try_into().ok()?;
            Some(if little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
        };
        Some([number(0)?, number(8)?])
    }

    fn points(&mut self, dimensions: usize) -> Option<Vec<[f64; 2]>> {
        (0..self.count(8 * dimensions)?).map(|_| self.point(dimensions)).collect()
    }
}

fn geometry(bytes: &mut Bytes<'_>, found: &mut Polygons, depth: u32) -> Option<()> {
    bytes.little = match bytes.take(1)? {
        [0] => false,
        [1] => true,
        _ => return None,
    };
    let code = bytes.u32()?;
    // Extended form: flags for height, measure and reference system; ISO: thousands.
    let (extended, code) = (code >> 28, code & 0x0fff_ffff);
    if extended & 2 != 0 {
        bytes.u32()?;
    }
    let thousands = code / 1000;
    let dimensions = 2 + match thousands {
        0 => (extended & 8 != 0) as usize + (extended & 4 != 0) as usize,
        1 | 2 => 1,
        3 => 2,
        _ => return None,
    };
    match code % 1000 {
        1 => {
            bytes.point(dimensions)?;
        }
        2 => {
            bytes.points(dimensions)?;
        }
        3 => {
            let rings: Polygon = (0..bytes.count(4)?).map(|_| bytes.points(dimensions)).collect::<Option<_>>()?;
            if !rings.is_empty() {
                found.push(rings);
            }
        }
        4..=7 if depth < DEEPEST => {
            for _ in 0..bytes.count(9)? {
                geometry(bytes, found, depth + 1)?;
            }
        }
        // Curves and surfaces have no straight rings to take; nothing behind them can be found either.
        8..=17 => bytes.rest = &[],
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }

    /// Written by shapely 2.2: `to_wkb(Polygon([(0,0),(0,1),(1,0)]), byte_order=0, hex=True)`.
    const BIG_ENDIAN: &str = "000000000300000001000000040000000000000000000000000000000000000000000000003FF00000000000003FF0000000000000000000000000000000000000000000000000000000000000";

    #[test]
    fn both_byte_orders_and_three_dimensions_are_read() {
        let ring = vec![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 0.0]];
        assert_eq!(polygons(&hex(BIG_ENDIAN)).unwrap(), [vec![ring]]);
        for code in [1003u32, 0x8000_0003] {
            let mut bytes = vec![1];
            bytes.extend(code.to_le_bytes());
            bytes.extend(1u32.to_le_bytes());
            bytes.extend(1u32.to_le_bytes());
            [3.0f64, 4.0, 5.0].iter().for_each(|number| bytes.extend(number.to_le_bytes()));
            assert_eq!(polygons(&bytes).unwrap(), [vec![vec![[3.0, 4.0]]]]);
        }
    }

    #[test]
    fn every_cut_of_a_geometry_is_damage() {
        let whole = hex(BIG_ENDIAN);
        for length in 0..whole.len() {
            assert_eq!(polygons(&whole[..length]), None, "{length}");
        }
    }

    #[test]
    fn counts_that_cannot_be_are_refused_before_anything_is_reserved() {
        let mut bytes = hex(BIG_ENDIAN);
        bytes[5..9].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(polygons(&bytes), None);
        // A collection of collections of collections ...
        let mut nested = Vec::new();
        for _ in 0..100 {
            nested.extend([1, 7, 0, 0, 0, 1, 0, 0, 0]);
        }
        assert_eq!(polygons(&nested), None);
    }

    #[test]
    fn a_blob_says_where_its_geometry_begins() {
        let mut blob = b"GP\x00\x03".to_vec();
        blob.extend([0; 4 + 32]);
        blob.extend(hex(BIG_ENDIAN));
        assert_eq!(geopackage_polygons(&blob).unwrap().len(), 1);
        assert_eq!(geopackage_polygons(b"GP\x00\x11\x00\x00\x00\x00"), Some(vec![]), "empty geometry");
        assert_eq!(geopackage_polygons(b"GP\x00\x0f\x00\x00\x00\x00"), None, "no such envelope");
        assert_eq!(geopackage_polygons(b"PG"), None);
    }
}
