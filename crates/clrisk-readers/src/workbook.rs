//! Sheets of Excel and OpenDocument, read by `calamine`.
//!
//! A sheet is held in memory, as its cells are in the file; there are at most 1,048,576 rows of them. Its cells become text and pass
//! through the same decision of types as a CSV: offices store numbers as text and codes as numbers, side by side. Dates stay dates.

use std::collections::{BTreeMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use calamine::{Data, DataRef, ExcelDateTime, Ods, Reader, Sheets, Xls, Xlsb, Xlsx};
use csv::ByteRecord;
use zip::ZipArchive;

use crate::column::{Clock, ColumnKind, day_of};
use crate::error::ReadError;
use crate::format::Format;
use crate::options::ReadOptions;
use crate::provenance::{Note, Provenance};
use crate::source::{ReadSeek, Source};
use crate::table::Table;
use crate::text::{Layout, Records, TextEvidence, TextTable, learn, point_number};
use crate::variable::Variable;
use crate::workbook_size;

/// Rows at the beginning of a sheet in which its header is looked for.
const LOOKED_AT: usize = 100;

/// Days from 1900-01-00 as Excel counts them; both calendars of Excel are brought to this one.
const EXCEL_DAYS: Clock = Clock { origin: -25_569, units_a_day: 1.0 };

/// Days by which the calendar that begins in 1904 is behind.
const DAYS_TO_1904: f64 = 1_462.0;

/// Opens a workbook: a table a sheet, in their order; sheets without cells are none.
///
/// # Errors
/// The workbook is damaged or protected by a password.
pub(crate) fn open(source: &Source, options: &ReadOptions) -> Result<Vec<Box<dyn Table>>, ReadError> {
    // The library is not known to bear every damage; whatever it does, a damaged workbook is a finding.
    catch_unwind(AssertUnwindSafe(|| read(source, options))).unwrap_or_else(|_| Err(ReadError::damaged("workbook", 0)))
}

fn read(source: &Source, options: &ReadOptions) -> Result<Vec<Box<dyn Table>>, ReadError> {
    workbook_size::check(source)?;
    let mut workbook = workbook(source)?;
    let names: Vec<String> = workbook.sheet_names();
    let mut tables = Vec::new();
    for name in names {
        let mut texts = Texts::default();
        let cells = cells(&mut workbook, &name, &mut texts).map_err(|error| wrong(&error))?;
        if let Some(table) = table(name, cells, texts, options)? {
            tables.push(table);
        }
    }
    if tables.is_empty() { Err(ReadError::Empty) } else { Ok(tables) }
}

/// Opens a workbook by what it holds.
fn workbook(source: &Source) -> Result<Sheets<Box<dyn ReadSeek>>, ReadError> {
    let reader = source.reader()?;
    let opened = if source.head(2)? == b"PK" {
        let archive =
            ZipArchive::new(source.reader()?).map_err(|_| ReadError::damaged("zip directory", source.length()))?;
        if archive.index_for_name("xl/workbook.bin").is_some() {
            Xlsb::new(reader).map(Sheets::Xlsb).map_err(calamine::Error::Xlsb)
        } else if archive.index_for_name("content.xml").is_some() {
            Ods::new(reader).map(Sheets::Ods).map_err(calamine::Error::Ods)
        } else {
            Xlsx::new(reader).map(Sheets::Xlsx).map_err(calamine::Error::Xlsx)
        }
    } else {
        Xls::new(reader).map(Sheets::Xls).map_err(calamine::Error::Xls)
    };
    opened.map_err(|error| wrong(&error))
}

fn wrong(error: &calamine::Error) -> ReadError {
    let text = format!("{error:?}").to_lowercase();
    if text.contains("password") || text.contains("encrypted") {
        return ReadError::Protected;
    }
    ReadError::damaged("workbook", 0)
}

/// A cell that is not empty.
enum Cell {
    Number(f64),
    Date(f64),
    Text(Arc<str>),
    Error,
}

/// Cells by row and column.
type Cells = BTreeMap<u32, Vec<(u32, Cell)>>;

/// Texts, each held once however many cells hold it: a workbook writes a text once and lets its cells refer to it.
#[derive(Default)]
struct Texts(HashSet<Arc<str>>);

impl Texts {
    fn held(&mut self, text: &str) -> Arc<str> {
        if let Some(held) = self.0.get(text) {
            return held.clone();
        }
        let text: Arc<str> = text.into();
        self.0.insert(text.clone());
        text
    }

    fn cell(&mut self, text: &str) -> Option<Cell> {
        let text = text.trim();
        (!text.is_empty()).then(|| Cell::Text(self.held(text)))
    }
}

/// The cells of a sheet. Where they come one by one, a stray cell far away costs one cell, not the rectangle up to it.
fn cells(workbook: &mut Sheets<Box<dyn ReadSeek>>, name: &str, texts: &mut Texts) -> Result<Cells, calamine::Error> {
    let mut cells = Cells::new();
    let mut add = |(row, column): (u32, u32), cell: Option<Cell>| {
        if let Some(cell) = cell {
            cells.entry(row).or_default().push((column, cell));
        }
    };
    match workbook {
        Sheets::Xlsx(workbook) => {
            let mut reader = workbook.worksheet_cells_reader(name).map_err(calamine::Error::Xlsx)?;
            while let Some(cell) = reader.next_cell().map_err(calamine::Error::Xlsx)? {
                add(cell.get_position(), borrowed(cell.get_value(), texts));
            }
        }
        Sheets::Xlsb(workbook) => {
            let mut reader = workbook.worksheet_cells_reader(name).map_err(calamine::Error::Xlsb)?;
            while let Some(cell) = reader.next_cell().map_err(calamine::Error::Xlsb)? {
                add(cell.get_position(), borrowed(cell.get_value(), texts));
            }
        }
        _ => {
            let range = workbook.worksheet_range(name)?;
            let (first_row, first_column) = range.start().unwrap_or_default();
            for (row, column, value) in range.used_cells() {
                let place = (first_row.saturating_add(row as u32), first_column.saturating_add(column as u32));
                add(place, owned(value, texts));
            }
        }
    }
    Ok(cells)
}

fn borrowed(value: &DataRef<'_>, texts: &mut Texts) -> Option<Cell> {
    match value {
        DataRef::SharedString(text) => texts.cell(text),
        other => owned(&Data::from(other.clone()), texts),
    }
}

fn owned(value: &Data, texts: &mut Texts) -> Option<Cell> {
    match value {
        Data::Int(number) => Some(Cell::Number(*number as f64)),
        Data::Float(number) => number.is_finite().then_some(Cell::Number(*number)),
        Data::Bool(yes) => Some(Cell::Number(f64::from(u8::from(*yes)))),
        Data::DateTimeIso(text) => iso_days(text).map_or_else(|| texts.cell(text), |days| Some(Cell::Date(days))),
        Data::String(text) | Data::DurationIso(text) => texts.cell(text),
        Data::DateTime(moment) => Some(moment_cell(moment)),
        Data::Error(_) => Some(Cell::Error),
        Data::Empty => None,
        // Text with formats within it: the library gives the text alone.
        #[allow(unreachable_patterns)]
        _ => None,
    }
}

/// The days of a date of OpenDocument, `2024-02-29` or `2024-02-29T12:30:00`, in the count of Excel.
fn iso_days(text: &str) -> Option<f64> {
    let (date, time) = text.trim_end_matches('Z').split_once('T').unwrap_or((text, "0:0:0"));
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let day = day_of(parts.next()??, parts.next()??, parts.next()??)?;
    let mut parts = time.splitn(3, ':').map(|part| part.parse::<f64>().ok());
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    let within = (hours * 3600.0 + minutes * 60.0 + seconds) / 86_400.0;
    (0.0..1.0).contains(&within).then_some(day as f64 + within - f64::from(EXCEL_DAYS.origin))
}

fn moment_cell(moment: &ExcelDateTime) -> Cell {
    if moment.is_duration() {
        return Cell::Number(moment.as_f64());
    }
    // Only the calendar date tells which calendar the number is counted in.
    let days = moment.as_f64();
    let (year, ..) = moment.to_ymd_hms_milli();
    let by_1900 = 1900.0 + days / 365.2425;
    match f64::from(year) - by_1900 > 2.0 {
        true => Cell::Date(days + DAYS_TO_1904),
        false => Cell::Date(days),
    }
}

/// The row of the names: the first whose cells are texts and that fills most of the width of the sheet. Titles fill one cell or two.
fn header_of(cells: &Cells) -> Option<u32> {
    let first: Vec<(&u32, &Vec<(u32, Cell)>)> = cells.iter().take(LOOKED_AT).collect();
    let width = first.iter().map(|(_, row)| row.len()).max()?;
    let names = |row: &[(u32, Cell)]| row.iter().filter(|(_, cell)| matches!(cell, Cell::Text(_))).count();
    first
        .iter()
        .find(|(_, row)| names(row) * 10 >= width * 6 && names(row) == row.len())
        .or(first.first())
        .map(|(row, _)| **row)
}

fn table(
    name: String,
    mut cells: Cells,
    mut texts: Texts,
    options: &ReadOptions,
) -> Result<Option<Box<dyn Table>>, ReadError> {
    let Some(header) = header_of(&cells) else { return Ok(None) };
    let above = cells.range(..header).count() as u64;
    // Only columns that hold something count: a stray cell far to the right is one column more, not thousands.
    let mut used: Vec<u32> = cells.range(header..).flat_map(|(_, row)| row.iter().map(|(column, _)| *column)).collect();
    used.sort_unstable();
    used.dedup();
    let position = |column: u32| used.binary_search(&column).unwrap_or_default();

    let mut names = vec![String::new(); used.len()];
    for (column, cell) in cells.get(&header).into_iter().flatten() {
        names[position(*column)] = text_of(cell);
    }
    let mut provenance = Provenance { format: Format::Workbook.name().to_owned(), ..Provenance::default() };
    if above > 0 {
        provenance.notes.push(Note::fact("READ-129", above).with("header", header + 1));
    }
    provenance.distinct_names(&mut names);

    let (mut errors, mut dates) = (0u64, vec![(0u64, true); used.len()]);
    let mut filled = vec![0u64; used.len()];
    let mut rows = Vec::new();
    for (_, row) in cells.split_off(&header.saturating_add(1)) {
        let mut record: Vec<(u32, Arc<str>)> = Vec::with_capacity(row.len());
        for (column, cell) in row {
            let position = position(column);
            match cell {
                Cell::Error => {
                    errors += 1;
                    continue;
                }
                Cell::Date(days) => {
                    dates[position].0 += 1;
                    dates[position].1 &= days.fract() == 0.0;
                }
                _ => {}
            }
            filled[position] += 1;
            let text = match cell {
                Cell::Text(text) => text,
                cell => texts.held(&text_of(&cell)),
            };
            record.push((position as u32, text));
        }
        rows.push(record);
    }
    if errors > 0 {
        provenance.notes.push(Note::fact("READ-128", errors));
    }
    let declared: Vec<Option<ColumnKind>> = dates
        .iter()
        .zip(&filled)
        .map(|((dates, whole), filled)| match *dates > 0 && dates == filled {
            true if *whole => Some(ColumnKind::Date(EXCEL_DAYS)),
            true => Some(ColumnKind::Timestamp(EXCEL_DAYS)),
            false => None,
        })
        .collect();
    let variables: Vec<Variable> = names.into_iter().map(Variable::named).collect();
    let layout = Sheet { rows: rows.into(), width: used.len() };
    let learned = learn(layout.records()?.as_mut(), &variables, false)?;
    let table = TextTable::new(name, Arc::new(layout), variables, &declared, &learned, provenance, options);
    Ok(Some(Box::new(table)))
}

/// A cell as text, in which nothing of a number is lost.
fn text_of(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.to_string(),
        Cell::Number(number) | Cell::Date(number) => point_number(*number),
        Cell::Error => String::new(),
    }
}

/// The rows of a sheet below its header.
struct Sheet {
    rows: Arc<[Vec<(u32, Arc<str>)>]>,
    width: usize,
}

impl Layout for Sheet {
    fn records(&self) -> Result<Box<dyn Records>, ReadError> {
        Ok(Box::new(SheetRows { rows: self.rows.clone(), width: self.width, next: 0 }))
    }
}

struct SheetRows {
    rows: Arc<[Vec<(u32, Arc<str>)>]>,
    width: usize,
    next: usize,
}

impl Records for SheetRows {
    fn read(&mut self, record: &mut ByteRecord) -> Result<bool, ReadError> {
        let Some(row) = self.rows.get(self.next) else { return Ok(false) };
        self.next += 1;
        record.clear();
        let mut cells = row.iter().peekable();
        for position in 0..self.width as u32 {
            match cells.peek() {
                Some((at, text)) if *at == position => {
                    record.push_field(text.as_bytes());
                    // A cell given twice counts once.
                    while cells.next_if(|(at, _)| *at == position).is_some() {}
                }
                _ => record.push_field(b""),
            }
        }
        Ok(true)
    }

    fn evidence(&self) -> Option<&TextEvidence> {
        None
    }

    fn notes(&self) -> Vec<Note> {
        Vec::new()
    }
}
