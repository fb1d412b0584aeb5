//! Real surveys, measured: the figures of R `survey` and those that were published come out.
//!
//! Togo MICS6 2017 and Guatemala ENCOVI 2014 against `survey_real/*.csv` (R `survey`, nest = TRUE, lonely.psu = "adjust"); published
//! figures as listed in section 7 of the definitions the project works by.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use clrisk_core::{Findings, Group, Measured};
use clrisk_engine::folder::ProjectFolder;
use clrisk_engine::measure::measure;
use common::{codes, real_data};

fn reference(name: &str) -> Option<Vec<Vec<String>>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference");
    let folder = std::env::var_os("CLRISK_REFERENCE").map_or(beside, PathBuf::from);
    let Ok(text) = fs::read_to_string(folder.join("survey_real").join(name)) else {
        eprintln!("SKIPPED: {name} is not in CLRISK_REFERENCE or ../shared/reference");
        return None;
    };
    let row = |line: &str| line.split(',').map(|cell| cell.trim_matches('"').to_owned()).collect();
    Some(text.lines().skip(1).map(row).collect())
}

async fn measured(settings: &str) -> Result<(Measured, tempfile::TempDir), Findings> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("clrisk.toml"), settings).unwrap();
    measure(&ProjectFolder::new(folder.path())).await.map(|outcome| (outcome.measured, folder))
}

fn percent(rate: f64) -> f64 {
    (rate * 1000.0).round() / 10.0
}

/// MICS6 in Togo, with the raw items that the questionnaire has.
fn togo(file: &Path, definition: &str) -> String {
    let by = [
        ("sex", "CASE HL4 WHEN 1 THEN 'boy' WHEN 2 THEN 'girl' END", r#"["boy", "girl"]"#),
        ("zone", "CAST(CAST(HH6 AS BIGINT) AS VARCHAR)", r#"["1", "2"]"#),
        ("region", "CAST(CAST(HH7 AS BIGINT) AS VARCHAR)", r#"["1", "2", "3", "4", "5", "6", "7"]"#),
        ("wealth", "CAST(CAST(windex5 AS BIGINT) AS VARCHAR)", r#"["1", "2", "3", "4", "5"]"#),
        ("school", "CASE WHEN CB7 = 1 THEN '1' ELSE '2' END", r#"["1", "2"]"#),
    ];
    let by: Vec<String> = by
        .iter()
        .map(|(name, survey, levels)| {
            format!("[measure.by.{name}]\ntitle = \"{name}\"\nlevels = {levels}\nsurvey = \"{survey}\"\n")
        })
        .collect();
    format!(
        r#"
[project]
id = "togo"
title = "Togo"
country = "Togo"
country_code = "TG"
[survey]
file = "{}"
title = "MICS6"
year = 2017
age = "CB3"
weight = "fsweight"
stratum = "stratum"
psu = "PSU"
lonely_psu = "centre"
[definition]
name = "{definition}"
filter = "FS17 = 1"
[definition.items]
economic = ["CL1A = 1", "CL1B = 1", "CL1C = 1", "CL1X = 1"]
economic_hours = ["CL3"]
chores = ["CL7 = 1", "CL9 = 1", "CL11A = 1", "CL11B = 1", "CL11C = 1", "CL11D = 1", "CL11E = 1", "CL11F = 1", "CL11X = 1"]
chores_hours = ["CL8", "CL10", "CL13"]
attendance = "coalesce(CB7, 2) = 1"
[definition.items.conditions]
heavy_loads = "CL4 = 1"
tools = "CL5 = 1"
dust = "CL6A = 1"
temperature = "CL6B = 1"
noise = "CL6C = 1"
heights = "CL6D = 1"
chemicals = "CL6E = 1"
other = "CL6X = 1"
[measure]
ages = [[5, 17], [5, 14], [7, 14], [5, 11], [12, 14], [15, 17]]
groups = [["sex"], ["zone"], ["region"], ["wealth"], ["school"]]
reference_area = "768"
{}
"#,
        file.display(),
        by.join("\n")
    )
}

/// `fs.sav`, or a table of the same content named by `CLRISK_TOGO_TABLE`.
fn togo_file(data: &Path) -> PathBuf {
    std::env::var_os("CLRISK_TOGO_TABLE").map_or_else(|| data.join("surveys/togo_mics6_2017/fs.sav"), PathBuf::from)
}

async fn togo_measured(test: &str, definition: &str) -> Option<(Measured, tempfile::TempDir)> {
    let data = real_data(test)?;
    match measured(&togo(&togo_file(&data), definition)).await {
        Ok(done) => Some(done),
        Err(findings) if codes(&findings) == ["FILE-003"] => {
            eprintln!("SKIPPED: {test}: SPSS files are not read yet");
            None
        }
        Err(findings) => panic!("{findings:?}"),
    }
}

#[tokio::test]
async fn togo_has_every_figure_and_standard_error_of_r() {
    let Some(rows) = reference("togo_mics6_2017_childlabour.csv") else { return };
    let Some((measured, _)) = togo_measured("Togo, figures of R", "mics6").await else { return };
    let mut compared = 0;
    for row in &rows {
        let [by, level, measure, share, error, sample, weighted] = row.as_slice() else { panic!("{row:?}") };
        let measure = match measure.as_str() {
            "eaMore" => "child_labour_economic",
            "hhcMore" => "excessive_chores",
            "childLabor" => "child_labour",
            "hazard" => "hazardous_conditions",
            "includeHaz" => "child_labour_or_conditions",
            "any_ea" => "working",
            other => panic!("{other}"),
        };
        let (ages, group) = match by.as_str() {
            "total" => ([5, 17], Group::all()),
            "age" => {
                let (from, to) = level.split_once('-').unwrap();
                ([from.parse().unwrap(), to.parse().unwrap()], Group::all())
            }
            "HL4" => ([5, 17], Group::one("sex", if level == "1" { "boy" } else { "girl" })),
            "HH6" => ([5, 17], Group::one("zone", level)),
            "HH7" => ([5, 17], Group::one("region", level)),
            "windex5" => ([5, 17], Group::one("wealth", level)),
            "attend" => ([5, 17], Group::one("school", level)),
            other => panic!("{other}"),
        };
        let found = measured.find(measure, ages, &group).unwrap_or_else(|| panic!("{row:?}"));
        let number = |text: &String| text.parse::<f64>().unwrap();
        let near = |found: f64, expected: f64| (found - expected).abs() <= 1e-8 * expected.abs().max(1e-6);
        assert!(near(100.0 * found.rate.unwrap(), number(share)), "{row:?}: {found:?}");
        assert!(near(100.0 * found.standard_error.unwrap(), number(error)), "{row:?}: {found:?}");
        assert_eq!(found.sample, number(sample) as u64, "{row:?}");
        assert!(near(found.population.unwrap(), number(weighted)), "{row:?}");
        compared += 1;
    }
    assert_eq!(compared, 132);
}

#[tokio::test]
async fn togo_has_the_published_figures() {
    let Some((measured, folder)) = togo_measured("Togo, published figures", "mics6").await else { return };
    // Weights of MICS are divided by their mean: no number of children may be read from them.
    assert!(measured.survey.normalised_weights);
    assert!(measured.for_publication().rows.iter().all(|row| row.count.is_none() && row.population.is_none()));
    let share =
        |measure: &str, ages: [u8; 2]| percent(measured.find(measure, ages, &Group::all()).unwrap().rate.unwrap());
    // US Department of Labor 2022: working 5 to 14 (an hour or more), attending, combining work and school at 7 to 14.
    assert_eq!(share("working_one_hour", [5, 14]), 44.4);
    assert_eq!(share("attending", [5, 14]), 89.0);
    assert_eq!(share("studies_and_works", [7, 14]), 50.4);
    assert_eq!(share("child_labour", [5, 17]), 38.5);
    // What is written says by which definition, and has the series of the indicator.
    let written = folder.path().join("out/measure");
    let label = measured.definition.label();
    for file in ["figures.csv", "tables.es.html", "summary.fr.md", "notes.pt.csv", "8-7-1.sdmx.csv", "8-7-1.sdmx.xml"] {
        assert!(fs::read_to_string(written.join(file)).unwrap().contains(&label), "{file}");
    }
    assert!(fs::read_to_string(written.join("8-7-1.sdmx.csv")).unwrap().contains("SL_TLF_CHLDEC,768,_T,Y5T17,"));
}

#[tokio::test]
async fn togo_by_the_rule_with_hazardous_conditions_is_the_press_figure() {
    let Some((measured, _)) = togo_measured("Togo, with conditions", "mics6-hazardous").await else { return };
    let row = measured.find("child_labour", [5, 17], &Group::all()).unwrap();
    assert_eq!((100.0 * row.rate.unwrap() * 100.0).round() / 100.0, 48.74);
}

#[tokio::test]
async fn guatemala_has_the_published_rates_and_the_figures_of_r_by_department() {
    let Some(data) = real_data("Guatemala, measured") else { return };
    let Some(rows) = reference("gtm_encovi2014_occ7_17_by_depto.csv") else { return };
    let file = data.join("surveys/guatemala_encovi2014_cepal/encuestaGTM14N.parquet");
    let settings = format!(
        r#"
[project]
id = "guatemala"
title = "Guatemala"
country = "Guatemala"
country_code = "GT"
[survey]
file = "{}"
year = 2014
age = "edad"
weight = "x_fep"
stratum = "dam_ee * 10 + area_ee"
psu = "x_upm"
lonely_psu = "centre"
# R's figures are of a design made of these children alone; with the whole file's they differ in the fourth digit.
filter = "edad BETWEEN 7 AND 17"
[definition]
name = "gt-mirti"
[definition.items]
economic = ["CASE condact3 WHEN 1 THEN TRUE WHEN 2 THEN FALSE WHEN 3 THEN FALSE END"]
attendance = "CASE asiste_ee WHEN 1 THEN TRUE WHEN 0 THEN FALSE END"
[measure]
groups = [["department"], ["region"]]
[measure.by.sex]
title = "Sexo"
levels = ["boy", "girl"]
survey = "CASE sexo WHEN 1 THEN 'boy' WHEN 2 THEN 'girl' END"
[measure.by.department]
title = "Departamento"
survey = "CAST(CAST(dam_ee AS BIGINT) AS VARCHAR)"
[measure.by.region]
title = "Región"
levels = ["III", "other"]
survey = "CASE WHEN dam_ee IN (2, 18, 19, 20) THEN 'III' ELSE 'other' END"
"#,
        file.display()
    );
    let (measured, _folder) = measured(&settings).await.unwrap_or_else(|findings| panic!("{findings:?}"));
    let of = |group: Group| measured.find("child_labour", [7, 17], &group).unwrap();
    assert_eq!(percent(of(Group::one("department", "12")).rate.unwrap()), 21.1);
    assert_eq!(percent(of(Group::one("region", "III")).rate.unwrap()), 19.9);
    for row in &rows {
        let found = of(Group::one("department", &row[0]));
        let (share, error): (f64, f64) = (row[1].parse().unwrap(), row[2].parse().unwrap());
        assert!((found.rate.unwrap() - share).abs() < 1e-9, "{row:?}: {found:?}");
        assert!((found.standard_error.unwrap() - error).abs() < 1e-8, "{row:?}: {found:?}");
    }
    assert_eq!(rows.len(), 22);
}

#[tokio::test]
async fn the_module_of_colombia_is_classified_from_its_raw_items_as_the_office_coded_it() {
    let Some(data) = real_data("Colombia, measured") else { return };
    let file = data.join("surveys/colombia_geih_ti_pasto_2024/dane-2024.csv");
    let (mut chores, mut hours) = (Vec::new(), Vec::new());
    for question in 3131..=3136 {
        for part in 1..=3 {
            let item = format!("P{question}S{part}");
            chores.push(format!("\"{item} = 1\""));
            hours.push(format!("\"TRY_CAST({item}A1 AS DOUBLE) * TRY_CAST({item}A2 AS DOUBLE)\""));
        }
    }
    let settings = format!(
        r#"
[project]
id = "pasto"
title = "Pasto"
country = "Colombia"
country_code = "CO"
[survey]
file = "{}"
year = 2024
age = "P6040"
weight = "FEX_C"
stratum = "1"
psu = "DIRECTORIO"
[definition]
name = "co-dane"
[definition.items]
economic = ["P400 = 1", "P401 = 1", "P403 = 1"]
economic_hours = ["P415"]
chores = [{}]
chores_hours = [{}]
attendance = "P6160 = 1"
industry = {{ code = "RAMA4D_R4", classification = "isic-4" }}
occupation = {{ code = "OFICIO_C8", classification = "isco-08" }}
[measure.by.sex]
title = "Sexo"
levels = ["boy", "girl"]
survey = "CASE P3271 WHEN 1 THEN 'boy' WHEN 2 THEN 'girl' END"
"#,
        file.display(),
        chores.join(", "),
        hours.join(", ")
    );
    let (measured, folder) = measured(&settings).await.unwrap_or_else(|findings| panic!("{findings:?}"));
    // What the office's own coding says: employed children have an industry. Chores by the same sums, read here row by row.
    let text = fs::read_to_string(&file).unwrap();
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let at = |name: &str| header.iter().position(|column| *column == name).unwrap();
    let (mut employed, mut long_chores, mut either) = (0, 0, 0);
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |name: &str| cells[at(name)].trim().parse::<f64>().unwrap_or(0.0);
        let mut total = 0.0;
        for question in 3131..=3136 {
            for part in 1..=3 {
                total += number(&format!("P{question}S{part}A1")) * number(&format!("P{question}S{part}A2"));
            }
        }
        let works = !cells[at("RAMA4D_R4")].trim().is_empty();
        employed += u64::from(works);
        long_chores += u64::from(total >= 15.0);
        either += u64::from(works || total >= 15.0);
    }
    let cases = |measure: &str| measured.find(measure, [5, 17], &Group::all()).unwrap().cases.unwrap();
    assert_eq!((employed, cases("child_labour_economic")), (21, 21));
    assert_eq!(cases("excessive_chores"), long_chores);
    assert_eq!(cases("child_labour"), either);
    // Twenty-one children are too few to publish: the figure is in no table.
    let table = fs::read_to_string(folder.path().join("out/measure/figures.csv")).unwrap();
    let row = table.lines().find(|line| line.starts_with("child_labour_economic,prevalence,5,17,all,")).unwrap();
    assert!(row.contains(",,,,,,,") && row.contains(",suppress,"), "{row}");
}

#[tokio::test]
async fn what_is_wrong_in_the_settings_is_a_finding() {
    let Some(data) = real_data("Guatemala, settings") else { return };
    let file = data.join("surveys/guatemala_encovi2014_cepal/encuestaGTM14N.parquet");
    let base = format!(
        "[project]\nid = \"x\"\ntitle = \"x\"\ncountry = \"x\"\n[survey]\nfile = \"{}\"\nage = \"edad\"\nweight = \"x_fep\"\n\
         stratum = \"dam_ee\"\npsu = \"x_upm\"\n[definition]\nname = \"gt-mirti\"\n[definition.items]\neconomic = [\"condact3 = 1\"]\n",
        file.display()
    );
    for (from, to, code) in [
        ("name = \"gt-mirti\"", "name = \"gt-mirty\"", "DEFINE-002"),
        ("economic = [\"condact3 = 1\"]", "economic = [\"condact = 1\"]", "EXPR-001"),
        ("economic = [\"condact3 = 1\"]", "economic = []", "MEASURE-001"),
        ("economic = [", "conditions.danger = \"TRUE\"\neconomic = [", "MEASURE-006"),
        ("[definition]", "[measure]\ngroups = [[\"zone\"]]\n[definition]", "MEASURE-002"),
        ("[definition]", "[measure]\nquality = \"strict\"\n[definition]", "MEASURE-006"),
        ("[definition]", "[measure]\nages = [[5, 17]]\n[definition]", "MEASURE-006"),
        ("age = \"edad\"", "age = \"edad\"\nweigth = \"x_fep\"", "CONFIG-001"),
        ("[definition.items]", "[definition.item]", "CONFIG-001"),
    ] {
        let settings = base.replacen(from, to, 1);
        assert_ne!(settings, base);
        let findings = measured(&settings).await.err().unwrap_or_else(|| panic!("{to} was accepted"));
        assert!(codes(&findings).contains(&code), "{to}: {findings:?}");
    }
    let (_, _folder) = measured(&base).await.unwrap_or_else(|findings| panic!("{findings:?}"));
}

#[tokio::test]
async fn change_between_two_surveys_has_a_test_and_says_what_cannot_be_compared() {
    let Some(data) = real_data("Guatemala, change") else { return };
    let file = data.join("surveys/guatemala_encovi2014_cepal/encuestaGTM14N.parquet");
    let survey = format!(
        "file = \"{}\"\nyear = 2014\nage = \"edad\"\nweight = \"x_fep\"\nstratum = \"dam_ee\"\npsu = \"x_upm\"\nlonely_psu = \"centre\"\n",
        file.display()
    );
    // The same survey twice, once without its rural half: two "surveys" whose difference is that of the halves.
    let settings = format!(
        "[project]\nid = \"x\"\ntitle = \"x\"\ncountry = \"x\"\n[survey]\n{survey}[definition]\nname = \"gt-mirti\"\n\
         [definition.items]\neconomic = [\"condact3 = 1\"]\n[measure.earlier.survey]\n{survey}filter = \"area_ee = 1\"\n\
         [measure.earlier.definition]\nname = \"co-dane\"\n[measure.earlier.definition.items]\neconomic = [\"condact3 = 1\"]\n"
    );
    let (measured, _folder) = measured(&settings).await.unwrap_or_else(|findings| panic!("{findings:?}"));
    assert_eq!(measured.comparability, ["definition", "ages"]);
    let row = measured
        .changes
        .iter()
        .find(|row| row.measure == "working" && row.ages == [7, 17] && row.group.is_all())
        .unwrap();
    assert!((row.difference.unwrap() - (row.later.unwrap() - row.earlier.unwrap())).abs() < 1e-12);
    assert!(row.difference.unwrap() > 0.0 && row.p_value.unwrap() < 0.05);
    assert!(row.lower.unwrap() < row.difference.unwrap() && row.difference.unwrap() < row.upper.unwrap());
}
