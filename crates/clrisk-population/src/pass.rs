//! One pass: rows of the study go to bins, to scores, and some of them to the audit.

use clrisk_stats::poststratification::BinnedPopulation;

use crate::audit::{Audit, is_audit};
use crate::bins::Bins;
use crate::bytes::{Reader, Writer};
use crate::plan::{Plan, Predictors, Reading, Stream, UNIT, UNKNOWN, position, to_units};
use crate::rows::{Counts, Rows, Usability};
use crate::scores::Scores;

/// A compiled pass.
#[derive(Debug, Clone)]
pub struct Pass {
    plan: Plan,
    usability: Usability,
    audited: Vec<bool>,
    with_bins: bool,
    with_scores: bool,
}

/// What a pass has seen of a part of the population.
#[derive(Debug, Clone)]
pub struct Tally {
    counts: Counts,
    bins: Bins,
    audit: Audit,
    scores: Scores,
    /// Persons by key of the streams that no table of the plan has, in units; empty for the others.
    loose: Vec<Vec<i128>>,
    /// Persons, sum and sum of squares of the streams of numbers, in units; zero for the others.
    moments: Vec<[i128; 3]>,
    scratch: Scratch,
}

#[derive(Debug, Clone, Default)]
struct Scratch {
    cells: Vec<u32>,
    persons: Vec<i64>,
    areas: Vec<u32>,
    predictors: Predictors,
    design: Vec<f64>,
    keys: Vec<Vec<u16>>,
    numbers: Vec<Vec<f64>>,
}

/// The distribution of one child variable.
#[derive(Debug, Clone, PartialEq)]
pub enum Distribution {
    /// Persons by category.
    Shares(Vec<f64>),
    /// Persons, sum and sum of squares.
    Moments([f64; 3]),
}

/// What a pass knows in the end.
#[derive(Debug, Clone)]
pub struct Summary {
    /// What became of the rows.
    pub counts: Counts,
    /// The population in bins.
    pub binned: BinnedPopulation,
    /// Rate at the mode of every area and cell, record by record; NaN where nobody lives or no scores were asked for.
    pub rates: Vec<f64>,
    /// Persons of every area and cell that `rates` stand for.
    pub persons: Vec<f64>,
    /// Distribution of each child variable.
    pub distributions: Vec<Distribution>,
}

impl Tally {
    /// Bytes of memory, roughly.
    pub fn size(&self) -> usize {
        self.bins.size() + self.audit.size()
    }

    /// Gives back the memory that only the next batch would need.
    pub fn rest(&mut self) {
        self.scratch = Scratch::default();
    }
}

impl Pass {
    /// A pass that makes bins and scores. `usable_areas` says which municipalities have all their area variables.
    pub fn new(plan: Plan, usable_areas: Vec<bool>) -> Pass {
        let usability = Usability::new(&plan, usable_areas);
        let audited = (0..plan.areas).map(|area| is_audit(area, plan.areas)).collect();
        Pass { plan, usability, audited, with_bins: true, with_scores: true }
    }

    /// The same without scores: rates are not known record by record.
    #[must_use]
    pub fn without_scores(mut self) -> Pass {
        self.with_scores = false;
        self
    }

    /// The same without bins: rates at the mode and nothing else.
    #[must_use]
    pub fn without_bins(mut self) -> Pass {
        self.with_bins = false;
        self
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Nothing seen yet.
    pub fn start(&self) -> Tally {
        let plan = &self.plan;
        let mut loose = vec![Vec::new(); plan.streams.len()];
        for reading in plan.readings.iter().filter(|reading| !matches!(reading, Reading::Numbers { .. })) {
            let stream = reading.stream();
            if !plan.tables.iter().any(|table| table.stream == stream) {
                loose[stream] = vec![0; plan.streams[stream].unwrap_or(0)];
            }
        }
        Tally {
            counts: Counts::new(plan.readings.len()),
            bins: Bins::new(),
            audit: Audit::default(),
            scores: Scores::default(),
            loose,
            moments: vec![[0; 3]; plan.streams.len()],
            scratch: Scratch::default(),
        }
    }

    /// Adds a batch.
    pub fn add(&self, tally: &mut Tally, rows: &Rows<'_>) {
        let mut scratch = std::mem::take(&mut tally.scratch);
        match self.usability.choose(&self.plan, rows, &mut tally.counts) {
            None => self.add_chosen(tally, rows.areas, rows.streams, rows.persons, &mut scratch),
            Some(chosen) => {
                let mut areas = std::mem::take(&mut scratch.areas);
                let mut keys = std::mem::take(&mut scratch.keys);
                let mut numbers = std::mem::take(&mut scratch.numbers);
                keys.resize(rows.streams.len(), Vec::new());
                numbers.resize(rows.streams.len() + 1, Vec::new());
                gather(&mut areas, rows.areas, &chosen);
                for (index, stream) in rows.streams.iter().enumerate() {
                    match stream {
                        Stream::Keys(all) => gather(&mut keys[index], all, &chosen),
                        Stream::Numbers(all) => gather(&mut numbers[index], all, &chosen),
                    }
                }
                let last = rows.streams.len();
                if let Some(persons) = rows.persons {
                    gather(&mut numbers[last], persons, &chosen);
                }
                let streams: Vec<Stream<'_>> = rows
                    .streams
                    .iter()
                    .enumerate()
                    .map(|(index, stream)| match stream {
                        Stream::Keys(_) => Stream::Keys(&keys[index]),
                        Stream::Numbers(_) => Stream::Numbers(&numbers[index]),
                    })
                    .collect();
                let persons = rows.persons.map(|_| numbers[last].as_slice());
                self.add_chosen(tally, &areas, &streams, persons, &mut scratch);
                scratch.areas = areas;
                scratch.keys = keys;
                scratch.numbers = numbers;
            }
        }
        tally.scratch = scratch;
    }

    fn add_chosen(
        &self,
        tally: &mut Tally,
        areas: &[u32],
        streams: &[Stream<'_>],
        persons: Option<&[f64]>,
        scratch: &mut Scratch,
    ) {
        if areas.is_empty() {
            return;
        }
        let plan = &self.plan;
        let Scratch { cells, persons: units, predictors, design, .. } = scratch;
        units.clear();
        match persons {
            None => units.resize(areas.len(), to_units(1.0)),
            Some(persons) => units.extend(persons.iter().map(|persons| to_units(*persons))),
        }
        plan.predictors(areas, streams, predictors);
        plan.cells_of(areas.len(), streams, cells);
        if self.with_scores {
            tally.scores.add(plan, areas, cells, units, predictors);
        }
        if !self.with_bins {
            return;
        }
        tally.bins.add(plan, areas, cells, units, streams, predictors);
        design.resize(plan.width, 0.0);
        for (row, &area) in areas.iter().enumerate() {
            if self.audited[area as usize] {
                plan.design_row(area as usize, row, streams, predictors, design);
                tally.audit.add(area, cells[row], position(predictors.predictors[row]), design, units[row]);
            }
        }
        for (stream, loose) in streams.iter().zip(&mut tally.loose).filter(|(_, loose)| !loose.is_empty()) {
            if let Stream::Keys(keys) = stream {
                keys.iter().zip(units.iter()).for_each(|(&key, units)| loose[key as usize] += i128::from(*units));
            }
        }
        for (stream, moments) in streams.iter().zip(&mut tally.moments) {
            if let Stream::Numbers(numbers) = stream {
                for (&number, &units) in numbers.iter().zip(units.iter()) {
                    add_moments(moments, i128::from(units), number);
                }
            }
        }
    }

    /// Adds what another tally of the same pass has seen.
    pub fn merge(&self, tally: &mut Tally, other: &Tally) {
        tally.counts.merge(&other.counts);
        tally.bins.merge(&self.plan, &other.bins);
        tally.audit.merge(&other.audit);
        tally.scores.merge(&self.plan, &other.scores);
        for (sums, more) in tally.loose.iter_mut().zip(&other.loose) {
            sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
        for (sums, more) in tally.moments.iter_mut().zip(&other.moments) {
            sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
    }

    /// The tally as bytes, for another process with the same pass.
    pub fn write(&self, tally: &Tally) -> Vec<u8> {
        let mut bytes = Writer::default();
        tally.counts.write(&mut bytes);
        tally.bins.write(&self.plan, &mut bytes);
        tally.audit.write(&mut bytes);
        tally.scores.write(&mut bytes);
        tally.loose.iter().for_each(|sums| bytes.wides(sums));
        tally.moments.iter().for_each(|sums| bytes.wides(sums));
        bytes.0
    }

    /// Adds a tally that [`Pass::write`] wrote; none when the bytes are not of this pass, and `tally` is then of no use.
    pub fn read(&self, tally: &mut Tally, bytes: &[u8]) -> Option<()> {
        let mut bytes = Reader(bytes);
        tally.counts.read(&mut bytes)?;
        tally.bins.read(&self.plan, &mut bytes)?;
        tally.audit.read(&self.plan, &mut bytes)?;
        tally.scores.read(&self.plan, &mut bytes)?;
        let moments = tally.moments.iter_mut().map(|sums| sums.as_mut_slice());
        for sums in tally.loose.iter_mut().map(Vec::as_mut_slice).chain(moments) {
            let more = bytes.wides()?;
            if more.len() != sums.len() {
                return None;
            }
            sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
        bytes.0.is_empty().then_some(())
    }

    /// The summary.
    pub fn finish(&self, tally: &Tally) -> Summary {
        let plan = &self.plan;
        let finished = tally.bins.finish(plan);
        let binned = BinnedPopulation::new(
            plan.areas,
            plan.cells,
            plan.width,
            finished.bins,
            finished.means,
            tally.audit.finish(),
        );
        let (persons, rates) = tally.scores.finish(plan);
        Summary { counts: tally.counts.clone(), binned, rates, persons, distributions: self.distributions(tally) }
    }

    fn distributions(&self, tally: &Tally) -> Vec<Distribution> {
        let plan = &self.plan;
        let total = tally.bins.total_histogram(plan);
        let histogram = |stream: usize| match plan.tables.iter().find(|table| table.stream == stream) {
            Some(table) => &total[table.offset..table.offset + table.keys],
            None => tally.loose[stream].as_slice(),
        };
        plan.readings
            .iter()
            .map(|reading| match reading {
                Reading::Codes { stream, table, levels } => {
                    let mut shares = vec![0i128; *levels];
                    for (code, persons) in table.iter().zip(histogram(*stream)) {
                        if *code < UNKNOWN {
                            shares[*code as usize] += persons;
                        }
                    }
                    Distribution::Shares(shares.iter().map(|share| *share as f64 / UNIT).collect())
                }
                Reading::Values { stream, table } => {
                    let mut moments = [0; 3];
                    for (value, persons) in table.iter().zip(histogram(*stream)) {
                        if value.is_finite() {
                            add_moments(&mut moments, *persons, *value);
                        }
                    }
                    Distribution::Moments(moments_of(&moments))
                }
                Reading::Numbers { stream } => Distribution::Moments(moments_of(&tally.moments[*stream])),
            })
            .collect()
    }
}

/// Adds persons with a value to (persons, sum, sum of squares); values and squares in units.
fn add_moments(moments: &mut [i128; 3], persons: i128, value: f64) {
    moments[0] += persons;
    moments[1] += persons * i128::from(to_units(value));
    moments[2] += persons * (value * value * UNIT).round() as i128;
}

fn moments_of(moments: &[i128; 3]) -> [f64; 3] {
    [moments[0] as f64 / UNIT, moments[1] as f64 / (UNIT * UNIT), moments[2] as f64 / (UNIT * UNIT)]
}

fn gather<T: Copy>(into: &mut Vec<T>, from: &[T], rows: &[usize]) {
    into.clear();
    into.extend(rows.iter().map(|&row| from[row]));
}
