//! The clrisk command: parses the command line, calls the crates, prints. No logic of its own.
//!
//! Exit codes: 0 done, 1 findings that stop the work, 2 the command line is not understood, 3 the machine would not (a port in
//! use, a full disk).

mod arguments;
#[cfg(feature = "engine")]
mod cells;
#[cfg(feature = "engine")]
mod cluster;
#[cfg(feature = "engine")]
mod commands;
#[cfg(feature = "engine")]
mod demo;
mod exports;
#[cfg(feature = "engine")]
mod files;
#[cfg(feature = "engine")]
mod index;
#[cfg(feature = "engine")]
mod measure;
mod published;
mod report;
mod serve;
mod sheets;

use std::process::ExitCode;

use clrisk_core::{Catalog, Language};

/// What every command needs to speak.
pub struct Speaker {
    /// Texts.
    pub catalog: Catalog,
    /// Language of the reader.
    pub language: Language,
    /// Whether to print JSON.
    pub json: bool,
}

fn main() -> ExitCode {
    let list: Vec<String> = std::env::args().collect();
    let environment = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    let language = arguments::language_of(&list, environment.as_deref());
    let catalog = Catalog::load();
    let matches = arguments::command(&catalog, language).get_matches_from(list);
    let speaker = Speaker { catalog, language, json: matches.get_flag("json") };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(3);
        }
    };
    runtime.block_on(dispatch(&speaker, &matches))
}

#[cfg(feature = "engine")]
async fn dispatch(speaker: &Speaker, matches: &clap::ArgMatches) -> ExitCode {
    commands::dispatch(speaker, matches).await
}

#[cfg(not(feature = "engine"))]
async fn dispatch(speaker: &Speaker, matches: &clap::ArgMatches) -> ExitCode {
    match matches.subcommand() {
        Some(("serve", sub)) => serve::command(speaker, &arguments::project(matches), sub).await,
        Some(("site", sub)) => serve::copy(speaker, &arguments::project(matches), sub).await,
        Some(("sheet", sub)) => sheets::command(speaker, &arguments::project(matches), sub),
        Some(("export", sub)) => exports::command(speaker, &arguments::project(matches), sub).await,
        _ => ExitCode::from(2),
    }
}
