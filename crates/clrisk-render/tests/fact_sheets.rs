//! Fact sheets: what they say, in which units, and what they weigh.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use clrisk_core::bundle::Stage;
use clrisk_core::{Catalog, Language, Level};
use clrisk_render::sentence::{Chance, Children, Percent, Points};
use clrisk_render::sheet::page;
use clrisk_render::{Sheet, Study, Words};

use common::{WITHHELD, brazil, bundle, grid};

/// Bytes a sheet may weigh.
const MOST: usize = 60_000;

fn study(count: usize) -> Study {
    Study::new(bundle(&grid(count), Stage::Release)).unwrap()
}

#[test]
fn every_unit_is_written_as_the_language_writes_it() {
    let catalog = Catalog::load();
    let country = study(25);
    let written = |language: Language| {
        let words = Words::new(&catalog, language, country.manifest());
        [
            Percent(0.1234).written(&words),
            Points(1.5).written(&words),
            Points(-3.0).written(&words),
            Children(1.0).written(&words),
            Children(1240.4).written(&words),
            Chance(0.999).written(&words),
        ]
        .map(|text| text.replace(['\u{202f}', '\u{a0}'], " "))
    };
    assert_eq!(
        written(Language::Es),
        [
            "12,3 %",
            "1,5 puntos porcentuales",
            "3,0 puntos porcentuales",
            "1 niña, niño o adolescente",
            "1.240 niñas, niños y adolescentes",
            "más de 99 %"
        ]
    );
    let english = written(Language::En);
    assert_eq!(english[1..3], ["1.5 percentage points", "3.0 percentage points"]);
    assert_eq!(english[3], "1 child");
    assert_eq!(written(Language::Pt)[1..3], ["1,5 ponto percentual", "3,0 pontos percentuais"]);
    assert_eq!(written(Language::Fr)[1..3], ["1,5 point de pourcentage", "3,0 points de pourcentage"]);
}

#[test]
fn no_sentence_writes_a_unit_by_hand() {
    for language in ["es", "en", "pt", "fr"] {
        let path = format!("{}/../../locales/{language}/sheet.ftl", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let sentences: Vec<&str> = text.lines().filter(|line| line.starts_with("sentence-")).collect();
        assert!(sentences.len() > 10, "{language}");
        for sentence in sentences {
            // What stands in braces is filled with its unit.
            let outside: String = sentence
                .split_once('=')
                .unwrap()
                .1
                .split('{')
                .map(|piece| piece.split_once('}').map_or(piece, |(_, after)| after))
                .collect();
            for unit in
                ["%", "por ciento", "per cent", "percent", "por cento", "pour cent", "puntos", "points", "pontos"]
            {
                assert!(!outside.contains(unit), "{language}: {sentence}");
            }
        }
    }
}

#[test]
fn a_sheet_has_no_unfilled_place_and_no_missing_message_in_any_language() {
    let catalog = Catalog::load();
    let country = study(60);
    for language in Language::ALL {
        let words = Words::new(&catalog, language, country.manifest());
        for (level, code) in [
            (Level::Country, "PA"),
            (Level::Department, "01"),
            (Level::Municipality, "0102"),
            (Level::Municipality, "0101"),
        ] {
            let sheet = Sheet::of(&country, &words, level, code).unwrap();
            let mut said = sheet.clone();
            said.map = None;
            let text = serde_json::to_string(&said).unwrap();
            for key in ["sentence-", "sheet-", "site-", "next-", "unit-", "{ $", "status-"] {
                assert!(!text.contains(key), "{language} {code}: {key} in {text}");
            }
            let html = page::page(&sheet).into_string();
            assert!(html.contains(&sheet.name) && html.contains("<svg"), "{language} {code}");
        }
    }
}

#[test]
fn a_municipality_says_how_sure_what_to_change_and_where_children_live() {
    let catalog = Catalog::load();
    let country = study(60);
    let words = Words::new(&catalog, Language::Es, country.manifest());
    let sheet = Sheet::of(&country, &words, Level::Municipality, "0102").unwrap();
    assert!(sheet.risk.is_some() && sheet.memberships.len() == 3);
    assert!(!sheet.similar.is_empty() && !sheet.next.is_empty());
    assert_eq!(sheet.inputs[1].age, "hace 8 años");
    assert!(sheet.remarks.iter().any(|remark| remark.contains("no donde trabajan")));
    assert!(sheet.release.contains("2026-1") && sheet.release.contains("Ana"));
    assert!(sheet.map.unwrap().svg.contains("#b3123f"), "the municipality is outlined");
    // A difference that is not local is marked, and one that is local is not.
    let here = Sheet::of(&country, &words, Level::Municipality, "0102").unwrap();
    assert!(here.groups.iter().all(|line| line.label.ends_with('*')) && here.groups_note.is_some());
    let local = Sheet::of(&country, &words, Level::Municipality, "0103").unwrap();
    assert!(local.groups.iter().all(|line| !line.label.ends_with('*')) && local.groups_note.is_none());
}

#[test]
fn a_withheld_municipality_has_a_sheet_without_any_figure() {
    let catalog = Catalog::load();
    let country = study(60);
    let code = &grid(60)[WITHHELD].code;
    for language in Language::ALL {
        let words = Words::new(&catalog, language, country.manifest());
        let sheet = Sheet::of(&country, &words, Level::Municipality, code).unwrap();
        assert!(sheet.risk.is_none() && sheet.figures.is_empty() && sheet.sentences.is_empty());
        assert!(sheet.factors.is_empty() && sheet.similar.is_empty() && !sheet.next.is_empty());
        let html = page::page(&sheet).into_string();
        assert!(!html.contains("42,4") && !html.contains("42.4"));
        // Nor is it among those that others resemble.
        for row in country.level(Level::Municipality) {
            assert!(country.similar(&row.area.code, 60).iter().all(|found| found.row.area.code != *code));
        }
    }
}

#[test]
fn a_sheet_weighs_at_most_60_kilobytes_in_a_country_of_340() {
    weigh(&study(340));
}

#[test]
fn a_sheet_weighs_at_most_60_kilobytes_in_brazil() {
    if let Some(places) = brazil() {
        assert!(places.len() > 5_500, "{}", places.len());
        weigh(&Study::new(bundle(&places, Stage::Release)).unwrap());
    }
}

/// Asserts that the sheets of the country, all departments and some municipalities of each are light enough.
fn weigh(country: &Study) {
    let catalog = Catalog::load();
    let words = Words::new(&catalog, Language::Fr, country.manifest());
    let mut heaviest = (0, String::new());
    for (index, (level, code)) in Sheet::areas(country).into_iter().enumerate() {
        if level == Level::Municipality && index % 40 != 0 {
            continue;
        }
        let sheet = Sheet::of(country, &words, level, &code).unwrap();
        let weight = page::page(&sheet).into_string().len();
        heaviest = heaviest.max((weight, format!("{} {code}", level.code())));
    }
    eprintln!("heaviest sheet: {} bytes, {}", heaviest.0, heaviest.1);
    assert!(heaviest.0 <= MOST, "{heaviest:?}");
}
