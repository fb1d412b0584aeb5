//! Disclosure control of a published table: which cells to leave blank so that no small count can be worked out.
//!
//! A table is a set of *items* (cells and totals) and the *relations* between them (a total equals the sum of its parts).
//! Blanking the small items is not enough: a single blank is the total less the rest.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Result, StatsError};

/// `total = sum of parts`, by item index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The item that is the sum.
    pub total: usize,
    /// The items it is the sum of.
    pub parts: Vec<usize>,
}

/// Why an item may or may not be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disclosure {
    /// Shown.
    Published,
    /// Blank: its own count is below the threshold.
    Primary,
    /// Blank: it would give another blank away.
    Complementary,
}

/// All items of a cross-classification with every margin, numbered in row-major order with the total *after* the last
/// category of each dimension: dimension sizes `[2, 3]` give `3 x 4 = 12` items, of which item 11 is the grand total.
///
/// # Errors
/// A dimension without categories.
pub fn relations_with_margins(categories: &[usize]) -> Result<Vec<Relation>> {
    if categories.is_empty() || categories.contains(&0) {
        return Err(StatsError::Setting { setting: "categories", requirement: "at least one per dimension" });
    }
    let sizes: Vec<usize> = categories.iter().map(|c| c + 1).collect();
    let items: usize = sizes.iter().product();
    let mut relations = Vec::new();
    let mut stride = items;
    for (&size, &count) in sizes.iter().zip(categories) {
        stride /= size;
        for item in 0..items {
            if item / stride % size == count {
                let parts = (1..=count).rev().map(|back| item - back * stride).collect();
                relations.push(Relation { total: item, parts });
            }
        }
    }
    Ok(relations)
}

/// Chooses the items to leave blank.
///
/// *Primary*: items with a count below `threshold`. *Complementary*, repeated until nothing changes:
/// 1. in every relation with a blank, at least two items must be blank, and the blank parts must add up to `threshold` (else
///    their sum, which anyone can take, is itself a small count); the smallest item shown is blanked, parts before totals;
/// 2. the relations are solved exactly for the blanks (elimination modulo a large prime); an item with a single solution
///    is given away by several relations together, and the smallest item shown beside it is blanked.
///
/// At the end no blank can be computed from the published items and the relations. What is *not* promised: that bounds
/// (counts are not negative) keep a blank from a narrow range. The choice of complements is greedy, not the least
/// possible. Counts serve only to decide; ties go to the lower index.
///
/// # Errors
/// A relation that names an item out of range, or that does not hold for the counts.
///
/// # Example
/// ```
/// use clrisk_stats::suppression::{Disclosure, relations_with_margins, suppress};
/// # fn main() -> clrisk_stats::Result<()> {
/// // Boys and girls of one area, and the total: the 3 girls would be 40 - 37.
/// let shown = suppress(&[37, 3, 40], &relations_with_margins(&[2])?, 10)?;
/// assert_eq!(shown, [Disclosure::Complementary, Disclosure::Primary, Disclosure::Published]);
/// # Ok(()) }
/// ```
pub fn suppress(counts: &[u64], relations: &[Relation], threshold: u64) -> Result<Vec<Disclosure>> {
    for relation in relations {
        if relation.total >= counts.len() || relation.parts.iter().any(|&part| part >= counts.len()) {
            return Err(StatsError::Setting { setting: "relations", requirement: "about items of the table" });
        }
        if relation.parts.iter().map(|&part| counts[part]).sum::<u64>() != counts[relation.total] {
            return Err(StatsError::Margins { reason: "a total differs from the sum of its parts" });
        }
    }
    let primary: Vec<bool> = counts.iter().map(|&count| count < threshold).collect();
    suppress_chosen(counts, relations, &primary, threshold)
}

/// The same with the primary items named by the caller, who may have other reasons than a small count (few cases, say), and
/// whose `sizes` need not add up: they only order the choice of complements.
///
/// # Errors
/// A relation that names an item out of range, or lists of different lengths.
pub fn suppress_chosen(
    sizes: &[u64],
    relations: &[Relation],
    primary: &[bool],
    threshold: u64,
) -> Result<Vec<Disclosure>> {
    let counts = sizes;
    let known = |item: usize| item < counts.len();
    if primary.len() != counts.len() || !relations.iter().all(|r| known(r.total) && r.parts.iter().all(|&p| known(p))) {
        return Err(StatsError::Setting { setting: "relations", requirement: "about items of the table" });
    }
    let mut shown: Vec<Disclosure> =
        primary.iter().map(|&small| if small { Disclosure::Primary } else { Disclosure::Published }).collect();
    loop {
        while protect_relations(counts, relations, threshold, &mut shown) {}
        let given_away = determined(relations, &shown);
        if given_away.is_empty() {
            return Ok(shown);
        }
        // One more blank may help several items, so only one is added before the relations are solved again. When
        // everything beside the items is blank already, the leak is further away: the smallest item shown anywhere goes.
        if !given_away.into_iter().any(|item| blank_beside(item, counts, relations, &mut shown)) {
            let shown_items = (0..counts.len()).filter(|&i| !is_blank(&shown, i));
            match shown_items.min_by_key(|&i| (counts[i], i)) {
                Some(item) => shown[item] = Disclosure::Complementary,
                None => return Ok(shown),
            }
        }
    }
}

fn is_blank(shown: &[Disclosure], item: usize) -> bool {
    shown[item] != Disclosure::Published
}

/// Step 1. Returns whether an item was blanked.
fn protect_relations(counts: &[u64], relations: &[Relation], threshold: u64, shown: &mut [Disclosure]) -> bool {
    let mut changed = false;
    for relation in relations {
        loop {
            let blank_parts = relation.parts.iter().filter(|&&p| is_blank(shown, p));
            let (number, sum) = blank_parts.fold((0, 0), |(n, s), &p| (n + 1, s + counts[p]));
            let total_blank = is_blank(shown, relation.total);
            let exposed = match (number, total_blank) {
                (0, false) => false,
                (0, true) | (1, false) => true,
                (_, true) => false,
                (_, false) => sum < threshold,
            };
            if !exposed {
                break;
            }
            let candidates = relation.parts.iter().copied().filter(|&p| !is_blank(shown, p));
            let next = candidates.min_by_key(|&p| (counts[p], p)).or((!total_blank).then_some(relation.total));
            let Some(next) = next else { break };
            shown[next] = Disclosure::Complementary;
            changed = true;
        }
    }
    changed
}

/// Blanks the smallest shown item of a relation the given item takes part in.
fn blank_beside(item: usize, counts: &[u64], relations: &[Relation], shown: &mut [Disclosure]) -> bool {
    let beside = relations.iter().filter(|r| r.total == item || r.parts.contains(&item));
    let candidates = beside.flat_map(|r| r.parts.iter().map(|&p| (0, p)).chain(std::iter::once((1, r.total))));
    let next = candidates.filter(|&(_, i)| !is_blank(shown, i)).min_by_key(|&(total, i)| (total, counts[i], i));
    match next {
        Some((_, next)) => {
            shown[next] = Disclosure::Complementary;
            true
        }
        None => false,
    }
}

/// 2^61 - 1, prime: a coincidence modulo it is less likely than a hardware fault.
const PRIME: u64 = (1 << 61) - 1;

fn multiply(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(PRIME)) as u64
}

fn subtract(a: u64, b: u64) -> u64 {
    if a >= b { a - b } else { a + PRIME - b }
}

fn inverse(a: u64) -> u64 {
    let (mut base, mut exponent, mut result) = (a, PRIME - 2, 1u64);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = multiply(result, base);
        }
        base = multiply(base, base);
        exponent >>= 1;
    }
    result
}

/// Blank items whose value follows from the published ones: those alone in a row of the reduced echelon form.
fn determined(relations: &[Relation], shown: &[Disclosure]) -> Vec<usize> {
    // Reduced rows by pivot; every pivot appears in its own row only.
    let mut rows: BTreeMap<usize, BTreeMap<usize, u64>> = BTreeMap::new();
    // Rows in which an item appears without being the pivot.
    let mut users: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for relation in relations {
        let mut row: BTreeMap<usize, u64> = BTreeMap::new();
        let terms = relation.parts.iter().map(|&p| (p, 1)).chain(std::iter::once((relation.total, PRIME - 1)));
        for (item, sign) in terms.filter(|&(item, _)| is_blank(shown, item)) {
            let value = row.get(&item).copied().unwrap_or(0);
            set(&mut row, item, subtract(value, PRIME - sign));
        }
        let known: Vec<(usize, u64)> = row.iter().map(|(&i, &v)| (i, v)).collect();
        for (item, coefficient) in known {
            if let Some(pivot_row) = rows.get(&item) {
                eliminate(&mut row, pivot_row, coefficient);
            }
        }
        let Some((&pivot, &lead)) = row.iter().next() else { continue };
        let scale = inverse(lead);
        row.values_mut().for_each(|v| *v = multiply(*v, scale));
        for user in users.remove(&pivot).unwrap_or_default() {
            let Some(mut other) = rows.remove(&user) else { continue };
            let before: BTreeSet<usize> = other.keys().copied().collect();
            let coefficient = other.get(&pivot).copied().unwrap_or(0);
            eliminate(&mut other, &row, coefficient);
            let after: BTreeSet<usize> = other.keys().copied().collect();
            for gone in before.difference(&after) {
                if let Some(set) = users.get_mut(gone) {
                    set.remove(&user);
                }
            }
            for &new in after.difference(&before) {
                users.entry(new).or_default().insert(user);
            }
            rows.insert(user, other);
        }
        for &item in row.keys().filter(|&&item| item != pivot) {
            users.entry(item).or_default().insert(pivot);
        }
        rows.insert(pivot, row);
    }
    rows.iter().filter(|(_, row)| row.len() == 1).map(|(&pivot, _)| pivot).collect()
}

fn set(row: &mut BTreeMap<usize, u64>, item: usize, value: u64) {
    if value == 0 {
        row.remove(&item);
    } else {
        row.insert(item, value);
    }
}

/// `row - coefficient * other`.
fn eliminate(row: &mut BTreeMap<usize, u64>, other: &BTreeMap<usize, u64>, coefficient: u64) {
    for (&item, &value) in other {
        let before = row.get(&item).copied().unwrap_or(0);
        set(row, item, subtract(before, multiply(coefficient, value)));
    }
}
