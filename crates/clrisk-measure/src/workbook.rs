//! The figures as an Excel workbook: a sheet a crossing with native numbers, the notes on a sheet of their own.

use std::collections::BTreeMap;

use clrisk_core::Measured;
use clrisk_core::measure::{Kind, MeasuredRow};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::MeasureError;
use clrisk_core::measure::MeasureWords as Words;

struct Formats {
    title: Format,
    head: Format,
    percent: Format,
    whole: Format,
    decimal: Format,
    wrapped: Format,
}

type NumberColumn<'a> = (&'static str, fn(&MeasuredRow) -> Option<f64>, &'a Format);

/// The workbook.
///
/// # Errors
/// When the workbook cannot be written.
pub fn workbook(measured: &Measured, words: &Words<'_>) -> Result<Vec<u8>, MeasureError> {
    write(measured, words).map_err(|error| MeasureError::Write { file: "xlsx", reason: error.to_string() })
}

fn write(measured: &Measured, words: &Words<'_>) -> Result<Vec<u8>, XlsxError> {
    let formats = Formats {
        title: Format::new().set_bold().set_font_size(14),
        head: Format::new().set_bold().set_text_wrap().set_border_bottom(rust_xlsxwriter::FormatBorder::Thin),
        percent: Format::new().set_num_format("0.0%"),
        whole: Format::new().set_num_format("#,##0"),
        decimal: Format::new().set_num_format("0.000"),
        wrapped: Format::new().set_text_wrap(),
    };
    let mut workbook = Workbook::new();
    // A fixed date: the same figures give the same bytes.
    let date = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&date).set_title(title(measured, words)));
    let sheet = workbook.add_worksheet();
    sheet.set_name(words.text("heading-metadata"))?;
    notes(sheet, measured, words, &formats)?;
    let mut crossings: Vec<(Kind, String, Vec<&MeasuredRow>)> = Vec::new();
    for row in &measured.rows {
        let dimensions = words.dimensions(&row.group);
        match crossings.iter_mut().find(|(kind, name, _)| *kind == row.kind && *name == dimensions) {
            Some((_, _, rows)) => rows.push(row),
            None => crossings.push((row.kind, dimensions, vec![row])),
        }
    }
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    for (kind, dimensions, rows) in &crossings {
        let sheet = workbook.add_worksheet();
        let name = if dimensions.is_empty() { words.text("all") } else { dimensions.clone() };
        sheet.set_name(sheet_name(&name, &mut used))?;
        figures(sheet, *kind, rows, measured, words, &formats)?;
    }
    if !measured.changes.is_empty() {
        let sheet = workbook.add_worksheet();
        sheet.set_name(sheet_name(&words.text("heading-changes"), &mut used))?;
        changes(sheet, measured, words, &formats)?;
    }
    workbook.save_to_buffer()
}

fn title(measured: &Measured, words: &Words<'_>) -> String {
    words.with("title", &[("country", measured.country.get(words.language))])
}

/// At most 31 characters, none that Excel forbids, no name twice.
fn sheet_name(name: &str, used: &mut BTreeMap<String, usize>) -> String {
    let plain: String = name.chars().filter(|character| !"[]:*?/\\'".contains(*character)).take(27).collect();
    let times = used.entry(plain.to_lowercase()).or_insert(0);
    *times += 1;
    if *times == 1 { plain } else { format!("{plain} {times}") }
}

fn notes(sheet: &mut Worksheet, measured: &Measured, words: &Words<'_>, formats: &Formats) -> Result<(), XlsxError> {
    sheet.write_string_with_format(0, 0, title(measured, words), &formats.title)?;
    for (line, (heading, text)) in words.notes().into_iter().enumerate() {
        let row = line as u32 + 2;
        sheet.write_string_with_format(row, 0, heading, &formats.head)?;
        // Not every program makes room for wrapped text by itself.
        let lines = text.chars().count().div_ceil(95).max(1);
        sheet.set_row_height(row, 15.0 * lines as f64)?;
        sheet.write_string_with_format(row, 1, text, &formats.wrapped)?;
    }
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_column_width(0, 30)?.set_column_width(1, 100)?;
    Ok(())
}

fn figures(
    sheet: &mut Worksheet,
    kind: Kind,
    rows: &[&MeasuredRow],
    measured: &Measured,
    words: &Words<'_>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(0, 0, title(measured, words), &formats.title)?;
    let what = match kind {
        Kind::Prevalence => words.text("heading-prevalence"),
        Kind::Composition => words.with("heading-composition", &[("measure", &words.text("heading-measure"))]),
    };
    sheet.write_string(1, 0, format!("{what}. {}", measured.definition.label()))?;
    let numbers = number_columns(measured.survey.normalised_weights, formats);
    let heads = ["measure", "age", "group"].into_iter().chain(numbers.iter().map(|column| column.0)).chain(["quality"]);
    for (column, head) in heads.enumerate() {
        sheet.write_string_with_format(3, column as u16, words.text(&format!("heading-{head}")), &formats.head)?;
    }
    let last = 3 + numbers.len() as u16;
    for (line, row) in rows.iter().enumerate() {
        let at = line as u32 + 4;
        sheet.write_string(at, 0, words.measure(&row.measure))?;
        sheet.write_string(at, 1, words.ages(row.ages))?;
        sheet.write_string(at, 2, words.group(&row.group))?;
        for (column, (_, number, format)) in numbers.iter().enumerate() {
            let column = column as u16 + 3;
            match number(row).filter(|number| number.is_finite()) {
                Some(number) => sheet.write_number_with_format(at, column, number, format)?,
                None => sheet.write_string(at, column, "…")?,
            };
        }
        sheet.write_string(at, last, words.text(&format!("quality-{}", row.quality.code())))?;
    }
    sheet.set_column_width(0, 40)?.set_column_width(1, 16)?.set_column_width(2, 28)?.set_column_width(last, 26)?;
    for column in 3..last {
        sheet.set_column_width(column, 12)?;
    }
    sheet.set_freeze_panes(4, 3)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(3, 3)?;
    Ok(())
}

/// Heading, number and format of the columns between the group and the quality; no numbers of children where the weights give none.
fn number_columns(normalised: bool, formats: &Formats) -> Vec<NumberColumn<'_>> {
    let mut columns: Vec<NumberColumn<'_>> = vec![
        ("rate", |row| row.rate, &formats.percent),
        ("lower", |row| row.lower, &formats.percent),
        ("upper", |row| row.upper, &formats.percent),
        ("standard_error", |row| row.standard_error, &formats.decimal),
    ];
    if !normalised {
        columns.extend::<[NumberColumn<'_>; 3]>([
            ("count", |row| row.count, &formats.whole),
            ("lower", |row| row.count_lower, &formats.whole),
            ("upper", |row| row.count_upper, &formats.whole),
        ]);
    }
    columns.extend::<[NumberColumn<'_>; 3]>([
        ("sample", |row| Some(row.sample as f64), &formats.whole),
        ("effective_sample", |row| row.effective_sample, &formats.whole),
        ("cv", |row| row.coefficient_of_variation, &formats.percent),
    ]);
    columns
}

fn changes(sheet: &mut Worksheet, measured: &Measured, words: &Words<'_>, formats: &Formats) -> Result<(), XlsxError> {
    sheet.write_string_with_format(0, 0, words.text("heading-changes"), &formats.title)?;
    for (line, kind) in measured.comparability.iter().enumerate() {
        let heading = words.text("heading-comparability");
        sheet.write_string(1, line as u16, format!("{heading}: {}", words.text(&format!("compare-{kind}"))))?;
    }
    let heads = [
        "measure",
        "age",
        "group",
        "earlier",
        "later",
        "difference",
        "lower",
        "upper",
        "standard_error",
        "p_value",
        "quality",
    ];
    for (column, head) in heads.iter().enumerate() {
        sheet.write_string_with_format(3, column as u16, words.text(&format!("heading-{head}")), &formats.head)?;
    }
    let points = Format::new().set_num_format("0.0");
    for (line, row) in measured.changes.iter().enumerate() {
        let at = line as u32 + 4;
        sheet.write_string(at, 0, words.measure(&row.measure))?;
        sheet.write_string(at, 1, words.ages(row.ages))?;
        sheet.write_string(at, 2, words.group(&row.group))?;
        let in_points = |value: Option<f64>| value.map(|value| 100.0 * value);
        let numbers = [
            (3, row.earlier, &formats.percent),
            (4, row.later, &formats.percent),
            (5, in_points(row.difference), &points),
            (6, in_points(row.lower), &points),
            (7, in_points(row.upper), &points),
            (8, in_points(row.standard_error), &points),
            (9, row.p_value, &formats.decimal),
        ];
        for (column, number, format) in numbers {
            match number.filter(|number| number.is_finite()) {
                Some(number) => sheet.write_number_with_format(at, column, number, format)?,
                None => sheet.write_string(at, column, "…")?,
            };
        }
        sheet.write_string(at, 10, words.text(&format!("quality-{}", row.quality.code())))?;
    }
    sheet.set_column_width(0, 40)?.set_column_width(1, 16)?.set_column_width(2, 28)?;
    Ok(())
}
