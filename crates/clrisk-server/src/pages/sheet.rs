//! The fact sheet of an area as a page: the words and figures of the printed one, for a screen and for any printer.

use clrisk_core::bundle::AreaRow;
use clrisk_core::{Level, Manifest};
use clrisk_render::Study;
use clrisk_render::sheet::Sheet;
use clrisk_render::sheet::page::article;
use maud::{Markup, html};

use super::{Leaf, area_path, frame};
use crate::visit::View;

/// The path of an area's sheet.
pub fn sheet_path(row: &AreaRow) -> String {
    match row.area.level {
        Level::Country => "sheet".to_owned(),
        _ => format!("{}/sheet", area_path(row)),
    }
}

/// Whether an area has a sheet: regions have none, nor has anything of a release without estimates.
pub fn has_sheet(study: &Study, row: &AreaRow) -> bool {
    row.area.level != Level::Region && study.bundle().has_estimates()
}

/// Links to the sheet of an area, on the page of the area.
pub fn sheet_links(view: &View<'_>, row: &AreaRow) -> Markup {
    html! {
        @if has_sheet(&view.site.study, row) {
            p.actions {
                a.action href=(view.to(&sheet_path(row))) { (view.text("site-sheet")) }
                @if !view.stand.shelf.static_copy { " " a.action href=(view.to(&printed_path(row))) { (view.text("site-sheet-pdf")) } }
            }
        }
    }
}

/// The path of the printed sheet.
fn printed_path(row: &AreaRow) -> String {
    match row.area.level {
        Level::Country => "national.pdf".to_owned(),
        _ => format!("{}.pdf", area_path(row)),
    }
}

/// The page; none for an area without a sheet.
pub fn sheet(view: &View<'_>, row: &AreaRow) -> Option<Markup> {
    let study = &view.site.study;
    let mut sheet = Sheet::of(study, &view.words, row.area.level, &row.area.code).filter(|_| has_sheet(study, row))?;
    // The frame of the page has them already.
    sheet.notices.clear();
    let link = |code: &str| study.area(Level::Municipality, code).map(|row| view.to(&area_path(row)));
    let mut above: Vec<&AreaRow> =
        if row.area.level == Level::Country { Vec::new() } else { study.country().into_iter().collect() };
    above.extend([Level::Region, Level::Department].into_iter().filter_map(|level| study.ancestor(row, level)));
    above.push(row);
    let content = html! {
        @if !view.stand.shelf.static_copy { p.actions { a.action href=(view.to(&printed_path(row))) { (view.text("site-sheet-pdf")) } } }
        (article(&sheet, &link))
    };
    let title = view.words.with("site-sheet-title", &[("area", &name(study.manifest(), view, row))]);
    let menu = if row.area.level == Level::Country { "map" } else { "areas" };
    let leaf = Leaf { above, styles: &["sheet.css"], ..Leaf::new(&title, &sheet_path(row), menu) };
    Some(frame(view, &leaf, &content))
}

fn name(manifest: &Manifest, view: &View<'_>, row: &AreaRow) -> String {
    match row.area.level {
        Level::Country => manifest.country.get(view.words.language).to_owned(),
        _ => row.area.name.clone(),
    }
}
