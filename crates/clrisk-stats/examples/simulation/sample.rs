//! The survey: stratified, in two stages.

use clrisk_stats::Result;
use clrisk_stats::design::{DesignSpec, LonelyPsu, SurveyDesign};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::population::{DEPARTMENTS, Population};

/// Segments of a sample, about.
const SEGMENTS: f64 = 375.0;

/// How segments and children are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// Segments in proportion to their children, children at random.
    Ignorable,
    /// Segments with many working children more often, and working children more often within them.
    Informative,
}

/// A sample: one entry a child.
pub struct Sample {
    /// Positions of the children in the population.
    pub children: Vec<usize>,
    /// Municipality.
    pub areas: Vec<u32>,
    /// Department.
    pub departments: Vec<u32>,
    /// Whether the child works.
    pub outcome: Vec<f64>,
    /// Weights: inverse probabilities of selection.
    pub weights: Vec<f64>,
    /// The design.
    pub design: SurveyDesign,
}

impl Sample {
    /// Whether each municipality has children in the sample.
    pub fn areas_in_sample(&self, areas: usize) -> Vec<bool> {
        let mut sampled = vec![false; areas];
        self.areas.iter().for_each(|&area| sampled[area as usize] = true);
        sampled
    }
}

/// `count` of the units with inclusion probabilities proportional to `measures`, systematically in random order; pairs of unit
/// and probability. Units that would be drawn more than once are drawn with certainty.
fn systematic(measures: &[f64], count: usize, random: &mut ChaCha8Rng) -> Vec<(usize, f64)> {
    let mut order: Vec<usize> = (0..measures.len()).collect();
    for last in (1..order.len()).rev() {
        order.swap(last, random.random_range(0..=last));
    }
    let mut certain = vec![false; measures.len()];
    let step = loop {
        let left = count.saturating_sub(certain.iter().filter(|&&certain| certain).count());
        let total: f64 = measures.iter().zip(&certain).filter(|(_, certain)| !**certain).map(|(m, _)| m).sum();
        if left == 0 || total <= 0.0 {
            break f64::INFINITY;
        }
        let step = total / left as f64;
        let new: Vec<usize> = (0..measures.len()).filter(|&unit| !certain[unit] && measures[unit] >= step).collect();
        if new.is_empty() {
            break step;
        }
        new.into_iter().for_each(|unit| certain[unit] = true);
    };
    let mut chosen: Vec<(usize, f64)> = Vec::with_capacity(count);
    let mut next = step * random.random::<f64>();
    let mut passed = 0.0;
    for unit in order {
        if certain[unit] {
            chosen.push((unit, 1.0));
            continue;
        }
        passed += measures[unit];
        if passed > next {
            chosen.push((unit, measures[unit] / step));
            next += step;
        }
    }
    chosen
}

/// Draws a sample.
///
/// # Errors
/// None in practice: every stratum has two segments or is left as a certainty.
pub fn draw(population: &Population, selection: Selection, random: &mut ChaCha8Rng) -> Result<Sample> {
    let mut frame: Vec<Vec<usize>> = vec![Vec::new(); 2 * DEPARTMENTS];
    for (index, segment) in population.segments.iter().enumerate() {
        frame[segment.stratum].push(index);
    }
    let people = |stratum: &Vec<usize>| stratum.iter().map(|&s| population.segments[s].children.len()).sum::<usize>();
    // Strata get segments by the square root of their children: small departments are overrepresented.
    let roots: Vec<f64> = frame.iter().map(|stratum| (people(stratum) as f64).sqrt()).collect();
    let total: f64 = roots.iter().sum();
    let (mut children, mut weights, mut strata, mut clusters) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (stratum, segments) in frame.iter().enumerate() {
        let count = ((SEGMENTS * roots[stratum] / total).round() as usize).max(2).min(segments.len());
        let measures: Vec<f64> = segments
            .iter()
            .map(|&index| {
                let segment = &population.segments[index];
                let extra = if selection == Selection::Informative { 4 * segment.working } else { 0 };
                (segment.children.len() + extra) as f64
            })
            .collect();
        for (position, first_stage) in systematic(&measures, count, random) {
            let segment = &population.segments[segments[position]];
            let take = random.random_range(12..=20).min(segment.children.len());
            let measures: Vec<f64> = population.children[segment.children.clone()]
                .iter()
                .map(|child| if selection == Selection::Informative && child.works { 2.0 } else { 1.0 })
                .collect();
            for (child, second_stage) in systematic(&measures, take, random) {
                children.push(segment.children.start + child);
                weights.push(1.0 / (first_stage * second_stage));
                strata.push(stratum as u64);
                clusters.push(segments[position] as u64);
            }
        }
    }
    let spec = DesignSpec {
        weights: &weights,
        strata: Some(&strata),
        clusters: Some(&clusters),
        lonely_psu: LonelyPsu::Certainty,
        ..DesignSpec::default()
    };
    let design = spec.build()?;
    let areas: Vec<u32> = children.iter().map(|&child| u32::from(population.children[child].area)).collect();
    Ok(Sample {
        departments: areas.iter().map(|&area| population.department[area as usize]).collect(),
        outcome: children.iter().map(|&c| f64::from(u8::from(population.children[c].works))).collect(),
        areas,
        children,
        weights,
        design,
    })
}
