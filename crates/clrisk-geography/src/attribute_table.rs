//! The dBASE table beside a shapefile.
//!
//! Values stay as the file writes them, so that a code in a numeric field keeps its digits; rows marked as deleted keep their
//! place, because shapes are matched to rows by position.
//!
//! Source: dBASE III+ file structure; ESRI Shapefile Technical Description (1998), "Organization of the dBASE File".

use crate::error::GeographyError;
use crate::layer::number_text;
use crate::text_encoding::TextEncoding;

/// A field of the table.
struct Field {
    name: Vec<u8>,
    kind: u8,
    start: usize,
    length: usize,
}

/// The table; rows are cut from the bytes of the file when asked for.
pub(crate) struct AttributeTable<'a> {
    fields: Vec<Field>,
    rows: &'a [u8],
    width: usize,
    count: usize,
    /// How texts are encoded.
    pub encoding: TextEncoding,
}

fn damaged(row: usize) -> GeographyError {
    GeographyError::Damaged { part: "dbf", row: Some(row as u64) }
}

impl<'a> AttributeTable<'a> {
    /// Reads the header. `encoding` is what a setting or the `.cpg` file says.
    ///
    /// # Errors
    /// [`GeographyError::Damaged`] when header and size of the file contradict each other.
    pub fn open(bytes: &'a [u8], encoding: Option<TextEncoding>) -> Result<AttributeTable<'a>, GeographyError> {
        let header = bytes.get(..32).ok_or_else(|| damaged(0))?;
        let stated = u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize;
        let start = usize::from(u16::from_le_bytes([header[8], header[9]]));
        let width = usize::from(u16::from_le_bytes([header[10], header[11]]));
        let mut fields = Vec::new();
        let mut offset = 1;
        for entry in bytes.get(32..start).ok_or_else(|| damaged(0))?.chunks_exact(32) {
            if entry[0] == 0x0d {
                break;
            }
            let name = entry[..11].split(|&byte| byte == 0).next().unwrap_or_default().to_vec();
            let length = usize::from(entry[16]);
            // A row of no bytes could have any number of properties.
            if length == 0 {
                return Err(damaged(0));
            }
            fields.push(Field { name, kind: entry[11], start: offset, length });
            offset += length;
        }
        let rows = bytes.get(start..).ok_or_else(|| damaged(0))?;
        if width < offset || fields.is_empty() {
            return Err(damaged(0));
        }
        let count = stated.min(rows.len() / width);
        if count < stated {
            return Err(damaged(count + 1));
        }
        let driver = TextEncoding::of_language_driver(header[29]);
        let mut table = AttributeTable { fields, rows, width, count, encoding: TextEncoding::UTF8 };
        let unicode = table.texts().all(is_unicode);
        table.encoding = match encoding.filter(|encoding| *encoding != TextEncoding::UTF8) {
            Some(encoding) => encoding,
            None if unicode => TextEncoding::UTF8,
            None => driver.unwrap_or(TextEncoding::WINDOWS),
        };
        Ok(table)
    }

    /// Number of rows, deleted ones too.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Names and values of row `row`; none when it is marked as deleted.
    pub fn row(&self, row: usize) -> Option<Vec<(String, Option<String>)>> {
        let record = self.rows.get(row * self.width..(row + 1) * self.width)?;
        if record[0] == b'*' {
            return None;
        }
        let value = |field: &Field| {
            let name = self.encoding.decode(&field.name).trim().to_owned();
            (name, self.value(field.kind, &record[field.start..field.start + field.length]))
        };
        Some(self.fields.iter().map(value).collect())
    }

    fn value(&self, kind: u8, bytes: &[u8]) -> Option<String> {
        match kind {
            b'I' | b'+' => bytes.try_into().ok().map(|bytes| i32::from_le_bytes(bytes).to_string()),
            b'L' => match bytes.first()? {
                b'T' | b't' | b'Y' | b'y' => Some("true".to_owned()),
                b'F' | b'f' | b'N' | b'n' => Some("false".to_owned()),
                _ => None,
            },
            b'N' | b'F' => {
                let text = std::str::from_utf8(bytes).ok()?.trim_matches([' ', '\0']);
                if text.contains(['.', 'e', 'E']) {
                    return text.parse::<f64>().ok().filter(|number| number.is_finite()).map(number_text);
                }
                (!text.is_empty() && !text.starts_with('*')).then(|| text.to_owned())
            }
            b'D' => {
                let text = std::str::from_utf8(bytes).ok()?;
                let date = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
                date.then(|| format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]))
            }
            b'C' => {
                let text = self.encoding.decode(without_cut_character(bytes, self.encoding));
                let text = text.trim_matches([' ', '\0']);
                (!text.is_empty()).then(|| text.to_owned())
            }
            _ => None,
        }
    }

    /// The bytes of all texts and of the names of fields.
    fn texts(&self) -> impl Iterator<Item = &[u8]> {
        let cells = (0..self.count).flat_map(move |row| {
            let texts = self.fields.iter().filter(|field| field.kind == b'C');
            texts.map(move |field| &self.rows[row * self.width + field.start..][..field.length])
        });
        self.fields.iter().map(|field| field.name.as_slice()).chain(cells)
    }
}

/// UTF-8, or UTF-8 whose last character the width of the field has cut.
fn is_unicode(bytes: &[u8]) -> bool {
    let bytes = trimmed(bytes);
    std::str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true)
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| !matches!(byte, b' ' | 0)).map_or(0, |last| last + 1);
    &bytes[..end]
}

fn without_cut_character(bytes: &[u8], encoding: TextEncoding) -> &[u8] {
    let bytes = trimmed(bytes);
    match std::str::from_utf8(bytes) {
        Err(error) if encoding == TextEncoding::UTF8 && error.error_len().is_none() => &bytes[..error.valid_up_to()],
        _ => bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of one text field of five bytes and one numeric field of four.
    fn table(rows: &[(&[u8; 5], &[u8; 4], bool)]) -> Vec<u8> {
        let mut bytes = vec![3, 126, 11, 25];
        bytes.extend((rows.len() as u32).to_le_bytes());
        bytes.extend((32u16 + 64 + 1).to_le_bytes());
        bytes.extend(10u16.to_le_bytes());
        bytes.resize(32, 0);
        for (name, kind, length) in [("NOMBRE", b'C', 5), ("COD", b'N', 4)] {
            let mut field = name.as_bytes().to_vec();
            field.resize(32, 0);
            field[11] = kind;
            field[16] = length;
            bytes.extend(field);
        }
        bytes.push(0x0d);
        for (text, number, deleted) in rows {
            bytes.push(if *deleted { b'*' } else { b' ' });
            bytes.extend(*text);
            bytes.extend(*number);
        }
        bytes
    }

    fn texts(bytes: &[u8], encoding: Option<TextEncoding>) -> Vec<Option<Vec<Option<String>>>> {
        let table = AttributeTable::open(bytes, encoding).unwrap();
        (0..table.len())
            .map(|row| table.row(row).map(|row| row.into_iter().map(|(_, value)| value).collect()))
            .collect()
    }

    #[test]
    fn codes_in_numeric_fields_keep_their_digits_and_deleted_rows_their_place() {
        let bytes = table(&[(b"Moca ", b"0901", false), (b"x    ", b" 902", true), (b"     ", b" 1.0", false)]);
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(texts(&bytes, None), [Some(vec![text("Moca"), text("0901")]), None, Some(vec![None, text("1")])]);
    }

    #[test]
    fn the_encoding_is_found_when_nothing_says_it() {
        let name = |bytes: &[u8], encoding| texts(bytes, encoding)[0].as_ref().unwrap()[0].clone().unwrap();
        assert_eq!(name(&table(&[(b"\xd1u\xf1oa", b"   1", false)]), None), "Ñuñoa");
        assert_eq!(name(&table(&[("Ñuño".as_bytes()[..5].try_into().unwrap(), b"   1", false)]), None), "Ñuñ");
        let mut dos = table(&[(b"\xa5u\xa4oa", b"   1", false)]);
        dos[29] = 0x02;
        assert_eq!(name(&dos, None), "Ñuñoa");
        assert_eq!(name(&dos, Some(TextEncoding::UTF8)), "Ñuñoa", "a .cpg file that is wrong is not believed");
        assert_eq!(name(&dos, Some(TextEncoding::WINDOWS)), "¥u¤oa", "a setting is");
    }

    #[test]
    fn a_table_shorter_than_it_says_is_damaged_at_the_row_it_lacks() {
        let bytes = table(&[(b"Moca ", b"0901", false), (b"x    ", b" 902", false)]);
        let short = &bytes[..bytes.len() - 1];
        assert_eq!(AttributeTable::open(short, None).err(), Some(damaged(2)));
        for length in 0..97 {
            assert!(AttributeTable::open(&bytes[..length], None).is_err());
        }
    }
}
