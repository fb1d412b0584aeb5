//! FlatGeobuf, over the verified buffers of the `flatgeobuf` crate. Sizes are compared with the file before anything is
//! reserved, and properties are decoded here: the crate's own decoders trust both.
//!
//! Source: FlatGeobuf specification 3.0, <https://flatgeobuf.org>.

use flatgeobuf::{
    ColumnType, Geometry, GeometryType, Header, size_prefixed_root_as_feature, size_prefixed_root_as_header,
};

use crate::error::GeographyError;
use crate::layer::{Layer, Reference, number_text};
use crate::{Polygon, Polygons};

/// Parts of collections are not nested deeper in a map.
const DEEPEST: u32 = 8;

/// Bytes of the name of a property.
const LONGEST_NAME: usize = 1_024;

fn damaged(row: Option<u64>) -> GeographyError {
    GeographyError::Damaged { part: "flatgeobuf", row }
}

/// Whether the content is that of a FlatGeobuf file.
pub(crate) fn is_flatgeobuf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"fgb")
}

/// Reads all features.
pub(crate) fn layer(bytes: &[u8]) -> Result<Layer, GeographyError> {
    let (header_bytes, rest) = bytes.get(8..).and_then(sized).ok_or_else(|| damaged(None))?;
    let header = size_prefixed_root_as_header(header_bytes).map_err(|_| damaged(None))?;
    let mut rest = rest.get(index_size(&header).ok_or_else(|| damaged(None))?..).ok_or_else(|| damaged(None))?;
    let mut layer = Layer { reference: reference(&header), ..Layer::of_file(bytes.len() as u64) };
    let mut number = 0;
    while !rest.is_empty() {
        number += 1;
        let error = || damaged(Some(number));
        let (feature_bytes, after) = sized(rest).ok_or_else(error)?;
        let feature = size_prefixed_root_as_feature(feature_bytes).map_err(|_| error())?;
        rest = after;
        let mut polygons = Polygons::new();
        if let Some(geometry) = feature.geometry() {
            // Parts may be used more than once in the buffer; what they hold may not exceed it.
            let mut budget = feature_bytes.len() / 16;
            collect(&geometry, header.geometry_type(), &mut polygons, &mut budget, 0).ok_or_else(error)?;
        }
        let own = feature.columns();
        let columns = own.or(header.columns());
        let columns: Vec<(&str, ColumnType)> =
            columns.iter().flatten().map(|column| (column.name(), column.type_())).collect();
        let values = match feature.properties() {
            Some(bytes) => properties(bytes.bytes(), &columns).ok_or_else(error)?,
            None => Vec::new(),
        };
        layer.push(values, polygons)?;
    }
    if header.features_count() > 0 && header.features_count() != number {
        return Err(damaged(Some(number + 1)));
    }
    Ok(layer.finish())
}

/// A buffer with its size before it, and what follows.
fn sized(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let size = u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?) as usize;
    // Less than a root offset and a table is no buffer.
    (size >= 8).then(|| bytes.split_at_checked(size.checked_add(4)?)).flatten()
}

/// Bytes of the spatial index: 40 a node of a packed tree over the features.
fn index_size(header: &Header<'_>) -> Option<usize> {
    let (features, width) = (header.features_count(), u64::from(header.index_node_size()));
    if width == 0 || features == 0 {
        return Some(0);
    }
    let (mut level, mut nodes) = (features, features);
    // There is a root even above a single leaf.
    loop {
        level = level.div_ceil(width.max(2));
        nodes = nodes.checked_add(level)?;
        if level == 1 {
            break;
        }
    }
    usize::try_from(nodes.checked_mul(40)?).ok()
}

fn reference(header: &Header<'_>) -> Option<Reference> {
    let crs = header.crs()?;
    let epsg = crs.org().is_none_or(|org| org.eq_ignore_ascii_case("epsg"));
    match (u32::try_from(crs.code()).ok().filter(|&code| code > 0 && epsg), crs.wkt()) {
        (Some(code), _) => Some(Reference::Epsg(code)),
        (None, Some(text)) if !text.is_empty() => Some(Reference::Text(text.to_owned())),
        _ => crs.name().map(|name| Reference::Named(name.to_owned())),
    }
}

fn collect(
    geometry: &Geometry<'_>,
    kind: GeometryType,
    found: &mut Polygons,
    budget: &mut usize,
    depth: u32,
) -> Option<()> {
    let kind = if kind == GeometryType::Unknown { geometry.type_() } else { kind };
    match kind {
        GeometryType::Polygon => {
            *budget = budget.checked_sub(geometry.xy().map_or(0, |numbers| numbers.len() / 2).max(1))?;
            let polygon = polygon(geometry)?;
            if !polygon.is_empty() {
                found.push(polygon);
            }
        }
        GeometryType::MultiPolygon | GeometryType::GeometryCollection if depth < DEEPEST => {
            let inner = if kind == GeometryType::MultiPolygon { GeometryType::Polygon } else { GeometryType::Unknown };
            for part in geometry.parts().iter().flatten() {
                collect(&part, inner, found, budget, depth + 1)?;
            }
        }
        _ => {}
    }
    Some(())
}

fn polygon(geometry: &Geometry<'_>) -> Option<Polygon> {
    let Some(coordinates) = geometry.xy() else { return Some(Vec::new()) };
    let points: Vec<[f64; 2]> =
        (0..coordinates.len() / 2).map(|at| [coordinates.get(2 * at), coordinates.get(2 * at + 1)]).collect();
    let ends: Vec<usize> = match geometry.ends() {
        Some(ends) if !ends.is_empty() => ends.iter().map(|end| end as usize).collect(),
        _ => vec![points.len()],
    };
    let mut start = 0;
    ends.into_iter()
        .map(|end| {
            let ring = points.get(start..end)?.to_vec();
            start = end;
            Some(ring)
        })
        .collect()
}

/// Pairs of column number and value, one after the other.
fn properties(mut bytes: &[u8], columns: &[(&str, ColumnType)]) -> Option<Vec<(String, Option<String>)>> {
    fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
        let (head, rest) = bytes.split_first_chunk::<N>()?;
        *bytes = rest;
        Some(*head)
    }
    let mut values = Vec::new();
    while !bytes.is_empty() {
        let (name, kind) = columns.get(usize::from(u16::from_le_bytes(take(&mut bytes)?)))?;
        let value = match *kind {
            ColumnType::Byte => i8::from_le_bytes(take(&mut bytes)?).to_string(),
            ColumnType::UByte => u8::from_le_bytes(take(&mut bytes)?).to_string(),
            ColumnType::Bool => (take::<1>(&mut bytes)? != [0]).to_string(),
            ColumnType::Short => i16::from_le_bytes(take(&mut bytes)?).to_string(),
            ColumnType::UShort => u16::from_le_bytes(take(&mut bytes)?).to_string(),
            ColumnType::Int => i32::from_le_bytes(take(&mut bytes)?).to_string(),
            ColumnType::UInt => u32::from_le_bytes(take(&mut bytes)?).to_string(),
            ColumnType::Long => i64::from_le_bytes(take(&mut bytes)?).to_string(),
            ColumnType::ULong => u64::from_le_bytes(take(&mut bytes)?).to_string(),
            ColumnType::Float => number_text(f64::from(f32::from_le_bytes(take(&mut bytes)?))),
            ColumnType::Double => number_text(f64::from_le_bytes(take(&mut bytes)?)),
            ColumnType::String | ColumnType::Json | ColumnType::DateTime | ColumnType::Binary => {
                let length = u32::from_le_bytes(take(&mut bytes)?) as usize;
                let (text, rest) = bytes.split_at_checked(length)?;
                bytes = rest;
                if *kind == ColumnType::Binary {
                    continue;
                }
                String::from_utf8_lossy(text).into_owned()
            }
            _ => return None,
        };
        // Many columns may share the bytes of one long name.
        if name.len() > LONGEST_NAME {
            return None;
        }
        values.push(((*name).to_owned(), Some(value)));
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_cut_short_or_of_unknown_columns_are_damage() {
        let columns = [("code", ColumnType::Int), ("name", ColumnType::String)];
        let bytes = [0, 0, 101, 0, 0, 0, 1, 0, 4, 0, 0, 0, b'M', b'o', b'c', b'a'];
        let values = properties(&bytes, &columns).unwrap();
        assert_eq!(values, [("code".to_owned(), Some("101".to_owned())), ("name".to_owned(), Some("Moca".to_owned()))]);
        for length in (1..bytes.len()).filter(|&length| length != 6) {
            assert_eq!(properties(&bytes[..length], &columns), None, "{length}");
        }
        assert_eq!(properties(&[2, 0, 1], &columns), None);
    }
}
