//! The national series of indicator 8.7.1 as SDMX-CSV and SDMX-ML 2.1 (generic data).
//!
//! Dimensions and attributes are those of the harmonised SDG data structure (agency `IAEG-SDGs`, structure `SDG`, dataflow
//! `DF_SDG_GLC`): header order as in files of the UN's SDMX service. Only figures of the country, all children or by sex;
//! withheld figures are written as missing (`Q`), imprecise ones as of low reliability (`U`).

use clrisk_core::Measured;
use clrisk_core::measure::{Kind, MeasuredRow, Quality};
use clrisk_definitions::Series;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::MeasureError;

/// Agency, structure and dataflow with their version.
const AGENCY: &str = "IAEG-SDGs";
const DATAFLOW: &str = "DF_SDG_GLC";
const VERSION: &str = "1.20";

/// Dimensions in their order, without time; those that these series do not use are `_T` (total).
const DIMENSIONS: [&str; 15] = [
    "FREQ",
    "REPORTING_TYPE",
    "SERIES",
    "REF_AREA",
    "SEX",
    "AGE",
    "URBANISATION",
    "INCOME_WEALTH_QUANTILE",
    "EDUCATION_LEV",
    "OCCUPATION",
    "CUST_BREAKDOWN",
    "COMPOSITE_BREAKDOWN",
    "DISABILITY_STATUS",
    "ACTIVITY",
    "PRODUCT",
];

/// One observation.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Values of the dimensions, in their order.
    pub key: [String; 15],
    /// Year.
    pub year: i32,
    /// Percentage; none when withheld.
    pub value: Option<f64>,
    /// Ends of the interval, percentages.
    pub bounds: Option<[f64; 2]>,
    /// `A` normal, `U` low reliability, `Q` withheld.
    pub status: &'static str,
    /// Survey and definition.
    pub source: String,
}

/// The observations of the series: `reference_area` is the country's M49 code. Empty without a year of the survey.
pub fn observations(measured: &Measured, series: &[Series], reference_area: &str) -> Vec<Observation> {
    let Some(year) = measured.survey.year else { return Vec::new() };
    let source = format!("{}; {}", measured.survey.title.get(clrisk_core::Language::En), measured.definition.label());
    let mut list = Vec::new();
    for series in series {
        let rows = measured.rows.iter().filter(|row| row.kind == Kind::Prevalence && row.measure == series.measure);
        for row in rows {
            let Some(sex) = sex_of(row) else { continue };
            let key = [
                "A",
                "N",
                &series.code,
                reference_area,
                sex,
                &format!("Y{}T{}", row.ages[0], row.ages[1]),
                "_T",
                "_T",
                "_T",
                "_T",
                "_T",
                "_T",
                "_T",
                "_T",
                "_T",
            ]
            .map(str::to_owned);
            let percent = |share: f64| (1e6 * share).round() / 1e4;
            list.push(Observation {
                key,
                year,
                value: row.rate.map(percent),
                bounds: row.lower.zip(row.upper).map(|(lower, upper)| [percent(lower), percent(upper)]),
                status: match row.quality {
                    Quality::Publish => "A",
                    Quality::PublishWithWarning => "U",
                    Quality::Suppress => "Q",
                },
                source: source.clone(),
            });
        }
    }
    list
}

/// The SDMX code of the sex of a group; none for groups that are more than that.
fn sex_of(row: &MeasuredRow) -> Option<&'static str> {
    match row.group.0.as_slice() {
        [] => Some("_T"),
        [(dimension, category)] if dimension == "sex" => match category.as_str() {
            "boy" | "male" => Some("M"),
            "girl" | "female" => Some("F"),
            _ => None,
        },
        _ => None,
    }
}

fn number(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// SDMX-CSV.
///
/// # Errors
/// When the table cannot be written.
pub fn csv(observations: &[Observation]) -> Result<Vec<u8>, MeasureError> {
    let failed = |error: csv::Error| MeasureError::Write { file: "sdmx-csv", reason: error.to_string() };
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut header = vec!["DATAFLOW"];
    header.extend(DIMENSIONS);
    header.extend(["TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "UNIT_MULT", "UNIT_MEASURE", "NATURE", "TIME_DETAIL"]);
    header.extend(["UPPER_BOUND", "LOWER_BOUND", "SOURCE_DETAIL"]);
    writer.write_record(&header).map_err(failed)?;
    for observation in observations {
        let mut cells = vec![format!("{AGENCY}:{DATAFLOW}({VERSION})")];
        cells.extend(observation.key.iter().cloned());
        cells.extend([observation.year.to_string(), number(observation.value), observation.status.to_owned()]);
        cells.extend(["0", "PT", "C"].map(str::to_owned));
        cells.push(observation.year.to_string());
        cells.push(number(observation.bounds.map(|bounds| bounds[1])));
        cells.push(number(observation.bounds.map(|bounds| bounds[0])));
        cells.push(observation.source.clone());
        writer.write_record(&cells).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| MeasureError::Write { file: "sdmx-csv", reason: error.to_string() })
}

/// SDMX-ML 2.1, generic data, one series a key. `prepared` is the time of preparation (ISO 8601), `test` marks invented data.
///
/// # Errors
/// When the document cannot be written.
pub fn xml(observations: &[Observation], prepared: &str, test: bool) -> Result<Vec<u8>, MeasureError> {
    document(observations, prepared, test)
        .map_err(|error| MeasureError::Write { file: "sdmx-ml", reason: error.to_string() })
}

type Xml = Writer<Vec<u8>>;

fn document(observations: &[Observation], prepared: &str, test: bool) -> std::io::Result<Vec<u8>> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 1);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let namespace = |name: &str| format!("http://www.sdmx.org/resources/sdmxml/schemas/v2_1/{name}");
    let mut root = BytesStart::new("mes:GenericData");
    root.push_attribute(("xmlns:mes", namespace("message").as_str()));
    root.push_attribute(("xmlns:gen", namespace("data/generic").as_str()));
    root.push_attribute(("xmlns:com", namespace("common").as_str()));
    xml.write_event(Event::Start(root))?;
    open(&mut xml, "mes:Header", &[])?;
    text(&mut xml, "mes:ID", "clrisk-8-7-1")?;
    text(&mut xml, "mes:Test", if test { "true" } else { "false" })?;
    text(&mut xml, "mes:Prepared", prepared)?;
    empty(&mut xml, "mes:Sender", &[("id", "clrisk")])?;
    open(&mut xml, "mes:Structure", &[("structureID", "SDG"), ("dimensionAtObservation", "TIME_PERIOD")])?;
    open(&mut xml, "com:StructureUsage", &[])?;
    empty(&mut xml, "Ref", &[("agencyID", AGENCY), ("id", DATAFLOW), ("version", VERSION), ("class", "Dataflow")])?;
    close(&mut xml, "com:StructureUsage")?;
    close(&mut xml, "mes:Structure")?;
    close(&mut xml, "mes:Header")?;
    open(&mut xml, "mes:DataSet", &[("structureRef", "SDG"), ("action", "Replace")])?;
    for observation in observations {
        open(&mut xml, "gen:Series", &[])?;
        open(&mut xml, "gen:SeriesKey", &[])?;
        for (dimension, value) in DIMENSIONS.iter().zip(&observation.key) {
            empty(&mut xml, "gen:Value", &[("id", dimension), ("value", value)])?;
        }
        close(&mut xml, "gen:SeriesKey")?;
        open(&mut xml, "gen:Attributes", &[])?;
        for (name, value) in [("UNIT_MULT", "0"), ("UNIT_MEASURE", "PT")] {
            empty(&mut xml, "gen:Value", &[("id", name), ("value", value)])?;
        }
        close(&mut xml, "gen:Attributes")?;
        open(&mut xml, "gen:Obs", &[])?;
        empty(&mut xml, "gen:ObsDimension", &[("value", &observation.year.to_string())])?;
        if let Some(value) = observation.value {
            empty(&mut xml, "gen:ObsValue", &[("value", &value.to_string())])?;
        }
        open(&mut xml, "gen:Attributes", &[])?;
        let mut attributes = vec![("OBS_STATUS", observation.status.to_owned()), ("NATURE", "C".to_owned())];
        attributes.push(("TIME_DETAIL", observation.year.to_string()));
        if let Some([lower, upper]) = observation.bounds {
            attributes.push(("UPPER_BOUND", upper.to_string()));
            attributes.push(("LOWER_BOUND", lower.to_string()));
        }
        attributes.push(("SOURCE_DETAIL", observation.source.clone()));
        for (name, value) in &attributes {
            empty(&mut xml, "gen:Value", &[("id", name), ("value", value)])?;
        }
        close(&mut xml, "gen:Attributes")?;
        close(&mut xml, "gen:Obs")?;
        close(&mut xml, "gen:Series")?;
    }
    close(&mut xml, "mes:DataSet")?;
    close(&mut xml, "mes:GenericData")?;
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn start<'a>(name: &'a str, attributes: &[(&str, &str)]) -> BytesStart<'a> {
    let mut element = BytesStart::new(name);
    for &(name, value) in attributes {
        element.push_attribute((name, value));
    }
    element
}

fn open(xml: &mut Xml, name: &str, attributes: &[(&str, &str)]) -> std::io::Result<()> {
    xml.write_event(Event::Start(start(name, attributes)))
}

fn empty(xml: &mut Xml, name: &str, attributes: &[(&str, &str)]) -> std::io::Result<()> {
    xml.write_event(Event::Empty(start(name, attributes)))
}

fn text(xml: &mut Xml, name: &str, value: &str) -> std::io::Result<()> {
    open(xml, name, &[])?;
    xml.write_event(Event::Text(BytesText::new(value)))?;
    close(xml, name)
}

fn close(xml: &mut Xml, name: &str) -> std::io::Result<()> {
    xml.write_event(Event::End(BytesEnd::new(name)))
}
