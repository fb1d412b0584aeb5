//! Exact optimal classes in one dimension (Fisher 1958; "Jenks natural breaks").
//!
//! Minimises the sum of squared deviations from class means by dynamic programming over the distinct values. The cost has
//! the quadrangle inequality, so the best first member of the last class moves only upwards with the last value and each
//! layer is filled by divide and conquer: `O(k n log n)`.

/// Sums that give the within-class sum of squares of any run of distinct values in constant time.
struct Runs {
    count: Vec<f64>,
    sum: Vec<f64>,
    squares: Vec<f64>,
}

impl Runs {
    fn new(distinct: &[(f64, f64)]) -> Self {
        // Measured from the middle, so that the squares do not swamp the differences.
        let total: f64 = distinct.iter().map(|d| d.1).sum();
        let centre = distinct.iter().map(|d| d.0 * d.1).sum::<f64>() / total;
        let mut runs = Self { count: vec![0.0], sum: vec![0.0], squares: vec![0.0] };
        let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
        for &(value, multiplicity) in distinct {
            let value = value - centre;
            count += multiplicity;
            sum += multiplicity * value;
            squares += multiplicity * value * value;
            runs.count.push(count);
            runs.sum.push(sum);
            runs.squares.push(squares);
        }
        runs
    }

    /// Sum of squares within the values `first..end`.
    fn cost(&self, first: usize, end: usize) -> f64 {
        if end <= first + 1 {
            return 0.0;
        }
        let count = self.count[end] - self.count[first];
        let sum = self.sum[end] - self.sum[first];
        (self.squares[end] - self.squares[first] - sum * sum / count).max(0.0)
    }
}

/// Positions in `distinct` (sorted `(value, multiplicity)` pairs, at least `classes` of them) where the classes after the
/// first begin.
pub(super) fn class_starts(distinct: &[(f64, f64)], classes: usize) -> Vec<usize> {
    let n = distinct.len();
    let runs = Runs::new(distinct);
    let mut best: Vec<f64> = (0..=n).map(|end| runs.cost(0, end)).collect();
    let mut start_of_last = vec![vec![0u32; n + 1]];
    for class in 1..classes {
        let mut next = vec![f64::INFINITY; n + 1];
        let mut starts = vec![0u32; n + 1];
        // (first end, last end, lowest start, highest start) still to be filled.
        let mut pending = vec![(class + 1, n, class, n - 1)];
        while let Some((low, high, from, to)) = pending.pop() {
            if low > high {
                continue;
            }
            let end = low + (high - low) / 2;
            let mut chosen = from;
            let last = to.min(end - 1);
            for (start, before) in (from..=last).zip(&best[from..=last]) {
                let cost = before + runs.cost(start, end);
                if cost < next[end] {
                    next[end] = cost;
                    chosen = start;
                }
            }
            starts[end] = chosen as u32;
            if end > low {
                pending.push((low, end - 1, from, chosen));
            }
            pending.push((end + 1, high, chosen, to));
        }
        best = next;
        start_of_last.push(starts);
    }
    let mut starts = Vec::with_capacity(classes - 1);
    let mut end = n;
    for class in (1..classes).rev() {
        end = start_of_last[class][end] as usize;
        starts.push(end);
    }
    starts.reverse();
    starts
}
