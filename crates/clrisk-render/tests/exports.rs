//! Exports, read back by other programs' readers.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use clrisk_core::bundle::Stage;
use clrisk_core::table::Table;
use clrisk_core::{Catalog, Language, Level};
use clrisk_render::export::{self, Dataset};
use clrisk_render::{Study, Words};
use sqlx::{Connection, Row};

use common::{WITHHELD, bundle, grid};

fn study() -> Study {
    Study::new(bundle(&grid(60), Stage::Release)).unwrap()
}

#[test]
fn a_workbook_has_native_numbers_text_codes_and_explains_every_column() {
    let catalog = Catalog::load();
    let study = study();
    for language in Language::ALL {
        let words = Words::new(&catalog, language, study.manifest());
        let bytes = export::workbook(&study, &words).unwrap();
        assert_eq!(bytes, export::workbook(&study, &words).unwrap(), "the same bytes twice");
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let names = workbook.sheet_names();
        assert_eq!(names.len(), 6, "{names:?}");
        let municipalities = workbook.worksheet_range(&names[1]).unwrap();
        let head: Vec<String> = municipalities.rows().next().unwrap().iter().map(ToString::to_string).collect();
        let column = |name: &str| head.iter().position(|found| found == name).unwrap();
        let row = municipalities.rows().nth(1).unwrap();
        assert_eq!(row[column("code")], Data::String("0101".to_owned()));
        assert!(matches!(row[column("rate")], Data::Float(rate) if rate > 0.0 && rate < 1.0));
        let withheld = municipalities.rows().nth(WITHHELD + 1).unwrap();
        assert_eq!(withheld[column("rate")], Data::Empty);
        let explained = workbook.worksheet_range(names.last().unwrap()).unwrap();
        for row in explained.rows() {
            assert_ne!(row[0].to_string(), row[1].to_string(), "{language}: a column without an explanation");
        }
    }
}

#[test]
fn parquet_comes_back_with_a_type_a_column_and_nothing_withheld() {
    let study = study();
    let folder = tempfile::tempdir().unwrap();
    for dataset in Dataset::ALL {
        let path = folder.path().join(format!("{}.parquet", dataset.code()));
        std::fs::write(&path, dataset.parquet(&study).unwrap()).unwrap();
        let table = Table::read(&path).unwrap();
        assert_eq!(table.rows(), dataset.table(&study).rows.len(), "{}", dataset.code());
        if dataset == Dataset::Municipalities {
            assert_eq!(table.texts("code").unwrap()[0].as_deref(), Some("0101"));
            assert_eq!(table.numbers("rate").unwrap()[WITHHELD], None);
            assert!(table.wholes("class").unwrap()[0].is_some());
        }
    }
}

#[tokio::test]
async fn a_geopackage_has_every_municipality_with_its_boundary_in_wgs_84() {
    let study = study();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.gpkg");
    std::fs::write(&path, export::geopackage(&study).await.unwrap()).unwrap();
    let mut connection = sqlx::SqliteConnection::connect(&format!("sqlite:{}", path.display())).await.unwrap();
    let id: i64 = sqlx::query("PRAGMA application_id").fetch_one(&mut connection).await.unwrap().get(0);
    assert_eq!(id, 0x4750_4B47);
    let rows = sqlx::query("SELECT code, rate, geom, status FROM municipalities ORDER BY fid")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert_eq!(rows.len(), 60);
    assert_eq!(rows[0].get::<String, _>(0), "0101");
    assert_eq!(rows[WITHHELD].get::<Option<f64>, _>(1), None);
    assert_eq!(rows[WITHHELD].get::<String, _>(3), "suppressed");
    let geometry: Vec<u8> = rows[0].get(2);
    assert_eq!(&geometry[..4], b"GP\0\x03");
    let number = |at: usize| f64::from_le_bytes(geometry[at..at + 8].try_into().unwrap());
    let extent = [8, 16, 24, 32].map(number);
    assert!((extent[0] + 90.0).abs() < 0.01 && (extent[2] - 14.0).abs() < 0.01, "{extent:?}");
}

#[test]
fn an_archive_has_readme_and_licence_and_the_same_bytes_twice() {
    let catalog = Catalog::load();
    let study = study();
    let words = Words::new(&catalog, Language::Es, study.manifest());
    let bytes = export::archive(&study, &words).unwrap();
    assert_eq!(bytes, export::archive(&study, &words).unwrap());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut read = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let readme = read("README.txt");
    assert!(readme.contains("2026-1") && readme.contains("rate_lower: ") && readme.contains("suppressed: "));
    assert!(read("LICENCE.txt").contains("licencia"));
    let spreadsheet = read("excel/municipalities.csv");
    assert!(spreadsheet.starts_with("\u{feff}code;name;"), "Argentina writes decimal commas");
    assert!(read("csv/municipalities.csv").starts_with("code,name,"));
}

#[test]
fn no_export_holds_a_withheld_figure() {
    let study = study();
    for dataset in [Dataset::Municipalities, Dataset::Estimates] {
        assert!(!dataset.table(&study).csv().contains("0.4242"), "{}", dataset.code());
    }
    assert!(!export::geojson(&study).unwrap().contains("0.4242"));
    let code = &grid(60)[WITHHELD].code;
    for dataset in [Dataset::Factors, Dataset::Levers] {
        assert!(!dataset.table(&study).csv().contains(&format!("\r\n{code},")), "{}", dataset.code());
    }
    assert!(study.level(Level::Municipality).count() == 60);
}
