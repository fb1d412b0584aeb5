//! Posterior draws of all parameters of a multilevel regression.

/// Draws of one random term.
pub struct TermDraws {
    /// Level of the grouping factor of each area.
    pub level_of_area: Vec<u32>,
    /// Number of levels.
    pub levels: usize,
    /// Design column that each column of the term multiplies; none for an intercept.
    pub columns: Vec<Option<usize>>,
    /// Values: draws by levels by columns.
    pub values: Vec<f64>,
}

/// Draws of all parameters.
pub struct ParameterDraws {
    /// Number of draws.
    pub count: usize,
    /// Fixed coefficients: draws by fixed columns. The fixed columns are the first of the design.
    pub fixed: Vec<f64>,
    /// Number of fixed columns.
    pub fixed_columns: usize,
    /// Random terms.
    pub terms: Vec<TermDraws>,
}

impl ParameterDraws {
    /// Coefficients of all design columns, and the intercept effect, for one draw and area.
    pub fn coefficients(&self, draw: usize, area: usize, coefficients: &mut [f64]) -> f64 {
        coefficients.fill(0.0);
        coefficients[..self.fixed_columns]
            .copy_from_slice(&self.fixed[draw * self.fixed_columns..(draw + 1) * self.fixed_columns]);
        let mut intercept = 0.0;
        for term in &self.terms {
            let width = term.columns.len();
            let start = (draw * term.levels + term.level_of_area[area] as usize) * width;
            for (column, value) in term.columns.iter().zip(&term.values[start..start + width]) {
                match column {
                    None => intercept += value,
                    Some(column) => coefficients[*column] += value,
                }
            }
        }
        intercept
    }
}
