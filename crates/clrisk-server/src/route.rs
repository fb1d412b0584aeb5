//! Which address gives which page.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use clrisk_core::{Language, Level};
use clrisk_render::{Layer, Words, tables};
use maud::Markup;

use crate::{Site, index_pages, pages};

type Shared = State<Arc<Site>>;

const SECURITY: [(&str, &str); 3] = [
    ("content-security-policy", "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
];

/// The routes.
pub fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/", get(start))
        .route("/style.css", get(style))
        .route("/{language}", get(with_slash))
        .route("/{language}/", get(national))
        .route("/{language}/areas", get(areas))
        .route("/{language}/area/{code}", get(area))
        .route("/{language}/department/{code}", get(department))
        .route("/{language}/how", get(how))
        .merge(index_pages::router())
        .fallback(missing)
        .with_state(site)
}

fn secured(mut response: Response) -> Response {
    for (name, value) in SECURITY {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

pub fn file(kind: &'static str, text: String) -> Response {
    secured(([(header::CONTENT_TYPE, kind)], text).into_response())
}

pub fn page(status: StatusCode, markup: Markup) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    secured((status, kind, markup.into_string()).into_response())
}

async fn start(headers: HeaderMap) -> Redirect {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Redirect::to(&format!("/{}/", Language::negotiate(wanted)))
}

async fn with_slash(State(site): Shared, Path(language): Path<String>) -> Response {
    match language.parse::<Language>() {
        Ok(language) => Redirect::permanent(&format!("/{language}/")).into_response(),
        Err(_) => not_found(&site, Language::Es),
    }
}

async fn style() -> Response {
    file("text/css; charset=utf-8", include_str!("style.css").to_owned())
}

async fn missing(State(site): Shared, headers: HeaderMap, address: axum::http::Uri) -> Response {
    let first = address.path().split('/').nth(1).unwrap_or_default();
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    not_found(&site, first.parse().unwrap_or_else(|_| Language::negotiate(wanted)))
}

pub fn not_found(site: &Site, language: Language) -> Response {
    let words = Words::new(&site.catalog, language, site.study.manifest());
    page(StatusCode::NOT_FOUND, pages::not_found(site, &words))
}

/// The words of the language in the address, or the page that says there is nothing.
pub fn words<'a>(site: &'a Site, language: &str) -> Result<Words<'a>, Box<Response>> {
    match language.parse::<Language>() {
        Ok(language) => Ok(Words::new(&site.catalog, language, site.study.manifest())),
        Err(_) => Err(Box::new(not_found(site, Language::Es))),
    }
}

async fn national(
    State(site): Shared,
    Path(language): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let words = match words(&site, &language) {
        Ok(words) => words,
        Err(response) => return *response,
    };
    if let Some(target) = index_pages::first(&site, words.language) {
        return Redirect::temporary(&target).into_response();
    }
    let layer = query.get("show").and_then(|code| Layer::parse(code)).unwrap_or_default();
    page(StatusCode::OK, pages::national(&site, &words, layer))
}

async fn areas(
    State(site): Shared,
    Path(language): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let words = match words(&site, &language) {
        Ok(words) => words,
        Err(response) => return *response,
    };
    let wanted = query.get("q").map_or("", String::as_str);
    let order = query.get("sort").map_or("name", String::as_str);
    let rows = pages::found(&site.study, wanted, order);
    match query.get("format").map(String::as_str) {
        Some("csv") => file("text/csv; charset=utf-8", tables::area_list(&site.study, &rows).csv()),
        Some("json") => json(&site, &words, &serde_json::Value::Array(tables::area_list(&site.study, &rows).objects())),
        _ => page(StatusCode::OK, pages::areas(&site, &words, &rows, wanted, order)),
    }
}

async fn area(
    State(site): Shared,
    Path((language, code)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let words = match words(&site, &language) {
        Ok(words) => words,
        Err(response) => return *response,
    };
    let Some(row) = site.study.area(Level::Municipality, &code) else { return not_found(&site, words.language) };
    match query.get("format").map(String::as_str) {
        Some("csv") => {
            file("text/csv; charset=utf-8", tables::area_groups(&site.study, Level::Municipality, &code).csv())
        }
        Some("json") => json(&site, &words, &tables::area_object(&site.study, row)),
        _ => page(StatusCode::OK, pages::area(&site, &words, row)),
    }
}

pub fn json(site: &Site, words: &Words<'_>, value: &serde_json::Value) -> Response {
    match tables::json(value) {
        Ok(text) => file("application/json", text),
        Err(_) => not_found(site, words.language),
    }
}

async fn department(State(site): Shared, Path((language, code)): Path<(String, String)>) -> Response {
    let words = match words(&site, &language) {
        Ok(words) => words,
        Err(response) => return *response,
    };
    match site.study.area(Level::Department, &code) {
        Some(row) => page(StatusCode::OK, pages::department(&site, &words, row)),
        None => not_found(&site, words.language),
    }
}

async fn how(State(site): Shared, Path(language): Path<String>) -> Response {
    match words(&site, &language) {
        Ok(words) => page(StatusCode::OK, pages::how(&site, &words)),
        Err(response) => *response,
    }
}
