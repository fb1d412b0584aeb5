//! Integration over a positive parameter: the trapezoidal rule on the logarithmic scale.
//!
//! For a function that is analytic beside the axis the error falls exponentially with the number of points (Trefethen and
//! Weideman, SIAM Review 56 (2014)). The posteriors here have their singularities at negative real values, half a turn
//! away on the logarithmic scale: at this step the error is of the order `exp(-2 pi^2 / 0.25)`, below rounding.

const STEP: f64 = 0.25;
/// Steps allowed to one side: a factor of `exp(125)`.
const MOST_STEPS: usize = 500;
/// What the terms must have fallen to, relative to the largest.
const NEGLIGIBLE: f64 = -41.0;

/// Points and normalised weights for expectations under a density known up to a factor, searched from `centre > 0`.
/// `None` when the density does not fall off within reach (it is improper) or is not defined where it has not yet.
pub(crate) fn log_trapezoid(centre: f64, log_density: impl Fn(f64) -> Option<f64>) -> Option<Vec<(f64, f64)>> {
    // The density of the logarithm has the value as factor.
    let term = |step: i64| {
        let value = centre * (STEP * step as f64).exp();
        log_density(value).filter(|log| log.is_finite()).map(|log| (value, log + value.ln()))
    };
    let mut terms = vec![term(0)?];
    let mut largest = terms[0].1;
    for direction in [1, -1] {
        let mut ended = false;
        for step in 1..=MOST_STEPS as i64 {
            let next = term(direction * step)?;
            largest = largest.max(next.1);
            terms.push(next);
            if step > 20 && next.1 < largest + NEGLIGIBLE {
                ended = true;
                break;
            }
        }
        if !ended {
            return None;
        }
    }
    let total: f64 = terms.iter().map(|(_, log)| (log - largest).exp()).sum();
    Some(terms.into_iter().map(|(value, log)| (value, (log - largest).exp() / total)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_a_heavy_tailed_density_are_exact() {
        // x^2 / (1 + x)^8: a beta-prime density with a = 3, b = 5; mean a / (b - 1), and 1/(1 + x) has mean b / (a + b).
        let points = log_trapezoid(40.0, |x| Some(2.0 * x.ln() - 8.0 * x.ln_1p())).unwrap();
        let mean: f64 = points.iter().map(|(x, w)| x * w).sum();
        let share: f64 = points.iter().map(|(x, w)| w / (1.0 + x)).sum();
        assert!((mean - 0.75).abs() < 1e-13 && (share - 0.625).abs() < 1e-13, "{mean} {share}");
    }

    #[test]
    fn an_improper_density_is_refused() {
        assert!(log_trapezoid(1.0, |x| Some(-x.ln_1p())).is_none());
    }
}
