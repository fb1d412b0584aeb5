//! Tables that translate the area codes of one system into those of another: one to one, several to one where areas were merged,
//! one to several with shares where an area was split.

use std::collections::BTreeMap;

use clrisk_core::{Finding, Findings, Place};

use crate::settings::CrosswalkSettings;
use crate::source::{Column, Found, Session, select_list};

/// How far the shares of a code may be from one; within it they are scaled.
const TOLERANCE: f64 = 0.01;

/// A crosswalk: areas with their shares, by code.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Crosswalk(BTreeMap<String, Vec<(String, f64)>>);

impl Crosswalk {
    /// Reads the table.
    ///
    /// # Errors
    /// Findings of files and expressions. Codes that lead to several areas without shares (`AREA-009`), or whose shares do not sum to
    /// one (`AREA-010`), are errors in `findings`.
    pub async fn read(
        session: &Session,
        role: &str,
        settings: &CrosswalkSettings,
        findings: &mut Findings,
    ) -> Result<Crosswalk, Found> {
        let table = format!("{role}_crosswalk");
        let shown = settings.file.display().to_string();
        session.register(&table, &settings.file, &BTreeMap::new()).await?;
        let share = settings.share.as_deref().unwrap_or("1.0");
        let list = select_list(&[Column::Text(&settings.from), Column::Text(&settings.to), Column::Number(share)]);
        let sql = format!("SELECT DISTINCT {list} FROM {table} ORDER BY 1, 2, 3");
        let key = format!("{role}.crosswalk");
        let columns = session.read_texts(&sql, &key, &shown).await?;
        let rows = (0..columns.first().map_or(0, Vec::len)).filter_map(|row| {
            let share = columns[2][row].as_deref().and_then(|share| share.parse().ok()).unwrap_or(f64::NAN);
            Some((columns[0][row].clone()?, columns[1][row].clone()?, share))
        });
        let (crosswalk, problems) = Crosswalk::build(rows, settings.share.is_some());
        for (code, codes) in ["AREA-009", "AREA-010"].into_iter().zip(problems).filter(|(_, codes)| !codes.is_empty()) {
            let finding = Finding::error(code, Place::file(&shown).at_key(&key)).with("file", &shown);
            let finding = finding.with("count", codes.len());
            findings.push(codes.iter().take(5).fold(finding, |finding, code| finding.detail(code.as_str())));
        }
        Ok(crosswalk)
    }

    /// The table, codes that lead to several areas without a share, and codes whose shares do not sum to one.
    fn build(rows: impl Iterator<Item = (String, String, f64)>, shared: bool) -> (Crosswalk, [Vec<String>; 2]) {
        let mut targets: BTreeMap<String, Vec<(String, f64)>> = BTreeMap::new();
        for (from, to, share) in rows {
            targets.entry(from).or_default().push((to, share));
        }
        let mut problems = [Vec::new(), Vec::new()];
        for (code, targets) in &mut targets {
            let sum: f64 = targets.iter().map(|(_, share)| share).sum();
            if !shared {
                if targets.len() > 1 {
                    problems[0].push(code.clone());
                }
            } else if sum.is_nan() || (sum - 1.0).abs() > TOLERANCE || targets.iter().any(|(_, share)| *share < 0.0) {
                problems[1].push(code.clone());
            } else {
                targets.retain(|(_, share)| *share > 0.0);
                targets.iter_mut().for_each(|(_, share)| *share /= sum);
            }
        }
        (Crosswalk(targets), problems)
    }

    /// The areas a code leads to, with the share of each; none when the table does not have it.
    pub fn targets(&self, code: &str) -> Option<Vec<(&str, f64)>> {
        self.0.get(code).map(|targets| targets.iter().map(|(area, share)| (area.as_str(), *share)).collect())
    }

    /// What a code that the table does not have might be: the area of the same number with other leading zeros.
    pub fn nearly(&self, code: &str) -> Option<(String, &'static str)> {
        let bare = code.trim().trim_start_matches('0');
        let mut areas: Vec<&String> = self
            .0
            .iter()
            .filter(|(from, _)| from.trim_start_matches('0') == bare)
            .flat_map(|(_, targets)| targets.iter().map(|(area, _)| area))
            .collect();
        areas.dedup();
        match areas.as_slice() {
            [area] if !bare.is_empty() => Some(((*area).clone(), "leading_zero")),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(rows: &[(&str, &str, f64)], shared: bool) -> (Crosswalk, [Vec<String>; 2]) {
        Crosswalk::build(rows.iter().map(|(from, to, share)| ((*from).to_owned(), (*to).to_owned(), *share)), shared)
    }

    #[test]
    fn shares_near_one_are_scaled_and_others_are_refused() {
        let rows = [("1", "a", 0.333), ("1", "b", 0.666), ("2", "a", 1.0), ("3", "b", 0.5), ("4", "a", f64::NAN)];
        let (crosswalk, problems) = build(&rows, true);
        assert_eq!(problems, [vec![], vec!["3".to_owned(), "4".to_owned()]]);
        let shares: f64 = crosswalk.targets("1").unwrap().iter().map(|(_, share)| share).sum();
        assert!((shares - 1.0).abs() < 1e-12);
        assert_eq!(crosswalk.targets("2"), Some(vec![("a", 1.0)]));
        assert_eq!(crosswalk.targets("9"), None);
    }

    #[test]
    fn a_split_without_shares_is_refused_and_a_merge_is_not() {
        let (crosswalk, problems) = build(&[("1", "a", 1.0), ("1", "b", 1.0), ("2", "a", 1.0)], false);
        assert_eq!(problems, [vec!["1".to_owned()], vec![]]);
        assert_eq!(crosswalk.targets("2"), Some(vec![("a", 1.0)]));
    }

    #[test]
    fn a_code_without_its_zeros_is_recognised_when_only_one_area_can_be_meant() {
        let (crosswalk, _) = build(&[("00101", "x", 1.0), ("01001", "y", 1.0)], false);
        assert_eq!(crosswalk.nearly("101"), Some(("x".to_owned(), "leading_zero")));
        assert_eq!(crosswalk.nearly("7"), None);
        assert_eq!(crosswalk.nearly("0"), None);
    }
}
