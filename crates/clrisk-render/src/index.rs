//! The vulnerability index on paper and screen: a map by classes, its legend, and tables. Points are never written as a rate.

use std::collections::HashMap;

use clrisk_core::bundle::AreaRow;
use clrisk_core::index::{Higher, IndexArea, IndexResults, IndexScore};
use clrisk_core::{Level, ValueStatus};
use maud::{Markup, html};

use crate::address;
use crate::drawing::{Drawing, SHEET_AREAS};
use crate::map::MARK;
use crate::palette::{self, BORDER, NO_DATA, PAPER, STRONG};
use crate::sheet::{HEAVIEST, SheetLegendLine, SheetMap};
use crate::study::Study;
use crate::tables::PlainTable;
use crate::wording::Words;

/// The index of a bundle with look-ups by area.
pub struct IndexView<'a> {
    /// The results.
    pub results: &'a IndexResults,
    areas: HashMap<&'a str, &'a IndexArea>,
}

impl<'a> IndexView<'a> {
    /// The index of a study, if it has one.
    pub fn of(study: &'a Study) -> Option<IndexView<'a>> {
        let results = study.bundle().index.as_ref()?;
        Some(IndexView { results, areas: results.areas.iter().map(|area| (area.area.as_str(), area)).collect() })
    }

    /// The index of a municipality.
    pub fn area(&self, code: &str) -> Option<&'a IndexArea> {
        self.areas.get(code).copied()
    }

    /// Scores of a municipality: dimensions first, then indicators, each in the order of the table.
    pub fn scores(&self, code: &str) -> impl Iterator<Item = &'a IndexScore> {
        self.results.scores.iter().filter(move |score| score.area == code)
    }

    /// Municipalities that have an index.
    pub fn ranked(&self) -> usize {
        self.results.areas.iter().filter(|area| area.rank.is_some()).count()
    }

    /// Municipalities with an index in an order: by points towards the vulnerable end first, or by name.
    pub fn rows<'s>(&self, study: &'s Study, order: &str) -> Vec<(&'s AreaRow, &'a IndexArea)> {
        let mut rows: Vec<(&AreaRow, &IndexArea)> =
            study.level(Level::Municipality).filter_map(|row| Some((row, self.area(&row.area.code)?))).collect();
        if order == "points" {
            rows.sort_by_key(|(row, area)| (area.rank.unwrap_or(i64::MAX), row.area.code.clone()));
        } else {
            rows.sort_by_key(|(row, _)| row.area.name.to_lowercase());
        }
        rows
    }

    /// Name of class `class`, 1 the least vulnerable.
    pub fn class_name(&self, words: &Words<'_>, class: i64) -> String {
        let key = usize::try_from(class - 1).ok().and_then(|class| self.results.report.classes.names.get(class));
        key.map_or_else(|| class.to_string(), |key| words.class_key(key))
    }

    /// Points of class `class` as the ends of its interval.
    fn interval(&self, class: usize) -> Option<(f64, f64)> {
        let breaks = &self.results.report.classes.breaks;
        let position = match self.results.report.higher {
            Higher::Worse => class,
            Higher::Better => self.results.report.classes.names.len() - 1 - class,
        };
        Some((*breaks.get(position)?, *breaks.get(position + 1)?))
    }

    /// The interval of class `class` (0 the least vulnerable) as readers write it.
    pub fn interval_text(&self, words: &Words<'_>, class: usize) -> String {
        let [lower, upper] = match self.interval(class) {
            Some((lower, upper)) => [lower, upper].map(|value| words.numbers.decimal(value, 1)),
            None => return String::new(),
        };
        words.with("index-interval", &[("lower", &lower), ("upper", &upper)])
    }

    /// Municipalities in each class, the least vulnerable first.
    pub fn counts(&self) -> Vec<usize> {
        let inside =
            |class: usize| self.results.areas.iter().filter(|area| area.class == Some(class as i64 + 1)).count();
        (0..self.results.report.classes.names.len()).map(inside).collect()
    }
}

/// Points as readers write them, with the unit.
pub fn points(words: &Words<'_>, value: f64) -> String {
    words.with("index-points", &[("value", &words.numbers.decimal(value, 1))])
}

/// "between 4th and 19th of 340".
pub fn rank_range(words: &Words<'_>, area: &IndexArea, total: usize) -> Option<String> {
    let (best, worst) = (area.rank_lower?, area.rank_upper?);
    let total = words.count(total as f64);
    Some(if best == worst {
        words.with("index-rank-exact", &[("rank", &words.ordinal(best)), ("total", &total)])
    } else {
        words.with(
            "index-rank-range",
            &[("best", &words.ordinal(best)), ("worst", &words.ordinal(worst)), ("total", &total)],
        )
    })
}

/// Class (0 the least vulnerable) and whether it depends on the choices.
type Appearance = (Option<usize>, bool);

/// The look of a municipality: its class, whether that is open, or none.
fn look(view: &IndexView<'_>, code: &str) -> Appearance {
    match view.area(code) {
        Some(area) => (area.class.and_then(|class| usize::try_from(class - 1).ok()), IndexResults::is_open(area)),
        None => (None, false),
    }
}

fn fill(colors: &[String], class: Option<usize>, open: bool) -> String {
    match class {
        Some(class) if open => format!("url(#index-open-{class})"),
        Some(class) => colors.get(class).cloned().unwrap_or_else(|| NO_DATA.to_owned()),
        None => NO_DATA.to_owned(),
    }
}

fn patterns(colors: &[String]) -> Markup {
    html! {
        defs {
            @for (class, color) in colors.iter().enumerate() {
                pattern id=(format!("index-open-{class}")) width="70" height="70" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect width="70" height="70" fill=(color) {}
                    rect width="12" height="70" fill=(palette::hatch_on(color)) {}
                }
            }
        }
    }
}

fn title(view: &IndexView<'_>, words: &Words<'_>, row: &AreaRow) -> String {
    let value = match view.area(&row.area.code) {
        Some(area) => match (area.points, area.class) {
            (Some(value), Some(class)) => format!("{}; {}", points(words, value), view.class_name(words, class)),
            _ => words.status(area.status),
        },
        None => words.status(ValueStatus::NoData),
    };
    format!("{}: {value}", row.area.name)
}

/// The municipalities of a drawing by look, classes upwards.
fn by_look<'a>(
    study: &'a Study,
    view: &IndexView<'_>,
    drawing: &'a Drawing,
) -> Vec<(Appearance, Vec<(&'a AreaRow, &'a str)>)> {
    let mut groups: Vec<(Appearance, Vec<(&AreaRow, &str)>)> = Vec::new();
    for (code, data) in drawing.areas.iter().filter(|(_, data)| !data.is_empty()) {
        let Some(row) = study.area(Level::Municipality, code) else { continue };
        let look = look(view, code);
        match groups.iter_mut().find(|(found, _)| *found == look) {
            Some((_, paths)) => paths.push((row, data)),
            None => groups.push((look, vec![(row, data)])),
        }
    }
    groups.sort_by_key(|(look, _)| *look);
    groups
}

/// The map of the classes. Municipalities whose class depends on the choices are hatched.
pub fn map(study: &Study, view: &IndexView<'_>, words: &Words<'_>, drawing: &Drawing, label: &str) -> Markup {
    let colors = palette::sequence(view.results.report.classes.names.len());
    let groups = by_look(study, view, drawing);
    html! {
        svg.map xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {} {}", drawing.width, drawing.height))
            width=(drawing.width / 10) height=(drawing.height / 10) role="group" aria-label=(label) {
            (patterns(&colors))
            @for ((class, open), paths) in &groups {
                g fill=(fill(&colors, *class, *open)) fill-rule="evenodd" stroke=(BORDER) stroke-width="2" stroke-linejoin="round" {
                    @for (row, data) in paths {
                        a href=(area_address(words, &row.area.code)) tabindex="-1" {
                            path d=(data) { title { (title(view, words, row)) } }
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

/// The map of a sheet: the department of a municipality with the municipality ringed, or the whole area. None when nothing of it has
/// a line, or its lines are too many for a sheet.
pub fn sheet_map(study: &Study, view: &IndexView<'_>, words: &Words<'_>, row: &AreaRow) -> Option<SheetMap> {
    let (holder, marked) = match row.area.level {
        Level::Municipality => (study.ancestor(row, Level::Department).or_else(|| study.country())?, Some(row)),
        _ => (row, None),
    };
    let drawing = study.sheet_drawing(holder.area.level, &holder.area.code).filter(|drawing| drawing.width > 0)?;
    let members = study.municipalities_of(holder.area.level, &holder.area.code);
    if members.len() > SHEET_AREAS {
        return None;
    }
    let label = match marked {
        Some(marked) => words.with("sheet-map-label-in", &[("area", &marked.area.name), ("holder", &holder.area.name)]),
        None => words.with("sheet-map-label", &[("area", &holder.area.name)]),
    };
    let colors = palette::sequence(view.results.report.classes.names.len());
    let ring = drawing.areas.iter().find(|(code, _)| marked.is_some_and(|row| row.area.code == *code));
    let svg = html! {
        svg.sheet-map xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {} {}", drawing.width, drawing.height))
            width=(drawing.width / 10) height=(drawing.height / 10) role="img" aria-label=(label) {
            (patterns(&colors))
            @for ((class, open), paths) in by_look(study, view, drawing) {
                path d=(paths.iter().map(|(_, data)| *data).collect::<String>()) fill=(fill(&colors, class, open))
                    fill-rule="evenodd" stroke=(BORDER) stroke-width="3" stroke-linejoin="round" {}
            }
            g fill="none" stroke=(STRONG) stroke-linejoin="round" {
                g stroke-width="7" { @for (_, data) in &drawing.outlines { path d=(data) {} } }
                @if let Some((_, data)) = ring {
                    path d=(data) stroke=(PAPER) stroke-width="44" {}
                    path d=(data) stroke=(MARK) stroke-width="26" {}
                }
            }
        }
    };
    if svg.0.len() > HEAVIEST {
        return None;
    }
    let inside = |class: Option<i64>| {
        let of = |row: &&&AreaRow| view.area(&row.area.code).and_then(|area| area.class) == class;
        members.iter().filter(of).count()
    };
    let line = |fill: String, label: String, areas: usize| SheetLegendLine {
        fill,
        label: format!("{label} ({})", words.count(areas as f64)),
    };
    let mut legend: Vec<SheetLegendLine> = (0..colors.len())
        .rev()
        .map(|class| (class, inside(Some(class as i64 + 1))))
        .filter(|(_, areas)| *areas > 0)
        .map(|(class, areas)| line(colors[class].clone(), view.class_name(words, class as i64 + 1), areas))
        .collect();
    if inside(None) > 0 {
        legend.push(line(NO_DATA.to_owned(), words.status(ValueStatus::NoData), inside(None)));
    }
    let open = members.iter().filter(|row| view.area(&row.area.code).is_some_and(IndexResults::is_open)).count();
    if open > 0 {
        legend.push(line(format!("url(#index-open-{})", colors.len() / 2), words.text("index-open"), open));
    }
    let rule = words.with("index-legend-rule", &[("rule", &words.rule(&view.results.report.classes.rule))]);
    Some(SheetMap { svg: svg.into_string(), patterns: patterns(&colors).into_string(), label, rule, legend })
}

/// The address of a municipality's index.
pub fn area_address(words: &Words<'_>, code: &str) -> String {
    format!("/{}/index/area/{}", words.language, address::segment(code))
}

/// The legend: every class with its interval and its number of municipalities, the most vulnerable first.
pub fn legend(view: &IndexView<'_>, words: &Words<'_>) -> Markup {
    let report = &view.results.report;
    let colors = palette::sequence(report.classes.names.len());
    let swatch = |fill: &str| {
        html! {
            svg.swatch viewBox="0 0 280 180" width="28" height="18" aria-hidden="true" {
                rect x="5" y="5" width="270" height="170" fill=(fill) stroke=(BORDER) stroke-width="8" {}
            }
        }
    };
    let areas = |count: usize| words.counted("site-areas-count", count);
    let nothing = view.results.areas.iter().filter(|area| area.status == ValueStatus::NoData).count();
    let withheld = view.results.areas.iter().filter(|area| area.status == ValueStatus::Suppressed).count();
    let open = view.results.areas.iter().filter(|area| IndexResults::is_open(area)).count();
    html! {
        div.legend {
            p.legend-rule { (words.with("index-legend-rule", &[("rule", &words.rule(&report.classes.rule))])) }
            ul {
                @for (class, count) in view.counts().into_iter().enumerate().rev() {
                    li {
                        (swatch(&colors[class]))
                        span.legend-label {
                            (view.class_name(words, class as i64 + 1))
                            @if view.interval(class).is_some() { ": " (view.interval_text(words, class)) }
                        }
                        span.legend-count { (areas(count)) }
                    }
                }
                @if withheld > 0 { li { (swatch(PAPER)) span.legend-label { (words.status(ValueStatus::Suppressed)) } span.legend-count { (areas(withheld)) } } }
                @if nothing > 0 { li { (swatch(NO_DATA)) span.legend-label { (words.status(ValueStatus::NoData)) } span.legend-count { (areas(nothing)) } } }
                li.legend-uncertain {
                    (swatch(&format!("url(#index-open-{})", report.classes.names.len() / 2)))
                    span.legend-label { (words.text("index-open")) }
                    span.legend-count { (areas(open)) }
                }
            }
        }
    }
}

/// A bar from the middle: to the right what makes a municipality more vulnerable than the mean, to the left what makes it less.
pub fn difference_bar(difference: f64, scale: f64) -> Markup {
    let length = (90.0 * difference.abs() / scale.max(1e-9)).min(90.0);
    let x = if difference < 0.0 { 100.0 - length } else { 100.0 };
    let color = if difference < 0.0 { "#7a8691" } else { "#1b386e" };
    html! {
        svg.bar viewBox="0 0 200 16" width="200" height="16" aria-hidden="true" {
            rect x=(format!("{x:.1}")) y="2" width=(format!("{length:.1}")) height="12" fill=(color) {}
            path d="M100 0V16" stroke=(BORDER) stroke-width="1" {}
        }
    }
}

/// The table of municipalities.
pub fn table(study: &Study, view: &IndexView<'_>) -> PlainTable {
    let columns = [
        "kind",
        "area",
        "name",
        "status",
        "points",
        "class",
        "rank",
        "rank_lower",
        "rank_upper",
        "worst_dimension",
        "partial_compensation",
        "distance",
        "available",
    ];
    let rows = view.rows(study, "points").into_iter().map(|(row, area)| {
        vec![
            "index".into(),
            area.area.as_str().into(),
            row.area.name.as_str().into(),
            area.status.code().into(),
            area.points.into(),
            area.class.into(),
            area.rank.into(),
            area.rank_lower.into(),
            area.rank_upper.into(),
            area.worst_dimension.into(),
            area.partial_compensation.into(),
            area.distance.into(),
            area.available.into(),
        ]
    });
    PlainTable { columns: columns.map(str::to_owned).to_vec(), rows: rows.collect() }
}

/// A municipality as an object.
pub fn object(view: &IndexView<'_>, row: &AreaRow, area: &IndexArea) -> serde_json::Value {
    let scores: Vec<serde_json::Value> = view
        .scores(&area.area)
        .map(|score| {
            serde_json::json!({
                "kind": score.kind, "code": score.code, "value": score.value, "score": score.score,
                "difference": score.difference,
            })
        })
        .collect();
    serde_json::json!({
        "kind": "index", "unit": "points, 0 to 100; not a rate", "area": area.area, "name": row.area.name,
        "status": area.status.code(), "points": area.points, "class": area.class, "class_shares": area.membership,
        "rank": area.rank, "rank_lower": area.rank_lower, "rank_upper": area.rank_upper,
        "worst_dimension": area.worst_dimension, "partial_compensation": area.partial_compensation,
        "distance": area.distance, "available": area.available, "scores": scores,
    })
}
