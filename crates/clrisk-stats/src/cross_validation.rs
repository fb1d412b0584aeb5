//! Predictions for rows a regression has not seen: K folds of whole PSUs, or one area left out at a time.

use std::collections::BTreeSet;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::design::SurveyDesign;
use crate::error::{Result, StatsError, same_length};
use crate::logit::{LogitData, SurveyLogit};
use crate::metrics::{area_under_curve, brier_score, log_loss};

/// Predictions out of fold and their scores.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CrossValidation {
    /// Probability of every row, by the fit that left its fold out; `None` outside the domain and in failed folds.
    pub predicted: Vec<Option<f64>>,
    /// Weighted area under the ROC curve over all rows predicted; `None` if they have a single outcome.
    pub area_under_curve: Option<f64>,
    /// Weighted Brier score.
    pub brier_score: f64,
    /// Weighted log loss.
    pub log_loss: f64,
    /// Folds whose fit failed, and why.
    pub failed: Vec<(u64, StatsError)>,
}

/// Folds of whole PSUs: PSUs are shuffled and dealt out in turn within each stratum, so that every fold has its share of
/// each. The result depends on the PSUs' codes and the seed, not on the order of rows.
///
/// # Errors
/// Fewer than two folds, or more folds than PSUs.
pub fn folds_by_psu(design: &SurveyDesign, folds: usize, seed: u64) -> Result<Vec<u64>> {
    if folds < 2 || folds > design.psus() {
        return Err(StatsError::Setting { setting: "folds", requirement: "from 2 to the number of PSUs" });
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut fold_of_psu = vec![0u64; design.psus()];
    // Dealing goes on from stratum to stratum, so that small strata do not all fill the first folds.
    let mut next = 0;
    for stratum in design.stratum_ranges() {
        let mut psus: Vec<usize> = (stratum.start..stratum.end).collect();
        for last in (1..psus.len()).rev() {
            let other = ((u128::from(random.next_u64()) * (last as u128 + 1)) >> 64) as usize;
            psus.swap(last, other);
        }
        for psu in psus {
            fold_of_psu[psu] = (next % folds) as u64;
            next += 1;
        }
    }
    Ok(design.psu_of_rows().iter().map(|&psu| fold_of_psu[psu as usize]).collect())
}

/// Fits the regression once per fold on the other rows and predicts the fold. Pass area codes as `folds` to leave one area
/// out at a time.
///
/// # Errors
/// Unequal lengths, fewer than two folds, or no fold that could be fitted. A fold that fails on its own is listed in
/// [`CrossValidation::failed`].
pub fn cross_validate(specification: &SurveyLogit, data: &LogitData<'_>, folds: &[u64]) -> Result<CrossValidation> {
    let rows = data.design.rows();
    let columns = data.column_names.len();
    same_length("folds", folds.len(), rows)?;
    same_length("outcome", data.outcome.len(), rows)?;
    same_length("matrix", data.matrix.len(), rows * columns)?;
    if let Some(domain) = data.domain {
        same_length("domain", domain.len(), rows)?;
    }
    let inside = |row: usize| data.domain.is_none_or(|d| d[row]);
    let names: BTreeSet<u64> = (0..rows).filter(|&row| inside(row)).map(|row| folds[row]).collect();
    if names.len() < 2 {
        return Err(StatsError::Setting { setting: "folds", requirement: "at least two" });
    }
    let mut predicted = vec![None; rows];
    let mut failed = Vec::new();
    for fold in names {
        let training: Vec<bool> = (0..rows).map(|row| inside(row) && folds[row] != fold).collect();
        match specification.fit(&LogitData { domain: Some(&training), ..*data }) {
            Err(error) => failed.push((fold, error)),
            Ok(fit) => {
                for row in (0..rows).filter(|&row| inside(row) && folds[row] == fold) {
                    let line = &data.matrix[row * columns..(row + 1) * columns];
                    predicted[row] = fit.probabilities(line)?.first().copied();
                }
            }
        }
    }
    let used: Vec<(usize, f64)> = predicted.iter().enumerate().filter_map(|(row, p)| p.map(|p| (row, p))).collect();
    if used.is_empty() {
        return Err(failed.swap_remove(0).1);
    }
    let outcome: Vec<f64> = used.iter().map(|&(row, _)| data.outcome[row]).collect();
    let weights: Vec<f64> = used.iter().map(|&(row, _)| data.design.weights()[row]).collect();
    let probabilities: Vec<f64> = used.iter().map(|&(_, p)| p).collect();
    let area_under_curve = match area_under_curve(&outcome, &probabilities, &weights) {
        Ok(area) => Some(area),
        Err(StatsError::ConstantOutcome) => None,
        Err(error) => return Err(error),
    };
    Ok(CrossValidation {
        area_under_curve,
        brier_score: brier_score(&outcome, &probabilities, &weights)?,
        log_loss: log_loss(&outcome, &probabilities, &weights)?,
        predicted,
        failed,
    })
}
