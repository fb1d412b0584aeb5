//! Joint rank intervals on simulated areas whose ranks are known.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use clrisk_stats::StatsError;
use clrisk_stats::draws::Draws;
use clrisk_stats::rank::{Comparison, JointRankIntervals, JointRanks, ranks};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

/// One more than the number of areas strictly higher.
fn true_ranks(truth: &[f64]) -> Vec<u32> {
    truth.iter().map(|t| 1 + truth.iter().filter(|o| *o > t).count() as u32).collect()
}

/// Estimates around the truth with a shock common to all areas, and draws around the estimates with the same errors.
struct Study {
    truth: Vec<f64>,
    sd: Vec<f64>,
    common: f64,
}

impl Study {
    fn errors(&self, random: &mut ChaCha8Rng) -> Vec<f64> {
        let mut normal = || -> f64 { StandardNormal.sample(random) };
        let shock = self.common * normal();
        self.sd.iter().map(|sd| shock + sd * normal()).collect()
    }

    fn draws(&self, count: usize, random: &mut ChaCha8Rng) -> Draws {
        let estimates: Vec<f64> = self.truth.iter().zip(self.errors(random)).map(|(t, e)| t + e).collect();
        let values = (0..count).flat_map(|_| {
            let errors = self.errors(random);
            estimates.iter().zip(errors).map(|(y, e)| y + e).collect::<Vec<_>>()
        });
        Draws::new(values.collect(), self.truth.len()).unwrap()
    }
}

fn holds(found: &JointRankIntervals, ranks: &[u32]) -> bool {
    found.intervals.iter().zip(ranks).all(|(i, rank)| (i.lower..=i.upper).contains(rank))
}

/// Share of repetitions in which all intervals hold, and the mean length.
fn coverage(study: &Study, spec: JointRanks, repetitions: usize, seed: u64) -> (f64, f64) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let ranks = true_ranks(&study.truth);
    let (mut held, mut length) = (0, 0.0);
    for _ in 0..repetitions {
        let found = spec.intervals(&study.draws(400, &mut random)).unwrap();
        held += usize::from(holds(&found, &ranks));
        length += found.intervals.iter().map(|i| f64::from(i.upper - i.lower)).sum::<f64>() / ranks.len() as f64;
    }
    (held as f64 / repetitions as f64, length / repetitions as f64)
}

const REPETITIONS: usize = 1200;
/// Three standard errors of a share of 0.95.
const MARGIN: f64 = 3.0 * 0.0063;

#[test]
fn coverage_is_95_percent_when_all_areas_are_tied() {
    // The least favourable truth: every ordering called is an error, so the coverage is that of the bands, not more.
    let study = Study { truth: vec![1.0; 15], sd: (0..15).map(|d| 0.5 + 0.1 * f64::from(d)).collect(), common: 1.0 };
    for stepwise in [false, true] {
        let (share, _) = coverage(&study, JointRanks { stepwise, ..JointRanks::default() }, REPETITIONS, 5);
        println!("tied, stepwise {stepwise}: {share:.3}");
        assert!((share - 0.95).abs() < MARGIN, "{share}");
    }
}

#[test]
fn coverage_is_kept_for_spread_areas_and_steps_shorten_the_intervals() {
    let truth: Vec<f64> = (0..15).map(|d| 0.8 * f64::from(d / 2)).collect();
    let study = Study { truth, sd: vec![0.6; 15], common: 2.0 };
    let plain = coverage(&study, JointRanks::default(), REPETITIONS, 6);
    let steps = coverage(&study, JointRanks { stepwise: true, ..JointRanks::default() }, REPETITIONS, 6);
    let areas = coverage(&study, JointRanks { comparison: Comparison::Areas, ..JointRanks::default() }, REPETITIONS, 6);
    println!("coverage and mean length: {plain:?}, stepwise {steps:?}, by area {areas:?}");
    for (share, _) in [plain, steps, areas] {
        assert!(share > 0.95 - MARGIN);
    }
    assert!(steps.1 <= plain.1 && steps.0 <= plain.0);
    // The common shock does not touch differences, but it does widen the intervals of areas.
    assert!(plain.1 < areas.1);
}

#[test]
fn posterior_draws_hold_the_ranks_of_a_truth_from_the_prior() {
    // True values from N(0, 1), estimates with known errors; the posterior is exact. Nothing is shrunk by hand.
    let mut random = ChaCha8Rng::seed_from_u64(8);
    let sd: Vec<f64> = (0..20).map(|d| 0.2 + 0.05 * f64::from(d)).collect();
    let mut held = 0;
    for _ in 0..REPETITIONS {
        let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
        let truth: Vec<f64> = (0..20).map(|_| normal()).collect();
        let posterior: Vec<(f64, f64)> = truth
            .iter()
            .zip(&sd)
            .map(|(t, sd)| {
                let weight = 1.0 / (1.0 + sd * sd);
                (weight * (t + sd * normal()), weight.sqrt() * sd)
            })
            .collect();
        let values =
            (0..400).flat_map(|_| posterior.iter().map(|(m, s)| m + s * normal()).collect::<Vec<_>>()).collect();
        let found = JointRanks::default().intervals(&Draws::new(values, 20).unwrap()).unwrap();
        held += usize::from(holds(&found, &true_ranks(&truth)));
    }
    let share = held as f64 / REPETITIONS as f64;
    println!("from the prior: {share:.3}");
    assert!(share > 0.95 - MARGIN);
}

#[test]
fn enough_draws_have_all_their_ranks_inside() {
    let study = Study { truth: (0..25).map(|d| 0.3 * f64::from(d)).collect(), sd: vec![0.7; 25], common: 0.5 };
    let draws = study.draws(2000, &mut ChaCha8Rng::seed_from_u64(4));
    for comparison in [Comparison::Differences, Comparison::Areas] {
        let found = JointRanks { comparison, ..JointRanks::default() }.intervals(&draws).unwrap();
        let inside = draws.iter().filter(|draw| holds(&found, &true_ranks(draw))).count();
        assert!(inside as f64 >= 0.95 * 2000.0, "{comparison:?}: {inside}");
        // The rank of the means lies inside, and the individual intervals of `ranks` are no wider.
        assert!(holds(&found, &true_ranks(&draws.means())));
        let alone = ranks(&draws, 0.95).unwrap();
        let width = |low: u32, high: u32| f64::from(high - low);
        let joint: f64 = found.intervals.iter().map(|i| width(i.lower, i.upper)).sum();
        assert!(alone.iter().map(|r| width(r.lower, r.upper)).sum::<f64>() <= joint);
    }
}

#[test]
fn sure_orders_are_points_identical_areas_are_free_and_bad_requests_are_refused() {
    // Area 1 far above; 0 and 2 the same in every draw, so nothing orders them; 3 far below without any spread.
    let values: Vec<f64> = (0..50)
        .flat_map(|i| {
            let e = f64::from(i % 7) * 0.1;
            [5.0 + e, 100.0 + e * e, 5.0 + e, -7.0]
        })
        .collect();
    let draws = Draws::new(values.clone(), 4).unwrap();
    for (comparison, stepwise) in
        [(Comparison::Differences, false), (Comparison::Differences, true), (Comparison::Areas, false)]
    {
        let found = JointRanks { level: 0.9, comparison, stepwise }.intervals(&draws).unwrap();
        let ends: Vec<(u32, u32)> = found.intervals.iter().map(|i| (i.lower, i.upper)).collect();
        assert_eq!(ends, [(2, 3), (1, 1), (2, 3), (4, 4)], "{comparison:?}");
    }
    assert!(matches!(
        JointRanks { level: 1.0, ..JointRanks::default() }.intervals(&draws),
        Err(StatsError::Setting { .. })
    ));
    let one = Draws::new(values[..4].to_vec(), 4).unwrap();
    assert!(matches!(JointRanks::default().intervals(&one), Err(StatsError::Empty { .. })));
}
