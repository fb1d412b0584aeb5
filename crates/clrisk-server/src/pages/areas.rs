//! The list of municipalities: searched, filtered, sorted, in pieces. It is the table twin of the national map.

use clrisk_core::bundle::AreaRow;
use clrisk_core::{Level, ValueStatus};
use maud::{Markup, html};

use super::{Leaf, Listing, area_path, area_table, frame};
use crate::search::plain;
use crate::visit::View;

/// Rows on one page.
const PIECE: usize = 200;

/// The municipalities that a query asks for.
pub struct Chosen<'a> {
    /// All of them, in order.
    pub rows: Vec<&'a AreaRow>,
    /// Departments and regions whose names fit.
    pub territories: Vec<&'a AreaRow>,
    /// The column they are sorted by; `fit` when by how well they fit what was searched.
    pub order: &'static str,
}

/// What the query asks for: `q`, `department`, `class`, `status`, `sort`.
pub fn chosen<'a>(view: &View<'a>) -> Chosen<'a> {
    let study = &view.site.study;
    let asked = view.asked;
    let wanted = asked.get("q").trim();
    let mut rows = view.site.index.municipalities(study, wanted);
    let department = asked.get("department");
    let class: Option<i64> = asked.get("class").parse().ok();
    let status = ValueStatus::parse(asked.get("status"));
    rows.retain(|row| {
        let code = row.area.code.as_str();
        (department.is_empty()
            || study.ancestor(row, Level::Department).is_some_and(|above| above.area.code == department))
            && class.is_none_or(|class| study.shown_class(code) == Some(class))
            && status.is_none_or(|status| study.status(code) == status)
    });
    let orders = ["name", "department", "rate", "count", "class"];
    let order = orders.into_iter().find(|order| *order == asked.get("sort"));
    let order = order.unwrap_or(if wanted.is_empty() { "name" } else { "fit" });
    let estimate = |row: &AreaRow| study.overall(Level::Municipality, &row.area.code);
    let descending = |value: fn(&clrisk_core::Estimate) -> Option<f64>| {
        move |row: &&AreaRow| std::cmp::Reverse(Total(estimate(row).and_then(value).unwrap_or(-1.0)))
    };
    match order {
        "rate" => rows.sort_by_key(descending(|estimate| estimate.rate)),
        "count" => rows.sort_by_key(descending(|estimate| estimate.count)),
        "class" => rows.sort_by_key(|row| std::cmp::Reverse(study.shown_class(&row.area.code))),
        "department" => {
            rows.sort_by_key(|row| study.ancestor(row, Level::Department).map(|above| plain(&above.area.name)));
        }
        "name" => rows.sort_by_key(|row| plain(&row.area.name)),
        _ => {}
    }
    let territories = match wanted.is_empty() {
        true => Vec::new(),
        false => {
            let all = view.site.index.find(study, wanted).into_iter();
            all.filter(|row| row.area.level != Level::Municipality).take(10).collect()
        }
    };
    Chosen { rows, territories, order }
}

/// Numbers in their order.
#[derive(PartialEq)]
struct Total(f64);
impl Eq for Total {}
impl PartialOrd for Total {
    fn partial_cmp(&self, other: &Total) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Total {
    fn cmp(&self, other: &Total) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

fn option(value: &str, label: &str, chosen: &str) -> Markup {
    html! { option value=(value) selected[value == chosen] { (label) } }
}

fn filters(view: &View<'_>) -> Markup {
    let study = &view.site.study;
    let words = &view.words;
    let asked = view.asked;
    let all = words.text("site-all");
    html! {
        form.filters action=(view.to("areas")) method="get" {
            label { span { (words.text("site-search")) } input type="search" name="q" value=(asked.get("q")) maxlength="80"; }
            label { span { (words.text("site-department")) }
                select name="department" {
                    (option("", &all, asked.get("department")))
                    @for row in study.level(Level::Department) { (option(&row.area.code, &row.area.name, asked.get("department"))) }
                }
            }
            label { span { (words.text("site-class")) }
                select name="class" {
                    (option("", &all, asked.get("class")))
                    @for (index, key) in study.manifest().classes.names.iter().enumerate() { (option(&(index + 1).to_string(), &words.class_key(key), asked.get("class"))) }
                }
            }
            label { span { (words.text("site-status")) }
                select name="status" {
                    (option("", &all, asked.get("status")))
                    @for status in ValueStatus::ALL { (option(status.code(), &words.status(status), asked.get("status"))) }
                }
            }
            @if !asked.get("sort").is_empty() { input type="hidden" name="sort" value=(asked.get("sort")); }
            button type="submit" { (words.text("site-filter-go")) }
        }
    }
}

/// The list of municipalities.
pub fn areas(view: &View<'_>) -> Markup {
    let words = &view.words;
    let title = words.text("site-nav-areas");
    let chosen = chosen(view);
    // A copy without a server has everything on one page; its script searches and sorts.
    let piece = if view.stand.shelf.static_copy { usize::MAX } else { PIECE };
    let pieces = chosen.rows.len().div_ceil(piece).max(1);
    let number = view.asked.get("page").parse::<usize>().unwrap_or(1).clamp(1, pieces);
    let from = (number - 1).saturating_mul(piece).min(chosen.rows.len());
    let shown = &chosen.rows[from..from.saturating_add(piece).min(chosen.rows.len())];
    let sorting = |column: &str| format!("{}{}", view.to("areas"), view.asked.with(&[("sort", column), ("page", "")]));
    let turn = |page: usize| format!("{}{}", view.to("areas"), view.asked.with(&[("page", &page.to_string())]));
    let sorting: Option<&dyn Fn(&str) -> String> = if view.stand.shelf.static_copy { None } else { Some(&sorting) };
    let content = html! {
        h1 { (title) }
        @if !view.stand.shelf.static_copy { (filters(view)) }
        @if !chosen.territories.is_empty() {
            p.choices { @for row in &chosen.territories { a href=(view.to(&area_path(row))) { (row.area.name) " (" (words.text(&format!("site-{}", row.area.level.code()))) ")" } } }
        }
        p role="status" {
            @if chosen.rows.is_empty() { (words.text("site-none-found")) } @else { (words.counted("site-results", chosen.rows.len())) }
        }
        @if !shown.is_empty() { (area_table(view, &Listing { rows: shown, order: chosen.order, sorting, whole: pieces == 1, departments: true })) }
        @if pieces > 1 {
            nav.choices aria-label=(words.text("site-pieces")) {
                @if number > 1 { a rel="prev" href=(turn(number - 1)) { "← " (words.text("site-previous")) } }
                span { (words.with("site-piece", &[("page", &number.to_string()), ("pages", &pieces.to_string())])) }
                @if number < pieces { a rel="next" href=(turn(number + 1)) { (words.text("site-next")) " →" } }
            }
        }
    };
    let query = view.asked.with(&[("page", "")]);
    let leaf = Leaf::new(&title, "areas", "areas").with_twins(view, "areas", &query, &["csv", "json"]);
    frame(view, &leaf, &content)
}
