//! The index alone and the quick screen, as a person and as a script meet them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use clrisk_core::Bundle;

fn clrisk(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clrisk"));
    command.args(arguments).args(["-p", folder.to_str().unwrap()]).env("LANG", "es_CL.UTF-8").output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Chile's recipe over twelve square communes; the last one is known by one indicator only.
fn communes(folder: &Path) {
    assert_eq!(clrisk(folder, &["index", "--preset", "chile"]).status.code(), Some(0));
    fs::create_dir_all(folder.join("geo")).unwrap();
    fs::create_dir_all(folder.join("data")).unwrap();
    let mut features = Vec::new();
    let mut rows = vec!["code,people,poverty,occupation,infractions,services,dropout".to_owned()];
    for k in 0..12 {
        let (left, right) = (f64::from(k % 4), f64::from(k % 4) + 1.0);
        let (low, high) = (f64::from(k / 4), f64::from(k / 4) + 1.0);
        features.push(format!(
            r#"{{"type":"Feature","properties":{{"code":"c{k:02}","name":"Comuna {k}","region":"R"}},"geometry":{{"type":"Polygon","coordinates":[[[{left},{low}],[{right},{low}],[{right},{high}],[{left},{high}],[{left},{low}]]]}}}}"#
        ));
        let worse = f64::from(k);
        rows.push(if k == 11 {
            format!("c{k:02},500,40,,,,")
        } else {
            format!(
                "c{k:02},{},{},{},{},{},{}",
                if k == 0 { 20 } else { 5000 },
                10.0 + worse,
                60.0 - worse,
                2.0 * worse,
                5.0 + worse * worse / 4.0,
                1.0 + worse
            )
        });
    }
    let map = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
    fs::write(folder.join("geo/areas.geojson"), map).unwrap();
    fs::write(folder.join("data/indicators.csv"), rows.join("\n") + "\n").unwrap();
    let settings = fs::read_to_string(folder.join("clrisk.toml")).unwrap();
    let with_people = settings.replace("area = \"code\"\n", "area = \"code\"\npopulation = \"people\"\n");
    fs::write(folder.join("clrisk.toml"), with_people).unwrap();
}

#[test]
fn a_recipe_becomes_an_index_that_nobody_can_release_before_somebody_answers_for_its_sources() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    communes(folder);
    let checked = clrisk(folder, &["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked));
    assert!(!folder.join("out").exists(), "check writes nothing");
    let made = clrisk(folder, &["index"]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made));
    assert!(text(&made).contains("INDEX-002") && text(&made).contains("INDEX-006"), "{}", text(&made));

    let index = Bundle::read(&folder.join("out/draft")).unwrap().index.unwrap();
    // All conditions grow from the first commune to the last but one: the order is known beforehand.
    let ranks: Vec<Option<i64>> = index.areas.iter().map(|area| area.rank).collect();
    assert_eq!(ranks[..11], (0..11).map(|k| Some(11 - k)).collect::<Vec<_>>()[..]);
    assert_eq!((index.areas[0].points, index.areas[10].points), (Some(0.0), Some(100.0)));
    assert!(index.areas[11].points.is_none(), "a quarter of the weight is too little");

    let sheet = clrisk(folder, &["sheet", "c05", "--draft", "--format", "html"]);
    assert_eq!(sheet.status.code(), Some(0), "{}", text(&sheet));
    let sheet = fs::read_to_string(folder.join("out/sheets/index-municipality-c05.es.html")).unwrap();
    assert_eq!(sheet.matches("No es una tasa ni un número de niños").count(), 2, "above the name and at the end");
    assert!(sheet.contains("Comuna 5") && !sheet.contains("puntos porcentuales"), "{sheet}");
    let explained = text(&clrisk(folder, &["explain", "c05"]));
    assert!(explained.contains("un índice, no una tasa") && explained.contains("lugar 6 de 11"), "{explained}");

    let release = ["release", "1", "--by", "Prueba", "--office", "Prueba"];
    let refused = clrisk(folder, &release);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused).contains("INDEX-016"), "{}", text(&refused));
    let table = fs::read_to_string(folder.join("indicators.toml")).unwrap();
    let answered = table
        .replace("source = \"\"", "source = \"Registro\"")
        .replace("year = 0", "year = 2024")
        .replace("reviewed_by = \"\"", "reviewed_by = \"Mesa\"");
    fs::write(folder.join("indicators.toml"), answered).unwrap();
    assert_eq!(clrisk(folder, &["run"]).status.code(), Some(0), "run is the same for an index alone");
    let released = clrisk(folder, &release);
    assert_eq!(released.status.code(), Some(0), "{}", text(&released));
    // Twenty people live in the first commune: nothing about it leaves.
    let public = Bundle::read(&folder.join("out/release/1")).unwrap().index.unwrap();
    assert!(public.areas[0].points.is_none() && public.areas[1].points.is_some());
    assert!(public.scores.iter().all(|score| score.area != "c00"));
}

#[test]
fn one_setting_wrong_is_a_finding_at_its_line_and_a_row_twice_at_its_area() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    communes(folder);
    let settings = fs::read_to_string(folder.join("clrisk.toml")).unwrap();
    fs::write(folder.join("clrisk.toml"), settings.replace("rule = \"min_max\"", "rule = \"minmax\"")).unwrap();
    assert!(text(&clrisk(folder, &["index"])).contains("CONFIG-001"));
    fs::write(folder.join("clrisk.toml"), settings.replace("rule = \"min_max\"", "rule = \"goalposts\"")).unwrap();
    assert!(text(&clrisk(folder, &["index"])).contains("INDEX-008"), "posts without best and worst");
    fs::write(folder.join("clrisk.toml"), settings).unwrap();
    let values = fs::read_to_string(folder.join("data/indicators.csv")).unwrap();
    fs::write(folder.join("data/indicators.csv"), values + "c01,1,1,1,1,1,1\n").unwrap();
    let twice = text(&clrisk(folder, &["index"]));
    assert!(twice.contains("INDEX-004") && twice.contains("c01"), "{twice}");
}

#[test]
fn the_form_is_one_page_without_a_network_and_its_answers_come_back_with_a_class() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(clrisk(folder, &["screen", "--form"]).status.code(), Some(0));
    let page = fs::read_to_string(folder.join("out/screen/community-2026.html")).unwrap();
    for outside in ["http://", "https://", "src=", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert_eq!(page.matches("<fieldset").count(), 12);
    for language in ["es", "en", "pt", "fr"] {
        assert!(
            page.contains(&format!("<legend><span lang=\"{language}\">"))
                || page.contains(&format!("<span lang=\"{language}\">"))
        );
    }
    let answers = "community;secondary_school;teachers;meals;transfers;birth_certificates;electricity;phone;water;casual_labour;producer_group;seasonal_migration;protection_committee\n\
                   La Unión;no;no;sí;no;no;sí;no;no;sí;no;sí;no\nEl Porvenir;sí;;;;;;;;;;;\n";
    fs::write(folder.join("respuestas.csv"), answers).unwrap();
    let read = clrisk(folder, &["screen", "--import", folder.join("respuestas.csv").to_str().unwrap()]);
    assert_eq!(read.status.code(), Some(0), "{}", text(&read));
    assert!(text(&read).contains("La Unión: Señal alta") && text(&read).contains("SCREEN-004"), "{}", text(&read));
    let written = fs::read_to_string(folder.join("out/screen/respuestas.csv")).unwrap();
    // 14 of 16 points of weight speak for risk.
    assert!(written.lines().nth(1).unwrap().contains(",3,87.5,87.5,87.5,1.000,"), "{written}");
    assert!(!folder.join("out/draft").exists(), "a screen is no draft");
}
