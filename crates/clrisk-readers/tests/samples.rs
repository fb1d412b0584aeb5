//! Every sample file of SPSS, Stata and SAS gives the values and labels that pyreadstat, or the program that wrote it, says it has.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use clrisk_readers::{LabelledValue, ReadOptions, Table, UserMissing};
use support::{Cell, agrees, cells, expected, real_data, table};

/// Compares all cells of a table with an expected CSV, column by column under the name that `rename` gives.
fn assert_cells(path: &Path, table: &dyn Table, csv: &Path, columns: &[&str]) {
    let (names, rows) = expected(csv);
    let found = cells(table).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(table.rows(), Some(rows.len() as u64), "{}", path.display());
    for (position, name) in columns.iter().enumerate() {
        let column = names.iter().position(|other| other == name).unwrap_or_else(|| panic!("no column {name}"));
        assert_eq!(found[position].len(), rows.len());
        for (row, (cell, wanted)) in found[position].iter().zip(rows.iter().map(|row| &row[column])).enumerate() {
            assert!(agrees(cell, wanted), "{} {name} row {}: {cell:?} is not {wanted:?}", path.display(), row + 1);
        }
    }
}

fn names(table: &dyn Table) -> Vec<&str> {
    table.variables().iter().map(|variable| variable.name.as_str()).collect()
}

/// Value labels of a variable as texts, in the form of the expected file.
fn labels(table: &dyn Table, name: &str) -> BTreeMap<String, String> {
    let variable = table.variables().iter().find(|variable| variable.name == name).unwrap();
    let key = |value: &LabelledValue| match value {
        LabelledValue::Number(number) => number.to_string(),
        LabelledValue::Text(text) => text.clone(),
        LabelledValue::Missing(letter) => format!(".{letter}"),
    };
    variable.value_labels.iter().map(|(value, label)| (key(value), label.clone())).collect()
}

fn encovi_labels(folder: &Path) -> (BTreeMap<String, String>, BTreeMap<String, BTreeMap<String, String>>) {
    let text = std::fs::read_to_string(folder.join("expected_meta.json")).unwrap();
    let meta: serde_json::Value = serde_json::from_str(&text).unwrap();
    let texts = |value: &serde_json::Value| -> BTreeMap<String, String> {
        value.as_object().unwrap().iter().map(|(key, text)| (key.clone(), text.as_str().unwrap().to_owned())).collect()
    };
    let values = meta["value_labels"].as_object().unwrap();
    (texts(&meta["column_labels"]), values.iter().map(|(name, labels)| (name.clone(), texts(labels))).collect())
}

#[test]
fn encovi_is_the_same_from_every_version_of_spss_and_stata() {
    let Some(folder) = real_data("readers/encovi_fixture") else { return };
    let (column_labels, value_labels) = encovi_labels(&folder);
    for file in [
        "encovi_uncompressed.sav",
        "encovi_rowcompress.sav",
        "encovi.zsav",
        "encovi_statav8.dta",
        "encovi_statav10.dta",
        "encovi_statav12.dta",
        "encovi_statav13.dta",
        "encovi_statav14.dta",
        "encovi_statav15.dta",
    ] {
        let path = folder.join(file);
        let table = table(&path, &ReadOptions::default());
        assert_cells(&path, table.as_ref(), &folder.join("expected.csv"), &names(table.as_ref()));
        for variable in table.variables() {
            assert_eq!(variable.label.as_deref(), column_labels.get(&variable.name).map(String::as_str), "{file}");
            let wanted = value_labels.get(&variable.name).cloned().unwrap_or_default();
            assert_eq!(labels(table.as_ref(), &variable.name), wanted, "{file} {}", variable.name);
        }
        assert_eq!(table.variables().len(), column_labels.len());
    }
}

#[test]
fn whole_numbers_of_encovi_are_integers_and_incomes_are_not() {
    let Some(folder) = real_data("readers/encovi_fixture") else { return };
    use arrow::datatypes::DataType;
    for file in ["encovi.zsav", "encovi_statav14.dta", "encovi_v5.xpt"] {
        let schema = table(&folder.join(file), &ReadOptions::default()).schema();
        let kind = |position: usize| schema.field(position).data_type().clone();
        let position =
            |name: &str| schema.fields().iter().position(|field| field.name().eq_ignore_ascii_case(name)).unwrap();
        assert_eq!(kind(position("edad")), DataType::Int64, "{file}");
        assert_eq!(kind(position("ingcorte")), DataType::Float64, "{file}");
    }
}

#[test]
fn encovi_categories_written_by_pandas_come_with_their_labels() {
    // pandas numbers the categories itself, so that codes differ from the survey's; labels must lead to the same words.
    let Some(folder) = real_data("readers/encovi_fixture") else { return };
    let (names_expected, rows) = expected(&folder.join("expected.csv"));
    let (_, value_labels) = encovi_labels(&folder);
    for file in ["encovi_pandas_114.dta", "encovi_pandas_117.dta", "encovi_pandas_118.dta", "encovi_pandas_119.dta"] {
        let path = folder.join(file);
        let table = table(&path, &ReadOptions::default());
        let found = cells(table.as_ref()).unwrap();
        for (variable, column) in table.variables().iter().zip(&found) {
            let Some(position) = names_expected.iter().position(|name| *name == variable.name) else { continue };
            for (cell, row) in column.iter().zip(&rows) {
                let wanted = &row[position];
                let Cell::Number(code) = cell else {
                    assert!(agrees(cell, wanted), "{file} {}: {cell:?} is not {wanted}", variable.name);
                    continue;
                };
                match (variable.label_of_number(*code), value_labels.get(&variable.name)) {
                    (Some(label), Some(labels)) => {
                        let code = wanted.trim_end_matches(".0");
                        let wanted = labels.get(code).map_or(wanted.as_str(), String::as_str);
                        assert_eq!(label, wanted, "{file} {}", variable.name);
                    }
                    (Some(label), None) => assert_eq!(label, wanted, "{file} {}", variable.name),
                    _ => assert!(agrees(cell, wanted), "{file} {}: {cell:?} is not {wanted}", variable.name),
                }
            }
        }
        assert_eq!(table.rows(), Some(600));
    }
}

#[test]
fn encovi_is_the_same_from_sas_transport_files() {
    let Some(folder) = real_data("readers/encovi_fixture") else { return };
    // The files were written without labels; their names are those of the labelled ones.
    let (column_labels, _) = encovi_labels(&folder);
    for file in ["encovi_v5.xpt", "encovi_v8.xpt"] {
        let path = folder.join(file);
        let table = table(&path, &ReadOptions::default());
        // Version 5 may have names of eight letters only.
        let full = |short: &str| {
            let mut matching = column_labels.keys().filter(|name| {
                name.eq_ignore_ascii_case(short)
                    || (short.len() == 8 && name[..name.len().min(8)].eq_ignore_ascii_case(short))
            });
            matching.next().unwrap_or_else(|| panic!("{file}: no column {short}")).clone()
        };
        let columns: Vec<String> = names(table.as_ref()).into_iter().map(full).collect();
        assert_eq!(columns.len(), 23);
        assert_cells(
            &path,
            table.as_ref(),
            &folder.join("expected.csv"),
            &columns.iter().map(String::as_str).collect::<Vec<_>>(),
        );
    }
}

#[test]
fn the_small_sample_is_the_same_from_every_format() {
    let Some(folder) = real_data("readers/pyreadstat_samples") else { return };
    for file in [
        "sample.sav",
        "sample.zsav",
        "sample.por",
        "sample.dta",
        "sample.sas7bdat",
        "sample_bincompressed.sas7bdat",
        "sample.xpt",
    ] {
        let path = folder.join(file);
        let table = table(&path, &ReadOptions::default());
        let lower: Vec<String> = names(table.as_ref()).iter().map(|name| name.to_lowercase()).collect();
        assert_cells(
            &path,
            table.as_ref(),
            &folder.join("sample.csv"),
            &lower.iter().map(String::as_str).collect::<Vec<_>>(),
        );
        assert_eq!(lower, ["mychar", "mynum", "mydate", "dtime", "mylabl", "myord", "mytime"], "{file}");
        if file.ends_with(".por") || file.ends_with("sav") {
            let labels: Vec<&str> = table.variables().iter().filter_map(|variable| variable.label.as_deref()).collect();
            assert_eq!(labels, ["character", "numeric", "date", "datetime", "labeled", "ordinal", "time"], "{file}");
        }
        if !file.contains("sas7bdat") && !file.contains("xpt") {
            let name = names(table.as_ref())[4];
            assert_eq!(
                labels(table.as_ref(), name),
                BTreeMap::from([("1", "Male"), ("2", "Female")].map(|(a, b)| (a.to_owned(), b.to_owned()))),
                "{file}"
            );
        }
    }
}

#[test]
fn values_declared_missing_are_null_and_counted_or_kept() {
    let Some(folder) = real_data("readers/pyreadstat_samples") else { return };
    let path = folder.join("sample_missing.sav");
    let null = table(&path, &ReadOptions::default());
    let columns = names(null.as_ref());
    assert_cells(&path, null.as_ref(), &folder.join("sample_missing.csv"), &columns);
    let note = null.provenance().notes.iter().find(|note| note.code == "READ-101").expect("they are counted");
    // -1 and 2500 in the first number, -1 in the second, -1 and -3 in the third: what pyreadstat gives as missing_ranges.
    assert_eq!(note.count, 5);
    assert_eq!(note.args["columns"], "3");

    let kept = table(&path, &ReadOptions { user_missing: UserMissing::Keep, ..ReadOptions::default() });
    assert_cells(&path, kept.as_ref(), &folder.join("sample_missing_user.csv"), &columns);
    assert!(kept.provenance().notes.iter().all(|note| note.code != "READ-101"));
}

/// Cells, labels and value labels of the samples without a CSV of their own, as pyreadstat 1.3 reads them.
#[test]
fn the_samples_without_a_csv_are_what_pyreadstat_reads_of_them() {
    let Some(folder) = real_data("readers/pyreadstat_samples") else { return };
    let keep = ReadOptions { user_missing: UserMissing::Keep, ..ReadOptions::default() };
    let read = |file: &str, options: &ReadOptions| {
        let table = table(&folder.join(file), options);
        let found = cells(table.as_ref()).unwrap();
        (table, found)
    };
    let assert_rows = |file: &str, found: &[Vec<Cell>], rows: &[&str]| {
        for (row, wanted) in rows.iter().enumerate() {
            for (position, wanted) in wanted.split('|').enumerate() {
                let cell = &found[position][row];
                assert!(agrees(cell, wanted), "{file} row {} column {position}: {cell:?} is not {wanted}", row + 1);
            }
        }
        assert!(found.iter().all(|column| column.len() == rows.len()), "{file}");
    };
    let of = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(value, label)| ((*value).to_owned(), (*label).to_owned())).collect()
    };

    let (table, found) = read("missing_char.sav", &ReadOptions::default());
    assert_rows("missing_char.sav", &found, &["", "a"]);
    assert_eq!(labels(table.as_ref(), "mychar"), of(&[("a", "labeled")]));
    assert_rows("missing_char.sav", &read("missing_char.sav", &keep).1, &["Z", "a"]);
    let (table, found) = read("missing_test.sav", &ReadOptions::default());
    assert_rows("missing_test.sav", &found, &["", "2"]);
    assert_eq!(labels(table.as_ref(), "var1"), of(&[("1", "missing")]));
    assert_rows("missing_test.sav", &read("missing_test.sav", &keep).1, &["1", "2"]);
    // Missing with letters: .a, .b, .c, .x, .y, .z, then plain.
    for file in ["missing_test.dta", "missing_test.sas7bdat"] {
        let (table, found) = read(file, &ReadOptions::default());
        assert_rows(file, &found, &["||||||||1"]);
        if file.ends_with("dta") {
            assert_eq!(labels(table.as_ref(), "var1"), of(&[(".a", "missing")]));
        }
    }

    let (table, found) = read("simple_alltypes.sav", &ReadOptions::default());
    let rows = [
        "1|2000-01-01||red|1|1|0|a|a|b|2014-11-01",
        "2|2000-01-02||green|1|0|0|a|b|c|2014-11-01",
        "3|1950-12-24|1.234|reg-green-blue-whatever|0|1|0|b|c|d|2014-12-15",
        "4|1776-07-04||NA|0|0|0|b|b|b|2014-12-15",
        "||3.14159|||1|0|a|b|d|2015-01-02",
        "9|||MORE JUNK|1|1|0|b|c|d|2015-01-02",
    ];
    assert_rows("simple_alltypes.sav", &found[..11], &rows);
    assert_eq!(labels(table.as_ref(), "x"), of(&[("1", "red"), ("2", "green"), ("3", "blue")]));
    assert_eq!(labels(table.as_ref(), "ca_subvar_2"), of(&[("a", "a"), ("b", "b"), ("c", "c"), ("d", "d")]));
    assert_eq!(table.variables()[2].label.as_deref(), Some("Numberic variable with missing value range"));
    let kept = read("simple_alltypes.sav", &keep).1;
    assert!(agrees(&kept[0][4], "8") && agrees(&kept[2][0], "-9") && agrees(&kept[2][3], "999"));

    let (table, found) = read("test_width.sav", &ReadOptions::default());
    assert_eq!(names(table.as_ref()), ["ResponseId", "StartDate", "Duration__in_seconds_", "Finished"]);
    let rows = [
        "R_0001xAxQxIo2PVH|2020-07-13 23:19:55|944|2",
        "R_000FDoYPxMzjq4Z|2020-07-30 23:02:47|884|2",
        "R_001AFk53LGl8w9T|2020-07-17 08:45:48|2014|2",
        "R_001YoDDgdWzjhS5|2020-08-18 20:04:52|2611|2",
        "R_009Epx1c3tVU8IZ|2020-08-03 15:10:34|957|2",
    ];
    assert_rows("test_width.sav", &found, &rows);
    assert_eq!(labels(table.as_ref(), "Finished"), of(&[("1", "False"), ("2", "True")]));

    let (table, found) = read("hebrews.sav", &ReadOptions::default());
    assert_eq!((names(table.as_ref()), found[0].len()), (vec!["\u{5d5}\u{5ea}\u{5e7}_\u{5d1}"], HEBREWS.len()));
    assert!(found[0].iter().zip(HEBREWS).all(|(cell, wanted)| *cell == Cell::Number(f64::from(wanted))));
    let (table, found) = read("tegulu.sav", &ReadOptions::default());
    assert_eq!(names(table.as_ref()), ["record", "Q16br9oe_Q24br9oe"]);
    assert_eq!(table.variables()[0].label.as_deref(), Some("record : Record number"));
    assert_eq!(found[0], [Cell::Number(210.0)]);
    assert_eq!(found[1], [Cell::Text("నేను గతంలో వాడిన బ".to_owned())]);
}

/// The only column of `hebrews.sav`.
const HEBREWS: [u8; 99] = [
    33, 34, 15, 35, 28, 0, 29, 5, 21, 3, 17, 25, 33, 34, 12, 11, 11, 9, 1, 20, 8, 32, 4, 15, 4, 28, 24, 11, 25, 11, 7,
    31, 22, 30, 5, 22, 28, 21, 9, 20, 10, 25, 2, 25, 35, 25, 33, 20, 21, 27, 23, 18, 31, 18, 25, 10, 30, 6, 7, 30, 6,
    33, 5, 27, 12, 26, 16, 3, 22, 35, 2, 21, 10, 3, 25, 20, 15, 7, 17, 7, 2, 4, 35, 7, 27, 33, 21, 20, 11, 5, 21, 29,
    28, 35, 24, 10, 1, 30, 26,
];

#[test]
fn dates_of_sas_reach_back_to_1582() {
    let Some(folder) = real_data("readers/pyreadstat_samples") else { return };
    let path = folder.join("dates.sas7bdat");
    let table = table(&path, &ReadOptions::default());
    let columns = names(table.as_ref());
    assert_cells(&path, table.as_ref(), &folder.join("dates.csv"), &columns);
}

#[test]
fn labels_of_a_sas_catalog_are_those_of_the_formatted_csv() {
    let Some(folder) = real_data("readers/pyreadstat_samples") else { return };
    let path = folder.join("test_data_win.sas7bdat");
    let catalog = folder.join("test_formats_win.sas7bcat");
    let table = table(&path, &ReadOptions { dictionary: Some(catalog), ..ReadOptions::default() });
    let (names_expected, rows) = expected(&folder.join("sas_formatted.csv"));
    let found = cells(table.as_ref()).unwrap();
    for (position, variable) in table.variables().iter().enumerate() {
        let column = names_expected.iter().position(|name| *name == variable.name).unwrap();
        for (cell, row) in found[position].iter().zip(&rows) {
            let label = match cell {
                Cell::Number(number) => variable.label_of_number(*number).map(str::to_owned),
                Cell::Text(text) => variable
                    .value_labels
                    .iter()
                    .find(|(value, _)| *value == LabelledValue::Text(text.clone()))
                    .map(|(_, label)| label.clone())
                    .or(Some(text.clone())),
                Cell::Null => None,
            };
            assert_eq!(label.as_deref(), Some(row[column].as_str()), "{}", variable.name);
        }
    }
}

#[test]
fn names_and_texts_in_hebrew_and_telugu_are_read() {
    let Some(folder) = real_data("readers/pyreadstat_samples") else { return };
    for (file, first, last) in [("hebrews.sav", '\u{590}', '\u{5ff}'), ("tegulu.sav", '\u{c00}', '\u{c7f}')] {
        let table = table(&folder.join(file), &ReadOptions::default());
        let found = cells(table.as_ref()).unwrap();
        let texts = found.iter().flatten().filter_map(|cell| match cell {
            Cell::Text(text) => Some(text.clone()),
            _ => None,
        });
        let labels = table
            .variables()
            .iter()
            .flat_map(|v| v.value_labels.iter().map(|(_, label)| label.clone()).chain([v.name.clone()]));
        let all: String = texts.chain(labels).collect();
        assert!(all.chars().any(|c| (first..=last).contains(&c)), "{file}");
        assert!(!all.contains('\u{fffd}'), "{file}");
    }
}

/// All labels and value labels of a table, a line each, and how many value labels there are.
fn all_labels(table: &dyn Table) -> (String, usize) {
    let (mut text, mut count) = (String::new(), 0);
    for variable in table.variables() {
        text += &format!("{}={}\n", variable.name, variable.label.as_deref().unwrap_or_default());
        let mut lines: Vec<String> = variable
            .value_labels
            .iter()
            .map(|(value, label)| match value {
                LabelledValue::Number(number) => format!("{number}={label}\n"),
                LabelledValue::Text(text) => format!("{text}={label}\n"),
                LabelledValue::Missing(letter) => format!(".{letter}={label}\n"),
            })
            .collect();
        lines.sort();
        count += lines.len();
        text.extend(lines);
    }
    (text, count)
}

/// The hash of Fowler, Noll and Vo (FNV-1a, 64 bits).
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

#[test]
fn togo_is_read_with_its_french_labels() {
    let Some(folder) = real_data("surveys/togo_mics6_2017") else { return };
    // Value labels, and the hash of all labels, as pyreadstat 1.3 reads them (`checks/readers/labels.py`).
    for (file, rows, columns, value_labels, expected) in
        [("fs.sav", 5_062, 299, 1_093, 0x0abd_eacf_b126_3892), ("hh.sav", 8_404, 297, 1_031, 0xbd6b_1aa1_9dee_ab8e)]
    {
        let table = table(&folder.join(file), &ReadOptions::default());
        assert_eq!((table.rows(), table.variables().len()), (Some(rows), columns), "{file}");
        let encoding = table.provenance().encoding.clone().unwrap();
        assert_eq!(encoding.name, "windows-1252", "{file}");
        assert!(table.provenance().notes.iter().all(|note| note.code != "READ-103"), "{file}");
        let (text, count) = all_labels(table.as_ref());
        assert_eq!((count, hash(&text)), (value_labels, expected), "{file}");
        let labels: Vec<&str> = table
            .variables()
            .iter()
            .flat_map(|v| v.value_labels.iter().map(|(_, label)| label.as_str()).chain(v.label.as_deref()))
            .collect();
        assert!(labels.iter().any(|label| label.contains('é')), "{file}");
        assert!(labels.iter().all(|label| !label.contains('\u{fffd}')), "{file}");
        let read: usize = table.read(Some(&[0])).unwrap().map(|batch| batch.unwrap().num_rows()).sum();
        assert_eq!(read as u64, rows);
    }
}
