//! What a sheet says.

use clrisk_core::bundle::{AreaRow, Stage};
use clrisk_core::{Estimate, Level, ValueStatus};

use super::map::sheet_map;
use super::{ClassLine, FactorLine, Figure, GroupLine, Headings, InputLine, Membership, Risk, Sheet, SimilarLine};
use crate::chart::FactorList;
use crate::palette;
use crate::sentence::{Chance, Children, Percent, Points, Sentence};
use crate::study::Study;
use crate::wording::Words;

/// Municipalities in like conditions that a sheet names.
const SIMILAR: usize = 4;
/// Names of municipalities that a class of a department's sheet lists.
const NAMES: usize = 60;
/// The same for a country, which has more of them.
const NAMES_OF_A_COUNTRY: usize = 24;

impl Sheet {
    /// The sheet of an area; none when the study has no such area.
    pub fn of(study: &Study, words: &Words<'_>, level: Level, code: &str) -> Option<Sheet> {
        let row = study.area(level, code)?;
        let manifest = study.manifest();
        let municipality = level == Level::Municipality;
        let overall = study.overall(level, code);
        let status = overall.map_or(ValueStatus::NoData, |estimate| estimate.status);
        let (groups, groups_note) = groups(study, words, level, code);
        Some(Sheet {
            language: words.language,
            level,
            code: code.to_owned(),
            name: row.area.name.clone(),
            place: place(study, words, row),
            study: manifest.title.get(words.language).to_owned(),
            outcome: manifest.outcome.title.get(words.language).to_owned(),
            notices: notices(study, words),
            risk: if municipality { risk(study, words, code) } else { None },
            status: if municipality { words.status(status) } else { String::new() },
            sentences: sentences(study, words, row),
            figures: figures(words, overall),
            memberships: if municipality { memberships(study, words, code) } else { Vec::new() },
            groups,
            groups_note,
            factors: if municipality { factors(study, words, code) } else { Vec::new() },
            similar: if municipality { similar(study, words, code) } else { Vec::new() },
            classes: if municipality { Vec::new() } else { classes(study, words, row) },
            next: next(study, words, row),
            inputs: inputs(study, words),
            remarks: remarks(study, words),
            release: release(study, words),
            map: sheet_map(study, words, row),
            headings: Headings {
                risk: words.text("sheet-risk"),
                memberships: words.text("site-membership-label"),
                groups: words.text("sheet-groups"),
                group: words.text("site-group"),
                rate: words.text("site-rate"),
                interval: words.text("site-interval-title"),
                count: words.text("site-count"),
                factors: words.text("sheet-factors"),
                similar: words.text("sheet-similar"),
                classes: words.text("sheet-classes"),
                next: words.text("sheet-next"),
                inputs: words.text("sheet-inputs"),
                year: words.text("site-year"),
                age: words.text("sheet-age"),
                map: words.text("sheet-map"),
            },
        })
    }

    /// Level and code of every area that has a sheet: country, departments, municipalities.
    pub fn areas(study: &Study) -> Vec<(Level, String)> {
        [Level::Country, Level::Department, Level::Municipality]
            .into_iter()
            .flat_map(|level| study.level(level).map(move |row| (level, row.area.code.clone())))
            .collect()
    }
}

pub(super) fn place(study: &Study, words: &Words<'_>, row: &AreaRow) -> String {
    let country = study.manifest().country.get(words.language);
    let above: Vec<&str> = [Level::Department, Level::Region]
        .into_iter()
        .filter_map(|level| study.ancestor(row, level).map(|area| area.area.name.as_str()))
        .collect();
    let kind = words.text(&format!("sheet-level-{}", row.area.level.code()));
    let mut parts = vec![kind];
    parts.extend(above.into_iter().map(str::to_owned));
    if row.area.level != Level::Country {
        parts.push(country.to_owned());
        parts.push(words.with("sheet-code", &[("code", &row.area.code)]));
    }
    parts.join(" · ")
}

pub(super) fn notices(study: &Study, words: &Words<'_>) -> Vec<String> {
    let manifest = study.manifest();
    let mut notices = Vec::new();
    if manifest.synthetic {
        notices.push(words.text("site-synthetic"));
    }
    if manifest.stage == Stage::Draft {
        notices.push(words.text("site-draft"));
    }
    notices
}

fn risk(study: &Study, words: &Words<'_>, code: &str) -> Option<Risk> {
    let class = study.shown_class(code)?;
    let found = study.class(code)?;
    let manifest = study.manifest();
    let index = usize::try_from(class - 1).ok()?;
    let color = palette::sequence(manifest.classes.names.len()).get(index)?.clone();
    let name = words.class(manifest, class);
    let own = found.membership.get(index).copied();
    let highest = study.highest_class_probability(code);
    let sure = match (own, highest) {
        (Some(own), _) if !study.uncertain(code) => {
            Sentence::new(words, "sentence-sure").chance("class", Chance(own)).written()
        }
        (Some(own), Some(highest)) => Sentence::new(words, "sentence-unsure")
            .chance("class", Chance(own))
            .text("highest", &words.class(manifest, manifest.classes.names.len() as i64))
            .chance("highest", Chance(highest))
            .written(),
        _ => String::new(),
    };
    Some(Risk { class: name, ink: palette::hatch_on(&color).to_owned(), color, sure })
}

fn sentences(study: &Study, words: &Words<'_>, row: &AreaRow) -> Vec<String> {
    let (level, code) = (row.area.level, row.area.code.as_str());
    let manifest = study.manifest();
    let mut list = Vec::new();
    let Some(estimate) = study.overall(level, code).filter(|estimate| estimate.status.has_number()) else {
        return list;
    };
    if let (Some(rate), Some(lower), Some(upper)) = (estimate.rate, estimate.lower, estimate.upper) {
        list.push(
            Sentence::new(words, "sentence-rate")
                .text("outcome", manifest.outcome.title.get(words.language))
                .percent("rate", Percent(rate))
                .number("youngest", manifest.ages[0])
                .number("oldest", manifest.ages[1])
                .chance("level", Chance(0.95))
                .percent_range("interval", Percent(lower), Percent(upper))
                .written(),
        );
    }
    if let (Some(count), Some(lower), Some(upper)) = (estimate.count, estimate.count_lower, estimate.count_upper) {
        list.push(
            Sentence::new(words, "sentence-count")
                .children("count", Children(count))
                .children_range("interval", Children(lower), Children(upper))
                .written(),
        );
    }
    if level != Level::Country
        && let Some(sentence) = compared_with_the_country(study, words, estimate)
    {
        list.push(sentence);
    }
    if let Some(sentence) = sexes(study, words, level, code) {
        list.push(sentence);
    }
    if level == Level::Municipality {
        if let Some(range) = study.class(code).and_then(|class| words.rank_range(class, study.ranked())) {
            list.push(Sentence::new(words, "sentence-rank").text("range", &range).written());
        }
        list.push(words.own_sample(row.own_sample_share));
    }
    list
}

fn compared_with_the_country(study: &Study, words: &Words<'_>, estimate: &Estimate) -> Option<String> {
    let country = study.country()?;
    let national = study.overall(Level::Country, &country.area.code)?.rate?;
    let (rate, lower, upper) = (estimate.rate?, estimate.lower?, estimate.upper?);
    let key = match () {
        () if lower > national => "sentence-above",
        () if upper < national => "sentence-below",
        () => return Some(Sentence::new(words, "sentence-like").percent("national", Percent(national)).written()),
    };
    let difference = Points((rate - national) * 100.0);
    Some(Sentence::new(words, key).points("difference", difference).percent("national", Percent(national)).written())
}

fn sexes(study: &Study, words: &Words<'_>, level: Level, code: &str) -> Option<String> {
    let [more, less] = study.sexes()?;
    let of = |group| study.estimate(level, code, group);
    let (one, other) = (of(more)?, of(less)?);
    let local = (one.local && other.local) || level != Level::Municipality;
    let key = if local { "sentence-sexes" } else { "sentence-sexes-national" };
    Some(
        Sentence::new(words, key)
            .text("more", &words.group(study.manifest(), more))
            .percent("more", Percent(one.rate?))
            .text("less", &words.group(study.manifest(), less))
            .percent("less", Percent(other.rate?))
            .written(),
    )
}

fn figures(words: &Words<'_>, overall: Option<&Estimate>) -> Vec<Figure> {
    let Some(estimate) = overall else { return Vec::new() };
    let mut figures = Vec::new();
    let mut add = |key: &str, value: Option<String>, detail: String| {
        figures.extend(value.map(|value| Figure { label: words.text(key), value, detail }));
    };
    add("site-rate", estimate.rate.map(|rate| words.percent(rate)), words.rate_interval(estimate));
    add("site-count", estimate.count.map(|count| words.count(count)), words.count_interval(estimate));
    add("site-population", estimate.population.map(|count| words.count(count)), String::new());
    figures
}

fn memberships(study: &Study, words: &Words<'_>, code: &str) -> Vec<Membership> {
    let Some(found) = study.class(code).filter(|_| study.status(code).has_number()) else { return Vec::new() };
    let colors = palette::sequence(found.membership.len());
    let lines = found.membership.iter().zip(colors).enumerate();
    lines
        .map(|(index, (share, color))| Membership {
            class: words.class(study.manifest(), index as i64 + 1),
            color,
            share: *share,
            chance: Chance(*share).written(words),
        })
        .collect()
}

/// The groups of one dimension, in the order of the bundle, with a remark when a difference is not local.
fn groups(study: &Study, words: &Words<'_>, level: Level, code: &str) -> (Vec<GroupLine>, Option<String>) {
    let manifest = study.manifest();
    let found: Vec<&Estimate> = study.estimates(level, code).filter(|estimate| estimate.group.0.len() == 1).collect();
    let national = |estimate: &&Estimate| {
        level == Level::Municipality && !estimate.local && estimate.status.has_number() && estimate.rate.is_some()
    };
    let any_national = found.iter().any(national);
    let lines = found
        .iter()
        .map(|estimate| GroupLine {
            label: {
                let label = words.group(manifest, &estimate.group);
                if national(estimate) { format!("{label}\u{a0}*") } else { label }
            },
            rate: estimate.rate.map_or_else(|| words.text("sheet-none"), |rate| words.percent(rate)),
            interval: words.rate_interval(estimate),
            count: estimate.count.map_or_else(|| words.text("sheet-none"), |count| words.count(count)),
        })
        .collect();
    (lines, any_national.then(|| words.text("sheet-groups-national")))
}

fn factors(study: &Study, words: &Words<'_>, code: &str) -> Vec<FactorLine> {
    let list = FactorList::of(study, code);
    list.leading
        .iter()
        .map(|factor| FactorLine {
            label: words.variable(study.manifest(), &factor.factor),
            effect: Sentence::new(words, "sentence-factor").points("change", Points(factor.points)).written(),
        })
        .collect()
}

fn similar(study: &Study, words: &Words<'_>, code: &str) -> Vec<SimilarLine> {
    let lines = study.similar(code, SIMILAR).into_iter().map(|found| {
        let area = &found.row.area;
        let department = study.ancestor(found.row, Level::Department);
        let estimate = study.overall(Level::Municipality, &area.code);
        SimilarLine {
            code: area.code.clone(),
            name: match department {
                Some(above) => format!("{}, {}", area.name, above.area.name),
                None => area.name.clone(),
            },
            rate: estimate
                .and_then(|estimate| {
                    Some(format!("{} ({})", words.percent(estimate.rate?), words.rate_interval(estimate)))
                })
                .unwrap_or_default(),
        }
    });
    lines.collect()
}

fn classes(study: &Study, words: &Words<'_>, row: &AreaRow) -> Vec<ClassLine> {
    let scheme = &study.manifest().classes;
    let colors = palette::sequence(scheme.names.len());
    let municipalities = study.municipalities_of(row.area.level, &row.area.code);
    let mut lines: Vec<ClassLine> = scheme
        .names
        .iter()
        .zip(colors)
        .enumerate()
        .map(|(index, (key, color))| {
            let names: Vec<&str> = municipalities
                .iter()
                .filter(|found| study.shown_class(&found.area.code) == Some(index as i64 + 1))
                .map(|found| found.area.name.as_str())
                .collect();
            let areas = words.counted("site-areas-count", names.len());
            let listed = listed(words, names, row.area.level);
            let rule = match scheme.breaks.get(index..index + 2) {
                Some(&[lower, upper]) => words.interval_rule(lower, upper, index == 0),
                _ => String::new(),
            };
            ClassLine { class: words.class_key(key), color, rule, areas, names: listed }
        })
        .collect();
    lines.reverse();
    lines
}

/// Names of municipalities in alphabetical order, as many as a sheet has room for.
pub(super) fn listed(words: &Words<'_>, mut names: Vec<&str>, level: Level) -> String {
    let most = if level == Level::Country { NAMES_OF_A_COUNTRY } else { NAMES };
    names.sort_by_key(|name| name.to_lowercase());
    let left = names.len().saturating_sub(most);
    names.truncate(most);
    let listed = names.join(", ");
    if left == 0 {
        return listed;
    }
    words.with("sheet-and-more", &[("names", &listed), ("count", &words.count(left as f64))])
}

/// What to do next: by how high and how sure the level is, by the first factor, by what others did, by the sample.
fn next(study: &Study, words: &Words<'_>, row: &AreaRow) -> Vec<String> {
    let (level, code) = (row.area.level, row.area.code.as_str());
    if level != Level::Municipality {
        return vec![words.text("next-classes"), words.text("next-sure-first"), words.text("next-method")];
    }
    let mut steps = Vec::new();
    let status = study.status(code);
    let classes = study.manifest().classes.names.len() as i64;
    let class = study.class(code).and_then(|class| class.class).filter(|_| status.has_number());
    steps.push(words.text(match class {
        _ if status == ValueStatus::NotReliable => "next-not-reliable",
        None => "next-no-figure",
        Some(_) if study.uncertain(code) => "next-unsure",
        Some(class) if class == classes => "next-high",
        Some(1) => "next-low",
        Some(_) => "next-medium",
    }));
    if let Some(leading) = FactorList::of(study, code).leading.first() {
        let factor = words.variable(study.manifest(), &leading.factor);
        steps.push(Sentence::new(words, "next-factor").text("factor", &factor).written());
    }
    if let Some(found) = study.similar(code, 1).first() {
        steps.push(Sentence::new(words, "next-similar").text("area", &found.row.area.name).written());
    }
    // The gate takes small samples out of a release: only the share says whether the survey came here.
    if row.own_sample_share.is_none() && status.has_number() {
        steps.push(words.text("next-no-sample"));
    }
    steps
}

pub(super) fn inputs(study: &Study, words: &Words<'_>) -> Vec<InputLine> {
    let manifest = study.manifest();
    let published: Option<i32> =
        manifest.signature.as_ref().and_then(|signature| signature.date.get(..4)?.parse().ok());
    // A file nobody gave a title helps the program (a list of departments, a crosswalk); the page on how the study was made names it.
    let titled = manifest.inputs.iter().filter(|input| input.title.get(words.language) != input.file);
    let lines = titled.map(|input| {
        let title = input.title.get(words.language);
        InputLine {
            title: match &input.source {
                Some(source) => format!("{title} ({source})"),
                None => title.to_owned(),
            },
            year: input.year.map(|year| year.to_string()).unwrap_or_default(),
            age: match (published, input.year) {
                (Some(published), Some(year)) => {
                    let years = (published - year).max(0) as usize;
                    words.counted("sheet-years-old", years)
                }
                _ => String::new(),
            },
        }
    });
    lines.collect()
}

fn remarks(study: &Study, words: &Words<'_>) -> Vec<String> {
    let manifest = study.manifest();
    vec![
        words.text("sheet-residence"),
        words.text("site-words"),
        words.text("sheet-not-the-indicator"),
        words.with("sheet-definition", &[("definition", manifest.outcome.definition.get(words.language))]),
    ]
}

pub(super) fn release(study: &Study, words: &Words<'_>) -> String {
    let manifest = study.manifest();
    let project = &manifest.project;
    match (&manifest.release, &manifest.signature) {
        (Some(release), Some(signature)) => words.with(
            "sheet-release-signed",
            &[
                ("project", project),
                ("release", release),
                ("date", &signature.date),
                ("name", &signature.name),
                ("office", &signature.office),
            ],
        ),
        (Some(release), None) => words.with("sheet-release", &[("project", project), ("release", release)]),
        (None, _) => words.with("sheet-draft", &[("project", project)]),
    }
}
