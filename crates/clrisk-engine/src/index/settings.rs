//! `[index]` of `clrisk.toml`: every choice of the vulnerability index, each with its reason.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clrisk_core::index::Higher;
use clrisk_core::{Finding, LocalText};
use serde::Deserialize;

use crate::settings::{AreaSettings, ProjectSettings, ReleaseSettings, Settings, parse_file};

/// `[index]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexSettings {
    /// Title for readers.
    pub title: LocalText,
    /// What it measures, in words.
    pub definition: LocalText,
    /// Name of the preset it started from.
    pub preset: Option<String>,
    /// What readers must know about the preset.
    #[serde(default)]
    pub preset_note: LocalText,
    /// File of the indicators' values: one row a municipality (and year).
    pub file: PathBuf,
    /// Columns to read as `text`, `integer` or `number` whatever they look like.
    #[serde(default)]
    pub types: BTreeMap<String, String>,
    /// Expression: municipality code.
    pub area: String,
    /// Expression: people of the municipality.
    pub population: Option<String>,
    /// Expression: year of the row, when the file holds several.
    pub year: Option<String>,
    /// Rows to keep.
    pub filter: Option<String>,
    /// The indicator table: a TOML or CSV file.
    pub indicators: PathBuf,
    /// Whether more points are `worse` or `better`.
    #[serde(default)]
    pub higher: Higher,
    /// `[index.missing]`
    pub missing: MissingSettings,
    /// `[index.outliers]`
    pub outliers: OutlierSettings,
    /// `[index.normalisation]`
    pub normalisation: NormalisationSettings,
    /// `[index.weights]`
    pub weights: WeightSettings,
    /// `[index.aggregation]`
    pub aggregation: AggregationSettings,
    /// `[index.classes]`
    pub classes: IndexClassSettings,
    /// `[index.uncertainty]`
    #[serde(default)]
    pub uncertainty: UncertaintySettings,
}

/// `[index.missing]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MissingSettings {
    /// The rule.
    pub rule: MissingRule,
    /// Share of the weight that must be there, 0 to 1.
    #[serde(default = "default_available")]
    pub minimum_available: f64,
    /// Why.
    pub reason: LocalText,
}

fn default_available() -> f64 {
    0.75
}

/// What happens to values that are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingRule {
    /// They stop the work.
    Refuse,
    /// The index is taken over what is there.
    LeaveOut,
    /// The mean of the department.
    DepartmentMean,
}

/// `[index.outliers]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutlierSettings {
    /// The rule.
    pub rule: OutlierRule,
    /// Most values that may be moved.
    #[serde(default = "default_most")]
    pub most: usize,
    /// Why.
    pub reason: LocalText,
}

fn default_most() -> usize {
    5
}

/// What happens to outliers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutlierRule {
    /// Nothing.
    None,
    /// The most extreme values are given the next one.
    Winsorise,
    /// If that is not enough, the logarithm.
    WinsoriseOrLogarithm,
}

/// `[index.normalisation]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NormalisationSettings {
    /// The rule.
    pub rule: ScaleRule,
    /// For `distance_p2`: distance between the best and the worst situation, where it is known as a sum only.
    pub hundred_points: Option<f64>,
    /// Why.
    pub reason: LocalText,
}

/// The common scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScaleRule {
    /// Lowest value 0, highest 100.
    MinMax,
    /// Standard deviations from the mean.
    ZScore,
    /// Rank.
    Rank,
    /// Posts `best` and `worst` of the indicator table.
    Goalposts,
    /// Distance P2 from the best situation.
    DistanceP2,
}

/// `[index.weights]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightSettings {
    /// The rule.
    pub rule: WeightRule,
    /// For `comparisons`: how many times as much the first dimension (or indicator) matters as the second.
    #[serde(default)]
    pub compare: Vec<CompareSettings>,
    /// Why.
    pub reason: LocalText,
}

/// `[[index.weights.compare]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompareSettings {
    /// Code of a dimension (of an indicator, when there is one dimension).
    pub first: String,
    /// Code of another.
    pub second: String,
    /// How many times as much the first matters, 1/9 to 9.
    pub times: f64,
}

/// Where weights come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeightRule {
    /// Dimensions alike, indicators alike within each.
    Equal,
    /// All indicators alike.
    EqualIndicators,
    /// Column `weight` of the indicator table.
    Expert,
    /// Comparisons in pairs (analytic hierarchy process).
    Comparisons,
    /// Rotated principal components.
    PrincipalComponents,
    /// Entropy.
    Entropy,
    /// What each indicator adds to those before it (distance P2).
    NewInformation,
}

/// `[index.aggregation]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AggregationSettings {
    /// How the indicators of a dimension are joined.
    pub within: MeanRule,
    /// How dimensions are joined.
    pub between: MeanRule,
    /// Why.
    pub reason: LocalText,
}

/// A mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeanRule {
    /// Full compensation.
    Arithmetic,
    /// Partial compensation.
    Geometric,
    /// Little compensation.
    Harmonic,
}

/// `[index.classes]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexClassSettings {
    /// `jenks`, `quantile`, `equal`, `dalenius_hodges`, `k_means` or `fixed`.
    pub rule: String,
    /// Number of classes, 2 to 7.
    pub number: usize,
    /// Intervals of `dalenius_hodges`.
    #[serde(default = "default_bins")]
    pub bins: usize,
    /// Inner breaks in points for `fixed`.
    #[serde(default)]
    pub breaks: Vec<f64>,
    /// Why.
    pub reason: LocalText,
}

fn default_bins() -> usize {
    100
}

/// `[index.uncertainty]`: the choices that could have been made otherwise.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UncertaintySettings {
    /// Draws; 0 for none.
    pub draws: usize,
    /// Base points of the sensitivity analysis.
    pub points: usize,
    /// Level of the ranges of ranks.
    pub level: f64,
    /// Doubt about every weight, as a share of it.
    pub noise: f64,
    /// Other treatments of outliers.
    pub outliers: Vec<OutlierRule>,
    /// Other scales.
    pub normalisations: Vec<ScaleRule>,
    /// Other sources of weights.
    pub weights: Vec<WeightRule>,
    /// Other means between and within dimensions.
    pub aggregations: Vec<MeanRule>,
}

impl Default for UncertaintySettings {
    fn default() -> Self {
        UncertaintySettings {
            draws: 1000,
            points: 250,
            level: 0.9,
            noise: 0.25,
            outliers: vec![OutlierRule::None, OutlierRule::WinsoriseOrLogarithm],
            normalisations: vec![ScaleRule::MinMax, ScaleRule::ZScore, ScaleRule::Rank],
            weights: vec![WeightRule::Equal, WeightRule::PrincipalComponents],
            aggregations: vec![MeanRule::Arithmetic, MeanRule::Geometric],
        }
    }
}

/// The name of a setting's value as it is written in the file.
pub trait Named {
    /// That name.
    fn code(&self) -> &'static str;
}

macro_rules! named {
    ($($kind:ident { $($variant:ident => $code:literal),* $(,)? })*) => {
        $(impl Named for $kind {
            fn code(&self) -> &'static str {
                match self { $($kind::$variant => $code),* }
            }
        })*
    };
}

named! {
    MissingRule { Refuse => "refuse", LeaveOut => "leave_out", DepartmentMean => "department_mean" }
    OutlierRule { None => "none", Winsorise => "winsorise", WinsoriseOrLogarithm => "winsorise_or_logarithm" }
    ScaleRule {
        MinMax => "min_max", ZScore => "z_score", Rank => "rank", Goalposts => "goalposts", DistanceP2 => "distance_p2",
    }
    WeightRule {
        Equal => "equal", EqualIndicators => "equal_indicators", Expert => "expert", Comparisons => "comparisons",
        PrincipalComponents => "principal_components", Entropy => "entropy", NewInformation => "new_information",
    }
    MeanRule { Arithmetic => "arithmetic", Geometric => "geometric", Harmonic => "harmonic" }
}

/// A project of an index and nothing else: no survey, no census.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexProject {
    /// `[project]`
    pub project: ProjectSettings,
    /// `[areas]`
    pub areas: AreaSettings,
    /// `[index]`
    pub index: IndexSettings,
    /// `[release]`
    #[serde(default)]
    pub release: ReleaseSettings,
}

/// What a `clrisk.toml` asks for.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Estimates from a survey and a census, perhaps an index as well.
    Estimates(Box<Settings>),
    /// An index alone.
    Index(Box<IndexProject>),
}

impl Kind {
    /// Parses the text of a `clrisk.toml`.
    ///
    /// # Errors
    /// `CONFIG-001` with line and reason when it is not valid.
    pub fn parse(text: &str) -> Result<Kind, Box<Finding>> {
        let table: Option<toml::Table> = toml::from_str(text).ok();
        let alone = table.is_some_and(|table| {
            table.contains_key("index") && !["survey", "census", "model"].iter().any(|key| table.contains_key(*key))
        });
        if alone {
            Ok(Kind::Index(Box::new(parse_file::<IndexProject>(text)?)))
        } else {
            Ok(Kind::Estimates(Box::new(Settings::parse(text)?)))
        }
    }

    /// `[release]`
    pub fn release(&self) -> &ReleaseSettings {
        match self {
            Kind::Estimates(settings) => &settings.release,
            Kind::Index(project) => &project.release,
        }
    }
}
