//! The outcome to propose: who counts as employed, or the hours of SDG indicator 8.7.1 by age, and from which age the survey asks.

use crate::roles;
use crate::source::{Found, Session};

use super::side::{Proposed, Side, quoted};

/// Ages of indicator 8.7.1.
const AGES: (i64, i64) = (5, 17);
/// Share of the children of an age who must have an answer for the age to be one that is asked.
const ASKED: f64 = 0.5;

/// What is to be estimated.
pub(super) struct Outcome {
    /// Name in the formula.
    pub name: &'static str,
    /// Ages.
    pub ages: (i64, i64),
    /// The expression; none when nothing was found.
    pub survey: Option<Proposed>,
    /// The rule: `occupied` or `hours`; none when nothing was found.
    pub rule: Option<&'static str>,
    /// Whether the ages were found in the survey.
    pub ages_found: bool,
}

/// Looks for the outcome in the survey.
pub(super) async fn propose(
    session: &Session,
    survey: Option<&Side>,
    age: Option<&Proposed>,
) -> Result<Outcome, Found> {
    let mut outcome = Outcome { name: "child_labour", ages: AGES, survey: None, rule: None, ages_found: false };
    let Some(survey) = survey else { return Ok(outcome) };
    // What is asked of a child of this age, as an expression that is true when there is an answer.
    let answered = if let Some((status, asked)) = occupied(survey) {
        outcome.name = "occupied";
        outcome.rule = Some("occupied");
        outcome.survey = Some(status);
        Some(asked)
    } else if let (Some(hours), Some(age)) = (survey.role("hours"), age) {
        let (age, amount) = (&age.sql, &hours.sql);
        let sql = format!(
            "CASE WHEN ({age}) <= 11 AND ({amount}) >= 1 THEN 1 WHEN ({age}) BETWEEN 12 AND 14 AND ({amount}) >= 14 THEN 1 \
             WHEN ({age}) >= 15 AND ({amount}) >= 43 THEN 1 ELSE 0 END"
        );
        outcome.rule = Some("hours");
        outcome.survey = Some(Proposed { sql, ..hours.clone() });
        Some(format!("({amount}) IS NOT NULL"))
    } else {
        None
    };
    if let (Some(answered), Some(age)) = (answered, age) {
        let sql = format!(
            "SELECT CAST(({age}) AS BIGINT), avg(CASE WHEN {answered} THEN 1.0 ELSE 0.0 END) FROM survey \
             WHERE ({age}) BETWEEN {} AND {} GROUP BY 1 ORDER BY 1",
            AGES.0,
            AGES.1,
            age = age.sql
        );
        let columns = session.read_texts(&sql, "outcome.ages", &survey.path.display().to_string()).await?;
        if let [ages, shares] = &columns[..] {
            let asked: Vec<(i64, bool)> = ages
                .iter()
                .zip(shares)
                .filter_map(|(age, share)| {
                    let share: f64 = share.as_deref()?.parse().ok()?;
                    Some((age.as_deref()?.parse().ok()?, share >= ASKED))
                })
                .collect();
            // Hours are empty for children who do not work; then they say nothing of who was asked.
            let first = asked.iter().rposition(|(_, asked)| !asked).map_or(0, |last| last + 1);
            if let (Some((youngest, true)), Some((oldest, _))) = (asked.get(first), asked.last()) {
                outcome.ages = (*youngest, *oldest);
                outcome.ages_found = true;
            }
        }
    }
    Ok(outcome)
}

/// Whether the child is employed, from a labelled activity status, and when there is an answer.
fn occupied(survey: &Side) -> Option<(Proposed, String)> {
    let is_status = |variable: &&crate::inspect::InspectedVariable| {
        variable.guess.as_ref().is_some_and(|guess| guess.role == "activity_status")
    };
    let mut candidates: Vec<_> = survey.table.variables.iter().filter(is_status).collect();
    candidates.sort_by_key(|variable| std::cmp::Reverse(variable.guess.as_ref().map(|guess| guess.points)));
    for variable in candidates {
        let Some(codes) = survey.codes(variable) else { continue };
        if codes.len() < 2 || codes.iter().filter(|code| code.label.is_none()).count() > 0 {
            continue;
        }
        let is_occupied =
            |label: &Option<String>| label.as_deref().and_then(|label| roles::level_of("activity_status", label));
        let list = |wanted: bool| -> Vec<&str> {
            codes
                .iter()
                .filter(|code| (is_occupied(&code.label) == Some("occupied")) == wanted)
                .map(|code| code.literal.as_str())
                .collect()
        };
        let (yes, no) = (list(true), list(false));
        if yes.is_empty() || no.is_empty() {
            continue;
        }
        let column = quoted(&variable.name);
        let sql = format!(
            "CASE WHEN {column} IN ({}) THEN 1 WHEN {column} IN ({}) THEN 0 END",
            yes.join(", "),
            no.join(", ")
        );
        let asked = format!("({sql}) IS NOT NULL");
        return Some((Proposed { sql, ..survey.proposed(variable) }, asked));
    }
    None
}
