//! From numbers and texts of a file to columns of Arrow: which type a column gets, and how its values are written.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Builder, Float64Builder, Int64Builder, StringBuilder, Time64MicrosecondBuilder,
    TimestampMicrosecondBuilder,
};
use arrow::datatypes::{DataType, TimeUnit};

/// Above this, neighbouring whole numbers are the same `f64`.
const EXACT: f64 = 9_007_199_254_740_992.0;

const MICROSECONDS_A_DAY: f64 = 86_400_000_000.0;

/// How a file writes dates and times as numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clock {
    /// Day from 1970-01-01 on which the count begins.
    pub origin: i32,
    /// Units of the count that a day has: 1 when days are counted, 86,400 for seconds, 86,400,000 for milliseconds.
    pub units_a_day: f64,
}

impl Clock {
    /// Seconds from 14 October 1582, the beginning of the Gregorian calendar.
    pub const SPSS: Clock = Clock { origin: -141_428, units_a_day: 86_400.0 };
    /// Days from 1 January 1960.
    pub const DAYS_FROM_1960: Clock = Clock { origin: -3_653, units_a_day: 1.0 };
    /// Seconds from 1 January 1960.
    pub const SECONDS_FROM_1960: Clock = Clock { origin: -3_653, units_a_day: 86_400.0 };
    /// Milliseconds from 1 January 1960.
    pub const MILLISECONDS_FROM_1960: Clock = Clock { origin: -3_653, units_a_day: 86_400_000.0 };

    /// Day from 1970-01-01 and microseconds within that day.
    fn split(self, value: f64) -> (f64, f64) {
        let day = (value / self.units_a_day).floor();
        let within = ((value - day * self.units_a_day) * (MICROSECONDS_A_DAY / self.units_a_day)).round();
        (day + f64::from(self.origin), within)
    }

    /// Whether the value lies in the years 1 to 9999.
    fn holds(self, value: f64) -> bool {
        let (day, _) = self.split(value);
        (-719_162.0..2_932_897.0).contains(&day)
    }
}

/// Days from 1970-01-01 to a day of the calendar; `None` when there is no such day.
pub(crate) fn day_of(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let length = usize::try_from(month.checked_sub(1)?).ok().and_then(|month| days.get(month))?;
    if !(1..=9_999).contains(&year) || !(1..=*length).contains(&day) {
        return None;
    }
    let before: i64 = days[..(month - 1) as usize].iter().sum();
    let years = year - 1;
    Some(years * 365 + years / 4 - years / 100 + years / 400 + before + day - 1 - 719_162)
}

/// What the numbers of a column stand for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Meaning {
    /// Numbers.
    Number,
    /// Days.
    Date(Clock),
    /// Moments.
    Timestamp(Clock),
    /// Times of the day, counted in units of which a day has so many.
    Time {
        /// Units a day has.
        units_a_day: f64,
    },
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ColumnKind {
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// Days.
    Date(Clock),
    /// Moments, to the microsecond, without time zone.
    Timestamp(Clock),
    /// Times of the day, to the microsecond.
    Time {
        /// Units a day has.
        units_a_day: f64,
    },
    /// Texts; numbers are written as texts without needless decimals.
    Text,
}

impl ColumnKind {
    /// Its type in Arrow.
    pub fn data_type(self) -> DataType {
        match self {
            ColumnKind::Integer => DataType::Int64,
            ColumnKind::Number => DataType::Float64,
            ColumnKind::Date(_) => DataType::Date32,
            ColumnKind::Timestamp(_) => DataType::Timestamp(TimeUnit::Microsecond, None),
            ColumnKind::Time { .. } => DataType::Time64(TimeUnit::Microsecond),
            ColumnKind::Text => DataType::Utf8,
        }
    }
}

/// What is known of the numbers of a column after all of them were seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NumberEvidence {
    meaning: Meaning,
    whole: bool,
    fits: bool,
}

impl NumberEvidence {
    /// Nothing seen yet.
    pub fn new(meaning: Meaning) -> NumberEvidence {
        NumberEvidence { meaning, whole: true, fits: true }
    }

    /// Takes note of a value that is not missing.
    #[inline]
    pub fn observe(&mut self, value: f64) {
        if self.whole && !(value.fract() == 0.0 && value.abs() <= EXACT) {
            self.whole = false;
        }
        if self.fits {
            self.fits = match self.meaning {
                Meaning::Number => true,
                Meaning::Date(clock) | Meaning::Timestamp(clock) => clock.holds(value),
                Meaning::Time { units_a_day } => (0.0..units_a_day).contains(&value),
            };
        }
    }

    /// The type of the column: what the format says, unless a value contradicts it; a number otherwise, whole when all are whole.
    pub fn kind(&self) -> ColumnKind {
        match self.meaning {
            Meaning::Date(clock) if self.fits => ColumnKind::Date(clock),
            Meaning::Timestamp(clock) if self.fits => ColumnKind::Timestamp(clock),
            Meaning::Time { units_a_day } if self.fits => ColumnKind::Time { units_a_day },
            _ if self.whole => ColumnKind::Integer,
            _ => ColumnKind::Number,
        }
    }

    /// As [`NumberEvidence::kind`], unless the caller of the reader asks for `text`, `integer` or `number`. Numbers that are not whole
    /// are not cut to integers.
    pub fn kind_asked(&self, asked: Option<&str>) -> ColumnKind {
        match asked {
            Some("text") => ColumnKind::Text,
            Some("number") => ColumnKind::Number,
            Some("integer") if self.whole => ColumnKind::Integer,
            Some("integer") => ColumnKind::Number,
            _ => self.kind(),
        }
    }
}

/// Collects the values of a column of a batch.
#[derive(Debug)]
pub enum ColumnBuilder {
    /// Whole numbers.
    Integer(Int64Builder),
    /// Numbers.
    Number(Float64Builder),
    /// Days.
    Date(Date32Builder, Clock),
    /// Moments.
    Timestamp(TimestampMicrosecondBuilder, Clock),
    /// Times of the day.
    Time(Time64MicrosecondBuilder, Clock),
    /// Texts.
    Text(StringBuilder),
}

impl ColumnBuilder {
    /// An empty column with room for `rows`.
    pub fn new(kind: ColumnKind, rows: usize) -> ColumnBuilder {
        match kind {
            ColumnKind::Integer => ColumnBuilder::Integer(Int64Builder::with_capacity(rows)),
            ColumnKind::Number => ColumnBuilder::Number(Float64Builder::with_capacity(rows)),
            ColumnKind::Date(clock) => ColumnBuilder::Date(Date32Builder::with_capacity(rows), clock),
            ColumnKind::Timestamp(clock) => {
                ColumnBuilder::Timestamp(TimestampMicrosecondBuilder::with_capacity(rows), clock)
            }
            ColumnKind::Time { units_a_day } => {
                ColumnBuilder::Time(Time64MicrosecondBuilder::with_capacity(rows), Clock { origin: 0, units_a_day })
            }
            ColumnKind::Text => ColumnBuilder::Text(StringBuilder::with_capacity(rows, 0)),
        }
    }

    /// Adds a number.
    #[inline]
    pub fn push_number(&mut self, value: f64) {
        match self {
            ColumnBuilder::Integer(builder) => builder.append_value(value as i64),
            ColumnBuilder::Number(builder) => builder.append_value(value),
            ColumnBuilder::Date(builder, clock) => builder.append_value(clock.split(value).0 as i32),
            ColumnBuilder::Timestamp(builder, clock) => {
                let (day, within) = clock.split(value);
                builder
                    .append_value((day as i64).saturating_mul(MICROSECONDS_A_DAY as i64).saturating_add(within as i64));
            }
            ColumnBuilder::Time(builder, clock) => {
                builder.append_value(clock.split(value).1.min(MICROSECONDS_A_DAY - 1.0) as i64);
            }
            ColumnBuilder::Text(builder) => builder.append_value(value.to_string()),
        }
    }

    /// Adds a whole number, of which nothing is lost in a column of integers or texts.
    #[inline]
    pub fn push_integer(&mut self, value: i64) {
        match self {
            ColumnBuilder::Integer(builder) => builder.append_value(value),
            ColumnBuilder::Text(builder) => builder.append_value(value.to_string()),
            _ => self.push_number(value as f64),
        }
    }

    /// Adds a text. In a column that holds no texts it counts as missing.
    #[inline]
    pub fn push_text(&mut self, value: &str) {
        match self {
            ColumnBuilder::Text(builder) => builder.append_value(value),
            _ => self.push_null(),
        }
    }

    /// Adds a missing value.
    #[inline]
    pub fn push_null(&mut self) {
        match self {
            ColumnBuilder::Integer(builder) => builder.append_null(),
            ColumnBuilder::Number(builder) => builder.append_null(),
            ColumnBuilder::Date(builder, _) => builder.append_null(),
            ColumnBuilder::Timestamp(builder, _) => builder.append_null(),
            ColumnBuilder::Time(builder, _) => builder.append_null(),
            ColumnBuilder::Text(builder) => builder.append_null(),
        }
    }

    /// The column; the builder is empty again.
    pub fn finish(&mut self) -> ArrayRef {
        match self {
            ColumnBuilder::Integer(builder) => Arc::new(builder.finish()),
            ColumnBuilder::Number(builder) => Arc::new(builder.finish()),
            ColumnBuilder::Date(builder, _) => Arc::new(builder.finish()),
            ColumnBuilder::Timestamp(builder, _) => Arc::new(builder.finish()),
            ColumnBuilder::Time(builder, _) => Arc::new(builder.finish()),
            ColumnBuilder::Text(builder) => Arc::new(builder.finish()),
        }
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray;
    use arrow::datatypes::{Date32Type, TimestampMicrosecondType};

    use super::*;

    #[test]
    fn whole_numbers_become_integers_and_one_fraction_makes_them_numbers() {
        let kind = |values: &[f64]| {
            let mut evidence = NumberEvidence::new(Meaning::Number);
            values.iter().for_each(|value| evidence.observe(*value));
            evidence.kind()
        };
        assert_eq!(kind(&[1.0, -3.0, 0.0]), ColumnKind::Integer);
        assert_eq!(kind(&[1.0, 0.5]), ColumnKind::Number);
        assert_eq!(kind(&[f64::NAN]), ColumnKind::Number);
        assert_eq!(kind(&[1e300]), ColumnKind::Number);
    }

    #[test]
    fn clocks_agree_with_the_calendar() {
        // 1 January 1970 is day 719,163 of the proleptic Gregorian calendar; 14 October 1582 is day 577,735 and 1 January 1960 day
        // 715,510 (Python: date.toordinal).
        assert_eq!(Clock::SPSS.origin, 577_735 - 719_163);
        assert_eq!(Clock::DAYS_FROM_1960.origin, 715_510 - 719_163);
        let mut dates = ColumnBuilder::new(ColumnKind::Date(Clock::SPSS), 1);
        dates.push_number(13_744_944_000.0); // 2018-05-06 in SPSS
        assert_eq!(dates.finish().as_primitive::<Date32Type>().value(0), 17_657);
        let mut moments = ColumnBuilder::new(ColumnKind::Timestamp(Clock::MILLISECONDS_FROM_1960), 1);
        moments.push_number(-0.5);
        assert_eq!(moments.finish().as_primitive::<TimestampMicrosecondType>().value(0), -3_653 * 86_400_000_000 - 500);
    }

    #[test]
    fn a_date_outside_the_calendar_leaves_the_column_a_number() {
        let mut evidence = NumberEvidence::new(Meaning::Date(Clock::SPSS));
        evidence.observe(13_744_944_000.0);
        assert_eq!(evidence.kind(), ColumnKind::Date(Clock::SPSS));
        evidence.observe(1e18);
        assert_eq!(evidence.kind(), ColumnKind::Number);
    }
}
