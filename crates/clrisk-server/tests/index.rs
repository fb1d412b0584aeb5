//! The pages of the vulnerability index: alone and beside estimates, never as a rate, never what is withheld.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use clrisk_core::bundle::{ClassScheme, Stage};
use clrisk_core::index::{
    Higher, IndexAgreement, IndexArea, IndexChoice, IndexDifference, IndexDimension, IndexIndicator, IndexReport,
    IndexResults, IndexScore,
};
use clrisk_core::{Bundle, Language, LocalText, ValueStatus};
use common::{HOSTILE, Server, WITHHELD, bundle};

fn same(text: &str) -> LocalText {
    LocalText::Same(text.to_owned())
}

fn area(code: &str, points: f64, class: i64, rank: i64) -> IndexArea {
    IndexArea {
        points: Some(points),
        class: Some(class),
        membership: vec![0.2, 0.3, 0.5],
        rank: Some(rank),
        rank_lower: Some(rank),
        rank_upper: Some(rank + 1),
        available: 1.0,
        worst_dimension: Some(88.0),
        partial_compensation: Some(70.5),
        ..IndexArea::empty(code.to_owned(), ValueStatus::Value)
    }
}

/// An index of the four municipalities: one withheld that still has its number, one without data.
fn index() -> IndexResults {
    let hidden = IndexArea { status: ValueStatus::Suppressed, ..area(WITHHELD, 42.42, 2, 2) };
    let indicator = IndexIndicator {
        code: "dropout".to_owned(),
        name: same("Deserción <b>escolar</b>"),
        dimension: "education".to_owned(),
        unit: same("%"),
        more_is_worse: true,
        source: "Registro".to_owned(),
        year: 2024,
        reviewed_by: "Mesa".to_owned(),
        weight: 1.0,
        correlation: 0.9,
        influence: 1.0,
        shift_without: 1.0,
        moved_without: 1,
        mean: 10.0,
        lowest: 1.0,
        highest: 20.0,
        missing: 1,
    };
    let score = |code: &str, value: f64| IndexScore {
        area: code.to_owned(),
        kind: "indicator".to_owned(),
        code: "dropout".to_owned(),
        value: Some(value),
        score: Some(value),
        difference: Some(1.5),
    };
    IndexResults {
        report: IndexReport {
            title: same("Índice de prueba"),
            definition: same("Condiciones"),
            higher: Higher::Worse,
            preset: None,
            classes: ClassScheme {
                rule: "jenks".to_owned(),
                breaks: vec![10.0, 30.0, 60.0, 90.0],
                names: ["class-low", "class-medium", "class-high"].map(str::to_owned).to_vec(),
            },
            choices: vec![IndexChoice {
                step: "weights".to_owned(),
                rule: "equal".to_owned(),
                reason: same("Acuerdo"),
            }],
            dimensions: vec![IndexDimension { code: "education".to_owned(), name: same("Educación"), weight: 1.0 }],
            indicators: vec![indicator],
            correlations: vec![vec![1.0]],
            redundant: Vec::new(),
            sampling_adequacy: None,
            alpha: None,
            alternatives: Vec::new(),
            uncertainty: None,
            class_rules: Vec::new(),
            distance: None,
            consistency_ratio: None,
            moved: Vec::new(),
            filled: Vec::new(),
            agreement: None,
            year: None,
        },
        areas: vec![
            area("0101", 81.25, 3, 1),
            hidden,
            area("0103", 20.0, 1, 3),
            IndexArea::empty("0104".to_owned(), ValueStatus::NoData),
        ],
        scores: vec![score("0101", 18.0), score(WITHHELD, 42.42)],
        years: Vec::new(),
    }
}

fn alone() -> Bundle {
    let mut bundle = bundle(Stage::Release, false);
    bundle.estimates.clear();
    bundle.classes.clear();
    bundle.factors.clear();
    bundle.levers.clear();
    bundle.index = Some(index());
    bundle
}

const PAGES: [&str; 7] = [
    "index",
    "index/areas",
    "index/areas?sort=name",
    "index/areas.csv",
    "index/areas.json",
    "index/how",
    "index/map.svg",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_alone_is_a_site_that_says_in_every_language_that_it_is_no_rate() {
    let server = Server::start(alone()).await;
    let first = server.get("/es/").await;
    assert!(first.head.contains("location: /es/index"), "{}", first.head);
    for language in Language::ALL {
        for page in PAGES {
            let answer = server.get(&format!("/{language}/{page}")).await;
            assert_eq!(answer.status, 200, "{language}/{page}");
            assert!(!answer.body.contains("42.4") && !answer.body.contains("42,4"), "withheld on {page}");
            assert!(!answer.body.contains(HOSTILE) || page.ends_with(".csv") || page.ends_with(".json"), "{page}");
            let text = answer.body.replace("index-open-", "");
            assert!(!text.contains(">index-") && !text.contains("{$"), "a missing text on {language}/{page}");
        }
        let sheet = server.get(&format!("/{language}/index/area/0101")).await;
        let expected = if language == Language::En { "81.3" } else { "81" };
        assert!(sheet.status == 200 && sheet.body.contains(expected), "{}", sheet.body);
        assert!(sheet.body.contains("&lt;b&gt;"), "names are escaped");
    }
    let label = server.get("/es/index").await.body;
    assert!(label.contains("No es una tasa ni un número de niños"));
    assert_eq!(server.get("/es/index/area/9999").await.status, 404);
    let csv = server.get("/es/index/areas.csv").await.body;
    let line = csv.lines().find(|line| line.contains(WITHHELD)).unwrap();
    assert!(line.contains("suppressed,,,"), "{line}");
    for language in Language::ALL {
        let printed = server.get(&format!("/{language}/index/area/0101.pdf")).await;
        assert!(printed.status == 200 && printed.body.starts_with("%PDF-"), "{language}");
    }
    assert_eq!(server.get("/es/index/area/9999.pdf").await.status, 404);
    let json = server.get("/es/index/area/0101.json").await.body;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((json["kind"].as_str(), json["points"].as_f64()), (Some("index"), Some(81.25)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_estimates_the_index_has_its_own_place_and_shows_where_the_two_part() {
    let mut both = bundle(Stage::Release, false);
    let mut index = index();
    index.report.agreement = Some(IndexAgreement {
        areas: 2,
        rank_correlation: 0.5,
        classes: vec![vec![1, 0, 0], vec![0, 0, 0], vec![0, 1, 0]],
        furthest: vec![IndexDifference { area: "0103".to_owned(), index_rank: 2, rate_rank: 1 }],
    });
    both.index = Some(index);
    let server = Server::start(both).await;
    let map = server.get("/es/").await;
    assert!(map.status == 200 && map.body.contains("href=\"/es/index\""), "the estimates stay the first page");
    let page = server.get("/es/index").await.body;
    assert!(page.contains("Donde más se apartan") && page.contains("0,50"), "{page}");
    let without = Server::start(bundle(Stage::Release, false)).await;
    assert_eq!(without.get("/es/index").await.status, 404, "no index, no pages of one");
}
