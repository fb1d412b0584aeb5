//! Which address gives which page.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use clrisk_core::bundle::AreaRow;
use clrisk_core::{Language, Level};
use clrisk_render::{address, map, tables};
use maud::Markup;
use tower_http::compression::predicate::{NotForContentType, Predicate};
use tower_http::compression::{CompressionLayer, DefaultPredicate};

use crate::answer::{self, Door, Memory, file, page};
use crate::visit::{Form, Stand, View, Visit, preferred};
use crate::{Shelf, assets, documentation, files, index_pages, openapi, pages, twins};

pub const CSV: &str = "text/csv; charset=utf-8";
const JSON: &str = "application/json";
pub const SVG: &str = "image/svg+xml";

/// Everything: the newest release below short addresses, each release below its own.
pub fn router(shelf: Arc<Shelf>) -> Router {
    let memory = Arc::new(Mutex::new(Memory::new()));
    let stand = |place: usize, base: String| Stand { shelf: shelf.clone(), place, base: base.into() };
    let newest = stand(0, String::new());
    let mut router = release(newest.clone(), memory.clone())
        .route("/assets/{name}", get(asset))
        .route("/openapi.json", get(async || file(JSON, openapi::document())))
        .route("/robots.txt", get(robots).with_state(newest.clone()))
        .route("/sitemap.xml", get(site_map).with_state(newest));
    for (place, site) in shelf.sites.iter().enumerate() {
        if let Some(id) = site.id() {
            let base = format!("/release/{}", address::segment(id));
            router = router.nest(&base.clone(), release(stand(place, base), memory.clone()));
        }
    }
    router.layer(from_fn(answer::secure))
}

/// The pages of one release.
fn release(stand: Stand, memory: Arc<Mutex<Memory>>) -> Router {
    let compressed = DefaultPredicate::new()
        .and(NotForContentType::const_new("application/pdf"))
        .and(NotForContentType::const_new("application/zip"))
        .and(NotForContentType::const_new("application/vnd."));
    let door = Door { memory, ..Door::new(stand.clone()) };
    Router::new()
        .route("/", get(start))
        .route("/areas.js", get(names))
        .route("/{language}", get(with_slash))
        .route("/{language}/", get(national))
        .route("/{language}/{page}", get(single))
        .route("/{language}/area/{code}", get(area))
        .route("/{language}/area/{code}/sheet", get(area_sheet))
        .route("/{language}/department/{code}", get(department))
        .route("/{language}/department/{code}/sheet", get(area_sheet))
        .route("/{language}/region/{code}", get(region))
        .route("/{language}/indicator/{name}", get(indicator))
        .route("/{language}/docs/{name}", get(document))
        .route("/{language}/measured/{name}", get(measure))
        .merge(index_pages::router())
        .fallback(missing)
        .layer(from_fn_with_state(stand.clone(), answer::relocate))
        .layer(CompressionLayer::new().compress_when(compressed))
        .layer(from_fn_with_state(door, answer::remember))
        .with_state(stand)
}

async fn asset(Path(name): Path<String>) -> Response {
    match assets::ALL.iter().find(|asset| asset.name == name) {
        Some(asset) => {
            let mut response = file(asset.kind, asset.content);
            let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
            response.headers_mut().insert(header::CACHE_CONTROL, forever);
            response
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Drafts are for nobody's index.
async fn robots(State(stand): State<Stand>, headers: HeaderMap) -> Response {
    let rule = if stand.site().is_draft() {
        "Disallow: /".to_owned()
    } else {
        format!("Disallow: /*/compare\nSitemap: {}/sitemap.xml", origin(&headers))
    };
    file("text/plain; charset=utf-8", format!("User-agent: *\n{rule}\n"))
}

/// Where the site is for the one who asks; the program itself does not know.
fn origin(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let plain = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
    // Whoever puts the site on the internet puts a server with certificates before it, and that server says so.
    let secure = headers.get("x-forwarded-proto").is_some_and(|value| value == "https");
    let host = if plain { host } else { "localhost" };
    format!("{}://{host}", if secure { "https" } else { "http" })
}

async fn site_map(State(stand): State<Stand>, headers: HeaderMap) -> Response {
    if stand.site().is_draft() {
        return StatusCode::NOT_FOUND.into_response();
    }
    file("application/xml", pages::site_map(stand.site(), &origin(&headers)))
}

async fn start(State(stand): State<Stand>, headers: HeaderMap) -> Redirect {
    Redirect::to(&format!("{}/{}/", stand.base, preferred(&headers)))
}

async fn with_slash(visit: Visit) -> Redirect {
    Redirect::permanent(&format!("{}/{}/", visit.stand.base, visit.language))
}

async fn missing(State(stand): State<Stand>, request: Request) -> Response {
    let first = request.uri().path().split('/').nth(1).unwrap_or_default();
    let language = first.parse::<Language>().unwrap_or_else(|()| preferred(request.headers()));
    answer::not_found(&stand, language)
}

pub fn html(markup: Markup) -> Response {
    page(StatusCode::OK, markup)
}

/// A text that the browser saves under a name of its own; that of a draft warns.
pub fn saved(visit: &Visit, kind: &'static str, name: &str, content: impl Into<Body>) -> Response {
    let mut response = file(kind, content);
    let stage = visit.site().id().map_or_else(|| visit.words().text("site-draft-file"), str::to_owned);
    let plain = |text: &str| {
        text.chars().filter(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(*letter)).collect::<String>()
    };
    let disposition = format!(
        "inline; filename=\"{}-{}-{}\"",
        plain(&visit.site().study.manifest().project),
        plain(&stage),
        plain(name)
    );
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

fn table(visit: &Visit, name: &str, table: &tables::PlainTable) -> Response {
    saved(visit, CSV, &format!("{name}.csv"), table.csv())
}

pub fn json(visit: &Visit, value: &serde_json::Value) -> Response {
    match tables::json(value) {
        Ok(text) => file(JSON, text),
        Err(_) => visit.nothing(),
    }
}

fn rows(visit: &Visit, table: &tables::PlainTable) -> Response {
    json(visit, &serde_json::Value::Array(table.objects()))
}

fn picture(visit: &Visit, name: &str, drawn: &Markup) -> Response {
    saved(visit, SVG, &format!("{name}.svg"), map::standalone(drawn).into_string())
}

/// A fact sheet for printing.
async fn sheet(visit: &Visit, level: Level, code: &str) -> Response {
    match files::printed(&visit.stand, visit.language, level, code).await {
        Ok(pdf) => saved(visit, "application/pdf", &format!("{code}.pdf"), pdf),
        Err(why) => answer::not_made(&View::of(visit), why, code),
    }
}

/// A file for other programs.
async fn made(visit: &Visit, name: &str) -> Response {
    match files::file(&visit.stand, visit.language, name).await {
        Ok((kind, bytes)) => saved(visit, kind, name, bytes),
        Err(why) => answer::not_made(&View::of(visit), why, name),
    }
}

async fn national(visit: Visit) -> Response {
    if let Some(target) = index_pages::first(visit.site(), visit.language) {
        return Redirect::temporary(&format!("{}{target}", visit.stand.base)).into_response();
    }
    html(pages::national(&View::of(&visit)))
}

/// The pages whose address is one word.
async fn single(visit: Visit) -> Response {
    if let Some(name) = visit.pieces.last().filter(|name| files::FILES.iter().any(|(known, _)| known == name)) {
        return made(&visit, name).await;
    }
    let country = visit.site().study.country().map(|row| row.area.code.clone());
    if let (("national", Form::Pdf), Some(code)) = (visit.name(), country) {
        return sheet(&visit, Level::Country, &code).await;
    }
    let view = View::of(&visit);
    let study = &visit.site().study;
    let (name, form) = visit.name();
    match (name, form) {
        ("national", Form::Csv) => match study.country() {
            Some(row) => table(&visit, "national", &tables::area_groups(study, Level::Country, &row.area.code)),
            None => visit.nothing(),
        },
        ("national", Form::Json) => json(&visit, &twins::country(visit.site())),
        ("national", Form::Svg) => picture(&visit, "national", &pages::national_picture(&view)),
        ("areas", Form::Page) => html(pages::areas(&view)),
        ("areas", Form::Csv) => table(&visit, "areas", &tables::area_list(study, &pages::chosen(&view).rows)),
        ("areas", Form::Json) => rows(&visit, &tables::area_list(study, &pages::chosen(&view).rows)),
        ("compare", Form::Page) => html(pages::compare(&view)),
        ("compare", Form::Csv) => table(&visit, "compare", &tables::area_list(study, &pages::compared(&view))),
        ("compare", Form::Json) => rows(&visit, &tables::area_list(study, &pages::compared(&view))),
        ("indicators", Form::Page) => html(pages::indicators(&view)),
        ("indicators", Form::Json) => json(&visit, &twins::indicators(&view)),
        ("releases", Form::Page) => html(pages::releases(&view)),
        ("releases", Form::Json) => rows(&visit, &twins::releases(&visit.stand)),
        ("releases", Form::Csv) => table(&visit, "releases", &twins::releases(&visit.stand)),
        ("changes", _) => changes(&visit, &view, form),
        ("how", Form::Page) => html(pages::how(&view)),
        ("how", Form::Json) => json(&visit, &twins::model(visit.site())),
        ("measured" | "measured-changes", _) => measured(&visit, &view, name, form),
        ("data", Form::Page) => html(pages::data(&view)),
        ("api", Form::Page) => html(pages::api(&view)),
        ("docs", Form::Page) => html(pages::documents(&view)),
        ("sheet", Form::Page) => sheet_page(&visit, study.country()),
        _ => visit.nothing(),
    }
}

/// The fact sheet of a municipality or department as a page; its address ends in `/sheet`.
async fn area_sheet(visit: Visit) -> Response {
    let level =
        if visit.pieces.first().is_some_and(|piece| piece == "area") { Level::Municipality } else { Level::Department };
    let code = visit.pieces.get(1).map_or("", String::as_str);
    sheet_page(&visit, visit.site().study.area(level, code))
}

fn sheet_page(visit: &Visit, row: Option<&AreaRow>) -> Response {
    match row.and_then(|row| pages::sheet(&View::of(visit), row)) {
        Some(markup) => html(markup),
        None => visit.nothing(),
    }
}

fn changes(visit: &Visit, view: &View<'_>, form: Form) -> Response {
    let Some(earlier) = pages::earlier(view) else { return visit.nothing() };
    let changes = twins::changes(visit.site(), earlier);
    match form {
        Form::Page => html(pages::changes(view, earlier)),
        Form::Csv => table(visit, "changes", &changes),
        Form::Json => rows(visit, &changes),
        _ => visit.nothing(),
    }
}

/// What the survey measured: all of it, and the changes since the earlier survey.
fn measured(visit: &Visit, view: &View<'_>, name: &str, form: Form) -> Response {
    let Some(measured) = pages::measured_in(view) else { return visit.nothing() };
    match (name, form) {
        ("measured", Form::Page) => html(pages::measured(view, measured)),
        ("measured", Form::Csv) => table(visit, name, &tables::plain(&measured.table())),
        ("measured", Form::Json) => json(visit, &twins::measured(visit.site(), measured)),
        ("measured-changes", Form::Csv) => table(visit, name, &tables::plain(&measured.changes_table())),
        ("measured-changes", Form::Json) => rows(visit, &tables::plain(&measured.changes_table())),
        _ => visit.nothing(),
    }
}

/// One measure.
async fn measure(visit: Visit) -> Response {
    let view = View::of(&visit);
    let Some(measured) = pages::measured_in(&view) else { return visit.nothing() };
    let (name, form) = visit.name();
    if !measured.measures.iter().any(|known| known == name) {
        return visit.nothing();
    }
    match form {
        Form::Page => pages::measure(&view, measured, name).map_or_else(|| visit.nothing(), html),
        Form::Csv => table(&visit, name, &tables::plain(&measured.of(name).table())),
        Form::Json => json(&visit, &twins::measured(visit.site(), &measured.of(name))),
        _ => visit.nothing(),
    }
}

async fn area(visit: Visit) -> Response {
    let Some((row, form)) = visit.area(Level::Municipality) else { return visit.nothing() };
    let code = &row.area.code;
    if form == Form::Pdf {
        return sheet(&visit, Level::Municipality, code).await;
    }
    let view = View::of(&visit);
    let study = &visit.site().study;
    match form {
        Form::Page => html(pages::area(&view, row)),
        Form::Csv => table(&visit, code, &tables::area_groups(study, Level::Municipality, code)),
        Form::Json => json(&visit, &tables::area_object(study, row)),
        Form::Svg => picture(&visit, code, &map::locator(study, &view.words, row)),
        Form::Pdf => visit.nothing(),
    }
}

fn territory(visit: &Visit, level: Level) -> Response {
    let view = View::of(visit);
    let study = &visit.site().study;
    let Some((row, form)) = visit.area(level) else { return visit.nothing() };
    let code = &row.area.code;
    let members = || -> Vec<&AreaRow> { study.municipalities_of(level, code) };
    match form {
        Form::Page => html(pages::territory(&view, row)),
        Form::Csv => table(visit, code, &tables::area_list(study, &members())),
        Form::Json => json(visit, &twins::territory(visit.site(), row)),
        Form::Svg => match pages::territory_picture(&view, row) {
            Some(drawn) => picture(visit, code, &drawn),
            None => visit.nothing(),
        },
        Form::Pdf => visit.nothing(),
    }
}

async fn department(visit: Visit) -> Response {
    match visit.area(Level::Department) {
        Some((row, Form::Pdf)) => sheet(&visit, Level::Department, &row.area.code).await,
        _ => territory(&visit, Level::Department),
    }
}

async fn region(visit: Visit) -> Response {
    territory(&visit, Level::Region)
}

async fn indicator(visit: Visit) -> Response {
    let view = View::of(&visit);
    let (name, form) = visit.name();
    match (pages::indicator(&view, name), form) {
        (Some(markup), Form::Page) => html(markup),
        (Some(_), Form::Json) => json(&visit, &twins::indicator(&view, name)),
        _ => visit.nothing(),
    }
}

async fn document(visit: Visit) -> Response {
    match documentation::find(visit.pieces.last().map_or("", String::as_str)) {
        Some(found) => html(pages::document(&View::of(&visit), found)),
        None => visit.nothing(),
    }
}

/// The names and codes of all areas for the script that searches while one types.
async fn names(State(stand): State<Stand>) -> Response {
    file("text/javascript; charset=utf-8", twins::names(stand.site()))
}
