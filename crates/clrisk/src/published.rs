//! Which bundles a command is about: the releases of the project, one named by its id, or the confidential draft.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ArgMatches;
use clrisk_core::bundle::BundleError;
use clrisk_core::{Bundle, Finding, Findings, Manifest, Place, Severity};

use crate::Speaker;
use crate::report::{print_findings, stop_with};

/// Reads the bundle that `--release` or `--draft` asks for; the newest release when neither is given.
///
/// # Errors
/// The exit code after the finding was printed.
pub fn open(speaker: &Speaker, project: &Path, matches: &ArgMatches) -> Result<Bundle, ExitCode> {
    match folders(project, matches).first() {
        Some(folder) => Bundle::read(folder).map_err(|error| stop_with(speaker, damaged(folder, &error))),
        None => Err(missing(speaker, matches)),
    }
}

/// Reads all releases, newest first; the one that `--release` or the draft that `--draft` asks for alone. A release that was changed since
/// it was signed is left out, and it is said.
///
/// # Errors
/// The exit code after the findings were printed, when nothing is left.
pub fn all(speaker: &Speaker, project: &Path, matches: &ArgMatches) -> Result<Vec<Bundle>, ExitCode> {
    let folders = folders(project, matches);
    let (mut bundles, mut findings) = (Vec::new(), Findings::default());
    for folder in &folders {
        match Bundle::read(folder) {
            Ok(bundle) => bundles.push(bundle),
            Err(error) => findings.0.push(damaged(folder, &error)),
        }
    }
    if folders.is_empty() {
        return Err(missing(speaker, matches));
    }
    if !bundles.is_empty() {
        for finding in &mut findings.0 {
            finding.severity = Severity::Warning;
        }
    }
    if !findings.0.is_empty() {
        print_findings(speaker, &findings);
    }
    if bundles.is_empty() { Err(ExitCode::from(crate::report::STOPPED)) } else { Ok(bundles) }
}

fn missing(speaker: &Speaker, matches: &ArgMatches) -> ExitCode {
    let (code, place) =
        if matches.get_flag("draft") { ("RELEASE-001", "out/draft") } else { ("RELEASE-007", "out/release") };
    stop_with(speaker, Finding::error(code, Place::file(place)))
}

fn damaged(folder: &Path, error: &BundleError) -> Finding {
    let reason = match error {
        BundleError::Changed { .. } => "changed",
        BundleError::Newer { .. } => "newer",
        _ => "other",
    };
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Finding::error("FILE-004", Place::file(&name)).with("file", &name).with("reason", reason)
}

/// Says that a file of a bundle cannot be used.
pub fn unreadable(speaker: &Speaker, name: &str, reason: &str) -> ExitCode {
    stop_with(speaker, Finding::error("FILE-004", Place::file(name)).with("file", name).with("reason", reason))
}

/// The folders asked for that hold a manifest, newest first.
fn folders(project: &Path, matches: &ArgMatches) -> Vec<PathBuf> {
    let out = project.join("out");
    let mut folders = match matches.get_one::<String>("release") {
        Some(id) => vec![out.join("release").join(id)],
        None if matches.get_flag("draft") => vec![out.join("draft")],
        None => {
            let entries = std::fs::read_dir(out.join("release")).into_iter().flatten();
            entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
        }
    };
    folders.retain(|folder| folder.join("manifest.json").exists());
    folders.sort_by_cached_key(|folder| std::cmp::Reverse((signed(folder), folder.clone())));
    folders
}

/// The date of a release's signature.
fn signed(folder: &Path) -> Option<String> {
    let text = std::fs::read_to_string(folder.join("manifest.json")).ok()?;
    let manifest: Manifest = serde_json::from_str(&text).ok()?;
    manifest.signature.map(|signature| signature.date)
}
