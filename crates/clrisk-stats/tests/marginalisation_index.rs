//! Mexico's marginalisation index 2020 (CONAPO) from its nine components: every published digit and every grade.
//!
//! The index is a distance P2 from the worst situation of 2010 to 2020, with standard deviations over all municipalities. The
//! worst values of earlier years are not in the file of 2020; all they do is add one constant, the distance between the worst
//! situation and one without any deprivation, and the published file gives it as the quotient of the index and the normalised
//! index. Grades are the Dalenius-Hodges strata of 21 intervals: of all numbers of intervals from 5 to 1,000 the only one that
//! gives the published grades.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::path::PathBuf;

use calamine::{Data, Reader, Xls, open_workbook};
use clrisk_stats::classify::Rule;
use clrisk_stats::composite::{Aggregation, Direction, DistanceP2, Divisor, Indicators, Recipe, Scale, Weighting};

const COMPONENTS: [&str; 9] = ["ANALF", "SBASC", "OVSDE", "OVSEE", "OVSAE", "OVPT", "VHAC", "PL.5000", "PO2SM"];
const GRADES: [&str; 5] = ["Muy alto", "Alto", "Medio", "Bajo", "Muy bajo"];

/// The published table.
struct Published {
    components: Vec<Vec<f64>>,
    index: Vec<f64>,
    normalised: Vec<f64>,
    grade: Vec<usize>,
}

fn published() -> Option<Published> {
    let folder = std::env::var_os("CLRISK_REAL_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let path = folder.join("indicators/mexico_conapo_coneval_2020/IMM_2020.xls");
    if !path.exists() {
        println!("SKIPPED: there is no {}", path.display());
        return None;
    }
    let mut book: Xls<_> = open_workbook(path).unwrap();
    let sheet = book.worksheet_range("IMM_2020").unwrap();
    let header: Vec<String> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
    let column = |name: &str| -> Vec<Data> {
        let position = header.iter().position(|found| found == name).unwrap();
        sheet.rows().skip(1).map(|row| row[position].clone()).collect()
    };
    let numbers = |name: &str| column(name).iter().map(|cell| cell.to_string().parse().unwrap()).collect::<Vec<f64>>();
    let grade = |cell: &Data| {
        let text = cell.to_string();
        GRADES.iter().position(|grade| *grade == text).unwrap()
    };
    Some(Published {
        components: COMPONENTS.map(numbers).to_vec(),
        index: numbers("IM_2020"),
        normalised: numbers("IMN_2020"),
        grade: column("GM_2020").iter().map(grade).collect(),
    })
}

/// Distance P2 of each municipality from a situation without any deprivation: less is better.
fn distance(table: &Published) -> Vec<f64> {
    let none = DistanceP2 { reference: Some(vec![0.0; 9]), divisor: Divisor::Population, ..DistanceP2::default() };
    none.fit(&table.components).unwrap().values
}

#[test]
fn the_index_of_all_municipalities_is_reproduced_to_the_last_published_digit() {
    let Some(table) = published() else { return };
    assert_eq!(table.index.len(), 2469);
    let from_worst_to_none = table.index[0] / table.normalised[0];
    let mut largest = 0.0f64;
    for (area, distance) in distance(&table).into_iter().enumerate() {
        let index = from_worst_to_none - distance;
        largest = largest.max((index - table.index[area]).abs());
        assert!((index / from_worst_to_none - table.normalised[area]).abs() < 1e-12, "row {area}");
    }
    println!("largest difference of the index: {largest:e}");
    assert!(largest < 1e-10, "{largest:e}");
    // The constant is no way to fit anything: differences between municipalities hold without it.
    let found = distance(&table);
    for area in 1..2469 {
        let difference = (found[0] - found[area]) - (table.index[area] - table.index[0]);
        assert!(difference.abs() < 1e-10, "row {area}");
    }
}

/// The same through the whole recipe, in points: 100 less the points of vulnerability is a hundred times the normalised
/// index.
#[test]
fn the_recipe_gives_the_normalised_index_in_points() {
    let Some(table) = published() else { return };
    let hundred_points = table.index[0] / table.normalised[0];
    let recipe = Recipe {
        dimensions: vec![0, 0, 1, 1, 1, 1, 1, 2, 3],
        treatment: None,
        scale: Scale::Distance { best: Some(vec![0.0; 9]), worst: None, hundred_points: Some(hundred_points) },
        weighting: Weighting::NewInformation,
        within: Aggregation::Arithmetic,
        between: Aggregation::Arithmetic,
        minimum_available: 1.0,
    };
    let indicators = Indicators::new(table.components, vec![Direction::Positive; 9]).unwrap();
    let fit = recipe.fit(&indicators).unwrap();
    for (points, normalised) in fit.points.iter().zip(&table.normalised) {
        assert!(((100.0 - points) / 100.0 - normalised).abs() < 1e-12);
    }
    let order: Vec<&str> = fit.distance.unwrap().order.iter().map(|&j| COMPONENTS[j]).collect();
    assert_eq!(order[0], "ANALF", "illiteracy enters first and whole");
}

#[test]
fn every_municipality_gets_its_published_grade_and_only_with_21_intervals() {
    let Some(table) = published() else { return };
    let grades =
        |bins: usize| Rule::DaleniusHodges { classes: 5, bins }.breaks(&table.index).unwrap().classes_of(&table.index);
    assert_eq!(grades(21), table.grade);
    let counts: Vec<usize> = (0..5).map(|k| table.grade.iter().filter(|&&g| g == k).count()).collect();
    assert_eq!(counts, [204, 586, 494, 530, 655]);
    assert!((5..=1000).filter(|&bins| bins != 21).all(|bins| grades(bins) != table.grade));
}
