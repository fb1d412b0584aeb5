//! What each command does: call a crate, print the outcome, choose the exit code.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;

use clap::ArgMatches;
use clrisk_core::{Bundle, Finding, Findings, Level, Place};
use clrisk_engine::cluster::Cluster;
use clrisk_engine::folder::ProjectFolder;
use clrisk_engine::release::SignatureRequest;
use clrisk_engine::run::Step;
use clrisk_engine::{comparability, explain, join, template};

use crate::report::{MACHINE, STOPPED, findings_json, print_findings, print_json, say, stop_with, text};
use crate::{Speaker, arguments, cells, cluster, demo, exports, files, index, measure, serve, sheets};

/// Runs the command of the command line.
pub async fn dispatch(speaker: &Speaker, matches: &ArgMatches) -> ExitCode {
    let folder = ProjectFolder::new(&arguments::project(matches));
    if let Some(country) = folder.country_code() {
        speaker.catalog.set_country(&country);
    }
    match matches.subcommand() {
        Some(("init", sub)) => match files::sources(sub) {
            Some(sources) => files::propose(speaker, &folder.path, &sources).await,
            None => init(speaker, &folder),
        },
        Some(("inspect", sub)) => files::inspect(speaker, sub),
        Some(("convert", sub)) => files::convert(speaker, sub),
        Some(("check", sub)) => check(speaker, &folder, sub.get_flag("fix")).await,
        Some(("run", sub)) => match index::run_alone(speaker, &folder).await {
            Some(code) => code,
            None => run(speaker, &folder, sub).await,
        },
        Some(("cells", sub)) => cells::command(speaker, &folder, sub).await,
        Some(("scheduler", sub)) => cluster::scheduler(speaker, sub).await,
        Some(("executor", sub)) => cluster::executor(speaker, sub).await,
        Some(("measure", sub)) => measure::command(speaker, &folder, sub).await,
        Some(("index", sub)) => index::index(speaker, &folder, sub).await,
        Some(("screen", sub)) => index::screen(speaker, &folder, sub),
        Some(("explain", sub)) => explain(speaker, &folder, text(sub, "what")),
        Some(("release", sub)) => release(speaker, &folder, sub),
        Some(("serve", sub)) => serve::command(speaker, &folder.path, sub).await,
        Some(("site", sub)) => serve::copy(speaker, &folder.path, sub).await,
        Some(("sheet", sub)) => sheets::command(speaker, &folder.path, sub),
        Some(("export", sub)) => exports::command(speaker, &folder.path, sub).await,
        Some(("demo", sub)) => demo::demo(speaker, sub).await,
        _ => ExitCode::from(2),
    }
}

fn init(speaker: &Speaker, folder: &ProjectFolder) -> ExitCode {
    match template::write(&folder.path, speaker.language) {
        Ok(path) => {
            say(speaker, "command-init-done", &[("file", &path.display().to_string())]);
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

async fn check(speaker: &Speaker, folder: &ProjectFolder, fix: bool) -> ExitCode {
    let outcome = match index::check(folder).await {
        Some(outcome) => outcome,
        None => clrisk_engine::run::check(folder).await,
    };
    if speaker.json {
        print_json(&serde_json::json!({
            "findings": findings_json(speaker, &outcome.findings),
            "comparability": outcome.comparability,
        }));
    } else {
        print_findings(speaker, &outcome.findings);
        let text = comparability::text(&outcome.comparability, &speaker.catalog, speaker.language);
        let _ = write!(std::io::stdout(), "{text}");
    }
    if fix {
        match join::write_suggestions(&folder.path, &outcome.joins) {
            Ok((accepted, waiting)) => say(
                speaker,
                "command-fix-done",
                &[("accepted", &accepted.to_string()), ("waiting", &waiting.to_string())],
            ),
            Err(_) => {
                stop_with(speaker, Finding::error("FILE-007", Place::file("match.csv")).with("file", "match.csv"));
                return ExitCode::from(MACHINE);
            }
        }
    }
    if outcome.findings.has_errors() { ExitCode::from(STOPPED) } else { ExitCode::SUCCESS }
}

async fn run(speaker: &Speaker, folder: &ProjectFolder, matches: &ArgMatches) -> ExitCode {
    let cluster = match matches.get_one::<String>("cluster") {
        None => None,
        Some(address) => match cluster::connect(address).await {
            Ok(cluster) => Some(cluster),
            Err(finding) => return stop_with(speaker, finding),
        },
    };
    match run_project(speaker, folder, cluster.as_ref()).await {
        Ok(_) => ExitCode::SUCCESS,
        Err(code) => code,
    }
}

/// Says what became of a draft: findings, where it is, or that the work stopped.
pub fn report_draft(
    speaker: &Speaker,
    folder: &ProjectFolder,
    outcome: Result<Bundle, Findings>,
) -> Result<Bundle, ExitCode> {
    let bundle = outcome.map_err(|findings| {
        print_findings(speaker, &findings);
        say(speaker, "command-run-stopped", &[]);
        ExitCode::from(STOPPED)
    })?;
    print_findings(speaker, &bundle.findings);
    if let Some(found) = &bundle.index {
        let known = found.areas.iter().filter(|area| area.points.is_some()).count();
        say(speaker, "command-index-done", &[("areas", &known.to_string())]);
    }
    say(speaker, "command-run-done", &[("folder", &folder.draft().display().to_string())]);
    Ok(bundle)
}

/// Runs a project with progress on the terminal.
pub async fn run_project(
    speaker: &Speaker,
    folder: &ProjectFolder,
    cluster: Option<&Cluster>,
) -> Result<Bundle, ExitCode> {
    let last = Mutex::new((String::new(), 0u64));
    let progress = |step: Step| {
        let (key, rows) = match step {
            Step::Reading => ("command-step-reading", 0),
            Step::Model => ("command-step-model", 0),
            Step::Population(rows) => ("command-step-population", rows),
            Step::Estimates => ("command-step-estimates", 0),
            Step::Writing => ("command-step-writing", 0),
        };
        let Ok(mut last) = last.lock() else { return };
        // One line a step, and one more for every five million rows of the population.
        if last.0 != key || rows >= last.1 + 5_000_000 {
            say(speaker, key, &[("rows", &rows.to_string())]);
            *last = (key.to_owned(), rows);
        }
    };
    report_draft(speaker, folder, clrisk_engine::run::run_on(folder, cluster, &progress).await)
}

fn explain(speaker: &Speaker, folder: &ProjectFolder, what: &str) -> ExitCode {
    if speaker.catalog.has(speaker.language, &format!("finding-{what}.hint")) {
        let blank = Finding::note(what, Place::default());
        let message = blank.message(&speaker.catalog, speaker.language);
        let hint = blank.hint(&speaker.catalog, speaker.language);
        let _ = writeln!(std::io::stdout(), "{what}\n{message}\n→ {hint}");
        return ExitCode::SUCCESS;
    }
    let newest = folder.newest_release();
    let place = if folder.draft().join("manifest.json").exists() { Some(folder.draft()) } else { newest };
    let Some(bundle) = place.as_deref().and_then(read_bundle) else {
        return stop_with(speaker, Finding::error("RELEASE-001", Place::file("out/draft")));
    };
    if what == "model" {
        let text = explain::model(&bundle, &speaker.catalog, speaker.language);
        let _ = write!(std::io::stdout(), "{text}");
        return ExitCode::SUCCESS;
    }
    let wanted = bundle.areas.iter().find(|row| row.area.level == Level::Municipality && row.area.code == what);
    match wanted {
        Some(row) => {
            let text = explain::area(&bundle, row, &speaker.catalog, speaker.language);
            let _ = write!(std::io::stdout(), "{text}");
            ExitCode::SUCCESS
        }
        None => stop_with(speaker, Finding::error("EXPLAIN-001", Place::default()).with("what", what)),
    }
}

fn read_bundle(path: &Path) -> Option<Bundle> {
    Bundle::read(path).ok()
}

fn release(speaker: &Speaker, folder: &ProjectFolder, matches: &ArgMatches) -> ExitCode {
    let date = matches.get_one::<String>("date").cloned().unwrap_or_else(|| jiff::Zoned::now().date().to_string());
    let signature = SignatureRequest {
        name: text(matches, "by").to_owned(),
        office: text(matches, "office").to_owned(),
        date,
        statement: speaker.catalog.get(speaker.language, "command-release-statement"),
    };
    match clrisk_engine::release::release(folder, text(matches, "id"), &signature) {
        Ok((path, report)) => {
            say(
                speaker,
                "command-release-done",
                &[
                    ("folder", &path.display().to_string()),
                    ("shown", &report.shown.to_string()),
                    ("primary", &report.primary.to_string()),
                    ("complementary", &report.complementary.to_string()),
                ],
            );
            ExitCode::SUCCESS
        }
        Err(finding) => stop_with(speaker, *finding),
    }
}
