//! The fact sheet (*ficha*) of a country, department or municipality: what it says, once, for every medium.
//!
//! [`Sheet`] holds finished sentences and figures in one language; [`page`] makes HTML of it, the crate `clrisk-print` PDF.
//! Nothing is worded or rounded twice, so the two cannot disagree.

mod content;
mod index;
mod map;
pub mod page;

use clrisk_core::{Language, Level};
use serde::Serialize;

pub(crate) use map::HEAVIEST;
pub use page::STYLE;

/// A fact sheet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sheet {
    /// Language of every text.
    pub language: Language,
    /// Level of the area.
    pub level: Level,
    /// Code of the area.
    pub code: String,
    /// Name of the area.
    pub name: String,
    /// Where it is: the areas above it, and its code.
    pub place: String,
    /// Title of the study.
    pub study: String,
    /// What is measured.
    pub outcome: String,
    /// What every reader must know first: invented country, confidential draft.
    pub notices: Vec<String>,
    /// Level of risk; none where no estimate may be shown, and for areas that have no class.
    pub risk: Option<Risk>,
    /// Why there are no figures, or what kind they are.
    pub status: String,
    /// The main sentences.
    pub sentences: Vec<String>,
    /// Rate, number and population.
    pub figures: Vec<Figure>,
    /// Probability of every class, lowest first.
    pub memberships: Vec<Membership>,
    /// Rates of boys and girls and of the other groups of one dimension.
    pub groups: Vec<GroupLine>,
    /// Remark under the groups.
    pub groups_note: Option<String>,
    /// The factors somebody can act on.
    pub factors: Vec<FactorLine>,
    /// Municipalities in like conditions.
    pub similar: Vec<SimilarLine>,
    /// The municipalities of a larger area by class, highest first.
    pub classes: Vec<ClassLine>,
    /// What to do next.
    pub next: Vec<String>,
    /// Inputs and their ages.
    pub inputs: Vec<InputLine>,
    /// What every reader must know last.
    pub remarks: Vec<String>,
    /// Which publication this is.
    pub release: String,
    /// The map.
    pub map: Option<SheetMap>,
    /// Headings.
    pub headings: Headings,
}

/// Level of risk.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Risk {
    /// Name of the class.
    pub class: String,
    /// Its colour on the map.
    pub color: String,
    /// Colour of text on it.
    pub ink: String,
    /// How sure it is.
    pub sure: String,
}

/// A figure with its label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// What it is.
    pub label: String,
    /// The figure.
    pub value: String,
    /// Its interval, or what it refers to.
    pub detail: String,
}

/// Probability of a class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Membership {
    /// Name of the class.
    pub class: String,
    /// Colour of the class.
    pub color: String,
    /// Probability, 0 to 1.
    pub share: f64,
    /// Probability in words.
    pub chance: String,
}

/// A publication group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupLine {
    /// Who.
    pub label: String,
    /// Rate, or why there is none.
    pub rate: String,
    /// Interval of the rate.
    pub interval: String,
    /// Number of children.
    pub count: String,
}

/// A factor.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FactorLine {
    /// What it is.
    pub label: String,
    /// What it does to the rate here.
    pub effect: String,
}

/// A municipality in like conditions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SimilarLine {
    /// Code.
    pub code: String,
    /// Name and department.
    pub name: String,
    /// Rate with its interval.
    pub rate: String,
}

/// A class with its municipalities.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassLine {
    /// Name of the class.
    pub class: String,
    /// Its colour.
    pub color: String,
    /// Written rule of its interval.
    pub rule: String,
    /// How many.
    pub areas: String,
    /// Their names, in alphabetical order.
    pub names: String,
}

/// An input.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InputLine {
    /// Title and source.
    pub title: String,
    /// Year.
    pub year: String,
    /// How many years before the publication.
    pub age: String,
}

/// The map of a sheet, with its legend.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SheetMap {
    /// The picture.
    pub svg: String,
    /// The patterns that the fills of the legend name; the picture has them too.
    pub patterns: String,
    /// What it shows, for those who do not see it.
    pub label: String,
    /// The rule of the legend.
    pub rule: String,
    /// Lines of the legend.
    pub legend: Vec<SheetLegendLine>,
}

/// A line of the legend.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SheetLegendLine {
    /// Fill of the look: a colour, or a pattern of [`SheetMap::patterns`].
    pub fill: String,
    /// What it means and how many areas have it.
    pub label: String,
}

/// The headings of a sheet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Headings {
    /// Over the level of risk.
    pub risk: String,
    /// Over the probabilities of the classes.
    pub memberships: String,
    /// Over the groups.
    pub groups: String,
    /// Column of the groups.
    pub group: String,
    /// Column of rates.
    pub rate: String,
    /// Column of intervals.
    pub interval: String,
    /// Column of numbers of children.
    pub count: String,
    /// Over the factors.
    pub factors: String,
    /// Over the municipalities in like conditions.
    pub similar: String,
    /// Over the classes.
    pub classes: String,
    /// Over the steps.
    pub next: String,
    /// Over the inputs.
    pub inputs: String,
    /// Column of years.
    pub year: String,
    /// Column of ages.
    pub age: String,
    /// Over the map.
    pub map: String,
}
