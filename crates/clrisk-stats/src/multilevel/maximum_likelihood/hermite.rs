//! Nodes and weights of Gauss-Hermite quadrature under the standard normal density.

/// `points` nodes, ascending, and weights with sum one: `E f(Z) = sum w_k f(z_k)` for polynomials up to degree
/// `2 points - 1`.
///
/// The nodes are the roots of the Hermite polynomial. Roots of neighbouring degrees interlace, so each is bracketed by the
/// roots of the degree below; the weights are the Christoffel numbers `1 / sum p_k(z)^2` of the orthonormal polynomials.
pub(super) fn standard_normal(points: usize) -> (Vec<f64>, Vec<f64>) {
    let mut roots: Vec<f64> = Vec::new();
    for degree in 1..=points {
        let edge = 2.0 * (degree as f64).sqrt() + 1.0;
        let mut brackets = vec![-edge];
        brackets.extend(&roots);
        brackets.push(edge);
        roots = brackets.windows(2).map(|pair| root_between(degree, pair[0], pair[1])).collect();
    }
    // Symmetric by construction of the polynomial; made exactly so.
    let nodes: Vec<f64> = (0..points).map(|i| 0.5 * (roots[i] - roots[points - 1 - i])).collect();
    let weights: Vec<f64> = nodes.iter().map(|&z| 1.0 / orthonormal(points, z).1).collect();
    let total: f64 = weights.iter().sum();
    (nodes, weights.into_iter().map(|w| w / total).collect())
}

/// Value of the orthonormal polynomial of a degree, and the sum of squares of those of lower degree.
fn orthonormal(degree: usize, z: f64) -> (f64, f64) {
    let (mut before, mut value, mut squares) = (0.0, 1.0, 0.0);
    for k in 0..degree {
        squares += value * value;
        let next = (z * value - (k as f64).sqrt() * before) / (k as f64 + 1.0).sqrt();
        before = value;
        value = next;
    }
    (value, squares)
}

fn root_between(degree: usize, mut low: f64, mut high: f64) -> f64 {
    let sign_low = orthonormal(degree, low).0.signum();
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if orthonormal(degree, middle).0.signum() == sign_low {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_the_normal_distribution_are_exact() {
        for points in [1, 2, 5, 7, 9, 13, 25, 40] {
            let (nodes, weights) = standard_normal(points);
            let mut moment = 1.0;
            for degree in (0..2 * points.min(8)).step_by(2) {
                let found: f64 = nodes.iter().zip(&weights).map(|(z, w)| w * z.powi(degree as i32)).sum();
                assert!((found / moment - 1.0).abs() < 1e-12, "{points} points, degree {degree}");
                moment *= degree as f64 + 1.0;
            }
        }
    }

    #[test]
    fn five_points_are_the_tabulated_ones() {
        let (nodes, weights) = standard_normal(5);
        assert!((nodes[4] - 2.856_970_013_872_806).abs() < 1e-14 && nodes[2].abs() < 1e-14);
        assert!((weights[0] - 0.011_257_411_327_720_69).abs() < 1e-15);
    }
}
