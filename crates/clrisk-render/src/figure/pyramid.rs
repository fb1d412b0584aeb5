//! The age-sex pyramid: rates by age for the two sexes, back to back.

use clrisk_core::{Estimate, Level};
use maud::html;

use super::{AXIS, Axis, Figure, frame, px};
use crate::study::Study;
use crate::wording::Words;

/// The pyramid of an area; none where the study does not publish sex by age.
pub fn pyramid(study: &Study, words: &Words<'_>, level: Level, code: &str) -> Option<Figure> {
    let manifest = study.manifest();
    let sexes = study.sexes()?;
    let names = sexes.each_ref().map(|sex| words.group(manifest, sex));
    // Crossed groups of sex and one other variable, by the other variable's category in the order of the bundle.
    let mut ages: Vec<(String, String, [Option<&Estimate>; 2])> = Vec::new();
    for estimate in study.estimates(level, code).filter(|estimate| estimate.group.0.len() == 2) {
        let pairs = &estimate.group.0;
        let Some(sex) = pairs.iter().position(|(variable, _)| variable == "sex") else { continue };
        let side = sexes.iter().position(|group| group.0.first().map(|pair| &pair.1) == Some(&pairs[sex].1))?;
        let (variable, category) = &pairs[1 - sex];
        if !variable.contains("age") {
            continue;
        }
        match ages.iter_mut().find(|(_, found, _)| found == category) {
            Some((_, _, both)) => both[side] = Some(estimate),
            None => {
                let mut both = [None, None];
                both[side] = Some(estimate);
                ages.push((variable.clone(), category.clone(), both));
            }
        }
    }
    if ages.is_empty() {
        return None;
    }
    let rate = |estimate: Option<&Estimate>| estimate.and_then(|estimate| estimate.rate);
    let highest = ages.iter().flat_map(|(_, _, both)| both.map(rate)).flatten().fold(0.01, f64::max);
    let (width, middle, row) = (560.0, 280.0, 34.0);
    let right = Axis { low: 0.0, high: highest, from: middle + 55.0, to: width - 70.0 };
    let left = Axis { low: 0.0, high: highest, from: middle - 55.0, to: 70.0 };
    let height = 40.0 + row * ages.len() as f64;
    let title = words.with("figure-pyramid", &[("outcome", manifest.outcome.title.get(words.language))]);
    let description = words.text("figure-pyramid-description");
    let content = html! {
        text x=(px(left.from)) y="18" text-anchor="end" font-weight="bold" { (names[0]) }
        text x=(px(right.from)) y="18" font-weight="bold" { (names[1]) }
        @for (index, (variable, category, both)) in ages.iter().enumerate() {
            @let top = 30.0 + row * index as f64;
            text x=(px(middle)) y=(px(top + 16.0)) text-anchor="middle" { (words.category(manifest, variable, category)) }
            @for (side, (axis, color)) in [(left, "#8a5a1e"), (right, "#2d6592")].into_iter().enumerate() {
                @if let Some(value) = rate(both[side]) {
                    @let end = axis.at(value);
                    rect x=(px(end.min(axis.from))) y=(px(top)) width=(px((end - axis.from).abs())) height="22" fill=(color) {}
                    text x=(px(if side == 0 { end - 5.0 } else { end + 5.0 })) y=(px(top + 16.0)) text-anchor=(if side == 0 { "end" } else { "start" }) { (words.percent(value)) }
                } @else {
                    text x=(px(axis.from)) y=(px(top + 16.0)) text-anchor=(if side == 0 { "end" } else { "start" }) fill=(AXIS) { (words.text("sheet-none")) }
                }
            }
        }
    };
    let cell = |estimate: Option<&Estimate>| match estimate.and_then(|estimate| Some((estimate, estimate.rate?))) {
        Some((estimate, rate)) => format!("{} ({})", words.percent(rate), words.rate_interval(estimate)),
        None => words.text("sheet-none"),
    };
    let [first, second] = names;
    Some(Figure {
        picture: frame(width, height, &title, &description, &content),
        headings: vec![words.text("site-group"), first, second],
        rows: ages
            .iter()
            .map(|(variable, category, both)| {
                vec![words.category(manifest, variable, category), cell(both[0]), cell(both[1])]
            })
            .collect(),
        title,
        description,
    })
}
