//! Sentences in which units cannot be garbled.
//!
//! A placeholder of a sentence is filled only by a [`Quantity`] or a name. A quantity is made from a number whose meaning is in its
//! type and writes its unit itself: no message of the language files holds a percent sign or the word "points" beside a
//! placeholder, and no sentence can call a share of 6.8 % "6.8 out of 10" or a difference of shares "percent".

use clrisk_core::measure::MeasureWords as Words;

/// A number with its unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quantity {
    /// A share, from a proportion in `[0, 1]`; written as a percentage.
    Share(f64),
    /// A number of children; written in whole children.
    Children(f64),
    /// The size of a difference of two proportions; written in percentage points.
    Points(f64),
}

impl Quantity {
    /// The number and its unit in words.
    pub fn text(self, words: &Words<'_>) -> String {
        // Only a quantity that is written as exactly 1 is singular.
        let counted = |unit: &str, text: String| {
            let number = if text == "1" || text == words.numbers.decimal(1.0, 1) { "1" } else { "2" };
            words.with(unit, &[("number", number), ("text", &text)])
        };
        match self {
            Quantity::Share(proportion) => words.numbers.percent(proportion),
            Quantity::Children(children) => counted("unit-children", words.numbers.count(children)),
            Quantity::Points(difference) => {
                counted("unit-points", words.numbers.decimal((100.0 * difference).abs(), 1))
            }
        }
    }
}

/// A sentence being filled.
pub struct Sentence<'a> {
    words: &'a Words<'a>,
    key: String,
    filled: Vec<(String, String)>,
}

impl<'a> Sentence<'a> {
    /// The sentence `measure-sentence-KEY`.
    pub fn new(words: &'a Words<'a>, key: &str) -> Sentence<'a> {
        Sentence { words, key: format!("sentence-{key}"), filled: Vec::new() }
    }

    /// Fills a placeholder with a quantity.
    pub fn quantity(mut self, name: &str, quantity: Quantity) -> Self {
        self.filled.push((name.to_owned(), quantity.text(self.words)));
        self
    }

    /// Fills a placeholder with the name of a measure, group or range of ages.
    pub fn name(mut self, name: &str, text: impl Into<String>) -> Self {
        self.filled.push((name.to_owned(), text.into()));
        self
    }

    /// The finished sentence.
    pub fn finish(self) -> String {
        let pairs: Vec<(&str, &str)> = self.filled.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        self.words.with(&self.key, &pairs)
    }
}
