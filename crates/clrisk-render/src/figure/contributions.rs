//! What moves a municipality's rate away from the country's, factor by factor.

use maud::html;

use super::{AXIS, Axis, Figure, frame, px};
use crate::chart::FactorList;
use crate::study::Study;
use crate::wording::Words;

/// The contributions of a municipality; none where it has no figure.
pub fn contributions(study: &Study, words: &Words<'_>, code: &str) -> Option<Figure> {
    let manifest = study.manifest();
    let list = FactorList::of(study, code);
    let factors: Vec<_> = list.leading.iter().chain(&list.others).chain(&list.own).collect();
    if factors.is_empty() {
        return None;
    }
    let most = list.scale();
    let (width, row) = (640.0, 26.0);
    let axis = Axis { low: -most, high: most, from: 330.0, to: 580.0 };
    let zero = axis.at(0.0);
    let height = 16.0 + row * factors.len() as f64;
    let title = words.text("site-factors");
    let description = words.text("site-factors-note");
    let content = html! {
        path d=(format!("M{} 4V{}", px(zero), px(height - 4.0))) stroke=(AXIS) {}
        @for (index, factor) in factors.iter().enumerate() {
            @let top = 8.0 + row * index as f64;
            @let end = axis.at(factor.points);
            text x="316" y=(px(top + 15.0)) text-anchor="end" { (words.variable(manifest, &factor.factor)) }
            rect x=(px(end.min(zero))) y=(px(top + 2.0)) width=(px((end - zero).abs())) height="18" fill=(if factor.points < 0.0 { "#38749f" } else { "#b5651d" }) {}
            text x=(px(if factor.points < 0.0 { end - 5.0 } else { end + 5.0 })) y=(px(top + 15.0)) text-anchor=(if factor.points < 0.0 { "end" } else { "start" }) { (words.points(factor.points)) }
        }
    };
    Some(Figure {
        picture: frame(width, height, &title, &description, &content),
        headings: vec![words.text("site-variable"), words.text("column-points")],
        rows: factors
            .iter()
            .map(|factor| vec![words.variable(manifest, &factor.factor), words.points(factor.points)])
            .collect(),
        title,
        description,
    })
}
