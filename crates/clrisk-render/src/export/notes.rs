//! What somebody who opens an export must know: what it is, from what, under which rules.

use clrisk_core::ValueStatus;
use clrisk_core::bundle::Stage;

use super::{Dataset, explained};
use crate::study::Study;
use crate::wording::Words;

/// Titles and texts that stand at the head of an export.
pub(super) fn facts(study: &Study, words: &Words<'_>) -> Vec<(String, String)> {
    let manifest = study.manifest();
    let language = words.language;
    let mut facts = vec![
        (words.text("export-title"), manifest.title.get(language).to_owned()),
        (words.text("export-country"), manifest.country.get(language).to_owned()),
        (words.text("site-definition"), manifest.outcome.definition.get(language).to_owned()),
    ];
    if manifest.synthetic {
        facts.push((words.text("export-notice"), words.text("site-synthetic")));
    }
    if manifest.stage == Stage::Draft {
        facts.push((words.text("export-notice"), words.text("site-draft")));
    }
    if let Some(release) = &manifest.release {
        facts.push((words.text("export-release"), format!("{} {release}", manifest.project)));
    }
    if let Some(signature) = &manifest.signature {
        facts.push((
            words.text("site-signature"),
            format!("{}, {}, {}", signature.name, signature.office, signature.date),
        ));
    }
    facts.push((words.text("export-made-by"), manifest.program.clone()));
    for input in &manifest.inputs {
        let mut source = input.title.get(language).to_owned();
        if let Some(publisher) = &input.source {
            source.push_str(&format!(", {publisher}"));
        }
        if let Some(year) = input.year {
            source.push_str(&format!(", {year}"));
        }
        facts.push((words.text("site-source"), source));
    }
    facts.push((words.text("export-licence"), licence(study, words)));
    for key in ["sheet-residence", "site-words", "sheet-not-the-indicator", "export-units"] {
        facts.push((words.text("export-note"), words.text(key)));
    }
    facts
}

/// Under which licence the figures may be used.
pub(super) fn licence(study: &Study, words: &Words<'_>) -> String {
    match &study.manifest().licence {
        Some(licence) => licence.get(words.language).to_owned(),
        None => words.text("export-no-licence"),
    }
}

/// The statuses with their meaning.
pub(super) fn statuses(words: &Words<'_>) -> Vec<(String, String)> {
    ValueStatus::ALL.map(|status| (status.code().to_owned(), words.status(status))).to_vec()
}

/// The text that travels with an archive.
pub fn readme(study: &Study, words: &Words<'_>) -> String {
    let mut text = String::new();
    for (title, value) in facts(study, words) {
        text.push_str(&format!("{title}: {value}\n"));
    }
    for dataset in Dataset::ALL {
        let table = dataset.table(study);
        if table.rows.is_empty() {
            continue;
        }
        text.push_str(&format!("\n{}\n", dataset.code()));
        for column in &table.columns {
            text.push_str(&format!("  {column}: {}\n", explained(words, column)));
        }
    }
    text.push_str(&format!("\n{}\n", words.text("site-status")));
    for (code, meaning) in statuses(words) {
        text.push_str(&format!("  {code}: {meaning}\n"));
    }
    text
}
