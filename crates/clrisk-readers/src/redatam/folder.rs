//! The files beside a dictionary, found by the paths that Windows wrote into it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::ReadError;
use crate::source::Source;

/// The folder of a dictionary, or files in memory that stand for one.
#[derive(Debug, Clone)]
pub(crate) enum Folder {
    /// A folder of the disk.
    Disk(PathBuf),
    /// Files in memory, by name in lower case.
    Memory(Arc<HashMap<String, Source>>),
}

impl Folder {
    /// The folder in which a source lies.
    pub(crate) fn of(source: &Source) -> Folder {
        match source.in_memory() {
            true => Folder::Memory(Arc::default()),
            false => Folder::Disk(source.path().parent().unwrap_or(Path::new("")).to_owned()),
        }
    }

    /// The file of a path such as `.\DATOS\Cpv0001.rbf`. Upper and lower case are one. A path that leads out of the folder, or to a folder
    /// that is not there, is looked for by its last part: databases are moved without their dictionaries being changed.
    ///
    /// # Errors
    /// The file is there and cannot be read. An empty file is one of no bytes, not an error.
    pub(crate) fn find(&self, path: &str) -> Result<Option<Found>, ReadError> {
        let parts: Vec<String> =
            path.split(['\\', '/']).filter(|part| !matches!(*part, "" | ".")).map(str::to_lowercase).collect();
        let Some(last) = parts.last() else { return Ok(None) };
        match self {
            Folder::Memory(files) => Ok(files.get(last).cloned().map(Found::File)),
            Folder::Disk(folder) => {
                let stays =
                    !path.starts_with(['\\', '/']) && parts.iter().all(|part| part != ".." && !part.contains(':'));
                let below = if stays { walk(folder, &parts) } else { None };
                let Some(file) = below.or_else(|| walk(folder, std::slice::from_ref(last))) else { return Ok(None) };
                match Source::file(&file) {
                    Ok(source) => Ok(Some(Found::File(source))),
                    Err(ReadError::Empty) => Ok(Some(Found::Empty)),
                    Err(ReadError::NotFound) => Ok(None),
                    Err(error) => Err(error),
                }
            }
        }
    }
}

/// A file that is there.
pub(crate) enum Found {
    /// With bytes.
    File(Source),
    /// Without.
    Empty,
}

/// Follows names in lower case from a folder.
fn walk(folder: &Path, parts: &[String]) -> Option<PathBuf> {
    parts.iter().try_fold(folder.to_owned(), |place, part| {
        let listed = if place.as_os_str().is_empty() { Path::new(".") } else { place.as_path() };
        let found = std::fs::read_dir(listed)
            .ok()?
            .filter_map(Result::ok)
            .find(|entry| entry.file_name().to_string_lossy().to_lowercase() == *part)?;
        Some(found.path())
    })
}
