//! The score of a checklist and its stated error.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use clrisk_stats::StatsError;
use clrisk_stats::checklist::Checklist;
use proptest::prelude::*;

fn list(weights: &[f64]) -> Checklist {
    Checklist { weights: weights.to_vec(), thresholds: vec![34.0, 60.0], minimum_answered: 0.75, noise: 0.0 }
}

#[test]
fn a_threshold_belongs_to_the_class_above_and_too_few_answers_give_no_class() {
    let five = list(&[1.0; 5]);
    let score = |answers: &[Option<bool>]| five.score(answers, 10, 1).unwrap();
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(score(&[yes, yes, yes, no, no]).class, Some(2));
    assert_eq!(score(&[yes, yes, no, no, no]).class, Some(1));
    assert_eq!(score(&[no; 5]).class, Some(0));
    let few = score(&[yes, yes, yes, None, None]);
    assert_eq!((few.class, few.points, few.lowest, few.highest), (None, Some(100.0), 60.0, 100.0));
    let none = score(&[None; 5]);
    assert_eq!((none.class, none.points, none.lowest, none.highest), (None, None, 0.0, 100.0));
}

/// With weights that are certain, the draws are over the open answers alone, whose combinations can be counted.
#[test]
fn class_shares_are_those_of_all_combinations_of_the_open_answers() {
    let weights = [3.0, 2.0, 2.0, 1.0, 1.0, 1.0];
    let known = [Some(true), Some(false), None, None, None, Some(false)];
    let mut exact = [0.0f64; 3];
    for bits in 0..8u32 {
        let open = (0..3).map(|k| if bits >> k & 1 == 1 { weights[2 + k] } else { 0.0 }).sum::<f64>();
        let points = 100.0 * (3.0 + open) / 10.0;
        exact[if points < 34.0 {
            0
        } else if points < 60.0 {
            1
        } else {
            2
        }] += 1.0 / 8.0;
    }
    let found = list(&weights).score(&known, 40_000, 7).unwrap().class_shares;
    // Four standard errors of a share of 40,000 draws.
    found.iter().zip(exact).for_each(|(a, b)| assert!((a - b).abs() < 0.01, "{found:?} {exact:?}"));
}

#[test]
fn doubt_about_weights_opens_a_class_near_a_threshold_and_not_one_far_away() {
    let doubted = Checklist { noise: 0.5, ..list(&[1.0; 12]) };
    let answers = |yes: usize| (0..12).map(|k| Some(k < yes)).collect::<Vec<_>>();
    let near = doubted.score(&answers(7), 2000, 3).unwrap();
    assert!(near.class_shares[1] > 0.4 && near.class_shares[2] > 0.2, "{near:?}");
    let far = doubted.score(&answers(12), 2000, 3).unwrap();
    assert!((far.class_shares[2] - 1.0).abs() < 1e-9, "{far:?}");
}

#[test]
fn a_list_that_makes_no_sense_is_refused() {
    let answers = [Some(true), None];
    assert!(matches!(list(&[1.0]).score(&answers, 10, 1), Err(StatsError::Length { .. })));
    assert!(matches!(list(&[1.0, -1.0]).score(&answers, 10, 1), Err(StatsError::OutOfRange { row: 1, .. })));
    assert!(matches!(list(&[0.0, 0.0]).score(&answers, 10, 1), Err(StatsError::Setting { setting: "weights", .. })));
    let falling = Checklist { thresholds: vec![60.0, 34.0], ..list(&[1.0, 1.0]) };
    assert!(matches!(falling.score(&answers, 10, 1), Err(StatsError::Setting { setting: "thresholds", .. })));
    assert!(list(&[1.0, 1.0]).score(&answers, 0, 1).is_err());
}

proptest! {
    #[test]
    fn one_more_unfavourable_answer_never_lowers_the_score_and_bounds_hold(
        answers in prop::collection::vec(prop::option::of(any::<bool>()), 12), which in 0usize..12
    ) {
        let weights: Vec<f64> = (0..12).map(|k| 1.0 + (k % 3) as f64).collect();
        let list = list(&weights);
        let score = list.score(&answers, 50, 1).unwrap();
        prop_assert!(score.lowest <= score.highest + 1e-9);
        if let Some(points) = score.points {
            prop_assert!(points >= score.lowest - 1e-9 && points <= score.highest + 1e-9);
        }
        prop_assert!((score.class_shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        let mut raised = answers.clone();
        raised[which] = Some(true);
        prop_assert!(list.score(&raised, 50, 1).unwrap().lowest >= score.lowest - 1e-9);
    }
}
