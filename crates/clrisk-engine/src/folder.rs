//! The project folder: where things are, and how they are replaced without ever being half-written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clrisk_core::bundle::hash_file;
use clrisk_core::{Finding, Place};
use serde::{Deserialize, Serialize};

use crate::index::settings::Kind;
use crate::settings::Settings;
use crate::source::Found;

/// The settings file of a project.
pub const SETTINGS_FILE: &str = "clrisk.toml";
/// The machine-written lock file.
pub const LOCK_FILE: &str = "clrisk.lock";

/// A project folder.
#[derive(Debug, Clone)]
pub struct ProjectFolder {
    /// The folder.
    pub path: PathBuf,
}

/// `clrisk.lock`: what exactly a draft was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// Version of the program.
    pub program: String,
    /// Seed.
    pub seed: u64,
    /// SHA-256 of `clrisk.toml`.
    pub settings: String,
    /// SHA-256 of every input file.
    pub inputs: BTreeMap<String, String>,
    /// SHA-256 of the draft's manifest.
    pub draft: String,
}

impl ProjectFolder {
    /// The project in `path`.
    pub fn new(path: &Path) -> ProjectFolder {
        ProjectFolder { path: path.to_owned() }
    }

    /// Reads `clrisk.toml`.
    ///
    /// # Errors
    /// `CONFIG-003` when there is none, `CONFIG-001` when it is not valid.
    pub fn settings(&self) -> Result<(Settings, String), Found> {
        let (text, hash) = self.settings_text()?;
        Ok((Settings::parse(&text)?, hash))
    }

    /// `project.country_code`, for messages; none when `clrisk.toml` is not there or not understood.
    pub fn country_code(&self) -> Option<String> {
        let (text, _) = self.settings_text().ok()?;
        let table: toml::Table = toml::from_str(&text).ok()?;
        Some(table.get("project")?.get("country_code")?.as_str()?.to_owned())
    }

    /// Reads `clrisk.toml` whatever it asks for: estimates or an index alone.
    ///
    /// # Errors
    /// As [`ProjectFolder::settings`].
    pub fn kind(&self) -> Result<(Kind, String), Found> {
        let (text, hash) = self.settings_text()?;
        Ok((Kind::parse(&text)?, hash))
    }

    fn settings_text(&self) -> Result<(String, String), Found> {
        let file = self.path.join(SETTINGS_FILE);
        let text = std::fs::read_to_string(&file).map_err(|_| {
            Box::new(Finding::error("CONFIG-003", Place::file(SETTINGS_FILE)).with("folder", self.path.display()))
        })?;
        Ok((text, hash_file(&file).unwrap_or_default()))
    }

    /// `out/draft`.
    pub fn draft(&self) -> PathBuf {
        self.path.join("out").join("draft")
    }

    /// `out/release/<id>`.
    pub fn release(&self, id: &str) -> PathBuf {
        self.path.join("out").join("release").join(id)
    }

    /// The newest release: the last by name of those that have a manifest.
    pub fn newest_release(&self) -> Option<PathBuf> {
        let mut releases: Vec<PathBuf> = std::fs::read_dir(self.path.join("out").join("release"))
            .ok()?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.join("manifest.json").exists())
            .collect();
        releases.sort();
        releases.pop()
    }

    /// Brings back the draft that a killed run had set aside. Call before reading or replacing it.
    ///
    /// # Errors
    /// When a folder cannot be renamed.
    pub fn recover(&self) -> std::io::Result<()> {
        let (draft, previous) = (self.draft(), self.draft().with_extension("previous"));
        if previous.exists() {
            if draft.exists() {
                std::fs::remove_dir_all(&previous)?;
            } else {
                std::fs::rename(&previous, &draft)?;
            }
        }
        Ok(())
    }

    /// Puts the finished folder `fresh` in the place of the draft. At every moment one of the two is complete under
    /// `out/draft` or `out/draft.previous`.
    ///
    /// # Errors
    /// When a folder cannot be renamed.
    pub fn replace_draft(&self, fresh: &Path) -> std::io::Result<()> {
        let (draft, previous) = (self.draft(), self.draft().with_extension("previous"));
        self.recover()?;
        if draft.exists() {
            std::fs::rename(&draft, &previous)?;
        }
        std::fs::rename(fresh, &draft)?;
        if previous.exists() {
            std::fs::remove_dir_all(&previous)?;
        }
        Ok(())
    }

    /// An empty folder to write a bundle into; whatever a killed run left there is removed.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn staging(&self) -> std::io::Result<PathBuf> {
        let staging = self.path.join("out").join("unfinished");
        if staging.exists() {
            std::fs::remove_dir_all(&staging)?;
        }
        std::fs::create_dir_all(&staging)?;
        Ok(staging)
    }

    /// Writes `clrisk.lock`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_lock(&self, lock: &Lock) -> std::io::Result<()> {
        let text = toml::to_string(lock).map_err(std::io::Error::other)?;
        write_atomically(&self.path.join(LOCK_FILE), format!("# Written by clrisk; do not edit.\n{text}").as_bytes())
    }

    /// Reads `clrisk.lock`; none when there is none or it is not understood.
    pub fn lock(&self) -> Option<Lock> {
        toml::from_str(&std::fs::read_to_string(self.path.join(LOCK_FILE)).ok()?).ok()
    }
}

/// Writes a file so that a reader sees the old one or the new one, never a part.
///
/// # Errors
/// When the file cannot be written.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    std::fs::write(&part, bytes)?;
    std::fs::rename(part, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_killed_between_the_two_renames_gets_its_old_draft_back() {
        let folder = tempfile::tempdir().unwrap();
        let project = ProjectFolder::new(folder.path());
        let previous = project.draft().with_extension("previous");
        std::fs::create_dir_all(&previous).unwrap();
        std::fs::write(previous.join("manifest.json"), "old").unwrap();
        project.recover().unwrap();
        assert_eq!(std::fs::read_to_string(project.draft().join("manifest.json")).unwrap(), "old");
        assert!(!previous.exists());
    }

    #[test]
    fn replacing_keeps_only_the_new_draft() {
        let folder = tempfile::tempdir().unwrap();
        let project = ProjectFolder::new(folder.path());
        for text in ["first", "second"] {
            let staging = project.staging().unwrap();
            std::fs::write(staging.join("manifest.json"), text).unwrap();
            project.replace_draft(&staging).unwrap();
        }
        assert_eq!(std::fs::read_to_string(project.draft().join("manifest.json")).unwrap(), "second");
        assert_eq!(std::fs::read_dir(folder.path().join("out")).unwrap().count(), 1);
    }
}
