//! Maps as SVG that stands on its own: no script, no style sheet, colours as attributes, one path and title per area.

use clrisk_core::bundle::{AreaRow, Stage};
use clrisk_core::{Level, ValueStatus};
use maud::{Markup, PreEscaped, html};

use crate::address;
use crate::difference::Difference;
use crate::drawing::Drawing;
use crate::layer::{Layer, Look, Shading};
use crate::palette::{self, BORDER, NO_DATA, PAPER, STRONG};
use crate::study::Study;
use crate::wording::Words;

/// Ground of areas that a map does not speak of.
const GROUND: &str = "#eef0f2";
/// Outline of a municipality that is pointed at; no map has this colour.
pub(crate) const MARK: &str = "#b3123f";
/// Fill of the circles of [`Layer::Count`].
const CIRCLE: &str = "#2d6592";
/// Radius of the largest circle, in units of a drawing (tenths of a pixel).
const LARGEST_CIRCLE: f64 = 220.0;

/// Size of a pattern, in units of a drawing.
pub(crate) const PATTERN: u32 = 70;

/// The fill of a look: a colour, or the name of a pattern.
pub(crate) fn fill(shading: &Shading, look: Look, hatched: bool) -> String {
    match look {
        Look::Bin(bin) if hatched => format!("url(#hatch-{bin})"),
        Look::Bin(bin) => shading.bins[bin].color.clone(),
        Look::Ground => GROUND.to_owned(),
        Look::NotLocal => "url(#not-local)".to_owned(),
        Look::NotReliable => "url(#not-reliable)".to_owned(),
        Look::Suppressed => "url(#suppressed)".to_owned(),
        Look::NoData => NO_DATA.to_owned(),
    }
}

/// Hatching in every colour of the legend, and the looks of what is not shown. Pattern sizes are in units of the drawing.
pub(crate) fn patterns(shading: &Shading, size: u32) -> Markup {
    let thin = size / 6;
    let crossed = format!("M0 0L{size} {size}M{size} 0L0 {size}");
    html! {
        defs {
            @for (bin, step) in shading.bins.iter().enumerate() {
                pattern id=(format!("hatch-{bin}")) width=(size) height=(size) patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect width=(size) height=(size) fill=(step.color) {}
                    rect width=(thin) height=(size) fill=(palette::hatch_on(&step.color)) {}
                }
            }
            pattern id="suppressed" width=(size) height=(size) patternUnits="userSpaceOnUse" {
                rect width=(size) height=(size) fill=(PAPER) {}
                circle cx=(size / 2) cy=(size / 2) r=(size / 7) fill=(BORDER) {}
            }
            pattern id="not-reliable" width=(size) height=(size) patternUnits="userSpaceOnUse" {
                rect width=(size) height=(size) fill=(PAPER) {}
                path d=(crossed) fill="none" stroke=(BORDER) stroke-width=(size / 12) {}
            }
            pattern id="not-local" width=(size) height=(size) patternUnits="userSpaceOnUse" {
                rect width=(size) height=(size) fill=(PAPER) {}
                rect width=(size) height=(size / 10) fill=(BORDER) {}
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
            Layer::Certainty => study.overall(Level::Municipality, code).and_then(|estimate| {
                let error = words
                    .with("layer-title-error", &[("cv", &words.percent(estimate.standard_error? / estimate.rate?))]);
                Some(format!("{}, {error}", words.percent(estimate.rate?)))
            }),
            Layer::Count => study.overall(Level::Municipality, code).and_then(|estimate| {
                Some(format!("{} ({})", words.count(estimate.count?), words.count_interval(estimate)))
            }),
            Layer::SexGap => study.sex_gap(code).map(|gap| match gap.local {
                true => difference(words, &gap),
                false => words.text("site-not-local"),
            }),
            Layer::HotSpots => study
                .hot_spot(code)
                .map(|spot| words.text(&format!("layer-cluster-{}", spot.cluster.code().replace('_', "-")))),
            Layer::Change => study.change(code).map(|change| difference(words, change)),
        },
    };
    format!("{}: {}", row.area.name, value.unwrap_or_else(|| words.status(ValueStatus::NoData)))
}

/// A difference of rates with its interval, in percentage points.
fn difference(words: &Words<'_>, found: &Difference) -> String {
    let [lower, upper] = found.interval().map(|end| words.points(end * 100.0));
    words.with(
        "layer-title-difference",
        &[("points", &words.points(found.difference * 100.0)), ("interval", &words.between(&lower, &upper))],
    )
}

/// Radius of a circle for `count` where the largest stands for `most`: areas are in proportion.
fn radius(count: f64, most: f64) -> f64 {
    LARGEST_CIRCLE * (count / most).max(0.0).sqrt()
}

/// Numbers of children as circles, the largest first so that none is covered.
fn circles(study: &Study, words: &Words<'_>, shading: &Shading, drawing: &Drawing) -> Markup {
    let most = shading.most_children;
    let mut found: Vec<(&AreaRow, [i32; 2], f64)> = drawing
        .areas
        .iter()
        .zip(&drawing.middles)
        .filter_map(|((code, _), middle)| {
            let count = study.overall(Level::Municipality, code)?.count?;
            let known = matches!(shading.look(code).0, Look::Ground);
            Some((study.area(Level::Municipality, code)?, (*middle)?, count)).filter(|_| known)
        })
        .collect();
    found.sort_by(|one, other| other.2.total_cmp(&one.2));
    html! {
        g.circles fill=(CIRCLE) fill-opacity="0.6" stroke=(PAPER) stroke-width="6" {
            @for (row, [x, y], count) in found {
                a href=(address::area(words.language, &row.area.code)) tabindex="-1" {
                    circle cx=(x) cy=(y) r=(format!("{:.0}", radius(count, most).max(8.0))) {
                        title { (area_title(study, words, Layer::Count, row)) }
                    }
                }
            }
        }
    }
}

/// A look and whether it is hatched, with the codes and lines of the areas that have it.
type LookGroup<'a> = ((Look, bool), Vec<(&'a str, &'a str)>);

/// The areas of a drawing by look: areas of one look share one group, so that each path carries only its line.
fn by_look<'a>(shading: &Shading, drawing: &'a Drawing) -> Vec<LookGroup<'a>> {
    let mut groups: Vec<LookGroup<'a>> = Vec::new();
    for (code, data) in drawing.areas.iter().filter(|(_, data)| !data.is_empty()) {
        let look = shading.look(code);
        match groups.iter_mut().find(|(found, _)| *found == look) {
            Some((_, paths)) => paths.push((code, data)),
            None => groups.push((look, vec![(code, data)])),
        }
    }
    groups.sort_by_key(|(look, _)| *look);
    groups
}

/// A map as a picture without links, one path a look: small enough for paper and for a fact sheet. `marked` is outlined.
pub fn outline_map(shading: &Shading, drawing: &Drawing, marked: Option<&str>, label: &str) -> Markup {
    html! {
        svg.sheet-map xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {} {}", drawing.width, drawing.height))
            width=(drawing.width / 10) height=(drawing.height / 10) role="img" aria-label=(label) {
            (patterns(shading, PATTERN))
            @for ((look, hatched), paths) in by_look(shading, drawing) {
                path d=(paths.iter().map(|(_, data)| *data).collect::<String>()) fill=(fill(shading, look, hatched))
                    fill-rule="evenodd" stroke=(BORDER) stroke-width="3" stroke-linejoin="round" {}
            }
            g fill="none" stroke=(STRONG) stroke-linejoin="round" {
                g stroke-width="7" { @for (_, data) in &drawing.outlines { path d=(data) {} } }
                @if let Some((_, data)) = drawing.areas.iter().find(|(code, _)| Some(code.as_str()) == marked) {
                    path d=(data) stroke=(PAPER) stroke-width="44" {}
                    path d=(data) stroke=(MARK) stroke-width="26" {}
                }
            }
        }
    }
}

/// A map of municipalities as links to their pages.
///
/// Links are outside the tab order, because the table under the map is the way for the keyboard; the site's script adds
/// moving over the map with the arrow keys.
pub fn map(study: &Study, words: &Words<'_>, shading: &Shading, drawing: &Drawing, label: &str) -> Markup {
    let groups = by_look(shading, drawing);
    html! {
        svg.map xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {} {}", drawing.width, drawing.height))
            width=(drawing.width / 10) height=(drawing.height / 10) role="group" aria-label=(label) {
            (patterns(shading, PATTERN))
            @for ((look, hatched), paths) in &groups {
                @let shown = if shading.stands_out(*look) { fill(shading, *look, *hatched) } else { PAPER.to_owned() };
                g data-look=(look.code()) fill=(shown) stroke=(BORDER) stroke-width="4" stroke-linejoin="round" {
                    @for (code, data) in paths {
                        @if let Some(row) = study.area(Level::Municipality, code) {
                            a href=(address::area(words.language, code)) tabindex="-1" {
                                path id=(path_id(code)) d=(data) fill-rule="evenodd" {
                                    title { (area_title(study, words, shading.layer, row)) }
                                }
                            }
                        }
                    }
                }
            }
            g.borders fill="none" stroke=(STRONG) stroke-width="9" stroke-linejoin="round" pointer-events="none" {
                @for (_, data) in &drawing.outlines { path d=(data) {} }
            }
            @if shading.layer == Layer::Count { (circles(study, words, shading, drawing)) }
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
            rect x="5" y="5" width="270" height="170" fill=(fill(shading, look, hatched)) stroke=(BORDER) stroke-width="8" {}
        }
    }
}

/// A line of the legend: a look, what it means, and how many areas have it.
#[derive(Debug, Clone, PartialEq)]
pub struct LegendLine {
    /// The look; the example of hatching is a step of the middle.
    pub look: Look,
    /// Whether it is hatched.
    pub hatched: bool,
    /// What it means.
    pub label: String,
    /// How many areas have it.
    pub areas: usize,
    /// Whether the map can be reduced to it.
    pub isolable: bool,
}

/// The lines of a legend, highest step first; steps that no value can reach are left out.
pub fn legend_lines(words: &Words<'_>, shading: &Shading) -> Vec<LegendLine> {
    let steps = shading.bins.iter().enumerate().rev().filter(|(_, step)| !step.label.is_empty());
    let mut lines: Vec<LegendLine> = steps
        .map(|(bin, step)| LegendLine {
            look: Look::Bin(bin),
            hatched: step.hatched,
            label: step.label.clone(),
            areas: step.areas,
            isolable: true,
        })
        .collect();
    for (look, key, areas, always) in [
        (Look::NotLocal, "layer-legend-not-local", shading.not_local, shading.layer == Layer::SexGap),
        (Look::NotReliable, "site-legend-not-reliable", shading.not_reliable, true),
        (Look::Suppressed, "site-legend-suppressed", shading.suppressed, true),
        (Look::NoData, "site-legend-no-data", shading.no_data, true),
    ] {
        if always {
            lines.push(LegendLine { look, hatched: false, label: words.text(key), areas, isolable: true });
        }
    }
    if let Some(key) = shading.hatching() {
        let look = Look::Bin(shading.bins.len() / 2);
        lines.push(LegendLine {
            look,
            hatched: true,
            label: words.text(key),
            areas: shading.uncertain,
            isolable: false,
        });
    }
    lines
}

/// The legend: every step with its written rule and its number of areas, and every look that is not a step.
///
/// It uses the patterns of the map on the same page.
pub fn legend(words: &Words<'_>, shading: &Shading) -> Markup {
    legend_with_links(words, shading, &|_| None)
}

/// The same with links that reduce the map to one look: `link` gives the address for a look, and for none the address that
/// shows everything again.
pub fn legend_with_links(
    words: &Words<'_>,
    shading: &Shading,
    link: &dyn Fn(Option<Look>) -> Option<String>,
) -> Markup {
    html! {
        div.legend {
            p.legend-rule { (shading.rule) }
            p.legend-unit { (words.text("site-nav-areas")) }
            ul {
                @for line in legend_lines(words, shading) {
                    @let isolated = shading.isolated == Some(line.look) && line.isolable;
                    @let target = link(Some(line.look).filter(|_| !isolated)).filter(|_| line.isolable && (line.areas > 0 || isolated));
                    li.legend-uncertain[!line.isolable] data-look=[line.isolable.then(|| line.look.code())] {
                        (swatch(shading, line.look, line.hatched))
                        @match target {
                            Some(target) => { a.legend-label href=(target) aria-current=[isolated.then_some("true")] { (line.label) } }
                            None => { span.legend-label { (line.label) } }
                        }
                        span.legend-count { (words.count(line.areas as f64)) }
                    }
                }
                @if shading.layer == Layer::Count { (circle_legend(words, shading.most_children)) }
            }
            @if let Some(target) = link(None).filter(|_| shading.isolated.is_some()) {
                p { a href=(target) { (words.text("layer-show-all")) } }
            }
        }
    }
}

/// Three circles with the numbers they stand for: the largest, a quarter of it and a sixteenth, rounded down to two figures.
fn circle_legend(words: &Words<'_>, most: f64) -> Markup {
    html! {
        @for share in [1.0, 0.25, 0.0625] {
            @let count = two_figures(most * share);
            @let radius = radius(count, most) / 10.0;
            li {
                svg.swatch viewBox="0 0 46 46" width="46" height="46" aria-hidden="true" {
                    circle cx="23" cy="23" r=(format!("{radius:.1}")) fill=(CIRCLE) fill-opacity="0.6" {}
                }
                span.legend-label { (words.with("layer-circle", &[("children", &words.count(count))])) }
            }
        }
    }
}

fn two_figures(value: f64) -> f64 {
    let unit = 10f64.powf((value.max(1.0).log10().floor() - 1.0).max(0.0));
    (value / unit).floor().max(1.0) * unit
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

/// A map with title, legend and source as one picture that can be passed on alone.
pub fn poster(study: &Study, words: &Words<'_>, shading: &Shading, drawing: &Drawing) -> Markup {
    let manifest = study.manifest();
    let title = format!("{}, {}", manifest.outcome.title.get(words.language), manifest.country.get(words.language));
    let (width, height) = (f64::from(drawing.width) / 10.0, f64::from(drawing.height) / 10.0);
    let lines: Vec<LegendLine> = legend_lines(words, shading).into_iter().filter(|line| line.areas > 0).collect();
    let top = 70.0;
    let below = top + height + 24.0;
    let mut notes = vec![words.text("sheet-residence")];
    if manifest.synthetic {
        notes.push(words.text("site-synthetic"));
    }
    if manifest.stage == Stage::Draft {
        notes.push(words.text("site-draft"));
    }
    if let Some(release) = &manifest.release {
        notes.push(words.with("sheet-release", &[("project", &manifest.project), ("release", release)]));
    }
    let legend_height = 22.0 * lines.len() as f64;
    let whole = below + legend_height + 20.0 + 18.0 * notes.len() as f64;
    let across = width.max(720.0);
    let label = format!("{title}. {}", shading.rule);
    standalone(&html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {across:.0} {whole:.0}")) width=(format!("{across:.0}"))
            height=(format!("{whole:.0}")) role="img" aria-label=(label) font-family="sans-serif" fill=(STRONG) {
            rect width="100%" height="100%" fill=(PAPER) {}
            text x="12" y="28" font-size="20" font-weight="bold" { (title) }
            text x="12" y="52" font-size="13" { (shading.rule) }
            svg x="0" y=(format!("{top:.0}")) width=(format!("{width:.0}")) height=(format!("{height:.0}")) {
                (map(study, words, shading, drawing, &label))
            }
            @for (index, line) in lines.iter().enumerate() {
                @let y = below + 22.0 * index as f64;
                svg x="12" y=(format!("{:.0}", y - 13.0)) width="28" height="18" viewBox="0 0 280 180" {
                    rect x="5" y="5" width="270" height="170" fill=(fill(shading, line.look, line.hatched)) stroke=(BORDER) stroke-width="8" {}
                }
                text x="48" y=(format!("{y:.0}")) font-size="13" { (line.label) " (" (words.count(line.areas as f64)) ")" }
            }
            @for (index, note) in notes.iter().enumerate() {
                text x="12" y=(format!("{:.0}", below + legend_height + 12.0 + 18.0 * index as f64)) font-size="12" { (note) }
            }
        }
    })
}

/// A map as a file of its own.
pub fn standalone(drawn: &Markup) -> PreEscaped<String> {
    PreEscaped(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", drawn.0))
}
