//! What a variable may be: guessed from its name, its label and the labels of its values, in four languages.
//!
//! The words are data (`rules/codebook/roles.toml`). A guess says what it was made from, so that a person can confirm it; nothing is
//! ever done on a guess alone.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::names;

const ROLES: &str = include_str!("../../../rules/codebook/roles.toml");
/// Points below which a guess is not worth showing.
const WORTH_SHOWING: u32 = 2;
/// Points from which a guess is called likely.
const LIKELY: u32 = 4;
/// Distinct values up to which a variable can be a code.
const MOST_CODES: u64 = 1_000;

/// What is known of a variable before it is guessed what it is.
#[derive(Debug, Clone, Copy)]
pub struct Described<'a> {
    /// Name.
    pub name: &'a str,
    /// Label.
    pub label: Option<&'a str>,
    /// Labels of its values.
    pub value_labels: &'a [String],
    /// Whether its values are numbers; none when not known.
    pub number: Option<bool>,
    /// Distinct values; none when not known.
    pub distinct: Option<u64>,
}

/// A guess and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Guess {
    /// What the variable may be: a code of `rules/codebook/roles.toml`.
    pub role: String,
    /// Points: 3 for a known name, 2 for words of the label, 2 for value labels, 1 for a part of the name.
    pub points: u32,
    /// Whether the points are many enough to be called likely.
    pub likely: bool,
    /// What spoke for it: `name`, `label`, `answers`, `part_of_name`.
    pub reasons: Vec<String>,
    /// The words of the label that spoke for it.
    pub words: Option<String>,
}

/// A category that survey and census are brought to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleLevel {
    /// Name, as in the codebook.
    pub code: String,
    /// Codes that usually mean it where nothing is labelled.
    pub usual: Vec<String>,
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Roles {
    no_answer: Vec<String>,
    role: Vec<Role>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Number,
    Code,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Role {
    code: String,
    names: Vec<String>,
    words: Vec<String>,
    not: Vec<String>,
    #[serde(default)]
    answers: Vec<Vec<String>>,
    kind: Option<Kind>,
    #[serde(default)]
    level: Vec<RoleLevel>,
}

fn known() -> &'static Roles {
    static KNOWN: OnceLock<Roles> = OnceLock::new();
    // The file is part of the program and a test reads it.
    KNOWN.get_or_init(|| toml::from_str(ROLES).unwrap_or(Roles { no_answer: Vec::new(), role: Vec::new() }))
}

/// All roles, in the order of the file.
pub fn codes() -> impl Iterator<Item = &'static str> {
    known().role.iter().map(|role| role.code.as_str())
}

/// The categories of a role; empty when it has none.
pub fn levels(role: &str) -> &'static [RoleLevel] {
    known().role.iter().find(|known| known.code == role).map_or(&[], |role| &role.level)
}

/// The category of a role that a value label names. A label that names several ("ni indígena ni afrodescendiente") is of the one whose
/// words are the most, and of none when that is not clear.
pub fn level_of(role: &str, label: &str) -> Option<&'static str> {
    let text = Words::of(label);
    let mut best: Option<(usize, &'static str)> = None;
    let mut tie = false;
    for level in levels(role) {
        let length =
            level.words.iter().filter(|word| text.has(word)).map(|word| word.split(' ').count()).max().unwrap_or(0);
        // "No asiste" begins with a negation and names what it denies.
        let negated = text.begins_with_negation() && level.words.iter().any(|word| text.first_is(word));
        let points = length * 2 + usize::from(negated) * 2;
        match best {
            _ if points == 0 => {}
            Some((highest, _)) if points < highest => {}
            Some((highest, _)) if points == highest => tie = true,
            _ => {
                best = Some((points, level.code.as_str()));
                tie = false;
            }
        }
    }
    best.filter(|_| !tie).map(|(_, code)| code)
}

/// Whether a value label means that there is no answer.
pub fn is_no_answer(label: &str) -> bool {
    let text = Words::of(label);
    known().no_answer.iter().any(|word| text.starts_with(word))
}

/// What a variable may be: the best guess, if any is worth showing.
pub fn guess(variable: &Described<'_>) -> Option<Guess> {
    let mut best: Option<Guess> = None;
    for guess in guesses(variable) {
        if best.as_ref().is_none_or(|best| guess.points > best.points) {
            best = Some(guess);
        }
    }
    best
}

/// All guesses worth showing, in the order of roles.
pub fn guesses(variable: &Described<'_>) -> Vec<Guess> {
    known().role.iter().filter_map(|role| role.guess(variable)).collect()
}

impl Role {
    fn guess(&self, variable: &Described<'_>) -> Option<Guess> {
        let name = variable.name.to_lowercase();
        let label = Words::of(variable.label.unwrap_or_default());
        let ruled_out = |word: &String| label.has(word) || name.contains(word.trim_end_matches('*'));
        if !self.fits_kind(variable) || self.not.iter().any(ruled_out) {
            return None;
        }
        let mut guess = Guess { role: self.code.clone(), points: 0, likely: false, reasons: Vec::new(), words: None };
        if self.names.contains(&name) {
            guess.add("name", 3);
        } else if self.names.iter().any(|known| known.len() >= 4 && name.contains(known.as_str())) {
            guess.add("part_of_name", 1);
        }
        let found = self.words.iter().filter(|word| label.has(word)).max_by_key(|word| word.len());
        if let Some(word) = found {
            guess.add("label", 2);
            guess.words = Some(word.trim_end_matches('*').to_owned());
        }
        let answered = |group: &Vec<String>| {
            variable.value_labels.iter().any(|answer| {
                let answer = Words::of(answer);
                group.iter().any(|word| answer.has(word))
            })
        };
        if self.answers.iter().filter(|group| answered(group)).count() >= 2 {
            guess.add("answers", 2);
        }
        guess.likely = guess.points >= LIKELY || self.names.contains(&name);
        (guess.points >= WORTH_SHOWING).then_some(guess)
    }

    fn fits_kind(&self, variable: &Described<'_>) -> bool {
        match self.kind {
            None => true,
            Some(Kind::Number) => variable.number != Some(false),
            Some(Kind::Code) => variable.distinct.is_none_or(|distinct| distinct <= MOST_CODES),
        }
    }
}

impl Guess {
    fn add(&mut self, reason: &str, points: u32) {
        self.points += points;
        self.reasons.push(reason.to_owned());
    }
}

/// A text as the words that matter in it.
struct Words(Vec<String>);

impl Words {
    fn of(text: &str) -> Words {
        Words(names::plain(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect())
    }

    /// Whether a phrase occurs in it; the last word of the phrase may end in `*`.
    fn has(&self, phrase: &str) -> bool {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        self.0.windows(phrase.len()).any(|window| fits(window, &phrase))
    }

    fn starts_with(&self, phrase: &str) -> bool {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        self.0.get(..phrase.len()).is_some_and(|window| fits(window, &phrase))
    }

    fn first_is(&self, phrase: &str) -> bool {
        self.0.first().is_some_and(|first| first == phrase)
    }

    fn begins_with_negation(&self) -> bool {
        self.0.first().is_some_and(|first| matches!(first.as_str(), "no" | "ni" | "non" | "nao" | "neither" | "ne"))
    }
}

fn fits(words: &[String], phrase: &[&str]) -> bool {
    words.iter().zip(phrase).all(|(word, wanted)| match wanted.strip_suffix('*') {
        Some(beginning) => word.starts_with(beginning),
        None => word == wanted,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(name: &str, label: &str) -> Option<String> {
        let variable = Described { name, label: Some(label), value_labels: &[], number: None, distinct: None };
        guess(&variable).map(|guess| guess.role)
    }

    #[test]
    fn the_table_of_roles_is_valid_names_no_role_twice_and_is_written_as_it_is_compared() {
        let known: Roles = toml::from_str(ROLES).unwrap();
        let mut codes: Vec<&str> = known.role.iter().map(|role| role.code.as_str()).collect();
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert!(count > 20 && codes.len() == count);
        let levels = known.role.iter().flat_map(|role| role.level.iter().flat_map(|level| &level.words));
        let answers = known.role.iter().flat_map(|role| role.answers.iter().flatten());
        let words = known.role.iter().flat_map(|role| role.words.iter().chain(&role.not));
        for word in words.chain(levels).chain(answers).chain(&known.no_answer) {
            let plain = word.trim_end_matches('*');
            assert!(word.is_ascii() && plain.to_lowercase() == *plain, "{word}: lower case without accents");
        }
        for word in known.role.iter().flat_map(|role| &role.words) {
            let plain = word.trim_end_matches('*');
            assert_eq!(names::plain(plain), plain, "a phrase with words that are dropped never fits");
        }
    }

    #[test]
    fn variables_of_real_surveys_are_recognised_in_four_languages() {
        for (name, label, expected) in [
            ("edad", "edad", Some("age")),
            ("edadj", "edad del jefe del hogar", None),
            ("x_fep", "Factor de expansión de la persona", Some("weight")),
            ("x_feh", "Factor de expansión del hogar", None),
            ("x_upm", "Unidad primaria de muestreo", Some("psu")),
            ("x_estrato", "Estrato", Some("stratum")),
            ("area_ee", "Área geográfica urbana o rural", Some("zone")),
            ("dam_ee", "División Administrativa Mayor (DAM)", Some("department")),
            ("sexo", "sexo", Some("sex")),
            ("sexoj", "sexo del jefe del hogar", None),
            ("etnia_ee", "Grupo étnico", Some("ethnicity")),
            ("asiste_ee", "Asistencia a un establecimiento educativo", Some("attendance")),
            ("categ5_p", "Categoría en el empleo de la ocupación principal", Some("employment_category")),
            ("ocupr88_ee", "Ocupación (CIUO 88)", Some("occupation")),
            ("rama_ee", "Rama de actividad (3 sectores)", Some("industry")),
            ("horas_ee", "Horas trabajadas", Some("hours")),
            ("li", "Línea de pobreza extrema", None),
            ("tipol_ee", "Tipología del hogar", None),
            ("HL4", "Sexe", Some("sex")),
            ("HL6", "Age", Some("age")),
            ("CB3", "Age de l'enfant", Some("age")),
            ("fsweight", "Poids de l'échantillon des enfants de 5 à 17 ans", Some("weight")),
            ("fshweight", "Poids de l'échantillon des enfants de 5 à 17 ans (ménage)", None),
            ("PSU", "Unité d'échantillonnage primaire", Some("psu")),
            ("FS13", "Langue de l'enquête", None),
            ("V2007", "Sexo", Some("sex")),
            ("q17", "Idade do morador", Some("age")),
            ("q18", "Agencia bancaria", None),
            ("V3002", "Frequenta escola?", Some("attendance")),
            ("q5", "Hours worked last week", Some("hours")),
            ("kz", "", None),
        ] {
            assert_eq!(role(name, label).as_deref(), expected, "{name} {label}");
        }
    }

    #[test]
    fn value_labels_find_their_category_and_negations_are_understood() {
        for (role, label, expected) in [
            ("sex", "Hombre", Some("boy")),
            ("sex", "Jefa mujer", Some("girl")),
            ("sex", "FÉMININ", Some("girl")),
            ("zone", "Area urbana", Some("urban")),
            ("zone", "Cabecera municipal", Some("urban")),
            ("attendance", "No asiste", Some("out")),
            ("attendance", "Asiste", Some("attends")),
            ("attendance", "OUI", Some("attends")),
            ("ethnicity", "No indígena ni afrodescendiente", Some("neither")),
            ("ethnicity", "Indígena", Some("indigenous")),
            ("ethnicity", "Afrodescendiente", Some("afro_descendant")),
            ("ethnicity", "Kabye-Tem", None),
        ] {
            assert_eq!(level_of(role, label), expected, "{role} {label}");
        }
        for label in ["NA", "Ignorado, NS/NR", "INCOHERENT", "NON REPONSE", "NSP/Manquant", "No sabe", "N.A."] {
            assert!(is_no_answer(label), "{label}");
        }
        for label in ["No", "Natural", "No asiste", "Nacional"] {
            assert!(!is_no_answer(label), "{label}");
        }
    }
}
