//! Display formats of SPSS: their names, and what numbers shown in them stand for.

use crate::column::{Clock, Meaning};

const SECONDS_A_DAY: f64 = 86_400.0;

/// Name of a format by its number in files; `None` for numbers that no format has.
fn name(number: u32) -> Option<&'static str> {
    const NAMES: [&str; 42] = [
        "", "A", "AHEX", "COMMA", "DOLLAR", "F", "IB", "PIBHEX", "P", "PIB", "PK", "RB", "RBHEX", "", "", "Z", "N",
        "E", "", "", "DATE", "TIME", "DATETIME", "ADATE", "JDATE", "DTIME", "WKDAY", "MONTH", "MOYR", "QYR", "WKYR",
        "PCT", "DOT", "CCA", "CCB", "CCC", "CCD", "CCE", "EDATE", "SDATE", "MTIME", "YMDHMS",
    ];
    NAMES.get(number as usize).copied().filter(|name| !name.is_empty())
}

/// A format as SPSS writes it, for example `F8.2`, and what its numbers stand for.
pub fn describe(number: u32, width: u32, decimals: u32) -> (Option<String>, Meaning) {
    let Some(name) = name(number) else { return (None, Meaning::Number) };
    let meaning = match name {
        "DATE" | "ADATE" | "JDATE" | "EDATE" | "SDATE" | "MOYR" | "QYR" | "WKYR" => Meaning::Date(Clock::SPSS),
        "DATETIME" | "YMDHMS" => Meaning::Timestamp(Clock::SPSS),
        "TIME" => Meaning::Time { units_a_day: SECONDS_A_DAY },
        _ => Meaning::Number,
    };
    let text = if decimals > 0 { format!("{name}{width}.{decimals}") } else { format!("{name}{width}") };
    (Some(text), meaning)
}
