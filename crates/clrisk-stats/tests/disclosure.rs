//! Suppression: what is left blank cannot be worked out from what is published.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use clrisk_stats::suppression::{Disclosure, Relation, relations_with_margins, suppress};
use proptest::prelude::*;

/// Blank items with a unique value, by Gaussian elimination in floating point (the coefficients are 0 and ±1, the tables
/// small): an item is determined when its unit vector lies in the row space.
fn determined(relations: &[Relation], shown: &[Disclosure]) -> Vec<usize> {
    let blanks: Vec<usize> = (0..shown.len()).filter(|&i| shown[i] != Disclosure::Published).collect();
    let mut rows: Vec<Vec<f64>> = relations
        .iter()
        .map(|r| {
            blanks
                .iter()
                .map(|&i| r.parts.iter().filter(|&&p| p == i).count() as f64 - f64::from(u8::from(r.total == i)))
                .collect()
        })
        .collect();
    let mut rank = 0;
    for column in 0..blanks.len() {
        let Some(pivot) = (rank..rows.len()).max_by(|&a, &b| rows[a][column].abs().total_cmp(&rows[b][column].abs()))
        else {
            break;
        };
        if rows[pivot][column].abs() < 1e-9 {
            continue;
        }
        rows.swap(rank, pivot);
        let lead = rows[rank][column];
        rows[rank].iter_mut().for_each(|v| *v /= lead);
        let pivot_row = rows[rank].clone();
        for (index, row) in rows.iter_mut().enumerate() {
            if index != rank && row[column] != 0.0 {
                let factor = row[column];
                row.iter_mut().zip(&pivot_row).for_each(|(v, p)| *v -= factor * p);
            }
        }
        rank += 1;
    }
    let alone = |row: &Vec<f64>| {
        let mut entries = row.iter().enumerate().filter(|(_, v)| v.abs() > 1e-9);
        entries.next().filter(|_| entries.next().is_none()).map(|(i, _)| blanks[i])
    };
    rows[..rank].iter().filter_map(alone).collect()
}

/// Items with all margins from the inner cells of a table.
fn with_margins(categories: &[usize], cells: &[u64]) -> Vec<u64> {
    let sizes: Vec<usize> = categories.iter().map(|c| c + 1).collect();
    let items: usize = sizes.iter().product();
    let mut counts = vec![0; items];
    for (index, &cell) in cells.iter().enumerate() {
        // Every item that covers the cell: in each dimension its own category or the total.
        for mask in 0..1usize << categories.len() {
            let (mut rest, mut item, mut stride) = (index, 0, 1);
            for dimension in (0..categories.len()).rev() {
                let category = rest % categories[dimension];
                rest /= categories[dimension];
                item += stride * if mask >> dimension & 1 == 1 { categories[dimension] } else { category };
                stride *= sizes[dimension];
            }
            counts[item] += cell;
        }
    }
    counts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn no_blank_can_be_computed_from_the_published_items(
        categories in prop::collection::vec(1usize..5, 1..4), seed in prop::collection::vec(0u64..60, 64), threshold in 1u64..40
    ) {
        let cells = &seed[..categories.iter().product()];
        let counts = with_margins(&categories, cells);
        let relations = relations_with_margins(&categories).unwrap();
        let shown = suppress(&counts, &relations, threshold).unwrap();
        prop_assert!(determined(&relations, &shown).is_empty());
        for (count, disclosure) in counts.iter().zip(&shown) {
            prop_assert_eq!(*count < threshold, *disclosure == Disclosure::Primary);
        }
        for relation in &relations {
            let blank: Vec<usize> =
                relation.parts.iter().copied().filter(|&p| shown[p] != Disclosure::Published).collect();
            if shown[relation.total] == Disclosure::Published && !blank.is_empty() {
                let sum: u64 = blank.iter().map(|&p| counts[p]).sum();
                prop_assert!(blank.len() >= 2 && sum >= threshold, "the blanks of a relation add up to a safe count");
            }
        }
    }
}

#[test]
fn the_test_itself_finds_a_cell_that_two_relations_give_away_together() {
    // Blanks (0,0), (0,1), (1,0), (1,1), (1,2), (2,2), (2,3), (3,2), (3,3) of a 4 x 4 table: two blocks joined by (1,2)
    // alone. Every row and column has two blanks or more, yet (1,2) follows from the block sums.
    let relations = relations_with_margins(&[4, 4]).unwrap();
    let mut shown = vec![Disclosure::Published; 25];
    for (row, column) in [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 2), (2, 3), (3, 2), (3, 3)] {
        shown[row * 5 + column] = Disclosure::Primary;
    }
    assert_eq!(determined(&relations, &shown), [7]);
    // The same pattern of small counts is not left that way.
    let mut cells = vec![30; 16];
    for (row, column) in [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 2), (2, 3), (3, 2), (3, 3)] {
        cells[row * 4 + column] = 9;
    }
    let counts = with_margins(&[4, 4], &cells);
    assert!(determined(&relations, &suppress(&counts, &relations, 10).unwrap()).is_empty());
}

#[test]
fn a_table_without_small_counts_is_published_whole() {
    let counts = with_margins(&[3, 2], &[20, 30, 40, 50, 60, 70]);
    let shown = suppress(&counts, &relations_with_margins(&[3, 2]).unwrap(), 10).unwrap();
    assert!(shown.iter().all(|&s| s == Disclosure::Published));
}

#[test]
fn the_relations_of_a_cross_classification_hold_for_its_counts() {
    let counts = with_margins(&[3, 2, 2], &(1..=12).collect::<Vec<u64>>());
    let relations = relations_with_margins(&[3, 2, 2]).unwrap();
    assert_eq!(relations.len(), 3 * 3 + 4 * 3 + 4 * 3, "one per line of the table with margins");
    for r in &relations {
        assert_eq!(r.parts.iter().map(|&p| counts[p]).sum::<u64>(), counts[r.total]);
    }
    assert_eq!(counts[counts.len() - 1], 78);
    assert!(suppress(&[1, 2, 4], &relations_with_margins(&[2]).unwrap(), 1).is_err(), "1 + 2 is not 4");
}

#[test]
fn a_country_of_340_areas_by_sex_and_age_is_protected_in_seconds() {
    let mut state = 7u64;
    let cells: Vec<u64> = (0..340 * 2 * 4)
        .map(|_| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 58) * (state >> 60)
        })
        .collect();
    let counts = with_margins(&[340, 2, 4], &cells);
    let start = std::time::Instant::now();
    let shown = suppress(&counts, &relations_with_margins(&[340, 2, 4]).unwrap(), 20).unwrap();
    let blanks = |kind| shown.iter().filter(|&&s| s == kind).count();
    println!(
        "{} items: {} primary, {} complementary, {:.2} s",
        counts.len(),
        blanks(Disclosure::Primary),
        blanks(Disclosure::Complementary),
        start.elapsed().as_secs_f64()
    );
    assert!(start.elapsed().as_secs_f64() < 20.0);
    assert!(blanks(Disclosure::Primary) > 0 && blanks(Disclosure::Published) > 0);
}
