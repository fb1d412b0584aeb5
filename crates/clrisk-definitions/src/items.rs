//! The raw answers, column by column.

use crate::codes::Classification;
use crate::reason::Condition;

/// An answer: no.
pub const NO: u8 = 0;
/// An answer: yes.
pub const YES: u8 = 1;
/// No answer.
pub const MISSING: u8 = 2;

/// Codes of a classification: distinct codes once, and one number a child.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Codes<'a> {
    /// The classification they belong to.
    pub classification: Classification,
    /// Distinct codes, as text: leading zeros matter.
    pub distinct: &'a [String],
    /// For each child the position of its code, or [`Codes::NONE`].
    pub index: &'a [u32],
}

impl Codes<'_> {
    /// A child without a code.
    pub const NONE: u32 = u32::MAX;
}

/// Columns of raw answers, one entry a child. Items are [`YES`], [`NO`] or [`MISSING`]; hours are per week, NaN when missing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Items<'a> {
    /// Age in completed years; negative when not known.
    pub ages: &'a [i16],
    /// Questions on economic activity: yes to one of them is economic activity.
    pub economic: Vec<&'a [u8]>,
    /// Hours of economic activity; their sum.
    pub economic_hours: Vec<&'a [f32]>,
    /// Questions on household chores (with water and firewood).
    pub chores: Vec<&'a [u8]>,
    /// Hours of chores; their sum.
    pub chores_hours: Vec<&'a [f32]>,
    /// Hazardous conditions.
    pub conditions: Vec<(Condition, &'a [u8])>,
    /// Work at night.
    pub night: Option<&'a [u8]>,
    /// Worst forms other than hazardous work.
    pub worst_forms: Option<&'a [u8]>,
    /// School attendance.
    pub attendance: Option<&'a [u8]>,
    /// Industry of the work.
    pub industry: Option<Codes<'a>>,
    /// Occupation.
    pub occupation: Option<Codes<'a>>,
}

/// Why items cannot be classified.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ItemsError {
    /// A column is longer or shorter than that of the ages.
    #[error("the column {column} has {found} entries, that of the ages {expected}")]
    Length {
        /// The column.
        column: &'static str,
        /// Its entries.
        found: usize,
        /// Entries wanted.
        expected: usize,
    },
    /// A code's position is not among the distinct codes.
    #[error("row {row} of {column} points to no code")]
    Code {
        /// The column.
        column: &'static str,
        /// The row, from 0.
        row: usize,
    },
}

impl Items<'_> {
    /// Checks that all columns have one entry a child.
    pub(crate) fn check(&self) -> Result<(), ItemsError> {
        let expected = self.ages.len();
        let mut lengths: Vec<(&'static str, usize)> = Vec::new();
        lengths.extend(self.economic.iter().map(|column| ("economic", column.len())));
        lengths.extend(self.economic_hours.iter().map(|column| ("economic_hours", column.len())));
        lengths.extend(self.chores.iter().map(|column| ("chores", column.len())));
        lengths.extend(self.chores_hours.iter().map(|column| ("chores_hours", column.len())));
        lengths.extend(self.conditions.iter().map(|(_, column)| ("conditions", column.len())));
        lengths.extend(self.night.iter().map(|column| ("night", column.len())));
        lengths.extend(self.worst_forms.iter().map(|column| ("worst_forms", column.len())));
        lengths.extend(self.attendance.iter().map(|column| ("attendance", column.len())));
        lengths.extend(self.industry.iter().map(|codes| ("industry", codes.index.len())));
        lengths.extend(self.occupation.iter().map(|codes| ("occupation", codes.index.len())));
        if let Some(&(column, found)) = lengths.iter().find(|(_, found)| *found != expected) {
            return Err(ItemsError::Length { column, found, expected });
        }
        for (column, codes) in [("industry", &self.industry), ("occupation", &self.occupation)] {
            if let Some(codes) = codes
                && let Some(row) =
                    codes.index.iter().position(|&at| at != Codes::NONE && at as usize >= codes.distinct.len())
            {
                return Err(ItemsError::Code { column, row });
            }
        }
        Ok(())
    }
}
