//! The area tree of a project: municipalities of the boundary file, their departments, regions and the country.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use clrisk_core::bundle::AreaRow;
use clrisk_core::{Area, Finding, Findings, Level, Place};
use clrisk_geography::simplify::{points, simplify};
use clrisk_geography::{BoundaryFile, Polygons, ReadOptions};

use crate::settings::{AreaSettings, Settings};
use crate::source::{Column, Found, Session, select_list};

/// Code of the single area at country level.
pub const COUNTRY: &str = "country";

/// A municipality.
#[derive(Debug, Clone, PartialEq)]
pub struct Municipality {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Position of its department.
    pub department: usize,
    /// Geometry.
    pub polygons: Polygons,
}

/// A department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// Code.
    pub code: String,
    /// Name; the code when the project has no table of departments.
    pub name: String,
    /// Position of its region, when the project has regions.
    pub region: Option<usize>,
}

/// The tree; all lists are in the order of codes.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaTree {
    /// Municipalities.
    pub municipalities: Vec<Municipality>,
    /// Departments.
    pub departments: Vec<Department>,
    /// Regions, by code, which is also their name.
    pub regions: Vec<String>,
    by_code: HashMap<String, usize>,
}

impl AreaTree {
    /// All areas of all levels, country first, with the positions of their municipalities.
    pub fn members(&self) -> Vec<(String, Level, Vec<usize>)> {
        let (department_of, region_of) = (self.department_of(), self.region_of());
        let count = self.municipalities.len();
        let inside = |of: &[usize], index: usize| (0..count).filter(|&area| of[area] == index).collect::<Vec<_>>();
        let mut list = vec![(COUNTRY.to_owned(), Level::Country, (0..count).collect())];
        for (index, region) in self.regions.iter().enumerate() {
            list.push((region.clone(), Level::Region, inside(&region_of, index)));
        }
        for (index, department) in self.departments.iter().enumerate() {
            list.push((department.code.clone(), Level::Department, inside(&department_of, index)));
        }
        for (index, area) in self.municipalities.iter().enumerate() {
            list.push((area.code.clone(), Level::Municipality, vec![index]));
        }
        list
    }

    /// Reads the boundary file and the table of departments.
    ///
    /// # Errors
    /// Findings of reading, and `AREA-001` (a feature without code), `AREA-003` (two features with one code).
    pub async fn read(session: &Session, settings: &Settings, findings: &mut Findings) -> Result<AreaTree, Found> {
        AreaTree::of(session, &settings.areas, findings).await
    }

    /// The same for a project that has `[areas]` and nothing else of a study.
    ///
    /// # Errors
    /// As [`AreaTree::read`].
    pub async fn of(session: &Session, areas: &AreaSettings, findings: &mut Findings) -> Result<AreaTree, Found> {
        let shown = areas.file.display().to_string();
        let options = ReadOptions {
            layer: areas.layer.clone(),
            projection: areas.projection.clone(),
            encoding: areas.encoding.clone(),
        };
        let file = BoundaryFile::read(&session.path(&areas.file), &options)
            .await
            .map_err(|error| Box::new(error.finding(&shown)))?;
        for finding in file.findings(&shown) {
            findings.push(finding);
        }
        if let Some(batch) = properties(&file) {
            session.register_batch("areas", batch)?;
        }
        for (key, expression) in
            [("areas.code", &areas.code), ("areas.name", &areas.name), ("areas.department", &areas.department)]
        {
            session.check_expression("areas", expression, key, &shown).await?;
        }
        let keep = areas.filter.as_deref().unwrap_or("TRUE");
        let list = select_list(&[
            Column::Text("feature_index"),
            Column::Text(&areas.code),
            Column::Text(&areas.name),
            Column::Text(&areas.department),
            Column::Flag(keep),
        ]);
        let sql = format!("SELECT {list} FROM areas ORDER BY feature_index");
        let columns = session.read_texts(&sql, "areas", &shown).await?;
        let departments = read_departments(session, areas).await?;
        let mut regions: BTreeSet<String> = BTreeSet::new();
        let mut used: BTreeMap<String, ()> = BTreeMap::new();
        let mut rows = Vec::new();
        let mut left_out = 0u64;
        for row in 0..columns.first().map_or(0, Vec::len) {
            let cell = |column: usize| columns[column][row].clone().filter(|text| !text.is_empty());
            if columns[4][row].as_deref() != Some("1.0") {
                left_out += 1;
                continue;
            }
            let (Some(code), Some(department)) = (cell(1), cell(3)) else {
                return Err(Box::new(
                    Finding::error("AREA-001", Place::file(&shown).row(row as u64 + 1)).with("file", &shown),
                ));
            };
            let name = cell(2).unwrap_or_else(|| code.clone());
            if let Some((_, Some(region))) = departments.get(&department) {
                regions.insert(region.clone());
            }
            used.insert(department.clone(), ());
            rows.push((code, name, department, row));
        }
        if left_out > 0 {
            findings.push(
                Finding::note("AREA-005", Place::file(&shown).at_key("areas.filter"))
                    .with("count", left_out)
                    .with("file", &shown),
            );
        }
        rows.sort();
        for pair in rows.windows(2) {
            if pair[0].0 == pair[1].0 {
                let mut place = Place::file(&shown).row(pair[1].3 as u64 + 1);
                place.area = Some(pair[0].0.clone());
                return Err(Box::new(Finding::error("AREA-003", place).with("file", &shown).with("area", &pair[0].0)));
            }
        }
        if rows.is_empty() {
            return Err(Box::new(Finding::error("GEO-001", Place::file(&shown)).with("file", &shown)));
        }
        let regions: Vec<String> = regions.into_iter().collect();
        let department_codes: Vec<String> = used.into_keys().collect();
        let unnamed: Vec<&String> = department_codes.iter().filter(|code| !departments.contains_key(*code)).collect();
        if areas.departments.is_some() && !unnamed.is_empty() {
            let mut finding =
                Finding::warning("AREA-006", Place::key("areas.departments")).with("count", unnamed.len());
            for code in unnamed.iter().take(5) {
                finding = finding.detail(code.as_str());
            }
            findings.push(finding);
        }
        let department_list: Vec<Department> = department_codes
            .iter()
            .map(|code| {
                let (name, region) = departments.get(code).cloned().unwrap_or((code.clone(), None));
                let region = region.and_then(|region| regions.binary_search(&region).ok());
                Department { code: code.clone(), name, region }
            })
            .collect();
        let mut polygons = file.polygons;
        let mut municipalities: Vec<Municipality> = rows
            .into_iter()
            .map(|(code, name, department, row)| Municipality {
                code,
                name,
                department: department_codes.binary_search(&department).unwrap_or(0),
                polygons: std::mem::take(&mut polygons[row]),
            })
            .collect();
        thin(areas, &mut municipalities, findings);
        let by_code = municipalities.iter().enumerate().map(|(index, area)| (area.code.clone(), index)).collect();
        Ok(AreaTree { municipalities, departments: department_list, regions, by_code })
    }

    /// Position of the municipality with this code.
    pub fn find(&self, code: &str) -> Option<usize> {
        self.by_code.get(code).copied()
    }

    /// Department of each municipality.
    pub fn department_of(&self) -> Vec<usize> {
        self.municipalities.iter().map(|area| area.department).collect()
    }

    /// Region of each municipality; all in one when the project has none.
    pub fn region_of(&self) -> Vec<usize> {
        self.municipalities.iter().map(|area| self.departments[area.department].region.unwrap_or(0)).collect()
    }

    /// The tree as rows of the bundle, without sizes: country, regions, departments, municipalities.
    pub fn rows(&self, country: &str) -> Vec<AreaRow> {
        let row = |code: &str, name: &str, level: Level, parent: Option<String>| AreaRow {
            area: Area { code: code.to_owned(), name: name.to_owned(), level, parent },
            population: 0.0,
            sample: 0,
            sampling_units: 0,
            own_sample_share: None,
        };
        let mut rows = vec![row(COUNTRY, country, Level::Country, None)];
        for region in &self.regions {
            rows.push(row(region, region, Level::Region, Some(COUNTRY.to_owned())));
        }
        for department in &self.departments {
            let parent = department.region.map_or(COUNTRY, |region| self.regions[region].as_str());
            rows.push(row(&department.code, &department.name, Level::Department, Some(parent.to_owned())));
        }
        for area in &self.municipalities {
            let parent = self.departments[area.department].code.clone();
            rows.push(row(&area.code, &area.name, Level::Municipality, Some(parent)));
        }
        rows
    }
}

/// The properties of a boundary file as a table, with the feature's position in column `feature_index`.
fn properties(file: &BoundaryFile) -> Option<RecordBatch> {
    let mut fields = vec![Field::new("feature_index", DataType::Int64, false)];
    let mut columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from_iter_values(0..file.polygons.len() as i64))];
    for (name, values) in &file.properties {
        if name != "feature_index" {
            fields.push(Field::new(name, DataType::Utf8, true));
            columns.push(Arc::new(StringArray::from_iter(values.iter().map(Option::as_deref))));
        }
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).ok()
}

/// Takes points out of borders that have more than `areas.max_points`; what neighbours share stays shared.
fn thin(settings: &AreaSettings, municipalities: &mut [Municipality], findings: &mut Findings) {
    let features: Vec<&Polygons> = municipalities.iter().map(|area| &area.polygons).collect();
    if points(&features) <= settings.max_points {
        return;
    }
    let simplified = simplify(&features, settings.max_points);
    let shown = settings.file.display().to_string();
    findings.push(
        Finding::note("GEO-010", Place::file(&shown).at_key("areas.max_points"))
            .with("file", &shown)
            .with("before", simplified.points[0])
            .with("after", simplified.points[1])
            .with("percent", format!("{:.2}", 100.0 * simplified.largest_change)),
    );
    for (area, polygons) in municipalities.iter_mut().zip(simplified.polygons) {
        area.polygons = polygons;
    }
}

type DepartmentTable = BTreeMap<String, (String, Option<String>)>;

async fn read_departments(session: &Session, areas: &AreaSettings) -> Result<DepartmentTable, Found> {
    let Some(table) = &areas.departments else { return Ok(DepartmentTable::new()) };
    let shown = table.file.display().to_string();
    session.register("departments", &table.file, &BTreeMap::new()).await?;
    let region = table.region.as_deref().unwrap_or("NULL");
    let list = select_list(&[Column::Text(&table.code), Column::Text(&table.name), Column::Text(region)]);
    let sql = format!("SELECT DISTINCT {list} FROM departments");
    let columns = session.read_texts(&sql, "areas.departments", &shown).await?;
    let mut departments = DepartmentTable::new();
    for row in 0..columns.first().map_or(0, Vec::len) {
        if let Some(code) = columns[0][row].clone() {
            departments.insert(code.clone(), (columns[1][row].clone().unwrap_or(code), columns[2][row].clone()));
        }
    }
    Ok(departments)
}
