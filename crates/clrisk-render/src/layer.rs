//! The layers of a map: what decides the colour of an area, and the legend that says so.

use std::collections::HashMap;

use clrisk_core::{Level, ValueStatus};

use crate::palette;
use crate::study::Study;
use crate::wording::Words;

/// What a map shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Layer {
    /// Probability of belonging to the highest class: the default, because it does not hide what is not known.
    #[default]
    Probability,
    /// The class of the point estimate.
    Class,
    /// The rate.
    Rate,
}

impl Layer {
    /// All layers in the order in which they are offered.
    pub const ALL: [Layer; 3] = [Layer::Probability, Layer::Class, Layer::Rate];

    /// The name used in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Layer::Probability => "probability",
            Layer::Class => "class",
            Layer::Rate => "rate",
        }
    }

    /// Reads [`Layer::code`] back.
    pub fn parse(code: &str) -> Option<Layer> {
        Layer::ALL.into_iter().find(|layer| layer.code() == code)
    }
}

/// The look of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Look {
    /// A colour of the sequence.
    Bin(usize),
    /// There is an estimate, too imprecise to act on.
    NotReliable,
    /// Withheld.
    Suppressed,
    /// Nothing known.
    NoData,
}

/// A step of the legend.
#[derive(Debug, Clone, PartialEq)]
pub struct Bin {
    /// Which values are in it, in words.
    pub label: String,
    /// Colour.
    pub color: String,
    /// Areas in it.
    pub areas: usize,
}

/// The looks of the areas of a map, with the legend.
#[derive(Debug, Clone)]
pub struct Shading {
    /// The layer.
    pub layer: Layer,
    /// What the steps are, in words.
    pub rule: String,
    /// Steps, lowest first.
    pub bins: Vec<Bin>,
    /// Areas with an estimate too imprecise.
    pub not_reliable: usize,
    /// Areas withheld.
    pub suppressed: usize,
    /// Areas without data.
    pub no_data: usize,
    /// Areas whose class is open.
    pub uncertain: usize,
    looks: HashMap<String, (Look, bool)>,
}

impl Shading {
    /// Shades the municipalities `codes`.
    pub fn new<'a>(
        study: &Study,
        layer: Layer,
        words: &Words<'_>,
        codes: impl IntoIterator<Item = &'a str>,
    ) -> Shading {
        let rate_steps = RateSteps::of(study);
        let (rule, labels) = match layer {
            Layer::Probability => probability_legend(study, words),
            Layer::Class => class_legend(study, words),
            Layer::Rate => rate_steps.legend(words),
        };
        let colors = palette::sequence(labels.len());
        let bins = labels.into_iter().zip(colors).map(|(label, color)| Bin { label, color, areas: 0 }).collect();
        let mut shading = Shading {
            layer,
            rule,
            bins,
            not_reliable: 0,
            suppressed: 0,
            no_data: 0,
            uncertain: 0,
            looks: HashMap::new(),
        };
        for code in codes {
            let status = study.status(code);
            let bin = match layer {
                Layer::Probability => study.highest_class_probability(code).map(probability_bin),
                Layer::Class => study.class(code).and_then(|class| usize::try_from(class.class? - 1).ok()),
                Layer::Rate => {
                    study.overall(Level::Municipality, code).and_then(|estimate| Some(rate_steps.bin(estimate.rate?)))
                }
            };
            let look = match (status, bin) {
                (ValueStatus::Suppressed, _) => Look::Suppressed,
                (ValueStatus::NotReliable, _) => Look::NotReliable,
                (ValueStatus::Value | ValueStatus::ModelledWithoutSample, Some(bin)) if bin < shading.bins.len() => {
                    Look::Bin(bin)
                }
                _ => Look::NoData,
            };
            let uncertain = matches!(look, Look::Bin(_)) && study.uncertain(code);
            match look {
                Look::Bin(bin) => shading.bins[bin].areas += 1,
                Look::NotReliable => shading.not_reliable += 1,
                Look::Suppressed => shading.suppressed += 1,
                Look::NoData => shading.no_data += 1,
            }
            shading.uncertain += usize::from(uncertain);
            shading.looks.insert(code.to_owned(), (look, uncertain));
        }
        shading
    }

    /// The look of an area, and whether it is hatched.
    pub fn look(&self, code: &str) -> (Look, bool) {
        self.looks.get(code).copied().unwrap_or((Look::NoData, false))
    }
}

fn probability_bin(probability: f64) -> usize {
    [0.25, 0.5, 0.75].iter().filter(|limit| probability >= **limit).count()
}

fn probability_legend(study: &Study, words: &Words<'_>) -> (String, Vec<String>) {
    let highest = study.manifest().classes.names.last().map(|key| words.class_key(key)).unwrap_or_default();
    let percent = |value: u32| format!("{value}\u{202f}%");
    let labels = vec![
        words.with("site-bin-below", &[("upper", &percent(25))]),
        words.with("site-bin-between", &[("lower", &percent(25)), ("upper", &percent(50))]),
        words.with("site-bin-between", &[("lower", &percent(50)), ("upper", &percent(75))]),
        words.with("site-bin-above", &[("lower", &percent(75))]),
    ];
    (words.with("site-rule-probability", &[("class", &highest)]), labels)
}

fn class_legend(study: &Study, words: &Words<'_>) -> (String, Vec<String>) {
    let scheme = &study.manifest().classes;
    let labels = scheme
        .names
        .iter()
        .enumerate()
        .map(|(index, key)| match scheme.breaks.get(index..index + 2) {
            Some(&[lower, upper]) => {
                format!("{}: {}", words.class_key(key), words.interval_rule(lower, upper, index == 0))
            }
            _ => words.class_key(key),
        })
        .collect();
    (words.with("site-rule-class", &[("rule", &words.rule(&scheme.rule))]), labels)
}

/// Equal steps of a round width (1, 2 or 5 times a power of ten percentage points) over the rates shown; at most six.
struct RateSteps {
    first: f64,
    width: f64,
    count: usize,
}

impl RateSteps {
    fn of(study: &Study) -> RateSteps {
        let rates = study
            .bundle()
            .estimates
            .iter()
            .filter(|estimate| estimate.level == Level::Municipality && estimate.group.is_all())
            .filter(|estimate| matches!(estimate.status, ValueStatus::Value | ValueStatus::ModelledWithoutSample))
            .filter_map(|estimate| estimate.rate);
        let (lowest, highest) =
            rates.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), rate| (low.min(rate), high.max(rate)));
        if !lowest.is_finite() || !highest.is_finite() {
            return RateSteps { first: 0.0, width: 1.0, count: 1 };
        }
        let mut width = 0.001;
        let mut factors = [2.0, 2.5, 2.0].into_iter().cycle();
        loop {
            let first = (lowest / width + 1e-9).floor();
            let last = (highest / width - 1e-9).ceil();
            let count = (last - first).max(1.0) as usize;
            if count <= 6 || width > 1.0 {
                return RateSteps { first: first * width, width, count };
            }
            width *= factors.next().unwrap_or(2.0);
        }
    }

    /// A rate `r` is in step `i` when `first + i width < r <= first + (i + 1) width`.
    fn bin(&self, rate: f64) -> usize {
        let position = ((rate - self.first) / self.width - 1e-9).ceil() - 1.0;
        (position.max(0.0) as usize).min(self.count - 1)
    }

    fn legend(&self, words: &Words<'_>) -> (String, Vec<String>) {
        let edge = |index: usize| self.first + self.width * index as f64;
        let labels =
            (0..self.count).map(|index| words.interval_rule(edge(index), edge(index + 1), index == 0)).collect();
        (words.with("site-rule-rate", &[("width", &words.numbers.decimal(self.width * 100.0, 1))]), labels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probability_on_a_limit_belongs_to_the_step_that_names_it_as_its_lower_end() {
        assert_eq!([0.0, 0.2499, 0.25, 0.5, 0.7499, 0.75, 1.0].map(probability_bin), [0, 0, 1, 2, 2, 3, 3]);
    }

    #[test]
    fn a_rate_on_a_limit_belongs_to_the_step_below_as_the_legend_says() {
        let steps = RateSteps { first: 0.02, width: 0.02, count: 4 };
        assert_eq!([0.02, 0.04, 0.0401, 0.06, 0.1, 0.2].map(|rate| steps.bin(rate)), [0, 0, 1, 1, 3, 3]);
    }
}
