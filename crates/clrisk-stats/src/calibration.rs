//! Survey weights brought to known population totals: post-stratification, raking and calibration.
//!
//! The calibrated design is a design like any other: every estimator of the crate takes it, and its variances are those of the
//! residuals from the regression on the auxiliary variables (Deville and Särndal 1992), because the part of a variable that the
//! auxiliaries explain no longer varies from sample to sample.
//!
//! Checked against: `survey_api.json` `poststrat`, `rake`, `calib_*` (R `survey`, script `01_survey_design.R`).

use crate::design::SurveyDesign;
use crate::error::{Result, StatsError, same_length};
use crate::linear_algebra::{Cholesky, dot};
use crate::raking::{Margin, Raking};

/// How far a weight is from its original, and so which factor `F(x' lambda)` it gets.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Distance {
    /// `F(u) = 1 + u`: the generalised regression estimator. Always solvable, but weights may turn negative.
    #[default]
    Linear,
    /// `F(u) = exp(u)`: weights stay positive and may become large.
    Raking,
    /// Factors stay strictly between the bounds.
    Logit {
        /// Smallest factor, in [0, 1).
        lower: f64,
        /// Largest factor, above 1.
        upper: f64,
    },
}

impl Distance {
    /// `F(u)` and its derivative.
    fn factor(self, u: f64) -> (f64, f64) {
        match self {
            Self::Linear => (1.0 + u, 1.0),
            Self::Raking => (u.exp(), u.exp()),
            Self::Logit { lower, upper } => {
                let rate = (upper - lower) / ((1.0 - lower) * (upper - 1.0));
                let share = crate::logit::inverse_logit(rate * u + ((1.0 - lower) / (upper - 1.0)).ln());
                let range = upper - lower;
                (lower + range * share, range * rate * share * (1.0 - share))
            }
        }
    }
}

/// An auxiliary variable and its known total in the population.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Auxiliary<'a> {
    /// Name, for messages.
    pub name: &'a str,
    /// Value of each record; all ones for the size of the population.
    pub values: &'a [f64],
    /// Total in the population, in the unit of the variable.
    pub total: f64,
}

/// Calibration of the weights of a design to known totals.
///
/// Finds the weights `w_i F(x_i' lambda)` nearest to `w_i` whose totals `sum w_i F(x_i' lambda) x_i` are the known ones, by
/// Newton's method on the convex dual problem.
///
/// # Example
/// ```
/// use clrisk_stats::calibration::{Auxiliary, Calibration};
/// use clrisk_stats::design::DesignSpec;
/// use clrisk_stats::direct::total;
/// # fn main() -> clrisk_stats::Result<()> {
/// let design = DesignSpec { weights: &[10.0; 4], ..Default::default() }.build()?;
/// let rooms = [1.0, 2.0, 3.0, 4.0];
/// let known = [
///     Auxiliary { name: "households", values: &[1.0; 4], total: 44.0 },
///     Auxiliary { name: "rooms", values: &rooms, total: 120.0 },
/// ];
/// let calibrated = Calibration::default().fit(&design, &known)?;
/// let estimate = total(calibrated.design(), &rooms, None)?;
/// assert!((estimate.value - 120.0).abs() < 1e-9);
/// assert!(estimate.standard_error < 1e-9, "a known total has no sampling error");
/// # Ok(()) }
/// ```
///
/// Checked against: `survey_api.json` `calib_linear`, `calib_raking`, `calib_logit`, `calib_greg_api99` (R `calibrate`).
/// Reference: Deville and Särndal, Journal of the American Statistical Association 87 (1992).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    /// Distance between weights.
    pub distance: Distance,
    /// Newton steps allowed.
    pub max_iterations: usize,
    /// Stop when no total is further from its target than this, relative to one plus the target.
    pub tolerance: f64,
}

impl Default for Calibration {
    fn default() -> Self {
        Self { distance: Distance::Linear, max_iterations: 50, tolerance: 1e-12 }
    }
}

/// A design with calibrated weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibrated {
    design: SurveyDesign,
    factors: Vec<f64>,
    iterations: usize,
}

impl Calibrated {
    /// The design to estimate from: new weights, variances of residuals.
    pub fn design(&self) -> &SurveyDesign {
        &self.design
    }

    /// New weight over the original, by record.
    pub fn factors(&self) -> &[f64] {
        &self.factors
    }

    /// Smallest and largest factor. Factors far from one tell that the sample and the totals do not belong together;
    /// negative ones (with [`Distance::Linear`] only) that no sensible weights were found.
    pub fn factor_range(&self) -> (f64, f64) {
        self.factors.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &f| (f.min(low), f.max(high)))
    }

    /// Newton steps or passes made.
    pub fn iterations(&self) -> usize {
        self.iterations
    }
}

impl Calibration {
    /// Calibrates the weights of a design.
    ///
    /// # Errors
    /// No auxiliary, unequal lengths, missing values; auxiliaries that are linear combinations of earlier ones, by name; bounds
    /// that do not hold one; a design that is calibrated already; [`StatsError::NotConverged`] when no weights within the
    /// distance's bounds have the totals.
    pub fn fit(&self, design: &SurveyDesign, auxiliaries: &[Auxiliary<'_>]) -> Result<Calibrated> {
        not_yet_calibrated(design)?;
        let (factors, regression, iterations) = self.factors(design.weights(), auxiliaries)?;
        Ok(Calibrated { design: design.calibrated(&factors, regression), factors, iterations })
    }

    /// Factors of any weights over the rows of the auxiliaries, the regression behind their variance, and the steps made.
    pub(crate) fn factors(
        &self,
        weights: &[f64],
        auxiliaries: &[Auxiliary<'_>],
    ) -> Result<(Vec<f64>, AuxiliaryRegression, usize)> {
        self.check(weights.len(), auxiliaries)?;
        let k = auxiliaries.len();
        let matrix: Vec<f64> =
            (0..weights.len()).flat_map(|row| auxiliaries.iter().map(move |a| a.values[row])).collect();
        let regression = AuxiliaryRegression::new(matrix, k, weights).map_err(|columns| {
            let names = columns.iter().map(|&j| auxiliaries[j].name.to_owned()).collect();
            StatsError::Collinear { columns, names }
        })?;
        let targets: Vec<f64> = auxiliaries.iter().map(|a| a.total).collect();
        let mut lambda = vec![0.0; k];
        let mut current = self.pass(&regression, &lambda, &targets);
        let mut iterations = 0;
        let failed = |iterations| StatsError::NotConverged { procedure: "the calibration", iterations };
        while current.relative_misfit(&targets) > self.tolerance {
            if iterations == self.max_iterations {
                return Err(failed(iterations));
            }
            let factor = Cholesky::new(&current.slope, k).map_err(|_| failed(iterations))?;
            let mut step = current.misfit.clone();
            factor.solve(&mut step);
            // The dual is convex: along the step its slope rises from -promised; beyond +promised the step was too long.
            let promised = dot(&current.misfit, &step);
            let mut share = 1.0;
            loop {
                let candidate: Vec<f64> = lambda.iter().zip(&step).map(|(l, s)| l + share * s).collect();
                let next = self.pass(&regression, &candidate, &targets);
                let slope = dot(&next.misfit, &step).abs();
                if slope <= promised || next.relative_misfit(&targets) <= self.tolerance {
                    (lambda, current) = (candidate, next);
                    break;
                }
                share *= 0.5;
                if share < 1e-12 {
                    return Err(failed(iterations));
                }
            }
            iterations += 1;
        }
        let factors: Vec<f64> =
            regression.matrix.chunks_exact(k).map(|x| self.distance.factor(dot(x, &lambda)).0).collect();
        Ok((factors, regression, iterations))
    }

    fn check(&self, rows: usize, auxiliaries: &[Auxiliary<'_>]) -> Result<()> {
        if auxiliaries.is_empty() {
            return Err(StatsError::Empty { quantity: "calibrated weights" });
        }
        if let Distance::Logit { lower, upper } = self.distance {
            let surround_one = (0.0..1.0).contains(&lower) && upper > 1.0 && upper.is_finite();
            if !surround_one {
                return Err(StatsError::Setting { setting: "bounds", requirement: "in [0, 1) and above 1" });
            }
        }
        for auxiliary in auxiliaries {
            same_length("auxiliary", auxiliary.values.len(), rows)?;
            if let Some(row) = auxiliary.values.iter().position(|x| !x.is_finite()) {
                return Err(StatsError::Missing { input: "auxiliary", row });
            }
            if !auxiliary.total.is_finite() {
                return Err(StatsError::Margins { reason: "a total is missing" });
            }
        }
        Ok(())
    }

    /// Totals still missing at `lambda`, and how they change with it.
    fn pass(&self, regression: &AuxiliaryRegression, lambda: &[f64], targets: &[f64]) -> Pass {
        let k = targets.len();
        let mut misfit = targets.to_vec();
        let mut slope = vec![0.0; k * k];
        for (x, weight) in regression.matrix.chunks_exact(k).zip(&regression.weights) {
            let (factor, derivative) = self.distance.factor(dot(x, lambda));
            for (j, xj) in x.iter().enumerate() {
                misfit[j] -= weight * factor * xj;
                for (sum, xl) in slope[j * k..(j + 1) * k].iter_mut().zip(x) {
                    *sum += weight * derivative * xj * xl;
                }
            }
        }
        Pass { misfit, slope }
    }
}

struct Pass {
    misfit: Vec<f64>,
    slope: Vec<f64>,
}

impl Pass {
    /// Infinite when a factor has overflowed, so that the step is shortened.
    fn relative_misfit(&self, targets: &[f64]) -> f64 {
        let each = self
            .misfit
            .iter()
            .zip(targets)
            .map(|(m, t)| if m.is_nan() { f64::INFINITY } else { m.abs() / (1.0 + t.abs()) });
        each.fold(0.0, f64::max)
    }
}

/// Post-stratification: weights of each group multiplied so that they sum to the group's known size.
///
/// `groups[i]` is the group of record `i`, below `sizes.len()`. The same as [`rake`] with a single margin.
///
/// # Errors
/// As [`rake`].
///
/// Checked against: `survey_api.json` `poststrat` (R `postStratify`).
pub fn post_stratify(design: &SurveyDesign, groups: &[u32], sizes: &[f64]) -> Result<Calibrated> {
    rake(design, &[Margin { categories: groups.to_vec(), totals: sizes.to_vec() }], &Raking::default())
}

/// Raking of the weights to several margins (iterative proportional fitting).
///
/// The weights are those of [`Calibration`] with [`Distance::Raking`] on the indicators of all categories, found by passes over
/// the margins.
///
/// # Errors
/// As [`Raking::fit`]; [`StatsError::NotConverged`] when the passes allowed were not enough; a design that is calibrated already.
///
/// Checked against: `survey_api.json` `rake` (R `rake`).
pub fn rake(design: &SurveyDesign, margins: &[Margin], raking: &Raking) -> Result<Calibrated> {
    not_yet_calibrated(design)?;
    let raked = raking.fit(design.weights(), margins)?;
    if !raked.converged {
        return Err(StatsError::NotConverged { procedure: "the raking of the weights", iterations: raked.iterations });
    }
    if let Some(row) = raked.cells.iter().position(|&w| w <= 0.0) {
        return Err(StatsError::OutOfRange { input: "totals", requirement: "positive where there are records", row });
    }
    let factors: Vec<f64> = raked.cells.iter().zip(design.weights()).map(|(new, old)| new / old).collect();
    let regression = margin_regression(margins, design.weights());
    Ok(Calibrated { design: design.calibrated(&factors, regression), factors, iterations: raked.iterations })
}

/// The regression on the indicators of all categories, without those that follow from the others.
fn margin_regression(margins: &[Margin], weights: &[f64]) -> AuxiliaryRegression {
    let mut columns: Vec<(usize, u32)> = margins
        .iter()
        .enumerate()
        .flat_map(|(index, margin)| (0..margin.totals.len() as u32).map(move |category| (index, category)))
        .collect();
    loop {
        let is_in = |row: usize, &(index, category): &(usize, u32)| margins[index].categories[row] == category;
        let matrix: Vec<f64> = (0..weights.len())
            .flat_map(|row| columns.iter().map(move |column| f64::from(u8::from(is_in(row, column)))))
            .collect();
        match AuxiliaryRegression::new(matrix, columns.len(), weights) {
            Ok(regression) => return regression,
            Err(dependent) => {
                let mut index = 0;
                columns.retain(|_| {
                    index += 1;
                    !dependent.contains(&(index - 1))
                });
            }
        }
    }
}

fn not_yet_calibrated(design: &SurveyDesign) -> Result<()> {
    if design.is_calibrated() {
        return Err(StatsError::Setting {
            setting: "design",
            requirement: "not calibrated yet: give all totals at once",
        });
    }
    Ok(())
}

/// Regression of any variable on the auxiliaries with the weights before calibration.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AuxiliaryRegression {
    /// Auxiliaries, `rows x columns`, row-major.
    matrix: Vec<f64>,
    weights: Vec<f64>,
    /// `(X' W X)^-1`.
    inverse: Vec<f64>,
    columns: usize,
}

impl AuxiliaryRegression {
    fn new(matrix: Vec<f64>, columns: usize, weights: &[f64]) -> std::result::Result<Self, Vec<usize>> {
        let mut information = vec![0.0; columns * columns];
        for (x, weight) in matrix.chunks_exact(columns.max(1)).zip(weights) {
            for (j, xj) in x.iter().enumerate().filter(|(_, xj)| **xj != 0.0) {
                for (sum, xl) in information[j * columns..(j + 1) * columns].iter_mut().zip(x) {
                    *sum += weight * xj * xl;
                }
            }
        }
        let inverse = Cholesky::new(&information, columns)?.inverse();
        Ok(Self { matrix, weights: weights.to_vec(), inverse, columns })
    }

    /// Replaces the values (`rows x p`, row-major) by what the auxiliaries leave unexplained.
    pub(crate) fn take_residuals(&self, values: &mut [f64], p: usize) {
        let k = self.columns;
        if k == 0 || p == 0 {
            return;
        }
        let mut products = vec![0.0; k * p];
        for ((x, z), weight) in self.matrix.chunks_exact(k).zip(values.chunks_exact(p)).zip(&self.weights) {
            for (xj, sums) in x.iter().zip(products.chunks_exact_mut(p)).filter(|(xj, _)| **xj != 0.0) {
                sums.iter_mut().zip(z).for_each(|(sum, z)| *sum += weight * xj * z);
            }
        }
        let mut coefficients = vec![0.0; k * p];
        for (row, target) in self.inverse.chunks_exact(k).zip(coefficients.chunks_exact_mut(p)) {
            for (a, sums) in row.iter().zip(products.chunks_exact(p)) {
                target.iter_mut().zip(sums).for_each(|(b, sum)| *b += a * sum);
            }
        }
        for (x, z) in self.matrix.chunks_exact(k).zip(values.chunks_exact_mut(p)) {
            for (xj, b) in x.iter().zip(coefficients.chunks_exact(p)).filter(|(xj, _)| **xj != 0.0) {
                z.iter_mut().zip(b).for_each(|(z, b)| *z -= xj * b);
            }
        }
    }
}
