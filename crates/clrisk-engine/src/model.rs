//! The multilevel model of a project: from survey rows and codebook to draws of parameters and a scorer for the population.

use std::collections::{BTreeMap, BTreeSet};

use clrisk_core::model_card::{MaximumLikelihoodRow, ModelCard};
use clrisk_core::{Finding, Findings, Place};
use clrisk_geography::Polygons;
use clrisk_geography::neighbours::{nearest_links, neighbours};
use clrisk_stats::design::{DesignSpec, FinitePopulation, LonelyPsu, SurveyDesign};
use clrisk_stats::direct::{DirectEstimate, proportion};
use clrisk_stats::formula::{Formula, RandomTerm};
use clrisk_stats::logit::{LogitData, LogitFit, SurveyLogit};
use clrisk_stats::multilevel::{
    DesignRecipe, FittedRows, Integration, LikelihoodData, MaximumLikelihood, MultilevelData, MultilevelFit,
    MultilevelLogit, PosteriorDraws, ScoreDesignEffect, Term, Variable, VariableValues, WeightScaling,
};
use clrisk_stats::poststratification::{ParameterDraws, TermDraws, inverse_logit};
use clrisk_stats::replicate::ReplicateWeights;
use clrisk_stats::space::{Neighbours, SpatialBasis};
use clrisk_stats::{DesignProblem, StatsError};

use crate::areas::AreaTree;
use crate::card::{CardInputs, SampledRows};
use crate::codebook::Codebook;
use crate::columns::Values;
use crate::population::ModeScores;
use crate::settings::{AreaEstimator, Islands, ReplicateKind, Settings, SpatialEffect, SurveySettings, WeightScale};
use crate::source::Found;
use crate::survey::Survey;

/// Grouping factors a formula may name.
const GROUPS: [&str; 3] = ["municipality", "department", "region"];
/// A municipality's own sample decides when it explains at least this share of the prior variance of an effect.
const LEARNED_LOCALLY: f64 = 0.3;
/// Fewer sampled levels than this do not carry a variance component well.
const FEW_LEVELS: usize = 8;
/// A standard deviation below this is no variation to speak of.
const NO_VARIATION: f64 = 0.02;

/// A fitted model, ready to score a population.
pub struct FittedModel {
    /// The mode, at which children are scored.
    pub scores: ModeScores,
    /// Posterior draws.
    pub draws: ParameterDraws,
    /// Its linear predictor.
    pub predictor: LinearPredictor,
    /// Share of the prior variance of a municipality's own intercept explained by its sample; none without such an effect.
    pub own_sample_share: Vec<Option<f64>>,
    /// The same for slopes, by variable.
    pub slope_share: BTreeMap<String, Vec<f64>>,
    /// Survey design.
    pub design: SurveyDesign,
    /// Replicate weights of the survey.
    pub replicates: Option<ReplicateWeights>,
    /// The model card, to be completed after the pass.
    pub card: ModelCard,
}

/// The linear predictor of a fitted model: what factors contribute to.
#[derive(Debug, Clone)]
pub struct LinearPredictor {
    /// Posterior means of the fixed coefficients.
    pub coefficients: Vec<f64>,
    /// Variable of each fixed column; none for the intercept.
    pub column_variables: Vec<Option<String>>,
    /// Posterior mean of all intercept effects of a municipality together.
    pub area_effect: Vec<f64>,
    /// Scale.
    pub scale: PredictorScale,
}

/// The scale of a linear predictor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PredictorScale {
    /// Log odds.
    Logit,
    /// Arcsine of the square root.
    Arcsine,
}

impl PredictorScale {
    /// Points of the rate by unit of the scale between two rates: the slope of the chord, of the tangent where they meet.
    pub fn slope(self, rate: f64, reference: f64) -> f64 {
        let (to_scale, tangent): (fn(f64) -> f64, f64) = match self {
            PredictorScale::Logit => (|p| (p / (1.0 - p)).ln(), rate * (1.0 - rate)),
            PredictorScale::Arcsine => (|p| p.sqrt().asin(), 2.0 * (rate * (1.0 - rate)).sqrt()),
        };
        let difference = to_scale(rate) - to_scale(reference);
        if difference.abs() < 1e-6 || !difference.is_finite() { tangent } else { (rate - reference) / difference }
    }
}

impl FittedModel {
    /// Whether the difference between the categories of `variable` was learned from the municipality's own sample.
    pub fn learned_locally(&self, variable: &str, area: usize) -> bool {
        self.slope_share.get(variable).is_some_and(|shares| shares[area] >= LEARNED_LOCALLY)
    }
}

/// The formula of the settings.
///
/// # Errors
/// `MODEL-001` when it is not understood.
pub fn formula(settings: &Settings) -> Result<Formula, Found> {
    Formula::parse(&settings.model.formula)
        .map_err(|error| Box::new(Finding::error("MODEL-001", Place::key("model.formula")).with("reason", error)))
}

/// Names of the variables in a formula.
pub fn variables_of(formula: &Formula) -> Vec<String> {
    let slopes = formula.random.iter().flat_map(|term| term.slopes.iter());
    let names: BTreeSet<&String> = formula.fixed.iter().chain(slopes).flatten().collect();
    names.into_iter().cloned().collect()
}

/// Checks what a formula says against the project.
///
/// # Errors
/// `MODEL-009` an unknown grouping factor, `MODEL-010` another outcome than the project's; of the area-level model `MODEL-015` another
/// random term than the intercept of municipalities, `MODEL-016` groups to publish, `MODEL-017` levers.
pub fn check_formula(settings: &Settings, formula: &Formula) -> Result<(), Found> {
    if formula.response != settings.outcome.name {
        return Err(Box::new(
            Finding::error("MODEL-010", Place::key("model.formula"))
                .with("found", &formula.response)
                .with("expected", &settings.outcome.name),
        ));
    }
    let own_intercept = |term: &RandomTerm| term.group == "municipality" && term.intercept && term.slopes.is_empty();
    if settings.model.estimator == AreaEstimator::FayHerriot {
        // The area-level model has one effect, that of the municipality; and it knows nothing of groups.
        if let Some(term) = formula.random.iter().find(|term| !own_intercept(term)) {
            return Err(Box::new(Finding::error("MODEL-015", Place::key("model.formula")).with("group", &term.group)));
        }
        if !settings.publish.groups.is_empty() {
            return Err(Box::new(Finding::error("MODEL-016", Place::key("publish.groups"))));
        }
        if !settings.levers.is_empty() {
            return Err(Box::new(Finding::error("MODEL-017", Place::key("levers"))));
        }
    }
    match formula.random.iter().find(|term| !GROUPS.contains(&term.group.as_str())) {
        Some(term) => {
            Err(Box::new(Finding::error("MODEL-009", Place::key("model.formula")).with("group", &term.group)))
        }
        None => Ok(()),
    }
}

/// The variables of the codebook as the design knows them: those of children, then those of areas.
fn variables(codebook: &Codebook) -> Vec<Variable> {
    let known = codebook.child.iter().chain(&codebook.area);
    known.map(|variable| Variable { name: variable.name.clone(), levels: variable.levels.clone() }).collect()
}

/// Names of the fixed columns of the design.
///
/// # Errors
/// `MODEL-005` when the formula does not fit the codebook.
pub fn column_names(codebook: &Codebook, formula: &Formula) -> Result<Vec<String>, Found> {
    let recipe = DesignRecipe::new(formula, &variables(codebook))
        .map_err(|error| Box::new(finding_of(&error, "model.formula")))?;
    Ok(recipe.names()[..recipe.fixed()].to_vec())
}

/// Builds the survey design alone, for `check`.
///
/// # Errors
/// `DESIGN-001` strata with a single unit, `DESIGN-004` a unit in two strata, `CONFIG-001` an unknown policy.
pub fn check_design(settings: &Settings, survey: &Survey) -> Result<(), Found> {
    replicates_of(&settings.survey, &survey.weights, &survey.replicates)?;
    design_of(settings, survey).map(|_| ())
}

fn design_of(settings: &Settings, survey: &Survey) -> Result<SurveyDesign, Found> {
    let lonely_psu = match settings.survey.lonely_psu.as_str() {
        "fail" => LonelyPsu::Fail,
        "merge" => LonelyPsu::Merge,
        "centre" => LonelyPsu::Centre,
        "certainty" => LonelyPsu::Certainty,
        other => {
            return Err(Box::new(
                Finding::error("CONFIG-001", Place::key("survey.lonely_psu"))
                    .with("reason", format!("lonely_psu = {other}")),
            ));
        }
    };
    let strata: Vec<u64> = survey.strata.iter().map(|&stratum| u64::from(stratum)).collect();
    let clusters: Vec<u64> = survey.psus.iter().map(|&psu| u64::from(psu)).collect();
    let sizes = &survey.finite_population;
    let spec = DesignSpec {
        weights: &survey.weights,
        strata: Some(&strata),
        clusters: Some(&clusters),
        finite_population: (!sizes.is_empty()).then_some(FinitePopulation::Sizes(sizes)),
        lonely_psu,
        ..DesignSpec::default()
    };
    spec.build().map_err(|error| Box::new(finding_of(&error, "survey")))
}

/// The replicate weights of the survey, if it has any.
///
/// # Errors
/// `CONFIG-001` when the settings do not say what the method needs.
pub fn replicates_of(
    settings: &SurveySettings,
    weights: &[f64],
    columns: &[Vec<f64>],
) -> Result<Option<ReplicateWeights>, Found> {
    let Some(replicates) = &settings.replicates else { return Ok(None) };
    let refuse =
        |reason: String| Box::new(Finding::error("CONFIG-001", Place::key("survey.replicates")).with("reason", reason));
    let count = columns.len() as f64;
    let scale = match (replicates.scale, replicates.method) {
        (Some(scale), _) => scale,
        (None, ReplicateKind::Jk1) => (count - 1.0) / count,
        (None, ReplicateKind::Jk2) => 1.0,
        (None, ReplicateKind::Jkn) => return Err(refuse("scale".to_owned())),
        (None, ReplicateKind::Brr | ReplicateKind::Bootstrap) => 1.0 / count,
        (None, ReplicateKind::Fay) => match replicates.fay {
            Some(fay) if (0.0..1.0).contains(&fay) => 1.0 / (count * (1.0 - fay).powi(2)),
            _ => return Err(refuse("fay".to_owned())),
        },
    };
    let scales = vec![1.0; columns.len()];
    ReplicateWeights::new(weights.to_vec(), columns.to_vec(), scale, scales, true, None)
        .map(Some)
        .map_err(|error| refuse(error.to_string()))
}

/// A direct proportion of a domain, its variance from the replicate weights where the survey has them.
///
/// # Errors
/// As [`proportion`].
pub fn direct_proportion(
    design: &SurveyDesign,
    replicates: Option<&ReplicateWeights>,
    outcome: &[f64],
    domain: Option<&[bool]>,
) -> Result<DirectEstimate, StatsError> {
    let mut estimate = proportion(design, outcome, domain)?;
    if let Some(replicates) = replicates {
        estimate.standard_error = replicates.means(&[outcome], domain)?.standard_errors()[0];
        estimate.degrees_of_freedom = replicates.degrees_of_freedom().min(estimate.degrees_of_freedom.max(1.0));
        estimate.design_effect = None;
    }
    Ok(estimate)
}

/// A statistical error as a finding, at a key of `clrisk.toml`.
pub fn finding_of(error: &StatsError, key: &str) -> Finding {
    let place = || Place::key(key);
    match error {
        StatsError::Design { problems } => {
            let lonely =
                problems.iter().filter(|problem| matches!(problem, DesignProblem::SingleClusterStratum { .. })).count();
            let finite = problems
                .iter()
                .filter(|problem| {
                    matches!(
                        problem,
                        DesignProblem::InvalidFinitePopulation { .. }
                            | DesignProblem::FinitePopulationVaries { .. }
                            | DesignProblem::MoreSampledThanPopulation { .. }
                    )
                })
                .count();
            if lonely > 0 {
                Finding::error("DESIGN-001", Place::key("survey.lonely_psu")).with("count", lonely)
            } else if finite > 0 {
                Finding::error("DESIGN-005", Place::key("survey.finite_population")).with("count", finite)
            } else {
                Finding::error("DESIGN-004", Place::key("survey.psu")).with("count", problems.len())
            }
        }
        StatsError::Collinear { names, .. } => Finding::error("MODEL-002", place()).with("columns", names.join(", ")),
        StatsError::Separation { names, .. } => Finding::error("MODEL-003", place()).with("columns", names.join(", ")),
        StatsError::ConstantOutcome => Finding::error("MODEL-004", place()),
        other => Finding::error("MODEL-005", place()).with("reason", other),
    }
}

/// Fits the model.
///
/// # Errors
/// Findings `MODEL-…` and `DESIGN-…`.
pub fn fit(
    settings: &Settings,
    tree: &AreaTree,
    codebook: &Codebook,
    formula: &Formula,
    survey: &Survey,
    area_values: &[Values],
    findings: &mut Findings,
) -> Result<FittedModel, Found> {
    let statistics = |error: StatsError| Box::new(finding_of(&error, "model.formula"));
    let variables = variables(codebook);
    let learning = LearningRows::new(settings, codebook, formula, survey, area_values)?;
    let LearningRows { design, recipe, usable, matrix, outcome, weights: raw_weights, areas, reference, .. } =
        &learning;
    let width = recipe.width();

    let scaling = settings.model.weight_scaling.into();
    let scaled = WeightScaling::scale(scaling, raw_weights, areas, tree.municipalities.len()).map_err(statistics)?;
    let level_of_area: Vec<(Vec<u32>, usize)> = formula
        .random
        .iter()
        .map(|term| {
            let (levels, count) = match term.group.as_str() {
                "municipality" => ((0..tree.municipalities.len()).collect(), tree.municipalities.len()),
                "department" => (tree.department_of(), tree.departments.len()),
                _ => (tree.region_of(), tree.regions.len().max(1)),
            };
            (levels.into_iter().map(|level: usize| level as u32).collect(), count)
        })
        .collect();
    let level_of_row: Vec<Vec<u32>> =
        level_of_area.iter().map(|(levels, _)| areas.iter().map(|&area| levels[area as usize]).collect()).collect();
    let terms: Vec<Term<'_>> = formula
        .random
        .iter()
        .enumerate()
        .map(|(index, term)| Term {
            group: GROUPS.iter().position(|group| *group == term.group).unwrap_or(0),
            levels: level_of_area[index].1,
            level_of_row: &level_of_row[index],
            columns: &recipe.random()[index],
            correlated: term.correlated,
        })
        .collect();
    let data = MultilevelData {
        design: matrix,
        width,
        fixed: recipe.fixed(),
        names: recipe.names(),
        outcome,
        weights: &scaled,
        terms: &terms,
    };
    let effect = match settings.model.weight_scaling {
        WeightScale::DesignEffect => {
            let psus: Vec<u32> = usable.iter().map(|&row| survey.psus[row]).collect();
            design_effect(recipe, &data, &level_of_area, areas, &psus).map_err(statistics)?
        }
        _ => 1.0,
    };
    let weights: Vec<f64> = scaled.iter().map(|weight| weight / effect).collect();
    let data = MultilevelData { weights: &weights, ..data };
    let smooth = spatial_basis(settings, formula, tree, findings)?;
    let fitted = MultilevelLogit::default().fit_smooth(&data, smooth.as_ref()).map_err(statistics)?;
    let draws = fitted.draws(settings.model.draws.max(2), settings.project.seed);

    warn_about_terms(formula, recipe, &fitted, &level_of_row, findings);
    let own_sample_share =
        own_shares(formula, recipe, &draws, tree, |columns| columns.iter().position(Option::is_none));
    let slope_share = slope_shares(formula, recipe, &draws, tree, &variables);
    let area_effect = area_effects(recipe, &draws, &level_of_area, tree.municipalities.len());
    let maximum_likelihood = match settings.model.maximum_likelihood {
        true => Some(maximum_likelihood(&data).map_err(statistics)?),
        false => None,
    };
    let sampled = SampledRows { matrix, outcome, weights: raw_weights, areas, area_of_every_row: &survey.areas };
    let card = CardInputs {
        settings,
        codebook,
        formula,
        recipe,
        variables: &variables,
        design,
        replicates: learning.replicates.as_ref(),
        fitted: &fitted,
        draws: &draws,
        reference,
        rows: &sampled,
        level_of_area: &level_of_area,
    };
    let mut card = card.card(findings).map_err(statistics)?;
    card.maximum_likelihood = maximum_likelihood;
    let predictor = LinearPredictor {
        coefficients: means(&draws.coefficients, recipe.fixed()),
        column_variables: learning.column_variables(codebook),
        area_effect,
        scale: PredictorScale::Logit,
    };
    let scores = ModeScores {
        coefficients: mode_by_area(recipe, &fitted, &level_of_area, tree.municipalities.len()),
        recipe: recipe.clone(),
    };
    let areas = tree.municipalities.len();
    let mut terms: Vec<TermDraws> = draws
        .effects
        .into_iter()
        .enumerate()
        .map(|(index, values)| TermDraws {
            level_of_area: level_of_area[index].0.clone(),
            levels: level_of_area[index].1,
            columns: recipe.random()[index].clone(),
            values,
        })
        .collect();
    if !draws.smooth.is_empty() {
        // To the population, the spatial effect is one more intercept of each municipality.
        let level_of_area = (0..areas as u32).collect();
        terms.push(TermDraws { level_of_area, levels: areas, columns: vec![None], values: draws.smooth });
    }
    let parameter_draws =
        ParameterDraws { count: draws.count, fixed: draws.coefficients, fixed_columns: recipe.fixed(), terms };
    Ok(FittedModel {
        scores,
        draws: parameter_draws,
        predictor,
        own_sample_share,
        slope_share,
        design: learning.design,
        replicates: learning.replicates,
        card,
    })
}

/// The rows of the survey that a model learns from, with their design and the survey-weighted logit of its fixed part.
pub struct LearningRows {
    /// Design of the whole survey.
    pub design: SurveyDesign,
    /// Replicate weights of the whole survey.
    pub replicates: Option<ReplicateWeights>,
    /// How variables become design columns.
    pub recipe: DesignRecipe,
    /// Rows of the survey in the model.
    pub usable: Vec<usize>,
    /// Design columns of those rows, row-major.
    pub matrix: Vec<f64>,
    /// Their outcome.
    pub outcome: Vec<f64>,
    /// Their survey weights.
    pub weights: Vec<f64>,
    /// Their municipalities.
    pub areas: Vec<u32>,
    /// The survey-weighted logit.
    pub reference: ReferenceModel,
}

impl LearningRows {
    /// Takes the rows of the survey for which every variable of the model is known.
    ///
    /// # Errors
    /// Findings `MODEL-…` and `DESIGN-…`.
    pub fn new(
        settings: &Settings,
        codebook: &Codebook,
        formula: &Formula,
        survey: &Survey,
        area_values: &[Values],
    ) -> Result<LearningRows, Found> {
        let statistics = |error: StatsError| Box::new(finding_of(&error, "model.formula"));
        let design = design_of(settings, survey)?;
        let replicates = replicates_of(&settings.survey, &survey.weights, &survey.replicates)?;
        let recipe = DesignRecipe::new(formula, &variables(codebook)).map_err(statistics)?;
        let positions: Vec<usize> = survey.areas.iter().map(|&area| area as usize).collect();
        let mut values = survey.variables.clone();
        values.extend(area_values.iter().map(|area| area.take(&positions)));
        // A child in a municipality without area covariates cannot enter the model; the join has said so already.
        let usable: Vec<usize> =
            (0..survey.outcome.len()).filter(|&row| values.iter().all(|values| values.usable(row))).collect();
        let values: Vec<Values> = values.iter().map(|values| values.take(&usable)).collect();
        let rows = usable.len();
        let take = |list: &[f64]| -> Vec<f64> { usable.iter().map(|&row| list[row]).collect() };
        let (outcome, weights) = (take(&survey.outcome), take(&survey.weights));
        let areas: Vec<u32> = usable.iter().map(|&row| survey.areas[row]).collect();
        let mut matrix = vec![0.0; rows * recipe.width()];
        fill(&recipe, &values, rows, &mut matrix);
        let reference = ReferenceModel::fit(&recipe, &matrix, &outcome, &usable, &design).map_err(statistics)?;
        Ok(LearningRows { design, replicates, recipe, usable, matrix, outcome, weights, areas, reference })
    }

    /// Variable of each fixed column; none for the intercept.
    pub fn column_variables(&self, codebook: &Codebook) -> Vec<Option<String>> {
        let known = variables(codebook);
        (0..self.recipe.fixed())
            .map(|column| self.recipe.variables_of(column).first().map(|&variable| known[variable].name.clone()))
            .collect()
    }
}

/// The same model by maximum likelihood: by adaptive quadrature where one random intercept allows it, otherwise by the Laplace
/// approximation.
fn maximum_likelihood(data: &MultilevelData<'_>) -> Result<MaximumLikelihoodRow, StatsError> {
    const QUADRATURE_POINTS: usize = 11;
    let single = matches!(data.terms, [term] if term.columns.len() == 1);
    let (integration, name) = match single {
        true => (Integration::Quadrature(QUADRATURE_POINTS), "quadrature"),
        false => (Integration::Laplace, "laplace"),
    };
    let rows = LikelihoodData { rows: *data, trials: None };
    let fit = MaximumLikelihood::with(integration).fit(&rows)?;
    Ok(MaximumLikelihoodRow {
        integration: name.to_owned(),
        log_likelihood: fit.log_likelihood(),
        akaike: fit.akaike_criterion(),
        coefficients: fit.coefficients().iter().zip(fit.standard_errors()).map(|(b, se)| [*b, se]).collect(),
        standard_deviations: fit.standard_deviations(),
        singular: fit.is_singular(),
    })
}

/// Design effect of the scores of a first fit; one when no municipality has two sampling units to learn it from.
fn design_effect(
    recipe: &DesignRecipe,
    data: &MultilevelData<'_>,
    level_of_area: &[(Vec<u32>, usize)],
    areas: &[u32],
    psus: &[u32],
) -> Result<f64, StatsError> {
    let mut first = MultilevelLogit::default();
    first.integrate = false;
    let fitted = first.fit(data)?;
    let probabilities = predictions(recipe, &fitted, level_of_area, data.design, areas);
    let rows = FittedRows { outcome: data.outcome, probabilities: &probabilities, weights: data.weights, areas, psus };
    Ok(ScoreDesignEffect::of(&rows).map_or(1.0, |effect| effect.cautious()))
}

/// The functions of the spatial effect, when the project wants one. Notes `MODEL-013` for municipalities without neighbours.
fn spatial_basis(
    settings: &Settings,
    formula: &Formula,
    tree: &AreaTree,
    findings: &mut Findings,
) -> Result<Option<SpatialBasis>, Found> {
    let automatic = settings.model.spatial == SpatialEffect::Auto;
    let has_intercept = formula.random.iter().any(|term| term.group == "municipality" && term.intercept);
    if settings.model.spatial == SpatialEffect::None || (automatic && !has_intercept) {
        return Ok(None);
    }
    let polygons: Vec<&Polygons> = tree.municipalities.iter().map(|area| &area.polygons).collect();
    let refuse =
        |error: StatsError| Box::new(Finding::error("MODEL-014", Place::key("model.spatial")).with("reason", error));
    let mut pairs = neighbours(&polygons);
    if automatic && pairs.is_empty() {
        return Ok(None);
    }
    if settings.areas.islands == Islands::Nearest {
        pairs.extend(nearest_links(&polygons, &pairs));
    }
    let map = Neighbours::from_pairs(polygons.len(), &pairs).map_err(refuse)?.symmetric();
    let isolated = map.isolated().len();
    if isolated > 0 {
        findings.push(Finding::note("MODEL-013", Place::key("model.spatial")).with("count", isolated));
    }
    SpatialBasis::new(&map, settings.model.spatial_functions).map(Some).map_err(refuse)
}

/// Fills `rows` rows of the design from values.
pub fn fill(recipe: &DesignRecipe, values: &[Values], rows: usize, matrix: &mut [f64]) {
    let views: Vec<VariableValues<'_>> = values
        .iter()
        .map(|values| match values {
            Values::Codes(codes) => VariableValues::Codes(codes),
            Values::Numbers(numbers) => VariableValues::Numbers(numbers),
        })
        .collect();
    recipe.fill(&views, rows, matrix);
}

/// The survey-weighted logit of the fixed part, with the variance of the design: the classic model, shown beside ours, and
/// the place where collinear and separating columns are found and named.
pub struct ReferenceModel {
    /// The fit.
    pub fit: LogitFit,
    names: Vec<String>,
    matrix: Vec<f64>,
    outcome: Vec<f64>,
    domain: Vec<bool>,
}

impl ReferenceModel {
    fn fit(
        recipe: &DesignRecipe,
        matrix: &[f64],
        outcome: &[f64],
        usable: &[usize],
        design: &SurveyDesign,
    ) -> Result<ReferenceModel, StatsError> {
        let (fixed, width, rows) = (recipe.fixed(), recipe.width(), design.rows());
        // The design keeps all rows; those without area covariates are outside the domain.
        let mut full = vec![0.0; rows * fixed];
        let mut full_outcome = vec![0.0; rows];
        let mut domain = vec![false; rows];
        for (position, &row) in usable.iter().enumerate() {
            full[row * fixed..(row + 1) * fixed].copy_from_slice(&matrix[position * width..position * width + fixed]);
            full_outcome[row] = outcome[position];
            domain[row] = true;
        }
        let names = recipe.names()[..fixed].to_vec();
        let data =
            LogitData { matrix: &full, column_names: &names, outcome: &full_outcome, design, domain: Some(&domain) };
        let fit = SurveyLogit::default().fit(&data)?;
        Ok(ReferenceModel { fit, names, matrix: full, outcome: full_outcome, domain })
    }

    /// What it was fitted to.
    pub fn data<'a>(&'a self, design: &'a SurveyDesign) -> LogitData<'a> {
        LogitData {
            matrix: &self.matrix,
            column_names: &self.names,
            outcome: &self.outcome,
            design,
            domain: Some(&self.domain),
        }
    }
}

/// Coefficients at the mode for each municipality: fixed, with its slopes added; the first number is the sum of its
/// intercept effects.
pub fn mode_by_area(
    recipe: &DesignRecipe,
    fitted: &MultilevelFit,
    level_of_area: &[(Vec<u32>, usize)],
    areas: usize,
) -> Vec<Vec<f64>> {
    let effects: Vec<Vec<f64>> = (0..level_of_area.len()).map(|term| fitted.effects(term)).collect();
    let smooth = fitted.smooth_effect();
    (0..areas)
        .map(|area| {
            let mut coefficients = vec![0.0; recipe.width() + 1];
            coefficients[0] = smooth.get(area).copied().unwrap_or(0.0);
            coefficients[1..=recipe.fixed()].copy_from_slice(fitted.coefficients());
            for (term, columns) in recipe.random().iter().enumerate() {
                let start = level_of_area[term].0[area] as usize * columns.len();
                for (offset, column) in columns.iter().enumerate() {
                    coefficients[column.map_or(0, |column| column + 1)] += effects[term][start + offset];
                }
            }
            coefficients
        })
        .collect()
}

/// Probabilities of sampled rows at the mode, effects included.
pub fn predictions(
    recipe: &DesignRecipe,
    fitted: &MultilevelFit,
    level_of_area: &[(Vec<u32>, usize)],
    matrix: &[f64],
    areas: &[u32],
) -> Vec<f64> {
    let count = level_of_area.first().map_or(0, |(levels, _)| levels.len());
    let by_area = mode_by_area(recipe, fitted, level_of_area, count);
    let (fixed, width) = (recipe.fixed(), recipe.width());
    areas
        .iter()
        .zip(matrix.chunks_exact(width))
        .map(|(&area, x)| {
            inverse_logit(match by_area.get(area as usize) {
                Some(own) => own[0] + x.iter().zip(&own[1..]).map(|(x, b)| x * b).sum::<f64>(),
                None => x[..fixed].iter().zip(fitted.coefficients()).map(|(x, b)| x * b).sum::<f64>(),
            })
        })
        .collect()
}

/// Means of the columns of a row-major matrix of `width` columns.
pub fn means(values: &[f64], width: usize) -> Vec<f64> {
    let mut sums = vec![0.0; width];
    for draw in values.chunks_exact(width) {
        for (sum, value) in sums.iter_mut().zip(draw) {
            *sum += value;
        }
    }
    let count = (values.len() / width) as f64;
    sums.into_iter().map(|sum| sum / count).collect()
}

/// Sample standard deviations of the columns.
pub fn deviations(values: &[f64], width: usize) -> Vec<f64> {
    let centre = means(values, width);
    let mut sums = vec![0.0; width];
    for draw in values.chunks_exact(width) {
        for ((sum, value), mean) in sums.iter_mut().zip(draw).zip(&centre) {
            *sum += (value - mean) * (value - mean);
        }
    }
    let count = (values.len() / width) as f64;
    sums.into_iter().map(|sum| (sum / (count - 1.0)).sqrt()).collect()
}

/// `1 - posterior variance / prior variance` of one column of the municipal effects, for every municipality.
fn share_explained(
    draws: &PosteriorDraws,
    recipe: &DesignRecipe,
    term: usize,
    column: usize,
    areas: usize,
) -> Vec<f64> {
    let width = recipe.random()[term].len();
    let component: usize = recipe.random()[..term].iter().map(Vec::len).sum::<usize>() + column;
    // The smooth effect has one too.
    let components = draws.standard_deviations.len() / draws.count;
    let prior =
        draws.standard_deviations.chunks_exact(components).map(|sds| sds[component] * sds[component]).sum::<f64>()
            / draws.count as f64;
    let spread = deviations(&draws.effects[term], areas * width);
    (0..areas).map(|area| (1.0 - spread[area * width + column].powi(2) / prior).clamp(0.0, 1.0)).collect()
}

fn own_shares(
    formula: &Formula,
    recipe: &DesignRecipe,
    draws: &PosteriorDraws,
    tree: &AreaTree,
    column_of: impl Fn(&[Option<usize>]) -> Option<usize>,
) -> Vec<Option<f64>> {
    let areas = tree.municipalities.len();
    for (term, random) in formula.random.iter().enumerate() {
        if random.group == "municipality"
            && let Some(column) = column_of(&recipe.random()[term])
        {
            return share_explained(draws, recipe, term, column, areas).into_iter().map(Some).collect();
        }
    }
    vec![None; areas]
}

fn slope_shares(
    formula: &Formula,
    recipe: &DesignRecipe,
    draws: &PosteriorDraws,
    tree: &AreaTree,
    variables: &[Variable],
) -> BTreeMap<String, Vec<f64>> {
    let areas = tree.municipalities.len();
    let mut shares: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for (term, _) in formula.random.iter().enumerate().filter(|(_, random)| random.group == "municipality") {
        for (column, position) in recipe.random()[term].iter().enumerate() {
            let Some(position) = position else { continue };
            let [variable] = recipe.variables_of(*position)[..] else { continue };
            let column_shares = share_explained(draws, recipe, term, column, areas);
            // A variable with several categories is local where all its differences are.
            shares
                .entry(variables[variable].name.clone())
                .and_modify(|known| known.iter_mut().zip(&column_shares).for_each(|(a, b)| *a = a.min(*b)))
                .or_insert(column_shares);
        }
    }
    shares
}

fn area_effects(
    recipe: &DesignRecipe,
    draws: &PosteriorDraws,
    level_of_area: &[(Vec<u32>, usize)],
    areas: usize,
) -> Vec<f64> {
    let mut effects = vec![0.0; areas];
    for (term, columns) in recipe.random().iter().enumerate() {
        let Some(column) = columns.iter().position(Option::is_none) else { continue };
        let (levels, count) = &level_of_area[term];
        let centre = means(&draws.effects[term], count * columns.len());
        for (effect, &level) in effects.iter_mut().zip(levels) {
            *effect += centre[level as usize * columns.len() + column];
        }
    }
    if !draws.smooth.is_empty() {
        effects.iter_mut().zip(means(&draws.smooth, areas)).for_each(|(effect, smooth)| *effect += smooth);
    }
    effects
}

fn warn_about_terms(
    formula: &Formula,
    recipe: &DesignRecipe,
    fitted: &MultilevelFit,
    level_of_row: &[Vec<u32>],
    findings: &mut Findings,
) {
    let deviations = fitted.standard_deviations();
    let mut component = 0;
    for (term, random) in formula.random.iter().enumerate() {
        let sampled: BTreeSet<u32> = level_of_row[term].iter().copied().collect();
        if sampled.len() < FEW_LEVELS {
            findings.push(
                Finding::warning("MODEL-007", Place::key("model.formula"))
                    .with("group", &random.group)
                    .with("count", sampled.len()),
            );
        }
        for column in &recipe.random()[term] {
            if deviations[component] < NO_VARIATION {
                let name = column.map_or("1", |column| recipe.names()[column].as_str());
                findings.push(
                    Finding::note("MODEL-006", Place::key("model.formula"))
                        .with("term", format!("({name} | {})", random.group)),
                );
            }
            component += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_data_say_of_a_municipality_is_measured_against_its_own_standard_deviation() {
        let formula = Formula::parse("y ~ 1 + (1 | municipality)").unwrap();
        let recipe = DesignRecipe::new(&formula, &[]).unwrap();
        // Two draws of two municipalities, and a spatial effect whose standard deviation stands between those of the intercepts.
        let draws = PosteriorDraws {
            count: 2,
            coefficients: vec![0.0; 2],
            effects: vec![vec![0.3, 0.1, -0.3, -0.1]],
            standard_deviations: vec![1.0, 50.0, 1.0, 50.0],
            correlations: Vec::new(),
            smooth: vec![0.0; 4],
        };
        let shares = share_explained(&draws, &recipe, 0, 0, 2);
        assert!((shares[0] - (1.0 - 0.18)).abs() < 1e-12 && (shares[1] - (1.0 - 0.02)).abs() < 1e-12, "{shares:?}");
    }
}
