//! `clrisk explain AREA`: where a municipality's estimate comes from, in words.

use clrisk_core::bundle::AreaRow;
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
    text
}
