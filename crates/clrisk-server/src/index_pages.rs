//! The pages of the vulnerability index: map, list, sheet of a municipality, how it was made, and beside the estimates.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use clrisk_core::bundle::AreaRow;
use clrisk_core::index::{IndexAgreement, IndexArea, IndexIndicator, IndexReport};
use clrisk_core::{Language, Level};
use clrisk_render::index::{self, IndexView};
use clrisk_render::{Words, address};
use maud::{Markup, html};

use crate::answer::not_made;
use crate::pages::{self, Leaf};
use crate::route::{CSV, SVG, html as page, json, saved};
use crate::visit::{Form, Stand, View, Visit};
use crate::{Site, files};

/// The routes of the index.
pub fn router() -> Router<Stand> {
    Router::new()
        .route("/{language}/index", get(national))
        .route("/{language}/index/{page}", get(single))
        .route("/{language}/index/area/{code}", get(area))
}

/// A page of the index before it is framed.
struct Written {
    title: String,
    path: String,
    content: Markup,
}

fn written(title: &str, path: &str, content: Markup) -> Written {
    Written { title: title.to_owned(), path: path.to_owned(), content }
}

/// Answers with what `make` gives, or says that there is nothing.
fn answer(visit: &Visit, make: impl FnOnce(&Site, &Words<'_>, &IndexView<'_>) -> Option<Response>) -> Response {
    let site = visit.site();
    let response = IndexView::of(&site.study).and_then(|view| make(site, &visit.words(), &view));
    response.unwrap_or_else(|| visit.nothing())
}

fn framed(visit: &Visit, written: &Written) -> Response {
    let leaf = Leaf::new(&written.title, &written.path, "index");
    page(pages::frame(&View::of(visit), &leaf, &written.content))
}

async fn national(visit: Visit) -> Response {
    answer(&visit, |site, words, view| Some(framed(&visit, &national_page(site, words, view))))
}

async fn single(visit: Visit) -> Response {
    let asked = |name: &str, usual: &str| {
        let given = visit.asked.get(name);
        if given.is_empty() { usual.to_owned() } else { given.to_owned() }
    };
    let (order, wanted) = (asked("sort", "points"), asked("q", ""));
    answer(&visit, |site, words, view| match visit.name() {
        ("areas", Form::Page) => Some(framed(&visit, &list_page(site, words, view, &wanted, &order))),
        ("areas", Form::Csv) => Some(saved(&visit, CSV, "index.csv", index::table(&site.study, view).csv())),
        ("areas", Form::Json) => {
            let rows = view.rows(&site.study, &order);
            let list = rows.into_iter().map(|(row, area)| index::object(view, row, area)).collect();
            Some(json(&visit, &serde_json::Value::Array(list)))
        }
        ("how", Form::Page) => Some(framed(&visit, &how_page(site, words, view))),
        ("map", Form::Svg) => {
            let title = view.results.report.title.get(words.language);
            let drawn = index::map(&site.study, view, words, site.study.national(), title);
            Some(saved(&visit, SVG, "index.svg", clrisk_render::map::standalone(&drawn).0))
        }
        _ => None,
    })
}

async fn area(visit: Visit) -> Response {
    if let Some((row, Form::Pdf)) = visit.area(Level::Municipality) {
        let code = row.area.code.clone();
        return match files::printed_index(&visit.stand, visit.language, &code).await {
            Ok(pdf) => saved(&visit, "application/pdf", &format!("index-{code}.pdf"), pdf),
            Err(why) => not_made(&View::of(&visit), why, &format!("index-{code}")),
        };
    }
    let printed = !visit.stand.shelf.static_copy;
    answer(&visit, |site, words, view| {
        let (row, form) = visit.area(Level::Municipality)?;
        let area = view.area(&row.area.code)?;
        match form {
            Form::Page => Some(framed(&visit, &area_page(site, words, view, (row, area), printed))),
            Form::Json => Some(json(&visit, &index::object(view, row, area))),
            _ => None,
        }
    })
}

/// Links between the pages of the index.
fn tabs(words: &Words<'_>, here: &str) -> Markup {
    html! {
        p.choices {
            @for (key, target) in [("index-map", "index"), ("index-list", "index/areas"), ("index-how", "index/how")] {
                a href=(format!("/{}/{target}", words.language)) aria-current=[(target == here).then_some("page")] { (words.text(key)) }
            }
        }
    }
}

/// What every page of the index says first: an index, not a rate; and what its recipe is.
fn label(words: &Words<'_>, report: &IndexReport) -> Markup {
    let key = match report.higher {
        clrisk_core::index::Higher::Worse => "index-label-worse",
        clrisk_core::index::Higher::Better => "index-label-better",
    };
    html! {
        p.soft { (words.text(key)) }
        @if let Some(preset) = &report.preset {
            p.soft { strong { (words.with("index-preset", &[("name", &preset.name)])) } " " (preset.note.get(words.language)) }
        }
    }
}

fn national_page(site: &Site, words: &Words<'_>, view: &IndexView<'_>) -> Written {
    let report = &view.results.report;
    let title = report.title.get(words.language);
    let most: Vec<(&AreaRow, &IndexArea)> = view.rows(&site.study, "points").into_iter().take(10).collect();
    let content = html! {
        h1 { (title) ", " (site.study.manifest().country.get(words.language)) }
        p.lead { (report.definition.get(words.language)) }
        (label(words, report))
        (tabs(words, "index"))
        div.view {
            div.picture { (index::map(&site.study, view, words, site.study.national(), title)) }
            div.aside { (index::legend(view, words)) (uncertainty(words, report)) }
        }
        h2 { (words.text("index-most")) }
        (table_of(site, words, view, &most))
        p.choices { (words.text("site-downloads")) " "
            a href=(format!("/{}/index/areas.csv", words.language)) { "CSV" }
            a href=(format!("/{}/index/areas.json", words.language)) { "JSON" }
            a href=(format!("/{}/index/map.svg", words.language)) { "SVG" }
        }
        @if let Some(agreement) = &report.agreement { (agreement_section(site, words, view, agreement)) }
    };
    written(title, "index", content)
}

fn uncertainty(words: &Words<'_>, report: &IndexReport) -> Markup {
    html! {
        @if let Some(found) = &report.uncertainty {
            p { (words.with("index-uncertainty", &[
                ("draws", &words.count(found.draws as f64)),
                ("width", &words.count(found.median_width)),
                ("open", &words.count(found.open as f64)),
                ("level", &words.numbers.decimal(100.0 * found.level, 0)),
            ])) }
        }
    }
}

fn table_of(site: &Site, words: &Words<'_>, view: &IndexView<'_>, rows: &[(&AreaRow, &IndexArea)]) -> Markup {
    let total = view.ranked();
    html! {
        div.scroll tabindex="0" { table.wide {
            thead { tr {
                th scope="col" { (words.text("site-name")) }
                th scope="col" { (words.text("site-department")) }
                th.number scope="col" { (words.text("index-value")) }
                th scope="col" { (words.text("index-class")) }
                th scope="col" { (words.text("index-rank")) }
            } }
            tbody { @for (row, area) in rows {
                tr {
                    th scope="row" { a href=(index::area_address(words, &row.area.code)) { (row.area.name) } }
                    td { @if let Some(above) = site.study.ancestor(row, Level::Department) { (above.area.name) } }
                    td.number { @match area.points { Some(value) => (words.numbers.decimal(value, 1)), None => (words.status(area.status)) } }
                    td { @if let Some(class) = area.class { (view.class_name(words, class)) } @if clrisk_core::index::IndexResults::is_open(area) { " *" } }
                    td { @if let Some(range) = index::rank_range(words, area, total) { (range) } }
                }
            } }
        } }
        p.soft { "* " (words.text("index-open")) }
    }
}

fn list_page(site: &Site, words: &Words<'_>, view: &IndexView<'_>, wanted: &str, order: &str) -> Written {
    let title = words.text("index-list");
    let plain = wanted.trim().to_lowercase();
    let mut rows = view.rows(&site.study, order);
    rows.retain(|(row, _)| row.area.name.to_lowercase().contains(&plain) || row.area.code.starts_with(&plain));
    let here = |sort: &str| format!("/{}/index/areas?q={}&sort={sort}", words.language, address::segment(wanted));
    let content = html! {
        h1 { (view.results.report.title.get(words.language)) }
        (label(words, &view.results.report))
        (tabs(words, "index/areas"))
        form.search action=(format!("/{}/index/areas", words.language)) method="get" role="search" {
            label { (words.text("site-search")) br; input type="search" name="q" value=(wanted); }
            button type="submit" { (words.text("site-search-go")) }
        }
        p { @if rows.is_empty() { (words.text("site-none-found")) } @else { (words.counted("site-results", rows.len())) } }
        p.choices {
            span { (words.text("index-sort")) ":" }
            @for (key, sort) in [("index-value", "points"), ("site-name", "name")] {
                a href=(here(sort)) aria-current=[(sort == order).then_some("true")] { (words.text(key)) }
            }
        }
        (table_of(site, words, view, &rows))
    };
    written(&title, "index/areas", content)
}

fn area_page(
    site: &Site,
    words: &Words<'_>,
    view: &IndexView<'_>,
    (row, area): (&AreaRow, &IndexArea),
    printed: bool,
) -> Written {
    let report = &view.results.report;
    let code = &row.area.code;
    let path = format!("index/area/{}", address::segment(code));
    let decimal = |value: f64| words.numbers.decimal(value, 1);
    let scores: Vec<_> = view.scores(code).collect();
    let scale = scores.iter().filter_map(|score| score.difference).fold(0.0f64, |most, value| most.max(value.abs()));
    let indicator = |code: &str| report.indicators.iter().find(|row| row.code == code);
    let years: Vec<_> = view.results.years.iter().filter(|year| year.area == *code).collect();
    let content = html! {
        p.soft { (report.title.get(words.language)) }
        h1 { (row.area.name) @if let Some(above) = site.study.ancestor(row, Level::Department) { ", " (above.area.name) } }
        (label(words, report))
        dl.figures {
            div { dt { (words.text("index-value")) } dd {
                span.value { @match area.points { Some(value) => (index::points(words, value)), None => (words.status(area.status)) } }
                @if let Some(class) = area.class { span.soft { (words.with("index-in-class", &[("class", &view.class_name(words, class))])) } }
            } }
            @if let Some(range) = index::rank_range(words, area, view.ranked()) {
                div { dt { (words.text("index-rank")) } dd { span.value { @if let Some(rank) = area.rank { (words.ordinal(rank)) } } span.soft { (range) } } }
            }
            @if let Some(people) = area.population.filter(|people| *people > 0.0) {
                div { dt { (words.text("index-people")) } dd { span.value { (words.count(people)) } } }
            }
        }
        div.view {
            div.picture {
                @if !area.membership.is_empty() {
                    p { @if clrisk_core::index::IndexResults::is_open(area) { (words.text("index-open-long")) } @else { (words.text("index-firm")) } }
                    table { tbody { @for (class, share) in area.membership.iter().enumerate() {
                        tr { th scope="row" { (view.class_name(words, class as i64 + 1)) } td.number { (words.probability(*share)) } }
                    } } }
                }
                @if let (Some(value), Some(partial), Some(worst)) = (area.points, area.partial_compensation, area.worst_dimension) {
                    h2 { (words.text("index-compensation")) }
                    p { (words.with("index-compensation-text", &[("points", &decimal(value)), ("partial", &decimal(partial)), ("worst", &decimal(worst))])) }
                }
            }
            div.aside { (clrisk_render::map::locator(&site.study, words, row)) }
        }
        @if !scores.is_empty() {
            h2 { (words.text("index-parts")) }
            p.soft { (words.text("index-parts-note")) }
            div.scroll tabindex="0" { table.wide {
                thead { tr {
                    th scope="col" { (words.text("index-indicator")) }
                    th.number scope="col" { (words.text("index-measured")) }
                    th.number scope="col" { (words.text("index-country-mean")) }
                    th.number scope="col" { (words.text("index-score")) }
                    th.number scope="col" { (words.text("index-difference")) }
                    td {}
                } }
                tbody { @for dimension in &report.dimensions {
                    @for score in scores.iter().filter(|score| score.kind == "dimension" && score.code == dimension.code) {
                        tr {
                            th scope="row" { strong { (dimension.name.get(words.language)) } }
                            td {} td {}
                            td.number { @if let Some(value) = score.score { (decimal(value)) } }
                            td.number { @if let Some(value) = score.difference { (words.points(value)) } }
                            td { @if let Some(value) = score.difference { (index::difference_bar(value, scale)) } }
                        }
                    }
                    @for score in scores.iter().filter(|score| score.kind == "indicator" && indicator(&score.code).is_some_and(|row| row.dimension == dimension.code)) {
                        @if let Some(found) = indicator(&score.code) {
                            tr {
                                th scope="row" { (found.name.get(words.language)) }
                                td.number { @if let Some(value) = score.value { (with_unit(words, found, value)) } }
                                td.number { (with_unit(words, found, found.mean)) }
                                td.number { @if let Some(value) = score.score { (decimal(value)) } }
                                td.number { @if let Some(value) = score.difference { (words.points(value)) } }
                                td { @if let Some(value) = score.difference { (index::difference_bar(value, scale)) } }
                            }
                        }
                    }
                } }
            } }
        }
        @if !years.is_empty() {
            h2 { (words.text("index-years")) }
            table { tbody { @for year in &years { tr { th scope="row" { (year.year) } td.number { @if let Some(value) = year.points { (index::points(words, value)) } } } } } }
        }
        @if report.agreement.is_some() {
            p { a href=(address::area(words.language, code)) { (words.text("index-to-estimate")) } }
        }
        p.choices { (words.text("site-downloads")) " " a href=(format!("/{}/{path}.json", words.language)) { "JSON" }
            @if printed { " " a href=(format!("/{}/{path}.pdf", words.language)) { "PDF" } }
        }
    };
    written(&row.area.name, &path, content)
}

fn with_unit(words: &Words<'_>, indicator: &IndexIndicator, value: f64) -> String {
    format!("{}\u{202f}{}", words.numbers.decimal(value, 1), indicator.unit.get(words.language))
}

fn how_page(site: &Site, words: &Words<'_>, view: &IndexView<'_>) -> Written {
    let report = &view.results.report;
    let title = words.text("index-how");
    let language = words.language;
    let decimals = |value: f64, places: u8| words.numbers.decimal(value, places);
    let share = |value: f64| format!("{}\u{202f}%", decimals(100.0 * value, 1));
    let rule = |step: &str, rule: &str| {
        if step == "classes" {
            words.rule(rule)
        } else {
            words.text_or(&format!("index-rule-{}", rule.replace('_', "-")), rule)
        }
    };
    let step = |step: &str| words.text(&format!("index-step-{step}"));
    let content = html! {
        h1 { (report.title.get(language)) }
        p { (report.definition.get(language)) }
        (label(words, report))
        (tabs(words, "index/how"))
        h2 { (words.text("index-choices")) }
        div.scroll tabindex="0" { table.wide {
            thead { tr { @for key in ["index-step", "index-rule", "index-reason"] { th scope="col" { (words.text(key)) } } } }
            tbody { @for choice in &report.choices { tr {
                th scope="row" { (step(&choice.step)) } td { (rule(&choice.step, &choice.rule)) } td { (choice.reason.get(language)) }
            } } }
        } }
        h2 { (words.text("index-indicators")) }
        p.soft { (words.text("index-balance-note")) }
        div.scroll tabindex="0" { table.wide {
            thead { tr {
                @for key in ["index-indicator", "index-dimension", "index-source"] { th scope="col" { (words.text(key)) } }
                @for key in ["index-weight", "index-influence", "index-correlation", "index-without"] { th.number scope="col" { (words.text(key)) } }
            } }
            tbody { @for row in &report.indicators { tr {
                th scope="row" { (row.name.get(language)) }
                td { @if let Some(dimension) = report.dimensions.iter().find(|dimension| dimension.code == row.dimension) { (dimension.name.get(language)) } }
                td { (row.source) @if row.year > 0 { ", " (row.year) } @if !row.reviewed_by.is_empty() { (words.semicolon()) (words.with("index-reviewed", &[("by", &row.reviewed_by)])) } }
                td.number { (share(row.weight)) }
                td.number { (share(row.influence)) }
                td.number { (decimals(row.correlation, 2)) }
                td.number { (words.count(row.moved_without as f64)) }
            } } }
        } }
        @if let Some(distance) = &report.distance {
            p { (words.with("index-distance", &[
                ("hundred", &decimals(distance.hundred_points, 4)),
                ("order", &distance.order.join(", ")),
            ])) }
        }
        @if let Some(ratio) = report.consistency_ratio { p { (words.with("index-consistency", &[("ratio", &decimals(ratio, 3))])) } }
        h2 { (words.text("index-belong")) }
        p { @if let Some(value) = report.sampling_adequacy { (words.with("index-adequacy", &[("value", &decimals(value, 2))])) " " }
            @if let Some(value) = report.alpha { (words.with("index-alpha", &[("value", &decimals(value, 2))])) } }
        @if report.redundant.is_empty() { p { (words.text("index-no-redundant")) } } @else {
            ul { @for pair in &report.redundant { li { code { (pair.first) } " ~ " code { (pair.second) } ": " (decimals(pair.correlation, 2)) } } }
        }
        details { summary { (words.text("index-correlations")) }
            div.scroll tabindex="0" { table.wide {
                thead { tr { td {} @for row in &report.indicators { th.number scope="col" { (row.code) } } } }
                tbody { @for (row, list) in report.indicators.iter().zip(&report.correlations) { tr {
                    th scope="row" { (row.code) } @for value in list { td.number { (decimals(*value, 2)) } }
                } } }
            } }
        }
        h2 { (words.text("index-sensitivity")) }
        (uncertainty(words, report))
        @if let Some(found) = &report.uncertainty {
            @if !found.sensitivity.is_empty() {
                p.soft { (words.text("index-sensitivity-note")) }
                table {
                    thead { tr { th scope="col" { (words.text("index-step")) } th.number scope="col" { (words.text("index-first")) } th.number scope="col" { (words.text("index-total")) } } }
                    tbody { @for row in &found.sensitivity { tr {
                        th scope="row" { (step(&row.step)) } td.number { (decimals(row.first, 2)) } td.number { (decimals(row.total, 2)) }
                    } } }
                }
            }
        }
        h2 { (words.text("index-alternatives")) }
        div.scroll tabindex="0" { table {
            thead { tr {
                th scope="col" { (words.text("index-step")) } th scope="col" { (words.text("index-rule")) }
                th.number scope="col" { (words.text("index-rank-correlation")) } th.number scope="col" { (words.text("index-shift")) } th.number scope="col" { (words.text("site-moved")) }
            } }
            tbody {
                @for row in &report.alternatives { tr {
                    th scope="row" { (step(&row.step)) } td { (rule(&row.step, &row.rule)) }
                    td.number { (decimals(row.rank_correlation, 3)) } td.number { (decimals(row.shift, 1)) } td.number { (words.count(row.moved as f64)) }
                } }
                @for row in &report.class_rules { tr {
                    th scope="row" { (step("classes")) } td { (words.rule(&row.rule)) } td {} td {}
                    td.number { @if let Some(moved) = row.moved { (words.count(moved as f64)) } }
                } }
            }
        } }
        h2 { (words.text("site-inputs")) }
        ul { @for input in &site.study.manifest().inputs { li {
            (input.title.get(language)) @if let Some(year) = input.year { " " (year) } @if let Some(source) = &input.source { ". " (source) }
        } } }
        h2 { (words.text("site-findings")) }
        ul { @for finding in site.study.bundle().findings.sorted() { li { code { (finding.code) } " " (finding.message(words.catalog, language)) } } }
        @if let Some(signature) = &site.study.manifest().signature {
            h2 { (words.text("site-signature")) }
            p { (signature.name) ", " (signature.office) ", " (signature.date) ". " (signature.statement) }
        }
        p.soft { (words.with("site-made-by", &[("program", &site.study.manifest().program), ("seed", &site.study.manifest().seed.to_string())])) }
    };
    written(&title, "index/how", content)
}

/// Where the index and the modelled estimates agree and where they part.
fn agreement_section(site: &Site, words: &Words<'_>, view: &IndexView<'_>, agreement: &IndexAgreement) -> Markup {
    let manifest = site.study.manifest();
    let name = |code: &str| {
        site.study.area(Level::Municipality, code).map_or_else(|| code.to_owned(), |row| row.area.name.clone())
    };
    html! {
        h2 { (words.text("index-agreement")) }
        p { (words.with("index-agreement-text", &[
            ("areas", &words.count(agreement.areas as f64)),
            ("correlation", &words.numbers.decimal(agreement.rank_correlation, 2)),
        ])) }
        div.scroll tabindex="0" { table {
            thead { tr { th scope="col" { (words.text("index-agreement-corner")) } @for class in 0..manifest.classes.names.len() { th.number scope="col" { (words.class(manifest, class as i64 + 1)) } } } }
            tbody { @for (class, row) in agreement.classes.iter().enumerate() { tr {
                th scope="row" { (view.class_name(words, class as i64 + 1)) } @for count in row { td.number { (words.count(*count as f64)) } }
            } } }
        } }
        h3 { (words.text("index-furthest")) }
        div.scroll tabindex="0" { table {
            thead { tr { th scope="col" { (words.text("site-name")) } th.number scope="col" { (words.text("index-by-index")) } th.number scope="col" { (words.text("index-by-rate")) } } }
            tbody { @for row in &agreement.furthest { tr {
                th scope="row" { a href=(index::area_address(words, &row.area)) { (name(&row.area)) } }
                td.number { (words.ordinal(row.index_rank)) } td.number { (words.ordinal(row.rate_rank)) }
            } } }
        } }
    }
}

/// The first page of a bundle that holds an index alone.
pub fn first(site: &Site, language: Language) -> Option<String> {
    let alone = !site.study.bundle().has_estimates() && site.study.bundle().index.is_some();
    alone.then(|| format!("/{language}/index"))
}
