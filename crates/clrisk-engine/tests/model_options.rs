//! What a project may ask of the model: levers, a spatial effect; and what the model card says of it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;

use clrisk_core::{Bundle, Level, LeverEffect};
use clrisk_engine::folder::ProjectFolder;
use clrisk_engine::run::run;
use clrisk_synthetic::{Country, Options};

async fn bundle(edit: impl Fn(String) -> String) -> Bundle {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { seed: 5, children: 100_000, survey_households: 6_000 };
    Country::invent(options).unwrap().write_project(folder.path()).unwrap();
    let settings = folder.path().join("clrisk.toml");
    let text = std::fs::read_to_string(&settings).unwrap().replace("draws = 1000", "draws = 200");
    std::fs::write(&settings, edit(text)).unwrap();
    run(&ProjectFolder::new(folder.path()), &|_| {}).await.unwrap()
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
