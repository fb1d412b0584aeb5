//! A rate over several releases.

use maud::html;

use super::{AXIS, Axis, Figure, INK, frame, px};
use crate::wording::Words;

/// What one release says.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// Year the figures refer to.
    pub year: i32,
    /// Id of the release.
    pub release: String,
    /// Rate and the ends of its 95 % interval.
    pub rate: [f64; 3],
}

/// The rates of `moments`, which are in the order of their years; none when there are fewer than two. Points are not joined:
/// nothing is known between them.
pub fn trajectory(words: &Words<'_>, area: &str, moments: &[Moment]) -> Option<Figure> {
    let (first, last) = (moments.first()?, moments.last()?);
    if moments.len() < 2 {
        return None;
    }
    let highest = moments.iter().map(|moment| moment.rate[2]).fold(0.01, f64::max) * 1.05;
    let across = Axis { low: f64::from(first.year), high: f64::from(last.year), from: 90.0, to: 520.0 };
    let up = Axis { low: 0.0, high: highest, from: 240.0, to: 20.0 };
    let title = words.with("figure-trajectory", &[("area", area)]);
    let description = words.text("figure-trajectory-description");
    let content = html! {
        @for tick in up.ticks(5) {
            path d=(format!("M60 {y}H550", y = px(up.at(tick)))) stroke="#e4e7ea" {}
            text x="54" y=(px(up.at(tick) + 4.0)) text-anchor="end" fill=(AXIS) { (words.percent(tick)) }
        }
        @for moment in moments {
            @let x = px(across.at(f64::from(moment.year)));
            @let [rate, lower, upper] = moment.rate;
            path d=(format!("M{x} {}V{}", px(up.at(lower)), px(up.at(upper)))) stroke=(INK) stroke-width="3" {}
            circle cx=(x) cy=(px(up.at(rate))) r="5" fill=(INK) {}
            text x=(x) y="260" text-anchor="middle" fill=(AXIS) { (moment.year) }
        }
    };
    Some(Figure {
        picture: frame(560.0, 270.0, &title, &description, &content),
        headings: vec![
            words.text("site-year"),
            words.text("export-release"),
            words.text("site-rate"),
            words.text("site-interval-title"),
        ],
        rows: moments
            .iter()
            .map(|moment| {
                let [rate, lower, upper] = moment.rate.map(|value| words.percent(value));
                vec![moment.year.to_string(), moment.release.clone(), rate, words.between(&lower, &upper)]
            })
            .collect(),
        title,
        description,
    })
}
