//! Municipalities side by side. The address holds which: it can be sent to a colleague.

use clrisk_core::Level;
use clrisk_core::bundle::AreaRow;
use clrisk_render::chart::{self, FactorList};
use maud::{Markup, html};

use super::{Leaf, area_path, class_label, frame, highest_rate, made};
use crate::visit::View;

/// Municipalities side by side at most.
const MOST: usize = 8;

/// The municipalities asked for, in the order asked for. `add` holds what was typed: the best find is added.
pub fn compared<'a>(view: &View<'a>) -> Vec<&'a AreaRow> {
    let study = &view.site.study;
    let mut rows: Vec<&AreaRow> = Vec::new();
    let typed = view.asked.get("add").trim();
    let found = (!typed.is_empty()).then(|| view.site.index.municipalities(study, typed).into_iter().next()).flatten();
    let asked = view.asked.all("area").filter_map(|code| study.area(Level::Municipality, code));
    for row in asked.chain(found) {
        if rows.len() < MOST && !rows.iter().any(|known| known.area.code == row.area.code) {
            rows.push(row);
        }
    }
    rows
}

fn query(rows: &[&AreaRow], without: &str) -> String {
    let codes = rows.iter().map(|row| &row.area.code).filter(|code| *code != without);
    let pairs: Vec<String> = codes.map(|code| format!("area={}", clrisk_render::address::segment(code))).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// The page.
pub fn compare(view: &View<'_>) -> Markup {
    let study = &view.site.study;
    let words = &view.words;
    let manifest = study.manifest();
    let rows = compared(view);
    let title = words.text("site-compare");
    let highest = highest_rate(study);
    let national =
        study.country().and_then(|row| study.overall(Level::Country, &row.area.code)).and_then(|found| found.rate);
    let lines: [(&str, &str, &dyn Fn(&AreaRow) -> Markup); 6] = [
        (
            "site-department",
            "",
            &|row| html! { @if let Some(above) = study.ancestor(row, Level::Department) { (above.area.name) } },
        ),
        ("site-class", "class", &|row| {
            let class = study.shown_class(&row.area.code);
            html! { @if let Some(class) = class { (class_label(words, study, &row.area.code, class)) } @else { (words.status(study.status(&row.area.code))) } }
        }),
        ("site-rate", "rate", &|row| {
            html! { @if let Some(found) = study.overall(Level::Municipality, &row.area.code).filter(|found| found.rate.is_some()) {
                b { (found.rate.map(|rate| words.percent(rate)).unwrap_or_default()) } (chart::interval(found, highest, national))
                span.soft.beneath { (words.rate_interval(found)) }
            } }
        }),
        ("site-count", "count", &|row| {
            html! { @if let Some(found) = study.overall(Level::Municipality, &row.area.code).filter(|found| found.count.is_some()) {
                b { (found.count.map(|count| words.count(count)).unwrap_or_default()) } span.soft.beneath { (words.count_interval(found)) }
            } }
        }),
        ("site-rank", "rank", &|row| {
            let range = study.class(&row.area.code).and_then(|found| words.rank_range(found, study.ranked()));
            html! { (range.unwrap_or_default()) }
        }),
        ("site-leading", "factors", &|row| {
            let factors = FactorList::of(study, &row.area.code);
            html! { @if !factors.leading.is_empty() { ul.plain { @for factor in &factors.leading {
                li { (words.variable(manifest, &factor.factor)) " " b { (words.points(factor.points)) } }
            } } } }
        }),
    ];
    let content = html! {
        h1 { (title) }
        p.soft { (words.text("site-compare-note")) }
        form.search action=(view.to("compare")) method="get" {
            @for row in &rows { input type="hidden" name="area" value=(row.area.code); }
            label { span { (words.text("site-compare-add")) } input type="search" name="add" value="" autocomplete="off" maxlength="80"; }
            button type="submit" { (words.text("site-add")) }
        }
        @if rows.is_empty() {
            p { (words.text("site-compare-empty")) }
        } @else {
            div.scroll tabindex="0" role="group" aria-label=(title) { table.compare {
                thead { tr {
                    td {}
                    @for row in &rows { th scope="col" {
                        a href=(view.to(&area_path(row))) { (row.area.name) }
                        a.remove href=(format!("{}{}", view.to("compare"), query(&rows, &row.area.code))) aria-label=(words.with("site-remove", &[("area", &row.area.name)])) { "×" }
                    } }
                } }
                tbody { @for (key, indicator, cell) in lines {
                    tr { th scope="row" { (words.text(key)) @if !indicator.is_empty() { " " (made(view, indicator)) } } @for row in &rows { td { (cell(row)) } } }
                } }
            } }
        }
    };
    let leaf = Leaf::new(&title, "compare", "areas").with_twins(view, "compare", &query(&rows, ""), &["csv", "json"]);
    frame(view, &leaf, &content)
}
