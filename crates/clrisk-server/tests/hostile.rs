//! Thousands of hostile requests to a real server: clean answers, never a failure of its own, and it goes on serving.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use clrisk_core::bundle::Stage;
use common::{SECRETS, Server, bundle};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// Pieces that break careless servers, between pieces of real addresses.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec![
            "es", "en", "fr", "pt", "areas", "area", "department", "region", "0101", "0102", "0103", "01", "compare", "changes", "release", "1",
            "docs", "sheet", "sheet.pdf", "national.pdf", "release.zip", "index", "indicator", "rate", "national.svg", "areas.csv", "areas.json", "how.json", "assets", "style.css", "areas.js", "openapi.json",
        ]).prop_map(str::to_owned),
        2 => prop::sample::select(vec![
            "..", ".", "%2e%2e", "%2f", "%00", "%ff%fe", "%", "%zz", "%e2%82", "0101.csv.json", ".json", "0101.pdf", "{code}", "'", "\\", "~", "*",
            "%3Cscript%3E", "con", "C:", "__proto__", "%F0%9F%98%80", ";jsessionid=1", "0101%0d%0aX-A:%20b",
        ]).prop_map(str::to_owned),
        1 => "[!-~]{0,24}".prop_map(|text| text.replace(['?', '#', ' '], "_")),
    ]
}

fn query() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "q",
        "sort",
        "class",
        "status",
        "department",
        "show",
        "only",
        "area",
        "add",
        "from",
        "page",
        "x",
        "",
    ]);
    let value = prop_oneof![
        prop::sample::select(vec![
            "",
            "a",
            "0",
            "-1",
            "18446744073709551616",
            "NaN",
            "1e309",
            "%",
            "%ff",
            "%00",
            "rate",
            "class",
            "suppressed",
            "0101",
            "01",
            "2",
            "' OR 1=1",
            "%3Cscript%3Ealert(1)%3C/script%3E",
            "../../etc/passwd",
            "santa",
            "%F0%9F%98%80",
        ])
        .prop_map(|text| text.replace(' ', "+")),
        "[!-~]{0,60}".prop_map(|text| text.replace(['#', ' '], "_")),
        Just("a".repeat(300)),
    ];
    prop::collection::vec((name, value), 0..6).prop_map(|pairs| {
        pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    })
}

fn header() -> impl Strategy<Value = Vec<u8>> {
    let name = prop::sample::select(vec![
        "Accept-Language",
        "Accept-Encoding",
        "If-None-Match",
        "Host",
        "Accept",
        "Range",
        "Cookie",
        "X-Forwarded-Proto",
        "Content-Length",
        "Transfer-Encoding",
    ]);
    let value = prop_oneof![
        prop::sample::select(vec![
            "",
            "*",
            "gzip;q=9",
            "br, gzip",
            "identity;q=0",
            "W/\"",
            "es;q=x",
            "-1",
            "chunked",
            "bytes=0-",
            "\"",
            "xx-XX,,,;;",
            "localhost:x",
            "99999999999999",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        prop::collection::vec(prop_oneof![0x20u8..0x7f, 0x80u8..=0xff], 0..80),
    ];
    (name, value).prop_map(|(name, value)| [name.as_bytes(), b": ", &value, b"\r\n"].concat())
}

fn request() -> impl Strategy<Value = Vec<u8>> {
    let method = prop_oneof![8 => Just("GET"), 1 => Just("HEAD"), 1 => prop::sample::select(vec!["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "X"])];
    let real = prop::sample::select(vec![
        "es/",
        "es/areas",
        "es/areas.csv",
        "pt/areas.json",
        "fr/area/0102",
        "fr/area/0102/sheet",
        "pt/department/01/sheet",
        "es/sheet",
        "en/region/9/sheet",
        "en/area/0103.json",
        "es/department/01",
        "es/compare",
        "es/changes",
        "release/1/es/",
        "release/2/fr/national.svg",
        "es/indicator/rate",
        "es/docs/settings",
        "sitemap.xml",
        "robots.txt",
        "areas.js",
        "pt/how",
    ]);
    let path = prop_oneof![prop::collection::vec(piece(), 0..6), real.prop_map(|path| vec![path.to_owned()])];
    let made =
        (method, path, query(), prop::collection::vec(header(), 0..4)).prop_map(|(method, pieces, query, headers)| {
            let query = if query.is_empty() { query } else { format!("?{query}") };
            let line = format!("{method} /{}{query} HTTP/1.1\r\nConnection: close\r\n", pieces.join("/"));
            [line.as_bytes(), &headers.concat(), b"\r\n"].concat()
        });
    prop_oneof![12 => made, 1 => prop::collection::vec(any::<u8>(), 0..200).prop_map(|noise| [noise, b"\r\n\r\n".to_vec()].concat())]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_thousand_hostile_requests_get_clean_answers_and_no_secret() {
    let mut newer = bundle(Stage::Release, false);
    newer.manifest.release = Some("2".to_owned());
    let server = Server::over(vec![newer, bundle(Stage::Release, false)]).await;
    let mut runner = TestRunner::deterministic();
    let strategy = request();
    let mut answered = [0usize; 6];
    for _ in 0..4_000 {
        let bytes = strategy.new_tree(&mut runner).unwrap().current();
        // What the server waits for must come: a request that promises a body sends none, so the connection is closed by us.
        let answer = server.send_and_close(bytes.clone()).await;
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        assert!(answer.status < 500, "{} for {shown:?}", answer.status);
        answered[usize::from(answer.status / 100)] += 1;
        if answer.status > 0 && answer.head.contains("text/html") {
            assert!(answer.head.contains("content-security-policy"), "{shown:?}");
            assert!(!answer.body.contains("<script>alert"), "{shown:?}");
        }
        for secret in SECRETS.iter().filter(|secret| !shown.contains(*secret)) {
            assert!(!answer.body.contains(secret), "{secret} for {shown:?}");
        }
    }
    assert!(answered[2] > 300 && answered[4] > 300, "the requests reach pages and errors: {answered:?}");
    assert_eq!(server.get("/es/").await.status, 200, "it still serves");
}
