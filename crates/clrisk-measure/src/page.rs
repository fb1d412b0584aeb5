//! The figures as one HTML page that needs nothing else: no script, no font, no connection.

use clrisk_core::Measured;
use clrisk_core::measure::{Kind, MeasuredRow};
use maud::{DOCTYPE, Markup, html};

use clrisk_core::measure::MeasureWords as Words;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:70rem;padding:1rem;color:#1b1b1b;\
background:#fff}h1{font-size:1.6rem;line-height:1.2}h2{font-size:1.2rem;margin-top:2rem}.scroll{overflow-x:auto}\
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem;min-width:36rem}caption{text-align:left;\
font-weight:600;padding:.4rem 0}th,td{padding:.25rem .6rem;border-bottom:1px solid #ccc;text-align:right;white-space:nowrap}\
th[scope=row],td.words,th.words{text-align:left;font-weight:400}\
td.words{white-space:normal;min-width:8rem}thead th{border-bottom:2px solid #555}\
@media(max-width:40rem){th,td{padding:.25rem .3rem}th[scope=row]{white-space:normal}td.words{min-width:5rem}}\
.warning{color:#8a3b00}dt{font-weight:600}dd{margin:0 0 .6rem}.invented{background:#fff3c4;padding:.5rem 1rem}";

/// The page.
pub fn page(measured: &Measured, words: &Words<'_>) -> String {
    let title = words.with("title", &[("country", measured.country.get(words.language))]);
    let mut crossings: Vec<(Kind, &str, String, Vec<&MeasuredRow>)> = Vec::new();
    for row in &measured.rows {
        let dimensions = words.dimensions(&row.group);
        let key = (row.kind, row.measure.as_str(), dimensions);
        match crossings.iter_mut().find(|(kind, measure, name, _)| (*kind, *measure, name) == (key.0, key.1, &key.2)) {
            Some((_, _, _, rows)) => rows.push(row),
            None => crossings.push((key.0, key.1, key.2, vec![row])),
        }
    }
    let markup = html! {
        (DOCTYPE)
        html lang=(words.language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (STYLE) }
            }
            body {
                h1 { (title) }
                @if measured.synthetic { p.invented { (words.text("synthetic")) } }
                p { (measured.definition.description.get(words.language)) }
                @if measured.survey.normalised_weights { p.warning { (words.text("note-normalised")) } }
                @for measure in &measured.measures {
                    h2 id=(measure) { (words.measure(measure)) }
                    @for (kind, _, dimensions, rows) in crossings.iter().filter(|(_, name, _, _)| name == measure) {
                        (table(*kind, measure, dimensions, rows, measured, words))
                    }
                }
                @if !measured.changes.is_empty() { (changes(measured, words)) }
                h2 { (words.text("heading-metadata")) }
                dl {
                    @for (heading, text) in words.notes() {
                        @if !heading.is_empty() { dt { (heading) } }
                        dd { (text) }
                    }
                }
            }
        }
    };
    markup.into_string()
}

fn share(value: Option<f64>, words: &Words<'_>) -> String {
    value.map_or_else(|| "…".to_owned(), |value| words.numbers.percent(value))
}

fn whole(value: Option<f64>, words: &Words<'_>) -> String {
    value.map_or_else(|| "…".to_owned(), |value| words.numbers.count(value))
}

fn table(
    kind: Kind,
    measure: &str,
    dimensions: &str,
    rows: &[&MeasuredRow],
    measured: &Measured,
    words: &Words<'_>,
) -> Markup {
    let with_numbers = !measured.survey.normalised_weights;
    let heading = |key: &str| words.text(&format!("heading-{key}"));
    let caption = match kind {
        Kind::Prevalence if dimensions.is_empty() => words.text("all"),
        Kind::Prevalence => dimensions.to_owned(),
        Kind::Composition => {
            let how = words.with("heading-composition", &[("measure", &words.measure(measure))]);
            format!("{how}. {dimensions}")
        }
    };
    html! {
        div.scroll tabindex="0" {
            table {
                caption { (caption) }
                thead {
                    tr {
                        th.words scope="col" { (heading("age")) }
                        th.words scope="col" { (heading("group")) }
                        @for key in ["rate", "lower", "upper"] { th scope="col" { (heading(key)) } }
                        @if with_numbers { @for key in ["count", "lower", "upper"] { th scope="col" { (heading(key)) } } }
                        @for key in ["sample", "effective_sample", "cv"] { th scope="col" { (heading(key)) } }
                        th.words scope="col" { (heading("quality")) }
                    }
                }
                tbody {
                    @for row in rows {
                        tr {
                            th scope="row" { (words.ages(row.ages)) }
                            td.words { (words.group(&row.group)) }
                            td { (share(row.rate, words)) }
                            td { (share(row.lower, words)) }
                            td { (share(row.upper, words)) }
                            @if with_numbers {
                                @for number in [row.count, row.count_lower, row.count_upper] { td { (whole(number, words)) } }
                            }
                            td { (words.numbers.count(row.sample as f64)) }
                            td { (whole(row.effective_sample, words)) }
                            td { (share(row.coefficient_of_variation, words)) }
                            td.words.warning[row.quality != clrisk_core::Quality::Publish] {
                                (words.text(&format!("quality-{}", row.quality.code())))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn changes(measured: &Measured, words: &Words<'_>) -> Markup {
    let heading = |key: &str| words.text(&format!("heading-{key}"));
    let points =
        |value: Option<f64>| value.map_or_else(|| "…".to_owned(), |value| words.numbers.decimal(100.0 * value, 1));
    html! {
        h2 { (heading("changes")) }
        @for kind in &measured.comparability { p.warning { (words.text(&format!("compare-{kind}"))) } }
        div.scroll tabindex="0" {
            table {
                thead {
                    tr {
                        @for key in ["measure", "age", "group"] { th.words scope="col" { (heading(key)) } }
                        @for key in ["earlier", "later", "difference", "lower", "upper", "p_value"] {
                            th scope="col" { (heading(key)) }
                        }
                    }
                }
                tbody {
                    @for row in &measured.changes {
                        tr {
                            th scope="row" { (words.measure(&row.measure)) }
                            td.words { (words.ages(row.ages)) }
                            td.words { (words.group(&row.group)) }
                            td { (share(row.earlier, words)) }
                            td { (share(row.later, words)) }
                            td { (points(row.difference)) }
                            td { (points(row.lower)) }
                            td { (points(row.upper)) }
                            td {
                                (row.p_value.map_or_else(|| "…".to_owned(), |value| words.numbers.decimal(value, 3)))
                            }
                        }
                    }
                }
            }
        }
    }
}
