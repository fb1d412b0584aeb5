//! Texts in four languages and numbers as their readers write them.
//!
//! Messages live in `locales/<language>/*.ftl` (Project Fluent) and are compiled in. Numbers are formatted with CLDR data for
//! the country's own convention, because Mexican and Chilean Spanish disagree on the decimal mark. In a message `NUMBER($count)`
//! writes an argument so; a year or a row's place is an argument by itself.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use fixed_decimal::{Decimal, FloatPrecision, SignedRoundingMode, UnsignedRoundingMode};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use icu_decimal::DecimalFormatter;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale_core::Locale;
use unic_langid::LanguageIdentifier;

use crate::language::Language;

macro_rules! sources {
    ($($code:literal),*) => {
        [$((
            $code,
            [
                include_str!(concat!("../../../locales/", $code, "/finding.ftl")),
                include_str!(concat!("../../../locales/", $code, "/command.ftl")),
                include_str!(concat!("../../../locales/", $code, "/site.ftl")),
                include_str!(concat!("../../../locales/", $code, "/measure.ftl")),
                include_str!(concat!("../../../locales/", $code, "/index.ftl")),
                include_str!(concat!("../../../locales/", $code, "/sheet.ftl")),
                include_str!(concat!("../../../locales/", $code, "/reading.ftl")),
            ],
        )),*]
    };
}

/// The Fluent sources: language code, then findings, command line, site, measurement, index, fact sheets, files.
const SOURCES: [(&str, [&str; 7]); 4] = sources!("es", "en", "pt", "fr");

/// All messages in all languages.
pub struct Catalog {
    bundles: BTreeMap<Language, FluentBundle<FluentResource>>,
    /// The country whose convention numbers follow, once it is known.
    country: Arc<OnceLock<String>>,
}

impl Default for Catalog {
    fn default() -> Self {
        Catalog::load()
    }
}

impl Catalog {
    /// Loads the messages compiled into the program.
    ///
    /// A mistake in a Fluent file shows as the message's key in its place; the tests of this crate fail on any.
    pub fn load() -> Catalog {
        let mut bundles = BTreeMap::new();
        let country = Arc::new(OnceLock::new());
        for (code, sources) in SOURCES {
            let identifier: LanguageIdentifier = code.parse().unwrap_or_default();
            let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
            // Isolation marks are invisible on screen but break copied text and plain terminals.
            bundle.set_use_isolating(false);
            for source in sources {
                let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partial, _)| partial);
                bundle.add_resource_overriding(resource);
            }
            if let Ok(language) = code.parse::<Language>() {
                let country = country.clone();
                // Only a function of the same name could be in the way, and there is none.
                let _ = bundle.add_function("NUMBER", move |arguments, _| match arguments {
                    [value, ..] => number(language, country.get().map(String::as_str), value),
                    [] => FluentValue::Error,
                });
                bundles.insert(language, bundle);
            }
        }
        Catalog { bundles, country }
    }

    /// Numbers of messages follow the convention of this country (ISO 3166 alpha-2) from now on; the first that is named counts.
    pub fn set_country(&self, country: &str) {
        let _ = self.country.set(country.to_owned());
    }

    /// The message `key` (or `key.attribute`) in `language` with `args`; the key itself when there is none.
    ///
    /// Arguments that are whole numbers select plural forms; all others are texts.
    pub fn format(&self, language: Language, key: &str, args: &BTreeMap<String, String>) -> String {
        let mut fluent_args = FluentArgs::new();
        for (name, value) in args {
            let value = match value.parse::<i64>() {
                // Codes such as "0107" are texts; only a canonical whole number counts things.
                Ok(number) if number.to_string() == *value => FluentValue::from(number),
                _ => FluentValue::from(value.as_str()),
            };
            fluent_args.set(name.as_str(), value);
        }
        self.resolve(language, key, &fluent_args).unwrap_or_else(|| key.to_owned())
    }

    /// The message `key` without arguments.
    pub fn get(&self, language: Language, key: &str) -> String {
        self.format(language, key, &BTreeMap::new())
    }

    /// The message `key` with arguments given as pairs.
    pub fn with(&self, language: Language, key: &str, args: &[(&str, &str)]) -> String {
        self.format(
            language,
            key,
            &args.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        )
    }

    /// Whether there is such a message in `language`.
    pub fn has(&self, language: Language, key: &str) -> bool {
        self.resolve(language, key, &FluentArgs::new()).is_some()
    }

    fn resolve(&self, language: Language, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let bundle = self.bundles.get(&language)?;
        let (message, attribute) = match key.split_once('.') {
            Some((message, attribute)) => (message, Some(attribute)),
            None => (key, None),
        };
        let message = bundle.get_message(message)?;
        let pattern = match attribute {
            Some(attribute) => message.get_attribute(attribute)?.value(),
            None => message.value()?,
        };
        let mut errors = Vec::new();
        Some(bundle.format_pattern(pattern, Some(args), &mut errors).into_owned())
    }
}

/// `NUMBER`: a number, or the text of one with its decimals, in the convention of a country; anything else as it is.
fn number<'a>(language: Language, country: Option<&str>, value: &FluentValue<'a>) -> FluentValue<'a> {
    let (number, decimals) = match value {
        FluentValue::Number(number) => (Some(number.value), 0),
        FluentValue::String(text) => {
            let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            (text.parse().ok().filter(|number: &f64| number.is_finite()), decimals)
        }
        _ => (None, 0),
    };
    match (number, u8::try_from(decimals)) {
        (Some(number), Ok(decimals)) => NumberFormat::new(language, country).decimal(number, decimals).into(),
        _ => value.clone(),
    }
}

/// Writes numbers in the convention of a country and language.
pub struct NumberFormat {
    formatter: Option<DecimalFormatter>,
}

impl NumberFormat {
    /// The convention of `language` in `country` (ISO 3166 alpha-2, for example `GT`); that of the language alone when the
    /// country is none or unknown.
    pub fn new(language: Language, country: Option<&str>) -> NumberFormat {
        let tag = match country {
            Some(country) if country.len() == 2 => format!("{language}-{country}"),
            _ => language.code().to_owned(),
        };
        let locale: Option<Locale> = tag.parse().ok();
        let formatter =
            locale.and_then(|locale| DecimalFormatter::try_new(locale.into(), DecimalFormatterOptions::default()).ok());
        NumberFormat { formatter }
    }

    /// `value` with exactly `decimals` decimals, half away from zero; negative numbers with a minus sign (U+2212), and what
    /// rounds to zero without one.
    pub fn decimal(&self, value: f64, decimals: u8) -> String {
        let text = self.magnitude(value.abs(), decimals);
        let rounds_to_zero = text.bytes().all(|byte| !(b'1'..=b'9').contains(&byte));
        if value < 0.0 && !rounds_to_zero { format!("\u{2212}{text}") } else { text }
    }

    fn magnitude(&self, value: f64, decimals: u8) -> String {
        let fixed = Decimal::try_from_f64(value, FloatPrecision::RoundTrip).ok().map(|mut fixed| {
            let position = -i16::from(decimals);
            fixed.round_with_mode(position, SignedRoundingMode::Unsigned(UnsignedRoundingMode::HalfExpand));
            fixed.pad_end(position);
            fixed
        });
        match (fixed, &self.formatter) {
            (Some(fixed), Some(formatter)) => formatter.format(&fixed).to_string(),
            _ => format!("{value:.*}", usize::from(decimals)),
        }
    }

    /// A count of children or areas, without decimals.
    pub fn count(&self, value: f64) -> String {
        self.decimal(value, 0)
    }

    /// A proportion as a percentage with one decimal and the sign: `12.3 %`, with a narrow no-break space.
    pub fn percent(&self, proportion: f64) -> String {
        format!("{}\u{202f}%", self.decimal(proportion * 100.0, 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn keys(source: &str) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        let mut message = String::new();
        for line in source.lines() {
            if let Some(attribute) = line.trim_start().strip_prefix('.').filter(|_| line.starts_with(' ')) {
                keys.insert(format!("{message}.{}", attribute.split('=').next().unwrap().trim()));
            } else if !line.starts_with([' ', '#', '}', '-']) && line.contains('=') {
                message = line.split('=').next().unwrap().trim().to_owned();
                keys.insert(message.clone());
            }
        }
        keys
    }

    #[test]
    fn every_message_exists_in_all_four_languages_and_parses() {
        for file in 0..SOURCES[0].1.len() {
            let spanish = keys(SOURCES[0].1[file]);
            assert!(!spanish.is_empty());
            for (code, sources) in SOURCES {
                let here = keys(sources[file]);
                let missing: Vec<_> = spanish.symmetric_difference(&here).collect();
                assert!(missing.is_empty(), "{code}, file {file}: only in one language: {missing:?}");
                if let Err((_, errors)) = FluentResource::try_new(sources[file].to_owned()) {
                    panic!("{code}, file {file}: {errors:?}");
                }
            }
        }
    }

    #[test]
    fn placeholders_agree_between_languages() {
        let placeholders = |text: &str| -> BTreeSet<String> {
            text.match_indices('$')
                .map(|(at, _)| text[at + 1..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
                .collect()
        };
        let blocks = |source: &str| -> BTreeMap<String, BTreeSet<String>> {
            let mut blocks: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            let mut name = String::new();
            for line in source.lines() {
                if !line.starts_with([' ', '#', '}', '-', '[']) && line.contains('=') {
                    name = line.split('=').next().unwrap().trim().to_owned();
                }
                blocks.entry(name.clone()).or_default().extend(placeholders(line));
            }
            blocks
        };
        for file in 0..SOURCES[0].1.len() {
            let spanish = blocks(SOURCES[0].1[file]);
            for (code, sources) in SOURCES {
                for (name, names) in blocks(sources[file]) {
                    assert_eq!(spanish.get(&name), Some(&names), "{code}: {name}");
                }
            }
        }
    }

    #[test]
    fn numbers_follow_the_country_not_only_the_language() {
        assert_eq!(NumberFormat::new(Language::Es, Some("MX")).decimal(1234567.25, 1), "1,234,567.3");
        assert_eq!(NumberFormat::new(Language::Es, Some("CL")).decimal(1234567.25, 1), "1.234.567,3");
        assert_eq!(NumberFormat::new(Language::En, None).percent(0.1234), "12.3\u{202f}%");
        assert_eq!(NumberFormat::new(Language::Pt, Some("BR")).count(2000000.0), "2.000.000");
    }

    #[test]
    fn numbers_of_messages_follow_the_country_and_still_choose_the_plural() {
        let finding = |country: Option<&str>, count: &str| {
            let catalog = Catalog::load();
            country.into_iter().for_each(|country| catalog.set_country(country));
            let args = [("file", "a.csv"), ("read", count), ("used", "7"), ("excluded", "x")];
            catalog.with(Language::Es, "finding-DATA-000", &args)
        };
        assert!(finding(None, "1234567").contains(" 1.234.567 "), "{}", finding(None, "1234567"));
        assert!(finding(Some("MX"), "1234567").contains(" 1,234,567 "));
        assert!(finding(Some("MX"), "0107.50").contains(" 107.50 "));
        assert!(finding(None, "1").contains(" 1 fila leída, 7 usadas, x "), "{}", finding(None, "1"));
        let auc = Catalog::load().with(Language::Fr, "finding-MODEL-011", &[("auc", "0.55")]);
        assert!(auc.contains("0,55"), "{auc}");
    }
}
