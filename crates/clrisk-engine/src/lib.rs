//! The only crate that reads microdata: files, codebook, joins, the pass over the population, models, and the bundle.
//!
//! The order of a run is the order of its modules: settings, areas, files, joins, survey, model, population, estimates,
//! bundle. The [`index`] has a way of its own. Whatever is wrong becomes a [`clrisk_core::Finding`]; no value of a person's record ever does.

pub mod area_level;
pub mod areas;
pub mod card;
pub mod cells;
pub mod cluster;
pub mod codebook;
pub mod columns;
pub mod comparability;
pub mod conversion;
pub mod crosswalk;
pub mod estimates;
pub mod explain;
pub mod folder;
mod hot_spots;
pub mod index;
pub mod inspect;
pub mod join;
pub mod labels;
pub mod lever;
pub mod margins;
pub mod measure;
pub mod model;
pub mod names;
pub mod opening;
pub mod parquet_table;
pub mod population;
pub mod proposal;
pub mod recode;
pub mod release;
pub mod rewrite;
pub mod roles;
pub mod run;
pub mod screen;
pub mod settings;
pub mod source;
pub mod suggestion;
pub mod survey;
pub mod template;

pub use clrisk_definitions as definitions;
pub use clrisk_readers as readers;
