//! The addresses in a page that was written, changed in one place: for releases that live below `/release/ID`, and for copies in
//! a folder without a server.

/// Attributes that hold an address.
const ATTRIBUTES: [&str; 4] = [" href=\"", " src=\"", " action=\"", " data-areas=\""];

/// Gives every address of the site (those that begin with a slash) to `change`. Addresses are as they stand in HTML: with `&amp;`
/// for `&`, which `change` must keep.
pub fn rewrite(html: &str, change: &dyn Fn(&str) -> String) -> String {
    let mut written = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    // Only tags hold attributes; a quotation mark in a text is written as it is, but a text has no ` href="` that maud did not escape.
    while let Some((at, attribute)) = next_attribute(rest) {
        let start = at + attribute.len();
        let (before, after) = rest.split_at(start);
        written.push_str(before);
        let Some(end) = after.find('"') else {
            rest = after;
            break;
        };
        let address = &after[..end];
        if address.starts_with('/') {
            written.push_str(&change(address));
        } else {
            written.push_str(address);
        }
        rest = &after[end..];
    }
    written.push_str(rest);
    written
}

fn next_attribute(text: &str) -> Option<(usize, &'static str)> {
    // All end in `="`: one search for that, then a look at what stands before.
    let mut from = 0;
    while let Some(found) = text[from..].find("=\"") {
        let end = from + found + 2;
        if let Some(attribute) = ATTRIBUTES.iter().find(|attribute| text[..end].ends_with(**attribute)) {
            return Some((end - attribute.len(), attribute));
        }
        from = end;
    }
    None
}

/// The address below `base`; files that all releases share, and other releases, stay where they are.
pub fn below(base: &str, address: &str) -> String {
    let shared = ["/assets/", "/release/", "/robots.txt", "/openapi.json"];
    if shared.iter().any(|beginning| address.starts_with(beginning)) {
        address.to_owned()
    } else {
        format!("{base}{address}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_site_in_attributes_are_moved() {
        let page = r##"<a href="/es/">a</a> <a href="#x">b</a><img src="/es/x.svg"><form action="/es/areas" method="get">
            href=&quot;/es/&quot; <a href="https://example.org/">c</a><link href="/assets/a.css"><p title="/es/">"##;
        let moved = rewrite(page, &|address| below("/release/1", address));
        assert_eq!(
            moved,
            r##"<a href="/release/1/es/">a</a> <a href="#x">b</a><img src="/release/1/es/x.svg"><form action="/release/1/es/areas" method="get">
            href=&quot;/es/&quot; <a href="https://example.org/">c</a><link href="/assets/a.css"><p title="/es/">"##
        );
    }

    #[test]
    fn a_broken_page_comes_out_as_it_went_in() {
        for page in ["<a href=\"/es", "", "=\"=\"", "<a href=\"\">"] {
            assert_eq!(rewrite(page, &|address| address.to_owned()), page);
        }
    }
}
