//! Small charts of the area page. Each stands beside the number it draws, so it is hidden from screen readers.

use clrisk_core::{Estimate, FactorContribution};
use maud::{Markup, html};

use crate::palette;
use crate::study::Study;
use crate::wording::Words;

const POINT: &str = "#1b386e";
const MUTED: &str = "#8b949c";
/// Factors that raise and that lower the rate; the sign is also written and the side shows it.
const RAISES: &str = "#b5651d";
const LOWERS: &str = "#38749f";

/// The factors of a municipality for reading.
#[derive(Debug, Clone, Default)]
pub struct FactorList {
    /// The three factors that somebody can act on and that raise the rate most; fewer when fewer raise it.
    pub leading: Vec<FactorContribution>,
    /// All other factors, largest first, without what is particular to the municipality.
    pub others: Vec<FactorContribution>,
    /// What is particular to the municipality and the variables do not explain.
    pub own: Option<FactorContribution>,
}

impl FactorList {
    /// Sorts the factors of a municipality.
    pub fn of(study: &Study, code: &str) -> FactorList {
        let actionable = |name: &str| {
            study.manifest().variables.iter().any(|variable| variable.name == name && variable.role == "actionable")
        };
        let mut list = FactorList::default();
        for factor in study.factors(code) {
            if factor.factor == "area_effect" {
                list.own = Some(factor.clone());
            } else {
                list.others.push(factor.clone());
            }
        }
        list.others.sort_by(|left, right| right.points.abs().total_cmp(&left.points.abs()));
        let mut raising: Vec<FactorContribution> =
            list.others.iter().filter(|factor| actionable(&factor.factor) && factor.points > 0.0).cloned().collect();
        raising.sort_by(|left, right| right.points.total_cmp(&left.points));
        raising.truncate(3);
        list.others.retain(|factor| !raising.iter().any(|leading| leading.factor == factor.factor));
        list.leading = raising;
        list
    }

    /// Largest contribution in absolute value, the scale of the bars.
    pub fn scale(&self) -> f64 {
        let all = self.leading.iter().chain(&self.others).chain(&self.own);
        all.map(|factor| factor.points.abs()).fold(0.1, f64::max)
    }
}

/// A bar from the middle: to the right what raises the rate, to the left what lowers it.
pub fn factor_bar(points: f64, scale: f64) -> Markup {
    let half = 80.0;
    let length = (points.abs() / scale).min(1.0) * (half - 2.0);
    let start = if points < 0.0 { half - length } else { half };
    html! {
        svg.bar viewBox="0 0 160 16" width="160" height="16" aria-hidden="true" {
            rect x=(format!("{start:.1}")) y="2" width=(format!("{length:.1}")) height="12" fill=(if points < 0.0 { LOWERS } else { RAISES }) {}
            path d="M80 0V16" stroke=(MUTED) stroke-width="1" {}
        }
    }
}

/// A rate with its interval on a scale from zero to `highest`, and the national rate as a thin line.
pub fn interval(estimate: &Estimate, highest: f64, national: Option<f64>) -> Markup {
    let at = |rate: f64| format!("{:.1}", 2.0 + 156.0 * (rate / highest).clamp(0.0, 1.0));
    html! {
        @if let (Some(rate), Some(lower), Some(upper)) = (estimate.rate, estimate.lower, estimate.upper) {
            svg.interval viewBox="0 0 160 16" width="160" height="16" aria-hidden="true" {
                path d="M2 15H158" stroke="#d5d9dd" stroke-width="1" {}
                @if let Some(national) = national {
                    path d=(format!("M{} 0V16", at(national))) stroke=(MUTED) stroke-width="1.5" stroke-dasharray="3 2" {}
                }
                path d=(format!("M{} 8H{}", at(lower), at(upper))) stroke=(POINT) stroke-width="3" {}
                circle cx=(at(rate)) cy="8" r="4" fill=(POINT) {}
            }
        }
    }
}

/// The probabilities of the classes as one bar of full width, palest for the lowest class.
pub fn membership(words: &Words<'_>, membership: &[f64]) -> Markup {
    let colors = palette::sequence(membership.len());
    let starts = membership.iter().scan(0.0, |sum, share| {
        let start = *sum;
        *sum += share;
        Some(start)
    });
    html! {
        svg.membership viewBox="0 0 400 22" width="400" height="22" preserveAspectRatio="none" role="img"
            aria-label=(words.text("site-membership-label")) {
            @for ((start, share), color) in starts.zip(membership).zip(&colors) {
                rect x=(format!("{:.1}", 1.0 + 398.0 * start)) y="1" width=(format!("{:.1}", 398.0 * share)) height="20" fill=(color) stroke=(palette::BORDER) stroke-width="1" {}
            }
        }
    }
}

/// A square in the colour of class `class` (0 = lowest) of `count`.
pub fn class_square(class: usize, count: usize) -> Markup {
    let color = palette::sequence(count).get(class).cloned().unwrap_or_else(|| palette::NO_DATA.to_owned());
    html! {
        svg.swatch viewBox="0 0 28 18" width="28" height="18" aria-hidden="true" {
            rect x="1" y="1" width="26" height="16" fill=(color) stroke=(palette::BORDER) stroke-width="1" {}
        }
    }
}
