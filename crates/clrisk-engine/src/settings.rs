//! `clrisk.toml`: what the statistician wants, written by hand.
//!
//! Every key is documented in `docs/settings.md`; an unknown key is a finding, never ignored.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clrisk_core::{Finding, Language, LocalText, Place};
use clrisk_stats::multilevel::WeightScaling;
use serde::Deserialize;

use crate::measure::settings::{DefinitionSettings, MeasureSettings};

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `[project]`
    pub project: ProjectSettings,
    /// `[outcome]`
    pub outcome: OutcomeSettings,
    /// `[areas]`
    pub areas: AreaSettings,
    /// `[survey]`
    pub survey: SurveySettings,
    /// `[census]`
    pub census: CensusSettings,
    /// `[area_covariates]`
    pub area_covariates: Option<AreaCovariateSettings>,
    /// `[variables.<name>]`, in the order of the file.
    pub variables: toml::Table,
    /// `[model]`
    pub model: ModelSettings,
    /// `[publish]`
    #[serde(default)]
    pub publish: PublishSettings,
    /// `[classes]`
    #[serde(default)]
    pub classes: ClassSettings,
    /// `[release]`
    #[serde(default)]
    pub release: ReleaseSettings,
    /// `[[levers]]`
    #[serde(default)]
    pub levers: Vec<LeverSettings>,
    /// `[definition]`
    pub definition: Option<DefinitionSettings>,
    /// `[measure]`
    pub measure: Option<MeasureSettings>,
    /// `[index]`
    pub index: Option<crate::index::settings::IndexSettings>,
}

/// `[project]`: what the study is called.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectSettings {
    /// Short id, used in file names: letters, digits, hyphens.
    pub id: String,
    /// Title.
    pub title: LocalText,
    /// Country name.
    pub country: LocalText,
    /// ISO 3166 alpha-2 code, for number conventions.
    pub country_code: Option<String>,
    /// Licence under which the figures may be used.
    pub licence: Option<LocalText>,
    /// The country is invented.
    #[serde(default)]
    pub synthetic: bool,
    /// Seed of every random number of the run.
    #[serde(default = "default_seed")]
    pub seed: u64,
    /// Language of messages.
    #[serde(default)]
    pub language: Language,
    /// Keys whose values `clrisk init` proposed and nobody has confirmed.
    #[serde(default)]
    pub unconfirmed: Vec<String>,
}

fn default_seed() -> u64 {
    20_300_608
}

/// `[outcome]`: what is estimated.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutcomeSettings {
    /// Name used in the formula.
    pub name: String,
    /// Title.
    pub title: LocalText,
    /// What counts, in words.
    pub definition: LocalText,
    /// Ages of the population of interest, inclusive.
    pub ages: [i64; 2],
    /// Expression over the survey: 1 or true when the child has the outcome, 0 or false when not, null when unknown.
    #[serde(default = "unknown")]
    pub survey: String,
    /// Instead of `survey`: what `[definition]` makes of the child: `child_labour`, `child_labour_economic` or `working`.
    pub from_definition: Option<String>,
}

fn unknown() -> String {
    "NULL".to_owned()
}

/// `[areas]`: boundaries and the area tree.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AreaSettings {
    /// GeoJSON, TopoJSON, shapefile, GeoPackage or FlatGeobuf.
    pub file: PathBuf,
    /// The layer of a GeoPackage or the object of a TopoJSON file, when there are several.
    pub layer: Option<String>,
    /// The coordinate reference system, when the file does not say it or is wrong: `EPSG:32615`, `+proj=...` or well-known text.
    pub projection: Option<String>,
    /// The encoding of its texts, when the file does not say it or is wrong.
    pub encoding: Option<String>,
    /// Most points that borders keep.
    #[serde(default = "default_points")]
    pub max_points: usize,
    /// Whether municipalities that touch no other are linked to the nearest one.
    #[serde(default)]
    pub islands: Islands,
    /// Title of the file for readers.
    #[serde(default)]
    pub title: LocalText,
    /// Year of the boundaries.
    pub year: Option<i32>,
    /// Publisher.
    pub source: Option<String>,
    /// Expression over the properties: the municipality's code, as text.
    pub code: String,
    /// Expression: its name.
    pub name: String,
    /// Expression: code of its department.
    pub department: String,
    /// Name of the system of codes, with its year.
    pub code_system: Option<String>,
    /// Features to leave out (lakes, disputed zones): an expression that is true for the municipalities to keep.
    pub filter: Option<String>,
    /// Names and regions of departments.
    pub departments: Option<DepartmentSettings>,
}

fn default_points() -> usize {
    500_000
}

/// What neighbours a municipality has that touches no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Islands {
    /// None.
    #[default]
    Alone,
    /// The one whose border comes nearest to its own.
    Nearest,
}

/// `[areas.departments]`: a table of departments.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepartmentSettings {
    /// CSV or Parquet file.
    pub file: PathBuf,
    /// Expression: code.
    pub code: String,
    /// Expression: name.
    pub name: String,
    /// Expression: code or name of the region, used as both.
    pub region: Option<String>,
}

/// `[survey]`: the household survey.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurveySettings {
    /// CSV (also gzip) or Parquet file with one row a person.
    pub file: PathBuf,
    /// Title for readers.
    #[serde(default)]
    pub title: LocalText,
    /// Year the survey refers to.
    pub year: Option<i32>,
    /// Publisher.
    pub source: Option<String>,
    /// Columns to read as `text`, `integer` or `number` whatever they look like.
    #[serde(default)]
    pub types: BTreeMap<String, String>,
    /// Encoding of its texts, when the file does not say it or says it wrong.
    pub encoding: Option<String>,
    /// Delimiter of delimited text, when it is not found.
    pub delimiter: Option<char>,
    /// Where the columns of text at fixed positions begin and end; the form of a survey of ODK; the labels of a SAS file.
    pub dictionary: Option<PathBuf>,
    /// Expression: age in completed years.
    pub age: String,
    /// Expression: survey weight.
    pub weight: String,
    /// Expression: stratum.
    pub stratum: String,
    /// Expression: primary sampling unit.
    pub psu: String,
    /// Expression: municipality code.
    pub area: String,
    /// Expression: name of the municipality; only to suggest what an unknown code might be.
    pub area_name: Option<String>,
    /// Expression: code or name of its department, for the same purpose.
    pub area_parent: Option<String>,
    /// Name of the system of codes, with its year.
    pub code_system: Option<String>,
    /// Crosswalk from the survey's area code to that of the boundaries.
    pub crosswalk: Option<CrosswalkSettings>,
    /// Rows that belong to the study besides the age range.
    pub filter: Option<String>,
    /// What to do with strata that have a single sampling unit: `fail`, `merge`, `centre` or `certainty`.
    #[serde(default = "default_lonely")]
    pub lonely_psu: String,
    /// Children of the definition's ages in the country, where the weights only give shares: weights are brought to add up to it before
    /// anything is measured directly. The model does not need it.
    pub children: Option<f64>,
    /// Expression: number of sampling units in the stratum's population, for the finite population correction.
    pub finite_population: Option<String>,
    /// Replicate weights of the file: variances of direct estimates and of the survey-weighted logit then come from them.
    pub replicates: Option<ReplicateSettings>,
}

/// How a data file is to be read, where it does not speak for itself.
#[derive(Debug, Clone, Copy)]
pub struct FileReading<'a> {
    /// Types of columns.
    pub types: &'a BTreeMap<String, String>,
    /// Encoding of its texts.
    pub encoding: Option<&'a str>,
    /// Delimiter.
    pub delimiter: Option<char>,
    /// Dictionary.
    pub dictionary: Option<&'a Path>,
}

impl<'a> FileReading<'a> {
    /// By the types of columns alone.
    pub fn of_types(types: &'a BTreeMap<String, String>) -> FileReading<'a> {
        FileReading { types, encoding: None, delimiter: None, dictionary: None }
    }
}

macro_rules! reading {
    ($($settings:ty),*) => {
        $(impl $settings {
            /// How the file is to be read.
            pub fn reading(&self) -> FileReading<'_> {
                FileReading {
                    types: &self.types,
                    encoding: self.encoding.as_deref(),
                    delimiter: self.delimiter,
                    dictionary: self.dictionary.as_deref(),
                }
            }
        })*
    };
}

reading!(SurveySettings, CensusSettings, AreaCovariateSettings);

/// `[survey.replicates]`: replicate weights, ready for analysis.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplicateSettings {
    /// Columns: a name with one `*`, for example `"repw*"`.
    pub columns: String,
    /// How they were made.
    pub method: ReplicateKind,
    /// Fay's factor, 0 to below 1, for `fay`.
    pub fay: Option<f64>,
    /// Factor of the sum of squares; decided by the method if omitted.
    pub scale: Option<f64>,
}

/// How replicate weights were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReplicateKind {
    /// Jackknife, one unit left out at a time: scale `(R - 1) / R`.
    Jk1,
    /// Jackknife of pairs of units: scale 1.
    Jk2,
    /// Jackknife within strata: the file's documentation gives the scale.
    Jkn,
    /// Balanced half-samples: scale `1 / R`.
    Brr,
    /// Fay's variant: scale `1 / (R (1 - fay)^2)`.
    Fay,
    /// Bootstrap: scale `1 / R`.
    Bootstrap,
}

fn default_lonely() -> String {
    "fail".to_owned()
}

/// `[census]`: the population file: a census, a register, or counts by cells.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CensusSettings {
    /// CSV (also gzip) or Parquet file; not needed when `cells` is given.
    #[serde(default)]
    pub file: PathBuf,
    /// Exact cells made by `clrisk cells`, here or in another database, that stand for the census: the expressions below have
    /// been applied to them already.
    pub cells: Option<PathBuf>,
    /// Title for readers.
    #[serde(default)]
    pub title: LocalText,
    /// Year of the census.
    pub year: Option<i32>,
    /// Publisher.
    pub source: Option<String>,
    /// Columns to read as `text`, `integer` or `number` whatever they look like.
    #[serde(default)]
    pub types: BTreeMap<String, String>,
    /// Encoding of its texts, when the file does not say it or says it wrong.
    pub encoding: Option<String>,
    /// Delimiter of delimited text, when it is not found.
    pub delimiter: Option<char>,
    /// Where the columns of text at fixed positions begin and end; the form of a survey of ODK; the labels of a SAS file.
    pub dictionary: Option<PathBuf>,
    /// Expression: age in completed years; none when the file has only age bands (then `bands` is required).
    pub age: Option<String>,
    /// Age bands of a census that has no single years.
    #[serde(default)]
    pub bands: Vec<AgeBand>,
    /// Expression: number of persons the row stands for; 1 for a person file.
    #[serde(default = "default_one")]
    pub count: String,
    /// Expression: municipality code.
    pub area: String,
    /// Expression: name of the municipality; only to suggest what an unknown code might be.
    pub area_name: Option<String>,
    /// Expression: code or name of its department, for the same purpose.
    pub area_parent: Option<String>,
    /// Name of the system of codes, with its year.
    pub code_system: Option<String>,
    /// Crosswalk from the census's area code to that of the boundaries.
    pub crosswalk: Option<CrosswalkSettings>,
    /// Rows that belong to the study.
    pub filter: Option<String>,
    /// Newer totals that the census is brought to.
    #[serde(default)]
    pub margins: Vec<MarginSettings>,
}

/// `[[census.margins]]`: newer numbers of children by area and group (projections, a register), to which the census is raked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarginSettings {
    /// A data file with one row an area and group.
    pub file: PathBuf,
    /// Title for readers.
    #[serde(default)]
    pub title: LocalText,
    /// Year the numbers refer to.
    pub year: Option<i32>,
    /// Publisher.
    pub source: Option<String>,
    /// Columns to read as `text`, `integer` or `number` whatever they look like.
    #[serde(default)]
    pub types: BTreeMap<String, String>,
    /// Level of the areas.
    pub level: MarginLevel,
    /// Expression: code of the area; none for the country.
    pub area: Option<String>,
    /// Publication variables that the file crosses, each with its expression over the file.
    #[serde(default)]
    pub by: BTreeMap<String, String>,
    /// Expression: number of children of the ages of interest.
    pub count: String,
}

/// Level of the areas of a margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MarginLevel {
    /// The whole country.
    Country,
    /// Regions.
    Region,
    /// Departments.
    Department,
    /// Municipalities.
    Municipality,
}

impl MarginLevel {
    /// The name used in files.
    pub fn code(self) -> &'static str {
        match self {
            MarginLevel::Country => "country",
            MarginLevel::Region => "region",
            MarginLevel::Department => "department",
            MarginLevel::Municipality => "municipality",
        }
    }
}

fn default_one() -> String {
    "1".to_owned()
}

/// `[[census.bands]]`: an age band of the census that is wider than the ages of interest.
///
/// The children of interest in the band are counted by their share in the band in the survey, and a finding says so.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeBand {
    /// Expression that is true for rows of the band.
    pub census: String,
    /// Ages of the band, inclusive.
    pub ages: [i64; 2],
    /// Ages of interest inside the band, inclusive.
    pub of_interest: [i64; 2],
}

/// A table that translates one area code into another.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrosswalkSettings {
    /// CSV or Parquet file.
    pub file: PathBuf,
    /// Expression: the code as the data file has it.
    pub from: String,
    /// Expression: the code as the boundaries have it.
    pub to: String,
    /// Expression: share of the people of `from` that live in `to`, for codes that lead to several areas.
    pub share: Option<String>,
}

/// `[area_covariates]`: one row a municipality.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AreaCovariateSettings {
    /// CSV or Parquet file.
    pub file: PathBuf,
    /// Title for readers.
    #[serde(default)]
    pub title: LocalText,
    /// Year.
    pub year: Option<i32>,
    /// Publisher.
    pub source: Option<String>,
    /// Columns to read as `text`, `integer` or `number` whatever they look like.
    #[serde(default)]
    pub types: BTreeMap<String, String>,
    /// Encoding of its texts, when the file does not say it or says it wrong.
    pub encoding: Option<String>,
    /// Delimiter of delimited text, when it is not found.
    pub delimiter: Option<char>,
    /// Where the columns of text at fixed positions begin and end; the form of a survey of ODK; the labels of a SAS file.
    pub dictionary: Option<PathBuf>,
    /// Expression: municipality code.
    pub area: String,
    /// Expression: name of the municipality; only to suggest what an unknown code might be.
    pub area_name: Option<String>,
    /// Expression: code or name of its department, for the same purpose.
    pub area_parent: Option<String>,
    /// Name of the system of codes, with its year.
    pub code_system: Option<String>,
    /// Crosswalk from the table's area code to that of the boundaries.
    pub crosswalk: Option<CrosswalkSettings>,
    /// Expression: weight of a row among the rows that lead to one municipality, for example its population.
    pub weight: Option<String>,
}

/// `[variables.<name>]`: a common variable and how both files express it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariableSettings {
    /// Title for readers.
    pub title: LocalText,
    /// Categories in order, the first is the reference; none for a number.
    pub levels: Option<Vec<String>>,
    /// Labels of the categories.
    #[serde(default)]
    pub labels: BTreeMap<String, LocalText>,
    /// Expression over the survey.
    pub survey: Option<String>,
    /// Expression over the census.
    pub census: Option<String>,
    /// Expression over the area covariates, instead of the two above.
    pub area: Option<String>,
    /// Whether somebody can act on it: `actionable` or `context`.
    #[serde(default)]
    pub role: VariableRole,
}

/// What a factor is to a planner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum VariableRole {
    /// A public service or policy can move it.
    Actionable,
    /// It describes where risk is, but is no lever.
    #[default]
    Context,
}

impl VariableRole {
    /// The name used in files.
    pub fn code(self) -> &'static str {
        match self {
            VariableRole::Actionable => "actionable",
            VariableRole::Context => "context",
        }
    }
}

/// `[model]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSettings {
    /// Formula in the notation of lme4; grouping factors are `municipality`, `department` and `region`.
    pub formula: String,
    /// Posterior draws.
    #[serde(default = "default_draws")]
    pub draws: usize,
    /// Levels at which estimates are shifted to the direct survey estimate: `country`, `region`.
    #[serde(default)]
    pub benchmark: Vec<String>,
    /// How survey weights are scaled within municipalities before they enter the likelihood.
    #[serde(default)]
    pub weight_scaling: WeightScale,
    /// Whether neighbouring municipalities may resemble each other beyond their covariates.
    #[serde(default)]
    pub spatial: SpatialEffect,
    /// Number of smooth functions on the map that the spatial effect is made of.
    #[serde(default = "default_functions")]
    pub spatial_functions: usize,
    /// From what municipal rates are estimated.
    #[serde(default)]
    pub estimator: AreaEstimator,
    /// Whether the model card also shows the fit by maximum likelihood.
    #[serde(default)]
    pub maximum_likelihood: bool,
    /// Whether the model card also says which variables predict children the fit has not seen.
    #[serde(default)]
    pub suggest: bool,
}

/// From what municipal rates are estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum AreaEstimator {
    /// Records of children: the multilevel logit carried to the census.
    #[default]
    Multilevel,
    /// Direct estimates of municipalities and the census means of their covariates: the area-level model of Fay and Herriot.
    FayHerriot,
}

/// Scale of survey weights within a municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum WeightScale {
    /// They sum to the effective number of its children, divided by the design effect of the scores: what the sample knows,
    /// not only how much its weights differ.
    #[default]
    #[serde(rename = "design_effect")]
    DesignEffect,
    /// They sum to the effective number of its children.
    Effective,
    /// They sum to the number of its children.
    Size,
    /// As they are.
    None,
}

impl WeightScale {
    /// The name used in files.
    pub fn code(self) -> &'static str {
        match self {
            WeightScale::DesignEffect => "design_effect",
            WeightScale::Effective => "effective",
            WeightScale::Size => "size",
            WeightScale::None => "none",
        }
    }
}

impl From<WeightScale> for WeightScaling {
    fn from(scale: WeightScale) -> WeightScaling {
        match scale {
            WeightScale::DesignEffect | WeightScale::Effective => WeightScaling::Effective,
            WeightScale::Size => WeightScaling::Size,
            WeightScale::None => WeightScaling::None,
        }
    }
}

/// Effect of neighbourhood in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum SpatialEffect {
    /// As `icar` where municipalities share borders, otherwise as `none`.
    #[default]
    Auto,
    /// None.
    None,
    /// Intrinsic conditional autoregressive effect of the municipalities, beside their own independent intercepts (BYM2).
    Icar,
}

fn default_functions() -> usize {
    60
}

fn default_draws() -> usize {
    1000
}

/// `[publish]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PublishSettings {
    /// Groups to publish: lists of categorical variables to cross. All children are always published.
    pub groups: Vec<Vec<String>>,
    /// Coefficient of variation (0 to 1) above which a rate is marked not reliable.
    pub max_cv: f64,
}

impl Default for PublishSettings {
    fn default() -> Self {
        PublishSettings { groups: Vec::new(), max_cv: 0.3 }
    }
}

/// `[classes]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClassSettings {
    /// `jenks`, `quantile`, `equal`, `dalenius_hodges`, `k_means` or `fixed`.
    pub rule: String,
    /// Number of classes, 2 to 7.
    pub number: usize,
    /// Inner breaks (proportions) for `fixed`.
    pub breaks: Vec<f64>,
}

impl Default for ClassSettings {
    fn default() -> Self {
        ClassSettings { rule: "jenks".to_owned(), number: 3, breaks: Vec::new() }
    }
}

/// `[[levers]]`: a condition that somebody can act on, and where it should be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeverSettings {
    /// Name, used in files.
    pub name: String,
    /// Title for readers: what moves, and to where.
    pub title: LocalText,
    /// Variable of the model.
    pub variable: String,
    /// Category that more children should be in, for a variable with categories.
    pub category: Option<String>,
    /// `"national"` (the country's own level), or a share or number.
    pub to: LeverTarget,
    /// For a number: whether a municipality below the target moves (`up`), or one above it (`down`).
    pub direction: Option<LeverDirection>,
}

/// Where a lever ends.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum LeverTarget {
    /// A share (0 to 1) or number.
    Value(f64),
    /// `national`.
    Name(String),
}

/// Which way a lever moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LeverDirection {
    /// More is better.
    Up,
    /// Less is better.
    Down,
}

/// `[release]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReleaseSettings {
    /// Figures about fewer children than this are withheld.
    pub min_population: f64,
    /// Figures that stand for fewer children with (or without) the outcome than this are withheld.
    pub min_count: f64,
}

impl Default for ReleaseSettings {
    fn default() -> Self {
        ReleaseSettings { min_population: 50.0, min_count: 5.0 }
    }
}

/// What stands in the place of a value that is left to decide.
pub const UNDECIDED: &str = "?";

/// The keys that are left to decide.
fn undecided(value: &toml::Value, key: String, keys: &mut Vec<String>) {
    match value {
        toml::Value::String(text) if text.trim() == UNDECIDED => keys.push(key),
        toml::Value::Table(table) => {
            for (name, value) in table {
                let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                undecided(value, key, keys);
            }
        }
        toml::Value::Array(list) => list.iter().for_each(|value| undecided(value, key.clone(), keys)),
        _ => {}
    }
}

/// Reads the text of a `clrisk.toml`.
///
/// # Errors
/// A finding `CONFIG-001` with line and reason when it is not valid.
pub(crate) fn parse_file<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Box<Finding>> {
    if let Ok(table) = toml::from_str::<toml::Table>(text) {
        let mut keys = Vec::new();
        undecided(&toml::Value::Table(table), String::new(), &mut keys);
        if let Some(first) = keys.first() {
            let finding = Finding::error("CONFIG-005", Place::file("clrisk.toml").at_key(first));
            let finding = finding.with("count", keys.len());
            return Err(Box::new(keys.iter().fold(finding, |finding, key| finding.detail(key))));
        }
    }
    toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() as u64 + 1);
        let mut place = Place::file("clrisk.toml");
        place.row = line;
        Box::new(Finding::error("CONFIG-001", place).with("reason", error.message()))
    })
}

impl Settings {
    /// Parses the text of a `clrisk.toml`.
    ///
    /// # Errors
    /// `CONFIG-001` with line and reason when it is not valid, `CONFIG-005` when something is left to decide.
    pub fn parse(text: &str) -> Result<Settings, Box<Finding>> {
        let settings: Settings = parse_file(text)?;
        let outcome = &settings.outcome;
        if (outcome.survey == unknown()) != outcome.from_definition.is_some() {
            let reason = "outcome.survey | outcome.from_definition";
            return Err(Box::new(Finding::error("CONFIG-001", Place::key("outcome")).with("reason", reason)));
        }
        for name in settings.variables.keys() {
            settings.variable(name)?;
        }
        Ok(settings)
    }

    /// The settings of one variable.
    ///
    /// # Errors
    /// A finding `CONFIG-001` when the entry is not valid.
    pub fn variable(&self, name: &str) -> Result<VariableSettings, Box<Finding>> {
        let entry = self.variables.get(name).cloned().unwrap_or(toml::Value::Table(toml::Table::new()));
        VariableSettings::deserialize(entry).map_err(|error| {
            Box::new(
                Finding::error("CONFIG-001", Place::key(format!("variables.{name}"))).with("reason", error.message()),
            )
        })
    }
}
