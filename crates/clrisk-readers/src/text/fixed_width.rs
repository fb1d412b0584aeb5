//! Text with columns at fixed positions, which a dictionary names.
//!
//! The dictionary is a CSV with a row a variable: `name`, `start` (1 = first character; the end of the one before when empty), `width` or
//! `end`, and as far as they are known `type` (`text`, `integer`, `number`), `decimals` (implied: 1234 with 2 is 12.34), `label`,
//! `values` (`1=Hombre;2=Mujer`) and `missing` (`98;99`). Its header may be in Spanish, English, Portuguese or French. A syntax file of SPSS
//! (`DATA LIST`) is a dictionary as well ([`data_list`]).

use std::io::{BufRead, BufReader};
use std::sync::Arc;

use csv::ByteRecord;

use super::data_list;
use super::delimited::{beginning, known_encoding};
use super::evidence::TextEvidence;
use super::input::{Characters, TextInput, damaged};
use super::literal::point_number;
use super::table::{Layout, Records, TextTable, learn};
use crate::column::ColumnKind;
use crate::encoding::TextEncoding;
use crate::error::ReadError;
use crate::options::ReadOptions;
use crate::provenance::{Note, Provenance};
use crate::source::Source;
use crate::table::Table;
use crate::variable::{LabelledValue, MissingCodes, Variable};

/// A dictionary is read whole; one larger than this is none.
const LONGEST_DICTIONARY: usize = 16 << 20;

/// Names of the columns of a dictionary, in the four languages.
const COLUMNS: [(&str, &[&str]); 9] = [
    ("name", &["name", "variable", "nombre", "nome", "nom"]),
    ("start", &["start", "inicio", "início", "desde", "debut", "début", "position", "posicion", "posición", "posição"]),
    ("width", &["width", "length", "ancho", "longitud", "largura", "tamanho", "largeur", "longueur"]),
    ("end", &["end", "fin", "hasta", "fim"]),
    ("type", &["type", "tipo"]),
    ("decimals", &["decimals", "decimales", "decimais", "décimales"]),
    ("label", &["label", "etiqueta", "rótulo", "rotulo", "libellé", "libelle", "étiquette"]),
    ("values", &["values", "valores", "valeurs"]),
    ("missing", &["missing", "perdidos", "faltantes", "ausentes", "manquantes"]),
];

/// Where a variable lies in a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Field {
    /// Characters before it.
    pub start: usize,
    pub width: usize,
    pub kind: Option<ColumnKind>,
    pub decimals: i32,
}

/// Opens text at fixed positions by its dictionary.
///
/// # Errors
/// The dictionary is not understood, or the encoding asked for is not known.
pub(crate) fn open(
    source: &Source,
    dictionary: &Source,
    options: &ReadOptions,
) -> Result<Vec<Box<dyn Table>>, ReadError> {
    let (fields, variables) = read_dictionary(dictionary)?;
    let input = TextInput::of(source)?;
    let head = input.head(4)?;
    let (known, mark) = known_encoding(&head, options)?;
    let (encoding, choice) = match known {
        Some(known) => known,
        None => {
            // Positions are counted in characters, so that the encoding must be known before any row is cut.
            let mut characters = Characters::new(&input, None, 0)?;
            let mut buffer = vec![0; 1 << 16];
            while std::io::Read::read(&mut characters, &mut buffer).map_err(damaged)? > 0 {
                characters.row_ended();
            }
            match characters.evidence().map(TextEvidence::decide) {
                Some(decided) => decided,
                None => return Err(ReadError::damaged("row", 0)),
            }
        }
    };
    let declared: Vec<Option<ColumnKind>> = fields.iter().map(|field| field.kind).collect();
    let layout = FixedWidth {
        input,
        encoding,
        mark,
        fields: fields.into(),
        names: variables.iter().map(|v| v.name.clone()).collect(),
    };
    let mut records = layout.records()?;
    let learned = learn(records.as_mut(), &variables, encoding == TextEncoding::UTF_8)?;
    let mut provenance = Provenance { format: "TXT".to_owned(), notes: records.notes(), ..Provenance::default() };
    provenance.decoded(choice);
    let name = source.stem();
    Ok(vec![Box::new(TextTable::new(name, Arc::new(layout), variables, &declared, &learned, provenance, options))])
}

/// Reads the dictionary.
fn read_dictionary(dictionary: &Source) -> Result<(Vec<Field>, Vec<Variable>), ReadError> {
    let wrong = |row: u64, what: &str| ReadError::Dictionary { row, what: what.to_owned() };
    let bytes = dictionary.head(LONGEST_DICTIONARY)?;
    let mut evidence = TextEvidence::new();
    evidence.add(&bytes);
    let (encoding, mark) = match known_encoding(&bytes, &ReadOptions::default())? {
        (Some((encoding, _)), mark) => (encoding, mark),
        (None, _) => (evidence.decide().0, 0),
    };
    let text = encoding.decode(&bytes[mark..]).0.into_owned();
    if data_list::is_syntax(&text) {
        return data_list::read(&text);
    }
    let separator = beginning(text.as_bytes(), false, None).delimiter;
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().map_err(|_| wrong(0, "name"))?.iter().map(str::to_lowercase).collect();
    let position = |wanted: &str| {
        let names = COLUMNS.iter().find(|(name, _)| *name == wanted).map(|(_, names)| *names).unwrap_or_default();
        header.iter().position(|name| names.contains(&name.as_str()))
    };
    let name_at = position("name").ok_or_else(|| wrong(0, "name"))?;
    if position("width").is_none() && position("end").is_none() {
        return Err(wrong(0, "width"));
    }
    let (mut fields, mut variables) = (Vec::<Field>::new(), Vec::<Variable>::new());
    for (row, record) in (1..).zip(reader.records()) {
        let record = record.map_err(|_| wrong(row, "name"))?;
        let get = |wanted: &str| position(wanted).and_then(|at| record.get(at)).filter(|value| !value.is_empty());
        let number = |wanted: &str| match get(wanted) {
            None => Ok(None),
            Some(value) => {
                value.parse::<usize>().ok().filter(|n| *n <= 1 << 20).map(Some).ok_or_else(|| wrong(row, wanted))
            }
        };
        let name = record.get(name_at).unwrap_or_default();
        if name.is_empty() || variables.iter().any(|variable| variable.name == name) {
            return Err(wrong(row, "name"));
        }
        let start = match number("start")? {
            Some(0) => return Err(wrong(row, "start")),
            Some(start) => start - 1,
            None => fields.last().map_or(0, |last| last.start + last.width),
        };
        let width = match (number("width")?, number("end")?) {
            (Some(width), _) if width > 0 => width,
            (None, Some(end)) if end > start => end - start,
            _ => return Err(wrong(row, "width")),
        };
        let decimals = number("decimals")?.unwrap_or_default();
        let kind = match get("type").map(str::to_lowercase).as_deref() {
            None => None,
            Some("text" | "texto" | "texte" | "string" | "a" | "c" | "alpha") => Some(ColumnKind::Text),
            Some("integer" | "entero" | "inteiro" | "entier") if decimals == 0 => Some(ColumnKind::Integer),
            Some("number" | "numero" | "número" | "nombre" | "n" | "f" | "numeric") => {
                (decimals > 0).then_some(ColumnKind::Number)
            }
            Some(_) => return Err(wrong(row, "type")),
        };
        if decimals > 15 {
            return Err(wrong(row, "decimals"));
        }
        let value = |text: &str| match text.parse::<f64>() {
            Ok(number) if kind != Some(ColumnKind::Text) => LabelledValue::Number(number),
            _ => LabelledValue::Text(text.to_owned()),
        };
        let list = |wanted: &str| -> Vec<String> {
            get(wanted)
                .unwrap_or_default()
                .split([';', '|'])
                .map(|part| part.trim().to_owned())
                .filter(|part| !part.is_empty())
                .collect()
        };
        let mut value_labels = Vec::new();
        for pair in list("values") {
            let (code, label) = pair.split_once('=').ok_or_else(|| wrong(row, "values"))?;
            value_labels.push((value(code.trim()), label.trim().to_owned()));
        }
        let mut missing = MissingCodes::default();
        for code in list("missing") {
            match value(&code) {
                LabelledValue::Number(number) => missing.numbers.push(number),
                _ => missing.texts.push(code),
            }
        }
        fields.push(Field { start, width, kind, decimals: decimals as i32 });
        variables.push(Variable {
            label: get("label").map(str::to_owned),
            value_labels,
            missing,
            ..Variable::named(name)
        });
    }
    if fields.is_empty() { Err(wrong(0, "name")) } else { Ok((fields, variables)) }
}

struct FixedWidth {
    input: TextInput,
    encoding: TextEncoding,
    mark: usize,
    fields: Arc<[Field]>,
    names: Arc<[String]>,
}

impl Layout for FixedWidth {
    fn records(&self) -> Result<Box<dyn Records>, ReadError> {
        Ok(Box::new(FixedWidthRows {
            reader: BufReader::with_capacity(1 << 16, Characters::new(&self.input, Some(self.encoding), self.mark)?),
            fields: self.fields.clone(),
            names: self.names.clone(),
            line: Vec::new(),
            starts: Vec::new(),
            row: 0,
            short: 0,
            first_short: 0,
        }))
    }
}

struct FixedWidthRows {
    reader: BufReader<Characters>,
    fields: Arc<[Field]>,
    names: Arc<[String]>,
    line: Vec<u8>,
    /// Bytes at which the characters of the line begin, and its end.
    starts: Vec<usize>,
    row: u64,
    short: u64,
    first_short: u64,
}

impl Records for FixedWidthRows {
    fn read(&mut self, record: &mut ByteRecord) -> Result<bool, ReadError> {
        loop {
            self.line.clear();
            self.reader.get_mut().row_ended();
            if self.reader.read_until(b'\n', &mut self.line).map_err(damaged)? == 0 {
                return Ok(false);
            }
            while matches!(self.line.last(), Some(b'\n' | b'\r' | 0x1a)) {
                self.line.pop();
            }
            if !self.line.is_empty() {
                break;
            }
        }
        self.row += 1;
        // A byte that begins no character belongs to the one before.
        self.starts.clear();
        self.starts.extend(self.line.iter().enumerate().filter(|(_, byte)| **byte & 0xc0 != 0x80).map(|(at, _)| at));
        let length = self.starts.len();
        self.starts.push(self.line.len());
        record.clear();
        let mut short = false;
        for (field, name) in self.fields.iter().zip(self.names.iter()) {
            let (from, to) = (field.start.min(length), (field.start + field.width).min(length));
            let value = &self.line[self.starts[from]..self.starts[to]];
            let numeric = matches!(field.kind, Some(ColumnKind::Integer | ColumnKind::Number));
            if to < field.start + field.width {
                short = true;
                // Editors cut blanks at the end of a line; half a number is damage.
                if numeric && !value.trim_ascii().is_empty() {
                    return Err(ReadError::Damaged {
                        what: "row",
                        offset: None,
                        row: Some(self.row),
                        column: Some(name.clone()),
                    });
                }
            }
            match field.decimals {
                0 => record.push_field(value),
                decimals => {
                    match std::str::from_utf8(value.trim_ascii()).ok().and_then(|digits| digits.parse::<i64>().ok()) {
                        Some(whole) => record.push_field(point_number(whole as f64 / 10f64.powi(decimals)).as_bytes()),
                        None => record.push_field(value),
                    }
                }
            }
        }
        if short {
            self.short += 1;
            if self.short == 1 {
                self.first_short = self.row;
            }
        }
        Ok(true)
    }

    fn evidence(&self) -> Option<&TextEvidence> {
        None
    }

    fn notes(&self) -> Vec<Note> {
        if self.short > 0 { vec![Note::fact("READ-132", self.short).row(self.first_short)] } else { Vec::new() }
    }
}
