//! Where the tests find real data, and how they read a bundle.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};

use clrisk_core::{Bundle, Estimate, Group, Level};

/// The folder of real data: `CLRISK_REAL_DATA`, or `shared/data` beside the project. None, said aloud, when there is none.
pub fn real_data(test: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("CLRISK_REAL_DATA").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return folder.canonicalize().ok();
    }
    eprintln!("SKIPPED: {test} needs the real data (CLRISK_REAL_DATA or ../shared/data)");
    None
}

/// A copy of an example of the project whose data paths point to `data`; `edit` may change its settings.
pub fn example(name: &str, data: &Path, edit: impl Fn(String) -> String) -> tempfile::TempDir {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(&source).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    let settings = folder.path().join("clrisk.toml");
    let text = fs::read_to_string(&settings).unwrap().replace("../../../shared/data", data.to_str().unwrap());
    fs::write(&settings, edit(text)).unwrap();
    folder
}

/// The estimate of all children of an area.
pub fn estimate<'a>(bundle: &'a Bundle, level: Level, area: &str) -> &'a Estimate {
    bundle
        .estimates
        .iter()
        .find(|row| row.level == level && row.area == area && row.group == Group::all())
        .unwrap_or_else(|| panic!("no estimate for {area}"))
}

/// Codes of the findings, sorted, each once.
pub fn codes(findings: &clrisk_core::Findings) -> Vec<&str> {
    let mut codes: Vec<&str> = findings.0.iter().map(|finding| finding.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}
