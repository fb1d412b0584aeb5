//! Where machines find what the pages say: downloads, the interface and its document, the list of pages for search engines.

use std::fmt::Write;

use clrisk_core::{Language, Level};
use maud::{Markup, html};

use super::sheet::has_sheet;
use super::{INDICATORS, Leaf, address, area_path, frame, measured_in, sheet_path};
use crate::openapi;
use crate::visit::View;
use crate::{Site, documentation, files};

/// Downloads.
pub fn data(view: &View<'_>) -> Markup {
    let title = view.text("site-nav-data");
    let measured = [
        ("site-data-measured", "measured", ["csv", "json"].as_slice()),
        ("site-data-measured-changes", "measured-changes", ["csv", "json"].as_slice()),
    ];
    let measured = measured.into_iter().take(match measured_in(view) {
        Some(measured) if measured.changes.is_empty() => 1,
        Some(_) => 2,
        None => 0,
    });
    let files = [
        ("site-data-areas", "areas", ["csv", "json"].as_slice()),
        ("site-data-national", "national", ["csv", "json", "svg"].as_slice()),
        ("site-data-indicators", "indicators", ["json"].as_slice()),
        ("site-data-model", "how", ["json"].as_slice()),
        ("site-data-releases", "releases", ["csv", "json"].as_slice()),
    ];
    let content = html! {
        h1 { (title) }
        p.lead { (view.text("site-data-lead")) }
        table {
            thead { tr { th scope="col" { (view.text("site-data-what")) } th scope="col" { (view.text("site-downloads")) } } }
            tbody { @for (key, stem, endings) in files.into_iter().chain(measured) {
                tr { th scope="row" { (view.text(key)) } td { span.choices { @for ending in endings { a href=(view.to(&format!("{stem}.{ending}"))) { (ending.to_uppercase()) } } } } }
            } }
        }
        h2 { (view.text("site-data-files")) }
        ul { @for (name, _) in files::FILES { li { a href=(view.to(name)) { (name) } " " span.soft { (view.text(&format!("site-file-{}", name.replace('.', "-")))) } } } }
        h2 { (view.text("site-data-rules")) }
        ul { @for key in ["site-data-rule-twins", "site-data-rule-empty", "site-data-rule-unit", "site-data-rule-release", "site-data-rule-cite"] { li { (view.text(key)) } } }
        h2 { (view.text("site-nav-api")) }
        p { (view.text("site-data-api")) " " a href=(view.to("api")) { (view.text("site-nav-api")) } " · " a href="/openapi.json" { "OpenAPI" } }
        p { a href=(view.to("docs/bundle")) { (view.text("site-data-bundle")) } }
    };
    frame(view, &Leaf::new(&title, "data", "data"), &content)
}

/// The reference of the interface, from its document.
pub fn api(view: &View<'_>) -> Markup {
    let title = view.text("site-nav-api");
    let content = html! {
        h1 { (title) }
        p { (view.text("site-api-lead")) " " a href="/openapi.json" { "openapi.json" } }
        p.soft { (view.text("site-api-language")) }
        div lang="en" {
            @for operation in openapi::operations() {
                section.operation {
                    h2 { code { "GET " (operation.path) } }
                    p { (operation.summary) }
                    @if !operation.parameters.is_empty() {
                        table {
                            thead { tr { th scope="col" { "Parameter" } th scope="col" { "In" } th scope="col" { "Meaning" } } }
                            tbody { @for (name, place, meaning) in &operation.parameters { tr { th scope="row" { code { (name) } } td { (place) } td { (meaning) } } } }
                        }
                    }
                    p.soft { @for (index, kind) in operation.kinds.iter().enumerate() { @if index > 0 { ", " } code { (kind) } } }
                }
            }
        }
    };
    frame(view, &Leaf::new(&title, "api", "data"), &content)
}

/// The paths of all pages of a release, below the language.
pub fn paths(site: &Site) -> Vec<String> {
    let mut paths: Vec<String> =
        ["", "areas", "indicators", "how", "data", "api", "releases", "docs"].map(str::to_owned).to_vec();
    paths.extend(INDICATORS.iter().map(|name| format!("indicator/{name}")));
    paths.extend(documentation::ALL.iter().map(|document| format!("docs/{}", document.name)));
    if let Some(measured) = &site.study.bundle().measured {
        paths.push("measured".to_owned());
        paths.extend(measured.measures.iter().map(|measure| format!("measured/{measure}")));
    }
    let below = site.study.bundle().areas.iter().filter(|row| row.area.level != Level::Country);
    paths.extend(below.clone().map(area_path));
    let country = site.study.country().into_iter();
    paths.extend(country.chain(below).filter(|row| has_sheet(&site.study, row)).map(sheet_path));
    paths
}

/// The list of pages for search engines (sitemaps.org).
pub fn site_map(site: &Site, origin: &str) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    // A sitemap holds at most 50,000 addresses; the default language comes first.
    let addresses = Language::ALL
        .into_iter()
        .flat_map(|language| paths(site).into_iter().map(move |path| address(language, &path)));
    for page in addresses.take(50_000) {
        let _ = writeln!(text, "<url><loc>{origin}{page}</loc></url>");
    }
    text.push_str("</urlset>\n");
    text
}
