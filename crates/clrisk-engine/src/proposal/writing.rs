//! The proposal as a `clrisk.toml` in the reader's language, each choice with its reason.

use std::path::Path;

use clrisk_core::{Catalog, Language};

use super::area_codes::AreaCodes;
use super::outcome::Outcome;
use super::side::{Proposed, Side, quoted};
use super::variables::{LevelTitle, Variable, Variables};
use crate::settings::UNDECIDED;

/// Columns of a comment.
const WIDTH: usize = 118;

/// A settings file being written.
pub(super) struct Document<'a> {
    catalog: &'a Catalog,
    language: Language,
    folder: &'a Path,
    head: String,
    body: String,
    unconfirmed: Vec<String>,
    undecided: Vec<String>,
}

/// How sure a value is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing to confirm.
    Sure,
    /// A person should look.
    Unconfirmed,
}

impl<'a> Document<'a> {
    pub fn new(catalog: &'a Catalog, language: Language, folder: &'a Path) -> Document<'a> {
        let (head, body) = (String::new(), String::new());
        Document { catalog, language, folder, head, body, unconfirmed: Vec::new(), undecided: Vec::new() }
    }

    /// The text, the keys to confirm and those to decide.
    pub fn finish(mut self) -> (String, Vec<String>, Vec<String>) {
        let body = std::mem::take(&mut self.body);
        self.comment("init-unconfirmed", &[]);
        let list: String = self.unconfirmed.iter().map(|key| format!("    {},\n", string(key))).collect();
        let unconfirmed = format!("{}unconfirmed = [\n{list}]\n", self.body);
        (format!("{}{unconfirmed}{body}", self.head), self.unconfirmed, self.undecided)
    }

    fn say(&self, key: &str, args: &[(&str, &str)]) -> String {
        self.catalog.with(self.language, key, args)
    }

    fn comment(&mut self, key: &str, args: &[(&str, &str)]) {
        let text = self.say(key, args);
        let mut line = String::from("#");
        for word in text.split_whitespace() {
            if line.chars().count() + 1 + word.chars().count() > WIDTH {
                self.body.push_str(&line);
                self.body.push('\n');
                line = String::from("#");
            }
            line.push(' ');
            line.push_str(word);
        }
        self.body.push_str(&line);
        self.body.push('\n');
    }

    fn section(&mut self, name: &str) {
        self.body.push_str(&format!("\n[{name}]\n"));
    }

    /// A key whose value is written as it stands.
    fn raw(&mut self, key: &str, value: &str, state: State) {
        let name = key.rsplit('.').next().unwrap_or(key);
        self.body.push_str(&format!("{name} = {value}\n"));
        if state == State::Unconfirmed {
            self.unconfirmed.push(key.to_owned());
        }
    }

    fn text(&mut self, key: &str, value: &str, state: State) {
        self.raw(key, &string(value), state);
    }

    /// A key that a person has to decide.
    fn undecided(&mut self, key: &str, why: &str, args: &[(&str, &str)]) {
        self.comment(why, args);
        self.raw(key, &string(UNDECIDED), State::Sure);
        self.undecided.push(key.to_owned());
    }

    /// An expression with its reason; undecided when there is none.
    fn expression(&mut self, key: &str, role: &str, proposed: Option<&Proposed>) {
        match proposed {
            Some(proposed) => {
                self.reason(proposed);
                self.text(key, &proposed.sql, State::Unconfirmed);
            }
            None => {
                let role = self.say(&format!("role-{role}"), &[]);
                self.undecided(key, "init-not-found", &[("what", &role)]);
            }
        }
    }

    fn reason(&mut self, proposed: &Proposed) {
        let label = proposed.label.clone().unwrap_or_default();
        let reasons: Vec<String> = proposed
            .guess
            .iter()
            .flat_map(|guess| {
                let words = guess.words.clone().unwrap_or_default();
                guess
                    .reasons
                    .iter()
                    .map(|reason| self.say(&format!("inspect-reason-{reason}"), &[("words", &words)]))
                    .collect::<Vec<_>>()
            })
            .collect();
        let likely = proposed.guess.as_ref().is_some_and(|guess| guess.likely);
        let key = if likely { "init-because" } else { "init-perhaps" };
        let variable = match label.as_str() {
            "" => proposed.variable.clone(),
            label => format!("{} ({label})", proposed.variable),
        };
        self.comment(key, &[("variable", &variable), ("reasons", &reasons.join(", "))]);
    }

    /// A title in the four languages.
    fn title(&self, message: &str) -> String {
        let texts: Vec<String> = Language::ALL
            .iter()
            .map(|language| {
                let text = self.catalog.get(*language, message);
                format!("{} = {}", language.code(), string(&capital(&text)))
            })
            .collect();
        format!("{{ {} }}", texts.join(", "))
    }

    pub fn project(&mut self) {
        let name = self.folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let id: String = crate::names::plain(&name)
            .chars()
            .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' })
            .collect();
        self.comment("init-head", &[]);
        self.comment("init-head-marks", &[("undecided", UNDECIDED)]);
        self.section("project");
        let id = if id.is_empty() { "clrisk".to_owned() } else { id };
        self.text("project.id", &id, State::Sure);
        let title = self.title("init-title");
        self.raw("project.title", &title, State::Sure);
        self.comment("init-country", &[]);
        self.text("project.country", &capital(&name), State::Unconfirmed);
        self.body.push_str("# country_code = \"GT\"\n");
        let language = self.language.code().to_owned();
        self.text("project.language", &language, State::Sure);
        self.head = std::mem::take(&mut self.body);
    }

    pub fn outcome(&mut self, outcome: &Outcome) {
        self.section("outcome");
        self.text("outcome.name", outcome.name, State::Sure);
        let rule = outcome.rule.unwrap_or("none");
        let title = self.title(&format!("init-outcome-title-{rule}"));
        self.raw("outcome.title", &title, State::Sure);
        let definition = self.title(&format!("init-outcome-definition-{rule}"));
        self.raw("outcome.definition", &definition, State::Unconfirmed);
        self.comment(if outcome.ages_found { "init-ages-found" } else { "init-ages" }, &[]);
        let ages = format!("[{}, {}]", outcome.ages.0, outcome.ages.1);
        self.raw("outcome.ages", &ages, State::Unconfirmed);
        match (&outcome.survey, outcome.rule) {
            (Some(proposed), Some(rule)) => {
                self.comment(&format!("init-outcome-{rule}"), &[("variable", &proposed.variable)]);
                self.text("outcome.survey", &proposed.sql, State::Unconfirmed);
            }
            _ => self.undecided("outcome.survey", "init-outcome-none", &[]),
        }
    }

    /// A path as it stands in the settings: from the folder on when the file is in it.
    fn shown(&self, path: &Path) -> String {
        let absolute = std::path::absolute(self.folder).unwrap_or(self.folder.to_owned());
        let path = std::path::absolute(path).unwrap_or(path.to_owned());
        path.strip_prefix(&absolute).unwrap_or(&path).to_string_lossy().into_owned()
    }

    fn file(&mut self, key: &str, path: &Path) {
        let shown = self.shown(path);
        self.text(key, &shown, State::Sure);
        // A year in the name of the file.
        let stem = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let section = key.rsplit_once('.').map_or(key, |(section, _)| section).to_owned();
        match year_in(&stem) {
            Some(year) => {
                self.comment("init-year-in-name", &[]);
                self.raw(&format!("{section}.year"), &year.to_string(), State::Unconfirmed);
            }
            None => self.comment("init-year", &[]),
        }
    }

    pub fn areas(&mut self, path: Option<&Path>, areas: &AreaCodes) {
        self.section("areas");
        match path {
            Some(path) => self.file("areas.file", path),
            None => self.undecided("areas.file", "init-no-boundaries", &[]),
        }
        let others = areas.others.join(", ");
        match &areas.code {
            Some(code) => {
                let count = areas.features.to_string();
                self.comment("init-area-code", &[("count", &count), ("properties", &others)]);
                self.text("areas.code", code, State::Unconfirmed);
            }
            None => self.undecided("areas.code", "init-area-code-none", &[("properties", &others)]),
        }
        match &areas.name {
            Some(name) => self.text("areas.name", name, State::Unconfirmed),
            None => {
                let what = self.say("role-area_name", &[]);
                self.undecided("areas.name", "init-not-found", &[("what", &what)]);
            }
        }
        match &areas.department {
            Some(department) => self.text("areas.department", department, State::Unconfirmed),
            None => {
                let what = self.say("role-department", &[]);
                self.undecided("areas.department", "init-not-found", &[("what", &what)]);
            }
        }
        if let Some(filter) = &areas.filter {
            let count = areas.without_people.to_string();
            self.comment("init-area-filter", &[("count", &count)]);
            if areas.filter_needed {
                self.text("areas.filter", filter, State::Unconfirmed);
            } else {
                self.body.push_str(&format!("# filter = {}\n", string(filter)));
            }
        }
        self.comment("init-departments", &[]);
    }

    fn area(&mut self, side: &Side, areas: &AreaCodes) {
        let key = format!("{}.area", side.name);
        let Some(code) = areas.files.get(side.name) else {
            let columns: Vec<String> = ["area", "department"]
                .iter()
                .filter_map(|role| side.of_role(role))
                .map(|variable| variable.name.clone())
                .collect();
            let columns = if columns.is_empty() { "–".to_owned() } else { columns.join(", ") };
            self.undecided(&key, "init-area-none", &[("columns", &columns)]);
            return;
        };
        let (matched, all) = (code.matched.to_string(), code.codes.to_string());
        let columns = code.columns.join(", ");
        let message = if code.matched == code.codes { "init-area-all" } else { "init-area-some" };
        self.comment(message, &[("columns", &columns), ("matched", &matched), ("all", &all)]);
        self.text(&key, &code.sql, State::Unconfirmed);
        if let Some(name) = &code.name {
            self.text(&format!("{}.area_name", side.name), name, State::Sure);
        }
    }

    pub fn survey(&mut self, side: Option<&Side>, areas: &AreaCodes) {
        self.section("survey");
        let Some(side) = side else {
            self.undecided("survey.file", "init-no-survey", &[]);
            for key in ["age", "weight", "stratum", "psu", "area"] {
                self.expression(&format!("survey.{key}"), key, None);
            }
            return;
        };
        self.file("survey.file", &side.file());
        self.labels(side);
        self.age(side, "survey.age");
        self.expression("survey.weight", "weight", side.role("weight").as_ref());
        self.stratum(side);
        self.expression("survey.psu", "psu", side.role("psu").as_ref());
        self.area(side, areas);
        self.comment("init-lonely", &[]);
        self.text("survey.lonely_psu", "fail", State::Sure);
    }

    fn labels(&mut self, side: &Side) {
        if let Some(dictionary) = &side.dictionary {
            let shown = self.shown(dictionary);
            self.text(&format!("{}.dictionary", side.name), &shown, State::Sure);
        }
        if let Some(file) = &side.labels_from {
            self.comment("init-labels-from", &[("file", file)]);
        }
    }

    fn age(&mut self, side: &Side, key: &str) {
        match (side.age(), side.of_role("age")) {
            (Some(age), _) => self.expression(key, "age", Some(&age)),
            (None, Some(bands)) => {
                let name = bands.name.clone();
                self.undecided(key, "init-age-bands", &[("variable", &name)]);
            }
            (None, None) => self.expression(key, "age", None),
        }
    }

    fn stratum(&mut self, side: &Side) {
        let stratum = side.of_role("stratum");
        // A stratum that never changes is none: department and zone are what most designs stratify by.
        if stratum.is_none_or(|stratum| stratum.distinct < 2)
            && let (Some(department), Some(zone)) = (side.of_role("department"), side.of_role("zone"))
        {
            self.comment("init-stratum-made", &[("department", &department.name), ("zone", &zone.name)]);
            let sql = format!("concat({}, '-', {})", quoted(&department.name), quoted(&zone.name));
            self.text("survey.stratum", &sql, State::Unconfirmed);
        } else {
            self.expression("survey.stratum", "stratum", side.role("stratum").as_ref());
        }
    }

    pub fn census(&mut self, side: Option<&Side>, areas: &AreaCodes) {
        self.section("census");
        let Some(side) = side else {
            self.undecided("census.file", "init-no-census", &[]);
            self.expression("census.age", "age", None);
            self.expression("census.area", "area", None);
            return;
        };
        self.file("census.file", &side.file());
        self.labels(side);
        self.age(side, "census.age");
        match side.role("count") {
            Some(count) => self.expression("census.count", "count", Some(&count)),
            None => {
                self.comment("init-count-one", &[]);
                self.text("census.count", "1", State::Unconfirmed);
            }
        }
        self.area(side, areas);
    }

    pub fn variables(&mut self, variables: &Variables) {
        self.body.push('\n');
        self.comment("init-variables", &[]);
        if variables.proposed.is_empty() {
            self.body.push_str("[variables]\n");
        }
        for variable in &variables.proposed {
            self.variable(variable);
        }
        if !variables.refused.is_empty() {
            self.body.push('\n');
        }
        for refused in &variables.refused {
            let [survey, census] = &refused.variables;
            let name = match refused.role {
                Some(role) => self.say(&format!("role-{role}"), &[]),
                None => survey.clone(),
            };
            let key = format!("init-refused-{}", refused.why);
            self.comment(&key, &[("name", &name), ("survey", survey), ("census", census)]);
        }
    }

    fn variable(&mut self, variable: &Variable) {
        let section = format!("variables.{}", variable.name);
        self.section(&section);
        let [survey, census] = &variable.from;
        self.comment(&format!("init-how-{}", variable.how), &[("survey", survey), ("census", census)]);
        for (name, codes) in [("survey", &variable.left_out[0]), ("census", &variable.left_out[1])] {
            if !codes.is_empty() {
                self.comment(&format!("init-left-out-{name}"), &[("codes", &codes.join("; "))]);
            }
        }
        let title = match (variable.role, &variable.title) {
            (Some(_), _) if variable.name == "age_group" => self.title("init-age-group"),
            (Some(role), _) => self.title(&format!("role-{role}")),
            (None, Some(title)) => string(title),
            (None, None) => string(&variable.from[0]),
        };
        self.raw(&format!("{section}.title"), &title, State::Sure);
        if variable.actionable {
            self.text(&format!("{section}.role"), "actionable", State::Sure);
        }
        if let Some(levels) = &variable.levels {
            let list: Vec<String> = levels.iter().map(|(level, _)| string(level)).collect();
            self.raw(&format!("{section}.levels"), &format!("[{}]", list.join(", ")), State::Sure);
            for (level, title) in levels {
                let title = match title {
                    LevelTitle::Role => self.title(&format!("level-{level}")),
                    LevelTitle::File(label) => string(label),
                    LevelTitle::Itself => continue,
                };
                self.body.push_str(&format!("labels.{} = {title}\n", string(level)));
            }
        }
        for (name, sql) in ["survey", "census"].iter().zip(&variable.expressions) {
            self.text(&format!("{section}.{name}"), sql, State::Unconfirmed);
        }
    }

    pub fn model(&mut self, outcome: &Outcome, variables: &Variables) {
        let names: Vec<&str> = variables.proposed.iter().map(|variable| variable.name.as_str()).collect();
        let has_sex = variables.proposed.iter().any(|variable| variable.name == "sex" && variable.levels.is_some());
        self.section("model");
        self.comment("init-formula", &[]);
        let mut terms: Vec<&str> = if names.is_empty() { vec!["1"] } else { names };
        terms.extend(["(1 | municipality)", "(1 | department)"]);
        if has_sex {
            terms.push("(0 + sex | municipality)");
        }
        self.text("model.formula", &format!("{} ~ {}", outcome.name, terms.join(" + ")), State::Unconfirmed);
        self.raw("model.benchmark", "[\"country\"]", State::Sure);
        let groups: Vec<String> = ["sex", "age_group", "zone"]
            .iter()
            .filter(|name| variables.proposed.iter().any(|known| known.name == **name && known.levels.is_some()))
            .map(|name| format!("[{}]", string(name)))
            .collect();
        self.section("publish");
        self.raw("publish.groups", &format!("[{}]", groups.join(", ")), State::Sure);
        self.raw("publish.max_cv", "0.3", State::Sure);
        self.section("classes");
        self.text("classes.rule", "jenks", State::Sure);
        self.raw("classes.number", "3", State::Sure);
        self.section("release");
        self.raw("release.min_population", "50", State::Sure);
        self.raw("release.min_count", "5", State::Sure);
    }
}

/// A text as TOML writes it.
fn string(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The one year from 1990 to 2039 in the name of a file.
fn year_in(name: &str) -> Option<i32> {
    let numbers = name.split(|letter: char| !letter.is_ascii_digit());
    let mut years = numbers.filter(|number| number.len() == 4).filter_map(|number| number.parse().ok());
    let year = years.find(|year| (1990..2040).contains(year));
    year.filter(|_| years.all(|other| !(1990..2040).contains(&other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_taken_from_a_file_name_only_when_it_is_the_only_one() {
        assert_eq!(year_in("censo_2018.parquet"), Some(2018));
        assert_eq!(year_in("dane-2024.csv"), Some(2024));
        assert_eq!(year_in("encft_2020_2021.sav"), None);
        assert_eq!(year_in("encuestaDOM21N1.csv.gz"), None);
    }
}
