//! Ways to break a file, and the judge of what reading a broken one must not do: panic, take more memory than a file of its size may
//! need, or end in anything but batches or a finding about a file.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};

use clrisk_readers::{ReadError, ReadOptions, Source, open_source};
use peak_alloc::PeakAlloc;

/// Bytes a reader may take whatever the file: a block of records, columns of a batch, texts of a dictionary.
const BASE: usize = 64 << 20;

/// And for each byte of the file: packed files grow when unpacked.
const FOR_EACH_BYTE: usize = 64;

/// Reads a file to its end.
pub fn read(name: &str, bytes: &[u8]) -> Result<(), ReadError> {
    read_with(name, bytes, &ReadOptions::default())
}

fn read_with(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<(), ReadError> {
    let opened = open_source(&Source::memory(name, bytes)?, options)?;
    for table in &opened.tables {
        for batch in table.read(None)? {
            batch?;
        }
    }
    Ok(())
}

/// The allocator counts for all tests of a program: one judge weighs at a time.
static TURN: Mutex<()> = Mutex::new(());

/// Reads broken files one after the other and remembers what should not have happened.
pub struct Judge {
    _turn: MutexGuard<'static, ()>,
    memory: &'static PeakAlloc,
    cases: u64,
    read_all_the_same: u64,
    failures: Vec<String>,
}

impl Judge {
    /// A judge who weighs with the allocator of the test, once no other does: tests ask for theirs before they make anything large.
    pub fn new(memory: &'static PeakAlloc) -> Judge {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        Judge { _turn: turn, memory, cases: 0, read_all_the_same: 0, failures: Vec::new() }
    }

    /// Reads bytes that are broken in the way `what` says.
    pub fn case(&mut self, name: &str, what: &str, bytes: &[u8]) {
        self.case_with(name, what, bytes, &ReadOptions::default());
    }

    /// As [`Judge::case`], with decisions of the caller.
    pub fn case_with(&mut self, name: &str, what: &str, bytes: &[u8], options: &ReadOptions) {
        match self.outcome(name, bytes, options) {
            Ok(outcome) => self.read_all_the_same += u64::from(outcome.is_ok()),
            Err(problem) => self.failures.push(format!("{name} {what}: {problem}")),
        }
    }

    /// As [`Judge::case`], for bytes that cannot be read; gives the code of the finding.
    pub fn refused(&mut self, name: &str, what: &str, bytes: &[u8]) -> String {
        match self.outcome(name, bytes, &ReadOptions::default()) {
            Ok(Err(error)) => return error.finding(name).code,
            Ok(Ok(())) => self.failures.push(format!("{name} {what}: was read")),
            Err(problem) => self.failures.push(format!("{name} {what}: {problem}")),
        }
        String::new()
    }

    fn outcome(&mut self, name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Result<(), ReadError>, String> {
        self.cases += 1;
        self.memory.reset_peak_usage();
        let before = self.memory.current_usage();
        let outcome = catch_unwind(AssertUnwindSafe(|| read_with(name, bytes, options)));
        let taken = self.memory.peak_usage().saturating_sub(before);
        let outcome = outcome.map_err(|_| "a panic".to_owned())?;
        let dictionary =
            options.dictionary.as_ref().map_or(0, |path| path.metadata().map_or(0, |file| file.len() as usize));
        if taken > BASE + FOR_EACH_BYTE * (bytes.len() + dictionary) {
            return Err(format!("{} MB for {} bytes", taken >> 20, bytes.len()));
        }
        if let Err(error) = &outcome {
            let code = error.finding(name).code;
            if !code.starts_with("FILE-") && !code.starts_with("READ-") {
                return Err(format!("{code} is no finding about a file"));
            }
        }
        Ok(outcome)
    }

    /// Fails the test when anything should not have happened, or fewer than so many cases were judged.
    pub fn verdict(self, least: u64) {
        let (cases, read_all_the_same, failures) = (self.cases, self.read_all_the_same, &self.failures);
        println!("{cases} cases, {read_all_the_same} of them still read");
        assert!(
            failures.is_empty(),
            "{} of {cases}:\n{}",
            failures.len(),
            failures[..failures.len().min(20)].join("\n")
        );
        assert!(cases >= least, "{cases} cases");
    }
}

/// Where files are cut: every 16 bytes of their headers, then every 512 (no format has smaller blocks after its header), always
/// one byte beside each, and one byte before the end.
pub fn cuts(length: usize) -> Vec<usize> {
    let mut cuts: Vec<usize> = (16..length.min(4096)).step_by(16).chain((4096..length).step_by(512)).collect();
    cuts.extend(cuts.clone().into_iter().map(|cut| cut + 1));
    cuts.extend([1, length - 1]);
    cuts.retain(|cut| *cut < length);
    cuts
}

/// Numbers without a pattern from a seed (SplitMix64), so that a failing case can be made again.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

/// Bytes broken in the way that a seed decides.
pub fn broken(whole: &[u8], seed: u64) -> Vec<u8> {
    let mut numbers = Numbers(seed);
    let mut bytes = whole.to_vec();
    for _ in 0..=numbers.below(4) {
        // Half of the damage goes where files describe themselves.
        let reach = if numbers.below(2) == 0 { bytes.len().min(3_000) } else { bytes.len() };
        let at = numbers.below(reach);
        match numbers.below(7) {
            0 => bytes[at] ^= 1 << numbers.below(8),
            1 => bytes[at] = numbers.next() as u8,
            2 => bytes[at] = 0xff,
            3 => {
                let end = (at + 4).min(bytes.len());
                bytes[at..end].fill(0xff);
            }
            4 => {
                let end = (at + 4).min(bytes.len());
                bytes[at..end].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f][..end - at]);
            }
            5 => {
                let end = (at + numbers.below(64)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ => {
                let end = (at + numbers.below(64)).min(bytes.len());
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
        }
        if bytes.is_empty() {
            bytes.push(0);
        }
    }
    bytes
}
