//! Lists the documents of `docs/` and their translations in `docs/LANGUAGE/`, so that a new one is on the site without being named anywhere.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fmt::Write;
use std::path::Path;

fn main() {
    let folder = Path::new(&std::env::var("CARGO_MANIFEST_DIR").unwrap()).join("../../docs").canonicalize().unwrap();
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names: Vec<String> =
        entries(&folder).iter().filter_map(|name| name.strip_suffix(".md").map(str::to_owned)).collect();
    names.sort();
    let mut languages = entries(&folder);
    languages.retain(|name| folder.join(name).is_dir());
    languages.sort();
    let mut text = String::from("&[\n");
    for name in names {
        let include = |file: &Path| format!("include_str!({:?})", file.display().to_string());
        let file = format!("{name}.md");
        let translations: String = languages
            .iter()
            .map(|language| (language, folder.join(language).join(&file)))
            .filter(|(_, path)| path.exists())
            .map(|(language, path)| format!("({language:?}, {}), ", include(&path)))
            .collect();
        let original = include(&folder.join(&file));
        writeln!(text, "    Document {{ name: {name:?}, original: {original}, translations: &[{translations}] }},")
            .unwrap();
    }
    text.push_str("]\n");
    std::fs::write(Path::new(&std::env::var("OUT_DIR").unwrap()).join("documents.rs"), text).unwrap();
}

/// Names of what is in a folder.
fn entries(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.filter_map(|entry| entry.unwrap().file_name().to_str().map(str::to_owned)).collect()
}
