//! Which rows of a batch belong to the study, and what became of the others.

use crate::bytes::{Reader, Writer};
use crate::plan::{Plan, Reading, Stream, UNKNOWN};

/// What is known of a row before its variables are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It may be used.
    Candidate,
    /// It has no age.
    AgeUnknown,
    /// Its age is not of interest.
    AgeOutside,
    /// The filter leaves it out.
    Filtered,
    /// Its number of persons is negative or not a number.
    BadPersons,
    /// It has no area, or one that is not on the map.
    NoArea,
}

/// A batch of rows.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// Streams of the child variables.
    pub streams: &'a [Stream<'a>],
    /// Status of each row.
    pub status: &'a [Status],
    /// Municipality of each candidate.
    pub areas: &'a [u32],
    /// Persons each row stands for; one each when none.
    pub persons: Option<&'a [f64]>,
    /// Records of the original file that each row stands for; one each when none.
    pub records: Option<&'a [u64]>,
}

/// What became of the rows, in records of the original file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Read.
    pub read: u64,
    /// Used.
    pub used: u64,
    /// Without an age.
    pub age_unknown: u64,
    /// Of an age that is not of interest.
    pub age_outside: u64,
    /// Left out by the filter.
    pub filtered: u64,
    /// With a number of persons that is negative or not a number.
    pub bad_persons: u64,
    /// Without an area of the map.
    pub no_area: u64,
    /// Without a usable value of some variable.
    pub unusable: u64,
    /// Missing values by child variable.
    pub missing: Vec<u64>,
    /// Unknown categories by child variable.
    pub unknown: Vec<u64>,
}

impl Counts {
    pub(crate) fn new(variables: usize) -> Counts {
        Counts { missing: vec![0; variables], unknown: vec![0; variables], ..Counts::default() }
    }

    pub(crate) fn merge(&mut self, other: &Counts) {
        for (sum, more) in self.totals().into_iter().zip(other.clone().totals()) {
            *sum += *more;
        }
        self.missing.iter_mut().zip(&other.missing).for_each(|(sum, more)| *sum += more);
        self.unknown.iter_mut().zip(&other.unknown).for_each(|(sum, more)| *sum += more);
    }

    fn totals(&mut self) -> [&mut u64; 8] {
        [
            &mut self.read,
            &mut self.used,
            &mut self.age_unknown,
            &mut self.age_outside,
            &mut self.filtered,
            &mut self.bad_persons,
            &mut self.no_area,
            &mut self.unusable,
        ]
    }

    pub(crate) fn write(&self, bytes: &mut Writer) {
        for total in self.clone().totals() {
            bytes.number(*total);
        }
        bytes.numbers(self.missing.iter().copied());
        bytes.numbers(self.unknown.iter().copied());
    }

    pub(crate) fn read(&mut self, bytes: &mut Reader<'_>) -> Option<()> {
        let mut other = Counts::new(0);
        for total in other.totals() {
            *total = bytes.number()?;
        }
        other.missing = bytes.numbers()?;
        other.unknown = bytes.numbers()?;
        self.merge(&other);
        Some(())
    }
}

/// Which keys of the streams stand for usable values.
#[derive(Debug, Clone)]
pub(crate) struct Usability {
    /// By stream of keys: whether each key can be used, and the longest run of usable keys.
    keys: Vec<Option<KeyUsability>>,
    /// Whether each municipality has all area variables; empty when all have.
    areas: Vec<bool>,
}

#[derive(Debug, Clone)]
struct KeyUsability {
    usable: Vec<bool>,
    run: (u16, u16),
}

impl Usability {
    pub fn new(plan: &Plan, areas: Vec<bool>) -> Usability {
        let mut keys: Vec<Option<KeyUsability>> = vec![None; plan.streams.len()];
        for reading in &plan.readings {
            let usable: Vec<bool> = match reading {
                Reading::Codes { table, .. } => table.iter().map(|code| *code < UNKNOWN).collect(),
                Reading::Values { table, .. } => table.iter().map(|value| value.is_finite()).collect(),
                Reading::Numbers { .. } => continue,
            };
            let entry = &mut keys[reading.stream()];
            match entry {
                Some(known) => known.usable.iter_mut().zip(&usable).for_each(|(known, usable)| *known &= usable),
                None => *entry = Some(KeyUsability { usable, run: (1, 0) }),
            }
        }
        keys.iter_mut().flatten().for_each(|known| known.run = longest_run(&known.usable));
        Usability { keys, areas: if areas.iter().all(|usable| *usable) { Vec::new() } else { areas } }
    }

    /// Whether every row can be used: true only when that can be said at a glance.
    fn all(&self, rows: &Rows<'_>) -> bool {
        self.areas.is_empty()
            && rows.status.iter().all(|status| *status == Status::Candidate)
            && self.keys.iter().zip(rows.streams).all(|(usability, stream)| match (usability, stream) {
                (Some(usability), Stream::Keys(keys)) => {
                    let (low, high) =
                        keys.iter().fold((u16::MAX, 0), |(low, high), &key| (low.min(key), high.max(key)));
                    low >= usability.run.0 && high <= usability.run.1
                }
                (_, Stream::Numbers(numbers)) => numbers.iter().all(|number| number.is_finite()),
                (None, Stream::Keys(_)) => true,
            })
    }

    /// Counts the rows and names those to use: none means all of them.
    pub fn choose(&self, plan: &Plan, rows: &Rows<'_>, counts: &mut Counts) -> Option<Vec<usize>> {
        let records = |row: usize| rows.records.map_or(1, |records| records[row]);
        let total = rows.records.map_or(rows.status.len() as u64, |records| records.iter().sum());
        counts.read += total;
        if self.all(rows) {
            counts.used += total;
            return None;
        }
        let mut chosen = Vec::with_capacity(rows.status.len());
        for (row, status) in rows.status.iter().enumerate() {
            let count = records(row);
            let excluded = match status {
                Status::AgeUnknown => &mut counts.age_unknown,
                Status::AgeOutside => &mut counts.age_outside,
                Status::Filtered => &mut counts.filtered,
                Status::BadPersons => &mut counts.bad_persons,
                Status::NoArea => &mut counts.no_area,
                Status::Candidate => {
                    let mut usable = self.areas.is_empty() || self.areas[rows.areas[row] as usize];
                    for (variable, reading) in plan.readings.iter().enumerate() {
                        match read(reading, rows.streams, row) {
                            Usable::Yes => {}
                            Usable::Missing => {
                                counts.missing[variable] += count;
                                usable = false;
                            }
                            Usable::Unknown => {
                                counts.unknown[variable] += count;
                                usable = false;
                            }
                        }
                    }
                    if usable {
                        chosen.push(row);
                        &mut counts.used
                    } else {
                        &mut counts.unusable
                    }
                }
            };
            *excluded += count;
        }
        Some(chosen)
    }
}

enum Usable {
    Yes,
    Missing,
    Unknown,
}

fn read(reading: &Reading, streams: &[Stream<'_>], row: usize) -> Usable {
    let finite = |value: f64| if value.is_finite() { Usable::Yes } else { Usable::Missing };
    match (reading, &streams[reading.stream()]) {
        (Reading::Codes { table, .. }, Stream::Keys(keys)) => match table[keys[row] as usize] {
            code if code < UNKNOWN => Usable::Yes,
            UNKNOWN => Usable::Unknown,
            _ => Usable::Missing,
        },
        (Reading::Values { table, .. }, Stream::Keys(keys)) => finite(table[keys[row] as usize]),
        (Reading::Numbers { .. }, Stream::Numbers(numbers)) => finite(numbers[row]),
        _ => Usable::Missing,
    }
}

/// First and last key of the longest run of usable keys; an empty run when there is none.
pub(crate) fn longest_run(usable: &[bool]) -> (u16, u16) {
    let mut best = (1u16, 0u16);
    let mut start = None;
    for (key, usable) in usable.iter().chain([&false]).enumerate() {
        match (start, usable) {
            (None, true) => start = Some(key),
            (Some(first), false) => {
                if best.1 < best.0 || key - 1 - first > (best.1 - best.0) as usize {
                    best = (first as u16, (key - 1) as u16);
                }
                start = None;
            }
            _ => {}
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_run_of_usable_keys() {
        assert_eq!(longest_run(&[true, false, true, true, true, false, true]), (2, 4));
        assert_eq!(longest_run(&[true]), (0, 0));
        assert_eq!(longest_run(&[false, false]), (1, 0));
    }
}
