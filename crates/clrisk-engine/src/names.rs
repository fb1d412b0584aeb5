//! Comparing names and codes that people typed: accents, case and abbreviations forgiven.

/// The Levenshtein distance between two texts, in characters.
pub fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    for (row, character) in left.chars().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in right.iter().enumerate() {
            let substitution = previous[column] + usize::from(character != *other);
            current.push(substitution.min(previous[column + 1] + 1).min(current[column] + 1));
        }
        previous = current;
    }
    previous.last().copied().unwrap_or(0)
}

/// A name reduced to what identifies it: lower case, without accents, punctuation, articles; common abbreviations spelled out.
pub fn plain(name: &str) -> String {
    let unaccented: String = name
        .to_lowercase()
        .chars()
        .map(|character| match character {
            'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'í' | 'ì' | 'î' | 'ï' => 'i',
            'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
            'ú' | 'ù' | 'û' | 'ü' => 'u',
            'ñ' => 'n',
            'ç' => 'c',
            other if other.is_alphanumeric() => other,
            _ => ' ',
        })
        .collect();
    unaccented
        .split_whitespace()
        .map(|word| match word {
            "sta" => "santa",
            "sto" => "santo",
            "sn" | "s" => "san",
            "snta" => "santa",
            "gral" | "gen" => "general",
            "pto" => "puerto",
            "pta" => "punta",
            "cd" => "ciudad",
            "cnel" | "cel" => "coronel",
            "cap" | "cptan" => "capitan",
            "tte" | "ten" => "teniente",
            "mcal" | "mal" => "mariscal",
            "alm" => "almirante",
            "pres" | "pdte" => "presidente",
            "dr" => "doctor",
            "dra" => "doctora",
            "ma" => "maria",
            "fco" => "francisco",
            "nva" => "nueva",
            "nvo" => "nuevo",
            "vla" => "villa",
            "st" => "saint",
            "ste" => "sainte",
            other => other,
        })
        .filter(|word| !matches!(*word, "de" | "del" | "la" | "el" | "los" | "las" | "do" | "da" | "dos" | "das"))
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_and_accents_do_not_tell_two_names_apart() {
        assert_eq!(plain("Sta. Cruz de El Río"), plain("SANTA CRUZ RIO"));
        assert_ne!(plain("San Pedro"), plain("San Pablo"));
    }

    #[test]
    fn distance_counts_single_edits() {
        assert_eq!(distance("edad", "edades"), 2);
        assert_eq!(distance("", "ab"), 2);
        assert_eq!(distance("sexo", "sex"), 1);
    }
}
