//! Charts that carry an argument: each is a picture with title and description, and a table with the same figures.
//!
//! Lengths are in pixels. Colours say nothing that position or words do not say too.

mod calibration;
mod contributions;
mod direct;
mod pyramid;
mod ranks;
mod trajectory;

pub use calibration::calibration;
pub use contributions::contributions;
pub use direct::direct_against_modelled;
pub use pyramid::pyramid;
pub use ranks::rank_ranges;
pub use trajectory::{Moment, trajectory};

use maud::{Markup, html};

/// Ink of points and lines.
const INK: &str = "#1b386e";
/// Ink of axes.
const AXIS: &str = "#5c6670";
/// Text.
const TEXT: &str = "#20262d";

/// A chart and its table.
#[derive(Debug, Clone)]
pub struct Figure {
    /// What it shows.
    pub title: String,
    /// How to read it.
    pub description: String,
    /// The picture: SVG that stands on its own.
    pub picture: Markup,
    /// Headings of the table.
    pub headings: Vec<String>,
    /// Rows of the table; the first cell of a row names it.
    pub rows: Vec<Vec<String>>,
}

impl Figure {
    /// Picture and table for a page.
    pub fn page(&self) -> Markup {
        html! {
            figure.chart {
                figcaption { strong { (self.title) } " " (self.description) }
                (self.picture)
                div.scroll tabindex="0" role="region" aria-label=(self.title) {
                    table {
                        thead { tr { @for heading in &self.headings { th scope="col" { (heading) } } } }
                        tbody {
                            @for row in &self.rows {
                                tr {
                                    @for (column, cell) in row.iter().enumerate() {
                                        @if column == 0 { th scope="row" { (cell) } } @else { td.number { (cell) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The frame of a picture: size, title and description for those who do not see it.
fn frame(width: f64, height: f64, title: &str, description: &str, content: &Markup) -> Markup {
    html! {
        svg.chart xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {width:.0} {height:.0}")) width=(format!("{width:.0}"))
            height=(format!("{height:.0}")) role="img" aria-label=(format!("{title}. {description}"))
            font-family="sans-serif" font-size="12" fill=(TEXT) {
            title { (title) }
            desc { (description) }
            (content)
        }
    }
}

/// A straight axis from `low` to `high` on `left..right`.
#[derive(Debug, Clone, Copy)]
struct Axis {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Axis {
    fn at(&self, value: f64) -> f64 {
        let share = if self.high > self.low { (value - self.low) / (self.high - self.low) } else { 0.0 };
        self.from + (self.to - self.from) * share.clamp(0.0, 1.0)
    }

    /// Round values within the axis, at most `most` of them.
    fn ticks(&self, most: usize) -> Vec<f64> {
        let mut step = 10f64.powf(((self.high - self.low).max(f64::MIN_POSITIVE)).log10().floor() - 1.0);
        let mut factors = [2.0, 2.5, 2.0].into_iter().cycle();
        while (self.high - self.low) / step > most as f64 {
            step *= factors.next().unwrap_or(2.0);
        }
        let first = (self.low / step - 1e-9).ceil() as i64;
        let last = (self.high / step + 1e-9).floor() as i64;
        (first..=last).map(|tick| tick as f64 * step).collect()
    }
}

/// A coordinate as SVG writes it.
fn px(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_lie_on_the_axis_and_are_few() {
        for (low, high) in [(0.0, 0.37), (0.031, 0.052), (0.0, 340.0), (-1.2, 4.0)] {
            let axis = Axis { low, high, from: 0.0, to: 100.0 };
            let ticks = axis.ticks(6);
            assert!((2..=7).contains(&ticks.len()), "{low} {high}: {ticks:?}");
            assert!(ticks.iter().all(|tick| *tick >= low - 1e-9 && *tick <= high + 1e-9));
        }
        assert!(Axis { low: 0.0, high: 0.0, from: 0.0, to: 1.0 }.ticks(5).len() <= 7);
    }
}
