//! The tables of a REDATAM database: an entity with everything above it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, RecordBatchOptions, UInt32Array};
use arrow::datatypes::{Field, Schema, SchemaRef};

use super::data::{PointerReader, ValueReader};
use super::dictionary::{Dictionary, DictionaryVariable, Storage, WordOrder};
use super::folder::{Folder, Found};
use super::label_encoding::LabelEncoding;
use super::{dic, dicx};
use crate::column::{ColumnBuilder, ColumnKind, Meaning, NumberEvidence};
use crate::encoding::TextEncoding;
use crate::error::ReadError;
use crate::options::{ReadOptions, UserMissing};
use crate::provenance::{EncodingChoice, EncodingEvidence, Note, Provenance};
use crate::source::Source;
use crate::table::{Batches, Table, batch_rows};
use crate::text::LetterCounts;
use crate::variable::{LabelBudget, LabelledValue, MissingCodes, Variable};

/// Bytes of each text variable that the encoding of the data is decided by.
const SAMPLE: usize = 1 << 15;

/// Rows that pointers may claim for an entity of which nothing else is there: no variable, and no entity below.
const MOST_ROWS_ALONE: u64 = 1 << 20;

/// A database whose files have been found.
struct Database {
    entities: Vec<OpenEntity>,
    encoding: LabelEncoding,
}

/// An entity whose files have been found.
struct OpenEntity {
    name: String,
    label: Option<String>,
    rows: u64,
    /// `None` when all rows belong to the one row of the root.
    pointers: Option<Source>,
    variables: Vec<OpenVariable>,
}

struct OpenVariable {
    declared: DictionaryVariable,
    source: Source,
    kind: ColumnKind,
    /// What is read as null.
    missing: MissingCodes,
}

/// Opens a dictionary and the files beside it.
///
/// # Errors
/// The dictionary is damaged, or a file of pointers is missing or contradicts it.
pub(crate) fn open(source: &Source, options: &ReadOptions) -> Result<Vec<Box<dyn Table>>, ReadError> {
    open_in(source, &Folder::of(source), options)
}

/// Opens a dictionary whose files lie in `folder`.
pub(crate) fn open_in(
    source: &Source,
    folder: &Folder,
    options: &ReadOptions,
) -> Result<Vec<Box<dyn Table>>, ReadError> {
    let asked = options.encoding.as_deref().map(TextEncoding::named).transpose()?;
    let bytes = source.head(usize::MAX)?;
    let xml = bytes
        .get(..4096.min(bytes.len()))
        .is_some_and(|head| head.windows(dicx::ROOT_ELEMENT.len()).any(|window| window == dicx::ROOT_ELEMENT));
    let (dictionary, format, labels) = if xml {
        let without_mark = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(&bytes);
        let (text, choice) = match std::str::from_utf8(without_mark) {
            Ok(text) => {
                (text.to_owned(), EncodingChoice { name: "utf-8".to_owned(), evidence: EncodingEvidence::Valid })
            }
            Err(_) => {
                let encoding = asked.map_or_else(|| LabelEncoding::of(&[without_mark]), LabelEncoding::asked);
                (encoding.decode(without_mark), encoding.choice())
            }
        };
        (dicx::read(&text)?, "REDATAM dicX", choice)
    } else {
        let encoding = asked.map_or_else(|| LabelEncoding::of(&[&bytes]), LabelEncoding::asked);
        (dic::read(&bytes, &encoding)?, "REDATAM dic", encoding.choice())
    };
    let mut provenance = Provenance {
        format: format.to_owned(),
        encoding: Some(labels),
        notes: dictionary.notes.clone(),
        ..Default::default()
    };
    let database = Arc::new(Database::find(&dictionary, folder, options, asked, &mut provenance)?);
    let mut order: Vec<usize> = (0..database.entities.len()).collect();
    order.sort_by_key(|entity| {
        (std::cmp::Reverse(dictionary.chain(*entity).len()), std::cmp::Reverse(database.entities[*entity].rows))
    });
    // Each table describes the variables of all entities above it, so that a dictionary is copied as often as its tree is deep.
    let mut budget = LabelBudget::of_file((3 << 20) + source.length().saturating_mul(4));
    let mut spend = |entity: usize| {
        dictionary.chain(entity).into_iter().flat_map(|entity| &dictionary.entities[entity].variables).all(|variable| {
            let labels = &variable.value_labels;
            let bytes = labels.iter().map(|(value, label)| value.len() + label.len()).sum::<usize>();
            budget.spend(2 + labels.len(), bytes + variable.name.len() + variable.label.as_ref().map_or(0, String::len))
        })
    };
    if !order.iter().all(|entity| spend(*entity)) {
        return Err(ReadError::damaged("REDATAM dictionary", source.length()));
    }
    Ok(order
        .into_iter()
        .map(|entity| -> Box<dyn Table> {
            Box::new(EntityTable::new(&database, dictionary.chain(entity), provenance.clone()))
        })
        .collect())
}

impl Database {
    /// Finds the files of all entities and variables, and what they say about numbers of rows.
    fn find(
        dictionary: &Dictionary,
        folder: &Folder,
        options: &ReadOptions,
        asked: Option<TextEncoding>,
        provenance: &mut Provenance,
    ) -> Result<Database, ReadError> {
        let mut pointers: Vec<Option<Source>> = Vec::new();
        let mut sources: Vec<Vec<Option<Found>>> = Vec::new();
        for entity in &dictionary.entities {
            pointers.push(match folder.find(&entity.pointers)? {
                Some(Found::File(source)) if source.length() >= 8 => Some(source),
                _ => None,
            });
            let found: Result<_, ReadError> =
                entity.variables.iter().map(|variable| folder.find(&variable.file)).collect();
            sources.push(found?);
        }
        let encoding = match asked {
            Some(encoding) => LabelEncoding::asked(encoding),
            None => sampled_encoding(dictionary, &sources)?,
        };
        let mut entities: Vec<OpenEntity> = Vec::new();
        for (position, (entity, found)) in dictionary.entities.iter().zip(sources).enumerate() {
            let own = pointers[position].clone();
            let parent_rows = entity.parent.map(|parent| entities[parent].rows);
            let rows = match (&own, parent_rows) {
                (None, None) => 1,
                (Some(own), Some(parents)) if PointerReader::parents(own) != parents => {
                    return Err(ReadError::damaged("REDATAM pointers", own.length()));
                }
                (Some(own), _) => PointerReader::children(own)?,
                // Old databases have no pointers below the root: their entities tell the rows themselves.
                (None, Some(1)) => {
                    let below = dictionary.entities.iter().zip(&pointers).find_map(|(child, pointers)| {
                        pointers.as_ref().filter(|_| child.parent == Some(position)).map(PointerReader::parents)
                    });
                    let held = entity.variables.iter().zip(&found).filter_map(|(variable, found)| match found {
                        Some(Found::File(source)) => Some(variable.storage.rows_in(source.length())),
                        _ => None,
                    });
                    below.or(held.min()).unwrap_or(0)
                }
                (None, Some(_)) => return Err(ReadError::MissingPart { part: entity.pointers.clone() }),
            };
            let mut variables = Vec::new();
            let mut without_file: Vec<&str> = Vec::new();
            for (variable, found) in entity.variables.iter().zip(found) {
                let Some(Found::File(source)) = found else {
                    if rows > 0 {
                        without_file.push(&variable.name);
                    }
                    continue;
                };
                if source.length() < variable.storage.bytes_of(rows) {
                    provenance.notes.push(
                        Note::warning("READ-123", rows)
                            .column(&variable.name)
                            .with("entity", &entity.name)
                            .with("held", variable.storage.rows_in(source.length())),
                    );
                }
                variables.push(OpenVariable::new(variable, source, rows, options)?);
            }
            let below = dictionary
                .entities
                .iter()
                .zip(&pointers)
                .any(|(child, pointers)| child.parent == Some(position) && pointers.is_some());
            if variables.is_empty() && !below && rows > MOST_ROWS_ALONE {
                return Err(ReadError::MissingPart {
                    part: entity.variables.first().map_or(&entity.pointers, |first| &first.file).clone(),
                });
            }
            if !without_file.is_empty() {
                provenance.notes.push(
                    Note::warning("READ-122", without_file.len() as u64)
                        .with("entity", &entity.name)
                        .with("columns", without_file.join(", ")),
                );
            }
            entities.push(OpenEntity {
                name: entity.name.clone(),
                label: entity.label.clone(),
                rows,
                pointers: own,
                variables,
            });
        }
        Ok(Database { entities, encoding })
    }
}

/// The encoding of text variables, decided by the beginning of each.
fn sampled_encoding(dictionary: &Dictionary, sources: &[Vec<Option<Found>>]) -> Result<LabelEncoding, ReadError> {
    let mut letters = LetterCounts::default();
    for (entity, found) in dictionary.entities.iter().zip(sources) {
        for (variable, found) in entity.variables.iter().zip(found) {
            if let (Storage::Text { .. }, Some(Found::File(source))) = (variable.storage, found) {
                letters.add(&source.head(SAMPLE)?);
            }
        }
    }
    Ok(LabelEncoding::by_letters(&letters))
}

impl OpenVariable {
    fn new(
        declared: &DictionaryVariable,
        source: Source,
        rows: u64,
        options: &ReadOptions,
    ) -> Result<OpenVariable, ReadError> {
        let missing = match options.user_missing {
            UserMissing::Null => missing_codes(declared),
            UserMissing::Keep => MissingCodes::default(),
        };
        let asked = options.types.get(&declared.name).map(String::as_str);
        let mut evidence = NumberEvidence::new(Meaning::Number);
        let kind = match declared.storage {
            Storage::Text { .. } => ColumnKind::Text,
            Storage::Double => {
                let mut reader = ValueReader::new(&source, declared.storage)?;
                for row in 0..rows {
                    match reader.double(row)? {
                        Some(value) if value.is_nan() || missing.has_number(value) => {}
                        Some(value) => evidence.observe(value),
                        // What is missing at the end is an error when the column is read.
                        None => break,
                    }
                }
                evidence.kind_asked(asked)
            }
            _ => evidence.kind_asked(asked),
        };
        Ok(OpenVariable { declared: declared.clone(), source, kind, missing })
    }
}

fn missing_codes(declared: &DictionaryVariable) -> MissingCodes {
    MissingCodes {
        numbers: [declared.missing, declared.not_applicable].into_iter().flatten().collect(),
        ..Default::default()
    }
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Column {
    /// The row number in an entity of the chain.
    RowNumber { level: usize },
    /// A variable of an entity of the chain.
    Variable { level: usize, position: usize },
}

impl Column {
    fn level(self) -> usize {
        match self {
            Column::RowNumber { level } | Column::Variable { level, .. } => level,
        }
    }
}

/// An entity with the variables of all entities above it.
struct EntityTable {
    database: Arc<Database>,
    /// Entities from the root to this one.
    chain: Arc<[usize]>,
    columns: Vec<Column>,
    schema: SchemaRef,
    variables: Vec<Variable>,
    provenance: Provenance,
}

impl EntityTable {
    fn new(database: &Arc<Database>, chain: Vec<usize>, provenance: Provenance) -> EntityTable {
        let mut columns = Vec::new();
        let mut variables = Vec::new();
        let mut fields = Vec::new();
        // The entity nearest to the rows keeps the plain name when two have a variable of the same name.
        let mut last_level: HashMap<&str, usize> = HashMap::new();
        for (level, entity) in chain.iter().enumerate() {
            for variable in &database.entities[*entity].variables {
                last_level.insert(&variable.declared.name, level);
            }
        }
        let mut names: HashSet<String> = HashSet::new();
        let mut numbers: HashMap<String, u64> = HashMap::new();
        let mut unique = |wanted: String| -> String {
            let mut name = wanted.clone();
            while !names.insert(name.clone()) {
                let number = numbers.entry(wanted.clone()).or_insert(1);
                *number += 1;
                name = format!("{wanted}_{number}");
            }
            name
        };
        for (level, entity) in chain.iter().enumerate() {
            let entity = &database.entities[*entity];
            let name = unique(format!("{}_REF_ID", entity.name));
            columns.push(Column::RowNumber { level });
            fields.push(Field::new(&name, ColumnKind::Integer.data_type(), true));
            variables.push(Variable { label: entity.label.clone(), ..Variable::named(name) });
            for (position, variable) in entity.variables.iter().enumerate() {
                let declared = &variable.declared;
                let plain = last_level.get(declared.name.as_str()) == Some(&level);
                let name =
                    unique(if plain { declared.name.clone() } else { format!("{}_{}", entity.name, declared.name) });
                columns.push(Column::Variable { level, position });
                fields.push(Field::new(&name, variable.kind.data_type(), true));
                variables.push(Variable {
                    label: declared.label.clone(),
                    value_labels: value_labels(declared),
                    missing: missing_codes(declared),
                    format: Some(format_of(declared.storage)),
                    ..Variable::named(name)
                });
            }
        }
        EntityTable {
            database: database.clone(),
            chain: chain.into(),
            columns,
            schema: Arc::new(Schema::new(fields)),
            variables,
            provenance,
        }
    }

    fn entity(&self) -> &OpenEntity {
        &self.database.entities[self.chain[self.chain.len() - 1]]
    }
}

/// Value labels, of the type of the variable.
fn value_labels(declared: &DictionaryVariable) -> Vec<(LabelledValue, String)> {
    declared
        .value_labels
        .iter()
        .filter_map(|(value, label)| {
            let value = match declared.storage {
                Storage::Text { .. } => LabelledValue::Text(value.clone()),
                _ => LabelledValue::Number(value.parse().ok()?),
            };
            Some((value, label.clone()))
        })
        .collect()
}

/// The storage in the notation of the dictionary.
fn format_of(storage: Storage) -> String {
    match storage {
        Storage::Text { bytes } => format!("CHR {bytes}"),
        Storage::Unsigned16 => "INT".to_owned(),
        Storage::Unsigned32 => "LNG".to_owned(),
        Storage::Double => "DBL".to_owned(),
        Storage::Packed { bits, words: WordOrder::Little } => format!("PCK {bits}"),
        Storage::Packed { bits, words: WordOrder::Big } => format!("BIN {bits}"),
    }
}

impl Table for EntityTable {
    fn name(&self) -> &str {
        &self.entity().name
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
        Some(self.entity().rows)
    }

    fn read(&self, columns: Option<&[usize]>) -> Result<Batches, ReadError> {
        let positions: Vec<usize> = match columns {
            Some(columns) => columns.to_vec(),
            None => (0..self.columns.len()).collect(),
        };
        let mut wanted = Vec::new();
        for position in &positions {
            let column = *self.columns.get(*position).ok_or(ReadError::NoColumn { position: *position })?;
            let values = match column {
                Column::RowNumber { .. } => None,
                Column::Variable { level, position } => {
                    let variable = &self.database.entities[self.chain[level]].variables[position];
                    Some(ValueReader::new(&variable.source, variable.declared.storage)?)
                }
            };
            wanted.push((column, values));
        }
        let schema = self.schema.project(&positions).map_err(|_| ReadError::NoColumn { position: positions.len() })?;
        // Pointers are followed only as far up as a column is wanted.
        let leaf = self.chain.len() - 1;
        let highest = wanted.iter().map(|(column, _)| column.level()).min().unwrap_or(leaf);
        let mut links = Vec::new();
        for level in (highest + 1..=leaf).rev() {
            let entity = &self.database.entities[self.chain[level]];
            links.push(entity.pointers.as_ref().map(PointerReader::new).transpose()?);
        }
        Ok(Box::new(EntityRows {
            database: self.database.clone(),
            chain: self.chain.clone(),
            wanted,
            schema: Arc::new(schema),
            links,
            next: 0,
            rows: self.entity().rows,
        }))
    }
}

/// The rows of a table, batch by batch.
struct EntityRows {
    database: Arc<Database>,
    chain: Arc<[usize]>,
    wanted: Vec<(Column, Option<ValueReader>)>,
    schema: SchemaRef,
    /// Pointers from the rows of the table upward; `None` where all rows belong to the first parent.
    links: Vec<Option<PointerReader>>,
    next: u64,
    rows: u64,
}

/// The rows of an entity that a batch needs, each once, and which of them belongs to each row of the batch.
struct Level {
    rows: Vec<u64>,
    of_row: Vec<u32>,
}

impl EntityRows {
    fn batch(&mut self, first: u64, count: usize) -> Result<RecordBatch, ReadError> {
        let mut levels =
            vec![Level { rows: (first..first + count as u64).collect(), of_row: (0..count as u32).collect() }];
        for link in &mut self.links {
            let child = &levels[levels.len() - 1];
            let mut rows: Vec<u64> = Vec::new();
            let mut of_child = Vec::with_capacity(child.rows.len());
            for row in &child.rows {
                let parent = match link {
                    Some(link) => link.parent_of(*row)?,
                    None => 0,
                };
                if rows.last() != Some(&parent) {
                    rows.push(parent);
                }
                of_child.push((rows.len() - 1) as u32);
            }
            let of_row = child.of_row.iter().map(|position| of_child[*position as usize]).collect();
            levels.push(Level { rows, of_row });
        }
        let leaf = self.chain.len() - 1;
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.wanted.len());
        for (column, values) in &mut self.wanted {
            let level = &levels[leaf - column.level()];
            let distinct: ArrayRef = match (*column, values) {
                (Column::Variable { level: at, position }, Some(values)) => {
                    let variable = &self.database.entities[self.chain[at]].variables[position];
                    let mut builder = ColumnBuilder::new(variable.kind, level.rows.len());
                    let name = &variable.declared.name;
                    values.read(&level.rows, &self.database.encoding, &variable.missing, &mut builder, name)?;
                    builder.finish()
                }
                _ => Arc::new(level.rows.iter().map(|row| Some(*row as i64 + 1)).collect::<Int64Array>()),
            };
            arrays.push(match column.level() == leaf {
                true => distinct,
                false => {
                    let indices = UInt32Array::from(level.of_row.clone());
                    arrow::compute::take(&distinct, &indices, None)
                        .map_err(|_| ReadError::damaged("REDATAM values", 0))?
                }
            });
        }
        let options = RecordBatchOptions::new().with_row_count(Some(count));
        RecordBatch::try_new_with_options(self.schema.clone(), arrays, &options)
            .map_err(|_| ReadError::damaged("REDATAM values", 0))
    }
}

impl Iterator for EntityRows {
    type Item = Result<RecordBatch, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.rows {
            return None;
        }
        let count = (self.rows - self.next).min(batch_rows(self.wanted.len()) as u64);
        let batch = self.batch(self.next, count as usize);
        // After an error nothing more is read.
        self.next = if batch.is_ok() { self.next + count } else { self.rows };
        Some(batch)
    }
}
