//! The common workload of the benchmarks: a census of the generator, 12 covariates, scored to municipal estimates, or to the
//! summary for posterior draws.
//!
//! `workload rates|summary CENSUS.parquet COEFFICIENTS.csv OUT.csv`: the coefficients are lines of a name and a value, the
//! areas' effects under `area_0`, `area_1`, ...; out go area, children and rate, as the other programs write them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

use clrisk_population::parquet_scan::{Domain, Lookup, ParquetPopulation, ScanPlan, StreamSource};
use clrisk_population::plan::{MISSING, Sources};
use clrisk_population::{Pass, Plan, Reading};
use clrisk_stats::multilevel::DesignRecipe;

/// Covariates that enter as they are.
const LINEAR: [&str; 9] =
    ["female", "urban", "indigenous", "attends", "hhsize", "under5", "head_female", "head_informal", "internet"];
/// Sex by age group, the publication cells of the project of this workload.
const CELLS: [(usize, usize); 2] = [(0, 2), (1, 3)];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, purpose, census, coefficients, out] = arguments.as_slice() else {
        panic!("workload rates|summary CENSUS.parquet COEFFICIENTS.csv OUT.csv");
    };
    let values: HashMap<String, f64> = std::fs::read_to_string(coefficients)
        .unwrap()
        .lines()
        .map(|line| line.split_once(',').unwrap())
        .map(|(name, value)| (name.to_owned(), value.parse().unwrap()))
        .collect();
    let areas = (0..).take_while(|area| values.contains_key(&format!("area_{area}"))).count();

    let start = Instant::now();
    let file = ParquetPopulation::open(Path::new(census)).unwrap();
    let mut workload = Workload::new(&file);
    let mut names = vec!["intercept"];
    workload.columns.push(Vec::new());
    let age = workload.column("age");
    let girl = workload.codes("female", &["0", "1"], |value| value);
    workload.codes("age", &["5-11", "12-14", "15-17"], |age| i64::from(age > 11) + i64::from(age > 14));
    workload.values(age, |age| (age - 11.0) / 6.0);
    workload.values(age, |age| (age - 11.0) * (age - 11.0) / 36.0);
    names.extend(["age1", "age2"]);
    for name in LINEAR {
        let column = workload.column(name);
        workload.values(column, |value| value);
        names.push(name);
    }
    let schooling = workload.codes("edu_head", &["0", "1", "2", "3", "4"], |value| value);
    for level in 1..5 {
        workload.columns.push(vec![(schooling, Some(level))]);
    }
    names.extend(["edu1", "edu2", "edu3", "edu4"]);
    workload.numbers("wealth");
    names.push("wealth");
    let area_column = workload.column("area");
    let Domain::Whole { first, count } = workload.fields[area_column].1 else { panic!("areas are whole numbers") };
    let table = (first..first + count as i64).map(|area| area as u32).chain([u32::MAX]).collect();
    let area = Lookup { columns: vec![area_column], table };

    let recipe = DesignRecipe::of_factors(workload.columns.clone());
    let fixed: Vec<f64> = names.iter().map(|name| values[*name]).collect();
    let coefficients: Vec<Vec<f64>> = (0..areas)
        .map(|area| std::iter::once(values[&format!("area_{area}")]).chain(fixed.iter().copied()).collect())
        .collect();
    let cells: &[(usize, usize)] = if purpose == "rates" { &[] } else { &CELLS };
    assert_eq!(girl, CELLS[0].0);
    let plan = Plan::new(&Sources {
        areas,
        recipe: &recipe,
        coefficients: &coefficients,
        readings: &workload.readings,
        streams: &workload.streams,
        area_values: &[],
        cells,
    });
    let scan =
        ScanPlan { columns: workload.fields, streams: workload.sources, status: Vec::new(), area, persons: None };
    let pass = Pass::new(plan, vec![true; areas]);
    let pass = if purpose == "rates" { pass.without_bins() } else { pass };
    let tally = file.scan(&scan, &pass, &|_| {}).unwrap();
    let summary = pass.finish(&tally);
    let seconds = start.elapsed().as_secs_f64();

    let mut text = String::from("area,n,p\n");
    let cells = summary.rates.len() / areas;
    for area in 0..areas {
        let range = area * cells..(area + 1) * cells;
        let people: f64 = summary.persons[range.clone()].iter().sum();
        let cases: f64 = range
            .filter(|&cell| summary.persons[cell] > 0.0)
            .map(|cell| summary.persons[cell] * summary.rates[cell])
            .sum();
        writeln!(text, "{area},{people},{:.17}", cases / people).unwrap();
    }
    std::fs::write(out, text).unwrap();
    println!("{{\"total_s\": {seconds:.4}, \"rows\": {}, \"bins\": {}}}", file.rows(), summary.binned.bins.len());
}

/// A plan in the making.
struct Workload<'a> {
    file: &'a ParquetPopulation,
    fields: Vec<(String, Domain)>,
    sources: Vec<StreamSource>,
    streams: Vec<Option<usize>>,
    readings: Vec<Reading>,
    columns: Vec<Vec<(usize, Option<u32>)>>,
}

impl<'a> Workload<'a> {
    fn new(file: &'a ParquetPopulation) -> Workload<'a> {
        Workload {
            file,
            fields: Vec::new(),
            sources: Vec::new(),
            streams: Vec::new(),
            readings: Vec::new(),
            columns: Vec::new(),
        }
    }

    /// Position of a column of the file.
    fn column(&mut self, name: &str) -> usize {
        if let Some(position) = self.fields.iter().position(|(known, _)| known == name) {
            return position;
        }
        self.fields.push((name.to_owned(), self.file.domain(name).unwrap()));
        self.fields.len() - 1
    }

    fn stream(&mut self, column: usize) -> usize {
        let source = StreamSource::Keys(column);
        if let Some(stream) = self.sources.iter().position(|known| *known == source) {
            return stream;
        }
        self.sources.push(source);
        self.streams.push(self.fields[column].1.keys());
        self.sources.len() - 1
    }

    /// The whole numbers that a column holds.
    fn range(&self, column: usize) -> std::ops::Range<i64> {
        let Domain::Whole { first, count } = self.fields[column].1 else { panic!("whole numbers") };
        first..first + count as i64
    }

    /// A variable of categories; returns its position.
    fn codes(&mut self, name: &str, levels: &[&str], code: impl Fn(i64) -> i64) -> usize {
        let column = self.column(name);
        let table = self.range(column).map(|value| code(value) as u32).chain([MISSING]).collect();
        let stream = self.stream(column);
        self.readings.push(Reading::Codes { stream, table, levels: levels.len() });
        self.readings.len() - 1
    }

    /// A number that is a function of a column, and its column of the design.
    fn values(&mut self, column: usize, value: impl Fn(f64) -> f64) {
        let table = self.range(column).map(|number| value(number as f64)).chain([f64::NAN]).collect();
        let stream = self.stream(column);
        self.columns.push(vec![(self.readings.len(), None)]);
        self.readings.push(Reading::Values { stream, table });
    }

    /// A number that is a column as it is.
    fn numbers(&mut self, name: &str) {
        let column = self.column(name);
        self.columns.push(vec![(self.readings.len(), None)]);
        self.readings.push(Reading::Numbers { stream: self.sources.len() });
        self.sources.push(StreamSource::Numbers(column));
        self.streams.push(None);
    }
}
