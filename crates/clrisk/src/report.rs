//! What the command prints: findings as lines or as JSON, and single messages.

use std::io::Write;
use std::process::ExitCode;

use clap::ArgMatches;
use clrisk_core::{Catalog, Finding, Findings, Language, Severity};

use crate::Speaker;

/// Findings that stop the work.
pub const STOPPED: u8 = 1;
/// The machine would not.
pub const MACHINE: u8 = 3;

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

/// The text of an argument.
pub fn text<'a>(matches: &'a ArgMatches, name: &str) -> &'a str {
    matches.get_one::<String>(name).map_or("", String::as_str)
}

/// Prints a message, unless only JSON is wanted.
pub fn say(speaker: &Speaker, key: &str, args: &[(&str, &str)]) {
    if !speaker.json {
        let line = speaker.catalog.with(speaker.language, key, args);
        // A reader that closed the pipe wants no more lines.
        let _ = writeln!(std::io::stdout(), "{line}");
    }
}

/// Prints JSON.
pub fn print_json(value: &serde_json::Value) {
    let _ = writeln!(std::io::stdout(), "{value:#}");
}

/// Findings as JSON, errors first.
pub fn findings_json(speaker: &Speaker, findings: &Findings) -> Vec<serde_json::Value> {
    findings
        .sorted()
        .into_iter()
        .map(|finding| {
            serde_json::json!({
                "code": finding.code,
                "severity": finding.severity,
                "place": finding.place,
                "message": finding.message(&speaker.catalog, speaker.language),
                "hint": finding.hint(&speaker.catalog, speaker.language),
                "args": finding.args,
                "details": finding.details,
            })
        })
        .collect()
}

/// Prints findings.
pub fn print_findings(speaker: &Speaker, findings: &Findings) {
    if speaker.json {
        print_json(&serde_json::json!({ "findings": findings_json(speaker, findings) }));
    } else {
        let text = findings_text(findings, &speaker.catalog, speaker.language);
        let line = summary_line(findings, &speaker.catalog, speaker.language);
        let _ = writeln!(std::io::stdout(), "{text}{line}");
    }
}

/// Prints one finding and gives its exit code.
pub fn stop_with(speaker: &Speaker, finding: Finding) -> ExitCode {
    print_findings(speaker, &Findings(vec![finding]));
    ExitCode::from(STOPPED)
}
