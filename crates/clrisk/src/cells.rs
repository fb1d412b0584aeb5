//! `cells`: the census as a table of exact cells, made here or elsewhere.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ArgMatches;
use clrisk_core::Findings;
use clrisk_engine::cells::{self, Dialect};
use clrisk_engine::folder::ProjectFolder;

use crate::Speaker;
use crate::report::{STOPPED, findings_text, print_findings, say, text};

/// Prints the SQL, takes its result, or makes the cells of the project's census.
pub async fn command(speaker: &Speaker, folder: &ProjectFolder, matches: &ArgMatches) -> ExitCode {
    let mut findings = Findings::default();
    let report = if matches.get_flag("sql") {
        let dialect = Dialect::of_name(text(matches, "dialect")).unwrap_or(Dialect::Standard);
        match cells::statement(folder, dialect, text(matches, "table"), &mut findings).await {
            Ok(sql) => {
                // The SQL alone goes where it can be sent on to a database.
                let _ = writeln!(std::io::stdout(), "{sql};");
                let _ = write!(std::io::stderr(), "{}", findings_text(&findings, &speaker.catalog, speaker.language));
                return ExitCode::SUCCESS;
            }
            Err(finding) => Err(finding),
        }
    } else {
        match matches.get_one::<PathBuf>("import") {
            Some(file) => cells::import(folder, file, &mut findings).await,
            None => cells::write(folder, &mut findings).await,
        }
    };
    match report {
        Ok(report) => {
            let file = report.file.display().to_string();
            print_findings(speaker, &findings);
            say(
                speaker,
                "command-cells-done",
                &[
                    ("cells", &report.cells.to_string()),
                    ("persons", &format!("{:.0}", report.persons)),
                    ("records", &report.records.to_string()),
                    ("file", &file),
                ],
            );
            if !report.named {
                say(speaker, "command-cells-name", &[("file", &file)]);
            }
            ExitCode::SUCCESS
        }
        Err(finding) => {
            findings.push(*finding);
            print_findings(speaker, &findings);
            ExitCode::from(STOPPED)
        }
    }
}
