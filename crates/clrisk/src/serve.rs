//! `serve`: the site of a bundle.

use std::path::Path;
use std::process::ExitCode;

use clap::ArgMatches;
use clrisk_core::Bundle;

use crate::report::{MACHINE, say, text};
use crate::{Speaker, published};

/// Serves the newest release of the project, the release asked for, or its draft.
pub async fn command(speaker: &Speaker, project: &Path, matches: &ArgMatches) -> ExitCode {
    match published::open(speaker, project, matches) {
        Ok(bundle) => site(speaker, bundle, text(matches, "listen")).await,
        Err(code) => code,
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
        Err(_) => return published::unreadable(speaker, "boundaries.geojson", "other"),
    };
    say(speaker, "command-serving", &[("address", &format!("http://{shown}/{}/", speaker.language.code()))]);
    match clrisk_server::serve(listener, router).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(MACHINE),
    }
}
