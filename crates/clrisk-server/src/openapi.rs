//! The document that describes the interface (OpenAPI 3.1), and the same for reading.
//!
//! The columns of the tables are described in one place, [`COLUMNS`]; a test asks a real server for every path and compares what comes.

use clrisk_render::tables;
use serde_json::Value;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItem, PathsBuilder};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, InfoBuilder, OpenApiBuilder, Required, ResponseBuilder};

use crate::twins;

/// A path of the interface.
struct Path {
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    /// Names of parameters in the query.
    query: &'static [&'static str],
    kinds: &'static [&'static str],
}

const CSV: &str = "text/csv";
const JSON: &str = "application/json";
const SVG: &str = "image/svg+xml";

/// All paths. `{language}` is es, en, pt or fr: it changes texts, never numbers, names of columns or codes.
const PATHS: &[Path] = &[
    Path {
        path: "/{language}/national.csv",
        name: "national_csv",
        summary: "Estimates of the country by publication group.",
        query: &[],
        kinds: &[CSV],
    },
    Path {
        path: "/{language}/national.json",
        name: "national_json",
        summary: "The country: what is estimated, of whom, from what, in which classes, signed by whom; estimates by publication group.",
        query: &[],
        kinds: &[JSON],
    },
    Path {
        path: "/{language}/national.svg",
        name: "national_svg",
        summary: "The national map.",
        query: &["show", "only"],
        kinds: &[SVG],
    },
    Path {
        path: "/{language}/areas.csv",
        name: "areas_csv",
        summary: "Municipalities, one row each, for all children.",
        query: &["q", "department", "class", "status", "sort"],
        kinds: &[CSV],
    },
    Path {
        path: "/{language}/areas.json",
        name: "areas_json",
        summary: "The same as JSON.",
        query: &["q", "department", "class", "status", "sort"],
        kinds: &[JSON],
    },
    Path {
        path: "/{language}/area/{code}.csv",
        name: "area_csv",
        summary: "Estimates of a municipality by publication group.",
        query: &[],
        kinds: &[CSV],
    },
    Path {
        path: "/{language}/area/{code}.json",
        name: "area_json",
        summary: "A municipality: estimates by publication group, class, ranks, factors, levers.",
        query: &[],
        kinds: &[JSON],
    },
    Path {
        path: "/{language}/area/{code}.svg",
        name: "area_svg",
        summary: "Where the municipality is.",
        query: &[],
        kinds: &[SVG],
    },
    Path {
        path: "/{language}/department/{code}.csv",
        name: "department_csv",
        summary: "The municipalities of a department.",
        query: &[],
        kinds: &[CSV],
    },
    Path {
        path: "/{language}/department/{code}.json",
        name: "department_json",
        summary: "A department: estimates by publication group, and its municipalities.",
        query: &[],
        kinds: &[JSON],
    },
    Path {
        path: "/{language}/department/{code}.svg",
        name: "department_svg",
        summary: "The map of a department.",
        query: &["show", "only"],
        kinds: &[SVG],
    },
    Path {
        path: "/{language}/compare.csv",
        name: "compare_csv",
        summary: "Up to eight municipalities side by side.",
        query: &["area"],
        kinds: &[CSV],
    },
    Path {
        path: "/{language}/compare.json",
        name: "compare_json",
        summary: "The same as JSON.",
        query: &["area"],
        kinds: &[JSON],
    },
    Path {
        path: "/{language}/indicators.json",
        name: "indicators_json",
        summary: "What each figure is, how it is made, how to read it.",
        query: &[],
        kinds: &[JSON],
    },
    Path {
        path: "/{language}/indicator/{name}.json",
        name: "indicator_json",
        summary: "One of them.",
        query: &[],
        kinds: &[JSON],
    },
    Path {
        path: "/{language}/releases.csv",
        name: "releases_csv",
        summary: "The releases, newest first. Every path also exists below /release/ID, where it never changes.",
        query: &[],
        kinds: &[CSV],
    },
    Path {
        path: "/{language}/releases.json",
        name: "releases_json",
        summary: "The same as JSON.",
        query: &[],
        kinds: &[JSON],
    },
    Path {
        path: "/{language}/changes.csv",
        name: "changes_csv",
        summary: "Rates of the municipalities in two releases.",
        query: &["from"],
        kinds: &[CSV],
    },
    Path {
        path: "/{language}/changes.json",
        name: "changes_json",
        summary: "The same as JSON.",
        query: &["from"],
        kinds: &[JSON],
    },
    Path {
        path: "/{language}/how.json",
        name: "how_json",
        summary: "The model card, sensitivity of the classes, comparability of survey and census, what was withheld.",
        query: &[],
        kinds: &[JSON],
    },
    Path {
        path: "/{language}/measured.csv",
        name: "measured_csv",
        summary: "What the survey measured by itself, one row each measure, ages and group; only where the project measures.",
        query: &[],
        kinds: &[CSV],
    },
    Path {
        path: "/{language}/measured.json",
        name: "measured_json",
        summary: "The same with survey, definition, quality rule, comparability and changes.",
        query: &[],
        kinds: &[JSON],
    },
    Path {
        path: "/{language}/measured/{measure}.csv",
        name: "measure_csv",
        summary: "One measure.",
        query: &[],
        kinds: &[CSV],
    },
    Path {
        path: "/{language}/measured/{measure}.json",
        name: "measure_json",
        summary: "The same as JSON.",
        query: &[],
        kinds: &[JSON],
    },
    Path {
        path: "/{language}/measured-changes.csv",
        name: "measured_changes_csv",
        summary: "Changes since the earlier survey, each with its test.",
        query: &[],
        kinds: &[CSV],
    },
    Path {
        path: "/{language}/measured-changes.json",
        name: "measured_changes_json",
        summary: "The same as JSON.",
        query: &[],
        kinds: &[JSON],
    },
    Path {
        path: "/{language}/national.pdf",
        name: "national_pdf",
        summary: "The fact sheet of the country, for printing.",
        query: &[],
        kinds: &["application/pdf"],
    },
    Path {
        path: "/{language}/area/{code}.pdf",
        name: "area_pdf",
        summary: "The fact sheet of a municipality, for printing.",
        query: &[],
        kinds: &["application/pdf"],
    },
    Path {
        path: "/{language}/department/{code}.pdf",
        name: "department_pdf",
        summary: "The fact sheet of a department, for printing.",
        query: &[],
        kinds: &["application/pdf"],
    },
    Path {
        path: "/{language}/release.zip",
        name: "release_zip",
        summary: "Everything published with notes: tables, workbook, map.",
        query: &[],
        kinds: &["application/zip"],
    },
    Path {
        path: "/{language}/release.xlsx",
        name: "release_xlsx",
        summary: "Workbook with notes.",
        query: &[],
        kinds: &["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
    },
    Path {
        path: "/{language}/municipalities.excel.csv",
        name: "municipalities_excel_csv",
        summary: "Municipalities as a spreadsheet of the country opens them with a double click.",
        query: &[],
        kinds: &["text/csv"],
    },
    Path {
        path: "/{language}/municipalities.parquet",
        name: "municipalities_parquet",
        summary: "Municipalities as Parquet.",
        query: &[],
        kinds: &["application/vnd.apache.parquet"],
    },
    Path {
        path: "/{language}/municipalities.geojson",
        name: "municipalities_geojson",
        summary: "Municipalities with their boundaries.",
        query: &[],
        kinds: &["application/geo+json"],
    },
    Path {
        path: "/{language}/municipalities.gpkg",
        name: "municipalities_gpkg",
        summary: "Municipalities with their boundaries as GeoPackage.",
        query: &[],
        kinds: &["application/geopackage+sqlite3"],
    },
    Path {
        path: "/{language}/estimates.parquet",
        name: "estimates_parquet",
        summary: "All areas and publication groups as Parquet.",
        query: &[],
        kinds: &["application/vnd.apache.parquet"],
    },
];

/// What a parameter means.
fn meaning(name: &str) -> &'static str {
    match name {
        "language" => "es, en, pt or fr",
        "code" => "Code of the area, as text with its leading zeros",
        "name" => "Name of the indicator",
        "measure" => "Name of a measure, as in column measure of measured.csv",
        "show" => "What the map shows: see the links of the page",
        "only" => {
            "The step of the legend shown alone: its number, 1 is the lowest, or a word as in the links of the page"
        }
        "q" => "Name or beginning of the code; accents and slips are forgiven",
        "department" => "Code of a department",
        "class" => "Number of a class, 1 is the lowest",
        "status" => "A value status",
        "sort" => "name, department, rate, count or class",
        "area" => "Code of a municipality; may be given several times",
        "from" => "Id of the release to compare with; the one before when left out",
        _ => "",
    }
}

/// Name of the columns of which there are as many as classes: N is the number of a class, 1 the lowest.
const PER_CLASS: &str = "probability_N";
/// The same as a regular expression.
const PER_CLASS_PATTERN: &str = "^probability_[1-9][0-9]*$";

/// Columns and fields that tables and objects have, with type and meaning. Every number is null when its status withholds it.
pub const COLUMNS: [(&str, Type, &str); 34] = [
    ("code", Type::String, "Code of the area"),
    ("area", Type::String, "Code of the area"),
    ("name", Type::String, "Name of the area"),
    ("level", Type::String, "country, region, department or municipality"),
    ("department", Type::String, "Code of the department"),
    ("department_name", Type::String, "Name of the department"),
    ("region", Type::String, "Code of the region"),
    ("group", Type::String, "all, or dimension=category pairs with semicolons"),
    ("status", Type::String, "value, modelled_without_sample, not_reliable, suppressed or no_data"),
    ("rate", Type::Number, "Proportion of the children, 0 to 1"),
    ("rate_lower", Type::Number, "Lower end of the 95 % interval of the rate"),
    ("rate_upper", Type::Number, "Upper end of the 95 % interval of the rate"),
    ("count", Type::Number, "Children with the outcome"),
    ("count_lower", Type::Number, "Lower end of the 95 % interval of the count"),
    ("count_upper", Type::Number, "Upper end of the 95 % interval of the count"),
    ("population", Type::Number, "Children of the group in the census"),
    (
        "estimated_locally",
        Type::Boolean,
        "Whether the difference of the group from all children was learned in this area",
    ),
    ("class", Type::Integer, "Class, 1 is the lowest"),
    (PER_CLASS, Type::Number, "Probability of class N; a column for each class of the release"),
    ("rank", Type::Integer, "Rank by rate, 1 is the highest"),
    ("rank_lower", Type::Integer, "Best rank of the 95 % range"),
    ("rank_upper", Type::Integer, "Worst rank of the 95 % range"),
    ("rank_joint_lower", Type::Integer, "Best rank such that the ranges of all municipalities hold at once"),
    ("rank_joint_upper", Type::Integer, "Worst rank such that the ranges of all municipalities hold at once"),
    ("count_rank", Type::Integer, "Rank by number of children, 1 is the most"),
    ("release", Type::String, "Id of the release"),
    ("date", Type::String, "Date of the signature"),
    ("signed_by", Type::String, "Who signed"),
    ("office", Type::String, "Post or institution of who signed"),
    ("status_before", Type::String, "Status in the earlier release"),
    ("rate_before", Type::Number, "Rate in the earlier release"),
    ("rate_before_lower", Type::Number, "Lower end of its 95 % interval"),
    ("rate_before_upper", Type::Number, "Upper end of its 95 % interval"),
    ("points", Type::Number, "Difference of the two rates in percentage points"),
];

/// Columns of the tables of what the survey measured, beside `group`, `rate`, `count` and their ends.
pub const MEASURED_COLUMNS: [(&str, Type, &str); 17] = [
    ("measure", Type::String, "What is measured: child_labour, excessive_chores, …"),
    (
        "kind",
        Type::String,
        "prevalence: share of the children of the group; composition: share of the children of the measure",
    ),
    ("age_from", Type::Integer, "First age"),
    ("age_to", Type::Integer, "Last age"),
    ("standard_error", Type::Number, "Standard error, 0 to 1"),
    ("lower", Type::Number, "Lower end of the interval of the share, or of the difference"),
    ("upper", Type::Number, "Upper end of the interval of the share, or of the difference"),
    ("sample", Type::Integer, "Sampled children that the share is of"),
    ("cases", Type::Integer, "Sampled children of whom the measure is true"),
    ("effective_sample", Type::Number, "Size of a simple random sample as precise as this one"),
    ("coefficient_of_variation", Type::Number, "Standard error over the share"),
    ("quality", Type::String, "publish, publish_with_warning or suppress"),
    ("definition", Type::String, "Name, version and hash of the definition"),
    ("earlier", Type::Number, "Share in the earlier survey, 0 to 1"),
    ("later", Type::Number, "Share in the later survey, 0 to 1"),
    ("difference", Type::Number, "Later less earlier, a difference of proportions"),
    ("p_value", Type::Number, "Two-sided test of no change"),
];

/// The columns of the table at a path.
pub fn columns(name: &str) -> Vec<&'static str> {
    let areas = || {
        COLUMNS.iter().map(|(name, ..)| *name).filter(|name| {
            ![
                "area",
                "level",
                "group",
                "estimated_locally",
                "release",
                "date",
                "signed_by",
                "office",
                "status_before",
                "points",
            ]
            .contains(name)
                && !name.starts_with("rate_before")
        })
    };
    match name.rsplit_once('_').map(|(stem, _)| stem) {
        Some("national" | "area") => tables::GROUP_COLUMNS.to_vec(),
        Some("areas" | "compare" | "department") => areas().collect(),
        Some("releases") => vec!["release", "date", "signed_by", "office", "rate", "rate_lower", "rate_upper"],
        Some("changes") => twins::CHANGE_COLUMNS.to_vec(),
        Some("measured_changes") => vec![
            "measure",
            "age_from",
            "age_to",
            "group",
            "earlier",
            "later",
            "difference",
            "standard_error",
            "lower",
            "upper",
            "p_value",
            "quality",
            "definition",
        ],
        _ => Vec::new(),
    }
}

fn row(columns: &[&str]) -> Object {
    let mut builder = ObjectBuilder::new();
    for column in columns {
        let known = COLUMNS.iter().chain(&MEASURED_COLUMNS).find(|(name, ..)| name == column);
        let (kind, meaning) = known
            .map_or((Type::Boolean, "Whether the 95 % intervals do not touch"), |(_, kind, meaning)| {
                (kind.clone(), *meaning)
            });
        let kinds = utoipa::openapi::schema::SchemaType::from_iter([kind, Type::Null]);
        builder = builder.property(*column, ObjectBuilder::new().schema_type(kinds).description(Some(meaning)));
    }
    builder.build()
}

fn parameters(path: &Path) -> Vec<(&'static str, &'static str, &'static str)> {
    let pieces = path.path.split(['{', '}']).skip(1).step_by(2);
    let inside = pieces.map(|name| (name, "path", meaning(name)));
    inside.chain(path.query.iter().map(|name| (*name, "query", meaning(name)))).collect()
}

/// An operation for reading.
pub struct Operation {
    /// Address with names in braces.
    pub path: &'static str,
    /// What it gives.
    pub summary: &'static str,
    /// Name, place, meaning.
    pub parameters: Vec<(&'static str, &'static str, &'static str)>,
    /// Media types.
    pub kinds: &'static [&'static str],
}

/// All operations.
pub fn operations() -> Vec<Operation> {
    PATHS
        .iter()
        .map(|path| Operation {
            path: path.path,
            summary: path.summary,
            parameters: parameters(path),
            kinds: path.kinds,
        })
        .collect()
}

/// The document, as JSON with a line end.
pub fn document() -> String {
    let mut paths = PathsBuilder::new();
    for path in PATHS {
        let columns = columns(path.name);
        let mut answer = ResponseBuilder::new().description(path.summary);
        for kind in path.kinds {
            let schema = match *kind {
                JSON if path.name.starts_with("areas")
                    || path.name.starts_with("compare")
                    || path.name.starts_with("measured_changes")
                    || path.name.starts_with("releases")
                    || path.name.starts_with("changes") =>
                {
                    Some(utoipa::openapi::Schema::from(
                        utoipa::openapi::ArrayBuilder::new().items(row(&columns)).build(),
                    ))
                }
                JSON if path.name == "indicators_json" => Some(utoipa::openapi::Schema::from(
                    utoipa::openapi::ArrayBuilder::new().items(ObjectBuilder::new().build()).build(),
                )),
                JSON => Some(ObjectBuilder::new().build().into()),
                _ => Some(ObjectBuilder::new().schema_type(Type::String).build().into()),
            };
            answer = answer.content(*kind, ContentBuilder::new().schema(schema).build());
        }
        let mut operation = OperationBuilder::new()
            .operation_id(Some(path.name))
            .summary(Some(path.summary))
            .response("200", answer.build())
            .response("404", ResponseBuilder::new().description("There is no such area, release or page.").build());
        for (name, place, meaning) in parameters(path) {
            let inside = place == "path";
            let parameter = ParameterBuilder::new()
                .name(name)
                .parameter_in(if inside { ParameterIn::Path } else { ParameterIn::Query })
                .required(if inside { Required::True } else { Required::False })
                .description(Some(meaning))
                .schema(Some(ObjectBuilder::new().schema_type(Type::String).build()));
            operation = operation.parameter(parameter.build());
        }
        paths = paths.path(path.path, PathItem::new(HttpMethod::Get, operation.build()));
    }
    let about = "Read-only. Figures of signed releases; what a release withholds is nowhere. Every path also exists below /release/{id}.";
    let info = InfoBuilder::new().title("clrisk").version(env!("CARGO_PKG_VERSION")).description(Some(about)).build();
    let document = OpenApiBuilder::new().info(info).paths(paths.build()).build();
    let mut value = serde_json::to_value(&document).unwrap_or(Value::Null);
    by_pattern(&mut value);
    format!("{value:#}\n")
}

/// Describes the columns of classes by the pattern of their names, for which the builder of schemas has no word.
fn by_pattern(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let found = fields.get_mut("properties").and_then(Value::as_object_mut);
            if let Some(schema) = found.and_then(|properties| properties.shift_remove(PER_CLASS)) {
                fields.insert("patternProperties".to_owned(), serde_json::json!({ PER_CLASS_PATTERN: schema }));
            }
            fields.values_mut().for_each(by_pattern);
        }
        Value::Array(items) => items.iter_mut().for_each(by_pattern),
        _ => {}
    }
}

/// The reference as Markdown for `docs/api.md`.
pub fn reference() -> String {
    let mut text = String::new();
    for operation in operations() {
        text.push_str(&format!("### `GET {}`\n\n{}\n\n", operation.path, operation.summary));
        if !operation.parameters.is_empty() {
            text.push_str("| parameter | in | meaning |\n|---|---|---|\n");
            for (name, place, meaning) in &operation.parameters {
                text.push_str(&format!("| `{name}` | {place} | {meaning} |\n"));
            }
            text.push('\n');
        }
    }
    text.push_str("## Columns and fields\n\n| name | type | meaning |\n|---|---|---|\n");
    for (name, kind, meaning) in COLUMNS.iter().chain(&MEASURED_COLUMNS) {
        let kind =
            serde_json::to_value(kind).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
        text.push_str(&format!("| `{name}` | {kind} | {meaning} |\n"));
    }
    text
}
