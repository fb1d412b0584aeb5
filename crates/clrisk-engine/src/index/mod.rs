//! The vulnerability index (CLVI, IVTI): from indicators of municipalities to points, classes and what they owe to the choices
//! made. For a country without a usable survey and census, alone; beside estimates, in the same bundle.

pub mod compute;
pub mod indicators;
pub mod preset;
pub mod settings;
pub mod values;

use std::collections::BTreeMap;

use clrisk_core::bundle::{ClassScheme, FORMAT_VERSION, Input, Manifest, OutcomeLabel, Stage};
use clrisk_core::index::IndexResults;
use clrisk_core::model_card::ModelCard;
use clrisk_core::{Bundle, Finding, Findings, Level, LocalText, Place};
use clrisk_geography::{Polygons, companions, to_geojson};
use clrisk_stats::StatsError;

use crate::areas::AreaTree;
use crate::folder::ProjectFolder;
use crate::index::compute::{Question, results};
use crate::index::indicators::IndicatorTable;
use crate::index::settings::{IndexProject, IndexSettings, Kind};
use crate::join::read_decisions;
use crate::run::{input, write_draft};
use crate::source::{Found, Session};

/// A recipe that cannot be carried out.
fn recipe_finding(error: &StatsError) -> Found {
    Box::new(Finding::error("INDEX-007", Place::key("index")).with("reason", error))
}

/// Computes the index of a project and replaces its draft: one of the index alone, or the draft of the same settings with the
/// index added.
///
/// # Errors
/// All findings when one of them stops the work; the previous draft is then untouched.
pub async fn index(folder: &ProjectFolder) -> Result<Bundle, Findings> {
    let mut findings = Findings::default();
    let done = match folder.kind() {
        Err(finding) => Err(finding),
        Ok((Kind::Index(project), hash)) => alone(folder, &project, hash, &mut findings).await,
        Ok((Kind::Estimates(settings), hash)) => match &settings.index {
            Some(_) => added(folder, &settings, &hash, &mut findings).await,
            None => Err(Box::new(Finding::error("INDEX-003", Place::file("clrisk.toml")))),
        },
    };
    match done.and_then(|bundle| if findings.has_errors() { Ok(bundle) } else { write_draft(folder, bundle) }) {
        Ok(bundle) if !findings.has_errors() => Ok(bundle),
        Ok(_) => Err(findings),
        Err(finding) => {
            findings.push(*finding);
            Err(findings)
        }
    }
}

/// Reads everything of a project of an index alone and reports; writes nothing.
pub async fn check(folder: &ProjectFolder, project: &IndexProject) -> crate::run::CheckOutcome {
    let mut findings = Findings::default();
    let mut joins = Vec::new();
    match alone(folder, project, String::new(), &mut findings).await {
        Ok(bundle) => joins = bundle.joins,
        Err(finding) => findings.push(*finding),
    }
    crate::run::CheckOutcome { findings, joins, comparability: Default::default() }
}

/// A bundle of an index and nothing else.
async fn alone(
    folder: &ProjectFolder,
    project: &IndexProject,
    settings_sha256: String,
    findings: &mut Findings,
) -> Result<Bundle, Found> {
    let session = Session::new(&folder.path);
    let tree = AreaTree::of(&session, &project.areas, findings).await?;
    let language = project.project.language;
    let mut areas = tree.rows(project.project.country.get(language));
    let codes: Vec<String> = tree.municipalities.iter().map(|area| area.code.clone()).collect();
    let polygons: Vec<&Polygons> = tree.municipalities.iter().map(|area| &area.polygons).collect();
    let mut inputs = vec![input(
        folder,
        language,
        "boundaries",
        (&project.areas.file, &project.areas.title, project.areas.year, project.areas.source.as_ref()),
    )?];
    for (extension, file) in companions(&folder.path.join(&project.areas.file)) {
        let role = format!("boundaries_{extension}");
        inputs.push(input(folder, language, &role, (&file, &LocalText::default(), None, None))?);
    }
    if let Some(table) = &project.areas.departments {
        inputs.push(input(folder, language, "departments", (&table.file, &LocalText::default(), None, None))?);
    }
    let no_classes = ClassScheme { rule: "fixed".to_owned(), breaks: Vec::new(), names: Vec::new() };
    let manifest = Manifest {
        format: FORMAT_VERSION,
        program: format!("clrisk {}", env!("CARGO_PKG_VERSION")),
        stage: Stage::Draft,
        project: project.project.id.clone(),
        release: None,
        title: project.project.title.clone(),
        country: project.project.country.clone(),
        country_code: project.project.country_code.clone(),
        licence: project.project.licence.clone(),
        synthetic: project.project.synthetic,
        outcome: OutcomeLabel {
            name: "index".to_owned(),
            title: project.index.title.clone(),
            definition: project.index.definition.clone(),
        },
        ages: [0, 0],
        variables: Vec::new(),
        groups: Vec::new(),
        levers: Vec::new(),
        classes: no_classes,
        max_cv: 1.0,
        inputs,
        settings_sha256,
        seed: project.project.seed,
        files: BTreeMap::new(),
        signature: None,
        disclosure: None,
    };
    let mut bundle = Bundle {
        hot_spots: Vec::new(),
        measured: None,
        manifest,
        areas: Vec::new(),
        estimates: Vec::new(),
        classes: Vec::new(),
        factors: Vec::new(),
        levers: Vec::new(),
        model: ModelCard::default(),
        sensitivity: Vec::new(),
        comparability: Default::default(),
        joins: Vec::new(),
        findings: Findings::default(),
        boundaries: to_geojson(&codes, &polygons),
        index: None,
    };
    let ground = Ground { folder, session: &session, tree: &tree, seed: project.project.seed };
    ground.add(&mut bundle, &project.index, findings).await?;
    // Of an index alone, people are all that is known of an area's size.
    if let Some(index) = &bundle.index {
        let people: BTreeMap<&str, f64> =
            index.areas.iter().filter_map(|area| Some((area.area.as_str(), area.population?))).collect();
        for row in areas.iter_mut().filter(|row| row.area.level == Level::Municipality) {
            row.population = people.get(row.area.code.as_str()).copied().unwrap_or(0.0);
        }
    }
    bundle.areas = areas;
    Ok(bundle)
}

/// The draft of the same settings with the index made anew.
async fn added(
    folder: &ProjectFolder,
    settings: &crate::settings::Settings,
    hash: &str,
    findings: &mut Findings,
) -> Result<Bundle, Found> {
    let stale = || Box::new(Finding::error("INDEX-014", Place::file("out/draft")));
    folder.recover().map_err(|_| stale())?;
    let mut bundle = Bundle::read(&folder.draft()).map_err(|_| stale())?;
    if bundle.manifest.settings_sha256 != hash {
        return Err(stale());
    }
    let session = Session::new(&folder.path);
    let tree = AreaTree::read(&session, settings, &mut Findings::default()).await?;
    let Some(index) = &settings.index else { return Err(stale()) };
    bundle.joins.retain(|join| join.role != values::ROLE);
    bundle.manifest.inputs.retain(|input| !INPUT_ROLES.contains(&input.role.as_str()));
    bundle.findings.0.retain(|finding| !finding.code.starts_with("INDEX-"));
    let ground = Ground { folder, session: &session, tree: &tree, seed: settings.project.seed };
    ground.add(&mut bundle, index, findings).await?;
    Ok(bundle)
}

/// Roles of the input files of an index.
const INPUT_ROLES: [&str; 2] = ["indicators", "indicator_table"];

/// What an index stands on.
pub struct Ground<'a> {
    /// The project.
    pub folder: &'a ProjectFolder,
    /// The session.
    pub session: &'a Session,
    /// The area tree.
    pub tree: &'a AreaTree,
    /// Seed.
    pub seed: u64,
}

impl Ground<'_> {
    /// Adds the index to a bundle, with its inputs, joins and findings.
    ///
    /// # Errors
    /// Findings of reading; `INDEX-` findings that stop the work.
    pub async fn add(
        &self,
        bundle: &mut Bundle,
        settings: &IndexSettings,
        findings: &mut Findings,
    ) -> Result<(), Found> {
        let shown = settings.indicators.display().to_string();
        let table = IndicatorTable::read(&self.session.path(&settings.indicators), &shown, findings)?;
        let decisions = read_decisions(&self.folder.path)?;
        let (mut years, report) = values::read(self.session, settings, &table, self.tree, &decisions, findings).await?;
        bundle.joins.push(report);
        let mut filled = Vec::new();
        for year in &mut years {
            filled = values::fill(year, settings, &table, self.tree, findings)?;
        }
        if let Some(name) = &settings.preset {
            findings.push(Finding::note("INDEX-015", Place::key("index.preset")).with("name", name));
        }
        let question =
            Question { settings, table: &table, tree: self.tree, years: &years, filled: &filled, seed: self.seed };
        let estimates = bundle.has_estimates().then_some(&*bundle);
        let found: IndexResults = results(&question, estimates, findings)?;
        let newest = table.indicators.iter().map(|row| row.year).max().filter(|year| *year > 0);
        let year = found.report.year.or(newest).map(|year| year as i32);
        bundle.index = Some(found);
        bundle.manifest.inputs.extend(self.inputs(settings, &table, year)?);
        let before = std::mem::take(&mut bundle.findings.0);
        bundle.findings.0 = before.into_iter().filter(|old| !findings.0.contains(old)).collect();
        bundle.findings.0.extend(findings.0.iter().cloned());
        Ok(())
    }

    fn inputs(&self, settings: &IndexSettings, table: &IndicatorTable, year: Option<i32>) -> Result<Vec<Input>, Found> {
        let mut sources: Vec<&str> = table.indicators.iter().map(|row| row.source.as_str()).collect();
        sources.sort_unstable();
        sources.dedup();
        let source = sources.join("; ");
        let language = clrisk_core::Language::default();
        let none = LocalText::default();
        Ok(vec![
            input(self.folder, language, INPUT_ROLES[0], (&settings.file, &settings.title, year, Some(&source)))?,
            input(self.folder, language, INPUT_ROLES[1], (&settings.indicators, &none, None, None))?,
        ])
    }
}
