//! The four languages of the program and texts that exist in several of them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language of the interface. Spanish comes first: it is the language most users read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Spanish, the default.
    #[default]
    Es,
    /// English.
    En,
    /// Portuguese.
    Pt,
    /// French.
    Fr,
}

impl Language {
    /// All languages, in the order in which they are offered.
    pub const ALL: [Language; 4] = [Language::Es, Language::En, Language::Pt, Language::Fr];

    /// The ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Language::Es => "es",
            Language::En => "en",
            Language::Pt => "pt",
            Language::Fr => "fr",
        }
    }

    /// The name of the language in that language.
    pub fn endonym(self) -> &'static str {
        match self {
            Language::Es => "Español",
            Language::En => "English",
            Language::Pt => "Português",
            Language::Fr => "Français",
        }
    }

    /// Picks the first supported language of an HTTP `Accept-Language` value or a POSIX `LANG` value, Spanish when none fits.
    pub fn negotiate(preferences: &str) -> Language {
        preferences
            .split(',')
            .filter_map(|part| part.split([';', '_', '-', '.']).next())
            .find_map(|tag| tag.trim().parse().ok())
            .unwrap_or_default()
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Language {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Language::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(code)).ok_or(())
    }
}

/// A text given in one or more languages, as users write it in `clrisk.toml`: either one string for all languages or a
/// table by language code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum LocalText {
    /// The same text in every language.
    Same(String),
    /// One text a language.
    ByLanguage(BTreeMap<Language, String>),
}

impl LocalText {
    /// The text in `language`, or in the first language that has one (Spanish, English, Portuguese, French).
    pub fn get(&self, language: Language) -> &str {
        match self {
            LocalText::Same(text) => text,
            LocalText::ByLanguage(texts) => texts
                .get(&language)
                .or_else(|| Language::ALL.iter().find_map(|other| texts.get(other)))
                .map(String::as_str)
                .unwrap_or_default(),
        }
    }
}

impl Default for LocalText {
    fn default() -> Self {
        LocalText::Same(String::new())
    }
}

impl From<&str> for LocalText {
    fn from(text: &str) -> Self {
        LocalText::Same(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negotiation_takes_the_first_language_we_have_and_spanish_otherwise() {
        assert_eq!(Language::negotiate("de-DE,pt-BR;q=0.8,en;q=0.5"), Language::Pt);
        assert_eq!(Language::negotiate("fr_HT.UTF-8"), Language::Fr);
        assert_eq!(Language::negotiate("zh"), Language::Es);
    }

    #[test]
    fn a_text_missing_in_one_language_falls_back_instead_of_being_blank() {
        let text = LocalText::ByLanguage([(Language::En, "Age".to_owned())].into());
        assert_eq!(text.get(Language::Fr), "Age");
    }
}
