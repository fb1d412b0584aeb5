//! The common workload of the classes, for a run beside its peers: 10,000 values, the exact best five classes.
//!
//! `cargo run --release -p clrisk-stats --example jenks_workload -- values.csv [CLASSES] [REPETITIONS]`
//!
//! The CSV has one column with a heading. Prints one JSON line: median seconds, the limits (midway between neighbours), the
//! counts of the classes and the sum of squares within them.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::time::Instant;

use clrisk_stats::classify::Rule;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, otherwise: usize| arguments.get(at).map_or(Ok(otherwise), |text| text.parse::<usize>());
    let rule = Rule::FisherJenks { classes: number(1, 5)? };
    let mut values = Vec::new();
    for record in csv::Reader::from_path(arguments.first().ok_or("give the values as CSV")?)?.records() {
        values.push(record?[0].parse::<f64>()?);
    }
    let mut breaks = rule.breaks(&values)?;
    let mut seconds = Vec::new();
    for _ in 0..number(2, 1)?.max(1) {
        let begun = Instant::now();
        breaks = rule.breaks(&values)?;
        seconds.push(begun.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    println!(
        "{{\"seconds\": {:.9}, \"limits\": {:?}, \"counts\": {:?}, \"goodness\": {}}}",
        seconds[seconds.len() / 2],
        breaks.limits(),
        breaks.counts(&values),
        breaks.goodness_of_variance_fit(&values),
    );
    Ok(())
}
