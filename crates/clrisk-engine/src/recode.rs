//! Expressions as tables: how a Parquet population is read without evaluating an expression for every row.
//!
//! `CASE female WHEN 1 THEN 'girl' ELSE 'boy' END` over ten million rows has as many answers as `female` has values. What
//! those are, the statistics of the file say; DataFusion evaluates the expression once for each, so that there is one
//! language of expressions and one that understands it. An expression over a column with a fraction, or over several
//! columns with too many combinations, makes the whole file go the other way, batch by batch through DataFusion.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, UInt64Array};
use arrow::datatypes::{DataType, Field, Float64Type, Schema, SchemaRef};
use clrisk_population::Reading;
use clrisk_population::parquet_scan::{Domain, Lookup, MOST_KEYS, NO_AREA, ParquetPopulation, ScanPlan, StreamSource};
use clrisk_population::plan;
use clrisk_population::rows::Status;
use datafusion::logical_expr::{Expr, LogicalPlan};

use crate::population::{HEAD, PassContext, reading_of};
use crate::source::Session;

/// Keys that a histogram of a bin may have for one column; beyond it a variable gets a stream of its own.
const HISTOGRAM_KEYS: usize = 128;

/// A file, and how to read it.
pub struct Recoded {
    /// The file.
    pub file: ParquetPopulation,
    /// What to read.
    pub plan: ScanPlan,
    /// The child variables.
    pub readings: Vec<Reading>,
    /// Keys of each stream.
    pub streams: Vec<Option<usize>>,
}

/// An expression of the query, with the columns it depends on (positions in the list of columns).
struct Dependent {
    columns: Vec<usize>,
    /// The column itself, as a number.
    plain: bool,
}

/// Plans to read the file behind `census` directly; none when another way is needed.
pub async fn recode(session: &Session, path: &Path, context: &PassContext, sql: &str) -> Option<Recoded> {
    let file = ParquetPopulation::open(path).ok()?;
    let frame = session.query(sql, "census", "").await.ok()?;
    let (expressions, schema) = projection(frame.logical_plan())?;
    let mut columns: Vec<(String, Domain)> = Vec::new();
    let mut dependents = Vec::new();
    for expression in &expressions {
        if expression.is_volatile() {
            return None;
        }
        let mut names: Vec<String> = expression.column_refs().iter().map(|column| column.name.clone()).collect();
        names.sort();
        let mut positions = Vec::new();
        for name in names {
            positions.push(match columns.iter().position(|(known, _)| *known == name) {
                Some(position) => position,
                None => {
                    let domain = file.domain(&name)?;
                    columns.push((name, domain));
                    columns.len() - 1
                }
            });
        }
        dependents.push(Dependent { plain: is_plain_number(expression), columns: positions });
    }
    let answers = Answers::evaluate(session, &columns, &dependents, &schema, sql).await?;
    let assembled = assemble(context, &columns, &dependents, &answers)?;
    let (plan, readings, streams) = (assembled.plan, assembled.readings, assembled.streams);
    Some(Recoded { file, plan: ScanPlan { columns, ..plan }, readings, streams })
}

/// The expressions of a projection straight over a table, and the table's schema.
fn projection(plan: &LogicalPlan) -> Option<(Vec<Expr>, SchemaRef)> {
    let LogicalPlan::Projection(projection) = plan else { return None };
    let mut input = projection.input.as_ref();
    while let LogicalPlan::SubqueryAlias(alias) = input {
        input = alias.input.as_ref();
    }
    let LogicalPlan::TableScan(scan) = input else { return None };
    Some((projection.expr.clone(), scan.source.schema()))
}

/// Whether an expression is a column and at most a conversion of it to another type.
fn is_plain_number(expression: &Expr) -> bool {
    match expression {
        Expr::Alias(alias) => is_plain_number(&alias.expr),
        Expr::Cast(cast) => is_plain_number(&cast.expr),
        Expr::TryCast(cast) => is_plain_number(&cast.expr),
        Expr::Column(_) => true,
        _ => false,
    }
}

/// The value of every expression for every combination of the values of its columns.
struct Answers(Vec<Option<ArrayRef>>);

impl Answers {
    async fn evaluate(
        session: &Session,
        columns: &[(String, Domain)],
        dependents: &[Dependent],
        schema: &SchemaRef,
        sql: &str,
    ) -> Option<Answers> {
        let mut by_columns: BTreeMap<&[usize], Vec<usize>> = BTreeMap::new();
        for (index, dependent) in dependents.iter().enumerate() {
            let numbers = dependent.columns.iter().any(|&column| columns[column].1 == Domain::Numbers);
            match (numbers, dependent.plain) {
                (true, true) => {}
                (true, false) => return None,
                (false, _) => by_columns.entry(&dependent.columns).or_default().push(index),
            }
        }
        let list = split_select_list(sql)?;
        let mut answers: Vec<Option<ArrayRef>> = vec![None; dependents.len()];
        for (number, (combination, members)) in by_columns.into_iter().enumerate() {
            let batch = combinations(columns, combination, schema)?;
            let rows = batch.num_rows();
            let table = format!("combinations {number}");
            session.register_batch(&table, batch).ok()?;
            let wanted: Vec<&str> = members.iter().map(|&index| list.get(index).copied()).collect::<Option<_>>()?;
            let query = format!("SELECT \"{ROW}\", {} FROM \"{table}\"", wanted.join(", "));
            let batches = session.query(&query, "census", "").await.ok()?.collect().await.ok()?;
            let answer = arrow::compute::concat_batches(&batches.first()?.schema(), &batches).ok()?;
            if answer.num_rows() != rows {
                return None;
            }
            // Rows may come back in any order.
            let order = arrow::compute::sort_to_indices(answer.column(0), None, None).ok()?;
            for (offset, index) in members.into_iter().enumerate() {
                answers[index] = Some(arrow::compute::take(answer.column(offset + 1), &order, None).ok()?);
            }
        }
        Some(Answers(answers))
    }

    fn numbers(&self, index: usize) -> Option<Vec<Option<f64>>> {
        let array = self.0[index].as_ref()?.as_primitive_opt::<Float64Type>()?;
        Some(array.iter().collect())
    }

    fn texts(&self, index: usize) -> Option<Vec<Option<String>>> {
        let text = arrow::compute::cast(self.0[index].as_ref()?, &DataType::Utf8).ok()?;
        Some(text.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect())
    }
}

/// Name of the column that numbers the combinations.
const ROW: &str = "row of the combinations";

/// The pieces of the select list that [`crate::source::select_list`] wrote: each ends with a name of its own.
fn split_select_list(sql: &str) -> Option<Vec<&str>> {
    let list = sql.strip_prefix("SELECT ")?.strip_suffix(" FROM census")?;
    let mut pieces = Vec::new();
    let mut rest = list;
    loop {
        let end = format!(" AS \"column {}\"", pieces.len());
        let length = rest.find(&end)? + end.len();
        pieces.push(&rest[..length]);
        match rest[length..].strip_prefix(", ") {
            Some(more) => rest = more,
            None if rest.len() == length => return Some(pieces),
            None => return None,
        }
    }
}

/// Every combination of the values of some columns, the last column moving fastest; each column of the type it has in the
/// file.
fn combinations(columns: &[(String, Domain)], combination: &[usize], schema: &SchemaRef) -> Option<RecordBatch> {
    let mut rows = 1usize;
    for &column in combination {
        rows = rows.checked_mul(columns[column].1.keys()?).filter(|rows| *rows <= MOST_KEYS)?;
    }
    let mut fields = vec![Field::new(ROW, DataType::Int64, false)];
    let mut arrays: Vec<ArrayRef> = vec![Arc::new((0..rows as i64).collect::<Int64Array>())];
    let mut below = rows;
    for &column in combination {
        let (name, domain) = &columns[column];
        let keys = domain.keys()?;
        below /= keys;
        let places: UInt64Array = (0..rows).map(|row| (row / below % keys) as u64).collect();
        let values = arrow::compute::take(&domain.values()?, &places, None).ok()?;
        let kind = schema.field_with_name(name).ok()?.data_type();
        // What the type cannot hold (a third truth value) is missing.
        arrays.push(arrow::compute::cast(&values, kind).ok()?);
        fields.push(Field::new(name, kind.clone(), true));
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).ok()
}

/// A plan without its columns, the readings of the child variables, and the keys of their streams.
struct Assembled {
    plan: ScanPlan,
    readings: Vec<Reading>,
    streams: Vec<Option<usize>>,
}

fn assemble(
    context: &PassContext,
    columns: &[(String, Domain)],
    dependents: &[Dependent],
    answers: &Answers,
) -> Option<Assembled> {
    let lookup_columns = |index: usize| dependents[index].columns.clone();
    let ages = answers.numbers(0)?.into_iter().map(|age| context.age(age).0).collect();
    let persons: Vec<f64> = answers.numbers(1)?.into_iter().map(|count| count.unwrap_or(f64::NAN)).collect();
    let areas = answers.texts(2)?.into_iter().map(|code| code.and_then(|code| context.area(&code)));
    let keeps = answers.numbers(3)?.into_iter().map(|keep| match keep {
        Some(keep) if keep != 0.0 => Status::Candidate,
        _ => Status::Filtered,
    });
    let status: Vec<Lookup<Status>> = [(0, ages), (3, keeps.collect::<Vec<Status>>())]
        .into_iter()
        .filter(|(_, table)| table.iter().any(|status| *status != Status::Candidate))
        .map(|(index, table)| Lookup { columns: lookup_columns(index), table })
        .collect();
    let area = Lookup { columns: lookup_columns(2), table: areas.map(|area| area.unwrap_or(NO_AREA)).collect() };
    let persons =
        (!persons.iter().all(|count| *count == 1.0)).then(|| Lookup { columns: lookup_columns(1), table: persons });

    let mut sources: Vec<StreamSource> = Vec::new();
    let mut streams: Vec<Option<usize>> = Vec::new();
    let mut readings = Vec::new();
    for (position, levels) in context.levels.iter().enumerate() {
        let index = HEAD + position;
        let of = &dependents[index].columns;
        if let ([column], true) = (of.as_slice(), dependents[index].plain)
            && columns[*column].1 == Domain::Numbers
        {
            // Text cannot come from here: a category of a number with a fraction is read the other way.
            if levels.is_some() {
                return None;
            }
            readings.push(Reading::Numbers { stream: sources.len() });
            sources.push(StreamSource::Numbers(*column));
            streams.push(None);
            continue;
        }
        let shared = match of.as_slice() {
            [column] => columns[*column].1.keys().filter(|keys| *keys <= HISTOGRAM_KEYS).map(|keys| (*column, keys)),
            _ => None,
        };
        let codes = match levels {
            Some(levels) => {
                Some(answers.texts(index)?.into_iter().map(|text| code(text, levels)).collect::<Vec<u32>>())
            }
            None => None,
        };
        let numbers = |answers: &Answers| -> Option<Vec<f64>> {
            Some(answers.numbers(index)?.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect())
        };
        match (shared, codes) {
            (Some((column, keys)), codes) => {
                let source = StreamSource::Keys(column);
                let stream = sources.iter().position(|known| *known == source).unwrap_or_else(|| {
                    sources.push(source);
                    streams.push(Some(keys));
                    sources.len() - 1
                });
                readings.push(match (codes, levels) {
                    (Some(table), Some(levels)) => Reading::Codes { stream, table, levels: levels.len() },
                    _ => Reading::Values { stream, table: numbers(answers)? },
                });
            }
            (None, Some(codes)) => {
                let (reading, keys) = reading_of(levels.as_deref(), sources.len());
                let levels = levels.as_ref().map_or(0, Vec::len);
                let table = codes.into_iter().map(|code| match code {
                    plan::MISSING => levels as u16,
                    plan::UNKNOWN => levels as u16 + 1,
                    code => code as u16,
                });
                sources.push(StreamSource::KeyLookup(Lookup { columns: of.clone(), table: table.collect() }));
                streams.push(keys);
                readings.push(reading);
            }
            (None, None) => {
                let table = numbers(answers)?;
                readings.push(Reading::Numbers { stream: sources.len() });
                sources.push(StreamSource::NumberLookup(Lookup { columns: of.clone(), table }));
                streams.push(None);
            }
        }
    }
    let plan = ScanPlan { columns: Vec::new(), streams: sources, status, area, persons };
    Some(Assembled { plan, readings, streams })
}

fn code(text: Option<String>, levels: &[String]) -> u32 {
    match text {
        None => plan::MISSING,
        Some(text) => levels.iter().position(|level| *level == text).map_or(plan::UNKNOWN, |code| code as u32),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use arrow::array::{Float64Array, Int8Array, StringArray};
    use clrisk_stats::multilevel::DesignRecipe;
    use parquet::arrow::ArrowWriter;

    use super::*;
    use crate::join::Destination;
    use crate::population::{Cells, ModeScores};
    use crate::source::{Column, select_list};

    /// The plan for a census of four persons whose two variables are these expressions.
    async fn plan(sex: &str, filter: &str) -> Option<Recoded> {
        let folder = tempfile::tempdir().unwrap();
        let schema = Arc::new(Schema::new(vec![
            Field::new("sexo", DataType::Int8, true),
            Field::new("edad", DataType::Int8, true),
            Field::new("muni", DataType::Utf8, true),
            Field::new("ingreso", DataType::Float64, true),
        ]));
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int8Array::from(vec![Some(1), Some(2), None, Some(2)])),
            Arc::new(Int8Array::from(vec![7, 12, 30, 9])),
            Arc::new(StringArray::from(vec!["01", "01", "02", "99"])),
            Arc::new(Float64Array::from(vec![0.5, 1.5, -2.0, 0.25])),
        ];
        let batch = RecordBatch::try_new(schema.clone(), columns).unwrap();
        let file = std::fs::File::create(folder.path().join("census.parquet")).unwrap();
        let mut writer = ArrowWriter::try_new(file, schema, None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        let session = Session::new(folder.path());
        session.register("census", Path::new("census.parquet"), &BTreeMap::new()).await.unwrap();
        let context = PassContext {
            levels: vec![Some(vec!["boy".to_owned(), "girl".to_owned()]), None],
            destinations: [("01".to_owned(), Destination::Area(0)), ("02".to_owned(), Destination::Area(1))].into(),
            area_values: Vec::new(),
            areas: 2,
            cells: Cells { variables: vec![0], sizes: vec![2] },
            ages: [5, 17],
            band_shares: Vec::new(),
            single_ages: true,
            scores: ModeScores {
                recipe: DesignRecipe::of_factors(vec![vec![]]),
                coefficients: vec![vec![0.0, 0.0]; 2],
            },
        };
        let list = [
            Column::Number("edad"),
            Column::Number("1"),
            Column::Text("muni"),
            Column::Flag(filter),
            Column::Number("1"),
            Column::Text(sex),
            Column::Number("ingreso"),
        ];
        let sql = format!("SELECT {} FROM census", select_list(&list));
        recode(&session, &folder.path().join("census.parquet"), &context, &sql).await
    }

    #[tokio::test]
    async fn expressions_over_columns_with_few_values_become_tables() {
        let sex = "CASE sexo WHEN 1 THEN 'boy' WHEN 2 THEN 'girl' END";
        let recoded = plan(sex, "TRUE").await.unwrap();
        let sex = Reading::Codes { stream: 0, table: vec![0, 1, plan::MISSING], levels: 2 };
        assert_eq!(recoded.readings, [sex, Reading::Numbers { stream: 1 }]);
        assert_eq!(recoded.streams, [Some(3), None]);
        let [age] = recoded.plan.status.as_slice() else { panic!("the filter leaves nobody out") };
        // Ages 7 to 30, and a missing one.
        assert_eq!((age.table.len(), age.table[0], age.table[11], age.table[24]), {
            (25, Status::Candidate, Status::AgeOutside, Status::AgeUnknown)
        });
        assert_eq!(recoded.plan.area.table.iter().filter(|area| **area != NO_AREA).count(), 2);
        assert_eq!(recoded.plan.persons, None);
    }

    #[tokio::test]
    async fn two_columns_together_become_a_table_of_their_combinations() {
        let sex = "CASE WHEN sexo = 1 AND edad < 12 THEN 'boy' ELSE 'girl' END";
        let recoded = plan(sex, "edad <> 9").await.unwrap();
        let StreamSource::KeyLookup(lookup) = &recoded.plan.streams[0] else { panic!("{:?}", recoded.plan.streams) };
        assert_eq!(lookup.table.len(), 3 * 25);
        assert_eq!(lookup.table.iter().filter(|key| **key == 0).count(), 5, "ages 7 to 11 of the first sex");
        assert_eq!(recoded.plan.status.len(), 2);
    }

    #[tokio::test]
    async fn what_is_no_table_is_left_to_datafusion() {
        for (sex, filter) in [
            ("CASE WHEN random() < 2 THEN 'boy' END", "TRUE"),
            ("CASE WHEN ingreso > 1 THEN 'boy' ELSE 'girl' END", "TRUE"),
            ("CASE sexo WHEN 1 THEN 'boy' END", "ln(ingreso) > 0"),
            ("CASE WHEN 1 / (sexo - 1) > 0 THEN 'boy' END", "TRUE"),
        ] {
            assert!(plan(sex, filter).await.is_none(), "{sex}, {filter}");
        }
    }
}
