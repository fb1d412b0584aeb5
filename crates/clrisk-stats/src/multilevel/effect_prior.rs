//! What the effects are before the data: normal around zero, independent between levels; within a level of a term with
//! standard deviations of their own and, where the term says so, correlated.
//!
//! The covariance parameters are the logarithms of all standard deviations, then for every correlated term the inverse
//! hyperbolic tangents of its canonical partial correlations `z`, row by row. The correlation matrix is `L L'` with
//! `L[i][j] = z[i][j] sqrt(prod over m < j of (1 - z[i][m]^2))`, so that any values give one (Lewandowski, Kurowicka and Joe
//! 2009, Journal of Multivariate Analysis 100, 1989-2001).

use super::fit::Layout;

/// Shape of the prior of a correlation matrix (LKJ): its density is `det(R)^(shape - 1)`. 1 takes all matrices for equally likely; 2
/// says of two effects that a correlation near -1 or 1 would be extraordinary, which is what few levels cannot rule out.
const LKJ_SHAPE: f64 = 2.0;

/// The prior of all effects at one value of the covariance parameters.
#[derive(Debug, Clone)]
pub(super) struct EffectPrior {
    /// Diagonal of the precision, per component.
    pub(super) diagonal: Vec<f64>,
    /// Below the diagonal: the same at every level of the term.
    pairs: Vec<Pair>,
    /// Of the precision of all effects.
    pub(super) log_determinant: f64,
    /// Log prior density of the covariance parameters, but for a constant.
    pub(super) log_density: f64,
}

#[derive(Debug, Clone)]
struct Pair {
    /// Places at the first level, the first above the second, the step to the next level, and the number of levels.
    places: [usize; 2],
    step: usize,
    levels: usize,
    precision: f64,
}

impl EffectPrior {
    pub(super) fn new(layout: &Layout, parameters: &[f64]) -> EffectPrior {
        let log_sds = &parameters[..layout.components];
        let mut prior = EffectPrior {
            diagonal: log_sds.iter().map(|log_sd| (-2.0 * log_sd).exp()).collect(),
            pairs: Vec::new(),
            log_determinant: 0.0,
            log_density: 0.0,
        };
        for log_sd in log_sds {
            // Half-t with 3 degrees of freedom and scale 1, times the Jacobian of the logarithm.
            prior.log_density += -2.0 * ((2.0 * log_sd).exp() / 3.0).ln_1p() + log_sd;
        }
        if !layout.smooth.is_empty()
            && let Some(log_sd) = log_sds.last()
        {
            prior.log_determinant -= 2.0 * layout.smooth.len() as f64 * log_sd;
        }
        for term in &layout.terms {
            let size = term.columns.len();
            let own = &log_sds[term.first_component..term.first_component + size];
            let mut of_level: f64 = own.iter().map(|log_sd| -2.0 * log_sd).sum();
            if let Some(first) = term.first_correlation {
                let tangents = &parameters[first..first + size * (size - 1) / 2];
                let lower = correlation_factor(tangents, size);
                of_level -= 2.0 * (0..size).map(|i| lower[i * size + i].ln()).sum::<f64>();
                prior.log_density += log_lkj(tangents, size);
                let inverse = inverse_of_product(&lower, size);
                let precision = |i: usize, j: usize| inverse[i * size + j] * (-own[i] - own[j]).exp();
                for i in 0..size {
                    prior.diagonal[term.first_component + i] = precision(i, i);
                    prior.pairs.extend((0..i).map(|j| Pair {
                        places: [term.start + i, term.start + j],
                        step: term.step,
                        levels: term.levels,
                        precision: precision(i, j),
                    }));
                }
            }
            prior.log_determinant += term.levels as f64 * of_level;
        }
        prior
    }

    /// Entries of the precision below the diagonal: the places of two unknowns, the first above the second.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
        self.pairs.iter().flat_map(|pair| {
            let [first, second] = pair.places;
            (0..pair.levels).map(move |level| (first + level * pair.step, second + level * pair.step, pair.precision))
        })
    }

    /// Subtracts the precision times the effects.
    pub(super) fn pull(&self, components: &[Option<usize>], unknowns: &[f64], gradient: &mut [f64]) {
        for ((target, component), value) in gradient.iter_mut().zip(components).zip(unknowns) {
            if let Some(component) = component {
                *target -= self.diagonal[*component] * value;
            }
        }
        for (first, second, precision) in self.pairs() {
            gradient[first] -= precision * unknowns[second];
            gradient[second] -= precision * unknowns[first];
        }
    }

    /// Half the mean of the quadratic form of the effects, when `product(i, j)` is the mean of the product of two unknowns.
    pub(super) fn penalty(&self, components: &[Option<usize>], product: impl Fn(usize, usize) -> f64) -> f64 {
        let diagonal = components
            .iter()
            .enumerate()
            .filter_map(|(place, component)| Some(0.5 * self.diagonal[(*component)?] * product(place, place)));
        diagonal.sum::<f64>() + self.pairs().map(|(i, j, precision)| precision * product(i, j)).sum::<f64>()
    }
}

/// Lower triangle of the correlation matrix of canonical partial correlations, row by row.
pub(super) fn correlation_factor(tangents: &[f64], size: usize) -> Vec<f64> {
    let mut lower = vec![0.0; size * size];
    let mut tangents = tangents.iter();
    for i in 0..size {
        let mut left: f64 = 1.0;
        for (j, tangent) in (0..i).zip(&mut tangents) {
            let partial = tangent.tanh();
            lower[i * size + j] = partial * left.sqrt();
            left *= 1.0 - partial * partial;
        }
        lower[i * size + i] = left.sqrt();
    }
    lower
}

/// Correlations below the diagonal, row by row.
pub(super) fn correlations(tangents: &[f64], size: usize) -> Vec<f64> {
    let lower = correlation_factor(tangents, size);
    let product = |i: usize, j: usize| (0..size).map(|m| lower[i * size + m] * lower[j * size + m]).sum();
    (0..size).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| product(i, j)).collect()
}

/// Log density of the inverse hyperbolic tangents: under LKJ the partial correlations are independent, each a stretched
/// beta variable, whose Jacobian adds one power of `1 - z^2`.
fn log_lkj(tangents: &[f64], size: usize) -> f64 {
    let columns = (0..size).flat_map(|i| 0..i);
    let of_one = |(tangent, column): (&f64, usize)| {
        let power = LKJ_SHAPE + (size - 2 - column) as f64 / 2.0;
        // ln(1 - tanh(x)^2) = -2 ln cosh(x), which does not lose its digits far from zero.
        -2.0 * power * (tangent.abs() + (-2.0 * tangent.abs()).exp().ln_1p() - std::f64::consts::LN_2)
    };
    tangents.iter().zip(columns).map(of_one).sum()
}

/// `(L L')^-1` of a lower triangle.
fn inverse_of_product(lower: &[f64], size: usize) -> Vec<f64> {
    let mut inverse = vec![0.0; size * size];
    for column in 0..size {
        for row in column..size {
            let done: f64 = (column..row).map(|m| lower[row * size + m] * inverse[m * size + column]).sum();
            inverse[row * size + column] = (f64::from(u8::from(row == column)) - done) / lower[row * size + row];
        }
    }
    let product =
        |i: usize, j: usize| -> f64 { (i.max(j)..size).map(|m| inverse[m * size + i] * inverse[m * size + j]).sum() };
    (0..size).flat_map(|i| (0..size).map(move |j| (i, j))).map(|(i, j)| product(i, j)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inverse_undoes_the_correlation_matrix() {
        let tangents = [0.4, -1.1, 0.2];
        let below = correlations(&tangents, 3);
        let entry = |i: usize, j: usize| match (i.max(j), i.min(j)) {
            (a, b) if a == b => 1.0,
            (a, b) => below[a * (a - 1) / 2 + b],
        };
        assert!((below[0] - 0.4f64.tanh()).abs() < 1e-15 && (below[1] - (-1.1f64).tanh()).abs() < 1e-15);
        let inverse = inverse_of_product(&correlation_factor(&tangents, 3), 3);
        for i in 0..3 {
            for j in 0..3 {
                let product: f64 = (0..3).map(|m| entry(i, m) * inverse[m * 3 + j]).sum();
                assert!((product - f64::from(u8::from(i == j))).abs() < 1e-13, "{i} {j}: {product}");
            }
        }
    }

    #[test]
    fn the_prior_of_two_and_three_effects_is_the_determinant_to_its_power() {
        // With the Jacobians of the partial correlations: of two effects d rho / d t = 1 - rho^2; of three the correlation of the
        // last pair moves with its partial correlation by the product of two more factors.
        let determinant = |tangents: &[f64], size: usize| -> f64 {
            let lower = correlation_factor(tangents, size);
            (0..size).map(|i| lower[i * size + i].powi(2)).product()
        };
        let two = |t: f64| (LKJ_SHAPE - 1.0) * determinant(&[t], 2).ln() + (1.0 - t.tanh().powi(2)).ln();
        assert!((log_lkj(&[0.9], 2) - log_lkj(&[0.1], 2) - (two(0.9) - two(0.1))).abs() < 1e-12);
        let three = |t: [f64; 3]| {
            let open = t.map(|t| 1.0 - t.tanh().powi(2));
            let jacobian = open.iter().product::<f64>() * (open[0] * open[1]).sqrt();
            (LKJ_SHAPE - 1.0) * determinant(&t, 3).ln() + jacobian.ln()
        };
        let (a, b) = ([0.3, -0.8, 1.2], [0.0, 0.5, -0.1]);
        assert!((log_lkj(&a, 3) - log_lkj(&b, 3) - (three(a) - three(b))).abs() < 1e-12);
    }
}
