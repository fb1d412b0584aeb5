//! A whole index in the shape that offices build it: indicators in dimensions, dimensions in an index from 0 to 100 points.

use super::{
    Aggregation, Alternatives, CompositeFit, CompositeIndex, Direction, DistanceP2, Divisor, Group, Indicators, Level,
    Normalisation, PrincipalComponents, Treatment, WeightSet, entropy_weights, noisy_weights,
};
use crate::error::{Result, StatsError, same_length};

/// Common scale of a recipe.
#[derive(Debug, Clone, PartialEq)]
pub enum Scale {
    /// Lowest value 0, highest 100.
    MinMax,
    /// Mean 100, standard deviation 10 ([`Normalisation::Standardised`]).
    Standardised,
    /// Rank.
    Rank,
    /// Fixed posts of each indicator in its own unit, `[best, worst]`: 0 and 100. Values beyond get the score of the post.
    Posts(Vec<[f64; 2]>),
    /// Distance P2 from the best situation.
    Distance {
        /// Best value of each indicator; none takes the best there is.
        best: Option<Vec<f64>>,
        /// Worst value of each indicator; none takes the worst there is.
        worst: Option<Vec<f64>>,
        /// Distance between the best and the worst situation, when it is known as a sum only.
        hundred_points: Option<f64>,
    },
}

/// Where weights come from. All give one weight for each indicator; that of a dimension is the sum of its indicators'.
#[derive(Debug, Clone, PartialEq)]
pub enum Weighting {
    /// Dimensions alike, and the indicators within each.
    Equal,
    /// All indicators alike.
    EqualIndicators,
    /// Rotated factors with an eigenvalue above one ([`PrincipalComponents::factor_weights`]).
    PrincipalComponents,
    /// [`entropy_weights`] of min-max scores.
    Entropy,
    /// What each indicator adds to those before it ([`DistanceP2`]).
    NewInformation,
    /// These, one for each indicator; only proportions matter.
    Given(Vec<f64>),
}

/// The recipe. Indicators come with the direction of vulnerability: [`Direction::Positive`] when more is worse.
///
/// The index of an area is in points, 0 (best) to 100 (worst): the score itself on the scales `MinMax` and `Posts`, the mean
/// rank on `Rank`; on `Standardised` the least vulnerable area has 0 and the most vulnerable 100; on `Distance` points are
/// `100 D / D(worst situation)`. A geometric mean needs positive scores: they go from 1 to 100 then, and the index back to 0 to
/// 100.
///
/// Checked against: the parts in `tests/composite.rs`; the whole in `tests/marginalisation_index.rs`.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// Dimension of each indicator, numbered from zero without gaps.
    pub dimensions: Vec<usize>,
    /// Treatment of outliers.
    pub treatment: Option<Treatment>,
    /// Common scale.
    pub scale: Scale,
    /// Weights.
    pub weighting: Weighting,
    /// How the indicators of a dimension are joined.
    pub within: Aggregation,
    /// How dimensions are joined.
    pub between: Aggregation,
    /// Share of the weight, 0 to 1, that must be there for a dimension and for the index.
    pub minimum_available: f64,
}

/// A recipe carried out.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RecipeFit {
    /// The index of each area in points; NaN where too little is known.
    pub points: Vec<f64>,
    /// Scores of the indicators, 0 to 100, 100 the worst.
    pub scores: Vec<Vec<f64>>,
    /// Scores of the dimensions, 0 to 100.
    pub dimension_scores: Vec<Vec<f64>>,
    /// Part of each indicator in the points of each area; they add up to the points when means are arithmetic.
    pub parts: Vec<Vec<f64>>,
    /// Weights of the indicators, adding up to one.
    pub weights: Vec<f64>,
    /// Weights of the dimensions, adding up to one.
    pub dimension_weights: Vec<f64>,
    /// The same order of areas as a plain composite index: what the analysis of uncertainty varies.
    pub index: CompositeIndex,
    /// The indicators that index takes.
    pub indicators: Indicators,
    /// Areas whose value was moved, by indicator.
    pub moved: Vec<Vec<usize>>,
    /// Distance P2, where that is the scale.
    pub distance: Option<RecipeDistance>,
}

/// The distance P2 of a recipe.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RecipeDistance {
    /// Distance of each area from the best situation.
    pub values: Vec<f64>,
    /// Distance of 100 points.
    pub hundred_points: f64,
    /// Indicators in the order in which they entered.
    pub order: Vec<usize>,
    /// Orders tried until one held.
    pub iterations: usize,
    best: Vec<f64>,
    new_information: Vec<f64>,
    deviations: Vec<f64>,
}

impl Recipe {
    /// Number of dimensions.
    pub fn number_of_dimensions(&self) -> usize {
        self.dimensions.iter().max().map_or(0, |last| last + 1)
    }

    /// Carries the recipe out.
    ///
    /// # Errors
    /// Dimensions, posts or weights that are not one for each indicator; a dimension without indicators; a distance or weights
    /// from the data with fewer than three areas that have all values; distance with means that are not arithmetic, or with
    /// other weights than its own; whatever [`CompositeIndex::fit`] refuses.
    pub fn fit(&self, indicators: &Indicators) -> Result<RecipeFit> {
        self.check(indicators)?;
        let indicators = self.on_posts(indicators)?;
        let weights = self.weights(&indicators)?;
        let set = self.nested(&weights);
        let index = self.index(&set);
        let fit = index.fit(&indicators)?;
        let scores = self.hundred(&fit.normalised);
        let dimension_weights = set[1][0].clone();
        let moved = fit.treated.iter().map(|t| [t.lowered.clone(), t.raised.clone()].concat()).collect();
        let mut done = RecipeFit {
            points: self.points(&fit),
            dimension_scores: self.dimension_scores(&fit, &scores, &weights)?,
            parts: weighted(&scores, &weights),
            scores,
            weights,
            dimension_weights,
            index,
            moved,
            indicators,
            distance: None,
        };
        if let Scale::Distance { best, worst, hundred_points } = &self.scale {
            self.measure(&mut done, best.as_deref(), worst.as_deref(), *hundred_points)?;
        }
        Ok(done)
    }

    fn check(&self, indicators: &Indicators) -> Result<()> {
        let count = indicators.columns().len();
        same_length("dimensions", self.dimensions.len(), count)?;
        for dimension in 0..self.number_of_dimensions() {
            if !self.dimensions.contains(&dimension) {
                return Err(StatsError::Setting { setting: "dimensions", requirement: "numbered without gaps" });
            }
        }
        if let Weighting::Given(weights) = &self.weighting {
            super::check_weights(weights, count)?;
        }
        if let Scale::Posts(posts) = &self.scale {
            same_length("posts", posts.len(), count)?;
        }
        let distance = matches!(self.scale, Scale::Distance { .. });
        let arithmetic = [self.within, self.between] == [Aggregation::Arithmetic; 2];
        let own = matches!(self.weighting, Weighting::NewInformation);
        if distance && !(arithmetic && own && self.treatment.is_none()) {
            let requirement = "with arithmetic means, the weights of new information and no treatment";
            return Err(StatsError::Setting { setting: "distance P2", requirement });
        }
        Ok(())
    }

    /// Whether scores must be positive.
    fn positive(&self) -> bool {
        [self.within, self.between].iter().any(|rule| matches!(rule, Aggregation::Geometric | Aggregation::Harmonic))
    }

    /// On posts, the indicators are scores before anything else is done; all other scales are found from the values.
    fn on_posts(&self, indicators: &Indicators) -> Result<Indicators> {
        let Scale::Posts(posts) = &self.scale else { return Ok(indicators.clone()) };
        let lowest = if self.positive() { 1.0 } else { 0.0 };
        let one = |(column, [best, worst]): (&Vec<f64>, &[f64; 2])| {
            let (lower, upper) = (best.min(*worst), best.max(*worst));
            let direction = if best <= worst { Direction::Positive } else { Direction::Negative };
            let scale = 100.0 - lowest;
            let scores = Normalisation::Goalposts { lower, upper, scale, truncate: true }.apply(column, direction)?;
            Ok(scores.into_iter().map(|score| lowest + score).collect())
        };
        let columns = indicators.columns().iter().zip(posts).map(one).collect::<Result<Vec<Vec<f64>>>>()?;
        let directions = vec![Direction::Positive; columns.len()];
        Indicators::new(columns, directions)
    }

    fn normalisation(&self) -> Normalisation {
        match self.scale {
            Scale::MinMax => Normalisation::MinMax { lower: if self.positive() { 1.0 } else { 0.0 }, upper: 100.0 },
            Scale::Standardised => Normalisation::Standardised { mean: 100.0, deviation: 10.0 },
            Scale::Rank => Normalisation::Rank,
            Scale::Posts(_) => Normalisation::Scaled { lower: 0.0, upper: 100.0 },
            Scale::Distance { .. } => Normalisation::ZScore,
        }
    }

    fn weights(&self, indicators: &Indicators) -> Result<Vec<f64>> {
        let count = self.dimensions.len();
        let raw = match &self.weighting {
            Weighting::Equal => {
                let inside = |dimension: usize| self.dimensions.iter().filter(|d| **d == dimension).count() as f64;
                self.dimensions.iter().map(|&dimension| 1.0 / inside(dimension)).collect()
            }
            Weighting::EqualIndicators => vec![1.0; count],
            Weighting::Given(weights) => weights.clone(),
            Weighting::PrincipalComponents => {
                let components = PrincipalComponents::fit(&complete(indicators))?;
                let factors = components.variances.iter().filter(|variance| **variance > 1.0).count().max(1);
                components.factor_weights(factors)?.weights
            }
            Weighting::Entropy => {
                let unit = Normalisation::MinMax { lower: 0.0, upper: 1.0 };
                let columns = complete(indicators);
                let scale = |(c, direction): (&Vec<f64>, &Direction)| unit.apply(c, *direction);
                let scores = columns.iter().zip(indicators.directions()).map(scale).collect::<Result<Vec<_>>>()?;
                entropy_weights(&scores)?
            }
            Weighting::NewInformation => {
                let distance = DistanceP2 { divisor: Divisor::Population, ..DistanceP2::default() };
                distance.fit(&turned(indicators))?.new_information
            }
        };
        let total: f64 = raw.iter().sum();
        Ok(raw.into_iter().map(|w| w / total).collect())
    }

    /// Weights of the indicators as weights within dimensions and of dimensions.
    fn nested(&self, weights: &[f64]) -> WeightSet {
        let members = |dimension: usize| {
            let inside = self.dimensions.iter().zip(weights).filter(move |(d, _)| **d == dimension);
            inside.map(|(_, w)| *w).collect::<Vec<f64>>()
        };
        let within: Vec<Vec<f64>> = (0..self.number_of_dimensions()).map(members).collect();
        let sums = within.iter().map(|list| list.iter().sum()).collect();
        // A dimension whose indicators all weigh nothing still needs proportions.
        let usable = |list: Vec<f64>| if list.iter().all(|w| *w == 0.0) { vec![1.0; list.len()] } else { list };
        vec![within.into_iter().map(usable).collect(), vec![sums]]
    }

    fn index(&self, set: &WeightSet) -> CompositeIndex {
        let members = |dimension: usize| {
            (0..self.dimensions.len()).filter(|&j| self.dimensions[j] == dimension).collect::<Vec<usize>>()
        };
        let group =
            |(dimension, weights): (usize, &Vec<f64>)| Group { members: members(dimension), weights: weights.clone() };
        let minimum_available = self.minimum_available;
        let within = set[0].iter().enumerate().map(group).collect();
        let all = Group { members: (0..set[0].len()).collect(), weights: set[1][0].clone() };
        CompositeIndex {
            treatment: self.treatment,
            normalisation: self.normalisation(),
            levels: vec![
                Level { groups: within, aggregation: self.within, minimum_available },
                Level { groups: vec![all], aggregation: self.between, minimum_available },
            ],
        }
    }

    fn points(&self, fit: &CompositeFit) -> Vec<f64> {
        let areas = fit.index().iter().filter(|v| !v.is_nan()).count() as f64;
        let (zero, one) = match self.scale {
            Scale::MinMax | Scale::Posts(_) if self.positive() => (1.0, 100.0),
            Scale::MinMax | Scale::Posts(_) => (0.0, 100.0),
            Scale::Rank => (1.0, areas.max(2.0)),
            Scale::Standardised | Scale::Distance { .. } => ends(fit.index()),
        };
        fit.index().iter().map(|v| 100.0 * (v - zero) / (one - zero)).collect()
    }

    /// Scores from 0 to 100 whatever the scale.
    fn hundred(&self, normalised: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let one = |column: &Vec<f64>| {
            let (low, high) = match self.scale {
                Scale::Posts(_) => (if self.positive() { 1.0 } else { 0.0 }, 100.0),
                _ => ends(column),
            };
            column.iter().map(|v| 100.0 * (v - low) / (high - low)).collect()
        };
        normalised.iter().map(one).collect()
    }

    fn dimension_scores(&self, fit: &CompositeFit, scores: &[Vec<f64>], weights: &[f64]) -> Result<Vec<Vec<f64>>> {
        match self.scale {
            Scale::MinMax | Scale::Posts(_) => {
                let lowest = if self.positive() { 1.0 } else { 0.0 };
                let back = |v: &f64| 100.0 * (v - lowest) / (100.0 - lowest);
                Ok(fit.levels[0].iter().map(|list| list.iter().map(back).collect()).collect())
            }
            // The other scales have no natural ends: a dimension is the mean of scores from 0 to 100.
            _ => {
                let one = |dimension: usize| {
                    let inside: Vec<usize> = (0..scores.len()).filter(|&j| self.dimensions[j] == dimension).collect();
                    let columns: Vec<&[f64]> = inside.iter().map(|&j| scores[j].as_slice()).collect();
                    let mut own: Vec<f64> = inside.iter().map(|&j| weights[j]).collect();
                    if own.iter().all(|w| *w == 0.0) {
                        own.fill(1.0);
                    }
                    Aggregation::Arithmetic.aggregate(&columns, &own, self.minimum_available)
                };
                (0..self.number_of_dimensions()).map(one).collect()
            }
        }
    }

    /// Points by distance P2.
    fn measure(
        &self,
        done: &mut RecipeFit,
        best: Option<&[f64]>,
        worst: Option<&[f64]>,
        given: Option<f64>,
    ) -> Result<()> {
        let columns = complete(&done.indicators);
        let ends_of = |j: usize| -> [f64; 2] {
            let (low, high) = ends(&columns[j]);
            if done.indicators.directions()[j] == Direction::Positive { [low, high] } else { [high, low] }
        };
        let count = columns.len();
        for posts in [best, worst].into_iter().flatten() {
            same_length("posts", posts.len(), count)?;
        }
        let best: Vec<f64> = (0..count).map(|j| best.map_or_else(|| ends_of(j)[0], |posts| posts[j])).collect();
        let worst: Vec<f64> = (0..count).map(|j| worst.map_or_else(|| ends_of(j)[1], |posts| posts[j])).collect();
        let rule = DistanceP2 { reference: Some(best.clone()), divisor: Divisor::Population, ..DistanceP2::default() };
        let fit = rule.fit(&columns)?;
        let step = |j: usize, x: f64| fit.new_information[j] * (x - best[j]).abs() / fit.deviations[j];
        let hundred_points = given.unwrap_or_else(|| (0..count).map(|j| step(j, worst[j])).sum());
        if !(hundred_points.is_finite() && hundred_points > 0.0) {
            return Err(StatsError::ZeroDenominator);
        }
        let part = |j: usize| -> Vec<f64> {
            done.indicators.columns()[j].iter().map(|x| 100.0 * step(j, *x) / hundred_points).collect()
        };
        done.parts = (0..count).map(part).collect();
        let areas = done.indicators.areas();
        done.points = (0..areas).map(|area| done.parts.iter().map(|list| list[area]).sum()).collect();
        done.distance = Some(RecipeDistance {
            values: done.points.iter().map(|points| points * hundred_points / 100.0).collect(),
            hundred_points,
            order: fit.order,
            iterations: fit.iterations,
            best,
            new_information: fit.new_information,
            deviations: fit.deviations,
        });
        Ok(())
    }

    /// Alternatives to the recipe for [`super::UncertaintyAnalysis`]: other treatments, scales, means and weights, each set of
    /// weights in `sets` copies with noise (a share of every weight). The recipe's own choices are among them. Posts and
    /// distance stand for themselves by their order of areas.
    ///
    /// # Errors
    /// Weights that cannot be computed; a noise outside [0, 1].
    pub fn alternatives(&self, fit: &RecipeFit, others: &OtherChoices) -> Result<Alternatives> {
        let own = &fit.index;
        let mut weights = Vec::new();
        let other_weights = others.weightings.iter().map(|weighting| {
            let recipe = Recipe { weighting: weighting.clone(), ..self.clone() };
            Ok(recipe.nested(&recipe.weights(&fit.indicators)?))
        });
        for set in std::iter::once(Ok(own.weights())).chain(other_weights) {
            let base = own.with_weights(&set?)?;
            if others.noise > 0.0 {
                let seed = others.seed.wrapping_add(weights.len() as u64);
                weights.extend(noisy_weights(&base, &[others.noise; 2], others.sets.max(1), seed)?);
            } else {
                weights.push(base.weights());
            }
        }
        let mut normalisations = vec![own.normalisation];
        // A mean that needs positive scores may be drawn with any scale.
        let geometric = |rule: &Aggregation| matches!(rule, Aggregation::Geometric | Aggregation::Harmonic);
        let lower = if others.aggregations.iter().any(geometric) || self.positive() { 1.0 } else { 0.0 };
        if lower > 0.0 {
            normalisations[0] = match own.normalisation {
                Normalisation::MinMax { upper, .. } => Normalisation::MinMax { lower, upper },
                Normalisation::ZScore => Normalisation::Standardised { mean: 100.0, deviation: 10.0 },
                Normalisation::Scaled { .. } if !self.positive() => Normalisation::MinMax { lower, upper: 100.0 },
                other => other,
            };
        }
        for scale in &others.scales {
            let normalisation = match scale {
                Scale::MinMax | Scale::Posts(_) => Normalisation::MinMax { lower, upper: 100.0 },
                Scale::Standardised | Scale::Distance { .. } => {
                    Normalisation::Standardised { mean: 100.0, deviation: 10.0 }
                }
                Scale::Rank => Normalisation::Rank,
            };
            if !normalisations.contains(&normalisation) {
                normalisations.push(normalisation);
            }
        }
        let with_own = |mut list: Vec<Aggregation>| {
            list.retain(|rule| *rule != self.between);
            list.insert(0, self.between);
            list
        };
        let mut treatments = others.treatments.clone();
        treatments.retain(|treatment| *treatment != self.treatment);
        treatments.insert(0, self.treatment);
        Ok(Alternatives { treatments, normalisations, aggregations: with_own(others.aggregations.clone()), weights })
    }
}

/// Choices that could have been made otherwise.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OtherChoices {
    /// Treatments of outliers.
    pub treatments: Vec<Option<Treatment>>,
    /// Scales; posts and distance need none of their own here.
    pub scales: Vec<Scale>,
    /// Means, used within and between dimensions.
    pub aggregations: Vec<Aggregation>,
    /// Sources of weights.
    pub weightings: Vec<Weighting>,
    /// Doubt about every weight, as a share of it, 0 to 1.
    pub noise: f64,
    /// Noisy copies of each set of weights.
    pub sets: usize,
    /// Seed.
    pub seed: u64,
}

impl RecipeFit {
    /// The points of other values (another year) on the same posts with the same weights.
    ///
    /// # Errors
    /// A recipe whose scale depends on the areas compared; whatever [`Recipe::fit`] refuses.
    pub fn at(&self, recipe: &Recipe, other: &Indicators) -> Result<Vec<f64>> {
        match (&recipe.scale, &self.distance) {
            (Scale::Posts(_), _) if recipe.treatment.is_none() => {
                let fixed = Recipe { weighting: Weighting::Given(self.weights.clone()), ..recipe.clone() };
                Ok(fixed.fit(other)?.points)
            }
            (Scale::Distance { .. }, Some(distance)) => {
                same_length("indicators", other.columns().len(), distance.best.len())?;
                let one = |area: usize| {
                    let step = |j: usize| {
                        let from = (other.columns()[j][area] - distance.best[j]).abs();
                        distance.new_information[j] * from / distance.deviations[j]
                    };
                    100.0 * (0..distance.best.len()).map(step).sum::<f64>() / distance.hundred_points
                };
                Ok((0..other.areas()).map(one).collect())
            }
            _ => Err(StatsError::Setting { setting: "scale", requirement: "with fixed posts for several years" }),
        }
    }
}

/// The columns as they are, without the areas that miss a value.
fn complete(indicators: &Indicators) -> Vec<Vec<f64>> {
    let columns = indicators.columns();
    let whole: Vec<usize> =
        (0..indicators.areas()).filter(|&area| columns.iter().all(|c| c[area].is_finite())).collect();
    columns.iter().map(|column| whole.iter().map(|&area| column[area]).collect()).collect()
}

/// As [`complete`], with more meaning worse in every column.
fn turned(indicators: &Indicators) -> Vec<Vec<f64>> {
    let sign = |direction: &Direction| if *direction == Direction::Negative { -1.0 } else { 1.0 };
    let turn = |(column, direction): (Vec<f64>, &Direction)| column.iter().map(|v| sign(direction) * v).collect();
    complete(indicators).into_iter().zip(indicators.directions()).map(turn).collect()
}

/// Lowest and highest of the values that are there.
fn ends(values: &[f64]) -> (f64, f64) {
    values.iter().filter(|v| !v.is_nan()).fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)))
}

fn weighted(scores: &[Vec<f64>], weights: &[f64]) -> Vec<Vec<f64>> {
    scores.iter().zip(weights).map(|(list, w)| list.iter().map(|score| w * score).collect()).collect()
}
