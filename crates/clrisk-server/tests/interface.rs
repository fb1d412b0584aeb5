//! The document of the interface: it is the one in the repository, and a real server answers as it says.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::path::Path;

use clrisk_core::bundle::Stage;
use common::{Server, WITHHELD, bundle};

/// Compares with a file of `docs/`, or writes it when `CLRISK_BLESS` is set.
fn same_as(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    if std::env::var_os("CLRISK_BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == text, "docs/{name} is out of date: CLRISK_BLESS=1 cargo test -p clrisk-server --test interface");
}

#[test]
fn the_document_in_the_repository_is_the_one_that_is_served() {
    same_as("openapi.json", &clrisk_server::openapi_document());
}

#[test]
fn the_reference_in_the_repository_is_made_from_the_document() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api.md");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    let mark = "<!-- made from the document of the interface -->\n";
    let before = written.split(mark).next().unwrap();
    same_as("api.md", &format!("{before}{mark}\n{}", clrisk_server::openapi_reference()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_path_of_the_document_answers_with_the_columns_and_types_it_promises() {
    let (mut newer, older) = (bundle(Stage::Release, false), bundle(Stage::Release, false));
    // More classes than a document with a column for each could foresee.
    newer.manifest.classes.names = (1..=12).map(|class| format!("class-{class}")).collect();
    newer.manifest.classes.breaks = (0..=12).map(|limit| f64::from(limit) / 20.0).collect();
    for class in newer.classes.iter_mut().filter(|class| class.area != WITHHELD) {
        class.membership = vec![1.0 / 12.0; 12];
    }
    newer.manifest.release = Some("2".to_owned());
    let server = Server::over(vec![newer, older]).await;
    let document: serde_json::Value = serde_json::from_str(&server.get("/openapi.json").await.body).unwrap();
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() >= 20);
    for (path, item) in paths {
        let code = if path.contains("department") { "01" } else { "0101" };
        let place = path
            .replace("{language}", "pt")
            .replace("{code}", code)
            .replace("{name}", "rate")
            .replace("{measure}", "child_labour");
        let place = if path.contains("compare") { format!("{place}?area=0101&area=0103") } else { place };
        let answer = server.get(&place).await;
        assert_eq!(answer.status, 200, "{place}");
        let content = item["get"]["responses"]["200"]["content"].as_object().unwrap();
        let (kind, promise) = content.iter().next().unwrap();
        assert!(answer.head.contains(&format!("content-type: {kind}")), "{place}: {}", answer.head);
        let Some(columns) = promise["schema"]["items"]["properties"].as_object() else { continue };
        let patterns = promise["schema"]["items"]["patternProperties"].as_object();
        let per_class = patterns.and_then(|patterns| patterns.get("^probability_[1-9][0-9]*$"));
        let described = |name: &str| {
            let number = name.strip_prefix("probability_").filter(|number| !number.starts_with('0'));
            let of_a_class = number.is_some_and(|number| number.parse::<u32>().is_ok());
            columns.get(name).or(per_class.filter(|_| of_a_class))
        };
        let rows: Vec<serde_json::Value> = serde_json::from_str(&answer.body).unwrap();
        assert!(!rows.is_empty(), "{place}");
        for row in &rows {
            for (name, value) in row.as_object().unwrap() {
                let kinds =
                    &described(name).unwrap_or_else(|| panic!("{place}: {name} is not in the document"))["type"];
                let is = match value {
                    serde_json::Value::Null => "null",
                    serde_json::Value::Bool(_) => "boolean",
                    serde_json::Value::String(_) => "string",
                    serde_json::Value::Number(number) if number.is_f64() => "number",
                    _ => "integer",
                };
                let allowed =
                    kinds.as_array().unwrap().iter().any(|kind| kind == is || (kind == "number" && is == "integer"));
                assert!(allowed, "{place}: {name} is {is}, promised {kinds}");
            }
        }
        if place.contains("areas") {
            assert!(rows[0].get("probability_12").is_some(), "{place}: {}", rows[0]);
        }
        let csv = server.get(&place.replace(".json", ".csv")).await.body;
        for name in csv.lines().next().unwrap().split(',') {
            assert!(described(name).is_some(), "{place}: column {name} is not in the document");
        }
    }
}
