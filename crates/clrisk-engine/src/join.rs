//! Joining files to areas by code: what matches, what does not, what it might be, and what a person decided about it.
//!
//! Decisions live in `match.csv` beside `clrisk.toml`: `file,code,area,note`. An area code accepts a match, `-` leaves the
//! code out on purpose, `?` is undecided and carries a suggestion in the note.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use clrisk_core::bundle::{JoinReport, UnmatchedCode};
use clrisk_core::{Finding, Findings, Place};

use crate::areas::AreaTree;
use crate::crosswalk::Crosswalk;
use crate::settings::CrosswalkSettings;
use crate::source::{Found, Session};
use crate::suggestion::{Suggester, UnknownPlace, is_sure};

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
/// no doubt ([`is_sure`]), `?` otherwise. Returns how many were accepted and how many wait.
///
/// # Errors
/// When the file cannot be written.
pub fn write_suggestions(folder: &Path, reports: &[JoinReport]) -> std::io::Result<(usize, usize)> {
    let mut decisions = read_decisions(folder).map_err(|_| std::io::Error::from(std::io::ErrorKind::InvalidData))?;
    let (mut accepted, mut waiting) = (0, 0);
    for report in reports {
        for unmatched in &report.unmatched {
            decisions.retain(|decision| decision.role != report.role || decision.code != unmatched.code);
            let sure = unmatched.reason.as_deref().is_some_and(is_sure);
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
    /// Expressions of the name of the place and of its department, for suggestions.
    pub names: [Option<&'a String>; 2],
    /// The system of codes of the file, when it is named, and that of the map.
    pub systems: [Option<&'a String>; 2],
    /// Crosswalk.
    pub crosswalk: Option<&'a CrosswalkSettings>,
    /// What a row is that stands for a code of several areas.
    pub splitting: Splitting,
    /// Rows that count: an SQL condition.
    pub condition: &'a str,
    /// Whether every area of the map ought to be in the file (a survey samples only some).
    pub complete: bool,
}

/// What becomes of the rows of a code that leads to several areas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Splitting {
    /// They are counted in each by its share: rows stand for numbers of people (see [`split_rows`]).
    Shares,
    /// They go to the area with the largest share: a row is one person, who lives in one place.
    Largest,
    /// Each area takes them whole: they describe the place.
    Each,
}

/// Where each code of a file goes.
pub type Destinations = HashMap<String, Destination>;

/// Areas with their shares, by the code that leads to them.
pub type Splits = BTreeMap<String, Vec<(usize, f64)>>;

/// The outcome of a join.
pub struct Joined {
    /// Where each code goes.
    pub destinations: Destinations,
    /// Codes that lead to several areas.
    pub splits: Splits,
    /// Account.
    pub report: JoinReport,
}

/// Matches the codes of a file to the areas.
///
/// # Errors
/// Findings of reading and of expressions. Codes without an area are findings `AREA-002` (error), areas of the map without
/// rows `AREA-004` (warning), rows without a code `AREA-007` (error); `AREA-008` codes of another system without a crosswalk,
/// `AREA-009` and `AREA-010` crosswalks that split without saying how, `AREA-011` to `AREA-013` what was split and merged,
/// `JOIN-002` decisions that lead nowhere. They go to `findings`.
pub async fn join(
    session: &Session,
    tree: &AreaTree,
    decisions: &[Decision],
    request: &JoinRequest<'_>,
    findings: &mut Findings,
) -> Result<Joined, Found> {
    let key = format!("{}.area", request.role);
    session.check_expression(request.role, request.area, &key, &request.file).await?;
    let codes = read_codes(session, request, &key).await?;
    let crosswalk = match request.crosswalk {
        Some(crosswalk) => Some(Crosswalk::read(session, request.role, crosswalk, findings).await?),
        None => None,
    };
    if let ([Some(found), Some(expected)], None) = (request.systems, &crosswalk)
        && found != expected
    {
        findings.push(
            Finding::warning("AREA-008", Place::file(&request.file).at_key(format!("{}.code_system", request.role)))
                .with("file", &request.file)
                .with("found", found)
                .with("expected", expected),
        );
    }
    let decided: BTreeMap<&str, &str> = decisions
        .iter()
        .filter(|decision| decision.role == request.role)
        .map(|decision| (decision.code.as_str(), decision.area.as_str()))
        .collect();
    let nowhere = decided.values().filter(|area| !matches!(**area, "-" | "?") && tree.find(area).is_none()).count();
    if nowhere > 0 {
        findings.push(Finding::error("JOIN-002", Place::file(MATCH_FILE)).with("count", nowhere));
    }

    let suggester = Suggester::new(tree);
    let (mut destinations, mut splits) = (Destinations::new(), Splits::new());
    let mut report = JoinReport { role: request.role.to_owned(), ..JoinReport::default() };
    let mut codes_of = vec![0u32; tree.municipalities.len()];
    let (mut rows_without_code, mut rows_split) = (0u64, 0u64);
    for FileCode { code, rows, name, parent } in codes {
        let Some(code) = code else {
            rows_without_code += rows;
            continue;
        };
        report.codes += 1;
        // A code that the crosswalk does not translate has no area, even when it happens to look like one of the map's.
        let translated: Option<Vec<(&str, f64)>> = match &crosswalk {
            Some(crosswalk) => crosswalk.targets(&code),
            None => Some(vec![(&code, 1.0)]),
        };
        let matched: Option<Vec<(usize, f64)>> = match decided.get(code.as_str()) {
            Some(&"-") => Some(Vec::new()),
            Some(&area) => tree.find(area).map(|area| vec![(area, 1.0)]),
            None => translated
                .as_ref()
                .and_then(|targets| targets.iter().map(|(area, share)| Some((tree.find(area)?, *share))).collect()),
        };
        let Some(areas) = matched else {
            let place = UnknownPlace { code: &code, name: name.as_deref(), parent: parent.as_deref() };
            let suggested = match (&crosswalk, translated.as_deref()) {
                (Some(crosswalk), None) => crosswalk.nearly(&code).filter(|(area, _)| tree.find(area).is_some()),
                (_, Some([(area, _)])) => suggester.suggest(UnknownPlace { code: area, ..place }),
                _ => None,
            };
            let (suggestion, reason) = suggested.or_else(|| suggester.suggest(place)).unzip();
            report.unmatched.push(UnmatchedCode { code, name, rows, suggestion, reason: reason.map(str::to_owned) });
            continue;
        };
        report.matched += 1;
        report.remembered += u64::from(decided.contains_key(code.as_str()));
        for &(area, _) in &areas {
            codes_of[area] += 1;
        }
        let largest = areas.iter().copied().reduce(|best, next| if next.1 > best.1 { next } else { best });
        let Some((largest, _)) = largest else {
            destinations.insert(code, Destination::LeftOut);
            continue;
        };
        if areas.len() > 1 {
            rows_split += rows;
            for &(area, _) in &areas {
                destinations.insert(part_of(tree, area), Destination::Area(area));
            }
            splits.insert(code.clone(), areas);
        }
        destinations.insert(code, Destination::Area(largest));
    }
    report.areas_absent = tree
        .municipalities
        .iter()
        .zip(&codes_of)
        .filter(|(_, codes)| **codes == 0)
        .map(|(area, _)| area.code.clone())
        .collect();

    if rows_without_code > 0 {
        findings
            .push(Finding::error("AREA-007", Place::file(&request.file).at_key(&key)).with("count", rows_without_code));
    }
    if !report.unmatched.is_empty() {
        findings.push(unmatched_finding(&report, request, tree.municipalities.len(), &key));
    }
    let note = |code: &str| Finding::note(code, Place::file(&request.file).at_key(&key)).with("file", &request.file);
    if !splits.is_empty() {
        let code = if request.splitting == Splitting::Largest { "AREA-013" } else { "AREA-011" };
        let areas: std::collections::BTreeSet<usize> = splits.values().flatten().map(|(area, _)| *area).collect();
        let finding = note(code).with("count", splits.len()).with("areas", areas.len()).with("rows", rows_split);
        findings.push(splits.iter().take(5).fold(finding, |finding, (code, areas)| {
            let parts = areas.iter().map(|(area, share)| format!("{} {share:.2}", tree.municipalities[*area].code));
            finding.detail(format!("{code} → {}", parts.collect::<Vec<_>>().join(", ")))
        }));
    }
    let gathering = codes_of.iter().filter(|&&codes| codes > 1);
    let (areas, codes) = gathering.fold((0, 0), |(areas, sum), codes| (areas + 1, sum + codes));
    if areas > 0 {
        findings.push(note("AREA-012").with("areas", areas).with("count", codes));
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
    Ok(Joined { destinations, splits, report })
}

/// A distinct code of a file with its rows, and a name and department that stand with it.
struct FileCode {
    code: Option<String>,
    rows: u64,
    name: Option<String>,
    parent: Option<String>,
}

async fn read_codes(session: &Session, request: &JoinRequest<'_>, key: &str) -> Result<Vec<FileCode>, Found> {
    let mut list = format!("CAST(({}) AS VARCHAR) AS code, CAST(count(*) AS VARCHAR) AS rows", request.area);
    for (expression, name) in request.names.into_iter().zip(["area_name", "area_parent"]) {
        match expression {
            Some(expression) => {
                let key = format!("{}.{name}", request.role);
                session.check_expression(request.role, expression, &key, &request.file).await?;
                list.push_str(&format!(", min(CAST(({expression}) AS VARCHAR)) AS \"{name}\""));
            }
            None => list.push_str(&format!(", CAST(NULL AS VARCHAR) AS \"{name}\"")),
        }
    }
    let sql = format!("SELECT {list} FROM {} WHERE ({}) GROUP BY 1 ORDER BY 1", request.role, request.condition);
    let mut columns = session.read_sorted_texts(&sql, key, &request.file).await?.into_iter().map(Vec::into_iter);
    let (Some(codes), Some(rows), Some(names), Some(parents)) =
        (columns.next(), columns.next(), columns.next(), columns.next())
    else {
        return Ok(Vec::new());
    };
    Ok(codes
        .zip(rows)
        .zip(names.zip(parents))
        .map(|((code, rows), (name, parent))| {
            let rows = rows.and_then(|rows| rows.parse().ok()).unwrap_or(0);
            FileCode { code, rows, name, parent }
        })
        .collect())
}

/// The code under which the part of a split code that belongs to an area is read; no code of a file begins with an arrow.
fn part_of(tree: &AreaTree, area: usize) -> String {
    format!("→{}", tree.municipalities[area].code)
}

/// Puts every row of a split code once for each of its areas into the table `role`, and its share into its count: `area` and `count`
/// become the expressions of both.
///
/// # Errors
/// Findings of expressions.
pub async fn split_rows(
    session: &Session,
    tree: &AreaTree,
    role: &str,
    [area, count]: [&mut String; 2],
    splits: &Splits,
) -> Result<(), Found> {
    if splits.is_empty() {
        return Ok(());
    }
    let parts: Vec<(&str, String, f64)> = splits
        .iter()
        .flat_map(|(code, areas)| areas.iter().map(move |(area, share)| (code.as_str(), part_of(tree, *area), *share)))
        .collect();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(parts.iter().map(|part| part.0))),
        Arc::new(StringArray::from_iter_values(parts.iter().map(|part| &part.1))),
        Arc::new(Float64Array::from_iter_values(parts.iter().map(|part| part.2))),
    ];
    let fields = vec![
        Field::new("split code", DataType::Utf8, false),
        Field::new("split area", DataType::Utf8, false),
        Field::new("split share", DataType::Float64, false),
    ];
    let table = format!("{role}_splits");
    if let Ok(batch) = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns) {
        session.register_batch(&table, batch)?;
    }
    let key = format!("{role}.crosswalk");
    let sql = format!(
        "SELECT {role}.*, s.\"split area\", s.\"split share\" FROM {role} \
         LEFT JOIN {table} AS s ON CAST(({area}) AS VARCHAR) = s.\"split code\""
    );
    let frame = session.query(&sql, &key, &table).await?;
    session.replace(role, frame)?;
    *area = format!("coalesce(\"split area\", CAST(({area}) AS VARCHAR))");
    *count = format!("({count}) * coalesce(\"split share\", 1.0)");
    Ok(())
}

fn unmatched_finding(report: &JoinReport, request: &JoinRequest<'_>, areas: usize, key: &str) -> Finding {
    let sure = report.unmatched.iter().filter(|code| code.reason.as_deref().is_some_and(is_sure)).count();
    let mut finding = Finding::error("AREA-002", Place::file(&request.file).at_key(key))
        .with("count", report.unmatched.len())
        .with("codes", report.codes)
        .with("areas", areas)
        .with("sure", sure)
        .with("file", &request.file);
    for unmatched in report.unmatched.iter().take(5) {
        finding = finding.detail(match (&unmatched.suggestion, &unmatched.reason) {
            (Some(suggestion), Some(reason)) => format!("{} → {suggestion}  reason-match-{reason}", unmatched.code),
            _ => unmatched.code.clone(),
        });
    }
    finding
}
