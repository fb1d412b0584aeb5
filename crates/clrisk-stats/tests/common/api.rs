//! The California school samples and the designs R `survey` was run on (`01_survey_design.R`).
#![allow(dead_code)]

use clrisk_stats::design::{DesignSpec, FinitePopulation, Stage, SurveyDesign};

use super::{Table, widen};

pub struct ApiDesign {
    pub name: &'static str,
    pub table: Table,
    pub design: SurveyDesign,
}

/// All designs of the script. `clus2` has two stages with finite populations; in `clus2_nofpc` the second stage is given and
/// adds nothing.
pub fn api_designs() -> Option<Vec<ApiDesign>> {
    let mut designs = Vec::new();
    for (name, file) in [
        ("srs", "apisrs"),
        ("strat", "apistrat"),
        ("strat_nofpc", "apistrat"),
        ("clus1", "apiclus1"),
        ("clus1_nofpc", "apiclus1"),
        ("clus2", "apiclus2"),
        ("clus2_nofpc", "apiclus2"),
    ] {
        let table = Table::reference(file)?;
        let strata = widen(&table.factor("stype").0);
        let clusters = table.codes("dnum");
        let sizes = if file == "apiclus2" { table.numbers("fpc1") } else { table.numbers("fpc") };
        let weights = match name {
            // R derives the weights of the simple random sample from its finite population.
            "srs" => sizes.iter().map(|n| n / table.rows() as f64).collect(),
            // And those of the two-stage sample from both: (districts / sampled) (schools / sampled).
            "clus2" => two_stage_weights(&clusters, &sizes, &table.numbers("fpc2")),
            _ => table.numbers("pw"),
        };
        let with_fpc = !name.ends_with("_nofpc");
        let schools = if file == "apiclus2" { table.codes("snum") } else { Vec::new() };
        let second_sizes = if file == "apiclus2" { table.numbers("fpc2") } else { Vec::new() };
        let second = [Stage {
            clusters: Some(&schools),
            finite_population: with_fpc.then_some(FinitePopulation::Sizes(&second_sizes)),
            ..Default::default()
        }];
        let design = DesignSpec {
            weights: &weights,
            strata: name.starts_with("strat").then_some(&strata),
            clusters: name.starts_with("clus").then_some(&clusters),
            finite_population: with_fpc.then_some(FinitePopulation::Sizes(&sizes)),
            later_stages: if file == "apiclus2" { &second } else { &[] },
            ..Default::default()
        }
        .build()
        .unwrap();
        designs.push(ApiDesign { name, table, design });
    }
    Some(designs)
}

fn two_stage_weights(clusters: &[u64], first: &[f64], second: &[f64]) -> Vec<f64> {
    let sampled = |cluster: u64| clusters.iter().filter(|&&c| c == cluster).count() as f64;
    let mut districts = clusters.to_vec();
    districts.sort_unstable();
    districts.dedup();
    (0..clusters.len()).map(|i| first[i] / districts.len() as f64 * second[i] / sampled(clusters[i])).collect()
}
