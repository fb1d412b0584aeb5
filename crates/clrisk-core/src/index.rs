//! The vulnerability index of a bundle: an index of conditions, in points, and never a rate of children.
//!
//! | file | holds |
//! |---|---|
//! | `index.json` | indicators with their sources, every choice with its reason, weights, checks, sensitivity |
//! | `index.parquet` | one row a municipality: points, class, range of ranks, compensation |
//! | `index_scores.parquet` | one row a municipality and indicator or dimension: value, score, part in the index |
//! | `index_years.parquet` | one row a municipality and year, on fixed goalposts |
//!
//! The files are there all together or not at all.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::bundle::{BundleError, ClassScheme, SensitivityRow, read_json, write_json};
use crate::estimate::ValueStatus;
use crate::language::LocalText;
use crate::table::Table;

/// Files of the index in a bundle.
pub const INDEX_FILES: [&str; 4] = ["index.json", "index.parquet", "index_scores.parquet", "index_years.parquet"];

/// Everything about the index of a bundle.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexResults {
    /// How it was made and what it owes to the choices made.
    pub report: IndexReport,
    /// Municipalities, in the order of the area tree.
    pub areas: Vec<IndexArea>,
    /// Scores, in the order of areas, then dimensions, then indicators.
    pub scores: Vec<IndexScore>,
    /// Other years, in the order of areas, then years; empty when there is one year.
    pub years: Vec<IndexYear>,
}

/// Which end of the scale is the worse one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Higher {
    /// More points, more vulnerable. The default.
    #[default]
    Worse,
    /// More points, less vulnerable (Mexico's marginalisation index).
    Better,
}

/// `index.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexReport {
    /// Title.
    pub title: LocalText,
    /// What it measures, in words.
    pub definition: LocalText,
    /// Which end of the scale is worse.
    pub higher: Higher,
    /// Name of the preset it was made from, and what readers must know about it.
    pub preset: Option<IndexPreset>,
    /// Classes: breaks in points, rising; names from least to most vulnerable.
    pub classes: ClassScheme,
    /// Choices, in the order in which they are made.
    pub choices: Vec<IndexChoice>,
    /// Dimensions.
    pub dimensions: Vec<IndexDimension>,
    /// Indicators.
    pub indicators: Vec<IndexIndicator>,
    /// Pearson correlations of the indicators turned in the direction of vulnerability, in their order.
    pub correlations: Vec<Vec<f64>>,
    /// Pairs that say nearly the same.
    pub redundant: Vec<IndexPair>,
    /// Sampling adequacy of Kaiser, Meyer and Olkin, 0 to 1.
    pub sampling_adequacy: Option<f64>,
    /// Cronbach's alpha.
    pub alpha: Option<f64>,
    /// What other choices would have said, one at a time.
    pub alternatives: Vec<IndexAlternative>,
    /// Monte Carlo over the choices.
    pub uncertainty: Option<IndexUncertainty>,
    /// What other rules for classes would have said.
    pub class_rules: Vec<SensitivityRow>,
    /// Distance P2: its unit and the order of indicators.
    pub distance: Option<IndexDistance>,
    /// Consistency ratio of weights by comparisons.
    pub consistency_ratio: Option<f64>,
    /// Values of indicators that were moved as outliers, by indicator and area.
    pub moved: Vec<(String, String)>,
    /// Values that were missing and filled, by indicator and area.
    pub filled: Vec<(String, String)>,
    /// Agreement with the modelled estimates of the same bundle.
    pub agreement: Option<IndexAgreement>,
    /// Year of the index, when the table has several.
    pub year: Option<i64>,
}

/// A recipe that came with the program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexPreset {
    /// Name.
    pub name: String,
    /// What is known about the original and what is not.
    pub note: LocalText,
}

/// A choice and its reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexChoice {
    /// `missing`, `outliers`, `normalisation`, `weights`, `aggregation` or `classes`.
    pub step: String,
    /// The rule chosen.
    pub rule: String,
    /// Why.
    pub reason: LocalText,
}

/// A dimension.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexDimension {
    /// Code.
    pub code: String,
    /// Name.
    pub name: LocalText,
    /// Weight, a share of all weight.
    pub weight: f64,
}

/// An indicator and what it does to the index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexIndicator {
    /// Code.
    pub code: String,
    /// Name.
    pub name: LocalText,
    /// Code of its dimension.
    pub dimension: String,
    /// Unit.
    pub unit: LocalText,
    /// Whether more of it is worse.
    pub more_is_worse: bool,
    /// Publisher.
    pub source: String,
    /// Year it refers to.
    pub year: i64,
    /// Who reviewed it.
    pub reviewed_by: String,
    /// Weight, a share of all weight.
    pub weight: f64,
    /// Pearson correlation with vulnerability.
    pub correlation: f64,
    /// Share of the squared correlations of all indicators: what it does, beside what its weight says.
    pub influence: f64,
    /// Without it: mean change of rank.
    pub shift_without: f64,
    /// Without it: municipalities in another class (classes of the same sizes).
    pub moved_without: u64,
    /// Mean over the areas with a value.
    pub mean: f64,
    /// Lowest value.
    pub lowest: f64,
    /// Highest value.
    pub highest: f64,
    /// Values missing.
    pub missing: u64,
}

/// Two indicators that say nearly the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexPair {
    /// Code.
    pub first: String,
    /// Code.
    pub second: String,
    /// Their correlation.
    pub correlation: f64,
}

/// One choice made otherwise, all others as they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexAlternative {
    /// The choice.
    pub step: String,
    /// The other rule.
    pub rule: String,
    /// Spearman's correlation of ranks with the index.
    pub rank_correlation: f64,
    /// Mean change of rank.
    pub shift: f64,
    /// Municipalities in another class (classes of the same sizes).
    pub moved: u64,
}

/// Monte Carlo over the choices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexUncertainty {
    /// Draws.
    pub draws: u64,
    /// Draws that could not be computed.
    pub failed: u64,
    /// Level of the ranges of ranks.
    pub level: f64,
    /// Mean, over draws, of the mean change of rank.
    pub shift: f64,
    /// Median width of the ranges of ranks, in ranks.
    pub median_width: f64,
    /// Municipalities whose class has a share below 0.6 of the draws.
    pub open: u64,
    /// Which choice matters: shares of the variance of the mean change of rank.
    pub sensitivity: Vec<IndexSensitivity>,
}

/// Variance-based sensitivity to one choice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexSensitivity {
    /// The choice.
    pub step: String,
    /// The choice alone.
    pub first: f64,
    /// The choice with all its interactions.
    pub total: f64,
}

/// Distance P2.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexDistance {
    /// Distance between the worst and the best situation: 100 points.
    pub hundred_points: f64,
    /// Codes of the indicators in the order in which they entered.
    pub order: Vec<String>,
    /// Orders tried until one held.
    pub iterations: u64,
}

/// The index beside the modelled estimates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexAgreement {
    /// Municipalities with both.
    pub areas: u64,
    /// Spearman's correlation of ranks.
    pub rank_correlation: f64,
    /// Municipalities by class of the index (rows) and class of the estimates (columns), lowest first.
    pub classes: Vec<Vec<u64>>,
    /// The municipalities that differ most.
    pub furthest: Vec<IndexDifference>,
}

/// A municipality where index and estimate part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexDifference {
    /// Code.
    pub area: String,
    /// Rank by the index among the municipalities with both, 1 the most vulnerable.
    pub index_rank: i64,
    /// Rank by the modelled rate among them, 1 the highest.
    pub rate_rank: i64,
}

/// The index of a municipality.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexArea {
    /// Code.
    pub area: String,
    /// `value`, `suppressed` or `no_data`.
    pub status: ValueStatus,
    /// The index in points, 0 to 100.
    pub points: Option<f64>,
    /// Class, 1 the least vulnerable.
    pub class: Option<i64>,
    /// Shares of the draws in each class, least vulnerable first.
    pub membership: Vec<f64>,
    /// Rank, 1 the most vulnerable.
    pub rank: Option<i64>,
    /// Range of ranks under other choices.
    pub rank_lower: Option<i64>,
    /// Upper end.
    pub rank_upper: Option<i64>,
    /// Share of the weight whose indicators have a value, 0 to 1.
    pub available: f64,
    /// Points if dimensions could not make good for each other at all: the worst dimension.
    pub worst_dimension: Option<f64>,
    /// Points under partial compensation (geometric mean of the dimensions).
    pub partial_compensation: Option<f64>,
    /// Distance P2 in its own unit, when that is the rule.
    pub distance: Option<f64>,
    /// People of the municipality, when the table says so.
    pub population: Option<f64>,
}

/// An indicator or dimension in a municipality.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexScore {
    /// Code of the municipality.
    pub area: String,
    /// `dimension` or `indicator`.
    pub kind: String,
    /// Code of the dimension or indicator.
    pub code: String,
    /// Value in the unit of the indicator; none for a dimension.
    pub value: Option<f64>,
    /// Score, 0 to 100, 100 the most vulnerable.
    pub score: Option<f64>,
    /// Points by which it makes the municipality more vulnerable than the mean municipality.
    pub difference: Option<f64>,
}

/// The index of a municipality in another year.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexYear {
    /// Code.
    pub area: String,
    /// Year.
    pub year: i64,
    /// Points on the same goalposts.
    pub points: Option<f64>,
}

impl IndexResults {
    /// Whether the class of a municipality is open: no class has six tenths of the draws.
    pub fn is_open(area: &IndexArea) -> bool {
        !area.membership.is_empty() && area.membership.iter().copied().fold(0.0, f64::max) < 0.6
    }

    /// Takes everything out that says something about a municipality.
    pub fn withhold(&mut self, hidden: &dyn Fn(&str) -> bool) {
        for area in self.areas.iter_mut().filter(|area| hidden(&area.area)) {
            let code = std::mem::take(&mut area.area);
            *area = IndexArea::empty(code, ValueStatus::Suppressed);
        }
        self.scores.retain(|score| !hidden(&score.area));
        self.years.retain(|year| !hidden(&year.area));
        self.report.moved.retain(|(_, area)| !hidden(area));
        self.report.filled.retain(|(_, area)| !hidden(area));
        if let Some(agreement) = &mut self.report.agreement {
            agreement.furthest.retain(|row| !hidden(&row.area));
        }
    }

    /// Writes the files of the index into a bundle's folder.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), BundleError> {
        write_json(folder, "index.json", &self.report)?;
        self.areas_table().write(&folder.join("index.parquet"))?;
        self.scores_table().write(&folder.join("index_scores.parquet"))?;
        self.years_table().write(&folder.join("index_years.parquet"))
    }

    /// Reads them back.
    pub(crate) fn read(folder: &Path) -> Result<IndexResults, BundleError> {
        Ok(IndexResults {
            report: read_json(folder, "index.json")?,
            areas: read_areas(&Table::read(&folder.join("index.parquet"))?)?,
            scores: read_scores(&Table::read(&folder.join("index_scores.parquet"))?)?,
            years: read_years(&Table::read(&folder.join("index_years.parquet"))?)?,
        })
    }

    /// `index.parquet`.
    pub fn areas_table(&self) -> Table {
        let rows = &self.areas;
        let mut table = Table::new()
            .text("area", rows.iter().map(|row| Some(row.area.clone())))
            .text("status", rows.iter().map(|row| Some(row.status.code().to_owned())))
            .number("points", rows.iter().map(|row| row.points))
            .whole("class", rows.iter().map(|row| row.class))
            .whole("rank", rows.iter().map(|row| row.rank))
            .whole("rank_lower", rows.iter().map(|row| row.rank_lower))
            .whole("rank_upper", rows.iter().map(|row| row.rank_upper))
            .number("available", rows.iter().map(|row| Some(row.available)))
            .number("worst_dimension", rows.iter().map(|row| row.worst_dimension))
            .number("partial_compensation", rows.iter().map(|row| row.partial_compensation))
            .number("distance", rows.iter().map(|row| row.distance))
            .number("population", rows.iter().map(|row| row.population));
        for class in 0..self.report.classes.names.len() {
            let name = format!("share_{}", class + 1);
            table = table.number(&name, rows.iter().map(|row| row.membership.get(class).copied()));
        }
        table
    }

    fn scores_table(&self) -> Table {
        let rows = &self.scores;
        Table::new()
            .text("area", rows.iter().map(|row| Some(row.area.clone())))
            .text("kind", rows.iter().map(|row| Some(row.kind.clone())))
            .text("code", rows.iter().map(|row| Some(row.code.clone())))
            .number("value", rows.iter().map(|row| row.value))
            .number("score", rows.iter().map(|row| row.score))
            .number("difference", rows.iter().map(|row| row.difference))
    }

    fn years_table(&self) -> Table {
        let rows = &self.years;
        Table::new()
            .text("area", rows.iter().map(|row| Some(row.area.clone())))
            .whole("year", rows.iter().map(|row| Some(row.year)))
            .number("points", rows.iter().map(|row| row.points))
    }
}

impl IndexArea {
    /// A municipality of which nothing is said but why.
    pub fn empty(area: String, status: ValueStatus) -> IndexArea {
        IndexArea {
            area,
            status,
            points: None,
            class: None,
            membership: Vec::new(),
            rank: None,
            rank_lower: None,
            rank_upper: None,
            available: 0.0,
            worst_dimension: None,
            partial_compensation: None,
            distance: None,
            population: None,
        }
    }
}

/// The texts of a column in which none may be missing.
fn every<'a>(table: &'a Table, name: &str) -> Result<Vec<&'a String>, BundleError> {
    let missing = || BundleError::Column { name: name.to_owned() };
    table.texts(name)?.iter().map(|text| text.as_ref().ok_or_else(missing)).collect()
}

fn read_areas(table: &Table) -> Result<Vec<IndexArea>, BundleError> {
    // A table without rows comes back without columns.
    if table.rows() == 0 {
        return Ok(Vec::new());
    }
    let shares: Vec<&[Option<f64>]> = table
        .columns()
        .iter()
        .filter(|(name, _)| name.starts_with("share_"))
        .map(|(name, _)| table.numbers(name))
        .collect::<Result<_, _>>()?;
    let (codes, statuses) = (every(table, "area")?, every(table, "status")?);
    let number = |name: &str, row: usize| Ok::<_, BundleError>(table.numbers(name)?[row]);
    let whole = |name: &str, row: usize| Ok::<_, BundleError>(table.wholes(name)?[row]);
    (0..table.rows())
        .map(|row| {
            let status = ValueStatus::parse(statuses[row]);
            Ok(IndexArea {
                area: codes[row].clone(),
                status: status.ok_or_else(|| BundleError::Column { name: "status".to_owned() })?,
                points: number("points", row)?,
                class: whole("class", row)?,
                membership: shares.iter().filter_map(|column| column[row]).collect(),
                rank: whole("rank", row)?,
                rank_lower: whole("rank_lower", row)?,
                rank_upper: whole("rank_upper", row)?,
                available: number("available", row)?.unwrap_or(0.0),
                worst_dimension: number("worst_dimension", row)?,
                partial_compensation: number("partial_compensation", row)?,
                distance: number("distance", row)?,
                population: number("population", row)?,
            })
        })
        .collect()
}

fn read_scores(table: &Table) -> Result<Vec<IndexScore>, BundleError> {
    if table.rows() == 0 {
        return Ok(Vec::new());
    }
    let (areas, kinds, codes) = (every(table, "area")?, every(table, "kind")?, every(table, "code")?);
    let (values, scores, differences) =
        (table.numbers("value")?, table.numbers("score")?, table.numbers("difference")?);
    let row = |row: usize| IndexScore {
        area: areas[row].clone(),
        kind: kinds[row].clone(),
        code: codes[row].clone(),
        value: values[row],
        score: scores[row],
        difference: differences[row],
    };
    Ok((0..table.rows()).map(row).collect())
}

fn read_years(table: &Table) -> Result<Vec<IndexYear>, BundleError> {
    if table.rows() == 0 {
        return Ok(Vec::new());
    }
    let (areas, years, points) = (every(table, "area")?, table.wholes("year")?, table.numbers("points")?);
    let row =
        |row: usize| IndexYear { area: areas[row].clone(), year: years[row].unwrap_or_default(), points: points[row] };
    Ok((0..table.rows()).map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(years: Vec<IndexYear>) {
        let folder = tempfile::tempdir().unwrap();
        let written = |name: &str, table: Table| {
            table.write(&folder.path().join(name)).unwrap();
            Table::read(&folder.path().join(name)).unwrap()
        };
        let report: IndexReport = serde_json::from_value(serde_json::json!({
            "title": "T", "definition": "D", "higher": "worse", "preset": null,
            "classes": { "rule": "jenks", "breaks": [0.0, 50.0, 100.0], "names": ["class-low", "class-high"] },
            "choices": [], "dimensions": [], "indicators": [], "correlations": [], "redundant": [],
            "sampling_adequacy": null, "alpha": null, "alternatives": [], "uncertainty": null, "class_rules": [],
            "distance": null, "consistency_ratio": null, "moved": [], "filled": [], "agreement": null, "year": null,
        }))
        .unwrap();
        let known = IndexArea {
            points: Some(61.5),
            class: Some(2),
            membership: vec![0.25, 0.75],
            rank: Some(1),
            ..IndexArea::empty("01".to_owned(), ValueStatus::Value)
        };
        let results = IndexResults {
            report,
            areas: vec![known, IndexArea::empty("02".to_owned(), ValueStatus::NoData)],
            scores: Vec::new(),
            years,
        };
        assert_eq!(read_areas(&written("a", results.areas_table())).unwrap(), results.areas);
        assert_eq!(read_scores(&written("s", results.scores_table())).unwrap(), results.scores);
        assert_eq!(read_years(&written("y", results.years_table())).unwrap(), results.years);
    }

    #[test]
    fn tables_of_an_index_come_back_as_written_with_rows_and_without() {
        tables(Vec::new());
        tables(vec![IndexYear { area: "01".to_owned(), year: 2020, points: None }]);
    }
}
