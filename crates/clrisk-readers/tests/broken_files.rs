//! Broken files: cut anywhere, with bytes turned over, zeroed, blown up or moved. Reading ends in batches or in an error that is a finding;
//! it never panics, and takes no more memory than a file of that size may need.
//!
//! What the fuzzer found is kept in `tests/files/found` and replayed here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use clrisk_readers::{ReadError, ReadOptions, Source, open_source};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Bytes a reader may take whatever the file: a block of records, columns of a batch, texts of a dictionary.
const BASE: usize = 64 << 20;

/// And for each byte of the file: packed files grow when unpacked.
const FOR_EACH_BYTE: usize = 64;

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

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let extension = path.extension().map(|extension| extension.to_string_lossy().into_owned()).unwrap_or_default();
        if matches!(extension.as_str(), "sav" | "zsav" | "por" | "dta" | "xpt" | "sas7bdat") {
            found.push(path);
        }
    }
    found.sort();
}

fn read(name: &str, bytes: &[u8]) -> Result<(), ReadError> {
    let opened = open_source(&Source::memory(name, bytes)?, &ReadOptions::default())?;
    for table in &opened.tables {
        for batch in table.read(None)? {
            batch?;
        }
    }
    Ok(())
}

/// Reads broken bytes; says what happened when it should not have.
fn check(name: &str, bytes: &[u8]) -> Result<bool, String> {
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let outcome = catch_unwind(AssertUnwindSafe(|| read(name, bytes))).map_err(|_| "a panic".to_owned())?;
    let taken = MEMORY.peak_usage().saturating_sub(before);
    if taken > BASE + FOR_EACH_BYTE * bytes.len() {
        return Err(format!("{} MB for {} bytes", taken >> 20, bytes.len()));
    }
    if let Err(error) = &outcome {
        let code = error.finding(name).code;
        if !code.starts_with("FILE-") && !code.starts_with("READ-") {
            return Err(format!("{code} is no finding about a file"));
        }
    }
    Ok(outcome.is_ok())
}

/// Where files are cut: every 16 bytes of their headers, then every 512 (no format has smaller blocks after its header), always
/// one byte beside each, and one byte before the end.
fn cuts(length: usize) -> Vec<usize> {
    let mut cuts: Vec<usize> = (0..length.min(4096)).step_by(16).chain((4096..length).step_by(512)).collect();
    cuts.extend(cuts.clone().into_iter().map(|cut| cut + 1));
    cuts.push(length - 1);
    cuts.retain(|cut| *cut < length);
    cuts
}

/// One way to break bytes.
fn break_bytes(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
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
}

#[test]
fn broken_files_end_in_batches_or_findings_and_take_little_memory() {
    let mut paths = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files"), &mut paths);
    for folder in ["readers/encovi_fixture", "readers/pyreadstat_samples"] {
        if let Some(folder) = support::real_data(folder) {
            files(&folder, &mut paths);
        }
    }
    let (mut cases, mut read_all_the_same) = (0_u64, 0_u64);
    let mut failures = Vec::new();
    for path in &paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let whole = std::fs::read(path).unwrap();
        let mut judge = |what: String, bytes: &[u8]| {
            cases += 1;
            match check(&name, bytes) {
                Ok(read) => read_all_the_same += u64::from(read),
                Err(problem) => failures.push(format!("{name} {what}: {problem}")),
            }
        };
        for cut in cuts(whole.len()).into_iter().filter(|cut| *cut > 0) {
            judge(format!("cut at {cut}"), &whole[..cut]);
        }
        for seed in 0..150 {
            let mut bytes = whole.clone();
            break_bytes(&mut bytes, &mut Numbers(seed));
            judge(format!("broken with seed {seed}"), &bytes);
        }
    }
    println!("{} files, {cases} cases, {read_all_the_same} of them still read", paths.len());
    assert!(failures.is_empty(), "{} of {cases}:\n{}", failures.len(), failures[..failures.len().min(20)].join("\n"));
    assert!(cases > 2_000);
}

#[test]
fn files_cut_in_their_data_are_errors_at_a_row() {
    for name in ["made_plain.sav", "made_rows.sav", "made_15.dta", "made_8.dta"] {
        let whole = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name)).unwrap();
        // Three quarters of the file lie within the records of these.
        let error = read(name, &whole[..whole.len() * 3 / 4]).unwrap_err();
        let finding = error.finding(name);
        assert_eq!(finding.code, "FILE-004", "{name}");
        assert!(finding.place.row.is_some(), "{name}: {error}");
    }
}

#[test]
fn inputs_found_by_the_fuzzer_stay_harmless() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/found");
    let Ok(entries) = std::fs::read_dir(&folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        check(&name, &std::fs::read(&path).unwrap()).unwrap_or_else(|problem| panic!("{name}: {problem}"));
    }
}
