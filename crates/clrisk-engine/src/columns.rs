//! From Arrow batches to the plain columns the statistics work on: category codes and numbers.

use std::collections::HashMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type};

use crate::codebook::{Origin, Variable};
use crate::source::Column;

/// The value of one variable in each row.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Positions of categories in [`Variable::levels`]; [`MISSING`] and [`UNKNOWN`] mark rows without a usable category.
    Codes(Vec<u32>),
    /// Numbers; NaN where missing.
    Numbers(Vec<f64>),
}

/// The row has no value.
pub const MISSING: u32 = u32::MAX;
/// The row has a value that is none of the codebook's categories.
pub const UNKNOWN: u32 = u32::MAX - 1;

impl Values {
    /// An empty column of the right kind for `variable`.
    pub fn empty(variable: &Variable) -> Values {
        if variable.levels.is_some() { Values::Codes(Vec::new()) } else { Values::Numbers(Vec::new()) }
    }

    /// Whether the row can be used.
    pub fn usable(&self, row: usize) -> bool {
        match self {
            Values::Codes(codes) => codes[row] < UNKNOWN,
            Values::Numbers(numbers) => numbers[row].is_finite(),
        }
    }

    /// Empties the column, keeping its memory.
    pub fn clear(&mut self) {
        match self {
            Values::Codes(codes) => codes.clear(),
            Values::Numbers(numbers) => numbers.clear(),
        }
    }

    /// The rows at `rows`, in that order.
    pub fn take(&self, rows: &[usize]) -> Values {
        match self {
            Values::Codes(codes) => Values::Codes(rows.iter().map(|&row| codes[row]).collect()),
            Values::Numbers(numbers) => Values::Numbers(rows.iter().map(|&row| numbers[row]).collect()),
        }
    }
}

/// The columns of the child variables over the survey or the census: categories as text, numbers as numbers.
pub fn of_children(variables: &[Variable], census: bool) -> impl Iterator<Item = Column<'_>> {
    variables.iter().filter_map(move |variable| match &variable.origin {
        Origin::Child { survey, census: over_census } => {
            let expression = if census { over_census } else { survey };
            Some(if variable.levels.is_some() { Column::Text(expression) } else { Column::Number(expression) })
        }
        Origin::Area(_) => None,
    })
}

/// Appends column `index` of a batch to a column of values.
pub fn append(values: &mut Values, batch: &RecordBatch, index: usize, variable: &Variable) {
    let array = batch.column(index);
    match values {
        Values::Numbers(numbers) => {
            if let Some(array) = array.as_primitive_opt::<Float64Type>() {
                numbers.extend(array.iter().map(|value| value.unwrap_or(f64::NAN)));
            } else {
                numbers.extend(std::iter::repeat_n(f64::NAN, array.len()));
            }
        }
        Values::Codes(codes) => {
            let empty = Vec::new();
            let levels = variable.levels.as_ref().unwrap_or(&empty);
            let converted;
            let text = match array.as_string_opt::<i32>() {
                Some(text) => text,
                None => match arrow::compute::cast(array, &DataType::Utf8) {
                    Ok(cast) => {
                        converted = cast;
                        match converted.as_string_opt::<i32>() {
                            Some(text) => text,
                            None => return,
                        }
                    }
                    Err(_) => return,
                },
            };
            codes.reserve(text.len());
            for row in 0..text.len() {
                codes.push(if text.is_null(row) {
                    MISSING
                } else {
                    let value = text.value(row);
                    levels.iter().position(|level| level == value).map_or(UNKNOWN, |position| position as u32)
                });
            }
        }
    }
}

/// Texts to consecutive numbers, in the order of first appearance.
#[derive(Debug, Default)]
pub struct Interner {
    numbers: HashMap<String, u32>,
}

impl Interner {
    /// The number of `text`.
    pub fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let next = self.numbers.len() as u32;
        self.numbers.insert(text.to_owned(), next);
        next
    }

    /// How many different texts were met.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether none was met.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }
}
