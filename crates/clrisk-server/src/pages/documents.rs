//! The documentation, as the program carries it.

use maud::{Markup, PreEscaped, html};

use super::{Leaf, frame};
use crate::documentation::{self, Document};
use crate::visit::View;

/// The contents.
pub fn documents(view: &View<'_>) -> Markup {
    let title = view.text("site-nav-docs");
    let content = html! {
        h1 { (title) }
        p.soft { (view.text("site-docs-language")) }
        @for kind in documentation::KINDS {
            h2 { (view.text(&format!("site-docs-{kind}"))) }
            ul.documents lang="en" {
                @for document in documentation::ALL.iter().filter(|document| document.kind() == kind) {
                    li { a href=(view.to(&format!("docs/{}", document.name))) { (document.title()) } " " span.soft { (document.first_sentence()) } }
                }
            }
        }
    };
    frame(view, &Leaf::new(&title, "docs", "docs"), &content)
}

/// One document.
pub fn document(view: &View<'_>, document: &Document) -> Markup {
    let written = document.html(&|target| view.to(&format!("docs/{target}")));
    let content = html! {
        nav.above aria-label=(view.text("site-above")) { ol { li { a href=(view.to("docs")) { (view.text("site-nav-docs")) } } } }
        p.soft { (view.text("site-docs-language")) }
        article.document lang="en" { (PreEscaped(written)) }
    };
    frame(view, &Leaf::new(document.title(), &format!("docs/{}", document.name), "docs"), &content)
}
