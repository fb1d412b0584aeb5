//! Figures by group: for every measure the share of children, and their number, under the design of the survey.
//!
//! A measure is a yes-or-no fact of a classified child. Its prevalence in a group is `sum w y / sum w` over the children of the
//! group of whom it is known; the group is a domain, so the whole design of the survey is kept, with rows of other ages and
//! sampling units without children. Intervals of shares are on the logit scale, of numbers symmetric, both with Student's t.
//!
//! Checked against: R `survey` 4 on MICS6 of Togo and ENCOVI 2014 of Guatemala
//! (`clrisk-engine/tests/measured_countries.rs`; `survey_real/*.csv`).

use clrisk_core::Group;
use clrisk_core::bundle::VariableLabel;
use clrisk_core::measure::{Kind, MeasuredRow, Quality};
use clrisk_definitions::{Classified, Condition, Definition, Reasons, Schooling, Status};
use clrisk_stats::design::{DesignSpec, FinitePopulation, LonelyPsu, SurveyDesign};
use clrisk_stats::direct::{
    DirectEstimate, NO_GROUP, ProportionInterval, proportion_by_group, proportion_interval, total_by_group,
};
use clrisk_stats::quality::QualityRule;
use clrisk_stats::replicate::ReplicateWeights;

use crate::MeasureError;
use crate::quality::label;

/// The rows of a survey: those the design needs and, among them, the children of the definition.
#[derive(Debug, Clone)]
pub struct SurveyChildren {
    /// Survey weights, positive.
    pub weights: Vec<f64>,
    /// Strata.
    pub strata: Vec<u64>,
    /// Primary sampling units.
    pub psus: Vec<u64>,
    /// Sampling units in the population of the row's stratum; empty when not known.
    pub finite_population: Vec<f64>,
    /// Replicate weights, from which the variances come where there are any.
    pub replicates: Option<ReplicateWeights>,
    /// What to do with strata of a single sampling unit.
    pub lonely_psu: LonelyPsu,
    /// Ages, negative when unknown.
    pub ages: Vec<i16>,
    /// The classification of every row.
    pub classified: Classified,
    /// What was asked.
    pub asked: Asked,
    /// Dimensions of groups.
    pub dimensions: Vec<Dimension>,
}

/// Questions that the survey has; measures without their question are left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Asked {
    /// Economic activity: whether hours were asked.
    pub hours: bool,
    /// Household chores.
    pub chores: bool,
    /// Hazardous conditions.
    pub conditions: Vec<Condition>,
    /// Industry.
    pub industry: bool,
    /// Occupation.
    pub occupation: bool,
    /// Work at night.
    pub night: bool,
    /// Worst forms.
    pub worst_forms: bool,
    /// School attendance.
    pub attendance: bool,
}

/// A classification of children: sex, area, wealth.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    /// Name, titles and categories.
    pub label: VariableLabel,
    /// For each row the position of its category, or [`NO_GROUP`].
    pub codes: Vec<u32>,
}

/// What is to be measured.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Groups of ages.
    pub ages: Vec<[u8; 2]>,
    /// Groups: names of dimensions to cross. All children are always measured.
    pub groups: Vec<Vec<String>>,
    /// Dimensions by which the children of a measure are distributed.
    pub distributions: Vec<String>,
    /// Confidence level of the intervals.
    pub level: f64,
    /// The rule for publication.
    pub quality: QualityRule,
}

/// Measures that are distributed by the dimensions of [`Plan::distributions`].
const DISTRIBUTED: [&str; 2] = ["child_labour", "working"];

/// The measures that a survey can give, in the order of tables.
pub fn measures(asked: &Asked) -> Vec<String> {
    let mut list = vec!["child_labour", "child_labour_economic"];
    if asked.chores {
        list.push("excessive_chores");
    }
    if asked.worst_forms {
        list.push("worst_forms");
    }
    list.extend(["hazardous", "below_minimum_age", "national_rule", "light_work", "adolescent_work"]);
    if asked.chores {
        list.push("chores_only");
    }
    list.extend(["not_working", "working"]);
    if asked.hours {
        list.push("working_one_hour");
    }
    if asked.chores {
        list.push("chores");
    }
    let mut list: Vec<String> = list.into_iter().map(str::to_owned).collect();
    if !asked.conditions.is_empty() {
        list.extend(["hazardous_conditions".to_owned(), "child_labour_or_conditions".to_owned()]);
        list.extend(asked.conditions.iter().map(|kind| format!("condition_{}", kind.code())));
    }
    for (asked, name) in [
        (asked.industry, "hazardous_industry"),
        (asked.occupation, "hazardous_occupation"),
        (asked.hours, "long_hours"),
        (asked.night, "night_work"),
    ] {
        if asked {
            list.push(name.to_owned());
        }
    }
    if asked.attendance {
        list.extend(["attending", "studies_only", "works_only", "studies_and_works", "neither"].map(str::to_owned));
    }
    list
}

/// Whether a measure is true of a row; none when that is not known.
pub fn value(measure: &str, children: &Classified, row: usize) -> Option<bool> {
    let status = children.statuses[row];
    if status == Status::OutOfScope {
        return None;
    }
    let reasons = children.reasons[row];
    let is = |wanted: Status| children.child_labour(row).map(|_| status == wanted);
    let schooling = |wanted: Schooling| children.schooling(row).map(|schooling| schooling == wanted);
    match measure {
        "child_labour" => children.child_labour(row),
        "child_labour_economic" => children.economic_child_labour(row),
        "excessive_chores" => Some(reasons.any(Reasons::CHORES_THRESHOLD)),
        "worst_forms" => is(Status::WorstForms),
        "hazardous" => is(Status::Hazardous),
        "below_minimum_age" => is(Status::BelowMinimumAge),
        "national_rule" => is(Status::NationalRule),
        "light_work" => is(Status::LightWork),
        "adolescent_work" => is(Status::AdolescentWork),
        "chores_only" => is(Status::ChoresOnly),
        "not_working" => is(Status::NotWorking),
        "working" if reasons.any(Reasons::ITEMS_UNKNOWN) => None,
        "working" => Some(reasons.any(Reasons::ECONOMIC)),
        "working_one_hour" => Some(reasons.any(Reasons::ONE_HOUR)),
        "chores" => Some(reasons.any(Reasons::CHORES)),
        "hazardous_conditions" => Some(reasons.any(Reasons::CONDITIONS)),
        "child_labour_or_conditions" => {
            children.child_labour(row).map(|labour| labour || reasons.any(Reasons::CONDITIONS))
        }
        "hazardous_industry" => Some(reasons.any(Reasons::INDUSTRY)),
        "hazardous_occupation" => Some(reasons.any(Reasons::OCCUPATION)),
        "long_hours" => Some(reasons.any(Reasons::LONG_HOURS)),
        "night_work" => Some(reasons.any(Reasons::NIGHT)),
        "attending" => children.schooling(row).map(|_| reasons.any(Reasons::ATTENDS)),
        "studies_only" => schooling(Schooling::StudiesOnly),
        "works_only" => schooling(Schooling::WorksOnly),
        "studies_and_works" => schooling(Schooling::Both),
        "neither" => schooling(Schooling::Neither),
        other => {
            let kind = other.strip_prefix("condition_").and_then(Condition::parse)?;
            Some(reasons.any(kind.reason()))
        }
    }
}

/// Measures whose value is zero by the definition at these ages: no rule can make it otherwise.
fn is_ruled_out(measure: &str, definition: &Definition, ages: [u8; 2]) -> bool {
    let mut bands = (ages[0]..=ages[1]).filter_map(|age| definition.band(age));
    match measure {
        "excessive_chores" => bands.all(|band| band.chores.is_none()),
        "long_hours" => bands.all(|band| band.long_hours.is_none()),
        "national_rule" => bands.all(|band| band.counted_as() != Status::NationalRule),
        "light_work" => bands.all(|band| band.permitted() != Status::LightWork || !band.permits()),
        "adolescent_work" => bands.all(|band| band.permitted() != Status::AdolescentWork),
        "below_minimum_age" => {
            bands.all(|band| band.economic.is_none() || band.counted_as() != Status::BelowMinimumAge)
        }
        "hazardous" => bands.all(|band| band.hazardous.is_empty() && band.counted_as() != Status::Hazardous),
        _ => false,
    }
}

/// A crossing of dimensions: its groups, and the group of every row.
struct Crossing {
    groups: Vec<Group>,
    codes: Vec<u32>,
}

impl Crossing {
    fn new(children: &SurveyChildren, names: &[String]) -> Crossing {
        let rows = children.weights.len();
        let mut crossing = Crossing { groups: vec![Group::all()], codes: vec![0; rows] };
        for name in names {
            let Some(dimension) = children.dimensions.iter().find(|dimension| dimension.label.name == *name) else {
                continue;
            };
            let categories = &dimension.label.categories;
            crossing.groups = crossing
                .groups
                .iter()
                .flat_map(|group| {
                    categories.iter().map(|(category, _)| {
                        let mut pairs = group.0.clone();
                        pairs.push((name.clone(), category.clone()));
                        Group(pairs)
                    })
                })
                .collect();
            for (code, &category) in crossing.codes.iter_mut().zip(&dimension.codes) {
                *code = match (*code, category) {
                    (NO_GROUP, _) | (_, NO_GROUP) => NO_GROUP,
                    (so_far, category) => so_far * categories.len() as u32 + category,
                };
            }
        }
        crossing
    }
}

/// The figures of one survey, with the estimates they came from (for change).
#[derive(Debug, Clone)]
pub struct Figures {
    /// One a measure, ages and group.
    pub rows: Vec<MeasuredRow>,
    /// The estimate of the share of each row.
    pub estimates: Vec<DirectEstimate>,
    /// Rows of children of whom a measure is not known, by measure.
    pub left_out: Vec<(String, u64)>,
}

/// Builds the design of the whole survey.
///
/// # Errors
/// What is wrong with weights, strata or sampling units.
pub fn design(children: &SurveyChildren) -> Result<SurveyDesign, MeasureError> {
    let spec = DesignSpec {
        weights: &children.weights,
        strata: Some(&children.strata),
        clusters: Some(&children.psus),
        finite_population: (!children.finite_population.is_empty())
            .then_some(FinitePopulation::Sizes(&children.finite_population)),
        lonely_psu: children.lonely_psu,
        ..DesignSpec::default()
    };
    Ok(spec.build()?)
}

/// Measures everything in the plan.
///
/// # Errors
/// What the design or an estimate refuses.
pub fn measure(children: &SurveyChildren, definition: &Definition, plan: &Plan) -> Result<Figures, MeasureError> {
    let design = design(children)?;
    let rows = children.weights.len();
    let mut figures = Figures { rows: Vec::new(), estimates: Vec::new(), left_out: Vec::new() };
    let mut crossings = vec![Crossing::new(children, &[])];
    crossings.extend(plan.groups.iter().map(|names| Crossing::new(children, names)));
    let distributions: Vec<Crossing> =
        plan.distributions.iter().map(|name| Crossing::new(children, std::slice::from_ref(name))).collect();
    for measure in measures(&children.asked) {
        let values: Vec<Option<bool>> = (0..rows).map(|row| value(&measure, &children.classified, row)).collect();
        let y: Vec<f64> = values.iter().map(|value| f64::from(u8::from(*value == Some(true)))).collect();
        let unknown = (0..rows)
            .filter(|&row| values[row].is_none() && children.classified.statuses[row] != Status::OutOfScope)
            .count() as u64;
        if unknown > 0 {
            figures.left_out.push((measure.clone(), unknown));
        }
        for &ages in &plan.ages {
            let inside = |row: usize| {
                u8::try_from(children.ages[row]).is_ok_and(|age| (ages[0]..=ages[1]).contains(&age))
                    && values[row].is_some()
            };
            let ruled_out = is_ruled_out(&measure, definition, ages);
            let mut codes = vec![NO_GROUP; rows];
            for crossing in &crossings {
                for (row, code) in codes.iter_mut().enumerate() {
                    *code = if inside(row) { crossing.codes[row] } else { NO_GROUP };
                }
                let estimates = estimates(children, &design, &y, &codes, crossing.groups.len())?;
                for (group, estimate) in crossing.groups.iter().zip(&estimates) {
                    if let Some(estimate) = estimate {
                        let row = row(&measure, Kind::Prevalence, ages, group, estimate, plan);
                        figures.push(
                            if ruled_out { MeasuredRow { quality: Quality::Publish, ..row } } else { row },
                            estimate.share,
                        );
                    }
                }
            }
            if !DISTRIBUTED.contains(&measure.as_str()) {
                continue;
            }
            for crossing in &distributions {
                // The children of the measure are the domain; y is whether they are in the category.
                let domain: Vec<u32> = (0..rows)
                    .map(|row| {
                        let counted = inside(row) && y[row] == 1.0 && crossing.codes[row] != NO_GROUP;
                        if counted { 0 } else { NO_GROUP }
                    })
                    .collect();
                for (category, group) in crossing.groups.iter().enumerate() {
                    let of: Vec<f64> =
                        crossing.codes.iter().map(|&code| f64::from(u8::from(code == category as u32))).collect();
                    if let Some(Some(estimate)) = estimates(children, &design, &of, &domain, 1)?.first() {
                        figures.push(row(&measure, Kind::Composition, ages, group, estimate, plan), estimate.share);
                    }
                }
            }
        }
    }
    Ok(figures)
}

/// A share with its total, and the standard error that the interval on the logit scale takes.
#[derive(Clone, Copy)]
struct Estimate {
    share: DirectEstimate,
    total: DirectEstimate,
    /// As the standard error of the share: that of its logit times `p (1 - p)`.
    interval_error: f64,
}

/// The estimates of every group, by linearisation, or with the variances of the replicate weights where the survey has them.
fn estimates(
    children: &SurveyChildren,
    design: &SurveyDesign,
    y: &[f64],
    codes: &[u32],
    groups: usize,
) -> Result<Vec<Option<Estimate>>, MeasureError> {
    let shares = proportion_by_group(design, y, codes, groups)?;
    let totals = total_by_group(design, y, codes, groups)?;
    let linearised = |(share, total): (Option<DirectEstimate>, Option<DirectEstimate>)| {
        let (share, total) = (share?, total?);
        Some(Estimate { share, total, interval_error: share.standard_error })
    };
    let mut found: Vec<Option<Estimate>> = shares.into_iter().zip(totals).map(linearised).collect();
    if let Some(replicates) = &children.replicates {
        let errors = replicates.errors_by_group(y, codes, groups)?;
        for (estimate, errors) in found.iter_mut().zip(errors) {
            let (Some(estimate), Some(errors)) = (estimate.as_mut(), errors) else { continue };
            let p = estimate.share.value;
            estimate.interval_error = errors.logit.map_or(errors.share, |logit| logit * p * (1.0 - p));
            for (of, error) in [(&mut estimate.share, errors.share), (&mut estimate.total, errors.total)] {
                // The simple random sample it is compared with stays; the variance is another.
                let ratio = (error / of.standard_error).powi(2);
                of.design_effect = of.design_effect.map(|effect| effect * ratio).filter(|effect| effect.is_finite());
                of.standard_error = error;
                // A survey that publishes replicates often hides its sampling units behind few codes.
                of.degrees_of_freedom = replicates.degrees_of_freedom();
            }
        }
    }
    Ok(found)
}

impl Figures {
    fn push(&mut self, row: MeasuredRow, estimate: DirectEstimate) {
        self.rows.push(row);
        self.estimates.push(estimate);
    }
}

fn row(measure: &str, kind: Kind, ages: [u8; 2], group: &Group, estimate: &Estimate, plan: &Plan) -> MeasuredRow {
    let Estimate { share, total, interval_error } = estimate;
    let of_logit = DirectEstimate { standard_error: *interval_error, ..*share };
    let interval = proportion_interval(&of_logit, ProportionInterval::Logit, plan.level);
    let count_interval = total.interval(plan.level);
    MeasuredRow {
        measure: measure.to_owned(),
        kind,
        ages,
        group: group.clone(),
        rate: Some(share.value),
        standard_error: Some(share.standard_error),
        lower: interval.map(|interval| interval.lower),
        upper: interval.map(|interval| interval.upper),
        count: Some(total.value),
        // Fewer than none, or more than there are, is no number of children.
        count_lower: count_interval.map(|interval| interval.lower.max(0.0)),
        count_upper: count_interval.map(|interval| interval.upper),
        population: Some(share.weight_sum),
        sample: share.sample_size as u64,
        cases: Some(share.cases as u64),
        effective_sample: share.effective_sample_size(),
        coefficient_of_variation: share.coefficient_of_variation(),
        quality: label(plan.quality.assess(share, true).verdict),
    }
}
