//! The posterior density of a multilevel logit and its gradient, for the sampler. Effects are `sd * z` with standard normal `z`
//! (non-centred), standard deviations are `exp` of the unknowns after them, and the correlation of the two effects of a
//! correlated term is `tanh` of one of the last.

use std::collections::HashMap;
use std::convert::Infallible;

use nuts_rs::{CpuLogpFunc, CpuMathError, HasDims, LogpError};

use crate::posterior_cases::Case;

/// No evaluation fails.
#[derive(Debug)]
pub struct Never(Infallible);

impl std::fmt::Display for Never {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {}
    }
}

impl std::error::Error for Never {}

impl LogpError for Never {
    fn is_recoverable(&self) -> bool {
        match self.0 {}
    }
}

/// Unknowns: coefficients, then per term levels by columns of `z`, then the log standard deviations, then the
/// inverse hyperbolic tangents of the correlations.
#[derive(Debug, Clone)]
pub struct Density<'a> {
    case: &'a Case,
    /// Per term: place of its `z`, of its first log standard deviation, and of its correlation if it has one.
    places: Vec<(usize, usize, Option<usize>)>,
    unknowns: usize,
    /// Effects and their gradient, at the places of their `z`.
    effects: Vec<f64>,
    pull: Vec<f64>,
}

impl<'a> Density<'a> {
    pub fn new(case: &'a Case) -> Self {
        let effects: usize = case.terms.iter().map(|term| term.levels * term.columns.len()).sum();
        let (mut place, mut component) = (case.width(), case.width() + effects);
        let mut correlation = component + case.components();
        let places = case
            .terms
            .iter()
            .map(|term| {
                assert!(!term.correlated || term.columns.len() == 2, "a correlation is of two effects");
                let own = (place, component, term.correlated.then_some(correlation));
                correlation += usize::from(term.correlated);
                place += term.levels * term.columns.len();
                component += term.columns.len();
                own
            })
            .collect();
        Density { case, places, unknowns: correlation, effects: vec![0.0; correlation], pull: vec![0.0; correlation] }
    }

    pub fn unknowns(&self) -> usize {
        self.unknowns
    }

    fn spread(&mut self, position: &[f64]) {
        for (term, (place, component, correlation)) in self.case.terms.iter().zip(&self.places) {
            let width = term.columns.len();
            for at in 0..term.levels * width {
                self.effects[place + at] = position[component + at % width].exp() * position[place + at];
            }
            let Some(correlation) = correlation.map(|at| position[at].tanh()) else { continue };
            let rest = (1.0 - correlation * correlation).sqrt();
            for second in (place + 1..place + 2 * term.levels).step_by(2) {
                let mixed = correlation * position[second - 1] + rest * position[second];
                self.effects[second] = position[component + 1].exp() * mixed;
            }
        }
    }

    /// Figures of one draw.
    pub fn figures(&mut self, position: &[f64]) -> Vec<f64> {
        self.spread(position);
        let correlations = position.len() - self.case.correlations();
        let first = correlations - self.case.components();
        let deviations = position[first..correlations].iter().map(|log| log.exp());
        let deviations: Vec<f64> = deviations.chain(position[correlations..].iter().map(|at| at.tanh())).collect();
        let effects: Vec<&[f64]> = self
            .case
            .terms
            .iter()
            .zip(&self.places)
            .map(|(term, (place, _, _))| &self.effects[*place..place + term.levels * term.columns.len()])
            .collect();
        self.case.figures(&position[..self.case.width()], &deviations, &effects)
    }

    /// Log density up to a constant; fills the gradient.
    pub fn evaluate(&mut self, position: &[f64], gradient: &mut [f64]) -> f64 {
        self.spread(position);
        self.pull.fill(0.0);
        gradient.fill(0.0);
        let (case, width) = (self.case, self.case.width());
        let mut sum = 0.0;
        for (row, design) in case.design.chunks_exact(width).enumerate() {
            let mut predictor: f64 = design.iter().zip(position).map(|(x, b)| x * b).sum();
            for (term, (place, _, _)) in case.terms.iter().zip(&self.places) {
                let start = place + term.level_of_row[row] as usize * term.columns.len();
                for (column, effect) in term.columns.iter().zip(&self.effects[start..]) {
                    predictor += column.map_or(1.0, |column| design[column]) * effect;
                }
            }
            // ln(1 + e^x) and its derivative from one exponential.
            let small = (-predictor.abs()).exp();
            let softplus = predictor.max(0.0) + small.ln_1p();
            let probability = if predictor > 0.0 { 1.0 / (1.0 + small) } else { small / (1.0 + small) };
            sum += case.weights[row] * (case.outcome[row] * predictor - softplus);
            let residual = case.weights[row] * (case.outcome[row] - probability);
            gradient[..width].iter_mut().zip(design).for_each(|(g, x)| *g += residual * x);
            for (term, (place, _, _)) in case.terms.iter().zip(&self.places) {
                let start = place + term.level_of_row[row] as usize * term.columns.len();
                for (column, pull) in term.columns.iter().zip(&mut self.pull[start..]) {
                    *pull += residual * column.map_or(1.0, |column| design[column]);
                }
            }
        }
        for (term, (place, component, correlation)) in case.terms.iter().zip(&self.places) {
            for at in 0..term.levels * term.columns.len() {
                let (own, deviation) = (place + at, component + at % term.columns.len());
                sum -= 0.5 * position[own] * position[own];
                gradient[own] += self.pull[own] * position[deviation].exp() - position[own];
                gradient[deviation] += self.pull[own] * self.effects[own];
            }
            let Some(at) = *correlation else { continue };
            let (rho, sd) = (position[at].tanh(), position[component + 1].exp());
            let rest = (1.0 - rho * rho).sqrt();
            for second in (place + 1..place + 2 * term.levels).step_by(2) {
                // The effect is sd (rho z1 + rest z2); what the loop above took for sd z2 is put right.
                let pull = self.pull[second] * sd;
                gradient[second - 1] += pull * rho;
                gradient[second] += pull * (rest - 1.0);
                // d rho / d t = rest^2 and d rest / d t = -rho rest.
                gradient[at] += pull * (rest * rest * position[second - 1] - rho * rest * position[second]);
            }
            // LKJ with shape 2 for two effects, (1 - rho^2), times the Jacobian of the tangent.
            sum += 4.0 * rest.ln();
            gradient[at] -= 4.0 * rho;
        }
        // Half-t with 3 degrees of freedom and scale 1, times the Jacobian of the logarithm.
        let correlations = self.unknowns - case.correlations();
        for at in correlations - case.components()..correlations {
            let ratio = (2.0 * position[at]).exp() / 3.0;
            sum += position[at] - 2.0 * ratio.ln_1p();
            gradient[at] += 1.0 - 4.0 * ratio / (1.0 + ratio);
        }
        sum
    }
}

impl HasDims for Density<'_> {
    fn dim_sizes(&self) -> HashMap<String, u64> {
        HashMap::from([("unconstrained_parameter".to_owned(), self.unknowns as u64)])
    }
}

impl CpuLogpFunc for Density<'_> {
    type LogpError = Never;
    type FlowParameters = ();
    type ExpandedVector = Vec<f64>;

    fn dim(&self) -> usize {
        self.unknowns
    }

    fn logp(&mut self, position: &[f64], gradient: &mut [f64]) -> Result<f64, Never> {
        Ok(self.evaluate(position, gradient))
    }

    fn expand_vector<R: nuts_rs::rand::Rng + ?Sized>(
        &mut self,
        _: &mut R,
        position: &[f64],
    ) -> Result<Vec<f64>, CpuMathError> {
        Ok(position.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gradient_is_that_of_the_density() {
        for case in Case::all() {
            let mut density = Density::new(&case);
            let n = density.unknowns();
            let at: Vec<f64> = (0..n).map(|i| 0.4 * (i as f64).sin() - 0.1).collect();
            let mut gradient = vec![0.0; n];
            let mut unused = vec![0.0; n];
            density.evaluate(&at, &mut gradient);
            for i in 0..n {
                let mut value = |step: f64| {
                    let mut moved = at.clone();
                    moved[i] += step;
                    density.evaluate(&moved, &mut unused)
                };
                let difference = (value(1e-5) - value(-1e-5)) / 2e-5;
                assert!((difference - gradient[i]).abs() < 1e-4 * gradient[i].abs().max(1.0), "{} {i}", case.name);
            }
        }
    }
}
