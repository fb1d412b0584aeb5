//! The California school samples and the designs R `survey` was run on (`01_survey_design.R`).
#![allow(dead_code)]

use clrisk_stats::design::{DesignSpec, FinitePopulation, SurveyDesign};

use super::{Table, widen};

pub struct ApiDesign {
    pub name: &'static str,
    pub table: Table,
    pub design: SurveyDesign,
}

/// The designs whose variance is that of ultimate clusters. `clus2` (finite population at two stages) is left out: its
/// second-stage term is not an ultimate cluster variance.
pub fn api_designs() -> Option<Vec<ApiDesign>> {
    let mut designs = Vec::new();
    for (name, file) in [
        ("srs", "apisrs"),
        ("strat", "apistrat"),
        ("strat_nofpc", "apistrat"),
        ("clus1", "apiclus1"),
        ("clus1_nofpc", "apiclus1"),
        ("clus2_nofpc", "apiclus2"),
    ] {
        let table = Table::reference(file)?;
        let strata = widen(&table.factor("stype").0);
        let clusters = table.codes("dnum");
        let sizes = if file == "apiclus2" { table.numbers("fpc1") } else { table.numbers("fpc") };
        let weights = match name {
            // R derives the weights of the simple random sample from its finite population.
            "srs" => sizes.iter().map(|n| n / table.rows() as f64).collect(),
            _ => table.numbers("pw"),
        };
        let with_fpc = !name.ends_with("_nofpc");
        let design = DesignSpec {
            weights: &weights,
            strata: name.starts_with("strat").then_some(&strata),
            clusters: name.starts_with("clus").then_some(&clusters),
            finite_population: with_fpc.then_some(FinitePopulation::Sizes(&sizes)),
            ..Default::default()
        }
        .build()
        .unwrap();
        designs.push(ApiDesign { name, table, design });
    }
    Some(designs)
}
