//! The page of a municipality: what its officer must see in ten seconds first, everything else below.

use clrisk_core::bundle::AreaRow;
use clrisk_core::{FactorContribution, Level};
use clrisk_render::chart::{self, FactorList};
use clrisk_render::map;
use maud::{Markup, html};

use super::{
    Leaf, Listing, area_path, area_table, class_label, endings, figures, frame, heading, highest_rate, levers, made,
    residence, sentence, sheet_links,
};
use crate::visit::View;

/// Similar municipalities shown.
const SIMILAR: usize = 5;

/// The page of a municipality.
pub fn area(view: &View<'_>, row: &AreaRow) -> Markup {
    let study = &view.site.study;
    let words = &view.words;
    let code = row.area.code.as_str();
    let path = area_path(row);
    let factors = FactorList::of(study, code);
    let mut above: Vec<&AreaRow> = study.country().into_iter().collect();
    above.extend([Level::Region, Level::Department].into_iter().filter_map(|level| study.ancestor(row, level)));
    let similar: Vec<&AreaRow> = study.similar(code, SIMILAR).into_iter().map(|found| found.row).collect();
    let content = html! {
        div.view {
            div.picture {
                h1 { (row.area.name) " " small { (words.text("site-municipality")) " · " (code) } }
                (standing(view, row))
                (figures(view, row))
                (sheet_links(view, row))
            }
            div.aside { (map::locator(study, words, row)) }
        }
        (leading(view, &factors))
        (residence(view))
        (certainty(view, code))
        (sensitivity(view, code))
        (all_factors(view, &factors))
        (levers(view, row))
        (groups(view, code))
        @if !similar.is_empty() {
            (heading(view, &words.text("site-similar"), "similar"))
            p.soft { (words.text("site-similar-note")) }
            (area_table(view, &Listing::short(&similar, true)))
            @if !view.stand.shelf.static_copy {
                p { a.action href=(compare_with(view, row, &similar)) { (words.text("site-compare-similar")) } }
            }
        }
        (neighbours(view, code))
        (others(view, row))
    };
    let description = study.overall(Level::Municipality, code).filter(|found| found.rate.is_some());
    let leaf = Leaf {
        above,
        description: description.map_or_else(
            || words.status(study.status(code)),
            |estimate| {
                let outcome = study.manifest().outcome.title.get(words.language);
                format!("{outcome}, {}: {}", row.area.name, words.rate_interval(estimate))
            },
        ),
        ..Leaf::new(&row.area.name, &path, "areas").with_twins(
            view,
            &path,
            "",
            endings(view, &["csv", "json", "svg", "pdf"]),
        )
    };
    frame(view, &leaf, &content)
}

/// The class and how sure it is, in two sentences.
fn standing(view: &View<'_>, row: &AreaRow) -> Markup {
    let study = &view.site.study;
    let words = &view.words;
    let code = row.area.code.as_str();
    let status = study.status(code);
    let class = study.shown_class(code);
    html! {
        @if let Some(class) = class {
            p.lead { (words.text("site-class")) ": " strong { (class_label(words, study, code, class)) } " " (made(view, "class")) }
        }
        p { (words.status(status)) ". " @if status.has_number() { (words.own_sample(row.own_sample_share)) } }
    }
}

fn factor_rows(view: &View<'_>, factors: &[FactorContribution], scale: f64) -> Markup {
    html! {
        @for factor in factors {
            tr {
                th scope="row" { (view.words.variable(view.site.study.manifest(), &factor.factor)) }
                td { (chart::factor_bar(factor.points, scale)) }
                td.number { (view.words.points(factor.points)) }
            }
        }
    }
}

/// The conditions that raise the rate most and on which somebody can act.
fn leading(view: &View<'_>, factors: &FactorList) -> Markup {
    html! {
        @if !factors.leading.is_empty() {
            section.leading {
                (heading(view, &view.text("site-leading"), "factors"))
                table { (factor_rows(view, &factors.leading, factors.scale())) }
                p.soft { (view.text("site-leading-note")) }
            }
        }
    }
}

/// Probabilities of the classes, and the range of ranks.
fn certainty(view: &View<'_>, code: &str) -> Markup {
    let study = &view.site.study;
    let words = &view.words;
    let manifest = study.manifest();
    html! {
        @if let Some(found) = study.class(code).filter(|found| !found.membership.is_empty()) {
            (heading(view, &words.text("site-membership-label"), "probability"))
            (chart::membership(words, &found.membership))
            p {
                @for (index, share) in found.membership.iter().enumerate() {
                    @if index > 0 { " · " }
                    (words.class(manifest, index as i64 + 1)) ": " b { (words.probability(*share)) }
                }
            }
            @if let Some(range) = words.rank_range(found, study.ranked()) {
                p {
                    (sentence(&range)) " "
                    @if let Some([best, worst]) = found.rank_joint {
                        (words.with("site-rank-joint", &[("best", &words.ordinal(best)), ("worst", &words.ordinal(worst))])) " "
                    }
                    (made(view, "rank"))
                }
            }
        }
    }
}

/// The class of a rate under breaks from the lowest to the highest: `r` is in class `i` when `breaks[i-1] < r <= breaks[i]`.
fn class_under(rate: f64, breaks: &[f64]) -> usize {
    let inner = breaks.get(1..breaks.len().saturating_sub(1)).unwrap_or_default();
    inner.iter().filter(|limit| rate > **limit).count()
}

/// What other rules would have called the municipality.
fn sensitivity(view: &View<'_>, code: &str) -> Markup {
    let study = &view.site.study;
    let words = &view.words;
    let scheme = &study.manifest().classes;
    let rate = study.overall(Level::Municipality, code).and_then(|found| found.rate);
    let own = study.class(code).and_then(|found| found.class).and_then(|class| usize::try_from(class - 1).ok());
    let comparable: Vec<_> =
        study.bundle().sensitivity.iter().filter(|row| row.breaks.len() == scheme.names.len() + 1).collect();
    html! {
        @if let (Some(rate), Some(own), false) = (rate, own, comparable.is_empty()) {
            @let same = comparable.iter().filter(|row| class_under(rate, &row.breaks) == own).count();
            details.sensitivity {
                summary { (words.with("site-sensitivity-own", &[("same", &same.to_string()), ("rules", &comparable.len().to_string())])) }
                table {
                    thead { tr { th scope="col" { (words.text("site-rule")) } th scope="col" { (words.text("site-class")) } } }
                    tbody { @for row in &comparable {
                        tr { th scope="row" { (words.rule(&row.rule)) } td { (words.class(study.manifest(), class_under(rate, &row.breaks) as i64 + 1)) } }
                    } }
                }
            }
        }
    }
}

/// All conditions, raising and lowering.
fn all_factors(view: &View<'_>, factors: &FactorList) -> Markup {
    let own: Vec<FactorContribution> = factors.own.clone().into_iter().collect();
    html! {
        @if !factors.others.is_empty() || !factors.leading.is_empty() {
            (heading(view, &view.text("site-factors"), "factors"))
            p.soft { (view.text("site-factors-note")) }
            div.scroll tabindex="0" role="group" aria-label=(view.text("site-factors")) { table {
                thead { tr { th scope="col" { (view.text("site-variable")) } th { span.hidden { (view.text("site-factors")) } } th.number scope="col" { (view.text("site-points")) } } }
                tbody {
                    (factor_rows(view, &factors.leading, factors.scale()))
                    (factor_rows(view, &factors.others, factors.scale()))
                    (factor_rows(view, &own, factors.scale()))
                }
            } }
        }
    }
}

/// The rates of the publication groups.
fn groups(view: &View<'_>, code: &str) -> Markup {
    let study = &view.site.study;
    let words = &view.words;
    let highest =
        study.estimates(Level::Municipality, code).filter_map(|found| found.upper).fold(highest_rate(study), f64::max);
    html! {
        (heading(view, &words.text("site-groups"), "groups"))
        div.scroll tabindex="0" role="group" aria-label=(words.text("site-groups")) { table.wide.stacked {
            thead { tr {
                th scope="col" { (words.text("site-group")) }
                th.number scope="col" { (words.text("site-rate")) }
                th scope="col" { (words.text("site-interval-title")) }
                th.number scope="col" { (words.text("site-count")) }
                th scope="col" { (words.text("site-status")) }
            } }
            tbody {
                @for estimate in study.estimates(Level::Municipality, code) {
                    tr {
                        th scope="row" { (words.group(study.manifest(), &estimate.group)) }
                        td.number { @if let Some(rate) = estimate.rate { (words.percent(rate)) } }
                        td.interval { (chart::interval(estimate, highest, None)) span { (words.rate_interval(estimate)) } }
                        td.number data-label=(words.text("site-count")) { @if let Some(count) = estimate.count { (words.count(count)) } }
                        td.whole { (words.status(estimate.status)) @if !estimate.local && estimate.status.has_number() { (words.semicolon()) (words.text("site-not-local")) } }
                    }
                }
            }
        } }
    }
}

/// The municipalities that share a border, with their classes.
fn neighbours(view: &View<'_>, code: &str) -> Markup {
    let study = &view.site.study;
    let neighbours = study.neighbours(code);
    html! {
        @if !neighbours.is_empty() {
            h2 { (view.text("site-neighbours")) }
            ul.areas-list {
                @for row in neighbours {
                    @let class = study.shown_class(&row.area.code);
                    li {
                        a href=(view.to(&area_path(row))) { (row.area.name) }
                        @if let Some(class) = class { (class_label(&view.words, study, &row.area.code, class)) } @else { span.soft { (view.words.status(study.status(&row.area.code))) } }
                    }
                }
            }
        }
    }
}

/// The address that compares a municipality with others.
fn compare_with(view: &View<'_>, row: &AreaRow, others: &[&AreaRow]) -> String {
    let codes = std::iter::once(&row.area.code).chain(others.iter().map(|row| &row.area.code));
    let query: Vec<String> = codes.map(|code| format!("area={}", clrisk_render::address::segment(code))).collect();
    format!("{}?{}", view.to("compare"), query.join("&"))
}

/// The same municipality in other releases.
fn others(view: &View<'_>, row: &AreaRow) -> Markup {
    let words = &view.words;
    let own = view.site.id();
    let releases: Vec<_> = view.stand.shelf.sites.iter().filter_map(|site| Some((site.id()?, site))).collect();
    html! {
        @if releases.len() > 1 && !view.stand.shelf.static_copy {
            h2 { (words.text("site-nav-releases")) }
            table {
                thead { tr { th scope="col" { (words.text("site-release-id")) } th.number scope="col" { (words.text("site-rate")) } th scope="col" { (words.text("site-interval-title")) } } }
                tbody { @for (id, site) in releases {
                    @let found = site.study.overall(Level::Municipality, &row.area.code);
                    tr aria-current=[(Some(id) == own).then_some("true")] {
                        th scope="row" { a href=(format!("/release/{}{}", clrisk_render::address::segment(id), view.to(&area_path(row)))) { (id) } }
                        td.number { @if let Some(rate) = found.and_then(|found| found.rate) { (words.percent(rate)) } }
                        td { (found.map_or_else(|| words.text("status-no_data"), |found| words.rate_interval(found))) }
                    }
                } }
            }
            p { a href=(view.to("changes")) { (words.text("site-changes")) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::class_under;

    #[test]
    fn a_rate_on_a_break_belongs_to_the_class_below_as_in_the_bundle() {
        let breaks = [0.0, 0.1, 0.2, 0.4];
        assert_eq!([0.0, 0.1, 0.11, 0.2, 0.39, 0.9].map(|rate| class_under(rate, &breaks)), [0, 0, 1, 1, 2, 2]);
        assert_eq!(class_under(0.5, &[]), 0);
    }
}
