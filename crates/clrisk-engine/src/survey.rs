//! The survey's children: one row each, with design, outcome, area and variables; everything left out is counted.

use arrow::array::{Array, AsArray, Float64Array};
use arrow::datatypes::Float64Type;
use clrisk_core::{Finding, Findings, Place};

use crate::codebook::{Codebook, Origin};
use crate::columns::{self, Interner, UNKNOWN, Values};
use crate::join::{Destination, Destinations};
use crate::measure::reading::DefinedOutcome;
use crate::settings::Settings;
use crate::source::{Column, Found, Session, evaluation_finding, schema_of, select_list};

/// Children of the survey.
#[derive(Debug, Clone)]
pub struct Survey {
    /// Survey weights, positive.
    pub weights: Vec<f64>,
    /// Strata, as consecutive numbers.
    pub strata: Vec<u32>,
    /// Primary sampling units, as consecutive numbers; unique across strata when the file numbers them within.
    pub psus: Vec<u32>,
    /// Sampling units in the population of the row's stratum; empty when the project does not say.
    pub finite_population: Vec<f64>,
    /// Replicate weights, one vector a replicate; empty when the file has none.
    pub replicates: Vec<Vec<f64>>,
    /// Outcome: 1 or 0.
    pub outcome: Vec<f64>,
    /// Municipality, as position in the tree.
    pub areas: Vec<u32>,
    /// Values of the codebook's child variables, in its order.
    pub variables: Vec<Values>,
    /// Rows of the file by what became of them.
    pub accounting: Accounting,
    /// For each age band of the census, the share of the ages of interest in it (weighted).
    pub band_shares: Vec<f64>,
}

/// What became of the rows of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Accounting {
    /// Rows read.
    pub read: u64,
    /// Rows used.
    pub used: u64,
    /// Rows left out, by reason (a message key `reason-…`) and how many.
    pub excluded: Vec<(String, u64)>,
}

impl Accounting {
    /// Counts rows left out for a reason.
    pub fn exclude(&mut self, reason: &str, rows: u64) {
        if rows == 0 {
            return;
        }
        match self.excluded.iter_mut().find(|(known, _)| known == reason) {
            Some((_, count)) => *count += rows,
            None => self.excluded.push((reason.to_owned(), rows)),
        }
    }

    /// The finding that says so: `DATA-000`, with one line a reason.
    pub fn finding(&self, file: &str) -> Finding {
        let excluded: u64 = self.excluded.iter().map(|(_, count)| count).sum();
        let mut finding = Finding::note("DATA-000", Place::file(file))
            .with("file", file)
            .with("read", self.read)
            .with("used", self.used)
            .with("excluded", excluded);
        for (reason, count) in &self.excluded {
            finding = finding.detail(format!("{count}  {reason}"));
        }
        finding
    }
}

impl Survey {
    /// Reads the survey.
    ///
    /// # Errors
    /// Findings of files and expressions; `DATA-001` when no child is left. Everything wrong with rows goes to `findings`:
    /// `DATA-002` text where a number should be, `DATA-003` missing values, `DATA-004` unknown categories, `DATA-005` outcome
    /// neither 0 nor 1, `DESIGN-002` weights that are not positive, `DESIGN-006` replicate weights that are missing or negative.
    pub async fn read(
        session: &Session,
        settings: &Settings,
        codebook: &Codebook,
        destinations: &Destinations,
        findings: &mut Findings,
    ) -> Result<Survey, Found> {
        let survey = &settings.survey;
        let file = survey.file.display().to_string();
        for (key, expression) in [
            ("survey.age", &survey.age),
            ("survey.weight", &survey.weight),
            ("survey.stratum", &survey.stratum),
            ("survey.psu", &survey.psu),
            ("outcome.survey", &settings.outcome.survey),
        ] {
            session.check_expression("survey", expression, key, &file).await?;
        }
        let defined = DefinedOutcome::of(session, settings, findings).await?;
        let filters = [survey.filter.as_deref(), defined.as_ref().and_then(DefinedOutcome::filter)];
        let filters: Vec<String> = filters.into_iter().flatten().map(|filter| format!("({filter})")).collect();
        let filter = if filters.is_empty() { "TRUE".to_owned() } else { filters.join(" AND ") };
        let filter = filter.as_str();
        session.check_expression("survey", filter, "survey.filter", &file).await?;
        if let Some(expression) = &survey.finite_population {
            session.check_expression("survey", expression, "survey.finite_population", &file).await?;
        }
        let replicate_columns = match &survey.replicates {
            Some(replicates) => replicate_columns(session, "survey", &replicates.columns, &file).await?,
            None => Vec::new(),
        };
        let (weight_given, age_given) =
            (format!("({}) IS NOT NULL", survey.weight), format!("({}) IS NOT NULL", survey.age));
        let mut list = vec![
            Column::Number(&survey.age),
            Column::Number(&survey.weight),
            Column::Text(&survey.stratum),
            Column::Text(&survey.psu),
            Column::Text(&survey.area),
            Column::Number(&settings.outcome.survey),
            Column::Flag(filter),
            Column::Flag(&weight_given),
            Column::Flag(&age_given),
        ];
        list.extend(columns::of_children(&codebook.child, false));
        let first_replicate = list.len();
        list.extend(replicate_columns.iter().map(|name| Column::Number(name)));
        let finite_population_at = list.len();
        list.extend(survey.finite_population.iter().map(|expression| Column::Number(expression)));
        let first_raw = list.len();
        if let Some(defined) = &defined {
            list.extend(defined.columns());
        }
        let sql = format!("SELECT {} FROM survey", select_list(&list));
        let batches = session
            .query(&sql, "survey", &file)
            .await?
            .collect()
            .await
            .map_err(|error| Box::new(evaluation_finding(&file, "survey", &error)))?;

        let mut rows = Survey {
            weights: Vec::new(),
            strata: Vec::new(),
            psus: Vec::new(),
            finite_population: Vec::new(),
            replicates: vec![Vec::new(); replicate_columns.len()],
            outcome: Vec::new(),
            areas: Vec::new(),
            variables: codebook.child.iter().map(Values::empty).collect(),
            accounting: Accounting::default(),
            band_shares: Vec::new(),
        };
        let mut problems = RowProblems::new(codebook);
        let (mut strata, mut psus) = (Interner::default(), Interner::default());
        let mut band_weights = vec![[0.0f64; 2]; settings.census.bands.len()];
        let [youngest, oldest] = settings.outcome.ages;
        let mut scratch: Vec<Values> = codebook.child.iter().map(Values::empty).collect();
        let mut row_number = 0u64;
        for batch in &batches {
            for (index, (values, variable)) in scratch.iter_mut().zip(&codebook.child).enumerate() {
                values.clear();
                columns::append(values, batch, 9 + index, variable);
            }
            let number = |index: usize| batch.column(index).as_primitive::<Float64Type>();
            let classified: Option<Float64Array> = match &defined {
                Some(defined) => {
                    let outcomes = defined.of_batch(batch, 0, first_raw)?;
                    Some(outcomes.iter().map(|outcome| outcome.map(|has| f64::from(u8::from(has)))).collect())
                }
                None => None,
            };
            let (age, weight, keep) = (number(0), number(1), number(6));
            let outcome = classified.as_ref().unwrap_or_else(|| number(5));
            let (weight_given, age_given) = (number(7), number(8));
            let texts: Vec<_> = (2..5)
                .map(|index| arrow::compute::cast(batch.column(index), &arrow::datatypes::DataType::Utf8))
                .collect::<Result<_, _>>()
                .map_err(|error| Box::new(evaluation_finding(&file, "survey", &error.into())))?;
            for row in 0..batch.num_rows() {
                row_number += 1;
                rows.accounting.read += 1;
                if age.is_null(row) {
                    if age_given.value(row) > 0.0 {
                        problems.wrong_age.note(row_number);
                    }
                    rows.accounting.exclude("reason-age-unknown", 1);
                    continue;
                }
                let years = age.value(row).floor() as i64;
                let row_weight = if weight.is_null(row) { f64::NAN } else { weight.value(row) };
                if keep.value(row) > 0.0 && row_weight > 0.0 {
                    for (band, sums) in settings.census.bands.iter().zip(&mut band_weights) {
                        if (band.ages[0]..=band.ages[1]).contains(&years) {
                            sums[1] += row_weight;
                            if (band.of_interest[0]..=band.of_interest[1]).contains(&years) {
                                sums[0] += row_weight;
                            }
                        }
                    }
                }
                if !(youngest..=oldest).contains(&years) {
                    rows.accounting.exclude("reason-age-outside", 1);
                    continue;
                }
                if keep.value(row) == 0.0 {
                    rows.accounting.exclude("reason-filter", 1);
                    continue;
                }
                if weight.is_null(row) {
                    if weight_given.value(row) > 0.0 {
                        problems.wrong_weight.note(row_number);
                    } else {
                        problems.bad_weight.note(row_number);
                    }
                    continue;
                }
                if !(row_weight > 0.0 && row_weight.is_finite()) {
                    problems.bad_weight.note(row_number);
                    continue;
                }
                if outcome.is_null(row) {
                    rows.accounting.exclude("reason-outcome-unknown", 1);
                    continue;
                }
                if outcome.value(row) != 0.0 && outcome.value(row) != 1.0 {
                    problems.bad_outcome.note(row_number);
                    continue;
                }
                let text = |index: usize| texts[index].as_string::<i32>();
                if text(0).is_null(row) || text(1).is_null(row) {
                    problems.no_design.note(row_number);
                    continue;
                }
                let area = match (!text(2).is_null(row)).then(|| destinations.get(text(2).value(row))).flatten() {
                    Some(Destination::Area(area)) => *area as u32,
                    Some(Destination::LeftOut) => {
                        rows.accounting.exclude("reason-area-left-out", 1);
                        continue;
                    }
                    None => {
                        rows.accounting.exclude("reason-area-unmatched", 1);
                        continue;
                    }
                };
                if !problems.check_variables(&scratch, row, row_number) {
                    rows.accounting.exclude("reason-variable-missing", 1);
                    continue;
                }
                let stratum = strata.number(text(0).value(row));
                // A sampling unit is identified within its stratum: many files number them from 1 in each.
                let psu = psus.number(&format!("{stratum}\u{1f}{}", text(1).value(row)));
                let replicate = |index: usize| number(first_replicate + index);
                let usable = |index: usize| !replicate(index).is_null(row) && replicate(index).value(row) >= 0.0;
                if !(0..replicate_columns.len()).all(usable) {
                    problems.bad_replicate.note(row_number);
                    continue;
                }
                for (index, weights) in rows.replicates.iter_mut().enumerate() {
                    weights.push(replicate(index).value(row));
                }
                if survey.finite_population.is_some() {
                    let sizes = number(finite_population_at);
                    rows.finite_population.push(if sizes.is_null(row) { f64::NAN } else { sizes.value(row) });
                }
                rows.weights.push(row_weight);
                rows.strata.push(stratum);
                rows.psus.push(psu);
                rows.outcome.push(outcome.value(row));
                rows.areas.push(area);
                for (kept, values) in rows.variables.iter_mut().zip(&scratch) {
                    match (kept, values) {
                        (Values::Codes(kept), Values::Codes(values)) => kept.push(values[row]),
                        (Values::Numbers(kept), Values::Numbers(values)) => kept.push(values[row]),
                        _ => {}
                    }
                }
                rows.accounting.used += 1;
            }
        }
        problems.report(codebook, settings, &file, rows.accounting.used, findings);
        rows.band_shares =
            band_weights.iter().map(|[inside, all]| if *all > 0.0 { inside / all } else { 0.0 }).collect();
        findings.push(rows.accounting.finding(&file));
        if rows.accounting.used == 0 && !findings.has_errors() {
            return Err(Box::new(Finding::error("DATA-001", Place::file(&file)).with("file", &file)));
        }
        Ok(rows)
    }
}

/// The columns of the survey whose names fit `pattern` (a name with one `*`), quoted as expressions, in the order of the file.
///
/// # Errors
/// `DESIGN-007` when there is none.
pub(crate) async fn replicate_columns(
    session: &Session,
    table: &str,
    pattern: &str,
    file: &str,
) -> Result<Vec<String>, Found> {
    let frame = session.query(&format!("SELECT * FROM {table} LIMIT 0"), "survey.replicates", file).await?;
    let (start, end) = pattern.split_once('*').unwrap_or((pattern, ""));
    let fits = |name: &str| {
        name.strip_prefix(start)
            .is_some_and(|rest| if pattern.contains('*') { rest.ends_with(end) } else { rest.is_empty() })
    };
    let columns: Vec<String> = schema_of(&frame)
        .fields()
        .iter()
        .filter(|field| fits(field.name()))
        .map(|field| format!("\"{}\"", field.name().replace('"', "\"\"")))
        .collect();
    if columns.is_empty() {
        return Err(Box::new(
            Finding::error("DESIGN-007", Place::file(file).at_key("survey.replicates.columns"))
                .with("pattern", pattern)
                .with("file", file),
        ));
    }
    Ok(columns)
}

/// How often something is wrong, and where first.
#[derive(Debug, Clone, Copy, Default)]
pub struct Occurrences {
    /// How many rows.
    pub count: u64,
    /// The first of them.
    pub first: u64,
}

impl Occurrences {
    /// One more row.
    pub fn note(&mut self, row: u64) {
        if self.count == 0 {
            self.first = row;
        }
        self.count += 1;
    }
}

struct RowProblems {
    wrong_age: Occurrences,
    wrong_weight: Occurrences,
    bad_weight: Occurrences,
    bad_outcome: Occurrences,
    no_design: Occurrences,
    bad_replicate: Occurrences,
    missing: Vec<Occurrences>,
    unknown: Vec<Occurrences>,
}

impl RowProblems {
    fn new(codebook: &Codebook) -> RowProblems {
        RowProblems {
            wrong_age: Occurrences::default(),
            wrong_weight: Occurrences::default(),
            bad_weight: Occurrences::default(),
            bad_outcome: Occurrences::default(),
            no_design: Occurrences::default(),
            bad_replicate: Occurrences::default(),
            missing: vec![Occurrences::default(); codebook.child.len()],
            unknown: vec![Occurrences::default(); codebook.child.len()],
        }
    }

    fn check_variables(&mut self, values: &[Values], row: usize, row_number: u64) -> bool {
        let mut usable = true;
        for (index, values) in values.iter().enumerate() {
            if values.usable(row) {
                continue;
            }
            usable = false;
            match values {
                Values::Codes(codes) if codes[row] == UNKNOWN => self.unknown[index].note(row_number),
                _ => self.missing[index].note(row_number),
            }
        }
        usable
    }

    fn report(&self, codebook: &Codebook, settings: &Settings, file: &str, used: u64, findings: &mut Findings) {
        let at = |occurrences: &Occurrences, key: &str| Place::file(file).row(occurrences.first).at_key(key);
        for (occurrences, key) in [(&self.wrong_age, "survey.age"), (&self.wrong_weight, "survey.weight")] {
            if occurrences.count > 0 {
                findings.push(
                    Finding::error("DATA-002", at(occurrences, key)).with("count", occurrences.count).with("key", key),
                );
            }
        }
        if self.bad_weight.count > 0 {
            findings.push(
                Finding::error("DESIGN-002", at(&self.bad_weight, "survey.weight"))
                    .with("count", self.bad_weight.count),
            );
        }
        if self.no_design.count > 0 {
            findings.push(
                Finding::error("DESIGN-003", at(&self.no_design, "survey.stratum")).with("count", self.no_design.count),
            );
        }
        if self.bad_replicate.count > 0 {
            findings.push(
                Finding::error("DESIGN-006", at(&self.bad_replicate, "survey.replicates"))
                    .with("count", self.bad_replicate.count),
            );
        }
        if self.bad_outcome.count > 0 {
            findings.push(
                Finding::error("DATA-005", at(&self.bad_outcome, "outcome.survey"))
                    .with("count", self.bad_outcome.count)
                    .with("variable", &settings.outcome.name),
            );
        }
        variable_findings(codebook, &self.missing, &self.unknown, "survey", file, used, findings);
    }
}

/// Findings about missing values and unknown categories of the child variables of a file.
pub fn variable_findings(
    codebook: &Codebook,
    missing: &[Occurrences],
    unknown: &[Occurrences],
    role: &str,
    file: &str,
    used: u64,
    findings: &mut Findings,
) {
    for (index, variable) in codebook.child.iter().enumerate() {
        if !matches!(variable.origin, Origin::Child { .. }) {
            continue;
        }
        let key = format!("variables.{}.{role}", variable.name);
        let place = |occurrences: &Occurrences| {
            let mut place = Place::file(file).at_key(&key);
            // A scan in several parts does not know row numbers; only the survey is read in order.
            place.row = (occurrences.first > 0).then_some(occurrences.first);
            place
        };
        if unknown[index].count > 0 {
            findings.push(
                Finding::error("DATA-004", place(&unknown[index]))
                    .with("variable", &variable.name)
                    .with("count", unknown[index].count)
                    .with("key", &key)
                    .detail(variable.levels.iter().flatten().cloned().collect::<Vec<_>>().join(", ")),
            );
        }
        if missing[index].count > 0 {
            let total = (used + missing[index].count) as f64;
            let percent = format!("{:.1}", 100.0 * missing[index].count as f64 / total);
            findings.push(
                Finding::warning("DATA-003", place(&missing[index]))
                    .with("variable", &variable.name)
                    .with("count", missing[index].count)
                    .with("percent", percent),
            );
        }
    }
}
