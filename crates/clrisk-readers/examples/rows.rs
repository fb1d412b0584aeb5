//! Prints a table of a file as CSV, for comparison with what other programs read: `rows FILE [TABLE]`.
#![allow(clippy::print_stdout)]

use std::path::Path;

use arrow::array::AsArray;
use arrow::datatypes::{DataType, Float64Type};
use clrisk_readers::{ReadOptions, open};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("rows FILE [TABLE]")?;
    let wanted = arguments.next();
    let opened = open(Path::new(&path), &ReadOptions::default())?;
    let table = opened.tables.iter().find(|table| wanted.as_deref().is_none_or(|wanted| wanted == table.name()));
    let table = table.ok_or("no such table")?;
    let mut writer = csv::Writer::from_writer(std::io::stdout().lock());
    writer.write_record(table.schema().fields().iter().map(|field| field.name()))?;
    for batch in table.read(None)? {
        let batch = batch?;
        let mut columns: Vec<Vec<String>> = Vec::new();
        for column in batch.columns() {
            columns.push(match column.data_type() {
                DataType::Float64 => column
                    .as_primitive::<Float64Type>()
                    .iter()
                    .map(|number| number.map(|number| number.to_string()).unwrap_or_default())
                    .collect(),
                _ => {
                    let text = arrow::compute::cast(column, &DataType::Utf8)?;
                    text.as_string::<i32>().iter().map(|text| text.unwrap_or_default().to_owned()).collect()
                }
            });
        }
        for row in 0..batch.num_rows() {
            writer.write_record(columns.iter().map(|column| &column[row]))?;
        }
    }
    writer.flush()?;
    Ok(())
}
