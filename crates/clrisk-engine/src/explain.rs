//! `clrisk explain AREA`: where a municipality's estimate comes from; `clrisk explain model`: what was fitted, and how well.

use clrisk_core::bundle::AreaRow;
use clrisk_core::index::IndexResults;
use clrisk_core::model_card::ModelCard;
use clrisk_core::text::NumberFormat;
use clrisk_core::{Bundle, Catalog, Language, Level};

/// The explanation of one municipality.
pub fn area(bundle: &Bundle, row: &AreaRow, catalog: &Catalog, language: Language) -> String {
    let numbers = NumberFormat::new(language, bundle.manifest.country_code.as_deref());
    let code = &row.area.code;
    let mut text = format!("{code} {}\n", row.area.name);
    let all = bundle
        .estimates
        .iter()
        .find(|estimate| estimate.level == Level::Municipality && estimate.area == *code && estimate.group.is_all());
    if let Some(estimate) = all {
        text.push_str(&format!("{}\n", catalog.get(language, &format!("status-{}", estimate.status.code()))));
        if let (Some(rate), Some(lower), Some(upper)) = (estimate.rate, estimate.lower, estimate.upper) {
            text.push_str(&catalog.with(
                language,
                "command-explain-rate",
                &[
                    ("rate", &numbers.percent(rate)),
                    ("lower", &numbers.percent(lower)),
                    ("upper", &numbers.percent(upper)),
                    ("sample", &row.sample.to_string()),
                ],
            ));
            text.push('\n');
        }
    }
    if let Some(share) = row.own_sample_share {
        text.push_str(&catalog.with(language, "command-explain-share", &[("share", &numbers.percent(share))]));
        text.push('\n');
    }
    let mut factors: Vec<_> = bundle.factors.iter().filter(|factor| factor.area == *code).collect();
    factors.sort_by(|left, right| right.points.abs().total_cmp(&left.points.abs()));
    for factor in factors {
        let title = bundle.manifest.variables.iter().find(|variable| variable.name == factor.factor);
        let title = match title {
            Some(variable) => variable.title.get(language).to_owned(),
            None => catalog.get(language, "command-explain-area-effect"),
        };
        let sign = if factor.points > 0.0 { "+" } else { "" };
        text.push_str(&catalog.with(
            language,
            "command-explain-factor",
            &[("factor", &title), ("points", &format!("{sign}{}", numbers.decimal(factor.points, 1)))],
        ));
        text.push('\n');
    }
    for effect in bundle.levers.iter().filter(|effect| effect.level == Level::Municipality && effect.area == *code) {
        let label = bundle.manifest.levers.iter().find(|label| label.name == effect.lever);
        let title = label.map_or(effect.lever.as_str(), |label| label.title.get(language));
        let key = if effect.now == effect.target { "command-explain-lever-reached" } else { "command-explain-lever" };
        let points = effect.points.map(|points| numbers.decimal(points, 1));
        text.push_str(&catalog.with(
            language,
            key,
            &[
                ("lever", title),
                ("points", &points[0]),
                ("lower", &points[1]),
                ("upper", &points[2]),
                ("children", &numbers.count(effect.children[0])),
            ],
        ));
        text.push('\n');
    }
    if let Some(results) = &bundle.index {
        text.push_str(&index(results, code, &numbers, catalog, language));
    }
    text
}

/// What the vulnerability index says of a municipality: points, class, range of ranks, and what each dimension adds.
fn index(results: &IndexResults, code: &str, numbers: &NumberFormat, catalog: &Catalog, language: Language) -> String {
    let Some(area) = results.areas.iter().find(|area| area.area == code) else { return String::new() };
    let report = &results.report;
    let (Some(points), Some(rank)) = (area.points, area.rank) else {
        let status = catalog.get(language, &format!("status-{}", area.status.code()));
        return format!("{}: {status}\n", report.title.get(language));
    };
    let name = |class: i64| {
        let key = usize::try_from(class - 1).ok().and_then(|class| report.classes.names.get(class))?;
        Some(if catalog.has(language, key) { catalog.get(language, key) } else { key.clone() })
    };
    let whole = |rank: i64| numbers.count(rank as f64);
    let ranked = results.areas.iter().filter(|area| area.rank.is_some()).count();
    let mut lines = vec![catalog.with(
        language,
        "command-explain-index",
        &[
            ("index", report.title.get(language)),
            ("points", &numbers.decimal(points, 1)),
            ("class", &area.class.and_then(name).unwrap_or_default()),
            ("rank", &whole(rank)),
            ("total", &numbers.count(ranked as f64)),
            ("lower", &whole(area.rank_lower.unwrap_or(rank))),
            ("upper", &whole(area.rank_upper.unwrap_or(rank))),
        ],
    )];
    if IndexResults::is_open(area) {
        lines.push(catalog.get(language, "command-explain-index-open"));
    }
    for score in results.scores.iter().filter(|score| score.area == code && score.kind == "dimension") {
        let Some(difference) = score.difference else { continue };
        let dimension = report.dimensions.iter().find(|dimension| dimension.code == score.code);
        let sign = if difference > 0.0 { "+" } else { "" };
        lines.push(catalog.with(
            language,
            "command-explain-index-part",
            &[
                ("dimension", dimension.map_or(score.code.as_str(), |dimension| dimension.name.get(language))),
                ("points", &format!("{sign}{}", numbers.decimal(difference, 1))),
            ],
        ));
    }
    lines.join("\n") + "\n"
}

/// The model card in words: formula, coefficients, variation between areas, fit, warnings.
pub fn model(bundle: &Bundle, catalog: &Catalog, language: Language) -> String {
    let numbers = NumberFormat::new(language, bundle.manifest.country_code.as_deref());
    let card = &bundle.model;
    let decimal = |value: f64| numbers.decimal(value, 2);
    let title = |key: &str| catalog.get(language, key);
    let mut lines = vec![
        format!("{}: {}", title("site-formula"), card.formula),
        catalog.with(
            language,
            "command-explain-observations",
            &[
                ("children", &numbers.count(card.observations as f64)),
                ("units", &numbers.count(card.sampling_units as f64)),
                ("strata", &numbers.count(card.strata as f64)),
                ("sampled", &numbers.count(card.areas_in_sample as f64)),
                ("areas", &numbers.count(card.areas as f64)),
                ("scaling", &card.weight_scaling),
            ],
        ),
        String::new(),
        format!("{} · {}", title("site-odds"), title("site-marginal")),
    ];
    for row in card.coefficients.iter().filter(|row| row.name != "(Intercept)") {
        let odds = match row.odds_ratio {
            Some(odds) => {
                let [odds, lower, upper] = odds.map(decimal);
                format!("{odds} ({lower} … {upper})")
            }
            None => format!("{} ± {}", numbers.decimal(row.estimate, 3), numbers.decimal(row.standard_error, 3)),
        };
        let points = row.marginal_points.map(|points| {
            let [points, lower, upper] = points.map(|value| numbers.decimal(value, 1));
            format!(" · {points} ({lower} … {upper})")
        });
        lines.push(format!("  {}: {odds}{}", row.label.get(language), points.unwrap_or_default()));
    }
    lines.extend([String::new(), title("site-variance")]);
    for row in &card.variance_components {
        let [sd, lower, upper] = row.sd.map(decimal);
        let group = title(&format!("site-grouping-{}", row.group));
        lines.push(format!("  {group}, {}: {sd} ({lower} … {upper})", row.term));
    }
    if !card.correlations.is_empty() {
        lines.extend([String::new(), title("site-correlations")]);
        for row in &card.correlations {
            let [median, lower, upper] = row.correlation.map(decimal);
            let group = title(&format!("site-grouping-{}", row.group));
            lines.push(format!("  {group}, {} – {}: {median} ({lower} … {upper})", row.terms[0], row.terms[1]));
        }
    }
    lines.extend(beyond(card, &numbers, catalog, language));
    lines.extend([String::new(), title("site-diagnostics")]);
    for (name, value) in &card.diagnostics {
        let key = format!("site-diagnostic-{}", name.replace('_', "-"));
        if catalog.has(language, &key) {
            lines.push(format!("  {}: {}", title(&key), numbers.decimal(*value, 3)));
        }
    }
    for code in &card.warnings {
        if let Some(finding) = bundle.findings.0.iter().find(|finding| finding.code == *code) {
            lines.push(format!(
                "! {code} {}\n  → {}",
                finding.message(catalog, language),
                finding.hint(catalog, language)
            ));
        }
    }
    lines.join("\n") + "\n"
}

/// What the project asked for beside the model: newer margins, maximum likelihood, a suggestion of variables.
fn beyond(card: &ModelCard, numbers: &NumberFormat, catalog: &Catalog, language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    for margin in &card.margins {
        let year = margin.year.map_or_else(|| "–".to_owned(), |year| format!("{year:04}"));
        lines.push(catalog.with(
            language,
            "command-explain-margins",
            &[
                ("file", &margin.file),
                ("year", &year),
                ("before", &numbers.count(margin.children[0])),
                ("after", &numbers.count(margin.children[1])),
                ("least", &numbers.decimal(margin.factors[0], 2)),
                ("largest", &numbers.decimal(margin.factors[1], 2)),
            ],
        ));
    }
    if let Some(fit) = &card.maximum_likelihood {
        lines.push(String::new());
        lines.push(catalog.with(
            language,
            "command-explain-likelihood",
            &[
                ("integration", &fit.integration),
                ("log", &numbers.decimal(fit.log_likelihood, 3)),
                ("akaike", &numbers.decimal(fit.akaike, 1)),
            ],
        ));
        for (row, [estimate, error]) in card.coefficients.iter().zip(&fit.coefficients) {
            let (estimate, error) = (numbers.decimal(*estimate, 3), numbers.decimal(*error, 3));
            lines.push(format!("  {}: {estimate} ± {error}", row.label.get(language)));
        }
        for (row, sd) in card.variance_components.iter().zip(&fit.standard_deviations) {
            let group = catalog.get(language, &format!("site-grouping-{}", row.group));
            lines.push(format!("  {group}, {}: {}", row.term, numbers.decimal(*sd, 3)));
        }
        if fit.singular {
            lines.push(catalog.get(language, "command-explain-singular"));
        }
    }
    if let Some(suggestion) = &card.suggestion {
        let list = |names: &[String]| if names.is_empty() { "–".to_owned() } else { names.join(", ") };
        lines.push(String::new());
        lines.push(catalog.with(
            language,
            "command-explain-suggestion",
            &[
                ("kept", &list(&suggestion.kept)),
                ("out", &list(&suggestion.left_out)),
                ("suggested", &numbers.decimal(suggestion.loss_suggested, 4)),
                ("all", &numbers.decimal(suggestion.loss_all, 4)),
                ("error", &numbers.decimal(suggestion.loss_standard_error, 4)),
            ],
        ));
    }
    lines
}
