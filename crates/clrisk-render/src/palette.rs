//! Colours of the maps.
//!
//! One sequence from pale sand to dark blue: lightness falls evenly, so it reads in grey print and for every kind of colour
//! vision, and it does not paint places as alarming. What is not an estimate never takes a colour of the sequence.

/// Anchors of the sequence: red, green, blue.
const SEQUENCE: [[f64; 3]; 5] =
    [[243.0, 236.0, 212.0], [186.0, 214.0, 190.0], [110.0, 174.0, 184.0], [56.0, 116.0, 160.0], [27.0, 56.0, 110.0]];

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

/// Relative luminance of a `#rrggbb` colour, 0 to 1 (WCAG 2.2, definition of relative luminance).
pub fn luminance(color: &str) -> f64 {
    let channel = |at: usize| {
        let value = color.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0);
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

/// The line colour that stands out most on `ground`: dark on pale, white on dark.
pub fn hatch_on(ground: &str) -> &'static str {
    if luminance(ground) > 0.2 { STRONG } else { PAPER }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lightness_falls_at_every_step_so_that_the_order_survives_grey_print() {
        for count in 2..=7 {
            let values: Vec<f64> = sequence(count).iter().map(|color| luminance(color)).collect();
            assert!(values.windows(2).all(|pair| pair[0] > pair[1] * 1.15), "{count}: {values:?}");
        }
    }

    #[test]
    fn hatching_has_a_contrast_of_three_to_one_on_every_colour() {
        for color in sequence(7) {
            let (a, b) = (luminance(&color), luminance(hatch_on(&color)));
            assert!((a.max(b) + 0.05) / (a.min(b) + 0.05) >= 3.0, "{color}");
        }
    }
}
