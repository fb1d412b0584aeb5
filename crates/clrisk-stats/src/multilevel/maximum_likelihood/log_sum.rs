//! The logarithms of the logistic likelihood, few for many rows.

/// Sums of `-n log(1 + e^eta)` from probabilities that are known already. Where `n` is one the probabilities are multiplied
/// and one logarithm is taken of many, which changes rounding only.
#[derive(Default)]
pub(super) struct LogSum {
    sum: f64,
    product: f64,
    factors: u32,
}

impl LogSum {
    /// So many factors of one half or more do not underflow.
    const FACTORS: u32 = 500;

    /// `log(1 + e^eta)` is `max(eta, 0)` less the logarithm of the larger of `mean = 1 / (1 + e^-eta)` and `1 - mean`.
    pub(super) fn subtract_log_of_one_plus_odds(&mut self, times: f64, eta: f64, mean: f64) {
        self.sum -= times * eta.max(0.0);
        self.add(times, mean.max(1.0 - mean));
    }

    fn add(&mut self, times: f64, probability: f64) {
        if times != 1.0 {
            self.sum += times * probability.ln();
        } else if self.factors == 0 {
            (self.product, self.factors) = (probability, 1);
        } else {
            self.product *= probability;
            self.factors += 1;
            if self.factors == Self::FACTORS {
                self.sum += self.product.ln();
                self.factors = 0;
            }
        }
    }

    pub(super) fn total(&self) -> f64 {
        if self.factors > 0 { self.sum + self.product.ln() } else { self.sum }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_logarithms_are_summed_without_loss() {
        let (mut sum, mut expected) = (LogSum::default(), 0.0);
        for row in 0..3000 {
            let (eta, times) = (f64::from(row % 83) * 0.3 - 12.0, if row % 7 == 0 { 2.5 } else { 1.0 });
            sum.subtract_log_of_one_plus_odds(times, eta, 1.0 / (1.0 + (-eta).exp()));
            expected -= times * (eta.max(0.0) + (-eta.abs()).exp().ln_1p());
        }
        assert!((sum.total() / expected - 1.0).abs() < 1e-14);
    }
}
