//! Names of places that do not exist.

use std::collections::BTreeSet;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

const FIRST: [&str; 24] = [
    "Al", "Bra", "Cal", "Cor", "Den", "El", "Fra", "Gal", "Hue", "Is", "Jar", "Lan", "Mor", "Nar", "Ol", "Pal", "Quin",
    "Ril", "Sol", "Tel", "Ul", "Val", "Yar", "Zar",
];
const MIDDLE: [&str; 18] =
    ["a", "an", "be", "ca", "da", "e", "en", "go", "i", "la", "ma", "o", "ra", "sa", "te", "u", "ve", "zo"];
const LAST: [&str; 20] = [
    "bra", "cán", "dal", "dera", "duna", "gua", "jal", "lito", "mar", "mira", "na", "nilla", "pán", "que", "ral",
    "ría", "sol", "tal", "vento", "yá",
];
const BEFORE: [&str; 8] = ["Alto ", "Bajo ", "Nueva ", "Puerto ", "Río ", "Villa ", "Cerro ", "Laguna "];

/// A name not given before.
pub fn invent(random: &mut ChaCha8Rng, given: &mut BTreeSet<String>) -> String {
    loop {
        let pick = |random: &mut ChaCha8Rng, list: &[&'static str]| list[random.random_range(0..list.len())];
        let mut name = pick(random, &FIRST).to_owned();
        if random.random::<f64>() < 0.75 {
            name.push_str(pick(random, &MIDDLE));
        }
        name.push_str(pick(random, &LAST));
        if random.random::<f64>() < 0.18 {
            name.insert_str(0, pick(random, &BEFORE));
        }
        if name.chars().count() <= 18 && given.insert(name.clone()) {
            return name;
        }
    }
}
