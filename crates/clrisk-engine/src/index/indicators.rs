//! The indicator table: what each indicator is, where it comes from and who reviewed it. A data file, not code.

use std::collections::BTreeMap;
use std::path::Path;

use clrisk_core::{Finding, Findings, Language, LocalText, Place};
use serde::Deserialize;

use crate::source::Found;

/// The table.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorTable {
    /// Dimensions; those that only indicators name have their code as name.
    #[serde(default, rename = "dimension")]
    pub dimensions: Vec<DimensionRow>,
    /// Indicators.
    #[serde(default, rename = "indicator")]
    pub indicators: Vec<IndicatorRow>,
}

/// `[[dimension]]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DimensionRow {
    /// Code.
    pub code: String,
    /// Name.
    pub name: LocalText,
}

/// `[[indicator]]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndicatorRow {
    /// Code.
    pub code: String,
    /// Name.
    pub name: LocalText,
    /// Expression over the file of values; the column named like the code, when there is none.
    pub value: Option<String>,
    /// Whether more of it is worse or better.
    pub more: More,
    /// Unit.
    #[serde(default)]
    pub unit: LocalText,
    /// Code of its dimension.
    pub dimension: String,
    /// Publisher.
    #[serde(default)]
    pub source: String,
    /// Year it refers to.
    #[serde(default)]
    pub year: i64,
    /// Who reviewed it.
    #[serde(default)]
    pub reviewed_by: String,
    /// Weight given by experts.
    pub weight: Option<f64>,
    /// Best value, for fixed posts.
    pub best: Option<f64>,
    /// Worst value, for fixed posts.
    pub worst: Option<f64>,
}

/// The direction of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum More {
    /// More of it makes an area more vulnerable.
    Worse,
    /// More of it makes an area less vulnerable.
    Better,
}

impl IndicatorTable {
    /// Reads a TOML or CSV file.
    ///
    /// # Errors
    /// `FILE-001` there is no file, `INDEX-001` it is not understood or contradicts itself.
    pub fn read(path: &Path, shown: &str, findings: &mut Findings) -> Result<IndicatorTable, Found> {
        let text = std::fs::read_to_string(path)
            .map_err(|_| Box::new(Finding::error("FILE-001", Place::file(shown)).with("file", shown)))?;
        let mut table =
            if shown.to_lowercase().ends_with(".csv") { from_csv(&text, shown)? } else { from_toml(&text, shown)? };
        table.check(shown)?;
        for row in &table.indicators {
            if !table.dimensions.iter().any(|dimension| dimension.code == row.dimension) {
                let (code, name) = (row.dimension.clone(), LocalText::Same(row.dimension.clone()));
                table.dimensions.push(DimensionRow { code, name });
            }
        }
        table.dimensions.retain(|dimension| table.indicators.iter().any(|row| row.dimension == dimension.code));
        let unsigned = table.without_source();
        if !unsigned.is_empty() {
            let mut finding = Finding::warning("INDEX-002", Place::file(shown)).with("count", unsigned.len());
            for code in unsigned.into_iter().take(5) {
                finding = finding.detail(code);
            }
            findings.push(finding);
        }
        Ok(table)
    }

    /// Codes of the indicators that lack source, year or reviewer.
    fn without_source(&self) -> Vec<String> {
        let lacks =
            |row: &&IndicatorRow| row.source.trim().is_empty() || row.reviewed_by.trim().is_empty() || row.year == 0;
        self.indicators.iter().filter(lacks).map(|row| row.code.clone()).collect()
    }

    fn check(&self, shown: &str) -> Result<(), Found> {
        if self.indicators.len() < 2 {
            return Err(invalid(shown, None, "two indicators at least"));
        }
        for (position, row) in self.indicators.iter().enumerate() {
            if self.indicators[..position].iter().any(|other| other.code == row.code) {
                return Err(invalid(shown, None, &format!("code = \"{}\" (2)", row.code)));
            }
            let half = row.best.is_some() != row.worst.is_some();
            if half || row.best.is_some_and(|best| Some(best) == row.worst) {
                return Err(invalid(shown, None, &format!("best, worst: \"{}\"", row.code)));
            }
        }
        Ok(())
    }
}

fn invalid(shown: &str, row: Option<u64>, reason: &str) -> Found {
    let mut place = Place::file(shown);
    place.row = row;
    Box::new(Finding::error("INDEX-001", place).with("file", shown).with("reason", reason))
}

fn from_toml(text: &str, shown: &str) -> Result<IndicatorTable, Found> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() as u64 + 1);
        invalid(shown, line, error.message())
    })
}

/// Columns are named like the keys of the TOML file; texts in one language have a column `name_es`, `unit_fr` ...
fn from_csv(text: &str, shown: &str) -> Result<IndicatorTable, Found> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let delimiter = if first.matches(';').count() > first.matches(',').count() { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header: Vec<String> =
        reader.headers().map_err(|_| invalid(shown, Some(1), "CSV"))?.iter().map(str::to_owned).collect();
    let mut indicators = Vec::new();
    for (position, record) in reader.records().enumerate() {
        let line = Some(position as u64 + 2);
        let record = record.map_err(|_| invalid(shown, line, "CSV"))?;
        let cell = |name: &str| {
            let column = header.iter().position(|found| found == name)?;
            record.get(column).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let local = |name: &str| {
            let texts: BTreeMap<Language, String> = Language::ALL
                .into_iter()
                .filter_map(|language| Some((language, cell(&format!("{name}_{language}"))?)))
                .collect();
            if texts.is_empty() {
                cell(name).map_or_else(LocalText::default, LocalText::Same)
            } else {
                LocalText::ByLanguage(texts)
            }
        };
        let needed = |name: &str| cell(name).ok_or_else(|| invalid(shown, line, name));
        let number = |name: &str| -> Result<Option<f64>, Found> {
            cell(name).map(|text| text.parse::<f64>().map_err(|_| invalid(shown, line, name))).transpose()
        };
        let more = match needed("more")?.as_str() {
            "worse" | "+" => More::Worse,
            "better" | "-" => More::Better,
            _ => return Err(invalid(shown, line, "more")),
        };
        indicators.push(IndicatorRow {
            code: needed("code")?,
            name: local("name"),
            value: cell("value"),
            more,
            unit: local("unit"),
            dimension: needed("dimension")?,
            source: cell("source").unwrap_or_default(),
            year: number("year")?.unwrap_or(0.0) as i64,
            reviewed_by: cell("reviewed_by").unwrap_or_default(),
            weight: number("weight")?,
            best: number("best")?,
            worst: number("worst")?,
        });
    }
    Ok(IndicatorTable { dimensions: Vec::new(), indicators })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_says_the_same_as_toml_and_as_csv() {
        let toml = "[[indicator]]\ncode = \"a\"\nname = { es = \"Uno\", en = \"One\" }\nmore = \"worse\"\nunit = \"%\"\n\
                    dimension = \"d\"\nsource = \"S\"\nyear = 2020\nreviewed_by = \"R\"\nbest = 0\nworst = 50\n\
                    [[indicator]]\ncode = \"b\"\nname = \"Dos\"\nmore = \"better\"\ndimension = \"d\"\n";
        let csv = "code,name,name_es,name_en,more,unit,dimension,source,year,reviewed_by,best,worst\n\
                   a,,Uno,One,+,%,d,S,2020,R,0,50\nb,Dos,,,-,,d,,,,,\n";
        assert_eq!(from_toml(toml, "t").unwrap(), from_csv(csv, "t").unwrap());
        assert_eq!(from_toml(toml, "t").unwrap().without_source(), ["b"]);
    }

    #[test]
    fn a_table_that_contradicts_itself_is_a_finding_at_its_line() {
        let one = |more: &str| format!("code,name,more,dimension\na,A,{more},d\n");
        let finding = from_csv(&one("sideways"), "t.csv").unwrap_err();
        assert_eq!((finding.code.as_str(), finding.place.row), ("INDEX-001", Some(2)));
        assert!(from_csv(&one("+"), "t.csv").unwrap().check("t.csv").is_err(), "one indicator is no index");
    }
}
