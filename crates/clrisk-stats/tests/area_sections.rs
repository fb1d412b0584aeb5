//! Every section of the area references is compared by a test that names it, or stands on a short list with the reason.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use std::collections::BTreeSet;

use common::reference_json;

/// Where a section is compared.
struct Compared {
    section: &'static str,
    file: &'static str,
    test: &'static str,
    /// What the body of the test spells of the section's name, where it does not spell it in one piece.
    pieces: &'static [&'static str],
}

const fn compared(
    section: &'static str,
    file: &'static str,
    test: &'static str,
    pieces: &'static [&'static str],
) -> Compared {
    Compared { section, file, test, pieces }
}

const AREA: &str = "area_models.rs";
const UNIT: &str = "unit_models.rs";
const BEST: &str = "empirical_best.rs";
const FOLLOWS: &str = "all_that_follows_from_the_variance_of_emdi_is_the_same";
const SCALES: &str = "log_and_arcsine_scales_follow_from_the_variance_of_emdi";
const MILK: &str = "milk_expenditure_matches_sae";
const BENCH: &str = "benchmarked_districts_match_emdi";

const SAE: &[Compared] = &[
    compared("milk_REML", AREA, MILK, &["milk_{key}", "\"REML\""]),
    compared("milk_ML", AREA, MILK, &["milk_{key}", "\"ML\""]),
    compared("milk_FH", AREA, MILK, &["milk_{key}", "\"FH\""]),
    compared("grapes_SFH_REML", AREA, "spatial_grape_production_matches_sae", &["grapes_SFH_{key}", "\"REML\""]),
    compared("grapes_SFH_ML", AREA, "spatial_grape_production_matches_sae", &["grapes_SFH_{key}", "\"ML\""]),
    compared("corn_BHF_REML", UNIT, "corn_by_county_matches_sae", &["corn_BHF_{key}", "\"REML\""]),
    compared("corn_BHF_ML", UNIT, "corn_by_county_matches_sae", &["corn_BHF_{key}", "\"ML\""]),
    compared("income_direct", AREA, "poverty_by_province_matches_sae", &[]),
    compared("income_direct_srswr", AREA, "poverty_by_province_matches_sae", &[]),
    compared("income_ssd", AREA, "poverty_by_province_matches_sae", &[]),
    compared("eusilc_fh_reml", AREA, FOLLOWS, &["eusilc_fh_{key}", "\"reml\""]),
    compared("eusilc_fh_ml", AREA, FOLLOWS, &["eusilc_fh_{key}", "\"ml\""]),
    compared("eusilc_fh_amrl", AREA, FOLLOWS, &["eusilc_fh_{key}", "\"amrl\""]),
    compared("eusilc_fh_ampl", AREA, FOLLOWS, &["eusilc_fh_{key}", "\"ampl\""]),
    compared("eusilc_fh_amrl_yl", AREA, FOLLOWS, &["eusilc_fh_{key}", "\"amrl_yl\""]),
    compared("eusilc_fh_ampl_yl", AREA, FOLLOWS, &["eusilc_fh_{key}", "\"ampl_yl\""]),
    compared("eusilc_fh_log_naive", AREA, SCALES, &["eusilc_fh_log_{key}", "\"naive\""]),
    compared("eusilc_fh_log_bc_sm", AREA, SCALES, &["eusilc_fh_log_{key}", "\"bc_sm\""]),
    compared("eusilc_fh_log_bc_crude", AREA, SCALES, &["eusilc_fh_log_{key}", "\"bc_crude\""]),
    compared("eusilc_fh_arcsin", AREA, SCALES, &[]),
    compared("eusilc_bench_raking", AREA, BENCH, &["eusilc_bench_{key}", "\"raking\""]),
    compared("eusilc_bench_ratio", AREA, BENCH, &["eusilc_bench_{key}", "\"ratio\""]),
    compared("eusilc_bench_MSE_adj", AREA, BENCH, &["eusilc_bench_{key}", "\"MSE_adj\""]),
    compared("eusilc_direct", AREA, "direct_indicators_by_district_match_emdi", &[]),
    compared("eusilc_ebp_none", UNIT, "poverty_by_district_matches_emdi_within_its_monte_carlo_error", &[]),
    compared("corn_hbsae_REML", UNIT, "corn_by_county_with_its_mean_squared_errors_matches_hbsae", &[]),
    compared("corn_hbsae_HB", UNIT, "corn_by_county_with_the_ratio_integrated_out_matches_hbsae", &[]),
    compared("milk_hbsae_REML", AREA, "milk_expenditure_matches_hbsae", &[]),
    compared("milk_hbsae_HB", AREA, "milk_expenditure_matches_hbsae", &[]),
];

const EB_LOGIT: &[Compared] = &[
    compared("areas", BEST, "proportions_of_sampled_and_unsampled_areas_match_the_grid", &["study.areas("]),
    compared("y_true", BEST, "the_truth_of_the_reference_is_the_share_of_the_census", &[]),
    compared("benchmark", BEST, "benchmarked_proportions_match", &[]),
    compared("boot", BEST, "the_bootstrap_of_the_reference_is_what_the_integrals_say", &[]),
];

/// Sections, or columns of sections, that no test compares.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("sae", "_versions", "versions of the peers"),
    ("sae", "_peer", "version of R"),
    ("eb_logit", "_peer", "version of R"),
    ("eb_logit", "beta", "input of the integration: the fit of lme4 to the sample"),
    ("eb_logit", "sd", "input of the integration: the fit of lme4 to the sample"),
];

/// Fields inside compared sections that are left out.
const FIELDS_LEFT_OUT: &[(&str, &str)] = &[
    ("eusilc_fh_arcsin.mse_fh", "50 bootstrap samples of the peer: Monte Carlo without a stated error"),
    ("eusilc_direct.var_mean_boot", "50 bootstrap samples of the peer: Monte Carlo without a stated error"),
    ("milk_REML.iterations", "of the peer's algorithm"),
    ("milk_ML.iterations", "of the peer's algorithm"),
    ("milk_FH.iterations", "of the peer's algorithm"),
    ("milk_REML.gof.KIC", "an information criterion without use here"),
    ("milk_ML.gof.KIC", "an information criterion without use here"),
    ("milk_FH.gof.KIC", "an information criterion without use here"),
    ("eusilc_ebp_none.note", "words"),
    ("boot.note", "words"),
    ("boot.B", "number of samples, in the errors"),
];

fn source(file: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/");
    std::fs::read_to_string(format!("{folder}{file}")).unwrap()
}

/// The text of a test function, from its name to the brace at the start of a line.
fn body(file: &str, test: &str) -> Option<String> {
    let text = source(file);
    let start = text.find(&format!("#[test]\nfn {test}("))?;
    let end = text[start..].find("\n}\n")?;
    Some(text[start..start + end].to_owned())
}

/// The text of a file without its tests: what they share.
fn helpers(file: &str) -> String {
    let text = source(file);
    let mut parts = text.split("#[test]\n");
    let first = parts.next().unwrap_or_default().to_owned();
    first + &parts.filter_map(|part| part.split_once("\n}\n")).map(|(_, rest)| rest).collect::<String>()
}

fn compared_in(reference: &str) -> &'static [Compared] {
    if reference == "sae" { SAE } else { EB_LOGIT }
}

#[test]
fn every_section_is_compared_or_excepted_with_a_reason() {
    for reference in ["sae", "eb_logit"] {
        let Some(expected) = reference_json(reference) else { return };
        let present: BTreeSet<&str> = expected.as_object().unwrap().keys().map(String::as_str).collect();
        let named: Vec<&str> = compared_in(reference)
            .iter()
            .map(|c| c.section)
            .chain(EXCEPTIONS.iter().filter(|e| e.0 == reference).map(|e| e.1))
            .collect();
        let listed: BTreeSet<&str> = named.iter().copied().collect();
        assert_eq!(named.len(), listed.len(), "{reference}: a section is listed twice");
        let missing: Vec<_> = present.difference(&listed).collect();
        let gone: Vec<_> = listed.difference(&present).collect();
        assert!(missing.is_empty(), "{reference}: no test and no reason for {missing:?}");
        assert!(gone.is_empty(), "{reference}: listed but not in the reference: {gone:?}");
        println!(
            "{reference}: {} sections compared, {} excepted",
            compared_in(reference).len(),
            listed.len() - compared_in(reference).len()
        );
    }
}

#[test]
fn the_tests_named_exist_and_read_their_section() {
    for c in SAE.iter().chain(EB_LOGIT) {
        let body = body(c.file, c.test).unwrap_or_else(|| panic!("{}: no test {}", c.file, c.test));
        let pieces: Vec<String> = if c.pieces.is_empty() {
            vec![format!("[\"{}\"]", c.section)]
        } else {
            c.pieces.iter().map(|&p| p.into()).collect()
        };
        for piece in pieces {
            assert!(body.contains(&piece), "{}: {} does not read {piece}", c.section, c.test);
        }
    }
}

#[test]
fn the_fields_of_compared_sections_are_read_or_left_out_with_a_reason() {
    for reference in ["sae", "eb_logit"] {
        let Some(expected) = reference_json(reference) else { return };
        for c in compared_in(reference) {
            let text = body(c.file, c.test).unwrap() + &helpers(c.file);
            let mut fields: Vec<String> = Vec::new();
            let section = &expected[c.section];
            let first = section.as_array().map_or(section, |rows| &rows[0]);
            for (name, value) in first.as_object().into_iter().flatten() {
                match value.as_object().filter(|inner| !inner.is_empty()) {
                    Some(inner) => fields.extend(inner.keys().map(|k| format!("{name}.{k}"))),
                    // An empty object is what the script printed of a missing value.
                    None if value.as_object().is_some() => {}
                    None => fields.push(name.clone()),
                }
            }
            for field in fields {
                let left_out = FIELDS_LEFT_OUT.iter().any(|(name, _)| *name == format!("{}.{field}", c.section));
                let last = field.rsplit('.').next().unwrap();
                // The number of an area is its place.
                let read = text.contains(&format!("\"{last}\"")) || last == "area";
                assert!(read || left_out, "{}.{field}: not read by {} and no reason", c.section, c.test);
            }
        }
    }
}
