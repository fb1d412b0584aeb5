//! `demo`: an invented country, from its census to its map.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ArgMatches;
use clrisk_core::{Bundle, Finding, Place};
use clrisk_engine::folder::ProjectFolder;
use clrisk_engine::release::{SignatureRequest, release};
use clrisk_synthetic::{Country, Options};

use crate::report::{MACHINE, say, stop_with, text};
use crate::{Speaker, commands, serve};

const RELEASE: &str = "demo";

/// Makes the country, runs its project, releases it, and serves its map.
pub async fn demo(speaker: &Speaker, matches: &ArgMatches) -> ExitCode {
    let path = matches.get_one::<PathBuf>("folder").cloned().unwrap_or_default();
    let number = |name| matches.get_one::<u64>(name).copied().unwrap_or_default();
    let children = number("children");
    // A survey never interviews more than a small part of a country, however small the country.
    let survey_households = Options::default().survey_households.min(children / 40).max(1_000);
    let options = Options { seed: number("seed"), children, survey_households };
    // Only a folder that an earlier demo made is made anew.
    let is_demo = path.join("truth").join("model.json").exists();
    if path.exists() && !is_demo {
        let finding = Finding::error("CONFIG-004", Place::file(path.display().to_string()));
        return stop_with(speaker, finding.with("folder", path.display()));
    }
    let country = match Country::invent(options) {
        Ok(country) => country,
        Err(error) => return stop_with(speaker, Finding::error("DEMO-001", Place::default()).with("reason", error)),
    };
    say(speaker, "command-demo-making", &[("children", &options.children.to_string())]);
    let written = if is_demo { std::fs::remove_dir_all(&path) } else { Ok(()) };
    if written.is_err() || country.write_project(&path).is_err() {
        let shown = path.display().to_string();
        stop_with(speaker, Finding::error("FILE-007", Place::file(&shown)).with("file", &shown));
        return ExitCode::from(MACHINE);
    }
    let folder = ProjectFolder::new(&path);
    if let Err(code) = commands::run_project(speaker, &folder, None).await {
        return code;
    }
    let signature = SignatureRequest {
        name: speaker.catalog.get(speaker.language, "command-demo-signer"),
        office: speaker.catalog.get(speaker.language, "command-demo-office"),
        date: jiff::Zoned::now().date().to_string(),
        statement: speaker.catalog.get(speaker.language, "command-release-statement"),
    };
    let released = match release(&folder, RELEASE, &signature) {
        Ok((released, _)) => released,
        Err(finding) => return stop_with(speaker, *finding),
    };
    if matches.get_flag("no-serve") {
        return ExitCode::SUCCESS;
    }
    match Bundle::read(&released) {
        Ok(bundle) => serve::site(speaker, vec![bundle], text(matches, "listen")).await,
        Err(_) => ExitCode::from(MACHINE),
    }
}
