//! Tables of records of fixed length: what SPSS, Stata and SAS have in common once their headers are read.
//!
//! A table of records is passed over once when it is opened, to learn what its header does not say: which numbers are whole in
//! every row, how many values are missing by declaration, and in which encoding its texts are. Reading is a second pass.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema, SchemaRef};

use crate::binary::{BinaryReader, ByteOrder};
use crate::column::{ColumnBuilder, ColumnKind, Meaning, NumberEvidence};
use crate::encoding::TextEncoding;
use crate::error::ReadError;
use crate::options::{ReadOptions, UserMissing};
use crate::provenance::{EncodingChoice, EncodingEvidence, Note, Provenance};
use crate::source::Source;
use crate::table::{BATCH_ROWS, BATCH_TEXT, Batches, Table};
use crate::variable::{MissingCodes, Variable};

/// Bytes of records that are held at once, unless a single record is longer.
const BLOCK_BYTES: usize = 16 << 20;

/// Gives one record after another.
pub trait Records: Send {
    /// Appends the next record to `block`; `false` when there is none.
    ///
    /// # Errors
    /// The file is damaged.
    fn append(&mut self, block: &mut Vec<u8>) -> Result<bool, ReadError>;

    /// Records that follow the last one the header declares; asked for after it.
    fn surplus(&mut self) -> u64 {
        0
    }
}

/// Starts reading records from the first one.
pub type StartRecords = Arc<dyn Fn() -> Result<Box<dyn Records>, ReadError> + Send + Sync>;

/// Records that lie one after another in a file.
pub struct FixedRecords {
    reader: BinaryReader,
    record_length: usize,
    rows: Option<u64>,
    read: u64,
    last_part: bool,
}

impl FixedRecords {
    /// Starts at byte `start`; ends after `rows`, or with the file when they are not known.
    ///
    /// # Errors
    /// The file has gone, or ends before `start`.
    pub fn new(
        source: &Source,
        start: u64,
        record_length: usize,
        rows: Option<u64>,
    ) -> Result<FixedRecords, ReadError> {
        let mut reader = BinaryReader::new(source, ByteOrder::Little)?;
        reader.seek(start, "data")?;
        Ok(FixedRecords { reader, record_length, rows, read: 0, last_part: false })
    }

    /// Nothing but records follows in the file, so that those in surplus can be counted.
    pub fn until_the_end(mut self) -> FixedRecords {
        self.last_part = true;
        self
    }
}

impl Records for FixedRecords {
    fn append(&mut self, block: &mut Vec<u8>) -> Result<bool, ReadError> {
        let done = match self.rows {
            Some(rows) => self.read >= rows,
            None => self.reader.remaining() == 0,
        };
        if done {
            return Ok(false);
        }
        let (offset, row) = (self.reader.position(), self.read + 1);
        let damaged = || ReadError::Damaged { what: "data", offset: Some(offset), row: Some(row), column: None };
        if self.reader.remaining() < self.record_length as u64 {
            return Err(damaged());
        }
        let start = block.len();
        block.resize(start + self.record_length, 0);
        self.reader.fill(&mut block[start..], "data").map_err(|_| damaged())?;
        self.read += 1;
        Ok(true)
    }

    fn surplus(&mut self) -> u64 {
        if self.last_part { self.reader.remaining() / (self.record_length as u64).max(1) } else { 0 }
    }
}

/// How a number is written in a record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NumberCode {
    /// IEEE 754 double of SPSS; one value stands for "missing".
    Spss {
        /// Order of bytes.
        order: ByteOrder,
        /// The value that stands for "missing".
        missing: f64,
    },
    /// One of the number types of Stata.
    Stata(crate::stata::NumberType, ByteOrder),
    /// Floating point of IBM mainframes, of two to eight bytes, as SAS transport files hold it.
    Ibm,
    /// IEEE 754 double cut to its first bytes, as SAS data files hold it.
    Sas(ByteOrder),
}

/// A number of a record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A value.
    Value(f64),
    /// Missing.
    Missing,
    /// Missing with a letter, which tells why: `.a` to `.z`.
    MissingWithLetter,
}

impl NumberCode {
    #[inline]
    fn decode(self, bytes: &[u8]) -> Number {
        match self {
            NumberCode::Spss { order, missing } => {
                let value = double(bytes, order);
                if value == missing || value.is_nan() { Number::Missing } else { Number::Value(value) }
            }
            NumberCode::Stata(number_type, order) => number_type.decode(bytes, order),
            NumberCode::Ibm => crate::sas::ibm_number(bytes),
            NumberCode::Sas(order) => crate::sas::cut_double(bytes, order),
        }
    }
}

/// The double of eight bytes; NaN when there are fewer.
#[inline]
pub fn double(bytes: &[u8], order: ByteOrder) -> f64 {
    match (<[u8; 8]>::try_from(bytes), order) {
        (Ok(bytes), ByteOrder::Little) => f64::from_le_bytes(bytes),
        (Ok(bytes), ByteOrder::Big) => f64::from_be_bytes(bytes),
        (Err(_), _) => f64::NAN,
    }
}

/// What a cell of a record holds.
#[derive(Debug, Clone)]
pub enum CellCode {
    /// A number, and what it stands for.
    Number(NumberCode, Meaning),
    /// A text, padded with blanks or ended by a zero byte.
    Text,
    /// A reference to a text kept elsewhere.
    LongText(Arc<crate::stata::LongTexts>),
}

/// A variable's place in a record.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Where its bytes are: offset and length, in pieces when a text is long.
    pub pieces: Vec<(usize, usize)>,
    /// What they hold.
    pub code: CellCode,
    /// Declared missing texts, as the file writes them.
    pub missing_texts: Vec<Vec<u8>>,
}

impl Cell {
    /// The bytes of a text, without what follows a zero byte and without trailing blanks.
    fn text<'a>(&self, record: &'a [u8]) -> Cow<'a, [u8]> {
        let bytes = match self.pieces[..] {
            [(offset, length)] => Cow::Borrowed(&record[offset..offset + length]),
            _ => {
                let pieces = self.pieces.iter().flat_map(|(offset, length)| &record[*offset..offset + length]);
                Cow::Owned(pieces.copied().collect::<Vec<u8>>())
            }
        };
        match bytes {
            Cow::Borrowed(bytes) => Cow::Borrowed(trimmed(bytes)),
            Cow::Owned(bytes) => Cow::Owned(trimmed(&bytes).to_vec()),
        }
    }

    fn number(&self, record: &[u8], code: NumberCode) -> Number {
        match self.pieces[..] {
            [(offset, length), ..] => code.decode(&record[offset..offset + length]),
            [] => Number::Missing,
        }
    }
}

/// Bytes up to the first zero byte, without trailing blanks.
pub fn trimmed(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let end = bytes[..end].iter().rposition(|byte| *byte != b' ').map_or(0, |last| last + 1);
    &bytes[..end]
}

/// What a header says about a table of records; [`RecordTable::open`] finds out the rest.
pub struct Described {
    /// Name of the table.
    pub name: String,
    /// Variables whose texts may still be raw bytes: [`Described::decode`] is called once the encoding is known.
    pub variables: Vec<Variable>,
    /// Place of each variable.
    pub cells: Vec<Cell>,
    /// Bytes of a record.
    pub record_length: usize,
    /// Rows, when the header says so.
    pub rows: Option<u64>,
    /// Starts the records.
    pub start: StartRecords,
    /// Encoding and what it is known by; `None` when only the texts can tell.
    pub encoding: Option<(TextEncoding, EncodingEvidence)>,
    /// All texts of the header, for the decision about the encoding.
    pub header_texts: Vec<u8>,
    /// Format, producer and notes so far.
    pub provenance: Provenance,
}

/// A table of records.
pub struct RecordTable {
    name: String,
    schema: SchemaRef,
    variables: Arc<Vec<Variable>>,
    provenance: Provenance,
    rows: u64,
    plan: Arc<Plan>,
    start: StartRecords,
}

/// What is needed to turn records into columns.
struct Plan {
    cells: Vec<Cell>,
    kinds: Vec<ColumnKind>,
    missing: Vec<MissingCodes>,
    record_length: usize,
    encoding: TextEncoding,
    keep_missing: bool,
}

/// Counts of the first pass.
struct Survey {
    evidence: Vec<NumberEvidence>,
    declared_missing: Vec<u64>,
    rows: u64,
    surplus: u64,
    texts_beyond_ascii: bool,
    texts_not_utf8: u64,
    texts_malformed: u64,
}

/// Decides the encoding of the caller, of the file, or `None`.
///
/// # Errors
/// There is no encoding of the name the caller gave.
pub fn encoding_asked(
    options: &ReadOptions,
    declared: Option<(TextEncoding, EncodingEvidence)>,
) -> Result<Option<(TextEncoding, EncodingEvidence)>, ReadError> {
    match &options.encoding {
        Some(name) => Ok(Some((TextEncoding::named(name)?, EncodingEvidence::Asked))),
        None => Ok(declared),
    }
}

impl RecordTable {
    /// Passes over the records once and decides types and encoding; then `decode` turns the texts of the header into those of the
    /// variables.
    ///
    /// # Errors
    /// The records are damaged.
    pub fn open(
        described: Described,
        options: &ReadOptions,
        decode: impl FnOnce(&mut Vec<Variable>, TextEncoding, &mut u64),
    ) -> Result<RecordTable, ReadError> {
        let Described {
            name,
            mut variables,
            cells,
            record_length,
            rows: declared_rows,
            start,
            encoding,
            header_texts,
            mut provenance,
        } = described;
        let inside = |cell: &Cell| {
            !cell.pieces.is_empty()
                && cell
                    .pieces
                    .iter()
                    .all(|(at, length)| at.checked_add(*length).is_some_and(|end| end <= record_length))
        };
        if variables.len() != cells.len() || !cells.iter().all(inside) {
            return Err(ReadError::Damaged { what: "record layout", offset: None, row: None, column: None });
        }
        let keep_missing = options.user_missing == UserMissing::Keep;
        let missing: Vec<MissingCodes> = variables.iter().map(|variable| variable.missing.clone()).collect();
        let survey =
            survey(&cells, &missing, keep_missing, record_length, &start, encoding.map(|(encoding, _)| encoding))?;

        let (encoding, evidence) = encoding.unwrap_or_else(|| {
            let header_ascii = header_texts.is_ascii();
            if header_ascii && !survey.texts_beyond_ascii {
                (TextEncoding::UTF_8, EncodingEvidence::Plain)
            } else if std::str::from_utf8(&header_texts).is_ok() && survey.texts_not_utf8 == 0 {
                (TextEncoding::UTF_8, EncodingEvidence::Valid)
            } else {
                (TextEncoding::WINDOWS_1252, EncodingEvidence::Guessed)
            }
        });
        let mut malformed = 0;
        decode(&mut variables, encoding, &mut malformed);
        malformed += if encoding == TextEncoding::UTF_8 { survey.texts_not_utf8 } else { survey.texts_malformed };
        provenance.decoded(EncodingChoice { name: encoding.name().to_owned(), evidence });
        provenance.malformed(malformed, None);
        if !keep_missing {
            provenance.declared_missing(&survey.declared_missing);
        }
        if declared_rows.is_some_and(|declared| declared > survey.rows) {
            return Err(ReadError::Damaged { what: "data", offset: None, row: Some(survey.rows + 1), column: None });
        }
        if survey.surplus > 0 {
            let found = survey.rows + survey.surplus;
            provenance.notes.push(Note::warning("READ-105", found).with("expected", survey.rows));
        }
        let mut names: Vec<String> = variables.iter().map(|variable| variable.name.clone()).collect();
        provenance.distinct_names(&mut names);
        for (variable, name) in variables.iter_mut().zip(names) {
            variable.name = name;
        }

        let kinds: Vec<ColumnKind> = cells
            .iter()
            .zip(&survey.evidence)
            .zip(&variables)
            .map(|((cell, evidence), variable)| match cell.code {
                CellCode::Number(..) => evidence.kind_asked(options.types.get(&variable.name).map(String::as_str)),
                CellCode::Text | CellCode::LongText(_) => ColumnKind::Text,
            })
            .collect();
        let fields: Vec<Field> = variables
            .iter()
            .zip(&kinds)
            .map(|(variable, kind)| Field::new(&variable.name, kind.data_type(), true))
            .collect();
        Ok(RecordTable {
            name,
            schema: Arc::new(Schema::new(fields)),
            variables: Arc::new(variables),
            provenance,
            rows: survey.rows,
            plan: Arc::new(Plan { cells, kinds, missing, record_length, encoding, keep_missing }),
            start,
        })
    }
}

/// Rows that are held at once.
fn rows_at_once(record_length: usize) -> usize {
    (BLOCK_BYTES / record_length.max(1)).clamp(1, BATCH_ROWS)
}

/// Fills `block` with records; gives how many.
fn fill(records: &mut dyn Records, block: &mut Vec<u8>, record_length: usize) -> Result<usize, ReadError> {
    block.clear();
    if record_length == 0 {
        return Ok(0);
    }
    let wanted = rows_at_once(record_length);
    let mut rows = 0;
    while rows < wanted && records.append(block)? {
        rows += 1;
    }
    Ok(rows)
}

/// The first pass.
fn survey(
    cells: &[Cell],
    missing: &[MissingCodes],
    keep_missing: bool,
    record_length: usize,
    start: &StartRecords,
    encoding: Option<TextEncoding>,
) -> Result<Survey, ReadError> {
    let mut survey = Survey {
        evidence: cells
            .iter()
            .map(|cell| match cell.code {
                CellCode::Number(_, meaning) => NumberEvidence::new(meaning),
                _ => NumberEvidence::new(Meaning::Number),
            })
            .collect(),
        declared_missing: vec![0; cells.len()],
        rows: 0,
        surplus: 0,
        texts_beyond_ascii: false,
        texts_not_utf8: 0,
        texts_malformed: 0,
    };
    let mut records = start()?;
    let mut block = Vec::new();
    loop {
        let rows = fill(records.as_mut(), &mut block, record_length)?;
        if rows == 0 {
            survey.surplus = records.surplus();
            return Ok(survey);
        }
        survey.rows += rows as u64;
        for (position, cell) in cells.iter().enumerate() {
            let records = block.chunks_exact(record_length.max(1)).take(rows);
            match &cell.code {
                CellCode::Number(code, _) => {
                    let evidence = &mut survey.evidence[position];
                    let declared = &missing[position];
                    let none = declared.is_empty();
                    for record in records {
                        match cell.number(record, *code) {
                            Number::Value(value) if none || !declared.has_number(value) => evidence.observe(value),
                            Number::Value(value) => {
                                survey.declared_missing[position] += 1;
                                if keep_missing {
                                    evidence.observe(value);
                                }
                            }
                            Number::MissingWithLetter => survey.declared_missing[position] += 1,
                            Number::Missing => {}
                        }
                    }
                }
                CellCode::Text => {
                    for record in records {
                        let text = cell.text(record);
                        if !cell.missing_texts.is_empty() && cell.missing_texts.iter().any(|missing| *missing == *text)
                        {
                            survey.declared_missing[position] += 1;
                        }
                        survey.observe_text(&text, encoding);
                    }
                }
                CellCode::LongText(texts) => {
                    for record in records {
                        let (offset, length) = cell.pieces[0];
                        if let Some(text) = texts.get(&record[offset..offset + length]) {
                            survey.observe_text(text, encoding);
                        }
                    }
                }
            }
        }
    }
}

impl Survey {
    fn observe_text(&mut self, text: &[u8], encoding: Option<TextEncoding>) {
        if text.is_ascii() {
            return;
        }
        self.texts_beyond_ascii = true;
        if crate::encoding::utf8(text).is_none() {
            self.texts_not_utf8 += 1;
        }
        if let Some(encoding) = encoding
            && encoding.decode(text).1
        {
            self.texts_malformed += 1;
        }
    }
}

impl RecordTable {
    /// Notes that the file names a variable as the weight of its rows.
    pub fn set_weight(&mut self, position: usize) {
        self.provenance.weight = self.variables.get(position).map(|variable| variable.name.clone());
    }
}

impl Table for RecordTable {
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
        let columns: Vec<usize> = match columns {
            Some(columns) => columns.to_vec(),
            None => (0..self.variables.len()).collect(),
        };
        if let Some(position) = columns.iter().copied().find(|column| *column >= self.variables.len()) {
            return Err(ReadError::NoColumn { position });
        }
        let schema = self.schema.project(&columns).map_err(|_| ReadError::NoColumn { position: 0 })?;
        Ok(Box::new(RecordBatches {
            records: Some((self.start)()?),
            plan: self.plan.clone(),
            columns,
            schema: Arc::new(schema),
            block: Vec::new(),
            rows: 0,
            given: 0,
        }))
    }
}

/// The second pass.
struct RecordBatches {
    records: Option<Box<dyn Records>>,
    plan: Arc<Plan>,
    columns: Vec<usize>,
    schema: SchemaRef,
    block: Vec<u8>,
    /// Records of the block, and how many of them have been given.
    rows: usize,
    given: usize,
}

impl Iterator for RecordBatches {
    type Item = Result<RecordBatch, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.given == self.rows {
            self.given = 0;
            self.rows = match fill(self.records.as_mut()?.as_mut(), &mut self.block, self.plan.record_length) {
                Ok(0) => {
                    self.records = None;
                    return None;
                }
                Ok(rows) => rows,
                Err(error) => {
                    self.records = None;
                    return Some(Err(error));
                }
            };
        }
        let block = &self.block[self.given * self.plan.record_length..];
        let rows = self.plan.rows_within(&self.columns, block, self.rows - self.given);
        self.given += rows;
        let arrays = self.columns.iter().map(|column| self.plan.column(*column, block, rows)).collect();
        let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(self.schema.clone(), arrays, &options)
            .map_err(|_| ReadError::Damaged { what: "records", offset: None, row: None, column: None });
        Some(batch)
    }
}

impl Plan {
    /// Records of a block that make a batch: all, unless they refer to texts kept elsewhere, which may be long and referred to often.
    fn rows_within(&self, columns: &[usize], block: &[u8], rows: usize) -> usize {
        let long = columns.iter().filter_map(|column| match &self.cells[*column] {
            Cell { pieces, code: CellCode::LongText(texts), .. } => Some((pieces[0], texts)),
            _ => None,
        });
        let long: Vec<_> = long.collect();
        if long.is_empty() {
            return rows;
        }
        let mut bytes = 0;
        for (row, record) in block.chunks_exact(self.record_length.max(1)).take(rows).enumerate() {
            for ((offset, length), texts) in &long {
                bytes += texts.get(&record[*offset..offset + length]).map_or(0, <[u8]>::len);
            }
            if bytes >= BATCH_TEXT {
                return row + 1;
            }
        }
        rows
    }

    /// One column of a block.
    fn column(&self, column: usize, block: &[u8], rows: usize) -> arrow::array::ArrayRef {
        let cell = &self.cells[column];
        let missing = &self.missing[column];
        let mut builder = ColumnBuilder::new(self.kinds[column], rows);
        let records = block.chunks_exact(self.record_length.max(1)).take(rows);
        match &cell.code {
            CellCode::Number(code, _) => {
                let drop = !self.keep_missing && !missing.is_empty();
                for record in records {
                    match cell.number(record, *code) {
                        Number::Value(value) if !(drop && missing.has_number(value)) => builder.push_number(value),
                        _ => builder.push_null(),
                    }
                }
            }
            CellCode::Text => {
                let drop = !self.keep_missing && !cell.missing_texts.is_empty();
                for record in records {
                    let text = cell.text(record);
                    if text.is_empty() || (drop && cell.missing_texts.iter().any(|missing| *missing == *text)) {
                        builder.push_null();
                    } else {
                        builder.push_text(&self.encoding.decode(&text).0);
                    }
                }
            }
            CellCode::LongText(texts) => {
                let (offset, length) = cell.pieces[0];
                for record in records {
                    match texts.get(&record[offset..offset + length]) {
                        Some(text) if !text.is_empty() => builder.push_text(&self.encoding.decode(text).0),
                        _ => builder.push_null(),
                    }
                }
            }
        }
        builder.finish()
    }
}
