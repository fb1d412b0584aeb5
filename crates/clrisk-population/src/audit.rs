//! Some municipalities kept exactly, pattern by pattern, to measure what bins cost.
//!
//! With a covariate of many values every child is a pattern of its own, and patterns would grow with the population. They are
//! kept up to a limit; beyond it only those whose hash is below a threshold that is halved until they fit. Which patterns
//! stay depends on all of them together and on nothing else, so that any number of threads keeps the same.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use clrisk_stats::poststratification::Pattern;

use crate::bytes::{Reader, Writer};
use crate::plan::{Plan, UNIT};

/// Municipalities whose children are kept.
const AUDIT_AREAS: usize = 12;
/// Patterns kept at most.
pub const MOST_PATTERNS: usize = 1 << 16;
/// Numbers of a key before the design row: area, cell, position.
const HEAD: usize = 3;

/// Whether a municipality is one of those.
pub fn is_audit(area: usize, areas: usize) -> bool {
    let step = areas.div_ceil(AUDIT_AREAS).max(1);
    area % step == step / 2
}

/// Persons by pattern.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Audit {
    patterns: HashMap<Box<[u64]>, i64, BuildHasherDefault<MixHasher>>,
    /// How often the threshold of the hash was halved.
    halvings: u32,
    scratch: Vec<u64>,
}

/// The multiply-and-fold hash of the patterns; the same on every machine.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct MixHasher(u64);

impl Hasher for MixHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0u8; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, value: u64) {
        let product = u128::from(self.0 ^ value) * 0x9E37_79B9_7F4A_7C15;
        self.0 = (product as u64) ^ ((product >> 64) as u64);
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }

    fn finish(&self) -> u64 {
        // The low bits of a product know little of the high bits of its factors.
        self.0 ^ (self.0 >> 32)
    }
}

fn hash(key: &[u64]) -> u64 {
    let mut hasher = MixHasher(0x5851_F42D_4C95_7F2D);
    key.iter().for_each(|value| hasher.write_u64(*value));
    hasher.finish().wrapping_mul(0xD6E8_FEB8_6659_FD93)
}

impl Audit {
    /// Adds persons with this design row.
    pub fn add(&mut self, area: u32, cell: u32, position: usize, design: &[f64], persons: i64) {
        let mut key = std::mem::take(&mut self.scratch);
        key.clear();
        key.extend([u64::from(area), u64::from(cell), position as u64]);
        // Zero has two signs and one meaning.
        key.extend(design.iter().map(|value| if *value == 0.0 { 0 } else { value.to_bits() }));
        self.add_key(&key, persons);
        self.scratch = key;
    }

    pub fn size(&self) -> usize {
        self.patterns.len() * (self.scratch.len() + 4) * 8
    }

    fn keeps(&self, key: &[u64]) -> bool {
        self.halvings == 0 || hash(key) >> (64 - self.halvings) == 0
    }

    fn add_key(&mut self, key: &[u64], persons: i64) {
        if !self.keeps(key) {
            return;
        }
        match self.patterns.get_mut(key) {
            Some(known) => *known += persons,
            None => {
                self.patterns.insert(key.into(), persons);
                self.fit();
            }
        }
    }

    /// Halves the threshold until the patterns fit.
    fn fit(&mut self) {
        while self.patterns.len() > MOST_PATTERNS {
            self.halvings += 1;
            let bits = 64 - self.halvings;
            self.patterns.retain(|key, _| hash(key) >> bits == 0);
        }
    }

    pub fn merge(&mut self, other: &Audit) {
        if other.halvings > self.halvings {
            self.halvings = other.halvings;
            let bits = 64 - self.halvings;
            self.patterns.retain(|key, _| hash(key) >> bits == 0);
        }
        for (key, persons) in &other.patterns {
            self.add_key(key, *persons);
        }
    }

    /// The patterns in order.
    pub fn finish(&self) -> Vec<Pattern> {
        let mut patterns: Vec<(&[u64], i64)> = self
            .patterns
            .iter()
            .filter(|(_, persons)| **persons > 0)
            .map(|(key, persons)| (key.as_ref(), *persons))
            .collect();
        patterns.sort_unstable();
        patterns
            .into_iter()
            .map(|(key, persons)| Pattern {
                area: key[0] as u32,
                cell: key[1] as u32,
                position: key[2] as u32,
                weight: persons as f64 / UNIT,
                design: key[HEAD..].iter().map(|bits| f64::from_bits(*bits)).collect(),
            })
            .collect()
    }

    pub fn write(&self, bytes: &mut Writer) {
        bytes.number(u64::from(self.halvings));
        bytes.number(self.patterns.len() as u64);
        for (key, persons) in &self.patterns {
            bytes.numbers(key.iter().copied());
            bytes.number(*persons as u64);
        }
    }

    /// Adds the patterns that [`Audit::write`] wrote; none when the bytes are not of this plan.
    pub fn read(&mut self, plan: &Plan, bytes: &mut Reader<'_>) -> Option<()> {
        let mut other =
            Audit { halvings: u32::try_from(bytes.number()?).ok().filter(|n| *n < 64)?, ..Audit::default() };
        let length = bytes.length(16)?;
        for _ in 0..length {
            let key = bytes.numbers()?;
            let fits = key.len() == HEAD + plan.width && key[0] < plan.areas as u64 && key[1] < plan.cells as u64;
            if !fits {
                return None;
            }
            other.patterns.insert(key.into(), bytes.number()? as i64);
        }
        self.merge(&other);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_limit_any_partition_of_the_patterns_keeps_the_same() {
        let rows: Vec<f64> = (0..MOST_PATTERNS * 3).map(|row| row as f64 * 0.37 - 4.0).collect();
        let sum = |rows: &[f64]| {
            let mut audit = Audit::default();
            rows.iter().for_each(|value| audit.add(1, 0, 5, &[1.0, *value], 1 << 20));
            audit
        };
        let whole = sum(&rows);
        assert!(whole.patterns.len() <= MOST_PATTERNS && whole.patterns.len() > MOST_PATTERNS / 3);
        let (left, right) = rows.split_at(rows.len() / 5);
        let mut parts = sum(right);
        parts.merge(&sum(left));
        assert_eq!(whole.finish(), parts.finish());
        assert_eq!(whole.halvings, parts.halvings);
    }
}
