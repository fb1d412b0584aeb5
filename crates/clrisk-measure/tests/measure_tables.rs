//! Figures of a small survey by hand, and what the files made of them say.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use clrisk_core::bundle::VariableLabel;
use clrisk_core::measure::{DefinitionLabel, Kind, MeasureWords as Words, MeasuredSurvey};
use clrisk_core::text::NumberFormat;
use clrisk_core::{Catalog, Group, Language, LocalText, Measured, Quality};
use clrisk_definitions::{Catalogue, Items, NO, YES, classify};
use clrisk_measure::change::p_value;
use clrisk_measure::figures::{Asked, Dimension, Figures, Plan, SurveyChildren, measure};
use clrisk_measure::sentence::Quantity;
use clrisk_measure::{csv_table, page, quality, sdmx, summary, workbook};
use clrisk_stats::design::LonelyPsu;
use clrisk_stats::quality::QualityRule;

/// Twelve children of ten years in three sampling units of four; the first `working[unit]` of each work five hours, and the
/// last child of each unit does 25 hours of chores.
fn survey(working: [usize; 3]) -> SurveyChildren {
    let ages = vec![10i16; 12];
    let works: Vec<u8> = (0..12).map(|row| if row % 4 < working[row / 4] { YES } else { NO }).collect();
    let hours: Vec<f32> = works.iter().map(|&works| if works == YES { 5.0 } else { f32::NAN }).collect();
    let chores: Vec<u8> = (0..12).map(|row| if row % 4 == 3 { YES } else { NO }).collect();
    let chore_hours: Vec<f32> = chores.iter().map(|&chores| if chores == YES { 25.0 } else { f32::NAN }).collect();
    let items = Items {
        ages: &ages,
        economic: vec![&works],
        economic_hours: vec![&hours],
        chores: vec![&chores],
        chores_hours: vec![&chore_hours],
        ..Items::default()
    };
    let classified = classify(Catalogue::embedded().find("sdg-8.7.1").unwrap(), &items).unwrap();
    let category = |code: &str| (code.to_owned(), LocalText::Same(code.to_owned()));
    SurveyChildren {
        weights: vec![100.0; 12],
        strata: vec![1; 12],
        psus: (0..12).map(|row| row / 4).collect(),
        finite_population: Vec::new(),
        replicates: None,
        lonely_psu: LonelyPsu::Fail,
        ages,
        classified,
        asked: Asked { hours: true, chores: true, ..Asked::default() },
        dimensions: vec![Dimension {
            label: VariableLabel {
                name: "sex".to_owned(),
                title: LocalText::Same("Sex".to_owned()),
                role: "context".to_owned(),
                categories: vec![category("boy"), category("girl")],
            },
            codes: (0..12).map(|row| u32::from(row % 4 >= 2)).collect(),
        }],
    }
}

fn rule(name: &str) -> QualityRule {
    let (_, text) = quality::RULES.iter().find(|(rule, _)| *rule == name).unwrap();
    quality::parse(text, name).unwrap()
}

fn everything() -> QualityRule {
    QualityRule { name: "everything".to_owned(), criteria: Vec::new() }
}

fn figures(children: &SurveyChildren, quality: QualityRule) -> Figures {
    let plan = Plan {
        ages: vec![[5, 17]],
        groups: vec![vec!["sex".to_owned()]],
        distributions: vec!["sex".to_owned()],
        level: 0.95,
        quality,
    };
    measure(children, Catalogue::embedded().find("sdg-8.7.1").unwrap(), &plan).unwrap()
}

fn measured(figures: &Figures, rule: &str) -> Measured {
    let definition = Catalogue::embedded().find("sdg-8.7.1").unwrap();
    Measured {
        country: LocalText::Same("Utopia".to_owned()),
        country_code: None,
        synthetic: true,
        survey: MeasuredSurvey {
            title: "Survey".into(),
            year: Some(2025),
            source: None,
            children: 12,
            normalised_weights: false,
        },
        earlier: None,
        definition: DefinitionLabel {
            id: definition.id.clone(),
            version: definition.version.clone(),
            hash: definition.hash.clone(),
            title: definition.title.clone(),
            description: definition.description.clone(),
            reviewer: String::new(),
            next_review: definition.next_review.clone(),
            unverified: vec!["chores".to_owned()],
            sources: Vec::new(),
        },
        quality_rule: rule.to_owned(),
        level: 0.95,
        measures: vec!["child_labour".to_owned(), "excessive_chores".to_owned()],
        ages: vec![[5, 17]],
        dimensions: survey([0; 3]).dimensions.into_iter().map(|dimension| dimension.label).collect(),
        comparability: Vec::new(),
        program: "clrisk".to_owned(),
        rows: figures.rows.clone(),
        changes: Vec::new(),
    }
}

#[test]
fn shares_numbers_and_standard_errors_are_those_of_a_cluster_sample() {
    let children = survey([1, 2, 3]);
    let measured = measured(&figures(&children, everything()), "everything");
    let row = measured.find("child_labour_economic", [5, 17], &Group::all()).unwrap();
    // Six of twelve; residual totals of the units are -1, 0, 1 over twelve children: variance 3 / 2 * 2 / 144.
    assert!((row.rate.unwrap() - 0.5).abs() < 1e-12);
    assert!((row.standard_error.unwrap() - (3.0f64 / 144.0).sqrt()).abs() < 1e-12);
    assert_eq!((row.count, row.population, row.sample, row.cases), (Some(600.0), Some(1200.0), 12, Some(6)));
    // The three with many hours of chores are counted once.
    let all = measured.find("child_labour", [5, 17], &Group::all()).unwrap();
    assert_eq!(all.count, Some(900.0));
    let girls = measured.find("excessive_chores", [5, 17], &Group::one("sex", "girl")).unwrap();
    assert_eq!((girls.count, girls.rate), (Some(300.0), Some(0.5)));
    let boys = measured.find("excessive_chores", [5, 17], &Group::one("sex", "boy")).unwrap();
    assert_eq!(boys.count, Some(0.0));
}

#[test]
fn the_groups_of_a_composition_add_up_to_one() {
    let figures = figures(&survey([1, 2, 3]), everything());
    let shares: f64 = figures
        .rows
        .iter()
        .filter(|row| row.kind == Kind::Composition && row.measure == "child_labour")
        .filter_map(|row| row.rate)
        .sum();
    assert!((shares - 1.0).abs() < 1e-12);
}

#[test]
fn a_figure_that_the_rule_withholds_is_in_no_file() {
    let withheld = measured(&figures(&survey([1, 2, 3]), rule("eclac-2023")), "eclac-2023").for_publication();
    assert!(withheld.rows.iter().any(|row| row.quality == Quality::Suppress));
    assert!(withheld.rows.iter().filter(|row| row.quality == Quality::Suppress).all(|row| row.count.is_none()));
    let catalog = Catalog::load();
    let series = &Catalogue::embedded().find("sdg-8.7.1").unwrap().series;
    let observations = sdmx::observations(&withheld, series, "999");
    assert_eq!(observations.len(), 6);
    assert!(observations.iter().all(|observation| observation.status == "Q" && observation.value.is_none()));
    for language in Language::ALL {
        let words = Words::new(&catalog, language, &withheld);
        let page = page::page(&withheld, &words);
        assert!(page.contains('…') && !page.contains(">600<") && !page.contains(">900<"));
        let text = summary::summary(&withheld, &words);
        assert!(!text.contains("900") && !text.contains("measure-"), "{text}");
        assert!(workbook::workbook(&withheld, &words).unwrap().starts_with(b"PK"));
    }
    let csv = String::from_utf8(csv_table::figures(&withheld).unwrap()).unwrap();
    let row = csv.lines().find(|line| line.starts_with("child_labour,prevalence,5,17,all,")).unwrap();
    assert!(row.starts_with("child_labour,prevalence,5,17,all,,,,,,,,1200,12,,,,suppress,"), "{row}");
}

#[test]
fn the_series_of_8_7_1_have_the_codes_of_the_global_structure() {
    let shown = measured(&figures(&survey([1, 2, 3]), everything()), "everything");
    let definition = Catalogue::embedded().find("sdg-8.7.1").unwrap();
    let observations = sdmx::observations(&shown, &definition.series, "320");
    let csv = String::from_utf8(sdmx::csv(&observations).unwrap()).unwrap();
    let header = csv.lines().next().unwrap();
    assert!(header.starts_with("DATAFLOW,FREQ,REPORTING_TYPE,SERIES,REF_AREA,SEX,AGE,URBANISATION"), "{header}");
    let total = csv.lines().find(|line| line.contains(",SL_TLF_CHLDEA,320,_T,Y5T17,")).unwrap();
    assert!(total.starts_with("IAEG-SDGs:DF_SDG_GLC(1.20),A,N,SL_TLF_CHLDEA,320,_T,Y5T17,"), "{total}");
    assert!(total.contains(",2025,50,A,0,PT,C,2025,"), "{total}");
    assert!(total.contains(&definition.hash));
    assert!(csv.contains(",SL_TLF_CHLDEC,320,F,Y5T17,"));
    let xml = String::from_utf8(sdmx::xml(&observations, "2026-11-25T00:00:00", true).unwrap()).unwrap();
    assert_eq!(xml.matches("<gen:Series>").count(), observations.len());
    assert!(xml.contains("<gen:ObsValue value=\"50\"/>") && xml.contains("<mes:Test>true</mes:Test>"));
}

#[test]
fn the_test_of_a_change_is_students() {
    // Table of Student's t: 2.228 with 10 degrees of freedom, 1.960 with very many, leave five per cent outside.
    assert!((p_value(2.228_139, 1.0, 10.0).unwrap() - 0.05).abs() < 1e-6);
    assert!((p_value(-1.959_964, 1.0, 1e9).unwrap() - 0.05).abs() < 1e-6);
    assert_eq!(p_value(0.1, 0.0, 10.0), None);
}

#[test]
fn no_sentence_writes_a_unit_beside_a_placeholder() {
    for language in ["es", "en", "pt", "fr"] {
        let path = format!("{}/../../locales/{language}/measure.ftl", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let sentences: Vec<&str> = text.lines().filter(|line| line.starts_with("measure-sentence-")).collect();
        assert_eq!(sentences.len(), 10);
        for sentence in sentences {
            for unit in ["%", "punt", "point", "pont", "por ciento", "per cent", "percent", "por cento", "pour cent"] {
                assert!(!sentence.replace("{ $points }", "").contains(unit), "{sentence}");
            }
        }
    }
}

#[test]
fn quantities_write_their_own_units_in_the_convention_of_the_country() {
    let catalog = Catalog::load();
    let mut shown = measured(&figures(&survey([1, 2, 3]), everything()), "everything");
    shown.country_code = Some("AR".to_owned());
    let words = Words::new(&catalog, Language::Es, &shown);
    let numbers = NumberFormat::new(Language::Es, Some("AR"));
    assert_eq!(Quantity::Share(0.068).text(&words), numbers.percent(0.068));
    assert_eq!(Quantity::Children(12_345.4).text(&words), format!("{} niños y niñas", numbers.count(12_345.0)));
    assert_eq!(Quantity::Children(1.2).text(&words), "1 niño o niña");
    assert_eq!(Quantity::Points(-0.0314).text(&words), format!("{} puntos porcentuales", numbers.decimal(3.1, 1)));
    assert_eq!(Quantity::Points(0.01).text(&words), format!("{} punto porcentual", numbers.decimal(1.0, 1)));
}
