//! Design rows from a formula.
//!
//! Categorical variables become indicators of all categories but the first (treatment contrasts), in interactions and random
//! slopes as well: `(1 | g) + (0 + sex | g)` is an intercept and a difference, not two intercepts. (lme4 would give every
//! category its own slope in `(0 + sex | g)`.)

use crate::error::{Result, StatsError};
use crate::formula::Formula;

/// A variable of the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Name.
    pub name: String,
    /// Categories, the first is the reference; none for a number.
    pub levels: Option<Vec<String>>,
}

/// The values of a variable, one a row.
#[derive(Debug, Clone, Copy)]
pub enum VariableValues<'a> {
    /// Positions of categories.
    Codes(&'a [u32]),
    /// Numbers.
    Numbers(&'a [f64]),
}

/// A factor of a column: a variable, and the category it indicates.
type Factor = (usize, Option<u32>);

/// How to fill design rows.
#[derive(Debug, Clone, PartialEq)]
pub struct DesignRecipe {
    names: Vec<String>,
    columns: Vec<Vec<Factor>>,
    fixed: usize,
    random: Vec<Vec<Option<usize>>>,
}

impl DesignRecipe {
    /// Plans the design of `formula` over `variables`.
    ///
    /// # Errors
    /// [`StatsError::Setting`] when a name of the formula is not among the variables.
    pub fn new(formula: &Formula, variables: &[Variable]) -> Result<DesignRecipe> {
        let mut recipe = DesignRecipe { names: Vec::new(), columns: Vec::new(), fixed: 0, random: Vec::new() };
        if formula.intercept {
            recipe.names.push("(Intercept)".to_owned());
            recipe.columns.push(Vec::new());
        }
        for term in &formula.fixed {
            for (name, column) in expand(term, variables)? {
                recipe.names.push(name);
                recipe.columns.push(column);
            }
        }
        recipe.fixed = recipe.columns.len();
        for term in &formula.random {
            let mut positions = Vec::new();
            if term.intercept {
                positions.push(None);
            }
            for slope in &term.slopes {
                for (name, column) in expand(slope, variables)? {
                    let position = match recipe.columns.iter().position(|known| *known == column) {
                        Some(position) => position,
                        None => {
                            recipe.names.push(name);
                            recipe.columns.push(column);
                            recipe.columns.len() - 1
                        }
                    };
                    positions.push(Some(position));
                }
            }
            recipe.random.push(positions);
        }
        Ok(recipe)
    }

    /// A recipe of these columns, each a product of factors as [`DesignRecipe::factors`] gives them. All are fixed, and none has
    /// a name.
    pub fn of_factors(columns: Vec<Vec<(usize, Option<u32>)>>) -> DesignRecipe {
        let (names, fixed) = (vec![String::new(); columns.len()], columns.len());
        DesignRecipe { names, columns, fixed, random: Vec::new() }
    }

    /// Names of all columns: `(Intercept)`, `age`, `sex=girl`, `sex=girl:age`.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Number of columns of the fixed part; they come first.
    pub fn fixed(&self) -> usize {
        self.fixed
    }

    /// Number of columns.
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// For each random term of the formula, the columns whose coefficients vary; none is the intercept.
    pub fn random(&self) -> &[Vec<Option<usize>>] {
        &self.random
    }

    /// Positions of the variables of a column.
    pub fn variables_of(&self, column: usize) -> Vec<usize> {
        self.columns[column].iter().map(|(variable, _)| *variable).collect()
    }

    /// The factors whose product a column is: positions of variables, with the category that each indicates (none for a
    /// number). The intercept has none.
    pub fn factors(&self, column: usize) -> &[(usize, Option<u32>)] {
        &self.columns[column]
    }

    /// Fills `rows * width` numbers, row by row. `values` are in the order of the variables.
    pub fn fill(&self, values: &[VariableValues<'_>], rows: usize, design: &mut [f64]) {
        let width = self.columns.len();
        for (position, column) in self.columns.iter().enumerate() {
            for row in 0..rows {
                design[row * width + position] = 1.0;
            }
            for (variable, category) in column {
                match (&values[*variable], category) {
                    (VariableValues::Codes(codes), Some(category)) => {
                        for (row, code) in codes[..rows].iter().enumerate() {
                            if code != category {
                                design[row * width + position] = 0.0;
                            }
                        }
                    }
                    (VariableValues::Numbers(numbers), _) => {
                        for (row, number) in numbers[..rows].iter().enumerate() {
                            design[row * width + position] *= number;
                        }
                    }
                    (VariableValues::Codes(_), None) => {}
                }
            }
        }
    }
}

fn expand(term: &[String], variables: &[Variable]) -> Result<Vec<(String, Vec<Factor>)>> {
    let mut columns: Vec<(String, Vec<Factor>)> = vec![(String::new(), Vec::new())];
    for name in term {
        let Some(index) = variables.iter().position(|variable| variable.name == *name) else {
            return Err(StatsError::Setting { setting: "formula", requirement: "made of known variables" });
        };
        let factors: Vec<(String, Factor)> = match &variables[index].levels {
            None => vec![(name.clone(), (index, None))],
            Some(levels) => levels
                .iter()
                .enumerate()
                .skip(1)
                .map(|(code, level)| (format!("{name}={level}"), (index, Some(code as u32))))
                .collect(),
        };
        columns = columns
            .into_iter()
            .flat_map(|(label, column)| {
                factors.iter().map(move |(factor_label, factor)| {
                    let label = if label.is_empty() { factor_label.clone() } else { format!("{label}:{factor_label}") };
                    let mut column = column.clone();
                    column.push(*factor);
                    (label, column)
                })
            })
            .collect();
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indicators_interactions_and_slopes_share_columns() {
        let formula = Formula::parse("y ~ sex*age + (1 | g) + (0 + sex | g)").unwrap();
        let variables = [
            Variable { name: "sex".to_owned(), levels: Some(vec!["boy".to_owned(), "girl".to_owned()]) },
            Variable { name: "age".to_owned(), levels: None },
        ];
        let recipe = DesignRecipe::new(&formula, &variables).unwrap();
        assert_eq!(recipe.names(), ["(Intercept)", "sex=girl", "age", "sex=girl:age"]);
        assert_eq!(recipe.random(), [vec![None], vec![Some(1)]]);
        let mut design = vec![0.0; 8];
        recipe.fill(&[VariableValues::Codes(&[1, 0]), VariableValues::Numbers(&[7.0, 9.0])], 2, &mut design);
        assert_eq!(design, [1.0, 1.0, 7.0, 7.0, 1.0, 0.0, 9.0, 0.0]);
    }
}
