//! The common variables to propose: categories from value labels, from usual codes, or codes as they are.

use std::collections::{BTreeMap, BTreeSet};

use crate::inspect::InspectedVariable;
use crate::names;
use crate::roles;

use super::outcome::Outcome;
use super::side::{Code, Side, quoted};

/// Roles that make common variables, in the order in which they are proposed, and whether somebody can act on them.
const ROLES: [(&str, bool); 5] =
    [("sex", false), ("zone", false), ("attendance", true), ("ethnicity", false), ("migration", false)];
/// Roles that are never a condition of a child: identifiers, design, outcome.
const NO_CONDITION: [&str; 14] = [
    "age",
    "weight",
    "psu",
    "stratum",
    "area",
    "area_name",
    "department",
    "hours",
    "chores_hours",
    "activity_status",
    "household",
    "person",
    "count",
    "replicate_weight",
];
/// Most categories of a variable.
const MOST_CATEGORIES: usize = 12;
/// Most categories of a variable of numbers without labels; more are taken for a number.
const MOST_UNLABELLED: usize = 6;
/// Share of the rows that must have an answer.
const ANSWERED: f64 = 0.5;

/// A common variable.
pub(super) struct Variable {
    /// Name in the codebook.
    pub name: String,
    /// The key of its title among the roles; none for one of the files.
    pub role: Option<&'static str>,
    /// Title in the words of a file.
    pub title: Option<String>,
    /// Categories with their labels; none for a number.
    pub levels: Option<Vec<(String, LevelTitle)>>,
    /// Expressions over survey and census.
    pub expressions: [String; 2],
    /// Variables they were made from.
    pub from: [String; 2],
    /// Whether somebody can act on it.
    pub actionable: bool,
    /// How the categories were found: `labels`, `usual`, `same_codes`, `same_labels`, `number` or `ages`.
    pub how: &'static str,
    /// Codes that have no counterpart in the other file and become missing, of survey and census.
    pub left_out: [Vec<String>; 2],
}

/// What a category is called.
pub(super) enum LevelTitle {
    /// A category of a role: a message.
    Role,
    /// In the words of a file.
    File(String),
    /// The category itself.
    Itself,
}

/// A variable that both files seem to have and that could not be proposed.
pub(super) struct Refused {
    /// Variables of survey and census; empty where the file has none.
    pub variables: [String; 2],
    /// The role, when there is one.
    pub role: Option<&'static str>,
    /// Why: `missing`, `codes`, `only_survey`, `only_census`.
    pub why: &'static str,
}

/// What was found.
#[derive(Default)]
pub(super) struct Variables {
    /// Proposed.
    pub proposed: Vec<Variable>,
    /// Not proposed.
    pub refused: Vec<Refused>,
}

/// Looks for common variables.
pub(super) fn propose(
    survey: Option<&Side>,
    census: Option<&Side>,
    outcome: &Outcome,
    matches: &[(String, String)],
) -> Variables {
    let mut found = Variables::default();
    let (Some(survey), Some(census)) = (survey, census) else { return found };
    let mut used: [BTreeSet<String>; 2] = Default::default();
    let matched = |name: &str| matches.iter().find(|(left, _)| left.eq_ignore_ascii_case(name)).map(|(_, right)| right);
    for (role, actionable) in ROLES {
        let left = survey.of_role(role);
        let right = left.and_then(|left| matched(&left.name)).and_then(|name| census.variable(name));
        let right = right.or_else(|| census.of_role(role));
        match (left, right) {
            (Some(left), Some(right)) => {
                used[0].insert(left.name.clone());
                used[1].insert(right.name.clone());
                match of_role(role, [survey, census], [left, right]) {
                    Ok(variable) => found.proposed.push(Variable { actionable, ..variable }),
                    Err(why) => found.refuse([&left.name, &right.name], Some(role), why),
                }
            }
            (Some(left), None) => found.refuse([&left.name, ""], Some(role), "only_survey"),
            (None, Some(right)) => found.refuse(["", &right.name], Some(role), "only_census"),
            (None, None) => {}
        }
        if role == "sex"
            && let Some(age) = age_group(survey, census, outcome)
        {
            found.proposed.push(age);
        }
    }
    others(&mut found, [survey, census], &mut used, matches);
    found
}

impl Variables {
    fn refuse(&mut self, variables: [&str; 2], role: Option<&'static str>, why: &'static str) {
        self.refused.push(Refused { variables: variables.map(str::to_owned), role, why });
    }
}

/// A variable of a role: from labels, else from usual codes, else from codes that both files have.
fn of_role(
    role: &'static str,
    sides: [&Side; 2],
    variables: [&InspectedVariable; 2],
) -> Result<Variable, &'static str> {
    if sides.iter().zip(variables).any(|(side, variable)| side.answered(variable) < ANSWERED) {
        return Err("missing");
    }
    let codes = [sides[0].codes(variables[0]), sides[1].codes(variables[1])];
    let [Some(left), Some(right)] = &codes else { return Err("codes") };
    let levels = [levels(role, left), levels(role, right)];
    let [Some((first, by_label)), Some((second, by_label_too))] = &levels else {
        return plain(sides, variables).map(|variable| Variable {
            role: Some(role),
            name: role.to_owned(),
            ..variable
        });
    };
    let common: Vec<&str> = roles::levels(role)
        .iter()
        .map(|level| level.code.as_str())
        .filter(|level| first.values().any(|known| known == level) && second.values().any(|known| known == level))
        .collect();
    if common.len() < 2 {
        return plain(sides, variables).map(|variable| Variable {
            role: Some(role),
            name: role.to_owned(),
            ..variable
        });
    }
    let left_out = |codes: &[Code], of: &BTreeMap<String, &'static str>| -> Vec<String> {
        let lost = |code: &&Code| of.get(&code.value).is_none_or(|level| !common.contains(level));
        codes.iter().filter(lost).map(described).collect()
    };
    Ok(Variable {
        name: role.to_owned(),
        role: Some(role),
        title: None,
        expressions: [case(&variables[0].name, left, first, &common), case(&variables[1].name, right, second, &common)],
        from: [variables[0].name.clone(), variables[1].name.clone()],
        left_out: [left_out(left, first), left_out(right, second)],
        levels: Some(common.iter().map(|level| ((*level).to_owned(), LevelTitle::Role)).collect()),
        actionable: false,
        how: if *by_label && *by_label_too { "labels" } else { "usual" },
    })
}

fn described(code: &Code) -> String {
    match &code.label {
        Some(label) => format!("{} = {label}", code.value),
        None => code.value.clone(),
    }
}

/// The category of each code, and whether labels said so; none when it is not clear.
fn levels(role: &str, codes: &[Code]) -> Option<(BTreeMap<String, &'static str>, bool)> {
    let labelled: BTreeMap<String, &'static str> = codes
        .iter()
        .filter_map(|code| Some((code.value.clone(), roles::level_of(role, code.label.as_deref()?)?)))
        .collect();
    if !labelled.is_empty() && codes.iter().all(|code| code.label.is_some()) {
        return Some((labelled, true));
    }
    let usual: Option<BTreeMap<String, &'static str>> = codes
        .iter()
        .map(|code| {
            let level = roles::levels(role).iter().find(|level| level.usual.contains(&code.value))?;
            Some((code.value.clone(), level.code.as_str()))
        })
        .collect();
    usual.filter(|usual| !usual.is_empty()).map(|usual| (usual, false))
}

fn case(column: &str, codes: &[Code], levels: &BTreeMap<String, &'static str>, common: &[&str]) -> String {
    let column = quoted(column);
    let mut sql = format!("CASE {column}");
    for code in codes {
        if let Some(level) = levels.get(&code.value).filter(|level| common.contains(level)) {
            sql.push_str(&format!(" WHEN {} THEN '{level}'", code.literal));
        }
    }
    sql.push_str(" END");
    sql
}

/// Age groups of indicator 8.7.1, as far as they lie in the ages of the outcome.
fn age_group(survey: &Side, census: &Side, outcome: &Outcome) -> Option<Variable> {
    let (left, right) = (survey.age()?, census.age()?);
    let (youngest, oldest) = outcome.ages;
    let groups: Vec<(i64, i64)> = [(5, 11), (12, 14), (15, 17)]
        .into_iter()
        .map(|(from, to)| (from.max(youngest), to.min(oldest)))
        .filter(|(from, to)| from <= to)
        .collect();
    if groups.len() < 2 {
        return None;
    }
    let expression = |age: &str| {
        let mut sql = "CASE".to_owned();
        for (from, to) in &groups[..groups.len() - 1] {
            sql.push_str(&format!(" WHEN ({age}) <= {to} THEN '{from}-{to}'"));
        }
        let (from, to) = groups[groups.len() - 1];
        format!("{sql} WHEN ({age}) <= {to} THEN '{from}-{to}' END")
    };
    Some(Variable {
        name: "age_group".to_owned(),
        role: Some("age"),
        title: None,
        levels: Some(groups.iter().map(|(from, to)| (format!("{from}-{to}"), LevelTitle::Itself)).collect()),
        expressions: [expression(&left.sql), expression(&right.sql)],
        from: [left.variable, right.variable],
        actionable: false,
        how: "ages",
        left_out: Default::default(),
    })
}

/// Variables without a role of their own that both files have under one name, one label, or by `--match`.
fn others(found: &mut Variables, sides: [&Side; 2], used: &mut [BTreeSet<String>; 2], matches: &[(String, String)]) {
    let [survey, census] = sides;
    for left in &survey.table.variables {
        let role = left.guess.as_ref().filter(|guess| guess.likely).map(|guess| guess.role.as_str());
        if used[0].contains(&left.name) || role.is_some_and(|role| NO_CONDITION.contains(&role)) {
            continue;
        }
        let asked = matches.iter().find(|(name, _)| name.eq_ignore_ascii_case(&left.name)).map(|(_, other)| other);
        let same_label = |other: &&InspectedVariable| match (&left.label, &other.label) {
            (Some(left), Some(right)) => names::plain(left) == names::plain(right),
            _ => false,
        };
        let right = match asked {
            Some(name) => census.variable(name),
            None => census
                .variable(&left.name)
                .or_else(|| census.table.variables.iter().find(same_label))
                // The one variable of a role on either side.
                .or_else(|| {
                    role.filter(|role| survey.of_role(role).is_some_and(|own| own.name == left.name))
                        .and_then(|role| census.of_role(role))
                }),
        };
        let Some(right) = right.filter(|right| !used[1].contains(&right.name)) else { continue };
        let other_role = right.guess.as_ref().filter(|guess| guess.likely).map(|guess| guess.role.as_str());
        if other_role.is_some_and(|role| NO_CONDITION.contains(&role)) {
            continue;
        }
        used[0].insert(left.name.clone());
        used[1].insert(right.name.clone());
        match plain(sides, [left, right]) {
            Ok(variable) => found.proposed.push(variable),
            Err(why) => found.refuse([&left.name, &right.name], None, why),
        }
    }
}

/// A variable taken as it is: codes with the same labels, codes that are the same, or a number.
fn plain(sides: [&Side; 2], variables: [&InspectedVariable; 2]) -> Result<Variable, &'static str> {
    let [left, right] = variables;
    if sides.iter().zip(variables).any(|(side, variable)| side.answered(variable) < ANSWERED) {
        return Err("missing");
    }
    let number = |variable: &InspectedVariable| matches!(variable.kind.as_str(), "integer" | "number");
    let codes = [sides[0].codes(left), sides[1].codes(right)];
    let mut variable = Variable {
        name: codebook_name(&left.name),
        role: None,
        title: left.label.clone().or_else(|| right.label.clone()),
        levels: None,
        expressions: [sides[0].proposed(left).sql, sides[1].proposed(right).sql],
        from: [left.name.clone(), right.name.clone()],
        actionable: false,
        how: "number",
        left_out: Default::default(),
    };
    if let [Some(first), Some(second)] = &codes
        && first.len().max(second.len()) <= MOST_CATEGORIES
        && (first.len().max(second.len()) <= MOST_UNLABELLED
            || first.iter().chain(second).any(|code| code.label.is_some()))
    {
        let labelled = |codes: &[Code]| codes.iter().all(|code| code.label.is_some());
        let (key, how): (fn(&Code) -> String, _) = if labelled(first) && labelled(second) {
            (|code: &Code| names::plain(code.label.as_deref().unwrap_or_default()).replace(' ', "_"), "same_labels")
        } else {
            (|code: &Code| code.value.clone(), "same_codes")
        };
        let of = |codes: &[Code]| -> BTreeSet<String> { codes.iter().map(key).collect() };
        let (one, two) = (of(first), of(second));
        let common: Vec<String> = first.iter().map(key).filter(|level| two.contains(level)).collect();
        let all = one.union(&two).count();
        // Codes that only half agree rarely mean the same.
        if common.len() < 2 || (common.len() as f64) < 0.75 * all as f64 {
            return Err("codes");
        }
        let expression = |side: &InspectedVariable, codes: &[Code]| {
            let mut sql = format!("CASE {}", quoted(&side.name));
            for code in codes.iter().filter(|code| common.contains(&key(code))) {
                sql.push_str(&format!(" WHEN {} THEN '{}'", code.literal, key(code).replace('\'', "''")));
            }
            sql + " END"
        };
        let lost = |codes: &[Code]| {
            codes.iter().filter(|code| !common.contains(&key(code))).map(described).collect::<Vec<_>>()
        };
        variable.expressions = [expression(left, first), expression(right, second)];
        variable.left_out = [lost(first), lost(second)];
        let title = |level: &String| {
            let code = first.iter().chain(second).find(|code| key(code) == *level && code.label.is_some());
            code.and_then(|code| code.label.clone()).map_or(LevelTitle::Itself, LevelTitle::File)
        };
        variable.levels = Some(common.iter().map(|level| (level.clone(), title(level))).collect());
        variable.how = how;
        return Ok(variable);
    }
    // Years of schooling in one file and bands of them in the other are both numbers.
    let (few, many) = (left.distinct.min(right.distinct), left.distinct.max(right.distinct));
    if number(left) && number(right) && many <= 3 * few { Ok(variable) } else { Err("codes") }
}

/// A name for the formula: letters, digits and low lines.
fn codebook_name(name: &str) -> String {
    let plain = names::plain(name).replace(' ', "_");
    let plain: String = plain.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
    if plain.starts_with(|letter: char| letter.is_ascii_alphabetic()) { plain } else { format!("v_{plain}") }
}
