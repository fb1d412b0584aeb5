//! `clrisk screen`: answers of communities read back, each with a class and its stated error.

use std::path::{Path, PathBuf};

use clrisk_core::screen::{Answer, Questionnaire};
use clrisk_core::{Finding, Findings, Place};
use clrisk_stats::checklist::Checklist;

use crate::folder::write_atomically;
use crate::source::Found;

/// The questions that come with the program.
const BUILT_IN: &str = include_str!("../../../rules/screen/community-2026.toml");
/// Seed of the draws over doubtful weights: the same answers give the same shares anywhere.
const SEED: u64 = 12;
/// Columns before the answers.
const ABOUT: [&str; 3] = ["community", "area", "date"];

/// A filled form.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// Name of the community.
    pub community: String,
    /// Code of its municipality, as written.
    pub area: String,
    /// Date, as written.
    pub date: String,
    /// Points, 0 to 100; none when nothing is answered.
    pub points: Option<f64>,
    /// Points if all open questions were answered favourably.
    pub lowest: f64,
    /// Points if all open questions were answered unfavourably.
    pub highest: f64,
    /// Class: 1 low, 2 medium, 3 high; none when too little is answered.
    pub class: Option<u8>,
    /// Shares of the draws in each class.
    pub shares: [f64; 3],
    /// Share of the weight that is answered.
    pub answered: f64,
}

/// Reads a list of questions; the built-in one when no file is given.
///
/// # Errors
/// `FILE-001` there is no file; `SCREEN-001` it is not understood.
pub fn questionnaire(file: Option<&Path>) -> Result<Questionnaire, Found> {
    let shown = file.map_or_else(|| "community-2026.toml".to_owned(), |file| file.display().to_string());
    let text = match file {
        None => BUILT_IN.to_owned(),
        Some(file) => std::fs::read_to_string(file)
            .map_err(|_| Box::new(Finding::error("FILE-001", Place::file(&shown)).with("file", &shown)))?,
    };
    let invalid = |line: Option<u64>, reason: &str| {
        let mut place = Place::file(&shown);
        place.row = line;
        Box::new(Finding::error("SCREEN-001", place).with("file", &shown).with("reason", reason))
    };
    let questionnaire: Questionnaire = toml::from_str(&text).map_err(|error| {
        let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() as u64 + 1);
        invalid(line, error.message())
    })?;
    for (position, question) in questionnaire.questions.iter().enumerate() {
        let again = questionnaire.questions[..position].iter().any(|other| other.code == question.code);
        if again || ABOUT.contains(&question.code.as_str()) {
            return Err(invalid(None, &format!("code = \"{}\"", question.code)));
        }
    }
    let open = vec![None; questionnaire.questions.len()];
    checklist(&questionnaire).score(&open, 1, SEED).map_err(|error| invalid(None, &error.to_string()))?;
    Ok(questionnaire)
}

fn checklist(questionnaire: &Questionnaire) -> Checklist {
    Checklist {
        weights: questionnaire.questions.iter().map(|question| question.weight).collect(),
        thresholds: questionnaire.thresholds.to_vec(),
        minimum_answered: questionnaire.minimum_answered,
        noise: questionnaire.noise,
    }
}

/// Reads a file of answers, scores every form and writes `out/screen/NAME.csv`.
///
/// # Errors
/// `FILE-001` there is no file; `SCREEN-002` it lacks the columns of the questions; `FILE-007` the results cannot be written.
/// Answers that are neither yes nor no are counted in a finding `SCREEN-003` and taken as open; forms with too few answers are
/// counted in `SCREEN-004`.
pub fn import(
    folder: &Path,
    file: &Path,
    questionnaire: &Questionnaire,
) -> Result<(PathBuf, Vec<Form>, Findings), Found> {
    let shown = file.display().to_string();
    let bytes = std::fs::read(file)
        .map_err(|_| Box::new(Finding::error("FILE-001", Place::file(&shown)).with("file", &shown)))?;
    let text = String::from_utf8_lossy(&bytes);
    let (forms, findings) = read(&text, &shown, questionnaire)?;
    let name = file.file_stem().map_or_else(|| "screen".into(), |name| name.to_string_lossy().into_owned());
    let target = folder.join("out").join("screen").join(format!("{name}.csv"));
    let failed = |_| Box::new(Finding::error("FILE-007", Place::file(&shown)).with("file", format!("{name}.csv")));
    if let Some(parent) = target.parent() {
        std::fs::create_dir_all(parent).map_err(failed)?;
    }
    write_atomically(&target, written(&forms, questionnaire).as_bytes()).map_err(failed)?;
    Ok((target, forms, findings))
}

fn read(text: &str, shown: &str, questionnaire: &Questionnaire) -> Result<(Vec<Form>, Findings), Found> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let delimiter = if first.matches(';').count() > first.matches(',').count() { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let lacking = |column: &str| {
        Box::new(Finding::error("SCREEN-002", Place::file(shown)).with("file", shown).with("column", column))
    };
    let header: Vec<String> = reader.headers().map_err(|_| lacking("community"))?.iter().map(str::to_owned).collect();
    let column = |name: &str| header.iter().position(|found| found == name);
    let columns = questionnaire
        .questions
        .iter()
        .map(|question| column(&question.code).ok_or_else(|| lacking(&question.code)))
        .collect::<Result<Vec<_>, Found>>()?;
    let about = ABOUT.map(column);
    let list = checklist(questionnaire);
    let (mut forms, mut findings, mut odd, mut few) = (Vec::new(), Findings::default(), Vec::new(), 0u64);
    for (position, record) in reader.records().enumerate() {
        let row = position as u64 + 1;
        let Ok(record) = record else {
            odd.push(row);
            continue;
        };
        let cell = |column: Option<usize>| column.and_then(|column| record.get(column)).unwrap_or_default();
        let mut answers = Vec::with_capacity(columns.len());
        for (question, column) in questionnaire.questions.iter().zip(&columns) {
            let answer = answer(cell(Some(*column)));
            if answer.is_err() && odd.last() != Some(&row) {
                odd.push(row);
            }
            answers.push(answer.ok().flatten().map(|answer| answer == question.risk));
        }
        let score = list.score(&answers, questionnaire.draws, SEED).map_err(|_| lacking("community"))?;
        few += u64::from(score.class.is_none());
        forms.push(Form {
            community: cell(about[0]).to_owned(),
            area: cell(about[1]).to_owned(),
            date: cell(about[2]).to_owned(),
            points: score.points,
            lowest: score.lowest,
            highest: score.highest,
            class: score.class.map(|class| class as u8 + 1),
            shares: std::array::from_fn(|class| score.class_shares.get(class).copied().unwrap_or(0.0)),
            answered: score.answered,
        });
    }
    if !odd.is_empty() {
        let rows: Vec<String> = odd.iter().take(10).map(u64::to_string).collect();
        let finding = Finding::warning("SCREEN-003", Place::file(shown)).with("count", odd.len());
        findings.push(finding.detail(rows.join(", ")));
    }
    if few > 0 {
        findings.push(Finding::warning("SCREEN-004", Place::file(shown)).with("count", few));
    }
    if questionnaire.reviewer.trim().is_empty() {
        findings.push(Finding::note("SCREEN-005", Place::file(&questionnaire.name)).with("name", &questionnaire.name));
    }
    Ok((forms, findings))
}

/// An answer as the four languages write it; an empty one is open.
fn answer(text: &str) -> Result<Option<Answer>, ()> {
    match text.to_lowercase().as_str() {
        "" | "na" => Ok(None),
        "yes" | "y" | "sí" | "si" | "s" | "sim" | "oui" | "o" | "1" | "true" => Ok(Some(Answer::Yes)),
        "no" | "n" | "não" | "nao" | "non" | "0" | "2" | "false" => Ok(Some(Answer::No)),
        _ => Err(()),
    }
}

fn written(forms: &[Form], questionnaire: &Questionnaire) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.1}"));
    let mut text =
        "kind,questionnaire,community,area,date,class,points,lowest,highest,answered,share_1,share_2,share_3\n"
            .to_owned();
    for form in forms {
        let cells = [
            "quick_screen".to_owned(),
            quoted(&questionnaire.name),
            quoted(&form.community),
            quoted(&form.area),
            quoted(&form.date),
            form.class.map_or_else(String::new, |class| class.to_string()),
            number(form.points),
            number(Some(form.lowest)),
            number(Some(form.highest)),
            format!("{:.3}", form.answered),
            format!("{:.3}", form.shares[0]),
            format!("{:.3}", form.shares[1]),
            format!("{:.3}", form.shares[2]),
        ];
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(rows: &[&str]) -> String {
        let questionnaire = questionnaire(None).unwrap();
        let codes: Vec<&str> = questionnaire.questions.iter().map(|question| question.code.as_str()).collect();
        format!("community,area,date,{}\n{}\n", codes.join(","), rows.join("\n"))
    }

    fn forms(rows: &[&str]) -> (Vec<Form>, Findings) {
        read(&file(rows), "f.csv", &questionnaire(None).unwrap()).unwrap()
    }

    #[test]
    fn the_built_in_list_has_twelve_questions_in_four_languages_and_says_that_nobody_reviewed_it() {
        let list = questionnaire(None).unwrap();
        assert_eq!(list.questions.len(), 12);
        for question in &list.questions {
            let texts: std::collections::BTreeSet<&str> =
                clrisk_core::Language::ALL.iter().map(|language| question.text.get(*language)).collect();
            assert_eq!(texts.len(), 4, "{}", question.code);
        }
        assert!(list.reviewer.is_empty() && list.source.contains("not validated"));
        assert_eq!(forms(&["A,01,2026-11-25,yes"]).1.0.last().unwrap().code, "SCREEN-005");
    }

    #[test]
    fn the_best_and_the_worst_community_get_the_ends_in_any_language() {
        // Two questions speak for risk with yes: casual labour (ninth) and seasonal migration (eleventh).
        let best = "Arriba,01,2026-11-25,sí,Sí,si,SIM,oui,yes,yes,1,no,yes,não,yes";
        let (found, _) = forms(&[best]);
        assert_eq!((found[0].points, found[0].class), (Some(0.0), Some(1)));
        assert!((found[0].shares[0] - 1.0).abs() < 1e-9);
        let (found, _) = forms(&["Abajo,02,,no,no,no,no,no,no,no,no,yes,no,yes,no"]);
        assert_eq!((found[0].points, found[0].class), (Some(100.0), Some(3)));
    }

    #[test]
    fn what_is_not_understood_is_open_and_counted_and_too_few_answers_give_no_class() {
        let (found, findings) = forms(&["A,01,,maybe,no,no,no,no,no,no,no,yes,no,yes,no", "B,01,,no"]);
        let codes: Vec<&str> = findings.0.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, ["SCREEN-003", "SCREEN-004", "SCREEN-005"]);
        assert_eq!((found[0].class, found[0].highest), (Some(3), 100.0));
        assert!(found[0].lowest < 100.0);
        assert_eq!(found[1].class, None);
        let missing = read("community,area\nA,1\n", "f.csv", &questionnaire(None).unwrap()).unwrap_err();
        assert_eq!(missing.code, "SCREEN-002");
    }
}
