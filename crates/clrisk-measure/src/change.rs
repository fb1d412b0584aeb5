//! Change between two surveys, figure by figure.
//!
//! The surveys are independent samples: the variance of a difference is the sum of the variances, with Satterthwaite's degrees of
//! freedom ([`clrisk_stats::direct::change`]); the test is Student's, two-sided.

use clrisk_core::measure::ChangeRow;
use clrisk_definitions::Definition;
use clrisk_stats::direct::change;
use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::figures::{Asked, Figures};
use clrisk_core::measure::Kind;

/// The change of every prevalence that both surveys have.
pub fn changes(later: &Figures, earlier: &Figures, level: f64) -> Vec<ChangeRow> {
    let mut rows = Vec::new();
    for (now, now_estimate) in later.rows.iter().zip(&later.estimates).filter(|(row, _)| row.kind == Kind::Prevalence) {
        let then = earlier.rows.iter().position(|then| {
            then.kind == Kind::Prevalence
                && then.measure == now.measure
                && then.ages == now.ages
                && then.group == now.group
        });
        let Some(position) = then else { continue };
        let then = &earlier.rows[position];
        let difference = change(now_estimate, &earlier.estimates[position]);
        let interval = difference.interval(level);
        rows.push(ChangeRow {
            measure: now.measure.clone(),
            ages: now.ages,
            group: now.group.clone(),
            earlier: then.rate,
            later: now.rate,
            difference: Some(difference.value),
            standard_error: Some(difference.standard_error),
            lower: interval.map(|interval| interval.lower),
            upper: interval.map(|interval| interval.upper),
            p_value: p_value(difference.value, difference.standard_error, difference.degrees_of_freedom),
            quality: now.quality.max(then.quality),
        });
    }
    rows
}

/// Two-sided p-value of no difference; none without a standard error or degrees of freedom.
pub fn p_value(difference: f64, standard_error: f64, degrees_of_freedom: f64) -> Option<f64> {
    if !(standard_error > 0.0 && degrees_of_freedom > 0.0) {
        return None;
    }
    let distribution = StudentsT::new(0.0, 1.0, degrees_of_freedom).ok()?;
    Some(2.0 * distribution.sf((difference / standard_error).abs()))
}

/// Why two surveys may not be comparable: words for [`clrisk_core::Measured::comparability`].
///
/// `ages` are the least and greatest age met in each survey.
pub fn comparability(
    definitions: [&Definition; 2],
    ages: [[i16; 2]; 2],
    asked: [&Asked; 2],
    questions: [[usize; 2]; 2],
) -> Vec<String> {
    let mut reasons = Vec::new();
    if definitions[0].hash != definitions[1].hash {
        reasons.push("definition".to_owned());
    }
    if ages[0] != ages[1] {
        reasons.push("ages".to_owned());
    }
    if asked[0] != asked[1] || questions[0] != questions[1] {
        reasons.push("items".to_owned());
    }
    reasons
}
