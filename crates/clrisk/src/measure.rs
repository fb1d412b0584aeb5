//! `clrisk measure`: figures straight from the survey; and the definitions to choose from.

use std::io::Write;
use std::process::ExitCode;

use clap::ArgMatches;
use clrisk_core::{Finding, Place};
use clrisk_engine::definitions::Catalogue;
use clrisk_engine::folder::ProjectFolder;
use clrisk_engine::measure::overdue;

use crate::Speaker;
use crate::report::{STOPPED, print_findings, say, stop_with};

/// Measures the project, or tells of definitions.
pub async fn command(speaker: &Speaker, folder: &ProjectFolder, matches: &ArgMatches) -> ExitCode {
    if matches.get_flag("definitions") {
        for definition in Catalogue::embedded().definitions() {
            let title = definition.title.get(speaker.language);
            let _ = writeln!(std::io::stdout(), "{:24} {title} ({})", definition.id, definition.version);
        }
        return ExitCode::SUCCESS;
    }
    if let Some(name) = matches.get_one::<String>("show") {
        return match Catalogue::sources().iter().find(|(known, _)| known == name) {
            Some((_, text)) => {
                let _ = write!(std::io::stdout(), "{text}");
                ExitCode::SUCCESS
            }
            None => stop_with(speaker, Finding::error("DEFINE-002", Place::default()).with("name", name)),
        };
    }
    match clrisk_engine::measure::measure(folder).await {
        Ok(mut outcome) => {
            let today = jiff::Zoned::now().date().to_string();
            outcome.findings.0.extend(overdue(&outcome.measured.definition, &today));
            print_findings(speaker, &outcome.findings);
            let written = folder.path.join("out").join("measure").display().to_string();
            let definition = outcome.measured.definition.label();
            say(speaker, "command-measure-done", &[("folder", &written), ("definition", &definition)]);
            ExitCode::SUCCESS
        }
        Err(findings) => {
            print_findings(speaker, &findings);
            ExitCode::from(STOPPED)
        }
    }
}
