//! The map of a sheet: the department of a municipality with the municipality ringed, or the whole area.

use clrisk_core::Level;
use clrisk_core::bundle::AreaRow;

use super::{SheetLegendLine, SheetMap};
use crate::drawing::SHEET_AREAS;
use crate::layer::{Layer, Shading};
use crate::map::{PATTERN, fill, legend_lines, outline_map, patterns};
use crate::study::Study;
use crate::wording::Words;

/// Bytes a map may weigh, so that the sheet stays below 60 kB.
pub(crate) const HEAVIEST: usize = 46_000;

/// The map of `row`; none when nothing of it has a line, or its lines are too many for a sheet.
pub(super) fn sheet_map(study: &Study, words: &Words<'_>, row: &AreaRow) -> Option<SheetMap> {
    let (holder, marked) = match row.area.level {
        Level::Municipality => (study.ancestor(row, Level::Department).or_else(|| study.country())?, Some(row)),
        _ => (row, None),
    };
    let drawing = study.sheet_drawing(holder.area.level, &holder.area.code).filter(|drawing| drawing.width > 0)?;
    let members = study.municipalities_of(holder.area.level, &holder.area.code);
    let codes = members.iter().map(|member| member.area.code.as_str());
    let shading = match holder.area.level {
        Level::Country if members.len() > SHEET_AREAS => Shading::of_departments(study, words),
        _ => Shading::new(study, Layer::Class, words, codes),
    };
    let label = match marked {
        Some(marked) => words.with("sheet-map-label-in", &[("area", &marked.area.name), ("holder", &holder.area.name)]),
        None => words.with("sheet-map-label", &[("area", &holder.area.name)]),
    };
    let svg = outline_map(&shading, drawing, marked.map(|marked| marked.area.code.as_str()), &label);
    // Boundaries whose neighbours do not share their lines cannot be joined into a light outline.
    if svg.0.len() > HEAVIEST {
        return None;
    }
    let legend = legend_lines(words, &shading)
        .into_iter()
        .filter(|line| line.areas > 0)
        .map(|line| SheetLegendLine {
            fill: fill(&shading, line.look, line.hatched),
            label: format!("{} ({})", line.label, words.count(line.areas as f64)),
        })
        .collect();
    let patterns = patterns(&shading, PATTERN).into_string();
    Some(SheetMap { svg: svg.into_string(), patterns, label, rule: shading.rule.clone(), legend })
}
