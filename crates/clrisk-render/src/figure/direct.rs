//! What the survey says alone against what the model says: points on the diagonal agree.

use clrisk_core::{Estimate, Level};
use maud::html;

use super::{AXIS, Axis, Figure, INK, frame, px};
use crate::study::Study;
use crate::wording::Words;

/// Direct against modelled rates of the areas of `level`, circles in proportion to the children in the sample; none where
/// no direct estimate is published.
pub fn direct_against_modelled(study: &Study, words: &Words<'_>, level: Level) -> Option<Figure> {
    let found: Vec<(&str, &Estimate, f64, f64)> = study
        .level(level)
        .filter_map(|row| {
            let estimate = study.overall(level, &row.area.code)?;
            Some((row.area.name.as_str(), estimate, estimate.direct?, estimate.rate?))
        })
        .collect();
    if found.is_empty() {
        return None;
    }
    let highest = found.iter().map(|(_, _, direct, rate)| direct.max(*rate)).fold(0.01, f64::max) * 1.05;
    let across = Axis { low: 0.0, high: highest, from: 60.0, to: 440.0 };
    let up = Axis { low: 0.0, high: highest, from: 400.0, to: 20.0 };
    let sample = |estimate: &Estimate| estimate.sample.unwrap_or(0).max(0) as f64;
    let most = found.iter().map(|(_, estimate, ..)| sample(estimate)).fold(1.0, f64::max);
    let title = words.text("figure-direct");
    let description = words.text("figure-direct-description");
    let content = html! {
        @for tick in across.ticks(6) {
            path d=(format!("M{x} 20V400M60 {y}H440", x = px(across.at(tick)), y = px(up.at(tick)))) stroke="#e4e7ea" {}
            text x=(px(across.at(tick))) y="416" text-anchor="middle" fill=(AXIS) { (words.percent(tick)) }
            text x="54" y=(px(up.at(tick) + 4.0)) text-anchor="end" fill=(AXIS) { (words.percent(tick)) }
        }
        path d=(format!("M60 400L{} {}", px(across.at(highest)), px(up.at(highest)))) stroke=(AXIS) stroke-dasharray="4 3" {}
        text x="250" y="438" text-anchor="middle" { (words.text("site-direct")) }
        text x="16" y="210" text-anchor="middle" transform="rotate(-90 16 210)" { (words.text("figure-modelled")) }
        @for (name, estimate, direct, rate) in &found {
            circle cx=(px(across.at(*direct))) cy=(px(up.at(*rate))) r=(px(3.0 + 9.0 * (sample(estimate) / most).sqrt())) fill=(INK) fill-opacity="0.55" {
                title { (name) ": " (words.percent(*direct)) " / " (words.percent(*rate)) }
            }
        }
    };
    Some(Figure {
        picture: frame(460.0, 446.0, &title, &description, &content),
        headings: vec![words.text("site-name"), words.text("site-direct"), words.text("figure-modelled")],
        rows: found
            .iter()
            .map(|(name, _, direct, rate)| vec![(*name).to_owned(), words.percent(*direct), words.percent(*rate)])
            .collect(),
        title,
        description,
    })
}
