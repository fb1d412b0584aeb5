//! The pass on the machines of a cluster.
//!
//! A cluster is a DataFusion session whose plans run elsewhere; who connects it (the crate `clrisk-cluster`, with Apache
//! DataFusion Ballista) is not known here. The plan is the one query over the census that a pass in this process runs too,
//! with an aggregate on top: [`functions`] holds it, and every machine of the cluster must know it, which it does when it
//! runs the same program. The aggregate takes the pass as its first argument and gives, for each area code, the bytes of
//! a [`Tally`]; what a machine sends is as small as an area's bins, whatever the number of its rows. Sums are of whole
//! numbers: a task that is run twice because a machine died, or in other pieces, gives the same bytes.

use std::sync::{Arc, Mutex};

use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::{DataType, Field, FieldRef};
use clrisk_core::{Finding, Place};
use clrisk_population::Tally;
use clrisk_population::pass::Summary;
use clrisk_readers::Table;
use clrisk_stats::multilevel::DesignRecipe;
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{Accumulator, AggregateUDF, AggregateUDFImpl, Expr, Signature, Volatility};
use datafusion::physical_expr::expressions::Literal;
use datafusion::prelude::{SessionContext, ident};
use serde::{Deserialize, Serialize};

use crate::columns::Values;
use crate::join::Destination;
use crate::parquet_table::ParquetTable;
use crate::population::{BatchPass, Cells, ModeScores, PassContext};
use crate::settings::Settings;
use crate::source::{Found, Session};

/// A connected cluster.
pub struct Cluster {
    /// A session whose plans run on it.
    pub context: SessionContext,
    /// Its address, for messages.
    pub address: String,
}

/// The functions that every machine of a cluster must know.
pub fn functions() -> Vec<Arc<AggregateUDF>> {
    vec![Arc::new(AggregateUDF::from(TallyFunction::new()))]
}

/// Runs the pass of the query `sql` over the census on the cluster.
///
/// # Errors
/// Findings of files and expressions; `CLUSTER-002` when the cluster cannot finish the work; `CLUSTER-003` when what came
/// back is not of every row of a Parquet census of persons, once each.
pub(crate) async fn read(
    cluster: &Cluster,
    session: &Session,
    settings: &Settings,
    context: &PassContext,
    sql: &str,
    progress: &(dyn Fn(u64) + Send + Sync),
) -> std::result::Result<Summary, Found> {
    let census = &settings.census;
    let file = census.file.display().to_string();
    let failed = |error: &DataFusionError| {
        let reason = error.find_root().to_string();
        let reason: String = reason.lines().next().unwrap_or_default().chars().take(200).collect();
        Box::new(
            Finding::error("CLUSTER-002", Place::default()).with("address", &cluster.address).with("reason", reason),
        )
    };
    let remote = Session::over(cluster.context.clone(), session.folder());
    remote.register_as("census", &census.file, census.reading()).await?;
    let frame = remote.query_in_parts(sql, "census", &file).await?;
    let names: Vec<String> = frame.schema().fields().iter().map(|field| field.name().clone()).collect();
    let mut arguments = vec![Expr::Literal(packed(&write(context)), None)];
    arguments.extend(names.iter().map(ident));
    let tally = AggregateUDF::from(TallyFunction::new()).call(arguments).alias(PARTS);
    let area = ident(&names[2]);
    let frame = frame.aggregate(vec![area], vec![tally]).map_err(|error| failed(&error))?;
    let batches = frame.collect().await.map_err(|error| failed(&error))?;
    let pass = BatchPass::new(context);
    let mut total = pass.start().tally;
    let broken = || failed(&DataFusionError::Internal("a part of the sums is not whole".to_owned()));
    for batch in &batches {
        let parts = batch.column_by_name(PARTS).and_then(|parts| parts.as_binary_opt::<i32>()).ok_or_else(broken)?;
        for part in parts.iter().flatten() {
            pass.pass.read(&mut total, part).ok_or_else(broken)?;
        }
    }
    let summary = pass.pass.finish(&total);
    // A part that was lost or counted twice on the way must not become a figure.
    let known = remote.parquet("census").filter(|_| census.cells.is_none() && census.count.trim() == "1");
    if let Some(rows) = known.and_then(|path| ParquetTable::open(&path).ok()?.rows())
        && rows != summary.counts.read
    {
        let finding = Finding::error("CLUSTER-003", Place::default()).with("address", &cluster.address);
        return Err(Box::new(finding.with("counted", summary.counts.read).with("rows", rows)));
    }
    progress(summary.counts.read);
    Ok(summary)
}

/// Name of the column of tallies.
const PARTS: &str = "parts";

/// A long text as one value for all rows: repeated it would take the memory of all of them.
fn packed(bytes: &[u8]) -> ScalarValue {
    ScalarValue::Dictionary(Box::new(DataType::Int32), Box::new(ScalarValue::Binary(Some(bytes.to_vec()))))
}

fn unpacked(value: &ScalarValue) -> Option<&[u8]> {
    match value {
        ScalarValue::Dictionary(_, value) => unpacked(value),
        ScalarValue::Binary(bytes) => bytes.as_deref(),
        _ => None,
    }
}

/// The aggregate: the pass, then the columns of the query.
#[derive(Debug, PartialEq, Eq, Hash)]
struct TallyFunction {
    signature: Signature,
}

impl TallyFunction {
    fn new() -> TallyFunction {
        TallyFunction { signature: Signature::variadic_any(Volatility::Immutable) }
    }
}

impl AggregateUDFImpl for TallyFunction {
    fn name(&self) -> &str {
        "clrisk_tally"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Binary)
    }

    fn state_fields(&self, arguments: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        Ok(vec![Arc::new(Field::new(format!("{} tally", arguments.name), DataType::Binary, true))])
    }

    fn accumulator(&self, arguments: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        let literal = arguments.exprs.first().and_then(|first| first.downcast_ref::<Literal>());
        let bytes = literal
            .and_then(|literal| unpacked(literal.value()))
            .ok_or_else(|| DataFusionError::Plan("the first argument of clrisk_tally is a pass".to_owned()))?;
        let pass = shared_pass(bytes)
            .ok_or_else(|| DataFusionError::Plan("the pass is of another version of clrisk".to_owned()))?;
        Ok(Box::new(TallyAccumulator { tally: pass.start().tally, pass }))
    }
}

/// The pass read last: all groups of a task have the same.
static LAST_PASS: Mutex<Option<(Vec<u8>, Arc<BatchPass>)>> = Mutex::new(None);

fn shared_pass(bytes: &[u8]) -> Option<Arc<BatchPass>> {
    let mut last = LAST_PASS.lock().ok()?;
    if let Some((known, pass)) = last.as_ref()
        && known == bytes
    {
        return Some(pass.clone());
    }
    let pass = Arc::new(BatchPass::new(&read_context(bytes)?));
    *last = Some((bytes.to_vec(), pass.clone()));
    Some(pass)
}

struct TallyAccumulator {
    pass: Arc<BatchPass>,
    tally: Tally,
}

impl std::fmt::Debug for TallyAccumulator {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("TallyAccumulator")
    }
}

impl TallyAccumulator {
    fn bytes(&self) -> ScalarValue {
        ScalarValue::Binary(Some(self.pass.pass.write(&self.tally)))
    }
}

impl Accumulator for TallyAccumulator {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let mut part = self.pass.start();
        std::mem::swap(&mut part.tally, &mut self.tally);
        let added = self.pass.add(&mut part, &values[1..]);
        std::mem::swap(&mut part.tally, &mut self.tally);
        // There are as many of these as areas: none may keep room for a batch.
        self.tally.rest();
        added
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let parts = states[0]
            .as_binary_opt::<i32>()
            .ok_or_else(|| DataFusionError::Internal("parts of sums are bytes".to_owned()))?;
        for part in parts.iter().flatten() {
            self.pass
                .pass
                .read(&mut self.tally, part)
                .ok_or_else(|| DataFusionError::Internal("a part of the sums is not whole".to_owned()))?;
        }
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.bytes()])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(self.bytes())
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.tally.size()
    }
}

/// A pass on its way; numbers as their bits, so that none is rounded.
#[derive(Serialize, Deserialize)]
struct Travelling {
    version: String,
    levels: Vec<Option<Vec<String>>>,
    destinations: Vec<(String, Option<usize>)>,
    area_values: Vec<TravellingValues>,
    areas: usize,
    cells: (Vec<usize>, Vec<usize>),
    ages: [i64; 2],
    band_shares: Vec<u64>,
    single_ages: bool,
    columns: Vec<Vec<(usize, Option<u32>)>>,
    coefficients: Vec<Vec<u64>>,
}

#[derive(Serialize, Deserialize)]
enum TravellingValues {
    Codes(Vec<u32>),
    Numbers(Vec<u64>),
}

fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|number| number.to_bits()).collect()
}

fn of_bits(bits: Vec<u64>) -> Vec<f64> {
    bits.into_iter().map(f64::from_bits).collect()
}

fn write(context: &PassContext) -> Vec<u8> {
    let recipe = &context.scores.recipe;
    let mut destinations: Vec<(String, Option<usize>)> = context
        .destinations
        .iter()
        .map(|(code, destination)| match destination {
            Destination::Area(area) => (code.clone(), Some(*area)),
            _ => (code.clone(), None),
        })
        .collect();
    destinations.sort();
    let travelling = Travelling {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        levels: context.levels.clone(),
        destinations,
        area_values: context
            .area_values
            .iter()
            .map(|values| match values {
                Values::Codes(codes) => TravellingValues::Codes(codes.clone()),
                Values::Numbers(numbers) => TravellingValues::Numbers(bits(numbers)),
            })
            .collect(),
        areas: context.areas,
        cells: (context.cells.variables.clone(), context.cells.sizes.clone()),
        ages: context.ages,
        band_shares: bits(&context.band_shares),
        single_ages: context.single_ages,
        columns: (0..recipe.width()).map(|column| recipe.factors(column).to_vec()).collect(),
        coefficients: context.scores.coefficients.iter().map(|row| bits(row)).collect(),
    };
    serde_json::to_vec(&travelling).unwrap_or_default()
}

fn read_context(bytes: &[u8]) -> Option<PassContext> {
    let travelling: Travelling = serde_json::from_slice(bytes).ok()?;
    if travelling.version != env!("CARGO_PKG_VERSION") {
        return None;
    }
    let destination = |area: Option<usize>| area.map_or(Destination::LeftOut, Destination::Area);
    Some(PassContext {
        levels: travelling.levels,
        destinations: travelling.destinations.into_iter().map(|(code, area)| (code, destination(area))).collect(),
        area_values: travelling
            .area_values
            .into_iter()
            .map(|values| match values {
                TravellingValues::Codes(codes) => Values::Codes(codes),
                TravellingValues::Numbers(numbers) => Values::Numbers(of_bits(numbers)),
            })
            .collect(),
        areas: travelling.areas,
        cells: Cells { variables: travelling.cells.0, sizes: travelling.cells.1 },
        ages: travelling.ages,
        band_shares: of_bits(travelling.band_shares),
        single_ages: travelling.single_ages,
        scores: ModeScores {
            recipe: DesignRecipe::of_factors(travelling.columns),
            coefficients: travelling.coefficients.into_iter().map(of_bits).collect(),
        },
    })
}
