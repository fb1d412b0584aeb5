//! `clrisk measure`: child labour as the survey itself measures it, by a definition.

pub(crate) mod disclosure;
pub mod reading;
pub mod settings;
mod writing;

use std::path::Path;

use clrisk_core::measure::{DefinitionLabel, MeasuredSurvey};
use clrisk_core::{Finding, Findings, Measured, Place};
use clrisk_definitions::{Catalogue, Definition};
use clrisk_measure::figures::{Figures, Plan, measure as measure_figures, measures};
use clrisk_measure::{MeasureError, change, quality};
use clrisk_stats::quality::QualityRule;

use self::reading::ReadSurvey;
use self::settings::MeasureProject;
use crate::folder::{ProjectFolder, SETTINGS_FILE};
use crate::model::finding_of;
use crate::source::{Found, Session};

/// Ages that are measured when the settings name none, as far as the definition has them.
const AGES: [[u8; 2]; 5] = [[5, 17], [5, 14], [5, 11], [12, 14], [15, 17]];

/// What was measured.
pub struct MeasureOutcome {
    /// Everything, with figures that the quality rule withholds.
    pub measured: Measured,
    /// What is worth knowing.
    pub findings: Findings,
}

/// Measures the project and replaces `out/measure`.
///
/// # Errors
/// All findings when one of them stops the work; what was in `out/measure` is then untouched.
pub async fn measure(folder: &ProjectFolder) -> Result<MeasureOutcome, Findings> {
    let mut findings = Findings::default();
    match steps(folder, &mut findings).await {
        Ok(measured) if !findings.has_errors() => Ok(MeasureOutcome { measured, findings }),
        Ok(_) => Err(findings),
        Err(finding) => {
            findings.push(*finding);
            Err(findings)
        }
    }
}

/// The part of a run: when the project has a definition and `[measure]`, writes `out/measure` and returns what goes into the
/// bundle.
///
/// # Errors
/// A finding that stops the run.
pub async fn in_run(
    folder: &ProjectFolder,
    session: &Session,
    findings: &mut Findings,
) -> Result<Option<Measured>, Found> {
    let (settings, _) = folder.settings()?;
    if settings.definition.is_none() || settings.measure.is_none() {
        return Ok(None);
    }
    let project = project(folder)?;
    let (measured, definition) = of_session(folder, session, &project, findings).await?;
    let public = measured.for_publication();
    writing::write(folder, &public, &definition, project.measure.reference_area.as_deref())?;
    Ok(Some(public))
}

fn project(folder: &ProjectFolder) -> Result<MeasureProject, Found> {
    let text = std::fs::read_to_string(folder.path.join(SETTINGS_FILE)).map_err(|_| {
        Box::new(Finding::error("CONFIG-003", Place::file(SETTINGS_FILE)).with("folder", folder.path.display()))
    })?;
    MeasureProject::parse(&text)
}

async fn steps(folder: &ProjectFolder, findings: &mut Findings) -> Result<Measured, Found> {
    let project = project(folder)?;
    let session = Session::new(&folder.path);
    session.register_as("survey", &project.survey.file, project.survey.reading()).await?;
    let (measured, definition) = of_session(folder, &session, &project, findings).await?;
    if !findings.has_errors() {
        writing::write(folder, &measured.for_publication(), &definition, project.measure.reference_area.as_deref())?;
    }
    Ok(measured)
}

/// Measures with the survey already registered as `survey`.
///
/// # Errors
/// A finding that stops the work.
pub async fn of_session(
    folder: &ProjectFolder,
    session: &Session,
    project: &MeasureProject,
    findings: &mut Findings,
) -> Result<(Measured, Definition), Found> {
    let definition = resolve(&project.definition.name, &folder.path, findings)?;
    report_unverified(&definition, findings);
    let plan = plan(folder, project, &definition, findings)?;
    let survey = reading::read(session, "survey", "", project, &definition, findings).await?;
    if findings.has_errors() {
        return Err(Box::new(findings.0.pop().unwrap_or_else(|| Finding::error("MEASURE-001", Place::default()))));
    }
    let figures = figures(&survey, &definition, &plan, findings)?;
    let mut measured = label(project, &definition, &plan, &survey, &figures);
    if let Some(earlier) = project.earlier()? {
        session.register_as("earlier", &earlier.survey.file, earlier.survey.reading()).await?;
        let earlier_definition = resolve(&earlier.definition.name, &folder.path, findings)?;
        let then =
            reading::read(session, "earlier", "measure.earlier.", &earlier, &earlier_definition, findings).await?;
        let earlier_figures = self::figures(&then, &earlier_definition, &plan, findings)?;
        measured.earlier = Some(label_of(&earlier, &then));
        measured.changes = change::changes(&figures, &earlier_figures, plan.level);
        measured.comparability = change::comparability(
            [&definition, &earlier_definition],
            [survey.ages_met, then.ages_met],
            [&survey.children.asked, &then.children.asked],
            [survey.questions, then.questions],
        );
        for kind in &measured.comparability {
            findings.push(Finding::warning("MEASURE-005", Place::key("measure.earlier")).with("kind", kind));
        }
    }
    Ok((measured, definition))
}

fn resolve(name: &str, folder: &Path, findings: &mut Findings) -> Result<Definition, Found> {
    Catalogue::resolve(name, folder).map_err(|mut problems| {
        let last = problems.pop().unwrap_or_else(|| Finding::error("DEFINE-002", Place::key("definition.name")));
        problems.into_iter().for_each(|problem| findings.push(problem));
        Box::new(last)
    })
}

/// That the date on which a definition was to be looked at again has passed: `DEFINE-008`. Dates are ISO 8601.
pub fn overdue(definition: &DefinitionLabel, date: &str) -> Option<Finding> {
    let due = definition.next_review.as_str();
    (!due.is_empty() && due < date).then(|| {
        let finding = Finding::warning("DEFINE-008", Place::key("definition.name"));
        finding.with("definition", definition.label()).with("date", due)
    })
}

fn report_unverified(definition: &Definition, findings: &mut Findings) {
    let (facts, rows) = definition.unverified();
    if facts.is_empty() && rows == 0 {
        return;
    }
    let mut finding = Finding::warning("DEFINE-006", Place::key("definition.name"))
        .with("definition", definition.label())
        .with("count", facts.len() + rows);
    for fact in facts.iter().take(6) {
        finding = finding.detail(format!("{}: {}", fact.what, fact.note));
    }
    findings.push(finding);
}

fn plan(
    folder: &ProjectFolder,
    project: &MeasureProject,
    definition: &Definition,
    findings: &mut Findings,
) -> Result<Plan, Found> {
    let settings = &project.measure;
    let wrong = |key: &str, reason: String| {
        Box::new(Finding::error("MEASURE-006", Place::key(key)).with("key", key).with("reason", reason))
    };
    let within = |ages: &[u8; 2]| definition.ages[0] <= ages[0] && ages[0] <= ages[1] && ages[1] <= definition.ages[1];
    if let Some([from, to]) = settings.ages.iter().find(|ages| !within(ages)) {
        let [first, last] = definition.ages;
        return Err(wrong("measure.ages", format!("[{from}, {to}] ⊄ [{first}, {last}]")));
    }
    let mut ages = settings.ages.clone();
    if ages.is_empty() {
        ages.push(definition.ages);
        ages.extend(AGES.into_iter().filter(|group| within(group) && *group != definition.ages));
    }
    if !(settings.confidence > 0.5 && settings.confidence < 1.0) {
        return Err(wrong("measure.confidence", settings.confidence.to_string()));
    }
    let known = |name: &String| {
        project.variables.iter().any(|(variable, _)| variable == name)
            || name == "age_group"
            || (name == "hours" && !project.definition.items.economic_hours.is_empty())
    };
    let mut groups = settings.groups.clone();
    for (key, name) in groups
        .iter()
        .flatten()
        .map(|name| ("measure.groups", name))
        .chain(settings.distributions.iter().map(|name| ("measure.distributions", name)))
    {
        if !known(name) {
            return Err(Box::new(Finding::error("MEASURE-002", Place::key(key)).with("key", key).with("name", name)));
        }
    }
    let by_sex = vec!["sex".to_owned()];
    if !known(&by_sex[0]) {
        findings.push(Finding::warning("MEASURE-003", Place::key("measure.by.sex")));
    } else if !groups.contains(&by_sex) {
        groups.insert(0, by_sex);
    }
    Ok(Plan {
        ages,
        groups,
        distributions: settings.distributions.clone(),
        level: settings.confidence,
        quality: quality_rule(folder, &settings.quality)?,
    })
}

fn quality_rule(folder: &ProjectFolder, name: &str) -> Result<QualityRule, Found> {
    let embedded = quality::RULES.iter().find(|(rule, _)| *rule == name).map(|(_, text)| (*text).to_owned());
    let text = match embedded {
        Some(text) => Some(text),
        None if name.ends_with(".toml") => std::fs::read_to_string(folder.path.join(name)).ok(),
        None => None,
    };
    let wrong = |reason: String| {
        let place = Place::key("measure.quality");
        Box::new(Finding::error("MEASURE-006", place).with("key", "measure.quality").with("reason", reason))
    };
    quality::parse(&text.ok_or_else(|| wrong(name.to_owned()))?, name).map_err(|error| wrong(error.to_string()))
}

fn figures(
    survey: &ReadSurvey,
    definition: &Definition,
    plan: &Plan,
    findings: &mut Findings,
) -> Result<Figures, Found> {
    let figures = measure_figures(&survey.children, definition, plan).map_err(|error| match error {
        MeasureError::Statistics(error) => Box::new(finding_of(&error, "survey")),
        other => {
            Box::new(Finding::error("MEASURE-006", Place::key("measure")).with("key", "measure").with("reason", other))
        }
    })?;
    for (measure, count) in &figures.left_out {
        findings.push(
            Finding::note("MEASURE-004", Place::key("definition.items")).with("measure", measure).with("count", count),
        );
    }
    Ok(figures)
}

fn label_of(project: &MeasureProject, survey: &ReadSurvey) -> MeasuredSurvey {
    MeasuredSurvey {
        title: project.survey.title.clone(),
        year: project.survey.year,
        source: project.survey.source.clone(),
        children: survey.in_scope,
        normalised_weights: survey.normalised_weights,
    }
}

fn label(
    project: &MeasureProject,
    definition: &Definition,
    plan: &Plan,
    survey: &ReadSurvey,
    figures: &Figures,
) -> Measured {
    let (facts, rows) = definition.unverified();
    let mut unverified: Vec<String> = facts.iter().map(|fact| format!("{}: {}", fact.what, fact.note)).collect();
    if let Some(list) = definition.hazardous_list.as_ref().filter(|_| rows > 0) {
        unverified.push(format!("{list}: {rows}"));
    }
    let used = |name: &str| plan.groups.iter().flatten().chain(&plan.distributions).any(|used| used == name);
    Measured {
        country: project.project.country.clone(),
        country_code: project.project.country_code.clone(),
        synthetic: project.project.synthetic,
        survey: label_of(project, survey),
        earlier: None,
        definition: DefinitionLabel {
            id: definition.id.clone(),
            version: definition.version.clone(),
            hash: definition.hash.clone(),
            title: definition.title.clone(),
            description: definition.description.clone(),
            reviewer: definition.reviewer.clone(),
            next_review: definition.next_review.clone(),
            unverified,
            sources: definition.sources.iter().map(|source| source.reference.clone()).collect(),
        },
        quality_rule: plan.quality.name.clone(),
        level: plan.level,
        measures: measures(&survey.children.asked),
        ages: plan.ages.clone(),
        dimensions: survey
            .children
            .dimensions
            .iter()
            .map(|dimension| dimension.label.clone())
            .filter(|label| used(&label.name))
            .collect(),
        comparability: Vec::new(),
        program: format!("clrisk {}", env!("CARGO_PKG_VERSION")),
        rows: figures.rows.clone(),
        changes: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_definition_is_overdue_from_the_day_after_its_review() {
        let label = |next_review: &str| DefinitionLabel {
            id: "ley".to_owned(),
            version: "1".to_owned(),
            hash: "abc".to_owned(),
            title: "Ley".into(),
            description: "".into(),
            reviewer: String::new(),
            next_review: next_review.to_owned(),
            unverified: Vec::new(),
            sources: Vec::new(),
        };
        assert!(overdue(&label("2027-06-30"), "2027-06-30").is_none());
        assert!(overdue(&label(""), "2027-06-30").is_none());
        let finding = overdue(&label("2027-06-30"), "2027-07-01").unwrap();
        assert_eq!(finding.code, "DEFINE-008");
        let text = finding.message(&clrisk_core::Catalog::load(), clrisk_core::Language::Es);
        assert!(text.contains("ley 1 (abc)") && text.contains("2027-06-30"), "{text}");
    }
}
