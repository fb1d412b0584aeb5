//! Tables for machines: canonical CSV (UTF-8, comma, point, lines ending in CR LF as RFC 4180 has them) and JSON with the
//! same columns.
//!
//! Rates and probabilities are proportions with up to six decimals, counts of children have up to one: beyond that lies the noise of
//! the draws; the bundle has the full numbers. A figure that is not shown is an empty cell, never zero, and `status` says why.

use clrisk_core::bundle::AreaRow;
use clrisk_core::table::{Column, Table};
use clrisk_core::{Level, ValueStatus};
use serde_json::{Map, Value};

use crate::RenderError;
use crate::study::Study;

/// A table with named columns.
#[derive(Debug, Clone, PartialEq)]
pub struct PlainTable {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows of cells.
    pub rows: Vec<Vec<Value>>,
}

impl PlainTable {
    /// The table as CSV.
    pub fn csv(&self) -> String {
        let mut text = String::new();
        let line = |text: &mut String, cells: &mut dyn Iterator<Item = String>| {
            text.push_str(&cells.collect::<Vec<_>>().join(","));
            text.push_str("\r\n");
        };
        line(&mut text, &mut self.columns.iter().map(|name| quoted(name)));
        for row in &self.rows {
            line(
                &mut text,
                &mut row.iter().map(|cell| match cell {
                    Value::Null => String::new(),
                    Value::String(value) => quoted(value),
                    other => other.to_string(),
                }),
            );
        }
        text
    }

    /// The table as a spreadsheet of the reader's country opens it with a double click: UTF-8 with a byte order mark, and
    /// where the decimal mark is a comma, decimal commas and semicolons between cells.
    pub fn csv_for_spreadsheets(&self, decimal_comma: bool) -> String {
        let separator = if decimal_comma { ";" } else { "," };
        let cell = |value: &Value| match value {
            Value::Null => String::new(),
            Value::String(text) => quoted_between(text, separator),
            Value::Number(number) if decimal_comma => number.to_string().replace('.', ","),
            other => other.to_string(),
        };
        let mut text = String::from("\u{feff}");
        let names = self.columns.iter().map(|name| quoted_between(name, separator)).collect::<Vec<_>>();
        for cells in std::iter::once(names).chain(self.rows.iter().map(|row| row.iter().map(cell).collect())) {
            text.push_str(&cells.join(separator));
            text.push_str("\r\n");
        }
        text
    }

    /// The rows as JSON objects.
    pub fn objects(&self) -> Vec<Value> {
        self.rows
            .iter()
            .map(|row| Value::Object(self.columns.iter().cloned().zip(row.iter().cloned()).collect::<Map<_, _>>()))
            .collect()
    }
}

/// A table of a bundle: shares, errors and bounds with up to six decimals.
pub fn plain(table: &Table) -> PlainTable {
    let cell = |column: &Column, row: usize| match column {
        Column::Text(values) => text(values[row].as_deref()),
        Column::Number(values) => number(values[row], 6),
        Column::Whole(values) => whole(values[row]),
        Column::Flag(values) => Value::Bool(values[row]),
    };
    PlainTable {
        columns: table.columns().iter().map(|(name, _)| name.clone()).collect(),
        rows: (0..table.rows())
            .map(|row| table.columns().iter().map(|(_, column)| cell(column, row)).collect())
            .collect(),
    }
}

/// JSON with a line end.
///
/// # Errors
/// [`RenderError::Json`] when it cannot be written.
pub fn json(value: &Value) -> Result<String, RenderError> {
    let mut text = serde_json::to_string_pretty(value).map_err(|source| RenderError::Json { source })?;
    text.push('\n');
    Ok(text)
}

/// A CSV cell: quoted when it has to be. A text that a spreadsheet would take for a formula gets an apostrophe in front.
fn quoted(text: &str) -> String {
    quoted_between(text, ",")
}

fn quoted_between(text: &str, separator: &str) -> String {
    let guarded = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if guarded.contains(['"', '\n', '\r']) || guarded.contains(separator) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

fn number(value: Option<f64>, decimals: i32) -> Value {
    let scale = 10f64.powi(decimals);
    let rounded = value.map(|value| (value * scale).round() / scale);
    match rounded {
        // Whole counts are written without ".0".
        Some(value) if value.fract() == 0.0 && value.abs() < 1e15 && decimals < 3 => Value::from(value as i64),
        Some(value) => serde_json::Number::from_f64(value).map_or(Value::Null, Value::Number),
        None => Value::Null,
    }
}

fn share(value: Option<f64>) -> Value {
    number(value, 6)
}

fn children(value: Option<f64>) -> Value {
    number(value, 1)
}

fn whole(value: Option<i64>) -> Value {
    value.map_or(Value::Null, Value::from)
}

fn text(value: Option<&str>) -> Value {
    value.map_or(Value::Null, Value::from)
}

/// The list of municipalities `rows`: one row each, for all children.
pub fn area_list(study: &Study, rows: &[&AreaRow]) -> PlainTable {
    let classes = study.manifest().classes.names.len();
    let mut columns: Vec<String> = [
        "code",
        "name",
        "department",
        "department_name",
        "region",
        "status",
        "rate",
        "rate_lower",
        "rate_upper",
        "count",
        "count_lower",
        "count_upper",
        "population",
        "class",
    ]
    .map(str::to_owned)
    .to_vec();
    columns.extend((1..=classes).map(|class| format!("probability_{class}")));
    columns.extend(
        ["rank", "rank_lower", "rank_upper", "rank_joint_lower", "rank_joint_upper", "count_rank"].map(str::to_owned),
    );
    let rows = rows
        .iter()
        .map(|row| {
            let code = row.area.code.as_str();
            let status = study.status(code);
            let estimate = study.overall(Level::Municipality, code).filter(|_| status.has_number());
            let class = study.class(code).filter(|_| status.has_number());
            let above = |level| study.ancestor(row, level).map(|above| &above.area);
            let mut cells = vec![
                text(Some(code)),
                text(Some(&row.area.name)),
                text(above(Level::Department).map(|area| area.code.as_str())),
                text(above(Level::Department).map(|area| area.name.as_str())),
                text(above(Level::Region).map(|area| area.code.as_str())),
                text(Some(status.code())),
                share(estimate.and_then(|estimate| estimate.rate)),
                share(estimate.and_then(|estimate| estimate.lower)),
                share(estimate.and_then(|estimate| estimate.upper)),
                children(estimate.and_then(|estimate| estimate.count)),
                children(estimate.and_then(|estimate| estimate.count_lower)),
                children(estimate.and_then(|estimate| estimate.count_upper)),
                children(estimate.and_then(|estimate| estimate.population)),
                whole(class.and_then(|class| class.class)),
            ];
            cells.extend((0..classes).map(|index| share(class.and_then(|class| class.membership.get(index).copied()))));
            cells.extend([
                whole(class.and_then(|class| class.rank)),
                whole(class.and_then(|class| class.rank_lower)),
                whole(class.and_then(|class| class.rank_upper)),
                whole(class.and_then(|class| class.rank_joint).map(|range| range[0])),
                whole(class.and_then(|class| class.rank_joint).map(|range| range[1])),
                whole(class.and_then(|class| class.count_rank)),
            ]);
            cells
        })
        .collect();
    PlainTable { columns, rows }
}

/// The columns of [`area_groups`].
pub const GROUP_COLUMNS: [&str; 12] = [
    "area",
    "level",
    "group",
    "status",
    "rate",
    "rate_lower",
    "rate_upper",
    "count",
    "count_lower",
    "count_upper",
    "population",
    "estimated_locally",
];

/// The estimates of one area by publication group.
pub fn area_groups(study: &Study, level: Level, code: &str) -> PlainTable {
    let rows = study
        .estimates(level, code)
        .map(|estimate| {
            vec![
                text(Some(code)),
                text(Some(level.code())),
                text(Some(&estimate.group.code())),
                text(Some(estimate.status.code())),
                share(estimate.rate),
                share(estimate.lower),
                share(estimate.upper),
                children(estimate.count),
                children(estimate.count_lower),
                children(estimate.count_upper),
                children(estimate.population),
                if estimate.status == ValueStatus::NoData { Value::Null } else { Value::Bool(estimate.local) },
            ]
        })
        .collect();
    PlainTable { columns: GROUP_COLUMNS.map(str::to_owned).to_vec(), rows }
}

/// All estimates: every area and publication group.
pub fn estimates(study: &Study) -> PlainTable {
    let mut whole = PlainTable { columns: Vec::new(), rows: Vec::new() };
    for row in &study.bundle().areas {
        let mut part = area_groups(study, row.area.level, &row.area.code);
        whole.columns = part.columns;
        whole.rows.append(&mut part.rows);
    }
    whole
}

/// Contributions of the factors, in percentage points of the rate and on the logit scale.
pub fn factors(study: &Study) -> PlainTable {
    let rows = study.bundle().factors.iter().map(|factor| {
        vec![
            text(Some(&factor.area)),
            text(Some(&factor.factor)),
            number(Some(factor.points), 4),
            share(Some(factor.logit)),
        ]
    });
    PlainTable { columns: ["area", "factor", "points", "logit"].map(str::to_owned).to_vec(), rows: rows.collect() }
}

/// What would change if the conditions of the levers were at their targets.
pub fn levers(study: &Study) -> PlainTable {
    let columns = [
        "area",
        "level",
        "lever",
        "now",
        "target",
        "points",
        "points_lower",
        "points_upper",
        "children",
        "children_lower",
        "children_upper",
    ];
    let rows = study.bundle().levers.iter().map(|lever| {
        let mut cells = vec![
            text(Some(&lever.area)),
            text(Some(lever.level.code())),
            text(Some(&lever.lever)),
            share(Some(lever.now)),
            share(Some(lever.target)),
        ];
        cells.extend(lever.points.map(|value| number(Some(value), 4)));
        cells.extend(lever.children.map(|value| children(Some(value))));
        cells
    });
    PlainTable { columns: columns.map(str::to_owned).to_vec(), rows: rows.collect() }
}

/// Everything the page of a municipality says, as one JSON object.
pub fn area_object(study: &Study, row: &AreaRow) -> Value {
    let code = row.area.code.as_str();
    let manifest = study.manifest();
    let mut object = area_list(study, &[row]).objects().pop().unwrap_or(Value::Null);
    let factors = study.factors(code).map(|factor| {
        serde_json::json!({ "factor": factor.factor, "logit": share(Some(factor.logit)), "points": number(Some(factor.points), 4) })
    });
    let levers = study.levers(Level::Municipality, code).map(|lever| {
        serde_json::json!({
            "lever": lever.lever,
            "now": share(Some(lever.now)),
            "target": share(Some(lever.target)),
            "points": lever.points.map(|value| number(Some(value), 4)),
            "children": lever.children.map(|value| children(Some(value))),
        })
    });
    if let Value::Object(fields) = &mut object {
        fields.insert("own_sample_share".to_owned(), share(row.own_sample_share));
        fields.insert("groups".to_owned(), Value::Array(area_groups(study, Level::Municipality, code).objects()));
        fields.insert("factors".to_owned(), Value::Array(factors.collect()));
        fields.insert("levers".to_owned(), Value::Array(levers.collect()));
        fields.insert("project".to_owned(), Value::from(manifest.project.clone()));
        fields.insert("release".to_owned(), text(manifest.release.as_deref()));
        fields.insert("synthetic".to_owned(), Value::Bool(manifest.synthetic));
        fields.insert("draft".to_owned(), Value::Bool(manifest.stage == clrisk_core::bundle::Stage::Draft));
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_of_a_country_with_decimal_commas_gets_semicolons_and_one_with_points_gets_commas() {
        let table = PlainTable {
            columns: vec!["a".to_owned(), "b".to_owned()],
            rows: vec![vec![Value::from("x;y,z"), Value::from(-2.5)], vec![Value::Null, Value::from(3)]],
        };
        assert_eq!(table.csv_for_spreadsheets(true), "\u{feff}a;b\r\n\"x;y,z\";-2,5\r\n;3\r\n");
        assert_eq!(table.csv_for_spreadsheets(false), "\u{feff}a,b\r\n\"x;y,z\",-2.5\r\n,3\r\n");
    }

    #[test]
    fn cells_with_commas_quotes_and_formulas_survive_a_spreadsheet() {
        let table = PlainTable {
            columns: vec!["a".to_owned(), "b".to_owned()],
            rows: vec![vec![Value::from("x,\"y\""), Value::Null], vec![Value::from("=1+1"), Value::from(-2.5)]],
        };
        assert_eq!(table.csv(), "a,b\r\n\"x,\"\"y\"\"\",\r\n'=1+1,-2.5\r\n");
    }
}
