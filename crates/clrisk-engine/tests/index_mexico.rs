//! `examples/mexico` on the real files: from the raw indicator table to a draft whose points and classes are the published
//! ones.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use calamine::{Data, Reader, Xls, open_workbook};
use clrisk_core::index::IndexResults;
use clrisk_core::{Bundle, ValueStatus};
use clrisk_engine::folder::ProjectFolder;
use clrisk_engine::release::{SignatureRequest, release};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The example in a folder of its own, reading the real files where they are; none (said aloud) when they are absent.
fn project() -> Option<(tempfile::TempDir, PathBuf)> {
    let data = std::env::var_os("CLRISK_REAL_DATA").map_or_else(|| root().join("../shared/data"), PathBuf::from);
    if !data.join("indicators/mexico_conapo_coneval_2020").exists() {
        println!("SKIPPED: there is no {}", data.join("indicators/mexico_conapo_coneval_2020").display());
        return None;
    }
    let data = std::fs::canonicalize(data).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let settings = std::fs::read_to_string(root().join("examples/mexico/clrisk.toml")).unwrap();
    let settings = settings.replace("../../../shared/data", data.to_str().unwrap());
    // Fewer draws than the example: what is proved here does not depend on them.
    std::fs::write(
        folder.path().join("clrisk.toml"),
        settings.replace("draws = 1000", "draws = 60").replace("points = 250", "points = 12"),
    )
    .unwrap();
    std::fs::copy(root().join("examples/mexico/indicators.toml"), folder.path().join("indicators.toml")).unwrap();
    Some((folder, data))
}

/// Published index, normalised index and grade by municipality.
fn published(data: &Path) -> HashMap<String, (f64, f64, String)> {
    let mut book: Xls<_> = open_workbook(data.join("indicators/mexico_conapo_coneval_2020/IMM_2020.xls")).unwrap();
    let sheet = book.worksheet_range("IMM_2020").unwrap();
    let header: Vec<String> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
    let at = |name: &str| header.iter().position(|found| found == name).unwrap();
    let number = |cell: &Data| cell.to_string().parse::<f64>().unwrap();
    sheet
        .rows()
        .skip(1)
        .map(|row| {
            let values = (number(&row[at("IM_2020")]), number(&row[at("IMN_2020")]), row[at("GM_2020")].to_string());
            (row[at("CVE_MUN")].to_string(), values)
        })
        .collect()
}

#[test]
fn mexico_goes_from_its_raw_table_to_the_published_index_grades_and_a_signed_release() {
    let Some((folder, data)) = project() else { return };
    let project = ProjectFolder::new(folder.path());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let bundle = runtime.block_on(clrisk_engine::index::index(&project)).unwrap_or_else(|found| panic!("{found:?}"));
    let expected = published(&data);
    let index: &IndexResults = bundle.index.as_ref().unwrap();
    assert_eq!((index.areas.len(), expected.len()), (2469, 2469));
    let grades = ["Muy bajo", "Bajo", "Medio", "Alto", "Muy alto"];
    for area in &index.areas {
        let (value, normalised, grade) = &expected[&area.area];
        assert!((area.distance.unwrap() - value).abs() < 1e-9, "{}: index", area.area);
        assert!((area.points.unwrap() / 100.0 - normalised).abs() < 1e-11, "{}: normalised index", area.area);
        assert_eq!(grades[area.class.unwrap() as usize - 1], grade, "{}", area.area);
        assert!((area.membership.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }
    let report = &index.report;
    assert_eq!(report.distance.as_ref().unwrap().order[0], "ANALF");
    assert!(!report.uncertainty.as_ref().unwrap().sensitivity.is_empty() && !report.alternatives.is_empty());
    // Parts add up: what sets a municipality apart from the mean, summed over indicators, is its distance from the mean.
    let mean = index.areas.iter().filter_map(|area| area.points).sum::<f64>() / 2469.0;
    let first = &index.areas[0];
    let parts: f64 = index
        .scores
        .iter()
        .filter(|score| score.area == first.area && score.kind == "indicator")
        .filter_map(|score| score.difference)
        .sum();
    assert!((parts - (mean - first.points.unwrap())).abs() < 1e-8, "{parts}");

    // What was written is what was computed, and it can be signed and released.
    let written = Bundle::read(&project.draft()).unwrap();
    assert_eq!(written.index.as_ref().unwrap().areas, index.areas);
    let signature = SignatureRequest {
        name: "Prueba".to_owned(),
        office: "Prueba".to_owned(),
        date: "2026-11-25".to_owned(),
        statement: "Prueba".to_owned(),
    };
    let (path, _) = release(&project, "2026-1", &signature).unwrap_or_else(|found| panic!("{found:?}"));
    let public = Bundle::read(&path).unwrap().index.unwrap();
    assert!(public.areas.iter().all(|area| area.status == ValueStatus::Value));
}

#[test]
fn the_published_workbook_is_read_as_it_is_and_gives_the_published_index_and_its_explanation() {
    let Some((folder, data)) = project() else { return };
    let path = folder.path().join("clrisk.toml");
    let settings = std::fs::read_to_string(&path).unwrap();
    // The file of values is the workbook of CONAPO itself; its columns are named like the indicators, but for a point in one.
    let (before, index) = settings.split_once("[index]").unwrap();
    let index = index
        .replace("municipal_components_2020.csv", "IMM_2020.xls#IMM_2020")
        .replace("area = \"cvegeo\"", "area = \"CVE_MUN\"")
        .replace("population = \"pob_conapo\"", "population = \"POB_TOT\"");
    std::fs::write(&path, format!("{before}[index]{index}")).unwrap();
    let table = folder.path().join("indicators.toml");
    let text = std::fs::read_to_string(&table).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("value = ")).collect();
    let named = lines.join("\n").replace("code = \"PL5000\"", "code = \"PL5000\"\nvalue = '\"PL.5000\"'");
    std::fs::write(&table, named).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let bundle = runtime
        .block_on(clrisk_engine::index::index(&ProjectFolder::new(folder.path())))
        .unwrap_or_else(|found| panic!("{found:?}"));
    let expected = published(&data);
    let index = bundle.index.as_ref().unwrap();
    assert_eq!(index.areas.len(), 2469);
    for area in &index.areas {
        let (value, normalised, _) = &expected[&area.area];
        assert!((area.distance.unwrap() - value).abs() < 1e-9, "{}: {} {value}", area.area, area.distance.unwrap());
        assert!((area.points.unwrap() / 100.0 - normalised).abs() < 1e-11, "{}", area.area);
    }
    let row = bundle.areas.iter().find(|row| row.area.code == "20026").unwrap();
    let told = clrisk_engine::explain::area(&bundle, row, &clrisk_core::Catalog::load(), clrisk_core::Language::Es);
    assert!(
        told.contains("un índice, no una tasa") && told.contains("Educación") && told.contains("Vivienda"),
        "{told}"
    );
}
