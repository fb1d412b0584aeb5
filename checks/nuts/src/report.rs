//! Writes the summaries of the sampler and compares the approximation with them.

use std::path::Path;

use serde_json::{Value, json};

use crate::Anyhow;
use crate::convergence::{effective_size, quantile_error, split_r_hat};
use crate::posterior_cases::{Case, Kind, Summary};

/// Six significant figures.
fn short(value: f64) -> Value {
    let text = format!("{value:.5e}");
    text.parse::<f64>().map_or(Value::Null, |value| json!(value))
}

/// Writes what the sampler found: for every figure mean, sd, 2.5 % and 97.5 % quantile, and the Monte-Carlo errors of mean and
/// quantiles.
pub fn write_reference(case: &Case, draws: &[Vec<f64>], chains: usize, diverging: usize, path: &Path) -> Anyhow<()> {
    let (mut lines, mut worst, mut least, mut least_name) = (Vec::new(), 0.0f64, f64::INFINITY, String::new());
    for ((name, _), values) in case.figure_names().into_iter().zip(draws) {
        let summary = Summary::of(values);
        let effective = effective_size(values, chains);
        worst = worst.max(split_r_hat(values, chains));
        if effective < least {
            (least, least_name) = (effective, name.clone());
        }
        let errors = [0.025, 0.975].map(|probability| quantile_error(values, chains, probability));
        let figures =
            [summary.mean, summary.sd, summary.low, summary.high, summary.sd / effective.sqrt(), errors[0], errors[1]];
        lines.push(format!("  {}: {}", json!(name), Value::Array(figures.map(short).to_vec())));
    }
    println!(
        "{}: largest R-hat {worst:.4}, least effective size {least:.0} ({least_name}), {diverging} divergent",
        case.name
    );
    let head = json!({
        "_peer": "nuts-rs 0.19.1, four chains",
        "draws": draws[0].len(), "largest_r_hat": short(worst), "least_effective_size": least.round(), "divergent": diverging,
        "_columns": ["mean", "sd", "q025", "q975", "error_mean", "error_q025", "error_q975"],
    });
    let head = head.to_string();
    let text = format!("{},\n\"figures\": {{\n{}\n}}}}\n", head.trim_end_matches('}'), lines.join(",\n"));
    std::fs::write(path, text)?;
    Ok(())
}

/// Prints a table of the largest and mean differences of each kind of figure.
pub fn compare(case: &Case, ours: &[Vec<f64>], path: &Path, every: bool) -> Anyhow<()> {
    let reference: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let names = case.figure_names();
    println!(
        "| {} | figures | mean | sd | 2.5 % | 97.5 % | error mean, 2.5 %, 97.5 % | points mean, 2.5 %, 97.5 % |",
        case.name
    );
    println!("|---|---:|---|---|---|---|---|---|");
    for kind in Kind::ALL {
        let (mut count, mut largest, mut sums, mut errors, mut points, mut signed) =
            (0.0, [0.0f64; 4], [0.0; 4], [0.0f64; 3], [0.0f64; 3], [0.0; 4]);
        for ((name, own), values) in names.iter().zip(ours) {
            if *own != kind {
                continue;
            }
            let known: Vec<f64> =
                reference["figures"][name].as_array().ok_or("no figure")?.iter().filter_map(Value::as_f64).collect();
            let [mean, sd, low, high, rest @ ..] = known.as_slice() else { return Err("not seven numbers".into()) };
            let expected = Summary { mean: *mean, sd: *sd, low: *low, high: *high };
            let found = Summary::of(values);
            let differences = found.differences(&expected);
            if every && matches!(kind, Kind::Coefficient | Kind::StandardDeviation) {
                println!("  {name}: {expected:?} differences {differences:.3?}");
            }
            count += 1.0;
            for i in 0..4 {
                largest[i] = largest[i].max(differences[i].abs());
                sums[i] += differences[i].abs();
                signed[i] += differences[i];
            }
            for (i, error) in rest.iter().enumerate() {
                errors[i] = errors[i].max(error / sd);
            }
            for (i, j) in [0, 2, 3].into_iter().enumerate() {
                points[i] = points[i].max(100.0 * differences[j].abs() * sd);
            }
        }
        if count == 0.0 {
            continue;
        }
        let cell = |i: usize| format!("{:.3} / {:.3} ({:+.3})", largest[i], sums[i] / count, signed[i] / count);
        let in_points = match kind {
            Kind::RateWithData | Kind::RateWithoutData => points.map(|value| format!("{value:.2}")).join(", "),
            _ => String::new(),
        };
        println!(
            "| {} | {count} | {} | {} | {} | {} | {} | {in_points} |",
            kind.name(),
            cell(0),
            cell(1),
            cell(2),
            cell(3),
            errors.map(|value| format!("{value:.3}")).join(", ")
        );
    }
    Ok(())
}
