//! Estimates for every group of a classification at once (areas, age groups, sex), in one pass per group's own rows.

use super::estimate::DirectEstimate;
use super::linearised::{ratio_of_rows, total_of_rows};
use super::proportion::check_binary;
use crate::design::SurveyDesign;
use crate::error::{Result, StatsError, same_length};

/// Group code of a row that belongs to no group and is left out.
pub const NO_GROUP: u32 = u32::MAX;

/// Means of `y` by group. `groups[i]` is the group of row `i`, below `group_count`, or [`NO_GROUP`]. A group without rows
/// gives `None`: it has no direct estimate.
///
/// # Errors
/// Unequal lengths, a group code out of range, a missing `y` in a group.
///
/// Checked against: `survey_api.json` `by_stype`.
pub fn mean_by_group(
    design: &SurveyDesign,
    y: &[f64],
    groups: &[u32],
    group_count: usize,
) -> Result<Vec<Option<DirectEstimate>>> {
    same_length("y", y.len(), design.rows())?;
    each_group(design, groups, group_count, |rows| ratio_of_rows(design, y, None, rows))
}

/// Proportions of rows with `y = 1` by group; as [`mean_by_group`] for an indicator.
///
/// # Errors
/// As [`mean_by_group`], and a `y` other than 0 or 1.
///
/// Checked against: `survey_api.json` `by_stype_prop`.
pub fn proportion_by_group(
    design: &SurveyDesign,
    y: &[f64],
    groups: &[u32],
    group_count: usize,
) -> Result<Vec<Option<DirectEstimate>>> {
    same_length("y", y.len(), design.rows())?;
    each_group(design, groups, group_count, |rows| {
        check_binary(y, rows)?;
        ratio_of_rows(design, y, None, rows)
    })
}

/// Totals of `y` by group; as [`mean_by_group`].
///
/// # Errors
/// As [`mean_by_group`].
pub fn total_by_group(
    design: &SurveyDesign,
    y: &[f64],
    groups: &[u32],
    group_count: usize,
) -> Result<Vec<Option<DirectEstimate>>> {
    same_length("y", y.len(), design.rows())?;
    each_group(design, groups, group_count, |rows| total_of_rows(design, y, rows))
}

/// Ratios of the totals of `y` and `x` by group; as [`mean_by_group`].
///
/// # Errors
/// As [`mean_by_group`], and [`StatsError::ZeroDenominator`].
pub fn ratio_by_group(
    design: &SurveyDesign,
    y: &[f64],
    x: &[f64],
    groups: &[u32],
    group_count: usize,
) -> Result<Vec<Option<DirectEstimate>>> {
    same_length("y", y.len(), design.rows())?;
    same_length("x", x.len(), design.rows())?;
    each_group(design, groups, group_count, |rows| ratio_of_rows(design, y, Some(x), rows))
}

fn each_group(
    design: &SurveyDesign,
    groups: &[u32],
    group_count: usize,
    estimate: impl Fn(&[usize]) -> Result<DirectEstimate>,
) -> Result<Vec<Option<DirectEstimate>>> {
    same_length("groups", groups.len(), design.rows())?;
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); group_count];
    for (row, &group) in groups.iter().enumerate() {
        if group == NO_GROUP {
            continue;
        }
        match members.get_mut(group as usize) {
            Some(rows) => rows.push(row),
            None => {
                return Err(StatsError::OutOfRange { input: "groups", requirement: "below the number of groups", row });
            }
        }
    }
    members.iter().map(|rows| if rows.is_empty() { Ok(None) } else { estimate(rows).map(Some) }).collect()
}
