//! How far estimates are from the truth, and the table of it.

use std::fmt::Write as _;

use clrisk_stats::classify::Rule;

use super::estimators::{AreaResult, Estimator};
use super::{Facts, ScenarioResult};

/// Classes whose agreement is counted.
const CLASSES: usize = 3;

/// Coverage asked of the default, not in the sample and in the sample.
const COVERAGE: [(f64, f64); 2] = [(0.92, 1.0), (0.935, 0.965)];

/// One estimator in one repeat, over the sampled or the other municipalities. Means are over the municipalities with an estimate.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RepeatScore {
    /// Municipalities.
    pub areas: f64,
    /// Of them with an estimate.
    pub estimates: f64,
    /// Of them with an interval.
    pub intervals: f64,
    /// Sum of the truth over the municipalities.
    pub truth: f64,
    /// Sum of the errors.
    pub error: f64,
    /// Sum of the squared errors.
    pub squared: f64,
    /// Intervals that hold the truth.
    pub covered: f64,
    /// Sum of the lengths of the intervals.
    pub length: f64,
    /// Rank correlation of estimate and truth; NaN without estimates.
    pub rank: f64,
    /// Share of the municipalities in the same Fisher-Jenks class by estimate and by truth; NaN without classes.
    pub class: f64,
}

impl RepeatScore {
    /// Compares the chosen municipalities.
    pub fn of(found: &[Option<AreaResult>], truth: &[f64], chosen: &[usize]) -> RepeatScore {
        let mut score = RepeatScore { areas: chosen.len() as f64, ..RepeatScore::default() };
        let (mut estimates, mut truths) = (Vec::new(), Vec::new());
        for &area in chosen {
            score.truth += truth[area];
            let Some(result) = &found[area] else { continue };
            let error = result.value - truth[area];
            score.estimates += 1.0;
            score.error += error;
            score.squared += error * error;
            estimates.push(result.value);
            truths.push(truth[area]);
            if let Some(interval) = result.interval {
                score.intervals += 1.0;
                score.covered += f64::from(u8::from((interval.lower..=interval.upper).contains(&truth[area])));
                score.length += interval.upper - interval.lower;
            }
        }
        score.rank = rank_correlation(&estimates, &truths);
        score.class = class_agreement(&estimates, &truths).unwrap_or(f64::NAN);
        score
    }

    /// Root of the mean squared error.
    pub fn rmse(&self) -> f64 {
        (self.squared / self.estimates).sqrt()
    }
}

/// Spearman's rank correlation, with middle ranks for ties.
pub fn rank_correlation(a: &[f64], b: &[f64]) -> f64 {
    let ranks = |values: &[f64]| -> Vec<f64> {
        let rank = |value: &f64| {
            let below = values.iter().filter(|other| *other < value).count();
            let equal = values.iter().filter(|other| *other == value).count();
            below as f64 + 0.5 * (equal as f64 - 1.0)
        };
        values.iter().map(rank).collect()
    };
    let (a, b) = (ranks(a), ranks(b));
    let middle = 0.5 * (a.len() as f64 - 1.0);
    let product = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - middle) * (y - middle)).sum::<f64>();
    product(&a, &b) / (product(&a, &a) * product(&b, &b)).sqrt()
}

fn class_agreement(estimates: &[f64], truths: &[f64]) -> Option<f64> {
    let rule = Rule::FisherJenks { classes: CLASSES };
    let (found, right) = (rule.breaks(estimates).ok()?, rule.breaks(truths).ok()?);
    let same = found.classes_of(estimates).iter().zip(right.classes_of(truths)).filter(|(a, b)| **a == *b).count();
    Some(same as f64 / truths.len() as f64)
}

/// Scores over all repeats; in proportions, not points.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Score {
    /// Mean error.
    pub bias: f64,
    /// Root of the mean squared error.
    pub rmse: f64,
    /// Share of the intervals that hold the truth.
    pub coverage: f64,
    /// Its Monte-Carlo standard error: between repeats, or between populations where there are several.
    pub coverage_error: f64,
    /// Mean length of the intervals.
    pub length: f64,
    /// Mean rank correlation.
    pub rank: f64,
    /// Mean share of the municipalities in the right class.
    pub class: f64,
    /// Share of the municipalities without interval.
    pub failures: f64,
    /// Mean truth.
    pub truth: f64,
    /// Municipalities with an estimate, over all repeats.
    pub estimates: f64,
}

impl Score {
    /// Pools repeats, of which repeat `r` is of population `r % populations`.
    pub fn of(repeats: &[RepeatScore], populations: usize) -> Score {
        let sum = |of: fn(&RepeatScore) -> f64| repeats.iter().map(of).sum::<f64>();
        let mean = |of: fn(&RepeatScore) -> f64| {
            let values: Vec<f64> = repeats.iter().map(of).filter(|value| value.is_finite()).collect();
            values.iter().sum::<f64>() / values.len() as f64
        };
        let (estimates, intervals) = (sum(|r| r.estimates), sum(|r| r.intervals));
        let coverage = sum(|r| r.covered) / intervals;
        let clusters = if populations > 1 { populations } else { repeats.len() };
        // Linearised standard error of a ratio between clusters.
        let squares: f64 = (0..clusters)
            .map(|cluster| {
                let own = repeats.iter().skip(cluster).step_by(clusters);
                own.map(|r| r.covered - coverage * r.intervals).sum::<f64>().powi(2)
            })
            .sum();
        let spread = (clusters as f64 / (clusters as f64 - 1.0) * squares).sqrt() / intervals;
        Score {
            bias: sum(|r| r.error) / estimates,
            rmse: (sum(|r| r.squared) / estimates).sqrt(),
            coverage,
            coverage_error: spread,
            length: sum(|r| r.length) / intervals,
            rank: mean(|r| r.rank),
            class: mean(|r| r.class),
            failures: 1.0 - intervals / sum(|r| r.areas),
            truth: sum(|r| r.truth) / sum(|r| r.areas),
            estimates,
        }
    }
}

impl ScenarioResult {
    /// Scores of an estimator over the sampled or the other municipalities.
    pub fn score(&self, estimator: Estimator, sampled: bool) -> Score {
        let found = self.scores.iter().find(|(other, _)| *other == estimator);
        found.map_or_else(Score::default, |(_, scores)| scores[usize::from(sampled)])
    }

    /// RMSE of an estimator less that of the default in the same samples, and its Monte-Carlo standard error.
    pub fn against_default(&self, estimator: Estimator, sampled: bool) -> (f64, f64) {
        let place = |wanted| Estimator::ALL.iter().position(|other| *other == wanted).unwrap_or(0);
        let (own, default) = (place(estimator), place(Estimator::Default));
        let differences: Vec<f64> = self
            .repeats
            .iter()
            .map(|scores| scores[own][usize::from(sampled)].rmse() - scores[default][usize::from(sampled)].rmse())
            .filter(|difference| difference.is_finite())
            .collect();
        let count = differences.len() as f64;
        let mean = differences.iter().sum::<f64>() / count;
        let squares: f64 = differences.iter().map(|d| (d - mean).powi(2)).sum();
        (mean, (squares / (count - 1.0) / count).sqrt())
    }

    /// The scenario as Markdown: what it is, its table, and what the table says.
    pub fn markdown(&self) -> String {
        let Facts { children, prevalence, sample, sampled_areas, weight_ratio, .. } = self.facts;
        let mut text = format!(
            "### {}\n\n{}. {:.0} children, {:.1} % of them with the outcome; {:.0} in a sample on average, from {:.0} % of \
             the municipalities, largest weight {:.0} times the smallest.\n\n",
            capital(self.scenario.name),
            capital(self.scenario.description),
            children,
            100.0 * prevalence,
            sample,
            100.0 * sampled_areas,
            weight_ratio
        );
        text.push_str(
            "| estimator | municipalities | bias (points) | RMSE (points) | coverage | mean length (points) | rank \
             correlation | class agreement | without interval |\n|---|---|---:|---:|---:|---:|---:|---:|---:|\n",
        );
        for sampled in [true, false] {
            for (estimator, scores) in &self.scores {
                row(&mut text, *estimator, sampled, &scores[usize::from(sampled)]);
            }
        }
        text.push('\n');
        self.verdict(&mut text);
        text
    }

    /// What the table says of the default and of its variants.
    fn verdict(&self, text: &mut String) {
        for sampled in [true, false] {
            let scores = Estimator::ALL.map(|estimator| (estimator, self.score(estimator, sampled)));
            let best = scores
                .iter()
                .filter(|(_, score)| score.estimates > 0.0)
                .min_by(|(_, a), (_, b)| a.rmse.total_cmp(&b.rmse));
            let default = self.score(Estimator::Default, sampled);
            let (least, most) = COVERAGE[usize::from(sampled)];
            let holds = if (least..=most).contains(&default.coverage) { "within" } else { "**outside**" };
            let variants =
                [Estimator::WithoutBoth, Estimator::WithoutSpatial, Estimator::WithoutDesignEffect].map(|estimator| {
                    let (gain, error) = self.against_default(estimator, sampled);
                    let verdict = match gain {
                        _ if gain < -2.0 * error => "better",
                        _ if gain > 2.0 * error => "worse",
                        _ => "no difference beyond chance",
                    };
                    format!("{} {:+.3} ± {:.3} ({verdict})", estimator.name(), 100.0 * gain, 100.0 * error)
                });
            let _ = writeln!(
                text,
                "- {}: coverage of the default {:.1} %, {holds} the {:.1} to {:.1} % asked for; lowest RMSE: {}. RMSE less \
                 that of the default, points: {}.",
                place(sampled),
                100.0 * default.coverage,
                100.0 * least,
                100.0 * most,
                best.map_or("none", |(estimator, _)| estimator.name()),
                variants.join(", "),
            );
        }
    }
}

fn place(sampled: bool) -> &'static str {
    if sampled { "In the sample" } else { "Not in the sample" }
}

fn row(text: &mut String, estimator: Estimator, sampled: bool, score: &Score) {
    let name = estimator.name();
    let place = place(sampled).to_lowercase();
    if score.estimates == 0.0 {
        let _ = writeln!(text, "| {name} | {place} | – | – | – | – | – | – | {:.1} % |", 100.0 * score.failures);
        return;
    }
    let _ = writeln!(
        text,
        "| {name} | {place} | {:+.2} | {:.2} | {:.1} ± {:.1} % | {:.1} | {:.2} | {:.0} % | {:.1} % |",
        100.0 * score.bias,
        100.0 * score.rmse,
        100.0 * score.coverage,
        100.0 * score.coverage_error,
        100.0 * score.length,
        score.rank,
        100.0 * score.class,
        100.0 * score.failures,
    );
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
