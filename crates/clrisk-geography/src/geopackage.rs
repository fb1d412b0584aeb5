//! GeoPackage: a SQLite database with a table of features and geometry as blobs.
//!
//! The database is opened read-only, and only ordinary tables are read: a view could compute whatever its author likes.
//!
//! Source: OGC GeoPackage 1.3, 1.1.2 "Spatial Reference Systems" and 2.1 "Features".

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{Connection, Row, TypeInfo, ValueRef};

use crate::error::GeographyError;
use crate::layer::{Layer, Reference, number_text};
use crate::well_known_binary::geopackage_polygons;

fn damaged(row: Option<u64>) -> GeographyError {
    GeographyError::Damaged { part: "geopackage", row }
}

/// Whether the content is that of a SQLite database.
pub(crate) fn is_database(bytes: &[u8]) -> bool {
    bytes.starts_with(b"SQLite format 3\0")
}

struct Table {
    name: String,
    geometry: String,
    system: i64,
}

/// Reads the layer `wanted`, or the only one. No blob may be larger than `most_bytes`, the size of the file.
pub(crate) async fn layer(path: &Path, wanted: Option<&str>, most_bytes: u64) -> Result<Layer, GeographyError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .immutable(true)
        .create_if_missing(false)
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON");
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(|_| damaged(None))?;
    let read = read(&mut connection, wanted, most_bytes).await;
    // Nothing was written; how closing ends changes nothing.
    let _ = connection.close().await;
    read
}

async fn read(
    connection: &mut SqliteConnection,
    wanted: Option<&str>,
    most_bytes: u64,
) -> Result<Layer, GeographyError> {
    let table = choose(tables(connection).await?, wanted)?;
    let names = columns(connection, &table.name).await?;
    if !names.contains(&table.geometry) {
        return Err(damaged(None));
    }
    let properties: Vec<&String> = names.iter().filter(|name| **name != table.geometry).collect();
    let geometry = quoted(&table.geometry);
    // A blob that the file could not hold was made by an expression; it is not fetched.
    let mut list = vec![format!("CASE WHEN length({geometry}) <= {most_bytes} THEN {geometry} ELSE x'00' END")];
    list.extend(properties.iter().map(|name| quoted(name)));
    // Pages of a damaged database may belong to many rows, or be their own parents.
    let lengths: Vec<String> = names.iter().map(|name| format!("total(length({}))", quoted(name))).collect();
    let sql = format!(
        "SELECT count(*), {} FROM (SELECT * FROM {} LIMIT {})",
        lengths.join(" + "),
        quoted(&table.name),
        most_bytes / 4
    );
    let sums = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_one(&mut *connection).await.map_err(|_| damaged(None))?;
    let (rows, bytes): (i64, f64) = (sums.try_get(0).unwrap_or(i64::MAX), sums.try_get(1).unwrap_or(f64::INFINITY));
    if rows >= (most_bytes / 4) as i64 || bytes > 2.0 * most_bytes as f64 {
        return Err(damaged(None));
    }
    let sql = format!("SELECT {} FROM {} ORDER BY rowid", list.join(", "), quoted(&table.name));
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *connection).await.map_err(|_| damaged(None))?;
    let mut layer = Layer { reference: reference(connection, table.system).await, ..Layer::of_file(most_bytes) };
    for (number, row) in rows.iter().enumerate() {
        let at = Some(number as u64 + 1);
        let blob: Option<&[u8]> = row.try_get_unchecked(0).map_err(|_| damaged(at))?;
        let polygons = match blob {
            Some(blob) => geopackage_polygons(blob).ok_or_else(|| damaged(at))?,
            None => Vec::new(),
        };
        let values = properties.iter().enumerate().map(|(index, name)| ((*name).clone(), text(row, index + 1)));
        layer.push(values, polygons)?;
    }
    Ok(layer.finish())
}

async fn tables(connection: &mut SqliteConnection) -> Result<Vec<Table>, GeographyError> {
    let rows = sqlx::query(
        "SELECT CAST(g.table_name AS TEXT), CAST(g.column_name AS TEXT), CAST(g.srs_id AS INTEGER) \
         FROM gpkg_geometry_columns g \
         JOIN gpkg_contents c ON c.table_name = g.table_name AND c.data_type = 'features' \
         JOIN sqlite_master m ON m.name = g.table_name AND m.type = 'table' \
         WHERE upper(g.geometry_type_name) NOT LIKE '%POINT' AND upper(g.geometry_type_name) NOT LIKE '%STRING' \
         ORDER BY 1",
    )
    .fetch_all(connection)
    .await
    .map_err(|_| damaged(None))?;
    rows.iter()
        .map(|row| {
            Some(Table { name: row.try_get(0).ok()?, geometry: row.try_get(1).ok()?, system: row.try_get(2).ok()? })
        })
        .collect::<Option<_>>()
        .ok_or_else(|| damaged(None))
}

fn choose(mut tables: Vec<Table>, wanted: Option<&str>) -> Result<Table, GeographyError> {
    let layers = || GeographyError::Layers { layers: tables.iter().map(|table| table.name.clone()).collect() };
    let position = match (wanted, tables.len()) {
        (Some(wanted), _) => tables.iter().position(|table| table.name == wanted).ok_or_else(layers)?,
        (None, 0) => return Err(GeographyError::NoPolygons),
        (None, 1) => 0,
        (None, _) => return Err(layers()),
    };
    Ok(tables.swap_remove(position))
}

async fn columns(connection: &mut SqliteConnection, table: &str) -> Result<Vec<String>, GeographyError> {
    // `table_info` lists no generated columns, which is as wanted.
    let rows = sqlx::query("SELECT name FROM pragma_table_info(?) ORDER BY cid")
        .bind(table)
        .fetch_all(connection)
        .await
        .map_err(|_| damaged(None))?;
    rows.iter().map(|row| row.try_get(0).map_err(|_| damaged(None))).collect()
}

/// The reference system of the layer; negative and zero identifiers are "undefined".
async fn reference(connection: &mut SqliteConnection, system: i64) -> Option<Reference> {
    let row = sqlx::query(
        "SELECT CAST(organization AS TEXT), CAST(organization_coordsys_id AS INTEGER), CAST(definition AS TEXT) \
         FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
    )
    .bind(system)
    .fetch_optional(connection)
    .await
    .ok()??;
    let organization: Option<String> = row.try_get(0).ok();
    let code: Option<i64> = row.try_get(1).ok();
    let definition: Option<String> = row.try_get(2).ok();
    if system <= 0 {
        return None;
    }
    match (organization, code.and_then(|code| u32::try_from(code).ok())) {
        (Some(organization), Some(code)) if organization.eq_ignore_ascii_case("epsg") => Some(Reference::Epsg(code)),
        _ => definition.map(Reference::Text),
    }
}

fn text(row: &SqliteRow, column: usize) -> Option<String> {
    let value = row.try_get_raw(column).ok().filter(|value| !value.is_null())?;
    let kind = value.type_info();
    match kind.name() {
        "INTEGER" | "BOOLEAN" => row.try_get_unchecked::<i64, _>(column).ok().map(|number| number.to_string()),
        "REAL" => row.try_get_unchecked::<f64, _>(column).ok().map(number_text),
        "BLOB" => None,
        _ => {
            let bytes: &[u8] = row.try_get_unchecked(column).ok()?;
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
