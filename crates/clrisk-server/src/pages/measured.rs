//! What the survey says by itself: every measure for all children, boys and girls, and a page for each measure with all its groups.

use clrisk_core::measure::{ChangeRow, Kind, MeasureWords, MeasuredRow, Quality};
use clrisk_core::{Group, Measured};
use maud::{Markup, html};

use super::{Leaf, frame};
use crate::visit::View;

/// Measures whose figures stand at the top, so that chores are not lost in a total.
const LEADING: [&str; 3] = ["child_labour", "child_labour_economic", "excessive_chores"];
/// A change with a probability below this is called one.
const SIGNIFICANT: f64 = 0.05;

/// What the survey measured, when the release has it.
pub fn measured_in<'a>(view: &View<'a>) -> Option<&'a Measured> {
    view.site.study.bundle().measured.as_ref()
}

/// The measured figures with the words for them.
struct Figures<'a> {
    measured: &'a Measured,
    words: MeasureWords<'a>,
    view: &'a View<'a>,
}

impl<'a> Figures<'a> {
    fn new(view: &'a View<'a>, measured: &'a Measured) -> Figures<'a> {
        let words = MeasureWords::new(view.words.catalog, view.words.language, measured);
        Figures { measured, words, view }
    }

    fn numbers_of_children(&self) -> bool {
        !self.measured.survey.normalised_weights
    }

    /// All children, then the categories of sex where the survey has it.
    fn columns(&self) -> Vec<Group> {
        let sex = self.measured.dimensions.iter().find(|dimension| dimension.name == "sex");
        let categories = sex.into_iter().flat_map(|dimension| &dimension.categories);
        std::iter::once(Group::all()).chain(categories.map(|(category, _)| Group::one("sex", category))).collect()
    }

    fn heading(&self, key: &str) -> String {
        self.words.text(&format!("heading-{key}"))
    }

    fn percent(&self, value: f64) -> String {
        self.words.numbers.percent(value)
    }

    /// A figure that is not shown says so in its place.
    fn withheld(&self) -> Markup {
        html! { span.soft { (self.words.text("quality-suppress")) } }
    }

    /// A share with its interval beneath.
    fn share(&self, row: Option<&MeasuredRow>) -> Markup {
        html! { @match row {
            Some(MeasuredRow { rate: Some(rate), lower, upper, quality, .. }) => {
                (self.percent(*rate)) @if *quality == Quality::PublishWithWarning { " *" }
                @if let (Some(lower), Some(upper)) = (lower, upper) {
                    span.soft.beneath { (self.view.words.between(&self.percent(*lower), &self.percent(*upper))) }
                }
            }
            Some(_) => (self.withheld()),
            None => {}
        } }
    }

    /// A number of children with its interval beneath.
    fn children(&self, row: Option<&MeasuredRow>) -> Markup {
        let count = |value: f64| self.words.numbers.count(value);
        html! { @if let Some(row) = row { @if let Some(value) = row.count {
            (count(value))
            @if let (Some(lower), Some(upper)) = (row.count_lower, row.count_upper) {
                span.soft.beneath { (self.view.words.between(&count(lower), &count(upper))) }
            }
        } @else { (self.withheld()) } } }
    }

    fn address(&self, measure: &str) -> String {
        self.view.to(&format!("measured/{measure}"))
    }

    fn notices(&self) -> Markup {
        html! {
            @if !self.numbers_of_children() { div.notice role="note" { p { (self.words.text("note-normalised")) } } }
            @if !self.measured.definition.unverified.is_empty() {
                p.soft { (self.view.words.counted("site-measured-unverified", self.measured.definition.unverified.len())) }
            }
        }
    }

    /// The shares of all children, boys and girls, large.
    fn leading(&self, measures: &[&str]) -> Markup {
        let Some(&ages) = self.measured.ages.first() else { return html! {} };
        let groups = self.columns();
        html! {
            @for measure in measures.iter().filter(|measure| self.measured.measures.iter().any(|known| known == *measure)) {
                h2 { a href=(self.address(measure)) { (self.words.measure(measure)) } }
                dl.figures {
                    @for group in &groups {
                        @let row = self.measured.find(measure, ages, group);
                        @if row.is_some() { div {
                            dt { (self.words.group(group)) }
                            dd {
                                @match row.and_then(|row| Some((row.rate?, row.lower?, row.upper?))) {
                                    Some((rate, lower, upper)) => {
                                        span.value { (self.percent(rate)) }
                                        span.soft { (self.view.words.between(&self.percent(lower), &self.percent(upper))) }
                                    }
                                    None => (self.withheld()),
                                }
                                @if let Some(count) = row.and_then(|row| row.count) {
                                    " " span.soft.beneath { (self.words.with("unit-children", &[
                                        ("number", &format!("{count:.0}")), ("text", &self.words.numbers.count(count)),
                                    ])) }
                                }
                            }
                        } }
                    }
                }
            }
        }
    }

    /// Every measure in a row.
    fn overview(&self) -> Markup {
        let Some(&ages) = self.measured.ages.first() else { return html! {} };
        let groups = self.columns();
        let title = self.view.words.with("site-measured-all", &[("ages", &self.words.ages(ages))]);
        html! {
            h2 { (title) }
            div.scroll tabindex="0" role="group" aria-label=(title) { table.wide.measured {
                thead { tr {
                    th scope="col" { (self.heading("measure")) }
                    @for group in &groups { th.number scope="col" { (self.words.group(group)) } }
                    @if self.numbers_of_children() { th.number scope="col" { (self.heading("count")) } }
                    th.number scope="col" { (self.heading("sample")) }
                } }
                tbody { @for measure in &self.measured.measures {
                    @let all = self.measured.find(measure, ages, &Group::all());
                    @if all.is_some() { tr {
                        th scope="row" { a href=(self.address(measure)) { (self.words.measure(measure)) } }
                        @for group in &groups { td.number { (self.share(self.measured.find(measure, ages, group))) } }
                        @if self.numbers_of_children() { td.number { (self.children(all)) } }
                        td.number { @if let Some(row) = all { (self.words.numbers.count(row.sample as f64)) } }
                    } }
                } }
            } }
        }
    }

    /// The figures of a crossing, with everything that tells how sure they are.
    fn table(&self, title: &str, rows: &[&MeasuredRow]) -> Markup {
        let with_numbers = self.numbers_of_children();
        let with_groups = rows.iter().any(|row| !row.group.is_all());
        html! {
            div.scroll tabindex="0" role="group" aria-label=(title) { table.wide.measured {
                thead { tr {
                    th scope="col" { (self.heading("age")) }
                    @if with_groups { th scope="col" { (self.heading("group")) } }
                    th.number scope="col" { (self.heading("rate")) }
                    @if with_numbers { th.number scope="col" { (self.heading("count")) } }
                    @for key in ["sample", "effective_sample", "cv"] { th.number scope="col" { (self.heading(key)) } }
                    th scope="col" { (self.heading("quality")) }
                } }
                tbody { @for row in rows { tr {
                    th scope="row" { (self.words.ages(row.ages)) }
                    @if with_groups { td { (self.words.group(&row.group)) } }
                    td.number { (self.share(Some(row))) }
                    @if with_numbers { td.number { (self.children(Some(row))) } }
                    td.number { @if row.sample > 0 { (self.words.numbers.count(row.sample as f64)) } }
                    td.number { @if let Some(size) = row.effective_sample { (self.words.numbers.count(size)) } }
                    td.number { @if let Some(value) = row.coefficient_of_variation { (self.percent(value)) } }
                    td { (self.words.text(&format!("quality-{}", row.quality.code()))) }
                } } }
            } }
        }
    }

    /// The tables of a measure by one kind of figure: all children, then one a crossing.
    fn tables(&self, measure: &str, kind: Kind) -> Markup {
        let mut crossings: Vec<(String, Vec<&MeasuredRow>)> = Vec::new();
        for row in self.measured.rows.iter().filter(|row| row.kind == kind && row.measure == measure) {
            let dimensions = self.words.dimensions(&row.group);
            match crossings.iter_mut().find(|(name, _)| *name == dimensions) {
                Some((_, rows)) => rows.push(row),
                None => crossings.push((dimensions, vec![row])),
            }
        }
        html! { @for (dimensions, rows) in &crossings {
            @let title = if dimensions.is_empty() { self.words.text("all") } else { dimensions.clone() };
            @if kind == Kind::Prevalence { h2 { (title) } } @else { h3 { (title) } }
            (self.table(&title, rows))
        } }
    }

    /// What changed since the earlier survey, with its test, and why the two may not be comparable.
    fn changes(&self, rows: &[&ChangeRow], with_measure: bool) -> Markup {
        let Some(earlier) = self.measured.earlier.as_ref().filter(|_| !rows.is_empty()) else { return html! {} };
        let title = self.heading("changes");
        let words = &self.view.words;
        let points = |value: f64| words.points(100.0 * value);
        let verdict = |row: &ChangeRow| match (row.p_value, row.difference) {
            (Some(p_value), Some(difference)) if p_value < SIGNIFICANT => {
                words.text(if difference > 0.0 { "site-measured-rose" } else { "site-measured-fell" })
            }
            (Some(_), Some(_)) => words.text("site-measured-chance"),
            _ => String::new(),
        };
        html! {
            h2 { (title) }
            p { (words.with("site-measured-earlier", &[("survey", &self.words.survey(earlier))])) }
            @if !self.measured.comparability.is_empty() {
                div.notice role="note" { p { (words.text("site-measured-not-comparable")) " "
                    @for (at, kind) in self.measured.comparability.iter().enumerate() {
                        @if at > 0 { (self.view.words.semicolon()) } (self.words.text(&format!("compare-{kind}")).to_lowercase())
                    } "."
                } }
            }
            div.scroll tabindex="0" role="group" aria-label=(title) { table.wide.measured {
                thead { tr {
                    @if with_measure { th scope="col" { (self.heading("measure")) } }
                    th scope="col" { (self.heading("age")) }
                    th scope="col" { (self.heading("group")) }
                    @for key in ["earlier", "later", "difference", "p_value"] { th.number scope="col" { (self.heading(key)) } }
                    th scope="col" { (words.text("site-measured-verdict")) }
                } }
                tbody { @for row in rows { tr {
                    @if with_measure { th scope="row" { a href=(self.address(&row.measure)) { (self.words.measure(&row.measure)) } } }
                    td { (self.words.ages(row.ages)) }
                    td { (self.words.group(&row.group)) }
                    @if row.difference.is_none() { td colspan="5" { (self.withheld()) } } @else {
                        td.number { @if let Some(value) = row.earlier { (self.percent(value)) } }
                        td.number { @if let Some(value) = row.later { (self.percent(value)) } }
                        td.number {
                            @if let Some(value) = row.difference { (points(value)) }
                            @if let (Some(lower), Some(upper)) = (row.lower, row.upper) {
                                span.soft.beneath { (words.between(&points(lower), &points(upper))) }
                            }
                        }
                        td.number { @if let Some(value) = row.p_value { (words.numbers.decimal(value, 3)) } }
                        td { (verdict(row)) }
                    }
                } } }
            } }
        }
    }

    fn notes(&self) -> Markup {
        html! {
            h2 id="notes" { (self.heading("metadata")) }
            dl.facts { @for (heading, text) in self.words.notes().iter().filter(|(heading, _)| !heading.is_empty()) {
                dt { (heading) } dd { (text) }
            } }
            @for key in ["note-hours", "note-national"] { p.soft { (self.words.text(key)) } }
        }
    }
}

/// All measures, and the notes.
pub fn measured(view: &View<'_>, measured: &Measured) -> Markup {
    let figures = Figures::new(view, measured);
    let title = view.text("site-nav-measured");
    let first = measured.ages.first();
    let national: Vec<&ChangeRow> = measured
        .changes
        .iter()
        .filter(|row| Some(&row.ages) == first && figures.columns().contains(&row.group))
        .collect();
    let content = html! {
        h1 { (title) }
        p.lead { (view.text("site-measured-lead")) }
        p { strong { (measured.definition.title.get(view.words.language)) ". " } (measured.definition.description.get(view.words.language)) }
        (figures.notices())
        (figures.leading(&LEADING))
        (figures.overview())
        p.soft { (view.text("site-measured-warning")) }
        (figures.changes(&national, true))
        (figures.notes())
    };
    let leaf = Leaf::new(&title, "measured", "measured").with_twins(view, "measured", "", &["csv", "json"]);
    frame(view, &leaf, &content)
}

/// One measure in all its groups; none when the survey did not give it.
pub fn measure(view: &View<'_>, measured: &Measured, measure: &str) -> Option<Markup> {
    measured.measures.iter().find(|known| *known == measure)?;
    let figures = Figures::new(view, measured);
    let title = figures.words.measure(measure);
    let path = format!("measured/{measure}");
    let changes: Vec<&ChangeRow> = measured.changes.iter().filter(|row| row.measure == measure).collect();
    let composed = measured.rows.iter().any(|row| row.kind == Kind::Composition && row.measure == measure);
    let content = html! {
        p.soft { a href=(view.to("measured")) { (view.text("site-nav-measured")) } }
        h1 { (title) }
        p { strong { (measured.definition.title.get(view.words.language)) ". " } (measured.definition.description.get(view.words.language)) }
        (figures.notices())
        (figures.tables(measure, Kind::Prevalence))
        p.soft { (view.text("site-measured-warning")) }
        @if composed {
            h2 { (figures.words.with("heading-composition", &[("measure", &title)])) }
            p.soft { (view.text("site-measured-composition")) }
            (figures.tables(measure, Kind::Composition))
        }
        (figures.changes(&changes, false))
        p { a href=(format!("{}#notes", view.to("measured"))) { (figures.heading("metadata")) } }
    };
    let leaf = Leaf::new(&title, &path, "measured").with_twins(view, &path, "", &["csv", "json"]);
    Some(frame(view, &leaf, &content))
}
