//! Text files with one row a line: delimited, or with columns at fixed positions.
//!
//! A file is read twice: once to learn its encoding and the type of every column from all of its rows, and again to stream them. Nothing
//! is decided by a beginning that the rest of the file contradicts.

mod data_list;
mod delimited;
mod evidence;
mod fixed_width;
mod input;
mod literal;
mod table;

pub(crate) use delimited::open as open_delimited;
pub(crate) use delimited::open_input as open_delimited_input;
pub(crate) use evidence::{LetterCounts, TextEvidence};
pub(crate) use fixed_width::open as open_fixed_width;
pub(crate) use input::TextInput;
pub(crate) use literal::point_number;
pub(crate) use table::{Layout, Records, TextTable, learn};
