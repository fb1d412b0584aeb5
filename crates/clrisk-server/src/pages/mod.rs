//! The pages, and what they have in common: the frame, figures with their intervals, links to how each was made.

mod area;
mod areas;
mod changes;
mod compare;
mod data;
mod documents;
mod how;
mod indicators;
mod measured;
mod model_card;
mod national;
mod sheet;
mod territory;

use clrisk_core::bundle::AreaRow;
use clrisk_core::{Estimate, Language, Level};
use clrisk_render::{Study, Words, address as addresses, chart};
use maud::{DOCTYPE, Markup, html};

use crate::assets;
use crate::visit::View;

pub use area::area;
pub use areas::{areas, chosen};
pub use changes::{changes, earlier, releases};
pub use compare::{compare, compared};
pub use data::{api, data, site_map};
pub use documents::{document, documents};
pub use how::how;
pub use indicators::{INDICATORS, indicator, indicators, title_of};
pub use measured::{measure, measured, measured_in};
pub use national::{national, national_picture};
pub use sheet::{sheet, sheet_links, sheet_path};
pub use territory::{territory, territory_picture};

/// The address of a page in a language: `path` is what follows the language.
pub fn address(language: Language, path: &str) -> String {
    format!("/{language}/{path}")
}

/// The path of an area's page.
pub fn area_path(row: &AreaRow) -> String {
    let code = addresses::segment(&row.area.code);
    match row.area.level {
        Level::Country => String::new(),
        level => format!("{}/{code}", if level == Level::Municipality { "area" } else { level.code() }),
    }
}

/// What a page is, for its frame.
pub struct Leaf<'a> {
    /// Title.
    pub title: &'a str,
    /// What follows the language in its address.
    pub path: String,
    /// Which entry of the menu it belongs to.
    pub menu: &'a str,
    /// What it says, in a sentence, for search engines.
    pub description: String,
    /// The forms for machines: ending and address.
    pub twins: Vec<(&'static str, String)>,
    /// Areas above, outermost first.
    pub above: Vec<&'a AreaRow>,
    /// Style sheets besides the one of all pages.
    pub styles: &'a [&'static str],
}

impl<'a> Leaf<'a> {
    /// A page without twins.
    pub fn new(title: &'a str, path: &str, menu: &'a str) -> Leaf<'a> {
        Leaf {
            title,
            path: path.to_owned(),
            menu,
            description: String::new(),
            twins: Vec::new(),
            above: Vec::new(),
            styles: &[],
        }
    }

    /// With the same content under `stem.ENDING` for each of `endings`.
    pub fn with_twins(mut self, view: &View<'_>, stem: &str, query: &str, endings: &[&'static str]) -> Leaf<'a> {
        let twins = endings.iter().map(|ending| (*ending, format!("{}{query}", view.to(&format!("{stem}.{ending}")))));
        self.twins = twins.collect();
        self
    }
}

/// The endings that a copy without a server has too: it holds no fact sheets, which take a second each.
pub fn endings(view: &View<'_>, all: &'static [&'static str]) -> &'static [&'static str] {
    match all.split_last() {
        Some((&"pdf", others)) if view.stand.shelf.static_copy => others,
        _ => all,
    }
}

/// Entries of the menu: name, path, text.
const MENU: [(&str, &str, &str); 8] = [
    ("map", "", "site-nav-map"),
    ("areas", "areas", "site-nav-areas"),
    ("indicators", "indicators", "site-nav-indicators"),
    ("measured", "measured", "site-nav-measured"),
    ("index", "index", "index-nav"),
    ("how", "how", "site-nav-how"),
    ("data", "data", "site-nav-data"),
    ("docs", "docs", "site-nav-docs"),
];

/// Whether the release has what an entry of the menu leads to: an index, estimates, or both.
fn in_menu(view: &View<'_>, name: &str) -> bool {
    let bundle = view.site.study.bundle();
    match name {
        "index" => bundle.index.is_some(),
        "measured" => bundle.measured.is_some(),
        "map" | "areas" | "indicators" | "how" => bundle.has_estimates() || bundle.index.is_none(),
        _ => true,
    }
}

/// The frame of every page.
pub fn frame(view: &View<'_>, leaf: &Leaf<'_>, content: &Markup) -> Markup {
    let words = &view.words;
    let manifest = view.site.study.manifest();
    let study = manifest.title.get(words.language);
    let query = view.asked.with(&[]);
    let newest = view.stand.shelf.sites.first().and_then(|site| site.id());
    html! {
        (DOCTYPE)
        html lang=(words.language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (leaf.title) " · " (study) }
                @if !leaf.description.is_empty() { meta name="description" content=(leaf.description); }
                @if view.site.is_draft() { meta name="robots" content="noindex"; }
                link rel="stylesheet" href=(assets::address("style.css"));
                @for style in leaf.styles { link rel="stylesheet" href=(assets::address(style)); }
                link rel="icon" type="image/svg+xml" href=(assets::address("icon.svg"));
                @for language in Language::ALL {
                    link rel="alternate" hreflang=(language.code()) href=(format!("{}{query}", address(language, &leaf.path)));
                }
                @for (ending, target) in &leaf.twins { link rel="alternate" type=(media_type(ending)) href=(target); }
                script defer src=(assets::address("search.js")) {}
                script defer src=(assets::address("map.js")) {}
                script defer src=(assets::address("table.js")) {}
            }
            body {
                a.skip href="#content" { (words.text("site-skip")) }
                header {
                    @if manifest.synthetic { div.notice role="note" { p { (words.text("site-synthetic")) } } }
                    @if view.site.is_draft() { div.notice.draft role="note" { p { (words.text("site-draft")) } } }
                    @if view.site.id().is_some() && newest != view.site.id() {
                        div.notice role="note" { p {
                            (words.with("site-older-release", &[("release", view.site.id().unwrap_or_default())])) " "
                            a href=(format!("/release/{}{}", addresses::segment(newest.unwrap_or_default()), view.to(""))) { (words.text("site-newest-release")) }
                        } }
                    }
                    div.top {
                        div.inner {
                            p.study { a href=(view.to("")) { (study) } }
                            nav.languages aria-label=(words.text("site-languages")) {
                                @for language in Language::ALL {
                                    a href=(format!("{}{query}", address(language, &leaf.path))) lang=(language.code()) hreflang=(language.code())
                                        aria-current=[(language == words.language).then_some("true")] { (language.endonym()) }
                                }
                            }
                        }
                        div.inner {
                            nav.menu aria-label=(words.text("site-nav")) {
                                @for (name, path, key) in MENU.into_iter().filter(|(name, ..)| in_menu(view, name)) {
                                    a href=(view.to(path)) aria-current=[(name == leaf.menu).then_some(if path == leaf.path { "page" } else { "true" })] { (words.text(key)) }
                                }
                            }
                            (search(view, ""))
                        }
                    }
                }
                main id="content" {
                    @if !leaf.above.is_empty() {
                        nav.above aria-label=(words.text("site-above")) {
                            ol { @for row in &leaf.above { li { a href=(view.to(&area_path(row))) { (area_name(view, row)) } } } }
                        }
                    }
                    (content)
                    @if !leaf.twins.is_empty() {
                        p.twins {
                            span { (words.text("site-downloads")) }
                            @for (ending, target) in &leaf.twins { a href=(target) { (ending.to_uppercase()) } }
                        }
                    }
                }
                footer {
                    div.inner {
                        p { (words.text("site-words")) }
                        (ages(view))
                        p.small {
                            @if let Some(id) = view.site.id() {
                                (words.with("site-release", &[("release", id)])) " · "
                                @if let Some(signature) = &manifest.signature { (signature.date) " · " (signature.office) " · " }
                            }
                            @if let Some(licence) = &manifest.licence { (licence.get(words.language)) " · " }
                            a href=(view.to("releases")) { (words.text("site-nav-releases")) } " · "
                            a href=(view.to("api")) { (words.text("site-nav-api")) } " · "
                            (manifest.program)
                        }
                    }
                }
            }
        }
    }
}

fn media_type(ending: &str) -> &'static str {
    match ending {
        "csv" => "text/csv",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        _ => "application/pdf",
    }
}

/// The name of an area; that of the country is in the reader's language.
pub fn area_name<'a>(view: &View<'a>, row: &'a AreaRow) -> &'a str {
    match row.area.level {
        Level::Country => view.site.study.manifest().country.get(view.words.language),
        _ => &row.area.name,
    }
}

/// The inputs with their years, and how old they were when the study was signed.
fn ages(view: &View<'_>) -> Markup {
    let words = &view.words;
    let manifest = view.site.study.manifest();
    let signed = manifest.signature.as_ref().and_then(|signature| signature.date.get(..4)?.parse::<i32>().ok());
    html! {
        dl.ages {
            dt { (words.text("site-ages")) }
            @for input in &manifest.inputs {
                @if let Some(year) = input.year {
                    dd {
                        (input.title.get(words.language)) " " b { (year) }
                        @if let Some(age) = signed.map(|signed| signed - year).filter(|age| *age >= 0) {
                            " " span class=(age_class(age)) { (words.counted("site-age", usize::try_from(age).unwrap_or_default())) }
                        }
                    }
                }
            }
        }
    }
}

/// The look of a badge: data of up to three years, up to eight, and older.
fn age_class(age: i32) -> &'static str {
    match age {
        ..=3 => "badge fresh",
        4..=8 => "badge older",
        _ => "badge old",
    }
}

/// A phrase as a sentence: a capital at the beginning and a full stop.
fn sentence(phrase: &str) -> String {
    let mut letters = phrase.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}

/// The link to what a figure is and how it was made.
pub fn made(view: &View<'_>, indicator: &str) -> Markup {
    let label = view.words.with("site-made-how", &[("indicator", &title_of(view, indicator))]);
    html! { a.made href=(view.to(&format!("indicator/{indicator}"))) aria-label=(label) title=(label) { "?" } }
}

/// A heading with the link to how what follows was made.
pub fn heading(view: &View<'_>, text: &str, indicator: &str) -> Markup {
    html! { h2 { (text) " " (made(view, indicator)) } }
}

fn figure(view: &View<'_>, label: &str, indicator: &str, value: &str, detail: &str) -> Markup {
    html! { div { dt { (label) " " (made(view, indicator)) } dd { span.value { (value) } span.soft { (detail) } } } }
}

/// A rate with its interval.
pub fn rate_figure(view: &View<'_>, label: &str, indicator: &str, estimate: Option<&Estimate>) -> Markup {
    html! {
        @if let Some((estimate, rate)) = estimate.and_then(|estimate| Some((estimate, estimate.rate?))) {
            (figure(view, label, indicator, &view.words.percent(rate), &view.words.rate_interval(estimate)))
        }
    }
}

/// A number of children with its interval.
pub fn count_figure(view: &View<'_>, estimate: Option<&Estimate>) -> Markup {
    html! {
        @if let Some((estimate, count)) = estimate.and_then(|estimate| Some((estimate, estimate.count?))) {
            (figure(view, &view.text("site-count"), "count", &view.words.count(count), &view.words.count_interval(estimate)))
        }
    }
}

/// The figures of one area: rate, number, girls and boys, children.
pub fn figures(view: &View<'_>, row: &AreaRow) -> Markup {
    let study = &view.site.study;
    let (level, code) = (row.area.level, row.area.code.as_str());
    let overall = study.overall(level, code);
    let by_sex = study
        .estimates(level, code)
        .filter(|estimate| matches!(estimate.group.0.as_slice(), [(name, _)] if name == "sex"));
    html! {
        dl.figures {
            (rate_figure(view, &view.text("site-rate"), "rate", overall))
            (count_figure(view, overall))
            @for estimate in by_sex {
                (rate_figure(view, &view.words.group(study.manifest(), &estimate.group), "groups", Some(estimate)))
            }
            @if let Some(population) = overall.and_then(|estimate| estimate.population) {
                (figure(view, &view.text("site-population"), "count", &view.words.count(population), &view.words.with("site-ages-of-interest", &[
                    ("from", &study.manifest().ages[0].to_string()), ("to", &study.manifest().ages[1].to_string()),
                ])))
            }
        }
    }
}

/// The question box; the script adds suggestions.
pub fn search(view: &View<'_>, wanted: &str) -> Markup {
    html! {
        form.search action=(view.to("areas")) method="get" role="search" data-areas="/areas.js" data-language=(view.words.language.code())
            data-none=(view.text("site-none-found")) data-suffix=[view.stand.shelf.static_copy.then_some(".html")] {
            label { span.hidden { (view.text("site-search")) }
                input type="search" name="q" value=(wanted) autocomplete="off" maxlength="80" placeholder=(view.text("site-search"));
            }
            button type="submit" { (view.text("site-search-go")) }
        }
    }
}

/// Risk is where children live, which is not always where they work.
pub fn residence(view: &View<'_>) -> Markup {
    html! { p.residence role="note" { (view.text("site-residence")) } }
}

/// A map with its tools, which the script shows.
pub fn map_frame(view: &View<'_>, drawn: &Markup, table: &str, twin: &str) -> Markup {
    html! {
        div.map-frame data-map="" {
            div.map-tools hidden role="group" aria-label=(view.text("site-map-tools")) {
                button type="button" data-zoom="in" aria-label=(view.text("site-zoom-in")) { "+" }
                button type="button" data-zoom="out" aria-label=(view.text("site-zoom-out")) { "−" }
                button type="button" data-zoom="all" aria-label=(view.text("site-zoom-all")) { "⌂" }
            }
            (drawn)
            p.readout aria-hidden="true" data-hint=(view.text("site-map-hint")) {}
        }
        p.twins.near {
            a href=(table) { (view.text("site-map-table")) }
            a href=(twin) { (view.text("site-map-picture")) }
            (made(view, "map"))
        }
    }
}

/// A column of a table that can be sorted: its name, and its text.
pub type Column = (&'static str, &'static str);

/// The columns of tables of areas.
const COLUMNS: [Column; 5] = [
    ("name", "site-name"),
    ("department", "site-department"),
    ("rate", "site-rate"),
    ("count", "site-count"),
    ("class", "site-class"),
];

/// A list of municipalities to show as a table.
pub struct Listing<'a> {
    /// The rows.
    pub rows: &'a [&'a AreaRow],
    /// The column they are sorted by.
    pub order: &'a str,
    /// The address that sorts by a column; without one the script sorts, if the table is whole.
    pub sorting: Option<&'a dyn Fn(&str) -> String>,
    /// Whether the rows are all there are.
    pub whole: bool,
    /// Whether the rows are of several departments.
    pub departments: bool,
}

impl<'a> Listing<'a> {
    /// A short list, in its own order.
    pub fn short(rows: &'a [&'a AreaRow], departments: bool) -> Listing<'a> {
        Listing { rows, order: "", sorting: None, whole: true, departments }
    }
}

/// A table of municipalities with a bar for each interval.
pub fn area_table(view: &View<'_>, listing: &Listing<'_>) -> Markup {
    let &Listing { rows, order, sorting, whole, departments } = listing;
    let study = &view.site.study;
    let words = &view.words;
    let highest = highest_rate(study);
    let national =
        study.country().and_then(|row| study.overall(Level::Country, &row.area.code)).and_then(|found| found.rate);
    let heading = |(name, key): Column| {
        html! {
            @match sorting {
                Some(address) => a href=(address(name)) { (words.text(key)) },
                None => (words.text(key)),
            }
        }
    };
    html! {
        div.scroll tabindex="0" role="group" aria-label=(words.text("site-nav-areas")) {
            table.wide.areas.stacked data-sortable=[whole.then_some("")] data-filter=[whole.then(|| words.text("site-filter"))] {
                thead { tr {
                    @for column in COLUMNS.into_iter().filter(|column| departments || column.0 != "department") {
                        th.number[column.0 == "rate" || column.0 == "count"] scope="col" data-sort=(column.0)
                            aria-sort=[(column.0 == order).then_some(if ["rate", "count", "class"].contains(&order) { "descending" } else { "ascending" })] { (heading(column)) }
                        @if column.0 == "rate" { th scope="col" { (words.text("site-interval-title")) } }
                    }
                    th scope="col" { (words.text("site-status")) }
                } }
                tbody {
                    @for row in rows {
                        @let code = row.area.code.as_str();
                        @let estimate = study.overall(Level::Municipality, code);
                        @let class = study.shown_class(code);
                        tr {
                            th scope="row" { a href=(view.to(&area_path(row))) { (row.area.name) } }
                            @if departments { td.above-area { @if let Some(above) = study.ancestor(row, Level::Department) { a href=(view.to(&area_path(above))) { (above.area.name) } } } }
                            td.number data-value=[estimate.and_then(|estimate| estimate.rate).map(|rate| format!("{rate:.5}"))] { @if let Some(rate) = estimate.and_then(|estimate| estimate.rate) { (words.percent(rate)) } }
                            td.interval { @if let Some(estimate) = estimate { (chart::interval(estimate, highest, national)) span { (words.rate_interval(estimate)) } } }
                            td.number data-label=(words.text("site-count")) data-value=[estimate.and_then(|estimate| estimate.count).map(|count| format!("{count:.0}"))] { @if let Some(count) = estimate.and_then(|estimate| estimate.count) { (words.count(count)) } }
                            td data-label=(words.text("site-class")) data-value=[class] { @if let Some(class) = class { (class_label(words, study, code, class)) } }
                            td.whole { (words.status(study.status(code))) }
                        }
                    }
                }
            }
        }
    }
}

/// The name of a municipality's class with its colour, and a question mark when it is open.
pub fn class_label(words: &Words<'_>, study: &Study, code: &str, class: i64) -> Markup {
    let scheme = &study.manifest().classes;
    html! {
        span.class-label {
            (chart::class_square(usize::try_from(class - 1).unwrap_or_default(), scheme.names.len()))
            span { (words.class(study.manifest(), class)) @if study.uncertain(code) { " " span.soft { (words.text("site-uncertain")) } } }
        }
    }
}

/// The highest upper end of the municipalities' intervals: the common scale of the bars.
pub fn highest_rate(study: &Study) -> f64 {
    let all = study
        .bundle()
        .estimates
        .iter()
        .filter(|estimate| estimate.level == Level::Municipality && estimate.group.is_all());
    all.filter_map(|estimate| estimate.upper).fold(0.01, f64::max)
}

/// A value with its 95 % interval beneath.
fn with_interval(words: &Words<'_>, [value, lower, upper]: &[f64; 3], write: &dyn Fn(f64) -> String) -> Markup {
    html! { (write(*value)) span.soft.beneath { (words.between(&write(*lower), &write(*upper))) } }
}

/// What would change in an area if the conditions of the levers were at their targets.
pub fn levers(view: &View<'_>, row: &AreaRow) -> Markup {
    let words = &view.words;
    let manifest = view.site.study.manifest();
    let effects: Vec<_> = view.site.study.levers(row.area.level, &row.area.code).collect();
    html! {
        @if !effects.is_empty() {
            (heading(view, &words.text("site-levers"), "levers"))
            p.soft { (words.text("site-levers-note")) }
            div.scroll tabindex="0" role="group" aria-label=(words.text("site-levers")) { table.wide.stacked {
                thead { tr {
                    th scope="col" { (words.text("site-lever")) }
                    th.number scope="col" { (words.text("site-lever-now")) }
                    th.number scope="col" { (words.text("site-lever-target")) }
                    th.number scope="col" { (words.text("site-lever-points")) }
                    th.number scope="col" { (words.text("site-lever-children")) }
                } }
                tbody {
                    @for effect in effects {
                        @let label = manifest.levers.iter().find(|label| label.name == effect.lever);
                        @let level = |value: f64| match label.and_then(|label| label.category.as_ref()) {
                            Some(_) => words.percent(value),
                            None => words.numbers.decimal(value, 2),
                        };
                        tr {
                            th scope="row" { (label.map_or(effect.lever.as_str(), |label| label.title.get(words.language))) }
                            td.number data-label=(words.text("site-lever-now")) { (level(effect.now)) }
                            td.number data-label=(words.text("site-lever-target")) { (level(effect.target)) }
                            @if effect.now == effect.target {
                                td.whole colspan="2" { (words.text("site-lever-reached")) }
                            } @else {
                                td.number data-label=(words.text("site-lever-points")) { (with_interval(words, &effect.points, &|value| words.points(value))) }
                                td.number data-label=(words.text("site-lever-children")) { (with_interval(words, &effect.children, &|value| words.change(value))) }
                            }
                        }
                    }
                }
            } }
        }
    }
}

/// A table of texts.
pub fn table(label: &str, headings: &[String], rows: &[Vec<String>]) -> Markup {
    // Two columns fit a phone as they are; with more, each row becomes a card there.
    let stacked = headings.len() > 2;
    html! {
        div.scroll tabindex="0" role="group" aria-label=(label) { table class=[stacked.then_some("stacked")] {
            thead { tr { @for heading in headings { th scope="col" { (heading) } } } }
            tbody { @for row in rows { tr {
                @for (at, (cell, heading)) in row.iter().zip(headings).enumerate() {
                    @if stacked && at == 0 { th scope="row" { (cell) } }
                    @else if stacked && cell.is_empty() { td {} }
                    @else { td.whole[stacked] data-label=[stacked.then_some(heading)] { (cell) } }
                }
            } } }
        } }
    }
}

/// What was asked for could not be given now: `key` names the text, `id` the entry of the log.
pub fn trouble(view: &View<'_>, key: &str, id: &str) -> Markup {
    let title = view.text(key);
    let content = html! {
        h1 { (title) }
        p { (view.words.with(&format!("{key}-hint"), &[("id", id)])) }
    };
    frame(view, &Leaf::new(&title, "", ""), &content)
}

/// There is no such page.
pub fn not_found(view: &View<'_>) -> Markup {
    let title = view.text("site-not-found");
    let content = html! {
        h1 { (title) }
        p { (view.text("site-not-found-hint")) }
        p { a href=(view.to("")) { (view.text("site-nav-map")) } " · " a href=(view.to("areas")) { (view.text("site-nav-areas")) } }
    };
    frame(view, &Leaf::new(&title, "", ""), &content)
}
