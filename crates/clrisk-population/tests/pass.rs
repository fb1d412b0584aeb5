//! A pass against rows scored one by one, and its ways of reading against each other.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int8Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use clrisk_population::parquet_scan::{Domain, Lookup, NO_AREA, ParquetPopulation, ScanError, ScanPlan, StreamSource};
use clrisk_population::plan::{MISSING, Sources, UNKNOWN};
use clrisk_population::rows::{Rows, Status};
use clrisk_population::{Pass, Plan, Reading, Stream, Tally};
use clrisk_stats::multilevel::{DesignRecipe, VariableValues};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;

const AREAS: usize = 40;

/// A small population: sex (with a missing and an unknown value here and there), age, income, area.
struct People {
    sex: Vec<Option<i8>>,
    age: Vec<i8>,
    income: Vec<f64>,
    area: Vec<usize>,
}

impl People {
    fn new(count: usize) -> People {
        let mut state = 0x2545_F491_4F6C_DD1Du64;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut people = People { sex: Vec::new(), age: Vec::new(), income: Vec::new(), area: Vec::new() };
        for row in 0..count {
            people.sex.push(match next(50) {
                0 => None,
                1 => Some(9),
                other => Some((other % 2) as i8),
            });
            people.age.push(3 + next(18) as i8);
            people.income.push(next(100_000) as f64 / 7_000.0 - 6.0);
            people.area.push(row * AREAS / count);
        }
        people
    }

    fn used(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.sex.len()).filter(|&row| matches!(self.sex[row], Some(0 | 1)) && (5..=17).contains(&self.age[row]))
    }
}

/// Columns: 1, girl, age, girl by age, income, income by the area's share.
fn recipe() -> DesignRecipe {
    DesignRecipe::of_factors(vec![
        vec![],
        vec![(0, Some(1))],
        vec![(1, None)],
        vec![(0, Some(1)), (1, None)],
        vec![(2, None)],
        vec![(2, None), (3, None)],
    ])
}

fn share(area: usize) -> f64 {
    area as f64 / 50.0
}

fn coefficients(area: usize) -> Vec<f64> {
    let girl = if area.is_multiple_of(3) { -0.7 } else { -0.4 };
    vec![0.02 * area as f64 - 0.3, -2.0, girl, 0.15, 0.03, 0.11, -0.2]
}

/// The design row of a child by hand.
fn design(people: &People, row: usize) -> [f64; 6] {
    let girl = f64::from(people.sex[row] == Some(1));
    let age = f64::from(people.age[row]) - 11.0;
    [1.0, girl, age, girl * age, people.income[row], people.income[row] * share(people.area[row])]
}

fn pass(readings: &[Reading], streams: &[Option<usize>]) -> Pass {
    let coefficients: Vec<Vec<f64>> = (0..AREAS).map(coefficients).collect();
    let shares: Vec<f64> = (0..AREAS).map(share).collect();
    let plan = Plan::new(&Sources {
        areas: AREAS,
        recipe: &recipe(),
        coefficients: &coefficients,
        readings,
        streams,
        area_values: &[VariableValues::Numbers(&shares)],
        cells: &[(0, 2)],
    });
    Pass::new(plan, vec![true; AREAS])
}

/// One stream a variable: codes, a number, a number.
fn by_variable() -> Pass {
    let sex = Reading::Codes { stream: 0, table: vec![0, 1, MISSING, UNKNOWN], levels: 2 };
    pass(&[sex, Reading::Numbers { stream: 1 }, Reading::Numbers { stream: 2 }], &[Some(4), None, None])
}

fn add(pass: &Pass, tally: &mut Tally, people: &People, rows: std::ops::Range<usize>) {
    let sex: Vec<u16> = people.sex[rows.clone()]
        .iter()
        .map(|sex| match sex {
            Some(code @ (0 | 1)) => *code as u16,
            None => 2,
            Some(_) => 3,
        })
        .collect();
    let age: Vec<f64> = people.age[rows.clone()].iter().map(|age| f64::from(*age) - 11.0).collect();
    let status: Vec<Status> = people.age[rows.clone()]
        .iter()
        .map(|age| if (5..=17).contains(age) { Status::Candidate } else { Status::AgeOutside })
        .collect();
    let areas: Vec<u32> = people.area[rows.clone()].iter().map(|area| *area as u32).collect();
    let streams = [Stream::Keys(&sex), Stream::Numbers(&age), Stream::Numbers(&people.income[rows])];
    pass.add(tally, &Rows { streams: &streams, status: &status, areas: &areas, persons: None, records: None });
}

#[test]
fn rates_and_bins_are_those_of_children_scored_one_by_one() {
    let people = People::new(20_000);
    let pass = by_variable();
    let mut tally = pass.start();
    add(&pass, &mut tally, &people, 0..20_000);
    let summary = pass.finish(&tally);

    let mut expected = vec![[0.0f64; 2]; AREAS * 2];
    let mut means = vec![[0.0f64; 6]; AREAS];
    let mut persons = vec![0.0f64; AREAS];
    for row in people.used() {
        let area = people.area[row];
        let x = design(&people, row);
        let b = coefficients(area);
        let predictor = b[0] + x.iter().zip(&b[1..]).map(|(x, b)| x * b).sum::<f64>();
        let cell = area * 2 + people.sex[row].unwrap() as usize;
        expected[cell][0] += 1.0;
        expected[cell][1] += 1.0 / (1.0 + (-predictor).exp());
        persons[area] += 1.0;
        means[area].iter_mut().zip(x).for_each(|(sum, x)| *sum += x);
    }
    for (cell, [count, cases]) in expected.iter().enumerate() {
        assert_eq!(summary.persons[cell], *count);
        assert!((summary.rates[cell] - cases / count).abs() < 1e-9, "cell {cell}");
    }
    let found = summary.binned.area_means();
    for area in 0..AREAS {
        for column in 0..6 {
            let mean = means[area][column] / persons[area];
            assert!((found[area * 6 + column] - mean).abs() < 1e-6, "area {area} column {column}");
        }
    }
    let used = people.used().count() as u64;
    let missing = (0..20_000).filter(|&row| (5..=17).contains(&people.age[row]) && people.sex[row].is_none()).count();
    let unknown = (0..20_000).filter(|&row| (5..=17).contains(&people.age[row]) && people.sex[row] == Some(9)).count();
    let counts = &summary.counts;
    assert_eq!((counts.read, counts.used), (20_000, used));
    assert_eq!((counts.missing[0], counts.unknown[0]), (missing as u64, unknown as u64));
    assert_eq!(counts.unusable, (missing + unknown) as u64);
    assert_eq!(counts.read, counts.used + counts.unusable + counts.age_outside);
}

#[test]
fn parts_in_any_order_and_through_bytes_give_the_same_bits() {
    let people = People::new(9_000);
    let pass = by_variable();
    let mut whole = pass.start();
    add(&pass, &mut whole, &people, 0..9_000);
    let mut merged = pass.start();
    let mut read = pass.start();
    for start in [6_000, 0, 3_000, 7_500, 1_500, 4_500] {
        let mut part = pass.start();
        add(&pass, &mut part, &people, start..start + 1_500);
        pass.merge(&mut merged, &part);
        pass.read(&mut read, &pass.write(&part)).unwrap();
    }
    let whole = pass.finish(&whole);
    for other in [pass.finish(&merged), pass.finish(&read)] {
        assert_eq!(other.binned, whole.binned);
        assert_eq!(other.counts, whole.counts);
        assert_eq!(other.distributions, whole.distributions);
        let bits = |rates: &[f64]| rates.iter().map(|rate| rate.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&other.rates), bits(&whole.rates));
    }
}

#[test]
fn bytes_cut_short_or_of_another_pass_are_refused() {
    let people = People::new(500);
    let pass = by_variable();
    let mut tally = pass.start();
    add(&pass, &mut tally, &people, 0..500);
    let bytes = pass.write(&tally);
    for length in (0..bytes.len()).step_by(97) {
        assert!(pass.read(&mut pass.start(), &bytes[..length]).is_none(), "{length} bytes of {}", bytes.len());
    }
    assert!(pass.read(&mut pass.start(), &bytes).is_some());
}

/// The same people as a Parquet file of small row groups.
fn parquet(people: &People, statistics: bool) -> tempfile::NamedTempFile {
    let sex: Int8Array = people.sex.iter().copied().collect();
    let age: Int8Array = people.age.iter().map(|age| Some(*age)).collect();
    let area: StringArray = people.area.iter().map(|area| Some(format!("{area:03}"))).collect();
    let schema = Arc::new(Schema::new(vec![
        Field::new("sex", DataType::Int8, true),
        Field::new("age", DataType::Int8, true),
        Field::new("income", DataType::Float64, true),
        Field::new("area", DataType::Utf8, true),
    ]));
    let income: ArrayRef = Arc::new(Float64Array::from(people.income.clone()));
    let batch =
        RecordBatch::try_new(schema.clone(), vec![Arc::new(sex), Arc::new(age), income, Arc::new(area)]).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut properties = WriterProperties::builder().set_max_row_group_row_count(Some(1_000));
    if !statistics {
        properties = properties.set_statistics_enabled(parquet::file::properties::EnabledStatistics::None);
    }
    let mut writer = ArrowWriter::try_new(file.reopen().unwrap(), schema, Some(properties.build())).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    file
}

#[test]
fn a_parquet_file_read_by_tables_gives_the_bits_of_its_rows() {
    let people = People::new(9_000);
    let file = parquet(&people, true);
    let population = ParquetPopulation::open(file.path()).unwrap();
    assert_eq!(population.rows(), 9_000);
    let names = ["sex", "age", "income", "area"];
    let columns: Vec<(String, Domain)> =
        names.iter().map(|name| ((*name).to_owned(), population.domain(name).unwrap())).collect();
    assert_eq!(columns[0].1, Domain::Whole { first: 0, count: 10 });
    assert_eq!(columns[1].1, Domain::Whole { first: 3, count: 18 });
    assert_eq!(columns[2].1, Domain::Numbers);
    let Domain::Texts(texts) = &columns[3].1 else { panic!("texts") };
    assert_eq!(texts.len(), AREAS);

    let sex = (0..10).map(|code| if code < 2 { code } else { UNKNOWN }).chain([MISSING]).collect();
    let age = (3..21).map(|age| f64::from(age) - 11.0).chain([f64::NAN]).collect();
    let readings = [
        Reading::Codes { stream: 0, table: sex, levels: 2 },
        Reading::Values { stream: 1, table: age },
        Reading::Numbers { stream: 2 },
    ];
    let direct = pass(&readings, &[Some(11), Some(19), None]);
    let ages = (3..21)
        .map(|age| if (5..=17).contains(&age) { Status::Candidate } else { Status::AgeOutside })
        .chain([Status::AgeUnknown])
        .collect();
    let areas = texts.iter().map(|text| text.parse().unwrap()).chain([NO_AREA]).collect();
    let plan = ScanPlan {
        streams: vec![StreamSource::Keys(0), StreamSource::Keys(1), StreamSource::Numbers(2)],
        status: vec![Lookup { columns: vec![1], table: ages }],
        area: Lookup { columns: vec![3], table: areas },
        persons: None,
        columns,
    };
    let scanned = direct.finish(&population.scan(&plan, &direct, &|_| {}).unwrap());
    let pass = by_variable();
    let mut tally = pass.start();
    add(&pass, &mut tally, &people, 0..9_000);
    let expected = pass.finish(&tally);
    assert_eq!(scanned.binned, expected.binned);
    assert_eq!(scanned.counts, expected.counts);
    assert_eq!(scanned.distributions, expected.distributions);
    assert_eq!(scanned.rates, expected.rates);
}

#[test]
fn a_file_that_says_too_little_or_is_damaged_is_refused() {
    let people = People::new(3_000);
    let silent = parquet(&people, false);
    assert_eq!(ParquetPopulation::open(silent.path()).unwrap().domain("age"), None);
    let whole = std::fs::read(parquet(&people, true).path()).unwrap();
    let damaged = tempfile::NamedTempFile::new().unwrap();
    for length in [0, 3, 100, whole.len() / 2, whole.len() - 1] {
        std::fs::write(damaged.path(), &whole[..length]).unwrap();
        assert_eq!(ParquetPopulation::open(damaged.path()).err(), Some(ScanError::Damaged), "{length} bytes");
    }
}
