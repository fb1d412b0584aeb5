//! Where bytes come from: a file, or memory.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::ReadError;

/// Bytes that can be read from the start, more than once.
#[derive(Debug, Clone)]
pub struct Source {
    name: PathBuf,
    length: u64,
    bytes: Option<Arc<[u8]>>,
}

/// Something to read and move in.
pub trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

impl Source {
    /// A file.
    ///
    /// # Errors
    /// It does not exist, is no file, or is empty.
    pub fn file(path: &Path) -> Result<Source, ReadError> {
        let metadata = std::fs::metadata(path)?;
        if !metadata.is_file() {
            return Err(ReadError::NotFound);
        }
        if metadata.len() == 0 {
            return Err(ReadError::Empty);
        }
        Ok(Source { name: path.to_owned(), length: metadata.len(), bytes: None })
    }

    /// Bytes held in memory; `name` tells the extension.
    ///
    /// # Errors
    /// There are no bytes.
    pub fn memory(name: &str, bytes: impl Into<Arc<[u8]>>) -> Result<Source, ReadError> {
        let bytes = bytes.into();
        if bytes.is_empty() {
            return Err(ReadError::Empty);
        }
        Ok(Source { name: PathBuf::from(name), length: bytes.len() as u64, bytes: Some(bytes) })
    }

    /// Path of the file, or name given to the bytes.
    pub fn path(&self) -> &Path {
        &self.name
    }

    /// Whether the bytes are held in memory, so that files that belong to it cannot be looked for beside it.
    pub fn in_memory(&self) -> bool {
        self.bytes.is_some()
    }

    /// Name without folder and extension: the name of the table in most formats.
    pub fn stem(&self) -> String {
        self.name.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Extension in lower case, without dot.
    pub fn extension(&self) -> String {
        self.name.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default()
    }

    /// Number of bytes when the source was opened.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Starts reading at the first byte.
    ///
    /// # Errors
    /// The file has gone.
    pub fn reader(&self) -> Result<Box<dyn ReadSeek>, ReadError> {
        match &self.bytes {
            Some(bytes) => Ok(Box::new(Cursor::new(bytes.clone()))),
            None => Ok(Box::new(BufReader::with_capacity(1 << 16, File::open(&self.name)?))),
        }
    }

    /// The first `count` bytes, or as many as there are.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn head(&self, count: usize) -> Result<Vec<u8>, ReadError> {
        let mut head = Vec::new();
        self.reader()?.take(count as u64).read_to_end(&mut head)?;
        Ok(head)
    }
}
