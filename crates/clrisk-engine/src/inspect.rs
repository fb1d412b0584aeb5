//! What is in a file: its variables with labels, types, missing values and distinct values, and a guess of what each one is.
//!
//! No value of a person is shown. A code is shown when the file labels it, or when at least [`SHOWN_FROM_ROWS`] rows have it and the
//! variable has at most [`MOST_SHOWN`] values; shares are shown when that is so of every value that occurs. Ranges, identifiers, weights and
//! free texts are never shown.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use clrisk_core::text::NumberFormat;
use clrisk_core::{Catalog, Finding, Language};
use clrisk_readers::{EncodingEvidence, MissingCodes, ReadError, ReadOptions, Table, UserMissing};
use serde::Serialize;

use crate::conversion::value_text;
use crate::opening::{self, OfficeFile};
use crate::roles::{self, Described, Guess};
use crate::source::Found;

/// Rows that a code must have to be shown without a label.
pub const SHOWN_FROM_ROWS: u64 = 10;
/// Distinct values up to which codes are shown.
pub const MOST_SHOWN: usize = 30;
/// Characters of the longest text that is taken for a code.
const LONGEST_CODE: usize = 40;
/// Distinct values of a variable that are kept with their counts.
const KEPT: usize = 64;
/// Distinct values that are counted; a variable may have more.
pub const COUNTED: usize = 10_000;

/// A file looked at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inspection {
    /// The file.
    pub file: String,
    /// The format it turned out to have.
    pub format: String,
    /// The file that labels were taken from, when that is another.
    pub labels_from: Option<String>,
    /// Its tables.
    pub tables: Vec<InspectedTable>,
    /// What the readers had to say.
    #[serde(skip)]
    pub findings: Vec<Finding>,
}

/// A table looked at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InspectedTable {
    /// Its name.
    pub name: String,
    /// Format and version.
    pub format: String,
    /// The program that wrote it, in its own words.
    pub producer: Option<String>,
    /// Encoding of its texts.
    pub encoding: Option<String>,
    /// What the encoding was decided by: `asked`, `declared`, `mark`, `format`, `plain`, `valid` or `guessed`.
    pub encoding_decided_by: Option<String>,
    /// Delimiter of delimited text.
    pub delimiter: Option<String>,
    /// The variable that the file itself weights its rows with.
    pub weighted_by: Option<String>,
    /// Rows.
    pub rows: u64,
    /// For each role that was found, the variable that is most likely it.
    pub roles: BTreeMap<String, String>,
    /// Variables, in the order of the file.
    pub variables: Vec<InspectedVariable>,
}

/// A variable looked at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InspectedVariable {
    /// Name.
    pub name: String,
    /// What it is, in the words of the file.
    pub label: Option<String>,
    /// `integer`, `number`, `text`, `date`, `time` or `other`.
    pub kind: String,
    /// Rows without a value, those with a code that the file declares as missing among them.
    pub missing: u64,
    /// Rows with a code that the file declares as missing.
    pub declared_missing: u64,
    /// Distinct values, missing ones left out.
    pub distinct: u64,
    /// Whether there are more than could be counted.
    pub more_distinct: bool,
    /// Codes, in their order; see the module for which.
    pub values: Vec<InspectedValue>,
    /// Values that are not shown because too few rows have them; none where no values are shown at all.
    pub rare: Option<u64>,
    /// What it may be.
    pub guess: Option<Guess>,
    /// What `init` knows beyond what may be shown.
    #[serde(skip)]
    pub profile: Profile,
}

/// A code of a variable.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InspectedValue {
    /// The code.
    pub value: String,
    /// Its label.
    pub label: Option<String>,
    /// Whether the file declares it as missing.
    pub missing: bool,
    /// Share (0 to 1) of the rows that have a value.
    pub share: Option<f64>,
}

/// What is known of the values of a variable. It does hold values and is not to be shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Profile {
    /// All values with their rows, when there are few; missing ones left out.
    pub values: Option<Vec<(String, u64)>>,
    /// Smallest and largest number.
    pub range: Option<(f64, f64)>,
    /// Shortest and longest text, in characters.
    pub lengths: Option<(usize, usize)>,
}

/// Looks at a file of any format that is read.
///
/// # Errors
/// Findings of the reader.
pub fn inspect(path: &Path, shown: &str, options: &ReadOptions) -> Result<Inspection, Found> {
    let failed = |error: ReadError| Box::new(error.finding(shown));
    // Codes of missing values are counted, so they have to be seen.
    let options = ReadOptions { user_missing: UserMissing::Keep, ..options.clone() };
    let OfficeFile { format, tables, labels_from } = opening::open(path, &options).map_err(failed)?;
    let mut findings = Vec::new();
    let mut inspected = Vec::new();
    for table in tables.iter().filter(|table| options.table.as_deref().is_none_or(|name| name == table.name())) {
        inspected.push(look(table.as_ref()).map_err(failed)?);
        findings.extend(table.provenance().notes.iter().map(|note| note.finding(shown)));
    }
    Ok(Inspection {
        file: shown.to_owned(),
        format: format.name().to_owned(),
        labels_from: labels_from.map(|path| path.display().to_string()),
        tables: inspected,
        findings,
    })
}

fn look(table: &dyn Table) -> Result<InspectedTable, ReadError> {
    let schema = table.schema();
    let mut rows = 0;
    let mut counts: Vec<Counts> = schema.fields().iter().map(|field| Counts::of(field.data_type())).collect();
    for batch in table.read(None)? {
        let batch = batch?;
        rows += batch.num_rows() as u64;
        for ((counts, column), variable) in counts.iter_mut().zip(batch.columns()).zip(table.variables()) {
            counts.add(column, &variable.missing)?;
        }
    }
    let variables: Vec<InspectedVariable> =
        table.variables().iter().zip(counts).map(|(variable, counts)| counts.finish(variable)).collect();
    let provenance = table.provenance();
    Ok(InspectedTable {
        name: table.name().to_owned(),
        format: provenance.format.clone(),
        producer: provenance.producer.clone(),
        encoding: provenance.encoding.as_ref().map(|choice| choice.name.clone()),
        encoding_decided_by: provenance.encoding.as_ref().map(|choice| evidence(choice.evidence).to_owned()),
        delimiter: provenance.delimiter.map(|delimiter| char::from(delimiter).to_string()),
        weighted_by: provenance.weight.clone(),
        rows,
        roles: assign(&variables),
        variables,
    })
}

/// What an encoding was decided by, as a word for files.
pub fn evidence(evidence: EncodingEvidence) -> &'static str {
    match evidence {
        EncodingEvidence::Asked => "asked",
        EncodingEvidence::Declared => "declared",
        EncodingEvidence::Mark => "mark",
        EncodingEvidence::Format => "format",
        EncodingEvidence::Plain => "plain",
        EncodingEvidence::Valid => "valid",
        _ => "guessed",
    }
}

/// The variable of each role: the one with most points; the first of the file where several have as many.
fn assign(variables: &[InspectedVariable]) -> BTreeMap<String, String> {
    let mut best: BTreeMap<String, (u32, String)> = BTreeMap::new();
    for variable in variables {
        let Some(guess) = &variable.guess else { continue };
        // A variable without any value is of no use.
        if variable.distinct == 0 {
            continue;
        }
        match best.entry(guess.role.clone()) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert((guess.points, variable.name.clone()));
            }
            std::collections::btree_map::Entry::Occupied(mut entry) if guess.points > entry.get().0 => {
                entry.insert((guess.points, variable.name.clone()));
            }
            std::collections::btree_map::Entry::Occupied(_) => {}
        }
    }
    best.into_iter().map(|(role, (_, variable))| (role, variable)).collect()
}

/// How the values of a column are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Integer,
    Number,
    Text,
}

/// Counts of a column while it is read.
struct Counts {
    kind: &'static str,
    form: Form,
    rows: u64,
    missing: u64,
    declared: u64,
    /// Values with their rows, until there are too many.
    values: Option<HashMap<u64, (String, u64)>>,
    /// Hashes of the values, up to [`COUNTED`].
    seen: HashSet<u64>,
    more: bool,
    range: Option<(f64, f64)>,
    lengths: Option<(usize, usize)>,
}

impl Counts {
    fn of(data_type: &DataType) -> Counts {
        let value_type = match data_type {
            DataType::Dictionary(_, values) => values,
            other => other,
        };
        let (kind, form) = match value_type {
            kind if kind.is_integer() => ("integer", Form::Integer),
            kind if kind.is_numeric() => ("number", Form::Number),
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => ("text", Form::Text),
            DataType::Date32 | DataType::Date64 => ("date", Form::Text),
            DataType::Timestamp(..) | DataType::Time32(_) | DataType::Time64(_) => ("time", Form::Text),
            _ => ("other", Form::Text),
        };
        Counts {
            kind,
            form,
            rows: 0,
            missing: 0,
            declared: 0,
            values: Some(HashMap::new()),
            seen: HashSet::new(),
            more: false,
            range: None,
            lengths: None,
        }
    }

    fn add(&mut self, column: &ArrayRef, missing: &MissingCodes) -> Result<(), ReadError> {
        let wanted = match self.form {
            Form::Integer => DataType::Int64,
            Form::Number => DataType::Float64,
            Form::Text => DataType::Utf8,
        };
        let column = arrow::compute::cast(column, &wanted).map_err(|_| ReadError::Damaged {
            what: "values",
            offset: None,
            row: None,
            column: None,
        })?;
        self.rows += column.len() as u64;
        self.missing += column.null_count() as u64;
        match self.form {
            Form::Integer => {
                for value in column.as_primitive::<Int64Type>().iter().flatten() {
                    self.number(value as f64, value as u64, missing, || value.to_string());
                }
            }
            Form::Number => {
                for value in column.as_primitive::<Float64Type>().iter().flatten() {
                    self.number(value, value.to_bits(), missing, || value.to_string());
                }
            }
            Form::Text => {
                for value in column.as_string::<i32>().iter().flatten() {
                    let value = value.trim_end();
                    if missing.has_text(value) {
                        self.missing += 1;
                        self.declared += 1;
                    } else if value.is_empty() {
                        self.missing += 1;
                    } else {
                        let length = value.chars().count();
                        let (shortest, longest) = self.lengths.unwrap_or((length, length));
                        self.lengths = Some((shortest.min(length), longest.max(length)));
                        let mut hasher = DefaultHasher::new();
                        value.hash(&mut hasher);
                        self.count(hasher.finish(), || value.to_owned());
                    }
                }
            }
        }
        Ok(())
    }

    fn number(&mut self, value: f64, key: u64, missing: &MissingCodes, text: impl FnOnce() -> String) {
        if !missing.is_empty() && missing.has_number(value) {
            self.missing += 1;
            self.declared += 1;
            return;
        }
        let (least, most) = self.range.unwrap_or((value, value));
        self.range = Some((least.min(value), most.max(value)));
        self.count(key, text);
    }

    fn count(&mut self, key: u64, text: impl FnOnce() -> String) {
        if let Some(values) = &mut self.values {
            let full = values.len() >= KEPT;
            match values.entry(key) {
                Entry::Occupied(mut entry) => entry.get_mut().1 += 1,
                Entry::Vacant(entry) if !full => {
                    entry.insert((text(), 1));
                }
                Entry::Vacant(_) => {
                    self.seen = values.keys().copied().collect();
                    self.seen.insert(key);
                    self.values = None;
                }
            }
        } else if !self.more && self.seen.insert(key) && self.seen.len() > COUNTED {
            self.more = true;
        }
    }

    fn finish(self, variable: &clrisk_readers::Variable) -> InspectedVariable {
        let distinct = self.values.as_ref().map_or(self.seen.len().min(COUNTED), HashMap::len) as u64;
        let with_value = self.rows - self.missing;
        let values = self.values.map(|values| {
            let mut list: Vec<(String, u64)> = values.into_values().collect();
            list.sort_by(|(left, _), (right, _)| in_order(left, right));
            list
        });
        let labels: Vec<(String, String)> =
            variable.value_labels.iter().map(|(value, label)| (value_text(value), label.clone())).collect();
        let label_texts: Vec<String> = labels.iter().map(|(_, label)| label.clone()).collect();
        // Answers in words are labels of themselves.
        let own_words = match (&values, self.form) {
            (Some(values), Form::Text) if label_texts.is_empty() && self.kind == "text" => {
                values.iter().map(|(value, _)| value.clone()).collect()
            }
            _ => label_texts,
        };
        let guess = roles::guess(&Described {
            name: &variable.name,
            label: variable.label.as_deref(),
            value_labels: &own_words,
            number: Some(self.form != Form::Text),
            distinct: Some(distinct),
        });
        let profile = Profile { values, range: self.range, lengths: self.lengths };
        let (values, rare) = shown_values(&profile, &labels, &variable.missing, self.kind, with_value);
        InspectedVariable {
            name: variable.name.clone(),
            label: variable.label.clone(),
            kind: self.kind.to_owned(),
            missing: self.missing,
            declared_missing: self.declared,
            distinct,
            more_distinct: self.more,
            values,
            rare,
            guess,
            profile,
        }
    }
}

/// Numbers by size, texts by letters.
fn in_order(left: &str, right: &str) -> std::cmp::Ordering {
    match (left.parse::<f64>(), right.parse::<f64>()) {
        (Ok(left), Ok(right)) => left.total_cmp(&right),
        _ => left.cmp(right),
    }
}

/// The codes that may be shown, and how many may not.
fn shown_values(
    profile: &Profile,
    labels: &[(String, String)],
    missing: &MissingCodes,
    kind: &str,
    with_value: u64,
) -> (Vec<InspectedValue>, Option<u64>) {
    let is_missing =
        |code: &str| missing.has_text(code) || code.parse::<f64>().is_ok_and(|number| missing.has_number(number));
    let mut shown: Vec<InspectedValue> = labels
        .iter()
        .map(|(value, label)| InspectedValue {
            value: value.clone(),
            label: Some(label.clone()),
            missing: is_missing(value) || value.starts_with('.'),
            share: None,
        })
        .collect();
    let is_code = matches!(kind, "integer")
        || matches!(kind, "text") && profile.lengths.is_none_or(|(_, longest)| longest <= LONGEST_CODE);
    let Some(values) = profile.values.as_ref().filter(|values| is_code && values.len() <= MOST_SHOWN) else {
        return (shown, None);
    };
    let all_frequent = values.iter().all(|(_, rows)| *rows >= SHOWN_FROM_ROWS);
    let mut rare = 0;
    for (value, rows) in values {
        let share = all_frequent.then(|| *rows as f64 / with_value as f64);
        match shown.iter_mut().find(|known| known.value == *value) {
            Some(known) => known.share = share,
            None if *rows >= SHOWN_FROM_ROWS => {
                shown.push(InspectedValue { value: value.clone(), label: None, missing: false, share });
            }
            None => rare += 1,
        }
    }
    (shown, Some(rare))
}

/// The inspection as text.
pub fn text(inspection: &Inspection, catalog: &Catalog, language: Language) -> String {
    let say = |key: &str, args: &[(&str, &str)]| catalog.with(language, key, args);
    let numbers = NumberFormat::new(language, None);
    let count = |number: u64| numbers.count(number as f64);
    let mut lines = vec![say("inspect-file", &[("file", &inspection.file), ("format", &inspection.format)])];
    if let Some(from) = &inspection.labels_from {
        lines.push(say("inspect-labels-from", &[("file", from)]));
    }
    if inspection.tables.len() > 1 {
        let names: Vec<&str> = inspection.tables.iter().map(|table| table.name.as_str()).collect();
        lines.push(say("inspect-tables", &[("tables", &names.join(", "))]));
    }
    for table in &inspection.tables {
        lines.push(String::new());
        let (rows, variables) = (count(table.rows), count(table.variables.len() as u64));
        lines.push(say(
            "inspect-table",
            &[("table", &table.name), ("format", &table.format), ("rows", &rows), ("variables", &variables)],
        ));
        if let Some(producer) = &table.producer {
            lines.push(say("inspect-producer", &[("producer", producer)]));
        }
        if let (Some(encoding), Some(by)) = (&table.encoding, &table.encoding_decided_by) {
            let by = catalog.get(language, &format!("inspect-encoding-{by}"));
            lines.push(say("inspect-encoding", &[("encoding", encoding), ("by", &by)]));
        }
        if let Some(delimiter) = &table.delimiter {
            let name = if delimiter == "\t" { "TAB" } else { delimiter };
            lines.push(say("inspect-delimiter", &[("delimiter", name)]));
        }
        if let Some(variable) = &table.weighted_by {
            lines.push(say("inspect-weighted", &[("variable", variable)]));
        }
        for variable in &table.variables {
            lines.push(String::new());
            variable_lines(variable, table.rows, catalog, language, &mut lines);
        }
        if !table.roles.is_empty() {
            lines.push(String::new());
            lines.push(say("inspect-roles", &[]));
            for (role, variable) in &table.roles {
                lines.push(format!("  {}: {variable}", catalog.get(language, &format!("role-{role}"))));
            }
        }
    }
    lines.push(String::new());
    lines.push(say("inspect-confidential", &[("rows", &SHOWN_FROM_ROWS.to_string())]));
    lines.join("\n") + "\n"
}

fn variable_lines(
    variable: &InspectedVariable,
    rows: u64,
    catalog: &Catalog,
    language: Language,
    lines: &mut Vec<String>,
) {
    let say = |key: &str, args: &[(&str, &str)]| catalog.with(language, key, args);
    let numbers = NumberFormat::new(language, None);
    let count = |number: u64| numbers.count(number as f64);
    lines.push(match &variable.label {
        Some(label) => format!("{}  {label}", variable.name),
        None => variable.name.clone(),
    });
    let kind = catalog.get(language, &format!("inspect-kind-{}", variable.kind));
    let distinct = say(
        if variable.more_distinct { "inspect-more-distinct" } else { "inspect-distinct" },
        &[("count", &count(variable.distinct))],
    );
    let mut facts = vec![kind, distinct];
    if variable.missing > 0 {
        let share = if rows > 0 { variable.missing as f64 / rows as f64 } else { 0.0 };
        facts.push(say("inspect-missing", &[("count", &count(variable.missing)), ("share", &numbers.percent(share))]));
    }
    if variable.declared_missing > 0 {
        facts.push(say("inspect-declared", &[("count", &count(variable.declared_missing))]));
    }
    lines.push(format!("    {}", facts.join("; ")));
    if let Some(guess) = &variable.guess {
        let role = catalog.get(language, &format!("role-{}", guess.role));
        let reasons: Vec<String> = guess
            .reasons
            .iter()
            .map(|reason| {
                say(&format!("inspect-reason-{reason}"), &[("words", guess.words.as_deref().unwrap_or_default())])
            })
            .collect();
        let key = if guess.likely { "inspect-likely" } else { "inspect-possible" };
        lines.push(format!("    {}", say(key, &[("role", &role), ("reasons", &reasons.join(", "))])));
    }
    for value in &variable.values {
        let mut line = format!("      {}", value.value);
        if let Some(label) = &value.label {
            line.push_str(&format!(" = {label}"));
        }
        if value.missing {
            line.push_str(&format!("  ({})", catalog.get(language, "inspect-value-missing")));
        }
        if let Some(share) = value.share {
            line.push_str(&format!("  {}", numbers.percent(share)));
        }
        lines.push(line);
    }
    if let Some(rare) = variable.rare.filter(|rare| *rare > 0) {
        lines.push(format!("      {}", say("inspect-rare", &[("count", &count(rare))])));
    }
}
