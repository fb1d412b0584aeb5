//! A workbook for people who live in spreadsheets: native numbers, percentages as percentages, and sheets that explain.

use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};
use serde_json::Value;

use super::notes::{facts, statuses};
use super::{Dataset, ExportError, explained};
use crate::study::Study;
use crate::tables::PlainTable;
use crate::wording::Words;

/// The workbook as XLSX: notes, one sheet a table, columns and statuses explained.
///
/// # Errors
/// [`ExportError::Workbook`] when it cannot be made.
pub fn workbook(study: &Study, words: &Words<'_>) -> Result<Vec<u8>, ExportError> {
    build(study, words).map_err(|source| ExportError::Workbook { source })
}

fn build(study: &Study, words: &Words<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The same release gives the same bytes: the file is as old as its signature, not as its making.
    let date = study.manifest().signature.as_ref().map_or("2000-01-01", |signature| signature.date.as_str());
    let created = rust_xlsxwriter::ExcelDateTime::parse_from_str(date)
        .or_else(|_| rust_xlsxwriter::ExcelDateTime::from_ymd(2000, 1, 1))?;
    let properties = rust_xlsxwriter::DocProperties::new()
        .set_title(study.manifest().title.get(words.language))
        .set_creation_datetime(&created);
    workbook.set_properties(&properties);
    let head = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border_bottom(rust_xlsxwriter::FormatBorder::Thin);
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);

    let sheet = workbook.add_worksheet();
    sheet.set_name(words.text("export-sheet-notes"))?;
    pairs(sheet, &facts(study, words), &head, &wrapped)?;
    for dataset in Dataset::ALL {
        let table = dataset.table(study);
        if !table.rows.is_empty() {
            let sheet = workbook.add_worksheet();
            sheet.set_name(words.text(&format!("export-sheet-{}", dataset.code())))?;
            rows(sheet, &table, &head)?;
        }
    }
    let sheet = workbook.add_worksheet();
    sheet.set_name(words.text("export-sheet-columns"))?;
    let mut meanings: Vec<(String, String)> = Vec::new();
    for dataset in Dataset::ALL {
        for column in dataset.table(study).columns {
            if !meanings.iter().any(|(known, _)| *known == column) {
                meanings.push((column.clone(), explained(words, &column)));
            }
        }
    }
    meanings.extend(statuses(words).into_iter().map(|(code, meaning)| (format!("status = {code}"), meaning)));
    pairs(sheet, &meanings, &head, &wrapped)?;
    workbook.save_to_buffer()
}

fn pairs(sheet: &mut Worksheet, pairs: &[(String, String)], head: &Format, wrapped: &Format) -> Result<(), XlsxError> {
    sheet.set_column_width(0, 32)?;
    sheet.set_column_width(1, 100)?;
    for (row, (title, value)) in pairs.iter().enumerate() {
        sheet.write_string_with_format(row as u32, 0, title, head)?;
        sheet.write_string_with_format(row as u32, 1, value, wrapped)?;
    }
    Ok(())
}

fn rows(sheet: &mut Worksheet, table: &PlainTable, head: &Format) -> Result<(), XlsxError> {
    let formats: Vec<Option<Format>> = table
        .columns
        .iter()
        .map(|column| number_format(column).map(|format| Format::new().set_num_format(format)))
        .collect();
    for (column, name) in table.columns.iter().enumerate() {
        let column = column as u16;
        sheet.write_string_with_format(0, column, name, head)?;
        sheet.set_column_width(column, if name.contains("name") { 28 } else { 13 })?;
    }
    for (row, cells) in table.rows.iter().enumerate() {
        let row = row as u32 + 1;
        for (column, cell) in cells.iter().enumerate() {
            let (format, column) = (formats[column].as_ref(), column as u16);
            match (cell, format) {
                (Value::Number(number), Some(format)) => {
                    sheet.write_number_with_format(row, column, number.as_f64().unwrap_or(f64::NAN), format)?;
                }
                (Value::Number(number), None) => {
                    sheet.write_number(row, column, number.as_f64().unwrap_or(f64::NAN))?;
                }
                (Value::Bool(value), _) => {
                    sheet.write_boolean(row, column, *value)?;
                }
                // Codes keep their zeros: a text is never turned into a number.
                (Value::String(text), _) => {
                    sheet.write_string(row, column, text)?;
                }
                _ => {}
            }
        }
    }
    sheet.set_freeze_panes(1, 2)?;
    let (last_row, last_column) = (table.rows.len() as u32, table.columns.len().saturating_sub(1) as u16);
    sheet.autofilter(0, 0, last_row, last_column)?;
    Ok(())
}

/// How a spreadsheet shows a column; the number itself is untouched.
fn number_format(column: &str) -> Option<&'static str> {
    match column {
        "rate" | "rate_lower" | "rate_upper" => Some("0.0%"),
        "count" | "count_lower" | "count_upper" | "population" | "children" | "children_lower" | "children_upper" => {
            Some("#,##0")
        }
        "points" | "points_lower" | "points_upper" => Some("0.0"),
        "logit" => Some("0.000"),
        other if other.starts_with("probability_") => Some("0%"),
        _ => None,
    }
}
