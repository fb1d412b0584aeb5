//! `serve`: the site of a bundle.

use std::path::Path;
use std::process::ExitCode;

use clap::ArgMatches;
use clrisk_core::bundle::BundleError;
use clrisk_core::{Bundle, Finding, Place};

use crate::Speaker;
use crate::report::{MACHINE, say, stop_with, text};

/// Serves the newest release of the project, the release asked for, or its draft.
pub async fn command(speaker: &Speaker, project: &Path, matches: &ArgMatches) -> ExitCode {
    let out = project.join("out");
    let draft = matches.get_flag("draft");
    let folder = match matches.get_one::<String>("release") {
        Some(id) => Some(out.join("release").join(id)),
        None if draft => Some(out.join("draft")),
        None => newest(&out.join("release")),
    };
    let Some(folder) = folder.filter(|folder| folder.join("manifest.json").exists()) else {
        let (code, place) = if draft { ("RELEASE-001", "out/draft") } else { ("RELEASE-007", "out/release") };
        return stop_with(speaker, Finding::error(code, Place::file(place)));
    };
    match Bundle::read(&folder) {
        Ok(bundle) => site(speaker, bundle, text(matches, "listen")).await,
        Err(error) => {
            let reason = match error {
                BundleError::Changed { .. } => "changed",
                BundleError::Newer { .. } => "newer",
                _ => "other",
            };
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            stop_with(
                speaker,
                Finding::error("FILE-004", Place::file(&name)).with("file", &name).with("reason", reason),
            )
        }
    }
}

/// Serves a bundle until the person stops it.
pub async fn site(speaker: &Speaker, bundle: Bundle, address: &str) -> ExitCode {
    let listener = match tokio::net::TcpListener::bind(address).await {
        Ok(listener) => listener,
        Err(_) => {
            say(speaker, "command-port-busy", &[("address", address)]);
            return ExitCode::from(MACHINE);
        }
    };
    let shown = listener.local_addr().map_or_else(|_| address.to_owned(), |local| local.to_string());
    let router = match clrisk_server::site(bundle) {
        Ok(router) => router,
        Err(_) => {
            let file = "boundaries.geojson";
            return stop_with(
                speaker,
                Finding::error("FILE-004", Place::file(file)).with("file", file).with("reason", "other"),
            );
        }
    };
    say(speaker, "command-serving", &[("address", &format!("http://{shown}/{}/", speaker.language.code()))]);
    match clrisk_server::serve(listener, router).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(MACHINE),
    }
}

/// The newest release: the last by name of those that have a manifest.
fn newest(releases: &Path) -> Option<std::path::PathBuf> {
    let mut folders: Vec<_> = std::fs::read_dir(releases)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("manifest.json").exists())
        .collect();
    folders.sort();
    folders.pop()
}
