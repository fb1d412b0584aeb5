//! The Guatemalan household survey ENCOVI 2014 as the R reference read it: the design holds the children of 7 to 17 years
//! with a known activity only (one unit has no such child), strata are department by area, single-unit strata centred.
#![allow(dead_code)]

use std::path::PathBuf;

use clrisk_stats::design::{DesignSpec, LonelyPsu, SurveyDesign};

use super::Table;

pub struct Guatemala {
    /// The children.
    pub table: Table,
    pub design: SurveyDesign,
    pub occupied: Vec<f64>,
    pub department: Vec<u32>,
}

pub fn read(path: PathBuf) -> Guatemala {
    let everybody = Table::read(path);
    let age = everybody.numbers("edad");
    let activity = everybody.numbers("condact3");
    // 9 is "not known".
    let table = everybody.keep(|row| (7.0..=17.0).contains(&age[row]) && activity[row] != 9.0);
    let occupied: Vec<f64> = table.numbers("condact3").iter().map(|&c| f64::from(u8::from(c == 1.0))).collect();
    let departments = table.codes("depto");
    let strata: Vec<u64> = departments.iter().zip(table.codes("area_ee")).map(|(d, a)| d * 10 + a).collect();
    let weights = table.numbers("x_fep");
    let clusters = table.codes("upm");
    let design = DesignSpec {
        weights: &weights,
        strata: Some(&strata),
        clusters: Some(&clusters),
        lonely_psu: LonelyPsu::Centre,
        ..Default::default()
    }
    .build()
    .unwrap();
    let department = departments.iter().map(|&d| d as u32).collect();
    Guatemala { table, design, occupied, department }
}
