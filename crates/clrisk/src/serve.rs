//! `serve` and `site`: the site of a project's releases, served or copied into a folder.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ArgMatches;
use clrisk_core::{Bundle, Finding, Language, Place};
use clrisk_server::CopyError;

use crate::report::{MACHINE, say, stop_with, text};
use crate::{Speaker, published};

/// Serves the releases of the project, newest first; one of them when it is asked for; or the draft.
pub async fn command(speaker: &Speaker, project: &Path, matches: &ArgMatches) -> ExitCode {
    match published::all(speaker, project, matches) {
        Ok(bundles) => site(speaker, bundles, text(matches, "listen")).await,
        Err(code) => code,
    }
}

/// Copies the site of the newest release, of the one asked for, or of the draft, into a folder.
pub async fn copy(speaker: &Speaker, project: &Path, matches: &ArgMatches) -> ExitCode {
    let bundle = match published::open(speaker, project, matches) {
        Ok(bundle) => bundle,
        Err(code) => return code,
    };
    let folder = matches.get_one::<PathBuf>("output").cloned().unwrap_or_default();
    let asked: Vec<Language> = matches.get_many::<Language>("languages").unwrap_or_default().copied().collect();
    let languages = if asked.is_empty() { Language::ALL.to_vec() } else { asked };
    let terminal = std::io::stderr().is_terminal() && !speaker.json;
    let progress = |files: usize| {
        if terminal && files.is_multiple_of(100) {
            let line =
                speaker.catalog.with(speaker.language, "command-site-progress", &[("files", &files.to_string())]);
            let _ = write!(std::io::stderr(), "\r{line}");
        }
    };
    let copied = clrisk_server::write_static_copy(bundle, &languages, &folder, &progress).await;
    if terminal {
        let _ = write!(std::io::stderr(), "\r\x1b[K");
    }
    let shown = folder.display().to_string();
    match copied {
        Ok(copied) => {
            let size = format!("{:.1}", copied.bytes as f64 / 1e6);
            let files = copied.files.to_string();
            say(speaker, "command-site-done", &[("folder", &shown), ("files", &files), ("size", &size)]);
            ExitCode::SUCCESS
        }
        Err(CopyError::Occupied { .. }) => {
            stop_with(speaker, Finding::error("CONFIG-004", Place::file(&shown)).with("folder", &shown))
        }
        Err(CopyError::Io { path, .. }) => {
            let file = path.display().to_string();
            stop_with(speaker, Finding::error("FILE-007", Place::file(&file)).with("file", &file));
            ExitCode::from(MACHINE)
        }
        Err(_) => published::unreadable(speaker, "boundaries.geojson", "other"),
    }
}

/// Serves bundles until the person stops it.
pub async fn site(speaker: &Speaker, bundles: Vec<Bundle>, address: &str) -> ExitCode {
    let listener = match tokio::net::TcpListener::bind(address).await {
        Ok(listener) => listener,
        Err(_) => {
            say(speaker, "command-port-busy", &[("address", address)]);
            return ExitCode::from(MACHINE);
        }
    };
    let shown = listener.local_addr().map_or_else(|_| address.to_owned(), |local| local.to_string());
    let Ok(router) = clrisk_server::site(bundles) else {
        return published::unreadable(speaker, "boundaries.geojson", "other");
    };
    say(speaker, "command-serving", &[("address", &format!("http://{shown}/{}/", speaker.language.code()))]);
    match clrisk_server::serve(listener, router).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(MACHINE),
    }
}
