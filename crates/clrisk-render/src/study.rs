//! A bundle arranged for reading: look-ups by area, and boundaries ready to draw.

use std::collections::HashMap;
use std::sync::OnceLock;

use clrisk_core::bundle::AreaRow;
use clrisk_core::{
    AreaClass, Bundle, Estimate, FactorContribution, Group, HotSpot, Level, LeverEffect, Manifest, ValueStatus,
};
use clrisk_geography::topology::Topology;

use crate::RenderError;
use crate::difference::Difference;
use crate::drawing::{Borders, Drawing, Locator, SHEET_AREAS};
use crate::geometry::outlines;
use crate::similar::{Resemblance, Similar};

/// A bundle with its indexes and drawings. Whatever a status withholds has been taken out of it.
pub struct Study {
    bundle: Bundle,
    rows: HashMap<(Level, String), usize>,
    estimates: HashMap<(Level, String), Vec<usize>>,
    classes: HashMap<String, usize>,
    factors: HashMap<String, Vec<usize>>,
    levers: HashMap<(Level, String), Vec<usize>>,
    members: HashMap<(Level, String), Vec<usize>>,
    hot_spots: HashMap<String, usize>,
    sexes: Option<[Group; 2]>,
    earlier: Option<Earlier>,
    resemblance: OnceLock<Resemblance>,
    national: Drawing,
    departments: HashMap<String, Drawing>,
    sheets: HashMap<(Level, String), Drawing>,
    locator: Locator,
    neighbours: HashMap<String, Vec<String>>,
}

/// What an earlier release says about the municipalities.
struct Earlier {
    release: String,
    changes: HashMap<String, Difference>,
}

impl Study {
    /// Arranges `bundle`.
    ///
    /// # Errors
    /// [`RenderError::Boundaries`] when the boundaries cannot be read.
    pub fn new(mut bundle: Bundle) -> Result<Study, RenderError> {
        let topology = Topology::new(&outlines(&bundle.boundaries)?);
        withhold(&mut bundle);
        let mut rows = HashMap::new();
        let mut members: HashMap<(Level, String), Vec<usize>> = HashMap::new();
        for (index, row) in bundle.areas.iter().enumerate() {
            rows.insert((row.area.level, row.area.code.clone()), index);
        }
        for (index, row) in bundle.areas.iter().enumerate() {
            for key in ancestors(&bundle.areas, &rows, row) {
                members.entry(key).or_default().push(index);
            }
        }
        let mut estimates: HashMap<_, Vec<usize>> = HashMap::new();
        for (index, estimate) in bundle.estimates.iter().enumerate() {
            estimates.entry((estimate.level, estimate.area.clone())).or_default().push(index);
        }
        let classes = bundle.classes.iter().enumerate().map(|(index, class)| (class.area.clone(), index)).collect();
        let mut factors: HashMap<_, Vec<usize>> = HashMap::new();
        for (index, factor) in bundle.factors.iter().enumerate() {
            factors.entry(factor.area.clone()).or_default().push(index);
        }
        let mut levers: HashMap<_, Vec<usize>> = HashMap::new();
        for (index, lever) in bundle.levers.iter().enumerate() {
            levers.entry((lever.level, lever.area.clone())).or_default().push(index);
        }
        let hot_spots = bundle.hot_spots.iter().enumerate().map(|(index, spot)| (spot.area.clone(), index)).collect();
        let sexes = sexes(&bundle);
        let codes = |level: Level, code: &str| -> Vec<&str> {
            members
                .get(&(level, code.to_owned()))
                .into_iter()
                .flatten()
                .map(|&index| &bundle.areas[index].area)
                .filter(|area| area.level == Level::Municipality)
                .map(|area| area.code.as_str())
                .collect()
        };
        let groups: Vec<(&str, Vec<&str>)> = bundle
            .areas
            .iter()
            .filter(|row| row.area.level == Level::Department)
            .map(|row| (row.area.code.as_str(), codes(Level::Department, &row.area.code)))
            .collect();
        let everywhere: Vec<&str> = topology.codes().collect();
        let borders = Borders::of_departments(&topology, &groups);
        let national = Drawing::national(&topology, &everywhere, &groups, &borders);
        let locator = Locator::new(&topology, &everywhere, &groups, &borders);
        let mut departments = HashMap::new();
        let mut sheets = HashMap::new();
        for (code, codes) in &groups {
            let own = Borders::of_one(&topology, codes);
            departments.insert((*code).to_owned(), Drawing::department(&topology, codes, &own));
            let single: Vec<Vec<&str>> = codes.iter().map(|code| vec![*code]).collect();
            let drawing = Drawing::sheet(&topology, &single, std::slice::from_ref(codes), &own);
            sheets.insert((Level::Department, (*code).to_owned()), drawing);
        }
        let owned = |codes: Vec<&str>| codes.into_iter().map(str::to_owned).collect();
        let neighbours =
            topology.neighbours().into_iter().map(|(code, codes)| (code.to_owned(), owned(codes))).collect();
        let outlines: Vec<Vec<&str>> = groups.iter().map(|(_, codes)| codes.clone()).collect();
        let single: Vec<Vec<&str>> = everywhere.iter().map(|code| vec![*code]).collect();
        let country = bundle.areas.iter().find(|row| row.area.level == Level::Country).map(|row| row.area.code.clone());
        if let Some(country) = country {
            // A large country is drawn by its departments, under the code of their first municipality.
            let pieces = if everywhere.len() <= SHEET_AREAS { &single } else { &outlines };
            let drawing = Drawing::sheet(&topology, pieces, &outlines, &borders);
            sheets.insert((Level::Country, country), drawing);
        }
        let study = Study {
            rows,
            estimates,
            classes,
            factors,
            levers,
            members,
            hot_spots,
            sexes,
            earlier: None,
            resemblance: OnceLock::new(),
            national,
            departments,
            sheets,
            locator,
            neighbours,
            bundle,
        };
        Ok(study)
    }

    /// The lines of the map of an area's fact sheet.
    pub fn sheet_drawing(&self, level: Level, code: &str) -> Option<&Drawing> {
        self.sheets.get(&(level, code.to_owned()))
    }

    /// The same study with its changes since `earlier`, a release of the same outcome.
    ///
    /// Rates are compared where both releases show them. The two are treated as independent: where they share a census or
    /// a survey the margin of error is wider than it need be.
    pub fn since(mut self, earlier: &Study) -> Study {
        let changes = self.level(Level::Municipality).filter_map(|row| {
            let code = row.area.code.as_str();
            let now = self.overall(Level::Municipality, code)?;
            let before = earlier.overall(Level::Municipality, code)?;
            Some((code.to_owned(), Difference::of(now, before)?))
        });
        let changes = changes.collect();
        self.earlier = Some(Earlier { release: earlier.manifest().release.clone().unwrap_or_default(), changes });
        self
    }

    /// Whether there is an earlier release to compare with.
    pub fn has_earlier(&self) -> bool {
        self.earlier.is_some()
    }

    /// Id of the earlier release.
    pub fn earlier_release(&self) -> Option<&str> {
        self.earlier.as_ref().map(|earlier| earlier.release.as_str())
    }

    /// How the rate of a municipality differs from that of the earlier release.
    pub fn change(&self, code: &str) -> Option<&Difference> {
        self.earlier.as_ref()?.changes.get(code)
    }

    /// A municipality among its neighbours.
    pub fn hot_spot(&self, code: &str) -> Option<&HotSpot> {
        self.hot_spots.get(code).map(|&index| &self.bundle.hot_spots[index])
    }

    /// The two groups by sex, the one with the higher national rate first; none when the study does not publish them.
    pub fn sexes(&self) -> Option<&[Group; 2]> {
        self.sexes.as_ref()
    }

    /// By how much the rate of the first of [`Study::sexes`] exceeds that of the second in a municipality.
    pub fn sex_gap(&self, code: &str) -> Option<Difference> {
        let [more, less] = self.sexes()?;
        let of = |group| self.estimate(Level::Municipality, code, group);
        Difference::of(of(more)?, of(less)?)
    }

    /// The `most` municipalities most like `code`, nearest first; see [`crate::similar`].
    pub fn similar(&self, code: &str, most: usize) -> Vec<Similar<'_>> {
        self.resemblance.get_or_init(|| Resemblance::of(self)).like(self, code, most)
    }

    /// The bundle.
    pub fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    /// The manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.bundle.manifest
    }

    /// The national map's lines.
    pub fn national(&self) -> &Drawing {
        &self.national
    }

    /// The lines of a department's map.
    pub fn department_drawing(&self, code: &str) -> Option<&Drawing> {
        self.departments.get(code)
    }

    /// The small map that shows where a municipality is.
    pub fn locator(&self) -> &Locator {
        &self.locator
    }

    /// The country's row.
    pub fn country(&self) -> Option<&AreaRow> {
        self.bundle.areas.iter().find(|row| row.area.level == Level::Country)
    }

    /// All rows of a level.
    pub fn level(&self, level: Level) -> impl Iterator<Item = &AreaRow> {
        self.bundle.areas.iter().filter(move |row| row.area.level == level)
    }

    /// An area by level and code.
    pub fn area(&self, level: Level, code: &str) -> Option<&AreaRow> {
        self.rows.get(&(level, code.to_owned())).map(|&index| &self.bundle.areas[index])
    }

    /// The municipalities of an area.
    pub fn municipalities_of(&self, level: Level, code: &str) -> Vec<&AreaRow> {
        let members = self.members.get(&(level, code.to_owned())).into_iter().flatten();
        members.map(|&index| &self.bundle.areas[index]).filter(|row| row.area.level == Level::Municipality).collect()
    }

    /// The area of `level` that holds `row`.
    pub fn ancestor(&self, row: &AreaRow, level: Level) -> Option<&AreaRow> {
        ancestors(&self.bundle.areas, &self.rows, row)
            .into_iter()
            .find(|(found, _)| *found == level)
            .and_then(|(level, code)| self.area(level, &code))
    }

    /// Municipalities that share a border with a municipality, by name.
    pub fn neighbours(&self, code: &str) -> Vec<&AreaRow> {
        let codes = self.neighbours.get(code).into_iter().flatten();
        let mut rows: Vec<&AreaRow> = codes.filter_map(|code| self.area(Level::Municipality, code)).collect();
        rows.sort_by(|left, right| left.area.name.cmp(&right.area.name));
        rows
    }

    /// All estimates of an area, in the order of the bundle: all children first.
    pub fn estimates(&self, level: Level, code: &str) -> impl Iterator<Item = &Estimate> {
        let found = self.estimates.get(&(level, code.to_owned()));
        found.into_iter().flatten().map(|&index| &self.bundle.estimates[index])
    }

    /// The estimate of an area and group.
    pub fn estimate(&self, level: Level, code: &str, group: &Group) -> Option<&Estimate> {
        self.estimates(level, code).find(|estimate| estimate.group == *group)
    }

    /// The estimate of an area for all children.
    pub fn overall(&self, level: Level, code: &str) -> Option<&Estimate> {
        self.estimates(level, code).find(|estimate| estimate.group.is_all())
    }

    /// What can be said about a municipality.
    pub fn status(&self, code: &str) -> ValueStatus {
        self.overall(Level::Municipality, code).map_or(ValueStatus::NoData, |estimate| estimate.status)
    }

    /// Class, memberships and ranks of a municipality.
    pub fn class(&self, code: &str) -> Option<&AreaClass> {
        self.classes.get(code).map(|&index| &self.bundle.classes[index])
    }

    /// The class of a municipality, 1 being the lowest, where its estimate is precise enough to say it. An imprecise estimate has a
    /// class too, in the tables for machines; people would read it as an answer.
    pub fn shown_class(&self, code: &str) -> Option<i64> {
        let shown = matches!(self.status(code), ValueStatus::Value | ValueStatus::ModelledWithoutSample);
        self.class(code).filter(|_| shown)?.class
    }

    /// Probability that a municipality is in the highest class.
    pub fn highest_class_probability(&self, code: &str) -> Option<f64> {
        self.class(code)?.membership.last().copied()
    }

    /// Whether the class of a municipality is open: the probability of the highest class lies between 0.3 and 0.7, or no
    /// class has a probability of 0.6.
    pub fn uncertain(&self, code: &str) -> bool {
        self.class(code).filter(|class| !class.membership.is_empty()).is_some_and(|class| {
            let most = class.membership.iter().copied().fold(0.0, f64::max);
            most < 0.6 || class.membership.last().is_some_and(|highest| (0.3..=0.7).contains(highest))
        })
    }

    /// Contributions of the factors of a municipality.
    pub fn factors(&self, code: &str) -> impl Iterator<Item = &FactorContribution> {
        self.factors.get(code).into_iter().flatten().map(|&index| &self.bundle.factors[index])
    }

    /// Effects of the levers in an area.
    pub fn levers(&self, level: Level, code: &str) -> impl Iterator<Item = &LeverEffect> {
        let found = self.levers.get(&(level, code.to_owned()));
        found.into_iter().flatten().map(|&index| &self.bundle.levers[index])
    }

    /// Municipalities that were ranked, those among them whose ranks are withheld.
    pub fn ranked(&self) -> usize {
        let shown = self.bundle.classes.iter().filter(|class| class.rank.is_some()).count();
        usize::try_from(self.bundle.model.areas).unwrap_or(shown).max(shown)
    }
}

/// The two groups of the publication dimension `sex`, the one with the higher national rate first.
fn sexes(bundle: &Bundle) -> Option<[Group; 2]> {
    let mut found: Vec<(&Group, f64)> = bundle
        .estimates
        .iter()
        .filter(|estimate| estimate.level == Level::Country)
        .filter(|estimate| matches!(estimate.group.0.as_slice(), [(dimension, _)] if dimension == "sex"))
        .filter_map(|estimate| Some((&estimate.group, estimate.rate?)))
        .collect();
    found.sort_by(|one, other| other.1.total_cmp(&one.1));
    match found.as_slice() {
        [(more, _), (less, _)] => Some([(*more).clone(), (*less).clone()]),
        _ => None,
    }
}

/// Takes out every number next to a status that withholds it. A release has none left; this is the second lock on the door.
fn withhold(bundle: &mut Bundle) {
    bundle.measured = bundle.measured.take().map(|measured| measured.for_publication());
    let mut hidden = std::collections::HashSet::new();
    for estimate in bundle.estimates.iter_mut().filter(|estimate| !estimate.status.has_number()) {
        if estimate.level == Level::Municipality && estimate.group.is_all() {
            hidden.insert(estimate.area.clone());
        }
        for value in [
            &mut estimate.rate,
            &mut estimate.standard_error,
            &mut estimate.lower,
            &mut estimate.upper,
            &mut estimate.count,
            &mut estimate.count_lower,
            &mut estimate.count_upper,
            &mut estimate.population,
            &mut estimate.direct,
        ] {
            *value = None;
        }
        estimate.sample = None;
    }
    if let Some(index) = &mut bundle.index {
        let suppressed = index.areas.iter().filter(|area| area.status == ValueStatus::Suppressed);
        let codes: std::collections::HashSet<String> = suppressed.map(|area| area.area.clone()).collect();
        index.withhold(&|code| codes.contains(code));
    }
    for row in bundle.areas.iter_mut().filter(|row| row.area.level == Level::Municipality) {
        if hidden.contains(&row.area.code) {
            row.population = 0.0;
            row.sample = 0;
            row.sampling_units = 0;
            row.own_sample_share = None;
        }
    }
    for class in bundle.classes.iter_mut().filter(|class| hidden.contains(&class.area)) {
        class.class = None;
        class.membership.clear();
        class.rank = None;
        class.rank_lower = None;
        class.rank_upper = None;
        class.rank_joint = None;
        class.count_rank = None;
    }
    bundle.factors.retain(|factor| !hidden.contains(&factor.area));
    bundle.hot_spots.retain(|spot| !hidden.contains(&spot.area));
    bundle.levers.retain(|lever| lever.level != Level::Municipality || !hidden.contains(&lever.area));
}

/// The areas above `row`, nearest first. The tree has at most four levels, and a parent is always of a larger one.
fn ancestors(areas: &[AreaRow], rows: &HashMap<(Level, String), usize>, row: &AreaRow) -> Vec<(Level, String)> {
    let mut found = Vec::new();
    let mut below = row;
    while let Some(parent) = &below.area.parent {
        let above = Level::ALL
            .into_iter()
            .rev()
            .filter(|level| *level < below.area.level)
            .find_map(|level| rows.get(&(level, parent.clone())));
        let Some(&above) = above else { break };
        below = &areas[above];
        found.push((below.area.level, below.area.code.clone()));
    }
    found
}
