//! `clrisk init --survey F --census G --boundaries B`: a whole `clrisk.toml`, proposed from names, labels and codes for a person to confirm.
//!
//! What could be decided is written as an expression, with a comment that says why; its key stands in `project.unconfirmed` until a person
//! takes it out, and `check` says so (`CONFIG-006`). What could not is written `"?"`, and `check` lists it (`CONFIG-005`).

mod area_codes;
mod outcome;
mod side;
mod variables;
mod writing;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clrisk_core::{Catalog, Finding, Language};
use clrisk_geography::BoundaryFile;

use crate::folder::{SETTINGS_FILE, write_atomically};
use crate::source::{Found, Session};

use area_codes::AreaCodes;
use side::Side;
use writing::Document;

/// The files of a project to propose.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The household survey.
    pub survey: Option<PathBuf>,
    /// Labels of the survey, when they are in a file of their own.
    pub survey_dictionary: Option<PathBuf>,
    /// The census.
    pub census: Option<PathBuf>,
    /// Labels of the census.
    pub census_dictionary: Option<PathBuf>,
    /// The boundaries.
    pub boundaries: Option<PathBuf>,
    /// Variables of the survey and of the census that are the same, where their names do not say so.
    pub matches: Vec<(String, String)>,
}

/// What was proposed.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The settings file that was written.
    pub file: PathBuf,
    /// Keys with a proposal that a person should confirm.
    pub unconfirmed: Vec<String>,
    /// Keys that are left to decide.
    pub undecided: Vec<String>,
    /// For each role, the variable of the survey.
    pub survey_roles: BTreeMap<String, String>,
    /// For each role, the variable of the census.
    pub census_roles: BTreeMap<String, String>,
    /// What the readers had to say.
    pub findings: Vec<Finding>,
}

/// Reads the files, writes `clrisk.toml` into `folder`. Overwrites nothing.
///
/// # Errors
/// Findings of the files; `CONFIG-004` there is a project already; `FILE-007` the settings cannot be written.
pub async fn propose(
    folder: &Path,
    sources: &Sources,
    catalog: &Catalog,
    language: Language,
) -> Result<Proposal, Found> {
    let file = folder.join(SETTINGS_FILE);
    if file.exists() {
        let place = clrisk_core::Place::file(SETTINGS_FILE);
        return Err(Box::new(Finding::error("CONFIG-004", place).with("folder", folder.display())));
    }
    let unwritable =
        |_| Box::new(Finding::error("FILE-007", clrisk_core::Place::file(SETTINGS_FILE)).with("file", SETTINGS_FILE));
    for part in ["data", "geo"] {
        std::fs::create_dir_all(folder.join(part)).map_err(unwritable)?;
    }
    let session = Session::new(folder);
    let mut findings = Vec::new();
    let survey = open(&session, "survey", sources.survey.as_deref(), sources.survey_dictionary.as_deref()).await?;
    let census = open(&session, "census", sources.census.as_deref(), sources.census_dictionary.as_deref()).await?;
    findings.extend(session.take_notes());
    let boundaries = match &sources.boundaries {
        None => None,
        Some(path) => {
            let shown = path.display().to_string();
            let read = BoundaryFile::read(path, &clrisk_geography::ReadOptions::default()).await;
            Some((path.clone(), read.map_err(|error| Box::new(error.finding(&shown)))?))
        }
    };
    let areas = AreaCodes::find(&session, boundaries.as_ref().map(|(_, file)| file), [&survey, &census]).await?;
    let age = survey.as_ref().and_then(|survey| survey.age());
    let outcome = outcome::propose(&session, survey.as_ref(), age.as_ref()).await?;
    let variables = variables::propose(survey.as_ref(), census.as_ref(), &outcome, &sources.matches);
    let mut document = Document::new(catalog, language, folder);
    document.project();
    document.outcome(&outcome);
    document.areas(boundaries.as_ref().map(|(path, _)| path.as_path()), &areas);
    document.survey(survey.as_ref(), &areas);
    document.census(census.as_ref(), &areas);
    document.variables(&variables);
    document.model(&outcome, &variables);
    let (text, unconfirmed, undecided) = document.finish();
    write_atomically(&file, text.as_bytes()).map_err(unwritable)?;
    let roles = |side: Option<&Side>| side.map(|side| side.table.roles.clone()).unwrap_or_default();
    Ok(Proposal {
        file,
        unconfirmed,
        undecided,
        survey_roles: roles(survey.as_ref()),
        census_roles: roles(census.as_ref()),
        findings,
    })
}

async fn open(
    session: &Session,
    name: &'static str,
    path: Option<&Path>,
    dictionary: Option<&Path>,
) -> Result<Option<Side>, Found> {
    match path {
        None => Ok(None),
        Some(path) => Ok(Some(Side::open(session, name, path, dictionary).await?)),
    }
}
