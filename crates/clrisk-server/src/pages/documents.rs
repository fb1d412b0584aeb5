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
            ul.documents {
                @for document in documentation::ALL.iter().filter(|document| document.kind() == kind) {
                    @let version = document.version(view.words.language);
                    li lang=(version.language.code()) {
                        a href=(view.to(&format!("docs/{}", document.name))) { (version.title()) } " " span.soft { (version.first_sentence()) }
                    }
                }
            }
        }
    };
    frame(view, &Leaf::new(&title, "docs", "docs"), &content)
}

/// One document.
pub fn document(view: &View<'_>, document: &Document) -> Markup {
    let version = document.version(view.words.language);
    let written = version.html(&|target| view.to(&format!("docs/{target}")));
    let content = html! {
        nav.above aria-label=(view.text("site-above")) { ol { li { a href=(view.to("docs")) { (view.text("site-nav-docs")) } } } }
        @if version.language != view.words.language { p.soft { (view.text("site-docs-only-english")) } }
        article.document lang=(version.language.code()) { (PreEscaped(written)) }
    };
    frame(view, &Leaf::new(version.title(), &format!("docs/{}", document.name), "docs"), &content)
}
