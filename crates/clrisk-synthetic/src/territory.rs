//! Municipalities, departments, regions, and what they are like.

use std::collections::BTreeSet;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::geometry::{self, Point};
use crate::model::TrueModel;
use crate::names;

/// Municipalities, departments and regions of the country.
pub const MUNICIPALITIES: usize = 340;
const DEPARTMENTS: usize = 22;
const REGION_NAMES: [&str; 5] = ["Norte", "Oriente", "Sur", "Occidente", "Centro"];
/// Where the island is not: open sea.
const CENTRE: Point = [-118.0, -24.0];
const DEGREES: Point = [2.2, 2.2];

/// A municipality.
#[derive(Debug, Clone)]
pub struct Municipality {
    /// Department (2 digits) and number (2 digits).
    pub code: String,
    /// Name.
    pub name: String,
    /// Position of its department.
    pub department: usize,
    /// Outer ring, longitude and latitude.
    pub ring: Vec<Point>,
    /// Positions of its neighbours.
    pub neighbours: Vec<usize>,
    /// Children aged 5 to 17.
    pub children: u64,
    /// Shares and levels from 0 to 1: urban households, indigenous and Afro-descendant households, households of migrants, want.
    pub urban: f64,
    /// Share of indigenous households.
    pub indigenous: f64,
    /// Share of Afro-descendant households.
    pub afro_descendant: f64,
    /// Share of households born abroad.
    pub migrant: f64,
    /// How poor it is, on the logit scale.
    pub want: f64,
    /// True effect on the logit scale: own, spatial and of the department together.
    pub effect: f64,
    /// True difference between girls and boys beyond the national one.
    pub girl_effect: f64,
}

/// A department.
#[derive(Debug, Clone)]
pub struct Department {
    /// Two digits.
    pub code: String,
    /// Name.
    pub name: String,
    /// Region.
    pub region: &'static str,
}

/// The territory.
#[derive(Debug, Clone)]
pub struct Territory {
    /// Ordered by code.
    pub municipalities: Vec<Municipality>,
    /// Ordered by code.
    pub departments: Vec<Department>,
}

/// A field that changes slowly over the land: noise averaged over neighbours again and again, of mean 0 and deviation 1.
fn smooth_field(neighbours: &[Vec<usize>], rounds: usize, random: &mut ChaCha8Rng) -> Vec<f64> {
    let mut field: Vec<f64> = neighbours.iter().map(|_| StandardNormal.sample(random)).collect();
    for _ in 0..rounds {
        field = neighbours
            .iter()
            .enumerate()
            .map(|(cell, beside)| {
                let sum: f64 = beside.iter().map(|other| field[*other]).sum();
                (field[cell] + sum) / (1.0 + beside.len() as f64)
            })
            .collect();
    }
    standardise(&mut field);
    field
}

fn standardise(values: &mut [f64]) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let sd = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
    values.iter_mut().for_each(|value| *value = (*value - mean) / sd);
}

fn logistic(value: f64) -> f64 {
    1.0 / (1.0 + (-value).exp())
}

impl Territory {
    /// Invents a territory with `children` children.
    pub fn invent(seed: u64, children: u64) -> Territory {
        let cells = geometry::land(MUNICIPALITIES, seed);
        let mut random = ChaCha8Rng::seed_from_u64(seed ^ 0x7E44);
        let department = geometry::groups(&cells.centres, &cells.neighbours, DEPARTMENTS);
        let department_centres = means(&cells.centres, &department, DEPARTMENTS);
        let beside_departments = adjacent(&cells.neighbours, &department, DEPARTMENTS);
        let region = geometry::groups(&department_centres, &beside_departments, REGION_NAMES.len());
        let region_names = name_regions(&means(&department_centres, &region, REGION_NAMES.len()));

        let model = TrueModel::default();
        let fields: Vec<Vec<f64>> =
            [6, 6, 3, 2].iter().map(|r| smooth_field(&cells.neighbours, *r, &mut random)).collect();
        let (want_field, people_field, coast_field, spatial) = (&fields[0], &fields[1], &fields[2], &fields[3]);
        let normals = |count: usize, random: &mut ChaCha8Rng| {
            let mut values: Vec<f64> = (0..count).map(|_| StandardNormal.sample(random)).collect();
            standardise(&mut values);
            values
        };
        let size_noise = normals(MUNICIPALITIES, &mut random);
        let own = normals(MUNICIPALITIES, &mut random);
        let girls = normals(MUNICIPALITIES, &mut random);
        let of_department = normals(DEPARTMENTS, &mut random);
        let sizes = child_counts(&size_noise, &department, children);

        let mut given = BTreeSet::new();
        let mut order: Vec<usize> = (0..DEPARTMENTS).collect();
        // Codes run by region from north to south, and by department from west to east.
        order.sort_by(|a, b| {
            let place = |d: usize| REGION_NAMES.iter().position(|name| *name == region_names[region[d]]);
            place(*a).cmp(&place(*b)).then(department_centres[*a][0].total_cmp(&department_centres[*b][0]))
        });
        let mut departments = Vec::new();
        let mut placed: Vec<(usize, Municipality)> = Vec::new();
        for (position, old) in order.iter().enumerate() {
            let code = format!("{:02}", position + 1);
            let mut members: Vec<usize> = (0..MUNICIPALITIES).filter(|cell| department[*cell] == *old).collect();
            members.sort_by_key(|cell| std::cmp::Reverse(sizes[*cell]));
            for (number, cell) in members.iter().enumerate() {
                let size = ((sizes[*cell] as f64) / (children as f64 / MUNICIPALITIES as f64)).ln();
                let indigenous = logistic(-2.3 + 2.0 * people_field[*cell]);
                let municipality = Municipality {
                    code: format!("{code}{:02}", number + 1),
                    name: names::invent(&mut random, &mut given),
                    department: position,
                    ring: cells.rings[*cell].iter().map(|point| on_the_globe(*point)).collect(),
                    neighbours: cells.neighbours[*cell].clone(),
                    children: sizes[*cell],
                    urban: logistic(0.1 + 0.9 * size - 0.3 * want_field[*cell]),
                    indigenous,
                    afro_descendant: (1.0 - indigenous) * logistic(-2.8 + 1.2 * coast_field[*cell]),
                    migrant: logistic(-3.6 + 0.8 * random.random::<f64>()),
                    want: 0.55 * want_field[*cell] + 0.4 * people_field[*cell] - 0.25 * size,
                    effect: model.municipality_sd * own[*cell]
                        + model.spatial_sd * spatial[*cell]
                        + model.department_sd * of_department[*old],
                    girl_effect: model.girl_sd * girls[*cell],
                };
                placed.push((*cell, municipality));
            }
            let name = names::invent(&mut random, &mut given);
            departments.push(Department { code, name, region: region_names[region[*old]] });
        }
        let mut position = vec![0; MUNICIPALITIES];
        for (place, (cell, _)) in placed.iter().enumerate() {
            position[*cell] = place;
        }
        let municipalities = placed
            .into_iter()
            .map(|(_, mut municipality)| {
                municipality.neighbours.iter_mut().for_each(|cell| *cell = position[*cell]);
                municipality.neighbours.sort_unstable();
                municipality
            })
            .collect();
        Territory { municipalities, departments }
    }
}

fn on_the_globe(point: Point) -> Point {
    let round = |value: f64| (value * 1e6).round() / 1e6;
    [round(CENTRE[0] + DEGREES[0] * point[0]), round(CENTRE[1] + DEGREES[1] * point[1])]
}

/// Children by municipality: a few large cities, many small places, `total` in all.
fn child_counts(noise: &[f64], department: &[usize], total: u64) -> Vec<u64> {
    let mut largest = [0usize; DEPARTMENTS];
    for (cell, group) in department.iter().enumerate() {
        if noise[cell] > noise[largest[*group]] || department[largest[*group]] != *group {
            largest[*group] = cell;
        }
    }
    let shares: Vec<f64> = noise
        .iter()
        .enumerate()
        .map(|(cell, noise)| {
            let capital = if largest[department[cell]] == cell { 2.0 } else { 1.0 };
            (0.8 * noise).exp().max(0.18) * capital
        })
        .collect();
    let sum: f64 = shares.iter().sum();
    let mut counts: Vec<u64> =
        shares.iter().map(|share| (share / sum * total as f64).floor().max(1.0) as u64).collect();
    let rest = total.saturating_sub(counts.iter().sum());
    if let Some(biggest) = counts.iter_mut().max() {
        *biggest += rest;
    }
    counts
}

fn means(points: &[Point], group: &[usize], count: usize) -> Vec<Point> {
    let mut sums = vec![[0.0; 3]; count];
    for (point, group) in points.iter().zip(group) {
        sums[*group][0] += point[0];
        sums[*group][1] += point[1];
        sums[*group][2] += 1.0;
    }
    sums.iter().map(|sum| [sum[0] / sum[2], sum[1] / sum[2]]).collect()
}

fn adjacent(neighbours: &[Vec<usize>], group: &[usize], count: usize) -> Vec<Vec<usize>> {
    let mut sets = vec![BTreeSet::new(); count];
    for (cell, beside) in neighbours.iter().enumerate() {
        for other in beside {
            if group[*other] != group[cell] {
                sets[group[cell]].insert(group[*other]);
            }
        }
    }
    sets.into_iter().map(|set| set.into_iter().collect()).collect()
}

/// Names of regions by where they lie: the most northern, eastern, southern, western, and the one left.
fn name_regions(centres: &[Point]) -> Vec<&'static str> {
    let mut names = vec![REGION_NAMES[4]; centres.len()];
    let mut free: Vec<usize> = (0..centres.len()).collect();
    let scores: [(usize, fn(&Point) -> f64); 4] = [(0, |p| p[1]), (1, |p| p[0]), (2, |p| -p[1]), (3, |p| -p[0])];
    for (name, score) in scores {
        if let Some(best) = free.iter().copied().max_by(|a, b| score(&centres[*a]).total_cmp(&score(&centres[*b]))) {
            names[best] = REGION_NAMES[name];
            free.retain(|region| *region != best);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_text_of_four_digits_and_names_are_unique() {
        let territory = Territory::invent(87, 2_000_000);
        let codes: BTreeSet<&str> = territory.municipalities.iter().map(|m| m.code.as_str()).collect();
        let names: BTreeSet<&str> = territory.municipalities.iter().map(|m| m.name.as_str()).collect();
        assert_eq!((codes.len(), names.len(), territory.departments.len()), (340, 340, 22));
        assert!(codes.iter().all(|code| code.len() == 4) && codes.contains("0101"));
        let regions: BTreeSet<&str> = territory.departments.iter().map(|d| d.region).collect();
        assert_eq!(regions.len(), 5);
    }

    #[test]
    fn all_children_live_somewhere() {
        for children in [40_000, 2_000_000] {
            let territory = Territory::invent(3, children);
            assert_eq!(territory.municipalities.iter().map(|m| m.children).sum::<u64>(), children);
        }
    }

    #[test]
    fn neighbours_are_mutual_and_named_by_position() {
        let territory = Territory::invent(87, 100_000);
        for (position, municipality) in territory.municipalities.iter().enumerate() {
            for neighbour in &municipality.neighbours {
                assert!(territory.municipalities[*neighbour].neighbours.contains(&position));
            }
        }
    }
}
