//! Finding an area by what people type: without accents, with abbreviations, with a letter too many or too few.
//!
//! Every word of the question must fit a word of the name: the same word, the beginning of one, or one that differs by few letters
//! (one from four letters on, two from eight on; two neighbouring letters swapped count as one). The better all words fit, the further
//! up the area stands; codes fit from their beginning.

use clrisk_core::Level;
use clrisk_core::bundle::AreaRow;
use clrisk_render::Study;

/// Letters of a question that are read, and words.
const MOST_LETTERS: usize = 80;
const MOST_WORDS: usize = 6;

/// Words that names are written with or without.
const SMALL_WORDS: [&str; 16] =
    ["de", "del", "la", "las", "el", "los", "da", "das", "do", "dos", "du", "des", "le", "les", "of", "the"];

/// Abbreviations in names of places, and what they stand for.
const ABBREVIATIONS: [(&str, &str); 9] = [
    ("sta", "santa"),
    ("sto", "santo"),
    ("s", "san"),
    ("st", "saint"),
    ("ste", "sainte"),
    ("gral", "general"),
    ("cnel", "coronel"),
    ("pto", "puerto"),
    ("vla", "villa"),
];

/// Letters without case and accents; whatever is neither letter nor digit becomes a space, apostrophes vanish.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' | 'ā' => plain.push('a'),
            'é' | 'è' | 'ê' | 'ë' | 'ē' => plain.push('e'),
            'í' | 'ì' | 'î' | 'ï' | 'ī' | 'ĩ' => plain.push('i'),
            'ó' | 'ò' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' => plain.push('o'),
            'ú' | 'ù' | 'û' | 'ü' | 'ū' | 'ũ' => plain.push('u'),
            'ñ' => plain.push('n'),
            'ç' => plain.push('c'),
            'ý' | 'ÿ' => plain.push('y'),
            'œ' => plain.push_str("oe"),
            'æ' => plain.push_str("ae"),
            // Combining accents of decomposed text, and apostrophes as in K’iche’.
            '\u{300}'..='\u{36f}' | '\'' | '’' | '‘' | 'ʼ' | '`' | '´' => {}
            other if other.is_alphanumeric() => plain.push(other),
            _ => plain.push(' '),
        }
    }
    plain
}

fn words(text: &str) -> Vec<String> {
    let all: Vec<String> = plain(text)
        .split_whitespace()
        .map(|word| {
            let long = ABBREVIATIONS.iter().find(|(short, _)| *short == word);
            long.map_or(word, |(_, long)| *long).to_owned()
        })
        .collect();
    let important: Vec<String> = all.iter().filter(|word| !SMALL_WORDS.contains(&word.as_str())).cloned().collect();
    if important.is_empty() { all } else { important }
}

/// Letters to insert, leave out, replace or swap with their neighbour to make one word the other (optimal string alignment); `most + 1`
/// when it takes more than `most`.
fn letters_apart(left: &[char], right: &[char], most: usize) -> usize {
    if left.len().abs_diff(right.len()) > most {
        return most + 1;
    }
    let width = right.len() + 1;
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..width).collect();
    for row in 1..=left.len() {
        let mut here = vec![row; width];
        for column in 1..width {
            let differs = usize::from(left[row - 1] != right[column - 1]);
            let mut least = (above[column] + 1).min(here[column - 1] + 1).min(above[column - 1] + differs);
            if row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1] {
                least = least.min(before[column - 2] + 1);
            }
            here[column] = least;
        }
        if here.iter().all(|value| *value > most) {
            return most + 1;
        }
        before = std::mem::replace(&mut above, here);
    }
    above[right.len()].min(most + 1)
}

/// How badly a word of the question fits a word of a name; none when it does not.
fn misfit(asked: &[char], name: &[char]) -> Option<u32> {
    if asked == name {
        return Some(0);
    }
    if name.starts_with(asked) {
        return Some(1);
    }
    let most = match asked.len() {
        0..=3 => return None,
        4..=7 => 1,
        _ => 2,
    };
    let apart = letters_apart(asked, name, most);
    if apart <= most {
        return Some(3 + apart as u32);
    }
    // The beginning of a longer word, with a slip.
    let beginning = name.get(..asked.len())?;
    let apart = letters_apart(asked, beginning, most);
    (apart <= most).then_some(5 + apart as u32)
}

struct Entry {
    level: Level,
    code: String,
    name: String,
    words: Vec<Vec<char>>,
}

/// The names and codes of all areas but the country, prepared for searching.
pub struct Index {
    entries: Vec<Entry>,
}

impl Index {
    /// Prepares the areas of a study.
    pub fn new(study: &Study) -> Index {
        let below_country = study.bundle().areas.iter().filter(|row| row.area.level != Level::Country);
        let entries = below_country.map(|row| Entry {
            level: row.area.level,
            code: row.area.code.to_lowercase(),
            name: plain(&row.area.name),
            words: words(&row.area.name).iter().map(|word| word.chars().collect()).collect(),
        });
        Index { entries: entries.collect() }
    }

    /// Areas that fit, best first; areas that fit equally well by name. All of them when nothing is asked.
    pub fn find<'a>(&self, study: &'a Study, asked: &str) -> Vec<&'a AreaRow> {
        let asked: String = asked.chars().take(MOST_LETTERS).collect();
        let wanted: Vec<Vec<char>> = words(&asked).iter().take(MOST_WORDS).map(|word| word.chars().collect()).collect();
        let code = asked.trim().to_lowercase();
        let rows = study.bundle().areas.iter().filter(|row| row.area.level != Level::Country);
        let mut found: Vec<(u32, &str, &AreaRow)> = self
            .entries
            .iter()
            .zip(rows)
            .filter_map(|(entry, row)| Some((entry.misfit(&wanted, &code)?, entry.name.as_str(), row)))
            .collect();
        found.sort_by(|left, right| {
            let key = |found: &(u32, &str, &AreaRow)| (found.0, found.2.area.level);
            key(left).cmp(&key(right)).then_with(|| left.1.cmp(right.1)).then(left.2.area.code.cmp(&right.2.area.code))
        });
        found.into_iter().map(|(_, _, row)| row).collect()
    }

    /// The same among the municipalities only.
    pub fn municipalities<'a>(&self, study: &'a Study, asked: &str) -> Vec<&'a AreaRow> {
        let mut found = self.find(study, asked);
        found.retain(|row| row.area.level == Level::Municipality);
        found
    }
}

impl Entry {
    fn misfit(&self, wanted: &[Vec<char>], code: &str) -> Option<u32> {
        if wanted.is_empty() && code.is_empty() {
            return Some(0);
        }
        if !code.is_empty() && self.code.starts_with(code) {
            return Some(u32::from(self.code != code || self.level != Level::Municipality));
        }
        if wanted.is_empty() {
            return None;
        }
        let mut total = 2;
        for word in wanted {
            let best = self.words.iter().filter_map(|name| misfit(word, name)).min();
            match best {
                Some(misfit) => total += 2 * misfit,
                // A piece from the middle of a name, as in "tenango".
                None if word.len() >= 3 && self.name.contains(&word.iter().collect::<String>()) => total += 12,
                None => return None,
            }
        }
        // Of two that fit, the one with fewer other words.
        Some(total + (self.words.len().saturating_sub(wanted.len())).min(3) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(asked: &str, name: &str) -> Option<u32> {
        let entry = Entry {
            level: Level::Municipality,
            code: "0107".to_owned(),
            name: plain(name),
            words: words(name).iter().map(|word| word.chars().collect()).collect(),
        };
        let wanted: Vec<Vec<char>> = words(asked).iter().map(|word| word.chars().collect()).collect();
        entry.misfit(&wanted, &asked.trim().to_lowercase())
    }

    #[test]
    fn accents_case_apostrophes_small_words_and_abbreviations_do_not_matter() {
        for (asked, name) in [
            ("nunoa", "Ñuñoa"),
            ("SÃO JOÃO", "Sao Joao"),
            ("sta cruz quiche", "Santa Cruz del Quiché"),
            ("santa maria jesus", "Sta. María de Jesús"),
            ("xch'ol", "Xchol"),
            ("cafe\u{301}", "Café"),
            ("la union", "La Unión"),
        ] {
            assert!(fits(asked, name).is_some(), "{asked} finds {name}");
        }
    }

    #[test]
    fn one_slip_in_a_word_of_four_letters_and_two_in_one_of_eight_are_forgiven() {
        for (asked, name) in [
            ("huehuetenago", "Huehuetenango"),
            ("hueuetenengo", "Huehuetenango"),
            ("chimaltenagno", "Chimaltenango"),
            ("solla", "Sololá"),
            ("quetzaltenan", "Quetzaltenango"),
            ("quezaltenan", "Quetzaltenango"),
        ] {
            assert!(fits(asked, name).is_some(), "{asked} finds {name}");
        }
        for (asked, name) in [("abc", "Abd"), ("lima", "Roma"), ("santa rosa", "Santa Lucía"), ("99", "Huehuetenango")]
        {
            assert_eq!(fits(asked, name), None, "{asked} does not find {name}");
        }
    }

    #[test]
    fn the_name_itself_stands_before_longer_names_and_names_with_a_slip() {
        let exact = fits("santa rosa", "Santa Rosa").unwrap();
        assert!(exact < fits("santa rosa", "Santa Rosa de Lima").unwrap());
        assert!(exact < fits("santa rosa", "Santa Rossa").unwrap());
        assert!(fits("0107", "Anything").unwrap() < exact);
    }

    #[test]
    fn swapped_neighbours_are_one_slip() {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        assert_eq!(letters_apart(&letters("tenagno"), &letters("tenango"), 3), 1);
        assert_eq!(letters_apart(&letters("kitten"), &letters("sitting"), 3), 3);
        assert_eq!(letters_apart(&letters("abc"), &letters("xyz"), 1), 2);
    }
}
