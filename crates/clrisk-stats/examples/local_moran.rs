//! How long local Moran takes for a country of 5,550 municipalities, and what it finds.
//!
//! `cargo run --release -p clrisk-stats --example local_moran [-- municipalities.csv]`
//!
//! With a CSV (columns x, y, value) it prints one JSON line for a run beside its peers: seconds of the conditional
//! permutations, Moran's I, the local values and their folded p-values.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::time::Instant;

use clrisk_stats::space::{
    ConditionalPermutation, Metric, Neighbours, Points, Quadrant, WeightStyle, false_discovery_rate, local_moran, moran,
};

const COLUMNS: usize = 75;
const ROWS: usize = 74;

fn main() -> Result<(), Box<dyn Error>> {
    match std::env::args().nth(1) {
        Some(path) => beside_peers(&path),
        None => grid(),
    }
}

fn beside_peers(path: &str) -> Result<(), Box<dyn Error>> {
    let (mut x, mut y, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for record in csv::Reader::from_path(path)?.records() {
        let record = record?;
        x.push(record[0].parse::<f64>()?);
        y.push(record[1].parse::<f64>()?);
        values.push(record[2].parse::<f64>()?);
    }
    let six = Neighbours::nearest(&Points { x: &x, y: &y, metric: Metric::Plane }, 6)?;
    let weights = six.weights(WeightStyle::RowStandardised);
    let start = Instant::now();
    let found = ConditionalPermutation { permutations: 999, seed: 1 }.test(&values, &weights)?;
    let local = local_moran(&values, &weights, Default::default())?;
    println!(
        "{{\"seconds\": {:.6}, \"moran\": {}, \"local\": {:?}, \"p\": {:?}}}",
        start.elapsed().as_secs_f64(),
        moran(&values, &weights)?.value,
        local.iter().map(|area| area.value).collect::<Vec<_>>(),
        found.iter().map(|area| area.p_folded).collect::<Vec<_>>(),
    );
    Ok(())
}

fn grid() -> Result<(), Box<dyn Error>> {
    // A grid of municipalities with one hot corner, a gentle slope and noise from a linear congruential generator.
    let mut state = 2024u64;
    let mut noise = move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let (mut x, mut y, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for area in 0..COLUMNS * ROWS {
        let (column, row) = ((area % COLUMNS) as f64, (area / COLUMNS) as f64);
        x.push(column + 0.6 * noise());
        y.push(row + 0.6 * noise());
        let corner = if column < 20.0 && row < 20.0 { 0.8 } else { 0.0 };
        values.push(noise() + corner + 0.002 * row);
    }
    let start = Instant::now();
    let six = Neighbours::nearest(&Points { x: &x, y: &y, metric: Metric::Plane }, 6)?;
    println!("{} areas, {} links, found in {:.3} s", six.areas(), six.links(), start.elapsed().as_secs_f64());

    let weights = six.weights(WeightStyle::RowStandardised);
    println!("Moran's I {:.4}", moran(&values, &weights)?.value);

    let start = Instant::now();
    let found = ConditionalPermutation { permutations: 999, seed: 1 }.test(&values, &weights)?;
    println!("999 conditional permutations of every area: {:.3} s", start.elapsed().as_secs_f64());

    let p: Vec<f64> = found.iter().map(|area| area.p_two_sided).collect();
    let adjusted = false_discovery_rate(&p)?;
    let local = local_moran(&values, &weights, Default::default())?;
    let hot = |p: &[f64]| (0..p.len()).filter(|&a| p[a] <= 0.05 && local[a].quadrant == Quadrant::HighHigh).count();
    println!("hot spots at 5 %: {} of all tests, {} after the false discovery rate", hot(&p), hot(&adjusted));
    Ok(())
}
