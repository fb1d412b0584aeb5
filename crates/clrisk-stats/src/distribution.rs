//! Distribution functions and quantiles of the reference distributions (normal, t, F, chi-squared, beta).

use statrs::function::beta::checked_beta_reg;
use statrs::function::erf::{erfc, erfc_inv};
use statrs::function::gamma::checked_gamma_ur;

/// Quantile of the standard normal distribution.
pub(crate) fn normal_quantile(probability: f64) -> f64 {
    if probability > 0.5 {
        return -normal_quantile(1.0 - probability);
    }
    let start = -std::f64::consts::SQRT_2 * erfc_inv(2.0 * probability);
    if !start.is_finite() {
        return start;
    }
    // The inverse is good to about ten digits; one Newton step gives the rest.
    let density = (-0.5 * start * start).exp() / (2.0 * std::f64::consts::PI).sqrt();
    start - (normal_cdf(start) - probability) / density
}

/// Distribution function of the standard normal distribution.
pub(crate) fn normal_cdf(x: f64) -> f64 {
    0.5 * erfc(-x / std::f64::consts::SQRT_2)
}

/// Regularised incomplete beta function; NaN outside its domain.
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    checked_beta_reg(a, b, x).unwrap_or(f64::NAN)
}

/// Quantile of the beta distribution. `a = 0` is a point mass at 0, `b = 0` one at 1.
pub(crate) fn beta_quantile(probability: f64, a: f64, b: f64) -> f64 {
    if a <= 0.0 {
        return 0.0;
    }
    if b <= 0.0 {
        return 1.0;
    }
    let (mut low, mut high) = (0.0f64, 1.0f64);
    // Bisection is slow but cannot fail; 120 halvings reach the spacing of doubles for any quantile above 1e-20.
    for _ in 0..120 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if incomplete_beta(a, b, middle) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Quantile of Student's t; infinite degrees of freedom give the normal. NaN when there are none.
pub(crate) fn t_quantile(probability: f64, degrees_of_freedom: f64) -> f64 {
    if degrees_of_freedom.is_nan() || degrees_of_freedom <= 0.0 {
        return f64::NAN;
    }
    if probability == 0.5 {
        return 0.0;
    }
    if degrees_of_freedom > 1e7 {
        return normal_quantile(probability);
    }
    let tail = if probability < 0.5 { probability } else { 1.0 - probability };
    let x = beta_quantile(2.0 * tail, 0.5 * degrees_of_freedom, 0.5);
    let t = (degrees_of_freedom * (1.0 - x) / x).sqrt();
    if probability < 0.5 { -t } else { t }
}

/// Two-sided tail probability of Student's t.
pub(crate) fn t_two_sided(t: f64, degrees_of_freedom: f64) -> f64 {
    if degrees_of_freedom.is_nan() || degrees_of_freedom <= 0.0 || t.is_nan() {
        return f64::NAN;
    }
    if degrees_of_freedom > 1e7 {
        return erfc(t.abs() / std::f64::consts::SQRT_2);
    }
    incomplete_beta(0.5 * degrees_of_freedom, 0.5, degrees_of_freedom / (degrees_of_freedom + t * t))
}

/// Upper tail probability of the F distribution.
pub(crate) fn f_upper(f: f64, numerator: f64, denominator: f64) -> f64 {
    if denominator.is_nan() || denominator <= 0.0 || numerator <= 0.0 || f.is_nan() {
        return f64::NAN;
    }
    incomplete_beta(0.5 * denominator, 0.5 * numerator, denominator / (denominator + numerator * f))
}

/// Upper tail probability of the chi-squared distribution.
pub(crate) fn chi_squared_upper(x: f64, degrees_of_freedom: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    checked_gamma_ur(0.5 * degrees_of_freedom, 0.5 * x).unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_invert_their_distribution_functions() {
        for p in [0.001, 0.025, 0.3, 0.5, 0.8, 0.975, 0.9999] {
            assert!((normal_cdf(normal_quantile(p)) - p).abs() < 1e-14);
            for df in [1.0, 4.0, 39.0, 5000.0] {
                let tail = 0.5 * t_two_sided(t_quantile(p, df), df);
                assert!((tail - p.min(1.0 - p)).abs() < 1e-12, "{p} {df}");
            }
        }
    }

    #[test]
    fn tails_have_their_closed_forms_at_one_and_two_degrees_of_freedom() {
        // Cauchy quantile; t with 2 df; chi-squared with 2 df is exponential; F(2, d) has a power form.
        assert!((t_quantile(0.975, 1.0) - (std::f64::consts::PI * 0.475).tan()).abs() < 1e-9);
        let p: f64 = 0.95;
        let expected = (2.0 * p - 1.0) / (2.0 * p * (1.0 - p)).sqrt();
        assert!((t_quantile(p, 2.0) - expected).abs() < 1e-12);
        assert!((chi_squared_upper(3.0, 2.0) - (-1.5f64).exp()).abs() < 1e-14);
        assert!((f_upper(2.5, 2.0, 10.0) - (1.0f64 + 2.0 * 2.5 / 10.0).powi(-5)).abs() < 1e-14);
        assert!((beta_quantile(0.3, 1.0, 4.0) - (1.0 - 0.7f64.powf(0.25))).abs() < 1e-14);
    }
}
