//! Newer margins: an old census brought to today's numbers of children by area and group.
//!
//! A census keeps the relations between its variables longer than its totals. Raking multiplies the children of every area and
//! publication cell until they add up to the totals of newer files (projections, a register); within an area and cell
//! everything stays as the census has it.

use std::collections::BTreeMap;

use clrisk_core::model_card::MarginRow;
use clrisk_core::{Finding, Findings, Place};
use clrisk_stats::StatsError;
use clrisk_stats::poststratification::BinnedPopulation;
use clrisk_stats::raking::{Margin, Raking};

use crate::areas::AreaTree;
use crate::codebook::Codebook;
use crate::population::Cells;
use crate::settings::{MarginLevel, MarginSettings};
use crate::source::{Column, Found, Session, select_list};

/// Children whose number changes by more than this factor, up or down, are worth a warning.
const LARGE_FACTOR: f64 = 2.0;

/// The totals of one margin file: one entry a category of areas and groups.
struct Totals {
    /// Position of the area at the level of the margin, and position of the category of each variable.
    keys: BTreeMap<(usize, Vec<usize>), f64>,
    /// Dimensions of the publication cells it crosses.
    dimensions: Vec<usize>,
}

/// Checks the margins of the project against the codebook and the files; reads nothing of children.
///
/// # Errors
/// As [`rake`], but for the numbers themselves.
pub async fn check(
    session: &Session,
    margins: &[MarginSettings],
    tree: &AreaTree,
    codebook: &Codebook,
    cells: &Cells,
) -> Result<(), Found> {
    for (index, margin) in margins.iter().enumerate() {
        read(session, index, margin, tree, codebook, cells).await?;
    }
    Ok(())
}

/// Rakes the population to the margins, in their order again and again until all are met. Warns with `MARGIN-004` when numbers
/// of children change more than twofold.
///
/// # Errors
/// Findings of files and expressions; `MARGIN-001` an area or category of the margin is unknown, missing or given twice,
/// `MARGIN-002` a variable is not among those published, `MARGIN-003` the margins cannot be met together (with the reason).
pub async fn rake(
    session: &Session,
    margins: &[MarginSettings],
    tree: &AreaTree,
    codebook: &Codebook,
    cells: &Cells,
    population: &BinnedPopulation,
    findings: &mut Findings,
) -> Result<(BinnedPopulation, Vec<MarginRow>), Found> {
    let sizes = population.sizes();
    let mut rows = Vec::new();
    let mut targets = Vec::new();
    for (index, margin) in margins.iter().enumerate() {
        let totals = read(session, index, margin, tree, codebook, cells).await?;
        let level_of_area = level_of_area(tree, margin.level);
        // A unit whose area and group the margin does not have goes to a category of its own, which must be empty.
        let mut positions: BTreeMap<&(usize, Vec<usize>), u32> = BTreeMap::new();
        let mut values = Vec::new();
        for (key, total) in &totals.keys {
            positions.insert(key, values.len() as u32);
            values.push(*total);
        }
        let unknown = values.len() as u32;
        let mut left_out = 0.0;
        let categories = (0..sizes.len())
            .map(|unit| {
                let (area, cell) = (unit / cells.count(), unit % cells.count());
                let group = totals.dimensions.iter().map(|&dimension| cells.category(cell, dimension)).collect();
                let category = positions.get(&(level_of_area[area], group)).copied().unwrap_or(unknown);
                if category == unknown {
                    left_out += sizes[unit];
                }
                category
            })
            .collect();
        if left_out > 0.0 {
            return Err(Box::new(
                unknown_finding(index, margin).with("reason", "missing").detail(format!("{left_out:.0}")),
            ));
        }
        values.push(0.0);
        rows.push(MarginRow {
            file: margin.file.display().to_string(),
            year: margin.year,
            level: margin.level.code().to_owned(),
            by: margin.by.keys().cloned().collect(),
            children: [sizes.iter().sum(), values.iter().sum()],
            factors: [1.0, 1.0],
        });
        targets.push(Margin { categories, totals: values });
    }
    let refuse =
        |reason: String| Box::new(Finding::error("MARGIN-003", Place::key("census.margins")).with("reason", reason));
    let raked = Raking::default().fit(&sizes, &targets).map_err(|error: StatsError| refuse(error.to_string()))?;
    if !raked.converged {
        return Err(refuse(format!("{:.4}", raked.largest_difference)));
    }
    let (least, largest) = raked.factor_range;
    rows.iter_mut().for_each(|row| row.factors = [least, largest]);
    if least < 1.0 / LARGE_FACTOR || largest > LARGE_FACTOR {
        findings.push(
            Finding::warning("MARGIN-004", Place::key("census.margins"))
                .with("least", format!("{least:.2}"))
                .with("largest", format!("{largest:.2}")),
        );
    }
    let factors: Vec<f64> =
        raked.cells.iter().zip(&sizes).map(|(new, old)| if *old > 0.0 { new / old } else { 1.0 }).collect();
    let population = population.reweighted(&factors).map_err(|error| refuse(error.to_string()))?;
    Ok((population, rows))
}

fn level_of_area(tree: &AreaTree, level: MarginLevel) -> Vec<usize> {
    match level {
        MarginLevel::Country => vec![0; tree.municipalities.len()],
        MarginLevel::Region => tree.region_of(),
        MarginLevel::Department => tree.department_of(),
        MarginLevel::Municipality => (0..tree.municipalities.len()).collect(),
    }
}

fn unknown_finding(index: usize, margin: &MarginSettings) -> Finding {
    let file = margin.file.display().to_string();
    Finding::error("MARGIN-001", Place::file(&file).at_key(format!("census.margins[{}]", index + 1)))
        .with("file", &file)
}

async fn read(
    session: &Session,
    index: usize,
    margin: &MarginSettings,
    tree: &AreaTree,
    codebook: &Codebook,
    cells: &Cells,
) -> Result<Totals, Found> {
    let table = format!("margin_{index}");
    let key = format!("census.margins[{}]", index + 1);
    let file = margin.file.display().to_string();
    let mut dimensions = Vec::new();
    for name in margin.by.keys() {
        match cells.variables.iter().position(|&variable| codebook.child[variable].name == *name) {
            Some(dimension) => dimensions.push(dimension),
            None => {
                return Err(Box::new(
                    Finding::error("MARGIN-002", Place::key(format!("{key}.by"))).with("variable", name),
                ));
            }
        }
    }
    session.register(&table, &margin.file, &margin.types).await?;
    let area = match (&margin.area, margin.level) {
        (Some(area), _) => area.as_str(),
        (None, MarginLevel::Country) => "''",
        (None, _) => {
            return Err(Box::new(
                Finding::error("CONFIG-002", Place::key(format!("{key}.area"))).with("key", format!("{key}.area")),
            ));
        }
    };
    let mut list = vec![Column::Text(area), Column::Number(&margin.count)];
    list.extend(margin.by.values().map(|expression| Column::Text(expression)));
    let columns = session.read_texts(&format!("SELECT {} FROM {table}", select_list(&list)), &key, &file).await?;
    let mut keys = BTreeMap::new();
    for row in 0..columns.first().map_or(0, Vec::len) {
        let fault = |reason: &str| {
            let mut finding = unknown_finding(index, margin).with("reason", reason);
            finding.place.row = Some(row as u64 + 1);
            Box::new(finding)
        };
        let code = columns[0][row].as_deref().unwrap_or_default();
        let place = match margin.level {
            MarginLevel::Country => Some(0),
            MarginLevel::Region => tree.regions.iter().position(|region| region == code),
            MarginLevel::Department => tree.departments.iter().position(|department| department.code == code),
            MarginLevel::Municipality => tree.find(code),
        };
        let place = place.ok_or_else(|| fault("area"))?;
        let total: f64 = columns[1][row].as_deref().and_then(|text| text.parse().ok()).ok_or_else(|| fault("count"))?;
        if !(total >= 0.0 && total.is_finite()) {
            return Err(fault("count"));
        }
        let mut group = Vec::new();
        for (column, &dimension) in columns[2..].iter().zip(&dimensions) {
            let levels = codebook.child[cells.variables[dimension]].levels.as_deref().unwrap_or_default();
            let category = levels.iter().position(|level| Some(level.as_str()) == column[row].as_deref());
            group.push(category.ok_or_else(|| fault("category"))?);
        }
        if keys.insert((place, group), total).is_some() {
            return Err(fault("twice"));
        }
    }
    Ok(Totals { keys, dimensions })
}
