//! `clrisk init`: a project folder with a commented `clrisk.toml`.

use std::path::{Path, PathBuf};

use clrisk_core::Language;

use crate::folder::{SETTINGS_FILE, write_atomically};

/// The template in each language.
fn text(language: Language) -> &'static str {
    match language {
        Language::Es => include_str!("../templates/es.toml"),
        Language::En => include_str!("../templates/en.toml"),
        Language::Pt => include_str!("../templates/pt.toml"),
        Language::Fr => include_str!("../templates/fr.toml"),
    }
}

/// Writes the template and the folders of a project.
///
/// # Errors
/// [`std::io::ErrorKind::AlreadyExists`] when the folder has a `clrisk.toml`; otherwise what the file system says.
pub fn write(folder: &Path, language: Language) -> std::io::Result<PathBuf> {
    let file = folder.join(SETTINGS_FILE);
    if file.exists() {
        return Err(std::io::Error::from(std::io::ErrorKind::AlreadyExists));
    }
    for part in ["data", "geo"] {
        std::fs::create_dir_all(folder.join(part))?;
    }
    write_atomically(&file, text(language).as_bytes())?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    #[test]
    fn every_template_is_a_valid_project_file() {
        for language in Language::ALL {
            let settings = Settings::parse(text(language)).map_err(|finding| finding.args).unwrap();
            assert_eq!(settings.outcome.name, "child_labour");
        }
    }
}
