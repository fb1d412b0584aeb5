//! Names of measures, groups and ages in the reader's language.

use super::{Measured, MeasuredSurvey};
use crate::estimate::Group;
use crate::language::Language;
use crate::text::{Catalog, NumberFormat};

/// The texts of one set of figures in one language.
pub struct MeasureWords<'a> {
    /// The messages.
    pub catalog: &'a Catalog,
    /// The language.
    pub language: Language,
    /// The convention of numbers.
    pub numbers: NumberFormat,
    measured: &'a Measured,
}

impl<'a> MeasureWords<'a> {
    /// Texts of `measured` in `language`.
    pub fn new(catalog: &'a Catalog, language: Language, measured: &'a Measured) -> MeasureWords<'a> {
        let numbers = NumberFormat::new(language, measured.country_code.as_deref());
        MeasureWords { catalog, language, numbers, measured }
    }

    /// A message of `measure.ftl`, without its first word.
    pub fn text(&self, key: &str) -> String {
        self.catalog.get(self.language, &format!("measure-{key}"))
    }

    /// A message with arguments.
    pub fn with(&self, key: &str, args: &[(&str, &str)]) -> String {
        self.catalog.with(self.language, &format!("measure-{key}"), args)
    }

    /// The name of a measure.
    pub fn measure(&self, measure: &str) -> String {
        self.text(&format!("name-{measure}"))
    }

    /// A group of ages.
    pub fn ages(&self, ages: [u8; 2]) -> String {
        self.with("ages", &[("from", &ages[0].to_string()), ("to", &ages[1].to_string())])
    }

    /// A group: its categories, or all children.
    pub fn group(&self, group: &Group) -> String {
        if group.is_all() {
            return self.text("all");
        }
        let labels: Vec<String> =
            group.0.iter().map(|(dimension, category)| self.category(dimension, category)).collect();
        labels.join(", ")
    }

    /// The titles of a group's dimensions.
    pub fn dimensions(&self, group: &Group) -> String {
        let titles: Vec<String> = group
            .0
            .iter()
            .map(|(dimension, _)| {
                let label = self.measured.dimensions.iter().find(|label| label.name == *dimension);
                label.map_or_else(|| dimension.clone(), |label| label.title.get(self.language).to_owned())
            })
            .collect();
        titles.join(", ")
    }

    fn category(&self, dimension: &str, category: &str) -> String {
        self.measured
            .dimensions
            .iter()
            .find(|label| label.name == dimension)
            .and_then(|label| label.categories.iter().find(|(code, _)| code == category))
            .map_or_else(|| category.to_owned(), |(_, label)| label.get(self.language).to_owned())
    }

    /// A survey: title, year, publisher.
    pub fn survey(&self, survey: &MeasuredSurvey) -> String {
        let mut parts = vec![survey.title.get(self.language).to_owned()];
        parts.extend(survey.year.map(|year| year.to_string()));
        parts.extend(survey.source.clone());
        parts.retain(|part| !part.is_empty());
        parts.join(", ")
    }

    /// The notes that go with the figures: titles and texts.
    pub fn notes(&self) -> Vec<(String, String)> {
        let measured = self.measured;
        let definition = &measured.definition;
        let heading = |key: &str| self.text(&format!("heading-{key}"));
        let mut notes = Vec::new();
        if measured.synthetic {
            notes.push((String::new(), self.text("synthetic")));
        }
        notes.push((heading("survey"), self.survey(&measured.survey)));
        notes.push((heading("children"), self.numbers.count(measured.survey.children as f64)));
        if measured.survey.normalised_weights {
            notes.push((heading("count"), self.text("note-normalised")));
        }
        if let Some(earlier) = &measured.earlier {
            notes.push((heading("previous"), self.survey(earlier)));
        }
        for kind in &measured.comparability {
            notes.push((heading("comparability"), self.text(&format!("compare-{kind}"))));
        }
        let title = definition.title.get(self.language);
        notes.push((heading("definition"), format!("{title}: {}", definition.label())));
        notes.push((heading("description"), definition.description.get(self.language).to_owned()));
        let reviewer = &definition.reviewer;
        let reviewer = if reviewer.is_empty() { heading("nobody") } else { reviewer.clone() };
        notes.push((heading("reviewer"), reviewer));
        notes.push((heading("next_review"), definition.next_review.clone()));
        notes.extend(definition.unverified.iter().map(|fact| (heading("unverified"), fact.clone())));
        notes.extend(definition.sources.iter().map(|source| (heading("sources"), source.clone())));
        notes.push((heading("rule"), measured.quality_rule.clone()));
        notes.push((heading("interval"), self.numbers.percent(measured.level)));
        for note in ["note-withheld", "note-hours", "note-national"] {
            notes.push((String::new(), self.text(note)));
        }
        notes.push((heading("program"), measured.program.clone()));
        notes
    }
}
