//! Classifications of industries and occupations, and lists of the hazardous ones among them.
//!
//! A list names codes at any level; a child's code is on it when a listed code is its beginning (`41` covers `4100`). Lists are
//! CSV files that people edit: `classification,code,title,status,source,note`.

use std::collections::{BTreeMap, BTreeSet};

use clrisk_core::{Finding, Place};
use serde::Deserialize;

use crate::definition::FactStatus;

/// A classification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub enum Classification {
    /// International Standard Industrial Classification, revision 3.1.
    #[serde(rename = "isic-3.1")]
    Isic31,
    /// The same, revision 4.
    #[serde(rename = "isic-4")]
    Isic4,
    /// International Standard Classification of Occupations, 1988.
    #[serde(rename = "isco-88")]
    Isco88,
    /// The same, 2008.
    #[serde(rename = "isco-08")]
    Isco08,
}

const ISIC_31: &str = include_str!("../../../definitions/codes/isic-3.1.csv");
const ISIC_4: &str = include_str!("../../../definitions/codes/isic-4.csv");
const ISCO_88: &str = include_str!("../../../definitions/codes/isco-88.csv");
const ISCO_08: &str = include_str!("../../../definitions/codes/isco-08.csv");

impl Classification {
    /// All classifications.
    pub const ALL: [Classification; 4] =
        [Classification::Isic31, Classification::Isic4, Classification::Isco88, Classification::Isco08];

    /// The name used in files.
    pub fn code(self) -> &'static str {
        match self {
            Classification::Isic31 => "isic-3.1",
            Classification::Isic4 => "isic-4",
            Classification::Isco88 => "isco-88",
            Classification::Isco08 => "isco-08",
        }
    }

    /// The classification with this name.
    pub fn parse(code: &str) -> Option<Classification> {
        Classification::ALL.into_iter().find(|classification| classification.code() == code)
    }

    /// Whether it classifies industries.
    pub fn is_of_industries(self) -> bool {
        matches!(self, Classification::Isic31 | Classification::Isic4)
    }

    /// Its codes at the level of the tables that come with the program: divisions of industries (two digits), minor groups of
    /// occupations (three digits).
    pub fn codes(self) -> BTreeSet<String> {
        let text = match self {
            Classification::Isic31 => ISIC_31,
            Classification::Isic4 => ISIC_4,
            Classification::Isco88 => ISCO_88,
            Classification::Isco08 => ISCO_08,
        };
        text.lines().skip(1).filter_map(|line| line.split(',').next()).map(str::to_owned).collect()
    }
}

/// Whether `code` is a code of the table, the beginning of one, or begins with one.
fn is_known(codes: &BTreeSet<String>, code: &str) -> bool {
    !code.is_empty()
        && code.bytes().all(|byte| byte.is_ascii_digit())
        && codes.iter().any(|known| known.starts_with(code) || (code.len() <= 4 && code.starts_with(known.as_str())))
}

/// The industries and occupations that a definition calls hazardous.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HazardousList {
    codes: BTreeMap<Classification, Vec<String>>,
    /// Rows of the list that nobody has checked against the source.
    pub unverified: usize,
}

#[derive(Deserialize)]
struct Row {
    classification: String,
    code: String,
    #[allow(dead_code, reason = "for the reader of the file")]
    title: String,
    status: String,
    source: String,
    #[serde(default)]
    #[allow(dead_code, reason = "for the reader of the file")]
    note: String,
}

impl HazardousList {
    /// Reads a list; `file` names it in findings.
    ///
    /// # Errors
    /// Everything wrong in the file: `DEFINE-001` it is not such a table, `DEFINE-004` unknown codes, `DEFINE-005` a row without
    /// a source.
    pub fn parse(text: &str, file: &str) -> Result<HazardousList, Vec<Finding>> {
        let mut list = HazardousList::default();
        let mut findings = Vec::new();
        let tables: BTreeMap<Classification, BTreeSet<String>> =
            Classification::ALL.into_iter().map(|classification| (classification, classification.codes())).collect();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        for (index, row) in reader.deserialize::<Row>().enumerate() {
            let place = || Place::file(file).row(index as u64 + 1);
            let row = match row {
                Ok(row) => row,
                Err(error) => {
                    findings.push(
                        Finding::error("DEFINE-001", place()).with("file", file).with("reason", error.to_string()),
                    );
                    break;
                }
            };
            let classification = Classification::parse(&row.classification);
            match classification.filter(|classification| is_known(&tables[classification], &row.code)) {
                Some(classification) => list.codes.entry(classification).or_default().push(row.code.clone()),
                None => findings.push(
                    Finding::error("DEFINE-004", place())
                        .with("code", &row.code)
                        .with("classification", &row.classification),
                ),
            }
            match row.status.as_str() {
                "verified" => {}
                "unverified" => list.unverified += 1,
                other => findings
                    .push(Finding::error("DEFINE-004", place()).with("code", other).with("classification", "status")),
            }
            if row.source.trim().is_empty() {
                findings.push(Finding::error("DEFINE-005", place()).with("what", &row.code));
            }
        }
        if list.codes.is_empty() && findings.is_empty() {
            findings.push(Finding::error("DEFINE-001", Place::file(file)).with("file", file).with("reason", "0"));
        }
        if findings.is_empty() { Ok(list) } else { Err(findings) }
    }

    /// Whether the list says something about a classification.
    pub fn covers(&self, classification: Classification) -> bool {
        self.codes.contains_key(&classification)
    }

    /// Whether `code` is on the list.
    pub fn holds(&self, classification: Classification, code: &str) -> bool {
        self.codes
            .get(&classification)
            .is_some_and(|listed| listed.iter().any(|listed| code.trim().starts_with(listed.as_str())))
    }

    /// The status of the whole list.
    pub fn status(&self) -> FactStatus {
        if self.unverified > 0 { FactStatus::Unverified } else { FactStatus::Verified }
    }
}
