//! The simulated survey of the third case.

use std::io::Write;
use std::path::Path;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal, StandardUniform};

use crate::Anyhow;
use crate::posterior_cases::{DEPARTMENTS, MUNICIPALITIES, department_of};

/// Standard deviations: department 0.4; municipality 0.5 and 0.4 for the slope of sex. One child in eight works. A sampled
/// municipality has 6 to 60 children; weights are log-normal. Every sixth municipality and the last department are not in
/// the sample.
pub fn write(path: &Path) -> Anyhow<()> {
    let mut random = ChaCha8Rng::seed_from_u64(90);
    let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
    let departments: Vec<f64> = (0..DEPARTMENTS).map(|_| 0.4 * normal()).collect();
    let effects: Vec<[f64; 2]> = (0..MUNICIPALITIES).map(|_| [0.5 * normal(), 0.4 * normal()]).collect();
    let mut random = ChaCha8Rng::seed_from_u64(91);
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    writeln!(file, "municipality,department,female,age_group,weight,y")?;
    for (municipality, [own, slope]) in effects.iter().enumerate() {
        let department = department_of(municipality);
        if municipality % 6 == 5 || department + 1 == DEPARTMENTS {
            continue;
        }
        let size: f64 = StandardUniform.sample(&mut random);
        let children = (6.0 * (10.0f64.ln() * size * size).exp()) as usize;
        for _ in 0..children {
            let [sex, age, chance]: [f64; 3] = std::array::from_fn(|_| StandardUniform.sample(&mut random));
            let spread: f64 = StandardNormal.sample(&mut random);
            let female = sex < 0.5;
            let age_group = (3.0 * age) as usize;
            let predictor = -2.4
                + [0.0, 0.6, 1.1][age_group]
                + departments[department]
                + own
                + if female { slope - 0.5 } else { 0.0 };
            let works = chance < 1.0 / (1.0 + (-predictor).exp());
            let (female, works) = (u8::from(female), u8::from(works));
            let weight = 100.0 * (0.4 * spread).exp();
            writeln!(file, "{municipality},{department},{female},{age_group},{weight:.1},{works}")?;
        }
    }
    Ok(())
}
