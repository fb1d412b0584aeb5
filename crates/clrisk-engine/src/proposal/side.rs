//! One of the two files, survey or census, as far as it is known: its variables, guesses, codes and what the codes mean.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clrisk_readers::ReadOptions;

use crate::inspect::{InspectedTable, InspectedVariable, inspect};
use crate::roles::{self, Guess};
use crate::settings::FileReading;
use crate::source::{Found, Session};

/// Share of the rows that a code must have to be taken for one of the variable's categories.
const SMALLEST_SHARE: f64 = 0.000_1;
/// Ages that an age in completed years can have.
const AGES: (f64, f64) = (0.0, 130.0);
/// What is written for an unknown age.
const UNKNOWN_AGES: [f64; 4] = [998.0, 999.0, 9998.0, 9999.0];
/// Distinct ages below which a variable is an age band.
const FEWEST_AGES: u64 = 10;

/// A file of the project to propose.
pub(super) struct Side {
    /// `survey` or `census`: its table in the session.
    pub name: &'static str,
    /// Its path.
    pub path: PathBuf,
    /// The table, when the file has several.
    pub table_name: Option<String>,
    /// What is in it.
    pub table: InspectedTable,
    /// The file its labels come from.
    pub labels_from: Option<String>,
    /// The dictionary without which it cannot be read.
    pub dictionary: Option<PathBuf>,
}

/// A code of a variable.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Code {
    /// As it is written in an expression: `1` or `'1'`.
    pub literal: String,
    /// As text.
    pub value: String,
    /// What it means.
    pub label: Option<String>,
}

/// An expression with what it was made from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Proposed {
    /// SQL.
    pub sql: String,
    /// The variable.
    pub variable: String,
    /// The label of the variable.
    pub label: Option<String>,
    /// Why it was taken.
    pub guess: Option<Guess>,
}

impl Side {
    pub async fn open(
        session: &Session,
        name: &'static str,
        path: &Path,
        dictionary: Option<&Path>,
    ) -> Result<Side, Found> {
        let options = ReadOptions { dictionary: dictionary.map(Path::to_owned), ..ReadOptions::default() };
        let inspection = inspect(path, &path.display().to_string(), &options)?;
        let several = inspection.tables.len() > 1;
        // Of several tables, the one in which most is recognised.
        let mut tables = inspection.tables;
        tables.sort_by_key(|table| std::cmp::Reverse((table.roles.len(), table.rows)));
        let table = tables.into_iter().next().ok_or_else(|| {
            let shown = path.display().to_string();
            Box::new(clrisk_core::Finding::error("FILE-002", clrisk_core::Place::file(&shown)).with("file", &shown))
        })?;
        let path = std::path::absolute(path).unwrap_or(path.to_owned());
        let table_name = several.then(|| table.name.clone());
        // A file of labels is of use to the proposal alone.
        let dictionary = dictionary.filter(|_| inspection.labels_from.is_none());
        let dictionary = dictionary.map(|path| std::path::absolute(path).unwrap_or(path.to_owned()));
        let side = Side { name, path, table_name, table, labels_from: inspection.labels_from, dictionary };
        let types = BTreeMap::new();
        let reading = FileReading { dictionary: side.dictionary.as_deref(), ..FileReading::of_types(&types) };
        session.register_as(name, &side.file(), reading).await?;
        Ok(side)
    }

    /// The file as it is named in `clrisk.toml`, with its table.
    pub fn file(&self) -> PathBuf {
        match &self.table_name {
            None => self.path.clone(),
            Some(table) => {
                let mut path = self.path.clone().into_os_string();
                path.push(format!("#{table}"));
                PathBuf::from(path)
            }
        }
    }

    /// A variable by name, whatever the case of its letters.
    pub fn variable(&self, name: &str) -> Option<&InspectedVariable> {
        let variables = &self.table.variables;
        variables
            .iter()
            .find(|variable| variable.name == name)
            .or_else(|| variables.iter().find(|variable| variable.name.eq_ignore_ascii_case(name)))
    }

    /// The variable of a role.
    pub fn of_role(&self, role: &str) -> Option<&InspectedVariable> {
        self.table.roles.get(role).and_then(|name| self.variable(name))
    }

    /// The variable of a role as an expression, without its codes for "no answer".
    pub fn role(&self, role: &str) -> Option<Proposed> {
        self.of_role(role).map(|variable| self.proposed(variable))
    }

    /// A variable as an expression, without its codes for "no answer".
    pub fn proposed(&self, variable: &InspectedVariable) -> Proposed {
        let column = quoted(&variable.name);
        let blanks: Vec<String> = no_answers(variable).iter().map(|code| code.literal.clone()).collect();
        let sql = if blanks.is_empty() {
            column
        } else {
            format!("CASE WHEN {column} IN ({}) THEN NULL ELSE {column} END", blanks.join(", "))
        };
        Proposed { sql, variable: variable.name.clone(), label: variable.label.clone(), guess: variable.guess.clone() }
    }

    /// The age in completed years; none when what is called age are bands.
    pub fn age(&self) -> Option<Proposed> {
        let variable = self.of_role("age")?;
        let (least, most) = variable.profile.range?;
        // A code for "no answer", labelled or not, is above all ages; rows with it are of no age of interest.
        let blank =
            UNKNOWN_AGES.contains(&most) || no_answers(variable).iter().any(|code| code.value.parse() == Ok(most));
        let years =
            least >= AGES.0 && (most <= AGES.1 || blank) && (FEWEST_AGES..=AGES.1 as u64).contains(&variable.distinct);
        (years && variable.kind == "integer").then(|| self.proposed(variable))
    }

    /// The codes that occur, those for "no answer" and hardly ever used ones left out; none when there are too many.
    pub fn codes(&self, variable: &InspectedVariable) -> Option<Vec<Code>> {
        let values = variable.profile.values.as_ref()?;
        let rows: u64 = values.iter().map(|(_, rows)| rows).sum();
        let smallest = (rows as f64 * SMALLEST_SHARE).max(1.0);
        let blanks = no_answers(variable);
        Some(
            values
                .iter()
                .filter(|(value, rows)| *rows as f64 >= smallest && blanks.iter().all(|blank| blank.value != *value))
                .map(|(value, _)| code(variable, value))
                .collect(),
        )
    }

    /// Share of the rows that have a value other than "no answer".
    pub fn answered(&self, variable: &InspectedVariable) -> f64 {
        let blanks = no_answers(variable);
        let unanswered: u64 = variable
            .profile
            .values
            .iter()
            .flatten()
            .filter(|(value, _)| blanks.iter().any(|blank| blank.value == *value))
            .map(|(_, rows)| rows)
            .sum();
        let rows = self.table.rows.max(1);
        (rows - (variable.missing + unanswered).min(rows)) as f64 / rows as f64
    }
}

fn code(variable: &InspectedVariable, value: &str) -> Code {
    let number = matches!(variable.kind.as_str(), "integer" | "number");
    let label = variable.values.iter().find(|known| known.value == value).and_then(|known| known.label.clone());
    // Answers in words are labels of themselves.
    let words = !number && value.chars().any(char::is_alphabetic);
    Code {
        literal: if number { value.to_owned() } else { format!("'{}'", value.replace('\'', "''")) },
        value: value.to_owned(),
        label: label.or_else(|| words.then(|| value.to_owned())),
    }
}

/// The labelled codes that mean "no answer" and are not missing already.
fn no_answers(variable: &InspectedVariable) -> Vec<Code> {
    variable
        .values
        .iter()
        .filter(|value| !value.missing && value.label.as_deref().is_some_and(roles::is_no_answer))
        .map(|value| code(variable, &value.value))
        .collect()
}

/// The name of a column in an expression.
pub(super) fn quoted(name: &str) -> String {
    const RESERVED: [&str; 30] = [
        "all", "and", "any", "as", "between", "by", "case", "cast", "cross", "desc", "distinct", "else", "end", "from",
        "group", "having", "in", "is", "join", "left", "like", "limit", "not", "null", "on", "or", "order", "right",
        "select", "where",
    ];
    let plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    if plain && !RESERVED.contains(&name.to_lowercase().as_str()) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}
