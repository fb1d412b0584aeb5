//! The common workload of the survey logit, for a run beside its peers: 60,000 children, 15 model terms, 68 strata, 3,000 PSUs.
//!
//! `cargo run --release -p clrisk-stats --example survey_logit_workload -- survey.csv [REPLICATES]`
//!
//! With a number of replicates the variance is that of Rao and Wu's bootstrap instead of the linearised one. The CSV is the
//! survey of the benchmark's generator (columns as in `multilevel_workload`, and stratum, weight, fpc). Prints one JSON line:
//! seconds from the columns to estimates and standard errors, the building of the design (and of the replicates) included.
#![allow(clippy::print_stdout)]

use std::collections::HashMap;
use std::error::Error;
use std::time::Instant;

use clrisk_stats::design::{DesignSpec, FinitePopulation};
use clrisk_stats::logit::{LogitData, SurveyLogit};
use clrisk_stats::replicate::{ReplicateMethod, ReplicateWeights};

/// Columns as they are in the file; age and education are made from theirs.
const PLAIN: [&str; 10] = [
    "female",
    "urban",
    "indigenous",
    "attends",
    "hhsize",
    "under5",
    "head_female",
    "head_informal",
    "internet",
    "wealth",
];

#[derive(Default)]
struct Survey {
    matrix: Vec<f64>,
    names: Vec<String>,
    outcome: Vec<f64>,
    weights: Vec<f64>,
    strata: Vec<u64>,
    clusters: Vec<u64>,
    population: Vec<f64>,
}

fn read(path: &str) -> Result<Survey, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(path)?;
    let place: HashMap<String, usize> =
        reader.headers()?.iter().enumerate().map(|(at, name)| (name.to_owned(), at)).collect();
    let column = |name: &str| place.get(name).copied().ok_or_else(|| format!("there is no column {name}"));
    let plain = PLAIN.iter().map(|name| column(name)).collect::<Result<Vec<_>, _>>()?;
    let (age, education, outcome) = (column("age")?, column("edu_head")?, column("y")?);
    let (weight, stratum, cluster, population) =
        (column("weight")?, column("stratum")?, column("psu")?, column("fpc")?);
    let made = ["(Intercept)", "age1", "age2", "edu1", "edu2", "edu3", "edu4"];
    let names = made.iter().chain(&PLAIN).map(|&name| name.to_owned()).collect();
    let mut survey = Survey { names, ..Default::default() };
    for record in reader.records() {
        let record = record?;
        let number = |at: usize| record[at].parse::<f64>();
        let (age, education) = ((number(age)? - 11.0) / 6.0, number(education)?);
        survey.matrix.extend([1.0, age, age * age]);
        survey.matrix.extend((1..=4).map(|level| f64::from(u8::from(education == f64::from(level)))));
        for &at in &plain {
            survey.matrix.push(number(at)?);
        }
        survey.outcome.push(number(outcome)?);
        survey.weights.push(number(weight)?);
        survey.strata.push(record[stratum].parse()?);
        survey.clusters.push(record[cluster].parse()?);
        survey.population.push(number(population)?);
    }
    Ok(survey)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let survey = read(arguments.first().ok_or("give the survey as CSV")?)?;
    let replicates = arguments.get(1).map(|count| count.parse::<usize>()).transpose()?;
    let begun = Instant::now();
    let design = DesignSpec {
        weights: &survey.weights,
        strata: Some(&survey.strata),
        clusters: Some(&survey.clusters),
        // Rao and Wu's bootstrap knows no finite population.
        finite_population: replicates.is_none().then_some(FinitePopulation::Sizes(&survey.population)),
        ..Default::default()
    }
    .build()?;
    let data = LogitData {
        matrix: &survey.matrix,
        column_names: &survey.names,
        outcome: &survey.outcome,
        design: &design,
        domain: None,
    };
    let logit = SurveyLogit::default();
    let (coefficients, standard_errors, design_s) = match replicates {
        None => {
            let design_s = begun.elapsed().as_secs_f64();
            let fit = logit.fit(&data)?;
            (fit.coefficients().to_vec(), fit.standard_errors(), design_s)
        }
        Some(replicates) => {
            let made = ReplicateWeights::from_design(&design, ReplicateMethod::RaoWu { replicates, seed: 1 })?;
            let design_s = begun.elapsed().as_secs_f64();
            let estimates = made.logit(&logit, &data)?;
            (estimates.values.clone(), estimates.standard_errors(), design_s)
        }
    };
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{{\"seconds\": {seconds:.6}, \"design_s\": {design_s:.6}, \"names\": {:?}, \"coefficients\": {coefficients:?}, \
         \"standard_errors\": {standard_errors:?}}}",
        survey.names,
    );
    Ok(())
}
