//! Exact cells: one row for each combination of area and child variables that the population has, with its persons.
//!
//! A model needs no more of a census than this table, and every database can make it: [`statement`] is the query, in SQL that
//! PostgreSQL, DuckDB, SQLite and, in a dialect of its own, BigQuery understand; [`write`] runs it here; [`import`] takes its
//! result from elsewhere. A row carries its status, so that records of other ages, or left out by the filter, are counted and
//! not lost; records with a missing value are cells like others, with nothing in that column. The column `cell_recipe`
//! names the statement: cells made by other expressions than those of `clrisk.toml` are refused.
//!
//! A number with many values (income, an index) would make every child a cell. Such a number is cut into bins, and a cell
//! has its mean; how wide the bins are follows from the survey alone, so that every database cuts alike.

use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray};
use arrow::datatypes::Float64Type;
use clrisk_core::{Finding, Findings, Place};
use datafusion::sql::sqlparser::ast::{CastKind, DataType as SqlType, ExactNumberInfo, Expr, visit_expressions_mut};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;
use futures::StreamExt;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use sha2::{Digest, Sha256};

use crate::codebook::Variable;
use crate::codebook::{Codebook, Origin};
use crate::folder::ProjectFolder;
use crate::model;
use crate::population::age_expression;
use crate::settings::Settings;
use crate::source::{Found, Session, evaluation_finding};

/// Where cells are kept unless `census.cells` says otherwise.
pub const DEFAULT_FILE: &str = "data/census-cells.parquet";
/// Records of the census that a cell stands for: an expression over the cells.
pub(crate) const RECORDS: &str = "\"cell_rows\"";
/// A number with more values than this in the survey is cut into bins.
const MOST_VALUES: u64 = 64;
/// Bins in a standard deviation, about.
const BINS_IN_A_DEVIATION: f64 = 4.0;
/// Cells that are more than this share of the records hardly save anything.
const HARDLY_FEWER: f64 = 0.5;
/// Memory for making cells here; beyond it the disk is used.
const MEMORY: usize = 1 << 30;

/// Whose SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// What PostgreSQL, SQLite and most others understand.
    Standard,
    /// DuckDB, and this program.
    DuckDb,
    /// BigQuery.
    BigQuery,
}

impl Dialect {
    /// The names on the command line.
    pub const NAMES: [&'static str; 3] = ["standard", "duckdb", "bigquery"];

    /// A dialect by name.
    pub fn of_name(name: &str) -> Option<Dialect> {
        match name {
            "standard" => Some(Dialect::Standard),
            "duckdb" => Some(Dialect::DuckDb),
            "bigquery" => Some(Dialect::BigQuery),
            _ => None,
        }
    }

    fn text(self) -> &'static str {
        if self == Dialect::BigQuery { "STRING" } else { "VARCHAR" }
    }

    fn number(self) -> &'static str {
        if self == Dialect::BigQuery { "FLOAT64" } else { "DOUBLE PRECISION" }
    }

    /// A conversion to a number; what is none becomes null where the database can.
    fn as_number(self, expression: &str) -> String {
        let cast = match self {
            Dialect::Standard => "CAST",
            Dialect::DuckDb => "TRY_CAST",
            Dialect::BigQuery => "SAFE_CAST",
        };
        format!("{cast}(({expression}) AS {})", self.number())
    }

    fn quoted(self, name: &str) -> String {
        let quote = if self == Dialect::BigQuery { '`' } else { '"' };
        format!("{quote}{}{quote}", name.replace(quote, &format!("{quote}{quote}")))
    }

    /// An expression of `clrisk.toml` with its conversions spelled as the dialect spells them.
    fn expression(self, expression: &str) -> String {
        if self == Dialect::DuckDb {
            return expression.to_owned();
        }
        let parsed =
            Parser::new(&GenericDialect {}).try_with_sql(expression).and_then(|mut parser| parser.parse_expr());
        let Ok(mut parsed) = parsed else { return expression.to_owned() };
        let _ = visit_expressions_mut(&mut parsed, |expression: &mut Expr| {
            if let Expr::Cast { kind, data_type, .. } = expression {
                *kind = match &*kind {
                    CastKind::DoubleColon => CastKind::Cast,
                    CastKind::TryCast if self == Dialect::BigQuery => CastKind::SafeCast,
                    CastKind::SafeCast if self == Dialect::Standard => CastKind::TryCast,
                    other => other.clone(),
                };
                *data_type = self.kind(data_type);
            }
            std::ops::ControlFlow::<()>::Continue(())
        });
        parsed.to_string()
    }

    fn kind(self, kind: &SqlType) -> SqlType {
        match (kind, self) {
            (SqlType::Varchar(_) | SqlType::Text | SqlType::Char(_), Dialect::BigQuery) => SqlType::String(None),
            (SqlType::Double(_) | SqlType::DoublePrecision | SqlType::Real | SqlType::Float(_), Dialect::BigQuery) => {
                SqlType::Float64
            }
            (SqlType::Int(_) | SqlType::Integer(_) | SqlType::BigInt(_) | SqlType::SmallInt(_), Dialect::BigQuery) => {
                SqlType::Int64
            }
            (SqlType::String(_), Dialect::Standard) => SqlType::Varchar(None),
            (SqlType::Double(ExactNumberInfo::None), Dialect::Standard) => SqlType::DoublePrecision,
            (other, _) => other.clone(),
        }
    }
}

/// A number cut into bins.
#[derive(Debug, Clone, PartialEq)]
pub struct Cut {
    /// Variable.
    pub variable: String,
    /// Width of a bin.
    pub width: f64,
}

/// What cells of a project are made of.
struct Recipe {
    settings: Settings,
    variables: Vec<Variable>,
    cuts: Vec<Cut>,
}

impl Recipe {
    /// The child variables of the project, and which of them are cut. The census is not looked at.
    async fn of(session: &Session, settings: &Settings) -> Result<Recipe, Found> {
        let formula = model::formula(settings)?;
        let variables = Codebook::child_variables(settings, &model::variables_of(&formula))?;
        let mut cuts = Vec::new();
        let file = settings.survey.file.display().to_string();
        for variable in variables.iter().filter(|variable| variable.levels.is_none()) {
            let Origin::Child { survey, .. } = &variable.origin else { continue };
            let key = format!("variables.{}.survey", variable.name);
            let number = format!("TRY_CAST(({survey}) AS DOUBLE)");
            let sql = format!(
                "SELECT CAST(count(DISTINCT {number}) AS VARCHAR), CAST(stddev({number}) AS VARCHAR) FROM survey"
            );
            let texts = session.read_texts(&sql, &key, &file).await?;
            let number = |column: usize| texts[column][0].as_deref().and_then(|text| text.parse::<f64>().ok());
            if number(0).unwrap_or(0.0) > MOST_VALUES as f64
                && let Some(deviation) = number(1).filter(|deviation| *deviation > 0.0)
            {
                cuts.push(Cut { variable: variable.name.clone(), width: round_width(deviation / BINS_IN_A_DEVIATION) });
            }
        }
        Ok(Recipe { settings: settings.clone(), variables, cuts })
    }

    fn cut(&self, variable: &Variable) -> Option<&Cut> {
        self.cuts.iter().find(|cut| cut.variable == variable.name)
    }

    /// A short name of the statement: changes when any expression does.
    fn name(&self) -> Result<String, Found> {
        let text = self.text(Dialect::Standard, "census", "")?;
        Ok(Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect())
    }

    fn text(&self, dialect: Dialect, table: &str, recipe: &str) -> Result<String, Found> {
        let settings = &self.settings;
        let census = &settings.census;
        let own = |expression: &str| dialect.expression(expression);
        let filter = census.filter.as_deref().unwrap_or("TRUE");
        let age = own(&age_expression(settings)?);
        let mut source = vec![
            format!("CAST(({}) AS {}) AS cell_area", own(&census.area), dialect.text()),
            format!("{} AS cell_age", dialect.as_number(&age)),
            format!("CASE WHEN ({}) THEN 1 ELSE 0 END AS cell_keep", own(filter)),
            format!("{} AS cell_count", dialect.as_number(&own(&census.count))),
        ];
        for variable in &self.variables {
            let Origin::Child { census, .. } = &variable.origin else { continue };
            let expression = own(census);
            let value = match variable.levels {
                Some(_) => format!("CAST(({expression}) AS {})", dialect.text()),
                None => dialect.as_number(&expression),
            };
            source.push(format!("{value} AS {}", dialect.quoted(&variable.name)));
        }
        let [youngest, oldest] = settings.outcome.ages;
        let outside = match census.age {
            Some(_) => format!(
                "\n      WHEN cell_age < {youngest} OR cell_age >= {} THEN '{AGE_OUTSIDE}'",
                oldest.saturating_add(1)
            ),
            None => String::new(),
        };
        let mut keys = vec!["cell_status".to_owned(), "cell_area".to_owned()];
        let mut kept = vec!["CASE WHEN cell_status = 'used' THEN cell_area END AS cell_area".to_owned()];
        let mut shown = keys.clone();
        if census.age.is_none() {
            kept.push("CASE WHEN cell_status = 'used' THEN cell_age END AS cell_band".to_owned());
            keys.push("cell_band".to_owned());
            shown.push("cell_band".to_owned());
        }
        for (index, variable) in self.variables.iter().enumerate() {
            let name = dialect.quoted(&variable.name);
            kept.push(format!("CASE WHEN cell_status = 'used' THEN {name} END AS {name}"));
            match self.cut(variable) {
                None => {
                    keys.push(name.clone());
                    shown.push(name);
                }
                Some(cut) => {
                    let width = format!("{:?}", cut.width);
                    kept.push(format!(
                        "CASE WHEN cell_status = 'used' THEN FLOOR({name} / {width}) END AS cell_bin_{index}"
                    ));
                    keys.push(format!("cell_bin_{index}"));
                    // Cells of nobody keep a value too: whoever multiplies by it gets nothing.
                    shown.push(format!(
                        "CASE WHEN SUM(cell_count) > 0 THEN SUM({name} * cell_count) / SUM(cell_count) \
                         ELSE MIN({name}) END AS {name}"
                    ));
                }
            }
        }
        shown.extend([
            "COUNT(*) AS cell_rows".to_owned(),
            "SUM(cell_count) AS cell_persons".to_owned(),
            format!("'{recipe}' AS cell_recipe"),
        ]);
        let list = |items: &[String]| items.join(",\n    ");
        Ok(format!(
            "WITH source AS (\n  SELECT\n    {}\n  FROM {table}\n), judged AS (\n  SELECT *,\n    CASE\n      \
             WHEN cell_age IS NULL THEN '{AGE_UNKNOWN}'{outside}\n      WHEN cell_keep = 0 THEN '{FILTERED}'\n      \
             WHEN cell_count IS NULL OR cell_count < 0 THEN '{BAD_PERSONS}'\n      ELSE '{USED}'\n    END AS cell_status\n  \
             FROM source\n), keyed AS (\n  SELECT cell_status, cell_count,\n    {}\n  FROM judged\n)\nSELECT\n    {}\nFROM \
             keyed\nGROUP BY\n    {}",
            list(&source),
            list(&kept),
            list(&shown),
            list(&keys),
        ))
    }
}

const USED: &str = "used";
const AGE_UNKNOWN: &str = "age-unknown";
const AGE_OUTSIDE: &str = "age-outside";
const FILTERED: &str = "filter";
const BAD_PERSONS: &str = "persons";

/// The nearest of 1, 2 and 5 times a power of ten that is not larger: the width stays when the survey hardly changes.
fn round_width(width: f64) -> f64 {
    let power = 10f64.powf(width.log10().floor());
    let steps = [5.0, 2.0, 1.0].into_iter().map(|step| step * power);
    steps.into_iter().find(|step| *step <= width * (1.0 + 1e-9)).unwrap_or(power)
}

/// The statement that makes the cells of a project in a database whose census is called `table`.
///
/// # Errors
/// Findings of the settings, of the survey and of its expressions. `CELLS-003` says which numbers are cut, `CELLS-004` which
/// expressions a database may not understand; both go to `findings`.
pub async fn statement(
    folder: &ProjectFolder,
    dialect: Dialect,
    table: &str,
    findings: &mut Findings,
) -> Result<String, Found> {
    let (settings, _) = folder.settings()?;
    let session = Session::new(&folder.path);
    session.register_as("survey", &settings.survey.file, settings.survey.reading()).await?;
    let recipe = Recipe::of(&session, &settings).await?;
    report_cuts(&recipe, findings);
    if dialect == Dialect::Standard {
        let census = &settings.census;
        let mut expressions = vec![("census.area".to_owned(), census.area.clone())];
        expressions.extend(census.age.iter().map(|age| ("census.age".to_owned(), age.clone())));
        expressions.extend(census.filter.iter().map(|filter| ("census.filter".to_owned(), filter.clone())));
        expressions.push(("census.count".to_owned(), census.count.clone()));
        expressions.extend(recipe.variables.iter().filter_map(|variable| match &variable.origin {
            Origin::Child { census, .. } => Some((format!("variables.{}.census", variable.name), census.clone())),
            Origin::Area(_) => None,
        }));
        for (key, expression) in expressions {
            if expression.to_ascii_uppercase().contains("TRY_CAST") {
                findings.push(Finding::warning("CELLS-004", Place::key(&key)).with("key", &key));
            }
        }
    }
    recipe.text(dialect, table, &recipe.name()?)
}

fn report_cuts(recipe: &Recipe, findings: &mut Findings) {
    for cut in &recipe.cuts {
        findings.push(
            Finding::note("CELLS-003", Place::key(format!("variables.{}", cut.variable)))
                .with("variable", &cut.variable)
                .with("width", cut.width),
        );
    }
}

/// What cells stand for.
#[derive(Debug, Clone, PartialEq)]
pub struct CellsReport {
    /// Where they were written.
    pub file: PathBuf,
    /// Cells of the study.
    pub cells: u64,
    /// Records of the census, used or not.
    pub records: u64,
    /// Persons of the study.
    pub persons: f64,
    /// Whether `clrisk.toml` names the file already.
    pub named: bool,
}

/// Makes the cells of the project's own census and writes them.
///
/// # Errors
/// As [`statement`], and findings of the census; `FILE-007` when the file cannot be written. `CELLS-005` (cells hardly fewer
/// than records) goes to `findings`.
pub async fn write(folder: &ProjectFolder, findings: &mut Findings) -> Result<CellsReport, Found> {
    let (settings, _) = folder.settings()?;
    let session = Session::with_memory(&folder.path, MEMORY);
    session.register_as("survey", &settings.survey.file, settings.survey.reading()).await?;
    session.register_as("census", &settings.census.file, settings.census.reading()).await?;
    let recipe = Recipe::of(&session, &settings).await?;
    report_cuts(&recipe, findings);
    let file = settings.census.file.display().to_string();
    for variable in &recipe.variables {
        if let Origin::Child { census, .. } = &variable.origin {
            let key = format!("variables.{}.census", variable.name);
            session.check_expression("census", census, &key, &file).await?;
        }
    }
    let sql = recipe.text(Dialect::DuckDb, "census", &recipe.name()?)?;
    let report = store(&session, &settings, folder, &sql, &file).await?;
    if report.records > 0 && report.cells as f64 > HARDLY_FEWER * report.records as f64 {
        findings.push(
            Finding::warning("CELLS-005", Place::file(report.file.display().to_string()))
                .with("cells", report.cells)
                .with("records", report.records),
        );
    }
    Ok(report)
}

/// Takes cells that another database made: checks them and writes them to where a run finds them.
///
/// # Errors
/// Findings of the settings and the file; `CELLS-001` a column is missing, `CELLS-002` the cells are of another statement,
/// `CELLS-006` a row has a status that no statement writes, `FILE-007` when the file cannot be written.
pub async fn import(folder: &ProjectFolder, file: &Path, findings: &mut Findings) -> Result<CellsReport, Found> {
    let (settings, _) = folder.settings()?;
    let session = Session::new(&folder.path);
    session.register_as("survey", &settings.survey.file, settings.survey.reading()).await?;
    let recipe = Recipe::of(&session, &settings).await?;
    report_cuts(&recipe, findings);
    // A path on the command line starts where the person stands.
    let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let shown = file.display().to_string();
    let mut types: std::collections::BTreeMap<String, String> = ["cell_area", "cell_status", "cell_recipe"]
        .iter()
        .map(|name| ((*name).to_owned(), "text".to_owned()))
        .collect();
    for variable in &recipe.variables {
        let kind = if variable.levels.is_some() { "text" } else { "number" };
        types.insert(variable.name.clone(), kind.to_owned());
    }
    session.register("cells", &file, &types).await?;
    let mut list = vec!["CAST(cell_status AS VARCHAR) AS cell_status".to_owned()];
    list.push("CAST(cell_area AS VARCHAR) AS cell_area".to_owned());
    if settings.census.age.is_none() {
        list.push("CAST(cell_band AS DOUBLE) AS cell_band".to_owned());
    }
    for variable in &recipe.variables {
        let name = Dialect::DuckDb.quoted(&variable.name);
        let kind = if variable.levels.is_some() { "VARCHAR" } else { "DOUBLE" };
        list.push(format!("CAST({name} AS {kind}) AS {name}"));
    }
    list.push("CAST(cell_rows AS BIGINT) AS cell_rows".to_owned());
    list.push("CAST(cell_persons AS DOUBLE) AS cell_persons".to_owned());
    list.push("CAST(cell_recipe AS VARCHAR) AS cell_recipe".to_owned());
    for column in &list {
        if let Err(found) = session.query(&format!("SELECT {column} FROM cells LIMIT 0"), "cells", &shown).await {
            let column = found.args.get("column").cloned().unwrap_or_else(|| column.clone());
            return Err(Box::new(
                Finding::error("CELLS-001", Place::file(&shown)).with("file", &shown).with("column", column),
            ));
        }
    }
    check_recipe_of(&session, "cells", &recipe.name()?, &shown).await?;
    let statuses = session.read_texts("SELECT DISTINCT cell_status FROM cells", "cells", &shown).await?;
    let known = [USED, AGE_UNKNOWN, AGE_OUTSIDE, FILTERED, BAD_PERSONS];
    let unknown = statuses.first().map_or(0, |column| {
        column.iter().filter(|status| !status.as_deref().is_some_and(|status| known.contains(&status))).count()
    });
    if unknown > 0 {
        return Err(Box::new(
            Finding::error("CELLS-006", Place::file(&shown)).with("file", &shown).with("count", unknown),
        ));
    }
    let sql = format!("SELECT {} FROM cells", list.join(", "));
    store(&session, &settings, folder, &sql, &shown).await
}

/// Writes the result of a query as the project's cells.
async fn store(
    session: &Session,
    settings: &Settings,
    folder: &ProjectFolder,
    sql: &str,
    source: &str,
) -> Result<CellsReport, Found> {
    let file = settings.census.cells.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_FILE));
    let shown = file.display().to_string();
    let unwritable = || Box::new(Finding::error("FILE-007", Place::file(&shown)).with("file", &shown));
    let path = folder.path.join(&file);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(|_| unwritable())?;
    }
    let mut part = path.clone().into_os_string();
    part.push(".part");
    let frame = session.query_in_parts(sql, "cells", source).await?;
    let mut batches =
        frame.execute_stream().await.map_err(|error| Box::new(evaluation_finding(source, "cells", &error)))?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(format!("clrisk {}", env!("CARGO_PKG_VERSION")))
        .build();
    let output = std::fs::File::create(&part).map_err(|_| unwritable())?;
    let mut writer = ArrowWriter::try_new(output, batches.schema(), Some(properties)).map_err(|_| unwritable())?;
    let mut report = CellsReport { file, cells: 0, records: 0, persons: 0.0, named: settings.census.cells.is_some() };
    while let Some(batch) = batches.next().await {
        let batch = batch.map_err(|error| Box::new(evaluation_finding(source, "cells", &error)))?;
        let number = |name: &str| {
            let column = batch.column_by_name(name)?;
            let numbers = arrow::compute::cast(column, &arrow::datatypes::DataType::Float64).ok()?;
            Some(numbers.as_primitive::<Float64Type>().clone())
        };
        let status = batch
            .column_by_name("cell_status")
            .and_then(|column| arrow::compute::cast(column, &arrow::datatypes::DataType::Utf8).ok());
        if let (Some(status), Some(rows), Some(persons)) = (status, number("cell_rows"), number("cell_persons")) {
            let status = status.as_string::<i32>();
            for row in 0..batch.num_rows() {
                report.records += if rows.is_null(row) { 0 } else { rows.value(row).max(0.0) as u64 };
                if !status.is_null(row) && status.value(row) == USED {
                    report.cells += 1;
                    report.persons += if persons.is_null(row) { 0.0 } else { persons.value(row) };
                }
            }
        }
        writer.write(&batch).map_err(|_| unwritable())?;
    }
    writer.close().map_err(|_| unwritable())?;
    std::fs::rename(&part, &path).map_err(|_| unwritable())?;
    Ok(report)
}

/// The settings of a run: where `census.cells` is given, the expressions over the census become expressions over the cells.
///
/// # Errors
/// `CONFIG-002` when there is neither `census.file` nor `census.cells`.
pub(crate) fn population_settings(mut settings: Settings) -> Result<Settings, Found> {
    let Some(cells) = settings.census.cells.clone() else {
        if settings.census.file.as_os_str().is_empty() {
            return Err(Box::new(Finding::error("CONFIG-002", Place::key("census.file")).with("key", "census.file")));
        }
        return Ok(settings);
    };
    let census = &mut settings.census;
    census.file = cells;
    census.types.clear();
    census.area = "\"cell_area\"".to_owned();
    census.count = format!("CASE WHEN \"cell_status\" = '{BAD_PERSONS}' THEN -1 ELSE \"cell_persons\" END");
    census.filter = Some(format!("\"cell_status\" <> '{FILTERED}'"));
    if census.age.is_some() {
        let [youngest, _] = settings.outcome.ages;
        census.age = Some(format!(
            "CASE \"cell_status\" WHEN '{AGE_UNKNOWN}' THEN NULL WHEN '{AGE_OUTSIDE}' THEN {} ELSE {youngest} END",
            youngest - 1
        ));
    }
    for (index, band) in census.bands.iter_mut().enumerate() {
        band.census = format!("\"cell_band\" = {index}");
    }
    for (name, variable) in settings.variables.iter_mut() {
        if let Some(census) = variable.as_table_mut().and_then(|table| table.get_mut("census")) {
            *census = toml::Value::String(Dialect::DuckDb.quoted(name));
        }
    }
    Ok(settings)
}

/// Refuses cells that other expressions made than those `written` in `clrisk.toml`. The survey is registered.
///
/// # Errors
/// `CELLS-001` when the file has no `cell_recipe`, `CELLS-002` when it is another one.
pub(crate) async fn check_recipe(session: &Session, written: &Settings, settings: &Settings) -> Result<(), Found> {
    if written.census.cells.is_none() {
        return Ok(());
    }
    let recipe = Recipe::of(session, written).await?.name()?;
    check_recipe_of(session, "census", &recipe, &settings.census.file.display().to_string()).await
}

async fn check_recipe_of(session: &Session, table: &str, recipe: &str, file: &str) -> Result<(), Found> {
    let sql = format!("SELECT DISTINCT CAST(\"cell_recipe\" AS VARCHAR) FROM {table}");
    let recipes = session.read_texts(&sql, "cells", file).await.map_err(|found| {
        if found.code != "EXPR-001" {
            return found;
        }
        Box::new(Finding::error("CELLS-001", Place::file(file)).with("file", file).with("column", "cell_recipe"))
    })?;
    let same = recipes
        .first()
        .is_some_and(|found| !found.is_empty() && found.iter().all(|found| found.as_deref() == Some(recipe)));
    if same { Ok(()) } else { Err(Box::new(Finding::error("CELLS-002", Place::file(file)).with("file", file))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_round_and_never_wider_than_asked() {
        for (asked, width) in [(0.2449, 0.2), (0.19, 0.1), (1.0, 1.0), (730.0, 500.0), (0.05, 0.05)] {
            assert!((round_width(asked) - width).abs() < 1e-12, "{asked}: {}", round_width(asked));
        }
    }

    #[test]
    fn conversions_are_spelled_as_each_database_spells_them() {
        let expression = "CASE WHEN TRY_CAST(edad AS INT) > 14 THEN depto::VARCHAR ELSE CAST(x AS DOUBLE) END";
        assert_eq!(
            Dialect::BigQuery.expression(expression),
            "CASE WHEN SAFE_CAST(edad AS INT64) > 14 THEN CAST(depto AS STRING) ELSE CAST(x AS FLOAT64) END"
        );
        assert_eq!(
            Dialect::Standard.expression("depto::VARCHAR || CAST(x AS DOUBLE)"),
            "CAST(depto AS VARCHAR) || CAST(x AS DOUBLE PRECISION)"
        );
        assert_eq!(Dialect::DuckDb.expression(expression), expression);
    }
}
