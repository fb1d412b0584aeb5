//! What the typesetter sees: the template, the sheet as data, its pictures, and the fonts of the program.

use std::collections::HashMap;

use clrisk_render::Sheet;
use clrisk_render::palette::BORDER;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_kit::fonts::{FontStore, embedded};

/// What all sheets share.
pub(crate) struct Shelf {
    library: LazyHash<Library>,
    fonts: FontStore,
    template: Source,
}

impl Shelf {
    pub(crate) fn new() -> Shelf {
        let mut fonts = FontStore::new();
        fonts.extend(embedded());
        Shelf {
            library: LazyHash::new(<Library as LibraryExt>::default()),
            fonts,
            template: Source::new(file_id("sheet.typ"), include_str!("sheet.typ").to_owned()),
        }
    }
}

/// The identity of a file that exists only here; the names are constants, and a name the typesetter refuses is never found.
fn file_id(name: &str) -> FileId {
    let path = VirtualPath::new(name).or_else(|_| VirtualPath::new("unnamed"));
    match path {
        Ok(path) => RootedPath::new(VirtualRoot::Project, path).intern(),
        Err(_) => Source::detached("").id(),
    }
}

/// One sheet on the desk.
pub(crate) struct Desk<'a> {
    shelf: &'a Shelf,
    files: HashMap<FileId, Bytes>,
}

/// Room for the map in millimetres: width of its column, greatest height.
fn map_room(sheet: &Sheet) -> (f64, f64) {
    match sheet.level {
        clrisk_core::Level::Municipality => (76.0, 66.0),
        _ => (88.0, 96.0),
    }
}

impl<'a> Desk<'a> {
    pub(crate) fn new(shelf: &'a Shelf, sheet: &Sheet, size: f64) -> Result<Desk<'a>, serde_json::Error> {
        let mut files = HashMap::new();
        let mut data = serde_json::to_value(sheet)?;
        if let serde_json::Value::Object(fields) = &mut data {
            let (width, height) = map_room(sheet);
            fields.insert("size".to_owned(), size.into());
            fields.insert("map-width".to_owned(), width.into());
            fields.insert("map-height".to_owned(), height.into());
            // The pictures travel as files of their own.
            if let Some(serde_json::Value::Object(map)) = fields.get_mut("map") {
                map.remove("svg");
                map.remove("patterns");
            }
        }
        files.insert(file_id("sheet.json"), Bytes::new(serde_json::to_vec(&data)?));
        if let Some(map) = &sheet.map {
            files.insert(file_id("map.svg"), Bytes::from_string(map.svg.clone()));
            for (index, line) in map.legend.iter().enumerate() {
                let picture = format!(
                    r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 280 180" width="28" height="18">{}<rect x="5" y="5" width="270" height="170" fill="{}" stroke="{BORDER}" stroke-width="8"/></svg>"#,
                    map.patterns, line.fill
                );
                files.insert(file_id(&format!("look-{index}.svg")), Bytes::from_string(picture));
            }
        }
        Ok(Desk { shelf, files })
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.shelf.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.shelf.fonts.book()
    }

    fn main(&self) -> FileId {
        self.shelf.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.shelf.template.id() { Ok(self.shelf.template.clone()) } else { Err(FileError::NotSource) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shelf.fonts.font(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        // A sheet says when it was published, not when it was printed: the same release gives the same bytes.
        None
    }
}
