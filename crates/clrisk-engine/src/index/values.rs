//! The values of the indicators by municipality and year.

use std::collections::BTreeMap;

use clrisk_core::bundle::JoinReport;
use clrisk_core::{Finding, Findings, Place};

use super::indicators::IndicatorTable;
use super::settings::{IndexSettings, MissingRule};
use crate::areas::AreaTree;
use crate::join::{Decision, Destination, JoinRequest, Joined, Splitting, join};
use crate::source::{Column, Found, Session, select_list};

/// Name of the table of values in the session, and of the join in reports.
pub const ROLE: &str = "indicators";

/// Values of one year.
#[derive(Debug, Clone, PartialEq)]
pub struct YearValues {
    /// The year; zero when the file has no years.
    pub year: i64,
    /// `columns[indicator][municipality]`; NaN where missing.
    pub columns: Vec<Vec<f64>>,
    /// People by municipality.
    pub population: Vec<Option<f64>>,
}

/// Reads the values, years rising.
///
/// # Errors
/// Findings of reading, of expressions and of the join; `INDEX-004` two rows for one municipality and year.
pub async fn read(
    session: &Session,
    settings: &IndexSettings,
    table: &IndicatorTable,
    tree: &AreaTree,
    decisions: &[Decision],
    findings: &mut Findings,
) -> Result<(Vec<YearValues>, JoinReport), Found> {
    let shown = settings.file.display().to_string();
    session.register(ROLE, &settings.file, &settings.types).await?;
    let keep = settings.filter.as_deref().unwrap_or("TRUE");
    session.check_expression(ROLE, keep, "index.filter", &shown).await?;
    let request = JoinRequest {
        role: ROLE,
        file: shown.clone(),
        area: &settings.area,
        names: [None, None],
        systems: [None, None],
        crosswalk: None,
        splitting: Splitting::Each,
        condition: keep,
        complete: true,
    };
    let Joined { destinations, report, .. } = join(session, tree, decisions, &request, findings).await?;
    let expressions: Vec<String> =
        table.indicators.iter().map(|row| row.value.clone().unwrap_or_else(|| format!("\"{}\"", row.code))).collect();
    for (row, expression) in table.indicators.iter().zip(&expressions) {
        let key = format!("{}: {}", settings.indicators.display(), row.code);
        session.check_expression(ROLE, expression, &key, &shown).await?;
    }
    let optional = |expression: &Option<String>| expression.clone().unwrap_or_else(|| "NULL".to_owned());
    let (year, population) = (optional(&settings.year), optional(&settings.population));
    let mut list = vec![Column::Text(&settings.area), Column::Number(&year), Column::Number(&population)];
    list.extend(expressions.iter().map(|expression| Column::Number(expression)));
    let sql = format!("SELECT {} FROM {ROLE} WHERE ({keep})", select_list(&list));
    let texts = session.read_texts(&sql, "index", &shown).await?;
    let areas = tree.municipalities.len();
    let number = |column: usize, row: usize| texts[column][row].as_deref().and_then(|text| text.parse::<f64>().ok());
    let mut years: BTreeMap<i64, YearValues> = BTreeMap::new();
    let mut seen = std::collections::BTreeSet::new();
    for row in 0..texts.first().map_or(0, Vec::len) {
        let Some(Destination::Area(area)) = texts[0][row].as_ref().and_then(|code| destinations.get(code)) else {
            continue;
        };
        let year = number(1, row).unwrap_or(0.0) as i64;
        if !seen.insert((year, *area)) {
            let mut place = Place::file(&shown);
            place.area = Some(tree.municipalities[*area].code.clone());
            let finding = Finding::error("INDEX-004", place).with("file", &shown);
            return Err(Box::new(finding.with("area", &tree.municipalities[*area].code)));
        }
        let values = years.entry(year).or_insert_with(|| YearValues {
            year,
            columns: vec![vec![f64::NAN; areas]; expressions.len()],
            population: vec![None; areas],
        });
        values.population[*area] = number(2, row);
        for (position, column) in values.columns.iter_mut().enumerate() {
            column[*area] = number(3 + position, row).filter(|value| value.is_finite()).unwrap_or(f64::NAN);
        }
    }
    if years.is_empty() {
        return Err(Box::new(Finding::error("FILE-002", Place::file(&shown)).with("file", &shown)));
    }
    Ok((years.into_values().collect(), report))
}

/// Applies the rule for missing values; returns what was filled, by indicator and municipality. Municipalities that the file
/// does not have stay missing whatever the rule.
///
/// # Errors
/// `INDEX-005` values are missing and the rule is to refuse.
pub fn fill(
    values: &mut YearValues,
    settings: &IndexSettings,
    table: &IndicatorTable,
    tree: &AreaTree,
    findings: &mut Findings,
) -> Result<Vec<(usize, usize)>, Found> {
    let areas = tree.municipalities.len();
    let there: Vec<bool> = (0..areas).map(|area| values.columns.iter().any(|column| !column[area].is_nan())).collect();
    let mut gaps: Vec<(usize, usize)> = Vec::new();
    for (indicator, column) in values.columns.iter().enumerate() {
        gaps.extend((0..areas).filter(|&area| there[area] && column[area].is_nan()).map(|area| (indicator, area)));
    }
    if gaps.is_empty() {
        return Ok(gaps);
    }
    let place = Place::file(settings.file.display().to_string()).at_key("index.missing");
    let count = |indicator: usize| gaps.iter().filter(|(found, _)| *found == indicator).count();
    let listed = |mut finding: Finding| {
        for (indicator, row) in table.indicators.iter().enumerate().filter(|(indicator, _)| count(*indicator) > 0) {
            finding = finding.detail(format!("{}: {}", row.code, count(indicator)));
        }
        finding.with("count", gaps.len())
    };
    match settings.missing.rule {
        MissingRule::Refuse => Err(Box::new(listed(Finding::error("INDEX-005", place)))),
        MissingRule::LeaveOut => {
            findings.push(listed(Finding::warning("INDEX-006", place)).with("rule", "leave_out"));
            Ok(Vec::new())
        }
        MissingRule::DepartmentMean => {
            findings.push(listed(Finding::warning("INDEX-006", place)).with("rule", "department_mean"));
            let groups: Vec<u32> = tree.department_of().iter().map(|department| *department as u32).collect();
            for column in &mut values.columns {
                let filled = clrisk_stats::composite::fill_with_group_means(column, &groups)
                    .map_err(|error| super::recipe_finding(&error))?;
                for area in (0..areas).filter(|&area| there[area]) {
                    column[area] = filled[area];
                }
            }
            Ok(gaps)
        }
    }
}
