//! `clrisk check` and `clrisk run`: the whole way from a project folder to a draft bundle.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clrisk_core::bundle::{AreaRow, FORMAT_VERSION, Input, JoinReport, Manifest, OutcomeLabel, Stage, hash_file};
use clrisk_core::comparability::Comparability;
use clrisk_core::model_card::{MarginRow, ModelCard, PopulationSummaryRow};
use clrisk_core::{Bundle, FactorContribution, Finding, Findings, Language, Level, LeverEffect, LocalText, Place};
use clrisk_geography::neighbours::neighbours;
use clrisk_geography::{Polygons, companions, to_geojson};
use clrisk_stats::design::SurveyDesign;
use clrisk_stats::factor::{FactorGroup, contributions};
use clrisk_stats::formula::Formula;
use clrisk_stats::multilevel::DesignRecipe;
use clrisk_stats::poststratification::{approximation_error, rates};
use clrisk_stats::replicate::ReplicateWeights;

use crate::area_level::AreaLevelModel;
use crate::areas::AreaTree;
use crate::cells;
use crate::cluster::Cluster;
use crate::codebook::{Codebook, Origin};
use crate::columns::{self, Values};
use crate::comparability::compare;
use crate::conversion::split_table;
use crate::estimates::{self, AreaKnowledge, UnitDraws};
use crate::folder::{Lock, ProjectFolder};
use crate::hot_spots::hot_spots;
use crate::index::Ground;
use crate::join::{Destination, Destinations, JoinRequest, Joined, Splitting, join, read_decisions, split_rows};
use crate::lever::{self, Lever};
use crate::margins;
use crate::measure;
use crate::model::{self, FittedModel, LinearPredictor, PredictorScale};
use crate::population::{Cells, ModeScores, PassContext, Population};
use crate::settings::{AreaEstimator, Settings};
use crate::source::{Column, Found, Session, select_list};
use crate::survey::Survey;

/// Largest error of the population summary, in percentage points, that goes without a warning.
const MAX_APPROXIMATION_ERROR: f64 = 0.01;
/// Draws on which that error is measured.
const DRAWS_AUDITED: usize = 50;

/// Steps of a run, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Files, areas, joins.
    Reading,
    /// Fitting the model.
    Model,
    /// The pass over the population; with the rows read so far.
    Population(u64),
    /// Draws, benchmarking, estimates.
    Estimates,
    /// Writing the bundle.
    Writing,
}

/// Told about the steps of a run.
pub type Progress<'a> = &'a (dyn Fn(Step) + Send + Sync);

/// What `check` found.
pub struct CheckOutcome {
    /// Findings.
    pub findings: Findings,
    /// Join reports.
    pub joins: Vec<JoinReport>,
    /// Survey against census; empty when errors stopped the check before.
    pub comparability: Comparability,
}

/// Everything read before a model is fitted.
struct Prepared {
    settings: Settings,
    settings_hash: String,
    session: Session,
    tree: AreaTree,
    codebook: Codebook,
    formula: Formula,
    survey: Survey,
    census_destinations: Destinations,
    area_values: Vec<Values>,
    levers: Vec<Lever>,
    joins: Vec<JoinReport>,
}

/// Reads everything and reports; writes nothing.
pub async fn check(folder: &ProjectFolder) -> CheckOutcome {
    let mut findings = Findings::default();
    let mut joins = Vec::new();
    let mut comparability = Comparability::default();
    match prepare(folder, &mut findings, &mut joins).await {
        Err(finding) => findings.push(*finding),
        Ok(prepared) if !findings.has_errors() => {
            // The same pass as a run, with scores that know no model: it counts, compares and stumbles where a run would.
            let scores = prepared.no_model();
            match read_population(&prepared, scores, None, &mut findings, &|_| {}).await {
                Err(finding) => findings.push(*finding),
                Ok(population) => {
                    comparability = compare(
                        &prepared.settings,
                        &prepared.codebook,
                        &prepared.survey,
                        &population.distributions,
                        &mut findings,
                    );
                    if let Err(finding) = model::check_design(&prepared.settings, &prepared.survey) {
                        findings.push(*finding);
                    }
                    if let Err(finding) = check_margins(&prepared, &population).await {
                        findings.push(*finding);
                    }
                }
            }
        }
        Ok(_) => {}
    }
    CheckOutcome { findings, joins, comparability }
}

/// Runs the project and replaces its draft.
///
/// # Errors
/// All findings when one of them stops the run; the previous draft is then untouched.
pub async fn run(folder: &ProjectFolder, progress: Progress<'_>) -> Result<Bundle, Findings> {
    run_on(folder, None, progress).await
}

/// The same, with the pass over the population on the machines of a cluster when one is given.
///
/// # Errors
/// As [`run`]; `CLUSTER-001`, `CLUSTER-002` and `CLUSTER-003` when the cluster fails.
pub async fn run_on(
    folder: &ProjectFolder,
    cluster: Option<&Cluster>,
    progress: Progress<'_>,
) -> Result<Bundle, Findings> {
    let mut findings = Findings::default();
    match run_steps(folder, cluster, &mut findings, progress).await {
        Ok(bundle) => Ok(bundle),
        Err(finding) => {
            if let Some(finding) = finding {
                findings.push(*finding);
            }
            Err(findings)
        }
    }
}

/// A run stops with a finding of its own, or because findings already made are errors.
type Stopped = Option<Found>;

fn stop_on_errors(findings: &Findings) -> Result<(), Stopped> {
    if findings.has_errors() { Err(None) } else { Ok(()) }
}

async fn run_steps(
    folder: &ProjectFolder,
    cluster: Option<&Cluster>,
    findings: &mut Findings,
    progress: Progress<'_>,
) -> Result<Bundle, Stopped> {
    progress(Step::Reading);
    let mut joins = Vec::new();
    let prepared = prepare(folder, findings, &mut joins).await.map_err(Some)?;
    stop_on_errors(findings)?;
    progress(Step::Model);
    let model = Model::learn(&prepared, findings).map_err(Some)?;
    progress(Step::Population(0));
    let scores = model.scores();
    let mut population =
        read_population(&prepared, scores, cluster, findings, &|rows| progress(Step::Population(rows)))
            .await
            .map_err(Some)?;
    stop_on_errors(findings)?;
    let comparability =
        compare(&prepared.settings, &prepared.codebook, &prepared.survey, &population.distributions, findings);
    progress(Step::Estimates);
    let measured = measure::in_run(folder, &prepared.session, findings).await.map_err(Some)?;
    stop_on_errors(findings)?;
    let margins = bring_to_margins(&prepared, &mut population, findings).await.map_err(Some)?;
    let mut bundle = assemble(folder, &prepared, model, &population, comparability, margins, findings).map_err(Some)?;
    bundle.measured = measured;
    if let Some(settings) = &prepared.settings.index {
        let Prepared { session, tree, .. } = &prepared;
        let ground = Ground { folder, session, tree, seed: prepared.settings.project.seed };
        ground.add(&mut bundle, settings, findings).await.map_err(Some)?;
        stop_on_errors(findings)?;
    }
    progress(Step::Writing);
    write_draft(folder, bundle).map_err(Some)
}

/// The model of a project, before it has met the population.
enum Model {
    /// Learned from records of children, carried to records of children.
    Children(Box<FittedModel>),
    /// Learned from direct estimates of municipalities, to be fitted to the means of the population.
    Areas(Box<AreaLevelModel>),
}

impl Model {
    fn learn(prepared: &Prepared, findings: &mut Findings) -> Result<Model, Found> {
        let Prepared { settings, tree, codebook, formula, survey, area_values, .. } = prepared;
        Ok(match settings.model.estimator {
            AreaEstimator::Multilevel => {
                let fitted = model::fit(settings, tree, codebook, formula, survey, area_values, findings)?;
                Model::Children(Box::new(fitted))
            }
            AreaEstimator::FayHerriot => {
                let model = AreaLevelModel::new(settings, tree, codebook, formula, survey, area_values)?;
                Model::Areas(Box::new(model))
            }
        })
    }

    fn scores(&self) -> ModeScores {
        match self {
            Model::Children(fitted) => fitted.scores.clone(),
            Model::Areas(model) => model.scores(),
        }
    }

    fn design(&self) -> &SurveyDesign {
        match self {
            Model::Children(fitted) => &fitted.design,
            Model::Areas(model) => &model.learning.design,
        }
    }

    fn replicates(&self) -> Option<&ReplicateWeights> {
        match self {
            Model::Children(fitted) => fitted.replicates.as_ref(),
            Model::Areas(model) => model.learning.replicates.as_ref(),
        }
    }

    /// Whether the difference between the categories of a variable was learned in the municipality itself.
    fn learned_locally(&self, variable: &str, area: usize) -> bool {
        match self {
            Model::Children(fitted) => fitted.learned_locally(variable, area),
            Model::Areas(_) => false,
        }
    }
}

async fn check_margins(prepared: &Prepared, population: &Population) -> Result<(), Found> {
    let Prepared { settings, session, tree, codebook, .. } = prepared;
    margins::check(session, &settings.census.margins, tree, codebook, &population.cells).await
}

/// Brings the population to the newer margins of the project, if it has any.
async fn bring_to_margins(
    prepared: &Prepared,
    population: &mut Population,
    findings: &mut Findings,
) -> Result<Vec<MarginRow>, Found> {
    let Prepared { settings, session, tree, codebook, .. } = prepared;
    if settings.census.margins.is_empty() {
        return Ok(Vec::new());
    }
    let (raked, rows) = margins::rake(
        session,
        &settings.census.margins,
        tree,
        codebook,
        &population.cells,
        &population.binned,
        findings,
    )
    .await?;
    population.binned = raked;
    Ok(rows)
}

/// The model carried to the population: draws of rates, and what goes with them into the bundle.
struct Carried {
    units: UnitDraws,
    predictor: LinearPredictor,
    own_sample_share: Vec<Option<f64>>,
    levers: Vec<LeverEffect>,
    approximation_error: f64,
    card: ModelCard,
}

impl Carried {
    /// Draws of rates by municipality and publication cell, benchmarked, with the noise of finite populations.
    fn new(
        prepared: &Prepared,
        model: &Model,
        population: &Population,
        findings: &mut Findings,
    ) -> Result<Carried, Found> {
        let Prepared { settings, tree, survey, codebook, .. } = prepared;
        let statistics = |error: clrisk_stats::StatsError| statistics_finding(&error);
        let binned = &population.binned;
        let units_of = |rates: &[f64]| UnitDraws::new(rates, &binned.sizes(), population.cells.count());
        let mut carried = match model {
            Model::Children(fitted) => {
                let rates = rates(binned, &fitted.draws);
                let error = approximation_error(binned, &fitted.draws, DRAWS_AUDITED);
                if error > MAX_APPROXIMATION_ERROR {
                    findings.push(
                        Finding::warning("MODEL-008", Place::file(settings.census.file.display().to_string()))
                            .with("points", format!("{error:.4}")),
                    );
                }
                Carried {
                    units: units_of(&rates).map_err(statistics)?,
                    predictor: fitted.predictor.clone(),
                    own_sample_share: fitted.own_sample_share.clone(),
                    levers: Vec::new(),
                    approximation_error: error,
                    card: fitted.card.clone(),
                }
            }
            Model::Areas(model) => {
                let fit = model.fit(settings, codebook, binned).map_err(statistics)?;
                Carried {
                    units: units_of(fit.rates.values()).map_err(statistics)?,
                    predictor: fit.predictor,
                    own_sample_share: fit.own_sample_share,
                    levers: Vec::new(),
                    approximation_error: 0.0,
                    card: fit.card,
                }
            }
        };
        let before = lever::area_rates(&carried.units, binned.areas);
        let units = &mut carried.units;
        carried.card.benchmarks =
            estimates::benchmark(units, settings, tree, survey, model.design(), model.replicates(), findings)
                .map_err(statistics)?;
        if let Model::Children(fitted) = model {
            let after = lever::area_rates(units, binned.areas);
            carried.levers =
                lever::effects(&prepared.levers, tree, fitted, binned, &before, &after).map_err(statistics)?;
        }
        estimates::add_finite_population(units, settings.project.seed).map_err(statistics)?;
        Ok(carried)
    }
}

async fn prepare(
    folder: &ProjectFolder,
    findings: &mut Findings,
    joins: &mut Vec<JoinReport>,
) -> Result<Prepared, Found> {
    let (settings, settings_hash) = folder.settings()?;
    if !settings.project.unconfirmed.is_empty() {
        let keys = &settings.project.unconfirmed;
        let finding = Finding::warning("CONFIG-006", Place::key("project.unconfirmed")).with("count", keys.len());
        findings.push(keys.iter().fold(finding, |finding, key| finding.detail(key)));
    }
    let session = Session::new(&folder.path);
    let written = settings.clone();
    let mut settings = cells::population_settings(settings)?;
    let formula = model::formula(&settings)?;
    model::check_formula(&settings, &formula)?;
    // Each file is opened before the first one that fails stops the check: a person mends them all in one go.
    let mut opened = true;
    let covariates = settings.area_covariates.as_ref().map(|table| ("area_covariates", &table.file, table.reading()));
    for (name, file, reading) in [
        ("survey", &settings.survey.file, settings.survey.reading()),
        ("census", &settings.census.file, settings.census.reading()),
    ]
    .into_iter()
    .chain(covariates)
    {
        if let Err(finding) = session.register_as(name, file, reading).await {
            findings.push(*finding);
            opened = false;
        }
    }
    let tree = AreaTree::read(&session, &settings, findings).await?;
    session.take_notes().into_iter().for_each(|note| findings.push(note));
    if !opened {
        // The errors are in the list already; this one only ends the preparation.
        return Err(Box::new(findings.0.pop().unwrap_or_else(|| Finding::error("FILE-001", Place::default()))));
    }
    cells::check_recipe(&session, &written, &settings).await?;
    let codebook = Codebook::build(&session, &settings, &model::variables_of(&formula), findings).await?;
    let levers = lever::levers(&settings.levers, &codebook, &model::column_names(&codebook, &formula)?)?;
    let decisions = read_decisions(&folder.path)?;
    let age_condition = |age: &str, [youngest, oldest]: [i64; 2], filter: Option<&String>| {
        let filter = filter.map_or("TRUE", String::as_str);
        format!("({filter}) AND FLOOR(TRY_CAST(({age}) AS DOUBLE)) BETWEEN {youngest} AND {oldest}")
    };
    let survey_condition = age_condition(&settings.survey.age, settings.outcome.ages, settings.survey.filter.as_ref());
    session
        .check_expression("survey", &survey_condition, "survey.age", &settings.survey.file.display().to_string())
        .await?;
    let survey_join = JoinRequest {
        role: "survey",
        file: settings.survey.file.display().to_string(),
        area: &settings.survey.area,
        names: [settings.survey.area_name.as_ref(), settings.survey.area_parent.as_ref()],
        systems: [settings.survey.code_system.as_ref(), settings.areas.code_system.as_ref()],
        crosswalk: settings.survey.crosswalk.as_ref(),
        splitting: Splitting::Largest,
        condition: &survey_condition,
        complete: false,
    };
    let survey_codes = join(&session, &tree, &decisions, &survey_join, findings).await?;
    joins.push(survey_codes.report);
    let census_condition = match &settings.census.age {
        Some(age) => age_condition(age, settings.outcome.ages, settings.census.filter.as_ref()),
        None => settings.census.filter.clone().unwrap_or_else(|| "TRUE".to_owned()),
    };
    session
        .check_expression("census", &census_condition, "census.age", &settings.census.file.display().to_string())
        .await?;
    let census_join = JoinRequest {
        role: "census",
        file: settings.census.file.display().to_string(),
        area: &settings.census.area,
        names: [settings.census.area_name.as_ref(), settings.census.area_parent.as_ref()],
        systems: [settings.census.code_system.as_ref(), settings.areas.code_system.as_ref()],
        crosswalk: settings.census.crosswalk.as_ref(),
        splitting: Splitting::Shares,
        condition: &census_condition,
        complete: true,
    };
    let census_codes = join(&session, &tree, &decisions, &census_join, findings).await?;
    joins.push(census_codes.report);
    let area_values = read_area_values(&session, &settings, &tree, &codebook, &decisions, findings, joins).await?;
    let census = &mut settings.census;
    split_rows(&session, &tree, "census", [&mut census.area, &mut census.count], &census_codes.splits).await?;
    let survey = Survey::read(&session, &settings, &codebook, &survey_codes.destinations, findings).await?;
    Ok(Prepared {
        settings,
        settings_hash,
        session,
        tree,
        codebook,
        formula,
        survey,
        census_destinations: census_codes.destinations,
        area_values,
        levers,
        joins: joins.clone(),
    })
}

/// Values of the area variables by municipality; missing where the table has no row.
async fn read_area_values(
    session: &Session,
    settings: &Settings,
    tree: &AreaTree,
    codebook: &Codebook,
    decisions: &[crate::join::Decision],
    findings: &mut Findings,
    joins: &mut Vec<JoinReport>,
) -> Result<Vec<Values>, Found> {
    let Some(table) = settings.area_covariates.as_ref().filter(|_| !codebook.area.is_empty()) else {
        return Ok(Vec::new());
    };
    let file = table.file.display().to_string();
    let request = JoinRequest {
        role: "area_covariates",
        file: file.clone(),
        area: &table.area,
        names: [table.area_name.as_ref(), table.area_parent.as_ref()],
        systems: [table.code_system.as_ref(), settings.areas.code_system.as_ref()],
        crosswalk: table.crosswalk.as_ref(),
        splitting: Splitting::Each,
        condition: "TRUE",
        complete: true,
    };
    let Joined { destinations, splits, report } = join(session, tree, decisions, &request, findings).await?;
    joins.push(report);
    let weight = table.weight.as_deref().unwrap_or("1.0");
    session.check_expression("area_covariates", weight, "area_covariates.weight", &file).await?;
    let mut list = vec![Column::Text(&table.area), Column::Number(weight)];
    list.extend(codebook.area.iter().filter_map(|variable| match &variable.origin {
        Origin::Area(expression) => Some(Column::Text(expression)),
        Origin::Child { .. } => None,
    }));
    let sql = format!("SELECT {} FROM area_covariates", select_list(&list));
    let texts = session.read_texts(&sql, "area_covariates", &file).await?;
    let areas = tree.municipalities.len();
    let mut gathered = vec![vec![Gathered::default(); areas]; codebook.area.len()];
    let mut rows_of = vec![0u32; areas];
    for row in 0..texts.first().map_or(0, Vec::len) {
        let Some(code) = texts[0][row].as_ref() else { continue };
        let weight = texts[1][row].as_deref().and_then(|weight| weight.parse().ok()).unwrap_or(0.0);
        let targets = match (splits.get(code), destinations.get(code)) {
            (Some(areas), _) => areas.iter().map(|(area, _)| *area).collect(),
            (None, Some(Destination::Area(area))) => vec![*area],
            _ => continue,
        };
        for area in targets {
            rows_of[area] += 1;
            for (index, variable) in codebook.area.iter().enumerate() {
                let Some(text) = texts[index + 2][row].as_deref() else { continue };
                gathered[index][area].add(text, variable.levels.as_deref(), weight);
            }
        }
    }
    let several = rows_of.iter().filter(|&&rows| rows > 1).count();
    if several > 0 {
        findings.push(Finding::note("AREA-014", Place::file(&file)).with("file", &file).with("areas", several));
    }
    Ok(codebook
        .area
        .iter()
        .zip(gathered)
        .map(|(variable, gathered)| match variable.levels {
            Some(_) => Values::Codes(gathered.iter().map(Gathered::level).collect()),
            None => Values::Numbers(gathered.iter().map(Gathered::mean).collect()),
        })
        .collect())
}

/// The values of one variable in the rows that lead to one municipality.
#[derive(Debug, Clone, Default)]
struct Gathered {
    /// Sum of weight times value, and of weight.
    sums: [f64; 2],
    /// Weight by level.
    levels: BTreeMap<u32, f64>,
}

impl Gathered {
    fn add(&mut self, text: &str, levels: Option<&[String]>, weight: f64) {
        match levels {
            Some(levels) => {
                let code = levels.iter().position(|level| level == text);
                *self.levels.entry(code.map_or(columns::UNKNOWN, |code| code as u32)).or_insert(0.0) += weight;
            }
            None => {
                self.sums[0] += weight * text.parse().unwrap_or(f64::NAN);
                self.sums[1] += weight;
            }
        }
    }

    /// The weighted mean; missing when there is no row.
    fn mean(&self) -> f64 {
        if self.sums[1] > 0.0 { self.sums[0] / self.sums[1] } else { f64::NAN }
    }

    /// The level with the largest weight, the first of equal ones.
    fn level(&self) -> u32 {
        let best = self.levels.iter().reduce(|best, next| if next.1 > best.1 { next } else { best });
        best.map_or(columns::MISSING, |(level, _)| *level)
    }
}

async fn read_population(
    prepared: &Prepared,
    scores: ModeScores,
    cluster: Option<&Cluster>,
    findings: &mut Findings,
    progress: &(dyn Fn(u64) + Send + Sync),
) -> Result<Population, Found> {
    let settings = &prepared.settings;
    let context = PassContext {
        levels: prepared.codebook.child.iter().map(|variable| variable.levels.clone()).collect(),
        destinations: prepared.census_destinations.clone(),
        area_values: prepared.area_values.clone(),
        areas: prepared.tree.municipalities.len(),
        cells: Cells::new(&prepared.codebook, &settings.publish.groups),
        ages: settings.outcome.ages,
        band_shares: prepared.survey.band_shares.clone(),
        single_ages: settings.census.age.is_some(),
        scores,
    };
    Population::read(&prepared.session, settings, &prepared.codebook, context, cluster, findings, progress).await
}

impl Prepared {
    /// The scores of a check: a constant.
    fn no_model(&self) -> ModeScores {
        let coefficients = vec![vec![0.0, 0.0]; self.tree.municipalities.len()];
        ModeScores { recipe: DesignRecipe::of_factors(vec![Vec::new()]), coefficients }
    }
}

fn statistics_finding(error: &clrisk_stats::StatsError) -> Found {
    Box::new(model::finding_of(error, "model"))
}

fn assemble(
    folder: &ProjectFolder,
    prepared: &Prepared,
    model: Model,
    population: &Population,
    comparability: Comparability,
    margins: Vec<MarginRow>,
    findings: &mut Findings,
) -> Result<Bundle, Found> {
    let Prepared { settings, tree, codebook, survey, levers, .. } = prepared;
    let cells = &population.cells;
    let rule = estimates::class_rule(&settings.classes)?;
    let statistics = |error: clrisk_stats::StatsError| statistics_finding(&error);
    let Carried {
        units,
        predictor,
        own_sample_share,
        levers: lever_effects,
        approximation_error,
        card: mut model_card,
    } = Carried::new(prepared, &model, population, findings)?;

    let mut sample = vec![0u64; tree.municipalities.len()];
    let mut sampling_units: Vec<std::collections::BTreeSet<u32>> = vec![Default::default(); tree.municipalities.len()];
    for (&area, &psu) in survey.areas.iter().zip(&survey.psus) {
        sample[area as usize] += 1;
        sampling_units[area as usize].insert(psu);
    }
    let local = |variable: &str, area: usize| model.learned_locally(variable, area);
    let knowledge = AreaKnowledge { sample: sample.clone(), local: &local };
    let estimates = estimates::estimates(&units, settings, tree, codebook, cells, survey, model.design(), &knowledge)
        .map_err(statistics)?;
    let (scheme, classes, sensitivity) =
        estimates::classes(&units, &settings.classes, &rule, tree).map_err(statistics)?;
    let factors = factor_contributions(prepared, &predictor, population, &estimates)?;

    let mut areas = tree.rows(settings.project.country.get(settings.project.language));
    fill_sizes(&mut areas, tree, &estimates, &sample, &sampling_units, &own_sample_share);

    model_card.areas = classes.iter().filter(|class| class.class.is_some()).count() as u64;
    model_card.margins = margins;
    model_card.population = PopulationSummaryRow {
        kind: "binned".to_owned(),
        rows_read: population.accounting.read,
        rows_used: population.accounting.used,
        cells: population.binned.bins.len() as u64,
        approximation_error_points: approximation_error,
    };
    let codes: Vec<String> = tree.municipalities.iter().map(|area| area.code.clone()).collect();
    let polygons: Vec<&Polygons> = tree.municipalities.iter().map(|area| &area.polygons).collect();
    let hot_spots = hot_spots(tree, &neighbours(&polygons), &estimates, settings.project.seed).map_err(statistics)?;
    let manifest = Manifest {
        format: FORMAT_VERSION,
        program: format!("clrisk {}", env!("CARGO_PKG_VERSION")),
        stage: Stage::Draft,
        project: settings.project.id.clone(),
        release: None,
        title: settings.project.title.clone(),
        country: settings.project.country.clone(),
        country_code: settings.project.country_code.clone(),
        licence: settings.project.licence.clone(),
        synthetic: settings.project.synthetic,
        outcome: OutcomeLabel {
            name: settings.outcome.name.clone(),
            title: settings.outcome.title.clone(),
            definition: settings.outcome.definition.clone(),
        },
        ages: settings.outcome.ages,
        variables: codebook.labels(),
        groups: settings.publish.groups.clone(),
        levers: lever::labels(levers),
        classes: scheme,
        max_cv: settings.publish.max_cv,
        inputs: inputs(folder, settings)?,
        settings_sha256: prepared.settings_hash.clone(),
        seed: settings.project.seed,
        files: BTreeMap::new(),
        signature: None,
        disclosure: None,
    };
    Ok(Bundle {
        manifest,
        areas,
        estimates,
        classes,
        factors,
        levers: lever_effects,
        hot_spots,
        model: model_card,
        sensitivity,
        comparability,
        joins: prepared.joins.clone(),
        findings: findings.clone(),
        boundaries: to_geojson(&codes, &polygons),
        measured: None,
        index: None,
    })
}

fn fill_sizes(
    areas: &mut [AreaRow],
    tree: &AreaTree,
    estimates: &[clrisk_core::Estimate],
    sample: &[u64],
    sampling_units: &[std::collections::BTreeSet<u32>],
    own_sample_share: &[Option<f64>],
) {
    let totals: BTreeMap<(Level, &str), (f64, i64)> = estimates
        .iter()
        .filter(|estimate| estimate.group.is_all())
        .map(|estimate| {
            let sizes = (estimate.population.unwrap_or(0.0), estimate.sample.unwrap_or(0));
            ((estimate.level, estimate.area.as_str()), sizes)
        })
        .collect();
    let department_of = tree.department_of();
    let region_of = tree.region_of();
    for row in areas {
        if let Some((population, children)) = totals.get(&(row.area.level, row.area.code.as_str())) {
            row.population = *population;
            row.sample = (*children).max(0) as u64;
        }
        let inside = |area: usize| match row.area.level {
            Level::Country => true,
            Level::Region => tree.regions.get(region_of[area]) == Some(&row.area.code),
            Level::Department => tree.departments[department_of[area]].code == row.area.code,
            Level::Municipality => tree.municipalities[area].code == row.area.code,
        };
        row.sampling_units = match row.area.level {
            Level::Municipality => tree.find(&row.area.code).map_or(0, |area| sampling_units[area].len() as u64),
            _ => (0..sample.len()).filter(|&area| inside(area)).map(|area| sampling_units[area].len() as u64).sum(),
        };
        if row.area.level == Level::Municipality {
            row.own_sample_share = tree.find(&row.area.code).and_then(|area| own_sample_share[area]);
        }
    }
}

/// Contributions of the variables, and of the area's own effect, to the difference from the country.
fn factor_contributions(
    prepared: &Prepared,
    predictor: &LinearPredictor,
    population: &Population,
    estimates: &[clrisk_core::Estimate],
) -> Result<Vec<FactorContribution>, Found> {
    let width = predictor.coefficients.len();
    let means = population.binned.area_means();
    let people = population.binned.people();
    let total: f64 = people.iter().sum();
    let weighted = |value: &dyn Fn(usize) -> f64| -> f64 {
        (0..population.binned.areas)
            .filter(|&area| people[area] > 0.0)
            .map(|area| people[area] * value(area))
            .sum::<f64>()
            / total
    };
    let reference: Vec<f64> =
        (0..width).map(|column| weighted(&|area| means[area * population.binned.columns + column])).collect();
    let reference_effect = weighted(&|area| predictor.area_effect[area]);
    let mut groups: Vec<FactorGroup> = Vec::new();
    for (column, variable) in predictor.column_variables.iter().enumerate() {
        let Some(variable) = variable else { continue };
        match groups.iter_mut().find(|group| group.name == *variable) {
            Some(group) => group.columns.push(column),
            None => groups.push(FactorGroup { name: variable.clone(), columns: vec![column] }),
        }
    }
    let rates: BTreeMap<&str, f64> = estimates
        .iter()
        .filter(|estimate| estimate.level == Level::Municipality && estimate.group.is_all())
        .filter_map(|estimate| Some((estimate.area.as_str(), estimate.rate?)))
        .collect();
    let national = estimates
        .iter()
        .find(|estimate| estimate.level == Level::Country && estimate.group.is_all())
        .and_then(|estimate| estimate.rate)
        .unwrap_or(f64::NAN);
    let mut factors = Vec::new();
    for (area, municipality) in prepared.tree.municipalities.iter().enumerate() {
        let Some(&rate) = rates.get(municipality.code.as_str()) else { continue };
        let start = area * population.binned.columns;
        let parts = contributions(
            &predictor.coefficients,
            &means[start..start + width],
            &reference,
            predictor.area_effect[area] - reference_effect,
            &groups,
        )
        .map_err(|error| statistics_finding(&error))?;
        let slope = predictor.scale.slope(rate, national);
        // In log odds for every model, so that contributions of two models can be compared.
        let to_logit = slope / PredictorScale::Logit.slope(rate, national);
        let mut push = |factor: &str, part: f64| {
            factors.push(FactorContribution {
                area: municipality.code.clone(),
                factor: factor.to_owned(),
                logit: to_logit * part,
                points: 100.0 * slope * part,
            });
        };
        for (group, part) in groups.iter().zip(&parts.groups) {
            push(&group.name, *part);
        }
        push("area_effect", parts.area_effect);
    }
    Ok(factors)
}

fn inputs(folder: &ProjectFolder, settings: &Settings) -> Result<Vec<Input>, Found> {
    let mut list: Vec<(&str, &Path, &LocalText, Option<i32>, Option<&String>)> = vec![
        (
            "survey",
            &settings.survey.file,
            &settings.survey.title,
            settings.survey.year,
            settings.survey.source.as_ref(),
        ),
        (
            "census",
            &settings.census.file,
            &settings.census.title,
            settings.census.year,
            settings.census.source.as_ref(),
        ),
        (
            "boundaries",
            &settings.areas.file,
            &settings.areas.title,
            settings.areas.year,
            settings.areas.source.as_ref(),
        ),
    ];
    if let Some(table) = &settings.area_covariates {
        list.push(("area_covariates", &table.file, &table.title, table.year, table.source.as_ref()));
    }
    for margin in &settings.census.margins {
        list.push(("census_margins", &margin.file, &margin.title, margin.year, margin.source.as_ref()));
    }
    let no_title = LocalText::default();
    for (role, crosswalk) in [
        ("survey_crosswalk", settings.survey.crosswalk.as_ref()),
        ("census_crosswalk", settings.census.crosswalk.as_ref()),
    ] {
        if let Some(crosswalk) = crosswalk {
            list.push((role, &crosswalk.file, &no_title, None, None));
        }
    }
    if let Some(table) = &settings.areas.departments {
        list.push(("departments", &table.file, &no_title, None, None));
    }
    // Codes and names of a shapefile stand in a file of their own.
    let companions: Vec<(String, PathBuf)> = companions(&folder.path.join(&settings.areas.file))
        .into_iter()
        .map(|(extension, file)| (format!("boundaries_{extension}"), file))
        .collect();
    list.extend(companions.iter().map(|(role, file)| (role.as_str(), file.as_path(), &no_title, None, None)));
    let language = settings.project.language;
    list.into_iter()
        .map(|(role, file, title, year, source)| input(folder, language, role, (file, title, year, source)))
        .collect()
}

/// An input file of the bundle: its path, title, year and publisher.
///
/// # Errors
/// `FILE-001` there is no such file.
pub(crate) fn input(
    folder: &ProjectFolder,
    language: Language,
    role: &str,
    (file, title, year, source): (&Path, &LocalText, Option<i32>, Option<&String>),
) -> Result<Input, Found> {
    let shown = file.display().to_string();
    let sha256 = hash_file(&split_table(&folder.path, file).0)
        .map_err(|_| Box::new(Finding::error("FILE-001", Place::file(&shown)).with("file", &shown)))?;
    let name = file.file_name().map_or(shown.clone(), |name| name.to_string_lossy().into_owned());
    let title = if title.get(language).is_empty() { LocalText::Same(name.clone()) } else { title.clone() };
    Ok(Input { role: role.to_owned(), title, file: name, year, source: source.cloned(), sha256 })
}

/// Replaces the draft and the lock.
///
/// # Errors
/// `FILE-007` when a file cannot be written.
pub(crate) fn write_draft(folder: &ProjectFolder, mut bundle: Bundle) -> Result<Bundle, Found> {
    let failed = |_| Box::new(Finding::error("FILE-007", Place::file("out/draft")).with("file", "out/draft"));
    let staging = folder.staging().map_err(failed)?;
    bundle
        .write(&staging)
        .map_err(|_| Box::new(Finding::error("FILE-007", Place::file("out/draft")).with("file", "out/draft")))?;
    folder.replace_draft(&staging).map_err(failed)?;
    let lock = Lock {
        program: bundle.manifest.program.clone(),
        seed: bundle.manifest.seed,
        settings: bundle.manifest.settings_sha256.clone(),
        inputs: bundle.manifest.inputs.iter().map(|input| (input.role.clone(), input.sha256.clone())).collect(),
        draft: hash_file(&folder.draft().join("manifest.json")).unwrap_or_default(),
    };
    folder.write_lock(&lock).map_err(failed)?;
    Ok(bundle)
}
