//! The gate between the confidential draft and the public release: small figures are withheld, and nothing that is withheld
//! can be computed from what is shown; a named person signs.
//!
//! A figure is small when it is about fewer than `min_population` children, or stands for fewer than `min_count` children
//! with the outcome or without it. Complements are chosen within each municipality (a group against the total of its
//! dimension) and between municipalities (a department is the sum of its municipalities), by
//! [`clrisk_stats::suppression`].

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use clrisk_core::bundle::{DisclosureReport, Signature, Stage};
use clrisk_core::{Bundle, Finding, Findings, Group, Level, Place, ValueStatus};
use clrisk_stats::suppression::{Disclosure, Relation, suppress_chosen};

use crate::folder::ProjectFolder;
use crate::measure::{disclosure, overdue};
use crate::settings::{ReleaseSettings, Settings};
use crate::source::Found;

/// Who signs, and what.
#[derive(Debug, Clone)]
pub struct SignatureRequest {
    /// Name of the person.
    pub name: String,
    /// Post or institution.
    pub office: String,
    /// Date, ISO 8601.
    pub date: String,
    /// What the person declares, in the language of the project.
    pub statement: String,
}

/// Makes a release from the draft. Returns its folder and what the gate did.
///
/// # Errors
/// `RELEASE-001` there is no draft; `RELEASE-002` the draft has errors; `RELEASE-003` there is a release with this id;
/// `RELEASE-004` the draft is older than `clrisk.toml` or its inputs; `RELEASE-005` the signature lacks a name.
pub fn release(
    folder: &ProjectFolder,
    id: &str,
    signature: &SignatureRequest,
) -> Result<(PathBuf, DisclosureReport), Found> {
    let (kind, settings_hash) = folder.kind()?;
    folder.recover().map_err(|_| io_finding(&folder.draft()))?;
    let draft = folder.draft();
    if !draft.join("manifest.json").exists() {
        return Err(Box::new(Finding::error("RELEASE-001", Place::file("out/draft"))));
    }
    let mut bundle = Bundle::read(&draft).map_err(|_| {
        Box::new(Finding::error("FILE-004", Place::file("out/draft")).with("file", "out/draft").with("reason", "other"))
    })?;
    if bundle.findings.has_errors() {
        return Err(Box::new(Finding::error("RELEASE-002", Place::file("out/draft"))));
    }
    if bundle.manifest.settings_sha256 != settings_hash {
        return Err(Box::new(Finding::error("RELEASE-004", Place::file("clrisk.toml"))));
    }
    if signature.name.trim().is_empty() || signature.office.trim().is_empty() {
        return Err(Box::new(Finding::error("RELEASE-005", Place::key("--by"))));
    }
    let target = folder.release(id);
    let plain_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if !plain_id || id.starts_with('.') || target.exists() {
        return Err(Box::new(Finding::error("RELEASE-003", Place::file(format!("out/release/{id}"))).with("id", id)));
    }
    let mut report = apply(&mut bundle, kind.release())?;
    withhold_index(&mut bundle, kind.release().min_population)?;
    if let Some(measured) = &mut bundle.measured {
        report.measured = disclosure::withhold(measured, kind.release().min_count.max(0.0).ceil() as u64)?;
    }
    bundle.manifest.stage = Stage::Release;
    bundle.manifest.release = Some(id.to_owned());
    bundle.manifest.disclosure = Some(report.clone());
    bundle.manifest.signature = Some(Signature {
        name: signature.name.trim().to_owned(),
        office: signature.office.trim().to_owned(),
        date: signature.date.clone(),
        statement: signature.statement.clone(),
    });
    bundle.findings = public_findings(&bundle.findings);
    let overdue = bundle.measured.as_ref().and_then(|measured| overdue(&measured.definition, &signature.date));
    overdue.into_iter().for_each(|finding| bundle.findings.push(finding));
    let staging = folder.staging().map_err(|_| io_finding(&target))?;
    bundle.write(&staging).map_err(|_| io_finding(&target))?;
    if let Some(parent) = target.parent() {
        std::fs::create_dir_all(parent).map_err(|_| io_finding(&target))?;
    }
    std::fs::rename(&staging, &target).map_err(|_| io_finding(&target))?;
    Ok((target, report))
}

fn io_finding(path: &Path) -> Found {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Box::new(Finding::error("FILE-007", Place::file(&name)).with("file", name))
}

/// Notes and warnings go with a release; their row numbers do not.
fn public_findings(findings: &Findings) -> Findings {
    let mut public = findings.clone();
    for finding in &mut public.0 {
        finding.place.row = None;
    }
    public
}

/// Withholds small figures and their complements.
///
/// # Errors
/// `RELEASE-006` when the complements cannot be found (figures that do not add up).
pub fn apply_gate(bundle: &mut Bundle, settings: &Settings) -> Result<DisclosureReport, Found> {
    apply(bundle, &settings.release)
}

/// Withholds the index of municipalities with few people, and refuses an index whose indicators nobody answers for.
///
/// # Errors
/// `INDEX-016` an indicator without source, year or reviewer.
fn withhold_index(bundle: &mut Bundle, min_population: f64) -> Result<(), Found> {
    let Some(index) = &mut bundle.index else { return Ok(()) };
    let unsigned = index
        .report
        .indicators
        .iter()
        .filter(|row| row.source.trim().is_empty() || row.reviewed_by.trim().is_empty() || row.year == 0);
    let codes: Vec<String> = unsigned.map(|row| row.code.clone()).collect();
    if !codes.is_empty() {
        let finding = Finding::error("INDEX-016", Place::key("index.indicators")).with("count", codes.len());
        return Err(Box::new(codes.into_iter().take(5).fold(finding, |finding, code| finding.detail(code))));
    }
    let small: std::collections::BTreeSet<String> = index
        .areas
        .iter()
        .filter(|area| area.population.is_some_and(|people| people > 0.0 && people < min_population))
        .map(|area| area.area.clone())
        .collect();
    index.withhold(&|code| small.contains(code));
    Ok(())
}

fn apply(bundle: &mut Bundle, gate: &ReleaseSettings) -> Result<DisclosureReport, Found> {
    let small = |people: f64, cases: f64| {
        people > 0.0 && (people < gate.min_population || cases < gate.min_count || people - cases < gate.min_count)
    };
    let index: HashMap<(Level, &str, &Group), usize> = bundle
        .estimates
        .iter()
        .enumerate()
        .map(|(position, estimate)| ((estimate.level, estimate.area.as_str(), &estimate.group), position))
        .collect();
    let primary: Vec<bool> = bundle
        .estimates
        .iter()
        .map(|estimate| small(estimate.population.unwrap_or(0.0), estimate.count.unwrap_or(0.0)))
        .collect();
    let relations = relations(bundle, &index);
    let sizes: Vec<u64> =
        bundle.estimates.iter().map(|estimate| estimate.population.unwrap_or(0.0).round() as u64).collect();
    let decisions = suppress_chosen(&sizes, &relations, &primary, gate.min_population.round() as u64)
        .map_err(|_| Box::new(Finding::error("RELEASE-006", Place::key("release"))))?;
    let mut report = DisclosureReport {
        min_population: gate.min_population,
        min_count: gate.min_count,
        primary: 0,
        complementary: 0,
        shown: 0,
        measured: 0,
    };
    for (estimate, decision) in bundle.estimates.iter_mut().zip(&decisions) {
        match decision {
            Disclosure::Published => {
                report.shown += 1;
                // A handful of interviewed children is itself a small cell.
                if estimate.sample.is_some_and(|sample| sample > 0 && (sample as f64) < gate.min_count) {
                    estimate.sample = None;
                }
                continue;
            }
            Disclosure::Primary => report.primary += 1,
            Disclosure::Complementary => report.complementary += 1,
        }
        if estimate.status == ValueStatus::NoData {
            continue;
        }
        estimate.status = ValueStatus::Suppressed;
        estimate.rate = None;
        estimate.standard_error = None;
        estimate.lower = None;
        estimate.upper = None;
        estimate.count = None;
        estimate.count_lower = None;
        estimate.count_upper = None;
        estimate.population = None;
        estimate.sample = None;
        estimate.direct = None;
    }
    hide_suppressed_areas(bundle, gate.min_count);
    Ok(report)
}

/// Whatever else says something about a municipality whose own figure is withheld goes as well.
fn hide_suppressed_areas(bundle: &mut Bundle, min_sample: f64) {
    let hidden: std::collections::BTreeSet<String> = bundle
        .estimates
        .iter()
        .filter(|estimate| {
            estimate.level == Level::Municipality
                && estimate.group.is_all()
                && estimate.status == ValueStatus::Suppressed
        })
        .map(|estimate| estimate.area.clone())
        .collect();
    for row in &mut bundle.areas {
        if row.area.level == Level::Municipality && hidden.contains(&row.area.code) {
            row.population = 0.0;
            row.sample = 0;
            row.sampling_units = 0;
            row.own_sample_share = None;
        } else if row.sample > 0 && (row.sample as f64) < min_sample {
            row.sample = 0;
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

/// Which figures add up to which: groups that differ in one dimension to the group without it, areas to their parent.
fn relations(bundle: &Bundle, index: &HashMap<(Level, &str, &Group), usize>) -> Vec<Relation> {
    let mut parts: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
    let parents: HashMap<(Level, &str), (&str, Level)> = bundle
        .areas
        .iter()
        .filter_map(|row| {
            let parent = row.area.parent.as_deref()?;
            let level = bundle
                .areas
                .iter()
                .find(|other| other.area.code == parent && other.area.level < row.area.level)
                .map(|other| other.area.level)?;
            Some(((row.area.level, row.area.code.as_str()), (parent, level)))
        })
        .collect();
    // That nobody is in a group of an area is said openly (no data): a known zero is no part of a sum and hides nothing.
    let people = bundle.estimates.iter().enumerate().filter(|(_, estimate)| estimate.status != ValueStatus::NoData);
    for (position, estimate) in people {
        for dropped in 0..estimate.group.0.len() {
            let mut pairs = estimate.group.0.clone();
            let (dimension, _) = pairs.remove(dropped);
            let total = Group(pairs);
            if let Some(&total) = index.get(&(estimate.level, estimate.area.as_str(), &total)) {
                parts.entry((total, dimension)).or_default().push(position);
            }
        }
        if let Some((parent, level)) = parents.get(&(estimate.level, estimate.area.as_str()))
            && let Some(&total) = index.get(&(*level, *parent, &estimate.group))
        {
            parts.entry((total, format!("areas of {}", estimate.level.code()))).or_default().push(position);
        }
    }
    parts.into_iter().map(|((total, _), parts)| Relation { total, parts }).collect()
}
