//! Steps of a legend: equal widths that people can read aloud.

use crate::wording::Words;

/// Equal steps of a round width (1, 2 or 5 times a power of ten percentage points).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Steps {
    /// Lower end of the lowest step.
    pub first: f64,
    /// Width of a step.
    pub width: f64,
    /// Number of steps.
    pub count: usize,
}

/// Widths that can be read aloud, smallest first: 0.1, 0.2, 0.5, 1, 2, 5 ... percentage points.
fn round_widths() -> impl Iterator<Item = f64> {
    let mut width = 0.001;
    [2.0, 2.5, 2.0].into_iter().cycle().map(move |factor| {
        let found = width;
        width *= factor;
        found
    })
}

impl Steps {
    /// At most `most` steps that hold all `rates`; one step when there are none.
    pub fn over(rates: impl Iterator<Item = f64>, most: usize) -> Steps {
        let (lowest, highest) =
            rates.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), rate| (low.min(rate), high.max(rate)));
        if !lowest.is_finite() || !highest.is_finite() {
            return Steps { first: 0.0, width: 1.0, count: 1 };
        }
        for width in round_widths() {
            let first = (lowest / width + 1e-9).floor();
            let count = ((highest / width - 1e-9).ceil() - first).max(1.0) as usize;
            if count <= most || width > 1.0 {
                return Steps { first: first * width, width, count };
            }
        }
        Steps { first: lowest, width: highest - lowest, count: 1 }
    }

    /// Six steps around zero, three a side, of which the outermost are open: the width is the smallest round one that leaves
    /// at most a tenth of the differences beyond the two inner steps of their side.
    pub fn around_zero(differences: impl Iterator<Item = f64>) -> Steps {
        let mut sizes: Vec<f64> = differences.map(f64::abs).filter(|size| size.is_finite()).collect();
        sizes.sort_by(f64::total_cmp);
        let most = sizes.get((sizes.len() * 9).div_ceil(10).saturating_sub(1)).copied().unwrap_or(0.0);
        let width = round_widths().find(|width| 2.0 * width >= most || *width > 1.0).unwrap_or(1.0);
        Steps { first: -3.0 * width, width, count: 6 }
    }

    /// A value `v` is in step `i` when `first + i width < v <= first + (i + 1) width`; what lies beyond the ends is in the
    /// outermost step.
    pub fn of(&self, value: f64) -> usize {
        let position = ((value - self.first) / self.width - 1e-9).ceil() - 1.0;
        (position.max(0.0) as usize).min(self.count - 1)
    }

    /// The lower end of step `index`.
    pub fn edge(&self, index: usize) -> f64 {
        self.first + self.width * index as f64
    }

    /// The written rule of every step, for rates.
    pub fn rate_labels(&self, words: &Words<'_>) -> Vec<String> {
        (0..self.count).map(|index| words.interval_rule(self.edge(index), self.edge(index + 1), index == 0)).collect()
    }

    /// The written rule of every step of [`Steps::around_zero`], for differences of rates.
    pub fn difference_labels(&self, words: &Words<'_>) -> Vec<String> {
        let points = |at: usize| words.points(self.edge(at) * 100.0);
        let last = self.count - 1;
        (0..self.count)
            .map(|index| match index {
                0 => words.with("layer-difference-lowest", &[("upper", &points(1))]),
                _ if index == last => words.with("layer-difference-highest", &[("lower", &points(last))]),
                _ => {
                    words.with("layer-difference-between", &[("lower", &points(index)), ("upper", &points(index + 1))])
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_on_a_limit_belongs_to_the_step_below_as_the_legend_says() {
        let steps = Steps { first: 0.02, width: 0.02, count: 4 };
        assert_eq!([0.02, 0.04, 0.0401, 0.06, 0.1, 0.2].map(|rate| steps.of(rate)), [0, 0, 1, 1, 3, 3]);
    }

    #[test]
    fn steps_hold_every_rate_in_at_most_the_number_asked_for() {
        let rates = [0.031, 0.048, 0.12, 0.177];
        for most in [1, 4, 6] {
            let steps = Steps::over(rates.into_iter(), most);
            assert!(steps.count <= most);
            assert!(steps.edge(0) <= 0.031 && steps.edge(steps.count) >= 0.177, "{steps:?}");
        }
        assert_eq!(Steps::over(std::iter::empty(), 6).count, 1);
    }

    #[test]
    fn differences_have_three_steps_a_side_and_zero_between_them() {
        let steps = Steps::around_zero([-0.031, 0.012, 0.004, -0.02].into_iter());
        assert_eq!((steps.count, steps.width), (6, 0.02));
        assert_eq!([-0.5, -0.03, -0.01, 0.01, 0.03, 0.5].map(|value| steps.of(value)), [0, 1, 2, 3, 4, 5]);
        assert!(steps.edge(3).abs() < 1e-12);
    }
}
