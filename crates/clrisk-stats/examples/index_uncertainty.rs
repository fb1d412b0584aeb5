//! Monte Carlo over the choices of an index: 5,570 areas, 30 indicators in five dimensions, 1,000 recipes, and the sensitivity
//! indices. Prints seconds; the peer is `benches/index/peer.py`.
//!
//! ```sh
//! cargo run --release -p clrisk-stats --example index_uncertainty
//! ```
#![allow(clippy::print_stdout)]

use std::time::Instant;

use clrisk_stats::composite::{
    Aggregation, Direction, Indicators, OtherChoices, Recipe, Scale, Treatment, UncertaintyAnalysis, Weighting,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

const AREAS: usize = 5570;
const INDICATORS: usize = 30;

fn main() -> clrisk_stats::Result<()> {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
    let common: Vec<f64> = (0..AREAS).map(|_| normal()).collect();
    let columns: Vec<Vec<f64>> =
        (0..INDICATORS).map(|_| common.iter().map(|shared| (0.5 * shared + normal()).exp()).collect()).collect();
    let indicators = Indicators::new(columns, vec![Direction::Positive; INDICATORS])?;
    let recipe = Recipe {
        dimensions: (0..INDICATORS).map(|indicator| indicator / 6).collect(),
        treatment: None,
        scale: Scale::MinMax,
        weighting: Weighting::Equal,
        within: Aggregation::Arithmetic,
        between: Aggregation::Arithmetic,
        minimum_available: 1.0,
    };
    let start = Instant::now();
    let fit = recipe.fit(&indicators)?;
    let others = recipe.alternatives(
        &fit,
        &OtherChoices {
            treatments: vec![None, Some(Treatment::default())],
            scales: vec![Scale::MinMax, Scale::Standardised, Scale::Rank],
            aggregations: vec![Aggregation::Arithmetic, Aggregation::Geometric],
            weightings: vec![Weighting::PrincipalComponents, Weighting::Entropy],
            noise: 0.25,
            sets: 50,
            seed: 1,
        },
    )?;
    let analysis = UncertaintyAnalysis { replications: 1000, ..UncertaintyAnalysis::default() };
    let draws = analysis.draws(&fit.index, &others, &fit.indicators)?;
    let summary = draws.summary(0.9)?;
    let mut widths: Vec<f64> = summary.areas.iter().map(|range| range.upper - range.lower).collect();
    widths.sort_by(f64::total_cmp);
    println!("1,000 recipes: {:.2} s; median width {:.0}", start.elapsed().as_secs_f64(), widths[AREAS / 2]);
    let start = Instant::now();
    let points = UncertaintyAnalysis { replications: 250, ..analysis };
    let found = points.sensitivity(&fit.index, &others, &fit.indicators)?;
    println!("sensitivity, 250 base points: {:.2} s; {} choices", start.elapsed().as_secs_f64(), found.len());
    Ok(())
}
