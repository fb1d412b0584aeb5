//! One streamed pass over the population file to a summary in memory.
//!
//! Every child is scored at the mode of the model and falls into a bin of (municipality, publication cell, linear predictor);
//! a dozen *audit areas* are also kept exactly, pattern by pattern. The sums are those of [`clrisk_population`]; what bins
//! are good for is told in [`clrisk_stats::poststratification`].
//!
//! Rows come one of three ways, and the summary is the same to the last bit whichever it is: straight from a Parquet file
//! where every expression depends on a few columns with few values ([`crate::recode`]), as batches that DataFusion computes,
//! or in parts from the machines of a cluster ([`crate::cluster`]).

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringArray};
use arrow::datatypes::{DataType, Float64Type};
use clrisk_core::{Finding, Findings, Place};
pub use clrisk_population::pass::Distribution;
use clrisk_population::pass::Summary;
use clrisk_population::plan::{self, Sources};
use clrisk_population::rows::{Counts, Rows, Status};
use clrisk_population::{Pass, Plan, Reading, Stream, Tally};
use clrisk_stats::multilevel::{DesignRecipe, VariableValues};
use clrisk_stats::poststratification::BinnedPopulation;
use datafusion::error::DataFusionError;
use futures::StreamExt;

use crate::cluster::Cluster;
use crate::codebook::Codebook;
use crate::columns::{self, Values};
use crate::join::{Destination, Destinations};
use crate::recode;
use crate::settings::Settings;
use crate::source::{Column, Found, Session, evaluation_finding, select_list};
use crate::survey::{Accounting, Occurrences, variable_findings};

/// Columns of the query before those of the variables.
pub(crate) const HEAD: usize = 5;

/// The model at its mode, as the pass needs it.
#[derive(Debug, Clone)]
pub struct ModeScores {
    /// The design: child variables, then area variables.
    pub recipe: DesignRecipe,
    /// For each municipality the sum of its intercept effects, then the coefficients of the design.
    pub coefficients: Vec<Vec<f64>>,
}

/// The publication cells: the crossing of all variables named in `[publish] groups`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cells {
    /// Positions of the variables among the codebook's child variables, in the order of the codebook.
    pub variables: Vec<usize>,
    /// Number of categories of each.
    pub sizes: Vec<usize>,
}

impl Cells {
    /// The cells of the project's publication groups.
    pub fn new(codebook: &Codebook, groups: &[Vec<String>]) -> Cells {
        let variables: Vec<usize> = codebook
            .child
            .iter()
            .enumerate()
            .filter(|(_, variable)| groups.iter().flatten().any(|name| *name == variable.name))
            .map(|(index, _)| index)
            .collect();
        let sizes = variables.iter().map(|&index| codebook.child[index].levels.as_ref().map_or(1, Vec::len)).collect();
        Cells { variables, sizes }
    }

    /// Number of cells.
    pub fn count(&self) -> usize {
        self.sizes.iter().product()
    }

    /// The category of the `dimension`-th variable in `cell`.
    pub fn category(&self, cell: usize, dimension: usize) -> usize {
        let below: usize = self.sizes[dimension + 1..].iter().product();
        cell / below % self.sizes[dimension]
    }
}

/// The summary of a population.
#[derive(Debug, Clone)]
pub struct Population {
    /// Publication cells.
    pub cells: Cells,
    /// The children in bins.
    pub binned: BinnedPopulation,
    /// Rate at the mode of every municipality and cell, child by child; NaN where nobody lives.
    pub mode_rates: Vec<f64>,
    /// Children by category of each child variable (or number and sums for numbers), for the comparison with the survey.
    pub distributions: Vec<Distribution>,
    /// What became of the rows.
    pub accounting: Accounting,
}

/// What a pass needs to know.
#[derive(Debug, Clone)]
pub struct PassContext {
    /// Categories of each child variable; none for a number.
    pub levels: Vec<Option<Vec<String>>>,
    /// Where each area code goes.
    pub destinations: Destinations,
    /// Values of the area variables by municipality.
    pub area_values: Vec<Values>,
    /// Number of municipalities.
    pub areas: usize,
    /// Publication cells.
    pub cells: Cells,
    /// Ages of interest.
    pub ages: [i64; 2],
    /// Shares of the age bands, when the census has only bands.
    pub band_shares: Vec<f64>,
    /// Whether the census has single ages.
    pub single_ages: bool,
    /// The model.
    pub scores: ModeScores,
}

impl Population {
    /// Reads the population file, on the machines of a cluster when one is given.
    ///
    /// # Errors
    /// Findings of files and expressions; `CLUSTER-001` to `CLUSTER-003` when the cluster fails. `DATA-003`, `DATA-004`,
    /// `DATA-006` (no children at all), `DATA-007` (negative counts) go to `findings`.
    pub async fn read(
        session: &Session,
        settings: &Settings,
        codebook: &Codebook,
        context: PassContext,
        cluster: Option<&Cluster>,
        findings: &mut Findings,
        progress: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<Population, Found> {
        let file = settings.census.file.display().to_string();
        let columns = census_columns(session, settings, codebook, &file).await?;
        let list: Vec<Column<'_>> = columns.iter().map(CensusColumn::as_column).collect();
        let sql = format!("SELECT {} FROM census", select_list(&list));
        let summary = match cluster {
            Some(cluster) => crate::cluster::read(cluster, session, settings, &context, &sql, progress).await?,
            None => match read_directly(session, settings, &context, &sql, progress).await {
                Some(summary) => summary,
                None => read_with_datafusion(session, &context, &sql, &file, progress).await?,
            },
        };
        report(&summary.counts, codebook, &file, findings);
        Ok(Population {
            cells: context.cells,
            binned: summary.binned,
            mode_rates: summary.rates,
            distributions: summary.distributions,
            accounting: accounting(&summary.counts),
        })
    }
}

/// A column of the query over the census.
pub(crate) enum CensusColumn {
    Text(String),
    Number(String),
    Flag(String),
}

impl CensusColumn {
    fn as_column(&self) -> Column<'_> {
        match self {
            CensusColumn::Text(expression) => Column::Text(expression),
            CensusColumn::Number(expression) => Column::Number(expression),
            CensusColumn::Flag(expression) => Column::Flag(expression),
        }
    }
}

/// Age (or band), persons, area, filter, records a row stands for; then the child variables.
async fn census_columns(
    session: &Session,
    settings: &Settings,
    codebook: &Codebook,
    file: &str,
) -> Result<Vec<CensusColumn>, Found> {
    let census = &settings.census;
    for band in &census.bands {
        session.check_expression("census", &band.census, "census.bands", file).await?;
    }
    let age = age_expression(settings)?;
    if census.age.is_some() {
        session.check_expression("census", &age, "census.age", file).await?;
    }
    let filter = census.filter.as_deref().unwrap_or("TRUE");
    session.check_expression("census", filter, "census.filter", file).await?;
    session.check_expression("census", &census.count, "census.count", file).await?;
    let records = if census.cells.is_some() { crate::cells::RECORDS.to_owned() } else { "1".to_owned() };
    let mut list = vec![
        CensusColumn::Number(age),
        CensusColumn::Number(census.count.clone()),
        CensusColumn::Text(census.area.clone()),
        CensusColumn::Flag(filter.to_owned()),
        CensusColumn::Number(records),
    ];
    list.extend(columns::of_children(&codebook.child, true).map(|column| match column {
        Column::Text(expression) => CensusColumn::Text(expression.to_owned()),
        Column::Number(expression) => CensusColumn::Number(expression.to_owned()),
        Column::Flag(expression) => CensusColumn::Flag(expression.to_owned()),
    }));
    Ok(list)
}

/// The age of a row of the census, or the position of its band.
///
/// # Errors
/// `CONFIG-002` when the settings have neither.
pub(crate) fn age_expression(settings: &Settings) -> Result<String, Found> {
    let census = &settings.census;
    match (&census.age, census.bands.is_empty()) {
        (Some(age), _) => Ok(age.clone()),
        (None, false) => {
            let bands = census.bands.iter().enumerate();
            let cases: String = bands.map(|(index, band)| format!(" WHEN ({}) THEN {index}", band.census)).collect();
            Ok(format!("CASE{cases} END"))
        }
        (None, true) => Err(Box::new(Finding::error("CONFIG-002", Place::key("census.age")).with("key", "census.age"))),
    }
}

/// The pass over a Parquet file without DataFusion; none when the file or the expressions ask for it.
async fn read_directly(
    session: &Session,
    settings: &Settings,
    context: &PassContext,
    sql: &str,
    progress: &(dyn Fn(u64) + Send + Sync),
) -> Option<Summary> {
    if settings.census.cells.is_some() || !context.single_ages {
        return None;
    }
    let recoded = recode::recode(session, &session.parquet("census")?, context, sql).await?;
    let pass = context.pass(&recoded.readings, &recoded.streams);
    match recoded.file.scan(&recoded.plan, &pass, progress) {
        Ok(tally) => Some(pass.finish(&tally)),
        // Another reader finds out what is wrong with it, and says so.
        Err(_) => None,
    }
}

async fn read_with_datafusion(
    session: &Session,
    context: &PassContext,
    sql: &str,
    file: &str,
    progress: &(dyn Fn(u64) + Send + Sync),
) -> Result<Summary, Found> {
    let frame = session.query_in_parts(sql, "census", file).await?;
    let streams = frame
        .execute_stream_partitioned()
        .await
        .map_err(|error| Box::new(evaluation_finding(file, "census", &error)))?;
    let batches = Arc::new(BatchPass::new(context));
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel::<u64>();
    let tasks: Vec<_> = streams
        .into_iter()
        .map(|mut stream| {
            let batches = batches.clone();
            let sender = sender.clone();
            tokio::spawn(async move {
                let mut part = batches.start();
                while let Some(batch) = stream.next().await {
                    let batch = batch?;
                    batches.add(&mut part, batch.columns())?;
                    // The receiver only reports progress; when it is gone nobody wants to know.
                    let _ = sender.send(batch.num_rows() as u64);
                }
                Ok::<_, DataFusionError>(part.tally)
            })
        })
        .collect();
    drop(sender);
    let mut rows = 0;
    while let Some(more) = receiver.recv().await {
        rows += more;
        progress(rows);
    }
    let mut total = batches.pass.start();
    for task in tasks {
        let part = task
            .await
            .map_err(|_| {
                Box::new(Finding::error("FILE-004", Place::file(file)).with("file", file).with("reason", "other"))
            })?
            .map_err(|error| Box::new(evaluation_finding(file, "census", &error)))?;
        batches.pass.merge(&mut total, &part);
    }
    Ok(batches.pass.finish(&total))
}

impl PassContext {
    /// The pass over streams of these readings.
    pub(crate) fn pass(&self, readings: &[Reading], streams: &[Option<usize>]) -> Pass {
        let area_values: Vec<VariableValues<'_>> = self
            .area_values
            .iter()
            .map(|values| match values {
                Values::Codes(codes) => VariableValues::Codes(codes),
                Values::Numbers(numbers) => VariableValues::Numbers(numbers),
            })
            .collect();
        let cells: Vec<(usize, usize)> =
            self.cells.variables.iter().copied().zip(self.cells.sizes.iter().copied()).collect();
        let plan = Plan::new(&Sources {
            areas: self.areas,
            recipe: &self.scores.recipe,
            coefficients: &self.scores.coefficients,
            readings,
            streams,
            area_values: &area_values,
            cells: &cells,
        });
        let usable = (0..self.areas).map(|area| self.area_values.iter().all(|values| values.usable(area))).collect();
        Pass::new(plan, usable)
    }

    /// Whether an age is of interest, and the share of the persons of its row that is.
    pub(crate) fn age(&self, age: Option<f64>) -> (Status, f64) {
        let Some(age) = age.filter(|age| !age.is_nan()) else { return (Status::AgeUnknown, 0.0) };
        if !self.single_ages {
            return (Status::Candidate, self.band_shares.get(age as usize).copied().unwrap_or(0.0));
        }
        let inside = (self.ages[0]..=self.ages[1]).contains(&(age.floor() as i64));
        (if inside { Status::Candidate } else { Status::AgeOutside }, 1.0)
    }

    /// The municipality of an area code.
    pub(crate) fn area(&self, code: &str) -> Option<u32> {
        match self.destinations.get(code) {
            Some(Destination::Area(area)) => Some(*area as u32),
            _ => None,
        }
    }
}

/// The pass over batches of the query: a stream for each child variable.
pub(crate) struct BatchPass {
    context: PassContext,
    /// The pass.
    pub(crate) pass: Pass,
}

/// What one task has of it.
pub(crate) struct BatchPart {
    /// What it has seen.
    pub(crate) tally: Tally,
    keys: Vec<Vec<u16>>,
    numbers: Vec<Vec<f64>>,
}

impl BatchPass {
    pub(crate) fn new(context: &PassContext) -> BatchPass {
        let (readings, streams): (Vec<Reading>, Vec<Option<usize>>) =
            context.levels.iter().enumerate().map(|(stream, levels)| reading_of(levels.as_deref(), stream)).unzip();
        BatchPass { context: context.clone(), pass: context.pass(&readings, &streams) }
    }

    pub(crate) fn start(&self) -> BatchPart {
        let variables = self.context.levels.len();
        BatchPart { tally: self.pass.start(), keys: vec![Vec::new(); variables], numbers: vec![Vec::new(); variables] }
    }

    /// Adds a batch of the query.
    pub(crate) fn add(&self, part: &mut BatchPart, columns: &[ArrayRef]) -> Result<(), DataFusionError> {
        let rows = columns[0].len();
        let number = |index: usize| columns[index].as_primitive::<Float64Type>();
        let (age, count, keep, records) = (number(0), number(1), number(3), number(4));
        let codes = as_text(&columns[2])?;
        let context = &self.context;
        let mut status = Vec::with_capacity(rows);
        let mut areas = vec![0u32; rows];
        let mut persons = vec![0.0; rows];
        // Census files are sorted by area: the code of the row before is most often the code of this one.
        let mut last: Option<(&str, Option<u32>)> = None;
        for row in 0..rows {
            let (of_age, share) = context.age((!age.is_null(row)).then(|| age.value(row)));
            persons[row] = share * if count.is_null(row) { f64::NAN } else { count.value(row) };
            status.push(match of_age {
                Status::Candidate if keep.value(row) == 0.0 => Status::Filtered,
                Status::Candidate if !(persons[row] >= 0.0 && persons[row].is_finite()) => Status::BadPersons,
                Status::Candidate if codes.is_null(row) => Status::NoArea,
                Status::Candidate => {
                    let code = codes.value(row);
                    let area = match last {
                        Some((known, area)) if known == code => area,
                        _ => context.area(code),
                    };
                    last = Some((code, area));
                    match area {
                        Some(area) => {
                            areas[row] = area;
                            Status::Candidate
                        }
                        None => Status::NoArea,
                    }
                }
                other => other,
            });
        }
        let records: Vec<u64> = (0..rows).map(|row| records.value(row).max(0.0) as u64).collect();
        for (index, levels) in context.levels.iter().enumerate() {
            let column = &columns[HEAD + index];
            match levels {
                Some(levels) => category_keys(column, levels, &mut part.keys[index])?,
                None => {
                    let values = column.as_primitive::<Float64Type>();
                    part.numbers[index].clear();
                    part.numbers[index].extend(values.iter().map(|value| value.unwrap_or(f64::NAN)));
                }
            }
        }
        let streams: Vec<Stream<'_>> = context
            .levels
            .iter()
            .enumerate()
            .map(|(index, levels)| match levels {
                Some(_) => Stream::Keys(&part.keys[index]),
                None => Stream::Numbers(&part.numbers[index]),
            })
            .collect();
        let rows = Rows {
            streams: &streams,
            status: &status,
            areas: &areas,
            persons: Some(&persons),
            records: Some(&records),
        };
        self.pass.add(&mut part.tally, &rows);
        Ok(())
    }
}

/// How a child variable is read from a stream of its own: keys are codes, then missing, then unknown.
pub(crate) fn reading_of(levels: Option<&[String]>, stream: usize) -> (Reading, Option<usize>) {
    match levels {
        Some(levels) => {
            let table: Vec<u32> = (0..levels.len() as u32).chain([plan::MISSING, plan::UNKNOWN]).collect();
            let keys = table.len();
            (Reading::Codes { stream, table, levels: levels.len() }, Some(keys))
        }
        None => (Reading::Numbers { stream }, None),
    }
}

fn as_text(array: &ArrayRef) -> Result<StringArray, DataFusionError> {
    let text = arrow::compute::cast(array, &DataType::Utf8)?;
    Ok(text.as_string::<i32>().clone())
}

/// The key of every row of a column of categories.
fn category_keys(column: &ArrayRef, levels: &[String], keys: &mut Vec<u16>) -> Result<(), DataFusionError> {
    let texts = as_text(column)?;
    let (missing, unknown) = (levels.len() as u16, levels.len() as u16 + 1);
    keys.clear();
    keys.extend(texts.iter().map(|text| match text {
        None => missing,
        Some(text) => levels.iter().position(|level| level == text).map_or(unknown, |code| code as u16),
    }));
    Ok(())
}

/// The rows by what became of them.
fn accounting(counts: &Counts) -> Accounting {
    let mut accounting = Accounting { read: counts.read, used: counts.used, excluded: Vec::new() };
    for (reason, rows) in [
        ("reason-age-outside", counts.age_outside),
        ("reason-age-unknown", counts.age_unknown),
        ("reason-area-unmatched", counts.no_area),
        ("reason-filter", counts.filtered),
        ("reason-variable-missing", counts.unusable),
    ] {
        accounting.exclude(reason, rows);
    }
    accounting
}

fn report(counts: &Counts, codebook: &Codebook, file: &str, findings: &mut Findings) {
    let occurrences =
        |list: &[u64]| -> Vec<Occurrences> { list.iter().map(|&count| Occurrences { count, first: 0 }).collect() };
    let (missing, unknown) = (occurrences(&counts.missing), occurrences(&counts.unknown));
    variable_findings(codebook, &missing, &unknown, "census", file, counts.used, findings);
    if counts.bad_persons > 0 {
        findings.push(
            Finding::error("DATA-007", Place::file(file).at_key("census.count")).with("count", counts.bad_persons),
        );
    }
    findings.push(accounting(counts).finding(file));
    if counts.used == 0 {
        findings.push(Finding::error("DATA-006", Place::file(file)).with("file", file));
    }
}
