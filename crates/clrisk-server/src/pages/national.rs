//! The first page: the country, its map, its departments.

use clrisk_core::Level;
use clrisk_core::bundle::AreaRow;
use clrisk_render::layer::Look;
use clrisk_render::{Layer, Shading, map};
use maud::{Markup, html};

use super::{Leaf, area_path, endings, figures, frame, levers, made, map_frame, residence, sheet_links};
use crate::visit::View;

/// The layer asked for.
pub fn layer(view: &View<'_>) -> Layer {
    let offered = Layer::offered(&view.site.study);
    Layer::parse(view.asked.get("show")).filter(|layer| offered.contains(layer)).unwrap_or_default()
}

fn shading(view: &View<'_>, layer: Layer) -> Shading {
    let study = &view.site.study;
    let codes: Vec<&str> = study.level(Level::Municipality).map(|row| row.area.code.as_str()).collect();
    Shading::new(study, layer, &view.words, codes).isolating(Look::parse(view.asked.get("only")))
}

/// The legend, with links that show one step alone; a copy without a server leaves that to its script.
pub fn legend(view: &View<'_>, path: &str, shading: &Shading) -> Markup {
    if view.stand.shelf.static_copy {
        return map::legend(&view.words, shading);
    }
    map::legend_with_links(&view.words, shading, &|look: Option<Look>| {
        let only = look.map(Look::code).unwrap_or_default();
        let state = view.asked.with(&[("only", &only)]);
        Some(format!("{}{state}", view.to(path)))
    })
}

/// What follows the address of a map's picture: its layer and the step shown alone.
pub fn state(view: &View<'_>, layer: Layer) -> String {
    let only = Look::parse(view.asked.get("only")).map(Look::code).unwrap_or_default();
    let pairs = [("show", layer.code()), ("only", only.as_str())];
    let kept = pairs.iter().filter(|(name, value)| !value.is_empty() && (*name != "show" || layer != Layer::default()));
    let text: Vec<String> = kept.map(|(name, value)| format!("{name}={value}")).collect();
    if text.is_empty() { String::new() } else { format!("?{}", text.join("&")) }
}

/// The national map alone.
pub fn national_picture(view: &View<'_>) -> Markup {
    let study = &view.site.study;
    let title = study.manifest().outcome.title.get(view.words.language);
    map::map(study, &view.words, &shading(view, layer(view)), study.national(), title)
}

/// The links that choose a layer.
pub fn layers(view: &View<'_>, path: &str, chosen: Layer) -> Markup {
    html! {
        nav.choices aria-label=(view.text("site-show")) {
            span { (view.text("site-show")) }
            @for choice in Layer::offered(&view.site.study) {
                a href=(format!("{}?show={}", view.to(path), choice.code())) aria-current=[(choice == chosen).then_some("true")] {
                    (view.text(&format!("site-show-{}", choice.code())))
                }
            }
        }
    }
}

/// The national page.
pub fn national(view: &View<'_>) -> Markup {
    let study = &view.site.study;
    let words = &view.words;
    let manifest = study.manifest();
    let layer = layer(view);
    let shading = shading(view, layer);
    let outcome = manifest.outcome.title.get(words.language);
    let title = format!("{outcome}, {}", manifest.country.get(words.language));
    let query = state(view, layer);
    let drawn = map::map(study, words, &shading, study.national(), outcome);
    let content = html! {
        h1 { (title) }
        p.lead { (manifest.outcome.definition.get(words.language)) " " (made(view, "rate")) }
        @if let Some(row) = study.country() { (figures(view, row)) (sheet_links(view, row)) }
        section.view aria-label=(words.text("site-nav-map")) {
            div.picture {
                (layers(view, "", layer))
                (map_frame(view, &drawn, &view.to("areas"), &format!("{}{query}", view.to("national.svg"))))
            }
            div.aside { (legend(view, "", &shading)) (residence(view)) }
        }
        (departments(view, &study.level(Level::Department).collect::<Vec<_>>()))
        @if let Some(row) = study.country() { (levers(view, row)) }
    };
    let leaf = Leaf {
        description: format!("{title}. {}", words.text("site-words")),
        ..Leaf::new(&title, "", "map").with_twins(
            view,
            "national",
            &query,
            endings(view, &["csv", "json", "svg", "pdf"]),
        )
    };
    frame(view, &leaf, &content)
}

/// Departments with their rates.
pub fn departments(view: &View<'_>, rows: &[&AreaRow]) -> Markup {
    let study = &view.site.study;
    let words = &view.words;
    html! {
        h2 { (words.text("site-departments")) " " (made(view, "rate")) }
        div.scroll tabindex="0" role="group" aria-label=(words.text("site-departments")) {
            table.areas.stacked data-sortable="" {
                thead { tr {
                    th scope="col" data-sort="name" { (words.text("site-department")) }
                    th.number scope="col" data-sort="rate" { (words.text("site-rate")) }
                    th scope="col" { (words.text("site-interval-title")) }
                    th.number scope="col" data-sort="count" { (words.text("site-count")) }
                    th.number scope="col" data-sort="areas" { (words.text("site-nav-areas")) }
                } }
                tbody {
                    @for row in rows {
                        @let estimate = study.overall(Level::Department, &row.area.code);
                        @let members = study.municipalities_of(Level::Department, &row.area.code).len();
                        tr {
                            th scope="row" { a href=(view.to(&area_path(row))) { (row.area.name) } }
                            td.number data-value=[estimate.and_then(|found| found.rate)] { @if let Some(rate) = estimate.and_then(|found| found.rate) { (words.percent(rate)) } }
                            td { @if let Some(found) = estimate { (words.rate_interval(found)) } }
                            td.number data-label=(words.text("site-count")) data-value=[estimate.and_then(|found| found.count)] { @if let Some(count) = estimate.and_then(|found| found.count) { (words.count(count)) } }
                            td.number data-label=(words.text("site-nav-areas")) { (words.count(members as f64)) }
                        }
                    }
                }
            }
        }
    }
}
