//! A boundary file from its path to polygons on WGS 84, with an account of everything that was done to it.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use clrisk_core::{Finding, Place};

use crate::error::GeographyError;
use crate::geojson::Document;
use crate::layer::Layer;
use crate::projection::{self, DatumShift, Reprojection};
use crate::repair::{Repair, repair};
use crate::text_encoding::TextEncoding;
use crate::{Polygons, flatgeobuf, geojson, geopackage, shapefile, topojson};

/// What a person knows of a file that the file does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The layer of a GeoPackage, or the object of a TopoJSON file.
    pub layer: Option<String>,
    /// The coordinate reference system: `EPSG:32615`, a definition of PROJ (`+proj=...`) or well-known text. Overrules the file.
    pub projection: Option<String>,
    /// The encoding of the texts of a shapefile, a GeoJSON or a TopoJSON file. Overrules the file.
    pub encoding: Option<String>,
}

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// GeoJSON.
    GeoJson,
    /// TopoJSON.
    TopoJson,
    /// ESRI shapefile.
    Shapefile,
    /// OGC GeoPackage.
    GeoPackage,
    /// FlatGeobuf.
    FlatGeobuf,
}

/// The features of a boundary file.
#[derive(Debug, Clone, PartialEq)]
pub struct BoundaryFile {
    /// Properties by name, one value a feature; numbers are written as text without decimals they do not have.
    pub properties: BTreeMap<String, Vec<Option<String>>>,
    /// Geometry, one a feature.
    pub polygons: Vec<Polygons>,
    /// The format the file turned out to have.
    pub format: Format,
    /// The system the coordinates were in, when they had to be brought to WGS 84.
    pub reprojection: Option<Reprojection>,
    /// What was mended.
    pub repair: Repair,
    /// Features left out because they have no polygon.
    pub without_polygon: u64,
    /// The encoding of texts when it was not UTF-8.
    pub encoding: Option<String>,
}

impl BoundaryFile {
    /// Reads a file; its format is found by content, the extension only helps where a shapefile is named by one of its companions.
    ///
    /// # Errors
    /// See [`GeographyError`].
    pub async fn read(path: &Path, options: &ReadOptions) -> Result<BoundaryFile, GeographyError> {
        let path = main_file(path);
        let shown = || path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let io = GeographyError::Damaged { part: "io", row: None };
        let metadata = std::fs::metadata(&path).map_err(|_| GeographyError::Missing { file: shown() })?;
        if metadata.len() == 0 {
            return Err(GeographyError::Empty);
        }
        let mut file = std::fs::File::open(&path).map_err(|_| io.clone())?;
        let mut bytes = Vec::new();
        file.by_ref().take(16).read_to_end(&mut bytes).map_err(|_| io.clone())?;
        if geopackage::is_database(&bytes) {
            let layer = geopackage::layer(&path, options.layer.as_deref(), metadata.len()).await?;
            return finish(layer, Format::GeoPackage, options);
        }
        file.read_to_end(&mut bytes).map_err(|_| io)?;
        if flatgeobuf::is_flatgeobuf(&bytes) {
            return finish(flatgeobuf::layer(&bytes)?, Format::FlatGeobuf, options);
        }
        if shapefile::is_shapefile(&bytes) {
            let layer = shapefile::layer(&path, &bytes, encoding(options), metadata.len().saturating_mul(1000))?;
            return finish(layer, Format::Shapefile, options);
        }
        read_document(&bytes, options)
    }

    /// What was done to the file shown as `shown`, as findings.
    pub fn findings(&self, shown: &str) -> Vec<Finding> {
        let note = |code: &str| Finding::note(code, Place::file(shown)).with("file", shown);
        let mut findings = Vec::new();
        if let Some(Reprojection { from, datum }) = &self.reprojection {
            findings.push(note("GEO-003").with("from", from));
            match datum {
                DatumShift::None | DatumShift::Given => {}
                DatumShift::Mean { datum, accuracy } => {
                    findings.push(note("GEO-005").with("datum", datum).with("metres", accuracy));
                }
                DatumShift::Unknown { datum } => findings
                    .push(Finding::warning("GEO-008", Place::file(shown)).with("file", shown).with("datum", datum)),
            }
        }
        if self.repair.is_worth_telling() {
            findings.push(self.repair_finding(note("GEO-006")));
        }
        if self.without_polygon > 0 {
            findings.push(note("GEO-007").with("count", self.without_polygon));
        }
        if let Some(encoding) = &self.encoding {
            findings.push(note("GEO-011").with("encoding", encoding));
        }
        findings
    }

    fn repair_finding(&self, mut finding: Finding) -> Finding {
        let repair = &self.repair;
        for (count, reason) in [
            (repair.unclosed, "reason-ring-unclosed"),
            (repair.repeated, "reason-point-repeated"),
            (repair.spikes, "reason-point-spike"),
            (repair.empty, "reason-ring-empty"),
            (repair.crossing.len() as u64, "reason-feature-crossing"),
            (repair.lost.len() as u64, "reason-feature-lost"),
        ] {
            if count > 0 {
                finding = finding.detail(format!("{count}  {reason}"));
            }
        }
        let [before, after] = repair.area;
        finding.with("area", format!("{:.3}", (after - before).abs()))
    }
}

/// Reads the text of a GeoJSON or TopoJSON file.
///
/// # Errors
/// See [`GeographyError`].
pub fn read_document(bytes: &[u8], options: &ReadOptions) -> Result<BoundaryFile, GeographyError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => return Err(GeographyError::Empty),
        Some(b'{') => {}
        Some(_) => return Err(GeographyError::UnknownFormat),
    }
    let encoding = encoding(options).or_else(|| std::str::from_utf8(bytes).is_err().then_some(TextEncoding::WINDOWS));
    let text = encoding.map(|encoding| encoding.decode(bytes));
    let mut document: Document = match &text {
        Some(text) => serde_json::from_str(text),
        None => serde_json::from_slice(bytes),
    }
    .map_err(|error| GeographyError::Damaged { part: "json", row: Some(error.line() as u64) })?;
    document.length = bytes.len() as u64;
    let (mut layer, format) = match document.kind.as_str() {
        "FeatureCollection" | "Feature" => (geojson::layer(document)?, Format::GeoJson),
        "Topology" => (topojson::layer(document, options.layer.as_deref())?, Format::TopoJson),
        _ => return Err(GeographyError::NoPolygons),
    };
    layer.encoding = encoding.filter(|encoding| *encoding != TextEncoding::UTF8).map(TextEncoding::name);
    finish(layer, format, options)
}

fn encoding(options: &ReadOptions) -> Option<TextEncoding> {
    options.encoding.as_deref().and_then(TextEncoding::named)
}

/// The `.shp` beside a file of a shapefile that was named instead.
fn main_file(path: &Path) -> PathBuf {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    match extension.as_str() {
        "dbf" | "shx" | "prj" | "cpg" => shapefile::beside(path, "shp").unwrap_or_else(|| path.to_owned()),
        _ => path.to_owned(),
    }
}

fn finish(mut layer: Layer, format: Format, options: &ReadOptions) -> Result<BoundaryFile, GeographyError> {
    if layer.polygons.is_empty() {
        return Err(GeographyError::NoPolygons);
    }
    let reference = options.projection.as_deref().map(projection::named).or(layer.reference.take());
    let reprojection = match &reference {
        Some(reference) => projection::to_wgs84(&mut layer, reference)?,
        None => None,
    };
    let outside = layer.rings_mut().flat_map(|ring| ring.iter()).any(|[longitude, latitude]| {
        // What is not a number is left to the repair.
        longitude.abs() > 180.0 + 1e-9 || latitude.abs() > 90.0 + 1e-9
    });
    if outside {
        return Err(GeographyError::NotLongitudeLatitude);
    }
    let repair = repair(&mut layer.polygons, layer.rings_unsorted);
    if layer.polygons.iter().all(Vec::is_empty) {
        return Err(GeographyError::NoPolygons);
    }
    Ok(BoundaryFile {
        properties: layer.properties,
        polygons: layer.polygons,
        format,
        reprojection,
        repair,
        without_polygon: layer.without_polygon,
        encoding: layer.encoding,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<BoundaryFile, GeographyError> {
        read_document(text, &ReadOptions::default())
    }

    fn collection(member: &str, ring: &str, name: &str) -> String {
        format!(
            r#"{{"features":[{{"geometry":{{"coordinates":[{ring}],"type":"Polygon"}},"properties":{{"name":"{name}"}},"type":"Feature"}},
            {{"type":"Feature","geometry":null}},{{"type":"Feature","geometry":{{"type":"Point","coordinates":[1,2,3]}}}}],
            {member}"type":"FeatureCollection"}}"#
        )
    }

    const RING: &str = "[[-90,14],[-89,14,5],[-89,15],[-90,14]]";

    #[test]
    fn members_in_any_order_heights_and_features_without_polygon_are_read_and_counted() {
        let file = read(collection("", RING, "x").as_bytes()).unwrap();
        assert_eq!(file.polygons, [vec![vec![vec![[-90.0, 14.0], [-89.0, 14.0], [-89.0, 15.0], [-90.0, 14.0]]]]]);
        assert_eq!((file.without_polygon, file.format), (2, Format::GeoJson));
        assert_eq!(file.findings("f")[0].code, "GEO-007");
    }

    #[test]
    fn a_latin_1_file_is_read_and_said_to_be_one() {
        let text: Vec<u8> = collection("", RING, "Ñuñoa").chars().map(|c| c as u8).collect();
        let file = read(&text).unwrap();
        assert_eq!(file.properties["name"], [Some("Ñuñoa".to_owned())]);
        assert_eq!(file.encoding.as_deref(), Some("windows-1252"));
    }

    #[test]
    fn coordinates_that_are_no_degrees_need_a_system_and_find_it_in_the_setting() {
        let ring = "[[500000,1600000],[510000,1600000],[510000,1610000],[500000,1600000]]";
        let text = collection("", ring, "x");
        assert_eq!(read(text.as_bytes()).unwrap_err(), GeographyError::NotLongitudeLatitude);
        let options = ReadOptions { projection: Some("EPSG:32615".to_owned()), ..ReadOptions::default() };
        let file = read_document(text.as_bytes(), &options).unwrap();
        let [x, y] = file.polygons[0][0][0][0];
        // The central meridian of zone 15 is 93 degrees west.
        assert!((x + 93.0).abs() < 1e-9 && (14.0..15.0).contains(&y), "{x} {y}");
        assert_eq!(file.findings("f")[0].code, "GEO-003");
        let member = r#""crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32615"}},"#;
        assert_eq!(read(collection(member, ring, "x").as_bytes()).unwrap().polygons, file.polygons);
        let unknown = ReadOptions { projection: Some("Local 7".to_owned()), ..ReadOptions::default() };
        let error = read_document(text.as_bytes(), &unknown).unwrap_err();
        assert_eq!(error, GeographyError::UnknownReferenceSystem { name: "Local 7".to_owned() });
    }

    #[test]
    fn what_is_no_map_is_an_error_with_its_place() {
        for (text, error) in [
            ("", GeographyError::Empty),
            ("  \n", GeographyError::Empty),
            ("a,b\n1,2\n", GeographyError::UnknownFormat),
            ("{\n\"type\":", GeographyError::Damaged { part: "json", row: Some(2) }),
            ("{}", GeographyError::NoPolygons),
            (r#"{"type":"FeatureCollection","features":[]}"#, GeographyError::NoPolygons),
        ] {
            assert_eq!(read(text.as_bytes()).unwrap_err(), error, "{text}");
        }
        let deep = format!(r#"{{"type":"Feature","geometry":{{"type":"Polygon","coordinates":{}"#, "[".repeat(100_000));
        assert!(matches!(read(deep.as_bytes()), Err(GeographyError::Damaged { .. })));
    }
}
