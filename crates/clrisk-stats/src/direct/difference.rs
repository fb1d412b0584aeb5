//! Differences between domains of one survey, and change between two surveys.

use super::estimate::DirectEstimate;
use super::linearised::{check_finite, domain_rows, ratio_of_rows};
use crate::design::SurveyDesign;
use crate::error::{Result, same_length};

/// Mean of `y` in domain `a` less its mean in domain `b`, with the covariance the shared sampling units induce.
///
/// Domains may overlap. `sample_size`, `cases` and `weight_sum` are sums over the two; the degrees of freedom are those of
/// the smaller domain, which is cautious. No design effect is given.
///
/// # Errors
/// Unequal lengths, a missing `y`, an empty domain.
///
/// Checked against: `survey_api.json` `by_cover.vcov`.
pub fn difference(design: &SurveyDesign, y: &[f64], a: &[bool], b: &[bool]) -> Result<DirectEstimate> {
    same_length("y", y.len(), design.rows())?;
    let (rows_a, rows_b) = (domain_rows(design, Some(a))?, domain_rows(design, Some(b))?);
    check_finite("y", y, &rows_a)?;
    check_finite("y", y, &rows_b)?;
    let first = ratio_of_rows(design, y, None, &rows_a)?;
    let second = ratio_of_rows(design, y, None, &rows_b)?;
    let either = (0..design.rows()).filter(|&row| a[row] || b[row]);
    let variance = design.covariance_of_totals(1, either, |row, z| {
        z[0] = 0.0;
        if a[row] {
            z[0] += (y[row] - first.value) / first.weight_sum;
        }
        if b[row] {
            z[0] -= (y[row] - second.value) / second.weight_sum;
        }
    })[0];
    Ok(DirectEstimate {
        value: first.value - second.value,
        standard_error: variance.max(0.0).sqrt(),
        degrees_of_freedom: first.degrees_of_freedom.min(second.degrees_of_freedom),
        design_effect: None,
        ..sums(&first, &second)
    })
}

/// Change `later - earlier` between estimates of two *independent* surveys.
///
/// The variance is the sum of the two; the degrees of freedom are Satterthwaite's,
/// `(v1 + v2)^2 / (v1^2/d1 + v2^2/d2)`. Not for rounds of a panel that share sampling units: their covariance is not
/// known here and the result would be too wide. For those use [`change_between_rounds`].
///
/// Checked against: simulated surveys whose true variance of change is known (`tests/variance_smoothing.rs`).
pub fn change(later: &DirectEstimate, earlier: &DirectEstimate) -> DirectEstimate {
    let (v1, v2) = (later.variance(), earlier.variance());
    let spread = v1 * v1 / later.degrees_of_freedom + v2 * v2 / earlier.degrees_of_freedom;
    DirectEstimate {
        value: later.value - earlier.value,
        standard_error: (v1 + v2).sqrt(),
        degrees_of_freedom: if spread > 0.0 {
            (v1 + v2).powi(2) / spread
        } else {
            later.degrees_of_freedom + earlier.degrees_of_freedom
        },
        design_effect: None,
        ..sums(later, earlier)
    }
}

/// Change `later - earlier` of a mean between two rounds of one survey that share sampling units (a panel, a rotating sample, or
/// new households in the same PSUs).
///
/// The design holds the records of both rounds, with the same codes for the same strata and PSUs; `later[i]` tells the round of
/// record `i`. The covariance of the rounds is that of the PSUs' totals. Records outside `domain` belong to neither.
///
/// # Errors
/// As [`difference`].
///
/// Checked against: simulated rounds whose true variance of change is known (`tests/variance_smoothing.rs`). Reference: Berger
/// and Priam, Journal of the Royal Statistical Society A 179 (2016).
pub fn change_between_rounds(
    design: &SurveyDesign,
    y: &[f64],
    later: &[bool],
    domain: Option<&[bool]>,
) -> Result<DirectEstimate> {
    same_length("later", later.len(), design.rows())?;
    let inside = domain_rows(design, domain)?;
    let (mut a, mut b) = (vec![false; design.rows()], vec![false; design.rows()]);
    for row in inside {
        if later[row] {
            a[row] = true;
        } else {
            b[row] = true;
        }
    }
    let change = difference(design, y, &a, &b)?;
    // The rounds share PSUs and strata: they are counted once.
    let support = design.support((0..design.rows()).filter(|&row| a[row] || b[row]));
    Ok(DirectEstimate { psus: support.psus, strata: support.strata, ..change })
}

fn sums(a: &DirectEstimate, b: &DirectEstimate) -> DirectEstimate {
    DirectEstimate {
        sample_size: a.sample_size + b.sample_size,
        cases: a.cases + b.cases,
        psus: a.psus + b.psus,
        strata: a.strata + b.strata,
        weight_sum: a.weight_sum + b.weight_sum,
        ..*a
    }
}
