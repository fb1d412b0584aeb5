//! Sentences whose units cannot be confused.
//!
//! A rate is a [`Percent`], a difference of rates is [`Points`], a number of persons is [`Children`], a chance is a
//! [`Chance`]; each is written with its unit by one function. The placeholder that a value fills ends in its unit
//! (`$rate_percent`, `$change_points`, `$count_children`), so a sentence that asks for points cannot be given a percentage, and a
//! translator never writes a unit by hand: a test looks for units in the messages.

use clrisk_core::Language;

use crate::wording::Words;

/// A proportion, 0 to 1, written as a percentage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Percent(pub f64);

/// A difference of two percentages, in percentage points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Points(pub f64);

/// A number of children.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Children(pub f64);

/// A probability, written in whole percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance(pub f64);

impl Percent {
    /// "12.3 %".
    pub fn written(self, words: &Words<'_>) -> String {
        words.percent(self.0)
    }
}

impl Points {
    /// "1.2 percentage points", without a sign: the sentence says which way.
    pub fn written(self, words: &Words<'_>) -> String {
        // In French and Portuguese what is below two is singular; in Spanish and English decimals are plural.
        let singular = self.0.abs() < 2.0 && matches!(words.language, Language::Fr | Language::Pt);
        let n = if singular { "1" } else { "2" };
        words.with("unit-points", &[("n", n), ("points", &words.numbers.decimal(self.0.abs(), 1))])
    }
}

impl Children {
    /// "1,240 children".
    pub fn written(self, words: &Words<'_>) -> String {
        let n = format!("{:.0}", self.0.max(0.0));
        words.with("unit-children", &[("n", &n), ("children", &words.count(self.0))])
    }
}

impl Chance {
    /// "88 %"; never 0 or 100.
    pub fn written(self, words: &Words<'_>) -> String {
        words.probability(self.0)
    }
}

/// A sentence being filled.
pub struct Sentence<'a, 'w> {
    words: &'a Words<'w>,
    key: &'a str,
    values: Vec<(String, String)>,
}

impl<'a, 'w> Sentence<'a, 'w> {
    /// Begins the sentence of the message `key`.
    pub fn new(words: &'a Words<'w>, key: &'a str) -> Sentence<'a, 'w> {
        Sentence { words, key, values: Vec::new() }
    }

    fn fill(mut self, name: String, value: String) -> Self {
        self.values.push((name, value));
        self
    }

    /// Fills `$name` with a name or phrase.
    pub fn text(self, name: &str, value: &str) -> Self {
        self.fill(name.to_owned(), value.to_owned())
    }

    /// Fills `$name` with a number that has no unit, such as an age or a year.
    pub fn number(self, name: &str, value: i64) -> Self {
        self.fill(name.to_owned(), value.to_string())
    }

    /// Fills `$NAME_percent`.
    pub fn percent(self, name: &str, value: Percent) -> Self {
        let written = value.written(self.words);
        self.fill(format!("{name}_percent"), written)
    }

    /// Fills `$NAME_percent_range`: "between 3.1 % and 4.2 %".
    pub fn percent_range(self, name: &str, lower: Percent, upper: Percent) -> Self {
        let written = self.words.between(&lower.written(self.words), &upper.written(self.words));
        self.fill(format!("{name}_percent_range"), written)
    }

    /// Fills `$NAME_points`.
    pub fn points(self, name: &str, value: Points) -> Self {
        let written = value.written(self.words);
        self.fill(format!("{name}_points"), written)
    }

    /// Fills `$NAME_children`.
    pub fn children(self, name: &str, value: Children) -> Self {
        let written = value.written(self.words);
        self.fill(format!("{name}_children"), written)
    }

    /// Fills `$NAME_children_range`: "between 1,000 and 1,500 children".
    pub fn children_range(self, name: &str, lower: Children, upper: Children) -> Self {
        let written = self.words.between(&self.words.count(lower.0), &upper.written(self.words));
        self.fill(format!("{name}_children_range"), written)
    }

    /// Fills `$NAME_chance`.
    pub fn chance(self, name: &str, value: Chance) -> Self {
        let written = value.written(self.words);
        self.fill(format!("{name}_chance"), written)
    }

    /// The sentence.
    pub fn written(self) -> String {
        let values: Vec<(&str, &str)> =
            self.values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.words.with(self.key, &values)
    }
}
