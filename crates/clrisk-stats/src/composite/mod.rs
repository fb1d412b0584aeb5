//! Composite indices: many indicators of an area in one number, and how much that number owes to the choices made.
//!
//! A [`CompositeIndex`] is the whole recipe: outliers are treated ([`Treatment`]), indicators brought to one scale
//! ([`Normalisation`]) and joined group by group, level by level ([`Level`], [`Aggregation`]). [`PrincipalComponents`],
//! [`entropy_weights`] and [`AnalyticHierarchy`] propose weights; [`DistanceP2`], [`Outranking`] and [`copeland`] join without compensation or without
//! weights; [`correlations`], [`redundant_pairs`] and [`sampling_adequacy`] say whether the indicators belong together;
//! A [`Recipe`] is the usual case in one piece. [`balance`] and [`compensation`] say what the weights and the means do to it; [`UncertaintyAnalysis`] repeats the index
//! under other choices. The steps are those of the OECD-JRC handbook (Nardo et
//! al. 2008).
//!
//! Missing indicator values are NaN. They stay NaN through treatment and normalisation; an aggregate is taken over what is
//! there when enough of the weight is ([`Level::minimum_available`]).
//!
//! Checked against: `composite.json` (R `COINr`, `psych`; script `08_composite.R`).

mod aggregate;
mod balance;
mod compensation;
mod correlation;
mod distance_p2;
mod hierarchy;
mod normalise;
mod outranking;
mod recipe;
mod treatment;
mod uncertainty;
mod weights;

pub use aggregate::Aggregation;
pub use balance::{IndicatorBalance, balance};
pub use compensation::{Compensation, compensation};
pub use correlation::{
    Bartlett, CorrelationKind, RedundantPair, SamplingAdequacy, bartlett_sphericity, correlations, cronbach_alpha,
    redundant_pairs, sampling_adequacy,
};
pub use distance_p2::{DistanceP2, DistanceP2Fit, Divisor};
pub use hierarchy::{AnalyticHierarchy, Comparison};
pub use normalise::{Direction, Normalisation};
pub use outranking::{Outranking, copeland};
pub use recipe::{OtherChoices, Recipe, RecipeDistance, RecipeFit, Scale, Weighting};
pub use treatment::{Treated, Treatment, fill_with_group_means, kurtosis, skewness};
pub use uncertainty::{
    Alternatives, RankDraws, RankRange, RankUncertainty, SensitivityIndices, UncertaintyAnalysis, WeightSet,
    noisy_weights, rank_uncertainty,
};
pub use weights::{FactorWeights, PrincipalComponents, entropy_weights, equal_weights, varimax};

use crate::error::{Result, StatsError, same_length};

/// Indicators of the same areas, one column each; missing values are NaN.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicators {
    columns: Vec<Vec<f64>>,
    directions: Vec<Direction>,
}

impl Indicators {
    /// Columns with the direction in which each speaks for a higher index.
    ///
    /// # Errors
    /// No columns or no areas, columns of unequal lengths, an infinite value.
    pub fn new(columns: Vec<Vec<f64>>, directions: Vec<Direction>) -> Result<Self> {
        same_length("directions", directions.len(), columns.len())?;
        if columns.first().is_none_or(Vec::is_empty) {
            return Err(StatsError::Empty { quantity: "a composite index" });
        }
        for column in &columns {
            same_length("indicator", column.len(), columns[0].len())?;
            if let Some(row) = column.iter().position(|v| v.is_infinite()) {
                return Err(StatsError::OutOfRange { input: "indicator", requirement: "finite", row });
            }
        }
        Ok(Self { columns, directions })
    }

    /// Number of areas.
    pub fn areas(&self) -> usize {
        self.columns[0].len()
    }

    /// The columns.
    pub fn columns(&self) -> &[Vec<f64>] {
        &self.columns
    }

    /// The directions.
    pub fn directions(&self) -> &[Direction] {
        &self.directions
    }
}

/// Members of the level below that are joined into one score.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Positions in the level below (columns of the indicators, for the first level).
    pub members: Vec<usize>,
    /// Weights of the members; only their proportions matter.
    pub weights: Vec<f64>,
}

/// One step of aggregation.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// Groups, in the order of the scores they give.
    pub groups: Vec<Group>,
    /// How members are joined.
    pub aggregation: Aggregation,
    /// Share of the group's weight, 0 to 1, that must be there for an area to have a score.
    pub minimum_available: f64,
}

/// The recipe of a composite index.
///
/// # Example
/// ```
/// use clrisk_stats::composite::{Aggregation, CompositeIndex, Direction, Group, Indicators, Level, Normalisation};
/// # fn main() -> clrisk_stats::Result<()> {
/// let out_of_school = vec![2.0, 10.0, 6.0];
/// let income = vec![900.0, 100.0, 500.0];
/// let table = Indicators::new(vec![out_of_school, income], vec![Direction::Positive, Direction::Negative])?;
/// let whole = Group { members: vec![0, 1], weights: vec![1.0, 1.0] };
/// let index = CompositeIndex {
///     treatment: None,
///     normalisation: Normalisation::MinMax { lower: 0.0, upper: 100.0 },
///     levels: vec![Level { groups: vec![whole], aggregation: Aggregation::Arithmetic, minimum_available: 1.0 }],
/// };
/// assert_eq!(index.fit(&table)?.index(), [0.0, 100.0, 50.0]);
/// # Ok(()) }
/// ```
///
/// Checked against: `composite.json` `asem_aggs` (R `COINr`: 51 countries, 49 indicators, three levels).
#[derive(Debug, Clone, PartialEq)]
pub struct CompositeIndex {
    /// Treatment of outliers; none leaves the values as they are.
    pub treatment: Option<Treatment>,
    /// Common scale.
    pub normalisation: Normalisation,
    /// Aggregation from the indicators upwards; the last level has one group, the index.
    pub levels: Vec<Level>,
}

/// A composite index and every step on the way to it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CompositeFit {
    /// Indicators after treatment, and what was done to them. Empty when nothing is treated.
    pub treated: Vec<Treated>,
    /// Indicators on the common scale, in the direction of the index.
    pub normalised: Vec<Vec<f64>>,
    /// Scores of each level: `levels[level][group][area]`.
    pub levels: Vec<Vec<Vec<f64>>>,
}

impl CompositeFit {
    /// The index of every area; NaN where too little is known.
    pub fn index(&self) -> &[f64] {
        top(&self.levels)
    }

    /// Rank of every area, 1 the highest index; equal values share the lowest rank, NaN has rank 0.
    pub fn ranks(&self) -> Vec<u32> {
        ranks_from_highest(self.index())
    }
}

/// The only score of the last level.
fn top(levels: &[Vec<Vec<f64>>]) -> &[f64] {
    levels.last().and_then(|level| level.first()).map_or(&[], Vec::as_slice)
}

impl CompositeIndex {
    /// Computes the index.
    ///
    /// # Errors
    /// No level, or a last level that is not one group; members out of range; weights that are not one for each member, are
    /// negative or add up to nothing; an indicator that the treatment, the normalisation or the aggregation cannot take
    /// (constant; not positive for a geometric mean).
    pub fn fit(&self, indicators: &Indicators) -> Result<CompositeFit> {
        let (treated, normalised) = self.scaled(indicators)?;
        let levels = self.joined(&normalised)?;
        Ok(CompositeFit { treated, normalised, levels })
    }

    /// Indicators after treatment (none when nothing is treated), and on the common scale.
    fn scaled(&self, indicators: &Indicators) -> Result<(Vec<Treated>, Vec<Vec<f64>>)> {
        let treated = match &self.treatment {
            Some(treatment) => indicators.columns.iter().map(|c| treatment.treat(c)).collect::<Result<Vec<_>>>()?,
            None => Vec::new(),
        };
        let column = |j: usize| treated.get(j).map_or(&indicators.columns[j], |t| &t.values);
        let normalised = (0..indicators.columns.len())
            .map(|j| self.normalisation.apply(column(j), indicators.directions[j]))
            .collect::<Result<Vec<_>>>()?;
        Ok((treated, normalised))
    }

    /// Scores of all levels.
    fn joined(&self, normalised: &[Vec<f64>]) -> Result<Vec<Vec<Vec<f64>>>> {
        self.check(normalised.len())?;
        let mut levels: Vec<Vec<Vec<f64>>> = Vec::with_capacity(self.levels.len());
        for level in &self.levels {
            let below = levels.last().map_or(normalised, Vec::as_slice);
            let scores = level.groups.iter().map(|group| level.score(group, below)).collect::<Result<Vec<_>>>()?;
            levels.push(scores);
        }
        Ok(levels)
    }

    fn check(&self, indicators: usize) -> Result<()> {
        if self.levels.last().is_none_or(|level| level.groups.len() != 1) {
            return Err(StatsError::Setting { setting: "levels", requirement: "end in one group" });
        }
        let mut below = indicators;
        for level in &self.levels {
            for group in &level.groups {
                if group.members.is_empty() || group.members.iter().any(|&member| member >= below) {
                    return Err(StatsError::Setting {
                        setting: "members",
                        requirement: "positions in the level below",
                    });
                }
                check_weights(&group.weights, group.members.len())?;
            }
            below = level.groups.len();
        }
        Ok(())
    }
}

impl Level {
    fn score(&self, group: &Group, below: &[Vec<f64>]) -> Result<Vec<f64>> {
        let columns: Vec<&[f64]> = group.members.iter().map(|&member| below[member].as_slice()).collect();
        self.aggregation.aggregate(&columns, &group.weights, self.minimum_available)
    }
}

/// Refuses weights that nothing can be weighted with.
fn check_weights(weights: &[f64], expected: usize) -> Result<()> {
    same_length("weights", weights.len(), expected)?;
    if let Some(row) = weights.iter().position(|w| !(w.is_finite() && *w >= 0.0)) {
        return Err(StatsError::OutOfRange { input: "weights", requirement: "not negative", row });
    }
    if weights.iter().sum::<f64>() <= 0.0 {
        return Err(StatsError::Setting { setting: "weights", requirement: "positive for at least one member" });
    }
    Ok(())
}

/// Ranks, 1 the highest; equal values share the lowest rank, NaN has rank 0.
fn ranks_from_highest(values: &[f64]) -> Vec<u32> {
    let turned: Vec<f64> = values.iter().map(|v| -v).collect();
    normalise::ranks_from_lowest(&turned).iter().map(|r| if r.is_nan() { 0 } else { *r as u32 }).collect()
}

/// Refuses columns of unequal lengths, fewer than `rows` rows, or a value that is missing.
fn complete_columns<C: AsRef<[f64]>>(columns: &[C], rows: usize) -> Result<()> {
    let found = columns.first().map_or(0, |c| c.as_ref().len());
    if found < rows {
        return Err(StatsError::Empty { quantity: "indicators" });
    }
    for column in columns {
        same_length("indicator", column.as_ref().len(), found)?;
        if let Some(row) = column.as_ref().iter().position(|v| !v.is_finite()) {
            return Err(StatsError::Missing { input: "indicator", row });
        }
    }
    Ok(())
}

/// Mean and standard deviation (divisor `n - 1`) of values without NaN.
fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt())
}

/// Columns with mean zero and standard deviation one; refuses a constant one.
fn standardised<C: AsRef<[f64]>>(columns: &[C]) -> Result<Vec<Vec<f64>>> {
    complete_columns(columns, 3)?;
    columns.iter().map(|c| Normalisation::ZScore.apply(c.as_ref(), Direction::Positive)).collect()
}
