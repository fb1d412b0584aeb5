//! Repeated samples from a known finite population, every estimator on each of them, and how far each was from the truth.

pub mod estimators;
pub mod population;
pub mod sample;
pub mod scores;

use std::time::Instant;

use clrisk_stats::Result;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use estimators::Estimator;
use population::{Population, Truth};
use sample::{Selection, draw};
use scores::{RepeatScore, Score};

/// What is varied: how the outcome came about and how the sample is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scenario {
    /// Short name.
    pub name: &'static str,
    /// What it is, one sentence for the table.
    pub description: &'static str,
    /// The model behind the outcome.
    pub truth: Truth,
    /// How segments and children are drawn.
    pub selection: Selection,
}

/// The scenarios of the study.
pub const SCENARIOS: [Scenario; 4] = [
    Scenario {
        name: "realistic",
        description: "strata of department and zone, segments with probability proportional to size, 12 to 20 children in \
                      each, unequal weights; the outcome follows the model that is fitted, and a smooth spatial effect",
        truth: Truth::MODEL,
        selection: Selection::Ignorable,
    },
    Scenario {
        name: "informative",
        description: "segments with more working children are drawn with a larger probability, and within them a working \
                      child with twice that of another; the weights are right",
        truth: Truth::MODEL,
        selection: Selection::Informative,
    },
    Scenario {
        name: "misspecified",
        description: "effects of municipalities are skewed (exponential), and zone by age and indigenous by school interact \
                      in the population but not in the model",
        truth: Truth::MISSPECIFIED,
        selection: Selection::Ignorable,
    },
    Scenario {
        name: "clustered",
        description: "as realistic, and the segments that are the sampling units differ beyond all covariates (standard \
                      deviation 0.4 on the logit scale), which no model here knows",
        truth: Truth::CLUSTERED,
        selection: Selection::Ignorable,
    },
];

/// Size of a study.
#[derive(Debug, Clone, Copy)]
pub struct Study {
    /// Samples drawn in each scenario.
    pub repeats: usize,
    /// Populations the samples are spread over.
    pub populations: usize,
    /// Seed of the populations and of the samples.
    pub seed: u64,
    /// Posterior draws.
    pub draws: usize,
    /// Threads.
    pub threads: usize,
}

/// What a scenario gave.
pub struct ScenarioResult {
    /// The scenario.
    pub scenario: Scenario,
    /// Scores of every estimator, not sampled and sampled municipalities.
    pub scores: Vec<(Estimator, [Score; 2])>,
    /// Scores of every repeat by estimator and by not sampled, sampled.
    pub repeats: Vec<Vec<[RepeatScore; 2]>>,
    /// Children, prevalence, mean sample size, mean share of municipalities in the sample.
    pub facts: Facts,
}

/// Facts of a scenario.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts {
    /// Children of a population.
    pub children: f64,
    /// Share with the outcome.
    pub prevalence: f64,
    /// Children of a sample.
    pub sample: f64,
    /// Share of the municipalities in a sample.
    pub sampled_areas: f64,
    /// Largest over smallest weight of a sample.
    pub weight_ratio: f64,
    /// Seconds of one repeat with all estimators, on one thread of the study.
    pub seconds: f64,
}

/// One repeat: scores by estimator, and facts of the sample.
type Repeat = (Vec<[RepeatScore; 2]>, Facts);

impl Study {
    /// Runs one scenario.
    ///
    /// # Errors
    /// When a population or a sample cannot be made; an estimator that fails is counted, not passed on.
    pub fn run(&self, scenario: Scenario) -> Result<ScenarioResult> {
        let populations = (0..self.populations)
            .map(|index| Population::invent(scenario.truth, self.seed.wrapping_add(1000 * index as u64)))
            .collect::<Result<Vec<_>>>()?;
        let threads = self.threads.clamp(1, self.repeats.max(1));
        let mut results: Vec<Option<Result<Repeat>>> = (0..self.repeats).map(|_| None).collect();
        std::thread::scope(|scope| {
            // Every thread takes its share of neighbouring repeats; a repeat has its own stream of random numbers.
            for (part, share) in results.chunks_mut(self.repeats.div_ceil(threads)).enumerate() {
                let (populations, first) = (&populations, part * self.repeats.div_ceil(threads));
                scope.spawn(move || {
                    for (offset, result) in share.iter_mut().enumerate() {
                        let repeat = first + offset;
                        *result = Some(self.repeat(scenario, &populations[repeat % self.populations], repeat));
                    }
                });
            }
        });
        let mut repeats = Vec::new();
        let mut facts = Facts::default();
        for result in results.into_iter().flatten() {
            let (scores, of_repeat) = result?;
            repeats.push(scores);
            facts.sample += of_repeat.sample / self.repeats as f64;
            facts.sampled_areas += of_repeat.sampled_areas / self.repeats as f64;
            facts.weight_ratio += of_repeat.weight_ratio / self.repeats as f64;
            facts.seconds += of_repeat.seconds / self.repeats as f64;
        }
        for population in &populations {
            facts.children += population.children.len() as f64 / self.populations as f64;
            facts.prevalence += population.prevalence() / self.populations as f64;
        }
        let score = |estimator: usize, sampled: usize| {
            let own: Vec<RepeatScore> = repeats.iter().map(|scores| scores[estimator][sampled]).collect();
            Score::of(&own, self.populations)
        };
        let scores = Estimator::ALL
            .iter()
            .enumerate()
            .map(|(index, &estimator)| (estimator, [score(index, 0), score(index, 1)]))
            .collect();
        Ok(ScenarioResult { scenario, scores, repeats, facts })
    }

    fn repeat(&self, scenario: Scenario, population: &Population, repeat: usize) -> Result<Repeat> {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(1 + repeat as u64);
        let start = Instant::now();
        let sample = draw(population, scenario.selection, &mut random)?;
        let sampled = sample.areas_in_sample(population.areas);
        let seed = self.seed.wrapping_add(repeat as u64);
        let scores = Estimator::estimate_all(population, &sample, self.draws, seed)
            .iter()
            .map(|found| {
                [false, true].map(|wanted| {
                    let chosen: Vec<usize> = (0..population.areas).filter(|&area| sampled[area] == wanted).collect();
                    RepeatScore::of(found, &population.truth, &chosen)
                })
            })
            .collect();
        let (smallest, largest) =
            sample.weights.iter().fold((f64::INFINITY, 0.0f64), |(low, high), &w| (low.min(w), high.max(w)));
        let facts = Facts {
            sample: sample.weights.len() as f64,
            sampled_areas: sampled.iter().filter(|&&sampled| sampled).count() as f64 / population.areas as f64,
            weight_ratio: largest / smallest,
            seconds: start.elapsed().as_secs_f64(),
            ..Facts::default()
        };
        Ok((scores, facts))
    }
}
