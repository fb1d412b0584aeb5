//! SAS: data files (`.sas7bdat`) with the labels of a catalog (`.sas7bcat`), and transport files (`.xpt`).

mod dataset;
mod number;
mod transport;

pub use dataset::open as open_dataset;
pub use number::{cut_double, ibm_number};
pub use transport::open as open_transport;

use crate::column::{Clock, Meaning};

/// What numbers shown in a SAS format stand for; `format` is the name without width.
fn meaning(format: &str) -> Meaning {
    const DATES: [&str; 27] = [
        "DATE", "DAY", "DDMMYY", "DDMMYYB", "DDMMYYC", "DDMMYYD", "DDMMYYN", "DDMMYYP", "DDMMYYS", "MMDDYY", "MMDDYYB",
        "MMDDYYC", "MMDDYYD", "MMDDYYN", "MMDDYYP", "MMDDYYS", "YYMMDD", "YYMMDDB", "YYMMDDC", "YYMMDDD", "YYMMDDN",
        "YYMMDDP", "YYMMDDS", "JULIAN", "JULDAY", "MONYY", "WORDDATE",
    ];
    const MORE_DATES: [&str; 10] =
        ["WEEKDATE", "WEEKDATX", "WORDDATX", "YYMON", "E8601DA", "B8601DA", "IS8601DA", "NLDATE", "EURDFDD", "MINGUO"];
    const MOMENTS: [&str; 8] =
        ["DATETIME", "DATEAMPM", "DTDATE", "E8601DT", "B8601DT", "IS8601DT", "NLDATM", "MDYAMPM"];
    const TIMES: [&str; 8] = ["TIME", "HHMM", "TOD", "MMSS", "TIMEAMPM", "E8601TM", "B8601TM", "NLTIME"];
    let name = format.trim_end_matches('.').to_ascii_uppercase();
    let name = name.as_str();
    if DATES.contains(&name) || MORE_DATES.contains(&name) {
        Meaning::Date(Clock::DAYS_FROM_1960)
    } else if MOMENTS.contains(&name) {
        Meaning::Timestamp(Clock::SECONDS_FROM_1960)
    } else if TIMES.contains(&name) {
        Meaning::Time { units_a_day: 86_400.0 }
    } else {
        Meaning::Number
    }
}

/// A format as SAS writes it: `DATE9.`, `8.2`, `$20.`.
fn format_text(name: &str, width: u16, decimals: u16) -> Option<String> {
    let width = if width > 0 { width.to_string() } else { String::new() };
    let decimals = if decimals > 0 { decimals.to_string() } else { String::new() };
    let text = format!("{}{width}.{decimals}", name.trim());
    (text != ".").then_some(text)
}
