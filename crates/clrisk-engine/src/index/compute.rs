//! From values to the index: the recipe of `[index]`, what it owes to each choice, and how it stands to modelled estimates.

use clrisk_core::bundle::{ClassScheme, SensitivityRow};
use clrisk_core::index::{
    Higher, IndexAgreement, IndexAlternative, IndexArea, IndexChoice, IndexDifference, IndexDimension, IndexDistance,
    IndexIndicator, IndexPair, IndexPreset, IndexReport, IndexResults, IndexScore, IndexSensitivity, IndexUncertainty,
    IndexYear,
};
use clrisk_core::{Bundle, Finding, Findings, Level, LocalText, Place, ValueStatus};
use clrisk_stats::StatsError;
use clrisk_stats::classify::{Rule, sensitivity};
use clrisk_stats::composite::{
    Aggregation, AnalyticHierarchy, Comparison, Compensation, CompositeIndex, CorrelationKind, Direction, Indicators,
    OtherChoices, Recipe, RecipeFit, Scale, Treatment, UncertaintyAnalysis, Weighting, balance, compensation,
    correlations, cronbach_alpha, redundant_pairs, sampling_adequacy,
};

use super::indicators::{IndicatorRow, IndicatorTable, More};
use super::recipe_finding;
use super::settings::{IndexSettings, MeanRule, Named, OutlierRule, ScaleRule, WeightRule};
use super::values::YearValues;
use crate::areas::AreaTree;
use crate::source::Found;

/// Correlation above which two indicators say nearly the same.
const REDUNDANT: f64 = 0.9;
/// Municipalities listed where index and estimate part.
const FURTHEST: usize = 20;
/// Noisy copies of each set of weights.
const WEIGHT_SETS: usize = 50;
/// Consistency ratio up to which comparisons are accepted.
const CONSISTENT: f64 = 0.1;

/// What the computation starts from.
pub struct Question<'a> {
    /// `[index]`
    pub settings: &'a IndexSettings,
    /// The indicators.
    pub table: &'a IndicatorTable,
    /// The area tree.
    pub tree: &'a AreaTree,
    /// Years, rising; the last one is the index.
    pub years: &'a [YearValues],
    /// Values filled in the last year, by indicator and municipality.
    pub filled: &'a [(usize, usize)],
    /// Seed.
    pub seed: u64,
}

/// Computes everything about the index. With the estimates of a bundle it also says where the two agree.
///
/// # Errors
/// `INDEX-007` the recipe cannot be carried out, `INDEX-008` weights or posts that the rule needs are not in the table,
/// `CLASS-001` classes that do not fit.
pub fn results(
    question: &Question<'_>,
    estimates: Option<&Bundle>,
    findings: &mut Findings,
) -> Result<IndexResults, Found> {
    let Question { settings, table, tree, .. } = question;
    let last = question.years.last().ok_or_else(|| recipe_finding(&StatsError::Empty { quantity: "the index" }))?;
    let statistics = |error: StatsError| recipe_finding(&error);
    let indicators = indicators(table, &last.columns).map_err(statistics)?;
    let (weighting, consistency_ratio) = weighting(settings, table, settings.weights.rule, findings)?;
    let recipe = recipe(settings, table, weighting)?;
    let fit = recipe.fit(&indicators).map_err(statistics)?;
    let shown: Vec<f64> = fit.points.iter().map(|points| in_direction(settings.higher, *points)).collect();

    let (rule, classes) = classify(settings, &shown)?;
    let nominal = ranks(&fit.points);
    let limits = rank_limits(&classes, rule_classes(&rule, &shown).map_err(statistics)?);
    let uncertainty = uncertain(question, &recipe, &fit, &limits, findings)?;
    // Other scales give the index and its dimensions different rulers; one cannot be told from the other.
    let same_ruler = matches!(recipe.scale, Scale::MinMax | Scale::Posts(_));
    let compensation = if same_ruler { Some(compensated(&fit).map_err(statistics)?) } else { None };
    let under = |list: fn(&Compensation) -> &Vec<f64>, area: usize| {
        let points = compensation.as_ref().and_then(|found| finite(list(found)[area]));
        points.map(|points| in_direction(settings.higher, points))
    };
    let areas = (0..tree.municipalities.len())
        .map(|area| {
            let code = tree.municipalities[area].code.clone();
            if fit.points[area].is_nan() {
                return IndexArea::empty(code, ValueStatus::NoData);
            }
            let range = uncertainty.as_ref().map(|found| found.ranges[area]);
            IndexArea {
                area: code,
                status: ValueStatus::Value,
                points: Some(shown[area]),
                class: classes[area].map(|class| class as i64 + 1),
                membership: uncertainty.as_ref().map_or_else(Vec::new, |found| found.shares[area].clone()),
                rank: Some(i64::from(nominal[area])),
                rank_lower: range.map(|[lower, _]| lower),
                rank_upper: range.map(|[_, upper]| upper),
                available: available(&indicators, &fit.weights, area),
                worst_dimension: under(|found| &found.none, area),
                partial_compensation: under(|found| &found.partial, area),
                distance: fit.distance.as_ref().map(|distance| match settings.higher {
                    Higher::Worse => distance.values[area],
                    Higher::Better => distance.hundred_points - distance.values[area],
                }),
                population: last.population[area],
            }
        })
        .collect::<Vec<_>>();
    let nothing = areas.iter().filter(|area| area.status == ValueStatus::NoData).count();
    if nothing > 0 {
        findings.push(Finding::note("INDEX-012", Place::key("index")).with("count", nothing));
    }
    let scheme = ClassScheme {
        rule: settings.classes.rule.clone(),
        breaks: rule.breaks(&known(&shown)).map_err(statistics)?.bounds(),
        names: crate::estimates::class_names(limits.len() + 1),
    };
    let report = IndexReport {
        title: settings.title.clone(),
        definition: settings.definition.clone(),
        higher: settings.higher,
        preset: settings.preset.clone().map(|name| IndexPreset { name, note: settings.preset_note.clone() }),
        classes: scheme,
        choices: choices(settings),
        dimensions: dimension_rows(table, &fit),
        indicators: indicator_rows(question, &fit, &limits, findings).map_err(statistics)?,
        correlations: correlation_rows(&fit),
        redundant: redundant(table, &fit, findings),
        sampling_adequacy: whole_columns(&fit).and_then(|c| sampling_adequacy(&c).ok()).map(|found| found.overall),
        alpha: whole_columns(&fit).and_then(|c| cronbach_alpha(&c).ok()),
        alternatives: alternatives(question, &recipe, &fit, &limits, findings)?,
        uncertainty: uncertainty.map(|found| found.report),
        class_rules: class_rules(settings, &shown, &rule),
        distance: fit.distance.as_ref().map(|distance| IndexDistance {
            hundred_points: distance.hundred_points,
            order: distance.order.iter().map(|&j| table.indicators[j].code.clone()).collect(),
            iterations: distance.iterations as u64,
        }),
        consistency_ratio,
        moved: moved(question, &fit),
        filled: question.filled.iter().map(|&(j, area)| pair(question, j, area)).collect(),
        agreement: estimates.and_then(|bundle| agreement(bundle, &areas, limits.len() + 1)),
        year: (last.year != 0).then_some(last.year),
    };
    let years = other_years(question, &recipe, &fit)?;
    Ok(IndexResults { scores: scores(question, &fit, last), report, areas, years })
}

/// Points in the direction in which readers see them.
fn in_direction(higher: Higher, points: f64) -> f64 {
    match higher {
        Higher::Worse => points,
        Higher::Better => 100.0 - points,
    }
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

fn known(values: &[f64]) -> Vec<f64> {
    values.iter().copied().filter(|value| value.is_finite()).collect()
}

fn pair(question: &Question<'_>, indicator: usize, area: usize) -> (String, String) {
    (question.table.indicators[indicator].code.clone(), question.tree.municipalities[area].code.clone())
}

fn indicators(table: &IndicatorTable, columns: &[Vec<f64>]) -> clrisk_stats::Result<Indicators> {
    let direction = |row: &IndicatorRow| match row.more {
        More::Worse => Direction::Positive,
        More::Better => Direction::Negative,
    };
    Indicators::new(columns.to_vec(), table.indicators.iter().map(direction).collect())
}

fn mean(rule: MeanRule) -> Aggregation {
    match rule {
        MeanRule::Arithmetic => Aggregation::Arithmetic,
        MeanRule::Geometric => Aggregation::Geometric,
        MeanRule::Harmonic => Aggregation::Harmonic,
    }
}

fn treatment(rule: OutlierRule, most: usize) -> Option<Treatment> {
    let winsorise = |logarithm| Some(Treatment { maximum_winsorised: most, logarithm, ..Treatment::default() });
    match rule {
        OutlierRule::None => None,
        OutlierRule::Winsorise => winsorise(false),
        OutlierRule::WinsoriseOrLogarithm => winsorise(true),
    }
}

/// A column of the indicator table that a rule needs in every row.
fn needed<T>(
    settings: &IndexSettings,
    table: &IndicatorTable,
    column: &str,
    read: impl Fn(&IndicatorRow) -> Option<T>,
) -> Result<Vec<T>, Found> {
    let one = |row: &IndicatorRow| {
        read(row).ok_or_else(|| {
            let place = Place::file(settings.indicators.display().to_string());
            Box::new(Finding::error("INDEX-008", place).with("indicator", &row.code).with("column", column))
        })
    };
    table.indicators.iter().map(one).collect()
}

fn dimensions(table: &IndicatorTable) -> Vec<usize> {
    let position =
        |row: &IndicatorRow| table.dimensions.iter().position(|dimension| dimension.code == row.dimension).unwrap_or(0);
    table.indicators.iter().map(position).collect()
}

fn weighting(
    settings: &IndexSettings,
    table: &IndicatorTable,
    rule: WeightRule,
    findings: &mut Findings,
) -> Result<(Weighting, Option<f64>), Found> {
    Ok((
        match rule {
            WeightRule::Equal => Weighting::Equal,
            WeightRule::EqualIndicators => Weighting::EqualIndicators,
            WeightRule::PrincipalComponents => Weighting::PrincipalComponents,
            WeightRule::Entropy => Weighting::Entropy,
            WeightRule::NewInformation => Weighting::NewInformation,
            WeightRule::Expert => Weighting::Given(needed(settings, table, "weight", |row| row.weight)?),
            WeightRule::Comparisons => {
                let (weights, ratio) = by_comparisons(settings, table)?;
                if ratio > CONSISTENT {
                    let place = Place::key("index.weights.compare");
                    findings.push(Finding::warning("INDEX-009", place).with("ratio", format!("{ratio:.2}")));
                }
                return Ok((Weighting::Given(weights), Some(ratio)));
            }
        },
        None,
    ))
}

/// Weights of indicators from comparisons of dimensions (alike within each), or of indicators when there is one dimension.
fn by_comparisons(settings: &IndexSettings, table: &IndicatorTable) -> Result<(Vec<f64>, f64), Found> {
    let single = table.dimensions.len() == 1;
    let members: Vec<&str> = if single {
        table.indicators.iter().map(|row| row.code.as_str()).collect()
    } else {
        table.dimensions.iter().map(|row| row.code.as_str()).collect()
    };
    let find = |code: &str| {
        members.iter().position(|member| *member == code).ok_or_else(|| {
            let place = Place::key("index.weights.compare");
            Box::new(Finding::error("INDEX-008", place).with("indicator", code).with("column", "compare"))
        })
    };
    let comparisons = settings
        .weights
        .compare
        .iter()
        .map(|row| Ok(Comparison { first: find(&row.first)?, second: find(&row.second)?, times: row.times }))
        .collect::<Result<Vec<_>, Found>>()?;
    let fit = AnalyticHierarchy::fit(members.len(), &comparisons).map_err(|error| recipe_finding(&error))?;
    let dimension_of = dimensions(table);
    let weights = (0..table.indicators.len())
        .map(|indicator| {
            if single {
                fit.weights[indicator]
            } else {
                let inside = dimension_of.iter().filter(|d| **d == dimension_of[indicator]).count() as f64;
                fit.weights[dimension_of[indicator]] / inside
            }
        })
        .collect();
    Ok((weights, fit.consistency_ratio))
}

fn scale(settings: &IndexSettings, table: &IndicatorTable, rule: ScaleRule) -> Result<Scale, Found> {
    Ok(match rule {
        ScaleRule::MinMax => Scale::MinMax,
        ScaleRule::ZScore => Scale::Standardised,
        ScaleRule::Rank => Scale::Rank,
        ScaleRule::Goalposts => {
            Scale::Posts(needed(settings, table, "best, worst", |row| Some([row.best?, row.worst?]))?)
        }
        ScaleRule::DistanceP2 => {
            let posts: Option<Vec<[f64; 2]>> =
                table.indicators.iter().map(|row| Some([row.best?, row.worst?])).collect();
            let part = |side: usize| posts.as_ref().map(|posts| posts.iter().map(|post| post[side]).collect());
            Scale::Distance { best: part(0), worst: part(1), hundred_points: settings.normalisation.hundred_points }
        }
    })
}

fn recipe(settings: &IndexSettings, table: &IndicatorTable, weighting: Weighting) -> Result<Recipe, Found> {
    Ok(Recipe {
        dimensions: dimensions(table),
        treatment: treatment(settings.outliers.rule, settings.outliers.most),
        scale: scale(settings, table, settings.normalisation.rule)?,
        weighting,
        within: mean(settings.aggregation.within),
        between: mean(settings.aggregation.between),
        minimum_available: settings.missing.minimum_available,
    })
}

fn choices(settings: &IndexSettings) -> Vec<IndexChoice> {
    let choice = |step: &str, rule: &str, reason: &LocalText| IndexChoice {
        step: step.to_owned(),
        rule: rule.to_owned(),
        reason: reason.clone(),
    };
    let aggregation = &settings.aggregation;
    let means = if aggregation.within.code() == aggregation.between.code() {
        aggregation.between.code().to_owned()
    } else {
        format!("{}_{}", aggregation.within.code(), aggregation.between.code())
    };
    vec![
        choice("missing", settings.missing.rule.code(), &settings.missing.reason),
        choice("outliers", settings.outliers.rule.code(), &settings.outliers.reason),
        choice("normalisation", settings.normalisation.rule.code(), &settings.normalisation.reason),
        choice("weights", settings.weights.rule.code(), &settings.weights.reason),
        choice("aggregation", &means, &aggregation.reason),
        choice("classes", &settings.classes.rule, &settings.classes.reason),
    ]
}

/// The rule of classes and the class of each area, counted from zero for the least vulnerable.
fn classify(settings: &IndexSettings, shown: &[f64]) -> Result<(Rule, Vec<Option<usize>>), Found> {
    let classes = &settings.classes;
    let number = classes.number;
    let bad = || Box::new(Finding::error("CLASS-001", Place::key("index.classes")).with("rule", &classes.rule));
    if !(2..=7).contains(&number) {
        return Err(bad());
    }
    let rule = match classes.rule.as_str() {
        "jenks" => Rule::FisherJenks { classes: number },
        "quantile" => Rule::Quantile { classes: number },
        "equal" => Rule::EqualInterval { classes: number },
        "dalenius_hodges" => Rule::DaleniusHodges { classes: number, bins: classes.bins },
        "k_means" => Rule::KMeans { classes: number },
        "fixed" if classes.breaks.len() + 1 == number => Rule::Fixed { limits: classes.breaks.clone() },
        _ => return Err(bad()),
    };
    let breaks = rule.breaks(&known(shown)).map_err(|error| recipe_finding(&error))?;
    let last = breaks.classes() - 1;
    let class = |points: &f64| {
        let class = breaks.class_of(*points);
        points.is_finite().then_some(match settings.higher {
            Higher::Worse => class,
            Higher::Better => last - class,
        })
    };
    Ok((rule, shown.iter().map(class).collect()))
}

fn rule_classes(rule: &Rule, shown: &[f64]) -> clrisk_stats::Result<usize> {
    Ok(rule.breaks(&known(shown))?.classes())
}

/// The ranks at which classes end, the most vulnerable class first.
fn rank_limits(classes: &[Option<usize>], number: usize) -> Vec<u32> {
    let mut limit = 0;
    (1..number)
        .rev()
        .map(|class| {
            limit += classes.iter().filter(|found| **found == Some(class)).count() as u32;
            limit
        })
        .collect()
}

/// Ranks, 1 the most vulnerable; equal values share the lowest rank, no value has rank 0.
fn ranks(points: &[f64]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..points.len()).filter(|&area| points[area].is_finite()).collect();
    order.sort_by(|&a, &b| points[b].total_cmp(&points[a]));
    let mut ranks = vec![0u32; points.len()];
    for (position, &area) in order.iter().enumerate() {
        let before = position.checked_sub(1).map(|before| order[before]);
        ranks[area] = match before {
            Some(before) if points[before] == points[area] => ranks[before],
            _ => position as u32 + 1,
        };
    }
    ranks
}

/// How the ranks of another recipe differ: mean change, areas in another class, Spearman's correlation.
fn compare(nominal: &[u32], other: &[u32], limits: &[u32]) -> (f64, u64, f64) {
    let both: Vec<usize> = (0..nominal.len()).filter(|&area| nominal[area] > 0 && other[area] > 0).collect();
    let shift = both.iter().map(|&area| f64::from(nominal[area].abs_diff(other[area]))).sum::<f64>();
    let class = |rank: u32| limits.partition_point(|&limit| limit < rank);
    let moved = both.iter().filter(|&&area| class(nominal[area]) != class(other[area])).count() as u64;
    let column = |ranks: &[u32]| both.iter().map(|&area| f64::from(ranks[area])).collect::<Vec<f64>>();
    let correlation =
        correlations(&[column(nominal), column(other)], CorrelationKind::Spearman).map_or(f64::NAN, |matrix| matrix[1]);
    (shift / both.len().max(1) as f64, moved, correlation)
}

struct Uncertain {
    report: IndexUncertainty,
    ranges: Vec<[i64; 2]>,
    shares: Vec<Vec<f64>>,
}

fn other_choices(question: &Question<'_>, findings: &mut Findings) -> Result<OtherChoices, Found> {
    let Question { settings, table, seed, .. } = question;
    let others = &settings.uncertainty;
    Ok(OtherChoices {
        treatments: others.outliers.iter().map(|rule| treatment(*rule, settings.outliers.most)).collect(),
        scales: others
            .normalisations
            .iter()
            .map(|rule| scale(settings, table, *rule))
            .collect::<Result<Vec<_>, Found>>()?,
        aggregations: others.aggregations.iter().map(|rule| mean(*rule)).collect(),
        weightings: others
            .weights
            .iter()
            .filter(|rule| **rule != settings.weights.rule)
            .map(|rule| Ok(weighting(settings, table, *rule, findings)?.0))
            .collect::<Result<Vec<_>, Found>>()?,
        noise: others.noise,
        sets: WEIGHT_SETS,
        seed: *seed,
    })
}

fn uncertain(
    question: &Question<'_>,
    recipe: &Recipe,
    fit: &RecipeFit,
    limits: &[u32],
    findings: &mut Findings,
) -> Result<Option<Uncertain>, Found> {
    let settings = &question.settings.uncertainty;
    if settings.draws == 0 {
        return Ok(None);
    }
    let statistics = |error: StatsError| recipe_finding(&error);
    let others = recipe.alternatives(fit, &other_choices(question, findings)?).map_err(statistics)?;
    let analysis = UncertaintyAnalysis { replications: settings.draws, seed: question.seed, level: settings.level };
    let draws = analysis.draws(&fit.index, &others, &fit.indicators).map_err(statistics)?;
    let summary = draws.summary(settings.level).map_err(statistics)?;
    if draws.failed > 0 {
        let finding = Finding::warning("INDEX-011", Place::key("index.uncertainty"));
        findings.push(finding.with("count", draws.failed).with("draws", settings.draws));
    }
    let mut shares = draws.class_shares(limits);
    // Classes are counted from the least vulnerable, ranks from the most.
    shares.iter_mut().for_each(|list| list.reverse());
    let ranges: Vec<[i64; 2]> =
        summary.areas.iter().map(|range| [range.lower.floor() as i64, range.upper.ceil() as i64]).collect();
    let points = UncertaintyAnalysis { replications: settings.points, ..analysis };
    let indices = if settings.points > 1 {
        points.sensitivity(&fit.index, &others, &fit.indicators).unwrap_or_default()
    } else {
        Vec::new()
    };
    let step = |choice: &str| if choice == "treatment" { "outliers" } else { choice }.to_owned();
    let mut widths: Vec<i64> = ranges.iter().map(|[lower, upper]| upper - lower).collect();
    widths.sort_unstable();
    let open = |list: &&Vec<f64>| list.iter().sum::<f64>() > 0.5 && list.iter().copied().fold(0.0, f64::max) < 0.6;
    let report = IndexUncertainty {
        draws: settings.draws as u64,
        failed: draws.failed as u64,
        level: settings.level,
        shift: summary.mean_shift.iter().sum::<f64>() / summary.mean_shift.len().max(1) as f64,
        median_width: widths.get(widths.len() / 2).copied().unwrap_or(0) as f64,
        open: shares.iter().filter(open).count() as u64,
        sensitivity: indices
            .iter()
            .map(|found| IndexSensitivity { step: step(found.choice), first: found.first, total: found.total })
            .collect(),
    };
    Ok(Some(Uncertain { report, ranges, shares }))
}

/// What each other choice would have said, all others as they are.
fn alternatives(
    question: &Question<'_>,
    recipe: &Recipe,
    fit: &RecipeFit,
    limits: &[u32],
    findings: &mut Findings,
) -> Result<Vec<IndexAlternative>, Found> {
    let Question { settings, table, .. } = question;
    let others = &settings.uncertainty;
    let nominal = ranks(&fit.points);
    // A distance P2 is its own scale, weights and means; other choices start from min-max scores with its weights.
    let base = match &recipe.scale {
        Scale::Distance { .. } => {
            Recipe { scale: Scale::MinMax, weighting: Weighting::Given(fit.weights.clone()), ..recipe.clone() }
        }
        _ => recipe.clone(),
    };
    let mut list: Vec<(&str, String, Recipe)> = Vec::new();
    for rule in others.outliers.iter().filter(|rule| **rule != settings.outliers.rule) {
        let other = Recipe { treatment: treatment(*rule, settings.outliers.most), ..base.clone() };
        list.push(("outliers", rule.code().to_owned(), other));
    }
    for rule in others.normalisations.iter().filter(|rule| **rule != settings.normalisation.rule) {
        list.push((
            "normalisation",
            rule.code().to_owned(),
            Recipe { scale: scale(settings, table, *rule)?, ..base.clone() },
        ));
    }
    for rule in others.weights.iter().filter(|rule| **rule != settings.weights.rule) {
        let weighting = weighting(settings, table, *rule, findings)?.0;
        list.push(("weights", rule.code().to_owned(), Recipe { weighting, ..base.clone() }));
    }
    for rule in others.aggregations.iter().filter(|rule| **rule != settings.aggregation.between) {
        let other = Recipe { within: mean(*rule), between: mean(*rule), ..base.clone() };
        list.push(("aggregation", rule.code().to_owned(), other));
    }
    let indicators =
        indicators(table, &question.years[question.years.len() - 1].columns).map_err(|error| recipe_finding(&error))?;
    let one = |(step, rule, recipe): (&str, String, Recipe)| {
        let other = recipe.fit(&indicators).ok()?;
        let (shift, moved, rank_correlation) = compare(&nominal, &ranks(&other.points), limits);
        Some(IndexAlternative { step: step.to_owned(), rule, rank_correlation, shift, moved })
    };
    Ok(list.into_iter().filter_map(one).collect())
}

/// The index without one indicator: its dimension keeps its weight while it has others.
fn without(index: &CompositeIndex, dimensions: &[usize], indicator: usize) -> Option<CompositeIndex> {
    let mut weights = index.weights();
    let dimension = dimensions[indicator];
    let position = dimensions[..indicator].iter().filter(|d| **d == dimension).count();
    weights[0][dimension][position] = 0.0;
    if weights[0][dimension].iter().all(|w| *w <= 0.0) {
        weights[0][dimension].fill(1.0);
        weights[1][0][dimension] = 0.0;
    }
    index.with_weights(&weights).ok()
}

fn indicator_rows(
    question: &Question<'_>,
    fit: &RecipeFit,
    limits: &[u32],
    findings: &mut Findings,
) -> clrisk_stats::Result<Vec<IndexIndicator>> {
    let Question { settings, table, years, .. } = question;
    let nominal = fit.index.fit(&fit.indicators)?.ranks();
    let balanced = balance(&fit.scores, &fit.weights, &fit.points)?;
    let dimension_of = dimensions(table);
    let mut rows = Vec::new();
    for (j, row) in table.indicators.iter().enumerate() {
        let values = known(&years[years.len() - 1].columns[j]);
        let ends = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
        let other = without(&fit.index, &dimension_of, j).and_then(|index| index.fit(&fit.indicators).ok());
        let (shift, moved, _) = other.map_or((0.0, 0, 1.0), |other| compare(&nominal, &other.ranks(), limits));
        if balanced[j].correlation < 0.0 {
            let place = Place::file(settings.indicators.display().to_string());
            findings.push(Finding::warning("INDEX-010", place).with("indicator", &row.code));
        }
        rows.push(IndexIndicator {
            code: row.code.clone(),
            name: row.name.clone(),
            dimension: row.dimension.clone(),
            unit: row.unit.clone(),
            more_is_worse: row.more == More::Worse,
            source: row.source.clone(),
            year: row.year,
            reviewed_by: row.reviewed_by.clone(),
            weight: balanced[j].weight,
            correlation: balanced[j].correlation,
            influence: balanced[j].influence,
            shift_without: shift,
            moved_without: moved,
            mean: values.iter().sum::<f64>() / values.len().max(1) as f64,
            lowest: ends.0,
            highest: ends.1,
            missing: (years[years.len() - 1].columns[j].len() - values.len()) as u64,
        });
    }
    Ok(rows)
}

fn dimension_rows(table: &IndicatorTable, fit: &RecipeFit) -> Vec<IndexDimension> {
    let row = |(dimension, weight): (&super::indicators::DimensionRow, &f64)| IndexDimension {
        code: dimension.code.clone(),
        name: dimension.name.clone(),
        weight: *weight,
    };
    table.dimensions.iter().zip(&fit.dimension_weights).map(row).collect()
}

/// Scores of the areas that have them all.
fn whole_columns(fit: &RecipeFit) -> Option<Vec<Vec<f64>>> {
    let whole: Vec<usize> =
        (0..fit.points.len()).filter(|&area| fit.scores.iter().all(|list| list[area].is_finite())).collect();
    (whole.len() > 3).then(|| fit.scores.iter().map(|list| whole.iter().map(|&area| list[area]).collect()).collect())
}

fn correlation_rows(fit: &RecipeFit) -> Vec<Vec<f64>> {
    let matrix = whole_columns(fit).and_then(|columns| correlations(&columns, CorrelationKind::Pearson).ok());
    matrix.map_or_else(Vec::new, |matrix| matrix.chunks(fit.scores.len()).map(<[f64]>::to_vec).collect())
}

fn redundant(table: &IndicatorTable, fit: &RecipeFit, findings: &mut Findings) -> Vec<IndexPair> {
    let found = whole_columns(fit)
        .and_then(|columns| redundant_pairs(&columns, CorrelationKind::Pearson, REDUNDANT).ok())
        .unwrap_or_default();
    let code = |indicator: usize| table.indicators[indicator].code.clone();
    if !found.is_empty() {
        let mut finding = Finding::warning("INDEX-013", Place::key("index.indicators")).with("count", found.len());
        for pair in found.iter().take(5) {
            finding = finding.detail(format!("{} ~ {}", code(pair.first), code(pair.second)));
        }
        findings.push(finding);
    }
    let pair = |pair: &clrisk_stats::composite::RedundantPair| IndexPair {
        first: code(pair.first),
        second: code(pair.second),
        correlation: pair.correlation,
    };
    found.iter().map(pair).collect()
}

/// Points without and with partial compensation between dimensions (between indicators, when there is one dimension).
fn compensated(fit: &RecipeFit) -> clrisk_stats::Result<Compensation> {
    let (lists, weights) = if fit.dimension_scores.len() > 1 {
        (&fit.dimension_scores, &fit.dimension_weights)
    } else {
        (&fit.scores, &fit.weights)
    };
    // The means ask for scores in which less is worse, all positive.
    let turned: Vec<Vec<f64>> =
        lists.iter().map(|list| list.iter().map(|score| 100.0 - 0.99 * score.clamp(0.0, 100.0)).collect()).collect();
    let columns: Vec<&[f64]> = turned.iter().map(Vec::as_slice).collect();
    let mut found = compensation(&columns, weights)?;
    for list in [&mut found.full, &mut found.partial, &mut found.none] {
        list.iter_mut().for_each(|value| *value = (100.0 - *value) / 0.99);
    }
    Ok(found)
}

fn available(indicators: &Indicators, weights: &[f64], area: usize) -> f64 {
    let there = indicators.columns().iter().zip(weights).filter(|(column, _)| column[area].is_finite());
    there.map(|(_, weight)| weight).sum::<f64>().min(1.0)
}

fn class_rules(settings: &IndexSettings, shown: &[f64], chosen: &Rule) -> Vec<SensitivityRow> {
    let classes = settings.classes.number;
    let others = [
        Rule::FisherJenks { classes },
        Rule::Quantile { classes },
        Rule::EqualInterval { classes },
        Rule::DaleniusHodges { classes, bins: settings.classes.bins },
        Rule::KMeans { classes },
    ];
    let rows = sensitivity(&known(shown), chosen, &others).unwrap_or_default();
    rows.into_iter()
        .flatten()
        .map(|found| SensitivityRow {
            rule: found.rule.name().to_owned(),
            classes: found.counts.len() as u64,
            breaks: found.breaks.bounds(),
            areas: found.counts.iter().map(|count| *count as u64).collect(),
            moved: (found.counts.len() == classes).then_some(found.changed as u64),
        })
        .collect()
}

fn moved(question: &Question<'_>, fit: &RecipeFit) -> Vec<(String, String)> {
    let one = |(indicator, areas): (usize, &Vec<usize>)| {
        areas.iter().map(|&area| pair(question, indicator, area)).collect::<Vec<_>>()
    };
    fit.moved.iter().enumerate().flat_map(one).collect()
}

fn scores(question: &Question<'_>, fit: &RecipeFit, last: &YearValues) -> Vec<IndexScore> {
    let Question { table, tree, .. } = question;
    let dimension_of = dimensions(table);
    let mean = |list: &[f64]| {
        let values = known(list);
        values.iter().sum::<f64>() / values.len().max(1) as f64
    };
    let sums: Vec<Vec<f64>> = (0..table.dimensions.len())
        .map(|dimension| {
            let inside: Vec<usize> = (0..dimension_of.len()).filter(|&j| dimension_of[j] == dimension).collect();
            (0..fit.points.len()).map(|area| inside.iter().map(|&j| fit.parts[j][area]).sum()).collect()
        })
        .collect();
    let part_means: Vec<f64> = fit.parts.iter().map(|list| mean(list)).collect();
    let sum_means: Vec<f64> = sums.iter().map(|list| mean(list)).collect();
    let mut rows = Vec::new();
    for (area, municipality) in tree.municipalities.iter().enumerate() {
        if fit.points[area].is_nan() {
            continue;
        }
        for (position, dimension) in table.dimensions.iter().enumerate() {
            rows.push(IndexScore {
                area: municipality.code.clone(),
                kind: "dimension".to_owned(),
                code: dimension.code.clone(),
                value: None,
                score: finite(fit.dimension_scores[position][area]),
                difference: finite(sums[position][area] - sum_means[position]),
            });
        }
        for (position, row) in table.indicators.iter().enumerate() {
            rows.push(IndexScore {
                area: municipality.code.clone(),
                kind: "indicator".to_owned(),
                code: row.code.clone(),
                value: finite(last.columns[position][area]),
                score: finite(fit.scores[position][area]),
                difference: finite(fit.parts[position][area] - part_means[position]),
            });
        }
    }
    rows
}

/// The index of all years on the same posts with the same weights; empty when there is one year.
///
/// # Errors
/// `INDEX-007` when the scale moves with the areas compared.
fn other_years(question: &Question<'_>, recipe: &Recipe, fit: &RecipeFit) -> Result<Vec<IndexYear>, Found> {
    if question.years.len() < 2 {
        return Ok(Vec::new());
    }
    let statistics = |error: StatsError| recipe_finding(&error);
    let mut rows = Vec::new();
    for year in question.years {
        let values = indicators(question.table, &year.columns).map_err(statistics)?;
        let points = fit.at(recipe, &values).map_err(statistics)?;
        for (area, municipality) in question.tree.municipalities.iter().enumerate() {
            let shown = finite(points[area]).map(|points| in_direction(question.settings.higher, points));
            rows.push(IndexYear { area: municipality.code.clone(), year: year.year, points: shown });
        }
    }
    rows.sort_by(|a, b| (&a.area, a.year).cmp(&(&b.area, b.year)));
    Ok(rows)
}

/// Where index and estimates agree and where they part.
fn agreement(bundle: &Bundle, areas: &[IndexArea], classes: usize) -> Option<IndexAgreement> {
    let rates: std::collections::HashMap<&str, f64> = bundle
        .estimates
        .iter()
        .filter(|row| row.level == Level::Municipality && row.group.is_all())
        .filter_map(|row| Some((row.area.as_str(), row.rate?)))
        .collect();
    let both: Vec<(&IndexArea, f64)> = areas
        .iter()
        .filter_map(|area| area.rank.and(rates.get(area.area.as_str())).map(|rate| (area, *rate)))
        .collect();
    let by_index: Vec<f64> = both.iter().map(|(area, _)| -(area.rank.unwrap_or(0) as f64)).collect();
    let by_rate: Vec<f64> = both.iter().map(|(_, rate)| *rate).collect();
    let rank_correlation = correlations(&[by_index.clone(), by_rate.clone()], CorrelationKind::Spearman).ok()?[1];
    let columns = bundle.manifest.classes.names.len();
    let mut table = vec![vec![0u64; columns]; classes];
    for (area, _) in &both {
        let other = bundle.classes.iter().find(|row| row.area == area.area).and_then(|row| row.class);
        if let (Some(own), Some(other)) = (area.class, other)
            && let Some(cell) = table.get_mut(own as usize - 1).and_then(|row| row.get_mut(other as usize - 1))
        {
            *cell += 1;
        }
    }
    let (index_ranks, rate_ranks) = (ranks(&by_index), ranks(&by_rate));
    let mut furthest: Vec<IndexDifference> = both
        .iter()
        .enumerate()
        .map(|(position, (area, _))| IndexDifference {
            area: area.area.clone(),
            index_rank: i64::from(index_ranks[position]),
            rate_rank: i64::from(rate_ranks[position]),
        })
        .collect();
    furthest.sort_by_key(|row| (-(row.index_rank - row.rate_rank).abs(), row.area.clone()));
    furthest.truncate(FURTHEST);
    Some(IndexAgreement { areas: both.len() as u64, rank_correlation, classes: table, furthest })
}
