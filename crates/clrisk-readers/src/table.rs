//! What a file gives once it is open: tables that describe themselves and stream their rows.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use crate::error::ReadError;
use crate::format::Format;
use crate::provenance::Provenance;
use crate::variable::Variable;

/// Rows of a batch. The last batch of a table may have fewer; so may those of tables of hundreds of columns or of very long texts.
pub const BATCH_ROWS: usize = 16_384;

/// Cells of a batch, unless a row has more.
const BATCH_CELLS: usize = 1 << 22;

/// A batch ends with the row whose texts pass so many bytes.
pub(crate) const BATCH_TEXT: usize = 16 << 20;

/// Rows of a batch of so many columns.
pub(crate) fn batch_rows(columns: usize) -> usize {
    (BATCH_CELLS / columns.max(1)).clamp(1, BATCH_ROWS)
}

/// The rows of a table, batch by batch.
pub type Batches = Box<dyn Iterator<Item = Result<RecordBatch, ReadError>> + Send>;

/// An open file.
pub struct Opened {
    /// What it is.
    pub format: Format,
    /// Its tables: the sheets of a workbook, the entities of a REDATAM database, one for most formats.
    pub tables: Vec<Box<dyn Table>>,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tables: Vec<&str> = self.tables.iter().map(|table| table.name()).collect();
        f.debug_struct("Opened").field("format", &self.format).field("tables", &tables).finish()
    }
}

/// One table of a file.
pub trait Table: Send + Sync {
    /// Its name: of the sheet, of the entity, or of the file without extension.
    fn name(&self) -> &str;

    /// One nullable field a variable, in the order of [`Table::variables`].
    fn schema(&self) -> SchemaRef;

    /// What the file says about its variables.
    fn variables(&self) -> &[Variable];

    /// How the file was read.
    fn provenance(&self) -> &Provenance;

    /// Number of rows, when the file says so.
    fn rows(&self) -> Option<u64>;

    /// Streams the rows; `columns` are positions in the schema, in the order wanted, all columns when it is `None`. May be called
    /// again: each call starts at the first row.
    ///
    /// # Errors
    /// A column that does not exist, or the file has gone.
    fn read(&self, columns: Option<&[usize]>) -> Result<Batches, ReadError>;
}

/// A table whose variables are described by another file: the same values under other labels. `variables` are in the order of the table.
pub fn relabelled(inner: Box<dyn Table>, variables: Vec<Variable>) -> Box<dyn Table> {
    Box::new(Relabelled { inner, variables })
}

/// A table with other labels.
struct Relabelled {
    inner: Box<dyn Table>,
    variables: Vec<Variable>,
}

impl Table for Relabelled {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn schema(&self) -> SchemaRef {
        self.inner.schema()
    }

    fn variables(&self) -> &[Variable] {
        &self.variables
    }

    fn provenance(&self) -> &Provenance {
        self.inner.provenance()
    }

    fn rows(&self) -> Option<u64> {
        self.inner.rows()
    }

    fn read(&self, columns: Option<&[usize]>) -> Result<Batches, ReadError> {
        self.inner.read(columns)
    }
}
