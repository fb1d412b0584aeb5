//! Labels from a file of their own: the codebook that `clrisk convert` writes beside a CSV, or a table of variables as offices hand it out
//! (a row a variable: name, label, `1=Hombre; 2=Mujer`).

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use arrow::array::AsArray;
use arrow::datatypes::DataType;
use clrisk_readers::{Format, LabelledValue, MissingCodes, ReadError, ReadOptions, Source, Table, relabelled};

/// Ending of the codebook of a CSV: `encuesta.csv` has `encuesta.codebook.json`.
pub const CODEBOOK_ENDING: &str = ".codebook.json";
/// Endings of tables of variables that are taken for a file that lies beside them.
const TABLE_ENDINGS: [&str; 4] = ["_dictionary.csv", "_diccionario.csv", "_dicionario.csv", "_dictionnaire.csv"];
/// Largest codebook that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// Columns of a table of variables, and what their headers are called.
const NAME: &[&str] = &["name", "variable", "nombre", "nome", "nom", "campo", "column", "columna"];
const LABEL: &[&str] = &["label", "etiqueta", "rotulo", "libelle", "descripcion", "descricao", "description"];
const VALUES: &[&str] = &["values", "value_labels", "valores", "etiquetas", "categorias", "categories", "valeurs"];
const MISSING: &[&str] = &["missing", "faltantes", "perdidos", "ausentes", "manquants"];
/// Headers that say that the dictionary is one of positions, which the readers understand themselves.
const POSITIONS: &[&str] = &[
    "width", "length", "ancho", "longitud", "largura", "tamanho", "largeur", "longueur", "end", "fin", "fim", "hasta",
    "start", "inicio", "desde", "debut", "position", "posicion", "posicao",
];

/// What a file of labels says, by the lower-case name of the variable.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Labels {
    variables: HashMap<String, RawLabels>,
}

/// Labels of a variable, before it is known whether its values are numbers.
#[derive(Debug, Clone, PartialEq, Default)]
struct RawLabels {
    label: Option<String>,
    values: Vec<(String, String)>,
    missing: Vec<String>,
    text: bool,
}

impl Labels {
    /// The file of labels that lies beside a data file, if there is one.
    pub fn beside(path: &Path) -> Option<PathBuf> {
        let name = path.file_name()?.to_str()?;
        let name = [".gz", ".zip"].iter().fold(name, |name, ending| name.strip_suffix(ending).unwrap_or(name));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        std::iter::once(&CODEBOOK_ENDING)
            .chain(&TABLE_ENDINGS)
            .map(|ending| path.with_file_name(format!("{stem}{ending}")))
            .find(|candidate| candidate.is_file())
    }

    /// Reads a file of labels; `None` when it is something else, such as a dictionary of positions or a form.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(path: &Path) -> Result<Option<Labels>, ReadError> {
        let source = Source::file(path)?;
        if source.extension() == "json" {
            return Labels::of_codebook(path);
        }
        if Format::of(&source)? != Format::DelimitedText {
            return Ok(None);
        }
        let opened = clrisk_readers::open_source(&source, &ReadOptions::default())?;
        let Some(table) = opened.tables.first() else { return Ok(None) };
        let headers: Vec<String> =
            table.variables().iter().map(|variable| crate::names::plain(&variable.name).replace(' ', "_")).collect();
        let position = |names: &[&str]| headers.iter().position(|header| names.contains(&header.as_str()));
        let (Some(name), None) = (position(NAME), position(POSITIONS)) else { return Ok(None) };
        let (label, values, missing) = (position(LABEL), position(VALUES), position(MISSING));
        if label.is_none() && values.is_none() {
            return Ok(None);
        }
        let mut labels = Labels::default();
        for batch in table.read(None)? {
            let batch = batch?;
            let texts: Vec<_> = batch
                .columns()
                .iter()
                .map(|column| arrow::compute::cast(column, &DataType::Utf8))
                .collect::<Result<_, _>>()
                .map_err(|_| ReadError::Dictionary { row: 0, what: "name".to_owned() })?;
            let cell = |column: Option<usize>, row: usize| -> Option<String> {
                let text = texts[column?].as_string::<i32>();
                arrow::array::Array::is_valid(text, row).then(|| text.value(row).trim().to_owned())
            };
            for row in 0..batch.num_rows() {
                let Some(variable) = cell(Some(name), row) else { continue };
                labels.variables.insert(
                    variable.to_lowercase(),
                    RawLabels {
                        label: cell(label, row).filter(|text| !text.is_empty()),
                        values: pairs(&cell(values, row).unwrap_or_default()),
                        missing: cell(missing, row)
                            .unwrap_or_default()
                            .split([';', '|'])
                            .map(|code| code.trim().to_owned())
                            .filter(|code| !code.is_empty())
                            .collect(),
                        text: false,
                    },
                );
            }
        }
        Ok(Some(labels))
    }

    fn of_codebook(path: &Path) -> Result<Option<Labels>, ReadError> {
        if std::fs::metadata(path)?.len() > LARGEST {
            return Ok(None);
        }
        let Ok(codebook) = serde_json::from_slice::<serde_json::Value>(&std::fs::read(path)?) else { return Ok(None) };
        let Some(list) = codebook.get("variables").and_then(serde_json::Value::as_array) else { return Ok(None) };
        let text = |value: &serde_json::Value, key: &str| {
            value.get(key).and_then(serde_json::Value::as_str).map(str::to_owned)
        };
        let mut labels = Labels::default();
        for entry in list {
            let Some(name) = text(entry, "name") else { continue };
            let values = entry.get("value_labels").and_then(serde_json::Value::as_array).into_iter().flatten();
            let missing = entry.get("missing").and_then(serde_json::Value::as_array).into_iter().flatten();
            labels.variables.insert(
                name.to_lowercase(),
                RawLabels {
                    label: text(entry, "label"),
                    values: values.filter_map(|pair| Some((text(pair, "value")?, text(pair, "label")?))).collect(),
                    missing: missing
                        .filter_map(|code| match code {
                            serde_json::Value::Number(number) => Some(number.to_string()),
                            other => other.as_str().map(str::to_owned),
                        })
                        .collect(),
                    text: text(entry, "type").as_deref() == Some("text"),
                },
            );
        }
        Ok(Some(labels))
    }

    /// Names of variables (in lower case) that are text whatever their values look like.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().filter(|(_, labels)| labels.text).map(|(name, _)| name.as_str())
    }

    /// A table with these labels where it has none of its own.
    pub fn label(&self, table: Box<dyn Table>) -> Box<dyn Table> {
        let schema = table.schema();
        let variables = table
            .variables()
            .iter()
            .zip(schema.fields())
            .map(|(variable, field)| {
                let mut variable = variable.clone();
                let Some(raw) = self.variables.get(&variable.name.to_lowercase()) else { return variable };
                let number = field.data_type().is_numeric();
                let value = |code: &str| match code.parse::<f64>() {
                    Ok(value) if number => LabelledValue::Number(value),
                    _ => LabelledValue::Text(code.to_owned()),
                };
                if variable.label.is_none() {
                    variable.label.clone_from(&raw.label);
                }
                if variable.value_labels.is_empty() {
                    variable.value_labels =
                        raw.values.iter().map(|(code, label)| (value(code), label.clone())).collect();
                }
                if variable.missing.is_empty() {
                    let mut missing = MissingCodes::default();
                    for code in &raw.missing {
                        match value(code) {
                            LabelledValue::Number(number) => missing.numbers.push(number),
                            _ => missing.texts.push(code.clone()),
                        }
                    }
                    variable.missing = missing;
                }
                variable
            })
            .collect();
        relabelled(table, variables)
    }
}

/// `1=Hombre; 2=Mujer` as pairs. A piece without `=` belongs to the label before it: labels may hold semicolons.
fn pairs(text: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for piece in text.split([';', '|']) {
        match (piece.split_once('='), pairs.last_mut()) {
            (Some((code, label)), _) => pairs.push((code.trim().to_owned(), label.trim().to_owned())),
            (None, Some((_, label))) if !piece.trim().is_empty() => {
                label.push_str("; ");
                label.push_str(piece.trim());
            }
            _ => {}
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_with_semicolons_stay_whole() {
        assert_eq!(
            pairs("1=Hombre; 2=Mujer; 9=No sabe; no responde"),
            [("1", "Hombre"), ("2", "Mujer"), ("9", "No sabe; no responde")]
                .map(|(code, label)| (code.to_owned(), label.to_owned()))
        );
        assert_eq!(pairs(""), []);
    }
}
