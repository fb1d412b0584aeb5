//! From the rows of the survey to classified children with design and groups.

use arrow::array::{Array, ArrayRef, AsArray, Float64Array, RecordBatch};
use arrow::datatypes::{DataType, Float64Type};
use clrisk_core::bundle::VariableLabel;
use clrisk_core::text::Catalog;
use clrisk_core::{Finding, Findings, Language, LocalText, Place};
use clrisk_definitions::{
    Classification, Codes, Condition, Definition, HazardousKind, Items, MISSING, NO, Status, YES, classify,
};
use clrisk_measure::figures::{Asked, Dimension, SurveyChildren, value};
use clrisk_stats::design::LonelyPsu;
use clrisk_stats::direct::NO_GROUP;

use super::settings::{CodeSettings, GroupVariable, ItemSettings, MeasureProject};
use crate::columns::Interner;
use crate::model::replicates_of;
use crate::settings::Settings;
use crate::source::{Column, Found, Session, evaluation_finding, select_list};
use crate::survey::{Accounting, Occurrences, replicate_columns};

/// A child of a survey stands for many. Where the mean weight is below this, the weights were divided by their mean: in MICS those of
/// children are, and then multiplied by the children of the household (Togo: 2.4 on average).
const NORMALISED: f64 = 4.0;
/// Most categories of a variable whose levels are taken from the file.
const MOST_LEVELS: usize = 200;
/// Age groups that every survey has.
const AGE_GROUPS: [[i16; 2]; 3] = [[5, 11], [12, 14], [15, 17]];
/// Bands of weekly hours of economic activity: first and last hour.
const HOURS_BANDS: [(f32, f32); 5] = [(0.0, 0.99), (1.0, 13.99), (14.0, 27.99), (28.0, 42.99), (43.0, 168.0)];
const HOURS_LABELS: [&str; 5] = ["0", "1-13", "14-27", "28-42", "43+"];

/// A survey ready to be measured.
pub struct ReadSurvey {
    /// Its children.
    pub children: SurveyChildren,
    /// Children within the ages of the definition.
    pub in_scope: u64,
    /// The weights add up to the sample: they give no numbers of children.
    pub normalised_weights: bool,
    /// Least and greatest age among them.
    pub ages_met: [i16; 2],
    /// Questions on economic activity and on chores.
    pub questions: [usize; 2],
}

/// Raw columns of the survey.
#[derive(Default)]
struct Raw {
    answers: Vec<Vec<u8>>,
    hours: Vec<Vec<f32>>,
    codes: Vec<(Vec<String>, Vec<u32>, Interner)>,
}

impl Raw {
    fn new(kinds: &[RawKind]) -> Raw {
        let mut raw = Raw::default();
        for kind in kinds {
            match kind {
                RawKind::Answer => raw.answers.push(Vec::new()),
                RawKind::Hours => raw.hours.push(Vec::new()),
                RawKind::Code => raw.codes.push((Vec::new(), Vec::new(), Interner::default())),
            }
        }
        raw
    }

    /// Appends the raw columns of one row of a batch; they begin at column `first`.
    fn append(&mut self, batch: &RecordBatch, first: usize, kinds: &[RawKind], row: usize) {
        let (mut answer, mut hour, mut code) = (0, 0, 0);
        for (offset, kind) in kinds.iter().enumerate() {
            let column = batch.column(first + offset);
            let number = column.as_primitive_opt::<Float64Type>().filter(|column| !column.is_null(row));
            match kind {
                RawKind::Answer => {
                    let value = match number.map(|column| column.value(row)) {
                        None => MISSING,
                        Some(1.0) => YES,
                        Some(_) => NO,
                    };
                    self.answers[answer].push(value);
                    answer += 1;
                }
                RawKind::Hours => {
                    self.hours[hour].push(number.map_or(f32::NAN, |column| column.value(row) as f32));
                    hour += 1;
                }
                RawKind::Code => {
                    let (distinct, index, interner) = &mut self.codes[code];
                    index.push(match text_at(column, row).map(str::trim).filter(|text| !text.is_empty()) {
                        None => Codes::NONE,
                        Some(text) => {
                            let number = interner.number(text);
                            if number as usize == distinct.len() {
                                distinct.push(text.to_owned());
                            }
                            number
                        }
                    });
                    code += 1;
                }
            }
        }
    }
}

/// The text of a row, in either of the layouts that DataFusion makes of a cast to text.
fn text_at(column: &ArrayRef, row: usize) -> Option<&str> {
    if column.is_null(row) {
        return None;
    }
    match (column.as_string_opt::<i32>(), column.as_string_view_opt()) {
        (Some(column), _) => Some(column.value(row)),
        (_, Some(column)) => Some(column.value(row)),
        _ => None,
    }
}

fn age_of(ages: &Float64Array, row: usize) -> i16 {
    let age = if ages.is_null(row) { -1.0 } else { ages.value(row).floor() };
    if (0.0..=150.0).contains(&age) { age as i16 } else { -1 }
}

/// The outcome of the model as a definition gives it: appended to the query of the survey, and classified batch by batch.
pub struct DefinedOutcome {
    definition: Definition,
    items: ItemSettings,
    filter: Option<String>,
    measure: String,
    expressions: Vec<(String, String)>,
    kinds: Vec<RawKind>,
}

impl DefinedOutcome {
    /// The outcome `outcome.from_definition`, when the settings have one.
    ///
    /// # Errors
    /// `MEASURE-001` without `[definition]`, `MEASURE-006` another measure than those that can be an outcome, and whatever is
    /// wrong with the definition, its items and their expressions.
    pub async fn of(
        session: &Session,
        settings: &Settings,
        findings: &mut Findings,
    ) -> Result<Option<DefinedOutcome>, Found> {
        let Some(measure) = &settings.outcome.from_definition else { return Ok(None) };
        let key = "outcome.from_definition";
        if !["child_labour", "child_labour_economic", "working"].contains(&measure.as_str()) {
            let finding = Finding::error("MEASURE-006", Place::key(key));
            return Err(Box::new(finding.with("key", key).with("reason", measure)));
        }
        let Some(chosen) = &settings.definition else {
            let finding = Finding::error("MEASURE-001", Place::key("definition"));
            return Err(Box::new(finding.with("what", "[definition]")));
        };
        let definition = super::resolve(&chosen.name, session.folder(), findings)?;
        let place = "definition.items";
        check_items(&chosen.items, &definition, place, findings)?;
        let (expressions, kinds) = raw_columns(&chosen.items);
        let file = settings.survey.file.display().to_string();
        for (name, expression) in &expressions {
            session.check_expression("survey", expression, &format!("{place}.{name}"), &file).await?;
        }
        Ok(Some(DefinedOutcome {
            definition,
            items: chosen.items.clone(),
            filter: chosen.filter.clone(),
            measure: measure.clone(),
            expressions,
            kinds,
        }))
    }

    /// Rows that were asked.
    pub fn filter(&self) -> Option<&str> {
        self.filter.as_deref()
    }

    /// The columns that the query needs besides its own.
    pub fn columns(&self) -> impl Iterator<Item = Column<'_>> {
        self.expressions.iter().zip(&self.kinds).map(|((_, expression), kind)| match kind {
            RawKind::Answer | RawKind::Hours => Column::Number(expression),
            RawKind::Code => Column::Text(expression),
        })
    }

    /// The outcome of every row of a batch whose ages are in column `age` and whose raw columns begin at `first`.
    ///
    /// # Errors
    /// `MEASURE-006` when the columns cannot be classified.
    pub fn of_batch(&self, batch: &RecordBatch, age: usize, first: usize) -> Result<Vec<Option<bool>>, Found> {
        let mut raw = Raw::new(&self.kinds);
        let ages = batch.column(age).as_primitive::<Float64Type>();
        let ages: Vec<i16> = (0..batch.num_rows()).map(|row| age_of(ages, row)).collect();
        for row in 0..batch.num_rows() {
            raw.append(batch, first, &self.kinds, row);
        }
        let classified = classify(&self.definition, &items_of(&self.items, &raw, &ages)).map_err(|error| {
            let key = "definition.items";
            Box::new(Finding::error("MEASURE-006", Place::key(key)).with("key", key).with("reason", error))
        })?;
        Ok((0..ages.len()).map(|row| value(&self.measure, &classified, row)).collect())
    }
}

/// What a raw column is, in the order of the query.
#[derive(Clone, Copy)]
enum RawKind {
    Answer,
    Hours,
    Code,
}

/// Reads and classifies the survey registered as `table`.
///
/// # Errors
/// Findings of files and expressions, at keys below `prefix`. What is wrong with rows goes to `findings`.
pub async fn read(
    session: &Session,
    table: &str,
    prefix: &str,
    project: &MeasureProject,
    definition: &Definition,
    findings: &mut Findings,
) -> Result<ReadSurvey, Found> {
    let survey = &project.survey;
    let items = &project.definition.items;
    let file = survey.file.display().to_string();
    let key = |name: &str| format!("{prefix}{name}");
    check_items(items, definition, &key("definition.items"), findings)?;
    let filters: Vec<String> = [&survey.filter, &project.definition.filter]
        .into_iter()
        .flatten()
        .map(|filter| format!("({filter})"))
        .collect();
    let filter = if filters.is_empty() { "TRUE".to_owned() } else { filters.join(" AND ") };
    let (raw_expressions, kinds) = raw_columns(items);
    for (name, expression) in [
        ("survey.age", &survey.age),
        ("survey.weight", &survey.weight),
        ("survey.stratum", &survey.stratum),
        ("survey.psu", &survey.psu),
        ("definition.filter", &filter),
    ] {
        session.check_expression(table, expression, &key(name), &file).await?;
    }
    for (name, expression) in &raw_expressions {
        session.check_expression(table, expression, &key(&format!("definition.items.{name}")), &file).await?;
    }
    for (name, variable) in &project.variables {
        session.check_expression(table, &variable.survey, &key(&format!("measure.by.{name}")), &file).await?;
    }
    let mut list = vec![
        Column::Number(&survey.age),
        Column::Number(&survey.weight),
        Column::Text(&survey.stratum),
        Column::Text(&survey.psu),
        Column::Flag(&filter),
    ];
    list.extend(raw_expressions.iter().zip(&kinds).map(|((_, expression), kind)| match kind {
        RawKind::Answer | RawKind::Hours => Column::Number(expression),
        RawKind::Code => Column::Text(expression),
    }));
    list.extend(project.variables.iter().map(|(_, variable)| Column::Text(&variable.survey)));
    let finite_population_at = list.len();
    if let Some(expression) = &survey.finite_population {
        session.check_expression(table, expression, &key("survey.finite_population"), &file).await?;
        list.push(Column::Number(expression));
    }
    let first_replicate = list.len();
    let replicate_columns = match &survey.replicates {
        Some(replicates) => replicate_columns(session, table, &replicates.columns, &file).await?,
        None => Vec::new(),
    };
    list.extend(replicate_columns.iter().map(|name| Column::Number(name)));
    let sql = format!("SELECT {} FROM {table}", select_list(&list));
    let batches = session
        .query(&sql, &key("definition.items"), &file)
        .await?
        .collect()
        .await
        .map_err(|error| Box::new(evaluation_finding(&file, &key("definition.items"), &error)))?;

    let mut raw = Raw::new(&kinds);
    let (mut weights, mut strata, mut psus, mut ages) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut group_texts: Vec<Vec<Option<String>>> = vec![Vec::new(); project.variables.len()];
    let (mut stratum_numbers, mut psu_numbers) = (Interner::default(), Interner::default());
    let mut finite_population = Vec::new();
    let mut replicates: Vec<Vec<f64>> = vec![Vec::new(); replicate_columns.len()];
    let (mut bad_weight, mut no_design) = (Occurrences::default(), Occurrences::default());
    let mut bad_replicate = Occurrences::default();
    let mut accounting = Accounting::default();
    let mut row_number = 0u64;
    for batch in &batches {
        let number = |index: usize| batch.column(index).as_primitive::<Float64Type>();
        let texts: Vec<_> = (0..batch.num_columns())
            .map(|index| arrow::compute::cast(batch.column(index), &DataType::Utf8))
            .collect::<Result<_, _>>()
            .map_err(|error| Box::new(evaluation_finding(&file, &key("definition.items"), &error.into())))?;
        let text = |index: usize, row: usize| {
            let column = texts[index].as_string::<i32>();
            (!column.is_null(row)).then(|| column.value(row))
        };
        for row in 0..batch.num_rows() {
            row_number += 1;
            accounting.read += 1;
            if number(4).value(row) == 0.0 {
                accounting.exclude("reason-filter", 1);
                continue;
            }
            let weight = if number(1).is_null(row) { f64::NAN } else { number(1).value(row) };
            if !(weight > 0.0 && weight.is_finite()) {
                bad_weight.note(row_number);
                continue;
            }
            let (Some(stratum), Some(psu)) = (text(2, row), text(3, row)) else {
                no_design.note(row_number);
                continue;
            };
            let replicate = |index: usize| number(first_replicate + index);
            let usable = |index: usize| !replicate(index).is_null(row) && replicate(index).value(row) >= 0.0;
            if !(0..replicates.len()).all(usable) {
                bad_replicate.note(row_number);
                continue;
            }
            for (index, weights) in replicates.iter_mut().enumerate() {
                weights.push(replicate(index).value(row));
            }
            if survey.finite_population.is_some() {
                let sizes = number(finite_population_at);
                finite_population.push(if sizes.is_null(row) { f64::NAN } else { sizes.value(row) });
            }
            let stratum = stratum_numbers.number(stratum);
            weights.push(weight);
            strata.push(u64::from(stratum));
            psus.push(u64::from(psu_numbers.number(&format!("{stratum}\u{1f}{psu}"))));
            ages.push(age_of(number(0), row));
            raw.append(batch, 5, &kinds, row);
            for (variable, values) in group_texts.iter_mut().enumerate() {
                values.push(text(5 + kinds.len() + variable, row).map(str::to_owned));
            }
        }
    }
    for (occurrences, code, name) in [
        (&bad_weight, "DESIGN-002", "survey.weight"),
        (&no_design, "DESIGN-003", "survey.stratum"),
        (&bad_replicate, "DESIGN-006", "survey.replicates"),
    ] {
        if occurrences.count > 0 {
            let place = Place::file(&file).row(occurrences.first).at_key(key(name));
            findings.push(Finding::error(code, place).with("count", occurrences.count));
        }
    }
    let mut dimensions = vec![age_groups(&ages)];
    if !items.economic_hours.is_empty() {
        dimensions.push(hours_bands(&raw.hours[..items.economic_hours.len()], ages.len()));
    }
    for ((name, variable), texts) in project.variables.iter().zip(&group_texts) {
        dimensions.retain(|dimension| dimension.label.name != *name);
        dimensions.push(dimension(name, variable, texts, &key(&format!("measure.by.{name}")), &file, findings));
    }
    let columns = items_of(items, &raw, &ages);
    let classified = classify(definition, &columns).map_err(|error| {
        Box::new(
            Finding::error("MEASURE-006", Place::key(key("definition.items")))
                .with("key", "definition.items")
                .with("reason", error),
        )
    })?;
    let in_scope = classified.statuses.iter().filter(|status| **status != Status::OutOfScope).count() as u64;
    let unknown = ages.iter().filter(|age| **age < 0).count() as u64;
    accounting.exclude("reason-age-unknown", unknown);
    accounting.exclude("reason-age-outside", ages.len() as u64 - in_scope - unknown);
    accounting.used = in_scope;
    findings.push(accounting.finding(&file));
    if in_scope == 0 && !findings.has_errors() {
        return Err(Box::new(Finding::error("DATA-001", Place::file(&file)).with("file", &file)));
    }
    let met = ages.iter().filter(|age| definition.ages[0] as i16 <= **age && **age <= definition.ages[1] as i16);
    let ages_met = [met.clone().min().copied().unwrap_or(-1), met.max().copied().unwrap_or(-1)];
    let inside = |row: &usize| classified.statuses[*row] != Status::OutOfScope;
    let sum: f64 = (0..weights.len()).filter(inside).map(|row| weights[row]).sum();
    let normalised_weights = match survey.children {
        Some(total) => {
            if !(total.is_finite() && total >= in_scope as f64) {
                let place = Place::key(key("survey.children"));
                return Err(Box::new(
                    Finding::error("CONFIG-001", place).with("reason", format!("children = {total}")),
                ));
            }
            for weight in weights.iter_mut().chain(replicates.iter_mut().flatten()) {
                *weight *= total / sum;
            }
            false
        }
        None => sum < NORMALISED * in_scope as f64,
    };
    if normalised_weights {
        let place = Place::file(&file).at_key(key("survey.weight"));
        findings.push(Finding::warning("MEASURE-007", place).with("mean", format!("{:.2}", sum / in_scope as f64)));
    }
    let replicates = replicates_of(survey, &weights, &replicates)?;
    Ok(ReadSurvey {
        normalised_weights,
        children: SurveyChildren {
            finite_population,
            replicates,
            weights,
            strata,
            psus,
            lonely_psu: lonely_psu(&survey.lonely_psu)?,
            ages,
            classified,
            asked: asked(items),
            dimensions,
        },
        in_scope,
        ages_met,
        questions: [items.economic.len(), items.chores.len()],
    })
}

fn lonely_psu(name: &str) -> Result<LonelyPsu, Found> {
    Ok(match name {
        "fail" => LonelyPsu::Fail,
        "merge" => LonelyPsu::Merge,
        "centre" => LonelyPsu::Centre,
        "certainty" => LonelyPsu::Certainty,
        other => {
            let place = Place::key("survey.lonely_psu");
            return Err(Box::new(Finding::error("CONFIG-001", place).with("reason", format!("lonely_psu = {other}"))));
        }
    })
}

/// The items that the definition rests on must be there; what only some bands use may be missing, and is said.
fn check_items(items: &ItemSettings, definition: &Definition, key: &str, findings: &mut Findings) -> Result<(), Found> {
    let wrong = |name: &str, reason: &str| {
        let place = Place::key(format!("{key}.{name}"));
        Box::new(Finding::error("MEASURE-006", place).with("key", format!("{key}.{name}")).with("reason", reason))
    };
    if items.economic.is_empty() {
        return Err(Box::new(Finding::error("MEASURE-001", Place::key(key)).with("what", format!("{key}.economic"))));
    }
    for kind in items.conditions.keys() {
        if Condition::parse(kind).is_none() {
            let known: Vec<&str> = Condition::ALL.iter().map(|kind| kind.code()).collect();
            return Err(wrong(&format!("conditions.{kind}"), &known.join(", ")));
        }
    }
    for (name, codes, industries) in [("industry", &items.industry, true), ("occupation", &items.occupation, false)] {
        if let Some(codes) = codes {
            let classification = Classification::parse(&codes.classification);
            let fits = classification.is_some_and(|known| {
                known.is_of_industries() == industries && definition.list.as_ref().is_none_or(|list| list.covers(known))
            });
            if !fits {
                return Err(wrong(&format!("{name}.classification"), &codes.classification));
            }
        }
    }
    let hours_used = definition.bands.iter().any(|band| {
        matches!(band.economic, Some(clrisk_definitions::EconomicRule::Hours(_))) || band.long_hours.is_some()
    });
    let chores_used = definition.bands.iter().any(|band| band.chores.is_some());
    let kinds = definition.hazardous_kinds();
    for (missing, name) in [
        (hours_used && items.economic_hours.is_empty(), "economic_hours"),
        (chores_used && items.chores.is_empty(), "chores"),
        (chores_used && items.chores_hours.is_empty(), "chores_hours"),
        (kinds.contains(&HazardousKind::Conditions) && items.conditions.is_empty(), "conditions"),
        (kinds.contains(&HazardousKind::Industry) && items.industry.is_none(), "industry"),
        (kinds.contains(&HazardousKind::Occupation) && items.occupation.is_none(), "occupation"),
        (kinds.contains(&HazardousKind::Night) && items.night.is_none(), "night"),
    ] {
        if missing {
            findings.push(Finding::warning("DEFINE-007", Place::key(format!("{key}.{name}"))).with("item", name));
        }
    }
    Ok(())
}

/// The raw columns of the query: name for findings, expression, kind; answers first, then hours, then codes.
fn raw_columns(items: &ItemSettings) -> (Vec<(String, String)>, Vec<RawKind>) {
    let mut columns = Vec::new();
    let mut kinds = Vec::new();
    let answer = |expression: &str| format!("CASE WHEN ({expression}) THEN 1 WHEN NOT ({expression}) THEN 0 END");
    let mut answers: Vec<(&str, &String)> = Vec::new();
    answers.extend(items.economic.iter().map(|expression| ("economic", expression)));
    answers.extend(items.chores.iter().map(|expression| ("chores", expression)));
    answers.extend(items.conditions.values().map(|expression| ("conditions", expression)));
    for (name, expression) in
        [("night", &items.night), ("worst_forms", &items.worst_forms), ("attendance", &items.attendance)]
    {
        answers.extend(expression.iter().map(|expression| (name, expression)));
    }
    for (name, expression) in answers {
        columns.push((name.to_owned(), answer(expression)));
        kinds.push(RawKind::Answer);
    }
    for (name, list) in [("economic_hours", &items.economic_hours), ("chores_hours", &items.chores_hours)] {
        for expression in list {
            columns.push((name.to_owned(), expression.clone()));
            kinds.push(RawKind::Hours);
        }
    }
    for (name, code) in [("industry", &items.industry), ("occupation", &items.occupation)] {
        if let Some(code) = code {
            columns.push((name.to_owned(), code.code.clone()));
            kinds.push(RawKind::Code);
        }
    }
    (columns, kinds)
}

/// The columns as the classifier wants them, in the order of [`raw_columns`].
fn items_of<'a>(items: &ItemSettings, raw: &'a Raw, ages: &'a [i16]) -> Items<'a> {
    let mut answers = raw.answers.iter().map(Vec::as_slice);
    let mut hours = raw.hours.iter().map(Vec::as_slice);
    let mut codes = raw.codes.iter();
    let mut next_codes = |settings: &Option<CodeSettings>| {
        let settings = settings.as_ref()?;
        let (distinct, index, _) = codes.next()?;
        Some(Codes { classification: Classification::parse(&settings.classification)?, distinct, index })
    };
    Items {
        ages,
        economic: answers.by_ref().take(items.economic.len()).collect(),
        chores: answers.by_ref().take(items.chores.len()).collect(),
        conditions: items.conditions.keys().filter_map(|kind| Condition::parse(kind)).zip(answers.by_ref()).collect(),
        night: items.night.as_ref().and_then(|_| answers.next()),
        worst_forms: items.worst_forms.as_ref().and_then(|_| answers.next()),
        attendance: items.attendance.as_ref().and_then(|_| answers.next()),
        economic_hours: hours.by_ref().take(items.economic_hours.len()).collect(),
        chores_hours: hours.by_ref().take(items.chores_hours.len()).collect(),
        industry: next_codes(&items.industry),
        occupation: next_codes(&items.occupation),
    }
}

fn asked(items: &ItemSettings) -> Asked {
    Asked {
        hours: !items.economic_hours.is_empty(),
        chores: !items.chores.is_empty(),
        conditions: items.conditions.keys().filter_map(|kind| Condition::parse(kind)).collect(),
        industry: items.industry.is_some(),
        occupation: items.occupation.is_some(),
        night: items.night.is_some(),
        worst_forms: items.worst_forms.is_some(),
        attendance: items.attendance.is_some(),
    }
}

fn in_all_languages(text: impl Fn(&Catalog, Language) -> String) -> LocalText {
    let catalog = Catalog::load();
    LocalText::ByLanguage(Language::ALL.into_iter().map(|language| (language, text(&catalog, language))).collect())
}

fn age_groups(ages: &[i16]) -> Dimension {
    let categories = AGE_GROUPS
        .iter()
        .map(|[from, to]| {
            let (from, to) = (from.to_string(), to.to_string());
            let label = in_all_languages(|catalog, language| {
                catalog.with(language, "measure-ages", &[("from", &from), ("to", &to)])
            });
            (format!("{from}-{to}"), label)
        })
        .collect();
    let code = |age: &i16| {
        AGE_GROUPS.iter().position(|[from, to]| (from..=to).contains(&age)).map_or(NO_GROUP, |at| at as u32)
    };
    Dimension {
        label: VariableLabel {
            name: "age_group".to_owned(),
            title: in_all_languages(|catalog, language| catalog.get(language, "measure-heading-age")),
            role: "context".to_owned(),
            categories,
        },
        codes: ages.iter().map(code).collect(),
    }
}

fn hours_bands(hours: &[Vec<f32>], rows: usize) -> Dimension {
    let code = |row: usize| {
        let answered: Vec<f32> = hours.iter().map(|column| column[row]).filter(|hours| !hours.is_nan()).collect();
        if answered.is_empty() {
            return NO_GROUP;
        }
        let sum: f32 = answered.iter().sum();
        HOURS_BANDS.iter().position(|(from, to)| sum >= *from && sum <= *to).map_or(NO_GROUP, |band| band as u32)
    };
    Dimension {
        label: VariableLabel {
            name: "hours".to_owned(),
            title: in_all_languages(|catalog, language| catalog.get(language, "measure-heading-hours")),
            role: "context".to_owned(),
            categories: HOURS_LABELS.iter().map(|label| ((*label).to_owned(), LocalText::from(*label))).collect(),
        },
        codes: (0..rows).map(code).collect(),
    }
}

/// A variable of groups: its categories from the settings, or from the file in the order of their numbers or letters.
fn dimension(
    name: &str,
    variable: &GroupVariable,
    texts: &[Option<String>],
    key: &str,
    file: &str,
    findings: &mut Findings,
) -> Dimension {
    let levels = variable.levels.clone().unwrap_or_else(|| {
        let mut found: Vec<String> = texts.iter().flatten().cloned().collect();
        found.sort_unstable();
        found.dedup();
        found.sort_by(|a, b| match (a.parse::<f64>(), b.parse::<f64>()) {
            (Ok(a), Ok(b)) => a.total_cmp(&b),
            _ => a.cmp(b),
        });
        found
    });
    if levels.len() > MOST_LEVELS || levels.is_empty() {
        findings.push(Finding::error("MEASURE-002", Place::key(key)).with("key", key).with("name", name));
    }
    let mut unknown = 0u64;
    let codes = texts
        .iter()
        .map(|text| match text {
            None => NO_GROUP,
            Some(text) => levels.iter().position(|level| level == text).map_or_else(
                || {
                    unknown += 1;
                    NO_GROUP
                },
                |at| at as u32,
            ),
        })
        .collect();
    if unknown > 0 {
        findings.push(
            Finding::error("DATA-004", Place::file(file).at_key(key))
                .with("variable", name)
                .with("count", unknown)
                .with("key", key)
                .detail(levels.join(", ")),
        );
    }
    let label = |level: &String| variable.labels.get(level).cloned().unwrap_or(LocalText::Same(level.clone()));
    Dimension {
        label: VariableLabel {
            name: name.to_owned(),
            title: variable.title.clone(),
            role: "context".to_owned(),
            categories: levels.iter().map(|level| (level.clone(), label(level))).collect(),
        },
        codes,
    }
}
