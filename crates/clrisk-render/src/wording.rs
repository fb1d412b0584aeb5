//! Numbers and names in the words of the reader's language: intervals as "between x and y", ranks as ranges, and the
//! sentence that stands in the place of a number that is not shown.

use clrisk_core::text::NumberFormat;
use clrisk_core::{AreaClass, Catalog, Estimate, Group, Language, Manifest, ValueStatus};

/// The words of one language and country.
pub struct Words<'a> {
    /// All messages.
    pub catalog: &'a Catalog,
    /// The language.
    pub language: Language,
    /// The convention for numbers.
    pub numbers: NumberFormat,
}

impl<'a> Words<'a> {
    /// Words for readers of `language` in the country of the bundle.
    pub fn new(catalog: &'a Catalog, language: Language, manifest: &Manifest) -> Words<'a> {
        Words { catalog, language, numbers: NumberFormat::new(language, manifest.country_code.as_deref()) }
    }

    /// A message.
    pub fn text(&self, key: &str) -> String {
        self.catalog.get(self.language, key)
    }

    /// A message with arguments.
    pub fn with(&self, key: &str, args: &[(&str, &str)]) -> String {
        self.catalog.with(self.language, key, args)
    }

    /// A message that counts: `n` chooses the plural form, `count` is the number as readers write it.
    pub fn counted(&self, key: &str, n: usize) -> String {
        self.with(key, &[("n", &n.to_string()), ("count", &self.count(n as f64))])
    }

    /// The message `key`, or `otherwise` when the language files have none.
    pub fn text_or(&self, key: &str, otherwise: &str) -> String {
        if self.catalog.has(self.language, key) { self.text(key) } else { otherwise.to_owned() }
    }

    /// A proportion as a percentage with one decimal.
    pub fn percent(&self, proportion: f64) -> String {
        self.numbers.percent(proportion)
    }

    /// A number of children or areas.
    pub fn count(&self, value: f64) -> String {
        self.numbers.count(value)
    }

    /// A probability in whole percent; never 0 or 100, because the draws cannot tell.
    pub fn probability(&self, probability: f64) -> String {
        if probability < 0.01 {
            self.with("site-less-than", &[("value", "1\u{202f}%")])
        } else if probability > 0.99 {
            self.with("site-more-than", &[("value", "99\u{202f}%")])
        } else {
            format!("{}\u{202f}%", self.numbers.decimal(probability * 100.0, 0))
        }
    }

    /// "between x and y".
    pub fn between(&self, lower: &str, upper: &str) -> String {
        self.with("site-between", &[("lower", lower), ("upper", upper)])
    }

    /// The 95 % interval of a rate; empty when there is none.
    pub fn rate_interval(&self, estimate: &Estimate) -> String {
        match (estimate.lower, estimate.upper) {
            (Some(lower), Some(upper)) => self.between(&self.percent(lower), &self.percent(upper)),
            _ => String::new(),
        }
    }

    /// The 95 % interval of a number of children; empty when there is none.
    pub fn count_interval(&self, estimate: &Estimate) -> String {
        match (estimate.count_lower, estimate.count_upper) {
            (Some(lower), Some(upper)) => self.between(&self.count(lower), &self.count(upper)),
            _ => String::new(),
        }
    }

    /// Percentage points with their sign: "+1.2", "−0.4".
    pub fn points(&self, points: f64) -> String {
        signed(points, self.numbers.decimal(points, 1))
    }

    /// A change of a number of children with its sign: "−1,240".
    pub fn change(&self, children: f64) -> String {
        signed(children, self.count(children))
    }

    /// A grouping of areas in the model: "municipality", "department", "region".
    pub fn grouping(&self, group: &str) -> String {
        self.text_or(&format!("site-grouping-{group}"), group)
    }

    /// A rank in a word: "4th", "4.º", "4ª", "4e".
    pub fn ordinal(&self, rank: i64) -> String {
        match self.language {
            Language::En => {
                let suffix = match (rank % 10, rank % 100) {
                    (_, 11..=13) => "th",
                    (1, _) => "st",
                    (2, _) => "nd",
                    (3, _) => "rd",
                    _ => "th",
                };
                format!("{rank}{suffix}")
            }
            Language::Es => format!("{rank}.º"),
            // "Posição" is feminine.
            Language::Pt => format!("{rank}ª"),
            Language::Fr if rank == 1 => "1er".to_owned(),
            Language::Fr => format!("{rank}e"),
        }
    }

    /// What stands between phrases of a list: a semicolon as the language sets it.
    pub fn semicolon(&self) -> &'static str {
        if self.language == Language::Fr { "\u{202f}; " } else { "; " }
    }

    /// The range of ranks of an area among `total`: "between 4th and 19th of 340".
    pub fn rank_range(&self, class: &AreaClass, total: usize) -> Option<String> {
        let (best, worst) = (class.rank_lower?, class.rank_upper?);
        let total = self.count(total as f64);
        Some(if best == worst {
            self.with("site-rank-exact", &[("rank", &self.ordinal(best)), ("total", &total)])
        } else {
            self.with(
                "site-rank-range",
                &[("best", &self.ordinal(best)), ("worst", &self.ordinal(worst)), ("total", &total)],
            )
        })
    }

    /// What a status means.
    pub fn status(&self, status: ValueStatus) -> String {
        self.text(&format!("status-{}", status.code()))
    }

    /// The name of a class given its message key.
    pub fn class_key(&self, key: &str) -> String {
        self.text_or(key, key)
    }

    /// The name of class `class` (1 = lowest).
    pub fn class(&self, manifest: &Manifest, class: i64) -> String {
        let key = usize::try_from(class - 1).ok().and_then(|index| manifest.classes.names.get(index));
        key.map_or_else(|| class.to_string(), |key| self.class_key(key))
    }

    /// The name of the rule that made the classes.
    pub fn rule(&self, rule: &str) -> String {
        self.text_or(&format!("rule-{}", rule.replace('_', "-")), rule)
    }

    /// Title of a variable.
    pub fn variable(&self, manifest: &Manifest, name: &str) -> String {
        if name == "area_effect" {
            return self.text("site-factor-area-effect");
        }
        let found = manifest.variables.iter().find(|variable| variable.name == name);
        found.map_or_else(|| name.to_owned(), |variable| variable.title.get(self.language).to_owned())
    }

    /// Label of a category.
    pub fn category(&self, manifest: &Manifest, variable: &str, category: &str) -> String {
        manifest
            .variables
            .iter()
            .find(|found| found.name == variable)
            .and_then(|found| found.categories.iter().find(|(name, _)| name == category))
            .map_or_else(|| category.to_owned(), |(_, label)| label.get(self.language).to_owned())
    }

    /// Label of a publication group.
    pub fn group(&self, manifest: &Manifest, group: &Group) -> String {
        if group.is_all() {
            return self.text("site-all-children");
        }
        let labels: Vec<String> =
            group.0.iter().map(|(variable, category)| self.category(manifest, variable, category)).collect();
        labels.join(", ")
    }

    /// The written rule of a class interval: "more than 5.0 % up to 8.2 %"; the lowest interval has its lower end in it.
    pub fn interval_rule(&self, lower: f64, upper: f64, lowest: bool) -> String {
        let key = if lowest { "site-interval-lowest" } else { "site-interval" };
        self.with(key, &[("lower", &self.percent(lower)), ("upper", &self.percent(upper))])
    }

    /// How much of what is particular to an area was learned from its own sample.
    pub fn own_sample(&self, share: Option<f64>) -> String {
        self.text(match share {
            None => "site-share-none",
            Some(share) if share < 0.1 => "site-share-little",
            Some(share) if share < 0.4 => "site-share-some",
            Some(share) if share < 0.7 => "site-share-half",
            Some(_) => "site-share-most",
        })
    }
}

/// A plus sign before what is above zero; what rounds to nothing has no direction.
fn signed(value: f64, text: String) -> String {
    if value > 0.0 && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) { format!("+{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_of_classes_has_a_name_however_its_words_are_joined() {
        let catalog = Catalog::load();
        for language in Language::ALL {
            let words = Words { catalog: &catalog, language, numbers: NumberFormat::new(language, None) };
            for (joined, key) in [
                ("dalenius_hodges", "rule-dalenius-hodges"),
                ("k_means", "rule-k-means"),
                ("fisher-jenks", "rule-fisher-jenks"),
            ] {
                assert!(catalog.has(language, key), "{language}: {key}");
                assert_eq!(words.rule(joined), words.text(key));
            }
        }
    }
}
