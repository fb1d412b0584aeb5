//! How the figures were made: definition, sources, joins, model, what was checked, who answers.

use clrisk_render::Words;
use maud::{Markup, html};

use super::{Leaf, frame, model_card::model_card, table};
use crate::visit::View;

/// How the figures were made.
pub fn how(view: &View<'_>) -> Markup {
    let (study, words) = (&view.site.study, &view.words);
    let bundle = study.bundle();
    let manifest = study.manifest();
    let title = words.text("site-nav-how");
    let headings = |keys: &[&str]| keys.iter().map(|key| words.text(key)).collect::<Vec<_>>();
    let decimals = |value: f64, places: u8| words.numbers.decimal(value, places);
    let content = html! {
        h1 { (title) }
        h2 { (words.text("site-definition")) }
        p { (manifest.outcome.definition.get(words.language)) }
        h2 { (words.text("site-inputs")) }
        (table(&words.text("site-inputs"), &headings(&["site-inputs", "site-year", "site-source"]), &manifest.inputs.iter().map(|input| vec![
            input.title.get(words.language).to_owned(),
            input.year.map(|year| year.to_string()).unwrap_or_default(),
            input.source.clone().unwrap_or_default(),
        ]).collect::<Vec<_>>()))
        p { (words.with("site-approximation", &[
            ("rows", &words.count(bundle.model.population.rows_read as f64)),
            ("used", &words.count(bundle.model.population.rows_used as f64)),
            ("cells", &words.count(bundle.model.population.cells as f64)),
            ("points", &decimals(bundle.model.population.approximation_error_points, 4)),
        ])) }
        h2 { (words.text("site-joins")) }
        (table(&words.text("site-source"), &headings(&["site-source", "site-codes", "site-matched"]), &bundle.joins.iter().map(|join| vec![
            role(words, &join.role), words.count(join.codes as f64), words.count(join.matched as f64),
        ]).collect::<Vec<_>>()))
        h2 { (words.text("site-comparability")) }
        @if !bundle.comparability.variables.is_empty() {
            (table(&words.text("comparability-heading"), &headings(&["site-variable", "comparability-verdict", "comparability-reasons"]), &bundle.comparability.variables.iter().map(|row| vec![
                words.variable(manifest, &row.variable),
                words.text(&row.verdict_key()),
                row.reasons.iter().map(|reason| {
                    reason.text(words.catalog, words.language, &words.numbers, |category| words.category(manifest, &row.variable, category))
                }).collect::<Vec<_>>().join(" "),
            ]).collect::<Vec<_>>()))
            p { (words.text("comparability-note")) }
        }
        (table(&words.text("site-variable"), &headings(&["site-variable", "site-group", "site-survey", "site-census", "site-difference"]), &bundle.comparability.rows.iter().map(|row| vec![
            words.variable(manifest, &row.variable),
            if row.category == "mean" { words.text("site-mean") } else { words.category(manifest, &row.variable, &row.category) },
            decimals(row.survey, 3), decimals(row.census, 3), decimals(row.standardised_difference, 2),
        ]).collect::<Vec<_>>()))
        (model_card(view))
        h2 { (words.text("site-sensitivity")) }
        (table(&words.text("site-rule"), &headings(&["site-rule", "site-moved"]), &bundle.sensitivity.iter().map(|row| vec![
            words.rule(&row.rule), row.moved.map(|moved| words.count(moved as f64)).unwrap_or_default(),
        ]).collect::<Vec<_>>()))
        h2 { (words.text("site-findings")) }
        ul { @for finding in bundle.findings.sorted() { li { code { (finding.code) } " " (finding.message(words.catalog, words.language)) } } }
        @if let Some(report) = &manifest.disclosure {
            p { (words.with("site-disclosure", &[
                ("shown", &words.count(report.shown as f64)),
                ("primary", &words.count(report.primary as f64)),
                ("complementary", &words.count(report.complementary as f64)),
            ]))
                @if report.measured > 0 { " " (words.with("site-disclosure-measured", &[("figures", &words.count(report.measured as f64))])) }
            }
        }
        @if let Some(signature) = &manifest.signature {
            h2 { (words.text("site-signature")) }
            p { (signature.name) ", " (signature.office) ", " (signature.date) ". " (signature.statement) }
        }
        p.soft { (words.with("site-made-by", &[("program", &manifest.program), ("seed", &manifest.seed.to_string())])) }
    };
    let leaf = Leaf::new(&title, "how", "how").with_twins(view, "how", "", &["json"]);
    frame(view, &leaf, &content)
}

/// The file a join report is about, in words.
fn role(words: &Words<'_>, role: &str) -> String {
    match role {
        "survey" | "census" => words.text(&format!("site-{role}")),
        other => other.to_owned(),
    }
}
