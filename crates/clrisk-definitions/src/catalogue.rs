//! The definitions that come with the program, and those in a project folder.

use std::path::Path;
use std::sync::OnceLock;

use clrisk_core::{Finding, Place};

use crate::definition::Definition;

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../definitions/", $name, ".toml")))),*]
    };
}

/// Files of `definitions/`, without their ending.
const EMBEDDED: [(&str, &str); EMBEDDED_COUNT] = embedded!(
    "ar-law",
    "bo-law",
    "br-law",
    "bz-law",
    "cl-law",
    "co-dane",
    "co-law",
    "cr-law",
    "dm-law",
    "do-law",
    "ec-law",
    "gd-law",
    "gt-law",
    "gt-mirti",
    "gy-law",
    "hn-law",
    "ht-law",
    "ilo-global-estimates",
    "jm-law",
    "lc-law",
    "mics5",
    "mics6",
    "mics6-early",
    "mics6-hazardous",
    "mx-enti",
    "mx-law",
    "ni-law",
    "pa-law",
    "pe-law",
    "py-law",
    "sdg-8.7.1",
    "sr-law",
    "sv-law",
    "vc-law",
);
const EMBEDDED_COUNT: usize = 34;

/// Lists of hazardous industries and occupations in `definitions/codes/`.
const LISTS: [(&str, &str); 1] = [("ilo-hazardous", include_str!("../../../definitions/codes/ilo-hazardous.csv"))];

/// The definitions that come with the program.
#[derive(Debug)]
pub struct Catalogue {
    definitions: Vec<Definition>,
}

impl Catalogue {
    /// All definitions that come with the program. A test proves that every file is accepted.
    pub fn embedded() -> &'static Catalogue {
        static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
        CATALOGUE.get_or_init(|| Catalogue {
            definitions: EMBEDDED
                .iter()
                .filter_map(|(name, text)| Definition::parse(text, &format!("{name}.toml"), &embedded_list).ok())
                .collect(),
        })
    }

    /// The definitions, in alphabetical order of the files.
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// A definition by its name.
    pub fn find(&self, id: &str) -> Option<&Definition> {
        self.definitions.iter().find(|definition| definition.id == id)
    }

    /// The texts of the files that come with the program, by name.
    pub fn sources() -> &'static [(&'static str, &'static str)] {
        &EMBEDDED
    }

    /// The definition that a project names: a file in its folder when the name ends in `.toml`, otherwise one that comes with the
    /// program. A list of hazardous codes named there may also be a file (`….csv`) in the folder.
    ///
    /// # Errors
    /// `DEFINE-002` there is none, and everything [`Definition::parse`] finds.
    pub fn resolve(name: &str, folder: &Path) -> Result<Definition, Vec<Finding>> {
        if !name.ends_with(".toml") {
            return Catalogue::embedded().find(name).cloned().ok_or_else(|| {
                let known: Vec<&str> = EMBEDDED.iter().map(|(name, _)| *name).collect();
                vec![
                    Finding::error("DEFINE-002", Place::key("definition.name"))
                        .with("name", name)
                        .detail(known.join(", ")),
                ]
            });
        }
        let text = std::fs::read_to_string(folder.join(name)).map_err(|_| {
            vec![Finding::error("FILE-001", Place::file(name).at_key("definition.name")).with("file", name)]
        })?;
        let list = |list: &str| match embedded_list(list) {
            None if list.ends_with(".csv") => std::fs::read_to_string(folder.join(list)).ok(),
            found => found,
        };
        Definition::parse(&text, name, &list)
    }
}

fn embedded_list(name: &str) -> Option<String> {
    LISTS.iter().find(|(list, _)| *list == name).map(|(_, text)| (*text).to_owned())
}
