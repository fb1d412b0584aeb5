//! The fact sheet of an area by the vulnerability index. It says three times that it is an index and not a rate: above the name, in the
//! unit of every number, and at the end.

use clrisk_core::bundle::AreaRow;
use clrisk_core::index::{Higher, IndexArea, IndexResults, IndexScore};
use clrisk_core::{Level, LocalText, ValueStatus};

use super::content::{inputs, listed, notices, place, release};
use super::{ClassLine, FactorLine, Figure, GroupLine, Headings, Membership, Risk, Sheet};
use crate::index::{self, IndexView};
use crate::palette;
use crate::sentence::Chance;
use crate::study::Study;
use crate::wording::Words;

/// Indicators that a sheet names.
const FACTORS: usize = 5;

impl Sheet {
    /// The sheet of an area by the index; none when the study has no index or no such area.
    pub fn of_index(study: &Study, words: &Words<'_>, level: Level, code: &str) -> Option<Sheet> {
        let view = IndexView::of(study)?;
        let row = study.area(level, code)?;
        let report = &view.results.report;
        let area = view.area(code).filter(|_| level == Level::Municipality);
        let text = |key: &str| words.text(key);
        let label = text(match report.higher {
            Higher::Worse => "index-label-worse",
            Higher::Better => "index-label-better",
        });
        let municipality = level == Level::Municipality;
        let mut notices = notices(study, words);
        notices.push(label.clone());
        let mut remarks = vec![label];
        remarks.push(words.with("sheet-definition", &[("definition", report.definition.get(words.language))]));
        if let Some(preset) = &report.preset {
            let name = words.with("index-preset", &[("name", &preset.name)]);
            remarks.push(format!("{name} {}", preset.note.get(words.language)));
        }
        Some(Sheet {
            language: words.language,
            level,
            code: code.to_owned(),
            name: row.area.name.clone(),
            place: place(study, words, row),
            study: study.manifest().title.get(words.language).to_owned(),
            outcome: report.title.get(words.language).to_owned(),
            notices,
            risk: area.and_then(|area| risk(&view, words, area)),
            status: match area {
                Some(area) if area.points.is_none() => words.status(area.status),
                None if municipality => words.status(ValueStatus::NoData),
                _ => String::new(),
            },
            sentences: area.map(|area| sentences(&view, words, area)).unwrap_or_default(),
            figures: area.map(|area| figures(&view, words, area)).unwrap_or_default(),
            memberships: area.map(|area| memberships(&view, words, area)).unwrap_or_default(),
            groups: dimensions(&view, words, code),
            groups_note: None,
            factors: factors(&view, words, code),
            similar: Vec::new(),
            classes: if municipality { Vec::new() } else { classes(study, &view, words, row) },
            next: next(&view, words, area),
            inputs: inputs(study, words),
            remarks,
            release: release(study, words),
            map: index::sheet_map(study, &view, words, row),
            headings: Headings {
                risk: text("index-class"),
                memberships: text("index-firm"),
                groups: text("sheet-index-dimensions"),
                group: text("index-dimension"),
                rate: text("index-score"),
                interval: text("index-difference"),
                count: text("index-weight"),
                factors: text("sheet-index-factors"),
                similar: String::new(),
                classes: text("sheet-classes"),
                next: text("sheet-next"),
                inputs: text("sheet-inputs"),
                year: text("site-year"),
                age: text("sheet-age"),
                map: text("sheet-map"),
            },
        })
    }
}

fn risk(view: &IndexView<'_>, words: &Words<'_>, area: &IndexArea) -> Option<Risk> {
    let class = area.class?;
    let color =
        palette::sequence(view.results.report.classes.names.len()).get(usize::try_from(class - 1).ok()?)?.clone();
    let sure = words.text(if IndexResults::is_open(area) { "sheet-index-open" } else { "sheet-index-firm" });
    let sure = if area.membership.is_empty() { String::new() } else { sure };
    Some(Risk { class: view.class_name(words, class), ink: palette::hatch_on(&color).to_owned(), color, sure })
}

fn sentences(view: &IndexView<'_>, words: &Words<'_>, area: &IndexArea) -> Vec<String> {
    let report = &view.results.report;
    let mut list = Vec::new();
    if let Some(value) = area.points {
        list.push(words.with(
            "sheet-index-points",
            &[("index", report.title.get(words.language)), ("points", &index::points(words, value))],
        ));
    }
    if let Some(range) = index::rank_range(words, area, view.ranked()) {
        list.push(words.with("sheet-index-rank", &[("range", &range)]));
    }
    if let (Some(points), Some(partial), Some(worst)) = (area.points, area.partial_compensation, area.worst_dimension) {
        let [points, partial, worst] = [points, partial, worst].map(|value| words.numbers.decimal(value, 1));
        list.push(
            words.with("index-compensation-text", &[("points", &points), ("partial", &partial), ("worst", &worst)]),
        );
    }
    list
}

fn figures(view: &IndexView<'_>, words: &Words<'_>, area: &IndexArea) -> Vec<Figure> {
    let mut figures = Vec::new();
    let mut add = |key: &str, value: Option<String>, detail: String| {
        figures.extend(value.map(|value| Figure { label: words.text(key), value, detail }));
    };
    add("index-value", area.points.map(|value| words.numbers.decimal(value, 1)), String::new());
    let range = index::rank_range(words, area, view.ranked()).unwrap_or_default();
    add("index-rank", area.rank.map(|rank| words.ordinal(rank)), range);
    add(
        "index-people",
        area.population.filter(|people| *people > 0.0).map(|people| words.count(people)),
        String::new(),
    );
    figures
}

fn memberships(view: &IndexView<'_>, words: &Words<'_>, area: &IndexArea) -> Vec<Membership> {
    let lines = area.membership.iter().zip(palette::sequence(area.membership.len())).enumerate();
    lines
        .map(|(class, (share, color))| Membership {
            class: view.class_name(words, class as i64 + 1),
            color,
            share: *share,
            chance: Chance(*share).written(words),
        })
        .collect()
}

fn difference(words: &Words<'_>, score: &IndexScore) -> String {
    score.difference.map(|value| words.points(value)).unwrap_or_default()
}

fn dimensions(view: &IndexView<'_>, words: &Words<'_>, code: &str) -> Vec<GroupLine> {
    let report = &view.results.report;
    let name = |code: &str, name: Option<&LocalText>| {
        name.map_or_else(|| code.to_owned(), |name| name.get(words.language).to_owned())
    };
    view.scores(code)
        .filter(|score| score.kind == "dimension")
        .map(|score| {
            let found = report.dimensions.iter().find(|dimension| dimension.code == score.code);
            let weight: f64 =
                report.indicators.iter().filter(|row| row.dimension == score.code).map(|row| row.weight).sum();
            GroupLine {
                label: name(&score.code, found.map(|dimension| &dimension.name)),
                rate: score.score.map(|value| words.numbers.decimal(value, 1)).unwrap_or_default(),
                interval: difference(words, score),
                count: words.percent(weight),
            }
        })
        .collect()
}

/// The indicators that set the municipality apart, those that make it more vulnerable first.
fn factors(view: &IndexView<'_>, words: &Words<'_>, code: &str) -> Vec<FactorLine> {
    let mut scores: Vec<(&IndexScore, f64)> = view
        .scores(code)
        .filter(|score| score.kind == "indicator")
        .filter_map(|score| Some((score, score.difference.filter(|value| *value > 0.0)?)))
        .collect();
    scores.sort_by(|left, right| right.1.total_cmp(&left.1));
    let indicators = &view.results.report.indicators;
    scores
        .into_iter()
        .take(FACTORS)
        .map(|(score, value)| {
            let found = indicators.iter().find(|row| row.code == score.code);
            FactorLine {
                label: found.map_or_else(|| score.code.clone(), |row| row.name.get(words.language).to_owned()),
                // Points of the index: never percentage points.
                effect: words.with("sheet-index-factor", &[("points", &index::points(words, value))]),
            }
        })
        .collect()
}

fn classes(study: &Study, view: &IndexView<'_>, words: &Words<'_>, row: &AreaRow) -> Vec<ClassLine> {
    let colors = palette::sequence(view.results.report.classes.names.len());
    let members = study.municipalities_of(row.area.level, &row.area.code);
    let mut lines: Vec<ClassLine> = colors
        .into_iter()
        .enumerate()
        .map(|(class, color)| {
            let inside = members
                .iter()
                .filter(|member| view.area(&member.area.code).and_then(|area| area.class) == Some(class as i64 + 1));
            let names: Vec<&str> = inside.map(|member| member.area.name.as_str()).collect();
            ClassLine {
                class: view.class_name(words, class as i64 + 1),
                color,
                rule: view.interval_text(words, class),
                areas: words.counted("site-areas-count", names.len()),
                names: listed(words, names, row.area.level),
            }
        })
        .collect();
    lines.reverse();
    lines
}

fn next(view: &IndexView<'_>, words: &Words<'_>, area: Option<&IndexArea>) -> Vec<String> {
    let mut steps = Vec::new();
    if let Some(area) = area {
        steps.push(words.text(if IndexResults::is_open(area) { "next-index-open" } else { "next-index-firm" }));
        if let Some(first) = factors(view, words, &area.area).first() {
            steps.push(words.with("next-index-factor", &[("indicator", &first.label)]));
        }
    } else {
        steps.push(words.text("next-index-area"));
    }
    steps.push(words.text("next-index-children"));
    steps
}
