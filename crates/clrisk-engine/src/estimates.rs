//! From posterior draws of rates to published estimates: benchmarking, aggregation, status, classes, factors.

use clrisk_core::bundle::{ClassScheme, SensitivityRow};
use clrisk_core::model_card::BenchmarkRow;
use clrisk_core::{AreaClass, Estimate, Finding, Findings, Group, Level, Place, ValueStatus};
use clrisk_stats::benchmark::{Benchmark, BenchmarkGroup, BenchmarkMethod, Target};
use clrisk_stats::classify::{BreaksPerDraw, ClassMembership, Rule, sensitivity};
use clrisk_stats::design::SurveyDesign;
use clrisk_stats::direct::{DirectEstimate, proportion};
use clrisk_stats::draws::{Draws, summarise};
use clrisk_stats::rank::{Comparison, JointRanks, ranks};
use clrisk_stats::replicate::ReplicateWeights;

use crate::areas::{AreaTree, COUNTRY};
use crate::codebook::Codebook;
use crate::columns::Values;
use crate::model::direct_proportion;
use crate::population::Cells;
use crate::settings::{ClassSettings, Settings};
use crate::survey::Survey;

/// Probability content of all intervals.
pub const LEVEL: f64 = 0.95;
/// Municipalities up to which ranks are compared pair by pair.
const PAIRWISE_RANKS: usize = 1_500;
/// A regional direct estimate less precise than this is no benchmark.
const MAX_BENCHMARK_CV: f64 = 0.2;
/// Streams of the random numbers, so that none is used twice.
const FINITE_POPULATION_STREAM: u64 = 7_001;

/// Draws of rates by unit (municipality and cell that has children).
pub struct UnitDraws {
    /// Municipality and cell of each unit.
    pub units: Vec<(usize, usize)>,
    /// Children of each unit.
    pub sizes: Vec<f64>,
    /// Rates.
    pub draws: Draws,
}

impl UnitDraws {
    /// Keeps the units that have children.
    ///
    /// # Errors
    /// When no unit has any.
    pub fn new(rates: &[f64], sizes: &[f64], cells: usize) -> Result<UnitDraws, clrisk_stats::StatsError> {
        let kept: Vec<usize> = (0..sizes.len()).filter(|&unit| sizes[unit] > 0.0).collect();
        let values: Vec<f64> =
            rates.chunks_exact(sizes.len()).flat_map(|draw| kept.iter().map(|&unit| draw[unit])).collect();
        Ok(UnitDraws {
            units: kept.iter().map(|&unit| (unit / cells, unit % cells)).collect(),
            sizes: kept.iter().map(|&unit| sizes[unit]).collect(),
            draws: Draws::new(values, kept.len())?,
        })
    }

    /// Draws of the mean over the chosen units, and their children; none when there are no such units.
    fn mean_of(&self, chosen: impl Fn(usize, usize) -> bool) -> Option<(Vec<f64>, f64)> {
        let units: Vec<usize> =
            (0..self.units.len()).filter(|&unit| chosen(self.units[unit].0, self.units[unit].1)).collect();
        let people: f64 = units.iter().map(|&unit| self.sizes[unit]).sum();
        if units.is_empty() {
            return None;
        }
        let means = self
            .draws
            .iter()
            .map(|draw| units.iter().map(|&unit| draw[unit] * self.sizes[unit]).sum::<f64>() / people)
            .collect();
        Some((means, people))
    }
}

/// Moves the draws to the survey's own national and regional estimates.
///
/// Each draw gets its own target, drawn from the sampling distribution of the direct estimate, so the uncertainty of the
/// benchmark is part of the result. Regions whose direct estimate is itself imprecise are left to the model, with a finding.
pub fn benchmark(
    units: &mut UnitDraws,
    settings: &Settings,
    tree: &AreaTree,
    survey: &Survey,
    design: &SurveyDesign,
    replicates: Option<&ReplicateWeights>,
    findings: &mut Findings,
) -> Result<Vec<BenchmarkRow>, clrisk_stats::StatsError> {
    let wants = |level: &str| settings.model.benchmark.iter().any(|wanted| wanted == level);
    let region_of = tree.region_of();
    let usable = |estimate: &DirectEstimate| {
        estimate.coefficient_of_variation().is_some_and(|cv| cv.is_finite() && cv > 0.0 && cv <= MAX_BENCHMARK_CV)
    };
    let mut rows = Vec::new();
    let mut groups = Vec::new();
    let mut group_regions = Vec::new();
    if wants("region") {
        for (region, name) in tree.regions.iter().enumerate() {
            let domain: Vec<bool> = survey.areas.iter().map(|&area| region_of[area as usize] == region).collect();
            let direct = direct_proportion(design, replicates, &survey.outcome, Some(&domain)).ok().filter(&usable);
            let Some(direct) = direct else {
                findings.push(Finding::warning("BENCH-001", Place::key("model.benchmark")).with("area", name));
                continue;
            };
            let areas: Vec<usize> =
                (0..units.units.len()).filter(|&unit| region_of[units.units[unit].0] == region).collect();
            if areas.is_empty() {
                continue;
            }
            let target = Target::Sampled { estimate: direct.value, standard_error: direct.standard_error };
            groups.push(BenchmarkGroup { areas, target });
            group_regions.push((name.clone(), direct));
        }
    }
    let national = direct_proportion(design, replicates, &survey.outcome, None)?;
    let target = wants("country")
        .then_some(Target::Sampled { estimate: national.value, standard_error: national.standard_error });
    if target.is_some() && !usable(&national) {
        findings.push(Finding::warning("BENCH-001", Place::key("model.benchmark")).with("area", COUNTRY));
    }
    let target = target.filter(|_| usable(&national));
    let national_mean = |units: &UnitDraws| units.mean_of(|_, _| true).map_or(f64::NAN, |(means, _)| mean(&means));
    let before = national_mean(units);
    let regional_mean = |units: &UnitDraws, name: &str| {
        let region = tree.regions.iter().position(|region| region == name);
        units.mean_of(|area, _| Some(region_of[area]) == region).map_or(f64::NAN, |(means, _)| mean(&means))
    };
    let regional_before: Vec<f64> = group_regions.iter().map(|(name, _)| regional_mean(units, name)).collect();
    if target.is_some() || !groups.is_empty() {
        let moves =
            Benchmark { method: BenchmarkMethod::LogitShift, groups, national: target, seed: settings.project.seed };
        moves.apply(&mut units.draws, &units.sizes.clone())?;
    }
    if target.is_some() {
        rows.push(BenchmarkRow {
            level: "country".to_owned(),
            area: COUNTRY.to_owned(),
            direct: national.value,
            direct_standard_error: national.standard_error,
            before,
            after: national_mean(units),
        });
    }
    for ((name, direct), before) in group_regions.iter().zip(regional_before) {
        rows.push(BenchmarkRow {
            level: "region".to_owned(),
            area: name.clone(),
            direct: direct.value,
            direct_standard_error: direct.standard_error,
            before,
            after: regional_mean(units, name),
        });
    }
    Ok(rows)
}

/// Adds what a finite number of children adds: the share of `N` children with the outcome is that of a binomial draw around
/// its expectation. Without it the interval of a village of two hundred children would be that of an endless village.
pub fn add_finite_population(units: &mut UnitDraws, seed: u64) -> Result<(), clrisk_stats::StatsError> {
    units.draws = units.draws.of_finite_populations(&units.sizes, seed ^ FINITE_POPULATION_STREAM)?;
    Ok(())
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// A group to publish: the group and, for each publication dimension, the category it fixes.
pub struct PublishedGroup {
    /// The group.
    pub group: Group,
    fixed: Vec<(usize, usize)>,
}

/// All groups to publish: all children, then the crossings of `[publish] groups`.
pub fn published_groups(settings: &Settings, codebook: &Codebook, cells: &Cells) -> Vec<PublishedGroup> {
    let mut groups = vec![PublishedGroup { group: Group::all(), fixed: Vec::new() }];
    for names in &settings.publish.groups {
        let dimensions: Vec<usize> = names
            .iter()
            .filter_map(|name| cells.variables.iter().position(|&variable| codebook.child[variable].name == *name))
            .collect();
        let mut partial: Vec<Vec<(usize, usize)>> = vec![Vec::new()];
        for &dimension in &dimensions {
            partial = partial
                .into_iter()
                .flat_map(|fixed| {
                    (0..cells.sizes[dimension]).map(move |category| {
                        let mut more = fixed.clone();
                        more.push((dimension, category));
                        more
                    })
                })
                .collect();
        }
        for fixed in partial {
            let pairs = fixed
                .iter()
                .map(|&(dimension, category)| {
                    let variable = &codebook.child[cells.variables[dimension]];
                    let level = variable.levels.as_ref().and_then(|levels| levels.get(category)).cloned();
                    (variable.name.clone(), level.unwrap_or_default())
                })
                .collect();
            groups.push(PublishedGroup { group: Group(pairs), fixed });
        }
    }
    groups
}

impl PublishedGroup {
    fn holds(&self, cells: &Cells, cell: usize) -> bool {
        self.fixed.iter().all(|&(dimension, category)| cells.category(cell, dimension) == category)
    }

    fn holds_row(&self, cells: &Cells, values: &[Values], row: usize) -> bool {
        self.fixed.iter().all(|&(dimension, category)| match &values[cells.variables[dimension]] {
            Values::Codes(codes) => codes[row] as usize == category,
            Values::Numbers(_) => false,
        })
    }

    /// Names of the variables the group fixes.
    pub fn variables<'a>(&self, codebook: &'a Codebook, cells: &Cells) -> Vec<&'a str> {
        self.fixed.iter().map(|&(dimension, _)| codebook.child[cells.variables[dimension]].name.as_str()).collect()
    }
}

/// What is known of each municipality besides the draws.
pub struct AreaKnowledge<'a> {
    /// Children of the survey by municipality.
    pub sample: Vec<u64>,
    /// Whether the difference between the categories of a variable was learned in the municipality.
    pub local: &'a dyn Fn(&str, usize) -> bool,
}

/// Estimates of all areas and groups, in the order of the area tree, then of the groups.
///
/// # Errors
/// When a summary of draws cannot be made.
pub fn estimates(
    units: &UnitDraws,
    settings: &Settings,
    tree: &AreaTree,
    codebook: &Codebook,
    cells: &Cells,
    survey: &Survey,
    design: &SurveyDesign,
    knowledge: &AreaKnowledge<'_>,
) -> Result<Vec<Estimate>, clrisk_stats::StatsError> {
    let groups = published_groups(settings, codebook, cells);
    let department_of = tree.department_of();
    let region_of = tree.region_of();
    // Children of the survey by municipality and group.
    let mut sample = vec![0i64; tree.municipalities.len() * groups.len()];
    for (row, &area) in survey.areas.iter().enumerate() {
        for (index, group) in groups.iter().enumerate() {
            if group.holds_row(cells, &survey.variables, row) {
                sample[area as usize * groups.len() + index] += 1;
            }
        }
    }
    // Units by municipality, to sum over a municipality without looking at all others.
    let mut of_area: Vec<Vec<usize>> = vec![Vec::new(); tree.municipalities.len()];
    for (unit, (area, _)) in units.units.iter().enumerate() {
        of_area[*area].push(unit);
    }
    let count = units.draws.count();
    let mut estimates = Vec::new();
    let mut means = vec![0.0; count];
    for (code, level, members) in tree.members() {
        for (index, group) in groups.iter().enumerate() {
            let n: i64 = members.iter().map(|&area| sample[area * groups.len() + index]).sum();
            let chosen: Vec<usize> = members
                .iter()
                .flat_map(|&area| of_area[area].iter().copied())
                .filter(|&unit| group.holds(cells, units.units[unit].1))
                .collect();
            let people: f64 = chosen.iter().map(|&unit| units.sizes[unit]).sum();
            let local = members.len() > 1
                || group.variables(codebook, cells).iter().all(|name| (knowledge.local)(name, members[0]));
            let mut estimate = Estimate {
                area: code.clone(),
                level,
                group: group.group.clone(),
                rate: None,
                standard_error: None,
                lower: None,
                upper: None,
                count: None,
                count_lower: None,
                count_upper: None,
                population: Some(people),
                sample: Some(n),
                direct: None,
                status: ValueStatus::NoData,
                local,
            };
            if !chosen.is_empty() {
                for (mean, draw) in means.iter_mut().zip(units.draws.iter()) {
                    *mean = chosen.iter().map(|&unit| draw[unit] * units.sizes[unit]).sum::<f64>() / people;
                }
                let summary = summarise(&means, LEVEL)?;
                let in_sample: u64 = members.iter().map(|&area| knowledge.sample[area]).sum();
                let cv = summary.standard_deviation / summary.mean;
                estimate.status = if cv.is_nan() || cv > settings.publish.max_cv {
                    ValueStatus::NotReliable
                } else if in_sample == 0 {
                    ValueStatus::ModelledWithoutSample
                } else {
                    ValueStatus::Value
                };
                estimate.rate = Some(summary.mean);
                estimate.standard_error = Some(summary.standard_deviation);
                estimate.lower = Some(summary.interval.lower);
                estimate.upper = Some(summary.interval.upper);
                estimate.count = Some(summary.mean * people);
                estimate.count_lower = Some(summary.interval.lower * people);
                estimate.count_upper = Some(summary.interval.upper * people);
                if n > 0 && level != Level::Municipality {
                    let inside: Vec<bool> = (0..survey.areas.len())
                        .map(|row| {
                            let area = survey.areas[row] as usize;
                            let here = match level {
                                Level::Country => true,
                                Level::Region => {
                                    members.first().is_some_and(|&first| region_of[first] == region_of[area])
                                }
                                _ => members.first().is_some_and(|&first| department_of[first] == department_of[area]),
                            };
                            here && group.holds_row(cells, &survey.variables, row)
                        })
                        .collect();
                    estimate.direct =
                        proportion(design, &survey.outcome, Some(&inside)).ok().map(|direct| direct.value);
                }
            }
            estimates.push(estimate);
        }
    }
    Ok(estimates)
}

/// The rule of `[classes]`.
///
/// # Errors
/// A finding `CLASS-001` when the rule is unknown or its numbers do not fit.
pub fn class_rule(classes: &ClassSettings) -> Result<Rule, Box<Finding>> {
    let bad = || Box::new(Finding::error("CLASS-001", Place::key("classes")).with("rule", &classes.rule));
    if !(2..=7).contains(&classes.number) {
        return Err(bad());
    }
    let number = classes.number;
    Ok(match classes.rule.as_str() {
        "jenks" => Rule::FisherJenks { classes: number },
        "quantile" => Rule::Quantile { classes: number },
        "equal" => Rule::EqualInterval { classes: number },
        "k_means" => Rule::KMeans { classes: number },
        "dalenius_hodges" => Rule::DaleniusHodges { classes: number, bins: 100 },
        "fixed" if classes.breaks.len() + 1 == number => Rule::Fixed { limits: classes.breaks.clone() },
        _ => return Err(bad()),
    })
}

/// Names of `number` classes as message keys, lowest first.
pub(crate) fn class_names(number: usize) -> Vec<String> {
    let names: &[&str] = match number {
        2 => &["class-low", "class-high"],
        3 => &["class-low", "class-medium", "class-high"],
        4 => &["class-low", "class-medium", "class-high", "class-very-high"],
        5 => &["class-very-low", "class-low", "class-medium", "class-high", "class-very-high"],
        _ => &[],
    };
    if names.is_empty() {
        (1..=number).map(|class| format!("class-{class}")).collect()
    } else {
        names.iter().map(|name| (*name).to_owned()).collect()
    }
}

/// Classes, memberships and ranks of municipalities, with the scheme and the sensitivity table.
///
/// # Errors
/// When the rule does not fit the values (fewer different values than classes).
pub fn classes(
    units: &UnitDraws,
    classes: &ClassSettings,
    rule: &Rule,
    tree: &AreaTree,
) -> Result<(ClassScheme, Vec<AreaClass>, Vec<SensitivityRow>), clrisk_stats::StatsError> {
    let areas = tree.municipalities.len();
    let mut sums = vec![0.0; areas];
    for ((area, _), size) in units.units.iter().zip(&units.sizes) {
        sums[*area] += size;
    }
    let present: Vec<usize> = (0..areas).filter(|&area| sums[area] > 0.0).collect();
    let position: Vec<Option<usize>> = {
        let mut position = vec![None; areas];
        for (index, &area) in present.iter().enumerate() {
            position[area] = Some(index);
        }
        position
    };
    let mut values = Vec::with_capacity(present.len() * units.draws.count());
    for draw in units.draws.iter() {
        let mut row = vec![0.0; present.len()];
        for (((area, _), size), rate) in units.units.iter().zip(&units.sizes).zip(draw) {
            if let Some(index) = position[*area] {
                row[index] += rate * size / sums[*area];
            }
        }
        values.extend(row);
    }
    let draws = Draws::new(values, present.len())?;
    let means = draws.means();
    let breaks = rule.breaks(&means)?;
    let membership = ClassMembership::of(&draws, &BreaksPerDraw::Fixed(breaks.clone()))?;
    let rank_intervals = ranks(&draws, LEVEL)?;
    // All differences tell most; on large maps they would take longer than everything else.
    let comparison = if present.len() <= PAIRWISE_RANKS { Comparison::Differences } else { Comparison::Areas };
    let joint = JointRanks { level: LEVEL, comparison, stepwise: false }.intervals(&draws)?.intervals;
    let by_rate = positions_descending(&means);
    let counts: Vec<f64> = present.iter().zip(&means).map(|(&area, rate)| rate * sums[area]).collect();
    let by_count = positions_descending(&counts);
    let rows = (0..areas)
        .map(|area| {
            let code = tree.municipalities[area].code.clone();
            match position[area] {
                None => AreaClass {
                    area: code,
                    class: None,
                    membership: Vec::new(),
                    rank: None,
                    rank_lower: None,
                    rank_upper: None,
                    rank_joint: None,
                    count_rank: None,
                },
                Some(index) => AreaClass {
                    area: code,
                    class: Some(breaks.class_of(means[index]) as i64 + 1),
                    membership: membership.probabilities(index).to_vec(),
                    rank: Some(by_rate[index] as i64 + 1),
                    rank_lower: Some(i64::from(rank_intervals[index].lower)),
                    rank_upper: Some(i64::from(rank_intervals[index].upper)),
                    rank_joint: Some([joint[index].lower, joint[index].upper].map(i64::from)),
                    count_rank: Some(by_count[index] as i64 + 1),
                },
            }
        })
        .collect();
    let number = breaks.classes();
    let scheme = ClassScheme { rule: classes.rule.clone(), breaks: breaks.bounds(), names: class_names(number) };
    let others = [
        Rule::FisherJenks { classes: number },
        Rule::Quantile { classes: number },
        Rule::EqualInterval { classes: number },
        Rule::DaleniusHodges { classes: number, bins: 100 },
        Rule::KMeans { classes: number },
    ];
    let sensitivity = sensitivity(&means, rule, &others)?
        .into_iter()
        .flatten()
        .map(|comparison| SensitivityRow {
            rule: comparison.rule.name().to_owned(),
            classes: comparison.counts.len() as u64,
            breaks: comparison.breaks.bounds(),
            areas: comparison.counts.iter().map(|count| *count as u64).collect(),
            moved: (comparison.counts.len() == number).then_some(comparison.changed as u64),
        })
        .collect();
    Ok((scheme, rows, sensitivity))
}

/// Position of each value when sorted from the highest; ties in the order of areas.
fn positions_descending(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&left, &right| values[right].total_cmp(&values[left]).then(left.cmp(&right)));
    let mut positions = vec![0; values.len()];
    for (position, index) in order.into_iter().enumerate() {
        positions[index] = position;
    }
    positions
}
