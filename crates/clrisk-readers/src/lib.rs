//! Office files to Arrow: SPSS, Stata, SAS, Excel, REDATAM, DBF, delimited and fixed-width text, with labels and missing codes.
//!
//! [`open`] recognises a file by its content and gives its tables; a [`Table`] knows its variables (names, labels, value labels, missing
//! codes), says how its text was decoded, and streams its rows as Arrow batches of [`BATCH_ROWS`], so that memory does not grow with
//! rows. A file is untrusted input: whatever its bytes, reading ends in batches or in a [`ReadError`] that names the place and never
//! a value.
//!
//! Each format is a module of its own; [`open_source`] is the one place where they are registered.

mod archive;
pub mod binary;
mod column;
mod compound_file;
mod dbf;
mod encoding;
mod error;
mod form;
mod format;
mod options;
mod provenance;
mod records;
mod redatam;
mod sas;
mod source;
mod spss;
mod stata;
mod table;
mod text;
mod variable;
mod workbook;
mod workbook_size;

use std::path::Path;

pub use column::{Clock, ColumnBuilder, ColumnKind, Meaning, NumberEvidence};
pub use encoding::TextEncoding;
pub use error::ReadError;
pub use format::Format;
pub use options::{ReadOptions, UserMissing};
pub use provenance::{EncodingChoice, EncodingEvidence, Note, Provenance};
pub use source::{ReadSeek, Source};
pub use table::{BATCH_ROWS, Batches, Opened, Table, relabelled};
pub use variable::{LabelledValue, MissingCodes, Variable, distinct_names};

/// Opens a file: its format is decided by content first, then by extension.
///
/// # Errors
/// The file does not exist, is empty, is of a format that is not read, or is damaged where it describes itself.
pub fn open(path: &Path, options: &ReadOptions) -> Result<Opened, ReadError> {
    open_source(&Source::file(path)?, options)
}

/// Opens a file, or bytes held in memory.
///
/// # Errors
/// As [`open`].
pub fn open_source(source: &Source, options: &ReadOptions) -> Result<Opened, ReadError> {
    let format = Format::of(source)?;
    let opener: Opener = match format {
        Format::DelimitedText => text::open_delimited,
        Format::Zip => archive::open,
        Format::Workbook => workbook::open,
        Format::Dbf => dbf::open,
        Format::Redatam => redatam::open,
        Format::Spss => spss::open_system,
        Format::SpssPortable => spss::open_portable,
        Format::Stata => stata::open,
        Format::Sas => sas::open_dataset,
        Format::SasTransport => sas::open_transport,
        // Parquet is read by the engine itself, a catalog of SAS only with the data it belongs to.
        _ => return Err(ReadError::NotRead { format }),
    };
    let dictionary = match (&options.dictionary, format) {
        (Some(dictionary), Format::DelimitedText | Format::Workbook) => Some(Source::file(dictionary)?),
        _ => None,
    };
    match dictionary {
        // The form that a survey of ODK or KoboToolbox was collected with.
        Some(dictionary) if Format::of(&dictionary)? == Format::Workbook => {
            let tables = opener(source, options)?;
            let tables = match form::Form::read(&dictionary)? {
                Some(form) => tables.into_iter().map(|table| form.label(table)).collect(),
                None => tables,
            };
            Ok(Opened { format, tables })
        }
        Some(dictionary) if format == Format::DelimitedText => {
            let tables = text::open_fixed_width(source, &dictionary, options)?;
            Ok(Opened { format: Format::FixedWidthText, tables })
        }
        _ => Ok(Opened { format, tables: opener(source, options)? }),
    }
}

/// What the module of a format offers: the tables of a source that is known to be of its format.
type Opener = fn(&Source, &ReadOptions) -> Result<Vec<Box<dyn Table>>, ReadError>;
