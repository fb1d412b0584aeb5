//! The pages of departments and regions.

use clrisk_core::Level;
use clrisk_core::bundle::AreaRow;
use clrisk_render::layer::Look;
use clrisk_render::{Layer, Shading, map};
use maud::{Markup, html};

use super::national::{departments, layer, layers, legend, state};
use super::{Leaf, Listing, area_path, area_table, endings, figures, frame, levers, map_frame, residence, sheet_links};
use crate::visit::View;

fn shading(view: &View<'_>, row: &AreaRow, layer: Layer) -> Shading {
    let study = &view.site.study;
    let rows = study.municipalities_of(row.area.level, &row.area.code);
    Shading::new(study, layer, &view.words, rows.iter().map(|row| row.area.code.as_str()))
        .isolating(Look::parse(view.asked.get("only")))
}

/// The map of a department alone; a region has none.
pub fn territory_picture(view: &View<'_>, row: &AreaRow) -> Option<Markup> {
    let study = &view.site.study;
    let drawing = study.department_drawing(&row.area.code).filter(|_| row.area.level == Level::Department)?;
    Some(map::map(study, &view.words, &shading(view, row, layer(view)), drawing, &row.area.name))
}

/// The page of a department or region.
pub fn territory(view: &View<'_>, row: &AreaRow) -> Markup {
    let study = &view.site.study;
    let words = &view.words;
    let level = row.area.level;
    let path = area_path(row);
    let rows = study.municipalities_of(level, &row.area.code);
    let inner: Vec<&AreaRow> = study
        .level(Level::Department)
        .filter(|inner| level == Level::Region && inner.area.parent.as_deref() == Some(&row.area.code))
        .collect();
    let layer = layer(view);
    let drawn = territory_picture(view, row);
    let query = state(view, layer);
    let mut above: Vec<&AreaRow> = study.country().into_iter().collect();
    above.extend(study.ancestor(row, Level::Region));
    let kind = words.text(&format!("site-{}", level.code()));
    let content = html! {
        h1 { (row.area.name) " " small { (kind) @if row.area.code != row.area.name { " · " (row.area.code) } } }
        (figures(view, row))
        (sheet_links(view, row))
        @if let Some(drawn) = &drawn {
            section.view aria-label=(words.text("site-nav-map")) {
                div.picture { (layers(view, &path, layer)) (map_frame(view, drawn, "#municipalities", &format!("{}{query}", view.to(&format!("{path}.svg"))))) }
                div.aside { (legend(view, &path, &shading(view, row, layer))) (residence(view)) }
            }
        } @else {
            (residence(view))
        }
        @if !inner.is_empty() {
            (departments(view, &inner))
        }
        h2 id="municipalities" { (words.text("site-nav-areas")) }
        (area_table(view, &Listing::short(&rows, level != Level::Department)))
        (levers(view, row))
    };
    let endings: &[&'static str] =
        if drawn.is_some() { endings(view, &["csv", "json", "svg", "pdf"]) } else { &["csv", "json"] };
    let leaf = Leaf { above, ..Leaf::new(&row.area.name, &path, "areas").with_twins(view, &path, &query, endings) };
    frame(view, &leaf, &content)
}
