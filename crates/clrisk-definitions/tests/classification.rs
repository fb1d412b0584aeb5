//! What the classifier makes of answers, rule by rule.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use clrisk_definitions::{
    Catalogue, Classification, Classified, Codes, Condition, Definition, Items, ItemsError, MISSING, NO, Reasons,
    Schooling, Status, YES, classify,
};
use proptest::prelude::*;

const NONE: f32 = f32::NAN;

fn definition(name: &str) -> &'static Definition {
    Catalogue::embedded().find(name).unwrap()
}

/// One child's answers to the questions of MICS6.
#[derive(Debug, Clone, Copy)]
struct Answers {
    age: i16,
    works: u8,
    hours: f32,
    /// Water, firewood, other chores.
    chores: [u8; 3],
    chore_hours: [f32; 3],
    loads: u8,
}

const IDLE: Answers =
    Answers { age: 10, works: NO, hours: NONE, chores: [NO; 3], chore_hours: [NONE; 3], loads: MISSING };

fn run(name: &str, answers: &[Answers]) -> Classified {
    let ages: Vec<i16> = answers.iter().map(|child| child.age).collect();
    let works: Vec<u8> = answers.iter().map(|child| child.works).collect();
    let hours: Vec<f32> = answers.iter().map(|child| child.hours).collect();
    let loads: Vec<u8> = answers.iter().map(|child| child.loads).collect();
    let chores: Vec<Vec<u8>> = (0..3).map(|item| answers.iter().map(|child| child.chores[item]).collect()).collect();
    let chore_hours: Vec<Vec<f32>> =
        (0..3).map(|item| answers.iter().map(|child| child.chore_hours[item]).collect()).collect();
    let items = Items {
        ages: &ages,
        economic: vec![&works],
        economic_hours: vec![&hours],
        chores: chores.iter().map(Vec::as_slice).collect(),
        chores_hours: chore_hours.iter().map(Vec::as_slice).collect(),
        conditions: vec![(Condition::HeavyLoads, &loads)],
        ..Items::default()
    };
    classify(definition(name), &items).unwrap()
}

fn statuses(name: &str, answers: &[Answers]) -> Vec<Status> {
    run(name, answers).statuses
}

#[test]
fn hours_of_economic_activity_count_from_the_threshold_of_the_age() {
    let working = |age, hours| Answers { age, works: YES, hours, ..IDLE };
    assert_eq!(
        statuses(
            "mics6",
            &[
                working(5, 0.0),
                working(11, 1.0),
                working(12, 13.0),
                working(14, 14.0),
                working(15, 42.0),
                working(17, 43.0),
                working(18, 60.0),
                working(4, 5.0),
                working(-1, 5.0),
            ]
        ),
        [
            Status::LightWork,
            Status::BelowMinimumAge,
            Status::LightWork,
            Status::BelowMinimumAge,
            Status::AdolescentWork,
            Status::Hazardous,
            Status::OutOfScope,
            Status::OutOfScope,
            Status::OutOfScope,
        ]
    );
}

#[test]
fn hours_from_97_on_are_unknown_and_81_is_a_number() {
    let working = |age, hours| Answers { age, works: YES, hours, ..IDLE };
    let children = run("mics6", &[working(16, 81.0), working(16, 97.0), working(16, 120.0), working(8, NONE)]);
    assert_eq!(
        children.statuses,
        [Status::Hazardous, Status::Undetermined, Status::Undetermined, Status::Undetermined]
    );
    // Neither at the threshold nor below it, not child labour, and yet among all children.
    for child in 1..4 {
        assert!(!children.reasons[child].any(Reasons::ECONOMIC_THRESHOLD | Reasons::BELOW_ECONOMIC_THRESHOLD));
        assert_eq!(children.child_labour(child), Some(false));
    }
}

#[test]
fn unknown_hours_of_chores_count_zero_at_the_threshold_and_as_answered_below_it() {
    let chores = |hours| Answers { chores: [YES; 3], chore_hours: hours, ..IDLE };
    let children = run(
        "mics6",
        &[
            chores([98.0, 5.0, 0.0]),
            chores([98.0, 25.0, NONE]),
            chores([NONE, 20.0, NONE]),
            chores([NONE, NONE, NONE]),
            chores([7.0, 7.0, 7.0]),
        ],
    );
    let (more, less) = (Reasons::CHORES_THRESHOLD, Reasons::BELOW_CHORES_THRESHOLD);
    let found: Vec<(bool, bool)> =
        children.reasons.iter().map(|reasons| (reasons.any(more), reasons.any(less))).collect();
    assert_eq!(found, [(false, false), (true, false), (false, true), (false, false), (true, false)]);
}

#[test]
fn chores_have_no_threshold_from_15_on_and_hours_are_never_added() {
    let older = Answers { age: 15, chores: [YES; 3], chore_hours: [30.0, 30.0, 0.0], ..IDLE };
    let mixed =
        Answers { age: 13, works: YES, hours: 13.0, chores: [YES, NO, NO], chore_hours: [20.0, NONE, NONE], ..IDLE };
    assert_eq!(statuses("mics6", &[older, mixed]), [Status::ChoresOnly, Status::LightWork]);
    // The early rule has 43 hours at these ages.
    assert_eq!(statuses("mics6-early", &[older]), [Status::ExcessiveChores]);
}

#[test]
fn hazardous_conditions_count_only_where_the_definition_says_so() {
    let child = Answers { age: 13, works: YES, hours: 2.0, loads: YES, ..IDLE };
    assert_eq!(statuses("sdg-8.7.1", &[child]), [Status::LightWork]);
    assert_eq!(statuses("mics6-hazardous", &[child]), [Status::Hazardous]);
    assert!(run("sdg-8.7.1", &[child]).reasons[0].any(Condition::HeavyLoads.reason()));
}

#[test]
fn the_first_status_that_applies_is_the_childs_and_the_other_reasons_stay() {
    let both =
        Answers { works: YES, hours: 5.0, chores: [YES, NO, NO], chore_hours: [30.0, NONE, NONE], loads: YES, ..IDLE };
    let children = run("mics6-hazardous", &[both]);
    assert_eq!(children.statuses, [Status::Hazardous]);
    assert!(children.reasons[0].any(Reasons::CHORES_THRESHOLD) && children.reasons[0].any(Reasons::ECONOMIC_THRESHOLD));
    let worst = [YES];
    let items = Items { ages: &[16], economic: vec![&[NO]], worst_forms: Some(&worst), ..Items::default() };
    assert_eq!(classify(definition("mics6"), &items).unwrap().statuses, [Status::WorstForms]);
}

#[test]
fn industries_and_occupations_of_the_list_are_hazardous_and_national_rules_differ() {
    let distinct: Vec<String> = ["4100", "4711", "0810"].map(str::to_owned).into();
    let ages = [16, 16, 16, 16];
    let (works, hours) = ([YES, YES, YES, NO], [10.0; 4]);
    let index = [0, 1, 2, 0];
    let items = Items {
        ages: &ages,
        economic: vec![&works],
        economic_hours: vec![&hours],
        industry: Some(Codes { classification: Classification::Isic4, distinct: &distinct, index: &index }),
        ..Items::default()
    };
    let of = |name: &str| classify(definition(name), &items).unwrap();
    let expected = [Status::Hazardous, Status::AdolescentWork, Status::Hazardous, Status::NotWorking];
    assert_eq!(of("ilo-global-estimates").statuses, expected);
    assert_eq!(of("mx-enti").statuses, expected);
    // A code left from earlier work is no reason when the child does not work.
    assert!(!of("mx-enti").reasons[3].any(Reasons::INDUSTRY));
    let national = [Status::NationalRule, Status::NationalRule, Status::NationalRule, Status::NotWorking];
    assert_eq!(of("co-dane").statuses, national);
    // Brazil: work is allowed from 16 on.
    assert_eq!(of("br-law").statuses[1], Status::AdolescentWork);
}

#[test]
fn missing_answers_leave_a_child_out_only_where_the_definition_says_so() {
    let unknown = Answers { works: MISSING, ..IDLE };
    let no_hours = Answers { age: 13, works: YES, ..IDLE };
    let kept = run("mics6", &[unknown, no_hours]);
    assert_eq!([kept.child_labour(0), kept.child_labour(1)], [Some(false), Some(false)]);
    let left_out = run("ilo-global-estimates", &[unknown, no_hours]);
    assert_eq!([left_out.child_labour(0), left_out.economic_child_labour(1)], [None, None]);
}

#[test]
fn study_and_work_make_four_groups() {
    let (ages, works) = ([9; 5], [YES, YES, NO, NO, NO]);
    let attends = [YES, NO, YES, NO, MISSING];
    let items = Items { ages: &ages, economic: vec![&works], attendance: Some(&attends), ..Items::default() };
    let children = classify(definition("mics6"), &items).unwrap();
    let found: Vec<_> = (0..5).map(|child| children.schooling(child)).collect();
    assert_eq!(
        found,
        [
            Some(Schooling::Both),
            Some(Schooling::WorksOnly),
            Some(Schooling::StudiesOnly),
            Some(Schooling::Neither),
            None
        ]
    );
}

#[test]
fn columns_of_another_length_are_refused() {
    let items = Items { ages: &[9, 10], economic: vec![&[YES]], ..Items::default() };
    let refused = classify(definition("mics6"), &items);
    assert_eq!(refused, Err(ItemsError::Length { column: "economic", found: 1, expected: 2 }));
}

fn any_answers() -> impl Strategy<Value = Answers> {
    let hour = prop_oneof![Just(NONE), (0u8..60).prop_map(f32::from), (97u8..=99).prop_map(f32::from)];
    let hours = [hour.clone(), hour.clone(), hour.clone()];
    let item = 0u8..=2;
    (3i16..20, item.clone(), hour, [item.clone(), item.clone(), item.clone()], hours, item).prop_map(
        |(age, works, hours, chores, chore_hours, loads)| Answers { age, works, hours, chores, chore_hours, loads },
    )
}

/// The rule of MICS6 written as its syntax reads: three yes-or-no answers, in hours and codes.
fn as_the_syntax_reads(child: &Answers) -> (bool, bool, bool) {
    let threshold = [(5..=11, 1.0), (12..=14, 14.0), (15..=17, 43.0)]
        .into_iter()
        .find_map(|(ages, hours)| ages.contains(&child.age).then_some(hours));
    let Some(threshold) = threshold else { return (false, false, false) };
    let ea_more = child.works == YES && child.hours >= threshold && child.hours < 97.0;
    let total: f32 =
        child.chore_hours.iter().filter(|hours| !hours.is_nan() && ![97.0, 98.0, 99.0].contains(*hours)).sum();
    let hhc_more = child.age <= 14 && child.chores.contains(&YES) && total >= 21.0;
    (ea_more, hhc_more, child.loads == YES)
}

proptest! {
    #[test]
    fn any_answers_are_classified_as_the_syntax_of_mics6_reads(answers in prop::collection::vec(any_answers(), 1..300)) {
        let (plain, hazardous) = (run("mics6", &answers), run("mics6-hazardous", &answers));
        for (child, answer) in answers.iter().enumerate() {
            let in_scope = (5..=17).contains(&answer.age);
            let (ea_more, hhc_more, hazard) = as_the_syntax_reads(answer);
            prop_assert_eq!(plain.child_labour(child), in_scope.then_some(ea_more || hhc_more));
            prop_assert_eq!(plain.economic_child_labour(child), in_scope.then_some(ea_more));
            prop_assert_eq!(plain.reasons[child].any(Reasons::CHORES_THRESHOLD), hhc_more);
            prop_assert_eq!(hazardous.child_labour(child), in_scope.then_some(ea_more || hhc_more || hazard));
        }
    }
}
