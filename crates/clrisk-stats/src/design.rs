//! The sampling design of a survey: who was drawn with whom, and what each record stands for.
//!
//! Without later stages the primary sampling units (PSUs) are *ultimate clusters*: all records of one PSU are one draw, and the
//! variance is computed between PSUs of a stratum (Hansen, Hurwitz and Madow 1953). This overstates the variance slightly when
//! first-stage sampling fractions are large and no finite population is given. With a finite population and later stages
//! ([`Stage`]) the variance within PSUs is added, stage by stage (Särndal, Swensson and Wretman 1992, section 4.4; Bellhouse
//! 1985).

mod later_stages;

use std::collections::{BTreeMap, HashMap};

pub use later_stages::Stage;
use later_stages::{Parents, StageUnits};

use crate::calibration::AuxiliaryRegression;
use crate::error::{DesignProblem, Result, StatsError};

/// What to do with a stratum in which a single PSU was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LonelyPsu {
    /// Refuse the design and name every such stratum. The default: the choice belongs to the analyst.
    #[default]
    Fail,
    /// Join the stratum with its neighbour in code order: the one before, or the one after when it is the first.
    Merge,
    /// Measure the PSU's total from the mean of all PSU totals instead of the stratum's own mean ("adjust" in R).
    Centre,
    /// The stratum adds nothing to the variance, as if its PSU had been taken with certainty ("certainty", "remove" in R).
    Certainty,
    /// The stratum adds the average of the other strata ("average" in R).
    Average,
}

/// Size of the finite population of PSUs, one value per record, constant within a stratum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FinitePopulation<'a> {
    /// Number of PSUs in the stratum's population.
    Sizes(&'a [f64]),
    /// First-stage sampling fraction, in (0, 1].
    Fractions(&'a [f64]),
}

impl FinitePopulation<'_> {
    fn len(self) -> usize {
        match self {
            Self::Sizes(values) | Self::Fractions(values) => values.len(),
        }
    }
}

/// The design variables of a survey, one entry per record.
///
/// `strata` absent: one stratum. `clusters` absent: every record is its own PSU. Codes are compared as (stratum, cluster)
/// pairs when `nested` is true (the default), so cluster 1 of stratum A and cluster 1 of stratum B are two units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DesignSpec<'a> {
    /// Expansion weights, positive; any unit (only totals depend on it).
    pub weights: &'a [f64],
    /// Stratum codes.
    pub strata: Option<&'a [u64]>,
    /// Codes of the primary sampling units.
    pub clusters: Option<&'a [u64]>,
    /// Finite population of PSUs; absent: sampling with replacement is assumed.
    pub finite_population: Option<FinitePopulation<'a>>,
    /// Whether cluster codes are unique only within a stratum.
    pub nested: bool,
    /// Policy for strata with a single PSU. At later stages a single unit of several is refused by [`LonelyPsu::Fail`] and
    /// adds nothing under every other policy.
    pub lonely_psu: LonelyPsu,
    /// Stages after the first, in order. They count only as far as the finite populations before them are given.
    pub later_stages: &'a [Stage<'a>],
}

impl Default for DesignSpec<'_> {
    fn default() -> Self {
        Self {
            weights: &[],
            strata: None,
            clusters: None,
            finite_population: None,
            nested: true,
            lonely_psu: LonelyPsu::Fail,
            later_stages: &[],
        }
    }
}

impl DesignSpec<'_> {
    /// Checks the design variables and builds the design.
    ///
    /// # Errors
    /// [`StatsError::Design`] with *every* problem found: invalid weights by row, unequal lengths, units in two strata
    /// (when `nested` is false), invalid finite populations, and single-PSU strata (when the policy is
    /// [`LonelyPsu::Fail`]).
    pub fn build(&self) -> Result<SurveyDesign> {
        SurveyDesign::new(self)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stratum {
    /// PSUs of the stratum are `start..end`.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// First-stage sampling fraction; zero without a finite population.
    pub(crate) sampling_fraction: f64,
}

impl Stratum {
    pub(crate) fn psus(&self) -> usize {
        self.end - self.start
    }

    /// A stratum sampled completely has no sampling variance.
    fn is_census(&self) -> bool {
        1.0 - self.sampling_fraction < 1e-7
    }
}

/// A checked survey design. Rows are records; PSUs and strata are numbered in code order.
#[derive(Debug, Clone, PartialEq)]
pub struct SurveyDesign {
    weights: Vec<f64>,
    row_psu: Vec<u32>,
    psu_stratum: Vec<u32>,
    strata: Vec<Stratum>,
    lonely_psu: LonelyPsu,
    later_stages: Vec<StageUnits>,
    /// Present when the weights were calibrated: variances are then those of residuals.
    calibration: Option<AuxiliaryRegression>,
}

impl SurveyDesign {
    fn new(spec: &DesignSpec<'_>) -> Result<Self> {
        let rows = spec.weights.len();
        let mut problems = Vec::new();
        if rows == 0 {
            problems.push(DesignProblem::NoRows);
        }
        let mut lengths = vec![
            ("strata", spec.strata.map(<[u64]>::len)),
            ("clusters", spec.clusters.map(<[u64]>::len)),
            ("finite population", spec.finite_population.map(FinitePopulation::len)),
        ];
        for stage in spec.later_stages {
            lengths.push(("strata of a later stage", stage.strata.map(<[u64]>::len)));
            lengths.push(("clusters of a later stage", stage.clusters.map(<[u64]>::len)));
            lengths.push(("finite population of a later stage", stage.finite_population.map(FinitePopulation::len)));
        }
        for (variable, found) in lengths {
            if let Some(found) = found.filter(|&found| found != rows) {
                problems.push(DesignProblem::Length { variable, expected: rows, found });
            }
        }
        for (row, weight) in spec.weights.iter().enumerate() {
            if !(weight.is_finite() && *weight > 0.0) {
                problems.push(DesignProblem::InvalidWeight { row });
            }
        }
        if problems.iter().any(|p| matches!(p, DesignProblem::Length { .. } | DesignProblem::NoRows)) {
            return Err(StatsError::Design { problems });
        }

        let stratum_of = |row: usize| spec.strata.map_or(0, |s| s[row]);
        let cluster_of = |row: usize| spec.clusters.map_or(row as u64, |c| c[row]);
        let mut units: BTreeMap<(u64, u64), u32> = BTreeMap::new();
        let mut home: HashMap<u64, u64> = HashMap::new();
        let mut straddling: BTreeMap<(u64, u64), u64> = BTreeMap::new();
        for row in 0..rows {
            let (stratum, cluster) = (stratum_of(row), cluster_of(row));
            units.entry((stratum, cluster)).or_insert(0);
            if !spec.nested {
                let first = *home.entry(cluster).or_insert(stratum);
                if first != stratum {
                    straddling.entry((cluster, stratum)).or_insert(first);
                }
            }
        }
        for ((cluster, second), first) in straddling {
            problems.push(DesignProblem::ClusterInTwoStrata { cluster, first, second });
        }
        for (index, unit) in units.values_mut().enumerate() {
            *unit = index as u32;
        }
        let mut codes: Vec<u64> = Vec::new();
        let mut strata: Vec<Stratum> = Vec::new();
        let mut only_cluster: Vec<u64> = Vec::new();
        for (&(stratum, cluster), &unit) in &units {
            if codes.last() != Some(&stratum) {
                codes.push(stratum);
                only_cluster.push(cluster);
                strata.push(Stratum { start: unit as usize, end: unit as usize, sampling_fraction: 0.0 });
            }
            if let Some(last) = strata.last_mut() {
                last.end += 1;
            }
        }
        let mut populations = vec![f64::INFINITY; strata.len()];
        if let Some(finite) = spec.finite_population {
            finite_population(finite, &codes, &strata, stratum_of, rows, &mut populations, &mut problems);
            for (stratum, population) in strata.iter_mut().zip(&populations) {
                stratum.sampling_fraction = stratum.psus() as f64 / population;
            }
        }
        if spec.lonely_psu == LonelyPsu::Fail {
            for (index, stratum) in strata.iter().enumerate() {
                if stratum.psus() == 1 && !stratum.is_census() {
                    problems.push(DesignProblem::SingleClusterStratum {
                        stratum: codes[index],
                        cluster: only_cluster[index],
                    });
                }
            }
        }
        let row_psu: Vec<u32> = (0..rows).map(|row| units[&(stratum_of(row), cluster_of(row))]).collect();
        let mut fraction = vec![0.0; units.len()];
        for stratum in &strata {
            fraction[stratum.start..stratum.end].fill(stratum.sampling_fraction);
        }
        let code: Vec<u64> = units.keys().map(|&(_, cluster)| cluster).collect();
        let first = Parents { row_unit: &row_psu, fraction: &fraction, code: &code };
        let later_stages = later_stages::build(spec.later_stages, &first, spec.lonely_psu, &mut problems);
        if !problems.is_empty() {
            return Err(StatsError::Design { problems });
        }
        if spec.lonely_psu == LonelyPsu::Merge {
            merge_single_psu_strata(&mut strata, &mut populations);
        }
        let mut psu_stratum = vec![0u32; units.len()];
        for (index, stratum) in strata.iter().enumerate() {
            psu_stratum[stratum.start..stratum.end].fill(index as u32);
        }
        let (weights, lonely_psu) = (spec.weights.to_vec(), spec.lonely_psu);
        Ok(Self { weights, row_psu, psu_stratum, strata, lonely_psu, later_stages, calibration: None })
    }

    /// Number of records.
    pub fn rows(&self) -> usize {
        self.weights.len()
    }

    /// Weights, one per record.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Index of the PSU of each record, from zero, in order of (stratum, cluster) code.
    pub fn psu_of_rows(&self) -> &[u32] {
        &self.row_psu
    }

    /// Number of primary sampling units.
    pub fn psus(&self) -> usize {
        self.psu_stratum.len()
    }

    /// Number of strata (after merging, when the policy is [`LonelyPsu::Merge`]).
    pub fn strata(&self) -> usize {
        self.strata.len()
    }

    /// Degrees of freedom of the design: PSUs less strata.
    pub fn degrees_of_freedom(&self) -> f64 {
        (self.psus() - self.strata()) as f64
    }

    /// The policy for single-PSU strata the design was built with.
    pub fn lonely_psu(&self) -> LonelyPsu {
        self.lonely_psu
    }

    /// Whether the weights were calibrated (see [`crate::calibration`]).
    pub fn is_calibrated(&self) -> bool {
        self.calibration.is_some()
    }

    /// The design with its weights multiplied by the factors of a calibration.
    pub(crate) fn calibrated(&self, factors: &[f64], regression: AuxiliaryRegression) -> Self {
        let weights = self.weights.iter().zip(factors).map(|(w, f)| w * f).collect();
        Self { weights, calibration: Some(regression), ..self.clone() }
    }

    /// Kish's design effect of unequal weights, `n sum(w^2) / sum(w)^2`, at least one.
    pub fn weighting_effect(&self) -> f64 {
        let sum: f64 = self.weights.iter().sum();
        let squares: f64 = self.weights.iter().map(|w| w * w).sum();
        self.rows() as f64 * squares / (sum * sum)
    }

    pub(crate) fn stratum_ranges(&self) -> &[Stratum] {
        &self.strata
    }

    /// PSUs and strata that hold at least one of the given rows.
    pub(crate) fn support(&self, rows: impl Iterator<Item = usize>) -> Support {
        let mut psu_seen = vec![false; self.psus()];
        for row in rows {
            psu_seen[self.row_psu[row] as usize] = true;
        }
        let psus = psu_seen.iter().filter(|&&seen| seen).count();
        let strata = self.strata.iter().filter(|s| psu_seen[s.start..s.end].contains(&true)).count();
        Support { psus, strata }
    }

    /// Covariance matrix (row-major `p x p`) of the weighted totals `sum w_i z_i` over the given rows, every other
    /// record counting as zero: the full design is kept, so PSUs without a row of the domain still enter the centring.
    ///
    /// `V = sum_h (1 - f_h) n_h / (n_h - 1) sum_i (z_hi - zbar_h)(z_hi - zbar_h)'`, and the like for the later stages, times
    /// the product of the sampling fractions before them.
    ///
    /// With calibrated weights `z` is replaced by its residual from the regression on the auxiliaries over *all* records.
    pub(crate) fn covariance_of_totals(
        &self,
        p: usize,
        rows: impl Iterator<Item = usize>,
        mut score: impl FnMut(usize, &mut [f64]),
    ) -> Vec<f64> {
        let Some(calibration) = &self.calibration else {
            return self.covariance_of_sums(p, rows, score);
        };
        let mut scores = vec![0.0; self.rows() * p];
        for row in rows {
            score(row, &mut scores[row * p..(row + 1) * p]);
        }
        calibration.take_residuals(&mut scores, p);
        self.covariance_of_sums(p, 0..self.rows(), |row, z| z.copy_from_slice(&scores[row * p..(row + 1) * p]))
    }

    fn covariance_of_sums(
        &self,
        p: usize,
        rows: impl Iterator<Item = usize>,
        mut score: impl FnMut(usize, &mut [f64]),
    ) -> Vec<f64> {
        let mut totals = vec![0.0; self.psus() * p];
        let mut seen = vec![false; self.psus()];
        let mut later: Vec<Vec<f64>> = self.later_stages.iter().map(|s| vec![0.0; s.units() * p]).collect();
        let mut row_score = vec![0.0; p];
        for row in rows {
            let psu = self.row_psu[row] as usize;
            seen[psu] = true;
            score(row, &mut row_score);
            let weight = self.weights[row];
            row_score.iter_mut().for_each(|z| *z *= weight);
            add(&mut totals[psu * p..(psu + 1) * p], &row_score);
            for (stage, totals) in self.later_stages.iter().zip(&mut later) {
                let unit = stage.unit_of(row);
                add(&mut totals[unit * p..(unit + 1) * p], &row_score);
            }
        }
        let mut covariance = self.covariance_between_psus(p, &totals, &seen);
        for (stage, totals) in self.later_stages.iter().zip(&later) {
            stage.add_covariance(&mut covariance, p, totals);
        }
        for j in 0..p {
            for k in j..p {
                covariance[k * p + j] = covariance[j * p + k];
            }
        }
        covariance
    }

    /// The first stage's part, upper triangle.
    fn covariance_between_psus(&self, p: usize, totals: &[f64], seen: &[bool]) -> Vec<f64> {
        let mut grand_mean = vec![0.0; p];
        if self.lonely_psu == LonelyPsu::Centre {
            mean_of_totals(totals, &mut grand_mean);
        }
        let mut covariance = vec![0.0; p * p];
        let mut stratum_mean = vec![0.0; p];
        let (mut supported, mut estimable) = (0usize, 0usize);
        for stratum in &self.strata {
            if !seen[stratum.start..stratum.end].contains(&true) {
                continue;
            }
            supported += 1;
            if stratum.is_census() {
                estimable += 1;
                continue;
            }
            let own = &totals[stratum.start * p..stratum.end * p];
            let n = stratum.psus() as f64;
            let lonely = stratum.psus() == 1;
            if lonely {
                match self.lonely_psu {
                    LonelyPsu::Average => continue,
                    LonelyPsu::Centre => stratum_mean.copy_from_slice(&grand_mean),
                    // A stratum can be alone after merging only when the whole design is one PSU.
                    LonelyPsu::Fail | LonelyPsu::Merge | LonelyPsu::Certainty => {
                        estimable += 1;
                        continue;
                    }
                }
            } else {
                mean_of_totals(own, &mut stratum_mean);
            }
            estimable += 1;
            let scale = (1.0 - stratum.sampling_fraction) * if lonely { 1.0 } else { n / (n - 1.0) };
            add_deviations(&mut covariance, own, &stratum_mean, scale);
        }
        let inflation = if self.lonely_psu == LonelyPsu::Average && estimable < supported {
            if estimable == 0 { f64::NAN } else { supported as f64 / estimable as f64 }
        } else {
            1.0
        };
        if inflation != 1.0 {
            covariance.iter_mut().for_each(|v| *v *= inflation);
        }
        covariance
    }
}

/// What part of the design a domain touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Support {
    pub(crate) psus: usize,
    pub(crate) strata: usize,
}

impl Support {
    /// PSUs less strata among those the domain touches.
    pub(crate) fn degrees_of_freedom(self) -> f64 {
        (self.psus - self.strata) as f64
    }
}

fn add(sum: &mut [f64], term: &[f64]) {
    for (s, t) in sum.iter_mut().zip(term) {
        *s += t;
    }
}

/// Mean of the units' totals (`units x p`, row-major).
fn mean_of_totals(totals: &[f64], mean: &mut [f64]) {
    mean.fill(0.0);
    let p = mean.len();
    for unit in totals.chunks_exact(p) {
        add(mean, unit);
    }
    let units = (totals.len() / p) as f64;
    mean.iter_mut().for_each(|m| *m /= units);
}

/// Adds `scale * sum_i (z_i - mean)(z_i - mean)'` to the upper triangle of the covariance.
fn add_deviations(covariance: &mut [f64], totals: &[f64], mean: &[f64], scale: f64) {
    let p = mean.len();
    let mut deviation = vec![0.0; p];
    for unit in totals.chunks_exact(p) {
        for ((d, z), m) in deviation.iter_mut().zip(unit).zip(mean) {
            *d = z - m;
        }
        for j in 0..p {
            let scaled = scale * deviation[j];
            for k in j..p {
                covariance[j * p + k] += scaled * deviation[k];
            }
        }
    }
}

fn finite_population(
    finite: FinitePopulation<'_>,
    codes: &[u64],
    strata: &[Stratum],
    stratum_of: impl Fn(usize) -> u64,
    rows: usize,
    populations: &mut [f64],
    problems: &mut Vec<DesignProblem>,
) {
    let (values, fractions) = match finite {
        FinitePopulation::Sizes(values) => (values, false),
        FinitePopulation::Fractions(values) => (values, true),
    };
    let mut declared: Vec<Option<f64>> = vec![None; codes.len()];
    let mut varies = vec![false; codes.len()];
    for (row, &value) in values.iter().enumerate().take(rows) {
        if !(value.is_finite() && value > 0.0) || (fractions && value > 1.0) {
            problems.push(DesignProblem::InvalidFinitePopulation { row });
            continue;
        }
        // The code is present by construction; a miss would only skip the record.
        let Ok(index) = codes.binary_search(&stratum_of(row)) else { continue };
        match declared[index] {
            None => declared[index] = Some(value),
            Some(first) if first != value => varies[index] = true,
            Some(_) => {}
        }
    }
    for (index, stratum) in strata.iter().enumerate() {
        if varies[index] {
            problems.push(DesignProblem::FinitePopulationVaries { stratum: codes[index] });
        }
        let sampled = stratum.psus() as f64;
        if let Some(value) = declared[index] {
            populations[index] = if fractions { sampled / value } else { value };
            if !fractions && value < sampled {
                problems
                    .push(DesignProblem::MoreSampledThanPopulation { stratum: codes[index], sampled: stratum.psus() });
            }
        }
    }
}

fn merge_single_psu_strata(strata: &mut Vec<Stratum>, populations: &mut Vec<f64>) {
    let mut index = 0;
    while index < strata.len() && strata.len() > 1 {
        if strata[index].psus() > 1 || strata[index].is_census() {
            index += 1;
            continue;
        }
        // Joined strata are adjacent, so the PSU range stays contiguous.
        let keep = index.saturating_sub(1);
        let gone = strata.remove(keep + 1);
        let population = populations.remove(keep + 1);
        strata[keep].end = gone.end;
        populations[keep] += population;
        strata[keep].sampling_fraction =
            if populations[keep].is_finite() { strata[keep].psus() as f64 / populations[keep] } else { 0.0 };
        index = keep;
    }
}
