//! Forms of ODK and KoboToolbox: lines of the sheets `survey` and `choices`, then an export that they label.
#![no_main]

use clrisk_readers::ReadOptions;

/// A sheet of texts, of lines with tabs between the cells.
fn sheet(lines: &[u8]) -> String {
    let mut sheet =
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#.to_owned();
    for (row, line) in String::from_utf8_lossy(lines).split('\n').take(60).enumerate() {
        sheet += &format!(r#"<row r="{}">"#, row + 1);
        for (cell, column) in line.split('\t').zip('A'..='H') {
            let text: String =
                cell.chars().map(|c| if c < ' ' || "<>&\u{fffe}\u{ffff}".contains(c) { '?' } else { c }).collect();
            sheet += &format!(r#"<c r="{column}{}" t="inlineStr"><is><t>{text}</t></is></c>"#, row + 1);
        }
        sheet += "</row>";
    }
    sheet + "</sheetData></worksheet>"
}

const LINKS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/></Relationships>"#;

const SHEETS: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="survey" sheetId="1" r:id="r1"/><sheet name="choices" sheetId="2" r:id="r2"/></sheets></workbook>"#;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    clrisk_fuzz::let_panics_be_caught();
    let files = clrisk_fuzz::files(bytes);
    let [survey, choices, export] = files[..] else { return };
    let form = clrisk_fuzz::archive([
        ("xl/_rels/workbook.xml.rels", LINKS),
        ("xl/workbook.xml", SHEETS),
        ("xl/worksheets/sheet1.xml", &sheet(survey)),
        ("xl/worksheets/sheet2.xml", &sheet(choices)),
    ]);
    let dictionary = Some(clrisk_fuzz::on_disk("form.xlsx", &form));
    clrisk_fuzz::read_with("export.csv", export, &ReadOptions { dictionary, ..ReadOptions::default() });
});
