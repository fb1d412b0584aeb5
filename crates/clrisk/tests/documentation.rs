//! Every command, setting and finding code is documented, and nothing else is.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clrisk_core::{Catalog, Language};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn document(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The sources of all crates, without their tests.
fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, sources: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, sources);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
                sources.push((path, code));
            }
        }
    }
    let mut sources = Vec::new();
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        walk(&entry.unwrap().path().join("src"), &mut sources);
    }
    assert!(sources.len() > 30);
    sources
}

/// `AREA-002`: capital letters, a hyphen, three digits.
fn is_code(text: &str) -> bool {
    text.split_once('-').is_some_and(|(family, number)| {
        family.len() >= 2
            && family.bytes().all(|byte| byte.is_ascii_uppercase())
            && number.len() == 3
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// The codes that stand in quotes in the sources.
fn codes_in_sources() -> BTreeSet<String> {
    sources()
        .iter()
        .flat_map(|(_, text)| text.split('"').filter(|piece| is_code(piece)).map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

#[test]
fn every_finding_code_has_a_text_and_a_hint_in_every_language_and_a_row_in_the_documentation() {
    let codes = codes_in_sources();
    assert!(codes.len() > 50, "{codes:?}");
    let catalog = Catalog::load();
    for language in Language::ALL {
        for code in &codes {
            for key in [format!("finding-{code}"), format!("finding-{code}.hint")] {
                assert!(catalog.has(language, &key), "{language}: no text {key}");
            }
        }
    }
    let documented: BTreeSet<String> = document("docs/findings.md")
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next().map(str::to_owned))
        .collect();
    assert_eq!(codes, documented);
}

#[test]
fn no_text_explains_a_finding_that_nothing_raises() {
    let codes = codes_in_sources();
    for file in fs::read_dir(root().join("locales/es")).unwrap() {
        for line in fs::read_to_string(file.unwrap().path()).unwrap().lines() {
            if let Some(code) = line.strip_prefix("finding-").and_then(|rest| rest.split(' ').next()) {
                assert!(codes.contains(code), "{code} has a text and is never raised");
            }
        }
    }
}

#[test]
fn every_key_of_the_settings_is_documented() {
    let settings = ["settings.rs", "measure/settings.rs", "index/settings.rs"]
        .map(|file| document(&format!("crates/clrisk-engine/src/{file}")))
        .concat();
    let page = document("docs/settings.md");
    let keys: Vec<&str> = settings
        .lines()
        .filter_map(|line| line.strip_prefix("    pub ")?.split_once(':').map(|(name, _)| name))
        .filter(|name| !name.contains(' '))
        .collect();
    assert!(keys.len() > 50, "{keys:?}");
    for key in keys {
        assert!(
            page.contains(&format!("`{key}`"))
                || page.contains(&format!("[{key}]"))
                || page.contains(&format!("[{key}.")),
            "docs/settings.md does not explain {key}"
        );
    }
}

#[test]
fn every_command_and_option_is_documented_and_explains_itself_in_every_language() {
    let page = document("docs/commands.md");
    let help = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_clrisk")).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let commands = [
        "inspect",
        "convert",
        "init",
        "check",
        "run",
        "cells",
        "scheduler",
        "executor",
        "measure",
        "explain",
        "release",
        "serve",
        "demo",
        "index",
        "screen",
        "site",
        "sheet",
        "export",
    ];
    let overview = help(&["--help", "--language", "en"]);
    for command in commands {
        assert!(overview.contains(&format!("\n  {command}")), "{command} is missing in the overview");
        assert!(page.contains(&format!("| `{command}")), "docs/commands.md lacks {command}");
        for option in
            help(&[command, "--help", "--language", "en"]).split_whitespace().filter(|word| word.starts_with("--"))
        {
            let option = option.trim_end_matches([',', '.']);
            assert!(option == "--help" || page.contains(option), "docs/commands.md lacks {option} of {command}");
        }
        let texts: BTreeSet<String> = ["es", "en", "pt", "fr"]
            .iter()
            .map(|language| help(&[command, "--help", "--language", language]))
            .collect();
        assert_eq!(texts.len(), 4, "the help of {command} is the same in two languages");
    }
}
