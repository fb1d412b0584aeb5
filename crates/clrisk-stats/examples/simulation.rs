//! How good are the estimates of municipalities? Draws many samples from a population whose truth is known, estimates every
//! municipality in seven ways, and prints for `docs/statistics.md` how far each was from the truth.
//!
//! `cargo run --release -p clrisk-stats --example simulation -- [--repeats 200] [--seed 1] [--populations 50] [--draws 500]
//! [--threads 2] [--scenario realistic] [--date 2026-01-31]`
//!
//! The samples are spread over the populations, and the Monte-Carlo error counts that populations differ. With one population the
//! effects of its two hundred municipalities are the same in all samples, and no number of samples tells how intervals do in
//! municipalities with others.
#![allow(clippy::print_stdout)]

#[path = "simulation/study.rs"]
mod study;

use std::error::Error;
use std::time::Instant;

use study::{SCENARIOS, Study};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut study = Study { repeats: 200, populations: 50, seed: 1, draws: 500, threads: 2 };
    let (mut only, mut date) = (None, None);
    for pair in arguments.chunks(2) {
        let [name, value] = pair else { return Err(format!("{} needs a value", pair[0]).into()) };
        match name.as_str() {
            "--repeats" => study.repeats = value.parse()?,
            "--populations" => study.populations = value.parse()?,
            "--seed" => study.seed = value.parse()?,
            "--draws" => study.draws = value.parse()?,
            "--threads" => study.threads = value.parse()?,
            "--scenario" => only = Some(value.as_str()),
            "--date" => date = Some(value.as_str()),
            other => return Err(format!("there is no option {other}").into()),
        }
    }
    if study.repeats < 2 || study.populations == 0 || !study.repeats.is_multiple_of(study.populations) {
        return Err("give two repeats or more, as many in every population".into());
    }
    let start = Instant::now();
    let mut seconds = 0.0;
    let chosen = SCENARIOS.iter().filter(|scenario| only.is_none_or(|name| name == scenario.name));
    let results = chosen.map(|scenario| study.run(*scenario)).collect::<Result<Vec<_>, _>>()?;
    println!(
        "Version {}{}; `cargo run --release -p clrisk-stats --example simulation -- --repeats {} --seed {} --populations {}`, \
         {} posterior draws.\n",
        env!("CARGO_PKG_VERSION"),
        date.map_or_else(String::new, |date| format!(", {date}")),
        study.repeats,
        study.seed,
        study.populations,
        study.draws
    );
    for result in &results {
        println!("{}", result.markdown());
        seconds += result.facts.seconds / results.len() as f64;
    }
    eprintln!(
        "{seconds:.2} s a sample with all estimators, {:.0} s in all on {} threads",
        start.elapsed().as_secs_f64(),
        study.threads
    );
    Ok(())
}
