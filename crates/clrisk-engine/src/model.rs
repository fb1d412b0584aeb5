//! The multilevel model of a project: from survey rows and codebook to draws of parameters and a scorer for the population.

use std::collections::BTreeMap;
use std::sync::Arc;

use clrisk_core::model_card::{CoefficientRow, ModelCard, VarianceRow};
use clrisk_core::{Finding, Findings, LocalText, Place};
use clrisk_stats::design::{DesignSpec, LonelyPsu, SurveyDesign};
use clrisk_stats::formula::Formula;
use clrisk_stats::logit::{LogitData, LogitFit, SurveyLogit};
use clrisk_stats::{DesignProblem, StatsError};

use crate::areas::AreaTree;
use crate::codebook::Codebook;
use crate::columns::Values;
use crate::population::Scorer;
use crate::predict::ParameterDraws;
use crate::settings::Settings;
use crate::source::Found;
use crate::survey::Survey;
