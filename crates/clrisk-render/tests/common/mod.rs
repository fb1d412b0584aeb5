//! Bundles for the tests: an invented country on a grid or on real boundaries, with one municipality withheld and one imprecise.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use clrisk_core::bundle::{
    AreaRow, ClassScheme, FORMAT_VERSION, Input, LeverLabel, OutcomeLabel, Signature, Stage, VariableLabel,
};
use clrisk_core::model_card::ModelCard;
use clrisk_core::{
    Area, AreaClass, Bundle, Cluster, Estimate, FactorContribution, Findings, Group, HotSpot, Level, LeverEffect,
    LocalText, Manifest, ValueStatus,
};

/// Position of the municipality whose figures are withheld; its numbers have a 4242 in them.
pub const WITHHELD: usize = 3;
/// Position of the municipality whose estimate is imprecise.
pub const IMPRECISE: usize = 5;

/// A municipality before it has figures.
pub struct Place {
    pub code: String,
    pub name: String,
    pub department: String,
    /// GeoJSON geometry.
    pub geometry: String,
}

fn text(value: &str) -> LocalText {
    LocalText::from(value)
}

/// `count` municipalities on a grid with jagged borders, twenty to a department.
pub fn grid(count: usize) -> Vec<Place> {
    let across = (count as f64).sqrt().ceil() as usize;
    // A border of twelve points between two corners, the same from both sides.
    let border = |from: [f64; 2], to: [f64; 2]| {
        (0..12).map(move |step| {
            let share = f64::from(step) / 12.0;
            let [x, y] = [0, 1].map(|axis| from[axis] + (to[axis] - from[axis]) * share);
            let jag = if step == 0 { 0.0 } else { 0.06 * ((x * 12.9898 + y * 78.233).sin() * 43_758.547).fract() };
            format!("[{:.4},{:.4}]", x / 10.0 - 90.0 + jag / 10.0, y / 10.0 + 14.0 + jag / 10.0)
        })
    };
    (0..count)
        .map(|index| {
            let (x, y) = ((index % across) as f64, (index / across) as f64);
            let corners = [[x, y], [x + 1.0, y], [x + 1.0, y + 1.0], [x, y + 1.0]];
            let mut points: Vec<String> = Vec::new();
            for side in 0..4 {
                let (from, to) = (corners[side], corners[(side + 1) % 4]);
                // Drawn in one direction only, so that neighbours agree.
                if from <= to {
                    points.extend(border(from, to));
                } else {
                    let mut back: Vec<String> = border(to, from).collect();
                    back.remove(0);
                    back.reverse();
                    points.push(border(from, to).next().unwrap());
                    points.extend(back);
                }
            }
            points.push(points[0].clone());
            Place {
                code: format!("{:02}{:02}", index / 20 + 1, index % 20 + 1),
                name: format!("San Bartolomé de los Altos {index}"),
                department: format!("{:02}", index / 20 + 1),
                geometry: format!(r#"{{"type":"Polygon","coordinates":[[{}]]}}"#, points.join(",")),
            }
        })
        .collect()
}

/// The municipalities of Brazil on their real boundaries; none, with a word about it, where they are not at hand.
pub fn brazil() -> Option<Vec<Place>> {
    let folder = std::env::var_os("CLRISK_REAL_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let found = std::fs::read_dir(folder.join("boundaries/brazil"))
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "json" || extension == "geojson"));
    let Some(path) = found else {
        eprintln!("SKIPPED: no boundaries of Brazil in {}", folder.display());
        return None;
    };
    let collection: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mut places: Vec<Place> = collection["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| {
            let fields = &feature["properties"];
            let first = |names: &[&str]| {
                let found = names.iter().find_map(|name| match &fields[*name] {
                    serde_json::Value::String(text) => Some(text.clone()),
                    serde_json::Value::Number(number) => Some(number.to_string()),
                    _ => None,
                });
                found.unwrap_or_default()
            };
            let code = first(&["CD_MUN", "codarea", "code_muni", "id", "code"]);
            Place {
                name: first(&["NM_MUN", "name_muni", "name", "codarea"]),
                department: code.get(..2).unwrap_or("00").to_owned(),
                geometry: feature["geometry"].to_string(),
                code,
            }
        })
        .collect();
    places.sort_by(|one, other| one.code.cmp(&other.code));
    places.dedup_by(|one, other| one.code == other.code);
    Some(places)
}

/// A number between 0 and 1 that depends on two others only.
fn invented(index: usize, stream: u64) -> f64 {
    let mut state = (index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ stream.wrapping_mul(0xD1B5_4A32_D192_ED03);
    for _ in 0..3 {
        state ^= state >> 29;
        state = state.wrapping_mul(0xBF58_476D_1CE4_E5B9);
        state ^= state >> 32;
    }
    (state >> 11) as f64 / (1u64 << 53) as f64
}

fn estimate(area: &str, level: Level, group: Group, rate: f64, population: f64, status: ValueStatus) -> Estimate {
    let error = 0.03 + 0.1 * rate;
    Estimate {
        area: area.to_owned(),
        level,
        group,
        rate: Some(rate),
        standard_error: Some(error / 2.0),
        lower: Some((rate - error).max(0.001)),
        upper: Some(rate + error),
        count: Some(rate * population),
        count_lower: Some((rate - error).max(0.001) * population),
        count_upper: Some((rate + error) * population),
        population: Some(population),
        sample: Some(40),
        direct: (level != Level::Municipality).then_some(rate * 1.03),
        status,
        local: level != Level::Municipality || area.ends_with(['1', '3', '5', '7', '9']),
    }
}

/// A bundle of a country with these municipalities.
pub fn bundle(places: &[Place], stage: Stage) -> Bundle {
    let groups =
        || {
            let mut groups = vec![Group::all(), Group::one("sex", "boy"), Group::one("sex", "girl")];
            groups.extend(["5-11", "12-14", "15-17"].map(|age| Group::one("age_group", age)));
            for sex in ["boy", "girl"] {
                groups.extend(["5-11", "12-14", "15-17"].map(|age| {
                    Group(vec![("sex".to_owned(), sex.to_owned()), ("age_group".to_owned(), age.to_owned())])
                }));
            }
            groups
        };
    let factor = |group: &Group| {
        let of = |category: &str| group.0.iter().any(|(_, found)| found == category);
        let sex = if of("boy") {
            1.4
        } else if of("girl") {
            0.6
        } else {
            1.0
        };
        sex * if of("5-11") {
            0.5
        } else if of("15-17") {
            1.5
        } else {
            1.0
        }
    };
    let row = |code: &str, name: &str, level, parent: Option<&str>, population| AreaRow {
        area: Area { code: code.to_owned(), name: name.to_owned(), level, parent: parent.map(str::to_owned) },
        population,
        sample: 40,
        sampling_units: 4,
        own_sample_share: Some(0.5),
    };
    let mut departments: Vec<&str> = places.iter().map(|place| place.department.as_str()).collect();
    departments.dedup();
    let mut areas = vec![row("PA", "País", Level::Country, None, 1_000_000.0)];
    areas.extend(
        departments
            .iter()
            .map(|code| row(code, &format!("Departamento del Norte {code}"), Level::Department, Some("PA"), 100_000.0)),
    );
    let mut estimates: Vec<Estimate> = groups()
        .into_iter()
        .map(|group| {
            let rate = 0.15 * factor(&group);
            estimate("PA", Level::Country, group, rate, 1_000_000.0, ValueStatus::Value)
        })
        .collect();
    for code in &departments {
        for group in groups() {
            let rate = 0.16 * factor(&group);
            estimates.push(estimate(code, Level::Department, group, rate, 100_000.0, ValueStatus::Value));
        }
    }
    let (mut classes, mut factors, mut levers, mut hot_spots, mut features) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (index, place) in places.iter().enumerate() {
        let code = place.code.as_str();
        let rate = if index == WITHHELD { 0.4242 } else { 0.04 + 0.3 * invented(index, 1) };
        let population = (800.0 + 20_000.0 * invented(index, 2)).round();
        let status = match index {
            WITHHELD => ValueStatus::Suppressed,
            IMPRECISE => ValueStatus::NotReliable,
            _ if index % 4 == 0 => ValueStatus::ModelledWithoutSample,
            _ => ValueStatus::Value,
        };
        areas.push(AreaRow {
            sample: if index % 4 == 0 { 0 } else { 40 },
            ..row(code, &place.name, Level::Municipality, Some(&place.department), population)
        });
        for group in groups() {
            let rate = rate * factor(&group);
            estimates.push(estimate(code, Level::Municipality, group, rate, population, status));
        }
        let class = if rate < 0.12 {
            1
        } else if rate < 0.22 {
            2
        } else {
            3
        };
        let sure = if index % 3 == 0 { 0.5 } else { 0.9 };
        let mut membership = vec![(1.0 - sure) / 2.0; 3];
        membership[class - 1] = sure;
        let rank = places.len() as i64 - (rate * 100.0) as i64;
        classes.push(AreaClass {
            area: code.to_owned(),
            class: Some(class as i64),
            membership,
            rank: Some(rank.max(1)),
            rank_lower: Some((rank - 9).max(1)),
            rank_upper: Some((rank + 9).clamp(1, places.len() as i64)),
            rank_joint: Some([1, places.len() as i64]),
            count_rank: Some(index as i64 + 1),
        });
        for (stream, name) in [(3, "head_education"), (4, "school"), (5, "area_effect")] {
            let logit = invented(index, stream) - 0.4;
            factors.push(FactorContribution {
                area: code.to_owned(),
                factor: name.to_owned(),
                logit,
                points: logit * 8.0,
            });
        }
        levers.push(LeverEffect {
            area: code.to_owned(),
            level: Level::Municipality,
            lever: "school".to_owned(),
            now: 0.8,
            target: 0.9,
            points: [-1.0, -2.0, -0.5],
            children: [-40.0, -80.0, -20.0],
        });
        hot_spots.push(HotSpot {
            area: code.to_owned(),
            cluster: Cluster::ALL[index % Cluster::ALL.len()],
            q: Some(0.04),
            level: 2,
        });
        features
            .push(format!(r#"{{"type":"Feature","properties":{{"code":"{code}"}},"geometry":{}}}"#, place.geometry));
    }
    let title = |es: &str, en: &str, pt: &str, fr: &str| {
        use clrisk_core::Language::{En, Es, Fr, Pt};
        LocalText::ByLanguage(
            [(Es, es), (En, en), (Pt, pt), (Fr, fr)].map(|(language, text)| (language, text.to_owned())).into(),
        )
    };
    let variable = |name: &str, label: &str, role: &str, categories: &[(&str, &str)]| VariableLabel {
        name: name.to_owned(),
        title: text(label),
        role: role.to_owned(),
        categories: categories.iter().map(|(code, label)| ((*code).to_owned(), text(label))).collect(),
    };
    Bundle {
        measured: None,
        index: None,
        manifest: Manifest {
            format: FORMAT_VERSION,
            program: "clrisk 0".to_owned(),
            stage,
            project: "prueba".to_owned(),
            release: (stage == Stage::Release).then(|| "2026-1".to_owned()),
            title: text("Riesgo de trabajo infantil por municipio"),
            country: text("País"),
            country_code: Some("AR".to_owned()),
            licence: None,
            synthetic: true,
            outcome: OutcomeLabel {
                name: "child_labour".to_owned(),
                title: title("Trabajo infantil", "Child labour", "Trabalho infantil", "Travail des enfants"),
                definition: text("Niñas, niños y adolescentes de 5 a 17 años que en la semana trabajaron."),
            },
            ages: [5, 17],
            variables: vec![
                variable("sex", "Sexo", "context", &[("boy", "Niños"), ("girl", "Niñas")]),
                variable(
                    "age_group",
                    "Edad",
                    "context",
                    &[("5-11", "5 a 11 años"), ("12-14", "12 a 14 años"), ("15-17", "15 a 17 años")],
                ),
                variable("head_education", "Educación de la jefatura del hogar", "actionable", &[]),
                variable("school", "Asistencia escolar", "actionable", &[]),
            ],
            groups: vec![vec!["sex".to_owned()]],
            levers: vec![LeverLabel {
                name: "school".to_owned(),
                title: text("Escuela para todos"),
                variable: "school".to_owned(),
                category: Some("attends".to_owned()),
            }],
            classes: ClassScheme {
                rule: "jenks".to_owned(),
                breaks: vec![0.04, 0.12, 0.22, 0.45],
                names: ["class-low", "class-medium", "class-high"].map(str::to_owned).to_vec(),
            },
            max_cv: 0.3,
            inputs: [("survey", "Encuesta de hogares", 2025), ("census", "Censo de población", 2018)]
                .map(|(role, label, year)| Input {
                    role: role.to_owned(),
                    title: text(label),
                    file: String::new(),
                    year: Some(year),
                    source: Some("Instituto de Estadística".to_owned()),
                    sha256: String::new(),
                })
                .to_vec(),
            settings_sha256: String::new(),
            seed: 1,
            files: BTreeMap::new(),
            signature: (stage == Stage::Release).then(|| Signature {
                name: "Ana".to_owned(),
                office: "Instituto".to_owned(),
                date: "2026-11-25".to_owned(),
                statement: "Revisado".to_owned(),
            }),
            disclosure: None,
        },
        areas,
        estimates,
        classes,
        factors,
        levers,
        hot_spots,
        model: ModelCard::default(),
        sensitivity: Vec::new(),
        comparability: Default::default(),
        joins: Vec::new(),
        findings: Findings::default(),
        boundaries: format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",")),
    }
}
