//! Which columns hold the codes of municipalities, and how they have to be written to be those of the map: whatever makes most codes match.

use std::collections::{BTreeMap, BTreeSet};

use clrisk_geography::BoundaryFile;

use crate::inspect::{COUNTED, InspectedVariable};
use crate::roles;
use crate::source::{Found, Session};

use super::side::{Side, quoted};

/// Share of the codes of a file that must match for a column to be proposed.
const WORTH_PROPOSING: f64 = 0.5;
/// Share of distinct values among the features that a column of codes (or names) has at least.
const DISTINCT: f64 = 0.9;
/// Share of the areas of the map that may be without people.
const EMPTY: f64 = 0.05;
/// Columns of a file that are tried.
const MOST_TRIED: usize = 8;

/// What was found about areas.
#[derive(Default)]
pub(super) struct AreaCodes {
    /// Boundaries: code, name, department.
    pub code: Option<String>,
    /// Name of the municipality.
    pub name: Option<String>,
    /// Code of the department.
    pub department: Option<String>,
    /// Number of features.
    pub features: usize,
    /// What keeps the areas in which nobody lives (lakes, disputed zones) out.
    pub filter: Option<String>,
    /// Whether they must be left out, because codes occur twice.
    pub filter_needed: bool,
    /// Codes of the map that the census does not have.
    pub without_people: usize,
    /// All properties.
    pub others: Vec<String>,
    /// The code in survey and census, by the name of the table.
    pub files: BTreeMap<&'static str, FileCode>,
}

/// The code of municipalities in a file.
pub(super) struct FileCode {
    /// The expression.
    pub sql: String,
    /// Columns it is made from.
    pub columns: Vec<String>,
    /// Codes that are in the map, of all codes of the file.
    pub matched: usize,
    /// Codes of the file.
    pub codes: usize,
    /// A column with the names of the areas.
    pub name: Option<String>,
    written: BTreeSet<String>,
}

/// A way to write the codes of a column of the map.
struct MapCode {
    column: String,
    sql: String,
    codes: BTreeSet<String>,
    width: usize,
}

/// A column, or two, of a file, with the codes as text.
struct Column {
    columns: Vec<String>,
    sql: String,
    codes: BTreeSet<String>,
}

impl AreaCodes {
    pub async fn find(
        session: &Session,
        boundaries: Option<&BoundaryFile>,
        sides: [&Option<Side>; 2],
    ) -> Result<AreaCodes, Found> {
        let mut found = AreaCodes::default();
        let Some(boundaries) = boundaries else { return Ok(found) };
        found.features = boundaries.polygons.len();
        let maps = map_codes(boundaries);
        let mut best: Option<(f64, usize, BTreeMap<&'static str, FileCode>)> = None;
        let mut candidates: Vec<(&Side, Vec<Column>)> = Vec::new();
        for side in sides.into_iter().flatten() {
            candidates.push((side, columns(session, side, &maps).await?));
        }
        for (position, map) in maps.iter().enumerate() {
            let mut files = BTreeMap::new();
            let mut points = 0.0;
            for (side, columns) in &candidates {
                if let Some(code) = columns.iter().filter_map(|column| fit(column, map)).max_by(better) {
                    points += code.matched as f64 / code.codes as f64;
                    files.insert(side.name, code);
                }
            }
            if best.as_ref().is_none_or(|(highest, _, _)| points > *highest) {
                best = Some((points, position, files));
            }
        }
        if let Some((_, position, files)) = best {
            let map = &maps[position];
            found.code = Some(map.sql.clone());
            found.files = files;
            if let Some(census) = found.files.get("census").filter(|census| census.matched == census.codes) {
                let empty: Vec<&String> = map.codes.difference(&census.written).collect();
                if !empty.is_empty() && empty.len() as f64 <= EMPTY * map.codes.len() as f64 {
                    let list: Vec<String> =
                        empty.iter().map(|code| format!("'{}'", code.replace('\'', "''"))).collect();
                    found.filter = Some(format!("{} NOT IN ({})", map.sql, list.join(", ")));
                    found.without_people = empty.len();
                    let coded = boundaries.properties.get(&map.column).into_iter().flatten().flatten().count();
                    found.filter_needed = coded > map.codes.len();
                }
            }
            found.department = department(boundaries, map);
            found.name = name(boundaries, &map.column);
        }
        for side in sides.into_iter().flatten() {
            let with_words = |variable: &&InspectedVariable| {
                let guesses = variable.guess.as_ref().map(|guess| guess.role.as_str());
                matches!(guesses, Some("area_name" | "area")) && variable.kind == "text" && variable.more_than_codes()
            };
            let column = side.table.variables.iter().find(with_words).map(|variable| quoted(&variable.name));
            if let Some(code) = found.files.get_mut(side.name) {
                code.name = column.filter(|column| !code.columns.contains(column));
            }
        }
        found.others = boundaries.properties.keys().cloned().collect();
        Ok(found)
    }
}

impl InspectedVariable {
    /// Whether its texts are longer than codes are.
    fn more_than_codes(&self) -> bool {
        self.profile.lengths.is_some_and(|(shortest, longest)| longest > 8 && longest > shortest)
    }
}

fn better(left: &FileCode, right: &FileCode) -> std::cmp::Ordering {
    let share = |code: &FileCode| code.matched as f64 / code.codes as f64;
    // Of two that match as well, the one with more codes says more; then the simpler.
    share(left)
        .total_cmp(&share(right))
        .then(left.matched.cmp(&right.matched))
        .then(right.sql.len().cmp(&left.sql.len()))
}

/// Properties that could be codes: nearly one a feature, made of digits (or short).
fn map_codes(boundaries: &BoundaryFile) -> Vec<MapCode> {
    let mut maps = Vec::new();
    for (column, values) in &boundaries.properties {
        let texts: BTreeSet<&str> = values.iter().flatten().map(String::as_str).collect();
        let features = values.len().max(1);
        let code_like = |text: &&&str| text.len() <= 12 && text.chars().any(|letter| letter.is_ascii_digit());
        let codes = texts.iter().filter(code_like).count();
        if (texts.len() as f64) < DISTINCT * features as f64 || (codes as f64) < DISTINCT * texts.len() as f64 {
            continue;
        }
        let width = texts.iter().map(|text| text.chars().count()).max().unwrap_or_default();
        let digits = texts.iter().all(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let shortest = texts.iter().map(|text| text.len()).min().unwrap_or_default();
        let name = quoted(column);
        if digits && shortest < width {
            maps.push(MapCode {
                column: column.clone(),
                sql: format!("lpad({name}, {width}, '0')"),
                codes: texts.iter().map(|text| padded(text, width)).collect(),
                width,
            });
        }
        maps.push(MapCode {
            column: column.clone(),
            sql: name,
            codes: texts.iter().map(|text| (*text).to_owned()).collect(),
            width,
        });
    }
    maps
}

fn padded(text: &str, width: usize) -> String {
    format!("{text:0>width$}")
}

/// The columns of a file that could hold codes, with their values.
async fn columns(session: &Session, side: &Side, maps: &[MapCode]) -> Result<Vec<Column>, Found> {
    let described = |variable: &InspectedVariable, wanted: &str| {
        let labels: Vec<String> = variable.values.iter().filter_map(|value| value.label.clone()).collect();
        roles::guesses(&roles::Described {
            name: &variable.name,
            label: variable.label.as_deref(),
            value_labels: &labels,
            number: Some(variable.kind != "text"),
            distinct: Some(variable.distinct),
        })
        .iter()
        .any(|guess| guess.role == wanted)
    };
    let usable = |variable: &&InspectedVariable| {
        matches!(variable.kind.as_str(), "integer" | "text") && variable.distinct >= 2 && !variable.more_distinct
    };
    let variables = || side.table.variables.iter().filter(usable);
    let mut single: Vec<&InspectedVariable> = variables().filter(|variable| described(variable, "area")).collect();
    if single.is_empty() {
        // Nothing is called a municipality: whatever has about as many values as the map has areas.
        let features = maps.iter().map(|map| map.codes.len()).max().unwrap_or_default() as f64;
        let near = |variable: &&InspectedVariable| {
            let distinct = variable.distinct as f64;
            distinct >= 0.2 * features && distinct <= 1.5 * features && variable.distinct < COUNTED as u64
        };
        single = variables().filter(near).collect();
    }
    let file = side.path.display().to_string();
    let mut list = Vec::new();
    for variable in single.iter().take(MOST_TRIED) {
        let sql = format!("CAST({} AS VARCHAR)", quoted(&variable.name));
        let codes = distinct(session, side.name, &sql, &file).await?;
        list.push(Column { columns: vec![quoted(&variable.name)], sql, codes });
    }
    // A department and a number within it.
    let departments: Vec<&InspectedVariable> = variables()
        .filter(|variable| variable.kind == "integer" && variable.distinct <= 100 && described(variable, "department"))
        .take(3)
        .collect();
    let widths: BTreeSet<usize> = maps.iter().map(|map| map.width).filter(|width| (4..=6).contains(width)).collect();
    for department in departments {
        let within = single.iter().filter(|variable| {
            variable.kind == "integer"
                && variable.profile.range.is_some_and(|(least, most)| least >= 0.0 && most <= 999.0)
        });
        for municipality in within.filter(|variable| variable.name != department.name).take(3) {
            for width in &widths {
                let sql = format!(
                    "concat(lpad(CAST({} AS VARCHAR), 2, '0'), lpad(CAST({} AS VARCHAR), {}, '0'))",
                    quoted(&department.name),
                    quoted(&municipality.name),
                    width - 2
                );
                let codes = distinct(session, side.name, &sql, &file).await?;
                let columns = vec![quoted(&department.name), quoted(&municipality.name)];
                list.push(Column { columns, sql, codes });
            }
        }
    }
    Ok(list)
}

async fn distinct(session: &Session, table: &str, sql: &str, file: &str) -> Result<BTreeSet<String>, Found> {
    let query = format!("SELECT DISTINCT {sql} FROM {table} LIMIT {}", COUNTED + 1);
    let columns = session.read_texts(&query, "areas.code", file).await?;
    Ok(columns.into_iter().flatten().flatten().filter(|code| !code.is_empty()).collect())
}

/// The best way to write a column so that it matches the map; none when hardly any code matches.
fn fit(column: &Column, map: &MapCode) -> Option<FileCode> {
    let width = column.codes.iter().map(|code| code.chars().count()).max()?;
    let digits = column.codes.iter().all(|code| code.bytes().all(|byte| byte.is_ascii_digit()));
    let (raw, target) = (&column.sql, map.width);
    let mut ways: Vec<(String, Box<dyn Fn(&str) -> String>)> = vec![(raw.clone(), Box::new(str::to_owned))];
    if digits && width <= target {
        ways.push((format!("lpad({raw}, {target}, '0')"), Box::new(move |code| padded(code, target))));
    }
    if digits && width > target && target >= 2 {
        // Leading zeros that were lost stand before what is cut off.
        let full = format!("lpad({raw}, {width}, '0')");
        let last = move |code: &str| padded(code, width)[width - target..].to_owned();
        ways.push((format!("right({full}, {target})"), Box::new(last)));
        let middle = move |code: &str| {
            let code = padded(code, width);
            format!("{}{}", &code[..2], &code[width - (target - 2)..])
        };
        if target > 2 {
            let sql = format!("concat(left({full}, 2), right({full}, {}))", target - 2);
            ways.push((sql, Box::new(middle)));
            // One more place than is seen: all codes may have lost their first zero.
            let longer = width + 1;
            let full = format!("lpad({raw}, {longer}, '0')");
            let middle = move |code: &str| {
                let code = padded(code, longer);
                format!("{}{}", &code[..2], &code[longer - (target - 2)..])
            };
            let sql = format!("concat(left({full}, 2), right({full}, {}))", target - 2);
            ways.push((sql, Box::new(middle)));
        }
    }
    let codes = column.codes.len();
    ways.into_iter()
        .map(|(sql, write)| {
            // Two codes of the file that become one are no match: something was cut off that told them apart.
            let written: BTreeSet<String> = column.codes.iter().map(|code| write(code)).collect();
            let matched = written.intersection(&map.codes).count();
            FileCode { sql, columns: column.columns.clone(), matched, codes, name: None, written }
        })
        .filter(|code| code.matched as f64 >= WORTH_PROPOSING * codes as f64)
        .max_by(better)
}

/// The department: a property of few values that goes with the code, else the beginning of the code.
fn department(boundaries: &BoundaryFile, map: &MapCode) -> Option<String> {
    let codes = boundaries.properties.get(&map.column)?;
    let mut best: Option<(usize, &String)> = None;
    for (column, values) in &boundaries.properties {
        let groups: BTreeSet<&String> = values.iter().flatten().collect();
        let likely = roles::guesses(&roles::Described {
            name: column,
            label: None,
            value_labels: &[],
            number: None,
            distinct: Some(groups.len() as u64),
        });
        let is_department = likely.iter().any(|guess| guess.role == "department");
        if *column == map.column || !is_department || groups.len() < 2 || groups.len() * 2 > codes.len() {
            continue;
        }
        // A code rather than a name.
        let digits = groups.iter().filter(|text| text.bytes().any(|byte| byte.is_ascii_digit())).count();
        if best.is_none_or(|(most, _)| digits > most) {
            best = Some((digits, column));
        }
    }
    if let Some((_, column)) = best {
        return Some(quoted(column));
    }
    (map.width >= 4).then(|| format!("left({}, 2)", map.sql))
}

/// The name: a property of words, nearly one a feature.
fn name(boundaries: &BoundaryFile, code: &str) -> Option<String> {
    let mut best: Option<(usize, &String)> = None;
    for (column, values) in &boundaries.properties {
        let texts: BTreeSet<&String> = values.iter().flatten().collect();
        let words = texts
            .iter()
            .filter(|text| text.chars().any(char::is_alphabetic) && !text.bytes().any(|byte| byte.is_ascii_digit()))
            .count();
        let enough = words * 10 >= texts.len() * 9 && texts.len() * 2 > values.len();
        if column != code && enough && best.is_none_or(|(most, _)| texts.len() > most) {
            best = Some((texts.len(), column));
        }
    }
    best.map(|(_, column)| quoted(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(codes: &[&str]) -> Column {
        let codes = codes.iter().map(|code| (*code).to_owned()).collect();
        Column { columns: vec!["c".to_owned()], sql: "CAST(c AS VARCHAR)".to_owned(), codes }
    }

    fn map(codes: &[&str]) -> MapCode {
        let codes: BTreeSet<String> = codes.iter().map(|code| (*code).to_owned()).collect();
        let width = codes.iter().map(String::len).max().unwrap();
        MapCode { column: "code".to_owned(), sql: "code".to_owned(), codes, width }
    }

    #[test]
    fn codes_of_real_systems_are_brought_to_those_of_the_map() {
        for (codes, areas, sql) in [
            // Guatemala: 1 digit of the department lost; three digits for the municipality in the census.
            (&["101", "1002"][..], &["0101", "1002"][..], "lpad(CAST(c AS VARCHAR), 4, '0')"),
            (
                &["01001", "10002"][..],
                &["0101", "1002"][..],
                "concat(left(lpad(CAST(c AS VARCHAR), 5, '0'), 2), right(lpad(CAST(c AS VARCHAR), 5, '0'), 2))",
            ),
            // Dominican Republic: the region stands before province and municipality, its zero lost.
            (&["10901", "100101"][..], &["0901", "0101"][..], "right(lpad(CAST(c AS VARCHAR), 6, '0'), 4)"),
            // Nothing to do.
            (&["0101", "0102"][..], &["0101", "0102", "0201"][..], "CAST(c AS VARCHAR)"),
        ] {
            let found = fit(&column(codes), &map(areas)).unwrap();
            assert_eq!((found.sql.as_str(), found.matched), (sql, codes.len()));
        }
        assert!(fit(&column(&["7", "8", "9"]), &map(&["0101", "0102"])).is_none());
    }
}
