//! Lists the documents of `docs/`, so that a new one is on the site without being named anywhere.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fmt::Write;
use std::path::Path;

fn main() {
    let folder = Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("../../docs").canonicalize().unwrap();
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".md").map(str::to_owned))
        .collect();
    names.sort();
    let mut text = String::from("&[\n");
    for name in names {
        let file = folder.join(format!("{name}.md"));
        writeln!(text, "    Document {{ name: {name:?}, text: include_str!({:?}) }},", file.display().to_string())
            .unwrap();
    }
    text.push_str("]\n");
    std::fs::write(Path::new(&std::env::var("OUT_DIR").unwrap()).join("documents.rs"), text).unwrap();
}
