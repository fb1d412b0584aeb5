//! `clrisk init` with files: what it proposes runs, says the same as a project made by hand, and leaves to a person what it does not know.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use clrisk_core::{Catalog, Language};
use clrisk_engine::folder::ProjectFolder;
use clrisk_engine::proposal::{Proposal, Sources, propose};
use clrisk_engine::run::run;
use clrisk_engine::settings::Settings;
use clrisk_engine::source::Session;
use clrisk_synthetic::{Country, Options};
use common::{codes, real_data};

async fn proposed(folder: &Path, sources: &Sources, language: Language) -> (Proposal, String) {
    let proposal = propose(folder, sources, &Catalog::load(), language).await.unwrap();
    let text = fs::read_to_string(&proposal.file).unwrap();
    assert!(!text.contains("init-") && !text.contains("role-"), "all texts are there: {text}");
    (proposal, text)
}

/// A text with what is undecided decided somehow, so that it can be parsed.
fn parsed(text: &str) -> Settings {
    Settings::parse(&text.replace("\"?\"", "\"0\"")).map_err(|finding| (finding.code, finding.args)).unwrap()
}

fn country() -> (tempfile::TempDir, Sources) {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { seed: 31, children: 60_000, survey_households: 4_000 };
    Country::invent(options).unwrap().write_project(folder.path()).unwrap();
    let at = |name: &str| Some(folder.path().join(name));
    let sources = Sources {
        survey: at("data/survey.csv.gz"),
        census: at("data/census.parquet"),
        boundaries: at("geo/boundaries.geojson"),
        ..Sources::default()
    };
    (folder, sources)
}

#[tokio::test]
async fn the_invented_country_runs_from_its_raw_files_without_an_edit() {
    let (raw, sources) = country();
    let folder = tempfile::tempdir().unwrap();
    let (proposal, text) = proposed(folder.path(), &sources, Language::Es).await;
    assert_eq!(proposal.undecided, [""; 0], "{text}");
    let found = parsed(&text);
    let by_hand = Settings::parse(&fs::read_to_string(raw.path().join("clrisk.toml")).unwrap()).unwrap();
    assert_eq!(found.survey.age, by_hand.survey.age);
    assert_eq!(found.survey.weight, by_hand.survey.weight);
    assert_eq!(found.survey.stratum, by_hand.survey.stratum);
    assert_eq!(found.survey.psu, by_hand.survey.psu);
    assert_eq!(found.areas.code, by_hand.areas.code);
    assert_eq!(found.areas.name, by_hand.areas.name);
    assert_eq!(found.areas.department, by_hand.areas.department);
    assert_eq!(found.census.age, by_hand.census.age);
    for (mine, theirs) in [("sex", "sex"), ("zone", "zone"), ("attendance", "school"), ("migration", "migrant")] {
        let (mine, theirs) = (found.variable(mine).unwrap(), by_hand.variable(theirs).unwrap());
        assert_eq!(mine.levels, theirs.levels);
        assert_eq!((mine.survey, mine.census), (theirs.survey, theirs.census));
    }
    // Everything that is a condition of the child in the country is among the variables.
    for name in [
        "sexo",
        "edad",
        "zona",
        "asiste",
        "etnia",
        "migrante",
        "jefe_educ",
        "jefe_rama",
        "jefe_informal",
        "jefe_sexo",
        "personas_hogar",
        "dependientes",
        "nbi",
    ] {
        let used = found.variables.values().any(|variable| variable.to_string().contains(name));
        assert!(used, "{name} is not used: {text}");
    }
    // It runs as it is (with fewer draws, to be quick).
    let quick = text.replace("[model]\n", "[model]\ndraws = 100\n");
    fs::write(&proposal.file, quick).unwrap();
    let bundle =
        run(&ProjectFolder::new(folder.path()), &|_| {}).await.unwrap_or_else(|findings| panic!("{findings:?}"));
    assert!(codes(&bundle.findings).contains(&"CONFIG-006"), "nobody has confirmed it");
    assert!(bundle.joins.iter().all(|join| join.matched == join.codes));
    // Once everything is confirmed, nothing is said any more.
    let start = text.find("unconfirmed = [").unwrap();
    let end = start + text[start..].find("\n]\n").unwrap() + 3;
    let confirmed = format!("{}{}", &text[..start], &text[end..]).replace("[model]\n", "[model]\ndraws = 100\n");
    fs::write(&proposal.file, confirmed).unwrap();
    let bundle = run(&ProjectFolder::new(folder.path()), &|_| {}).await.unwrap();
    assert!(!codes(&bundle.findings).contains(&"CONFIG-006"));
}

#[tokio::test]
async fn what_is_not_known_is_left_to_a_person_and_check_says_so() {
    let (_raw, sources) = country();
    for language in Language::ALL {
        let folder = tempfile::tempdir().unwrap();
        let alone = Sources { survey: sources.survey.clone(), ..Sources::default() };
        let (proposal, _) = proposed(folder.path(), &alone, language).await;
        for key in ["areas.file", "census.file", "census.age", "survey.area"] {
            assert!(proposal.undecided.iter().any(|undecided| undecided == key), "{language} {key}");
        }
        let findings = clrisk_engine::run::check(&ProjectFolder::new(folder.path())).await.findings;
        let finding = findings.0.iter().find(|finding| finding.code == "CONFIG-005").unwrap();
        assert_eq!(finding.details, proposal.undecided);
        let again = propose(folder.path(), &alone, &Catalog::load(), language).await.unwrap_err();
        assert_eq!(again.code, "CONFIG-004", "nothing is overwritten");
    }
}

#[tokio::test]
async fn names_that_differ_are_matched_when_asked() {
    let (raw, sources) = country();
    let session = Session::new(raw.path());
    session.register("census", Path::new("data/census.parquet"), &Default::default()).await.unwrap();
    let (census, renamed) = (raw.path().join("data/census.parquet"), raw.path().join("data/censo.csv"));
    clrisk_engine::rewrite::rewrite(&clrisk_engine::rewrite::Rewriting {
        from: &census,
        to: &renamed,
        options: &Default::default(),
        columns: &[],
    })
    .unwrap();
    let text = fs::read_to_string(&renamed).unwrap().replacen("nbi", "v77", 1);
    fs::write(&renamed, text).unwrap();
    fs::remove_file(raw.path().join("data/censo.codebook.json")).unwrap();
    for (matches, used) in [(vec![], false), (vec![("nbi".to_owned(), "v77".to_owned())], true)] {
        let folder = tempfile::tempdir().unwrap();
        let sources = Sources { census: Some(renamed.clone()), matches, ..sources.clone() };
        let (_, text) = proposed(folder.path(), &sources, Language::En).await;
        let found = parsed(&text);
        assert_eq!(found.variables.values().any(|variable| variable.to_string().contains("v77")), used);
    }
}

/// How many rows two expressions disagree on.
async fn disagree(data: &Path, file: &str, proposed: &str, by_hand: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let session = Session::new(folder.path());
    session.register("t", &data.join(file), &Default::default()).await.unwrap();
    let sql = format!(
        "SELECT count(*) FROM t WHERE CAST(({proposed}) AS VARCHAR) IS DISTINCT FROM CAST(({by_hand}) AS VARCHAR)"
    );
    session.read_texts(&sql, "test", file).await.unwrap()[0][0].clone().unwrap()
}

const DOMINICAN: [&str; 3] = [
    "surveys/dominicanrep_encft2021_cepal/encuestaDOM21N1.parquet",
    "census/dominicanrep_censo2010_cepal/census2010_cells_municipio.csv.gz",
    "boundaries/dominicanrep/municipios.geojson",
];
const GUATEMALA: [&str; 3] = [
    "surveys/guatemala_encovi2014_cepal/encuestaGTM14N.csv.gz",
    "census/guatemala_censo2018_cepal/censo_dam2.csv.gz",
    "boundaries/guatemala/munis.json",
];

fn sources(data: &Path, [survey, census, boundaries]: [&str; 3]) -> Sources {
    let at = |name: &str| -> Option<PathBuf> { Some(data.join(name)) };
    Sources { survey: at(survey), census: at(census), boundaries: at(boundaries), ..Sources::default() }
}

fn example(name: &str) -> Settings {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name).join("clrisk.toml");
    Settings::parse(&fs::read_to_string(path).unwrap()).unwrap()
}

#[tokio::test]
async fn the_dominican_republic_is_proposed_as_it_was_made_by_hand() {
    let Some(data) = real_data("the_dominican_republic_is_proposed_as_it_was_made_by_hand") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (proposal, text) = proposed(folder.path(), &sources(&data, DOMINICAN), Language::Es).await;
    let (found, by_hand) = (parsed(&text), example("dominican-republic"));
    assert_eq!(proposal.undecided, [""; 0], "{text}");
    assert_eq!(found.outcome.ages, by_hand.outcome.ages, "the survey asks from age 10");
    let [survey, census, _] = DOMINICAN;
    for (file, mine, theirs) in [
        (survey, &found.survey.age, &by_hand.survey.age),
        (survey, &found.survey.weight, &by_hand.survey.weight),
        (survey, &found.survey.stratum, &by_hand.survey.stratum),
        (survey, &found.survey.psu, &by_hand.survey.psu),
        (survey, &found.outcome.survey, &by_hand.outcome.survey),
        (census, found.census.age.as_ref().unwrap(), by_hand.census.age.as_ref().unwrap()),
        (census, &found.census.count, &by_hand.census.count),
        (census, &found.census.area, &by_hand.census.area),
    ] {
        assert_eq!(disagree(&data, file, mine, theirs).await, "0", "{mine} is not {theirs}");
    }
    assert_eq!(found.areas.code, "ubigeo");
    // The survey's codes, which the example takes through a crosswalk, are written so that they need none.
    let by_crosswalk =
        "(SELECT max(right(id_municipio, 4)) FROM x WHERE x.dam2 = lpad(CAST(t.dam2 AS VARCHAR), 5, '0'))";
    let session = Session::new(folder.path());
    let crosswalk = "census/dominicanrep_censo2010_cepal/statelevel_predictors_df_dam2.csv.gz";
    session.register("t", &data.join(survey), &Default::default()).await.unwrap();
    session.register("x", &data.join(crosswalk), &Default::default()).await.unwrap();
    let mine = found.survey.area.replace("dam2", "t.dam2");
    let sql = format!("SELECT count(*) FROM t WHERE ({mine}) IS DISTINCT FROM {by_crosswalk}");
    assert_eq!(session.read_texts(&sql, "test", survey).await.unwrap()[0][0].as_deref(), Some("0"));
    for name in ["sex", "zone"] {
        let (mine, theirs) = (found.variable(name).unwrap(), by_hand.variable(name).unwrap());
        assert_eq!(mine.levels, theirs.levels);
        for (file, mine, theirs) in [(survey, mine.survey, theirs.survey), (census, mine.census, theirs.census)] {
            let (mine, theirs) = (mine.unwrap(), theirs.unwrap());
            assert_eq!(disagree(&data, file, &mine, &theirs).await, "0", "{mine} is not {theirs}");
        }
    }
}

#[tokio::test]
async fn guatemala_is_proposed_as_it_was_made_by_hand_and_its_age_bands_are_left_to_a_person() {
    let Some(data) = real_data("guatemala_is_proposed_as_it_was_made_by_hand") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (proposal, text) = proposed(folder.path(), &sources(&data, GUATEMALA), Language::Es).await;
    let (found, by_hand) = (parsed(&text), example("guatemala"));
    assert_eq!(proposal.undecided, ["census.age"], "{text}");
    assert_eq!(found.outcome.ages, by_hand.outcome.ages, "the survey asks from age 7");
    let [survey, census, _] = GUATEMALA;
    for (file, mine, theirs) in [
        (survey, &found.survey.age, &by_hand.survey.age),
        (survey, &found.survey.weight, &by_hand.survey.weight),
        (survey, &found.survey.area, &by_hand.survey.area),
        (census, &found.census.count, &by_hand.census.count),
        (census, &found.census.area, &by_hand.census.area),
    ] {
        assert_eq!(disagree(&data, file, mine, theirs).await, "0", "{mine} is not {theirs}");
    }
    let filter = found.areas.filter.clone().unwrap();
    assert!(filter.contains("'0000'") && filter.contains("'4000'"), "lakes and the disputed zone: {filter}");
    for name in ["sex", "zone"] {
        let (mine, theirs) = (found.variable(name).unwrap(), by_hand.variable(name).unwrap());
        for (file, mine, theirs) in [(survey, mine.survey, theirs.survey), (census, mine.census, theirs.census)] {
            let (mine, theirs) = (mine.unwrap(), theirs.unwrap());
            assert_eq!(disagree(&data, file, &mine, &theirs).await, "0", "{mine} is not {theirs}");
        }
    }
}

#[tokio::test]
async fn surveys_without_a_census_are_proposed_as_far_as_they_go() {
    let Some(data) = real_data("surveys_without_a_census_are_proposed_as_far_as_they_go") else { return };
    let folder = tempfile::tempdir().unwrap();
    let togo = Sources { survey: Some(data.join("surveys/togo_mics6_2017/fs.sav")), ..Sources::default() };
    let (_, text) = proposed(folder.path(), &togo, Language::Fr).await;
    let found = parsed(&text);
    assert_eq!([found.survey.weight, found.survey.stratum, found.survey.psu], ["fsweight", "stratum", "PSU"]);
    assert_eq!(found.survey.age, "CASE WHEN CB3 IN (97) THEN NULL ELSE CB3 END", "97 is labelled as inconsistent");
    assert!(found.outcome.survey.contains("CL3"), "{}", found.outcome.survey);
    let folder = tempfile::tempdir().unwrap();
    let colombia =
        Sources { survey: Some(data.join("surveys/colombia_geih_ti_pasto_2024/dane-2024.csv")), ..Sources::default() };
    let (proposal, text) = proposed(folder.path(), &colombia, Language::Es).await;
    let found = parsed(&text);
    assert_eq!([found.survey.age, found.survey.weight], ["P6040", "FEX_C"]);
    assert!(proposal.undecided.iter().any(|key| key == "survey.psu"), "the public file has none");
}
