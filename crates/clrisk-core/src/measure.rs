//! What a survey says by itself about child labour: prevalence and numbers by group, with the uncertainty of its design, the
//! definition that was used, and change since an earlier survey.

mod words;

use serde::{Deserialize, Serialize};

use crate::bundle::{BundleError, VariableLabel};
use crate::estimate::Group;
use crate::language::LocalText;
use crate::table::Table;

pub use words::MeasureWords;

/// What a row says of its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The share of the children of the group of whom the measure is true.
    Prevalence,
    /// Of the children of whom the measure is true, the share in the group.
    Composition,
}

impl Kind {
    /// The name used in files.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Prevalence => "prevalence",
            Kind::Composition => "composition",
        }
    }
}

/// Whether a figure may be published, by the quality rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Precise enough.
    Publish,
    /// Imprecise: with a warning.
    PublishWithWarning,
    /// Too imprecise, or about too few sampled children: withheld.
    Suppress,
}

impl Quality {
    /// All labels.
    pub const ALL: [Quality; 3] = [Quality::Publish, Quality::PublishWithWarning, Quality::Suppress];

    /// The name used in files.
    pub fn code(self) -> &'static str {
        match self {
            Quality::Publish => "publish",
            Quality::PublishWithWarning => "publish_with_warning",
            Quality::Suppress => "suppress",
        }
    }

    /// Reads [`Quality::code`] back.
    pub fn parse(code: &str) -> Option<Quality> {
        Quality::ALL.into_iter().find(|quality| quality.code() == code)
    }
}

/// One figure: a measure among the children of a group of certain ages.
///
/// Rates are proportions in `[0, 1]`, counts are children; intervals are those of the design at the confidence level of the
/// whole. Every number but the sample is none when the quality rule withholds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasuredRow {
    /// What is measured: `child_labour`, `excessive_chores`, …
    pub measure: String,
    /// Prevalence or composition.
    pub kind: Kind,
    /// First and last age.
    pub ages: [u8; 2],
    /// The group.
    pub group: Group,
    /// The share.
    pub rate: Option<f64>,
    /// Its standard error.
    pub standard_error: Option<f64>,
    /// Lower end of its interval.
    pub lower: Option<f64>,
    /// Upper end of its interval.
    pub upper: Option<f64>,
    /// The number of children.
    pub count: Option<f64>,
    /// Lower end of its interval.
    pub count_lower: Option<f64>,
    /// Upper end of its interval.
    pub count_upper: Option<f64>,
    /// Children that the share is of.
    pub population: Option<f64>,
    /// Sampled children that the share is of.
    pub sample: u64,
    /// Those of them of whom the measure is true.
    pub cases: Option<u64>,
    /// Size of a simple random sample as precise as this one.
    pub effective_sample: Option<f64>,
    /// Standard error over the share.
    pub coefficient_of_variation: Option<f64>,
    /// The label.
    pub quality: Quality,
}

/// The change of one figure since the earlier survey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangeRow {
    /// What is measured.
    pub measure: String,
    /// First and last age.
    pub ages: [u8; 2],
    /// The group.
    pub group: Group,
    /// The share then.
    pub earlier: Option<f64>,
    /// The share now.
    pub later: Option<f64>,
    /// Now less then, a difference of proportions.
    pub difference: Option<f64>,
    /// Its standard error.
    pub standard_error: Option<f64>,
    /// Lower end of its interval.
    pub lower: Option<f64>,
    /// Upper end of its interval.
    pub upper: Option<f64>,
    /// Two-sided test of no change.
    pub p_value: Option<f64>,
    /// The worse label of the two figures.
    pub quality: Quality,
}

/// The survey as readers see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct MeasuredSurvey {
    /// Title.
    pub title: LocalText,
    /// Year it refers to.
    pub year: Option<i32>,
    /// Publisher.
    pub source: Option<String>,
    /// Children measured.
    pub children: u64,
    /// The weights add up to the sample instead of the children of the country, so that no number of children follows from them.
    #[serde(default)]
    pub normalised_weights: bool,
}

/// The definition as readers see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DefinitionLabel {
    /// Name.
    pub id: String,
    /// Version its author gave it.
    pub version: String,
    /// First digits of the hash of its file: they change with every change.
    pub hash: String,
    /// Title.
    pub title: LocalText,
    /// What counts, in words.
    pub description: LocalText,
    /// Who compared it with its sources; empty when nobody has.
    pub reviewer: String,
    /// When it is to be looked at again.
    pub next_review: String,
    /// Facts nobody has checked against the source, each with its note.
    pub unverified: Vec<String>,
    /// Its sources.
    pub sources: Vec<String>,
}

impl DefinitionLabel {
    /// Name, version and hash, as every output carries them.
    pub fn label(&self) -> String {
        format!("{} {} ({})", self.id, self.version, self.hash)
    }
}

/// Everything `clrisk measure` found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Country.
    pub country: LocalText,
    /// ISO 3166 alpha-2 code, for the conventions of numbers.
    pub country_code: Option<String>,
    /// The country is invented.
    pub synthetic: bool,
    /// The survey.
    pub survey: MeasuredSurvey,
    /// The earlier survey, when change is measured.
    #[serde(default)]
    pub earlier: Option<MeasuredSurvey>,
    /// The definition.
    pub definition: DefinitionLabel,
    /// The quality rule.
    pub quality_rule: String,
    /// Confidence level of the intervals.
    pub level: f64,
    /// The measures, in order.
    pub measures: Vec<String>,
    /// Groups of ages, in order.
    pub ages: Vec<[u8; 2]>,
    /// Dimensions of the groups.
    pub dimensions: Vec<VariableLabel>,
    /// Why the two surveys may not be comparable: `definition`, `ages`, `items`, `reference_period`.
    #[serde(default)]
    pub comparability: Vec<String>,
    /// Program that made it.
    pub program: String,
    /// Figures. In a bundle they stand in `direct.parquet`.
    #[serde(skip)]
    pub rows: Vec<MeasuredRow>,
    /// Changes.
    #[serde(default)]
    pub changes: Vec<ChangeRow>,
}

impl MeasuredRow {
    /// Takes every number away that says something of the figure.
    pub fn withhold(&mut self) {
        self.quality = Quality::Suppress;
        self.rate = None;
        self.standard_error = None;
        self.lower = None;
        self.upper = None;
        self.withhold_numbers_of_children();
        self.cases = None;
        self.effective_sample = None;
        self.coefficient_of_variation = None;
    }

    fn withhold_numbers_of_children(&mut self) {
        self.count = None;
        self.count_lower = None;
        self.count_upper = None;
    }
}

impl ChangeRow {
    /// Takes every number away.
    pub fn withhold(&mut self) {
        self.quality = Quality::Suppress;
        self.earlier = None;
        self.later = None;
        self.difference = None;
        self.standard_error = None;
        self.lower = None;
        self.upper = None;
        self.p_value = None;
    }
}

impl Measured {
    /// The same with every number withheld that the quality rule withholds, and without numbers of children where the weights give
    /// none. What is written anywhere goes through this.
    pub fn for_publication(&self) -> Measured {
        let mut public = self.clone();
        public.rows.iter_mut().filter(|row| row.quality == Quality::Suppress).for_each(MeasuredRow::withhold);
        public.changes.iter_mut().filter(|row| row.quality == Quality::Suppress).for_each(ChangeRow::withhold);
        if public.survey.normalised_weights {
            for row in &mut public.rows {
                row.withhold_numbers_of_children();
                row.population = None;
            }
        }
        public
    }

    /// The same with the figures of one measure.
    pub fn of(&self, measure: &str) -> Measured {
        let mut one = Measured { rows: Vec::new(), changes: Vec::new(), ..self.clone() };
        one.measures.retain(|name| name == measure);
        one.rows = self.rows.iter().filter(|row| row.measure == measure).cloned().collect();
        one.changes = self.changes.iter().filter(|row| row.measure == measure).cloned().collect();
        one
    }

    /// The figure of a measure, ages and group.
    pub fn find(&self, measure: &str, ages: [u8; 2], group: &Group) -> Option<&MeasuredRow> {
        self.rows.iter().find(|row| {
            row.kind == Kind::Prevalence && row.measure == measure && row.ages == ages && row.group == *group
        })
    }

    /// The figures as a table (`direct.parquet`).
    pub fn table(&self) -> Table {
        let rows = &self.rows;
        Table::new()
            .text("measure", rows.iter().map(|row| Some(row.measure.clone())))
            .text("kind", rows.iter().map(|row| Some(row.kind.code().to_owned())))
            .whole("age_from", rows.iter().map(|row| Some(i64::from(row.ages[0]))))
            .whole("age_to", rows.iter().map(|row| Some(i64::from(row.ages[1]))))
            .text("group", rows.iter().map(|row| Some(row.group.code())))
            .number("rate", rows.iter().map(|row| row.rate))
            .number("standard_error", rows.iter().map(|row| row.standard_error))
            .number("lower", rows.iter().map(|row| row.lower))
            .number("upper", rows.iter().map(|row| row.upper))
            .number("count", rows.iter().map(|row| row.count))
            .number("count_lower", rows.iter().map(|row| row.count_lower))
            .number("count_upper", rows.iter().map(|row| row.count_upper))
            .number("population", rows.iter().map(|row| row.population))
            .whole("sample", rows.iter().map(|row| Some(row.sample as i64)))
            .whole("cases", rows.iter().map(|row| row.cases.map(|cases| cases as i64)))
            .number("effective_sample", rows.iter().map(|row| row.effective_sample))
            .number("coefficient_of_variation", rows.iter().map(|row| row.coefficient_of_variation))
            .text("quality", rows.iter().map(|row| Some(row.quality.code().to_owned())))
            .text("definition", rows.iter().map(|_| Some(self.definition.label())))
    }

    /// The changes as a table.
    pub fn changes_table(&self) -> Table {
        let rows = &self.changes;
        Table::new()
            .text("measure", rows.iter().map(|row| Some(row.measure.clone())))
            .whole("age_from", rows.iter().map(|row| Some(i64::from(row.ages[0]))))
            .whole("age_to", rows.iter().map(|row| Some(i64::from(row.ages[1]))))
            .text("group", rows.iter().map(|row| Some(row.group.code())))
            .number("earlier", rows.iter().map(|row| row.earlier))
            .number("later", rows.iter().map(|row| row.later))
            .number("difference", rows.iter().map(|row| row.difference))
            .number("standard_error", rows.iter().map(|row| row.standard_error))
            .number("lower", rows.iter().map(|row| row.lower))
            .number("upper", rows.iter().map(|row| row.upper))
            .number("p_value", rows.iter().map(|row| row.p_value))
            .text("quality", rows.iter().map(|row| Some(row.quality.code().to_owned())))
            .text("definition", rows.iter().map(|_| Some(self.definition.label())))
    }

    /// Reads the figures of [`Measured::table`] back.
    ///
    /// # Errors
    /// When a column is missing or malformed.
    pub fn rows_of(table: &Table) -> Result<Vec<MeasuredRow>, BundleError> {
        let text = |column: &str, row: usize| -> Result<String, BundleError> {
            table.texts(column)?[row].clone().ok_or_else(|| BundleError::Column { name: column.to_owned() })
        };
        let age = |column: &str, row: usize| -> Result<u8, BundleError> {
            table.wholes(column)?[row]
                .and_then(|age| u8::try_from(age).ok())
                .ok_or_else(|| BundleError::Column { name: column.to_owned() })
        };
        (0..table.rows())
            .map(|row| {
                let number = |column: &str| Ok::<_, BundleError>(table.numbers(column)?[row]);
                Ok(MeasuredRow {
                    measure: text("measure", row)?,
                    kind: match text("kind", row)?.as_str() {
                        "composition" => Kind::Composition,
                        _ => Kind::Prevalence,
                    },
                    ages: [age("age_from", row)?, age("age_to", row)?],
                    group: Group::parse(&text("group", row)?),
                    rate: number("rate")?,
                    standard_error: number("standard_error")?,
                    lower: number("lower")?,
                    upper: number("upper")?,
                    count: number("count")?,
                    count_lower: number("count_lower")?,
                    count_upper: number("count_upper")?,
                    population: number("population")?,
                    sample: table.wholes("sample")?[row].unwrap_or(0).max(0) as u64,
                    cases: table.wholes("cases")?[row].map(|cases| cases.max(0) as u64),
                    effective_sample: number("effective_sample")?,
                    coefficient_of_variation: number("coefficient_of_variation")?,
                    quality: Quality::parse(&text("quality", row)?)
                        .ok_or_else(|| BundleError::Column { name: "quality".to_owned() })?,
                })
            })
            .collect()
    }
}
