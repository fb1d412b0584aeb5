//! What a request asks for: which release, in which language, which page, in which form.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::response::Response;
use clrisk_core::Language;
use clrisk_core::bundle::AreaRow;
use clrisk_render::Words;

use crate::answer;
use crate::{Shelf, Site, pages};

/// One release on the shelf and where its pages are.
#[derive(Clone)]
pub struct Stand {
    /// All releases.
    pub shelf: Arc<Shelf>,
    /// Which of them.
    pub place: usize,
    /// What stands before the addresses of its pages: nothing, or `/release/ID`.
    pub base: Arc<str>,
}

impl Stand {
    /// The release.
    pub fn site(&self) -> &Site {
        &self.shelf.sites[self.place]
    }

    /// Words for its readers.
    pub fn words(&self, language: Language) -> Words<'_> {
        Words::new(&self.shelf.catalog, language, self.site().study.manifest())
    }
}

/// The form in which a page is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The page for people.
    Page,
    /// Comma-separated values.
    Csv,
    /// JSON.
    Json,
    /// The picture.
    Svg,
    /// For printing.
    Pdf,
}

impl Form {
    /// The forms for machines and printers with the endings of their addresses.
    pub const TWINS: [(&'static str, Form); 4] =
        [("csv", Form::Csv), ("json", Form::Json), ("svg", Form::Svg), ("pdf", Form::Pdf)];

    /// Splits the ending of an address from what stands before it.
    pub fn split(name: &str) -> (&str, Form) {
        let found = name.rsplit_once('.').and_then(|(stem, ending)| {
            let (_, form) = Form::TWINS.iter().find(|(known, _)| *known == ending)?;
            Some((stem, *form))
        });
        found.unwrap_or((name, Form::Page))
    }
}

/// The pairs of a query string. Whatever is not UTF-8 in it is replaced; nothing in it can fail.
#[derive(Debug, Clone, Default)]
pub struct Asked(Vec<(String, String)>);

impl Asked {
    /// Reads a query string.
    pub fn read(query: &str) -> Asked {
        let pairs = form_urlencoded::parse(query.as_bytes()).take(64);
        Asked(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// The first value of `name`, or nothing.
    pub fn get<'a>(&'a self, name: &'a str) -> &'a str {
        self.all(name).next().unwrap_or_default()
    }

    /// All values of `name`.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The query string with some names replaced; an empty value takes a name out.
    pub fn with(&self, changes: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.0 {
            if !value.is_empty() && !changes.iter().any(|(changed, _)| changed == name) {
                query.append_pair(name, value);
            }
        }
        for (name, value) in changes.iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        let text = query.finish();
        if text.is_empty() { text } else { format!("?{text}") }
    }
}

/// A request to a page in one of the languages.
pub struct Visit {
    /// Where.
    pub stand: Stand,
    /// Language of the address.
    pub language: Language,
    /// What follows the language in the address, piece by piece.
    pub pieces: Vec<String>,
    /// The query string.
    pub asked: Asked,
}

impl Visit {
    /// The release.
    pub fn site(&self) -> &Site {
        self.stand.site()
    }

    /// The words of its language.
    pub fn words(&self) -> Words<'_> {
        self.stand.words(self.language)
    }

    /// The last piece of the address as an area of `level`, and the form asked for. A code is tried as it stands first: codes may hold
    /// dots.
    pub fn area(&self, level: clrisk_core::Level) -> Option<(&AreaRow, Form)> {
        let last = self.pieces.last()?;
        let study = &self.site().study;
        if let Some(row) = study.area(level, last) {
            return Some((row, Form::Page));
        }
        let (code, form) = Form::split(last);
        Some((study.area(level, code)?, form))
    }

    /// The last piece of the address without its ending, and the form asked for.
    pub fn name(&self) -> (&str, Form) {
        Form::split(self.pieces.last().map_or("", String::as_str))
    }

    /// The page that says there is nothing here.
    pub fn nothing(&self) -> Response {
        answer::not_found(&self.stand, self.language)
    }
}

/// The language that the browser prefers among ours.
pub fn preferred(parts: &axum::http::HeaderMap) -> Language {
    Language::negotiate(parts.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default())
}

impl FromRequestParts<Stand> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, stand: &Stand) -> Result<Visit, Response> {
        let decoded: Option<Vec<String>> = parts
            .uri
            .path()
            .split('/')
            .skip(1)
            .map(|piece| {
                let text = percent_encoding::percent_decode_str(piece).decode_utf8().ok()?;
                Some(text.into_owned())
            })
            .collect();
        let language = parts.uri.path().split('/').nth(1).and_then(|first| first.parse::<Language>().ok());
        let (Some(mut pieces), Some(language)) = (decoded, language) else {
            return Err(answer::not_found(stand, language.unwrap_or_else(|| preferred(&parts.headers))));
        };
        pieces.remove(0);
        let asked = Asked::read(parts.uri.query().unwrap_or_default());
        Ok(Visit { stand: stand.clone(), language, pieces, asked })
    }
}

/// What a page needs to be written.
pub struct View<'a> {
    /// Where.
    pub stand: &'a Stand,
    /// The release.
    pub site: &'a Site,
    /// The words.
    pub words: Words<'a>,
    /// The query string.
    pub asked: &'a Asked,
}

impl<'a> View<'a> {
    /// The view of a request.
    pub fn of(visit: &'a Visit) -> View<'a> {
        View { stand: &visit.stand, site: visit.site(), words: visit.words(), asked: &visit.asked }
    }

    /// A text of the site.
    pub fn text(&self, key: &str) -> String {
        self.words.text(key)
    }

    /// The address of a page of this language.
    pub fn to(&self, path: &str) -> String {
        pages::address(self.words.language, path)
    }
}
