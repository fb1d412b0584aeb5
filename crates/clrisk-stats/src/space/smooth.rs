//! Smooth functions over a map of neighbours: what an intrinsic autoregressive effect is made of.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

use super::neighbours::Neighbours;
use crate::error::{Result, StatsError};
use crate::linear_algebra::{dot, symmetric_eigen};

/// Subspace iterations allowed.
const MAX_ITERATIONS: usize = 200;
/// Residual of an eigenvector, relative to its eigenvalue, at which it is exact enough.
const TOLERANCE: f64 = 1e-6;

/// The smoothest functions on a map, scaled so that `sum_k values[area, k] z_k` with standard normal `z` is an intrinsic
/// conditional autoregressive effect of standard deviation one.
///
/// With `Q = D - W` (number of neighbours on the diagonal, minus one for each pair of neighbours), eigenvalues
/// `l_1 <= l_2 <= ...` above zero and eigenvectors `v_k`, column `k` is `v_k / sqrt(s l_k)`; `s` makes the geometric mean
/// of the variances of the areas that have neighbours one, so that a standard deviation means the same on every map. All
/// functions together give the full ICAR effect; the first few give its large-scale part, which is what can be told from
/// independent effects of the areas. Within each connected part of the map the effect sums to zero; areas without neighbours
/// have none.
///
/// References: Besag, York and Mollié (1991), Annals of the Institute of Statistical Mathematics 43, 1-20; Riebler et al
/// (2016), Statistical Methods in Medical Research 25, 1145-1165 (the scaling); Hughes and Haran (2013), J. Royal
/// Statistical Society B 75, 139-159 (fewer functions than areas).
///
/// Checked against: the eigenvalues of a path, which are `2 - 2 cos(pi k / n)`, and the generalised inverse of `Q`.
#[derive(Debug, Clone, PartialEq)]
pub struct SpatialBasis {
    areas: usize,
    functions: usize,
    values: Vec<f64>,
    eigenvalues: Vec<f64>,
}

impl SpatialBasis {
    /// The `functions` smoothest functions, or all there are when they are fewer.
    ///
    /// # Errors
    /// Neighbours that are not mutual, a map without any pair of neighbours, no functions asked for, no convergence.
    pub fn new(neighbours: &Neighbours, functions: usize) -> Result<SpatialBasis> {
        if !neighbours.is_symmetric() || functions == 0 {
            return Err(StatsError::Setting {
                setting: "neighbours",
                requirement: "mutual, and at least one function",
            });
        }
        let graph = Graph::new(neighbours);
        let available = graph.dimension();
        if available == 0 {
            return Err(StatsError::Empty { quantity: "a map of neighbours" });
        }
        let kept = functions.min(available);
        let searched = (kept + 8.max(kept / 2)).min(available);
        let (eigenvalues, vectors) = graph.smoothest(kept, searched)?;
        let areas = neighbours.areas();
        let mut values = vec![0.0; areas * kept];
        for (k, (vector, eigenvalue)) in vectors.iter().zip(&eigenvalues).enumerate() {
            // An eigenvector has two signs; the one whose largest entry is positive makes runs repeatable.
            let largest = vector.iter().copied().fold(0.0f64, |a, b| if b.abs() > a.abs() + 1e-9 { b } else { a });
            for (area, value) in vector.iter().enumerate() {
                values[area * kept + k] = largest.signum() * value / eigenvalue.sqrt();
            }
        }
        let connected: Vec<usize> = (0..areas).filter(|&area| !neighbours.of(area).is_empty()).collect();
        let log_variance: f64 = connected
            .iter()
            .map(|&area| {
                let row = &values[area * kept..(area + 1) * kept];
                dot(row, row).max(f64::MIN_POSITIVE).ln()
            })
            .sum();
        let scale = (0.5 * log_variance / connected.len() as f64).exp();
        values.iter_mut().for_each(|value| *value /= scale);
        Ok(SpatialBasis { areas, functions: kept, values, eigenvalues })
    }

    /// Areas of the map.
    pub fn areas(&self) -> usize {
        self.areas
    }

    /// Functions.
    pub fn functions(&self) -> usize {
        self.functions
    }

    /// Values of all functions in one area.
    pub fn of(&self, area: usize) -> &[f64] {
        &self.values[area * self.functions..(area + 1) * self.functions]
    }

    /// The effect of every area for coefficients `z`.
    pub fn effect(&self, z: &[f64]) -> Vec<f64> {
        (0..self.areas).map(|area| dot(self.of(area), z)).collect()
    }

    /// Eigenvalues of `Q` of the functions, ascending.
    pub fn eigenvalues(&self) -> &[f64] {
        &self.eigenvalues
    }
}

/// The map as the matrix `Q`.
struct Graph<'a> {
    neighbours: &'a Neighbours,
    components: Vec<usize>,
    sizes: Vec<f64>,
}

impl Graph<'_> {
    fn new(neighbours: &Neighbours) -> Graph<'_> {
        let components = neighbours.components();
        let mut sizes = vec![0.0; components.iter().max().map_or(0, |last| last + 1)];
        components.iter().for_each(|&component| sizes[component] += 1.0);
        Graph { neighbours, components, sizes }
    }

    /// Number of eigenvalues above zero.
    fn dimension(&self) -> usize {
        self.components.len() - self.sizes.len()
    }

    /// `Q v`.
    fn apply(&self, vector: &[f64]) -> Vec<f64> {
        (0..vector.len())
            .map(|area| self.neighbours.of(area).iter().map(|&other| vector[area] - vector[other as usize]).sum())
            .collect()
    }

    /// Takes the mean of each connected part out.
    fn centre(&self, vector: &mut [f64]) {
        let mut sums = vec![0.0; self.sizes.len()];
        for (value, &component) in vector.iter().zip(&self.components) {
            sums[component] += *value;
        }
        for (value, &component) in vector.iter_mut().zip(&self.components) {
            *value -= sums[component] / self.sizes[component];
        }
    }

    /// Solves `Q x = right` for a centred right-hand side by conjugate gradients.
    fn solve(&self, right: &[f64], start: &[f64]) -> Vec<f64> {
        let mut solution = start.to_vec();
        let mut residual: Vec<f64> = self.apply(&solution).iter().zip(right).map(|(q, r)| r - q).collect();
        self.centre(&mut residual);
        let mut direction = residual.clone();
        let mut square = dot(&residual, &residual);
        let target = 1e-24 * dot(right, right);
        for _ in 0..4 * right.len() {
            if square <= target {
                break;
            }
            let image = self.apply(&direction);
            let step = square / dot(&direction, &image);
            for ((x, r), (d, q)) in solution.iter_mut().zip(residual.iter_mut()).zip(direction.iter().zip(&image)) {
                *x += step * d;
                *r -= step * q;
            }
            let next = dot(&residual, &residual);
            direction.iter_mut().zip(&residual).for_each(|(d, r)| *d = r + next / square * *d);
            square = next;
        }
        self.centre(&mut solution);
        solution
    }

    /// The first `kept` eigenpairs above zero, by inverse iteration on a space of `searched` vectors.
    fn smoothest(&self, kept: usize, searched: usize) -> Result<(Vec<f64>, Vec<Vec<f64>>)> {
        let areas = self.components.len();
        let mut random = ChaCha8Rng::seed_from_u64(0);
        let mut space: Vec<Vec<f64>> = (0..searched)
            .map(|_| {
                let mut vector: Vec<f64> = (0..areas).map(|_| StandardNormal.sample(&mut random)).collect();
                self.centre(&mut vector);
                vector
            })
            .collect();
        let mut values = vec![1.0; searched];
        for _ in 0..MAX_ITERATIONS {
            let mut image: Vec<Vec<f64>> = space
                .iter()
                .zip(&values)
                .map(|(vector, value)| self.solve(vector, &vector.iter().map(|v| v / value).collect::<Vec<_>>()))
                .collect();
            orthonormalise(&mut image);
            let products: Vec<Vec<f64>> = image.iter().map(|vector| self.apply(vector)).collect();
            let projected: Vec<Vec<f64>> =
                image.iter().map(|left| products.iter().map(|right| dot(left, right)).collect()).collect();
            let (eigenvalues, rotations) = symmetric_eigen(&projected);
            let mut order: Vec<usize> = (0..searched).collect();
            order.sort_by(|&a, &b| eigenvalues[a].total_cmp(&eigenvalues[b]));
            let combine = |vectors: &[Vec<f64>], weights: &[f64]| {
                let mut sum = vec![0.0; areas];
                for (vector, weight) in vectors.iter().zip(weights) {
                    sum.iter_mut().zip(vector).for_each(|(sum, value)| *sum += weight * value);
                }
                sum
            };
            space = order.iter().map(|&index| combine(&image, &rotations[index])).collect();
            values = order.iter().map(|&index| eigenvalues[index]).collect();
            let exact = space[..kept].iter().zip(&values).all(|(vector, value)| {
                let image = self.apply(vector);
                let residual: f64 = image.iter().zip(vector).map(|(q, v)| (q - value * v).powi(2)).sum();
                residual.sqrt() <= TOLERANCE * value.max(1e-3)
            });
            if exact {
                space.truncate(kept);
                values.truncate(kept);
                return Ok((values, space));
            }
        }
        Err(StatsError::NotConverged { procedure: "functions on the map", iterations: MAX_ITERATIONS })
    }
}

/// Gram-Schmidt, twice, which is enough for orthogonality to rounding.
fn orthonormalise(vectors: &mut [Vec<f64>]) {
    for index in 0..vectors.len() {
        let (before, after) = vectors.split_at_mut(index);
        let vector = &mut after[0];
        for _ in 0..2 {
            for known in before.iter() {
                let along = dot(known, vector);
                vector.iter_mut().zip(known).for_each(|(value, known)| *value -= along * known);
            }
        }
        let length = dot(vector, vector).sqrt();
        vector.iter_mut().for_each(|value| *value /= length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eigenvalues_of_a_path_are_known() {
        let pairs: Vec<(u32, u32)> = (0..59).map(|area| (area, area + 1)).collect();
        let path = Neighbours::from_pairs(60, &pairs).unwrap();
        let basis = SpatialBasis::new(&path, 6).unwrap();
        for (k, value) in basis.eigenvalues().iter().enumerate() {
            let expected = 2.0 - 2.0 * (std::f64::consts::PI * (k as f64 + 1.0) / 60.0).cos();
            assert!((value / expected - 1.0).abs() < 1e-8, "{value} {expected}");
        }
        // The smoothest function of a path falls or rises from one end to the other.
        let first: Vec<f64> = (0..60).map(|area| basis.of(area)[0]).collect();
        assert!(first.windows(2).all(|pair| pair[0] > pair[1]) || first.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn all_functions_together_give_a_scaled_generalised_inverse() {
        // Two parts, a ring of five with a chord and a pair, and an island.
        let pairs = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4), (1, 3), (5, 6)];
        let map = Neighbours::from_pairs(8, &pairs).unwrap();
        let basis = SpatialBasis::new(&map, 100).unwrap();
        assert_eq!(basis.functions(), 5, "8 areas in 3 parts");
        assert!(basis.of(7).iter().all(|value| *value == 0.0), "an island has no neighbours to resemble");
        let graph = Graph::new(&map);
        let covariance = |a: usize, b: usize| dot(basis.of(a), basis.of(b));
        let log_variances: f64 = (0..7).map(|area| covariance(area, area).ln()).sum();
        assert!(log_variances.abs() < 1e-9, "geometric mean of the variances is one");
        // Q C Q = Q / s for one s.
        let mut ratio = None;
        for column in 0..7 {
            let mut unit = vec![0.0; 8];
            unit[column] = 1.0;
            let q = graph.apply(&unit);
            let c: Vec<f64> = (0..8).map(|a| (0..8).map(|b| covariance(a, b) * q[b]).sum()).collect();
            for (found, expected) in graph.apply(&c).iter().zip(&q) {
                if expected.abs() > 0.5 {
                    let s = found / expected;
                    assert!((s - *ratio.get_or_insert(s)).abs() < 1e-8);
                } else {
                    assert!(found.abs() < 1e-8);
                }
            }
        }
    }

    #[test]
    fn a_large_map_is_no_trouble() {
        // A grid of 60 by 50 municipalities.
        let index = |row: u32, column: u32| row * 60 + column;
        let mut pairs = Vec::new();
        for row in 0..50 {
            for column in 0..60 {
                if column < 59 {
                    pairs.push((index(row, column), index(row, column + 1)));
                }
                if row < 49 {
                    pairs.push((index(row, column), index(row + 1, column)));
                }
            }
        }
        let basis = SpatialBasis::new(&Neighbours::from_pairs(3000, &pairs).unwrap(), 20).unwrap();
        let expected = 2.0 - 2.0 * (std::f64::consts::PI / 60.0).cos();
        assert!((basis.eigenvalues()[0] / expected - 1.0).abs() < 1e-8);
    }
}
