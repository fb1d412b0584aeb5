//! Broken files: cut anywhere, with bytes turned over, zeroed, blown up or moved. Reading ends in batches or in an error that is a finding;
//! it never panics, and takes no more memory than a file of that size may need.
//!
//! What the fuzzer found is kept in `tests/files/found` and replayed here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod support;

use std::path::{Path, PathBuf};

use clrisk_readers::ReadOptions;
use peak_alloc::PeakAlloc;
use support::damage::{Judge, broken, cuts, read};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

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

#[test]
fn broken_files_end_in_batches_or_findings_and_take_little_memory() {
    let mut judge = Judge::new(&MEMORY);
    let mut paths = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files"), &mut paths);
    for folder in ["readers/encovi_fixture", "readers/pyreadstat_samples"] {
        if let Some(folder) = support::real_data(folder) {
            files(&folder, &mut paths);
        }
    }
    for path in &paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let whole = std::fs::read(path).unwrap();
        for cut in cuts(whole.len()) {
            judge.case(&name, &format!("cut at {cut}"), &whole[..cut]);
        }
        for seed in 0..150 {
            judge.case(&name, &format!("broken with seed {seed}"), &broken(&whole, seed));
        }
    }
    println!("{} files", paths.len());
    judge.verdict(2_000);
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
    let mut judge = Judge::new(&MEMORY);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/found");
    let Ok(entries) = std::fs::read_dir(&folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if let Some(data) = name.strip_suffix(".dictionary") {
            // A file that is read with a dictionary has it beside it, under its own name and this ending.
            let options = ReadOptions { dictionary: Some(path.clone()), ..ReadOptions::default() };
            judge.case_with(data, "with its dictionary", &std::fs::read(folder.join(data)).unwrap(), &options);
        } else {
            judge.case(&name, "as found", &std::fs::read(&path).unwrap());
        }
    }
    judge.verdict(0);
}
