//! A bundle of four municipalities, one for each thing that can stand in the place of a number, and a server over it.
// Every test file uses its part of it.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use clrisk_core::bundle::{AreaRow, ClassScheme, FORMAT_VERSION, LeverLabel, OutcomeLabel, Stage};
use clrisk_core::model_card::ModelCard;
use clrisk_core::{
    Area, AreaClass, Bundle, Estimate, FactorContribution, Findings, Group, Level, LeverEffect, LocalText, Manifest,
    ValueStatus,
};

/// A name that would run if a page did not escape it.
pub const HOSTILE: &str = "<script>alert(\"1\")</script>";

/// The municipality whose figures are withheld, and what must not be seen of it.
pub const WITHHELD: &str = "0102";
pub const SECRETS: [&str; 4] = ["0.4242", "42.4", "42,4", "4242"];

fn same(text: &str) -> LocalText {
    LocalText::Same(text.to_owned())
}

fn row(code: &str, name: &str, level: Level, parent: Option<&str>) -> AreaRow {
    let area = Area { code: code.to_owned(), name: name.to_owned(), level, parent: parent.map(str::to_owned) };
    let share = if code == WITHHELD { 0.4242 } else { 0.5 };
    AreaRow { area, population: share * 10_000.0, sample: 42, sampling_units: 4, own_sample_share: Some(share) }
}

fn estimate(area: &str, level: Level, group: Group, status: ValueStatus) -> Estimate {
    let rate = if status == ValueStatus::Suppressed { 0.4242 } else { 0.1234 };
    Estimate {
        area: area.to_owned(),
        level,
        group,
        rate: Some(rate),
        standard_error: Some(rate / 5.0),
        lower: Some(rate - 0.02),
        upper: Some(rate + 0.02),
        count: Some(rate * 10_000.0),
        count_lower: Some(rate * 9_000.0),
        count_upper: Some(rate * 11_000.0),
        population: Some(if status == ValueStatus::Suppressed { 4242.0 } else { 10_000.0 }),
        sample: Some(42),
        direct: Some(rate),
        status,
        local: true,
    }
}

/// The bundle. The withheld municipality still has its numbers, as a bundle must not: the site is the second lock.
pub fn bundle(stage: Stage, synthetic: bool) -> Bundle {
    let municipalities = [
        ("0101", "San Ángel", ValueStatus::Value),
        (WITHHELD, "Reservado", ValueStatus::Suppressed),
        ("0103", HOSTILE, ValueStatus::ModelledWithoutSample),
        ("0104", "Nada", ValueStatus::NoData),
    ];
    let mut areas = vec![row("X", "País", Level::Country, None), row("01", "Uno", Level::Department, Some("X"))];
    let mut estimates = vec![
        estimate("X", Level::Country, Group::all(), ValueStatus::Value),
        estimate("01", Level::Department, Group::all(), ValueStatus::Value),
    ];
    let (mut classes, mut factors, mut levers, mut features) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (index, (code, name, status)) in municipalities.into_iter().enumerate() {
        areas.push(row(code, name, Level::Municipality, Some("01")));
        for group in [Group::all(), Group::one("sex", "girl")] {
            estimates.push(estimate(code, Level::Municipality, group, status));
        }
        classes.push(AreaClass {
            area: code.to_owned(),
            class: Some(2),
            membership: if code == WITHHELD { vec![0.4242, 0.5758] } else { vec![0.3, 0.7] },
            rank: Some(1),
            rank_lower: Some(1),
            rank_upper: Some(2),
            rank_joint: Some([1, 3]),
            count_rank: Some(1),
        });
        factors.push(FactorContribution {
            area: code.to_owned(),
            factor: "area_effect".to_owned(),
            logit: if code == WITHHELD { 0.4242 } else { 0.3 },
            points: if code == WITHHELD { 4.242 } else { 3.0 },
        });
        let change = if code == WITHHELD { -4.242 } else { -3.0 };
        levers.push(LeverEffect {
            area: code.to_owned(),
            level: Level::Municipality,
            lever: "school".to_owned(),
            now: 0.8,
            target: 0.9,
            points: [change, change - 1.0, change + 1.0],
            children: [change * 1000.0, change * 1200.0, change * 800.0],
        });
        let (left, right) = (index as f64, index as f64 + 1.0);
        features.push(format!(
            r#"{{"type":"Feature","properties":{{"code":"{code}"}},"geometry":{{"type":"Polygon","coordinates":[[[{left},0],[{right},0],[{right},1],[{left},1],[{left},0]]]}}}}"#
        ));
    }
    Bundle {
        manifest: Manifest {
            format: FORMAT_VERSION,
            program: "clrisk 0".to_owned(),
            stage,
            project: "prueba".to_owned(),
            release: (stage == Stage::Release).then(|| "1".to_owned()),
            title: same("Prueba"),
            country: same("País"),
            country_code: None,
            licence: None,
            synthetic,
            outcome: OutcomeLabel {
                name: "child_labour".to_owned(),
                title: same("Trabajo infantil"),
                definition: same("Qué cuenta"),
            },
            ages: [5, 17],
            variables: Vec::new(),
            groups: vec![vec!["sex".to_owned()]],
            levers: vec![LeverLabel {
                name: "school".to_owned(),
                title: same("Escuela para todos"),
                variable: "school".to_owned(),
                category: Some("attends".to_owned()),
            }],
            classes: ClassScheme {
                rule: "jenks".to_owned(),
                breaks: vec![0.05, 0.1, 0.2],
                names: vec!["class-low".to_owned(), "class-high".to_owned()],
            },
            max_cv: 0.3,
            inputs: Vec::new(),
            settings_sha256: String::new(),
            seed: 1,
            files: BTreeMap::new(),
            signature: None,
            disclosure: None,
        },
        areas,
        estimates,
        classes,
        factors,
        levers,
        hot_spots: Vec::new(),
        model: ModelCard::default(),
        sensitivity: Vec::new(),
        comparability: Vec::new(),
        joins: Vec::new(),
        findings: Findings::default(),
        measured: None,
        boundaries: format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",")),
        index: None,
    }
}

/// A running server.
pub struct Server(SocketAddr);

/// The answer to a request.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Server {
    pub async fn start(bundle: Bundle) -> Server {
        Server::over(vec![bundle]).await
    }

    /// A server over several releases, newest first.
    pub async fn over(bundles: Vec<Bundle>) -> Server {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = clrisk_server::site(bundles).unwrap();
        tokio::spawn(clrisk_server::serve(listener, router));
        Server(address)
    }

    /// Sends the bytes of a request as they are.
    pub async fn send(&self, request: Vec<u8>) -> Answer {
        self.exchange(request, false).await
    }

    async fn exchange(&self, request: Vec<u8>, close: bool) -> Answer {
        let address = self.0;
        let bytes = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(&request).unwrap();
            if close {
                let _ = stream.shutdown(std::net::Shutdown::Write);
            }
            let mut bytes = Vec::new();
            let _ = stream.read_to_end(&mut bytes);
            bytes
        })
        .await
        .unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    /// Sends bytes that may promise more than they hold: half-closes the connection, so that the server need not wait.
    pub async fn send_and_close(&self, request: Vec<u8>) -> Answer {
        self.exchange(request, true).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").into_bytes()).await
    }
}
