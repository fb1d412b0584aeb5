//! A fact sheet as HTML: an article for the site, or a file that stands on its own and prints on A4.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{FactorLine, Sheet, SheetMap};

/// The style sheet of [`article`].
pub const STYLE: &str = include_str!("sheet.css");

/// The sheet as a page without any other file.
pub fn page(sheet: &Sheet) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(sheet.language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (sheet.name) " · " (sheet.outcome) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (article(sheet, &|_| None)) } }
        }
    }
}

/// The sheet as part of a page; `link` gives the address of another municipality by its code, where there is one.
pub fn article(sheet: &Sheet, link: &dyn Fn(&str) -> Option<String>) -> Markup {
    html! {
        article.sheet {
            @for notice in &sheet.notices { p.sheet-notice { (notice) } }
            header {
                p.sheet-study { (sheet.study) }
                h1 { (sheet.name) }
                p.sheet-place { (sheet.place) }
            }
            div.sheet-columns {
                div {
                    @match &sheet.risk {
                        Some(risk) => {
                            section.sheet-risk {
                                h2 { (sheet.headings.risk) }
                                p.sheet-class { (square(&risk.color)) (risk.class) }
                                p { (risk.sure) }
                                @if !sheet.status.is_empty() { p.sheet-soft { (sheet.status) } }
                            }
                        }
                        None if !sheet.status.is_empty() => { p { strong { (sheet.status) "." } } }
                        None => {}
                    }
                    dl.sheet-figures {
                        @for figure in &sheet.figures {
                            div { dt { (figure.label) } dd { strong { (figure.value) } " " span.sheet-soft { (figure.detail) } } }
                        }
                    }
                    @for sentence in &sheet.sentences { p { (sentence) } }
                }
                @if let Some(map) = &sheet.map { (picture(sheet, map)) }
            }
            @if !sheet.memberships.is_empty() {
                section {
                    h2 { (sheet.headings.memberships) }
                    ul.sheet-memberships {
                        @for line in &sheet.memberships {
                            li {
                                svg.sheet-bar viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" {
                                    rect width=(format!("{:.1}", line.share * 100.0)) height="10" fill=(line.color) {}
                                }
                                (line.class) ": " (line.chance)
                            }
                        }
                    }
                }
            }
            div.sheet-columns {
                @if !sheet.groups.is_empty() {
                    section {
                        h2 { (sheet.headings.groups) }
                        table {
                            thead { tr {
                                th scope="col" { (sheet.headings.group) }
                                th.sheet-number scope="col" { (sheet.headings.rate) }
                                th scope="col" { (sheet.headings.interval) }
                                th.sheet-number scope="col" { (sheet.headings.count) }
                            } }
                            tbody {
                                @for line in &sheet.groups {
                                    tr {
                                        th scope="row" { (line.label) }
                                        td.sheet-number { (line.rate) }
                                        td { (line.interval) }
                                        td.sheet-number { (line.count) }
                                    }
                                }
                            }
                        }
                        @if let Some(note) = &sheet.groups_note { p.sheet-soft { (note) } }
                    }
                }
                @if !sheet.factors.is_empty() {
                    section {
                        h2 { (sheet.headings.factors) }
                        ol { @for FactorLine { label, effect } in &sheet.factors { li { strong { (label) } ": " (effect) } } }
                    }
                }
            }
            @if !sheet.classes.is_empty() {
                section {
                    h2 { (sheet.headings.classes) }
                    @for line in &sheet.classes {
                        p {
                            (square(&line.color))
                            strong { (line.class) } " · " (line.rule) " · " (line.areas)
                            @if !line.names.is_empty() { br; (line.names) }
                        }
                    }
                }
            }
            section.sheet-next {
                h2 { (sheet.headings.next) }
                ol { @for step in &sheet.next { li { (step) } } }
            }
            @if !sheet.similar.is_empty() {
                section {
                    h2 { (sheet.headings.similar) }
                    ul {
                        @for line in &sheet.similar {
                            li {
                                @match link(&line.code) {
                                    Some(target) => { a href=(target) { (line.name) } }
                                    None => { (line.name) }
                                }
                                ": " (line.rate)
                            }
                        }
                    }
                }
            }
            footer {
                @if !sheet.inputs.is_empty() {
                    h2 { (sheet.headings.inputs) }
                    ul {
                        @for line in &sheet.inputs {
                            li {
                                (line.title)
                                @if !line.year.is_empty() { ", " (line.year) }
                                @if !line.age.is_empty() { " (" (line.age) ")" }
                            }
                        }
                    }
                }
                @for remark in &sheet.remarks { p { (remark) } }
                p { (sheet.release) }
            }
        }
    }
}

/// The colour of a class. Colours are attributes, not styles, which the pages of the site do not allow.
fn square(color: &str) -> Markup {
    html! {
        svg.sheet-square viewBox="0 0 16 10" width="26" height="16" aria-hidden="true" { rect width="16" height="10" fill=(color) {} }
    }
}

fn picture(sheet: &Sheet, map: &SheetMap) -> Markup {
    html! {
        figure {
            figcaption { (sheet.headings.map) ". " (map.rule) }
            (PreEscaped(&map.svg))
            ul.sheet-legend {
                @for line in &map.legend {
                    li {
                        svg viewBox="0 0 280 180" width="28" height="18" aria-hidden="true" {
                            rect x="5" y="5" width="270" height="170" fill=(line.fill) stroke=(crate::palette::BORDER) stroke-width="8" {}
                        }
                        (line.label)
                    }
                }
            }
        }
    }
}
