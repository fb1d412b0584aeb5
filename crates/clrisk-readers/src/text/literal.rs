//! Numbers written as text: which type a column has after all of its values were seen, and what a value is.
//!
//! Offices write 1234.5, 1,234.5, 1234,5 and 1.234,5. A column is one kind of number throughout; both readings are kept until a value
//! contradicts one of them.

use crate::column::ColumnKind;

/// What separates whole and fraction; the other of the two groups thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decimal {
    Point,
    Comma,
}

/// A column of a text file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TextColumn {
    pub kind: ColumnKind,
    pub decimal: Decimal,
}

/// What the values of a column seen so far allow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ColumnEvidence {
    /// A value was seen.
    seen: bool,
    /// All values are digits alone (with sign).
    digits: bool,
    point: Reading,
    comma: Reading,
    /// Values that are one point, which is how SAS and Stata write "missing".
    pub lone_points: u64,
}

/// One of the two readings of a number.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Reading {
    /// All values can be read so.
    possible: bool,
    /// All values are whole when read so.
    whole: bool,
    /// A value was seen that cannot be read otherwise.
    sure: bool,
}

impl ColumnEvidence {
    pub(super) fn new() -> ColumnEvidence {
        let reading = Reading { possible: true, whole: true, sure: false };
        ColumnEvidence { seen: false, digits: true, point: reading, comma: reading, lone_points: 0 }
    }

    /// Takes note of a value.
    #[inline]
    pub(super) fn observe(&mut self, value: &[u8]) {
        if !(self.point.possible || self.comma.possible) {
            return;
        }
        let value = value.trim_ascii();
        if is_missing(value) {
            return;
        }
        if value == b"." {
            self.lone_points += 1;
            return;
        }
        self.seen = true;
        if whole_number(value).is_some() {
            return;
        }
        self.digits = false;
        let point = number(value, Decimal::Point);
        let comma = number(value, Decimal::Comma);
        self.point.sure |= point.is_some() && comma.is_none();
        self.comma.sure |= comma.is_some() && point.is_none();
        for (reading, value) in [(&mut self.point, point), (&mut self.comma, comma)] {
            reading.possible &= value.is_some();
            reading.whole &= value.is_some_and(|value| value.fract() == 0.0 && value.abs() < 9e15);
        }
    }

    /// Whether the decimal separator is beyond doubt.
    pub(super) fn sure(&self) -> Option<Decimal> {
        match (self.point, self.comma) {
            (Reading { possible: true, sure: true, .. }, Reading { possible: false, .. }) => Some(Decimal::Point),
            (Reading { possible: false, .. }, Reading { possible: true, sure: true, .. }) => Some(Decimal::Comma),
            _ => None,
        }
    }

    /// Whether the values are numbers that mean something else with a point than with a comma, as 1.234 does.
    pub(super) fn ambiguous(&self) -> bool {
        self.seen && !self.digits && self.point.possible && self.comma.possible
    }

    /// The column; `otherwise` is the separator where the values leave both possible.
    pub(super) fn decide(&self, otherwise: Decimal) -> TextColumn {
        let decimal = match (self.point.possible, self.comma.possible) {
            (true, false) => Decimal::Point,
            (false, true) => Decimal::Comma,
            _ => otherwise,
        };
        let reading = match decimal {
            Decimal::Point => self.point,
            Decimal::Comma => self.comma,
        };
        let kind = match () {
            () if !self.seen || !reading.possible => ColumnKind::Text,
            () if self.digits || reading.whole => ColumnKind::Integer,
            () => ColumnKind::Number,
        };
        TextColumn { kind, decimal }
    }
}

/// Whether a value, without blanks around it, stands for "missing".
pub(super) fn is_missing(value: &[u8]) -> bool {
    matches!(value, b"" | b"NA" | b"N/A")
}

/// A whole number of digits with or without a minus. A leading zero makes it a code, and digits that an integer cannot hold make it an
/// identifier: neither is a number.
pub(super) fn whole_number(value: &[u8]) -> Option<i64> {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    let plain = !digits.is_empty() && digits.len() <= 19 && digits.iter().all(u8::is_ascii_digit);
    if !plain || (digits.len() > 1 && digits[0] == b'0') {
        return None;
    }
    std::str::from_utf8(value).ok()?.parse().ok()
}

/// A number with the decimal separator given. Thousands may be grouped by the other one, then all of them.
pub(super) fn number(value: &[u8], decimal: Decimal) -> Option<f64> {
    let (separator, grouping) = match decimal {
        Decimal::Point => (b'.', b','),
        Decimal::Comma => (b',', b'.'),
    };
    if let Some(whole) = whole_number(value) {
        return Some(whole as f64);
    }
    if value.len() > 64 {
        return None;
    }
    let (negative, rest) = match value.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, value),
    };
    let (mantissa, exponent) = match rest.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let (whole, fraction) = match mantissa.iter().position(|byte| *byte == separator) {
        Some(at) => (&mantissa[..at], Some(&mantissa[at + 1..])),
        None => (mantissa, None),
    };
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    // 1E5 may be a code; 1e+05 and 1.5e5 are numbers.
    if let Some(exponent) = exponent {
        let (sign, power) = match exponent.split_first() {
            Some((b'+' | b'-', power)) => (true, power),
            _ => (false, exponent),
        };
        if power.is_empty() || !digits(power) || !(sign || fraction.is_some()) {
            return None;
        }
    }
    if fraction.is_some_and(|fraction| !digits(fraction)) || (whole.is_empty() && fraction.is_none_or(<[u8]>::is_empty))
    {
        return None;
    }
    let mut text = String::with_capacity(value.len() + 1);
    if negative {
        text.push('-');
    }
    let mut groups = whole.split(|byte| *byte == grouping);
    let first = groups.next()?;
    let grouped = whole.contains(&grouping);
    if !digits(first) || (grouped && !(1..=3).contains(&first.len())) || (first.len() > 1 && first[0] == b'0') {
        return None;
    }
    if grouped && first == b"0" {
        return None;
    }
    text.push_str(std::str::from_utf8(first).ok()?);
    for group in groups {
        if group.len() != 3 || !digits(group) {
            return None;
        }
        text.push_str(std::str::from_utf8(group).ok()?);
    }
    if whole.is_empty() {
        text.push('0');
    }
    // Digits without separator that are no whole number were turned down above: they are a code or an identifier.
    if fraction.is_none() && exponent.is_none() && !grouped {
        return None;
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(std::str::from_utf8(fraction).ok()?);
    }
    if let Some(exponent) = exponent {
        text.push('e');
        text.push_str(std::str::from_utf8(exponent).ok()?);
    }
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// A number as text that is read as that number and nothing else, whatever the other values of its column are.
pub(crate) fn point_number(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        return (number as i64).to_string();
    }
    let text = format!("{number:?}");
    match text.split_once('e') {
        Some((mantissa, power)) if !power.starts_with('-') => format!("{mantissa}e+{power}"),
        // Three digits behind the point might be thousands.
        None if text.rsplit('.').next().is_some_and(|fraction| fraction.len() == 3) => text + "0",
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: &[&str]) -> (ColumnKind, Decimal) {
        let mut evidence = ColumnEvidence::new();
        values.iter().for_each(|value| evidence.observe(value.as_bytes()));
        let column = evidence.decide(Decimal::Point);
        (column.kind, column.decimal)
    }

    #[test]
    fn codes_with_leading_zeros_stay_text_and_numbers_widen() {
        assert_eq!(column(&["101", "0102"]).0, ColumnKind::Text);
        assert_eq!(column(&["1", "", "NA", "22"]).0, ColumnKind::Integer);
        assert_eq!(column(&["1", "0.5", "-3"]).0, ColumnKind::Number);
        assert_eq!(column(&["0", "10"]).0, ColumnKind::Integer);
        assert_eq!(column(&["1", "x"]).0, ColumnKind::Text);
        assert_eq!(column(&["", "NA"]).0, ColumnKind::Text);
        assert_eq!(column(&["3.0", "8.0", "-1.0"]).0, ColumnKind::Integer);
        assert_eq!(column(&["1e+05", "2"]).0, ColumnKind::Integer);
        assert_eq!(column(&["1E5", "2"]).0, ColumnKind::Text);
        assert_eq!(column(&["01E+2"]).0, ColumnKind::Text);
        assert_eq!(column(&["12345678901234567890"]).0, ColumnKind::Text);
        assert_eq!(column(&["inf", "1.5"]).0, ColumnKind::Text);
        assert_eq!(column(&["+5"]).0, ColumnKind::Text);
        assert_eq!(column(&["2021-05-01"]).0, ColumnKind::Text);
        assert_eq!(column(&["1.01.02"]).0, ColumnKind::Text);
    }

    #[test]
    fn a_decimal_comma_is_told_from_a_decimal_point_by_all_values_of_the_column() {
        assert_eq!(column(&["1.234,5", "0,25"]), (ColumnKind::Number, Decimal::Comma));
        assert_eq!(column(&["1,234.5", "0.25"]), (ColumnKind::Number, Decimal::Point));
        assert_eq!(column(&["1.234", "0,5"]), (ColumnKind::Number, Decimal::Comma));
        assert_eq!(column(&["1.234", "0.5"]), (ColumnKind::Number, Decimal::Point));
        assert_eq!(column(&["1.234.567", "12"]), (ColumnKind::Integer, Decimal::Comma));
        assert_eq!(column(&["0.5", "0,5"]).0, ColumnKind::Text);
        let mut evidence = ColumnEvidence::new();
        evidence.observe(b"1.234");
        assert!(evidence.ambiguous());
        assert_eq!(evidence.decide(Decimal::Comma).kind, ColumnKind::Integer);
        assert_eq!(evidence.decide(Decimal::Point).kind, ColumnKind::Number);
    }

    #[test]
    fn numbers_are_what_they_are_written_as() {
        assert_eq!(number(b"-1.234,5", Decimal::Comma), Some(-1234.5));
        assert_eq!(number(b".5", Decimal::Point), Some(0.5));
        assert_eq!(number(b"5.", Decimal::Point), Some(5.0));
        assert_eq!(number(b"1.5e-3", Decimal::Point), Some(0.0015));
        for value in [1.234, -1e21, 1.5e300, 1e-7, 0.1, 12.0, f64::MAX] {
            assert_eq!(number(point_number(value).as_bytes(), Decimal::Point), Some(value));
            // Who takes the comma for the decimal sign refuses it or reads the same; never another number.
            let other = number(point_number(value).as_bytes(), Decimal::Comma);
            assert!(other.is_none_or(|other| other == value), "{value}");
        }
        for value in ["", "-", ".", ",", "1..2", "1,23.4", "0,123.4", "e5", "1.5e", "--1", "1.5e400", "00.5"] {
            assert_eq!(number(value.as_bytes(), Decimal::Point), None, "{value}");
        }
    }
}
