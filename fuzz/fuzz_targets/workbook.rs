//! Workbooks: `.xls` as it is, the others by the parts that hold their cells.
#![no_main]

const TYPES: &str =
    r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;

const LINKS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;

const SHEETS: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="hoja" sheetId="1" r:id="r1"/></sheets></workbook>"#;

const MANIFEST: &str =
    r#"<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"#;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    clrisk_fuzz::let_panics_be_caught();
    let files = clrisk_fuzz::files(bytes);
    let archive = match files[..] {
        [_] if bytes.starts_with(b"PK") => return clrisk_fuzz::read("workbook.xlsx", bytes),
        [_] if bytes.starts_with(&[0xd0, 0xcf]) => return clrisk_fuzz::read("workbook.xls", bytes),
        [content] => clrisk_fuzz::archive([
            ("mimetype", &b"application/vnd.oasis.opendocument.spreadsheet"[..]),
            ("content.xml", content),
            ("META-INF/manifest.xml", MANIFEST.as_bytes()),
        ]),
        [sheet, texts, styles] => clrisk_fuzz::archive([
            ("[Content_Types].xml", TYPES.as_bytes()),
            ("xl/_rels/workbook.xml.rels", LINKS.as_bytes()),
            ("xl/workbook.xml", SHEETS.as_bytes()),
            ("xl/worksheets/sheet1.xml", sheet),
            ("xl/sharedStrings.xml", texts),
            ("xl/styles.xml", styles),
        ]),
        [workbook, links, sheet, texts, styles] => clrisk_fuzz::archive([
            ("xl/workbook.bin", workbook),
            ("xl/_rels/workbook.bin.rels", links),
            ("xl/worksheets/sheet1.bin", sheet),
            ("xl/sharedStrings.bin", texts),
            ("xl/styles.bin", styles),
        ]),
        _ => return,
    };
    clrisk_fuzz::read("workbook.xlsx", &archive);
});
