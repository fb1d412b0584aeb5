//! What a place that matches no area of the map might be: told by its code, its name and the larger area it lies in.

use std::collections::HashMap;

use crate::areas::AreaTree;
use crate::names;

/// A place as a file has it.
#[derive(Debug, Clone, Copy, Default)]
pub struct UnknownPlace<'a> {
    /// Code.
    pub code: &'a str,
    /// Name, when the file has one.
    pub name: Option<&'a str>,
    /// Code or name of its department, when the file has one.
    pub parent: Option<&'a str>,
}

/// Whether a suggestion for this reason may be taken without asking anybody: the same digits but for zeros or other
/// digits before them; digits after them and the same name; or the same name in the same department.
pub fn is_sure(reason: &str) -> bool {
    matches!(reason, "leading_zero" | "suffix" | "prefix_and_name" | "name_in_parent")
}

/// The areas of the map, arranged for looking up.
pub struct Suggester<'a> {
    tree: &'a AreaTree,
    plain_names: Vec<String>,
    by_bare_code: HashMap<&'a str, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
}

impl<'a> Suggester<'a> {
    /// Arranges the areas of the map.
    pub fn new(tree: &'a AreaTree) -> Suggester<'a> {
        let plain_names: Vec<String> = tree.municipalities.iter().map(|area| names::plain(&area.name)).collect();
        let mut by_bare_code: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, area) in tree.municipalities.iter().enumerate() {
            by_bare_code.entry(area.code.trim_start_matches('0')).or_default().push(index);
            by_name.entry(plain_names[index].clone()).or_default().push(index);
        }
        Suggester { tree, plain_names, by_bare_code, by_name }
    }

    /// The code of the area the place might be, and why: `leading_zero` the same number but for zeros before it; `suffix`, `prefix` the
    /// only area whose code ends or begins with it, or is ended or begun by it (`prefix_and_name` when the names agree too: digits
    /// that a lost zero has shifted would look the same); `name_in_parent` the only area of that name in
    /// its department; `name`, `name_near` the only area of that name, or of nearly that name; `other_name` the code fits and
    /// the names do not.
    pub fn suggest(&self, place: UnknownPlace<'_>) -> Option<(String, &'static str)> {
        let name = place.name.map(names::plain).filter(|name| !name.is_empty());
        if let Some((area, reason)) = self.by_code(place.code.trim()) {
            let reason = match name.as_ref().map(|name| self.is_near(area, name)) {
                Some(false) => "other_name",
                Some(true) if reason == "prefix" => "prefix_and_name",
                _ => reason,
            };
            return Some((self.code(area), reason));
        }
        // A file whose "code" is a name.
        let wanted = name.or_else(|| {
            let plain = names::plain(place.code);
            plain.chars().any(char::is_alphabetic).then_some(plain)
        })?;
        let parent = place.parent.and_then(|parent| self.department(parent));
        let in_parent = |area: &usize| parent.is_none_or(|parent| self.tree.municipalities[*area].department == parent);
        let same: Vec<usize> = self.by_name.get(&wanted).into_iter().flatten().copied().filter(in_parent).collect();
        if let [area] = same.as_slice() {
            return Some((self.code(*area), if parent.is_some() { "name_in_parent" } else { "name" }));
        }
        let near: Vec<usize> =
            (0..self.plain_names.len()).filter(in_parent).filter(|&area| self.is_near(area, &wanted)).collect();
        match near.as_slice() {
            [area] => Some((self.code(*area), "name_near")),
            _ => None,
        }
    }

    fn code(&self, area: usize) -> String {
        self.tree.municipalities[area].code.clone()
    }

    fn by_code(&self, code: &str) -> Option<(usize, &'static str)> {
        let bare = code.trim_start_matches('0');
        if bare.is_empty() {
            return None;
        }
        if let Some([area]) = self.by_bare_code.get(bare).map(Vec::as_slice) {
            return Some((*area, "leading_zero"));
        }
        if bare.len() < 3 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let only = |fits: &dyn Fn(&str) -> bool| {
            let mut areas = self.tree.municipalities.iter().enumerate();
            let mut fitting = areas.by_ref().filter(|(_, area)| area.code.len() >= 3 && fits(&area.code));
            let first = fitting.next()?;
            fitting.next().is_none().then_some(first.0)
        };
        if let Some(area) = only(&|other| bare.ends_with(other) || other.ends_with(bare)) {
            return Some((area, "suffix"));
        }
        // The code as it is written: a lost leading zero would shift all digits.
        only(&|other| code.starts_with(other) || other.starts_with(code)).map(|area| (area, "prefix"))
    }

    fn is_near(&self, area: usize, name: &str) -> bool {
        let other = &self.plain_names[area];
        let limit = name.len().max(other.len()) / 5;
        name.len().abs_diff(other.len()) <= 2 * limit && names::distance(name, other) <= limit
    }

    /// A department by its code, with or without zeros, or by its name.
    fn department(&self, parent: &str) -> Option<usize> {
        let (bare, plain) = (parent.trim().trim_start_matches('0'), names::plain(parent));
        let mut found = self.tree.departments.iter().enumerate().filter(|(_, department)| {
            department.code.trim_start_matches('0') == bare || names::plain(&department.name) == plain
        });
        let (first, _) = found.next()?;
        found.next().is_none().then_some(first)
    }
}
