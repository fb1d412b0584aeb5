//! What a project may ask of the model: levers, a spatial effect, the area-level model, newer margins, replicate weights; and what the
//! model card says of it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;

use clrisk_core::{Bundle, Findings, Group, Level, LeverEffect};
use clrisk_engine::folder::ProjectFolder;
use clrisk_engine::run::run;
use clrisk_synthetic::{Country, Options};
use common::codes;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

/// A small invented country whose settings were edited.
fn project(edit: impl Fn(String) -> String) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { seed: 5, children: 100_000, survey_households: 6_000 };
    Country::invent(options).unwrap().write_project(folder.path()).unwrap();
    let settings = folder.path().join("clrisk.toml");
    let text = std::fs::read_to_string(&settings).unwrap().replace("draws = 1000", "draws = 200");
    std::fs::write(&settings, edit(text)).unwrap();
    folder
}

async fn run_in(folder: &Path) -> Result<Bundle, Findings> {
    run(&ProjectFolder::new(folder), &|_| {}).await
}

async fn bundle(edit: impl Fn(String) -> String) -> Bundle {
    run_in(project(edit).path()).await.unwrap()
}

/// The settings with the area-level model: its formula, no groups, no levers.
fn area_level(text: String) -> String {
    let (before, rest) = text.split_once("formula = ").unwrap();
    let after = rest.split_once('\n').unwrap().1;
    let formula = "child_labour ~ zone + head_education + people + school + (1 | municipality)";
    let text = format!("{before}formula = \"{formula}\"\nestimator = \"fay_herriot\"\n{after}");
    let (before, rest) = text.split_once("[[levers]]").unwrap();
    let (_, after) = rest.split_once("[publish]").unwrap();
    let text = format!("{before}[publish]{after}");
    let (before, rest) = text.split_once("groups = [[").unwrap();
    format!("{before}groups = []{}", rest.split_once("]]").unwrap().1)
}

fn of<'a>(bundle: &'a Bundle, lever: &str, level: Level) -> Vec<&'a LeverEffect> {
    bundle.levers.iter().filter(|row| row.lever == lever && row.level == level).collect()
}

#[tokio::test]
async fn levers_add_up_point_downwards_and_stop_at_their_target() {
    let bundle = bundle(|text| text).await;
    for lever in ["school", "formal_work", "basic_needs", "dependency"] {
        let country = of(&bundle, lever, Level::Country)[0];
        let municipalities = of(&bundle, lever, Level::Municipality);
        assert!(municipalities.len() > 330, "{lever}");
        for level in [Level::Municipality, Level::Department, Level::Region] {
            let sum: f64 = of(&bundle, lever, level).iter().map(|row| row.children[0]).sum();
            assert!((sum / country.children[0] - 1.0).abs() < 1e-6, "{lever}: {sum} of {}", country.children[0]);
        }
        // The invented country was made so that each of these conditions goes with less child labour.
        assert!(country.children[2] < 0.0, "{lever}: {:?}", country.children);
        let better =
            |row: &LeverEffect| if lever == "dependency" { row.now - row.target } else { row.target - row.now };
        for row in &municipalities {
            assert!(better(row) >= -1e-12, "{lever} {row:?}");
            assert!(row.points[1] <= row.points[0] && row.points[0] <= row.points[2], "{row:?}");
            if row.now == row.target {
                assert_eq!(row.points, [0.0; 3], "nothing changes where the target is reached");
            }
        }
    }
    let reached = of(&bundle, "school", Level::Municipality).iter().filter(|row| row.now == row.target).count();
    assert!(reached > 50, "the national average is reached in many places");
    // Rates stay rates: no municipality loses more than it has.
    let rates: BTreeMap<&str, f64> = bundle
        .estimates
        .iter()
        .filter(|row| row.level == Level::Municipality && row.group.is_all())
        .filter_map(|row| Some((row.area.as_str(), row.rate?)))
        .collect();
    assert!(
        bundle
            .levers
            .iter()
            .filter(|row| row.level == Level::Municipality)
            .all(|row| { rates.get(row.area.as_str()).is_some_and(|rate| row.points[0] > -100.0 * rate) })
    );
}

#[tokio::test]
async fn ranges_of_ranks_that_hold_at_once_are_wider_than_each_alone() {
    let bundle = bundle(|text| text).await;
    let mut wider = 0;
    for class in &bundle.classes {
        let (Some(rank), Some([best, worst])) = (class.rank, class.rank_joint) else { continue };
        assert!(best <= rank && rank <= worst, "{class:?}");
        let alone = class.rank_upper.unwrap() - class.rank_lower.unwrap();
        wider += i32::from(worst - best >= alone);
    }
    assert!(wider > 300, "{wider} of {}", bundle.classes.len());
}

#[tokio::test]
async fn the_model_card_has_effects_in_points_and_figures_of_fit_on_unseen_children() {
    let bundle = bundle(|text| text).await;
    let card = &bundle.model;
    for row in card.coefficients.iter().filter(|row| row.name != "(Intercept)") {
        let [points, lower, upper] = row.marginal_points.unwrap_or_else(|| panic!("{} has none", row.name));
        assert!(lower < points && points < upper && points.abs() < 100.0);
        assert_eq!(points > 0.0, row.survey_logit.unwrap() > 0.0, "{}: same direction as the coefficient", row.name);
    }
    let figure = |name: &str| card.diagnostics.get(name).copied().unwrap_or_else(|| panic!("no {name}"));
    let (seen, units, areas) = (figure("auc"), figure("new_units_auc"), figure("new_areas_auc"));
    assert!(0.6 < areas && areas <= units + 0.01 && units < seen && seen < 1.0, "{seen} {units} {areas}");
    assert!((0.8..1.6).contains(&figure("calibration_slope")));
    assert!((0.8..1.2).contains(&figure("new_units_calibration_slope")));
    assert!((0.0..=1.0).contains(&figure("archer_lemeshow_p")));
}

#[tokio::test]
async fn a_spatial_effect_enters_the_model_and_its_card() {
    let plain = bundle(|text| text.replace("benchmark = [", "spatial = \"none\"\nbenchmark = [")).await;
    let spatial =
        bundle(|text| text.replace("benchmark = [", "spatial = \"icar\"\nspatial_functions = 30\nbenchmark = [")).await;
    let component = spatial.model.variance_components.last().unwrap();
    assert_eq!((component.group.as_str(), component.term.as_str()), ("municipality", "spatial"));
    assert!(component.sd[1] < component.sd[0] && component.sd[0] < component.sd[2]);
    assert_eq!(plain.model.variance_components.len() + 1, spatial.model.variance_components.len());
    // The generator has a smooth effect: with it in the model, less is left to departments and municipalities.
    let left = |bundle: &Bundle| bundle.model.variance_components[..2].iter().map(|row| row.sd[0].powi(2)).sum::<f64>();
    assert!(left(&spatial) < left(&plain), "{} {}", left(&spatial), left(&plain));
}

#[tokio::test]
async fn the_area_level_model_goes_the_whole_way_and_its_intervals_hold_the_truth() {
    let folder = project(area_level);
    let bundle = run_in(folder.path()).await.unwrap();
    let card = &bundle.model;
    assert_eq!(card.method, "fay_herriot");
    assert!(card.coefficients.iter().all(|row| row.odds_ratio.is_none() && row.standard_error > 0.0));
    assert_eq!(card.variance_components.len(), 1);
    let truth = std::fs::read_to_string(folder.path().join("truth/areas.csv")).unwrap();
    let truth: BTreeMap<&str, f64> = truth
        .lines()
        .skip(1)
        .filter_map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let children: f64 = cells[2].parse().ok()?;
            (cells[1] == "all" && children > 0.0).then(|| (cells[0], cells[3].parse::<f64>().unwrap() / children))
        })
        .collect();
    assert!(truth.len() > 330, "{}", truth.len());
    let (mut held, mut all, mut narrower) = (0, 0, 0);
    for row in bundle.estimates.iter().filter(|row| row.level == Level::Municipality) {
        let (Some(lower), Some(upper)) = (row.lower, row.upper) else { continue };
        held += i32::from((lower..=upper).contains(&truth[row.area.as_str()]));
        narrower += i32::from(upper - lower < 1.0);
        all += 1;
    }
    assert!(all > 330 && narrower == all);
    let coverage = f64::from(held) / f64::from(all);
    assert!((0.88..=0.99).contains(&coverage), "{coverage}");
    let country = bundle.estimates.iter().find(|row| row.level == Level::Country && row.group.is_all()).unwrap();
    assert!((country.rate.unwrap() - country.direct.unwrap()).abs() < 0.005, "{country:?}");
    // What factors say adds up to the difference from the country, but for the curvature between the scales.
    let contributions = bundle.factors.iter().filter(|row| row.area == bundle.classes[0].area).count();
    assert_eq!(contributions, 5, "four variables and what they do not explain");
    let shares = bundle.areas.iter().filter_map(|row| row.own_sample_share);
    assert!(shares.clone().count() > 100 && shares.into_iter().all(|share| (0.0..=1.0).contains(&share)));
}

#[tokio::test]
async fn the_area_level_model_refuses_what_it_cannot_do() {
    for (edit, code) in [
        (
            (|text: String| text.replace("(1 | municipality)\"", "(1 | department)\"")) as fn(String) -> String,
            "MODEL-015",
        ),
        (|text| text.replace("groups = []", "groups = [[\"sex\"]]"), "MODEL-016"),
        (
            |text| {
                text.replace(
                    "[publish]",
                    "[[levers]]\nname = \"school\"\ntitle = \"x\"\nvariable = \"school\"\ncategory = \"attends\"\nto = \"national\"\n\n[publish]",
                )
            },
            "MODEL-017",
        ),
    ] {
        let folder = project(|text| edit(area_level(text)));
        assert!(codes(&run_in(folder.path()).await.unwrap_err()).contains(&code), "{code}");
    }
}

/// Children of the bundle by department and sex.
fn children(bundle: &Bundle) -> BTreeMap<(String, String), f64> {
    bundle
        .estimates
        .iter()
        .filter(|row| row.level == Level::Department)
        .filter_map(|row| match &row.group {
            Group(pairs) if pairs.len() == 1 && pairs[0].0 == "sex" => {
                Some(((row.area.clone(), pairs[0].1.clone()), row.population.unwrap()))
            }
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn a_census_is_brought_to_newer_margins_and_rates_within_groups_stay() {
    let folder = project(|text| text);
    let before = run_in(folder.path()).await.unwrap();
    let wanted: BTreeMap<(String, String), f64> = children(&before)
        .into_iter()
        .enumerate()
        .map(|(index, (key, people))| (key, (people * (0.8 + 0.05 * (index % 9) as f64)).round()))
        .collect();
    let table = |rows: &dyn Fn(&str, &str, f64) -> Option<String>| {
        let lines = wanted.iter().filter_map(|((area, sex), people)| rows(area, sex, *people));
        format!("depto,sexo,personas\n{}\n", lines.collect::<Vec<_>>().join("\n"))
    };
    let whole = table(&|area, sex, people| Some(format!("{area},{sex},{people}")));
    std::fs::write(folder.path().join("data/margins.csv"), &whole).unwrap();
    let settings = folder.path().join("clrisk.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    let margin = "[[census.margins]]\nfile = \"data/margins.csv\"\ntypes.depto = \"text\"\nyear = 2026\nlevel = \"department\"\narea = \"depto\"\nby.sex = \"sexo\"\ncount = \"personas\"\n\n[variables.sex]";
    std::fs::write(&settings, text.replacen("[variables.sex]", margin, 1)).unwrap();
    let after = run_in(folder.path()).await.unwrap();
    for (key, people) in children(&after) {
        assert!((people / wanted[&key] - 1.0).abs() < 1e-9, "{key:?}: {people} of {}", wanted[&key]);
    }
    let [row] = &after.model.margins[..] else { panic!("{:?}", after.model.margins) };
    assert!((0.79..0.81).contains(&row.factors[0]) && (1.19..1.21).contains(&row.factors[1]), "{row:?}");
    assert!((row.children[1] / wanted.values().sum::<f64>() - 1.0).abs() < 1e-12);
    assert!(after.manifest.inputs.iter().any(|input| input.role == "census_margins" && input.year == Some(2026)));
    // The rate of the girls of a municipality is theirs whether they are more or fewer; only the draws of the finite
    // population differ.
    let rates = |bundle: &Bundle| -> Vec<f64> {
        let rows = bundle.estimates.iter().filter(|row| row.level == Level::Municipality);
        rows.filter(|row| row.group.code() == "sex=girl").map(|row| row.rate.unwrap_or(f64::NAN)).collect()
    };
    let (old, new) = (rates(&before), rates(&after));
    assert_eq!(old.len(), new.len());
    let mean_change = old.iter().zip(&new).map(|(a, b)| b - a).sum::<f64>() / old.len() as f64;
    assert!(mean_change.abs() < 0.002, "{mean_change}");

    for (spoiled, reason) in [
        (table(&|area, sex, people| (sex == "girl").then(|| format!("{area},{sex},{people}"))), "missing"),
        (whole.replacen("girl", "niña", 1), "category"),
        (format!("{whole}zz,girl,5\n"), "area"),
        (format!("{whole}{}\n", whole.lines().nth(1).unwrap()), "twice"),
    ] {
        std::fs::write(folder.path().join("data/margins.csv"), spoiled).unwrap();
        let findings = run_in(folder.path()).await.unwrap_err();
        let found =
            findings.0.iter().find(|finding| finding.code == "MARGIN-001").unwrap_or_else(|| panic!("{reason}"));
        assert_eq!(found.args["reason"], reason);
    }
}

#[tokio::test]
async fn maximum_likelihood_and_a_suggestion_of_variables_stand_on_the_card_when_asked_for() {
    let plain = bundle(|text| text).await;
    assert!(plain.model.maximum_likelihood.is_none() && plain.model.suggestion.is_none());
    let asked =
        bundle(|text| text.replace("benchmark = [", "maximum_likelihood = true\nsuggest = true\nbenchmark = [")).await;
    assert_eq!(asked.estimates, plain.estimates, "neither changes an estimate");
    let card = &asked.model;
    let fit = card.maximum_likelihood.as_ref().unwrap();
    assert_eq!((fit.integration.as_str(), fit.standard_deviations.len()), ("laplace", 3));
    assert!(fit.log_likelihood < 0.0 && fit.akaike > -2.0 * fit.log_likelihood);
    for (row, [estimate, error]) in card.coefficients.iter().zip(&fit.coefficients) {
        assert!((row.estimate - estimate).abs() < row.standard_error, "{}: {} {estimate}", row.name, row.estimate);
        assert!((0.7..1.3).contains(&(error / row.standard_error)), "{}: {error} {}", row.name, row.standard_error);
    }
    let suggestion = card.suggestion.as_ref().unwrap();
    assert_eq!(suggestion.kept.len() + suggestion.left_out.len(), 13);
    for strong in ["sex", "age_group", "zone", "school"] {
        assert!(suggestion.kept.iter().any(|name| name == strong), "{suggestion:?}");
    }
    assert!(suggestion.loss_suggested < suggestion.loss_all + 3.0 * suggestion.loss_standard_error);
}

/// The survey of a project as lines, changed and written back.
fn edit_survey(folder: &Path, change: impl FnOnce(Vec<String>) -> Vec<String>) {
    let path = folder.join("data/survey.csv.gz");
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(&path).unwrap()).read_to_string(&mut text).unwrap();
    let lines = change(text.lines().map(str::to_owned).collect());
    let mut encoder = GzEncoder::new(std::fs::File::create(&path).unwrap(), Compression::fast());
    encoder.write_all((lines.join("\n") + "\n").as_bytes()).unwrap();
    encoder.finish().unwrap();
}

#[tokio::test]
async fn replicate_weights_of_the_file_give_the_variance_of_benchmarks() {
    const REPLICATES: usize = 16;
    let with = "lonely_psu = \"fail\"\nreplicates = { columns = \"rep*\", method = \"jk1\" }\nage = \"edad\"";
    let folder = project(|text| text.replacen("age = \"edad\"", with, 1));
    // Sixteen groups of sampling units, one left out at a time.
    let mut sums = [[0.0f64; 2]; REPLICATES + 1];
    edit_survey(folder.path(), |lines| {
        let header: Vec<&str> = lines[0].split(',').collect();
        let at = |name: &str| header.iter().position(|column| *column == name).unwrap();
        let (weight, unit, age, hours, hazard) =
            (at("factor"), at("upm"), at("edad"), at("horas_trabajo"), at("peligro"));
        let mut units: Vec<String> = Vec::new();
        let mut changed =
            vec![format!("{},{}", lines[0], (0..REPLICATES).map(|r| format!("rep{r}")).collect::<Vec<_>>().join(","))];
        for line in &lines[1..] {
            let cells: Vec<&str> = line.split(',').collect();
            let name = cells[unit].to_owned();
            let position = units.iter().position(|known| *known == name).unwrap_or_else(|| {
                units.push(name);
                units.len() - 1
            });
            let own: f64 = cells[weight].parse().unwrap();
            let years: f64 = cells[age].parse().unwrap();
            let worked: f64 = cells[hours].parse().unwrap_or(0.0);
            let least = if years <= 11.0 {
                1.0
            } else if years <= 14.0 {
                14.0
            } else {
                43.0
            };
            let labour = f64::from(u8::from(cells[hazard] == "1" || worked >= least));
            let replicates: Vec<f64> =
                (0..REPLICATES)
                    .map(|r| {
                        if position % REPLICATES == r { 0.0 } else { own * REPLICATES as f64 / (REPLICATES - 1) as f64 }
                    })
                    .collect();
            for (sum, weight) in sums.iter_mut().zip(std::iter::once(&own).chain(&replicates)) {
                *sum = [sum[0] + weight * labour, sum[1] + weight];
            }
            let texts: Vec<String> = replicates.iter().map(f64::to_string).collect();
            changed.push(format!("{line},{}", texts.join(",")));
        }
        changed
    });
    let bundle = run_in(folder.path()).await.unwrap();
    let proportion = |sum: [f64; 2]| sum[0] / sum[1];
    let squares: f64 = sums[1..].iter().map(|sum| (proportion(*sum) - proportion(sums[0])).powi(2)).sum();
    let expected = (squares * (REPLICATES - 1) as f64 / REPLICATES as f64).sqrt();
    let country = bundle.model.benchmarks.iter().find(|row| row.level == "country").unwrap();
    assert!((country.direct - proportion(sums[0])).abs() < 1e-9);
    assert!((country.direct_standard_error / expected - 1.0).abs() < 1e-6, "{country:?} {expected}");

    let missing = project(|text| text.replacen("age = \"edad\"", &with.replace("rep*", "peso_*"), 1));
    assert!(codes(&run_in(missing.path()).await.unwrap_err()).contains(&"DESIGN-007"));
}

#[tokio::test]
async fn the_finite_population_of_sampling_units_lowers_the_variance_and_must_make_sense() {
    let with = |expression: &str| format!("finite_population = \"{expression}\"\nage = \"edad\"");
    let error = |bundle: &Bundle| {
        bundle.model.benchmarks.iter().find(|row| row.level == "country").unwrap().direct_standard_error
    };
    let plain = bundle(|text| text).await;
    let endless = bundle(|text| text.replacen("age = \"edad\"", &with("1e12"), 1)).await;
    assert!((error(&endless) / error(&plain) - 1.0).abs() < 1e-6);
    let small = bundle(|text| text.replacen("age = \"edad\"", &with("60.0"), 1)).await;
    assert!(error(&small) < 0.98 * error(&plain), "{} {}", error(&small), error(&plain));
    let impossible = project(|text| text.replacen("age = \"edad\"", &with("1.0"), 1));
    assert!(codes(&run_in(impossible.path()).await.unwrap_err()).contains(&"DESIGN-005"));
}

#[tokio::test]
async fn a_slope_may_be_correlated_with_the_intercept_and_the_card_says_how_much() {
    let slopes = |bars: &str| {
        let terms = format!("(1 + sex {bars} municipality) + (1 | department)");
        bundle(move |text| text.replace("(1 | municipality) + (1 | department) + (0 + sex | municipality)", &terms))
    };
    let (correlated, independent) = (slopes("|").await.model, slopes("||").await.model);
    assert!(independent.correlations.is_empty());
    let [row] = &correlated.correlations[..] else { panic!("{:?}", correlated.correlations) };
    assert_eq!((row.group.as_str(), row.terms[0].as_str()), ("municipality", "(Intercept)"));
    let [median, lower, upper] = row.correlation;
    assert!(-1.0 < lower && lower < median && median < upper && upper < 1.0, "{:?}", row.correlation);
    assert_eq!(correlated.variance_components.len(), independent.variance_components.len());
}
