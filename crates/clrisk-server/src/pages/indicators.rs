//! What each figure of the site is, how it was made, and how to read it.

use maud::{Markup, html};

use super::{Leaf, frame, table};
use crate::visit::View;

/// The figures of the site, in the order in which they are explained. Texts: `site-indicator-NAME` with `.what`, `.how`, `.read`.
pub const INDICATORS: [&str; 10] =
    ["rate", "count", "probability", "class", "rank", "groups", "factors", "levers", "similar", "map"];

/// The title of an indicator.
pub fn title_of(view: &View<'_>, name: &str) -> String {
    view.text(&format!("site-indicator-{name}"))
}

/// Texts of one indicator: what it is, how it is made, how to read it.
pub fn texts(view: &View<'_>, name: &str) -> [String; 3] {
    ["what", "how", "read"].map(|part| view.text(&format!("site-indicator-{name}.{part}")))
}

/// The list.
pub fn indicators(view: &View<'_>) -> Markup {
    let title = view.text("site-nav-indicators");
    let content = html! {
        h1 { (title) }
        p.lead { (view.site.study.manifest().outcome.definition.get(view.words.language)) }
        div.cards {
            @for name in INDICATORS {
                section {
                    h2 { a href=(view.to(&format!("indicator/{name}"))) { (title_of(view, name)) } }
                    p { (texts(view, name)[0]) }
                }
            }
        }
    };
    let leaf = Leaf::new(&title, "indicators", "indicators").with_twins(view, "indicators", "", &["json"]);
    frame(view, &leaf, &content)
}

/// One of them; none when there is no such indicator.
pub fn indicator(view: &View<'_>, name: &str) -> Option<Markup> {
    let name = INDICATORS.into_iter().find(|known| *known == name)?;
    let words = &view.words;
    let manifest = view.site.study.manifest();
    let title = title_of(view, name);
    let [what, how, read] = texts(view, name);
    let headings = ["site-inputs", "site-year", "site-source"].map(|key| words.text(key));
    let inputs: Vec<Vec<String>> = manifest
        .inputs
        .iter()
        .map(|input| {
            let year = input.year.map(|year| year.to_string()).unwrap_or_default();
            vec![input.title.get(words.language).to_owned(), year, input.source.clone().unwrap_or_default()]
        })
        .collect();
    let content = html! {
        h1 { (title) }
        p.lead { (what) }
        dl.facts {
            dt { (words.text("site-definition")) }
            dd { (manifest.outcome.title.get(words.language)) ": " (manifest.outcome.definition.get(words.language)) }
            dt { (words.text("site-indicator-how")) } dd { (how) }
            dt { (words.text("site-indicator-read")) } dd { (read) }
        }
        h2 { (words.text("site-inputs")) }
        (table(&words.text("site-inputs"), &headings, &inputs))
        p { a href=(view.to("how")) { (words.text("site-nav-how")) } " · " a href=(view.to("docs/statistics")) { (words.text("site-methods")) } }
        @if let Some(signature) = &manifest.signature {
            p.soft { (words.with("site-answers", &[("name", &signature.name), ("office", &signature.office), ("date", &signature.date)])) }
        }
    };
    let path = format!("indicator/{name}");
    let leaf = Leaf::new(&title, &path, "indicators").with_twins(view, &path, "", &["json"]);
    Some(frame(view, &leaf, &content))
}
