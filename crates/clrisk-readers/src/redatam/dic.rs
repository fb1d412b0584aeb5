//! The binary dictionary (`.dic`) of REDATAM.
//!
//! Texts are a length of two bytes (or 0xffff and a length of four) and so many bytes. After a header of 1,033 bytes, most of them left
//! over from memory, and a few texts, each entity is followed by its variables:
//!
//! - entity: name; name again (not for the root); name of the parent; label; path of the `.ptr` file; flags; names of the variables that
//!   hold code and name; documentation; level; number of variables; flags; 16 bytes; weight variable; label; two flags;
//! - variable: name; `DATASET PCK 'path' SIZE 7`; filter; range; type; value labels; label; `MISSING 9 NOTAPPLICABLE 10 DECIMALS 2`;
//!   flags; documentation; number; 16 bytes.
//!
//! This was worked out from the files and from what Open Redatam (litalbarkai/open-redatam, Apache-2.0) and redatam4r (FranciscoDA)
//! found out before; there is no public description. Dictionaries of other versions may have other fields in between. When a
//! dictionary does not follow the order above to its end, it is searched for what looks like entities and variables instead, and
//! a note says so.

use super::dictionary::{DEEPEST, Dictionary, DictionaryVariable, Entity, MOST_ENTITIES, Storage};
use super::label_encoding::LabelEncoding;
use crate::error::ReadError;
use crate::provenance::Note;

/// Where the texts of the header begin.
const HEADER: usize = 1_033;

/// A declaration holds a path and a few words.
const LONGEST_DECLARATION: usize = 4_096;

/// Names of entities and variables are shorter than this.
const LONGEST_NAME: usize = 64;

/// Reads a binary dictionary.
pub(super) fn read(bytes: &[u8], encoding: &LabelEncoding) -> Result<Dictionary, ReadError> {
    let parser = Parser { bytes, encoding };
    let dictionary = match parser.in_order() {
        Some(dictionary) => dictionary,
        None => parser.by_search().ok_or_else(|| ReadError::damaged("REDATAM dictionary", bytes.len() as u64))?,
    };
    Ok(dictionary)
}

struct Parser<'a> {
    bytes: &'a [u8],
    encoding: &'a LabelEncoding,
}

/// A position in the dictionary from which fields are taken; `None` when they are not there.
#[derive(Clone, Copy)]
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2).map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]))
    }

    fn text(&mut self) -> Option<&'a [u8]> {
        let length = match self.u16()? {
            0xffff => {
                let bytes = self.take(4)?;
                u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize
            }
            length => usize::from(length),
        };
        self.take(length)
    }

    fn name(&mut self) -> Option<&'a [u8]> {
        self.text().filter(|text| is_name(text))
    }
}

fn is_name(text: &[u8]) -> bool {
    !text.is_empty()
        && text.len() <= LONGEST_NAME
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b' ' | b'.' | 0x80..))
        && !text.starts_with(b" ")
}

/// What stands at the beginning of an entity.
struct EntityHead<'a> {
    name: &'a [u8],
    parent: Option<&'a [u8]>,
    label: &'a [u8],
    pointers: &'a [u8],
}

impl<'a> Parser<'a> {
    fn at(&self, at: usize) -> Cursor<'a> {
        Cursor { bytes: self.bytes, at }
    }

    /// The dictionary, when all of it follows the known order.
    fn in_order(&self) -> Option<Dictionary> {
        let mut cursor = self.at(HEADER);
        cursor.text()?; // name of the dictionary
        cursor.take(16)?; // days on which it was made and changed
        cursor.text()?; // folder
        cursor.text()?;
        let mut dictionary = Dictionary::default();
        let mut skipped = 0;
        while let Some(more) = self.bytes.get(cursor.at..)
            && more.iter().any(|byte| *byte != 0)
        {
            // Empty texts may stand between the last variable and the next entity.
            while self.bytes.get(cursor.at..cursor.at + 2) == Some(&[0, 0]) {
                cursor.at += 2;
            }
            let head = self.entity_head(&mut cursor, dictionary.entities.is_empty())?;
            cursor.u16()?;
            cursor.text()?; // variable of the code
            cursor.text()?; // variable of the name
            cursor.text()?; // documentation
            cursor.u16()?; // level
            cursor.take(3)?;
            let variables = cursor.u16()?;
            cursor.take(4 + 16)?;
            cursor.text()?; // variable of the weight
            cursor.text()?;
            cursor.take(4)?;
            self.add_entity(&mut dictionary, &head)?;
            for _ in 0..variables {
                match self.variable(&mut cursor)? {
                    Some(variable) => dictionary.entities.last_mut()?.variables.push(variable),
                    None => skipped += 1,
                }
                cursor.u16()?;
                cursor.text()?; // documentation
                cursor.take(2 + 16)?;
            }
        }
        note_skipped(&mut dictionary, skipped);
        (!dictionary.entities.is_empty()).then_some(dictionary)
    }

    /// The dictionary as far as its parts can be found.
    fn by_search(&self) -> Option<Dictionary> {
        const DATASET: &[u8] = b"DATASET ";
        let mut dictionary = Dictionary::default();
        let mut skipped = 0;
        let mut at = 0;
        while at < self.bytes.len() {
            let mut cursor = self.at(at);
            let root = dictionary.entities.is_empty();
            if let Some(head) = self.entity_head(&mut cursor, root)
                && self.add_entity(&mut dictionary, &head).is_some()
            {
                at = cursor.at;
                continue;
            }
            // A variable is found by its declaration; its name ends before the length of that.
            if self.bytes[at..].starts_with(DATASET)
                && let Some(start) = at.checked_sub(2).and_then(|end| self.name_before(end))
            {
                let mut cursor = self.at(start);
                if let (Some(found), Some(entity)) = (self.variable(&mut cursor), dictionary.entities.last_mut()) {
                    match found {
                        Some(variable) => entity.variables.push(variable),
                        None => skipped += 1,
                    }
                    at = cursor.at.max(at + 1);
                    continue;
                }
            }
            at += 1;
        }
        if dictionary.entities.is_empty() {
            return None;
        }
        note_skipped(&mut dictionary, skipped);
        dictionary.notes.push(Note::warning("READ-120", 1));
        Some(dictionary)
    }

    /// Where the name begins that ends at `end`.
    fn name_before(&self, end: usize) -> Option<usize> {
        (1..=LONGEST_NAME).find_map(|length| {
            let start = end.checked_sub(length + 2)?;
            let text = self.at(start).name()?;
            (text.len() == length).then_some(start)
        })
    }

    /// The first fields of an entity; the cursor ends behind the path of its pointers.
    fn entity_head(&self, cursor: &mut Cursor<'a>, root: bool) -> Option<EntityHead<'a>> {
        let name = cursor.name()?;
        if !root && cursor.text()? != name {
            return None;
        }
        let parent = cursor.text()?;
        if parent.is_empty() != root {
            return None;
        }
        let label = cursor.text()?;
        let pointers = cursor.text()?;
        let is_path = pointers.len() > 4 && pointers[pointers.len() - 4..].eq_ignore_ascii_case(b".ptr");
        // Some old databases have no pointers for the root and the level below it.
        (is_path || (pointers.is_empty() && !root)).then_some(EntityHead {
            name,
            parent: (!root).then_some(parent),
            label,
            pointers,
        })
    }

    fn add_entity(&self, dictionary: &mut Dictionary, head: &EntityHead<'_>) -> Option<()> {
        let name = self.encoding.decode(head.name);
        if dictionary.entities.len() == MOST_ENTITIES || dictionary.entities.iter().any(|entity| entity.name == name) {
            return None;
        }
        let parent = match head.parent {
            None => None,
            Some(parent) => {
                let parent = self.encoding.decode(parent);
                let position = dictionary.entities.iter().position(|entity| entity.name == parent)?;
                (dictionary.chain(position).len() < DEEPEST).then_some(())?;
                Some(position)
            }
        };
        dictionary.entities.push(Entity {
            name,
            label: self.encoding.label(head.label),
            parent,
            pointers: self.encoding.decode(head.pointers),
            variables: Vec::new(),
        });
        Some(())
    }

    /// A variable up to its missing codes. `Some(None)`: it is there, but has no data of its own, or of an unknown kind.
    fn variable(&self, cursor: &mut Cursor<'a>) -> Option<Option<DictionaryVariable>> {
        let name = cursor.name()?;
        let declaration = self.encoding.decode(cursor.text().filter(|text| text.len() <= LONGEST_DECLARATION)?);
        cursor.text()?; // filter
        cursor.text()?; // range
        cursor.text()?; // type
        let labels = cursor.text()?;
        let label = cursor.text()?;
        let further = self.encoding.decode(cursor.text()?);
        let Some((storage, file)) = declared(&declaration) else { return Some(None) };
        Some(Some(DictionaryVariable {
            name: self.encoding.decode(name),
            label: self.encoding.label(label),
            storage,
            file,
            value_labels: labels
                .split(|byte| *byte == b'\t')
                .filter_map(|pair| {
                    let blank = pair.iter().position(|byte| *byte == b' ')?;
                    let label = self.encoding.label(&pair[blank + 1..])?;
                    Some((self.encoding.decode(&pair[..blank]), label))
                })
                .collect(),
            missing: number_after(&further, "MISSING"),
            not_applicable: number_after(&further, "NOTAPPLICABLE"),
        }))
    }
}

/// Storage and path of a declaration `DATASET PCK 'path' SIZE 7`.
fn declared(declaration: &str) -> Option<(Storage, String)> {
    let rest = declaration.trim_start().strip_prefix("DATASET ")?.trim_start();
    let (storage, rest) = rest.split_at_checked(3)?;
    let (_, rest) = rest.split_once('\'')?;
    let (path, rest) = rest.split_once('\'')?;
    let size = rest.trim().strip_prefix("SIZE").and_then(|size| size.trim().parse().ok());
    Some((Storage::named(storage, size)?, path.to_owned()))
}

/// The number behind a word of `MISSING 9 NOTAPPLICABLE 10`.
fn number_after(text: &str, word: &str) -> Option<f64> {
    let mut words = text.split_whitespace();
    words.find(|found| *found == word)?;
    words.next()?.parse().ok()
}

/// Says how many variables of the dictionary have no data that are read.
fn note_skipped(dictionary: &mut Dictionary, skipped: u64) {
    if skipped > 0 {
        dictionary.notes.push(Note::fact("READ-121", skipped));
    }
}
