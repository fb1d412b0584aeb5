//! Unit-level small area models against R `sae`, `hbsae` and `emdi` (`05_fay_herriot.R`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod common;

use clrisk_stats::StatsError;
use clrisk_stats::linear_mixed::Likelihood;
use clrisk_stats::unit_model::{
    AreaPopulation, Indicator, NestedError, OutcomeScale, PopulationRows, UnitAreaEstimate, UnitData,
    hierarchical_area_means,
};
use common::{Table, all_close, close, indicator, number, numbers, reference_json};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

struct Units {
    outcome: Vec<f64>,
    matrix: Vec<f64>,
    names: Vec<String>,
    area: Vec<u32>,
    areas: usize,
    means: Vec<f64>,
    sizes: Vec<f64>,
}

impl Units {
    fn data(&self) -> UnitData<'_> {
        UnitData {
            outcome: &self.outcome,
            matrix: &self.matrix,
            column_names: &self.names,
            area_of_row: &self.area,
            areas: self.areas,
        }
    }

    fn population(&self) -> AreaPopulation<'_> {
        AreaPopulation { means: &self.means, sizes: Some(&self.sizes) }
    }
}

/// Hectares of corn in segments of Iowa counties, the second segment of Hardin county left out as in the paper.
fn corn() -> Option<Units> {
    let (sample, counties) = (Table::reference("cornsoybean")?, Table::reference("cornsoybeanmeans")?);
    let kept: Vec<usize> = (0..sample.rows()).filter(|&row| row != 32).collect();
    let pick = |name: &str| -> Vec<f64> {
        let values = sample.numbers(name);
        kept.iter().map(|&row| values[row]).collect()
    };
    let (corn, soy) = (pick("CornPix"), pick("SoyBeansPix"));
    let (mean_corn, mean_soy) = (counties.numbers("MeanCornPixPerSeg"), counties.numbers("MeanSoyBeansPixPerSeg"));
    let triple = |a: &[f64], b: &[f64]| a.iter().zip(b).flat_map(|(&a, &b)| [1.0, a, b]).collect();
    Some(Units {
        outcome: pick("CornHec"),
        matrix: triple(&corn, &soy),
        names: vec!["intercept".into(), "corn".into(), "soybeans".into()],
        area: pick("County").iter().map(|&c| c as u32 - 1).collect(),
        areas: counties.rows(),
        means: triple(&mean_corn, &mean_soy),
        sizes: counties.numbers("PopnSegments"),
    })
}

fn column(estimates: &[UnitAreaEstimate], value: impl Fn(&UnitAreaEstimate) -> f64) -> Vec<f64> {
    estimates.iter().map(value).collect()
}

#[test]
fn corn_by_county_matches_sae() {
    let (Some(expected), Some(units)) = (reference_json("sae"), corn()) else { return };
    for (key, likelihood) in [("REML", Likelihood::Restricted), ("ML", Likelihood::Full)] {
        let e = &expected[format!("corn_BHF_{key}")];
        let fit = NestedError { likelihood }.fit(&units.data()).unwrap();
        println!(
            "{key}: variances {} {}, gradient {:.1e}",
            fit.area_variance, fit.residual_variance, fit.model.gradient
        );
        close(fit.area_variance, number(&e["refvar"]), 1e-4, key);
        close(fit.residual_variance, number(&e["errvar"]), 1e-4, key);
        all_close(&fit.model.coefficients, &numbers(&e["beta"]), 1e-6, key);
        all_close(fit.model.effects(), &numbers(&e["u"]), 1e-4, key);
        let found = fit.area_means(&units.population()).unwrap();
        all_close(&column(&found, |a| a.value), &numbers(&e["eblup"]), 1e-6, key);
        let sizes: Vec<f64> = column(&found, |a| a.sample_size as f64);
        all_close(&sizes, &numbers(&e["n"]), 1e-12, key);
    }
}

#[test]
fn corn_by_county_with_its_mean_squared_errors_matches_hbsae() {
    let (Some(expected), Some(units)) = (reference_json("sae"), corn()) else { return };
    let e = &expected["corn_hbsae_REML"];
    let fit = NestedError::default().fit(&units.data()).unwrap();
    let found = fit.area_means(&units.population()).unwrap();
    all_close(&column(&found, |a| a.value), &numbers(&e["est"]), 1e-6, "estimates");
    // The peer takes the variance ratio as known and the error variance with its posterior mean: records less columns
    // less two in the denominator. What it leaves out, the part due to the variances, is ours alone.
    let degrees = (units.outcome.len() - 3) as f64;
    let known_ratio = column(&found, |a| (a.leading + a.from_coefficients) * degrees / (degrees - 2.0));
    // The peer's search for the ratio (default tolerance 1e-8 of the log-likelihood) leaves five digits of it.
    all_close(&known_ratio, &numbers(&e["mse"]), 1e-5, "mean squared errors");
    assert!(found.iter().all(|a| a.from_variances > 0.0));
}

#[test]
fn corn_by_county_with_the_ratio_integrated_out_matches_hbsae() {
    let (Some(expected), Some(units)) = (reference_json("sae"), corn()) else { return };
    let e = &expected["corn_hbsae_HB"];
    let found = hierarchical_area_means(&units.data(), &units.population()).unwrap();
    close(found.variance_ratio, number(&e["lambda"]), 1e-7, "ratio");
    let means: Vec<f64> = found.estimates.iter().map(|a| a.mean).collect();
    let variances: Vec<f64> = found.estimates.iter().map(|a| a.variance).collect();
    all_close(&means, &numbers(&e["est"]), 1e-6, "means");
    all_close(&variances, &numbers(&e["mse"]), 1e-6, "variances");
}

/// A sample from the model: `sizes[d]` records in area `d`, a covariate that varies within and between areas, true area
/// means of infinite populations.
fn simulate(sizes: &[usize], sv: f64, se: f64, random: &mut ChaCha8Rng) -> (Units, Vec<f64>) {
    let mut normal = || -> f64 { StandardNormal.sample(random) };
    let mut units = Units {
        outcome: vec![],
        matrix: vec![],
        names: vec!["intercept".into(), "x".into()],
        area: vec![],
        areas: sizes.len(),
        means: vec![],
        sizes: vec![1e9; sizes.len()],
    };
    let mut truth = Vec::new();
    for (area, &size) in sizes.iter().enumerate() {
        let mean = (area % 4) as f64 * 0.5;
        let effect = sv * normal();
        units.means.extend([1.0, mean]);
        truth.push(1.0 + 2.0 * mean + effect);
        for _ in 0..size {
            let x = mean + normal();
            units.outcome.push(1.0 + 2.0 * x + effect + se * normal());
            units.matrix.extend([1.0, x]);
            units.area.push(area as u32);
        }
    }
    (units, truth)
}

#[test]
fn mean_squared_errors_are_those_of_repeated_samples() {
    // 20 areas of 0 to 9 records; the estimated mean squared error is on average the one that repeated samples show.
    let sizes: Vec<usize> = (0..20).map(|d| d / 2).collect();
    for likelihood in [Likelihood::Restricted, Likelihood::Full] {
        let mut random = ChaCha8Rng::seed_from_u64(41);
        const SAMPLES: usize = 1500;
        let (mut squares, mut estimated) = (vec![vec![]; 20], [0.0; 20]);
        for _ in 0..SAMPLES {
            let (units, truth) = simulate(&sizes, 1.0, 1.5, &mut random);
            let fit = NestedError { likelihood }.fit(&units.data()).unwrap();
            let population = AreaPopulation { means: &units.means, sizes: None };
            for (d, a) in fit.area_means(&population).unwrap().iter().enumerate() {
                squares[d].push((a.value - truth[d]).powi(2));
                estimated[d] += a.mean_squared_error / SAMPLES as f64;
            }
        }
        let (mut total, mut total_estimated, mut total_variance) = (0.0, 0.0, 0.0);
        for d in 0..20 {
            let mean = squares[d].iter().sum::<f64>() / SAMPLES as f64;
            let variance = squares[d].iter().map(|s| (s - mean).powi(2)).sum::<f64>() / (SAMPLES * SAMPLES) as f64;
            // Five Monte-Carlo standard errors, and two parts in a hundred for the terms the formula leaves out.
            assert!((mean - estimated[d]).abs() < 5.0 * variance.sqrt() + 0.02 * mean, "{d}: {mean} {}", estimated[d]);
            total += mean;
            total_estimated += estimated[d];
            total_variance += variance;
        }
        println!("{likelihood:?}: {total:.4} +- {:.4}, estimated {total_estimated:.4}", total_variance.sqrt());
        assert!((total - total_estimated).abs() < 3.0 * total_variance.sqrt() + 0.01 * total);
    }
}

#[test]
fn a_fully_observed_area_is_its_mean_and_an_unsampled_one_its_regression() {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let (mut units, _) = simulate(&[5, 8, 0, 6, 4, 7, 9, 6], 1.0, 1.0, &mut random);
    units.sizes = vec![5.0, 80.0, 90.0, 70.0, 60.0, 100.0, 50.0, 40.0];
    // The first area is a census: its covariate mean is the sample's.
    let x: f64 = (0..5).map(|i| units.matrix[2 * i + 1]).sum::<f64>() / 5.0;
    units.means[1] = x;
    let fit = NestedError::default().fit(&units.data()).unwrap();
    let found = fit.area_means(&units.population()).unwrap();
    let mean = units.outcome[..5].iter().sum::<f64>() / 5.0;
    close(found[0].value, mean, 1e-12, "census");
    assert!(found[0].mean_squared_error.abs() < 1e-12);
    close(found[2].value, found[2].synthetic, 1e-14, "no sample");
    assert!(found[2].mean_squared_error > fit.area_variance);
    let bayes = hierarchical_area_means(&units.data(), &units.population()).unwrap();
    close(bayes.estimates[0].mean, mean, 1e-9, "census");
    assert!(bayes.estimates[0].variance < 1e-10 && bayes.estimates[2].variance > bayes.estimates[1].variance);
}

#[test]
fn populations_that_do_not_fit_the_sample_are_refused() {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let (units, _) = simulate(&[4, 5, 6, 7], 1.0, 1.0, &mut random);
    let fit = NestedError::default().fit(&units.data()).unwrap();
    let means =
        |means: &[f64], sizes: &[f64]| fit.area_means(&AreaPopulation { means, sizes: Some(sizes) }).map(|_| ());
    assert!(means(&units.means, &[10.0; 4]).is_ok());
    assert!(matches!(means(&units.means, &[10.0, 10.0, 5.0, 10.0]), Err(StatsError::OutOfRange { row: 2, .. })));
    assert!(matches!(means(&units.means[1..], &[10.0; 4]), Err(StatsError::Length { .. })));
    assert!(matches!(means(&[f64::NAN; 8], &[10.0; 4]), Err(StatsError::Missing { row: 0, .. })));
    // With an intercept up to five areas leave the ratio without a posterior mean.
    for areas in 2..=7 {
        let (few, _) = simulate(&vec![9; areas], 1.0, 1.0, &mut random);
        let found = hierarchical_area_means(&few.data(), &few.population());
        assert_eq!(found.is_ok(), areas > 5, "{areas}");
        assert!(found.is_ok() || matches!(found, Err(StatsError::Empty { .. })));
    }
}

/// The covariates of the Austrian income example; the sexes are coded as the reference's second coefficient tells.
fn income_columns(table: &Table) -> Vec<Vec<f64>> {
    let names = [
        "eqsize",
        "cash",
        "self_empl",
        "unempl_ben",
        "age_ben",
        "surv_ben",
        "sick_ben",
        "dis_ben",
        "rent",
        "fam_allow",
        "house_allow",
        "cap_inv",
        "tax_adj",
    ];
    let mut columns = vec![vec![1.0; table.rows()], indicator(&table.equals("gender", "female"))];
    columns.extend(names.iter().map(|name| table.numbers(name)));
    columns
}

fn by_row(columns: &[Vec<f64>]) -> Vec<f64> {
    (0..columns[0].len()).flat_map(|row| columns.iter().map(move |c| c[row])).collect()
}

#[test]
fn poverty_by_district_matches_emdi_within_its_monte_carlo_error() {
    let (Some(expected), Some(sample), Some(population)) =
        (reference_json("sae"), Table::reference("eusilcA_smp"), Table::reference("eusilcA_pop"))
    else {
        return;
    };
    let e = &expected["eusilc_ebp_none"];
    let order: Vec<String> = e["domain"].as_array().unwrap().iter().map(|d| d.as_str().unwrap().to_owned()).collect();
    let place = |table: &Table| -> Vec<u32> {
        table.text("district").iter().map(|d| order.iter().position(|o| o == d).unwrap() as u32).collect()
    };
    let columns = income_columns(&sample);
    let units = Units {
        outcome: sample.numbers("eqIncome"),
        matrix: by_row(&columns),
        names: (0..columns.len()).map(|k| format!("x{k}")).collect(),
        area: place(&sample),
        areas: order.len(),
        means: vec![],
        sizes: vec![],
    };
    let fit = NestedError::default().fit(&units.data()).unwrap();
    all_close(&fit.model.coefficients, &numbers(&e["beta"]), 1e-4, "coefficients");
    close(fit.area_variance, number(&e["sigma_u2"]), 1e-4, "area variance");
    close(fit.residual_variance, number(&e["sigma_e2"]), 1e-4, "residual variance");
    let rows = PopulationRows {
        matrix: &by_row(&income_columns(&population)),
        counts: None,
        area_of_row: &place(&population),
    };
    // The peer averages 500 independent draws of every area's indicator; the variance of a draw is the conditional variance
    // found here, so its error has that over 500. No difference is beyond 4.5 of these errors (188 differences), and their
    // mean square is one within what a mean of 94 squares of unit normals can do (0.999 limits of chi-squared).
    for (key, indicator) in [("mean", Indicator::Mean), ("hcr", Indicator::Below(11064.82))] {
        let found = fit.indicator(&rows, indicator, OutcomeScale::Identity).unwrap();
        let peer = numbers(&e[key]);
        let z: Vec<f64> = found
            .iter()
            .zip(&peer)
            .map(|(a, peer)| (a.unwrap().value - peer) / (a.unwrap().variance / 500.0).sqrt())
            .collect();
        let largest = z.iter().fold(0.0f64, |m, z| m.max(z.abs()));
        let square = z.iter().map(|z| z * z).sum::<f64>() / z.len() as f64;
        println!("{key}: largest {largest:.2} errors, mean square {square:.2}");
        assert!(largest < 4.5 && square > 0.6 && square < 1.55, "{key}");
    }
}

#[test]
fn indicators_agree_with_draws_from_the_model_on_both_scales() {
    let mut random = ChaCha8Rng::seed_from_u64(23);
    let (units, _) = simulate(&[6, 9, 0, 12], 0.6, 0.8, &mut random);
    let fit = NestedError::default().fit(&units.data()).unwrap();
    let matrix: Vec<f64> = (0..40).flat_map(|i| [1.0, f64::from(i % 7) * 0.3]).collect();
    let area: Vec<u32> = (0..40).map(|i| i % 4).collect();
    let counts: Vec<f64> = (0..40).map(|i| f64::from(1 + i % 3)).collect();
    let rows = PopulationRows { matrix: &matrix, counts: Some(&counts), area_of_row: &area };
    for (indicator, scale) in [
        (Indicator::Below(2.0), OutcomeScale::Identity),
        (Indicator::GapBelow(2.5), OutcomeScale::Identity),
        (Indicator::Below(4.0), OutcomeScale::Log { shift: 1.0 }),
        (Indicator::GapBelow(6.0), OutcomeScale::Log { shift: 1.0 }),
        (Indicator::Mean, OutcomeScale::Log { shift: 1.0 }),
    ] {
        let value = |y: f64| {
            let y = if scale == OutcomeScale::Identity { y } else { y.exp() - 1.0 };
            match indicator {
                Indicator::Mean => y,
                Indicator::Below(line) => f64::from(u8::from(y < line)),
                Indicator::GapBelow(line) => ((line - y) / line).max(0.0),
            }
        };
        let found = fit.indicator(&rows, indicator, scale).unwrap();
        const DRAWS: usize = 20_000;
        let (mut sums, mut squares) = ([0.0; 4], [0.0; 4]);
        for _ in 0..DRAWS {
            let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
            let effects: Vec<f64> =
                (0..4).map(|d| fit.model.effects()[d] + fit.model.effect_covariance(d)[0].sqrt() * normal()).collect();
            let (mut total, mut persons) = ([0.0; 4], [0.0; 4]);
            for row in 0..40 {
                let d = area[row] as usize;
                let centre: f64 = (0..2).map(|k| matrix[2 * row + k] * fit.model.coefficients[k]).sum();
                for _ in 0..counts[row] as usize {
                    total[d] += value(centre + effects[d] + fit.residual_variance.sqrt() * normal());
                    persons[d] += 1.0;
                }
            }
            for d in 0..4 {
                sums[d] += total[d] / persons[d];
                squares[d] += (total[d] / persons[d]).powi(2);
            }
        }
        for d in 0..4 {
            let a = found[d].unwrap();
            let mean = sums[d] / DRAWS as f64;
            let variance = squares[d] / DRAWS as f64 - mean * mean;
            assert!((mean - a.value).abs() < 4.5 * (a.variance / DRAWS as f64).sqrt(), "{indicator:?} {d}");
            // The sample variance of a skewed quantity: a kurtosis of 20 gives it a relative error of 3 %.
            assert!((variance / a.variance - 1.0).abs() < 0.12, "{indicator:?} {d}: {variance} {}", a.variance);
        }
    }
    assert!(matches!(
        fit.indicator(&rows, Indicator::GapBelow(-1.0), OutcomeScale::Identity),
        Err(StatsError::Setting { .. })
    ));
}
