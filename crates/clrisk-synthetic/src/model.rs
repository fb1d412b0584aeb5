//! Who works in the invented country, and why: the truth that estimates are compared with.

use serde::Serialize;

use crate::household::{Child, Household};
use crate::territory::Municipality;

/// Every number of the model. The logit of the probability of child labour is the sum of the intercept, the coefficients that
/// apply to the child and its household, and the effects of its municipality and department.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrueModel {
    /// Intercept.
    pub intercept: f64,
    /// Girl rather than boy.
    pub girl: f64,
    /// Ages 5-11, 12-14, 15-17.
    pub age_group: [f64; 3],
    /// Rural rather than urban.
    pub rural: f64,
    /// Not at school.
    pub out_of_school: f64,
    /// Neither, indigenous, Afro-descendant.
    pub people: [f64; 3],
    /// Born in another country.
    pub migrant: f64,
    /// Head's schooling: none, primary, secondary, higher.
    pub head_education: [f64; 4],
    /// Head's work: agriculture, industry and construction, commerce, other services, none.
    pub head_sector: [f64; 5],
    /// Head in informal work.
    pub head_informal: f64,
    /// A woman heads the household.
    pub head_woman: f64,
    /// Each person of the household beyond four.
    pub person: f64,
    /// Dependants per person of working age.
    pub dependency: f64,
    /// The household lacks a basic need.
    pub poor: f64,
    /// Standard deviation of the effect of a municipality.
    pub municipality_sd: f64,
    /// Standard deviation of the smooth effect that neighbours share.
    pub spatial_sd: f64,
    /// Standard deviation of the effect of a department.
    pub department_sd: f64,
    /// Standard deviation of the difference between girls and boys from municipality to municipality.
    pub girl_sd: f64,
}

impl Default for TrueModel {
    fn default() -> Self {
        TrueModel {
            intercept: -4.15,
            girl: -0.55,
            age_group: [0.0, 0.75, 1.15],
            rural: 0.35,
            out_of_school: 1.10,
            people: [0.0, 0.40, 0.15],
            migrant: 0.30,
            head_education: [0.45, 0.20, 0.0, -0.50],
            head_sector: [0.60, 0.05, 0.15, 0.0, 0.10],
            head_informal: 0.40,
            head_woman: 0.10,
            person: 0.05,
            dependency: 0.15,
            poor: 0.45,
            municipality_sd: 0.30,
            spatial_sd: 0.25,
            department_sd: 0.20,
            girl_sd: 0.25,
        }
    }
}

impl TrueModel {
    /// Probability that the child is in child labour.
    pub fn probability(&self, municipality: &Municipality, household: &Household, child: &Child) -> f64 {
        let when = |flag: bool, value: f64| if flag { value } else { 0.0 };
        let predictor = self.intercept
            + self.age_group[usize::from(child.age >= 12) + usize::from(child.age >= 15)]
            + when(child.girl, self.girl + municipality.girl_effect)
            + when(household.rural, self.rural)
            + when(!child.attends, self.out_of_school)
            + self.people[usize::from(household.people)]
            + when(household.migrant, self.migrant)
            + self.head_education[usize::from(household.head_education)]
            + self.head_sector[usize::from(household.head_sector)]
            + when(household.head_informal, self.head_informal)
            + when(household.head_woman, self.head_woman)
            + self.person * (f64::from(household.persons) - 4.0)
            + self.dependency * household.dependency()
            + when(household.poor, self.poor)
            + municipality.effect;
        1.0 / (1.0 + (-predictor).exp())
    }
}

/// Weekly hours of work from which a child of this age is in child labour.
pub fn hours_threshold(age: u8) -> u8 {
    match age {
        0..=11 => 1,
        12..=14 => 14,
        _ => 43,
    }
}
