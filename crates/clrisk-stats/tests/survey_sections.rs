//! Every section of the survey references is matched by a named test, or stands on a short list with the reason why not.
//!
//! The list is checked from both sides: a section of the files that is not listed fails, and so does a listed test that does not
//! exist or does not name the section.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use clrisk_stats::design::{DesignSpec, SurveyDesign};
use clrisk_stats::direct::difference;
use clrisk_stats::logit::{LogitData, LogitFit, SurveyLogit};
use clrisk_stats::metrics::{area_under_curve, brier_score, calibration, hosmer_lemeshow};
use common::api::api_designs;
use common::{Table, all_close, close, number, numbers, reference_file, reference_json};
use serde_json::Value;

/// The test sources, by name.
const SOURCES: [(&str, &str); 7] = [
    ("direct_estimates", include_str!("direct_estimates.rs")),
    ("quantiles_and_independence", include_str!("quantiles_and_independence.rs")),
    ("calibration", include_str!("calibration.rs")),
    ("survey_logit", include_str!("survey_logit.rs")),
    ("replicates", include_str!("replicates.rs")),
    ("prediction_metrics", include_str!("prediction_metrics.rs")),
    ("survey_sections", include_str!("survey_sections.rs")),
];

/// Sections, the test that matches them, and what its text contains when it does not write the section's name in full.
struct Matched {
    sections: &'static [&'static str],
    source: &'static str,
    test: &'static str,
    written: Option<&'static str>,
}

const fn by(sections: &'static [&'static str], source: &'static str, test: &'static str) -> Matched {
    Matched { sections, source, test, written: None }
}

const fn by_key(
    sections: &'static [&'static str],
    source: &'static str,
    test: &'static str,
    written: &'static str,
) -> Matched {
    Matched { sections, source, test, written: Some(written) }
}

/// A section that is not compared, and why.
type Exception = (&'static str, &'static str);

struct Reference {
    file: &'static str,
    /// Sections whose own sections are listed as `*/name`, compared for each of them.
    groups: &'static [&'static str],
    matched: &'static [Matched],
    exceptions: &'static [Exception],
}

const API: Reference = Reference {
    file: "survey_api",
    groups: &["srs", "strat", "strat_nofpc", "clus1", "clus1_nofpc", "clus2", "clus2_nofpc"],
    matched: &[
        by(
            &[
                "*/degf",
                "*/sum_weights",
                "*/mean",
                "*/mean_deff",
                "*/total",
                "*/total_stype",
                "*/mean_stype",
                "*/ratio",
                "*/by_stype",
                "*/by_stype_prop",
                "*/subset_compimp",
                "*/confint_df",
                "*/cv",
            ],
            "direct_estimates",
            "totals_means_ratios_and_domains_match_r_survey",
        ),
        by(&["*/by_cover"], "direct_estimates", "a_difference_of_domains_uses_their_covariance"),
        by(
            &[
                "*/ciprop_logit",
                "*/ciprop_likelihood",
                "*/ciprop_asin",
                "*/ciprop_beta",
                "*/ciprop_mean",
                "*/ciprop_xlogit",
                "*/ciprop_wilson",
            ],
            "direct_estimates",
            "proportion_intervals_match_r_survey",
        ),
        by(&["*/quantile"], "quantiles_and_independence", "quantiles_and_woodruff_intervals_match_r_survey"),
        by(&["*/var"], "quantiles_and_independence", "population_variances_match_r_survey"),
        by(&["*/chisq"], "quantiles_and_independence", "rao_scott_tests_of_independence_match_r_survey"),
        by(&["*/glm_gaussian"], "quantiles_and_independence", "linear_regressions_match_svyglm"),
        // Its dispersion is not offered.
        by(&["*/glm", "*/glm_tight"], "survey_logit", "coefficients_and_design_covariances_match_svyglm"),
        by(&["*/glm_subset_tight"], "survey_logit", "a_domain_keeps_the_full_design_as_svyglm_of_a_subset_does"),
        by(&["poststrat"], "calibration", "post_stratified_weights_and_variances_match_r_survey"),
        by(&["rake"], "calibration", "raked_weights_and_variances_match_r_survey"),
        by(
            &["calib_linear", "calib_raking", "calib_logit", "calib_greg_api99"],
            "calibration",
            "calibrated_weights_and_variances_match_r_survey_for_every_distance",
        ),
    ],
    exceptions: &[],
};

const LONELY: Reference = Reference {
    file: "survey_lonely",
    groups: &[
        "certainty_nofpc",
        "remove_nofpc",
        "adjust_nofpc",
        "average_nofpc",
        "certainty_fpc",
        "remove_fpc",
        "adjust_fpc",
        "average_fpc",
    ],
    matched: &[
        by(
            &["*/mean", "*/mean_se", "*/total", "*/total_se", "*/degf", "*/by_dom_adjustFALSE"],
            "direct_estimates",
            "lonely_psu_policies_match_r_survey",
        ),
        by(&["*/glm", "*/glm_se"], "survey_logit", "lonely_psu_policies_carry_over_to_the_regression"),
        by(&["degenerate_degf"], "direct_estimates", "degrees_of_freedom_count_the_units_and_strata_a_domain_touches"),
        by_key(
            &[
                "degenerate_logit",
                "degenerate_beta",
                "degenerate_mean",
                "degenerate_xlogit",
                "degenerate_wilson",
                "degenerate_likelihood",
                "degenerate_asin",
            ],
            "direct_estimates",
            "degenerate_proportions_get_the_cautious_interval_where_r_has_none",
            "degenerate_{key}",
        ),
        by_key(
            &["fail_message"],
            "direct_estimates",
            "the_default_policy_names_the_stratum_and_its_unit",
            "has a single sampling unit",
        ),
    ],
    exceptions: &[(
        "*/by_dom_adjustTRUE",
        "R's option to treat strata of which a domain touches one unit as lonely; here the full design is kept (R's default)",
    )],
};

const REPLICATES: Reference = Reference {
    file: "survey_replicates",
    groups: &["clus1_JK1", "clus1_JK1_nofpc", "strat_JKn", "clus1_boot", "strat_subboot", "clus1_mrbboot"],
    matched: &[
        by(
            &["*/nrep", "*/mean", "*/total", "*/ratio", "*/by", "*/glm", "*/glm_tight", "*/ciprop_logit", "*/quantile"],
            "replicates",
            "given_weights_give_the_estimates_and_covariances_of_r_survey",
        ),
        by_key(
            &["scd_BRR", "scd_Fay", "scd_JKn"],
            "replicates",
            "ambulance_example_matches_r_survey_with_its_half_samples",
            "scd_{name}",
        ),
    ],
    exceptions: &[
        ("*/scale", "read by the tests, an input of the estimates"),
        ("*/rscales", "read by the tests, an input of the estimates"),
        ("*/mse", "read by the tests, an input of the estimates"),
        ("*/degf", "read by the tests, an input of the estimates"),
        ("*/type", "a name"),
    ],
};

const METRICS: Reference = Reference {
    file: "metrics",
    groups: &[],
    matched: &[
        by_key(
            &["birthwt_HL_g5", "birthwt_HL_g8", "birthwt_HL_g10"],
            "prediction_metrics",
            "hosmer_lemeshow_matches_resource_selection",
            "birthwt_HL_g{groups}",
        ),
        // Of `birthwt_auc` and `birthwt_wauc` the area; DeLong's standard error and the points of the curve are not offered.
        by(
            &["birthwt_auc", "birthwt_wauc", "birthwt_valprob_distorted", "birthwt_isotonic", "brier", "logloss"],
            "prediction_metrics",
            "weighted_and_plain_scores_match_their_peers",
        ),
        by(
            &["archer_lemeshow_strat", "archer_lemeshow_clus1"],
            "prediction_metrics",
            "archer_lemeshow_matches_the_wald_test_of_r_survey",
        ),
        by(
            &["birthwt_glm", "birthwt_valprob", "tjur", "hl_doc"],
            "survey_sections",
            "plain_regressions_and_their_scores_match_r",
        ),
    ],
    exceptions: &[],
};

/// Files of `survey_real/`, matched by the name of the file.
const REAL: &[Matched] = &[
    by(
        &["gtm_encovi2014_occ7_17_by_depto.csv"],
        "direct_estimates",
        "guatemala_2014_occupied_children_by_department_match_r_survey",
    ),
    by(
        &["gtm_encovi2014_svyglm_occ7_17.csv", "gtm_encovi2014_wglm_coef.csv"],
        "survey_logit",
        "guatemala_2014_logit_of_occupied_children_matches_svyglm",
    ),
    by(
        &["dom_encft2021_svyglm_occ10_17.csv"],
        "survey_logit",
        "dominican_republic_2021_logit_of_occupied_children_matches_svyglm",
    ),
];

const REAL_EXCEPTIONS: &[Exception] = &[(
    "togo_mics6_2017_childlabour.csv",
    "its records are an SPSS file only (fs.sav), which this crate does not read; there is no table of them among the references",
)];

#[test]
fn every_listed_test_exists_and_names_its_sections() {
    let all = [&API, &LONELY, &REPLICATES, &METRICS].into_iter().flat_map(|r| r.matched).chain(REAL);
    for matched in all {
        let (_, source) = SOURCES.iter().find(|(name, _)| *name == matched.source).unwrap();
        let start = source.find(&format!("#[test]\nfn {}()", matched.test));
        let start = start.unwrap_or_else(|| panic!("{} has no test {}", matched.source, matched.test));
        let body = &source[start..start + source[start..].find("\n}\n").unwrap()];
        for section in matched.sections {
            let written = matched.written.unwrap_or_else(|| section.trim_start_matches("*/"));
            assert!(body.contains(written), "{} does not name {section}", matched.test);
        }
    }
}

#[test]
fn every_section_of_the_references_is_matched_or_excepted() {
    for reference in [&API, &LONELY, &REPLICATES, &METRICS] {
        let Some(expected) = reference_json(reference.file) else { return };
        let mut missing = Vec::new();
        for (section, value) in expected.as_object().unwrap() {
            if section.starts_with('_') {
                continue; // Versions.
            }
            if !reference.groups.contains(&section.as_str()) {
                missing.extend((!reference.covers(section)).then(|| section.clone()));
                continue;
            }
            for inner in value.as_object().unwrap().keys() {
                missing.extend((!reference.covers(&format!("*/{inner}"))).then(|| format!("{section}/{inner}")));
            }
        }
        assert!(missing.is_empty(), "{}: no test matches {missing:?}", reference.file);
        for group in reference.groups {
            assert!(expected[group].is_object(), "{} has no section {group}", reference.file);
        }
    }
    // The tests of the school samples go through all designs of the file.
    let Some(designs) = api_designs() else { return };
    let names: Vec<&str> = designs.iter().map(|api| api.name).collect();
    assert_eq!(names, API.groups);
}

impl Reference {
    fn covers(&self, section: &str) -> bool {
        self.matched.iter().any(|m| m.sections.contains(&section))
            || self.exceptions.iter().any(|(name, reason)| *name == section && !reason.is_empty())
    }
}

#[test]
fn every_table_of_real_surveys_is_matched_or_excepted() {
    let Some(folder) = reference_file("survey_real") else { return };
    let mut found = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let matched = REAL.iter().any(|m| m.sections.contains(&name.as_str()));
        assert!(matched || REAL_EXCEPTIONS.iter().any(|(file, _)| *file == name), "no test matches {name}");
        found += 1;
    }
    assert_eq!(found, REAL.iter().map(|m| m.sections.len()).sum::<usize>() + REAL_EXCEPTIONS.len());
}

/// A regression without weights or clusters.
fn plain_fit(matrix: &[f64], names: &[&str], outcome: &[f64]) -> (LogitFit, SurveyDesign) {
    let names: Vec<String> = names.iter().map(|&n| n.to_owned()).collect();
    let design = DesignSpec { weights: &vec![1.0; outcome.len()], ..Default::default() }.build().unwrap();
    let data = LogitData { matrix, column_names: &names, outcome, design: &design, domain: None };
    (SurveyLogit::default().fit(&data).unwrap(), design)
}

/// R's regressions stop at the default tolerance, some 1e-7 from the maximum. Their standard errors are the model's and not
/// compared: ours are the design's.
#[test]
fn plain_regressions_and_their_scores_match_r() {
    let (Some(r), Some(table)) = (reference_json("metrics"), Table::reference("birthwt")) else { return };
    let of = |column: &str| table.numbers(column);
    let (y, race) = (of("low"), of("race"));
    let flag = |value: f64| race.iter().map(|&r| f64::from(u8::from(r == value))).collect::<Vec<f64>>();
    let columns = [of("age"), of("lwt"), flag(2.0), flag(3.0), of("smoke"), of("ptl"), of("ht"), of("ui"), of("ftv")];
    let matrix: Vec<f64> =
        (0..y.len()).flat_map(|i| std::iter::once(1.0).chain(columns.iter().map(move |c| c[i]))).collect();
    let names = ["one", "age", "lwt", "race2", "race3", "smoke", "ptl", "ht", "ui", "ftv"];
    let (fit, design) = plain_fit(&matrix, &names, &y);
    let e = &r["birthwt_glm"];
    all_close(fit.coefficients(), &numbers(&e["coef"]), 1e-6, "coefficient");
    close(fit.deviance(), number(&e["deviance"]), 1e-10, "deviance");
    close(fit.null_deviance(), number(&e["null"]), 1e-10, "null deviance");
    let p = fit.probabilities(&matrix).unwrap();
    all_close(&p, &numbers(&e["p"]), 1e-6, "probability");

    let (v, one) = (&r["birthwt_valprob"], vec![1.0; y.len()]);
    let area = area_under_curve(&y, &p, &one).unwrap();
    close(area, number(&v["C (ROC)"]), 1e-12, "area under the curve");
    close(2.0 * area - 1.0, number(&v["Dxy"]), 1e-12, "Somers' D");
    close(brier_score(&y, &p, &one).unwrap(), number(&v["Brier"]), 1e-9, "Brier");
    // At the maximum the calibration is exact; R's is as far from it as its regression stopped.
    let own = calibration(&y, &p, &one).unwrap();
    assert!(own.intercept.abs() < 1e-9 && (own.slope - 1.0).abs() < 1e-9, "{} {}", own.intercept, own.slope);
    assert!(number(&v["Intercept"]).abs() < 1e-7 && (number(&v["Slope"]) - 1.0).abs() < 1e-7);
    // Tjur's coefficient is the mean prediction of the cases less that of the others.
    let cases: Vec<bool> = y.iter().map(|&y| y == 1.0).collect();
    let others: Vec<bool> = cases.iter().map(|c| !c).collect();
    let apart = difference(&design, &p, &cases, &others).unwrap();
    close(apart.value, number(&r["tjur"]), 1e-7, "Tjur");

    let Some(table) = Table::reference("hl_doc") else { return };
    let (x, y): (Vec<f64>, Vec<f64>) = (table.numbers("x"), table.numbers("y"));
    let matrix: Vec<f64> = x.iter().flat_map(|&x| [1.0, x]).collect();
    let (fit, _) = plain_fit(&matrix, &["one", "x"], &y);
    let e: &Value = &r["hl_doc"];
    all_close(fit.coefficients(), &numbers(&e["coef"]), 1e-7, "coefficient");
    let test = hosmer_lemeshow(&y, &fit.probabilities(&matrix).unwrap(), 10).unwrap();
    close(test.statistic, number(&e["chisq"]), 1e-6, "chi-squared");
    close(test.degrees_of_freedom, number(&e["df"]), 1e-12, "degrees of freedom");
    close(test.p_value, number(&e["p"]), 1e-6, "p");
}
