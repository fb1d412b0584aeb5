//! The quick screen as one page that needs nothing else: it prints, it works without a network, and it writes the answers as
//! CSV. All four languages are in it.

use clrisk_core::screen::{Answer, Questionnaire};
use clrisk_core::{Catalog, Language};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// A text in all languages, of which the page shows one.
fn all(catalog: &Catalog, key: &str) -> Markup {
    html! { @for language in Language::ALL { span lang=(language.code()) { (catalog.get(language, key)) } } }
}

/// What the script needs to know.
fn rules(questionnaire: &Questionnaire) -> String {
    let question = |question: &clrisk_core::screen::Question| serde_json::json!({ "code": question.code, "risk": question.risk, "weight": question.weight });
    let value = serde_json::json!({
        "name": questionnaire.name,
        "minimum": questionnaire.minimum_answered,
        "thresholds": questionnaire.thresholds,
        "questions": questionnaire.questions.iter().map(question).collect::<Vec<_>>(),
    });
    // The only sequence that could end the element early.
    value.to_string().replace('<', "\\u003c")
}

/// The page. `language` is the one shown first.
pub fn form(questionnaire: &Questionnaire, catalog: &Catalog, language: Language) -> String {
    let title = questionnaire.title.get(language);
    html! {
        (DOCTYPE)
        html lang=(language.code()) data-language=(language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="icon" href="data:,";
                style { (PreEscaped(include_str!("screen.css"))) }
            }
            body {
                nav.languages {
                    @for other in Language::ALL { button type="button" data-choose=(other.code()) { (other.endonym()) } }
                }
                main {
                    h1 { @for other in Language::ALL { span lang=(other.code()) { (questionnaire.title.get(other)) } } }
                    p.lead { (all(catalog, "screen-lead")) }
                    form id="form" {
                        div.about {
                            @for (name, key) in [("community", "screen-community"), ("area", "screen-area"), ("date", "screen-date")] {
                                label { (all(catalog, key)) input name=(name) type=(if name == "date" { "date" } else { "text" }) autocomplete="off"; }
                            }
                        }
                        ol {
                            @for question in &questionnaire.questions {
                                li { fieldset {
                                    legend { @for other in Language::ALL { span lang=(other.code()) { (question.text.get(other)) } } }
                                    @for (value, key) in [(Answer::Yes, "screen-yes"), (Answer::No, "screen-no")] {
                                        label.answer {
                                            input type="radio" name=(question.code) value=(if value == Answer::Yes { "yes" } else { "no" });
                                            (all(catalog, key))
                                        }
                                    }
                                } }
                            }
                        }
                        section.result aria-live="polite" {
                            p.class {
                                @for class in ["none", "1", "2", "3"] { span data-class=(class) { (all(catalog, &format!("screen-class-{class}"))) } }
                            }
                            p { (all(catalog, "screen-points")) " " output id="points" { "–" } }
                            p.soft { (all(catalog, "screen-range")) " " output id="range" { "0–100" } }
                        }
                        p.buttons {
                            button type="button" id="keep" { (all(catalog, "screen-keep")) }
                            button type="button" id="download" { (all(catalog, "screen-download")) " (" span id="kept" { "0" } ")" }
                            button type="button" id="print" { (all(catalog, "screen-print")) }
                        }
                    }
                    p.soft { (all(catalog, "screen-note")) }
                    p.soft { (all(catalog, "screen-classes")) " "
                        (format!("{} / {}", questionnaire.thresholds[0], questionnaire.thresholds[1])) }
                    p.soft { (questionnaire.name) ". " (questionnaire.source) }
                }
                script type="application/json" id="rules" { (PreEscaped(rules(questionnaire))) }
                script { (PreEscaped(include_str!("screen.js"))) }
            }
        }
    }
    .into_string()
}
