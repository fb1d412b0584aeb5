//! Sums by municipality, publication cell and position of the linear predictor.
//!
//! A bin keeps its persons, a histogram of the keys of every stream that the design depends on, and the sums of the columns
//! that are computed row by row. From the histogram follow the sums of all other columns, once, at the end: for a row the pass
//! adds one number a stream, however many columns the stream makes.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use clrisk_stats::poststratification::Bin;

use crate::audit::MixHasher;
use crate::bytes::{Reader, Writer};
use crate::plan::{POSITIONS, Plan, Predictors, Stream, UNIT, position, to_units};

/// Bins of a part of the population.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bins {
    /// Place of an area among those met; a part of a population has only some.
    areas: HashMap<u32, u32, BuildHasherDefault<MixHasher>>,
    /// Place of a bin by (place of the area, cell, position); `u32::MAX` when it has nobody yet.
    index: Vec<u32>,
    /// The area of the row before, and where it begins in the index: files are sorted by area.
    last: (u32, usize),
    /// Area, cell, position.
    keys: Vec<[u32; 3]>,
    /// Persons, in units.
    persons: Vec<i64>,
    /// Persons by key of every table, in units: bins by keys.
    histograms: Vec<i64>,
    /// Sums of the crossed columns, in units of persons times units of values: bins by columns.
    crossed: Vec<i128>,
    places: Vec<u32>,
}

/// Bins in the order of area, cell, position, with the means of the design columns.
pub(crate) struct FinishedBins {
    pub bins: Vec<Bin>,
    pub means: Vec<f64>,
}

impl Bins {
    pub fn new() -> Bins {
        Bins {
            areas: HashMap::default(),
            index: Vec::new(),
            last: (u32::MAX, 0),
            keys: Vec::new(),
            persons: Vec::new(),
            histograms: Vec::new(),
            crossed: Vec::new(),
            places: Vec::new(),
        }
    }

    pub fn size(&self) -> usize {
        8 * self.histograms.len() + 16 * self.crossed.len() + 4 * self.index.len() + 24 * self.keys.len()
    }

    fn place(&mut self, plan: &Plan, key: [u32; 3]) -> u32 {
        if self.last.0 != key[0] {
            let next = self.areas.len() as u32;
            let place = *self.areas.entry(key[0]).or_insert(next) as usize;
            let size = plan.cells * POSITIONS;
            self.index.resize(self.areas.len() * size, u32::MAX);
            self.last = (key[0], place * size);
        }
        let slot = self.last.1 + key[1] as usize * POSITIONS + key[2] as usize;
        if self.index[slot] == u32::MAX {
            self.index[slot] = self.keys.len() as u32;
            self.keys.push(key);
            self.persons.push(0);
            self.histograms.resize(self.keys.len() * plan.histogram, 0);
            self.crossed.resize(self.keys.len() * plan.crossed.len(), 0);
        }
        self.index[slot]
    }

    /// Adds rows of the study.
    pub fn add(
        &mut self,
        plan: &Plan,
        areas: &[u32],
        cells: &[u32],
        persons: &[i64],
        streams: &[Stream<'_>],
        predictors: &Predictors,
    ) {
        let rows = areas.len();
        let mut places = std::mem::take(&mut self.places);
        places.clear();
        for row in 0..rows {
            let key = [areas[row], cells[row], position(predictors.predictors[row]) as u32];
            let place = self.place(plan, key);
            self.persons[place as usize] += persons[row];
            places.push(place);
        }
        for table in &plan.tables {
            let Stream::Keys(keys) = streams[table.stream] else { continue };
            for ((&place, &key), &persons) in places.iter().zip(keys).zip(persons) {
                self.histograms[place as usize * plan.histogram + table.offset + key as usize] += persons;
            }
        }
        for (index, values) in predictors.crossed.chunks_exact(rows.max(1)).enumerate() {
            for ((&place, &value), &persons) in places.iter().zip(values).zip(persons) {
                self.crossed[place as usize * plan.crossed.len() + index] +=
                    i128::from(persons) * i128::from(to_units(value));
            }
        }
        self.places = places;
    }

    pub fn merge(&mut self, plan: &Plan, other: &Bins) {
        let (width, crossed) = (plan.histogram, plan.crossed.len());
        for (from, key) in other.keys.iter().enumerate() {
            let place = self.place(plan, *key) as usize;
            self.persons[place] += other.persons[from];
            let sums = &mut self.histograms[place * width..(place + 1) * width];
            sums.iter_mut().zip(&other.histograms[from * width..]).for_each(|(sum, more)| *sum += more);
            let sums = &mut self.crossed[place * crossed..(place + 1) * crossed];
            sums.iter_mut().zip(&other.crossed[from * crossed..]).for_each(|(sum, more)| *sum += more);
        }
    }

    /// Persons by key of every table, over all bins.
    pub fn total_histogram(&self, plan: &Plan) -> Vec<i128> {
        let mut total = vec![0i128; plan.histogram];
        for row in self.histograms.chunks_exact(plan.histogram.max(1)) {
            total.iter_mut().zip(row).for_each(|(sum, persons)| *sum += i128::from(*persons));
        }
        total
    }

    /// Bins in order, and the means of their design columns.
    pub fn finish(&self, plan: &Plan) -> FinishedBins {
        let mut order: Vec<usize> = (0..self.keys.len()).filter(|&bin| self.persons[bin] > 0).collect();
        order.sort_by_key(|&bin| self.keys[bin]);
        let mut finished = FinishedBins { bins: Vec::with_capacity(order.len()), means: Vec::new() };
        finished.means.reserve(order.len() * plan.width);
        let mut sums = vec![0i128; plan.width];
        for bin in order {
            let persons = self.persons[bin];
            sums.fill(0);
            for &column in &plan.constant_columns {
                sums[column] = i128::from(persons) * i128::from(to_units(1.0));
            }
            let histogram = &self.histograms[bin * plan.histogram..(bin + 1) * plan.histogram];
            for table in &plan.tables {
                let counts = &histogram[table.offset..table.offset + table.keys];
                for (column, values) in &table.design {
                    sums[*column] =
                        counts.iter().zip(values).map(|(persons, x)| i128::from(*persons) * i128::from(*x)).sum();
                }
            }
            for (index, column) in plan.crossed.iter().enumerate() {
                sums[column.column] = self.crossed[bin * plan.crossed.len() + index];
            }
            let [area, cell, position] = self.keys[bin];
            let weight = persons as f64 / UNIT;
            finished.bins.push(Bin { area, cell, position, weight });
            let factors = plan.area_factors.as_deref();
            finished.means.extend(sums.iter().enumerate().map(|(column, sum)| {
                let factor = factors.map_or(1.0, |factors| factors[area as usize * plan.width + column]);
                factor * (*sum as f64 / (persons as f64 * UNIT))
            }));
        }
        finished
    }

    pub fn write(&self, plan: &Plan, bytes: &mut Writer) {
        bytes.number(self.keys.len() as u64);
        for (bin, key) in self.keys.iter().enumerate() {
            key.iter().for_each(|part| bytes.number(u64::from(*part)));
            bytes.number(self.persons[bin] as u64);
            // Most keys of a bin have nobody: only the others are written.
            let histogram = &self.histograms[bin * plan.histogram..(bin + 1) * plan.histogram];
            let filled: Vec<(usize, i64)> =
                histogram.iter().copied().enumerate().filter(|(_, persons)| *persons != 0).collect();
            let pairs: Vec<u64> = filled.iter().flat_map(|(key, persons)| [*key as u64, *persons as u64]).collect();
            bytes.numbers(pairs.into_iter());
            let crossed = plan.crossed.len();
            self.crossed[bin * crossed..(bin + 1) * crossed].iter().for_each(|sum| bytes.wide(*sum));
        }
    }

    /// Adds the bins that [`Bins::write`] wrote; none when the bytes are not of this plan.
    pub fn read(&mut self, plan: &Plan, bytes: &mut Reader<'_>) -> Option<()> {
        let bins = bytes.length(40)?;
        for _ in 0..bins {
            let mut key = [0u32; 3];
            for (part, limit) in key.iter_mut().zip([plan.areas, plan.cells, POSITIONS]) {
                *part = u32::try_from(bytes.number()?).ok().filter(|part| (*part as usize) < limit)?;
            }
            let place = self.place(plan, key) as usize;
            self.persons[place] += bytes.number()? as i64;
            for pair in bytes.numbers()?.chunks_exact(2) {
                let key = usize::try_from(pair[0]).ok().filter(|key| *key < plan.histogram)?;
                self.histograms[place * plan.histogram + key] += pair[1] as i64;
            }
            for index in 0..plan.crossed.len() {
                self.crossed[place * plan.crossed.len() + index] += bytes.wide()?;
            }
        }
        Some(())
    }
}
