//! The bundle: the folder in which results travel from the statistician to the public.
//!
//! | file | holds |
//! |---|---|
//! | `manifest.json` | what it is, what it was made from, hashes of all other files, signature of a release |
//! | `areas.parquet` | the area tree with sample and population sizes |
//! | `estimates.parquet` | rate and count by area and group, with intervals and status |
//! | `classes.parquet` | class, membership probabilities, ranks |
//! | `factors.parquet` | contributions of factors by area |
//! | `levers.parquet` | what would change if a condition moved, by lever and area |
//! | `model.json` | the model card |
//! | `sensitivity.json` | how many areas change class under other rules |
//! | `comparability.json` | survey against census, variable by variable |
//! | `joins.json` | what matched what, and what did not |
//! | `findings.json` | everything the check had to say |
//! | `boundaries.geojson` | municipal boundaries (code only) |
//! | `index.json`, `index*.parquet` | the vulnerability index, when there is one ([`crate::index`]) |
//! | `hot_spots.parquet` | municipalities among their neighbours; only where municipalities share borders |

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::area::{Area, Level};
use crate::comparability::Comparability;
use crate::estimate::{AreaClass, Estimate, FactorContribution, Group, LeverEffect, ValueStatus};
use crate::finding::Findings;
use crate::hot_spot::{Cluster, HotSpot};
use crate::index::{INDEX_FILES, IndexResults};
use crate::language::LocalText;
use crate::measure::Measured;
use crate::model_card::ModelCard;
use crate::table::Table;

/// Version of the bundle format; a reader refuses newer ones.
pub const FORMAT_VERSION: u32 = 1;

/// What can go wrong with a bundle.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A Parquet file is not what it should be.
    #[error("{path}: {reason}")]
    Table {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A JSON file is not what it should be.
    #[error("{path}: {source}")]
    Json {
        /// The file.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// A column is missing or of another type.
    #[error("column {name} is missing or of another type")]
    Column {
        /// The column.
        name: String,
    },
    /// The bundle was written by a newer program.
    #[error("the bundle has format {found}; this program reads formats up to {known}")]
    Newer {
        /// Format of the bundle.
        found: u32,
        /// Newest format this program knows.
        known: u32,
    },
    /// A file does not have the hash of the manifest: it was changed or cut after it was written.
    #[error("{path} was changed after the bundle was written")]
    Changed {
        /// The file.
        path: PathBuf,
    },
}

/// Draft or release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Confidential: may hold small cells.
    Draft,
    /// Public: passed the gate and signed.
    Release,
}

/// An input file of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// What it served for: `survey`, `census`, `boundaries`, `area_covariates` ...
    pub role: String,
    /// Title for readers.
    pub title: LocalText,
    /// Name of the file, without its folder.
    pub file: String,
    /// Year the data refer to.
    pub year: Option<i32>,
    /// Who published it.
    pub source: Option<String>,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// A variable of the codebook, as readers see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VariableLabel {
    /// Name of the variable.
    pub name: String,
    /// Title.
    pub title: LocalText,
    /// Whether somebody can act on it: `actionable` or `context`.
    pub role: String,
    /// Categories and their labels, in order; empty for numbers.
    pub categories: Vec<(String, LocalText)>,
}

/// A lever of the project, as readers see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeverLabel {
    /// Name.
    pub name: String,
    /// Title.
    pub title: LocalText,
    /// Variable it moves.
    pub variable: String,
    /// Category that more children would be in; none for a number.
    pub category: Option<String>,
}

/// The classes: rule, breaks and labels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassScheme {
    /// Name of the rule: `jenks`, `quantile`, `equal`, `fixed` ...
    pub rule: String,
    /// Breaks of the rate: lowest, inner breaks, highest. A rate `r` is in class `i` when `breaks[i-1] < r <= breaks[i]`.
    pub breaks: Vec<f64>,
    /// Message keys of the class names, lowest class first: `class-low`, `class-medium`, `class-high` ...
    pub names: Vec<String>,
}

/// A signature: a person who answers for the release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Name of the person.
    pub name: String,
    /// Post or institution.
    pub office: String,
    /// Date, ISO 8601.
    pub date: String,
    /// What the person declared.
    pub statement: String,
}

/// What the disclosure gate did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DisclosureReport {
    /// Least number of children in the population for a figure to be shown.
    pub min_population: f64,
    /// Least expected number of children with the outcome, and without it, for a figure to be shown.
    pub min_count: f64,
    /// Figures withheld because they are small.
    pub primary: u64,
    /// Figures withheld because a small one could be had by subtraction.
    pub complementary: u64,
    /// Figures shown.
    pub shown: u64,
    /// Figures that the survey measured, withheld because they rest on few interviewed children or would give those away.
    #[serde(default)]
    pub measured: u64,
}

/// The manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Format version.
    pub format: u32,
    /// Program and version that made it.
    pub program: String,
    /// Draft or release.
    pub stage: Stage,
    /// Project id.
    pub project: String,
    /// Release id; none for a draft.
    pub release: Option<String>,
    /// Title of the study.
    pub title: LocalText,
    /// Country name.
    pub country: LocalText,
    /// ISO 3166 alpha-2 code for number conventions, when there is one.
    pub country_code: Option<String>,
    /// Licence under which the figures may be used; none when the office has not declared one.
    #[serde(default)]
    pub licence: Option<LocalText>,
    /// The country is invented; every page says so.
    pub synthetic: bool,
    /// Name, label and definition of the outcome.
    pub outcome: OutcomeLabel,
    /// The population of interest: ages, inclusive.
    pub ages: [i64; 2],
    /// Variables of the codebook.
    pub variables: Vec<VariableLabel>,
    /// Publication groups: lists of variables crossed.
    pub groups: Vec<Vec<String>>,
    /// Levers.
    #[serde(default)]
    pub levers: Vec<LeverLabel>,
    /// Classes.
    pub classes: ClassScheme,
    /// Coefficient of variation above which a rate is not reliable.
    pub max_cv: f64,
    /// Input files.
    pub inputs: Vec<Input>,
    /// Hash of `clrisk.toml`.
    pub settings_sha256: String,
    /// Seed.
    pub seed: u64,
    /// SHA-256 of every other file of the bundle.
    pub files: BTreeMap<String, String>,
    /// Signature of a release.
    #[serde(default)]
    pub signature: Option<Signature>,
    /// What the gate did.
    #[serde(default)]
    pub disclosure: Option<DisclosureReport>,
}

/// The outcome as readers see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutcomeLabel {
    /// Name in the formula.
    pub name: String,
    /// Short title: "Child labour".
    pub title: LocalText,
    /// What counts, in words.
    pub definition: LocalText,
}

/// An area with the sizes of what is known about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AreaRow {
    /// The area.
    pub area: Area,
    /// Children of the population of interest in the population file.
    pub population: f64,
    /// Children in the survey.
    pub sample: u64,
    /// Primary sampling units in the survey.
    pub sampling_units: u64,
    /// Share of the estimate that comes from the area's own sample: 1 minus posterior over prior variance of its effect.
    pub own_sample_share: Option<f64>,
}

/// One row of the sensitivity table: what another rule would have said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SensitivityRow {
    /// Rule.
    pub rule: String,
    /// Number of classes.
    pub classes: u64,
    /// Breaks, lowest to highest.
    pub breaks: Vec<f64>,
    /// Areas per class, lowest class first.
    pub areas: Vec<u64>,
    /// Areas whose class differs from the chosen rule's; none when the number of classes differs.
    pub moved: Option<u64>,
}

/// What matched what in a join by area code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct JoinReport {
    /// The file joined to the boundaries: `survey`, `census`, `area_covariates`.
    pub role: String,
    /// Distinct codes in the file.
    pub codes: u64,
    /// Codes that match an area.
    pub matched: u64,
    /// Codes matched through `match.csv`.
    pub remembered: u64,
    /// Codes without an area, with the number of rows and the suggestion if there is one.
    pub unmatched: Vec<UnmatchedCode>,
    /// Areas of the map that the file does not have (for a survey this is expected).
    pub areas_absent: Vec<String>,
}

/// A code that no area has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnmatchedCode {
    /// The code as the file has it.
    pub code: String,
    /// Name of the place if the file has one.
    pub name: Option<String>,
    /// Rows with it.
    pub rows: u64,
    /// Suggested area code.
    pub suggestion: Option<String>,
    /// Why it is suggested: `leading_zero`, `suffix`, `prefix`, `prefix_and_name`, `name_in_parent`, `name`, `name_near`, `other_name`.
    pub reason: Option<String>,
}

/// A bundle in memory.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// The manifest.
    pub manifest: Manifest,
    /// The area tree, country first, then by level and code.
    pub areas: Vec<AreaRow>,
    /// Estimates, in the order of areas, then groups.
    pub estimates: Vec<Estimate>,
    /// Classes of the municipalities, in the order of areas.
    pub classes: Vec<AreaClass>,
    /// Contributions.
    pub factors: Vec<FactorContribution>,
    /// Effects of levers, in the order of levers, then of areas.
    pub levers: Vec<LeverEffect>,
    /// Municipalities among their neighbours, in the order of areas; empty where none have any.
    pub hot_spots: Vec<HotSpot>,
    /// Model card.
    pub model: ModelCard,
    /// Sensitivity of classes.
    pub sensitivity: Vec<SensitivityRow>,
    /// Comparability of survey and census.
    pub comparability: Comparability,
    /// Join reports.
    pub joins: Vec<JoinReport>,
    /// Findings of the run.
    pub findings: Findings,
    /// Municipal boundaries as GeoJSON text; each feature has the single property `code`.
    pub boundaries: String,
    /// What the survey says by itself, where the project measures it; withheld figures are not in it.
    pub measured: Option<Measured>,
    /// Vulnerability index, when the project has one.
    pub index: Option<IndexResults>,
}

impl Bundle {
    /// Writes the bundle into the (existing, empty) folder `folder` and fills the manifest's file hashes.
    ///
    /// The caller makes the write atomic by writing into a fresh folder and renaming it.
    pub fn write(&mut self, folder: &Path) -> Result<(), BundleError> {
        self.areas_table().write(&folder.join("areas.parquet"))?;
        self.estimates_table().write(&folder.join("estimates.parquet"))?;
        self.classes_table().write(&folder.join("classes.parquet"))?;
        self.factors_table().write(&folder.join("factors.parquet"))?;
        self.levers_table().write(&folder.join("levers.parquet"))?;
        if !self.hot_spots.is_empty() {
            self.hot_spots_table().write(&folder.join(HOT_SPOTS))?;
        }
        write_json(folder, "model.json", &self.model)?;
        write_json(folder, "sensitivity.json", &self.sensitivity)?;
        write_json(folder, "comparability.json", &self.comparability)?;
        write_json(folder, "joins.json", &self.joins)?;
        write_json(folder, "findings.json", &self.findings)?;
        let boundaries = folder.join("boundaries.geojson");
        fs::write(&boundaries, &self.boundaries).map_err(|source| BundleError::Io { path: boundaries, source })?;
        if let Some(index) = &self.index {
            index.write(folder)?;
        }
        self.manifest.files.clear();
        let with_index = self.index.iter().flat_map(|_| INDEX_FILES);
        for name in FILES.into_iter().chain(with_index) {
            self.manifest.files.insert(name.to_owned(), hash_file(&folder.join(name))?);
        }
        if let Some(measured) = &self.measured {
            measured.table().write(&folder.join(MEASURED[0]))?;
            write_json(folder, MEASURED[1], measured)?;
            for name in MEASURED {
                self.manifest.files.insert(name.to_owned(), hash_file(&folder.join(name))?);
            }
        }
        if !self.hot_spots.is_empty() {
            self.manifest.files.insert(HOT_SPOTS.to_owned(), hash_file(&folder.join(HOT_SPOTS))?);
        }
        write_json(folder, "manifest.json", &self.manifest)
    }

    /// Whether the bundle holds modelled estimates; one that does not holds an index alone.
    pub fn has_estimates(&self) -> bool {
        !self.estimates.is_empty()
    }

    /// Reads a bundle and checks every file against its hash.
    ///
    /// # Errors
    /// When a file is missing, changed, malformed, or the format is newer than this program.
    pub fn read(folder: &Path) -> Result<Bundle, BundleError> {
        let manifest: Manifest = read_json(folder, "manifest.json")?;
        if manifest.format > FORMAT_VERSION {
            return Err(BundleError::Newer { found: manifest.format, known: FORMAT_VERSION });
        }
        let with_index = INDEX_FILES.into_iter().filter(|_| manifest.files.contains_key("index.json"));
        let optional = [HOT_SPOTS].into_iter().filter(|name| manifest.files.contains_key(*name));
        for name in FILES.into_iter().chain(with_index).chain(optional) {
            let path = folder.join(name);
            if manifest.files.get(name) != Some(&hash_file(&path)?) {
                return Err(BundleError::Changed { path });
            }
        }
        let boundaries = folder.join("boundaries.geojson");
        let measured = match MEASURED.iter().any(|name| manifest.files.contains_key(*name)) {
            true => Some(read_measured(folder, &manifest)?),
            false => None,
        };
        Ok(Bundle {
            measured,
            areas: read_areas(&Table::read(&folder.join("areas.parquet"))?)?,
            estimates: read_estimates(&Table::read(&folder.join("estimates.parquet"))?)?,
            classes: read_classes(&Table::read(&folder.join("classes.parquet"))?)?,
            factors: read_factors(&Table::read(&folder.join("factors.parquet"))?)?,
            levers: read_levers(&Table::read(&folder.join("levers.parquet"))?)?,
            hot_spots: match manifest.files.contains_key(HOT_SPOTS) {
                true => read_hot_spots(&Table::read(&folder.join(HOT_SPOTS))?)?,
                false => Vec::new(),
            },
            model: read_json(folder, "model.json")?,
            sensitivity: read_json(folder, "sensitivity.json")?,
            comparability: read_json(folder, "comparability.json")?,
            joins: read_json(folder, "joins.json")?,
            findings: read_json(folder, "findings.json")?,
            index: manifest.files.contains_key("index.json").then(|| IndexResults::read(folder)).transpose()?,
            boundaries: fs::read_to_string(&boundaries)
                .map_err(|source| BundleError::Io { path: boundaries, source })?,
            manifest,
        })
    }

    fn areas_table(&self) -> Table {
        let rows = &self.areas;
        Table::new()
            .text("area", rows.iter().map(|row| Some(row.area.code.clone())))
            .text("name", rows.iter().map(|row| Some(row.area.name.clone())))
            .text("level", rows.iter().map(|row| Some(row.area.level.code().to_owned())))
            .text("parent", rows.iter().map(|row| row.area.parent.clone()))
            .number("population", rows.iter().map(|row| Some(row.population)))
            .whole("sample", rows.iter().map(|row| Some(row.sample as i64)))
            .whole("sampling_units", rows.iter().map(|row| Some(row.sampling_units as i64)))
            .number("own_sample_share", rows.iter().map(|row| row.own_sample_share))
    }

    fn estimates_table(&self) -> Table {
        let rows = &self.estimates;
        Table::new()
            .text("area", rows.iter().map(|row| Some(row.area.clone())))
            .text("level", rows.iter().map(|row| Some(row.level.code().to_owned())))
            .text("group", rows.iter().map(|row| Some(row.group.code())))
            .number("rate", rows.iter().map(|row| row.rate))
            .number("standard_error", rows.iter().map(|row| row.standard_error))
            .number("lower", rows.iter().map(|row| row.lower))
            .number("upper", rows.iter().map(|row| row.upper))
            .number("count", rows.iter().map(|row| row.count))
            .number("count_lower", rows.iter().map(|row| row.count_lower))
            .number("count_upper", rows.iter().map(|row| row.count_upper))
            .number("population", rows.iter().map(|row| row.population))
            .whole("sample", rows.iter().map(|row| row.sample))
            .number("direct", rows.iter().map(|row| row.direct))
            .text("status", rows.iter().map(|row| Some(row.status.code().to_owned())))
            .flag("local", rows.iter().map(|row| row.local))
    }

    fn classes_table(&self) -> Table {
        let rows = &self.classes;
        let mut table = Table::new()
            .text("area", rows.iter().map(|row| Some(row.area.clone())))
            .whole("class", rows.iter().map(|row| row.class))
            .whole("rank", rows.iter().map(|row| row.rank))
            .whole("rank_lower", rows.iter().map(|row| row.rank_lower))
            .whole("rank_upper", rows.iter().map(|row| row.rank_upper))
            .whole("rank_joint_lower", rows.iter().map(|row| row.rank_joint.map(|range| range[0])))
            .whole("rank_joint_upper", rows.iter().map(|row| row.rank_joint.map(|range| range[1])))
            .whole("count_rank", rows.iter().map(|row| row.count_rank));
        for class in 0..self.manifest.classes.names.len() {
            table = table.number(
                &format!("probability_{}", class + 1),
                rows.iter().map(|row| row.membership.get(class).copied()),
            );
        }
        table
    }

    fn factors_table(&self) -> Table {
        let rows = &self.factors;
        Table::new()
            .text("area", rows.iter().map(|row| Some(row.area.clone())))
            .text("factor", rows.iter().map(|row| Some(row.factor.clone())))
            .number("logit", rows.iter().map(|row| Some(row.logit)))
            .number("points", rows.iter().map(|row| Some(row.points)))
    }

    fn hot_spots_table(&self) -> Table {
        let rows = &self.hot_spots;
        Table::new()
            .text("area", rows.iter().map(|row| Some(row.area.clone())))
            .text("cluster", rows.iter().map(|row| Some(row.cluster.code().to_owned())))
            .number("q", rows.iter().map(|row| row.q))
            .whole("level", rows.iter().map(|row| Some(row.level)))
    }

    fn levers_table(&self) -> Table {
        let rows = &self.levers;
        Table::new()
            .text("area", rows.iter().map(|row| Some(row.area.clone())))
            .text("level", rows.iter().map(|row| Some(row.level.code().to_owned())))
            .text("lever", rows.iter().map(|row| Some(row.lever.clone())))
            .number("now", rows.iter().map(|row| Some(row.now)))
            .number("target", rows.iter().map(|row| Some(row.target)))
            .number("points", rows.iter().map(|row| Some(row.points[0])))
            .number("points_lower", rows.iter().map(|row| Some(row.points[1])))
            .number("points_upper", rows.iter().map(|row| Some(row.points[2])))
            .number("children", rows.iter().map(|row| Some(row.children[0])))
            .number("children_lower", rows.iter().map(|row| Some(row.children[1])))
            .number("children_upper", rows.iter().map(|row| Some(row.children[2])))
    }
}

/// Files that a bundle has when the project measures child labour directly.
pub const MEASURED: [&str; 2] = ["direct.parquet", "measure.json"];

fn read_measured(folder: &Path, manifest: &Manifest) -> Result<Measured, BundleError> {
    for name in MEASURED {
        let path = folder.join(name);
        if manifest.files.get(name) != Some(&hash_file(&path)?) {
            return Err(BundleError::Changed { path });
        }
    }
    let measured: Measured = read_json(folder, MEASURED[1])?;
    let rows = Measured::rows_of(&Table::read(&folder.join(MEASURED[0]))?)?;
    Ok(Measured { rows, ..measured })
}

/// The files of a bundle besides the manifest.
/// The file that only bundles with neighbouring municipalities have.
pub const HOT_SPOTS: &str = "hot_spots.parquet";

/// The files that every bundle has besides the manifest.
pub const FILES: [&str; 11] = [
    "areas.parquet",
    "boundaries.geojson",
    "classes.parquet",
    "comparability.json",
    "estimates.parquet",
    "factors.parquet",
    "findings.json",
    "joins.json",
    "levers.parquet",
    "model.json",
    "sensitivity.json",
];

fn text(table: &Table, column: &str, row: usize) -> Result<String, BundleError> {
    table.texts(column)?[row].clone().ok_or_else(|| BundleError::Column { name: column.to_owned() })
}

fn level(table: &Table, row: usize) -> Result<Level, BundleError> {
    Level::parse(&text(table, "level", row)?).ok_or_else(|| BundleError::Column { name: "level".to_owned() })
}

fn read_areas(table: &Table) -> Result<Vec<AreaRow>, BundleError> {
    (0..table.rows())
        .map(|row| {
            Ok(AreaRow {
                area: Area {
                    code: text(table, "area", row)?,
                    name: text(table, "name", row)?,
                    level: level(table, row)?,
                    parent: table.texts("parent")?[row].clone(),
                },
                population: table.numbers("population")?[row].unwrap_or(0.0),
                sample: table.wholes("sample")?[row].unwrap_or(0).max(0) as u64,
                sampling_units: table.wholes("sampling_units")?[row].unwrap_or(0).max(0) as u64,
                own_sample_share: table.numbers("own_sample_share")?[row],
            })
        })
        .collect()
}

fn read_estimates(table: &Table) -> Result<Vec<Estimate>, BundleError> {
    (0..table.rows())
        .map(|row| {
            Ok(Estimate {
                area: text(table, "area", row)?,
                level: level(table, row)?,
                group: Group::parse(&text(table, "group", row)?),
                rate: table.numbers("rate")?[row],
                standard_error: table.numbers("standard_error")?[row],
                lower: table.numbers("lower")?[row],
                upper: table.numbers("upper")?[row],
                count: table.numbers("count")?[row],
                count_lower: table.numbers("count_lower")?[row],
                count_upper: table.numbers("count_upper")?[row],
                population: table.numbers("population")?[row],
                sample: table.wholes("sample")?[row],
                direct: table.numbers("direct")?[row],
                status: ValueStatus::parse(&text(table, "status", row)?)
                    .ok_or_else(|| BundleError::Column { name: "status".to_owned() })?,
                local: table.flags("local")?[row],
            })
        })
        .collect()
}

fn read_classes(table: &Table) -> Result<Vec<AreaClass>, BundleError> {
    let probabilities: Vec<&[Option<f64>]> = table
        .columns()
        .iter()
        .filter(|(name, _)| name.starts_with("probability_"))
        .map(|(name, _)| table.numbers(name))
        .collect::<Result<_, _>>()?;
    (0..table.rows())
        .map(|row| {
            Ok(AreaClass {
                area: text(table, "area", row)?,
                class: table.wholes("class")?[row],
                membership: probabilities.iter().filter_map(|column| column[row]).collect(),
                rank: table.wholes("rank")?[row],
                rank_lower: table.wholes("rank_lower")?[row],
                rank_upper: table.wholes("rank_upper")?[row],
                rank_joint: table.wholes("rank_joint_lower")?[row]
                    .zip(table.wholes("rank_joint_upper")?[row])
                    .map(<[i64; 2]>::from),
                count_rank: table.wholes("count_rank")?[row],
            })
        })
        .collect()
}

fn read_factors(table: &Table) -> Result<Vec<FactorContribution>, BundleError> {
    (0..table.rows())
        .map(|row| {
            Ok(FactorContribution {
                area: text(table, "area", row)?,
                factor: text(table, "factor", row)?,
                logit: table.numbers("logit")?[row].unwrap_or(0.0),
                points: table.numbers("points")?[row].unwrap_or(0.0),
            })
        })
        .collect()
}

fn read_hot_spots(table: &Table) -> Result<Vec<HotSpot>, BundleError> {
    (0..table.rows())
        .map(|row| {
            Ok(HotSpot {
                area: text(table, "area", row)?,
                cluster: Cluster::parse(&text(table, "cluster", row)?)
                    .ok_or_else(|| BundleError::Column { name: "cluster".to_owned() })?,
                q: table.numbers("q")?[row],
                level: table.wholes("level")?[row].unwrap_or(0),
            })
        })
        .collect()
}

fn read_levers(table: &Table) -> Result<Vec<LeverEffect>, BundleError> {
    (0..table.rows())
        .map(|row| {
            let number = |column: &str| Ok::<_, BundleError>(table.numbers(column)?[row].unwrap_or(f64::NAN));
            Ok(LeverEffect {
                area: text(table, "area", row)?,
                level: level(table, row)?,
                lever: text(table, "lever", row)?,
                now: number("now")?,
                target: number("target")?,
                points: [number("points")?, number("points_lower")?, number("points_upper")?],
                children: [number("children")?, number("children_lower")?, number("children_upper")?],
            })
        })
        .collect()
}

pub(crate) fn write_json<T: Serialize>(folder: &Path, name: &str, value: &T) -> Result<(), BundleError> {
    let path = folder.join(name);
    let mut bytes =
        serde_json::to_vec_pretty(value).map_err(|source| BundleError::Json { path: path.clone(), source })?;
    bytes.push(b'\n');
    fs::write(&path, bytes).map_err(|source| BundleError::Io { path, source })
}

pub(crate) fn read_json<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<T, BundleError> {
    let path = folder.join(name);
    let bytes = fs::read(&path).map_err(|source| BundleError::Io { path: path.clone(), source })?;
    serde_json::from_slice(&bytes).map_err(|source| BundleError::Json { path, source })
}

/// SHA-256 of a file, as lower-case hexadecimal.
pub fn hash_file(path: &Path) -> Result<String, BundleError> {
    let io = |source| BundleError::Io { path: path.to_owned(), source };
    let mut hasher = Sha256::new();
    let mut file = fs::File::open(path).map_err(io)?;
    std::io::copy(&mut file, &mut hasher).map_err(io)?;
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
