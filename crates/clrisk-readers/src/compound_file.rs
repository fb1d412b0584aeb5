//! The streams of a compound file (OLE 2), the container of `.xls`.
//!
//! `calamine` has a reader of its own that it does not show; this one only looks ahead of it ([`crate::workbook_size`]). Chains of sectors
//! that run in circles or out of the file are damage here.
//!
//! Source: [MS-CFB], Compound File Binary File Format.

/// Sectors from this number on are marks, not sectors.
const FIRST_MARK: u32 = 0xffff_fffa;
const END_OF_CHAIN: u32 = 0xffff_fffe;

/// Streams shorter than this lie in small sectors of the first entry's stream.
const SMALL: usize = 4096;
const SMALL_SECTOR: usize = 64;

/// A compound file.
pub(crate) struct CompoundFile<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// The sector that follows each.
    next: Vec<u32>,
    small_next: Vec<u32>,
    small: Vec<u8>,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    start: u32,
    length: usize,
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
}

impl<'a> CompoundFile<'a> {
    /// Reads all that leads to streams; `None` when it is damaged.
    pub(crate) fn open(bytes: &'a [u8]) -> Option<CompoundFile<'a>> {
        let sector = match bytes.get(30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = CompoundFile {
            bytes,
            sector,
            next: Vec::new(),
            small_next: Vec::new(),
            small: Vec::new(),
            entries: Vec::new(),
        };
        let most = bytes.len() / sector + 1;
        let mut table: Vec<u32> = words(bytes.get(76..512)?).collect();
        let mut further = word(bytes, 68)?;
        for _ in 0..=most {
            if further >= FIRST_MARK {
                break;
            }
            table.extend(words(file.at(further)?));
            further = table.pop()?;
        }
        table.retain(|id| *id < FIRST_MARK);
        if further < FIRST_MARK || table.len() > most {
            return None;
        }
        for id in table {
            let sector = file.at(id)?;
            file.next.extend(words(sector));
        }
        let entries = file.chain(word(bytes, 48)?, usize::MAX)?;
        for entry in entries.chunks_exact(128) {
            let units: Vec<u16> = entry[..64]
                .chunks_exact(2)
                .map(|unit| u16::from_le_bytes([unit[0], unit[1]]))
                .take_while(|unit| *unit != 0)
                .collect();
            // Small sectors come with lengths of four bytes; of eight, none is longer than a file.
            let long = if sector == 512 { 0 } else { word(entry, 124)? };
            let length = u64::from(long) << 32 | u64::from(word(entry, 120)?);
            let name = String::from_utf16_lossy(&units);
            file.entries.push(Entry { name, start: word(entry, 116)?, length: usize::try_from(length).ok()? });
        }
        let root = file.entries.first()?;
        if word(bytes, 64)? > 0 {
            file.small = file.chain(root.start, root.length)?;
            file.small_next = words(&file.chain(word(bytes, 60)?, usize::MAX)?).collect();
        }
        Some(file)
    }

    /// The bytes of a stream; `None` when there is none of that name, or it is damaged.
    pub(crate) fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))?;
        if entry.length >= SMALL {
            return self.chain(entry.start, entry.length);
        }
        let mut stream = Vec::new();
        let mut id = entry.start;
        while id != END_OF_CHAIN && stream.len() < entry.length {
            let from = (id as usize).checked_mul(SMALL_SECTOR)?;
            // The last small sector may be cut.
            let sector = self.small.get(from..)?;
            let sector = &sector[..sector.len().min(SMALL_SECTOR)];
            if sector.is_empty() || stream.len() > self.small.len() {
                return None;
            }
            stream.extend_from_slice(sector);
            id = *self.small_next.get(id as usize)?;
        }
        stream.truncate(entry.length);
        Some(stream)
    }

    /// A sector; the last of the file may be cut.
    fn at(&self, id: u32) -> Option<&'a [u8]> {
        let from = (id as usize).checked_add(1)?.checked_mul(self.sector)?;
        let rest = self.bytes.get(from..).filter(|rest| !rest.is_empty())?;
        Some(&rest[..rest.len().min(self.sector)])
    }

    fn chain(&self, start: u32, length: usize) -> Option<Vec<u8>> {
        let mut chain = Vec::new();
        let mut id = start;
        while id != END_OF_CHAIN && chain.len() < length {
            if chain.len() > self.bytes.len() {
                return None;
            }
            chain.extend_from_slice(self.at(id)?);
            id = *self.next.get(id as usize)?;
        }
        chain.truncate(length);
        Some(chain)
    }
}
