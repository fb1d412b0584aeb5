//! What the pages say, as data. Tables of areas and groups are made by `clrisk_render::tables`; here is the rest.

use clrisk_core::bundle::AreaRow;
use clrisk_core::{Estimate, Level, Measured};
use clrisk_render::tables::{self, PlainTable};
use serde_json::{Map, Value, json};

use crate::Site;
use crate::pages::{INDICATORS, area_path, title_of};
use crate::visit::{Stand, View};

/// What every object says of where it comes from.
fn origin(site: &Site) -> Map<String, Value> {
    let manifest = site.study.manifest();
    let fields = json!({
        "project": manifest.project,
        "release": manifest.release,
        "synthetic": manifest.synthetic,
        "draft": site.is_draft(),
    });
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn object(site: &Site, fields: Value) -> Value {
    let mut all = match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    all.extend(origin(site));
    Value::Object(all)
}

fn groups(site: &Site, row: &AreaRow) -> Value {
    Value::Array(tables::area_groups(&site.study, row.area.level, &row.area.code).objects())
}

/// The country: what is estimated, of whom, from what, in which classes, with its groups.
pub fn country(site: &Site) -> Value {
    let study = &site.study;
    let manifest = study.manifest();
    let code = study.country().map(|row| row.area.code.clone());
    object(
        site,
        json!({
            "code": code,
            "title": manifest.title,
            "country": manifest.country,
            "outcome": manifest.outcome,
            "ages": manifest.ages,
            "inputs": manifest.inputs.iter().map(|input| json!({ "role": input.role, "title": input.title, "year": input.year, "source": input.source })).collect::<Vec<_>>(),
            "classes": manifest.classes,
            "signature": manifest.signature,
            "areas": study.level(Level::Municipality).count(),
            "groups": study.country().map(|row| groups(site, row)),
        }),
    )
}

/// A department or region with its groups and its municipalities.
pub fn territory(site: &Site, row: &AreaRow) -> Value {
    let members = site.study.municipalities_of(row.area.level, &row.area.code);
    object(
        site,
        json!({
            "code": row.area.code,
            "name": row.area.name,
            "level": row.area.level.code(),
            "parent": row.area.parent,
            "groups": groups(site, row),
            "municipalities": tables::area_list(&site.study, &members).objects(),
        }),
    )
}

/// The model card with what was compared and joined.
pub fn model(site: &Site) -> Value {
    let bundle = site.study.bundle();
    object(
        site,
        json!({
            "model": bundle.model,
            "sensitivity": bundle.sensitivity,
            "comparability": bundle.comparability.rows,
            "comparability_verdicts": bundle.comparability.variables,
            "disclosure": bundle.manifest.disclosure,
            "program": bundle.manifest.program,
            "seed": bundle.manifest.seed,
        }),
    )
}

/// What the survey measured: what it rests on, figures, changes.
pub fn measured(site: &Site, measured: &Measured) -> Value {
    object(
        site,
        json!({
            "survey": measured.survey,
            "earlier": measured.earlier,
            "definition": measured.definition,
            "quality_rule": measured.quality_rule,
            "level": measured.level,
            "measures": measured.measures,
            "dimensions": measured.dimensions,
            "comparability": measured.comparability,
            "figures": tables::plain(&measured.table()).objects(),
            "changes": tables::plain(&measured.changes_table()).objects(),
        }),
    )
}

/// What an indicator is.
pub fn indicator(view: &View<'_>, name: &str) -> Value {
    let text = |part: &str| view.text(&format!("site-indicator-{name}.{part}"));
    let fields = json!({
        "name": name,
        "language": view.words.language.code(),
        "title": title_of(view, name),
        "what": text("what"),
        "how": text("how"),
        "read": text("read"),
    });
    object(view.site, fields)
}

/// All of them.
pub fn indicators(view: &View<'_>) -> Value {
    Value::Array(INDICATORS.iter().map(|name| indicator(view, name)).collect())
}

/// The releases on the shelf, newest first.
pub fn releases(stand: &Stand) -> PlainTable {
    let columns = ["release", "date", "signed_by", "office", "rate", "rate_lower", "rate_upper"];
    let rows = stand.shelf.sites.iter().filter(|site| site.id().is_some()).map(|site| {
        let manifest = site.study.manifest();
        let signature = manifest.signature.as_ref();
        let text = |value: Option<&str>| value.map_or(Value::Null, Value::from);
        let national = site.study.country().and_then(|row| site.study.overall(Level::Country, &row.area.code));
        vec![
            text(site.id()),
            text(signature.map(|signature| signature.date.as_str())),
            text(signature.map(|signature| signature.name.as_str())),
            text(signature.map(|signature| signature.office.as_str())),
            share(national.and_then(|found| found.rate)),
            share(national.and_then(|found| found.lower)),
            share(national.and_then(|found| found.upper)),
        ]
    });
    PlainTable { columns: columns.map(str::to_owned).to_vec(), rows: rows.collect() }
}

/// A number with six decimals, as in the tables of areas.
fn share(value: Option<f64>) -> Value {
    let rounded = value.map(|value| (value * 1e6).round() / 1e6);
    rounded.and_then(serde_json::Number::from_f64).map_or(Value::Null, Value::Number)
}

/// A municipality in two releases.
pub struct Change<'a> {
    /// The municipality in the later one.
    pub row: &'a AreaRow,
    /// What the earlier release says.
    pub before: Option<&'a Estimate>,
    /// What the later one says.
    pub after: Option<&'a Estimate>,
}

impl<'a> Change<'a> {
    /// The municipalities of the later release, by name, with what the earlier one says of the same code.
    pub fn all(later: &'a Site, earlier: &'a Site) -> Vec<Change<'a>> {
        let mut changes: Vec<Change<'a>> = later
            .study
            .level(Level::Municipality)
            .map(|row| Change {
                row,
                before: earlier.study.overall(Level::Municipality, &row.area.code),
                after: later.study.overall(Level::Municipality, &row.area.code),
            })
            .collect();
        changes.sort_by(|left, right| left.row.area.name.cmp(&right.row.area.name));
        changes
    }

    /// Difference of the rates in percentage points; none when one of the two is not shown.
    pub fn points(&self) -> Option<f64> {
        Some((self.after?.rate? - self.before?.rate?) * 100.0)
    }

    /// Whether the 95 % intervals of the two do not touch: a cautious sign of a difference, because intervals that do touch may still
    /// belong to different rates.
    pub fn apart(&self) -> bool {
        let ends = |found: Option<&Estimate>| found.and_then(|found| Some((found.lower?, found.upper?)));
        match (ends(self.before), ends(self.after)) {
            (Some((before_lower, before_upper)), Some((after_lower, after_upper))) => {
                after_lower > before_upper || before_lower > after_upper
            }
            _ => false,
        }
    }
}

/// The columns of [`changes`].
pub const CHANGE_COLUMNS: [&str; 12] = [
    "code",
    "name",
    "status_before",
    "rate_before",
    "rate_before_lower",
    "rate_before_upper",
    "status",
    "rate",
    "rate_lower",
    "rate_upper",
    "points",
    "intervals_apart",
];

/// What changed between two releases, municipality by municipality.
pub fn changes(later: &Site, earlier: &Site) -> PlainTable {
    let ends = |found: Option<&Estimate>| {
        let status = found.map_or("no_data", |found| found.status.code());
        let values = [
            found.and_then(|found| found.rate),
            found.and_then(|found| found.lower),
            found.and_then(|found| found.upper),
        ];
        std::iter::once(Value::from(status)).chain(values.map(share))
    };
    let rows = Change::all(later, earlier).into_iter().map(|change| {
        let mut cells = vec![Value::from(change.row.area.code.as_str()), Value::from(change.row.area.name.as_str())];
        cells.extend(ends(change.before));
        cells.extend(ends(change.after));
        cells.push(share(change.points()));
        cells.push(change.points().map_or(Value::Null, |_| Value::Bool(change.apart())));
        cells
    });
    PlainTable { columns: CHANGE_COLUMNS.map(str::to_owned).to_vec(), rows: rows.collect() }
}

/// What makes two releases speak of different things: names of texts `site-changed-NAME`.
pub fn not_comparable(later: &Site, earlier: &Site) -> Vec<&'static str> {
    let (after, before) = (later.study.manifest(), earlier.study.manifest());
    let reasons = [
        (
            after.outcome.definition != before.outcome.definition || after.outcome.name != before.outcome.name,
            "definition",
        ),
        (after.ages != before.ages, "ages"),
        (later.study.bundle().model.formula != earlier.study.bundle().model.formula, "model"),
        (after.program != before.program, "program"),
    ];
    reasons.into_iter().filter(|(differs, _)| *differs).map(|(_, name)| name).collect()
}

/// Names, codes, paths and, for municipalities, the department: what the script that searches needs.
pub fn names(site: &Site) -> String {
    let study = &site.study;
    let below = study.bundle().areas.iter().filter(|row| row.area.level != Level::Country);
    let rows: Vec<Value> = below
        .map(|row| {
            let above = study.ancestor(row, Level::Department).map_or("", |above| above.area.name.as_str());
            json!([row.area.name, row.area.code, area_path(row), above])
        })
        .collect();
    let text = serde_json::to_string(&rows).unwrap_or_else(|_| "[]".to_owned());
    // A script may stand in a page some day; `<` in names must not end it.
    format!("window.clriskAreas = {};\n", text.replace('<', "\\u003c"))
}
