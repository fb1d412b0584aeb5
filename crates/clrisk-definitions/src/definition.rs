//! A definition as it stands in its file, and what makes one acceptable.

use std::collections::BTreeSet;

use clrisk_core::{Finding, LocalText, Place};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::codes::HazardousList;
use crate::status::Status;

/// Most hours in a week.
const HOURS_IN_A_WEEK: f64 = 168.0;

/// Whether reaching the threshold is enough, or it must be exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Operator {
    /// At the threshold or above.
    #[serde(rename = ">=")]
    AtLeast,
    /// Above the threshold.
    #[serde(rename = ">")]
    MoreThan,
}

/// Hours a week that decide something.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// `>=` or `>`.
    pub operator: Operator,
    /// Hours a week.
    pub hours: f64,
}

impl Threshold {
    /// Whether `hours` reach it; unknown hours (NaN) do not.
    pub fn is_reached(self, hours: f64) -> bool {
        match self.operator {
            Operator::AtLeast => hours >= self.hours,
            Operator::MoreThan => hours > self.hours,
        }
    }

    /// Whether `hours` stay below it; unknown hours (NaN) do not either.
    pub fn is_missed(self, hours: f64) -> bool {
        match self.operator {
            Operator::AtLeast => hours < self.hours,
            Operator::MoreThan => hours <= self.hours,
        }
    }
}

/// Which economic activity counts at an age.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum EconomicRule {
    /// From a number of hours on.
    Hours(Threshold),
    /// `"any"`: any activity, whatever its hours.
    Any(AnyActivity),
}

/// The word `any`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AnyActivity {
    /// Any activity, whatever its hours.
    Any,
}

/// What can make work hazardous.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HazardousKind {
    /// A condition reported by the child.
    Conditions,
    /// An industry on the list.
    Industry,
    /// An occupation on the list.
    Occupation,
    /// Hours from `long_hours` on.
    LongHours,
    /// Work at night.
    Night,
}

impl HazardousKind {
    /// The name used in files.
    pub fn code(self) -> &'static str {
        match self {
            HazardousKind::Conditions => "conditions",
            HazardousKind::Industry => "industry",
            HazardousKind::Occupation => "occupation",
            HazardousKind::LongHours => "long_hours",
            HazardousKind::Night => "night",
        }
    }
}

/// The status given to economic activity that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CountedAs {
    BelowMinimumAge,
    Hazardous,
    NationalRule,
}

/// The status given to economic activity that does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Permitted {
    LightWork,
    AdolescentWork,
}

/// The rule for a band of ages.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// First and last age.
    pub ages: [u8; 2],
    /// Economic activity that is child labour at these ages; absent: none by its hours alone.
    pub economic: Option<EconomicRule>,
    counted_as: Option<CountedAs>,
    permitted: Option<Permitted>,
    /// Hours of chores that are child labour at these ages; absent: none.
    pub chores: Option<Threshold>,
    /// What makes work hazardous at these ages.
    #[serde(default)]
    pub hazardous: Vec<HazardousKind>,
    /// Long hours, for [`HazardousKind::LongHours`].
    pub long_hours: Option<Threshold>,
}

impl Band {
    /// The status of economic activity that counts by its hours.
    pub fn counted_as(&self) -> Status {
        match self.counted_as {
            Some(CountedAs::Hazardous) => Status::Hazardous,
            Some(CountedAs::NationalRule) => Status::NationalRule,
            Some(CountedAs::BelowMinimumAge) | None => Status::BelowMinimumAge,
        }
    }

    /// Whether some economic activity does not count.
    pub fn permits(&self) -> bool {
        self.permitted.is_some()
    }

    /// The status of economic activity that does not count.
    pub fn permitted(&self) -> Status {
        match self.permitted {
            Some(Permitted::AdolescentWork) => Status::AdolescentWork,
            Some(Permitted::LightWork) | None => Status::LightWork,
        }
    }
}

/// What becomes of a child who works unknown hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum HoursUnknown {
    /// Not counted as child labour, and kept among all children (UNICEF's tables).
    #[default]
    NotCounted,
    /// Its child labour is unknown, and it is left out.
    Unknown,
}

/// What becomes of a child of whom no economic activity was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum ItemsUnknown {
    /// Taken as no activity (UNICEF's tables).
    #[default]
    No,
    /// Its child labour is unknown, and it is left out.
    Unknown,
}

/// Missing answers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct MissingRules {
    /// Unknown hours of economic activity.
    #[serde(default)]
    pub economic_hours: HoursUnknown,
    /// Unknown hours of a chore: `not_counted` takes them as zero.
    #[serde(default)]
    pub chores_hours: HoursUnknown,
    /// No answer to any question on economic activity.
    #[serde(default)]
    pub items: ItemsUnknown,
    /// Numbers that stand for "does not know" or "no answer" in hours. Of economic activity, the least of them and everything
    /// above is unknown (`CL3 < 97`); of chores, exactly these are.
    #[serde(default)]
    pub unknown_hours: Vec<u16>,
}

/// Where a fact comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Short name, used by the facts.
    pub id: String,
    /// Full reference.
    pub reference: String,
}

/// Whether somebody compared a fact with its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FactStatus {
    /// Compared with the source.
    Verified,
    /// From memory or at second hand: to be checked before relying on it.
    Unverified,
}

/// One fact the definition rests on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// What it is about: `ages`, `economic`, `chores`, `hazardous`, `minimum_age`, or a word of the author's.
    pub what: String,
    /// Checked or not.
    pub status: FactStatus,
    /// Id of a source.
    #[serde(default)]
    pub source: String,
    /// In words.
    #[serde(default)]
    pub note: String,
}

/// A series of SDG indicator 8.7.1 that the definition produces.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// Code of the series in the global database.
    pub code: String,
    /// The measure: `child_labour` or `child_labour_economic`.
    pub measure: String,
}

/// A definition of child labour.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Name: lower-case letters, digits, hyphens, dots.
    pub id: String,
    /// Version given by its author; changes with every change of meaning.
    pub version: String,
    /// Title.
    pub title: LocalText,
    /// What counts, in words.
    pub description: LocalText,
    /// ISO 3166 alpha-2 code of the country whose rule it is.
    pub country: Option<String>,
    /// Who wrote the file.
    pub author: String,
    /// Who compared it with the sources; empty when nobody has.
    #[serde(default)]
    pub reviewer: String,
    /// When it is to be looked at again, ISO 8601.
    pub next_review: String,
    /// First and last age.
    pub ages: [u8; 2],
    /// Days of the reference period.
    pub reference_days: u16,
    /// Minimum age for work in the law, where the definition rests on one.
    pub minimum_age: Option<u8>,
    /// Age from which hazardous work is allowed.
    #[serde(default = "adult")]
    pub hazardous_age: u8,
    /// Name of the list of hazardous industries and occupations.
    pub hazardous_list: Option<String>,
    /// Rules by age.
    pub bands: Vec<Band>,
    /// Missing answers.
    #[serde(default)]
    pub missing: MissingRules,
    /// Series of indicator 8.7.1.
    #[serde(default)]
    pub series: Vec<Series>,
    /// Sources.
    pub sources: Vec<Source>,
    /// Facts.
    pub facts: Vec<Fact>,
    /// The list named by `hazardous_list`.
    #[serde(skip)]
    pub list: Option<HazardousList>,
    /// SHA-256 of the definition's file and of its list, the first 12 hexadecimal digits.
    #[serde(skip)]
    pub hash: String,
}

fn adult() -> u8 {
    18
}

impl Definition {
    /// Reads a definition and checks it. `list_named` gives the text of a list of hazardous codes by its name.
    ///
    /// # Errors
    /// Everything wrong in the file: `DEFINE-001` it is not understood, `DEFINE-003` it contradicts itself, `DEFINE-004` it names
    /// codes or lists that do not exist, `DEFINE-005` it says something without a source.
    pub fn parse(
        text: &str,
        file: &str,
        list_named: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Definition, Vec<Finding>> {
        let mut definition: Definition = toml::from_str(text).map_err(|error| {
            let mut place = Place::file(file);
            place.row = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() as u64 + 1);
            vec![Finding::error("DEFINE-001", place).with("file", file).with("reason", error.message())]
        })?;
        let mut hasher = Sha256::new();
        hasher.update(text.as_bytes());
        let mut findings = definition.contradictions(file);
        findings.extend(definition.missing_citations(file));
        if let Some(name) = &definition.hazardous_list {
            match list_named(name) {
                Some(text) => {
                    hasher.update(text.as_bytes());
                    match HazardousList::parse(&text, name) {
                        Ok(list) => definition.list = Some(list),
                        Err(problems) => findings.extend(problems),
                    }
                }
                None => findings.push(
                    Finding::error("DEFINE-004", Place::file(file))
                        .with("code", name)
                        .with("classification", "hazardous_list"),
                ),
            }
        }
        let digest = hasher.finalize();
        definition.hash = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        if findings.is_empty() { Ok(definition) } else { Err(findings) }
    }

    /// Name, version and hash: what every output carries.
    pub fn label(&self) -> String {
        format!("{} {} ({})", self.id, self.version, self.hash)
    }

    /// The band of an age.
    pub fn band(&self, age: u8) -> Option<&Band> {
        self.bands.iter().find(|band| (band.ages[0]..=band.ages[1]).contains(&age))
    }

    /// Facts, and rows of the list of hazardous codes, that nobody has checked.
    pub fn unverified(&self) -> (Vec<&Fact>, usize) {
        let facts = self.facts.iter().filter(|fact| fact.status == FactStatus::Unverified).collect();
        (facts, self.list.as_ref().map_or(0, |list| list.unverified))
    }

    /// Kinds of hazard that some band uses.
    pub fn hazardous_kinds(&self) -> BTreeSet<HazardousKind> {
        self.bands.iter().flat_map(|band| band.hazardous.iter().copied()).collect()
    }

    fn contradictions(&self, file: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut contradiction = |kind: &str, ages: [u8; 2]| {
            findings.push(
                Finding::error("DEFINE-003", Place::file(file))
                    .with("kind", kind)
                    .with("from", ages[0])
                    .with("to", ages[1]),
            );
        };
        let [first, last] = self.ages;
        if first > last || last >= 100 {
            contradiction("ages", self.ages);
            return findings;
        }
        for age in first..=last {
            let bands = self.bands.iter().filter(|band| (band.ages[0]..=band.ages[1]).contains(&age)).count();
            match bands {
                1 => {}
                0 => contradiction("gap", [age, age]),
                _ => contradiction("overlap", [age, age]),
            }
        }
        for band in &self.bands {
            if band.ages[0] > band.ages[1] || band.ages[0] < first || band.ages[1] > last {
                contradiction("ages", band.ages);
            }
            let economic = match band.economic {
                Some(EconomicRule::Hours(threshold)) => Some(threshold),
                _ => None,
            };
            let wrong = |threshold: Threshold| !(threshold.hours >= 0.0 && threshold.hours <= HOURS_IN_A_WEEK);
            if [economic, band.chores, band.long_hours].into_iter().flatten().any(wrong) {
                contradiction("hours", band.ages);
            }
            if band.hazardous.contains(&HazardousKind::LongHours) != band.long_hours.is_some() {
                contradiction("long_hours", band.ages);
            }
            let listed = band.hazardous.contains(&HazardousKind::Industry)
                || band.hazardous.contains(&HazardousKind::Occupation);
            if listed && self.hazardous_list.is_none() {
                contradiction("list", band.ages);
            }
            if band.economic.is_some() != band.counted_as.is_some() {
                contradiction("counted_as", band.ages);
            }
            // Whoever works without being counted needs a name.
            let all_counted = matches!(band.economic, Some(EconomicRule::Any(_)));
            if all_counted == band.permitted.is_some() {
                contradiction("permitted", band.ages);
            }
            if let Some(minimum) = self.minimum_age {
                if band.counted_as == Some(CountedAs::BelowMinimumAge) && band.ages[1] >= minimum {
                    contradiction("minimum_age", band.ages);
                }
                if band.permitted == Some(Permitted::LightWork) && band.ages[0] >= minimum {
                    contradiction("light_work", band.ages);
                }
            }
            if !band.hazardous.is_empty() && band.ages[0] >= self.hazardous_age {
                contradiction("hazardous_age", band.ages);
            }
        }
        for series in &self.series {
            if !["child_labour", "child_labour_economic"].contains(&series.measure.as_str()) {
                contradiction("series", self.ages);
            }
        }
        let plain = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte))
        };
        if !plain(&self.id) || self.version.trim().is_empty() || self.author.trim().is_empty() {
            contradiction("name", self.ages);
        }
        findings
    }

    fn missing_citations(&self, file: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut without = |what: &str| {
            findings.push(Finding::error("DEFINE-005", Place::file(file)).with("what", what));
        };
        let sources: BTreeSet<&str> = self
            .sources
            .iter()
            .filter(|source| !source.reference.trim().is_empty())
            .map(|source| source.id.as_str())
            .collect();
        for fact in &self.facts {
            if !sources.contains(fact.source.as_str()) {
                without(&fact.what);
            }
        }
        let uses = [
            ("ages", true),
            ("economic", self.bands.iter().any(|band| band.economic.is_some())),
            ("chores", self.bands.iter().any(|band| band.chores.is_some())),
            ("hazardous", self.bands.iter().any(|band| !band.hazardous.is_empty())),
            ("minimum_age", self.minimum_age.is_some()),
        ];
        for (what, used) in uses {
            if used && !self.facts.iter().any(|fact| fact.what == what) {
                without(what);
            }
        }
        findings
    }
}
