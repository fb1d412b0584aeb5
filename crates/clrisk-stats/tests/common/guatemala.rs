//! The Guatemalan household survey ENCOVI 2014, children of 7 to 17 years, as the R reference read it: strata are
//! department by area, units nested in strata, single-unit strata centred.
#![allow(dead_code)]

use std::path::PathBuf;

use clrisk_stats::design::{DesignSpec, LonelyPsu, SurveyDesign};

use super::Table;

pub struct Guatemala {
    pub table: Table,
    pub design: SurveyDesign,
    /// Rows of children aged 7 to 17.
    pub children: Vec<bool>,
    pub occupied: Vec<f64>,
    /// Department of each child, no group for everybody else.
    pub department: Vec<u32>,
}

pub fn read(path: PathBuf) -> Guatemala {
    let table = Table::read(path);
    let age = table.numbers("edad");
    let children: Vec<bool> = age.iter().map(|&a| (7.0..=17.0).contains(&a)).collect();
    let occupied: Vec<f64> =
        table.numbers("condact3").iter().map(|&c| f64::from(u8::from(c == 1.0))).collect();
    let strata: Vec<u64> =
        table.codes("depto").iter().zip(table.codes("area_ee")).map(|(d, a)| d * 10 + a).collect();
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
    let department = table
        .codes("depto")
        .iter()
        .zip(&children)
        .map(|(&d, &child)| if child { d as u32 } else { clrisk_stats::direct::NO_GROUP })
        .collect();
    Guatemala { table, design, children, occupied, department }
}
