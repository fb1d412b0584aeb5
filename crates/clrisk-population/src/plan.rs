//! What a pass needs to know, compiled into tables of whole numbers.
//!
//! The predictor of a row is `sum_c b_c(area) a_c(area) z_c(row)`: `b` the coefficients of the area, `a` the factors of a design
//! column that are the same for everybody in the area, `z` those of the child. Every product `b a z` is rounded to units of
//! 2^-32 before it is added, so that a sum does not depend on the order of its terms. Columns that depend on one stream of
//! keys alone are added up beforehand, key by key: a row then costs one look-up a stream.

use clrisk_stats::multilevel::{DesignRecipe, VariableValues};

/// Units of all sums of persons and of values: 2^-20.
pub const UNIT: f64 = (1u64 << 20) as f64;
/// Units of the linear predictor: 2^-32.
const PREDICTOR_UNIT: f64 = (1u64 << 32) as f64;
/// Positions of the linear predictor.
pub const POSITIONS: usize = 128;
/// A position is a quarter wide: two bits less than one.
const POSITION_SHIFT: u32 = 30;
/// A key of a row that has no category: none of the file's values, or a missing one.
pub const MISSING: u32 = u32::MAX;
/// A key of a row whose value is none of the categories.
pub const UNKNOWN: u32 = u32::MAX - 1;

/// One stream of a batch of rows.
#[derive(Debug, Clone, Copy)]
pub enum Stream<'a> {
    /// Keys of a table.
    Keys(&'a [u16]),
    /// Numbers; not finite where missing.
    Numbers(&'a [f64]),
}

/// How a child variable is read from the streams.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// A category: the code of every key; [`MISSING`] and [`UNKNOWN`] where there is none.
    Codes {
        /// Stream of keys.
        stream: usize,
        /// Code of each key.
        table: Vec<u32>,
        /// Number of categories.
        levels: usize,
    },
    /// A number: the value of every key; not finite where missing.
    Values {
        /// Stream of keys.
        stream: usize,
        /// Value of each key.
        table: Vec<f64>,
    },
    /// A stream of numbers as it is.
    Numbers {
        /// Stream of numbers.
        stream: usize,
    },
}

impl Reading {
    /// Its stream.
    pub fn stream(&self) -> usize {
        match self {
            Reading::Codes { stream, .. } | Reading::Values { stream, .. } | Reading::Numbers { stream } => *stream,
        }
    }
}

/// What the plan is made from.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// Number of municipalities.
    pub areas: usize,
    /// The design. Its variables are those of children, then those of areas.
    pub recipe: &'a DesignRecipe,
    /// Coefficients of each area at the mode: the sum of its intercept effects, then one for each design column.
    pub coefficients: &'a [Vec<f64>],
    /// The child variables, in the order of the design.
    pub readings: &'a [Reading],
    /// Number of keys of each stream; none for a stream of numbers.
    pub streams: &'a [Option<usize>],
    /// Values of the area variables by municipality.
    pub area_values: &'a [VariableValues<'a>],
    /// Child variables that make publication cells, with the number of their categories.
    pub cells: &'a [(usize, usize)],
}

/// Contribution of a stream of keys to predictor and design.
#[derive(Debug, Clone)]
pub(crate) struct KeyTable {
    pub stream: usize,
    /// Number of keys.
    pub keys: usize,
    /// Where the keys begin in a row of the histogram.
    pub offset: usize,
    /// Contribution to the predictor of each key: of one area after the other when it differs, else once.
    pub predictor: Vec<i64>,
    pub by_area: bool,
    /// Design columns that depend on this stream alone, with their values in units.
    pub design: Vec<(usize, Vec<i64>)>,
}

/// A factor of a column that is computed row by row.
#[derive(Debug, Clone)]
pub(crate) enum RowFactor {
    Table { stream: usize, values: Vec<f64> },
    Numbers { stream: usize },
}

/// A column that depends on a stream of numbers, or on several streams.
#[derive(Debug, Clone)]
pub(crate) struct CrossedColumn {
    pub column: usize,
    pub factors: Vec<RowFactor>,
    /// Coefficient by area, or once.
    pub coefficients: Vec<f64>,
}

/// Part of the publication cell that a stream decides.
#[derive(Debug, Clone)]
pub(crate) struct CellTable {
    pub stream: usize,
    pub parts: Vec<u32>,
}

/// A compiled plan.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) areas: usize,
    pub(crate) cells: usize,
    pub(crate) width: usize,
    pub(crate) readings: Vec<Reading>,
    pub(crate) streams: Vec<Option<usize>>,
    pub(crate) constant: Vec<i64>,
    pub(crate) tables: Vec<KeyTable>,
    pub(crate) crossed: Vec<CrossedColumn>,
    pub(crate) cell_tables: Vec<CellTable>,
    /// Factor of each area for each column: areas by columns; 1 where a column has no area factor.
    pub(crate) area_factors: Option<Vec<f64>>,
    /// Columns without child factors.
    pub(crate) constant_columns: Vec<usize>,
    /// Number of keys of all tables.
    pub(crate) histogram: usize,
}

pub(crate) fn to_units(value: f64) -> i64 {
    (value * UNIT).round() as i64
}

fn predictor_units(value: f64) -> i64 {
    (value * PREDICTOR_UNIT).round() as i64
}

/// The value of a factor of the design for one value of its variable.
fn factor_value(category: Option<u32>, code: Option<u32>, number: f64) -> f64 {
    match category {
        Some(category) => f64::from(u8::from(code == Some(category))),
        None => number,
    }
}

impl Plan {
    /// Compiles the tables.
    pub fn new(sources: &Sources<'_>) -> Plan {
        let Sources { areas, recipe, coefficients, readings, streams, area_values, cells } = *sources;
        let width = recipe.width();
        let children = readings.len();
        let mut area_factors = vec![1.0; areas * width];
        let mut has_area_factors = false;
        for column in 0..width {
            for &(variable, category) in recipe.factors(column) {
                let Some(values) = variable.checked_sub(children).and_then(|index| area_values.get(index)) else {
                    continue;
                };
                has_area_factors = true;
                for area in 0..areas {
                    area_factors[area * width + column] *= match values {
                        VariableValues::Codes(codes) => factor_value(category, Some(codes[area]), 0.0),
                        VariableValues::Numbers(numbers) => numbers[area],
                    };
                }
            }
        }
        // A municipality without area covariates has no children in the pass; its coefficients only must not be NaN.
        let coefficient = |area: usize, column: usize| {
            let value = coefficients[area][column + 1] * area_factors[area * width + column];
            if value.is_finite() { value } else { 0.0 }
        };
        let mut plan = Plan {
            areas,
            cells: cells.iter().map(|(_, size)| size).product(),
            width,
            readings: readings.to_vec(),
            streams: streams.to_vec(),
            constant: (0..areas).map(|area| predictor_units(coefficients[area][0])).collect(),
            tables: Vec::new(),
            crossed: Vec::new(),
            cell_tables: Vec::new(),
            area_factors: None,
            constant_columns: Vec::new(),
            histogram: 0,
        };
        for column in 0..width {
            let factors: Vec<(usize, Option<u32>)> =
                recipe.factors(column).iter().copied().filter(|(variable, _)| *variable < children).collect();
            if factors.is_empty() {
                plan.constant_columns.push(column);
                for area in 0..areas {
                    plan.constant[area] += predictor_units(coefficient(area, column));
                }
                continue;
            }
            let first = coefficient(0, column);
            let shared = (1..areas).all(|area| coefficient(area, column) == first);
            match plan.column_of_keys(&factors) {
                Some((stream, values)) => plan.add_to_table(stream, column, &values, shared, &coefficient),
                None => {
                    let factors = factors.iter().map(|factor| plan.row_factor(*factor)).collect();
                    let count = if shared { 1.min(areas) } else { areas };
                    let coefficients = (0..count).map(|area| coefficient(area, column)).collect();
                    plan.crossed.push(CrossedColumn { column, factors, coefficients });
                }
            }
        }
        for table in &mut plan.tables {
            table.offset = plan.histogram;
            plan.histogram += table.keys;
        }
        plan.add_cells(cells);
        plan.area_factors = has_area_factors.then_some(area_factors);
        plan
    }

    /// The stream and the values by key of a column that depends on one stream of keys.
    fn column_of_keys(&self, factors: &[(usize, Option<u32>)]) -> Option<(usize, Vec<f64>)> {
        let stream = self.readings[factors[0].0].stream();
        let keys = self.streams[stream]?;
        let mut values = vec![1.0; keys];
        for &(variable, category) in factors {
            if self.readings[variable].stream() != stream {
                return None;
            }
            for (value, factor) in values.iter_mut().zip(self.values_by_key(variable, category)) {
                *value *= factor;
            }
        }
        Some((stream, values))
    }

    /// Value of a factor for each key of its stream; zero for keys of rows that are never used.
    fn values_by_key(&self, variable: usize, category: Option<u32>) -> Vec<f64> {
        match &self.readings[variable] {
            Reading::Codes { table, .. } => table.iter().map(|code| factor_value(category, Some(*code), 0.0)).collect(),
            Reading::Values { table, .. } => {
                table.iter().map(|value| if value.is_finite() { *value } else { 0.0 }).collect()
            }
            Reading::Numbers { .. } => Vec::new(),
        }
    }

    fn row_factor(&self, (variable, category): (usize, Option<u32>)) -> RowFactor {
        match &self.readings[variable] {
            Reading::Numbers { stream } => RowFactor::Numbers { stream: *stream },
            reading => RowFactor::Table { stream: reading.stream(), values: self.values_by_key(variable, category) },
        }
    }

    fn add_to_table(
        &mut self,
        stream: usize,
        column: usize,
        values: &[f64],
        shared: bool,
        coefficient: &dyn Fn(usize, usize) -> f64,
    ) {
        let (areas, keys) = (self.areas, values.len());
        let index = match self.tables.iter().position(|table| table.stream == stream) {
            Some(index) => index,
            None => {
                let (predictor, design) = (vec![0; keys], Vec::new());
                self.tables.push(KeyTable { stream, keys, offset: 0, predictor, by_area: false, design });
                self.tables.len() - 1
            }
        };
        let table = &mut self.tables[index];
        if !shared && !table.by_area {
            table.predictor = table.predictor.iter().copied().cycle().take(areas * keys).collect();
            table.by_area = true;
        }
        for (area, row) in table.predictor.chunks_exact_mut(keys.max(1)).enumerate() {
            for (sum, value) in row.iter_mut().zip(values) {
                *sum += predictor_units(value * coefficient(area, column));
            }
        }
        table.design.push((column, values.iter().map(|value| to_units(*value)).collect()));
    }

    fn add_cells(&mut self, cells: &[(usize, usize)]) {
        let mut below = self.cells as u32;
        for &(variable, size) in cells {
            below /= size.max(1) as u32;
            let Reading::Codes { stream, table, .. } = &self.readings[variable] else { continue };
            let parts = table.iter().map(|code| if *code < UNKNOWN { code * below } else { 0 });
            match self.cell_tables.iter_mut().find(|known| known.stream == *stream) {
                Some(known) => known.parts.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part),
                None => self.cell_tables.push(CellTable { stream: *stream, parts: parts.collect() }),
            }
        }
    }

    /// Number of design columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Number of municipalities.
    pub fn areas(&self) -> usize {
        self.areas
    }

    /// Number of publication cells.
    pub fn cells(&self) -> usize {
        self.cells
    }

    /// Linear predictors of the rows, in units of 2^-32, and the values of the crossed columns, one column after the other.
    pub(crate) fn predictors(&self, areas: &[u32], streams: &[Stream<'_>], into: &mut Predictors) {
        let rows = areas.len();
        into.predictors.clear();
        into.predictors.extend(areas.iter().map(|&area| self.constant[area as usize]));
        for table in &self.tables {
            let Stream::Keys(keys) = streams[table.stream] else { continue };
            let predictors = into.predictors.iter_mut().zip(keys);
            if table.by_area {
                for ((sum, &key), &area) in predictors.zip(areas) {
                    *sum += table.predictor[area as usize * table.keys + key as usize];
                }
            } else {
                for (sum, &key) in predictors {
                    *sum += table.predictor[key as usize];
                }
            }
        }
        into.crossed.resize(self.crossed.len() * rows, 0.0);
        for (column, values) in self.crossed.iter().zip(into.crossed.chunks_exact_mut(rows.max(1))) {
            values.fill(1.0);
            for factor in &column.factors {
                match (factor, &streams[factor.stream()]) {
                    (RowFactor::Table { values: table, .. }, Stream::Keys(keys)) => {
                        values.iter_mut().zip(*keys).for_each(|(value, &key)| *value *= table[key as usize]);
                    }
                    (RowFactor::Numbers { .. }, Stream::Numbers(numbers)) => {
                        values.iter_mut().zip(*numbers).for_each(|(value, number)| *value *= number);
                    }
                    _ => {}
                }
            }
            let sums = into.predictors.iter_mut().zip(values.iter());
            match column.coefficients.as_slice() {
                [coefficient] => sums.for_each(|(sum, value)| *sum += predictor_units(value * coefficient)),
                coefficients => {
                    for ((sum, value), &area) in sums.zip(areas) {
                        *sum += predictor_units(value * coefficients[area as usize]);
                    }
                }
            }
        }
    }

    /// The design row of one row of a batch, area factors included.
    pub(crate) fn design_row(
        &self,
        area: usize,
        row: usize,
        streams: &[Stream<'_>],
        predictors: &Predictors,
        design: &mut [f64],
    ) {
        design.fill(0.0);
        for &column in &self.constant_columns {
            design[column] = 1.0;
        }
        for table in &self.tables {
            let Stream::Keys(keys) = streams[table.stream] else { continue };
            for (column, values) in &table.design {
                design[*column] = values[keys[row] as usize] as f64 / UNIT;
            }
        }
        let rows = predictors.predictors.len();
        for (index, column) in self.crossed.iter().enumerate() {
            design[column.column] = to_units(predictors.crossed[index * rows + row]) as f64 / UNIT;
        }
        if let Some(factors) = &self.area_factors {
            for (value, factor) in design.iter_mut().zip(&factors[area * self.width..]) {
                *value *= factor;
            }
        }
    }

    /// Publication cells of the rows.
    pub(crate) fn cells_of(&self, rows: usize, streams: &[Stream<'_>], cells: &mut Vec<u32>) {
        cells.clear();
        cells.resize(rows, 0);
        for table in &self.cell_tables {
            let Stream::Keys(keys) = streams[table.stream] else { continue };
            cells.iter_mut().zip(keys).for_each(|(cell, &key)| *cell += table.parts[key as usize]);
        }
    }
}

impl RowFactor {
    fn stream(&self) -> usize {
        match self {
            RowFactor::Table { stream, .. } | RowFactor::Numbers { stream } => *stream,
        }
    }
}

/// Linear predictors of a batch.
#[derive(Debug, Clone, Default)]
pub(crate) struct Predictors {
    pub predictors: Vec<i64>,
    pub crossed: Vec<f64>,
}

/// Position of a linear predictor: 128 of width 0.25, centred on zero.
pub(crate) fn position(predictor: i64) -> usize {
    ((predictor >> POSITION_SHIFT) + (POSITIONS / 2) as i64).clamp(0, POSITIONS as i64 - 1) as usize
}

/// Probability at a linear predictor.
pub(crate) fn probability(predictor: i64) -> f64 {
    clrisk_stats::poststratification::inverse_logit(predictor as f64 / PREDICTOR_UNIT)
}
