//! The documents of the project, compiled in: what an office without internet can read where the program runs.

use clrisk_core::Language;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Kinds of documents, in the order in which a newcomer needs them.
pub const KINDS: [&str; 4] = ["tutorial", "how-to", "methods", "reference"];

/// A document.
pub struct Document {
    /// Name in its address.
    pub name: &'static str,
    /// Markdown in English.
    pub original: &'static str,
    /// The same in other languages, by their codes.
    pub translations: &'static [(&'static str, &'static str)],
}

/// A document in one language.
#[derive(Clone, Copy)]
pub struct Version {
    /// The language of the text: that asked for, or English.
    pub language: Language,
    text: &'static str,
}

/// All of them: the files of `docs/`, by name.
pub const ALL: &[Document] = include!(concat!(env!("OUT_DIR"), "/documents.rs"));

/// The document of a name.
pub fn find(name: &str) -> Option<&'static Document> {
    ALL.iter().find(|document| document.name == name)
}

impl Document {
    /// One of [`KINDS`]; what is not known as another kind is reference.
    pub fn kind(&self) -> &'static str {
        match self.name {
            "tutorial" => "tutorial",
            "how-to" | "site" | "cluster" => "how-to",
            "statistics" | "definitions" | "index" | "measure" => "methods",
            name if name.starts_with("how-to-") => "how-to",
            _ => "reference",
        }
    }

    /// The document for readers of a language.
    pub fn version(&self, language: Language) -> Version {
        let found = self.translations.iter().find(|(code, _)| *code == language.code());
        found.map_or(Version { language: Language::En, text: self.original }, |(_, text)| Version { language, text })
    }
}

impl Version {
    /// Its first heading.
    pub fn title(&self) -> &'static str {
        self.text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default().trim()
    }

    /// Its first sentence, without marks.
    pub fn first_sentence(&self) -> String {
        let mut inside = false;
        let mut text = String::new();
        for event in Parser::new(self.text) {
            match event {
                Event::Start(Tag::Paragraph) => inside = true,
                Event::End(TagEnd::Paragraph) if inside => break,
                Event::Text(piece) | Event::Code(piece) if inside => text.push_str(&piece),
                Event::SoftBreak if inside => text.push(' '),
                _ => {}
            }
        }
        let end = text.find(". ").map_or(text.len(), |end| end + 1);
        text.truncate(end);
        text
    }

    /// The document as HTML: headings have anchors, links to other documents lead to their pages (`place` gives the address), tables can
    /// be scrolled and are named by the heading above them, and HTML in the text is shown as it is written.
    pub fn html(&self, place: &dyn Fn(&str) -> String) -> String {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
        let mut headings = headings(self.text, options).into_iter();
        let mut above = String::new();
        let mut linked: Option<&Document> = None;
        let events = Parser::new_ext(self.text, options).flat_map(|event| match event {
            Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
                let id = headings.next().map(|heading| {
                    above = maud::html! { (heading.words) }.into_string();
                    CowStr::from(heading.anchor)
                });
                vec![Event::Start(Tag::Heading { level, id, classes, attrs })]
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                linked = document_of(&dest_url);
                let dest_url = moved(&dest_url, place).into();
                vec![Event::Start(Tag::Link { link_type, dest_url, title, id })]
            }
            Event::End(TagEnd::Link) => {
                linked = None;
                vec![Event::End(TagEnd::Link)]
            }
            // Who reads a page knows documents by their titles.
            Event::Text(text) if linked.is_some() && text.ends_with(".md") => {
                let title = linked.map_or("", |document| document.version(self.language).title());
                vec![Event::Text(title.into())]
            }
            Event::Html(text) | Event::InlineHtml(text) => vec![Event::Text(text)],
            Event::Start(Tag::Table(columns)) => vec![
                Event::Html(format!(r#"<div class="scroll" tabindex="0" role="group" aria-label="{above}">"#).into()),
                Event::Start(Tag::Table(columns)),
            ],
            Event::End(TagEnd::Table) => vec![Event::End(TagEnd::Table), Event::Html("</div>".into())],
            Event::Start(Tag::CodeBlock(_)) => vec![Event::Html("<pre tabindex=\"0\"><code>".into())],
            Event::End(TagEnd::CodeBlock) => vec![Event::Html("</code></pre>".into())],
            other => vec![other],
        });
        let mut written = String::new();
        html::push_html(&mut written, events);
        // A heading of nothing heads nothing.
        written.replace("<th></th>", "<td></td>")
    }
}

struct Heading {
    words: String,
    /// The words with hyphens.
    anchor: String,
}

/// The headings, in order.
fn headings(text: &str, options: Options) -> Vec<Heading> {
    let mut headings: Vec<Heading> = Vec::new();
    let mut open: Option<(HeadingLevel, String)> = None;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => open = Some((level, String::new())),
            Event::Text(piece) | Event::Code(piece) => {
                if let Some((_, words)) = &mut open {
                    words.push_str(&piece);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let words = open.take().map(|(_, words)| words).unwrap_or_default();
                let plain: String = words
                    .to_lowercase()
                    .chars()
                    .map(|letter| if letter.is_alphanumeric() { letter } else { '-' })
                    .collect();
                let anchor = plain.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
                let mut distinct = anchor.clone();
                for again in 1.. {
                    if headings.iter().all(|known| known.anchor != distinct) {
                        break;
                    }
                    distinct = format!("{anchor}-{again}");
                }
                headings.push(Heading { words, anchor: distinct });
            }
            _ => {}
        }
    }
    headings
}

/// The document that a link leads to. Translations lie in folders of their languages; a document is found by its name in any.
fn document_of(target: &str) -> Option<&'static Document> {
    let file = target.split('#').next().filter(|file| !file.contains("://"))?;
    find(file.rsplit('/').next().unwrap_or(file).strip_suffix(".md")?)
}

/// Where a link of a document leads on the site: to the page of another document, or to nothing for files that the program does not carry.
fn moved(target: &str, place: &dyn Fn(&str) -> String) -> String {
    let (file, anchor) =
        target.split_once('#').map_or((target, String::new()), |(file, anchor)| (file, format!("#{anchor}")));
    if file.is_empty() || file.contains("://") {
        return target.to_owned();
    }
    match document_of(file) {
        Some(document) => format!("{}{anchor}", place(document.name)),
        None => place("").trim_end_matches('/').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_document_of_the_folder_is_carried_and_every_kind_has_one() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".md").map(str::to_owned))
            .collect();
        let carried: BTreeSet<String> = ALL.iter().map(|document| document.name.to_owned()).collect();
        assert_eq!(carried, files);
        for kind in KINDS {
            assert!(ALL.iter().any(|document| document.kind() == kind), "{kind}");
        }
    }

    #[test]
    fn links_between_documents_lead_to_pages_and_raw_html_is_only_text() {
        let document = Version {
            language: Language::En,
            text: "# A b\n\n[c](commands.md#exit-codes) [commands.md](commands.md) [d](../README.md) <script>alert(1)</script>\n\n## A b\n\n## A b\n\n### \"c\" & d\n\n| d |\n|---|\n",
        };
        let written = document.html(&|name| format!("/es/docs/{name}"));
        assert!(written.contains("href=\"/es/docs/commands#exit-codes\""), "{written}");
        assert!(written.contains(">Commands</a>"), "{written}");
        assert!(written.contains("href=\"/es/docs\""), "{written}");
        assert!(!written.contains("<script>"), "{written}");
        for anchor in ["a-b", "a-b-1", "a-b-2"] {
            assert_eq!(written.matches(&format!("id=\"{anchor}\"")).count(), 1, "{written}");
        }
        assert!(written.contains("aria-label=\"&quot;c&quot; &amp; d\""), "{written}");
    }

    #[test]
    fn every_document_has_a_title_and_a_first_sentence_in_every_language_it_is_in() {
        for document in ALL {
            for language in Language::ALL {
                let version = document.version(language);
                assert!(!version.title().is_empty(), "{}", document.name);
                assert!(version.first_sentence().len() > 10, "{}", document.name);
            }
        }
    }

    #[test]
    fn the_first_steps_are_in_every_language_and_a_translation_has_the_parts_and_the_commands_of_its_original() {
        for document in ALL.iter().filter(|document| document.name == "tutorial" || document.name.starts_with("how-to"))
        {
            for language in Language::ALL {
                assert_eq!(document.version(language).language, language, "{}", document.name);
            }
        }
        for document in ALL {
            for (code, text) in document.translations {
                // Levels of the headings outside of code.
                let headings = |text: &str| -> Vec<usize> {
                    let mut code = false;
                    let level = |line: &str| line.bytes().take_while(|byte| *byte == b'#').count();
                    text.lines()
                        .filter_map(|line| {
                            code ^= line.starts_with("```");
                            (!code && line.starts_with('#')).then(|| level(line))
                        })
                        .collect()
                };
                let blocks = |text: &str| text.matches("```").count();
                assert_eq!(blocks(text), blocks(document.original), "{} in {code}", document.name);
                assert_eq!(headings(text), headings(document.original), "{} in {code}", document.name);
                let commands = document.original.lines().filter_map(|line| line.strip_prefix("clrisk "));
                for command in commands.filter_map(|line| line.split_whitespace().next()) {
                    assert!(
                        text.contains(&format!("clrisk {command}")),
                        "{} in {code}: clrisk {command}",
                        document.name
                    );
                }
            }
        }
    }
}
