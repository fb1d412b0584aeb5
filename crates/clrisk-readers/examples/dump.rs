//! Writes a data file as lines of JSON, for comparison with other readers (`checks/readers`): first what the file says about its
//! variables, then one array for each row.
//!
//! `cargo run -p clrisk-readers --example dump -- [--keep] FILE`
#![allow(clippy::print_stdout)]

use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int64Type, Time64MicrosecondType, TimestampMicrosecondType};
use clrisk_readers::{LabelledValue, ReadError, ReadOptions, UserMissing, open};
use serde_json::{Value, json};

fn main() -> ExitCode {
    let mut options = ReadOptions::default();
    let mut file = PathBuf::new();
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--keep" => options.user_missing = UserMissing::Keep,
            _ => file = PathBuf::from(argument),
        }
    }
    match dump(&file, &options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{}", json!({ "error": error.to_string() }));
            ExitCode::FAILURE
        }
    }
}

fn dump(file: &std::path::Path, options: &ReadOptions) -> Result<(), ReadError> {
    let opened = open(file, options)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for table in &opened.tables {
        let variables: Vec<Value> = table
            .variables()
            .iter()
            .zip(table.schema().fields())
            .map(|(variable, field)| {
                let labels: Vec<Value> = variable
                    .value_labels
                    .iter()
                    .map(|(value, label)| match value {
                        LabelledValue::Number(number) => json!([number, label]),
                        LabelledValue::Text(text) => json!([text, label]),
                        LabelledValue::Missing(letter) => json!([format!(".{letter}"), label]),
                    })
                    .collect();
                json!({
                    "name": variable.name,
                    "label": variable.label,
                    "labels": labels,
                    "type": field.data_type().to_string(),
                    "format": variable.format,
                    "missing": variable.missing.numbers,
                    "missing_ranges": variable.missing.ranges.len(),
                    "missing_texts": variable.missing.texts,
                })
            })
            .collect();
        let provenance = table.provenance();
        let notes: Vec<Value> = provenance.notes.iter().map(|note| json!([note.code, note.count])).collect();
        let header = json!({
            "table": table.name(),
            "rows": table.rows(),
            "format": provenance.format,
            "encoding": provenance.encoding.as_ref().map(|encoding| &encoding.name),
            "decided": provenance.encoding.as_ref().map(|encoding| format!("{:?}", encoding.evidence)),
            "weight": provenance.weight,
            "notes": notes,
            "variables": variables,
        });
        writeln!(out, "{header}")?;
        for batch in table.read(None)? {
            let batch = batch?;
            for row in 0..batch.num_rows() {
                let cells: Vec<Value> = batch.columns().iter().map(|column| cell(column, row)).collect();
                writeln!(out, "{}", Value::Array(cells))?;
            }
        }
    }
    out.flush()?;
    Ok(())
}

/// Dates as days from 1970, moments and times in microseconds: what they are compared with counts the same way.
fn cell(column: &ArrayRef, row: usize) -> Value {
    if column.is_null(row) {
        return Value::Null;
    }
    match column.data_type() {
        DataType::Int64 => json!(column.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => json!(column.as_primitive::<Float64Type>().value(row)),
        DataType::Date32 => json!(column.as_primitive::<Date32Type>().value(row)),
        DataType::Timestamp(..) => json!(column.as_primitive::<TimestampMicrosecondType>().value(row)),
        DataType::Time64(_) => json!(column.as_primitive::<Time64MicrosecondType>().value(row)),
        _ => column.as_string_opt::<i32>().map_or(Value::Null, |texts| json!(texts.value(row))),
    }
}
