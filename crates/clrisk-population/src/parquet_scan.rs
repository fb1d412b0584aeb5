//! Parquet populations read without an engine in between.
//!
//! An expression over columns with few values has few values itself: it is evaluated once for each of them, by whoever knows
//! the language of expressions, and becomes a table. What is left for ten million rows is to decode the columns and to look
//! up. Row groups are read by several threads; nothing is kept of them.
//!
//! A file whose statistics do not say what its columns hold is refused with [`ScanError::Unsuitable`], and so is a value that
//! they do not announce: the caller then reads the file another way.

use std::collections::HashMap;
use std::fs::File;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, RecordBatch, StringArray};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Field, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Schema,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::statistics::StatisticsConverter;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::column::page::Page;
use parquet::file::reader::{FileReader, SerializedFileReader};

use crate::pass::{Pass, Tally};
use crate::plan::Stream;
use crate::rows::{Rows, Status};

/// Rows decoded at a time: what the columns of a dozen variables need stays in the processor's cache.
const BATCH_ROWS: usize = 8_192;
/// Values of a column, or of several together, that a table may have.
pub const MOST_KEYS: usize = 1 << 16;

/// Why a file cannot be read this way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// Another way of reading it is needed: its statistics are missing or wrong.
    #[error("the file does not say what its columns hold")]
    Unsuitable,
    /// It is damaged or incomplete.
    #[error("the file is damaged or incomplete")]
    Damaged,
}

/// What a column holds, besides missing values.
#[derive(Debug, Clone, PartialEq)]
pub enum Domain {
    /// Whole numbers from `first` on.
    Whole {
        /// The smallest.
        first: i64,
        /// How many.
        count: usize,
    },
    /// Texts.
    Texts(Vec<String>),
    /// Numbers with a fraction: too many to list.
    Numbers,
}

impl Domain {
    /// Keys of its table: one for each value, and the last for a missing one. None for numbers.
    pub fn keys(&self) -> Option<usize> {
        match self {
            Domain::Whole { count, .. } => Some(count + 1),
            Domain::Texts(texts) => Some(texts.len() + 1),
            Domain::Numbers => None,
        }
    }

    /// Its values in the order of their keys, the missing one last; none for numbers.
    pub fn values(&self) -> Option<ArrayRef> {
        match self {
            Domain::Whole { first, count } => {
                let values = (0..*count as i64).map(|offset| Some(first + offset)).chain([None]);
                Some(Arc::new(values.collect::<PrimitiveArray<Int64Type>>()))
            }
            Domain::Texts(texts) => {
                let values = texts.iter().map(|text| Some(text.as_str())).chain([None]);
                Some(Arc::new(values.collect::<StringArray>()))
            }
            Domain::Numbers => None,
        }
    }
}

/// A function of columns with few values: the value for each combination of their keys, the key of the last column moving
/// fastest.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup<T> {
    /// Positions of the columns in [`ScanPlan::columns`].
    pub columns: Vec<usize>,
    /// Values.
    pub table: Vec<T>,
}

/// Where a stream of the pass comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum StreamSource {
    /// The keys of a column.
    Keys(usize),
    /// Keys by the keys of one or more columns.
    KeyLookup(Lookup<u16>),
    /// The numbers of a column.
    Numbers(usize),
    /// Numbers by the keys of one or more columns.
    NumberLookup(Lookup<f64>),
}

/// What to read and how.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanPlan {
    /// Columns of the file with their domains.
    pub columns: Vec<(String, Domain)>,
    /// The streams of the pass.
    pub streams: Vec<StreamSource>,
    /// What ages and filters say of a row, in their order: the first that does not keep a row decides.
    pub status: Vec<Lookup<Status>>,
    /// Municipality of a row; [`NO_AREA`] for none.
    pub area: Lookup<u32>,
    /// Persons a row stands for; one when none.
    pub persons: Option<Lookup<f64>>,
}

/// No area of the map.
pub const NO_AREA: u32 = u32::MAX;

/// A Parquet file.
pub struct ParquetPopulation {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
}

impl ParquetPopulation {
    /// Opens a file and reads its footer.
    ///
    /// # Errors
    /// [`ScanError::Damaged`] when there is no readable footer.
    pub fn open(path: &Path) -> Result<ParquetPopulation, ScanError> {
        let damaged = |_| ScanError::Damaged;
        let file = File::open(path).map_err(|_| ScanError::Damaged)?;
        let plain = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(damaged)?;
        // Texts are read as keys of a dictionary, which is how the file has them.
        let fields: Vec<Field> = plain
            .schema()
            .fields()
            .iter()
            .map(|field| {
                if is_text(field.data_type()) {
                    let keys = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
                    Field::new(field.name(), keys, field.is_nullable())
                } else {
                    field.as_ref().clone()
                }
            })
            .collect();
        let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields)));
        let metadata = ArrowReaderMetadata::load(&file, options).map_err(|_| ScanError::Unsuitable)?;
        Ok(ParquetPopulation { path: path.to_owned(), metadata })
    }

    /// Rows of the file.
    pub fn rows(&self) -> u64 {
        self.metadata.metadata().file_metadata().num_rows().max(0) as u64
    }

    /// What a column holds; none when there is no such column, or nothing is known of it, or it holds too many values.
    pub fn domain(&self, column: &str) -> Option<Domain> {
        let index = self.metadata.schema().index_of(column).ok()?;
        match self.metadata.schema().field(index).data_type() {
            DataType::Float32 | DataType::Float64 => Some(Domain::Numbers),
            DataType::Boolean => Some(Domain::Whole { first: 0, count: 2 }),
            DataType::Dictionary(..) => self.texts(column),
            kind if kind.is_integer() => self.whole_numbers(column),
            _ => None,
        }
    }

    fn whole_numbers(&self, column: &str) -> Option<Domain> {
        let metadata = self.metadata.metadata();
        let groups = metadata.row_groups();
        let converter =
            StatisticsConverter::try_new(column, self.metadata.schema(), self.metadata.parquet_schema()).ok()?;
        let as_whole = |array: ArrayRef| arrow::compute::cast(&array, &DataType::Int64).ok();
        let least = as_whole(converter.row_group_mins(groups).ok()?)?;
        let most = as_whole(converter.row_group_maxes(groups).ok()?)?;
        let nulls = converter.row_group_null_counts(groups).ok()?;
        let (least, most) = (least.as_primitive::<Int64Type>(), most.as_primitive::<Int64Type>());
        let mut range: Option<(i64, i64)> = None;
        for (group, rows) in groups.iter().enumerate() {
            if least.is_null(group) || most.is_null(group) {
                let all_missing = nulls.is_valid(group) && nulls.value(group) as i64 == rows.num_rows();
                if !all_missing && rows.num_rows() > 0 {
                    return None;
                }
                continue;
            }
            let (low, high) = (least.value(group), most.value(group));
            range = Some(range.map_or((low, high), |(first, last)| (first.min(low), last.max(high))));
        }
        let (first, last) = range.unwrap_or((0, -1));
        let count = usize::try_from(last.checked_sub(first)?.checked_add(1)?).ok()?;
        (count < MOST_KEYS - 1).then_some(Domain::Whole { first, count })
    }

    /// The texts of the dictionaries of a column.
    fn texts(&self, column: &str) -> Option<Domain> {
        let reader = SerializedFileReader::new(File::open(&self.path).ok()?).ok()?;
        let leaf = self.leaf(column)?;
        let mut known: HashMap<Vec<u8>, ()> = HashMap::new();
        let mut texts = Vec::new();
        for group in 0..reader.num_row_groups() {
            let group = reader.get_row_group(group).ok()?;
            let mut pages = group.get_column_page_reader(leaf).ok()?;
            let Some(Page::DictionaryPage { buf, num_values, .. }) = pages.get_next_page().ok()? else {
                return None;
            };
            let mut rest: &[u8] = &buf;
            for _ in 0..num_values {
                let (length, after) = rest.split_first_chunk::<4>()?;
                let text = after.get(..u32::from_le_bytes(*length) as usize)?;
                rest = &after[text.len()..];
                if known.insert(text.to_vec(), ()).is_none() {
                    texts.push(String::from_utf8(text.to_vec()).ok()?);
                    if texts.len() >= MOST_KEYS - 1 {
                        return None;
                    }
                }
            }
        }
        Some(Domain::Texts(texts))
    }

    fn leaf(&self, column: &str) -> Option<usize> {
        let schema = self.metadata.parquet_schema();
        (0..schema.num_columns()).find(|&index| schema.column(index).path().parts() == [column])
    }

    /// Reads the file and adds every row to the pass.
    ///
    /// # Errors
    /// [`ScanError`]; nothing of the tally can then be used.
    pub fn scan(&self, plan: &ScanPlan, pass: &Pass, progress: &(dyn Fn(u64) + Sync)) -> Result<Tally, ScanError> {
        let leaves: Vec<usize> =
            plan.columns.iter().map(|(name, _)| self.leaf(name)).collect::<Option<_>>().ok_or(ScanError::Unsuitable)?;
        let groups = self.metadata.metadata().num_row_groups();
        let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(groups).max(1);
        let (next, rows, stop) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
        let runs = KeyRuns::new(plan);
        let work = || -> Result<Tally, ScanError> {
            let mut tally = pass.start();
            let mut reader = Decoder::new(plan, &runs);
            loop {
                let group = next.fetch_add(1, Ordering::Relaxed);
                if group >= groups || stop.load(Ordering::Relaxed) {
                    return Ok(tally);
                }
                let file = File::open(&self.path).map_err(|_| ScanError::Damaged)?;
                let batches = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
                    .with_row_groups(vec![group])
                    .with_projection(ProjectionMask::leaves(self.metadata.parquet_schema(), leaves.iter().copied()))
                    .with_batch_size(BATCH_ROWS)
                    .build()
                    .map_err(|_| ScanError::Damaged)?;
                for batch in batches {
                    let batch = batch.map_err(|_| ScanError::Damaged)?;
                    reader.add(&batch, pass, &mut tally)?;
                    let before = rows.fetch_add(batch.num_rows(), Ordering::Relaxed);
                    progress((before + batch.num_rows()) as u64);
                }
            }
        };
        let parts: Vec<Result<Tally, ScanError>> = std::thread::scope(|scope| {
            let handles: Vec<_> = (0..threads)
                .map(|_| {
                    scope.spawn(|| {
                        let part = work();
                        if part.is_err() {
                            stop.store(true, Ordering::Relaxed);
                        }
                        part
                    })
                })
                .collect();
            handles.into_iter().map(|handle| handle.join().unwrap_or(Err(ScanError::Damaged))).collect()
        });
        let mut total: Option<Tally> = None;
        for part in parts {
            let part = part?;
            match &mut total {
                Some(total) => pass.merge(total, &part),
                None => total = Some(part),
            }
        }
        Ok(total.unwrap_or_else(|| pass.start()))
    }
}

/// For every look-up of a status or an area by one column: the run of keys that keep a row. A batch whose keys lie in it
/// needs no second look.
struct KeyRuns {
    status: Vec<(u16, u16)>,
    area: (u16, u16),
}

impl KeyRuns {
    fn new(plan: &ScanPlan) -> KeyRuns {
        let run = |keeps: Vec<bool>, columns: &[usize]| match columns {
            [_] => crate::rows::longest_run(&keeps),
            _ => (1, 0),
        };
        KeyRuns {
            status: plan
                .status
                .iter()
                .map(|lookup| {
                    run(lookup.table.iter().map(|status| *status == Status::Candidate).collect(), &lookup.columns)
                })
                .collect(),
            area: run(plan.area.table.iter().map(|area| *area != NO_AREA).collect(), &plan.area.columns),
        }
    }
}

/// Turns batches of columns into streams.
struct Decoder<'a> {
    plan: &'a ScanPlan,
    runs: &'a KeyRuns,
    /// Keys of each column, or its numbers.
    keys: Vec<Vec<u16>>,
    numbers: Vec<Vec<f64>>,
    /// Smallest and largest key of each column in this batch.
    ranges: Vec<(u16, u16)>,
    /// Keys by text, for columns of text.
    texts: Vec<HashMap<&'a str, u16>>,
    stream_keys: Vec<Vec<u16>>,
    stream_numbers: Vec<Vec<f64>>,
    status: Vec<Status>,
    areas: Vec<u32>,
    persons: Vec<f64>,
}

impl<'a> Decoder<'a> {
    fn new(plan: &'a ScanPlan, runs: &'a KeyRuns) -> Decoder<'a> {
        let (columns, streams) = (plan.columns.len(), plan.streams.len());
        let texts = plan
            .columns
            .iter()
            .map(|(_, domain)| match domain {
                Domain::Texts(texts) => {
                    texts.iter().enumerate().map(|(key, text)| (text.as_str(), key as u16)).collect()
                }
                _ => HashMap::new(),
            })
            .collect();
        Decoder {
            plan,
            runs,
            keys: vec![Vec::new(); columns],
            numbers: vec![Vec::new(); columns],
            ranges: vec![(0, 0); columns],
            texts,
            stream_keys: vec![Vec::new(); streams],
            stream_numbers: vec![Vec::new(); streams],
            status: Vec::new(),
            areas: Vec::new(),
            persons: Vec::new(),
        }
    }

    fn add(&mut self, batch: &RecordBatch, pass: &Pass, tally: &mut Tally) -> Result<(), ScanError> {
        let rows = batch.num_rows();
        for (index, (name, domain)) in self.plan.columns.iter().enumerate() {
            let array = batch.column_by_name(name).ok_or(ScanError::Unsuitable)?;
            match domain {
                Domain::Whole { first, count } => {
                    whole_keys(array, *first, *count, &mut self.keys[index]).ok_or(ScanError::Unsuitable)?;
                }
                Domain::Texts(texts) => {
                    text_keys(array, &self.texts[index], texts.len(), &mut self.keys[index])
                        .ok_or(ScanError::Unsuitable)?;
                }
                Domain::Numbers => {
                    numbers(array, &mut self.numbers[index]).ok_or(ScanError::Unsuitable)?;
                    continue;
                }
            }
            let keys = &self.keys[index];
            self.ranges[index] = keys.iter().fold((u16::MAX, 0), |(low, high), &key| (low.min(key), high.max(key)));
            if domain.keys().is_some_and(|keys| self.ranges[index].1 as usize >= keys) && rows > 0 {
                return Err(ScanError::Unsuitable);
            }
        }
        self.choose(rows);
        for (index, source) in self.plan.streams.iter().enumerate() {
            match source {
                StreamSource::KeyLookup(lookup) => {
                    look_up(&self.plan.columns, &self.keys, lookup, rows, &mut self.stream_keys[index]);
                }
                StreamSource::NumberLookup(lookup) => {
                    look_up(&self.plan.columns, &self.keys, lookup, rows, &mut self.stream_numbers[index]);
                }
                StreamSource::Keys(_) | StreamSource::Numbers(_) => {}
            }
        }
        let streams: Vec<Stream<'_>> = self
            .plan
            .streams
            .iter()
            .enumerate()
            .map(|(index, source)| match source {
                StreamSource::Keys(column) => Stream::Keys(&self.keys[*column]),
                StreamSource::Numbers(column) => Stream::Numbers(&self.numbers[*column]),
                StreamSource::KeyLookup(_) => Stream::Keys(&self.stream_keys[index]),
                StreamSource::NumberLookup(_) => Stream::Numbers(&self.stream_numbers[index]),
            })
            .collect();
        let persons = self.plan.persons.is_some().then_some(self.persons.as_slice());
        pass.add(tally, &Rows { streams: &streams, status: &self.status, areas: &self.areas, persons, records: None });
        Ok(())
    }

    /// Status, area and persons of every row.
    fn choose(&mut self, rows: usize) {
        self.status.clear();
        self.status.resize(rows, Status::Candidate);
        let inside = |lookup_columns: &[usize], run: (u16, u16), ranges: &[(u16, u16)]| match lookup_columns {
            [column] => ranges[*column].0 >= run.0 && ranges[*column].1 <= run.1,
            _ => false,
        };
        let mut found = Vec::new();
        for (lookup, &run) in self.plan.status.iter().zip(&self.runs.status) {
            if inside(&lookup.columns, run, &self.ranges) {
                continue;
            }
            look_up(&self.plan.columns, &self.keys, lookup, rows, &mut found);
            for (status, found) in self.status.iter_mut().zip(&found) {
                if *status == Status::Candidate {
                    *status = *found;
                }
            }
        }
        if let Some(lookup) = &self.plan.persons {
            look_up(&self.plan.columns, &self.keys, lookup, rows, &mut self.persons);
            for (status, persons) in self.status.iter_mut().zip(&self.persons) {
                if *status == Status::Candidate && !(*persons >= 0.0 && persons.is_finite()) {
                    *status = Status::BadPersons;
                }
            }
        }
        look_up(&self.plan.columns, &self.keys, &self.plan.area, rows, &mut self.areas);
        if !inside(&self.plan.area.columns, self.runs.area, &self.ranges) {
            for (status, area) in self.status.iter_mut().zip(&self.areas) {
                if *status == Status::Candidate && *area == NO_AREA {
                    *status = Status::NoArea;
                }
            }
        }
    }
}

fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

/// The values of a look-up, row by row.
fn look_up<T: Copy>(
    columns: &[(String, Domain)],
    keys: &[Vec<u16>],
    lookup: &Lookup<T>,
    rows: usize,
    into: &mut Vec<T>,
) {
    into.clear();
    match lookup.columns.as_slice() {
        [] => into.extend(std::iter::repeat_n(lookup.table[0], rows)),
        [column] => into.extend(keys[*column].iter().map(|&key| lookup.table[key as usize])),
        several => into.extend((0..rows).map(|row| {
            let place = several
                .iter()
                .fold(0, |place, &column| place * columns[column].1.keys().unwrap_or(0) + keys[column][row] as usize);
            lookup.table[place]
        })),
    }
}

/// Keys of whole numbers; none when a value is not of the domain.
fn whole_keys(array: &ArrayRef, first: i64, count: usize, into: &mut Vec<u16>) -> Option<()> {
    match array.data_type() {
        DataType::Int8 => keys_of::<Int8Type>(array, first, count, into),
        DataType::Int16 => keys_of::<Int16Type>(array, first, count, into),
        DataType::Int32 => keys_of::<Int32Type>(array, first, count, into),
        DataType::Int64 => keys_of::<Int64Type>(array, first, count, into),
        DataType::UInt8 => keys_of::<UInt8Type>(array, first, count, into),
        DataType::UInt16 => keys_of::<UInt16Type>(array, first, count, into),
        DataType::UInt32 => keys_of::<UInt32Type>(array, first, count, into),
        DataType::UInt64 => keys_of::<UInt64Type>(array, first, count, into),
        DataType::Boolean => {
            into.clear();
            into.extend(array.as_boolean().iter().map(|value| value.map_or(2, u16::from)));
            Some(())
        }
        _ => None,
    }
}

fn keys_of<T: ArrowPrimitiveType>(array: &ArrayRef, first: i64, count: usize, into: &mut Vec<u16>) -> Option<()>
where
    T::Native: TryInto<i64> + Copy,
{
    let array = array.as_primitive::<T>();
    into.clear();
    // Beyond the domain on either side becomes a key that no domain has.
    let outside = u16::MAX as i64;
    let key = |value: T::Native| {
        let offset = value.try_into().unwrap_or(i64::MAX).wrapping_sub(first);
        if offset < 0 || offset >= count as i64 { outside as u16 } else { offset as u16 }
    };
    into.extend(array.values().iter().map(|value| key(*value)));
    if let Some(nulls) = array.nulls().filter(|nulls| nulls.null_count() > 0) {
        for (key, valid) in into.iter_mut().zip(nulls) {
            if !valid {
                *key = count as u16;
            }
        }
    }
    Some(())
}

/// Keys of texts; none when a text is not of the domain.
fn text_keys(array: &ArrayRef, known: &HashMap<&str, u16>, missing: usize, into: &mut Vec<u16>) -> Option<()> {
    let array = array.as_dictionary_opt::<Int32Type>()?;
    let texts = array.values().as_string_opt::<i32>()?;
    let keys: Vec<u16> = (0..texts.len())
        .map(|index| if texts.is_null(index) { Some(missing as u16) } else { known.get(texts.value(index)).copied() })
        .collect::<Option<_>>()?;
    into.clear();
    let places = array.keys();
    match places.nulls().filter(|nulls| nulls.null_count() > 0) {
        None => into.extend(places.values().iter().map(|&place| keys[place as usize])),
        Some(_) => {
            into.extend(places.iter().map(|place| place.map_or(missing as u16, |place| keys[place as usize])));
        }
    }
    Some(())
}

/// Numbers; NaN where missing.
fn numbers(array: &ArrayRef, into: &mut Vec<f64>) -> Option<()> {
    into.clear();
    match array.data_type() {
        DataType::Float32 => {
            into.extend(array.as_primitive::<Float32Type>().values().iter().map(|value| f64::from(*value)))
        }
        DataType::Float64 => into.extend_from_slice(array.as_primitive::<Float64Type>().values()),
        _ => return None,
    }
    if let Some(nulls) = array.nulls().filter(|nulls| nulls.null_count() > 0) {
        for (number, valid) in into.iter_mut().zip(nulls) {
            if !valid {
                *number = f64::NAN;
            }
        }
    }
    Some(())
}
