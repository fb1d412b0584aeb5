//! The sections `[definition]` and `[measure]` of `clrisk.toml`. They need the project and a survey, nothing else.

use std::collections::BTreeMap;

use clrisk_core::{Finding, LocalText, Place};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::settings::{ProjectSettings, Settings, SurveySettings};
use crate::source::Found;

/// `[definition]`: which definition of child labour, and where the survey has what it asks.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefinitionSettings {
    /// Name of a definition of the program, or a `.toml` file of the project folder.
    pub name: String,
    /// Rows that were asked (completed interviews): an expression that is true for them.
    pub filter: Option<String>,
    /// Raw items.
    pub items: ItemSettings,
}

/// `[definition.items]`: raw items as expressions over the survey. Questions are true, false or null; hours are numbers.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct ItemSettings {
    /// Questions on economic activity.
    pub economic: Vec<String>,
    /// Weekly hours of economic activity; their sum.
    pub economic_hours: Vec<String>,
    /// Questions on household chores, water and firewood.
    pub chores: Vec<String>,
    /// Weekly hours of chores; their sum.
    pub chores_hours: Vec<String>,
    /// Hazardous conditions, by kind.
    pub conditions: BTreeMap<String, String>,
    /// Work at night.
    pub night: Option<String>,
    /// Worst forms other than hazardous work.
    pub worst_forms: Option<String>,
    /// School attendance.
    pub attendance: Option<String>,
    /// Industry.
    pub industry: Option<CodeSettings>,
    /// Occupation.
    pub occupation: Option<CodeSettings>,
}

/// A code of a classification.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeSettings {
    /// Expression: the code, as text with its leading zeros.
    pub code: String,
    /// `isic-3.1`, `isic-4`, `isco-88`, `isco-08`.
    pub classification: String,
}

/// `[measure]`: which figures.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MeasureSettings {
    /// Groups of ages; those of indicator 8.7.1 within the definition's ages when empty.
    pub ages: Vec<[u8; 2]>,
    /// Groups: lists of variables to cross. Sex is always measured where it is known.
    pub groups: Vec<Vec<String>>,
    /// Variables by which children in child labour and working children are distributed.
    pub distributions: Vec<String>,
    /// Rule for publication: `eclac-2020`, `eclac-2023`, `ine-chile-2020`, or a `.toml` file of the project folder.
    pub quality: String,
    /// Confidence level of the intervals.
    pub confidence: f64,
    /// The country's M49 code, for SDMX.
    pub reference_area: Option<String>,
    /// Variables of groups, beside `[variables]`.
    pub by: toml::Table,
    /// An earlier survey to measure change from.
    pub earlier: Option<EarlierSettings>,
}

impl Default for MeasureSettings {
    fn default() -> Self {
        MeasureSettings {
            ages: Vec::new(),
            groups: Vec::new(),
            distributions: Vec::new(),
            quality: "eclac-2023".to_owned(),
            confidence: 0.95,
            reference_area: None,
            by: toml::Table::new(),
            earlier: None,
        }
    }
}

/// `[measure.by.<name>]`: a variable of groups.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupVariable {
    /// Title for readers.
    pub title: LocalText,
    /// Categories in order; those found in the file when absent.
    pub levels: Option<Vec<String>>,
    /// Labels of the categories.
    #[serde(default)]
    pub labels: BTreeMap<String, LocalText>,
    /// Expression over the survey.
    pub survey: String,
}

/// `[measure.earlier]`: the earlier survey, with items and variables of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlierSettings {
    /// As `[survey]`.
    pub survey: toml::Table,
    /// As `[definition]`.
    pub definition: DefinitionSettings,
    /// As `[measure.by]`; the expressions of the later survey where a variable is not named here.
    #[serde(default)]
    pub by: toml::Table,
}

/// What measuring needs of a `clrisk.toml`.
#[derive(Debug, Clone)]
pub struct MeasureProject {
    /// `[project]`
    pub project: ProjectSettings,
    /// `[survey]`
    pub survey: SurveySettings,
    /// `[definition]`
    pub definition: DefinitionSettings,
    /// `[measure]`
    pub measure: MeasureSettings,
    /// `[measure.by]`, and `[variables]` with an expression over the survey and categories.
    pub variables: Vec<(String, GroupVariable)>,
}

/// Sections of a project that only measures.
const SECTIONS: [&str; 5] = ["project", "survey", "definition", "measure", "variables"];

impl MeasureProject {
    /// Reads the sections from the text of a `clrisk.toml`. A file with any other section must be a whole, valid project.
    ///
    /// # Errors
    /// `CONFIG-001` something is not valid, `MEASURE-001` a section is missing.
    pub fn parse(text: &str) -> Result<MeasureProject, Found> {
        let file: toml::Table = match toml::from_str(text) {
            Ok(table) => table,
            // The same finding, with its line.
            Err(_) => return Err(Settings::parse(text).err().unwrap_or_else(|| invalid("clrisk.toml", ""))),
        };
        if file.keys().any(|section| !SECTIONS.contains(&section.as_str())) {
            Settings::parse(text)?;
        }
        let section = |name: &str| file.get(name).cloned();
        let missing =
            |name: &str| Box::new(Finding::error("MEASURE-001", Place::key(name)).with("what", format!("[{name}]")));
        let project = read("project", section("project").ok_or_else(|| missing("project"))?)?;
        let survey = survey_settings("survey", section("survey").ok_or_else(|| missing("survey"))?)?;
        let definition = read("definition", section("definition").ok_or_else(|| missing("definition"))?)?;
        let measure: MeasureSettings = match section("measure") {
            Some(value) => read("measure", value)?,
            None => MeasureSettings::default(),
        };
        let mut variables = Vec::new();
        for (name, value) in &measure.by {
            variables.push((name.clone(), read(&format!("measure.by.{name}"), value.clone())?));
        }
        if let Some(toml::Value::Table(codebook)) = file.get("variables") {
            for (name, value) in codebook {
                let known = variables.iter().any(|(other, _)| other == name);
                if let Some(variable) = of_codebook(value).filter(|_| !known) {
                    variables.push((name.clone(), variable));
                }
            }
        }
        Ok(MeasureProject { project, survey, definition, measure, variables })
    }

    /// The earlier survey as a project of its own.
    ///
    /// # Errors
    /// As [`MeasureProject::parse`].
    pub fn earlier(&self) -> Result<Option<MeasureProject>, Found> {
        let Some(earlier) = &self.measure.earlier else { return Ok(None) };
        let survey = survey_settings("measure.earlier.survey", toml::Value::Table(earlier.survey.clone()))?;
        let mut variables = self.variables.clone();
        for (name, value) in &earlier.by {
            let own: GroupVariable = read(&format!("measure.earlier.by.{name}"), value.clone())?;
            match variables.iter_mut().find(|(other, _)| other == name) {
                Some((_, variable)) => *variable = own,
                None => variables.push((name.clone(), own)),
            }
        }
        Ok(Some(MeasureProject {
            project: self.project.clone(),
            survey,
            definition: earlier.definition.clone(),
            measure: MeasureSettings { earlier: None, ..self.measure.clone() },
            variables,
        }))
    }
}

fn invalid(key: &str, reason: &str) -> Found {
    Box::new(Finding::error("CONFIG-001", Place::key(key)).with("reason", reason))
}

fn read<T: DeserializeOwned>(key: &str, value: toml::Value) -> Result<T, Found> {
    T::deserialize(value).map_err(|error| invalid(key, error.message()))
}

/// `[survey]` as in a whole project; a project that only measures need not say where a child lives.
fn survey_settings(key: &str, mut value: toml::Value) -> Result<SurveySettings, Found> {
    if let Some(table) = value.as_table_mut() {
        table.entry("area").or_insert_with(|| toml::Value::String("NULL".to_owned()));
    }
    read(key, value)
}

/// A variable of the codebook that can make groups: with categories and an expression over the survey.
fn of_codebook(value: &toml::Value) -> Option<GroupVariable> {
    let table = value.as_table()?;
    let mut kept = toml::Table::new();
    for key in ["title", "levels", "labels", "survey"] {
        if let Some(value) = table.get(key) {
            kept.insert(key.to_owned(), value.clone());
        }
    }
    let variable = GroupVariable::deserialize(toml::Value::Table(kept)).ok()?;
    variable.levels.is_some().then_some(variable)
}
