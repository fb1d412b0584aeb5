//! Model formulas in the notation of lme4: `y ~ a + b + a:b + (1 + x | g) + (1 | h)`.

/// A parsed formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formula {
    /// Name left of the tilde.
    pub response: String,
    /// Whether the fixed part has an intercept.
    pub intercept: bool,
    /// Fixed terms: one name, or several for an interaction.
    pub fixed: Vec<Vec<String>>,
    /// Random terms.
    pub random: Vec<RandomTerm>,
}

/// A random term: effects of `columns` that vary over the levels of `group`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RandomTerm {
    /// Grouping factor.
    pub group: String,
    /// Whether the intercept varies.
    pub intercept: bool,
    /// Terms whose coefficients vary.
    pub slopes: Vec<Vec<String>>,
    /// Whether the effects of one level are correlated with each other (`|`) or independent (`||`).
    pub correlated: bool,
}

/// Why a formula is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} (character {position})")]
pub struct FormulaError {
    /// What is wrong.
    pub reason: &'static str,
    /// Where, counted from 1.
    pub position: usize,
}

impl Formula {
    /// Parses a formula. Interactions are written `a:b`; `a*b` stands for `a + b + a:b`; `0` or `-1` removes the intercept.
    ///
    /// In `(1 + x | g)` intercept and slope of a level are correlated, in `(1 + x || g)` independent. `(1 | a/b)` stands for
    /// `(1 | a) + (1 | b)`: codes of areas are unique in their country, so that levels of `b` need no name of their `a`.
    ///
    /// # Errors
    /// With the position of the first character that does not fit.
    ///
    /// # Example
    /// ```
    /// use clrisk_stats::formula::Formula;
    /// let formula = Formula::parse("child_labour ~ sex + age*rural + (1 | municipality) + (0 + sex | municipality)")?;
    /// assert_eq!(formula.fixed.len(), 4);
    /// assert_eq!(formula.random[1].slopes, [["sex"]]);
    /// assert!(!formula.random[1].intercept);
    /// # Ok::<(), clrisk_stats::formula::FormulaError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Formula, FormulaError> {
        let fail = |reason, at: usize| FormulaError { reason, position: text[..at].chars().count() + 1 };
        let Some(tilde) = text.find('~') else { return Err(fail("there is no ~", text.len())) };
        let response = text[..tilde].trim();
        if !is_name(response) {
            return Err(fail("the outcome before ~ must be one name", 0));
        }
        let mut formula =
            Formula { response: response.to_owned(), intercept: true, fixed: Vec::new(), random: Vec::new() };
        for (start, part, negative) in split_sum(text, tilde + 1).map_err(|(reason, at)| fail(reason, at))? {
            let trimmed = part.trim();
            if let Some(inner) = trimmed.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
                let Some((left, groups)) = inner.split_once('|') else {
                    return Err(fail("a term in parentheses must be (… | group)", start));
                };
                let (correlated, groups) = groups.strip_prefix('|').map_or((true, groups), |groups| (false, groups));
                let groups: Vec<&str> = groups.split('/').map(str::trim).collect();
                if !groups.iter().all(|group| is_name(group)) {
                    return Err(fail("the group after | must be one name, or several with / between them", start));
                }
                let mut term = RandomTerm { group: String::new(), intercept: true, slopes: Vec::new(), correlated };
                for (_, piece, minus) in split_sum(left, 0).map_err(|(reason, _)| fail(reason, start))? {
                    add_term(piece.trim(), minus, &mut term.intercept, &mut term.slopes)
                        .map_err(|reason| fail(reason, start))?;
                }
                if !term.intercept && term.slopes.is_empty() {
                    return Err(fail("a random term needs an intercept or a slope", start));
                }
                formula
                    .random
                    .extend(groups.iter().map(|group| RandomTerm { group: (*group).to_owned(), ..term.clone() }));
            } else {
                add_term(trimmed, negative, &mut formula.intercept, &mut formula.fixed)
                    .map_err(|reason| fail(reason, start))?;
            }
        }
        Ok(formula)
    }
}

fn is_name(text: &str) -> bool {
    text.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && text.chars().all(|character| character.is_alphanumeric() || character == '_' || character == '.')
}

/// Parts of a sum outside parentheses: start, text, whether a minus stands before it.
#[allow(clippy::type_complexity)]
fn split_sum(text: &str, from: usize) -> Result<Vec<(usize, &str, bool)>, (&'static str, usize)> {
    let mut parts = Vec::new();
    let mut depth = 0usize;
    let mut start = from;
    let mut negative = false;
    for (at, character) in text.char_indices().skip_while(|(at, _)| *at < from) {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.checked_sub(1).ok_or(("a parenthesis is closed that was not opened", at))?,
            '+' | '-' if depth == 0 => {
                if !text[start..at].trim().is_empty() {
                    parts.push((start, &text[start..at], negative));
                } else if !(parts.is_empty() && character == '-') {
                    return Err(("a term is missing", at));
                }
                negative = character == '-';
                start = at + 1;
            }
            _ => {}
        }
    }
    if depth > 0 {
        return Err(("a parenthesis is not closed", text.len()));
    }
    if text[start..].trim().is_empty() {
        return Err(("a term is missing", text.len()));
    }
    parts.push((start, &text[start..], negative));
    Ok(parts)
}

fn add_term(
    text: &str,
    negative: bool,
    intercept: &mut bool,
    terms: &mut Vec<Vec<String>>,
) -> Result<(), &'static str> {
    match (text, negative) {
        ("1", false) => *intercept = true,
        ("1", true) | ("0", false) => *intercept = false,
        (_, true) => return Err("only the intercept can be removed"),
        _ => {
            let mut push = |names: Vec<String>| {
                if !terms.contains(&names) {
                    terms.push(names);
                }
            };
            let names = |text: &str, by: char| -> Result<Vec<String>, &'static str> {
                text.split(by)
                    .map(|name| {
                        if is_name(name.trim()) { Ok(name.trim().to_owned()) } else { Err("a name is not understood") }
                    })
                    .collect()
            };
            if text.contains('*') {
                let factors = names(text, '*')?;
                let combinations = 1usize << factors.len();
                let mut subsets: Vec<usize> = (1..combinations).collect();
                subsets.sort_by_key(|subset| (subset.count_ones(), *subset));
                for subset in subsets {
                    push(
                        (0..factors.len())
                            .filter(|bit| subset >> bit & 1 == 1)
                            .map(|bit| factors[bit].clone())
                            .collect(),
                    );
                }
            } else {
                push(names(text, ':')?);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_intercept_can_be_removed_in_both_notations() {
        for text in ["y ~ 0 + x", "y ~ x - 1", "y ~ -1 + x"] {
            let formula = Formula::parse(text).unwrap();
            assert!(!formula.intercept, "{text}");
            assert_eq!(formula.fixed, [["x"]]);
        }
    }

    #[test]
    fn random_terms_are_correlated_independent_or_nested_as_in_lme4() {
        let formula = Formula::parse("y ~ x + (1 + x | a) + (1 + x || b) + (0 + x | c/d)").unwrap();
        let terms: Vec<(&str, bool, bool)> =
            formula.random.iter().map(|term| (term.group.as_str(), term.intercept, term.correlated)).collect();
        assert_eq!(terms, [("a", true, true), ("b", true, false), ("c", false, true), ("d", false, true)]);
        assert!(Formula::parse("y ~ (1 | a/)").is_err() && Formula::parse("y ~ (1 ||| a)").is_err());
    }

    #[test]
    fn mistakes_are_placed() {
        assert_eq!(Formula::parse("y ~ a + (1 | g").unwrap_err().reason, "a parenthesis is not closed");
        assert_eq!(Formula::parse("y = a").unwrap_err().position, 6);
        assert_eq!(Formula::parse("y ~ a + + b").unwrap_err().position, 9);
        assert!(Formula::parse("y ~ a + (1 | 2g)").is_err());
        assert!(Formula::parse("y ~ (0 | g)").is_err());
    }
}
