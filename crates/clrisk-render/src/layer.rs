//! The layers of a map: what decides the colour of an area, and the legend that says so.

use std::collections::HashMap;

use clrisk_core::{Cluster, Level, ValueStatus};

use crate::palette;
use crate::steps::Steps;
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
    /// The rate in fewer steps the less it is known (value-suppressing).
    Certainty,
    /// Numbers of children as circles.
    Count,
    /// The difference between the sexes.
    SexGap,
    /// Where neighbours are high or low together.
    HotSpots,
    /// The difference from an earlier release.
    Change,
}

impl Layer {
    /// All layers in the order in which they are offered.
    pub const ALL: [Layer; 8] = [
        Layer::Probability,
        Layer::Class,
        Layer::Rate,
        Layer::Certainty,
        Layer::Count,
        Layer::SexGap,
        Layer::HotSpots,
        Layer::Change,
    ];

    /// The name used in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Layer::Probability => "probability",
            Layer::Class => "class",
            Layer::Rate => "rate",
            Layer::Certainty => "certainty",
            Layer::Count => "count",
            Layer::SexGap => "sex-gap",
            Layer::HotSpots => "hot-spots",
            Layer::Change => "change",
        }
    }

    /// Reads [`Layer::code`] back.
    pub fn parse(code: &str) -> Option<Layer> {
        Layer::ALL.into_iter().find(|layer| layer.code() == code)
    }

    /// The layers for which `study` has figures.
    pub fn offered(study: &Study) -> Vec<Layer> {
        Layer::ALL.into_iter().filter(|layer| layer.is_offered(study)).collect()
    }

    fn is_offered(self, study: &Study) -> bool {
        match self {
            Layer::SexGap => study.sexes().is_some(),
            Layer::HotSpots => !study.bundle().hot_spots.is_empty(),
            Layer::Change => study.has_earlier(),
            _ => true,
        }
    }
}

/// The look of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Look {
    /// A colour of the legend.
    Bin(usize),
    /// Plain ground under the circles of [`Layer::Count`].
    Ground,
    /// The layer's figure is a national one, not learned here.
    NotLocal,
    /// There is an estimate, too imprecise to act on.
    NotReliable,
    /// Withheld.
    Suppressed,
    /// Nothing known.
    NoData,
}

impl Look {
    /// The name used in addresses: the number of a step of the legend, or a word.
    pub fn code(self) -> String {
        match self {
            Look::Bin(bin) => (bin + 1).to_string(),
            Look::Ground => "ground".to_owned(),
            Look::NotLocal => "not-local".to_owned(),
            Look::NotReliable => "not-reliable".to_owned(),
            Look::Suppressed => "suppressed".to_owned(),
            Look::NoData => "no-data".to_owned(),
        }
    }

    /// Reads [`Look::code`] back.
    pub fn parse(code: &str) -> Option<Look> {
        match code {
            "not-local" => Some(Look::NotLocal),
            "not-reliable" => Some(Look::NotReliable),
            "suppressed" => Some(Look::Suppressed),
            "no-data" => Some(Look::NoData),
            number => number.parse::<usize>().ok().and_then(|number| number.checked_sub(1)).map(Look::Bin),
        }
    }
}

/// A step of the legend.
#[derive(Debug, Clone, PartialEq)]
pub struct Bin {
    /// Which values are in it, in words.
    pub label: String,
    /// Colour.
    pub color: String,
    /// Whether all its areas are hatched.
    pub hatched: bool,
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
    /// Areas whose figure is a national one.
    pub not_local: usize,
    /// Areas with an estimate too imprecise.
    pub not_reliable: usize,
    /// Areas withheld.
    pub suppressed: usize,
    /// Areas without data.
    pub no_data: usize,
    /// Areas that are hatched: their class is open, or their difference is within its margin of error.
    pub uncertain: usize,
    /// The largest number of children of any municipality of the study, for the scale of circles; at least one.
    pub most_children: f64,
    /// The only look that is drawn in its colour; none when all are.
    pub isolated: Option<Look>,
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
        let scale = Scale::of(study, layer);
        let (rule, labels) = scale.legend(study, words);
        let bins = labels
            .into_iter()
            .zip(scale.colors(study))
            .enumerate()
            .map(|(bin, (label, color))| Bin { label, color, hatched: scale.hatches(bin), areas: 0 })
            .collect();
        let mut shading = Shading {
            layer,
            rule,
            bins,
            not_local: 0,
            not_reliable: 0,
            suppressed: 0,
            no_data: 0,
            uncertain: 0,
            most_children: municipalities(study)
                .filter_map(|code| study.overall(Level::Municipality, code)?.count)
                .fold(1.0, f64::max),
            isolated: None,
            looks: HashMap::new(),
        };
        for code in codes {
            let (look, hatched) = scale.look(study, code);
            let look = match look {
                Look::Bin(bin) if bin >= shading.bins.len() => Look::NoData,
                look => look,
            };
            let hatched = hatched && matches!(look, Look::Bin(_));
            match look {
                Look::Bin(bin) => shading.bins[bin].areas += 1,
                Look::Ground => {}
                Look::NotLocal => shading.not_local += 1,
                Look::NotReliable => shading.not_reliable += 1,
                Look::Suppressed => shading.suppressed += 1,
                Look::NoData => shading.no_data += 1,
            }
            shading.uncertain += usize::from(hatched);
            shading.looks.insert(code.to_owned(), (look, hatched));
        }
        shading
    }

    /// Shades whole departments by the class that their rate falls in, for a map too small for its municipalities. The look of a
    /// department is that of its first municipality.
    pub fn of_departments(study: &Study, words: &Words<'_>) -> Shading {
        let mut shading = Shading::new(study, Layer::Class, words, []);
        shading.rule = words.text("sheet-map-departments");
        let breaks = &study.manifest().classes.breaks;
        for row in study.level(Level::Department) {
            let members = study.municipalities_of(Level::Department, &row.area.code);
            let Some(first) = members.first() else { continue };
            let rate = study.overall(Level::Department, &row.area.code).and_then(|estimate| estimate.rate);
            // A rate beyond the rates of the municipalities belongs to the class at that end.
            let inner = breaks.get(1..breaks.len().saturating_sub(1)).unwrap_or_default();
            let class = rate.map(|rate| inner.iter().filter(|limit| rate > **limit).count());
            let look = match class.filter(|class| *class < shading.bins.len()) {
                Some(class) => {
                    shading.bins[class].areas += 1;
                    Look::Bin(class)
                }
                None => {
                    shading.no_data += 1;
                    Look::NoData
                }
            };
            shading.looks.insert(first.area.code.clone(), (look, false));
        }
        shading
    }

    /// The same map with everything but one look paled.
    pub fn isolating(mut self, look: Option<Look>) -> Shading {
        self.isolated = look;
        self
    }

    /// The look of an area, and whether it is hatched.
    pub fn look(&self, code: &str) -> (Look, bool) {
        self.looks.get(code).copied().unwrap_or((Look::NoData, false))
    }

    /// Whether an area is drawn in its colour.
    pub fn stands_out(&self, look: Look) -> bool {
        self.isolated.is_none_or(|isolated| isolated == look)
    }

    /// The message that says what hatching means on this map; none where nothing is ever hatched.
    pub fn hatching(&self) -> Option<&'static str> {
        match self.layer {
            Layer::Probability | Layer::Class | Layer::Rate => Some("site-legend-uncertain"),
            Layer::SexGap | Layer::Change => Some("layer-legend-within-error"),
            Layer::Certainty | Layer::Count | Layer::HotSpots => None,
        }
    }
}

/// What decides the colours of a layer.
enum Scale {
    Probability,
    Class,
    Rate(Steps),
    Certainty(Steps),
    Count,
    SexGap(Steps),
    HotSpots,
    Change(Steps),
}

impl Scale {
    fn of(study: &Study, layer: Layer) -> Scale {
        match layer {
            Layer::Probability => Scale::Probability,
            Layer::Class => Scale::Class,
            Layer::Rate => Scale::Rate(Steps::over(shown_rates(study), 6)),
            Layer::Certainty => Scale::Certainty(Steps::over(shown_rates(study), VALUES)),
            Layer::Count => Scale::Count,
            Layer::SexGap => {
                let gaps = municipalities(study).filter_map(|code| study.sex_gap(code));
                Scale::SexGap(Steps::around_zero(gaps.filter(|gap| gap.local).map(|gap| gap.difference)))
            }
            Layer::HotSpots => Scale::HotSpots,
            Layer::Change => {
                let changes = municipalities(study).filter_map(|code| study.change(code));
                Scale::Change(Steps::around_zero(changes.map(|change| change.difference)))
            }
        }
    }

    /// The look of an area, and whether it is to be hatched.
    fn look(&self, study: &Study, code: &str) -> (Look, bool) {
        match study.status(code) {
            ValueStatus::Suppressed => return (Look::Suppressed, false),
            ValueStatus::NotReliable => return (Look::NotReliable, false),
            ValueStatus::NoData => return (Look::NoData, false),
            ValueStatus::Value | ValueStatus::ModelledWithoutSample => {}
        }
        let overall = || study.overall(Level::Municipality, code);
        let bin = |bin: Option<usize>| bin.map_or(Look::NoData, Look::Bin);
        match self {
            Scale::Probability => {
                (bin(study.highest_class_probability(code).map(probability_bin)), study.uncertain(code))
            }
            Scale::Class => {
                let class = study.class(code).and_then(|class| usize::try_from(class.class? - 1).ok());
                (bin(class), study.uncertain(code))
            }
            Scale::Rate(steps) => {
                (bin(overall().and_then(|estimate| Some(steps.of(estimate.rate?)))), study.uncertain(code))
            }
            Scale::Certainty(steps) => {
                let found = overall().and_then(|estimate| {
                    let (rate, error) = (estimate.rate?, estimate.standard_error?);
                    Some(certainty_bin(steps.of(rate), error / rate, study.manifest().max_cv))
                });
                (bin(found), found.is_some_and(|found| self.hatches(found)))
            }
            Scale::Count => (Look::Ground, false),
            Scale::SexGap(steps) => match study.sex_gap(code) {
                Some(gap) if gap.local => (Look::Bin(steps.of(gap.difference)), !gap.is_clear()),
                Some(_) => (Look::NotLocal, false),
                None => (Look::NoData, false),
            },
            Scale::HotSpots => {
                let cluster = study.hot_spot(code).map(|spot| spot.cluster);
                (bin(cluster.and_then(|cluster| Cluster::ALL.iter().position(|kind| *kind == cluster))), false)
            }
            Scale::Change(steps) => match study.change(code) {
                Some(change) => (Look::Bin(steps.of(change.difference)), !change.is_clear()),
                None => (Look::NoData, false),
            },
        }
    }

    /// Whether every area of a step is hatched.
    fn hatches(&self, bin: usize) -> bool {
        matches!(self, Scale::Certainty(_)) && bin >= VALUES
    }

    fn colors(&self, study: &Study) -> Vec<String> {
        match self {
            Scale::Probability => palette::sequence(4),
            Scale::Class => palette::sequence(study.manifest().classes.names.len()),
            Scale::Rate(steps) => palette::sequence(steps.count),
            Scale::Certainty(_) => palette::value_suppressing(),
            Scale::Count => Vec::new(),
            Scale::SexGap(_) | Scale::Change(_) => palette::diverging(),
            Scale::HotSpots => palette::CLUSTERS.map(str::to_owned).to_vec(),
        }
    }

    /// The rule in words, and a label for every colour.
    fn legend(&self, study: &Study, words: &Words<'_>) -> (String, Vec<String>) {
        match self {
            Scale::Probability => probability_legend(study, words),
            Scale::Class => class_legend(study, words),
            Scale::Rate(steps) => (
                words.with("site-rule-rate", &[("width", &words.numbers.decimal(steps.width * 100.0, 1))]),
                steps.rate_labels(words),
            ),
            Scale::Certainty(steps) => certainty_legend(study, words, steps),
            Scale::Count => (words.text("layer-rule-count"), Vec::new()),
            Scale::SexGap(steps) => {
                let names = study.sexes().map(|sexes| sexes.each_ref().map(|sex| words.group(study.manifest(), sex)));
                let [more, less] = names.unwrap_or_default();
                (words.with("layer-rule-sex-gap", &[("more", &more), ("less", &less)]), steps.difference_labels(words))
            }
            Scale::HotSpots => {
                let label =
                    |cluster: Cluster| words.text(&format!("layer-cluster-{}", cluster.code().replace('_', "-")));
                (words.text("layer-rule-hot-spots"), Cluster::ALL.map(label).to_vec())
            }
            Scale::Change(steps) => {
                let release = study.earlier_release().unwrap_or_default();
                (words.with("layer-rule-change", &[("release", release)]), steps.difference_labels(words))
            }
        }
    }
}

fn municipalities(study: &Study) -> impl Iterator<Item = &str> {
    study.level(Level::Municipality).map(|row| row.area.code.as_str())
}

fn shown_rates(study: &Study) -> impl Iterator<Item = f64> {
    let estimates = study.bundle().estimates.iter();
    estimates
        .filter(|estimate| estimate.level == Level::Municipality && estimate.group.is_all())
        .filter(|estimate| matches!(estimate.status, ValueStatus::Value | ValueStatus::ModelledWithoutSample))
        .filter_map(|estimate| estimate.rate)
}

fn probability_bin(probability: f64) -> usize {
    [0.25, 0.5, 0.75].iter().filter(|limit| probability >= **limit).count()
}

/// Steps of the rate where it is known best; half as many where it is known less well, one where it is hardly known.
const VALUES: usize = 4;

/// The colour of a rate in step `value` (of [`VALUES`]) with coefficient of variation `cv`: the tree of Correll, Moritz and
/// Heer, Value-Suppressing Uncertainty Palettes (CHI 2018). Colours 0 to 3 are rates known to within a third of the greatest
/// coefficient of variation that is shown, 4 and 5 pairs of steps up to two thirds, 6 all rates beyond.
fn certainty_bin(value: usize, cv: f64, max_cv: f64) -> usize {
    // A third of the limit belongs to the step below it, whatever the last bit of the division.
    match 3.0 * cv / max_cv - 1e-9 {
        known if known <= 1.0 => value,
        known if known <= 2.0 => VALUES + value / 2,
        _ => VALUES + VALUES / 2,
    }
}

fn certainty_legend(study: &Study, words: &Words<'_>, steps: &Steps) -> (String, Vec<String>) {
    let cv = |third: f64| words.percent(study.manifest().max_cv * third / 3.0);
    let mut labels = Vec::new();
    // A country with a narrow range of rates has fewer steps than colours; the colours beyond are never used.
    for value in 0..VALUES.min(steps.count) {
        let rates = words.interval_rule(steps.edge(value), steps.edge(value + 1), value == 0);
        labels.push(words.with("layer-certain", &[("rates", &rates), ("cv", &cv(1.0))]));
    }
    labels.resize(VALUES, String::new());
    for pair in 0..VALUES / 2 {
        let top = (2 * pair + 2).min(steps.count);
        if 2 * pair < top {
            let rates = words.interval_rule(steps.edge(2 * pair), steps.edge(top), pair == 0);
            labels.push(words.with("layer-less-certain", &[("rates", &rates), ("cv", &cv(2.0))]));
        } else {
            labels.push(String::new());
        }
    }
    labels.push(words.with("layer-uncertain", &[("cv", &cv(2.0))]));
    (words.text("layer-rule-certainty"), labels)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probability_on_a_limit_belongs_to_the_step_that_names_it_as_its_lower_end() {
        assert_eq!([0.0, 0.2499, 0.25, 0.5, 0.7499, 0.75, 1.0].map(probability_bin), [0, 0, 1, 2, 2, 3, 3]);
    }

    #[test]
    fn the_less_a_rate_is_known_the_fewer_colours_it_can_take() {
        let colors = |cv: f64| (0..4).map(|value| certainty_bin(value, cv, 0.3)).collect::<Vec<_>>();
        assert_eq!(colors(0.1), [0, 1, 2, 3]);
        assert_eq!(colors(0.15), [4, 4, 5, 5]);
        assert_eq!(colors(0.25), [6, 6, 6, 6]);
        assert_eq!(colors(f64::NAN), [6, 6, 6, 6]);
    }

    #[test]
    fn layers_and_looks_are_read_back_from_addresses() {
        for layer in Layer::ALL {
            assert_eq!(Layer::parse(layer.code()), Some(layer));
        }
        for look in [Look::Bin(0), Look::Bin(3), Look::NotLocal, Look::NotReliable, Look::Suppressed, Look::NoData] {
            assert_eq!(Look::parse(&look.code()), Some(look));
        }
        assert_eq!(Look::parse("0"), None);
        assert_eq!(Look::parse("-1"), None);
    }
}
