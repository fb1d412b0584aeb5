//! Findings as lines on a terminal.

use clrisk_core::{Catalog, Findings, Language, Severity};

/// The findings as text: errors first, each with its code, message, details, place and hint.
pub fn findings_text(findings: &Findings, catalog: &Catalog, language: Language) -> String {
    let mut text = String::new();
    for finding in findings.sorted() {
        text.push_str(&format!(
            "{} {:<12} {}\n",
            finding.severity.mark(),
            finding.code,
            finding.message(catalog, language)
        ));
        for detail in &finding.details {
            text.push_str(&format!("{:15}{}\n", "", finding_detail(detail, catalog, language)));
        }
        let place = finding.place.to_string();
        if !place.is_empty() && finding.severity != Severity::Note {
            text.push_str(&format!("{:15}{place}\n", ""));
        }
        let hint = finding.hint(catalog, language);
        if finding.severity != Severity::Note && !hint.is_empty() {
            text.push_str(&format!("{:15}→ {hint}\n", ""));
        }
    }
    text
}

/// A detail in which `reason-…` stands for a message.
fn finding_detail(detail: &str, catalog: &Catalog, language: Language) -> String {
    match detail.split_once("reason-") {
        Some((before, key)) => format!("{before}{}", catalog.get(language, &format!("reason-{key}"))),
        None => detail.to_owned(),
    }
}

/// One line that counts the findings.
pub fn summary_line(findings: &Findings, catalog: &Catalog, language: Language) -> String {
    let count = |severity| findings.count(severity).to_string();
    catalog.with(
        language,
        "command-findings-summary",
        &[
            ("errors", &count(Severity::Error)),
            ("warnings", &count(Severity::Warning)),
            ("notes", &count(Severity::Note)),
        ],
    )
}
