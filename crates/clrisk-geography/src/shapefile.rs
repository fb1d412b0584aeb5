//! ESRI shapefiles: polygons of the `.shp` file, rows of the `.dbf`, encoding of the `.cpg`, coordinates of the `.prj`.
//!
//! Rings come without order; which of them are holes follows from where they lie ([`crate::repair`]), not from the direction
//! they are drawn in, which many programs get wrong.
//!
//! Source: ESRI Shapefile Technical Description (1998).

use std::path::{Path, PathBuf};

use crate::attribute_table::AttributeTable;
use crate::error::GeographyError;
use crate::layer::{Layer, Reference};
use crate::text_encoding::TextEncoding;
use crate::{Polygons, Ring};

/// Reads the shapefile whose `.shp` has the content `shapes`.
pub(crate) fn layer(
    path: &Path,
    shapes: &[u8],
    encoding: Option<TextEncoding>,
    most_bytes: u64,
) -> Result<Layer, GeographyError> {
    let companion = |extension: &str| -> Result<Option<Vec<u8>>, GeographyError> {
        let Some(path) = beside(path, extension) else { return Ok(None) };
        let damaged = GeographyError::Damaged { part: "io", row: None };
        match std::fs::metadata(&path) {
            Ok(metadata) if metadata.len() <= most_bytes => std::fs::read(&path).map(Some).map_err(|_| damaged),
            _ => Err(damaged),
        }
    };
    let table = companion("dbf")?.ok_or_else(|| GeographyError::Missing {
        file: path.with_extension("dbf").file_name().unwrap_or_default().to_string_lossy().into_owned(),
    })?;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let declared = companion("cpg")?.and_then(|bytes| TextEncoding::named(&text(bytes)));
    let length = (shapes.len() + table.len()) as u64;
    let table = AttributeTable::open(&table, encoding.or(declared))?;
    let reference = companion("prj")?.map(text).filter(|text| !text.trim().is_empty()).map(Reference::Text);
    let mut layer = Layer {
        reference,
        encoding: (table.encoding != TextEncoding::UTF8).then(|| table.encoding.name()),
        rings_unsorted: true,
        ..Layer::of_file(length)
    };
    let shapes = polygons(shapes)?;
    if shapes.len() != table.len() {
        let row = shapes.len().min(table.len()) as u64 + 1;
        return Err(GeographyError::Damaged { part: "dbf", row: Some(row) });
    }
    for (row, polygons) in shapes.into_iter().enumerate() {
        match table.row(row) {
            Some(properties) => layer.push(properties, polygons)?,
            None => layer.push([], Polygons::new())?,
        }
    }
    Ok(layer.finish())
}

/// The other files of a shapefile that matter, with their extensions; none for a file of another format.
pub fn companions(path: &Path) -> Vec<(&'static str, PathBuf)> {
    if !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("shp")) {
        return Vec::new();
    }
    ["dbf", "prj", "cpg"].into_iter().filter_map(|extension| Some((extension, beside(path, extension)?))).collect()
}

/// The file of the same name with another extension, in lower or upper case.
pub(crate) fn beside(path: &Path, extension: &str) -> Option<PathBuf> {
    [extension.to_owned(), extension.to_uppercase()]
        .iter()
        .map(|extension| path.with_extension(extension))
        .find(|path| path.is_file())
}

/// Whether the content is that of a `.shp` (or `.shx`) file.
pub(crate) fn is_shapefile(bytes: &[u8]) -> bool {
    bytes.starts_with(&9994i32.to_be_bytes())
}

/// The rings of every record, all in one polygon; records that are no polygons have none.
fn polygons(bytes: &[u8]) -> Result<Vec<Polygons>, GeographyError> {
    let mut shapes = Vec::new();
    let mut rest = bytes.get(100..).ok_or(GeographyError::Damaged { part: "shapefile", row: None })?;
    while !rest.is_empty() {
        let damaged = GeographyError::Damaged { part: "shapefile", row: Some(shapes.len() as u64 + 1) };
        let record = rest.get(4..8).and_then(|length| {
            let words = u32::from_be_bytes([length[0], length[1], length[2], length[3]]);
            rest.get(8..8usize.checked_add(words as usize * 2)?)
        });
        let rings = record.and_then(rings).ok_or(damaged)?;
        shapes.push(if rings.is_empty() { Polygons::new() } else { vec![rings] });
        rest = &rest[8 + record.map_or(0, <[u8]>::len)..];
    }
    Ok(shapes)
}

fn rings(record: &[u8]) -> Option<Vec<Ring>> {
    let number = |at: usize| record.get(at..at + 4).map(|b| i32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    // Polygons plain, with height, and with a measure begin alike.
    if !matches!(number(0)?, 5 | 15 | 25) {
        return Some(Vec::new());
    }
    let parts = usize::try_from(number(36)?).ok()?;
    let count = usize::try_from(number(40)?).ok()?;
    let starts = record.get(44..44usize.checked_add(parts.checked_mul(4)?)?)?;
    let points = record.get(44 + starts.len()..)?.get(..count.checked_mul(16)?)?;
    let mut starts: Vec<usize> = starts
        .chunks_exact(4)
        .map(|b| usize::try_from(i32::from_le_bytes([b[0], b[1], b[2], b[3]])).ok())
        .collect::<Option<_>>()?;
    starts.push(count);
    starts
        .windows(2)
        .map(|pair| {
            let ring = points.get(pair[0].checked_mul(16)?..pair[1].checked_mul(16)?)?;
            Some(ring.chunks_exact(16).map(point).collect())
        })
        .collect()
}

fn point(bytes: &[u8]) -> [f64; 2] {
    [0, 8].map(|at| bytes[at..at + 8].try_into().map_or(f64::NAN, f64::from_le_bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: i32, starts: &[i32], points: &[[f64; 2]]) -> Vec<u8> {
        let mut content = kind.to_le_bytes().to_vec();
        content.extend([0u8; 32]);
        content.extend((starts.len() as i32).to_le_bytes());
        content.extend((points.len() as i32).to_le_bytes());
        starts.iter().for_each(|start| content.extend(start.to_le_bytes()));
        points.iter().flatten().for_each(|number| content.extend(number.to_le_bytes()));
        let mut record = 1i32.to_be_bytes().to_vec();
        record.extend((content.len() as i32 / 2).to_be_bytes());
        record.extend(content);
        record
    }

    #[test]
    fn rings_are_cut_where_parts_start() {
        let points = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [5.0, 5.0], [5.0, 6.0], [6.0, 5.0]];
        let mut bytes = vec![0; 100];
        bytes.extend(record(5, &[0, 3], &points));
        bytes.extend(record(1, &[], &[]));
        let shapes = polygons(&bytes).unwrap();
        assert_eq!(shapes, [vec![vec![points[..3].to_vec(), points[3..].to_vec()]], vec![]]);
    }

    #[test]
    fn counts_beyond_the_record_are_damage() {
        let good = record(5, &[0], &[[0.0, 0.0], [0.0, 1.0], [1.0, 0.0]]);
        for (at, value) in [(44, i32::MAX), (48, i32::MAX), (48, -1), (52, 7), (52, -1)] {
            let mut bytes = vec![0; 100];
            bytes.extend(&good);
            bytes[100 + at..100 + at + 4].copy_from_slice(&value.to_le_bytes());
            assert!(polygons(&bytes).is_err(), "{at} {value}");
        }
    }
}
