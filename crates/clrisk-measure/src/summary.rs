//! The summary in plain words: what a newspaper may copy without spoiling it.

use clrisk_core::measure::{ChangeRow, Kind, MeasuredRow, Quality};

use crate::sentence::{Quantity, Sentence};
use clrisk_core::Measured;
use clrisk_core::measure::MeasureWords as Words;

/// Measures that the summary tells of.
const TOLD: [&str; 6] =
    ["child_labour", "child_labour_economic", "excessive_chores", "hazardous", "studies_and_works", "neither"];
/// A change with a p-value below this is called one.
const SIGNIFICANT: f64 = 0.05;

/// The summary as Markdown. Figures that the quality rule withholds are said to be withheld.
pub fn summary(measured: &Measured, words: &Words<'_>) -> String {
    let mut lines = vec![format!("# {}", words.with("title", &[("country", measured.country.get(words.language))]))];
    if measured.synthetic {
        lines.push(words.text("synthetic"));
    }
    lines.push(measured.definition.description.get(words.language).to_owned());
    let Some(&ages) = measured.ages.first() else { return lines.join("\n\n") };
    for measure in TOLD {
        let rows: Vec<&MeasuredRow> = measured
            .rows
            .iter()
            .filter(|row| row.measure == measure && row.ages == ages && row.kind == Kind::Prevalence)
            .collect();
        let Some(all) = rows.iter().find(|row| row.group.is_all()) else { continue };
        let mut paragraph = vec![format!("## {}", words.measure(measure)), level(all, words)];
        // Girls and boys always, the other dimensions in the tables.
        let by_sex = rows.iter().filter(|row| row.group.0.len() == 1 && row.group.0[0].0 == "sex");
        paragraph.extend(by_sex.map(|row| format!("- {}", group(row, words))));
        lines.push(paragraph.join("\n\n").replace("\n\n- ", "\n- "));
    }
    let changes: Vec<String> = measured
        .changes
        .iter()
        .filter(|row| TOLD.contains(&row.measure.as_str()) && row.ages == ages)
        .filter_map(|row| change(row, words))
        .map(|sentence| format!("- {sentence}"))
        .collect();
    if !changes.is_empty() {
        lines.push(format!("## {}\n\n{}", words.text("heading-changes"), changes.join("\n")));
        lines.extend(measured.comparability.iter().map(|kind| words.text(&format!("compare-{kind}"))));
    }
    if measured.survey.normalised_weights {
        lines.push(words.text("note-normalised"));
    }
    lines.push(words.text("note-hours"));
    lines.push(format!("{}: {}", words.text("heading-definition"), measured.definition.label()));
    lines.join("\n\n") + "\n"
}

fn level(row: &MeasuredRow, words: &Words<'_>) -> String {
    let [from, to] = row.ages.map(|age| age.to_string());
    let ages = Sentence::new(words, "ages").name("from", from).name("to", to).finish();
    let names = [("measure", words.measure(&row.measure)), ("ages", ages)];
    told(row, words, "level", words.ages(row.ages), &names)
}

fn group(row: &MeasuredRow, words: &Words<'_>) -> String {
    let group = words.group(&row.group);
    told(row, words, "group", group.clone(), &[("group", group)])
}

/// A figure in the sentence `key`, in `key-share` where there is no number of children, or that it is withheld.
fn told(row: &MeasuredRow, words: &Words<'_>, key: &str, of: String, names: &[(&str, String)]) -> String {
    let (Some(rate), Some(lower), Some(upper)) = (row.rate, row.lower, row.upper) else {
        return Sentence::new(words, "withheld").name("group", of).finish();
    };
    let mut sentence = match row.count {
        Some(count) => Sentence::new(words, key).quantity("children", Quantity::Children(count)),
        None => Sentence::new(words, &format!("{key}-share")),
    };
    for (name, text) in names {
        sentence = sentence.name(name, text.as_str());
    }
    let sentence = sentence
        .quantity("rate", Quantity::Share(rate))
        .quantity("lower", Quantity::Share(lower))
        .quantity("upper", Quantity::Share(upper));
    with_warning(sentence.finish(), row.quality, words)
}

fn with_warning(sentence: String, quality: Quality, words: &Words<'_>) -> String {
    match quality {
        Quality::PublishWithWarning => format!("{sentence} {}", words.text("sentence-warning")),
        _ => sentence,
    }
}

fn change(row: &ChangeRow, words: &Words<'_>) -> Option<String> {
    let (difference, p_value) = (row.difference?, row.p_value?);
    let key = match (p_value < SIGNIFICANT, difference > 0.0) {
        (false, _) => "same",
        (true, true) => "up",
        (true, false) => "down",
    };
    let sentence = Sentence::new(words, key)
        .name("measure", words.measure(&row.measure))
        .name("group", words.group(&row.group))
        .quantity("points", Quantity::Points(difference));
    Some(sentence.finish())
}
