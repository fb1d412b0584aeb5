//! The multilevel posterior of `clrisk-stats` against full MCMC: the no-U-turn sampler of `nuts-rs` on the same density of the
//! same data (see README.md).

mod convergence;
mod density;
#[path = "../../../crates/clrisk-stats/tests/common/posterior_cases.rs"]
mod posterior_cases;
mod report;
mod simulate;

use std::error::Error;
use std::time::Instant;

use clrisk_stats::multilevel::MultilevelLogit;
use density::Density;
use nuts_rs::{Chain, CpuMath, DiagNutsSettings, Settings};
use posterior_cases::{Case, carried};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

const CHAINS: usize = 4;
const TUNING: usize = 1_000;
/// Kept draws of each chain.
const DRAWS: usize = 6_000;
const SEED: u64 = 20_261_124;
/// Draws of the approximation.
const OUR_DRAWS: usize = 40_000;

type Anyhow<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Figures of one chain, by draws, and how many transitions diverged.
fn chain(case: &Case, chain: u64) -> Anyhow<(Vec<Vec<f64>>, usize)> {
    let mut settings = DiagNutsSettings { num_tune: TUNING as u64, num_draws: DRAWS as u64, ..Default::default() };
    settings.adapt_options.step_size_settings.target_accept = 0.9;
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    random.set_stream(chain);
    let mut density = Density::new(case);
    let mut sampler = settings.new_chain(chain, CpuMath::new(density.clone()), &mut random)?;
    let start: Vec<f64> = (0..density.unknowns())
        .map(|_| {
            let normal: f64 = StandardNormal.sample(&mut random);
            normal.clamp(-1.5, 1.5)
        })
        .collect();
    sampler.set_position(&start)?;
    let mut columns = vec![Vec::with_capacity(DRAWS); case.figure_names().len()];
    let mut diverging = 0;
    for draw in 0..TUNING + DRAWS {
        let (position, progress) = sampler.draw()?;
        if draw >= TUNING {
            diverging += usize::from(progress.diverging);
            let figures = density.figures(&position);
            columns.iter_mut().zip(figures).for_each(|(column, figure)| column.push(figure));
        }
    }
    Ok((columns, diverging))
}

/// Figures of all chains one after the other.
fn sample(case: &Case) -> Anyhow<(Vec<Vec<f64>>, usize)> {
    let mut columns = vec![Vec::with_capacity(CHAINS * DRAWS); case.figure_names().len()];
    let mut diverging = 0;
    for pair in [[0, 1], [2, 3]] {
        let found = std::thread::scope(|scope| {
            let tasks = pair.map(|number| scope.spawn(move || chain(case, number)));
            tasks.map(|task| task.join().unwrap_or_else(|_| Err("a chain panicked".into())))
        });
        for part in found {
            let (figures, divergences) = part?;
            diverging += divergences;
            columns.iter_mut().zip(figures).for_each(|(column, figures)| column.extend(figures));
        }
    }
    Ok((columns, diverging))
}

fn main() -> Anyhow<()> {
    let argument = std::env::args().nth(1).unwrap_or_default();
    if argument == "simulate" {
        return simulate::write(&carried("municipalities.csv"));
    }
    for case in Case::all() {
        let path = carried(&format!("nuts_{}.json", case.name));
        if !argument.starts_with("compare") {
            let start = Instant::now();
            let (draws, diverging) = sample(&case)?;
            report::write_reference(&case, &draws, CHAINS, diverging, &path)?;
            println!("{}: sampled in {:.0} s", case.name, start.elapsed().as_secs_f64());
        }
        let start = Instant::now();
        let fit = case.with(|data| MultilevelLogit::default().fit(data))?;
        let seconds = start.elapsed().as_secs_f64();
        let ours = case.figures_of(&fit.draws(OUR_DRAWS, 1));
        println!("{}: fitted in {seconds:.3} s, {} points of the grid", case.name, fit.grid_points());
        report::compare(&case, &ours, &path, argument.ends_with("all"))?;
    }
    Ok(())
}
