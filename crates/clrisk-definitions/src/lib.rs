//! What counts as child labour, as data: versioned definitions, and the classification of children by them from the raw
//! answers of a questionnaire.
//!
//! A [`Definition`] is a reviewed file (`definitions/*.toml`): age bands, thresholds with their operators, what makes work
//! hazardous, what becomes of missing answers, and for every fact its source and whether somebody has checked it. [`classify`]
//! gives each child one [`Status`] and the [`Reasons`] that led there, which can be counted.
//!
//! ```
//! use clrisk_definitions::{Catalogue, Items, Status, classify};
//! let definition = Catalogue::embedded().find("mics6").unwrap();
//! let (ages, works, hours) = ([9, 13, 16], [1, 1, 0], [2.0, 4.0, f32::NAN]);
//! let items = Items { ages: &ages, economic: vec![&works], economic_hours: vec![&hours], ..Items::default() };
//! let children = classify(definition, &items).unwrap();
//! assert_eq!(children.statuses, [Status::BelowMinimumAge, Status::LightWork, Status::NotWorking]);
//! ```

mod catalogue;
mod classify;
mod codes;
mod definition;
mod items;
mod reason;
mod status;

pub use catalogue::Catalogue;
pub use classify::{Classified, classify};
pub use codes::{Classification, HazardousList};
pub use definition::{
    Band, Definition, EconomicRule, Fact, FactStatus, HazardousKind, HoursUnknown, ItemsUnknown, MissingRules,
    Operator, Series, Source, Threshold,
};
pub use items::{Codes, Items, ItemsError, MISSING, NO, YES};
pub use reason::{Condition, Reasons};
pub use status::{Schooling, Status};
