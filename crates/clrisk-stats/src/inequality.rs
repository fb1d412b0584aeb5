//! Inequality of a quantity between persons.

use crate::error::{Result, StatsError, same_length};

/// Gini coefficient of weighted values, in [0, 1) for values that are not negative: zero when all are equal.
///
/// Twice the area between the diagonal and the Lorenz curve through the weighted points,
/// `sum_i w_i y_i (2 W_i - w_i) / (sum w  sum w y) - 1` with `W_i` the cumulated weight in order of the values. Persons
/// with the same value may stand in any order.
///
/// # Errors
/// Unequal lengths, no values, values or weights that are negative or not finite, a total of zero.
///
/// # Example
/// ```
/// let gini = clrisk_stats::inequality::gini(&[1.0, 1.0, 2.0], &[1.0, 1.0, 1.0]).unwrap();
/// assert!((gini - 1.0 / 6.0).abs() < 1e-15);
/// ```
///
/// Checked against: `sae.json` `eusilc_direct` (R `emdi`; script `05_fay_herriot.R`). Reference: Alfons and Templ, Journal of
/// Statistical Software 54(15) (2013), section 2.
pub fn gini(values: &[f64], weights: &[f64]) -> Result<f64> {
    same_length("weights", weights.len(), values.len())?;
    if values.is_empty() {
        return Err(StatsError::Empty { quantity: "a Gini coefficient" });
    }
    for (input, column) in [("values", values), ("weights", weights)] {
        if let Some(row) = column.iter().position(|v| !(v.is_finite() && *v >= 0.0)) {
            return Err(StatsError::OutOfRange { input, requirement: "finite and not negative", row });
        }
    }
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let (mut persons, mut total, mut below) = (0.0, 0.0, 0.0);
    for row in order {
        let amount = weights[row] * values[row];
        below += amount * (2.0 * persons + weights[row]);
        persons += weights[row];
        total += amount;
    }
    if total <= 0.0 {
        return Err(StatsError::ZeroDenominator);
    }
    Ok(below / (persons * total) - 1.0)
}
