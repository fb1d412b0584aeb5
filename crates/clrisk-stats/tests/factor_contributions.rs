//! The split of a difference into factors is exact.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use clrisk_stats::factor::{FactorGroup, contributions};
use proptest::prelude::*;

proptest! {
    #[test]
    fn contributions_add_up_to_the_difference_of_mean_linear_predictors(
        beta in prop::collection::vec(-3.0f64..3.0, 6), records in prop::collection::vec(-2.0f64..2.0, 6 * 9),
        reference in prop::collection::vec(-2.0f64..2.0, 6), effect in -1.0f64..1.0
    ) {
        let mean: Vec<f64> = (0..6).map(|j| records.chunks_exact(6).map(|r| r[j]).sum::<f64>() / 9.0).collect();
        let eta = |x: &[f64]| x.iter().zip(&beta).map(|(x, b)| x * b).sum::<f64>();
        let mean_eta = records.chunks_exact(6).map(eta).sum::<f64>() / 9.0;
        let groups = [
            FactorGroup { name: "school".into(), columns: vec![1, 4] },
            FactorGroup { name: "household".into(), columns: vec![2] },
        ];
        let parts = contributions(&beta, &mean, &reference, effect, &groups).unwrap();
        prop_assert!((parts.total() - (mean_eta + effect - eta(&reference))).abs() < 1e-12);
        prop_assert!((parts.groups[1] - beta[2] * (mean[2] - reference[2])).abs() < 1e-14);
    }
}

#[test]
fn a_column_in_two_groups_is_refused() {
    let groups =
        [FactorGroup { name: "a".into(), columns: vec![0] }, FactorGroup { name: "b".into(), columns: vec![0] }];
    assert!(contributions(&[1.0], &[1.0], &[0.0], 0.0, &groups).is_err());
    assert!(contributions(&[1.0], &[f64::NAN], &[0.0], 0.0, &[]).is_err());
}
