//! Joining files to areas by code: what matches, what does not, what it might be, and what a person decided about it.
//!
//! Decisions live in `match.csv` beside `clrisk.toml`: `file,code,area,note`. An area code accepts a match, `-` leaves the
//! code out on purpose, `?` is undecided and carries a suggestion in the note.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use clrisk_core::bundle::{JoinReport, UnmatchedCode};
use clrisk_core::{Finding, Findings, Place};

use crate::areas::AreaTree;
use crate::names;
use crate::settings::CrosswalkSettings;
use crate::source::{Column, Found, Session, select_list};

/// Name of the file of decisions.
pub const MATCH_FILE: &str = "match.csv";

/// Where the rows of one code go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// To the municipality at this position.
    Area(usize),
    /// Left out on purpose (`-` in `match.csv`).
    LeftOut,
}

/// A decision of `match.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// `survey`, `census` or `area_covariates`.
    pub role: String,
    /// The code as the file has it.
    pub code: String,
    /// Area code, `-` or `?`.
    pub area: String,
    /// For people.
    pub note: String,
}

/// Reads `match.csv`; no file is no decisions.
///
/// # Errors
/// `JOIN-001` when a line is not understood.
pub fn read_decisions(folder: &Path) -> Result<Vec<Decision>, Found> {
    let path = folder.join(MATCH_FILE);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let bad = |row: usize| Box::new(Finding::error("JOIN-001", Place::file(MATCH_FILE).row(row as u64)));
    let mut reader = csv::Reader::from_path(&path).map_err(|_| bad(1))?;
    let mut decisions = Vec::new();
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|_| bad(row + 1))?;
        let field = |index: usize| record.get(index).map(str::to_owned).ok_or_else(|| bad(row + 1));
        let decision = Decision {
            role: field(0)?,
            code: field(1)?,
            area: field(2)?,
            note: record.get(3).unwrap_or_default().to_owned(),
        };
        if decisions.iter().any(|other: &Decision| other.role == decision.role && other.code == decision.code) {
            return Err(bad(row + 1));
        }
        decisions.push(decision);
    }
    Ok(decisions)
}

/// Writes `match.csv` with the decisions so far, plus one line for each unmatched code: accepted where the suggestion leaves
/// no doubt (a lost leading zero, a unique suffix), `?` otherwise. Returns how many were accepted and how many wait.
///
/// # Errors
/// When the file cannot be written.
pub fn write_suggestions(folder: &Path, reports: &[JoinReport]) -> std::io::Result<(usize, usize)> {
    let mut decisions = read_decisions(folder).map_err(|_| std::io::Error::from(std::io::ErrorKind::InvalidData))?;
    let (mut accepted, mut waiting) = (0, 0);
    for report in reports {
        for unmatched in &report.unmatched {
            decisions.retain(|decision| decision.role != report.role || decision.code != unmatched.code);
            let sure = matches!(unmatched.reason.as_deref(), Some("leading_zero" | "suffix"));
            let (area, note) = match (&unmatched.suggestion, sure) {
                (Some(area), true) => {
                    accepted += 1;
                    (area.clone(), unmatched.reason.clone().unwrap_or_default())
                }
                (suggestion, _) => {
                    waiting += 1;
                    ("?".to_owned(), suggestion.clone().unwrap_or_default())
                }
            };
            decisions.push(Decision { role: report.role.clone(), code: unmatched.code.clone(), area, note });
        }
    }
    if accepted + waiting == 0 {
        return Ok((0, 0));
    }
    let temporary = folder.join(format!("{MATCH_FILE}.part"));
    let mut writer = csv::Writer::from_path(&temporary)?;
    writer.write_record(["file", "code", "area", "note"])?;
    for decision in &decisions {
        writer.write_record([&decision.role, &decision.code, &decision.area, &decision.note])?;
    }
    writer.flush()?;
    drop(writer);
    std::fs::rename(temporary, folder.join(MATCH_FILE))?;
    Ok((accepted, waiting))
}

/// A file to join.
pub struct JoinRequest<'a> {
    /// `survey`, `census` or `area_covariates`; also the name of its table in the session.
    pub role: &'a str,
    /// File, for messages.
    pub file: String,
    /// Expression of the area code.
    pub area: &'a str,
    /// Crosswalk.
    pub crosswalk: Option<&'a CrosswalkSettings>,
    /// Rows that count: an SQL condition.
    pub condition: &'a str,
    /// Whether every area of the map ought to be in the file (a survey samples only some).
    pub complete: bool,
}

/// The outcome of a join: where each code of the file goes.
pub type Destinations = HashMap<String, Destination>;

/// Matches the codes of a file to the areas.
///
/// # Errors
/// Findings of reading and of expressions. Codes without an area are findings `AREA-002` (error), areas of the map without
/// rows `AREA-004` (warning); both go to `findings`.
pub async fn join(
    session: &Session,
    tree: &AreaTree,
    decisions: &[Decision],
    request: &JoinRequest<'_>,
    findings: &mut Findings,
) -> Result<(Destinations, JoinReport), Found> {
    let key = format!("{}.area", request.role);
    session.check_expression(request.role, request.area, &key, &request.file).await?;
    let sql = format!(
        "SELECT CAST(({}) AS VARCHAR) AS code, CAST(count(*) AS VARCHAR) FROM {} WHERE ({}) GROUP BY 1 ORDER BY 1",
        request.area, request.role, request.condition
    );
    let columns = session.read_texts(&sql, &key, &request.file).await?;
    let crosswalk = match request.crosswalk {
        Some(crosswalk) => Some(read_crosswalk(session, request.role, crosswalk).await?),
        None => None,
    };
    let decided: BTreeMap<&str, &str> = decisions
        .iter()
        .filter(|decision| decision.role == request.role)
        .map(|decision| (decision.code.as_str(), decision.area.as_str()))
        .collect();

    let mut destinations = Destinations::new();
    let mut report = JoinReport { role: request.role.to_owned(), ..JoinReport::default() };
    let mut present = vec![false; tree.municipalities.len()];
    let mut rows_without_code = 0u64;
    for row in 0..columns.first().map_or(0, Vec::len) {
        let rows: u64 = columns[1][row].as_deref().and_then(|count| count.parse().ok()).unwrap_or(0);
        let Some(code) = columns[0][row].clone() else {
            rows_without_code += rows;
            continue;
        };
        report.codes += 1;
        // A code that the crosswalk does not translate has no area, even when it happens to look like one of the map's.
        let translated = match &crosswalk {
            Some(crosswalk) => crosswalk.get(&code),
            None => Some(&code),
        };
        let destination = match decided.get(code.as_str()) {
            Some(&"-") => Some(Destination::LeftOut),
            Some(&area) => tree.find(area).map(Destination::Area),
            None => translated.and_then(|area| tree.find(area)).map(Destination::Area),
        };
        match destination {
            Some(destination) => {
                report.matched += 1;
                report.remembered += u64::from(decided.contains_key(code.as_str()));
                if let Destination::Area(area) = destination {
                    present[area] = true;
                }
                destinations.insert(code, destination);
            }
            None => {
                let (suggestion, reason) = match &crosswalk {
                    Some(crosswalk) if translated.is_none() => suggest_translation(tree, crosswalk, &code).unzip(),
                    _ => suggest(tree, translated.unwrap_or(&code)).unzip(),
                };
                report.unmatched.push(UnmatchedCode {
                    code,
                    name: None,
                    rows,
                    suggestion,
                    reason: reason.map(str::to_owned),
                });
            }
        }
    }
    report.areas_absent = tree
        .municipalities
        .iter()
        .zip(&present)
        .filter(|(_, present)| !**present)
        .map(|(area, _)| area.code.clone())
        .collect();

    if rows_without_code > 0 {
        findings
            .push(Finding::error("AREA-007", Place::file(&request.file).at_key(&key)).with("count", rows_without_code));
    }
    if !report.unmatched.is_empty() {
        findings.push(unmatched_finding(&report, request, tree.municipalities.len(), &key));
    }
    if request.complete && !report.areas_absent.is_empty() {
        let mut finding = Finding::warning("AREA-004", Place::file(&request.file))
            .with("count", report.areas_absent.len())
            .with("file", &request.file);
        for code in report.areas_absent.iter().take(5) {
            let name = tree.find(code).map_or("", |area| tree.municipalities[area].name.as_str());
            finding = finding.detail(format!("{code} {name}"));
        }
        findings.push(finding);
    }
    Ok((destinations, report))
}

fn unmatched_finding(report: &JoinReport, request: &JoinRequest<'_>, areas: usize, key: &str) -> Finding {
    let sure = report
        .unmatched
        .iter()
        .filter(|code| matches!(code.reason.as_deref(), Some("leading_zero" | "suffix")))
        .count();
    let mut finding = Finding::error("AREA-002", Place::file(&request.file).at_key(key))
        .with("count", report.unmatched.len())
        .with("codes", report.codes)
        .with("areas", areas)
        .with("sure", sure)
        .with("file", &request.file);
    for unmatched in report.unmatched.iter().take(5) {
        finding = finding.detail(match &unmatched.suggestion {
            Some(suggestion) => {
                format!("{} → {suggestion}  ({})", unmatched.code, unmatched.reason.as_deref().unwrap_or(""))
            }
            None => unmatched.code.clone(),
        });
    }
    finding
}

async fn read_crosswalk(
    session: &Session,
    role: &str,
    crosswalk: &CrosswalkSettings,
) -> Result<HashMap<String, String>, Found> {
    let table = format!("{role}_crosswalk");
    let shown = crosswalk.file.display().to_string();
    session.register(&table, &crosswalk.file, &BTreeMap::new()).await?;
    let list = select_list(&[Column::Text(&crosswalk.from), Column::Text(&crosswalk.to)]);
    let sql = format!("SELECT DISTINCT {list} FROM {table}");
    let columns = session.read_texts(&sql, &format!("{role}.crosswalk"), &shown).await?;
    Ok((0..columns.first().map_or(0, Vec::len))
        .filter_map(|row| Some((columns[0][row].clone()?, columns[1][row].clone()?)))
        .collect())
}

/// What a code that the crosswalk does not have might be: the translation of the same number with leading zeros.
fn suggest_translation(
    tree: &AreaTree,
    crosswalk: &HashMap<String, String>,
    code: &str,
) -> Option<(String, &'static str)> {
    let bare = code.trim().trim_start_matches('0');
    let mut areas: Vec<&String> =
        crosswalk.iter().filter(|(from, _)| from.trim_start_matches('0') == bare).map(|(_, to)| to).collect();
    areas.dedup();
    match areas.as_slice() {
        [area] if !bare.is_empty() && tree.find(area).is_some() => Some(((*area).clone(), "leading_zero")),
        _ => None,
    }
}

/// What an unknown code might be: the same number with leading zeros, or the only area whose code ends (or is ended) by it, or
/// the only area whose name is nearly the same.
fn suggest(tree: &AreaTree, code: &str) -> Option<(String, &'static str)> {
    let unique = |matches: &mut dyn Iterator<Item = &String>| -> Option<String> {
        let first = matches.next()?;
        matches.next().is_none().then(|| first.clone())
    };
    let codes = || tree.municipalities.iter().map(|area| &area.code);
    let bare = code.trim().trim_start_matches('0');
    if bare.is_empty() {
        return None;
    }
    if let Some(found) = unique(&mut codes().filter(|other| other.trim_start_matches('0') == bare)) {
        return Some((found, "leading_zero"));
    }
    let numeric = bare.bytes().all(|byte| byte.is_ascii_digit());
    if numeric
        && bare.len() >= 3
        && let Some(found) = unique(
            &mut codes().filter(|other| other.len() >= 3 && (bare.ends_with(other.as_str()) || other.ends_with(bare))),
        )
    {
        return Some((found, "suffix"));
    }
    if !numeric {
        let wanted = names::plain(code);
        let limit = wanted.len() / 5;
        let near =
            tree.municipalities.iter().filter(|area| names::distance(&names::plain(&area.name), &wanted) <= limit);
        if let Some(found) = unique(&mut near.map(|area| &area.code)) {
            return Some((found, "name"));
        }
    }
    None
}
