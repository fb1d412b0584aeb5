//! `clrisk inspect`, `convert` and `init` with files: what is in a file, the same in another format, and a project proposed from files.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ArgMatches;
use clrisk_core::Findings;
use clrisk_engine::inspect;
use clrisk_engine::proposal::{self, Sources};
use clrisk_engine::readers::{ReadOptions, UserMissing};
use clrisk_engine::rewrite::{Rewriting, rewrite};

use crate::Speaker;
use crate::report::{print_findings, print_json, say, stop_with};

/// Tells what is in a file.
pub fn inspect(speaker: &Speaker, matches: &ArgMatches) -> ExitCode {
    let path = matches.get_one::<PathBuf>("file").cloned().unwrap_or_default();
    match inspect::inspect(&path, &path.display().to_string(), &options(matches)) {
        Ok(inspection) if speaker.json => {
            print_json(&serde_json::json!({
                "inspection": inspection,
                "findings": crate::report::findings_json(speaker, &Findings(inspection.findings.clone())),
            }));
            ExitCode::SUCCESS
        }
        Ok(inspection) => {
            let text = inspect::text(&inspection, &speaker.catalog, speaker.language);
            let _ = write!(std::io::stdout(), "{text}");
            if !inspection.findings.is_empty() {
                print_findings(speaker, &Findings(inspection.findings));
            }
            ExitCode::SUCCESS
        }
        Err(finding) => stop_with(speaker, *finding),
    }
}

/// Writes a file in another format.
pub fn convert(speaker: &Speaker, matches: &ArgMatches) -> ExitCode {
    let path = |name: &str| matches.get_one::<PathBuf>(name).cloned().unwrap_or_default();
    let (from, to) = (path("file"), path("to"));
    let columns: Vec<String> = matches.get_many("columns").into_iter().flatten().cloned().collect();
    match rewrite(&Rewriting { from: &from, to: &to, options: &options(matches), columns: &columns }) {
        Ok(written) => {
            print_findings(speaker, &Findings(written.findings));
            let (rows, count) = (written.rows.to_string(), written.columns.to_string());
            let file = to.display().to_string();
            say(speaker, "convert-done", &[("file", &file), ("rows", &rows), ("columns", &count)]);
            if let Some(codebook) = written.codebook {
                say(speaker, "convert-codebook", &[("file", &codebook.display().to_string())]);
            }
            ExitCode::SUCCESS
        }
        Err(finding) => stop_with(speaker, *finding),
    }
}

/// The files to propose a project from; none when none was given.
pub fn sources(matches: &ArgMatches) -> Option<Sources> {
    let path = |name: &str| matches.get_one::<PathBuf>(name).cloned();
    let sources = Sources {
        survey: path("survey"),
        survey_dictionary: path("survey-dictionary"),
        census: path("census"),
        census_dictionary: path("census-dictionary"),
        boundaries: path("boundaries"),
        matches: matches.get_many("match").into_iter().flatten().cloned().collect(),
    };
    [&sources.survey, &sources.census, &sources.boundaries].iter().any(|path| path.is_some()).then_some(sources)
}

/// Proposes a project.
pub async fn propose(speaker: &Speaker, folder: &Path, sources: &Sources) -> ExitCode {
    match proposal::propose(folder, sources, &speaker.catalog, speaker.language).await {
        Ok(proposal) if speaker.json => {
            print_json(&serde_json::json!({
                "file": proposal.file,
                "unconfirmed": proposal.unconfirmed,
                "undecided": proposal.undecided,
                "survey": proposal.survey_roles,
                "census": proposal.census_roles,
                "findings": crate::report::findings_json(speaker, &Findings(proposal.findings.clone())),
            }));
            ExitCode::SUCCESS
        }
        Ok(proposal) => {
            if !proposal.findings.is_empty() {
                print_findings(speaker, &Findings(proposal.findings));
            }
            say(speaker, "init-roles", &[]);
            let roles: BTreeSet<&String> = proposal.survey_roles.keys().chain(proposal.census_roles.keys()).collect();
            for role in roles {
                let name = speaker.catalog.get(speaker.language, &format!("role-{role}"));
                let of = |roles: &BTreeMap<String, String>| roles.get(role).map_or("–", String::as_str).to_owned();
                let (survey, census) = (of(&proposal.survey_roles), of(&proposal.census_roles));
                let _ = writeln!(std::io::stdout(), "  {name:36} {survey:20} {census}");
            }
            let (unconfirmed, undecided) =
                (proposal.unconfirmed.len().to_string(), proposal.undecided.len().to_string());
            let file = proposal.file.display().to_string();
            let numbers = [("file", file.as_str()), ("unconfirmed", &unconfirmed), ("undecided", &undecided)];
            say(speaker, "init-done", &numbers);
            ExitCode::SUCCESS
        }
        Err(finding) => stop_with(speaker, *finding),
    }
}

/// How the file is to be read.
fn options(matches: &ArgMatches) -> ReadOptions {
    let keep = matches.try_get_one::<bool>("keep-missing").ok().flatten().copied().unwrap_or_default();
    ReadOptions {
        encoding: matches.get_one::<String>("encoding").cloned(),
        delimiter: matches.get_one::<u8>("delimiter").copied(),
        table: matches.get_one::<String>("table").cloned(),
        user_missing: if keep { UserMissing::Keep } else { UserMissing::Null },
        dictionary: matches.get_one::<PathBuf>("dictionary").cloned(),
        ..ReadOptions::default()
    }
}
