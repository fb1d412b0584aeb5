//! Addresses of the site's pages: one place knows how they are made.

use clrisk_core::Language;

/// A path segment with everything but unreserved characters percent-encoded (RFC 3986, section 2.3).
pub fn segment(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The national page.
pub fn national(language: Language) -> String {
    format!("/{language}/")
}

/// The list of areas.
pub fn areas(language: Language) -> String {
    format!("/{language}/areas")
}

/// The page of a municipality.
pub fn area(language: Language, code: &str) -> String {
    format!("/{language}/area/{}", segment(code))
}

/// The page of a department.
pub fn department(language: Language, code: &str) -> String {
    format!("/{language}/department/{}", segment(code))
}

/// The page on method and sources.
pub fn how(language: Language) -> String {
    format!("/{language}/how")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_can_hold_anything_and_stays_one_segment() {
        assert_eq!(area(Language::En, "a/b ?"), "/en/area/a%2Fb%20%3F");
        assert_eq!(department(Language::Es, "07"), "/es/department/07");
    }
}
