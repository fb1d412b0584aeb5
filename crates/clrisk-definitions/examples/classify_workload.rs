//! Classifies the children that `benches/definitions/classify.py` writes, and says how long it took and how many there are in
//! child labour: `cargo run -p clrisk-definitions --example classify_workload -- FOLDER`.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use clrisk_definitions::{Catalogue, Condition, Items, classify};

fn bytes(folder: &Path, name: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let path = folder.join(format!("{name}.bin"));
    Ok(std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?)
}

fn hours(folder: &Path, name: &str) -> Result<Vec<f32>, Box<dyn Error>> {
    let bytes = bytes(folder, name)?;
    Ok(bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect())
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("the folder that classify.py wrote")?;
    let folder = Path::new(&folder);
    let ages: Vec<i16> = bytes(folder, "age")?.as_chunks::<2>().0.iter().map(|two| i16::from_le_bytes(*two)).collect();
    let answers = |prefix: &str, count: usize| -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
        (0..count).map(|item| bytes(folder, &format!("{prefix}{item}"))).collect()
    };
    let (economic, chores, conditions) = (answers("economic", 4)?, answers("chores", 9)?, answers("condition", 8)?);
    let economic_hours = hours(folder, "economic_hours")?;
    let chores_hours: Vec<Vec<f32>> =
        (0..3).map(|item| hours(folder, &format!("chores_hours{item}"))).collect::<Result<_, _>>()?;
    let kinds = Condition::ALL;
    let items = Items {
        ages: &ages,
        economic: economic.iter().map(Vec::as_slice).collect(),
        economic_hours: vec![&economic_hours],
        chores: chores.iter().map(Vec::as_slice).collect(),
        chores_hours: chores_hours.iter().map(Vec::as_slice).collect(),
        conditions: kinds.into_iter().zip(conditions.iter().map(Vec::as_slice)).collect(),
        ..Items::default()
    };
    for name in ["mics6", "mics6-hazardous"] {
        let definition = Catalogue::embedded().find(name).ok_or("no such definition")?;
        let start = Instant::now();
        let children = classify(definition, &items)?;
        let elapsed = start.elapsed().as_secs_f64();
        let labour = (0..ages.len()).filter(|&child| children.child_labour(child) == Some(true)).count();
        let economic = (0..ages.len()).filter(|&child| children.economic_child_labour(child) == Some(true)).count();
        println!("{name}: {} children, {labour} in child labour, {economic} economic, {elapsed:.2} s", ages.len());
    }
    Ok(())
}
