//! A bundle of four municipalities, one for each thing that can stand in the place of a number, and a server over it.
// Every test file uses its part of it.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use clrisk_core::bundle::{AreaRow, ClassScheme, FORMAT_VERSION, LeverLabel, OutcomeLabel, Stage, VariableLabel};
use clrisk_core::measure::{ChangeRow, DefinitionLabel, Kind, MeasuredSurvey};
use clrisk_core::model_card::{
    BenchmarkRow, CoefficientRow, CorrelationRow, MarginRow, MaximumLikelihoodRow, ModelCard, SuggestionRow,
    VarianceRow,
};
use clrisk_core::{
    Area, AreaClass, Bundle, Estimate, FactorContribution, Findings, Group, Level, LeverEffect, LocalText, Manifest,
    Measured, MeasuredRow, Quality, ValueStatus,
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
        comparability: Default::default(),
        joins: Vec::new(),
        findings: Findings::default(),
        measured: Some(measured()),
        boundaries: format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",")),
        index: None,
    }
}

/// Child labour and chores by sex; what the rule withholds of girls still has its numbers, as a bundle must not.
fn measured() -> Measured {
    let row = |measure: &str, kind, group: Group, quality| {
        let rate = if quality == Quality::Suppress { 0.4242 } else { 0.1234 };
        MeasuredRow {
            measure: measure.to_owned(),
            kind,
            ages: [5, 17],
            group,
            rate: Some(rate),
            standard_error: Some(rate / 10.0),
            lower: Some(rate - 0.02),
            upper: Some(rate + 0.02),
            count: Some(rate * 10_000.0),
            count_lower: Some(rate * 9_000.0),
            count_upper: Some(rate * 11_000.0),
            population: Some(10_000.0),
            sample: 420,
            cases: Some(if quality == Quality::Suppress { 4242 } else { 52 }),
            effective_sample: Some(if quality == Quality::Suppress { 424.2 } else { 210.0 }),
            coefficient_of_variation: Some(0.1),
            quality,
        }
    };
    let mut rows = Vec::new();
    for measure in ["child_labour", "excessive_chores"] {
        let girls = if measure == "child_labour" { Quality::Suppress } else { Quality::PublishWithWarning };
        rows.push(row(measure, Kind::Prevalence, Group::all(), Quality::Publish));
        rows.push(row(measure, Kind::Prevalence, Group::one("sex", "boy"), Quality::Publish));
        rows.push(row(measure, Kind::Prevalence, Group::one("sex", "girl"), girls));
    }
    rows.push(row("child_labour", Kind::Composition, Group::one("sex", "boy"), Quality::Publish));
    let change = |measure: &str, difference: f64, p_value: f64, quality| ChangeRow {
        measure: measure.to_owned(),
        ages: [5, 17],
        group: Group::all(),
        earlier: Some(0.2),
        later: Some(0.2 + difference),
        difference: Some(difference),
        standard_error: Some(0.01),
        lower: Some(difference - 0.02),
        upper: Some(difference + 0.02),
        p_value: Some(p_value),
        quality,
    };
    let label = |name: &str, categories: &[&str]| VariableLabel {
        name: name.to_owned(),
        title: same(HOSTILE),
        role: "context".to_owned(),
        categories: categories.iter().map(|code| ((*code).to_owned(), same(code))).collect(),
    };
    Measured {
        country: same("País"),
        country_code: None,
        synthetic: false,
        survey: MeasuredSurvey {
            title: same("Encuesta"),
            year: Some(2025),
            children: 840,
            ..MeasuredSurvey::default()
        },
        earlier: Some(MeasuredSurvey { title: same("Anterior"), year: Some(2019), ..MeasuredSurvey::default() }),
        definition: DefinitionLabel {
            id: "prueba".to_owned(),
            version: "1.2.3".to_owned(),
            hash: "abcdef".to_owned(),
            title: same("Definición de prueba"),
            description: same("Qué cuenta"),
            reviewer: String::new(),
            next_review: "2027-01-01".to_owned(),
            unverified: vec!["hours: not compared".to_owned()],
            sources: vec!["A law".to_owned()],
        },
        quality_rule: "rule".to_owned(),
        level: 0.95,
        measures: ["child_labour", "excessive_chores"].map(str::to_owned).to_vec(),
        ages: vec![[5, 17]],
        dimensions: vec![label("sex", &["boy", "girl"])],
        comparability: vec!["definition".to_owned(), "items".to_owned()],
        program: "clrisk 0".to_owned(),
        rows,
        changes: vec![
            change("child_labour", -0.0766, 0.001, Quality::Publish),
            change("excessive_chores", 0.4242, 0.4242, Quality::Suppress),
        ],
    }
}

/// A model card with everything a project may ask for.
pub fn model_card() -> ModelCard {
    let row = |name: &str, estimate: f64| CoefficientRow {
        name: name.to_owned(),
        variable: "sex".to_owned(),
        label: same(name),
        estimate,
        standard_error: 0.1,
        odds_ratio: Some([1.51, 1.24, 1.84]),
        survey_logit: Some(0.413),
        survey_logit_standard_error: Some(0.12),
        marginal_points: Some([2.5, 1.1, 3.9]),
    };
    ModelCard {
        formula: "child_labour ~ sex + (1 + sex | municipality)".to_owned(),
        method: "multilevel_logit".to_owned(),
        observations: 5000,
        sampling_units: 200,
        strata: 20,
        areas_in_sample: 2,
        areas: 4,
        log_likelihood: -1200.5,
        draws: 1000,
        coefficients: vec![row("(Intercept)", -2.0), row("sex=girl", 0.409)],
        variance_components: vec![VarianceRow {
            group: "municipality".to_owned(),
            term: "(Intercept)".to_owned(),
            sd: [0.62, 0.4, 0.9],
            levels: [2, 4],
        }],
        correlations: vec![CorrelationRow {
            group: "municipality".to_owned(),
            terms: ["(Intercept)".to_owned(), "sex=girl".to_owned()],
            correlation: [-0.27, -0.71, 0.34],
        }],
        diagnostics: [("auc".to_owned(), 0.777), ("new_areas_log_loss".to_owned(), 0.25)].into(),
        warnings: vec!["MODEL-011".to_owned()],
        weight_scaling: "design_effect".to_owned(),
        benchmarks: vec![BenchmarkRow {
            level: "country".to_owned(),
            area: "X".to_owned(),
            direct: 0.12,
            direct_standard_error: 0.01,
            before: 0.13,
            after: 0.12,
        }],
        maximum_likelihood: Some(MaximumLikelihoodRow {
            integration: "quadrature".to_owned(),
            log_likelihood: -1234.567,
            akaike: 2469.1,
            coefficients: vec![[-2.1, 0.2], [0.417, 0.11]],
            standard_deviations: vec![0.631],
            singular: true,
        }),
        suggestion: Some(SuggestionRow {
            kept: vec!["sex".to_owned()],
            left_out: Vec::new(),
            loss_suggested: 0.3456,
            loss_all: 0.3461,
            loss_standard_error: 0.01,
        }),
        margins: vec![MarginRow {
            file: "margins.csv".to_owned(),
            year: Some(2025),
            level: "department".to_owned(),
            by: vec!["sex".to_owned()],
            children: [1000.0, 1230.0],
            factors: [0.95, 1.23],
        }],
        ..ModelCard::default()
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
