//! A real server over a bundle: what it shows, what it never shows, and what it says to nonsense.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use clrisk_core::bundle::Stage;
use clrisk_core::{Catalog, Language};
use common::{HOSTILE, SECRETS, Server, WITHHELD, bundle, model_card};

/// Every page in every language, and its twins for machines.
fn addresses() -> Vec<String> {
    let mut addresses = Vec::new();
    let pages = [
        "",
        "?show=class",
        "?show=rate",
        "areas",
        "areas?sort=rate",
        "areas?sort=count",
        "areas?q=reservado",
        "areas?status=suppressed",
        "compare?area=0101&area=0102&area=0103",
        "compare?add=reservado",
        "indicators",
        "indicator/rate",
        "how",
        "data",
        "api",
        "docs",
        "docs/commands",
        "releases",
        "department/01",
        "department/01?show=rate",
        "department/01/sheet",
        "sheet",
        "national.csv",
        "national.json",
        "national.svg",
        "national.svg?show=rate",
        "areas.csv",
        "areas.json",
        "compare.csv?area=0102",
        "compare.json?area=0102",
        "department/01.csv",
        "department/01.json",
        "department/01.svg",
        "indicators.json",
        "indicator/rate.json",
        "releases.csv",
        "releases.json",
        "how.json",
        "municipalities.excel.csv",
        "municipalities.geojson",
        "?show=rate&only=1",
        "measured",
        "measured.csv",
        "measured.json",
        "measured-changes.csv",
        "measured-changes.json",
        "measured/child_labour",
        "measured/child_labour.csv",
        "measured/child_labour.json",
        "measured/excessive_chores",
    ];
    for language in Language::ALL {
        addresses.extend(pages.iter().map(|page| format!("/{language}/{page}")));
        for code in ["0101", WITHHELD, "0103", "0104"] {
            addresses.extend(
                ["", ".csv", ".json", ".svg", "/sheet"].map(|ending| format!("/{language}/area/{code}{ending}")),
            );
        }
    }
    addresses.push("/areas.js".to_owned());
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
        if address.ends_with("areas.csv") {
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
    let csv = server.get("/es/areas.csv").await;
    assert!(csv.head.contains("content-type: text/csv"));
    let json: serde_json::Value = serde_json::from_str(&server.get("/es/areas.json").await.body).unwrap();
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
            for page in ["", "areas", "area/0101", "department/01", "how", "data", "docs/bundle", "compare", "nothing"]
            {
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
        assert!(
            answer.head.contains("content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'"),
            "{address}"
        );
        assert!(answer.head.contains("x-content-type-options: nosniff"), "{address}");
    }
    assert!(server.get("/es/area/0103").await.body.contains("&lt;script&gt;"), "{HOSTILE} is shown as it is written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_is_said_in_the_language_of_the_address() {
    let server = Server::start(bundle(Stage::Release, false)).await;
    let catalog = Catalog::load();
    for address in [
        "/fr/area/9999",
        "/fr/department/99",
        "/fr/area/..%2f..%2fmanifest.json",
        "/fr/area/0101.exe",
        "/fr/indicator/nothing",
        "/fr/docs/nothing",
        "/fr/areas.svg",
        "/fr/measured.svg",
        "/fr/measured/nothing",
        "/fr/measured/child_labour.pdf",
        "/fr/changes",
        "/fr/changes?from=2",
        "/fr/areas/",
        "/fr/%ff",
        "/fr/area/%00",
        "/fr/area/",
    ] {
        let answer = server.get(address).await;
        assert_eq!(answer.status, 404, "{address}");
        assert!(answer.body.contains(&catalog.get(Language::Fr, "site-not-found")), "{address}");
    }
    for address in ["/xx/", "/xx", "/favicon.ico", "/release/2/es/", "/release/", "/assets/", "/assets/../style.css"] {
        assert_eq!(server.get(address).await.status, 404, "{address}");
    }
    let post = b"POST /es/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    assert_eq!(server.send(post.to_vec()).await.status, 405);
    assert_eq!(server.get(&format!("/es/areas?q={}", "a".repeat(3_000))).await.status, 414);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_that_has_the_page_is_told_so_until_the_release_or_the_program_changes() {
    let server = Server::start(bundle(Stage::Release, false)).await;
    let first = server.get("/es/areas").await;
    let tag = first.head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap().to_owned();
    assert!(first.head.contains("cache-control: public, max-age=300"), "{}", first.head);
    let ask = |path: &str, tag: &str| {
        format!("GET {path} HTTP/1.1\r\nHost: x\r\nIf-None-Match: {tag}\r\nConnection: close\r\n\r\n").into_bytes()
    };
    // The header is read in lower case, the tag itself is not.
    let tag = tag.replace("w/", "W/");
    let again = server.send(ask("/es/areas", &tag)).await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    assert!(again.head.contains("content-security-policy"), "a short answer is as safe");
    assert_eq!(server.send(ask("/es/area/9999", &tag)).await.status, 404, "what is not there has no copy");
    assert_eq!(server.send(ask("/es/areas", "W/\"other\"")).await.status, 200);
    let mut other = bundle(Stage::Release, false);
    other.manifest.seed = 2;
    assert_eq!(Server::start(other).await.send(ask("/es/areas", &tag)).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_is_kept_by_no_browser_and_listed_by_no_search_engine() {
    let server = Server::start(bundle(Stage::Draft, false)).await;
    let page = server.get("/es/").await;
    assert!(page.head.contains("cache-control: no-store"), "{}", page.head);
    assert!(page.body.contains("name=\"robots\" content=\"noindex\""));
    assert!(server.get("/robots.txt").await.body.contains("Disallow: /\n"));
    assert_eq!(server.get("/sitemap.xml").await.status, 404);
    assert!(server.get("/es/areas.csv").await.head.contains("borrador-confidencial"), "the file says what it is");
    let json: serde_json::Value = serde_json::from_str(&server.get("/es/national.json").await.body).unwrap();
    assert_eq!(json["draft"], true);
    assert_eq!(server.get("/release/1/es/").await.status, 404, "a draft has no lasting address");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_release_has_a_lasting_address_and_the_newest_the_short_one() {
    let mut newer = bundle(Stage::Release, false);
    newer.manifest.release = Some("2".to_owned());
    for estimate in &mut newer.estimates {
        estimate.rate = estimate.rate.map(|rate| rate + 0.1);
        estimate.lower = estimate.lower.map(|rate| rate + 0.1);
        estimate.upper = estimate.upper.map(|rate| rate + 0.1);
    }
    let server = Server::over(vec![newer, bundle(Stage::Release, false)]).await;
    let rate = async |path: &str| {
        let json: serde_json::Value = serde_json::from_str(&server.get(path).await.body).unwrap();
        json["rate"].as_f64()
    };
    assert_eq!(rate("/es/area/0101.json").await, Some(0.2234));
    assert_eq!(rate("/release/2/es/area/0101.json").await, Some(0.2234));
    assert_eq!(rate("/release/1/es/area/0101.json").await, Some(0.1234));
    let old = server.get("/release/1/es/department/01").await;
    assert!(old.body.contains("href=\"/release/1/es/area/0101\""), "links stay within the release");
    assert!(old.body.contains("href=\"/assets/style.css"), "the style is shared");
    assert!(old.body.contains("href=\"/release/2/es/\""), "an old release leads to the newest");
    assert!(!server.get("/es/department/01").await.body.contains("/release/1/es/area"));
    assert!(server.get("/release/1").await.head.contains("location: /release/1/es/"));
    let changes = server.get("/es/changes.csv").await.body;
    let line = changes.lines().find(|line| line.starts_with("0101")).unwrap();
    assert!(line.ends_with(",10,true") || line.ends_with(",10.0,true"), "{line}");
    let withheld = changes.lines().find(|line| line.starts_with(WITHHELD)).unwrap();
    assert!(withheld.ends_with("suppressed,,,,suppressed,,,,,"), "{withheld}");
    assert_eq!(server.get("/es/changes?from=1").await.status, 200);
    assert_eq!(server.get("/es/changes?from=2").await.status, 404, "a release has not changed since itself");
    assert_eq!(server.get("/release/1/es/changes").await.status, 404, "there is none before the first");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_compressed_for_those_who_ask_and_the_same_when_unpacked() {
    let server = Server::start(bundle(Stage::Release, false)).await;
    for encoding in ["gzip", "br"] {
        for _ in 0..2 {
            let request =
                format!("GET /es/how HTTP/1.1\r\nHost: x\r\nAccept-Encoding: {encoding}\r\nConnection: close\r\n\r\n");
            let answer = server.send(request.into_bytes()).await;
            assert!(answer.head.contains(&format!("content-encoding: {encoding}")), "{}", answer.head);
            assert!(answer.head.contains("vary: accept-encoding"), "{}", answer.head);
        }
    }
    assert!(!server.get("/es/how").await.head.contains("content-encoding"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_are_searched_filtered_and_sorted_by_the_address() {
    let server = Server::start(bundle(Stage::Release, false)).await;
    let codes = async |query: &str| -> Vec<String> {
        let body = server.get(&format!("/es/areas.json{query}")).await.body;
        let rows: Vec<serde_json::Value> = serde_json::from_str(&body).unwrap();
        rows.iter().map(|row| row["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(codes("?q=san+angle").await, ["0101"], "letters swapped");
    assert_eq!(codes("?q=S.%20Angel").await, ["0101"]);
    assert_eq!(codes("?q=0103").await, ["0103"]);
    assert_eq!(codes("?status=suppressed").await, [WITHHELD]);
    assert_eq!(codes("?class=1").await, Vec::<String>::new());
    assert_eq!(codes("?department=99").await, Vec::<String>::new());
    assert_eq!(codes("?department=01&sort=name").await.len(), 4);
    assert_eq!(codes("?q=zzzz").await, Vec::<String>::new());
    let page = server.get("/es/areas?q=uno").await.body;
    assert!(page.contains("href=\"/es/department/01\""), "a department is found too");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fact_sheets_are_printed_for_every_level_and_say_nothing_of_what_is_withheld() {
    let server = Server::start(bundle(Stage::Release, false)).await;
    for page in ["/es/area/0101.pdf", "/fr/department/01.pdf", "/pt/national.pdf", "/en/area/0102.pdf"] {
        let answer = server.get(page).await;
        assert_eq!(answer.status, 200, "{page}");
        assert!(answer.head.contains("content-type: application/pdf"), "{}", answer.head);
        assert!(answer.body.starts_with("%PDF-"), "{page}");
    }
    assert_eq!(server.get("/es/area/9999.pdf").await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fact_sheet_is_a_page_that_needs_no_style_of_its_own_and_leads_to_the_printed_one() {
    let server = Server::start(bundle(Stage::Release, false)).await;
    let catalog = Catalog::load();
    for language in Language::ALL {
        for (page, printed) in
            [("area/0101", "area/0101.pdf"), ("department/01", "department/01.pdf"), ("", "national.pdf")]
        {
            let sheet = format!("/{language}/{page}{}sheet", if page.is_empty() { "" } else { "/" });
            let area = server.get(&format!("/{language}/{page}")).await.body;
            assert!(area.contains(&format!("href=\"{sheet}\"")), "{page} leads to its sheet");
            let answer = server.get(&sheet).await;
            assert_eq!(answer.status, 200, "{sheet}");
            assert!(answer.body.contains(&format!("href=\"/{language}/{printed}\"")), "{sheet}");
            assert!(answer.body.contains(&catalog.get(language, "sheet-next")), "{sheet}");
            // What the headers of the site forbid would be lost without a word.
            assert!(!answer.body.contains("style=\"") && !answer.body.contains("<style"), "{sheet}");
            assert!(answer.body.contains("sheet.css"), "{sheet}");
            assert!(answer.body.len() < 60_000, "{sheet}");
        }
    }
    for nothing in
        ["/es/area/9999/sheet", "/es/region/01/sheet", "/es/area/01/sheet", "/es/area/0101/sheet/", "/es/sheet.csv"]
    {
        assert_eq!(server.get(nothing).await.status, 404, "{nothing}");
    }
    let hostile = server.get("/es/area/0103/sheet").await.body;
    assert!(hostile.contains("&lt;script&gt;") && !hostile.contains("<script>alert"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_cannot_be_made_says_so_with_a_number_and_is_not_kept() {
    let mut broken = bundle(Stage::Release, false);
    // A workbook that no program can make: its rows hold a text longer than a cell of a spreadsheet.
    broken.areas[2].area.name = "x".repeat(40_000);
    let server = Server::start(broken).await;
    let catalog = Catalog::load();
    let mut seen = std::collections::HashSet::new();
    for language in [Language::Es, Language::Fr, Language::Fr] {
        let answer = server.get(&format!("/{language}/release.xlsx")).await;
        assert_eq!(answer.status, 500, "{}", answer.body);
        assert!(answer.body.contains(&catalog.get(language, "site-failed")), "{language}");
        assert!(answer.head.contains("content-type: text/html"), "{}", answer.head);
        assert!(!answer.head.contains("cache-control: public"), "{}", answer.head);
        let numbers = answer.body.split(|letter: char| !letter.is_ascii_hexdigit() && letter != '-');
        let number = numbers.into_iter().find(|word| word.len() >= 10 && word.split('-').count() == 2);
        assert!(number.is_some(), "{}", answer.body);
        assert!(seen.insert(number.map(str::to_owned)), "each failure has its own number");
    }
    assert_eq!(server.get("/es/areas.csv").await.status, 200, "the rest goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_imprecise_estimate_has_no_class_on_pages_but_keeps_it_for_machines() {
    let mut imprecise = bundle(Stage::Release, false);
    for estimate in imprecise.estimates.iter_mut().filter(|estimate| estimate.area == "0101") {
        estimate.status = clrisk_core::ValueStatus::NotReliable;
    }
    let server = Server::start(imprecise).await;
    let class = "class-label";
    for page in ["area/0101", "area/0101/sheet", "areas?q=0101", "compare?area=0101"] {
        let body = server.get(&format!("/en/{page}")).await.body;
        assert!(body.contains("12.3"), "{page} shows the rate");
        assert!(!body.contains(class) && !body.contains("sheet-class\""), "{page} shows no class");
    }
    assert!(server.get("/en/area/0103").await.body.contains(class));
    assert!(!server.get("/en/areas?class=2").await.body.contains("href=\"/en/area/0101\""));
    let json: serde_json::Value = serde_json::from_str(&server.get("/en/area/0101.json").await.body).unwrap();
    assert_eq!(json["class"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_of_the_legend_is_shown_alone_by_the_address() {
    let server = Server::start(bundle(Stage::Release, false)).await;
    let page = server.get("/es/?show=class").await.body;
    assert!(page.contains("href=\"/es/?show=class&amp;only=2\""), "each step links to itself alone");
    let alone = server.get("/es/?show=class&only=2").await.body;
    assert!(alone.contains("href=\"/es/?show=class\""), "and back to all");
    assert!(alone.contains("href=\"/es/national.svg?show=class&amp;only=2\""), "the picture shows the same");
    assert_ne!(
        server.get("/es/national.svg?show=class&only=2").await.body,
        server.get("/es/national.svg?show=class").await.body
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_the_map_for_search_engines_is_there() {
    let server = Server::start(bundle(Stage::Release, false)).await;
    let map = server.get("/sitemap.xml").await.body;
    let pages: Vec<&str> = map
        .lines()
        .filter_map(|line| line.strip_prefix("<url><loc>http://localhost")?.strip_suffix("</loc></url>"))
        .collect();
    assert!(pages.len() > 100);
    for page in pages {
        assert_eq!(server.get(page).await.status, 200, "{page}");
    }
    let hostile = b"GET /sitemap.xml HTTP/1.1\r\nHost: \"><script>\r\nConnection: close\r\n\r\n".to_vec();
    assert!(!server.send(hostile).await.body.contains("script"));
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_survey_measured_shows_girls_and_chores_apart_with_its_definition_and_the_test_of_its_changes() {
    let server = Server::start(bundle(Stage::Release, false)).await;
    let catalog = Catalog::load();
    for language in Language::ALL {
        let page = server.get(&format!("/{language}/measured")).await.body;
        for key in ["measure-name-child_labour", "measure-name-excessive_chores", "measure-quality-suppress"] {
            assert!(page.contains(&catalog.get(language, key)), "{language}: {key}");
        }
        for text in ["girl", "prueba 1.2.3 (abcdef)", "hours: not compared", "measured/excessive_chores"] {
            assert!(page.contains(text), "{language}: {text}");
        }
        let one = server.get(&format!("/{language}/measured/child_labour")).await.body;
        assert!(one.contains(&catalog.get(language, "site-measured-fell")), "{language}: the change has a reading");
        assert!(
            one.contains(&catalog.get(language, "measure-compare-items").to_lowercase()),
            "{language}: and a warning"
        );
    }
    let csv = server.get("/es/measured.csv").await.body;
    let girls = csv.lines().find(|line| line.starts_with("child_labour,prevalence,5,17,sex=girl,")).unwrap();
    let cells: Vec<&str> = girls.split(',').collect();
    let names: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    for (name, cell) in names.iter().zip(&cells) {
        let kept = ["measure", "kind", "age_from", "age_to", "group", "population", "sample", "quality", "definition"];
        assert_eq!(cell.is_empty(), !kept.contains(name), "{name} of a withheld figure: {cell}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&server.get("/es/measured/child_labour.json").await.body).unwrap();
    assert_eq!(json["figures"].as_array().unwrap().len(), 4);
    assert_eq!(json["changes"][0]["p_value"], 0.001);
    assert_eq!(json["definition"]["version"], "1.2.3");
    let mut without = bundle(Stage::Release, false);
    without.measured = None;
    let server = Server::start(without).await;
    assert_eq!(server.get("/es/measured").await.status, 404);
    assert!(!server.get("/es/").await.body.contains("/es/measured"), "no link to a page that is not there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn weights_that_add_up_to_the_sample_leave_no_number_of_children_on_any_page() {
    let mut bundle = bundle(Stage::Release, false);
    bundle.measured.as_mut().unwrap().survey.normalised_weights = true;
    let server = Server::start(bundle).await;
    let page = server.get("/es/measured/child_labour").await.body;
    assert!(page.contains(&Catalog::load().get(Language::Es, "measure-note-normalised")));
    for address in ["/es/measured", "/es/measured/child_labour", "/es/measured.csv", "/es/measured.json"] {
        let body = server.get(address).await.body;
        for number in ["1234", "1.234", "1,234", "1357", "10000"] {
            let shares = body.replace("0.1234", "").replace("0.01234", "");
            assert!(!shares.contains(number), "{number} is on {address}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_on_how_it_was_made_holds_the_whole_model_card_with_its_warnings_in_words() {
    let mut bundle = bundle(Stage::Release, false);
    bundle.findings.push(clrisk_core::Finding::warning("MODEL-011", clrisk_core::Place::default()).with("auc", "0.55"));
    bundle.model = model_card();
    let server = Server::start(bundle.clone()).await;
    let catalog = Catalog::load();
    for language in Language::ALL {
        let page = server.get(&format!("/{language}/how")).await.body;
        let decimal = |text: &str| if page.contains(text) { text.to_owned() } else { text.replace('.', ",") };
        for text in ["child_labour ~ sex", "sex=girl", "margins.csv", "MODEL-011"] {
            assert!(page.contains(text), "{language}: {text}");
        }
        // Odds ratio, survey logit, maximum likelihood, deviations, likelihoods, losses, factors: each a number of its own.
        for number in [
            "1.51",
            "0.409",
            "0.413",
            "0.417",
            "0.62",
            "0.631",
            "-1234.567",
            "2469.1",
            "0.3456",
            "1.23",
            "0.777",
            "0.27",
            "0.71",
        ] {
            let number = decimal(number).replace('-', "");
            let plain = page.replace(['\u{a0}', '\u{202f}', '.', ','], "").replace("\u{2212}", "-");
            assert!(plain.contains(&number.replace(['.', ','], "")), "{language}: {number}");
        }
        for key in ["site-card-suggestion", "site-card-likelihood-title", "site-card-prior", "finding-MODEL-011.hint"] {
            let text = catalog.get(language, key);
            let start: String = text.chars().take_while(|letter| *letter != '{' && *letter != '\'').collect();
            assert!(page.contains(start.trim()), "{language}: {key}");
        }
    }
    bundle.model.method = "fay_herriot".to_owned();
    bundle.model.coefficients[1].odds_ratio = None;
    bundle.model.coefficients[1].marginal_points = None;
    let page = Server::start(bundle).await.get("/es/how").await.body;
    assert!(page.contains(&catalog.get(Language::Es, "site-card-method-fay-herriot")));
    assert!(!page.contains(&catalog.get(Language::Es, "site-odds")), "no odds on the arcsine scale");
}
