//! A real server over a bundle: what it shows, what it never shows, and what it says to nonsense.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use clrisk_core::bundle::Stage;
use clrisk_core::{Catalog, Language};
use common::{HOSTILE, SECRETS, Server, WITHHELD, bundle};

/// Every page in every language, and its twins for machines.
fn addresses() -> Vec<String> {
    let mut addresses = Vec::new();
    for language in Language::ALL {
        for page in
            ["", "?show=class", "?show=rate", "areas", "areas?sort=rate", "areas?sort=count", "how", "department/01"]
        {
            addresses.push(format!("/{language}/{page}"));
        }
        for page in ["areas?format=csv", "areas?format=json"] {
            addresses.push(format!("/{language}/{page}"));
        }
        for code in ["0101", WITHHELD, "0103", "0104"] {
            for format in ["", "?format=csv", "?format=json"] {
                addresses.push(format!("/{language}/area/{code}{format}"));
            }
        }
    }
    addresses
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withheld_figure_is_nowhere_even_when_the_bundle_still_has_it() {
    let server = Server::start(bundle(Stage::Release, false)).await;
    for address in addresses() {
        let answer = server.get(&address).await;
        assert_eq!(answer.status, 200, "{address}");
        for secret in SECRETS {
            assert!(!answer.body.contains(secret), "{secret} is on {address}");
        }
        if address.ends_with("areas?format=csv") {
            let line = answer.body.lines().find(|line| line.starts_with(WITHHELD)).unwrap();
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells[5], "suppressed");
            assert!(cells[6..].iter().all(|cell| cell.is_empty()), "{line}");
        }
    }
    let catalog = Catalog::load();
    for language in Language::ALL {
        let page = server.get(&format!("/{language}/area/{WITHHELD}")).await.body;
        assert!(
            page.contains(&catalog.get(language, "status-suppressed")),
            "{language}: the page says why there is nothing"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn csv_and_json_say_the_same() {
    let server = Server::start(bundle(Stage::Release, false)).await;
    let csv = server.get("/es/areas?format=csv").await;
    assert!(csv.head.contains("content-type: text/csv"));
    let json: serde_json::Value = serde_json::from_str(&server.get("/es/areas?format=json").await.body).unwrap();
    let mut lines = csv.body.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let mut rows = 0;
    for (line, object) in lines.zip(json.as_array().unwrap()) {
        rows += 1;
        // The hostile name is the only cell with quotes, and comes after the code.
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells.len(), names.len());
        for (name, cell) in names.iter().zip(cells) {
            let value = &object[*name];
            let shown = match value {
                serde_json::Value::Null => String::new(),
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert_eq!(cell.trim_matches('"').replace("\"\"", "\""), shown, "{name}");
        }
    }
    assert_eq!(rows, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_says_when_it_is_a_draft_or_invented_and_only_then() {
    let catalog = Catalog::load();
    for (stage, synthetic) in [(Stage::Draft, false), (Stage::Release, true), (Stage::Release, false)] {
        let server = Server::start(bundle(stage, synthetic)).await;
        for language in Language::ALL {
            for page in ["", "areas", "area/0101", "department/01", "how", "nothing"] {
                let body = server.get(&format!("/{language}/{page}")).await.body;
                let says = |key: &str| body.contains(&catalog.get(language, key));
                assert_eq!(says("site-draft"), stage == Stage::Draft, "{language} {page}");
                assert_eq!(says("site-synthetic"), synthetic, "{language} {page}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_are_text_and_never_markup() {
    let server = Server::start(bundle(Stage::Release, false)).await;
    let hostile_search = "/es/areas?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E";
    for address in ["/es/", "/es/areas", "/es/area/0103", "/es/department/01", hostile_search] {
        let answer = server.get(address).await;
        assert_eq!(answer.status, 200);
        assert!(!answer.body.contains("<script>alert"), "{address}");
        assert!(answer.head.contains("content-security-policy: default-src 'self'"), "{address}");
        assert!(answer.head.contains("x-content-type-options: nosniff"), "{address}");
    }
    assert!(server.get("/es/area/0103").await.body.contains("&lt;script&gt;"), "{HOSTILE} is shown as it is written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_or_makes_no_sense_gets_a_clean_answer() {
    let server = Server::start(bundle(Stage::Release, false)).await;
    for address in
        ["/xx/", "/es/area/9999", "/es/department/99", "/es/area/..%2f..%2fmanifest.json", "/favicon.ico", "/xx"]
    {
        assert_eq!(server.get(address).await.status, 404, "{address}");
    }
    for address in ["/es/?show=nonsense", "/es/areas?sort=%00&q=%ff&format=exe", "/es/areas?q=a&q=b", "/es/areas?&&=&"]
    {
        let status = server.get(address).await.status;
        assert!(status == 200 || status == 400, "{address}: {status}");
    }
    assert_eq!(
        server
            .send(b"POST /es/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec())
            .await
            .status,
        405
    );
    // Random bytes where a request, a path or a header should be: never a 5xx, and the server goes on.
    let mut state = 12_345_u64;
    for _ in 0..300 {
        let mut noise = Vec::new();
        for _ in 0..40 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            noise.push((state >> 33) as u8);
        }
        let request =
            [b"GET /es/areas?q=".as_slice(), &noise, b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"].concat();
        let status = server.send(request).await.status;
        assert!(status < 500, "{status} for {noise:?}");
    }
    assert_eq!(server.get("/es/").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_page_is_in_the_language_of_the_browser() {
    let server = Server::start(bundle(Stage::Release, false)).await;
    for (accepted, language) in [("pt-BR,pt;q=0.9", "pt"), ("fr", "fr"), ("de", "es"), ("en-US,en;q=0.5", "en")] {
        let request = format!("GET / HTTP/1.1\r\nHost: x\r\nAccept-Language: {accepted}\r\nConnection: close\r\n\r\n");
        let answer = server.send(request.into_bytes()).await;
        assert_eq!(answer.status, 303);
        assert!(answer.head.contains(&format!("location: /{language}/")), "{accepted}: {}", answer.head);
    }
    assert!(server.get("/fr").await.head.contains("location: /fr/"));
}
