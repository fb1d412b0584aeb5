//! Area codes that do not meet: what is suggested, what is accepted, what is split and merged, and that nobody is lost.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use clrisk_core::bundle::JoinReport;
use clrisk_core::{Findings, Level, Severity};
use clrisk_engine::areas::AreaTree;
use clrisk_engine::folder::ProjectFolder;
use clrisk_engine::join::{MATCH_FILE, write_suggestions};
use clrisk_engine::run::{check, run};
use clrisk_engine::source::Session;
use clrisk_engine::suggestion::{Suggester, UnknownPlace, is_sure};
use clrisk_synthetic::{Country, Options};
use common::{example, real_data};

fn invented() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { seed: 4, children: 40_000, survey_households: 3_000 };
    Country::invent(options).unwrap().write_project(folder.path()).unwrap();
    edit(folder.path(), |text| text.replace("draws = 1000", "draws = 100"));
    folder
}

fn edit(folder: &Path, change: impl FnOnce(String) -> String) {
    let settings = folder.join("clrisk.toml");
    let before = fs::read_to_string(&settings).unwrap();
    let after = change(before.clone());
    assert_ne!(before, after);
    fs::write(settings, after).unwrap();
}

async fn tree(folder: &Path) -> AreaTree {
    let (settings, _) = ProjectFolder::new(folder).settings().unwrap();
    AreaTree::read(&Session::new(folder), &settings, &mut Findings::default()).await.unwrap()
}

fn report<'a>(joins: &'a [JoinReport], role: &str) -> &'a JoinReport {
    joins.iter().find(|join| join.role == role).unwrap()
}

fn count(findings: &Findings, code: &str, argument: &str) -> String {
    let finding = findings.0.iter().find(|finding| finding.code == code);
    finding.unwrap_or_else(|| panic!("{code}: {:?}", common::codes(findings))).args[argument].clone()
}

#[tokio::test]
async fn the_dominican_republic_joins_by_the_steps_of_the_document() {
    let Some(data) = real_data("Dominican Republic, joining step by step") else { return };
    // 1. Codes as they are; the document says what to write.
    let folder = example("dominican-republic", &data, |text| {
        let lines: Vec<String> = text
            .lines()
            .filter(|line| !line.starts_with("crosswalk"))
            .map(|line| match line.split_once(" = ") {
                Some(("area", value)) if value.contains("dam2") => "area = \"dam2\"".to_owned(),
                Some(("area", value)) if value.contains("redcoden") => {
                    "area = \"redcoden\"\narea_name = \"municipio\"".to_owned()
                }
                Some(("area", value)) if value.contains("id_municipio") => "area = \"id_municipio\"".to_owned(),
                _ => line.to_owned(),
            })
            .collect();
        lines.join("\n")
    });
    let project = ProjectFolder::new(folder.path());
    // 2. Look.
    let outcome = check(&project).await;
    assert!(outcome.findings.has_errors());
    let census = report(&outcome.joins, "census");
    assert_eq!((census.codes, census.unmatched.len()), (155, 155));
    assert!(census.unmatched.iter().all(|code| code.suggestion.is_some()), "every unit has a suggestion");
    let unsure: Vec<&str> = census
        .unmatched
        .iter()
        .filter(|code| !is_sure(code.reason.as_deref().unwrap()))
        .map(|code| code.code.as_str())
        .collect();
    // 3. Accept what is sure.
    let (accepted, waiting) = write_suggestions(folder.path(), &outcome.joins).unwrap();
    assert_eq!((accepted, waiting), (352, 1), "{unsure:?}");
    assert_eq!(unsure, ["22404"], "La Mata in the census, Villa La Mata on the map");
    // 4. Decide the rest: they are one place.
    let decisions = fs::read_to_string(folder.path().join(MATCH_FILE)).unwrap();
    let decided: Vec<String> = decisions
        .lines()
        .map(|line| match line.split(',').collect::<Vec<_>>().as_slice() {
            [file, code, "?", area] => format!("{file},{code},{area},decided"),
            _ => line.to_owned(),
        })
        .collect();
    fs::write(folder.path().join(MATCH_FILE), decided.join("\n") + "\n").unwrap();
    // 5. Look again: every unit is accounted for.
    let outcome = check(&project).await;
    let errors: Vec<_> = outcome.findings.0.iter().filter(|finding| finding.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    for (role, codes, absent) in [("survey", 142, 16), ("census", 155, 3), ("area_covariates", 155, 3)] {
        let join = report(&outcome.joins, role);
        assert_eq!((join.codes, join.matched, join.unmatched.len()), (codes, codes, 0), "{role}");
        assert_eq!(join.areas_absent.len(), absent, "{role}");
    }
    assert_eq!(report(&outcome.joins, "census").areas_absent, ["0905", "1703", "2510"]);

    // The same destinations as the expressions and the crosswalk of the example, which the office's own table gives.
    let own = example("dominican-republic", &data, |text| text);
    let expected = check(&ProjectFolder::new(own.path())).await;
    let used = |findings: &Findings| {
        let finding = |file: &str| {
            findings.0.iter().find(|f| f.code == "DATA-000" && f.args["file"].contains(file)).unwrap().args["used"]
                .clone()
        };
        [finding("encuesta"), finding("census2010")]
    };
    assert_eq!(used(&outcome.findings), used(&expected.findings));
}

#[tokio::test]
async fn names_and_departments_tell_what_an_unknown_place_might_be() {
    let folder = invented();
    let tree = tree(folder.path()).await;
    let suggester = Suggester::new(&tree);
    let names: HashMap<String, usize> = tree.municipalities.iter().fold(HashMap::new(), |mut names, area| {
        *names.entry(clrisk_engine::names::plain(&area.name)).or_insert(0) += 1;
        names
    });
    let place = |code, name, parent| UnknownPlace { code, name, parent };
    let area = tree.municipalities.iter().find(|area| names[&clrisk_engine::names::plain(&area.name)] == 1).unwrap();
    let department = &tree.departments[area.department];
    let (loud, longer) = (area.name.to_uppercase(), format!("77{}", area.code));
    let found = |reason: &'static str| Some((area.code.clone(), reason));
    // No digit of the code helps; the name does.
    assert_eq!(suggester.suggest(place("x9", Some(&loud), Some(&department.code))), found("name_in_parent"));
    assert_eq!(suggester.suggest(place("x9", Some(&loud), Some(&department.name))), found("name_in_parent"));
    assert_eq!(suggester.suggest(place("x9", Some(&loud), None)), found("name"));
    assert_eq!(suggester.suggest(place(&loud, None, None)), found("name"));
    assert_eq!(suggester.suggest(place(area.code.trim_start_matches('0'), None, None)), found("leading_zero"));
    assert_eq!(suggester.suggest(place(&longer, None, None)), found("suffix"));
    assert_eq!(suggester.suggest(place(&longer, Some("Zzyzx"), None)), found("other_name"));
    assert_eq!(suggester.suggest(place("x9", Some("Zzyzx"), None)), None);
    for (reason, sure) in [("name_in_parent", true), ("suffix", true), ("name", false), ("other_name", false)] {
        assert_eq!(is_sure(reason), sure);
    }
}

/// A crosswalk in which `0101` was split into itself and `0102`, and everything else stayed as it was.
async fn split(folder: &Path, shares: [f64; 2]) {
    let mut table = String::from("old,new,share\n");
    for area in &tree(folder).await.municipalities {
        match area.code.as_str() {
            "0101" => table.push_str(&format!("0101,0101,{}\n0101,0102,{}\n", shares[0], shares[1])),
            code => table.push_str(&format!("{code},{code},1\n")),
        }
    }
    fs::write(folder.join("changes.csv"), table).unwrap();
}

#[tokio::test]
async fn a_split_moves_its_share_of_the_children_and_loses_nobody() {
    let folder = invented();
    let before = run(&ProjectFolder::new(folder.path()), &|_| {}).await.unwrap();
    split(folder.path(), [0.7, 0.3]).await;
    let crosswalk = "crosswalk = { file = \"changes.csv\", from = \"old\", to = \"new\", share = \"share\" }\n";
    edit(folder.path(), |text| text.replacen("[census]\n", &format!("[census]\n{crosswalk}"), 1));
    let after = run(&ProjectFolder::new(folder.path()), &|_| {}).await.unwrap();
    let children = |bundle: &clrisk_core::Bundle, level: Level, code: &str| {
        bundle.areas.iter().find(|row| row.area.level == level && row.area.code == code).unwrap().population
    };
    let total = |bundle: &clrisk_core::Bundle| children(bundle, Level::Country, "country");
    assert!((total(&before) - total(&after)).abs() < 0.01 && total(&before) > 30_000.0);
    let [kept, moved] = ["0101", "0102"].map(|code| children(&after, Level::Municipality, code));
    let [old, other] = ["0101", "0102"].map(|code| children(&before, Level::Municipality, code));
    assert!((kept - 0.7 * old).abs() < 0.01, "{kept} of {old}");
    assert!((moved - other - 0.3 * old).abs() < 0.01, "{moved} from {other}");
    assert_eq!(count(&after.findings, "AREA-011", "count"), "1");
    assert_eq!(count(&after.findings, "AREA-012", "areas"), "1", "0102 gathers its own code and a part of another");
}

#[tokio::test]
async fn a_split_row_of_the_survey_goes_where_most_of_its_people_went() {
    let folder = invented();
    split(folder.path(), [0.3, 0.7]).await;
    let crosswalk = "crosswalk = { file = \"changes.csv\", from = \"old\", to = \"new\", share = \"share\" }\n";
    edit(folder.path(), |text| text.replacen("[survey]\n", &format!("[survey]\n{crosswalk}"), 1));
    let outcome = check(&ProjectFolder::new(folder.path())).await;
    assert!(!outcome.findings.has_errors(), "{:?}", outcome.findings);
    assert_eq!(count(&outcome.findings, "AREA-013", "count"), "1");
    assert_ne!(count(&outcome.findings, "AREA-013", "rows"), "0");
}

#[tokio::test]
async fn crosswalks_that_lose_or_invent_people_are_refused() {
    for (shares, share, code) in [([0.7, 0.2], ", share = \"share\"", "AREA-010"), ([0.7, 0.3], "", "AREA-009")] {
        let folder = invented();
        split(folder.path(), shares).await;
        let crosswalk = format!("crosswalk = {{ file = \"changes.csv\", from = \"old\", to = \"new\"{share} }}\n");
        edit(folder.path(), |text| text.replacen("[census]\n", &format!("[census]\n{crosswalk}"), 1));
        let findings = check(&ProjectFolder::new(folder.path())).await.findings;
        assert_eq!(count(&findings, code, "count"), "1");
        assert!(findings.has_errors());
    }
}

#[tokio::test]
async fn systems_of_different_years_ask_for_a_crosswalk_and_decisions_must_lead_somewhere() {
    let folder = invented();
    edit(folder.path(), |text| {
        text.replacen("[areas]\n", "[areas]\ncode_system = \"INE 2020\"\n", 1)
            .replacen("[census]\n", "[census]\ncode_system = \"INE 2010\"\n", 1)
            .replacen("[survey]\n", "[survey]\ncode_system = \"INE 2020\"\n", 1)
    });
    fs::write(folder.path().join(MATCH_FILE), "file,code,area,note\ncensus,0101,9999,\n").unwrap();
    let findings = check(&ProjectFolder::new(folder.path())).await.findings;
    let systems: Vec<_> = findings.0.iter().filter(|finding| finding.code == "AREA-008").collect();
    assert_eq!(systems.len(), 1, "the survey's codes are those of the map");
    assert_eq!((systems[0].args["found"].as_str(), systems[0].args["expected"].as_str()), ("INE 2010", "INE 2020"));
    assert_eq!(count(&findings, "JOIN-002", "count"), "1");
}
