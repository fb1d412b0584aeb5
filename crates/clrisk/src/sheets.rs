//! `sheet`: fact sheets as PDF or HTML, one or all.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::ArgMatches;
use clrisk_core::{Finding, Level, Place};
use clrisk_print::Printer;
use clrisk_render::sheet::page;
use clrisk_render::{Sheet, Study, Words};

use crate::exports::{folder, place, unwritten};
use crate::report::{say, stop_with, text};
use crate::{Speaker, published};

/// Writes the sheet of an area, or all of them.
pub fn command(speaker: &Speaker, project: &Path, matches: &ArgMatches) -> ExitCode {
    let bundle = match published::open(speaker, project, matches) {
        Ok(bundle) => bundle,
        Err(code) => return code,
    };
    let Ok(study) = Study::new(bundle) else {
        return published::unreadable(speaker, "boundaries.geojson", "other");
    };
    // A bundle of an index alone has no other sheets.
    let of_index = matches.get_flag("index") || !study.bundle().has_estimates();
    if of_index && study.bundle().index.is_none() {
        return stop_with(speaker, Finding::error("INDEX-003", Place::file("clrisk.toml")));
    }
    let areas = match matches.get_one::<String>("code") {
        None => Sheet::areas(&study),
        Some(code) => match find(&study, code) {
            Some(area) => vec![area],
            None => return stop_with(speaker, Finding::error("SHEET-002", Place::default()).with("code", code)),
        },
    };
    let output = folder(project, matches, "out/sheets");
    if std::fs::create_dir_all(&output).is_err() {
        return unwritten(speaker, &output);
    }
    let batch = Batch { speaker, study: &study, pdf: text(matches, "format") == "pdf", output, areas, of_index };
    match batch.write() {
        Ok(()) => {
            let total = batch.areas.len().to_string();
            say(speaker, "command-sheet-done", &[("total", &total), ("folder", &batch.output.display().to_string())]);
            ExitCode::SUCCESS
        }
        Err(Stopped::Finding(finding)) => stop_with(speaker, *finding),
        Err(Stopped::Unwritten(path)) => unwritten(speaker, &path),
    }
}

/// The area with a code: a municipality, else a department, else the country.
fn find(study: &Study, code: &str) -> Option<(Level, String)> {
    [Level::Municipality, Level::Department, Level::Country]
        .into_iter()
        .find(|level| study.area(*level, code).is_some())
        .map(|level| (level, code.to_owned()))
}

/// Why a batch ended early.
enum Stopped {
    Finding(Box<Finding>),
    Unwritten(PathBuf),
}

struct Batch<'a> {
    speaker: &'a Speaker,
    study: &'a Study,
    pdf: bool,
    output: PathBuf,
    areas: Vec<(Level, String)>,
    of_index: bool,
}

impl Batch<'_> {
    /// Writes the sheets with as many threads as the machine has; the first that fails ends the batch.
    fn write(&self) -> Result<(), Stopped> {
        let printer = if self.pdf { Some(Printer::new().map_err(|error| self.refused("", &error))?) } else { None };
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(self.areas.len());
        let (next, done, failed) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(None));
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    let words = Words::new(&self.speaker.catalog, self.speaker.language, self.study.manifest());
                    // A failure leaves no more work for anybody.
                    while let Some((level, code)) = self.areas.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if let Err(stopped) = self.one(printer.as_ref(), &words, *level, code) {
                            next.store(self.areas.len(), Ordering::Relaxed);
                            if let Ok(mut failed) = failed.lock() {
                                failed.get_or_insert(stopped);
                            }
                            return;
                        }
                        self.progress(done.fetch_add(1, Ordering::Relaxed) + 1);
                    }
                });
            }
        });
        match failed.into_inner() {
            Ok(Some(stopped)) => Err(stopped),
            _ => Ok(()),
        }
    }

    fn one(&self, printer: Option<&Printer>, words: &Words<'_>, level: Level, code: &str) -> Result<(), Stopped> {
        let sheet = match self.of_index {
            true => Sheet::of_index(self.study, words, level, code),
            false => Sheet::of(self.study, words, level, code),
        };
        let Some(sheet) = sheet else {
            return Err(Stopped::Finding(Box::new(Finding::error("SHEET-002", Place::default()).with("code", code))));
        };
        let (bytes, extension) = match printer {
            Some(printer) => (printer.print(&sheet).map_err(|error| self.refused(code, &error))?.pdf, "pdf"),
            None => (page::page(&sheet).into_string().into_bytes(), "html"),
        };
        // What a file system may refuse in a code becomes a hyphen.
        let plain: String = code.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
        let what = if self.of_index { "index-" } else { "" };
        let name = format!("{what}{}-{plain}.{}.{extension}", level.code(), words.language);
        place(&self.output, &name, &bytes).map_err(|_| Stopped::Unwritten(self.output.join(&name)))
    }

    fn refused(&self, code: &str, error: &clrisk_print::PrintError) -> Stopped {
        let finding = Finding::error("SHEET-001", Place::default()).with("area", code).with("reason", error);
        Stopped::Finding(Box::new(finding))
    }

    /// One line for every twentieth of a batch of many.
    fn progress(&self, done: usize) {
        let total = self.areas.len();
        let twentieth = |count: usize| count * 20 / total;
        if total >= 100 && twentieth(done) > twentieth(done - 1) {
            say(self.speaker, "command-sheet-progress", &[("done", &done.to_string()), ("total", &total.to_string())]);
        }
    }
}
