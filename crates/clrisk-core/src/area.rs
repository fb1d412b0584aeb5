//! Areas and the levels they form.

use serde::{Deserialize, Serialize};

/// One level of the area tree, from the country down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The whole country; exactly one area.
    Country,
    /// A grouping of departments used for planning and statistics.
    Region,
    /// The first administrative division: department, province, state.
    Department,
    /// The unit of estimation: municipality, canton, district, parish.
    Municipality,
}

impl Level {
    /// All levels, largest first.
    pub const ALL: [Level; 4] = [Level::Country, Level::Region, Level::Department, Level::Municipality];

    /// The name used in files and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Level::Country => "country",
            Level::Region => "region",
            Level::Department => "department",
            Level::Municipality => "municipality",
        }
    }

    /// Reads [`Level::code`] back.
    pub fn parse(code: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.code() == code)
    }
}

/// An area: code (text, always with its leading zeros), name and place in the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Code in the area code system of the project; unique within its level.
    pub code: String,
    /// Name as its people write it.
    pub name: String,
    /// Level in the tree.
    pub level: Level,
    /// Code of the area one used level up; none for the country.
    pub parent: Option<String>,
}
