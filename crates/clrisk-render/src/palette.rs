//! Colours of the maps.
//!
//! One sequence from pale sand to dark blue: lightness falls evenly, so it reads in grey print and for every kind of colour
//! vision, and it does not paint places as alarming. What is not an estimate never takes a colour of the sequence. Differences
//! run from blue over nothing to brown, and what is not known well is mixed with grey. Tests see every palette as people with
//! each of the three kinds of colour blindness do.

/// Anchors of the sequence: red, green, blue.
const SEQUENCE: [[f64; 3]; 5] =
    [[246.0, 238.0, 210.0], [168.0, 206.0, 190.0], [100.0, 165.0, 182.0], [50.0, 110.0, 158.0], [24.0, 50.0, 104.0]];

/// Fill of an area without data.
pub const NO_DATA: &str = "#c9ccd1";
/// Ground of the dotted look of a withheld figure and of the crossed look of an unreliable one.
pub const PAPER: &str = "#ffffff";
/// Lines between municipalities.
pub const BORDER: &str = "#5c6670";
/// Lines between departments, and hatching.
pub const STRONG: &str = "#20262d";

/// `count` colours from pale to dark.
pub fn sequence(count: usize) -> Vec<String> {
    let last = (SEQUENCE.len() - 1) as f64;
    (0..count)
        .map(|step| {
            // A single colour takes the middle; two take clearly different ones.
            let at = if count > 1 { step as f64 / (count - 1) as f64 * last } else { last / 2.0 };
            let low = (at.floor() as usize).min(SEQUENCE.len() - 2);
            let share = at - low as f64;
            let channel = |index: usize| SEQUENCE[low][index] * (1.0 - share) + SEQUENCE[low + 1][index] * share;
            format!("#{:02x}{:02x}{:02x}", channel(0).round() as u8, channel(1).round() as u8, channel(2).round() as u8)
        })
        .collect()
}

/// Six colours for differences, three a side: blue below zero, brown above, the palest next to zero.
pub fn diverging() -> Vec<String> {
    ["#1f5a8c", "#6fa3c8", "#cfe0ec", "#f3ddc4", "#d19a5b", "#8a4b12"].map(str::to_owned).to_vec()
}

/// Colours of [`clrisk_core::Cluster::ALL`]: high among high, high among low, low among high, low among low, none.
pub const CLUSTERS: [&str; 5] = ["#8a4b12", "#e3b887", "#a9cbe3", "#1f5a8c", "#eeeeea"];

/// The seven colours of a value-suppressing palette: four for what is known well; two for what is known less well, mixed with
/// grey, and a grey for what is hardly known, all three to be hatched: no three greyish colours are told from the first four
/// by everybody.
pub fn value_suppressing() -> Vec<String> {
    let known = sequence(4);
    let pair = |low: usize| mix(&mix(&known[low], &known[low + 1], 0.5), HARDLY_KNOWN, 0.2);
    let mut colors = known.clone();
    colors.extend([pair(0), pair(2), HARDLY_KNOWN.to_owned()]);
    colors
}

/// Grey of what is hardly known.
const HARDLY_KNOWN: &str = "#f9f8f6";

fn channels(color: &str) -> [f64; 3] {
    [1, 3, 5].map(|at| f64::from(color.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0)))
}

/// `share` of `other` in `color`.
fn mix(color: &str, other: &str, share: f64) -> String {
    let (one, two) = (channels(color), channels(other));
    let [red, green, blue] = [0, 1, 2].map(|at| (one[at] * (1.0 - share) + two[at] * share).round() as u8);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The red, green and blue of a `#rrggbb` colour as amounts of light, 0 to 1 (IEC 61966-2-1).
fn light(color: &str) -> [f64; 3] {
    channels(color).map(|value| {
        let value = value / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
}

/// Relative luminance of a `#rrggbb` colour, 0 to 1 (WCAG 2.2, definition of relative luminance).
pub fn luminance(color: &str) -> f64 {
    let [red, green, blue] = light(color);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// Contrast of two colours, 1 to 21 (WCAG 2.2, definition of contrast ratio).
pub fn contrast(one: &str, other: &str) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The line colour that stands out most on `ground`: dark on pale, white on dark.
pub fn hatch_on(ground: &str) -> &'static str {
    if luminance(ground) > 0.2 { STRONG } else { PAPER }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Colour vision, as a map of linear light: Machado, Oliveira and Fernandes, A Physiologically-based Model for Simulation
    /// of Color Vision Deficiency (2009), severity 1.
    const VISIONS: [(&str, [[f64; 3]; 3]); 4] = [
        ("trichromat", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        (
            "protanope",
            [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        ),
        (
            "deuteranope",
            [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        ),
        (
            "tritanope",
            [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
        ),
    ];

    /// CIE 1976 L*a*b* under D65 of what `vision` makes of a colour.
    fn seen(color: &str, vision: &[[f64; 3]; 3]) -> [f64; 3] {
        let own = light(color);
        let [red, green, blue] =
            [0, 1, 2].map(|row| (0..3).map(|at| vision[row][at] * own[at]).sum::<f64>().clamp(0.0, 1.0));
        let x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047;
        let y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue;
        let z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883;
        let [x, y, z] = [x, y, z]
            .map(|value| if value > 216.0 / 24389.0 { value.cbrt() } else { (24389.0 / 27.0 * value + 16.0) / 116.0 });
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// Distance of two colours to the eyes of `vision` (CIE 1976).
    fn distance(one: &str, other: &str, vision: &[[f64; 3]; 3]) -> f64 {
        let (a, b) = (seen(one, vision), seen(other, vision));
        (0..3).map(|at| (a[at] - b[at]).powi(2)).sum::<f64>().sqrt()
    }

    fn told_apart_by_everybody(name: &str, colors: &[String], least: f64) {
        for (eyes, vision) in VISIONS {
            for (index, one) in colors.iter().enumerate() {
                for other in &colors[..index] {
                    let found = distance(one, other, &vision);
                    assert!(found >= least, "{name}: {one} and {other} are {found:.1} apart for a {eyes}");
                }
            }
        }
    }

    #[test]
    fn every_palette_is_told_apart_with_every_kind_of_colour_vision() {
        // A just noticeable difference is about 2.3; neighbouring fields of a map need several times that.
        for count in 2..=5 {
            told_apart_by_everybody("sequence", &sequence(count), 15.0);
        }
        for count in 6..=7 {
            told_apart_by_everybody("sequence", &sequence(count), 10.0);
        }
        told_apart_by_everybody("differences", &diverging(), 20.0);
        told_apart_by_everybody("clusters", &CLUSTERS.map(str::to_owned), 20.0);
        let by_certainty = value_suppressing();
        told_apart_by_everybody("known well", &by_certainty[..4], 20.0);
        told_apart_by_everybody("known less well, hatched", &by_certainty[4..], 10.0);
    }

    #[test]
    fn the_simulation_of_colour_blindness_agrees_with_an_independent_one() {
        // colorspacious 1.1.2: deltaE of cspace_convert(..., {"name": "sRGB1+CVD", ...}, "sRGB1") in CIELab, see
        // tests/reference/colour_vision/README.md.
        for (one, other, eyes, expected) in
            include_str!("../tests/reference/colour_vision/distances.csv").lines().skip(1).map(|line| {
                let cells: Vec<&str> = line.split(',').collect();
                (cells[0], cells[1], cells[2], cells[3].parse::<f64>().unwrap())
            })
        {
            let (_, vision) = VISIONS.iter().find(|(name, _)| *name == eyes).unwrap();
            let found = distance(one, other, vision);
            assert!((found - expected).abs() < 0.05, "{one} {other} {eyes}: {found} instead of {expected}");
        }
    }

    #[test]
    fn lightness_falls_at_every_step_so_that_the_order_survives_grey_print() {
        for count in 2..=7 {
            let values: Vec<f64> = sequence(count).iter().map(|color| luminance(color)).collect();
            assert!(values.windows(2).all(|pair| pair[0] > pair[1] * 1.15), "{count}: {values:?}");
        }
        // Towards zero differences get paler, on either side.
        let values: Vec<f64> = diverging().iter().map(|color| luminance(color)).collect();
        assert!(values[0] < values[1] && values[1] < values[2] && values[3] > values[4] && values[4] > values[5]);
    }

    #[test]
    fn hatching_has_a_contrast_of_three_to_one_on_every_colour() {
        for color in sequence(7).into_iter().chain(diverging()) {
            assert!(contrast(&color, hatch_on(&color)) >= 3.0, "{color}");
        }
    }

    #[test]
    fn borders_are_seen_on_every_ground() {
        for ground in [PAPER, NO_DATA] {
            assert!(contrast(BORDER, ground) >= 3.0, "{ground}");
        }
    }
}
