//! Maps as SVG that stands on its own: no script, no style sheet, colours as attributes, one path and title per area.

use clrisk_core::bundle::AreaRow;
use clrisk_core::{Level, ValueStatus};
use maud::{Markup, PreEscaped, html};

use crate::address;
use crate::drawing::Drawing;
use crate::layer::{Layer, Look, Shading};
use crate::palette::{self, BORDER, NO_DATA, PAPER, STRONG};
use crate::study::Study;
use crate::wording::Words;

/// The fill of a look: a colour, or the name of a pattern.
fn fill(shading: &Shading, look: Look, hatched: bool, prefix: &str) -> String {
    match look {
        Look::Bin(bin) if hatched => format!("url(#{prefix}hatch-{bin})"),
        Look::Bin(bin) => shading.bins[bin].color.clone(),
        Look::NotReliable => format!("url(#{prefix}not-reliable)"),
        Look::Suppressed => format!("url(#{prefix}suppressed)"),
        Look::NoData => NO_DATA.to_owned(),
    }
}

/// Hatching in every colour of the sequence, and the looks of what is not shown. Pattern sizes are in units of the drawing.
fn patterns(shading: &Shading, prefix: &str, size: u32) -> Markup {
    let thin = size / 6;
    let crossed = format!("M0 0L{size} {size}M{size} 0L0 {size}");
    html! {
        defs {
            @for (bin, step) in shading.bins.iter().enumerate() {
                pattern id=(format!("{prefix}hatch-{bin}")) width=(size) height=(size) patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect width=(size) height=(size) fill=(step.color) {}
                    rect width=(thin) height=(size) fill=(palette::hatch_on(&step.color)) {}
                }
            }
            pattern id=(format!("{prefix}suppressed")) width=(size) height=(size) patternUnits="userSpaceOnUse" {
                rect width=(size) height=(size) fill=(PAPER) {}
                circle cx=(size / 2) cy=(size / 2) r=(size / 7) fill=(BORDER) {}
            }
            pattern id=(format!("{prefix}not-reliable")) width=(size) height=(size) patternUnits="userSpaceOnUse" {
                rect width=(size) height=(size) fill=(PAPER) {}
                path d=(crossed) fill="none" stroke=(BORDER) stroke-width=(size / 12) {}
            }
        }
    }
}

/// What the title of an area says: its name and the value of the layer.
pub fn area_title(study: &Study, words: &Words<'_>, layer: Layer, row: &AreaRow) -> String {
    let code = &row.area.code;
    let status = study.status(code);
    let value = match status {
        ValueStatus::Suppressed | ValueStatus::NoData | ValueStatus::NotReliable => Some(words.status(status)),
        _ => match layer {
            Layer::Probability => study.highest_class_probability(code).map(|value| {
                let class = study.manifest().classes.names.last().map(|key| words.class_key(key)).unwrap_or_default();
                words.with("site-title-probability", &[("value", &words.probability(value)), ("class", &class)])
            }),
            Layer::Class => study.class(code).and_then(|class| class.class).map(|class| {
                let name = words.class(study.manifest(), class);
                let key = if study.uncertain(code) { "site-title-class-uncertain" } else { "site-title-class" };
                words.with(key, &[("class", &name)])
            }),
            Layer::Rate => study
                .overall(Level::Municipality, code)
                .filter(|estimate| estimate.rate.is_some())
                .map(|estimate| words.rate_interval(estimate)),
        },
    };
    format!("{}: {}", row.area.name, value.unwrap_or_else(|| words.status(ValueStatus::NoData)))
}

/// A map of municipalities as links to their pages.
///
/// Links are outside the tab order, because the table under the map is the way for the keyboard; the site's script adds
/// moving over the map with the arrow keys.
pub fn map(study: &Study, words: &Words<'_>, shading: &Shading, drawing: &Drawing, label: &str) -> Markup {
    // Areas of one look share one group, so that each path carries only its line.
    let mut groups: Vec<((Look, bool), Vec<(&AreaRow, &str)>)> = Vec::new();
    for (code, data) in drawing.areas.iter().filter(|(_, data)| !data.is_empty()) {
        let Some(row) = study.area(Level::Municipality, code) else { continue };
        let look = shading.look(code);
        match groups.iter_mut().find(|(found, _)| *found == look) {
            Some((_, paths)) => paths.push((row, data)),
            None => groups.push((look, vec![(row, data)])),
        }
    }
    groups.sort_by_key(|(look, _)| *look);
    html! {
        svg.map xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {} {}", drawing.width, drawing.height))
            width=(drawing.width / 10) height=(drawing.height / 10) role="group" aria-label=(label) {
            (patterns(shading, "", 70))
            @for ((look, hatched), paths) in &groups {
                g fill=(fill(shading, *look, *hatched, "")) stroke=(BORDER) stroke-width="4" stroke-linejoin="round" {
                    @for (row, data) in paths {
                        a href=(address::area(words.language, &row.area.code)) tabindex="-1" {
                            path id=(path_id(&row.area.code)) d=(data) fill-rule="evenodd" {
                                title { (area_title(study, words, shading.layer, row)) }
                            }
                        }
                    }
                }
            }
            g.borders fill="none" stroke=(STRONG) stroke-width="9" stroke-linejoin="round" pointer-events="none" {
                @for (_, data) in &drawing.outlines { path d=(data) {} }
            }
        }
    }
}

/// The identifier of an area's path.
pub fn path_id(code: &str) -> String {
    let plain: String = code.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    format!("area-{plain}")
}

fn swatch(shading: &Shading, look: Look, hatched: bool) -> Markup {
    html! {
        svg.swatch viewBox="0 0 280 180" width="28" height="18" aria-hidden="true" {
            rect x="5" y="5" width="270" height="170" fill=(fill(shading, look, hatched, "")) stroke=(BORDER) stroke-width="8" {}
        }
    }
}

/// The legend: every step with its written rule and its number of areas, and every look that is not a step.
///
/// It uses the patterns of the map on the same page.
pub fn legend(words: &Words<'_>, shading: &Shading) -> Markup {
    let areas = |count: usize| words.counted("site-areas-count", count);
    let example = shading.bins.len() / 2;
    html! {
        div.legend {
            p.legend-rule { (shading.rule) }
            ul {
                @for (bin, step) in shading.bins.iter().enumerate().rev() {
                    li {
                        (swatch(shading, Look::Bin(bin), false))
                        span.legend-label { (step.label) }
                        span.legend-count { (areas(step.areas)) }
                    }
                }
                @for (look, key, count) in [
                    (Look::NotReliable, "site-legend-not-reliable", shading.not_reliable),
                    (Look::Suppressed, "site-legend-suppressed", shading.suppressed),
                    (Look::NoData, "site-legend-no-data", shading.no_data),
                ] {
                    li {
                        (swatch(shading, look, false))
                        span.legend-label { (words.text(key)) }
                        span.legend-count { (areas(count)) }
                    }
                }
                li.legend-uncertain {
                    (swatch(shading, Look::Bin(example), true))
                    span.legend-label { (words.text("site-legend-uncertain")) }
                    span.legend-count { (areas(shading.uncertain)) }
                }
            }
        }
    }
}

/// The small map that shows where a municipality is: departments, its own shaded, the municipality dark and ringed.
pub fn locator(study: &Study, words: &Words<'_>, row: &AreaRow) -> Markup {
    let drawing = study.locator();
    let department = study.ancestor(row, Level::Department).map(|above| above.area.code.as_str());
    let code = &row.area.code;
    let label = words.with("site-locator-label", &[("area", &row.area.name)]);
    html! {
        @if drawing.width > 0 && drawing.areas.get(code).is_some_and(|data| !data.is_empty()) {
            svg.locator viewBox=(format!("0 0 {} {}", drawing.width, drawing.height))
                width=(drawing.width / 10) height=(drawing.height / 10) role="img" aria-label=(label) {
                g fill="#eef0f2" stroke="#8b949c" stroke-width="6" stroke-linejoin="round" fill-rule="evenodd" {
                    @for (_, data) in drawing.departments.iter().filter(|(found, _)| Some(found.as_str()) != department) {
                        path d=(data) {}
                    }
                    @for (_, data) in drawing.departments.iter().filter(|(found, _)| Some(found.as_str()) == department) {
                        path d=(data) fill="#bcd3e0" {}
                    }
                }
                @if let Some(data) = drawing.areas.get(code) {
                    path d=(data) fill="#1b386e" fill-rule="evenodd" {}
                }
                @if let Some([x, y]) = drawing.middles.get(code) {
                    circle cx=(x) cy=(y) r="110" fill="none" stroke="#1b386e" stroke-width="14" {}
                }
            }
        }
    }
}

/// A map as a file of its own.
pub fn standalone(drawn: &Markup) -> PreEscaped<String> {
    PreEscaped(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", drawn.0))
}
