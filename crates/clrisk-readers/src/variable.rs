//! What a file says about a variable: its label, the labels of its values, and which values stand for "missing".

use std::collections::{HashMap, HashSet};

/// A variable of a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Variable {
    /// Name as the file writes it.
    pub name: String,
    /// What it is, in the words of the file.
    pub label: Option<String>,
    /// Labels of values, in the order of the file.
    pub value_labels: Vec<(LabelledValue, String)>,
    /// Values that the file declares as missing.
    pub missing: MissingCodes,
    /// Display format in the notation of the file's program, for example `F8.2`, `%td` or `DATE9.`.
    pub format: Option<String>,
}

impl Variable {
    /// A variable of which only the name is known.
    pub fn named(name: impl Into<String>) -> Variable {
        Variable { name: name.into(), ..Variable::default() }
    }

    /// The label of a number, when it has one.
    pub fn label_of_number(&self, value: f64) -> Option<&str> {
        self.value_labels
            .iter()
            .find(|(labelled, _)| matches!(labelled, LabelledValue::Number(number) if *number == value))
            .map(|(_, label)| label.as_str())
    }
}

/// A value that has a label.
#[derive(Debug, Clone, PartialEq)]
pub enum LabelledValue {
    /// A number.
    Number(f64),
    /// A text, without trailing blanks.
    Text(String),
    /// A missing value with a letter: `.a` to `.z` of Stata and SAS, `._` of SAS.
    Missing(char),
}

/// Values that a file declares as missing: they are read as null, or kept when the reader is asked to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MissingCodes {
    /// Single numbers.
    pub numbers: Vec<f64>,
    /// Ranges of numbers, both ends included.
    pub ranges: Vec<(f64, f64)>,
    /// Single texts, without trailing blanks.
    pub texts: Vec<String>,
}

impl MissingCodes {
    /// Whether nothing is declared.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty() && self.ranges.is_empty() && self.texts.is_empty()
    }

    /// Whether a number is declared missing.
    pub fn has_number(&self, value: f64) -> bool {
        self.numbers.contains(&value) || self.ranges.iter().any(|(low, high)| *low <= value && value <= *high)
    }

    /// Whether a text (without trailing blanks) is declared missing.
    pub fn has_text(&self, value: &str) -> bool {
        self.texts.iter().any(|text| text == value)
    }
}

/// Bounds what labels may take: a set of labels can belong to many variables, and a damaged file could make that any number of times
/// its own size.
#[derive(Debug)]
pub struct LabelBudget {
    left: u64,
}

impl LabelBudget {
    /// What a file of `length` bytes may need.
    pub fn of_file(length: u64) -> LabelBudget {
        LabelBudget { left: (16 << 20) + length.saturating_mul(16) }
    }

    /// Spends what `count` labels with texts of `bytes` in all take; `false` when it is too much.
    pub fn spend(&mut self, count: usize, bytes: usize) -> bool {
        let cost = (count as u64).saturating_mul(80).saturating_add(bytes as u64);
        self.left = self.left.saturating_sub(cost);
        self.left > 0
    }
}

/// Makes names usable as names of columns: none empty, none twice (the later ones get `_2`, `_3` ...). Gives how many had to change and
/// the position of the first that did.
pub fn distinct_names(names: &mut [String]) -> Option<(u64, usize)> {
    let mut taken: HashSet<String> = names.iter().cloned().collect();
    let mut seen: HashSet<String> = HashSet::new();
    let mut next: HashMap<String, u64> = HashMap::new();
    let mut changed = None;
    for position in 0..names.len() {
        let name = &names[position];
        if !name.is_empty() && seen.insert(name.clone()) {
            continue;
        }
        let stem = if name.is_empty() { format!("column_{}", position + 1) } else { name.clone() };
        let number = next.entry(stem.clone()).or_insert(if name.is_empty() { 1 } else { 2 });
        let renamed = loop {
            let candidate = if *number == 1 { stem.clone() } else { format!("{stem}_{number}") };
            *number += 1;
            if taken.insert(candidate.clone()) {
                break candidate;
            }
        };
        seen.insert(renamed.clone());
        names[position] = renamed;
        changed = changed.map_or(Some((1, position)), |(count, first)| Some((count + 1, first)));
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_distinct_without_taking_the_name_of_another() {
        let mut names = ["a", "a", "a_2", "", "a", "b"].map(str::to_owned);
        assert_eq!(distinct_names(&mut names), Some((3, 1)));
        assert_eq!(names, ["a", "a_3", "a_2", "column_4", "a_4", "b"]);
        assert_eq!(distinct_names(&mut names), None);
    }
}
