//! Which bundle a command is about: the newest release of the project, one named by its id, or the confidential draft.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ArgMatches;
use clrisk_core::bundle::BundleError;
use clrisk_core::{Bundle, Finding, Place};

use crate::Speaker;
use crate::report::stop_with;

/// Reads the bundle that `--release` or `--draft` asks for; the newest release when neither is given.
///
/// # Errors
/// The exit code after the finding was printed.
pub fn open(speaker: &Speaker, project: &Path, matches: &ArgMatches) -> Result<Bundle, ExitCode> {
    let out = project.join("out");
    let draft = matches.get_flag("draft");
    let folder = match matches.get_one::<String>("release") {
        Some(id) => Some(out.join("release").join(id)),
        None if draft => Some(out.join("draft")),
        None => newest(&out.join("release")),
    };
    let Some(folder) = folder.filter(|folder| folder.join("manifest.json").exists()) else {
        let (code, place) = if draft { ("RELEASE-001", "out/draft") } else { ("RELEASE-007", "out/release") };
        return Err(stop_with(speaker, Finding::error(code, Place::file(place))));
    };
    Bundle::read(&folder).map_err(|error| {
        let reason = match error {
            BundleError::Changed { .. } => "changed",
            BundleError::Newer { .. } => "newer",
            _ => "other",
        };
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        unreadable(speaker, &name, reason)
    })
}

/// Says that a file of a bundle cannot be used.
pub fn unreadable(speaker: &Speaker, name: &str, reason: &str) -> ExitCode {
    stop_with(speaker, Finding::error("FILE-004", Place::file(name)).with("file", name).with("reason", reason))
}

/// The newest release: the last by name of those that have a manifest.
fn newest(releases: &Path) -> Option<PathBuf> {
    let mut folders: Vec<_> = std::fs::read_dir(releases)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("manifest.json").exists())
        .collect();
    folders.sort();
    folders.pop()
}
