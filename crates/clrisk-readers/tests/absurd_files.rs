//! Files that claim what cannot be: numbers of rows that no computer holds, links that run in circles, archives that unpack to a thousand
//! times their size, cells at the ends of the world. Each is refused with a finding or read for what it holds, in little memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod support;

use std::io::{Cursor, Read, Write};
use std::path::Path;

use clrisk_readers::ReadOptions;
use peak_alloc::PeakAlloc;
use support::damage::Judge;
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fn made(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name)).unwrap()
}

/// A file with some bytes replaced.
fn with(name: &str, at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = made(name);
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

fn after(bytes: &[u8], mark: &[u8]) -> usize {
    bytes.windows(mark.len()).position(|window| window == mark).unwrap() + mark.len()
}

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A made workbook with some of its parts replaced.
fn workbook(name: &str, replaced: &[(&str, &[u8])]) -> Vec<u8> {
    let bytes = made(name);
    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let mut files: Vec<(String, Vec<u8>)> =
        replaced.iter().map(|(name, content)| ((*name).to_owned(), content.to_vec())).collect();
    for position in 0..archive.len() {
        let mut part = archive.by_index(position).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        if !replaced.iter().any(|(replaced, _)| *replaced == name) {
            files.push((name, content));
        }
    }
    packed(&files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect::<Vec<_>>())
}

#[test]
fn numbers_of_rows_and_columns_that_the_file_does_not_hold_are_damage() {
    let mut judge = Judge::new(&MEMORY);
    let huge = (1u64 << 60).to_le_bytes();
    let mut cases: Vec<(&str, &str, Vec<u8>)> = vec![
        // SPSS.
        ("a.sav", "rows", with("made_plain.sav", 80, &i32::MAX.to_le_bytes())),
        ("b.sav", "rows", with("made_rows.sav", 80, &i32::MAX.to_le_bytes())),
        ("a.zsav", "rows", with("made_zlib.zsav", 80, &i32::MAX.to_le_bytes())),
        // Stata: rows and columns of an old release.
        ("a.dta", "rows", with("made_8.dta", 6, &[0xff, 0xff, 0xff, 0x7f])),
        ("a.dta", "columns", with("made_8.dta", 4, &[0xff, 0xff])),
    ];
    for (name, mark, count) in [("made_13.dta", "<N>", 4), ("made_15.dta", "<N>", 8), ("made_15.dta", "<K>", 2)] {
        let at = after(&made(name), mark.as_bytes());
        cases.push(("b.dta", mark, with(name, at, &[0xff; 8][..count])));
        cases.push(("b.dta", mark, with(name, at, &huge[8 - count..])));
    }
    for name in ["made_5.xpt", "made_8.xpt"] {
        // The number of variables is written in digits behind this mark.
        let header = after(&made(name), b"HEADER RECORD*******NAM");
        let at = header + after(&made(name)[header..], b"!!!!!!!");
        let digits = made(name)[at..].iter().position(|byte| *byte != b'0').unwrap();
        cases.push(("a.xpt", "variables", with(name, at + digits - 2, b"9999")));
    }
    for (name, what, bytes) in cases {
        let code = judge.refused(name, what, &bytes);
        assert!(code == "FILE-004" || code == "READ-105" || code.is_empty(), "{name} {what}: {code}");
    }
    judge.verdict(12);
}

#[test]
fn pages_that_a_file_of_sas_does_not_have_are_damage() {
    let Some(folder) = support::real_data("readers/pyreadstat_samples") else { return };
    let mut judge = Judge::new(&MEMORY);
    let mut file = std::fs::read(folder.join("sample.sas7bdat")).unwrap();
    judge.case("a.sas7bdat", "as it is", &file);
    // The number of pages, in a file of either alignment; the library makes room for them.
    let at = if file[35] == 0x33 { 208 } else { 204 };
    file[at..at + 4].copy_from_slice(&[0xff, 0xff, 0xff, 0x0f]);
    assert_eq!(judge.refused("a.sas7bdat", "pages", &file), "FILE-004");
    judge.verdict(2);
}

/// A dBase table of one text field, whose header says what it is told to.
fn dbase(rows: u32, header: u16, row: u16, field: u8, fields: usize) -> Vec<u8> {
    let mut bytes = vec![3, 124, 1, 1];
    bytes.extend(rows.to_le_bytes());
    bytes.extend(header.to_le_bytes());
    bytes.extend(row.to_le_bytes());
    bytes.resize(32, 0);
    for number in 0..fields {
        let mut descriptor = format!("F{number}").into_bytes();
        descriptor.resize(32, 0);
        descriptor[11] = b'C';
        descriptor[16] = field;
        bytes.extend(descriptor);
    }
    bytes.push(0x0d);
    bytes.extend(b" abcd abcd abcd");
    bytes
}

#[test]
fn absurd_tables_and_texts_are_refused_or_read_for_what_they_hold() {
    let mut judge = Judge::new(&MEMORY);
    judge.case("a.dbf", "4 billion rows", &dbase(u32::MAX, 65, 5, 4, 1));
    judge.refused("a.dbf", "a header longer than the file", &dbase(3, u16::MAX, 5, 4, 1));
    judge.refused("a.dbf", "rows without bytes", &dbase(3, 65, 0, 4, 1));
    judge.refused("a.dbf", "2,000 fields without bytes", &dbase(3, 64_033, 2, 0, 2_000));
    judge.refused("a.csv", "more columns than there can be", ",a".repeat(40_000).as_bytes());
    judge.case("a.csv", "a quote that is never closed", format!("a,b\n\"{}", "x,".repeat(500_000)).as_bytes());
    judge.case("a.csv", "nothing but line ends", "\n".repeat(1_000_000).as_bytes());
    judge.case("a.csv", "32,000 columns", format!("{}\n{}\n", "a,".repeat(32_000), ",".repeat(32_000)).as_bytes());
    judge.case("a.parquet", "another reader's format", b"PAR1abcdefgh");

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dictionary.csv");
    let options = ReadOptions { dictionary: Some(path.clone()), ..ReadOptions::default() };
    for (what, dictionary) in [
        ("a width of 2^60", "name,start,width\na,1,1152921504606846976\n".to_owned()),
        ("a start of 2^60", "name,start,width\na,1152921504606846976,2\n".to_owned()),
        ("columns far outside the rows", "name,start,width\na,1000000,1000000\n".to_owned()),
        ("20,000 columns over the same characters", {
            let rows: String = (0..20_000).map(|column| format!("c{column},1,40\n")).collect();
            format!("name,start,width\n{rows}")
        }),
    ] {
        std::fs::write(&path, dictionary).unwrap();
        judge.case_with(
            "rows.txt",
            what,
            "0123456789012345678901234567890123456789\n".repeat(200).as_bytes(),
            &options,
        );
    }
    judge.verdict(12);
}

#[test]
fn archives_that_unpack_to_a_thousand_times_their_size_do_not_fill_the_memory() {
    let mut judge = Judge::new(&MEMORY);
    let zeros = vec![0u8; 72 << 20];
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&zeros).unwrap();
    let gzip = gzip.finish().unwrap();
    assert!(gzip.len() < 200_000);
    assert_eq!(judge.refused("a.csv.gz", "of zeros", &gzip), "FILE-004");
    judge.case("a.zip", "of a text of zeros", &packed(&[("a.csv", &zeros)]));
    let mut table = dbase(u32::MAX, 65, 5, 4, 1);
    table.extend(&zeros);
    assert_eq!(judge.refused("a.zip", "of a table of zeros", &packed(&[("a.dbf", &table)])), "READ-002");
    judge.case("a.zip", "of a database of zeros", &packed(&[("a.dic", b"x"), ("a.rbf", &zeros)]));
    judge.case("a.zip", "within an archive", &packed(&[("b.zip", &packed(&[("a.csv", &zeros)]))]));
    let lines = "a,b\n".repeat(2 << 20);
    judge.case("a.zip", "of a text of short rows", &packed(&[("a.csv", lines.as_bytes())]));
    // A sheet of two million rows without a cell.
    let mut sheet = b"<worksheet><sheetData>".to_vec();
    (0..(2 << 20)).for_each(|_| sheet.extend(b"<row></row>"));
    let bytes = workbook("made.xlsx", &[("xl/worksheets/sheet1.xml", &sheet)]);
    assert_eq!(judge.refused("a.xlsx", "of empty rows", &bytes), "READ-002");
    judge.verdict(7);
}

#[test]
fn cells_at_the_ends_of_the_world_and_counts_without_end_take_little_memory() {
    let mut judge = Judge::new(&MEMORY);
    const SHEET: &str = "xl/worksheets/sheet1.xml";
    // Texts promised, and one text that many cells refer to.
    for count in ["1000000000000", "4000000000", "18446744073709551615"] {
        let texts = format!("<sst count=\"{count}\" uniqueCount=\"{count}\"><si><t>a</t></si></sst>");
        judge.refused(
            "a.xlsx",
            "texts promised",
            &workbook("made.xlsx", &[("xl/sharedStrings.xml", texts.as_bytes())]),
        );
    }
    let long = "x".repeat(1_000_000);
    let texts = format!("<sst><si><t>{long}</t></si></sst>");
    let cells: String =
        (1..=300).map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>")).collect();
    let sheet = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
    let parts = [("xl/sharedStrings.xml", texts.as_bytes()), (SHEET, sheet.as_bytes())];
    judge.case("a.xlsx", "a long text of many cells", &workbook("made.xlsx", &parts));
    // Four thousand columns, of which all rows but the first fill one.
    let mut sheet = "<worksheet><sheetData><row r=\"1\">".to_owned();
    let letters = |mut column: usize| {
        let mut name = String::new();
        loop {
            name.insert(0, char::from(b'A' + (column % 26) as u8));
            if column < 26 {
                return name;
            }
            column = column / 26 - 1;
        }
    };
    (0..4_000).for_each(|column| sheet += &format!("<c r=\"{}1\" t=\"str\"><v>n</v></c>", letters(column)));
    sheet += "</row>";
    (2..16_386).for_each(|row| sheet += &format!("<row r=\"{row}\"><c r=\"A{row}\"><v>1</v></c></row>"));
    sheet += "</sheetData></worksheet>";
    judge.case("a.xlsx", "a wide sheet of short rows", &workbook("made.xlsx", &[(SHEET, sheet.as_bytes())]));
    let far = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData></worksheet>";
    judge.case("a.xlsx", "two cells far apart", &workbook("made.xlsx", &[(SHEET, far.as_bytes())]));

    // OpenDocument: repeated cells, rows, blanks; a note that never ends.
    let document = |rows: &str| {
        format!(
            "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"a\">{rows}</table:table>\
             </office:spreadsheet></office:body></office:document-content>"
        )
    };
    let cell = |repeated: u64| {
        format!(
            "<table:table-cell table:number-columns-repeated=\"{repeated}\" office:value-type=\"float\" office:value=\"1\"/>"
        )
    };
    let rows = |repeated: u64, cells: &str| {
        format!("<table:table-row table:number-rows-repeated=\"{repeated}\">{cells}</table:table-row>")
    };
    let blanks = "<table:table-cell office:value-type=\"string\"><text:p><text:s text:c=\"4000000000\"></text:s></text:p></table:table-cell>";
    for (what, content) in [
        ("a cell for every place", document(&rows(1_000_000, &cell(16_000)))),
        ("wide rows", document(&rows(1, &cell(16_000)).repeat(2_000))),
        (
            "cells far apart",
            document(&format!(
                "{}{}{}",
                rows(1, &cell(1)),
                rows(1_000_000, "<table:table-cell/>"),
                rows(1, &cell(9_000))
            )),
        ),
        ("four billion blanks", document(&rows(1, blanks))),
        (
            "a note that never ends",
            "<a><table:table><table:table-row><table:table-cell office:value-type=\"string\"><office:annotation>"
                .to_owned(),
        ),
    ] {
        judge.refused("a.ods", what, &workbook("made.ods", &[("content.xml", content.as_bytes())]));
    }

    // `.xlsb`: a record of 256 MB.
    judge.refused(
        "a.xlsb",
        "a record of 256 MB",
        &workbook("made.xlsb", &[("xl/worksheets/sheet1.bin", &[0x81, 0x01, 0xff, 0xff, 0xff, 0x7f])]),
    );
    judge.verdict(12);
}

/// The `.xls` of the samples with something changed in its streams, which lie in the file as they are.
fn xls(what: &[u8], change: impl Fn(&mut [u8])) -> Vec<u8> {
    let mut bytes = made("made.xls");
    let at = bytes.windows(what.len()).position(|window| window == what).unwrap();
    change(&mut bytes[at..]);
    bytes
}

#[test]
fn an_old_workbook_cannot_ask_for_the_rectangle_between_its_ends() {
    let mut judge = Judge::new(&MEMORY);
    // The record of dimensions: first row, row behind the last, first column, column behind the last.
    let wide = xls(&[0x00, 0x02, 0x0e, 0x00], |record| {
        record[8..12].copy_from_slice(&65_536u32.to_le_bytes());
        record[14..16].copy_from_slice(&u16::MAX.to_le_bytes());
    });
    assert_eq!(judge.refused("a.xls", "dimensions", &wide), "READ-002");
    // A number (kind 0x0203) at the last row and column that can be written.
    let far = xls(&[0x03, 0x02, 0x0e, 0x00], |record| record[4..8].fill(0xff));
    assert_eq!(judge.refused("a.xls", "a cell far away", &far), "READ-002");
    // The table of sectors: the directory follows itself.
    let mut circle = made("made.xls");
    let directory = u32::from_le_bytes(circle[48..52].try_into().unwrap());
    let table = u32::from_le_bytes(circle[76..80].try_into().unwrap());
    let at = 512 * (table as usize + 1) + 4 * directory as usize;
    circle[at..at + 4].copy_from_slice(&directory.to_le_bytes());
    assert_eq!(judge.refused("a.xls", "a directory in a circle", &circle), "FILE-004");
    judge.verdict(3);
}

/// A database of REDATAM in an archive: an XML dictionary and the files it names.
fn redatam(entities: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let dictionary = format!(
        "<redDictionary_XML><root><name>PAIS</name><filename>p.ptr</filename>{entities}</root></redDictionary_XML>"
    );
    let mut all = vec![("censo.dicx", dictionary.as_bytes())];
    all.extend(files);
    packed(&all)
}

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

#[test]
fn a_census_cannot_have_more_persons_than_its_files_hold() {
    let mut judge = Judge::new(&MEMORY);
    let person =
        |variables: &str| format!("<entity><name>PERSONA</name><filename>per.ptr</filename>{variables}</entity>");
    let variable = |name: &str, storage: &str, size: u32| {
        format!(
            "<variable><name>{name}</name><filename>v.rbf</filename><varDicChoice><datasetType>{storage}</datasetType>\
             <datasetSize>{size}</datasetSize></varDicChoice></variable>"
        )
    };
    let four_billion = words(&[0, u32::MAX]);
    judge.refused(
        "censo.zip",
        "four billion persons, no variable",
        &redatam(&person(""), &[("per.ptr", &four_billion)]),
    );
    let one = redatam(&person(&variable("A", "INT", 2)), &[("per.ptr", &four_billion), ("v.rbf", &[1, 0, 2, 0])]);
    judge.refused("censo.zip", "four billion persons, two values", &one);
    let backwards = redatam(&person(&variable("A", "INT", 2)), &[("per.ptr", &words(&[0, 5, 3])), ("v.rbf", &[1; 10])]);
    judge.refused("censo.zip", "more dwellings than the country is", &backwards);
    // Two thousand variables of one bit that share a file.
    let many: String = (0..2_000).map(|number| variable(&format!("V{number}"), "PCK", 1)).collect();
    let bits = vec![0b0101_0101u8; 16_384 / 8];
    judge.case(
        "censo.zip",
        "2,000 variables of one file",
        &redatam(&person(&many), &[("per.ptr", &words(&[0, 16_384])), ("v.rbf", &bits)]),
    );
    // The same name 2,000 times.
    let same: String = (0..2_000).map(|_| variable("V", "PCK", 1)).collect();
    judge.case(
        "censo.zip",
        "2,000 variables of one name",
        &redatam(&person(&same), &[("per.ptr", &words(&[0, 100])), ("v.rbf", &bits)]),
    );
    // A long label set of the country, above 500 kinds of areas.
    let labels: String = (0..20_000)
        .map(|value| {
            format!("<valueLabelElement><value>{value}</value><label>Etiqueta {value}</label></valueLabelElement>")
        })
        .collect();
    let country = format!(
        "<variable><name>P</name><valueLabels>{labels}</valueLabels><filename>v.rbf</filename><varDicChoice><datasetType>INT</datasetType>\
         <datasetSize>2</datasetSize></varDicChoice></variable>"
    );
    let areas: String =
        (0..500).map(|number| format!("<entity><name>E{number}</name><filename>e.ptr</filename></entity>")).collect();
    judge.case(
        "censo.zip",
        "labels copied to 500 tables",
        &redatam(&format!("{country}{areas}"), &[("e.ptr", &words(&[0, 1])), ("v.rbf", &[1, 0])]),
    );
    judge.verdict(6);
}

#[test]
fn a_long_text_that_all_rows_refer_to_is_not_held_once_a_row() {
    let mut judge = Judge::new(&MEMORY);
    // Stata 117, by its own description (`help dta`): 3,000 rows of one variable, all of which are the long text (1, 1).
    let rows = 3_000u32;
    let mut file = b"<stata_dta><header><release>117</release><byteorder>LSF</byteorder><K>".to_vec();
    file.extend(1u16.to_le_bytes());
    file.extend(b"</K><N>");
    file.extend(rows.to_le_bytes());
    file.extend(b"</N><label>\0</label><timestamp>\0</timestamp></header><map>");
    file.extend([0; 112]);
    file.extend(b"</map><variable_types>");
    file.extend(0x8000u16.to_le_bytes());
    file.extend(b"</variable_types><varnames>");
    let text = |text: &[u8], length: usize| {
        let mut bytes = text.to_vec();
        bytes.resize(length, 0);
        bytes
    };
    file.extend(text(b"nota", 33));
    file.extend(b"</varnames><sortlist>\0\0\0\0</sortlist><formats>");
    file.extend(text(b"%9s", 49));
    file.extend(b"</formats><value_label_names>");
    file.extend(text(b"", 33));
    file.extend(b"</value_label_names><variable_labels>");
    file.extend(text(b"", 81));
    file.extend(b"</variable_labels><characteristics></characteristics><data>");
    (0..rows).for_each(|_| file.extend(words(&[1, 1])));
    file.extend(b"</data><strls>GSO");
    file.extend(words(&[1, 1]));
    file.push(130);
    let long = vec![b'x'; 200_000];
    file.extend((long.len() as u32).to_le_bytes());
    file.extend(&long);
    file.extend(b"</strls><value_labels></value_labels></stata_dta>");
    let opened = clrisk_readers::open_source(
        &clrisk_readers::Source::memory("a.dta", file.clone()).unwrap(),
        &ReadOptions::default(),
    );
    assert_eq!(opened.unwrap().tables[0].rows(), Some(3_000));
    judge.case("a.dta", "600 MB of text in 230 KB", &file);
    judge.verdict(1);
}
