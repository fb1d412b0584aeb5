//! Replicate weights: variances by repeating the estimate with many sets of weights.
//!
//! Weights come with the survey file, or are made from a design: jackknife (JK1, JKn), balanced repeated replication
//! (BRR, Fay) and the rescaled bootstrap of Rao and Wu. `V = scale * sum_r r_r (t_r - t0)(t_r - t0)'`, with `t0` the mean
//! of the replicates or, on request, the full estimate.
//!
//! Checked against: `survey_replicates.json` with the weights of `repweights_*.csv` (script `03_survey_replicates.R`).

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::calibration::{Auxiliary, Calibration};
use crate::design::SurveyDesign;
use crate::direct::{Distribution, Interval, ProportionInterval, Quantile, QuantileEstimate, Share};
use crate::error::{Result, StatsError, same_length};
use crate::logit::{LogitData, SurveyLogit};

/// How replicate weights are made from a design.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ReplicateMethod {
    /// Jackknife of an unstratified design: one PSU left out at a time.
    Jk1,
    /// Jackknife within strata.
    JkN,
    /// Balanced repeated replication; every stratum must have two PSUs.
    Brr,
    /// Fay's variant of BRR: half-samples weighted `2 - rho` and `rho`, with `rho` in [0, 1).
    Fay {
        /// Weight kept by the half-sample that is turned down.
        rho: f64,
    },
    /// Rao and Wu (1988): `n_h - 1` of `n_h` PSUs drawn with replacement in each stratum, weights rescaled. A finite
    /// population is not taken into account.
    RaoWu {
        /// Number of replicates.
        replicates: usize,
        /// Seed; every replicate has its own stream.
        seed: u64,
    },
}

/// Full and replicate weights over the same rows.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplicateWeights {
    full: Vec<f64>,
    /// One vector per replicate.
    replicates: Vec<Vec<f64>>,
    scale: f64,
    replicate_scales: Vec<f64>,
    around_full_estimate: bool,
    degrees_of_freedom: f64,
}

/// Estimates with the covariance that the replicates give.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ReplicateEstimates {
    /// Estimates with the full weights.
    pub values: Vec<f64>,
    /// Covariance matrix, row-major.
    pub covariance: Vec<f64>,
    /// Degrees of freedom.
    pub degrees_of_freedom: f64,
}

/// Standard errors of one group.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct GroupErrors {
    /// Of the total.
    pub total: f64,
    /// Of the share.
    pub share: f64,
    /// Of the logit of the share; none where a replicate has no logit.
    pub logit: Option<f64>,
}

impl ReplicateEstimates {
    /// Standard errors.
    pub fn standard_errors(&self) -> Vec<f64> {
        let p = self.values.len();
        (0..p).map(|j| self.covariance[j * p + j].max(0.0).sqrt()).collect()
    }
}

impl ReplicateWeights {
    /// Weights read from a survey file. `replicates` holds one vector per replicate, ready for analysis (already
    /// multiplied by the full weight). `degrees_of_freedom`: PSUs less strata if known, else replicates less one.
    ///
    /// # Errors
    /// No replicates, unequal lengths, negative or missing weights or scales.
    pub fn new(
        full: Vec<f64>,
        replicates: Vec<Vec<f64>>,
        scale: f64,
        replicate_scales: Vec<f64>,
        around_full_estimate: bool,
        degrees_of_freedom: Option<f64>,
    ) -> Result<Self> {
        if replicates.is_empty() || full.is_empty() {
            return Err(StatsError::Empty { quantity: "replicate estimates" });
        }
        same_length("replicate_scales", replicate_scales.len(), replicates.len())?;
        for weights in std::iter::once(&full).chain(&replicates) {
            same_length("replicates", weights.len(), full.len())?;
            if let Some(row) = weights.iter().position(|w| !(w.is_finite() && *w >= 0.0)) {
                return Err(StatsError::OutOfRange { input: "replicates", requirement: "not negative", row });
            }
        }
        if let Some(row) = replicate_scales.iter().position(|s| !(s.is_finite() && *s >= 0.0)) {
            return Err(StatsError::OutOfRange { input: "replicate_scales", requirement: "not negative", row });
        }
        let degrees_of_freedom = degrees_of_freedom.unwrap_or(replicates.len() as f64 - 1.0);
        Ok(Self { full, replicates, scale, replicate_scales, around_full_estimate, degrees_of_freedom })
    }

    /// Makes replicate weights from a design. Units of later stages stay together: their own variance is not added.
    ///
    /// # Errors
    /// A method the design does not allow: JK1 with strata, BRR without two PSUs in every stratum, a stratum with a
    /// single PSU, `rho` outside [0, 1), no replicates; a calibrated design (see [`Self::calibrated`]).
    pub fn from_design(design: &SurveyDesign, method: ReplicateMethod) -> Result<Self> {
        if design.is_calibrated() {
            let requirement = "not calibrated: calibrate the replicates instead";
            return Err(StatsError::Setting { setting: "design", requirement });
        }
        let (factors, scale, replicate_scales) = match method {
            ReplicateMethod::Jk1 | ReplicateMethod::JkN => jackknife(design, method == ReplicateMethod::Jk1)?,
            ReplicateMethod::Brr => half_samples(design, 0.0)?,
            ReplicateMethod::Fay { rho } => half_samples(design, rho)?,
            ReplicateMethod::RaoWu { replicates, seed } => rao_wu(design, replicates, seed)?,
        };
        let weights = design.weights();
        let psus = design.psu_of_rows();
        let replicates = factors
            .iter()
            .map(|factor| weights.iter().zip(psus).map(|(w, &psu)| w * factor[psu as usize]).collect())
            .collect();
        let degrees_of_freedom = Some(design.degrees_of_freedom());
        Self::new(weights.to_vec(), replicates, scale, replicate_scales, false, degrees_of_freedom)
    }

    /// The same replicates, each brought to the known totals: only so do their differences show what calibration gains.
    ///
    /// # Errors
    /// As [`Calibration::fit`], in the full sample or a replicate; negative weights (of the linear distance).
    ///
    /// Checked against: the linearised variances of calibrated designs (`tests/calibration.rs`).
    pub fn calibrated(&self, calibration: &Calibration, auxiliaries: &[Auxiliary<'_>]) -> Result<Self> {
        let bring = |weights: &Vec<f64>| -> Result<Vec<f64>> {
            let (factors, _, _) = calibration.factors(weights, auxiliaries)?;
            Ok(weights.iter().zip(factors).map(|(w, f)| w * f).collect())
        };
        let replicates = self.replicates.iter().map(bring).collect::<Result<Vec<_>>>()?;
        let (scales, df) = (self.replicate_scales.clone(), Some(self.degrees_of_freedom));
        Self::new(bring(&self.full)?, replicates, self.scale, scales, self.around_full_estimate, df)
    }

    /// Number of replicates.
    pub fn count(&self) -> usize {
        self.replicates.len()
    }

    /// Degrees of freedom.
    pub fn degrees_of_freedom(&self) -> f64 {
        self.degrees_of_freedom
    }

    /// Repeats any estimator, a function of a weight vector.
    ///
    /// # Errors
    /// Whatever the estimator refuses, in the full sample or a replicate.
    pub fn estimate(&self, mut estimator: impl FnMut(&[f64]) -> Result<Vec<f64>>) -> Result<ReplicateEstimates> {
        let values = estimator(&self.full)?;
        let p = values.len();
        let mut repeated = Vec::with_capacity(self.replicates.len());
        for weights in &self.replicates {
            let found = estimator(weights)?;
            same_length("estimates", found.len(), p)?;
            repeated.push(found);
        }
        let centre = self.centre(&values, &repeated);
        let mut covariance = vec![0.0; p * p];
        for (found, scale) in repeated.iter().zip(&self.replicate_scales) {
            for i in 0..p {
                for j in 0..p {
                    covariance[i * p + j] += self.scale * scale * (found[i] - centre[i]) * (found[j] - centre[j]);
                }
            }
        }
        Ok(ReplicateEstimates { values, covariance, degrees_of_freedom: self.degrees_of_freedom })
    }

    /// Standard errors of the share of `y` among the rows of each group, of its logit, and of the total of `y`; none for a group without
    /// a row. `codes` gives the group of each row, or [`NO_GROUP`](crate::direct::NO_GROUP).
    ///
    /// # Errors
    /// Unequal lengths, missing values in a group, a replicate without weight in a group.
    ///
    /// Checked against: `survey_replicates.json` (`tests/survey_sections.rs`).
    pub fn errors_by_group(&self, y: &[f64], codes: &[u32], groups: usize) -> Result<Vec<Option<GroupErrors>>> {
        same_length("codes", codes.len(), self.full.len())?;
        let rows: Vec<usize> = (0..codes.len()).filter(|&row| (codes[row] as usize) < groups).collect();
        self.check_values(y, &rows)?;
        let mut met = vec![false; groups];
        rows.iter().for_each(|&row| met[codes[row] as usize] = true);
        // Total, share and logit of every group, one after another.
        let estimates = |weights: &[f64]| -> Result<Vec<f64>> {
            let mut sums = vec![[0.0; 2]; groups];
            for &row in &rows {
                let sum = &mut sums[codes[row] as usize];
                sum[0] += weights[row] * y[row];
                sum[1] += weights[row];
            }
            if sums.iter().zip(&met).any(|(sum, met)| *met && sum[1] <= 0.0) {
                return Err(StatsError::Empty { quantity: "a mean in a replicate" });
            }
            Ok(sums.iter().flat_map(|[y, size]| [*y, y / size, (y / (size - y)).ln()]).collect())
        };
        let full = estimates(&self.full)?;
        let repeated = self.replicates.iter().map(|weights| estimates(weights)).collect::<Result<Vec<_>>>()?;
        let centre = self.centre(&full, &repeated);
        let error = |at: usize| -> f64 {
            let terms = repeated.iter().zip(&self.replicate_scales);
            let sum: f64 = terms.map(|(found, scale)| scale * (found[at] - centre[at]).powi(2)).sum();
            (self.scale * sum).max(0.0).sqrt()
        };
        let of = |group: usize| GroupErrors {
            total: error(3 * group),
            share: error(3 * group + 1),
            logit: Some(error(3 * group + 2)).filter(|error| error.is_finite()),
        };
        Ok((0..groups).map(|group| met[group].then(|| of(group))).collect())
    }

    /// Means of variables over a domain.
    ///
    /// # Errors
    /// Unequal lengths, missing values in the domain, a replicate without weight in the domain.
    pub fn means(&self, variables: &[&[f64]], domain: Option<&[bool]>) -> Result<ReplicateEstimates> {
        let sums = self.sums(variables, domain)?;
        self.estimate(|weights| {
            let totals = sums(weights);
            let size = totals[variables.len()];
            if size <= 0.0 {
                return Err(StatsError::Empty { quantity: "a mean in a replicate" });
            }
            Ok(totals[..variables.len()].iter().map(|t| t / size).collect())
        })
    }

    /// Interval of the proportion of rows with `y = 1` over a domain, as
    /// [`proportion_interval`](crate::direct::proportion_interval). The logit interval takes the variance of the logits of the
    /// replicates themselves, where every replicate has one. `None` without degrees of freedom.
    ///
    /// # Errors
    /// As [`Self::means`].
    ///
    /// Checked against: `survey_replicates.json` `ciprop_logit`.
    pub fn proportion_interval(
        &self,
        y: &[f64],
        method: ProportionInterval,
        level: f64,
        domain: Option<&[bool]>,
    ) -> Result<Option<Interval>> {
        let sample_size = self.rows(domain)?.len();
        let mean = self.means(&[y], domain)?;
        let (value, degrees_of_freedom) = (mean.values[0], self.degrees_of_freedom);
        let mut standard_error = mean.standard_errors()[0];
        if method == ProportionInterval::Logit && value > 0.0 && value < 1.0 {
            let sums = self.sums(std::slice::from_ref(&y), domain)?;
            let logits = self.estimate(|weights| {
                let totals = sums(weights);
                Ok(vec![(totals[0] / (totals[1] - totals[0])).ln()])
            })?;
            let of_logit = logits.standard_errors()[0];
            if of_logit.is_finite() {
                standard_error = of_logit * value * (1.0 - value);
            }
        }
        Ok(Share { value, standard_error, degrees_of_freedom, sample_size }.interval(method, level))
    }

    /// A quantile of a variable over a domain, with Woodruff's interval: the variance of the share below is the
    /// replicates'. As [`quantile`](crate::direct::quantile).
    ///
    /// # Errors
    /// Unequal lengths, missing values in the domain, an empty domain, a probability outside (0, 1).
    ///
    /// Checked against: `survey_replicates.json` `quantile`.
    pub fn quantile(&self, y: &[f64], quantile: &Quantile, domain: Option<&[bool]>) -> Result<QuantileEstimate> {
        let rows = self.rows(domain)?;
        self.check_values(y, &rows)?;
        let distribution = Distribution::new(y, &self.full, &rows)?;
        quantile.estimate(&distribution, rows.len(), |value| {
            let below: Vec<f64> = y.iter().map(|&y| f64::from(u8::from(y <= value))).collect();
            let share = self.means(&[&below], domain)?;
            Ok((share.values[0], share.standard_errors()[0], share.degrees_of_freedom))
        })
    }

    /// Totals of variables over a domain.
    ///
    /// # Errors
    /// Unequal lengths, missing values in the domain.
    pub fn totals(&self, variables: &[&[f64]], domain: Option<&[bool]>) -> Result<ReplicateEstimates> {
        let sums = self.sums(variables, domain)?;
        self.estimate(|weights| {
            let mut totals = sums(weights);
            totals.truncate(variables.len());
            Ok(totals)
        })
    }

    /// Ratio of two totals over a domain.
    ///
    /// # Errors
    /// Unequal lengths, missing values in the domain, a denominator of zero.
    pub fn ratio(&self, y: &[f64], x: &[f64], domain: Option<&[bool]>) -> Result<ReplicateEstimates> {
        let variables = [y, x];
        let sums = self.sums(&variables, domain)?;
        self.estimate(|weights| {
            let totals = sums(weights);
            if totals[1] == 0.0 { Err(StatsError::ZeroDenominator) } else { Ok(vec![totals[0] / totals[1]]) }
        })
    }

    /// Coefficients of a logit. The design of `data` serves for its rows only; the weights are the replicates'.
    ///
    /// # Errors
    /// As [`SurveyLogit::fit`], in the full sample or a replicate.
    pub fn logit(&self, specification: &SurveyLogit, data: &LogitData<'_>) -> Result<ReplicateEstimates> {
        same_length("outcome", data.outcome.len(), self.full.len())?;
        let full = specification.fit(data)?;
        self.estimate(|weights| specification.coefficients_with(data, weights, full.coefficients()))
    }

    /// What the replicates are compared with.
    fn centre(&self, full: &[f64], repeated: &[Vec<f64>]) -> Vec<f64> {
        if self.around_full_estimate {
            return full.to_vec();
        }
        // Replicates with a scale of zero do not count, in the mean either.
        let used: Vec<&Vec<f64>> =
            repeated.iter().zip(&self.replicate_scales).filter(|(_, s)| **s > 0.0).map(|(t, _)| t).collect();
        (0..full.len()).map(|j| used.iter().map(|t| t[j]).sum::<f64>() / used.len() as f64).collect()
    }

    fn rows(&self, domain: Option<&[bool]>) -> Result<Vec<usize>> {
        let rows: Vec<usize> = match domain {
            None => (0..self.full.len()).collect(),
            Some(mask) => {
                same_length("domain", mask.len(), self.full.len())?;
                (0..mask.len()).filter(|&row| mask[row]).collect()
            }
        };
        if rows.is_empty() { Err(StatsError::Empty { quantity: "a mean" }) } else { Ok(rows) }
    }

    fn check_values(&self, y: &[f64], rows: &[usize]) -> Result<()> {
        same_length("y", y.len(), self.full.len())?;
        match rows.iter().find(|&&row| !y[row].is_finite()) {
            Some(&row) => Err(StatsError::Missing { input: "y", row }),
            None => Ok(()),
        }
    }

    /// Sums of the variables and of the weights over the domain, as a function of the weights.
    fn sums<'a>(
        &self,
        variables: &'a [&'a [f64]],
        domain: Option<&[bool]>,
    ) -> Result<impl Fn(&[f64]) -> Vec<f64> + use<'a>> {
        let rows = self.rows(domain)?;
        for y in variables {
            self.check_values(y, &rows)?;
        }
        Ok(move |weights: &[f64]| {
            let mut totals = vec![0.0; variables.len() + 1];
            for &row in &rows {
                for (total, y) in totals.iter_mut().zip(variables) {
                    *total += weights[row] * y[row];
                }
                totals[variables.len()] += weights[row];
            }
            totals
        })
    }
}

/// Weight factors by replicate and PSU, the scale, and the scales of the replicates.
type Factors = (Vec<Vec<f64>>, f64, Vec<f64>);

fn jackknife(design: &SurveyDesign, one_stratum: bool) -> Result<Factors> {
    if one_stratum && design.strata() > 1 {
        return Err(StatsError::Setting { setting: "method", requirement: "JKn for a design with strata" });
    }
    let mut factors = Vec::with_capacity(design.psus());
    let mut scales = Vec::with_capacity(design.psus());
    for stratum in design.stratum_ranges() {
        let n = stratum.psus() as f64;
        if stratum.psus() < 2 {
            return Err(StatsError::Setting { setting: "method", requirement: "for strata of two PSUs or more" });
        }
        for left_out in stratum.start..stratum.end {
            let mut factor = vec![1.0; design.psus()];
            factor[stratum.start..stratum.end].fill(n / (n - 1.0));
            factor[left_out] = 0.0;
            factors.push(factor);
            scales.push((n - 1.0) / n * (1.0 - stratum.sampling_fraction));
        }
    }
    Ok((factors, 1.0, scales))
}

fn half_samples(design: &SurveyDesign, rho: f64) -> Result<Factors> {
    if !(0.0..1.0).contains(&rho) {
        return Err(StatsError::Setting { setting: "rho", requirement: "in [0, 1)" });
    }
    if design.stratum_ranges().iter().any(|s| s.psus() != 2) {
        return Err(StatsError::Setting { setting: "method", requirement: "for strata of exactly two PSUs" });
    }
    // Sylvester's matrices have orders of powers of two; the first column is constant and not used.
    let count = (design.strata() + 1).next_power_of_two();
    let sign = |row: usize, column: usize| if (row & column).count_ones().is_multiple_of(2) { 1.0 } else { -1.0 };
    let factors = (0..count)
        .map(|replicate| {
            let mut factor = vec![1.0; design.psus()];
            for (index, stratum) in design.stratum_ranges().iter().enumerate() {
                let change = (1.0 - rho) * sign(replicate, index + 1);
                factor[stratum.start] = 1.0 + change;
                factor[stratum.start + 1] = 1.0 - change;
            }
            factor
        })
        .collect();
    Ok((factors, 1.0 / (count as f64 * (1.0 - rho).powi(2)), vec![1.0; count]))
}

fn rao_wu(design: &SurveyDesign, count: usize, seed: u64) -> Result<Factors> {
    if count < 2 {
        return Err(StatsError::Setting { setting: "replicates", requirement: "at least 2" });
    }
    if design.stratum_ranges().iter().any(|s| s.psus() < 2) {
        return Err(StatsError::Setting { setting: "method", requirement: "for strata of two PSUs or more" });
    }
    let factors = (0..count)
        .map(|replicate| {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            random.set_stream(replicate as u64);
            let mut factor = vec![0.0; design.psus()];
            for stratum in design.stratum_ranges() {
                let n = stratum.psus();
                let step = n as f64 / (n as f64 - 1.0);
                for _ in 1..n {
                    // The high bits of the product are uniform on 0..n up to a bias of n / 2^64.
                    let drawn = ((u128::from(random.next_u64()) * n as u128) >> 64) as usize;
                    factor[stratum.start + drawn] += step;
                }
            }
            factor
        })
        .collect();
    Ok((factors, 1.0 / (count as f64 - 1.0), vec![1.0; count]))
}
