//! Benchmarks: what the model said before it was fitted to the direct estimates, and what they say.

use clrisk_core::Level;
use maud::html;

use super::{AXIS, Axis, Figure, INK, frame, px};
use crate::study::Study;
use crate::wording::Words;

/// The direct estimate of every benchmarked area with its 95 % interval, and the model before benchmarking; none when nothing was
/// benchmarked. The figures of fit on units the model has not seen stand in the table.
pub fn calibration(study: &Study, words: &Words<'_>) -> Option<Figure> {
    let manifest = study.manifest();
    let model = &study.bundle().model;
    if model.benchmarks.is_empty() {
        return None;
    }
    let name = |level: &str, code: &str| {
        let found = Level::parse(level).and_then(|level| study.area(level, code));
        match found {
            Some(row) => row.area.name.clone(),
            None => manifest.country.get(words.language).to_owned(),
        }
    };
    let ends = |direct: f64, error: f64| [(direct - 1.96 * error).max(0.0), direct + 1.96 * error];
    let highest = model
        .benchmarks
        .iter()
        .map(|row| ends(row.direct, row.direct_standard_error)[1].max(row.before))
        .fold(0.01, f64::max)
        * 1.05;
    let axis = Axis { low: 0.0, high: highest, from: 200.0, to: 620.0 };
    let line = 26.0;
    let height = 40.0 + line * model.benchmarks.len() as f64;
    let title = words.text("figure-calibration");
    let description = words.text("figure-calibration-description");
    let content = html! {
        @for tick in axis.ticks(6) {
            path d=(format!("M{x} 20V{}", px(height - 8.0), x = px(axis.at(tick)))) stroke="#d5d9dd" {}
            text x=(px(axis.at(tick))) y="14" text-anchor="middle" fill=(AXIS) { (words.percent(tick)) }
        }
        @for (index, row) in model.benchmarks.iter().enumerate() {
            @let middle = 36.0 + line * index as f64;
            @let [lower, upper] = ends(row.direct, row.direct_standard_error);
            text x="190" y=(px(middle + 4.0)) text-anchor="end" { (name(&row.level, &row.area)) }
            path d=(format!("M{} {y}H{}", px(axis.at(lower)), px(axis.at(upper)), y = px(middle))) stroke=(INK) stroke-width="3" {}
            circle cx=(px(axis.at(row.direct))) cy=(px(middle)) r="5" fill=(INK) {}
            rect x=(px(axis.at(row.before) - 5.0)) y=(px(middle - 5.0)) width="10" height="10" fill="#ffffff" stroke="#8a4b12" stroke-width="2.5" {}
        }
    };
    Some(Figure {
        picture: frame(640.0, height, &title, &description, &content),
        headings: vec![
            words.text("site-group"),
            words.text("site-direct"),
            words.text("site-interval-title"),
            words.text("site-before"),
        ],
        rows: model
            .benchmarks
            .iter()
            .map(|row| {
                let [lower, upper] = ends(row.direct, row.direct_standard_error);
                vec![
                    name(&row.level, &row.area),
                    words.percent(row.direct),
                    words.between(&words.percent(lower), &words.percent(upper)),
                    words.percent(row.before),
                ]
            })
            .collect(),
        title,
        description,
    })
}
