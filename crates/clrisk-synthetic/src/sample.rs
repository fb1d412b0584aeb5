//! The survey: stratified by department and zone, sectors drawn with probability proportional to size, households at random
//! within them.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::Country;
use crate::household::{Child, Household};
use crate::model::hours_threshold;

/// Households of a census sector, and how many of them are interviewed.
const SECTOR: u64 = 120;
const INTERVIEWED: u64 = 24;

/// A child of the survey.
#[derive(Debug, Clone, PartialEq)]
pub struct SampledChild {
    /// Position of the municipality.
    pub municipality: usize,
    /// Stratum: department and zone.
    pub stratum: String,
    /// Sector.
    pub sampling_unit: String,
    /// Number of the household in its sector.
    pub household_number: u64,
    /// Households that this one stands for.
    pub weight: f64,
    /// Household.
    pub household: Household,
    /// Position of the child in its household.
    pub child: usize,
    /// What was said about its work.
    pub work: Work,
}

/// Answers to the questions on work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// Worked at least an hour in the week.
    pub worked: bool,
    /// Hours of work in the week.
    pub hours: u8,
    /// Hours of chores in the week.
    pub chores: u8,
    /// At dangerous work.
    pub hazardous: bool,
}

impl Work {
    /// Answers that make the child's state come out: in child labour by hours or danger, or not.
    fn of(child: &Child, random: &mut ChaCha8Rng) -> Work {
        let chores = random.random_range(0..if child.girl { 16 } else { 9 });
        let threshold = hours_threshold(child.age);
        let chance: f64 = random.random();
        if child.labour {
            if child.age >= 12 && chance < 0.35 {
                return Work { worked: true, hours: random.random_range(2..40), chores, hazardous: true };
            }
            let most = (threshold + 22).min(70);
            return Work { worked: true, hours: random.random_range(threshold..=most), chores, hazardous: false };
        }
        let permitted = match child.age {
            0..=11 => 0.0,
            12..=14 => 0.06,
            _ => 0.18,
        };
        if chance < permitted {
            return Work { worked: true, hours: random.random_range(1..threshold), chores, hazardous: false };
        }
        Work { worked: false, hours: 0, chores, hazardous: false }
    }
}

/// Further hours of chores of the few children, more girls than boys, who keep the house.
fn long_chores(child: &Child, random: &mut ChaCha8Rng) -> u8 {
    let share = if child.girl { 0.09 } else { 0.03 };
    let hours = random.random_range(10..25);
    if random.random::<f64>() < share { hours } else { 0 }
}

/// A sector of the frame.
#[derive(Debug, Clone, Copy)]
struct Sector {
    municipality: usize,
    rural: bool,
    number: u64,
    first: u64,
    households: u64,
}

impl Country {
    /// Draws the survey. `households` are the urban and rural households of each municipality, as the census counted them.
    pub fn survey(&self, households: &[[u64; 2]], seed: u64) -> Vec<SampledChild> {
        let mut random = ChaCha8Rng::seed_from_u64(seed ^ 0x5A_4713);
        let total: u64 = households.iter().flatten().sum();
        let departments = self.territory.departments.len();
        let mut chosen: Vec<(Sector, f64)> = Vec::new();
        for department in 0..departments {
            for rural in [false, true] {
                let mut frame = self.sectors(households, department, rural);
                let in_stratum: u64 = frame.iter().map(|sector| sector.households).sum();
                if frame.is_empty() {
                    continue;
                }
                let wanted =
                    self.options.survey_households as f64 * in_stratum as f64 / total as f64 / INTERVIEWED as f64;
                let count = (wanted.round() as usize).max(2).min(frame.len());
                shuffle(&mut frame, &mut random);
                chosen.extend(systematic(&frame, count, in_stratum, &mut random));
            }
        }
        // A stream of its own, so that nothing else of the survey depends on it.
        let mut chores_random = ChaCha8Rng::seed_from_u64(seed ^ 0xC0_4E5);
        chosen.sort_by_key(|(sector, _)| (sector.municipality, sector.rural, sector.number));
        let mut sample = Vec::new();
        let mut start = 0;
        while start < chosen.len() {
            let municipality = chosen[start].0.municipality;
            let end = start + chosen[start..].iter().take_while(|(s, _)| s.municipality == municipality).count();
            let first = sample.len();
            self.interview(&chosen[start..end], &mut random, &mut sample);
            for row in &mut sample[first..] {
                row.work.chores += long_chores(&row.household.children[row.child], &mut chores_random);
            }
            start = end;
        }
        sample
    }

    fn sectors(&self, households: &[[u64; 2]], department: usize, rural: bool) -> Vec<Sector> {
        let mut frame = Vec::new();
        for (municipality, place) in self.territory.municipalities.iter().enumerate() {
            let count = households[municipality][usize::from(rural)];
            if place.department != department || count == 0 {
                continue;
            }
            let sectors = (count / SECTOR).max(1);
            for number in 0..sectors {
                let (first, next) = (count * number / sectors, count * (number + 1) / sectors);
                frame.push(Sector { municipality, rural, number, first, households: next - first });
            }
        }
        frame
    }

    /// Draws households in the chosen sectors of one municipality and asks about every child.
    fn interview(&self, sectors: &[(Sector, f64)], random: &mut ChaCha8Rng, sample: &mut Vec<SampledChild>) {
        let Some((first, _)) = sectors.first() else { return };
        let place = &self.territory.municipalities[first.municipality];
        let drawn: Vec<Vec<u64>> = sectors
            .iter()
            .map(|(sector, _)| {
                let mut numbers: Vec<u64> = (sector.first..sector.first + sector.households).collect();
                shuffle(&mut numbers, random);
                numbers.truncate(INTERVIEWED as usize);
                numbers.sort_unstable();
                numbers
            })
            .collect();
        for household in self.households(first.municipality) {
            for ((sector, probability), numbers) in sectors.iter().zip(&drawn) {
                let Ok(position) = numbers.binary_search(&household.number) else { continue };
                if sector.rural != household.rural {
                    continue;
                }
                let within = numbers.len() as f64 / sector.households as f64;
                let zone = if sector.rural { 2 } else { 1 };
                for child in 0..household.children.len() {
                    sample.push(SampledChild {
                        municipality: sector.municipality,
                        stratum: format!("{}{zone}", self.territory.departments[place.department].code),
                        sampling_unit: format!("{}{zone}{:04}", place.code, sector.number + 1),
                        household_number: position as u64 + 1,
                        weight: 1.0 / (probability * within),
                        work: Work::of(&household.children[child], random),
                        household: household.clone(),
                        child,
                    });
                }
            }
        }
    }
}

/// Systematic draw with probability proportional to size. A sector larger than the step is taken for certain.
fn systematic(frame: &[Sector], count: usize, total: u64, random: &mut ChaCha8Rng) -> Vec<(Sector, f64)> {
    let step = total as f64 / count as f64;
    let (certain, rest): (Vec<Sector>, Vec<Sector>) =
        frame.iter().partition(|sector| sector.households as f64 >= step || count == frame.len());
    let mut chosen: Vec<(Sector, f64)> = certain.iter().map(|sector| (*sector, 1.0)).collect();
    let left = count.saturating_sub(certain.len());
    let size: u64 = rest.iter().map(|sector| sector.households).sum();
    if left == 0 || size == 0 {
        return chosen;
    }
    let step = size as f64 / left as f64;
    let mut next = random.random::<f64>() * step;
    let mut passed = 0.0;
    for sector in &rest {
        passed += sector.households as f64;
        if next < passed {
            chosen.push((*sector, (sector.households as f64 / step).min(1.0)));
            next += step;
        }
    }
    chosen
}

fn shuffle<T>(items: &mut [T], random: &mut ChaCha8Rng) {
    for index in (1..items.len()).rev() {
        items.swap(index, random.random_range(0..=index));
    }
}
