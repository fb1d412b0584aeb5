//! Recipes to start from, compiled in from `rules/index/`.

use std::path::{Path, PathBuf};

/// Names of the recipes.
pub const NAMES: [&str; 3] = ["chile", "costa-rica", "mexico-2020"];

/// `clrisk.toml` and indicator table of a recipe.
fn files(name: &str) -> Option<[&'static str; 2]> {
    macro_rules! recipe {
        ($folder:literal) => {
            [
                include_str!(concat!("../../../../", $folder, "/clrisk.toml")),
                include_str!(concat!("../../../../", $folder, "/indicators.toml")),
            ]
        };
    }
    match name {
        "chile" => Some(recipe!("rules/index/chile")),
        "costa-rica" => Some(recipe!("rules/index/costa-rica")),
        "mexico-2020" => Some(recipe!("examples/mexico")),
        _ => None,
    }
}

/// Writes a recipe into a folder; returns the files written. Overwrites nothing.
///
/// # Errors
/// `NotFound` no such recipe; `AlreadyExists` one of the files is there; whatever writing gives.
pub fn write(folder: &Path, name: &str) -> std::io::Result<Vec<PathBuf>> {
    let [settings, indicators] = files(name).ok_or(std::io::ErrorKind::NotFound)?;
    let targets = [folder.join("clrisk.toml"), folder.join("indicators.toml")];
    if targets.iter().any(|path| path.exists()) {
        return Err(std::io::ErrorKind::AlreadyExists.into());
    }
    std::fs::create_dir_all(folder)?;
    for (path, text) in targets.iter().zip([settings, indicators]) {
        crate::folder::write_atomically(path, text.as_bytes())?;
    }
    Ok(targets.to_vec())
}

#[cfg(test)]
mod tests {
    use clrisk_core::Findings;

    use super::*;
    use crate::index::indicators::IndicatorTable;
    use crate::index::settings::Kind;

    #[test]
    fn every_recipe_is_understood_and_says_that_it_is_one() {
        for name in NAMES {
            let folder = tempfile::tempdir().unwrap();
            let written = write(folder.path(), name).unwrap();
            let Kind::Index(project) = Kind::parse(&std::fs::read_to_string(&written[0]).unwrap()).unwrap() else {
                panic!("{name} is an index alone")
            };
            assert_eq!(project.index.preset.as_deref(), Some(name));
            let mut findings = Findings::default();
            let table = IndicatorTable::read(&written[1], "indicators.toml", &mut findings).unwrap();
            let sizes = (table.indicators.len(), table.dimensions.len());
            assert_eq!(
                sizes,
                [("chile", (5, 4)), ("costa-rica", (14, 5)), ("mexico-2020", (9, 4))]
                    .into_iter()
                    .find(|(found, _)| *found == name)
                    .unwrap()
                    .1
            );
            // What nobody has reviewed yet says so, and cannot be released.
            assert_eq!(findings.0.is_empty(), name == "mexico-2020");
            assert!(write(folder.path(), name).is_err(), "nothing is overwritten");
        }
    }
}
