//! Gauss-Hermite quadrature for expectations under the standard normal distribution.

/// Nodes and weights of `sum_k w_k f(x_k) = E f(X)`, `X ~ N(0, 1)`, exact for polynomials of degree `2 points - 1`; the
/// nodes ascend, the weights add up to one. `points` from 1 to 200.
///
/// The nodes are the roots of the Hermite polynomial; they are found by bisection between the roots of the polynomial one
/// degree lower, which they interlace, so none is missed (Golub and Welsch 1969 for the weights: `1 / (n h_{n-1}(x)^2)`
/// with orthonormal `h`).
pub(crate) fn gauss_hermite(points: usize) -> Vec<(f64, f64)> {
    let points = points.clamp(1, 200);
    let mut roots: Vec<f64> = vec![0.0];
    for degree in 2..=points {
        // All roots lie within twice the square root of the degree.
        let reach = 2.0 * (degree as f64).sqrt() + 1.0;
        let mut ends = vec![-reach];
        ends.extend(&roots);
        ends.push(reach);
        roots = ends.windows(2).map(|pair| bisect(degree, pair[0], pair[1])).collect();
    }
    let weights: Vec<f64> = roots.iter().map(|&x| 1.0 / (points as f64 * orthonormal(points, x).1.powi(2))).collect();
    let total: f64 = weights.iter().sum();
    roots.into_iter().zip(weights).map(|(x, w)| (x, w / total)).collect()
}

/// The orthonormal Hermite polynomials of this degree and of the one below.
fn orthonormal(degree: usize, x: f64) -> (f64, f64) {
    let (mut below, mut value) = (0.0, 1.0);
    for k in 0..degree {
        let next = (x * value - (k as f64).sqrt() * below) / ((k + 1) as f64).sqrt();
        (below, value) = (value, next);
    }
    (value, below)
}

fn bisect(degree: usize, mut low: f64, mut high: f64) -> f64 {
    let rising = orthonormal(degree, high).0 > 0.0;
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if (orthonormal(degree, middle).0 > 0.0) == rising {
            high = middle;
        } else {
            low = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_the_normal_distribution_are_exact() {
        for points in [1, 2, 3, 7, 20, 41] {
            let rule = gauss_hermite(points);
            assert_eq!(rule.len(), points);
            let moment = |power: i32| rule.iter().map(|(x, w)| w * x.powi(power)).sum::<f64>();
            assert!((moment(0) - 1.0).abs() < 1e-14 && moment(1).abs() < 1e-13);
            if points > 2 {
                assert!((moment(2) - 1.0).abs() < 1e-12 && (moment(4) - 3.0).abs() < 1e-11);
            }
            if points > 6 {
                assert!((moment(12) / 10395.0 - 1.0).abs() < 1e-11);
            }
        }
        // E exp(X) = exp(1 / 2).
        let mean: f64 = gauss_hermite(30).iter().map(|(x, w)| w * x.exp()).sum();
        assert!((mean - 0.5f64.exp()).abs() < 1e-13);
    }

    #[test]
    fn the_five_point_rule_is_the_known_one() {
        let rule = gauss_hermite(5);
        assert!((rule[4].0 - 2.856_970_013_872_806).abs() < 1e-13);
        assert!((rule[0].1 - 0.011_257_411_327_720_69).abs() < 1e-15);
    }
}
