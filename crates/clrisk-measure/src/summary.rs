//! The summary in plain words: what a newspaper may copy without spoiling it.

use clrisk_core::measure::{ChangeRow, Kind, MeasuredRow, Quality};

use crate::sentence::{Quantity, Sentence};
use crate::wording::Words;
use clrisk_core::Measured;

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
    lines.push(words.text("note-hours"));
    lines.push(format!("{}: {}", words.text("heading-definition"), measured.definition.label()));
    lines.join("\n\n") + "\n"
}

fn level(row: &MeasuredRow, words: &Words<'_>) -> String {
    let (Some(rate), Some(lower), Some(upper), Some(count)) = (row.rate, row.lower, row.upper, row.count) else {
        return Sentence::new(words, "withheld").name("group", words.ages(row.ages)).finish();
    };
    let [from, to] = row.ages.map(|age| age.to_string());
    let ages = Sentence::new(words, "ages").name("from", from).name("to", to).finish();
    let sentence = Sentence::new(words, "level")
        .name("measure", words.measure(&row.measure))
        .name("ages", ages)
        .quantity("rate", Quantity::Share(rate))
        .quantity("lower", Quantity::Share(lower))
        .quantity("upper", Quantity::Share(upper))
        .quantity("children", Quantity::Children(count))
        .finish();
    with_warning(sentence, row.quality, words)
}

fn group(row: &MeasuredRow, words: &Words<'_>) -> String {
    let (Some(rate), Some(lower), Some(upper), Some(count)) = (row.rate, row.lower, row.upper, row.count) else {
        return Sentence::new(words, "withheld").name("group", words.group(&row.group)).finish();
    };
    let sentence = Sentence::new(words, "group")
        .name("group", words.group(&row.group))
        .quantity("rate", Quantity::Share(rate))
        .quantity("lower", Quantity::Share(lower))
        .quantity("upper", Quantity::Share(upper))
        .quantity("children", Quantity::Children(count))
        .finish();
    with_warning(sentence, row.quality, words)
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
