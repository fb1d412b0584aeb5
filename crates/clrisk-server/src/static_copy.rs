//! The whole site as a folder for a USB stick: every page as the server writes it, with links from file to file.
//!
//! The pages are asked of the same routes that serve people; whatever they link to is copied too, so a link that leads nowhere stops the
//! copy. What needs a server (comparing, other releases) is not offered in these pages; searching and sorting are done by their scripts.

use std::collections::{HashMap, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use clrisk_core::{Bundle, Language};
use clrisk_render::RenderError;
use tower::ServiceExt;

use crate::{Shelf, links, route};

/// The file by which a later copy knows that it may replace a folder.
const MARK: &str = "clrisk-site.json";

/// What can go wrong while a site is copied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    /// The folder has other things in it.
    #[error("{folder} exists and is not a copy of a site")]
    Occupied {
        /// The folder.
        folder: PathBuf,
    },
    /// A file could not be written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The bundle cannot be drawn.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// A page links to something that the server does not give.
    #[error("{address} was answered with {status}")]
    Page {
        /// The address.
        address: String,
        /// What the server said.
        status: u16,
    },
}

/// What was copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Copied {
    /// Files.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
}

/// Writes the site of `bundle` in `languages` into `folder`, which appears complete or not at all. A folder that an earlier copy made
/// is replaced; any other that is not empty is left alone. `progress` is told the number of files written.
///
/// # Errors
/// See [`CopyError`].
pub async fn write(
    bundle: Bundle,
    languages: &[Language],
    folder: &Path,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Copied, CopyError> {
    let occupied = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if occupied && !folder.join(MARK).exists() {
        return Err(CopyError::Occupied { folder: folder.to_owned() });
    }
    let staging = beside(folder, "unfinished");
    remove(&staging)?;
    let copied = copy(bundle, languages, &staging, progress).await?;
    let previous = beside(folder, "previous");
    remove(&previous)?;
    if folder.exists() {
        fs::rename(folder, &previous).map_err(|source| CopyError::Io { path: folder.to_owned(), source })?;
    }
    fs::rename(&staging, folder).map_err(|source| CopyError::Io { path: folder.to_owned(), source })?;
    remove(&previous)?;
    Ok(copied)
}

/// A folder beside another, on the same disk.
fn beside(folder: &Path, what: &str) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    folder.with_file_name(format!(".{name}.{what}"))
}

fn remove(folder: &Path) -> Result<(), CopyError> {
    match fs::remove_dir_all(folder) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(CopyError::Io { path: folder.to_owned(), source })
        }
        _ => Ok(()),
    }
}

async fn copy(
    bundle: Bundle,
    languages: &[Language],
    folder: &Path,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Copied, CopyError> {
    let shelf = Shelf::new(vec![bundle], true)?;
    let version = shelf.sites.first().map(|site| site.version.clone()).unwrap_or_default();
    let router = route::router(Arc::new(shelf));
    let spoken = |address: &str| {
        let first = address.split('/').nth(1).and_then(|piece| piece.parse::<Language>().ok());
        first.is_none_or(|language| languages.contains(&language))
    };
    let mut waiting: VecDeque<String> = languages.iter().map(|language| format!("/{language}/")).collect();
    let mut known: HashMap<String, ()> = waiting.iter().map(|address| (file_name(address), ())).collect();
    let mut copied = Copied::default();
    while let Some(address) = waiting.pop_front() {
        let request = Request::get(&address).body(Body::empty());
        let Ok(request) = request else { return Err(CopyError::Page { address, status: 400 }) };
        let Ok(answer) = router.clone().oneshot(request).await;
        if answer.status() != StatusCode::OK {
            return Err(CopyError::Page { address, status: answer.status().as_u16() });
        }
        let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let has_links = kind.starts_with("text/html") || kind.starts_with("image/svg");
        let Ok(bytes) = to_bytes(answer.into_body(), usize::MAX).await else {
            return Err(CopyError::Page { address, status: 500 });
        };
        let own = file_name(&address);
        let content = if has_links {
            let found = std::cell::RefCell::new(Vec::new());
            let moved = links::rewrite(&String::from_utf8_lossy(&bytes), &|target| {
                if !spoken(target) {
                    // The page of a language that was not asked for: stay where one is.
                    return String::new();
                }
                let (bare, anchor) = target.split_once('#').map_or((target, ""), |(bare, anchor)| (bare, anchor));
                found.borrow_mut().push(bare.replace("&amp;", "&"));
                let anchor = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
                format!("{}{anchor}", relative(&own, &file_name(bare)))
            });
            for target in found.into_inner() {
                if known.insert(file_name(&target), ()).is_none() {
                    waiting.push_back(target);
                }
            }
            moved.into_bytes()
        } else {
            bytes.to_vec()
        };
        write_file(folder, &own, &content, &mut copied)?;
        progress(copied.files);
    }
    let start = languages.first().copied().unwrap_or_default();
    let home = format!(
        "<!DOCTYPE html>\n<html lang=\"{start}\"><meta charset=\"utf-8\"><title>clrisk</title>\
         <meta http-equiv=\"refresh\" content=\"0; url={start}/index.html\">{}</html>\n",
        languages
            .iter()
            .map(|language| format!("<p><a href=\"{language}/index.html\">{}</a>", language.endonym()))
            .collect::<String>()
    );
    write_file(folder, "index.html", home.as_bytes(), &mut copied)?;
    let mark = serde_json::json!({ "version": version, "files": copied.files });
    write_file(folder, MARK, format!("{mark:#}\n").as_bytes(), &mut copied)?;
    Ok(copied)
}

fn write_file(folder: &Path, name: &str, content: &[u8], copied: &mut Copied) -> Result<(), CopyError> {
    let path = folder.join(name);
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, content));
    written.map_err(|source| CopyError::Io { path, source })?;
    copied.files += 1;
    copied.bytes += content.len() as u64;
    Ok(())
}

/// The file of an address. What a layer shows becomes part of the name; bytes that file systems may not take are written `_XX`.
pub fn file_name(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let path = path.trim_start_matches('/').replace('%', "_");
    let asked: Vec<(String, String)> =
        form_urlencoded::parse(query.replace("&amp;", "&").as_bytes()).into_owned().collect();
    let plain =
        |text: &str| text.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect::<String>();
    let wanted: String = asked
        .iter()
        .filter(|(name, _)| name != "v")
        .map(|(name, value)| format!(".{}-{}", plain(name), plain(value)))
        .collect();
    let last = path.rsplit('/').next().unwrap_or_default();
    let known_ending =
        ["css", "js", "json", "csv", "svg", "pdf", "txt", "xml", "xlsx", "zip", "geojson", "gpkg", "parquet"];
    match last.rsplit_once('.').filter(|(_, ending)| known_ending.contains(ending)) {
        Some((_, ending)) => format!("{}{wanted}.{ending}", &path[..path.len() - ending.len() - 1]),
        None if path.is_empty() || path.ends_with('/') => format!("{path}index{wanted}.html"),
        None => format!("{path}{wanted}.html"),
    }
}

/// From one file of the folder to another.
fn relative(from: &str, to: &str) -> String {
    let depth = from.matches('/').count();
    format!("{}{to}", "../".repeat(depth))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_files_that_every_disk_takes() {
        for (address, file) in [
            ("/es/", "es/index.html"),
            ("/es/?show=class", "es/index.show-class.html"),
            ("/es/area/0101", "es/area/0101.html"),
            ("/es/area/0101.csv", "es/area/0101.csv"),
            ("/es/department/01.svg?show=rate&amp;only=2", "es/department/01.show-rate.only-2.svg"),
            ("/es/area/a%2Fb", "es/area/a_2Fb.html"),
            ("/es/area/1.5", "es/area/1.5.html"),
            ("/assets/style.css?v=12ab", "assets/style.css"),
        ] {
            assert_eq!(file_name(address), file);
        }
        assert_eq!(relative("es/area/0101.html", "assets/style.css"), "../../assets/style.css");
    }
}
