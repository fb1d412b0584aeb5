//! Labels of ODK and KoboToolbox: the XLSForm that a survey was collected with says what its columns and codes mean.
//!
//! Exports name a question by its groups (`hogar/agua` or `hogar-agua`) or by itself; the answers of `select_multiple` have a column an
//! option (`hogar/agua/2`) beside the one that lists them.

use std::collections::HashMap;

use arrow::array::AsArray;
use arrow::datatypes::DataType;

use crate::error::ReadError;
use crate::options::ReadOptions;
use crate::source::Source;
use crate::table::{Table, relabelled};
use crate::variable::{LabelledValue, Variable};
use crate::workbook;

/// What a form says.
pub(crate) struct Form {
    questions: Vec<Question>,
    /// Codes and labels of each list of choices.
    choices: HashMap<String, Vec<(String, String)>>,
}

struct Question {
    /// Groups and name.
    path: Vec<String>,
    label: Option<String>,
    /// The list of its choices.
    list: Option<String>,
    multiple: bool,
}

impl Form {
    /// Reads an XLSForm; `None` when the workbook is none: it has no sheets `survey` and `choices`.
    pub(crate) fn read(source: &Source) -> Result<Option<Form>, ReadError> {
        let sheets = workbook::open(source, &ReadOptions::default())?;
        let sheet = |name: &str| sheets.iter().find(|sheet| sheet.name().eq_ignore_ascii_case(name));
        let (Some(survey), Some(choices)) = (sheet("survey"), sheet("choices")) else { return Ok(None) };
        let mut form = Form { questions: Vec::new(), choices: HashMap::new() };
        for [list, code, label] in texts(survey_or_choices(choices.as_ref(), ["list_name", "name", "label"]))? {
            if let (Some(list), Some(code), Some(label)) = (list, code, label) {
                form.choices.entry(list).or_default().push((code, label));
            }
        }
        let mut groups: Vec<String> = Vec::new();
        for [kind, name, label] in texts(survey_or_choices(survey.as_ref(), ["type", "name", "label"]))? {
            let Some(kind) = kind else { continue };
            let kind = kind.to_lowercase().replace(' ', "_");
            if kind.starts_with("begin_") {
                groups.push(name.unwrap_or_default());
            } else if kind.starts_with("end_") {
                groups.pop();
            } else if let Some(name) = name {
                let multiple = kind.starts_with("select_multiple");
                // List names keep their case; they are looked up as the form writes them.
                let list = ["select_one_", "select_multiple_"].iter().find_map(|select| kind.strip_prefix(select));
                let list =
                    list.and_then(|list| form.choices.keys().find(|known| known.to_lowercase() == list)).cloned();
                let path = groups.iter().cloned().chain([name]).collect();
                form.questions.push(Question { path, label, list, multiple });
            }
        }
        Ok(Some(form))
    }

    /// Gives the columns of a table the labels of the questions they answer.
    pub(crate) fn label(&self, inner: Box<dyn Table>) -> Box<dyn Table> {
        let mut by_name: HashMap<String, Option<&Question>> = HashMap::new();
        for question in &self.questions {
            for separator in ["/", "-"] {
                by_name.insert(question.path.join(separator), Some(question));
            }
        }
        for question in self.questions.iter().filter(|question| question.path.len() > 1) {
            // By itself a name means a question only when no other has it.
            if let Some(name) = question.path.last() {
                by_name.entry(name.clone()).and_modify(|known| *known = None).or_insert(Some(question));
            }
        }
        let find = |name: &str| by_name.get(name).copied().flatten();
        let schema = inner.schema();
        let variables = inner
            .variables()
            .iter()
            .zip(schema.fields())
            .map(|(variable, field)| {
                if let Some(question) = find(&variable.name) {
                    let text = field.data_type() == &DataType::Utf8;
                    let choices = question.list.as_ref().and_then(|list| self.choices.get(list));
                    // The list of all answers of a select_multiple is no code.
                    let value_labels =
                        choices.into_iter().flatten().filter(|_| !question.multiple).map(|(code, label)| {
                            let value = match code.parse() {
                                Ok(number) if !text => LabelledValue::Number(number),
                                _ => LabelledValue::Text(code.clone()),
                            };
                            (value, label.clone())
                        });
                    return Variable {
                        label: question.label.clone(),
                        value_labels: value_labels.collect(),
                        ..variable.clone()
                    };
                }
                let option = variable.name.rsplit_once(['/', '-']).and_then(|(question, option)| {
                    let question = find(question).filter(|question| question.multiple)?;
                    let choices = self.choices.get(question.list.as_ref()?)?;
                    let (_, label) = choices.iter().find(|(code, _)| code == option)?;
                    Some(match &question.label {
                        Some(question) => format!("{question} – {label}"),
                        None => label.clone(),
                    })
                });
                Variable { label: option.or_else(|| variable.label.clone()), ..variable.clone() }
            })
            .collect();
        relabelled(inner, variables)
    }
}

/// Three columns of a sheet of a form; a column of several languages (`label::Español (es)`) is its first.
fn survey_or_choices<'a>(sheet: &'a dyn Table, names: [&str; 3]) -> (&'a dyn Table, [Option<usize>; 3]) {
    let positions = names.map(|wanted| {
        let written = |position: usize| sheet.variables()[position].name.trim().to_lowercase().replace(' ', "_");
        (0..sheet.variables().len()).find(|position| written(*position) == wanted).or_else(|| {
            (0..sheet.variables().len()).find(|position| written(*position).starts_with(&format!("{wanted}::")))
        })
    });
    (sheet, positions)
}

/// The rows of three columns, as texts.
fn texts((sheet, positions): (&dyn Table, [Option<usize>; 3])) -> Result<Vec<[Option<String>; 3]>, ReadError> {
    let found: Vec<usize> = positions.iter().flatten().copied().collect();
    let mut rows = Vec::new();
    for batch in sheet.read(Some(&found))? {
        let batch = batch?;
        let mut columns = Vec::new();
        for column in batch.columns() {
            let text = arrow::compute::cast(column, &DataType::Utf8).map_err(|_| ReadError::damaged("form", 0))?;
            columns.push(text.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect::<Vec<_>>());
        }
        for row in 0..batch.num_rows() {
            let mut present = columns.iter();
            rows.push(positions.map(|position| {
                position.and(present.next()).and_then(|column: &Vec<Option<String>>| column[row].clone())
            }));
        }
    }
    Ok(rows)
}
