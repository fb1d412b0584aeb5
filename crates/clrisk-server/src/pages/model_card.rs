//! The model card in words: what was fitted to what, what it found, how well it predicts, and what to beware of. What only specialists
//! ask for is folded away.

use clrisk_core::model_card::{CoefficientRow, ModelCard};
use maud::{Markup, html};

use super::table;
use crate::visit::View;

/// The figures of fit that every reader sees, in this order.
const MAIN_DIAGNOSTICS: [&str; 8] = [
    "auc",
    "new_units_auc",
    "new_areas_auc",
    "calibration_slope",
    "new_units_calibration_slope",
    "brier",
    "archer_lemeshow_p",
    "weighting_effect",
];

/// The card of the release.
pub fn model_card(view: &View<'_>) -> Markup {
    let card = &view.site.study.bundle().model;
    html! {
        h2 id="model" { (view.text("site-model")) }
        (method(view, card))
        (warnings(view, card))
        (coefficients(view, card))
        (variation(view, card))
        (diagnostics(view, card))
        (likelihood(view, card))
        (suggestion(view, card))
        (margins(view, card))
        (benchmarks(view, card))
    }
}

fn is_area_level(card: &ModelCard) -> bool {
    card.method == "fay_herriot"
}

fn headings(view: &View<'_>, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| view.text(key)).collect()
}

fn folded(view: &View<'_>, key: &str, content: &Markup) -> Markup {
    html! { details { summary { (view.text(key)) } (content) } }
}

fn decimal(view: &View<'_>, value: f64, places: u8) -> String {
    view.words.numbers.decimal(value, places)
}

fn with_error(view: &View<'_>, estimate: f64, error: f64) -> String {
    format!("{} ± {}", decimal(view, estimate, 3), decimal(view, error, 3))
}

fn method(view: &View<'_>, card: &ModelCard) -> Markup {
    let words = &view.words;
    let count = |number: u64| words.count(number as f64);
    html! {
        @if !card.method.is_empty() { p { (words.text(&format!("site-card-method-{}", card.method.replace('_', "-")))) } }
        p {
            (words.with("site-card-learned", &[
                ("children", &count(card.observations)),
                ("units", &count(card.sampling_units)),
                ("strata", &count(card.strata)),
                ("sampled", &count(card.areas_in_sample)),
                ("areas", &count(card.areas.max(card.areas_in_sample))),
            ]))
            @if !card.weight_scaling.is_empty() && !is_area_level(card) {
                " " (words.text(&format!("site-card-scale-{}", card.weight_scaling.replace('_', "-"))))
            }
        }
        p { (words.text("site-formula")) ": " code { (card.formula) } }
        p.soft {
            (words.with("site-card-draws", &[("draws", &count(card.draws)), ("seed", &card.seed.to_string())]))
            @if !is_area_level(card) {
                " " (words.text("site-card-prior"))
                " " (words.with("site-card-log-likelihood", &[("log", &decimal(view, card.log_likelihood, 3))]))
            }
        }
    }
}

/// What to beware of, in the words of the findings.
fn warnings(view: &View<'_>, card: &ModelCard) -> Markup {
    let (catalog, language) = (view.words.catalog, view.words.language);
    let findings = &view.site.study.bundle().findings.0;
    let mut found: Vec<_> =
        card.warnings.iter().flat_map(|code| findings.iter().filter(move |finding| finding.code == *code)).collect();
    found.dedup();
    html! {
        h3 { (view.text("site-card-warnings")) }
        @if found.is_empty() { p { (view.text("site-card-no-warnings")) } } @else {
            @for finding in found {
                div.notice role="note" { p { code { (finding.code) } " " (finding.message(catalog, language)) } p { (finding.hint(catalog, language)) } }
            }
        }
    }
}

fn coefficients(view: &View<'_>, card: &ModelCard) -> Markup {
    let words = &view.words;
    let slopes = || card.coefficients.iter().filter(|row| row.name != "(Intercept)");
    let found = |row: &CoefficientRow| match row.odds_ratio {
        Some(odds) => {
            let [odds, lower, upper] = odds.map(|value| decimal(view, value, 2));
            format!("{odds} ({})", words.between(&lower, &upper))
        }
        None => with_error(view, row.estimate, row.standard_error),
    };
    let change = |row: &CoefficientRow| {
        row.marginal_points.map(|points| {
            let [points, lower, upper] = points.map(|value| words.points(value));
            format!("{points} ({})", words.between(&lower, &upper))
        })
    };
    let with_points = slopes().any(|row| row.marginal_points.is_some());
    let odds = if is_area_level(card) { "site-card-estimate" } else { "site-odds" };
    let columns: Vec<&str> =
        ["site-variable", odds].into_iter().chain(with_points.then_some("site-marginal")).collect();
    let rows = slopes().map(|row| {
        let mut cells = vec![row.label.get(words.language).to_owned(), found(row)];
        cells.extend(with_points.then(|| change(row).unwrap_or_default()));
        cells
    });
    let label = words.text("site-card-coefficients");
    html! {
        @if slopes().next().is_some() {
            h3 { (label) }
            p.soft { (words.text(if is_area_level(card) { "site-card-coefficients-note-arcsine" } else { "site-card-coefficients-note" })) }
            (table(&label, &headings(view, &columns), &rows.collect::<Vec<_>>()))
            (folded(view, "site-card-all-coefficients", &all_coefficients(view, card)))
        }
    }
}

/// Every coefficient as other programs print it.
fn all_coefficients(view: &View<'_>, card: &ModelCard) -> Markup {
    let likelihood = card.maximum_likelihood.as_ref();
    let mut columns = vec!["site-variable", "site-card-estimate", "site-card-survey-logit"];
    columns.extend(likelihood.map(|_| "site-card-likelihood"));
    let rows = card.coefficients.iter().enumerate().map(|(at, row)| {
        let survey = row.survey_logit.zip(row.survey_logit_standard_error);
        let mut cells = vec![
            row.name.clone(),
            with_error(view, row.estimate, row.standard_error),
            survey.map(|(estimate, error)| with_error(view, estimate, error)).unwrap_or_default(),
        ];
        cells.extend(likelihood.map(|fit| {
            fit.coefficients.get(at).map(|[estimate, error]| with_error(view, *estimate, *error)).unwrap_or_default()
        }));
        cells
    });
    table(&view.text("site-card-all-coefficients"), &headings(view, &columns), &rows.collect::<Vec<_>>())
}

fn variation(view: &View<'_>, card: &ModelCard) -> Markup {
    let words = &view.words;
    let title = words.text(if is_area_level(card) { "site-card-variance-arcsine" } else { "site-variance" });
    let columns = ["site-group", "site-variable", "site-card-deviation", "site-card-levels"];
    let rows = card.variance_components.iter().map(|row| {
        let [middle, lower, upper] = row.sd.map(|value| decimal(view, value, 2));
        let levels = row.levels.map(|number| words.count(number as f64));
        vec![
            words.grouping(&row.group),
            component(view, &row.term),
            format!("{middle} ({})", words.between(&lower, &upper)),
            words.with("site-card-levels-of", &[("sampled", &levels[0]), ("all", &levels[1])]),
        ]
    });
    html! {
        @if !card.variance_components.is_empty() {
            h3 { (title) }
            p.soft { (words.text("site-card-variance-note")) }
            (table(&title, &headings(view, &columns), &rows.collect::<Vec<_>>()))
        }
        (correlations(view, card))
    }
}

/// How effects of one area go together, where the formula lets them.
fn correlations(view: &View<'_>, card: &ModelCard) -> Markup {
    let title = view.text("site-correlations");
    let rows = card.correlations.iter().map(|row| {
        let [middle, lower, upper] = row.correlation.map(|value| decimal(view, value, 2));
        vec![
            view.words.grouping(&row.group),
            row.terms.iter().map(|term| component(view, term)).collect::<Vec<_>>().join(" – "),
            format!("{middle} ({})", view.words.between(&lower, &upper)),
        ]
    });
    html! {
        @if !card.correlations.is_empty() {
            h3 { (title) }
            (table(&title, &headings(view, &["site-group", "site-variable", "site-card-correlation"]), &rows.collect::<Vec<_>>()))
        }
    }
}

/// What varies between areas, in words.
fn component(view: &View<'_>, term: &str) -> String {
    match term {
        "(Intercept)" => view.words.text("site-component-level"),
        "spatial" => view.words.text("site-component-spatial"),
        column => {
            let known = view.site.study.bundle().model.coefficients.iter().find(|row| row.name == column);
            known.map_or_else(|| column.to_owned(), |row| row.label.get(view.words.language).to_owned())
        }
    }
}

fn diagnostics(view: &View<'_>, card: &ModelCard) -> Markup {
    let row = |name: &str, value: f64| {
        let title = view.words.text_or(&format!("site-diagnostic-{}", name.replace('_', "-")), name);
        vec![title, decimal(view, value, 3)]
    };
    let is_main = |name: &str| MAIN_DIAGNOSTICS.contains(&name);
    let main: Vec<Vec<String>> =
        MAIN_DIAGNOSTICS.iter().filter_map(|name| Some(row(name, *card.diagnostics.get(*name)?))).collect();
    let others: Vec<Vec<String>> =
        card.diagnostics.iter().filter(|(name, _)| !is_main(name)).map(|(name, value)| row(name, *value)).collect();
    let title = view.text("site-diagnostics");
    let columns = headings(view, &["site-measure", "site-value"]);
    html! {
        h3 { (title) }
        (table(&title, &columns, &main))
        @if !others.is_empty() { (folded(view, "site-card-more-diagnostics", &table(&view.text("site-card-more-diagnostics"), &columns, &others))) }
    }
}

/// The same model by maximum likelihood.
fn likelihood(view: &View<'_>, card: &ModelCard) -> Markup {
    let Some(fit) = &card.maximum_likelihood else { return html! {} };
    let words = &view.words;
    let rows = card.variance_components.iter().zip(&fit.standard_deviations).map(|(row, deviation)| {
        vec![words.grouping(&row.group), component(view, &row.term), decimal(view, *deviation, 3)]
    });
    let content = html! {
        p { (words.with("site-card-likelihood-fit", &[
            ("integration", &words.text(&format!("site-card-integration-{}", fit.integration))),
            ("log", &decimal(view, fit.log_likelihood, 3)),
            ("akaike", &decimal(view, fit.akaike, 1)),
        ])) }
        @if fit.singular { p { (words.text("site-card-singular")) } }
        (table(&words.text("site-card-deviation"), &headings(view, &["site-group", "site-variable", "site-card-deviation"]), &rows.collect::<Vec<_>>()))
    };
    folded(view, "site-card-likelihood-title", &content)
}

/// Which variables predict children the fit has not seen.
fn suggestion(view: &View<'_>, card: &ModelCard) -> Markup {
    let Some(suggestion) = &card.suggestion else { return html! {} };
    let words = &view.words;
    let manifest = view.site.study.manifest();
    let list = |names: &[String]| {
        let titles: Vec<String> = names.iter().map(|name| words.variable(manifest, name)).collect();
        if titles.is_empty() { "–".to_owned() } else { titles.join(words.semicolon()) }
    };
    let content = html! {
        p { (words.text("site-card-suggestion-note")) }
        dl.facts {
            dt { (words.text("site-card-suggestion-kept")) } dd { (list(&suggestion.kept)) }
            dt { (words.text("site-card-suggestion-out")) } dd { (list(&suggestion.left_out)) }
        }
        p.soft { (words.with("site-card-suggestion-loss", &[
            ("suggested", &decimal(view, suggestion.loss_suggested, 4)),
            ("all", &decimal(view, suggestion.loss_all, 4)),
            ("error", &decimal(view, suggestion.loss_standard_error, 4)),
        ])) }
    };
    folded(view, "site-card-suggestion", &content)
}

/// The newer numbers of children that an old census was brought to.
fn margins(view: &View<'_>, card: &ModelCard) -> Markup {
    let words = &view.words;
    let manifest = view.site.study.manifest();
    let title = words.text("site-card-margins");
    let columns =
        ["site-source", "site-year", "site-card-margin-by", "site-before", "site-after", "site-card-margin-factors"];
    let rows = card.margins.iter().map(|row| {
        let by: Vec<String> = std::iter::once(words.grouping(&row.level))
            .chain(row.by.iter().map(|name| words.variable(manifest, name)))
            .collect();
        let [least, largest] = row.factors.map(|factor| decimal(view, factor, 2));
        vec![
            row.file.clone(),
            row.year.map(|year| year.to_string()).unwrap_or_default(),
            by.join(", "),
            words.count(row.children[0]),
            words.count(row.children[1]),
            words.between(&least, &largest),
        ]
    });
    html! {
        @if !card.margins.is_empty() {
            h3 { (title) }
            p.soft { (words.text("site-card-margins-note")) }
            (table(&title, &headings(view, &columns), &rows.collect::<Vec<_>>()))
        }
    }
}

fn benchmarks(view: &View<'_>, card: &ModelCard) -> Markup {
    let words = &view.words;
    let manifest = view.site.study.manifest();
    let title = words.text("site-benchmark");
    let columns = ["site-group", "site-direct", "site-before", "site-after"];
    let rows = card.benchmarks.iter().map(|row| {
        let area =
            if row.level == "country" { manifest.country.get(words.language).to_owned() } else { row.area.clone() };
        let direct = format!("{} ± {}", words.percent(row.direct), words.percent(row.direct_standard_error));
        vec![area, direct, words.percent(row.before), words.percent(row.after)]
    });
    html! {
        @if !card.benchmarks.is_empty() {
            h3 { (title) }
            p.soft { (words.text("site-card-benchmark-note")) }
            (table(&title, &headings(view, &columns), &rows.collect::<Vec<_>>()))
        }
    }
}
