//! The common workload of the multilevel logit, for a run beside its peers: 60,000 children in 340 areas, 15 model terms.
//!
//! `cargo run --release -p clrisk-stats --example multilevel_workload -- survey.csv [laplace | joint | NODES | nested | slopes]`
//!
//! `nested` adds an intercept for each sampling unit, `slopes` a slope of `female` correlated with the intercept of the area.
//! The CSV is the survey of the benchmark's generator (columns y, age, female, urban, indigenous, attends, hhsize, under5,
//! edu_head, head_female, head_informal, internet, wealth, area, psu). Prints one JSON line: seconds of the fit (data ready to
//! estimates and standard errors), log-likelihood, standard deviation, largest gradient and peak memory.
#![allow(clippy::print_stdout)]

use std::collections::HashMap;
use std::error::Error;
use std::time::Instant;

use clrisk_stats::multilevel::{Integration, LikelihoodData, MaximumLikelihood, MultilevelData, Term};

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

struct Survey {
    design: Vec<f64>,
    names: Vec<String>,
    outcome: Vec<f64>,
    areas: Vec<u32>,
    area_count: usize,
    units: Vec<u32>,
    unit_count: usize,
}

fn read(path: &str) -> Result<Survey, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(path)?;
    let place: HashMap<String, usize> =
        reader.headers()?.iter().enumerate().map(|(at, name)| (name.to_owned(), at)).collect();
    let column = |name: &str| place.get(name).copied().ok_or_else(|| format!("there is no column {name}"));
    let plain = PLAIN.iter().map(|name| column(name)).collect::<Result<Vec<_>, _>>()?;
    let (age, education, outcome) = (column("age")?, column("edu_head")?, column("y")?);
    let (area, unit) = (column("area")?, column("psu")?);
    let fixed = ["(Intercept)", "age1", "age2", "edu1", "edu2", "edu3", "edu4"];
    let mut survey = Survey {
        design: Vec::new(),
        names: fixed.iter().chain(&PLAIN).map(|&name| name.to_owned()).collect(),
        outcome: Vec::new(),
        areas: Vec::new(),
        area_count: 0,
        units: Vec::new(),
        unit_count: 0,
    };
    for record in reader.records() {
        let record = record?;
        let number = |at: usize| record[at].parse::<f64>();
        let age = (number(age)? - 11.0) / 6.0;
        let education = number(education)?;
        survey.design.extend([1.0, age, age * age]);
        survey.design.extend((1..=4).map(|level| f64::from(u8::from(education == f64::from(level)))));
        for &at in &plain {
            survey.design.push(number(at)?);
        }
        survey.outcome.push(number(outcome)?);
        survey.areas.push(record[area].parse()?);
        survey.units.push(record[unit].parse()?);
    }
    let count = |codes: &[u32]| codes.iter().max().map_or(0, |&code| code as usize + 1);
    survey.area_count = count(&survey.areas);
    survey.unit_count = count(&survey.units);
    Ok(survey)
}

/// Peak memory of this process in megabytes, where the system tells.
fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = arguments.first().ok_or("give the survey as CSV")?;
    let mode = arguments.get(1).map_or("laplace", String::as_str);
    let integration = match mode {
        "laplace" | "nested" | "slopes" => Integration::Laplace,
        "joint" => Integration::JointMode,
        nodes => Integration::Quadrature(nodes.parse()?),
    };
    let survey = read(path)?;
    let memory_before = peak_memory();
    let weights = vec![1.0; survey.outcome.len()];
    let female = survey.names.iter().position(|name| name == "female");
    let columns: &[Option<usize>] = if mode == "slopes" { &[None, female] } else { &[None] };
    let area = Term { group: 0, levels: survey.area_count, level_of_row: &survey.areas, columns, correlated: true };
    let unit =
        Term { group: 1, levels: survey.unit_count, level_of_row: &survey.units, columns: &[None], correlated: false };
    let terms: &[Term<'_>] = if mode == "nested" { &[area, unit] } else { &[area] };
    let rows = MultilevelData {
        design: &survey.design,
        width: survey.names.len(),
        fixed: survey.names.len(),
        names: &survey.names,
        outcome: &survey.outcome,
        weights: &weights,
        terms,
    };
    let begun = Instant::now();
    let fit = MaximumLikelihood::with(integration).fit(&LikelihoodData { rows, trials: None })?;
    let seconds = begun.elapsed().as_secs_f64();
    let gradient = fit.gradient().iter().fold(0.0f64, |m, g| m.max(g.abs()));
    println!(
        "{{\"fit_s\": {seconds:.4}, \"loglik\": {:.6}, \"sd\": {:?}, \"b2\": {:.6}, \"se2\": {:.6}, \
         \"coefficients\": {:?}, \"standard_errors\": {:?}, \
         \"gradient\": {gradient:.1e}, \"steps\": {}, \"rss_read_mb\": {:.1}, \"rss_mb\": {:.1}}}",
        fit.log_likelihood(),
        fit.standard_deviations(),
        fit.coefficients()[1],
        fit.standard_errors()[1],
        fit.coefficients(),
        fit.standard_errors(),
        fit.steps(),
        memory_before.unwrap_or(f64::NAN),
        peak_memory().unwrap_or(f64::NAN),
    );
    Ok(())
}
