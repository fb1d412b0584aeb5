//! Maps: layers, legends, isolation, weight.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::io::Write;

use clrisk_core::bundle::Stage;
use clrisk_core::{Catalog, Language, Level};
use clrisk_render::{Layer, Look, Shading, Study, Words, map};

use common::{IMPRECISE, WITHHELD, brazil, bundle, grid};

fn study(count: usize) -> Study {
    Study::new(bundle(&grid(count), Stage::Release)).unwrap()
}

fn shading(study: &Study, words: &Words<'_>, layer: Layer) -> Shading {
    Shading::new(study, layer, words, study.level(Level::Municipality).map(|row| row.area.code.as_str()))
}

#[test]
fn every_area_is_counted_once_in_the_legend_of_every_layer() {
    let catalog = Catalog::load();
    let country = study(60).since(&study(60));
    let words = Words::new(&catalog, Language::Es, country.manifest());
    assert_eq!(Layer::offered(&country).len(), Layer::ALL.len());
    for layer in Layer::ALL {
        let shading = shading(&country, &words, layer);
        let known: usize = if layer == Layer::Count { 58 } else { shading.bins.iter().map(|bin| bin.areas).sum() };
        let others = shading.not_local + shading.not_reliable + shading.suppressed + shading.no_data;
        assert_eq!(known + others, 60, "{layer:?}");
        assert_eq!((shading.suppressed, shading.not_reliable), (1, 1), "{layer:?}");
        let lines = map::legend_lines(&words, &shading);
        assert!(lines.iter().all(|line| !line.label.is_empty() && !line.label.contains("layer-")), "{layer:?}");
        let drawn = map::map(&country, &words, &shading, country.national(), "mapa").into_string();
        assert_eq!(drawn.matches("<title>").count(), if layer == Layer::Count { 118 } else { 60 }, "{layer:?}");
    }
}

#[test]
fn layers_without_figures_are_not_offered() {
    let mut without = bundle(&grid(25), Stage::Release);
    without.hot_spots.clear();
    without.estimates.retain(|estimate| estimate.group.is_all());
    let country = Study::new(without).unwrap();
    let offered = Layer::offered(&country);
    for layer in [Layer::HotSpots, Layer::SexGap, Layer::Change] {
        assert!(!offered.contains(&layer), "{layer:?}");
    }
}

#[test]
fn a_gap_between_the_sexes_that_is_national_is_flagged_and_not_coloured() {
    let catalog = Catalog::load();
    let country = study(60);
    let words = Words::new(&catalog, Language::Es, country.manifest());
    let shading = shading(&country, &words, Layer::SexGap);
    // Codes that end in an odd figure are local in this country.
    assert_eq!(shading.look("0102").0, Look::NotLocal);
    assert!(matches!(shading.look("0103").0, Look::Bin(_)));
    assert!(shading.not_local > 20);
    assert!(shading.rule.contains("Niños") && shading.rule.find("Niños") < shading.rule.find("Niñas"));
}

#[test]
fn withheld_and_imprecise_areas_never_take_a_colour_of_the_legend() {
    let catalog = Catalog::load();
    let country = study(60).since(&study(60));
    let words = Words::new(&catalog, Language::Es, country.manifest());
    let places = grid(60);
    for layer in Layer::ALL {
        let shading = shading(&country, &words, layer);
        assert_eq!(shading.look(&places[WITHHELD].code).0, Look::Suppressed, "{layer:?}");
        assert_eq!(shading.look(&places[IMPRECISE].code).0, Look::NotReliable, "{layer:?}");
    }
}

#[test]
fn isolating_a_look_pales_every_other_and_its_link_leads_back() {
    let catalog = Catalog::load();
    let country = study(60);
    let words = Words::new(&catalog, Language::Es, country.manifest());
    let whole = shading(&country, &words, Layer::Class);
    let isolated = whole.clone().isolating(Some(Look::Bin(2)));
    let drawn = map::map(&country, &words, &isolated, country.national(), "mapa").into_string();
    let fills = |color: &str| drawn.matches(&format!(" fill=\"{color}\" stroke=")).count();
    assert_eq!(fills(&whole.bins[0].color), 0);
    assert_eq!(fills(&whole.bins[2].color), 1);
    let legend = map::legend_with_links(&words, &isolated, &|look| Some(look.map_or("todo".to_owned(), Look::code)));
    let legend = legend.into_string();
    assert!(legend.contains(r#"href="1""#) && !legend.contains(r#"href="3""#) && legend.contains(r#"href="todo""#));
}

#[test]
fn no_change_between_twice_the_same_release_is_unclear_everywhere() {
    let catalog = Catalog::load();
    let country = study(60).since(&study(60));
    let words = Words::new(&catalog, Language::Es, country.manifest());
    let shading = shading(&country, &words, Layer::Change);
    assert_eq!(shading.uncertain, 58);
    assert!(shading.rule.contains("2026-1"));
}

/// Size of a text compressed by gzip.
fn compressed(text: &str) -> usize {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap().len()
}

#[test]
fn a_national_map_of_340_areas_weighs_at_most_250_kilobytes_compressed() {
    let catalog = Catalog::load();
    let country = study(340);
    let words = Words::new(&catalog, Language::Es, country.manifest());
    for layer in Layer::offered(&country) {
        let drawn =
            map::map(&country, &words, &shading(&country, &words, layer), country.national(), "mapa").into_string();
        let weight = compressed(&drawn);
        eprintln!("{layer:?}: {} bytes, {weight} compressed", drawn.len());
        assert!(weight <= 250_000, "{layer:?}: {weight}");
    }
}

#[test]
fn all_municipalities_of_brazil_draw_on_every_layer() {
    let Some(places) = brazil() else { return };
    let catalog = Catalog::load();
    let country = Study::new(bundle(&places, Stage::Release)).unwrap();
    let words = Words::new(&catalog, Language::Pt, country.manifest());
    for layer in Layer::offered(&country) {
        let drawn =
            map::map(&country, &words, &shading(&country, &words, layer), country.national(), "mapa").into_string();
        eprintln!("{layer:?}: {} bytes, {} compressed", drawn.len(), compressed(&drawn));
        assert!(drawn.matches("<path id=").count() >= 5_500, "{layer:?}");
    }
}
