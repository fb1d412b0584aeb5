//! The syntax of SPSS as a dictionary of text at fixed positions: offices ship `DATA LIST` with their ASCII data.
//!
//! Of the commands of a syntax file, `DATA LIST`, `VARIABLE LABELS`, `VALUE LABELS`, `ADD VALUE LABELS` and `MISSING VALUES` are followed, all
//! others passed over. Columns (`SEXO 3 (A)`, `P1 TO P5 10-14`) and formats (`F8.2`, `A10`, `3X`, `T20`) say where variables lie.
//!
//! Source: IBM SPSS Statistics, Command Syntax Reference, "DATA LIST", "VARIABLE LABELS", "VALUE LABELS", "MISSING VALUES".

use super::fixed_width::Field;
use crate::column::ColumnKind;
use crate::error::ReadError;
use crate::variable::{LabelledValue, MissingCodes, Variable};

/// Variables that `P1 TO P99999` may stand for.
const MOST_VARIABLES: usize = 32_767;

/// Columns that a row may have.
const MOST_COLUMNS: usize = 1 << 20;

/// Whether a text is a syntax file that describes data at fixed positions.
pub(super) fn is_syntax(text: &str) -> bool {
    commands(text).iter().any(|command| command.is("DATA", "LIST"))
}

/// What the syntax says of the variables.
///
/// # Errors
/// [`ReadError::Dictionary`], with the line and the word of the syntax that is not understood.
pub(super) fn read(text: &str) -> Result<(Vec<Field>, Vec<Variable>), ReadError> {
    let commands = commands(text);
    let mut list = commands.iter().filter(|command| command.is("DATA", "LIST"));
    let Some(first) = list.next() else { return Err(wrong(0, "DATA LIST")) };
    if let Some(second) = list.next() {
        return Err(wrong(second.line(), "DATA LIST"));
    }
    let (mut fields, mut variables) = data_list(first)?;
    for command in &commands {
        if command.is("VARIABLE", "LABELS") {
            variable_labels(command, &mut variables)?;
        } else if command.is("VALUE", "LABELS") || command.is("ADD", "VALUE") {
            value_labels(command, &mut variables, &fields)?;
        } else if command.is("MISSING", "VALUES") {
            missing_values(command, &mut variables)?;
        }
    }
    for (field, variable) in fields.iter_mut().zip(&variables) {
        // Codes with labels are numbers, whatever zeros they are written with.
        if field.kind.is_none() && !(variable.value_labels.is_empty() && variable.missing.is_empty()) {
            field.kind = Some(ColumnKind::Integer);
        }
    }
    Ok((fields, variables))
}

fn wrong(line: u64, what: impl Into<String>) -> ReadError {
    ReadError::Dictionary { row: line, what: what.into() }
}

/// A word, a text in quotes, or a sign, and its line.
#[derive(Debug, Clone, PartialEq)]
struct Token {
    kind: Kind,
    line: u64,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Word(String),
    Text(String),
    Sign(char),
}

/// A command up to its period.
struct Command(Vec<Token>);

impl Command {
    /// Whether it begins with two words, of which three letters are enough.
    fn is(&self, first: &str, second: &str) -> bool {
        let begins = |position: usize, full: &str| match self.0.get(position).map(|token| &token.kind) {
            Some(Kind::Word(word)) => {
                let word = word.to_ascii_uppercase();
                word.len() >= 3 && full.starts_with(&word)
            }
            _ => false,
        };
        begins(0, first) && begins(1, second)
    }

    fn line(&self) -> u64 {
        self.0.first().map_or(0, |token| token.line)
    }
}

/// Cuts a syntax file into commands: they end with a period at the end of a line, or with an empty line. What stands after `*` or
/// `COMMENT` to that end, and between `/*` and `*/` or the end of the line, is comment.
fn commands(text: &str) -> Vec<Command> {
    let mut commands = Vec::new();
    let mut tokens: Vec<Token> = Vec::new();
    let mut comment = false;
    for (line, content) in (1..).zip(text.lines()) {
        let content = content.trim_end();
        if content.is_empty() {
            commands.extend((!tokens.is_empty()).then(|| Command(std::mem::take(&mut tokens))));
            comment = false;
            continue;
        }
        let begins = content.trim_start();
        let word = begins.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        if tokens.is_empty() && !comment {
            comment = begins.starts_with('*') || word.eq_ignore_ascii_case("COMMENT");
        }
        let ends = content.ends_with('.');
        if !comment {
            tokenise(content.strip_suffix('.').unwrap_or(content), line, &mut tokens);
        }
        if ends {
            commands.extend((!tokens.is_empty()).then(|| Command(std::mem::take(&mut tokens))));
            comment = false;
        }
    }
    commands.extend((!tokens.is_empty()).then_some(Command(tokens)));
    commands
}

fn tokenise(content: &str, line: u64, tokens: &mut Vec<Token>) {
    let mut characters = content.chars().peekable();
    let mut before = ' ';
    // Texts joined with + are one.
    let mut joins = false;
    while let Some(character) = characters.next() {
        match character {
            '\'' | '"' => {
                let mut text = String::new();
                while let Some(next) = characters.next() {
                    // A quote within a text is written twice.
                    if next == character && characters.next_if_eq(&character).is_none() {
                        break;
                    }
                    text.push(next);
                }
                match tokens.last_mut() {
                    Some(Token { kind: Kind::Text(earlier), .. }) if joins => earlier.push_str(&text),
                    _ => tokens.push(Token { kind: Kind::Text(text), line }),
                }
                joins = false;
            }
            '/' if characters.peek() == Some(&'*') => {
                let mut last = ' ';
                characters.next();
                for next in characters.by_ref() {
                    if last == '*' && next == '/' {
                        break;
                    }
                    last = next;
                }
            }
            '+' if matches!(tokens.last(), Some(Token { kind: Kind::Text(_), .. })) => joins = true,
            _ if character.is_whitespace() => {}
            '-' if !(before.is_alphanumeric() || before == ' ' && characters.peek() == Some(&' '))
                && characters.peek().is_some_and(|next| next.is_ascii_digit() || *next == '.')
                // `3 -4` are the columns 3 to 4 only where columns are listed; there no number is negative.
                && !matches!(tokens.last(), Some(Token { kind: Kind::Word(word), .. }) if word.parse::<u32>().is_ok()) =>
            {
                let mut word = "-".to_owned();
                while let Some(next) = characters.next_if(|next| is_of_word(*next)) {
                    word.push(next);
                }
                tokens.push(Token { kind: Kind::Word(word), line });
            }
            _ if is_of_word(character) => {
                let mut word = character.to_string();
                while let Some(next) = characters.next_if(|next| is_of_word(*next)) {
                    word.push(next);
                }
                tokens.push(Token { kind: Kind::Word(word), line });
            }
            sign => tokens.push(Token { kind: Kind::Sign(sign), line }),
        }
        before = character;
    }
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '.' | '@' | '#' | '$')
}

/// Tokens of a command, taken one by one.
struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl<'a> Reader<'a> {
    fn after(command: &'a Command, words: usize) -> Reader<'a> {
        Reader { tokens: &command.0, at: words }
    }

    fn peek(&self) -> Option<&'a Kind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    fn next(&mut self) -> Option<&'a Kind> {
        self.at += 1;
        self.tokens.get(self.at - 1).map(|token| &token.kind)
    }

    fn sign(&mut self, sign: char) -> bool {
        let found = self.peek() == Some(&Kind::Sign(sign));
        self.at += usize::from(found);
        found
    }

    fn word(&mut self) -> Option<&'a str> {
        match self.peek() {
            Some(Kind::Word(word)) => {
                self.at += 1;
                Some(word)
            }
            _ => None,
        }
    }

    fn keyword(&mut self, keyword: &str) -> bool {
        let found = matches!(self.peek(), Some(Kind::Word(word)) if word.eq_ignore_ascii_case(keyword));
        self.at += usize::from(found);
        found
    }

    fn number(&mut self) -> Option<usize> {
        let Some(Kind::Word(word)) = self.peek() else { return None };
        let number = word.parse().ok().filter(|number| *number <= MOST_COLUMNS)?;
        self.at += 1;
        Some(number)
    }

    /// That what stands here is not understood.
    fn wrong(&self) -> ReadError {
        let token = self.tokens.get(self.at).or(self.tokens.last());
        let what = match token.map(|token| &token.kind) {
            Some(Kind::Word(word)) => word.clone(),
            Some(Kind::Sign(sign)) => sign.to_string(),
            // Texts may be anything.
            Some(Kind::Text(_)) => "'…'".to_owned(),
            None => "DATA LIST".to_owned(),
        };
        wrong(token.map_or(0, |token| token.line), what)
    }
}

/// The names of `P1 TO P5`: the letters stay, the digits count up.
fn names_between(first: &str, last: &str) -> Option<Vec<String>> {
    let split = |name: &str| {
        let digits = name.len() - name.bytes().rev().take_while(u8::is_ascii_digit).count();
        Some((name[..digits].to_owned(), name[digits..].parse::<usize>().ok()?, name.len() - digits))
    };
    let ((stem, from, width), (other, to, _)) = (split(first)?, split(last)?);
    if !stem.eq_ignore_ascii_case(&other) || to < from || to - from >= MOST_VARIABLES {
        return None;
    }
    let padded = first[stem.len()..].starts_with('0');
    Some(
        (from..=to)
            .map(|number| if padded { format!("{stem}{number:0width$}") } else { format!("{stem}{number}") })
            .collect(),
    )
}

fn data_list(command: &Command) -> Result<(Vec<Field>, Vec<Variable>), ReadError> {
    let mut reader = Reader::after(command, 2);
    // Options before the first slash.
    while !reader.sign('/') {
        let at = reader.at;
        let Some(option) = reader.word().map(str::to_ascii_uppercase) else {
            // The name of a file, or a list in brackets.
            match reader.next() {
                Some(_) => continue,
                None => return Err(reader.wrong()),
            }
        };
        let value = if reader.sign('=') { reader.number() } else { None };
        let understood = match option.as_str() {
            // Rows are lines here, all of them data, and fields have positions.
            "FREE" | "LIST" => false,
            "RECORDS" => value == Some(1),
            "SKIP" => value == Some(0),
            _ => true,
        };
        if !understood {
            reader.at = at;
            return Err(reader.wrong());
        }
    }
    let (mut fields, mut variables) = (Vec::<Field>::new(), Vec::<Variable>::new());
    let mut taken = std::collections::HashSet::new();
    let mut position = 0;
    // The number of the record.
    let at = reader.at;
    if reader.number().is_some_and(|record| record != 1) {
        reader.at = at;
        return Err(reader.wrong());
    }
    while reader.peek().is_some() {
        let mut names: Vec<String> = Vec::new();
        while let Some(Kind::Word(word)) = reader.peek() {
            if !word.starts_with(|first: char| first.is_alphabetic() || matches!(first, '@' | '#' | '$' | '_')) {
                break;
            }
            if reader.keyword("TO") {
                let between = names.pop().zip(reader.word()).and_then(|(first, last)| names_between(&first, last));
                names.extend(between.ok_or_else(|| reader.wrong())?);
            } else {
                names.extend(reader.word().map(str::to_owned));
            }
        }
        if names.is_empty() || variables.len() + names.len() > MOST_VARIABLES {
            return Err(reader.wrong());
        }
        let places = match reader.number() {
            Some(first) => columns(&mut reader, first, names.len())?,
            None => formats(&mut reader, position, names.len())?,
        };
        for (name, field) in names.into_iter().zip(places) {
            if !taken.insert(name.to_lowercase()) {
                return Err(wrong(reader.tokens.get(reader.at - 1).map_or(0, |token| token.line), name));
            }
            position = field.start + field.width;
            fields.push(field);
            variables.push(Variable::named(name));
        }
    }
    if fields.is_empty() { Err(reader.wrong()) } else { Ok((fields, variables)) }
}

/// Columns `first-last (format)` of so many variables, which share them.
fn columns(reader: &mut Reader<'_>, first: usize, names: usize) -> Result<Vec<Field>, ReadError> {
    let last = if reader.sign('-') { reader.number().ok_or_else(|| reader.wrong())? } else { first };
    let width = (last + 1).saturating_sub(first);
    if first == 0 || width == 0 || width % names != 0 {
        return Err(reader.wrong());
    }
    let (mut kind, mut decimals) = (None, 0);
    if reader.sign('(') {
        while !reader.sign(')') {
            match reader.next() {
                Some(Kind::Word(word)) => match word.parse::<i32>() {
                    Ok(number @ 0..=15) => decimals = number,
                    _ if is_text(word) => kind = Some(ColumnKind::Text),
                    _ => {}
                },
                Some(Kind::Sign(',')) => {}
                _ => return Err(reader.wrong()),
            }
        }
    }
    if kind.is_none() && decimals > 0 {
        kind = Some(ColumnKind::Number);
    }
    let each = width / names;
    Ok((0..names).map(|number| Field { start: first - 1 + number * each, width: each, kind, decimals }).collect())
}

fn is_text(format: &str) -> bool {
    let letters = format.trim_end_matches(|c: char| c.is_ascii_digit()).to_ascii_uppercase();
    matches!(letters.as_str(), "A" | "AHEX")
}

/// Formats in brackets, `(2F3.0, A10, 3X, T20)`, for so many variables from a position on.
fn formats(reader: &mut Reader<'_>, start: usize, names: usize) -> Result<Vec<Field>, ReadError> {
    let mut position = start;
    let mut places = Vec::new();
    if !reader.sign('(') {
        return Err(reader.wrong());
    }
    while !reader.sign(')') {
        if reader.sign(',') {
            continue;
        }
        let at = reader.at;
        let format = reader.word().map(str::to_ascii_uppercase).unwrap_or_default();
        let place = || -> Option<(usize, String, usize, i32)> {
            let digits = format.len() - format.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let times = if digits == 0 { 1 } else { format[..digits].parse().ok()? };
            let rest = &format[digits..];
            let letters = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
            let (width, decimals) = rest[letters..].split_once('.').unwrap_or((&rest[letters..], "0"));
            let width = if width.is_empty() { 0 } else { width.parse().ok()? };
            Some((times, rest[..letters].to_owned(), width, decimals.parse().ok().filter(|decimals| *decimals <= 15)?))
        };
        let understood = place().filter(|(times, _, width, _)| *times <= MOST_VARIABLES && *width <= MOST_COLUMNS);
        match understood {
            Some((times, letters, 0, _)) if letters == "X" => position += times,
            Some((1, letters, column, _)) if letters == "T" && column > 0 => position = column - 1,
            Some((times, letters, width, decimals))
                if width > 0 && !letters.is_empty() && places.len() + times <= names =>
            {
                let kind = match is_text(&letters) {
                    true => Some(ColumnKind::Text),
                    false => (decimals > 0).then_some(ColumnKind::Number),
                };
                for _ in 0..times {
                    places.push(Field { start: position, width, kind, decimals });
                    position += width;
                }
            }
            _ => {
                reader.at = at;
                return Err(reader.wrong());
            }
        }
        if position > MOST_COLUMNS {
            return Err(reader.wrong());
        }
    }
    // One format holds for all.
    if let [only] = places[..]
        && names > 1
    {
        places = (0..names).map(|number| Field { start: only.start + number * only.width, ..only }).collect();
    }
    if places.len() == names && places.iter().all(|place| place.start + place.width <= MOST_COLUMNS) {
        Ok(places)
    } else {
        Err(reader.wrong())
    }
}

/// Positions of the variables that stand here, up to what is none; `TO` is all between two in the order of the data.
fn variables_named(reader: &mut Reader<'_>, variables: &[Variable]) -> Result<Vec<usize>, ReadError> {
    let find = |name: &str| variables.iter().position(|variable| variable.name.eq_ignore_ascii_case(name));
    let mut found: Vec<usize> = Vec::new();
    while let Some(Kind::Word(word)) = reader.peek() {
        if reader.keyword("ALL") {
            found.extend(0..variables.len());
        } else if reader.keyword("TO") {
            let last = reader.word().and_then(find);
            match found.last().copied().zip(last) {
                Some((first, last)) if first <= last => found.extend(first + 1..=last),
                _ => return Err(reader.wrong()),
            }
        } else if let Some(position) = find(word) {
            reader.at += 1;
            found.push(position);
        } else {
            break;
        }
        if found.len() > MOST_VARIABLES {
            return Err(reader.wrong());
        }
    }
    Ok(found)
}

fn variable_labels(command: &Command, variables: &mut [Variable]) -> Result<(), ReadError> {
    let mut reader = Reader::after(command, 2);
    while reader.peek().is_some() {
        if reader.sign('/') {
            continue;
        }
        let positions = variables_named(&mut reader, variables)?;
        match (&positions[..], reader.next()) {
            ([position], Some(Kind::Text(label))) => variables[*position].label = Some(label.trim_end().to_owned()),
            // A variable computed later in the syntax.
            ([], Some(Kind::Word(_))) if matches!(reader.peek(), Some(Kind::Text(_))) => reader.at += 1,
            _ => return Err(reader.wrong()),
        }
    }
    Ok(())
}

fn value_labels(command: &Command, variables: &mut [Variable], fields: &[Field]) -> Result<(), ReadError> {
    let words = if command.is("ADD", "VALUE") { 3 } else { 2 };
    let mut reader = Reader::after(command, words);
    while reader.peek().is_some() {
        if reader.sign('/') {
            continue;
        }
        let positions = variables_named(&mut reader, variables)?;
        // Variables that are computed later in the syntax are passed over.
        let known = !positions.is_empty();
        while !known && matches!(reader.peek(), Some(Kind::Word(word)) if word.parse::<f64>().is_err()) {
            reader.at += 1;
        }
        let mut labels: Vec<(&Kind, String)> = Vec::new();
        while let Some(value @ (Kind::Word(_) | Kind::Text(_))) = reader.next() {
            reader.sign(',');
            match reader.next() {
                Some(Kind::Text(label)) => labels.push((value, label.trim_end().to_owned())),
                _ => {
                    reader.at -= 1;
                    return Err(reader.wrong());
                }
            }
            reader.sign(',');
            if matches!(reader.peek(), None | Some(Kind::Sign('/'))) {
                break;
            }
        }
        for position in positions {
            let text = fields[position].kind == Some(ColumnKind::Text);
            for (value, label) in &labels {
                let value = match value {
                    Kind::Word(word) => match word.parse() {
                        Ok(number) if !text => LabelledValue::Number(number),
                        _ => LabelledValue::Text(word.clone()),
                    },
                    Kind::Text(value) => LabelledValue::Text(value.trim_end().to_owned()),
                    Kind::Sign(_) => continue,
                };
                variables[position].value_labels.push((value, label.clone()));
            }
            if variables[position].value_labels.len() > 1 << 16 {
                return Err(reader.wrong());
            }
        }
    }
    Ok(())
}

fn missing_values(command: &Command, variables: &mut [Variable]) -> Result<(), ReadError> {
    let mut reader = Reader::after(command, 2);
    while reader.peek().is_some() {
        if reader.sign('/') {
            continue;
        }
        let positions = variables_named(&mut reader, variables)?;
        while positions.is_empty() && reader.word().is_some() {}
        if !reader.sign('(') {
            return Err(reader.wrong());
        }
        let mut missing = MissingCodes::default();
        let bound = |word: &str| match word.to_ascii_uppercase().as_str() {
            "LO" | "LOWEST" => Some(f64::NEG_INFINITY),
            "HI" | "HIGHEST" => Some(f64::INFINITY),
            number => number.parse().ok(),
        };
        while !reader.sign(')') {
            match reader.next() {
                Some(Kind::Sign(',')) => {}
                Some(Kind::Text(text)) => missing.texts.push(text.trim_end().to_owned()),
                Some(Kind::Word(word)) => {
                    let Some(low) = bound(word) else {
                        reader.at -= 1;
                        return Err(reader.wrong());
                    };
                    if reader.keyword("THRU") {
                        let high = reader.word().and_then(bound).ok_or_else(|| reader.wrong())?;
                        missing.ranges.push((low, high));
                    } else {
                        missing.numbers.push(low);
                    }
                }
                _ => return Err(reader.wrong()),
            }
        }
        for position in positions {
            variables[position].missing = missing.clone();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SYNTAX: &str = "* Diccionario de la encuesta.\r\nDATA LIST FILE='C:\\enc\\hogar.txt' RECORDS=1 TABLE\r\n\
        /1 DEPTO 1-2 (A) SEXO 3 EDAD 4-6\r\n  INGRESO 7-14 (2) /* quetzales */ P1 TO P3 15-17\r\n  NOMBRE (A6) FACTOR (T30, F6.3).\r\n\
        \r\nVARIABLE LABELS SEXO 'Sexo' /EDAD \"Edad en a\u{f1}os\"\n  NOMBRE 'Nombre del ''jefe'' ' + 'de hogar'.\n\
        VALUE LABELS SEXO 1 'Hombre' 2 'Mujer' / P1 TO P3 1 'S\u{ed}', 2 'No' -1 'No sabe' /DEPTO '01' 'Guatemala'.\n\
        MISSING VALUES EDAD (998, 999) P1 TO P2 (LO THRU -1) DEPTO (' ').\nSAVE OUTFILE='x.sav'.\n";

    #[test]
    fn positions_labels_and_missing_codes_are_those_of_the_syntax() {
        assert!(is_syntax(SYNTAX) && !is_syntax("nombre,inicio,ancho\na,1,2\n"));
        let (fields, variables) = read(SYNTAX).unwrap();
        let names: Vec<&str> = variables.iter().map(|variable| variable.name.as_str()).collect();
        assert_eq!(names, ["DEPTO", "SEXO", "EDAD", "INGRESO", "P1", "P2", "P3", "NOMBRE", "FACTOR"]);
        let places: Vec<(usize, usize)> = fields.iter().map(|field| (field.start, field.width)).collect();
        assert_eq!(places, [(0, 2), (2, 1), (3, 3), (6, 8), (14, 1), (15, 1), (16, 1), (17, 6), (29, 6)]);
        assert_eq!((fields[3].decimals, fields[8].decimals), (2, 3));
        let kinds = [0, 1, 3, 7].map(|position| fields[position].kind);
        let (text, number) = (Some(ColumnKind::Text), Some(ColumnKind::Number));
        assert_eq!(kinds, [text, Some(ColumnKind::Integer), number, text]);
        assert_eq!(variables[2].label.as_deref(), Some("Edad en a\u{f1}os"));
        assert_eq!(variables[7].label.as_deref(), Some("Nombre del 'jefe' de hogar"));
        assert_eq!(variables[1].value_labels[1], (LabelledValue::Number(2.0), "Mujer".to_owned()));
        assert_eq!(variables[5].value_labels[2], (LabelledValue::Number(-1.0), "No sabe".to_owned()));
        assert_eq!(variables[0].value_labels, [(LabelledValue::Text("01".to_owned()), "Guatemala".to_owned())]);
        assert_eq!(variables[2].missing.numbers, [998.0, 999.0]);
        assert_eq!(variables[4].missing.ranges, [(f64::NEG_INFINITY, -1.0)]);
        assert_eq!((variables[6].missing.is_empty(), &variables[0].missing.texts[..]), (true, &[String::new()][..]));
    }

    #[test]
    fn what_is_not_understood_is_said_with_its_line() {
        let error = |syntax: &str| match read(syntax) {
            Err(ReadError::Dictionary { row, what }) => (row, what),
            other => panic!("{other:?}"),
        };
        assert_eq!(error("DATA LIST FREE / A B."), (1, "FREE".to_owned()));
        assert_eq!(error("\nDATA LIST RECORDS=2\n /1 A 1 /2 B 1."), (2, "RECORDS".to_owned()));
        assert_eq!(error("DATA LIST / A 1-3\n B C 4-6.").0, 2);
        assert_eq!(error("DATA LIST / A 1 a 2."), (1, "a".to_owned()));
        assert_eq!(error("DATA LIST / P1 TO P99999999 1-2.").0, 1);
        assert_eq!(error("DATA LIST / A 1.\nMISSING VALUES A (x)."), (2, "x".to_owned()));
    }
}
