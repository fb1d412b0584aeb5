//! Which municipalities resemble one another: those a municipal officer can learn from.
//!
//! Two municipalities are alike when the conditions associated with risk move their rates alike and they are of like size. The
//! distance is the root of the sum of squares of the differences of their factor contributions on the logit scale (what is
//! particular to a municipality and not explained by conditions is left out) and of a tenth of the difference of the logarithms of
//! their numbers of children: twice the size weighs as much as a condition that moves the odds by 7 %.

use clrisk_core::bundle::AreaRow;
use clrisk_core::{Level, ValueStatus};

use crate::study::Study;

/// Logit units that a factor of e in size is worth.
const SIZE_WEIGHT: f64 = 0.1;

/// A municipality like another.
#[derive(Debug, Clone, Copy)]
pub struct Similar<'a> {
    /// The municipality.
    pub row: &'a AreaRow,
    /// Distance on the logit scale: zero for a twin.
    pub distance: f64,
}

/// Conditions and sizes of the municipalities whose rates may be shown, ready for comparing.
#[derive(Debug, Clone, Default)]
pub struct Resemblance {
    factors: usize,
    codes: Vec<String>,
    positions: std::collections::HashMap<String, usize>,
    coordinates: Vec<f64>,
}

impl Resemblance {
    /// Arranges the municipalities of a study.
    pub fn of(study: &Study) -> Resemblance {
        let shown = |code: &str| {
            matches!(study.status(code), ValueStatus::Value | ValueStatus::ModelledWithoutSample)
                && study.factors(code).next().is_some()
        };
        let rows: Vec<&AreaRow> = study.level(Level::Municipality).filter(|row| shown(&row.area.code)).collect();
        let mut names: Vec<&str> = Vec::new();
        for factor in rows.first().into_iter().flat_map(|row| study.factors(&row.area.code)) {
            if factor.factor != "area_effect" {
                names.push(&factor.factor);
            }
        }
        let mut found = Resemblance { factors: names.len() + 1, ..Resemblance::default() };
        for row in rows {
            let code = &row.area.code;
            let at = found.coordinates.len();
            found.coordinates.extend(std::iter::repeat_n(0.0, names.len()));
            for factor in study.factors(code) {
                if let Some(place) = names.iter().position(|name| *name == factor.factor) {
                    found.coordinates[at + place] = factor.logit;
                }
            }
            found.coordinates.push(SIZE_WEIGHT * row.population.max(1.0).ln());
            found.positions.insert(code.clone(), found.codes.len());
            found.codes.push(code.clone());
        }
        found
    }

    /// The `most` municipalities most like `code`, nearest first; none for one without figures.
    pub fn like<'a>(&self, study: &'a Study, code: &str, most: usize) -> Vec<Similar<'a>> {
        let Some(&own) = self.positions.get(code) else { return Vec::new() };
        let of = |place: usize| &self.coordinates[place * self.factors..(place + 1) * self.factors];
        let mut distances: Vec<(f64, usize)> = (0..self.codes.len())
            .filter(|place| *place != own)
            .map(|place| (of(own).iter().zip(of(place)).map(|(a, b)| (a - b).powi(2)).sum::<f64>(), place))
            .collect();
        let nearer = |a: &(f64, usize), b: &(f64, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        if distances.len() > most && most > 0 {
            distances.select_nth_unstable_by(most - 1, nearer);
        }
        distances.truncate(most);
        distances.sort_by(nearer);
        distances
            .into_iter()
            .filter_map(|(square, place)| {
                let row = study.area(Level::Municipality, &self.codes[place])?;
                Some(Similar { row, distance: square.sqrt() })
            })
            .collect()
    }
}
