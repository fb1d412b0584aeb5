//! Ranges of ranks: how little an exact place means.

use clrisk_core::Level;
use clrisk_core::bundle::AreaRow;
use maud::html;

use super::{AXIS, Axis, Figure, INK, frame, px};
use crate::study::Study;
use crate::wording::Words;

/// Municipalities that the chart draws one by one; a longer list is cut to those with the highest rates and the table has all.
const MOST: usize = 40;

/// The rank ranges of the municipalities of an area, in the order of their names; none when none has a rank.
pub fn rank_ranges(study: &Study, words: &Words<'_>, level: Level, code: &str) -> Option<Figure> {
    let mut rows: Vec<(&AreaRow, [i64; 3])> = study
        .municipalities_of(level, code)
        .into_iter()
        .filter_map(|row| {
            let class = study.class(&row.area.code)?;
            Some((row, [class.rank_lower?, class.rank?, class.rank_upper?]))
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    rows.sort_by_key(|(_, [_, rank, _])| *rank);
    let mut drawn = rows[..rows.len().min(MOST)].to_vec();
    drawn.sort_by_key(|(row, _)| row.area.name.to_lowercase());
    let total = study.ranked().max(2) as f64;
    let (width, line) = (640.0, 20.0);
    let axis = Axis { low: 1.0, high: total, from: 230.0, to: 625.0 };
    let height = 34.0 + line * drawn.len() as f64;
    let title = words.text("figure-ranks");
    let description = words.with("figure-ranks-description", &[("total", &words.count(total))]);
    let content = html! {
        @for tick in axis.ticks(6).into_iter().chain([1.0]) {
            path d=(format!("M{x} 20V{}", px(height - 6.0), x = px(axis.at(tick)))) stroke="#d5d9dd" {}
            text x=(px(axis.at(tick))) y="14" text-anchor="middle" fill=(AXIS) { (words.count(tick)) }
        }
        @for (index, (row, [best, rank, worst])) in drawn.iter().enumerate() {
            @let middle = 34.0 + line * index as f64;
            text x="220" y=(px(middle + 4.0)) text-anchor="end" { (shortened(&row.area.name)) }
            path d=(format!("M{} {y}H{}", px(axis.at(*best as f64)), px(axis.at(*worst as f64)), y = px(middle))) stroke=(INK) stroke-width="3" {}
            circle cx=(px(axis.at(*rank as f64))) cy=(px(middle)) r="4" fill=(INK) {}
        }
    };
    rows.sort_by_key(|(row, _)| row.area.name.to_lowercase());
    Some(Figure {
        picture: frame(width, height, &title, &description, &content),
        headings: vec![words.text("site-name"), words.text("figure-ranks-range")],
        rows: rows
            .iter()
            .map(|(row, [best, _, worst])| {
                let range = words.between(&words.ordinal(*best), &words.ordinal(*worst));
                vec![row.area.name.clone(), range]
            })
            .collect(),
        title,
        description,
    })
}

/// A name that fits beside its line.
fn shortened(name: &str) -> String {
    if name.chars().count() <= 30 { name.to_owned() } else { name.chars().take(29).chain(['…']).collect() }
}
