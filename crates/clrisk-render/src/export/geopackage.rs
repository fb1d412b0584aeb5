//! The municipalities as an OGC GeoPackage 1.3, for QGIS and the like.

use std::path::Path;

use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection};

use super::geography::{Feature, features};
use super::{ExportError, is_rank};
use crate::study::Study;

/// `GPKG`, as SQLite keeps it in the head of the file.
const APPLICATION: i64 = 0x4750_4B47;
/// Version 1.3 of the standard.
const VERSION: i64 = 10_300;
/// The table of municipalities.
const TABLE: &str = "municipalities";
/// Statements that every GeoPackage begins with (OGC 12-128r18, annex C), with the two systems the standard asks for and WGS 84.
const BEGINNING: [&str; 4] = [
    "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL, \
     organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)",
    "CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, \
     description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, \
     srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id))",
    "CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL REFERENCES gpkg_contents(table_name), \
     column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL REFERENCES \
     gpkg_spatial_ref_sys(srs_id), z TINYINT NOT NULL, m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name))",
    "INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined Cartesian', -1, 'NONE', -1, 'undefined', NULL), \
     ('Undefined geographic', 0, 'NONE', 0, 'undefined', NULL), ('WGS 84', 4326, 'EPSG', 4326, \
     'GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563]],PRIMEM[\"Greenwich\",0],\
     UNIT[\"degree\",0.0174532925199433],AUTHORITY[\"EPSG\",\"4326\"]]', 'longitude, latitude')",
];

/// The municipalities, by way of a temporary file, because a database needs one.
///
/// # Errors
/// [`ExportError`] when the boundaries cannot be read or the temporary file cannot be written.
pub async fn geopackage(study: &Study) -> Result<Vec<u8>, ExportError> {
    let failed = |source| ExportError::Io { path: std::env::temp_dir(), source };
    let folder = tempfile::tempdir().map_err(failed)?;
    let path = folder.path().join("municipalities.gpkg");
    write(study, &path).await?;
    std::fs::read(&path).map_err(failed)
}

async fn write(study: &Study, path: &Path) -> Result<(), ExportError> {
    let features = features(study)?;
    let failed = |source| ExportError::GeoPackage { source };
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Memory)
        .pragma("application_id", APPLICATION.to_string())
        .pragma("user_version", VERSION.to_string());
    let mut connection = options.connect().await.map_err(failed)?;
    fill(&mut connection, study, &features).await.map_err(failed)?;
    connection.close().await.map_err(failed)
}

async fn fill(connection: &mut SqliteConnection, study: &Study, features: &[Feature]) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    for statement in BEGINNING {
        sqlx::query(statement).execute(&mut *transaction).await?;
    }
    let columns: Vec<&String> = features.first().into_iter().flat_map(|feature| feature.properties.keys()).collect();
    let kind = |column: &str| match features
        .iter()
        .find_map(|feature| Some(&feature.properties[column]).filter(|value| !value.is_null()))
    {
        Some(Value::Number(_)) if is_rank(column) => "INTEGER",
        Some(Value::Number(_)) => "REAL",
        _ => "TEXT",
    };
    // The names are those of our own table, never a reader's.
    let definitions: String = columns.iter().map(|column| format!(", \"{column}\" {}", kind(column))).collect();
    let create =
        format!("CREATE TABLE {TABLE} (fid INTEGER PRIMARY KEY AUTOINCREMENT, geom MULTIPOLYGON{definitions})");
    sqlx::query(sqlx::AssertSqlSafe(create)).execute(&mut *transaction).await?;
    let extent = features.iter().fold(None, |extent, feature| grown(extent, &feature.geometry));
    let [west, south, east, north] = extent.unwrap_or([0.0; 4]);
    let manifest = study.manifest();
    let day = manifest.signature.as_ref().map_or("2000-01-01", |signature| signature.date.as_str());
    sqlx::query("INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?, 4326)")
        .bind(TABLE)
        .bind(TABLE)
        .bind(format!("{} {}", manifest.project, manifest.release.as_deref().unwrap_or("draft")))
        .bind(format!("{day}T00:00:00.000Z"))
        .bind(west)
        .bind(south)
        .bind(east)
        .bind(north)
        .execute(&mut *transaction)
        .await?;
    sqlx::query("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'MULTIPOLYGON', 4326, 0, 0)")
        .bind(TABLE)
        .execute(&mut *transaction)
        .await?;
    let names: String = columns.iter().map(|column| format!(", \"{column}\"")).collect();
    let marks = ", ?".repeat(columns.len());
    let insert = format!("INSERT INTO {TABLE} (geom{names}) VALUES (?{marks})");
    for feature in features {
        let mut query = sqlx::query(sqlx::AssertSqlSafe(insert.clone())).bind(geometry(&feature.geometry));
        for column in &columns {
            query = match &feature.properties[column.as_str()] {
                Value::Number(number) if is_rank(column) => query.bind(number.as_i64()),
                Value::Number(number) => query.bind(number.as_f64()),
                Value::String(text) => query.bind(text.clone()),
                Value::Null => query.bind(None::<String>),
                other => query.bind(other.to_string()),
            };
        }
        query.execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

/// The polygons of a GeoJSON geometry as lists of rings of positions.
fn polygons(geometry: &Value) -> Vec<Vec<Vec<[f64; 2]>>> {
    let position = |value: &Value| Some([value.get(0)?.as_f64()?, value.get(1)?.as_f64()?]);
    let ring = |value: &Value| value.as_array().into_iter().flatten().filter_map(position).collect::<Vec<_>>();
    let polygon = |value: &Value| value.as_array().into_iter().flatten().map(ring).collect::<Vec<_>>();
    let coordinates = geometry.get("coordinates");
    match (geometry.get("type").and_then(Value::as_str), coordinates) {
        (Some("Polygon"), Some(coordinates)) => vec![polygon(coordinates)],
        (Some("MultiPolygon"), Some(coordinates)) => {
            coordinates.as_array().into_iter().flatten().map(polygon).collect()
        }
        _ => Vec::new(),
    }
}

fn grown(extent: Option<[f64; 4]>, geometry: &Value) -> Option<[f64; 4]> {
    polygons(geometry).iter().flatten().flatten().fold(extent, |extent, &[x, y]| {
        let [west, south, east, north] = extent.unwrap_or([x, y, x, y]);
        Some([west.min(x), south.min(y), east.max(x), north.max(y)])
    })
}

/// A geometry as GeoPackage binary: header with envelope, then well-known binary, all little-endian; none when it is empty.
fn geometry(value: &Value) -> Option<Vec<u8>> {
    let polygons = polygons(value);
    let [west, south, east, north] = grown(None, value)?;
    // Version 0; flags: little-endian, an envelope of two axes.
    let mut bytes = b"GP\x00\x03".to_vec();
    bytes.extend(4326i32.to_le_bytes());
    for bound in [west, east, south, north] {
        bytes.extend(bound.to_le_bytes());
    }
    let head = |bytes: &mut Vec<u8>, kind: u32, parts: usize| {
        bytes.push(1);
        bytes.extend(kind.to_le_bytes());
        bytes.extend((parts as u32).to_le_bytes());
    };
    head(&mut bytes, 6, polygons.len());
    for polygon in &polygons {
        head(&mut bytes, 3, polygon.len());
        for ring in polygon {
            bytes.extend((ring.len() as u32).to_le_bytes());
            for position in ring {
                for coordinate in position {
                    bytes.extend(coordinate.to_le_bytes());
                }
            }
        }
    }
    Some(bytes)
}
