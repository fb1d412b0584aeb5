//! Quality labels: may this estimate be published?
//!
//! Rules are data: a [`QualityRule`] is a list of criteria, written in a file by those who answer for it. This module only
//! evaluates them.

use crate::direct::DirectEstimate;
use crate::error::{Result, StatsError};

/// What is to be done with an estimate. Ordered: the worst verdict of the criteria that fail is the estimate's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Publish.
    Publish,
    /// Publish with a warning.
    PublishWithWarning,
    /// Do not publish.
    Suppress,
}

/// A quantity a criterion looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Quantity {
    /// Rows in the domain.
    SampleSize,
    /// Sample size over the design effect.
    EffectiveSampleSize,
    /// Sampled rows with the characteristic (not weighted).
    Cases,
    /// PSUs less strata in the domain.
    DegreesOfFreedom,
    /// Design effect.
    DesignEffect,
    /// Standard error over the estimate.
    CoefficientOfVariation,
    /// Coefficient of variation of `-ln p` (`-ln(1 - p)` above one half): `se / (p (-ln p))`. Proportions only.
    LogCoefficientOfVariation,
    /// Standard error over the largest admissible one of INE Chile, `min(p, 1 - p)^(2/3) / 9`. Proportions only.
    StandardErrorOverAdmissible,
}

/// Estimates a criterion applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AppliesTo {
    /// Every estimate.
    #[default]
    All,
    /// Proportions.
    Proportions,
    /// Means, totals and ratios.
    Others,
}

/// The side on which a quantity must lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// The quantity must be at least this.
    AtLeast(f64),
    /// The quantity must be at most this.
    AtMost(f64),
    /// The quantity must be less than this.
    Below(f64),
}

/// One criterion of a rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Criterion {
    /// What is looked at.
    pub quantity: Quantity,
    /// Where it must lie.
    pub limit: Limit,
    /// The verdict when it does not, or when the quantity cannot be computed.
    pub otherwise: Verdict,
    /// Estimates the criterion applies to.
    pub applies_to: AppliesTo,
}

/// A quality rule: all criteria are evaluated, the worst verdict counts.
#[derive(Debug, Clone, PartialEq)]
pub struct QualityRule {
    /// Identifier, printed beside every label.
    pub name: String,
    /// Criteria.
    pub criteria: Vec<Criterion>,
}

/// The label of an estimate and why it has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// The label.
    pub verdict: Verdict,
    /// Indices of the criteria that failed.
    pub failed: Vec<usize>,
}

impl Quantity {
    /// The quantity by its name in rule files, such as `effective_sample_size`.
    ///
    /// # Errors
    /// A name that is not known.
    pub fn from_name(name: &str) -> Result<Self> {
        Ok(match name {
            "sample_size" => Self::SampleSize,
            "effective_sample_size" => Self::EffectiveSampleSize,
            "cases" => Self::Cases,
            "degrees_of_freedom" => Self::DegreesOfFreedom,
            "design_effect" => Self::DesignEffect,
            "coefficient_of_variation" => Self::CoefficientOfVariation,
            "log_coefficient_of_variation" => Self::LogCoefficientOfVariation,
            "standard_error_over_admissible" => Self::StandardErrorOverAdmissible,
            _ => return Err(StatsError::Setting { setting: "quantity", requirement: "the name of a quantity" }),
        })
    }

    /// The quantity for an estimate; `None` when it is not defined (such as the coefficient of variation of zero).
    pub fn of(self, estimate: &DirectEstimate) -> Option<f64> {
        let (p, se) = (estimate.value, estimate.standard_error);
        let smaller = p.min(1.0 - p);
        let value = match self {
            Self::SampleSize => Some(estimate.sample_size as f64),
            Self::EffectiveSampleSize => estimate.effective_sample_size(),
            Self::Cases => Some(estimate.cases as f64),
            Self::DegreesOfFreedom => Some(estimate.degrees_of_freedom),
            Self::DesignEffect => estimate.design_effect,
            Self::CoefficientOfVariation => estimate.coefficient_of_variation(),
            Self::LogCoefficientOfVariation => (smaller > 0.0).then(|| se / (smaller * -smaller.ln())),
            Self::StandardErrorOverAdmissible => (smaller > 0.0).then(|| se / (smaller.powf(2.0 / 3.0) / 9.0)),
        };
        value.filter(|v| v.is_finite())
    }
}

impl Verdict {
    /// The verdict by its name in rule files: `publish`, `publish_with_warning`, `suppress`.
    ///
    /// # Errors
    /// A name that is not known.
    pub fn from_name(name: &str) -> Result<Self> {
        Ok(match name {
            "publish" => Self::Publish,
            "publish_with_warning" => Self::PublishWithWarning,
            "suppress" => Self::Suppress,
            _ => return Err(StatsError::Setting { setting: "otherwise", requirement: "the name of a verdict" }),
        })
    }
}

impl AppliesTo {
    /// The kind of estimate by its name in rule files: `all`, `proportions`, `others`.
    ///
    /// # Errors
    /// A name that is not known.
    pub fn from_name(name: &str) -> Result<Self> {
        Ok(match name {
            "all" => Self::All,
            "proportions" => Self::Proportions,
            "others" => Self::Others,
            _ => {
                return Err(StatsError::Setting {
                    setting: "applies_to",
                    requirement: "the name of a kind of estimate",
                });
            }
        })
    }
}

impl QualityRule {
    /// Labels an estimate. `is_proportion` chooses the criteria that apply.
    ///
    /// # Example
    /// ```
    /// use clrisk_stats::design::DesignSpec;
    /// use clrisk_stats::direct::proportion;
    /// use clrisk_stats::quality::{AppliesTo, Criterion, Limit, QualityRule, Quantity, Verdict};
    /// # fn main() -> clrisk_stats::Result<()> {
    /// let rule = QualityRule {
    ///     name: "at least 60 rows".into(),
    ///     criteria: vec![Criterion {
    ///         quantity: Quantity::SampleSize,
    ///         limit: Limit::AtLeast(60.0),
    ///         otherwise: Verdict::Suppress,
    ///         applies_to: AppliesTo::All,
    ///     }],
    /// };
    /// let design = DesignSpec { weights: &[1.0; 4], ..Default::default() }.build()?;
    /// let estimate = proportion(&design, &[1.0, 0.0, 0.0, 1.0], None)?;
    /// assert_eq!(rule.assess(&estimate, true).verdict, Verdict::Suppress);
    /// # Ok(()) }
    /// ```
    pub fn assess(&self, estimate: &DirectEstimate, is_proportion: bool) -> Assessment {
        let mut assessment = Assessment { verdict: Verdict::Publish, failed: Vec::new() };
        for (index, criterion) in self.criteria.iter().enumerate() {
            let applies = match criterion.applies_to {
                AppliesTo::All => true,
                AppliesTo::Proportions => is_proportion,
                AppliesTo::Others => !is_proportion,
            };
            let met = |value: f64| match criterion.limit {
                Limit::AtLeast(bound) => value >= bound,
                Limit::AtMost(bound) => value <= bound,
                Limit::Below(bound) => value < bound,
            };
            if applies && !criterion.quantity.of(estimate).is_some_and(met) {
                assessment.verdict = assessment.verdict.max(criterion.otherwise);
                assessment.failed.push(index);
            }
        }
        assessment
    }
}
