//! The folder that clrisk runs: settings, census, survey, boundaries, and the truth to compare with.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, DictionaryArray, Int8Array, Int16Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Int16Type, Schema};
use flate2::{Compression, GzBuilder};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression as ParquetCompression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde_json::json;

use crate::household::{Child, Household};
use crate::sample::SampledChild;
use crate::{Country, SyntheticError};

const SETTINGS: &str = include_str!("../project/clrisk.toml");
const README: &str = include_str!("../project/README.md");
/// Rows of the census held in memory before they are written.
const BATCH: usize = 100_000;

/// What is true of one municipality, by group: children, those in child labour, and the sum of their probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tally {
    /// Children.
    pub children: u64,
    /// Children in child labour.
    pub labour: u64,
    /// Sum of the probabilities of the true model.
    pub expected: f64,
}

impl Tally {
    fn add(&mut self, child: &Child) {
        self.children += 1;
        self.labour += u64::from(child.labour);
        self.expected += child.probability;
    }
}

/// The groups of the truth table.
pub const GROUPS: [&str; 6] = ["all", "sex=boy", "sex=girl", "age_group=5-11", "age_group=12-14", "age_group=15-17"];

fn groups_of(child: &Child) -> [usize; 3] {
    [0, 1 + usize::from(child.girl), 3 + usize::from(child.age >= 12) + usize::from(child.age >= 15)]
}

/// What was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// Truth by municipality and group, in the order of [`GROUPS`].
    pub truth: Vec<[Tally; GROUPS.len()]>,
    /// Rows of the survey.
    pub survey_children: u64,
    /// Households of the survey.
    pub survey_households: u64,
    /// Municipalities with a household in the survey.
    pub sampled_municipalities: u64,
}

fn file_error(path: &Path) -> impl FnOnce(io::Error) -> SyntheticError {
    let path = path.to_owned();
    move |source| SyntheticError::Io { path, source }
}

fn write(path: PathBuf, bytes: impl AsRef<[u8]>) -> Result<(), SyntheticError> {
    fs::write(&path, bytes).map_err(file_error(&path))
}

impl Country {
    /// Writes the project into `folder`, which is made if need be. The survey is drawn with the country's own seed.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write_project(&self, folder: &Path) -> Result<Written, SyntheticError> {
        for name in ["data", "geo", "truth"] {
            let path = folder.join(name);
            fs::create_dir_all(&path).map_err(file_error(&path))?;
        }
        write(folder.join("clrisk.toml"), SETTINGS)?;
        write(folder.join("README.md"), README)?;
        write(folder.join("geo/boundaries.geojson"), self.boundaries())?;
        write(folder.join("geo/neighbours.csv"), self.neighbours())?;
        write(folder.join("data/departments.csv"), self.departments())?;
        let (truth, households) = self.write_census(&folder.join("data/census.parquet"))?;
        write(folder.join("truth/areas.csv"), self.truth_table(&truth))?;
        write(folder.join("truth/model.json"), format!("{:#}\n", json!(self.model)))?;
        let sample = self.survey(&households, self.options.seed);
        let path = folder.join("data/survey.csv.gz");
        self.write_survey(&path, &sample).map_err(file_error(&path))?;
        let mut sampled: Vec<usize> = sample.iter().map(|row| row.municipality).collect();
        sampled.dedup();
        let mut units: Vec<(&str, u64)> =
            sample.iter().map(|row| (row.sampling_unit.as_str(), row.household_number)).collect();
        units.dedup();
        Ok(Written {
            truth,
            survey_children: sample.len() as u64,
            survey_households: units.len() as u64,
            sampled_municipalities: sampled.len() as u64,
        })
    }

    fn boundaries(&self) -> String {
        let features: Vec<String> = self
            .territory
            .municipalities
            .iter()
            .map(|municipality| {
                let department = &self.territory.departments[municipality.department];
                json!({
                    "type": "Feature",
                    "properties": {
                        "muni": municipality.code, "nombre": municipality.name, "depto": department.code
                    },
                    "geometry": { "type": "Polygon", "coordinates": [municipality.ring] },
                })
                .to_string()
            })
            .collect();
        format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", features.join(",\n"))
    }

    fn neighbours(&self) -> String {
        let places = &self.territory.municipalities;
        let mut text = String::from("muni,vecino\n");
        for place in places {
            for neighbour in &place.neighbours {
                text.push_str(&format!("{},{}\n", place.code, places[*neighbour].code));
            }
        }
        text
    }

    fn departments(&self) -> String {
        let mut text = String::from("depto,nombre,region\n");
        for department in &self.territory.departments {
            text.push_str(&format!("{},{},{}\n", department.code, department.name, department.region));
        }
        text
    }

    fn truth_table(&self, truth: &[[Tally; GROUPS.len()]]) -> String {
        let mut text = String::from("muni,group,children,child_labour,expected\n");
        for (place, tallies) in self.territory.municipalities.iter().zip(truth) {
            for (group, tally) in GROUPS.iter().zip(tallies) {
                text.push_str(&format!(
                    "{},{group},{},{},{:.3}\n",
                    place.code, tally.children, tally.labour, tally.expected
                ));
            }
        }
        text
    }

    /// Streams the census to a file; returns the truth and the urban and rural households of each municipality.
    fn write_census(&self, path: &Path) -> Result<(Vec<[Tally; GROUPS.len()]>, Vec<[u64; 2]>), SyntheticError> {
        let places = &self.territory.municipalities;
        let codes: StringArray = places.iter().map(|place| Some(place.code.as_str())).collect();
        let mut columns = CensusColumns::default();
        let properties = WriterProperties::builder()
            .set_compression(ParquetCompression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(BATCH * 5))
            .set_created_by("clrisk-synthetic".to_owned())
            .build();
        let file = File::create(path).map_err(file_error(path))?;
        let codes: ArrayRef = Arc::new(codes);
        let mut writer = ArrowWriter::try_new(file, Arc::new(CensusColumns::schema()), Some(properties))?;
        let mut truth = vec![[Tally::default(); GROUPS.len()]; places.len()];
        let mut households = vec![[0u64; 2]; places.len()];
        for municipality in 0..places.len() {
            for household in self.households(municipality) {
                households[municipality][usize::from(household.rural)] += 1;
                for child in &household.children {
                    for group in groups_of(child) {
                        truth[municipality][group].add(child);
                    }
                    columns.push(municipality as i16, &household, child);
                }
                if columns.rows() >= BATCH {
                    writer.write(&columns.take(&codes)?)?;
                }
            }
        }
        if columns.rows() > 0 {
            writer.write(&columns.take(&codes)?)?;
        }
        writer.close()?;
        Ok((truth, households))
    }

    fn write_survey(&self, path: &Path, sample: &[SampledChild]) -> io::Result<()> {
        // No file name and no time in the header: the same survey gives the same bytes.
        let gzip = GzBuilder::new().mtime(0).write(File::create(path)?, Compression::default());
        let mut writer = csv::Writer::from_writer(gzip);
        writer.write_record([
            "estrato",
            "upm",
            "hogar",
            "persona",
            "factor",
            "muni",
            "zona",
            "sexo",
            "edad",
            "asiste",
            "etnia",
            "migrante",
            "jefe_educ",
            "jefe_rama",
            "jefe_informal",
            "jefe_sexo",
            "personas_hogar",
            "dependientes",
            "nbi",
            "trabajo",
            "horas_trabajo",
            "horas_tareas",
            "peligro",
        ])?;
        for row in sample {
            let child = &row.household.children[row.child];
            let census = census_values(&row.household, child);
            let mut record = vec![
                row.stratum.clone(),
                row.sampling_unit.clone(),
                row.household_number.to_string(),
                (row.child + 1).to_string(),
                format!("{:.4}", row.weight),
                self.territory.municipalities[row.municipality].code.clone(),
            ];
            record.extend(census.iter().map(i8::to_string));
            let yes = |flag: bool| if flag { "1" } else { "2" };
            record.extend([
                yes(row.work.worked).to_owned(),
                row.work.hours.to_string(),
                row.work.chores.to_string(),
                yes(row.work.hazardous).to_owned(),
            ]);
            writer.write_record(&record)?;
        }
        writer.into_inner().map_err(|error| error.into_error())?.finish()?.flush()
    }
}

const CENSUS_COLUMNS: [&str; 13] = [
    "zona",
    "sexo",
    "edad",
    "asiste",
    "etnia",
    "migrante",
    "jefe_educ",
    "jefe_rama",
    "jefe_informal",
    "jefe_sexo",
    "personas_hogar",
    "dependientes",
    "nbi",
];

/// A child as the census and the survey code it, in the order of [`CENSUS_COLUMNS`].
fn census_values(household: &Household, child: &Child) -> [i8; CENSUS_COLUMNS.len()] {
    let yes = |flag: bool| if flag { 1 } else { 2 };
    [
        if household.rural { 2 } else { 1 },
        if child.girl { 2 } else { 1 },
        child.age as i8,
        yes(child.attends),
        household.people as i8 + 1,
        yes(household.migrant),
        household.head_education as i8,
        household.head_sector as i8 + 1,
        yes(household.head_informal),
        if household.head_woman { 2 } else { 1 },
        household.persons as i8,
        household.dependants as i8,
        i8::from(household.poor),
    ]
}

#[derive(Default)]
struct CensusColumns {
    municipality: Vec<i16>,
    values: [Vec<i8>; CENSUS_COLUMNS.len()],
}

impl CensusColumns {
    fn schema() -> Schema {
        let code = DataType::Dictionary(Box::new(DataType::Int16), Box::new(DataType::Utf8));
        let mut fields = vec![Field::new("muni", code, false)];
        fields.extend(CENSUS_COLUMNS.iter().map(|name| Field::new(*name, DataType::Int8, false)));
        Schema::new(fields)
    }

    fn rows(&self) -> usize {
        self.municipality.len()
    }

    fn push(&mut self, municipality: i16, household: &Household, child: &Child) {
        self.municipality.push(municipality);
        for (column, value) in self.values.iter_mut().zip(census_values(household, child)) {
            column.push(value);
        }
    }

    fn take(&mut self, codes: &ArrayRef) -> Result<RecordBatch, SyntheticError> {
        let keys = Int16Array::from(std::mem::take(&mut self.municipality));
        let arrow = |error: arrow::error::ArrowError| SyntheticError::Census(error.into());
        let mut arrays: Vec<ArrayRef> =
            vec![Arc::new(DictionaryArray::<Int16Type>::try_new(keys, codes.clone()).map_err(arrow)?)];
        for column in &mut self.values {
            arrays.push(Arc::new(Int8Array::from(std::mem::take(column))));
        }
        RecordBatch::try_new(Arc::new(CensusColumns::schema()), arrays).map_err(arrow)
    }
}
