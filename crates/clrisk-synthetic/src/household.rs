//! The households with children of a municipality, one after the other.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::Country;

/// A household with children of 5 to 17.
#[derive(Debug, Clone, PartialEq)]
pub struct Household {
    /// Number in its municipality and zone, from 0.
    pub number: u64,
    /// Rural rather than urban.
    pub rural: bool,
    /// 0 neither, 1 indigenous, 2 Afro-descendant.
    pub people: u8,
    /// Born in another country.
    pub migrant: bool,
    /// Head's schooling: 0 none, 1 primary, 2 secondary, 3 higher.
    pub head_education: u8,
    /// Head's work: 0 agriculture, 1 industry and construction, 2 commerce, 3 other services, 4 none.
    pub head_sector: u8,
    /// Head in informal work.
    pub head_informal: bool,
    /// A woman heads the household.
    pub head_woman: bool,
    /// Persons.
    pub persons: u8,
    /// Persons under 15 or over 64.
    pub dependants: u8,
    /// Lacks a basic need.
    pub poor: bool,
    /// Its children of 5 to 17.
    pub children: Vec<Child>,
}

impl Household {
    /// Dependants per person of 15 to 64.
    pub fn dependency(&self) -> f64 {
        f64::from(self.dependants) / f64::from((self.persons - self.dependants).max(1))
    }
}

/// A child.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Child {
    /// Age in completed years, 5 to 17.
    pub age: u8,
    /// Girl rather than boy.
    pub girl: bool,
    /// Goes to school.
    pub attends: bool,
    /// Probability of child labour in the true model.
    pub probability: f64,
    /// In child labour.
    pub labour: bool,
}

/// The households of one municipality, always the same ones.
pub struct Households<'a> {
    country: &'a Country,
    municipality: usize,
    random: ChaCha8Rng,
    left: u64,
    /// Households so far: urban, rural.
    numbers: [u64; 2],
}

impl Country {
    /// The households of the municipality at this position.
    pub fn households(&self, municipality: usize) -> Households<'_> {
        let mut random = ChaCha8Rng::seed_from_u64(self.options.seed ^ 0xFA_311E);
        random.set_stream(municipality as u64);
        let left = self.territory.municipalities[municipality].children;
        Households { country: self, municipality, random, left, numbers: [0, 0] }
    }
}

fn logistic(value: f64) -> f64 {
    1.0 / (1.0 + (-value).exp())
}

impl Households<'_> {
    fn chance(&mut self, probability: f64) -> bool {
        self.random.random::<f64>() < probability
    }

    fn pick<const N: usize>(&mut self, weights: [f64; N]) -> u8 {
        let mut at = self.random.random::<f64>() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            at -= weight;
            if at < 0.0 {
                return index as u8;
            }
        }
        (N - 1) as u8
    }
}

impl Iterator for Households<'_> {
    type Item = Household;

    fn next(&mut self) -> Option<Household> {
        if self.left == 0 {
            return None;
        }
        let place = &self.country.territory.municipalities[self.municipality];
        let rural = !self.chance(place.urban);
        let number = self.numbers[usize::from(rural)];
        self.numbers[usize::from(rural)] += 1;
        let rural_weight = f64::from(u8::from(rural));
        let people =
            self.pick([1.0 - place.indigenous - place.afro_descendant, place.indigenous, place.afro_descendant]);
        let migrant = self.chance(place.migrant);
        let want = place.want + 0.7 * rural_weight + 0.4 * f64::from(u8::from(people == 1));
        let head_education =
            self.pick([0.15 * (0.8 * want).exp(), 0.40 * (0.3 * want).exp(), 0.30, 0.15 * (-0.8 * want).exp()]);
        let schooling = f64::from(head_education);
        let head_sector =
            if rural { self.pick([0.55, 0.12, 0.13, 0.12, 0.08]) } else { self.pick([0.06, 0.24, 0.26, 0.34, 0.10]) };
        let head_informal = head_sector < 4 && self.chance(logistic(1.0 + 0.3 * want - 0.6 * schooling));
        let head_woman = self.chance(0.30);
        let poor = self.chance(logistic(-0.9 + 0.8 * want - 0.45 * schooling));
        let wanted = 1 + u64::from(self.pick([0.34, 0.33, 0.19, 0.10, 0.04]));
        let count = wanted.min(self.left);
        self.left -= count;
        let mut children = Vec::with_capacity(count as usize);
        for _ in 0..count {
            let age = self.random.random_range(5..=17u8);
            let girl = self.chance(0.49);
            let older = f64::from(age.saturating_sub(11));
            let attends = self.chance(logistic(4.2 - 0.45 * older - 0.35 * want - 0.4 * f64::from(u8::from(poor))));
            children.push(Child { age, girl, attends, probability: 0.0, labour: false });
        }
        let adults = 1 + u8::from(self.chance(0.78)) + self.pick([0.7, 0.2, 0.1]);
        let others = self.pick([0.55, 0.32, 0.13]);
        let young = children.iter().filter(|child| child.age < 15).count() as u8;
        let mut household = Household {
            number,
            rural,
            people,
            migrant,
            head_education,
            head_sector,
            head_informal,
            head_woman,
            persons: adults + others + count as u8,
            dependants: young + others,
            poor,
            children,
        };
        for index in 0..household.children.len() {
            let probability = self.country.model.probability(place, &household, &household.children[index]);
            let labour = self.chance(probability);
            household.children[index].probability = probability;
            household.children[index].labour = labour;
        }
        Some(household)
    }
}
