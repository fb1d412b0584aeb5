//! Rows of text as a table: types learned from all rows, then batches.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{Field, Schema, SchemaRef};
use csv::ByteRecord;

use super::evidence::TextEvidence;
use super::literal::{ColumnEvidence, Decimal, TextColumn, is_missing, number, whole_number};
use crate::column::{ColumnBuilder, ColumnKind};
use crate::error::ReadError;
use crate::options::{ReadOptions, UserMissing};
use crate::provenance::{Note, Provenance};
use crate::table::{BATCH_TEXT, Batches, Table, batch_rows};
use crate::variable::{MissingCodes, Variable};

/// The rows of a text file, as fields.
pub(crate) trait Records: Send {
    /// The next row; `false` when there is none.
    fn read(&mut self, record: &mut ByteRecord) -> Result<bool, ReadError>;

    /// What the bytes of the file say about their encoding, when it was not known.
    fn evidence(&self) -> Option<&TextEvidence>;

    /// What was met on the way.
    fn notes(&self) -> Vec<Note>;
}

/// A text file that can be read from the beginning more than once.
pub(crate) trait Layout: Send + Sync {
    fn records(&self) -> Result<Box<dyn Records>, ReadError>;
}

/// What all rows of a file say about its columns.
pub(crate) struct Learned {
    columns: Vec<ColumnEvidence>,
    /// Values of each column that are declared to be missing.
    declared_missing: Vec<u64>,
    rows: u64,
    /// Rows whose text is not UTF-8, and the first of them.
    invalid: u64,
    first_invalid: u64,
}

/// Reads all rows. `utf_8` says that the file is said to be UTF-8, so that rows that are not are counted.
pub(crate) fn learn(records: &mut dyn Records, variables: &[Variable], utf_8: bool) -> Result<Learned, ReadError> {
    let mut learned = Learned {
        columns: vec![ColumnEvidence::new(); variables.len()],
        declared_missing: vec![0; variables.len()],
        rows: 0,
        invalid: 0,
        first_invalid: 0,
    };
    let mut record = ByteRecord::new();
    while records.read(&mut record)? {
        learned.rows += 1;
        if utf_8 && std::str::from_utf8(record.as_slice()).is_err() {
            learned.invalid += 1;
            if learned.invalid == 1 {
                learned.first_invalid = learned.rows;
            }
        }
        let columns = learned.columns.iter_mut().zip(&mut learned.declared_missing);
        for (((column, declared), value), variable) in columns.zip(&record).zip(variables) {
            let trimmed = value.trim_ascii();
            if is_declared_missing(trimmed, &variable.missing) {
                *declared += 1;
                continue;
            }
            let code = if variable.missing.is_empty() { None } else { whole_number(trimmed) };
            *declared += u64::from(code.is_some_and(|code| variable.missing.has_number(code as f64)));
            column.observe(value);
        }
    }
    Ok(learned)
}

fn is_declared_missing(value: &[u8], missing: &MissingCodes) -> bool {
    !missing.texts.is_empty() && std::str::from_utf8(value).is_ok_and(|value| missing.has_text(value))
}

/// A text file whose columns have types.
pub(crate) struct TextTable {
    name: String,
    layout: Arc<dyn Layout>,
    columns: Arc<[TextColumn]>,
    /// What is read as null, a column.
    missing: Arc<[MissingCodes]>,
    schema: SchemaRef,
    variables: Vec<Variable>,
    provenance: Provenance,
    rows: u64,
}

impl TextTable {
    /// Decides the types of columns: what the caller asks for, then `declared`, then what all rows say.
    pub(crate) fn new(
        name: String,
        layout: Arc<dyn Layout>,
        variables: Vec<Variable>,
        declared: &[Option<ColumnKind>],
        learned: &Learned,
        mut provenance: Provenance,
        options: &ReadOptions,
    ) -> TextTable {
        let sure = |decimal| learned.columns.iter().filter(|column| column.sure() == Some(decimal)).count();
        let otherwise = match sure(Decimal::Comma) > sure(Decimal::Point) {
            true => Decimal::Comma,
            false => Decimal::Point,
        };
        let mut columns = Vec::with_capacity(variables.len());
        let (mut commas, mut ambiguous, mut points) = (Vec::new(), Vec::new(), Vec::new());
        for (position, (variable, evidence)) in variables.iter().zip(&learned.columns).enumerate() {
            let mut column = evidence.decide(otherwise);
            let asked = match options.types.get(&variable.name).map(String::as_str) {
                Some("text") => Some(ColumnKind::Text),
                Some("integer") => Some(ColumnKind::Integer),
                Some("number") => Some(ColumnKind::Number),
                _ => declared.get(position).copied().flatten(),
            };
            column.kind = asked.unwrap_or(column.kind);
            if column.kind != ColumnKind::Text {
                if evidence.sure() == Some(Decimal::Comma) {
                    commas.push(variable.name.as_str());
                }
                if evidence.ambiguous() {
                    ambiguous.push(variable.name.as_str());
                }
                if evidence.lone_points > 0 {
                    points.push((variable.name.as_str(), evidence.lone_points));
                }
            }
            columns.push(column);
        }
        provenance.malformed(learned.invalid, Some(learned.first_invalid));
        if options.user_missing == UserMissing::Null {
            provenance.declared_missing(&learned.declared_missing);
        }
        if !commas.is_empty() {
            provenance.notes.push(Note::fact("READ-124", commas.len() as u64).with("columns", list(&commas)));
        }
        if !ambiguous.is_empty() {
            let separator = if otherwise == Decimal::Comma { "," } else { "." };
            let note = Note::warning("READ-125", ambiguous.len() as u64).with("columns", list(&ambiguous));
            provenance.notes.push(note.with("separator", separator));
        }
        for (name, count) in points {
            provenance.notes.push(Note::fact("READ-126", count).column(name));
        }
        let fields: Vec<Field> = variables
            .iter()
            .zip(&columns)
            .map(|(variable, column)| Field::new(&variable.name, column.kind.data_type(), true))
            .collect();
        let missing = match options.user_missing {
            UserMissing::Null => variables.iter().map(|variable| variable.missing.clone()).collect(),
            UserMissing::Keep => variables.iter().map(|_| MissingCodes::default()).collect(),
        };
        TextTable {
            name,
            layout,
            columns: columns.into(),
            missing,
            schema: Arc::new(Schema::new(fields)),
            variables,
            provenance,
            rows: learned.rows,
        }
    }
}

/// Names, as many as a message can hold.
fn list(names: &[&str]) -> String {
    const SHOWN: usize = 12;
    let shown = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN { format!("{shown}, …") } else { shown }
}

impl Table for TextTable {
    fn name(&self) -> &str {
        &self.name
    }

    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn variables(&self) -> &[Variable] {
        &self.variables
    }

    fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    fn rows(&self) -> Option<u64> {
        Some(self.rows)
    }

    fn read(&self, columns: Option<&[usize]>) -> Result<Batches, ReadError> {
        let positions: Vec<usize> = match columns {
            Some(columns) => columns.to_vec(),
            None => (0..self.columns.len()).collect(),
        };
        if let Some(position) = positions.iter().find(|position| **position >= self.columns.len()) {
            return Err(ReadError::NoColumn { position: *position });
        }
        let schema = self.schema.project(&positions).map_err(|_| ReadError::NoColumn { position: positions.len() })?;
        Ok(Box::new(TextRows {
            records: self.layout.records()?,
            positions,
            columns: self.columns.clone(),
            missing: self.missing.clone(),
            schema: Arc::new(schema),
            row: 0,
            ended: false,
        }))
    }
}

/// The rows of a text file, batch by batch.
struct TextRows {
    records: Box<dyn Records>,
    positions: Vec<usize>,
    columns: Arc<[TextColumn]>,
    missing: Arc<[MissingCodes]>,
    schema: SchemaRef,
    row: u64,
    ended: bool,
}

impl TextRows {
    fn batch(&mut self) -> Result<Option<RecordBatch>, ReadError> {
        let mut builders: Vec<ColumnBuilder> =
            self.positions.iter().map(|position| ColumnBuilder::new(self.columns[*position].kind, 0)).collect();
        let mut record = ByteRecord::new();
        let (mut rows, mut text) = (0, 0);
        while rows < batch_rows(self.positions.len()) && text < BATCH_TEXT {
            if !self.records.read(&mut record)? {
                self.ended = true;
                break;
            }
            rows += 1;
            text += record.as_slice().len();
            self.row += 1;
            for (builder, position) in builders.iter_mut().zip(&self.positions) {
                let value = record.get(*position).unwrap_or_default();
                if let Err(wanted) = push(value, self.columns[*position], &self.missing[*position], builder) {
                    let position = self.positions.iter().position(|other| other == position).unwrap_or_default();
                    let column = self.schema.field(position).name().clone();
                    return Err(ReadError::NotOfType { wanted: wanted.to_owned(), row: self.row, column });
                }
            }
        }
        if rows == 0 {
            return Ok(None);
        }
        let arrays: Vec<ArrayRef> = builders.iter_mut().map(ColumnBuilder::finish).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(self.schema.clone(), arrays, &options)
            .map(Some)
            .map_err(|_| ReadError::damaged("rows", 0))
    }
}

impl Iterator for TextRows {
    type Item = Result<RecordBatch, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let batch = self.batch();
        self.ended |= batch.is_err();
        batch.transpose()
    }
}

/// Adds a value to a column. The error is the type that it is not of.
fn push(
    value: &[u8],
    column: TextColumn,
    missing: &MissingCodes,
    builder: &mut ColumnBuilder,
) -> Result<(), &'static str> {
    let trimmed = value.trim_ascii();
    if is_missing(trimmed) || is_declared_missing(trimmed, missing) {
        builder.push_null();
        return Ok(());
    }
    if column.kind == ColumnKind::Text {
        // What is not UTF-8 here was counted when the rows were first read.
        builder.push_text(String::from_utf8_lossy(value).trim_end_matches(' '));
        return Ok(());
    }
    if trimmed == b"." {
        builder.push_null();
        return Ok(());
    }
    if let Some(whole) = whole_number(trimmed) {
        match !missing.is_empty() && missing.has_number(whole as f64) {
            true => builder.push_null(),
            false => builder.push_integer(whole),
        }
        return Ok(());
    }
    // A column asked to be a number may hold what is a code elsewhere: 007 is 7 then.
    let digits = trimmed.strip_prefix(b"-").unwrap_or(trimmed);
    let zeros = digits.iter().take_while(|byte| **byte == b'0').count();
    let number = match number(trimmed, column.decimal) {
        None if zeros > 0 && digits.len() <= 18 && digits.iter().all(u8::is_ascii_digit) => {
            std::str::from_utf8(trimmed).ok().and_then(|digits| digits.parse::<i64>().ok()).map(|whole| whole as f64)
        }
        number => number,
    };
    match (number, column.kind) {
        (Some(number), _) if missing.has_number(number) => builder.push_null(),
        (Some(number), ColumnKind::Integer) if number.fract() == 0.0 && number.abs() < 9e15 => {
            builder.push_integer(number as i64);
        }
        (_, ColumnKind::Integer) => return Err("integer"),
        (Some(number), _) => builder.push_number(number),
        (None, _) => return Err("number"),
    }
    Ok(())
}
