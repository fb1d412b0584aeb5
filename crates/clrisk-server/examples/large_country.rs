//! A release with real boundaries and invented figures, to see how the site carries a large country.
//!
//! `cargo run -p clrisk-server --example large_country -- BOUNDARIES.geojson FOLDER` writes `FOLDER/out/release/large`, which
//! `clrisk serve -p FOLDER` serves. Features need the properties `id` (the first two digits are the department) and `name`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};

use clrisk_core::bundle::{AreaRow, ClassScheme, FORMAT_VERSION, OutcomeLabel, Signature, Stage};
use clrisk_core::model_card::ModelCard;
use clrisk_core::{
    Area, AreaClass, Bundle, Estimate, FactorContribution, Findings, Group, Level, LocalText, Manifest, ValueStatus,
};

/// A number between 0 and 1 that a code and a purpose always give.
fn invented(code: &str, purpose: u64) -> f64 {
    let seed = code.bytes().fold(purpose.wrapping_mul(0x9e37_79b9_7f4a_7c15), |seed, byte| {
        (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mixed = (seed ^ (seed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed >> 11) as f64 / (1u64 << 53) as f64
}

fn row(code: &str, name: &str, level: Level, parent: Option<&str>, population: f64) -> AreaRow {
    let area = Area { code: code.to_owned(), name: name.to_owned(), level, parent: parent.map(str::to_owned) };
    AreaRow { area, population, sample: 0, sampling_units: 0, own_sample_share: None }
}

fn estimate(area: &str, level: Level, group: Group, rate: f64, population: f64) -> Estimate {
    Estimate {
        area: area.to_owned(),
        level,
        group,
        rate: Some(rate),
        standard_error: Some(rate / 6.0),
        lower: Some(rate * 0.7),
        upper: Some(rate * 1.35),
        count: Some((rate * population).round()),
        count_lower: Some((rate * 0.7 * population).round()),
        count_upper: Some((rate * 1.35 * population).round()),
        population: Some(population),
        sample: Some(0),
        direct: None,
        status: ValueStatus::ModelledWithoutSample,
        local: true,
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [boundaries, folder] = arguments.as_slice() else { panic!("usage: large_country BOUNDARIES.geojson FOLDER") };
    let mut map: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(boundaries).unwrap()).unwrap();
    let mut names: Vec<(String, String)> = Vec::new();
    let mut known = BTreeSet::new();
    let features = map["features"].as_array_mut().unwrap();
    features.retain(|feature| known.insert(feature["properties"]["id"].as_str().unwrap().to_owned()));
    for feature in features {
        let code = feature["properties"]["id"].as_str().unwrap().to_owned();
        names.push((code.clone(), feature["properties"]["name"].as_str().unwrap_or("?").to_owned()));
        feature["properties"] = serde_json::json!({ "code": code });
    }
    names.sort();
    let departments: BTreeSet<String> = names.iter().map(|(code, _)| code[..2].to_owned()).collect();
    let group = |name: &str| Group::one("sex", name);
    let mut areas = vec![row("C", "Large country", Level::Country, None, 4e7)];
    let mut estimates = vec![
        estimate("C", Level::Country, Group::all(), 0.07, 4e7),
        estimate("C", Level::Country, group("boy"), 0.09, 2e7),
        estimate("C", Level::Country, group("girl"), 0.05, 2e7),
    ];
    for code in &departments {
        areas.push(row(code, &format!("Department {code}"), Level::Department, Some("C"), 1e6));
        estimates.push(estimate(code, Level::Department, Group::all(), 0.03 + 0.1 * invented(code, 1), 1e6));
    }
    let (mut classes, mut factors) = (Vec::new(), Vec::new());
    for (code, name) in &names {
        let population = 500.0 + (invented(code, 2) * 9.0).exp();
        let rate = 0.02 + 0.16 * (0.6 * invented(&code[..2], 1) + 0.4 * invented(code, 3));
        areas.push(row(code, name, Level::Municipality, Some(&code[..2]), population.round()));
        estimates.push(estimate(code, Level::Municipality, Group::all(), rate, population.round()));
        for (name, share) in [("boy", 1.3), ("girl", 0.7)] {
            estimates.push(estimate(code, Level::Municipality, group(name), rate * share, (population / 2.0).round()));
        }
        let high = (1.0 / (1.0 + (-(rate - 0.11) * 80.0).exp())).clamp(0.001, 0.999);
        let rank = 1 + (invented(code, 4) * names.len() as f64) as i64;
        classes.push(AreaClass {
            area: code.clone(),
            class: Some(if rate < 0.06 {
                1
            } else if rate < 0.11 {
                2
            } else {
                3
            }),
            membership: vec![(1.0 - high) * 0.6, (1.0 - high) * 0.4, high],
            rank: Some(rank),
            rank_lower: Some((rank - 300).max(1)),
            rank_upper: Some((rank + 300).min(names.len() as i64)),
            rank_joint: None,
            count_rank: Some(rank),
        });
        for factor in ["school", "zone", "water", "income", "area_effect"] {
            let logit = invented(code, factor.len() as u64 + 10) - 0.5;
            factors.push(FactorContribution {
                area: code.clone(),
                factor: factor.to_owned(),
                logit,
                points: logit * 6.0,
            });
        }
    }
    let same = |text: &str| LocalText::Same(text.to_owned());
    let mut bundle = Bundle {
        measured: None,
        index: None,
        manifest: Manifest {
            format: FORMAT_VERSION,
            program: "clrisk 0".to_owned(),
            stage: Stage::Release,
            project: "large".to_owned(),
            release: Some("large".to_owned()),
            title: same("Large country"),
            country: same("Large country"),
            country_code: Some("BR".to_owned()),
            synthetic: true,
            outcome: OutcomeLabel {
                name: "child_labour".to_owned(),
                title: same("Child labour"),
                definition: same("Invented."),
            },
            ages: [5, 17],
            variables: Vec::new(),
            groups: vec![vec!["sex".to_owned()]],
            levers: Vec::new(),
            classes: ClassScheme {
                rule: "fixed".to_owned(),
                breaks: vec![0.0, 0.06, 0.11, 0.3],
                names: ["class-low", "class-medium", "class-high"].map(str::to_owned).to_vec(),
            },
            max_cv: 0.3,
            inputs: Vec::new(),
            settings_sha256: String::new(),
            seed: 1,
            files: BTreeMap::new(),
            signature: Some(Signature {
                name: "Bench".to_owned(),
                office: "Bench".to_owned(),
                date: "2026-11-25".to_owned(),
                statement: "Invented figures.".to_owned(),
            }),
            disclosure: None,
            licence: None,
        },
        areas,
        estimates,
        classes,
        factors,
        levers: Vec::new(),
        hot_spots: Vec::new(),
        model: ModelCard { areas: names.len() as u64, ..ModelCard::default() },
        sensitivity: Vec::new(),
        comparability: Default::default(),
        joins: Vec::new(),
        findings: Findings::default(),
        boundaries: map.to_string(),
    };
    let target = std::path::Path::new(folder).join("out/release/large");
    std::fs::create_dir_all(&target).unwrap();
    bundle.write(&target).unwrap();
}
