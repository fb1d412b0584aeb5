//! The pages.

use clrisk_core::bundle::{AreaRow, Stage};
use clrisk_core::{Estimate, FactorContribution, Language, Level};
use clrisk_render::chart::{self, FactorList};
use clrisk_render::{Layer, Shading, Study, Words, address, map};
use maud::{DOCTYPE, Markup, html};

use crate::Site;

/// The frame of every page. `path` is what follows the language in the address.
fn frame(site: &Site, words: &Words<'_>, title: &str, path: &str, content: &Markup) -> Markup {
    let manifest = site.study.manifest();
    let study = manifest.title.get(words.language);
    let links = [("site-nav-map", ""), ("site-nav-areas", "areas"), ("site-nav-how", "how")];
    html! {
        (DOCTYPE)
        html lang=(words.language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · " (study) }
                link rel="stylesheet" href="/style.css";
                link rel="icon" href="data:,";
            }
            body {
                a.skip href="#content" { (words.text("site-skip")) }
                @if manifest.synthetic { div.notice role="note" { p { (words.text("site-synthetic")) } } }
                @if manifest.stage == Stage::Draft { div.notice role="note" { p { (words.text("site-draft")) } } }
                div.top {
                    header {
                        p.study { (study) }
                        nav aria-label=(words.text("site-nav")) {
                            @for (key, target) in links {
                                a href=(format!("/{}/{target}", words.language)) aria-current=[(target == path).then_some("page")] { (words.text(key)) }
                            }
                        }
                        nav aria-label=(words.text("site-languages")) {
                            @for language in Language::ALL {
                                a href=(format!("/{language}/{path}")) lang=(language.code()) hreflang=(language.code()) aria-current=[(language == words.language).then_some("true")] { (language_name(language)) }
                            }
                        }
                    }
                }
                main id="content" { (content) }
                footer {
                    p { (words.text("site-words")) }
                    p { (ages(site, words)) }
                }
            }
        }
    }
}

/// Languages by their own names.
fn language_name(language: Language) -> &'static str {
    match language {
        Language::Es => "Español",
        Language::En => "English",
        Language::Pt => "Português",
        Language::Fr => "Français",
    }
}

/// The inputs with their years in one line.
fn ages(site: &Site, words: &Words<'_>) -> String {
    let inputs = site.study.manifest().inputs.iter().filter_map(|input| {
        let year = input.year?;
        Some(format!("{} {year}", input.title.get(words.language)))
    });
    format!("{}: {}.", words.text("site-ages"), inputs.collect::<Vec<_>>().join("; "))
}

/// A phrase as a sentence: a capital at the beginning and a full stop.
fn sentence(phrase: &str) -> String {
    let mut letters = phrase.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}

fn figure(label: &str, value: &str, detail: &str) -> Markup {
    html! { div { dt { (label) } dd { span.value { (value) } span.soft { (detail) } } } }
}

fn rate_figure(words: &Words<'_>, label: &str, estimate: Option<&Estimate>) -> Markup {
    html! {
        @if let Some((estimate, rate)) = estimate.and_then(|estimate| Some((estimate, estimate.rate?))) {
            (figure(label, &words.percent(rate), &words.rate_interval(estimate)))
        }
    }
}

fn count_figure(words: &Words<'_>, estimate: Option<&Estimate>) -> Markup {
    html! {
        @if let Some((estimate, count)) = estimate.and_then(|estimate| Some((estimate, estimate.count?))) {
            (figure(&words.text("site-count"), &words.count(count), &words.count_interval(estimate)))
        }
    }
}

fn search(words: &Words<'_>, wanted: &str) -> Markup {
    html! {
        form.search action=(address::areas(words.language)) method="get" role="search" {
            label { (words.text("site-search")) br; input type="search" name="q" value=(wanted); }
            button type="submit" { (words.text("site-search-go")) }
        }
    }
}

/// The national page.
pub fn national(site: &Site, words: &Words<'_>, layer: Layer) -> Markup {
    let study = &site.study;
    let manifest = study.manifest();
    let codes: Vec<&str> = study.level(Level::Municipality).map(|row| row.area.code.as_str()).collect();
    let shading = Shading::new(study, layer, words, codes.iter().copied());
    let country = study.country();
    let overall = country.and_then(|row| study.overall(Level::Country, &row.area.code));
    let title = manifest.outcome.title.get(words.language);
    let content = html! {
        h1 { (title) ", " (manifest.country.get(words.language)) }
        dl.figures {
            (rate_figure(words, &words.text("site-rate"), overall))
            (count_figure(words, overall))
            @if let Some(row) = country {
                @for estimate in study.estimates(Level::Country, &row.area.code).filter(|estimate| estimate.group.0.len() == 1 && estimate.group.0[0].0 == "sex") {
                    (rate_figure(words, &words.group(manifest, &estimate.group), Some(estimate)))
                }
            }
        }
        (search(words, ""))
        div.view {
            div.picture {
                p.choices {
                    span { (words.text("site-show")) ":" }
                    @for choice in Layer::offered(study) {
                        a href=(format!("/{}/?show={}", words.language, choice.code())) aria-current=[(choice == layer).then_some("true")] { (words.text(&format!("site-show-{}", choice.code()))) }
                    }
                }
                (map::map(study, words, &shading, study.national(), title))
            }
            div.aside { (map::legend(words, &shading)) }
        }
        @if let Some(row) = country { (levers(site, words, Level::Country, &row.area.code)) }
        h2 { (words.text("site-departments")) }
        p.choices {
            @for row in study.level(Level::Department) { a href=(address::department(words.language, &row.area.code)) { (row.area.name) } }
        }
    };
    frame(site, words, title, "", &content)
}

/// Letters without accents, for searching.
fn plain(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .map(|letter| match letter {
            'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'í' | 'ì' | 'î' | 'ï' => 'i',
            'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
            'ú' | 'ù' | 'û' | 'ü' => 'u',
            'ñ' => 'n',
            'ç' => 'c',
            other => other,
        })
        .collect()
}

/// The municipalities whose name holds `wanted` or whose code begins with it, in the order asked for.
pub fn found<'a>(study: &'a Study, wanted: &str, order: &str) -> Vec<&'a AreaRow> {
    let wanted = plain(wanted.trim());
    let mut rows: Vec<&AreaRow> = study
        .level(Level::Municipality)
        .filter(|row| plain(&row.area.name).contains(&wanted) || row.area.code.starts_with(&wanted))
        .collect();
    let number = |row: &AreaRow, rate: bool| {
        let estimate = study.overall(Level::Municipality, &row.area.code);
        estimate.and_then(|estimate| if rate { estimate.rate } else { estimate.count }).unwrap_or(-1.0)
    };
    match order {
        "rate" | "count" => {
            rows.sort_by(|a, b| number(b, order == "rate").total_cmp(&number(a, order == "rate")));
        }
        _ => rows.sort_by_key(|row| plain(&row.area.name)),
    }
    rows
}

fn area_table(site: &Site, words: &Words<'_>, rows: &[&AreaRow]) -> Markup {
    let study = &site.study;
    html! {
        div.scroll tabindex="0" {
            table.wide {
                thead { tr {
                    th scope="col" { (words.text("site-name")) }
                    th scope="col" { (words.text("site-department")) }
                    th.number scope="col" { (words.text("site-rate")) }
                    th scope="col" { (words.text("site-interval-title")) }
                    th.number scope="col" { (words.text("site-count")) }
                    th scope="col" { (words.text("site-status")) }
                } }
                tbody {
                    @for row in rows {
                        @let estimate = study.overall(Level::Municipality, &row.area.code);
                        tr {
                            th scope="row" { a href=(address::area(words.language, &row.area.code)) { (row.area.name) } }
                            td { @if let Some(above) = study.ancestor(row, Level::Department) { a href=(address::department(words.language, &above.area.code)) { (above.area.name) } } }
                            td.number { @if let Some(rate) = estimate.and_then(|estimate| estimate.rate) { (words.percent(rate)) } }
                            td.interval { @if let Some(estimate) = estimate { (words.rate_interval(estimate)) } }
                            td.number { @if let Some(count) = estimate.and_then(|estimate| estimate.count) { (words.count(count)) } }
                            td { (words.status(study.status(&row.area.code))) }
                        }
                    }
                }
            }
        }
    }
}

/// The list of municipalities.
pub fn areas(site: &Site, words: &Words<'_>, rows: &[&AreaRow], wanted: &str, order: &str) -> Markup {
    let title = words.text("site-nav-areas");
    let here = |sort: &str, format: &str| {
        let base = address::areas(words.language);
        format!("{base}?q={}&sort={sort}{format}", address::segment(wanted))
    };
    let content = html! {
        h1 { (title) }
        (search(words, wanted))
        p {
            @if rows.is_empty() { (words.text("site-none-found")) } @else { (words.counted("site-results", rows.len())) }
        }
        p.choices {
            span { (words.text("site-sort")) ":" }
            @for (key, sort) in [("site-name", "name"), ("site-rate", "rate"), ("site-count", "count")] {
                a href=(here(sort, "")) aria-current=[(sort == order).then_some("true")] { (words.text(key)) }
            }
        }
        (area_table(site, words, rows))
        p.choices { (words.text("site-downloads")) " " a href=(here(order, "&format=csv")) { "CSV" } a href=(here(order, "&format=json")) { "JSON" } }
    };
    frame(site, words, &title, "areas", &content)
}

/// The page of a department.
pub fn department(site: &Site, words: &Words<'_>, row: &AreaRow) -> Markup {
    let study = &site.study;
    let code = &row.area.code;
    let rows = study.municipalities_of(Level::Department, code);
    let shading = Shading::new(study, Layer::default(), words, rows.iter().map(|row| row.area.code.as_str()));
    let overall = study.overall(Level::Department, code);
    let content = html! {
        h1 { (row.area.name) }
        dl.figures { (rate_figure(words, &words.text("site-rate"), overall)) (count_figure(words, overall)) }
        div.view {
            div.picture { @if let Some(drawing) = study.department_drawing(code) { (map::map(study, words, &shading, drawing, &row.area.name)) } }
            div.aside { (map::legend(words, &shading)) }
        }
        h2 { (words.text("site-nav-areas")) }
        (area_table(site, words, &rows))
        (levers(site, words, Level::Department, code))
    };
    frame(site, words, &row.area.name, &format!("department/{}", address::segment(code)), &content)
}

fn factor_rows(site: &Site, words: &Words<'_>, factors: &[FactorContribution], scale: f64) -> Markup {
    html! {
        @for factor in factors {
            tr {
                th scope="row" { (words.variable(site.study.manifest(), &factor.factor)) }
                td { (chart::factor_bar(factor.points, scale)) }
                td.number { (words.points(factor.points)) }
            }
        }
    }
}

/// A value with its 95 % interval beneath.
fn with_interval(words: &Words<'_>, [value, lower, upper]: &[f64; 3], write: &dyn Fn(f64) -> String) -> Markup {
    html! { (write(*value)) span.soft.beneath { (words.between(&write(*lower), &write(*upper))) } }
}

/// What would change in an area if the conditions of the levers were at their targets.
fn levers(site: &Site, words: &Words<'_>, level: Level, code: &str) -> Markup {
    let manifest = site.study.manifest();
    let effects: Vec<_> = site.study.levers(level, code).collect();
    html! {
        @if !effects.is_empty() {
            h2 { (words.text("site-levers")) }
            p.soft { (words.text("site-levers-note")) }
            div.scroll tabindex="0" { table.wide {
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
                            td.number { (level(effect.now)) }
                            td.number { (level(effect.target)) }
                            @if effect.now == effect.target {
                                td colspan="2" { (words.text("site-lever-reached")) }
                            } @else {
                                td.number { (with_interval(words, &effect.points, &|value| words.points(value))) }
                                td.number { (with_interval(words, &effect.children, &|value| words.change(value))) }
                            }
                        }
                    }
                }
            } }
        }
    }
}

/// The page of a municipality.
pub fn area(site: &Site, words: &Words<'_>, row: &AreaRow) -> Markup {
    let study = &site.study;
    let manifest = study.manifest();
    let code = row.area.code.as_str();
    let status = study.status(code);
    let overall = study.overall(Level::Municipality, code);
    let class = study.class(code);
    let factors = FactorList::of(study, code);
    let own: Vec<FactorContribution> = factors.own.clone().into_iter().collect();
    let path = format!("area/{}", address::segment(code));
    let content = html! {
        div.view {
            div.picture {
                h1 { (row.area.name) }
                @if let Some(above) = study.ancestor(row, Level::Department) {
                    p { a href=(address::department(words.language, &above.area.code)) { (above.area.name) } " · " (code) }
                }
                p.lead {
                    @if let Some(found) = class.filter(|_| status.has_number()) {
                        @if let Some(number) = found.class {
                            @let key = if study.uncertain(code) { "site-title-class-uncertain" } else { "site-title-class" };
                            strong { (manifest.outcome.title.get(words.language)) ": " (words.with(key, &[("class", &words.class(manifest, number))])) }
                        }
                    }
                }
                p { (words.status(status)) ". " (words.own_sample(row.own_sample_share)) }
            }
            div.aside { (map::locator(study, words, row)) }
        }
        dl.figures {
            (rate_figure(words, &words.text("site-rate"), overall))
            (count_figure(words, overall))
            @if let Some(population) = overall.and_then(|estimate| estimate.population) { (figure(&words.text("site-population"), &words.count(population), "")) }
        }
        @if let Some(found) = class.filter(|found| !found.membership.is_empty()) {
            h2 { (words.text("site-membership-label")) }
            (chart::membership(words, &found.membership))
            p {
                @for (index, share) in found.membership.iter().enumerate() {
                    @if index > 0 { " · " }
                    (words.class(manifest, index as i64 + 1)) ": " (words.probability(*share))
                }
            }
            @if let Some(range) = words.rank_range(found, study.ranked()) {
                p {
                    (sentence(&range))
                    @if let Some([best, worst]) = found.rank_joint {
                        " " (words.with("site-rank-joint", &[("best", &words.ordinal(best)), ("worst", &words.ordinal(worst))]))
                    }
                }
            }
        }
        @if !factors.others.is_empty() {
            h2 { (words.text("site-factors")) }
            p.soft { (words.text("site-factors-note")) }
            div.scroll tabindex="0" { table {
                (factor_rows(site, words, &factors.leading, factors.scale()))
                (factor_rows(site, words, &factors.others, factors.scale()))
                (factor_rows(site, words, &own, factors.scale()))
            } }
        }
        (levers(site, words, Level::Municipality, code))
        h2 { (words.text("site-groups")) }
        div.scroll tabindex="0" { table.wide {
            thead { tr {
                th scope="col" { (words.text("site-group")) }
                th.number scope="col" { (words.text("site-rate")) }
                th scope="col" { (words.text("site-interval-title")) }
                th.number scope="col" { (words.text("site-count")) }
                th scope="col" { (words.text("site-status")) }
            } }
            tbody {
                @for estimate in study.estimates(Level::Municipality, code) {
                    tr {
                        th scope="row" { (words.group(manifest, &estimate.group)) }
                        td.number { @if let Some(rate) = estimate.rate { (words.percent(rate)) } }
                        td.interval { (words.rate_interval(estimate)) }
                        td.number { @if let Some(count) = estimate.count { (words.count(count)) } }
                        td { (words.status(estimate.status)) @if !estimate.local && estimate.status.has_number() { "; " (words.text("site-not-local")) } }
                    }
                }
            }
        } }
        p.choices { (words.text("site-downloads")) " " a href=(format!("/{}/{path}?format=csv", words.language)) { "CSV" } a href=(format!("/{}/{path}?format=json", words.language)) { "JSON" } }
    };
    frame(site, words, &row.area.name, &path, &content)
}

fn table(headings: &[String], rows: Vec<Vec<String>>) -> Markup {
    html! {
        div.scroll tabindex="0" { table {
            thead { tr { @for heading in headings { th scope="col" { (heading) } } } }
            tbody { @for row in rows { tr { @for cell in row { td { (cell) } } } } }
        } }
    }
}

/// The figures of fit that readers see, in this order; the model card has more.
const DIAGNOSTICS: [&str; 8] = [
    "auc",
    "new_units_auc",
    "new_areas_auc",
    "calibration_slope",
    "new_units_calibration_slope",
    "brier",
    "archer_lemeshow_p",
    "weighting_effect",
];

/// How the figures were made.
pub fn how(site: &Site, words: &Words<'_>) -> Markup {
    let study = &site.study;
    let bundle = study.bundle();
    let manifest = study.manifest();
    let title = words.text("site-nav-how");
    let headings = |keys: &[&str]| keys.iter().map(|key| words.text(key)).collect::<Vec<_>>();
    let decimals = |value: f64, places: u8| words.numbers.decimal(value, places);
    let content = html! {
        h1 { (title) }
        h2 { (words.text("site-definition")) }
        p { (manifest.outcome.definition.get(words.language)) }
        h2 { (words.text("site-inputs")) }
        (table(&headings(&["site-inputs", "site-year", "site-source"]), manifest.inputs.iter().map(|input| vec![
            input.title.get(words.language).to_owned(),
            input.year.map(|year| year.to_string()).unwrap_or_default(),
            input.source.clone().unwrap_or_default(),
        ]).collect()))
        p { (words.with("site-approximation", &[
            ("rows", &words.count(bundle.model.population.rows_read as f64)),
            ("points", &decimals(bundle.model.population.approximation_error_points, 4)),
        ])) }
        h2 { (words.text("site-joins")) }
        (table(&headings(&["site-source", "site-codes", "site-matched"]), bundle.joins.iter().map(|join| vec![
            role(words, &join.role), words.count(join.codes as f64), words.count(join.matched as f64),
        ]).collect()))
        h2 { (words.text("site-comparability")) }
        (table(&headings(&["site-variable", "site-group", "site-survey", "site-census", "site-difference"]), bundle.comparability.iter().map(|row| vec![
            words.variable(manifest, &row.variable),
            words.category(manifest, &row.variable, &row.category),
            decimals(row.survey, 3), decimals(row.census, 3), decimals(row.standardised_difference, 2),
        ]).collect()))
        h2 { (words.text("site-model")) }
        p { (words.text("site-formula")) ": " code { (bundle.model.formula) } }
        (table(&headings(&["site-variable", "site-odds", "site-marginal"]), bundle.model.coefficients.iter().filter(|row| row.name != "(Intercept)").map(|row| vec![
            row.label.get(words.language).to_owned(),
            format!("{} ({})", decimals(row.odds_ratio[0], 2), words.between(&decimals(row.odds_ratio[1], 2), &decimals(row.odds_ratio[2], 2))),
            row.marginal_points.map(|[points, lower, upper]| format!("{} ({})", words.points(points), words.between(&words.points(lower), &words.points(upper)))).unwrap_or_default(),
        ]).collect()))
        h2 { (words.text("site-diagnostics")) }
        (table(&headings(&["site-measure", "site-value"]), DIAGNOSTICS.iter().filter_map(|name| {
            let value = bundle.model.diagnostics.get(*name)?;
            Some(vec![words.text(&format!("site-diagnostic-{}", name.replace('_', "-"))), decimals(*value, 3)])
        }).collect()))
        h2 { (words.text("site-variance")) }
        (table(&headings(&["site-group", "site-variable", "site-interval-title"]), bundle.model.variance_components.iter().map(|row| vec![
            words.grouping(&row.group), component(site, words, &row.term),
            format!("{} ({})", decimals(row.sd[0], 2), words.between(&decimals(row.sd[1], 2), &decimals(row.sd[2], 2))),
        ]).collect()))
        @if !bundle.model.benchmarks.is_empty() {
            h2 { (words.text("site-benchmark")) }
            (table(&headings(&["site-group", "site-direct", "site-before", "site-after"]), bundle.model.benchmarks.iter().map(|row| vec![
                if row.level == "country" { manifest.country.get(words.language).to_owned() } else { row.area.clone() },
                words.percent(row.direct), words.percent(row.before), words.percent(row.after),
            ]).collect()))
        }
        h2 { (words.text("site-sensitivity")) }
        (table(&headings(&["site-rule", "site-moved"]), bundle.sensitivity.iter().map(|row| vec![
            words.rule(&row.rule), row.moved.map(|moved| words.count(moved as f64)).unwrap_or_default(),
        ]).collect()))
        h2 { (words.text("site-findings")) }
        ul { @for finding in bundle.findings.sorted() { li { code { (finding.code) } " " (finding.message(words.catalog, words.language)) } } }
        @if let Some(report) = &manifest.disclosure {
            p { (words.with("site-disclosure", &[
                ("shown", &words.count(report.shown as f64)),
                ("primary", &words.count(report.primary as f64)),
                ("complementary", &words.count(report.complementary as f64)),
            ])) }
        }
        @if let Some(signature) = &manifest.signature {
            h2 { (words.text("site-signature")) }
            p { (signature.name) ", " (signature.office) ", " (signature.date) ". " (signature.statement) }
        }
        p.soft { (words.with("site-made-by", &[("program", &manifest.program), ("seed", &manifest.seed.to_string())])) }
    };
    frame(site, words, &title, "how", &content)
}

/// What varies between areas, in words.
fn component(site: &Site, words: &Words<'_>, term: &str) -> String {
    match term {
        "(Intercept)" => words.text("site-component-level"),
        "spatial" => words.text("site-component-spatial"),
        column => {
            let known = site.study.bundle().model.coefficients.iter().find(|row| row.name == column);
            known.map_or_else(|| column.to_owned(), |row| row.label.get(words.language).to_owned())
        }
    }
}

/// The file a join report is about, in words.
fn role(words: &Words<'_>, role: &str) -> String {
    match role {
        "survey" | "census" => words.text(&format!("site-{role}")),
        other => other.to_owned(),
    }
}

/// There is no such page.
pub fn not_found(site: &Site, words: &Words<'_>) -> Markup {
    let title = words.text("site-not-found");
    frame(site, words, &title, "", &html! { h1 { (title) } (search(words, "")) })
}
