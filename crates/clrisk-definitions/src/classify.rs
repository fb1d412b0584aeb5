//! From raw answers to one status a child.
//!
//! The children are walked in blocks: within a block every column is read from end to end and leaves its mark among the
//! reasons, and only then each child gets its status. Blocks are shared out among threads; no child depends on another.

use std::num::NonZero;
use std::thread;

use crate::codes::{Classification, HazardousList};
use crate::definition::{
    Band, Definition, EconomicRule, HazardousKind, HoursUnknown, ItemsUnknown, MissingRules, Threshold,
};
use crate::items::{Codes, Items, ItemsError, MISSING, YES};
use crate::reason::Reasons;
use crate::status::{Schooling, Status};

/// Children of a block.
const BLOCK: usize = 4096;

/// The children of a survey or census, classified.
#[derive(Debug, Clone, PartialEq)]
pub struct Classified {
    /// One status a child.
    pub statuses: Vec<Status>,
    /// Why.
    pub reasons: Vec<Reasons>,
    missing: MissingRules,
}

impl Classified {
    /// Whether the child is in child labour (general production boundary); none when that is not known or not asked.
    pub fn child_labour(&self, child: usize) -> Option<bool> {
        match self.statuses[child] {
            Status::OutOfScope => None,
            Status::Undetermined if self.work_is_unknown(child) || self.chores_are_unknown(child) => None,
            status => Some(status.is_child_labour()),
        }
    }

    /// Whether the child is in child labour by economic activity; none when that is not known or not asked.
    pub fn economic_child_labour(&self, child: usize) -> Option<bool> {
        match self.statuses[child] {
            Status::OutOfScope => None,
            Status::Undetermined | Status::ExcessiveChores if self.work_is_unknown(child) => None,
            status => Some(status.is_economic_child_labour()),
        }
    }

    /// Study and work; none when attendance is not known or the child is out of scope.
    pub fn schooling(&self, child: usize) -> Option<Schooling> {
        let reasons = self.reasons[child];
        if self.statuses[child] == Status::OutOfScope {
            return None;
        }
        let works = reasons.any(Reasons::ECONOMIC);
        match (reasons.any(Reasons::ATTENDS), reasons.any(Reasons::DOES_NOT_ATTEND)) {
            (true, _) if works => Some(Schooling::Both),
            (true, _) => Some(Schooling::StudiesOnly),
            (_, true) if works => Some(Schooling::WorksOnly),
            (_, true) => Some(Schooling::Neither),
            _ => None,
        }
    }

    fn work_is_unknown(&self, child: usize) -> bool {
        let reasons = self.reasons[child];
        reasons.any(Reasons::ITEMS_UNKNOWN)
            || (self.missing.economic_hours == HoursUnknown::Unknown && reasons.any(Reasons::ECONOMIC_HOURS_UNKNOWN))
    }

    fn chores_are_unknown(&self, child: usize) -> bool {
        self.missing.chores_hours == HoursUnknown::Unknown && self.reasons[child].any(Reasons::CHORES_HOURS_UNKNOWN)
    }
}

/// Classifies children by a definition.
///
/// Economic activity is a yes to any question on it, and its hours are the sum of its hour columns. Chores likewise; an hour column
/// of chores that holds a code for "does not know" adds nothing (or makes the sum unknown, as the definition says), a missing
/// one adds nothing, and all missing leave the sum unknown. A child gets the first status that applies, in the order of
/// [`Status`]:
///
/// 1. worst forms, where recorded;
/// 2. hazardous: one of the kinds that the band names, or counted hours that the band calls hazardous. An industry, an
///    occupation, night and hours need economic activity; a condition is asked only of those who work and is taken as it is;
/// 3. economic activity that counts at this age, by what the band calls it;
/// 4. chores at their threshold;
/// 5. economic activity that does not count; without known hours where hours decide: undetermined;
/// 6. chores only; neither.
///
/// # Errors
/// Columns of unequal length; a position beyond the distinct codes.
///
/// Checked against: UNICEF MICS6 in Togo 2017 (`tests/classification.rs` and `clrisk-engine/tests/measured_countries.rs`; the
/// figures are R's, `survey_real/togo_mics6_2017_childlabour.csv`), and an independent classifier in Python
/// (`benches/definitions/classify.py`). Reference: 18th ICLS, resolution II; UN metadata of indicator 8.7.1; UNICEF, MICS6
/// syntax PR.3.
pub fn classify(definition: &Definition, items: &Items<'_>) -> Result<Classified, ItemsError> {
    items.check()?;
    let children = items.ages.len();
    let rules = Rules::new(definition, items);
    let mut statuses = vec![Status::OutOfScope; children];
    let mut reasons = vec![Reasons::default(); children];
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = children.div_ceil(threads).next_multiple_of(BLOCK).max(BLOCK);
    thread::scope(|scope| {
        for (part, (statuses, reasons)) in statuses.chunks_mut(share).zip(reasons.chunks_mut(share)).enumerate() {
            let rules = &rules;
            scope.spawn(move || {
                for (block, (statuses, reasons)) in
                    statuses.chunks_mut(BLOCK).zip(reasons.chunks_mut(BLOCK)).enumerate()
                {
                    rules.classify_block(items, part * share + block * BLOCK, statuses, reasons);
                }
            });
        }
    });
    Ok(Classified { statuses, reasons, missing: definition.missing.clone() })
}

/// A definition made ready for one set of columns.
struct Rules<'a> {
    definition: &'a Definition,
    bands: Vec<Option<&'a Band>>,
    industry: Vec<bool>,
    occupation: Vec<bool>,
    /// Economic hours from here on are codes for "does not know".
    least_unknown: f64,
    unknown_hours: Vec<f32>,
}

impl<'a> Rules<'a> {
    fn new(definition: &'a Definition, items: &Items<'_>) -> Rules<'a> {
        let on_list = |codes: &Option<Codes<'_>>| -> Vec<bool> {
            let holds =
                |list: &HazardousList, classification: Classification, code: &str| list.holds(classification, code);
            match (codes, &definition.list) {
                (Some(codes), Some(list)) => {
                    codes.distinct.iter().map(|code| holds(list, codes.classification, code)).collect()
                }
                (Some(codes), None) => vec![false; codes.distinct.len()],
                _ => Vec::new(),
            }
        };
        Rules {
            definition,
            bands: (0..=u8::MAX).map(|age| definition.band(age)).collect(),
            industry: on_list(&items.industry),
            occupation: on_list(&items.occupation),
            least_unknown: definition.missing.unknown_hours.iter().min().map_or(f64::INFINITY, |code| f64::from(*code)),
            unknown_hours: definition.missing.unknown_hours.iter().map(|code| f32::from(*code)).collect(),
        }
    }

    fn classify_block(&self, items: &Items<'_>, start: usize, statuses: &mut [Status], reasons: &mut [Reasons]) {
        let rows = statuses.len();
        let block = start..start + rows;
        let mut answered = [0u8; BLOCK];
        for column in &items.economic {
            for (row, &answer) in column[block.clone()].iter().enumerate() {
                reasons[row] |= mark(answer == YES, Reasons::ECONOMIC);
                answered[row] |= u8::from(answer != MISSING);
            }
        }
        if self.definition.missing.items == ItemsUnknown::Unknown {
            for (reasons, &answered) in reasons.iter_mut().zip(&answered[..rows]) {
                *reasons |= mark(answered == 0, Reasons::ITEMS_UNKNOWN);
            }
        }
        for column in &items.chores {
            mark_column(reasons, &column[block.clone()], Reasons::CHORES);
        }
        for (kind, column) in &items.conditions {
            mark_column(reasons, &column[block.clone()], kind.reason());
        }
        for (column, reason) in [
            (&items.night, Reasons::NIGHT),
            (&items.worst_forms, Reasons::WORST_FORMS),
            (&items.attendance, Reasons::ATTENDS),
        ] {
            if let Some(column) = column {
                mark_column(reasons, &column[block.clone()], reason);
            }
        }
        if let Some(column) = items.attendance {
            for (reasons, &answer) in reasons.iter_mut().zip(&column[block.clone()]) {
                *reasons |= mark(answer != YES && answer != MISSING, Reasons::DOES_NOT_ATTEND);
            }
        }
        for (codes, on_list, reason) in [
            (&items.industry, &self.industry, Reasons::INDUSTRY),
            (&items.occupation, &self.occupation, Reasons::OCCUPATION),
        ] {
            if let Some(codes) = codes {
                for (reasons, &at) in reasons.iter_mut().zip(&codes.index[block.clone()]) {
                    *reasons |= mark(at != Codes::NONE && on_list[at as usize], reason);
                }
            }
        }
        let economic_hours = Hours::sum(&items.economic_hours, &block, &[]);
        let chores_hours = Hours::sum(&items.chores_hours, &block, &self.unknown_hours);
        for row in 0..rows {
            let age = items.ages[start + row];
            let band = u8::try_from(age).ok().and_then(|age| self.bands[usize::from(age)]);
            statuses[row] = match band {
                None => Status::OutOfScope,
                Some(band) => self.status(band, &mut reasons[row], economic_hours.at(row), chores_hours.at(row)),
            };
        }
    }

    fn status(&self, band: &Band, reasons: &mut Reasons, economic: RowHours, chores: RowHours) -> Status {
        let missing = &self.definition.missing;
        let works = reasons.any(Reasons::ECONOMIC);
        let hours = if economic.known >= self.least_unknown { f64::NAN } else { economic.known };
        let hours_decide = |threshold: Threshold| works && threshold.is_reached(hours);
        let hours_wanted = matches!(band.economic, Some(EconomicRule::Hours(_))) || band.long_hours.is_some();
        *reasons |= mark(works && hours >= 1.0, Reasons::ONE_HOUR)
            | mark(works && hours_wanted && hours.is_nan(), Reasons::ECONOMIC_HOURS_UNKNOWN);
        let counted = match band.economic {
            None => false,
            Some(EconomicRule::Any(_)) => works,
            Some(EconomicRule::Hours(threshold)) => {
                *reasons |= mark(works && threshold.is_missed(hours), Reasons::BELOW_ECONOMIC_THRESHOLD);
                hours_decide(threshold)
            }
        };
        *reasons |= mark(counted, Reasons::ECONOMIC_THRESHOLD);
        *reasons |= mark(band.long_hours.is_some_and(hours_decide), Reasons::LONG_HOURS);
        if !works {
            // A code of industry or occupation, or a word about nights, may be left from earlier work.
            reasons.0 &= !(Reasons::INDUSTRY | Reasons::OCCUPATION | Reasons::NIGHT).0;
        }
        let mut chores_unknown = false;
        if reasons.any(Reasons::CHORES)
            && let Some(threshold) = band.chores
        {
            let unknown_matters = missing.chores_hours == HoursUnknown::Unknown;
            let reached = threshold.is_reached(chores.known);
            // As answered, a code for "does not know" is a large number: such a child is not below the threshold.
            *reasons |= mark(reached, Reasons::CHORES_THRESHOLD)
                | mark(threshold.is_missed(chores.answered), Reasons::BELOW_CHORES_THRESHOLD)
                | mark(chores.unknown || chores.known.is_nan(), Reasons::CHORES_HOURS_UNKNOWN);
            chores_unknown = unknown_matters && !reached && (chores.unknown || chores.known.is_nan());
        }
        if reasons.any(Reasons::WORST_FORMS) {
            return Status::WorstForms;
        }
        let hazardous = band.hazardous.iter().any(|kind| {
            reasons.any(match kind {
                HazardousKind::Conditions => Reasons::CONDITIONS,
                HazardousKind::Industry => Reasons::INDUSTRY,
                HazardousKind::Occupation => Reasons::OCCUPATION,
                HazardousKind::LongHours => Reasons::LONG_HOURS,
                HazardousKind::Night => Reasons::NIGHT,
            })
        });
        if hazardous {
            return Status::Hazardous;
        }
        if counted {
            return band.counted_as();
        }
        if reasons.any(Reasons::CHORES_THRESHOLD) {
            return Status::ExcessiveChores;
        }
        if reasons.any(Reasons::ITEMS_UNKNOWN | Reasons::ECONOMIC_HOURS_UNKNOWN) || chores_unknown {
            return Status::Undetermined;
        }
        if works {
            return band.permitted();
        }
        if reasons.any(Reasons::CHORES) { Status::ChoresOnly } else { Status::NotWorking }
    }
}

fn mark(present: bool, reason: Reasons) -> Reasons {
    Reasons(reason.0 * u32::from(present))
}

fn mark_column(reasons: &mut [Reasons], column: &[u8], reason: Reasons) {
    for (reasons, &answer) in reasons.iter_mut().zip(column) {
        *reasons |= mark(answer == YES, reason);
    }
}

/// Sums of hour columns over a block.
struct Hours {
    /// Sum of the known hours, NaN when none was answered.
    known: Vec<f32>,
    /// Sum of the answers as they are, codes for "does not know" included.
    answered: Vec<f32>,
    unknown: Vec<bool>,
}

#[derive(Clone, Copy)]
struct RowHours {
    known: f64,
    answered: f64,
    unknown: bool,
}

impl Hours {
    fn sum(columns: &[&[f32]], block: &std::ops::Range<usize>, codes: &[f32]) -> Hours {
        let rows = block.len();
        let mut hours =
            Hours { known: vec![f32::NAN; rows], answered: vec![f32::NAN; rows], unknown: vec![false; rows] };
        for column in columns {
            for (row, &value) in column[block.clone()].iter().enumerate() {
                if value.is_nan() {
                    continue;
                }
                let unknown = codes.contains(&value);
                let so_far = |sum: f32| if sum.is_nan() { 0.0 } else { sum };
                hours.answered[row] = so_far(hours.answered[row]) + value;
                hours.known[row] = so_far(hours.known[row]) + if unknown { 0.0 } else { value };
                hours.unknown[row] |= unknown;
            }
        }
        hours
    }

    fn at(&self, row: usize) -> RowHours {
        RowHours {
            known: f64::from(self.known[row]),
            answered: f64::from(self.answered[row]),
            unknown: self.unknown[row],
        }
    }
}
