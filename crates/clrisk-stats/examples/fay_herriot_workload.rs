//! The common workload of the area model, for a run beside its peers: areas with a direct estimate, its variance, covariates.
//!
//! `cargo run --release -p clrisk-stats --example fay_herriot_workload -- areas.csv [REPETITIONS]`
//!
//! The CSV has the columns y, v and any number of covariates; an intercept is added. Prints one JSON line: median seconds of
//! the fit by restricted maximum likelihood, estimates and mean squared errors of all areas included.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::time::Instant;

use clrisk_stats::area_model::{AreaData, FayHerriot};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let repetitions = arguments.get(1).map_or(Ok(1), |count| count.parse::<usize>())?;
    let mut reader = csv::Reader::from_path(arguments.first().ok_or("give the areas as CSV")?)?;
    let mut column_names = vec!["(Intercept)".to_owned()];
    column_names.extend(reader.headers()?.iter().skip(2).map(str::to_owned));
    let (mut direct, mut matrix) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let values = record?.iter().map(str::parse).collect::<Result<Vec<f64>, _>>()?;
        direct.push(Some((values[0], values[1])));
        matrix.push(1.0);
        matrix.extend_from_slice(&values[2..]);
    }
    let data = AreaData { direct: &direct, matrix: &matrix, column_names: &column_names };
    let mut fit = FayHerriot::default().fit(&data)?;
    let mut seconds = Vec::new();
    for _ in 0..repetitions.max(1) {
        let begun = Instant::now();
        fit = FayHerriot::default().fit(&data)?;
        seconds.push(begun.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    let estimates: Vec<f64> = fit.estimates().iter().map(|area| area.value).collect();
    println!(
        "{{\"seconds\": {:.9}, \"variance\": {:e}, \"coefficients\": {:?}, \"estimates\": {estimates:?}}}",
        seconds[seconds.len() / 2],
        fit.variance,
        fit.coefficients,
    );
    Ok(())
}
