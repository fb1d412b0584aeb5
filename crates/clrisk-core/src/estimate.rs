//! Estimates, and what stands in their place when there is none.

use serde::{Deserialize, Serialize};

use crate::area::Level;

/// Why a figure is shown, or why it is not. A figure is never blank and never zero for lack of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueStatus {
    /// An estimate for an area that the survey sampled, precise enough to use.
    Value,
    /// An estimate made by the model for an area from which the survey has no household.
    ModelledWithoutSample,
    /// There is an estimate, but it is too imprecise to act on (rule in the manifest).
    NotReliable,
    /// Withheld so that no child can be recognised.
    Suppressed,
    /// The area is on the map but not in the population file.
    NoData,
}

impl ValueStatus {
    /// All statuses.
    pub const ALL: [ValueStatus; 5] = [
        ValueStatus::Value,
        ValueStatus::ModelledWithoutSample,
        ValueStatus::NotReliable,
        ValueStatus::Suppressed,
        ValueStatus::NoData,
    ];

    /// The name used in files.
    pub fn code(self) -> &'static str {
        match self {
            ValueStatus::Value => "value",
            ValueStatus::ModelledWithoutSample => "modelled_without_sample",
            ValueStatus::NotReliable => "not_reliable",
            ValueStatus::Suppressed => "suppressed",
            ValueStatus::NoData => "no_data",
        }
    }

    /// Reads [`ValueStatus::code`] back.
    pub fn parse(code: &str) -> Option<ValueStatus> {
        ValueStatus::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Whether a number may be shown.
    pub fn has_number(self) -> bool {
        !matches!(self, ValueStatus::Suppressed | ValueStatus::NoData)
    }
}

/// A publication group: dimension and category pairs in the order of the project's publication list; empty for all children.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub struct Group(pub Vec<(String, String)>);

impl Group {
    /// All children.
    pub fn all() -> Group {
        Group(Vec::new())
    }

    /// One dimension.
    pub fn one(dimension: &str, category: &str) -> Group {
        Group(vec![(dimension.to_owned(), category.to_owned())])
    }

    /// Whether this is the group of all children.
    pub fn is_all(&self) -> bool {
        self.0.is_empty()
    }

    /// `sex=girl;age_group=5-11`, and `all` for all children: the form used in files.
    pub fn code(&self) -> String {
        if self.0.is_empty() {
            return "all".to_owned();
        }
        self.0.iter().map(|(dimension, category)| format!("{dimension}={category}")).collect::<Vec<_>>().join(";")
    }

    /// Reads [`Group::code`] back.
    pub fn parse(code: &str) -> Group {
        if code == "all" {
            return Group::all();
        }
        Group(
            code.split(';')
                .filter_map(|pair| pair.split_once('='))
                .map(|(dimension, category)| (dimension.to_owned(), category.to_owned()))
                .collect(),
        )
    }
}

impl From<Group> for String {
    fn from(group: Group) -> String {
        group.code()
    }
}

impl From<String> for Group {
    fn from(code: String) -> Group {
        Group::parse(&code)
    }
}

/// The estimate of the outcome for one area and group.
///
/// Rates are proportions in `[0, 1]`, counts are children. Intervals are central 95 % intervals of the posterior draws
/// after benchmarking. All numbers are none when the status withholds them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Area code.
    pub area: String,
    /// Level of the area.
    pub level: Level,
    /// Publication group.
    pub group: Group,
    /// Estimated proportion of the group's children with the outcome.
    pub rate: Option<f64>,
    /// Posterior standard deviation of the rate.
    pub standard_error: Option<f64>,
    /// Lower end of the 95 % interval of the rate.
    pub lower: Option<f64>,
    /// Upper end of the 95 % interval of the rate.
    pub upper: Option<f64>,
    /// Estimated number of children with the outcome.
    pub count: Option<f64>,
    /// Lower end of the 95 % interval of the count.
    pub count_lower: Option<f64>,
    /// Upper end of the 95 % interval of the count.
    pub count_upper: Option<f64>,
    /// Children of the group in the population file.
    pub population: Option<f64>,
    /// Children of the group in the survey, in this area.
    pub sample: Option<i64>,
    /// Direct survey estimate, where the survey has children of the group in the area and the level is published.
    pub direct: Option<f64>,
    /// Why the numbers are shown or not.
    pub status: ValueStatus,
    /// Whether the difference between this group and all children was learned from this area's own sample. When false the
    /// difference is the national one and must be shown as *not estimated locally*.
    pub local: bool,
}

/// Class, its certainty, and rank of an area among those of its level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AreaClass {
    /// Area code.
    pub area: String,
    /// Class of the point estimate, 1 = lowest; none when there is no estimate.
    pub class: Option<i64>,
    /// Posterior probability of belonging to each class, lowest class first; sums to 1.
    pub membership: Vec<f64>,
    /// Rank of the point estimate, 1 = highest rate.
    pub rank: Option<i64>,
    /// Best rank of the 95 % rank interval.
    pub rank_lower: Option<i64>,
    /// Worst rank of the 95 % rank interval.
    pub rank_upper: Option<i64>,
    /// Best and worst rank such that with 95 % the ranges of all areas hold at once: what a reader of the whole list needs.
    pub rank_joint: Option<[i64; 2]>,
    /// Rank by the number of children, 1 = most.
    pub count_rank: Option<i64>,
}

/// How much one factor moves an area's rate away from the country's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FactorContribution {
    /// Area code.
    pub area: String,
    /// Name of the factor (a variable of the codebook, or `area_effect`).
    pub factor: String,
    /// Contribution on the logit scale: `sum_k beta_k (xbar_dk - xbar_k)`; exact for the linear predictor.
    pub logit: f64,
    /// The same in percentage points of the rate, by scaling the logit contributions to the area's difference from the
    /// national rate (approximate).
    pub points: f64,
}

/// What a lever would change in an area: the difference between the rate with the condition at its target and the rate as it
/// is, from the model, everything else unchanged. An association, not the effect of an intervention.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeverEffect {
    /// Area code.
    pub area: String,
    /// Level of the area.
    pub level: Level,
    /// Name of the lever.
    pub lever: String,
    /// Where the area stands: share of the children in the category, or mean of the number.
    pub now: f64,
    /// Where the lever would bring it: equal to `now` where the target is reached; for an area of areas, their mean.
    pub target: f64,
    /// Change of the rate in percentage points: mean and central 95 % interval of the draws.
    pub points: [f64; 3],
    /// Change of the number of children with the outcome: mean and interval.
    pub children: [f64; 3],
}
