//! The codebook: common variables and how the survey, the census and the area table express them.

use std::collections::BTreeSet;

use clrisk_core::bundle::VariableLabel;
use clrisk_core::{Finding, Findings, LocalText, Place};

use crate::settings::{Settings, VariableRole};
use crate::source::{Found, Session};

/// Where a variable's values come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Both files have it, for every child.
    Child {
        /// Expression over the survey.
        survey: String,
        /// Expression over the census.
        census: String,
    },
    /// The area table has it, for every municipality.
    Area(String),
}

/// A variable of the codebook.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// Name, as in the formula.
    pub name: String,
    /// Title.
    pub title: LocalText,
    /// Categories, the first is the reference; none for a number.
    pub levels: Option<Vec<String>>,
    /// Labels of the categories, in their order.
    pub labels: Vec<LocalText>,
    /// Lever or context.
    pub role: VariableRole,
    /// Where its values come from.
    pub origin: Origin,
}

impl Variable {
    /// The variable `name` of the settings.
    fn of(settings: &Settings, name: &str) -> Result<Variable, Found> {
        let entry = settings.variable(name)?;
        let origin = match (entry.survey, entry.census, entry.area) {
            (Some(survey), Some(census), None) => Origin::Child { survey, census },
            (None, None, Some(area)) => Origin::Area(area),
            _ => {
                let place = Place::key(format!("variables.{name}"));
                return Err(Box::new(Finding::error("CODE-002", place).with("variable", name)));
            }
        };
        let labels = entry
            .levels
            .iter()
            .flatten()
            .map(|level| entry.labels.get(level).cloned().unwrap_or(LocalText::Same(level.clone())))
            .collect();
        let (title, levels, role) = (entry.title, entry.levels, entry.role);
        Ok(Variable { name: name.to_owned(), title, levels, labels, role, origin })
    }
}

/// Names of the variables of the formula and of the publication groups.
fn needed<'a>(settings: &'a Settings, in_formula: &'a [String]) -> BTreeSet<&'a String> {
    in_formula.iter().chain(settings.publish.groups.iter().flatten()).collect()
}

/// The variables that a run uses, in the order of `clrisk.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Codebook {
    /// Variables whose values belong to a child.
    pub child: Vec<Variable>,
    /// Variables whose values belong to an area.
    pub area: Vec<Variable>,
}

impl Codebook {
    /// Builds the codebook of the variables named in the formula and in the publication groups.
    ///
    /// # Errors
    /// `CODE-001` a variable of the formula or of a group is not in the codebook; `CODE-002` a variable lacks an expression;
    /// `CODE-003` a publication variable has no categories or belongs to areas; and findings of expressions.
    pub async fn build(
        session: &Session,
        settings: &Settings,
        in_formula: &[String],
        findings: &mut Findings,
    ) -> Result<Codebook, Found> {
        let published: BTreeSet<&String> = settings.publish.groups.iter().flatten().collect();
        let needed = needed(settings, in_formula);
        for name in &needed {
            if !settings.variables.contains_key(name.as_str()) {
                let known: Vec<&str> = settings.variables.keys().map(String::as_str).collect();
                return Err(Box::new(
                    Finding::error("CODE-001", Place::key(format!("variables.{name}")))
                        .with("variable", name)
                        .detail(known.join(", ")),
                ));
            }
        }
        let mut codebook = Codebook { child: Vec::new(), area: Vec::new() };
        for name in settings.variables.keys().filter(|name| needed.contains(name)) {
            let key = format!("variables.{name}");
            let variable = Variable::of(settings, name)?;
            if published.contains(name) && (variable.levels.is_none() || matches!(variable.origin, Origin::Area(_))) {
                return Err(Box::new(Finding::error("CODE-003", Place::key("publish.groups")).with("variable", name)));
            }
            match &variable.origin {
                Origin::Child { survey, census } => {
                    let survey_file = settings.survey.file.display().to_string();
                    let census_file = settings.census.file.display().to_string();
                    let checks = [
                        ("survey", survey, format!("{key}.survey"), survey_file),
                        ("census", census, format!("{key}.census"), census_file),
                    ];
                    let mut broken = false;
                    for (table, expression, key, file) in checks {
                        if let Err(finding) = session.check_expression(table, expression, &key, &file).await {
                            findings.push(*finding);
                            broken = true;
                        }
                    }
                    if !broken {
                        codebook.child.push(variable);
                    }
                }
                Origin::Area(expression) => {
                    let Some(table) = &settings.area_covariates else {
                        return Err(Box::new(Finding::error("CODE-002", Place::key(&key)).with("variable", name)));
                    };
                    let file = table.file.display().to_string();
                    session.check_expression("area_covariates", expression, &format!("{key}.area"), &file).await?;
                    codebook.area.push(variable);
                }
            }
        }
        Ok(codebook)
    }

    /// The child variables that a run uses, in the order of `clrisk.toml`, without a look at any file.
    ///
    /// # Errors
    /// `CODE-002` when a variable lacks an expression.
    pub fn child_variables(settings: &Settings, in_formula: &[String]) -> Result<Vec<Variable>, Found> {
        let needed = needed(settings, in_formula);
        let mut variables = Vec::new();
        for name in settings.variables.keys().filter(|name| needed.contains(name)) {
            let variable = Variable::of(settings, name)?;
            if matches!(variable.origin, Origin::Child { .. }) {
                variables.push(variable);
            }
        }
        Ok(variables)
    }

    /// A variable by name.
    pub fn find(&self, name: &str) -> Option<&Variable> {
        self.child.iter().chain(&self.area).find(|variable| variable.name == name)
    }

    /// All variables as readers see them.
    pub fn labels(&self) -> Vec<VariableLabel> {
        self.child
            .iter()
            .chain(&self.area)
            .map(|variable| VariableLabel {
                name: variable.name.clone(),
                title: variable.title.clone(),
                role: variable.role.code().to_owned(),
                categories: variable.levels.iter().flatten().cloned().zip(variable.labels.iter().cloned()).collect(),
            })
            .collect()
    }
}
