//! Do the 95 % intervals hold the truth? Invents a country for each seed, runs it, compares every municipality with what is
//! true, and prints a table for `docs/statistics.md`.
//!
//! `cargo run -p clrisk-engine --example coverage -- [SEEDS] [CHILDREN]`, 20 seeds and 2,000,000 children if omitted.

use std::collections::BTreeMap;

use clrisk_core::Level;
use clrisk_engine::folder::ProjectFolder;
use clrisk_engine::run::run;
use clrisk_synthetic::project::GROUPS;
use clrisk_synthetic::{Country, Options};

/// Sums over municipalities and seeds.
#[derive(Default, Clone, Copy)]
struct Sums {
    count: f64,
    covered: f64,
    error: f64,
    squared: f64,
    length: f64,
    truth: f64,
}

#[allow(clippy::print_stdout)]
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<u64> = std::env::args().skip(1).map(|text| text.parse()).collect::<Result<_, _>>()?;
    let seeds = arguments.first().copied().unwrap_or(20);
    let children = arguments.get(1).copied().unwrap_or(2_000_000);
    let mut sums: BTreeMap<(&str, bool), Sums> = BTreeMap::new();
    let mut by_seed = [(1.0f64, 0.0f64); 2];
    for seed in 1..=seeds {
        let folder = tempfile::tempdir()?;
        let country = Country::invent(Options { seed, children, ..Options::default() })?;
        let written = country.write_project(folder.path())?;
        let bundle = run(&ProjectFolder::new(folder.path()), &|_| {})
            .await
            .map_err(|findings| format!("seed {seed}: {:?}", findings.0.first()))?;
        let mut here = [Sums::default(); 2];
        for (area, tallies) in country.territory.municipalities.iter().zip(&written.truth) {
            let sampled = bundle
                .areas
                .iter()
                .any(|row| row.area.level == Level::Municipality && row.area.code == area.code && row.sample > 0);
            for (group, tally) in GROUPS.iter().zip(tallies) {
                let estimate = bundle.estimates.iter().find(|row| {
                    row.level == Level::Municipality && row.area == area.code && row.group.code() == *group
                });
                let Some((rate, lower, upper)) =
                    estimate.and_then(|row| Some((row.rate?, row.lower?, row.upper?))).filter(|_| tally.children > 0)
                else {
                    continue;
                };
                let truth = tally.labour as f64 / tally.children as f64;
                let add = |sums: &mut Sums| {
                    sums.count += 1.0;
                    sums.covered += f64::from(u8::from(lower <= truth && truth <= upper));
                    sums.error += rate - truth;
                    sums.squared += (rate - truth).powi(2);
                    sums.length += upper - lower;
                    sums.truth += truth;
                };
                add(sums.entry((group, sampled)).or_default());
                if *group == "all" {
                    add(&mut here[usize::from(sampled)]);
                }
            }
        }
        for (range, sums) in by_seed.iter_mut().zip(&here) {
            let coverage = sums.covered / sums.count;
            *range = (range.0.min(coverage), range.1.max(coverage));
        }
        eprintln!(
            "seed {seed}: sampled {:.3}, not sampled {:.3}",
            here[1].covered / here[1].count,
            here[0].covered / here[0].count
        );
    }
    println!(
        "| group | municipalities | figures | coverage | mean truth | bias (points) | RMSE (points) | mean length (points) |"
    );
    println!("|---|---|---:|---:|---:|---:|---:|---:|");
    for ((group, sampled), sums) in &sums {
        let mean = |sum: f64| 100.0 * sum / sums.count;
        println!(
            "| {group} | {} | {} | {:.1} % | {:.1} % | {:+.2} | {:.2} | {:.1} |",
            if *sampled { "in the sample" } else { "not in the sample" },
            sums.count,
            mean(sums.covered),
            mean(sums.truth),
            mean(sums.error),
            100.0 * (sums.squared / sums.count).sqrt(),
            mean(sums.length),
        );
    }
    println!(
        "\nCoverage by seed, all children: in the sample {:.1} to {:.1} %, not in the sample {:.1} to {:.1} %.",
        100.0 * by_seed[1].0,
        100.0 * by_seed[1].1,
        100.0 * by_seed[0].0,
        100.0 * by_seed[0].1
    );
    Ok(())
}
