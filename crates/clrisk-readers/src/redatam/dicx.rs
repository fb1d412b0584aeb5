//! The XML dictionary (`.dicx`, `.dicX`) of REDATAM 7: entities inside one another, variables inside entities.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::dictionary::{DEEPEST, Dictionary, DictionaryVariable, Entity, MOST_ENTITIES, Storage};
use crate::error::ReadError;
use crate::provenance::Note;

/// The element that the dictionary is.
pub(super) const ROOT_ELEMENT: &[u8] = b"<redDictionary_XML";

/// A variable whose end has not come yet.
#[derive(Default)]
struct OpenVariable {
    name: String,
    label: String,
    file: String,
    storage: String,
    size: String,
    missing: String,
    not_applicable: String,
    value_labels: Vec<(String, String)>,
    value: String,
    value_label: String,
}

/// Reads an XML dictionary.
pub(super) fn read(text: &str) -> Result<Dictionary, ReadError> {
    let mut reader = Reader::from_str(text);
    let mut dictionary = Dictionary::default();
    // Elements that are open, entities that are open, the variable that is open, and the text of the innermost element.
    let mut elements: Vec<String> = Vec::new();
    let mut entities: Vec<usize> = Vec::new();
    let mut variable: Option<OpenVariable> = None;
    let mut content = String::new();
    let mut skipped = 0;
    loop {
        let place = reader.buffer_position();
        let damaged = || ReadError::damaged("REDATAM dictionary", place);
        match reader.read_event().map_err(|_| damaged())? {
            Event::Start(element) => {
                let name = element.name().as_ref().to_owned();
                match name.as_str() {
                    "root" | "entity" => {
                        if entities.len() == DEEPEST || dictionary.entities.len() == MOST_ENTITIES {
                            return Err(damaged());
                        }
                        let parent = entities.last().copied();
                        // Everything hangs on one root.
                        if parent.is_none() && !dictionary.entities.is_empty() {
                            return Err(damaged());
                        }
                        entities.push(dictionary.entities.len());
                        dictionary.entities.push(Entity { parent, ..Entity::default() });
                    }
                    "variable" => variable = Some(OpenVariable::default()),
                    _ => {}
                }
                elements.push(name);
                content.clear();
            }
            Event::Text(part) => content.push_str(&part.xml10_content()),
            Event::CData(part) => content.push_str(&part),
            Event::GeneralRef(reference) => {
                let resolved = match reference.resolve_char_ref() {
                    Ok(Some(character)) => Some(character),
                    _ => match reference.as_ref() {
                        "lt" => Some('<'),
                        "gt" => Some('>'),
                        "amp" => Some('&'),
                        "quot" => Some('"'),
                        "apos" => Some('\''),
                        _ => None,
                    },
                };
                content.push(resolved.unwrap_or('\u{fffd}'));
            }
            Event::End(_) => {
                let Some(element) = elements.pop() else { return Err(damaged()) };
                let text = std::mem::take(&mut content).trim().to_owned();
                let parent = elements.last().map(String::as_str).unwrap_or_default();
                match (&mut variable, parent, element.as_str()) {
                    (_, _, "entity" | "root") => {
                        entities.pop();
                    }
                    (Some(_), _, "variable") => {
                        let entity = entities.last().and_then(|entity| dictionary.entities.get_mut(*entity));
                        match (entity, variable.take().and_then(OpenVariable::finish)) {
                            (Some(entity), Some(finished)) => entity.variables.push(finished),
                            _ => skipped += 1,
                        }
                    }
                    (Some(open), "variable", "name") => open.name = text,
                    (Some(open), "variable", "label") => open.label = text,
                    (Some(open), "variable", "filename") => open.file = text,
                    (Some(open), "variable", "missing") => open.missing = text,
                    (Some(open), "variable", "notappl") => open.not_applicable = text,
                    (Some(open), "varDicChoice", "datasetType") => open.storage = text,
                    (Some(open), "varDicChoice", "datasetSize") => open.size = text,
                    (Some(open), "valueLabelElement", "value") => open.value = text,
                    (Some(open), "valueLabelElement", "label") => open.value_label = text,
                    (Some(open), _, "valueLabelElement") => {
                        open.value_labels
                            .push((std::mem::take(&mut open.value), std::mem::take(&mut open.value_label)));
                    }
                    (None, "entity" | "root", _) => {
                        let Some(entity) = entities.last().and_then(|entity| dictionary.entities.get_mut(*entity))
                        else {
                            continue;
                        };
                        match element.as_str() {
                            "name" => entity.name = text,
                            "label" if !text.is_empty() => entity.label = Some(text),
                            "filename" => entity.pointers = text,
                            _ => {}
                        }
                    }
                    _ => {}
                }
            }
            Event::Eof if elements.is_empty() => break,
            Event::Eof => return Err(damaged()),
            _ => {}
        }
    }
    let complete = !dictionary.entities.is_empty() && dictionary.entities.iter().all(|entity| !entity.name.is_empty());
    if !complete {
        return Err(ReadError::damaged("REDATAM dictionary", text.len() as u64));
    }
    if skipped > 0 {
        dictionary.notes.push(Note::fact("READ-121", skipped));
    }
    Ok(dictionary)
}

impl OpenVariable {
    /// The variable, when its data are of a known kind.
    fn finish(self) -> Option<DictionaryVariable> {
        let storage = Storage::named(&self.storage, self.size.parse().ok())?;
        if self.name.is_empty() {
            return None;
        }
        Some(DictionaryVariable {
            name: self.name,
            label: (!self.label.is_empty()).then_some(self.label),
            storage,
            file: self.file,
            value_labels: self.value_labels,
            missing: self.missing.parse().ok(),
            not_applicable: self.not_applicable.parse().ok(),
        })
    }
}
