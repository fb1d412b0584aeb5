//! The area-level model of a project: direct estimates of municipalities, and the census means of their covariates.
//!
//! For offices that hold no common records of children, or want the classic model beside the multilevel one. The direct
//! proportions are taken on the arcsine scale with variances smoothed by a variance function, the variance of the area effects
//! is integrated out, and draws of all municipalities go the same way as those of the multilevel model.

use std::collections::BTreeSet;

use clrisk_core::model_card::{CoefficientRow, ModelCard, VarianceRow};
use clrisk_stats::StatsError;
use clrisk_stats::area_model::{AreaData, hierarchical_fay_herriot_draws};
use clrisk_stats::direct::{DirectEstimate, VarianceFunction, proportion_by_group};
use clrisk_stats::draws::Draws;
use clrisk_stats::formula::Formula;
use clrisk_stats::poststratification::{BinnedPopulation, inverse_logit};

use crate::areas::AreaTree;
use crate::card::column_label;
use crate::codebook::Codebook;
use crate::columns::Values;
use crate::model::{LearningRows, LinearPredictor, PredictorScale, deviations, finding_of, means};
use crate::population::ModeScores;
use crate::settings::Settings;
use crate::source::Found;
use crate::survey::Survey;

/// What the area-level model takes from the survey; the census means come with the pass over the population.
pub struct AreaLevelModel {
    /// Rows, design and survey-weighted logit.
    pub learning: LearningRows,
    direct: Vec<Option<DirectEstimate>>,
    column_variables: Vec<Option<String>>,
}

/// The fitted model.
pub struct AreaLevelFit {
    /// Rates: draws of municipalities.
    pub rates: Draws,
    /// Its linear predictor, on the arcsine scale.
    pub predictor: LinearPredictor,
    /// Weight of the direct estimate of each municipality; none without sample.
    pub own_sample_share: Vec<Option<f64>>,
    /// Model card.
    pub card: ModelCard,
}

impl AreaLevelModel {
    /// Direct estimates of the municipalities.
    ///
    /// # Errors
    /// Findings `MODEL-…` and `DESIGN-…`.
    pub fn new(
        settings: &Settings,
        tree: &AreaTree,
        codebook: &Codebook,
        formula: &Formula,
        survey: &Survey,
        area_values: &[Values],
    ) -> Result<AreaLevelModel, Found> {
        let learning = LearningRows::new(settings, codebook, formula, survey, area_values)?;
        let direct = proportion_by_group(&learning.design, &survey.outcome, &survey.areas, tree.municipalities.len())
            .map_err(|error| Box::new(finding_of(&error, "model.formula")))?;
        let column_variables = learning.column_variables(codebook);
        Ok(AreaLevelModel { learning, direct, column_variables })
    }

    /// The survey-weighted logit as the mode of the pass: the bins of the population are those of its predictor, the same in all
    /// municipalities.
    pub fn scores(&self) -> ModeScores {
        let mut coefficients = vec![0.0];
        coefficients.extend_from_slice(self.learning.reference.fit.coefficients());
        coefficients.resize(self.learning.recipe.width() + 1, 0.0);
        ModeScores { recipe: self.learning.recipe.clone(), coefficients: vec![coefficients; self.direct.len()] }
    }

    /// Fits the model to the means of the population.
    ///
    /// # Errors
    /// Too few municipalities with a variance of their own; columns whose means depend on each other, by name.
    pub fn fit(
        &self,
        settings: &Settings,
        codebook: &Codebook,
        population: &BinnedPopulation,
    ) -> Result<AreaLevelFit, StatsError> {
        let recipe = &self.learning.recipe;
        let (areas, columns) = (population.areas, recipe.fixed());
        let people = population.people();
        let mut matrix: Vec<f64> =
            population.area_means().chunks_exact(population.columns).flat_map(|row| row[..columns].to_vec()).collect();
        // Municipalities without children have no means and get no estimate; any finite row keeps the others in place.
        for area in (0..areas).filter(|&area| people[area] == 0.0) {
            matrix[area * columns..(area + 1) * columns].fill(0.0);
        }
        let rough = self.synthetic(population);
        let smoothed = VarianceFunction::default().fit(&self.direct)?.smoothed(&self.direct, Some(&rough))?;
        let angles: Vec<Option<(f64, f64)>> = (0..areas)
            .map(|area| {
                let (estimate, variance) = (self.direct[area].as_ref()?, smoothed[area]?);
                let effective = rough[area] * (1.0 - rough[area]) / variance;
                (people[area] > 0.0 && effective > 0.0).then(|| (estimate.value.sqrt().asin(), 0.25 / effective))
            })
            .collect();
        let names = recipe.names()[..columns].to_vec();
        let data = AreaData { direct: &angles, matrix: &matrix, column_names: &names };
        let draws = hierarchical_fay_herriot_draws(&data, settings.model.draws.max(2), settings.project.seed)?;
        let right_angle = std::f64::consts::FRAC_PI_2;
        let rates = draws.areas.values().iter().map(|angle| angle.clamp(0.0, right_angle).sin().powi(2)).collect();
        let coefficients = means(&draws.coefficients, columns);
        let area_effect = draws
            .areas
            .means()
            .iter()
            .zip(matrix.chunks_exact(columns))
            .map(|(angle, row)| angle - row.iter().zip(&coefficients).map(|(x, b)| x * b).sum::<f64>())
            .collect();
        let own_sample_share = angles
            .iter()
            .map(|angle| {
                let (_, sampling) = (*angle)?;
                let share = |variance: &f64| variance / (variance + sampling);
                Some(draws.variances.iter().map(share).sum::<f64>() / draws.variances.len() as f64)
            })
            .collect();
        let card = self.card(settings, codebook, &coefficients, &draws.coefficients, &draws.variances, areas);
        Ok(AreaLevelFit {
            rates: Draws::new(rates, areas)?,
            predictor: LinearPredictor {
                coefficients,
                column_variables: self.column_variables.clone(),
                area_effect,
                scale: PredictorScale::Arcsine,
            },
            own_sample_share,
            card,
        })
    }

    /// The proportion of each municipality by the survey-weighted logit alone, from the bins of the population.
    fn synthetic(&self, population: &BinnedPopulation) -> Vec<f64> {
        let coefficients = self.learning.reference.fit.coefficients();
        let mut sums = vec![(0.0, 0.0); population.areas];
        for (bin, row) in population.bins.iter().zip(population.means.chunks_exact(population.columns)) {
            let predictor: f64 = row.iter().zip(coefficients).map(|(x, b)| x * b).sum();
            let sum = &mut sums[bin.area as usize];
            *sum = (sum.0 + bin.weight * inverse_logit(predictor), sum.1 + bin.weight);
        }
        sums.into_iter().map(|(cases, people)| if people > 0.0 { cases / people } else { 0.5 }).collect()
    }

    fn card(
        &self,
        settings: &Settings,
        codebook: &Codebook,
        coefficients: &[f64],
        draws: &[f64],
        variances: &[f64],
        areas: usize,
    ) -> ModelCard {
        let learning = &self.learning;
        let logit = &learning.reference.fit;
        let logit_errors = logit.standard_errors();
        let spread = deviations(draws, coefficients.len());
        let rows = coefficients.iter().enumerate().map(|(column, estimate)| CoefficientRow {
            name: learning.recipe.names()[column].clone(),
            variable: self.column_variables[column].clone().unwrap_or_default(),
            label: column_label(codebook, &learning.recipe.names()[column]),
            estimate: *estimate,
            standard_error: spread[column],
            odds_ratio: None,
            survey_logit: Some(logit.coefficients()[column]),
            survey_logit_standard_error: Some(logit_errors[column]),
            marginal_points: None,
        });
        let sampled: BTreeSet<u32> = learning.areas.iter().copied().collect();
        let mut deviations: Vec<f64> = variances.iter().map(|variance| variance.sqrt()).collect();
        deviations.sort_by(f64::total_cmp);
        let quantile = |p: f64| deviations[((deviations.len() - 1) as f64 * p).round() as usize];
        ModelCard {
            formula: settings.model.formula.clone(),
            method: "fay_herriot".to_owned(),
            observations: learning.outcome.len() as u64,
            weighted_population: learning.weights.iter().sum(),
            sampling_units: learning.design.psus() as u64,
            strata: learning.design.strata() as u64,
            areas_in_sample: sampled.len() as u64,
            draws: variances.len() as u64,
            seed: settings.project.seed,
            coefficients: rows.collect(),
            variance_components: vec![VarianceRow {
                group: "municipality".to_owned(),
                term: "(Intercept)".to_owned(),
                sd: [0.5, 0.025, 0.975].map(quantile),
                levels: [sampled.len() as u64, areas as u64],
            }],
            correlations: Vec::new(),
            diagnostics: [("weighting_effect".to_owned(), learning.design.weighting_effect())].into(),
            // The survey weights are in the direct estimates as they are.
            weight_scaling: "none".to_owned(),
            ..ModelCard::default()
        }
    }
}
