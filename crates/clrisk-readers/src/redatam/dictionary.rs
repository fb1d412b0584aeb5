//! What a REDATAM dictionary says: entities that hold each other, and the variables of each.

use crate::provenance::Note;

/// Entities may hold entities this deep; real censuses have about a dozen levels.
pub(super) const DEEPEST: usize = 64;

/// A dictionary has at most this many entities; more are a sign of damage.
pub(super) const MOST_ENTITIES: usize = 512;

/// A dictionary, binary or XML.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Dictionary {
    /// Entities; a parent stands before its children.
    pub entities: Vec<Entity>,
    /// What was met while reading it.
    pub notes: Vec<Note>,
}

/// A level of the census: country, province, ..., dwelling, person.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Entity {
    pub name: String,
    pub label: Option<String>,
    /// Position of the entity that holds it; none for the root.
    pub parent: Option<usize>,
    /// The `.ptr` file, as the dictionary writes its path.
    pub pointers: String,
    pub variables: Vec<DictionaryVariable>,
}

/// A variable of an entity.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DictionaryVariable {
    pub name: String,
    pub label: Option<String>,
    pub storage: Storage,
    /// The `.rbf` file, as the dictionary writes its path.
    pub file: String,
    /// Values, as text, and their labels.
    pub value_labels: Vec<(String, String)>,
    pub missing: Option<f64>,
    pub not_applicable: Option<f64>,
}

/// How a `.rbf` file holds the values of a variable, one after the other, without header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Storage {
    /// `CHR`: texts of so many bytes, filled up with blanks.
    Text { bytes: u32 },
    /// `INT`: two bytes, lowest first, without sign.
    Unsigned16,
    /// `LNG`: four bytes, lowest first, without sign.
    Unsigned32,
    /// `DBL`: eight bytes, lowest first.
    Double,
    /// `PCK`, `BIN`: so many bits, highest first, running on through words of 32 bits.
    Packed { bits: u32, words: WordOrder },
}

/// Order of the bytes of a word of packed values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WordOrder {
    /// `PCK`: lowest byte first.
    Little,
    /// `BIN`, older: highest byte first.
    Big,
}

impl Storage {
    /// The storage that a dictionary names; `None` when there is no such one.
    pub(super) fn named(name: &str, size: Option<u32>) -> Option<Storage> {
        match (name, size) {
            ("CHR", Some(bytes @ 1..=32_767)) => Some(Storage::Text { bytes }),
            ("INT", _) => Some(Storage::Unsigned16),
            ("LNG", _) => Some(Storage::Unsigned32),
            ("DBL", _) => Some(Storage::Double),
            ("PCK", Some(bits @ 1..=63)) => Some(Storage::Packed { bits, words: WordOrder::Little }),
            ("BIN", Some(bits @ 1..=63)) => Some(Storage::Packed { bits, words: WordOrder::Big }),
            _ => None,
        }
    }

    /// Bytes that a file of so many values has at least.
    pub(super) fn bytes_of(self, rows: u64) -> u64 {
        match self {
            Storage::Text { bytes } => rows.saturating_mul(u64::from(bytes)),
            Storage::Unsigned16 => rows.saturating_mul(2),
            Storage::Unsigned32 => rows.saturating_mul(4),
            Storage::Double => rows.saturating_mul(8),
            Storage::Packed { bits, .. } => rows.saturating_mul(u64::from(bits)).div_ceil(32).saturating_mul(4),
        }
    }

    /// Values that a file of so many bytes can hold.
    pub(super) fn rows_in(self, length: u64) -> u64 {
        match self {
            Storage::Text { bytes } => length / u64::from(bytes),
            Storage::Unsigned16 => length / 2,
            Storage::Unsigned32 => length / 4,
            Storage::Double => length / 8,
            Storage::Packed { bits, .. } => (length / 4).saturating_mul(32) / u64::from(bits),
        }
    }
}

impl Dictionary {
    /// The chain of entities from the root to `entity`, both included.
    pub(super) fn chain(&self, entity: usize) -> Vec<usize> {
        let mut chain = vec![entity];
        while let Some(parent) = chain.last().and_then(|last| self.entities.get(*last)).and_then(|last| last.parent) {
            // A parent stands before its children, so that this ends.
            chain.push(parent);
        }
        chain.reverse();
        chain
    }
}
