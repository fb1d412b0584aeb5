//! The releases of the project, and what changed between two of them.

use clrisk_core::Level;
use clrisk_render::address;
use maud::{Markup, html};

use super::{Leaf, area_path, frame, table};
use crate::Site;
use crate::twins::{self, Change};
use crate::visit::View;

/// The release to compare with: that asked for as `from`, or else the one before.
pub fn earlier<'a>(view: &View<'a>) -> Option<&'a Site> {
    let sites = &view.stand.shelf.sites;
    let wanted = view.asked.get("from");
    let found = if wanted.is_empty() {
        sites.get(view.stand.place + 1)
    } else {
        sites.iter().find(|site| site.id() == Some(wanted))
    };
    found.map(AsRef::as_ref).filter(|site| site.id() != view.site.id())
}

/// The list of releases.
pub fn releases(view: &View<'_>) -> Markup {
    let words = &view.words;
    let title = words.text("site-nav-releases");
    let sites: Vec<_> = view.stand.shelf.sites.iter().filter_map(|site| Some((site.id()?, site))).collect();
    let content = html! {
        h1 { (title) }
        p.soft { (words.text("site-releases-note")) }
        @if sites.is_empty() { p { (words.text("site-releases-none")) } } @else {
            div.scroll tabindex="0" role="group" aria-label=(title) { table.stacked {
                thead { tr {
                    @for key in ["site-release-id", "site-date", "site-signature", "site-rate", "site-interval-title"] { th scope="col" { (words.text(key)) } }
                    th scope="col" { (words.text("site-changes")) }
                } }
                tbody { @for (id, site) in &sites {
                    @let signature = site.study.manifest().signature.as_ref();
                    @let national = site.study.country().and_then(|row| site.study.overall(Level::Country, &row.area.code));
                    tr {
                        th scope="row" {
                            @if view.stand.shelf.static_copy { (id) } @else { a href=(format!("/release/{}{}", address::segment(id), view.to(""))) { (id) } }
                        }
                        td { (signature.map_or("", |signature| &signature.date)) }
                        td { (signature.map_or_else(String::new, |signature| format!("{}, {}", signature.name, signature.office))) }
                        td.number data-label=(words.text("site-rate")) { @if let Some(rate) = national.and_then(|found| found.rate) { (words.percent(rate)) } }
                        td { @if let Some(found) = national { (words.rate_interval(found)) } }
                        td.whole { @if Some(*id) != view.site.id() && !view.stand.shelf.static_copy {
                            a href=(format!("{}?from={}", view.to("changes"), address::segment(id))) { (words.with("site-changes-from", &[("release", id)])) }
                        } }
                    }
                } }
            } }
        }
    };
    let leaf = Leaf::new(&title, "releases", "").with_twins(view, "releases", "", &["csv", "json"]);
    frame(view, &leaf, &content)
}

/// What changed since an earlier release.
pub fn changes(view: &View<'_>, earlier: &Site) -> Markup {
    let words = &view.words;
    let id = |site: &Site| site.id().unwrap_or_default().to_owned();
    let (before, after) = (id(earlier), id(view.site));
    let title = words.with("site-changes-title", &[("from", &before), ("to", &after)]);
    let list = Change::all(view.site, earlier);
    let apart = list.iter().filter(|change| change.apart()).count();
    let reasons = twins::not_comparable(view.site, earlier);
    let percent = |value: Option<f64>| value.map(|rate| words.percent(rate)).unwrap_or_default();
    let content = html! {
        h1 { (title) }
        @if !reasons.is_empty() {
            div.notice role="note" { p { (words.text("site-changes-not-comparable")) " "
                @for (index, reason) in reasons.iter().enumerate() { @if index > 0 { (words.semicolon()) } (words.text(&format!("site-changed-{reason}"))) } "."
            } }
        }
        p { (words.text("site-changes-note")) }
        p role="status" { (words.with("site-changes-apart", &[("apart", &words.count(apart as f64)), ("areas", &words.count(list.len() as f64))])) }
        div.scroll tabindex="0" role="group" aria-label=(title) { table.wide.areas.stacked data-sortable="" data-filter=(words.text("site-filter")) {
            thead { tr {
                th scope="col" data-sort="name" { (words.text("site-name")) }
                th.number scope="col" data-sort="before" { (before) }
                th scope="col" { (words.text("site-interval-title")) }
                th.number scope="col" data-sort="after" { (after) }
                th scope="col" { (words.text("site-interval-title")) }
                th.number scope="col" data-sort="points" { (words.text("site-difference-points")) }
                th scope="col" data-sort="apart" { (words.text("site-intervals")) }
            } }
            tbody { @for change in &list {
                tr {
                    th scope="row" { a href=(view.to(&area_path(change.row))) { (change.row.area.name) } }
                    td.number data-label=(before) data-value=[change.before.and_then(|found| found.rate)] { (percent(change.before.and_then(|found| found.rate))) }
                    td { @if let Some(found) = change.before { (words.rate_interval(found)) } }
                    td.number data-label=(after) data-value=[change.after.and_then(|found| found.rate)] { (percent(change.after.and_then(|found| found.rate))) }
                    td { @if let Some(found) = change.after { (words.rate_interval(found)) } }
                    td.number data-label=(words.text("site-difference-points")) data-value=[change.points()] { @if let Some(points) = change.points() { (words.points(points)) } }
                    td { @if change.points().is_some() { (words.text(if change.apart() { "site-intervals-apart" } else { "site-intervals-overlap" })) } }
                }
            } }
        } }
        (table(&words.text("site-inputs"), &[words.text("site-inputs"), before.clone(), after.clone()], &inputs(view, earlier)))
    };
    let query = format!("?from={}", address::segment(&before));
    let leaf = Leaf::new(&title, "changes", "").with_twins(view, "changes", &query, &["csv", "json"]);
    frame(view, &leaf, &content)
}

/// The years of the inputs of two releases.
fn inputs(view: &View<'_>, earlier: &Site) -> Vec<Vec<String>> {
    let year = |site: &Site, role: &str| {
        let found = site.study.manifest().inputs.iter().find(|input| input.role == role);
        found.and_then(|input| input.year).map(|year| year.to_string()).unwrap_or_default()
    };
    let inputs = view.site.study.manifest().inputs.iter();
    inputs
        .map(|input| {
            let title = input.title.get(view.words.language).to_owned();
            vec![title, year(earlier, &input.role), year(view.site, &input.role)]
        })
        .collect()
}
