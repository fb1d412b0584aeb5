//! A weighted list of yes-or-no answers: a score, and how far it may be trusted.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::error::{Result, StatsError, same_length};

/// A list of questions whose answers add up to a score.
///
/// The score is `100 sum(w_j a_j) / sum(w_j)` over the answered questions, with `a_j` one for the answer that speaks for a
/// higher score. Unit: points, 0 to 100. Classes are cut at the thresholds: a score at a threshold is in the class above.
///
/// Assumes nothing about the population: it is a reading of the answers, no estimate. Its error has two parts, both stated:
/// what is not answered (`lowest` and `highest`: all open questions answered one way or the other), and that weights are a
/// judgement (shares of classes when every weight is drawn anew between `1 - noise` and `1 + noise` times itself and every open
/// answer is a coin).
///
/// Checked against: closed forms and exhaustive enumeration of the open answers (`tests/checklist.rs`).
#[derive(Debug, Clone, PartialEq)]
pub struct Checklist {
    /// Weights of the questions.
    pub weights: Vec<f64>,
    /// Scores at which a class ends, increasing, in points.
    pub thresholds: Vec<f64>,
    /// Least share of the weight, 0 to 1, that must be answered for a class to be given.
    pub minimum_answered: f64,
    /// How far weights are doubted, 0 to 1.
    pub noise: f64,
}

/// What a filled list says.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Score {
    /// Points; none when nothing is answered.
    pub points: Option<f64>,
    /// Points if every open question were answered favourably.
    pub lowest: f64,
    /// Points if every open question were answered unfavourably.
    pub highest: f64,
    /// Class, counted from zero; none when too little is answered.
    pub class: Option<usize>,
    /// Shares of the draws in each class; they add up to one.
    pub class_shares: Vec<f64>,
    /// Share of the weight that was answered.
    pub answered: f64,
}

impl Checklist {
    /// Scores one filled list: `true` for the answer that raises the score, none where there is no answer. Draws depend on the
    /// seed alone, so that lists read together or one by one give the same.
    ///
    /// # Errors
    /// Answers that are not one for each question; weights that are negative or add up to nothing; thresholds that do not
    /// increase within 0 to 100; shares outside [0, 1]; no draws.
    ///
    /// # Example
    /// ```
    /// use clrisk_stats::checklist::Checklist;
    /// # fn main() -> clrisk_stats::Result<()> {
    /// let list = Checklist { weights: vec![2.0, 1.0, 1.0], thresholds: vec![40.0, 70.0], minimum_answered: 0.7, noise: 0.5 };
    /// let score = list.score(&[Some(true), Some(false), None], 1000, 1)?;
    /// assert_eq!((score.points.map(f64::round), score.lowest, score.highest), (Some(67.0), 50.0, 75.0));
    /// assert_eq!(score.class, Some(1));
    /// # Ok(()) }
    /// ```
    pub fn score(&self, answers: &[Option<bool>], draws: usize, seed: u64) -> Result<Score> {
        self.check(answers.len(), draws)?;
        let total: f64 = self.weights.iter().sum();
        let sum = |wanted: Option<bool>| -> f64 {
            answers.iter().zip(&self.weights).filter(|(answer, _)| **answer == wanted).map(|(_, w)| w).sum()
        };
        let (yes, open) = (sum(Some(true)), sum(None));
        let answered = (total - open) / total;
        let points = (open < total).then(|| 100.0 * yes / (total - open));
        let enough = answered > 0.0 && answered >= self.minimum_answered - 1e-12;
        let mut class_shares = vec![0.0; self.thresholds.len() + 1];
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut uniform = || (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
        for _ in 0..draws {
            let (mut reached, mut all) = (0.0, 0.0);
            for (answer, weight) in answers.iter().zip(&self.weights) {
                let drawn = weight * (1.0 + self.noise * (2.0 * uniform() - 1.0));
                // Drawn for answered questions too: the same weights whatever is answered.
                let coin = uniform() < 0.5;
                all += drawn;
                reached += if answer.unwrap_or(coin) { drawn } else { 0.0 };
            }
            let drawn = if all > 0.0 { 100.0 * reached / all } else { 0.0 };
            class_shares[self.class_of(drawn)] += 1.0 / draws as f64;
        }
        Ok(Score {
            points,
            lowest: 100.0 * yes / total,
            highest: 100.0 * (yes + open) / total,
            class: points.filter(|_| enough).map(|points| self.class_of(points)),
            class_shares,
            answered,
        })
    }

    /// The class of a score.
    pub fn class_of(&self, points: f64) -> usize {
        // Half of the weight must not fall below a threshold of 50 by rounding.
        self.thresholds.partition_point(|threshold| points >= threshold - 1e-9)
    }

    fn check(&self, answers: usize, draws: usize) -> Result<()> {
        same_length("answers", answers, self.weights.len())?;
        if let Some(row) = self.weights.iter().position(|w| !(w.is_finite() && *w >= 0.0)) {
            return Err(StatsError::OutOfRange { input: "weights", requirement: "not negative", row });
        }
        let refuse = |setting, requirement| Err(StatsError::Setting { setting, requirement });
        if self.weights.iter().sum::<f64>() <= 0.0 {
            return refuse("weights", "positive for at least one question");
        }
        let inside = self.thresholds.iter().all(|t| (0.0..=100.0).contains(t));
        if !inside || self.thresholds.windows(2).any(|pair| pair[0] >= pair[1]) {
            return refuse("thresholds", "increasing within 0 to 100");
        }
        if !(0.0..=1.0).contains(&self.minimum_answered) || !(0.0..=1.0).contains(&self.noise) {
            return refuse("minimum_answered and noise", "between 0 and 1");
        }
        if draws == 0 { refuse("draws", "one or more") } else { Ok(()) }
    }
}
