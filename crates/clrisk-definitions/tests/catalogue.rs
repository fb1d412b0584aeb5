//! The definitions that come with the program are accepted, and files with mistakes are refused.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::path::Path;

use clrisk_definitions::{Catalogue, Classification, Definition, HazardousList};

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../definitions")
}

fn codes_of(text: &str) -> BTreeSet<String> {
    match Definition::parse(text, "mine.toml", &|_| None) {
        Ok(_) => BTreeSet::new(),
        Err(findings) => findings.into_iter().map(|finding| finding.code).collect(),
    }
}

fn mics6() -> String {
    std::fs::read_to_string(folder().join("mics6.toml")).unwrap()
}

#[test]
fn every_file_of_the_folder_comes_with_the_program_and_is_accepted() {
    let files: BTreeSet<String> = std::fs::read_dir(folder())
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().unwrap().strip_suffix(".toml").map(str::to_owned))
        .collect();
    let embedded: BTreeSet<String> = Catalogue::sources().iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(files, embedded);
    for (name, text) in Catalogue::sources() {
        let list = |list: &str| std::fs::read_to_string(folder().join(format!("codes/{list}.csv"))).ok();
        let definition = Definition::parse(text, name, &list).unwrap_or_else(|findings| panic!("{name}: {findings:?}"));
        assert_eq!(definition.id, *name);
        for language in clrisk_core::Language::ALL {
            assert!(!definition.title.get(language).is_empty() && !definition.description.get(language).is_empty());
        }
    }
    assert_eq!(Catalogue::embedded().definitions().len(), files.len());
}

#[test]
fn every_country_of_the_minimum_age_table_has_a_profile() {
    for country in [
        "ar", "bz", "bo", "br", "cl", "co", "cr", "dm", "do", "ec", "sv", "gd", "gt", "gy", "ht", "hn", "jm", "mx",
        "ni", "pa", "py", "pe", "lc", "vc", "sr",
    ] {
        let profile = Catalogue::embedded().find(&format!("{country}-law")).unwrap();
        assert_eq!(profile.country.as_deref().unwrap().to_lowercase(), country);
        assert!(profile.minimum_age.is_some() && !profile.unverified().0.is_empty());
    }
}

#[test]
fn contradictions_are_refused() {
    let good = mics6();
    assert!(codes_of(&good).is_empty());
    let refused = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        codes_of(&good.replacen(from, to, 1))
    };
    let contradiction: BTreeSet<String> = ["DEFINE-003".to_owned()].into();
    // Ages 10 and 11 belong to two bands; 12 to none; a band reaches beyond the definition.
    assert_eq!(refused("ages = [12, 14]", "ages = [10, 14]"), contradiction);
    assert_eq!(refused("ages = [12, 14]", "ages = [13, 14]"), contradiction);
    assert_eq!(refused("ages = [15, 17]", "ages = [15, 19]"), contradiction);
    // More hours than a week has; long hours called hazardous without saying how many.
    assert_eq!(refused("hours = 43", "hours = 430"), contradiction);
    assert_eq!(refused("counted_as = \"hazardous\"", "counted_as = \"hazardous\"\nhazardous = [\"long_hours\"]"), {
        let mut both = contradiction.clone();
        both.insert("DEFINE-005".to_owned());
        both
    });
    // Older than the minimum age, and yet counted as below it.
    let with_minimum = good.replacen("reference_days = 7", "reference_days = 7\nminimum_age = 14", 1)
        + "\n[[facts]]\nwhat = \"minimum_age\"\nstatus = \"unverified\"\nsource = \"un-metadata\"\n";
    assert_eq!(codes_of(&with_minimum), contradiction);
}

#[test]
fn what_has_no_source_or_is_not_known_is_refused() {
    let good = mics6();
    let without = good.replace("source = \"mics6-syntax\"", "source = \"\"");
    assert_eq!(codes_of(&without), ["DEFINE-005".to_owned()].into());
    let unnamed = good.replace("source = \"mics6-syntax\"", "source = \"hearsay\"");
    assert_eq!(codes_of(&unnamed), ["DEFINE-005".to_owned()].into());
    let fact_missing = good.replace("what = \"chores\"", "what = \"cores\"");
    assert_eq!(codes_of(&fact_missing), ["DEFINE-005".to_owned()].into());
    let no_such_list = good.replacen("reference_days = 7", "reference_days = 7\nhazardous_list = \"mine\"", 1);
    assert_eq!(codes_of(&no_such_list), ["DEFINE-004".to_owned()].into());
    for unreadable in [
        good.replace("operator = \">=\"", "operator = \"≥\""),
        good.replace("permitted = \"light_work\"", "permitted = \"easy_work\""),
        good.replacen("reference_days", "refrence_days", 1),
    ] {
        assert_eq!(codes_of(&unreadable), ["DEFINE-001".to_owned()].into());
    }
}

#[test]
fn a_list_with_an_unknown_code_or_without_a_source_is_refused() {
    let header = "classification,code,title,status,source,note\n";
    let codes = |rows: &str| -> Vec<String> {
        match HazardousList::parse(&format!("{header}{rows}"), "mine.csv") {
            Ok(_) => Vec::new(),
            Err(findings) => findings.into_iter().map(|finding| finding.code).collect(),
        }
    };
    assert!(codes("isic-4,41,Construction of buildings,verified,National list,\n").is_empty());
    assert!(codes("isco-08,9313,Building labourers,unverified,National list,\n").is_empty());
    assert_eq!(codes("isic-4,04,No such division,verified,National list,\n"), ["DEFINE-004"]);
    assert_eq!(codes("isic-9,41,No such classification,verified,National list,\n"), ["DEFINE-004"]);
    assert_eq!(codes("isic-4,41,Construction of buildings,verified,,\n"), ["DEFINE-005"]);
    assert_eq!(codes("isic-4,41,Construction of buildings,perhaps,National list,\n"), ["DEFINE-004"]);
}

#[test]
fn the_crosswalk_leads_from_known_codes_to_known_codes_and_covers_the_list() {
    let text = std::fs::read_to_string(folder().join("codes/crosswalk.csv")).unwrap();
    let list = HazardousList::parse(
        &std::fs::read_to_string(folder().join("codes/ilo-hazardous.csv")).unwrap(),
        "ilo-hazardous.csv",
    )
    .unwrap();
    let mut rows = 0;
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        for side in [0, 2] {
            let classification = Classification::parse(fields[side]).unwrap();
            let known = classification.codes();
            assert!(known.iter().any(|code| fields[side + 1].starts_with(code.as_str())), "{line}");
            assert!(list.holds(classification, fields[side + 1]), "{line}");
        }
        rows += 1;
    }
    assert!(rows > 45);
}

#[test]
fn a_changed_definition_has_another_hash() {
    let parse = |text: &str| Definition::parse(text, "mine.toml", &|_| None).unwrap();
    let (before, after) = (parse(&mics6()), parse(&mics6().replace("hours = 21", "hours = 28")));
    assert_ne!(before.hash, after.hash);
    assert_ne!(before.label(), after.label());
}
