//! Convergence of several chains: split R-hat, effective sample sizes and Monte-Carlo errors.
//!
//! References: Gelman et al (2013), Bayesian Data Analysis, section 11.4-11.5; Geyer (1992), Statistical Science 7, 473-483;
//! Vehtari, Gelman, Simpson, Carpenter and Buerkner (2021), Bayesian Analysis 16, 667-718.

use crate::posterior_cases::quantile;

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn variance(values: &[f64]) -> f64 {
    let centre = mean(values);
    values.iter().map(|value| (value - centre).powi(2)).sum::<f64>() / (values.len() - 1) as f64
}

/// Both halves of every chain; all chains are equally long.
fn halves(draws: &[f64], chains: usize) -> Vec<&[f64]> {
    draws.chunks_exact(draws.len() / (2 * chains)).collect()
}

fn split_r_hat_of(draws: &[f64], chains: usize) -> f64 {
    let parts = halves(draws, chains);
    let n = parts[0].len() as f64;
    let within = mean(&parts.iter().map(|part| variance(part)).collect::<Vec<_>>());
    let between = n * variance(&parts.iter().map(|part| mean(part)).collect::<Vec<_>>());
    (((n - 1.0) / n * within + between / n) / within).sqrt()
}

/// The larger split R-hat of the draws (location) and of their distances from the median (spread).
pub fn split_r_hat(draws: &[f64], chains: usize) -> f64 {
    let mut sorted = draws.to_vec();
    sorted.sort_by(f64::total_cmp);
    let median = quantile(&sorted, 0.5);
    let folded: Vec<f64> = draws.iter().map(|value| (value - median).abs()).collect();
    split_r_hat_of(draws, chains).max(split_r_hat_of(&folded, chains))
}

/// Effective sample size of a mean, from the autocorrelations of all half chains together, summed in pairs while the sums are
/// positive and falling.
pub fn effective_size(draws: &[f64], chains: usize) -> f64 {
    let parts = halves(draws, chains);
    let n = parts[0].len();
    let means: Vec<f64> = parts.iter().map(|part| mean(part)).collect();
    let within = mean(&parts.iter().map(|part| variance(part)).collect::<Vec<_>>());
    let total = (n as f64 - 1.0) / n as f64 * within + variance(&means);
    if total <= 0.0 {
        return draws.len() as f64;
    }
    let correlation = |lag: usize| {
        let covariance = parts.iter().zip(&means).map(|(part, centre)| {
            part.iter().zip(&part[lag..]).map(|(a, b)| (a - centre) * (b - centre)).sum::<f64>() / n as f64
        });
        1.0 - (within - covariance.sum::<f64>() / parts.len() as f64) / total
    };
    let (mut sum, mut previous, mut lag) = (0.0, f64::INFINITY, 0);
    while lag + 1 < n {
        let pair = (if lag == 0 { 1.0 } else { correlation(lag) } + correlation(lag + 1)).min(previous);
        if pair <= 0.0 {
            break;
        }
        sum += pair;
        previous = pair;
        lag += 2;
    }
    // Antithetic chains may be better than independent draws, within reason.
    let limit = draws.len() as f64 * (draws.len() as f64).log10();
    (draws.len() as f64 / (2.0 * sum - 1.0).max(1e-3)).min(limit)
}

/// Monte-Carlo standard error of a quantile: half the distance between the quantiles one standard error of the
/// probability to either side.
pub fn quantile_error(draws: &[f64], chains: usize, probability: f64) -> f64 {
    let mut sorted = draws.to_vec();
    sorted.sort_by(f64::total_cmp);
    let limit = quantile(&sorted, probability);
    let below: Vec<f64> = draws.iter().map(|value| f64::from(u8::from(*value <= limit))).collect();
    let error = (probability * (1.0 - probability) / effective_size(&below, chains)).sqrt();
    0.5 * (quantile(&sorted, (probability + error).min(1.0)) - quantile(&sorted, (probability - error).max(0.0)))
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;
    use rand_distr::{Distribution, StandardNormal};

    use super::*;

    #[test]
    fn autoregressive_chains_have_the_effective_size_of_their_formula() {
        let (mut random, rho) = (ChaCha8Rng::seed_from_u64(3), 0.6f64);
        let mut draws = Vec::new();
        for _ in 0..4 {
            let mut value: f64 = StandardNormal.sample(&mut random);
            for _ in 0..10_000 {
                let step: f64 = StandardNormal.sample(&mut random);
                value = rho * value + (1.0 - rho * rho).sqrt() * step;
                draws.push(value);
            }
        }
        let expected = 40_000.0 * (1.0 - rho) / (1.0 + rho);
        assert!((effective_size(&draws, 4) / expected - 1.0).abs() < 0.1);
        assert!(split_r_hat(&draws, 4) < 1.005);
        draws[..10_000].iter_mut().for_each(|value| *value += 1.0);
        assert!(split_r_hat(&draws, 4) > 1.05);
    }
}
