//! From a page to an answer: headers that keep it safe, let it be cached as long as it is true, and a bounded memory of answers that
//! were written and compressed before.

use std::io::Write;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::response::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use clrisk_core::Language;
use lru::LruCache;
use maud::Markup;
use tokio::runtime::RuntimeFlavor;

use crate::files::NotMade;
use crate::links;
use crate::pages;
use crate::visit::{Asked, Stand, View};

/// Nothing but our own files, no script or style in the page itself, no frame, no foreign form.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const SECURITY: [(&str, &str); 7] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()"),
];

/// Bytes of answers kept in memory.
const MEMORY: usize = 48 << 20;
/// Longest address that is read at all.
const LONGEST_ADDRESS: usize = 2_048;
/// Largest answer that is kept.
const LARGEST: usize = MEMORY / 8;

/// A page.
pub fn page(status: StatusCode, markup: Markup) -> Response {
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], markup.into_string()).into_response()
}

/// A file of another kind.
pub fn file(kind: &'static str, content: impl Into<Body>) -> Response {
    ([(header::CONTENT_TYPE, kind)], content.into()).into_response()
}

/// The page that says there is nothing here.
pub fn not_found(stand: &Stand, language: Language) -> Response {
    let asked = Asked::default();
    let view = View { stand, site: stand.site(), words: stand.words(language), asked: &asked };
    page(StatusCode::NOT_FOUND, pages::not_found(&view))
}

/// The page that says why a file was not made. A failure gets a number, which the page and the log have in common; the log says the
/// reason, the page does not.
pub fn not_made(view: &View<'_>, why: NotMade, file: &str) -> Response {
    match why {
        NotMade::Unknown => page(StatusCode::NOT_FOUND, pages::not_found(view)),
        NotMade::Busy => {
            let mut answer = page(StatusCode::SERVICE_UNAVAILABLE, pages::trouble(view, "site-busy", ""));
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
            answer
        }
        NotMade::Failed(reason) => {
            let id = failure_id();
            let line = serde_json::json!({
                "status": 500, "id": id, "release": view.site.id(), "language": view.words.language.code(), "file": file, "reason": reason,
            });
            // Where nobody listens to the log there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "{line}");
            page(StatusCode::INTERNAL_SERVER_ERROR, pages::trouble(view, "site-failed", &id))
        }
    }
}

/// A number for a failure: seconds since 1970 and a count, so that no two are the same while a log is kept.
fn failure_id() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    format!("{now:x}-{:x}", COUNT.fetch_add(1, Ordering::Relaxed))
}

type Kept = (HeaderMap, Bytes);
/// Address and encoding.
type Key = (String, &'static str);

/// Answers by address and encoding, the oldest forgotten first when they take more than [`MEMORY`].
pub struct Memory {
    answers: LruCache<Key, Kept>,
    size: usize,
}

impl Memory {
    /// Nothing kept yet.
    pub fn new() -> Memory {
        Memory { answers: LruCache::new(NonZeroUsize::MAX.min(NonZeroUsize::MIN.saturating_add(65_535))), size: 0 }
    }

    fn weight((address, _): &Key, (_, body): &Kept) -> usize {
        // A header map and the bookkeeping of an entry are about a kilobyte.
        address.len() + body.len() + 1_024
    }

    fn keep(&mut self, key: Key, kept: Kept) {
        self.size += Memory::weight(&key, &kept);
        if let Some((old_key, old)) = self.answers.push(key, kept) {
            self.size -= Memory::weight(&old_key, &old);
        }
        while self.size > MEMORY {
            let Some((old_key, old)) = self.answers.pop_lru() else { break };
            self.size -= Memory::weight(&old_key, &old);
        }
    }
}

/// What the outermost layer knows.
#[derive(Clone)]
pub struct Door {
    /// The release.
    pub stand: Stand,
    /// Answers given before.
    pub memory: Arc<Mutex<Memory>>,
    /// The `ETag` of everything of this release.
    pub tag: HeaderValue,
    /// How long a browser may use an answer without asking again.
    pub caching: HeaderValue,
}

impl Door {
    /// The door to a release. A lasting address may be kept for a day, a short one for five minutes, a draft never.
    pub fn new(stand: Stand) -> Door {
        let caching = match (stand.site().is_draft(), stand.base.is_empty()) {
            (true, _) => "no-store",
            (false, true) => "public, max-age=300",
            (false, false) => "public, max-age=86400",
        };
        let tag = format!("W/\"{}\"", stand.site().version);
        Door {
            memory: Arc::new(Mutex::new(Memory::new())),
            tag: HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("W/\"0\"")),
            caching: HeaderValue::from_static(caching),
            stand,
        }
    }

    fn known(&self, headers: &HeaderMap) -> bool {
        let asked = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let own = self.tag.to_str().unwrap_or_default();
        !self.stand.site().is_draft() && asked.split(',').any(|tag| tag.trim() == own)
    }

    fn finish(&self, headers: HeaderMap, status: StatusCode, body: Bytes, request: &HeaderMap) -> Response {
        if status == StatusCode::OK && self.known(request) {
            let kept = headers.into_iter().filter_map(|(name, value)| Some((name?, value)));
            let same: HeaderMap = kept
                .filter(|(name, _)| {
                    ![header::CONTENT_TYPE, header::CONTENT_ENCODING, header::CONTENT_LENGTH].contains(name)
                })
                .collect();
            return (StatusCode::NOT_MODIFIED, same).into_response();
        }
        (status, headers, body).into_response()
    }
}

/// Security for every answer, whoever wrote it.
pub async fn secure(request: Request, next: Next) -> Response {
    let mut response = if request.uri().path_and_query().is_some_and(|whole| whole.as_str().len() > LONGEST_ADDRESS) {
        StatusCode::URI_TOO_LONG.into_response()
    } else {
        next.run(request).await
    };
    for (name, value) in SECURITY {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

/// The one encoding in which an answer is written for a browser that takes several; none when it takes no other. Brotli would be a
/// fourteenth smaller and take four times as long, which is what a page costs that nobody has asked for yet.
fn encoding(headers: &HeaderMap) -> &'static str {
    let asked = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let names: Vec<(String, bool)> = asked
        .flat_map(|list| list.split(','))
        .map(|item| {
            let (name, quality) = item.split_once(';').unwrap_or((item, ""));
            let weight = quality.trim().strip_prefix("q=").and_then(|weight| weight.trim().parse::<f32>().ok());
            (name.trim().to_ascii_lowercase(), weight.is_none_or(|weight| weight > 0.0))
        })
        .collect();
    let takes = |wanted: &str| names.iter().find(|(name, _)| name == wanted).is_some_and(|(_, takes)| *takes);
    ["gzip", "br"].into_iter().find(|name| takes(name)).unwrap_or_default()
}

/// Has an answer written and compressed while another thread takes over the work of this one, so that a page that takes long delays nobody
/// whose page is in memory. None when the writing broke off.
async fn written(next: Next, request: Request) -> Option<(Parts, Bytes)> {
    let work = async {
        let (parts, body) = next.run(request).await.into_parts();
        // What handlers write is in memory already and bounded.
        Some((parts, to_bytes(body, usize::MAX).await.ok()?))
    };
    let runtime = tokio::runtime::Handle::current();
    match runtime.runtime_flavor() {
        RuntimeFlavor::MultiThread => tokio::task::block_in_place(|| runtime.block_on(work)),
        _ => work.await,
    }
}

/// Gives what was written before when it is still in memory; otherwise has it written, and keeps it.
pub async fn remember(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let encoding = encoding(&headers);
    match encoding {
        "" => request.headers_mut().remove(header::ACCEPT_ENCODING),
        name => request.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static(name)),
    };
    // Below `/release/ID` the address comes without its beginning.
    let address = request.uri().path_and_query().map_or("/", |whole| whole.as_str());
    let address = format!("{}{address}", door.stand.base);
    let key = (address, encoding);
    let keeps = request.method() == Method::GET;
    if keeps {
        let kept = door.memory.lock().ok().and_then(|mut memory| memory.answers.get(&key).cloned());
        if let Some((kept, body)) = kept {
            return door.finish(kept, StatusCode::OK, body, &headers);
        }
    }
    let Some((mut parts, bytes)) = written(next, request).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if parts.status == StatusCode::OK {
        parts.headers.entry(header::ETAG).or_insert(door.tag.clone());
        parts.headers.entry(header::CACHE_CONTROL).or_insert(door.caching.clone());
        if keeps
            && bytes.len() <= LARGEST
            && let Ok(mut memory) = door.memory.lock()
        {
            memory.keep(key, (parts.headers.clone(), bytes.clone()));
        }
    }
    door.finish(parts.headers, parts.status, bytes, &headers)
}

/// Puts the address of the release before the links of its pages.
pub async fn relocate(State(stand): State<Stand>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let has_links = kind.starts_with("text/html") || kind.starts_with("image/svg");
    if stand.base.is_empty() || !has_links {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let text = String::from_utf8_lossy(&bytes);
    let moved = links::rewrite(&text, &|address| links::below(&stand.base, address));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(moved))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_of_answers_never_exceeds_its_size_and_forgets_the_oldest() {
        let mut memory = Memory::new();
        let body = Bytes::from(vec![0; 1 << 20]);
        for number in 0..200 {
            memory.keep((number.to_string(), ""), (HeaderMap::new(), body.clone()));
            assert!(memory.size <= MEMORY);
        }
        assert!(memory.answers.get(&("0".to_owned(), "")).is_none());
        assert!(memory.answers.get(&("199".to_owned(), "")).is_some());
        for _ in 0..200 {
            memory.keep(("again".to_owned(), ""), (HeaderMap::new(), body.clone()));
        }
        let held: usize = memory.answers.iter().map(|(key, kept)| Memory::weight(key, kept)).sum();
        assert_eq!(held, memory.size);
    }

    #[test]
    fn one_encoding_is_chosen_among_those_a_browser_takes() {
        for (asked, chosen) in [
            ("gzip, deflate, br, zstd", "gzip"),
            ("br", "br"),
            ("GZIP", "gzip"),
            ("br;q=0, gzip;q=0.5", "gzip"),
            ("br; q=0.0", ""),
            ("identity", ""),
            ("deflate", ""),
            ("", ""),
            ("*", ""),
            (";;,,q=1", ""),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_str(asked).unwrap());
            assert_eq!(encoding(&headers), chosen, "{asked}");
        }
        assert_eq!(encoding(&HeaderMap::new()), "");
    }
}
