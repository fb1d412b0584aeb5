//! Four multilevel logits whose posterior is known from full MCMC, and the figures in which posteriors are compared. Used by
//! `tests/posterior.rs` and by the package `checks/nuts`, so that both speak of the same model of the same data.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use clrisk_stats::multilevel::{MultilevelData, PosteriorDraws, Term, WeightScaling};

/// What a compared figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Coefficient,
    StandardDeviation,
    EffectWithData,
    EffectWithoutData,
    RateWithData,
    RateWithoutData,
}

impl Kind {
    pub const ALL: [Kind; 6] = [
        Kind::Coefficient,
        Kind::StandardDeviation,
        Kind::EffectWithData,
        Kind::EffectWithoutData,
        Kind::RateWithData,
        Kind::RateWithoutData,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Coefficient => "coefficients",
            Kind::StandardDeviation => "standard deviations and correlations",
            Kind::EffectWithData => "effects, with data",
            Kind::EffectWithoutData => "effects, without data",
            Kind::RateWithData => "rates, with data",
            Kind::RateWithoutData => "rates, without data",
        }
    }
}

/// A random term with its own data.
#[derive(Debug)]
pub struct OwnedTerm {
    pub group: usize,
    pub levels: usize,
    pub level_of_row: Vec<u32>,
    pub columns: Vec<Option<usize>>,
    /// Whether its two effects are correlated.
    pub correlated: bool,
    pub name: &'static str,
}

/// People of the population with the same covariates: part of one or more published rates.
#[derive(Debug)]
struct Cell {
    rate: usize,
    design: Vec<f64>,
    /// Level in each term.
    levels: Vec<usize>,
    share: f64,
}

/// A model, its data, and the rates it is asked for.
#[derive(Debug)]
pub struct Case {
    pub name: &'static str,
    pub design: Vec<f64>,
    pub names: Vec<String>,
    pub outcome: Vec<f64>,
    pub weights: Vec<f64>,
    pub terms: Vec<OwnedTerm>,
    cells: Vec<Cell>,
    rates: Vec<(String, Kind)>,
}

/// Columns of a table of numbers.
fn columns(path: &Path) -> HashMap<String, Vec<f64>> {
    let mut csv = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path).unwrap();
    let names: Vec<String> = csv.headers().unwrap().iter().map(str::to_owned).collect();
    let mut columns = vec![Vec::new(); names.len()];
    for record in csv.records() {
        for (column, field) in columns.iter_mut().zip(record.unwrap().iter()) {
            column.push(field.trim().parse().unwrap());
        }
    }
    names.into_iter().zip(columns).collect()
}

fn indicator(condition: bool) -> f64 {
    f64::from(u8::from(condition))
}

fn rate_kind(has_data: bool) -> Kind {
    if has_data { Kind::RateWithData } else { Kind::RateWithoutData }
}

/// `tests/reference/multilevel/`.
pub fn carried(name: &str) -> PathBuf {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().find(|folder| folder.join("crates").is_dir());
    crates.unwrap().join("crates/clrisk-stats/tests/reference/multilevel").join(name)
}

fn reference_data(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CLRISK_REFERENCE").map(PathBuf::from).unwrap_or_else(|| {
        let root = carried("").ancestors().nth(5).unwrap().to_owned();
        root.join("../shared/reference")
    });
    let path = folder.join("data").join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is not there", path.display());
    None
}

impl Case {
    /// All four; the second only where the reference folder is.
    pub fn all() -> Vec<Case> {
        let municipalities = [false, true].map(|correlated| Some(Case::municipalities(correlated)));
        [Some(Case::herds()), Case::areas()].into_iter().chain(municipalities).flatten().collect()
    }

    /// Contagious bovine pleuropneumonia of 842 animals in 15 herds over four periods (lme4's example), and three herds nobody
    /// looked at. The rate of a herd is the mean over the periods.
    pub fn herds() -> Case {
        let table = columns(&carried("cbpp.csv"));
        let (mut design, mut outcome, mut level_of_row) = (Vec::new(), Vec::new(), Vec::new());
        let periods = |own: u32| (1..=4).map(move |p| indicator(p == 1 || p == own));
        for row in 0..table["herd"].len() {
            for animal in 0..table["size"][row] as u32 {
                design.extend(periods(table["period"][row] as u32));
                outcome.push(indicator(f64::from(animal) < table["incidence"][row]));
                level_of_row.push(table["herd"][row] as u32 - 1);
            }
        }
        let cells = (0..18).flat_map(|herd| {
            (1..=4).map(move |p| Cell { rate: herd, design: periods(p).collect(), levels: vec![herd], share: 0.25 })
        });
        Case {
            name: "herds",
            names: ["(Intercept)", "period2", "period3", "period4"].map(str::to_owned).to_vec(),
            weights: vec![1.0; outcome.len()],
            design,
            outcome,
            terms: vec![OwnedTerm {
                group: 0,
                levels: 18,
                level_of_row,
                columns: vec![None],
                correlated: false,
                name: "herd",
            }],
            cells: cells.collect(),
            rates: (0..18).map(|herd| (format!("rate herd {}", herd + 1), rate_kind(herd < 15))).collect(),
        }
    }

    /// 4,000 children of 60 areas of a synthetic survey; every eighth row of a census of those areas and five more.
    pub fn areas() -> Option<Case> {
        let (sample, census) = (columns(&reference_data("bern60.csv")?), columns(&reference_data("census20k.csv")?));
        let names = ["age1", "female", "urban", "attends", "wealth"];
        let row_of = |table: &HashMap<String, Vec<f64>>, row: usize| -> Vec<f64> {
            std::iter::once(1.0).chain(names.iter().map(|name| table[*name][row])).collect()
        };
        let rows = sample["y"].len();
        let mut cells: Vec<Cell> = (0..census["area"].len())
            .step_by(8)
            .map(|row| {
                let area = census["area"][row] as usize;
                Cell { rate: area, design: row_of(&census, row), levels: vec![area], share: 1.0 }
            })
            .collect();
        let mut totals = [0.0; 65];
        cells.iter().for_each(|cell| totals[cell.rate] += 1.0);
        cells.iter_mut().for_each(|cell| cell.share = 1.0 / totals[cell.rate]);
        let level_of_row = sample["area"].iter().map(|area| *area as u32).collect();
        Some(Case {
            name: "areas",
            design: (0..rows).flat_map(|row| row_of(&sample, row)).collect(),
            names: std::iter::once("(Intercept)").chain(names).map(str::to_owned).collect(),
            weights: vec![1.0; rows],
            outcome: sample["y"].clone(),
            terms: vec![OwnedTerm {
                group: 0,
                levels: 65,
                level_of_row,
                columns: vec![None],
                correlated: false,
                name: "area",
            }],
            cells,
            rates: (0..65).map(|area| (format!("rate area {area}"), rate_kind(area < 60))).collect(),
        })
    }

    /// Simulated children of 60 of 80 municipalities in nine departments, one of them without data; weights scaled to the
    /// effective number of children; the slope of sex by municipality is correlated with its intercept or not. Rates of all children, boys and girls, over three age groups of equal size.
    pub fn municipalities(correlated: bool) -> Case {
        let table = columns(&carried("municipalities.csv"));
        let level = |name: &str| -> Vec<u32> { table[name].iter().map(|code| *code as u32).collect() };
        let (municipality, department) = (level("municipality"), level("department"));
        let row_of = |female: f64, age_group: u32| [1.0, female, indicator(age_group == 1), indicator(age_group == 2)];
        let rows = table["y"].len();
        let design = (0..rows).flat_map(|row| row_of(table["female"][row], table["age_group"][row] as u32));
        let (mut cells, mut rates) = (Vec::new(), Vec::new());
        for own in 0..MUNICIPALITIES {
            let has_data = municipality.contains(&(own as u32));
            for (group, sexes) in [("all", &[0.0, 1.0][..]), ("boys", &[0.0]), ("girls", &[1.0])] {
                for (female, age_group) in sexes.iter().flat_map(|female| (0..3).map(move |age| (*female, age))) {
                    cells.push(Cell {
                        rate: rates.len(),
                        design: row_of(female, age_group).to_vec(),
                        levels: vec![own, department_of(own)],
                        share: 1.0 / (3.0 * sexes.len() as f64),
                    });
                }
                rates.push((format!("rate {group} {own}"), rate_kind(has_data)));
            }
        }
        Case {
            name: if correlated { "correlated" } else { "municipalities" },
            design: design.collect(),
            names: ["(Intercept)", "female", "age 12-14", "age 15-17"].map(str::to_owned).to_vec(),
            weights: WeightScaling::Effective.scale(&table["weight"], &municipality, MUNICIPALITIES).unwrap(),
            outcome: table["y"].clone(),
            terms: vec![
                OwnedTerm {
                    group: 0,
                    levels: MUNICIPALITIES,
                    level_of_row: municipality,
                    columns: vec![None, Some(1)],
                    correlated,
                    name: "municipality",
                },
                OwnedTerm {
                    group: 1,
                    levels: DEPARTMENTS,
                    level_of_row: department,
                    columns: vec![None],
                    correlated: false,
                    name: "department",
                },
            ],
            cells,
            rates,
        }
    }

    pub fn width(&self) -> usize {
        self.names.len()
    }

    /// Standard deviations of the model.
    pub fn components(&self) -> usize {
        self.terms.iter().map(|term| term.columns.len()).sum()
    }

    /// Correlations of the model, one a correlated term.
    pub fn correlations(&self) -> usize {
        self.terms.iter().filter(|term| term.correlated).count()
    }

    /// The data as the fit takes them.
    pub fn with<T>(&self, use_data: impl FnOnce(&MultilevelData<'_>) -> T) -> T {
        let terms: Vec<Term<'_>> = self
            .terms
            .iter()
            .map(|term| Term {
                group: term.group,
                levels: term.levels,
                level_of_row: &term.level_of_row,
                columns: &term.columns,
                correlated: term.correlated,
            })
            .collect();
        use_data(&MultilevelData {
            design: &self.design,
            width: self.width(),
            fixed: self.width(),
            names: &self.names,
            outcome: &self.outcome,
            weights: &self.weights,
            terms: &terms,
        })
    }

    /// Names and kinds of the figures, in the order of [`Case::figures`].
    pub fn figure_names(&self) -> Vec<(String, Kind)> {
        let mut names: Vec<(String, Kind)> = self.names.iter().map(|name| (name.clone(), Kind::Coefficient)).collect();
        let column_name = |column: &Option<usize>| column.map_or("", |column| self.names[column].as_str());
        for term in &self.terms {
            names.extend(term.columns.iter().map(|column| {
                (format!("sd {} {}", term.name, column_name(column)).trim_end().to_owned(), Kind::StandardDeviation)
            }));
        }
        let correlated = self.terms.iter().filter(|term| term.correlated);
        names.extend(correlated.map(|term| (format!("correlation {}", term.name), Kind::StandardDeviation)));
        for term in &self.terms {
            for level in 0..term.levels {
                let has_data = term.level_of_row.contains(&(level as u32));
                let kind = if has_data { Kind::EffectWithData } else { Kind::EffectWithoutData };
                names.extend(term.columns.iter().map(|column| {
                    (format!("{} {level} {}", term.name, column_name(column)).trim_end().to_owned(), kind)
                }));
            }
        }
        names.extend(self.rates.iter().cloned());
        names
    }

    /// Figures of one draw: coefficients, standard deviations and correlations, effects, rates.
    pub fn figures(&self, coefficients: &[f64], deviations: &[f64], effects: &[&[f64]]) -> Vec<f64> {
        let mut rates = vec![0.0; self.rates.len()];
        for cell in &self.cells {
            let mut predictor: f64 = cell.design.iter().zip(coefficients).map(|(x, b)| x * b).sum();
            for ((term, effects), level) in self.terms.iter().zip(effects).zip(&cell.levels) {
                let own = &effects[level * term.columns.len()..];
                for (column, effect) in term.columns.iter().zip(own) {
                    predictor += column.map_or(1.0, |column| cell.design[column]) * effect;
                }
            }
            rates[cell.rate] += cell.share / (1.0 + (-predictor).exp());
        }
        let mut figures = [coefficients, deviations].concat();
        effects.iter().for_each(|effects| figures.extend_from_slice(effects));
        figures.extend(rates);
        figures
    }

    /// Figures by draws.
    pub fn figures_of(&self, draws: &PosteriorDraws) -> Vec<Vec<f64>> {
        let mut columns = vec![Vec::with_capacity(draws.count); self.figure_names().len()];
        let (fixed, components, correlations) = (self.width(), self.components(), self.correlations());
        for draw in 0..draws.count {
            let effects: Vec<&[f64]> = self
                .terms
                .iter()
                .zip(&draws.effects)
                .map(|(term, all)| {
                    let size = term.levels * term.columns.len();
                    &all[draw * size..(draw + 1) * size]
                })
                .collect();
            let figures = self.figures(
                &draws.coefficients[draw * fixed..(draw + 1) * fixed],
                &[
                    &draws.standard_deviations[draw * components..(draw + 1) * components],
                    &draws.correlations[draw * correlations..(draw + 1) * correlations],
                ]
                .concat(),
                &effects,
            );
            columns.iter_mut().zip(figures).for_each(|(column, figure)| column.push(figure));
        }
        columns
    }
}

pub const MUNICIPALITIES: usize = 80;
pub const DEPARTMENTS: usize = 9;

/// Nine municipalities a department; the last department has eight and is not in the sample.
pub fn department_of(municipality: usize) -> usize {
    municipality / 9
}

/// Mean, standard deviation and outer quantiles of draws of one figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    pub mean: f64,
    pub sd: f64,
    pub low: f64,
    pub high: f64,
}

/// Quantile of sorted values, linear between them.
pub fn quantile(sorted: &[f64], probability: f64) -> f64 {
    let at = probability * (sorted.len() - 1) as f64;
    let below = at.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (at - below as f64) * (sorted[above] - sorted[below])
}

impl Summary {
    pub fn of(draws: &[f64]) -> Summary {
        let count = draws.len() as f64;
        let mean = draws.iter().sum::<f64>() / count;
        let sd = (draws.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
        let mut sorted = draws.to_vec();
        sorted.sort_by(f64::total_cmp);
        Summary { mean, sd, low: quantile(&sorted, 0.025), high: quantile(&sorted, 0.975) }
    }

    /// Differences to another summary in units of its standard deviation: mean, sd, 2.5 % and 97.5 % quantile.
    pub fn differences(&self, other: &Summary) -> [f64; 4] {
        [self.mean - other.mean, self.sd - other.sd, self.low - other.low, self.high - other.high]
            .map(|difference| difference / other.sd)
    }
}
