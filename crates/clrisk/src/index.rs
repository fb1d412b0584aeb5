//! `index` and `screen`: the vulnerability index, and the twelve questions for places without data.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ArgMatches;
use clrisk_core::screen::Questionnaire;
use clrisk_core::{Bundle, Finding, Place};
use clrisk_engine::folder::{ProjectFolder, write_atomically};
use clrisk_engine::index::{self, preset, settings::Kind};
use clrisk_engine::screen;

use crate::Speaker;
use crate::commands::report_draft;
use crate::report::{MACHINE, print_findings, say, stop_with};

/// `clrisk index`
pub async fn index(speaker: &Speaker, folder: &ProjectFolder, matches: &ArgMatches) -> ExitCode {
    match matches.get_one::<String>("preset") {
        Some(name) => start(speaker, folder, name),
        None => run(speaker, folder).await.map_or_else(|code| code, |_| ExitCode::SUCCESS),
    }
}

/// Whether the project is an index alone.
pub fn is_alone(folder: &ProjectFolder) -> bool {
    matches!(folder.kind(), Ok((Kind::Index(_), _)))
}

/// `clrisk check` of an index alone; none for other projects.
pub async fn check(folder: &ProjectFolder) -> Option<clrisk_engine::run::CheckOutcome> {
    match folder.kind() {
        Ok((Kind::Index(project), _)) => Some(index::check(folder, &project).await),
        _ => None,
    }
}

/// Computes the index and writes the draft.
pub async fn run(speaker: &Speaker, folder: &ProjectFolder) -> Result<Bundle, ExitCode> {
    say(speaker, "command-step-index", &[]);
    report_draft(speaker, folder, index::index(folder).await)
}

fn start(speaker: &Speaker, folder: &ProjectFolder, name: &str) -> ExitCode {
    match preset::write(&folder.path, name) {
        Ok(files) => {
            for file in files {
                say(speaker, "command-init-done", &[("file", &file.display().to_string())]);
            }
            ExitCode::SUCCESS
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => stop_with(
            speaker,
            Finding::error("CONFIG-004", Place::file("clrisk.toml")).with("folder", folder.path.display()),
        ),
        Err(_) => {
            stop_with(speaker, Finding::error("FILE-007", Place::file("clrisk.toml")).with("file", "clrisk.toml"));
            ExitCode::from(MACHINE)
        }
    }
}

/// `clrisk screen`
pub fn screen(speaker: &Speaker, folder: &ProjectFolder, matches: &ArgMatches) -> ExitCode {
    let rules = matches.get_one::<PathBuf>("rules").map(PathBuf::as_path);
    let questionnaire = match screen::questionnaire(rules) {
        Ok(questionnaire) => questionnaire,
        Err(finding) => return stop_with(speaker, *finding),
    };
    let outcome = match matches.get_one::<PathBuf>("import") {
        None => write_form(speaker, folder, &questionnaire),
        Some(file) => screen::import(&folder.path, file, &questionnaire).map(|(path, forms, findings)| {
            print_findings(speaker, &findings);
            for form in &forms {
                let class = form.class.map_or("screen-class-none".to_owned(), |class| format!("screen-class-{class}"));
                let share = form.class.and_then(|class| form.shares.get(class as usize - 1)).copied().unwrap_or(0.0);
                say(
                    speaker,
                    "command-screen-form",
                    &[
                        ("community", &form.community),
                        ("class", &speaker.catalog.get(speaker.language, &class)),
                        ("lowest", &format!("{:.0}", form.lowest)),
                        ("highest", &format!("{:.0}", form.highest)),
                        ("share", &format!("{:.0}", 100.0 * share)),
                    ],
                );
            }
            path
        }),
    };
    match outcome {
        Ok(path) => {
            say(speaker, "command-screen-done", &[("file", &path.display().to_string())]);
            ExitCode::SUCCESS
        }
        Err(finding) => stop_with(speaker, *finding),
    }
}

/// Writes the form as one page that works without a network.
fn write_form(
    speaker: &Speaker,
    folder: &ProjectFolder,
    questionnaire: &Questionnaire,
) -> Result<PathBuf, Box<Finding>> {
    let page = clrisk_render::screen::form(questionnaire, &speaker.catalog, speaker.language);
    let target = folder.path.join("out").join("screen").join(format!("{}.html", questionnaire.name));
    let failed = |_| Box::new(Finding::error("FILE-007", Place::file("screen.html")).with("file", "screen.html"));
    if let Some(parent) = target.parent() {
        std::fs::create_dir_all(parent).map_err(failed)?;
    }
    write_atomically(&target, page.as_bytes()).map_err(failed)?;
    Ok(target)
}

/// `clrisk run` of an index alone.
pub async fn run_alone(speaker: &Speaker, folder: &ProjectFolder) -> Option<ExitCode> {
    if !is_alone(folder) {
        return None;
    }
    Some(run(speaker, folder).await.map_or_else(|code| code, |_| ExitCode::SUCCESS))
}
