//! One streamed pass over the population file to a summary in memory.
//!
//! Every child is scored at the mode of the model and falls into a bin of (municipality, publication cell, linear predictor);
//! a dozen *audit areas* are also kept exactly, pattern by pattern. What bins are good for is told in
//! [`clrisk_stats::poststratification`].
//!
//! All sums are kept as integers (units of 2^-20), so that neither the order of rows nor the number of threads changes a bit.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Float64Type;
use clrisk_core::{Finding, Findings, Place};
use clrisk_stats::poststratification::{Bin, BinnedPopulation, Pattern};
use futures::StreamExt;

use crate::codebook::Codebook;
use crate::columns::{self, MISSING, UNKNOWN, Values};
use crate::join::{Destination, Destinations};
use crate::settings::Settings;
use crate::source::{Column, Found, Session, evaluation_finding, select_list};
use crate::survey::{Accounting, Occurrences, variable_findings};

/// Units of the integer sums.
const UNIT: f64 = (1u64 << 20) as f64;
/// Bins of the linear predictor: 128 of width 0.25, centred on zero.
const BINS: usize = 128;
const BIN_WIDTH: f64 = 0.25;
/// Municipalities whose children are also kept exactly.
const AUDIT_AREAS: usize = 12;

/// How a child's values become a row of the design, and where the model's mode lies.
pub trait Scorer: Send + Sync {
    /// Number of design columns (fixed columns, then those of random slopes that are not among them).
    fn columns(&self) -> usize;
    /// Fills `rows * columns` numbers, row by row. `values` are the child variables, then the area variables.
    fn fill(&self, values: &[Values], rows: usize, design: &mut [f64]);
    /// The linear predictor at the mode of a child of municipality `area` with this design row.
    fn predictor(&self, area: usize, design_row: &[f64]) -> f64;
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

    /// The cell of a row.
    pub fn of(&self, values: &[Values], row: usize) -> usize {
        self.variables.iter().zip(&self.sizes).fold(0, |cell, (&variable, size)| {
            let code = match &values[variable] {
                Values::Codes(codes) => codes[row] as usize,
                Values::Numbers(_) => 0,
            };
            cell * size + code
        })
    }
}

/// The summary of a population.
#[derive(Debug, Clone)]
pub struct Population {
    /// Publication cells.
    pub cells: Cells,
    /// The children in bins.
    pub binned: BinnedPopulation,
    /// Children by category of each child variable (or number and sums for numbers), for the comparison with the survey.
    pub distributions: Vec<Distribution>,
    /// What became of the rows.
    pub accounting: Accounting,
}

/// The distribution of one variable.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// Children by category.
    Shares(Vec<f64>),
    /// Children, sum and sum of squares.
    Moments([f64; 3]),
}

impl Population {
    /// Reads the population file.
    ///
    /// # Errors
    /// Findings of files and expressions. `DATA-003`, `DATA-004`, `DATA-006` (no children at all), `DATA-007` (negative counts)
    /// go to `findings`.
    pub async fn read(
        session: &Session,
        settings: &Settings,
        context: PassContext,
        findings: &mut Findings,
        progress: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<Population, Found> {
        let census = &settings.census;
        let file = census.file.display().to_string();
        let sql = census_query(session, settings, &context.codebook, &file).await?;
        let frame = session.query(&sql, "census", &file).await?;
        let streams = frame
            .execute_stream_partitioned()
            .await
            .map_err(|error| Box::new(evaluation_finding(&file, "census", &error)))?;
        let context = Arc::new(context);
        let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel::<u64>();
        let tasks: Vec<_> = streams
            .into_iter()
            .map(|mut stream| {
                let context = context.clone();
                let sender = sender.clone();
                tokio::spawn(async move {
                    let mut sums = Sums::new(&context);
                    while let Some(batch) = stream.next().await {
                        let batch = batch?;
                        sums.add(&context, &batch);
                        // The receiver only reports progress; when it is gone nobody wants to know.
                        let _ = sender.send(batch.num_rows() as u64);
                    }
                    Ok::<_, datafusion::error::DataFusionError>(sums)
                })
            })
            .collect();
        drop(sender);
        let mut rows = 0;
        while let Some(more) = receiver.recv().await {
            rows += more;
            progress(rows);
        }
        let mut total: Option<Sums> = None;
        for task in tasks {
            let sums = task
                .await
                .map_err(|_| {
                    Box::new(Finding::error("FILE-004", Place::file(&file)).with("file", &file).with("reason", "other"))
                })?
                .map_err(|error| Box::new(evaluation_finding(&file, "census", &error)))?;
            match &mut total {
                None => total = Some(sums),
                Some(total) => total.merge(sums),
            }
        }
        let sums = total.unwrap_or_else(|| Sums::new(&context));
        sums.report(&context, &file, findings);
        Ok(sums.finish(&context))
    }
}

/// What a pass needs to know.
pub struct PassContext {
    /// Codebook.
    pub codebook: Codebook,
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
    pub scorer: Arc<dyn Scorer>,
}

async fn census_query(
    session: &Session,
    settings: &Settings,
    codebook: &Codebook,
    file: &str,
) -> Result<String, Found> {
    let census = &settings.census;
    let mut bands = String::from("CASE");
    for (index, band) in census.bands.iter().enumerate() {
        session.check_expression("census", &band.census, "census.bands", file).await?;
        bands.push_str(&format!(" WHEN ({}) THEN {index}", band.census));
    }
    let age = match (&census.age, census.bands.is_empty()) {
        (Some(age), _) => {
            session.check_expression("census", age, "census.age", file).await?;
            age.clone()
        }
        (None, false) => format!("{bands} END"),
        (None, true) => {
            return Err(Box::new(Finding::error("CONFIG-002", Place::key("census.age")).with("key", "census.age")));
        }
    };
    let filter = census.filter.as_deref().unwrap_or("TRUE");
    session.check_expression("census", filter, "census.filter", file).await?;
    session.check_expression("census", &census.count, "census.count", file).await?;
    let mut list =
        vec![Column::Number(&age), Column::Number(&census.count), Column::Text(&census.area), Column::Flag(filter)];
    list.extend(columns::of_children(&codebook.child, true));
    Ok(format!("SELECT {} FROM census", select_list(&list)))
}

struct Sums {
    /// Position of a bin in `weights`, by (area, cell, position); `u32::MAX` when it has no children yet.
    index: Vec<u32>,
    keys: Vec<(u32, u32, u32)>,
    weights: Vec<i128>,
    columns: Vec<i128>,
    audit: HashMap<PatternKey, i128>,
    shares: Vec<Vec<i128>>,
    missing: Vec<Occurrences>,
    unknown: Vec<Occurrences>,
    negative: Occurrences,
    accounting: Accounting,
    scratch: Vec<Values>,
    design: Vec<f64>,
    areas: Vec<u32>,
    counts: Vec<f64>,
    selected: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct PatternKey {
    area: u32,
    cell: u32,
    position: u32,
    design: Vec<u64>,
}

fn to_units(value: f64) -> i128 {
    (value * UNIT).round() as i128
}

fn from_units(units: i128) -> f64 {
    units as f64 / UNIT
}

fn position(predictor: f64) -> usize {
    let shifted = predictor / BIN_WIDTH + (BINS / 2) as f64;
    if shifted > 0.0 { (shifted as usize).min(BINS - 1) } else { 0 }
}

fn is_audit(area: usize, areas: usize) -> bool {
    let step = areas.div_ceil(AUDIT_AREAS).max(1);
    area % step == step / 2
}

impl Sums {
    fn new(context: &PassContext) -> Sums {
        let variables = context.codebook.child.len();
        Sums {
            index: vec![u32::MAX; context.areas * context.cells.count() * BINS],
            keys: Vec::new(),
            weights: Vec::new(),
            columns: Vec::new(),
            audit: HashMap::new(),
            shares: context
                .codebook
                .child
                .iter()
                .map(|variable| vec![0; variable.levels.as_ref().map_or(3, Vec::len)])
                .collect(),
            missing: vec![Occurrences::default(); variables],
            unknown: vec![Occurrences::default(); variables],
            negative: Occurrences::default(),
            accounting: Accounting::default(),
            scratch: context.codebook.child.iter().map(Values::empty).collect(),
            design: Vec::new(),
            areas: Vec::new(),
            counts: Vec::new(),
            selected: Vec::new(),
        }
    }

    fn add(&mut self, context: &PassContext, batch: &RecordBatch) {
        let rows = batch.num_rows();
        self.accounting.read += rows as u64;
        let mut scratch = std::mem::take(&mut self.scratch);
        for (index, (values, variable)) in scratch.iter_mut().zip(&context.codebook.child).enumerate() {
            values.clear();
            columns::append(values, batch, 4 + index, variable);
        }
        self.select(context, batch, &scratch);
        let mut chosen: Vec<Values> = scratch.iter().map(|values| values.take(&self.selected)).collect();
        for values in &context.area_values {
            let positions: Vec<usize> = self.areas.iter().map(|&area| area as usize).collect();
            chosen.push(values.take(&positions));
        }
        let width = context.scorer.columns();
        let used = self.selected.len();
        self.design.clear();
        self.design.resize(used * width, 0.0);
        context.scorer.fill(&chosen, used, &mut self.design);
        let cells = context.cells.count();
        for row in 0..used {
            let area = self.areas[row] as usize;
            let count = self.counts[row];
            let design = &self.design[row * width..(row + 1) * width];
            let cell = context.cells.of(&chosen, row);
            let position = position(context.scorer.predictor(area, design));
            let slot = (area * cells + cell) * BINS + position;
            let bin = if self.index[slot] == u32::MAX {
                let bin = self.keys.len();
                self.index[slot] = bin as u32;
                self.keys.push((area as u32, cell as u32, position as u32));
                self.weights.push(0);
                self.columns.resize((bin + 1) * width, 0);
                bin
            } else {
                self.index[slot] as usize
            };
            self.weights[bin] += to_units(count);
            for (sum, value) in self.columns[bin * width..(bin + 1) * width].iter_mut().zip(design) {
                if *value != 0.0 {
                    *sum += to_units(count * value);
                }
            }
            if is_audit(area, context.areas) {
                let key = PatternKey {
                    area: area as u32,
                    cell: cell as u32,
                    position: position as u32,
                    design: design.iter().map(|value| value.to_bits()).collect(),
                };
                *self.audit.entry(key).or_insert(0) += to_units(count);
            }
            for (shares, values) in self.shares.iter_mut().zip(&chosen) {
                match values {
                    Values::Codes(codes) => shares[codes[row] as usize] += to_units(count),
                    Values::Numbers(numbers) => {
                        shares[0] += to_units(count);
                        shares[1] += to_units(count * numbers[row]);
                        shares[2] += to_units(count * numbers[row] * numbers[row]);
                    }
                }
            }
        }
        self.accounting.used += used as u64;
        self.scratch = scratch;
    }

    /// Chooses the rows of the study and counts the others.
    fn select(&mut self, context: &PassContext, batch: &RecordBatch, values: &[Values]) {
        let number = |index: usize| batch.column(index).as_primitive::<Float64Type>();
        let (age, count, keep) = (number(0), number(1), number(3));
        let converted;
        let text = match batch.column(2).as_string_opt::<i32>() {
            Some(text) => text,
            None => match arrow::compute::cast(batch.column(2), &arrow::datatypes::DataType::Utf8) {
                Ok(cast) => {
                    converted = cast;
                    converted.as_string::<i32>()
                }
                Err(_) => return,
            },
        };
        self.selected.clear();
        self.areas.clear();
        self.counts.clear();
        let mut excluded = [0u64; 5];
        // Census files are sorted by area: the code of the row before is most often the code of this one.
        let mut last: Option<(&str, Option<u32>)> = None;
        for row in 0..batch.num_rows() {
            if age.is_null(row) {
                excluded[0] += 1;
                continue;
            }
            let share = if context.single_ages {
                let years = age.value(row).floor() as i64;
                if !(context.ages[0]..=context.ages[1]).contains(&years) {
                    excluded[1] += 1;
                    continue;
                }
                1.0
            } else {
                context.band_shares.get(age.value(row) as usize).copied().unwrap_or(0.0)
            };
            if keep.value(row) == 0.0 {
                excluded[2] += 1;
                continue;
            }
            let persons = if count.is_null(row) { f64::NAN } else { count.value(row) };
            if !(persons >= 0.0 && persons.is_finite()) {
                self.negative.note(0);
                continue;
            }
            if text.is_null(row) {
                excluded[3] += 1;
                continue;
            }
            let code = text.value(row);
            let area = match last {
                Some((known, area)) if known == code => area,
                _ => match context.destinations.get(code) {
                    Some(Destination::Area(area)) => Some(*area as u32),
                    _ => None,
                },
            };
            last = Some((code, area));
            let Some(area) = area else {
                excluded[3] += 1;
                continue;
            };
            let mut usable = true;
            for (index, values) in values.iter().enumerate() {
                if !values.usable(row) {
                    usable = false;
                    match values {
                        Values::Codes(codes) if codes[row] == UNKNOWN => self.unknown[index].note(0),
                        Values::Codes(codes) if codes[row] == MISSING => self.missing[index].note(0),
                        _ => self.missing[index].note(0),
                    }
                }
            }
            usable = usable && context.area_values.iter().all(|values| values.usable(area as usize));
            if !usable {
                excluded[4] += 1;
                continue;
            }
            self.selected.push(row);
            self.areas.push(area);
            self.counts.push(persons * share);
        }
        let reasons = [
            "reason-age-unknown",
            "reason-age-outside",
            "reason-filter",
            "reason-area-unmatched",
            "reason-variable-missing",
        ];
        for (reason, rows) in reasons.iter().zip(excluded) {
            self.accounting.exclude(reason, rows);
        }
    }

    fn merge(&mut self, other: Sums) {
        let width = if other.keys.is_empty() { 0 } else { other.columns.len() / other.keys.len() };
        let slots: HashMap<(u32, u32, u32), usize> =
            self.keys.iter().enumerate().map(|(bin, key)| (*key, bin)).collect();
        for (from, key) in other.keys.iter().enumerate() {
            let columns = &other.columns[from * width..(from + 1) * width];
            match slots.get(key) {
                Some(&bin) => {
                    self.weights[bin] += other.weights[from];
                    for (sum, more) in self.columns[bin * width..(bin + 1) * width].iter_mut().zip(columns) {
                        *sum += more;
                    }
                }
                None => {
                    self.keys.push(*key);
                    self.weights.push(other.weights[from]);
                    self.columns.extend_from_slice(columns);
                }
            }
        }
        for (key, weight) in other.audit {
            *self.audit.entry(key).or_insert(0) += weight;
        }
        for (shares, more) in self.shares.iter_mut().zip(&other.shares) {
            for (share, more) in shares.iter_mut().zip(more) {
                *share += more;
            }
        }
        for (mine, theirs) in self.missing.iter_mut().zip(&other.missing) {
            mine.count += theirs.count;
        }
        for (mine, theirs) in self.unknown.iter_mut().zip(&other.unknown) {
            mine.count += theirs.count;
        }
        self.negative.count += other.negative.count;
        self.accounting.read += other.accounting.read;
        self.accounting.used += other.accounting.used;
        for (reason, rows) in &other.accounting.excluded {
            self.accounting.exclude(reason, *rows);
        }
    }

    fn report(&self, context: &PassContext, file: &str, findings: &mut Findings) {
        variable_findings(
            &context.codebook,
            &self.missing,
            &self.unknown,
            "census",
            file,
            self.accounting.used,
            findings,
        );
        if self.negative.count > 0 {
            findings.push(
                Finding::error("DATA-007", Place::file(file).at_key("census.count")).with("count", self.negative.count),
            );
        }
        let mut accounting = self.accounting.clone();
        accounting.excluded.sort();
        findings.push(accounting.finding(file));
        if self.accounting.used == 0 {
            findings.push(Finding::error("DATA-006", Place::file(file)).with("file", file));
        }
    }

    fn finish(mut self, context: &PassContext) -> Population {
        let width = context.scorer.columns();
        let mut order: Vec<usize> = (0..self.keys.len()).collect();
        order.sort_by_key(|&bin| self.keys[bin]);
        let mut bins = Vec::with_capacity(order.len());
        let mut means = Vec::with_capacity(order.len() * width);
        for bin in order {
            if self.weights[bin] == 0 {
                continue;
            }
            let (area, cell, position) = self.keys[bin];
            bins.push(Bin { area, cell, position, weight: from_units(self.weights[bin]) });
            means.extend(
                self.columns[bin * width..(bin + 1) * width].iter().map(|sum| *sum as f64 / self.weights[bin] as f64),
            );
        }
        let mut audit: Vec<(PatternKey, i128)> = self.audit.drain().filter(|(_, weight)| *weight > 0).collect();
        audit.sort();
        let patterns: Vec<Pattern> = audit
            .into_iter()
            .map(|(key, weight)| Pattern {
                area: key.area,
                cell: key.cell,
                position: key.position,
                weight: from_units(weight),
                design: key.design.iter().map(|bits| f64::from_bits(*bits)).collect(),
            })
            .collect();
        let distributions = context
            .codebook
            .child
            .iter()
            .zip(&self.shares)
            .map(|(variable, shares)| {
                let shares: Vec<f64> = shares.iter().map(|share| from_units(*share)).collect();
                match variable.levels {
                    Some(_) => Distribution::Shares(shares),
                    None => Distribution::Moments([shares[0], shares[1], shares[2]]),
                }
            })
            .collect();
        self.accounting.excluded.sort();
        Population {
            cells: context.cells.clone(),
            binned: BinnedPopulation::new(context.areas, context.cells.count(), width, bins, means, patterns),
            distributions,
            accounting: self.accounting,
        }
    }
}
