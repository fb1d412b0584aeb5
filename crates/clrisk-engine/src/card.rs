//! The model card: what was fitted to what, how well it predicts, and what to beware of.

use std::collections::{BTreeMap, BTreeSet};

use clrisk_core::model_card::{CoefficientRow, CorrelationRow, ModelCard, SuggestionRow, VarianceRow};
use clrisk_core::{Finding, Findings, LocalText, Place};
use clrisk_stats::StatsError;
use clrisk_stats::cross_validation::{CrossValidation, cross_validate, folds_by_psu};
use clrisk_stats::design::SurveyDesign;
use clrisk_stats::formula::Formula;
use clrisk_stats::logit::{Covariate, ElasticNet, SurveyLogit};
use clrisk_stats::metrics::{archer_lemeshow, area_under_curve, brier_score, calibration, log_loss};
use clrisk_stats::multilevel::{DesignRecipe, MultilevelFit, PosteriorDraws, Variable};
use clrisk_stats::replicate::ReplicateWeights;

use crate::codebook::Codebook;
use crate::model::{ReferenceModel, deviations, means, predictions};
use crate::settings::Settings;

/// Folds of the cross-validations.
const FOLDS: usize = 10;
/// Groups of the test of fit.
const GROUPS: usize = 10;
/// A model whose predictions rank a child with the outcome above one without it less often than this hardly tells them apart.
const WEAK_DISCRIMINATION: f64 = 0.65;
/// Outside these slopes, predictions for children the model has not seen are too extreme or too flat.
const CALIBRATED_SLOPES: [f64; 2] = [0.8, 1.25];

/// The rows of the survey that the model learned from.
pub struct SampledRows<'a> {
    /// Design, row-major.
    pub matrix: &'a [f64],
    /// Outcome, 0 or 1.
    pub outcome: &'a [f64],
    /// Survey weights.
    pub weights: &'a [f64],
    /// Municipality.
    pub areas: &'a [u32],
    /// Municipality of every row of the survey, used or not.
    pub area_of_every_row: &'a [u32],
}

/// What a card is made from.
pub struct CardInputs<'a> {
    /// Settings.
    pub settings: &'a Settings,
    /// Codebook.
    pub codebook: &'a Codebook,
    /// Formula.
    pub formula: &'a Formula,
    /// Design columns.
    pub recipe: &'a DesignRecipe,
    /// Variables the columns are made of.
    pub variables: &'a [Variable],
    /// Survey design.
    pub design: &'a SurveyDesign,
    /// Replicate weights, where the survey has them.
    pub replicates: Option<&'a ReplicateWeights>,
    /// The multilevel fit.
    pub fitted: &'a MultilevelFit,
    /// Its posterior draws.
    pub draws: &'a PosteriorDraws,
    /// The survey-weighted logit.
    pub reference: &'a ReferenceModel,
    /// Rows.
    pub rows: &'a SampledRows<'a>,
    /// Level of the grouping factor of each municipality and number of levels, by random term.
    pub level_of_area: &'a [(Vec<u32>, usize)],
}

impl CardInputs<'_> {
    /// The card; population summary and benchmarks are added after the pass. Warns with `MODEL-011` (the model hardly tells
    /// children apart) and `MODEL-012` (predictions for unseen children are too extreme or too flat).
    ///
    /// # Errors
    /// When a figure cannot be computed.
    pub fn card(&self, findings: &mut Findings) -> Result<ModelCard, StatsError> {
        let before = findings.0.len();
        let diagnostics = self.diagnostics(findings)?;
        let sampled: BTreeSet<u32> = self.rows.areas.iter().copied().collect();
        Ok(ModelCard {
            formula: self.settings.model.formula.clone(),
            method: "multilevel_logit".to_owned(),
            observations: self.rows.outcome.len() as u64,
            weighted_population: self.rows.weights.iter().sum(),
            sampling_units: self.design.psus() as u64,
            strata: self.design.strata() as u64,
            areas_in_sample: sampled.len() as u64,
            areas: 0,
            log_likelihood: self.fitted.log_likelihood(),
            draws: self.draws.count as u64,
            seed: self.settings.project.seed,
            coefficients: self.coefficients()?,
            variance_components: self.variance_components(),
            correlations: self.correlations(),
            diagnostics,
            warnings: findings.0[before..].iter().map(|finding| finding.code.clone()).collect(),
            weight_scaling: self.settings.model.weight_scaling.code().to_owned(),
            benchmarks: Vec::new(),
            suggestion: match self.settings.model.suggest {
                true => Some(self.suggestion()?),
                false => None,
            },
            ..ModelCard::default()
        })
    }

    fn coefficients(&self) -> Result<Vec<CoefficientRow>, StatsError> {
        let fixed = self.recipe.fixed();
        let (centre, spread) = (means(&self.draws.coefficients, fixed), deviations(&self.draws.coefficients, fixed));
        let logit = &self.reference.fit;
        let logit_errors = match self.replicates {
            Some(replicates) => {
                replicates.logit(&SurveyLogit::default(), &self.reference.data(self.design))?.standard_errors()
            }
            None => logit.standard_errors(),
        };
        let marginal = self.marginal_effects()?;
        Ok((0..fixed)
            .map(|column| {
                let variable =
                    self.recipe.variables_of(column).first().map(|&index| self.variables[index].name.clone());
                let (b, s) = (centre[column], spread[column]);
                CoefficientRow {
                    name: self.recipe.names()[column].clone(),
                    label: column_label(self.codebook, &self.recipe.names()[column]),
                    variable: variable.unwrap_or_default(),
                    estimate: b,
                    standard_error: s,
                    odds_ratio: Some([b.exp(), (b - 1.96 * s).exp(), (b + 1.96 * s).exp()]),
                    survey_logit: Some(logit.coefficients()[column]),
                    survey_logit_standard_error: Some(logit_errors[column]),
                    marginal_points: marginal.get(&column).copied(),
                }
            })
            .collect())
    }

    /// Average marginal effects of the survey-weighted logit by column, in percentage points with 95 % intervals. A variable
    /// that takes part in an interaction has no effect of its own column alone and is left out.
    fn marginal_effects(&self) -> Result<BTreeMap<usize, [f64; 3]>, StatsError> {
        let fixed = self.recipe.fixed();
        let mut of_variable: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut interacting = BTreeSet::new();
        for column in 0..fixed {
            match self.recipe.variables_of(column)[..] {
                [] => {}
                [variable] => of_variable.entry(variable).or_default().push(column),
                ref several => interacting.extend(several.iter().copied()),
            }
        }
        let covariates: Vec<Covariate> = of_variable
            .into_iter()
            .filter(|(variable, _)| !interacting.contains(variable))
            .map(|(variable, columns)| match self.variables[variable].levels {
                Some(_) => Covariate::Levels { columns },
                None => Covariate::Continuous { column: columns[0] },
            })
            .collect();
        let effects = self.reference.fit.average_marginal_effects(&self.reference.data(self.design), &covariates)?;
        Ok(effects
            .into_iter()
            .filter_map(|effect| {
                let interval = effect.interval(0.95)?;
                Some((effect.column, [effect.percentage_points, interval.lower, interval.upper]))
            })
            .collect())
    }

    /// What the elastic net says of the variables, by the loss on sampling units left out. It changes nothing.
    fn suggestion(&self) -> Result<SuggestionRow, StatsError> {
        let data = self.reference.data(self.design);
        let folds = folds_by_psu(self.design, FOLDS.min(self.design.psus()), self.settings.project.seed)?;
        let choice = ElasticNet::default().cross_validated(&data, &folds)?;
        let coefficients = choice.coefficients();
        let (mut kept, mut left_out) = (Vec::new(), Vec::new());
        for (index, variable) in self.variables.iter().enumerate() {
            let columns: Vec<usize> =
                (0..coefficients.len()).filter(|&column| self.recipe.variables_of(column).contains(&index)).collect();
            if columns.iter().any(|&column| coefficients[column] != 0.0) {
                kept.push(variable.name.clone());
            } else if !columns.is_empty() {
                left_out.push(variable.name.clone());
            }
        }
        let last = choice.losses.last().copied().unwrap_or_default();
        Ok(SuggestionRow {
            kept,
            left_out,
            loss_suggested: choice.losses[choice.suggested],
            loss_all: last,
            loss_standard_error: choice.errors[choice.best],
        })
    }

    /// What a column of the design is called as a random effect.
    fn effect_name(&self, column: Option<usize>) -> String {
        column.map_or("(Intercept)".to_owned(), |column| self.recipe.names()[column].clone())
    }

    fn correlations(&self) -> Vec<CorrelationRow> {
        let summary = median_and_interval(&self.draws.correlations, self.draws.count);
        let mut rows = Vec::new();
        let terms = self.formula.random.iter().zip(self.recipe.random());
        for (random, columns) in terms.filter(|(random, _)| random.correlated) {
            for (above, column) in columns.iter().enumerate() {
                for other in &columns[..above] {
                    rows.push(CorrelationRow {
                        group: random.group.clone(),
                        terms: [*other, *column].map(|column| self.effect_name(column)),
                        correlation: summary(rows.len()),
                    });
                }
            }
        }
        rows
    }

    fn variance_components(&self) -> Vec<VarianceRow> {
        let summary = median_and_interval(&self.draws.standard_deviations, self.draws.count);
        let mut rows = Vec::new();
        for (term, random) in self.formula.random.iter().enumerate() {
            let levels = &self.level_of_area[term];
            let sampled: BTreeSet<u32> = self.rows.areas.iter().map(|&area| levels.0[area as usize]).collect();
            for column in &self.recipe.random()[term] {
                rows.push(VarianceRow {
                    group: random.group.clone(),
                    term: self.effect_name(*column),
                    sd: summary(rows.len()),
                    levels: [sampled.len() as u64, levels.1 as u64],
                });
            }
        }
        if !self.draws.smooth.is_empty() {
            let sampled: BTreeSet<u32> = self.rows.areas.iter().copied().collect();
            let areas = self.draws.smooth.len() / self.draws.count;
            rows.push(VarianceRow {
                group: "municipality".to_owned(),
                term: "spatial".to_owned(),
                sd: summary(rows.len()),
                levels: [sampled.len() as u64, areas as u64],
            });
        }
        rows
    }

    /// Fit to the rows the model learned from (weighted), and of the reference model to sampling units and municipalities it
    /// has not seen.
    fn diagnostics(&self, findings: &mut Findings) -> Result<BTreeMap<String, f64>, StatsError> {
        let (outcome, weights) = (self.rows.outcome, self.rows.weights);
        let predicted = predictions(self.recipe, self.fitted, self.level_of_area, self.rows.matrix, self.rows.areas);
        let in_sample = calibration(outcome, &predicted, weights)?;
        let mut list = vec![
            ("auc", area_under_curve(outcome, &predicted, weights)?),
            ("brier", brier_score(outcome, &predicted, weights)?),
            ("log_loss", log_loss(outcome, &predicted, weights)?),
            ("calibration_intercept", in_sample.intercept),
            ("calibration_slope", in_sample.slope),
            ("weighting_effect", self.design.weighting_effect()),
            ("grid_points", self.fitted.grid_points() as f64),
        ];
        let data = self.reference.data(self.design);
        let probabilities = self.reference.fit.probabilities(data.matrix)?;
        // The test has no notion of a domain: it is made when every row of the design is in the model.
        if self.rows.outcome.len() == self.design.rows()
            && let Ok(test) = archer_lemeshow(self.design, data.outcome, &probabilities, GROUPS)
        {
            list.push(("archer_lemeshow_p", test.p_value));
        }
        let seed = self.settings.project.seed;
        if let Ok(folds) = folds_by_psu(self.design, FOLDS.min(self.design.psus()), seed)
            && let Ok(unseen) = cross_validate(&Default::default(), &data, &folds)
        {
            list.push(("new_units_log_loss", unseen.log_loss));
            list.extend(unseen.area_under_curve.map(|auc| ("new_units_auc", auc)));
            if let Some(slope) = calibration_of(&unseen, data.outcome, self.design.weights()) {
                list.push(("new_units_calibration_slope", slope));
                if !(CALIBRATED_SLOPES[0]..=CALIBRATED_SLOPES[1]).contains(&slope) {
                    findings.push(model_warning("MODEL-012").with("slope", format!("{slope:.2}")));
                }
            }
        }
        // Whole municipalities left out, a tenth at a time: how well the covariates alone speak of a place without a sample.
        let folds: Vec<u64> = self.rows.area_of_every_row.iter().map(|area| u64::from(*area) % FOLDS as u64).collect();
        if let Ok(unseen) = cross_validate(&Default::default(), &data, &folds)
            && let Some(auc) = unseen.area_under_curve
        {
            list.push(("new_areas_auc", auc));
            list.push(("new_areas_log_loss", unseen.log_loss));
            if auc < WEAK_DISCRIMINATION {
                findings.push(model_warning("MODEL-011").with("auc", format!("{auc:.2}")));
            }
        }
        Ok(list.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

fn model_warning(code: &str) -> Finding {
    Finding::warning(code, Place::key("model.formula"))
}

/// Calibration slope of predictions out of fold.
fn calibration_of(unseen: &CrossValidation, outcome: &[f64], weights: &[f64]) -> Option<f64> {
    let rows: Vec<(usize, f64)> =
        unseen.predicted.iter().enumerate().filter_map(|(row, predicted)| Some((row, (*predicted)?))).collect();
    let take = |values: &[f64]| rows.iter().map(|&(row, _)| values[row]).collect::<Vec<f64>>();
    let predicted: Vec<f64> = rows.iter().map(|(_, predicted)| *predicted).collect();
    calibration(&take(outcome), &predicted, &take(weights)).ok().map(|found| found.slope)
}

/// "Sex: girl", from the titles and labels of the codebook; the column's own name where it is an interaction.
pub fn column_label(codebook: &Codebook, column: &str) -> LocalText {
    if column.contains(':') || column == "(Intercept)" {
        return LocalText::Same(column.to_owned());
    }
    let (name, category) = column.split_once('=').unwrap_or((column, ""));
    let Some(variable) = codebook.find(name) else { return LocalText::Same(column.to_owned()) };
    if category.is_empty() {
        return variable.title.clone();
    }
    let label =
        variable.levels.iter().flatten().position(|level| level == category).and_then(|at| variable.labels.get(at));
    let texts = clrisk_core::Language::ALL
        .into_iter()
        .map(|language| {
            let category = label.map_or(category, |label| label.get(language));
            (language, format!("{}: {category}", variable.title.get(language)))
        })
        .collect();
    LocalText::ByLanguage(texts)
}

/// Of one column of draws (draws by columns): median and central 95 % interval.
fn median_and_interval(values: &[f64], draws: usize) -> impl Fn(usize) -> [f64; 3] + '_ {
    let width = values.len() / draws;
    move |column| {
        let mut own: Vec<f64> = values.chunks_exact(width).map(|draw| draw[column]).collect();
        own.sort_by(f64::total_cmp);
        [0.5, 0.025, 0.975].map(|p| own[((own.len() - 1) as f64 * p).round() as usize])
    }
}
